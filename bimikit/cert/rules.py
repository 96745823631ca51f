"""The rules on Mark Certificates, in the order in which `bimikit rules` lists them.

Requirements of MCR bind by a certificate's issue date: a rule carries the day from which it applies. Their words are in
`bimikit.locale`.
"""

from __future__ import annotations

from datetime import date

from ..findings import Applicability, Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite
from ..svg.rules import RULES as SVG_RULES
from .dates import MCR_1_0, MCR_1_5, MCR_1_7, PILOT_UNTIL, PRIOR_USE_URL_SINCE

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_FILE = cite("fetch", "section 3.3", "#section-3.3")
_CHAIN = cite("fetch", "section 5.1", "#section-5.1")
_DOMAIN = cite("fetch", "section 5.2", "#section-5.2")
_PEM = cite("rfc7468", "section 2", "#section-2")
_PKIX_PATH = cite("rfc5280", "section 6.1", "#section-6.1")
_PKIX_DER = cite("rfc5280", "section 4.1", "#section-4.1")
_PKIX_EXTENSIONS = cite("rfc5280", "section 4.2", "#section-4.2")
_PKIX_CRL = cite("rfc5280", "section 6.3", "#section-6.3")
_ROOT = cite("mcr", "7.1.2.1")
_ISSUING = cite("mcr", "7.1.2.2")
_MARK = cite("mcr", "7.1.2.3")
_NAMES = cite("mcr", "7.1.4.2.1")
_SUBJECT = cite("mcr", "7.1.4.2.2")
_KEYS = cite("mcr", "6.1.5")
_CT = cite("mcr", "4.2")
_LOGOTYPE = cite("fetch", "section 4.2", "#section-4.2")
_HASH = cite("rfc9399", "section 4.1", "#section-4.1")
_ADVISED = cite("bimikit", "advice")
_SAFETY = cite("bimikit", "safety limits")

_Line = tuple[str, Severity, Citation] | tuple[str, Severity, Citation, date]

_FAILS: tuple[_Line, ...] = (
    # the file
    ("file-empty", _E, _FILE),
    ("file-too-large", _E, _SAFETY),
    ("too-many-blocks", _E, _SAFETY),
    ("not-a-certificate", _E, _FILE),
    ("der", _E, _FILE),
    ("der-unreadable", _E, _FILE),
    ("pkcs7", _E, _FILE),
    ("pkcs12", _E, _FILE),
    ("private-key", _E, cite("mcr", "4.9.1.1")),
    ("request", _E, _FILE),
    ("other-block", _W, _FILE),
    ("pem-label", _W, _PEM),
    ("pem-damaged", _E, _PEM),
    ("pem-boundary", _E, _PEM),
    ("pem-long-lines", _W, _PEM),
    ("undecodable", _E, _PKIX_DER),
    ("duplicate", _W, _FILE),
    ("order", _W, _FILE),
    ("unrelated", _W, _FILE),
    ("two-mark-certificates", _E, _FILE),
    ("leaf-missing", _E, _FILE),
    ("tls-certificate", _E, _MARK),
    ("not-a-mark", _E, _MARK),
    # the path
    ("issuer-missing", _E, _FILE),
    ("root-untrusted", _E, _CHAIN),
    ("root-impostor", _E, _CHAIN),
    ("signature-invalid", _E, _PKIX_PATH),
    ("signature-algorithm", _E, _KEYS),
    ("signature-algorithm-mismatch", _E, cite("rfc5280", "section 4.1.1.2", "#section-4.1.1.2")),
    ("expired", _E, _PKIX_PATH),
    ("not-yet-valid", _E, _PKIX_PATH),
    ("ca-expired", _E, _PKIX_PATH),
    ("ca-not-yet-valid", _E, _PKIX_PATH),
    ("root-expired", _E, _PKIX_PATH),
    ("root-not-yet-valid", _E, _PKIX_PATH),
    ("validity-reversed", _E, _PKIX_PATH),
    ("expires-soon", _W, _ADVISED),
    ("ca-not-a-ca", _E, _PKIX_PATH),
    ("path-length", _E, _PKIX_PATH),
    ("ca-key-usage", _E, _PKIX_PATH),
    ("key-identifier", _E, cite("rfc5280", "section 4.2.1.1", "#section-4.2.1.1")),
    ("openssl-disagrees", _E, _PKIX_PATH),
    # every certificate
    ("version", _E, cite("mcr", "7.1.1")),
    ("serial-invalid", _E, cite("rfc5280", "section 4.1.2.2", "#section-4.1.2.2")),
    ("serial-long", _E, cite("rfc5280", "section 4.1.2.2", "#section-4.1.2.2")),
    ("serial-short", _W, cite("mcr", "7.1")),
    ("time-form", _E, cite("rfc5280", "section 4.1.2.5", "#section-4.1.2.5")),
    ("policy-duplicate", _E, cite("rfc5280", "section 4.2.1.4", "#section-4.2.1.4")),
    ("key-weak", _E, _KEYS),
    ("name-constraints", _E, cite("mcr", "7.1.5")),
    ("poison", _E, cite("rfc6962", "section 3.1", "#section-3.1")),
    ("critical-extension", _E, _PKIX_EXTENSIONS),
    ("extension-duplicate", _E, _PKIX_EXTENSIONS),
    ("extension-undecodable", _E, _PKIX_EXTENSIONS),
    # the issuing CA and the root
    ("ca-constraints-critical", _E, _ISSUING, MCR_1_0),
    ("ca-key-usage-missing", _E, _ISSUING, MCR_1_0),
    ("ca-key-usage-critical", _E, _ISSUING, MCR_1_0),
    ("ca-crl-sign", _E, _ISSUING, MCR_1_0),
    ("ca-eku-missing", _E, _CHAIN),
    ("ca-eku-other", _E, _ISSUING),
    ("ca-policies-missing", _E, _ISSUING, MCR_1_0),
    ("ca-policies-wrong", _E, _ISSUING, MCR_1_0),
    ("root-path-length", _W, _ROOT, MCR_1_0),
    ("root-policies", _W, _ROOT, MCR_1_0),
    ("root-eku", _E, _ROOT, MCR_1_0),
    # extensions of the Mark Certificate
    ("validity-too-long", _E, cite("mcr", "6.3.2"), MCR_1_5),
    ("eku-missing", _E, _MARK),
    ("eku-other", _E, _MARK),
    ("eku-critical", _W, _MARK),
    ("leaf-is-ca", _E, _MARK),
    ("leaf-path-length", _E, cite("rfc5280", "section 4.2.1.9", "#section-4.2.1.9")),
    ("leaf-key-usage", _E, _MARK),
    ("policies-missing", _E, _MARK, MCR_1_0),
    ("policy-general-missing", _E, _MARK, MCR_1_0),
    ("policy-cps-missing", _E, _MARK, MCR_1_0),
    ("policies-order", _W, _MARK, MCR_1_0),
    ("crl-missing", _E, _MARK, MCR_1_0),
    ("crl-critical", _E, _MARK, MCR_1_0),
    ("crl-not-http", _E, _MARK, MCR_1_0),
    ("aia-missing", _W, _MARK, MCR_1_0),
    ("aia-critical", _E, cite("rfc5280", "section 4.2.2.1", "#section-4.2.2.1")),
    ("aia-not-http", _W, _MARK, MCR_1_0),
    ("san-missing", _E, _NAMES),
    ("san-not-dns", _E, _NAMES, MCR_1_0),
    ("san-wildcard", _E, _NAMES, MCR_1_0),
    ("san-internal", _E, _NAMES, MCR_1_0),
    ("san-malformed", _E, _NAMES, MCR_1_0),
    ("san-underscore", _E, _NAMES, MCR_1_0),
    ("san-bimi-label", _W, cite("fetch", "section 4.3", "#section-4.3")),
    ("pilot-forbidden", _E, _MARK, PILOT_UNTIL),
    ("pilot-misplaced", _E, _MARK),
    ("pilot-wrong", _E, _MARK),
    # the subject
    ("subject-unreadable", _E, _PKIX_DER),
    ("subject-text", _E, _PKIX_DER),
    ("mark-type-missing", _E, _SUBJECT, MCR_1_5),
    ("mark-type-repeated", _E, _SUBJECT, MCR_1_5),
    ("mark-type-unknown", _E, _SUBJECT, MCR_1_5),
    ("subject-missing", _E, _SUBJECT, MCR_1_0),
    ("street-address-missing", _E, _SUBJECT, MCR_1_7),
    ("prior-use-url-missing", _E, _SUBJECT, PRIOR_USE_URL_SINCE),
    ("subject-place-missing", _E, _SUBJECT, MCR_1_0),
    ("subject-prohibited", _E, _SUBJECT, MCR_1_0),
    ("statute-state-missing", _E, _SUBJECT, MCR_1_0),
    ("subject-placeholder", _E, cite("mcr", "7.1.4.2"), MCR_1_0),
    ("business-category", _E, _SUBJECT, MCR_1_0),
    ("country-code", _E, _SUBJECT, MCR_1_0),
    ("lei-invalid", _E, _SUBJECT, MCR_1_0),
    ("organization-identifier", _E, _SUBJECT, MCR_1_0),
    ("subject-url", _E, _SUBJECT, MCR_1_0),
    ("common-name", _W, _SUBJECT, MCR_1_0),
    # the logotype
    ("logotype-missing", _E, _MARK),
    ("logotype-critical", _E, _HASH),
    ("logotype-undecodable", _E, _HASH),
    ("logotype-no-subject-logo", _E, _LOGOTYPE),
    ("logotype-other-logos", _W, _LOGOTYPE),
    ("logotype-indirect", _E, _LOGOTYPE),
    ("logotype-no-image", _E, _LOGOTYPE),
    ("logotype-several-images", _W, _LOGOTYPE),
    ("logotype-media-type", _E, _LOGOTYPE),
    ("logotype-media-type-gzip", _W, _LOGOTYPE),
    ("logotype-uris", _E, _LOGOTYPE),
    ("logotype-not-embedded", _E, _LOGOTYPE),
    ("logotype-uri-type", _E, _LOGOTYPE),
    ("logotype-not-base64", _E, _LOGOTYPE),
    ("logotype-not-gzipped", _E, _LOGOTYPE),
    ("logotype-gzip-damaged", _E, _LOGOTYPE),
    ("logotype-trailing-data", _W, _LOGOTYPE),
    ("logotype-too-large", _E, _SAFETY),
    ("logotype-no-hash", _E, _HASH),
    ("logotype-hash-wrong", _E, _HASH),
    ("logotype-hash-of-gzip", _E, cite("rfc6170", "section 5.2", "#section-5.2")),
    ("logotype-hash-unknown", _W, _HASH),
    ("logotype-hash-unverifiable", _E, _HASH),
    ("logotype-hash-weak", _N, _HASH),
    # Certificate Transparency
    ("sct-missing", _E, _CT),
    ("sct-critical", _W, _MARK),
    ("sct-list-invalid", _E, cite("rfc6962", "section 3.3", "#section-3.3")),
    ("sct-list-empty", _E, cite("rfc6962", "section 3.3", "#section-3.3")),
    ("sct-version", _E, cite("rfc6962", "section 3.2", "#section-3.2")),
    ("sct-log-unknown", _E, _CT),
    ("sct-invalid", _E, cite("rfc6962", "section 3.2", "#section-3.2")),
    ("sct-future", _E, cite("rfc6962", "section 3.3", "#section-3.3")),
    ("sct-extra", _W, _CT),
    # revocation
    ("revoked", _E, _CHAIN),
    ("ca-revoked", _E, _CHAIN),
    ("revoked-later", _N, _PKIX_CRL),
    ("crl-unreadable", _W, _PKIX_CRL),
    ("crl-unrelated", _W, _PKIX_CRL),
    ("crl-signer", _W, _PKIX_CRL),
    ("crl-signature", _W, _PKIX_CRL),
    ("crl-from-the-future", _W, _PKIX_CRL),
    ("crl-stale", _W, _PKIX_CRL),
    ("crl-scope", _W, _PKIX_CRL),
    ("crl-lifetime", _W, cite("mcr", "4.9.7"), MCR_1_0),
    # what it is good for
    ("domain-mismatch", _E, _DOMAIN),
    ("domain-organizational", _W, _DOMAIN),
)

_UNDECIDED: tuple[_Line, ...] = (
    ("root-unknown", _E, _CHAIN),
    ("sct-log-undecided", _E, _CT),
    ("sct-unverified", _E, _CT),
    ("revocation-unknown", _E, _CHAIN),
)
"""What could not be found out."""


def _rule(line: _Line, outcome: Outcome = Outcome.FAIL) -> Rule:
    since = line[3] if len(line) == 4 else None
    return Rule(f"cert.{line[0]}", line[1], line[2], Applicability.MANUAL, since, outcome=outcome)


CERT_RULES = RuleSet(
    (
        *map(_rule, _FAILS),
        *(_rule(line, Outcome.INDETERMINATE) for line in _UNDECIDED),
        _rule(("revocation-not-checked", _N, _CHAIN), Outcome.NOT_CHECKED),
        Rule("match.logo-differs", _E, cite("bimi", "section 7.9"), Applicability.VISIBLE),
        Rule("match.logo-markup", _W, cite("bimi", "section 7.9"), Applicability.SAFE),
        Rule("match.logo-unreadable", _E, cite("bimi", "section 7.9")),
        Rule("bimikit.domain-invalid", _E, cite("bimikit")),
        Rule("receiver.apple.root-distrusted", _W, cite("apple-bimi")),
    )
)
"""What is asked of the certificate itself."""

DEMANDED = RuleSet((_rule(("revocation-required", _E, _ADVISED), Outcome.INDETERMINATE),))
"""What is asked only where somebody says so."""

RULES = RuleSet((*CERT_RULES, *SVG_RULES))
"""What a report on a certificate answers for: the logo inside is judged too."""
