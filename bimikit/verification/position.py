"""Where two texts, or two files, begin to differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

_STEP = 4096


def first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    """Index of the first item that differs, from 0; that of the shorter's end where it begins the longer."""
    shorter = min(len(one), len(other))
    for start in count(0, _STEP):
        if start >= shorter or one[start : start + _STEP] != other[start : start + _STEP]:
            break
    return next((at for at in range(start, min(start + _STEP, shorter)) if one[at] != other[at]), shorter)


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both from 1; lines end as XML has it: CR LF, CR or LF."""
    before = text[:index]
    if before.endswith("\r") and text[index : index + 1] == "\n":
        before = before[:-1]  # within a line's end
    plain = before.replace("\r\n", "\n").replace("\r", "\n")
    return plain.count("\n") + 1, len(plain) - (plain.rfind("\n") + 1) + 1
