"""Clip paths, resolved into the geometry of what they clip."""

from __future__ import annotations

from pathops import Path, PathOp

from ..colours import read_paint
from ..geometry import IDENTITY, Box, times
from ..profile import SHAPES
from .bench import Bench
from .cutting import carry_out, plan_cuts
from .instances import write_out_uses
from .job import Job, inherited
from .leaves import Refused, box_around, box_matrix, is_hidden, leaves
from .paint_servers import target_of
from .regions import combined, is_empty, union
from .shapes import fill_type, mapped, outline, transform_of
from .tree import Node

_MOST_NESTED = 8
"""Clip paths on clip paths and on what is in them; more than this is a circle."""
_NOT_CLIPPED = frozenset(
    "clipPath defs desc filter linearGradient mask metadata pattern radialGradient script solidColor stop style "
    "title".split()
)


def resolve_clips(job: Job) -> None:
    """Cut what has a ``clip-path`` at its edge, and drop the attribute."""
    clipped = [node for node in job.root.walk() if "clip-path" in node.attributes]
    if not clipped:
        return
    write_out_uses(job, frozenset({"clip-path"}))
    bench = Bench(job.root)
    clipped = [node for node in job.root.walk() if _is_clipped(node)]
    # all regions before anything is cut, which would change the boxes they depend on, and shapes they are made of
    regions: dict[Node, Path | Refused | None] = {node: _region_of(node, bench) for node in clipped}
    for node in reversed(clipped):  # from the inside out
        if not job.may_touch(node):
            continue
        try:
            _resolve(job, node, regions[node], bench)
        except Refused as refusal:
            bench.pinned.discard(node)
            job.decline(f"clip.{refusal.reason}", node, "clip-path", element=node.name)


def _is_clipped(node: Node) -> bool:
    return "clip-path" in node.attributes and not any(above.name == "clipPath" for above in (node, *node.ancestors()))


def _needs_box(node: Node, bench: Bench) -> bool:
    """Whether the box around an element decides how it is clipped."""
    clip = bench.target(node.attributes["clip-path"])
    for _level in range(_MOST_NESTED):
        if clip is None:
            return False
        if clip.attributes.get("clipPathUnits", "").strip() == "objectBoundingBox":
            return True
        clip = bench.target(clip.attributes.get("clip-path", ""))
    return False


def _region_of(node: Node, bench: Bench) -> Path | Refused | None:
    """What an element is clipped by, in its own coordinates; None for nothing that is a clip path."""
    clip = bench.target(node.attributes["clip-path"])
    if clip is None or clip.name != "clipPath" or node.name in _NOT_CLIPPED:
        return None
    try:
        if not leaves(node, bench.effort):
            return Path()
        box = None
        if _needs_box(node, bench):
            box = box_around(node, bench.effort)
            bench.pinned.add(node)
        return clip_region(clip, box, bench)
    except Refused as refusal:
        return refusal


def _resolve(job: Job, node: Node, region: Path | Refused | None, bench: Bench) -> None:
    value = node.attributes["clip-path"].strip()
    if node.name in _NOT_CLIPPED or value in ("none", "", "inherit"):
        del node.attributes["clip-path"]
        job.did("clip.dropped", node, "clip-path")
        return
    if region is None and leads_nowhere(value, bench):
        del node.attributes["clip-path"]
        job.did("clip.missing", node, "clip-path", target=value)
        return
    if node is job.root:
        raise Refused("root")
    if region is None:
        raise Refused("target")
    if isinstance(region, Refused):
        raise region
    cuts = plan_cuts(node, region, bench)
    for bearer in (node, *cuts.get(node, ())):
        bearer.attributes.pop("clip-path", None)
    carry_out(cuts)
    if not cuts:
        job.did("clip.dropped", node, "clip-path")
    elif node in cuts and not cuts[node]:
        job.did("clip.emptied", node, "clip-path", element=node.name)
    else:
        gone = sum(1 for instead in cuts.values() if not instead)
        job.did("clip.cut", node, "clip-path", cut=len(cuts) - gone, gone=gone)


def leads_nowhere(value: str, bench: Bench) -> bool:
    """Whether a value names an element of this file that isn't there. Renderers then do without."""
    paint = read_paint(value)
    return paint is not None and paint.kind == "url" and paint.target.startswith("#") and bench.target(value) is None


def clip_region(clip: Node, box: Box | None, bench: Bench, nested: int = 0) -> Path:
    """What a ``clipPath`` leaves to be seen, in the coordinates of what it clips.

    Args:
        clip: The ``clipPath`` element.
        box: The box around what is clipped, in its own coordinates; None where it is flat or isn't needed.
        bench: What is known of the tree.
        nested: How many clip paths this one is on or in.

    Raises:
        Refused: It can't be worked out.
    """
    key = (clip, box)
    if key not in bench.regions:
        bench.regions[key] = _worked_out(clip, box, bench, nested)
    return bench.regions[key]


def _worked_out(clip: Node, box: Box | None, bench: Bench, nested: int) -> Path:
    if nested > _MOST_NESTED:
        raise Refused("circle")
    if "style" in clip.attributes:
        raise Refused("unreadable")
    matrix = transform_of(clip)
    if matrix is None:
        raise Refused("unreadable")
    if clip.attributes.get("clipPathUnits", "").strip() == "objectBoundingBox":
        if box is None:
            raise Refused("flat")
        matrix = times(matrix, box_matrix(box))
    parts = []
    for child in clip.elements:
        part = _part(child, bench, nested)
        if part is not None:
            parts.append(mapped(part, matrix))
    region = union(parts, bench.effort)
    if region is None:
        raise Refused("too-complex")
    return _clipped_again(clip, region, box, bench, nested)


def _clipped_again(node: Node, region: Path, box: Box | None, bench: Bench, nested: int) -> Path:
    """A region within that of the ``clip-path`` on the element it comes from."""
    value = node.attributes.get("clip-path", "none").strip()
    if value == "none":
        return region
    clip = bench.target(value)
    if clip is None:
        if not leads_nowhere(value, bench):
            raise Refused("target")
        return region
    if clip.name != "clipPath":
        raise Refused("target")
    other = clip_region(clip, box, bench, nested + 1)
    if is_empty(region) or is_empty(other):
        return Path()
    together = combined(region, other, PathOp.INTERSECTION, bench.effort)
    if together is None:
        raise Refused("too-complex")
    return together


def _part(child: Node, bench: Bench, nested: int) -> Path | None:
    """What a child of a ``clipPath`` adds to it, in the coordinates of the ``clipPath``'s content; None for nothing."""
    if child.attributes.get("display", "").strip() == "none":
        return None
    bench.effort.spend(1)
    shape, rule = child, inherited(child, "clip-rule")
    matrix = transform_of(child)
    if child.name == "use":
        target = target_of(child.attributes.get("href", child.attributes.get("xlink:href", "")), bench.ids)
        x, y = (_number(child, name) for name in ("x", "y"))
        inner = transform_of(target) if target is not None else IDENTITY
        if matrix is None or inner is None:
            raise Refused("unreadable")
        if target is None or target.attributes.get("display", "").strip() == "none":
            return None
        shape = target
        matrix = times(times(matrix, (1, 0, 0, 1, x, y)), inner)
        rule = target.attributes.get("clip-rule", rule)
    if shape.name in ("text", "use"):
        raise Refused("text" if shape.name == "text" else "unreadable")
    if shape.name not in SHAPES or is_hidden(child) or is_hidden(shape):
        return None
    path = outline(shape)
    if path is None or matrix is None or {"style", "mask"} & (shape.attributes.keys() | child.attributes.keys()):
        raise Refused("unreadable")
    path.fillType = fill_type(rule.strip())
    box = path.bounds
    flat = box[2] <= box[0] or box[3] <= box[1]
    for bearer in {shape: None, child: None}:
        path = _clipped_again(bearer, path, None if flat else box, bench, nested)
        if bearer is shape and shape is not child and "clip-path" in child.attributes:
            raise Refused("unreadable")
    return mapped(path, matrix)


def _number(node: Node, name: str) -> float:
    try:
        return float(node.attributes.get(name, "0") or 0)
    except ValueError:
        raise Refused("unreadable") from None
