"""Gradients that stand for themselves: with their own stops and numbers, taken from no other gradient."""

from __future__ import annotations

import math

from ..colours import read_paint
from ..profile import ELEMENTS, GRADIENTS, PAINT_SERVERS
from .gradient_light import spell_out_light
from .job import Job, by_id, inherited, viewport
from .paint_servers import (
    COORDINATES,
    PAINTS,
    Painting,
    coordinate,
    digits_for,
    has_box_units,
    has_template,
    read_offset,
    stops_of,
    take_out,
    target_of,
    templates,
)
from .shapes import written
from .tree import Node

_SHARED = ("gradientUnits", "gradientTransform", "spreadMethod")
"""Attributes that any gradient takes from any other; coordinates go between gradients of one kind only."""
_MOST_STOPS_COPIED = 20_000
_FOCAL = ("fx", "fy")


def resolve_templates(job: Job) -> None:
    """Write onto each gradient what it takes from others through ``href``, and settle paints that lead to no colour."""
    known = by_id(job.root)
    gradients = [node for node in job.root.walk() if node.name in GRADIENTS]
    plans = []
    misread: set[Node] = set()
    copies = 0
    for gradient in gradients:
        if not has_template(gradient):
            continue
        chain = templates(gradient, known, GRADIENTS)
        model = next((link for link in chain or () if any(child.name == "stop" for child in link.elements)), gradient)
        copies += len(model.elements) if model is not gradient else 0
        if chain is None or copies > _MOST_STOPS_COPIED:
            job.decline("gradient.template-chain", gradient)
            continue
        attributes = _taken(chain)
        if _returns([link.name for link in chain]):
            misread.add(gradient)
        if "gradientTransform" in attributes:  # browsers take it, resvg and others don't
            job.decline("gradient.template-transform", gradient)
        elif job.may_touch(gradient):
            plans.append((gradient, attributes, [] if model is gradient else _stops_for_others(model)))
    for gradient, attributes, stops in plans:
        target = gradient.attributes.pop("xlink:href", "")
        target = gradient.attributes.pop("href", target)
        gradient.attributes.update(attributes)
        for stop in stops:
            gradient.append(stop)
        job.did("gradient.template", gradient, misread=gradient in misread, target=target)
    for gradient in gradients:
        _clean_stops(job, gradient)
    spell_out_light(job)
    _settle_references(job, known)


def _returns(kinds: list[str]) -> bool:
    """Whether a chain comes back to its first kind after another; others than browsers end it at the other."""
    away = next((at for at, kind in enumerate(kinds) if kind != kinds[0]), len(kinds))
    return kinds[0] in kinds[away:]


def _taken(chain: list[Node]) -> dict[str, str]:
    """What the first gradient of a chain takes from the others."""
    first, *others = chain
    found: dict[str, str] = {}
    names = (*_SHARED, *COORDINATES[first.name], *(_FOCAL if first.name == "radialGradient" else ()))
    for link in others:  # through one of the other kind, too, as browsers have it
        for name in names if link.name == first.name else _SHARED:
            if name in link.attributes and name not in first.attributes:
                found.setdefault(name, link.attributes[name])
    return found


def _stops_for_others(model: Node) -> list[Node]:
    """Copies of a gradient's stops that don't depend on where they stand."""
    copies = []
    for stop in model.elements:
        if stop.name != "stop":
            continue
        copy = stop.clone()
        copy.attributes.pop("id", None)
        copy.attributes.pop("xml:id", None)
        for name, initial in (("stop-color", "#000000"), ("stop-opacity", "1")):
            if copy.attributes.get(name, "").strip() == "inherit":
                copy.attributes[name] = model.attributes.get(name, initial)
        if copy.attributes.get("stop-color", "").strip().lower() == "currentcolor":
            copy.attributes["stop-color"] = inherited(stop, "color")
        copies.append(copy)
    return copies


def _clean_stops(job: Job, gradient: Node) -> None:
    """Drop what isn't a stop, and write offsets as numbers."""
    strays = [child for child in gradient.elements if child.name != "stop"]
    strays += [below for stop in gradient.elements if stop.name == "stop" for below in stop.elements]
    if strays and job.may_touch(strays[0]):
        take_out(strays)
        job.did("gradient.not-a-stop", strays[0])
    raised = 0.0
    offsets = []
    for stop in gradient.elements:
        text = stop.attributes.get("offset")
        raised = max(raised, read_offset(text or "0"))
        if text is not None and not _is_number(text):
            offsets.append((stop, written(raised, 5)))
    if offsets and job.may_touch(offsets[0][0]):
        for stop, offset in offsets:
            stop.attributes["offset"] = offset
        job.did("gradient.offsets", offsets[0][0], "offset")


def _is_number(text: str) -> bool:
    return next(ELEMENTS["stop"].attributes["offset"].walk(text), None) is None


def _settle_references(job: Job, known: dict[str, Node]) -> None:
    """Give paints that lead nowhere, or to a gradient without stops, what is drawn instead: the fallback, or none."""
    drawn: dict[str, bool] = {}
    for node in job.root.walk():
        for name in PAINTS:
            value = node.attributes.get(name, "")
            if "(" not in value:
                continue
            paint = read_paint(value)
            if paint is None or paint.kind != "url":
                continue
            if paint.target not in drawn:
                drawn[paint.target] = _has_colour(target_of(paint.target, known))
            if not drawn[paint.target] and job.may_touch(node):
                empty = target_of(paint.target, known)  # a gradient without colours is one, and nothing falls back
                unpainted = empty is not None and empty.name in GRADIENTS
                instead = node.attributes[name] = "none" if unpainted else paint.fallback or "none"
                misread = unpainted and (paint.fallback or "none") != "none"
                job.did("gradient.no-colour", node, name, misread=misread, name=name, target=paint.target,
                        instead=instead)  # fmt: skip


def _has_colour(server: Node | None) -> bool:
    if server is None or server.name not in PAINT_SERVERS | {"pattern"}:
        return False
    if server.name not in GRADIENTS or has_template(server):
        return True
    return any(child.name == "stop" for child in server.elements)


_FOCUS_NOISE = 0.01
"""Of the radius: a focus no farther from the centre can't be told from one that is there."""


def place_gradients(job: Job) -> None:
    """Write the coordinates of gradients as numbers, and drop a focus that is at the centre."""
    area = viewport(job.root)
    painting: Painting | None = None
    for gradient in job.root.walk():
        if gradient.name not in GRADIENTS or has_template(gradient) or not job.may_touch(gradient):
            continue
        numbers = {name: coordinate(gradient, name, area) for name in COORDINATES[gradient.name]}
        if not all(map(math.isfinite, numbers.values())):
            painting = painting or Painting(job.root, by_id(job.root))
            if not painting.leaves_out(gradient):
                job.decline("gradient.coordinate", gradient)
            continue
        _write_coordinates(job, gradient, numbers)
        if gradient.name == "radialGradient" and any(name in gradient.attributes for name in (*_FOCAL, "fr")):
            focus = (coordinate(gradient, "fx", area), coordinate(gradient, "fy", area))
            if not _drop_focus(job, gradient, focus, numbers):
                painting = painting or Painting(job.root, by_id(job.root))
                if not painting.leaves_out(gradient):
                    noted = _noted(gradient)
                    job.decline("gradient.focus", gradient, noted, name=noted)


def _write_coordinates(job: Job, gradient: Node, numbers: dict[str, float]) -> None:
    """Percentages as numbers, initial values that are percentages of the drawing, and no attributes without effect."""
    attributes = gradient.attributes
    before = dict(attributes)
    digits = digits_for(max(map(abs, numbers.values())))
    for name, number in numbers.items():
        default_is_share = name in ("x2", "cx", "cy", "r") and not has_box_units(gradient)
        if attributes.get(name, "").strip().endswith("%") or (name not in attributes and default_is_share):
            attributes[name] = written(number, digits)
    useful = {*numbers, *(_FOCAL if gradient.name == "radialGradient" else ())}
    for name in {*COORDINATES["linearGradient"], *COORDINATES["radialGradient"], *_FOCAL} - useful:
        attributes.pop(name, None)
    if attributes.get("gradientUnits", "objectBoundingBox").strip() not in ("objectBoundingBox", "userSpaceOnUse"):
        del attributes["gradientUnits"]
    if attributes != before:
        changed = next(name for name in {**before, **attributes} if before.get(name) != attributes.get(name))
        job.did("gradient.placed", gradient, changed if changed in before else None)


def _noted(gradient: Node) -> str:
    """The first attribute that speaks of a focus."""
    return next(name for name in (*_FOCAL, "fr") if name in gradient.attributes)


def _drop_focus(job: Job, gradient: Node, focus: tuple[float, float], numbers: dict[str, float]) -> bool:
    """Do without a focus, if it is at the centre; otherwise False."""
    radius, inner = numbers["r"], numbers["fr"]
    away = math.dist(focus, (numbers["cx"], numbers["cy"]))
    noted = _noted(gradient)
    if not away <= max(_FOCUS_NOISE * radius, 0.0) or (inner > 0 and inner >= radius):
        return False
    stops = stops_of(gradient)
    if inner > 0 and radius > 0:
        for stop in stops:  # the colours begin at the inner circle
            stop.element.attributes["offset"] = written((inner + stop.offset * (radius - inner)) / radius, 5)
    for name in (*_FOCAL, "fr"):
        gradient.attributes.pop(name, None)
    job.did("gradient.focus-dropped" if away > 0 else "gradient.focus-at-centre", gradient, noted, name=noted)
    return True
