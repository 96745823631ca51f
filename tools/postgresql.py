"""A PostgreSQL server of one's own on loopback, for tests and benchmarks; its data are gone with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_USER = "bimikit"
_SLOWEST = 60
"""Seconds until the server answers."""


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, beside the one on the path or Debian's; None where there is none."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server that runs for a while; it sorts as English does, which is not by bytes.

    Args:
        folder: See `programs`.

    Yields:
        The URL of its databases, to which a name is added after a slash; there is ``postgres``.
    """
    data = Path(tempfile.mkdtemp(prefix="bimikit-postgresql-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # which it refuses to run as
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(data, "postgres", "postgres")
    port = _free_port()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": data, **user}
    try:
        language = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")
        subprocess.run(
            [folder / "initdb", "-D", data / "db", "-U", _USER, "-A", "trust", "-E", "UTF8", "-N", *language],
            check=True,
            **quiet,
        )
        # -F: what is gone with it needs no waiting for the disk
        command = [str(folder / "postgres"), "-D", str(data / "db"), "-F", "-h", "127.0.0.1", "-p", str(port), "-k", ""]
        running: subprocess.Popen[bytes] = subprocess.Popen(command, **quiet)
        try:
            _wait(running, port)
            yield f"postgresql://{_USER}@127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGINT)  # without waiting for who is connected
            running.wait()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(running: subprocess.Popen[bytes], port: int) -> None:
    import psycopg

    ends = time.monotonic() + _SLOWEST
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=_USER, dbname="postgres").close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return
