"""Fills and strokes of shapes apart from each other, and elements made of one of them."""

from __future__ import annotations

from typing import NamedTuple

from pathops import Path

from ..colours import read_paint
from ..profile import SHAPES
from .job import inherited
from .leaves import Refused, is_hidden
from .paint_servers import server_of
from .regions import even_odd
from .shapes import outline, path_data, stroke_outline, written
from .tree import Node

FILL, STROKE = "fill", "stroke"
_GEOMETRY = frozenset("cx cy d height pathLength points r rx ry width x x1 x2 y y1 y2".split())
_STROKING = frozenset(
    """stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
    stroke-width""".split()
)
_FILLING = frozenset({"fill", "fill-opacity", "fill-rule"})
_PLACING = frozenset({"paint-order", "marker", "marker-start", "marker-mid", "marker-end", "clip-rule"})
_OF_THE_WHOLE = (
    "id",
    "transform",
    "opacity",
    "clip-path",
    "mask",
    "filter",
    "mix-blend-mode",
    "isolation",
    "display",
    "visibility",
)
"""What a group around the pieces of a shape carries, and not the pieces."""
_EFFECTS = frozenset({"opacity", "clip-path", "mask", "filter", "mix-blend-mode"})


class Piece(NamedTuple):
    """A fill or a stroke of a shape.

    Attributes:
        node: The shape.
        paint: ``"fill"`` or ``"stroke"``.
        path: What it covers, in the shape's own coordinates.
    """

    node: Node
    paint: str
    path: Path

    @property
    def colour(self) -> str:
        """The value of its paint."""
        return inherited(self.node, self.paint)

    @property
    def alpha(self) -> float:
        """Its opacity, without that of its colours."""
        return opacity_of(inherited(self.node, f"{self.paint}-opacity"))


def opacity_of(text: str) -> float:
    """The number an opacity stands for, within 0 and 1; 1 for what can't be read, as renderers have it."""
    text = text.strip()
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return 1.0
    return min(max(number, 0.0), 1.0) if number == number else 1.0


def pieces_of(node: Node) -> list[Piece]:
    """What a shape draws, in painting order.

    Raises:
        Refused: It isn't a shape, or one whose area can't be worked out.
    """
    if node.name not in SHAPES:
        raise Refused(_KINDS.get(node.name, "unreadable"))
    if is_hidden(node):
        return []
    found = []
    for paint in (STROKE, FILL) if stroke_comes_first(node) else (FILL, STROKE):
        if inherited(node, paint) == "none":
            continue
        path = outline(node) if paint == FILL else stroke_outline(node)
        if path is None:
            raise Refused("unreadable")
        left, top, right, bottom = path.bounds
        if right > left and bottom > top:  # a line fills nothing
            found.append(Piece(node, paint, path))
    if any(inherited(node, f"marker-{end}") != "none" for end in ("start", "mid", "end")) or "style" in node.attributes:
        raise Refused("unreadable")
    return found


_KINDS = {"text": "text", "textArea": "text", "image": "image", "foreignObject": "image"}


def stroke_comes_first(node: Node) -> bool:
    """Whether ``paint-order`` has the stroke painted before the fill."""
    order = inherited(node, "paint-order").split()
    named = [word for word in order if word in (FILL, STROKE)]
    return named[:1] == [STROKE]


def only(piece: Piece) -> Node:
    """A copy of the shape that draws nothing but this piece."""
    copy = piece.node.clone()
    copy.attributes.pop("paint-order", None)
    other = STROKE if piece.paint == FILL else FILL
    if inherited(piece.node, other) != "none":
        for name in _STROKING if other == STROKE else _FILLING:
            copy.attributes.pop(name, None)
        _give(copy, piece.node, other, "none")
    return copy


def redrawn(piece: Piece, path: Path, digits: int) -> Node:
    """A path of this outline, painted like the piece.

    Args:
        piece: The piece it stands for.
        path: The outline, in the shape's own coordinates.
        digits: Decimals of its coordinates.
    """
    node = piece.node
    dropped = _GEOMETRY | _STROKING | _PLACING | (_FILLING if piece.paint == STROKE else {"fill-rule"})
    path_node = Node("path", {k: v for k, v in node.attributes.items() if k not in dropped}, node.source)
    if piece.paint == STROKE:
        _give(path_node, node, "fill", piece.colour)
        _give(path_node, node, "fill-opacity", inherited(node, "stroke-opacity"))
    _give(path_node, node, "fill-rule", "evenodd" if even_odd(path) else "nonzero")
    _give(path_node, node, "stroke", "none")
    path_node.attributes["d"] = path_data(path, digits)
    for child in node.clone().elements:
        if child.name in ("title", "desc"):
            path_node.append(child)
    return path_node


def _give(made: Node, original: Node, name: str, value: str) -> None:
    """Have an element that will stand where another stands draw with this value, written only where it must be."""
    around = original.parent
    if around is not None and inherited(around, name) == value:
        made.attributes.pop(name, None)
    else:
        made.attributes[name] = value


def set_alpha(made: Node, paint: str, alpha: float) -> None:
    """Write the opacity of a paint."""
    made.attributes[f"{paint}-opacity"] = written(alpha, 4)


def together(node: Node, made: list[Node]) -> list[Node]:
    """What stands in a shape's place: elements made from it, in a group where something applies to the whole."""
    if len(made) < 2:
        return made
    if not _EFFECTS & node.attributes.keys():
        for later in made[1:]:
            later.attributes.pop("id", None)
            later.attributes.pop("xml:id", None)
        return made
    group = Node("g", {name: node.attributes[name] for name in _OF_THE_WHOLE if name in node.attributes}, node.source)
    for child in made:
        for name in _OF_THE_WHOLE:
            child.attributes.pop(name, None)
        group.append(child)
    return [group]


def colour_of(paint: str) -> tuple[int, int, int, float] | None:
    """Red, green, blue (to 255) and alpha (to 1) of a paint that is one colour; None for any other."""
    read = read_paint(paint)
    if read is None or read.kind != "colour" or read.colour is None or read.colour.rgba is None:
        return None
    red, green, blue, alpha = read.colour.rgba
    return red, green, blue, alpha / 255


def stop_colours(paint: str, ids: dict[str, Node]) -> list[tuple[int, int, int, float]] | None:
    """The colours of the stops of a paint that is a gradient; None for any other, and where one can't be read."""
    gradient = server_of(paint, ids)
    if gradient is None or gradient.name == "pattern" or {"href", "xlink:href"} & gradient.attributes.keys():
        return None
    found = []
    for stop in gradient.elements:
        if stop.name != "stop":
            continue
        colour = colour_of(stop.attributes.get("stop-color", "black"))
        if colour is None or "style" in stop.attributes:
            return None
        found.append((*colour[:3], colour[3] * opacity_of(stop.attributes.get("stop-opacity", "1"))))
    return found or None
