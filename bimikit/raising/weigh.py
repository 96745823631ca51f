"""What breaks if a domain's policy is raised; pure: the same reports and decisions give the same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import TypeVar

from msgspec.structs import replace

from ..aggregate.feedback import Policy, Row, shown
from ..aggregate.senders import load_senders
from ..aggregate.sources import Guess, Source, place, sources, sum_of, title
from ..locale import words_of
from ..statement import Statement
from .decisions import Decisions, source_id
from .fixes import fixes
from .model import Choice, Outlook, Weighing
from .reported import Day, Reported
from .rules import DAYS, POLICIES, Case, hinders, option
from .tally import Tallies, Tally

MOST_AUTHORS = 20
"""Author Domains that are named of a source; forgers make up any number."""
BEGINNING = date(2012, 1, 1)
"""Before the first DMARC record was published: reports of earlier days are wrong about when they are."""
OLDEST = 120
"""Days before the day of judgement of which a plan reads reports: whoever was seen in none for a season is gone."""
STILL = 7
"""Days before the day of judgement in which a source that was to stop still sends."""
_BY_GUESS: Mapping[Guess, Choice] = {
    "legitimate": "ours",
    "forwarder": "passed-on",
    "spoof": "not-ours",
    "unknown": "undecided",
}
_WANTED: frozenset[Choice] = frozenset({"ours", "undecided"})
"""What is wanted, or may be."""
_T = TypeVar("_T", bound=str)


def weigh(
    domain: str,
    reported: Reported,
    *,
    decisions: Decisions | None = None,
    names: Mapping[str, str] | None = None,
    as_of: date | None = None,
    recent: date | None = None,
) -> Weighing:
    """Weigh a domain's reports for a higher policy.

    Args:
        domain: The policy domain, in its normal form.
        reported: What is reported on it, in any order.
        decisions: What was decided about its sources; comes before what they seem to be.
        names: Names of addresses, for those that lead back to the address.
        as_of: The day of judgement; what is of a later day doesn't count. None for the last day with reports.
        recent: From which day on reports show how a source is set up now: of one that was seen since, what is older
            doesn't count; of one that wasn't, such as who sends invoices each quarter, it does. None for all.
    """
    decided = decisions or Decisions()
    days = tuple(day for day in reported.days if BEGINNING <= day.day <= (as_of or date.max))
    rows: Iterable[tuple[date, Row]] = [one for one in reported.rows if BEGINNING <= one[0] <= (as_of or date.max)]
    if recent is not None:
        rows = _as_set_up(rows, recent, domain, names)
    policy = days[-1].policy if days else Policy(domain, "")
    tallies = Tallies(domain, policy, names)
    found = sources(tallies.sums(rows), domain, names, decided.apart(domain))
    tallies.scatter((source.by, source.name) for source in found)
    counted = tuple(
        (_outlook(domain, source, tally, decided), tally)
        for source, tally in ((source, tallies.of[source.by, source.name]) for source in found)
    )
    until = as_of or (days[-1].day if days else None)
    case = _case(policy, days, until, counted, sum(tallies.volumes.values()), sum(tallies.passed.values()))
    following = case._replace(policy="reject" if policy.p in POLICIES else "quarantine")
    return Weighing(
        domain=domain,
        policy=policy.p,
        subdomain_policy=policy.sp,
        first=case.first,
        last=case.last,
        days=case.days,
        reporters=case.reporters,
        messages=case.messages,
        passed=case.passed,
        volumes=tuple((day, count, tallies.passed[day]) for day, count in sorted(tallies.volumes.items())),
        outlooks=tuple(
            replace(outlook, hinders=hinders(following, outlook, hit))
            for outlook, hit in zip(case.outlooks, case.hits, strict=True)
        ),
        options=tuple(option(case._replace(policy=of)) for of in POLICIES),
    )


def _as_set_up(
    rows: Iterable[tuple[date, Row]], recent: date, domain: str, names: Mapping[str, str] | None
) -> Iterator[tuple[date, Row]]:
    """What tells how sources are set up now: what is recent, and what is older of who wasn't seen since.

    Who is set right may be another source from then on, the domain itself say, so that its address counts, too.
    """
    placed = [(day, row, place(sum_of(row, day), domain, names)) for day, row in rows]
    seen = {where for day, _row, where in placed if day >= recent}
    addresses = {row.source_ip for day, row, _where in placed if day >= recent}
    return (
        (day, row)
        for day, row, where in placed
        if day >= recent or (where not in seen and row.source_ip not in addresses)
    )


def newest_days(days: Sequence[date]) -> date | None:
    """From which day on reports are recent, for `weigh`; None for all of them.

    Args:
        days: The days with reports, in order: as many of the newest are recent as reject needs.
    """
    needed = int(DAYS.reject)
    return days[-needed] if len(days) > needed else None


def told(statement: Statement, lang: str = "en") -> str:
    """A ground or fix as a sentence, with the source's name in that language.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    return words_of("raising_words", lang)[statement.key].format_map(named(statement, lang))


def named(statement: Statement, lang: str) -> dict[str, int | str]:
    """What is filled into a statement, with the name of the source that it is about in that language."""
    values = dict(statement.values)
    by, _, name = str(values.get("id", "")).partition(":")
    if by == "sender" and name in load_senders():
        values["source"] = load_senders()[name].name.text(lang)
    elif by:
        values["source"] = words_of("source_words", lang)[f"by.{by}"].format(name=shown(name))
    return values


def _outlook(domain: str, source: Source, tally: Tally, decisions: Decisions) -> Outlook:
    decision = decisions.of(domain, source_id(source.by, source.name))
    made = decision is not None and decision.choice != "undecided"
    counts_as = decision.choice if decision is not None and made else _BY_GUESS[source.guess]
    causes = _most(tally.causes)
    return Outlook(
        id=source_id(source.by, source.name),
        source=source,
        decision=decision,
        counts_as=counts_as,
        failing=tally.failing,
        below=tally.below,
        excepted=tally.excepted,
        causes=causes,
        author_domains=_most(tally.authors)[:MOST_AUTHORS],
        hinders=False,
        fixes=fixes(domain, source, _label(source), counts_as, causes, tally.failing),
    )


def _most(counts: Mapping[_T, int]) -> tuple[tuple[_T, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _label(source: Source) -> str:
    """A source's name that serves in every language: sentences are compared and stored without one."""
    return title(source, "en") if source.by == "sender" else shown(source.name) or source_id(source.by, "")


def _case(
    policy: Policy,
    days: tuple[Day, ...],
    as_of: date | None,
    counted: tuple[tuple[Outlook, Tally], ...],
    messages: int,
    passed: int,
) -> Case:
    """A domain's case for quarantine."""
    # What reporters themselves call passed on was not broken by a source of ours.
    on_its_way = tuple(tally.forwarded if one.counts_as in _WANTED else 0 for one, tally in counted)
    hits = tuple(one.failing - passing for (one, _), passing in zip(counted, on_its_way, strict=True))
    sums: Counter[Choice] = Counter()
    for (one, _), hit in zip(counted, hits, strict=True):
        sums[one.counts_as] += hit
    passing_on = [tally for one, tally in counted if one.counts_as == "passed-on"]
    wanted = [tally for one, tally in counted if one.counts_as in _WANTED]
    return Case(
        policy="quarantine",
        published=policy,
        first=days[0].day if days else None,
        last=days[-1].day if days else None,
        as_of=as_of,
        days=len(days),
        reporters=len({reporter for day in days for reporter in day.reporters}),
        quarantined=_quarantined(days),
        messages=messages,
        passed=passed,
        outlooks=tuple(one for one, _ in counted),
        labels=tuple(_label(one.source) for one, _ in counted),
        hits=hits,
        ours=sums["ours"],
        undecided=sums["undecided"],
        passed_on=sums["passed-on"] + sum(on_its_way),
        not_ours=sums["not-ours"] + sums["stop"],
        below=sum(tally.below_hits for tally in wanted),
        listed=sum(tally.listed for tally in (*wanted, *passing_on)),
        excused=sum(tally.excepted for tally in passing_on) + sum(on_its_way),
        late=frozenset(one.id for one, tally in counted if one.counts_as == "stop" and _is_late(tally, as_of)),
    )


def _quarantined(days: tuple[Day, ...]) -> int:
    """For how many days a policy has been enforced for all messages, up to the newest report."""
    enforced = tuple(takewhile(lambda day: day.enforced, reversed(days)))
    return (days[-1].day - enforced[-1].day).days + 1 if enforced else 0


def _is_late(tally: Tally, as_of: date | None) -> bool:
    return as_of is not None and tally.last is not None and tally.last > as_of - timedelta(days=STILL)
