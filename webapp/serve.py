"""The portal behind a WSGI server for real use: waitress, bounded in everything, and ended gracefully.

Waitress's main loop takes requests in and sends answers out; a thread has a request only from when it is whole until
its answer is made. A client that sends, or takes, one byte a second holds a connection for a minute, and no thread.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher

from .connections import Listener, channels
from .limits import network_of
from .logs import Seldom, quiet

if TYPE_CHECKING:
    from flask import Flask

    from .portal import Portal

CONNECTIONS = 500
"""Connections at the same time; for further ones, some that ask nothing are closed."""
RECEIVE_SECONDS = 60
"""Seconds that a client may take to send a request, and again to take the answer in."""
IDLE_SECONDS = 30
"""Seconds without a byte after which a connection is closed."""
STALLED_SECONDS = 30
"""Seconds without taking a byte of an answer after which a connection is closed, whatever else it asked for."""
HEADER_BYTES = 32 * 1024
SWALLOWED = 64 * 1024 * 1024
"""Bytes of a request that is too large which are still read, and dropped: a browser shows no answer before it has sent
everything."""
HELD = 512 * 1024 * 1024
"""Bytes of requests and of answers not yet taken, all connections together; those with the most are dropped first."""
STOP_SECONDS = 25.0
"""Seconds that running requests have to end when the portal is stopped."""
_LATE_SECONDS = 2.0
"""Seconds that a request which isn't whole yet has to become so, when the portal is stopped."""
_SPARE_THREADS = 8


class CannotServeError(Exception):
    """The portal can't be served.

    Attributes:
        why: ``"taken"``, ``"not-allowed"``, ``"no-address"`` or ``"no-processes"``.
        detail: What the system says.
    """

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


def serve(app: Flask, host: str, port: int, *, told: Callable[[str], None] = lambda _url: None) -> None:
    """Serve until SIGTERM or SIGINT; then let running requests end.

    The port opens when the processes that judge are warm, so that the first answer is as quick as any.

    Args:
        app: What `create_app` made.
        host: The name or address to listen at.
        port: The port; 0 for any that is free.
        told: Called with the portal's address once it is open.

    Raises:
        CannotServeError: Nothing can listen there, or the processes can't be started.
    """
    portal: Portal = app.extensions["bimikit"]
    listeners = _bound(host, port)
    stop = _Stop()
    try:
        with _on_signals(stop):
            try:
                portal.workers.start()
            except (OSError, RuntimeError) as problem:
                raise CannotServeError("no-processes", str(problem)) from None
            for template in app.jinja_env.list_templates():
                app.jinja_env.get_template(template)  # compiled now, so that the first visitor needn't wait for it
            if not stop.asked:
                server = _opened(app, listeners)
                stop.wake = server.wake
                told(server.url)
                server.run(stop)
    finally:
        for listener in listeners:
            listener.close()
        portal.close()


class _Stop:
    """Whether somebody asked for an end, and how often."""

    def __init__(self) -> None:
        self.asked = 0
        self.wake: Callable[[], None] = lambda: None

    def __call__(self, *_of_signal: object) -> None:
        self.asked += 1
        self.wake()


@contextmanager
def _on_signals(stop: _Stop) -> Iterator[None]:
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bound(host: str, port: int) -> list[socket.socket]:
    """Sockets at every address of a name, which don't listen yet.

    Raises:
        CannotServeError: There is no such address here, or the port is taken.
    """
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, address in dict.fromkeys(found):
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            if os.name == "posix":  # elsewhere it would let two programs share the port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            port = port or one.getsockname()[1]
    except OSError as problem:
        for one in sockets:
            one.close()
        raise _cannot(problem) from None
    return sockets


def _cannot(problem: OSError) -> CannotServeError:
    why = {errno.EADDRINUSE: "taken", errno.EACCES: "not-allowed"}.get(problem.errno or 0, "no-address")
    return CannotServeError(why, problem.strerror or str(problem))


def _opened(app: Flask, listeners: list[socket.socket]) -> _Server:
    try:
        return _Server(app, listeners)
    except OSError as problem:  # somebody else was quicker
        raise _cannot(problem) from None


class _Server:
    """Waitress with our bounds, and our end."""

    def __init__(self, app: Flask, listeners: list[socket.socket]) -> None:
        portal: Portal = app.extensions["bimikit"]
        settings = portal.settings
        quiet()
        self._connections: dict[Any, socket.socket] = {}
        bounds = Adjustments(
            sockets=listeners,
            # whoever waits for a turn, a process or a live check must not keep pages from being answered
            threads=settings.workers + 2 * settings.waiting + settings.live_at_once + _SPARE_THREADS,
            connection_limit=_connections(),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=max(SWALLOWED, settings.max_body + 1),
            inbuf_overflow=SWALLOWED,  # what is handed in stays in memory
            outbuf_overflow=HELD,
            outbuf_high_watermark=HELD,  # beyond it a thread would wait for the client
            ident=None,
            clear_untrusted_proxy_headers=False,  # `security` trusts so many proxies as it is told, and no more
            asyncore_use_poll=True,
            expose_tracebacks=False,
        )
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(bounds.threads)
        self._most = bounds.connection_limit
        self._listening = [
            Listener(
                app,
                self._connections,
                _sock=one,
                dispatcher=self._dispatcher,
                adj=bounds,
                bind_socket=False,
                sockinfo=(one.family, one.type, one.proto, one.getsockname()),
            )
            for one in listeners
        ]
        for listener in self._listening:
            listener.channel_class = channels(settings.max_body)
        self._since: dict[HTTPChannel, tuple[object, float]] = {}
        self._warn = Seldom()
        first = self._listening[0]
        name = f"[{first.effective_host}]" if ":" in first.effective_host else first.effective_host
        self.url = f"http://{name}:{first.effective_port}/"

    def wake(self) -> None:
        """Have it look at once whether it is to end; for signal handlers."""
        with suppress(OSError):  # it has ended
            self._listening[0].pull_trigger()

    def run(self, stop: _Stop) -> None:
        """Serve until somebody asks for an end, and then to it; whoever asks twice doesn't wait."""
        looked = time.monotonic()
        while not stop.asked:
            if len(self._connections) >= self._most:
                self._make_room()
            self._turn(1.0)
            if time.monotonic() - looked >= 1:
                self._drop_overdue()
                looked = time.monotonic()
        for one in self._listening:
            one.accepting = False
            one.del_channel()
            one.socket.close()
        began = time.monotonic()
        while stop.asked < 2 and self._still_at_work(time.monotonic() - began):
            self._turn(0.1)
        self._dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._connections, ignore_all=True)

    def _turn(self, seconds: float) -> None:
        with suppress(InterruptedError):
            wasyncore.loop(timeout=seconds, use_poll=True, map=self._connections, count=1)

    def _channels(self) -> list[HTTPChannel]:
        return [one for one in list(self._connections.values()) if isinstance(one, HTTPChannel)]

    def _still_at_work(self, seconds: float) -> bool:
        """Whether to go on for those who wait for an answer; the others are sent away."""
        found = False
        for channel in self._channels():
            begun = channel.request is not None and seconds < _LATE_SECONDS
            if channel.requests or channel.total_outbufs_len or begun:
                found = True
            else:
                channel.will_close = True
        return found and seconds < STOP_SECONDS

    def _drop_overdue(self) -> None:
        """Close connections that take too long over one request or answer, or hold too much."""
        now, by_clock = time.monotonic(), time.time()
        since: dict[HTTPChannel, tuple[object, float]] = {}
        holding = []
        for channel in self._channels():
            holding.append((channel.held, channel))
            doing: object = bool(channel.total_outbufs_len) or (None if channel.requests else channel.request)
            if doing is None:
                continue
            before, began = self._since.get(channel, (None, now))
            since[channel] = (doing, began if before is doing else now)
            seconds = now - since[channel][1]
            stalled = doing is True and min(seconds, by_clock - channel.last_activity) > STALLED_SECONDS
            if stalled or seconds > RECEIVE_SECONDS:
                self._drop(channel)
        self._since = since
        held = sum(size for size, _channel in holding)
        for size, channel in sorted(holding, key=lambda pair: -pair[0]):
            if held <= HELD:
                break
            self._drop(channel)
            held -= size

    def _make_room(self) -> None:
        """Close some connections with no request at work: of clients that have the most, and of those the oldest."""
        channels = self._channels()
        networks = {channel: network_of(str(channel.addr[0])) for channel in channels}
        numbers = Counter(networks.values())
        waiting = [channel for channel in channels if not channel.requests]
        waiting.sort(key=lambda channel: (-numbers[networks[channel]], channel.creation_time))
        for channel in waiting[: max(1, self._most // 10)]:
            self._drop(channel)
        self._warn("all %d connections are taken; some that ask nothing are closed", self._most)

    def _drop(self, channel: HTTPChannel) -> None:
        """Close a connection at once, even where its client takes nothing; a thread that waits for it goes on."""
        with self._dispatcher.lock, suppress(ValueError):  # it waits for no thread
            self._dispatcher.queue.remove(channel)
        channel.handle_close()


def _connections() -> int:
    """How many connections the system lets this process have, up to `CONNECTIONS`."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * CONNECTIONS
        if soft < wanted and (hard == resource.RLIM_INFINITY or hard > soft):
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(10, min(CONNECTIONS, soft // 2))
    return CONNECTIONS
