"""Path data and lists of points: where drawing stops, arcs, and the outline of simple paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from ..lazy import lazy_regex
from .batches import paths_match
from .lexis import (
    BLANK,
    BLANKS,
    COMMA,
    JOINT,
    NUMBER,
    ONE,
    Trouble,
    after_blanks,
    after_comma,
    near,
    number_at,
    run_of_groups,
    too_large,
)

_COUNT = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
"""How many numbers each path command takes at a time."""


_ARC_GROUP = JOINT.join((ONE, ONE, ONE, "[01]", "[01]", ONE, ONE))


@cache
def _run_of(letter: str) -> Callable[[str, int], re.Match[str] | None]:
    """A match of one path command with all its whole groups of numbers, from its letter on."""
    if letter == "a":
        return re.compile(f"[A-Za-z]{BLANKS}+{_ARC_GROUP}(?:{JOINT}{_ARC_GROUP})*+{BLANKS}+").match
    if letter == "z":
        return re.compile(f"[A-Za-z]{BLANKS}+").match
    return re.compile(f"[A-Za-z]{BLANKS}+{run_of_groups(_COUNT[letter])}").match


_PAIRS = lazy_regex(f"{BLANKS}+(?:{run_of_groups(2)})?+", "match")


def path(value: str) -> Iterator[Trouble]:
    """A walk over path data: where drawing stops, and the first arc."""
    trouble = path_trouble(value)
    if trouble is not None and trouble[2]["reason"] != "@path.command":
        dot = re.search(_TRAILING_DOT, value)
        if dot is not None and path_trouble(re.sub(_TRAILING_DOT, ".0", value)) is None:
            trouble = ("svg.number-form", dot.start(), {"value": near(value, dot.start())})
    if trouble is not None:
        yield trouble
    arc = first_arc(value)
    if 0 <= arc < (len(value) if trouble is None else trouble[1]):
        yield "svg.path-arc", arc, {}


def first_arc(value: str) -> int:
    """Where the first arc command of a path is; -1 for none."""
    return min((at for letter in "aA" if (at := value.find(letter)) >= 0), default=-1)


SHORT = 4_000
"""Characters of path data, of a whole process, that are walked sooner than expressions for whole commands are compiled.
"""
_walked = 0


def paths_fine(values: Sequence[str]) -> bool:
    """Whether every value is path data that is drawn to its end; False means "look at each"."""
    global _walked  # it decides how the same is found out, and no more
    _walked += sum(map(len, values))
    return paths_match(values) if _walked > SHORT else not any(map(path_trouble, values))


def path_trouble(value: str) -> Trouble | None:
    """What stops the drawing of a path; None when it is drawn to its end.

    Unless there is little of it, whole commands are skipped by regular expression; only the one that fails is walked
    number by number.
    """
    end_of_run = _walked_run if max(_walked, len(value)) <= SHORT else _matched_run
    at = after_blanks(value, 0)
    begun = False
    while at < len(value):
        lower = value[at].lower()
        if lower not in _COUNT or not value[at].isascii():
            return _path_trouble("command", value, at)
        if not begun and lower != "m":
            return _path_trouble("no-move", value, at)
        begun = True
        end = end_of_run(lower, value, at)
        if end < 0 or value[end : end + 1] in _GOES_ON:
            return _in_arguments(value, after_blanks(value, at + 1) if end < 0 else end, lower)
        at = end
    huge = too_large(value)
    return None if huge is None else _path_trouble("too-large", value, huge)


_GOES_ON = tuple("0123456789+-.,")
"""What can't follow the last whole group of numbers, unless another group begins there and breaks off."""


def _matched_run(lower: str, value: str, at: int) -> int:
    """Where the whole groups of numbers of the command at `at` end, blanks included; -1 where there is none."""
    found = _run_of(lower)(value, at)
    return found.end() if found else -1


def _walked_run(lower: str, value: str, at: int) -> int:
    """The same, number by number."""
    count = _COUNT[lower]
    at = after_blanks(value, at + 1)
    if not count:
        return at
    end = -1
    while True:
        for position in range(count):
            if lower == "a" and position in (3, 4):
                last = at + 1 if value[at : at + 1] in ("0", "1") else 0
            else:
                last = found.end() if (found := number_at(value, at)) else 0
            if not last:
                return end
            at = after_comma(value, last)
        end = after_blanks(value, last)


def _in_arguments(value: str, at: int, lower: str) -> Trouble:
    """What is wrong in the group of numbers at `at`, which is known not to be whole."""
    for position in range(_COUNT[lower]):
        flag = lower == "a" and position in (3, 4)
        if flag:
            width = 1 if value[at : at + 1] in ("0", "1") else 0
        else:
            found = number_at(value, at)
            width = found.end() - at if found else 0
        if not width:
            reason = "arc-flag" if flag else "number-expected"
            if at >= len(value):
                at, reason = len(value) - 1, "ends-early"
            return _path_trouble("command" if position == 0 and value[at] == "," else reason, value, at)
        at = after_comma(value, at + width)
    return _path_trouble("command", value, min(at, len(value) - 1))


def _path_trouble(reason: str, value: str, at: int) -> Trouble:
    return "svg.path-invalid", at, {"reason": f"@path.{reason}", "near": near(value, at), "position": at + 1}


def path_start(value: str) -> tuple[float, float] | None:
    """Where a path begins; None where that can't be read."""
    found = _START(value)
    return (float(found[1]), float(found[2])) if found else None


_START = lazy_regex(f"{BLANKS}[Mm]{BLANKS}({NUMBER}){COMMA}({NUMBER})", "match")


def straight_outline(value: str) -> list[tuple[float, float]]:
    """The corners of a well-formed path of straight lines in one piece; empty for any other path."""
    x = y = 0.0
    corners: list[tuple[float, float]] = []
    for letter, inside in _COMMAND(value):
        lower = letter.lower()
        if lower not in "mlhvz" or (lower == "m" and corners):
            return []
        relative = letter == lower
        numbers = [float(text) for text in _NUMBERS(inside)]
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


_NUMBERS = lazy_regex(NUMBER, "findall")
_COMMAND = lazy_regex(r"([A-Za-z])([^A-Za-z]*)", "findall")
_TRAILING_DOT = r"(?<=[0-9])\.(?![0-9])"


def has_arc(values: Sequence[str]) -> bool:
    """Whether any of these well-formed paths has an elliptical arc."""
    together = "".join(values)
    return "a" in together or "A" in together


def points(value: str) -> Iterator[Trouble]:
    """A walk over the ``points`` of a polygon or polyline."""
    at = _PAIRS(value).end()
    if at >= len(value.rstrip(BLANK)):
        huge = too_large(value)
        if huge is not None:
            yield "svg.points-invalid", huge, {"reason": "@value.too-large", "near": near(value, huge)}
        return
    found = number_at(value, at)
    if value[at : at + 1] == "," and not value[at + 1 :].strip(BLANK):
        reason = "comma-last"
    elif found is not None and found.end() >= len(value.rstrip(BLANK + ",")):
        reason = "odd-number"
    else:
        reason = "number-expected"
        at = after_comma(value, found.end()) if found else at
    yield "svg.points-invalid", min(at, len(value) - 1), {"reason": f"@value.{reason}", "near": near(value, at)}
