"""Certificate Transparency: the SCT list, and each timestamp's signature (RFC 6962, section 3)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct

import msgspec
from cryptography.hazmat.primitives import hashes

from ..engine import Fault, to_the_minute
from ..findings import Param
from .asn1 import OCTETS, SEQUENCE, Certificate, Undecodable, Values, decode_list, header_length, length_octets, tlv
from .extensions import read_extensions
from .oids import SCT_LIST
from .path import Chain
from .place import Place
from .signatures import SignatureAlgorithm, verifies
from .trust import TrustStore

_MOST = 1_000
_EXTENSIONS_TAG = b"\xa3"
_SCT_LIST_OID = bytes.fromhex("060a2b06010401d679020402")
"""SCT_LIST, as an extension begins with it."""
_PLACE = Place(0, "signedCertificateTimestampList")
BACKDATED = timedelta(days=1)
"""How far an authority may set notBefore back to the day's beginning: until then a timestamp is not yet late."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = Struct("!B32sQ")
"""Version, log and time of a timestamp."""
_SHA256 = 4
_ALGORITHMS = {code: SignatureAlgorithm(scheme, hashes.SHA256(), scheme) for code, scheme in ((1, "rsa"), (3, "ecdsa"))}
"""By their TLS codes (RFC 5246, 7.4.1.4.1)."""


class Timestamp(msgspec.Struct, frozen=True, gc=False):
    """A Signed Certificate Timestamp (RFC 6962, 3.2).

    Attributes:
        version: 0 for v1, the only one there is.
        log_id: SHA-256 of the log's key.
        milliseconds: Since 1970, UTC.
        extensions: As they are signed.
        hash_algorithm: TLS code.
        signature_algorithm: TLS code.
        signature: The signature.
    """

    version: int
    log_id: bytes
    milliseconds: int
    extensions: bytes
    hash_algorithm: int
    signature_algorithm: int
    signature: bytes

    @property
    def time(self) -> datetime | None:
        """When the log promised; None for a number beyond any calendar."""
        try:
            return _EPOCH + timedelta(milliseconds=self.milliseconds)
        except OverflowError:
            return None


class _Reader:
    """Reads TLS vectors; never beyond the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) != count:
            raise Undecodable("a TLS structure ends early")
        self.at += count
        return taken

    def vector(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))

    @property
    def done(self) -> bool:
        return self.at == len(self._data)


def read_timestamps(data: bytes) -> list[Timestamp | None]:
    """Take a SignedCertificateTimestampList apart; None stands for an entry that can't be read (RFC 6962, 3.3).

    Raises:
        Undecodable: The list itself can't.
    """
    outer = _Reader(data)
    entries = _Reader(outer.vector())
    if not outer.done:
        raise Undecodable("SignedCertificateTimestampList")
    found: list[Timestamp | None] = []
    while not entries.done:
        entry = entries.vector()
        try:
            found.append(_timestamp(_Reader(entry)))
        except Undecodable:
            found.append(None)
    return found


def _timestamp(reader: _Reader) -> Timestamp:
    version, log_id, milliseconds = _HEAD.unpack(reader.take(_HEAD.size))
    extensions = reader.vector()
    hash_algorithm, signature_algorithm = reader.take(2)
    signature = reader.vector()
    if not reader.done:
        raise Undecodable("something follows the SCT's signature")
    return Timestamp(version, log_id, milliseconds, extensions, hash_algorithm, signature_algorithm, signature)


def precertificate_tbs(certificate: Certificate) -> bytes:
    """The signed part of a certificate as the log saw it: without the SCT list (RFC 6962, 3.2).

    Raises:
        Undecodable: It can't be rebuilt.
    """
    tbs = certificate.tbs
    last = decode_list(Values, tbs).items[-1]
    extension = certificate.extension(SCT_LIST)
    if last.tag_bytes != _EXTENSIONS_TAG or extension is None:
        raise Undecodable("there is no SCT list to take away")
    extensions = bytes(last.data)
    header = _EXTENSIONS_TAG + length_octets(len(extensions))
    before = tbs[header_length(tbs) : -len(header) - len(extensions)]
    critical = b"\x01\x01\xff" if extension.critical else b""
    list_itself = tlv(SEQUENCE, _SCT_LIST_OID + critical + tlv(OCTETS, extension.value))
    others = extensions[header_length(extensions) :].replace(list_itself, b"", 1)
    return tlv(SEQUENCE, before + tlv(_EXTENSIONS_TAG[0], tlv(SEQUENCE, others)))


def signed_by_log(timestamp: Timestamp, issuer_key_hash: bytes, tbs: bytes) -> bytes:
    """What a log signs for a precertificate (RFC 6962, 3.2)."""
    return b"".join(
        (
            bytes((timestamp.version, 0)),
            timestamp.milliseconds.to_bytes(8, "big"),
            (1).to_bytes(2, "big"),
            issuer_key_hash,
            len(tbs).to_bytes(3, "big"),
            tbs,
            len(timestamp.extensions).to_bytes(2, "big"),
            timestamp.extensions,
        )
    )


def timestamps_of(certificate: Certificate) -> list[Timestamp | None] | None:
    """The timestamps a certificate carries; None where they can't be read."""
    data = read_extensions(certificate).scts
    try:
        return None if data is None else read_timestamps(data)
    except Undecodable:
        return None


def transparency(
    chain: Chain, timestamps: list[Timestamp | None] | None, trust: TrustStore, at: datetime
) -> Iterator[Fault[Place]]:
    """At least one timestamp must be from an approved log, rightly signed, and not from the future (MCR 4.2).

    Args:
        chain: The chain.
        timestamps: What `timestamps_of` read from the Mark Certificate.
        trust: The approved logs.
        at: The moment to judge at.
    """
    certificate = chain.links[0].certificate
    if certificate.extension(SCT_LIST) is None:
        yield Fault("cert.sct-missing", Place(0))
        return
    if SCT_LIST in read_extensions(certificate).undecodable:
        return  # told with the extensions
    try:
        tbs = precertificate_tbs(certificate)
    except Undecodable:
        timestamps = None
    if timestamps is None:
        yield Fault("cert.sct-list-invalid", _PLACE)
        return
    if not timestamps:
        yield Fault("cert.sct-list-empty", _PLACE)
        return
    if not any(timestamps):
        yield Fault("cert.sct-list-invalid", _PLACE)
        return
    readable = [timestamp for timestamp in timestamps if timestamp is not None]
    rules = [_broken_rule(timestamp, chain, tbs, trust, at) for timestamp in readable[:_MOST]]
    enough = "" in rules  # one good one is enough
    for number, (timestamp, rule) in enumerate(zip(readable, rules, strict=False)):
        if rule:
            yield Fault("cert.sct-extra" if enough else rule, _PLACE, str(number), _params(timestamp, trust))


def _params(timestamp: Timestamp, trust: TrustStore) -> dict[str, Param]:
    log = trust.log(timestamp.log_id)
    time = timestamp.time
    return {
        "log": f"{log.name if log else ''} {b64encode(timestamp.log_id).decode()}".strip(),
        "time": to_the_minute(time) if time else str(timestamp.milliseconds),
        "date": trust.ct_log_date.isoformat() if trust.ct_log_date else "",
    }


def _broken_rule(timestamp: Timestamp, chain: Chain, tbs: bytes, trust: TrustStore, at: datetime) -> str:
    log = trust.log(timestamp.log_id)
    leaf = chain.links[0].certificate
    if timestamp.version != 0:
        return "cert.sct-version"
    if log is None:
        return "cert.sct-log-unknown" if trust.knows_logs_of(leaf.not_before) else "cert.sct-log-undecided"
    if chain.issuer is None:
        return "cert.sct-unverified"
    if not _is_signed(timestamp, log.key, chain.issuer.once("key hash", _key_hash), tbs):
        return "cert.sct-invalid"
    time = timestamp.time
    return "" if time is not None and (time <= at or time - leaf.not_before <= BACKDATED) else "cert.sct-future"


def _key_hash(certificate: Certificate) -> bytes:
    return sha256(certificate.spki).digest()


def _is_signed(timestamp: Timestamp, key: bytes, issuer_key_hash: bytes, tbs: bytes) -> bool:
    algorithm = _ALGORITHMS.get(timestamp.signature_algorithm)
    if timestamp.hash_algorithm != _SHA256 or algorithm is None or len(tbs) >= 1 << 24:
        return False
    return verifies(key, algorithm, timestamp.signature, signed_by_log(timestamp, issuer_key_hash, tbs))
