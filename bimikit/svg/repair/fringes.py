"""Fringes: where several cut shapes lie on one another and end at the same edge, the lower ones would show there.

At an edge a renderer draws pixels partly. Cut once as a group, shapes leave the uppermost alone to be seen; cut each by
itself, the lower ones shine through in those pixels. So what an opaque shape hides is taken away along the edge.
"""

from __future__ import annotations

from typing import NamedTuple

from pathops import LineCap, LineJoin, Path, PathOp

from .bench import Bench
from .leaves import Leaf
from .pieces import Piece, colour_of, stop_colours
from .regions import THINNEST, Effort, apart, box_path, combined, is_empty, negligible, within
from .shapes import inverse, mapped
from .tree import Node

_BAND = 1 / 32
"""Of the drawing's larger side: how far from the edge what is hidden goes. A pixel at the smallest size that counts."""
_UNDERLAP = 1 / 64
"""The same for how far a shape reaches under the one that hides it, where that one ends, so that no seam is seen."""
_MOST_HIDING = 4
"""How many shapes are tried whether they hide another one as a whole."""
_BLURRING = ("opacity", "mask", "clip-path", "filter", "mix-blend-mode")


class Part(NamedTuple):
    """What is left of a piece.

    Attributes:
        leaf: Where the shape stands.
        piece: The piece.
        path: Its outline, in the shape's own coordinates; None where nothing is cut off.
    """

    leaf: Leaf
    piece: Piece
    path: Path | None


def without_fringes(parts: list[Part], region: Path, top: Node, bench: Bench) -> list[Part]:
    """The parts, in painting order, without what can't be seen of them along the region's edge.

    Args:
        parts: What was cut.
        region: What it was cut by, in the coordinates inside the element at the top.
        top: That element.
        bench: What is known of the tree.
    """
    if sum(1 for part in parts if part.path is not None) < 2:
        return parts
    effort = bench.spare_effort
    thin = bench.thinness(bench.to_root(top))
    side = thin / THINNEST
    band = _along_edge(region, side * _BAND)
    outside = combined(_box_around(band, side), region, PathOp.DIFFERENCE, effort)
    if outside is None:
        return parts
    hidden = Path()
    hiding: list[Path] = []
    kept: list[Part] = []
    for part in reversed(parts):
        if part.path is None:
            kept.append(part)
            continue
        placed = mapped(part.path, part.leaf.matrix)
        if any(within(placed, above, thin, effort) for above in hiding[-_MOST_HIDING:]):
            continue
        trimmed = _trimmed(part, placed, hidden, thin, effort)
        if trimmed is not None:
            kept.append(trimmed)
        if _is_opaque(part, top, bench):
            hiding.append(placed)
            # uncut, since an edge that is cut never lies exactly on that of the region
            uncut = mapped(part.piece.path, part.leaf.matrix)
            thin_one = negligible(placed, 2 * side * _UNDERLAP)
            more = None if thin_one else _hidden_by(uncut, outside, band, side * _UNDERLAP, effort)
            if more is not None and not is_empty(more):
                both = more if is_empty(hidden) else combined(hidden, more, PathOp.UNION, effort)
                hidden = hidden if both is None else both
    return kept[::-1]


def _along_edge(area: Path, width: float) -> Path:
    """The surroundings of an area's edge."""
    band = Path(area)
    band.stroke(2 * width, LineCap.BUTT_CAP, LineJoin.MITER_JOIN, 4)
    return band


def _box_around(area: Path, margin: float) -> Path:
    left, top, right, bottom = area.bounds
    return box_path((left - margin, top - margin, right + margin, bottom + margin))


def _hidden_by(opaque: Path, outside: Path, band: Path, underlap: float, effort: Effort) -> Path | None:
    """What an opaque shape hides along the region's edge, not counting what is near an edge of its own."""
    # together with what is outside, a shape has no edge where it is cut
    extended = combined(opaque, outside, PathOp.UNION, effort)
    if extended is None:
        return None
    inner = combined(extended, _along_edge(extended, underlap), PathOp.DIFFERENCE, effort)
    return None if inner is None else combined(inner, band, PathOp.INTERSECTION, effort)


def _trimmed(part: Part, placed: Path, hidden: Path, thin: float, effort: Effort) -> Part | None:
    """A part without what is hidden of it; None where nothing is left."""
    back = inverse(part.leaf.matrix)
    if back is None or apart(placed, hidden):
        return part
    left = combined(placed, hidden, PathOp.DIFFERENCE, effort)
    if left is None:
        return part
    if is_empty(left) or negligible(left, thin):
        return None
    return part._replace(path=mapped(left, back))


def _is_opaque(part: Part, top: Node, bench: Bench) -> bool:
    """Whether nothing is seen through a part."""
    node = part.piece.node
    around = [node]
    while around[-1] is not top and around[-1].parent is not None:
        around.append(around[-1].parent)
    for bearer in around:
        if bearer is not top and any(
            bearer.attributes.get(name, "none").strip() not in ("none", "normal", "1") for name in _BLURRING
        ):
            return False
    colour = colour_of(part.piece.colour)
    colours = [colour] if colour is not None else stop_colours(part.piece.colour, bench.ids)
    return part.piece.alpha == 1 and colours is not None and all(stop[3] == 1 for stop in colours)
