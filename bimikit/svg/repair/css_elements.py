"""Elements as selectors see them.

Selectors are cssselect2's; the elements they are tried on are our own, which count what matching costs, since a
hostile selector can take longer than anybody would wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..namespaces import SVG_NS, XLINK_NS, XML_NS
from .tree import Node

MOST_WORK = 100_000
"""Steps that matching may take: about one for each selector that is tried, and each element it looks at."""


class Unusable(Exception):
    """A style sheet that can't be written onto the elements.

    Attributes:
        what: Key of the reason.
        params: What it is about.
    """

    def __init__(self, what: str, **params: str) -> None:
        super().__init__(what)
        self.what = what
        self.params = params


class Work:
    """How much more work may be done."""

    def __init__(self, left: int = MOST_WORK) -> None:
        self.left = left

    def spend(self, steps: int = 1) -> None:
        """Count some.

        Raises:
            Unusable: It is too much.
        """
        self.left -= steps
        if self.left < 0:
            raise Unusable("css.too-complex")


class _Siblings(list["Element"]):
    """Children of one element. Going through them is counted."""

    def __iter__(self) -> Iterator[Element]:
        for element in super().__iter__():
            element.work.spend()
            yield element

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice) and self:
            super().__getitem__(0).work.spend(len(self))
        return super().__getitem__(at)


class Element:
    """An element as cssselect2's selectors see it: both its wrapper and its ``etree_element``."""

    __slots__ = tuple("_attrib classes etree_children etree_siblings index node parent previous work".split())

    in_html_document = False

    def __init__(self, node: Node, parent: Element | None, siblings: _Siblings, work: Work) -> None:
        self.node = node
        self.parent = parent
        self.work = work
        self.etree_siblings = siblings
        self.etree_children = _Siblings()
        self.index = len(siblings)
        self.previous: Element | None = siblings[-1] if siblings else None
        self.classes = frozenset(node.attributes.get("class", "").split())
        self._attrib: dict[str, str] | None = None
        siblings.append(self)

    @property
    def etree_element(self) -> Element:
        """Itself: it has what is asked of an element of the standard library's."""
        return self

    @property
    def tag(self) -> str:
        """The name with its namespace."""
        return self.node.name if self.node.name.startswith("{") else f"{{{SVG_NS}}}{self.node.name}"

    @property
    def local_name(self) -> str:
        """The name without its namespace."""
        return self.node.name.rpartition("}")[2]

    @property
    def namespace_url(self) -> str:
        """The namespace."""
        return self.tag[1:].partition("}")[0]

    @property
    def text(self) -> str:
        """The text directly in it."""
        return self.node.text

    @property
    def id(self) -> str | None:
        """The id."""
        return self.node.attributes.get("id")

    @property
    def attrib(self) -> dict[str, str]:
        """The attributes, by names with namespaces."""
        if self._attrib is None:
            self._attrib = {_qualified(name): value for name, value in self.node.attributes.items()}
        return self._attrib

    def get(self, name: str, default: str | None = None) -> str | None:
        """An attribute."""
        return self.attrib.get(name, default)

    @property
    def lang(self) -> str:
        """Its language, in lower case."""
        for element in (self, *self.ancestors):
            if "xml:lang" in element.node.attributes:
                return element.node.attributes["xml:lang"].lower()
        return ""

    @property
    def ancestors(self) -> Iterator[Element]:
        """The elements around it."""
        element = self.parent
        while element is not None:
            self.work.spend()
            yield element
            element = element.parent

    @property
    def previous_siblings(self) -> Iterator[Element]:
        """The elements before it that have the same parent."""
        element = self.previous
        while element is not None:
            self.work.spend()
            yield element
            element = element.previous

    def iter_siblings(self) -> Iterator[Element]:
        """It and all that have the same parent."""
        return iter(self.etree_siblings)

    def iter_next_siblings(self) -> Iterator[Element]:
        """The elements behind it that have the same parent."""
        return iter(self.etree_siblings[self.index + 1 :])

    def iter_children(self) -> Iterator[Element]:
        """The child elements."""
        return iter(self.etree_children)

    def iter_subtree(self) -> Iterator[Element]:
        """It and all below it."""
        stack = [self]
        while stack:
            element = stack.pop()
            self.work.spend()
            yield element
            stack.extend(reversed(element.etree_children))


def _qualified(name: str) -> str:
    prefix, colon, local = name.partition(":")
    namespace = {"xlink": XLINK_NS, "xml": XML_NS}.get(prefix) if colon else None
    return f"{{{namespace}}}{local}" if namespace else name


def elements(root: Node, work: Work) -> Iterator[Element]:
    """All elements of a tree as selectors see them, in document order; complete before the first is given out."""
    made = {id(root): Element(root, None, _Siblings(), work)}
    for node in root.walk():
        if node.parent is not None and node is not root:
            parent = made[id(node.parent)]
            made[id(node)] = Element(node, parent, parent.etree_children, work)
    return iter(made.values())
