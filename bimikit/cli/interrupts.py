"""How interrupts end the program: by SIGTERM and SIGHUP as by Ctrl-C, and at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn


@contextmanager
def ended_as_interrupted() -> Iterator[None]:
    """While SIGTERM (pipelines end so what takes too long) and SIGHUP (of a closed terminal) interrupt as Ctrl-C does.

    An event loop would await what blocks it, such as a terminal at which nobody types, before it takes the latter.
    """

    def interrupt(*_of_signal: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only there may signals be handled
        yield
        return
    numbers = [signal.SIGTERM]
    for name in ("SIGINT", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        # ignored by what runs in the background, or under nohup
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            numbers.append(number)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave_at_once(status: int) -> NoReturn:
    """End the program without awaiting threads that still fetch something."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)
