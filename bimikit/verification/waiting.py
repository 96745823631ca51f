"""Asking again until all is as planned, within a bound: the DNS and caches on the web take their time to change."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..at_once import at_once
from ..findings import Report

_SHORTEST, _LONGEST = 1.0, 30.0
"""Seconds between two attempts, where nobody says how many."""

Verify = Callable[[], Report]
Seen = Callable[[int, Report], Report]


class Waiting(NamedTuple):
    """What is told before a pause.

    Attributes:
        left: The reports on what isn't as planned yet, as they are seen.
        pause: Seconds until it is asked again.
        remembered: Seconds for which a resolver may remember the old records; None where that isn't known.
        rest: Seconds until the end.
    """

    left: tuple[Report, ...]
    pause: float
    remembered: int | None
    rest: float


def settled(report: Report) -> bool:
    """Whether asking again would change nothing for the better."""
    return report.ok and report.complete


def until_settled(
    every: Sequence[Verify],
    wait: float = 0.0,
    interval: float | None = None,
    *,
    resolver: Any = None,
    tell: Callable[[Waiting], None] | None = None,
    seen: Seen | None = None,
    latest: dict[int, Report] | None = None,
) -> list[Report]:
    """Verify all, and again what isn't as planned, until all is or the time is over; the last reports, in order.

    No attempt begins after `wait`; the last one begins as it ends. An interrupt ends it at once, whatever is being
    fetched.

    Args:
        every: What verifies each publication.
        wait: Seconds within which to ask again.
        interval: Seconds between two attempts. By default a tenth of `wait`, or less where the records that are wrong
            may be remembered for a short time only (TTL); at least 1 and at most 30.
        resolver: Whom to ask how long records may be remembered.
        tell: Called before each pause.
        seen: What counts of a report, given the publication's number: without what is ignored, for instance.
        latest: Takes each report as it comes, by the publication's number, for whoever is interrupted.
    """
    end = time.monotonic() + wait
    reports: dict[int, Report] = {} if latest is None else latest
    open_ones = list(range(len(every)))
    while True:
        for index, report in at_once([every[number] for number in open_ones], "bimikit-verify"):
            reports[open_ones[index]] = report
        counting = {number: seen(number, reports[number]) if seen else reports[number] for number in open_ones}
        open_ones = [number for number in open_ones if not settled(counting[number])]
        rest = end - time.monotonic()
        if not open_ones or rest <= 0:
            return [reports[number] for number in range(len(every))]
        left = tuple(counting[number] for number in open_ones)
        remembered = _remembered(left, resolver)
        pause = min(_pause(wait, interval, remembered), rest)
        if tell is not None:
            tell(Waiting(left, pause, remembered, rest))
        time.sleep(pause)


def _pause(wait: float, interval: float | None, remembered: int | None) -> float:
    if interval is not None:
        return interval
    shorter = wait if remembered is None else min(wait, remembered)
    return min(max(shorter / 10, _SHORTEST), _LONGEST)


def _remembered(reports: Sequence[Report], resolver: Any) -> int | None:
    """The longest time for which a record that is wrong may be remembered; None where no record is, or nobody says."""
    if resolver is None:
        return None
    names = {
        place.dns_name
        for report in reports
        for finding in report.findings
        for place in finding.locations
        if place.dns_name is not None and place.line is not None
    }
    return max(filter(None, (_ttl(name, resolver) for name in sorted(names))), default=None)


def _ttl(name: str, resolver: Any) -> int | None:
    try:
        answer = resolver.resolve(name + ".", "TXT", raise_on_no_answer=False, search=False)
    except Exception:  # whatever it is, the next attempt tells
        return None
    return None if answer.rrset is None else int(answer.rrset.ttl)
