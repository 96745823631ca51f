"""A source line with the faulty place marked, cut to a window: real logos are often one line of many kilobytes."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")
_TAB = "    "


class Excerpt(NamedTuple):
    """A window on one line.

    Attributes:
        before: What stands before the marked place, ``…`` first where the line is cut.
        marked: The marked place itself, at least one character wide.
        after: What follows, ``…`` last where the line is cut.
    """

    before: str
    marked: str
    after: str

    @property
    def line(self) -> str:
        """The whole window."""
        return self.before + self.marked + self.after

    @property
    def caret(self) -> str:
        """A line of carets that stand under the marked place, full-width characters allowed for."""
        return " " * width(self.before) + "^" * max(1, width(self.marked))


def width(text: str) -> int:
    """Columns a text takes on a terminal: wide and full-width characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def lines_of(text: str) -> list[str]:
    """The lines as XML counts them: CR LF, CR and LF each end one."""
    return _LINE_END.split(text)


def excerpt(lines: list[str], line: int, column: int, length: int = 1, columns: int = 96) -> Excerpt | None:
    """A window around a place; None when there is no such place.

    Args:
        lines: The source's lines, from `lines_of`.
        line: Line, from 1.
        column: Column in code points, from 1.
        length: Code points to mark.
        columns: The most columns the window may take.
    """
    if not 1 <= line <= len(lines):
        return None
    source = lines[line - 1]
    start = min(column - 1, len(source))
    if start < 0:
        return None
    end = min(start + max(length, 1), len(source))
    marked = _printable(source[start:end]) or " "
    marked = _fit(marked, columns // 2, cut_end=True)
    room = columns - width(marked)
    before = _fit(_printable(source[max(0, start - columns) : start]), room * 2 // 3, cut_end=False)
    if start > columns and not before.startswith("…"):
        before = "…" + before[1:]
    after = _fit(_printable(source[end : end + columns]), room - width(before), cut_end=True)
    if end + columns < len(source) and not after.endswith("…"):
        after = after[:-1] + "…"
    return Excerpt(before, marked, after)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(_TAB if c == "\t" else c if c.isprintable() else "·" for c in text)


def _fit(text: str, columns: int, *, cut_end: bool) -> str:
    """Cut a text to that many columns, with an ellipsis where it was cut."""
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for character in text if cut_end else reversed(text):
        used += width(character)
        if used > columns:
            break
        kept.append(character)
    return "".join(kept) + "…" if cut_end else "…" + "".join(reversed(kept))
