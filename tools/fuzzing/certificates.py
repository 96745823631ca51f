"""Certificates: DER, PEM, whole files, logotypes, timestamps, and lists of revoked certificates."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from cryptography import x509
from msgspec.structs import replace

from bimikit import check_certificate
from bimikit.cert import oids
from bimikit.cert.asn1 import (
    Certificate,
    Extension,
    Undecodable,
    length_octets,
    read_certificate,
    read_name,
    value_length,
)
from bimikit.cert.bundle import read_bundle
from bimikit.cert.ct import Timestamp, precertificate_tbs, read_timestamps
from bimikit.cert.extensions import read_extensions
from bimikit.cert.logotype import read_logotype
from bimikit.cert.path import build
from bimikit.cert.pem import blocks, showable
from bimikit.cert.revocation import GOOD, read_crls, revocation
from bimikit.cert.subject import Folded, common_name
from bimikit.testing import MarkCA
from bimikit.testing.authority import Issued
from bimikit.testing.plan import to_pem
from tools.fuzzing.engine import BYTES, Mutation, Target, require, words
from tools.fuzzing.reports import settled

AT = datetime(2026, 11, 24, tzinfo=UTC)
_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "certs"
_MOST_LOGO = 50_000


@cache
def _authority() -> MarkCA:
    return MarkCA(at=AT)


@cache
def _good() -> Issued:
    return _authority().issue()


@cache
def _files() -> list[bytes]:
    """The files of the fixtures, each kind once."""
    return [_good().pem, *(path.read_bytes() for path in sorted(_FIXTURES.rglob("*.pem"))[::4])]


@cache
def _certificates() -> list[bytes]:
    found: dict[bytes, None] = {}
    for file in _files():
        for entry in read_bundle(file).entries:
            found.setdefault(entry.certificate.der)
    return list(found)


def _values(der: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """The TLVs of some DER, each as its start, the start of its content and its end; those within follow theirs."""
    found: list[tuple[int, int, int]] = []
    pending = [(start, end)]
    while pending:
        at, until = pending.pop()
        while at + 2 <= until and len(found) < 400:
            size = value_length(der[at : min(at + 6, until)].ljust(6, b"\0"))
            if at + size > until:
                break
            head = 2 + (der[at + 1] & 0x7F if der[at + 1] & 0x80 else 0)
            found.append((at, at + head, at + size))
            if der[at] & 0x20 or der[at] == 0x04:
                pending.append((at + head, at + size))
            at += size
    return found


def change_value(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """Another value in place of one of DER, lost, doubled or with another tag; lengths around it stay right."""
    values = _values(data, 0, len(data))
    if not values:
        return data
    start, body, end = random.choice(values)
    other = random.choice(pool)
    others = _values(other, 0, len(other))
    begin, _, until = random.choice(others) if others else (0, 0, 0)
    content = data[body:end]
    instead = random.choice(
        (b"", data[start:end] * 2, other[begin:until], bytes((data[start] ^ random.choice((0x20, 0x80, 1)),)) + data[start + 1 : end],
         data[start : start + 1] + length_octets(len(content) // 2) + content[: len(content) // 2], data[start : start + 1] + b"\0",
         data[start : start + 1] + b"\x84" + len(content).to_bytes(4, "big") + content)
    )  # fmt: skip
    around = [value for value in values if value[1] <= start and end <= value[2] and value[0] != start]
    for outer_start, outer_body, outer_end in sorted(around, reverse=True):
        inside = data[outer_body:start] + instead + data[end:outer_end]
        instead = data[outer_start : outer_start + 1] + length_octets(len(inside)) + inside
        start, end = outer_start, outer_end
    return data[:start] + instead + data[end:]


DER: tuple[tuple[Mutation, int], ...] = (*BYTES, (change_value, 30))


def _loaded(der: bytes) -> x509.Certificate | None:
    """As `cryptography` loads it; None where it refuses."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = (list(certificate.extensions), certificate.subject, certificate.issuer, certificate.not_valid_after_utc)
    except (ValueError, TypeError, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType):
        return None
    return certificate


def _der(data: bytes) -> Hashable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = _loaded(data)
        try:
            ours = read_certificate(data)
        except Undecodable as problem:
            return str(problem), theirs is None
        require(
            ours.tbs in data and ours.spki in ours.tbs and ours.subject in ours.tbs, "a part that isn't in the whole"
        )
        extensions = read_extensions(ours)
        for name in (ours.subject, ours.issuer):
            try:
                read_name(name)
            except Undecodable:
                continue
            common_name(name)
            require(Folded(name) == Folded(name), "a name that isn't itself")
        if theirs is not None:
            require(ours.tbs == theirs.tbs_certificate_bytes, "cryptography reads another signed part")
            require(ours.serial == theirs.serial_number, "another serial number")
            require(
                (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc), "times"
            )
            require([(one.oid, one.critical) for one in ours.extensions]
                    == [(one.oid.dotted_string, one.critical) for one in theirs.extensions], "other extensions")  # fmt: skip
            if ours.extension(oids.SCT_LIST) is not None and oids.SCT_LIST not in extensions.undecodable:
                require(precertificate_tbs(ours) == theirs.tbs_precertificate_bytes, "another precertificate")
    return theirs is None, ours.version, tuple(sorted(extensions.undecodable))[:4], len(ours.extensions)


def _pem(data: bytes) -> Hashable:
    lines = data.count(b"\n") + 1
    found = list(blocks(data))
    for block in found:
        require(1 <= block.line <= lines and block.damaged_line <= lines, "a line beyond the end")
        require((block.der is None) == bool(block.problem), "a problem and bytes, or neither")
    if (
        len(found) == 1
        and found[0].own_lines
        and found[0].label == b"CERTIFICATE"
        and data.count(b"-----END") == 1  # ssl takes all up to the last one
        and b":" not in data
        and data.isascii()
    ):
        try:
            theirs = ssl.PEM_cert_to_DER_cert(data.decode())
        except ValueError:
            theirs = None
        if theirs is not None and found[0].der is not None:
            require(theirs == found[0].der, "ssl reads other bytes")
    shown = showable(data)
    if "\x00" not in shown and data.isascii():
        for part in shown.split("-----BEGIN PRIVATE KEY-----")[1:]:
            secret = part.partition("-----")[0]
            require(re.search(r"[A-Za-z0-9+/]{16}", secret) is None, "a private key is shown")
    bundle = read_bundle(data)
    for entry in bundle.entries:
        require(entry.line is None or 1 <= entry.line <= max(lines, data.count(b"\r") + lines), "no such line")
    return tuple(block.problem for block in found)[:4], tuple(sorted({fault.rule for fault in bundle.faults}))


def _certificate(data: bytes) -> Hashable:
    """The whole check: of a chain in DER, as the file or in PEM."""
    first = value_length(data) if data[:1] == b"\x30" else 0
    file = to_pem(data[:first]) + to_pem(data[first:]) if 0 < first < len(data) else data
    report = check_certificate(file, domain="example.com", trust=_authority().trust, at=AT, crls=[_crl_file()])
    if report.ok and report.complete and report.finished and report.indicator is not None:
        require(_good().leaf in file, "a changed certificate passes") if first else None
    return settled(report)


@cache
def _crl_file() -> bytes:
    return _authority().crl()


@cache
def _leaf() -> Certificate:
    return read_certificate(_good().leaf)


def _logotype(data: bytes) -> Hashable:
    leaf = _leaf()
    others = tuple(one for one in leaf.extensions if one.oid != oids.LOGOTYPE)
    certificate = replace(leaf, extensions=(*others, Extension(oids.LOGOTYPE, False, data)), notes={})
    found = read_logotype(certificate, _MOST_LOGO)
    for svg in (found.svg, *found.others):
        require(svg is None or len(svg) <= _MOST_LOGO, "a larger logo than was allowed")
    require(found.svg is not None or bool(found.faults), "no logo, and nothing said")
    return tuple(sorted({fault.rule for fault in found.faults})), found.svg is None


def _timestamps(data: bytes) -> Hashable:
    try:
        found = read_timestamps(data)
    except Undecodable as problem:
        return str(problem)
    if None not in found:
        entries = b"".join(_vector(_written(one)) for one in found if one is not None)
        require(_vector(entries) == data, "written again it differs")
    for one in found:
        _ = one and one.time
    return len(found), found.count(None)


def _vector(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _written(one: Timestamp) -> bytes:
    return b"".join((
        bytes((one.version,)), one.log_id, one.milliseconds.to_bytes(8, "big"), _vector(one.extensions),
        bytes((one.hash_algorithm, one.signature_algorithm)), _vector(one.signature),
    ))  # fmt: skip


def _crl(data: bytes) -> Hashable:
    given = read_crls([data])
    bundle = read_bundle(_good().pem)
    chain = build(bundle.entries[0], bundle.entries[1:], _authority().trust, AT)
    faults, states = revocation(chain, given, AT)
    if GOOD in states.values():
        genuine = _crl_file()
        require(any(one.crl.tbs_certlist_bytes == x509.load_der_x509_crl(genuine).tbs_certlist_bytes for one in given.readable),
                "a forged list is good news")  # fmt: skip
    return tuple(sorted({fault.rule for fault in faults})), tuple(states.values())


def _logotypes(_seed: int) -> list[bytes]:
    found = []
    for der in _certificates():
        extension = read_certificate(der).extension(oids.LOGOTYPE)
        if extension is not None:
            found.append(extension.value)
    return list(dict.fromkeys(found))[:40]


def _lists(_seed: int) -> list[bytes]:
    scts = [read_extensions(read_certificate(der)).scts for der in _certificates()]
    return list(dict.fromkeys(data for data in scts if data))[:20]


_PEM_WORDS = (
    "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\r\n", "\n\n",
    "-----BEGIN X509 CRL-----", "-----BEGIN TRUSTED CERTIFICATE-----", "Proc-Type: 4,ENCRYPTED\n", "=", "==", "\ufeff", "—", "MII", b"\0", "\r", "\v",
)  # fmt: skip

TARGETS = (
    Target("der", "read_certificate and its extensions, beside cryptography", lambda _: _certificates()[:80], _der, DER),
    Target("pem", "PEM and bundles, beside ssl: lines are there, keys aren't shown", lambda _: _files()[:40], _pem, words(*_PEM_WORDS)),
    Target("certificate", "check_certificate: whatever is changed in a certificate, it doesn't pass",
           lambda _: [_good().leaf + _good().issuing, *(one + _good().issuing for one in _certificates()[:30]), *_files()[:20]],
           _certificate, (*DER, *words(*_PEM_WORDS))),
    Target("logotype", "read_logotype: bounded; no logo is never silent", _logotypes, _logotype, DER),
    Target("timestamps", "read_timestamps: written again the same", _lists, _timestamps, (*BYTES, (change_value, 2))),
    Target("crl", "read_crls and revocation: only the genuine list is good news",
           lambda _: [_crl_file(), to_pem(_crl_file(), "X509 CRL"), *(path.read_bytes() for path in sorted(_FIXTURES.rglob("*.crl"))[:20])],
           _crl, (*DER, *words(*_PEM_WORDS[:6]))),
)  # fmt: skip
