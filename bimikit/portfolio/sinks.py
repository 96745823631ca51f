"""Where the rows of a scan go: JSON Lines, CSV, or a SQLite file; each can be gone on with after any end.

A row that was written is never written again, and one that was written in part is written anew: what stands in a file
says which domains are done. Rows are numbered by their place in the input, so that a bit for each is all that is kept.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import sqlite3
import stat
import sys
from codecs import BOM_UTF8
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

import msgspec

from ..sqlite_files import LOGS
from .cells import line_of, unescaped
from .done import Done
from .row import STATES, Hosted, Scanned, Sending, View

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
_OBJECT = b'{"domain":"'
"""How a line of JSON of ours begins."""
BETWEEN = {"mx": " | "}
"""What stands between several values of a cell; a space where nothing is said. Several DMARC records are JSON."""


MOST_NUMBERS = 1_000_000_000
"""The highest number of a row that is taken for one."""


class _Begun(msgspec.Struct):
    """What a row says of its number, of whom it is about, and of what became of that."""

    number: int
    domain: str
    state: str

    def put(self, done: Done) -> None:
        """Take it as done.

        Raises:
            ValueError: It is no row of ours.
        """
        if not 1 <= self.number <= MOST_NUMBERS or self.state not in STATES:
            raise ValueError(self.number)
        done.add(self.number, self.domain)


_BEGUN = msgspec.json.Decoder(_Begun)


class Sink(Protocol):
    """Takes rows.

    Attributes:
        done: What stood there already.
        wrote: Whether it took any.
    """

    done: Done
    wrote: bool

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
    lines = map(_as_json, rows) if form == JSONL else (line_of(values_of(row)).encode() for row in rows)
    return (_HEAD if head and form == CSV else b"") + b"".join(lines)


def require_regular(path: Path) -> None:
    """See that what is there, if anything, is a file that can be read again and be replaced.

    Raises:
        OSError: It isn't.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        code = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENXIO
        raise OSError(code, os.strerror(code), str(path))


def require_free(path: Path) -> None:
    """See that nobody writes to a file that is to be replaced: what they write would be lost.

    Raises:
        Taken: Somebody does.
        OSError: It can't be read.
    """
    if path.is_file():
        with path.open("rb") as file:
            _take(file)


def remove_leftover(path: Path) -> None:
    """Take away what an earlier run left of rows, unless one still writes to it.

    Raises:
        Taken: One does.
        OSError: It can't be removed.
    """
    require_regular(path)
    if path.is_file():
        with path.open("ab") as file:
            _take(file)
        path.unlink()
        _remove_logs(path)


def put_in_place(new: Path, old: Path) -> None:
    """Let a file that is whole take the place of another, and its mode; of a link, the place of what it leads to.

    Raises:
        OSError: It can't, or somebody reads the database, so that not all of it is in the file itself.
    """
    log = new.with_name(f"{new.name}-wal")
    if log.exists() and log.stat().st_size:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(new))
    place = led_to(old)
    if place.exists():
        new.chmod(stat.S_IMODE(place.stat().st_mode))
    _remove_logs(place)  # they would be taken for the new one's
    new.replace(place)


def led_to(path: Path) -> Path:
    """The file that a link leads to; any other is itself."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _remove_logs(path: Path) -> None:
    """Remove what SQLite keeps beside a database."""
    for end in LOGS:
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
    require_regular(path)
    if not resume and path.exists():
        raise FileExistsError(path)
    return _Database(path) if form == SQLITE else _Lines(path, form)


class _Lines:
    """Lines that are added to."""

    def __init__(self, path: Path, form: str) -> None:
        self.done = Done()
        self.wrote = False
        self._form = form
        self._file = path.open("a+b", buffering=0)
        try:
            _take(self._file)
            whole = self._read()
            if whole < path.stat().st_size:  # a line that was written in part
                self._file.truncate(whole)
            if not whole and form == CSV:
                self._file.write(BOM_UTF8 + _HEAD)  # without the mark Excel reads another encoding
        except BaseException:
            self._file.close()
            raise

    def _read(self) -> int:
        """Note which rows are there, and return where the last whole line ends."""
        self._file.seek(0)
        end = 0
        heads = (BOM_UTF8 + _HEAD, _HEAD) if self._form == CSV else ()
        reader: BinaryIO = io.BufferedReader(io.FileIO(os.dup(self._file.fileno())), 1 << 20)
        with reader:
            for line, data in enumerate(reader, 1):
                if not data.endswith(b"\n"):
                    if not end and not any(one.startswith(data[: len(one)]) for one in heads or (_OBJECT,)):
                        raise Unfit(line)  # no part of a line of ours
                    return end
                if line == 1 and heads:
                    if data not in heads:
                        raise Unfit(line)
                else:
                    try:
                        self._begun(data).put(self.done)
                    except (msgspec.MsgspecError, ValueError, csv.Error):
                        raise Unfit(line) from None
                end += len(data)
        return end

    def _begun(self, data: bytes) -> _Begun:
        """What a line begins with.

        Raises:
            ValueError: It is no row.
        """
        if self._form == JSONL:
            return _BEGUN.decode(data)
        number, domain, state, *_ = next(csv.reader([data.decode("utf-8", "replace").replace("\0", "\ufffd")]))
        return _Begun(int(number), unescaped(domain), state)

    def write(self, rows: Sequence[Scanned]) -> None:
        self.wrote = True
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


_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _as_json(row: Scanned) -> bytes:
    """A line of JSON; terminals follow controls that JSON needn't have escaped."""
    line = _ENCODE(row) + b"\n"
    if line.isascii() and b"\x7f" not in line:
        return line
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line.decode()).encode()


def values_of(row: Scanned) -> list[Any]:
    """A row's values in the order of `COLUMNS`."""
    values = [_cell(row, name) for name in PLAIN]
    for part, names in PARTS.items():
        of = getattr(row, part)
        values += [None] * len(names) if of is None else [_cell(of, name) for name in names]
    return values


def _cell(of: Any, name: str) -> Any:
    value = getattr(of, name)
    if not isinstance(value, tuple):
        return value
    if name == "dmarc" and value:  # a record holds anything, and begins with its version
        return value[0] if len(value) == 1 and value[0][:1] not in ("", "[") else msgspec.json.encode(value).decode()
    return BETWEEN.get(name, " ").join(value)


_INSERT = f"INSERT OR IGNORE INTO domains VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - of question marks alone


class _Database:
    """A table ``domains`` in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self.done = Done()
        self.wrote = False
        with ExitStack() as stack:
            lock = stack.enter_context(path.open("ab"))
            if sys.platform == "linux":  # elsewhere this lock and those of SQLite keep each other out
                _take(lock)
            try:
                # absolute, since some names stand for something else to SQLite
                self._connection = sqlite3.connect(path.absolute(), isolation_level=None)
                stack.callback(self._connection.close)
                self._open()
            except sqlite3.OperationalError as problem:
                raise OSError(str(problem)) from None
            except sqlite3.DatabaseError:
                raise Unfit from None
            self._closing = stack.pop_all()

    def _open(self) -> None:
        """Make the table where there is none, and note which rows are there.

        Raises:
            Unfit: Something else is there.
        """
        tables = {name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = {name for _, name, *_ in self._connection.execute("PRAGMA table_info(domains)")}
        if tables and not set(COLUMNS) <= found:
            raise Unfit
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")  # the process's end loses nothing, that of power may
        columns = ", ".join(f'"{name}"' for name in COLUMNS[1:])
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS domains (number INTEGER PRIMARY KEY, {columns})")
        for number, domain, state in self._connection.execute("SELECT number, domain, state FROM domains"):
            if not isinstance(number, int) or not isinstance(domain, str):
                raise Unfit
            try:
                _Begun(number, domain, state).put(self.done)
            except ValueError:
                raise Unfit from None

    def write(self, rows: Sequence[Scanned]) -> None:
        self.wrote = True
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_INSERT, map(values_of, rows))
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            raise OSError(str(problem)) from None

    def close(self) -> None:
        with self._closing, suppress(sqlite3.OperationalError):  # somebody reads it
            self._connection.execute("PRAGMA journal_mode=DELETE")  # so that who only reads leaves nothing beside it
