"""Threads for the tools: few at once, none awaited for ever, so that one that hangs stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import TypeVar

from .extras import extra

with extra("mcp"):
    from anyio import CapacityLimiter, move_on_after

_T = TypeVar("_T")
AT_ONCE = 8
"""Pieces of work that somebody waits for."""
MOST = 32
"""Threads at the most, with those whose work nobody waits for any more: a thread can't be ended from outside."""
LONGEST = 300.0
"""Seconds until an answer, waiting for a place included."""


class Busy(Exception):
    """As many threads as there may be are at work."""


class TooLong(Exception):
    """No answer came in time."""


class Threads:
    """Runs work in threads of its own, since those of `anyio` are needed to read and write messages.

    They are daemons: the process ends when the other side hangs up, whatever they do.

    Args:
        longest: Seconds until an answer.
    """

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._places = CapacityLimiter(AT_ONCE)
        self._threads = BoundedSemaphore(MOST)

    async def run(self, work: Callable[[], _T]) -> _T:
        """What comes of the work. Who is cancelled gives the place to the next at once, though the thread works on.

        Raises:
            Busy: It can't begin.
            TooLong: It isn't done in time.
            Exception: What the work raises.
        """
        with move_on_after(self._longest):
            async with self._places:
                return await asyncio.wrap_future(self._begun(work))
        raise TooLong

    def _begun(self, work: Callable[[], _T]) -> Future[_T]:
        if not self._threads.acquire(blocking=False):
            raise Busy
        answer: Future[_T] = Future()
        answer.set_running_or_notify_cancel()

        def do() -> None:
            try:
                outcome = work()
            except BaseException as problem:  # it is for who waits
                self._threads.release()
                answer.set_exception(problem)
            else:
                self._threads.release()
                answer.set_result(outcome)

        Thread(target=do, name="bimikit-mcp", daemon=True).start()
        return answer
