"""Domains that go on coming while a scan is under way."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress

from .names import Given

_AHEAD = 4_000
"""Domains of an input that are read before there is room for them."""


class Feed(Iterator[Given]):
    """Takes domains for a scan on the same event loop, which goes on until it is told that no more come.

    As an iterator it stops where none is there for now, and has more when more were added.

    Attributes:
        ended: Whether no more come.
        news: Set whenever there is something new.
    """

    def __init__(self) -> None:
        self._waiting: deque[Given] = deque()
        self.ended = False
        self.news = asyncio.Event()

    def __next__(self) -> Given:
        if not self._waiting:
            raise StopIteration
        return self._waiting.popleft()

    def add(self, given: Iterable[Given]) -> None:
        """Take more domains; their numbers differ from those of all others."""
        self._waiting.extend(given)
        self.news.set()

    def end(self) -> None:
        """No more come: the scan ends with those that are there."""
        self.ended = True
        self.news.set()


class ReadApart(Feed):
    """Domains of an input that may keep us waiting, read by a thread: what else is done meanwhile isn't held up.

    What goes wrong with the input is raised where the domains are taken.
    """

    def __init__(self, domains: Iterator[Given]) -> None:
        super().__init__()
        self._domains = domains
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room = threading.Semaphore(_AHEAD)
        self._problem: BaseException | None = None

    def __next__(self) -> Given:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._read, args=(self._loop,), name="input", daemon=True).start()
        if self._problem is not None and not self._waiting:
            raise self._problem
        given = super().__next__()
        self._room.release()
        return given

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the scan with it
            try:
                for one in self._domains:
                    self._room.acquire()
                    loop.call_soon_threadsafe(self.add, (one,))
            except BaseException as problem:
                self._problem = problem
            loop.call_soon_threadsafe(self.end)
