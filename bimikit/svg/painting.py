"""What would be painted, as far as it is certain without drawing: how many colours, and whether there is a background.

The painted shapes are walked in order, and the walk ends as soon as both questions are answered. Where anything makes
an answer uncertain (a forbidden style, a broken reference, half-transparent paint) it is left to the check on pixels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ..engine import Fault
from .colours import RGBA, Paint, as_hex, read_colour, read_paint
from .content import pixels, text_of
from .document import Document
from .grammar import Faults, Survey
from .numbers import read_transform, read_view_box, straight_outline, to_float
from .place import Place
from .profile import GRADIENTS, SHAPES, TEXTS
from .references import ids, use_target


class Style(NamedTuple):
    """The inherited part of an element's look, and the transforms around it."""

    fill: str = "black"
    stroke: str = "none"
    color: str = ""
    fill_opacity: str = "1"
    stroke_opacity: str = "1"
    stroke_width: str = "1"
    transforms: tuple[str, ...] = ()


_INITIAL = Style()
_STYLING = frozenset({"fill", "stroke", "color", "fill-opacity", "stroke-opacity", "stroke-width", "transform"})
_MOST_STEPS = 20_000
"""Elements a walk looks at before it gives the questions up."""
_DEEPEST_USE = 32


class Uncertain(Exception):
    """The answer depends on something only a renderer knows."""


def painted(document: Document) -> Iterator[tuple[int, Style]]:
    """Every shape and text that is drawn, in painting order, with its style.

    Raises:
        Uncertain: Something in between can't be followed.
    """
    return _Walk(document).below(0, _INITIAL, 0)


class _Walk:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._steps = 0
        self._ids: dict[str, int] | None = None

    def below(self, start: int, outer: Style, depth: int) -> Iterator[tuple[int, Style]]:
        """What is drawn of one element and everything in it: its descendants follow it in document order."""
        document = self._document
        names, parents = document.names, document.parents
        styles: dict[int, Style] = {}
        for node in range(start, len(names)):
            parent = parents[node]
            if node > start and parent < start:
                return
            style = outer if node == start else styles.get(parent)
            if style is None:
                continue  # inside something that isn't drawn
            self._steps += 1
            name = names[node]
            if name not in _WALKED:
                if name in _SILENT:
                    continue
                raise Uncertain
            attributes = document.attributes[node]
            if self._steps > _MOST_STEPS or not _UNCERTAIN_ATTRIBUTES.isdisjoint(attributes):
                raise Uncertain
            if not _STYLING.isdisjoint(attributes):
                style = _inherit(style, attributes)
            if name in ("g", "svg"):
                styles[node] = style
            elif name == "use":
                yield from self._through(node, style, depth)
            else:
                yield node, style

    def _through(self, node: int, style: Style, depth: int) -> Iterator[tuple[int, Style]]:
        document = self._document
        if self._ids is None:
            self._ids = ids(document)
        target = use_target(document, self._ids, node)
        attributes = document.attributes[node]
        if target is None or depth > _DEEPEST_USE:
            raise Uncertain
        moved = [attributes.get(side, "0") for side in "xy"]
        if moved != ["0", "0"]:
            style = style._replace(transforms=(*style.transforms, f"translate({moved[0]} {moved[1]})"))
        yield from self.below(target, style, depth + 1)


_WALKED = SHAPES | TEXTS | {"g", "svg", "use"}
_SILENT = frozenset({"defs", "title", "desc", "metadata", "solidColor", "stop"}) | GRADIENTS
_UNCERTAIN_ATTRIBUTES = frozenset(
    {"style", "opacity", "display", "visibility", "mask", "clip-path", "filter", "systemLanguage", "requiredFonts"}
)


def _inherit(style: Style, attributes: dict[str, str]) -> Style:
    def own(name: str, inherited: str) -> str:
        value = attributes.get(name, "inherit")
        return inherited if value == "inherit" else value

    fill, stroke, color, fill_opacity, stroke_opacity, stroke_width, transforms = style
    return Style(
        own("fill", fill),
        own("stroke", stroke),
        own("color", color),
        own("fill-opacity", fill_opacity),
        own("stroke-opacity", stroke_opacity),
        own("stroke-width", stroke_width),
        (*transforms, attributes["transform"]) if "transform" in attributes else transforms,
    )


def _draws(document: Document, node: int) -> bool:
    """Whether a shape has any extent, or a text any letters."""
    name, attributes = document.names[node], document.attributes[node]
    if name in TEXTS:
        text = text_of(document, node)
        if not text.isascii():
            raise Uncertain  # a colour glyph brings colours of its own
        return bool(text.strip())
    if name == "path":
        return len(attributes.get("d", "").strip()) > 1
    if name in ("polygon", "polyline"):
        return bool(attributes.get("points", "").strip())
    needed = {"rect": ("width", "height"), "circle": ("r",), "ellipse": ("rx", "ry")}.get(name, ())
    return all(to_float(attributes.get(part, "0")) != 0 for part in needed)


def _opaque(text: str) -> bool:
    number = to_float(text)
    if number is None:
        raise Uncertain
    return number >= 1


def _colours(document: Document, paint: Paint | None, style: Style, opacity: str) -> set[RGBA]:
    """The colours a paint brings; empty for none."""
    if paint is None:
        raise Uncertain
    if paint.kind == "none" or to_float(opacity) == 0:
        return set()
    if not _opaque(opacity):
        raise Uncertain
    if paint.kind == "currentColor":
        colour = read_colour(style.color or "black")
        if colour is None:
            raise Uncertain
        paint = Paint("colour", colour)
    if paint.kind == "url":
        return _server_colours(document, paint.target)
    return _opaque_colour(paint)


def _opaque_colour(paint: Paint) -> set[RGBA]:
    rgba = paint.colour.rgba if paint.colour else None
    if rgba is None or rgba[3] not in (0, 255):
        raise Uncertain
    return {rgba} if rgba[3] else set()


def _server_colours(document: Document, target: str) -> set[RGBA]:
    node = ids(document).get(target[1:]) if target.startswith("#") else None
    if node is None:
        raise Uncertain
    if document.names[node] == "solidColor":
        sources = [(node, "solid-color", "solid-opacity")]
    elif document.names[node] in GRADIENTS:
        sources = [
            (child, "stop-color", "stop-opacity")
            for child, parent in enumerate(document.parents)
            if parent == node and document.names[child] == "stop"
        ]
    else:
        raise Uncertain
    colours: set[RGBA] = set()
    for source, color, opacity in sources:
        attributes = document.attributes[source]
        if "style" in attributes:
            raise Uncertain
        colours |= _colours(document, read_paint(attributes.get(color, "black")), Style(), attributes.get(opacity, "1"))
    return colours


def drawing(found: Survey) -> Faults:
    """At least two colours when rendered, told only where one or none is certain; and a solid background for Gmail."""
    document = found.document
    if "style" in document.names:
        return  # CSS is forbidden and reported; what it would do to the shapes isn't known
    colours: set[RGBA] = set()
    certain = True
    area = _Area(document.attributes[0])
    covered = not area.corners
    try:
        for node, style in painted(document):
            if certain and len(colours) < 2:
                try:
                    colours |= _colours_of(document, node, style)
                except Uncertain:
                    certain = False
            covered = covered or _covers(document, node, style, area)
            if covered and (not certain or len(colours) > 1):
                return
    except Uncertain:
        return
    if not covered:
        yield Fault("receiver.gmail.background", Place(0))
    if certain and len(colours) == 1:
        yield Fault("svg.one-colour", Place(0), "", {"colour": as_hex(colours.pop())})
    elif certain and not colours:
        yield Fault("svg.nothing-drawn", Place(0))


def _colours_of(document: Document, node: int, style: Style) -> set[RGBA]:
    """The colours a shape or text brings."""
    if not _draws(document, node):
        return set()
    colours = set()
    if document.names[node] != "line":
        colours |= _colours(document, read_paint(style.fill), style, style.fill_opacity)
    if style.stroke != "none" and to_float(style.stroke_width) != 0:
        colours |= _colours(document, read_paint(style.stroke), style, style.stroke_opacity)
    return colours


Point: TypeAlias = tuple[float, float]


class _Area:
    """The visible area: its four corners, moved in by half a percent, for editors round."""

    def __init__(self, root: dict[str, str]) -> None:
        box = read_view_box(root["viewBox"]) if "viewBox" in root else None
        width, height = pixels(root.get("width")), pixels(root.get("height"))
        if box is None and width and height and "viewBox" not in root:
            box = (0.0, 0.0, width, height)
        self.corners: list[Point] = []
        if box is not None:
            left, top, width, height = box
            inset = min(width, height) * 0.005
            self.corners = [
                (left + inset, top + inset),
                (left + width - inset, top + inset),
                (left + inset, top + height - inset),
                (left + width - inset, top + height - inset),
            ]


_STRAIGHT = re.compile(r"[MLHVZmlhvz0-9.,+\- \t\r\n]{1,80}").fullmatch
"""A short path of straight lines: a longer one is no plain background."""


def _covers(document: Document, node: int, style: Style, area: _Area) -> bool:
    """Whether a shape plainly covers the visible area with opaque paint."""
    name, attributes = document.names[node], document.attributes[node]
    if name not in _CLOSED:
        return False
    if name == "path" and not _STRAIGHT(attributes.get("d", "")):
        return False
    if name == "polygon" and len(attributes.get("points", "")) > _LONGEST_PLAIN_LIST:
        return False
    corners = _to_local(area.corners, style.transforms)
    if corners is None or not _holds(name, attributes, corners):
        return False
    try:
        return bool(_colours(document, read_paint(style.fill), style, style.fill_opacity))
    except Uncertain:
        return False


_LONGEST_PLAIN_LIST = 120
_CLOSED = frozenset({"rect", "circle", "ellipse", "polygon", "path"})


def _holds(name: str, attributes: dict[str, str], points: list[Point]) -> bool:
    """Whether a shape holds all these points."""

    def number(key: str) -> float:
        value = to_float(attributes.get(key, "0"))
        return math.nan if value is None else value

    if name == "rect":
        x, y = number("x"), number("y")
        if attributes.get("rx", "0") != "0" or attributes.get("ry", "0") != "0":
            return False
        if attributes.get("width") == "100%" and attributes.get("height") == "100%":
            return x == y == 0
        right, bottom = x + number("width"), y + number("height")
        return all(x <= px <= right and y <= py <= bottom for px, py in points)
    if name in ("circle", "ellipse"):
        rx, ry = (number("r"), number("r")) if name == "circle" else (number("rx"), number("ry"))
        if not (rx > 0 and ry > 0):
            return False
        cx, cy = number("cx"), number("cy")
        return all(((px - cx) / rx) ** 2 + ((py - cy) / ry) ** 2 <= 1 for px, py in points)
    outline = (
        straight_outline(attributes.get("d", "")) if name == "path" else _list_outline(attributes.get("points", ""))
    )
    return len(outline) >= 3 and all(_inside_convex(outline, point) for point in points)


def _list_outline(value: str) -> list[Point]:
    try:
        numbers = [float(part) for part in value.replace(",", " ").split()]
    except ValueError:
        return []
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _inside_convex(outline: list[Point], point: Point) -> bool:
    """Whether a point is inside an outline that turns one way only; False for any other outline."""
    turn = 0.0
    for index, (x1, y1) in enumerate(outline):
        x2, y2 = outline[(index + 1) % len(outline)]
        cross = (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
        if cross * turn < 0:
            return False
        turn = turn or cross
    return turn != 0


Matrix: TypeAlias = tuple[float, float, float, float, float, float]


def _to_local(points: list[Point], transforms: tuple[str, ...]) -> list[Point] | None:
    """Points of the drawing in a shape's own coordinates; None where a transform can't be read or undone."""
    for value in transforms:
        functions, trouble = read_transform(value)
        if trouble is not None:
            return None
        for name, numbers in functions:
            a, b, c, d, e, f = _matrix(name, numbers)
            determinant = a * d - b * c
            if abs(determinant) < 1e-12:
                return None
            points = [
                ((d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant)
                for x, y in points
            ]
    return points


def _matrix(name: str, numbers: tuple[float, ...]) -> Matrix:
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
