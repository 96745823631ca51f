"""Unpacking gzip (RFC 1952) within a bound: several members, as they are legal, and whatever follows them."""

from __future__ import annotations

import zlib
from typing import NamedTuple

GZIP = b"\x1f\x8b"


_MOST_MEMBERS = 1_000
"""A tool that writes in parallel makes one in so many kilobytes."""


class Inflated(NamedTuple):
    """What unpacking came to.

    Attributes:
        data: The content; None where it can't be had.
        problem: Why not: ``"too-large"``, ``"truncated"``, or zlib's own words; empty for nothing.
        trailing: Bytes behind the last member.
    """

    data: bytes | None
    problem: str = ""
    trailing: int = 0


def inflate(data: bytes, max_bytes: int) -> Inflated:
    """Unpack gzipped data; never is more than `max_bytes` and one byte of content held."""
    content = b""
    for _ in range(_MOST_MEMBERS):
        machine = zlib.decompressobj(wbits=31)
        try:
            content += machine.decompress(data, max_bytes + 1 - len(content))
        except zlib.error as problem:
            return Inflated(None, str(problem))
        if len(content) > max_bytes:
            return Inflated(None, "too-large")
        if not machine.eof:
            return Inflated(None, "truncated")
        if machine.unused_data[:2] != GZIP:
            return Inflated(content, "", len(machine.unused_data))
        data = machine.unused_data
    return Inflated(None, "too many members")
