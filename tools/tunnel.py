"""A proxy on loopback that leads every request to two ports of this machine, so that names keep their usual ports."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress

_ABSOLUTE = re.compile(rb"^([A-Z]+) http://[^/ ]+/")
"""How a request to a proxy begins (RFC 9112, 3.2.2)."""


class Tunnel:
    """The proxy; to be used in a ``with``.

    Args:
        https: The port that CONNECT is led to.
        http: The port that everything else is.
    """

    def __init__(self, https: int, http: int) -> None:
        self._https, self._http = https, http
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tunnel", daemon=True)
        self.port = 0
        """Its own port, once it runs."""

    def __enter__(self) -> Tunnel:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._lead, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            through = head.startswith(b"CONNECT ")
            there, back = await asyncio.open_connection("127.0.0.1", self._https if through else self._http)
            if through:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                back.write(_ABSOLUTE.sub(rb"\1 /", head, count=1))
            await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
