"""The DMARC record of a domain: the next one on its road, and what allows its reports to be sent elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..aggregate.feedback import shown
from ..aggregate.sources import title
from ..dns import report_addresses
from ..dns.dmarc import POLICIES, Record, dmarc_name, record_of
from ..raising.case import FEW
from ..raising.model import Outlook
from ..raising.rules import speaks_against
from ..statement import Statement
from . import dmarc_text
from .dmarc_text import level
from .locking import grounds_against
from .model import PlannedRecord, Refusal
from .parts import MOST_NAMED, Around, Block, Notice, Part, named, txt, zone_of
from .standing import Standing


class Change(NamedTuple):
    """A new text of a domain's DMARC record, and why."""

    text: str
    why: Statement


def dmarc(one: Standing, around: Around) -> Iterator[Part]:
    """The one change of the domain's DMARC record that is due, and what is in its way."""
    if one.listed is None or not one.dmarc_known:
        return
    change: Change | None = None
    for part in _changes(one, around):
        if isinstance(part, Change):
            change = part
        else:
            yield part
    if change is not None:
        yield txt(
            dmarc_name(one.domain),
            change.text,
            change.why,
            zone=zone_of(one.domain),
            instead=one.row.dmarc if one.row is not None else (),
        )
    yield from _authorisations(one, change)


def _changes(one: Standing, around: Around) -> Iterator[Part | Change]:
    """By what comes first: a record that counts, then one that reports, then a stricter policy."""
    addresses = around.inventory.reports_to
    if one.discarded:
        yield Block(Statement(f"block.{one.discarded}", {"name": dmarc_name(one.domain)}))
        change = Change(
            dmarc_text.first_record(one.strongest, addresses),
            Statement("record.dmarc-one", {"name": dmarc_name(one.domain)}),
        )
        yield from _where_nothing_breaks(change, _of_more(one, around))
    elif one.broken and one.record is not None:
        yield Block(Statement("block.record-broken", {"name": dmarc_name(one.domain)}))
        kept = _by_rfc_7489(one, one.record)
        if level(kept):
            change = Change(dmarc_text.raised(one.record, one.strongest, addresses), Statement("record.dmarc-np"))
            yield from _where_nothing_breaks(change, _of_policy(one, around, kept, kept))
        else:
            yield Change(dmarc_text.mended(one.record, POLICIES[0], addresses), Statement("record.dmarc-mended"))
    elif one.record is None:
        yield from _without_record(one, around)
    else:
        yield from _of_record(one, one.record, around)


def _by_rfc_7489(one: Standing, record: Record) -> str:
    """The strictest policy that holds for anything where ``np`` alone can't be read, which RFC 7489 doesn't know."""
    if record.policy("p") is None or record.is_invalid("sp"):
        return one.strongest
    return POLICIES[max(level(one.strongest), level(record.policy("sp")))]


def _without_record(one: Standing, around: Around) -> Iterator[Part | Change]:
    """A domain without a record of its own: another domain's applies, or none does."""
    addresses = around.inventory.reports_to
    assert one.listed is not None  # noqa: S101 - only such domains come here
    if one.listed.goal == "locked" and one.policy != POLICIES[-1] and not grounds_against(one, around):
        yield Change(dmarc_text.first_record(POLICIES[-1], addresses), Statement("record.dmarc-locked"))
        return
    above = one.above
    if one.above and one.policy and not _parts_from(one, around):
        if not _at_goal(one):
            key = "block.follows" if around.is_listed(above) else "block.follows-unlisted"
            yield Block(Statement(key, {"domain": above}))
        return
    organization = zone_of(one.domain)
    if not above and organization != one.domain and around.is_listed(organization):
        yield Block(Statement("block.organization-first", {"domain": organization}))
        return
    if not addresses:
        yield Block(Statement("block.no-addresses"))
        yield Refusal(step=Statement("step.monitor"), why=(Statement("why.no-addresses"),))
        return
    key = "record.dmarc-first" if not above else "record.dmarc-views"
    if above and one.policy:
        closing = around.standings[above].to_be_closed
        key = "record.dmarc-apart" if closing else "record.dmarc-further"
    why = Statement(key, {"domain": above})
    # once there is one above, that is the Organizational Domain's record for names below them (RFC 9989, 4.10.2)
    if not above and (below := around.stricter_below.get(one.domain)):
        why = Statement("record.dmarc-first-above", {"names": named(below)})
    if one.to_be_closed and one.listed.monitored_since is None:
        yield Notice(Statement("notice.note-since"))
    change = Change(dmarc_text.first_record(one.strongest, addresses), why)
    yield from _where_nothing_breaks(change, _of_more(one, around))


def _parts_from(one: Standing, around: Around) -> bool:
    """Whether a domain needs a record of its own: that above is to be closed, or is at a goal that asks for less."""
    over = around.standings.get(one.above)
    assert one.listed is not None  # noqa: S101 - only such domains come here
    if over is None or over.listed is None:
        return False
    if over.to_be_closed:
        return not one.to_be_closed
    return _at_goal(over) and level(NEEDED[over.listed.goal]) < level(NEEDED[one.listed.goal]) and not _at_goal(one)


def _at_goal(one: Standing) -> bool:
    assert one.listed is not None  # noqa: S101 - only such domains come here
    return level(one.enforced) >= level(NEEDED[one.listed.goal])


NEEDED = {"logo": "quarantine", "enforced": "reject", "locked": "reject"}
"""The policy that each goal needs: a logo does with quarantine (BIMI draft, 7.1)."""


def _of_record(one: Standing, record: Record, around: Around) -> Iterator[Part | Change]:
    """A domain with a record of its own that counts: a later change has the earlier ones in it."""
    addresses = around.inventory.reports_to
    assert one.listed is not None  # noqa: S101 - only such domains come here
    if not record.reports_somewhere:
        if addresses:
            yield Block(Statement("block.no-reports-asked"))
            change = Change(dmarc_text.reporting(record, addresses), Statement("record.dmarc-reports"))
            record = record_of(one.domain, change.text)
            yield change
        elif not _at_goal(one):
            yield Block(Statement("block.no-addresses"))
            yield Refusal(step=Statement("step.monitor"), why=(Statement("why.no-addresses"),))
    elif not one.reported and addresses and not report_addresses.reaches(record, addresses):
        yield Block(Statement("block.reports-elsewhere"))
        change = Change(dmarc_text.reporting(record, addresses), Statement("record.dmarc-reports-too"))
        record = record_of(one.domain, change.text)
        yield change
    if not one.heads and record.policy("sp") == "none" and one.listed.goal == "logo":
        change = Change(dmarc_text.without_open_subdomains(record), Statement("record.dmarc-no-open"))
        record = record_of(one.domain, change.text)
        yield change
    if one.listed.goal == "locked":
        if (not _at_goal(one) or one.leaves_unborn_open) and not grounds_against(one, around):
            yield Change(dmarc_text.raised(record, POLICIES[-1], addresses), Statement("record.dmarc-locked"))
        return
    if not _at_goal(one):
        yield from _raising(one, record, around, target_of(one))


def target_of(one: Standing) -> str:
    """The next policy: a level at a time, none is left out."""
    return POLICIES[min(level(one.enforced) + 1, len(POLICIES) - 1)]


def _raising(one: Standing, record: Record, around: Around, policy: str) -> Iterator[Part | Change]:
    """A stricter policy, where reports say that nothing wanted breaks."""
    partly = record.testing or record.percent != 100
    if partly and record.policy("p") == POLICIES[-1] and record.policy("sp") is not None:
        policy = min(
            policy, "quarantine", key=level
        )  # first the whole of what is there; then subdomains have their days
    whole = POLICIES[max(level(policy), *(level(record.policy(tag)) for tag in ("p", "sp", "np")))]
    weighed = whole if partly else policy  # what applies once t=y and pct are gone
    option = one.option(weighed)
    text = dmarc_text.raised(record, policy, around.inventory.reports_to)
    why: dict[str, int | str] = {"policy": weighed, "stopped": 0 if option is None else option.not_ours}
    key = "record.dmarc-raised"
    if option is not None and (option.ours or option.undecided or option.passed_on):
        key = "record.dmarc-raised-hits"
        why |= {"ours": option.ours, "undecided": option.undecided, "passed_on": option.passed_on}
    elif not why["stopped"]:
        key = "record.dmarc-raised-quiet"
    change = Change(text, Statement(key, why | _reporters(one)))
    yield from _where_nothing_breaks(change, _of_policy(one, around, weighed, weighed))


def _reporters(one: Standing) -> dict[str, int | str]:
    """Who says so: how many organizations, and the share of the one that counts the most."""
    weighing = one.weighing
    if weighing is None or not weighing.reported_by or not weighing.messages:
        return {"reporters": 0, "largest": "–", "percent": 0}
    name, messages = weighing.reported_by[0]
    percent = round(100 * messages / weighing.messages)
    return {"reporters": weighing.reporters, "largest": shown(name), "percent": percent}


def _where_nothing_breaks(change: Change, said: Iterable[Part]) -> Iterator[Part | Change]:
    """What is said of a policy, and the change to it where it isn't refused."""
    parts = list(said)
    yield from parts
    if not any(isinstance(part, Refusal) for part in parts):
        yield change


def _of_more(one: Standing, around: Around) -> Iterator[Part]:
    """What speaks against one record for all receivers, where some apply a stricter policy now than others.

    Reports on a domain without a record that counts come on the one whose record some receivers apply.
    """
    if level(one.strongest) > level(one.policy):
        over = around.standings.get(one.above)
        weighed = one if one.reported or over is None else over
        yield from _of_policy(weighed, around, one.strongest, one.strongest)


def _of_policy(one: Standing, around: Around, policy: str, weighed: str) -> Iterator[Part]:
    """What holds a policy up, in blocks, and a refusal unless reports say that nothing wanted breaks.

    Args:
        one: The domain whose reports tell.
        around: The others.
        policy: The policy.
        weighed: The strictest that would apply to anything.
    """
    subdomains_alone = level(one.enforced) < level(policy) <= level(one.policy)
    step = Statement("step.raise-below" if subdomains_alone else "step.raise", {"policy": policy})
    option = one.option(weighed)
    if option is None or not one.reported:
        yield Block(Statement("block.no-reports" if around.store else "block.no-store"))
        yield Refusal(step=step, why=(Statement("why.no-reports" if around.store else "why.no-store"),))
        return
    if around.beyond is not None:
        says = Statement("why.reports-beyond", {"day": around.beyond.isoformat()})
        yield Block(says)
        yield Refusal(step=step, why=(says,))
        return
    hindering = [outlook for outlook in (one.weighing.outlooks if one.weighing else ()) if outlook.hinders]
    for outlook in hindering[:MOST_NAMED]:
        key = "block.source-undecided" if outlook.counts_as == "undecided" else "block.source-fails"
        yield Block(Statement(key, {"source": _label(outlook), "id": outlook.id, "messages": outlook.failing}))
    if len(hindering) > MOST_NAMED:
        yield Block(Statement("block.sources-more", {"count": len(hindering) - MOST_NAMED}))
    if option.verdict == "go":
        yield from _undecided(one)
        return
    if not hindering:
        first = option.grounds[0] if option.grounds else None
        if first is not None and first.key.startswith("ground.rests-on"):
            yield Block(Statement("block.rests-on", {"policy": policy, "reporter": first.values["reporter"]}))
        else:
            yield Block(Statement(f"block.{option.verdict}", {"policy": policy}))
    why = tuple(ground for ground in option.grounds if speaks_against(ground))
    yield Refusal(step=step, why=why or (Statement(f"why.{option.verdict}", {"policy": policy}),))


def _undecided(one: Standing) -> Iterator[Part]:
    """Sources that nobody decided about, and of which too little is hit to hold anything up: they may be ours."""
    outlooks = one.weighing.outlooks if one.weighing is not None else ()
    small = [outlook for outlook in outlooks if outlook.counts_as == "undecided" and outlook.failing >= FEW]
    for outlook in small[:MOST_NAMED]:
        about: dict[str, int | str] = {"source": _label(outlook), "id": outlook.id, "messages": outlook.failing}
        yield Notice(Statement("block.source-undecided", about))


def _label(outlook: Outlook) -> str:
    """A source's name that serves in every language; by its id it gets one of each (`bimikit.plan.words`)."""
    return title(outlook.source, "en") if outlook.source.by == "sender" else outlook.source.name or outlook.id


def is_authorisation(record: PlannedRecord) -> bool:
    """Whether a planned record allows reports to be sent elsewhere."""
    return record.why.key == "record.authorisation"


def _authorisations(one: Standing, change: Change | None) -> Iterator[Part]:
    """What allows the domain's reports at other organizations (RFC 9990; RFC 7489, 7.1).

    Where a scan didn't look for it: where reports come, it is there; where none came yet, it may be what is missing. At
    its goal a domain may have none since nobody sends.
    """
    now = [] if one.record is None else report_addresses.destinations(one.record)
    then = now if change is None else report_addresses.destinations(record_of(one.domain, change.text))
    sending = one.row.sending if one.row is not None else None
    known = now if one.reported or _at_goal(one) else []
    if sending is not None and one.row is not None and len(one.row.dmarc) == 1:  # the scan has looked
        known = [host for host in now if host not in sending.unauthorised]
    for host in report_addresses.external(one.domain, then):
        if host not in known:
            yield txt(
                report_addresses.authorisation_name(one.domain, host),
                report_addresses.AUTHORISED,
                Statement("record.authorisation", {"domain": one.domain, "host": host}),
                zone=zone_of(host),
            )
