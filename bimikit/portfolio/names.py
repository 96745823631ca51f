"""The domains of a scan, from a list, a CSV file or a zone file: read line by line, however many there are."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

LIST, CSV, ZONE, INVENTORY = "list", "csv", "zone", "inventory"
LONGEST_LINE = 4_096
"""Bytes of a line that are read; what is longer is told as no domain name."""
_MOST_SKIPPED = 64 * 1024 * 1024
"""Bytes of a line that are passed over: a device may have no end."""
_AT_ONCE = 64 * 1024
_HEADINGS = ("domain", "domain name", "domainname", "name", "hostname", "host", "fqdn", "ドメイン", "ドメイン名")
"""What the column with the domains may be called, the likeliest first."""
_SUFFIXES = {".csv": CSV, ".tsv": CSV, ".zone": ZONE, ".db": ZONE, ".toml": INVENTORY}
_OWNER = re.compile(r"(?P<owner>[^\s;()\"$]\S*)\s")
_ORIGIN = re.compile(r"\$ORIGIN\s+(?P<origin>\S+)", re.IGNORECASE)


class Given(NamedTuple):
    """A domain as it was given.

    Attributes:
        number: Its place among those given, from 1.
        text: The text.
        selector: The selector of its Assertion Record, where it isn't that of the whole scan.
    """

    number: int
    text: str
    selector: str = ""


class NoLines(ValueError):
    """A file that isn't read line by line.

    Attributes:
        problem: Why: ``"utf-16"``, as PowerShell writes, or ``"endless"``.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"no lines: {problem}")


class NoColumn(ValueError):
    """A table without the column that was named.

    Attributes:
        column: Its heading.
        headings: Those that are there.
    """

    def __init__(self, column: str, headings: Sequence[str]) -> None:
        self.column = column
        self.headings = headings
        super().__init__(f"no column {column!r}; there are: {', '.join(headings)}")


def format_of(name: str) -> str:
    """The format that a file's name stands for: `CSV`, `ZONE`, `INVENTORY`, or else `LIST`."""
    return _SUFFIXES.get(PurePath(name).suffix.lower(), LIST)


def read_names(file: BinaryIO, form: str = LIST, *, column: str = "", origin: str = "") -> Iterator[Given]:
    """The domains that a file gives, in order; nothing is kept.

    Args:
        file: The file, opened for reading bytes; UTF-8, a byte order mark or none.
        form: `LIST`: a name a line; empty lines and what follows ``#`` don't count. `CSV`: the column named like a
            domain, or the first; separated by commas, semicolons or tabs. `ZONE`: the names of a zone file, but for
            those with an underscore, which are no domains.
        column: The heading of the column, where it is called otherwise.
        origin: What names of a zone file are relative to before a ``$ORIGIN``.

    Raises:
        NoColumn: There is no such column.
        NoLines: It isn't UTF-8, or has a line without end.
    """
    lines = _lines(file)
    texts = {CSV: _of_csv(lines, column), ZONE: _of_zone(lines, origin)}.get(form) or _of_list(lines)
    for number, text in enumerate(texts, 1):
        yield Given(number, text)


def _lines(file: BinaryIO) -> Iterator[str]:
    first = True
    while data := file.readline(LONGEST_LINE):
        if first and data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise NoLines("utf-16")
        whole = data.endswith(b"\n") or len(data) < LONGEST_LINE
        left = _MOST_SKIPPED
        while not whole:
            rest = file.readline(min(left, _AT_ONCE))
            whole = not rest or rest.endswith(b"\n")
            left -= len(rest)
            if not left:
                raise NoLines("endless")
        text = data.decode("utf-8", "replace")
        yield text.removeprefix("\ufeff") if first else text
        first = False


def _of_list(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _of_csv(lines: Iterator[str], column: str) -> Iterator[str]:
    head = next(lines, None)
    if head is None:
        return
    separator = max(",;\t", key=head.count)
    headings = [cell.lower() for cell in _cells(head, separator)]
    named = [column.strip().lower()] if column else [name for name in _HEADINGS if name in headings]
    if column and named[0] not in headings:
        raise NoColumn(column, headings)
    index = headings.index(named[0]) if named else 0
    for line in chain([] if named else [head], lines):
        cells = _cells(line, separator)
        if len(cells) > index and cells[index]:
            yield cells[index]


def _cells(line: str, separator: str) -> list[str]:
    """The cells of one line: no cell goes on in the next, so that a quotation mark too many costs one line."""
    plain = line.rstrip("\r\n").replace("\r", " ").replace("\0", "\ufffd")
    return [cell.strip() for cell in next(csv.reader([plain], delimiter=separator), [])]


def _of_zone(lines: Iterable[str], origin: str) -> Iterator[str]:
    """Each name once where its records stand together, as they do in what name servers write."""
    at = origin.strip(".")
    told = ""
    depth = 0
    for line in lines:
        plain = re.sub(r'"[^"]*"|;.*', "", line.rstrip("\r\n"))
        begins = not depth
        depth = max(depth + plain.count("(") - plain.count(")"), 0)
        changed = _ORIGIN.match(plain)
        if changed:
            at = _absolute(changed["origin"], at)
            continue
        found = _OWNER.match(plain) if begins else None
        if found is None:
            continue
        name = _absolute(found["owner"], at).lower()
        if name and name != told and "_" not in name and not name.startswith("*"):
            told = name
            yield name


def _absolute(name: str, origin: str) -> str:
    if name == "@":
        return origin
    if name.endswith("."):
        return name[:-1]
    return f"{name}.{origin}" if origin else name
