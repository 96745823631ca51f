"""What geometry needs to know of a tree: ids, sizes, budgets, and gradients that hold still."""

from __future__ import annotations

import math

from pathops import Path

from ..colours import read_paint
from ..geometry import IDENTITY, Box, Matrix, times
from .job import by_id, viewport
from .leaves import Refused, box_matrix, stretch
from .paint_servers import Ids, coordinate, has_box_units, has_template, server_of, target_of
from .pieces import Piece
from .regions import THINNEST, Effort
from .shapes import outline, transform_of, transform_to, written, written_matrix
from .tree import Node

_SPARE_UNITS = 30_000


class Bench:
    """What cutting needs to know of a tree, gathered once.

    Attributes:
        root: The tree.
        ids: Its elements by id.
        effort: What may still be spent on geometry.
        spare_effort: What may still be spent on what makes the result better, but isn't needed.
        seen: The area of the drawing that is seen.
        thin: What is too thin to be seen, in the root's units.
        regions: What clip paths leave to be seen, by the element and the box around what they clip.
        pinned: Elements that no longer depend on their boxes, although their attributes say so.
    """

    def __init__(self, root: Node, effort: Effort | None = None) -> None:
        self.root = root
        self.ids = by_id(root)
        self.effort = effort or Effort()
        self.spare_effort = Effort(_SPARE_UNITS)
        self.seen = viewport(root)
        self.thin = max(self.seen[2:]) * THINNEST
        self.pinned: set[Node] = set()
        self.regions: dict[tuple[Node, Box | None], Path] = {}
        self._new_ids = Ids(self.ids)
        self._copies: dict[tuple[Node, Box], str] = {}

    def new_id(self, base: str) -> str:
        """An id that isn't taken, made from another."""
        return self._new_ids.after(base)

    def target(self, value: str) -> Node | None:
        """The element that a ``url(#…)`` names; None for none."""
        paint = read_paint(value)
        return target_of(paint.target, self.ids) if paint is not None and paint.kind == "url" else None

    def thinness(self, matrix: Matrix) -> float:
        """What is too thin to be seen, in coordinates that this matrix leads from to the root's."""
        return self.thin / stretch(matrix) * math.sqrt(2)

    def digits(self, matrix: Matrix) -> int:
        """Decimals that coordinates need, which this matrix leads from to the root's."""
        thin = self.thinness(matrix)
        return min(max(math.ceil(-math.log10(thin)), 0), 8) if 0 < thin < math.inf else 3

    def to_root(self, node: Node) -> Matrix:
        """From an element's own coordinates to the root's.

        Raises:
            Refused: A transform can't be read.
        """
        matrix = transform_to(node, self.root) if node is not self.root else IDENTITY
        if matrix is None:
            raise Refused("unreadable")
        return matrix

    def hold_paint(self, made: Node, piece: Piece) -> None:
        """Have what was made from a piece be painted by a gradient as the piece was, whatever box is around it now.

        Raises:
            Refused: That can't be done with this paint.
        """
        server = server_of(piece.colour, self.ids)
        if server is None:
            return
        if server.name == "pattern" or has_template(server):
            raise Refused("paint")
        if not has_box_units(server):
            return
        path = outline(piece.node)
        box = path.bounds if path is not None else (0.0, 0.0, 0.0, 0.0)
        if box[2] <= box[0] or box[3] <= box[1]:
            raise Refused("paint")
        made.attributes["fill"] = f"url(#{self._in_user_space(server, box)})"

    def _in_user_space(self, gradient: Node, box: Box) -> str:
        """Id of a copy of a gradient that doesn't depend on the box of what it paints."""
        key = (gradient, box)
        if key not in self._copies:
            copy = gradient.clone()
            copy.attributes["gradientUnits"] = "userSpaceOnUse"
            for name in _COORDINATES[gradient.name]:
                if name in gradient.attributes or name in _NEEDED[gradient.name]:
                    number = coordinate(gradient, name, (0.0, 0.0, 1.0, 1.0))
                    if not math.isfinite(number):
                        raise Refused("paint")
                    copy.attributes[name] = written(number, 6)
            own = _gradient_transform(gradient)
            if own is None:
                raise Refused("paint")
            copy.attributes["gradientTransform"] = written_matrix(times(box_matrix(box), own), 7)
            self._copies[key] = copy.attributes["id"] = self.new_id(gradient.attributes.get("id", "gradient"))
            copy.attributes.pop("xml:id", None)
            self.ids[copy.attributes["id"]] = copy
            self._define(copy)
        return self._copies[key]

    def _define(self, definition: Node) -> None:
        """Put a definition where nothing that is cut stands around it."""
        for child in self.root.elements:
            if child.name == "defs":
                child.append(definition)
                return
        defs = Node("defs")
        defs.append(definition)
        at = next((i + 1 for i, child in enumerate(self.root.children) if _is_titular(child)), 0)
        self.root.insert(at, defs)


_COORDINATES = {
    "linearGradient": ("x1", "y1", "x2", "y2"),
    "radialGradient": ("cx", "cy", "r", "fx", "fy", "fr"),
}
_NEEDED = {"linearGradient": ("x1", "y1", "x2", "y2"), "radialGradient": ("cx", "cy", "r")}
"""What must be written in user space, where the initial values are shares of the viewport."""


def _is_titular(child: Node | str) -> bool:
    return isinstance(child, Node) and child.name == "title"


def _gradient_transform(gradient: Node) -> Matrix | None:
    return transform_of(Node("g", {"transform": gradient.attributes.get("gradientTransform", "")}))
