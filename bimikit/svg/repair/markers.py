"""Markers on lines: those that draw nothing go, others with the owner's consent, since the profile has none."""

from __future__ import annotations

from ..colours import read_paint
from ..numbers import to_float
from ..profile import SHAPES
from .computed import around, computed, target_of
from .job import Job, by_id
from .tree import Node

_PROPERTIES = ("marker-start", "marker-mid", "marker-end")
_DEAD_WITHIN = frozenset({"marker", "clipPath"})
"""Elements whose shapes carry no markers."""


def drop_markers(job: Job) -> None:
    """Markers on lines go with the owner's consent; where they draw nothing, without.

    The attribute ``marker`` means nothing anywhere: it is a shorthand in style sheets only.
    """
    nodes = list(job.root.walk())
    if not any(name.startswith("marker") for node in nodes for name in node.attributes):
        return
    for node in nodes:
        if "marker" in node.attributes and job.may_touch(node):
            del node.attributes["marker"]
            job.did("marker.dropped", node, "marker")
    live = {name: node for name, node in by_id(job.root).items() if _draws(node)}
    used = any(node.name == "use" for node in nodes)
    for name in _PROPERTIES:
        if any(name in node.attributes for node in nodes):
            _drop(job, nodes, name, live, used=used)


def _draws(marker: Node) -> bool:
    if marker.name != "marker" or not marker.elements:
        return False
    sides = (to_float(marker.attributes.get(name, "3").strip()) for name in ("markerWidth", "markerHeight"))
    return all(side is None or side > 0 for side in sides)


def _drop(job: Job, nodes: list[Node], name: str, live: dict[str, Node], *, used: bool) -> None:
    values = computed(job.root, name)
    dead = {value: not _is_live(value, live) for value in set(values.values())}
    carriers = _carriers(nodes)
    all_dead = all(dead[values[node]] for node in (nodes if used else carriers))
    holders = _around(carriers)
    for node in nodes:
        if name not in node.attributes or not job.may_touch(node):
            continue
        outer = around(values, node, name)
        nothing = dead[values[node]] and (outer not in dead or dead[outer])
        if all_dead or (not used and (node not in holders or nothing)):
            what = "marker.dropped"
        elif job.allows("marker"):
            what = "marker.dropped" if dead[values[node]] else "marker.removed"
        else:
            if not dead[values[node]]:
                job.decline("marker.kept", node, name, needs="marker")
            continue
        del node.attributes[name]
        job.did(what, node, name, visible=what == "marker.removed")


def _is_live(value: str, live: dict[str, Node]) -> bool:
    paint = read_paint(value)
    return paint is not None and paint.kind == "url" and target_of(live, paint.target) is not None


def _carriers(nodes: list[Node]) -> list[Node]:
    """The shapes that carry markers: lines in browsers, any in other renderers."""
    within: set[Node] = set()
    found = []
    for node in nodes:
        if node.name in _DEAD_WITHIN or node.parent in within:
            within.add(node)
        elif node.name in SHAPES:
            found.append(node)
    return found


def _around(carriers: list[Node]) -> set[Node]:
    """These and all elements around them."""
    found: set[Node] = set()
    for carrier in carriers:
        at: Node | None = carrier
        while at is not None and at not in found:
            found.add(at)
            at = at.parent
    return found
