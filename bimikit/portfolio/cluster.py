"""The same scan on a cluster of Dask: its workers ask, here is told what they found.

Pieces of the input are tasks, each for the worker that has the fewest, and only so many at a time, so that neither the
scheduler nor anybody else ever has the whole input. A piece whose worker is lost is done again by another; its rows are
told when it is done, so that none is told twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pkgutil
import re
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future as Promise
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from .. import __version__
from ..cert.trust import TrustStore
from ..errors import BimikitError
from ..extras import extra
from ..locale import words_of
from .client import IN_FLIGHT
from .cluster_worker import Settings, end_run, pack, scan_piece, unpack
from .feed import ReadAhead
from .further import Further
from .names import Given
from .row import Scanned
from .scan import CONCURRENCY

_T = TypeVar("_T")
CHUNK = 250
"""Domains of a task, where nobody says otherwise."""
AHEAD = 128
"""Tasks that a worker has at a time: a name server that is silent keeps its task open for several seconds."""
PATIENCE = 30.0
"""Seconds without any worker, or without the scheduler, after which a run is given up."""
LOSSES = 10
"""Workers that may be lost with a piece, or fail at it, before it is taken for the cause."""
_REACHED = 10.0
"""Seconds for a connection to the scheduler."""
_ANSWERED = 5.0
"""Seconds for an answer of the scheduler, and of workers that are asked for their version."""
_LOOK = 1.0
"""Seconds between two looks at which workers there are."""
_EMBEDDED = {
    "distributed.scheduler.allowed-failures": 1_000,  # pieces are counted here
    "distributed.worker.profile.enabled": False,
}
"""Settings of Dask for a cluster of our own."""
_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""What workers of our own run first: a terminal interrupts them, too, but they are ended from here, without words."""
_ADDRESS = re.compile(r"(?:[a-z]+://)?[^\s/]*[^\s/:]:\d{1,5}/?", re.IGNORECASE)
"""What may be a scheduler's address."""
JOINED, LOST, REFUSED = "joined", "lost", "refused"


_NOTHING = Further()


class Happened(NamedTuple):
    """Something that happened to a cluster.

    Attributes:
        what: `JOINED`: a worker takes part from now on; `LOST`: it is gone; `REFUSED`: it has no bimikit, or another
            version of it.
        worker: Its address.
        domains: How many are done again because of it.
    """

    what: str
    worker: str
    domains: int = 0


class ClusterFailed(BimikitError):
    """A cluster that can't be used, or no longer; its text says why, and what to do.

    Attributes:
        problem: What is wrong: a key of the words, such as ``"unreachable"``.
    """

    def __init__(self, problem: str, **about: object) -> None:
        self.problem = problem
        self._about = about
        super().__init__(self.told())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.problem, self._about)

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        return words_of("cluster_words", lang)[self.problem].format_map(self._about)


def _again(problem: str, about: dict[str, object]) -> ClusterFailed:
    return ClusterFailed(problem, **about)


def scan_on_cluster(
    domains: Iterable[Given],
    *,
    address: str | None = None,
    servers: Sequence[tuple[str, int]],
    selector: str = "default",
    workers: int | None = None,
    chunk: int = CHUNK,
    concurrency: int = CONCURRENCY,
    in_flight: int = IN_FLIGHT,
    further: Further = _NOTHING,
    trust: TrustStore | None = None,
    told: Callable[[Happened], None] | None = None,
    idle: Callable[[], None] | None = None,
) -> Iterator[Scanned]:
    """What `bimikit.portfolio.scan.scan_domains` tells of each domain, found out by the workers of a cluster.

    A cluster of its own starts processes by Python's ``spawn``: a script has to call this below
    ``if __name__ == "__main__":``.

    Args:
        domains: The domains, each with a number of its own; read by a thread while the scan goes on.
        address: The scheduler's, such as ``tcp://192.0.2.1:8786``; without one, workers are started on this machine,
            and ended afterwards. Certificates for ``tls://`` are those of Dask's own configuration.
        servers: Whom to ask, as the workers reach them: addresses and ports of resolvers, in turn.
        selector: The selector of the Assertion Records.
        workers: Processes that take part at most; by default all that are there at the beginning, or one for each
            processor where they are started here. Who comes later takes the place of who is lost.
        chunk: Domains of a task.
        concurrency: Domains that each worker looks at together.
        in_flight: Questions that each server is asked at once, by all workers together: each worker has its equal part.
            Where every worker has a resolver of its own, what each may ask has to be multiplied.
        further: What else the workers look at.
        trust: Roots and logs for that.
        told: Called with what happens to the cluster.
        idle: Called, before and while nothing is at hand, about once a second.

    Yields:
        A row for each domain, in the order in which the tasks are done.

    Raises:
        ValueError: There is no server, or a number is no positive one.
        ClusterFailed: The cluster can't be reached, has no workers or none any more, they have no bimikit or another
            version of it, or they fail again and again at a task.
        BimikitError: Dask isn't installed.
    """
    if not servers or min(1 if workers is None else workers, chunk, concurrency, in_flight) < 1:
        raise ValueError("a scan needs a server, and positive numbers")
    with extra("cluster"):
        import distributed  # noqa: F401
    settings = Settings(tuple(servers), selector, concurrency, in_flight, further, trust)
    with _quiet(), _connected(address, workers) as client:
        run = _Run(client, settings, workers, told or _ignore, idle or _ignore, address or "127.0.0.1")
        try:
            yield from run.rows(iter(domains), chunk)
        finally:
            run.end()


def _ignore(*_happened: Happened) -> None:
    pass


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask logs what is told here as an error, or made good; some of its loggers have levels of their own."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    loggers = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    for logger, _ in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in loggers:
            logger.setLevel(level)


@contextmanager
def _connected(address: str | None, workers: int | None) -> Iterator[Any]:
    from distributed import Client

    if address is None:
        with _embedded(workers or os.cpu_count() or 1) as cluster, Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            yield client
        return
    if "@" in address:  # Dask would tell the password in its complaints
        raise ClusterFailed("login")
    if not _ADDRESS.fullmatch(address):
        raise ClusterFailed("no-address", place=address)
    try:
        with ThreadPoolExecutor(1) as apart:  # there may be an event loop here
            apart.submit(asyncio.run, _require_scheduler(address)).result()
        client = Client(address, timeout=_REACHED, set_as_default=False)  # type: ignore[no-untyped-call]
    except TypeError as problem:  # of tls:// without certificates
        raise ClusterFailed("no-certificates", place=address, reason=_reason(problem)) from problem
    except (OSError, ValueError, RuntimeError) as problem:
        raise ClusterFailed("unreachable", place=address, reason=_reason(problem)) from problem
    except Exception as problem:  # of any kind, a lack of memory, too: the first bytes are taken for lengths
        raise ClusterFailed("no-scheduler", place=address) from problem
    try:
        yield client
    finally:
        client.close(timeout=_ANSWERED)  # type: ignore[no-untyped-call]


async def _require_scheduler(address: str) -> None:
    """See that a scheduler answers; Dask's client waits without end for one that takes connections and is silent.

    Raises:
        OSError: None does in time.
        ValueError: It is something else, or no address.
    """
    from distributed.core import rpc
    from distributed.security import Security

    connection = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    asked = rpc(address, timeout=_REACHED, connection_args=connection)  # type: ignore[no-untyped-call]
    try:
        found = await asyncio.wait_for(asked.identity(n_workers=0), _REACHED)
    finally:
        await asked.close_rpc()  # type: ignore[no-untyped-call]
    if found.get("type") != "Scheduler":
        raise ValueError(f"a {found.get('type')} is there")


@contextmanager
def _embedded(workers: int) -> Iterator[Any]:
    """A cluster on loopback."""
    import dask.config
    from distributed import LocalCluster

    with dask.config.set(_EMBEDDED):
        try:
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                worker_dashboard_address=None,
                memory_limit=None,
                preload=[_DEAF],
                silence_logs=logging.CRITICAL + 1,
            )
        except (OSError, RuntimeError) as problem:
            raise ClusterFailed("not-started", reason=_reason(problem)) from problem
    try:
        yield cluster
    finally:
        cluster.close(timeout=_ANSWERED)


class _Piece:
    """A piece of the input, and what became of it so far."""

    __slots__ = ("count", "data", "failed", "promise", "worker")

    def __init__(self, given: Sequence[Given]) -> None:
        self.count = len(given)
        self.data = pack(given)
        self.failed = 0
        self.worker = ""
        self.promise: Promise[bytes] = Promise()


class _Run:
    """A scan under way, as whoever wants the rows sees it."""

    def __init__(
        self,
        client: Any,
        settings: Settings,
        workers: int | None,
        told: Callable[[Happened], None],
        idle: Callable[[], None],
        place: str,
    ) -> None:
        self._client = client
        self._tell = told
        self._idle = idle
        self._place = place
        self._name = uuid.uuid4().hex
        self._tasks = 0
        self._open: dict[int, _Piece] = {}
        self._waiting: deque[_Piece] = deque()
        self._news: SimpleQueue[int] = SimpleQueue()
        self._has: dict[str, int] = {}  # workers that take part, with the number of tasks of each
        self._fit: set[str] = set()
        self._unfit: dict[str, str] = {}
        self._reached = True
        self._looked = self._seen = time.monotonic()
        self._most = min(workers or settings.in_flight, settings.in_flight)
        self._begin(workers)
        self._settings = settings._replace(in_flight=settings.in_flight // self._most).pack()

    def rows(self, domains: Iterator[Given], size: int) -> Iterator[Scanned]:
        """Rows as tasks are done."""
        ahead = ReadAhead(domains, size)
        while True:
            while (worker := self._with_room()) is not None:
                if self._waiting:
                    piece = self._waiting.popleft()
                elif given := ahead.some(size):
                    piece = _Piece(given)
                else:
                    break
                self._give(piece, worker)
            if ahead.ended and not self._open and not self._waiting:
                return
            yield from self._take()
            if time.monotonic() - self._looked >= _LOOK:
                self._look()

    def end(self) -> None:
        """Give up what is under way."""
        pieces, self._open = self._open, {}
        for piece in pieces.values():
            piece.promise.cancel()
        if self._has and self._reached:
            with suppress(Exception):  # where a worker can't be told, it ends by itself
                self._ask(lambda: self._client.run(end_run, self._name, workers=list(self._has), on_error="ignore"))

    def _begin(self, workers: int | None) -> None:
        """Wait for workers.

        Raises:
            ClusterFailed: None comes, or they aren't fit.
        """
        while True:
            self._look()
            for problem in self._unfit.values():
                unfit = ", ".join(sorted(one for one, other in self._unfit.items() if other == problem))
                key = "other-version" if problem else "no-bimikit"
                raise ClusterFailed(key, place=self._place, workers=unfit, version=__version__, other=problem)
            if self._has:
                self._most = self._most if workers else len(self._has)
                return
            time.sleep(_LOOK / 5)

    def _with_room(self) -> str | None:
        """The worker with the fewest tasks, if it may have another."""
        if not self._has or not self._reached:
            return None
        worker = min(self._has, key=self._has.__getitem__)
        return worker if self._has[worker] < AHEAD else None

    def _give(self, piece: _Piece, worker: str) -> None:
        self._tasks += 1
        number = self._tasks
        future = self._client.submit(
            scan_piece, self._name, self._settings, piece.data,
            key=f"bimikit-scan-{self._name}-{number}", workers=[worker], pure=False,
        )  # fmt: skip
        self._open[number], piece.worker = piece, worker
        self._has[worker] += 1
        piece.promise = self._later(_result(future))
        piece.promise.add_done_callback(lambda _done: self._news.put(number))

    def _take(self) -> Iterator[Scanned]:
        """Rows of a task, if one is done before long."""
        if self._news.empty():
            self._idle()
        try:
            number = self._news.get(timeout=_LOOK)
        except Empty:
            return
        piece = self._open.pop(number, None)
        if piece is None:  # its worker is lost
            return
        if piece.worker in self._has:
            self._has[piece.worker] -= 1
        try:
            rows = unpack(piece.promise.result())
        except BimikitError:
            raise
        except Exception as problem:  # of any kind: a worker killed, a scheduler that is another now, a defect
            self._looked = 0
            self._do_again(piece, problem)
        else:
            yield from rows

    def _do_again(self, piece: _Piece, problem: Exception | None = None) -> None:
        """Put a piece back.

        Raises:
            ClusterFailed: It was put back too often.
        """
        piece.failed += 1
        if piece.failed > LOSSES:
            if problem is None:
                raise ClusterFailed("losing", place=self._place, count=piece.failed)
            raise ClusterFailed("failing", place=self._place, reason=_reason(problem)) from problem
        self._waiting.append(piece)

    def _look(self) -> None:
        """See which workers there are.

        Raises:
            ClusterFailed: There have been none for too long.
        """
        try:
            there = set(self._ask(self._client.nthreads))
            self._reached = True
        except Exception:  # whatever a connection can come to
            self._reached = False
        else:
            self._follow(there)
        self._looked = time.monotonic()
        if self._has and self._reached:
            self._seen = self._looked
        elif self._looked - self._seen > PATIENCE:
            raise ClusterFailed("no-workers" if self._reached else "gone", place=self._place, seconds=int(PATIENCE))

    def _follow(self, there: set[str]) -> None:
        for worker in self._has.keys() - there:
            self._lose(worker)
        self._fit &= there
        self._judge(there - self._fit - self._unfit.keys())
        for worker in sorted(self._fit - self._has.keys())[: self._most - len(self._has)]:
            self._has[worker] = 0
            self._tell(Happened(JOINED, worker))

    def _lose(self, worker: str) -> None:
        del self._has[worker]
        lost = [number for number, piece in self._open.items() if piece.worker == worker and not piece.promise.done()]
        pieces = [self._open.pop(number) for number in lost]
        self._tell(Happened(LOST, worker, sum(piece.count for piece in pieces)))
        for piece in pieces:
            piece.promise.cancel()
            self._do_again(piece)

    def _judge(self, new: set[str]) -> None:
        """Ask workers for their version of bimikit, in words that need none of it."""
        if not new:
            return
        name = f"{__package__.partition('.')[0]}:__version__"
        try:
            answers = self._ask(
                lambda: self._client.run(pkgutil.resolve_name, name, workers=sorted(new), on_error="return")
            )
        except Exception:  # they are asked again at the next look
            return
        for worker, answer in answers.items():
            if answer == __version__:
                self._fit.add(worker)
            elif isinstance(answer, str | ImportError | AttributeError):  # else it was lost while it was asked
                self._unfit[worker] = answer if isinstance(answer, str) else ""
                self._tell(Happened(REFUSED, worker))

    def _later(self, work: Coroutine[Any, Any, _T]) -> Promise[_T]:
        """Do something on the event loop of Dask's client."""
        return asyncio.run_coroutine_threadsafe(work, self._client.loop.asyncio_loop)

    def _ask(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What the client answers on its own event loop.

        Raises:
            TimeoutError: It takes too long.
        """

        async def answer() -> _T:
            return await asyncio.wait_for(call(), _ANSWERED)

        return self._later(answer()).result(_ANSWERED * 2)


async def _result(future: Any) -> bytes:
    """What a task comes to; the cluster forgets it then."""
    try:
        return await future  # type: ignore[no-any-return]
    finally:
        future.release()


def _reason(problem: BaseException) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__
