"""Connections as waitress takes them in, with our bounds: how many requests wait, how much is held, what is refused.

No thread ever waits for a client: one is given a request when it is whole, and hands its answer over without looking
how much of it the client has taken. Who doesn't take it in time is sent away by the main loop (`serve`).
"""

from __future__ import annotations

import errno
import json
import socket
import time
from typing import Any

from waitress.buffers import BytesIOBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import BadRequest

from .logs import Seldom
from .problems import document
from .security import HEADERS
from .words import LANGUAGES, size_in

PIPELINED = 4
"""Requests of one connection that may be there before the first is answered; browsers send one."""
HEADERS_EACH = 100
"""Headers of a request; browsers send some twenty."""
FRAMING = 4096
"""Bytes that a body in chunks may have around and after its chunks, beyond an eighth of their content: to read a byte
in a chunk of its own takes as long as to read a thousand in one."""
_SLICE = 1024
"""Bytes of such a body that are read at once: waitress copies all that is left with each chunk."""
FULL_SECONDS = 1.0
"""Seconds for which nobody is let in when the system has nothing left to let them in with."""
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PROBLEMS = {413: "too-large", 500: "failed"}
"""What waitress refuses by itself, by status; anything else is malformed."""


class Listener(TcpWSGIServer):
    """Takes connections in, and pauses when the system has nothing left for them."""

    _closed_until = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        self._warn = Seldom()
        super().__init__(*given, **named)

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
            self._closed_until = time.monotonic() + FULL_SECONDS
            self._warn("connections have to wait: %s", problem.strerror)
            return None
        return accepted


class _Dropping(BytesIOBasedBuffer):
    """Holds a body up to a bound, and of a larger one only its size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.size = 0

    def __len__(self) -> int:
        return self.size if self.size > self._most else int(super().__len__())

    def append(self, s: bytes) -> None:
        self.size += len(s)
        if self.size <= self._most:
            super().append(s)
        else:
            self.file = self.newfile()


class _Chunks(ChunkedReceiver):
    """A body in chunks, refused when there is too much beside its content."""

    error: BadRequest | None = None

    def __init__(self, content: _Dropping) -> None:
        super().__init__(content)
        self._taken = 0

    def received(self, s: bytes) -> int:
        """Take bytes in; how many of them belonged to it."""
        before = self._taken
        for start in range(0, len(s), _SLICE):
            self._taken += super().received(s[start : start + _SLICE])
            if self.completed or self.error:
                break
            if self._taken - self.buf.size > FRAMING + self.buf.size // 8:
                self.error = BadRequest("Chunks are too small, or there is too much beside them")
                break
        return self._taken - before


class _Error(ErrorTask):
    """What waitress itself refuses is told in our words and with our headers: to programs as RFC 9457 has it."""

    def execute(self) -> None:
        error = self.request.error
        name = _PROBLEMS.get(error.code, "malformed")
        if getattr(self.request, "path", "").startswith("/api/v1/"):
            kind = "application/problem+json"
            told = document(name, error.code, *self._told(name, "en"))  # nothing can be asked for that can't be read
            body = json.dumps(told, ensure_ascii=False).encode()
        else:
            kind = "text/plain; charset=utf-8"
            body = "".join("{}: {}\n".format(*self._told(name, lang)) for lang in LANGUAGES).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [*HEADERS.items(), ("Content-Type", kind), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

    def _told(self, name: str, lang: str) -> tuple[str, str]:
        """What is wrong, and what to do about it."""
        what = LANGUAGES[lang][f"problem.{name}.what"].format(most=size_in(lang, self.channel.most))
        return LANGUAGES[lang][f"problem.{name}"], what


def channels(most: int) -> type[HTTPChannel]:
    """Connections whose requests are held up to a bound.

    A larger one comes to the portal without its content, so that it says so in words.
    """

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            if header_plus.count(b"\n") > HEADERS_EACH + 2:  # the first line, and the empty one
                raise ParsingError("There are too many headers")
            super().parse_header(header_plus)
            _refuse_ambiguous(
                [line.partition(b":")[0].lower() for line in header_plus.split(b"\r\n")[1:]], self.version
            )
            if self.chunked:
                self.body_rcv = _Chunks(_Dropping(most))
            elif self.body_rcv is not None:
                self.body_rcv = FixedStreamReceiver(self.content_length, _Dropping(most))

    class Channel(HTTPChannel):
        parser_class = Parser
        error_task_class = _Error
        _handed = 0

        @property
        def most(self) -> int:
            """Bytes of a request at most."""
            return most

        @property
        def held(self) -> int:
            """Bytes it holds: of what was sent, as far as it is kept, and of answers until they are wholly taken."""
            sizes = [one.body_bytes_received for one in (*self.requests, self.request) if one is not None]
            answers = self._handed if self.total_outbufs_len else 0
            return int(answers + sum(size for size in sizes if size <= most))

        def write_soon(self, data: Any) -> int:
            if not self.total_outbufs_len:
                self._handed = 0
            self._handed += len(data)
            return int(super().write_soon(data))

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
