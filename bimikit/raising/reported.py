"""What aggregate reports say about one policy domain, as far as raising its policy depends on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from ..aggregate.feedback import Head, Policy, Row

if TYPE_CHECKING:
    from ..aggregate.store import Store

BEGINNING = date(2012, 1, 1)
"""Before the first DMARC record was published: reports of earlier days are wrong about when they are."""
AHEAD = timedelta(days=7)
"""How far after others a day may be that one organization alone reported on: some report weekly."""
BREAK = timedelta(days=31)
"""How long no report may have come before those of a later day are taken for misdated."""
_ENFORCED = frozenset({"quarantine", "reject"})


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The reports that begin on one day.

    Attributes:
        day: The day, UTC.
        reporters: Who reported, sorted.
        policy: The policy, each of its fields as most of the organizations have it that have it at all: some leave
            fields out, some still see yesterday's record, and anybody may send a wrong one.
        enforced: Whether most found quarantine or reject, for all messages (neither ``pct`` nor ``t=y``) and for
            subdomains.
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
        rows: Messages by day and organization, without what doesn't matter here: comments, RCPT TO, and MAIL FROM
            beside the SPF results.
    """

    domain: str
    days: tuple[Day, ...] = ()
    rows: tuple[tuple[date, str, Row], ...] = ()


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
    # A report that counts no message tells nothing of who sends.
    heads = (one.head for one in store.reports(domain, since, until) if one.messages)
    return gathered(domain, heads, store.rows(domain, since, until))


def gathered(domain: str, heads: Iterable[Head], rows: Iterable[tuple[date, str, Row]]) -> Reported:
    """The same of reports that are at hand.

    Args:
        domain: The policy domain.
        heads: The heads of its reports.
        rows: What they say by day and organization, in any order.
    """
    by_day: defaultdict[date, dict[Head, None]] = defaultdict(dict)
    for head in heads:
        by_day[head.begin.date()][head] = None
    sums: Counter[tuple[date, str, Row]] = Counter()
    for day, reporter, row in rows:
        sums[day, reporter_of(reporter), _told(row)] += row.count
    return Reported(
        domain=domain,
        days=tuple(_day(day, tuple(found)) for day, found in sorted(by_day.items())),
        rows=tuple(
            (day, reporter, msgspec.structs.replace(row, count=count)) for (day, reporter, row), count in sums.items()
        ),
    )


def reporter_of(name: str) -> str:
    """An organization's name as it is compared."""
    return name.strip().lower()


def newest_day(days: Sequence[tuple[date, int]], latest: date = date.max, since: date | None = None) -> date | None:
    """The newest day with reports that can be believed: anybody may mail one, of any date.

    Days that two organizations reported on, where any are, are believed; others where they are no further than `AHEAD`
    after what is: somebody has to be the first, and with some domains one alone reports most of the time.

    Args:
        days: The days, in order, each with how many organizations reported.
        latest: The last day that is possible.
        since: A day that is known otherwise, such as that of a scan: what comes more than `BREAK` after it and all
            other reports isn't believed. Then the newest day is that one at the least.
    """
    possible = [(day, reporters) for day, reporters in days if BEGINNING <= day <= latest]
    sure = {day for day, reporters in possible if reporters > 1} or {day for day, _reporters in possible}
    if not sure:
        return since
    last = max(sure) if since is None else since
    for day, _reporters in possible:
        if day - last <= (BREAK if day in sure else AHEAD):
            last = max(last, day)
    return last


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
    """A day of which each organization says the same once, however many reports it sends."""
    said: defaultdict[str, list[Policy]] = defaultdict(list)
    for head in heads:
        said[reporter_of(head.reporter)].append(head.policy)
    each = [_usual_policy(policies) for policies in said.values()]
    enforced = sum(all(map(is_enforced, policies)) for policies in said.values())
    return Day(day=day, reporters=tuple(sorted(said)), policy=_usual_policy(each), enforced=2 * enforced > len(said))


def _usual_policy(policies: Sequence[Policy]) -> Policy:
    """Each field as most have it that have it at all."""
    return Policy(**{name: _usual(getattr(policy, name) for policy in policies) for name in Policy.__struct_fields__})


def _usual(values: Iterable[str]) -> str:
    """What most say; of equally many the first by the alphabet, so that the order doesn't matter."""
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value), default="")


def is_enforced(policy: Policy) -> bool:
    """Whether a policy is quarantine or reject, for all messages, and for those of subdomains."""
    asked = {policy.p.lower(), policy.sp.lower() or policy.p.lower()}
    return asked <= _ENFORCED and policy.testing != "y" and policy.pct in ("", "100")
