"""What a part of the tree draws: its leaves, where each stands, and the box around them."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..geometry import IDENTITY, Box, Matrix, times
from ..numbers import ViewBox, to_float
from ..profile import SHAPES
from .job import inherited
from .regions import Effort, is_empty, joined
from .shapes import mapped, outline, transform_of
from .tree import Node

GROUPS = frozenset({"g", "a", "svg", "mask", "symbol", "marker", "pattern"})
"""Elements that are walked into, where they stand at the top; below it only groups and links are."""
_INNER_GROUPS = frozenset({"g", "a"})
UNDRAWN = frozenset(
    """animate animateColor animateMotion animateTransform clipPath cursor defs desc discard filter font font-face
    linearGradient marker mask metadata mpath pattern radialGradient script set solidColor stop style symbol title
    view""".split()
)
"""Elements that draw nothing where they stand."""


class Refused(Exception):
    """Something can't be done exactly.

    Attributes:
        reason: Last part of the key of its words.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Leaf(NamedTuple):
    """An element that draws by itself.

    Attributes:
        node: The element.
        matrix: From its own coordinates to those inside the element at the top.
        depth: How many elements are around it, up to the top.
    """

    node: Node
    matrix: Matrix
    depth: int


def leaves(top: Node, effort: Effort) -> list[Leaf]:
    """What is drawn by an element and all in it, in painting order.

    Raises:
        Refused: It can't be known, or there is too much of it.
    """
    found: list[Leaf] = []
    stack = [Leaf(top, IDENTITY, 0)]
    while stack:
        leaf = stack.pop()
        node, matrix, depth = leaf
        if depth and (node.name in UNDRAWN or node.name.startswith("{")):
            continue
        if node.attributes.get("display", "").strip() == "none":
            continue
        if not effort.spend(0.5 + depth / 30):
            raise Refused("too-complex")
        if node.name not in (_INNER_GROUPS if depth else GROUPS):
            found.append(leaf)
            continue
        for child in reversed(node.elements):
            own = transform_of(child)
            if own is None:
                raise Refused("unreadable")
            stack.append(Leaf(child, times(matrix, own), depth + 1))
    return found


def box_around(top: Node, effort: Effort) -> Box | None:
    """The box that ``objectBoundingBox`` speaks of, in the element's own coordinates; None where it is flat.

    Raises:
        Refused: It can't be known.
    """
    boxes = []
    for node, matrix, _depth in leaves(top, effort):
        path = outline(node) if node.name in SHAPES else None
        if path is None:
            raise Refused("text" if node.name in ("text", "textArea") else "unreadable")
        if not is_empty(path):
            boxes.append(mapped(path, matrix).bounds)
    box = joined(boxes)
    if box is None or not all(map(math.isfinite, box)) or box[2] <= box[0] or box[3] <= box[1]:
        return None
    return box


def box_matrix(box: Box) -> Matrix:
    """From the unit square of ``objectBoundingBox`` to the coordinates of what the box is around."""
    left, top, right, bottom = box
    return right - left, 0.0, 0.0, bottom - top, left, top


def own_area(element: Node, units: str, box: Box | None, seen: ViewBox) -> Box:
    """The rectangle that a mask or filter is limited to, in the coordinates of what it is applied to.

    Args:
        element: The mask or filter.
        units: Its attribute that says what its numbers are shares of.
        box: The box around what it is applied to.
        seen: The area of the drawing that is seen, of which percentages may be.

    Raises:
        Refused: It can't be read, or is flat.
    """
    by_box = element.attributes.get(units, "").strip() != "userSpaceOnUse"
    if by_box and box is None:
        raise Refused("flat")
    wide, high = (1.0, 1.0) if by_box else seen[2:]
    x, y = _amount(element, "x", "-10%", wide), _amount(element, "y", "-10%", high)
    width, height = _amount(element, "width", "120%", wide), _amount(element, "height", "120%", high)
    if width <= 0 or height <= 0:
        raise Refused("flat")
    if not by_box or box is None:
        return x, y, x + width, y + height
    left, top, right, bottom = box
    across, down = right - left, bottom - top
    return left + x * across, top + y * down, left + (x + width) * across, top + (y + height) * down


def _amount(element: Node, name: str, default: str, whole: float) -> float:
    text = element.attributes.get(name, default).strip()
    number = to_float(text.removesuffix("%"))
    if number is None:
        raise Refused("unreadable")
    return number * whole / 100 if text.endswith("%") else number


def stretch(matrix: Matrix) -> float:
    """How many times longer a matrix makes what it stretches most."""
    a, b, c, d, _e, _f = matrix
    return math.hypot(a, b, c, d) or 1.0


def is_hidden(node: Node) -> bool:
    """Whether an element isn't painted although it has its place."""
    return inherited(node, "visibility") in ("hidden", "collapse")
