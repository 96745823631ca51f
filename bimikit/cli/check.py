"""`bimikit check`: judge what is about to be published."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..cert.bundle import MAX_BYTES
from ..cert.revocation import MAX_BYTES as MOST_CRL_BYTES
from ..config import files_of, named, planned
from ..publication import check_publication
from ..svg.check import DEFAULT_LIMITS
from .inputs import FILE, WHEN, read_given, read_trust
from .options import EXIT_CODES, About, common_options, finish
from .words import told

if TYPE_CHECKING:
    from ..config import Config

_NAMED = re.compile(r"\s*([^\s=;]+)\s*=\s*([vV][ \t]*=.*)", re.DOTALL)
"""A name before a record, which itself begins with v=."""


@click.command(
    epilog=f"{EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit check --domain example.com --svg logo.svg --cert vmc.pem \\\n"
    "      --dmarc 'v=DMARC1; p=reject' \\\n"
    "      --record 'v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem'\n"
    "  bimikit check --domain news.example.com --dmarc 'news.example.com=v=DMARC1; p=reject' \\\n"
    "      --dmarc 'example.com=v=DMARC1; p=quarantine'        records of several names\n"
    "  bimikit check --domain example.com --svg logo.svg --for gmail\n"
    "  bimikit check                                               all that the configuration publishes",
)
@click.option(
    "--domain", metavar="NAME", help="The domain that sends; without it, every publication of the configuration."
)
@click.option(
    "--selector", default="default", show_default=True, metavar="NAME", help="The Assertion Record's selector."
)
@click.option("--local-part", metavar="TEXT", help="What stands before the @, for local-part selectors.")
@click.option("--svg", type=FILE, metavar="FILE", help="The logo to be hosted at l=.")
@click.option("--cert", type=FILE, metavar="FILE", help="The Mark Certificate file to be hosted at a=.")
@click.option(
    "--dmarc",
    multiple=True,
    metavar="[NAME=]TEXT",
    help="The DMARC record. With names: all DMARC records there will be. Can be repeated.",
)
@click.option(
    "--record",
    "records",
    multiple=True,
    metavar="[NAME=]TEXT",
    help="The Assertion Record. With names: all there will be. Can be repeated.",
)
@click.option(
    "--at", type=WHEN, metavar="WHEN", help="Judge at this date (00:00 UTC) or time with zone; now by default."
)
@click.option("--roots", type=FILE, multiple=True, metavar="PEM", help="Trust these Mark Certificate roots too.")
@click.option("--ct-log", "ct_logs", type=FILE, multiple=True, metavar="FILE", help="Accept this CT log too: its key.")
@click.option("--crl", "crls", type=FILE, multiple=True, metavar="FILE", help="Check revocation with this CRL.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    domain: str | None,
    selector: str,
    local_part: str | None,
    svg: Path | None,
    cert: Path | None,
    dmarc: Sequence[str],
    records: Sequence[str],
    at: datetime | None,
    roots: Sequence[Path],
    ct_logs: Sequence[Path],
    crls: Sequence[Path],
    **options: Any,
) -> None:
    """Judge a planned publication, before anything is published: logo, certificate, DMARC and BIMI record together.

    Nothing is asked and nothing fetched. What isn't given is not checked, and no mailbox provider is called ready
    without it.
    """
    config: Config | None = options["config"]
    trust = read_trust(roots, ct_logs, config)
    lists = [read_given(path, MOST_CRL_BYTES, "--crl") for path in crls]
    lists += () if config is None else config.revocation_lists()
    if domain is None:
        if config is None:
            raise click.UsageError(told("check.no-domain"))
        if not config.publications:
            raise click.UsageError(told("check.no-publications", file=config.file))
        reports = [
            named(check_publication(**planned(config, one), at=at, trust=trust, crls=lists), config, one)
            for one in config.publications
        ]
        about = [About(files_of(config, one), one.providers, config.days_left_of(one)) for one in config.publications]
        ctx.exit(finish(reports, {}, failed_to_run=False, about=about, **options))
    if not (svg or cert or dmarc or records):
        raise click.UsageError(told("check.nothing-given"))
    report = check_publication(
        domain=domain,
        selector=selector,
        local_part=local_part,
        svg=read_given(svg, DEFAULT_LIMITS.max_bytes, "--svg") if svg else None,
        certificate=read_given(cert, MAX_BYTES, "--cert") if cert else None,
        dmarc=_records(dmarc, domain),
        record=_records(records, domain),
        at=at,
        trust=trust,
        crls=lists,
    )
    files: dict[str | None, str] = {"indicator": str(svg or ""), "certificate": str(cert or "")}
    about = [About(files, days_left=None if config is None else config.days_left)]
    ctx.exit(finish([report], {}, failed_to_run=False, about=about, **options))


def _records(values: Sequence[str], domain: str) -> str | dict[str, list[str]] | None:
    """The records of one option: a single text as it is, several or named ones by their names."""
    if not values:
        return None
    found = [match.groups() if (match := _NAMED.fullmatch(value)) else (domain, value) for value in values]
    if len(values) == 1 and not _NAMED.fullmatch(values[0]):
        return values[0]
    plan: dict[str, list[str]] = {}
    for name, text in found:
        plan.setdefault(name, []).append(text)
    return plan
