"""What can be wrong with a Mark Certificate, each by name: a change to a plan, and the rule that it breaks."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from ..cert import oids
from ..cert.marks import PRIOR_USE, REGISTERED
from . import changes as change
from . import der
from .authority import (
    GOOD_POLICIES,
    PROVIDER_POLICY,
    crl_points,
    dns_names,
    issuer_urls,
    key_identifier,
    policies,
    purposes,
)
from .keys import make_key, private_pem
from .plan import Plan, TimestampPlan, gzipped, to_pem


class Defect(msgspec.Struct, frozen=True):
    """A defect.

    Attributes:
        rule: The id of the rule it breaks.
        apply: How it is made.
        mark_type: A mark type that can have it.
    """

    rule: str
    apply: change.Change
    mark_type: str = REGISTERED


def _flip(data: bytes) -> bytes:
    """The last byte but ten with a bit turned: still DER, no longer the same."""
    spoiled = bytearray(data)
    spoiled[-11] ^= 0x01
    return bytes(spoiled)


def _other(label: str) -> Callable[[Plan], object]:
    return lambda plan: make_key("p256", label)


def _same_names_other_keys(plan: Plan) -> None:
    """A whole authority of the same names with keys of its own, root in the file."""
    fake_root, fake_issuing = make_key("p384", "fake root"), make_key("p256", "fake issuing")
    plan.root.key = plan.root.signer = plan.issuing.signer = fake_root
    plan.issuing.key = plan.leaf.signer = fake_issuing
    _identify(plan)
    plan.in_file = ("leaf", "issuing", "root")


def _identify(plan: Plan) -> None:
    """Key identifiers that fit the keys."""
    for part, above in ((plan.root, None), (plan.issuing, plan.root), (plan.leaf, plan.issuing)):
        part.extensions[oids.SUBJECT_KEY_IDENTIFIER] = (False, der.octets(key_identifier(part.key)))
        if above is not None:
            identifier = der.sequence(der.implicit(0, key_identifier(above.key)))
            part.extensions[oids.AUTHORITY_KEY_IDENTIFIER] = (False, identifier)


def _unknown_root(plan: Plan) -> None:
    _same_names_other_keys(plan)
    name = [(oid, value.replace("Test", "Other"), tag) for oid, value, tag in plan.root.subject]
    plan.root.subject = plan.root.issuer = plan.issuing.issuer = name


def _issuing_key(kind: str) -> change.Change:
    def change(plan: Plan) -> None:
        plan.issuing.key = plan.leaf.signer = make_key(kind, "issuing")
        _identify(plan)

    return change


def _leaf_key(kind: str) -> change.Change:
    def change(plan: Plan) -> None:
        plan.leaf.key = make_key(kind, "leaf")
        _identify(plan)

    return change


_ANY_DAY = datetime(2026, 11, 24, tzinfo=UTC)


def _two_leaves(made: dict[str, bytes]) -> bytes:
    from .authority import MarkCA

    other = MarkCA(seed="other", at=_ANY_DAY).issue("example.org")  # by the clock it would be another file every day
    return to_pem(made["leaf"]) + to_pem(made["issuing"]) + to_pem(other.leaf)


def _changed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change of the signed bytes after signing, of the same length."""

    def change(tbs: bytes) -> bytes:
        assert len(old) == len(new)
        assert old in tbs
        return tbs.replace(old, new)

    return change


def _spoil_leaf(plan: Plan) -> None:
    name = plan.domain.encode()
    plan.leaf.spoil = _changed(name, bytes(reversed(name[:3])) + name[3:])


def _repeated_serial_number(plan: Plan) -> None:
    plan.leaf.more_extensions.append((oids.SUBJECT_ALT_NAME, False, dns_names("evil.example")))


def _reversed_validity(plan: Plan) -> None:
    plan.leaf.not_before, plan.leaf.not_after = plan.leaf.not_after, plan.leaf.not_before


def _forged_log(plan: Plan) -> None:
    assert plan.timestamps is not None
    plan.timestamps[0].log, plan.timestamps[0].named = make_key("p256", "forger"), plan.log


def _timestamp_of_another(plan: Plan) -> None:
    """A timestamp that was made for another certificate."""
    from .authority import MarkCA

    other = MarkCA(at=plan.at).issue("example.org")
    from ..cert.asn1 import read_certificate
    from ..cert.extensions import read_extensions

    scts = read_extensions(read_certificate(other.leaf)).scts
    assert scts is not None
    plan.timestamps = None
    plan.leaf.extensions[oids.SCT_LIST] = (False, der.octets(scts))


def _sct_list(content: bytes) -> change.Change:
    def change(plan: Plan) -> None:
        plan.timestamps = None
        plan.leaf.extensions[oids.SCT_LIST] = (False, content)

    return change


def _no_timestamps(plan: Plan) -> None:
    plan.timestamps = None


def _second_timestamp(plan: Plan) -> None:
    assert plan.timestamps is not None
    plan.timestamps.append(TimestampPlan(make_key("p256", "unknown log"), plan.timestamps[0].time))


def _no_logotype(plan: Plan) -> None:
    plan.logotype = None


def _bomb(plan: Plan) -> None:
    assert plan.logotype is not None
    plan.logotype.data = gzipped(b"<svg>" + b" " * 50_000_000)


def _gzip_of(rewrite: Callable[[bytes], bytes]) -> change.Change:
    def apply(plan: Plan) -> None:
        assert plan.logotype is not None
        plan.logotype.data = rewrite(gzipped(plan.logotype.svg))

    return apply


def _hash_of_gzip(plan: Plan) -> None:
    import hashlib

    assert plan.logotype is not None
    plan.logotype.hashes = [("sha256", hashlib.sha256(gzipped(plan.logotype.svg)).digest())]


def _indirect(_data: bytes) -> bytes:
    """A reference to a logotype elsewhere instead of the logotype."""
    digest = der.sequence(der.sequence(der.sequence(der.oid("2.16.840.1.101.3.4.2.1")), der.octets(b"\0" * 32)))
    uri = der.sequence(der.text("https://example.com/logo", der.IA5))
    return der.sequence(der.explicit(2, der.explicit(1, digest, uri)))


def _community(data: bytes) -> bytes:
    return der.sequence(der.explicit(0, der.sequence(der.explicit(0, data))))


def _community_too(data: bytes) -> bytes:
    return der.sequence(der.explicit(0, der.sequence(der.explicit(0, data))), der.explicit(2, der.explicit(0, data)))


_PILOT = der.text("Mark Certificate")
_DOUBLE = der.sequence(der.boolean(True), der.integer(0))

DEFECTS: dict[str, Defect] = {
    name: Defect(
        rule if rule.count(".") else f"cert.{rule}", apply, PRIOR_USE if name == "no-prior-use-url" else REGISTERED
    )
    for name, rule, apply in (
        # the file
        ("empty-file", "file-empty", change.file(lambda made: b"\n")),
        ("der", "der", change.file(lambda made: made["leaf"])),
        ("damaged-der", "der-unreadable", change.file(lambda made: made["leaf"][:-30])),
        ("svg-file", "not-a-certificate", change.file(lambda made: b"<svg xmlns='http://www.w3.org/2000/svg'/>")),
        ("private-key", "private-key", change.file(lambda made: to_pem(made["leaf"]) + to_pem(made["issuing"]) + private_pem(make_key("p256", "published")))),
        ("request", "request", change.file(lambda made: to_pem(made["leaf"], "CERTIFICATE REQUEST"))),
        ("parameters-beside", "other-block", change.file(lambda made: to_pem(b"\x06\x01\x2a", "EC PARAMETERS") + to_pem(made["leaf"]) + to_pem(made["issuing"]))),
        ("old-label", "pem-label", change.file(lambda made: to_pem(made["leaf"], "X509 CERTIFICATE") + to_pem(made["issuing"]))),
        ("damaged-base64", "pem-damaged", change.file(lambda made: to_pem(made["leaf"]) + to_pem(made["issuing"]).replace(b"\nMI", b"\nM*", 1))),
        ("no-end", "pem-damaged", change.file(lambda made: to_pem(made["leaf"]) + to_pem(made["issuing"])[:-40])),
        ("glued", "pem-boundary", change.file(lambda made: to_pem(made["leaf"]).rstrip() + to_pem(made["issuing"]))),
        ("spaces-for-newlines", "pem-boundary", change.file(lambda made: (to_pem(made["leaf"]) + to_pem(made["issuing"])).replace(b"\n", b" "))),
        ("one-line", "pem-long-lines", change.file(lambda made: to_pem(made["leaf"], columns=100_000) + to_pem(made["issuing"]))),
        ("undecodable", "undecodable", change.file(lambda made: to_pem(made["leaf"][:-3]) + to_pem(made["issuing"]))),
        ("duplicate", "duplicate", change.file(lambda made: to_pem(made["leaf"]) * 2 + to_pem(made["issuing"]))),
        ("order", "order", change.file(lambda made: to_pem(made["issuing"]) + to_pem(made["leaf"]))),
        ("two-mark-certificates", "two-mark-certificates", change.file(_two_leaves)),
        ("chain-alone", "leaf-missing", change.file(lambda made: to_pem(made["issuing"]) + to_pem(made["root"]))),
        ("leaf-alone", "issuer-missing", change.file(lambda made: to_pem(made["leaf"]))),
        # the path
        ("unknown-root", "root-untrusted", _unknown_root),
        ("fake-root", "root-impostor", _same_names_other_keys),
        ("forged-leaf-signature", "signature-invalid", change.field("leaf", "signature_spoil", lambda plan: _flip)),
        ("forged-ca-signature", "signature-invalid", change.field("issuing", "signature_spoil", lambda plan: _flip)),
        ("changed-name", "signature-invalid", _spoil_leaf),
        ("signed-by-another", "signature-invalid", change.field("leaf", "signer", _other("another"))),
        ("sha1-signature", "signature-algorithm", change.field("leaf", "digest", lambda plan: "sha1")),
        ("sha1-ca-signature", "signature-algorithm", change.field("issuing", "digest", lambda plan: "sha1")),
        ("other-inner-algorithm", "signature-algorithm-mismatch", change.field("leaf", "inner_digest", lambda plan: "sha512")),
        ("expired", "expired", change.field("leaf", "not_after", lambda plan: plan.at - timedelta(days=1))),
        ("not-yet-valid", "not-yet-valid", change.field("leaf", "not_before", lambda plan: plan.at + timedelta(days=1))),
        ("expires-soon", "expires-soon", change.field("leaf", "not_after", lambda plan: plan.at + timedelta(days=10))),
        ("ca-expired", "ca-expired", change.field("issuing", "not_after", lambda plan: plan.at - timedelta(days=1))),
        ("ca-not-yet-valid", "ca-not-yet-valid", change.field("issuing", "not_before", lambda plan: plan.at + timedelta(days=1))),
        ("reversed-validity", "validity-reversed", _reversed_validity),
        ("ca-without-constraints", "ca-not-a-ca", change.without("issuing", oids.BASIC_CONSTRAINTS)),
        ("ca-not-a-ca", "ca-not-a-ca", change.extension("issuing", oids.BASIC_CONSTRAINTS, der.sequence(), critical=True)),
        ("ca-key-usage", "ca-key-usage", change.extension("issuing", oids.KEY_USAGE, der.flags(0, 6), critical=True)),
        ("wrong-key-identifier", "key-identifier", change.extension("leaf", oids.AUTHORITY_KEY_IDENTIFIER, der.sequence(der.implicit(0, b"\1" * 20)))),
        # every certificate
        ("version-1", "version", change.field("leaf", "version", lambda plan: 2)),
        ("zero-serial", "serial-invalid", change.field("leaf", "serial", lambda plan: 0)),
        ("negative-serial", "serial-invalid", change.field("leaf", "serial", lambda plan: -5)),
        ("long-serial", "serial-long", change.field("leaf", "serial", lambda plan: 1 << 167)),
        ("short-serial", "serial-short", change.field("leaf", "serial", lambda plan: 77)),
        ("late-time-form", "time-form", change.field("leaf", "spoil_times", lambda plan: True)),
        ("policy-twice", "policy-duplicate", change.extension("leaf", oids.CERTIFICATE_POLICIES, policies((PROVIDER_POLICY, "https://test-mva.example/cps"), (oids.GENERAL_POLICY, None), (oids.GENERAL_POLICY, None)))),
        ("rsa1024-key", "key-weak", _leaf_key("rsa1024")),
        ("secp256k1-key", "key-weak", _leaf_key("secp256k1")),
        ("ed25519-key", "key-weak", _leaf_key("ed25519")),
        ("ca-rsa1024-key", "key-weak", _issuing_key("rsa1024")),
        ("name-constraints", "name-constraints", change.extension("issuing", oids.NAME_CONSTRAINTS, der.sequence(der.explicit(0, der.sequence(der.implicit(2, b"example.com")))), critical=True)),
        ("poison", "poison", change.extension("leaf", oids.PRECERTIFICATE_POISON, der.tlv(0x05), critical=True)),
        ("unknown-critical", "critical-extension", change.extension("leaf", "1.3.6.1.4.1.99999.7", der.tlv(0x05), critical=True)),
        ("ca-unknown-critical", "critical-extension", change.extension("issuing", "1.3.6.1.4.1.99999.7", der.tlv(0x05), critical=True)),
        ("duplicate-extension", "extension-duplicate", _repeated_serial_number),
        ("undecodable-extension", "extension-undecodable", change.extension("leaf", oids.CERTIFICATE_POLICIES, b"\x30\x05\x01")),
        # the issuing CA and the root
        ("ca-constraints-not-critical", "ca-constraints-critical", change.marked("issuing", oids.BASIC_CONSTRAINTS, critical=False)),
        ("ca-without-key-usage", "ca-key-usage-missing", change.without("issuing", oids.KEY_USAGE)),
        ("ca-key-usage-not-critical", "ca-key-usage-critical", change.marked("issuing", oids.KEY_USAGE, critical=False)),
        ("ca-without-crl-sign", "ca-crl-sign", change.extension("issuing", oids.KEY_USAGE, der.flags(5), critical=True)),
        ("ca-without-eku", "ca-eku-missing", change.without("issuing", oids.EXTENDED_KEY_USAGE)),
        ("ca-other-eku", "ca-eku-other", change.extension("issuing", oids.EXTENDED_KEY_USAGE, purposes(oids.BIMI_PURPOSE, oids.SERVER_PURPOSE))),
        ("ca-without-policies", "ca-policies-missing", change.without("issuing", oids.CERTIFICATE_POLICIES)),
        ("ca-wrong-policies", "ca-policies-wrong", change.extension("issuing", oids.CERTIFICATE_POLICIES, policies((PROVIDER_POLICY, "https://test-mva.example/cps")))),
        ("ca-without-crl", "crl-missing", change.without("issuing", oids.CRL_DISTRIBUTION_POINTS)),
        ("root-path-length", "root-path-length", change.extension("root", oids.BASIC_CONSTRAINTS, der.sequence(der.boolean(True), der.integer(3)), critical=True)),
        ("path-length", "path-length", change.extension("root", oids.BASIC_CONSTRAINTS, _DOUBLE, critical=True)),
        ("root-policies", "root-policies", change.extension("root", oids.CERTIFICATE_POLICIES, GOOD_POLICIES)),
        ("root-eku", "root-eku", change.extension("root", oids.EXTENDED_KEY_USAGE, purposes(oids.BIMI_PURPOSE))),
        # extensions of the Mark Certificate
        ("399-days", "validity-too-long", change.field("leaf", "not_after", lambda plan: plan.leaf.not_before + timedelta(days=398))),
        ("no-eku", "eku-missing", change.without("leaf", oids.EXTENDED_KEY_USAGE)),
        ("other-eku", "eku-other", change.extension("leaf", oids.EXTENDED_KEY_USAGE, purposes(oids.BIMI_PURPOSE, "1.3.6.1.5.5.7.3.2"))),
        ("critical-eku", "eku-critical", change.marked("leaf", oids.EXTENDED_KEY_USAGE, critical=True)),
        ("leaf-is-ca", "leaf-is-ca", change.extension("leaf", oids.BASIC_CONSTRAINTS, _DOUBLE, critical=True)),
        ("leaf-path-length", "leaf-path-length", change.extension("leaf", oids.BASIC_CONSTRAINTS, der.sequence(der.integer(0)), critical=True)),
        ("leaf-key-usage", "leaf-key-usage", change.extension("leaf", oids.KEY_USAGE, der.flags(0, 5), critical=True)),
        ("no-policies", "policies-missing", change.without("leaf", oids.CERTIFICATE_POLICIES)),
        ("no-general-policy", "policy-general-missing", change.extension("leaf", oids.CERTIFICATE_POLICIES, policies((PROVIDER_POLICY, "https://test-mva.example/cps")))),
        ("no-cps", "policy-cps-missing", change.extension("leaf", oids.CERTIFICATE_POLICIES, policies((PROVIDER_POLICY, None), (oids.GENERAL_POLICY, None)))),
        ("policies-turned-round", "policies-order", change.extension("leaf", oids.CERTIFICATE_POLICIES, policies((oids.GENERAL_POLICY, None), (PROVIDER_POLICY, "https://test-mva.example/cps")))),
        ("no-crl", "crl-missing", change.without("leaf", oids.CRL_DISTRIBUTION_POINTS)),
        ("critical-crl", "crl-critical", change.marked("leaf", oids.CRL_DISTRIBUTION_POINTS, critical=True)),
        ("ldap-crl", "crl-not-http", change.extension("leaf", oids.CRL_DISTRIBUTION_POINTS, crl_points("ldap://crl.test-mva.example/cn=crl"))),
        ("no-aia", "aia-missing", change.without("leaf", oids.AUTHORITY_INFORMATION)),
        ("critical-aia", "aia-critical", change.marked("leaf", oids.AUTHORITY_INFORMATION, critical=True)),
        ("https-aia", "aia-not-http", change.extension("leaf", oids.AUTHORITY_INFORMATION, issuer_urls("https://test-mva.example/issuing.cer"))),
        ("no-san", "san-missing", change.without("leaf", oids.SUBJECT_ALT_NAME)),
        ("email-san", "san-not-dns", change.extension("leaf", oids.SUBJECT_ALT_NAME, der.sequence(der.implicit(2, b"example.com"), der.implicit(1, b"postmaster@example.com")))),
        ("wildcard-san", "san-wildcard", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.com", "*.example.com"))),
        ("internal-san", "san-internal", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.com", "mail.local"))),
        ("malformed-san", "san-malformed", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.com", "exa mple.com"))),
        ("underscore-san", "san-underscore", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.com", "mail_1.example.com"))),
        ("bimi-san", "san-bimi-label", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("default._bimi.example.com"))),
        ("pilot", "pilot-forbidden", change.extension("leaf", oids.PILOT, _PILOT, critical=True)),
        ("pilot-not-critical", "pilot-wrong", change.extension("leaf", oids.PILOT, _PILOT)),
        ("other-domain", "domain-mismatch", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.org"))),
        ("sibling-domain", "domain-mismatch", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("news.example.com"))),
        # the subject
        ("no-mark-type", "mark-type-missing", change.subject("1.3.6.1.4.1.53087.1.13", None)),
        ("unknown-mark-type", "mark-type-unknown", change.subject("1.3.6.1.4.1.53087.1.13", "Provisional Mark")),
        ("no-organization", "subject-missing", change.subject("2.5.4.10", None)),
        ("no-country", "subject-missing", change.subject("2.5.4.6", None)),
        ("no-business-category", "subject-missing", change.subject("2.5.4.15", None)),
        ("no-serial-number", "subject-missing", change.subject("2.5.4.5", None)),
        ("no-jurisdiction", "subject-missing", change.subject("1.3.6.1.4.1.311.60.2.1.3", None)),
        ("no-trademark-identifier", "subject-missing", change.subject("1.3.6.1.4.1.53087.1.4", None)),
        ("no-street-address", "street-address-missing", change.subject("2.5.4.9", None)),
        ("no-prior-use-url", "prior-use-url-missing", change.subject("1.3.6.1.4.1.53087.5.1", None)),
        ("no-place", "subject-place-missing", lambda plan: (plan.leaf.subject_value("2.5.4.7", None), plan.leaf.subject_value("2.5.4.8", None))[0]),
        ("statute-on-trademark", "subject-prohibited", change.subject("1.3.6.1.4.1.53087.3.5", "Act No. 1")),
        ("prior-use-on-trademark", "subject-prohibited", change.subject("1.3.6.1.4.1.53087.5.1", "https://example.com/")),
        ("placeholder", "subject-placeholder", change.subject("2.5.4.7", "-")),
        ("bad-business-category", "business-category", change.subject("2.5.4.15", "Company")),
        ("bad-country", "country-code", change.subject("2.5.4.6", "UK", der.PRINTABLE)),
        ("lower-case-country", "country-code", change.subject("2.5.4.6", "jp", der.PRINTABLE)),
        ("bad-lei", "lei-invalid", change.subject("1.3.6.1.4.1.53087.1.5", "5493001KJTIIGC8Y1R13")),
        ("bad-organization-identifier", "organization-identifier", change.subject("2.5.4.97", "12345")),
        ("other-common-name", "common-name", change.subject("2.5.4.3", "example.com")),
        # the logotype
        ("no-logotype", "logotype-missing", _no_logotype),
        ("critical-logotype", "logotype-critical", change.marked("leaf", oids.LOGOTYPE, critical=True)),
        ("undecodable-logotype", "logotype-undecodable", change.logotype("spoil", lambda data: data[:-5])),
        ("community-logo", "logotype-no-subject-logo", change.logotype("wrap", _community)),
        ("community-logo-beside", "logotype-other-logos", change.logotype("wrap", _community_too)),
        ("indirect-logotype", "logotype-indirect", change.logotype("wrap", _indirect)),
        ("no-image", "logotype-no-image", change.logotype("images", 0)),
        ("two-images", "logotype-several-images", change.logotype("images", 2)),
        ("png-type", "logotype-media-type", change.logotype("media_type", "image/png")),
        ("gzip-type", "logotype-media-type-gzip", change.logotype("media_type", "image/svg+xml+gzip")),
        ("web-address", "logotype-not-embedded", change.logotype("uris", ["https://example.com/logo.svg"])),
        ("two-addresses", "logotype-uris", lambda plan: setattr(plan.logotype, "uris", 2 * [_data_uri(plan)])),
        ("png-uri", "logotype-uri-type", change.logotype("uri_type", "image/png")),
        ("bad-base64", "logotype-not-base64", change.logotype("uris", ["data:image/svg+xml;base64,H4sI*AAA"])),
        ("not-gzipped", "logotype-not-gzipped", lambda plan: setattr(plan.logotype, "data", plan.logotype.svg if plan.logotype else b"")),
        ("truncated-gzip", "logotype-gzip-damaged", _gzip_of(lambda data: data[:-12])),
        ("trailing-data", "logotype-trailing-data", _gzip_of(lambda data: data + b"more")),
        ("bomb", "logotype-too-large", _bomb),
        ("no-hash", "logotype-no-hash", change.logotype("hashes", [])),
        ("wrong-hash", "logotype-hash-wrong", change.logotype("hashes", [("sha256", b"\0" * 32)])),
        ("one-wrong-hash", "logotype-hash-wrong", change.logotype("hashes", [("sha1", None), ("sha256", None), ("sha512", b"\0" * 64)])),
        ("hash-of-gzip", "logotype-hash-of-gzip", _hash_of_gzip),
        ("unknown-hash", "logotype-hash-unknown", change.logotype("hashes", [("sha256", None), ("1.3.6.1.4.1.99999.9", b"\0" * 20)])),
        ("only-unknown-hash", "logotype-hash-unverifiable", change.logotype("hashes", [("1.3.6.1.4.1.99999.9", b"\0" * 20)])),
        ("sha1-hash", "logotype-hash-weak", change.logotype("hashes", [("sha1", None)])),
        ("logo-with-script", "svg.script-element", change.logo((b"</svg>", b"<script/></svg>"))),
        ("logo-without-title", "svg.title-missing", change.logo((b"<title>Acme</title>", b""))),
        ("malformed-logo", "svg.not-well-formed", change.logo((b"</svg>", b""))),
        # Certificate Transparency
        ("no-sct", "sct-missing", _no_timestamps),
        ("critical-sct", "sct-critical", change.marked("leaf", oids.SCT_LIST, critical=True)),
        ("damaged-sct-list", "sct-list-invalid", _sct_list(der.octets(b"\0\5\0\1"))),
        ("empty-sct-list", "sct-list-empty", _sct_list(der.octets(b"\0\0"))),
        ("sct-version-2", "sct-version", change.timestamp("version", lambda plan: 1)),
        ("unknown-log", "sct-log-unknown", change.timestamp("log", _other("unknown log"))),
        ("forged-sct", "sct-invalid", _forged_log),
        ("sct-of-another", "sct-invalid", _timestamp_of_another),
        ("wrong-issuer-key-hash", "sct-invalid", change.timestamp("issuer_key_hash", lambda plan: b"\0" * 32)),
        ("future-sct", "sct-future", change.timestamp("time", lambda plan: plan.at + timedelta(days=2))),
        ("unknown-log-beside", "sct-extra", _second_timestamp),
    )
}  # fmt: skip
"""Defects by name, in the order of the rules."""


def _data_uri(plan: Plan) -> str:
    assert plan.logotype is not None
    return "data:image/svg+xml;base64," + base64.b64encode(gzipped(plan.logotype.svg)).decode()
