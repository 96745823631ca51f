"""The tree that repair edits: elements of our own, built from a document that was read within bounds, and written out.

No parser sees the file again. Names carry no prefix: an element in the SVG namespace is called by its local name, any
other ``{namespace}name``; attributes of the xlink and xml namespaces are ``xlink:…`` and ``xml:…``, whatever prefix
the file gave them. Namespace declarations are dropped, since the writer makes those that are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.sax.saxutils import escape

from ..document import Document
from ..namespaces import SVG_NS, XLINK_NS, XML_NS

_PREFIXES = {XLINK_NS: "xlink:", XML_NS: "xml:"}
IDS = ("id", "xml:id")
"""Attributes by which an element is referred to."""
TEXTUAL = frozenset(
    {"title", "desc", "metadata", "style", "text", "textArea", "tspan", "tbreak", "textPath", "tref", "a"}
)
"""Elements whose text means something; anywhere else it is dropped."""


class Node:
    """An element.

    Attributes:
        name: Local name in the SVG namespace, ``{namespace}name`` in any other.
        attributes: Values by name. They may be edited in place.
        children: Elements and pieces of text, in order. Edit them through the methods, which keep `parent` true.
        parent: The element around it; None for the root and for what was taken out.
        source: Index of the element in the document it came from, for places in messages; -1 for one that was made.
    """

    __slots__ = ("attributes", "children", "name", "parent", "source")

    def __init__(self, name: str, attributes: dict[str, str] | None = None, source: int = -1) -> None:
        self.name = name
        self.attributes = attributes if attributes is not None else {}
        self.children: list[Node | str] = []
        self.parent: Node | None = None
        self.source = source

    def __repr__(self) -> str:
        return f"<{self.name} {self.attributes}>"

    @property
    def elements(self) -> list[Node]:
        """The child elements."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """The text directly in it."""
        return "".join(child for child in self.children if isinstance(child, str))

    def walk(self) -> Iterator[Node]:
        """The element and all below it, in document order. What is added while walking is not visited."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.elements))

    def ancestors(self) -> Iterator[Node]:
        """The elements around it, from the inside out."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def append(self, child: Node | str) -> None:
        """Add at the end."""
        self.insert(len(self.children), child)

    def insert(self, index: int, child: Node | str) -> None:
        """Add before the child (element or text) of that index."""
        if isinstance(child, Node):
            child.detach()
            child.parent = self
        self.children.insert(index, child)

    def index(self) -> int:
        """Where it stands among its parent's children."""
        assert self.parent is not None  # noqa: S101 - only asked of what has a parent
        return next(at for at, child in enumerate(self.parent.children) if child is self)

    def detach(self) -> None:
        """Take it, with all in it, out of its parent."""
        if self.parent is not None:
            del self.parent.children[self.index()]
            self.parent = None

    def replace(self, *others: Node | str) -> None:
        """Put others into its place."""
        parent, at = self.parent, self.index()
        assert parent is not None  # noqa: S101
        self.detach()
        for offset, other in enumerate(others):
            parent.insert(at + offset, other)

    def unwrap(self) -> None:
        """Put its children into its place; its attributes are lost."""
        self.replace(*list(self.children))

    def clone(self) -> Node:
        """A copy of it and all in it, standing nowhere."""
        pairs = list(self.doubles())
        return pairs[0][1]

    def doubles(self, without: Collection[str] = (), bare_of: Collection[str] = ()) -> Iterator[tuple[Node, Node]]:
        """Copy it and what is in it.

        Args:
            without: Names of elements that are left out, with all in them.
            bare_of: Names of attributes that are left out.

        Yields:
            Each element with its double, itself first; the copy is whole once there are no more.
        """
        pairs = [(self, _double(self, bare_of))]
        for original, double in pairs:  # it grows; no recursion, since trees may be deep
            yield original, double
            for child in original.children:
                if isinstance(child, str):
                    double.children.append(child)
                elif child.name not in without:
                    below = _double(child, bare_of)
                    below.parent = double
                    double.children.append(below)
                    pairs.append((child, below))


def _double(node: Node, bare_of: Collection[str]) -> Node:
    attributes = dict(node.attributes)
    for name in bare_of:
        attributes.pop(name, None)
    return Node(node.name, attributes, node.source)


def read_tree(document: Document) -> Node:
    """The tree of a document that was read to its end and has an ``svg`` for its root."""
    nodes = [Node(name, _attributes(document, number), number) for number, name in enumerate(document.names)]
    for number, parent in enumerate(document.parents[1:], 1):
        nodes[number].parent = nodes[parent]
        nodes[parent].children.append(nodes[number])
    for stray in reversed(document.texts):
        node = nodes[stray.node]
        if node.name in TEXTUAL:
            node.children.insert(_pieces_before(document, node, stray.end), stray.text)
    for node in nodes:
        if node.name in _RUNNING and len(node.children) > 1:
            _keep_blanks(document, node)
    return nodes[0]


_RUNNING = frozenset({"text", "tspan", "textPath"})


def _keep_blanks(document: Document, node: Node) -> None:
    """Put the blanks between a text's parts back: the document lists no text that is blank."""
    kept = node.children[:1]
    for child in node.children[1:]:
        if isinstance(child, Node) and isinstance(kept[-1], Node):
            before = document.offset(child.source) - 1
            if document.utf8[before : before + 1].isspace():
                kept.append(" ")
        kept.append(child)
    node.children[:] = kept


def _pieces_before(document: Document, node: Node, end: int) -> int:
    """How many of a node's children stand before a piece of text that ends at a byte offset."""
    for index, child in enumerate(node.children):
        if isinstance(child, str) or document.offset(child.source) >= end:
            return index
    return len(node.children)


def _attributes(document: Document, number: int) -> dict[str, str]:
    attributes = document.attributes[number]
    if not any(name.startswith("xmlns") or ":" in name for name in attributes):
        return dict(attributes)
    found = {}
    for name, value in attributes.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            continue
        prefix, colon, local = name.partition(":")
        namespace = document.namespace(number, prefix) if colon else None
        found[_PREFIXES.get(namespace, f"{prefix}:") + local if colon and namespace else name] = value
    return found


def write(root: Node, *, compact: bool = False) -> str:
    """The tree as text: outside of text a line for each element, with two spaces for each level.

    Only SVG is written: elements of other namespaces are left out with all in them, and attributes with a prefix other
    than xml and xlink.

    Args:
        root: The ``svg`` element.
        compact: Leave out all white space between elements.
    """
    pieces: list[str] = []
    # what is still to be written: an element with its depth, or text that is ready
    pending: list[tuple[Node, int, bool] | str] = [(root, 0, not compact)]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, depth, spaced = item
        pieces.append(f"<{node.name}{_written_attributes(node, depth)}")
        if not node.children:
            pieces.append("/>")
            continue
        pieces.append(">")
        spaced = spaced and not any(isinstance(child, str) for child in node.children)
        pending.append(f"\n{'  ' * depth}</{node.name}>" if spaced else f"</{node.name}>")
        for child in reversed(node.children):
            if isinstance(child, str):
                pending.append(escape(child))
            elif not child.name.startswith("{"):
                pending.append((child, depth + 1, spaced))
                if spaced:
                    pending.append("\n" + "  " * (depth + 1))
    return "".join(pieces) + "\n"


_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def _written_attributes(node: Node, depth: int) -> str:
    written = {
        name: value for name, value in node.attributes.items() if ":" not in name or name.startswith(("xml:", "xlink:"))
    }
    if depth == 0:
        declared = {"xmlns": SVG_NS}
        if any(name.startswith("xlink:") for below in node.walk() for name in below.attributes):
            declared["xmlns:xlink"] = XLINK_NS
        written = declared | written
    return "".join(f' {name}="{escape(value, _ESCAPES)}"' for name, value in written.items())
