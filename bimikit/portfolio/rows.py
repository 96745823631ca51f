"""Reading the rows of a scan back, from each of the formats that they are written in (`bimikit.portfolio.sinks`)."""

from __future__ import annotations

import csv
import sqlite3
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, get_args
from urllib.parse import quote

import msgspec

from ..bounded import open_regular
from ..errors import BimikitError
from ..locale import system_reason, words_of
from .cells import unescaped
from .row import Hosted, Scanned, Sending, View
from .sinks import BETWEEN, COLUMNS, CSV, PLAIN, SQLITE, format_of

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a line that are read; a row has a few hundred."""
_PARTS: Mapping[str, type[msgspec.Struct]] = {"rfc9989": View, "rfc7489": View, "sending": Sending, "hosted": Hosted}
_DECODER = msgspec.json.Decoder(Scanned)
_Part = TypeVar("_Part", bound=msgspec.Struct)


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
                told = {name: unescaped(cell) or None for name, cell in zip(head, cells, strict=True)}
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
                yield _row(dict(zip(COLUMNS, values, strict=True)), path, number)
        finally:
            connection.close()
    except sqlite3.Error as problem:
        if "unable to open" in str(problem):
            raise RowsError(path, "unreadable", reason=str(problem)) from None
        raise RowsError(path, "no-scan") from None


def _row(told: Mapping[str, Any], path: Path, line: int) -> Scanned:
    try:
        fields = [field for field in msgspec.structs.fields(Scanned) if field.name in PLAIN]
        plain = {field.name: _value(field, told[field.name]) for field in fields}
        found = {name: value for name, value in plain.items() if value is not _UNSAID}
        parts = {name: _part(kind, name, told) for name, kind in _PARTS.items()}
        return msgspec.convert({**found, **parts}, Scanned, strict=False)
    except msgspec.ValidationError as problem:
        raise RowsError(path, "no-row", line, reason=str(problem)) from None


def _part(kind: type[_Part], name: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values of a part; None where it isn't there: its first value always is."""
    fields = msgspec.structs.fields(kind)
    if told[f"{name}_{fields[0].name}"] in (None, ""):
        return None
    found = {field.name: _value(field, told[f"{name}_{field.name}"]) for field in fields}
    return {key: value for key, value in found.items() if value is not _UNSAID}


_UNSAID: Any = object()
"""That a value isn't there, and its default is to count."""


def _value(field: msgspec.structs.FieldInfo, cell: Any) -> Any:
    kinds = {*get_args(field.type)} or {field.type}
    if any(getattr(kind, "__origin__", kind) is tuple for kind in (field.type, *kinds)):
        return _several(field.name, cell)
    if cell is None:
        return None if type(None) in kinds else _UNSAID
    if bool in kinds:
        return {"True": True, "False": False, 1: True, 0: False}.get(cell, cell)
    return cell


def _records(cell: str) -> tuple[str, ...]:
    """One record as it is, or several as JSON: a record begins with its version."""
    if not cell.startswith("["):
        return (cell,)
    try:
        return msgspec.json.decode(cell, type=tuple[str, ...])
    except msgspec.MsgspecError:
        return (cell,)


def _several(name: str, cell: Any) -> tuple[str, ...]:
    if name == "dmarc":  # may hold what stands between others
        return _records(str(cell)) if cell else ()
    return tuple(part for part in str(cell or "").split(BETWEEN.get(name, " ")) if part)
