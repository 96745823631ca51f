"""Shapes as outlines: from elements to skia's paths and back. All geometry of repairs goes through here."""

from __future__ import annotations

import math
import re

from fontTools.svgLib.path import parse_path
from pathops import FillType, LineCap, LineJoin, Path, PathVerb

from ..geometry import IDENTITY, Matrix, matrix_of, times
from ..numbers import read_transform, to_float
from ..paths import path_trouble
from ..profile import SHAPES
from .job import inherited
from .tree import Node

__all__ = ["IDENTITY", "SHAPES", "Matrix", "times"]

_CONIC_TOLERANCE = 1 / 4000
"""Of an outline's larger side: how far the quadratic curves written for skia's conics may stray."""


def transform_of(node: Node) -> Matrix | None:
    """An element's own transform; None where it can't be read."""
    text = node.attributes.get("transform", "")
    functions, trouble = read_transform(text)
    if trouble is not None:
        return None
    matrix = IDENTITY
    for function in functions:
        matrix = times(matrix, matrix_of(function))
    return matrix


def transform_to(node: Node, ancestor: Node) -> Matrix | None:
    """From an element's own coordinates to those in which an ancestor's children stand; None where unreadable."""
    matrix: Matrix | None = IDENTITY
    around: Node | None = node
    while around is not None and around is not ancestor:
        own = transform_of(around)
        if own is None or matrix is None:
            return None
        matrix = times(own, matrix)
        around = around.parent
    return matrix


def inverse(matrix: Matrix) -> Matrix | None:
    """The matrix that undoes another; None for one that squeezes everything flat."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    if not math.isfinite(determinant) or abs(determinant) < 1e-12:
        return None
    return (
        d / determinant,
        -b / determinant,
        -c / determinant,
        a / determinant,
        (c * f - d * e) / determinant,
        (b * e - a * f) / determinant,
    )


def outline(node: Node) -> Path | None:
    """What a shape's fill covers, in its own coordinates, by its own fill rule.

    Returns:
        The outline; an empty one for a shape that draws nothing; None for what isn't a shape or can't be read.
    """
    build = _BUILDERS.get(node.name)
    if build is None:
        return None
    path = Path(fillType=fill_type(inherited(node, "fill-rule")))
    # numbers beyond what skia can hold leave a path without bounds
    return path if build(node, path) and path.bounds is not None else None


def fill_type(rule: str) -> FillType:
    """Skia's name for a fill rule."""
    return FillType.EVEN_ODD if rule == "evenodd" else FillType.WINDING


def stroke_outline(node: Node) -> Path | None:
    """What a shape's stroke covers, in its own coordinates; empty for no stroke, None where it can't be worked out."""
    if inherited(node, "stroke") == "none":
        return Path()
    path = outline(node)
    width = to_float(inherited(node, "stroke-width"))
    miter = to_float(inherited(node, "stroke-miterlimit"))
    offset = to_float(inherited(node, "stroke-dashoffset"))
    dashes = _dashes(inherited(node, "stroke-dasharray"))
    if path is None or width is None or miter is None or offset is None or dashes is None or width < 0:
        return None
    if inherited(node, "vector-effect") != "none":
        return None
    if width == 0:
        return Path()
    cap = _CAPS.get(inherited(node, "stroke-linecap"), LineCap.BUTT_CAP)
    join = _JOINS.get(inherited(node, "stroke-linejoin"), LineJoin.MITER_JOIN)
    left, top, right, bottom = path.bounds
    side = max(right - left, bottom - top, width)
    if dashes and _length(path) / sum(dashes) * len(dashes) > _MOST_PIECES:
        return None
    # skia's tolerance is made for pixels; powers of two cost no precision
    scale = 2.0 ** round(math.log2(_STROKING_SIZE / side)) if 1e-9 < side < 1e9 else 1.0
    path = mapped(path, (scale, 0, 0, scale, 0, 0))
    path.stroke(width * scale, cap, join, miter, [dash * scale for dash in dashes] or None, offset * scale)
    return mapped(path, (1 / scale, 0, 0, 1 / scale, 0, 0))


def _length(path: Path) -> float:
    """How long a path is at most."""
    length = 0.0
    here = start = (0.0, 0.0)
    for verb, points in path:
        if verb == PathVerb.MOVE:
            here = start = points[0]
            continue
        for point in points or (start,):
            length += math.dist(here, point)
            here = point
    return length


_STROKING_SIZE = 4096.0
_MOST_PIECES = 4000
"""Dashes and gaps of one stroke."""
_CAPS = {"round": LineCap.ROUND_CAP, "square": LineCap.SQUARE_CAP}
_JOINS = {"round": LineJoin.ROUND_JOIN, "bevel": LineJoin.BEVEL_JOIN}
_MOST_DASHES = 64


def _dashes(text: str) -> list[float] | None:
    if text == "none":
        return []
    numbers = [to_float(part) for part in text.replace(",", " ").split()]
    if len(numbers) > _MOST_DASHES or any(number is None or number < 0 for number in numbers):
        return None
    dashes = [number for number in numbers if number is not None]
    if len(dashes) % 2:
        dashes *= 2
    return dashes if sum(dashes) > 0 else []


def mapped(path: Path, matrix: Matrix) -> Path:
    """A copy of a path in other coordinates."""
    if matrix == IDENTITY:
        return Path(path)
    a, b, c, d, e, f = matrix
    moved: Path = path.transform(a, b, c, d, e, f)
    return moved


def path_data(path: Path, digits: int = 3) -> str:
    """A path as SVG Tiny path data, without arcs; conics become quadratic curves.

    Args:
        path: The path.
        digits: Decimals to round to.
    """
    path = Path(path)
    left, top, right, bottom = path.bounds
    path.convertConicsToQuads(max(right - left, bottom - top, 1e-6) * _CONIC_TOLERANCE)
    pieces = []
    for verb, points in path:
        letter = _LETTERS[verb]
        pieces.append(letter + " ".join(f"{written(x, digits)} {written(y, digits)}" for x, y in points))
    return "".join(pieces)


_LETTERS = {PathVerb.MOVE: "M", PathVerb.LINE: "L", PathVerb.QUAD: "Q", PathVerb.CUBIC: "C", PathVerb.CLOSE: "Z"}


def written(number: float, digits: int = 3) -> str:
    """A number as short as it can be written."""
    text = f"{number:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def written_matrix(matrix: Matrix, digits: int = 6) -> str:
    """A matrix as the value of ``transform``."""
    return f"matrix({' '.join(written(number, digits) for number in matrix)})"


def _number(node: Node, name: str, default: float = 0.0) -> float:
    value = node.attributes.get(name)
    number = default if value is None else to_float(value)
    return math.nan if number is None else number


def _path(node: Node, path: Path) -> bool:
    data = node.attributes.get("d", "")
    trouble = path_trouble(data)
    if trouble is not None:
        return False
    if "a" not in data and "A" not in data:  # whose flags are digits that may stand together
        data = _LEADING_ZEROS.sub("", data)
    try:
        if data.strip():
            parse_path(data, path.getPen(allow_open_paths=True))
    except ValueError:
        return False
    return True


_LEADING_ZEROS = re.compile(r"(?<![0-9.])0+(?=[0-9])")
"""Legal, but the parser of path data takes them for flags of arcs."""


def _rect(node: Node, path: Path) -> bool:
    x, y, width, height = (_number(node, name) for name in ("x", "y", "width", "height"))
    rx, ry = node.attributes.get("rx", "auto"), node.attributes.get("ry", "auto")
    radii = [to_float(text) if text != "auto" else None for text in (rx, ry)]
    if any(radius is None and text != "auto" for radius, text in zip(radii, (rx, ry), strict=True)):
        return False
    first = radii[0] if radii[0] is not None else radii[1] or 0.0
    second = radii[1] if radii[1] is not None else radii[0] or 0.0
    if not all(map(math.isfinite, (x, y, width, height))):
        return False
    if width <= 0 or height <= 0:
        return True
    across, down = min(max(first, 0.0), width / 2), min(max(second, 0.0), height / 2)
    if not across or not down:
        _polygon_of(path, [(x, y), (x + width, y), (x + width, y + height), (x, y + height)], closed=True)
        return True
    path.moveTo(x + across, y)
    _side(path, x + width - across, y, across, down, 1, 0)
    _side(path, x + width, y + height - down, across, down, 0, 1)
    _side(path, x + across, y + height, across, down, -1, 0)
    _side(path, x, y + down, across, down, 0, -1)
    path.close()
    return True


_KAPPA = 4 / 3 * (math.sqrt(2) - 1)
"""How far the handles of a cubic curve reach that stands for a quarter of a circle."""


def _side(path: Path, x: float, y: float, across: float, down: float, dx: int, dy: int) -> None:
    """A straight side to (x, y), then a quarter turn to the right."""
    turn_x, turn_y = -dy, dx
    end_x, end_y = x + (dx + turn_x) * across, y + (dy + turn_y) * down
    path.lineTo(x, y)
    path.cubicTo(
        x + dx * across * _KAPPA,
        y + dy * down * _KAPPA,
        end_x - turn_x * across * _KAPPA,
        end_y - turn_y * down * _KAPPA,
        end_x,
        end_y,
    )


def _circle(node: Node, path: Path) -> bool:
    radius = _number(node, "r")
    return _oval(path, _number(node, "cx"), _number(node, "cy"), radius, radius)


def _ellipse(node: Node, path: Path) -> bool:
    if ("rx" in node.attributes) != ("ry" in node.attributes):
        return False  # renderers differ
    return _oval(path, _number(node, "cx"), _number(node, "cy"), _number(node, "rx"), _number(node, "ry"))


def _oval(path: Path, x: float, y: float, rx: float, ry: float) -> bool:
    if not all(map(math.isfinite, (x, y, rx, ry))):
        return False
    if rx > 0 and ry > 0:
        kx, ky = rx * _KAPPA, ry * _KAPPA
        path.moveTo(x + rx, y)
        path.cubicTo(x + rx, y + ky, x + kx, y + ry, x, y + ry)
        path.cubicTo(x - kx, y + ry, x - rx, y + ky, x - rx, y)
        path.cubicTo(x - rx, y - ky, x - kx, y - ry, x, y - ry)
        path.cubicTo(x + kx, y - ry, x + rx, y - ky, x + rx, y)
        path.close()
    return True


def _line(node: Node, path: Path) -> bool:
    ends = [_number(node, name) for name in ("x1", "y1", "x2", "y2")]
    if not all(map(math.isfinite, ends)):
        return False
    _polygon_of(path, [(ends[0], ends[1]), (ends[2], ends[3])], closed=False)
    return True


def _points(node: Node, path: Path, *, closed: bool) -> bool:
    numbers = [to_float(part) for part in node.attributes.get("points", "").replace(",", " ").split()]
    if any(number is None for number in numbers):
        return _path(Node("path", {"d": f"M{node.attributes.get('points', '')}{'Z' if closed else ''}"}), path)
    known = [number for number in numbers if number is not None]
    _polygon_of(path, list(zip(known[::2], known[1::2], strict=False)), closed=closed)
    return True


def _polygon(node: Node, path: Path) -> bool:
    return _points(node, path, closed=True)


def _polyline(node: Node, path: Path) -> bool:
    return _points(node, path, closed=False)


def _polygon_of(path: Path, points: list[tuple[float, float]], *, closed: bool) -> None:
    for index, (x, y) in enumerate(points):
        (path.lineTo if index else path.moveTo)(x, y)
    if closed and points:
        path.close()


_BUILDERS = {
    "path": _path,
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
    "line": _line,
    "polygon": _polygon,
    "polyline": _polyline,
}
