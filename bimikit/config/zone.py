"""The records of a zone file that BIMI rests on."""

from __future__ import annotations

from typing import NamedTuple

from ..dns.answers import text_of
from ..domains import normal_domain, organizational_domain

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of a zone file."""


class Records(NamedTuple):
    """What a zone publishes; both are whole plans, so that a name that isn't in them has no record.

    Attributes:
        dmarc: DMARC records by name.
        record: Assertion Records by name.
    """

    dmarc: dict[str, list[str]]
    record: dict[str, list[str]]


def read_zone(data: bytes, domain: str) -> Records:
    """The TXT records at names of DMARC and BIMI in a zone file (RFC 1035, 5).

    Args:
        data: The file. Names without a final dot are relative to its ``$ORIGIN``, or else to the Organizational Domain
            of `domain`; ``$INCLUDE`` is refused, so that no other file is read.
        domain: A domain of the zone.

    Raises:
        ValueError: It is no zone file; the message tells the line.
    """
    import dns.exception
    import dns.name
    import dns.rdatatype
    import dns.zone

    if len(data) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    name = normal_domain(domain)
    origin = dns.name.from_text(organizational_domain(name) or name)
    found = Records({}, {})
    try:
        zone = dns.zone.from_text(data.decode(), origin, relativize=False, check_origin=False, allow_include=False)
    except (dns.exception.DNSException, UnicodeDecodeError, ValueError, KeyError) as problem:
        told = str(problem) or type(problem).__name__
        raise ValueError(told.replace("<string>:", "line ")) from None
    for owner, _ttl, rdata in zone.iterate_rdatas(dns.rdatatype.TXT):
        text = text_of(rdata.strings)  # type: ignore[attr-defined]  # of TXT, as was asked for
        key = owner.to_text(omit_final_dot=True).lower()
        if key.startswith("_dmarc."):
            found.dmarc.setdefault(key, []).append(text)
        elif "._bimi." in key:
            found.record.setdefault(key, []).append(text)
    return found
