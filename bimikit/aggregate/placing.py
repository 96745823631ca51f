"""Where each message of aggregate reports belongs, seen beside all others of the same address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from .feedback import Row
from .senders import Recognised
from .sources import By, Place, Sum, place, sum_of

_HOMES: tuple[By, ...] = ("sender", "domain", "own")
"""Whose an address may be, the one that tells the most first."""
_Where: TypeAlias = tuple[Place, Recognised | None]


class Placed(NamedTuple):
    """Messages that an organization counted on a day, and where they belong."""

    day: date
    reporter: str
    row: Row
    sum: Sum
    where: Place
    recognised: Recognised | None


def placed(
    rows: Sequence[tuple[date, str, Row]], domain: str, names: Mapping[str, str] | None = None
) -> Iterator[Placed]:
    """The messages with where they belong.

    What has nothing to show belongs to whose mail passes DMARC from the same address: servers fail now and then. That
    the same organization has to say: nobody's reports change where the messages of others belong.

    Args:
        rows: What the reports say, by day and organization.
        domain: As for `bimikit.aggregate.sources.sources`, as the next one.
        names: Names of addresses.
    """
    bare = {(reporter, row.source_ip) for _day, reporter, row in rows if _is_bare(row)}
    homes: dict[tuple[str, str], _Where] = {}
    for day, reporter, row in rows:
        at = (reporter, row.source_ip)
        if at in bare and "pass" in (row.dkim, row.spf):
            where = place(sum_of(row, day), domain, names)
            if where[0][0] in _HOMES:
                homes[at] = min(where, homes.get(at, where), key=_rank)
    for day, reporter, row in rows:
        one = sum_of(row, day)
        home = homes.get((reporter, row.source_ip)) if _is_bare(row) else None
        yield Placed(day, reporter, row, one, *(home or place(one, domain, names)))


def _is_bare(row: Row) -> bool:
    """Whether messages have nothing to show: neither a signature nor an envelope sender that passes."""
    results = {row.dkim, row.spf, *(one.result for one in row.signatures), *(one.result for one in row.envelopes)}
    return "pass" not in results


def _rank(where: _Where) -> tuple[int, str]:
    (by, name), _recognised = where
    return _HOMES.index(by), name
