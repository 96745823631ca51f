"""`bimikit reports`: what aggregate reports say, and what a higher policy would break."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..locale import LANGUAGES
from ..sqlite_files import LOGS
from .files import STDIN, read_bounded
from .network import Resolver, asking, on_terminal, seconds
from .options import CONFORMANT, INDETERMINATE, color_wanted, same_file
from .streams import CANNOT_RUN, put_at_once, with_progress
from .types import DAY, DOMAIN
from .words import complain, language, missing_extra, spoken, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..aggregate.store import Store
    from ..output.reports import Limits, Told
    from ..raising import Decisions

_STORE = "reports.sqlite"
_FORMATS = ("text", "json", "jsonl", "csv", "markdown", "html")
_MOST_UNMATCHED = 10
"""Decisions about nothing that are told one by one."""
_EXIT_CODES = """\b
Exit status:
  0  told, and all files were read
  2  could not run: usage, a PATH that isn't there, a store that can't be used, not
     one report in any PATH
  3  told, but a file or a part of one could not be read
  130  interrupted (Ctrl-C); what was finished is kept, and the same command goes on"""


class _Asked(NamedTuple):
    """What is to be told.

    Attributes:
        domains: The domains; empty for all.
        since: The first day; None for no limit.
        until: The last one.
        days: So many days up to the last one; None for no limit.
        names: Whether the names of addresses are looked up.
        resolver: Whom to ask; None for the system's.
        dns_timeout: Seconds for all questions on one address.
        decisions: The file with decisions.
        write_decisions: Whether sources that nobody decided about are appended to it.
        output_format: The format.
        output: The file; None for standard output.
        evidence: Whether it is said why each source is taken for what it is.
        quiet: Whether nothing but problems is told beside.
    """

    domains: tuple[str, ...]
    since: date | None
    until: date | None
    days: int | None
    names: bool
    resolver: str | None
    dns_timeout: float | None
    decisions: Path | None
    write_decisions: bool
    output_format: str
    output: Path | None
    evidence: bool
    quiet: bool


@click.command(
    epilog=f"{_EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit reports inbox/                             read a folder, then tell what the store says\n"
    "  bimikit reports dmarc.mbox 'report.xml.gz'         a mailbox and a file\n"
    "  bimikit reports                                    tell again, without reading anything\n"
    "  bimikit reports --domain example.com --days 30     one domain, its last 30 days\n"
    "  bimikit reports --decisions decisions.toml --write-decisions\n"
    "                                                     list the sources to decide about\n"
    "  bimikit reports -f html -o reports.html --lang ja  a page for a meeting\n"
    "  bimikit reports inbox/ --store postgresql://dmarc@db.example/dmarc"
)
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option(
    "--store", "place", envvar="BIMIKIT_STORE", default=_STORE, metavar="PLACE",
    help=f"Where reports are kept: an SQLite file, or postgresql://user@host/database; by default what BIMIKIT_STORE "
    f"says, else {_STORE} in the current folder.",
)  # fmt: skip
@click.option(
    "--domain", "domains", type=DOMAIN, multiple=True, metavar="DOMAIN",
    help="Tell of this domain only; by default of all in the store, those with the most messages first. Can be "
    "repeated.",
)  # fmt: skip
@click.option("--since", type=DAY, metavar="DATE", help="Reports that begin on this day (UTC) or later.")
@click.option("--until", type=DAY, metavar="DATE", help="Reports that begin on this day or before.")
@click.option(
    "--days", type=click.IntRange(1, 36500), metavar="N",
    help="The last N days: up to --until, else to the last day with messages.",
)  # fmt: skip
@click.option(
    "--decisions", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="What was decided about sources (TOML).",
)  # fmt: skip
@click.option(
    "--write-decisions",
    is_flag=True,
    help="Append sources that aren't in FILE of --decisions yet, to be decided about.",
)
@click.option(
    "--names", is_flag=True,
    help="Look up the names of the largest sources' addresses in the DNS; without it the network isn't used.",
)  # fmt: skip
@click.option(
    "--resolver", type=Resolver(), metavar="IP[:PORT]",
    help="The DNS resolver to ask; that of the system by default.",
)  # fmt: skip
@click.option(
    "--dns-timeout", type=float, callback=seconds, metavar="SECONDS",
    help="For all DNS questions on one address; 5 by default.",
)  # fmt: skip
@click.option(
    "--evidence", is_flag=True, help="Say of every source why it is taken for what it is, and all that helps."
)
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="text", show_default=True,
    help="How to write it.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write to FILE instead of standard output.",
)  # fmt: skip
@click.option(
    "--quiet", is_flag=True, help="No progress on a terminal, and nothing on what was read; problems are told."
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True,
    help="Language; by default that of the environment, else English.",
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], place: str, lang: str, **options: Any) -> None:
    """Read DMARC aggregate reports into a store, and tell who sends, what passes, what a higher policy would break.

    PATH is a file, a folder, a mailbox (mbox), or - for standard input: XML as it is, in gzip or ZIP, in mail messages
    as they were saved. Each report counts once, however often it is read. Without PATH nothing is read, and the store
    alone speaks.

    A source is what messages have in common: a known service, your own domain, somebody else's, a network. What it is
    taken for is a guess until somebody decides; keep decisions in a file that you review (--decisions).
    """
    asked = _Asked(**options)
    if asked.write_decisions and asked.decisions is None:
        raise click.UsageError(told("reports.needs-decisions"))
    if asked.since and asked.until and asked.until < asked.since:
        raise click.UsageError(told("reports.no-time", since=asked.since, until=asked.until))
    if complaint := missing_extra("reports"):
        complain(complaint)
        ctx.exit(CANNOT_RUN)
    if STDIN in paths and sys.stdin is None:
        complain(unreadable_file(STDIN, OSError(errno.EBADF, os.strerror(errno.EBADF))))
        ctx.exit(CANNOT_RUN)
    if gone := [path for path in paths if path != STDIN and not os.path.lexists(path)]:
        for path in gone:
            complain(unreadable_file(path, FileNotFoundError(2, os.strerror(2))))
        ctx.exit(CANNOT_RUN)
    if asked.output is not None and any(same_file(asked.output, name) for name in _ours(place, asked) + list(paths)):
        complain(told("output.is-subject", file=asked.output))
        ctx.exit(CANNOT_RUN)
    ctx.exit(_run(ctx, paths, place, asked))


def _ours(place: str, asked: _Asked) -> list[str]:
    """Files that are ours, and no reports."""
    store = place.partition("://")[2] if place.startswith("sqlite://") else place
    files = [f"{store}{end}" for end in ("", *LOGS)] if "://" not in place[:13] else [store]
    return files + ([str(asked.decisions)] if asked.decisions is not None else [])


def _run(ctx: click.Context, paths: Sequence[str], place: str, asked: _Asked) -> int:
    from ..aggregate.store import Store
    from ..output.reports import render
    from ..raising import undecided_text
    from ..raising.reported import newest_day

    decisions = _decisions(asked)
    status = CONFORMANT
    with Store.open(place, create=bool(paths)) as store:
        if paths:
            from .report_files import import_all

            ours = [*_ours(place, asked), *([str(asked.output)] if asked.output else [])]
            tally = import_all(store, paths, ours, quiet=asked.quiet)
            if not tally.any:
                complain(told("reports.none"))
                return CANNOT_RUN
            if not asked.quiet:
                complain(tally.told())
            status = INDETERMINATE if tally.unread else CONFORMANT
        last = newest_day(store.days(), asked.until or date.max)
        limits = _limits(asked, last)
        all_told = _all_told(ctx, store, asked, limits, decisions, last)
    if not (asked.domains or limits.since or limits.until):
        _tell_unmatched(asked, decisions, all_told)
    lang = spoken()
    color = asked.output is None and color_wanted()
    text = render(asked.output_format, all_told, limits, lang=lang, color=color, evidence=asked.evidence)
    try:
        put_at_once(text, asked.output)
        if asked.write_decisions and asked.decisions is not None:
            _append(asked.decisions, undecided_text([one.weighing for one in all_told], decisions, lang), asked.quiet)
    except OSError as problem:
        file = asked.output if problem.filename is None else problem.filename
        if file is None:
            raise
        complain(unwritable_file(file, problem))
        return CANNOT_RUN
    return status


def _decisions(asked: _Asked) -> Decisions:
    from ..raising import Decisions, read_decisions
    from ..raising.decisions import LARGEST

    file = asked.decisions
    if file is None or (asked.write_decisions and not os.path.lexists(file)):
        return Decisions()
    try:
        return read_decisions(read_bounded(file, LARGEST), str(file))
    except OSError as problem:
        raise click.BadParameter(unreadable_file(file, problem), param_hint="--decisions") from None


def _tell_unmatched(asked: _Asked, decisions: Decisions, all_told: Sequence[Told]) -> None:
    """Tell of decisions about nothing that was reported: a slip of the pen decides nothing, and looks as if it did."""
    seen = {one.weighing.domain: [outlook.id for outlook in one.weighing.outlooks] for one in all_told}
    unmatched = decisions.unmatched(seen)
    for entry, meant in unmatched[:_MOST_UNMATCHED]:
        hint = told("did-you-mean", word=repr(meant)) if meant else ""
        about = {"file": asked.decisions, "line": entry.line, "source": entry.source, "domain": entry.domain}
        complain(told("reports.unmatched", hint=hint, **about))
    if len(unmatched) > _MOST_UNMATCHED:
        complain(told("reports.unmatched-more", count=len(unmatched) - _MOST_UNMATCHED))


def _append(file: Path, text: str, quiet: bool) -> None:
    """Append to a file that people edit: what is in it now stays, and it is replaced as a whole."""
    if not text:
        return
    before = file.read_bytes() if file.exists() else b""
    added = text.encode() if before else text.lstrip("\n").encode()
    put_at_once(before + (b"" if not before or before.endswith(b"\n") else b"\n") + added, file)
    if not quiet:
        complain(told("reports.appended", file=file))


def _limits(asked: _Asked, last: date | None) -> Limits:
    """The days asked for; the last so many count from the store's own last one, so that the answer stays the same."""
    from ..output.reports import Limits

    since, until = asked.since, asked.until
    if asked.days is not None:
        last = until or last
        if last is not None:
            first = date.fromordinal(max(last.toordinal() - asked.days + 1, 1))
            since = first if since is None else max(since, first)
    return Limits(since, until)


def _all_told(
    ctx: click.Context, store: Store, asked: _Asked, limits: Limits, decisions: Decisions, as_of: date | None
) -> list[Told]:
    from ..aggregate.addresses import largest_addresses
    from ..output.reports import Told
    from ..raising import reported, weigh

    since = None if limits.since is None else datetime.combine(limits.since, time(), UTC)
    until = None
    if limits.until is not None and limits.until < date.max:
        until = datetime.combine(limits.until + timedelta(days=1), time(), UTC)
    domains = list(dict.fromkeys(asked.domains)) or [name for name, _ in store.domains(since, until)]
    names = _names(ctx, store, asked, domains, since, until) if asked.names else {}
    found = []
    for domain in domains if asked.quiet else with_progress(domains, "progress.weighing"):
        by_reporter = [(one.key[0], one.messages) for one in store.volumes(domain, "reporter", since, until)]
        said = reported(store, domain, since, until)
        weighing = weigh(domain, said, decisions=decisions, names=names, as_of=as_of)
        places = frozenset((one.source.by, one.source.name) for one in weighing.outlooks)
        told_of = Told(
            weighing=weighing,
            totals=store.totals(domain, since, until),
            reporters=tuple(sorted(by_reporter, key=lambda one: (-one[1], one[0]))),
            addresses=largest_addresses(said.rows, domain, names, places),
            names=names,
            volumes=tuple(
                (date.fromisoformat(one.key[0]), one.messages, one.passed)
                for one in store.volumes(domain, "day", since, until)
            ),
            newest=as_of,
        )
        found.append(told_of)
    return found


def _names(
    ctx: click.Context,
    store: Store,
    asked: _Asked,
    domains: Sequence[str],
    since: datetime | None,
    until: datetime | None,
) -> dict[str, str]:
    from ..aggregate.names import MOST, confirmed_names, largest_first
    from ..dns.nameservers import resolver_at
    from ..dns.resolve import resolver_or_default

    volumes = (one for domain in domains for one in store.volumes(domain, "source_ip", since, until))
    addresses = largest_first((one.key[0], one.messages) for one in volumes)
    with asking(ctx):
        if asked.resolver is None and asked.dns_timeout is None:
            resolver = resolver_or_default(None)
        else:
            resolver = resolver_at(asked.resolver, lifetime=asked.dns_timeout)
        if not asked.quiet and on_terminal():
            complain(told("reports.names", count=min(len(addresses), MOST)))
        found = confirmed_names(addresses, resolver)
    if not asked.quiet:
        complain(told("reports.named", count=len(found), of=min(len(addresses), MOST)))
    return found
