"""The portal behind a WSGI server for real use: waitress, bounded in everything, and ended gracefully.

Waitress's main loop takes requests in, and hands one to a thread only when it is whole: a client that sends one byte a
second holds no thread.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import BytesIOBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from .security import HEADERS
from .words import LANGUAGES

if TYPE_CHECKING:
    from flask import Flask

    from .portal import Portal

CONNECTIONS = 500
"""Connections at the same time; further ones wait to be accepted."""
RECEIVE_SECONDS = 60
"""Seconds that a client may take to send a request, and again to take the answer in."""
IDLE_SECONDS = 30
"""Seconds without a byte after which a connection is closed."""
STALLED_SECONDS = 30
"""Seconds without taking a byte of an answer after which a connection is closed, whatever else it asked for."""
PIPELINED = 4
"""Requests of one connection that may be there before the first is answered; browsers send one."""
UNREAD = 2 * 1024 * 1024
"""Bytes of answers which a client hasn't taken, beyond which its next answer has to wait."""
FULL_SECONDS = 1.0
"""Seconds for which nobody is let in when the system has nothing left to let them in with."""
HEADER_BYTES = 32 * 1024
SWALLOWED = 64 * 1024 * 1024
"""Bytes of a request that is too large which are still read, and dropped: a browser shows no answer before it has sent
everything."""
HELD = 512 * 1024 * 1024
"""Bytes of requests and of answers not yet taken, all connections together; those with the most are dropped first."""
STOP_SECONDS = 25.0
"""Seconds that running requests have to end when the portal is stopped."""
_QUIET_SECONDS = 60.0
"""Seconds for which it isn't told again that nobody could be let in."""
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PROBLEMS = {413: "too-large", 500: "failed"}
"""What waitress refuses by itself, by status; anything else is malformed."""
_LATE_SECONDS = 2.0
"""Seconds that a request which isn't whole yet has to become so, when the portal is stopped."""
_SPARE_THREADS = 8
_CAUSES, _FRAMES = 3, 12
"""What is told of an exception: those that led to it, and frames of each."""
_LOG = logging.getLogger("bimikit.portal")


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
        _quiet()
        self._connections: dict[Any, socket.socket] = {}
        bounds = Adjustments(
            sockets=listeners,
            # whoever waits for a process, or for a live check, must not keep pages from being answered
            threads=settings.workers + settings.waiting + settings.live_at_once + _SPARE_THREADS,
            connection_limit=_connections(),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=max(SWALLOWED, settings.max_body + 1),
            inbuf_overflow=SWALLOWED,  # what is handed in stays in memory
            outbuf_overflow=SWALLOWED,
            outbuf_high_watermark=UNREAD,
            ident=None,
            clear_untrusted_proxy_headers=False,  # `security` trusts so many proxies as it is told, and no more
            asyncore_use_poll=True,
            expose_tracebacks=False,
        )
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(bounds.threads)
        self._most = settings.max_body
        self._listening = [
            _Listener(
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
            listener.channel_class = _channels(settings.max_body)
        self._since: dict[HTTPChannel, tuple[object, float]] = {}
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
            holding.append((self._held(channel), channel))
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

    def _held(self, channel: HTTPChannel) -> int:
        """Bytes that a connection holds: of what was sent, as far as it is kept, and of answers not yet taken."""
        sizes = [one.body_bytes_received for one in (*channel.requests, channel.request) if one is not None]
        return sum((channel.total_outbufs_len, *(size for size in sizes if size <= self._most)))

    def _drop(self, channel: HTTPChannel) -> None:
        """Close a connection at once, even where its client takes nothing; a thread that waits for it goes on."""
        with self._dispatcher.lock, suppress(ValueError):  # it waits for no thread
            self._dispatcher.queue.remove(channel)
        channel.handle_close()


class _Listener(TcpWSGIServer):
    """Takes connections in, and pauses when the system has nothing left for them."""

    _closed_until = 0.0
    _quiet_until = 0.0

    def readable(self) -> bool:
        """Whether to take connections in."""
        return bool(super().readable()) and time.monotonic() >= self._closed_until

    def accept(self) -> tuple[socket.socket, Any] | None:
        """The next connection; None where there is none, or no room for it."""
        try:
            accepted: tuple[socket.socket, Any] | None = super().accept()
        except OSError as problem:
            if problem.errno not in _NOTHING_LEFT:
                raise
            now = time.monotonic()
            self._closed_until = now + FULL_SECONDS
            if now >= self._quiet_until:
                _LOG.warning("connections have to wait: %s", problem.strerror)
                self._quiet_until = now + _QUIET_SECONDS
            return None
        return accepted


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


class _Dropping(BytesIOBasedBuffer):
    """Holds a body up to a bound, and of a larger one only its size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._size = 0

    def __len__(self) -> int:
        return self._size if self._size > self._most else int(super().__len__())

    def append(self, s: bytes) -> None:
        self._size += len(s)
        if self._size <= self._most:
            super().append(s)
        else:
            self.file = self.newfile()


class _Error(ErrorTask):
    """What waitress itself refuses is told in our words and with our headers: to programs as RFC 9457 has it."""

    def execute(self) -> None:
        error = self.request.error
        name = _PROBLEMS.get(error.code, "malformed")
        if getattr(self.request, "path", "").startswith("/api/v1/"):
            kind, body = "application/problem+json", _document(name, error.code)
        else:
            kind = "text/plain; charset=utf-8"
            body = "".join(
                f"{texts[f'problem.{name}']}: {texts[f'problem.{name}.what']}\n" for texts in LANGUAGES.values()
            ).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [*HEADERS.items(), ("Content-Type", kind), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def _document(name: str, status: int) -> bytes:
    """A problem document in English; no language can be asked for in what can't be read."""
    texts = LANGUAGES["en"]
    title, detail = texts[f"problem.{name}"], texts[f"problem.{name}.what"]
    told = {"type": f"/api#{name}", "title": title, "status": status, "detail": detail, "problem": name}
    return json.dumps(told, ensure_ascii=False).encode()


def _channels(most: int) -> type[HTTPChannel]:
    """Connections whose requests are held up to a bound.

    A larger one comes to the portal without its content, so that it says so in words.
    """

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            _refuse_ambiguous(
                [line.partition(b":")[0].lower() for line in header_plus.split(b"\r\n")[1:]], self.version
            )
            if self.chunked:
                self.body_rcv = ChunkedReceiver(_Dropping(most))
            elif self.body_rcv is not None:
                self.body_rcv = FixedStreamReceiver(self.content_length, _Dropping(most))

    class Channel(HTTPChannel):
        parser_class = Parser
        error_task_class = _Error

        def received(self, data: bytes) -> bool:
            taken = bool(super().received(data))
            if len(self.requests) > PIPELINED:
                self.handle_close()
            return taken

    return Channel


def _refuse_ambiguous(names: list[bytes], version: str) -> None:
    """Refuse what a proxy in front may read in another way than we do (RFC 9112, sections 3.2 and 6.3).

    Args:
        names: Names of the headers, in small letters.
        version: HTTP version.

    Raises:
        ParsingError: It can be read in two ways.
    """
    if b"transfer-encoding" in names and (b"content-length" in names or version != "1.1"):
        raise ParsingError("Its length is told in two ways")
    if names.count(b"host") > 1 or (version == "1.1" and b"host" not in names):
        raise ParsingError("It needs one host")


def _quiet() -> None:
    """Waitress names addresses in its complaints, and tells how many requests wait, which the metrics do."""
    logging.getLogger("waitress.queue").setLevel(logging.CRITICAL)
    logger = logging.getLogger("waitress")
    if not any(isinstance(one, _Nameless) for one in logger.filters):
        logger.addFilter(_Nameless())


class _Nameless(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Let it through without the address it is about; that a client left is nobody's concern."""
        about, serving, _path = str(record.msg).partition(" while serving ")
        if serving:
            record.msg, record.args = f"{about} while serving a request", ()
        return record.levelno >= logging.WARNING or not serving


class Discreet(logging.Formatter):
    """Tells of an exception where it happened and of what kind it is; its words may hold somebody's content."""

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The frames and the kinds."""
        told, problem = [], ei[1]
        seen: set[int] = set()
        while problem is not None and id(problem) not in seen and len(seen) < _CAUSES:
            seen.add(id(problem))
            frames = "".join(traceback.format_list(traceback.extract_tb(problem.__traceback__, limit=-_FRAMES)))
            notes = "".join(f"{note}\n" for note in getattr(problem, "__notes__", ()) if "File " in note)
            told.append(f"{frames}{notes}{type(problem).__qualname__}")
            problem = problem.__cause__ or problem.__context__
        return "\nwhile handling\n".join(told)


def log_to_stderr() -> None:
    """Write the log of requests, and what goes wrong, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
