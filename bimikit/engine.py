"""Faults become findings here: repeats are folded, order is fixed, and a rule that crashes hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from .findings import Finding, Location, Outcome, Param, Severity
from .rules import RuleSet

PLACES_SHOWN = 5
"""Places kept for a repeated fault; the count tells the rest."""
GROUPS_PER_RULE = 50
"""Different cases of one rule that become findings of their own, so that no input can blow up a report."""
LONGEST_PARAM = 120
"""Characters of the input that a message may quote."""

CRASHED = "bimikit.rule-crashed"
FOLDED = "bimikit.more-of-the-same"

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}

Place = TypeVar("Place")


class Fault(NamedTuple, Generic[Place]):
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
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return shown if shown.isprintable() else "".join(c if c.isprintable() else " " for c in shown)


def run(checks: Iterable[Callable[[], Iterable[Fault[Place]]]]) -> list[Fault[Place]]:
    """Run every check; one that crashes becomes a fault itself and takes no other down."""
    faults: list[Fault[Place]] = []
    for check in checks:
        try:
            faults.extend(check())
        except Exception as crash:
            name = _name_of(check)
            faults.append(Fault(CRASHED, None, name, {"check": name, "problem": quote(repr(crash))}))
    return faults


def _name_of(check: object) -> str:
    """The function's name, from behind a `functools.partial` too."""
    name: str = getattr(getattr(check, "func", check), "__name__", "check")
    return name


def findings_from(
    faults: Iterable[Fault[Place]], rules: RuleSet, locate: Callable[[Place], Location]
) -> tuple[Finding, ...]:
    """Fold repeats and put findings in their fixed order: errors first, then by place, then by rule."""
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

    findings = []
    for (rule_id, _key), group in groups.items():
        rule = rules[rule_id]
        places = [fault.place for fault in group[:PLACES_SHOWN] if fault.place is not None]
        findings.append(
            Finding(
                rule.id,
                rule.severity,
                Outcome.INDETERMINATE if rule.id == CRASHED else Outcome.FAIL,
                rule.citation,
                rule.applicability,
                group[0].params,
                tuple(locate(place) for place in places),
                len(group),
            )
        )
    findings.sort(key=_order)
    return tuple(findings)


def _order(finding: Finding) -> tuple[int, int, int, str]:
    place = finding.locations[0] if finding.locations else None
    line = place.line if place and place.line is not None else 0
    column = place.column if place and place.column is not None else 0
    return _RANK[finding.severity], line, column, finding.rule
