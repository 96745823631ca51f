"""Gradients that repeat or reflect, written out as far as what they paint reaches."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..geometry import Box
from ..numbers import to_float
from ..profile import GRADIENTS, SHAPES
from .job import Job, by_id, inherited, viewport
from .paint_servers import (
    Painted,
    Painting,
    box_of,
    coordinates,
    digits_for,
    has_box_units,
    has_template,
    is_flat,
    stops_of,
)
from .shapes import written
from .tree import Node

_MOST_PERIODS = 64
_MOST_STOPS = 500
_MOST_STOPS_MADE = 20_000


def fold_spread(job: Job) -> None:
    """Draw gradients with a ``spreadMethod`` with more stops instead."""
    spread = [node for node in job.root.walk() if node.name in GRADIENTS and "spreadMethod" in node.attributes]
    painting: Painting | None = None
    made = 0
    for gradient in spread:
        if has_template(gradient) or not job.may_touch(gradient):
            continue
        method = gradient.attributes["spreadMethod"].strip()
        if method not in ("repeat", "reflect") or len(stops_of(gradient)) < 2:
            del gradient.attributes["spreadMethod"]
            job.did("gradient.spread-without-effect", gradient)
            continue
        if any(name in gradient.attributes for name in ("gradientTransform", "fx", "fy", "fr")):
            continue  # declined before
        painting = painting or Painting(job.root, by_id(job.root))
        if painting.leaves_out(gradient):
            continue
        numbers = coordinates(gradient, viewport(job.root))
        boxes = [_extent(painted, in_box=has_box_units(gradient)) for painted in painting.by(gradient)]
        known = [box for box in boxes if box is not None]
        if not painting.complete or numbers is None or len(known) < len(boxes):
            job.decline("gradient.spread-extent", gradient, "spreadMethod")
            continue
        first, last = _periods(numbers, known)
        stops = len(stops_of(gradient)) * (last - first)
        made += stops
        if last - first > _MOST_PERIODS or stops > _MOST_STOPS or made > _MOST_STOPS_MADE:
            job.decline("gradient.spread-many", gradient, "spreadMethod", limit=_MOST_PERIODS)
            continue
        del gradient.attributes["spreadMethod"]
        if (first, last) == (0, 1):
            job.did("gradient.spread-without-effect", gradient)
            continue
        _stretch(gradient, numbers, first, last)
        _repeat(gradient, first, last, mirrored=method == "reflect")
        job.did("gradient.spread", gradient)


def _extent(painted: Painted, *, in_box: bool) -> Box | None:
    """The box of what is painted, in the gradient's units; None where it can't be told.

    An empty box stands for what isn't drawn.
    """
    shape = painted.shape
    box = box_of(shape) if shape.name in SHAPES else None
    if box is None:
        return None
    left, top, right, bottom = box
    grown = _stroke_reach(shape) if painted.paint == "stroke" else 0.0
    if grown is None:
        return None
    if in_box and is_flat(box):
        return 0.0, 0.0, 0.0, 0.0
    if in_box:
        across, down = grown / (right - left), grown / (bottom - top)
        return -across, -down, 1 + across, 1 + down
    return left - grown, top - grown, right + grown, bottom + grown


def _stroke_reach(shape: Node) -> float | None:
    """How far a stroke reaches from its outline, at most."""
    width, miter = to_float(inherited(shape, "stroke-width")), to_float(inherited(shape, "stroke-miterlimit"))
    if width is None or miter is None or inherited(shape, "vector-effect") != "none":
        return None
    sharp = miter if inherited(shape, "stroke-linejoin") == "miter" else 1.0
    return width / 2 * max(sharp, math.sqrt(2))


def _periods(numbers: tuple[float, ...], boxes: Iterable[Box]) -> tuple[int, int]:
    """From which period to which a gradient is seen; the first is 0, to 1.

    Many are counted as too many.
    """
    lowest, highest = 0.0, 1.0
    for left, top, right, bottom in boxes:
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
            at = _position(numbers, x, y)
            lowest, highest = min(lowest, at), max(highest, at)
    limit = 2.0 * _MOST_PERIODS
    noise = 1e-4  # a border that lies on the end of a period
    return math.floor(max(lowest, -limit) + noise), math.ceil(min(highest, limit) - noise)


def _position(numbers: tuple[float, ...], x: float, y: float) -> float:
    """Where a point lies on a gradient, 0 being its beginning and 1 its end."""
    if len(numbers) == 3:
        return math.hypot(x - numbers[0], y - numbers[1]) / numbers[2] if numbers[2] > 0 else 0.0
    across, down = numbers[2] - numbers[0], numbers[3] - numbers[1]
    length = across**2 + down**2
    return ((x - numbers[0]) * across + (y - numbers[1]) * down) / length if length > 0 else 0.0


def _stretch(gradient: Node, numbers: tuple[float, ...], first: int, last: int) -> None:
    """Make a gradient reach from the beginning of one period to the end of another."""
    if len(numbers) == 3:
        gradient.attributes["r"] = written(numbers[2] * last, digits_for(numbers[2]))
        return
    x1, y1, x2, y2 = numbers
    digits = digits_for(math.hypot(x2 - x1, y2 - y1))
    ends = (
        ("x1", x1 + first * (x2 - x1)),
        ("y1", y1 + first * (y2 - y1)),
        ("x2", x1 + last * (x2 - x1)),
        ("y2", y1 + last * (y2 - y1)),
    )
    for name, number in ends:
        gradient.attributes[name] = written(number, digits)


def _repeat(gradient: Node, first: int, last: int, *, mirrored: bool) -> None:
    """Write the stops once for each period."""
    period = [(stop.offset, stop.element) for stop in stops_of(gradient)]
    if period[0][0] > 0:
        period.insert(0, (0.0, period[0][1]))
    if period[-1][0] < 1:
        period.append((1.0, period[-1][1]))
    backwards = [(1 - offset, element) for offset, element in reversed(period)]
    gradient.children = []
    used: set[Node] = set()
    for number in range(first, last):
        for offset, element in backwards if mirrored and number % 2 else period:
            stop = element.clone()
            if element in used:
                stop.attributes.pop("id", None)
            used.add(element)
            stop.attributes["offset"] = written((number - first + offset) / (last - first), 6)
            gradient.append(stop)
