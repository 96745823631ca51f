"""Numbers, lengths, lists of numbers, transforms and the viewBox.

A walk yields ``(rule id, index in the value, parameters)`` for what is wrong with one value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from ..engine import quote
from ..lazy import lazy_regex
from .batches import numbers_match
from .lexis import (
    BLANK,
    BLANKS,
    LARGEST,
    NUMBER,
    Trouble,
    Walk,
    after_blanks,
    after_comma,
    near,
    number_at,
    run_of_groups,
    too_large,
)

ViewBox: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height."""
_plain_number = lazy_regex(f"{BLANKS}{NUMBER}{BLANKS}")
_loose_number = lazy_regex(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", "match")

_FOUR_NUMBERS = lazy_regex(BLANKS + r"(?:[ \t\r\n]+,?|,)[ \t\r\n]*".join([f"({NUMBER})"] * 4) + BLANKS)

_plain_run = lazy_regex(run_of_groups(1), "match")

UNITS = frozenset({"px", "pt", "pc", "mm", "cm", "in", "em", "ex", "%"})
"""Units every SVG 1.1 renderer knows; SVG Tiny 1.2 has them on the root's width and height only."""


def to_float(text: str) -> float | None:
    """The number a plain value stands for; None when it isn't one."""
    return float(text) if text.isdecimal() or _plain_number(text) else None


def number(
    *,
    words: frozenset[str] = frozenset(),
    least: float | None = None,
    units_allowed: bool = False,
    percent_allowed: bool = False,
) -> Walk:
    """A walk over a value that is one number.

    Args:
        words: Keywords that may stand in its place.
        least: The smallest number with a meaning.
        units_allowed: Whether a unit is at home here.
        percent_allowed: Whether a percentage is.
    """

    def walk(value: str) -> Iterator[Trouble]:
        text = value.strip(BLANK)
        if text in words:
            return
        found = _loose_number(text)
        if found is None:
            yield "svg.number-invalid", 0, {"value": quote(value)}
            return
        unit = text[found.end() :]
        if unit and unit.lower() not in UNITS:
            yield "svg.number-invalid", 0, {"value": quote(value)}
            return
        amount = float(found[0])
        if not math.isfinite(amount) or abs(amount) > LARGEST:
            yield "svg.number-invalid", 0, {"value": quote(value)}
        elif least is not None and amount < least:
            yield "svg.number-range", 0, {"value": quote(value), "least": int(least)}
        elif unit and not (units_allowed or (unit == "%" and percent_allowed)):
            yield "svg.length-unit", 0, {"value": quote(value), "unit": unit}
        elif not _plain_number(found[0]):  # the loose form takes a point with nothing behind it
            yield "svg.number-form", 0, {"value": quote(value)}

    return walk


def number_list(*, words: frozenset[str] = frozenset(), least: float | None = None) -> Walk:
    """A walk over a list of numbers, separated by commas or spaces."""
    single = number(least=least)

    def walk(value: str) -> Iterator[Trouble]:
        text = value.strip(BLANK)
        if text in words or (numbers_match([text]) and not (least is not None and "-" in text)):
            return
        # what is plainly right is skipped at once, so that a fault at the end of a long list is found soon
        plain, huge = _plain_run(text), too_large(text)
        right = plain.end() if plain else 0
        right = right if huge is None else min(right, huge)
        start = max(text.rfind(separator, 0, right) for separator in ", \t\r\n") + 1
        if least is not None and "-" in text[:start]:
            start = 0
        for item in re.split(r"[ \t\r\n]*,[ \t\r\n]*|[ \t\r\n]+", text[start:]):
            for trouble in single(item):
                yield trouble
                return

    return walk


_TRANSFORM_ARGUMENTS = {
    "matrix": (6,),
    "translate": (1, 2),
    "scale": (1, 2),
    "rotate": (1, 3),
    "skewX": (1,),
    "skewY": (1,),
}
_FUNCTION = lazy_regex(r"([A-Za-z]+)[ \t\r\n]*\(([^()]*)\)", "match")
Function: TypeAlias = tuple[str, tuple[float, ...]]


def read_transform(value: str) -> tuple[list[Function], Trouble | None]:
    """The functions of a ``transform``, in order, and what stopped the reading."""
    functions: list[Function] = []
    at = after_blanks(value, 0)
    if value.strip(BLANK) == "none":
        return functions, None
    while at < len(value):
        found = _FUNCTION(value, at)
        if found is None:
            return functions, ("svg.transform-invalid", at, {"near": near(value, at), "reason": "@value.transform"})
        name, inside = found.groups()
        if name == "ref":
            return functions, ("svg.transform-ref", at, {})
        if name not in _TRANSFORM_ARGUMENTS:
            return functions, (
                "svg.transform-invalid",
                at,
                {"near": quote(name), "reason": "@value.transform-unknown"},
            )
        numbers = _arguments(inside)
        if numbers is None or len(numbers) not in _TRANSFORM_ARGUMENTS[name]:
            reason = "@value.number-expected" if numbers is None else "@value.transform-arguments"
            return functions, ("svg.transform-invalid", at, {"near": quote(found[0]), "reason": reason})
        functions.append((name, numbers))
        at = after_comma(value, found.end())
    return functions, None


def _arguments(text: str) -> tuple[float, ...] | None:
    text = text.strip(BLANK)
    numbers = []
    at = 0
    while at < len(text):
        found = number_at(text, at)
        if found is None:
            return None
        numbers.append(float(found[0]))
        if abs(numbers[-1]) > LARGEST:
            return None
        at = after_comma(text, found.end())
    return tuple(numbers)


def transform(value: str) -> Iterator[Trouble]:
    """A walk over a ``transform``."""
    _functions, trouble = read_transform(value)
    if trouble is not None:
        yield trouble


def view_box(value: str) -> Iterator[Trouble]:
    """A walk over a ``viewBox``: four numbers, width and height above zero, or ``none``."""
    if value.strip(BLANK) != "none" and read_view_box(value) is None:
        yield "svg.viewbox-invalid", 0, {"value": quote(value)}


def read_view_box(value: str) -> ViewBox | None:
    """The four numbers of a usable ``viewBox``; None for anything else."""
    return _read_view_box(value) if len(value) <= 64 else _read_view_box.__wrapped__(value)


@lru_cache(256)  # asked for several times in every document
def _read_view_box(value: str) -> ViewBox | None:
    listed = value.split(" ")
    if len(listed) != 4 or not value.isascii() or not all(map(str.isdecimal, listed)):  # as most write it
        found = _FOUR_NUMBERS(value)
        if found is None:
            return None
        listed = found.groups()
    left, top, width, height = map(float, listed)
    usable = max(abs(left), abs(top), width, height) <= LARGEST and width > 0 and height > 0
    return (left, top, width, height) if usable else None
