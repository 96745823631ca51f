"""SVG files: whatever they hold, `check_svg` answers, in bounded time, and points at what is there."""

from __future__ import annotations

import gzip
import re
import time
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random

from bimikit.engine import CRASHED
from bimikit.findings import Finding, Location, Report
from bimikit.locale import LANGUAGES
from bimikit.svg.check import check_svg, decode
from tools import seeds as odd
from tools.fuzzing.engine import Broken, Mutation, Target, change_byte, cut, repeat, truncate
from tools.mutants import builtin_seeds, mutants
from tools.pairs import systematic
from tools.stretched import STRETCHED
from tools.text_mutations import encode

AT = datetime(2026, 1, 1, tzinfo=UTC)
SLOWEST = 3.0
"""Seconds of processor time for one file on a slow machine, with coverage; what gets out of hand takes far longer."""
SAMPLED = 64
"""One file in so many is judged twice, and its report written and read back."""
STRETCHED_TO = 1_000_000
"""Bytes: what is quadratic shows, and what is linear stays below the limit by far."""


def one(data: bytes) -> Report:
    """Judge a file, and look whether everything holds that must.

    Args:
        data: Any bytes at all.

    Returns:
        The report.

    Raises:
        Broken: It doesn't hold.
    """
    started = time.process_time()
    report = check_svg(data, at=AT)
    took = time.process_time() - started
    if took > SLOWEST:
        raise Broken(f"took {took:.1f} s")
    starts: list[int] = []
    text = ""
    for finding in report.findings:
        if finding.rule == CRASHED:
            raise Broken(f"the check {finding.params['check']} crashed: {finding.params['problem']}")
        _has_words(finding)
        for place in finding.locations:
            if place.line is None:
                continue
            if not starts:
                text = decode(data)
                starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
            _is_there(text, starts, finding.rule, place)
    if zlib.crc32(data) % SAMPLED == 0:
        if check_svg(data, at=AT) != report:
            raise Broken("a second run differs")
        for lang in LANGUAGES:
            if Report.from_json(report.to_json(lang).encode()) != report:
                raise Broken("the report can't be written and read back")
    return report


_LINE_END = re.compile(r"\r\n?|\n")
_worded: set[tuple[str, tuple[str, ...]]] = set()


def _has_words(finding: Finding) -> None:
    """The catalogue's texts fit the finding's parameters; looked at once for each set of them."""
    key = (finding.rule, tuple(finding.params))
    if key in _worded:
        return
    for lang in LANGUAGES:
        finding.wording(lang)
    _worded.add(key)


def _is_there(text: str, starts: Sequence[int], rule: str, place: Location) -> None:
    """A location is within the text, and what stands there is what it names."""

    def broken(what: str) -> Broken:
        return Broken(f"{what}: {rule} at {place}")

    line, column, length = place.line or 0, place.column or 0, place.length or 0
    if not 1 <= line <= len(starts):
        raise broken("no such line")
    offset = starts[line - 1] + column - 1
    end = starts[line] if line < len(starts) else len(text) + 1
    if column < 1 or offset >= end:
        raise broken("no such column")
    if length < 1 or offset + length > len(text) + 1:
        raise broken(f"{length} characters don't fit")
    if place.attribute is not None:
        if not text.startswith(place.attribute, offset):
            tag = text.rfind("<", 0, offset)
            if tag < 0 or not re.search(rf"\s{re.escape(place.attribute)}\s*=", text[tag:offset]):
                raise broken("that isn't the attribute")
    elif place.element is not None and rule not in _INSIDE_ELEMENTS:
        name = place.element.rpartition("/")[2].partition("[")[0].rstrip("…")
        if not text.startswith(f"<{name}", offset):
            raise broken("that isn't the element")


_INSIDE_ELEMENTS = frozenset({"svg.text-misplaced"})
"""Rules whose place is what an element holds."""

_SNIPPETS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in dict.fromkeys(
        (
            *(*odd.TEXTS, *odd.PADS, *odd.ODD_VALUES, *odd.DOCTYPES, *odd.DECLARATIONS, *odd.NAMESPACES),
            *(f"<{name}/>" for name in odd.ELEMENT_NAMES),
            *(f"<{name}>" for name in odd.ELEMENT_NAMES),
            *(f"</{name}>" for name in odd.ELEMENT_NAMES),
            *(f' {name}="{odd.VALID.get(name, "1")}"' for name in odd.ATTRIBUTE_NAMES),
            *(
                "<g>" * 60,
                "<use href='#a'/>" * 9,
                "</svg>",
                "<svg>",
                "\r",
                "\r\n",
                "'",
                '"',
                "=",
                "/>",
                ">",
                "<!--",
                "-->",
            ),
        )
    )
)
_VALUES = tuple(
    value.encode("utf-8", "surrogatepass")
    for value in dict.fromkeys(
        (
            *(*odd.ODD_VALUES, *odd.IDS, *odd.LANGUAGES, *odd.ASPECTS, *odd.VALID.values()),
            *(word for words in odd.WORDS.values() for word in words),
            *(
                "M0 0" + "a1 1 0 011 1" * 20,
                "M" + "0 " * 99,
                "1e38",
                "9" * 60,
                "-0",
                "1" + "0" * 40,
                "matrix(1 0 0 1 0 0)",
            ),
            *(
                "url(#a) url(#b)",
                "rgb(" + "1," * 50,
                "rotate(" * 9,
                "hsl(1e9,1%,1%)",
                "rgb(1e9,-1,.)",
                "#" * 9,
                "url(#a",
            ),
        )
    )
)


def insert(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Something from the dictionary, anywhere."""
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_SNIPPETS) + data[at:]


def insert_before_tag(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Something from the dictionary, between tags."""
    at = max(data.find(b"<", random.randrange(len(data))), 0)
    return data[:at] + random.choice(_SNIPPETS) + data[at:]


def insert_attribute(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """An attribute with any value, into some tag."""
    at = _TAG_NAME_END(data, random.randrange(len(data)))
    if at is None:
        return data
    attribute = b' %b="%b"' % (random.choice(_ATTRIBUTES), random.choice(_VALUES))
    return data[: at.end()] + attribute + data[at.end() :]


_TAG_NAME_END = re.compile(rb"<[A-Za-z:]+").search
_ATTRIBUTES = tuple(name.encode() for name in odd.ATTRIBUTE_NAMES)


def change_value(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another value in place of an attribute's, or joined to it."""
    found = _QUOTED(data, random.randrange(len(data)))
    if found is None:
        return data
    value = random.choice(_VALUES)
    keep = random.choice((b"", b"", found[1]))
    return b"%b%b%b%b" % (data[: found.start(1)], keep, value, data[found.end(1) :])


_QUOTED = re.compile(rb"""=["']([^"'<]*)""").search


def change_number(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another number."""
    found = _NUMBER(data, random.randrange(len(data)))
    if found is None:
        return data
    return data[: found.start()] + random.choice(_NUMBERS) + data[found.end() :]


_NUMBER = re.compile(rb"[0-9]+").search
_NUMBERS = (
    b"0",
    b"1",
    b"-1",
    b"1e39",
    b"1e-400",
    b".",
    b"1.",
    b"00",
    b"1e",
    b"9" * 400,
    b"1e999",
    b"0.0000001",
    b"4294967296",
)


def splice(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """The beginning of one file and the end of another, cut at tags."""
    other = random.choice(pool)
    cut_here, cut_there = data.find(b"<", random.randrange(len(data))), other.find(b"<", random.randrange(len(other)))
    return data[:cut_here] + other[cut_there:]


def graft(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """A piece of another file, at a tag."""
    other = random.choice(pool)
    start = other.find(b"<", random.randrange(len(other)))
    at = data.find(b"<", random.randrange(len(data)))
    return data[:at] + other[start : start + random.choice((20, 80, 300))] + data[at:]


def transcode(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another encoding, rightly declared or not."""
    return encode(data.decode("utf-8", "replace"), random)


def compress(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """gzip, whole or damaged."""
    packed = gzip.compress(data, 1, mtime=0)
    return random.choice((packed, packed, packed[:-4], packed + b"x", packed + packed))


MUTATIONS: tuple[tuple[Mutation, int], ...] = (
    (change_byte, 8),
    (cut, 6),
    (truncate, 1),
    (repeat, 4),
    (insert, 6),
    (insert_before_tag, 10),
    (insert_attribute, 14),
    (change_value, 16),
    (change_number, 6),
    (splice, 4),
    (graft, 6),
    (transcode, 2),
    (compress, 1),
)
"""What can be done to a file, and how often it is."""


def _seeds(seed: int) -> list[bytes]:
    builtin = builtin_seeds()
    return [*builtin, *islice(systematic(), seed % 7, None, 40), *mutants(builtin, 400, seed)]


def _signature(data: bytes) -> frozenset[str]:
    return frozenset([finding.rule for finding in one(data).findings])


def too_slow() -> list[str]:
    """What is repeated in long files that take more than time in proportion to their length."""
    told = []
    for stretched in STRETCHED:
        try:
            one(stretched.document(STRETCHED_TO))
        except Broken as problem:
            told.append(f"{problem}: {stretched.head[-60:]!r} and many {stretched.unit!r}")
    return told


TARGETS = (Target("svg", "check_svg on any file", _seeds, _signature, MUTATIONS),)
