"""The logo and the certificate on the web against those that were planned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from ..cert.asn1 import Certificate
from ..cert.bundle import choose, read_bundle
from ..cert.logotype import read_logotype
from ..cert.match import logo_match
from ..cert.subject import common_name
from ..engine import Fault, quote, to_the_second
from ..findings import Location, Param
from ..inflate import GZIP, inflate
from ..svg.check import DEFAULT_LIMITS, decode
from .position import first_difference, line_and_column

_QUOTED = 40
_NOTHING = "–"
_MOST = 20
"""Certificates of a file that the facts tell of."""
_DAMAGE = frozenset({"cert.pem-damaged", "cert.undecodable", "cert.der-unreadable"})
_LAST_LINE = re.compile(rb"-----END [A-Z0-9 ]{1,41}-----\s*\Z")
"""How a file in PEM form ends between two certificates, rather than within one."""


class Certificates(msgspec.Struct, frozen=True):
    """What a certificate file holds.

    Attributes:
        every: Its certificates, in order.
        leaf: The Mark Certificate; None for none.
        logo: The logo inside, uncompressed; None for none.
        damaged: Whether a certificate of it can't be read.
    """

    every: tuple[Certificate, ...] = ()
    leaf: Certificate | None = None
    logo: bytes | None = None
    damaged: bool = False

    def facts(self) -> list[dict[str, Any]]:
        """Its certificates as a report tells of them."""
        return [
            {
                "subject": quote(common_name(one.subject)),
                "not_before": to_the_second(one.not_before),
                "not_after": to_the_second(one.not_after),
                "sha256": sha256(one.der).hexdigest(),
            }
            for one in self.every[:_MOST]
        ]


def read_certificates(data: bytes) -> Certificates:
    """Take a certificate file apart; never raises on what is in it."""
    bundle = read_bundle(data)
    every = tuple(entry.certificate for entry in bundle.entries)
    entry = choose(bundle).leaf if bundle.readable else None
    damaged = any(fault.rule in _DAMAGE for fault in bundle.faults)
    if entry is None:
        return Certificates(every, damaged=damaged)
    logo = read_logotype(entry.certificate, DEFAULT_LIMITS.max_bytes).svg
    return Certificates(every, entry.certificate, logo, damaged)


def logo_change(url: str, published: bytes, planned: bytes) -> Fault[Location]:
    """How a hosted logo differs from the planned one, whose bytes are others."""
    ours, theirs = decode(published), decode(planned)
    at = first_difference(ours, theirs)
    place = Location(url=url, document="indicator")
    differs = at < max(len(ours), len(theirs))
    if differs:
        line, column = line_and_column(ours, at)
        place = Location(line, column, 1, url=url, document="indicator")
    params: dict[str, Param] = {
        "url": quote(url),
        "problem": f"@verify.logo-{_logo_problem(published, planned)}",
        "byte": first_difference(published, planned) + 1,
        "published": _piece(ours[at:]) if differs else _NOTHING,
        "expected": _piece(theirs[at:]) if differs else _NOTHING,
    }
    return Fault("verify.logo-changed", place, "", params)


def _logo_problem(published: bytes, planned: bytes) -> str:
    ours, theirs = _unpacked(published), _unpacked(planned)
    if ours == theirs:
        return "packed"
    if _one_line_end(ours) == _one_line_end(theirs):
        return "line-ends"
    if theirs.startswith(ours):
        return "cut"
    fault = next(logo_match(theirs, published, DEFAULT_LIMITS), None)
    rule = fault.rule if fault is not None else ""
    return {"match.logo-unreadable": "unreadable", "match.logo-markup": "markup"}.get(rule, "other")


def _unpacked(data: bytes) -> bytes:
    plain = inflate(data, DEFAULT_LIMITS.max_bytes).data if data[:2] == GZIP else data
    return data if plain is None else plain


def _one_line_end(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _piece(text: str) -> str:
    return quote(text[:_QUOTED].replace("\n", "⏎").replace("\r", "␍")) or _NOTHING


def certificate_change(
    url: str, published: bytes, planned: bytes, ours: Certificates, theirs: Certificates, at: datetime
) -> Fault[Location]:
    """How a hosted certificate file differs from the planned one, whose bytes are others."""
    problem = (
        "cut"
        if _cut_off(published, planned)
        else "damaged"
        if ours.damaged and not theirs.damaged
        else _certificate_problem(ours, theirs, at)
    )
    told = _names if problem in ("cut", "damaged", "chain", "order") else _leaf
    params: dict[str, Param] = {
        "url": quote(url),
        "problem": f"@verify.certificate-{problem}",
        "published": told(ours),
        "expected": told(theirs),
        "byte": first_difference(published, planned) + 1,
    }
    return Fault("verify.certificate-changed", Location(url=url, document="certificate"), "", params)


def _cut_off(published: bytes, planned: bytes) -> bool:
    ours = _one_line_end(published)
    return bool(ours.strip()) and _one_line_end(planned).startswith(ours) and not _LAST_LINE.search(ours[-200:])


def _certificate_problem(ours: Certificates, theirs: Certificates, at: datetime) -> str:
    if ours.leaf is None:
        return "none"
    if theirs.leaf is None:
        return "none-planned"
    if ours.leaf.der == theirs.leaf.der:
        one, other = ([each.der for each in side.every] for side in (ours, theirs))
        return "written" if one == other else "order" if sorted(one) == sorted(other) else "chain"
    if ours.leaf.not_after < at:
        return "expired"
    issued, planned = ours.leaf.not_before, theirs.leaf.not_before
    return "older" if issued < planned else "newer" if issued > planned else "other"


def _leaf(side: Certificates) -> str:
    if side.leaf is None:
        return _NOTHING
    one = side.leaf
    digest = sha256(one.der).hexdigest()[:16]
    return f"{quote(common_name(one.subject), 60)}, {one.not_before:%Y-%m-%d} – {one.not_after:%Y-%m-%d}, {digest}"


def _names(side: Certificates) -> str:
    return quote(" → ".join(common_name(one.subject) for one in side.every), 200) or _NOTHING


def matching(logo: bytes, certificates: Certificates) -> Iterator[Fault[Any]]:
    """Whether the hosted logo is the one in the certificate; see `bimikit.cert.match`."""
    if certificates.logo is not None:
        yield from logo_match(certificates.logo, logo, DEFAULT_LIMITS)


def facts(data: bytes | None) -> Mapping[str, Any] | None:
    """Size and hash of a planned file; None where none is."""
    return None if data is None else {"size": len(data), "sha256": sha256(data).hexdigest()}
