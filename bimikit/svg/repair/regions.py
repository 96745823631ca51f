"""Areas combined: unions, intersections and differences of outlines, within bounds and checked.

skia works in single precision with tolerances that suit pixels, so areas are brought to a good size first, and what it
returns is compared with what was asked at a grid of points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, zip_longest

from pathops import FillType, Path, PathOp, PathOpsError, PathVerb, op

from ..geometry import Box, Point
from .shapes import Matrix, mapped

THINNEST = 1 / 32_768
"""Of the drawing's larger side: what is thinner isn't seen."""
_GOOD_SIZE = 2048.0
_UNITS_A_JOB = 100_000
_UNITS_A_COMBINATION = 30_000


class Effort:
    """What geometry may still cost in one step. A unit is about 30 microseconds.

    Attributes:
        left: Units left.
    """

    __slots__ = ("left",)

    def __init__(self, units: float = _UNITS_A_JOB) -> None:
        self.left = units

    def spend(self, units: float) -> bool:
        """Take some off; False when that is more than there was."""
        self.left -= units
        return self.left >= 0


def combined(one: Path, other: Path, operation: PathOp, effort: Effort) -> Path | None:
    """Two areas as one.

    Returns:
        A path to be filled by the even-odd rule; None where it costs too much or comes out wrong.
    """
    crowd = _cost((one, other), effort)
    if crowd is None:
        return None
    for to, back in _frames((one, other)):
        first, second = mapped(one, to), mapped(other, to)
        try:
            result = op(first, second, operation, False, False)
        except PathOpsError:
            continue
        if _agrees(first, second, operation, result):
            return mapped(result, back)
        if not effort.spend(crowd):
            break
    return None


def union(paths: Sequence[Path], effort: Effort) -> Path | None:
    """The area that any of them covers; None where it can't be worked out."""
    level = list(paths)
    while len(level) > 1:  # in pairs, so that no path takes part in more than a few combinations
        following = []
        for one, other in zip_longest(level[::2], level[1::2]):
            together = one if other is None else combined(one, other, PathOp.UNION, effort)
            if together is None:
                return None
            following.append(together)
        level = following
    return level[0] if level else Path()


def box_path(box: Box) -> Path:
    """A rectangle."""
    left, top, right, bottom = box
    path = Path()
    path.moveTo(left, top)
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        path.lineTo(x, y)
    path.close()
    return path


def is_empty(path: Path) -> bool:
    """Whether there is nothing to fill."""
    return not any(verb not in (PathVerb.MOVE, PathVerb.CLOSE) for verb in path.verbs)


def joined(boxes: Sequence[Box]) -> Box | None:
    """The box around boxes; None for none."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def apart(one: Path, other: Path) -> bool:
    """Whether the boxes around two areas don't overlap."""
    if is_empty(one) or is_empty(other):
        return True
    left, top, right, bottom = one.bounds
    others = other.bounds
    return bool(left >= others[2] or others[0] >= right or top >= others[3] or others[1] >= bottom)


def within(part: Path, region: Path, thin: float, effort: Effort) -> bool:
    """Whether a region holds all of a part, but for what is thinner than `thin`."""
    left, top, right, bottom = part.bounds
    box = rectangle(region)
    if box is not None:
        return _inside((left, top, right, bottom), box, thin)
    if not _inside((left, top, right, bottom), region.bounds, thin):
        return False
    if region.isConvex and len(part.verbs) < _QUICK and all(map(region.contains, part.points)):
        return True  # what curves lies within its control points
    outside = combined(part, region, PathOp.DIFFERENCE, effort)
    return outside is not None and negligible(outside, thin)


_QUICK = 2000


def _inside(box: Box, outer: Box, ease: float) -> bool:
    return (
        box[0] >= outer[0] - ease
        and box[1] >= outer[1] - ease
        and box[2] <= outer[2] + ease
        and box[3] <= outer[3] + ease
    )


def rectangle(path: Path) -> Box | None:
    """The box a path covers when it is an upright rectangle and nothing else."""
    if len(path.verbs) > 7 or not set(path.verbs) <= _STRAIGHT or path.verbs.count(PathVerb.MOVE) != 1:
        return None
    left, top, right, bottom = path.bounds
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    points = list(path.points)
    if len(points) == 5 and points[0] == points[4]:
        points.pop()
    if len(points) != 4 or points[0] not in corners:
        return None
    start = corners.index(points[0])
    turns = corners[start:] + corners[:start]
    return (left, top, right, bottom) if points in (turns, turns[:1] + turns[:0:-1]) else None


_STRAIGHT = {PathVerb.MOVE, PathVerb.LINE, PathVerb.CLOSE}


def size_of(path: Path) -> float:
    """The size of the area a path encloses, which skia can't tell of a path with conics."""
    if PathVerb.CONIC in path.verbs:
        left, top, right, bottom = path.bounds
        path = Path(path)
        path.convertConicsToQuads(max(right - left, bottom - top, 1e-6) / 4000)
    return float(path.area)


def negligible(path: Path, thin: float) -> bool:
    """Whether nothing of an area can be seen: each of its pieces is thinner than `thin`."""
    for contour in path.contours:
        left, top, right, bottom = contour.bounds
        if size_of(contour) > thin * max(right - left, bottom - top) and min(right - left, bottom - top) > thin:
            return False
    return True


_LEAST_COST = 7


def _cost(paths: Sequence[Path], effort: Effort) -> float | None:
    """What combining paths costs, already spent; None for too much."""
    segments = sum(len(path.verbs) for path in paths)
    cost = _LEAST_COST + segments * segments / 30_000
    if cost > _UNITS_A_COMBINATION or not effort.spend(cost):
        return None
    if segments < 100:
        return cost
    crossings = _crossing_cost(paths, min(_UNITS_A_COMBINATION, effort.left))
    return cost + crossings if crossings <= _UNITS_A_COMBINATION and effort.spend(crossings) else None


def _crossing_cost(paths: Sequence[Path], most: float) -> float:
    """A unit for each pair of segments that may cross, and something for the looking; counted up to a limit."""
    boxes = sorted(box for path in paths for box in _segment_boxes(path))
    cost = 0.0
    open_boxes: list[Box] = []
    for box in boxes:
        open_boxes = [other for other in open_boxes if other[2] >= box[0]]
        cost += sum(1 for other in open_boxes if other[1] <= box[3] and box[1] <= other[3]) + len(open_boxes) / 500
        if cost > most:
            break
        open_boxes.append(box)
    return cost


def _segment_boxes(path: Path) -> list[Box]:
    boxes = []
    for corners in _edges(path):
        xs, ys = zip(*corners, strict=True)
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return boxes


def _edges(path: Path) -> list[list[Point]]:
    """The edges of a path, each as its control points."""
    edges = []
    here = start = (0.0, 0.0)
    for verb, points in path:
        if verb == PathVerb.MOVE:
            here = start = points[0]
            continue
        # a conic's last item is its weight
        corners = [here, *(point for point in points if isinstance(point, tuple))] if points else [here, start]
        if corners[-1] != corners[0] or len(corners) > 2:
            edges.append(corners)
        here = corners[-1]
    return edges


def _frames(paths: Sequence[Path]) -> Iterator[tuple[Matrix, Matrix]]:
    """Coordinates to try, from the one least costly in precision: to them, and back.

    The first are of a size that suits skia, reached by powers of two, which are exact. Where skia is led astray, it
    mostly isn't once everything is turned.
    """
    box = joined([path.controlPointBounds for path in paths if not is_empty(path)]) or (0.0, 0.0, 1.0, 1.0)
    side = max(box[2] - box[0], box[3] - box[1])
    scale = 2.0 ** round(math.log2(_GOOD_SIZE / side)) if 1e-9 < side < 1e9 else 1.0
    far = max(abs(box[0]), abs(box[1])) > 4 * side
    x, y = (box[0], box[1]) if far else (0.0, 0.0)
    for angle in _ANGLES:
        cosine, sine = math.cos(angle) * scale, math.sin(angle) * scale
        a, b = cosine / scale**2, sine / scale**2
        yield (
            (cosine, sine, -sine, cosine, -x * cosine + y * sine, -x * sine - y * cosine),
            (a, -b, b, a, x, y),
        )


_ANGLES = (0.0, 0.7, 1.9)


_HOLDS: dict[PathOp, Callable[[bool, bool], bool]] = {
    PathOp.UNION: lambda one, other: one or other,
    PathOp.INTERSECTION: lambda one, other: one and other,
    PathOp.DIFFERENCE: lambda one, other: one and not other,
}


def _agrees(one: Path, other: Path, operation: PathOp, result: Path) -> bool:
    """Whether a result is right: at a grid of points, and close to the edges of all three.

    The grid finds large areas that are wrong, the edges find thin ones. A few points may happen to lie on an edge.
    """
    bounds = joined([path.bounds for path in (one, other, result) if not is_empty(path)])
    if bounds is None:
        return True
    holds = _HOLDS[operation]
    points = _grid(bounds, 7)
    for path in (one, other, result):
        points.extend(_beside_edges(path))
    wrong = sum(result.contains(point) != holds(one.contains(point), other.contains(point)) for point in points)
    return bool(wrong <= 1 + len(points) / 200)


def _grid(box: Box, steps: int) -> list[Point]:
    """Points in a box, at no neat fractions, since edges like to lie there."""
    left, top, right, bottom = box
    xs = [left + (right - left) * (column + 0.4142) / steps for column in range(steps)]
    ys = [top + (bottom - top) * (row + 0.5772) / steps for row in range(steps)]
    return [(x, y) for y in ys for x in xs]


_MOST_EDGES = 60
"""Edges of a path beside which is looked, evenly spread."""
_BESIDE = 0.3
"""Units at the size that suits skia: more than its curves stray, less than can be seen."""


def _beside_edges(path: Path) -> list[Point]:
    """Points on both sides of the middles of a path's edges."""
    points: list[Point] = []
    edges = _edges(path)
    for corners in edges[:: max(1, len(edges) // _MOST_EDGES)]:
        before, after = _halves(corners)
        x, y = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy)
        if length > 0:
            across, down = -dy / length * _BESIDE, dx / length * _BESIDE
            points += ((x + across, y + down), (x - across, y - down))
    return points


def _halves(corners: list[Point]) -> tuple[Point, Point]:
    """Two points on the tangent in the middle of a Bézier curve, whose own middle lies between them."""
    while len(corners) > 2:
        corners = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in pairwise(corners)]
    return corners[0], corners[1]


def even_odd(path: Path) -> bool:
    """Whether a combined path must be filled by the even-odd rule: it has more than one contour."""
    return bool(path.fillType == FillType.EVEN_ODD) and list(path.verbs).count(PathVerb.MOVE) > 1
