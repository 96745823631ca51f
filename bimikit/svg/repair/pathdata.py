"""The step `paths`: arcs become cubic curves, and outlines end where renderers stop drawing them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

from ..lexis import BLANK, BLANKS, JOINT, ONE, run_of_groups, too_large
from ..paths import path_trouble, points
from .job import Job
from .shapes import written
from .tree import Node

Cubic: TypeAlias = tuple[float, float, float, float, float, float]

MOST_ARCS = 30_000
"""Arcs that are converted in one file; a curve is some eight times as long as an arc can be."""


def paths(job: Job) -> None:
    """Make path data and lists of points legal: what is drawn of them is drawn as before."""
    arcs = 0
    for node in job.root.walk():
        if node.name == "path" and "d" in node.attributes:
            _path(job, node)
            data = node.attributes["d"]
            if ("a" in data or "A" in data) and path_trouble(data) is None:
                arcs += sum(1 for command in _ARC_COMMAND.finditer(data) for _arc in _ONE_ARC(command[0]))
                if arcs > MOST_ARCS:
                    job.decline("paths.many", node, "d")
                else:
                    _arcs(job, node)
        elif node.name in ("polygon", "polyline") and "points" in node.attributes:
            _points(job, node)


def _path(job: Job, node: Node) -> None:
    data = node.attributes["d"]
    if path_trouble(data) is None:
        return
    tidied = _without_stray_signs(data)
    if path_trouble(tidied) is None:
        _write(job, node, "d", tidied, "paths.form")
        return
    huge = too_large(tidied)
    if huge is not None and not _overflows(tidied, huge):
        job.decline("paths.huge", node, "d")
        return
    drawn = drawn_part(tidied if huge is None else tidied[:huge])
    if path_trouble(drawn) is not None:
        job.decline("paths.huge", node, "d")
    elif drawn:
        _write(job, node, "d", drawn, "paths.cut")
    else:
        _write(job, node, "d", "", "paths.empty")


def _write(job: Job, node: Node, name: str, instead: str, what: str) -> None:
    if job.may_touch(node):
        node.attributes[name] = instead
        job.did(what, node, name)


def _arcs(job: Job, node: Node) -> None:
    """Convert the arcs of one path."""
    if not job.may_touch(node):
        return
    curves = without_arcs(node.attributes["d"])
    if curves is None:
        job.decline("paths.arc", node, "d")
    else:
        node.attributes["d"] = curves
        job.did("paths.arcs", node, "d")


_NUMBER_OR_DOTTED = re.compile(r"([0-9]+)\.(?![0-9])|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA_BEFORE_LETTER = re.compile(r"(?<=[0-9.])[ \t\r\n]*,[ \t\r\n]*(?=[A-Za-z]|$)")
_LETTER_E = re.compile(r"(?<=[0-9])[eE](?![+-]?[0-9])")


def _without_stray_signs(data: str) -> str:
    """Path data without what renderers pass over: a point with nothing behind it, a comma before a letter."""
    if "." in data:
        data = _NUMBER_OR_DOTTED.sub(_undotted, data)
    return _COMMA_BEFORE_LETTER.sub("", data) if "," in data else data


def _undotted(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return found[1] + " " if found.string[found.end() : found.end() + 1] == "." else found[1]


def _overflows(data: str, at: int) -> bool:
    """Whether no renderer can read a number at all; a merely large one makes some draw nothing."""
    found = _NUMBER_OR_DOTTED.match(data, at)
    return found is not None and math.isinf(float(found[0]))


_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2}
_ARC = JOINT.join((f"({ONE})", f"({ONE})", f"({ONE})", "([01])", "([01])", f"({ONE})", f"({ONE})"))
_PLAIN_ARC = _ARC.replace("(" + ONE + ")", ONE).replace("([01])", "[01]")
_RUNS = {
    **{letter: re.compile(f"[A-Za-z]{BLANKS}+{run_of_groups(count)}").match for letter, count in _COUNTS.items()},
    "a": re.compile(f"[A-Za-z]{BLANKS}+{_PLAIN_ARC}(?:{JOINT}{_PLAIN_ARC})*+{BLANKS}+").match,
    "z": re.compile(f"[A-Za-z]{BLANKS}+").match,
}
"""A command with all its whole groups of numbers, by its letter."""


def drawn_part(data: str) -> str:
    """The part of path data that is drawn: renderers stop at what they can't read, after the last whole segment.

    Args:
        data: Path data with any fault in it.
    """
    broken = _LETTER_E.search(data)
    if broken is not None:
        # the number before the letter is broken, and with it the segment
        start = broken.start()
        while start and data[start - 1] in "0123456789.":
            start -= 1
        data = data[:start]
    at = len(data) - len(data.lstrip(BLANK))
    begin = end = at
    while at < len(data):
        letter = data[at].lower() if data[at].isascii() else ""
        run = _RUNS.get(letter)
        found = run(data, at) if run is not None and (at > begin or letter == "m") else None
        if found is None:
            break
        at = end = found.end()
    return data[begin:end].rstrip(BLANK)


_PAIRS = re.compile(f"{BLANKS}+(?:{run_of_groups(2)})?+").match


def drawn_points(text: str) -> str:
    """The part of a list of points that is drawn: all whole pairs before the first fault."""
    if "." in text:
        text = _NUMBER_OR_DOTTED.sub(_undotted, text)
    found = _PAIRS(text)
    return found[0].strip(BLANK) if found is not None else ""


def _points(job: Job, node: Node) -> None:
    text = node.attributes["points"]
    if next(points(text), None) is None:
        return
    huge = too_large(text)
    if huge is not None and not _overflows(text, huge):
        job.decline("paths.huge", node, "points")
        return
    drawn = drawn_points(text if huge is None else text[:huge])
    if next(points(drawn), None) is None:
        _write(job, node, "points", drawn, "paths.points")


_COMMAND = re.compile(r"[MmLlHhVvCcSsQqTtAaZz][^MmLlHhVvCcSsQqTtAaZz]*").findall
_ARC_COMMAND = re.compile(r"[Aa][^MmLlHhVvCcSsQqTtAaZz]*")
_ONE_ARC = re.compile(_ARC).finditer
_FOUR = re.compile(BLANKS + JOINT.join([f"({ONE})"] * 4) + JOINT).match
_NUMBER = re.compile(ONE).findall
_ABSOLUTE_AFTER_ARC = re.compile(r"A|[Aa][^MmLlHhVvCcSsQqTtAaZz]*[Ss]").search


def without_arcs(data: str) -> str | None:
    """Path data with each arc as cubic curves of at most a quarter turn; all other commands stay as they are.

    Args:
        data: Well-formed path data.

    Returns:
        The new path data; None where an arc can't be worked out.
    """
    try:
        if _ABSOLUTE_AFTER_ARC(data) is None:
            return _ARC_COMMAND.sub(lambda command: _relative_arcs(command[0]), data)
        return "".join(_rewritten(data))
    except (ArithmeticError, ValueError):
        return None


def _relative_arcs(command: str) -> str:
    return "".join(_curves(command, 0.0, 0.0))


def _rewritten(data: str) -> Iterator[str]:
    """The commands one by one, the current point kept in sight."""
    x = y = start_x = start_y = 0.0
    after_arc = False
    for command in _COMMAND(data):
        letter = command[0]
        lower = letter.lower()
        relative = letter == lower
        if lower == "z":
            x, y = start_x, start_y
            yield command
        elif lower == "a":
            yield from _curves(command, x, y)
            for arc in _ONE_ARC(command):
                dx, dy = float(arc[6]), float(arc[7])
                x, y = (x + dx, y + dy) if relative else (dx, dy)
        else:
            if lower == "s" and after_arc:
                yield from _unreflected(command, x, y)
            else:
                yield command
            first = _NUMBER(command)
            if lower == "m":
                start_x, start_y = (x + float(first[0]), y + float(first[1])) if relative else map(float, first[:2])
            x, y = _moved(lower, relative, first, x, y)
        after_arc = lower == "a"


def _moved(lower: str, relative: bool, texts: list[str], x: float, y: float) -> tuple[float, float]:
    """Where a command ends that begins at (x, y)."""
    count = _COUNTS[lower]
    if lower in "hv":
        numbers = list(map(float, texts))
        end = sum(numbers) if relative else numbers[-1]
        if lower == "h":
            return (x + end if relative else end), y
        return x, (y + end if relative else end)
    if not relative:
        return float(texts[-2]), float(texts[-1])
    return x + sum(map(float, texts[count - 2 :: count])), y + sum(map(float, texts[count - 1 :: count]))


def _unreflected(command: str, x: float, y: float) -> Iterator[str]:
    """A smooth curve after an arc: it has no handle to continue, and must not find that of the curve put there."""
    first = _FOUR(command, 1)
    if first is None:
        raise ValueError
    relative = command[0] == "s"
    handle = "0 0" if relative else f"{_exact(x)} {_exact(y)}"
    yield f"{'c' if relative else 'C'}{handle} {' '.join(first.groups())}"
    if first.end() < len(command):
        yield command[0] + command[first.end() :]


def _exact(number: float) -> str:
    return written(number, 9)


def _curves(command: str, x: float, y: float) -> Iterator[str]:
    """One arc command as curves, written from the point (x, y), which relative arcs need not know."""
    relative = command[0] == "a"
    letter = ""
    for arc in _ONE_ARC(command):
        rx, ry, rotation, dx, dy = (float(arc[group]) for group in (1, 2, 3, 6, 7))
        if not relative:
            dx, dy = dx - x, dy - y
        curves = cubics(rx, ry, rotation, arc[4] == "1", arc[5] == "1", dx, dy)
        if curves is None:
            yield f"{'l' if relative else 'L'}{arc[6]} {arc[7]}"
            letter = ""
        else:
            digits = _digits(curves, arc[6], arc[7])
            for text in _written_curves(curves, digits, relative, x, y, (arc[6], arc[7])):
                new = "c" if relative else "C"
                yield (" " if letter == new else new) + text
                letter = new
        if not relative:
            x, y = x + dx, y + dy


def _digits(curves: list[Cubic], *ends: str) -> int:
    """Decimals for a millionth of the arc's size, and no fewer than its end is written with."""
    size = max((abs(number) for curve in curves for number in curve), default=0.0)
    if not math.isfinite(size):
        raise ValueError
    digits = 6 - math.floor(math.log10(size)) if size else 0
    return min(max(digits, 0, *(_decimals(end) for end in ends)), 12)


def _decimals(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or "0"), 0)


def _written_curves(
    curves: list[Cubic], digits: int, relative: bool, x: float, y: float, end: tuple[str, str]
) -> Iterator[str]:
    """Curves as groups of numbers; the last ends exactly where the arc ended."""
    from_x, from_y = (0.0, 0.0) if relative else (-x, -y)
    for index, curve in enumerate(curves):
        last = index == len(curves) - 1
        numbers = [written(number - (from_x if at % 2 == 0 else from_y), digits) for at, number in enumerate(curve)]
        if last and (not relative or index == 0):
            numbers[4:] = end
        yield " ".join(numbers)
        if relative:
            from_x += float(numbers[4])
            from_y += float(numbers[5])


_QUARTER = math.pi / 2
_NOWHERE = 1e-30
"""Square of chord by diameter: what ends so near its beginning ends there for every renderer."""
_STRAIGHT = 1e7
"""Times its chord: an arc of a larger radius can't be told from a line."""


def cubics(rx: float, ry: float, rotation: float, large: bool, sweep: bool, dx: float, dy: float) -> list[Cubic] | None:
    """An elliptical arc as cubic curves, in coordinates that begin where it begins.

    Args:
        rx: First radius.
        ry: Second radius.
        rotation: Degrees by which the ellipse is turned.
        large: Whether the arc is the larger part.
        sweep: Whether it turns to positive angles.
        dx: Where it ends.
        dy: Where it ends.

    Returns:
        The curves; none where nothing is drawn; None for an arc that is a straight line.

    Source: SVG 1.1, F.6 (the conversion from end points to a centre).
    """
    if dx == dy == 0:
        return []
    rx, ry = abs(rx), abs(ry)
    chord = math.hypot(dx, dy)
    if rx == 0 or ry == 0 or (not large and min(rx, ry) > chord * _STRAIGHT):
        return None
    turn = math.radians(rotation % 360)
    cosine, sine = math.cos(turn), math.sin(turn)
    half_x, half_y = (-cosine * dx - sine * dy) / 2, (sine * dx - cosine * dy) / 2
    stretch = (half_x / rx) ** 2 + (half_y / ry) ** 2
    if stretch < _NOWHERE:
        return []
    if stretch > 1:
        rx, ry = rx * math.sqrt(stretch), ry * math.sqrt(stretch)
        stretch = 1.0
    shift = math.sqrt((1 - stretch) / stretch) * (-1 if large == sweep else 1)
    mid_x, mid_y = shift * rx * half_y / ry, -shift * ry * half_x / rx
    first = math.atan2((half_y - mid_y) / ry, (half_x - mid_x) / rx)
    angle = math.atan2((-half_y - mid_y) / ry, (-half_x - mid_x) / rx) - first
    if sweep and angle < 0:
        angle += math.tau
    elif not sweep and angle > 0:
        angle -= math.tau
    center_x, center_y = cosine * mid_x - sine * mid_y + dx / 2, sine * mid_x + cosine * mid_y + dy / 2
    count = max(math.ceil(abs(angle) / _QUARTER - 1e-9), 1)
    step = angle / count
    reach = 4 / 3 * math.tan(step / 4)
    curves = []
    for index in range(count):
        numbers: list[float] = []
        start, end = first + index * step, first + (index + 1) * step
        for at, along in ((start, reach), (end, -reach), (end, 0.0)):
            across = rx * (math.cos(at) - along * math.sin(at))
            down = ry * (math.sin(at) + along * math.cos(at))
            numbers += (cosine * across - sine * down + center_x, sine * across + cosine * down + center_y)
        if index == count - 1:
            numbers[4:] = dx, dy
        curves.append((numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]))
    return curves
