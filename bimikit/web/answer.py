"""One HTTP answer, taken in within bounds; no I/O. What became of a request that got none, too."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

import msgspec

from ..engine import quote
from ..inflate import inflate

_TOLD = frozenset(
    "cache-control content-disposition content-encoding content-language content-length content-security-policy"
    " content-type etag expires last-modified location retry-after server strict-transport-security vary"
    " x-content-type-options".split()
)
"""Headers that tell of the document or its server. Others change with every answer, or are secrets such as cookies."""
_LONGEST_HEADER = 300
_LONGEST_DETAIL = 200
_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})


def bounded_detail(text: str) -> str:
    """A text that came from elsewhere, fit for `Fetched.detail`."""
    return quote(text, _LONGEST_DETAIL)


class Failure(msgspec.Struct, frozen=True):
    """Why there is no document.

    Attributes:
        problem: Key, as in `Fetched`.
        reason: Term that says more.
        detail: Data that belongs to it.
        limit: The bound that was met; 0 for none.
        address: The IP address that was connected to.
        tls: Version and cipher, once they were agreed.
    """

    problem: str
    reason: str
    detail: str = ""
    limit: int = 0
    address: str | None = None
    tls: Mapping[str, str] = {}


class Answer(msgspec.Struct, frozen=True):
    """An answer.

    Attributes:
        status: HTTP status.
        headers: Those worth telling, bounded, with lower-case names.
        location: The ``Location`` header in full; None for none.
        body: The document, without content coding.
        failure: Why there is none.
        address: The IP address that was connected to.
        tls: Version and cipher.
    """

    status: int
    headers: Mapping[str, str]
    location: str | None
    body: bytes
    failure: Failure | None
    address: str | None
    tls: Mapping[str, str]


class Reader:
    """Takes in an answer piece by piece, and never holds more than `max_bytes` and one piece."""

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], max_bytes: int) -> None:
        self.status = status
        self.max_bytes = max_bytes
        self.location: str | None = None
        self.told: dict[str, str] = {}
        self.coding = ""
        self.is_full = False
        self._pieces: list[bytes] = []
        self._size = 0
        for raw_name, raw_value in headers:
            name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
            if name == "location" and self.location is None:
                self.location = value
            elif name == "content-encoding":
                self.coding = f"{self.coding}, {value}" if self.coding else value
            elif name == "content-length" and value.isdecimal() and len(value) < 20 and int(value) > max_bytes:
                self.is_full = True
            if name in _TOLD:
                both = f"{self.told[name]}, {value}" if name in self.told else value
                self.told[name] = quote(both, _LONGEST_HEADER)

    @property
    def wants_body(self) -> bool:
        """Whether the body matters."""
        return self.status == 200 and not self.is_full

    def take(self, piece: bytes) -> None:
        """Take the next piece of the body in; what is too much is dropped."""
        self._size += len(piece)
        if self._size > self.max_bytes:
            self.is_full = True
            self._pieces.clear()
        else:
            self._pieces.append(piece)

    def answer(self, address: str | None, tls: Mapping[str, str]) -> Answer:
        """The whole answer."""
        body, failure = self._decoded()
        headers = {name: self.told[name] for name in sorted(self.told)}
        return Answer(self.status, headers, self.location, body, failure, address, tls)

    def _decoded(self) -> tuple[bytes, Failure | None]:
        if self.status != 200:
            return b"", None
        if self.is_full:
            return b"", self._too_large()
        body = b"".join(self._pieces)
        coding = self.coding.strip().lower()
        if coding in _PLAIN:
            return body, None
        if coding in _GZIP:
            data, _, _ = inflated = inflate(body, self.max_bytes)
            problem = inflated.problem
        elif coding == "deflate":
            data, problem = _undeflate(body, self.max_bytes)
        else:
            return b"", Failure("encoding", "encoding-unknown", bounded_detail(self.coding))
        if data is not None:
            return data, None
        if problem == "too-large":
            return b"", self._too_large()
        return b"", Failure("encoding", "encoding-damaged", bounded_detail(self.coding))

    def _too_large(self) -> Failure:
        return Failure("too-large", "too-large", limit=self.max_bytes)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _undeflate(data: bytes, max_bytes: int) -> tuple[bytes | None, str]:
    """Content of the coding ``deflate``: zlib's format, or bare deflate as some servers send it."""
    problem = ""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        machine = zlib.decompressobj(window)
        try:
            content = machine.decompress(data, max_bytes + 1)
        except zlib.error as error:
            problem = str(error)
            continue
        if len(content) > max_bytes:
            return None, "too-large"
        return (content, "") if machine.eof else (None, "truncated")
    return None, problem
