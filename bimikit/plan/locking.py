"""When a domain that never sends may be closed, and whether it is: policy, SPF and MX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..dns.dmarc import POLICIES
from ..dns.report_addresses import reaches
from ..domains import and_above
from ..raising.case import FRESH_DAYS, QUIET_DAYS, QUIET_FRESH_DAYS
from ..statement import Statement
from .parts import Around, named
from .standing import Standing, is_sending_known

CLOSED_SPF = "v=spf1 -all"
"""That nothing may send (RFC 7208, 10.1.2)."""
NULL_MX = "0 ."
"""That nothing is received (RFC 7505, 3)."""
KEYLESS = "v=DKIM1; p="
"""That there is no key (RFC 6376, 3.6.1)."""
_TOO_SHORT = ("ground.quiet-too-short", "ground.no-reports")
"""Grounds of a weighing that say that silence lasted too short a time. That it was long ago says nothing, as long as
reports on others come: no mail, no reports."""
_SENDING_STILL = ("ground.still-sends", "ground.not-ours-but-passes")
"""Grounds that say that mail comes in spite of what was decided."""
_ENDING = ("stop", "not-ours")
"""Choices about sources whose mail may be lost."""


def is_closed_spf(text: str | None) -> bool:
    """Whether an SPF record lets nothing pass."""
    return text is not None and " ".join(text.lower().split()) == CLOSED_SPF


def receives(mx: Sequence[str]) -> bool:
    """Whether MX records name a host that takes mail."""
    return any(one.split()[-1:] != ["."] for one in mx)


def is_mixed(mx: Sequence[str]) -> bool:
    """Whether a null MX stands beside mail servers, which it mustn't (RFC 7505, 3)."""
    return receives(mx) and any(one.split()[-1:] == ["."] for one in mx)


def is_locked(one: Standing) -> bool:
    """Whether a domain is closed: reject, ``v=spf1 -all``, and mail servers that were named, or said not to be."""
    sending = None if one.row is None else one.row.sending
    return (
        one.dmarc_known
        and one.enforced == POLICIES[-1]
        and not one.leaves_unborn_open
        and sending is not None
        and is_sending_known(sending)
        and sending.spf == "valid"
        and is_closed_spf(sending.spf_text)
        and bool(sending.mx)
        and not is_mixed(sending.mx)
        and not one.inherits_logo
    )


def grounds_against(one: Standing, around: Around) -> tuple[Statement, ...]:
    """Why a domain that is said never to send isn't closed; nothing where it may be.

    Receivers report on the domains they had mail from (RFC 9990), so that silence on a domain which asks for reports
    means that nothing was seen, as long as reports on others come.
    """
    if not around.store:
        return (Statement("why.no-store"),)
    if around.beyond is not None:
        return (Statement("why.reports-beyond", {"day": around.beyond.isoformat()}),)
    if helped := tuple(_of_others(one, around)):
        return helped
    if seen := tuple(_of_ancestors(one, around)):
        return seen
    if one.weighing is not None and one.reported:
        if one.dmarc_known and not one.monitored:
            return (Statement("why.not-monitored"),)
        return tuple(_of_own(one, around)) or (tuple(_of_silence(one, around)) if one.thinly_reported else ())
    over = around.standings.get(one.above)
    if over is not None and over.reported:
        return tuple(_of_above(over, around))
    if not one.monitored:
        return (Statement("why.not-monitored"),)
    return tuple(_of_silence(one, around))


def _of_others(one: Standing, around: Around) -> Iterator[Statement]:
    """Mail of other domains that passes by its name or SPF record: one that lets nothing pass would break it."""
    including = [name for name in around.including.get(one.domain, ()) if name != one.domain]
    if including:
        yield Statement("why.spf-included", {"names": named(including)})
    for other, messages in around.helping.get(one.domain, ()):
        if other != one.domain:
            yield Statement("why.helps", {"messages": messages, "domain": other})


def _of_silence(one: Standing, around: Around) -> list[Statement]:
    """No report came: that says something once it has lasted for long enough, which only the inventory can tell."""
    since = one.listed.monitored_since if one.listed is not None else None
    if one.weighing is not None and one.weighing.volumes and not one.reported:  # long ago
        since = one.weighing.volumes[-1][0]
    if not around.any_reports:
        return [Statement("why.no-reports")]
    record = one.record or one.record_above
    if record is not None and not reaches(record, around.inventory.reports_to):
        return [Statement("why.silent-elsewhere")]
    hosts = one.row.sending.unauthorised if one.row is not None and one.row.sending is not None else ()
    if hosts:
        return [Statement("why.silent-unauthorised", {"hosts": ", ".join(hosts)})]
    if since is None:
        return [Statement("why.silent-since-when")]
    days = (around.as_of - since).days
    return (
        [] if days >= QUIET_DAYS else [Statement("why.silent-too-short", {"days": max(days, 0), "needed": QUIET_DAYS})]
    )


def _of_own(one: Standing, around: Around) -> list[Statement]:
    assert one.weighing is not None  # noqa: S101 - the caller has seen to it
    wanted = [outlook for outlook in one.weighing.outlooks if outlook.counts_as not in _ENDING]
    found = []
    if passed := sum(outlook.source.aligned for outlook in wanted):
        found.append(Statement("why.passes", {"messages": passed}))
    if ours := sum(outlook.failing for outlook in wanted if outlook.counts_as == "ours"):
        found.append(Statement("why.ours", {"messages": ours}))
    if undecided := [outlook for outlook in wanted if outlook.counts_as == "undecided" and outlook.hinders]:
        messages = sum(outlook.failing for outlook in undecided)
        found.append(Statement("why.undecided", {"sources": len(undecided), "messages": messages}))
    option = one.option(POLICIES[-1])
    grounds = option.grounds if option is not None else ()
    found += [ground for ground in grounds if ground.key in _SENDING_STILL]
    if not found:
        fresh = any((around.as_of - day).days <= FRESH_DAYS for day in around.reported_on)
        late = () if fresh else ("ground.too-old",)
        found += [ground for ground in grounds if ground.key in (*_TOO_SHORT, *late)]
    return found


def passing_though_closed(one: Standing) -> int:
    """Messages that pass DMARC in the name of a domain that is closed: somebody has a key, or an address, of it."""
    if one.weighing is None or not is_locked(one):
        return 0
    return sum(outlook.source.aligned for outlook in one.weighing.outlooks if outlook.counts_as not in _ENDING)


def _of_ancestors(one: Standing, around: Around) -> Iterator[Statement]:
    """Mail in its name in the reports on domains above, where it had no record of its own, or has none."""
    for above in and_above(one.domain):
        over = around.standings.get(above)
        if above == one.domain or over is None or over.weighing is None:
            continue
        messages = sum(
            count
            for outlook in over.weighing.outlooks
            if outlook.counts_as in ("ours", "undecided")
            for name, count in outlook.author_domains
            if name == one.domain
        )
        if messages:
            yield Statement("why.seen-above", {"messages": messages, "domain": over.domain})


def _of_above(over: Standing, around: Around) -> list[Statement]:
    """No mail in its name in the reports on the domain whose record applies to it: whether that says something."""
    assert over.weighing is not None  # noqa: S101 - the caller has seen to it
    first, last = over.weighing.first, over.weighing.last
    days = (around.as_of - first).days + 1 if first is not None else 0
    if days < QUIET_DAYS:
        return [Statement("why.silent-too-short", {"days": days, "needed": QUIET_DAYS})]
    if last is None or (around.as_of - last).days > QUIET_FRESH_DAYS:
        return [Statement("why.no-reports")]
    return []
