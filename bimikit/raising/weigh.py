"""What breaks if a domain's policy is raised; pure: the same reports and decisions give the same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from ..aggregate.feedback import Policy, shown
from ..aggregate.placing import placed
from ..aggregate.senders import load_senders
from ..aggregate.sources import Guess, Place, Source, sources_of
from ..locale import words_of
from ..statement import Statement
from .alignment import Strict, by_alignment_of, made_strict
from .case import DAYS, POLICIES, Case, Without
from .decisions import Decisions, source_id
from .fixes import fixes
from .model import Choice, Outlook, Weighing
from .reported import BEGINNING, Day, Reported
from .rules import hinders, in_part, label, option
from .tally import Count, Counts, Tally, as_set_up, helpers, scatter

MOST_AUTHORS = 20
"""Author Domains that are named of a source; forgers make up any number."""
OLDEST = 120
"""Days before the day of judgement of which a plan reads reports: whoever was seen in none for a season is gone."""
STILL = 7
"""Days before the day of judgement in which a source that was to stop still sends."""
MOST_LEFT_OUT = 64
"""Groups of reports that are left out in turn: those of the organizations that count the most, one by one, and those of
all others together: few domains are reported on by more, and made-up names take no time."""
MOST_REPORTERS = 16
"""Organizations that are named."""
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
    watched: frozenset[str] = frozenset(),
    strict: frozenset[Strict] = frozenset(),
) -> Weighing:
    """Weigh a domain's reports for a higher policy.

    Anybody may send a report in any name. So a policy is only said to break nothing where that holds as well without
    the reports of any one organization.

    Args:
        domain: The policy domain, in its normal form.
        reported: What is reported on it, in any order.
        decisions: What was decided about its sources; comes before what they seem to be.
        names: Names of addresses, for those that lead back to the address.
        as_of: The day of judgement; what is of a later day doesn't count. None for the last day with reports.
        recent: From which day on reports show how a source is set up now: of one that was seen since, what is older
            doesn't count; of one that wasn't, such as who sends invoices each quarter, it does. None for all.
        watched: Domains that are told of wherever messages bear them, however many others there are.
        strict: Which alignment the record asks to be strict now, besides that which the newest reports have so.
    """
    decided = decisions or Decisions()
    latest = as_of or date.max
    days = tuple(day for day in reported.days if BEGINNING <= day.day <= latest)
    sure = _sure(days)
    policy = made_strict(sure[-1].policy if sure else Policy(domain, ""), strict)
    rows = [
        (day, reporter, by_alignment_of(policy, row))
        for day, reporter, row in reported.rows
        if BEGINNING <= day <= latest
    ]
    asked = frozenset(day.day for day in days if day.policy.p in POLICIES)
    counts, helping = Counts(domain, policy, asked), Counter[str]()
    for said, unless in as_set_up(placed(rows, domain, names), recent):
        counts.add(said, unless)
        for name in helpers(said.row) & watched if watched else ():
            helping[name] += said.row.count
    reporters = counts.by_reporter()
    until = as_of or (days[-1].day if days else None)
    about = _About(domain, policy, days, until, decided, watched, reporters)
    case = _case(about, counts.whole)
    known = _known(counts.whole, case)
    others = tuple(Without(names, _case(about, counts.without(names), known)) for names in _left_out(list(reporters)))
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
        volumes=tuple((day, count, counts.passed[day]) for day, count in sorted(counts.volumes.items())),
        outlooks=tuple(
            replace(outlook, hinders=hinders(following, outlook, hit))
            for outlook, hit in zip(case.outlooks, case.hits, strict=True)
        ),
        options=tuple(option(case, others, of) for of in POLICIES),
        reported_by=tuple(reporters.items())[:MOST_REPORTERS],
        helping=tuple(sorted(helping.items())),
        in_part=in_part(policy),
    )


def _left_out(reporters: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Whose reports are left out in turn, of the organizations by their messages; never all."""
    if len(reporters) < 2:  # without the only one nothing is left
        return
    singly = reporters if len(reporters) <= MOST_LEFT_OUT else reporters[: MOST_LEFT_OUT - 1]
    yield from ((reporter,) for reporter in singly)
    if rest := tuple(reporters[len(singly) :]):
        yield rest


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


class _About(NamedTuple):
    """What all cases of a domain have in common."""

    domain: str
    policy: Policy
    days: tuple[Day, ...]
    as_of: date | None
    decisions: Decisions
    watched: frozenset[str]
    reporters: Mapping[str, int]


class _Known(NamedTuple):
    """What a case without some reports has in common with the whole: most sources are the same.

    Attributes:
        sources: By the identity of what is counted.
        outlooks: By the identity of the source.
    """

    sources: Mapping[int, Source]
    outlooks: Mapping[int, Outlook]


def _known(counts: Mapping[Place, Count], case: Case) -> _Known:
    by_place = {(one.source.by, one.source.name): one for one in case.outlooks}
    return _Known(
        {id(count.group): by_place[where].source for where, count in counts.items() if where in by_place},
        {id(one.source): one for one in case.outlooks},
    )


def _outlook(about: _About, source: Source, tally: Tally, *, short: bool) -> Outlook:
    """A source's; in short without what is only told."""
    decision = about.decisions.of(about.domain, source_id(source.by, source.name))
    made = decision is not None and decision.choice != "undecided"
    counts_as = decision.choice if decision is not None and made else _BY_GUESS[source.guess]
    causes = () if short else _most(tally.causes)
    authors = () if short else _most(tally.authors)
    return Outlook(
        id=source_id(source.by, source.name),
        source=source,
        decision=decision,
        counts_as=counts_as,
        failing=tally.failing,
        below=tally.below,
        excepted=tally.excepted,
        causes=causes,
        author_domains=tuple(
            one for number, one in enumerate(authors) if number < MOST_AUTHORS or one[0] in about.watched
        ),
        hinders=False,
        fixes=() if short else fixes(about.domain, source, label(source), counts_as, causes, tally.failing),
    )


def _most(counts: Mapping[_T, int]) -> tuple[tuple[_T, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _case(about: _About, counts: Mapping[Place, Count], known: _Known | None = None) -> Case:
    """A domain's case for quarantine, by what is counted; beside a known one without what is only told."""
    days, as_of = about.days, about.as_of
    apart = about.decisions.apart(about.domain)
    groups = {where: count.group for where, count in counts.items()}
    found = sources_of(groups, apart, known and known.sources)
    tallies = scatter(counts, ((one.by, one.name) for one in found))
    outlooks = known.outlooks if known else {}
    counted = tuple(
        (outlooks.get(id(source)) or _outlook(about, source, tally, short=known is not None), tally)
        for source, tally in ((source, tallies[source.by, source.name]) for source in found)
    )
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
        published=about.policy,
        first=days[0].day if days else None,
        last=days[-1].day if days else None,
        since=_since(days),
        as_of=as_of,
        days=len(days),
        reporters=len({reporter for day in days for reporter in day.reporters}),
        largest=next(iter(about.reporters.items()), ("", 0)),
        quarantined=_quarantined(_sure(days)),
        messages=sum(one.count for one in found),
        passed=sum(one.aligned for one in found),
        outlooks=tuple(one for one, _ in counted),
        hits=hits,
        ours=sums["ours"],
        undecided=sums["undecided"],
        passed_on=sums["passed-on"] + sum(on_its_way),
        not_ours=sums["not-ours"] + sums["stop"],
        below=sum(tally.below_hits for tally in wanted),
        listed=sum(tally.listed for tally in (*wanted, *passing_on)),
        excused=sum(tally.excepted for tally in passing_on) + sum(on_its_way),
        signed=sum(one.dkim for one in found),
        late=frozenset(one.id for one, tally in counted if one.counts_as == "stop" and _is_late(one, tally, as_of)),
    )


def _sure(days: tuple[Day, ...]) -> tuple[Day, ...]:
    """The days that tell what the policy was: those on which two organizations agree, where there are any."""
    return tuple(day for day in days if len(day.reporters) > 1) or days


def _since(days: tuple[Day, ...]) -> date | None:
    """Since when a second organization reports, where there is one; else the first."""
    first: dict[str, date] = {}
    for day in days:
        for reporter in day.reporters:
            first.setdefault(reporter, day.day)
    return next(iter(sorted(first.values())[1:2]), days[0].day if days else None)


def _quarantined(days: tuple[Day, ...]) -> int:
    """For how many days a policy has been enforced for all messages, up to the newest report."""
    enforced = tuple(takewhile(lambda day: day.enforced, reversed(days)))
    return (days[-1].day - enforced[-1].day).days + 1 if enforced else 0


def _is_late(one: Outlook, tally: Tally, as_of: date | None) -> bool:
    """Whether a source that was to stop sent of late, and after that was decided."""
    if as_of is None or tally.last is None or tally.last <= as_of - timedelta(days=STILL):
        return False
    decided = one.decision.decided if one.decision is not None else None
    return decided is None or tally.last > decided
