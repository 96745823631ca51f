"""Domains that go on coming while a scan is under way."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import Empty, Queue

from .names import Given

_AHEAD = 4_000
"""Domains of an input that are read before there is room for them."""
_A_MOMENT = 0.05
"""Seconds in which an input that doesn't keep us waiting has more."""


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


class ReadAhead:
    """The same for who has no event loop, and takes several domains at once.

    Args:
        domains: The domains.
        ahead: How many are read before there is room for them.

    Attributes:
        ended: Whether no more come.
    """

    def __init__(self, domains: Iterator[Given], ahead: int) -> None:
        self._domains = domains
        self._read: Queue[Given | None] = Queue(ahead)
        self._problem: BaseException | None = None
        self._begun = self.ended = False

    def some(self, most: int) -> list[Given]:
        """As many domains as there are before long; none does not mean that no more come."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._read_all, name="input", daemon=True).start()
        found: list[Given] = []
        until = time.monotonic() + _A_MOMENT
        while len(found) < most and not self.ended:
            try:
                given = self._read.get(timeout=max(until - time.monotonic(), 0))
            except Empty:
                break
            if given is None:
                self.ended = True
            else:
                found.append(given)
        if self.ended and self._problem is not None and not found:
            raise self._problem
        return found

    def _read_all(self) -> None:
        try:
            for one in self._domains:
                self._read.put(one)
        except BaseException as problem:
            self._problem = problem
        self._read.put(None)
