"""The number-based grammars of SVG Tiny 1.2: numbers, lengths, points, transforms, path data.

Each grammar is regular, so whole batches of values are first matched at once by RE2 (linear time, about 3 ns a byte);
only a value that fails is walked again, slowly, to say what is wrong and where. A walk yields
``(rule id, index in the value, parameters)``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

import re2

from ..engine import quote
from ..findings import Param
from ..lazy import lazy_regex

Trouble: TypeAlias = tuple[str, int, Mapping[str, Param]]
"""Rule id, index in the value, parameters."""
ViewBox: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height."""
Walk: TypeAlias = Callable[[str], Iterator[Trouble]]

BLANK = " \t\r\n"
"""What XML calls white space; `str.strip()` alone takes more."""

_WS = r"[ \t\r\n]*"
_CW = r"(?:[ \t\r\n]+(?:,[ \t\r\n]*)?|,[ \t\r\n]*)?"
_NUM = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"

# A number ends where it can't go on ("1.5.5" is 1.5 and .5), which a regular expression can't say without looking
# ahead. RE2 has one assertion, the word boundary, and that is enough once every value is put into an alphabet where
# the full stop is a word character and the command letters aren't: a whole number is then digits up to a boundary.
_ALPHABET = bytearray(b"?" * 256)
for _plain in b"0123456789+-,\0":
    _ALPHABET[_plain] = _plain
for _letters, _stands_for in ((b" \t\r\n", b" "), (b".", b"_"), (b"eE", b"e")):
    for _letter in _letters:
        _ALPHABET[_letter] = _stands_for[0]

_SEPARATOR = "(?: +(?:, *)?|, *)"
_EXPONENT = "(?:e(?:[+]?0?[0-9]|-[0-9]{1,2}))"
_DIGITS = f"(?:[0-9]+\\b|[0-9]*_[0-9]+{_EXPONENT}?|[0-9]+{_EXPONENT})"
_FIRST = f"[+-]?{_DIGITS}"
_NEXT = f"(?:(?:{_SEPARATOR}[+-]?|[+-]){_DIGITS}|_[0-9]+{_EXPONENT}?)"
_FLAGS = f"{_SEPARATOR}[01]{_SEPARATOR}?[01]{_SEPARATOR}?"


def _group_list(count: int) -> str:
    """Numbers in groups of `count`."""
    return f"{_FIRST}{_NEXT * (count - 1)}(?:{_NEXT * count})* *"


_ARC_LIST = f"{_FIRST}{_NEXT * 2}{_FLAGS}{_FIRST}{_NEXT}(?:{_NEXT * 3}{_FLAGS}{_FIRST}{_NEXT})* *"
_COMMANDS = (
    (b"Mm", b"!", _group_list(2)),
    (b"Ll", b"#", _group_list(2)),
    (b"HhVv", b"$", _group_list(1)),
    (b"Cc", b"%", _group_list(6)),
    (b"SsQq", b"&", _group_list(4)),
    (b"Tt", b"'", _group_list(2)),
    (b"Aa", b"@", _ARC_LIST),
    (b"Zz", b"*", ""),
)
for _letters, _stands_for, _arguments_of in _COMMANDS:
    for _letter in _letters:
        _ALPHABET[_letter] = _stands_for[0]

_ONE_COMMAND = "|".join(f"\\{sign.decode()} *{arguments}" for _letters, sign, arguments in _COMMANDS)
_PATH = f" *(?:! *{_group_list(2)}(?:{_ONE_COMMAND})*)?"
_POINTS = f" *(?:{_group_list(2)})?"


class _Batch:
    """A test of many values at once. NUL can't occur in XML, so it separates them safely."""

    def __init__(self, grammar: str) -> None:
        self._grammar = grammar
        self._match: Callable[[bytes], object] | None = None

    def __call__(self, values: Sequence[str]) -> bool:
        if self._match is None:
            self._match = re2.compile(f"{self._grammar}(?:\\x00{self._grammar})*".encode()).fullmatch
        return self._match("\0".join(values).encode().translate(_ALPHABET)) is not None


paths_match = _Batch(_PATH)
"""Whether every value is path data that is drawn to its end (arcs included)."""
points_match = _Batch(_POINTS)
"""Whether every value is a list of coordinate pairs."""
_numbers_match = _Batch(f" *{_group_list(1)}")

_number = re.compile(_NUM)
_plain_number = re.compile(f"{_WS}{_NUM}{_WS}").fullmatch
_loose_number = lazy_regex(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", "match")
_comma_space = re.compile(_CW)
_space = re.compile(_WS)

_FOUR_NUMBERS = re.compile(_WS + r"(?:[ \t\r\n]+,?|,)[ \t\r\n]*".join([f"({_NUM})"] * 4) + _WS).fullmatch

_COUNT = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
"""How many numbers each path command takes at a time."""

_ONE = r"[+-]?(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
"""A number as `_NUM` has it, that never gives back what it took."""
_JOINT = r"(?:[ \t\r\n]++(?:,[ \t\r\n]*+)?+|,[ \t\r\n]*+)?+"


def _run(count: int) -> str:
    """Whole groups of numbers, as many as there are."""
    group = _JOINT.join([_ONE] * count)
    return f"{group}(?:{_JOINT}{group})*+[ \t\r\n]*+"


_ARC_GROUP = _JOINT.join((_ONE, _ONE, _ONE, "[01]", "[01]", _ONE, _ONE))


@cache
def _run_of(letter: str) -> Callable[[str, int], re.Match[str] | None]:
    """A match of one path command with all its whole groups of numbers, from its letter on."""
    if letter == "a":
        return re.compile(f"[A-Za-z]{_WS}+{_ARC_GROUP}(?:{_JOINT}{_ARC_GROUP})*+{_WS}+").match
    if letter == "z":
        return re.compile(f"[A-Za-z]{_WS}+").match
    return re.compile(f"[A-Za-z]{_WS}+{_run(_COUNT[letter])}").match


_PLAIN_RUN = lazy_regex(_run(1), "match")
_PAIRS = lazy_regex(f"{_WS}+(?:{_run(2)})?+", "match")

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
        if not math.isfinite(amount) or abs(amount) > _LARGEST:
            yield "svg.number-invalid", 0, {"value": quote(value)}
        elif least is not None and amount < least:
            yield "svg.number-range", 0, {"value": quote(value), "least": int(least)}
        elif unit and not (units_allowed or (unit == "%" and percent_allowed)):
            yield "svg.length-unit", 0, {"value": quote(value), "unit": unit}
        elif found[0].rstrip("eE+-0123456789").endswith(".") and not _number.fullmatch(found[0]):
            yield "svg.number-form", 0, {"value": quote(value)}

    return walk


_LARGEST = 3.4e38
"""What a single-precision renderer can hold."""


def number_list(*, words: frozenset[str] = frozenset(), least: float | None = None) -> Walk:
    """A walk over a list of numbers, separated by commas or spaces."""
    single = number(least=least)

    def walk(value: str) -> Iterator[Trouble]:
        text = value.strip(BLANK)
        if text in words or (_numbers_match([text]) and not (least is not None and "-" in text)):
            return
        # what is plainly right is skipped at once, so that a fault at the end of a long list is found soon
        plain = _PLAIN_RUN(text)
        start = max(text.rfind(separator, 0, plain.end()) for separator in ", \t\r\n") + 1 if plain else 0
        if least is not None and "-" in text[:start]:
            start = 0
        for item in re.split(r"[ \t\r\n]*,[ \t\r\n]*|[ \t\r\n]+", text[start:]):
            for trouble in single(item):
                yield trouble
                return

    return walk


def points(value: str) -> Iterator[Trouble]:
    """A walk over the ``points`` of a polygon or polyline."""
    at = _PAIRS(value).end()
    if at >= len(value.rstrip(BLANK)):
        huge = _too_large(value)
        if huge is not None:
            yield "svg.points-invalid", huge, {"reason": "@value.too-large", "near": _near(value, huge)}
        return
    found = _number.match(value, at)
    if value[at : at + 1] == "," and not value[at + 1 :].strip(BLANK):
        reason = "comma-last"
    elif found is not None and found.end() >= len(value.rstrip(BLANK + ",")):
        reason = "odd-number"
    else:
        reason = "number-expected"
        at = _comma_space.match(value, found.end()).end() if found else at  # type: ignore[union-attr]
    yield "svg.points-invalid", min(at, len(value) - 1), {"reason": f"@value.{reason}", "near": _near(value, at)}


def _near(value: str, at: int) -> str:
    return quote(value[at : at + 20])


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
    at = _space.match(value).end()  # type: ignore[union-attr]
    if value.strip(BLANK) == "none":
        return functions, None
    while at < len(value):
        found = _FUNCTION(value, at)
        if found is None:
            return functions, ("svg.transform-invalid", at, {"near": _near(value, at), "reason": "@value.transform"})
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
        at = _comma_space.match(value, found.end()).end()  # type: ignore[union-attr]
    return functions, None


def _arguments(text: str) -> tuple[float, ...] | None:
    text = text.strip(BLANK)
    numbers = []
    at = 0
    while at < len(text):
        found = _number.match(text, at)
        if found is None:
            return None
        numbers.append(float(found[0]))
        if abs(numbers[-1]) > _LARGEST:
            return None
        at = _comma_space.match(text, found.end()).end()  # type: ignore[union-attr]
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
    found = _FOUR_NUMBERS(value)
    if found is None:
        return None
    left, top, width, height = map(float, found.groups())
    usable = max(abs(left), abs(top), width, height) <= _LARGEST and width > 0 and height > 0
    return (left, top, width, height) if usable else None


def path(value: str) -> Iterator[Trouble]:
    """A walk over path data: where drawing stops, and the first arc."""
    trouble = path_trouble(value)
    if trouble is not None and trouble[2]["reason"] != "@path.command":
        dot = _TRAILING_DOT.search(value)
        if dot is not None and path_trouble(_TRAILING_DOT.sub(".0", value)) is None:
            trouble = ("svg.number-form", dot.start(), {"value": _near(value, dot.start())})
    if trouble is not None:
        yield trouble
    arc = first_arc(value)
    if 0 <= arc < (len(value) if trouble is None else trouble[1]):
        yield "svg.path-arc", arc, {}


def first_arc(value: str) -> int:
    """Where the first arc command of a path is; -1 for none."""
    return min((at for letter in "aA" if (at := value.find(letter)) >= 0), default=-1)


def path_trouble(value: str) -> Trouble | None:
    """What stops the drawing of a path; None when it is drawn to its end.

    Whole commands are skipped by regular expression; only the one that fails is walked number by number.
    """
    at = _space.match(value).end()  # type: ignore[union-attr]
    begun = False
    while at < len(value):
        lower = value[at].lower()
        if lower not in _COUNT or not value[at].isascii():
            return _path_trouble("command", value, at)
        if not begun and lower != "m":
            return _path_trouble("no-move", value, at)
        begun = True
        found = _run_of(lower)(value, at)
        if found is None or value[found.end() : found.end() + 1] in _GOES_ON:
            return _in_arguments(value, found.end() if found else _space.match(value, at + 1).end(), lower)  # type: ignore[union-attr]
        at = found.end()
    huge = _too_large(value)
    return None if huge is None else _path_trouble("too-large", value, huge)


def _too_large(value: str) -> int | None:
    """Where the first number is that no renderer can hold; only an exponent makes one in practice."""
    exponents = _WITH_EXPONENT(value) if "e" in value or "E" in value else ()
    return next((found.start() for found in exponents if float(found[0]) > _LARGEST), None)


_WITH_EXPONENT = lazy_regex(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[eE][+-]?[0-9]+", "finditer")
_GOES_ON = tuple("0123456789+-.,")
"""What can't follow the last whole group of numbers, unless another group begins there and breaks off."""


def _in_arguments(value: str, at: int, lower: str) -> Trouble:
    """What is wrong in the group of numbers at `at`, which is known not to be whole."""
    for position in range(_COUNT[lower]):
        flag = lower == "a" and position in (3, 4)
        if flag:
            width = 1 if value[at : at + 1] in ("0", "1") else 0
        else:
            found = _number.match(value, at)
            width = found.end() - at if found else 0
        if not width:
            reason = "arc-flag" if flag else "number-expected"
            if at >= len(value):
                at, reason = len(value) - 1, "ends-early"
            return _path_trouble("command" if position == 0 and value[at] == "," else reason, value, at)
        at = _comma_space.match(value, at + width).end()  # type: ignore[union-attr]
    return _path_trouble("command", value, min(at, len(value) - 1))


def _path_trouble(reason: str, value: str, at: int) -> Trouble:
    return "svg.path-invalid", at, {"reason": f"@path.{reason}", "near": _near(value, at), "position": at + 1}


def path_start(value: str) -> tuple[float, float] | None:
    """Where a path begins; None where that can't be read."""
    found = _START(value)
    return (float(found[1]), float(found[2])) if found else None


_START = lazy_regex(f"{_WS}[Mm]{_WS}({_NUM}){_CW}({_NUM})", "match")


def straight_outline(value: str) -> list[tuple[float, float]]:
    """The corners of a well-formed path of straight lines in one piece; empty for any other path."""
    x = y = 0.0
    corners: list[tuple[float, float]] = []
    for letter, inside in _COMMAND(value):
        lower = letter.lower()
        if lower not in "mlhvz" or (lower == "m" and corners):
            return []
        relative = letter == lower
        numbers = [float(text) for text in _number.findall(inside)]
        if lower in "ml":
            if len(numbers) % 2:
                return []
            steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        elif lower == "h":
            steps = [(number, 0.0 if relative else y) for number in numbers]
        else:
            steps = [(0.0 if relative else x, number) for number in numbers]
        for dx, dy in steps:
            x, y = (x + dx, y + dy) if relative else (dx, dy)
            corners.append((x, y))
    return corners


_COMMAND = lazy_regex(r"([A-Za-z])([^A-Za-z]*)", "findall")
_TRAILING_DOT = re.compile(r"(?<=[0-9])\.(?![0-9])")


def has_arc(values: Sequence[str]) -> bool:
    """Whether any of these well-formed paths has an elliptical arc."""
    return any("a" in value or "A" in value for value in values)
