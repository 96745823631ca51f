"""Faults become findings here: repeats are folded, order is fixed, and a rule that crashes hides no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from .findings import Finding, Location, Param, Severity
from .rules import Rule, RuleSet

PLACES_SHOWN = 5
"""Places kept for a repeated fault; the count tells the rest."""
GROUPS_PER_RULE = 50
"""Different cases of one rule that become findings of their own, so that no input can blow up a report."""
LONGEST_PARAM = 120
"""Characters of the input that a message may quote."""

CRASHED = "bimikit.rule-crashed"
UNREADABLE = "bimikit.unreadable"
FOLDED = "bimikit.more-of-the-same"

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}

Place = TypeVar("Place")
Subject = TypeVar("Subject")


class Fault(msgspec.Struct, Generic[Place], frozen=True, gc=False):
    """What a check saw, raw: cheap to make, turned into words only when somebody reads them.

    Attributes:
        rule: Id of the broken rule.
        place: Where, in the checker's own terms; None for the subject as a whole.
        key: Faults of one rule with the same key are the same fault, repeated.
        params: What the message needs; those of the first of the repeats are kept.
    """

    rule: str
    place: Place | None
    key: str = ""
    params: Mapping[str, Param] = {}


def quote(text: str, limit: int = LONGEST_PARAM) -> str:
    """A piece of the input, fit for a message: one line, bounded, without control characters."""
    if len(text) <= limit and text.isprintable():
        return text
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else " " for c in shown)


def to_the_second(moment: datetime) -> str:
    """A moment in UTC as facts tell it: ``2026-11-24T09:00:00Z``."""
    return moment.isoformat()[:19] + "Z"


def to_the_minute(moment: datetime) -> str:
    """A moment in UTC, fit for a message."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def run(
    checks: Iterable[Callable[[Subject], Iterable[Fault[Place]]]], subject: Subject, faults: list[Fault[Place]]
) -> None:
    """Add what every check finds; one that crashes becomes a fault itself and takes no other down."""
    for check in checks:
        try:
            faults.extend(check(subject))
        except Exception as crash:
            faults.append(crashed(getattr(check, "__name__", "check"), crash))


def crashed(name: str, crash: Exception) -> Fault[Place]:
    """A fault of ours, told like any other instead of being raised at the user."""
    return Fault(CRASHED, None, name, {"check": name, "problem": quote(repr(crash))})


def findings_from(
    faults: Collection[Fault[Place]], rules: RuleSet, locate: Callable[[Place], Location]
) -> tuple[Finding, ...]:
    """Fold repeats and put findings in their fixed order: errors first, then by place, then by rule."""
    if not faults:
        return ()
    groups: dict[tuple[str, str], list[Fault[Place]]] = {}
    per_rule: dict[str, int] = {}
    left_out: dict[str, int] = {}
    for fault in faults:
        group = groups.get((fault.rule, fault.key))
        if group is not None:
            group.append(fault)
            continue
        seen = per_rule.get(fault.rule, 0)
        if seen >= GROUPS_PER_RULE:
            left_out[fault.rule] = left_out.get(fault.rule, 0) + 1
            continue
        per_rule[fault.rule] = seen + 1
        groups[fault.rule, fault.key] = [fault]
    for rule_id, count in left_out.items():
        groups[FOLDED, rule_id] = [Fault(FOLDED, None, rule_id, {"rule": rule_id, "count": count})]

    return ordered(_finding(rules[group[0].rule], group, locate) for group in groups.values())


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in their fixed order."""
    return tuple(sorted(findings, key=_order))


def _finding(rule: Rule, group: list[Fault[Place]], locate: Callable[[Place], Location]) -> Finding:
    places = tuple([locate(fault.place) for fault in group[:PLACES_SHOWN] if fault.place is not None])
    return Finding(
        rule.id, rule.severity, rule.outcome, rule.citation, rule.applicability, group[0].params, places, len(group)
    )


def _order(finding: Finding) -> tuple[int, int, int, int, str]:
    rank = _RANK[finding.severity]
    if not finding.locations:
        return rank, 0, 0, 0, finding.rule
    place = finding.locations[0]
    return rank, place.certificate or 0, place.line or 0, place.column or 0, finding.rule
