"""Systematic documents: every element in every element, every attribute on every element, every word for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from bimikit.svg.namespaces import SVG_NS
from bimikit.svg.profile import ELEMENTS
from tools import seeds as odd

_SHELL = (
    f'<svg xmlns="{SVG_NS}" version="1.2" baseProfile="tiny-ps"><title>t</title>{{}}<g><path d="M0 0h9"/></g></svg>'
)


def _host(name: str, attributes: str = "", inside: str = "") -> str:
    """A document with one such element, where the profile has its place."""
    if name == "svg":
        given = attributes.lstrip().partition("=")[0]
        own = {"version": "1.2", "baseProfile": "tiny-ps"}
        own.pop(given, None)
        root = "".join(f' {key}="{value}"' for key, value in own.items())
        return f'<svg xmlns="{SVG_NS}"{root}{attributes}><title>t</title>{inside}</svg>'
    if name == "title":
        return _SHELL.format("").replace("<title>t<", f"<title{attributes}>t{inside}<")
    element = f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"
    return _SHELL.format(f"<linearGradient>{element}</linearGradient>" if name == "stop" else element)


def systematic(elements: Iterable[str] = (), words: Mapping[str, Iterable[str]] | None = None) -> Iterator[bytes]:
    """Every pair there is: each element in each element, each attribute on each element, each word for each attribute.

    Args:
        elements: Names beside those bimikit knows, from a schema for instance.
        words: More attributes, and words to try for each.
    """
    all_elements = tuple(dict.fromkeys((*odd.ELEMENT_NAMES, *elements)))
    more = words or {}
    all_attributes = tuple(dict.fromkeys((*odd.ATTRIBUTE_NAMES, *more)))
    lists = {name: dict.fromkeys((*odd.WORDS.get(name, ()), *more.get(name, ()))) for name in (*odd.WORDS, *more)}
    for parent in ELEMENTS:
        for child in (*all_elements, "!text", "<!-- -->", "&#160;", "&#9;", "<![CDATA[ ]]>", "<![CDATA[x]]>"):
            inside = child[1:] if child.startswith("!") else child if child.startswith(("<", "&")) else f"<{child}/>"
            yield _host(parent, "", inside).encode()
        for attribute in all_attributes:
            declared = f' xmlns:{attribute.partition(":")[0]}="u:x"' if ":" in attribute.lstrip("x") else ""
            yield _host(parent, f' {attribute}="{escape(odd.VALID.get(attribute, "1"))}"{declared}').encode()
            yield _host(parent, f' {attribute}=""{declared}').encode()
        for attribute, listed in lists.items():
            for word in listed:
                yield _host(parent, f' {attribute}="{word}"').encode()
    for attribute, values in odd.VALUES_OF.items():
        for value in values:
            for home in ("svg", "title", "rect", "stop"):
                yield _host(home, f' {attribute}="{value.replace(chr(34), "&quot;")}"').encode("utf-8", "surrogatepass")
    for attribute, allowed in odd.WORDS.items():
        home = next(name for name, spec in ELEMENTS.items() if attribute in spec.attributes)
        for pad in odd.PADS:
            yield _host(home, f' {attribute}="{pad}{allowed[-1]}"').encode()
            yield _host(home, f' {attribute}="{allowed[-1]}{pad}"').encode()
    for text in odd.TEXTS:
        for parent in ELEMENTS:
            yield _host(parent, "", text).encode("utf-8", "surrogatepass")
    for before in (*odd.DECLARATIONS, *odd.DOCTYPES, *odd.TEXTS):
        yield (before + _SHELL.format("")).encode("utf-8", "surrogatepass")
        yield (_SHELL.format("") + before).encode("utf-8", "surrogatepass")
