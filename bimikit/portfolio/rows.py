"""Reading the rows of a scan back, from each of the formats that they are written in (`bimikit.portfolio.sinks`)."""

from __future__ import annotations

import csv
import sqlite3
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, get_args
from urllib.parse import quote

import msgspec

from ..bounded import open_regular
from ..errors import BimikitError
from ..locale import system_reason, words_of
from .cells import unescaped
from .row import Hosted, Scanned, Sending, View
from .sinks import BETWEEN, COLUMNS, CSV, SQLITE, format_of

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a line that are read; a row has a few hundred."""
_PARTS: Mapping[str, type[msgspec.Struct]] = {"rfc9989": View, "rfc7489": View, "sending": Sending, "hosted": Hosted}
_DECODER = msgspec.json.Decoder(Scanned)


class RowsError(BimikitError):
    """A file that holds no rows of a scan; its text says where and why.

    Attributes:
        file: The file.
        problem: What is wrong: a key of ``plan_words`` without ``rows.``.
        line: Where, from 1; 0 for the whole.
    """

    def __init__(self, file: Path, problem: str, line: int = 0, **about: object) -> None:
        self.file = file
        self.problem = problem
        self.line = line
        self._about = about
        super().__init__(self.told())

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("plan_words", lang)
        about = {
            name: system_reason(value, lang) if isinstance(value, OSError) else value
            for name, value in self._about.items()
        }
        place = words["rows.place.line" if self.line else "rows.place.whole"].format(file=self.file, line=self.line)
        return place + words[f"rows.{self.problem}"].format_map(about)


def read_rows(path: Path, form: str = "") -> Iterator[Scanned]:
    """The rows of a scan, in the order of the file; one at a time.

    A last row that was written in part is left out; one that lacks but its end isn't.

    Args:
        path: The file.
        form: `JSONL`, `CSV` or `SQLITE`; what its name stands for by default.

    Raises:
        RowsError: It can't be read, or holds something else.
    """
    form = form or format_of(path.name)
    if form == SQLITE:
        yield from _of_database(path)
        return
    try:
        with open_regular(path) as file:
            lines = _Lines(file, path)
            yield from _of_csv(lines, path) if form == CSV else _of_json(lines, path)
    except OSError as problem:
        raise RowsError(path, "unreadable", reason=problem) from None


def by_domain(rows: Iterable[Scanned]) -> dict[str, Scanned]:
    """Rows by domain: of several on one, the newest, whatever order they come in."""
    kept: dict[str, Scanned] = {}
    for row in rows:
        other = kept.get(row.domain)
        if other is None or _age(row) > _age(other):
            kept[row.domain] = row
    return kept


def _age(row: Scanned) -> tuple[str, int, bytes]:
    return row.at, row.number, msgspec.json.encode(row)


class _Lines:
    """Lines, without a mark before the first.

    Attributes:
        number: That of the last that was given, from 1.
        whole: Whether it has its end.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._lines = iter(lambda: file.readline(LONGEST_LINE), b"")
        self._path = path
        self.number = 0
        self.whole = True

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.number += 1
            self.whole = line.endswith(b"\n")
            if not self.whole and len(line) == LONGEST_LINE:
                raise RowsError(self._path, "no-row", self.number, reason=f"> {LONGEST_LINE}")
            if self.number == 1 and line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                raise RowsError(self._path, "utf-16")
            yield line.removeprefix(BOM_UTF8) if self.number == 1 else line


def _of_json(lines: _Lines, path: Path) -> Iterator[Scanned]:
    for line in lines:
        if not line.strip():
            continue
        try:
            row = _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
            if not lines.whole:
                return
            raise RowsError(path, "no-row", lines.number, reason=str(problem)) from None
        yield row


def _of_csv(lines: _Lines, path: Path) -> Iterator[Scanned]:
    """Rows of a table, also of one that a spreadsheet has saved again."""
    texts = (line.decode("utf-8", "replace").rstrip("\r\n").replace("\0", "\ufffd") + "\n" for line in lines)
    above = next(texts, "")
    table = csv.reader(chain([above], texts), delimiter=max(",;\t", key=above.count))
    head: list[str] = []
    number = 1
    try:
        for cells in table:
            if not head:
                head = _head(cells, path)
            elif any(cells) and (lines.whole or _is_whole(head, cells)):
                if len(cells) != len(head):
                    raise RowsError(path, "cells", number, found=len(cells), wanted=len(head))
                told = {name: unescaped(cell) for name, cell in zip(head, cells, strict=True) if cell}
                yield _row(told, path, number)
            number = lines.number + 1
    except csv.Error as problem:
        raise RowsError(path, "no-row" if head else "no-scan", number, reason=problem) from None


def _head(cells: list[str], path: Path) -> list[str]:
    """The names of the columns.

    Raises:
        RowsError: One lacks, or stands there twice.
    """
    if not set(COLUMNS) <= set(cells):
        raise RowsError(path, "no-scan", 1)
    twice = next((name for name in COLUMNS if cells.count(name) > 1), None)
    if twice is not None:
        raise RowsError(path, "twice", 1, column=twice)
    return cells


def _is_whole(head: list[str], cells: list[str]) -> bool:
    """Whether a row lacks its end alone: where a scan was killed, its last cells may lack, too."""
    if len(cells) != len(head):
        return False
    *_, ends = cells
    return tuple(head) != COLUMNS or len(ends) == len("2026-11-24") or not cells[head.index("hosted_outcome")]


def _of_database(path: Path) -> Iterator[Scanned]:
    if not path.is_file():
        raise RowsError(path, "unreadable", reason=FileNotFoundError(2, "No such file or directory"))
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        try:
            there = {name for _, name, *_ in connection.execute("PRAGMA table_info(domains)")}
            if not set(COLUMNS) <= there:  # a name that isn't one of a column is a text to SQLite
                raise RowsError(path, "no-scan")
            columns = ", ".join(f'"{name}"' for name in COLUMNS)
            for number, values in enumerate(
                connection.execute(f"SELECT {columns} FROM domains ORDER BY number"),  # noqa: S608 - names of ours
                1,
            ):
                told = {name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None}
                yield _row(told, path, number)
        finally:
            connection.close()
    except sqlite3.Error as problem:
        if "unable to open" in str(problem):
            raise RowsError(path, "unreadable", reason=str(problem)) from None
        raise RowsError(path, "no-scan") from None


def _row(told: Mapping[str, Any], path: Path, line: int) -> Scanned:
    """The row of the cells that aren't empty, by their columns."""
    try:
        parts = {name: _values(name, told) for name in _PARTS if told.get(_FIRST[name])}
        return msgspec.convert(_values("", told) | parts, Scanned, strict=False)
    except msgspec.ValidationError as problem:
        raise RowsError(path, "no-row", line, reason=str(problem)) from None


def _values(part: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What cells say of a part, or of the row itself; of one that isn't there the default is to count."""
    return {name: read(told[column]) for column, name, read in _READERS[part] if column in told}


def _records(cell: Any) -> tuple[str, ...]:
    """One record as it is, or several as JSON: a record begins with its version, and may hold what stands between."""
    if not cell:
        return ()
    try:
        return msgspec.json.decode(cell, type=tuple[str, ...]) if str(cell).startswith("[") else (str(cell),)
    except msgspec.MsgspecError:
        return (cell,)


def _several(between: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda cell: tuple([part for part in str(cell).split(between) if part])


def _boolean(cell: Any) -> Any:
    return {"True": True, "False": False, 1: True, 0: False}.get(cell, cell)


def _reader(field: msgspec.structs.FieldInfo) -> Callable[[Any], Any]:
    """What makes the value of a field from a cell."""
    if getattr(field.type, "__origin__", None) is tuple:
        return _records if field.name == "dmarc" else _several(BETWEEN.get(field.name, " "))
    return _boolean if bool in get_args(field.type) else lambda cell: cell


def _readers(kind: type[msgspec.Struct], before: str) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """By field: its column, its name, and what reads it."""
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in _PARTS]
    return [(before + field.name, field.name, _reader(field)) for field in fields]


_READERS = {"": _readers(Scanned, ""), **{part: _readers(kind, f"{part}_") for part, kind in _PARTS.items()}}
_FIRST = {part: _READERS[part][0][0] for part in _PARTS}
"""The column that is never empty where a part is there."""
