"""gzip (RFC 1952) as a stream, within bounds: several members, and whatever follows them, as `bimikit.inflate`."""

from __future__ import annotations

import zlib
from typing import Protocol

from ..inflate import GZIP
from .feedback import FeedbackError

_CHUNK = 64 * 1024
_FREE = 16 * 1024 * 1024
"""Bytes of content that may come of anything: the ratio says little about a small file."""


class Readable(Protocol):
    """What can be read from: a file, or one of the readers here."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Budget:
    """Bytes of content, and entries, that may still come of a container and all it holds.

    Raises:
        FeedbackError: ``"too-large"`` or ``"ratio"``, from `spend`; ``"too-many-entries"``, from `enter`.
    """

    def __init__(self, most: int, ratio: int, entries: int) -> None:
        self.left, self.ratio, self.entries = most, ratio, entries

    def spend(self, got: int, inflated: int, packed: int) -> None:
        """Take note of `got` more bytes; `inflated` have come of `packed` so far, of this one file or entry."""
        self.left -= got
        if self.left < 0:
            raise FeedbackError("too-large")
        if inflated > _FREE and inflated > self.ratio * packed:
            raise FeedbackError("ratio")

    def enter(self) -> None:
        """Take note of one more entry."""
        self.entries -= 1
        if self.entries < 0:
            raise FeedbackError("too-many-entries")


class Inflating:
    """The content of gzipped data.

    Raises:
        FeedbackError: ``"truncated"``, ``"gzip"``, ``"too-large"`` or ``"ratio"``, while it is read.
    """

    def __init__(self, packed: Readable, budget: Budget) -> None:
        self._packed, self._budget = packed, budget
        self._machine = zlib.decompressobj(wbits=31)
        self._rest = b""
        self._came = self._went = 0
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        while not self._ended:
            data = self._rest or self._more()
            try:
                content = self._machine.decompress(data, size)
            except zlib.error as problem:
                raise FeedbackError("gzip", str(problem)) from None
            self._rest = self._machine.unconsumed_tail
            if self._machine.eof:
                self._next_member()
            elif not data and not content:
                raise FeedbackError("truncated")
            if content:
                self._went += len(content)
                self._budget.spend(len(content), self._went, self._came)
                return content
        return b""

    def _more(self) -> bytes:
        data = self._packed.read(_CHUNK)
        self._came += len(data)
        return data

    def _next_member(self) -> None:
        rest = self._machine.unused_data
        if len(rest) < len(GZIP):
            rest += self._more()
        self._ended = rest[: len(GZIP)] != GZIP
        self._rest = b"" if self._ended else rest
        self._machine = zlib.decompressobj(wbits=31)
