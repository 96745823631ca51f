"""Where the rows of a scan go: JSON Lines, CSV, or a SQLite file; each can be gone on with after any end.

A row that was written is never written again, and one that was written in part is written anew: what stands in a file
says which domains are done. Rows are numbered by their place in the input, so that a bit for each is all that is kept.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Annotated, Any, BinaryIO, Protocol
from zlib import crc32

import msgspec

from ..domains import BadDomain, normal_domain
from .names import Given
from .row import Hosted, Scanned, Sending, View

JSONL, CSV, SQLITE = "jsonl", "csv", "sqlite"
_SUFFIXES = {".csv": CSV, ".sqlite": SQLITE, ".sqlite3": SQLITE, ".db": SQLITE}
_ENCODE = msgspec.json.Encoder().encode
PLAIN = (
    "number",
    "domain",
    "state",
    "at",
    "selector",
    "reason",
    "dmarc",
    "assertion",
    "aliases",
    "location",
    "authority",
)
PARTS: dict[str, tuple[str, ...]] = {
    "rfc9989": View.__struct_fields__,
    "rfc7489": View.__struct_fields__,
    "sending": Sending.__struct_fields__,
    "hosted": Hosted.__struct_fields__,
}
COLUMNS = (*PLAIN, *(f"{part}_{name}" for part, names in PARTS.items() for name in names))
"""The columns of CSV and SQLite."""
_HEAD = (",".join(COLUMNS) + "\n").encode()
BETWEEN = {"dmarc": " | ", "mx": " | "}
"""What stands between several values of a cell; a space where nothing is said."""


class _Numbered(msgspec.Struct):
    """What a line says of its number, and of whom it is about."""

    number: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    domain: str


_NUMBER = msgspec.json.Decoder(_Numbered)


class OtherInput(ValueError):
    """A row that was written is about another domain than the one that has its number now.

    Attributes:
        number: The number.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"number {number}")


MOST_NUMBERS = 1_000_000_000
"""The highest number of a row that is taken for one."""


class Done:
    """Which numbers are done, and which domains they were."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._domains = array("I")
        self.count = 0

    def add(self, number: int, domain: str = "") -> bool:
        """Take a number as done; whether it wasn't before."""
        if domain:
            if number >= len(self._domains):
                self._domains.frombytes(bytes((number + 4096 - len(self._domains)) * self._domains.itemsize))
            self._domains[number] = crc32(domain.encode())
        at, bit = number >> 3, 1 << (number & 7)
        if at >= len(self._bits):
            self._bits.extend(bytes(at + 4096 - len(self._bits)))
        if self._bits[at] & bit:
            return False
        self._bits[at] |= bit
        self.count += 1
        return True

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bits) and bool(self._bits[at] & 1 << (number & 7))

    def without(self, given: Iterable[Given]) -> Iterator[Given]:
        """Those that aren't done.

        Raises:
            OtherInput: A number that is done was another domain's.
        """
        for one in given:
            if one.number not in self:
                yield one
            elif one.number < len(self._domains) and self._domains[one.number]:
                with suppress(BadDomain):
                    if crc32(normal_domain(one.text).encode()) != self._domains[one.number]:
                        raise OtherInput(one.number)


class Sink(Protocol):
    """Takes rows.

    Attributes:
        done: What stood there already.
    """

    done: Done

    def write(self, rows: Sequence[Scanned]) -> None:
        """Write rows; when this returns, they outlast the end of the process.

        Raises:
            OSError: They can't be written.
        """

    def close(self) -> None:
        """End it."""


class Taken(Exception):
    """A file that another process writes to."""


class Unfit(ValueError):
    """A file that can't be gone on with: something else stands in it.

    Attributes:
        line: Where, from 1; 0 for the whole.
    """

    def __init__(self, line: int = 0) -> None:
        self.line = line
        super().__init__(f"line {line}" if line else "another file")


def format_of(name: str) -> str:
    """The format that a file's name stands for."""
    return _SUFFIXES.get(Path(name).suffix.lower(), JSONL)


def as_lines(rows: Sequence[Scanned], form: str, *, head: bool = False) -> bytes:
    """Rows as lines of `JSONL` or `CSV`; of the latter with what stands above them, if asked for."""
    lines = map(_as_json if form == JSONL else _as_csv, rows)
    return (_HEAD if head and form == CSV else b"") + b"".join(lines)


def remove_leftover(path: Path) -> None:
    """Take away what an earlier run left of rows, unless one still writes to it.

    Raises:
        Taken: One does.
        OSError: It can't be removed.
    """
    if path.is_file():
        with path.open("ab") as file:
            _take(file)
        path.unlink()
        _remove_logs(path)


def put_in_place(new: Path, old: Path) -> None:
    """Let a file that is whole take the place of another.

    Raises:
        OSError: It can't, or somebody reads the database, so that not all of it is in the file itself.
    """
    log = new.with_name(f"{new.name}-wal")
    if log.exists() and log.stat().st_size:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(new))
    _remove_logs(old)  # they would be taken for the new one's
    new.replace(old)


def _remove_logs(path: Path) -> None:
    """Remove what SQLite keeps beside a database."""
    for end in ("-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def open_sink(path: Path, form: str, *, resume: bool = False) -> Sink:
    """A file for rows.

    Args:
        path: Where; it must not be there unless it is gone on with.
        form: `JSONL`, `CSV` or `SQLITE`.
        resume: Whether to go on with what stands there, if anything.

    Raises:
        FileExistsError: It is there, and isn't to be gone on with.
        Unfit: Something else stands in it.
        Taken: Another process writes to it.
        OSError: It can't be opened.
    """
    if not resume and path.exists():
        raise FileExistsError(path)
    return _Database(path) if form == SQLITE else _Lines(path, form)


class _Lines:
    """Lines that are added to."""

    def __init__(self, path: Path, form: str) -> None:
        self.done = Done()
        self._form = form
        head = b"" if form == JSONL else _HEAD
        self._file = path.open("a+b", buffering=0)
        try:
            _take(self._file)
            whole = self._read(head)
            if whole < path.stat().st_size:  # a line that was written in part
                self._file.truncate(whole)
            if not whole and head:
                self._file.write(head)
        except BaseException:
            self._file.close()
            raise

    def _read(self, head: bytes) -> int:
        """Note which rows are there, and return where the last whole line ends."""
        self._file.seek(0)
        end = 0
        reader: BinaryIO = io.BufferedReader(io.FileIO(os.dup(self._file.fileno())), 1 << 20)
        with reader:
            for line, data in enumerate(reader, 1):
                if not data.endswith(b"\n"):
                    if not end and not (head or b'{"domain":"').startswith(data[: len(head) or 11]):
                        raise Unfit(line)  # no part of a line of ours
                    return end
                if not (line == 1 and head):
                    try:
                        number, domain = self._numbered(data)
                    except (msgspec.MsgspecError, ValueError):
                        raise Unfit(line) from None
                    self.done.add(number, domain)
                elif data != head:
                    raise Unfit(line)
                end += len(data)
        return end

    def _numbered(self, data: bytes) -> tuple[int, str]:
        """The number and domain of a line.

        Raises:
            ValueError: It has none.
        """
        if self._form == JSONL:
            told = _NUMBER.decode(data)
            return told.number, told.domain
        first, domain, *_ = data.decode("utf-8", "replace").split(",", 2)
        if not 1 <= int(first) <= MOST_NUMBERS:
            raise ValueError(first)
        return int(first), domain

    def write(self, rows: Sequence[Scanned]) -> None:
        data = as_lines(rows, self._form)
        while data:  # a disk that is full takes a part
            data = data[self._file.write(data) or 0 :]

    def close(self) -> None:
        self._file.close()


def _take(file: IO[bytes]) -> None:
    """Keep others from writing to a file until it is closed, where the system can; the process's end does that, too.

    Raises:
        Taken: Somebody else has it.
    """
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Taken from None
    except OSError:  # this kind of file system knows no locks
        return


def _as_json(row: Scanned) -> bytes:
    return _ENCODE(row) + b"\n"


def _as_csv(row: Scanned) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_one_line(value) for value in values_of(row)])
    return line.getvalue().encode()


def _one_line(value: Any) -> Any:
    """A cell in one line, so that a line is a row; and no formula, which spreadsheets would run."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def values_of(row: Scanned) -> list[Any]:
    """A row's values in the order of `COLUMNS`."""
    values = [_cell(row, name) for name in PLAIN]
    for part, names in PARTS.items():
        of = getattr(row, part)
        values += [None] * len(names) if of is None else [_cell(of, name) for name in names]
    return values


def _cell(of: Any, name: str) -> Any:
    value = getattr(of, name)
    return BETWEEN.get(name, " ").join(value) if isinstance(value, tuple) else value


_INSERT = f"INSERT OR IGNORE INTO domains VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - of question marks alone


class _Database:
    """A table ``domains`` in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self.done = Done()
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
            tables = {
                name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if tables and "domains" not in tables:
                raise Unfit
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(
                "PRAGMA synchronous=NORMAL"
            )  # the end of the process loses nothing, that of power may
            columns = ", ".join(f'"{name}"' for name in COLUMNS[1:])
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS domains (number INTEGER PRIMARY KEY, {columns})")
            found = {name for _, name, *_ in self._connection.execute("PRAGMA table_info(domains)")}
            if not set(COLUMNS) <= found:
                raise Unfit
            for number, domain in self._connection.execute("SELECT number, domain FROM domains"):
                if not isinstance(number, int) or not 1 <= number <= MOST_NUMBERS or not isinstance(domain, str):
                    raise Unfit
                self.done.add(number, domain)
        except sqlite3.OperationalError as problem:
            if "no such column" in str(problem) or "has no column" in str(problem):
                raise Unfit from None
            raise OSError(str(problem)) from None
        except sqlite3.DatabaseError:
            raise Unfit from None

    def write(self, rows: Sequence[Scanned]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_INSERT, map(values_of, rows))
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            raise OSError(str(problem)) from None

    def close(self) -> None:
        with suppress(sqlite3.OperationalError):  # somebody reads it
            self._connection.execute("PRAGMA journal_mode=DELETE")  # so that who only reads leaves nothing beside it
        self._connection.close()
