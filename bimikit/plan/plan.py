"""`make_plan`: the whole plan, from what is declared and what was found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from msgspec.structs import replace

from ..dns.dmarc import dmarc_name
from ..domains import and_above
from ..portfolio.row import Scanned
from ..raising.decisions import EVERYWHERE, Decisions
from ..raising.model import Weighing
from ..spf.syntax import INCLUDE, REDIRECT
from ..spf.syntax import parse as parse_spf
from ..statement import Statement
from .dmarc_steps import is_authorisation
from .dmarc_text import level
from .inventory import USUAL_GOAL, Inventory
from .locking import grounds_against
from .logo_steps import is_hosting_unknown
from .model import DomainPlan, Plan, PlannedRecord, Refusal, Week
from .parts import Around, Block, Notice
from .stages import is_done, next_of, stage_of
from .standing import Standing, standings
from .steps import parts

SCAN_DAYS = 14
"""Days after which a scan is old."""
REPORTS_DAYS = 7
"""Days after which the newest report is old: most reporters send one a day."""
CERTIFICATE_DAYS = 60
"""Days before its end from which on a Mark Certificate is told of: to get one takes weeks."""
MANY_BEYOND = 5
"""Days with reports far after all else that are hardly made up: the scan is old rather."""
_T = TypeVar("_T")
_MOST_UNMATCHED = 20
"""Decisions about nothing that are told one by one."""
MOST_WEEKS = 106
"""Weeks that are told, the newest: two years and what is left of a week on both sides."""
_WILDCARD_FROM = 2
"""From how many domains on one record for all is worth a word."""


def newest(scanned: Mapping[str, Scanned], reported: Mapping[str, Weighing]) -> date | None:
    """The newest day of what a plan rests on; None where nothing has one."""
    days = [day for row in scanned.values() if (day := _day(row)) is not None]
    days += [weighing.last for weighing in reported.values() if weighing.last is not None]
    return max(days, default=None)


def make_plan(
    inventory: Inventory,
    *,
    scanned: Mapping[str, Scanned],
    reported: Mapping[str, Weighing],
    as_of: date,
    decisions: Decisions = Decisions(),  # noqa: B008 - it can't be changed
    beyond: Sequence[date] = (),
) -> Plan:
    """The plan for all domains of an inventory, and those seen that aren't in it.

    Pure: the same arguments give the same plan, in whatever order the rows and reports stand.

    Args:
        inventory: The inventory.
        scanned: Rows of a scan by domain.
        reported: What raising the policy would do, by the domain that was reported on.
        as_of: As of which day; `newest` tells that of what it rests on.
        decisions: What was decided about sources, by which `reported` was weighed.
        beyond: Days with reports that are so far after all else that they don't count. From `MANY_BEYOND` on no step is
            planned without them; fewer may be anybody's.
    """
    by_domain = {one.domain: one for one in standings(inventory, scanned, reported)}
    around = Around(
        inventory,
        by_domain,
        inheriting=_grouped(_inheriting(by_domain.values())),
        stricter_below=_grouped(_stricter_below(by_domain.values())),
        helping=_grouped(_helping(by_domain.values())),
        including=_grouped(_including(by_domain.values())),
        reported_on=tuple(weighing.last for weighing in reported.values() if weighing.last is not None),
        store=bool(inventory.store) or bool(reported),
        as_of=as_of,
        beyond=max(beyond) if len(beyond) >= MANY_BEYOND else None,
    )
    domains = tuple(_of_domain(one, around, as_of) for one in by_domain.values())
    volumes = [volume for one in by_domain.values() if one.weighing is not None for volume in one.weighing.volumes]
    return Plan(
        organization=inventory.organization,
        as_of=as_of,
        domains=domains,
        weeks=weeks_of(volumes),
        notices=(
            *_notices(around, domains, scanned, reported, as_of, decisions),
            *beyond_all(beyond, as_of),
            *_unmatched(decisions, inventory, reported),
        ),
    )


def _of_domain(one: Standing, around: Around, as_of: date) -> DomainPlan:
    blocks: list[Statement] = []
    notices: list[Statement] = []
    records: list[PlannedRecord] = []
    refusals: list[Refusal] = []
    for part in parts(one, around):
        if isinstance(part, Block):
            blocks.append(part.says)
        elif isinstance(part, Notice):
            notices.append(part.says)
        elif isinstance(part, PlannedRecord):
            records.append(part)
        else:
            refusals.append(part)
    held = dict.fromkeys(item.name for item in records if item.name in _aliases(one))
    blocks += [Statement("block.alias", {"name": name}) for name in held]
    # who gets reports needs no permission before the record that sends them there
    later = {*held, *(item.name for item in records if dmarc_name(one.domain) in held and is_authorisation(item))}
    records = [replace(item, when="next") if item.name in later else item for item in records]
    notices += _certificate(one, as_of)
    stage = stage_of(one)
    ended = _days_left(one, as_of)
    if ended is not None and ended < 0:
        blocks.append(Statement("block.certificate-ended", {"days": -ended}))
        stage = "bimi-ready" if stage == "live" else stage
    done = is_done(one, stage)
    listed = one.listed
    return DomainPlan(
        domain=one.domain,
        owner=listed.owner if listed is not None else "",
        note=listed.note if listed is not None else "",
        goal=listed.goal if listed is not None else USUAL_GOAL,
        stage=stage,
        done=done,
        known=one.known and not is_hosting_unknown(one),
        next=None if done else next_of(one, stage, may_close=one.dmarc_known and not grounds_against(one, around)),
        blocks=tuple(() if done else blocks),
        records=tuple(records),
        refusals=tuple(() if done else refusals),
        notices=tuple(notices),
        policy=one.policy,
        subdomain_policy=one.weaker_below,
        weighing=one.weighing,
        weeks=weeks_of(one.weighing.volumes if one.weighing is not None else ()),
    )


def _grouped(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    groups: dict[str, list[_T]] = {}
    for name, one in pairs:
        groups.setdefault(name, []).append(one)
    return groups


def _inheriting(found: Iterable[Standing]) -> Iterator[tuple[str, str]]:
    return ((one.above, one.domain) for one in found if one.above and one.listed is not None)


def _stricter_below(found: Iterable[Standing]) -> Iterator[tuple[str, str]]:
    for one in found:
        if one.record is not None and level(one.strongest):
            yield from ((above, one.domain) for above in and_above(one.domain) if above != one.domain)


def _helping(found: Iterable[Standing]) -> Iterator[tuple[str, tuple[str, int]]]:
    for one in found:
        if one.weighing is not None and not one.to_be_closed:
            yield from ((name, (one.domain, messages)) for name, messages in one.weighing.helping)


def _including(found: Iterable[Standing]) -> Iterator[tuple[str, str]]:
    for one in found:
        sending = one.row.sending if one.row is not None else None
        if sending is None or not sending.spf_text or one.to_be_closed:
            continue
        for term in parse_spf(sending.spf_text).terms:
            if term.name in (INCLUDE, REDIRECT):
                yield term.value.lower().rstrip("."), one.domain


def weeks_of(volumes: Iterable[tuple[date, int, int]]) -> tuple[Week, ...]:
    """Messages by week, weeks without any among them; the newest `MOST_WEEKS`."""
    messages: Counter[date] = Counter()
    passed: Counter[date] = Counter()
    for day, count, good in volumes:
        monday = day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
        messages[monday] += count
        passed[monday] += good
    if not messages:
        return ()
    last = max(messages)
    first = max(min(messages).toordinal(), last.toordinal() - 7 * (MOST_WEEKS - 1))
    mondays = (date.fromordinal(day) for day in range(last.toordinal(), first - 1, -7))
    return tuple(Week(monday, messages[monday], passed[monday]) for monday in reversed(list(mondays)))


def _aliases(one: Standing) -> tuple[str, ...]:
    """The domain's names that are aliases, at which no other record can stand (RFC 1034, 3.6.2)."""
    if one.row is None:
        return ()
    itself = (one.domain,) if one.row.sending is not None and one.row.sending.alias else ()
    return (*one.row.aliases, *itself)


def _days_left(one: Standing, as_of: date) -> int | None:
    """Days that the hosted certificate of a domain of the inventory is valid yet; None where none is known."""
    hosted = one.row.hosted if one.row is not None else None
    ends = _iso(hosted.certificate_ends) if hosted is not None and hosted.certificate_ends else None
    return None if ends is None or one.listed is None else (ends - as_of).days


def _certificate(one: Standing, as_of: date) -> Iterator[Statement]:
    left = _days_left(one, as_of)
    if left is not None and 0 <= left < CERTIFICATE_DAYS:
        yield Statement("notice.certificate-ends", {"day": (as_of + timedelta(days=left)).isoformat(), "days": left})


def _notices(
    around: Around,
    domains: Iterable[DomainPlan],
    scanned: Mapping[str, Scanned],
    reported: Mapping[str, Weighing],
    as_of: date,
    decisions: Decisions,
) -> Iterator[Statement]:
    """What is worth knowing about the whole: inputs that are missing, partial or old."""
    listed = around.inventory.domains
    rows = [scanned[one.name] for one in listed if one.name in scanned]
    if not rows:
        yield Statement("plan.no-scan")
    elif len(rows) < len(listed):
        yield Statement("plan.scan-partial", {"missing": len(listed) - len(rows), "of": len(listed)})
    if not around.store:
        yield Statement("plan.no-store")
    elif not around.any_reports:
        yield Statement("plan.no-reports")
    yield from outdated(rows, reported.values(), as_of)
    later = newest(scanned, reported)
    if later is not None and later > as_of:
        yield Statement("plan.later", {"day": later.isoformat(), "as_of": as_of.isoformat()})
    if reported and not around.inventory.decisions:
        yield Statement("plan.no-decisions")
    elif reported and all(entry.choice == "undecided" for entry in decisions.entries):
        yield Statement("plan.none-decided")
    unlisted = sum(one.stage == "unlisted" for one in domains)
    if unlisted:
        yield Statement("plan.unlisted", {"count": unlisted})
    hosts = Counter(
        str(record.why.values["host"]) for one in domains for record in one.records if is_authorisation(record)
    )
    for host, count in sorted(hosts.items()):
        if count >= _WILDCARD_FROM:
            yield Statement("plan.wildcard", {"host": host, "count": count, "name": f"*._report._dmarc.{host}"})


def outdated(
    rows: Iterable[Scanned],
    reported: Iterable[Weighing],
    on: date,
    *,
    scan_days: int = SCAN_DAYS,
    reports_days: int = REPORTS_DAYS,
) -> Iterator[Statement]:
    """What a plan rests on that is old.

    Args:
        rows: The rows of the scan.
        reported: What raising the policy would do.
        on: The day from which ages are told.
        scan_days: Days after which the oldest row is old.
        reports_days: Days after which the newest report is.
    """
    seen = [_day(row) for row in rows]
    if undated := seen.count(None):
        yield Statement("plan.scan-undated", {"count": undated})
    scanned = min((day for day in seen if day is not None), default=on)
    if (on - scanned).days > scan_days:
        yield Statement("plan.scan-old", {"day": scanned.isoformat(), "days": (on - scanned).days})
    last = max((weighing.last for weighing in reported if weighing.last is not None), default=on)
    if (on - last).days > reports_days:
        yield Statement("plan.reports-old", {"day": last.isoformat(), "days": (on - last).days})


def beyond_all(days: Sequence[date], as_of: date) -> Iterator[Statement]:
    """That reports of some days don't count, as they are too far after all else."""
    if days:
        key = "plan.reports-beyond" if len(days) >= MANY_BEYOND else "plan.reports-misdated"
        yield Statement(key, {"count": len(days), "day": max(days).isoformat(), "as_of": as_of.isoformat()})


def _unmatched(decisions: Decisions, inventory: Inventory, reported: Mapping[str, Weighing]) -> Iterator[Statement]:
    """Decisions that decide nothing, and look like slips of the pen; one about what has ended is none."""
    seen = {domain: [outlook.id for outlook in weighing.outlooks] for domain, weighing in reported.items()}
    known = {one.name for one in inventory.domains} | seen.keys() | {EVERYWHERE}
    found = []
    for entry, meant in decisions.unmatched(seen) if seen else ():
        about: dict[str, int | str] = {"source": entry.source, "domain": entry.domain, "line": entry.line}
        if meant:
            found.append(Statement("plan.decision-meant", {**about, "meant": meant}))
        elif entry.domain not in known:
            found.append(Statement("plan.decision-unmatched", about))
    yield from found[:_MOST_UNMATCHED]
    if len(found) > _MOST_UNMATCHED:
        yield Statement("plan.decisions-more", {"count": len(found) - _MOST_UNMATCHED})


def _day(row: Scanned) -> date | None:
    return _iso(row.at)


def _iso(text: str) -> date | None:
    """The day of an ISO date or time; None of what is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
