"""Patterns, laid out as the shapes they repeat."""

from __future__ import annotations

from pathops import Path

from ..profile import ELEMENTS, PROPERTIES, SHAPES
from . import shapes
from .job import Job, by_id, inherited, viewport
from .paint_servers import (
    MOST_SEGMENTS,
    PAINTS,
    Painted,
    Painting,
    area_of,
    box_of,
    digits_for,
    inside_bounds,
    take_out_servers,
    templates,
)
from .pattern_tiles import MOST_SHAPES, Declined, Ink, Tile, average, common, content_of, steps_over, tile_of, to_share
from .shapes import written
from .tree import Node

_PATTERN = frozenset({"pattern"})
_MOST_PAINTED = 200
"""Paints of one drawing that are laid out."""


def expand_patterns(job: Job) -> None:
    """Draw what a pattern paints as shapes cut to the outline or, where that can't be and it is allowed, one colour."""
    patterns = [node for node in job.root.walk() if node.name == "pattern"]
    if patterns:
        _Unfolding(job).unfold(patterns)


class _Unfolding:
    """The patterns of one drawing, and what takes their place."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.known = by_id(job.root)
        self.painting = Painting(job.root, self.known)
        self.area = viewport(job.root)
        self.segments = 0
        self.laid_out: dict[Node, dict[str, list[Ink]]] = {}
        self.averages: list[tuple[Painted, str, float]] = []

    def unfold(self, patterns: list[Node]) -> None:
        """Unfold all patterns, then rebuild the shapes they paint."""
        emptied = []
        for pattern in patterns:
            everything = self.painting.by(pattern)
            done = [self._unfold_one(pattern, painted) for painted in everything]
            if done and all(done):
                emptied.append(pattern)
        for painted, colour, share in self.averages:
            shape, paint = painted.shape, painted.paint
            opacity = to_share(inherited(shape, f"{paint}-opacity")) * share
            shape.attributes |= {paint: colour, f"{paint}-opacity": written(opacity)}
            self.job.did("pattern.average", shape, paint, visible=True, colour=colour)
        for shape, by_paint in self.laid_out.items():
            _rebuild(shape, by_paint)
            # renderers draw tiles in whole pixels, so that shapes can look different although they are exact
            self.job.did("pattern.unfolded", shape, next(iter(by_paint)), visible=self.job.allows("pattern"))
        take_out_servers(self.job.root, emptied, self.known)

    def _unfold_one(self, pattern: Node, painted: Painted) -> bool:
        """Whether the pattern isn't needed for this paint any more."""
        chain = templates(pattern, self.known, _PATTERN) or []
        try:
            self._check(painted)
            pieces = self._lay_out(chain, painted)
        except Declined as reason:
            if self.job.allows("pattern") and self._average(chain, painted):
                return True
            needs = "" if painted.instanced or self.job.allows("pattern") else "pattern"
            self.job.decline(str(reason), painted.shape, painted.paint, needs=needs)
            return False
        self.laid_out.setdefault(painted.shape, {})[painted.paint] = pieces
        return True

    def _check(self, painted: Painted) -> None:
        shape = painted.shape
        if shape.name not in SHAPES:
            raise Declined("pattern.text")
        if painted.instanced or not self.painting.complete:
            raise Declined("pattern.used-in-copies")
        if not self.job.may_touch(shape):
            raise Declined("pattern.blurred")
        if any(inherited(shape, f"marker-{at}") != "none" for at in ("start", "mid", "end")):
            raise Declined("pattern.effects")
        if inherited(shape, "paint-order").startswith(("stroke", "markers")) or shape.elements:
            raise Declined("pattern.effects")
        if len(self.laid_out) >= _MOST_PAINTED:
            raise Declined("pattern.too-many")

    def _lay_out(self, chain: list[Node], painted: Painted) -> list[Ink]:
        """What a pattern draws on a shape, in the shape's coordinates; nothing where it draws nothing."""
        tile = self._tile(chain, painted)
        area = area_of(painted)
        if area is None or not inside_bounds(area):
            raise Declined("pattern.unreadable")
        if tile is None:
            return []
        steps = list(steps_over(tile, area))
        content = content_of(chain, tile, len(steps))
        self.segments += len(steps) * sum(sum(1 for _ in ink.area.verbs) for ink in content)
        if len(steps) * len(content) > MOST_SHAPES or self.segments > MOST_SEGMENTS:
            raise Declined("pattern.too-many")
        pieces = []
        for ink in content:
            whole = Path(fillType=ink.area.fillType)
            for step in steps:
                whole.addPath(shapes.mapped(ink.area, step))
            cut = common(shapes.mapped(whole, tile.matrix), area)
            if any(True for _ in cut.verbs):
                pieces.append(ink._replace(area=cut))
        return pieces

    def _tile(self, chain: list[Node], painted: Painted) -> Tile | None:
        bounding = box_of(painted.shape)
        if not chain or bounding is None:
            raise Declined("pattern.unreadable")
        return tile_of(chain, bounding, self.area)

    def _average(self, chain: list[Node], painted: Painted) -> bool:
        """Plan to give a paint the mean colour of its pattern; False where that can't be."""
        if painted.instanced or not self.job.may_touch(painted.shape):
            return False
        try:
            tile = self._tile(chain, painted)
        except Declined:
            tile = None
        found = average(chain, tile, self.known)
        if found is not None:
            self.averages.append((painted, *found))
        return found is not None


_OF_THE_SHAPE = frozenset(PROPERTIES) | {
    name for shape in SHAPES for name in set(ELEMENTS[shape].attributes) - set(ELEMENTS["g"].attributes)
}
"""What stays with a shape when it becomes a group: its outline and its paints."""


def _rebuild(shape: Node, by_paint: dict[str, list[Ink]]) -> None:
    """Make a shape a group of the pieces of its pattern and, if it has one, its other paint."""
    parts = []
    for paint in PAINTS:
        if paint in by_paint:
            parts += _drawn(shape, paint, by_paint[paint])
        elif inherited(shape, paint) != "none":
            other = Node(shape.name, {k: v for k, v in shape.attributes.items() if k in _OF_THE_SHAPE}, shape.source)
            other.attributes["stroke" if paint == "fill" else "fill"] = "none"
            parts.append(other)
    shape.attributes = {name: value for name, value in shape.attributes.items() if name not in _OF_THE_SHAPE}
    shape.name, shape.children = "g", []
    for part in parts:
        shape.append(part)


def _drawn(shape: Node, paint: str, pieces: list[Ink]) -> list[Node]:
    """The pieces of a pattern as paths; together see-through where the shape's paint is."""
    opacity = to_share(inherited(shape, f"{paint}-opacity"))
    stroked = inherited(shape, "stroke") != "none"
    paths = []
    for piece in pieces:
        left, top, right, bottom = piece.area.bounds
        data = shapes.path_data(piece.area, digits_for(max(right - left, bottom - top)))
        path = Node("path", {"d": data, "fill": piece.colour}, shape.source)
        own = piece.opacity * (opacity if len(pieces) == 1 else 1)
        # a group around the shape may set these for all in it
        for name, value, initial in (
            ("fill-opacity", written(own), "1"),
            ("fill-rule", "nonzero", "nonzero"),
            ("stroke", "none", "none"),
        ):
            around = inherited(shape.parent, name) if shape.parent is not None else initial
            if value != around:
                path.attributes[name] = value
        if not stroked:
            path.attributes.pop("stroke", None)
        paths.append(path)
    if len(paths) < 2 or opacity == 1:
        return paths
    group = Node("g", {"opacity": written(opacity)}, shape.source)
    for path in paths:
        group.append(path)
    return [group]
