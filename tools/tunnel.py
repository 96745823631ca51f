"""A proxy on loopback that leads every CONNECT to one port of this machine, so that names can be used with port 443."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

_LONGEST_HEAD = 8_192


class Tunnel:
    """The proxy; to be used in a ``with``.

    Args:
        target: The port that everything is led to.
    """

    def __init__(self, target: int) -> None:
        self._target = target
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
            if not head.startswith(b"CONNECT ") or len(head) > _LONGEST_HEAD:
                return
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
