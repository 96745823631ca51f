"""Colours and paints: what SVG Tiny 1.2 knows, what everybody draws beyond it, and what nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ..engine import quote
from ..lazy import lazy_regex
from .lexis import Trouble

RGBA: TypeAlias = tuple[int, int, int, int]

TINY_NAMES: dict[str, RGBA] = {
    name: (red, green, blue, 255)
    for name, red, green, blue in (
        ("black", 0, 0, 0),
        ("silver", 192, 192, 192),
        ("gray", 128, 128, 128),
        ("white", 255, 255, 255),
        ("maroon", 128, 0, 0),
        ("red", 255, 0, 0),
        ("purple", 128, 0, 128),
        ("fuchsia", 255, 0, 255),
        ("green", 0, 128, 0),
        ("lime", 0, 255, 0),
        ("olive", 128, 128, 0),
        ("yellow", 255, 255, 0),
        ("navy", 0, 0, 128),
        ("blue", 0, 0, 255),
        ("teal", 0, 128, 128),
        ("aqua", 0, 255, 255),
    )
}
"""The sixteen colour names of SVG Tiny 1.2."""

_OTHER_NAMES = (
    "aliceblue f0f8ff antiquewhite faebd7 aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 "
    "blanchedalmond ffebcd blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 "
    "chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b "
    "darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b "
    "darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a "
    "darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 "
    "darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff "
    "firebrick b22222 floralwhite fffaf0 forestgreen 228b22 gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 "
    "goldenrod daa520 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 "
    "ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd "
    "lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 "
    "lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa "
    "lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 "
    "limegreen 32cd32 linen faf0e6 magenta ff00ff mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 "
    "mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc "
    "mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead "
    "oldlace fdf5e6 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa "
    "palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f "
    "pink ffc0cb plum dda0dd powderblue b0e0e6 rebeccapurple 663399 rosybrown bc8f8f royalblue 4169e1 "
    "saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d "
    "skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f "
    "steelblue 4682b4 tan d2b48c thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 "
    "whitesmoke f5f5f5 yellowgreen 9acd32"
)


@lru_cache(1)
def other_names() -> dict[str, RGBA]:
    """The colour names of CSS that SVG Tiny 1.2 hasn't, but every renderer draws."""
    words = _OTHER_NAMES.split()
    return {name: (*bytes.fromhex(code), 255) for name, code in zip(words[::2], words[1::2], strict=True)}


SYSTEM_NAMES = frozenset(
    "activeborder activecaption appworkspace background buttonface buttonhighlight buttonshadow buttontext captiontext "
    "graytext highlight highlighttext inactiveborder inactivecaption inactivecaptiontext infobackground infotext menu "
    "menutext scrollbar threeddarkshadow threedface threedhighlight threedlightshadow threedshadow window windowframe "
    "windowtext".split()
)
"""System colours: legal in SVG Tiny 1.2, and drawn differently on every machine."""


class Colour(NamedTuple):
    """A colour that was read.

    Attributes:
        rgba: Red, green, blue, alpha, 0 to 255; None where it depends on the machine.
        rule: The rule it breaks although it is drawn; empty for none.
    """

    rgba: RGBA | None
    rule: str = ""


_HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})")
_FUNCTION = lazy_regex(r"(rgba?|hsla?)\(([^()]*)\)", "fullmatch", flags=re.IGNORECASE)
_LONGEST_FUNCTION = 200
_INTEGER = lazy_regex(r"[+-]?[0-9]+")


_MEMORABLE = 64
"""Characters: only short values are remembered, so that a stranger's long ones don't stay in memory."""


def read_colour(text: str) -> Colour | None:
    """Read a colour; None for what no renderer can read.

    Args:
        text: The value, with surrounding white space tolerated.
    """
    return _read_colour(text) if len(text) <= _MEMORABLE else _read_colour.__wrapped__(text)


@lru_cache(2048)
def _read_colour(text: str) -> Colour | None:
    text = text.strip(" \t\r\n")
    if _HEX.fullmatch(text):
        digits = text[1:]
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        red, green, blue, alpha = bytes.fromhex(digits if len(digits) == 8 else digits + "ff")
        return Colour((red, green, blue, alpha), "svg.colour-syntax" if len(digits) == 8 else "")
    name = text.lower()
    if name in TINY_NAMES:
        return Colour(TINY_NAMES[name])
    if name in SYSTEM_NAMES:
        return Colour(None)
    if name in other_names():
        return Colour(other_names()[name], "svg.colour-name")
    if name == "transparent":
        return Colour((0, 0, 0, 0), "svg.colour-name")
    function = _FUNCTION(text) if len(text) <= _LONGEST_FUNCTION else None
    return _read_function(function[1].lower(), function[2]) if function else None


def _read_function(name: str, inside: str) -> Colour | None:
    commas = "," in inside
    found = (_WITH_COMMAS if commas else _WITH_SPACES)(inside)
    if found is None:
        return None
    parts = [part for part in found.groups() if part is not None]
    percents = [part.endswith("%") for part in parts[:3]]
    alpha = round(255 * min(max(_share(parts[3], 1), 0), 1)) if len(parts) == 4 else 255
    if name.startswith("hsl"):
        if percents != [False, True, True]:
            return None
        return Colour((*_from_hsl(parts), alpha), "svg.colour-syntax")
    if "deg" in inside.lower() or any(percents) != all(percents):
        return None
    red, green, blue = (round(255 * min(max(_share(part, 255), 0), 1)) for part in parts[:3])
    tiny = name == "rgb" and commas and len(parts) == 3 and (all(percents) or all(map(_INTEGER, parts)))
    return Colour((red, green, blue, alpha), "" if tiny else "svg.colour-syntax")


_FIRST_AMOUNT = r"([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:%|(?i:deg))?)"
_AMOUNT = r"([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)%?)"
_B = r"[ \t\r\n]*"
_COMMA = f"{_B},{_B}"
_WITH_COMMAS = lazy_regex(
    f"{_B}{_FIRST_AMOUNT}{_COMMA}{_AMOUNT}{_COMMA}{_AMOUNT}(?:{_COMMA}{_AMOUNT})?{_B}", "fullmatch"
)
_BLANK = "[ \\t\\r\\n]+"
_WITH_SPACES = lazy_regex(
    f"{_B}{_FIRST_AMOUNT}{_BLANK}{_AMOUNT}{_BLANK}{_AMOUNT}(?:{_B}/{_B}{_AMOUNT})?{_B}", "fullmatch"
)


def _share(part: str, whole: float) -> float:
    return float(part[:-1]) / 100 if part.endswith("%") else float(part.lower().removesuffix("deg")) / whole


def _from_hsl(parts: list[str]) -> tuple[int, int, int]:
    import colorsys

    hue = float(parts[0].lower().removesuffix("deg").removesuffix("%")) / 360 % 1
    saturation, lightness = (min(max(_share(part, 100), 0), 1) for part in parts[1:3])
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(255 * red), round(255 * green), round(255 * blue)


_REFERENCE = lazy_regex(
    r"""url\([ \t\r\n]*(["']?)([^"'()]*)\1[ \t\r\n]*\)[ \t\r\n]*(.*)""", "fullmatch", flags=re.IGNORECASE | re.DOTALL
)


class Paint(NamedTuple):
    """What a ``fill`` or ``stroke`` asks for.

    Attributes:
        kind: ``"none"``, ``"inherit"``, ``"currentColor"``, ``"colour"`` or ``"url"``.
        colour: The colour, for ``"colour"``.
        target: What the ``url()`` names.
        fallback: What follows the ``url()``; empty for nothing.
    """

    kind: str
    colour: Colour | None = None
    target: str = ""
    fallback: str = ""


_KEYWORDS = {"none": Paint("none"), "inherit": Paint("inherit"), "currentcolor": Paint("currentColor")}


def read_paint(text: str) -> Paint | None:
    """Read a paint; None for what no renderer can read."""
    return _read_paint(text) if len(text) <= _MEMORABLE else _read_paint.__wrapped__(text)


@lru_cache(2048)
def _read_paint(text: str) -> Paint | None:
    stripped = text.strip(" \t\r\n")
    keyword = _KEYWORDS.get(stripped) or _KEYWORDS.get(stripped.lower())
    if keyword is not None:
        return keyword
    colour = read_colour(stripped)
    if colour is not None:
        return Paint("colour", colour)
    reference = _REFERENCE(stripped)
    if reference is None:
        return None
    fallback = reference[3].strip(" \t\r\n")
    if fallback and fallback.lower() not in ("none", "currentcolor", "inherit") and read_colour(fallback) is None:
        return None
    return Paint("url", None, reference[2].strip(" \t\r\n"), fallback)


def colour_walk(value: str) -> Iterator[Trouble]:
    """A walk over a value that must be one colour (``stop-color``, ``solid-color``, ``color``)."""
    if value.strip(" \t\r\n").lower() not in ("inherit", "currentcolor"):
        yield from _judge(read_colour(value), value)


def paint_walk(value: str) -> Iterator[Trouble]:
    """A walk over a paint. Where its ``url()`` leads is the references' business."""
    paint = read_paint(value)
    if paint is None:
        yield "svg.colour-invalid", 0, {"value": quote(value)}
    elif paint.kind == "colour":
        yield from _judge(paint.colour, value)


def _judge(colour: Colour | None, value: str) -> Iterator[Trouble]:
    if colour is None:
        yield "svg.colour-invalid", 0, {"value": quote(value)}
    elif colour.rule:
        yield colour.rule, 0, {"value": quote(value), "instead": as_hex(colour.rgba)}


def as_hex(rgba: RGBA | None) -> str:
    """``#rrggbb``, leaving alpha out."""
    return "#" + "".join(f"{part:02x}" for part in (rgba or (0, 0, 0, 0))[:3])
