"""Paint servers: which shapes a gradient or pattern paints, where on them it lies, and ids for new ones."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from pathops import Path

from ..colours import read_paint
from ..geometry import Box, Matrix
from ..numbers import ViewBox, to_float
from ..profile import GRADIENTS, SHAPES, TEXTS
from . import shapes
from .job import inherited
from .tree import Node

PAINTS = ("fill", "stroke")
_SERVERS = GRADIENTS | {"pattern"}
_MOST_VISITS = 300_000


class Painted(NamedTuple):
    """A paint of a shape (or text) that comes from a paint server.

    Attributes:
        shape: What is painted.
        paint: ``"fill"`` or ``"stroke"``.
        instanced: Whether the paint is inherited through a ``use``, so that it can't be changed on the shape.
    """

    shape: Node
    paint: str
    instanced: bool


class Painting:
    """All that paint servers paint.

    Attributes:
        complete: Whether every ``use`` could be followed; if not, a server may paint more than is known.
    """

    def __init__(self, root: Node, known: dict[str, Node]) -> None:
        self.complete = True
        self._by_server: dict[Node, dict[Painted, None]] = {}
        self._known = known
        if any(node.name in _SERVERS for node in root.walk()):
            self._follow(root)

    def by(self, server: Node) -> list[Painted]:
        """What a paint server paints, in the order of the drawing."""
        return list(self._by_server.get(server, ()))

    def leaves_out(self, server: Node) -> bool:
        """Whether a paint server certainly paints nothing, so that it doesn't matter what it is."""
        return self.complete and not self._by_server.get(server)

    def _follow(self, root: Node) -> None:
        """Walk the tree as it is drawn, with the elements that the fill and the stroke are inherited from."""
        stack: list[tuple[Node, tuple[tuple[Node, bool] | None, ...]]] = [(root, (None, None))]
        seen: set[tuple[object, ...]] = set()
        visits = 0
        while stack:
            node, written = stack.pop()
            visits += 1
            written = tuple(
                (node, False) if node.attributes.get(paint, "inherit").strip() != "inherit" else outer
                for paint, outer in zip(PAINTS, written, strict=True)
            )
            if node.name in SHAPES or node.name in TEXTS:
                self._note(node, written)
            stack.extend((child, written) for child in reversed(node.elements))
            if node.name == "use":
                target = _used(node, self._known)
                through = tuple(outer and (outer[0], True) for outer in written)
                key = (target, *through)
                if target is not None and key not in seen:
                    seen.add(key)
                    stack.append((target, through))
            if visits > _MOST_VISITS:
                self.complete = False
                return

    def _note(self, shape: Node, written: tuple[tuple[Node, bool] | None, ...]) -> None:
        for paint, found in zip(PAINTS, written, strict=True):
            if found is not None:
                carrier, instanced = found
                server = server_of(carrier.attributes[paint], self._known)
                if server is not None:
                    self._by_server.setdefault(server, {})[Painted(shape, paint, instanced)] = None


def _used(use: Node, known: dict[str, Node]) -> Node | None:
    return target_of(use.attributes.get("href", use.attributes.get("xlink:href", "")), known)


def target_of(reference: str, known: dict[str, Node]) -> Node | None:
    """The element that a ``#fragment`` names; None for none."""
    reference = reference.strip()
    if not reference.startswith("#"):
        return None
    return known.get(reference[1:]) or known.get(unquote(reference[1:]))


def server_of(value: str, known: dict[str, Node]) -> Node | None:
    """The gradient or pattern that a paint names; None for none."""
    if "(" not in value:
        return None
    paint = read_paint(value)
    found = target_of(paint.target, known) if paint is not None and paint.kind == "url" else None
    return found if found is not None and found.name in _SERVERS else None


def templates(server: Node, known: dict[str, Node], family: frozenset[str], most: int = 64) -> list[Node] | None:
    """A paint server and those it takes attributes from, through ``href``; None for more than can be followed.

    A circle ends where it would begin again, as renderers have it.
    """
    chain = [server]
    while True:
        attributes = chain[-1].attributes
        following = target_of(attributes.get("href", attributes.get("xlink:href", "")), known)
        if following is None or following.name not in family or following in chain:
            return chain
        if len(chain) == most:
            return None
        chain.append(following)


def take_out(nodes: Iterable[Node]) -> None:
    """Take elements out of their parents, all at once, since each parent may have many."""
    leaving = {node for node in nodes if node.parent is not None}
    for parent in {node.parent: None for node in leaving}:
        if parent is not None:
            parent.children = [child for child in parent.children if child not in leaving]
    for node in leaving:
        node.parent = None


def take_out_servers(root: Node, servers: Iterable[Node], known: dict[str, Node]) -> None:
    """Take out paint servers that paint nothing any more, and what is left of references to them."""
    leaving = set(servers)
    if not leaving:
        return
    for node in root.walk():
        if node not in leaving and node.name in _SERVERS and has_template(node):
            leaving.difference_update(templates(node, known, _SERVERS) or leaving)
    for node in root.walk():
        for paint in PAINTS:
            if paint in node.attributes and server_of(node.attributes[paint], known) in leaving:
                node.attributes[paint] = "none"
    take_out(leaving)


class Ids:
    """Ids that aren't taken."""

    def __init__(self, known: dict[str, Node]) -> None:
        self._taken = set(known)
        self._last: dict[str, int] = {}

    def after(self, base: str) -> str:
        """A new id: ``<base>-2``, ``<base>-3`` and so on."""
        number = self._last.get(base, 1) + 1
        while f"{base}-{number}" in self._taken:
            number += 1
        self._last[base] = number
        self._taken.add(f"{base}-{number}")
        return f"{base}-{number}"


def area_of(painted: Painted) -> Path | None:
    """What a paint covers, in the shape's own coordinates; None where it can't be worked out."""
    if painted.paint == "fill":
        return shapes.outline(painted.shape)
    return _stroke_area(painted.shape)


_STROKING_SIZE = 1000.0


def _stroke_area(shape: Node) -> Path | None:
    """The outline of a stroke, worked out at a size at which skia's curves are true to a fraction of a thousandth."""
    path = shapes.outline(shape)
    if path is None or not inside_bounds(path):
        return None
    left, top, right, bottom = path.bounds
    size = max(right - left, bottom - top)
    enlarged = _STROKING_SIZE / size if size > 0 else 1.0
    scaled = shapes.mapped(path, (enlarged, 0, 0, enlarged, -left * enlarged, -top * enlarged))
    double = Node("path", dict(shape.attributes) | {"d": shapes.path_data(scaled, 4)})
    double.parent = shape.parent
    for name in ("stroke-width", "stroke-dasharray", "stroke-dashoffset"):
        text = inherited(shape, name)
        numbers = [to_float(part) for part in text.replace(",", " ").split()]
        double.attributes[name] = " ".join(
            shapes.written(number * enlarged, 6) for number in numbers if number is not None
        )
        if text != "none" and (None in numbers or not numbers or shape.attributes.get("pathLength")):
            return None
        if text == "none":
            double.attributes[name] = text
    stroked = shapes.stroke_outline(double)
    return stroked and shapes.mapped(stroked, (1 / enlarged, 0, 0, 1 / enlarged, left, top))


MOST_SEGMENTS = 20_000
_LARGEST = 1e7


def inside_bounds(path: Path) -> bool:
    """Whether a path is of a size that geometry is worth doing on."""
    return max(map(abs, path.bounds), default=0) < _LARGEST and sum(1 for _ in path.verbs) <= MOST_SEGMENTS


def box_of(shape: Node) -> Box | None:
    """The box that ``objectBoundingBox`` speaks of: that of the fill, without the stroke; None where unknown."""
    path = shapes.outline(shape)
    if path is None or not all(map(math.isfinite, path.bounds)):
        return None
    left, top, right, bottom = path.bounds
    return left, top, right, bottom


def unit_matrix(box: Box) -> Matrix:
    """From the unit square of ``objectBoundingBox`` to a shape's coordinates."""
    left, top, right, bottom = box
    return right - left, 0.0, 0.0, bottom - top, left, top


def is_flat(box: Box) -> bool:
    """Whether a box has no area, so that a paint in its units isn't drawn."""
    left, top, right, bottom = box
    return right - left <= 0 or bottom - top <= 0


def has_box_units(gradient: Node) -> bool:
    """Whether a gradient's numbers are shares of the box of what it paints."""
    return gradient.attributes.get("gradientUnits", "").strip() != "userSpaceOnUse"


def has_template(gradient: Node) -> bool:
    """Whether a gradient takes something from another one, so that its own attributes don't tell all."""
    return "href" in gradient.attributes or "xlink:href" in gradient.attributes


_NAMES = {
    "linearGradient": {"x1": ("0%", 0), "y1": ("0%", 1), "x2": ("100%", 0), "y2": ("0%", 1)},
    "radialGradient": {"cx": ("50%", 0), "cy": ("50%", 1), "r": ("50%", 2), "fr": ("0%", 2)},
}
"""The coordinates of gradients: the initial value, and what a percentage is of (width, height, diagonal)."""

COORDINATES = {kind: tuple(names) for kind, names in _NAMES.items()}
"""Names of the coordinates of each kind of gradient; ``fx`` and ``fy`` are apart, for they follow ``cx`` and ``cy``."""


def coordinate(gradient: Node, name: str, area: ViewBox) -> float:
    """A coordinate of a gradient in its units, whether or not it is written; NaN where it can't be read."""
    if name in ("fx", "fy") and name not in gradient.attributes:
        name = f"c{name[1]}"
    default, axis = _NAMES[gradient.name].get(name, ("50%", "xy".find(name[1:])))
    text = gradient.attributes.get(name, default).strip()
    number = to_float(text.removesuffix("%"))
    if number is None:
        return math.nan
    if text.endswith("%"):
        width, height = area[2:]
        whole = 1.0 if has_box_units(gradient) else (width, height, math.hypot(width, height) / math.sqrt(2))[axis]
        number *= whole / 100
    return number


def coordinates(gradient: Node, area: ViewBox) -> tuple[float, ...] | None:
    """x1, y1, x2, y2 or cx, cy, r of a gradient; None where one can't be read."""
    names = [name for name in COORDINATES[gradient.name] if name != "fr"]
    found = tuple(coordinate(gradient, name, area) for name in names)
    return found if all(math.isfinite(number) and abs(number) < _LARGEST for number in found) else None


class Stop(NamedTuple):
    """A stop of a gradient: where it is, as renderers have it, and its element."""

    offset: float
    element: Node


def stops_of(gradient: Node) -> list[Stop]:
    """The stops directly in a gradient, offsets from 0 to 1, none smaller than the one before."""
    found: list[Stop] = []
    for element in gradient.elements:
        if element.name == "stop":
            offset = read_offset(element.attributes.get("offset", "0"))
            found.append(Stop(max(offset, found[-1].offset if found else 0.0), element))
    return found


def read_offset(text: str) -> float:
    """The offset of a stop, from 0 to 1; what can't be read is 0."""
    text = text.strip()
    number = to_float(text.removesuffix("%"))
    if number is None or not math.isfinite(number):
        return 0.0
    return min(max(number / 100 if text.endswith("%") else number, 0.0), 1.0)


def digits_for(size: float) -> int:
    """Decimals that tell a hundred-thousandth of a size apart."""
    return 5 if not 0 < size < math.inf else min(max(5 - math.floor(math.log10(size)), 0), 9)
