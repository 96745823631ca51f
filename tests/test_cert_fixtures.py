"""Every file of fixtures/certs gives exactly the findings that stand beside it, and OpenSSL agrees about paths."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import ROOT

from bimikit import CtLog, Report, TrustStore, check_certificate
from bimikit.cert.rules import CERT_RULES

FIXTURES = ROOT / "fixtures" / "certs"
FILES = sorted(path for path in FIXTURES.rglob("*.pem") if path.parent != FIXTURES)
LOG = CtLog((FIXTURES / "log.der").read_bytes(), "Test log")
WITHOUT_FIXTURE = {
    # a file of its own, beside the certificate
    "cert.revoked", "cert.ca-revoked", "cert.revoked-later", "cert.revocation-unknown", "cert.crl-unreadable",
    "cert.crl-unrelated", "cert.crl-signer", "cert.crl-signature", "cert.crl-from-the-future", "cert.crl-stale",
    "cert.crl-scope", "cert.crl-lifetime", "match.logo-differs", "match.logo-markup", "match.logo-unreadable",
    # an argument of the call
    "bimikit.domain-invalid", "cert.domain-organizational",
    # a store with a date
    "cert.root-unknown", "cert.sct-log-undecided", "receiver.apple.root-distrusted",
    # told of every file here
    "cert.revocation-not-checked",
    # made in test_certificate.py, because no file can have them in a small or lasting form
    "cert.file-too-large", "cert.too-many-blocks", "cert.pkcs7", "cert.pkcs12", "cert.tls-certificate", "cert.not-a-mark",
    "cert.unrelated", "cert.root-expired", "cert.root-not-yet-valid", "cert.openssl-disagrees",
    "cert.subject-unreadable", "cert.subject-text", "cert.mark-type-repeated", "cert.statute-state-missing",
    "cert.subject-url",
}  # fmt: skip
"""Rules whose cases are in tests/test_certificate.py."""


class Expected:
    """What stands beside a fixture."""

    def __init__(self, path: Path) -> None:
        lines = path.with_suffix(".expect").read_text(encoding="utf-8").splitlines()
        notes = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# "))
        self.at = datetime.fromisoformat(notes["at"]).replace(tzinfo=UTC)
        self.root = path.parent / notes["root"] if "root" in notes else FIXTURES / "root.pem"
        self.rules = {line for line in lines if line and not line.startswith("#")}


def judge(path: Path) -> tuple[Report, Expected]:
    expected = Expected(path)
    trust = TrustStore([expected.root.read_bytes()], [LOG])
    return check_certificate(path.read_bytes(), domain="example.com", trust=trust, at=expected.at), expected


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_certificate_gives_exactly_the_findings_beside_it(path: Path) -> None:
    report, expected = judge(path)
    assert {finding.rule for finding in report.findings} - {"cert.revocation-not-checked"} == expected.rules
    assert not any(finding.rule == "bimikit.rule-crashed" for finding in report.findings)


def test_every_rule_has_a_failing_fixture() -> None:
    failing = {rule for path in FILES if path.stem.startswith("fail-") for rule in Expected(path).rules}
    assert {rule.id for rule in CERT_RULES} - failing == WITHOUT_FIXTURE


def test_the_fixtures_are_what_their_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "fixtures.make_certs", tmp_path], check=True, cwd=ROOT)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(FIXTURES): path.read_bytes() for path in FIXTURES.rglob("*") if path.is_file()}
    assert made.keys() <= kept.keys()
    # RSA keys are new each time, and gzip streams may differ between zlib builds
    different = {str(name) for name, data in made.items() if kept[name] != data and "rsa" not in name.name}
    assert not {name for name in different if "bomb" not in name}


PATH_RULES = {
    "cert.issuer-missing", "cert.root-untrusted", "cert.root-impostor", "cert.signature-invalid", "cert.expired",
    "cert.not-yet-valid", "cert.ca-expired", "cert.ca-not-yet-valid", "cert.ca-not-a-ca", "cert.path-length",
    "cert.ca-key-usage", "cert.validity-reversed", "cert.key-identifier", "cert.signature-algorithm-mismatch",
}  # fmt: skip
LAST_SECOND = {"pass-ends-this-second"}
"""RFC 5280, 4.1.2.5 counts the last second in; some releases of OpenSSL don't."""


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_openssl_agrees_about_the_path(path: Path, tmp_path: Path) -> None:
    """`openssl verify`, the command, judges the same file in its own way."""
    text = path.read_bytes()
    blocks = text.replace(b"\r\n", b"\n").split(b"-----BEGIN CERTIFICATE-----")[1:]
    certificates = [
        b"-----BEGIN CERTIFICATE-----" + block.partition(b"-----END CERTIFICATE-----")[0] for block in blocks
    ]
    expected = Expected(path)
    ours = expected.rules & PATH_RULES
    if (
        path.stem in LAST_SECOND
        or not certificates
        or expected.rules & {"cert.order", "cert.leaf-missing", "cert.pem-damaged", "cert.undecodable"}
    ):
        pytest.skip("not a file that the command reads in this order")
    (tmp_path / "chain.pem").write_bytes(b"".join(one + b"-----END CERTIFICATE-----\n" for one in certificates))
    moment = str(int(expected.at.timestamp()))
    command = [
        "openssl", "verify", "-ignore_critical", "-attime", moment, "-CAfile", str(expected.root),
        "-untrusted", str(tmp_path / "chain.pem"), str(tmp_path / "chain.pem"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    refused = done.returncode != 0
    if ours:
        assert refused, (path.name, done.stdout, done.stderr)
    elif refused:
        # OpenSSL may refuse what isn't about the path for us; then it must not pass with us either
        assert not judge(path)[0].ok, (path.name, done.stderr)
