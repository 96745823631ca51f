"""CSS values of the properties that matter to a drawing, as the values of presentation attributes.

Each property has a reader. It gets the value's tokens, without white space around them, and answers with the
attribute's text; with None for what CSS takes for invalid, so that the next weaker declaration holds; or with
`UNWRITABLE` for what is valid, and can't be said by an attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from tinycss2 import ast, serialize
from tinycss2.color4 import parse_color

from ..colours import SYSTEM_NAMES
from ..lexis import LARGEST
from .css_tokens import Tokens, function_name, inside, is_literal, plain_text, significant, spaced, word
from .job import INITIAL
from .shapes import written


class Unwritable(Enum):
    """A value that no attribute can have."""

    UNWRITABLE = "unwritable"


UNWRITABLE = Unwritable.UNWRITABLE
Reading: TypeAlias = str | Unwritable | None
Reader: TypeAlias = Callable[[Tokens, bool], Reading]
"""From tokens, and whether lengths may stand without a unit, to the attribute's text."""

WIDE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
"""Keywords that every property takes."""
_MATH = frozenset(
    "abs acos asin atan atan2 calc calc-size clamp cos env exp hypot log max min mod pow rem round sign sin sqrt tan"
    .split()
)  # fmt: skip
_KEPT_UNITS = frozenset({"em", "ex", "in", "cm", "mm", "pt", "pc"})
_SCREEN_UNITS = frozenset(
    "cap ch ic lh rcap rch rem rex ric rlh vb vh vi vmax vmin vw cqb cqh cqi cqmax cqmin cqw "
    "dvb dvh dvi dvmax dvmin dvw lvb lvh lvi lvmax lvmin lvw svb svh svi svmax svmin svw".split()
)
_DIGITS = 6


def number_text(token: ast.NumberToken | ast.DimensionToken | ast.PercentageToken) -> str:
    """A token's number as attributes write it."""
    text = token.representation.rstrip("%") if token.type == "percentage" else token.representation
    return written(token.value, _DIGITS) if "e" in text.lower() else text.removeprefix("+")


def _is_math(token: ast.Node) -> bool:
    return function_name(token) in _MATH


def _number(*, least: float | None = None, percents: bool = False, clamped: bool = False) -> Reader:
    def read(tokens: Tokens, _loose: bool) -> Reading:
        only = tokens[0] if len(tokens) == 1 else None
        if isinstance(only, ast.NumberToken | ast.PercentageToken):
            percent = isinstance(only, ast.PercentageToken)
            if (percent and not percents) or (least is not None and only.value < least) or abs(only.value) > LARGEST:
                return None
            value = only.value / 100 if percent else only.value
            if clamped and not 0 <= value <= 1:
                return written(min(max(value, 0.0), 1.0))
            return written(value, _DIGITS) if percent else number_text(only)
        return UNWRITABLE if only is not None and _is_math(only) else None

    return read


def length(token: ast.Node, unitless: bool, *, least: float | None = None, percents: bool = True) -> Reading:
    """A length as attributes have it: pixels without a unit, other units as they are."""
    if _is_math(token):
        return UNWRITABLE
    if not isinstance(token, ast.NumberToken | ast.DimensionToken | ast.PercentageToken):
        return None
    if (least is not None and token.value < least) or abs(token.value) > LARGEST:
        return None
    if isinstance(token, ast.NumberToken):
        return number_text(token) if unitless or token.value == 0 else None
    if isinstance(token, ast.PercentageToken):
        return f"{number_text(token)}%" if percents else None
    unit = token.lower_unit
    if unit == "px":
        return number_text(token)
    if unit == "q":
        return written(token.value * 96 / 101.6, _DIGITS)
    if unit in _KEPT_UNITS:
        return number_text(token) + unit
    return UNWRITABLE if unit in _SCREEN_UNITS else None


def _length(words: str = "", *, least: float | None = None, percents: bool = True, unitless: bool = False) -> Reader:
    known = frozenset(words.split())

    def read(tokens: Tokens, loose: bool) -> Reading:
        if word(tokens) in known:
            return word(tokens)
        return length(tokens[0], unitless or loose, least=least, percents=percents) if len(tokens) == 1 else None

    return read


def _dashes(tokens: Tokens, _loose: bool) -> Reading:
    if word(tokens) == "none":
        return "none"
    texts = []
    for token in significant(tokens):
        if is_literal(token, ","):
            continue
        text = length(token, unitless=True, least=0)
        if not isinstance(text, str):
            return text
        texts.append(text)
    return " ".join(texts) or None


def _words(*canonical: str) -> Reader:
    known = {name.lower(): name for name in canonical}

    def read(tokens: Tokens, _loose: bool) -> Reading:
        return known.get(word(tokens))

    return read


def _some_words(known: str) -> Reader:
    """One or more of these keywords, none of them twice."""
    allowed = frozenset(known.split())

    def read(tokens: Tokens, _loose: bool) -> Reading:
        words = [word([token]) for token in significant(tokens)]
        return " ".join(words) if words and allowed.issuperset(words) and len(set(words)) == len(words) else None

    return read


def _any(tokens: Tokens, _loose: bool) -> Reading:
    """Whatever it is, written plainly."""
    return plain_text(tokens) or None


def colour(tokens: Tokens, _loose: bool = False) -> Reading:
    """A colour."""
    if len(tokens) != 1:
        return None
    token: Any = tokens[0]
    if word(tokens) == "currentcolor":
        return "currentColor"
    if word(tokens) in SYSTEM_NAMES:
        return word(tokens)
    try:
        valid = parse_color(token) is not None
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):  # on odd arguments of its functions
        return UNWRITABLE
    if valid:
        return plain_text(tokens)  # as written: later steps know every way to write one
    if function_name(token) in _COLOUR_FUNCTIONS:
        parts = significant(inside(token) or ())
        if function_name(token) in _MIXING or any(map(function_name, parts)) or word(parts[:1]) == "from":
            return UNWRITABLE
    return None


_MIXING = frozenset({"color-mix", "contrast-color", "device-cmyk", "light-dark"})
_COLOUR_FUNCTIONS = _MIXING | frozenset("color hsl hsla hwb lab lch oklab oklch rgb rgba".split())


def url(token: ast.Node) -> str | None:
    """A ``url()`` as attributes have it; None for anything else."""
    if isinstance(token, ast.URLToken):
        target = token.value
    elif function_name(token) == "url":
        within = significant(inside(token) or ())
        if len(within) != 1 or not isinstance(within[0], ast.StringToken):
            return None
        target = within[0].value
    else:
        return None
    return f"url({target})" if not set(target) & set("\"'() \\\n\t") else serialize([token])


def _paint(tokens: Tokens, _loose: bool) -> Reading:
    if word(tokens) in ("none", "context-fill", "context-stroke"):
        return word(tokens)
    parts = significant(tokens)
    target = url(parts[0]) if parts else None
    if target is None:
        return colour(parts)
    if len(parts) == 1:
        return target
    fallback = "none" if word(parts[1:]) == "none" else colour(parts[1:])
    return f"{target} {fallback}" if isinstance(fallback, str) else fallback


def _reference(tokens: Tokens, _loose: bool) -> Reading:
    return "none" if word(tokens) == "none" else url(tokens[0]) if len(tokens) == 1 else None


_MASK_WORDS = frozenset(
    "add alpha auto border border-box bottom center contain content-box cover exclude fill-box intersect left "
    "luminance margin-box match-source no-clip no-repeat none padding-box repeat repeat-x repeat-y right round space "
    "stroke-box subtract text top view-box".split()
)


def _mask(tokens: Tokens, loose: bool) -> Reading:
    """A mask. Layers of images, which CSS has too, are for HTML."""
    known = all(
        token.type in ("function", "url", "dimension", "percentage", "number", "literal")
        or word([token]) in _MASK_WORDS
        for token in significant(tokens)
    )
    return _reference(tokens, loose) or (UNWRITABLE if known and tokens else None)


def _filter(tokens: Tokens, loose: bool) -> Reading:
    """References and functions, one after the other."""
    plain = _reference(tokens, loose)
    known = all(token.type in ("function", "url") for token in significant(tokens))
    return plain or (_any(tokens, loose) if known else None)


_BOXES = frozenset("border-box content-box fill-box margin-box padding-box stroke-box view-box".split())


def _clip_path(tokens: Tokens, loose: bool) -> Reading:
    """A reference, or else a shape, a box, or both."""
    parts = significant(tokens)
    shapes = [token for token in parts if token.type == "function" and url(token) is None]
    boxes = [token for token in parts if word([token]) in _BOXES]
    valid = len(shapes) <= 1 and len(boxes) <= 1 and len(shapes) + len(boxes) == len(parts)
    return _reference(tokens, loose) or (_any(tokens, loose) if valid else None)


def _family(tokens: Tokens, _loose: bool) -> Reading:
    texts = []
    for token in spaced(tokens):
        if isinstance(token, ast.StringToken) and "'" not in token.value and "\\" not in token.representation:
            texts.append(f"'{token.value}'")
        elif token.type in ("ident", "string", "whitespace") or is_literal(token, ","):
            texts.append(serialize([token]))
        else:
            return None
    return "".join(texts).strip() or None


def _weight(tokens: Tokens, _loose: bool) -> Reading:
    only = tokens[0] if len(tokens) == 1 else None
    if isinstance(only, ast.NumberToken):
        return number_text(only) if 1 <= only.value <= 1000 else None
    return word(tokens) if word(tokens) in ("normal", "bold", "bolder", "lighter") else None


class Property(NamedTuple):
    """A property: its reader, and whether elements inherit it."""

    read: Reader
    inherited: bool


_ALPHA = _number(percents=True, clamped=True)
_SIZES = "xx-small x-small small medium large x-large xx-large xxx-large smaller larger"
_QUALITY = _words("auto", "optimizeSpeed", "optimizeQuality")
_BLENDS = (
    "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion "
    "hue saturation color luminosity plus-lighter"
)
_INHERITED: dict[str, Reader] = {
    "clip-rule": _words("nonzero", "evenodd"),
    "color": colour,
    "color-interpolation": _words("auto", "sRGB", "linearRGB"),
    "color-interpolation-filters": _words("auto", "sRGB", "linearRGB"),
    "color-rendering": _QUALITY,
    "direction": _words("ltr", "rtl"),
    "fill": _paint,
    "fill-opacity": _ALPHA,
    "fill-rule": _words("nonzero", "evenodd"),
    "font-family": _family,
    "font-size": _length(_SIZES, least=0),
    "font-stretch": _words(
        "normal",
        *(f"{much}condensed" for much in ("ultra-", "extra-", "", "semi-")),
        *(f"{much}expanded" for much in ("semi-", "", "extra-", "ultra-")),
    ),
    "font-style": _words("normal", "italic", "oblique"),
    "font-variant": _words("normal", "small-caps"),
    "font-weight": _weight,
    "image-rendering": _words("auto", "optimizeSpeed", "optimizeQuality", "pixelated", "crisp-edges", "smooth"),
    "letter-spacing": _length("normal"),
    "marker-end": _reference,
    "marker-mid": _reference,
    "marker-start": _reference,
    "paint-order": _some_words("normal fill stroke markers"),
    "pointer-events": _any,
    "shape-rendering": _words("auto", "optimizeSpeed", "crispEdges", "geometricPrecision"),
    "stroke": _paint,
    "stroke-dasharray": _dashes,
    "stroke-dashoffset": _length(unitless=True),
    "stroke-linecap": _words("butt", "round", "square"),
    "stroke-linejoin": _words("miter", "round", "bevel", "miter-clip", "arcs"),
    "stroke-miterlimit": _number(least=0),
    "stroke-opacity": _ALPHA,
    "stroke-width": _length(least=0, unitless=True),
    "text-align": _words("start", "center", "end"),
    "text-anchor": _words("start", "middle", "end"),
    "text-rendering": _words("auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision"),
    "visibility": _words("visible", "hidden", "collapse"),
    "word-spacing": _length("normal"),
    "writing-mode": _words(*"horizontal-tb vertical-rl vertical-lr lr-tb rl-tb tb-rl lr rl tb".split()),
}
_OWN: dict[str, Reader] = {
    "alignment-baseline": _any,
    "baseline-shift": _length("baseline sub super", unitless=True),
    "clip": _any,
    "clip-path": _clip_path,
    "display": _words(
        *"none block contents flex flow-root grid inline inline-block inline-flex inline-grid inline-table list-item "
        "run-in compact marker ruby table table-caption table-cell table-column table-column-group table-footer-group "
        "table-header-group table-row table-row-group".split()
    ),
    "dominant-baseline": _any,
    "enable-background": _any,
    "filter": _filter,
    "flood-color": colour,
    "flood-opacity": _ALPHA,
    "isolation": _words("auto", "isolate"),
    "lighting-color": colour,
    "mask": _mask,
    "mask-type": _words("luminance", "alpha"),
    "mix-blend-mode": _words(*_BLENDS.split()),
    "opacity": _ALPHA,
    "overflow": _words("visible", "hidden", "scroll", "auto", "clip"),
    "solid-color": colour,
    "solid-opacity": _ALPHA,
    "stop-color": colour,
    "stop-opacity": _ALPHA,
    "text-decoration": _any,
    "unicode-bidi": _words("normal", "embed", "bidi-override", "isolate", "isolate-override", "plaintext"),
    "vector-effect": _words("none", "non-scaling-stroke"),
}
PROPERTIES: dict[str, Property] = {
    **{name: Property(read, inherited=True) for name, read in _INHERITED.items()},
    **{name: Property(read, inherited=False) for name, read in _OWN.items()},
}
"""The properties that are presentation attributes, or that are read from attributes by later steps."""

INITIALS = INITIAL | {
    "color-interpolation": "sRGB",
    "color-interpolation-filters": "linearRGB",
    "font-family": "serif",
    "font-stretch": "normal",
    "font-variant": "normal",
    "letter-spacing": "normal",
    "text-align": "start",
    "word-spacing": "normal",
    "writing-mode": "horizontal-tb",
}
"""Initial values of inherited properties; `auto` for those not listed."""

NEUTRAL = {"display": frozenset({"inline"}), "isolation": frozenset({"auto"}), "mix-blend-mode": frozenset({"normal"})}
"""Values that are as good as no attribute, of properties that the profile doesn't have."""

TEXT_EFFECTS = {
    "font-feature-settings": "normal",
    "font-variation-settings": "normal",
    "inline-size": "auto 0 0px",
    "shape-inside": "none auto",
    "text-shadow": "none",
    "text-transform": "none",
    "white-space": "normal nowrap",
}
"""Properties that change what texts look like and that no attribute can say; with the values that change nothing."""


def _path_data(tokens: Tokens, _loose: bool) -> Reading:
    only = tokens[0] if len(tokens) == 1 else None
    if word(tokens) == "none":
        return ""
    if not isinstance(only, ast.FunctionBlock) or only.lower_name != "path":
        return None
    within = significant(only.arguments)
    return within[0].value if len(within) == 1 and isinstance(within[0], ast.StringToken) else None


GEOMETRY: dict[str, Reader] = {
    **dict.fromkeys(("x", "y", "cx", "cy"), _length(unitless=True)),
    **dict.fromkeys(("width", "height"), _length("auto", least=0)),
    **dict.fromkeys(("rx", "ry"), _length("auto", least=0, unitless=True)),
    "r": _length(least=0, unitless=True),
    "d": _path_data,
}
"""Properties that say where a shape is; plain renderers read them from attributes only.

Those that SVG alone has may stand without a unit in style sheets, too.
"""
_BOX = frozenset({"x", "y", "width", "height"})
GEOMETRY_OF: dict[str, frozenset[str]] = {
    "circle": frozenset({"cx", "cy", "r"}),
    "ellipse": frozenset({"cx", "cy", "rx", "ry"}),
    "path": frozenset({"d"}),
    "rect": _BOX | {"rx", "ry"},
    **dict.fromkeys(("svg", "image", "foreignObject", "use"), _BOX),
}
"""Which of them an element has."""
