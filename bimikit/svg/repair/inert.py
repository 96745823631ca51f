"""Attributes that the profile lacks and that nothing in the picture depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...lazy import lazy_regex
from ..lexis import BLANK
from ..profile import COMMON, ELEMENTS, GRADIENTS, SHAPES, TEXTS, Kind
from ..vocabulary import FORBIDDEN_ATTRIBUTES
from .job import inherited
from .tree import Node

_EVENT = lazy_regex(r"on[A-Za-z]{2,40}", "fullmatch")
_HTML = frozenset(name for name, rule in FORBIDDEN_ATTRIBUTES.items() if rule == "svg.html-attribute")
_NOWHERE = frozenset(
    "enable-background pointer-events cursor buffered-rendering color-profile viewport-fill viewport-fill-opacity clip "
    "focusHighlight nav-next nav-prev nav-up nav-down nav-left nav-right audio-level syncBehavior syncMaster "
    "syncTolerance initialVisibility requiredFormats".split()
)
"""Without effect in any renderer of still pictures, on any element."""
_LINKS = frozenset(
    "a use image linearGradient radialGradient pattern filter feImage textPath tref mpath animate animateColor "
    "animateMotion animateTransform set discard".split()
)

_FOR_TEXT = ("text", "textArea")
_KINDS: dict[str, tuple[str, ...]] = {
    "clip-rule": ("clipPath",),
    **dict.fromkeys(("marker", "marker-start", "marker-mid", "marker-end"), ("marker",)),
    "color-interpolation": ("mask",),
    "color-interpolation-filters": ("filter",),
    "image-rendering": ("image", "feImage"),
    **dict.fromkeys(
        "text-rendering letter-spacing word-spacing text-decoration font font-stretch font-size-adjust kerning "
        "alignment-baseline baseline-shift dominant-baseline writing-mode glyph-orientation-horizontal "
        "glyph-orientation-vertical white-space text-overflow inline-size shape-inside".split(),
        _FOR_TEXT,
    ),
}
"""Properties that matter to elements of some kinds only: they do nothing in a file without such."""

_DRAWN = frozenset(
    "style opacity clip-path mask filter display visibility mix-blend-mode isolation transform-origin transform-box "
    "paint-order shape-rendering requiredExtensions requiredFeatures".split()
)
_MATTERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(SHAPES | {"g"}, _DRAWN),
    "svg": _DRAWN | {"x", "y", "transform"},
    "use": _DRAWN | {"xlink:href", "width", "height"},
    **dict.fromkeys(TEXTS, _DRAWN | {"dx", "dy", "textLength", "lengthAdjust"}),
    "defs": frozenset({"style", "visibility", "paint-order"}),
    "linearGradient": frozenset({"style", "gradientTransform", "spreadMethod", "href", "xlink:href"}),
    "radialGradient": frozenset({"style", "gradientTransform", "spreadMethod", "href", "xlink:href", "fx", "fy", "fr"}),
    "stop": frozenset({"style"}),
    "solidColor": frozenset({"style"}),
}
"""By element: what the profile lacks on it and the picture may depend on."""


class Kinds:
    """Where the kinds of elements are in a drawing that some properties matter to.

    Attributes:
        blended: Whether anything is blended.
    """

    def __init__(self, root: Node) -> None:
        self.blended = False
        self._near: dict[str, set[int]] = {}
        self._uses = False
        watched = {kind for kinds in _KINDS.values() for kind in kinds}
        for node in root.walk():
            self._uses = self._uses or node.name == "use"
            self.blended = self.blended or not _plain(node.attributes.get("mix-blend-mode"))
            if node.name in watched:
                near = self._near.setdefault(node.name, set())
                if id(node) in near and any(around.name == node.name for around in node.ancestors()):
                    continue
                near.update(id(below) for below in node.walk())
                for around in node.ancestors():
                    if id(around) in near:
                        break
                    near.add(id(around))

    def concern(self, node: Node, kinds: tuple[str, ...]) -> bool:
        """Whether an element is, holds or is within one of some kinds, or may be used in such a place."""
        return any(
            kind in self._near and (self._uses or kind in _DRAWN_ELSEWHERE or id(node) in self._near[kind])
            for kind in kinds
        )


_DRAWN_ELSEWHERE = frozenset({"marker"})
"""Kinds that are drawn by elements that neither hold them nor are in them."""


def inert(node: Node, kinds: Kinds) -> list[str]:
    """Names of the attributes an element can lose without the picture changing; none that the profile allows.

    Args:
        node: The element, of the profile or not.
        kinds: Of the drawing it is in.
    """
    spec = ELEMENTS.get(node.name) if node.name != "svg" or node.parent is None else None
    return list(_inert(node, kinds, spec.attributes if spec else None))


def _inert(node: Node, kinds: Kinds, allowed: Mapping[str, Kind] | None) -> Iterator[str]:
    legal = COMMON if allowed is None else allowed
    judged = allowed is not None
    matters = _MATTERS.get(node.name, frozenset())
    for name, value in node.attributes.items():
        if name in legal:
            if _void(name, value):
                yield name
        elif ":" in name:
            if name != "xlink:href" or node.name not in _LINKS:
                yield name
        elif name.startswith(("data-", "aria-")) or name in _HTML or name in _NOWHERE or _EVENT(name):
            yield name
        elif judged and name in _KINDS:
            unheard = node.name in GRADIENTS or node.name == "stop"
            if unheard or not kinds.concern(node, _KINDS[name]):
                yield name
        elif judged and name == "pathLength":  # dashes are counted by it
            if inherited(node, "stroke-dasharray") == "none":
                yield name
        elif judged and (name not in matters or _neutral(name, value, kinds)):
            yield name


def _void(name: str, value: str) -> bool:
    """Whether an attribute that the profile allows has a value that it doesn't, and that nothing follows from."""
    if name == "xml:base":
        return value.strip(BLANK)[:1] not in ("", "#")
    return name == "xml:space" and value.strip(BLANK) not in ("default", "preserve")


def _neutral(name: str, value: str, kinds: Kinds) -> bool:
    """Whether an attribute has the value that it would have without being there."""
    if name == "mix-blend-mode":
        return _plain(value)
    if name == "isolation":
        return not kinds.blended
    return name in ("clip-path", "mask", "filter") and value.strip(BLANK) == "none"


def _plain(blend: str | None) -> bool:
    return (blend or "normal").strip(BLANK) == "normal"
