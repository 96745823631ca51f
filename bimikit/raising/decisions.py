"""What was decided about sources, kept in a TOML file that people read, review and put under version control.

An entry for each source of a domain, or of all domains (``"*"``)::

    [[source]]
    domain = "example.com"
    source = "sender:sendgrid"
    choice = "ours"
    note = "newsletter; Ms Sato"
    decided = 2026-11-20
"""

from __future__ import annotations

import difflib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, get_args

from ..aggregate.senders import load_senders
from ..aggregate.sources import By
from ..domains import BadDomain, normal_domain
from ..errors import BimikitError
from ..locale import term, words_of
from .model import Choice, Decision

LARGEST = 2 * 1024 * 1024
"""Bytes of a file: room for ten thousand entries."""
LONGEST = 300
"""Characters of a source's id: the longest domain name, and what stands before it."""
LONGEST_NOTE = 2000
"""Characters of a note."""
EVERYWHERE = "*"
"""Instead of a domain: all of them."""
CHOICES: tuple[Choice, ...] = get_args(Choice)
_BYS: tuple[By, ...] = get_args(By)
_KEYS = ("domain", "source", "choice", "note", "decided")
_NEEDED = ("domain", "source", "choice")
_MOST_DOTS = 30
"""In a key: `tomllib` takes memory by their square."""
_MOST_FAULTS = 20
"""How many faults of a file are told at once."""


class DecisionsError(BimikitError):
    """A decisions file that can't be followed; its text says where, what is wrong, and what to do.

    A file may have several faults: the attributes are about the first, and the text tells all, each on a line of its
    own.

    Attributes:
        name: The file.
        line: Where, from 1; 0 where that isn't known.
        problem: What is wrong: a key of the words without ``file.``.
        others: The other faults.
    """

    def __init__(self, name: str, line: int, problem: str, about: Mapping[str, object] | None = None) -> None:
        self.name, self.line, self.problem = name, line, problem
        self.others: tuple[DecisionsError, ...] = ()
        self._about = dict(about or {})
        super().__init__(self.told())

    def __str__(self) -> str:
        return self.told()

    def told(self, lang: str = "en") -> str:
        """It in words, a line for each fault.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("raising_words", lang)
        about = {
            name: term(str(value), lang) if isinstance(value, BadDomain) else value
            for name, value in self._about.items()
        }
        hint = words["file.did-you-mean"].format(word=about["meant"]) if about.get("meant") else ""
        place = words["file.place" if self.line else "file.whole"].format(file=self.name, line=self.line)
        line = place + words[f"file.{self.problem}"].format_map({**about, "hint": hint})
        return "\n".join([line, *(other.told(lang) for other in self.others)])


class Decisions:
    """What was decided.

    Attributes:
        entries: The entries, in their order.
    """

    def __init__(self, entries: Iterable[Decision] = ()) -> None:
        self.entries = tuple(entries)

    def of(self, domain: str, source: str) -> Decision | None:
        """What was decided about a domain's source; an entry for the domain comes before one for all.

        Args:
            domain: The domain, in its normal form.
            source: The source's id, such as ``"sender:sendgrid"``.
        """
        same = _same(source)
        return self._by_name.get((domain, same)) or self._by_name.get((EVERYWHERE, same))

    def apart(self, domain: str) -> frozenset[tuple[By, str]]:
        """The places that somebody decided about for a domain; see `bimikit.aggregate.sources.sources`."""
        return frozenset(
            by_name(_same(entry.source))
            for entry in self.entries
            if entry.domain in (domain, EVERYWHERE) and entry.choice != "undecided"
        )

    def unmatched(self, seen: Mapping[str, Iterable[str]]) -> tuple[tuple[Decision, str], ...]:
        """Entries about no source that was seen, each with the id that may be meant, or an empty text.

        Args:
            seen: The ids of the sources of each domain.
        """
        known = {domain: {_same(source) for source in sources} for domain, sources in seen.items()}
        found = []
        for entry in self.entries:
            if entry.domain != EVERYWHERE and entry.domain not in known:
                found.append((entry, _close(entry.domain, list(known))))
                continue
            those = set().union(*known.values()) if entry.domain == EVERYWHERE else known[entry.domain]
            if _same(entry.source) not in those:
                found.append((entry, _close(_same(entry.source), sorted(those))))
        return tuple(found)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Decision]:
        return {(entry.domain, _same(entry.source)): entry for entry in self.entries}


def _same(source: str) -> str:
    """An id as it is compared."""
    return source.strip().lower()


def source_id(by: By, name: str) -> str:
    """By which decisions name a source."""
    return f"{by}:{name}"


def by_name(source: str) -> tuple[By, str]:
    """A source's id as its two parts."""
    by, _, name = source.partition(":")
    return by, name  # type: ignore[return-value]  # an id made by `source_id`, or checked


def read_decisions(data: bytes, name: str = "decisions.toml") -> Decisions:
    """Read a decisions file.

    Args:
        data: Its content.
        name: What it is called in errors.

    Raises:
        DecisionsError: It can't be followed.
    """
    if len(data) > LARGEST:
        raise DecisionsError(name, 0, "too-large", {"limit": LARGEST})
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as problem:
        raise DecisionsError(name, data.count(b"\n", 0, problem.start) + 1, "not-utf-8") from None
    lines = _Lines(text)
    table = _table(text, lines, name)
    faults: list[_Fault] = []
    entries = tuple(_entries(table, lines, faults))
    if faults:
        raise _told(name, faults)
    return Decisions(entries)


class _Fault(NamedTuple):
    line: int
    problem: str
    about: Mapping[str, object] = {}


def _told(name: str, faults: Sequence[_Fault]) -> DecisionsError:
    first, *others = [DecisionsError(name, *fault) for fault in faults[:_MOST_FAULTS]]
    if len(faults) > _MOST_FAULTS:
        others.append(DecisionsError(name, 0, "more-faults"))
    first.others = tuple(others)
    return first


# where things stand: TOML's reader doesn't say

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5})?"
    r"|#[^\n]*+"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?",
    re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n]")
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MOST_DOTS + 1}}}")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*source[ \t]*\]\]", re.MULTILINE)


class _Lines:
    """A TOML text with its strings and comments blanked, so that keys and headers are found where they really are."""

    def __init__(self, text: str) -> None:
        self._text = _TOKEN.sub(lambda found: _blanked(found[0]), text)
        self._headers = [found.start() for found in _HEADER.finditer(self._text)]
        self._ends = [found.start() for found in re.finditer("\n", self._text)]

    def deep_key(self) -> int:
        """The line of a key with too many dots; 0 for none."""
        found = _DEEP_KEY.search(self._text)
        return self._line(found.start()) if found else 0

    def of(self, entry: int, key: str = "") -> int:
        """The line of an entry, or of one of its keys; 0 where entries aren't written with a header each."""
        if entry >= len(self._headers):
            return 0
        start, *rest = self._headers[entry : entry + 2]
        end = rest[0] if rest else len(self._text)
        found = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=", re.MULTILINE).search(self._text, start, end)
        return self._line(found.end() if key and found else start)

    def of_key(self, key: str) -> int:
        """The line of a key or table outside entries; 0 where it isn't found."""
        found = re.search(rf"^[ \t\[]*{re.escape(key)}[ \t]*[]=.]", self._text, re.MULTILINE)
        return self._line(found.end()) if found else 0

    def _line(self, place: int) -> int:
        return bisect_right(self._ends, place - 1) + 1


def _blanked(token: str) -> str:
    return _NOT_NEWLINE.sub(" " if token[0] == "#" else "s", token)


def _table(text: str, lines: _Lines, name: str) -> dict[str, Any]:
    if line := lines.deep_key():
        raise DecisionsError(name, line, "deep-key", {"limit": _MOST_DOTS})
    try:
        return tomllib.loads(text)
    except ValueError as problem:  # a number of thousands of digits, too
        found = re.search(r"at line (\d+)", str(problem))
        reason = re.sub(r" \(at .*\)$", "", str(problem))
        raise DecisionsError(name, int(found[1]) if found else 0, "no-toml", {"reason": reason}) from None
    except (RecursionError, MemoryError):
        raise DecisionsError(name, 0, "too-deep") from None


def _entries(table: Mapping[str, Any], lines: _Lines, faults: list[_Fault]) -> Iterator[Decision]:
    """The entries that are as they should be; what is wrong with the others goes to `faults`."""
    for key in table:
        if key != "source" and len(faults) <= _MOST_FAULTS:
            meant = _close(key, ("source",)) or ("source" if key in ("sources", "decision", "decisions") else "")
            faults.append(_Fault(lines.of_key(key), "unknown-table", {"word": repr(key), "meant": meant}))
    found = table.get("source", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        faults.append(_Fault(lines.of_key("source"), "no-tables"))
        return
    seen: dict[tuple[str, str], int] = {}
    for number, one in enumerate(found):
        if len(faults) > _MOST_FAULTS:
            return
        line = lines.of(number)
        wrong = list(islice(_wrong(one), _MOST_FAULTS))
        faults.extend(_Fault(lines.of(number, key), problem, about) for key, problem, about in wrong)
        if wrong:
            continue
        decision = _decision(one, line)
        first = seen.setdefault((decision.domain, decision.source), number)
        if first != number:
            faults.append(_Fault(line, "twice", {"source": decision.source, "other": lines.of(first)}))
            continue
        yield decision


def _decision(one: Mapping[str, Any], line: int) -> Decision:
    domain = one["domain"].strip()
    return Decision(
        domain=domain if domain == EVERYWHERE else normal_domain(domain),
        source=_same(one["source"]),
        choice=one["choice"],
        note=one.get("note", ""),
        decided=one.get("decided"),
        line=line,
    )


def _wrong(one: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """What is wrong with an entry: the key, the problem, and what it is about."""
    for key in one:
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            yield key, "unknown-key", {"word": repr(key), "meant": _close(key, _KEYS), "known": known}
    for key in _NEEDED:
        if key not in one:
            yield "", "missing-key", {"word": key}
    texts = {}
    for key in ("domain", "source", "choice", "note"):
        if key in one and not isinstance(one[key], str):
            yield key, "no-text", {"word": key}
        elif key in one:
            texts[key] = one[key].strip()
    if "decided" in one and (not isinstance(one["decided"], date) or isinstance(one["decided"], datetime)):
        yield "decided", "no-day", {}
    if "domain" in texts and texts["domain"] != EVERYWHERE:
        try:
            normal_domain(texts["domain"])
        except BadDomain as problem:
            yield "domain", "no-domain", {"word": _quoted(texts["domain"]), "reason": problem}
    if "source" in texts:
        yield from (("source", *fault) for fault in _wrong_source(texts["source"].lower()))
    if "choice" in texts and one["choice"] not in CHOICES:
        word = texts["choice"]
        known = ", ".join(f'"{choice}"' for choice in CHOICES)
        yield "choice", "no-choice", {"word": _quoted(word), "meant": _close(word.lower(), CHOICES), "known": known}
    if len(texts.get("note", "")) > LONGEST_NOTE:
        yield "note", "too-long", {"limit": LONGEST_NOTE}


def _wrong_source(source: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    if len(source) > LONGEST:
        yield "too-long", {"limit": LONGEST}
        return
    by, colon, name = source.partition(":")
    if not colon or by not in _BYS:
        known = ", ".join(f"{one}:" for one in _BYS)
        meant = f"sender:{source}" if source in load_senders() else _close(by, _BYS) + ":" if _close(by, _BYS) else ""
        yield "no-source", {"word": _quoted(source), "meant": meant, "known": known}
    elif by == "sender" and name not in load_senders():
        close = _close(name, tuple(load_senders()))
        yield "no-sender", {"word": _quoted(name), "meant": f"sender:{close}" if close else ""}
    elif (by == "scattered") == bool(name):
        yield ("scattered-name" if name else "no-name"), {"word": _quoted(source)}


def _quoted(text: str) -> str:
    """What somebody wrote, fit to be printed, and not long."""
    return ascii(text[:80]) if not text[:80].isprintable() else repr(text[:80])


def _close(word: str, known: Sequence[str]) -> str:
    """What was probably meant; empty where nothing comes near."""
    return next(iter(difflib.get_close_matches(word[:80], known, n=1, cutoff=0.6)), "")
