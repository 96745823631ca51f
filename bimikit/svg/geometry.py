"""Just enough geometry to see whether a shape plainly covers an area: rectangles, circles, and affine transforms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from .numbers import Function, read_transform, to_float
from .paths import path_start, straight_outline

Point: TypeAlias = tuple[float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


_LONGEST_OUTLINE = 120
"""Characters: what is longer is no plain rectangle."""


class Transform:
    """The transform on an element, inside that of the elements around it; worked out only when it is asked for."""

    __slots__ = ("known", "matrix_if_known", "outer", "text")

    def __init__(self, text: str, outer: Transform | None) -> None:
        self.text = text
        self.outer = outer
        self.known = False
        self.matrix_if_known: Matrix | None = None

    def matrix(self) -> Matrix | None:
        """From the element's coordinates to the drawing's; None where a transform can't be read."""
        chain: list[Transform] = []
        link: Transform | None = self
        while link is not None and not link.known:
            chain.append(link)
            link = link.outer
        matrix = IDENTITY if link is None else link.matrix_if_known
        for link in reversed(chain):
            matrix = link.matrix_if_known = None if matrix is None else _composed(matrix, link.text)
            link.known = True
        return matrix


def _composed(outer: Matrix, text: str) -> Matrix | None:
    functions, trouble = read_transform(text)
    if trouble is not None:
        return None
    for function in functions:
        outer = times(outer, matrix_of(function))
    return outer


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that does `n` first and then `m`."""
    a, b, c, d, e, f = m
    return (
        a * n[0] + c * n[1],
        b * n[0] + d * n[1],
        a * n[2] + c * n[3],
        b * n[2] + d * n[3],
        a * n[4] + c * n[5] + e,
        b * n[4] + d * n[5] + f,
    )


def matrix_of(function: Function) -> Matrix:
    """The matrix of one function of a ``transform``."""
    name, numbers = function
    first = numbers[0]
    if name == "matrix":
        return numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]
    if name == "translate":
        return 1, 0, 0, 1, first, numbers[1] if len(numbers) > 1 else 0
    if name == "scale":
        return first, 0, 0, numbers[1] if len(numbers) > 1 else first, 0, 0
    angle = math.radians(first)
    if name == "skewX":
        return 1, 0, math.tan(angle), 1, 0, 0
    if name == "skewY":
        return 1, math.tan(angle), 0, 1, 0, 0
    sine, cosine = math.sin(angle), math.cos(angle)
    x, y = (numbers[1], numbers[2]) if len(numbers) == 3 else (0.0, 0.0)
    return cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y


def _to_local(points: list[Point], matrix: Matrix) -> list[Point]:
    """Points of the drawing in an element's own coordinates; none where everything is squeezed flat."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    if not abs(determinant) > 1e-12 or not math.isfinite(determinant):
        return []
    return [((d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant) for x, y in points]


def may_cover(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether a shape is of a kind, and simple enough, that `covers` can tell."""
    outline = _OUTLINES.get(name)
    return name in _HOLDS if outline is None else len(outline(attributes)) <= _LONGEST_OUTLINE


def covers(name: str, attributes: Mapping[str, str], area: Box, transform: Transform | None) -> bool:
    """Whether a shape that `may_cover` plainly covers an area of the drawing.

    Plainly: it is a rectangle (drawn as one, or as a path or polygon of four corners), or a circle or ellipse around
    the area. Anything else is for the check on pixels to see.
    """
    left, top, right, bottom = area
    if name in _OUTLINES and transform is None:
        # a rectangle around the area begins at a corner, outside it: most shapes end here
        start = path_start(_OUTLINES[name](attributes))
        if start is None or left < start[0] < right or top < start[1] < bottom:
            return False
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if transform is not None:
        matrix = transform.matrix()
        corners = _to_local(corners, matrix) if matrix is not None else []
    return bool(corners) and _HOLDS[name](attributes, corners)


def _number(attributes: Mapping[str, str], key: str) -> float:
    """A number of a shape; NaN, which compares as false with everything, where it can't be read."""
    value = attributes.get(key)
    if value is None:
        return 0.0
    number = to_float(value)
    return math.nan if number is None else number


def _rect_holds(attributes: Mapping[str, str], points: list[Point]) -> bool:
    if attributes.get("rx", "0") != "0" or attributes.get("ry", "0") != "0":
        return False
    x, y = _number(attributes, "x"), _number(attributes, "y")
    if attributes.get("width") == "100%" and attributes.get("height") == "100%":
        return x == y == 0
    return _box_holds((x, y, x + _number(attributes, "width"), y + _number(attributes, "height")), points)


def _box_holds(box: Box, points: list[Point]) -> bool:
    left, top, right, bottom = box
    for x, y in points:  # noqa: SIM110 - a loop, because it is run for every logo's background
        if not (left <= x <= right and top <= y <= bottom):
            return False
    return True


def _circle_holds(attributes: Mapping[str, str], points: list[Point]) -> bool:
    radius = _number(attributes, "r")
    return _oval_holds(attributes, radius, radius, points)


def _ellipse_holds(attributes: Mapping[str, str], points: list[Point]) -> bool:
    return _oval_holds(attributes, _number(attributes, "rx"), _number(attributes, "ry"), points)


def _oval_holds(attributes: Mapping[str, str], rx: float, ry: float, points: list[Point]) -> bool:
    if not (rx > 0 and ry > 0):
        return False
    x, y = _number(attributes, "cx"), _number(attributes, "cy")
    # hypot, unlike a power, doesn't fail on huge numbers
    return all(math.hypot((px - x) / rx, (py - y) / ry) <= 1 for px, py in points)


def _path_of(attributes: Mapping[str, str]) -> str:
    return attributes.get("d", "")


def _path_of_polygon(attributes: Mapping[str, str]) -> str:
    return "M" + attributes.get("points", "")


_OUTLINES = {"path": _path_of, "polygon": _path_of_polygon}


def _path_holds(attributes: Mapping[str, str], points: list[Point]) -> bool:
    return _outline_holds(_path_of(attributes), points)


def _polygon_holds(attributes: Mapping[str, str], points: list[Point]) -> bool:
    return _outline_holds(_path_of_polygon(attributes), points)


def _outline_holds(path: str, points: list[Point]) -> bool:
    outline = straight_outline(path)
    if len(outline) < 4:
        return False
    xs, ys = zip(*outline, strict=True)
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    is_rectangle = set(outline) == {(left, top), (right, top), (right, bottom), (left, bottom)}
    return is_rectangle and _box_holds((left, top, right, bottom), points)


_HOLDS = {
    "rect": _rect_holds,
    "circle": _circle_holds,
    "ellipse": _ellipse_holds,
    "path": _path_holds,
    "polygon": _polygon_holds,
}
