"""Blend modes, isolation and filters: dropped where they show nothing."""

from __future__ import annotations

from ..numbers import to_float
from .bench import Bench
from .job import Job
from .leaves import UNDRAWN, Refused, box_around, leaves, own_area
from .pieces import colour_of, opacity_of, pieces_of
from .regions import box_path, within
from .shapes import mapped
from .tree import Node


def drop_blends(job: Job) -> None:
    """Drop blend modes, ``isolation`` and filters that show nothing; the others too where the owner agreed to it."""
    _drop_modes(job)
    _drop_filters(job)


def _drop_modes(job: Job) -> None:
    left = False
    for node in job.root.walk():
        mode = node.attributes.get("mix-blend-mode")
        if mode is None:
            continue
        if mode.strip() in ("normal", ""):
            del node.attributes["mix-blend-mode"]
            job.did("blend.dropped", node, "mix-blend-mode", property="mix-blend-mode")
        elif job.allows("blend") and job.may_touch(node):
            del node.attributes["mix-blend-mode"]
            job.did("blend.removed", node, "mix-blend-mode", visible=True, mode=mode)
        else:
            left = True
            job.decline("blend.mode", node, "mix-blend-mode", needs="blend", mode=mode)
    for node in job.root.walk():
        isolation = node.attributes.get("isolation")
        if isolation is not None and (not left or isolation.strip() == "auto"):
            del node.attributes["isolation"]
            job.did("blend.dropped", node, "isolation", property="isolation")


def _drop_filters(job: Job) -> None:
    filtered = [node for node in job.root.walk() if "filter" in node.attributes]
    if not filtered:
        return
    bench = Bench(job.root)
    for node in filtered:
        if not job.may_touch(node):
            continue
        shows = _NOTHING if _is_idle(node) else _shown(node, bench)
        if shows != _NOTHING and not job.allows("filter"):
            job.decline("filter.kept", node, "filter", needs="filter", element=node.name)
            continue
        del node.attributes["filter"]
        if shows == _SHADOW and node.parent is not None and "id" not in node.attributes:
            node.detach()
        job.did("filter.dropped" if shows == _NOTHING else "filter.removed", node, "filter", visible=shows != _NOTHING)


def _is_idle(node: Node) -> bool:
    return node.attributes["filter"].strip() in ("none", "") or node.name in UNDRAWN


_NOTHING, _SHADOW, _CHANGE = "nothing", "shadow", "change"
"""What a filter shows: no more than the element itself, something in its place, or the element changed."""


def _shown(node: Node, bench: Bench) -> str:
    """What the filter on an element shows."""
    effect = bench.target(node.attributes["filter"])
    if effect is None or effect.name != "filter":
        return _CHANGE
    result = _result(effect)
    if result is not _SOURCE:
        return _SHADOW if result in (_EMPTY, _OTHER) and effect.elements else _CHANGE
    try:
        by_box = effect.attributes.get("filterUnits", "").strip() != "userSpaceOnUse"
        area = box_path(own_area(effect, "filterUnits", box_around(node, bench.effort) if by_box else None, bench.seen))
        for leaf in leaves(node, bench.effort):
            for piece in pieces_of(leaf.node):
                if not within(mapped(piece.path, leaf.matrix), area, 0, bench.effort):
                    return _CHANGE
    except Refused:
        return _CHANGE
    return _NOTHING


_SOURCE, _EMPTY, _OTHER, _CHANGED = "source", "empty", "other", "changed"
"""What a picture inside a filter is: the element as it is, nothing, something without it, or something made of it."""
_INPUTS = {"SourceGraphic": _SOURCE, "SourceAlpha": _OTHER, "BackgroundImage": _EMPTY, "BackgroundAlpha": _EMPTY}


def _result(effect: Node) -> str:
    """What a filter makes of an element."""
    results: dict[str, str] = {}
    last = _SOURCE
    for primitive in effect.elements:
        if primitive.name in ("title", "desc"):
            continue
        if not {"x", "y", "width", "height", "style"}.isdisjoint(primitive.attributes):
            return _CHANGED
        names = [
            primitive.attributes.get(name, "")
            for name in ("in", "in2")
            if name == "in" or name in _TWO.get(primitive.name, ())
        ]
        if primitive.name == "feMerge":
            names = [child.attributes.get("in", "") for child in primitive.elements]
        inputs = [results.get(name.strip(), _INPUTS.get(name.strip(), last)) for name in names]
        last = _primitive(primitive, inputs)
        if "result" in primitive.attributes:
            results[primitive.attributes["result"].strip()] = last
    return last


_TWO = {"feBlend": ("in2",), "feComposite": ("in2",), "feDisplacementMap": ("in2",)}


def _primitive(primitive: Node, inputs: list[str]) -> str:
    """What one primitive of a filter makes of its inputs."""
    kind = primitive.name
    if kind == "feFlood":
        colour = colour_of(primitive.attributes.get("flood-color", "black"))
        clear = opacity_of(primitive.attributes.get("flood-opacity", "1")) == 0 or (colour or (0, 0, 0, 1))[3] == 0
        return _EMPTY if clear else _OTHER
    if kind == "feComposite" and primitive.attributes.get("operator", "over").strip() in _KEEPING:
        first, second = inputs
        first_kept, second_kept = _KEEPING[primitive.attributes["operator"].strip()]
        if first == _EMPTY:
            return second if second_kept else _EMPTY
        if second == _EMPTY:
            return first if first_kept else _EMPTY
    elif kind in ("feBlend", "feMerge") or (
        kind == "feComposite" and primitive.attributes.get("operator") != "arithmetic"
    ):
        seen = [picture for picture in inputs if picture != _EMPTY]
        if len(seen) < 2:
            return seen[0] if seen else _EMPTY
    elif kind in _IDLE and all(_is_zero(primitive.attributes.get(name, "0")) for name in _IDLE[kind]):
        return inputs[0]
    elif kind in _IDLE and inputs[0] == _EMPTY:
        return _EMPTY
    return _CHANGED if _SOURCE in inputs or _CHANGED in inputs else _OTHER


_KEEPING = {"in": (False, False), "out": (True, False), "atop": (False, True)}
"""Operators of feComposite: whether the first is kept where the second is empty, and the other way round."""
_IDLE = {"feGaussianBlur": ("stdDeviation",), "feOffset": ("dx", "dy")}
"""Primitives that change nothing when these are zero, and make nothing out of nothing."""


def _is_zero(text: str) -> bool:
    return all(to_float(part) == 0 for part in text.replace(",", " ").split())
