"""The logotype: from the extension to the SVG inside (RFC 9399; FETCH 4.1, 4.2), bounded at every step."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from ..engine import Fault, quote
from ..inflate import GZIP, inflate
from .asn1 import (
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
from .pem import normal_lines
from .place import Place
from .signatures import HASHES

MEDIA_TYPES = ("image/svg+xml", "image/svg+xml+gzip")
_DIRECT = b"\xa0"
_PLACE = Place(0, "logotype")
_DATA = re.compile(r"data:([A-Za-z0-9.+/-]*)((?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^;,\"]*))*)(;base64)?,", re.IGNORECASE)
_MOST_IMAGES = 8
"""Images that are looked at, and hashes that the facts keep."""


class Logotype(msgspec.Struct):
    """What the logotype extension holds.

    Attributes:
        svg: The Indicator, uncompressed; None where it can't be had.
        others: Those of further images.
        faults: What is wrong with the extension, not with the Indicator.
        facts: Media type, sizes and hashes, for the Report.
    """

    svg: bytes | None = None
    others: list[bytes] = []
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
        for number, image in enumerate(_images(extension.value, found.faults)):
            read_one = _read_further if number else _read_image
            read_one(found, _details(image), max_bytes)
    except Undecodable as problem:
        found.faults.append(Fault("cert.logotype-undecodable", _PLACE, "", {"problem": quote(str(problem))}))
    return found


def _read_further(found: Logotype, details: LogotypeDetails, max_bytes: int) -> None:
    """An image beside the first one: it must be right as well."""
    other = Logotype()
    _read_image(other, details, min(max_bytes, _LARGEST_FURTHER))
    found.faults += other.faults
    if other.svg is not None and other.svg not in (found.svg, *found.others):
        found.others.append(other.svg)


_LARGEST_FURTHER = 64 * 1024
"""Bytes of an Indicator beside the first one; there should be none."""


def _images(der: bytes, faults: list[Fault[Place]]) -> list[Any]:
    """The images of the subject's logo, not taken apart yet; there should be one."""
    extension = decode(LogotypeExtension, der)
    if not extension.subject:
        faults.append(Fault("cert.logotype-no-subject-logo", _PLACE))
        return []
    for name, other in (
        ("communityLogos", extension.community),
        ("issuerLogo", extension.issuer),
        ("otherLogos", extension.other),
    ):
        if other is not None:
            faults.append(Fault("cert.logotype-other-logos", _PLACE, name, {"name": name}))
    if len(extension.subject) != 1:
        raise Undecodable("subjectLogo")
    if extension.subject[0].tag_bytes != _DIRECT:
        faults.append(Fault("cert.logotype-indirect", _PLACE))
        return []
    data = decode(LogotypeData, content(extension.subject[0]))
    if data.audio is not None:
        faults.append(Fault("cert.logotype-other-logos", _PLACE, "audio", {"name": "audio"}))
    if not data.images:
        faults.append(Fault("cert.logotype-no-image", _PLACE))
        return []
    if len(data.images) > 1:
        faults.append(Fault("cert.logotype-several-images", _PLACE, "", {"count": len(data.images)}))
    return data.images[:_MOST_IMAGES]


def _details(image: Any) -> LogotypeDetails:
    """A LogotypeImage: its details, and LogotypeImageInfo, which is passed over."""
    parts = decode_list(Values, whole(image)).items
    if not 1 <= len(parts) <= 2:
        raise Undecodable("LogotypeImage")
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
    text = uri[start.end() :]
    try:
        return binascii.a2b_base64(unquote_to_bytes(text) if "%" in text else text, strict_mode=True)
    except (binascii.Error, ValueError) as problem:
        faults.append(Fault("cert.logotype-not-base64", _PLACE, "", {"problem": quote(str(problem))}))
        return None


def _inflate(data: bytes, max_bytes: int, faults: list[Fault[Place]]) -> bytes | None:
    if data[:2] != GZIP:
        faults.append(Fault("cert.logotype-not-gzipped", _PLACE))
        return data if len(data) <= max_bytes else None
    inflated, problem, trailing = inflate(data, max_bytes)
    if problem == "too-large":
        faults.append(Fault("cert.logotype-too-large", _PLACE, "", {"limit": max_bytes}))
    elif inflated is None or inflated[:2] == GZIP:
        terms = {"truncated": "@gzip.truncated", "": "@kind.gzip-twice"}
        problem = terms.get(problem) or quote(problem)
        faults.append(Fault("cert.logotype-gzip-damaged", _PLACE, "", {"problem": problem}))
        return None
    if trailing:
        faults.append(Fault("cert.logotype-trailing-data", _PLACE, "", {"count": trailing}))
    return inflated


def _hash_fact(one: Any) -> dict[str, str]:
    algorithm = HASHES.get(one.algorithm.oid.dotted_string)
    return {
        "algorithm": algorithm.name if algorithm else one.algorithm.oid.dotted_string,
        "value": one.value.hex()[:128],
    }


def _hashes(details: LogotypeDetails, svg: bytes, embedded: bytes) -> Iterator[Fault[Place]]:
    """Every hash must be that of the uncompressed SVG, as it is or with its line ends as LF (RFC 6170, 5.2)."""
    forms = [svg, normal_lines(svg)] if b"\r" in svg else [svg]
    right: dict[str, set[bytes]] = {}
    of_gzip: dict[str, bytes] = {}
    for one in details.hashes:
        oid = one.algorithm.oid.dotted_string
        digest = HASHES.get(oid)
        if digest is None:
            yield Fault("cert.logotype-hash-unknown", _PLACE, oid, {"algorithm": oid})
            continue
        if digest.name not in right:
            right[digest.name] = {_digest(digest.name, form) for form in forms}
        if one.value not in right[digest.name]:
            if digest.name not in of_gzip:
                of_gzip[digest.name] = _digest(digest.name, embedded)
            is_gzip = one.value == of_gzip[digest.name]
            rule = "cert.logotype-hash-of-gzip" if is_gzip else "cert.logotype-hash-wrong"
            yield Fault(rule, _PLACE, digest.name, {"algorithm": digest.name})
    if details.hashes and not right:
        yield Fault("cert.logotype-hash-unverifiable", _PLACE)
    if right and not right.keys() - {"sha1", "md5"}:
        yield Fault("cert.logotype-hash-weak", _PLACE, "", {"algorithm": next(iter(right))})


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()
