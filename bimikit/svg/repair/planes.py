"""Overlapping pieces as planes that lie side by side, so that each can be given a share of the group's opacity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from pathops import Path, PathOp

from ..geometry import Box, Matrix, times
from .bench import Bench
from .cutting import Cuts
from .job import inherited
from .leaves import Leaf, Refused
from .pieces import FILL, Piece, colour_of, only, pieces_of, redrawn, set_alpha, stop_colours, together
from .regions import combined, is_empty, negligible, union
from .shapes import inverse, mapped
from .tree import Node

Colour: TypeAlias = tuple[float, float, float]
MOST_PIECES = 1000
_MOST_PLANES = 60
_FAINT = 0.1
"""Of full opacity: how much may shine through at most in the middle of the seam between two planes."""
_OPAQUE = 0.998


class Plane:
    """An area of one paint that overlaps no other.

    Attributes:
        piece: The piece it is painted like.
        leaf: Where that stands.
        path: The area, in the coordinates inside the element at the top.
        colour: Its colour; None for a gradient.
        alpha: Its opacity.
        box: The box around it.
        whole: Whether it is all of the piece, and nothing else.
    """

    __slots__ = ("alpha", "box", "colour", "leaf", "path", "piece", "whole")

    def __init__(self, leaf: Leaf, piece: Piece) -> None:
        self.leaf = leaf
        self.piece = piece
        self.path = mapped(piece.path, leaf.matrix)
        self.box: Box = self.path.bounds
        solid = colour_of(piece.colour)
        self.colour: Colour | None = solid[:3] if solid is not None else None
        self.alpha = piece.alpha * (solid[3] if solid is not None else 1.0)
        self.whole = True

    def part(self, path: Path) -> Plane:
        """Another plane, painted like this one."""
        plane = Plane(self.leaf, self.piece)
        plane.path, plane.box = path, path.bounds
        plane.colour, plane.alpha, plane.whole = self.colour, self.alpha, False
        return plane


def planes_of(drawn: Sequence[Leaf]) -> list[Plane]:
    """All fills and strokes, in painting order.

    Raises:
        Refused: There is something else among it, or too much.
    """
    planes = [Plane(leaf, piece) for leaf in drawn for piece in pieces_of(leaf.node)]
    if len(planes) > MOST_PIECES:
        raise Refused("too-complex")
    return planes


def overlap(planes: Sequence[Plane], thin: float, bench: Bench) -> bool:
    """Whether any of them overlaps another by more than can be seen.

    Raises:
        Refused: It can't be known.
    """
    for index, plane in enumerate(planes):
        for other in planes[:index]:
            if not _apart(plane.box, other.box):
                common = _combined(plane.path, other.path, PathOp.INTERSECTION, bench)
                if not negligible(common, thin):
                    return True
    return False


def flattened(planes: Sequence[Plane], thin: float, bench: Bench) -> list[Plane]:
    """The same picture as planes of which none overlaps another.

    Raises:
        Refused: It has no such form, or is too complex.
    """
    flat: list[Plane] = []
    for plane in _runs_merged(planes, bench):
        flat = _painted_over(flat, plane, thin, bench)
        if len(flat) > _MOST_PLANES:
            raise Refused("too-complex")
    return flat


def _runs_merged(planes: Sequence[Plane], bench: Bench) -> list[Plane]:
    """The planes, with each run of one opaque colour made into one."""
    runs: list[list[Plane]] = []
    for plane in planes:
        if runs and _same(runs[-1][0], plane) and _is_opaque(plane, bench):
            runs[-1].append(plane)
        else:
            runs.append([plane])
    merged = []
    for run in runs:
        path = union([plane.path for plane in run], bench.effort) if len(run) > 1 else None
        if len(run) > 1 and path is None:
            raise Refused("too-complex")
        merged.append(run[-1] if path is None else run[-1].part(path))
    return merged


def _apart(one: Box, other: Box) -> bool:
    """Whether two boxes don't overlap."""
    return one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def _painted_over(flat: list[Plane], new: Plane, thin: float, bench: Bench) -> list[Plane]:
    """Planes after one more is painted over them."""
    opaque = _is_opaque(new, bench)
    if _is_transparent(new, bench):
        raise Refused("shaded")
    result: list[Plane] = []
    for old in flat:
        if _apart(old.box, new.box):
            result.append(old)
            continue
        common = _combined(old.path, new.path, PathOp.INTERSECTION, bench)
        if negligible(common, thin):
            result.append(old)
            continue
        if opaque and _same(old, new):
            new = _merged(old, new, bench)
            continue
        rest = _combined(old.path, new.path, PathOp.DIFFERENCE, bench)
        if not opaque:
            result.append(_blended(old, new, common))
            new = new.part(_combined(new.path, old.path, PathOp.DIFFERENCE, bench))
        if not negligible(rest, thin):
            result.append(old.part(rest))
    if not is_empty(new.path) and not negligible(new.path, thin):
        result.append(new)
    return result


def _merged(old: Plane, new: Plane, bench: Bench) -> Plane:
    return new.part(_combined(old.path, new.path, PathOp.UNION, bench))


def _same(one: Plane, other: Plane) -> bool:
    return one.colour is not None and one.colour == other.colour and one.alpha == other.alpha


def _blended(below: Plane, above: Plane, common: Path) -> Plane:
    """Where one plane is seen through another."""
    if below.colour is None or above.colour is None:
        raise Refused("shaded")
    alpha = above.alpha + below.alpha * (1 - above.alpha)
    share = above.alpha / alpha if alpha else 0.0
    plane = above.part(common)
    plane.alpha = alpha
    first, second, third = (
        up * share + down * (1 - share) for up, down in zip(above.colour, below.colour, strict=True)
    )
    plane.colour = (first, second, third)
    return plane


def _is_opaque(plane: Plane, bench: Bench) -> bool:
    if plane.alpha < _OPAQUE:
        return False
    if plane.colour is not None:
        return True
    stops = stop_colours(plane.piece.colour, bench.ids)
    return stops is not None and all(stop[3] > _OPAQUE for stop in stops)


def _is_transparent(plane: Plane, bench: Bench) -> bool:
    """Whether a plane lets something through that can't be worked out."""
    return plane.colour is None and not _is_opaque(plane, bench)


def shine_through(planes: Sequence[Plane], opacity: float, thin: float) -> bool:
    """Whether what is behind would be seen between planes that touch, each drawn with a share of the opacity."""
    for index, plane in enumerate(planes):
        for other in planes[:index]:
            left, top, right, bottom = plane.box
            grown = (left - thin, top - thin, right + thin, bottom + thin)
            if not _apart(grown, other.box) and plane.alpha * other.alpha * opacity**2 / 4 > _FAINT:
                return True
    return False


def redraw(drawn: Sequence[Leaf], planes: Sequence[Plane], opacity: float, bench: Bench, top: Node) -> Cuts:
    """What is to stand in the leaves' places: the planes, each with a share of the opacity.

    Raises:
        Refused: A gradient can't be kept.
    """
    to_root = bench.to_root(top)
    made: dict[Node, list[Node]] = {leaf.node: [] for leaf in drawn}
    for plane in planes:
        element = _element(plane, times(to_root, plane.leaf.matrix), bench)
        set_alpha(element, plane.piece.paint if plane.whole else FILL, plane.alpha * opacity)
        made[plane.leaf.node].append(element)
    return {node: together(node, elements) for node, elements in made.items()}


def _element(plane: Plane, to_root: Matrix, bench: Bench) -> Node:
    if plane.whole:
        return only(plane.piece)
    back = inverse(plane.leaf.matrix)
    if back is None:
        raise Refused("unreadable")
    element = redrawn(plane.piece, mapped(plane.path, back), bench.digits(to_root))
    if plane.colour is None:
        bench.hold_paint(element, plane.piece)
    else:
        colour = "#" + "".join(f"{round(part):02x}" for part in plane.colour)
        if inherited(plane.piece.node, "fill") != colour or "fill" in element.attributes:
            element.attributes["fill"] = colour
    return element


def _combined(one: Path, other: Path, operation: PathOp, bench: Bench) -> Path:
    result = combined(one, other, operation, bench.effort)
    if result is None:
        raise Refused("too-complex")
    return result
