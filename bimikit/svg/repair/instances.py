"""References to shapes written out where an effect on them, or on what they name, is going to be resolved."""

from __future__ import annotations

from ..profile import SHAPES
from .job import Job, by_id
from .paint_servers import target_of
from .tree import Node

_MOST_COPIES = 20_000
_COPIED = SHAPES | {"g", "text", "use"}
_DEFINING = frozenset({"clipPath"})
"""What has no groups in it, so that a reference in it is read where it stands."""
_OWN = ("x", "y", "width", "height", "href", "xlink:href")


def write_out_uses(job: Job, effects: frozenset[str]) -> None:
    """Replace each ``use`` on whose copy an effect would have to be resolved by a copy that stands there itself.

    Those are the ones under an element with one of these attributes, and those that name something with or under one.
    """
    uses = [node for node in job.root.walk() if node.name == "use"]
    carriers = [node for node in job.root.walk() if not effects.isdisjoint(node.attributes) or node.name == "mask"]
    if not uses or not carriers:
        return
    ids = by_id(job.root)
    around = {above for node in carriers for above in node.ancestors()}
    affected = set(carriers)
    for node in job.root.walk():
        if node.parent in affected:
            affected.add(node)
    left = _MOST_COPIES
    pending: list[tuple[Node, frozenset[Node]]] = [(use, frozenset()) for use in uses]
    while pending:
        use, trail = pending.pop()
        target = target_of(use.attributes.get("href", use.attributes.get("xlink:href", "")), ids)
        if target is None or target.name not in _COPIED or not job.may_touch(use) or use.parent is None:
            continue
        if use not in affected and target not in affected and target not in around:
            continue
        if target in trail or any(above is target or above.name in _DEFINING for above in use.ancestors()):
            continue
        copy = target.clone()
        size = sum(1 for _node in copy.walk())
        if size > left:
            continue
        left -= size
        for node in copy.walk():
            node.attributes.pop("id", None)
            node.attributes.pop("xml:id", None)
            affected.add(node)
            if node.name == "use":
                pending.append((node, trail | {target}))
        _put(use, copy)
        job.did("use.written-out", use, None)


def _put(use: Node, copy: Node) -> None:
    attributes = {name: value for name, value in use.attributes.items() if name not in _OWN}
    x, y = use.attributes.get("x", "0").strip(), use.attributes.get("y", "0").strip()
    if x not in ("0", "") or y not in ("0", ""):
        moved = f"translate({x or '0'} {y or '0'})"
        attributes["transform"] = f"{attributes['transform']} {moved}" if "transform" in attributes else moved
    group = Node("g", attributes, use.source)
    use.replace(group)
    if copy.name in ("symbol", "svg"):
        return
    group.append(copy)
