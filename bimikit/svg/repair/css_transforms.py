"""Transforms of CSS, with their units, origins and boxes, as the value of the ``transform`` attribute."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from tinycss2 import ast, parse_component_value_list

from ..numbers import read_transform, read_view_box, to_float
from ..profile import GRADIENTS, SHAPES
from .css_tokens import Tokens, is_literal, significant, word
from .shapes import outline, written
from .tree import Node

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height."""

FAMILY = ("transform", "translate", "rotate", "scale", "transform-origin", "transform-box")
"""The properties that together make an element's transform."""
ATTRIBUTE = {**dict.fromkeys(GRADIENTS, "gradientTransform"), "pattern": "patternTransform"}
"""What the attribute is called on elements where it isn't ``transform``."""
TRANSFORMED = SHAPES | ATTRIBUTE.keys() | frozenset("a clipPath foreignObject g image svg switch text use".split())
_PIXELS = {"px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6, "pt": 4 / 3, "pc": 16.0}
_DEGREES = {"deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}
_DIGITS = 6


class _Invalid(Exception):
    """CSS takes this for no value of the property."""


class _Unknown(Exception):
    """It is valid, or may be, and what it comes to isn't known here."""


def is_valid(name: str, tokens: Tokens, *, loose: bool) -> bool:
    """Whether a value is one that CSS takes for a property of `FAMILY`; what isn't known here counts as one."""
    try:
        _READERS[name](tokens, (0.0, 0.0, 100.0, 100.0), loose)
    except _Invalid:
        return False
    except _Unknown:
        pass
    return True


def transform_text(node: Node, values: Mapping[str, Tokens]) -> str | None:
    """The value of an element's transform attribute, empty for none; None where it can't be worked out.

    Args:
        node: The element. What isn't among the values is as its attributes say.
        values: Valid values of properties of `FAMILY`.
    """
    try:
        return _transform_text(node, values)
    except (_Invalid, _Unknown):
        return None


def _transform_text(node: Node, values: Mapping[str, Tokens]) -> str:
    box: Box | None = None
    kind = word(values.get("transform-box", ())) or "view-box"
    if any(_is_relative(token) for tokens in values.values() for token in tokens) or kind != "view-box":
        box = _box(node, kind)
    functions: list[str] = []
    for name in ("translate", "rotate", "scale", "transform"):
        if name in values:
            functions += _READERS[name](values[name], box, False)
        elif name == "transform":
            functions += _own_functions(node)
    if not functions:
        return ""
    across, down = 0.0, 0.0
    if "transform-origin" in values:
        across, down = _origin(values["transform-origin"], box, True)
    if box is not None and kind != "view-box":  # the origin is that of the box
        across, down = across + box[0], down + box[1]
    if not across and not down:
        return " ".join(functions)
    if len(functions) == 1 and functions[0].startswith("rotate(") and " " not in functions[0]:
        return f"{functions[0][:-1]} {_text(across)} {_text(down)})"
    return " ".join((_function("translate", across, down), *functions, _function("translate", -across, -down)))


def _own_functions(node: Node) -> list[str]:
    text = node.attributes.get(ATTRIBUTE.get(node.name, "transform"), "").strip()
    if not text or text == "none":
        return []
    if read_transform(text)[1] is not None:
        raise _Unknown
    return [text]


def _is_relative(token: ast.Node) -> bool:
    inside = token.arguments if isinstance(token, ast.FunctionBlock) else ()
    keyword = isinstance(token, ast.IdentToken) and token.lower_value in ("center", "right", "bottom", "left", "top")
    return keyword or token.type == "percentage" or any(below.type == "percentage" for below in inside)


def _box(node: Node, kind: str) -> Box:
    """What percentages are of, and for all boxes but the view box where they are counted from."""
    if kind in ("fill-box", "content-box"):
        path = outline(node)
        if path is None:
            raise _Unknown
        left, top, right, bottom = path.bounds
        return left, top, right - left, bottom - top
    if kind != "view-box" or node.name in ATTRIBUTE:
        raise _Unknown
    for around in node.ancestors():
        if around.name in ("marker", "pattern", "symbol"):
            raise _Unknown
        if around.name == "svg":
            view_box = read_view_box(around.attributes.get("viewBox", ""))
            if view_box is not None:
                return view_box
            sides = [to_float(around.attributes.get(name, "").removesuffix("px")) for name in ("width", "height")]
            if None not in sides:
                return 0.0, 0.0, sides[0] or 0.0, sides[1] or 0.0
            break
    raise _Unknown


def _text(number: float) -> str:
    if not math.isfinite(number) or abs(number) > 1e9:
        raise _Unknown
    return written(number, _DIGITS)


def _function(name: str, *numbers: float) -> str:
    return f"{name}({' '.join(map(_text, numbers))})"


def _length(token: ast.Node, whole: float | None, loose: bool = False) -> float:
    if isinstance(token, ast.NumberToken) and (loose or token.value == 0):
        return token.value
    if isinstance(token, ast.DimensionToken):
        if token.lower_unit in _PIXELS:
            return token.value * _PIXELS[token.lower_unit]
        if token.lower_unit in _DEGREES:
            raise _Invalid
        raise _Unknown
    if isinstance(token, ast.PercentageToken):
        if whole is None:
            raise _Unknown
        return token.value / 100 * whole
    raise _Unknown if token.type == "function" else _Invalid


def _angle(token: ast.Node) -> float:
    if isinstance(token, ast.NumberToken) and token.value == 0:
        return 0.0
    if isinstance(token, ast.DimensionToken) and token.lower_unit in _DEGREES:
        return token.value * _DEGREES[token.lower_unit]
    raise _Unknown if token.type == "function" else _Invalid


def _plain(token: ast.Node) -> float:
    if isinstance(token, ast.NumberToken):
        return token.value
    if isinstance(token, ast.PercentageToken):
        return token.value / 100
    raise _Unknown if token.type == "function" else _Invalid


def _zero(token: ast.Node) -> float:
    """The third dimension, in which nothing may happen."""
    if _length(token, None) != 0:
        raise _Unknown
    return 0.0


def _one(token: ast.Node) -> float:
    if _plain(token) != 1:
        raise _Unknown
    return 1.0


def _sides(box: Box | None) -> tuple[float | None, float | None]:
    return (None, None) if box is None else (box[2], box[3])


def _across(token: ast.Node, box: Box | None) -> float:
    return _length(token, _sides(box)[0])


def _down(token: ast.Node, box: Box | None) -> float:
    return _length(token, _sides(box)[1])


def _by(read: Callable[[ast.Node], float]) -> Callable[[ast.Node, Box | None], float]:
    return lambda token, _box: read(token)


_FUNCTIONS: dict[str, tuple[tuple[Callable[[ast.Node, Box | None], float], ...], int, Callable[..., str]]] = {
    "matrix": ((_by(_plain),) * 6, 6, lambda *numbers: _function("matrix", *numbers)),
    "translate": ((_across, _down), 1, lambda x, y=0.0: _function("translate", *((x, y) if y else (x,)))),
    "translatex": ((_across,), 1, lambda x: _function("translate", x)),
    "translatey": ((_down,), 1, lambda y: _function("translate", 0.0, y)),
    "translate3d": ((_across, _down, _by(_zero)), 3, lambda x, y, _z: _function("translate", x, y)),
    "scale": ((_by(_plain),) * 2, 1, lambda *numbers: _function("scale", *numbers)),
    "scalex": ((_by(_plain),), 1, lambda x: _function("scale", x, 1.0)),
    "scaley": ((_by(_plain),), 1, lambda y: _function("scale", 1.0, y)),
    "scale3d": ((_by(_plain), _by(_plain), _by(_one)), 3, lambda x, y, _z: _function("scale", x, y)),
    "rotate": ((_by(_angle),), 1, lambda angle: _function("rotate", angle)),
    "rotatez": ((_by(_angle),), 1, lambda angle: _function("rotate", angle)),
    "skew": ((_by(_angle),) * 2, 1, lambda x, y=0.0: _skew(x, y)),
    "skewx": ((_by(_angle),), 1, lambda angle: _function("skewX", angle)),
    "skewy": ((_by(_angle),), 1, lambda angle: _function("skewY", angle)),
    "translatez": ((_by(_zero),), 1, lambda _z: ""),
}
"""By name in lower case: how each argument is read, how many there must be at least, and how it is written."""
_SOLID = frozenset({"matrix3d", "perspective", "rotate3d", "rotatex", "rotatey", "scalez"})


def _skew(x: float, y: float) -> str:
    if not y:
        return _function("skewX", x)
    return _function("matrix", 1.0, math.tan(math.radians(y)), math.tan(math.radians(x)), 1.0, 0.0, 0.0)


def _transform(tokens: Tokens, box: Box | None, _loose: bool) -> list[str]:
    if word(tokens) == "none":
        return []
    functions = []
    for token in significant(tokens):
        if not isinstance(token, ast.FunctionBlock):
            raise _Invalid
        if token.lower_name in _SOLID:
            raise _Unknown
        if token.lower_name not in _FUNCTIONS:
            raise _Invalid
        readers, least, write = _FUNCTIONS[token.lower_name]
        arguments = _arguments(token.arguments)
        if not least <= len(arguments) <= len(readers):
            raise _Invalid
        functions.append(write(*(read(one, box) for read, one in zip(readers, arguments, strict=False))))
    if not functions:
        raise _Invalid
    return [function for function in functions if function]


def _arguments(tokens: Tokens) -> list[ast.Node]:
    words = significant(tokens)
    if not all(is_literal(separator, ",") for separator in words[1::2]) or len(words) % 2 == 0:
        raise _Invalid
    return words[::2]


def _translate(tokens: Tokens, box: Box | None, _loose: bool) -> list[str]:
    words = significant(tokens)
    if word(tokens) == "none":
        return []
    if not 1 <= len(words) <= 3:
        raise _Invalid
    if len(words) == 3:
        _zero(words[2])
    return [_function("translate", _across(words[0], box), _down(words[1], box) if len(words) > 1 else 0.0)]


def _rotate(tokens: Tokens, _box: Box | None, _loose: bool) -> list[str]:
    if word(tokens) == "none":
        return []
    words = significant(tokens)
    if len(words) > 1:
        raise _Unknown
    return [_function("rotate", _angle(words[0]))] if words else []


def _scale(tokens: Tokens, _box: Box | None, _loose: bool) -> list[str]:
    if word(tokens) == "none":
        return []
    words = significant(tokens)
    if not 1 <= len(words) <= 3:
        raise _Invalid
    if len(words) == 3:
        _one(words[2])
    return [_function("scale", *map(_plain, words[:2]))]


_SIDEWAYS = {"left": 0.0, "right": 1.0}
_UPWARDS = {"top": 0.0, "bottom": 1.0}


def _origin(tokens: Tokens, box: Box | None, loose: bool) -> tuple[float, float]:
    words = significant(tokens)
    if not 1 <= len(words) <= 3:
        raise _Invalid
    if len(words) == 3:
        _zero(words[2])
        words = words[:2]
    if len(words) == 1:
        words.append(ast.IdentToken(0, 0, "center"))
    keys = [word([one]) for one in words]
    if keys[0] in _UPWARDS or keys[1] in _SIDEWAYS:  # such as "top left"
        words.reverse()
    across, down = _sides(box)
    return _offset(words[0], across, _SIDEWAYS, loose), _offset(words[1], down, _UPWARDS, loose)


def _offset(token: ast.Node, whole: float | None, sides: Mapping[str, float], loose: bool) -> float:
    keyword = word([token])
    if not keyword:
        return _length(token, whole, loose)
    share = 0.5 if keyword == "center" else sides.get(keyword)
    if share is None:
        raise _Invalid
    if whole is None:
        raise _Unknown
    return share * whole


def _reference_box(tokens: Tokens, _box: Box | None, _loose: bool) -> list[str]:
    if word(tokens) not in ("view-box", "fill-box", "stroke-box", "content-box", "border-box"):
        raise _Invalid
    return []


def _any_origin(tokens: Tokens, box: Box | None, loose: bool) -> list[str]:
    _origin(tokens, box, loose)
    return []


_READERS: dict[str, Callable[[Tokens, Box | None, bool], list[str]]] = {
    "transform": _transform,
    "translate": _translate,
    "rotate": _rotate,
    "scale": _scale,
    "transform-origin": _any_origin,
    "transform-box": _reference_box,
}


def attribute_tokens(text: str) -> list[ast.Node]:
    """A value of a presentation attribute as tokens."""
    return parse_component_value_list(text.strip(), skip_comments=True)
