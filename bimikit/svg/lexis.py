"""The smallest pieces of SVG's number-based grammars, and the terms in which values are judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ..engine import quote
from ..findings import Param
from ..lazy import lazy_regex

Trouble: TypeAlias = tuple[str, int, Mapping[str, Param]]
"""Rule id, index in the value, parameters."""
Walk: TypeAlias = Callable[[str], Iterator[Trouble]]
"""What is wrong with one value."""

BLANK = " \t\r\n"
"""What XML calls white space; `str.strip()` alone takes more."""
LARGEST = 3.4e38
"""What a single-precision renderer can hold."""

BLANKS = r"[ \t\r\n]*"
COMMA = r"(?:[ \t\r\n]+(?:,[ \t\r\n]*)?|,[ \t\r\n]*)?"
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
ONE = r"[+-]?(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
"""A number that never gives back what it took, so that long values are matched in linear time."""
JOINT = r"(?:[ \t\r\n]++(?:,[ \t\r\n]*+)?+|,[ \t\r\n]*+)?+"

number_at = re.compile(NUMBER).match
_skip_blanks = re.compile(BLANKS).match
_skip_comma = re.compile(COMMA).match


def run_of_groups(count: int) -> str:
    """A grammar of whole groups of numbers, as many as there are."""
    group = JOINT.join([ONE] * count)
    return f"{group}(?:{JOINT}{group})*+[ \t\r\n]*+"


def after_blanks(value: str, at: int) -> int:
    """Where white space ends."""
    return _skip_blanks(value, at).end()  # type: ignore[union-attr]


def after_comma(value: str, at: int) -> int:
    """Where white space with at most one comma ends."""
    return _skip_comma(value, at).end()  # type: ignore[union-attr]


def near(value: str, at: int) -> str:
    """What stands at a place, for a message."""
    return quote(value[at : at + 20])


def too_large(value: str) -> int | None:
    """Where the first number is that no renderer can hold; it takes an exponent, or more digits than anybody needs."""
    doubtful = "e" in value or "E" in value or _many_digits(value)
    numbers = _number(value) if doubtful else ()
    return next((found.start() for found in numbers if float(found[0]) > LARGEST), None)


_many_digits = lazy_regex(r"[0-9]{39}", "search")
_number = lazy_regex(r"(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+", "finditer")
"""Any number, taken whole, so that a long one is not tried again from each of its digits."""
