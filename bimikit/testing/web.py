"""An HTTPS and an HTTP server on loopback, with a CA of its own, that can misbehave as the web does."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import socketserver
import ssl
import struct
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

try:
    import trustme
except ImportError as error:  # an optional dependency
    raise ImportError("bimikit.testing.Web needs trustme: pip install bimikit[testing]", name=error.name) from error

TYPE_CHECKING = False  # as in bimikit itself
if TYPE_CHECKING:
    from typing import Self

_TYPES = {
    ".svg": "image/svg+xml",
    ".svgz": "image/svg+xml",
    ".pem": "application/x-pem-file",
    ".crl": "application/pkix-crl",
    ".cer": "application/pkix-cert",
    ".html": "text/html",
    ".txt": "text/plain",
}
_EXPIRED = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC))
_CHUNK = 16384
_POLL = 0.02  # seconds that stopping takes at most


class Request(NamedTuple):
    """A request that arrived.

    Attributes:
        host: The host it was for, in lower case, without the port.
        path: The path, with its query.
        headers: The fields of its head, with names in lower case.
        method: ``"GET"``, ``"HEAD"`` or ``"POST"``.
        scheme: ``"https"`` or ``"http"``.
        at: `time.monotonic()` at its arrival, in seconds.
    """

    host: str
    path: str
    headers: dict[str, str]
    method: str
    scheme: str
    at: float


class _Page(msgspec.Struct, frozen=True):
    body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    length: int | None  # None: chunked
    delay: float
    drip: tuple[int, float]
    reset: bool
    stop_at: int | None
    endless: bool


class Web:
    """An HTTPS server and an HTTP server on loopback, for tests.

    A path that nothing was put at is 404. Pages can be put while it runs; connections are served side by side and kept
    alive.

    Args:
        hosts: The host names and addresses in the TLS certificate; the first is that of `url`.
        expired: Whether the TLS certificate expired in 2020.
        maximum_tls: The newest version of TLS that is spoken; for ``"1.0"`` and ``"1.1"`` it depends on OpenSSL whether
            there is one at all.
        ca: Another's `ca`, so that one `ca_bundle` does for both; a new one by default.
        address: The address to be bound to.

    Attributes:
        ca: The certification authority, of trustme.
        address: The address it is bound to.

    Example:
        >>> with Web(["logo.example.com"]) as web:
        ...     web.put("/logo.svg", b"<svg/>")
        ...     web.url("/logo.svg").replace(str(web.port), "PORT")
        'https://logo.example.com:PORT/logo.svg'
    """

    def __init__(
        self,
        hosts: Sequence[str] = ("localhost",),
        *,
        expired: bool = False,
        maximum_tls: Literal["1.0", "1.1", "1.2", "1.3"] | None = None,
        ca: trustme.CA | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        if isinstance(hosts, str) or not hosts:
            raise ValueError(f"hosts is a sequence of one or more host names: {hosts!r}")
        self.address = address
        self.ca = ca or trustme.CA()
        self._hosts = tuple(hosts)
        lifetime = dict(zip(("not_before", "not_after"), _EXPIRED, strict=True)) if expired else {}
        certificate = self.ca.issue_cert(*self._hosts, **lifetime)  # type: ignore[arg-type]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.set_alpn_protocols(["http/1.1"])
        certificate.configure_cert(self._context)
        if maximum_tls is not None:
            _cap(self._context, maximum_tls)
        self._lock = threading.Lock()
        self._pages: dict[tuple[str | None, str], _Page] = {}
        self._requests: list[Request] = []
        self._servers: tuple[_Server, ...] = ()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    # what it serves

    def put(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        host: str | None = None,
        content_type: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        redirect: str | None = None,
        compress: bool = False,
        length: int | None = None,
        delay: float = 0,
        drip: tuple[int, float] | None = None,
        reset: bool = False,
        close_early: bool = False,
        endless: bool = False,
    ) -> None:
        """Put a page at a path, in place of what was there. It is had over HTTPS and over HTTP.

        Args:
            path: The path, such as ``"/logo.svg"``; a query in a request matters only if a page was put with it.
            body: What is there; a `str` is sent as UTF-8.
            host: The host it is at; all by default.
            content_type: The media type; by default from the path's ending. ``""`` sends none.
            status: The status code.
            headers: More fields for the head. One that is named here isn't sent otherwise.
            redirect: The URL to redirect to, with status 302 unless another one is given.
            compress: Whether the body is sent with gzip, accepted or not.
            length: A wrong Content-Length.
            delay: Seconds before the answer.
            drip: Sends the body in pieces: the bytes in each, and the seconds before it.
            reset: Resets the connection (RST) instead of answering. Over TLS many clients see it as an end.
            close_early: Sends half of the body and closes.
            endless: Sends the body over and over again, until the client goes; zeros if it is empty.

        Raises:
            ValueError: The path doesn't start with a slash, or `drip` has no bytes.
        """
        if not path.startswith("/"):
            raise ValueError(f"a path starts with a slash: {path!r}")
        if drip is not None and drip[0] < 1:
            raise ValueError("a drip has one or more bytes")
        data = body.encode() if isinstance(body, str) else body
        head = dict(headers or {})
        given = {name.lower() for name in head}
        if content_type is None:
            content_type = _TYPES.get(Path(urlsplit(path).path).suffix.lower(), "application/octet-stream")
        if content_type and "content-type" not in given:
            head["Content-Type"] = content_type
        if redirect is not None:
            head["Location"] = redirect
            status = 302 if status == 200 else status
        if compress:
            data = gzip.compress(data, mtime=0)
            head["Content-Encoding"] = "gzip"
        announced = None if endless else len(data) if length is None else length
        page = _Page(
            body=(data or bytes(_CHUNK)) if endless else data,
            status=status,
            headers=tuple(head.items()),
            length=announced,
            delay=delay,
            drip=drip or (_CHUNK, 0),
            reset=reset,
            stop_at=len(data) // 2 if close_early else None,
            endless=endless,
        )
        with self._lock:
            self._pages[host.lower() if host is not None else None, path] = page

    def remove(self, path: str, *, host: str | None = None) -> None:
        """Take a page away. What isn't there is no error."""
        with self._lock:
            self._pages.pop((host.lower() if host is not None else None, path), None)

    # what it was asked

    @property
    def requests(self) -> list[Request]:
        """The requests that arrived, in their order; a copy."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget the requests."""
        with self._lock:
            self._requests.clear()

    # where it is

    @property
    def port(self) -> int:
        """The port of HTTPS."""
        return self._running(0).port

    @property
    def http_port(self) -> int:
        """The port of HTTP."""
        return self._running(1).port

    @property
    def ca_bundle(self) -> Path:
        """A PEM file with the CA's certificate; it is gone when the server stops."""
        self._running(0)
        assert self._folder is not None
        return Path(self._folder.name, "ca.pem")

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The URL of a path over HTTPS; the first of the hosts by default."""
        return f"https://{host or self._hosts[0]}:{self.port}{path}"

    def http_url(self, path: str = "/", *, host: str | None = None) -> str:
        """The URL of a path over HTTP; the first of the hosts by default."""
        return f"http://{host or self._hosts[0]}:{self.http_port}{path}"

    def _running(self, index: int) -> _Server:
        if not self._servers:
            raise RuntimeError("Web isn't running: use it in a with statement, or call start()")
        return self._servers[index]

    # running

    def start(self) -> None:
        """Begin to listen, on new ports.

        Raises:
            RuntimeError: It is running.
        """
        if self._servers:
            raise RuntimeError("Web is running already")
        self._folder = tempfile.TemporaryDirectory(prefix="bimikit-web-")
        self.ca.cert_pem.write_to_path(str(Path(self._folder.name, "ca.pem")))
        self._servers = (_Server(self, self._context), _Server(self, None))

    def stop(self) -> None:
        """Stop, and close every connection, at once; nothing happens where it isn't running."""
        for server in self._servers:
            server.stop()
        self._servers = ()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _page(self, request: Request) -> _Page | None:
        """Record a request, and find what is there."""
        with self._lock:
            self._requests.append(request)
            for path in (request.path, urlsplit(request.path).path):
                for host in (request.host, None):
                    page = self._pages.get((host, path))
                    if page is not None:
                        return page
        return None


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """One port; each connection has a thread, which is over before the server is."""

    daemon_threads = False
    request_queue_size = 1024

    def __init__(self, web: Web, context: ssl.SSLContext | None) -> None:
        super().__init__((web.address, 0), _Handler)
        self.web = web
        self.context = context
        self.stopping = threading.Event()
        self.port = int(self.server_address[1])
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_POLL,), name="bimikit.testing.Web", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                _hang_up(connection)
        self.server_close()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection; this is in its thread."""
        connection: socket.socket = request
        if self.context is not None:
            # the handshake is put off until the connection is known, so that stop() can end it
            connection = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._connections.add(connection)
        try:
            if self.stopping.is_set():
                return
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            super().finish_request(connection, client_address)
        finally:
            with self._lock:
                self._connections.discard(connection)
                connection.close()

    def shutdown_request(self, request: Any) -> None:
        request.close()  # without a farewell, which would keep a reset from being one

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent of clients that hang up or don't trust us."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme = "http" if self.server.context is None else "https"
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        headers = {name.lower(): value for name, value in self.headers.items()}
        page = self.server.web._page(Request(host, self.path, headers, self.command, scheme, time.monotonic()))  # noqa: SLF001
        if page is None:
            page = _NOT_FOUND
        if page.delay and self.server.stopping.wait(page.delay):
            self.close_connection = True
        elif page.reset:
            # closing sends RST instead of FIN where nothing may linger
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            )
            self.close_connection = True
        else:
            self._send(page)

    do_HEAD = do_GET  # noqa: N815
    do_POST = do_GET  # noqa: N815

    def _send(self, page: _Page) -> None:
        self.send_response(page.status)
        given = {name.lower() for name, _ in page.headers}
        for name, value in page.headers:
            self.send_header(name, value)
        empty = page.status in (204, 304)
        if page.length is None:
            self.send_header("Transfer-Encoding", "chunked")
        elif "content-length" not in given and not empty:
            self.send_header("Content-Length", str(page.length))
        whole = page.length == len(page.body) and page.stop_at is None and "content-length" not in given
        if not whole:
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD" or empty:
            return
        for piece in _pieces(page):
            if page.drip[1] and self.server.stopping.wait(page.drip[1]):
                break
            if self.server.stopping.is_set():
                break
            self.wfile.write(piece if page.length is not None else b"%x\r\n%b\r\n" % (len(piece), piece))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's name
        """Write nothing."""

    def version_string(self) -> str:
        return "bimikit.testing"


_NOT_FOUND = _Page(b"", 404, (("Content-Type", "text/plain"),), 0, 0, (_CHUNK, 0), False, None, False)


def _pieces(page: _Page) -> Iterator[bytes]:
    size = page.drip[0]
    body = page.body[: page.stop_at]
    for _ in itertools.count() if page.endless else range(1):
        for start in range(0, len(body), size):
            yield body[start : start + size]


def _cap(context: ssl.SSLContext, version: str) -> None:
    """Let a server speak no newer TLS than `version`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that old versions are, is why we want them
        if version in ("1.0", "1.1"):
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL 3 has them at no other level
        context.maximum_version = ssl.TLSVersion[f"TLSv{version.replace('.', '_').removesuffix('_0')}"]


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be over already
        # not SSLSocket's own, which would change it under the thread that reads from it
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
