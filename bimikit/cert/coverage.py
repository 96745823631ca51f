"""Whether a Mark Certificate is for the Assertion Record it is published in (FETCH 5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from ..domains import BadDomain, normal_domain, organizational_domain
from ..engine import Fault, quote
from .asn1 import Certificate
from .extensions import DNS_NAME, read_extensions
from .place import Place

_BIMI = "_bimi"


def dns_names(certificate: Certificate) -> list[str]:
    """The dNSNames of a certificate, in lower case."""
    return [name.text.lower() for name in read_extensions(certificate).names or () if name.tag == DNS_NAME]


def how_covered(names: list[str], domain: str, selector: str) -> str:
    """How the names cover a record: ``"exact"``, ``"selector"``, ``"organizational"``, or empty for not at all.

    Args:
        names: dNSNames in lower case.
        domain: Where the record is published, in normal form.
        selector: Its selector.
    """
    plain = [name for name in names if _BIMI not in name.split(".")]
    if selector.isascii() and f"{selector.lower()}.{_BIMI}.{domain}" in names:
        return "selector"
    if domain in plain:
        return "exact"
    return "organizational" if organizational_domain(domain) in plain else ""


def covers(certificate: Certificate, domain: str, selector: str) -> dict[str, str | None]:
    """The answer, for the facts: domain and selector as they were understood, and how the certificate covers them."""
    try:
        wanted, selector = _published_at(domain, selector)
    except BadDomain:
        return {"domain": None, "selector": quote(selector), "how": None}
    how = how_covered(dns_names(certificate), wanted, selector)
    return {"domain": wanted, "selector": quote(selector), "how": how or "not"}


def _published_at(domain: str, selector: str) -> tuple[str, str]:
    """Domain and selector of a record; its own name (``default._bimi.example.com``) tells both."""
    labels = normal_domain(domain).split(".")
    if _BIMI not in labels[1:-1]:
        return ".".join(labels), selector
    at = labels.index(_BIMI, 1)
    return normal_domain(".".join(labels[at + 1 :])), ".".join(labels[:at])


def coverage(certificate: Certificate, domain: str, selector: str) -> Iterator[Fault[Place]]:
    """Judge the certificate's names against the place of the record."""
    try:
        wanted, selector = _published_at(domain, selector)
    except BadDomain as problem:
        yield Fault("bimikit.domain-invalid", None, "", {"domain": quote(domain), "problem": f"@{problem}"})
        return
    names = dns_names(certificate)
    if not read_extensions(certificate).names:
        return  # told as a certificate without names
    how = how_covered(names, wanted, selector)
    params = {"domain": wanted, "selector": quote(selector), "names": quote(", ".join(names) or "-")}
    if not how:
        yield Fault("cert.domain-mismatch", Place(0, "subjectAltName"), "", params)
    elif how == "organizational":
        yield Fault("cert.domain-organizational", Place(0, "subjectAltName"), "", params)
