"""Inherited values of all elements at once, and what is drawn through a ``use``: each in one walk over the tree."""

from __future__ import annotations

from urllib.parse import unquote

from ..profile import GRADIENTS
from .job import INITIAL, by_id
from .tree import Node

NOT_PAINTED = GRADIENTS | {"stop", "solidColor", "title", "desc", "metadata", "style", "filter"}
"""Elements on which a fill or stroke means nothing."""


def computed(root: Node, name: str) -> dict[Node, str]:
    """The value of an inherited property on each element, its own or that of the nearest element around it."""
    values: dict[Node, str] = {}
    for node in root.walk():
        value = node.attributes.get(name, "inherit").strip()
        if value == "inherit":
            value = INITIAL[name] if node.parent is None else values[node.parent]
        values[node] = value
    return values


def around(values: dict[Node, str], node: Node, name: str) -> str:
    """What an element would inherit."""
    return INITIAL[name] if node.parent is None else values[node.parent]


def target_of(known: dict[str, Node], address: str) -> Node | None:
    """The element that a ``#fragment`` names, percent-encoded or not."""
    if not address.startswith("#"):
        return None
    fragment = address[1:]
    return known.get(fragment) or (known.get(unquote(fragment)) if "%" in fragment else None)


class Sharing:
    """Elements that are drawn in several places, where they inherit different things.

    Attributes:
        uses: Every ``use`` that draws something.
        shared: Elements that one of them draws.
        touched: All of these and the elements around them.
    """

    def __init__(self, root: Node) -> None:
        nodes = list(root.walk())
        self.uses: list[Node] = []
        self.shared: set[Node] = set()
        self.touched: set[Node] = set()
        if not any(node.name == "use" for node in nodes):
            return
        known = by_id(root)
        for node in nodes:
            if node.name == "use":
                address = node.attributes.get("href") or node.attributes.get("xlink:href", "")
                target = target_of(known, address.strip())
                if target is not None:
                    self.uses.append(node)
                    if target not in self.shared:
                        self.shared.update(target.walk())
        for node in (*self.uses, *self.shared):
            around: Node | None = node
            while around is not None and around not in self.touched:
                self.touched.add(around)
                around = around.parent
