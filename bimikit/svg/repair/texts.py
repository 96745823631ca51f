"""Texts that the profile doesn't allow as they are written, but that it can express: parts become texts."""

from __future__ import annotations

from collections.abc import Iterator

from ..profile import CONDITIONS, FONT_SIZE, PROPERTIES, TEXTS
from .computed import Sharing
from .job import Job
from .letters import PLACES, SPANS, Letter, NotFollowed, TooLong, letters_of
from .removal import ids, referenced, remove_all
from .shapes import written
from .text_paints import TextPaints
from .text_styles import IDLE, NEUTRAL, OWN, Computed, is_neutral, lasting, word
from .tree import Node

MOST_LETTERS = 2_000
"""Characters of all texts together that are looked at one by one; a logo has a few."""
_PART = PROPERTIES.keys() - {"vector-effect", "solid-color", "solid-opacity", "stop-color", "stop-opacity"}
"""What parts of a text may say about their letters."""
_COPIED = PROPERTIES.keys() | CONDITIONS.keys() | {"transform", "class", "xml:lang"}
"""What each of the texts that stand for one may carry as well as a group around them."""
_RELATIVE = frozenset({"larger", "smaller", "bolder", "lighter"})
_PLACED = frozenset({*PLACES, "xml:space"})
_LINK = frozenset({"href", "xlink:href", "target", "xlink:title", "xlink:show", "xlink:type"})
_BY_OTHERS = frozenset({"class", "id", "xml:id"})


class Legality:
    """Which texts of a drawing the profile allows, as far as no step but those for texts can make them legal."""

    def __init__(self) -> None:
        self._effects = {name: lasting(name, neutral) for name, neutral in NEUTRAL.items() if name not in OWN}

    def of(self, text: Node) -> bool:
        """Whether the profile allows a text."""
        return not text.elements and self.but_for_parts(text) and not any(name in text.attributes for name in _MOVES)

    def but_for_parts(self, text: Node) -> bool:
        """Whether the profile allows a text, if it weren't for its parts and where they are."""
        plain = not any(name in text.attributes for name in _ELSEWHERE)
        return plain and not any(effect.on(text) for effect in self._effects.values())


_MOVES = ("dx", "dy")
_ELSEWHERE = OWN | {"textLength", "lengthAdjust"}


def simplify_texts(job: Job) -> None:
    """Texts in parts become plain texts where those are drawn in the same way; empty ones go.

    Texts that are about to become outlines are left alone.
    """
    texts = [node for node in job.root.walk() if node.name in TEXTS]
    if not texts:
        return
    _drop_neutral(job)
    legality = Legality()
    texts = [text for text in texts if not legality.of(text)]
    _drop_empty(job, texts)
    if job.allows("text") and job.wishes.fonts:
        return  # those that can't be outlined are simplified then
    simplifying = Simplifying(job)
    for text in texts:
        simplifying.run(text)


def _drop_neutral(job: Job) -> None:
    """Drop properties of texts that the profile lacks where they do nothing."""
    within: set[Node] = set()
    inherited: dict[str, Computed[str]] = {
        name: lasting(name, neutral) for name, neutral in NEUTRAL.items() if name not in OWN
    }
    for node in job.root.walk():
        if node.name in TEXTS or node.parent in within:
            within.add(node)
        names = [name for name in node.attributes if name in IDLE or _does_nothing(node, name, inherited, within)]
        if names and job.may_touch(node):
            for name in names:
                del node.attributes[name]
            job.did("text.neutral", node, names[0], names=", ".join(names))


def _does_nothing(node: Node, name: str, inherited: dict[str, Computed[str]], within: set[Node]) -> bool:
    value = node.attributes[name]
    if name in OWN:
        return is_neutral(value, NEUTRAL[name])
    if name in NEUTRAL:
        around = node.parent is not None and inherited[name].on(node.parent)
        return not around and is_neutral(value, NEUTRAL[name])
    if name == "lengthAdjust":
        return "textLength" not in node.attributes
    if name in ("dx", "dy") and node in within:
        return all(is_neutral(part, frozenset("0")) for part in value.replace(",", " ").split())
    return False


def _drop_empty(job: Job, texts: list[Node]) -> None:
    """Take those out that have no letter."""
    needed = referenced(job.root)
    gone = []
    for text in texts:
        if any(name in needed for name in ids(text)) or not job.may_touch(text):
            continue
        if any(node.name not in SPANS for node in text.walk() if node is not text):
            continue
        if any(not piece.isspace() for node in text.walk() for piece in node.children if isinstance(piece, str)):
            continue
        job.did("text.empty", text)
        gone.append(text)
    remove_all(gone)


class Simplifying:
    """Writes texts in parts as plain texts."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._left = MOST_LETTERS
        self._paints = TextPaints(job.root)
        self._shared = Sharing(job.root).shared
        self._needed = referenced(job.root)
        self._legality = Legality()
        self._anchors = word("text-anchor", "start")
        self._directions = word("direction", "ltr")

    def run(self, text: Node) -> None:
        """Write one text in plain texts, if these are drawn in the same way."""
        if text.name != "text" or text.parent is None or not self.job.may_touch(text):
            return
        if not self._legality.but_for_parts(text):
            return
        if not all(self._is_plain(node) for node in text.walk() if node is not text):
            return
        try:
            letters = letters_of(text, self._left)
        except (NotFollowed, TooLong):
            return
        self._left -= len(letters)
        if not letters or not _settle(letters):
            return
        parts = list(_parts(text, letters))
        if any(part[0].x is None for part in parts):
            return
        if len(parts) > 1 and any(self._paints.depend_on_box(letter.owner) for letter in letters):
            return
        seen = [part for part in parts if any(letter.sign != " " for letter in part)]
        result = self._assembled(text, [self._plain_text(text, part) for part in seen])
        if result:
            text.replace(*result)
            self.job.did("text.simplified", result[0], count=len(seen))

    def _is_plain(self, node: Node) -> bool:
        """Whether a part of a text has nothing that a text in its place couldn't have, or that isn't followed."""
        if node.name not in SPANS or any(name in self._needed for name in ids(node)):
            return False
        for name, value in node.attributes.items():
            if name in _PLACED or name in _BY_OTHERS or (node.name == "a" and name in _LINK):
                continue
            if name not in _PART or value.strip() in _RELATIVE:
                return False
            if name == "font-size" and not FONT_SIZE.fine([value]):
                return False
        return True

    def _plain_text(self, text: Node, part: list[Letter]) -> Node:
        owner = part[0].owner
        signs = "".join(letter.sign for letter in part)
        if self._anchors.on(owner) == "start" and self._directions.on(owner) == "ltr":
            signs = signs.rstrip(" ")
        attributes = _style(text, owner)
        attributes["x"] = " ".join(written(letter.x, 4) for letter in part[: len(signs)] if letter.x is not None)
        attributes["y"] = written(part[0].y or 0.0, 4)
        turns = [written(letter.rotate, 4) for letter in part]
        if turns != ["0"] * len(turns):
            attributes["rotate"] = turns[0] if len(set(turns)) == 1 else " ".join(turns)
        if signs != " ".join(piece for piece in signs.split(" ") if piece):
            attributes["xml:space"] = "preserve"
        made = Node("text", attributes, text.source)
        made.append(signs)
        return made

    def _assembled(self, text: Node, made: list[Node]) -> list[Node]:
        """What stands for a text: other texts, in a group where they need one; nothing where they can't have it."""
        own = {name: value for name, value in text.attributes.items() if name not in _PLACED}
        if len(made) > 1 and not own.keys() <= _COPIED:
            if text.parent is not None and text.parent.name in ("clipPath", "switch"):
                return []
            group = Node("g", own, text.source)
            for one in made:
                group.append(one)
            return [group]
        if len(made) > 1 and text.parent is not None and text.parent.name == "switch":
            return []
        for one in made:
            one.attributes = {**own, **one.attributes}
        return made


def _settle(letters: list[Letter]) -> bool:
    """Give letters their absolute places where these are known, without moves; whether all of them are."""
    y = 0.0
    after_place = False
    for letter in letters:
        if letter.x is None and (letter.y is not None or letter.dx or letter.dy):
            return False
        if letter.x is not None:
            y = (y if letter.y is None else letter.y) + letter.dy
            letter.x, letter.y = letter.x + letter.dx, y
        letter.dx = letter.dy = 0.0
        after_place = after_place or letter.x is not None
    return after_place


def _style(text: Node, owner: Node) -> dict[str, str]:
    """What an element says about its letters, other than the text itself."""
    style: dict[str, str] = {}
    for around in (owner, *owner.ancestors()):
        if around is text:
            break
        style = {
            name: value for name, value in around.attributes.items() if name in _PART and value.strip() != "inherit"
        } | style
    return style


def _parts(text: Node, letters: list[Letter]) -> Iterator[list[Letter]]:
    """Letters that one text can have: of one style, and placed from the first on."""
    styles: dict[Node, dict[str, str]] = {}
    part: list[Letter] = []
    for letter in letters:
        if letter.owner not in styles:
            styles[letter.owner] = _style(text, letter.owner)
        if part:
            before = part[-1]
            restyled = styles[before.owner] != styles[letter.owner]
            replaced = letter.x is not None and (before.x is None or letter.y != before.y)
            if restyled or replaced:
                yield part
                part = []
        part.append(letter)
    if part:
        yield part
