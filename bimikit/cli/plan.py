"""`bimikit plan`: how far each domain is on the road to a logo, what blocks it, and what to publish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from ..bounded import read_bounded
from ..locale import LANGUAGES
from ..sqlite_files import LOGS
from .options import CONFORMANT, FAILED, INDETERMINATE, same_file, suggestion
from .streams import CANNOT_RUN, put_at_once, with_progress
from .types import DAY, DOMAIN
from .words import complain, language, missing_extra, spoken, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..plan.inputs import Inputs
    from ..plan.model import DomainPlan, Plan
    from ..planning import Format
    from ..statement import Statement

_AHEAD = timedelta(days=1)
"""How far ahead a scan's day may be: it is told in UTC."""
MAX_AGE = 14
"""Days after which what `--check` rests on is too old, if nobody says otherwise."""
_FORMATS = ("text", "json", "markdown", "html", "zone")
_EXIT_CODES = """\b
Exit status:
  0  the plan is told
  1  with --check: a domain is behind its goal
  2  could not run: usage, or an inventory, scan, store or decisions file that
     is missing or can't be read
  3  told, but what a domain publishes could not be known: it isn't in the scan,
     or the DNS or a server of its files gave no answer; with --check also: the
     scan or the reports are too old (--max-age)
1 before 3 before 0."""


@click.command(
    epilog=f"{_EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit plan                                     the plan of inventory.toml\n"
    "  bimikit plan --domain kaori.example              one domain\n"
    "  bimikit plan -f html -o plan.html --lang ja      a page for a meeting\n"
    "  bimikit plan -f zone                             the records to publish now\n"
    "  bimikit plan -f json -o plan.json                to compare with later:\n"
    "  bimikit plan --compare plan.json                 what changed since\n\n\b\n"
    "An inventory:\n"
    "  [inventory]\n"
    '  organization = "Kaori Tea"\n'
    '  scan = "scan.jsonl"            # of bimikit scan\n'
    '  store = "reports.sqlite"       # of bimikit reports\n'
    '  decisions = "decisions.toml"\n'
    '  reports-to = ["mailto:dmarc@kaori.example"]\n'
    "  [[domain]]\n"
    '  name = "kaori.example"\n'
    '  goal = "logo"                  # or "enforced", or "locked" if it never sends\n'
    '  logo = "https://www.kaori.example/logo.svg"',
)
@click.argument("inventory", type=click.Path(path_type=Path), default="inventory.toml", metavar="[INVENTORY]")
@click.option(
    "--as-of", type=DAY, metavar="DATE",
    help="The day of the plan: reports of later days don't count, and ages are from it. The newest day of the scan and "
    "the reports by default, never today, so that the same files give the same plan.",
)  # fmt: skip
@click.option(
    "--domain", "domains", type=DOMAIN, multiple=True, metavar="DOMAIN",
    help="Tell of this domain only. Can be repeated.",
)  # fmt: skip
@click.option(
    "--compare", type=click.Path(path_type=Path), metavar="OLD",
    help="Tell what changed since an earlier plan, written with --format json.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Exit 1 where a domain of the inventory is behind its goal.")
@click.option(
    "--max-age", type=click.IntRange(0, 36500), default=MAX_AGE, show_default=True, metavar="DAYS",
    help="With --check: how old the scan and the newest report may be today, or on the day of --as-of.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="text", show_default=True,
    help="How to write it; zone: the records to publish now, as zone files have them.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write to FILE instead of standard output.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True,
    help="Language; by default that of the environment, else English.",
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    /,
    inventory: Path,
    as_of: date | None,
    domains: tuple[str, ...],
    compare: Path | None,
    check: bool,
    max_age: int,
    output_format: Format,
    output: Path | None,
    lang: str,
) -> None:
    """Tell how far each domain of an INVENTORY is on the road from p=none to a logo, and what to do next.

    INVENTORY (inventory.toml by default) lists the domains, what each is for, and where the rows of a scan, the store
    of aggregate reports and the decisions on sources are. Nothing is asked of the network. A policy is raised only
    where the reports say that nothing wanted breaks, and nothing is recommended that rests on what isn't known.
    """
    from ..plan.differences import differences
    from ..plan.inputs import files_of, gather, is_url, read_file
    from ..planning import render_plan

    if compare is not None and output_format == "zone":
        raise click.UsageError(told("plan.compare-zone"))
    declared = read_file(inventory)
    if declared.store and (complaint := missing_extra("reports")):
        complain(complaint)
        ctx.exit(CANNOT_RUN)
    output = None if output is None or str(output) == "-" else output
    read = [inventory, *files_of(declared, inventory.parent), *([compare] if compare is not None else [])]
    if not is_url(declared.store) and declared.store:
        read += [inventory.parent / f"{declared.store}{end}" for end in LOGS]
    if output is not None and any(same_file(output, str(file)) for file in read):
        complain(told("output.is-subject", file=output))
        ctx.exit(CANNOT_RUN)
    old = None if compare is None else _read_plan(compare)
    each = partial(with_progress, label="progress.weighing")
    inputs = gather(declared, inventory.parent, as_of, name=str(inventory), each=each)
    if inputs.as_of is None:
        raise click.UsageError(told("plan.no-day"))
    plan = _only(inputs.plan(), domains)
    old_inputs = _too_old(inputs, plan, as_of or date.today(), max_age) if check else []
    changes = None if old is None else differences(_narrowed(old, domains), plan)
    text = render_plan(plan, output_format, lang=spoken(lang), differences=changes)
    try:
        put_at_once(text, output)
    except OSError as problem:
        if output is None:
            raise
        complain(unwritable_file(output, problem))
        ctx.exit(CANNOT_RUN)
    behind = [one for one in plan.domains if _is_behind(one)]
    if check and output is not None and behind:
        complain(told("plan.behind", count=len(behind)))
    for statement in old_inputs:
        complain(told("plan.too-old", what=statement.text("plan_words", spoken(lang))))
    ctx.exit(_status(plan, check=check, old=bool(old_inputs)))


def _read_plan(file: Path) -> Plan:
    from ..plan.codec import MAX_BYTES, PlanError, from_json

    try:
        return from_json(read_bounded(file, MAX_BYTES))
    except (OSError, ValueError) as problem:
        raise click.BadParameter(unreadable_file(file, problem), param_hint="--compare") from None
    except PlanError as problem:
        raise click.BadParameter(f"{file}: {problem.told(spoken())}", param_hint="--compare") from None


def _only(plan: Plan, domains: Sequence[str]) -> Plan:
    """The part of a plan that is about some domains; all of it where none are named.

    Raises:
        click.UsageError: One of them isn't in it.
    """
    known = [one.domain for one in plan.domains]
    for name in domains:
        if name not in known:
            hint = suggestion(name, known)
            raise click.UsageError(told("plan.no-such-domain", domain=name, hint=hint))
    return _narrowed(plan, domains)


def _narrowed(plan: Plan, domains: Sequence[str]) -> Plan:
    if not domains:
        return plan
    from ..plan.plan import weeks_of

    chosen = tuple(one for one in plan.domains if one.domain in domains)
    volumes = [volume for one in chosen if one.weighing is not None for volume in one.weighing.volumes]
    return replace(plan, domains=chosen, weeks=weeks_of(volumes))


def _too_old(inputs: Inputs, plan: Plan, today: date, max_age: int) -> list[Statement]:
    """What the domains told of rest on that is too old to say how they are today.

    Of domains that never send no reports may come.
    """
    from ..plan.plan import MANY_BEYOND, beyond_all, newest, outdated
    from ..statement import Statement

    told_of = [one for one in plan.domains if one.stage != "unlisted"]
    rows = [inputs.scanned[one.domain] for one in told_of if one.domain in inputs.scanned]
    reported = inputs.reported.values() if any(one.goal != "locked" for one in told_of) else ()
    if len(inputs.beyond) >= MANY_BEYOND:
        reported = ()
    found = list(outdated(rows, reported, today, scan_days=max_age, reports_days=max_age))
    if len(inputs.beyond) >= MANY_BEYOND:
        found += beyond_all(inputs.beyond, plan.as_of)
    later = newest({row.domain: row for row in rows}, {})
    if later is not None and later > today + _AHEAD:
        found.append(Statement("plan.later", {"day": later.isoformat(), "as_of": today.isoformat()}))
    return found


def _is_behind(one: DomainPlan) -> bool:
    """Whether a domain of the inventory isn't at its goal; where that couldn't be found out, nobody knows."""
    return one.stage != "unlisted" and one.known and not one.done


def _status(plan: Plan, *, check: bool, old: bool) -> int:
    listed = [one for one in plan.domains if one.stage != "unlisted"]
    if check and any(map(_is_behind, listed)):
        return FAILED
    return CONFORMANT if all(one.known for one in listed) and not old else INDETERMINATE
