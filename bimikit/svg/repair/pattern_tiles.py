"""What stands on one tile of a pattern: outlines of plain colours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from pathops import Path, PathOp, PathOpsError, op

from ..colours import read_colour, read_paint
from ..geometry import IDENTITY, Box, Matrix, matrix_of, times
from ..numbers import ViewBox, read_transform, read_view_box, to_float
from ..profile import ELEMENTS, SHAPES
from . import shapes
from .job import inherited
from .paint_servers import PAINTS, Painted, area_of, inside_bounds, is_flat, server_of, stops_of
from .regions import size_of
from .tree import Node

MOST_SHAPES = 2_000
"""On all tiles of one paint together."""
_MOST_TILES = 400


class Declined(Exception):
    """Why a pattern stays: the key of its words."""


class Ink(NamedTuple):
    """An outline of one colour.

    Attributes:
        area: The outline.
        colour: ``#rrggbb``.
        opacity: From 0 to 1.
    """

    area: Path
    colour: str
    opacity: float


class Tile(NamedTuple):
    """The tile of a pattern, as it paints one shape.

    Attributes:
        box: Its edges in the pattern's coordinates.
        content: From the coordinates of its content to the pattern's.
        matrix: From the pattern's coordinates to the shape's.
    """

    box: Box
    content: Matrix
    matrix: Matrix


def _first(chain: list[Node], name: str, default: str) -> str:
    """An attribute of a pattern: its own, or that of the nearest template with one."""
    return next((link.attributes[name] for link in chain if name in link.attributes), default).strip()


def tile_of(chain: list[Node], bounding: Box, area: ViewBox) -> Tile | None:
    """The tile of a pattern on a shape with this bounding box; None where there is none, so that nothing is drawn."""
    in_box = _first(chain, "patternUnits", "objectBoundingBox") != "userSpaceOnUse"
    content_in_box = _first(chain, "patternContentUnits", "userSpaceOnUse") == "objectBoundingBox"
    view = read_view_box(_first(chain, "viewBox", ""))
    if is_flat(bounding) and (in_box or content_in_box):
        return None
    left, top, right, bottom = bounding
    sizes = (1.0, 1.0) if in_box else area[2:]
    x, y, width, height = (
        _length(_first(chain, name, "0"), sizes[at % 2]) for at, name in enumerate(("x", "y", "width", "height"))
    )
    functions, trouble = read_transform(chain[0].attributes.get("patternTransform", ""))
    is_own = "patternTransform" in chain[0].attributes or not _first(chain, "patternTransform", "")
    if trouble is not None or not is_own:  # browsers take it from a template, resvg and others don't
        raise Declined("pattern.unreadable")
    matrix = IDENTITY
    for function in functions:
        matrix = times(matrix, matrix_of(function))
    if in_box:
        x, y, width, height = (
            x * (right - left) + left,
            y * (bottom - top) + top,
            width * (right - left),
            height * (bottom - top),
        )
    if width <= 0 or height <= 0:
        return None
    if min(width, height) < 1e-7:
        raise Declined("pattern.unreadable")
    if max(map(abs, (x, y, width, height, *matrix))) > 1e7 or shapes.inverse(matrix) is None:
        raise Declined("pattern.unreadable")
    origin = (1.0, 0.0, 0.0, 1.0, x, y)  # renderers begin the content at the tile's corner, whatever its units
    content = origin
    if view is not None:
        content = times(origin, _fitted(view, (width, height), _first(chain, "preserveAspectRatio", "xMidYMid")))
    elif content_in_box:
        content = times(origin, (right - left, 0.0, 0.0, bottom - top, 0.0, 0.0))
    return Tile((x, y, x + width, y + height), content, matrix)


def _length(text: str, whole: float) -> float:
    number = to_float(text.removesuffix("%"))
    if number is None or not math.isfinite(number):
        raise Declined("pattern.unreadable")
    return number / 100 * whole if text.endswith("%") else number


def _fitted(view: ViewBox, size: tuple[float, float], aspect: str) -> Matrix:
    """From a viewBox to a tile of this size that begins at 0, 0."""
    left, top, width, height = view
    across, down = size[0] / width, size[1] / height
    words = aspect.split()
    align = words[0] if words else "xMidYMid"
    if align == "none":
        return across, 0.0, 0.0, down, -left * across, -top * down
    scale = max(across, down) if words[-1] == "slice" else min(across, down)
    shares = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    right, below = shares.get(align[1:4], 0.5), shares.get(align[5:8], 0.5)
    return (
        scale,
        0.0,
        0.0,
        scale,
        (size[0] - width * scale) * right - left * scale,
        (size[1] - height * scale) * below - top * scale,
    )


def steps_over(tile: Tile, area: Path) -> Iterator[Matrix]:
    """The moves of the tile that cover an area."""
    back = shapes.inverse(tile.matrix)
    if back is None:
        raise Declined("pattern.unreadable")
    left, top, right, bottom = shapes.mapped(area, back).bounds
    x, y, x2, y2 = tile.box
    width, height = x2 - x, y2 - y
    if (right - left) / width > _MOST_TILES or (bottom - top) / height > _MOST_TILES:
        raise Declined("pattern.too-many")
    noise = 1e-4
    columns = range(math.floor((left - x) / width + noise), math.ceil((right - x) / width - noise))
    rows = range(math.floor((top - y) / height + noise), math.ceil((bottom - y) / height - noise))
    if len(columns) * len(rows) > _MOST_TILES:
        raise Declined("pattern.too-many")
    for row in rows:
        for column in columns:
            yield 1.0, 0.0, 0.0, 1.0, column * width, row * height


_TRANSPARENT = frozenset({"title", "desc", "metadata", "defs", *(name for name in ELEMENTS if "Gradient" in name)})
_EFFECTS = ("clip-path", "mask", "filter", "mix-blend-mode", "marker-start", "marker-mid", "marker-end")


def content_of(chain: list[Node], tile: Tile, tiles: int) -> list[Ink]:
    """What stands on one tile, in the pattern's coordinates, in the order of painting."""
    source = _source(chain)
    if source is None:
        return []
    x, y, x2, y2 = tile.box
    edges = Path()
    for index, (px, py) in enumerate(((x, y), (x2, y), (x2, y2), (x, y2))):
        (edges.lineTo if index else edges.moveTo)(px, py)
    edges.close()
    content: list[Ink] = []
    stack = [(child, tile.content) for child in reversed(source.elements)]
    while stack:
        node, outer = stack.pop()
        if node.name in _TRANSPARENT or node.attributes.get("display", "").strip() == "none":
            continue
        own = shapes.transform_of(node)
        if own is None or any(node.attributes.get(name, "none").strip() not in ("none", "normal") for name in _EFFECTS):
            raise Declined("pattern.content")
        matrix = times(outer, own)
        if node.name == "g" and to_share(node.attributes.get("opacity", "1")) == 1:
            stack.extend((child, matrix) for child in reversed(node.elements))
            continue
        for ink in _inks(node):
            moved = shapes.mapped(ink.area, matrix)
            content.append(ink._replace(area=moved if _holds(tile.box, moved.bounds) else common(moved, edges)))
        if len(content) * max(tiles, 1) > MOST_SHAPES:
            raise Declined("pattern.too-many")
    return content


def _inks(shape: Node) -> list[Ink]:
    """The fill and the stroke of a shape of plain colours, in its own coordinates."""
    if shape.name not in SHAPES or shape.elements:
        raise Declined("pattern.content")
    if inherited(shape, "visibility") != "visible":
        return []
    whole = to_share(shape.attributes.get("opacity", "1"))
    inks = []
    for paint in PAINTS:
        found = read_paint(inherited(shape, paint))
        if found is not None and found.kind == "none":
            continue
        colour = found.colour if found is not None else None
        if found is not None and found.kind == "currentColor":
            colour = read_colour(inherited(shape, "color"))
        if colour is None or colour.rgba is None:
            raise Declined("pattern.content")
        area = area_of(Painted(shape, paint, instanced=False))
        if area is None or not inside_bounds(area):
            raise Declined("pattern.unreadable")
        *rgb, alpha = colour.rgba
        opacity = to_share(inherited(shape, f"{paint}-opacity")) * alpha / 255 * whole
        inks.append(Ink(area, "#" + bytes(rgb).hex(), opacity))
    if len(inks) > 1 and (whole != 1 or inherited(shape, "paint-order").startswith("stroke")):
        raise Declined("pattern.content")
    return [ink for ink in inks if ink.opacity > 0]


def to_share(text: str) -> float:
    """An opacity as a number from 0 to 1."""
    number = to_float(text.strip())
    if number is None:
        raise Declined("pattern.unreadable")
    return min(max(number, 0.0), 1.0)


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def common(one: Path, other: Path) -> Path:
    """What two outlines both cover."""
    try:
        return op(one, other, PathOp.INTERSECTION)
    except PathOpsError:
        raise Declined("pattern.unreadable") from None


def _source(chain: list[Node]) -> Node | None:
    return next((link for link in chain if link.elements), None)


def average(chain: list[Node], tile: Tile | None, known: dict[str, Node]) -> tuple[str, float] | None:
    """The colour that stands for a pattern.

    Returns:
        The mean of its colours by the area they take, and the share of the tile that is covered; None for a pattern
        without colours.
    """
    source = _source(chain)
    sums = [0.0, 0.0, 0.0]
    covered = 0.0
    for node in list(source.walk())[:MOST_SHAPES] if source is not None else ():
        matrix = shapes.transform_to(node, source) if source is not None and node.name in SHAPES else None
        if matrix is None:
            continue
        for paint in PAINTS:
            colour = _mean_colour(inherited(node, paint), known)
            area = area_of(Painted(node, paint, instanced=False)) if colour is not None else None
            if colour is None or area is None or not inside_bounds(area):
                continue
            size = abs(size_of(area) * _determinant(matrix))
            sums = [total + size * part for total, part in zip(sums, colour, strict=True)]
            covered += size
    if not covered:
        return None
    share = 1.0
    if tile is not None:
        left, top, right, bottom = tile.box
        share = min(covered * abs(_determinant(tile.content)) / ((right - left) * (bottom - top)), 1.0)
    return "#" + bytes(round(total / covered) for total in sums).hex(), share


def _determinant(matrix: Matrix) -> float:
    a, b, c, d, _, _ = matrix
    return a * d - b * c


def _mean_colour(value: str, known: dict[str, Node]) -> tuple[float, float, float] | None:
    """The colour of a paint; for a gradient, the mean of its stops."""
    server = server_of(value, known)
    texts = [value] if server is None else [stop.element.attributes.get("stop-color", "") for stop in stops_of(server)]
    colours = [colour.rgba for colour in map(read_colour, texts) if colour is not None and colour.rgba is not None]
    if not colours:
        return None
    red, green, blue = (sum(part) / len(colours) for part in list(zip(*colours, strict=True))[:3])
    return red, green, blue
