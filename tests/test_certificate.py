"""`check_certificate`: its contract, what no fixture file can show, and what strangers may send."""

from __future__ import annotations

import gzip
import pickle
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12
from cryptography.x509 import load_der_x509_certificate
from support import AT, ROOT

import bimikit
from bimikit import CtLog, Outcome, Report, Severity, TrustStore, check_certificate
from bimikit.cert import oids
from bimikit.cert.asn1 import read_certificate
from bimikit.cert.bundle import MAX_BYTES
from bimikit.testing import DEFECTS, KEY_KINDS, LOGO, VARIANTS, MarkCA, der
from bimikit.testing.authority import key_identifier
from bimikit.testing.keys import make_key, spki
from bimikit.testing.plan import Plan, to_pem
from tools.hostile_certs import HOSTILE, made

CA = MarkCA(at=AT)
GOOD = CA.issue()


def judge(data: bytes, **options: Any) -> Report:
    return check_certificate(data, **{"domain": "example.com", "trust": CA.trust, "at": AT, **options})


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings} - {"cert.revocation-not-checked"}


# the contract


def test_a_good_certificate_is_conformant_and_tells_what_it_is() -> None:
    report = judge(GOOD.pem)
    assert (report.ok, report.complete, report.finished, rules(report)) == (True, True, True, set())
    assert report.kind == "certificate"
    assert report.indicator == LOGO
    facts = report.facts
    assert (facts["kind_of_mark"], facts["mark_type"], facts["names"]) == ("VMC", "Registered Mark", ["example.com"])
    assert [link["sha256"] for link in facts["chain"]] == [
        load_der_x509_certificate(certificate).fingerprint(_sha256()).hex()
        for certificate in (GOOD.leaf, GOOD.issuing, GOOD.root)
    ]
    assert (facts["days_left"], facts["expiry"]) == (366, "ok")
    assert facts["logotype"]["size"] == len(LOGO)
    assert facts["timestamps"] == [
        {"log": "Test log", "log_id": CA.trust.ct_logs[0].log_id.hex(), "time": "2026-10-25T09:00:00Z"}
    ]
    assert facts["trust"]["name"] == "test"
    assert facts["crls"] == ["http://crl.test-mva.example/issuing.crl", "http://crl.test-mva.example/root.crl"]
    assert facts["covers"] == {"domain": "example.com", "selector": "default", "how": "exact"}


def _sha256() -> Any:
    from cryptography.hazmat.primitives.hashes import SHA256

    return SHA256()


def test_a_report_on_a_certificate_survives_json_and_pickle_and_is_the_same_each_time() -> None:
    report = judge(CA.issue(defect="no-sct").pem)
    assert Report.from_json(report.to_json()) == report
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301
    assert judge(CA.issue(defect="no-sct").pem).to_json() == report.to_json()
    assert b"<svg" not in report.to_json().encode()


def test_results_tell_pass_fail_and_what_was_not_yet_in_force() -> None:
    results = judge(CA.issue(defect="no-eku").pem).results
    assert results["cert.eku-missing"] is Outcome.FAIL
    assert results["cert.sct-missing"] is Outcome.PASS
    assert results["cert.revocation-not-checked"] is Outcome.NOT_CHECKED
    assert results["svg.title-missing"] is Outcome.PASS
    old = MarkCA(at=datetime(2022, 6, 1, tzinfo=UTC))
    results = check_certificate(old.issue().pem, trust=old.trust, at=old.at).results
    assert results["cert.mark-type-missing"] is Outcome.NOT_EFFECTIVE


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"data": "text"}, TypeError),
        ({"domain": b"example.com"}, TypeError),
        ({"selector": None}, TypeError),
        ({"selector": ""}, ValueError),
        ({"at": datetime(2026, 1, 1)}, ValueError),
        ({"trust": []}, TypeError),
        ({"crls": ["text"]}, TypeError),
        ({"crls": b"one"}, TypeError),
        ({"expiry_days": 30}, TypeError),
        ({"logo": "text"}, TypeError),
        ({"limits": 3}, TypeError),
    ],
    ids=str,
)
def test_a_bad_call_raises(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        check_certificate(**{"data": GOOD.pem, **options})


def test_judging_a_certificate_loads_no_network_library() -> None:
    script = (
        "import sys, bimikit; bimikit.check_certificate(b'x'); "
        "print({'httpx', 'dns', 'flask', 'PIL', 'socket'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.strip() in ("set()", "{'socket'}")  # OpenSSL's wrapper imports the module, and opens none


# the test authority


@pytest.mark.parametrize(
    "mark_type", ["Registered Mark", "Government Mark", "Prior Use Mark", "Modified Registered Mark"]
)
@pytest.mark.parametrize("key", ["p256", "p384", "p521", "rsa2048"])
def test_the_authority_issues_every_mark_type_with_every_allowed_key(mark_type: str, key: str) -> None:
    assert key in KEY_KINDS
    report = judge(CA.issue(mark_type=mark_type, key=key).pem)
    assert (report.ok, rules(report), report.facts["mark_type"]) == (True, set(), mark_type)


def test_the_authority_makes_the_same_certificate_again_and_another_with_another_seed() -> None:
    assert MarkCA(at=AT).issue() == GOOD
    other = MarkCA(at=AT, seed="other")
    assert other.issue().leaf != GOOD.leaf
    assert rules(judge(other.issue().pem)) >= {"cert.signature-invalid"}


@pytest.mark.parametrize("call", [{"defect": "x"}, {"variant": "x"}, {"mark_type": "x"}, {"key": "x"}], ids=str)
def test_the_authority_says_what_it_cannot_make(call: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such"):
        CA.issue(**call)  # type: ignore[arg-type]


def test_defects_and_variants_are_told_apart_by_name() -> None:
    assert len(DEFECTS) > 130
    assert len(VARIANTS) > 20
    assert CA.issue(defect="expired").rule == "cert.expired"
    assert CA.issue(variant="lei").rule is None


# what a file turns out to be


def _chain_of(*certificates: bytes) -> list[Any]:
    return [load_der_x509_certificate(certificate) for certificate in certificates]


FILES: list[tuple[str, bytes, set[str]]] = [
    ("pkcs7", pkcs7.serialize_certificates(_chain_of(GOOD.leaf, GOOD.issuing), Encoding.DER), {"cert.pkcs7"}),
    ("pkcs7-pem", pkcs7.serialize_certificates(_chain_of(GOOD.leaf, GOOD.issuing), Encoding.PEM), {"cert.pkcs7"}),
    ("nothing", b"", {"cert.file-empty"}),
    ("text", b"please find attached", {"cert.not-a-certificate"}),
    ("utf-16", GOOD.pem.decode().encode("utf-16"), {"cert.not-a-certificate"}),
    ("base64 alone", b"\n".join(GOOD.pem.split(b"\n")[1:10]), {"cert.not-a-certificate"}),
    ("dashes", GOOD.pem.replace(b"-----", "—".encode()), {"cert.not-a-certificate"}),
    ("too-large", b" " * (MAX_BYTES + 1), {"cert.file-too-large"}),
    ("ca-tls", to_pem(GOOD.issuing), {"cert.leaf-missing"}),
    ("unrelated", GOOD.pem + to_pem(MarkCA(at=AT, seed="other").issue().issuing), {"cert.unrelated"}),
    ("many", GOOD.pem * 30, {"cert.duplicate", "cert.too-many-blocks"}),
    (
        "only-a-key",
        b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
        {"cert.private-key", "cert.not-a-certificate"},
    ),
    (
        "encrypted-key",
        GOOD.pem + b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END RSA PRIVATE KEY-----\n",
        {"cert.private-key"},
    ),
    ("crl-block", GOOD.pem + to_pem(CA.crl(), "X509 CRL"), {"cert.other-block"}),
]


@pytest.mark.parametrize(("name", "data", "wanted"), FILES, ids=[case[0] for case in FILES])
def test_a_file_is_named_for_what_it_is(name: str, data: bytes, wanted: set[str]) -> None:
    assert rules(judge(data)) == wanted


def test_a_pkcs12_file_is_named() -> None:
    key = make_key("p256", "p12")
    certificate = load_der_x509_certificate(CA.issue().leaf)
    data = pkcs12.serialize_key_and_certificates(b"x", None, certificate, None, _no_encryption())
    assert rules(judge(data)) == {"cert.pkcs12"}
    assert spki(key)


def _no_encryption() -> Any:
    from cryptography.hazmat.primitives.serialization import NoEncryption

    return NoEncryption()


def _as_tls(plan: Plan) -> None:
    plan.logotype = None
    plan.leaf.extensions[oids.EXTENDED_KEY_USAGE] = (False, der.sequence(der.oid(oids.SERVER_PURPOSE)))


def _as_any(plan: Plan) -> None:
    plan.logotype = None
    del plan.leaf.extensions[oids.EXTENDED_KEY_USAGE]


@pytest.mark.parametrize(("change", "rule"), [(_as_tls, "cert.tls-certificate"), (_as_any, "cert.not-a-mark")])
def test_another_kind_of_certificate_is_named(change: Callable[[Plan], None], rule: str) -> None:
    report = judge(made(change))
    assert rules(report) == {rule}
    assert not report.finished


@pytest.mark.parametrize(
    ("name", "kind"), [("utf-16", "UTF-16"), ("base64 alone", "BEGIN and END lines"), ("dashes", "hyphens")]
)
def test_what_a_text_editor_did_is_named(name: str, kind: str) -> None:
    (data,) = [data for case, data, _ in FILES if case == name]
    assert kind in judge(data).findings[0].message


def test_a_container_in_ber_is_read_without_a_warning() -> None:
    in_der = pkcs7.serialize_certificates(_chain_of(GOOD.leaf, GOOD.issuing), Encoding.DER)
    indefinite = b"\x30\x80" + in_der[4:] + b"\0\0"
    assert rules(judge(indefinite)) == {"cert.pkcs7"}


def test_a_private_key_is_never_echoed() -> None:
    shown = judge(CA.issue(defect="private-key").pem).to_json()
    assert "MIGHAgEA" not in shown
    assert "cert.private-key" in shown


# subjects


def _subject(oid: str, value: str, tag: int = der.UTF8) -> Callable[[Plan], None]:
    return lambda plan: plan.leaf.subject.append((oid, value, tag))


SUBJECTS: list[tuple[str, Callable[[Plan], object], set[str]]] = [
    ("two mark types", _subject("1.3.6.1.4.1.53087.1.13", "Registered Mark"), {"cert.mark-type-repeated"}),
    ("a damaged text", lambda plan: plan.leaf.subject.append(("2.5.4.11", "x", 0x02)), {"cert.subject-text"}),
    ("no subject", lambda plan: plan.leaf.subject.clear(), {"cert.subject-unreadable"}),
    ("state missing", _subject("1.3.6.1.4.1.53087.3.4", "Chiyoda"), {"cert.statute-state-missing", "cert.subject-prohibited"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "wanted"), SUBJECTS, ids=[case[0] for case in SUBJECTS])
def test_a_subject_is_judged(name: str, change: Callable[[Plan], object], wanted: set[str]) -> None:
    assert rules(judge(made(change))) >= wanted


def test_a_source_address_must_be_one() -> None:
    plan = CA._plan(mark_type="Prior Use Mark")
    plan.leaf.subject_value("1.3.6.1.4.1.53087.5.1", "see our site")
    certificates = plan.make()
    assert rules(judge(to_pem(certificates["leaf"]) + to_pem(certificates["issuing"]))) == {"cert.subject-url"}


# paths


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda plan: setattr(plan.root, "not_after", AT - timedelta(days=1)), "cert.root-expired"),
        (lambda plan: setattr(plan.root, "not_before", AT + timedelta(days=1)), "cert.root-not-yet-valid"),
    ],
)
def test_a_root_has_its_time_too(change: Callable[[Plan], object], rule: str) -> None:
    plan = CA._plan()
    change(plan)
    root = plan.root.make()
    assert rules(judge(GOOD.pem, trust=TrustStore([root], CA.trust.ct_logs))) == {rule}


def test_nothing_passes_that_openssl_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bimikit.cert.path.openssl_refuses", lambda chain, at: "a reason of its own")
    report = judge(GOOD.pem)
    assert rules(report) == {"cert.openssl-disagrees"}
    assert "a reason of its own" in report.findings[0].params["problem"]


def test_a_crash_of_openssl_or_a_check_is_told_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("bimikit.cert.path.openssl_refuses", crash)
    monkeypatch.setattr("bimikit.cert.profile.alternative_names", crash)
    report = judge(CA.issue(defect="no-eku").pem)
    assert rules(report) == {"bimikit.rule-crashed", "cert.eku-missing"}
    assert not report.complete


def test_a_certificate_signed_across_finds_the_way_to_the_trusted_root() -> None:
    """Two issuing CA certificates with one key: one leads nowhere, the other to the root."""
    plan = CA._plan()
    stray = CA._plan().issuing
    stray.signer = make_key("p384", "stray root")
    stray.issuer = [("2.5.4.3", "Stray root", der.UTF8)]
    stray.extensions[oids.AUTHORITY_KEY_IDENTIFIER] = (
        False,
        der.sequence(der.implicit(0, key_identifier(stray.signer))),
    )
    certificates = plan.make()
    data = to_pem(certificates["leaf"]) + to_pem(stray.make()) + to_pem(certificates["issuing"])
    assert rules(judge(data)) == {"cert.unrelated"}


# trust stores


def test_the_built_in_store_is_what_its_data_says() -> None:
    store = TrustStore.builtin()
    assert [root.name for root in store.roots if root.status == "current"] == [
        "DigiCert Verified Mark Root CA",
        "GlobalSign Verified Mark Root R42",
        "SSL.com VMC ECC Root CA 2024",
        "SSL.com VMC RSA Root CA 2024",
    ]
    (legacy,) = [root for root in store.roots if root.status == "legacy"]
    assert legacy.distrust == {"apple": date(2024, 11, 15)}
    assert store.roots[0].caa == ("digicert.com",)
    assert [log.name for log in store.ct_logs] == ["DigiCert Gorgon"]
    assert store.ct_logs[0].log_id.hex().startswith("555953ae3096")
    assert store.date is not None


def test_a_store_takes_pem_and_der_and_reads_back() -> None:
    root = GOOD.root
    log = spki(CA.log_key)
    store = TrustStore([root, to_pem(root)], [log, CtLog(log, "Test")])
    assert [one.der for one in store.roots] == [root, root]
    assert [one.key for one in store.ct_logs] == [log, log]
    extended = TrustStore.builtin().extended([root], [log])
    assert len(extended.roots) == 6
    assert judge(GOOD.pem, trust=extended).ok
    assert TrustStore.builtin().extended() is TrustStore.builtin()


@pytest.mark.parametrize(
    ("roots", "logs", "error"),
    [
        ([b"no certificate"], [], ValueError),
        ([b"\x30\x03\x02\x01\x01"], [], ValueError),
        (["text"], [], TypeError),
        ([], [b"no key"], ValueError),
        ([], ["text"], TypeError),
    ],
)
def test_a_store_refuses_what_is_no_root_or_log(roots: list[Any], logs: list[Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        TrustStore(roots, logs)


@pytest.mark.parametrize(("day", "rule"), [(-1, "cert.root-unknown"), (1, "cert.root-untrusted")])
def test_an_unknown_root_is_wrong_in_a_newer_store_and_undecided_in_an_older(day: int, rule: str) -> None:
    issued = read_certificate(GOOD.leaf).not_before
    store = TrustStore([], CA.trust.ct_logs, date=(issued + timedelta(days=day)).date())
    report = judge(GOOD.pem + to_pem(GOOD.root), trust=store)
    assert rules(report) == {rule}
    assert report.complete == (rule == "cert.root-untrusted")


@pytest.mark.parametrize(("day", "rule"), [(-1, "cert.sct-log-undecided"), (1, "cert.sct-log-unknown")])
def test_an_unknown_log_is_wrong_in_a_newer_store_and_undecided_in_an_older(day: int, rule: str) -> None:
    issued = read_certificate(GOOD.leaf).not_before
    store = TrustStore([GOOD.root], [], ct_log_date=(issued + timedelta(days=day)).date())
    assert rules(judge(GOOD.pem, trust=store)) == {rule}


def test_a_provider_that_distrusts_a_root_is_named() -> None:
    store = CA.trust
    root = bimikit.Root("Legacy", store.roots[0].certificate, "legacy", {"apple": date(2026, 1, 1)})
    report = judge(GOOD.pem, trust=TrustStore([root], store.ct_logs))
    assert rules(report) == {"receiver.apple.root-distrusted"}
    assert report.ok
    later = bimikit.Root("Legacy", store.roots[0].certificate, "legacy", {"apple": date(2027, 1, 1)})
    assert rules(judge(GOOD.pem, trust=TrustStore([later], store.ct_logs))) == set()


# names


@pytest.mark.parametrize(
    ("names", "domain", "selector", "wanted"),
    [
        (["example.com"], "example.com", "default", set()),
        (["example.com"], "EXAMPLE.com.", "default", set()),
        (["example.com"], "https://example.com/path", "default", set()),
        (["example.com"], "brand@example.com", "default", set()),
        (["xn--gdkza9cxb.jp"], "ブランド.jp", "default", set()),
        (["xn--gdkza9cxb.jp"], "ブランド。jp", "default", set()),
        (["example.com"], "mail.example.com", "default", {"cert.domain-organizational"}),
        (["example.co.jp"], "a.b.example.co.jp", "default", {"cert.domain-organizational"}),
        (["b.example.co.jp"], "a.b.example.co.jp", "default", {"cert.domain-mismatch"}),
        (["mail.example.com"], "example.com", "default", {"cert.domain-mismatch"}),
        (["news.example.com"], "mail.example.com", "default", {"cert.domain-mismatch"}),
        (["co.jp"], "example.co.jp", "default", {"cert.domain-mismatch"}),
        (["default._bimi.example.com"], "example.com", "default", {"cert.san-bimi-label"}),
        (["v2._bimi.example.com"], "example.com", "V2", {"cert.san-bimi-label"}),
        (["v2._bimi.example.com"], "example.com", "default", {"cert.san-bimi-label", "cert.domain-mismatch"}),
        (["example.com"], "default._bimi.example.com", "default", set()),
        (["example.com"], "exa mple.com", "default", {"bimikit.domain-invalid"}),
        (["example.com"], "", "default", {"bimikit.domain-invalid"}),
        (["example.com"], "com", "default", {"bimikit.domain-invalid"}),
        (["example.com"], "xn--\udc80.com", "default", {"bimikit.domain-invalid"}),
        (["example.com"], "a" * 300 + ".com", "default", {"bimikit.domain-invalid"}),
    ],
)  # fmt: skip
def test_names_cover_a_record_as_the_draft_says(names: list[str], domain: str, selector: str, wanted: set[str]) -> None:
    assert rules(judge(CA.issue(names=names).pem, domain=domain, selector=selector)) == wanted


# expiry


@pytest.mark.parametrize(
    ("left", "state", "within"),
    [
        (31, "ok", None),
        (30, "soon", 30),
        (14, "soon", 14),
        (8, "soon", 14),
        (7, "soon", 7),
        (0, "soon", 7),
        (-1, "expired", None),
    ],
)
def test_the_end_is_told_in_time(left: int, state: str, within: int | None) -> None:
    report = judge(made(lambda plan: setattr(plan.leaf, "not_after", AT + timedelta(days=left, hours=1))))
    assert report.facts["expiry"] == state
    told = [finding.params["within"] for finding in report.findings if finding.rule == "cert.expires-soon"]
    assert told == ([within] if within else [])


def test_how_early_is_for_the_caller_to_say() -> None:
    assert rules(judge(GOOD.pem, expiry_days=(400,))) == {"cert.expires-soon"}


# revocation


def _scope(content: bytes) -> bytes:
    return der.sequence(der.oid("2.5.29.28"), der.boolean(True), der.octets(der.sequence(content)))


_DELTA = der.sequence(der.oid("2.5.29.27"), der.boolean(True), der.octets(der.integer(3)))
_UNKNOWN_CRITICAL = der.sequence(der.oid("1.3.6.1.4.1.99999.8"), der.boolean(True), der.octets(der.tlv(0x05)))
_POINT = der.explicit(0, der.explicit(0, der.implicit(6, b"http://crl.test-mva.example/issuing.crl")))
_OTHER_POINT = der.explicit(0, der.explicit(0, der.implicit(6, b"http://crl.test-mva.example/other.crl")))
_ROOTS = CA.crl(of="root")
_UNDECIDED = {"cert.revocation-unknown"}

CRLS: list[tuple[str, list[bytes], set[str], str]] = [
    ("not on the lists", [CA.crl(), _ROOTS], set(), "good good"),
    ("in PEM", [to_pem(_ROOTS, "X509 CRL"), b"text\n" + to_pem(CA.crl(), "X509 CRL")], set(), "good good"),
    ("for its own point", [CA.crl(extensions=[_scope(_POINT)]), _ROOTS], set(), "good good"),
    ("leaf revoked", [CA.crl([GOOD.leaf]), _ROOTS], {"cert.revoked"}, "revoked good"),
    ("issuing CA revoked", [CA.crl(), CA.crl([GOOD.issuing], of="root")], {"cert.ca-revoked"}, "good revoked"),
    ("another one revoked", [CA.crl([CA.issue("example.org").leaf]), _ROOTS], set(), "good good"),
    ("revoked tomorrow", [CA.crl({GOOD.leaf: AT + timedelta(days=1)}), _ROOTS], {"cert.revoked-later"}, "good good"),
    ("one of two", [CA.crl()], _UNDECIDED, "good unknown"),
    ("the other of two", [_ROOTS], _UNDECIDED, "unknown good"),
    ("stale", [CA.crl([GOOD.leaf], age=9), _ROOTS], _UNDECIDED | {"cert.crl-stale"}, "unknown good"),
    ("not yet", [CA.crl(age=-1), _ROOTS], _UNDECIDED | {"cert.crl-from-the-future"}, "unknown good"),
    ("long", [CA.crl(days=11), _ROOTS], {"cert.crl-lifetime"}, "good good"),
    ("forged", [CA.crl([GOOD.leaf], key=make_key("p256", "x")), _ROOTS], _UNDECIDED | {"cert.crl-signature"}, "unknown good"),
    ("delta", [CA.crl(extensions=[_DELTA]), _ROOTS], _UNDECIDED | {"cert.crl-scope"}, "unknown good"),
    ("user certificates only", [CA.crl(extensions=[_scope(der.implicit(1, b"\xff"))]), _ROOTS], _UNDECIDED | {"cert.crl-scope"}, "unknown good"),
    ("another point", [CA.crl(extensions=[_scope(_OTHER_POINT)]), _ROOTS], _UNDECIDED | {"cert.crl-scope"}, "unknown good"),
    ("unknown critical", [CA.crl(extensions=[_UNKNOWN_CRITICAL]), _ROOTS], _UNDECIDED | {"cert.crl-scope"}, "unknown good"),
    ("another issuer's", [CA.crl(), _ROOTS, MarkCA(at=AT, name="Other").crl()], {"cert.crl-unrelated"}, "good good"),
    ("no CRL", [b"no crl", CA.crl(), _ROOTS], {"cert.crl-unreadable"}, "good good"),
    ("revoked and stale beside good", [CA.crl([GOOD.leaf], age=9), CA.crl(), _ROOTS], {"cert.crl-stale"}, "good good"),
    ("revoked and good", [CA.crl(), CA.crl([GOOD.leaf]), _ROOTS], {"cert.revoked"}, "revoked good"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "crls", "wanted", "states"), CRLS, ids=[case[0] for case in CRLS])
def test_revocation_is_read_from_the_lists_given(name: str, crls: list[bytes], wanted: set[str], states: str) -> None:
    report = judge(GOOD.pem, crls=crls)
    assert rules(report) == wanted
    assert list(report.facts["revocation"]["states"].values()) == states.split()
    assert report.complete == ("cert.revocation-unknown" not in wanted)


def test_without_lists_revocation_is_not_checked_and_counts_for_nothing() -> None:
    report = judge(GOOD.pem)
    (finding,) = report.findings
    assert (finding.rule, finding.outcome, finding.severity) == (
        "cert.revocation-not-checked",
        Outcome.NOT_CHECKED,
        Severity.NOTICE,
    )
    assert report.ok
    assert report.complete


def test_an_expired_certificate_that_is_on_no_list_is_not_known_to_be_good() -> None:
    report = judge(CA.issue(defect="expired").pem, crls=[CA.crl(), _ROOTS])
    assert report.facts["revocation"]["states"]["0"] == "unknown"


def test_a_signer_without_the_right_to_sign_lists_settles_nothing() -> None:
    report = judge(CA.issue(defect="ca-without-crl-sign").pem, crls=[CA.crl(), _ROOTS])
    assert rules(report) >= {"cert.crl-signer", "cert.revocation-unknown"}


# the logo on the web


def _text(svg: bytes) -> str:
    return svg.decode()


LOGOS: list[tuple[str, bytes, set[str]]] = [
    ("the same", LOGO, set()),
    ("the same, gzipped", gzip.compress(LOGO), set()),
    ("other line ends", LOGO.replace(b"\n", b"\r\n"), {"match.logo-markup"}),
    ("other quotation marks", LOGO.replace(b'fill="#fff"', b"fill='#fff'"), {"match.logo-markup"}),
    ("spaces in a tag", LOGO.replace(b' r="30"', b'  r="30" '), {"match.logo-markup"}),
    ("another colour", LOGO.replace(b"#fff", b"#ffe"), {"match.logo-differs"}),
    ("another title", LOGO.replace(b"Acme", b"Acne"), {"match.logo-differs"}),
    ("an element less", LOGO.replace(b'<circle cx="48" cy="48" r="30" fill="#fff"/>', b""), {"match.logo-differs"}),
    ("with a DOCTYPE", b"<!DOCTYPE svg>" + LOGO, {"match.logo-markup"}),
    ("with an instruction between", LOGO.replace(b"<rect", b"<?p x?><rect"), {"match.logo-differs"}),
    ("a PNG", b"\x89PNG\r\n\x1a\n", {"match.logo-unreadable"}),
    ("nothing", b"", {"match.logo-unreadable"}),
    ("broken", LOGO[:-20], {"match.logo-differs"}),
]


@pytest.mark.parametrize(("name", "logo", "wanted"), LOGOS, ids=[case[0] for case in LOGOS])
def test_the_logo_on_the_web_is_compared(name: str, logo: bytes, wanted: set[str]) -> None:
    assert rules(judge(GOOD.pem, logo=logo)) == wanted


@pytest.mark.parametrize(
    ("logo", "told"),
    [(LOGO, "identical"), (LOGO.replace(b"\n", b"\r\n"), "markup"), (LOGO[:-20], "differs"), (b"", "unreadable")],
)
def test_the_answer_about_the_logo_is_among_the_facts(logo: bytes, told: str) -> None:
    assert judge(GOOD.pem, logo=logo).facts["logo"] == told


def test_what_differs_is_told() -> None:
    report = judge(GOOD.pem, logo=LOGO.replace(b"#fff", b"#ffe"))
    assert report.findings[0].params["difference"] == 'svg/circle[1] @fill: "#fff" ≠ "#ffe"'


def test_faults_of_the_logo_inside_are_placed_in_the_extracted_file() -> None:
    report = judge(CA.issue(defect="logo-with-script").pem)
    (place,) = report.findings[0].locations
    assert (place.certificate, place.field, place.line, place.column) == (0, "logotype", 6, 1)
    assert place.element == "svg/script[1]"
    assert place.inside


def test_a_trusted_authority_may_certify_a_logo_of_one_colour() -> None:
    plain = LOGO.replace(b"#1a3d8f", b"#ffffff")
    (finding,) = [finding for finding in judge(CA.issue(logo=plain).pem).findings if finding.rule == "svg.one-colour"]
    assert finding.severity is Severity.WARNING


# what strangers may send


def _is_refused(data: bytes) -> bool:
    report = judge(data)
    assert "bimikit.rule-crashed" not in rules(report)
    return not report.ok or not report.complete


@pytest.mark.parametrize("part", ["leaf", "issuing"])
def test_a_flipped_bit_anywhere_is_never_a_pass(part: str) -> None:
    whole = getattr(GOOD, part)
    rest = to_pem(GOOD.issuing) if part == "leaf" else to_pem(GOOD.leaf)
    rng = random.Random(7)  # noqa: S311
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << rng.randrange(8)
        assert _is_refused(to_pem(bytes(flipped)) + rest), at


@pytest.mark.parametrize("part", ["leaf", "issuing"])
def test_a_truncation_anywhere_is_never_a_pass(part: str) -> None:
    whole = getattr(GOOD, part)
    rest = to_pem(GOOD.issuing) if part == "leaf" else to_pem(GOOD.leaf)
    for at in range(len(whole)):
        assert _is_refused(to_pem(whole[:at]) + rest), at


def test_a_file_cut_anywhere_is_never_a_pass() -> None:
    for at in range(0, len(GOOD.pem) - 2, 7):
        assert _is_refused(GOOD.pem[:at]), at


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_certificates_end_soon_and_small_with_a_finding(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    report = judge(HOSTILE[name])
    assert time.perf_counter() - started < 5  # a hang, not a speed: the figures are in benchmarks/
    assert report.findings
    assert "bimikit.rule-crashed" not in rules(report)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert len(report.to_json()) < 2_000_000


def test_the_package_has_its_roots() -> None:
    assert (ROOT / "bimikit" / "cert" / "data" / "roots.toml").is_file()


def test_one_moment_does_not_stick_to_the_next() -> None:
    later = CA.issue(age=-200).pem
    for _ in range(2):
        assert judge(GOOD.pem).ok
        assert judge(later, at=AT + timedelta(days=230)).ok
