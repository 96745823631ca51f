"""The logotype: from the extension to the SVG inside (RFC 9399; FETCH 4.1, 4.2), bounded at every step."""

from __future__ import annotations

import binascii
import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from ..engine import Fault, quote
from .asn1 import (
    AlgorithmIdentifier,
    Certificate,
    LogotypeData,
    LogotypeDetails,
    LogotypeExtension,
    Undecodable,
    Values,
    content,
    decode,
    decode_list,
    whole,
)
from .oids import LOGOTYPE
from .place import Place
from .signatures import HASHES

MEDIA_TYPES = ("image/svg+xml", "image/svg+xml+gzip")
_DIRECT = b"\xa0"
_GZIP = b"\x1f\x8b"
_PLACE = Place(0, "logotype")
_DATA = re.compile(r"data:([A-Za-z0-9.+/-]*)((?:;[A-Za-z0-9-]+=[^;,]*)*)(;base64)?,", re.IGNORECASE)
_MOST_IMAGES = 16


class Logotype(msgspec.Struct):
    """What the logotype extension holds.

    Attributes:
        svg: The Indicator, uncompressed; None where it can't be had.
        faults: What is wrong with the extension, not with the Indicator.
        facts: Media type, sizes and hashes, for the Report.
    """

    svg: bytes | None = None
    faults: list[Fault[Place]] = []
    facts: dict[str, Any] = {}


def read_logotype(certificate: Certificate, max_bytes: int) -> Logotype:
    """Take the logotype apart.

    Args:
        certificate: The Mark Certificate.
        max_bytes: The most bytes the Indicator may have, uncompressed; never is more than that held in memory.
    """
    found = Logotype()
    extension = certificate.extension(LOGOTYPE)
    if extension is None:
        found.faults.append(Fault("cert.logotype-missing", Place(0)))
        return found
    try:
        details = _details(extension.value, found.faults)
        if details is not None:
            _read_image(found, details, max_bytes)
    except Undecodable as problem:
        found.faults.append(Fault("cert.logotype-undecodable", _PLACE, "", {"problem": quote(str(problem))}))
    return found


def _details(der: bytes, faults: list[Fault[Place]]) -> LogotypeDetails | None:
    """The one image of the subject's logo."""
    extension = decode(LogotypeExtension, der)
    if not extension.subject:
        faults.append(Fault("cert.logotype-no-subject-logo", _PLACE))
        return None
    for name, other in (
        ("communityLogos", extension.community),
        ("issuerLogo", extension.issuer),
        ("otherLogos", extension.other),
    ):
        if other is not None:
            faults.append(Fault("cert.logotype-other-logos", _PLACE, name, {"name": name}))
    if extension.subject[0].tag_bytes != _DIRECT:
        faults.append(Fault("cert.logotype-indirect", _PLACE))
        return None
    data = decode(LogotypeData, content(extension.subject[0]))
    if data.audio is not None:
        faults.append(Fault("cert.logotype-other-logos", _PLACE, "audio", {"name": "audio"}))
    if not data.images:
        faults.append(Fault("cert.logotype-no-image", _PLACE))
        return None
    if len(data.images) > 1:
        faults.append(Fault("cert.logotype-several-images", _PLACE, "", {"count": len(data.images)}))
    parts = decode_list(Values, whole(data.images[0])).items
    if not parts:
        raise Undecodable("LogotypeImage is empty")
    return decode(LogotypeDetails, whole(parts[0]))


def _read_image(found: Logotype, details: LogotypeDetails, max_bytes: int) -> None:
    media_type = details.media_type.as_str()
    uris = [uri.as_str() for uri in details.uris]
    found.facts = {
        "media_type": quote(media_type),
        "hashes": [_hash_fact(one) for one in details.hashes[:_MOST_IMAGES]],
    }
    if media_type.lower() not in MEDIA_TYPES:
        found.faults.append(Fault("cert.logotype-media-type", _PLACE, "", {"type": quote(media_type)}))
    elif media_type.lower() == MEDIA_TYPES[1]:
        found.faults.append(Fault("cert.logotype-media-type-gzip", _PLACE))
    if len(uris) != 1:
        found.faults.append(Fault("cert.logotype-uris", _PLACE, "", {"count": len(uris)}))
    if not details.hashes:
        found.faults.append(Fault("cert.logotype-no-hash", _PLACE))
    if not uris:
        return
    data = _from_uri(uris[0], found.faults)
    if data is None:
        return
    found.facts["embedded_size"] = len(data)
    svg = _inflate(data, max_bytes, found.faults)
    if svg is None:
        return
    found.svg = svg
    found.facts |= {"size": len(svg), "sha256": hashlib.sha256(svg).hexdigest()}
    found.faults.extend(_hashes(details, svg, data))


def _from_uri(uri: str, faults: list[Fault[Place]]) -> bytes | None:
    start = _DATA.match(uri[:200])
    if start is None:
        scheme = uri.partition(":")[0].lower()
        faults.append(Fault("cert.logotype-not-embedded", _PLACE, "", {"scheme": quote(scheme), "uri": quote(uri)}))
        return None
    if start[1].lower() not in MEDIA_TYPES:
        faults.append(Fault("cert.logotype-uri-type", _PLACE, "", {"type": quote(start[1])}))
    if not start[3]:
        faults.append(Fault("cert.logotype-not-base64", _PLACE, "", {"problem": ""}))
        return None
    try:
        return binascii.a2b_base64(uri[start.end() :], strict_mode=True)
    except (binascii.Error, ValueError) as problem:
        faults.append(Fault("cert.logotype-not-base64", _PLACE, "", {"problem": quote(str(problem))}))
        return None


def _inflate(data: bytes, max_bytes: int, faults: list[Fault[Place]]) -> bytes | None:
    if data[:2] != _GZIP:
        faults.append(Fault("cert.logotype-not-gzipped", _PLACE))
        return data if len(data) <= max_bytes else None
    machine = zlib.decompressobj(wbits=31)
    try:
        inflated = machine.decompress(data, max_bytes + 1)
    except zlib.error as problem:
        faults.append(Fault("cert.logotype-gzip-damaged", _PLACE, "", {"problem": quote(str(problem))}))
        return None
    if len(inflated) > max_bytes:
        faults.append(Fault("cert.logotype-too-large", _PLACE, "", {"limit": max_bytes}))
        return None
    if not machine.eof:
        faults.append(Fault("cert.logotype-gzip-damaged", _PLACE, "", {"problem": "@gzip.truncated"}))
        return None
    if machine.unused_data:
        faults.append(Fault("cert.logotype-trailing-data", _PLACE, "", {"count": len(machine.unused_data)}))
    return inflated


def _hash_fact(one: Any) -> dict[str, str]:
    algorithm = HASHES.get(one.algorithm.oid.dotted_string)
    return {
        "algorithm": algorithm.name if algorithm else one.algorithm.oid.dotted_string,
        "value": one.value.hex()[:128],
    }


def _hashes(details: LogotypeDetails, svg: bytes, embedded: bytes) -> Iterator[Fault[Place]]:
    """Every hash must be that of the uncompressed SVG, as it is or with its line ends as LF (RFC 6170, 5.2)."""
    forms = {svg, svg.replace(b"\r\n", b"\n").replace(b"\r", b"\n")}
    names = []
    for one in details.hashes[:_MOST_IMAGES]:
        algorithm: AlgorithmIdentifier = one.algorithm
        digest = HASHES.get(algorithm.oid.dotted_string)
        if digest is None:
            yield Fault(
                "cert.logotype-hash-unknown",
                _PLACE,
                algorithm.oid.dotted_string,
                {"algorithm": algorithm.oid.dotted_string},
            )
            continue
        names.append(digest.name)
        make = getattr(hashlib, digest.name)
        if not any(make(form, usedforsecurity=False).digest() == one.value for form in forms):
            of_gzip = make(embedded, usedforsecurity=False).digest() == one.value
            rule = "cert.logotype-hash-of-gzip" if of_gzip else "cert.logotype-hash-wrong"
            yield Fault(rule, _PLACE, digest.name, {"algorithm": digest.name})
    if names and not set(names) - {"sha1", "md5"}:
        yield Fault("cert.logotype-hash-weak", _PLACE, "", {"algorithm": names[0]})
