"""`bimikit cert`: judge Mark Certificate files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..cert.bundle import MAX_BYTES
from ..cert.check import EXPIRY_DAYS, check_certificate
from ..cert.pem import showable
from ..cert.revocation import MAX_BYTES as MOST_CRL_BYTES
from ..findings import Report
from ..svg.check import DEFAULT_LIMITS, unreadable
from .files import expand, read_bounded
from .inputs import FILE, WHEN, read_given, read_trust
from .options import EXIT_CODES, About, common_options, finish, is_input
from .words import complain, reason, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..config import Config

SUFFIXES = (".pem", ".crt", ".cer")


@click.command(
    epilog=f"{EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit cert vmc.pem                              chain, profile, logo inside, everything offline\n"
    "  bimikit cert vmc.pem --domain example.com         and whether it is for that domain\n"
    "  bimikit cert vmc.pem --logo logo.svg              and whether it holds the same logo\n"
    "  bimikit cert vmc.pem --crl issuing.crl            and whether it is revoked\n"
    "  bimikit cert vmc.pem --at 2027-01-31              as on that day\n"
    "  bimikit cert vmc.pem --extract-logo logo.svg      write the logo inside to a file\n"
    "  bimikit rules cert.sct-missing                    explain one rule",
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE…")
@click.option("--domain", metavar="NAME", help="Where the Assertion Record is published.")
@click.option("--selector", default="default", show_default=True, metavar="NAME", help="The record's selector.")
@click.option(
    "--at", type=WHEN, metavar="WHEN", help="Judge at this date (00:00 UTC) or time with zone; now by default."
)
@click.option("--roots", type=FILE, multiple=True, metavar="PEM", help="Trust these roots too. Can be repeated.")
@click.option(
    "--ct-log",
    "ct_logs",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Accept this Certificate Transparency log too: its public key, PEM or DER. Can be repeated.",
)
@click.option(
    "--crl", "crls", type=FILE, multiple=True, metavar="FILE", help="Check revocation with this CRL. Can be repeated."
)
@click.option("--logo", type=FILE, metavar="SVG", help="The logo on the web, to compare with the one inside.")
@click.option(
    "--expires-within",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Warn from so many full days before the end on; 30 by default.",
)
@click.option(
    "--extract-logo",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="SVG",
    help="Write the logo inside to this file.",
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    domain: str | None,
    selector: str,
    at: datetime | None,
    roots: Sequence[Path],
    ct_logs: Sequence[Path],
    crls: Sequence[Path],
    logo: Path | None,
    expires_within: int | None,
    extract_logo: Path | None,
    **options: Any,
) -> None:
    """Judge Mark Certificates (VMC, CMC) with their chain and the logo inside.

    FILE is the PEM file as it is published, a folder (all .pem, .crt and .cer files in it, at any depth), a pattern
    such as 'brand/*.pem', or - for standard input. Nothing is fetched: the answer depends on the files and the time
    alone.
    """
    files, complaints = expand(paths, SUFFIXES, "certificate")
    if extract_logo is not None and len(files) > 1:
        raise click.UsageError(told("cert.extract-one"))
    if not selector:
        raise click.UsageError(told("cert.selector-empty"))
    config: Config | None = options["config"]
    trust = read_trust(roots, ct_logs, config)
    lists = [read_given(path, MOST_CRL_BYTES, "--crl") for path in crls]
    lists += () if config is None else config.revocation_lists()
    given_logo = read_given(logo, DEFAULT_LIMITS.max_bytes, "--logo") if logo else None
    reports: list[Report] = []
    texts: dict[str, str] = {}
    expiry_days = EXPIRY_DAYS if expires_within is None else (expires_within,)
    for name in files:
        try:
            data = read_bounded(name, MAX_BYTES)
        except (OSError, ValueError) as problem:
            complaints.append(unreadable_file(name, problem))
            reports.append(unreadable(name, reason(problem), at=at, kind="certificate"))
            continue
        report = check_certificate(
            data,
            domain=domain,
            selector=selector,
            at=at,
            trust=trust,
            crls=lists,
            logo=given_logo,
            expiry_days=expiry_days,
            name=name,
        )
        reports.append(report)
        texts[name] = showable(data)
        if extract_logo is not None:
            complaints += _extract(report, extract_logo, config)
    for complaint in complaints:
        complain(complaint)
    days_left = None if config is None or expires_within is not None else config.days_left
    about = [About({None: report.subject}, days_left=days_left) for report in reports]
    ctx.exit(finish(reports, texts, failed_to_run=bool(complaints), about=about, **options))


def _extract(report: Report, output: Path, config: Config | None) -> list[str]:
    if report.indicator is None:
        return [told("cert.no-logo", file=report.subject, output=output)]
    if is_input(output, [report], config=config):
        return [told("output.is-subject", file=output)]
    try:
        output.write_bytes(report.indicator)
    except OSError as problem:
        return [unwritable_file(output, problem)]
    return []
