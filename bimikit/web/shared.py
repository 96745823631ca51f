"""Documents that many checks need: each is fetched once, and no host is asked for many at the same time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from weakref import WeakValueDictionary

from .fetch import OK, AsyncLookup, Fetched, afetch
from .policy import FetchPolicy, Kind

MOST_BYTES = 48 * 1024 * 1024
"""Bytes of documents that are kept."""
MOST_KEPT = 10_000
"""Documents that are kept, however small."""
KEPT_FAILURE = 60.0
"""Seconds for which a failure is remembered: nobody waits for a silent server again and again, and one that comes back
is noticed."""
AT_ONCE = 4
"""Requests that one host gets at the same time."""
_OVERHEAD = 2_048
"""Bytes that a kept document takes besides its body."""


class Shared:
    """Fetches as `afetch` does, for all checks of one event loop.

    Args:
        most_bytes: Bytes of documents that are kept.
        at_once: Requests that one host gets at the same time.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, at_once: int = AT_ONCE) -> None:
        self._most = most_bytes
        self._at_once = at_once
        self._kept: OrderedDict[tuple[str, Kind], tuple[Fetched, float]] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[tuple[str, Kind], asyncio.Task[Fetched]] = {}
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def fetch(self, url: str, kind: Kind, policy: FetchPolicy, lookup: AsyncLookup) -> Fetched:
        """What is at a URL; asked of its host only where nobody else did.

        Raises:
            ValueError: The policy's file of CAs can't be read.
        """
        key = (url, kind)
        kept = self._kept.get(key)
        now = asyncio.get_running_loop().time()
        if kept is not None and (kept[0].state == OK or now < kept[1]):
            self._kept.move_to_end(key)
            return kept[0]
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(url, kind, policy, lookup))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(task)  # one who gives up takes nothing from the others

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, url: str, kind: Kind, policy: FetchPolicy, lookup: AsyncLookup) -> Fetched:
        host = url.partition("://")[2].partition("/")[0].lower()
        room = self._hosts.get(host)
        if room is None:
            room = self._hosts[host] = asyncio.Semaphore(self._at_once)
        async with room:
            return await afetch(url, kind, policy, lookup)

    def _end(self, key: tuple[str, Kind], task: asyncio.Task[Fetched]) -> None:
        del self._under_way[key]
        if task.cancelled() or task.exception() is not None:
            return
        before = self._kept.pop(key, None)
        self._bytes -= 0 if before is None else _size(before[0])
        fetched = task.result()
        self._kept[key] = (fetched, asyncio.get_running_loop().time() + KEPT_FAILURE)
        self._bytes += _size(fetched)
        while self._bytes > self._most or len(self._kept) > MOST_KEPT:
            _, (oldest, _) = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(fetched: Fetched) -> int:
    return len(fetched.body) + _OVERHEAD
