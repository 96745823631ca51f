"""References by id, and elements taken out without losing what others refer to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from ...lazy import lazy_regex
from ..lexis import BLANK
from ..profile import PROPERTIES
from .job import INITIAL
from .tree import IDS, Node

HREFS = ("href", "xlink:href")
ANIMATIONS = frozenset("animate animateColor animateMotion animateTransform set discard".split())
DEFINITIONS = frozenset(
    "defs linearGradient radialGradient solidColor clipPath mask pattern marker symbol filter style script title desc "
    "metadata".split()
)
"""Elements that draw nothing where they stand, whatever is in them."""
NOT_INHERITED = frozenset(
    {
        "solid-color", "solid-opacity", "stop-color", "stop-opacity", "vector-effect", "unicode-bidi", "display-align",
        "viewport-fill", "viewport-fill-opacity",
    }
)  # fmt: skip
INHERITED = (
    frozenset(PROPERTIES)
    | INITIAL.keys()
    | frozenset(
        "color-interpolation color-interpolation-filters dominant-baseline font-stretch font-size-adjust "
        "image-rendering letter-spacing marker pointer-events shape-rendering text-rendering word-spacing "
        "writing-mode".split()
    )
) - NOT_INHERITED
"""Properties whose value on an element is also that of what is in it."""

_URLS = lazy_regex(
    r"""url\([ \t\r\n]*+(?:"#([^"]*+)"|'#([^']*+)'|#([^"'() \t\r\n]*+)(?=[ \t\r\n]*+\)))""",
    "finditer",
    flags=re.IGNORECASE,
)


def urls(text: str) -> Iterator[re.Match[str]]:
    """Each ``url(#…)`` of a text, up to the end of the id, which is in the group that took part."""
    found: Iterator[re.Match[str]] = _URLS(text)
    return found


def href(node: Node) -> str | None:
    """What an element's ``href`` says, or else its ``xlink:href``; None for neither."""
    for name in HREFS:
        if name in node.attributes:
            return node.attributes[name].strip(BLANK)
    return None


def targets(node: Node) -> Iterator[str]:
    """The ids an element itself refers to."""
    for name, value in node.attributes.items():
        if name in HREFS:
            target = value.strip(BLANK)
            if target.startswith("#") and node.name != "a":
                yield target[1:]
        elif "(" in value:
            yield from (found[found.lastindex or 0] for found in urls(value))
    if node.name == "style":
        yield from (found[found.lastindex or 0] for found in urls(node.text))


def referenced(root: Node) -> set[str]:
    """All ids that something refers to."""
    return {target for node in root.walk() for target in targets(node)}


def ids(node: Node) -> Iterator[str]:
    """The ids of an element; the format allows one, files have two."""
    for name in IDS:
        if name in node.attributes:
            yield node.attributes[name].strip(BLANK)


def remove_all(nodes: Iterable[Node]) -> None:
    """Take elements out, with all in them, however many there are."""
    gone = {id(node): node for node in nodes if node.parent is not None}
    parents = {id(node.parent): node.parent for node in gone.values()}
    for parent in parents.values():
        if parent is not None:
            parent.children[:] = [child for child in parent.children if id(child) not in gone]
    for node in gone.values():
        node.parent = None


def unwrap_all(nodes: Iterable[Node]) -> None:
    """Put into the place of each element what is in it; the elements may be within each other."""
    gone = {id(node): node for node in nodes if node.parent is not None}
    for parent in {id(node.parent): node.parent for node in gone.values()}.values():
        if parent is None or id(parent) in gone:
            continue
        pending = parent.children[::-1]
        parent.children.clear()
        while pending:
            child = pending.pop()
            if isinstance(child, Node):
                if id(child) in gone:
                    pending += child.children[::-1]
                    continue
                child.parent = parent
            parent.children.append(child)
    for node in gone.values():
        node.parent = None
        node.children.clear()


def retire(nodes: Iterable[Node], needed: Collection[str]) -> None:
    """Take elements out of the drawing; what others refer to within them stays, in a ``defs``, which draws nothing.

    Args:
        nodes: Elements, none within another.
        needed: The ids that are referred to.
    """
    remove_all([node for node in nodes if not _reduced(node, needed)])


def _reduced(node: Node, needed: Collection[str]) -> bool:
    """Make an element a ``defs`` of what is needed in it; whether anything is."""
    kept: set[int] = set()
    holders: dict[int, Node] = {}
    stack = list(node.elements)
    while stack:
        below = stack.pop()
        if any(name in needed for name in ids(below)):
            kept.add(id(below))
            around = below.parent
            while around is not None and id(around) not in holders:
                holders[id(around)] = around
                if around is node:
                    break
                around = around.parent
        else:
            stack += below.elements
    for holder in holders.values():
        holder.name = "defs"
        holder.attributes = {name: value for name, value in holder.attributes.items() if name in INHERITED}
        dropped = [child for child in holder.elements if id(child) not in kept and id(child) not in holders]
        remove_all(dropped)
        holder.children[:] = holder.elements
    return bool(holders)
