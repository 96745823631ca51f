"""The two executors of one request over httpcore: to given addresses, by a deadline, within bounds.

httpcore resolves nothing here: its network backend is ours, and connects to the addresses that were judged, while TLS
is verified for the host's name. No cookies, no redirects, no credentials, nothing from the environment.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import certifi
import httpcore

from .. import __version__
from .answer import Answer, Failure, Reader, bounded_detail
from .fetch import Get
from .policy import FetchPolicy, read_proxy

_USER_AGENT = f"bimikit/{__version__}"
_OVERHEAD = 256 * 1024
"""Bytes on the wire that headers and the framing of chunks may have on top of twice the document's."""
_MOST_TRIES = 4
"""Addresses of one host that are tried."""


class Trust(NamedTuple):
    """TLS as receivers should speak it, and as it was spoken once, to tell that a server has nothing newer."""

    modern: ssl.SSLContext
    legacy: ssl.SSLContext


def trust(policy: FetchPolicy) -> Trust:
    """The CAs a policy trusts.

    Raises:
        ValueError: Its file of CAs can't be read.
    """
    if policy.ca_bundle is None:
        return _trust(None, 0)
    bundle = Path(policy.ca_bundle)
    try:
        return _trust(os.fspath(bundle), bundle.stat().st_mtime_ns)
    except (OSError, ssl.SSLError) as problem:
        raise ValueError(f"ca_bundle can't be read: {problem}") from None


@lru_cache(8)
def _trust(bundle: str | None, _changed: int) -> Trust:
    legacy = _context(bundle)
    legacy.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    legacy.set_ciphers("DEFAULT:@SECLEVEL=0")  # below which OpenSSL has no TLS 1.0 and 1.1
    return Trust(_context(bundle), legacy)


def _context(bundle: str | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # unlike create_default_context, blind to the environment
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    if bundle is not None:
        context.load_verify_locations(bundle)
    return context


class _Enough(Exception):
    """What is still to come isn't wanted."""


class _Line:
    """What one request shares with its streams: the deadline, the bounds, and what they saw."""

    def __init__(self, ask: Get, policy: FetchPolicy, deadline: float) -> None:
        self.ask = ask
        self.deadline = deadline
        self.address: str | None = None
        self.tls: dict[str, str] = {}
        self.reader: Reader | None = None
        self.ended_early = False
        self._timeout = policy.timeout
        self._most = 2 * policy.max_bytes + _OVERHEAD
        self._read = 0

    def left(self) -> float:
        """Seconds left.

        Raises:
            httpcore.ReadTimeout: None are.
        """
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds

    def tries(self, host: str) -> Iterator[tuple[str, float]]:
        """Addresses to connect to and seconds for each; the proxy's host as it is."""
        addresses = self.ask.addresses[:_MOST_TRIES] or (host,)
        for number, address in enumerate(addresses):
            yield address, self.left() / (len(addresses) - number)

    def connected(self, address: str) -> None:
        """Note to which address a connection stands."""
        if self.ask.addresses:
            self.address = address

    def secured(self, ssl_object: Any, host: str | None) -> None:
        """Note what TLS agreed upon with the host; not what with a proxy."""
        if ssl_object is not None and host == self.ask.target.host:
            cipher = ssl_object.cipher()
            self.tls = {"version": ssl_object.version() or "", "cipher": cipher[0] if cipher else ""}

    def before_read(self) -> None:
        """Stop where enough was read.

        Raises:
            _Enough: It was.
        """
        if self._read > self._most and self.reader is not None:
            self.reader.is_full = True
        if self._read > self._most or (self.reader is not None and self.reader.is_full):
            raise _Enough

    def after_read(self, data: bytes) -> bytes:
        """Count what came."""
        self._read += len(data)
        self.ended_early = not data
        return data

    def request(self) -> dict[str, Any]:
        """What to ask httpcore for."""
        target = self.ask.target
        port = None if target.has_default_port else target.port
        return {
            "method": b"GET",
            "url": httpcore.URL(
                scheme=target.scheme.encode(), host=target.host.encode(), port=port, target=target.path.encode()
            ),
            "headers": [
                (b"Host", target.authority.encode()),
                (b"User-Agent", _USER_AGENT.encode()),
                (b"Accept", self.ask.accept.encode()),
                (b"Accept-Encoding", b"identity"),
                (b"Connection", b"close"),
            ],
        }

    def answer(self, problem: Exception | None) -> Answer | Failure:
        """What it came to, after the connection was closed."""
        if problem is not None and not isinstance(problem, _Enough):
            return self._failure(problem)
        if self.reader is None:
            return Failure("protocol", "protocol", "", 0, self.address, self.tls)
        return self.reader.answer(self.address, self.tls)

    def _failure(self, problem: Exception) -> Failure:
        key, detail = _told(problem, self.ended_early)
        if key == "timeout" or time.monotonic() >= self.deadline:
            key, detail = "timeout", f"{self._timeout:g} s"
        return Failure(key, key, bounded_detail(detail), 0, self.address, self.tls)


def get(ask: Get, policy: FetchPolicy, trust: Trust, deadline: float) -> Answer | Failure:
    """Make one request, blocking."""
    line = _Line(ask, policy, deadline)
    try:
        options = _options(ask, policy, trust)
        with (
            httpcore.ConnectionPool(network_backend=_Backend(line), **options) as pool,
            pool.stream(**line.request()) as response,
        ):
            line.reader = reader = Reader(response.status, response.headers, policy.max_bytes)
            if reader.wants_body:
                for piece in response.iter_stream():
                    reader.take(piece)
    except Exception as problem:  # of httpcore, ssl and sockets, and what hostile input makes them raise
        return line.answer(problem)
    return line.answer(None)


async def aget(ask: Get, policy: FetchPolicy, trust: Trust, deadline: float) -> Answer | Failure:
    """Make one request."""
    line = _Line(ask, policy, deadline)
    try:
        options = _options(ask, policy, trust)
        async with (
            httpcore.AsyncConnectionPool(network_backend=_AsyncBackend(line), **options) as pool,
            pool.stream(**line.request()) as response,
        ):
            line.reader = reader = Reader(response.status, response.headers, policy.max_bytes)
            if reader.wants_body:
                async for piece in response.aiter_stream():
                    reader.take(piece)
    except Exception as problem:
        return line.answer(problem)
    return line.answer(None)


def _options(ask: Get, policy: FetchPolicy, trust: Trust) -> dict[str, Any]:
    context = trust.legacy if ask.legacy else trust.modern
    options: dict[str, Any] = {"ssl_context": context, "http1": True, "http2": False}
    if policy.proxy is not None:
        proxy = read_proxy(policy.proxy)
        host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
        options["proxy"] = httpcore.Proxy(
            f"{proxy.scheme}://{host}:{proxy.port}/",
            auth=None if proxy.user is None else (proxy.user, proxy.password),
            ssl_context=trust.modern if proxy.scheme == "https" else None,
        )
    return options


_CERTIFICATE_PROBLEMS = {
    10: "tls-expired",
    62: "tls-name",
    64: "tls-name",
    2: "tls-untrusted",
    18: "tls-untrusted",
    19: "tls-untrusted",
    20: "tls-untrusted",
    21: "tls-untrusted",
}
"""By OpenSSL's X509_V_ERR codes."""
_OLD_TLS = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "VERSION_TOO_LOW", "WRONG_SSL_VERSION"})
_INTERRUPTED = (
    ssl.SSLEOFError, ssl.SSLSyscallError, ssl.SSLZeroReturnError, ssl.SSLWantReadError, ssl.SSLWantWriteError,
)  # fmt: skip
_ERRNO_WORDS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.ECONNABORTED: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "no route",
    errno.EHOSTUNREACH: "no route",
}


def _told(problem: BaseException, ended_early: bool) -> tuple[str, str]:
    """Key and detail of an exception, by it and by what caused it; the same for both executors."""
    causes = list(_causes(problem))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE_PROBLEMS.get(cause.verify_code, "tls"), cause.verify_message
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _INTERRUPTED):
            reason = cause.reason or ""
            if "UNEXPECTED_EOF" in reason:
                break
            return "tls-old" if reason in _OLD_TLS else "tls", reason.replace("_", " ").lower()
    for cause in causes:
        if isinstance(cause, httpcore.TimeoutException | TimeoutError):
            return "timeout", ""
        if isinstance(cause, httpcore.ProxyError):
            return "proxy", str(cause)
        if isinstance(cause, socket.gaierror):  # only a proxy's host is ever resolved here
            return "proxy", "host not found"
        if isinstance(cause, httpcore.RemoteProtocolError):
            return ("connection", "closed early") if ended_early else ("protocol", str(cause))
        if isinstance(cause, httpcore.LocalProtocolError | httpcore.UnsupportedProtocol):
            return "url", str(cause)
    numbers = [number for cause in causes if (number := _errno(cause))]
    if numbers:
        return "connection", _ERRNO_WORDS.get(numbers[0], errno.errorcode.get(numbers[0], str(numbers[0])))
    return "connection", "closed early"


def _errno(problem: BaseException) -> int:
    """The system's number for it, 0 for none; ssl has numbers of its own."""
    return problem.errno or 0 if isinstance(problem, OSError) and not isinstance(problem, ssl.SSLError) else 0


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from, groups taken apart."""
    todo: list[BaseException] = [problem]
    seen: set[int] = set()
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions
        todo += [cause for cause in (one.__cause__, one.__context__) if cause is not None]


class _Backend(httpcore.NetworkBackend):
    """Connects to the judged addresses of a request, whatever host is named."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        problem: Exception = httpcore.ConnectError()
        for address, seconds in self._line.tries(host):
            try:
                stream = self._inner.connect_tcp(address, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as this:
                problem = this
                continue
            self._line.connected(address)
            return _Stream(stream, self._line)
        raise problem


class _Stream(httpcore.NetworkStream):
    """A stream that keeps to the request's deadline and bounds."""

    def __init__(self, inner: httpcore.NetworkStream, line: _Line, watch: threading.Timer | None = None) -> None:
        self._inner = inner
        self._line = line
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes."""
        self._line.before_read()
        return self._line.after_read(self._inner.read(max_bytes, self._line.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write bytes."""
        self._inner.write(buffer, self._line.left())

    def close(self) -> None:
        """Close it."""
        if self._watch is not None:
            self._watch.cancel()
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Put TLS on top."""
        watch = self._watched()
        try:
            secured = self._inner.start_tls(ssl_context, server_hostname, self._line.left())
        except BaseException:
            if watch is not None:
                watch.cancel()
            raise
        self._line.secured(secured.get_extra_info("ssl_object"), server_hostname)
        return _Stream(secured, self._line, watch)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows."""
        return self._inner.get_extra_info(info)

    def _watched(self) -> threading.Timer | None:
        """TLS inside TLS, through an HTTPS proxy, minds its timeout per piece only: end its socket when time is up."""
        if self._inner.get_extra_info("ssl_object") is None:
            return None
        watch = threading.Timer(self._line.left(), _end, (self._inner.get_extra_info("socket"),))
        watch.daemon = True
        watch.start()
        return watch


def _end(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """The same, awaitable."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers."""
        problem: Exception = httpcore.ConnectError()
        for address, seconds in self._line.tries(host):
            try:
                stream = await self._inner.connect_tcp(address, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as this:
                problem = this
                continue
            self._line.connected(address)
            return _AsyncStream(stream, self._line)
        raise problem


class _AsyncStream(httpcore.AsyncNetworkStream):
    """The same, awaitable."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, line: _Line) -> None:
        self._inner = inner
        self._line = line

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes."""
        self._line.before_read()
        return self._line.after_read(await self._inner.read(max_bytes, self._line.left()))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write bytes."""
        await self._inner.write(buffer, self._line.left())

    async def aclose(self) -> None:
        """Close it."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Put TLS on top."""
        try:
            secured = await self._inner.start_tls(ssl_context, server_hostname, self._line.left())
        except BaseException:  # httpcore forgets the socket where this is cancelled
            with anyio.CancelScope(shield=True):
                await self._inner.aclose()
            raise
        self._line.secured(secured.get_extra_info("ssl_object"), server_hostname)
        return _AsyncStream(secured, self._line)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows."""
        return self._inner.get_extra_info(info)
