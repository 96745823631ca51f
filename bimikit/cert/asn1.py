"""The ASN.1 of certificates, declared; `cryptography` decodes it and takes only valid DER.

Every certificate is read here once more than `cryptography.x509` would, because that refuses all extensions when one is
duplicated, and a Report must say which. Sources: RFC 5280 (certificates, CRLs), RFC 9399 (logotypes).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat import asn1

_Decoded = TypeVar("_Decoded")
_Noted = TypeVar("_Noted")
_KIND = re.compile(r"kind: ([A-Za-z]+)").search
"""What the decoder calls the trouble, out of a message for programmers."""

Oid = x509.ObjectIdentifier


class Undecodable(ValueError):
    """Bytes that aren't the DER they should be; says what was read."""


def decode(cls: type[_Decoded], der: bytes) -> _Decoded:
    """Decode DER as one of the classes here.

    Raises:
        Undecodable: It isn't that.
    """
    try:
        return asn1.decode_der(cls, der)
    except (ValueError, OverflowError, TypeError) as problem:
        found = _KIND(str(problem))
        raise Undecodable(found[1] if found else cls.__name__) from None


_SHORT_LENGTHS = [bytes((length,)) for length in range(0x80)]


def length_octets(length: int) -> bytes:
    """The length of a DER value, as it stands behind the tag."""
    if length < 0x80:
        return _SHORT_LENGTHS[length]
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def tlv(tag: int, *parts: bytes) -> bytes:
    """A DER value with its tag and length."""
    body = b"".join(parts)
    return b"".join((bytes((tag,)), length_octets(len(body)), body))


def header_length(der: bytes) -> int:
    """Octets of tag and length; a length in the long form tells how many it has."""
    return 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)


def value_length(der: bytes) -> int:
    """How many of some bytes the first value in them takes, by what its length says."""
    if len(der) < 2 or der[1] == 0x80:
        return len(der)
    start = header_length(der)
    return start + (int.from_bytes(der[2:start], "big") if der[1] & 0x80 else der[1])


SEQUENCE, OCTETS = 0x30, 0x04
"""Tags."""


def whole(value: Any) -> bytes:
    """A TLV with its header, as it stood in the file (DER knows only one form)."""
    data = value.data
    return b"".join((value.tag_bytes, length_octets(len(data)), data))


def content(value: Any) -> bytes:
    """What an implicitly tagged SEQUENCE would be with its own tag."""
    return tlv(SEQUENCE, value.data)


def decode_list(cls: type[_Decoded], der: bytes) -> _Decoded:
    """Decode a SEQUENCE OF, or a bare value, as the only field of a class."""
    return decode(cls, tlv(SEQUENCE, der))


@asn1.sequence
class AlgorithmIdentifier:
    """RFC 5280, 4.1.1.2; parameters are kept as they are."""

    oid: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class RawCertificate:
    """RFC 5280, 4.1; the algorithm may have parameters of any kind."""

    tbs: asn1.TLV
    algorithm: asn1.TLV
    signature: asn1.BitString


@asn1.sequence
class RawExtension:
    """RFC 5280, 4.2."""

    oid: x509.ObjectIdentifier
    critical: Annotated[bool, asn1.Default(False)]
    value: bytes


@asn1.sequence
class RawValidity:
    """RFC 5280, 4.1.2.5."""

    not_before: asn1.UTCTime | asn1.GeneralizedTime
    not_after: asn1.UTCTime | asn1.GeneralizedTime


@asn1.sequence
class RawTBSCertificate:
    """RFC 5280, 4.1.2."""

    version: Annotated[int | None, asn1.Explicit(0)]
    serial: int
    algorithm: asn1.TLV
    issuer: asn1.TLV
    validity: RawValidity
    subject: asn1.TLV
    spki: asn1.TLV
    issuer_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[RawExtension] | None, asn1.Explicit(3)]


@asn1.sequence
class RawAttribute:
    """RFC 5280, 4.1.2.4."""

    oid: x509.ObjectIdentifier
    value: asn1.TLV


@asn1.sequence
class RawName:
    """A Name, wrapped."""

    rdns: list[asn1.SetOf[RawAttribute]]


@asn1.sequence
class BasicConstraints:
    """RFC 5280, 4.2.1.9."""

    ca: Annotated[bool, asn1.Default(False)]
    path_length: int | None


@asn1.sequence
class KeyUsage:
    """RFC 5280, 4.2.1.3, wrapped."""

    bits: asn1.BitString


@asn1.sequence
class ExtendedKeyUsage:
    """RFC 5280, 4.2.1.12, wrapped."""

    purposes: list[x509.ObjectIdentifier]


@asn1.sequence
class PolicyQualifier:
    """RFC 5280, 4.2.1.4."""

    oid: x509.ObjectIdentifier
    qualifier: asn1.TLV


@asn1.sequence
class PolicyInformation:
    """RFC 5280, 4.2.1.4."""

    oid: x509.ObjectIdentifier
    qualifiers: list[PolicyQualifier] | None


@asn1.sequence
class CertificatePolicies:
    """RFC 5280, 4.2.1.4, wrapped."""

    policies: list[PolicyInformation]


@asn1.sequence
class Values:
    """A SEQUENCE of any values, wrapped: GeneralNames (RFC 5280, 4.2.1.6) or a LogotypeImage (RFC 9399, 4.1)."""

    items: list[asn1.TLV]


@asn1.sequence
class DistributionPoint:
    """RFC 5280, 4.2.1.13; `point` holds one value, whose tag tells which choice it is."""

    point: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    reasons: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    issuer: Annotated[list[asn1.TLV] | None, asn1.Implicit(2)]


@asn1.sequence
class DistributionPoints:
    """RFC 5280, 4.2.1.13, wrapped."""

    points: list[DistributionPoint]


@asn1.sequence
class AccessDescription:
    """RFC 5280, 4.2.2.1."""

    method: x509.ObjectIdentifier
    location: asn1.TLV


@asn1.sequence
class AuthorityInformation:
    """RFC 5280, 4.2.2.1, wrapped."""

    descriptions: list[AccessDescription]


@asn1.sequence
class AuthorityKeyIdentifier:
    """RFC 5280, 4.2.1.1."""

    key: Annotated[bytes | None, asn1.Implicit(0)]
    issuer: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    serial: Annotated[int | None, asn1.Implicit(2)]


@asn1.sequence
class Octets:
    """An OCTET STRING, wrapped."""

    value: bytes


@asn1.sequence
class Utf8:
    """A UTF8String, wrapped."""

    value: str


@asn1.sequence
class HashAlgAndValue:
    """RFC 9399, 4.1."""

    algorithm: AlgorithmIdentifier
    value: bytes


@asn1.sequence
class LogotypeDetails:
    """RFC 9399, 4.1."""

    media_type: asn1.IA5String
    hashes: list[HashAlgAndValue]
    uris: list[asn1.IA5String]


@asn1.sequence
class LogotypeData:
    """RFC 9399, 4.1; each image is decoded by itself."""

    images: list[asn1.TLV] | None
    audio: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class LogotypeExtension:
    """RFC 9399, 4.1; each holds one value, for `subject` a LogotypeInfo whose tag tells which choice it is."""

    community: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    issuer: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    subject: Annotated[list[asn1.TLV] | None, asn1.Implicit(2)]
    other: Annotated[list[asn1.TLV] | None, asn1.Implicit(3)]


class Extension(msgspec.Struct, frozen=True, gc=False):
    """One extension of a certificate.

    Attributes:
        oid: Dotted.
        critical: As marked.
        value: DER of its content.
    """

    oid: str
    critical: bool
    value: bytes


class Certificate(msgspec.Struct, frozen=True):
    """A certificate as it was decoded; nothing about it is judged yet.

    Attributes:
        der: All of it.
        tbs: The signed part.
        algorithm: DER of the AlgorithmIdentifier beside the signature.
        inner_algorithm: The one inside the signed part.
        signature: The signature.
        version: 1, 2 or 3.
        serial: Serial number.
        issuer: DER of the issuer's name.
        subject: DER of the subject's name.
        not_before: First second of validity (UTC).
        not_after: Last second of validity (UTC).
        spki: DER of the public key.
        extensions: In order, duplicates included.
        late_times: Whether a time before 2050 is written in the form for later ones.
        notes: What was worked out about it, by name; see `once`.
    """

    der: bytes
    tbs: bytes
    algorithm: bytes
    inner_algorithm: bytes
    signature: bytes
    version: int
    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    spki: bytes
    extensions: tuple[Extension, ...]
    late_times: bool = False
    notes: dict[str, Any] = {}

    def __reduce__(self) -> tuple[Callable[[bytes], Certificate], tuple[bytes]]:
        """To another process only its bytes go; what was worked out may hold what can't."""
        return read_certificate, (self.der,)

    def once(self, name: str, work_out: Callable[[Certificate], _Noted]) -> _Noted:
        """What a function says of this certificate, asked only once.

        The few CAs that issue everything are remembered (`bundle`), and what was worked out about them with them.
        """
        value: _Noted | None = self.notes.get(name)
        if value is None:
            value = self.notes[name] = work_out(self)
        return value

    def extension(self, oid: str) -> Extension | None:
        """The first extension of that kind."""
        by_oid: dict[str, Extension] | None = self.notes.get("by oid")
        if by_oid is None:
            by_oid = self.notes["by oid"] = {one.oid: one for one in reversed(self.extensions)}
        return by_oid.get(oid)


def read_certificate(der: bytes) -> Certificate:
    """Decode a certificate.

    Raises:
        Undecodable: It isn't one.
    """
    raw = decode(RawCertificate, der)
    tbs = whole(raw.tbs)
    body = decode(RawTBSCertificate, tbs)
    if raw.signature.padding_bits() or not -1 < (body.version or 0) < _MOST_VERSIONS:
        raise Undecodable("RawCertificate")
    return Certificate(
        der,
        tbs,
        whole(raw.algorithm),
        whole(body.algorithm),
        raw.signature.as_bytes(),
        (body.version or 0) + 1,
        body.serial,
        whole(body.issuer),
        whole(body.subject),
        body.validity.not_before.as_datetime(),
        body.validity.not_after.as_datetime(),
        whole(body.spki),
        tuple(
            [
                Extension(extension.oid.dotted_string, extension.critical, extension.value)
                for extension in body.extensions or ()
            ]
        ),
        any(
            isinstance(time, asn1.GeneralizedTime) and time.as_datetime().year < _YEAR_OF_LATE_TIMES
            for time in (body.validity.not_before, body.validity.not_after)
        ),
    )


_MOST_VERSIONS = 100
_YEAR_OF_LATE_TIMES = 2050
"""From then on times are GeneralizedTime, and before it UTCTime (RFC 5280, 4.1.2.5)."""
_LONGEST_NAME = 64 * 1024
"""Bytes of a name that are looked at; a real one has a few hundred."""


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """One attribute of a name.

    Attributes:
        oid: Dotted.
        value: Its text; None where it is no text, or damaged.
        tag: Which kind of string it is written as.
    """

    oid: str
    value: str | None
    tag: int


_STRINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
"""Tags of string types, and how their content is encoded."""


def read_name(der: bytes) -> tuple[Attribute, ...]:
    """The attributes of a Name, in order.

    Raises:
        Undecodable: It isn't a Name.
    """
    if len(der) > _LONGEST_NAME:
        raise Undecodable("RawName")
    found = []
    for rdn in decode_list(RawName, der).rdns:
        attributes = rdn.as_list()
        if not attributes:
            raise Undecodable("RawName")
        for attribute in attributes:
            tag = attribute.value.tag_bytes[0]
            try:
                text = bytes(attribute.value.data).decode(_STRINGS[tag])
            except (KeyError, UnicodeDecodeError):
                text = None
            found.append(Attribute(attribute.oid.dotted_string, text, tag))
    return tuple(found)
