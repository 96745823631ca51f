"""From what lies on a disk to reports: folders, XML, gzip, zip, messages and mailboxes, told by their content.

Everything is read as a stream and within bounds; names inside archives and messages are shown and never used as paths.
What can't be read is told by a `Problem` between the documents, and the rest goes on.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import msgspec

from ..bounded import open_regular
from ..inflate import GZIP
from .feedback import FeedbackError, shown
from .inflating import Budget, Inflating, Readable

_CHUNK = 64 * 1024
_PEEK = 4 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


class ContainerLimits(msgspec.Struct, frozen=True):
    """Bounds on what holds reports.

    Attributes:
        max_content_bytes: Bytes of content that come of one file, or of one message of a mailbox, after inflating.
        max_ratio: How many times its packed size an entry's content may be; the first 16 MiB are free.
        max_entries: Entries of zip archives and parts of messages, of all within one file or message together.
        max_message_bytes: Bytes of one message; to take one apart takes ten times as much memory.
        max_message_lines: Lines of one.
        max_nesting: Containers within each other, such as gzip within zip within a message within a mailbox.
    """

    max_content_bytes: int = 4 * 1024**3
    max_ratio: int = 250
    max_entries: int = 10_000
    max_message_bytes: int = 20 * 1024**2
    max_message_lines: int = 1_000_000
    max_nesting: int = 5


class Document(msgspec.Struct, frozen=True):
    """What may be a report.

    Attributes:
        name: Where it comes from, to be shown: the file, then behind colons the message's number and the entry's name.
        stream: Its XML, to be read before the next document is asked for; reading it may raise `FeedbackError`.
    """

    name: str
    stream: Readable


class Problem(msgspec.Struct, frozen=True):
    """What couldn't be opened.

    Attributes:
        name: As that of a document.
        error: What is wrong.
    """

    name: str
    error: FeedbackError


Found: TypeAlias = Iterator[Document | Problem]


def documents(source: str | os.PathLike[str] | bytes, limits: ContainerLimits | None = None) -> Found:
    """What a folder, file or some bytes hold, in the order of names, files before folders.

    Args:
        source: A folder, which is gone through with all within it but links to folders and hidden
            files; a file; or a file's content.
        limits: Bounds on each file.
    """
    if isinstance(source, bytes):
        yield from documents_in(io.BytesIO(source), "-", limits)
        return
    for found in files(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from _named(found, limits or ContainerLimits())


def files(source: str | os.PathLike[str]) -> Iterator[str | Problem]:
    """The files of a folder as `documents` goes through it, without hidden ones; or that file itself."""
    if not Path(source).is_dir():
        yield os.fspath(source)
        return
    problems: list[OSError] = []
    for folder, folders, names in os.walk(source, onerror=problems.append):
        folders.sort()
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(folder, name)  # noqa: PTH118 - a name is shown as it was given
    for problem in problems:
        yield Problem(shown(str(problem.filename)), FeedbackError("unreadable", problem.strerror or ""))


def documents_in(file: BinaryIO, name: str, limits: ContainerLimits | None = None) -> Found:
    """What a file that is open holds.

    Args:
        file: The file, at its beginning; it can be read from any place.
        name: What it is called.
        limits: Bounds on it.
    """
    limits = limits or ContainerLimits()
    yield from _open(_Peeked(file), name, _Way(limits, _budget(limits)), file)


def _named(path: str, limits: ContainerLimits) -> Found:
    name = shown(path)
    try:
        with closing(open_regular(path)) as file:
            yield from documents_in(file, name, limits)
    except (OSError, ValueError) as problem:
        if isinstance(problem, FeedbackError):
            raise
        yield Problem(name, FeedbackError("unreadable", getattr(problem, "strerror", "") or str(problem)))


class _Way(msgspec.Struct, frozen=True):
    """How one came to where one is; `packed` since the last message, in which archives may be again."""

    limits: ContainerLimits
    budget: Budget
    depth: int = 0
    packed: bool = False

    def deeper(self, *, packed: bool = False) -> _Way:
        """The way into a container."""
        if self.depth >= self.limits.max_nesting:
            raise FeedbackError("nested")
        return _Way(self.limits, self.budget, self.depth + 1, packed)


def _budget(limits: ContainerLimits) -> Budget:
    return Budget(limits.max_content_bytes, limits.max_ratio, limits.max_entries)


class _Peeked:
    """A stream whose beginning can be looked at before it is read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._start = b""

    def peek(self) -> bytes:
        """Up to 4 KiB of what comes first."""
        while len(self._start) < _PEEK:
            data = self._stream.read(_CHUNK)
            if not data:
                break
            self._start += data
        return self._start[:_PEEK]

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        if self._start:
            start, self._start = self._start[:size], self._start[size:]
            return start
        return self._stream.read(size)


def _open(stream: _Peeked, name: str, way: _Way, file: BinaryIO | None = None, *, part: bool = False) -> Found:
    """What a stream holds; `file` is where it can be read from any place, `part` whether it may be no report at all."""
    try:
        start = stream.peek()
        if start.startswith(_ZIP):
            if way.packed:
                raise FeedbackError("nested")
            yield from _zip(file or io.BytesIO(_whole(stream, way.limits)), name, way.deeper(packed=True))
        elif start.startswith(GZIP):
            yield from _open(_Peeked(Inflating(stream, way.budget)), name, way.deeper(packed=True), part=part)
        elif _MBOX.match(start):
            yield from _mbox(stream, name, way.deeper())
        elif _looks_like_xml(start):
            if not part or _FEEDBACK.search(start.replace(b"\0", b"")):
                yield Document(name, stream)
        elif _HEADER.match(start) and not part:
            yield from _message(_whole(stream, way.limits), name, way.deeper())
        elif not part:
            raise FeedbackError("not-report")
    except FeedbackError as problem:
        yield Problem(name, problem)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error) as problem:
        yield Problem(name, FeedbackError("zip", str(problem)))


_MBOX = re.compile(rb"From [^\r\n]*[0-9]{4}[^\r\n]*\r?\n")
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*[!-9;-~]{1,76}:(?:[ \t]|\r?\n)")
_FEEDBACK = re.compile(rb"<(?:[A-Za-z_][A-Za-z0-9._-]*:)?feedback[\s>]")


def _looks_like_xml(start: bytes) -> bool:
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n\xff\xfe\0")
    return bare.startswith(b"<")


def _whole(stream: Readable, limits: ContainerLimits) -> bytes:
    pieces, size = [], 0
    while data := stream.read(_CHUNK):
        pieces.append(data)
        size += len(data)
        if size > limits.max_message_bytes:
            raise FeedbackError("too-large")
    return b"".join(pieces)


class _Entry:
    """An entry's content as it is inflated."""

    def __init__(self, stream: Readable, packed: int, budget: Budget) -> None:
        self._stream, self._packed, self._budget = stream, packed, budget
        self._went = 0

    def read(self, size: int, /) -> bytes:
        try:
            data = self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
            raise FeedbackError("zip", str(problem)) from None
        self._went += len(data)
        self._budget.spend(len(data), self._went, self._packed)
        return data


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1


def _zip(file: BinaryIO, name: str, way: _Way) -> Found:
    _bound_directory(file, way.limits)
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > way.limits.max_entries:
            raise FeedbackError("too-many-entries")
        for entry in entries:
            if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
                continue
            label = f"{name}:{shown(entry.filename)}"
            try:
                way.budget.enter()
                if entry.flag_bits & _ENCRYPTED:
                    raise FeedbackError("encrypted")
                if entry.compress_type not in _METHODS:
                    raise FeedbackError("zip", f"method {entry.compress_type}")
                with archive.open(entry) as stream:
                    content = _Entry(cast(Readable, stream), entry.compress_size, way.budget)
                    yield from _open(_Peeked(content), label, way)
            except FeedbackError as problem:
                yield Problem(label, problem)
                if way.budget.entries < 0:
                    return
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error) as problem:
                yield Problem(label, FeedbackError("zip", str(problem)))


_END = struct.Struct("<4s4H2LH")
_END_64 = b"PK\x06\x07"
_LOCATOR = 20
_LONGEST_COMMENT = 65_535
_PER_ENTRY = 1_024
"""Bytes of an archive's directory for one entry: 46 and its name."""


def _bound_directory(file: BinaryIO, limits: ContainerLimits) -> None:
    """Refuse a directory that is too large before it is read, whatever number of entries it gives itself."""
    size = file.seek(0, os.SEEK_END)
    tail_size = min(size, _END.size + _LOCATOR + _LONGEST_COMMENT)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = len(tail) - _END.size
    if at < 0 or tail[at : at + 4] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise FeedbackError("zip", "no directory")
    directory = _END.unpack_from(tail, at)[5]
    if _END_64 in tail or directory > limits.max_entries * _PER_ENTRY:
        raise FeedbackError("too-many-entries")
    file.seek(0)


def _mbox(stream: Readable, name: str, way: _Way) -> Found:
    """A mailbox's messages; a line that begins with ``From`` begins one, where an empty line stands before it."""
    for number, message in enumerate(_messages(stream, way.limits), 1):
        label = f"{name}:{number}"
        # each message is bounded for itself, as one of them must not use up what others need
        within = _Way(way.limits, _budget(way.limits), way.depth)
        if message is None:
            yield Problem(label, FeedbackError("too-large"))
        else:
            yield from _guarded_message(message, label, within)


def _guarded_message(data: bytes, name: str, way: _Way) -> Found:
    try:
        yield from _message(data, name, way.deeper())
    except FeedbackError as problem:
        yield Problem(name, problem)


_BEGINS = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*[0-9]{4}[^\r\n]*\r?\n")
_OVERLAP = 1_024
"""Bytes of a line that begins a message, and of the empty line before it."""


def _messages(stream: Readable, limits: ContainerLimits) -> Iterator[bytes | None]:
    """Each message; None for one that is larger than is read, of which no more is held than that."""
    held = bytearray()
    lost = False
    seen = 0
    first = True
    while True:
        data = stream.read(_CHUNK)
        held += data
        while found := _BEGINS.search(held, seen):
            if not first:
                yield None if lost else bytes(held[: found.start()])
            first = lost = False
            del held[: found.end()]
            held[:0] = b"\n"  # no line that begins another stands at the very start
            seen = 0
        if not data:
            break
        if len(held) > limits.max_message_bytes:
            lost = True
            held[:] = b" " + held[-_OVERLAP:]
        seen = max(len(held) - _OVERLAP, 0)
    if not first:
        yield None if lost else bytes(held)


_PARSER = BytesParser(policy=compat32)
_MOST_BOUNDARIES = 50
"""Each costs the parser time for every line within it."""


def _message(data: bytes, name: str, way: _Way) -> Found:
    limits = way.limits
    lower = data.lower()
    if data.count(b"\n") > limits.max_message_lines or lower.count(b"boundary") > _MOST_BOUNDARIES:
        raise FeedbackError("too-many-entries")
    if lower.count(b"message/") > _MOST_BOUNDARIES:
        raise FeedbackError("nested")
    del lower
    try:
        message = _PARSER.parsebytes(data.lstrip(b"\r\n"))
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (RecursionError, ValueError, LookupError, AttributeError) as problem:
        raise FeedbackError("message", type(problem).__name__) from None
    none = True
    for number, part in enumerate(parts, 1):
        way.budget.enter()
        label = f"{name}:{_file_name(part) or number}"
        try:
            content = _content(part)
        except FeedbackError as problem:
            none = False
            yield Problem(label, problem)
            continue
        for found in _open(_Peeked(io.BytesIO(content)), label, way, io.BytesIO(content), part=True):
            none = False
            yield found
    if none:
        raise FeedbackError("no-report")


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError) as problem:
        raise FeedbackError("message", type(problem).__name__) from None
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    try:
        return shown(str(part.get_filename() or ""))
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        return ""
