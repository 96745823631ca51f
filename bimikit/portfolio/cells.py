r"""The cells of a CSV file that spreadsheets open: nothing in one steers a terminal or runs, and all is read back.

Texts of strangers' DNS records stand in them. What would steer whatever shows it is written ``\x1b`` or ``\u202e``,
and what would be a formula begins with ``'``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    r"|\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})"
)
"""Controls, ends of lines, marks of direction, what can't be seen; and a backslash that would be read as an escape."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")
_FORMULA = re.compile("[' ]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""How a formula begins, also as Japanese keyboards write it; behind what keeps it from being one, too."""


def line_of(values: Iterable[Any]) -> str:
    """A line of cells, with its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([escaped(one) if isinstance(one, str) else one for one in values])
    return line.getvalue()


def escaped(text: str) -> str:
    """A text as a cell."""
    plain = text if text.isprintable() and "\\" not in text else _STEERING.sub(_written, text)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def unescaped(cell: str) -> str:
    """The text of a cell."""
    plain = cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), plain) if "\\" in plain else plain


def _written(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
