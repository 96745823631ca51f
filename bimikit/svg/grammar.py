"""The closed grammar, judged in one pass over a document's elements; every value is sorted by kind on the way.

The pass looks at names only; `values` takes up what it sorted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

import msgspec

from ..engine import Fault, quote
from ..lazy import lazy_regex
from .addresses import dangerous_url
from .document import Document
from .lexis import BLANK
from .namespaces import SVG_NS, XLINK_NS, XML_NS, XMLNS_NS, resolve_scopes
from .place import Place
from .profile import (
    CLASS,
    ELEMENTS,
    GRADIENTS,
    ID,
    SHAPES,
    TEXTS,
    Element,
    Kind,
    is_nc_name,
)
from .vocabulary import (
    ATTRIBUTES,
    ELEMENT_BY_LOWER,
    FORBIDDEN_ATTRIBUTES,
    FORBIDDEN_ELEMENTS,
    HTML_NAMESPACE,
    UNWRAPPED,
    editor_of,
)

Faults = Iterator[Fault[Place]]


class Survey(msgspec.Struct):
    """What the pass over a document leaves for the other checks.

    Attributes:
        document: The document.
        specs: The profile's entry for each element; None where the content is not judged.
        values: All values, by kind.
        faults: What the pass found.
    """

    document: Document
    specs: list[Element | None] = []
    values: defaultdict[Kind, list[str]] = msgspec.field(default_factory=lambda: defaultdict(list))
    faults: list[Fault[Place]] = []

    def values_of(self, kinds: Collection[Kind]) -> Iterator[tuple[int, str, str, Kind]]:
        """Element, attribute, value and kind of every value of these kinds.

        Left out are values with an entity reference: what it stands for isn't known, and the entity itself is reported.
        """
        document = self.document
        for node, spec in enumerate(self.specs):
            if spec is None:
                continue
            for attribute, value in document.attributes[node].items():
                kind = spec.attributes.get(attribute)
                if kind is not None and kind in kinds and not (document.entities and "$" in value):
                    yield node, attribute, value, kind


def survey(document: Document) -> Survey:
    """The pass itself; taken again where an element below the root turns out to declare a namespace."""
    try:
        return _survey(document)
    except _InnerNamespace:
        resolve_scopes(document)
        return _survey(document)


class _InnerNamespace(Exception):
    """An element below the root declares a namespace, and names were given without regard to that."""


def _survey(document: Document) -> Survey:
    result = Survey(document)
    specs, values, faults = result.specs, result.values, result.faults
    for node, (name, parent, attributes) in enumerate(
        zip(document.names, document.parents, document.attributes, strict=True)
    ):
        spec = ELEMENTS.get(name)
        if parent >= 0:
            around = specs[parent]
            if around is None:
                specs.append(None)
                faults.extend(_inside_unjudged(document, node))
                continue
            if spec is None or name not in around.children:
                spec = _misfit(document, node, spec, faults)
                if spec is not None and name in UNWRAPPED:
                    specs.append(spec)  # its content stays, its tags and their attributes go
                    faults.extend(_dangerous_attributes(document, node))
                    continue
        specs.append(spec)
        if spec is None:
            faults.extend(_dangerous_attributes(document, node))
            continue
        table = spec.attributes
        for attribute, value in attributes.items():
            kind = table.get(attribute)
            if kind is None:
                if node == 0 and _HARMLESS_DECLARATIONS.get(attribute) == value:
                    continue
                faults.extend(_strange_attribute(document, node, attribute, value))
            else:
                values[kind].append(value)
    return result


_HARMLESS_DECLARATIONS = {"xmlns": SVG_NS, "xmlns:xlink": XLINK_NS, "xmlns:svg": SVG_NS}
"""What nearly every root declares."""


def _misfit(document: Document, node: int, spec: Element | None, faults: list[Fault[Place]]) -> Element | None:
    """Report an element that may not be where it is; returns how to go on judging it and what is in it."""
    qname = document.qnames[node]
    name = document.names[node]
    parent = document.qnames[document.parents[node]]
    params = {"element": quote(qname), "parent": quote(parent)}
    place = Place(node)

    def report(rule: str, key: str = name) -> None:
        faults.append(Fault(rule, place, key, params))

    if spec is not None and name != "svg":
        if document.names[document.parents[node]] == "metadata":
            report("svg.metadata-content", "")
            return None
        report("svg.element-misplaced", f"{name} in {parent}")
        return spec
    namespace, _, local = name[1:].partition("}") if name.startswith("{") else (SVG_NS, "", name)
    if namespace == "" and ":" in qname:
        prefix = qname.partition(":")[0]
        faults.append(Fault("svg.prefix-undeclared", place, prefix, {"prefix": quote(prefix), "name": quote(qname)}))
        return None
    if document.names[document.parents[node]] == "metadata":
        report("svg.metadata-content", "")
        return None
    if namespace == HTML_NAMESPACE:
        report("svg.html-element", local)
        return None
    if namespace not in (SVG_NS, ""):
        editor = editor_of(namespace)
        faults.append(
            Fault(
                "svg.editor-element" if editor else "svg.foreign-element",
                place,
                qname,
                {**params, "namespace": quote(namespace), "editor": editor},
            )
        )
        return None
    if namespace == "":
        report("svg.namespace-lost")
        return None
    rule = FORBIDDEN_ELEMENTS.get(local)
    if rule is not None:
        report(rule, local if rule != "svg.filter-element" else "")
        return ELEMENTS["g"] if local in UNWRAPPED else None
    right = ELEMENT_BY_LOWER.get(local.lower())
    if right is not None:
        faults.append(Fault("svg.element-case", place, name, {**params, "right": right}))
        return ELEMENTS[right]
    report("svg.element-unknown")
    return None


def _inside_unjudged(document: Document, node: int) -> Faults:
    """What is inside a forbidden element goes with it; only what runs or loads something is told all the same."""
    name = document.names[node]
    if FORBIDDEN_ELEMENTS.get(name) in ("svg.script-element", "svg.image-element"):
        params = {
            "element": quote(document.qnames[node]),
            "parent": quote(document.qnames[document.parents[node]]),
        }
        yield Fault(FORBIDDEN_ELEMENTS[name], Place(node), name, params)
    yield from _dangerous_attributes(document, node)


def _dangerous_attributes(document: Document, node: int) -> Faults:
    for attribute, value in document.attributes[node].items():
        if _EVENT(attribute):
            yield Fault("svg.event-attribute", Place(node, attribute), attribute, {"attribute": attribute})
        yield from dangerous_url(node, attribute, value)


_EVENT = lazy_regex(r"on[A-Za-z]{2,40}", "fullmatch")


def _strange_attribute(document: Document, node: int, attribute: str, value: str) -> Faults:
    """What is wrong with an attribute that the element doesn't have in the profile."""
    if attribute == "xmlns" or attribute.startswith("xmlns:"):
        if node and not document.scopes:
            raise _InnerNamespace
        yield from _declaration(node, attribute, value)
        return
    element = document.qnames[node]
    name = document.names[node]
    place = Place(node, attribute)
    params = {"attribute": quote(attribute), "element": quote(element)}
    yield from dangerous_url(node, attribute, value)
    if ":" in attribute:
        yield from _prefixed_attribute(document, node, attribute, value)
    elif _EVENT(attribute):
        yield Fault("svg.event-attribute", place, attribute, params)
    elif attribute in ("x", "y") and name == "svg":
        yield Fault("svg.root-position", place, "", params)
    elif attribute == "transform" and name == "svg":
        yield Fault("svg.root-transform", place, "", params)
    elif attribute == "href" and name in GRADIENTS:
        yield Fault("svg.gradient-attribute", place, attribute, params)
    elif attribute in FORBIDDEN_ATTRIBUTES:
        yield Fault(FORBIDDEN_ATTRIBUTES[attribute], place, attribute, params)
    elif attribute.startswith(("data-", "aria-")):
        yield Fault("svg.html-attribute", place, attribute, params)
    elif attribute in ATTRIBUTES:
        yield Fault("svg.attribute-misplaced", place, f"{attribute} on {name}", params)
    else:
        right = _right_case(name, attribute)
        if right:
            yield Fault("svg.attribute-case", place, attribute, {**params, "right": right})
        else:
            yield Fault("svg.attribute-unknown", place, attribute, params)


def _right_case(element: str, attribute: str) -> str:
    spec = ELEMENTS.get(element)
    lower = attribute.lower()
    return next((name for name in (spec.attributes if spec else ()) if name.lower() == lower), "")


def _declaration(node: int, attribute: str, value: str) -> Faults:
    """Namespace declarations are no attributes; only the ones that XML forbids are told."""
    prefix = attribute[6:]
    wrong = (
        (prefix == "" and attribute != "xmlns")
        or (value == "" and prefix != "")
        or prefix == "xmlns"
        or (prefix != "" and not is_nc_name(prefix))
        or value == XMLNS_NS
        or (prefix == "xml") != (value == XML_NS)
    )
    if wrong:
        yield Fault("svg.namespace-declaration", Place(node, attribute), attribute, {"attribute": quote(attribute)})


def _prefixed_attribute(document: Document, node: int, attribute: str, value: str) -> Faults:
    place = Place(node, attribute)
    name = document.names[node]
    params = {"attribute": quote(attribute), "element": quote(document.qnames[node])}
    prefix, _, local = attribute.partition(":")
    namespace = document.namespace(node, prefix) if ":" not in local and local and prefix else None
    if namespace is None:
        yield Fault("svg.prefix-undeclared", place, prefix, {"prefix": quote(prefix), "name": quote(attribute)})
    elif namespace == XLINK_NS:
        if local == "href" and name == "use":
            yield Fault("svg.use-xlink-href", place, "", params)
        elif local == "href" and name in GRADIENTS:
            yield Fault("svg.gradient-attribute", place, attribute, params)
        else:
            yield Fault("svg.xlink-attribute", place, attribute, params)
    elif namespace == XML_NS:
        yield Fault("svg.attribute-unknown", place, attribute, params)
    else:
        editor = editor_of(namespace)
        yield Fault(
            "svg.editor-attribute" if editor else "svg.foreign-attribute",
            place,
            editor or namespace,
            {**params, "namespace": quote(namespace), "editor": editor},
        )


def stray_text(found: Survey) -> Faults:
    """Text that stands where the profile has none."""
    document = found.document
    for node, text, end in document.texts:
        spec = found.specs[node] if node < len(found.specs) else None
        if spec is not None and not spec.text:
            place = Place(node, offset=_start_of(document.utf8, text, end))
            params = {"element": quote(document.qnames[node]), "text": quote(text.strip(BLANK), 40)}
            yield Fault("svg.text-misplaced", place, document.names[node], params)


def _start_of(utf8: bytes, text: str, end: int) -> int:
    """Where a piece of text begins that ends at `end`; references and CDATA make it longer than it reads."""
    start = end - len(text.encode())
    if start < 0 or utf8[start:end] != text.encode():
        start = utf8.rfind(b">", 0, end) + 1
    piece = utf8[start:end]
    return start + len(piece) - len(piece.lstrip())


def identity(found: Survey) -> Faults:
    """Ids: one per element, each once in the document."""
    ids = found.values[ID]
    document = found.document
    if len(ids) > 1:
        for node, attributes in enumerate(document.attributes):
            if "id" in attributes and "xml:id" in attributes:
                yield Fault("svg.id-twice", Place(node, "xml:id"))
    if len(set(ids)) == len(ids):
        return
    seen: dict[str, int] = {}
    for node, attributes in enumerate(document.attributes):
        for attribute in ("id", "xml:id"):
            value = attributes.get(attribute)
            if value is None or found.specs[node] is None:
                continue
            if value in seen:
                yield Fault("svg.id-duplicate", Place(node, attribute), value, {"id": quote(value)})
            seen[value] = node


def lost_classes(found: Survey) -> Faults:
    """Shapes that have a class and no paint of their own, in a file without CSS: their colours were in CSS once."""
    document = found.document
    if not found.values[CLASS] or "style" in document.names:
        return
    for node, attributes in enumerate(document.attributes):
        if "class" in attributes and document.names[node] in _PAINTED and _PAINTS.isdisjoint(attributes):
            params = {"element": quote(document.qnames[node]), "value": quote(attributes["class"])}
            yield Fault("svg.class-without-style", Place(node, "class"), "", params)


_PAINTED = SHAPES | TEXTS
_PAINTS = frozenset({"fill", "stroke", "style"})
