"""The tag-list: ``name = value`` parts between semicolons (RFC 6376, 3.2), on which DMARC and BIMI records are built.

Nothing is repaired and nothing is lost: every part keeps its place in the text, and what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

LONGEST_TEXT = 10_000
"""Characters of a record that are read; published ones have a few hundred."""
MOST_TAGS = 200

_WSP = " \t"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VALUE = re.compile(r"[ -:<-~]*")  # printable ASCII without the semicolon (RFC 9989, 4.8)
_DKIM_VALUE = re.compile(r"[\t -:<-~]*")  # with white space inside (RFC 6376, 3.2)


class Span(msgspec.Struct, frozen=True, gc=False):
    """A piece of a text: where it begins (from 0), and what it says."""

    start: int
    text: str


class Tag(msgspec.Struct, frozen=True, gc=False):
    """One tag.

    Attributes:
        name: Its name as written; case counts.
        value: Its value without surrounding white space.
        part: The whole part from the name's first to the value's last character.
    """

    name: Span
    value: Span
    part: Span


class Flaw(msgspec.Struct, frozen=True, gc=False):
    """A part that is no tag, or a tag that may not be there.

    Attributes:
        kind: ``"empty"``, ``"no-equals"``, ``"name"``, ``"value"``, ``"duplicate"`` or ``"too-long"``.
        part: Where.
    """

    kind: str
    part: Span


class TagList(msgspec.Struct, frozen=True, gc=False):
    """A text taken apart.

    Attributes:
        text: The text, unchanged.
        tags: In order; a duplicate is among them.
        flaws: In order.
    """

    text: str
    tags: tuple[Tag, ...]
    flaws: tuple[Flaw, ...]

    def get(self, name: str) -> Tag | None:
        """The first tag of that name."""
        for tag in self.tags:
            if tag.name.text == name:
                return tag
        return None

    def has(self, kind: str) -> bool:
        """Whether a flaw of that kind was found."""
        return bool(self.flaws) and any(flaw.kind == kind for flaw in self.flaws)

    @property
    def is_version_alone(self) -> bool:
        """Whether nothing follows the version, as where a zone file takes all after an unquoted ``;`` for a comment."""
        return [tag.name.text.lower() for tag in self.tags] == ["v"] and not self.flaws

    def __str__(self) -> str:
        """The tags written plainly; reading that gives the same names and values."""
        return "; ".join(f"{tag.name.text}={tag.value.text}" for tag in self.tags)


def parse_tags(text: str, *, dkim: bool = False) -> TagList:
    """Take a tag-list apart; never raises.

    Args:
        text: The text.
        dkim: Whether a value may have tabs inside, as DKIM's own syntax has it.

    Source: RFC 6376, section 3.2; RFC 9989, section 4.8.
    """
    tags: list[Tag] = []
    flaws: list[Flaw] = []
    seen: set[str] = set()
    if len(text) > LONGEST_TEXT:
        flaws.append(Flaw("too-long", Span(LONGEST_TEXT, "")))
    pieces = list(_pieces(text[:LONGEST_TEXT]))
    for number, part in enumerate(pieces):
        if not part.text:
            if number < len(pieces) - 1 or len(pieces) == 1:
                flaws.append(Flaw("empty", part))
            continue
        if len(tags) + len(flaws) >= MOST_TAGS:
            flaws.append(Flaw("too-long", part))
            break
        tag = _tag(part, _DKIM_VALUE if dkim else _VALUE)
        if isinstance(tag, Flaw):
            flaws.append(tag)
            continue
        if tag.name.text in seen:
            flaws.append(Flaw("duplicate", part))
        seen.add(tag.name.text)
        tags.append(tag)
    return TagList(text, tuple(tags), tuple(flaws))


def _pieces(text: str) -> Iterator[Span]:
    start = 0
    for piece in text.split(";"):
        yield _trimmed(start, piece)
        start += len(piece) + 1


def _trimmed(start: int, piece: str) -> Span:
    body = piece.lstrip(_WSP)
    return Span(start + len(piece) - len(body), body.rstrip(_WSP))


def _tag(part: Span, form: re.Pattern[str]) -> Tag | Flaw:
    before, equals, after = part.text.partition("=")
    if not equals:
        return Flaw("no-equals", part)
    name = Span(part.start, before.rstrip(_WSP))
    value = _trimmed(part.start + len(before) + 1, after)
    if not _NAME.fullmatch(name.text):
        return Flaw("name", part)
    if not form.fullmatch(value.text):
        return Flaw("value", part)
    return Tag(name, value, part)
