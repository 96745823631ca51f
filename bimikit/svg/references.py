"""References: none leaves the document, each leads somewhere, to the right kind of thing, and not in a circle."""

from __future__ import annotations

from ..engine import Fault, quote
from .addresses import dangerous_url
from .colours import read_paint
from .document import Document
from .grammar import Faults, Survey
from .lexis import BLANK
from .place import Place
from .profile import GRADIENTS, GRAPHICS, HREF, PAINT, PAINT_SERVERS, URI

MOST_INSTANCES = 100_000
"""Elements a renderer would have to draw once every ``use`` is followed; beyond it, it hangs."""


def ids(document: Document) -> dict[str, int]:
    """Where each id is; of duplicates the first."""
    table: dict[str, int] = {}
    for node, attributes in enumerate(document.attributes):
        for name in ("id", "xml:id"):
            if name in attributes:
                table.setdefault(attributes[name], node)
    return table


def references(found: Survey) -> Faults:
    """Judge every ``href``, ``url()`` and ``xml:base``."""
    listed = found.values
    uses = bool(listed[HREF])
    if not uses and not listed[URI] and "(" not in "".join(listed[PAINT]):
        return
    document = found.document
    known = ids(document)
    for node, attribute, value, kind in found.values_of((HREF, PAINT, URI)):
        if ":" in value and any(dangerous_url(node, attribute, value)):
            continue
        if kind is PAINT:
            yield from _paint(document, known, node, attribute, value)
        elif kind is HREF:
            yield from _use(document, known, node, attribute, value)
        elif attribute == "xml:base" and not value.strip(BLANK).startswith("#") and value.strip(BLANK):
            yield _external(node, attribute, value)
    if uses:
        yield from _circles(document, known)


def find(known: dict[str, int], target: str) -> int | None:
    """The element that a ``#fragment`` names, percent-encoded or not; None for none."""
    fragment = target[1:]
    if fragment in known or "%" not in fragment:
        return known.get(fragment)
    from urllib.parse import unquote

    return known.get(unquote(fragment))


def _external(node: int, attribute: str, value: str) -> Fault[Place]:
    return Fault(
        "svg.external-reference",
        Place(node, attribute),
        attribute,
        {"attribute": attribute, "target": quote(value)},
    )


def _paint(document: Document, known: dict[str, int], node: int, attribute: str, value: str) -> Faults:
    paint = read_paint(value)
    if paint is None or paint.kind != "url":
        return
    if not paint.target.startswith("#"):
        yield _external(node, attribute, value)
        return
    yield from _fragment(document, known, node, attribute, paint.target, PAINT_SERVERS, fallback=bool(paint.fallback))


def _use(document: Document, known: dict[str, int], node: int, attribute: str, value: str) -> Faults:
    target = value.strip(BLANK)
    if target and not target.startswith("#"):
        yield _external(node, attribute, value)
    else:
        yield from _fragment(document, known, node, attribute, target or "#", GRAPHICS, fallback=False)


def _fragment(
    document: Document,
    known: dict[str, int],
    node: int,
    attribute: str,
    target: str,
    wanted: frozenset[str],
    *,
    fallback: bool,
) -> Faults:
    place = Place(node, attribute)
    params = {"attribute": attribute, "target": quote(target)}
    at = find(known, target)
    if at is None and not document.finished:
        return  # what it names may stand where the reading didn't get to
    if at is None:
        rule = "svg.reference-fallback" if fallback else "svg.reference-missing"
        yield Fault(rule, place, target, params)
    elif document.names[at] not in wanted and not (document.names[at] == "svg" and "use" in wanted):
        found = quote(document.qnames[at])
        yield Fault("svg.reference-kind", place, target, {**params, "found": found})
    elif document.names[at] in GRADIENTS and not fallback and document.finished:
        stops = document.names[at + 1 : at + 2] == ["stop"] or any(
            parent == at and document.names[node] == "stop" for node, parent in enumerate(document.parents)
        )
        if not stops:
            yield Fault("svg.gradient-empty", place, target, params)


def use_target(document: Document, known: dict[str, int], node: int) -> int | None:
    """The element a ``use`` draws; None when it leads nowhere."""
    href = document.attributes[node].get("href", "").strip(BLANK)
    return find(known, href) if href.startswith("#") else None


def _circles(document: Document, known: dict[str, int]) -> Faults:
    """Follow every ``use``: a circle draws nothing, and a tree of them can be too much for any renderer.

    Elements are counted from the leaves up. An edge leads from an element to its children and from a ``use`` to its
    target; a count that can't be finished because it is under way already is a circle.
    """
    children: list[list[int]] = [[] for _ in document.names]
    for node, parent in enumerate(document.parents):
        if parent >= 0:
            children[parent].append(node)
        if document.names[node] == "use":
            target = use_target(document, known, node)
            if target is not None:
                children[node].append(target)

    counts: list[int] = [0] * len(children)
    under_way = bytearray(len(children))
    told: set[int] = set()
    stack = [(0, 0)]
    under_way[0] = 1
    while stack:
        node, position = stack.pop()
        if position < len(children[node]):
            stack.append((node, position + 1))
            child = children[node][position]
            if under_way[child] and document.names[node] == "use" and node not in told:
                told.add(node)
                params = {"target": quote(document.attributes[node].get("href", ""))}
                yield Fault("svg.reference-circle", Place(node, "href"), "", params)
            elif not under_way[child] and not counts[child]:
                under_way[child] = 1
                stack.append((child, 0))
            continue
        under_way[node] = 0
        counts[node] = min(1 + sum(counts[child] for child in children[node]), 10 * MOST_INSTANCES)
    if counts[0] > MOST_INSTANCES and counts[0] > 2 * len(document.names):
        first = document.names.index("use")
        yield Fault("svg.use-explosion", Place(first), "", {"limit": MOST_INSTANCES})
