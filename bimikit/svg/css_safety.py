"""CSS and presentation attributes without an address outside the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..lazy import lazy_regex

_MOST_LEVELS = 32
"""Brackets within brackets; tinycss2 writes them out by recursion."""
_ELSEWHERE = lazy_regex(r"""@|url\((?![ \t\r\n\f]*["']?#)""", "search", flags=re.IGNORECASE)


def plainly_safe(css: str) -> bool:
    """Whether it can be seen without reading it as CSS that it has neither an at-rule nor an address outside.

    Without a backslash, an address can't be written but as ``url(``.
    """
    return "\\" not in css and ("(" not in css or _ELSEWHERE(css) is None) and "@" not in css


def safe_css(css: str) -> str:
    """The text of a style sheet, a declaration list or a value, without at-rules and addresses outside the document.

    What is left of ``url(elsewhere) red`` is ``red``, as a renderer that can't reach the address would have it; of
    ``url(elsewhere)`` alone, ``none``. A string or address that the text's end cuts short is closed (CSS Syntax 3,
    4.3.5 and 4.3.6), so that it reads the same for whoever reads the result.
    """
    import tinycss2

    tokens: list[Any] = tinycss2.parse_component_value_list(css, skip_comments=True)
    pending = [(tokens, 0)]
    while pending:
        values, level = pending.pop()
        if level > _MOST_LEVELS:
            return ""
        values[:] = _kept(values, tinycss2.parse_one_component_value("none"))
        for value in values:
            within = getattr(value, "arguments", None) or getattr(value, "content", None)
            if isinstance(within, list):
                pending.append((within, level + 1))
    return tinycss2.serialize(tokens)


_CLOSED_BY = {"eof-in-string": '"', "eof-in-url": ")"}
"""What tinycss2 leaves out where the text's end cut something short, by how it tells of that."""


def _kept(values: list[Any], none: Any) -> Iterator[Any]:
    skipping = False
    for at, value in enumerate(values):
        if skipping:  # an at-rule ends with its block, or else with a semicolon
            skipping = not (value.type == "{} block" or value == ";")
        elif value.type == "at-keyword":
            skipping = True
        elif value.type == "error":
            if at and value.kind in _CLOSED_BY:
                values[at - 1].representation += _CLOSED_BY[value.kind]
        elif not _leads_outside(value):
            yield value
        elif _ends_here(values, at + 1):
            yield none


def _leads_outside(value: Any) -> bool:
    if value.type == "url":
        target = value.value
    elif value.type == "function" and value.lower_name in ("url", "src"):
        target = next((part.value for part in value.arguments if part.type == "string"), "")
    else:
        return False
    return not target.strip().startswith("#")


def _ends_here(values: list[Any], at: int) -> bool:
    rest = (value for value in values[at : at + 3] if value.type not in ("whitespace", "error"))
    following = next(rest, None)
    return following is None or following in (";", "!", ",")
