"""The process that does tasks, one after the other, until whoever started it hangs up.

It is run by its path. A message is a length (eight bytes) and a pickle: first a function that prepares it, or None;
then tasks: seconds, a function, its arguments, and those by name. An answer is ``("done", result)`` or ``("failed",
exception)``.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import signal
import struct
import sys
import traceback
from typing import IO, Any

_LONGEST = 1024**3
_LEEWAY = 5
"""Seconds after which the system ends a process that nobody watches any more."""


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message.

    Raises:
        OSError: Nobody is there to read it.
    """
    rest = memoryview(struct.pack(">Q", len(message)) + message)
    while rest:
        rest = rest[pipe.write(rest) or 0 :]


def receive(pipe: IO[bytes]) -> bytes:
    """Read a message.

    Raises:
        EOFError: There are no more.
        ValueError: It is too long to be one.
    """
    (length,) = struct.unpack(">Q", _exactly(pipe, 8))
    if length > _LONGEST:
        raise ValueError("no message")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = bytearray(count)
    rest = memoryview(data)
    while rest:
        # a pipe without a buffer has readinto, though its type doesn't tell
        got = pipe.readinto(rest)  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        rest = rest[got:]
    return bytes(data)


def answer(message: bytes) -> bytes:
    """Do a task.

    Returns:
        The answer, pickled.
    """
    seconds, function, args, named = pickle.loads(message)  # noqa: S301 - from the process that started this one
    if hasattr(signal, "alarm"):
        signal.alarm(math.ceil(seconds) + _LEEWAY)
    try:
        told: tuple[str, Any] = ("done", function(*args, **named))
        return pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
    except Exception as problem:  # it is told to whoever asked
        problem.__traceback__, trace = None, problem.__traceback__
        problem.add_note("".join(traceback.format_tb(trace)).rstrip())
        try:
            written = pickle.dumps(("failed", problem), pickle.HIGHEST_PROTOCOL)
            pickle.loads(written)  # noqa: S301 - some exceptions can be written and not read
        except Exception:  # whatever hinders it
            written = pickle.dumps(("failed", RuntimeError("".join(traceback.format_exception_only(problem)))))
        return written
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def restrict(memory: int) -> None:
    """Bound this process, and leave signals to the one that started it."""
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)  # whoever answers people goes first
    with contextlib.suppress(ImportError, OSError, ValueError):  # systems without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve on standard input and output, which nothing else in this process gets to use."""
    memory, *sys.path[:] = json.loads(sys.argv[1])
    requests, answers = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    restrict(int(memory))
    with contextlib.suppress(EOFError, BrokenPipeError):
        prepare = pickle.loads(receive(requests))  # noqa: S301 - from the process that started this one
        if prepare is not None:
            prepare()
        send(answers, pickle.dumps("ready"))
        while True:
            written = answer(receive(requests))
            send(answers, written)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with what it started, the process that draws above all


if __name__ == "__main__":
    main()
