"""Media queries: whether what they guard applies when a logo is drawn, as an image, on a plain colour screen."""

from __future__ import annotations

from collections.abc import Sequence

from tinycss2 import ast, parse_component_value_list

from .css_tokens import Tokens, is_literal, plain_text, significant, word

_FEATURES: dict[str, dict[str, bool]] = {
    "any-hover": {},
    "any-pointer": {},
    "forced-colors": {"none": True, "active": False},
    "grid": {"0": True, "1": False},
    "inverted-colors": {"none": True, "inverted": False},
    "monochrome": {"0": True},
    "overflow-block": {},
    "prefers-color-scheme": {"light": True, "dark": False},
    "prefers-contrast": {"no-preference": True, "more": False, "less": False, "custom": False},
    "prefers-reduced-data": {"no-preference": True, "reduce": False},
    "prefers-reduced-motion": {"no-preference": True, "reduce": False},
    "prefers-reduced-transparency": {"no-preference": True, "reduce": False},
}
"""Features of the person's settings and of the screen, by value: whether a plain screen has it. What isn't listed for
a feature depends on the screen."""
_PRESENT = {
    "color": True,
    "forced-colors": False,
    "grid": False,
    "inverted-colors": False,
    "monochrome": False,
    "prefers-color-scheme": True,
    "prefers-contrast": False,
    "prefers-reduced-data": False,
    "prefers-reduced-motion": False,
    "prefers-reduced-transparency": False,
}
"""What a feature that is only named says."""
_MEASURED = frozenset(
    "aspect-ratio color color-gamut color-index device-aspect-ratio device-height device-width display-mode "
    "dynamic-range height hover orientation pointer resolution scan scripting update width".split()
)
"""Features that depend on the size and the screen on which the logo is drawn."""
_MOST_NESTED = 8


def applies(query: str | Tokens) -> bool | None:
    """Whether a list of media queries is true on a plain screen; None where that depends on size or device."""
    tokens = parse_component_value_list(query) if isinstance(query, str) else query
    queries: list[list[ast.Node]] = [[]]
    for token in significant(tokens):
        if is_literal(token, ","):
            queries.append([])
        else:
            queries[-1].append(token)
    if queries == [[]]:
        return True
    return _any([_query(one) for one in queries])


def _query(words: list[ast.Node]) -> bool | None:
    if not words:
        return False
    first = word(words[:1])
    negated = first == "not"
    rest = words[1:] if first in ("not", "only") else words
    medium = word(rest[:1])
    if not medium:  # a condition without a medium
        return _condition(words, 0) if first != "only" else False
    result: bool | None = medium in ("all", "screen")
    if len(rest) > 1:
        if word(rest[1:2]) != "and" or len(rest) == 2:
            return False
        inner = _condition(rest[2:], 0)
        result = _all([result, inner])
    return _not(result) if negated else result


def _condition(words: Sequence[ast.Node], depth: int) -> bool | None:
    """``(…)``, ``not (…)``, ``(…) and (…) …`` or ``(…) or (…) …``; what is no condition is false."""
    if depth > _MOST_NESTED or not words:
        return False
    if word(words[:1]) == "not":
        return _not(_in_parentheses(words[1], depth)) if len(words) == 2 else False
    joints = {word([joint]) for joint in words[1::2]}
    if len(words) % 2 == 0 or not (joints <= {"and"} or joints <= {"or"}):
        return False
    results = [_in_parentheses(one, depth) for one in words[::2]]
    return _any(results) if joints == {"or"} else _all(results)


def _in_parentheses(token: ast.Node, depth: int) -> bool | None:
    if not isinstance(token, ast.ParenthesesBlock):
        return False
    inside = significant(token.content)
    if not inside:
        return False
    if inside[0].type == "() block" or word(inside[:1]) == "not":
        return _condition(inside, depth + 1)
    return _feature(inside)


def _feature(inside: Sequence[ast.Node]) -> bool | None:
    name = word(inside[:1])
    if len(inside) == 1:
        return _PRESENT.get(name, None if name in _MEASURED or name in _FEATURES else False)
    if is_literal(inside[1], ":"):
        value = plain_text(inside[2:]).lower()
        plain = name.removeprefix("min-").removeprefix("max-")
        if plain in _MEASURED or plain.endswith("device-pixel-ratio"):
            return None
        return _FEATURES[name].get(value, False if _FEATURES[name] else None) if name in _FEATURES else False
    # a range, such as (width >= 600px) or (100px < width)
    return None if any(word([token]) in _MEASURED for token in inside) else False


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False
