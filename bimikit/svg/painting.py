"""What would be painted, as far as it is certain without drawing: how many colours, and whether there is a background.

The painted shapes are walked in order, and the walk ends as soon as both questions are answered. Where anything makes
an answer uncertain (a forbidden style, a broken reference, half-transparent paint) it is left to the check on pixels.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..engine import Fault
from .colours import RGBA, Colour, as_hex, read_colour, read_paint
from .content import nodes_named, pixels
from .document import Document
from .geometry import Box, Transform, covers, may_cover
from .grammar import Faults, Survey
from .numbers import read_view_box, to_float
from .place import Place
from .profile import GRADIENTS, SHAPES, TEXTS
from .references import ids, use_target


class Style(msgspec.Struct, frozen=True, gc=False):
    """The inherited part of an element's look, and the transforms around it."""

    fill: str = "black"
    stroke: str = "none"
    color: str = "black"
    fill_opacity: str = "1"
    stroke_opacity: str = "1"
    stroke_width: str = "1"
    transform: Transform | None = None


_INITIAL = Style()
_STYLING = frozenset({"fill", "stroke", "color", "fill-opacity", "stroke-opacity", "stroke-width", "transform"})
_SHAPED = SHAPES | TEXTS
_WALKED = _SHAPED | {"g", "svg", "use"}
_SILENT = frozenset({"defs", "title", "desc", "metadata", "solidColor", "stop"}) | GRADIENTS
_UNCERTAIN = frozenset(
    {"style", "opacity", "display", "visibility", "mask", "clip-path", "filter", "systemLanguage", "requiredFonts"}
)
"""Attributes that decide whether or how something is drawn, in ways that aren't followed here."""
_MOST_STEPS = 20_000
"""Elements a walk looks at before it gives the questions up."""
_DEEPEST_USE = 32


class Uncertain(Exception):
    """The answer depends on something only a renderer knows."""


def inherit(style: Style, attributes: dict[str, str]) -> Style:
    """An element's own style, inside the one it inherits."""
    if _STYLING.isdisjoint(attributes):
        return style
    if "inherit" in attributes.values():
        attributes = {name: value for name, value in attributes.items() if value != "inherit" or name == "transform"}
    own = attributes.get
    transform = own("transform")
    return Style(
        own("fill", style.fill),
        own("stroke", style.stroke),
        own("color", style.color),
        own("fill-opacity", style.fill_opacity),
        own("stroke-opacity", style.stroke_opacity),
        own("stroke-width", style.stroke_width),
        style.transform if transform is None else Transform(transform, style.transform),
    )


class Walk:
    """A walk over what is drawn. Raises `Uncertain` where something in between can't be followed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._steps = 0
        self._ids: dict[str, int] | None = None
        self._servers: dict[str, frozenset[RGBA]] = {}
        self._stops: dict[int, list[int]] | None = None

    def painted(self, start: int = 0, outer: Style = _INITIAL, depth: int = 0) -> Iterator[tuple[int, Style]]:
        """Every shape and text of an element, in painting order, with the style it inherits.

        An element's descendants follow it in document order, so this is one loop.
        """
        document = self._document
        names, parents = document.names, document.parents
        styles: dict[int, Style] = {}
        for node in range(start, len(names)):
            parent = parents[node]
            if node > start and parent < start:
                return
            self._steps += 1
            if self._steps > _MOST_STEPS:
                raise Uncertain
            style = outer if node == start else styles.get(parent)
            if style is None:
                continue  # inside something that isn't drawn
            name = names[node]
            if name not in _WALKED:
                if name in _SILENT:
                    continue
                raise Uncertain
            attributes = document.attributes[node]
            if not _UNCERTAIN.isdisjoint(attributes):
                raise Uncertain
            if name in _SHAPED:
                yield node, style
            elif name == "use":
                yield from self._through(node, inherit(style, attributes), depth)
            else:
                styles[node] = inherit(style, attributes)

    def _through(self, node: int, style: Style, depth: int) -> Iterator[tuple[int, Style]]:
        """What a ``use`` draws."""
        target = use_target(self._document, self._known_ids(), node)
        if target is None or depth > _DEEPEST_USE:
            raise Uncertain
        attributes = self._document.attributes[node]
        x, y = attributes.get("x", "0"), attributes.get("y", "0")
        if (x, y) != ("0", "0"):
            style = msgspec.structs.replace(style, transform=Transform(f"translate({x} {y})", style.transform))
        yield from self.painted(target, style, depth + 1)

    def _known_ids(self) -> dict[str, int]:
        if self._ids is None:
            self._ids = ids(self._document)
        return self._ids

    def colours(self, node: int, style: Style) -> frozenset[RGBA]:
        """The colours a shape or text brings."""
        if not _draws(self._document, node):
            return _NONE
        colours = _NONE
        if style.fill != "none" and self._document.names[node] != "line":
            colours = self.paint(style.fill, style, style.fill_opacity)
        if style.stroke != "none" and to_float(style.stroke_width) != 0:
            colours |= self.paint(style.stroke, style, style.stroke_opacity)
        return colours

    def paint(self, text: str, style: Style, opacity: str) -> frozenset[RGBA]:
        """The opaque colours of a paint; none for one that isn't there."""
        paint = read_paint(text)
        if paint is None or not (opacity == "1" or to_float(opacity) in (0, 1)):
            raise Uncertain
        if paint.kind == "none" or (opacity != "1" and to_float(opacity) == 0):
            return _NONE
        if paint.kind == "url":
            return self._server(paint.target)
        return _solid(paint.colour if paint.kind == "colour" else read_colour(style.color))

    def is_opaque(self, style: Style) -> bool:
        """Whether a shape of this style is filled with something one can't look through."""
        try:
            return bool(self.paint(style.fill, style, style.fill_opacity))
        except Uncertain:
            return False

    def _server(self, target: str) -> frozenset[RGBA]:
        """The colours of a gradient or a ``solidColor``."""
        if target not in self._servers:
            self._servers[target] = self._read_server(target)
        return self._servers[target]

    def _read_server(self, target: str) -> frozenset[RGBA]:
        document = self._document
        server = self._known_ids().get(target[1:]) if target.startswith("#") else None
        if server is None:
            raise Uncertain
        color, opacity = "stop-color", "stop-opacity"
        if document.names[server] in GRADIENTS:
            sources = self._stops_of(server)
        elif document.names[server] == "solidColor":
            sources, color, opacity = [server], "solid-color", "solid-opacity"
        else:
            raise Uncertain
        if not sources:
            raise Uncertain  # nothing, or the fallback: renderers differ
        colours = _NONE
        for source in sources:
            attributes = document.attributes[source]
            text = attributes.get(color, "black")
            if "style" in attributes or text in ("inherit", "currentColor") or attributes.get(opacity, "1") != "1":
                raise Uncertain
            colours |= _solid(read_colour(text))  # a colour, and never a url() that might lead back here
        return colours

    def _stops_of(self, gradient: int) -> list[int]:
        if self._stops is None:
            self._stops = {}
            for node in nodes_named(self._document, "stop"):
                self._stops.setdefault(self._document.parents[node], []).append(node)
        return self._stops.get(gradient, [])


_NONE: frozenset[RGBA] = frozenset()


def _solid(colour: Colour | None) -> frozenset[RGBA]:
    """An opaque colour; none for one that can't be seen."""
    if colour is None or colour.rgba is None or colour.rgba[3] not in (0, 255):
        raise Uncertain
    return frozenset((colour.rgba,)) if colour.rgba[3] else _NONE


_EXTENT = {
    "path": ("d",),
    "rect": ("width", "height"),
    "circle": ("r",),
    "ellipse": ("rx", "ry"),
    "polygon": ("points",),
    "polyline": ("points",),
    "line": (),
}
"""Attributes without which a shape draws nothing."""


def _draws(document: Document, node: int) -> bool:
    """Whether a shape has any extent, or a text any letters."""
    name, attributes = document.names[node], document.attributes[node]
    if name in TEXTS:
        text = document.text(node)
        if not text.isascii():
            raise Uncertain  # a colour glyph brings colours of its own
        return bool(text.strip())
    if name == "ellipse" and ("rx" in attributes) != ("ry" in attributes):
        raise Uncertain  # SVG 2 takes the other radius for the missing one, SVG Tiny 1.2 takes 0
    for part in _EXTENT[name]:
        value = attributes.get(part, "")
        if not value.strip() or (value[0] in "0.+- " and to_float(value) == 0):
            return False
    return True


_BACKGROUND_WITHIN = 12
"""Shapes from the first on among which a background is looked for: one that came later would hide them all."""


def drawing(found: Survey) -> Faults:
    """At least two colours when rendered, told only where one or none is certain; and a solid background for Gmail."""
    document = found.document
    if "style" in document.names:
        return  # CSS is forbidden and reported; what it would do to the shapes isn't known
    walk = Walk(document)
    area = _visible_area(document.attributes[0])
    covered = area is None
    colours = _NONE
    certain = True
    try:
        for position, (node, inherited) in enumerate(walk.painted()):
            asks_for_colours = certain and len(colours) < 2
            asks_for_background = not covered and position < _BACKGROUND_WITHIN
            if not (asks_for_colours or asks_for_background):
                break
            attributes = document.attributes[node]
            asks_for_background = asks_for_background and may_cover(document.names[node], attributes)
            if not (asks_for_colours or asks_for_background):
                continue
            style = inherit(inherited, attributes)
            if asks_for_colours:
                try:
                    colours |= walk.colours(node, style)
                except Uncertain:
                    certain = False
            if asks_for_background and area is not None:
                covered = covers(document.names[node], attributes, area, style.transform) and walk.is_opaque(style)
    except Uncertain:
        return
    if not covered:
        yield Fault("receiver.gmail.background", Place(0))
    if certain and len(colours) == 1:
        yield Fault("svg.one-colour", Place(0), "", {"colour": as_hex(next(iter(colours)))})
    elif certain and not colours:
        yield Fault("svg.nothing-drawn", Place(0))


def _visible_area(root: dict[str, str]) -> Box | None:
    """What is seen of the drawing, made smaller by half a percent on each side, for editors round."""
    if "viewBox" in root:
        box = read_view_box(root["viewBox"])
        if box is None:
            return None
        left, top, width, height = box
    else:
        known = pixels(root.get("width")), pixels(root.get("height"))
        if not known[0] or not known[1]:
            return None
        left, top, (width, height) = 0.0, 0.0, (known[0], known[1])
    inset = min(width, height) * 0.005
    return left + inset, top + inset, left + width - inset, top + height - inset
