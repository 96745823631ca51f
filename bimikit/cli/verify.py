"""`bimikit verify`: is what's published the same as in the repository?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ..config import files_of, planned, without_ignored
from ..dns.resolve import resolver_or_default
from ..domains import BadDomain, normal_domain
from ..findings import Report
from ..selection import selected
from ..verification.live import verify_publication
from ..verification.waiting import Waiting, until_settled
from .inputs import WHEN
from .interrupts import ended_as_interrupted
from .network import asking, network_of, network_options, on_terminal, progress, taken
from .options import About, about_itself, finish, report_options, suggestion
from .own_question import require_an_answer
from .streams import INTERRUPTED, below_the_key
from .words import complain, told

if TYPE_CHECKING:
    from ..config import Config, Publication

_EXIT_CODES = """\b
Exit status:
  0  what is published is what was planned
  1  something is published otherwise than planned, or missing
  2  could not run: usage, no publication, a file of the plan that can't be read
  3  something could not be found out (no answer, a failing server), and nothing else is wrong
  130  interrupted (Ctrl-C, with --wait SIGTERM too); of --wait the last answers are written"""

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
_LONGEST = 24 * 3600
"""Seconds for which anybody may wait."""


class _Duration(click.ParamType["float"]):
    """A number of seconds, minutes or hours: ``30s``, ``10m``, ``1h``."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)\s*([smh]?)", str(value).strip().lower(), re.ASCII)
        seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
        if not 0 < seconds <= _LONGEST:
            self.fail(told("verify.no-duration", text=repr(str(value)), limit=f"{_LONGEST // 3600}h"), param, ctx)
        return seconds


@click.command(
    epilog=f"{_EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit verify                            all publications of the configuration\n"
    "  bimikit verify example.com                only those of this domain\n"
    "  bimikit verify --wait 10m                 after a change: ask again until all is there, for ten minutes\n"
    "  bimikit verify --wait 10m --every 30s -f junit -o verify.xml",
)
@click.argument("names", nargs=-1, metavar="[DOMAIN…]")
@click.option(
    "--wait",
    type=_Duration(),
    metavar="DURATION",
    help="Ask again, for 30s, 10m or 1h at the most, what isn't as planned; ends as soon as all is.",
)
@click.option(
    "--every",
    type=_Duration(),
    metavar="DURATION",
    help="The pause before each further attempt; by default a tenth of --wait, or less where a record's time to live "
    "is short: 1s to 30s.",
)
@network_options
@click.option(
    "--at", type=WHEN, metavar="WHEN", help="Whether a hosted certificate has ended at this time; now by default."
)
@report_options()
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    wait: float | None,
    every: float | None,
    at: datetime | None,
    **options: Any,
) -> None:
    """Compare what is published with what the repository holds, for the publications of the configuration.

    The DMARC and Assertion Records are looked up, and the files at l= and a= of the published record fetched: texts and
    bytes must be those of the configuration's zone and files, and the logo the one inside the certificate. DOMAIN
    chooses among the publications: a domain, an address whose local-part has a publication of its own, or
    SELECTOR._bimi.DOMAIN.
    """
    config: Config | None = options["config"]
    if every is not None and wait is None:
        raise click.UsageError(told("verify.every-alone"))
    if config is None or not config.publications:
        raise click.UsageError(told("verify.no-publications"))
    chosen = _chosen(config.publications, names)
    plans = [planned(config, one) for one in chosen]
    options["config"] = about_itself(config)
    require_an_answer("verify.", options["config"], options)
    if options["select"]:  # what can't be had is not as planned, whatever is asked of it
        options["select"] = (*options["select"], ("web.",))
    with asking(ctx):
        network = network_of(config, taken(options))
        resolver = resolver_or_default(network.resolver)
        one_by_one = [
            partial(
                verify_publication,
                **plan,
                at=at,
                resolver=resolver,
                policy=network.policy,
                progress=None if wait else progress(plan["domain"]),
            )
            for plan in plans
        ]
        about = [About(files_of(config, one)) for one in chosen]
        seen = partial(_seen, about=about, **{key: options[key] for key in ("select", "ignore", "config")})
        latest: dict[int, Report] = {}
        try:
            with ended_as_interrupted() if wait else nullcontext():
                until_settled(
                    one_by_one, wait or 0.0, every, resolver=resolver, tell=_tells(), seen=seen, latest=latest
                )
        except KeyboardInterrupt:
            if not wait:
                raise
            below_the_key()
            broken_off = True
        else:
            broken_off = False
    numbers = sorted(latest)
    status = finish(
        [latest[number] for number in numbers],
        {},
        failed_to_run=False,
        about=[about[number] for number in numbers],
        **options,
    )
    if broken_off:
        _tell_of_the_end(latest, [plan["domain"] for plan in plans])
        status = INTERRUPTED
    ctx.exit(status)


def _seen(number: int, report: Report, *, about: Sequence[About], config: Config, **rules: Any) -> Report:
    """What of a report `finish` goes by."""
    chosen, left_out = (tuple(rule for group in rules[key] for rule in group) for key in ("select", "ignore"))
    shown = selected(report, chosen, left_out or config.ignore)
    return without_ignored(shown, config, about[number].files).report


def _tell_of_the_end(latest: Mapping[int, Report], names: Sequence[str]) -> None:
    unanswered = [name for number, name in enumerate(names) if number not in latest]
    if latest:
        complain(told("verify.broken-off"))
    if unanswered:
        complain(told("verify.unanswered", names=", ".join(unanswered)))


def _tells() -> Callable[[Waiting], None] | None:
    if not on_terminal():
        return None

    def tell(waiting: Waiting) -> None:
        left = ", ".join(f"{report.subject} ({', '.join(_open(report))})" for report in waiting.left)
        complain(told("verify.waiting", left=left, pause=f"{waiting.pause:.0f}", rest=f"{waiting.rest:.0f}"))
        if waiting.remembered is not None:
            complain(told("verify.remembered", seconds=waiting.remembered))

    return tell


def _open(report: Report) -> list[str]:
    return list(dict.fromkeys(one.rule for one in report.findings if one.severity.value == "error"))


def _chosen(publications: Sequence[Publication], names: Sequence[str]) -> list[Publication]:
    """The publications that the arguments name, in the configuration's order; all where they name none.

    Raises:
        click.UsageError: An argument names none.
    """
    by_name: dict[str, list[Publication]] = {}
    for one in publications:
        for name in _names(one):
            by_name.setdefault(name, []).append(one)
    wanted: list[Publication] = []
    for name in names:
        found = by_name.get(_normal(name))
        if found is None:
            hint = suggestion(name, by_name)
            raise click.UsageError(told("verify.no-such-publication", word=repr(name), hint=hint))
        wanted += found
    return [one for one in publications if not names or one in wanted]


def _names(one: Publication) -> set[str]:
    domain = _normal(one.domain)
    names = {domain, f"{one.selector}._bimi.{domain}".lower()}
    return names | ({f"{one.local_part}@{domain}".lower()} if one.local_part else set())


def _normal(name: str) -> str:
    with suppress(BadDomain):
        domain = normal_domain(name)
        local_part, at, _ = name.strip().rpartition("@")
        return f"{local_part}@{domain}".lower() if at and "/" not in local_part else domain
    return name.strip().lower()
