"""Revocation from CRLs at hand (RFC 5280, section 5; FETCH 5.1 step 3; MCR 4.9.7). Nothing is fetched here.

A CRL that can't be used leaves the status unknown: it is never taken for good news, and never revokes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from ..engine import Fault, quote, to_the_minute
from ..findings import Param
from .asn1 import Certificate
from .extensions import read_extensions
from .path import CRL_SIGN, Chain
from .pem import blocks, normal_lines
from .place import Place
from .signatures import read_key
from .subject import common_name, same_name

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of a file of CRLs that are looked at; those of Mark Verifying Authorities have some kilobytes."""
LONGEST_LEAF_CRL = timedelta(days=10)
"""From thisUpdate to nextUpdate (MCR 4.9.7)."""
_KNOWN_EXTENSIONS = (x509.AuthorityKeyIdentifier, x509.CRLNumber, x509.IssuingDistributionPoint, x509.FreshestCRL)

GOOD, REVOKED, UNKNOWN = "good", "revoked", "unknown"


class Status(msgspec.Struct):
    """What is known of one certificate.

    Attributes:
        state: ``"good"``, ``"revoked"`` or ``"unknown"``.
        faults: What was found on the way.
    """

    state: str = UNKNOWN
    faults: list[Fault[Place]] = []


class GivenCrl(msgspec.Struct, frozen=True):
    """A CRL the caller gave.

    Attributes:
        position: Its place among the files given.
        crl: The CRL.
        issuer: DER of its issuer's name.
        this_update: When it was issued.
        next_update: Until when the next one is due; None where it doesn't say.
    """

    position: int
    crl: x509.CertificateRevocationList
    issuer: bytes
    this_update: datetime
    next_update: datetime | None


class GivenCrls(msgspec.Struct, frozen=True):
    """The CRLs the caller gave, and the positions of those that can't be read."""

    readable: tuple[GivenCrl, ...]
    unreadable: tuple[int, ...]


def read_crls(crls: Iterable[bytes]) -> GivenCrls:
    """Load CRLs in PEM or DER form; a PEM file may hold several, of which a damaged one hides no other."""
    readable, unreadable = [], []
    for position, data in enumerate(crls):
        for der in _parts(data):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # on names that only look odd
                    readable.append(_load(position, der or b""))
            except Exception:  # the library raises what it likes on odd names, times and versions
                unreadable.append(position)
    return GivenCrls(tuple(readable), tuple(dict.fromkeys(unreadable)))


_MOST_PARTS = 1_000


def _parts(data: bytes) -> list[bytes | None]:
    """The CRLs of a file, in DER; None for one that can't be had."""
    if len(data) > MAX_BYTES:
        return [None]
    text = normal_lines(data)
    found = [block.der for block in blocks(text, _MOST_PARTS + 1) if block.label == b"X509 CRL"]
    if len(found) > _MOST_PARTS:
        return [None]
    return found or [data]


def _load(position: int, der: bytes) -> GivenCrl:
    crl = x509.load_der_x509_crl(der)
    return GivenCrl(position, crl, crl.issuer.public_bytes(), crl.last_update_utc, crl.next_update_utc)


def revocation(chain: Chain, given: GivenCrls, at: datetime) -> tuple[list[Fault[Place]], dict[str, str]]:
    """Judge every certificate below the root; also what is known of each, for the facts."""
    faults: list[Fault[Place]] = [
        Fault("cert.crl-unreadable", None, str(position), {"number": position + 1}) for position in given.unreadable
    ]
    used: set[int] = set()
    states: dict[str, str] = {}
    for index, (link, above) in enumerate(zip(chain.links, chain.links[1:], strict=False)):
        status = _status(index, link.certificate, above.certificate, given.readable, at, used)
        states[str(index)] = status.state
        faults += status.faults
        if status.state == UNKNOWN and at <= link.certificate.not_after:  # of an expired one nobody needs to know
            params = {
                "subject": quote(common_name(link.certificate.subject)),
                "issuer": quote(common_name(above.certificate.subject)),
            }
            faults.append(Fault("cert.revocation-unknown", Place(index, "cRLDistributionPoints"), str(index), params))
    faults += [_fault("cert.crl-unrelated", one) for one in given.readable if one.position not in used]
    return faults, states


def _fault(rule: str, one: GivenCrl, index: int | None = None, **more: str) -> Fault[Place]:
    params: dict[str, Param] = {"number": one.position + 1, "issuer": quote(common_name(one.issuer)), **more}
    return Fault(rule, None if index is None else Place(index), f"{index} {one.position}", params)


def _status(
    index: int, certificate: Certificate, issuer: Certificate, given: tuple[GivenCrl, ...], at: datetime, used: set[int]
) -> Status:
    status = Status()
    usable: list[GivenCrl] = []
    for one in given:
        if not same_name(one.issuer, certificate.issuer):
            continue
        used.add(one.position)
        problem = _unusable(one, certificate, issuer, at)
        if problem is None:
            usable.append(one)
        else:
            status.faults.append(_fault(problem, one, index))
    newest = max((one.this_update for one in usable), default=None)
    for one in usable:
        if one.this_update == newest:  # an older one may list what has been released since
            _look_up(status, index, one, certificate, at)
    return status


def _unusable(one: GivenCrl, certificate: Certificate, issuer: Certificate, at: datetime) -> str | None:
    """The rule on why a CRL settles nothing about a certificate; None where it does."""
    usage = read_extensions(issuer).key_usage
    if usage is not None and CRL_SIGN not in usage:
        return "cert.crl-signer"
    key = read_key(issuer.spki).key
    try:
        if key is None or not one.crl.is_signature_valid(key):  # type: ignore[arg-type]
            return "cert.crl-signature"
    except (ValueError, UnsupportedAlgorithm, TypeError, OverflowError):
        return "cert.crl-signature"
    if one.this_update > at:
        return "cert.crl-from-the-future"
    if one.next_update is None or one.next_update < at:
        return "cert.crl-stale"
    return "cert.crl-scope" if _is_scoped(one.crl, certificate, issuer) else None


def _is_scoped(crl: x509.CertificateRevocationList, certificate: Certificate, issuer: Certificate) -> bool:
    """Whether a CRL is about less than everything its issuer issued, or says something that isn't understood."""
    try:
        extensions = list(crl.extensions)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return True
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return True
        if isinstance(value, x509.AuthorityKeyIdentifier) and value.key_identifier is not None:
            own_key = read_extensions(issuer).subject_key
            if own_key is not None and own_key != value.key_identifier:
                return True
        if extension.critical and not isinstance(value, _KNOWN_EXTENSIONS):
            return True
        if isinstance(value, x509.IssuingDistributionPoint):
            own = {name.text for name in read_extensions(certificate).crl_names or ()}
            named = {str(name.value) for name in value.full_name or ()}
            return (
                value.only_contains_user_certs
                or value.only_contains_ca_certs
                or value.only_contains_attribute_certs
                or value.indirect_crl
                or value.only_some_reasons is not None
                or value.relative_name is not None
                or not named & own
            )
    return False


def _look_up(status: Status, index: int, one: GivenCrl, certificate: Certificate, at: datetime) -> None:
    if index == 0 and one.next_update is not None and one.next_update - one.this_update > LONGEST_LEAF_CRL:
        days = str((one.next_update - one.this_update).days)
        status.faults.append(_fault("cert.crl-lifetime", one, index, days=days))
    entry = one.crl.get_revoked_certificate_by_serial_number(certificate.serial) if certificate.serial > 0 else None
    if entry is None:
        if status.state == UNKNOWN and at <= certificate.not_after:  # an expired one may have been taken off the list
            status.state = GOOD
        return
    try:
        when: datetime | None = entry.revocation_date_utc
    except ValueError:  # no moment of any calendar; that it is listed counts
        when = None
    params = {"time": to_the_minute(when) if when else "?", "reason": _reason(entry)}
    if when is not None and when > at:
        status.faults.append(_fault("cert.revoked-later", one, index, **params))
        status.state = GOOD if status.state == UNKNOWN else status.state
    elif status.state != REVOKED:
        status.faults.append(_fault("cert.revoked" if index == 0 else "cert.ca-revoked", one, index, **params))
        status.state = REVOKED


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except Exception:  # a damaged reason is no reason to lose the revocation
        return "unspecified"


def not_checked(chain: Chain) -> Iterator[Fault[Place]]:
    """Nobody gave a CRL; tells where they are."""
    names = [
        name.text for link in chain.links for name in read_extensions(link.certificate).crl_names or () if name.text
    ]
    urls = quote(" ".join(dict.fromkeys(names)) or "–", 500)
    yield Fault("cert.revocation-not-checked", None, "", {"urls": urls})
