"""Where a fault in a DNS record is."""

from __future__ import annotations

import msgspec

from ..findings import Location


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place in the DNS.

    Attributes:
        name: The name that was asked.
        line: Which of the texts at that name, from 1; None for the name as a whole.
        start: First character of the fault in that text, from 0.
        length: Characters it spans.
    """

    name: str
    line: int | None = None
    start: int = 0
    length: int = 0


def locate(place: Place) -> Location:
    """The place as findings tell it: a text counts as a line."""
    if place.line is None:
        return Location(dns_name=place.name)
    return Location(line=place.line, column=place.start + 1, length=place.length or None, dns_name=place.name)
