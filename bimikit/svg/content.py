"""What the profile's prose and common sense ask of the root, the title and the description."""

from __future__ import annotations

import math
import re
import unicodedata

from ..engine import Fault, quote
from ..lazy import lazy_regex
from .document import Document
from .grammar import Faults, Survey
from .lexis import BLANK
from .numbers import read_view_box
from .place import Place
from .profile import CONSTRAINED, collapse

TITLE_LIMIT = 64
"""Characters (draft, 2.1)."""
SIZE_LIMIT = 32_768
"""Bytes of the inflated document (draft, 2.4: 32 kilobytes)."""
GMAIL_PIXELS = 96
SQUARE_TOLERANCE = 0.001
"""Editors round: sides that differ by less than a thousandth are square to every eye."""


def nodes_named(document: Document, name: str) -> list[int]:
    """The elements of that name."""
    names = document.names
    count = names.count(name)
    if not count:
        return []
    first = names.index(name)
    return [first] if count == 1 else [node for node in range(first, len(names)) if names[node] == name]


def children_named(document: Document, name: str) -> list[int]:
    """The root's children of that name."""
    return [node for node in nodes_named(document, name) if document.parents[node] == 0]


def may_go_on(document: Document, node: int) -> bool:
    """Whether an element was still open when the reading had to stop, so that its content isn't known."""
    return not document.finished and node == len(document.names) - 1


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen or read aloud."""
    if text.isprintable() and text.strip():
        return False
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


_IDENTIFYING = (
    ("version", "1.2", "svg.version-missing"),
    ("baseProfile", "tiny-ps", "svg.base-profile-missing"),
)
"""Root attributes by which the profile is recognised, their only value, and what it is when one isn't there."""


def root(found: Survey) -> Faults:
    """Required attributes, those that should stay away, and the viewBox."""
    attributes = found.document.attributes[0]
    for name, right, rule in _IDENTIFYING:
        value = attributes.get(name)
        if value is None:
            yield Fault(rule, Place(0))
        elif value != right and collapse(value) == right:
            yield Fault("svg.value-spaces", Place(0, name), name, {"attribute": name})
    for name in sorted(CONSTRAINED.keys() & attributes.keys()):
        value = CONSTRAINED[name]
        if collapse(attributes[name]) == value:
            yield Fault("svg.constrained-attribute", Place(0, name), name, {"attribute": name, "value": value})
    box = attributes.get("viewBox")
    if box is None:
        yield Fault("svg.viewbox-missing", Place(0))
    else:
        numbers = read_view_box(box)
        if numbers is not None and not _square(numbers[2], numbers[3]):
            yield Fault("svg.viewbox-not-square", Place(0, "viewBox"), "", _sides(numbers[2], numbers[3]))
    width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
    if width != height and width and height and not _square(width, height):
        yield Fault("svg.size-not-square", Place(0, "width"), "", _sides(width, height))


def _square(width: float, height: float) -> bool:
    return math.isclose(width, height, rel_tol=SQUARE_TOLERANCE)


def _sides(width: float, height: float) -> dict[str, str]:
    return {"width": f"{width:g}", "height": f"{height:g}"}


_PIXELS = lazy_regex(r"[ \t\r\n]*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:px)?[ \t\r\n]*", "fullmatch", flags=re.IGNORECASE)


def pixels(value: str | None) -> float | None:
    """A width or height in px; None where it is missing or in another unit."""
    if value is None:
        return None
    if value.isdecimal() and value.isascii():
        return float(value)
    found = _PIXELS(value)
    return float(found[1]) if found else None


def title(found: Survey) -> Faults:
    """Exactly one title, first, and one that says something."""
    document = found.document
    titles = children_named(document, "title")
    if not titles:
        if document.finished or len(document.names) > 1:
            elsewhere = "title" in document.names
            yield Fault("svg.title-missing", Place(0), "", {"elsewhere": "@title.elsewhere" if elsewhere else ""})
        return
    if titles[0] != 1:
        before = quote(document.qnames[1])
        yield Fault("svg.title-not-first", Place(titles[0]), "", {"before": before})
    for extra in titles[1:]:
        yield Fault("svg.title-repeated", Place(extra))
    text = document.text(titles[0])
    if is_blank(text):
        if not may_go_on(document, titles[0]):
            yield Fault("svg.title-empty", Place(titles[0]))
        return
    shown = collapse(text)
    if len(shown) > TITLE_LIMIT:
        yield Fault("svg.title-long", Place(titles[0]), "", {"length": len(shown), "limit": TITLE_LIMIT})
    lower = shown.lower()
    if lower in _PLACEHOLDER_WORDS or (
        (lower.startswith(_PLACEHOLDER_STARTS) or lower.endswith(_PLACEHOLDER_ENDS)) and _PLACEHOLDER(lower)
    ):
        yield Fault("svg.title-placeholder", Place(titles[0]), "", {"title": quote(shown)})


_PLACEHOLDER = lazy_regex(
    r"(?:.*\.(?:svgz?|ai|eps|pdf|png)|bimi[-_ ]?svg[-_ ]?tiny.*|(?:layer|artboard|group|page|frame|untitled|"
    r"レイヤー|アートボード|名称未設定|ページ|フレーム|グループ)[-_ ]?[0-9０-９]*)",
    "fullmatch",
)
_PLACEHOLDER_STARTS = tuple(
    "bimi layer artboard group page frame untitled レイヤー アートボード 名称未設定 ページ フレーム グループ".split()
)
_PLACEHOLDER_ENDS = (".svg", ".svgz", ".ai", ".eps", ".pdf", ".png")
"""What the pattern is only tried on: a look for fixed words is many times faster."""
_PLACEHOLDER_WORDS = frozenset(
    {
        "bimi", "bimi logo", "company", "company name", "drawing", "example", "icon", "image", "logo", "my company",
        "svg", "test", "title", "untitled", "your brand", "your company", "your company name", "ロゴ", "タイトル",
        "無題", "会社名", "テスト",
    }
)  # fmt: skip


def description(found: Survey) -> Faults:
    """A description, where there is one, is not empty."""
    document = found.document
    for node in nodes_named(document, "desc"):
        if found.specs[node] is None or may_go_on(document, node):
            continue
        if is_blank(document.text(node)):
            yield Fault("svg.desc-empty", Place(node))


def size(byte_count: int) -> Faults:
    """Not over 32 kilobytes, inflated."""
    if byte_count > SIZE_LIMIT:
        yield Fault("svg.file-size", None, "", {"size": byte_count, "limit": SIZE_LIMIT})


_GMAIL_ELEMENTS = (
    ("g", "receiver.gmail.groups"),
    ("text", "receiver.gmail.text"),
    ("textArea", "receiver.gmail.text"),
)


def gmail(found: Survey) -> Faults:
    """What Gmail's pages advise on the root, and on text, groups and the description."""
    document = found.document
    attributes = document.attributes[0]
    missing = [name for name in ("width", "height") if name not in attributes]
    if missing:
        yield Fault("receiver.gmail.size-missing", Place(0), "", {"missing": " / ".join(missing)})
    for name in ("width", "height"):
        value = attributes.get(name)
        if value is None:
            continue
        number = pixels(value)
        if number is not None and number >= GMAIL_PIXELS:
            continue
        place, params = Place(0, name), {"attribute": name, "value": quote(value)}
        if value.strip(BLANK).endswith("%"):
            yield Fault("receiver.gmail.percent-size", place, "", params)
        elif number is None:
            yield Fault("receiver.gmail.size-unit", place, "", params)
        else:
            yield Fault("receiver.gmail.size-small", place, "", {**params, "least": GMAIL_PIXELS})
    if "desc" not in document.names and document.finished:
        yield Fault("receiver.gmail.desc-missing", Place(0))
    for name, rule in _GMAIL_ELEMENTS:
        for node in nodes_named(document, name):
            yield Fault(rule, Place(node))
