"""How far long work is, in one line of a terminal that is written anew: what is done, the rate, and the time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, TypeVar

import click

from ..locale import words_of
from .words import spoken

_EVERY = 0.5
"""Seconds between two tellings."""
_LONG_ENOUGH = 1.0
"""Seconds before anything is told: what is done by then needs no progress."""
_Item = TypeVar("_Item")


class Progress:
    """Tells how far a scan is.

    Args:
        silent: Whether nothing is told.
        file: What the work is read from; how far it was read tells how much there is.
        size: Its bytes; 0 where that isn't known.
        before: What an earlier run has done.
        clock: Gives seconds.
    """

    def __init__(
        self, silent: bool, file: BinaryIO, size: int, before: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._silent = silent
        self._file = file
        self._size = size
        self._before = before
        self._clock = clock
        self._begun = self._told = clock()
        self._read = 0
        self._shown = False

    @property
    def begun(self) -> int:
        """How many items were read."""
        return self._read

    def counted(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """The items, counted while they are read."""
        for item in items:
            self._read += 1
            yield item

    def show(self, done: int, unknown: int) -> None:
        """Tell how far the work is, unless it was told just now."""
        now = self._clock()
        if self._silent or now - self._told < _EVERY or now - self._begun < _LONG_ENOUGH:
            return
        self._told = now
        words = words_of("scan_words", spoken())
        rate = (done - self._before) / (now - self._begun)
        said = words["progress"].format(done=done, rate=round(rate))
        if unknown:
            said += words["progress.unknown"].format(count=unknown)
        left = self._left(done, rate)
        if left is not None:
            said += words["progress.left"].format(left=duration(left))
        click.echo(f"\r\x1b[K{said}", nl=False, err=True)
        self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False

    def _left(self, done: int, rate: float) -> float | None:
        """Seconds that the rest will take, by how much of the file was read for those that were begun."""
        try:
            at = self._file.tell() if self._size else 0
        except OSError:
            return None
        if not at or not rate:
            return None
        begun = self._read + self._before
        return max(begun * self._size / at - done, 0) / rate


def duration(seconds: float) -> str:
    """A time as clocks show it: ``4:05``, ``1:00:00``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
