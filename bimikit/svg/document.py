"""From UTF-8 text to a flat list of elements, in one pass of expat.

expat never reaches for a DTD or an entity here: no external subset is read, and a document that declares or uses
entities is read again with its references left standing as text. Depth, elements and attributes are bounded while
reading, so a hostile file is refused before it costs anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from xml.parsers import expat

import msgspec

from ..engine import Fault, quote
from ..lazy import lazy_regex
from .lexis import BLANK
from .namespaces import XML_NS, declared_namespaces, resolve
from .place import Place

_MAX_DECLARATIONS = 1_000
"""Declarations, references and instructions of one kind that are looked at; more are no logo's."""


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

    max_bytes: int = 2 * 1024 * 1024
    max_depth: int = 1_000
    max_elements: int = 100_000
    max_attributes: int = 256
    max_attributes_total: int = 100_000

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if not isinstance(value, int):
                raise TypeError(f"{name} must be an int, not {type(value).__name__}")
            if value < 1:
                raise ValueError(f"{name} must be at least 1")


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
        parents: Index of each element's parent; -1 for the root.
        texts: Pieces of text that aren't white space.
        scopes: Namespace bindings in force on each element; empty when the root alone declares any.
        faults: What reading it brought to light.
        finished: Whether it was read to its end.
        has_doctype: Whether it has a DOCTYPE.
        entities: Whether entity references were left standing, as ``$name;``.
        body: Byte offset from which elements may stand: behind the DOCTYPE, where there is one.
    """

    utf8: bytes
    qnames: list[str] = []
    names: list[str] = []
    attributes: list[dict[str, str]] = []
    parents: list[int] = []
    texts: list[Stray] = []
    scopes: list[dict[str, str]] = []
    faults: list[Fault[Place]] = []
    finished: bool = True
    has_doctype: bool = False
    entities: bool = False
    body: int = 0
    _text_by_node: dict[int, str] | None = None
    _offsets: list[int] = []
    _tags: Iterator[re.Match[bytes]] | None = None

    def offset(self, node: int) -> int:
        """Byte offset of an element's start tag.

        Start tags are counted in the text, as far as needed and only once something there is to be told: to ask the
        parser for every element's place would slow down every document.
        """
        offsets = self._offsets
        if len(offsets) <= node:
            if self._tags is None:
                self._tags = _TAG(self.utf8, self.body)
            for tag in self._tags:
                if tag.lastindex:
                    offsets.append(tag.start())
                    if len(offsets) > node:
                        break
        return offsets[node]

    def text(self, node: int) -> str:
        """The text directly in an element."""
        if self._text_by_node is None:
            pieces: dict[int, list[str]] = {}
            for stray in self.texts:
                pieces.setdefault(stray.node, []).append(stray.text)
            self._text_by_node = {owner: "".join(parts) for owner, parts in pieces.items()}
        return self._text_by_node.get(node, "")

    def namespace(self, node: int, prefix: str) -> str | None:
        """The namespace a prefix is bound to at an element; None when it is bound to none."""
        if prefix == "xml":
            return XML_NS
        scope = self.scopes[node] if self.scopes else declared_namespaces(self.attributes[0])
        return scope.get(prefix)


_TAG = lazy_regex(rb"<(?:([^!?/])|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", "finditer", flags=re.DOTALL)
"""Start tags, with a group, and what something may look like one inside of, without."""


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
    refused = _too_many_attributes(utf8, limits)
    if refused is not None:
        document.faults.append(refused)
        document.finished = False
        return document
    try:
        _parse_once(document, limits)
        if document.has_doctype and _references(utf8):
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
        resolve(document)
    return document


def _parse_once(document: Document, limits: Limits) -> None:
    """The pass itself. The handlers are closures over local names because they run for every element."""
    utf8 = document.utf8
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.specified_attributes = True  # defaults from a DTD don't count: receivers don't read it
    texts = document.texts
    open_elements = [-1]
    opened, closed = open_elements.append, open_elements.pop
    qnames = document.qnames
    add_name, add_attributes, add_parent = qnames.append, document.attributes.append, document.parents.append

    def start(name: str, attributes: dict[str, str]) -> None:
        add_parent(open_elements[-1])
        opened(len(qnames))
        add_name(name)
        add_attributes(attributes)

    def bounded_start(name: str, attributes: dict[str, str]) -> None:
        if len(qnames) >= limits.max_elements:
            raise _Refused(_over("svg.too-many-elements", limits.max_elements, parser.CurrentByteIndex))
        if len(open_elements) > limits.max_depth:
            raise _Refused(_over("svg.too-deep", limits.max_depth, parser.CurrentByteIndex))
        start(name, attributes)

    def end(_name: str) -> None:
        closed()

    def text(data: str) -> None:
        if data != "\n" and data.strip(BLANK):
            texts.append(Stray(open_elements[-1], data, parser.CurrentByteIndex))

    # a text with fewer tags than either bound can't pass one
    bound = min(limits.max_elements, limits.max_depth)
    roomy = len(utf8) < _SHORTEST_TAG * bound or utf8.count(b"<") <= bound
    parser.StartElementHandler = start if roomy else bounded_start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _watch_prolog(parser, document)
    try:
        parser.Parse(utf8, True)
    finally:
        _release(parser)


def _release(parser: expat.XMLParserType) -> None:
    """Take the handlers away: they know the parser, and such a circle would keep it and the document in memory."""
    for name in _HANDLERS:
        setattr(parser, name, None)


_HANDLERS = (
    "StartElementHandler",
    "EndElementHandler",
    "CharacterDataHandler",
    "XmlDeclHandler",
    "ProcessingInstructionHandler",
    "StartDoctypeDeclHandler",
    "EndDoctypeDeclHandler",
    "EntityDeclHandler",
    "AttlistDeclHandler",
)


def _watch_prolog(parser: expat.XMLParserType, document: Document) -> None:
    """Look at what isn't element or text: the XML declaration, instructions, the DOCTYPE."""
    faults = document.faults

    def declaration(version: str, _encoding: str | None, _standalone: int) -> None:
        if version not in ("1.0", "1.1"):
            faults.append(Fault("svg.xml-version", Place(offset=0), "", {"version": quote(version)}))

    def instruction(target: str, _data: str) -> None:
        if len(faults) > _MAX_DECLARATIONS:
            return
        place = Place(offset=parser.CurrentByteIndex)
        if ":" in target:
            params = {"prefix": quote(target.partition(":")[0]), "name": quote(target)}
            faults.append(Fault("svg.prefix-undeclared", place, target, params))
        elif target == "xml-stylesheet":
            faults.append(Fault("svg.stylesheet-instruction", place))
        else:
            faults.append(Fault("svg.processing-instruction", place, target, {"target": quote(target)}))

    def doctype(_name: str, system: str | None, public: str | None, _has_subset: bool) -> None:
        place = Place(offset=document.utf8.find(b"<!DOCTYPE"))
        if (system is None and public is None) or _WELL_KNOWN_DTD(system or ""):
            faults.append(Fault("svg.doctype", place))
        else:
            faults.append(Fault("svg.doctype-external", place, "", {"address": quote(system or public or "")}))
        document.has_doctype = True
        _watch_subset(parser, document, place)

    parser.XmlDeclHandler = declaration
    parser.ProcessingInstructionHandler = instruction
    parser.StartDoctypeDeclHandler = doctype


def _watch_subset(parser: expat.XMLParserType, document: Document, place: Place) -> None:
    """Look for what a DOCTYPE declares."""
    faults = document.faults
    entities = defaults = 0

    def entity(name: str, *_details: object) -> None:
        nonlocal entities
        if not entities:
            faults[:] = [fault for fault in faults if fault.rule != "svg.doctype"]  # the graver finding says it all
            faults.append(Fault("svg.entity-declaration", place, "", {"entity": quote(name)}))
        entities += 1

    def default(_element: str, attribute: str, _type: str, value: str | None, _required: bool) -> None:
        nonlocal defaults
        defaults += 1
        if defaults > _MAX_DECLARATIONS:  # expat looks through all of them for each further one
            raise _Refused(_over("svg.too-many-attributes", _MAX_DECLARATIONS, parser.CurrentByteIndex))
        if value is not None:
            params = {"attribute": quote(attribute), "value": quote(value)}
            faults.append(Fault("svg.attribute-default", place, attribute, params))

    def end() -> None:
        document.body = parser.CurrentByteIndex
        if entities:
            raise _Doctype(parser.CurrentByteIndex)

    parser.EntityDeclHandler = entity
    parser.AttlistDeclHandler = default
    parser.EndDoctypeDeclHandler = end


_WELL_KNOWN_DTD = lazy_regex(r"https?://www\.w3\.org/(?:Graphics/SVG|TR)/[A-Za-z0-9./-]*\.dtd", "fullmatch")
"""The address Illustrator and Inkscape put into every file: nobody fetches it, so it is clutter and no danger."""

_UNDEFINED_ENTITY = 11
_REFERENCE = rb"&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z_][A-Za-z0-9._-]*;)"
_SKIPPED_OR_REFERENCE = lazy_regex(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|" + _REFERENCE, "finditer", flags=re.DOTALL)


def _references(utf8: bytes) -> list[re.Match[bytes]]:
    """The first references to entities that XML doesn't define, outside comments and CDATA."""
    found = (match for match in _SKIPPED_OR_REFERENCE(utf8) if match[1])
    return list(islice(found, _MAX_DECLARATIONS))


_ENTITY_REFERENCE = lazy_regex(_REFERENCE, "sub")


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
            for m in references
        ]
    again = Document(_ENTITY_REFERENCE(rb"$\1", utf8), entities=bool(references), body=doctype_end)
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
    again.utf8 = document.utf8  # blanking made columns of bytes; places are shown in what the author wrote
    again.faults[:0] = [fault for fault in kept if fault not in again.faults]
    if again.qnames:
        resolve(again)
    return again


_DOCTYPE_RULES = frozenset({"svg.doctype", "svg.doctype-external", "svg.entity-declaration", "svg.attribute-default"})


def _over(rule: str, limit: int, offset: int) -> Fault[Place]:
    return Fault(rule, Place(offset=offset), "", {"limit": limit})


_ONE_ATTRIBUTE = lazy_regex(rb"""=[ \t\r\n]*(?:"[^"]*"|'[^']*')""", "findall")


_SHORTEST_ATTRIBUTE = 5
"""Bytes: a space, a letter, =, and two quotation marks."""
_SHORTEST_TAG = 3


def _too_many_attributes(utf8: bytes, limits: Limits) -> Fault[Place] | None:
    """Refuse too many attributes, on a tag or in all, before expat sets them up."""
    if utf8.count(b"=") <= min(limits.max_attributes, limits.max_attributes_total):
        return None
    long_enough = _SHORTEST_ATTRIBUTE * limits.max_attributes
    tags = utf8.split(b"<")
    offset = -1
    for tag in tags:
        if len(tag) > long_enough and _attributes_of(tag) > limits.max_attributes:
            return _over("svg.too-many-attributes", limits.max_attributes, max(offset, 0))
        offset += len(tag) + 1
    if len(utf8) < _SHORTEST_ATTRIBUTE * limits.max_attributes_total or utf8.count(b"=") <= limits.max_attributes_total:
        return None
    if sum(map(_attributes_of, tags)) <= limits.max_attributes_total:
        return None
    return _over("svg.too-many-attributes", limits.max_attributes_total, 0)


def _attributes_of(tag: bytes) -> int:
    """How many attributes a start tag has; none for anything else that begins with ``<``."""
    return 0 if tag[:1] in (b"!", b"?", b"/", b"") else len(_ONE_ATTRIBUTE(tag))


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
