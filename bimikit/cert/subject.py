"""Names: what stands in a subject, readable, and compared as RFC 5280 compares."""

from __future__ import annotations

from functools import lru_cache

from .asn1 import Attribute, Certificate, Undecodable, read_name

SUBJECT_ATTRIBUTES = {
    "2.5.4.3": "commonName",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.9": "streetAddress",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.97": "organizationIdentifier",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionLocalityName",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionStateOrProvinceName",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionCountryName",
    "1.3.6.1.4.1.53087.1.2": "trademarkOfficeName",
    "1.3.6.1.4.1.53087.1.3": "trademarkCountryOrRegionName",
    "1.3.6.1.4.1.53087.1.4": "trademarkIdentifier",
    "1.3.6.1.4.1.53087.1.5": "legalEntityIdentifier",
    "1.3.6.1.4.1.53087.1.6": "wordMark",
    "1.3.6.1.4.1.53087.1.13": "markType",
    "1.3.6.1.4.1.53087.3.2": "statuteCountryName",
    "1.3.6.1.4.1.53087.3.3": "statuteStateOrProvinceName",
    "1.3.6.1.4.1.53087.3.4": "statuteLocalityName",
    "1.3.6.1.4.1.53087.3.5": "statuteCitation",
    "1.3.6.1.4.1.53087.3.6": "statuteURL",
    "1.3.6.1.4.1.53087.5.1": "priorUseMarkSourceURL",
    "0.9.2342.19200300.100.1.25": "domainComponent",
    "1.2.840.113549.1.9.1": "emailAddress",
}
"""Attribute types by their names in MCR 1.7 (7.1.4.2.2) and RFC 5280."""


def attributes(name: bytes) -> tuple[Attribute, ...]:
    """The attributes of a Name; none where it can't be decoded."""
    return _remembered(name) if len(name) <= _MEMORABLE else _read(name)


_MEMORABLE = 2048
"""Bytes: only short names are remembered, so that a stranger's long ones don't stay in memory."""


def _read(name: bytes) -> tuple[Attribute, ...]:
    try:
        return read_name(name)
    except Undecodable:
        return ()


_remembered = lru_cache(16)(_read)


def attribute_name(oid: str) -> str:
    """What an attribute type is called; its OID where it has no name here."""
    return SUBJECT_ATTRIBUTES.get(oid, oid)


def common_name(name: bytes) -> str:
    """A name for people: the common name, else the organization, else whatever comes first."""
    found = {attribute.oid: attribute.value for attribute in reversed(attributes(name)) if attribute.value}
    return found.get("2.5.4.3") or found.get("2.5.4.10") or next(iter(found.values()), "")


class Folded:
    """A name for comparing as RFC 5280, 7.1 does: letter case and runs of spaces don't count.

    One that can't be decoded is equal to the same bytes only. Names are taken apart once, and only as far as needed.
    """

    __slots__ = ("_attributes", "_der", "_folded")

    def __init__(self, der: bytes) -> None:
        self._der = der
        self._attributes = attributes(der)
        self._folded: list[tuple[str, str]] | None = None

    def _fold(self) -> list[tuple[str, str]]:
        if self._folded is None:
            self._folded = [(one.oid, " ".join((one.value or "").split()).casefold()) for one in self._attributes]
        return self._folded

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Folded):
            return NotImplemented
        if self._der == other._der:
            return True
        if not self._attributes or len(self._attributes) != len(other._attributes):
            return False
        return self._fold() == other._fold()

    def __hash__(self) -> int:
        return hash(len(self._attributes))


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two names are equal as RFC 5280, 7.1 compares them."""
    return one == other or Folded(one) == Folded(other)


def subject_of(certificate: Certificate) -> Folded:
    """A certificate's subject, for comparing."""
    return certificate.once("subject", _fold_subject)


def issuer_of(certificate: Certificate) -> Folded:
    """A certificate's issuer, for comparing."""
    return certificate.once("issuer", _fold_issuer)


def _fold_subject(certificate: Certificate) -> Folded:
    return Folded(certificate.subject)


def _fold_issuer(certificate: Certificate) -> Folded:
    return Folded(certificate.issuer)


def self_issued(certificate: Certificate) -> bool:
    """Whether a certificate's issuer and subject are the same name."""
    return issuer_of(certificate) == subject_of(certificate)
