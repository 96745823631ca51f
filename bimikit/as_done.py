"""`as_done`: the same work on many things on an event loop, some at a time, each result as soon as it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


async def as_done(
    items: AsyncIterable[_Item], work: Callable[[_Item], Awaitable[_Result]], most: int
) -> AsyncIterator[_Result]:
    """Do the work on `most` items at a time; the next is taken when one is done and was taken by the caller.

    Whoever stops iterating ends the work under way.

    Raises:
        Exception: What the work on an item, or taking one, raises.
    """
    coming = aiter(items)
    tasks: set[asyncio.Task[_Result]] = set()
    ahead: asyncio.Task[_Item] | None = None
    ended = False
    try:
        while True:
            if not ended and ahead is None and len(tasks) < most:
                ahead = asyncio.ensure_future(_next(coming))
            waiting: set[asyncio.Task[_Item] | asyncio.Task[_Result]] = {*tasks, *([ahead] if ahead else [])}
            if not waiting:
                return
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if ahead in done:
                done.discard(ahead)
                try:
                    item = ahead.result()
                except StopAsyncIteration:
                    ended = True
                else:
                    tasks.add(asyncio.ensure_future(_done(work, item)))
                ahead = None
            for task in [task for task in tasks if task in done]:
                tasks.discard(task)
                yield task.result()
    finally:
        for left in (*tasks, *([ahead] if ahead else [])):
            left.cancel()
        await asyncio.gather(*tasks, *([ahead] if ahead else []), return_exceptions=True)


async def _next(coming: AsyncIterator[_Item]) -> _Item:
    return await anext(coming)


async def _done(work: Callable[[_Item], Awaitable[_Result]], item: _Item) -> _Result:
    return await work(item)


async def each(items: Iterable[_Item]) -> AsyncIterator[_Item]:
    """Things at hand, as `as_done` takes them."""
    for item in items:
        yield item
