"""Texts, read letter by letter: which letters are drawn, and where each is told to be."""

from __future__ import annotations

from collections.abc import Iterator

from ..numbers import to_float
from .lengths import split_list
from .tree import Node

SPANS = frozenset({"tspan", "a"})
"""Elements in a text whose letters are the text's."""
_SILENT = frozenset({"title", "desc", "metadata"})
"""Elements in a text that draw nothing."""
PLACES = ("x", "y", "dx", "dy", "rotate")
"""Attributes of a text and its parts that place letters."""
_REACH = 1e6
"""No coordinate of a logo is larger."""
_BLANKS = " \t\r\n"


class NotFollowed(Exception):
    """A text uses something that isn't followed; carries its name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Letter:
    """A character of a text.

    Attributes:
        owner: The element it stands in directly.
        sign: The character.
        x: Where it is told to be; None for after the letter before.
        y: The same downwards; None for as high as the letter before.
        dx: What it is moved by.
        dy: The same downwards.
        rotate: Degrees it is turned by.
    """

    __slots__ = ("dx", "dy", "owner", "rotate", "sign", "x", "y")

    def __init__(self, owner: Node, sign: str) -> None:
        self.owner = owner
        self.sign = sign
        self.x: float | None = None
        self.y: float | None = None
        self.dx = self.dy = self.rotate = 0.0


class TooLong(Exception):
    """A text has more letters than may be read."""


def letters_of(text: Node, most: int) -> list[Letter]:
    """The letters of a text in order, blanks collapsed as ``xml:space`` says, each with its place.

    The first letter has an x and a y.

    Args:
        text: The text.
        most: How many letters may be read.

    Raises:
        NotFollowed: The text has something in it, or in one of the attributes that place letters, that isn't followed.
        TooLong: It has more letters.
    """
    letters: list[Letter] = []
    ranges: list[tuple[Node, int, int]] = []
    open_at: list[int] = []
    collapsible = False
    preserved = {text: _is_preserved(text)}
    for event, owner, signs in _events(text):
        if event == "open":
            if owner is not text:
                assert owner.parent is not None  # noqa: S101
                own = owner.attributes.get("xml:space", "").strip()
                preserved[owner] = own == "preserve" if own else preserved[owner.parent]
            open_at.append(len(ranges))
            ranges.append((owner, len(letters), 0))
        elif event == "close":
            at = open_at.pop()
            ranges[at] = (owner, ranges[at][1], len(letters))
        for sign in signs:
            plain = " " if sign in _BLANKS else sign
            if plain == " " and not preserved[owner] and (not letters or letters[-1].sign == " "):
                continue
            if len(letters) == most:
                raise TooLong
            letters.append(Letter(owner, plain))
            collapsible = plain == " " and not preserved[owner]
    if collapsible:
        letters.pop()
    for owner, start, end in ranges:
        if any(name in owner.attributes for name in PLACES):
            _place(owner, letters[start:end])
    if letters:
        letters[0].x = 0.0 if letters[0].x is None else letters[0].x
        letters[0].y = 0.0 if letters[0].y is None else letters[0].y
    return letters


def _events(text: Node) -> Iterator[tuple[str, Node, str]]:
    """The elements of a text as they open and close, and the pieces of text in between."""
    stack: list[tuple[str, Node, str]] = [("open", text, "")]
    while stack:
        event, owner, signs = stack.pop()
        if event == "open":
            if owner.attributes.get("display", "").strip() == "none":
                continue
            stack.append(("close", owner, ""))
            for child in reversed(owner.children):
                if isinstance(child, str):
                    stack.append(("text", owner, child))
                elif child.name in SPANS:
                    stack.append(("open", child, ""))
                elif child.name not in _SILENT and not child.name.startswith("{"):
                    raise NotFollowed(child.name)
        yield event, owner, signs


def _is_preserved(node: Node) -> bool:
    for around in (node, *node.ancestors()):
        if "xml:space" in around.attributes:
            return around.attributes["xml:space"].strip() == "preserve"
    return False


def _place(owner: Node, letters: list[Letter]) -> None:
    for name in PLACES:
        text = owner.attributes.get(name, "").strip()
        if not text:
            continue
        numbers = _numbers(name, text)
        for letter, number in zip(letters, numbers, strict=False):
            setattr(letter, name, number)
        if name == "rotate":
            for letter in letters[len(numbers) :]:
                letter.rotate = numbers[-1]


def _numbers(name: str, text: str) -> list[float]:
    numbers = []
    for part in split_list(text):
        number = to_float(part.removesuffix("px"))
        if number is None or abs(number) > _REACH:
            raise NotFollowed(name)
        numbers.append(number)
    return numbers


def chunks_of(letters: list[Letter]) -> list[list[Letter]]:
    """Letters in pieces, each of which begins at a place of its own."""
    chunks: list[list[Letter]] = []
    for letter in letters:
        if not chunks or letter.x is not None or letter.y is not None:
            chunks.append([])
        chunks[-1].append(letter)
    return chunks
