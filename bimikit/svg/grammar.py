"""The closed grammar, judged in one pass over a document's elements; every value is sorted by kind on the way.

The pass looks at names only. Values are then tested kind by kind, all at once; only a kind with something wrong in it
has its values looked at one by one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from ..engine import Fault, quote
from ..lazy import lazy_regex
from .document import SVG_NS, XLINK_NS, XML_NS, XMLNS_NS, Document, resolve_scopes
from .numbers import BLANK, first_arc, has_arc
from .place import Place
from .profile import (
    ANY,
    CONSTRAINED,
    ELEMENTS,
    GRADIENTS,
    HREF,
    ID,
    PAINT,
    PAINT_SERVERS,
    PATH,
    POINTS,
    SHAPES,
    STROKE_PROPERTIES,
    TEXT_PROPERTIES,
    TEXTS,
    TRANSFORM,
    URI,
    Element,
    Kind,
    collapse,
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
                editor or namespace,
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
_RESERVED = ("xml", "xmlns")


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


_SCHEME = lazy_regex(r"(?:url\(\s*[\"']?)?\s*(javascript|vbscript|livescript|data)\s*:", "match", flags=re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+")


def dangerous_url(node: int, attribute: str, value: str) -> Faults:
    """An address that runs a script or carries a file, however it is disguised with blanks."""
    if ":" not in value:
        return
    found = _SCHEME(_INVISIBLE.sub("", value[:500]))
    if found is not None:
        scheme = found[1].lower()
        rule = "svg.data-url" if scheme == "data" else "svg.script-url"
        yield Fault(rule, Place(node, attribute), attribute, {"attribute": quote(attribute), "scheme": scheme})


def values(found: Survey) -> Faults:
    """Test all values, kind by kind, and look closer where something is wrong."""
    document = found.document
    suspect = {kind for kind, listed in found.values.items() if not kind.fine(listed)}
    for kind in _ADDRESSES & found.values.keys():
        if ":" in "".join(found.values[kind]):
            suspect.add(kind)
    if PATH not in suspect and has_arc(found.values[PATH]):
        yield from _arcs(found)
    if suspect:
        context = _Context(document)
        for node, spec in enumerate(found.specs):
            if spec is None:
                continue
            for attribute, value in document.attributes[node].items():
                own = spec.attributes.get(attribute)
                if own is not None and own in suspect:
                    yield from _one_value(context, node, attribute, value, own)


_ADDRESSES = frozenset({ANY, URI, HREF, PAINT})
"""Kinds whose values may hold an address, which is looked at for scripts and embedded files."""


def _arcs(found: Survey) -> Faults:
    """The first arc of every path, where all paths are otherwise well formed."""
    for node, attributes in enumerate(found.document.attributes):
        value = attributes.get("d", "")
        if ("a" in value or "A" in value) and found.specs[node] is ELEMENTS["path"]:
            yield Fault("svg.path-arc", Place(node, "d", first_arc(value)), "", {"attribute": "d", "element": "path"})


class _Context:
    """What the document as a whole says about whether a value matters."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def has_text(self) -> bool:
        return any(name in TEXTS for name in self.document.names)

    @cached_property
    def has_stroke(self) -> bool:
        return any(attributes.get("stroke", "none") != "none" for attributes in self.document.attributes)

    @cached_property
    def has_current_color(self) -> bool:
        return b"currentcolor" in self.document.utf8.lower()

    def matters(self, node: int, attribute: str) -> bool:
        """Whether a wrong value here can change what is drawn."""
        name = self.document.names[node]
        if name in ("title", "desc", "metadata") or attribute == "pathLength":
            return False
        if attribute in TEXT_PROPERTIES or attribute == "rotate":
            return self.has_text and name not in SHAPES | PAINT_SERVERS | {"stop"}
        if attribute in ("stop-color", "stop-opacity"):
            return name == "stop"
        if attribute in ("solid-color", "solid-opacity"):
            return name == "solidColor"
        if attribute == "color":
            return self.has_current_color
        if attribute in STROKE_PROPERTIES and not self.has_stroke:
            return False
        if attribute.startswith(("fill", "stroke")):
            return name not in PAINT_SERVERS | {"stop"}
        return True


_VALUE_RULES = frozenset(
    f"svg.{name}"
    for name in "colour-invalid number-invalid number-range path-invalid points-invalid transform-invalid".split()
)
"""Rules on what can't be drawn; where a value has no effect they give way to a warning."""


def _one_value(context: _Context, node: int, attribute: str, value: str, kind: Kind) -> Faults:
    if context.document.entities and "$" in value:
        return  # what the reference stands for isn't known; the entity itself is reported
    dangers = list(dangerous_url(node, attribute, value))
    yield from dangers
    element = quote(context.document.qnames[node])
    for rule, index, details in kind.walk(value):
        params = {"attribute": attribute, "element": element, **details}
        if kind is not PATH:
            params.setdefault("value", quote(value))
        if dangers and rule in _VALUE_RULES:
            continue  # that the address is no colour or number goes without saying
        if rule in _VALUE_RULES and not context.matters(node, attribute):
            rule = "svg.value-without-effect"
        elif rule == "svg.attribute-value":
            rule = _WORD_RULES.get(attribute, rule)
        key = str(params["value"]) if rule in _BY_VALUE else "" if kind is PATH else attribute
        yield Fault(rule, Place(node, attribute, index if kind in _LOCATED else None), key, params)


_LOCATED = frozenset({PATH, POINTS, TRANSFORM})
"""Kinds that are long enough for a fault to be shown inside the value."""
_BY_VALUE = frozenset({"svg.colour-name", "svg.colour-syntax", "svg.colour-invalid"})
"""Rules whose repeats are told apart by the value, because each value has a mending of its own."""

_WORD_RULES = {
    "version": "svg.version-wrong",
    "baseProfile": "svg.base-profile-wrong",
    **dict.fromkeys(CONSTRAINED, "svg.constrained-attribute-wrong"),
}


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


def spaced_words(found: Survey) -> Faults:
    """``version`` and ``baseProfile`` that are right but for white space around them."""
    root = found.document.attributes[0]
    for attribute, right in (("version", "1.2"), ("baseProfile", "tiny-ps")):
        value = root.get(attribute, right)
        if value != right and collapse(value) == right:
            yield Fault("svg.value-spaces", Place(0, attribute), attribute, {"attribute": attribute})


def all_of(found: Survey) -> Iterable[Fault[Place]]:
    """What the pass itself found."""
    return found.faults
