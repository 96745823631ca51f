"""Processes that judge and draw, so that no request's work holds up another: bounded, timed, ended when stuck.

Each process has its own two pipes and shares nothing else, so that one that is killed in the middle of anything leaves
the others as they are.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import msgspec

from .problems import Problem
from .worker import receive, send

Result = TypeVar("Result")
_TASKS_EACH = 2_000
"""Tasks after which a process is replaced, so that nothing adds up in it."""
_START_SECONDS = 60.0
_PATIENCE = 30.0
"""Seconds that a task waits for a process that is free."""
_END_SECONDS = 5.0
_COME_BACK = 5
"""Seconds after which somebody who found no room may ask again."""


class Health(msgspec.Struct, frozen=True):
    """How the processes are.

    Attributes:
        state: ``"ready"`` for tasks, ``"starting"``, ``"busy"`` to the last place, or ``"stopping"``.
        alive: Processes that run.
        at_work: Tasks in a process.
        waiting: Tasks that wait for one.
        broken: Processes that were ended over a task, or ended by themselves, so far.
    """

    state: str
    alive: int
    at_work: int
    waiting: int
    broken: int


class _Line:
    """Processes that are free, and those who wait for one: first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: deque[_Process] = deque()
        self._waiting: deque[queue.SimpleQueue[_Process]] = deque()

    def put(self, process: _Process) -> None:
        """Give a process to the first who waits, or keep it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(process)
            else:
                self._free.append(process)

    def get(self, timeout: float) -> _Process:
        """Take one, or wait for it.

        Raises:
            queue.Empty: There was none for so many seconds.
        """
        with self._lock:
            if self._free:
                return self._free.popleft()
            mine: queue.SimpleQueue[_Process] = queue.SimpleQueue()
            self._waiting.append(mine)
        try:
            return mine.get(timeout=timeout)
        except queue.Empty:
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                    raise
            return mine.get()  # it came at the last moment


class _GoneError(Exception):
    """The process ended without an answer; who knows why."""


class _TooMuchError(Exception):
    """The task took too long, or too much memory."""


class Workers:
    """A number of processes. Safe to use from several threads, and after a fork; it starts with the first task."""

    def __init__(
        self,
        processes: int,
        waiting: int,
        memory: int,
        prepare: Callable[[], None] | None = None,
        *,
        seconds: float = 10,
    ) -> None:
        """Describe the processes.

        Args:
            processes: How many.
            waiting: Tasks that may wait beyond those at work.
            memory: Bytes of address space for each.
            prepare: A function of a module that each of them runs first once `start` was called, so that no task has to
                wait for what it needs.
            seconds: How long `close` waits for the tasks at work.
        """
        self._processes = processes
        self._most_waiting = waiting
        self._memory = memory
        self._rehearsal = prepare
        self._prepare: Callable[[], None] | None = None
        self._seconds = seconds
        self._closed = False
        self._all: list[_Process] = []
        self._forget()
        _ALL.add(self)

    def run(
        self, seconds: float, function: Callable[..., Result], *args: Any, until: float = math.inf, **named: Any
    ) -> Result:
        """Run a function in one of the processes and wait for it.

        A process that ends under it (the system may end one) is replaced, and the function run once more.

        Args:
            seconds: How long it may take, from its start; its process is then ended.
            function: A function of a module; with its arguments it travels to the process.
            args: Arguments.
            until: When it has to be done, with waiting for a process, by the monotonic clock.
            named: Arguments by name.

        Raises:
            Problem: There is no room (``busy``), or it took too long or too much (``too-slow``).
            Exception: What the function raised.
        """
        if self._closed or not self._room.acquire(blocking=False):
            raise Problem("busy", seconds=_COME_BACK)
        try:
            task = (function, args, named)
            with contextlib.suppress(_GoneError):
                return cast("Result", self._once(seconds, until, task))
            return cast("Result", self._once(seconds, until, task))
        except (_GoneError, _TooMuchError):
            raise Problem("too-slow") from None
        finally:
            self._room.release()

    def _once(self, seconds: float, until: float, task: tuple[Any, ...]) -> Any:
        self._count(waiting=1)
        try:
            process = self._free(min(_PATIENCE, until - time.monotonic()))
        finally:
            self._count(waiting=-1)
        self._count(at_work=1)
        try:
            return self._run(process, seconds, until, task)
        finally:
            self._count(at_work=-1)

    def start(self) -> None:
        """Start the processes, and wait until they are ready.

        Raises:
            RuntimeError: They can't be started.
        """
        self._prepare = self._rehearsal
        self._begin()
        held = [self._free(_START_SECONDS) for _number in range(self._processes)]
        try:
            for process in held:
                process.start(self._memory, self._prepare)
            for process in held:
                try:
                    process.wait_until_ready(_START_SECONDS)
                except (_GoneError, _TooMuchError):
                    raise RuntimeError("the portal's worker processes can't be started") from None
        finally:
            for process in held:
                self._idle.put(process)

    def health(self) -> Health:
        """How they are."""
        with self._lock:
            alive = sum(process.alive for process in self._all)
            counts = dict(self._counts)
        if self._closed:
            state = "stopping"
        elif counts["waiting"] >= max(1, self._most_waiting):
            state = "busy"
        else:
            state = "starting" if self._all and not alive else "ready"
        return Health(state, alive, **counts)

    def close(self) -> None:
        """Let the tasks at work end, within bounds, and then the processes."""
        with self._lock:
            self._closed = True
            every, self._all = self._all, []
        deadline = time.monotonic() + self._seconds
        for _process in every:
            with contextlib.suppress(queue.Empty):
                self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
        for process in every:
            process.hang_up()
        deadline = time.monotonic() + _END_SECONDS
        for process in every:
            process.end(max(0.0, deadline - time.monotonic()))

    def _forget(self) -> None:
        """Begin anew; the processes there are belong to the one that this one was forked from."""
        for process in self._all:
            process.forget()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(self._processes + self._most_waiting)
        self._idle = _Line()
        self._all = []
        self._counts = {"at_work": 0, "waiting": 0, "broken": 0}

    def _count(self, **more: int) -> None:
        with self._lock:
            for name, number in more.items():
                self._counts[name] += number

    def _begin(self) -> None:
        with self._lock:
            if not self._all and not self._closed:
                self._all = [_Process() for _number in range(self._processes)]
                for process in self._all:
                    self._idle.put(process)

    def _free(self, patience: float) -> _Process:
        self._begin()
        try:
            return self._idle.get(timeout=max(0.0, patience))
        except queue.Empty:
            raise Problem("busy", seconds=_COME_BACK) from None

    def _run(self, process: _Process, seconds: float, until: float, task: tuple[Any, ...]) -> Any:
        try:
            seconds = min(seconds, until - time.monotonic())
            if self._closed or seconds <= 0:
                raise Problem("busy", seconds=_COME_BACK)
            if not process.alive:
                process.end(0)
                process.start(self._memory, self._prepare)
            process.wait_until_ready(_START_SECONDS)
            kind, value = process.ask(seconds, task)
            if kind == "failed" and isinstance(value, MemoryError):
                raise _TooMuchError
            if process.tasks >= _TASKS_EACH:
                self._replace(process)
        except (_GoneError, _TooMuchError):
            if self._closed:
                raise Problem("busy", seconds=_COME_BACK) from None
            self._count(broken=1)
            self._replace(process)
            raise
        finally:
            self._idle.put(process)
        if kind == "done":
            return value
        raise value

    def _replace(self, process: _Process) -> None:
        """Another one, at once, so that it is warm when the next task comes."""
        process.end(0)
        with contextlib.suppress(OSError):  # the next task will tell
            process.start(self._memory, self._prepare)


_ALL: weakref.WeakSet[Workers] = weakref.WeakSet()


def _forget_all() -> None:
    for workers in list(_ALL):
        workers._forget()  # noqa: SLF001


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


class _Process:
    """One process, which may be replaced by another. Whoever took it from the queue has it alone."""

    def __init__(self) -> None:
        self.tasks = 0
        self._ready = False
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        program = self._program
        return program is not None and program.poll() is None

    def start(self, memory: int, prepare: Callable[[], None] | None) -> None:
        """Start it, if it doesn't run, without waiting for it."""
        if self.alive:
            return
        self._program = subprocess.Popen(  # noqa: S603 - our own program, run by this very Python
            [sys.executable, str(Path(__file__).with_name("worker.py")), json.dumps([str(memory), *sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # an interrupt is for the server; and what it starts can be ended with it
        )
        self.tasks, self._ready = 0, False
        with contextlib.suppress(OSError):  # it ended at once, which the answer will tell
            send(self._pipe("stdin"), pickle.dumps(prepare))

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for its word that it is prepared.

        Raises:
            _GoneError: It ended.
            _TooMuchError: It took too long.
        """
        if not self._ready:
            self._exchange(seconds, None)
            self._ready = True

    def ask(self, seconds: float, task: tuple[Any, ...]) -> tuple[str, Any]:
        """Have it do a task, and wait for the answer.

        Raises:
            _GoneError: It ended.
            _TooMuchError: It took too long.
        """
        self.tasks += 1
        answer: tuple[str, Any] = self._exchange(seconds, pickle.dumps((seconds, *task), pickle.HIGHEST_PROTOCOL))
        return answer

    def hang_up(self) -> None:
        """Let it end by itself when it has done what it does."""
        if self._program is not None:
            with contextlib.suppress(OSError):
                self._pipe("stdin").close()

    def end(self, seconds: float) -> None:
        """End it, by force after some seconds, and what it started with it."""
        program, self._program = self._program, None
        if program is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(seconds)
        _kill(program)
        program.wait()
        for pipe in (program.stdin, program.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def forget(self) -> None:
        """Let go of it, since it belongs to another process."""
        program, self._program = self._program, None
        if program is not None:
            program.returncode = 0  # it is no child of this process, so it can't be waited for
            for pipe in (program.stdin, program.stdout):
                if pipe is not None:
                    pipe.close()

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] | None = getattr(self._program, name)
        if pipe is None:
            raise _GoneError
        return pipe

    def _exchange(self, seconds: float, message: bytes | None) -> Any:
        program = self._program
        if program is None:
            raise _GoneError
        late = threading.Event()

        def end() -> None:
            late.set()
            _kill(program)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                send(self._pipe("stdin"), message)
            answer = receive(self._pipe("stdout"))
        except (OSError, EOFError, ValueError):
            raise (_TooMuchError if late.is_set() else _GoneError) from None
        finally:
            timer.cancel()
            timer.join()
        return pickle.loads(answer)  # noqa: S301 - from our own process


def _kill(program: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started, if it hasn't been waited for."""
    if program.returncode is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(program.pid, signal.SIGKILL)
    program.kill()
