"""Properties of the readers behind `check_certificate`, and comparisons with independent implementations."""

from __future__ import annotations

import gzip
import string
import warnings
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from support import AT, ROOT

from bimikit import check_certificate
from bimikit.cert import oids
from bimikit.cert.asn1 import Undecodable, read_certificate, read_name
from bimikit.cert.bundle import read_bundle
from bimikit.cert.ct import precertificate_tbs, read_timestamps
from bimikit.cert.extensions import DNS_NAME, read_extensions
from bimikit.cert.marks import lei_is_valid
from bimikit.cert.path import build, openssl_refuses
from bimikit.cert.pem import blocks, showable
from bimikit.cert.signatures import read_key
from bimikit.cert.subject import Folded
from bimikit.domains import BadDomain, normal_domain
from bimikit.inflate import inflate
from bimikit.testing import MarkCA
from bimikit.testing.plan import to_pem

CA = MarkCA(at=AT)
GOOD = CA.issue()
FIXTURES = ROOT / "fixtures" / "certs"


def _certificates() -> list[bytes]:
    """DER of every certificate of the fixtures that can be decoded, each once."""
    found: dict[bytes, None] = {}
    for path in sorted(FIXTURES.rglob("*.pem")):
        for entry in read_bundle(path.read_bytes()).entries:
            found.setdefault(entry.certificate.der)
    return list(found)


CERTIFICATES = _certificates()


def _loaded(der: bytes) -> x509.Certificate | None:
    """As `cryptography` loads it; None where it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            certificate = x509.load_der_x509_certificate(der)
            list(certificate.extensions)
        except (ValueError, x509.DuplicateExtension, x509.InvalidVersion):
            return None
    return certificate


def test_certificates_are_read_as_cryptography_reads_them() -> None:
    compared = 0
    for der in CERTIFICATES:
        theirs = _loaded(der)
        if theirs is None:
            continue
        ours = read_certificate(der)
        compared += 1
        assert ours.tbs == theirs.tbs_certificate_bytes
        assert ours.signature == theirs.signature
        assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ours.serial == theirs.serial_number
        assert [(one.oid, one.critical) for one in ours.extensions] == [
            (one.oid.dotted_string, one.critical) for one in theirs.extensions
        ]
        assert [(one.oid, one.value) for one in read_name(ours.subject)] == [
            (one.oid.dotted_string, one.value) for one in theirs.subject
        ]
    assert compared > 100


def test_extensions_say_what_cryptography_says() -> None:
    for der in CERTIFICATES:
        theirs = _loaded(der)
        if theirs is None:
            continue
        ours = read_extensions(read_certificate(der))
        for extension in theirs.extensions:
            value = extension.value
            if isinstance(value, x509.SubjectAlternativeName):
                names = [name.text for name in ours.names or () if name.tag == DNS_NAME]
                assert names == value.get_values_for_type(x509.DNSName)
            elif isinstance(value, x509.ExtendedKeyUsage):
                assert ours.purposes == tuple(one.dotted_string for one in value)
            elif isinstance(value, x509.BasicConstraints):
                assert (bool(ours.ca), ours.path_length) == (value.ca, value.path_length)
            elif isinstance(value, x509.KeyUsage):
                assert (5 in (ours.key_usage or ()), 6 in (ours.key_usage or ())) == (
                    value.key_cert_sign,
                    value.crl_sign,
                )
            elif isinstance(value, x509.CRLDistributionPoints):
                theirs_named = [str(name.value) for point in value for name in point.full_name or ()]
                assert [name.text for name in ours.crl_names or ()] == theirs_named


def test_the_precertificate_is_rebuilt_as_cryptography_rebuilds_it() -> None:
    compared = 0
    for der in CERTIFICATES:
        theirs = _loaded(der)
        ours = read_certificate(der)
        if theirs is None or ours.extension(oids.SCT_LIST) is None:
            continue
        compared += 1
        assert precertificate_tbs(ours) == theirs.tbs_precertificate_bytes
    assert compared > 100


def test_openssl_is_asked_at_the_moment_and_about_this_chain() -> None:
    bundle = read_bundle(GOOD.pem)
    chain = build(bundle.entries[0], bundle.entries[1:], CA.trust, AT)
    assert openssl_refuses(chain, AT) == ""
    assert "expired" in openssl_refuses(chain, AT.replace(year=AT.year + 2))
    assert "not yet valid" in openssl_refuses(chain, AT.replace(year=AT.year - 1))


@given(data=st.binary(max_size=400))
def test_any_bytes_give_a_report(data: bytes) -> None:
    for file in (data, to_pem(data), GOOD.pem + data, b"\x30\x82" + data):
        report = check_certificate(file, domain="example.com", trust=CA.trust, at=AT, crls=[data], logo=data)
        assert "bimikit.rule-crashed" not in {finding.rule for finding in report.findings}
        assert report.to_json()


@given(at=st.integers(0, len(GOOD.leaf) - 1), piece=st.binary(max_size=6), cut=st.integers(0, 6))
def test_a_piece_of_a_certificate_replaced_is_never_a_pass(at: int, piece: bytes, cut: int) -> None:
    changed = GOOD.leaf[:at] + piece + GOOD.leaf[at + cut :]
    report = check_certificate(to_pem(changed) + to_pem(GOOD.issuing), trust=CA.trust, at=AT)
    assert changed == GOOD.leaf or not (report.ok and report.complete)


@given(
    der=st.binary(min_size=1, max_size=300),
    columns=st.integers(1, 76),
    end=st.sampled_from(["\n", "\r\n", "\n\n", " \n"]),
    around=st.sampled_from([b"", b"text\n", b"\n\n", b"Bag Attributes: x\n"]),
)
def test_pem_is_read_back_whatever_its_lines_are(der: bytes, columns: int, end: str, around: bytes) -> None:
    (block,) = blocks(around + to_pem(der, columns=columns, end=end) + around)
    assert block.der == der
    assert block.own_lines
    assert not block.long_lines


@given(key=st.text(alphabet=string.ascii_letters + string.digits + "+/=\n ", min_size=4, max_size=200))
def test_of_a_private_key_nothing_is_shown(key: str) -> None:
    text = showable(f"before\n-----BEGIN PRIVATE KEY-----\n{key}".encode())
    assert set(text.split("PRIVATE KEY-----")[1]) <= set("…\n ")
    assert text.count("\n") == 2 + key.count("\n")
    assert text.startswith("before\n")


@given(data=st.binary(max_size=200))
def test_any_list_of_timestamps_is_read_or_refused(data: bytes) -> None:
    try:
        found = read_timestamps(len(data).to_bytes(2, "big") + data)
    except Undecodable:
        return
    assert len(found) <= len(data)


@given(text=st.text(alphabet=string.digits + string.ascii_uppercase, min_size=18, max_size=18))
def test_check_digits_of_a_legal_entity_identifier(text: str) -> None:
    number = int("".join(str(int(character, 36)) for character in text + "00"))
    digits = f"{98 - number % 97:02d}"
    assert lei_is_valid(text + digits)
    wrong = f"{(int(digits) + 1) % 100:02d}"
    assert not lei_is_valid(text + wrong)


@given(st.text(max_size=80))
def test_a_domain_in_normal_form_stays_as_it_is(text: str) -> None:
    try:
        normal = normal_domain(text)
    except BadDomain:
        return
    assert normal_domain(normal) == normal
    assert normal.isascii()
    assert normal == normal.lower()


@given(pieces=st.lists(st.binary(max_size=200), min_size=1, max_size=4), trailing=st.binary(max_size=5))
def test_members_of_gzip_are_unpacked_as_the_standard_library_does(pieces: list[bytes], trailing: bytes) -> None:
    packed = b"".join(map(gzip.compress, pieces))
    assert inflate(packed, 10_000).data == gzip.decompress(packed)
    assert inflate(packed, 10).problem == ("too-large" if len(b"".join(pieces)) > 10 else "")
    if trailing[:2] != b"\x1f\x8b":
        assert inflate(packed + trailing, 10_000).trailing == len(trailing)


def test_a_name_is_equal_to_itself_in_other_letters_only() -> None:
    one, other = read_certificate(GOOD.leaf), read_certificate(GOOD.issuing)
    assert Folded(other.subject) == Folded(one.issuer)
    assert Folded(one.subject) != Folded(other.subject)
    assert Folded(b"no name") == Folded(b"no name")
    assert Folded(b"no name") != Folded(b"no name either")
    assert len({Folded(one.issuer), Folded(other.subject)}) == 1


@pytest.mark.parametrize(("kind", "name", "allowed"), [
    ("rsa1024", "RSA 1024", False), ("rsa2048", "RSA 2048", True), ("p521", "EC secp521r1", True), ("secp256k1", "EC secp256k1", False),
])  # fmt: skip
def test_keys_are_named_and_judged(kind: str, name: str, allowed: bool) -> None:
    from bimikit.testing.keys import make_key, spki

    key = read_key(spki(make_key(kind, "x")))
    assert (key.name, key.allowed) == (name, allowed)


def test_the_fixtures_lie_where_they_are_looked_for() -> None:
    assert Path(FIXTURES / "root.pem").is_file()
    assert len(CERTIFICATES) > 150
