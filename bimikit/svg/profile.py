"""The closed grammar of SVG Tiny PS as tables: which elements, where, with which attributes and values.

What stands here is what the AuthIndicators schema accepts. What an attribute's kind says about the *inside* of its
value goes further: the schema takes any string for colours, lengths and path data, and renderers don't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..lazy import lazy_regex
from . import batches, colours, numbers, paths
from .lexis import Trouble, Walk


class Kind:
    """A kind of value.

    Attributes:
        name: Key of its description in the catalogue (``value.…``).
        words: The closed list of allowed words; empty where the value isn't one.
        fine: Whether all of these values are certainly good; False means "look at each".
        walk: What is wrong with one value.
    """

    __slots__ = ("fine", "name", "walk", "words")

    def __init__(self, name: str, fine: Callable[[Sequence[str]], bool], walk: Walk) -> None:
        self.name = name
        self.words: tuple[str, ...] = ()
        self.fine = fine
        self.walk = walk

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"


_BLANKS = lazy_regex("[ \t\r\n]+", "sub")


def collapse(value: str) -> str:
    """A value as the schema compares tokens: trimmed, and with runs of XML white space made one space."""
    if value.isascii():  # then str.split knows no other white space that XML allows
        return " ".join(value.split())
    collapsed: str = _BLANKS(" ", value.strip(" \t\r\n"))
    return collapsed


def _each(walk: Walk) -> Callable[[Sequence[str]], bool]:
    return lambda values: not any(trouble for value in set(values) for trouble in walk(value))


def _kind(name: str, walk: Walk, fine: Callable[[Sequence[str]], bool] | None = None) -> Kind:
    return Kind(name, fine or _each(walk), walk)


def _plainly(plain: str, walk: Walk) -> Callable[[Sequence[str]], bool]:
    """Values of the usual form are passed by a regular expression; only where one isn't is each walked."""
    walked = _each(walk)
    match: Callable[[str], object] | None = None

    def fine(values: Sequence[str]) -> bool:
        nonlocal match
        if match is None:  # compiled only for the kinds that occur
            match = re.compile(plain).fullmatch
        return all(map(match, set(values))) or walked(values)  # a logo repeats its few colours

    return fine


def _number_kind(name: str, walk: Walk, words: str = "", sign: str = "") -> Kind:
    # so many digits before the point as the largest number a renderer holds is sure to have room for
    plain = rf"{sign}(?:[0-9]{{1,38}}(?:\.[0-9]+)?|\.[0-9]+)" + "".join(f"|{word}" for word in words.split())
    return Kind(name, _plainly(plain, walk), walk)


def _words(*words: str) -> Kind:
    """A closed list. The schema compares such values as tokens, so surrounding white space passes."""
    allowed = frozenset(words)

    def walk(value: str) -> Iterator[Trouble]:
        if collapse(value) not in allowed:
            yield "svg.attribute-value", 0, {"allowed": ", ".join(words)}

    kind = Kind("words", lambda values: allowed.issuperset(values) or _each(walk)(values), walk)
    kind.words = words
    return kind


def _pattern(name: str, rule: str, regex: str) -> Kind:
    matches = lazy_regex(regex)

    def walk(value: str) -> Iterator[Trouble]:
        if not matches(value):
            yield rule, 0, {}

    return _kind(name, walk)


def _nothing(_value: str) -> Iterator[Trouble]:
    return iter(())


def is_nc_name(text: str) -> bool:
    """Whether a text is an XML name without a colon (as in XML 1.0 up to its fourth edition)."""
    if text.isascii():
        return _ASCII_NAME(text) is not None
    return ":" not in text and _expat_takes([text])


_NAME = r"[A-Za-z_][A-Za-z0-9._-]*"
_ASCII_NAME = lazy_regex(_NAME)
_ASCII_TOKEN = lazy_regex(r"[A-Za-z0-9._:-]+", "fullmatch")


def _expat_takes(names: Sequence[str]) -> bool:
    """Ask expat, all at once, whether these are names: it has the tables of letters and combining characters."""
    from xml.parsers import expat

    if any(character in name for name in names for character in " \t\r\n<>/=&\"'"):
        return False
    try:
        expat.ParserCreate("utf-8").Parse(f"<a>{''.join(f'<{name}/>' for name in names)}</a>".encode(), True)
    except expat.ExpatError:
        return False
    return True


def _id_walk(value: str) -> Iterator[Trouble]:
    if not is_nc_name(value.strip(" \t\r\n")):
        yield "svg.id-invalid", 0, {}


def _class_walk(value: str) -> Iterator[Trouble]:
    tokens = collapse(value).split(" ")
    if value.isascii():
        fine = all(map(_ASCII_TOKEN, tokens))
    else:
        fine = "" not in tokens and _expat_takes([f"_{token}" for token in tokens])
    if not fine:
        yield "svg.class-invalid", 0, {}


ANY = _kind("any", _nothing, lambda _values: True)
URI = _kind("uri", _nothing, lambda _values: True)
HREF = _kind("href", _nothing, lambda _values: True)
ID = _kind("id", _id_walk, _plainly(_NAME, _id_walk))
CLASS = _kind("class", _class_walk, _plainly(_NAME, _class_walk))
LANGUAGE = _pattern("language", "svg.language-invalid", r"[ \t\r\n]*(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)?[ \t\r\n]*")
ASPECT = _pattern("aspect", "svg.preserve-aspect-ratio", r"[ \t\r\n]*(?:none|xMidYMid)[ \t\r\n]*(?:meet)?[ \t\r\n]*")

_PLAIN_PAINT = r"#(?:[0-9A-Fa-f]{3}){1,2}|none|black|white|currentColor|url\(#[A-Za-z0-9_-]+\)"
PAINT = _kind("paint", colours.paint_walk, _plainly(_PLAIN_PAINT, colours.paint_walk))
COLOUR = _kind("colour", colours.colour_walk)
PATH = _kind("path", paths.path, paths.paths_fine)
POINTS = _kind("points", paths.points, batches.points_match)
TRANSFORM = _kind("transform", numbers.transform)
VIEW_BOX = _kind("viewbox", numbers.view_box, lambda values: all(map(numbers.read_view_box, values)))
COORDINATE = _number_kind("coordinate", numbers.number(), sign="-?")
COORDINATES = _number_kind("coordinates", numbers.number_list())
LENGTH = _number_kind("length", numbers.number(least=0))
AUTO_LENGTH = _number_kind("length", numbers.number(words=frozenset({"auto"}), least=0), "auto")
ROOT_SIZE = _number_kind(
    "size", numbers.number(words=frozenset({"auto"}), least=0, units_allowed=True, percent_allowed=True)
)
_INHERIT = frozenset({"inherit"})
OPACITY = _number_kind("opacity", numbers.number(words=_INHERIT), "inherit")
STROKE_WIDTH = _number_kind("length", numbers.number(words=_INHERIT, least=0), "inherit")
MITER = _kind("miter", numbers.number(words=_INHERIT, least=1))
DASHES = _kind("dashes", numbers.number_list(words=frozenset({"inherit", "none"}), least=0))
DASH_OFFSET = _number_kind("coordinate", numbers.number(words=_INHERIT), "inherit")
FONT_SIZE = _number_kind(
    "font-size",
    numbers.number(
        words=frozenset("inherit xx-small x-small small medium large x-large xx-large larger smaller".split()),
        least=0,
    ),
)
LINE_INCREMENT = _number_kind("length", numbers.number(words=frozenset({"auto", "inherit"}), least=0), "auto inherit")
OFFSET = _number_kind("offset", numbers.number())
NUMBER = _number_kind("number", numbers.number())

_QUALITY = _words("auto", "optimizeSpeed", "optimizeQuality", "inherit")

COMMON: dict[str, Kind] = {
    "id": ID,
    "xml:id": ID,
    "xml:base": URI,
    "xml:lang": LANGUAGE,
    "xml:space": _words("default", "preserve"),
    "class": CLASS,
    "about": URI,
    "resource": URI,
    **dict.fromkeys(("role", "rel", "rev", "typeof", "content", "datatype", "property"), ANY),
}
"""On every element but ``metadata``, which takes none."""

PROPERTIES: dict[str, Kind] = {
    "fill": PAINT,
    "fill-opacity": OPACITY,
    "fill-rule": _words("nonzero", "evenodd", "inherit"),
    "stroke": PAINT,
    "stroke-opacity": OPACITY,
    "stroke-width": STROKE_WIDTH,
    "stroke-linecap": _words("butt", "round", "square", "inherit"),
    "stroke-linejoin": _words("miter", "round", "bevel", "inherit"),
    "stroke-miterlimit": MITER,
    "stroke-dasharray": DASHES,
    "stroke-dashoffset": DASH_OFFSET,
    "color": COLOUR,
    "color-rendering": _QUALITY,
    "vector-effect": _words("none", "non-scaling-stroke", "inherit"),
    "direction": _words("ltr", "rtl", "inherit"),
    "unicode-bidi": _words("normal", "embed", "bidi-override", "inherit"),
    "solid-color": COLOUR,
    "solid-opacity": OPACITY,
    "stop-color": COLOUR,
    "stop-opacity": OPACITY,
    "display-align": _words("auto", "before", "center", "after", "inherit"),
    "line-increment": LINE_INCREMENT,
    "font-family": ANY,
    "font-size": FONT_SIZE,
    "font-style": _words("normal", "italic", "oblique", "inherit"),
    "font-variant": _words("normal", "small-caps", "inherit"),
    "font-weight": _words("normal", "bold", "bolder", "lighter", "inherit"),
    "text-anchor": _words("start", "middle", "end", "inherit"),
    "text-align": _words("start", "center", "end", "inherit"),
}
"""The style properties that may be written as attributes, on everything that is drawn or holds what is drawn."""

CONDITIONS = {"requiredFonts": ANY, "systemLanguage": ANY}

TEXT_ONLY: dict[str, Kind] = {
    **COMMON,
    **CONDITIONS,
    "display": _words(
        *"inline block list-item run-in compact marker table inline-table table-row-group table-header-group "
        "table-footer-group table-row table-column-group table-column table-cell table-caption none inherit".split()
    ),
    "visibility": _words("visible", "hidden", "collapse", "inherit"),
    "image-rendering": _QUALITY,
    "shape-rendering": _words("auto", "optimizeSpeed", "crispEdges", "geometricPrecision", "inherit"),
    "text-rendering": _words("auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision", "inherit"),
    "buffered-rendering": _words("auto", "dynamic", "static", "inherit"),
    "viewport-fill": PAINT,
    "viewport-fill-opacity": OPACITY,
}

CONSTRAINED: dict[str, str] = {
    "zoomAndPan": "disable",
    "externalResourcesRequired": "false",
    "focusable": "false",
    "snapshotTime": "none",
    "playbackOrder": "all",
    "timelineBegin": "onLoad",
}
"""Root attributes that should not be there and, where they are, must have this one value (draft, 2.3)."""

_STYLED = {**COMMON, **PROPERTIES}
_DRAWN = {**_STYLED, **CONDITIONS, "transform": TRANSFORM}


class Element(msgspec.Struct, frozen=True):
    """An element of the profile.

    Attributes:
        attributes: What it may carry.
        children: Elements that may stand in it, in any order and number.
        text: Whether it holds text.
    """

    attributes: dict[str, Kind]
    children: frozenset[str] = frozenset()
    text: bool = False


SHAPES = frozenset({"path", "rect", "circle", "line", "ellipse", "polyline", "polygon"})
TEXTS = frozenset({"text", "textArea"})
GRADIENTS = frozenset({"linearGradient", "radialGradient"})
PAINT_SERVERS = GRADIENTS | {"solidColor"}
GRAPHICS = SHAPES | TEXTS | {"g", "use"}
"""What is drawn, or can be drawn through a ``use``."""
_CONTENT = GRAPHICS | PAINT_SERVERS | {"defs"}

ELEMENTS: dict[str, Element] = {
    "svg": Element(
        {
            **_STYLED,
            "font-weight": _words("normal", "bold", "bolder", "lighter"),
            "version": _words("1.2"),
            "baseProfile": _words("tiny-ps"),
            "width": ROOT_SIZE,
            "height": ROOT_SIZE,
            "viewBox": VIEW_BOX,
            "preserveAspectRatio": ASPECT,
            "contentScriptType": ANY,
            **{name: _words(value) for name, value in CONSTRAINED.items()},
        },
        _CONTENT | {"title", "desc", "metadata"},
    ),
    "title": Element(TEXT_ONLY, text=True),
    "desc": Element(TEXT_ONLY, text=True),
    "metadata": Element({}, text=True),
    "g": Element(_DRAWN, _CONTENT),
    "defs": Element(_STYLED, _CONTENT),
    "use": Element({**_DRAWN, "href": HREF, "x": COORDINATE, "y": COORDINATE}),
    "path": Element({**_DRAWN, "d": PATH, "pathLength": NUMBER}),
    "rect": Element(
        {
            **_DRAWN,
            "x": COORDINATE,
            "y": COORDINATE,
            **dict.fromkeys(("width", "height", "rx", "ry"), LENGTH),
        }
    ),
    "circle": Element({**_DRAWN, "cx": COORDINATE, "cy": COORDINATE, "r": LENGTH}),
    "ellipse": Element({**_DRAWN, "cx": COORDINATE, "cy": COORDINATE, "rx": LENGTH, "ry": LENGTH}),
    "line": Element({**_DRAWN, **dict.fromkeys(("x1", "y1", "x2", "y2"), COORDINATE)}),
    "polyline": Element({**_DRAWN, "points": POINTS}),
    "polygon": Element({**_DRAWN, "points": POINTS}),
    "text": Element(
        {**_DRAWN, "x": COORDINATES, "y": COORDINATES, "rotate": COORDINATES, "editable": _words("none")}, text=True
    ),
    "textArea": Element(
        {**_DRAWN, "x": COORDINATE, "y": COORDINATE, "width": AUTO_LENGTH, "height": AUTO_LENGTH}, text=True
    ),
    "linearGradient": Element(
        {
            **_STYLED,
            **dict.fromkeys(("x1", "y1", "x2", "y2"), COORDINATE),
            "gradientUnits": _words("userSpaceOnUse", "objectBoundingBox"),
        },
        frozenset({"stop"}),
    ),
    "radialGradient": Element(
        {
            **_STYLED,
            "cx": COORDINATE,
            "cy": COORDINATE,
            "r": LENGTH,
            "gradientUnits": _words("userSpaceOnUse", "objectBoundingBox"),
        },
        frozenset({"stop"}),
    ),
    "stop": Element({**_STYLED, "offset": OFFSET}),
    "solidColor": Element(_STYLED),
}

TEXT_PROPERTIES = frozenset(
    "font-family font-size font-style font-variant font-weight text-anchor text-align direction unicode-bidi "
    "display-align line-increment".split()
)
STROKE_PROPERTIES = frozenset(name for name in PROPERTIES if name.startswith("stroke-"))
