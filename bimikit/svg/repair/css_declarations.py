"""What a declaration comes to: its variables replaced, its shorthand taken apart, its values read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from tinycss2 import ast

from .cascade import Declared
from .css_elements import Unusable, Work
from .css_tokens import Tokens, function_name, inside, is_literal, nested, plain_text, significant, spaced, word
from .css_transforms import FAMILY, is_valid
from .css_values import (
    GEOMETRY,
    PROPERTIES,
    TEXT_EFFECTS,
    UNWRITABLE,
    WIDE,
    Reading,
    colour,
)


class Wide(NamedTuple):
    """A keyword that every property takes."""

    keyword: str


class Kept(NamedTuple):
    """A value that no attribute can have: the declaration stays, as CSS."""

    css: str


class Tokenised(NamedTuple):
    """A value that is looked at together with those of other properties."""

    tokens: Tokens


Outcome: TypeAlias = str | Wide | Kept | Tokenised
"""What a property is declared to be; a str is an attribute's text."""


def outcome_text(name: str, outcome: Outcome) -> str:
    """The declaration of what a property comes to."""
    if isinstance(outcome, Kept):
        return outcome.css
    if isinstance(outcome, Tokenised):
        value = plain_text(outcome.tokens)
    else:
        value = outcome.keyword if isinstance(outcome, Wide) else outcome
    return f"{name}: {value}"


_ALIASES = {
    "-webkit-animation": "animation",
    "-webkit-animation-name": "animation-name",
    "-webkit-clip-path": "clip-path",
    "-webkit-filter": "filter",
    "-webkit-mask": "mask",
    "-webkit-mask-image": "mask-image",
    "-webkit-opacity": "opacity",
    "-webkit-transform": "transform",
    "-webkit-transform-origin": "transform-origin",
}
"""Names with a prefix that all browsers take for the plain ones (Compatibility Standard)."""
_EFFECTS = {
    "backdrop-filter": "none",
    "offset-path": "none",
    "zoom": "1 normal 100%",
    **TEXT_EFFECTS,
}
_MARKERS = ("marker-start", "marker-mid", "marker-end")
_FONT = ("font-style", "font-variant", "font-weight", "font-stretch", "font-size", "font-family")
_BACKGROUND = ("background-color", "background-image")
_LONGHANDS: dict[str, tuple[str, ...]] = {
    "all": tuple(
        name for name in (*PROPERTIES, *GEOMETRY, *FAMILY, "mask-mode") if name not in ("direction", "unicode-bidi")
    ),
    "animation": ("animation-name",),
    "background": _BACKGROUND,
    "font": _FONT,
    "marker": _MARKERS,
    "mask": ("mask", "mask-mode"),
    "mask-image": ("mask",),
}
_KNOWN = frozenset(
    {*PROPERTIES, *GEOMETRY, *FAMILY, *_EFFECTS, *_LONGHANDS, *_BACKGROUND, "animation-name", "mask-mode"}
)
_MODES = frozenset({"alpha", "luminance", "match-source"})
_MOST_TOKENS = 5_000
_MOST_NESTED = 24


def is_known(name: str) -> bool:
    """Whether a property has an effect on drawings."""
    return name in _KNOWN or name in _ALIASES


def has_variable(tokens: Tokens) -> bool:
    """Whether ``var()`` stands anywhere in a value."""
    return any(function_name(token) == "var" for token, _depth in nested(tokens))


def read(declared: Declared, scope: Scope, work: Work) -> tuple[list[tuple[str, Outcome]], bool]:
    """What a declaration says of each property.

    Args:
        declared: The declaration.
        scope: The custom properties where it holds.
        work: What may be spent on it.

    Returns:
        Properties with what they are declared to be, none for a declaration that is invalid or without effect; and
        whether renderers that know the property all read it so.
    """
    name = _ALIASES.get(declared.name, declared.name)
    if name not in _KNOWN:
        return [], True
    tokens: Tokens | None = declared.value
    variable = has_variable(declared.value)
    if variable:
        tokens = scope.substituted(declared.value, work)
        if tokens is None:  # too late for the next weaker declaration: the property is unset
            return [(one, Wide("unset")) for one in _LONGHANDS.get(name, (name,))], False
    assert tokens is not None  # noqa: S101
    outcomes = list(_outcomes(name, tokens, declared.loose))
    if variable and not outcomes:
        outcomes = [(one, Wide("unset")) for one in _LONGHANDS.get(name, (name,))]
    plain = declared.plain and not variable and name == declared.name and bool(outcomes)
    return outcomes, plain and not any(isinstance(one, Wide) and one.keyword != "inherit" for _name, one in outcomes)


def _outcomes(name: str, tokens: Tokens, loose: bool) -> Iterator[tuple[str, Outcome]]:
    keyword = word(tokens)
    if keyword in WIDE:
        for longhand in _LONGHANDS.get(name, (name,)):
            yield longhand, Wide(keyword)
    elif name in _LONGHANDS:
        yield from _from_shorthand(name, tokens, loose)
    elif name in FAMILY:
        if is_valid(name, tokens, loose=False):  # no transform takes a length without a unit
            yield name, Tokenised(tokens)
    elif name in _EFFECTS:
        if keyword in _EFFECTS[name].split() or not tokens:
            yield name, "none"
        else:
            yield name, _kept(name, tokens)
    elif name == "background-color":
        yield from _read(name, tokens, colour(tokens))
    elif name == "background-image":
        yield name, "none" if keyword == "none" else _kept(name, tokens)
    elif name == "animation-name":
        yield name, Tokenised(tokens)
    elif name == "mask-mode":
        modes = [word([token]) for token in significant(tokens) if not is_literal(token, ",")]
        if modes and _MODES.issuperset(modes):  # one for each layer; an element of SVG has one
            yield name, "none" if modes[0] == "match-source" else Kept(f"{name}: {modes[0]}")
    else:
        reader = PROPERTIES[name].read if name in PROPERTIES else GEOMETRY[name]
        yield from _read(name, tokens, reader(tokens, loose))


def _read(name: str, tokens: Tokens, reading: Reading) -> Iterator[tuple[str, Outcome]]:
    if isinstance(reading, str):
        yield name, reading
    elif reading is UNWRITABLE:
        yield name, _kept(name, tokens)


def _kept(name: str, tokens: Tokens) -> Kept:
    return Kept(f"{name}: {plain_text(tokens)}")


def _from_shorthand(name: str, tokens: Tokens, loose: bool) -> Iterator[tuple[str, Outcome]]:
    if name == "marker":
        for marker in _MARKERS:
            yield from _read(marker, tokens, PROPERTIES[marker].read(tokens, loose))
    elif name in ("mask", "mask-image"):
        reading = PROPERTIES["mask"].read(tokens, loose)
        yield from _read("mask", tokens, reading)
        if name == "mask" and reading is not None:
            yield "mask-mode", "none"
    elif name == "font":
        yield from _font(tokens, loose)
    elif name == "animation":
        yield "animation-name", Tokenised(tokens)
    elif name == "background":
        value = "none" if word(tokens) == "none" else colour(tokens)
        if isinstance(value, str):
            yield "background-color", value
            yield "background-image", "none"
        elif tokens:
            yield "background-color", "none"
            yield "background-image", _kept(name, tokens)


def _font(tokens: Tokens, loose: bool) -> Iterator[tuple[str, Outcome]]:
    """``font``: style, variant, weight and stretch in any order, size, line height, family."""
    words = spaced(tokens)
    found = {"font-style": "normal", "font-variant": "normal", "font-weight": "normal", "font-stretch": "normal"}
    seen: set[str] = set()
    while words:
        token = words.pop(0)
        if token.type == "whitespace" or word([token]) == "normal":
            continue
        for name in found.keys() - seen:
            text = PROPERTIES[name].read([token], False)
            if isinstance(text, str):
                found[name] = text
                seen.add(name)
                break
        else:
            words.insert(0, token)
            break
    size = PROPERTIES["font-size"].read(words[:1], False) if words else None
    rest = words[1:]
    if len(significant(rest)) > 1 and is_literal(significant(rest)[0], "/"):
        line_height = significant(rest)[1]
        rest = rest[next(at for at, token in enumerate(rest) if token is line_height) + 1 :]
    family = PROPERTIES["font-family"].read(rest, loose)
    if not isinstance(size, str) or not isinstance(family, str):
        keyword = word(tokens)
        if size is UNWRITABLE or keyword in ("caption", "icon", "menu", "message-box", "small-caption", "status-bar"):
            yield "font-size", _kept("font", tokens)
        return
    yield from (found | {"font-size": size, "font-family": family}).items()


class Scope:
    """The custom properties of an element.

    Attributes:
        own: Those that are declared on the element itself; None for one that is invalid.
    """

    def __init__(self, outer: Scope | None = None) -> None:
        self.own: dict[str, Tokens | None] = {}
        self._outer = outer

    def get(self, name: str, work: Work) -> Tokens | None:
        """The value of a custom property; None for one that isn't there or is invalid."""
        scope: Scope | None = self
        while scope is not None:
            work.spend()
            if name in scope.own:
                return scope.own[name]
            scope = scope._outer  # noqa: SLF001
        return None

    def substituted(self, tokens: Tokens, work: Work) -> list[ast.Node] | None:
        """A value with its variables replaced; None where one of them is invalid."""
        return _substituted(tokens, {}, [], self, work)

    def inner(self, declared: Mapping[str, Tokens], work: Work) -> Scope:
        """The scope of an element inside, which declares some itself."""
        scope = Scope(self)
        raw = {name: tokens for name, tokens in declared.items() if word(tokens) not in WIDE}
        for name, tokens in declared.items():
            if name in raw:
                _resolve(name, raw, [], scope, work)
            elif word(tokens) == "initial":
                scope.own[name] = None
        return scope


def _resolve(name: str, raw: Mapping[str, Tokens], path: list[str], scope: Scope, work: Work) -> Tokens | None:
    """The value of a custom property that may refer to others of the same element.

    A property that leads back to itself is invalid, and so is each on the way.
    """
    if name in scope.own or name not in raw:
        return scope.get(name, work)
    if name in path:
        for cyclic in path[path.index(name) :]:
            scope.own[cyclic] = None
        return None
    if len(path) >= _MOST_NESTED:
        raise Unusable("css.too-complex")
    value = _substituted(raw[name], raw, [*path, name], scope, work)
    return scope.own.setdefault(name, value)


def _substituted(
    tokens: Tokens, raw: Mapping[str, Tokens], path: list[str], scope: Scope, work: Work, depth: int = 0
) -> list[ast.Node] | None:
    if depth > _MOST_NESTED:
        raise Unusable("css.too-complex")
    result: list[ast.Node] = []
    for token in tokens:
        work.spend()
        within = inside(token)
        if isinstance(token, ast.FunctionBlock) and token.lower_name == "var":
            value = _variable(token, raw, path, scope, work, depth)
            if value is None:
                return None
            work.spend(len(value))
            result += value
        elif within is not None:
            below = _substituted(within, raw, path, scope, work, depth + 1)
            if below is None:
                return None
            result.append(_with_inside(token, below))
        else:
            result.append(token)
        if len(result) > _MOST_TOKENS:
            raise Unusable("css.too-complex")
    return spaced(result)


def _variable(
    token: ast.FunctionBlock, raw: Mapping[str, Tokens], path: list[str], scope: Scope, work: Work, depth: int
) -> Tokens | None:
    words = significant(token.arguments)
    if not words or not isinstance(words[0], ast.IdentToken) or not words[0].value.startswith("--"):
        return None
    value = _resolve(words[0].value, raw, path, scope, work)
    if value is not None:
        return value
    commas = [at for at, one in enumerate(token.arguments) if is_literal(one, ",")]
    if not commas:
        return None
    return _substituted(token.arguments[commas[0] + 1 :], raw, path, scope, work, depth + 1)


def _with_inside(token: ast.Node, within: list[ast.Node]) -> ast.Node:
    line, column = token.source_line, token.source_column
    if isinstance(token, ast.FunctionBlock):
        return ast.FunctionBlock(line, column, token.name, within)
    for block in (ast.SquareBracketsBlock, ast.CurlyBracketsBlock):
        if isinstance(token, block):
            return block(line, column, within)
    return ast.ParenthesesBlock(line, column, within)
