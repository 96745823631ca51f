"""The files that `bimikit reports` is given: read into the store one after the other, with progress on a terminal."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, BinaryIO, NamedTuple

import click

from ..aggregate.containers import Problem, files
from ..aggregate.feedback import FeedbackError, shown
from ..aggregate.importing import NO_REPORT, Known, Taken, import_file
from ..aggregate.store import Store
from ..bounded import open_regular
from .files import STDIN
from .network import on_terminal
from .progress import duration
from .words import complain, spoken, told

_NO_REPORTS = frozenset({NO_REPORT, "not-report"})
"""Why something is passed over that lies among reports; where the command line names it, it is told of."""
_EVERY = 0.5
"""Seconds between two tellings of how far the work is."""
_LONG_ENOUGH = 1.0
"""Seconds before the time left is told: until then it can only be guessed."""


class Tally:
    """What became of all that was given.

    Attributes:
        files: Files that were read.
        known: Those that were read to their end before.
        new: Reports that are new in the store.
        again: Those that were in it.
        rows: Rows of new reports.
        messages: Messages that they count.
        unread: Files, or parts of them, that couldn't be read.
        passed_over: Files and messages without a report.
    """

    def __init__(self) -> None:
        self.files = self.known = self.new = self.again = self.rows = self.messages = 0
        self.unread = self.passed_over = 0

    @property
    def any(self) -> bool:
        """Whether there was a report, now or before."""
        return bool(self.new or self.again or self.known)

    def told(self) -> str:
        """It in a line."""
        numbers = {name: f"{value:,}" for name, value in vars(self).items()}
        parts = [told("reports.imported", **numbers)]
        parts += [told(f"reports.{name}", **numbers) for name in ("known", "passed_over", "unread") if vars(self)[name]]
        return told("reports.between").join(parts)


class _Given(NamedTuple):
    """A file to read: its name, bytes, and whether the command line names it."""

    name: str
    size: int
    named: bool


def import_all(store: Store, paths: Sequence[str], own: Iterable[str], *, quiet: bool) -> Tally:
    """Read files, folders and standard input into a store; what is wrong with one is told in a line.

    Args:
        store: Where to.
        paths: Files, folders, or `STDIN`.
        own: Files that we write ourselves, and that are left out where they lie in a folder.
        quiet: Whether there is no progress.

    Raises:
        StoreError: The store can't be used.
    """
    tally = Tally()
    with ExitStack() as stack:
        stdin = stack.enter_context(tempfile.TemporaryFile()) if STDIN in paths else None
        if stdin is not None and sys.stdin is not None:
            shutil.copyfileobj(sys.stdin.buffer, stdin)  # an archive is read from its end
        progress = _Progress(silent=quiet or not on_terminal())
        stack.callback(progress.clear)
        ours = {os.path.realpath(name) for name in own}
        given: list[_Given] = []
        for found in _all(paths, stdin, ours):
            if isinstance(found, Problem):
                _tell(found, tally, progress)
            else:
                given.append(found)
        progress.total(len(given), sum(one.size for one in given))
        for one in given:
            progress.begin(one)
            _read(store, one, stdin, tally, progress)
            progress.end(one)
    return tally


def _all(paths: Sequence[str], stdin: IO[bytes] | None, ours: set[str]) -> Iterator[_Given | Problem]:
    """The files, each once."""
    seen: set[str] = set()
    for path in paths:
        if path == STDIN and stdin is not None:
            if path not in seen:
                yield _Given(path, stdin.tell(), named=True)
            seen.add(path)
            continue
        folder = os.path.isdir(path)  # noqa: PTH112 - paths are texts here, shown as they were given
        for name in files(path):
            if isinstance(name, Problem):
                yield name
            elif (same := os.path.normpath(name)) not in seen and not (folder and os.path.realpath(name) in ours):
                seen.add(same)
                yield _Given(name, _size(name), named=not folder)


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size  # noqa: PTH116
    except (OSError, ValueError):  # told when it is opened
        return 0


def _read(store: Store, given: _Given, stdin: IO[bytes] | None, tally: Tally, progress: _Progress) -> None:
    name = shown(given.name)
    tally.files += 1
    try:
        with ExitStack() as stack:
            if given.name == STDIN and stdin is not None:
                file: BinaryIO | IO[bytes] = stdin
                file.seek(0)
            else:
                file = stack.enter_context(open_regular(given.name))
            progress.watch(file)
            for event in import_file(store, file, name, watch=progress.rows):  # type: ignore[arg-type]
                if isinstance(event, Known):
                    tally.known += 1
                elif isinstance(event, Taken):
                    _count(event, tally, progress)
                elif event.error.reason in _NO_REPORTS and not (given.named and event.name == name):
                    tally.passed_over += 1
                else:
                    _tell(event, tally, progress)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", "") or str(problem)
        _tell(Problem(name, FeedbackError("unreadable", reason)), tally, progress)


def _count(taken: Taken, tally: Tally, progress: _Progress) -> None:
    added = taken.added
    if added.outcome == "new":
        tally.new += 1
        tally.rows += added.rows
        tally.messages += added.messages
        return
    tally.again += 1
    if added.outcome == "differs":
        progress.clear()
        complain(told("reports.differs", file=taken.name))


def _tell(problem: Problem, tally: Tally, progress: _Progress) -> None:
    tally.unread += 1
    progress.clear()
    complain(problem.error.told(spoken(), problem.name))


class _Progress:
    """How far it is, in one line of a terminal that is written anew: files, share of bytes, rate, time left."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._begun = self._told = time.monotonic()
        self._files = self._of = self._rows = 0
        self._bytes = self._all = 0
        self._file: IO[bytes] | None = None
        self._shown = False

    def total(self, count: int, size: int) -> None:
        """So many files with so many bytes are to be read."""
        self._of, self._all = count, size

    def begin(self, given: _Given) -> None:
        """A file is begun."""
        self._files += 1
        self._file = None

    def watch(self, file: IO[bytes]) -> None:
        """It is open now."""
        self._file = file
        self._show()

    def rows(self, count: int) -> None:
        """So many rows more were read."""
        self._rows += count
        self._show()

    def end(self, given: _Given) -> None:
        """It was read."""
        self._bytes += given.size
        self._file = None

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False

    def _show(self) -> None:
        now = time.monotonic()
        if self._silent or now - self._told < _EVERY:
            return
        self._told = now
        spent = now - self._begun
        line = told("reports.progress", done=self._files, of=self._of, rows=self._rows, rate=round(self._rows / spent))
        done = self._bytes + (self._file.tell() if self._file is not None and not self._file.closed else 0)
        if self._all and done and spent > _LONG_ENOUGH:
            left = max(self._all - done, 0) * spent / done
            line += told("reports.progress-left", percent=min(100 * done // self._all, 100), left=duration(left))
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)
        self._shown = True
