"""DNS messages as a scan needs them: questions of one kind, and what an answer says about the name asked.

dnspython reads every message whole, which is right for one domain and too much for a million. What is said here of an
answer is what `bimikit.dns.resolve` says; the tests run the same cases over both.
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address

import msgspec

from ..dns.answers import AAAA, FAILED, FOUND, LONGEST_LABEL, NODATA, NXDOMAIN, TXT, A, Answer, text_of

LARGEST_OVER_UDP = 1232
"""Bytes of an answer that are asked for over UDP: what passes without fragments (DNS Flag Day 2020)."""
MOST_LINKS = 16
"""Aliases of one message that are followed."""
_TYPES = {A: 1, TXT: 16, AAAA: 28}
_CNAME, _NS, _IN, _NO_TYPE = 5, 2, 1, 0
_NOERROR, _NXDOMAIN, _REFUSED = 0, 3, 5
_QR, _AA, _TC, _RD, _RA, _OPCODE = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x7800
_HEADER = struct.Struct("!6H")
_FIXED = struct.Struct("!HHIH")
_OPT = b"\0" + struct.pack("!HHIH", 41, LARGEST_OVER_UDP, 0, 0)
_MIDDLE = struct.pack("!5H", _RD, 1, 0, 0, 1)
_POINTER = 0xC0


class Unreadable(ValueError):
    """A message that is none, or none about what was asked."""


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What an answer says.

    Attributes:
        answer: What is known; None where that takes another question.
        alias: The name to ask instead, where aliases lead away and their end isn't in the message.
        truncated: Whether it has to be asked again over TCP.
    """

    answer: Answer | None
    alias: str = ""
    truncated: bool = False


_TRUNCATED = Reply(None, truncated=True)
_MISSING = Reply(Answer(NXDOMAIN))
_EMPTY = Reply(Answer(NODATA))
_FAILURES = {reason: Reply(Answer(FAILED, reason=reason)) for reason in ("servfail", "refused", "network", "cname")}


def question_part(name: str, type_: str) -> bytes:
    """The question of a message: name (A-labels, no final dot) and type.

    Raises:
        ValueError: The name can't stand in a message.
    """
    parts = bytearray()
    for label in name.encode("ascii").split(b"."):
        if not 0 < len(label) <= LONGEST_LABEL:
            raise ValueError(f"a label of {len(label)} bytes")
        parts.append(len(label))
        parts += label
    return b"%b\0%b" % (bytes(parts), struct.pack("!HH", _TYPES[type_], _IN))


def query(number: int, question: bytes) -> bytes:
    """A whole message that asks one question."""
    return b"%b%b%b%b" % (number.to_bytes(2, "big"), _MIDDLE, question, _OPT)


def read(message: bytes, question: bytes, type_: str, *, over_tcp: bool = False) -> Reply:
    """What a message says about a question.

    Args:
        message: The message.
        question: What was asked, as `question_part` has it.
        type_: Its type.
        over_tcp: Whether it came over TCP, where nothing may be cut off.

    Raises:
        Unreadable: It isn't an answer to it.
    """
    try:
        return _read(message, question, _TYPES[type_], over_tcp)
    except (IndexError, struct.error, UnicodeDecodeError) as problem:
        raise Unreadable(str(problem)) from None


def _read(message: bytes, question: bytes, wanted: int, over_tcp: bool) -> Reply:
    _, flags, questions, answers, authorities, _ = _HEADER.unpack_from(message)
    end = 12 + len(question)
    if not flags & _QR or flags & _OPCODE or questions != 1 or message[12:end].lower() != question.lower():
        raise Unreadable("not an answer to what was asked")
    if flags & _TC:
        return _FAILURES["network"] if over_tcp else _TRUNCATED
    code = flags & 0xF
    if code == _NXDOMAIN:
        return _missing(message, end, answers)
    if code != _NOERROR:
        return _FAILURES["refused" if code == _REFUSED else "servfail"]
    if not answers:
        if authorities and not flags & (_AA | _RA) and _points_away(message, end, authorities):
            return _FAILURES["network"]
        return _EMPTY
    return _answered(message, end, answers, wanted)


def _missing(message: bytes, at: int, count: int) -> Reply:
    """That there is no such name: the one asked, or what it is an alias of."""
    leads = _answered(message, at, count, _NO_TYPE).alias if count else ""
    return Reply(Answer(NXDOMAIN, canonical=leads)) if leads else _MISSING


def _points_away(message: bytes, at: int, count: int) -> bool:
    """Whether there is an NS record among those that follow."""
    for _ in range(count):
        at = _skip(message, at)
        rdtype, _class, _ttl, length = _FIXED.unpack_from(message, at)
        if rdtype == _NS:
            return True
        at += 10 + length
    return False


def _answered(message: bytes, at: int, count: int, wanted: int) -> Reply:
    asked = owner = _name(message, 12)[0]
    records: dict[str, list[tuple[int, int]]] = {}
    aliases: dict[str, str] = {}
    for _ in range(count):
        if message[at] == _POINTER and message[at + 1] == 12:  # the name asked, as nearly all servers write it
            name, at = asked, at + 2
        else:
            name, at = _name(message, at)
        rdtype, rdclass, _ttl, length = _FIXED.unpack_from(message, at)
        at += 10
        if at + length > len(message):
            raise Unreadable("a record that ends beyond the message")
        if rdclass == _IN and rdtype == wanted:
            records.setdefault(name, []).append((at, length))
        elif rdclass == _IN and rdtype == _CNAME:
            aliases.setdefault(name, _name(message, at)[0])
        at += length
    for _ in range(MOST_LINKS):
        if owner in records or owner not in aliases:
            break
        owner = aliases[owner]
    else:
        return _FAILURES["cname"]
    leads = "" if owner == asked else owner
    if owner in records:
        found = {message[start : start + length] for start, length in records[owner]}
        return Reply(Answer(FOUND, tuple(sorted([_text(data, wanted) for data in found])), canonical=leads))
    return Reply(None, alias=owner) if leads else _EMPTY


def _text(data: bytes, rdtype: int) -> str:
    if rdtype == _TYPES[A]:
        return str(IPv4Address(data))
    if rdtype == _TYPES[AAAA]:
        return str(IPv6Address(data))
    strings = []
    at = 0
    while at < len(data):
        size = data[at] + 1
        if at + size > len(data):
            raise Unreadable("a text that ends beyond its record")
        strings.append(data[at + 1 : at + size])
        at += size
    return text_of(tuple(strings))


def _skip(message: bytes, at: int) -> int:
    """Where the name at a place ends."""
    while size := message[at]:
        if size >= _POINTER:
            return at + 2
        at += size + 1
    return at + 1


def _name(message: bytes, at: int) -> tuple[str, int]:
    """The name at a place, in lower case, and where it ends there."""
    labels: list[bytes] = []
    end = 0
    for _ in range(128):
        size = message[at]
        if size >= _POINTER:
            end = end or at + 2
            at = (size & 0x3F) << 8 | message[at + 1]
        elif size:
            labels.append(message[at + 1 : at + 1 + size])
            at += size + 1
        else:
            return b".".join(labels).lower().decode("ascii", "backslashreplace"), end or at + 1
    raise Unreadable("a name without end")
