"""Connections as waitress takes them in, with our bounds: how many requests wait, how much is held, what is refused."""

from __future__ import annotations

import errno
import json
import logging
import socket
import time
from typing import Any

from waitress.buffers import BytesIOBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from .problems import document
from .security import HEADERS
from .words import LANGUAGES

PIPELINED = 4
"""Requests of one connection that may be there before the first is answered; browsers send one."""
FULL_SECONDS = 1.0
"""Seconds for which nobody is let in when the system has nothing left to let them in with."""
_QUIET_SECONDS = 60.0
"""Seconds for which it isn't told again that nobody could be let in."""
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PROBLEMS = {413: "too-large", 500: "failed"}
"""What waitress refuses by itself, by status; anything else is malformed."""
_LOG = logging.getLogger("bimikit.portal")


class Listener(TcpWSGIServer):
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
            kind = "application/problem+json"
            texts = LANGUAGES["en"]  # no language can be asked for in what can't be read
            told = document(name, error.code, texts[f"problem.{name}"], texts[f"problem.{name}.what"])
            body = json.dumps(told, ensure_ascii=False).encode()
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


def channels(most: int) -> type[HTTPChannel]:
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
