"""Unusual Mark Certificates that are conformant all the same: what a strict checker might trip over, by name."""

from __future__ import annotations

from datetime import timedelta

from ..cert import oids
from . import changes as change
from . import der
from .authority import PROVIDER_POLICY, crl_points, dns_names, policies
from .defects import Defect
from .plan import to_pem

_LEI = "5493001KJTIIGC8Y1R12"


def _with_carriage_returns(made: dict[str, bytes]) -> bytes:
    return to_pem(made["leaf"], end="\r\n") + to_pem(made["issuing"], end="\r\n")


def _with_text(made: dict[str, bytes]) -> bytes:
    return b"Subject: Acme K.K.\n\n" + to_pem(made["leaf"]) + b"\n\nIssuer: Test\n" + to_pem(made["issuing"])


VARIANTS: dict[str, Defect] = {
    name: Defect(f"cert.{rule}", apply)
    for name, rule, apply in (
        ("carriage-returns", "pem-damaged", change.file(_with_carriage_returns)),
        ("text-between", "pem-damaged", change.file(_with_text)),
        ("no-final-newline", "pem-damaged", change.file(lambda made: (to_pem(made["leaf"]) + to_pem(made["issuing"])).rstrip())),
        ("root-included", "unrelated", lambda plan: setattr(plan, "in_file", ("leaf", "issuing", "root"))),
        ("398-days", "validity-too-long", change.field("leaf", "not_after", lambda plan: plan.leaf.not_before + timedelta(days=398, seconds=-1))),
        ("64-bit-serial", "serial-short", change.field("leaf", "serial", lambda plan: 1 << 63)),
        ("20-octet-serial", "serial-long", change.field("leaf", "serial", lambda plan: (1 << 159) - 1)),
        ("ends-this-second", "expired", change.field("leaf", "not_after", lambda plan: plan.at)),
        ("31-days-left", "expires-soon", change.field("leaf", "not_after", lambda plan: plan.at + timedelta(days=31))),
        ("digital-signature", "leaf-key-usage", change.extension("leaf", oids.KEY_USAGE, der.flags(0), critical=True)),
        ("no-constraints", "leaf-is-ca", change.without("leaf", oids.BASIC_CONSTRAINTS)),
        ("no-path-length", "path-length", change.extension("issuing", oids.BASIC_CONSTRAINTS, der.sequence(der.boolean(True)), critical=True)),
        ("any-policy-ca", "ca-policies-wrong", change.extension("issuing", oids.CERTIFICATE_POLICIES, policies((oids.ANY_POLICY, None)))),
        ("http-cps", "policy-cps-missing", change.extension("leaf", oids.CERTIFICATE_POLICIES, policies((PROVIDER_POLICY, "http://test-mva.example/cps"), (oids.GENERAL_POLICY, None)))),
        ("two-crls", "crl-not-http", change.extension("leaf", oids.CRL_DISTRIBUTION_POINTS, crl_points("http://a.example/1.crl", "http://b.example/1.crl"))),
        ("unknown-extension", "critical-extension", change.extension("leaf", "1.3.6.1.4.1.99999.7", der.tlv(0x05))),
        ("several-names", "domain-mismatch", change.extension("leaf", oids.SUBJECT_ALT_NAME, dns_names("example.org", "EXAMPLE.com", "xn--gdkza9cxb.jp"))),
        ("two-streets", "subject-missing", lambda plan: plan.leaf.subject.append(("2.5.4.9", "Building 2", der.UTF8))),
        ("common-name", "common-name", change.subject("2.5.4.3", "Acme K.K.")),
        ("lei", "lei-invalid", change.subject("1.3.6.1.4.1.53087.1.5", _LEI)),
        ("organization-identifier", "organization-identifier", change.subject("2.5.4.97", "NTRJP-010001012345")),
        ("european-mark", "country-code", change.subject("1.3.6.1.4.1.53087.1.3", "EM", der.PRINTABLE)),
        ("three-hashes", "logotype-hash-wrong", change.logotype("hashes", [("sha1", None), ("sha256", None), ("sha512", None)])),
        ("three-scts", "sct-extra", lambda plan: plan.timestamps and plan.timestamps.extend(plan.timestamps * 2)),
        ("sct-later-that-day", "sct-future", change.timestamp("time", lambda plan: plan.leaf.not_before + timedelta(hours=23))),
    )
}  # fmt: skip
"""Variants by name, each with the rule it comes near to."""
