"""From which addresses each source sends: where to look for a server that nobody knows."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from .feedback import Envelope, Row, Signature
from .sources import SCATTERED, Place, place, sum_of

MOST = 5
"""Addresses that are named of a source."""
Addresses: TypeAlias = tuple[tuple[str, int], ...]
"""Addresses with their messages, those with the most first."""
_Said: TypeAlias = tuple[str, tuple[Signature, ...], tuple[Envelope, ...], str, str, str]


def largest_addresses(
    rows: Iterable[tuple[date, str, Row]],
    domain: str,
    names: Mapping[str, str] | None,
    found: Collection[Place],
) -> dict[Place, Addresses]:
    """The addresses from which most of each source's messages came.

    Args:
        rows: What the reports say, by day and reporter.
        domain: As for `sources.sources`, as the next one.
        names: Names of addresses.
        found: The `by` and `name` of the sources; whatever belongs to none of them is scattered.
    """
    sums: dict[Place, Counter[str]] = {}
    places: dict[_Said, Place] = {}
    for day, _reporter, row in rows:
        said = (row.source_ip, row.signatures, row.envelopes, row.dkim, row.spf, row.header_from)
        at = places.get(said)
        if at is None:
            at, _mark = place(sum_of(row, day), domain, names)
            places[said] = at = at if at in found else SCATTERED
        sums.setdefault(at, Counter())[row.source_ip] += row.count
    return {
        at: tuple(heapq.nsmallest(MOST, counts.items(), key=lambda one: (-one[1], one[0])))
        for at, counts in sums.items()
    }
