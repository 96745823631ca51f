"""`bimikit expiry`: when do certificates end?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..arguments import in_utc
from ..at_once import at_once
from ..bounded import read_bounded as read_file
from ..cert.bundle import MAX_BYTES
from ..cert.trust import TrustStore
from ..config.schema import DAYS_LEFT
from ..dns.resolve import resolver_or_default
from ..domains import publication_name
from ..expiry.live import expiry_of_domain
from ..expiry.watch import expiry_of, unknown
from ..findings import Report
from ..output.expiry import FORMATS, render
from .cert import SUFFIXES
from .files import STDIN, expand, read_bounded
from .inputs import FILE, WHEN, read_trust
from .network import asking, network_of, network_options, progress, taken
from .options import CONFORMANT, About, about_itself, finish, report_options
from .own_question import require_an_answer
from .streams import CANNOT_RUN, put_at_once
from .svg import SUFFIXES as LOGO_SUFFIXES
from .words import complain, reason, spoken, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..config import Config, Publication

_EXIT_CODES = """\b
Exit status:
  0  no certificate ends within the days asked for, or the configuration has none to watch
  1  one ends within them, or has ended: a Mark Certificate, or a CA of its chain
  2  could not run: usage, unreadable file, a folder with no certificate
  3  the end of one could not be found out, and none is known to end
  130  interrupted (Ctrl-C)
Over several: 2 before 1 before 3 before 0."""
_FILE_ENDINGS = (
    *SUFFIXES, *LOGO_SUFFIXES,
    ".crl", ".csr", ".der", ".html", ".json", ".key", ".p12", ".p7b", ".p7c", ".pdf", ".pfx", ".png", ".toml", ".txt",
    ".zone",
)  # fmt: skip
"""Endings of files that lie beside a certificate; no domain ends so."""


class _Hosted(NamedTuple):
    """A domain whose hosted certificate is looked at.

    Attributes:
        domain: The domain.
        selector: The selector.
        local_part: What stands before the @.
        days: The threshold.
        needed: Whether there has to be a certificate.
    """

    domain: str
    selector: str = "default"
    local_part: str | None = None
    days: int = DAYS_LEFT
    needed: bool = True

    @property
    def name(self) -> str:
        """What it is called."""
        return publication_name(self.domain, self.selector, self.local_part)


@click.command(
    epilog=f"{_EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit expiry                                     the certificate files of the configuration\n"
    "  bimikit expiry vmc.pem certs/ --days 60            files and folders\n"
    "  bimikit expiry example.com example.org             what is hosted for these domains\n"
    "  bimikit expiry --live -f ics -o certificates.ics   a calendar with alarms\n"
    "  bimikit expiry -f prometheus -o /var/lib/node_exporter/bimikit.prom",
)
@click.argument("targets", nargs=-1, metavar="[FILE|DOMAIN…]")
@click.option(
    "--days",
    type=click.IntRange(0, 36500),
    metavar="N",
    help=f"A certificate ends soon once fewer than N full days are left; by default days-left of the configuration, "
    f"else {DAYS_LEFT}.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Without FILE and DOMAIN: look at what is hosted for the configuration's publications, not at their files.",
)
@click.option(
    "--at", type=WHEN, metavar="WHEN", help="Count from this date (00:00 UTC) or time with zone; now by default."
)
@click.option("--roots", type=FILE, multiple=True, metavar="PEM", help="Know these Mark Certificate roots too.")
@network_options
@report_options(*FORMATS)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    days: int | None,
    live: bool,
    at: datetime | None,
    roots: Sequence[Path],
    **options: Any,
) -> None:
    """Tell when Mark Certificates, and the CA certificates above them, end: what ends first at the top.

    FILE is a certificate file, a folder, a pattern such as 'brand/*.pem', or - for standard input; DOMAIN is a domain
    whose hosted certificate is looked up and fetched. Without either, the publications of the configuration are looked
    at.
    """
    config: Config | None = options["config"]
    if live and targets:
        raise click.UsageError(told("expiry.live-and-targets"))
    own = about_itself(config)
    require_an_answer("expiry.", own, options)
    trust = read_trust(roots, (), config)
    at = in_utc(at)
    usual = DAYS_LEFT if config is None or config.days_left is None else config.days_left
    complaints: list[str] = []
    if targets:
        paths = [target for target in targets if _is_file(target)]
        names, complaints = expand(paths, SUFFIXES, "certificate")
        threshold = usual if days is None else days
        files = dict.fromkeys(names, threshold)
        hosted = [_Hosted(target, days=threshold) for target in targets if not _is_file(target)]
    else:
        files, hosted = _of_configuration(config, days, usual, live=live)
    reports = [_file(name, threshold, at, trust, complaints, named=bool(targets)) for name, threshold in files.items()]
    network_given = taken(options)
    if hosted:
        with asking(ctx):
            network = network_of(config, network_given)
            look = partial(
                _look, at=at, trust=trust, resolver=resolver_or_default(network.resolver), policy=network.policy
            )
            answers = dict(at_once([partial(look, one) for one in dict.fromkeys(hosted)], "bimikit-expiry"))
            reports += (answers[number] for number in sorted(answers))
    for complaint in complaints:
        complain(complaint)
    reports.sort(key=_first_end)
    about = [About({None: report.subject}) for report in reports]
    options["config"] = own
    save = put_at_once if options["output_format"] not in FORMATS else _put_as_written
    status = finish(reports, {}, failed_to_run=bool(complaints), about=about, write=render, save=save, **options)
    if not reports and status == CONFORMANT and options["output_format"] != "text":
        status = _put_none(save, options["output_format"], options["output"])
    ctx.exit(status)


def _is_file(target: str) -> bool:
    """Whether an argument means a file, though none may be there, and no domain."""
    if target == STDIN or os.path.lexists(target) or any(sign in target for sign in "*?["):
        return True
    if "://" in target or "@" in target:
        return False
    return "/" in target or os.sep in target or target.lower().endswith(_FILE_ENDINGS) or "." not in target


def _of_configuration(
    config: Config | None, days: int | None, usual: int, *, live: bool
) -> tuple[dict[str, int], list[_Hosted]]:
    """The files, with their thresholds, and domains of the configuration.

    Raises:
        click.UsageError: It has no publications, or its records name certificates whose files it doesn't.
    """
    if config is None or not config.publications:
        raise click.UsageError(told("expiry.no-publications"))

    def threshold(one: Publication) -> int:
        return days if days is not None else usual if one.days_left is None else one.days_left

    if live:
        return {}, [
            _Hosted(one.domain, one.selector, one.local_part, threshold(one), one.certificate is not None)
            for one in config.publications
        ]
    files: dict[str, int] = {}
    for one in config.publications:
        if one.certificate is not None:
            name = _relative(config.path(one.certificate))
            files[name] = max(threshold(one), files.get(name, 0))
    if not files:
        if any(_names_certificate(config, one) for one in config.publications):
            raise click.UsageError(told("expiry.no-certificates"))
        complain(told("expiry.nothing-to-watch"))
    return files, []


def _names_certificate(config: Config, one: Publication) -> bool:
    """Whether its Assertion Record, or another one of its zone, says where a Mark Certificate is."""
    from ..config import planned
    from ..dns.bimi import read_assertion

    records = {"": [one.record or ""]} if one.zone is None else planned(config, one)["record"]
    return any(read_assertion(name, 1, text).authority for name, texts in records.items() for text in texts)


def _relative(path: Path) -> str:
    try:
        here = Path.cwd()
    except OSError:  # it is gone
        return str(path)
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _file(name: str, days: int, at: datetime, trust: TrustStore, complaints: list[str], *, named: bool) -> Report:
    try:
        data = read_bounded(name, MAX_BYTES) if named else read_file(name, MAX_BYTES)
    except (OSError, ValueError) as problem:
        complaints.append(unreadable_file(name, problem))
        return unknown(name, "@expiry.no-file", reason(problem), at, days=days)
    return expiry_of(data, days=days, at=at, trust=trust, name=name)


def _look(one: _Hosted, **more: Any) -> Report:
    return expiry_of_domain(
        one.domain,
        selector=one.selector,
        local_part=one.local_part,
        days=one.days,
        needed=one.needed,
        name=one.name,
        progress=progress(one.name),
        **more,
    )


def _first_end(report: Report) -> tuple[bool, str, str]:
    certificates = report.facts["certificates"]
    return not certificates, certificates[0]["not_after"] if certificates else "", report.subject


def _put_none(save: Callable[[str, Path | None], None], output_format: str, output: Path | None) -> int:
    """Put a report on no certificate, so that none of earlier ones stays in its place."""
    try:
        save(render(output_format, [], lang=spoken(), texts={}, color=False), output)
    except OSError as problem:
        if output is None:
            raise
        complain(unwritable_file(output, problem))
        return CANNOT_RUN
    return CONFORMANT


def _put_as_written(content: str, file: Path | None) -> None:
    """Without the line ends of the system."""
    put_at_once(content.encode("utf-8", "replace"), file)
