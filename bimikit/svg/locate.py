"""From a Place to what a person can find: line, column and element path. Runs only for what is shown."""

from __future__ import annotations

import re

from ..findings import Location
from ..lazy import lazy_regex
from .document import Document
from .place import Place

_ATTRIBUTE = re.compile(rb"""[ \t\r\n]*([^ \t\r\n=>/]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')""")
_LINE_END = lazy_regex(rb"\r\n?|\n", "finditer")
_LONGEST_STEP = 40
_MOST_STEPS = 12
"""Steps of an element path that are written out; a deeper one is shortened in its middle."""


class Locator:
    """Finds places in one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._utf8 = document.utf8
        self._lone_cr: bool | None = None
        self._counted = (0, 1)  # an offset and its line, to count on from
        self._known: dict[Place, Location] = {}
        self._ordinals: list[int] = []
        self._paths: dict[int, tuple[str, ...]] = {}

    def __call__(self, place: Place) -> Location:
        """The location of a place; the root is asked for again and again."""
        location = self._known.get(place)
        if location is None:
            location = self._known[place] = self._locate(place)
        return location

    def _locate(self, place: Place) -> Location:
        document = self._document
        offset = place.offset
        length = place.length
        if offset is None:
            if place.node < 0:
                return Location()
            offset = document.offset(place.node)
            if place.attribute is None:
                length = len(document.qnames[place.node]) + 1
            else:
                offset, length = self._attribute(offset, document.qnames[place.node], place.attribute, place.at)
        line, column = self.line_and_column(offset)
        return Location(
            line,
            column,
            length or 1,
            self.path(place.node) if place.node >= 0 else None,
            place.attribute,
        )

    def _attribute(self, offset: int, qname: str, name: str, index: int | None) -> tuple[int, int]:
        """Where an attribute of the tag at `offset` begins, or a character of its value, and how long it is."""
        utf8 = self._utf8
        wanted = name.encode()
        at = offset + 1 + len(qname.encode())
        while (found := _ATTRIBUTE.match(utf8, at)) is not None:
            if found[1] == wanted:
                if index is None:
                    return found.start(1), len(utf8[found.start(1) : found.end()].decode("utf-8", "replace"))
                return self._inside_value(found.start(2) + 1, found.end(2) - 1, index), 1
            at = found.end()
        return offset, 1

    def _inside_value(self, start: int, end: int, index: int) -> int:
        """Byte offset of a character of an attribute's value, as the value reads once references are resolved."""
        at = start
        for _ in range(index):
            if at >= end:
                return start
            found = _ONE_CHARACTER(self._utf8, at, end)
            at = found.end() if found else at + 1
        return min(at, max(end - 1, start))

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line from 1, and column from 1 in code points."""
        utf8 = self._utf8
        if self._lone_cr is None:
            self._lone_cr = b"\r" in utf8 and utf8.count(b"\r") != utf8.count(b"\r\n")
        if self._lone_cr:  # CR LF is one line end, and so is a CR alone
            ends = [found.end() for found in _LINE_END(utf8, 0, offset)]
            line, start = len(ends) + 1, ends[-1] if ends else 0
        else:
            counted, line = self._counted if self._counted[0] <= offset else (0, 1)
            line += utf8.count(b"\n", counted, offset)
            self._counted = offset, line
            start = utf8.rfind(b"\n", 0, offset) + 1
        return line, len(utf8[start:offset].decode("utf-8", "replace")) + 1

    def path(self, node: int) -> str:
        """``svg/g[2]/path[1]``: names as written, counted among the siblings of the same name, from 1."""
        document = self._document
        if not node:
            return _step(document.qnames[0])
        if not self._ordinals:
            self._number_siblings()
        chain: list[int] = []
        while node > 0 and node not in self._paths:
            chain.append(node)
            node = document.parents[node]
        steps = self._paths[node] if node else (_step(document.qnames[0]),)
        for below in reversed(chain):
            steps = (*steps, f"{_step(document.qnames[below])}[{self._ordinals[below]}]")
            if len(steps) > _MOST_STEPS:
                half = _MOST_STEPS // 2
                steps = (*steps[:half], "…", *steps[-half + 1 :])
            self._paths[below] = steps
        return "/".join(steps)

    def _number_siblings(self) -> None:
        seen: dict[tuple[int, str], int] = {}
        for key in zip(self._document.parents, self._document.qnames, strict=True):
            number = seen[key] = seen.get(key, 0) + 1
            self._ordinals.append(number)


def _step(name: str) -> str:
    return name if len(name) <= _LONGEST_STEP else name[: _LONGEST_STEP - 1] + "…"


_ONE_CHARACTER = lazy_regex(rb"\r\n|&[^;]{1,12};|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*", "match")
