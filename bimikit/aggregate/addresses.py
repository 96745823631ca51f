"""From which addresses each source sends: where to look for a server that nobody knows."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from .feedback import Row
from .placing import placed
from .sources import SCATTERED, Place

MOST = 5
"""Addresses that are named of a source."""
Addresses: TypeAlias = tuple[tuple[str, int], ...]
"""Addresses with their messages, those with the most first."""


def largest_addresses(
    rows: Sequence[tuple[date, str, Row]],
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
    for one in placed(rows, domain, names):
        at = one.where if one.where in found else SCATTERED
        sums.setdefault(at, Counter())[one.row.source_ip] += one.row.count
    return {
        at: tuple(heapq.nsmallest(MOST, counts.items(), key=lambda one: (-one[1], one[0])))
        for at, counts in sums.items()
    }
