"""What properties of texts come to on an element, and which of their values change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

from ..numbers import to_float
from .fonts import Wanted
from .lengths import DEFAULT_FONT_SIZE, PIXELS, read_length
from .tree import Node

T = TypeVar("T")


class Computed(Generic[T]):
    """A property as it comes to be on elements; each is asked for once, so deep trees cost no more than flat ones."""

    def __init__(self, name: str, initial: T, own: Callable[[str, T], T]) -> None:
        """Make it.

        Args:
            name: The property.
            initial: Its value where nobody gives one.
            own: From what an element says, and the value around it, to its value.
        """
        self._name = name
        self._initial = initial
        self._own = own
        self._known: dict[Node, T] = {}

    def on(self, node: Node) -> T:
        """The value on an element."""
        chain: list[Node] = []
        at: Node | None = node
        while at is not None and at not in self._known:
            chain.append(at)
            at = at.parent
        value = self._initial if at is None else self._known[at]
        for link in reversed(chain):
            said = link.attributes.get(self._name, "inherit").strip()
            value = self._known[link] = value if said == "inherit" else self._own(said, value)
        return value


def word(name: str, initial: str) -> Computed[str]:
    """A property that is inherited."""
    return Computed(name, initial, lambda said, _around: said)


def lasting(name: str, neutral: frozenset[str]) -> Computed[str]:
    """A property whose effect on an element reaches all that is in it; empty where it has none."""
    return Computed(name, "", lambda said, around: around or ("" if is_neutral(said, neutral) else said))


_SIZES = dict(
    zip(
        "xx-small x-small small medium large x-large xx-large xxx-large".split(),
        (9.0, 10.0, 13.0, DEFAULT_FONT_SIZE, 18.0, 24.0, 32.0, 48.0),
        strict=True,
    )
)
"""As browsers have them."""
_SIZE_STEP = {"larger": 1.2, "smaller": 1 / 1.2}
_RELATIVE = {"em": 1.0, "ex": 0.5, "%": 0.01}


def length(text: str, em: float) -> float | None:
    """A length in user units; None for what can't be read.

    Args:
        text: It, with or without a unit.
        em: The font size.
    """
    number = to_float(text)
    if number is not None:
        return number
    found = read_length(text)
    if found is None:
        return None
    factor = em * _RELATIVE[found[2]] if found[2] in _RELATIVE else PIXELS.get(found[2])
    return None if factor is None else float(found[1]) * factor


def _font_size(said: str, around: float | None) -> float | None:
    if said in _SIZES:
        return _SIZES[said]
    if around is None:
        return None
    if said in _SIZE_STEP:
        return around * _SIZE_STEP[said]
    size = length(said, around)
    return size if size is not None and 0 <= size <= _LARGEST_SIZE else None


_LARGEST_SIZE = 1e6


def font_size() -> Computed[float | None]:
    """The font size in user units; None where it can't be read."""
    return Computed("font-size", DEFAULT_FONT_SIZE, _font_size)


def _weight(said: str, around: float) -> float:
    if said in _WEIGHTS:
        return _WEIGHTS[said]
    if said == "bolder":
        return 400.0 if around < 350 else 700.0 if around < 550 else max(around, 900.0)
    if said == "lighter":
        return min(around, 100.0) if around < 550 else 400.0 if around < 750 else 700.0
    number = to_float(said)
    return number if number is not None and 1 <= number <= 1000 else around


_WEIGHTS = {"normal": 400.0, "bold": 700.0}


def _slant(said: str, around: bool) -> bool:
    return said.startswith(("italic", "oblique")) or (around and said != "normal")


def _width(said: str, around: float) -> float:
    return _WIDTHS.get(said, around)


_WIDTHS = {
    "ultra-condensed": 50.0,
    "extra-condensed": 62.5,
    "condensed": 75.0,
    "semi-condensed": 87.5,
    "normal": 100.0,
    "semi-expanded": 112.5,
    "expanded": 125.0,
    "extra-expanded": 150.0,
    "ultra-expanded": 200.0,
}


class FontStyles:
    """What elements ask a font to be."""

    def __init__(self) -> None:
        self._families = word("font-family", "")
        self._weights: Computed[float] = Computed("font-weight", 400.0, _weight)
        self._slants: Computed[bool] = Computed("font-style", False, _slant)
        self._widths: Computed[float] = Computed("font-stretch", 100.0, _width)

    def on(self, node: Node) -> Wanted:
        """What an element asks for."""
        return Wanted(self._families.on(node), self._weights.on(node), self._slants.on(node), self._widths.on(node))


_ZERO = re.compile(r"[+-]?0*\.?0*(?:[A-Za-z]{1,4}|%)?").fullmatch
_NORMAL = frozenset({"normal"})
NEUTRAL: dict[str, frozenset[str]] = {
    "letter-spacing": frozenset({"normal", "0"}),
    "word-spacing": frozenset({"normal", "0"}),
    "dominant-baseline": frozenset({"auto", "alphabetic", "no-change", "use-script"}),
    "alignment-baseline": frozenset({"auto", "baseline", "alphabetic"}),
    "baseline-shift": frozenset({"baseline", "0"}),
    "text-decoration": frozenset({"none"}),
    "text-decoration-line": frozenset({"none"}),
    "text-transform": frozenset({"none"}),
    "writing-mode": frozenset({"lr-tb", "lr", "horizontal-tb"}),
    "white-space": _NORMAL,
    "font-stretch": frozenset({"normal", "100%"}),
    "font-size-adjust": frozenset({"none"}),
    "font-kerning": frozenset({"auto", "normal"}),
    "kerning": frozenset({"auto"}),
    "font-feature-settings": _NORMAL,
    "font-variation-settings": _NORMAL,
    "font-optical-sizing": frozenset({"auto"}),
    **dict.fromkeys(
        ("font-variant-caps", "font-variant-ligatures", "font-variant-numeric", "font-variant-east-asian"), _NORMAL
    ),
    "glyph-orientation-horizontal": frozenset({"auto", "0"}),
    "text-indent": frozenset({"0"}),
    "text-shadow": frozenset({"none"}),
    "inline-size": frozenset({"auto", "0"}),
    "shape-inside": frozenset({"none", "auto"}),
}
"""Properties of texts that the profile lacks, and the values with which they do nothing (0 in any unit)."""
IDLE = frozenset({"line-height", "text-overflow", "text-rendering"})
"""Attributes that do nothing to the letters of a text, whatever they say, or nothing but to their edges."""
OWN = frozenset({"baseline-shift", "alignment-baseline", "text-decoration", "text-decoration-line"})
"""Properties of these that aren't inherited."""


def is_neutral(value: str, neutral: frozenset[str]) -> bool:
    """Whether a value is one of those that do nothing."""
    value = value.strip()
    return value in neutral or ("0" in neutral and any(sign == "0" for sign in value) and _ZERO(value) is not None)
