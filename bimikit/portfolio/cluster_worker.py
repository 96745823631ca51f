"""What a worker of a cluster does: one scan that goes on for as long as pieces of a run come, in a thread of its own.

Pieces overlap, so that name servers that are silent to one hold up no other; they share what is remembered of
Organizational Domains, and the politeness towards each server.
"""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import aclosing, suppress
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ..cert.trust import TrustStore
from .feed import Feed
from .further import Further, look_further
from .names import Given
from .row import Scanned
from .scan import scan_domains

IDLE = 30.0
"""Seconds without a piece after which a scan ends: whoever began the run may be gone."""
_PIECE = msgspec.msgpack.Decoder(list[Given])
_ROWS = msgspec.msgpack.Decoder(list[Scanned])
_ENCODE = msgspec.msgpack.Encoder().encode


class Settings(NamedTuple):
    """How a worker scans; see `bimikit.portfolio.cluster.scan_on_cluster`."""

    servers: tuple[tuple[str, int], ...]
    selector: str
    concurrency: int
    in_flight: int
    further: Further
    trust: TrustStore | None

    def pack(self) -> bytes:
        """As bytes, which the scheduler needn't understand."""
        return pickle.dumps(self)


def pack(piece: Sequence[Given]) -> bytes:
    """A piece of the input as bytes."""
    return _ENCODE(piece)


def unpack(rows: bytes) -> list[Scanned]:
    """The rows that `scan_piece` made."""
    return _ROWS.decode(rows)


def scan_piece(run: str, settings: bytes, piece: bytes) -> bytes:
    """Scan a piece of a run on a worker; the task leaves the worker's pool of threads, so that others begin meanwhile.

    Args:
        run: Names the run.
        settings: `Settings.pack`.
        piece: `pack`.

    Returns:
        The rows, for `unpack`.
    """
    from distributed import secede

    secede()  # type: ignore[no-untyped-call]
    with _LOCK:
        if run in _ENDED:
            raise RuntimeError("the run has ended")
        going = _GOING.get(run)
        if going is None:
            going = _GOING[run] = _Going(run, pickle.loads(settings))  # noqa: S301 - tasks of Dask are pickles, too
            going.start()
        part = going.take(_PIECE.decode(piece))
    return part.result()


def end_run(run: str) -> None:
    """End what a worker still does for a run."""
    with _LOCK:
        _ENDED.append(run)
        going = _GOING.pop(run, None)
    if going is not None:
        going.end()


class _Part:
    """A piece under way."""

    __slots__ = ("done", "left", "rows")

    def __init__(self, count: int) -> None:
        self.left = count
        self.rows: list[msgspec.Raw] = []
        self.done: Future[bytes] = Future()


class _Going(threading.Thread):
    """A scan that goes on."""

    def __init__(self, run: str, settings: Settings) -> None:
        super().__init__(name=f"bimikit-scan-{run}", daemon=True)
        self._run_name = run
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._feed = Feed()
        self._place = 0
        self._whose: dict[int, tuple[_Part, int]] = {}
        self._parts: set[_Part] = set()  # changed with the lock held
        self._task = self._loop.create_task(self._scan())

    def take(self, piece: list[Given]) -> Future[bytes]:
        """Begin a piece; called with the lock held."""
        part = _Part(len(piece))
        self._parts.add(part)
        self._loop.call_soon_threadsafe(self._begin, part, piece)
        return part.done

    def end(self) -> None:
        """Give up what is under way."""
        with suppress(RuntimeError):  # it ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)

    def run(self) -> None:
        """Scan until nothing comes any more."""
        problem: Exception | None = None
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except Exception as raised:  # told to whoever waits
            problem = raised
        with _LOCK:
            self._leave()
            parts, self._parts = self._parts, set()
        for part in parts:
            part.done.set_exception(problem or RuntimeError("the scan was ended"))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _leave(self) -> None:
        """Take no further piece: the next begins another scan; called with the lock held."""
        if _GOING.get(self._run_name) is self:
            del _GOING[self._run_name]

    async def _scan(self) -> None:
        servers, selector, concurrency, in_flight, further, trust = self._settings
        watch = self._loop.create_task(self._end_when_idle())
        scanned = scan_domains(
            self._feed, servers=servers, selector=selector, concurrency=concurrency, in_flight=in_flight
        )
        try:
            async with aclosing(look_further(scanned, further, trust=trust)) as rows:  # type: ignore[type-var]
                async for row in rows:
                    part, number = self._whose.pop(row.number)
                    self._told(part, replace(row, number=number))
        finally:
            watch.cancel()

    def _begin(self, part: _Part, piece: list[Given]) -> None:
        """Number the piece's domains anew: the same piece may be here twice."""
        numbered = []
        for given in piece:
            self._place += 1
            self._whose[self._place] = part, given.number
            numbered.append(given._replace(number=self._place))
        self._feed.add(numbered)

    def _told(self, part: _Part, row: Scanned) -> None:
        part.rows.append(msgspec.Raw(_ENCODE(row)))  # bytes take less room than rows
        part.left -= 1
        if not part.left:
            with _LOCK:
                self._parts.discard(part)
            part.done.set_result(_ENCODE(part.rows))

    async def _end_when_idle(self) -> None:
        idle = False
        while True:
            await asyncio.sleep(IDLE)
            with _LOCK:
                if idle and not self._parts:
                    self._leave()
                    self._feed.end()
                    return
                idle = not self._parts


_GOING: dict[str, _Going] = {}
_ENDED: deque[str] = deque(maxlen=100)
"""Runs whose tasks may still come: a scheduler takes its time to withdraw them."""
_LOCK = threading.Lock()
