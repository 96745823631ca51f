"""Domains that go on coming while a scan is under way."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator

from .names import Given


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
