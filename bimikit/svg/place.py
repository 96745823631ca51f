"""Where a fault is, as the judge knows it; `locate` turns it into line, column and element path when it is shown."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place in a document.

    Attributes:
        node: Index of the element; -1 for none.
        attribute: Name of one of its attributes, as written.
        at: Position inside the attribute's value, in code points; None for the attribute as a whole.
        offset: Byte offset in the UTF-8 text, where it isn't an element's or an attribute's.
        length: Code points to mark, where the judge knows better than "the attribute's name" or "one".
    """

    node: int = -1
    attribute: str | None = None
    at: int | None = None
    offset: int | None = None
    length: int | None = None
