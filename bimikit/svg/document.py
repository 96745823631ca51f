"""From UTF-8 text to a flat list of elements, in one pass of expat.

expat never reaches for a DTD or an entity here: no external subset is read, and a document that declares or uses
entities is read again with its references left standing as text. Depth, elements and attributes are bounded while
reading, so a hostile file is refused before it costs anything.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

import msgspec

from ..engine import Fault, quote
from .numbers import BLANK
from .place import Place

SVG_NS = "http://www.w3.org/2000/svg"
XLINK_NS = "http://www.w3.org/1999/xlink"
XML_NS = "http://www.w3.org/XML/1998/namespace"
XMLNS_NS = "http://www.w3.org/2000/xmlns/"


class Limits(msgspec.Struct, frozen=True):
    """Bounds on what is read. A file beyond one of them is refused with a finding.

    The defaults are far above any real logo (the draft asks for 32 KB) and keep a hostile file under a second.

    Attributes:
        max_bytes: Bytes of the file, and of the document after inflating.
        max_depth: Levels of nesting.
        max_elements: Elements in all.
        max_attributes: Attributes on one element.
        max_attributes_total: Attributes in all.
    """

    max_bytes: int = 4 * 1024 * 1024
    max_depth: int = 1_000
    max_elements: int = 100_000
    max_attributes: int = 256
    max_attributes_total: int = 100_000


class Stray(NamedTuple):
    """Text that is more than white space: the element it stands in, the text, and where it ends (byte offset)."""

    node: int
    text: str
    end: int


class Document(msgspec.Struct):
    """A parsed document: one entry per element in each list, in document order.

    Attributes:
        utf8: The text that was parsed, without a byte order mark.
        qnames: Element names as written, prefix included.
        names: Local names for elements in the SVG namespace, ``{uri}local`` for others.
        attributes: Attributes as written, prefix included, namespace declarations too.
        offsets: Byte offset of each start tag.
        parents: Index of each element's parent; -1 for the root.
        texts: Pieces of text that aren't white space.
        scopes: Namespace bindings in force on each element; empty when the root alone declares any.
        faults: What reading it brought to light.
        finished: Whether it was read to its end.
        entities: Whether entity references were left standing, as ``$name;``.
    """

    utf8: bytes
    qnames: list[str] = []
    names: list[str] = []
    attributes: list[dict[str, str]] = []
    offsets: list[int] = []
    parents: list[int] = []
    texts: list[Stray] = []
    scopes: list[dict[str, str]] = []
    faults: list[Fault[Place]] = []
    finished: bool = True
    entities: bool = False

    def namespace(self, node: int, prefix: str) -> str | None:
        """The namespace a prefix is bound to at an element; None when it is bound to none."""
        if prefix == "xml":
            return XML_NS
        scope = self.scopes[node] if self.scopes else declared_namespaces(self.attributes[0])
        return scope.get(prefix)


class _Refused(Exception):
    """A limit was passed; carries the fault."""

    def __init__(self, fault: Fault[Place]) -> None:
        super().__init__(fault.rule)
        self.fault = fault


class _Doctype(Exception):
    """The DOCTYPE declares entities; carries where it ends."""

    def __init__(self, end: int) -> None:
        super().__init__(end)
        self.end = end


def parse(utf8: bytes, limits: Limits) -> Document:
    """Parse a document. Never raises on its content: what is wrong is among its faults."""
    document = Document(utf8)
    refused = _too_many_attributes(utf8, limits.max_attributes)
    if refused is not None:
        document.faults.append(refused)
        document.finished = False
        return document
    try:
        _parse_once(document, limits)
        if b"<!DOCTYPE" in utf8 and _references(utf8):
            # an external DTD might define them, but it is never read
            return _parse_without_entities(document, limits, 0)
    except _Doctype as doctype:
        return _parse_without_entities(document, limits, doctype.end)
    except expat.ExpatError as problem:
        if problem.code == _UNDEFINED_ENTITY:
            return _parse_without_entities(document, limits, 0)
        document.faults.append(_ill_formed(document, problem))
        document.finished = False
    except _Refused as refusal:
        document.faults.append(refusal.fault)
        document.finished = False
    if document.qnames:
        _resolve(document)
    return document


def _parse_once(document: Document, limits: Limits) -> None:
    """The pass itself. The handlers are closures over local names because they run for every element."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.specified_attributes = True  # defaults from a DTD don't count: receivers don't read it

    qnames, attributes, offsets, parents = (
        document.qnames,
        document.attributes,
        document.offsets,
        document.parents,
    )
    faults, texts = document.faults, document.texts
    stack = [-1]
    max_elements, max_depth, budget = limits.max_elements, limits.max_depth, limits.max_attributes_total

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal budget
        node = len(qnames)
        budget -= len(attrs)
        if node >= max_elements:
            raise _Refused(_over("svg.too-many-elements", max_elements, parser.CurrentByteIndex))
        if len(stack) > max_depth:
            raise _Refused(_over("svg.too-deep", max_depth, parser.CurrentByteIndex))
        if budget < 0:
            raise _Refused(_over("svg.too-many-attributes", limits.max_attributes_total, parser.CurrentByteIndex))
        qnames.append(name)
        attributes.append(attrs)
        offsets.append(parser.CurrentByteIndex)
        parents.append(stack[-1])
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        if data.strip(BLANK):
            texts.append(Stray(stack[-1], data, parser.CurrentByteIndex))

    def instruction(target: str, data: str) -> None:
        place = Place(offset=parser.CurrentByteIndex)
        if ":" in target:
            params = {"prefix": quote(target.partition(":")[0]), "name": quote(target)}
            faults.append(Fault("svg.prefix-undeclared", place, target, params))
        elif target == "xml-stylesheet":
            faults.append(Fault("svg.stylesheet-instruction", place))
        else:
            faults.append(Fault("svg.processing-instruction", place, target, {"target": quote(target)}))

    def declaration(version: str, _encoding: str | None, _standalone: int) -> None:
        if version not in ("1.0", "1.1"):
            faults.append(Fault("svg.xml-version", Place(offset=0), "", {"version": quote(version)}))

    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.ProcessingInstructionHandler = instruction
    if b"<!DOCTYPE" in document.utf8:
        _watch_doctype(parser, document)
    parser.Parse(document.utf8, True)


def _watch_doctype(parser: expat.XMLParserType, document: Document) -> None:
    entities = 0
    place = Place(offset=document.utf8.find(b"<!DOCTYPE"))

    def start(_name: str, system: str | None, public: str | None, has_subset: bool) -> None:
        if (system is None and public is None) or _WELL_KNOWN_DTD.fullmatch(system or ""):
            document.faults.append(Fault("svg.doctype", place))
        else:
            document.faults.append(Fault("svg.doctype-external", place, "", {"address": quote(system or public or "")}))

    def entity(name: str, *_details: object) -> None:
        nonlocal entities
        if not entities:
            document.faults.append(Fault("svg.entity-declaration", place, "", {"entity": quote(name)}))
        entities += 1

    def default(_element: str, attribute: str, _type: str, value: str | None, _required: bool) -> None:
        if value is not None:
            params = {"attribute": quote(attribute), "value": quote(value)}
            document.faults.append(Fault("svg.attribute-default", place, attribute, params))

    def end() -> None:
        if entities:
            raise _Doctype(parser.CurrentByteIndex)

    parser.StartDoctypeDeclHandler = start
    parser.EntityDeclHandler = entity
    parser.AttlistDeclHandler = default
    parser.EndDoctypeDeclHandler = end


_WELL_KNOWN_DTD = re.compile(r"https?://www\.w3\.org/(?:Graphics/SVG|TR)/[A-Za-z0-9./-]*\.dtd")
"""The address Illustrator and Inkscape put into every file: nobody fetches it, so it is clutter and no danger."""

_UNDEFINED_ENTITY = 11
_SKIPPED_OR_REFERENCE = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z_][A-Za-z0-9._-]*;)", re.DOTALL
)


def _references(utf8: bytes) -> list[re.Match[bytes]]:
    """References to entities that XML doesn't define, outside comments and CDATA."""
    return [found for found in _SKIPPED_OR_REFERENCE.finditer(utf8) if found[1]]


_ENTITY_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z_][A-Za-z0-9._-]*;)")

ADOBE_ENTITIES = {"$ns_svg;": SVG_NS, "$ns_xlink;": XLINK_NS}
"""What Illustrator's entities stand for. The file's own definition is not looked at; these two are known."""


def _parse_without_entities(document: Document, limits: Limits, doctype_end: int) -> Document:
    """Read again with every entity reference left as plain text, and the DOCTYPE's content blanked out.

    Both keep the text's length, so that places stay true.
    """
    utf8 = document.utf8
    kept = [fault for fault in document.faults if fault.rule in _DOCTYPE_RULES]
    if doctype_end:
        start = utf8.find(b"<!DOCTYPE")
        blank = re.sub(rb"[^\r\n]", b" ", utf8[start : doctype_end + 1])
        utf8 = utf8[:start] + blank + utf8[doctype_end + 1 :]
    references = _references(utf8)
    if not doctype_end:
        kept += [
            Fault("svg.entity-undefined", Place(offset=m.start()), m[1].decode(), {"entity": quote(m[1].decode())})
            for m in references[:1000]
        ]
    again = Document(_ENTITY_REFERENCE.sub(rb"$\1", utf8), entities=bool(references))
    try:
        _parse_once(again, limits)
    except (expat.ExpatError, _Doctype, _Refused) as problem:
        again.finished = False
        again.faults.append(
            problem.fault
            if isinstance(problem, _Refused)
            else _ill_formed(again, problem)
            if isinstance(problem, expat.ExpatError)
            else Fault("svg.entity-declaration", None)
        )
    again.faults[:0] = [fault for fault in kept if fault not in again.faults]
    if again.qnames:
        _resolve(again)
    return again


_DOCTYPE_RULES = frozenset({"svg.doctype", "svg.doctype-external", "svg.entity-declaration", "svg.attribute-default"})


def _over(rule: str, limit: int, offset: int) -> Fault[Place]:
    return Fault(rule, Place(offset=offset), "", {"limit": limit})


_ONE_ATTRIBUTE = re.compile(rb"""=[ \t\r\n]*(?:"[^"]*"|'[^']*')""")


def _too_many_attributes(utf8: bytes, limit: int) -> Fault[Place] | None:
    """Refuse a tag with too many attributes before expat sets them all up at once."""
    if utf8.count(b"=") <= limit:
        return None
    offset = 0
    for piece in utf8.split(b"<"):
        if piece.count(b"=") > limit and piece[:1] not in b"!?/" and len(_ONE_ATTRIBUTE.findall(piece)) > limit:
            return _over("svg.too-many-attributes", limit, max(offset - 1, 0))
        offset += len(piece) + 1
    return None


_REASONS = {
    2: "syntax",
    3: "no-element",
    4: "invalid-token",
    5: "unclosed-token",
    6: "partial-character",
    7: "tag-mismatch",
    8: "duplicate-attribute",
    9: "junk-after",
    17: "misplaced-declaration",
    20: "unclosed-cdata",
}
"""expat's error codes, as terms of the catalogue."""


def _ill_formed(document: Document, problem: expat.ExpatError) -> Fault[Place]:
    offset = min(_offset_of(document.utf8, problem.lineno, problem.offset), len(document.utf8))
    reason = _REASONS.get(problem.code)
    if reason is None:
        return Fault(
            "svg.not-well-formed",
            Place(offset=offset),
            "",
            {"reason": quote(expat.ErrorString(problem.code) or str(problem))},
        )
    if reason == "invalid-token" and b"&" in document.utf8[max(offset - 1, 0) : offset + 1]:
        reason = "bare-ampersand"
    if reason == "no-element" and document.qnames:
        reason = "unclosed-element"
    return Fault("svg.not-well-formed", Place(offset=offset), "", {"reason": f"@xml.{reason}"})


def _offset_of(utf8: bytes, line: int, column: int) -> int:
    """Byte offset of a place that expat gives as a line from 1 and a column from 0."""
    start = 0
    for _ in range(line - 1):
        found = re.compile(rb"\r\n?|\n").search(utf8, start)
        if found is None:
            break
        start = found.end()
    rest = utf8[start : start + 4 * column + 4].decode("utf-8", "replace")
    return start + len(rest[:column].encode("utf-8"))


def declared_namespaces(attributes: dict[str, str]) -> dict[str, str]:
    """The bindings an element declares; the default namespace is under the empty prefix."""
    return {
        ("" if name == "xmlns" else name[6:]): ADOBE_ENTITIES.get(value, value)
        for name, value in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }


def _resolve(document: Document) -> None:
    """Give every element its name by namespace.

    Nearly every logo declares one default namespace on its root and uses no prefix, so names are right as written.
    """
    qnames = document.qnames
    root = declared_namespaces(document.attributes[0])
    plain = (
        root.get("") == SVG_NS
        and document.utf8.count(b"xmlns") == len(root)
        and not any(":" in name for name in set(qnames))
    )
    if plain:
        document.names = qnames
        return

    scopes: list[dict[str, str]] = []
    names: list[str] = []
    declared = 0
    for node, qname in enumerate(qnames):
        parent = document.parents[node]
        scope = scopes[parent] if parent >= 0 else {}
        own = declared_namespaces(document.attributes[node])
        if own:
            declared += len(own)
            if declared > _MAX_DECLARATIONS:
                document.faults.append(_over("svg.too-many-attributes", _MAX_DECLARATIONS, document.offsets[node]))
                document.finished = False
                own = {}
            scope = {**scope, **own}
        scopes.append(scope)
        prefix, colon, local = qname.partition(":")
        uri = (XML_NS if prefix == "xml" else scope.get(prefix)) if colon else scope.get("", "")
        if uri is None:
            names.append(f"{{}}{qname}")
        elif uri == SVG_NS:
            names.append(local if colon else qname)
        else:
            names.append(f"{{{uri}}}{local if colon else qname}")
    document.scopes = scopes
    document.names = names


_MAX_DECLARATIONS = 1_000
"""Namespace declarations in all; bounds the cost of handing bindings down a deep document."""
