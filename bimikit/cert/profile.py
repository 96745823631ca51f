"""What MCR 7.1 and FETCH 4 demand of each certificate of the chain, as tables of rows.

A row names a rule, the field it is about, and a question that is true where the rule is broken. Dates are the rules'
own (`rules`): a row is asked of every certificate, and what doesn't bind one of its age is dropped afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec

from ..engine import Fault, quote
from ..findings import Param
from . import oids
from .asn1 import Certificate
from .dates import PILOT_UNTIL
from .extensions import DNS_NAME, GENERAL_NAMES, URI, Extensions, Name, read_extensions
from .marks import VMC, kind_of_mark
from .path import CRL_SIGN, KEY_CERT_SIGN, Chain
from .place import Place
from .signatures import read_key
from .subject import common_name

LONGEST_VALIDITY = timedelta(days=398)
"""Both ends included (MCR 6.3.2; RFC 5280, 4.1.2.5)."""
SHORTEST_SERIAL = 64
"""Bits (MCR 7.1). A random number of so many may begin with zeros, so only one without its first octet is told."""
LONGEST_SERIAL = 20
"""Octets (RFC 5280, 4.1.2.2)."""


class Subject(msgspec.Struct, frozen=True):
    """One certificate under judgement."""

    certificate: Certificate
    extensions: Extensions

    def has(self, oid: str) -> bool:
        """Whether it has that extension."""
        return self.certificate.extension(oid) is not None

    def critical(self, oid: str) -> bool:
        """Whether it has that extension, marked critical."""
        extension = self.certificate.extension(oid)
        return extension is not None and extension.critical


class Row(msgspec.Struct, frozen=True):
    """A rule, the field it is about, and when it is broken."""

    rule: str
    field: str
    broken: Callable[[Subject], bool]


def _missing(oid: str) -> Callable[[Subject], bool]:
    return lambda subject: not subject.has(oid)


def _critical(oid: str) -> Callable[[Subject], bool]:
    return lambda subject: subject.critical(oid)


def _not_critical(oid: str) -> Callable[[Subject], bool]:
    return lambda subject: subject.has(oid) and not subject.critical(oid)


def _lacks_bit(bit: int) -> Callable[[Subject], bool]:
    return lambda subject: subject.extensions.key_usage is not None and bit not in subject.extensions.key_usage


def _other_purposes(subject: Subject) -> bool:
    purposes = subject.extensions.purposes
    return purposes is not None and (set(purposes) != {oids.BIMI_PURPOSE} or len(purposes) != 1)


def _not_http(names: tuple[Name, ...] | None) -> bool:
    return names is not None and not (names and all(name.tag == URI and _HTTP(name.text) for name in names))


def _serial_bits(subject: Subject) -> int:
    return subject.certificate.serial.bit_length()


def _no_cps(subject: Subject) -> bool:
    policies = subject.extensions.policies
    return policies is not None and not any(
        policy.oid not in (oids.GENERAL_POLICY, oids.ANY_POLICY) and any(map(_WEB, policy.cps)) for policy in policies
    )


_REST = r"://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?(?::[0-9]{1,5})?(?:[/?#][!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]*)?"
"""A host, and what RFC 3986 allows behind it."""
_HTTP = re.compile("http" + _REST, re.IGNORECASE).fullmatch
_WEB = re.compile("https?" + _REST, re.IGNORECASE).fullmatch


def _lacks_general_policy(subject: Subject) -> bool:
    policies = subject.extensions.policies
    return policies is not None and all(policy.oid != oids.GENERAL_POLICY for policy in policies)


def _policies_turned_round(subject: Subject) -> bool:
    """The authority's own policy first, the general one second."""
    listed = [policy.oid for policy in subject.extensions.policies or ()]
    return oids.GENERAL_POLICY in listed and len(listed) > 1 and listed[1] != oids.GENERAL_POLICY


def _ca_policies_wrong(subject: Subject) -> bool:
    policies = subject.extensions.policies
    if policies is None:
        return False
    found = {policy.oid for policy in policies}
    return oids.ANY_POLICY not in found and (oids.GENERAL_POLICY not in found or _no_cps(subject))


def _too_long(subject: Subject) -> bool:
    certificate = subject.certificate
    return certificate.not_after - certificate.not_before + timedelta(seconds=1) > LONGEST_VALIDITY


def _policy_twice(subject: Subject) -> bool:
    listed = [policy.oid for policy in subject.extensions.policies or ()]
    return len(set(listed)) < len(listed)


def _path_length_without_ca(subject: Subject) -> bool:
    return subject.extensions.path_length is not None and not subject.extensions.ca


def _pilot_misplaced(subject: Subject) -> bool:
    """On a mark type that never had it; from its last day on it is forbidden to all, which is another rule."""
    issued = subject.certificate.not_before.date()
    return subject.has(oids.PILOT) and issued < PILOT_UNTIL and kind_of_mark(subject.certificate) == VMC


def _pilot_wrong(subject: Subject) -> bool:
    return subject.has(oids.PILOT) and (
        not subject.critical(oids.PILOT) or subject.extensions.pilot != "Mark Certificate"
    )


EVERY: tuple[Row, ...] = (
    Row("cert.version", "version", lambda subject: subject.certificate.version != 3),
    Row("cert.serial-invalid", "serialNumber", lambda subject: subject.certificate.serial <= 0),
    Row("cert.serial-long", "serialNumber", lambda subject: _serial_bits(subject) > 8 * LONGEST_SERIAL - 1),
    Row(
        "cert.serial-short",
        "serialNumber",
        lambda subject: subject.certificate.serial > 0 and _serial_bits(subject) <= SHORTEST_SERIAL - 8,
    ),
    Row("cert.time-form", "validity", lambda subject: subject.certificate.late_times),
    Row("cert.policy-duplicate", "certificatePolicies", _policy_twice),
    Row("cert.key-weak", "subjectPublicKeyInfo", lambda subject: not read_key(subject.certificate.spki).allowed),
    Row("cert.name-constraints", "nameConstraints", lambda subject: subject.has(oids.NAME_CONSTRAINTS)),
    Row("cert.poison", "precertificatePoison", lambda subject: subject.has(oids.PRECERTIFICATE_POISON)),
)
"""Asked of every certificate."""

_HOSTED: tuple[Row, ...] = (
    Row("cert.crl-missing", "cRLDistributionPoints", _missing(oids.CRL_DISTRIBUTION_POINTS)),
    Row("cert.crl-critical", "cRLDistributionPoints", _critical(oids.CRL_DISTRIBUTION_POINTS)),
    Row("cert.crl-not-http", "cRLDistributionPoints", lambda subject: _not_http(subject.extensions.crl_names)),
    Row("cert.aia-missing", "authorityInfoAccess", lambda subject: not subject.extensions.issuers),
    Row("cert.aia-critical", "authorityInfoAccess", _critical(oids.AUTHORITY_INFORMATION)),
    Row(
        "cert.aia-not-http",
        "authorityInfoAccess",
        lambda subject: bool(subject.extensions.issuers) and _not_http(subject.extensions.issuers),
    ),
    Row("cert.eku-critical", "extKeyUsage", _critical(oids.EXTENDED_KEY_USAGE)),
)
"""Asked of Mark Certificates and issuing CAs."""

MARK: tuple[Row, ...] = (
    *_HOSTED,
    Row("cert.validity-too-long", "validity", _too_long),
    Row("cert.eku-missing", "extKeyUsage", _missing(oids.EXTENDED_KEY_USAGE)),
    Row("cert.eku-other", "extKeyUsage", _other_purposes),
    Row("cert.leaf-is-ca", "basicConstraints", lambda subject: bool(subject.extensions.ca)),
    Row(
        "cert.leaf-key-usage",
        "keyUsage",
        lambda subject: bool((subject.extensions.key_usage or frozenset()) & {KEY_CERT_SIGN, CRL_SIGN}),
    ),
    Row("cert.leaf-path-length", "basicConstraints", _path_length_without_ca),
    Row("cert.policies-missing", "certificatePolicies", _missing(oids.CERTIFICATE_POLICIES)),
    Row("cert.policy-general-missing", "certificatePolicies", _lacks_general_policy),
    Row("cert.policy-cps-missing", "certificatePolicies", _no_cps),
    Row("cert.policies-order", "certificatePolicies", _policies_turned_round),
    Row(
        "cert.san-missing",
        "subjectAltName",
        lambda subject: not subject.has(oids.SUBJECT_ALT_NAME) or subject.extensions.names == (),
    ),
    Row("cert.pilot-forbidden", "pilotIdentifier", lambda subject: subject.has(oids.PILOT)),
    Row("cert.pilot-misplaced", "pilotIdentifier", _pilot_misplaced),
    Row("cert.pilot-wrong", "pilotIdentifier", _pilot_wrong),
    Row("cert.sct-critical", "signedCertificateTimestampList", _critical(oids.SCT_LIST)),
    Row("cert.logotype-critical", "logotype", _critical(oids.LOGOTYPE)),
)
"""MCR 7.1.2.3."""

_CA: tuple[Row, ...] = (
    Row("cert.ca-constraints-critical", "basicConstraints", _not_critical(oids.BASIC_CONSTRAINTS)),
    Row("cert.ca-key-usage-missing", "keyUsage", _missing(oids.KEY_USAGE)),
    Row("cert.ca-key-usage-critical", "keyUsage", _not_critical(oids.KEY_USAGE)),
    Row("cert.ca-crl-sign", "keyUsage", _lacks_bit(CRL_SIGN)),
)

ISSUING: tuple[Row, ...] = (
    *_CA,
    *_HOSTED,
    Row("cert.ca-eku-missing", "extKeyUsage", _missing(oids.EXTENDED_KEY_USAGE)),
    Row("cert.ca-eku-other", "extKeyUsage", _other_purposes),
    Row("cert.ca-policies-missing", "certificatePolicies", _missing(oids.CERTIFICATE_POLICIES)),
    Row("cert.ca-policies-wrong", "certificatePolicies", _ca_policies_wrong),
)
"""MCR 7.1.2.2."""

ROOT: tuple[Row, ...] = (
    *_CA,
    Row("cert.root-path-length", "basicConstraints", lambda subject: subject.extensions.path_length is not None),
    Row("cert.root-policies", "certificatePolicies", lambda subject: subject.has(oids.CERTIFICATE_POLICIES)),
    Row("cert.root-eku", "extKeyUsage", lambda subject: subject.has(oids.EXTENDED_KEY_USAGE)),
)
"""MCR 7.1.2.1."""


def profile(chain: Chain) -> Iterator[Fault[Place]]:
    """Judge every certificate of a chain by the rows for its kind."""
    for index, link in enumerate(chain.links):
        certificate = link.certificate
        kind = "mark" if index == 0 else "root" if chain.is_root(index) else "issuing"
        broken = certificate.once(f"broken as {kind}", _BROKEN[kind])
        if broken:
            params = _params(certificate)
            for row in broken:
                yield Fault(row.rule, Place(index, row.field), str(index), params)
        for rule, oid in certificate.once("odd extensions", _odd_extensions):
            name = oids.extension_name(oid)
            yield Fault(rule, Place(index, name), f"{index} {oid}", {"extension": name})


def _asker(*rows: Row) -> Callable[[Certificate], tuple[Row, ...]]:
    """Asks which of some rows a certificate breaks."""

    def broken(certificate: Certificate) -> tuple[Row, ...]:
        subject = Subject(certificate, read_extensions(certificate))
        return tuple([row for row in rows if row.broken(subject)])

    return broken


_BROKEN = {"mark": _asker(*EVERY, *MARK), "root": _asker(*EVERY, *ROOT), "issuing": _asker(*EVERY, *ISSUING)}


def _params(certificate: Certificate) -> dict[str, Param]:
    extensions = read_extensions(certificate)
    days = (certificate.not_after - certificate.not_before + timedelta(seconds=1)) / timedelta(days=1)
    return {
        "subject": quote(common_name(certificate.subject)),
        "version": certificate.version,
        "bits": max(certificate.serial, 0).bit_length(),
        "key": read_key(certificate.spki).name,
        "days": f"{days:.9g}",
        "purposes": quote(", ".join(map(oids.purpose_name, extensions.purposes or ()))),
        "crl": quote(" ".join(name.text for name in extensions.crl_names or ())),
        "aia": quote(" ".join(name.text for name in extensions.issuers or ())),
    }


def _odd_extensions(certificate: Certificate) -> list[tuple[str, str]]:
    """Extensions that occur twice, can't be decoded, or are critical and unknown: rule and OID of each."""
    extensions = read_extensions(certificate)
    return [
        *(("cert.extension-duplicate", oid) for oid in extensions.duplicates),
        *(("cert.extension-undecodable", oid) for oid in extensions.undecodable),
        *(
            ("cert.critical-extension", one.oid)
            for one in certificate.extensions
            if one.critical and one.oid not in oids.KNOWN_CRITICAL
        ),
    ]


_INTERNAL = frozenset("local localhost localdomain internal intranet invalid lan corp home private".split())
"""Top levels that no public DNS has."""
_IS_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?").fullmatch


def alternative_names(chain: Chain) -> Iterator[Fault[Place]]:
    """The names in the Mark Certificate's subjectAltName (MCR 7.1.4.2.1; FETCH 4.3)."""
    for position, name in enumerate(read_extensions(chain.links[0].certificate).names or ()):
        place = Place(0, f"subjectAltName[{position}]")
        params = {"name": quote(name.text), "form": GENERAL_NAMES.get(name.tag, "?")}
        rule = "cert.san-not-dns" if name.tag != DNS_NAME else _name_rule(name.text.lower())
        if rule:
            yield Fault(rule, place, name.text, params)


def _name_rule(name: str) -> str:
    """The rule that a dNSName breaks; empty for none."""
    labels = name.split(".")
    if "*" in name:
        return "cert.san-wildcard"
    if len(name) > 253 or not all(labels) or max(map(len, labels)) > 63:
        return "cert.san-malformed"
    # <selector>._bimi.<domain>, and nothing else, may have underscores
    with_selector = len(labels) > 2 and labels[1] == "_bimi"
    rest = labels[2:] if with_selector else labels
    if "_" in "".join(rest):
        return "cert.san-underscore"
    if not all(map(_IS_LABEL, rest)):
        return "cert.san-malformed"
    if len(rest) == 1 or labels[-1] in _INTERNAL or labels[-1].isdigit():
        return "cert.san-internal"
    return "cert.san-bimi-label" if with_selector else ""
