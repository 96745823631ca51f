"""Content cut at the edge of a region: what lies inside stays as it is, what lies outside goes, the rest is redrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pathops import Path, PathOp

from ..geometry import Matrix, times
from .bench import Bench
from .fringes import Part, without_fringes
from .leaves import Leaf, Refused, leaves
from .pieces import Piece, only, pieces_of, redrawn, together
from .regions import apart, combined, is_empty, negligible, within
from .shapes import inverse, mapped, outline, transform_of
from .tree import Node

Cuts: TypeAlias = dict[Node, list[Node]]
"""What is to stand in the place of leaves."""
_UNITS = {
    "clip-path": {"clipPathUnits": "userSpaceOnUse"},
    "mask": {"maskUnits": "objectBoundingBox", "maskContentUnits": "userSpaceOnUse"},
    "filter": {"filterUnits": "objectBoundingBox", "primitiveUnits": "userSpaceOnUse"},
}
"""Attributes by which something may depend on the box around an element, with the units' initial values."""
_MOST_SEGMENTS = 20_000


def plan_cuts(top: Node, region: Path, bench: Bench) -> Cuts:
    """What must be changed so that an element and all in it draw only what lies in a region.

    Args:
        top: The element; it isn't changed.
        region: The region, in the element's own coordinates.
        bench: What is known of the tree.

    Returns:
        For each leaf that must not stay as it is what is to stand in its place.

    Raises:
        Refused: It can't be done exactly.
    """
    if len(region.verbs) > _MOST_SEGMENTS:
        raise Refused("too-complex")
    to_root = bench.to_root(top)
    checked: set[Node] = set()
    touched: list[Node] = []
    parts: list[Part] = []
    for leaf in leaves(top, bench.effort):
        left = _cut_leaf(leaf, region, to_root, bench)
        if left is None:
            continue
        _guard(leaf.node, top, bench, checked)
        touched.append(leaf.node)
        parts.extend(left)
    made: dict[Node, list[Node]] = {node: [] for node in touched}
    for part in without_fringes(parts, region, top, bench):
        made[part.leaf.node].append(_element(part, times(to_root, part.leaf.matrix), bench))
    return {node: together(node, elements) for node, elements in made.items()}


def _element(part: Part, to_root: Matrix, bench: Bench) -> Node:
    if part.path is None:
        return only(part.piece)
    made = redrawn(part.piece, part.path, bench.digits(to_root))
    bench.hold_paint(made, part.piece)
    return made


def _guard(leaf: Node, top: Node, bench: Bench, checked: set[Node]) -> None:
    """Refuse where cutting a leaf would show through an effect that isn't gone yet."""
    node: Node | None = leaf
    inside = True
    while node is not None and node not in checked:
        checked.add(node)
        if inside and node.attributes.get("filter", "none").strip() != "none":
            raise Refused("filter")
        if _depends_on_box(node, bench):
            raise Refused("box")
        inside = inside and node is not top
        node = node.parent


def _depends_on_box(node: Node, bench: Bench) -> bool:
    if node in bench.pinned:
        return False
    for attribute, units in _UNITS.items():
        value = node.attributes.get(attribute)
        target = bench.target(value) if value is not None else None
        if target is not None and any(
            target.attributes.get(name, initial).strip() != "userSpaceOnUse" for name, initial in units.items()
        ):
            return True
    return False


def _cut_leaf(leaf: Leaf, region: Path, to_root: Matrix, bench: Bench) -> list[Part] | None:
    """What is left of a leaf; None where it stays as it is."""
    if leaf.node.name == "image":
        return _judge_image(leaf, region, to_root, bench)
    pieces = pieces_of(leaf.node)
    left: list[Part] = []
    for piece in pieces:
        if not bench.effort.spend(4 + len(piece.path.verbs) / 50):
            raise Refused("too-complex")
        placed = mapped(piece.path, leaf.matrix)
        if apart(placed, region):
            continue
        if within(placed, region, bench.thinness(to_root), bench.effort):
            left.append(Part(leaf, piece, None))
            continue
        path = _cut_piece(piece, leaf, region, to_root, bench)
        if path is not None:
            left.append(Part(leaf, piece, path))
    if len(left) == len(pieces) and all(part.path is None for part in left):
        return None
    return left


def _judge_image(leaf: Leaf, region: Path, to_root: Matrix, bench: Bench) -> list[Part] | None:
    """An image stays or goes, but can't be cut."""
    frame = Node("rect", {name: leaf.node.attributes.get(name, "0") for name in ("x", "y", "width", "height")})
    path = outline(frame)
    if path is None or is_empty(path):
        raise Refused("image")
    placed = mapped(path, leaf.matrix)
    if apart(placed, region):
        return []
    if not within(placed, region, bench.thinness(to_root), bench.effort):
        raise Refused("image")
    return None


def _cut_piece(piece: Piece, leaf: Leaf, region: Path, to_root: Matrix, bench: Bench) -> Path | None:
    """What is left of a piece, in the shape's own coordinates; None for nothing."""
    back = inverse(leaf.matrix)
    if back is None:
        return None
    result = combined(piece.path, mapped(region, back), PathOp.INTERSECTION, bench.effort)
    if result is None:
        raise Refused("too-complex")
    if is_empty(result) or negligible(result, bench.thinness(times(to_root, leaf.matrix)) / 4):
        return None
    return result


def carry_out(cuts: Mapping[Node, list[Node]]) -> None:
    """Put what was planned in the leaves' places."""
    leaves_of: dict[Node, list[Node]] = {}
    for leaf in cuts:
        if leaf.parent is not None:
            leaves_of.setdefault(leaf.parent, []).append(leaf)
    for parent, going in leaves_of.items():
        if len(going) <= _FEW:
            for leaf in going:
                at = parent.children.index(leaf)
                parent.children[at : at + 1] = cuts[leaf]
        else:  # all at once, since they may be many
            parent.children = [
                child for old in parent.children for child in (cuts.get(old, [old]) if isinstance(old, Node) else [old])
            ]
        for leaf in going:
            leaf.parent = None
        for leaf in going:
            for child in cuts[leaf]:
                child.parent = parent


_FEW = 4


def cut(node: Node, region: Path, bench: Bench | None = None) -> list[Node] | None:
    """Cut an element, with all in it, at the edge of a region. The element itself isn't changed.

    Args:
        node: The element, standing in its tree.
        region: The region, in the coordinates of the element's parent.
        bench: What is known of the tree; None to gather it.

    Returns:
        What is to stand in its place: itself where nothing is cut, nothing where nothing is left; None where it can't
        be cut exactly.
    """
    root = node
    for around in node.ancestors():
        root = around
    own = transform_of(node)
    back = inverse(own) if own is not None else None
    if own is None:
        return None
    if back is None:
        return [node]  # it is squeezed flat, and draws nothing
    try:
        cuts = plan_cuts(node, mapped(region, back), bench or Bench(root))
    except Refused:
        return None
    if not cuts:
        return [node]
    if node in cuts:
        return cuts[node]
    copy = node.clone()
    pairs = zip(node.walk(), copy.walk(), strict=True)
    carry_out({double: cuts[original] for original, double in pairs if original in cuts})
    return [copy] if _draws(copy) else []


def _draws(group: Node) -> bool:
    """Whether anything but empty groups is left."""
    return any(below.name not in ("g", "a", "title", "desc") for below in group.walk())
