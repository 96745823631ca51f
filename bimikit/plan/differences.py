"""What changed between two plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..statement import Statement
from .model import STAGES, DomainPlan, Plan, PlannedRecord


def differences(old: Plan, new: Plan) -> tuple[Statement, ...]:
    """What changed from one plan to the next, domain by domain in the order of the new one; then those that left.

    They are words of ``plan_words``; which domain each is about is among its values (``domain``), not in its words.
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
    if not (was.known and now.known):
        return
    if was.policy != now.policy:
        key = "changed.policy" if was.policy and now.policy else f"changed.policy-{'come' if now.policy else 'gone'}"
        yield Statement(key, {"before": was.policy, "now": now.policy})
    before, after = was.subdomain_policy or was.policy, now.subdomain_policy or now.policy
    if before != after and (was.subdomain_policy or now.subdomain_policy) and before and after:
        yield Statement("changed.policy-below", {"before": before, "now": after})


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


def _told(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    """How many other things stand in the way of the same next stage, or are worth knowing; new numbers are no news."""
    if not (was.known and now.known) or (was.stage, was.goal) != (now.stage, now.goal):
        return
    for key, before, after in (("blocks", was.blocks, now.blocks), ("notices", was.notices, now.notices)):
        count = len({_about(one) for one in after} - {_about(one) for one in before})
        if count:
            yield Statement(f"changed.{key}", {"count": count})


def _about(one: Statement) -> tuple[object, ...]:
    return one.key, *(one.values.get(name) for name in ("id", "name", "domain", "policy", "host"))


def _sources(was: DomainPlan, now: DomainPlan) -> Iterator[Statement]:
    before, after = _hindering(was), _hindering(now)
    for name in sorted(after - before):
        yield Statement("changed.source-hinders", {"source": name, "id": name})
    for name in sorted(before - after):
        yield Statement("changed.source-settled", {"source": name, "id": name})


def _hindering(one: DomainPlan) -> set[str]:
    return {outlook.id for outlook in one.weighing.outlooks if outlook.hinders} if one.weighing is not None else set()


_RULES: tuple[Callable[[DomainPlan, DomainPlan], Iterator[Statement]], ...] = (
    _stage, _goal, _policy, _sources, _told, _records,
)  # fmt: skip
