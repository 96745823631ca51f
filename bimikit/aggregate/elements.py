"""A report's XML as a stream of the root's children, each a small tree, on expat and within bounds.

No DTD is taken, so there are no entities but XML's own, and nothing external is ever asked for.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from .feedback import FeedbackError
from .inflating import Readable

_CHUNK = 128 * 1024
_NAMESPACES = frozenset(
    {
        "",
        "urn:ietf:params:xml:ns:dmarc-2.0",
        "http://dmarc.org/dmarc-xml/0.1",
        "http://dmarc.org/dmarc-xml/0.1/rua.xsd",
    }
)
"""RFC 9990, section 5; RFC 7489, appendix C, which few reports name."""
_ENCODINGS = frozenset(
    "iso-8859-1 iso-8859-2 iso-8859-15 latin-1 latin1 windows-1250 windows-1251 windows-1252 shift_jis windows-31j "
    "cp932 euc-jp iso-2022-jp koi8-r gb2312 gbk gb18030 big5 euc-kr".split()
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]+)["']""")
_BLANK = b" \t\r\n"
END = b"</record>"


class Limits(msgspec.Struct, frozen=True):
    """Bounds on one report's XML; a report beyond one of them is refused.

    Attributes:
        max_depth: Levels of nesting.
        max_part_bytes: Bytes of one record, or of anything else between two children of the root.
        max_part_elements: Elements in one of them.
        max_names: Different names of elements.
        max_text: Characters of a name or address; free text is cut there.
        max_early_bytes: Bytes that may stand before the policy; rows among them are held until it comes.
    """

    max_depth: int = 32
    max_part_bytes: int = 1024 * 1024
    max_part_elements: int = 10_000
    max_names: int = 1_000
    max_text: int = 1_000
    max_early_bytes: int = 16 * 1024 * 1024


class Node:
    """An element: its name without namespace (empty for one of a foreign namespace), and what it holds."""

    __slots__ = ("children", "line", "name", "text")

    def __init__(self, name: str, line: int) -> None:
        self.name, self.line, self.text = name, line, ""
        self.children: list[Node] = []


class Elements:
    """Reads elements piece by piece.

    Attributes:
        done: Children of the root that have ended, to be taken away by whoever feeds.
        default: The namespace that the root declares for names without prefix.
        lines: Lines that were not fed to it, which its own count leaves out.
    """

    def __init__(self, limits: Limits) -> None:
        self.done: list[Node] = []
        self.default = ""
        self.lines = 0
        self._limits = limits
        self._stack: list[Node] = []
        self._names: dict[str, str] = {}
        self._own = ""
        self._fed = self._ended = 0
        self._elements = 0
        parser = self._parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace

    def feed(self, piece: bytes, *, last: bool = False) -> bool:
        """Read on.

        Returns:
            Whether the piece ended with the end tag of a child of the root.

        Raises:
            FeedbackError: It isn't well-formed, has a DOCTYPE, is no report, or is beyond a limit.
        """
        self._fed += len(piece)
        if self._fed - self._ended > self._limits.max_part_bytes + _CHUNK:
            raise FeedbackError("too-large", "", self.line)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as problem:
            cut = last and problem.code in _CUT
            detail = expat.ErrorString(problem.code) or ""
            raise FeedbackError("truncated" if cut else "not-xml", detail, self.lines + problem.lineno) from None
        return self._ended + len(END) == self._fed and len(self._stack) == 1

    @property
    def line(self) -> int:
        """Where it is, from 1."""
        return self.lines + self._parser.CurrentLineNumber

    def close(self) -> None:
        """Let go of the parser, which knows the handlers and would be kept by them."""
        for name in _HANDLERS:
            setattr(self._parser, name, None)

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = self._names.get(tag)
        if name is None:
            name = self._name(tag)
        stack = self._stack
        node = Node(name, self._parser.CurrentLineNumber + self.lines)
        if stack:
            stack[-1].children.append(node)
        elif name != "feedback":
            raise FeedbackError("not-report", tag[: self._limits.max_text], node.line)
        stack.append(node)
        self._elements += 1
        if len(stack) > self._limits.max_depth:
            raise FeedbackError("too-deep", "", node.line)
        if self._elements > self._limits.max_part_elements:
            raise FeedbackError("too-many-elements", "", node.line)

    def _end(self, _tag: str) -> None:
        stack = self._stack
        node = stack.pop()
        if len(stack) == 1:
            stack[0].children.clear()
            stack[0].text = ""
            self._elements = 0
            self._ended = self._parser.CurrentByteIndex
            self.done.append(node)

    def _text(self, data: str) -> None:
        node = self._stack[-1]
        if len(node.text) <= self._limits.max_text:  # what is longer is told to be by what is there
            node.text = (
                (node.text + data)[: self._limits.max_text + 1] if node.text else data[: self._limits.max_text + 1]
            )

    def _name(self, tag: str) -> str:
        """A name without its namespace; that of the root is taken whatever it is, as names are told by it."""
        if len(self._names) >= self._limits.max_names:
            raise FeedbackError("too-many-elements", "", self.line)
        uri, _, local = tag.rpartition(" ")
        if not self._stack:
            self._own = uri
        name = self._names[tag] = local if uri in _NAMESPACES or uri == self._own else ""
        return name

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if prefix is None and not self._stack:
            self.default = uri or ""

    def _doctype(self, *_details: object) -> None:
        raise FeedbackError("doctype", "", self.line)


_CUT = (3, 5, 6, 20)
"""expat's codes for a text that ends too early: no element, unclosed token, partial character, unclosed CDATA."""
_HANDLERS = (
    "StartElementHandler",
    "EndElementHandler",
    "CharacterDataHandler",
    "StartDoctypeDeclHandler",
    "StartNamespaceDeclHandler",
)


def utf8(stream: Readable) -> tuple[Iterator[bytes], int]:
    """A text in UTF-8 without byte order mark and blanks before it, in pieces, and how many lines those blanks were.

    Raises:
        FeedbackError: ``"encoding"``: one that is not read, or that the text doesn't keep to; also while it is read.
    """
    start = _at_least(stream, 1024)
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise FeedbackError("encoding", "UTF-32", 1)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _decoded(start, stream, "utf-16"), 0
    if start[:2] in (b"<\0", b"\0<"):
        return _decoded(start, stream, "utf-16-le" if start[1] == 0 else "utf-16-be"), 0
    text = start.removeprefix(codecs.BOM_UTF8)
    bare = text.lstrip(_BLANK)
    lines = text[: len(text) - len(bare)].count(b"\n")
    declared = _DECLARED.match(bare)
    name = declared[1].decode().lower() if declared else "utf-8"
    if name in _ENCODINGS:
        return _decoded(bare, stream, name), lines
    if name not in _AS_IT_IS:
        raise FeedbackError("encoding", name, lines + 1)
    return _pieces(bare, stream), lines


_AS_IT_IS = ("utf-8", "utf8", "us-ascii", "ascii", "utf-16")
"""What says UTF-16 of itself in bytes of one octet can't be that."""


def _at_least(stream: Readable, size: int) -> bytes:
    start = b""
    while len(start) < size:
        data = stream.read(_CHUNK)
        if not data:
            break
        start += data
    return start


def _pieces(start: bytes, stream: Readable) -> Iterator[bytes]:
    data = start
    while data:
        yield data
        data = stream.read(_CHUNK)


def _decoded(start: bytes, stream: Readable, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for data in _pieces(start, stream):
            yield decoder.decode(data).encode()
        yield decoder.decode(b"", True).encode()
    except UnicodeError:
        raise FeedbackError("encoding", encoding) from None


def by_name(node: Node | None) -> dict[str, Node]:
    """An element's children by name; of several the first."""
    return {child.name: child for child in reversed(node.children)} if node else {}


def text_of(said: dict[str, Node], name: str) -> str:
    """The text of a child of that name; empty without one."""
    node = said.get(name)
    return node.text if node else ""
