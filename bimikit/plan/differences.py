"""What changed between two plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..statement import Statement
from .model import STAGES, DomainPlan, Plan, PlannedRecord


def differences(old: Plan, new: Plan) -> tuple[Statement, ...]:
    """What changed from one plan to the next, domain by domain in the order of the new one; then those that left.

    Every statement names its domain (``{domain}``); they are words of ``plan_words``.
    """
    before = {one.domain: one for one in old.domains}
    after = {one.domain: one for one in new.domains}
    found: list[Statement] = []
    for domain, one in after.items():
        was = before.get(domain)
        if was is None:
            found.append(Statement("changed.new", {"domain": domain}))
            continue
        for rule in _RULES:
            found += (Statement(said.key, {"domain": domain, **said.values}) for said in rule(was, one))
    found += [Statement("changed.gone", {"domain": domain}) for domain in before if domain not in after]
    return tuple(found)


def _stage(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    if was.known and not now.known:
        yield Statement("changed.unknown")
    elif not was.known and now.known:
        yield Statement("changed.known")
    if was.stage == now.stage or not (was.known and now.known):
        return
    ahead = STAGES.index(now.stage) > STAGES.index(was.stage)
    yield Statement(f"changed.{'ahead' if ahead else 'back'}.{now.stage}")


def _goal(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    if was.goal != now.goal:
        yield Statement(f"changed.goal.{now.goal}")
    if now.done and not was.done:
        yield Statement(f"changed.done.{now.goal}")


def _policy(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    if was.policy != now.policy and was.known and now.known:
        yield Statement("changed.policy", {"before": was.policy or "–", "now": now.policy or "–"})


def _records(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    if not (was.known and now.known):
        return
    before, after = _due(was), _due(now)
    if gone := [name for name in before if name not in after]:
        yield Statement("changed.records-gone", {"count": len(gone)})
    if come := [name for name in after if name not in before]:
        yield Statement("changed.records-due", {"count": len(come)})


def _due(one: DomainPlan) -> list[tuple[str, str, str]]:
    return [_key(record) for record in one.records if record.when == "now"]


def _key(record: PlannedRecord) -> tuple[str, str, str]:
    return record.name, record.type, record.value


def _sources(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    before, after = _hindering(was), _hindering(now)
    for name in sorted(after - before):
        yield Statement("changed.source-hinders", {"source": name})
    for name in sorted(before - after):
        yield Statement("changed.source-settled", {"source": name})


def _hindering(one: DomainPlan) -> set[str]:
    return {outlook.id for outlook in one.weighing.outlooks if outlook.hinders} if one.weighing is not None else set()


_RULES: tuple[Callable[[DomainPlan, DomainPlan], Iterator[Statement]], ...] = (
    _stage, _goal, _policy, _sources, _records,
)  # fmt: skip
