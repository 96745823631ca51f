"""Numbers rounded to what can be seen, in the shortest spelling, for files over the size limit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ..geometry import IDENTITY, Matrix, times
from ..lexis import BLANK
from ..numbers import ViewBox, read_transform, to_float
from ..paths import path_trouble, points
from ..profile import GRADIENTS, SHAPES, TEXTS
from .computed import Sharing
from .shapes import transform_of, written
from .tree import Node

_MOST_DIGITS = 9
_REFERENCE = 512
"""Pixels of the canvas at which errors are measured."""


def digits_for(box: ViewBox, error: float) -> int:
    """Decimals at which no coordinate moves further than an error.

    Args:
        box: The area of the drawing that is seen.
        error: How far a point may move, in pixels of a canvas 512 pixels wide.
    """
    return _digits_within(error * max(box[2], box[3]) / _REFERENCE)


def _digits_within(error: float) -> int:
    if not math.isfinite(error) or error <= 0:
        return _MOST_DIGITS
    return min(max(math.ceil(-math.log10(2 * error)), 0), _MOST_DIGITS)


def shorten(root: Node, digits: int) -> None:
    """Round the geometry of a tree, in place.

    Args:
        root: The tree, its arcs converted already.
        digits: Decimals to which coordinates are rounded at the root; scaled groups keep more or fewer.
    """
    shared = Sharing(root).shared
    extent = _extent(root)
    scales: dict[Node, float] = {}
    matrices: dict[Node, Matrix] = {}
    for node in root.walk():
        around = IDENTITY if node.parent is None else matrices[node.parent]
        own = transform_of(node) if "transform" in node.attributes else IDENTITY
        matrix = times(around, own) if own is not None else around
        matrices[node] = matrix
        scales[node] = _scale(matrix)
        if node in shared or own is None or not 0 < scales[node] < math.inf:
            continue
        outer = scales[node.parent] if node.parent is not None else 1.0
        if "transform" in node.attributes and outer > 0:
            _transform(node, digits + _more(outer), extent * max(scales[node] / outer, 1.0))
        _coordinates(node, min(max(digits + _more(scales[node]), 0), _MOST_DIGITS))


def _extent(root: Node) -> float:
    """How far from its origin a drawing reaches, at least."""
    from .job import viewport

    left, top, width, height = viewport(root)
    return max(abs(left) + width, abs(top) + height, 1.0)


def _scale(matrix: Matrix) -> float:
    """How much a matrix enlarges what it enlarges most."""
    a, b, c, d, _e, _f = matrix
    return max(math.hypot(a, b), math.hypot(c, d)) if all(map(math.isfinite, matrix)) else math.inf


def _more(scale: float) -> int:
    """Decimals more that coordinates need, which are enlarged."""
    return math.ceil(math.log10(scale) - 1e-9)


def _transform(node: Node, digits: int, extent: float) -> None:
    """Round a transform, if what it moves stays where it is."""
    functions, _trouble = read_transform(node.attributes["transform"])
    places = min(max(digits, 0), _MOST_DIGITS)
    factors = min(max(digits + math.ceil(math.log10(extent)), 3), _MOST_DIGITS)
    pieces = []
    for name, numbers in functions:
        if name == "translate":
            decimals = [places] * len(numbers)
        elif name == "matrix":
            decimals = [factors] * 4 + [places] * 2
        elif name == "rotate":
            decimals = [factors, places, places]
        else:
            decimals = [factors] * len(numbers)
        texts = [written(number, at) for number, at in zip(numbers, decimals, strict=False)]
        pieces.append(f"{name}({_joined(texts)})")
    shorter = "".join(pieces)
    if len(shorter) < len(node.attributes["transform"]):
        node.attributes["transform"] = shorter


_LENGTHS = frozenset("x y width height rx ry cx cy r x1 y1 x2 y2".split())
_STROKES = frozenset({"stroke-width", "stroke-dashoffset"})


def _coordinates(node: Node, digits: int) -> None:
    attributes = node.attributes
    if node.name == "path" and "d" in attributes:
        attributes["d"] = shortened(attributes["d"], digits)
    elif node.name in ("polygon", "polyline") and "points" in attributes:
        attributes["points"] = _shortened_points(attributes["points"], digits)
    for name, value in attributes.items():
        if name in _STROKES or (name in _LENGTHS and node.name in SHAPES):
            _number(node, name, value, digits + (name in _STROKES))
        elif name in _LENGTHS and node.name in GRADIENTS:
            _number(node, name, value, max(digits, 4) + 1)


def _number(node: Node, name: str, value: str, digits: int) -> None:
    number = to_float(value)
    if number is None or value.strip(BLANK) != value or node.name in TEXTS:
        return
    shorter = written(number, digits)
    if len(shorter) < len(value) and (shorter != "0" or number == 0):
        node.attributes[name] = shorter


_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").findall
_COMMAND = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)").findall


def _shortened_points(text: str, digits: int) -> str:
    if next(points(text), None) is not None:
        return text
    shorter = _joined([written(float(number), digits) for number in _NUMBER(text)])
    return min(shorter, text, key=len)


def shortened(d: str, digits: int) -> str:
    """Path data with its numbers rounded, in the shortest spelling.

    Every point is rounded where it stands: relative commands are written from one rounded point to the next, so that
    errors don't add up.

    Args:
        d: Path data; with arcs in it, or a fault, it stays as it is.
        digits: Decimals to round to.
    """
    if path_trouble(d) is not None or "a" in d or "A" in d:
        return d
    try:
        shorter = "".join(_Rounding(digits).run(d))
    except (OverflowError, ValueError):
        return d
    return min(shorter, d, key=len)


class _Rounding:
    """Path data on its way through: the current point, exact, and as it has been written, in units of the last decimal.

    Attributes:
        x, y: The current point.
        at_x, at_y: Where it has been written to be.
    """

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.unit: int = 10**digits
        self.texts: dict[int, str] = {}
        self.x = self.y = self.start_x = self.start_y = 0.0
        self.at_x = self.at_y = self.at_start_x = self.at_start_y = 0
        self.handle: tuple[float, float] | None = None
        self.last = ""

    def run(self, d: str) -> Iterator[str]:
        for letter, inside in _COMMAND(d):
            lower = letter.lower()
            if lower == "z":
                self.x, self.y = self.start_x, self.start_y
                self.at_x, self.at_y = self.at_start_x, self.at_start_y
                self.handle, self.last = None, ""
                yield letter
                continue
            numbers = list(map(float, _NUMBER(inside)))
            relative = letter == lower
            if lower in "hv":
                yield from self._straight(letter, relative, numbers)
            elif lower == "m":
                yield from self._group(letter, relative, numbers[:2])
                self.start_x, self.start_y, self.at_start_x, self.at_start_y = self.x, self.y, self.at_x, self.at_y
                self.last = "l" if relative else "L"
                for at in range(2, len(numbers), 2):
                    yield from self._group(self.last, relative, numbers[at : at + 2])
            else:
                count = _COUNTS[lower]
                for at in range(0, len(numbers), count):
                    yield from self._group(letter, relative, numbers[at : at + count])

    def _straight(self, letter: str, relative: bool, numbers: list[float]) -> Iterator[str]:
        across = letter in "hH"
        for number in numbers:
            if across:
                self.x = self.x + number if relative else number
                to = self._rounded(self.x)
                delta, self.at_x = to - self.at_x, to
            else:
                self.y = self.y + number if relative else number
                to = self._rounded(self.y)
                delta, self.at_y = to - self.at_y, to
            yield self._spelled(letter, [self._text(delta if relative else to)])
        self.handle = None

    def _group(self, letter: str, relative: bool, numbers: list[float]) -> Iterator[str]:
        lower = letter.lower()
        if relative:
            numbers = [number + (self.y if at % 2 else self.x) for at, number in enumerate(numbers)]
        if lower == "t":  # its handle follows from those before, where errors would add up
            numbers = [*self._reflected(), *numbers]
            letter, lower = ("q" if relative else "Q"), "q"
        rounded = list(map(self._rounded, numbers))
        if relative:
            shown = [number - (self.at_y if at % 2 else self.at_x) for at, number in enumerate(rounded)]
        else:
            shown = rounded
        self.handle = (numbers[0], numbers[1]) if lower == "q" else None
        self.x, self.y = numbers[-2:]
        self.at_x, self.at_y = rounded[-2:]
        yield self._spelled(letter, list(map(self._text, shown)))

    def _reflected(self) -> tuple[float, float]:
        if self.handle is None:
            return self.x, self.y
        return 2 * self.x - self.handle[0], 2 * self.y - self.handle[1]

    def _rounded(self, number: float) -> int:
        return round(number * self.unit)

    def _text(self, number: int) -> str:
        text = self.texts.get(number)
        if text is None:
            text = self.texts[number] = written(number / self.unit, self.digits)
        return text

    def _spelled(self, letter: str, texts: list[str]) -> str:
        """A group of numbers, with its letter where the one before had another."""
        spelled = _joined(texts)
        if letter != self.last:
            self.last, self.tail = letter, texts[-1]
            return letter + spelled
        separator = _between(self.tail, texts[0])
        self.tail = texts[-1]
        return separator + spelled


_COUNTS = {"l": 2, "c": 6, "s": 4, "q": 4, "t": 2}


def _between(before: str, after: str) -> str:
    """What must stand between two numbers."""
    return "" if after[0] == "-" or (after[0] == "." and "." in before) else " "


def _joined(texts: list[str]) -> str:
    pieces = []
    before = ""
    for text in texts:
        pieces.append(_between(before, text) + text if before else text)
        before = text
    return "".join(pieces)
