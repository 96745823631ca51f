"""When a policy may be raised: a table of rules, each with the reason for its threshold in `bimikit.raising.case`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from string import Formatter
from typing import NamedTuple, TypeAlias

from ..aggregate.feedback import Policy, shown
from ..aggregate.sources import NEARLY_ALL, Source, title
from ..locale import words_of
from ..statement import Statement
from .case import (
    CHANCE,
    DAYS,
    FEW,
    FRESH_DAYS,
    OURS_FAIL,
    OURS_LOST,
    PASSED_ON,
    PASSED_ON_EXCUSED,
    QUARANTINE_DAYS,
    QUIET_DAYS,
    QUIET_FRESH_DAYS,
    QUIET_REPORTED,
    QUIET_REPORTERS,
    REPORTERS,
    SIGNED,
    UNDECIDED,
    UNDECIDED_TOGETHER,
    Case,
    PolicyName,
    Values,
    Without,
)  # fmt: skip
from .model import Option, Outlook, Verdict

_MOST_NAMED = 5
"""How many sources are named for one rule; the others are counted."""


class Rule(NamedTuple):
    """A rule.

    Attributes:
        verdict: What a policy gets at best where the rule holds; ``"go"`` for what is only told.
        key: Its sentence, without ``ground.``.
        holds: Whether it does: a set of values for each time that it does.
    """

    verdict: Verdict
    key: str
    holds: Callable[[Case], Iterable[Values]]


def _if(condition: Callable[[Case], bool]) -> Callable[[Case], Iterable[Values]]:
    return lambda case: [{}] if condition(case) else []


def _each(condition: Callable[[Case, Outlook, int], bool]) -> Callable[[Case], Iterable[Values]]:
    """A rule about each source: the largest are named."""

    def holding(case: Case) -> Iterator[Values]:
        found = [
            (hit, outlook)
            for outlook, hit in zip(case.outlooks, case.hits, strict=True)
            if condition(case, outlook, hit)
        ]
        found.sort(key=lambda one: (-one[0], one[1].id))
        for hit, outlook in found[:_MOST_NAMED]:
            source = outlook.source
            yield {
                "source": label(source),
                "id": outlook.id,
                "failing": hit,
                "count": source.count,
                "aligned": source.aligned,
                "spf": source.spf,
            }

    return holding


def label(source: Source) -> str:
    """A source's name that serves in every language: sentences are compared and stored without one."""
    return title(source, "en") if source.by == "sender" else shown(source.name) or f"{source.by}:"


def not_set_up(case: Case, one: Outlook, hit: int) -> bool:
    """Nothing of a source of ours passes: all of it would be lost, however little it is."""
    decided = one.decision is not None and one.decision.choice == "ours"
    return one.counts_as == "ours" and one.source.set_up == "no" and hit >= (case.least if decided else FEW)


def partly_set_up(case: Case, one: Outlook, hit: int) -> bool:
    """A source of ours passes in part: one of its servers, brands or ways is not set up."""
    source = one.source
    much = source.count - source.aligned > case.likely((1 - NEARLY_ALL) * source.count)
    return one.counts_as == "ours" and source.set_up == "partly" and much and hit >= FEW


def ours_fail(case: Case) -> bool:
    """More of our own mail fails than faults on the way explain, and more than a few strays."""
    return case.ours >= FEW and case.over(case.ours, OURS_FAIL)


def ours_fail_little(case: Case) -> bool:
    """Some of our own mail fails, and not more than that."""
    return case.ours > 0 and not ours_fail(case) and not case.over(case.ours, OURS_LOST)


def undecided(case: Case, one: Outlook, hit: int) -> bool:
    """Nobody decided about a source that would lose much."""
    return one.counts_as == "undecided" and hit >= FEW and case.over(hit, UNDECIDED)


def hinders(case: Case, one: Outlook, hit: int) -> bool:
    """Whether a source keeps the case's policy from being published."""
    return not_set_up(case, one, hit) or partly_set_up(case, one, hit) or undecided(case, one, hit)


def undecided_together(case: Case) -> bool:
    """Much comes from such sources in all; at a domain that doesn't send they are what the policy is for."""
    return not case.quiet and case.undecided >= FEW and case.over(case.undecided, UNDECIDED_TOGETHER)


def passed_on_lost(case: Case) -> bool:
    """Much that forwarding broke would be lost: what reporters let through isn't counted."""
    lost = case.passed_on - case.excused
    return lost >= FEW and case.over(lost, PASSED_ON)


def spf_alone(case: Case) -> bool:
    """Most of what passes does by SPF alone, and reject would lose it wherever it is forwarded."""
    return case.policy == "reject" and case.passed >= FEW and case.signed < SIGNED * case.passed


def passed_on_much(case: Case) -> bool:
    """So much is broken by forwarding that it isn't enough that those who report let it through."""
    return not passed_on_lost(case) and case.passed_on >= FEW and case.over(case.passed_on, PASSED_ON_EXCUSED)


def passed_on_little(case: Case) -> bool:
    """Forwarding breaks some, and not more than that."""
    return case.passed_on > 0 and not passed_on_lost(case) and not passed_on_much(case)


def listed_much(case: Case) -> bool:
    """Much comes by mailing lists, whatever those who report let through: others don't."""
    return case.policy == "reject" and case.listed >= FEW and case.over(case.listed, PASSED_ON)


def listed_little(case: Case) -> bool:
    """Some comes by mailing lists, and not more than that."""
    return case.policy == "reject" and case.listed > 0 and not listed_much(case)


def _decided(one: Outlook, choice: str) -> bool:
    return one.decision is not None and one.decision.choice == choice


def in_part(policy: Policy) -> str:
    """The tag that lets messages off a policy, as a record has it; empty for none."""
    if policy.testing == "y":
        return "t=y"
    return "" if policy.pct in ("", "100") else f"pct={shown(policy.pct)}"


def _at_least(case: Case) -> bool:
    """Whether the policy is published already for all messages, or a stricter one is."""
    return _weakest(case.published) >= _RANK[case.policy] and not in_part(case.published)


def _rejects(published: Policy) -> bool:
    """Whether reject is published for all it speaks for; or in part, which no days of quarantine can ever show."""
    return _weakest(published) == _RANK["reject"] or (published.p == "reject" and bool(in_part(published)))


def _weakest(published: Policy) -> int:
    """How strict a record is for the domain and its subdomains, whichever is less; receivers fill in ``sp``, or not."""
    return min(_RANK.get(published.p, 0), _RANK.get(published.sp or published.p, 0))


def _below_weaker(case: Case) -> bool:
    """Whether the record has a weaker ``sp`` of its own; receivers fill in ``p`` where it has none (RFC 9990)."""
    return case.published.sp != case.published.p and _RANK.get(case.published.sp, 2) < _RANK[case.policy]


def _is_thin(case: Case) -> bool:
    """Silence that so few reports tell of that anybody may have made them up."""
    few = case.days < QUIET_REPORTED or case.reporters < QUIET_REPORTERS
    return bool(case.days) and case.quiet and few


_RANK: Mapping[str, int] = {"none": 0, "quarantine": 1, "reject": 2}
_OF_SOURCES: tuple[Rule, ...] = (
    # Mail that is wanted would be lost.
    Rule("no-go", "not-set-up", _each(not_set_up)),
    Rule("no-go", "ours-lost", _if(lambda case: case.over(case.ours, OURS_LOST))),
    # Mail that may be wanted would be lost.
    Rule("wait", "partly-set-up", _each(partly_set_up)),
    Rule("wait", "ours-fail", _if(lambda case: ours_fail(case) and not case.over(case.ours, OURS_LOST))),
    Rule("wait", "undecided", _each(undecided)),
)
"""The rules about what is ours, and about single sources, which have to hold without any one organization's reports.

Those about the sum of what is small don't: of forwarding and of strangers each organization sees another share.
"""

_OTHERS: tuple[Rule, ...] = (
    Rule("wait", "undecided-together", _if(undecided_together)),
    Rule("wait", "passed-on-lost", _if(passed_on_lost)),
    Rule("wait", "spf-alone", _if(spf_alone)),
    Rule("wait", "passed-on-much", _if(passed_on_much)),
    Rule("wait", "listed-much", _if(lambda case: listed_much(case) and not passed_on_lost(case))),
    # Too little is known.
    Rule("wait", "no-reports", _if(lambda case: not case.days)),
    Rule("wait", "quiet-too-thin", _if(_is_thin)),
    Rule("wait", "quiet-too-short", _if(lambda case: bool(case.days) and case.quiet and case.seen < QUIET_DAYS)),
    Rule(
        "wait",
        "too-few-days",
        _if(lambda case: bool(case.days) and not case.quiet and case.days < DAYS.of(case.policy)),
    ),
    Rule(
        "wait",
        "too-few-reporters",
        _if(lambda case: bool(case.days) and not case.quiet and case.reporters < REPORTERS.of(case.policy)),
    ),
    Rule("wait", "too-old", _if(lambda case: case.old > (QUIET_FRESH_DAYS if case.quiet else FRESH_DAYS))),
    # Reject comes after quarantine has shown what was missed; where nothing is sent there is nothing to miss.
    Rule(
        "wait",
        "quarantine-first",
        _if(
            lambda case: (
                case.policy == "reject"
                and bool(case.days)
                and not case.quiet
                and not _rejects(case.published)
                and case.quarantined < QUARANTINE_DAYS
            )
        ),
    ),
    # What else is worth knowing.
    Rule(
        "go",
        "quiet",
        _if(lambda case: bool(case.days) and case.quiet and case.seen >= QUIET_DAYS and not _is_thin(case)),
    ),
    Rule("go", "nothing-of-ours-fails", _if(lambda case: bool(case.passed) and not case.ours)),
    Rule("go", "ours-fail-little", _if(ours_fail_little)),
    Rule("go", "passed-on", _if(passed_on_little)),
    Rule("go", "mailing-lists", _if(listed_little)),
    Rule("go", "undecided-sum", _if(lambda case: case.undecided > 0 and not undecided_together(case))),
    Rule("go", "not-ours", _if(lambda case: case.not_ours > 0)),
    # Decisions that the reports speak against; they count all the same.
    Rule(
        "go",
        "not-ours-but-passes",
        _each(
            lambda _case, one, _hit: (
                _decided(one, "not-ours") and one.source.guess == "legitimate" and one.source.aligned >= FEW
            )
        ),
    ),
    Rule(
        "go",
        "passed-on-but-authorised",
        _each(lambda _case, one, _hit: _decided(one, "passed-on") and one.source.spf >= FEW),
    ),
    Rule(
        "go",
        "ours-but-spoofed",
        _each(lambda _case, one, _hit: _decided(one, "ours") and one.source.guess == "spoof"),
    ),
    Rule("go", "still-sends", _each(lambda case, one, _hit: one.id in case.late)),
    # What the record says besides.
    Rule("go", "already", _if(_at_least)),
    Rule("go", "subdomains-weaker", _if(_below_weaker)),
    Rule("go", "unborn-weaker", _if(lambda case: case.published.np == "none")),
    Rule("go", "only-subdomains", _if(lambda case: 0 < case.ours + case.undecided == case.below)),
    Rule("go", "testing", _if(lambda case: case.published.testing == "y")),
    Rule("go", "part", _if(lambda case: case.published.pct not in ("", "100"))),
    Rule("go", "covered", _if(lambda case: bool(case.days))),
)

RULES = (*_OF_SOURCES, *_OTHERS)
"""The rules, the weightiest first; a policy gets the worst verdict of those that hold."""
_TOLD_ALONE = frozenset(f"ground.{rule.key}" for rule in RULES if rule.verdict == "go")


def speaks_against(ground: Statement) -> bool:
    """Whether a ground keeps a policy from being published, and isn't only told."""
    return ground.key not in _TOLD_ALONE and not ground.key.startswith("ground.speaks-alone")


_VERDICTS: tuple[Verdict, ...] = ("go", "wait", "no-go")


def option(case: Case, others: Iterable[Without], policy: PolicyName) -> Option:
    """What a policy would do, by the rules.

    Args:
        case: The case.
        others: The case without each organization's reports.
        policy: The policy.
    """
    case = case._replace(policy=policy)
    said = [*_said(case, _OF_SOURCES), *_alone(case, others), *_said(case, _OTHERS)]
    said.sort(key=lambda one: -_VERDICTS.index(one[0]))
    return Option(
        policy=case.policy,
        verdict=_worst(verdict for verdict, _ground in said),
        grounds=tuple(ground for _verdict, ground in said),
        ours=case.ours,
        undecided=case.undecided,
        passed_on=case.passed_on,
        not_ours=case.not_ours,
    )


_Said: TypeAlias = tuple[Verdict, Statement]


def _said(case: Case, rules: Iterable[Rule]) -> Iterator[_Said]:
    """What rules that hold say."""
    numbers = case.numbers
    for rule in rules:
        for values in rule.holds(case):
            yield rule.verdict, _statement(f"ground.{rule.key}", {**numbers, **values})


def _alone(case: Case, others: Iterable[Without]) -> Iterator[_Said]:
    """What one organization alone says: for the policy, so that it has to wait, or against it, which is told."""
    whole = _lost(case)
    for one in others:
        there = one.case._replace(policy=case.policy)
        number = "one" if len(one.reporters) == 1 else "few"
        about: Values = {"reporter": shown(one.reporters[0]), "reporters": len(one.reporters)}
        if _is_worse(_lost(there._replace(chance=CHANCE)), whole):
            yield "wait", _statement(f"ground.rests-on-{number}", {**there.numbers, **about})
        elif _is_worse(whole, _lost(there)):
            yield "go", _statement(f"ground.speaks-alone-{number}", {**there.numbers, **about})


def _lost(case: Case) -> Verdict:
    """The verdict by what is lost of ours and of single sources."""
    return _worst(rule.verdict for rule in _OF_SOURCES if any(True for _ in rule.holds(case)))


def _is_worse(one: Verdict, other: Verdict) -> bool:
    return _VERDICTS.index(one) > _VERDICTS.index(other)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_VERDICTS.index, default="go")


def _statement(key: str, values: Values) -> Statement:
    """A sentence with what it names and the source that it is about, so that it changes when they do, and only then."""
    named = {name for _, name, _, _ in Formatter().parse(words_of("raising_words", "en")[key]) if name}
    return Statement(key, {name: value for name, value in values.items() if name in named or name == "id"})
