"""Tasks that the tests have the portal's worker processes do; those must be able to import them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    while True:
        pass


def hang_deaf() -> None:
    """Hang without hearing a polite request to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang()


def eat() -> int:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def end() -> None:
    os._exit(3)


def end_under_it(*_args: object, **_named: object) -> None:
    """End, whatever the task."""
    end()


def break_down() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def complain() -> None:
    raise KeyError("what is missing")


class OddError(Exception):
    """Can be written, and not be read again."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def complain_oddly() -> None:
    raise OddError("a", "b")


def unreturnable() -> object:
    return lambda: None


def talk() -> int:
    sys.stdout.write("to standard output")
    sys.stdout.flush()
    os.write(1, b"and past Python's own\n")
    return 7


def wait_for(path: str) -> str:
    """Wait for a file; a file beside it tells that the task has begun."""
    Path(f"{path}.begun").touch()
    while not Path(path).exists():
        time.sleep(0.01)
    return "done"


def processes() -> list[int]:
    """This process, and one that it starts and that stays."""
    child = subprocess.Popen(["/bin/sleep", "600"])
    child.returncode = 0  # nobody waits for it
    return [os.getpid(), child.pid]


def end_once(path: str) -> str:
    """End under the task the first time, and do it the second."""
    mark = Path(path)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"
