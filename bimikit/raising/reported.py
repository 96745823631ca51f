"""What aggregate reports say about one policy domain, as far as raising its policy depends on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from ..aggregate.feedback import Head, Policy, Row

if TYPE_CHECKING:
    from ..aggregate.store import Store

_ENFORCED = frozenset({"quarantine", "reject"})


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The reports that begin on one day.

    Attributes:
        day: The day, UTC.
        reporters: Who reported, sorted.
        policy: The policy, each of its fields as most of the reports have it that have it at all: some leave fields
            out, some still see yesterday's record, and anybody may send a wrong one.
        enforced: Whether most found quarantine or reject, for all messages (neither ``pct`` nor ``t=y``).
    """

    day: date
    reporters: tuple[str, ...]
    policy: Policy
    enforced: bool


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What is reported on a policy domain.

    Attributes:
        domain: The domain.
        days: The days with reports, in order.
        rows: Messages by day, without what doesn't matter here: comments, RCPT TO, and MAIL FROM beside the SPF
            results.
    """

    domain: str
    days: tuple[Day, ...] = ()
    rows: tuple[tuple[date, Row], ...] = ()


def reported(store: Store, domain: str, since: datetime | None = None, until: datetime | None = None) -> Reported:
    """What a store says about a policy domain; memory grows with its distinct addresses and outcomes by day.

    Args:
        store: The store.
        domain: The domain whose policy was reported on, in its normal form.
        since: Only reports that begin then or later; needs a time zone, as the next one.
        until: Only reports that begin before.

    Raises:
        StoreError: The store can't be read.
    """
    heads = (one.head for one in store.reports(domain, since, until))
    return gathered(domain, heads, store.rows(domain, since, until))


def gathered(domain: str, heads: Iterable[Head], rows: Iterable[tuple[date, Row]]) -> Reported:
    """The same of reports that are at hand.

    Args:
        domain: The policy domain.
        heads: The heads of its reports.
        rows: What they say by day, in any order.
    """
    by_day: defaultdict[date, dict[Head, None]] = defaultdict(dict)
    for head in heads:
        by_day[head.begin.date()][head] = None
    sums: Counter[tuple[date, Row]] = Counter()
    for day, row in rows:
        sums[day, _told(row)] += row.count
    return Reported(
        domain=domain,
        days=tuple(_day(day, tuple(found)) for day, found in sorted(by_day.items())),
        rows=tuple((day, msgspec.structs.replace(row, count=count)) for (day, row), count in sums.items()),
    )


def _told(row: Row) -> Row:
    """A row without its count, and without what tells nothing here, so that equal ones are added up."""
    return Row(
        source_ip=row.source_ip,
        count=0,
        disposition=row.disposition,
        dkim=row.dkim,
        spf=row.spf,
        reasons=row.reasons,
        header_from=row.header_from,
        envelope_from="",
        signatures=row.signatures,
        envelopes=row.envelopes,
    )


def _day(day: date, heads: tuple[Head, ...]) -> Day:
    fields = {name: _usual(getattr(head.policy, name) for head in heads) for name in Policy.__struct_fields__}
    enforced = sum(is_enforced(head.policy) for head in heads)
    return Day(
        day=day,
        reporters=tuple(sorted({head.reporter.lower() for head in heads})),
        policy=Policy(**fields),
        enforced=2 * enforced > len(heads),
    )


def _usual(values: Iterable[str]) -> str:
    """What most say; of equally many the first by the alphabet, so that the order doesn't matter."""
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value), default="")


def is_enforced(policy: Policy) -> bool:
    """Whether a policy is quarantine or reject, and for all messages."""
    return policy.p.lower() in _ENFORCED and policy.testing != "y" and policy.pct in ("", "100")
