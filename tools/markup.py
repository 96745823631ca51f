"""Documents taken apart into elements whose pieces stay raw markup, so that anything can be written into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 100
"""Levels of elements; trees are walked by recursion."""


@dataclass(slots=True)
class Node:
    """An element: its name, attributes and content, all as they are written."""

    name: str
    attributes: list[tuple[str, str]] = field(default_factory=list)
    inside: list[Node | str] = field(default_factory=list)

    def __str__(self) -> str:
        tag = self.name + "".join(f' {name}="{value}"' for name, value in self.attributes)
        return f"<{tag}>{''.join(map(str, self.inside))}</{self.name}>" if self.inside else f"<{tag}/>"

    def walk(self) -> Iterator[Node]:
        """This element and all elements in it, in document order."""
        yield self
        for child in self.inside:
            if isinstance(child, Node):
                yield from child.walk()


@dataclass(slots=True)
class Tree:
    """A document: what stands before its root, the root, and what stands after it."""

    before: list[str]
    root: Node
    after: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "".join((*self.before, str(self.root), *self.after))

    def nodes(self) -> list[Node]:
        """All elements."""
        return list(self.root.walk())


_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[?].*?[?]>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<[^>]*>|[^<]+", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""([^\s=/<>]+)\s*=\s*("[^"]*"|'[^']*')""")


def take_apart(text: str) -> Tree:
    """Read a well-formed document without ``>`` in its attributes, which seeds are.

    Raises:
        ValueError: It is nested too deeply, or has no root.
        IndexError: It isn't well formed.
    """
    top = Node("")
    stack = [top]
    for token in _TOKEN.findall(text):
        if not token.startswith("<") or token.startswith(("<!", "<?")):
            stack[-1].inside.append(token)
        elif token.startswith("</"):
            stack.pop()
        else:
            name = re.split(r"[\s/>]", token[1:], maxsplit=1)[0]
            node = Node(name, [(key, value[1:-1].replace('"', "&quot;")) for key, value in _ATTRIBUTE.findall(token)])
            stack[-1].inside.append(node)
            if not token.endswith("/>"):
                stack.append(node)
            if len(stack) > DEEPEST:
                raise ValueError(f"more than {DEEPEST} levels")
    for index, piece in enumerate(top.inside):
        if isinstance(piece, Node):
            return Tree(list(map(str, top.inside[:index])), piece, list(map(str, top.inside[index + 1 :])))
    raise ValueError("no root")
