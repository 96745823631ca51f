"""From a file's bytes to a chain: which certificate is the Mark Certificate, which others lead upwards from it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice

import msgspec

from ..engine import Fault, quote
from .asn1 import Certificate, Undecodable, read_certificate, value_length
from .extensions import read_extensions
from .memo import MEMORABLE, Memo
from .oids import BIMI_PURPOSE, LOGOTYPE, SERVER_PURPOSE
from .pem import MOST_BLOCKS, PRIVATE_KEY, Block, blocks, is_bare_der, normal_lines
from .place import Place
from .signatures import signature_algorithm, verifies
from .subject import common_name, issuer_of, subject_of

MAX_BYTES = 1024 * 1024
"""Bytes of a file that are looked at; the largest real one has 16 KB."""

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "kind.png"),
    (b"\xff\xd8\xff", "kind.jpeg"),
    (b"%PDF-", "kind.pdf"),
    (b"PK\x03\x04", "kind.zip"),
    (b"\x1f\x8b", "kind.gzip"),
    (b"<svg", "kind.svg"),
    (b"<?xml", "kind.svg"),
    (b"<!DOCTYPE html", "kind.html-certificate"),
    (b"<!doctype html", "kind.html-certificate"),
    (b"<html", "kind.html-certificate"),
    (b"\xff\xfe", "kind.utf16"),
    (b"\xfe\xff", "kind.utf16"),
    (b"-\0-\0", "kind.utf16"),
    (b"\0-\0-", "kind.utf16"),
    (b"MII", "kind.base64-certificate"),
    (b"{", "kind.json"),
)
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The OID by which PKCS #7 begins."""
_PKCS12 = bytes.fromhex("020103")


class Entry(msgspec.Struct, frozen=True):
    """A certificate of the file.

    Attributes:
        certificate: The certificate.
        line: Line of the file it begins on; None in a file without lines.
    """

    certificate: Certificate
    line: int | None


class Bundle(msgspec.Struct):
    """What a file holds.

    Attributes:
        entries: Its certificates in order, each once.
        faults: What is wrong with the file as a file.
        readable: Whether there was anything to judge.
    """

    entries: list[Entry] = []
    faults: list[Fault[Place]] = []
    readable: bool = True


def read_bundle(data: bytes) -> Bundle:
    """Take a file apart. Never raises on what is in it."""
    bundle = Bundle()
    if len(data) > MAX_BYTES:
        return _unreadable(bundle, Fault("cert.file-too-large", None, "", {"limit": MAX_BYTES}))
    if not data.strip():
        return _unreadable(bundle, Fault("cert.file-empty", None))
    if is_bare_der(data):
        return _binary(bundle, data)
    data = normal_lines(data)
    found = list(blocks(data, MOST_BLOCKS + 1))
    if not found:
        _look_for_keys(bundle, data)
        return _unreadable(bundle, Fault("cert.not-a-certificate", None, "", {"kind": f"@{_kind(data)}"}))
    if len(found) > MOST_BLOCKS:
        bundle.faults.append(Fault("cert.too-many-blocks", Place(line=found[-1].line), "", {"limit": MOST_BLOCKS}))
    for block in found:
        _take(bundle, block)
    bundle.faults.extend(_lines(found))
    _look_for_keys(bundle, data)
    _settle(bundle)
    return bundle


def _look_for_keys(bundle: Bundle, data: bytes) -> None:
    """A private key is a leak in whatever way it is written: in UTF-16, with other dashes, behind all other blocks."""
    text = data.replace(b"\0", b"")
    upper = text.upper()
    if b"PRIVATE" not in upper and b"PUTTY-" not in upper:
        return
    known = {fault.place.line for fault in bundle.faults if fault.rule == "cert.private-key" and fault.place}
    for found in islice(PRIVATE_KEY.finditer(text), MOST_BLOCKS):
        line = text.count(b"\n", 0, found.start()) + 1
        if line not in known:
            bundle.faults.append(Fault("cert.private-key", Place(line=line)))


def _unreadable(bundle: Bundle, fault: Fault[Place]) -> Bundle:
    bundle.faults.append(fault)
    bundle.readable = False
    return bundle


def _settle(bundle: Bundle) -> None:
    """Without a certificate there is nothing further to judge; that something is wrong has been told or is told now."""
    if not bundle.entries:
        bundle.readable = False
        if not any(fault.rule in _EXPLAINS for fault in bundle.faults):
            bundle.faults.append(Fault("cert.not-a-certificate", None, "", {"kind": "@kind.pem-other"}))


_EXPLAINS = frozenset(
    f"cert.{name}" for name in ("pem-damaged", "undecodable", "pkcs7", "pkcs12", "request", "der", "der-unreadable")
)
"""Rules that tell why there is no certificate to judge."""


def _binary(bundle: Bundle, data: bytes) -> Bundle:
    """A file in DER: one certificate, or a container of certificates."""
    head = data[:40]
    if _SIGNED_DATA in head:
        bundle.faults.append(Fault("cert.pkcs7", None, "", {"form": "der"}))
        _from_pkcs7(bundle, data, None)
    elif _PKCS12 in head[:8]:
        bundle.faults.append(Fault("cert.pkcs12", None))
    else:
        try:
            certificate = read_certificate(data)
        except Undecodable as problem:
            if _is_private_key(data):
                return _unreadable(bundle, Fault("cert.private-key", None))
            kind = {"kind": "@kind.der", "problem": quote(str(problem))}
            return _unreadable(bundle, Fault("cert.der-unreadable", None, "", kind))
        bundle.faults.append(Fault("cert.der", None))
        _add(bundle, certificate, None)
    _settle(bundle)
    return bundle


def _take(bundle: Bundle, block: Block) -> None:
    place = Place(line=block.line)
    label = {"label": quote(block.label.decode("ascii"))}
    if block.is_private_key:
        bundle.faults.append(Fault("cert.private-key", place))
    elif block.problem:
        place = Place(line=block.damaged_line or block.line)
        bundle.faults.append(Fault("cert.pem-damaged", place, "", {**label, "reason": f"@pem.{block.problem}"}))
    elif block.label in (b"PKCS7", b"CMS"):
        bundle.faults.append(Fault("cert.pkcs7", place, "", {"form": "pem"}))
        _from_pkcs7(bundle, block.der or b"", block.line)
    elif not block.is_certificate and _is_private_key(block.der or b""):
        bundle.faults.append(Fault("cert.private-key", place))
    elif not block.is_certificate:
        rule = "cert.request" if block.label.endswith(b"CERTIFICATE REQUEST") else "cert.other-block"
        bundle.faults.append(Fault(rule, place, block.label.decode("ascii"), label))
    else:
        if block.label != b"CERTIFICATE":
            bundle.faults.append(Fault("cert.pem-label", place, "", label))
        try:
            _add(bundle, _certificate(block.der or b""), block.line)
        except Undecodable as problem:
            if _is_private_key(block.der or b""):
                bundle.faults.append(Fault("cert.private-key", place))
                return
            bundle.faults.append(Fault("cert.undecodable", place, "", {"problem": quote(str(problem))}))


_cas: Memo[bytes, Certificate] = Memo(128)


def _certificate(der: bytes) -> Certificate:
    known = _cas.known(der)
    if known is not None:
        return known
    certificate = read_certificate(der)
    if len(der) <= MEMORABLE and read_extensions(certificate).ca:
        _cas.put(der, certificate)
    return certificate


def _is_private_key(data: bytes) -> bool:
    """Whether bytes that are no certificate are a private key, encrypted or not, whatever stands behind it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        load_der_private_key(data[: value_length(data)], None)
    except TypeError:
        return True  # it wants a password
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _from_pkcs7(bundle: Bundle, data: bytes, line: int | None) -> None:
    """The certificates of a PKCS #7 container, so that they can be judged beside the complaint."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
    from cryptography.x509 import InvalidVersion

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it was written in BER
            found = pkcs7.load_der_pkcs7_certificates(data)
    except (ValueError, UnsupportedAlgorithm, InvalidVersion):
        bundle.faults.append(Fault("cert.undecodable", Place(line=line), "", {"problem": "PKCS7"}))
        return
    if len(found) > MOST_BLOCKS:
        bundle.faults.append(Fault("cert.too-many-blocks", Place(line=line), "", {"limit": MOST_BLOCKS}))
    for certificate in found[:MOST_BLOCKS]:
        try:
            _add(bundle, read_certificate(certificate.public_bytes(Encoding.DER)), line)
        except Undecodable as problem:
            bundle.faults.append(Fault("cert.undecodable", Place(line=line), "", {"problem": quote(str(problem))}))


def _add(bundle: Bundle, certificate: Certificate, line: int | None) -> None:
    if any(entry.certificate.der == certificate.der for entry in bundle.entries):
        bundle.faults.append(Fault("cert.duplicate", Place(line=line)))
    else:
        bundle.entries.append(Entry(certificate, line))


def _lines(found: list[Block]) -> Iterator[Fault[Place]]:
    for block in found:
        if block.is_certificate and not block.own_lines:
            yield Fault("cert.pem-boundary", Place(line=block.line))
        elif block.is_certificate and block.long_lines:
            yield Fault("cert.pem-long-lines", Place(line=block.line))


def _kind(data: bytes) -> str:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = next((kind for magic, kind in _KINDS if start.startswith(magic)), "kind.unknown")
    if kind == "kind.unknown" and _BEGIN_WORDS(data):
        return "kind.dashes"
    return kind


_BEGIN_WORDS = re.compile(rb"BEGIN +(?:[A-Z0-9]+ +)?CERTIFICATE").search
"""What is left of a BEGIN line when a word processor made other dashes of its hyphens."""


def _means_to_be_one(entry: Entry, entries: list[Entry]) -> bool:
    """Whether a certificate is meant as a Mark Certificate.

    It has a logotype or, being no CA, the key purpose. A CA with a logotype is one only if it has issued none of the
    others; one that lost its CA flag is told by the signatures it made.
    """
    certificate = entry.certificate
    extensions = read_extensions(certificate)
    has_logotype = certificate.extension(LOGOTYPE) is not None
    if has_logotype and not extensions.ca:
        return True
    if not has_logotype and (extensions.ca or BIMI_PURPOSE not in (extensions.purposes or ())):
        return False
    subject = subject_of(certificate)
    others = [other.certificate for other in entries if other is not entry]

    def has_signed(other: Certificate) -> bool:
        return verifies(certificate.spki, signature_algorithm(other.algorithm), other.signature, other.tbs)

    return not any(issuer_of(other) == subject and (has_logotype or has_signed(other)) for other in others)


class Choice(msgspec.Struct):
    """Which certificate is judged.

    Attributes:
        leaf: It; None where the file has none.
        others: The rest of the file.
        faults: What is wrong with the choice.
    """

    leaf: Entry | None
    others: list[Entry] = []
    faults: list[Fault[Place]] = []


def choose(bundle: Bundle) -> Choice:
    """Find the Mark Certificate among the file's certificates."""
    entries = bundle.entries
    marks = [entry for entry in entries if _means_to_be_one(entry, entries)]
    marks.sort(key=lambda entry: entry.certificate.extension(LOGOTYPE) is None)
    if not marks:
        return _no_mark(entries)
    choice = Choice(marks[0], [entry for entry in entries if entry is not marks[0]])
    if len(marks) > 1:
        choice.others = [entry for entry in choice.others if entry not in marks]
        choice.faults = [Fault("cert.two-mark-certificates", Place(line=entry.line)) for entry in marks[1:]]
    return choice


def _no_mark(entries: list[Entry]) -> Choice:
    ends = [entry for entry in entries if not read_extensions(entry.certificate).ca]
    if not ends:
        return Choice(None, entries, [Fault("cert.leaf-missing", None)])
    other = ends[0]
    rule = (
        "cert.tls-certificate"
        if SERVER_PURPOSE in (read_extensions(other.certificate).purposes or ())
        else "cert.not-a-mark"
    )
    params = {
        "subject": quote(common_name(other.certificate.subject)),
        "issuer": quote(common_name(other.certificate.issuer)),
    }
    return Choice(None, entries, [Fault(rule, Place(line=other.line), "", params)])
