"""Where a fault in a certificate file is."""

from __future__ import annotations

import msgspec

from ..findings import Location


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place in a certificate file.

    Attributes:
        certificate: Index in the chain, the Mark Certificate being 0; None for the file.
        field: Field, extension or subject attribute.
        line: Line of the file, from 1.
    """

    certificate: int | None = None
    field: str | None = None
    line: int | None = None


def locate(place: Place) -> Location:
    """The place as findings tell it."""
    column = None if place.line is None else 1
    return Location(line=place.line, column=column, certificate=place.certificate, field=place.field)
