"""What a hostile tester found, each pinned: forged and odd certificates, lists and files on both sides of a rule."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support import AT

from bimikit import Report, TrustStore, check_certificate, check_svg
from bimikit.cert import oids
from bimikit.cert.asn1 import header_length, read_certificate
from bimikit.cert.pem import showable
from bimikit.testing import LOGO, MarkCA, der
from bimikit.testing.authority import crl_points, dns_names, policies
from bimikit.testing.keys import algorithm, make_key, private_pem, sign, spki
from bimikit.testing.plan import Plan, TimestampPlan, to_pem
from tools.hostile_certs import made

CA = MarkCA(at=AT)
GOOD = CA.issue()
OTHER_KEY = make_key("p256", "other")


def judge(data: bytes, **options: Any) -> Report:
    return check_certificate(data, **{"domain": "example.com", "trust": CA.trust, "at": AT, **options})


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings} - {"cert.revocation-not-checked"}


def _bad_timestamp_twice(plan: Plan) -> None:
    assert plan.timestamps is not None
    plan.timestamps[0].log = OTHER_KEY
    plan.timestamps *= 2


def _forged_twice(plan: Plan) -> None:
    assert plan.timestamps is not None
    plan.timestamps[0].log, plan.timestamps[0].named = OTHER_KEY, plan.log
    plan.timestamps *= 2


def _unreadable_beside(plan: Plan) -> None:
    _with_entry(plan, b"\x01" + b"\xaa" * 10)


def _with_entry(plan: Plan, entry: bytes) -> None:
    """A good timestamp, and another entry of the list."""
    assert plan.timestamps is not None
    good = plan.timestamps[0].make(spki(plan.issuing.key), _precertificate(plan))
    entries = b"".join(len(one).to_bytes(2, "big") + one for one in (good, entry))
    plan.timestamps = None
    plan.leaf.extensions[oids.SCT_LIST] = (False, der.octets(len(entries).to_bytes(2, "big") + entries))


def _precertificate(plan: Plan) -> bytes:
    assert plan.logotype is not None
    plan.leaf.extensions[oids.LOGOTYPE] = (False, plan.logotype.make())
    return plan.leaf.tbs()


def _self_issued_ca(plan: Plan) -> None:
    plan.issuing.subject = plan.leaf.issuer = plan.root.subject


def _self_issued_ca_without_purpose(plan: Plan) -> None:
    _self_issued_ca(plan)
    del plan.issuing.extensions[oids.EXTENDED_KEY_USAGE]


def _hashes(*listed: tuple[str, bytes | None]) -> Callable[[Plan], None]:
    return lambda plan: setattr(plan.logotype, "hashes", list(listed))


def _names(*names: str) -> Callable[[Plan], None]:
    return lambda plan: plan.leaf.extensions.__setitem__(oids.SUBJECT_ALT_NAME, (False, dns_names(*names)))


def _second_image(image: bytes) -> Callable[[Plan], None]:
    """A further image behind the right one."""

    def change(plan: Plan) -> None:
        assert plan.logotype is not None
        plan.logotype.wrap = lambda data: der.sequence(
            der.explicit(2, der.explicit(0, der.sequence(_content(data) + image)))
        )

    return change


def _content(tlv: bytes) -> bytes:
    """What a SEQUENCE holds."""
    return tlv[header_length(tlv) :]


def _more_in_subject_logo(plan: Plan) -> None:
    assert plan.logotype is not None
    plan.logotype.wrap = lambda data: der.sequence(der.explicit(2, der.explicit(0, data), der.octets(b"abc")))


def _double_point(plan: Plan) -> None:
    name = der.explicit(0, der.implicit(6, b"http://crl.test-mva.example/a.crl"))
    points = der.sequence(der.sequence(der.explicit(0, name, name)))
    plan.leaf.extensions[oids.CRL_DISTRIBUTION_POINTS] = (False, points)


def _issuing(oid: str, content: bytes) -> Callable[[Plan], None]:
    return lambda plan: plan.issuing.extensions.__setitem__(oid, (False, content))


def _leaf(oid: str, content: bytes) -> Callable[[Plan], None]:
    return lambda plan: plan.leaf.extensions.__setitem__(oid, (False, content))


_OWN = ("1.3.6.1.4.1.99999.1.1", "https://test-mva.example/cps")
_GENERAL = (oids.GENERAL_POLICY, None)

CASES: list[tuple[str, Callable[[Plan], object], set[str]]] = [
    ("an unknown log twice", _bad_timestamp_twice, {"cert.sct-log-unknown"}),
    ("a forged timestamp twice", _forged_twice, {"cert.sct-invalid"}),
    ("an unreadable timestamp beside a good one", _unreadable_beside, set()),
    ("a self-issued issuing CA", _self_issued_ca, set()),
    ("a self-issued issuing CA without its purpose", _self_issued_ca_without_purpose, {"cert.ca-eku-missing"}),
    ("gzipped twice", lambda plan: setattr(plan.logotype, "svg", gzip.compress(LOGO, mtime=0)), {"cert.logotype-gzip-damaged"}),
    ("two members of gzip", lambda plan: setattr(plan.logotype, "data", gzip.compress(LOGO[:99]) + gzip.compress(LOGO[99:])), set()),
    ("a wrong hash in the 20th place", _hashes(*[("sha256", None)] * 19, ("sha512", b"\0" * 64)), {"cert.logotype-hash-wrong"}),
    ("only unknown hashes", _hashes(("1.3.6.1.4.1.99999.9", b"\0" * 20)), {"cert.logotype-hash-unknown", "cert.logotype-hash-unverifiable"}),
    ("_bimi without selector", _names("example.com", "_bimi.example.com"), {"cert.san-underscore"}),
    ("_bimi at the end", _names("example.com", "example._bimi"), {"cert.san-underscore"}),
    ("_bimi twice", _names("example.com", "a._bimi._bimi.example.com"), {"cert.san-underscore"}),
    ("_bimi before a top level", _names("example.com", "default._bimi.com"), {"cert.san-internal"}),
    ("a second image that is none", _second_image(der.tlv(0x05)), {"cert.logotype-several-images", "cert.logotype-undecodable"}),
    ("more in subjectLogo", _more_in_subject_logo, {"cert.logotype-undecodable"}),
    ("two names of a distribution point", _double_point, {"cert.extension-undecodable"}),
    ("keyUsage of a megabyte", _issuing(oids.KEY_USAGE, der.bits(b"\xff" * 60_000)), {"cert.extension-undecodable"}),
    ("a path length beyond counting", _issuing(oids.BASIC_CONSTRAINTS, der.sequence(der.boolean(True), der.integer(-(2**40_000)))), {"cert.extension-undecodable"}),
    ("a CRL address without host", _leaf(oids.CRL_DISTRIBUTION_POINTS, crl_points("http:///x.crl")), {"cert.crl-not-http"}),
    ("a CPS address without host", _leaf(oids.CERTIFICATE_POLICIES, policies((_OWN[0], "https://"), _GENERAL)), {"cert.policy-cps-missing"}),
    ("the general policy in third place", _leaf(oids.CERTIFICATE_POLICIES, policies(_OWN, ("1.2.3", None), _GENERAL)), {"cert.policies-order"}),
    ("an empty part of the name", lambda plan: plan.leaf.subject.append(("2.5.4.11", "", 0x31)), {"cert.subject-text"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_a_certificate_is_judged_for_its_own_reason(
    name: str, change: Callable[[Plan], object], wanted: set[str]
) -> None:
    found = rules(judge(made(change)))
    assert wanted <= found
    assert bool(wanted) == bool(found - {"cert.sct-extra"})


def test_a_second_image_is_judged_as_the_first() -> None:
    other = CA._plan()
    assert other.logotype is not None
    other.logotype.svg = LOGO.replace(b"</svg>", b"<script/></svg>")
    image = _content(_content(_content(_content(other.logotype.make()))))
    found = rules(judge(made(_second_image(image))))
    assert {"svg.script-element", "cert.logotype-several-images"} <= found


def test_a_certificate_for_mail_addresses_covers_no_domain_however_old() -> None:
    old = MarkCA(at=datetime(2021, 3, 1, 12, tzinfo=UTC))
    plan = old._plan()
    plan.leaf.extensions[oids.SUBJECT_ALT_NAME] = (False, der.sequence(der.implicit(1, b"a@example.org")))
    certificates = plan.make()
    data = to_pem(certificates["leaf"]) + to_pem(certificates["issuing"])
    report = check_certificate(data, domain="example.com", trust=old.trust, at=old.at)
    assert rules(report) == {"cert.domain-mismatch"}


# paths


def test_an_expired_twin_of_the_issuing_ca_hides_no_valid_one() -> None:
    plan = CA._plan()
    twin = CA._plan().issuing
    twin.not_after = AT - timedelta(days=1)
    certificates = plan.make()
    for files in ((twin.make(), certificates["issuing"]), (certificates["issuing"], twin.make())):
        assert rules(judge(b"".join(map(to_pem, (certificates["leaf"], *files))))) == {"cert.unrelated"}


def test_the_right_issuing_ca_is_found_behind_many_of_its_name() -> None:
    others = []
    for number in range(12):
        other = CA._plan().issuing
        other.key = make_key("p256", f"namesake {number}")
        del other.extensions[oids.SUBJECT_KEY_IDENTIFIER]
        others.append(other.make())
    data = b"".join(map(to_pem, (GOOD.leaf, *others, GOOD.issuing)))
    assert rules(judge(data)) == {"cert.unrelated"}


def test_names_are_compared_as_the_standard_says_in_the_store_too() -> None:
    plan = CA._plan()
    plan.issuing.issuer = [(oid, value.upper(), der.PRINTABLE) for oid, value, _ in plan.issuing.issuer]
    certificates = plan.make()
    assert rules(judge(to_pem(certificates["leaf"]) + to_pem(certificates["issuing"]))) == set()


def test_a_maze_of_issuers_is_left_soon() -> None:
    """Seven storeys of CAs of one name, of which none signed another."""
    maze = []
    for storey in range(7):
        for number in range(6):
            plan = CA._plan().issuing
            plan.key = make_key("p256", f"{storey} {number}")
            plan.subject = [("2.5.4.3", f"storey {storey}", der.UTF8)]
            plan.issuer = [("2.5.4.3", f"storey {storey + 1}", der.UTF8)]
            plan.signer = OTHER_KEY
            maze.append(plan.make())
    leaf = CA._plan()
    leaf.leaf.issuer = [("2.5.4.3", "storey 0", der.UTF8)]
    report = judge(b"".join(map(to_pem, (leaf.make()["leaf"], *maze))))
    assert {"cert.signature-invalid", "cert.too-many-blocks"} - rules(report) <= {"cert.too-many-blocks"}
    assert len(report.facts["chain"]) <= 8


def test_many_certificates_without_logotype_are_looked_through_soon() -> None:
    plan = CA._plan()
    plan.logotype = None
    plan.leaf.subject += [("2.5.4.11", f"unit {number}", der.UTF8) for number in range(300)]
    files = []
    for number in range(45):
        plan.leaf.serial += number + 1
        files.append(to_pem(plan.make()["leaf"]))
    assert "cert.two-mark-certificates" in rules(judge(b"".join(files)))


def test_a_store_that_holds_the_certificate_itself_changes_nothing() -> None:
    store = TrustStore([GOOD.leaf, GOOD.root], CA.trust.ct_logs)
    assert rules(judge(GOOD.pem, trust=store)) == set()
    assert not judge(GOOD.pem, trust=TrustStore([GOOD.leaf], CA.trust.ct_logs)).ok


TWINS: list[tuple[str, Callable[[Plan], object]]] = [
    ("no purpose", lambda plan: plan.issuing.extensions.pop(oids.EXTENDED_KEY_USAGE)),
    ("no CA", lambda plan: plan.issuing.extensions.pop(oids.BASIC_CONSTRAINTS)),
    ("no right to sign", _issuing(oids.KEY_USAGE, der.flags(6))),
    ("unknown critical", lambda plan: plan.issuing.more_extensions.append(("1.2.3.4", True, b""))),
    ("name constraints", _issuing(oids.NAME_CONSTRAINTS, der.sequence())),
]


@pytest.mark.parametrize(("name", "change"), TWINS, ids=[case[0] for case in TWINS])
def test_a_flawed_twin_of_the_issuing_ca_hides_no_good_one(name: str, change: Callable[[Plan], object]) -> None:
    plan = CA._plan()
    change(plan)
    data = to_pem(GOOD.leaf) + to_pem(plan.issuing.make()) + to_pem(GOOD.issuing)
    assert rules(judge(data)) == {"cert.unrelated"}


def test_forty_forged_twins_hide_no_good_one() -> None:
    twins = []
    for number in range(40):
        plan = CA._plan()
        plan.issuing.serial += number + 1
        plan.issuing.signer = make_key("p384", "forger")
        twins.append(to_pem(plan.issuing.make()))
    assert rules(judge(to_pem(GOOD.leaf) + b"".join(twins) + to_pem(GOOD.issuing))) == {"cert.unrelated"}


def test_junk_with_a_fitting_name_neither_hides_nor_makes_a_mark_certificate() -> None:
    junk = CA._plan().issuing
    junk.signer = OTHER_KEY
    junk.issuer = CA._plan().leaf.subject
    assert rules(judge(GOOD.pem + to_pem(junk.make()))) == {"cert.unrelated"}
    other = CA._plan("example.org").make()["leaf"]
    assert "cert.two-mark-certificates" in rules(judge(GOOD.pem + to_pem(other) + to_pem(junk.make())))


def test_a_root_that_writes_its_name_in_two_ways_is_a_root() -> None:
    plan = CA._plan()
    plan.root.issuer = [(oid, value, der.PRINTABLE) for oid, value, _ in plan.root.subject]
    certificates = plan.make()
    store = TrustStore([certificates["root"]], CA.trust.ct_logs)
    assert rules(judge(to_pem(certificates["leaf"]) + to_pem(certificates["issuing"]), trust=store)) == set()


def test_of_two_roots_of_one_name_the_right_one_is_found() -> None:
    plan = CA._plan()
    stranger = CA._plan().root
    stranger.key = stranger.signer = make_key("p384", "stranger")
    plan.root.subject = plan.root.issuer = [(oid, value.upper(), tag) for oid, value, tag in plan.root.subject]
    certificates = plan.make()
    store = TrustStore([stranger.make(), certificates["root"]], CA.trust.ct_logs)
    data = to_pem(certificates["leaf"]) + to_pem(certificates["issuing"])
    assert rules(judge(data, trust=store)) == set()


def test_text_before_a_root_is_no_der() -> None:
    assert len(TrustStore([b"0 s:CN=root\n" + CA.root_pem]).roots) == 1


def test_an_issuing_ca_may_have_a_logotype() -> None:
    def change(plan: Plan) -> None:
        assert plan.logotype is not None
        plan.issuing.extensions[oids.LOGOTYPE] = (False, plan.logotype.make())

    assert rules(judge(made(change))) == set()


def test_a_mark_certificate_without_logotype_beside_another_is_a_second_one() -> None:
    plan = CA._plan("example.org")
    plan.logotype = None
    assert "cert.two-mark-certificates" in rules(judge(GOOD.pem + to_pem(plan.make()["leaf"])))


# files


@pytest.mark.parametrize("label", ["CMS", "PUBLIC KEY", "X509 CRL", "EC PARAMETERS", "FOO"])
def test_a_file_without_a_certificate_never_passes(label: str) -> None:
    assert not judge(to_pem(b"\x30\x03\x02\x01\x01", label)).ok


@pytest.mark.parametrize("text", [b"0 s:CN=leaf\n", b"01 leaf\n", b"0x30\n"])
def test_text_that_begins_with_a_digit_is_no_der(text: bytes) -> None:
    assert rules(judge(text + GOOD.pem)) == set()


def test_old_headers_are_read_with_either_line_end() -> None:
    block = to_pem(GOOD.leaf).replace(b"CERTIFICATE-----\n", b"CERTIFICATE-----\nComment: x\n\n", 1)
    for data in (block, block.replace(b"\n", b"\r\n")):
        assert rules(judge(data + to_pem(GOOD.issuing))) == set()


_KEY_DER = OTHER_KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
KEYS: list[tuple[str, bytes]] = [
    ("DER", _KEY_DER),
    ("in a certificate's clothes", GOOD.pem + to_pem(_KEY_DER)),
    ("PGP", GOOD.pem + b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nMAA=\n-----END PGP PRIVATE KEY BLOCK-----\n"),
    ("four dashes", GOOD.pem + private_pem(OTHER_KEY).replace(b"-----", b"----")),
    ("lower case", GOOD.pem + private_pem(OTHER_KEY).lower()),
    ("UTF-16", private_pem(OTHER_KEY).decode().encode("utf-16")),
    ("behind fifty blocks", to_pem(GOOD.issuing) * 55 + private_pem(OTHER_KEY)),
    ("END alone", GOOD.pem + private_pem(OTHER_KEY).partition(b"\n")[2]),
    ("under another label", GOOD.pem + to_pem(_KEY_DER, "FOO")),
    ("with something behind it", _KEY_DER + b"\n"),
    ("underscore", GOOD.pem + b"-----BEGIN PRIVATE_KEY-----\nMAA=\n-----END PRIVATE_KEY-----\n"),
    ("PuTTY", GOOD.pem + b"PuTTY-User-Key-File-3: ssh-ed25519\n"),
    ("on one line", GOOD.pem + to_pem(_KEY_DER, columns=9_999).replace(b"\n", b"")),
]


@pytest.mark.parametrize(("name", "data"), KEYS, ids=[case[0] for case in KEYS])
def test_a_private_key_is_told_in_whatever_form(name: str, data: bytes) -> None:
    assert "cert.private-key" in rules(judge(data))


@pytest.mark.parametrize(("name", "data"), KEYS, ids=[case[0] for case in KEYS])
def test_nothing_of_a_key_is_fit_to_be_shown(name: str, data: bytes) -> None:
    body = private_pem(OTHER_KEY).split(b"\n")[1].decode()
    for letters in (body, body.lower()):
        assert letters[:20] not in showable(data)


def test_a_certificate_mentioned_in_a_text_is_no_block() -> None:
    assert rules(judge(b"It begins with -----BEGIN CERTIFICATE----- as usual.\n" + GOOD.pem)) == set()


def test_lines_that_end_in_a_carriage_return_are_lines() -> None:
    turned = (to_pem(GOOD.issuing) + to_pem(GOOD.leaf)).replace(b"\n", b"\r")
    assert rules(judge(turned)) == {"cert.order"}
    assert judge(turned).findings[0].locations[0].line == 1


def test_exactly_fifty_blocks_are_not_too_many() -> None:
    assert rules(judge(GOOD.pem + to_pem(GOOD.issuing) * 48)) == {"cert.duplicate"}
    assert rules(judge(GOOD.pem + to_pem(GOOD.issuing) * 49)) == {"cert.duplicate", "cert.too-many-blocks"}


def test_a_container_with_a_certificate_of_another_version_is_no_crash() -> None:
    broken = GOOD.leaf.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020108"), 1)
    content = der.sequence(der.oid("1.2.840.113549.1.7.1"))
    signed = der.sequence(der.integer(1), der.tlv(0x31), content, der.tlv(0xA0, broken), der.tlv(0x31))
    data = der.sequence(der.oid("1.2.840.113549.1.7.2"), der.explicit(0, signed))
    assert "cert.pkcs7" in rules(judge(data))
    assert not judge(data).ok


# revocation lists


def _crl(*, issuer: bytes, this: bytes, version: int = 1) -> bytes:
    signed = der.sequence(der.oid("1.2.840.10045.4.3.2"))
    tbs = der.sequence(der.integer(version), signed, issuer, this, this)
    return der.sequence(tbs, signed, der.bits(b"\0" * 8))


_ODD_NAME = der.sequence(der.tlv(0x31, der.sequence(der.oid("2.5.4.3"), der.tlv(0x14, b"M\xfcller"))))
_ISSUER = der.name([("2.5.4.3", "x", der.UTF8)])
ODD_LISTS: list[tuple[str, bytes]] = [
    ("T61String", _crl(issuer=_ODD_NAME, this=der.time(AT))),
    ("year 0", _crl(issuer=_ISSUER, this=der.tlv(0x18, b"00000101000000Z"))),
    ("version 6", _crl(issuer=_ISSUER, this=der.time(AT), version=5)),
    ("nothing", b""),
    ("damaged PEM", b"-----BEGIN X509 CRL-----\n*\n-----END X509 CRL-----"),
]


@pytest.mark.parametrize(("name", "odd"), ODD_LISTS, ids=[case[0] for case in ODD_LISTS])
def test_an_odd_list_hides_no_revocation(name: str, odd: bytes) -> None:
    report = judge(GOOD.pem, crls=[CA.crl([GOOD.leaf]), CA.crl(of="root"), odd])
    assert "cert.revoked" in rules(report)
    assert "bimikit.rule-crashed" not in rules(report)


def test_every_list_of_a_pem_file_is_read() -> None:
    both = to_pem(CA.crl(), "X509 CRL") + to_pem(CA.crl(of="root"), "X509 CRL")
    assert judge(GOOD.pem, crls=[both]).complete
    older_and_newer = to_pem(CA.crl(age=3), "X509 CRL") + to_pem(CA.crl([GOOD.leaf]), "X509 CRL")
    assert "cert.revoked" in rules(judge(GOOD.pem, crls=[older_and_newer, CA.crl(of="root")]))


def test_a_revocation_is_found_behind_many_lists() -> None:
    many = to_pem(CA.crl(of="root"), "X509 CRL") + to_pem(CA.crl(age=3), "X509 CRL") * 60
    assert "cert.revoked" in rules(judge(GOOD.pem, crls=[many + to_pem(CA.crl([GOOD.leaf]), "X509 CRL")]))


def test_a_damaged_list_in_a_pem_file_hides_no_other() -> None:
    lists = (CA.crl([GOOD.leaf]), CA.crl(of="root"), b"\x30\0")
    report = judge(GOOD.pem, crls=[b"".join(to_pem(one, "X509 CRL") for one in lists)])
    assert rules(report) == {"cert.revoked", "cert.crl-unreadable"}


def test_a_listed_certificate_is_revoked_whatever_its_date() -> None:
    plan = CA._plan()
    entry = der.sequence(der.integer(read_certificate(GOOD.leaf).serial), der.tlv(0x18, b"00000101000000Z"))
    signer = plan.issuing.key
    this, until = (der.time(AT + timedelta(days=days)) for days in (-1, 6))
    name = der.name(plan.issuing.subject)
    tbs = der.sequence(der.integer(1), algorithm(signer), name, this, until, der.sequence(entry))
    crl = der.sequence(tbs, algorithm(signer), der.bits(sign(signer, tbs)))
    assert "cert.revoked" in rules(judge(GOOD.pem, crls=[crl, CA.crl(of="root")]))


def test_the_newest_list_decides() -> None:
    released = [CA.crl([GOOD.leaf], age=3), CA.crl(age=1), CA.crl(of="root")]
    assert rules(judge(GOOD.pem, crls=released)) == set()


def test_a_list_of_another_key_settles_nothing() -> None:
    identifier = der.sequence(der.oid("2.5.29.35"), der.octets(der.sequence(der.implicit(0, b"\1" * 20))))
    report = judge(GOOD.pem, crls=[CA.crl(extensions=[identifier]), CA.crl(of="root")])
    assert rules(report) == {"cert.crl-scope", "cert.revocation-unknown"}


# signatures


@pytest.mark.parametrize("salt", [2**31, 2**63, 2**70])
def test_a_salt_beyond_counting_is_no_crash(salt: int) -> None:
    sha256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
    mask = der.sequence(der.oid("1.2.840.113549.1.1.8"), sha256)
    parameters = der.sequence(der.explicit(0, sha256), der.explicit(1, mask), der.explicit(2, der.integer(salt)))
    signed = der.sequence(der.oid("1.2.840.113549.1.1.10"), parameters)
    rsa = MarkCA(at=AT, key="rsa2048")
    plan = rsa._plan()
    certificates = plan.make()
    leaf = der.sequence(plan.leaf.tbs(), signed, der.bits(b"\0" * 256))
    data = to_pem(leaf) + to_pem(certificates["issuing"])
    found = rules(check_certificate(data, trust=rsa.trust, at=AT))
    assert {"cert.signature-invalid", "cert.signature-algorithm"} <= found


# moments


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-9))),
    ],
)
def test_a_moment_outside_the_calendar_is_a_bad_call(moment: datetime) -> None:
    for check in (lambda: check_svg(LOGO, at=moment), lambda: check_certificate(GOOD.pem, at=moment)):
        with pytest.raises(ValueError, match="calendar"):
            check()


def test_a_certificate_of_the_last_second_of_time_is_judged() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    data = made(lambda plan: (setattr(plan.leaf, "not_before", last), setattr(plan.leaf, "not_after", last)))
    assert "cert.not-yet-valid" in rules(judge(data))
    assert "bimikit.rule-crashed" not in rules(judge(data))


# logos and names


@pytest.mark.parametrize("inside", [b"", b"\x89PNG\r\n\x1a\n", b"\0", b"\xff\xfe\0\0<", b"<svg \xff/>"])
def test_an_unreadable_logo_inside_is_compared_without_a_crash(inside: bytes) -> None:
    found = rules(judge(CA.issue(logo=inside).pem, logo=LOGO))
    assert "match.logo-differs" in found
    assert "bimikit.rule-crashed" not in found


def test_logos_of_many_elements_are_compared_soon() -> None:
    many = LOGO.replace(b"</svg>", b"<g/>" * 20_000 + b"</svg>")
    report = judge(CA.issue(logo=many).pem, logo=many.replace(b"</svg>", b"<rect/></svg>"))
    assert report.facts["logo"] == "differs"
    assert report.findings[0].params["difference"] == "– ≠ svg/rect[2]"


def test_where_only_something_between_elements_differs_words_say_so() -> None:
    report = judge(GOOD.pem, logo=LOGO.replace(b"<rect", b"<?p x?><rect"))
    assert "between the elements" in report.findings[0].message


def test_a_logo_with_an_undeclared_prefix_differs() -> None:
    assert rules(judge(GOOD.pem, logo=LOGO.replace(b"<rect", b"<x:rect"))) == {"match.logo-differs"}


@pytest.mark.parametrize("domain", ["example.com\u3002", "example.com\uff0e", "example\u3002com", "example.com\uff61"])
def test_full_stops_of_japanese_keyboards_are_full_stops(domain: str) -> None:
    assert rules(judge(GOOD.pem, domain=domain)) == set()


def test_the_name_of_a_record_tells_its_selector() -> None:
    report = judge(CA.issue(names=["brand._bimi.example.com"]).pem, domain="brand._bimi.example.com")
    assert report.facts["covers"] == {"domain": "example.com", "selector": "brand", "how": "selector"}
    assert rules(report) == {"cert.san-bimi-label"}


@pytest.mark.parametrize(
    "url", [b"http://crl.\x99\xff.example/", b"http://a.example/<x>", b"http://a.example/\0", b"http://a b.example/"]
)
def test_an_address_has_only_what_an_address_may_have(url: bytes) -> None:
    point = der.sequence(der.sequence(der.explicit(0, der.explicit(0, der.implicit(6, url)))))
    assert rules(judge(made(_leaf(oids.CRL_DISTRIBUTION_POINTS, point)))) == {"cert.crl-not-http"}


def test_a_good_timestamp_behind_many_bad_ones_counts() -> None:
    def change(plan: Plan) -> None:
        assert plan.timestamps is not None
        bad = TimestampPlan(OTHER_KEY, plan.timestamps[0].time)
        plan.timestamps = [bad] * 40 + plan.timestamps

    assert rules(judge(made(change))) == {"cert.sct-extra"}


def test_a_selector_matches_in_ascii_only() -> None:
    data = CA.issue(names=["k._bimi.example.com"]).pem
    assert "cert.domain-mismatch" in rules(judge(data, selector="\u212a"))
    assert "cert.domain-mismatch" not in rules(judge(data, selector="K"))


def test_texts_are_written_whatever_the_numbers_are() -> None:
    for change in (
        lambda plan: setattr(plan.leaf, "serial", 2**40_000),
        lambda plan: setattr(plan.leaf, "version", 2**40_000),
    ):
        for finding in judge(made(change)).findings:
            assert finding.message
            assert finding.wording("ja").fix
