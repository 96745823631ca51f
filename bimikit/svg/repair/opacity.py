"""Opacity of whole elements, given to their fills and strokes; and the order of fills and strokes."""

from __future__ import annotations

from ..profile import PAINT_SERVERS, SHAPES, TEXTS
from .bench import Bench
from .blends import drop_blends
from .cutting import carry_out
from .instances import write_out_uses
from .job import Job, inherited
from .leaves import UNDRAWN, Leaf, Refused, leaves
from .pieces import FILL, STROKE, Piece, only, opacity_of, set_alpha, stroke_comes_first, together
from .planes import flattened, overlap, planes_of, redraw, shine_through
from .shapes import outline
from .tree import Node

__all__ = ["drop_blends", "fold_opacity", "order_paints"]

_EFFECTS = ("opacity", "mask", "filter", "mix-blend-mode")


def order_paints(job: Job) -> None:
    """Split shapes whose stroke is painted before their fill, and drop ``paint-order``."""
    ordered = [node for node in job.root.walk() if "paint-order" in node.attributes]
    if not ordered:
        return
    if any(stroke_comes_first(node) for node in ordered):
        write_out_uses(job, frozenset({"paint-order"}))
    kept: set[Node] = set()
    for node in list(job.root.walk()):
        if node.name not in SHAPES | TEXTS or not stroke_comes_first(node) or node.parent is None:
            continue
        if inherited(node, FILL) == "none" or inherited(node, STROKE) == "none":
            continue
        area = outline(node)
        if area is None or not job.may_touch(node) or "style" in node.attributes:
            job.decline("paint-order.kept", node, element=node.name)
            kept.update((node, *node.ancestors()))
            continue
        pieces = [Piece(node, paint, area) for paint in (STROKE, FILL)]
        node.replace(*together(node, [only(piece) for piece in pieces]))
        job.did("paint-order.split", node, "paint-order" if "paint-order" in node.attributes else None)
    for node in job.root.walk():
        if "paint-order" in node.attributes and node not in kept:
            if not stroke_comes_first(node):
                job.did("paint-order.dropped", node, "paint-order")
            del node.attributes["paint-order"]


def fold_opacity(job: Job) -> None:
    """Give the ``opacity`` of elements to the fills and strokes in them."""
    faded = [node for node in job.root.walk() if "opacity" in node.attributes]
    if not faded:
        return
    write_out_uses(job, frozenset({"opacity"}))
    bench = Bench(job.root)
    faded = [node for node in job.root.walk() if "opacity" in node.attributes]
    for node in reversed(faded):  # from the inside out
        if not job.may_touch(node) or (node.parent is None and node is not job.root):
            continue
        try:
            _fold(job, node, bench)
        except Refused as refusal:
            _give_up(job, node, refusal.reason, bench)


def _fold(job: Job, node: Node, bench: Bench) -> None:
    opacity = opacity_of(node.attributes["opacity"])
    if opacity == 1 or (node.name in UNDRAWN and node.name != "mask") or node.name in PAINT_SERVERS:
        del node.attributes["opacity"]
        job.did("opacity.dropped", node, "opacity")
        return
    drawn = leaves(node, bench.effort)
    if opacity == 0:
        _remove(job, node, drawn)
        return
    _look_inside(node, drawn)
    if len(drawn) == 1 and drawn[0].node.name in TEXTS and not _has_both(drawn[0].node):
        _multiply(drawn, opacity)
    else:
        planes = planes_of(drawn)
        thin = bench.thinness(bench.to_root(node))
        if overlap(planes, thin, bench):
            if any("clip-path" in around.attributes for leaf in drawn for around in _from(leaf.node, node)):
                raise Refused("nested")
            flat = flattened(planes, thin, bench)
            if shine_through(flat, opacity, thin):
                raise Refused("seams")
            cuts = redraw(drawn, flat, opacity, bench, node)
            for bearer in (node, *cuts.get(node, ())):
                bearer.attributes.pop("opacity", None)
            carry_out(cuts)
            job.did("opacity.flattened", node, "opacity")
            return
        _multiply(drawn, opacity)
    del node.attributes["opacity"]
    job.did("opacity.folded", node, "opacity")


def _has_both(node: Node) -> bool:
    return inherited(node, FILL) != "none" and inherited(node, STROKE) != "none"


def _multiply(drawn: list[Leaf], opacity: float) -> None:
    """Give opacity to each paint of leaves that don't overlap."""
    for leaf in drawn:
        for paint in (FILL, STROKE):
            if inherited(leaf.node, paint) != "none":
                set_alpha(leaf.node, paint, opacity_of(inherited(leaf.node, f"{paint}-opacity")) * opacity)


def _from(node: Node, top: Node) -> list[Node]:
    """An element and those around it, up to the one at the top."""
    found = [node]
    while found[-1] is not top and found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def _look_inside(top: Node, drawn: list[Leaf]) -> None:
    """Refuse where there are effects inside that aren't gone yet, or ``style``, which could say anything."""
    seen: set[Node] = {top}
    for leaf in drawn:
        for node in _from(leaf.node, top):
            if node in seen:
                break
            seen.add(node)
            if any(node.attributes.get(name, "none").strip() not in ("none", "normal") for name in _EFFECTS):
                raise Refused("nested")
    if any("style" in node.attributes for node in (top, *seen)) or top.attributes.get("filter", "none") != "none":
        raise Refused("nested")


def _remove(job: Job, node: Node, drawn: list[Leaf]) -> None:
    """Take out what can't be seen, but not the definitions in it."""
    if node is job.root or node in {leaf.node for leaf in drawn}:
        carry_out({leaf.node: [] for leaf in drawn})
        node.attributes.pop("opacity", None)
    else:
        carry_out({leaf.node: [] for leaf in drawn})
        del node.attributes["opacity"]
    job.did("opacity.invisible", node, "opacity", element=node.name)


def _give_up(job: Job, node: Node, reason: str, bench: Bench) -> None:
    """Leave an opacity where it is; or, where the owner agreed to that, give it to everything inside."""
    if job.allows("blend"):
        try:
            drawn = leaves(node, bench.effort)
        except Refused:
            drawn = []
        if drawn:
            _multiply(drawn, opacity_of(node.attributes["opacity"]))
            del node.attributes["opacity"]
            job.did("opacity.approximated", node, "opacity", visible=True)
            return
    job.decline(f"opacity.{reason}", node, "opacity", needs="blend", element=node.name)
