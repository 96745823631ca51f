"""Values: all of one kind are tested at once, and only where something is wrong is each looked at and explained."""

from __future__ import annotations

from functools import cached_property

from ..engine import Fault, quote
from .addresses import dangerous_url
from .document import Document
from .grammar import Faults, Survey
from .paths import first_arc, has_arc
from .place import Place
from .profile import (
    ANY,
    CONSTRAINED,
    ELEMENTS,
    HREF,
    PAINT,
    PAINT_SERVERS,
    PATH,
    POINTS,
    SHAPES,
    STROKE_PROPERTIES,
    TEXT_PROPERTIES,
    TEXTS,
    TRANSFORM,
    URI,
    Kind,
)


def values(found: Survey) -> Faults:
    """Test all values, kind by kind, and look closer where something is wrong."""
    suspect = {kind for kind, listed in found.values.items() if not kind.fine(listed)}
    for kind in _ADDRESSES & found.values.keys():
        if ":" in "".join(found.values[kind]):
            suspect.add(kind)
    if PATH not in suspect and has_arc(found.values[PATH]):
        yield from _arcs(found)
    if suspect:
        context = _Context(found.document)
        for node, attribute, value, kind in found.values_of(suspect):
            yield from _one_value(context, node, attribute, value, kind)


_ADDRESSES = frozenset({ANY, URI, HREF, PAINT})
"""Kinds whose values may hold an address, which is looked at for scripts and embedded files."""


def _arcs(found: Survey) -> Faults:
    """The first arc of every path, where all paths are otherwise well formed."""
    for node, attributes in enumerate(found.document.attributes):
        value = attributes.get("d", "")
        if ("a" in value or "A" in value) and found.specs[node] is ELEMENTS["path"]:
            yield Fault("svg.path-arc", Place(node, "d", first_arc(value)), "", {"attribute": "d", "element": "path"})


class _Context:
    """What the document as a whole says about whether a value matters."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def has_text(self) -> bool:
        return any(name in TEXTS for name in self.document.names)

    @cached_property
    def has_stroke(self) -> bool:
        return any(attributes.get("stroke", "none") != "none" for attributes in self.document.attributes)

    @cached_property
    def has_current_color(self) -> bool:
        return b"currentcolor" in self.document.utf8.lower()

    def matters(self, node: int, attribute: str) -> bool:
        """Whether a wrong value here can change what is drawn."""
        name = self.document.names[node]
        if name in ("title", "desc", "metadata") or attribute == "pathLength":
            return False
        if attribute in TEXT_PROPERTIES or attribute == "rotate":
            return self.has_text and name not in SHAPES | PAINT_SERVERS | {"stop"}
        if attribute in ("stop-color", "stop-opacity"):
            return name == "stop"
        if attribute in ("solid-color", "solid-opacity"):
            return name == "solidColor"
        if attribute == "color":
            return self.has_current_color
        if attribute in STROKE_PROPERTIES and not self.has_stroke:
            return False
        if attribute.startswith(("fill", "stroke")):
            return name not in PAINT_SERVERS | {"stop"}
        return True


_VALUE_RULES = frozenset(
    f"svg.{name}"
    for name in "colour-invalid number-invalid number-range path-invalid points-invalid transform-invalid".split()
)
"""Rules on what can't be drawn; where a value has no effect they give way to a warning."""


def _one_value(context: _Context, node: int, attribute: str, value: str, kind: Kind) -> Faults:
    dangers = list(dangerous_url(node, attribute, value))
    yield from dangers
    element = quote(context.document.qnames[node])
    for rule, index, details in kind.walk(value):
        params = {"attribute": attribute, "element": element, **details}
        if kind is not PATH:
            params.setdefault("value", quote(value))
        if dangers and rule in _VALUE_RULES:
            continue  # that the address is no colour or number goes without saying
        if rule in _VALUE_RULES and not context.matters(node, attribute):
            rule = "svg.value-without-effect"
        elif rule == "svg.attribute-value":
            rule = _WORD_RULES.get(attribute, rule)
        key = str(params["value"]) if rule in _BY_VALUE else "" if kind is PATH else attribute
        yield Fault(rule, Place(node, attribute, index if kind in _LOCATED else None), key, params)


_LOCATED = frozenset({PATH, POINTS, TRANSFORM})
"""Kinds that are long enough for a fault to be shown inside the value."""
_BY_VALUE = frozenset({"svg.colour-name", "svg.colour-syntax", "svg.colour-invalid"})
"""Rules whose repeats are told apart by the value, because each value has a mending of its own."""

_WORD_RULES = {
    "version": "svg.version-wrong",
    "baseProfile": "svg.base-profile-wrong",
    **dict.fromkeys(CONSTRAINED, "svg.constrained-attribute-wrong"),
}
