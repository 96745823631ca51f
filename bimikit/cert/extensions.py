"""The extensions of a certificate, each decoded by itself so that a damaged one hides no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from . import oids
from .asn1 import (
    AuthorityInformation,
    AuthorityKeyIdentifier,
    BasicConstraints,
    Certificate,
    CertificatePolicies,
    DistributionPoints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Octets,
    Undecodable,
    Utf8,
    Values,
    content,
    decode,
    decode_list,
)
from .memo import Memo

DNS_NAME, URI = 0x82, 0x86
"""Tags of a GeneralName (RFC 5280, 4.2.1.6)."""
GENERAL_NAMES = {
    0xA0: "otherName",
    0x81: "rfc822Name",
    0x82: "dNSName",
    0xA3: "x400Address",
    0xA4: "directoryName",
    0xA5: "ediPartyName",
    0x86: "URI",
    0x87: "iPAddress",
    0x88: "registeredID",
}


class Policy(msgspec.Struct, frozen=True, gc=False):
    """A certificate policy: its OID and the CPS addresses beside it."""

    oid: str
    cps: tuple[str, ...] = ()


class Name(msgspec.Struct, frozen=True, gc=False):
    """A GeneralName: its tag and its text, with what isn't ASCII escaped."""

    tag: int
    text: str


class Extensions(msgspec.Struct, frozen=True, gc=False):
    """What the extensions say; None for one that isn't there or can't be decoded.

    Attributes:
        ca: Whether basicConstraints says CA.
        path_length: pathLenConstraint.
        key_usage: Bits that are set (RFC 5280, 4.2.1.3).
        purposes: OIDs of extKeyUsage.
        policies: certificatePolicies in order.
        crl_names: Names of all CRL distribution points; a point without a full name counts as an empty one.
        issuers: caIssuers locations of authorityInfoAccess.
        names: subjectAltName in order.
        authority_key: keyIdentifier of authorityKeyIdentifier.
        subject_key: subjectKeyIdentifier.
        scts: Content of the SCT list extension.
        pilot: Text of the pilot identifier.
        undecodable: OIDs of those that can't be decoded.
        duplicates: OIDs that occur twice.
    """

    ca: bool | None = None
    path_length: int | None = None
    key_usage: frozenset[int] | None = None
    purposes: tuple[str, ...] | None = None
    policies: tuple[Policy, ...] | None = None
    crl_names: tuple[Name, ...] | None = None
    issuers: tuple[Name, ...] | None = None
    names: tuple[Name, ...] | None = None
    authority_key: bytes | None = None
    subject_key: bytes | None = None
    scts: bytes | None = None
    pilot: str | None = None
    undecodable: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()


LARGEST = 64 * 1024
"""Bytes of an extension that are looked at, the logotype's apart; a real one has a few hundred."""
_MOST_FLAGS = 4
_MOST_LEVELS = 1 << 16


def _basic_constraints(der: bytes) -> dict[str, Any]:
    read = decode(BasicConstraints, der)
    if read.path_length is not None and not 0 <= read.path_length < _MOST_LEVELS:
        raise Undecodable("BasicConstraints")
    return {"ca": read.ca, "path_length": read.path_length}


def _key_usage(der: bytes) -> dict[str, Any]:
    octets = decode_list(KeyUsage, der).bits.as_bytes()
    if len(octets) > _MOST_FLAGS:
        raise Undecodable("KeyUsage")
    bits = (8 * byte + bit for byte, octet in enumerate(octets) for bit in range(8) if octet & (0x80 >> bit))
    return {"key_usage": frozenset(bits)}


def _purposes(der: bytes) -> dict[str, Any]:
    return {"purposes": tuple(oid.dotted_string for oid in decode_list(ExtendedKeyUsage, der).purposes)}


def _policies(der: bytes) -> dict[str, Any]:
    policies = decode_list(CertificatePolicies, der).policies
    return {
        "policies": tuple(
            Policy(
                policy.oid.dotted_string,
                tuple(
                    _text(qualifier.qualifier.data)
                    for qualifier in policy.qualifiers or ()
                    if qualifier.oid.dotted_string == oids.CPS_QUALIFIER
                ),
            )
            for policy in policies
        )
    }


def _crl(der: bytes) -> dict[str, Any]:
    names: list[Name] = []
    for point in decode_list(DistributionPoints, der).points:
        if point.point is not None and len(point.point) != 1:
            raise Undecodable("DistributionPointName")
        full = point.point[0] if point.point else None
        if full is None or full.tag_bytes != b"\xa0":
            names.append(Name(0, ""))
        else:
            names += [_name(name) for name in decode_list(Values, content(full)).items]
    return {"crl_names": tuple(names)}


def _authority_information(der: bytes) -> dict[str, Any]:
    descriptions = decode_list(AuthorityInformation, der).descriptions
    return {
        "issuers": tuple(_name(one.location) for one in descriptions if one.method.dotted_string == oids.CA_ISSUERS)
    }


def _alternative_names(der: bytes) -> dict[str, Any]:
    return {"names": tuple(_name(name) for name in decode_list(Values, der).items)}


def _authority_key(der: bytes) -> dict[str, Any]:
    return {"authority_key": decode(AuthorityKeyIdentifier, der).key}


_READERS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    oids.BASIC_CONSTRAINTS: _basic_constraints,
    oids.KEY_USAGE: _key_usage,
    oids.EXTENDED_KEY_USAGE: _purposes,
    oids.CERTIFICATE_POLICIES: _policies,
    oids.CRL_DISTRIBUTION_POINTS: _crl,
    oids.AUTHORITY_INFORMATION: _authority_information,
    oids.SUBJECT_ALT_NAME: _alternative_names,
    oids.AUTHORITY_KEY_IDENTIFIER: _authority_key,
    oids.SUBJECT_KEY_IDENTIFIER: lambda der: {"subject_key": decode_list(Octets, der).value},
    oids.SCT_LIST: lambda der: {"scts": decode_list(Octets, der).value},
    oids.PILOT: lambda der: {"pilot": decode_list(Utf8, der).value},
}


def _name(value: Any) -> Name:
    return Name(value.tag_bytes[0], _text(value.data))


def _text(data: memoryview) -> str:
    return bytes(data).decode("ascii", "backslashreplace")


def read_extensions(certificate: Certificate) -> Extensions:
    """Decode the extensions of a certificate."""
    known: Extensions | None = certificate.notes.get("extensions")  # asked for again and again
    if known is None:
        known = certificate.notes["extensions"] = _read(certificate.extensions)
    return known


_MEMORABLE = 512
_OF_THE_AUTHORITY = frozenset(
    {
        oids.BASIC_CONSTRAINTS,
        oids.KEY_USAGE,
        oids.EXTENDED_KEY_USAGE,
        oids.CERTIFICATE_POLICIES,
        oids.CRL_DISTRIBUTION_POINTS,
        oids.AUTHORITY_INFORMATION,
        oids.AUTHORITY_KEY_IDENTIFIER,
    }
)
"""What an authority writes the same into all its certificates."""
_remembered: Memo[tuple[str, bytes], dict[str, Any]] = Memo(256)


def _content(reader: Callable[[bytes], dict[str, Any]], oid: str, value: bytes) -> dict[str, Any]:
    """What one extension says."""
    if len(value) > LARGEST:
        raise Undecodable("too large")
    if oid not in _OF_THE_AUTHORITY or len(value) > _MEMORABLE:
        return reader(value)
    known = _remembered.known((oid, value))
    if known is None:
        known = reader(value)
        _remembered.put((oid, value), known)
    return known


def _read(extensions: tuple[Extension, ...]) -> Extensions:
    found: dict[str, Any] = {}
    undecodable, seen, duplicates = [], set(), []
    for extension in extensions:
        oid = extension.oid
        if oid in seen:
            duplicates.append(oid)
            continue
        seen.add(oid)
        reader = _READERS.get(oid)
        if reader is not None:
            try:
                found.update(_content(reader, oid, extension.value))
            except Undecodable:
                undecodable.append(oid)
    return Extensions(**found, undecodable=tuple(undecodable), duplicates=tuple(duplicates))
