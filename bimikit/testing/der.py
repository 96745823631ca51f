"""Writing DER, right or deliberately wrong."""

from __future__ import annotations

from datetime import datetime

from ..cert.asn1 import SEQUENCE as SEQUENCE
from ..cert.asn1 import tlv as tlv

SET = 0x31
PRINTABLE, UTF8, IA5 = 0x13, 0x0C, 0x16


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return tlv(SEQUENCE, *parts)


def explicit(number: int, *parts: bytes) -> bytes:
    """A context-specific, constructed tag."""
    return tlv(0xA0 + number, *parts)


def implicit(number: int, content: bytes) -> bytes:
    """A context-specific, primitive tag."""
    return tlv(0x80 + number, content)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    body = bytearray()
    for arc in (40 * first + second, *rest):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(0x80 | (arc & 0x7F))
        body += bytes(reversed(octets))
    return tlv(0x06, bytes(body))


def integer(number: int) -> bytes:
    """An INTEGER."""
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    """A BOOLEAN."""
    return tlv(0x01, b"\xff" if value else b"\0")


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return tlv(0x04, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """A BIT STRING."""
    return tlv(0x03, bytes((unused,)), content)


def flags(*numbers: int) -> bytes:
    """A BIT STRING of named bits, in the shortest form."""
    value = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        value[number // 8] |= 0x80 >> (number % 8)
    return bits(bytes(value), 7 - max(numbers) % 8)


def text(value: str, tag: int = UTF8) -> bytes:
    """A string."""
    return tlv(tag, value.encode())


def time(moment: datetime, *, late: bool = False) -> bytes:
    """A Time, as RFC 5280, 4.1.2.5 chooses its form; or in the form for late ones."""
    if moment.year < 2050 and not late:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def name(attributes: list[tuple[str, str, int]]) -> bytes:
    """A Name of (OID, value, tag)."""
    return sequence(*(tlv(SET, sequence(oid(kind), text(value, tag))) for kind, value, tag in attributes))
