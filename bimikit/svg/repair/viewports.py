"""Inner ``svg`` elements become groups: their coordinates a transform, their edges a clip path."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...lazy import lazy_regex
from ..geometry import Box
from ..lexis import BLANK
from ..numbers import ViewBox, read_view_box
from ..profile import CONSTRAINED, SHAPES
from .job import Job, inherited, viewport
from .removal import DEFINITIONS
from .shapes import mapped, outline, stroke_outline, transform_of, transform_to, written
from .tree import IDS, Node

_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_LENGTH = lazy_regex(r"([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?)([a-z%]{0,2})")
_LARGEST = 1e9
_ACROSS = frozenset({"x", "width", "cx", "rx", "x1", "x2", "dx"})
_DOWN = frozenset({"y", "height", "cy", "ry", "y1", "y2", "dy"})
_BOTH = frozenset({"r", "stroke-width", "stroke-dashoffset", "stroke-dasharray"})
_BY_BOX = frozenset("linearGradient radialGradient stop pattern mask filter clipPath marker symbol".split())
"""Elements whose own percentages are of something else than the viewport, as a rule."""
_DROPPED = frozenset(
    "x y width height viewBox preserveAspectRatio overflow version baseProfile contentScriptType contentStyleType "
    "transform".split()
) | frozenset(CONSTRAINED)
_MOST_SHAPES = 2_000
_MOST_DATA = 400_000
"""Shapes, and characters of path data, that are measured before a viewport is taken to cut something off."""
_NEGLIGIBLE = 1e-4
"""Of a viewport's side: how far a drawing may reach beyond its edge without a pixel showing it."""


def length(text: str | None, whole: float, default: float | None = 0.0) -> float | None:
    """A length in user units; None where it can't be read or depends on a font.

    Args:
        text: The value; None where there is none.
        whole: What percentages are of.
        default: What no value stands for.
    """
    if text is None:
        return default
    found = _LENGTH(text.strip(BLANK))
    if found is None or found.end() != len(text.strip(BLANK)):
        return None
    amount, unit = float(found[1]), found[2]
    number = amount * whole / 100 if unit == "%" else amount * _UNITS.get(unit, math.nan)
    return number if abs(number) <= _LARGEST else None  # not a number fails this too


class Viewports:
    """The viewports of a drawing, which percentages are of."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._ids: set[str] | None = None

    def around(self, node: Node) -> tuple[float, float] | None:
        """Width and height of the nearest viewport around an element, in its own units; None for an unknown one."""
        nearest = []
        for around in node.ancestors():
            if around.name == "svg":
                nearest.append(around)
                if read_view_box(around.attributes.get("viewBox", "")) is not None:
                    break
        size: tuple[float, float] | None = None
        for svg in reversed(nearest):
            if svg is self._root:
                size = viewport(svg)[2:]
                continue
            box = read_view_box(svg.attributes.get("viewBox", ""))
            if box is not None:
                size = box[2:]
                continue
            if size is None:
                return None
            width = length(svg.attributes.get("width"), size[0], size[0])
            height = length(svg.attributes.get("height"), size[1], size[1])
            size = None if width is None or height is None else (width, height)
        return size

    def place(self, node: Node) -> tuple[float | None, float | None]:
        """An element's x and y in user units."""
        texts = node.attributes.get("x"), node.attributes.get("y")
        size = self.around(node) if any("%" in (text or "") for text in texts) else (0.0, 0.0)
        if size is None:
            return None, None
        return length(texts[0], size[0]), length(texts[1], size[1])

    def new_id(self) -> str:
        """An id that nothing has."""
        if self._ids is None:
            self._ids = {node.attributes[name] for node in self._root.walk() for name in IDS if name in node.attributes}
        number = 1
        while f"viewport{number}" in self._ids:
            number += 1
        self._ids.add(f"viewport{number}")
        return f"viewport{number}"


class _Fit(NamedTuple):
    """How an inner drawing is placed: inner times scale, plus shift."""

    scale_x: float
    scale_y: float
    shift_x: float
    shift_y: float

    def written(self) -> str:
        """As functions of a transform."""
        moved = f"translate({written(self.shift_x, 6)} {written(self.shift_y, 6)})"
        scaled = f"scale({_precise(self.scale_x)} {_precise(self.scale_y)})"
        if self.scale_x == self.scale_y:
            scaled = f"scale({_precise(self.scale_x)})"
        moves, scales = self.shift_x or self.shift_y, (self.scale_x, self.scale_y) != (1, 1)
        return " ".join(text for text, needed in ((moved, moves), (scaled, scales)) if needed)

    def inner(self, area: Box) -> Box:
        """An area around the drawing in the drawing's own coordinates."""
        left, top, right, bottom = area
        return (
            (left - self.shift_x) / self.scale_x,
            (top - self.shift_y) / self.scale_y,
            (right - self.shift_x) / self.scale_x,
            (bottom - self.shift_y) / self.scale_y,
        )


def _precise(number: float) -> str:
    """A factor with enough digits, however small it is."""
    return written(number, 6 + max(0, -math.floor(math.log10(number))))


def dissolve(job: Job, node: Node, viewports: Viewports, *, symbol: bool = False) -> None:
    """Make an inner ``svg`` a group with the same picture, or decline to.

    Args:
        job: The run.
        node: The inner ``svg``.
        viewports: Of the drawing it is in.
        symbol: Whether it stands for a symbol, within which renderers disagree on what percentages are of.
    """
    attributes = node.attributes
    around = viewports.around(node)
    if around is None or not job.may_touch(node):
        return
    sized = {"width", "height"} <= attributes.keys()
    numbers = [
        length(None if attributes.get(name) == "auto" else attributes.get(name), whole, default)
        for name, whole, default in (
            ("x", around[0], 0.0),
            ("y", around[1], 0.0),
            ("width", around[0], around[0]),
            ("height", around[1], around[1]),
        )
    ]
    x, y, width, height = (math.nan if number is None else number for number in numbers)
    box = read_view_box(attributes.get("viewBox", ""))
    if not (width > 0 and height > 0) or math.isnan(x + y) or (box is None and "viewBox" in attributes):
        job.decline("viewport.size", node)  # renderers differ on what isn't there
        return
    fit = fitted((x, y, width, height), box, attributes.get("preserveAspectRatio", ""))
    if {"transform-origin", "transform-box"} & attributes.keys():
        job.decline("viewport.size", node)
        return
    wholes: tuple[float, float] | None = (box[2], box[3]) if box is not None else (width, height)
    if symbol and wholes != (width, height):
        wholes = None
    if transform_of(node) is None or min(fit.scale_x, fit.scale_y) < 1e-9 or not _resolve(node, wholes):
        job.decline("viewport.percentages", node)
        return
    clips = attributes.get("overflow", "hidden").strip(BLANK) not in ("visible", "auto")
    area = fit.inner((x, y, x + width, y + height))
    clips = clips and not _contains(area, node)
    if clips and not sized:
        job.decline("viewport.unsized", node)  # renderers differ on whether it is cut off
        return
    job.did("viewport.dissolved", node)
    transform = " ".join(filter(None, (attributes.get("transform", "").strip(BLANK), fit.written())))
    node.name = "g"
    node.attributes = {name: value for name, value in attributes.items() if name not in _DROPPED}
    if transform:
        node.attributes["transform"] = transform
    node.children[:] = node.elements
    if clips:
        _clip(job, node, area, viewports.new_id())


def _clip(job: Job, node: Node, area: Box, name: str) -> None:
    """Let nothing of a group be seen outside of an area, in the coordinates of what is in it."""
    if "clip-path" in node.attributes:
        inner = Node("g", {"clip-path": node.attributes["clip-path"]}, node.source)
        for child in list(node.children):
            inner.append(child)
        node.append(inner)
    node.attributes["clip-path"] = f"url(#{name})"
    left, top, right, bottom = area
    sides = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    clip = Node("clipPath", {"id": name})
    clip.append(Node("rect", {side: written(value, 6) for side, value in sides.items()}))
    defs = Node("defs")
    defs.append(clip)
    job.root.append(defs)


_ALIGNMENTS = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


def fitted(area: ViewBox, box: ViewBox | None, aspect: str) -> _Fit:
    """How a drawing with a viewBox is placed in an area, by ``preserveAspectRatio``."""
    x, y, width, height = area
    if box is None:
        return _Fit(1.0, 1.0, x, y)
    left, top, across, down = box
    scale_x, scale_y = width / across, height / down
    words = aspect.split()
    if words[:1] == ["defer"]:
        del words[0]
    align = words[0] if words else "xMidYMid"
    known = len(align) == 8 and align[0] == "x" and align[4] == "Y" and {align[1:4], align[5:]} <= _ALIGNMENTS.keys()
    if not known and align != "none":
        align, words = "xMidYMid", []
    if align != "none":
        scale_x = scale_y = (max if words[1:] == ["slice"] else min)(scale_x, scale_y)
        x += (width - across * scale_x) * _ALIGNMENTS[align[1:4]]
        y += (height - down * scale_y) * _ALIGNMENTS[align[5:]]
    return _Fit(scale_x, scale_y, x - left * scale_x, y - top * scale_y)


def _resolve(svg: Node, size: tuple[float, float] | None) -> bool:
    """Write percentages of a viewport as the numbers they are; False, and nothing written, where that can't be."""
    across, down = size or (math.nan, math.nan)
    wholes = (
        (_ACROSS, across),
        (_DOWN, down),
        (_BOTH, math.hypot(across, down) / math.sqrt(2)),
    )
    if any("%" in inherited(svg, name) for name in ("stroke-width", "stroke-dashoffset", "stroke-dasharray")):
        return False
    found: list[tuple[Node, str, str]] = []
    stack = svg.elements
    while stack:
        node = stack.pop()
        stack += node.elements
        by_box = node.name in _BY_BOX
        if by_box and not any("userSpaceOnUse" in value for value in node.attributes.values()):
            continue
        for name, value in node.attributes.items():
            if "%" not in value:
                continue
            whole = next((whole for names, whole in wholes if name in names), None)
            if whole is None:
                continue
            parts = [length(part, whole) for part in value.replace(",", " ").split()]
            if by_box or None in parts:
                return False
            found.append((node, name, " ".join(written(part, 6) for part in parts if part is not None)))
    for node, name, value in found:
        node.attributes[name] = value
    return True


def _contains(area: Box, svg: Node) -> bool:
    """Whether all that an inner drawing paints is surely within an area of its own coordinates."""
    left, top, right, bottom = area
    slack_x, slack_y = (right - left) * _NEGLIGIBLE, (bottom - top) * _NEGLIGIBLE
    shapes = data = 0
    stack = svg.elements
    while stack:
        node = stack.pop()
        if node.name in DEFINITIONS:
            continue
        if {"filter", "style", "marker-start", "marker-mid", "marker-end", "marker"} & node.attributes.keys():
            return False
        if node.name not in SHAPES:
            if node.name not in ("g", "a"):
                return False
            stack += node.elements
            continue
        shapes += 1
        data += len(node.attributes.get("d", "")) + len(node.attributes.get("points", ""))
        painted = _painted_box(node, svg) if shapes <= _MOST_SHAPES and data <= _MOST_DATA else None
        if painted is None:
            return False
        if painted and not (
            painted[0] >= left - slack_x
            and painted[1] >= top - slack_y
            and painted[2] <= right + slack_x
            and painted[3] <= bottom + slack_y
        ):
            return False
    return True


def _painted_box(node: Node, svg: Node) -> Box | tuple[()] | None:
    """The box around a shape and its stroke; empty for nothing, None where it isn't known."""
    if any(inherited(node, name) != "none" for name in ("marker-start", "marker-mid", "marker-end")):
        return None
    if "display" in node.attributes or {"transform-origin", "transform-box"} & node.attributes.keys():
        return None
    fill, stroke, matrix = outline(node), stroke_outline(node), transform_to(node, svg)
    if fill is None or stroke is None or matrix is None:
        return None
    boxes = [mapped(path, matrix).bounds for path in (fill, stroke) if next(iter(path), None) is not None]
    if not boxes or not all(math.isfinite(side) for box in boxes for side in box):
        return () if not boxes else None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
