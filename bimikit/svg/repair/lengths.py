"""The step `lengths`: units and percentages become user units, offsets and opacities become plain numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from ..lexis import LARGEST
from ..numbers import read_view_box, to_float
from ..profile import GRADIENTS
from .computed import target_of
from .job import Job, by_id
from .shapes import written
from .tree import Node

PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""User units in a unit, at CSS's 96 to the inch."""
OTHER_UNITS = frozenset(
    "rem ch ic lh rlh cap rex rch ric q vw vh vi vb vmin vmax svw svh lvw lvh dvw dvh cqw cqh cqi cqb cqmin "
    "cqmax".split()
)
"""Units of CSS that few renderers of SVG know."""
DEFAULT_FONT_SIZE = 16.0

X, Y, OTHER = 0, 1, 2
"""Which side of the viewport a percentage is of: its width, its height, or its mean diagonal."""

_DIRECTIONS = {
    **dict.fromkeys("x x1 x2 cx fx dx width rx".split(), X),
    **dict.fromkeys("y y1 y2 cy fy dy height ry".split(), Y),
    **dict.fromkeys("r fr stroke-width stroke-dasharray stroke-dashoffset".split(), OTHER),
}
_BOX = frozenset({"x", "y", "width", "height"})
_OWN = {
    "rect": _BOX | {"rx", "ry"},
    "circle": frozenset({"cx", "cy", "r"}),
    "ellipse": frozenset({"cx", "cy", "rx", "ry"}),
    "line": frozenset({"x1", "y1", "x2", "y2"}),
    "use": _BOX,
    "image": _BOX,
    "textArea": _BOX,
    "text": frozenset({"x", "y", "dx", "dy"}),
    "tspan": frozenset({"x", "y", "dx", "dy"}),
    "linearGradient": frozenset({"x1", "y1", "x2", "y2"}),
    "radialGradient": frozenset({"cx", "cy", "r", "fx", "fy", "fr"}),
    **dict.fromkeys(("clipPath", "mask", "pattern", "filter"), _BOX),
}
"""Lengths of an element's own. Those of the root and of elements with a viewport in them belong to other steps."""
_EVERYWHERE = frozenset({"stroke-width", "stroke-dasharray", "stroke-dashoffset", "line-increment"})
_SHARES = frozenset({"opacity", "fill-opacity", "stroke-opacity", "stop-opacity", "solid-opacity"})
_REGIONS = frozenset({"clipPath", "mask", "pattern", "filter"})
"""Elements whose percentages mean different things by their units; the steps that resolve them read those."""
_VIEWPORTS = frozenset({"symbol", "marker", "pattern", "svg"})
"""Elements that percentages in them are of, instead of the drawing."""

plain = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)").fullmatch
read_length = re.compile(r"([+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)([A-Za-z]+|%)").fullmatch
"""A number with a unit."""
split_list = re.compile(r"[ \t\r\n]*,[ \t\r\n]*|[ \t\r\n]+").split


def number_text(number: float) -> str:
    """A number to seven significant digits, in plain notation."""
    size = math.floor(math.log10(abs(number))) if number else 0
    return written(number, min(max(6 - size, 0), 12))


def unread_radii(job: Job) -> None:
    """Write radii that can't be read as the 0 browsers take them for; in style sheets, unlike here, ``auto`` can be."""
    for node in job.root.walk():
        for name in ("rx", "ry") if node.name in ("rect", "ellipse") else ():
            text = node.attributes.get(name, "0").strip()
            found = read_length(text)
            known = found is not None and (found[2].lower() in {*PIXELS, *OTHER_UNITS, "em", "ex", "%"})
            if to_float(text) is None and not known and "(" not in text and job.may_touch(node):
                job.did("values.initial", node, name, misread=True, name=name, value=text, instead="0")
                node.attributes[name] = "0"


def lengths(job: Job) -> None:
    """Write lengths in user units, opacities and offsets as numbers, and both radii of ellipses."""
    _Lengths(job).run()


class _Lengths:
    """The step at work.

    Attributes:
        fonts: Each element's font size in pixels; None where it depends on the renderer.
        inner: Elements in a viewport of their own.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.sides = _sides(job.root)
        self.fonts: dict[Node, float | None] = {}
        self.inner: set[Node] = set()
        self.known: dict[str, Node] | None = None

    def run(self) -> None:
        for node in self.job.root.walk():
            parent = node.parent
            if parent is not None and (
                parent in self.inner or (parent.parent is not None and parent.name in _VIEWPORTS) or _in_a_box(parent)
            ):
                self.inner.add(node)
            self.fonts[node] = font = DEFAULT_FONT_SIZE if parent is None else self.fonts[parent]
            attributes = node.attributes
            if "font-size" in attributes:
                self.fonts[node] = self._font_size(node, font)
            own = _OWN.get(node.name, frozenset())
            for name in [name for name in attributes if name in own or name in _EVERYWHERE]:
                if not plain(attributes[name]):
                    self._length(node, name)
            for name in _SHARES & attributes.keys():
                self._share(node, name, clamped=True)
            if node.name == "stop" and "offset" in attributes:
                self._share(node, "offset", clamped=False)
            if node.name in ("rect", "ellipse") and self.job.may_touch(node):
                self._automatic(node)

    def _length(self, node: Node, name: str) -> None:
        text = node.attributes[name].strip()
        if node.name in GRADIENTS and name not in _EVERYWHERE:
            convert = self._in_gradient(node, name)
        else:
            convert = self._in_user_space(node, name)
        if not any(character.isalpha() or character == "%" for character in text):
            return
        parts = split_list(text)
        if all(to_float(part) is not None for part in parts):
            return
        converted = [part if to_float(part) is not None else convert(part) for part in parts]
        if None in converted or not self.job.may_touch(node):
            return
        self._write(node, name, " ".join(part for part in converted if part is not None))

    def _write(self, node: Node, name: str, value: str) -> None:
        self.job.did("lengths.converted", node, name, name=name, value=node.attributes[name], instead=value)
        node.attributes[name] = value

    def _in_user_space(self, node: Node, name: str) -> Callable[[str], str | None]:
        def convert(part: str) -> str | None:
            found = read_length(part)
            if found is None:
                return None
            amount, unit = float(found[1]), found[2]
            if unit == "%" and node.name in _REGIONS and name in _BOX:
                return None
            factor = self._percent(node, _DIRECTIONS.get(name, OTHER)) if unit == "%" else self._unit(node, unit)
            if factor is None:
                if unit == "%" or unit in ("em", "ex") or unit.lower() in OTHER_UNITS:
                    self.job.decline("lengths.unknown", node, name, name=name, value=part, unit=unit)
                return None
            return _text(amount * factor)

        return convert

    def _percent(self, node: Node, direction: int) -> float | None:
        if self.sides is None or node in self.inner:
            return None
        width, height = self.sides
        return (width, height, math.hypot(width, height) / math.sqrt(2))[direction] / 100

    def _unit(self, node: Node, unit: str) -> float | None:
        return self.fonts[node] if unit == "em" else PIXELS.get(unit)

    def _in_gradient(self, node: Node, name: str) -> Callable[[str], str | None]:
        """Coordinates of a gradient: of the viewport, or shares of what is painted."""
        units = self._gradient_units(node)
        if units == "userSpaceOnUse":
            return self._in_user_space(node, name)

        def convert(part: str) -> str | None:
            found = read_length(part)
            if found is None:
                return None
            factor = 0.01 if found[2] == "%" else self._unit(node, found[2])
            return None if factor is None or units is None else _text(float(found[1]) * factor)

        return convert

    def _gradient_units(self, node: Node) -> str | None:
        """A gradient's units, its own or its template's; None where others take its coordinates in other units."""
        if self.known is None:
            self.known = by_id(self.job.root)
            self.mixed = _mixed_gradients(self.job.root, self.known)
        return None if node in self.mixed else units_of(node, self.known)

    def _share(self, node: Node, name: str, *, clamped: bool) -> None:
        text = node.attributes[name].strip()
        if plain(text):
            if name != "opacity" or 0 <= float(text) <= 1:
                return
            share = float(text)
        else:
            found = read_length(text)
            if found is None or found[2] != "%":
                return
            share = float(found[1]) / 100
        if clamped:
            share = min(max(share, 0.0), 1.0)
        if math.isfinite(share) and self.job.may_touch(node):
            self._write(node, name, number_text(share))

    def _font_size(self, node: Node, around: float | None) -> float | None:
        """An element's font size; relative ones are written as numbers."""
        text = node.attributes["font-size"].strip()
        number = to_float(text)
        if number is not None:
            return number if 0 <= number <= LARGEST else around
        if text == "inherit":
            return around
        found = read_length(text)
        if found is None:
            return DEFAULT_FONT_SIZE if text == "medium" else None
        unit = found[2]
        relative = {"em": 1.0, "%": 0.01}.get(unit)
        factor = PIXELS.get(unit) if relative is None else None if around is None else around * relative
        size = None if factor is None else float(found[1]) * factor
        if size is None or not 0 <= size <= LARGEST:
            return None
        if self.job.may_touch(node):
            self._write(node, "font-size", number_text(size))
        return size

    def _automatic(self, node: Node) -> None:
        """``auto`` goes from rectangles, where it means the same as nothing; ellipses get both radii."""
        attributes = node.attributes
        automatic = [name for name in ("rx", "ry", "width", "height") if attributes.get(name, "").strip() == "auto"]
        for name in automatic:
            del attributes[name]
        if automatic:
            self.job.did("lengths.automatic", node, automatic[0], name=automatic[0])
        if node.name == "ellipse" and ("rx" in attributes) != ("ry" in attributes):
            there, missing = ("rx", "ry") if "rx" in attributes else ("ry", "rx")
            radius = to_float(attributes[there])
            if radius is not None and radius >= 0:
                attributes[missing] = attributes[there]
                self.job.did("lengths.radius", node, there, name=missing)


def _text(number: float) -> str | None:
    return number_text(number) if math.isfinite(number) and abs(number) <= LARGEST else None


def _in_a_box(node: Node) -> bool:
    """Whether lengths in an element are shares of a shape's box."""
    return node.name in ("clipPath", "mask") and "objectBoundingBox" in (
        node.attributes.get("clipPathUnits"),
        node.attributes.get("maskContentUnits"),
    )


def _sides(root: Node) -> tuple[float, float] | None:
    """Width and height that percentages are of; None where the renderer decides."""
    box = read_view_box(root.attributes.get("viewBox", ""))
    if box is not None:
        return box[2], box[3]
    sides = []
    for name in ("width", "height"):
        text = root.attributes.get(name, "").strip()
        found = read_length(text)
        number = float(found[1]) * PIXELS.get(found[2], math.nan) if found else to_float(text)
        if number is None or not 0 < number <= LARGEST:
            return None
        sides.append(number)
    return sides[0], sides[1]


_MOST_TEMPLATES = 32


def units_of(gradient: Node, known: dict[str, Node]) -> str:
    """A gradient's units: its own, or those of the gradient it takes from."""
    at: Node | None = gradient
    for _ in range(_MOST_TEMPLATES):
        if at is None or at.name not in GRADIENTS:
            break
        if "gradientUnits" in at.attributes:
            return at.attributes["gradientUnits"].strip()
        at = template_of(at, known)
    return "objectBoundingBox"


def template_of(gradient: Node, known: dict[str, Node]) -> Node | None:
    """The gradient that a gradient takes from what it doesn't say itself."""
    address = gradient.attributes.get("href") or gradient.attributes.get("xlink:href", "")
    return target_of(known, address.strip())


def _mixed_gradients(root: Node, known: dict[str, Node]) -> set[Node]:
    """Gradients from which one with other units takes."""
    templates = {node: template_of(node, known) for node in root.walk() if node.name in GRADIENTS}
    units = {node: units_of(node, known) for node in templates}
    mixed = set()
    for node, at in templates.items():
        for _ in range(_MOST_TEMPLATES):
            if at is None or at not in templates:
                break
            if units[at] != units[node]:
                mixed.add(at)
            at = templates[at]
    return mixed
