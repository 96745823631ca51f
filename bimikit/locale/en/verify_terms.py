"""Words that only the comparison of what is published with what was planned uses, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "verify.kind-dmarc": "The DMARC record",
    "verify.kind-record": "The Assertion Record",
    # how a hosted logo differs
    "verify.logo-packed": "it is the same logo, compressed otherwise",
    "verify.logo-line-ends": "only the line ends differ",
    "verify.logo-cut": "its end is missing",
    "verify.logo-unreadable": "it can't be read as an SVG",
    "verify.logo-markup": "it is the same drawing, written otherwise",
    "verify.logo-other": "it is another drawing",
    # how a hosted certificate differs
    "verify.certificate-cut": "its end is missing",
    "verify.certificate-damaged": "it is damaged: a certificate in it can't be read",
    "verify.certificate-none": "there is no Mark Certificate in it",
    "verify.certificate-none-planned": "there is no Mark Certificate in the planned file",
    "verify.certificate-written": "it holds the same certificates, written otherwise (line ends, texts between them)",
    "verify.certificate-order": "it holds the same certificates in another order",
    "verify.certificate-chain": "it holds the same Mark Certificate with another chain",
    "verify.certificate-expired": "it holds another Mark Certificate, which has expired",
    "verify.certificate-older": "it holds another Mark Certificate, which was issued before the planned one",
    "verify.certificate-newer": "it holds another Mark Certificate, which was issued after the planned one",
    "verify.certificate-other": "it holds another Mark Certificate",
    # at a glance
    "verify.title": "Published against planned",
    "verify.indicator": "Logo (l=)",
    "verify.certificate": "Certificate (a=)",
    "verify.dmarc": "DMARC record",
    "verify.record": "Assertion Record",
    "verify.same": "the same",
    "verify.differs": "not the same",
    "verify.unknown": "could not be found out",
    "verify.missing": "could not be had",
    "verify.absent": "missing",
    "verify.unexpected": "published, but not planned",
    "verify.published": "published: {what}",
    "verify.planned": "planned: {what}",
    "verify.unplanned": "not planned, so not compared",
    "verify.none": "neither planned nor published",
    "verify.bytes": "{count} bytes",
}
