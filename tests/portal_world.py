"""Portals for tests: in this process, behind a real server in a thread, and as the command that people run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from support import AT, ROOT

from webapp import create_app, serve

NO_RATES = {"check": 0, "live": 0, "repair": 0}
PATIENCE = 60.0
"""Seconds for what is sure to come, on however busy a machine."""


@contextmanager
def portal(**config: Any) -> Iterator[Flask]:
    """An application that is closed in the end."""
    app = create_app({"WORKERS": 1, "RATES": NO_RATES, "AT": AT, **config})
    try:
        yield app
    finally:
        app.extensions["bimikit"].close()


class Served:
    """A portal behind the server, in a thread.

    Attributes:
        url: Its address.
        stop: Called, it asks the server to end.
    """

    def __init__(self, app: Flask) -> None:
        self._listeners = serve._bound("127.0.0.1", 0)
        self._server = serve._Server(app, self._listeners)
        self.stop = serve._Stop()
        self.stop.wake = self._server.wake
        self.url = self._server.url.rstrip("/")
        self.port = int(self.url.rpartition(":")[2])
        self.thread = threading.Thread(target=self._server.run, args=(self.stop,))
        self.thread.start()

    def end(self) -> None:
        """End it, whatever is at work."""
        self.stop()
        self.stop()
        self.thread.join(PATIENCE)
        for listener in self._listeners:
            listener.close()
        assert not self.thread.is_alive()


@contextmanager
def served(**config: Any) -> Iterator[Served]:
    """A portal behind the server, until the end of the block."""
    with portal(**config) as app:
        one = Served(app)
        try:
            yield one
        finally:
            one.end()


class Program:
    """`bimikit portal`, or a script that serves, as a process of its own."""

    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.log = log
        env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), **os.environ, **environment}
        with log.open("wb") as written:
            self.process = subprocess.Popen([sys.executable, *command], stderr=written, env=env, cwd=log.parent)
        until(lambda: "portal is open at" in self.told or self.process.poll() is not None)
        found = re.search(r"open at (\S+)/", self.told)
        assert found, self.told
        self.url = found[1]

    @property
    def told(self) -> str:
        return self.log.read_text()

    def workers(self) -> list[int]:
        """The processes it started."""
        return children(self.process.pid)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def until(true: Callable[[], object]) -> None:
    """Wait until something is so, which it is sure to become."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """All processes below a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[1]) == pid:
            found += [int(path.parent.name), *children(int(path.parent.name))]
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def check(url: str, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    """Upload, as the page's form does."""
    return httpx.post(f"{url}/check", files=[("files", file) for file in files] or None, data=fields, timeout=PATIENCE)


def form(*files: tuple[str, str, bytes], **fields: str | bytes) -> dict[str, Any]:
    """A form with files (field, name, bytes), for a test client; its own way leaves a temporary file open."""
    parts = [(f'name="{name}"', text if isinstance(text, bytes) else text.encode()) for name, text in fields.items()]
    for field, name, data in files:
        quoted = name.replace('"', "%22")
        parts.append((f'name="{field}"; filename="{quoted}"', data))
    boundary = "---------------------------portal"
    body = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (boundary.encode(), head.encode(), data)
        for head, data in parts
    )
    return {
        "data": body + f"--{boundary}--\r\n".encode(),
        "content_type": f"multipart/form-data; boundary={boundary}",
    }
