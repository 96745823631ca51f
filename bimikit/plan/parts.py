"""What the rules of a plan are made of: what they know of a domain, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from ..domains import organizational_domain
from ..statement import Statement
from .inventory import Inventory
from .model import PlannedRecord, Refusal
from .standing import Standing

MOST_NAMED = 5
"""Sources, or domains, that are told one by one."""


class Block(NamedTuple):
    """What stands before the next stage."""

    says: Statement


class Notice(NamedTuple):
    """What else is worth knowing."""

    says: Statement


Part: TypeAlias = Block | Notice | PlannedRecord | Refusal


class Around(NamedTuple):
    """What a domain's rules know of the others.

    Attributes:
        inventory: The inventory.
        standings: Where each domain stands.
        inheriting: By domain, those of the inventory to which its DMARC record applies.
        stricter_below: By domain, names below it whose own DMARC record asks for something.
        helping: By domain, others that aren't to be closed and whose mail passes by its name, with the messages.
        including: By domain, others that aren't to be closed and whose SPF record takes that domain's in.
        reported_on: The last days with reports on each domain of which any came.
        store: Whether there is a store of reports at all.
        as_of: As of which day.
        beyond: The newest of many days with reports that are so far after all else that they don't count; else None.
    """

    inventory: Inventory
    standings: Mapping[str, Standing]
    inheriting: Mapping[str, Sequence[str]]
    stricter_below: Mapping[str, Sequence[str]]
    helping: Mapping[str, Sequence[tuple[str, int]]]
    including: Mapping[str, Sequence[str]]
    reported_on: tuple[date, ...]
    store: bool
    as_of: date
    beyond: date | None = None

    @property
    def any_reports(self) -> bool:
        """Whether reports came on any domain, so that silence on one says something."""
        return bool(self.reported_on)

    def is_listed(self, domain: str) -> bool:
        """Whether a domain is in the inventory."""
        one = self.standings.get(domain)
        return one is not None and one.listed is not None


Rule: TypeAlias = Callable[[Standing, Around], Iterator[Part]]


def zone_of(domain: str) -> str:
    """In whose zone a domain's records belong, as far as one can tell: where zones are cut isn't known."""
    return organizational_domain(domain) or domain


def named(names: Sequence[str]) -> str:
    """The first of some names, and whether there are more."""
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def txt(name: str, value: str, why: Statement, *, zone: str = "", **more: object) -> PlannedRecord:
    """A TXT record to publish; see `PlannedRecord`."""
    return PlannedRecord(name=name, type="TXT", value=value, why=why, zone=zone, **more)  # type: ignore[arg-type]
