"""The step `respelled`: what all browsers read and other renderers don't, in words that all of them read.

The picture as browsers draw it stays. Where the renderer that proves repairs reads less than browsers do, its picture
changes, and the change is noted as one that can't be proven: the logo was drawn differently from place to place, and
no longer is.
"""

from __future__ import annotations

import re

from ..colours import as_hex, read_colour, read_paint
from ..numbers import to_float
from ..profile import PROPERTIES, TEXT_PROPERTIES, TEXTS
from .computed import around, computed
from .css_colours import read_css_colour
from .job import INITIAL, Job
from .lengths import DEFAULT_FONT_SIZE, OTHER_UNITS, PIXELS, number_text, read_length, split_list
from .tree import Node

_PAINTS = ("fill", "stroke")
_COLOURS = ("color", "stop-color", "solid-color")
_CONTEXT = re.compile(r"context-(?:fill|stroke)(?:[ \t\r\n].*)?", re.DOTALL).fullmatch
_COMMA_COLOUR = re.compile(r"(?:rgba?|hsla?)\([0-9+.%, \t\r\n-]*\)", re.IGNORECASE).fullmatch
"""The syntax of CSS Color 3, which all renderers read."""
_ADDRESS = re.compile(r"url\(", re.IGNORECASE).match
_NUMBERS = frozenset(
    "fill-opacity stroke-opacity stop-opacity solid-opacity stroke-width stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset".split()
)
_NOT_NEGATIVE = frozenset({"stroke-width", "stroke-miterlimit", "stroke-dasharray"})
_WORDS = frozenset(name for name, kind in PROPERTIES.items() if kind.words and name not in TEXT_PROPERTIES)
_TEXT_WORDS = frozenset({"text-anchor", "text-align", "direction", "unicode-bidi", "display-align"})
_NO_VALUE = frozenset({"unset", "revert", "revert-layer"})


def respelled(job: Job) -> None:
    """Write values in the words every renderer reads, and drop properties that browsers ignore as unreadable."""
    _Respelling(job).run()


class _Respelling:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.inherited: dict[str, dict[Node, str]] = {}
        nodes = list(job.root.walk())
        self.nodes = nodes
        self.has_text = any(node.name in TEXTS for node in nodes)

    def run(self) -> None:
        for node in self.nodes:
            for name, value in list(node.attributes.items()):
                if name in _PAINTS:
                    self._paint(node, name, value)
                elif name in _COLOURS:
                    self._colour(node, name, value)
                elif name in _NUMBERS:
                    self._number(node, name, value)
                elif name in _WORDS or (name in TEXT_PROPERTIES and name in PROPERTIES):
                    self._word(node, name, value)
                elif value[-1:].isalpha() and value[:1] in _BEGIN_NUMBER and name not in _NOT_LENGTHS:
                    self._unit(node, name, value)

    def _paint(self, node: Node, name: str, value: str) -> None:
        text = value.strip()
        paint = read_paint(text)
        if paint is not None and paint.kind == "url":
            if _ADDRESS(text) and not text.startswith("url("):
                self._write(node, name, "url(" + text[4:])
            return
        if _CONTEXT(text):
            return
        if paint is None and _ADDRESS(text):
            return
        if paint is None or paint.kind == "colour":
            self._colour(node, name, value)

    def _colour(self, node: Node, name: str, value: str) -> None:
        text = value.strip()
        lower = text.lower()
        if lower in ("inherit", "currentcolor"):
            return
        colour = read_colour(text)
        if colour is not None and (colour.rgba is None or "(" not in text or _COMMA_COLOUR(text)):
            return
        rgba = colour.rgba if colour is not None else read_css_colour(text)
        if rgba is None:
            self._drop(node, name, value)
        elif self.job.may_touch(node):
            share = number_text(round(rgba[3] / 255, 3))
            red, green, blue, alpha = rgba
            instead = as_hex(rgba) if alpha == 255 else f"rgba({red},{green},{blue},{share})"
            self._write(node, name, instead)

    def _number(self, node: Node, name: str, value: str) -> None:
        text = value.strip()
        if text in ("inherit", "none"):
            if text == "none" and name != "stroke-dasharray":
                self._drop(node, name, value)
            return
        if "(" in text:
            return  # what calc() gives isn't known
        parts = split_list(text) if name == "stroke-dasharray" else [text]
        for part in parts:
            number = to_float(part.removesuffix(".")) if part.endswith(".") else to_float(part)
            if number is None:
                found = read_length(part)
                known = found is not None and (
                    found[2] == "%" or found[2].lower() in PIXELS.keys() | OTHER_UNITS | {"em", "ex"}
                )
                number = float(found[1]) if found is not None and known else None
            if number is None or (number < 0 and name in _NOT_NEGATIVE):
                self._drop(node, name, value)
                return
        if any(character.isalpha() for character in text):
            self._unit(node, name, value)

    def _unit(self, node: Node, name: str, value: str) -> None:
        """Units as every renderer writes them: in lower case, and without those that few know."""
        parts = split_list(value.strip())
        instead = [self._plain_unit(part) for part in parts]
        if instead != parts and self.job.may_touch(node):
            self._write(node, name, " ".join(instead))

    def _plain_unit(self, part: str) -> str:
        found = read_length(part)
        if found is None:
            return part
        amount, unit = found[1], found[2].lower()
        if unit == "q":
            return f"{number_text(float(amount) / 4)}mm"
        root = self.job.root.attributes.get("font-size")
        if unit == "rem" and (root is None or to_float(root) is not None):
            size = DEFAULT_FONT_SIZE if root is None else float(root)
            return f"{number_text(float(amount) * size)}px"
        return amount + unit if unit in PIXELS or unit in ("em", "ex") else part

    def _word(self, node: Node, name: str, value: str) -> None:
        kind = PROPERTIES[name]
        if name == "font-size" or kind.fine([value]):
            return  # sizes of fonts are lengths, and others are measured by them
        text = value.strip()
        lower = text.lower()
        if lower in kind.words and lower != text:
            if self.job.may_touch(node):
                self._write(node, name, lower)
        elif name in _WORDS or name in _TEXT_WORDS:
            self._drop(node, name, value)
        elif not self.has_text:
            del node.attributes[name]
            self.job.did("values.dropped", node, name, name=name, value=value)

    def _write(self, node: Node, name: str, instead: str) -> None:
        value = node.attributes[name]
        node.attributes[name] = instead
        self.job.did("values.respelled", node, name, misread=True, name=name, value=value, instead=instead)

    def _drop(self, node: Node, name: str, value: str) -> None:
        """Take away what a renderer ignores, or write the value that a keyword of CSS stands for."""
        if not self.job.may_touch(node):
            return
        if value.strip().lower() == "initial" and name in INITIAL:
            self._set_initial(node, name, value)
            return
        misread = name in INITIAL and self._around(node, name) != INITIAL[name]
        del node.attributes[name]
        self.job.did("values.dropped", node, name, misread=misread, name=name, value=value)

    def _set_initial(self, node: Node, name: str, value: str) -> None:
        node.attributes[name] = instead = "#000" if INITIAL[name] == "black" else INITIAL[name]
        self.job.did("values.initial", node, name, name=name, value=value, instead=instead)

    def _around(self, node: Node, name: str) -> str:
        if name not in self.inherited:
            self.inherited[name] = computed(self.job.root, name)
        return around(self.inherited[name], node, name)


_BEGIN_NUMBER = tuple("0123456789+-.")
_NOT_LENGTHS = frozenset(
    "id class d points transform href viewBox font-family type values rotate begin dur end version".split()
)
