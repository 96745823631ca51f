"""Gradient transforms, folded into the numbers of the gradient or, where an ellipse must stay one, into the shape's.

A linear gradient that is transformed in any way is a linear gradient, and so is a radial one that is only moved, turned
and scaled. Any other transform of a radial gradient is given to the shape instead: its outline is brought into the
frame in which the gradient is round, and the shape gets the transform.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..geometry import IDENTITY, Matrix, matrix_of, times
from ..numbers import read_transform
from ..profile import ELEMENTS, GRADIENTS, SHAPES
from . import shapes
from .job import Job, by_id, inherited, viewport
from .paint_servers import (
    PAINTS,
    Ids,
    Painted,
    Painting,
    area_of,
    box_of,
    coordinates,
    digits_for,
    has_box_units,
    has_template,
    inside_bounds,
    is_flat,
    stops_of,
    take_out_servers,
    unit_matrix,
)
from .shapes import written
from .tree import Node

_MOST_COPIED = 20_000
"""Gradients and stops that are made."""
_FLATTEST = 1e-4
"""Shorter half axis of a gradient's ellipse to the longer: what is flatter can't be written in few digits."""
_ROUND = 1.001
"""Longer half axis to the shorter, up to which an ellipse can't be told from a circle."""


def fold_gradient_transforms(job: Job) -> None:
    """Draw every gradient with a ``gradientTransform`` without one."""
    known = by_id(job.root)
    gradients = [node for node in job.root.walk() if node.name in GRADIENTS and "gradientTransform" in node.attributes]
    gradients = [gradient for gradient in gradients if not has_template(gradient)]
    if not gradients:
        return
    folding = _Folding(job, known)
    for gradient in gradients:
        if job.may_touch(gradient):
            folding.fold(gradient)
    folding.finish()


class _Piece(NamedTuple):
    """A paint that takes the place of one by a gradient with a transform.

    Attributes:
        paint: The paint.
        frame: From the frame in which its gradient is round to the shape's coordinates.
        outline: What is painted, as path data in the frame; empty where the shape can stay as it is.
        rule: Fill rule of the outline.
    """

    paint: str
    frame: Matrix = IDENTITY
    outline: str = ""
    rule: str = ""


class _Declined(Exception):
    """Why a paint stays as it is: the key of its words, if there is anything to say."""


class _Folding:
    """The transforms of one drawing's gradients, and what they ask of its shapes."""

    def __init__(self, job: Job, known: dict[str, Node]) -> None:
        self.job = job
        self.known = known
        self.area = viewport(job.root)
        self.painting = Painting(job.root, known)
        self.ids = Ids(known)
        self.copied = 0
        self.pieces: dict[Node, dict[str, _Piece]] = {}
        self.emptied: list[Node] = []

    def fold(self, gradient: Node) -> None:
        """Fold one gradient's transform."""
        if self.painting.leaves_out(gradient):
            return
        text = gradient.attributes["gradientTransform"]
        numbers = coordinates(gradient, self.area)
        matrix = _matrix(text)
        if len(stops_of(gradient)) < 2 or matrix == IDENTITY:  # one colour, however it is turned
            del gradient.attributes["gradientTransform"]
            self.job.did("gradient.transform-without-effect", gradient)
        elif matrix is not None and _is_singular(matrix):
            self.job.decline("gradient.transform-flat", gradient, "gradientTransform", value=text)
        elif matrix is None or numbers is None:
            self.job.decline("gradient.transform-unreadable", gradient, "gradientTransform", value=text)
        elif gradient.name == "linearGradient":
            self._place(gradient, ("x1", "y1", "x2", "y2"), _moved_line(numbers, matrix))
        elif _is_round(matrix):
            self._place(gradient, ("cx", "cy", "r"), _moved_circle(numbers, matrix))
        elif "fx" in gradient.attributes or "fy" in gradient.attributes:
            return  # a focus off the centre, which was declined
        elif not self.painting.complete:
            self.job.decline("gradient.used-in-copies", gradient, "gradientTransform")
        else:
            self._reframe(gradient, numbers, matrix)

    def _place(self, gradient: Node, names: tuple[str, ...], numbers: tuple[float, ...]) -> None:
        size = math.dist(numbers[:2], numbers[2:]) if len(numbers) == 4 else numbers[2]
        for name, number in zip(names, numbers, strict=True):
            gradient.attributes[name] = written(number, digits_for(size))
        del gradient.attributes["gradientTransform"]
        self.job.did("gradient.transform", gradient, "gradientTransform")

    def _reframe(self, gradient: Node, numbers: tuple[float, ...], matrix: Matrix) -> None:
        """Make a round gradient for each frame that is needed, and note the shapes to rebuild in it."""
        made: dict[tuple[str, ...], str] = {}
        everything = self.painting.by(gradient)
        declined = 0
        for painted in everything:
            try:
                piece = self._piece(painted, gradient, numbers, matrix, made)
            except _Declined as reason:
                declined += 1
                if str(reason):
                    self.job.decline(str(reason), painted.shape, painted.paint)
            else:
                self.pieces.setdefault(painted.shape, {})[painted.paint] = piece
        if everything and not declined:
            self.emptied.append(gradient)

    def _piece(
        self,
        painted: Painted,
        gradient: Node,
        numbers: tuple[float, ...],
        matrix: Matrix,
        made: dict[tuple[str, ...], str],
    ) -> _Piece:
        shape = painted.shape
        if shape.name not in SHAPES:
            raise _Declined("gradient.text")
        if painted.instanced:
            raise _Declined("gradient.used-in-copies")
        if not self.job.may_touch(shape):
            raise _Declined  # undone: whoever undid it tells
        ellipse = matrix
        if has_box_units(gradient):
            box = box_of(shape)
            if box is None:
                raise _Declined("gradient.shape-unreadable")
            if is_flat(box):
                return _Piece("none")
            ellipse = times(unit_matrix(box), matrix)
        frame = _frame(ellipse)
        back = shapes.inverse(frame) if frame is not None else None
        if frame is None or back is None:
            raise _Declined("gradient.too-flat")
        circle = _moved_circle(numbers, times(back, ellipse))
        if frame == IDENTITY:
            return _Piece(self._round_copy(gradient, circle, made))
        outline, rule = self._outline(painted, back)
        return _Piece(self._round_copy(gradient, circle, made), frame, outline, rule)

    def _outline(self, painted: Painted, back: Matrix) -> tuple[str, str]:
        """What is painted, as path data in the frame, with its fill rule."""
        shape = painted.shape
        if _has_effects(shape):
            raise _Declined("gradient.effects")
        area = area_of(painted) if shapes.transform_of(shape) is not None else None
        if area is None or not inside_bounds(area):
            raise _Declined("gradient.shape-unreadable")
        framed = shapes.mapped(area, back)
        left, top, right, bottom = framed.bounds
        smaller = min(right - left, bottom - top) or max(right - left, bottom - top)
        rule = inherited(shape, "fill-rule") if painted.paint == "fill" else "nonzero"
        return shapes.path_data(framed, digits_for(smaller)), rule

    def _round_copy(self, gradient: Node, circle: tuple[float, ...], made: dict[tuple[str, ...], str]) -> str:
        """The paint of a gradient with this circle, a new one if there is none yet."""
        numbers = tuple(written(number, digits_for(circle[2])) for number in circle)
        if numbers in made:
            return made[numbers]
        self.copied += 1 + len(gradient.elements)
        if self.copied > _MOST_COPIED:
            raise _Declined("gradient.too-many")
        copy = gradient.clone()
        for name in ("gradientTransform", "xml:id"):
            copy.attributes.pop(name, None)
        for stop in copy.elements:
            stop.attributes.pop("id", None)
        base = gradient.attributes.get("id", gradient.attributes.get("xml:id", "gradient")).strip()
        copy.attributes |= {
            "id": self.ids.after(base),
            **dict(zip(("cx", "cy", "r"), numbers, strict=True)),
            "gradientUnits": "userSpaceOnUse",
        }
        assert gradient.parent is not None  # noqa: S101 - the root is no gradient
        gradient.parent.append(copy)
        made[numbers] = f"url(#{copy.attributes['id']})"
        return made[numbers]

    def finish(self) -> None:
        """Rebuild the shapes, and take out the gradients that paint nothing any more."""
        for shape, pieces in self.pieces.items():
            framed = {}
            for paint, piece in pieces.items():
                if piece.outline:
                    framed[paint] = piece
                else:
                    shape.attributes[paint] = piece.paint
            if framed:
                _rebuild(shape, framed)
            self.job.did("gradient.transform-to-shape", shape, next(iter(pieces)))
        take_out_servers(self.job.root, self.emptied, self.known)


def _has_effects(shape: Node) -> bool:
    """Whether what else is done to a shape, or stands in it, speaks of its own coordinates or outline."""
    names = ("clip-path", "mask", "filter", "mix-blend-mode")
    return (
        any(shape.attributes.get(name, "none").strip() not in ("none", "normal") for name in names)
        or any(inherited(shape, f"marker-{at}") != "none" for at in ("start", "mid", "end"))
        or inherited(shape, "paint-order").startswith(("stroke", "markers"))
        or any(child.name not in ("title", "desc") for child in shape.elements)
    )


_GEOMETRY = {
    name: set(ELEMENTS[name].attributes) - set(ELEMENTS["g"].attributes) - {"transform"} for name in sorted(SHAPES)
}
"""The attributes of each shape that make its outline."""
_OF_THE_GROUP = frozenset({"id", "xml:id", "transform", "opacity"})
"""What moves from a shape to the group that it becomes."""


def _rebuild(shape: Node, framed: dict[str, _Piece]) -> None:
    """Make a shape a path in a frame or, where it has another paint too, a group of its fill and its stroke."""
    parts = [paint for paint in PAINTS if paint in framed or inherited(shape, paint) != "none"]
    pieces = [_part(shape, paint, framed.get(paint)) for paint in parts]
    if len(pieces) == 1:
        frame = framed[parts[0]].frame
        own = shapes.transform_of(shape) or IDENTITY
        shape.name, shape.attributes, shape.children = "path", pieces[0].attributes, []
        shape.attributes["transform"] = shapes.written_matrix(times(own, frame))
        return
    around = {name: value for name, value in shape.attributes.items() if name in _OF_THE_GROUP}
    shape.name, shape.attributes, shape.children = "g", around, []
    for paint, piece in zip(parts, pieces, strict=True):
        for name in _OF_THE_GROUP:
            piece.attributes.pop(name, None)
        if paint in framed:
            piece.attributes["transform"] = shapes.written_matrix(framed[paint].frame)
        shape.append(piece)


def _part(shape: Node, paint: str, piece: _Piece | None) -> Node:
    """One paint of a shape: in the frame of a piece, or as it was."""
    if piece is None:
        return Node(shape.name, shape.attributes | {"stroke" if paint == "fill" else "fill": "none"}, shape.source)
    attributes = {
        name: value
        for name, value in shape.attributes.items()
        if name not in _GEOMETRY[shape.name] and not name.startswith("stroke")
    }
    attributes |= {"d": piece.outline, "fill": piece.paint}
    if inherited(shape, "stroke") != "none":
        attributes["stroke"] = "none"
    if paint == "stroke":
        attributes["fill-opacity"] = inherited(shape, "stroke-opacity")
    if inherited(shape, "fill-rule") != piece.rule:
        attributes["fill-rule"] = piece.rule
    return Node("path", attributes, shape.source)


def _matrix(text: str) -> Matrix | None:
    """The matrix of a transform; None for one that can't be read."""
    functions, trouble = read_transform(text)
    matrix = IDENTITY
    for function in functions:
        matrix = times(matrix, matrix_of(function))
    return matrix if trouble is None and all(map(math.isfinite, matrix)) else None


def _is_singular(matrix: Matrix) -> bool:
    """Whether a matrix leaves no area; some renderers then draw nothing, others leave the transform out."""
    longer, shorter, _ = _half_axes(matrix)
    return shorter <= 1e-9 * longer


def _moved(point: tuple[float, ...], matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _moved_line(numbers: tuple[float, ...], matrix: Matrix) -> tuple[float, ...]:
    """The gradient vector whose colours stand where the matrix takes those of another.

    Lines of one colour stay lines, but not at a right angle to the vector's image; so it is turned until they are.
    """
    start, end = _moved(numbers[:2], matrix), _moved(numbers[2:], matrix)
    a, b, c, d, _, _ = matrix
    across_x, across_y = numbers[1] - numbers[3], numbers[2] - numbers[0]
    line_x, line_y = a * across_x + c * across_y, b * across_x + d * across_y
    normal_x, normal_y = line_y, -line_x
    length = normal_x**2 + normal_y**2
    if length == 0:  # a vector of no length stays one
        return *start, *start
    share = ((end[0] - start[0]) * normal_x + (end[1] - start[1]) * normal_y) / length
    return *start, start[0] + share * normal_x, start[1] + share * normal_y


def _moved_circle(numbers: tuple[float, ...], matrix: Matrix) -> tuple[float, ...]:
    a, b, c, d, _, _ = matrix
    return *_moved(numbers[:2], matrix), numbers[2] * math.sqrt(abs(a * d - b * c))


def _half_axes(matrix: Matrix) -> tuple[float, float, float]:
    """Longer and shorter half axis of the ellipse that the unit circle becomes, and the angle of the longer."""
    a, b, c, d, _, _ = matrix
    sums, differences = math.hypot(a + d, b - c), math.hypot(a - d, b + c)
    angle = (math.atan2(b - c, a + d) + math.atan2(b + c, a - d)) / 2
    return (sums + differences) / 2, abs(sums - differences) / 2, angle


def _is_round(matrix: Matrix) -> bool:
    longer, shorter, _ = _half_axes(matrix)
    return longer <= _ROUND * shorter


def _frame(matrix: Matrix) -> Matrix | None:
    """A frame in which the ellipses of a matrix are circles: one axis longer, the other shorter, the area kept."""
    longer, shorter, angle = _half_axes(matrix)
    if not shorter > _FLATTEST * longer:
        return None
    if longer <= _ROUND * shorter:
        return IDENTITY
    stretch = math.sqrt(longer / shorter)
    cos, sin = math.cos(angle), math.sin(angle)
    mixed = cos * sin * (stretch - 1 / stretch)
    return (cos**2 * stretch + sin**2 / stretch, mixed, mixed, sin**2 * stretch + cos**2 / stretch, 0.0, 0.0)
