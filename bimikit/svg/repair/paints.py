"""The steps `paints` and `colours`: references, currentColor and every spelling of a colour, down to #rrggbb."""

from __future__ import annotations

import re

from ..colours import RGBA, Paint, as_hex, read_colour, read_paint
from ..numbers import to_float
from ..profile import GRADIENTS, PAINT_SERVERS, SHAPES, TEXTS
from .computed import NOT_PAINTED, Sharing, target_of
from .job import Job, by_id
from .lengths import number_text, template_of
from .tree import Node

_PAINTS = ("fill", "stroke")
_OWN_COLOURS = {"stop-color": "stop-opacity", "solid-color": "solid-opacity"}
"""Colours that aren't inherited, with the opacities that belong to them."""
_SERVERS = PAINT_SERVERS | {"pattern"}
_PLAIN_ID = re.compile(r"[^\s\"'()\\]+").fullmatch
_CONTEXT = re.compile(r"context-(?:fill|stroke)(?:[ \t\r\n].*)?", re.DOTALL).fullmatch
_ADDRESS = re.compile(r"url\(", re.IGNORECASE).match


def paints(job: Job) -> None:
    """Resolve what a paint refers to: currentColor, addresses with their fallbacks, the paint of a context."""
    _References(job).run()
    _CurrentColour(job).run()


class _References:
    """Paints with an address, and those of a context."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.known: dict[str, Node] | None = None

    def run(self) -> None:
        markers: set[Node] = set()
        for node in self.job.root.walk():
            if node.name == "marker" or node.parent in markers:
                markers.add(node)
            for name in _PAINTS:
                value = node.attributes.get(name, "").strip()
                if _ADDRESS(value):
                    self._address(node, name, value)
                elif value.startswith("context-") and _CONTEXT(value) and node not in markers:
                    self._write(node, name, "none", "paints.context")

    def _address(self, node: Node, name: str, value: str) -> None:
        paint = read_paint(value)
        if paint is None:
            self._broken(node, name, value)
            return
        if self.known is None:
            self.known = by_id(self.job.root)
        target = target_of(self.known, paint.target)
        if not paint.target.startswith("#"):
            self._write(node, name, paint.fallback or "none", "paints.external", misread=True)
        elif target is None:
            self._write(node, name, paint.fallback or "none", "paints.missing")
        elif target.name not in _SERVERS:
            # with a fallback, renderers differ
            self._write(node, name, paint.fallback or "none", "paints.missing", misread=bool(paint.fallback))
        elif target.name in GRADIENTS and not self._has_stops(target):
            if not paint.fallback or paint.fallback == "none":
                self._write(node, name, "none", "paints.missing")
        else:
            identifier = paint.target[1:]
            instead = f"url(#{identifier})"
            if value != instead and _PLAIN_ID(identifier):
                self._write(node, name, instead, "paints.address")

    def _broken(self, node: Node, name: str, value: str) -> None:
        """An address with something behind it that can't be read; browsers ignore all of it."""
        if self.job.may_touch(node):
            del node.attributes[name]
            self.job.did("values.dropped", node, name, misread=True, name=name, value=value)

    def _has_stops(self, gradient: Node) -> bool:
        at: Node | None = gradient
        for _ in range(32):
            if at is None or at.name not in GRADIENTS:
                return False
            if any(child.name == "stop" for child in at.elements):
                return True
            at = template_of(at, self.known or {})
        return True

    def _write(self, node: Node, name: str, instead: str, what: str, *, misread: bool = False) -> None:
        if self.job.may_touch(node):
            value = node.attributes[name]
            node.attributes[name] = instead
            self.job.did(what, node, name, misread=misread, name=name, value=value, instead=instead)


class _CurrentColour:
    """``currentColor`` becomes the colour it stands for on each element, and ``color`` goes."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.colours: dict[Node, str] = {}
        self.nodes: list[Node] = []
        self.left = False

    def run(self) -> None:
        self.nodes = list(self.job.root.walk())
        used = any(
            "currentcolor" in node.attributes.get(name, "").lower()
            for node in self.nodes
            for name in (*_PAINTS, *_OWN_COLOURS)
        )
        if used:
            self.sharing = Sharing(self.job.root)
            for node in self.nodes:
                self.colours[node] = self._colour_of(node)
            for name in _PAINTS:
                self._inherited(name)
            for name in _OWN_COLOURS:
                self._own(name)
        self._drop_colours(used)

    def _colour_of(self, node: Node) -> str:
        value = node.attributes.get("color", "inherit").strip()
        if value.lower() not in ("inherit", "currentcolor") and read_colour(value) is not None:
            return value
        return "#000" if node.parent is None else self.colours[node.parent]

    def _inherited(self, name: str) -> None:
        """Write a colour wherever ``currentColor`` comes down to something new."""
        # what each element's paint came to, where it is currentColor
        resolved: dict[Node, str | None] = {}
        for node in self.nodes:
            if node.name in NOT_PAINTED and node.name != "filter":
                resolved[node] = None
                self._simply(node, name)
                continue
            around = None if node.parent is None else resolved[node.parent]
            value = node.attributes.get(name, "inherit").strip().lower()
            if value not in ("inherit", "currentcolor"):
                resolved[node] = None
                continue
            if value == "inherit" and around is None:
                resolved[node] = None
                continue
            colour = self.colours[node]
            if value == "inherit" and colour == around:
                resolved[node] = around
            elif self._may_write(node):
                resolved[node] = colour
                node.attributes[name] = colour
                self.job.did("paints.current-color", node, name, name=name, instead=colour)
            else:
                resolved[node] = None
                self.left = True

    def _simply(self, node: Node, name: str) -> None:
        if node.attributes.get(name, "").strip().lower() == "currentcolor":
            node.attributes[name] = self.colours[node]

    def _own(self, name: str) -> None:
        for node in self.nodes:
            if node.attributes.get(name, "").strip().lower() != "currentcolor":
                continue
            if self._may_write(node):
                node.attributes[name] = self.colours[node]
                self.job.did("paints.current-color", node, name, name=name, instead=self.colours[node])
            else:
                self.left = True

    def _may_write(self, node: Node) -> bool:
        if not self.job.may_touch(node):
            return False
        if node not in self.sharing.touched:
            return True
        # drawn in several places: the colour must be the same in all of them
        colours = {self.colours[use] for use in self.sharing.uses}
        if colours <= {self.colours[node]}:
            return True
        self.job.decline("paints.shared", node)
        return False

    def _drop_colours(self, used: bool) -> None:
        needed = self.left or any(
            "currentcolor" in value.lower()
            for node in self.nodes
            for name, value in node.attributes.items()
            if name != "color" and ("currentc" in value or "urrentC" in value or "CURRENTC" in value)
        )
        for node in self.nodes:
            value = node.attributes.get("color")
            if value is None or needed:
                continue
            colour = read_colour(value)
            wrong = value.strip() not in ("inherit", "currentColor") and (colour is None or colour.rule)
            if used or wrong:
                del node.attributes["color"]
                self.job.did("paints.color-dropped", node, "color")


def colours(job: Job) -> None:
    """Write colours as #rrggbb where SVG Tiny doesn't know their spelling, with their opacity beside them."""
    nodes = list(job.root.walk())
    sharing: Sharing | None = None
    for name in _PAINTS:
        if any(_alpha(node, name) < 1 for node in nodes if name in node.attributes):
            sharing = sharing or Sharing(job.root)
            _Alphas(job, name, sharing).run(nodes)
    for node in nodes:
        for name in (*_PAINTS, "color"):
            if name in node.attributes and _alpha(node, name) == 1:
                _rewrite(job, node, name)
        for name, opacity in _OWN_COLOURS.items():
            if name in node.attributes:
                _own_colour(job, node, name, opacity)


def _strange(node: Node, name: str) -> RGBA | None:
    """The colour of an attribute, where it is one in a spelling that SVG Tiny doesn't know."""
    paint: Paint | None = read_paint(node.attributes[name])
    if paint is None or paint.colour is None or not paint.colour.rule:
        return None
    return paint.colour.rgba


def _alpha(node: Node, name: str) -> float:
    rgba = _strange(node, name)
    return 1.0 if rgba is None else _share(rgba[3])


def _share(byte: int) -> float:
    """Alpha as CSS writes it: with two decimals where they give the same byte, otherwise three."""
    share = round(byte / 255, 2)
    return share if round(share * 255) == byte else round(byte / 255, 3)


def _rewrite(job: Job, node: Node, name: str, what: str = "colours.hex") -> None:
    rgba = _strange(node, name)
    if rgba is not None and job.may_touch(node):
        value = node.attributes[name]
        instead = "none" if rgba[3] == 0 and name in _PAINTS else as_hex(rgba)
        node.attributes[name] = instead
        job.did(what, node, name, name=name, value=value, instead=instead)


def _own_colour(job: Job, node: Node, name: str, opacity: str) -> None:
    alpha = _alpha(node, name)
    if alpha < 1 and job.may_touch(node):
        text = node.attributes.get(opacity, "1").strip()
        if text == "inherit":
            text = node.parent.attributes.get(opacity, "1") if node.parent is not None else "1"
        share = to_float(text)
        if share is None:
            return
        node.attributes[opacity] = number_text(min(max(share, 0.0), 1.0) * alpha)
        _rewrite(job, node, name, "colours.alpha")
    elif alpha == 1:
        _rewrite(job, node, name)


class _Alphas:
    """Colours with an alpha of one property: it goes into the opacity of every element that has the colour.

    The opacity is inherited by itself, so where an element below has a colour or an opacity of its own, it is given
    the opacity that keeps it as it was.
    """

    def __init__(self, job: Job, name: str, sharing: Sharing) -> None:
        self.job = job
        self.name = name
        self.opacity = f"{name}-opacity"
        self.sharing = sharing
        self.alphas: dict[Node, float] = {}
        """What is taken out of each element's colour."""
        self.before: dict[Node, float] = {}
        self.after: dict[Node, float] = {}

    def run(self, nodes: list[Node]) -> None:
        self.plain = not any(
            self.opacity in node.attributes
            for node in nodes
            if node.name not in SHAPES and node.name not in NOT_PAINTED
        )
        for node in nodes:
            if node.name in NOT_PAINTED:
                self._set(node, 1.0, 1.0, 1.0)
                if self.name in node.attributes:
                    _rewrite(self.job, node, self.name)
                continue
            parent = node.parent
            alpha = 1.0 if parent is None else self.alphas[parent]
            around = 1.0 if parent is None else self.after[parent]
            own = self._own_opacity(node)
            before = own if own is not None else 1.0 if parent is None else self.before[parent]
            if node.attributes.get(self.name, "inherit").strip() != "inherit":
                alpha = self._take(node)
            after = before * alpha
            if after != (around if own is None else own):
                node.attributes[self.opacity] = number_text(after)
            self._set(node, alpha, before, after)

    def _set(self, node: Node, alpha: float, before: float, after: float) -> None:
        self.alphas[node], self.before[node], self.after[node] = alpha, before, after

    def _own_opacity(self, node: Node) -> float | None:
        number = to_float(node.attributes.get(self.opacity, "inherit").strip())
        return None if number is None else min(max(number, 0.0), 1.0)

    def _take(self, node: Node) -> float:
        """Take the alpha out of an element's own colour."""
        alpha = _alpha(node, self.name)
        if alpha == 1 or not self.job.may_touch(node):
            return 1.0
        if alpha == 0:
            _rewrite(self.job, node, self.name)  # nothing is painted
            return 1.0
        if node in self.sharing.touched and not self._safe(node):
            self.job.decline("colours.shared", node, self.name, value=node.attributes[self.name])
            return 1.0
        _rewrite(self.job, node, self.name, "colours.alpha")
        return alpha

    def _safe(self, node: Node) -> bool:
        """Whether an element that is drawn in several places has the same opacity in all of them."""
        return node.name in SHAPES | TEXTS and (self.plain or self._own_opacity(node) is not None)
