"""Object identifiers that Mark Certificates use, and what they are called."""

from __future__ import annotations

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
CERTIFICATE_POLICIES = "2.5.29.32"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
SUBJECT_ALT_NAME = "2.5.29.17"
NAME_CONSTRAINTS = "2.5.29.30"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1"
LOGOTYPE = "1.3.6.1.5.5.7.1.12"
SCT_LIST = "1.3.6.1.4.1.11129.2.4.2"
PRECERTIFICATE_POISON = "1.3.6.1.4.1.11129.2.4.3"
PILOT = "1.3.6.1.4.1.53087.4.1"

EXTENSIONS = {
    BASIC_CONSTRAINTS: "basicConstraints",
    KEY_USAGE: "keyUsage",
    EXTENDED_KEY_USAGE: "extKeyUsage",
    CERTIFICATE_POLICIES: "certificatePolicies",
    CRL_DISTRIBUTION_POINTS: "cRLDistributionPoints",
    SUBJECT_ALT_NAME: "subjectAltName",
    NAME_CONSTRAINTS: "nameConstraints",
    AUTHORITY_KEY_IDENTIFIER: "authorityKeyIdentifier",
    SUBJECT_KEY_IDENTIFIER: "subjectKeyIdentifier",
    AUTHORITY_INFORMATION: "authorityInfoAccess",
    LOGOTYPE: "logotype",
    SCT_LIST: "signedCertificateTimestampList",
    PRECERTIFICATE_POISON: "precertificatePoison",
    PILOT: "pilotIdentifier",
    "2.5.29.18": "issuerAltName",
    "2.5.29.33": "policyMappings",
    "2.5.29.36": "policyConstraints",
    "2.5.29.46": "freshestCRL",
    "2.5.29.54": "inhibitAnyPolicy",
    "1.3.6.1.5.5.7.1.3": "qcStatements",
    "1.3.6.1.5.5.7.1.24": "tlsFeature",
}
"""Names by which people know extensions."""

BIMI_PURPOSE = "1.3.6.1.5.5.7.3.31"
"""id-kp-BrandIndicatorforMessageIdentification (RFC 9909; MCR 7.1.2.3)."""
SERVER_PURPOSE = "1.3.6.1.5.5.7.3.1"
PURPOSES = {
    BIMI_PURPOSE: "BrandIndicatorforMessageIdentification",
    SERVER_PURPOSE: "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}

GENERAL_POLICY = "1.3.6.1.4.1.53087.1.1"
"""The policy identifier that every Mark Certificate carries (MCR 7.1.2.3)."""
ANY_POLICY = "2.5.29.32.0"
CPS_QUALIFIER = "1.3.6.1.5.5.7.2.1"
CA_ISSUERS = "1.3.6.1.5.5.7.48.2"

KNOWN_CRITICAL = frozenset(
    {
        BASIC_CONSTRAINTS,
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        CERTIFICATE_POLICIES,
        CRL_DISTRIBUTION_POINTS,
        SUBJECT_ALT_NAME,
        NAME_CONSTRAINTS,
        AUTHORITY_INFORMATION,
        LOGOTYPE,
        SCT_LIST,
        PRECERTIFICATE_POISON,
        PILOT,
    }
)
"""Extensions that are read here, and may thus be critical; whether they should be is for the rows below."""


def extension_name(oid: str) -> str:
    """What an extension is called; its OID where it has no name here."""
    return EXTENSIONS.get(oid, oid)


def purpose_name(oid: str) -> str:
    """What a key purpose is called; its OID where it has no name here."""
    return PURPOSES.get(oid, oid)
