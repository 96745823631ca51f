"""`check_certificate`: take the file apart, judge each part, and tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from ..arguments import BYTES, as_bytes, in_utc
from ..engine import Fault, crashed, findings_from, ordered, quote, to_the_minute, to_the_second
from ..findings import Finding, Location, Param, Report, Severity
from ..svg.check import DEFAULT_LIMITS, check_svg
from ..svg.document import Limits
from . import ct, marks, path, profile
from .asn1 import Certificate
from .bundle import choose, read_bundle
from .coverage import coverage, covers, dns_names
from .extensions import read_extensions
from .logotype import Logotype, read_logotype
from .match import logo_match
from .path import Chain
from .place import Place, locate
from .revocation import not_checked, read_crls, revocation
from .rules import RULES
from .signatures import read_key, signature_algorithm
from .subject import attribute_name, attributes
from .trust import TrustStore, require_trust

EXPIRY_DAYS = (30, 14, 7)
"""Days before its end from which on a certificate's expiry is told, and again."""
_SOFTENED = frozenset({"svg.one-colour"})
"""A MUST about the logo that trusted authorities certify exceptions from; inside their certificate it is a warning."""


def check_certificate(
    data: bytes | bytearray | memoryview,
    *,
    domain: str | None = None,
    selector: str = "default",
    at: datetime | None = None,
    trust: TrustStore | None = None,
    crls: Iterable[bytes] = (),
    logo: bytes | None = None,
    limits: Limits | None = None,
    expiry_days: Sequence[int] = EXPIRY_DAYS,
    name: str = "certificate",
) -> Report:
    """Judge a Mark Certificate (VMC or CMC) with its chain and the logo inside.

    Pure: it reads nothing but its arguments (and the clock, when `at` isn't given), reaches no network, and never
    raises on what is in `data`, `crls`, `logo` or `domain`.

    Args:
        data: The file's bytes, as it is or will be published at ``a=``.
        domain: Where the Assertion Record is published; without it names aren't compared.
        selector: The record's selector.
        at: The moment to judge at; must have a time zone. Now by default.
        trust: Roots and Certificate Transparency logs; `TrustStore.builtin()` by default.
        crls: Certificate Revocation Lists, PEM or DER. Without any, revocation is not checked.
        logo: The logo on the web (``l=``), to be compared with the one inside.
        limits: Bounds on the logo; `Limits()` by default.
        expiry_days: A certificate's end is told once so many full days or fewer are left; the finding's parameter
            ``within`` tells the smallest of these that was reached.
        name: What the report calls its subject, a file name for instance.

    Returns:
        The report, of kind ``"certificate"``; its `indicator` is the SVG inside. Its facts tell the chain, subject,
        names, logotype, timestamps, revocation, days left, and the trust store (docs/facts.md); of a file without a
        Mark Certificate only its size and the store. A finding's outcome tells a broken rule (FAIL) from what could
        not be found out (INDETERMINATE) or nobody asked (NOT_CHECKED): without `crls` revocation is not checked, and
        `report.complete` stays True; with some, but not enough, it is unknown, and `complete` is False.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or `selector` is empty.

    Source: MCR 1.7; draft-fetch-validation-vmc-wchuang-11; RFC 5280, 6962, 9399.
    """
    return judge_certificate(
        data,
        domain=domain,
        selector=selector,
        at=at,
        trust=trust,
        crls=crls,
        logo=logo,
        limits=limits,
        expiry_days=expiry_days,
        name=name,
    )


def judge_certificate(
    data: bytes | bytearray | memoryview,
    *,
    domain: str | None = None,
    selector: str = "default",
    at: datetime | None = None,
    trust: TrustStore | None = None,
    crls: Iterable[bytes] = (),
    crls_asked: bool = False,
    logo: bytes | None = None,
    limits: Limits | None = None,
    expiry_days: Sequence[int] = EXPIRY_DAYS,
    name: str = "certificate",
) -> Report:
    """What `check_certificate` does. With `crls_asked` somebody tried to have CRLs: then missing ones leave it open."""
    data = as_bytes("data", data)
    _check_arguments(domain, selector, trust, limits)
    logo = None if logo is None else as_bytes("logo", logo)
    at = in_utc(at)
    trust = trust or TrustStore.builtin()
    limits = limits or DEFAULT_LIMITS
    if isinstance(crls, BYTES):
        raise TypeError("crls must be a list of CRLs, not one CRL")
    if not isinstance(expiry_days, Sequence):
        raise TypeError(f"expiry_days must be a list of days, not {type(expiry_days).__name__}")
    lists = [as_bytes("a CRL", crl) for crl in crls]
    bundle = read_bundle(data)
    choice = choose(bundle) if bundle.readable else None
    faults = bundle.faults + (choice.faults if choice else [])
    facts: dict[str, Any] = {"size": len(data), "trust": trust.describe()}
    if choice is None or choice.leaf is None:
        return Report("certificate", name, at, findings_from(faults, RULES, locate), facts, {}, finished=False)

    leaf = choice.leaf.certificate
    chain = path.build(choice.leaf, choice.others, trust, at)
    logotype = read_logotype(leaf, limits.max_bytes)
    faults += logotype.faults
    timestamps = ct.timestamps_of(leaf)
    facts |= _facts(chain, logotype, timestamps, trust, at, expiry_days)
    given = read_crls(lists)

    def revocation_check() -> Iterator[Fault[Place]]:
        if not lists and not crls_asked:
            facts["revocation"] = {"checked": False}
            return not_checked(chain)
        found, states = revocation(chain, given, at)
        facts["revocation"] = {"checked": True, "states": states}
        return iter(found)

    checks: list[tuple[str, Callable[[], Iterable[Fault[Place]]]]] = [
        ("path", lambda: path.judge(chain, trust, at)),
        ("file_order", lambda: path.file_order(chain, choice.others)),
        ("profile", lambda: profile.profile(chain)),
        ("alternative_names", lambda: profile.alternative_names(chain)),
        ("subject", lambda: marks.subject(leaf)),
        ("transparency", lambda: ct.transparency(chain, timestamps, trust, at)),
        ("revocation", revocation_check),
        ("expiry", lambda: _expiry(leaf, at, expiry_days)),
        ("distrust", lambda: _distrust(chain)),
    ]
    if domain is not None:
        facts["covers"] = covers(leaf, domain, selector)
        checks.append(("coverage", lambda: coverage(leaf, domain, selector)))
    if logo is not None and logotype.svg is not None:
        inside, outside = logotype.svg, logo

        def match_check() -> list[Fault[Place]]:
            found = list(logo_match(inside, outside, limits))
            facts["logo"] = found[0].rule.removeprefix("match.logo-") if found else "identical"
            return found

        checks.append(("logo_match", match_check))
    for check_name, check in checks:
        try:
            faults.extend(check())
        except Exception as crash:
            faults.append(crashed(check_name, crash))
    faults = [fault for fault in faults if _binds(fault, chain)]
    faults += _second_opinion(chain, faults, at)
    findings = findings_from(faults, RULES, locate)
    if logotype.svg is not None:
        inside_all = [logotype.svg, *logotype.others]
        findings = ordered(
            (*findings, *(one for svg in inside_all for one in _findings_inside(svg, limits, at, facts)))
        )
    return Report("certificate", name, at, findings, facts, {}, True, logotype.svg)


def _check_arguments(domain: object, selector: object, trust: object, limits: object) -> None:
    if domain is not None and not isinstance(domain, str):
        raise TypeError(f"domain must be a string, not {type(domain).__name__}")
    if not isinstance(selector, str):
        raise TypeError(f"selector must be a string, not {type(selector).__name__}")
    if not selector:
        raise ValueError("selector must not be empty")
    require_trust(trust)
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be Limits, not {type(limits).__name__}")


def _binds(fault: Fault[Place], chain: Chain) -> bool:
    """Whether a rule was in force when the certificate it is about was issued."""
    index = fault.place.certificate if fault.place is not None else None
    issued = chain.links[min(index or 0, len(chain.links) - 1)].certificate.not_before
    return RULES[fault.rule].in_force(issued)


_PATH_RULES = frozenset(
    f"cert.{name}"
    for name in (
        "issuer-missing root-impostor root-untrusted root-unknown signature-invalid signature-algorithm "
        "signature-algorithm-mismatch validity-reversed expired not-yet-valid ca-expired ca-not-yet-valid root-expired "
        "root-not-yet-valid ca-not-a-ca path-length ca-key-usage key-identifier leaf-is-ca "
        "extension-duplicate extension-undecodable"
    ).split()
)
"""Rules of ours that say the path is not good; OpenSSL then need not be asked."""


def _second_opinion(chain: Chain, faults: list[Fault[Place]], at: datetime) -> list[Fault[Place]]:
    """Nothing passes unless OpenSSL agrees."""
    if chain.root is None or any(fault.rule in _PATH_RULES for fault in faults):
        return []
    try:
        refusal = path.openssl_refuses(chain, at)
    except Exception as crash:
        return [crashed("openssl", crash)]
    return [Fault("cert.openssl-disagrees", Place(0), "", {"problem": quote(refusal)})] if refusal else []


def _findings_inside(svg: bytes, limits: Limits, at: datetime, facts: dict[str, Any]) -> Iterator[Finding]:
    """The Indicator's findings, placed in the extracted file."""
    report = check_svg(svg, limits=limits, at=at)
    facts.setdefault("indicator", report.facts)
    for finding in report.findings:
        places = tuple(replace(place, certificate=0, field="logotype") for place in finding.locations or (Location(),))
        severity = Severity.WARNING if finding.rule in _SOFTENED else finding.severity
        yield replace(finding, locations=places, severity=severity)


def days_left(certificate: Certificate, at: datetime) -> int:
    """Whole days until a certificate ends; negative once it has ended."""
    return (certificate.not_after - at) // timedelta(days=1)


def _expiry(leaf: Certificate, at: datetime, expiry_days: Sequence[int]) -> Iterator[Fault[Place]]:
    left = days_left(leaf, at)
    within = [days for days in expiry_days if left <= days]
    if within and leaf.not_before <= at <= leaf.not_after:
        params: dict[str, Param] = {
            "days": left,
            "within": min(within),
            "until": to_the_minute(leaf.not_after),
        }
        yield Fault("cert.expires-soon", Place(0, "notAfter"), "", params)


def _distrust(chain: Chain) -> Iterator[Fault[Place]]:
    """Providers that take no more certificates of this root."""
    if chain.root is None:
        return
    issued = chain.links[0].certificate.not_before.date()
    for provider, since in chain.root.distrust.items():
        if issued > since:
            params = {"root": chain.root.name, "date": since.isoformat()}
            yield Fault(f"receiver.{provider}.root-distrusted", Place(len(chain.links) - 1, "issuer"), "", params)


def _facts(
    chain: Chain,
    logotype: Logotype,
    timestamps: list[ct.Timestamp | None] | None,
    trust: TrustStore,
    at: datetime,
    expiry_days: Sequence[int],
) -> dict[str, Any]:
    leaf = chain.links[0].certificate
    extensions = read_extensions(leaf)
    left = days_left(leaf, at)
    links = [_chain_fact(link, chain) for link in chain.links]
    state = "expired" if at > leaf.not_after else "soon" if any(left <= days for days in expiry_days) else "ok"
    return {
        "mark_type": _short(marks.mark_type(leaf)),
        "kind_of_mark": marks.kind_of_mark(leaf),
        "issued": links[0]["not_before"],
        "expires": links[0]["not_after"],
        "days_left": left,
        "expiry": state,
        "subject": links[0]["subject"],
        "names": [quote(name) for name in dns_names(leaf)[:_MOST]],
        "chain": links,
        "trusted_root": chain.root.name if chain.root else None,
        "logotype": logotype.facts,
        "timestamps": [
            _timestamp_fact(timestamp, trust) for timestamp in (timestamps or ())[:_MOST] if timestamp is not None
        ],
        "crls": [
            quote(name.text, 200)
            for link in chain.links
            for name in (read_extensions(link.certificate).crl_names or ())[:_MOST]
        ],
        "issuer_urls": [quote(issuer.text, 200) for issuer in (extensions.issuers or ())[:_MOST]],
        "caa_issuers": list(chain.root.caa) if chain.root else [],
        "issuer_organization": next((value for name, value in links[0]["issuer"] if name == "organizationName"), None),
    }


_MOST = 100
"""Entries of a list that the facts keep, so that no input can blow up a report."""


def _chain_fact(link: path.Link, chain: Chain) -> dict[str, Any]:
    certificate = link.certificate
    known = certificate.once("facts", _certificate_fact)
    return {**known, "in_file": link.line is not None or link is chain.links[0]}


def _certificate_fact(certificate: Certificate) -> dict[str, Any]:
    return {
        "subject": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "serial": f"{certificate.serial:x}"[:64],
        "not_before": to_the_second(certificate.not_before),
        "not_after": to_the_second(certificate.not_after),
        "key": read_key(certificate.spki).name,
        "signature": signature_algorithm(certificate.algorithm).name,
        "sha256": sha256(certificate.der).hexdigest(),
    }


def _name(der: bytes) -> list[list[str | None]]:
    return [[attribute_name(attribute.oid), _short(attribute.value)] for attribute in attributes(der)[:_MOST]]


def _timestamp_fact(timestamp: ct.Timestamp, trust: TrustStore) -> dict[str, Any]:
    log = trust.log(timestamp.log_id)
    time = timestamp.time
    return {
        "log": log.name if log else None,
        "log_id": timestamp.log_id.hex(),
        "time": to_the_second(time) if time else None,
    }


_SHORT = 200


def _short(value: str | None) -> str | None:
    return value if value is None or (len(value) <= _SHORT and value.isprintable()) else quote(value, _SHORT)
