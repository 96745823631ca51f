"""DKIM: key records, the keys in them, and what is told about those at a domain's selectors."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from support import AT

import bimikit
from bimikit import Report
from bimikit.dkim.discovery import MOST_RECORDS, MOST_SELECTORS, NOBODYS, discover
from bimikit.dkim.key import read
from bimikit.dkim.selectors import is_selector, usual_selectors
from bimikit.dns.answers import ABSENT, FAILED, FOUND, NODATA, Answer, Question
from bimikit.sending import check_dkim
from bimikit.testing import Zone

NAME = "s._domainkey.example.com"


@lru_cache
def rsa_key(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """The public part of an RSA key as p= has it. Its modulus is no product of primes, which nobody here checks."""
    numbers = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 9)
    return base64.b64encode(numbers.public_key().public_bytes(Encoding.DER, form)).decode()


def encoded(key: Any, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    encoding = Encoding.Raw if form is PublicFormat.Raw else Encoding.DER
    return base64.b64encode(key.public_bytes(encoding, form)).decode()


SMALL = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMxviZxbBulEYTBSyPIUdEnB8JS7cj/kA7VPaoFX8f1Nih4WJeMcrO2uxWKuH1GYnvT55hq4cqvqpT2H3ULX"
    "noECAwEAAQ=="
)
"""An RSA key of 512 bits, which `cryptography` no longer makes."""
EDWARDS = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
CURVE = ec.derive_private_key(7, ec.SECP256R1()).public_key()
GOOD = f"v=DKIM1; k=rsa; p={rsa_key(2048)}"


def judged(texts: str | Sequence[str], selector: str = "s", **more: Any) -> Report:
    records = (texts,) if isinstance(texts, str) else tuple(texts)
    name = f"{selector}._domainkey.example.com".lower()
    answers = {Question(name): Answer(FOUND, records, **more)}
    return check_dkim("example.com", [selector], answers=answers, at=AT)


def rules(report: Report) -> set[str]:
    return {finding.rule.removeprefix("dkim.") for finding in report.findings}


CASES: tuple[tuple[str, str, set[str]], ...] = (
    ("good", GOOD, set()),
    ("bare", f"p={rsa_key(2048)}", set()),
    ("as RSAPublicKey", f"v=DKIM1; p={rsa_key(2048, PublicFormat.PKCS1)}", set()),
    ("white space within", f"v=DKIM1; p={rsa_key(2048)[:60]} \t{rsa_key(2048)[60:]}", set()),
    ("closed by a semicolon", GOOD + ";", set()),
    ("all tags", f"v=DKIM1; h=sha256; k=rsa; n=note; s=email; p={rsa_key(2048)}", set()),
    ("both hashes", f"v=DKIM1; h=sha1:sha256; p={rsa_key(2048)}", set()),
    ("old g=", f"v=DKIM1; g=*; p={rsa_key(2048)}", set()),
    ("edwards", f"v=DKIM1; k=ed25519; p={encoded(EDWARDS, PublicFormat.Raw)}", set()),
    ("revoked", "v=DKIM1; p=", {"key-revoked"}),
    ("no key", "v=DKIM1; k=rsa", {"key-missing"}),
    ("cut at the semicolon", "v=DKIM1", {"key-missing"}),
    ("weak", f"v=DKIM1; p={SMALL}", {"key-weak"}),
    ("just strong enough", f"v=DKIM1; p={rsa_key(1024)}", {"key-short"}),
    ("nearly advised", f"v=DKIM1; p={rsa_key(2047)}", {"key-short"}),
    ("largest", f"v=DKIM1; p={rsa_key(4096)}", set()),
    ("too large", f"v=DKIM1; p={rsa_key(4097)}", {"key-large"}),
    ("sha1", f"v=DKIM1; h=sha1; p={rsa_key(2048)}", {"hash-sha1"}),
    ("unknown hash", f"v=DKIM1; h=md5; p={rsa_key(2048)}", {"hash-unknown"}),
    ("testing", f"v=DKIM1; t=y; p={rsa_key(2048)}", {"testing"}),
    ("testing and strict", f"v=DKIM1; t=y:s; p={rsa_key(2048)}", {"testing", "strict"}),
    ("not for e-mail", f"v=DKIM1; s=tlsrpt; p={rsa_key(2048)}", {"service"}),
    ("unknown type", f"v=DKIM1; k=dsa; p={rsa_key(2048)}", {"key-type-unknown"}),
    ("version elsewhere", f"p={rsa_key(2048)}; v=DKIM1", {"version"}),
    ("wrong version", f"v=DKIM2; p={rsa_key(2048)}", {"version"}),
    ("lower case", f"v=dkim1; p={rsa_key(2048)}", {"version"}),
    ("unknown tag", f"v=DKIM1; x=y; p={rsa_key(2048)}", {"tag-unknown"}),
    ("twice", f"v=DKIM1; p={rsa_key(2048)}; p={rsa_key(2048)}", {"syntax"}),
    ("two semicolons", f"v=DKIM1;; p={rsa_key(2048)}", {"syntax"}),
    ("no equals", f"v=DKIM1; rsa; p={rsa_key(2048)}", {"syntax"}),
    ("not Base64", "v=DKIM1; p=MII*", {"key-unreadable"}),
    ("cut", f"v=DKIM1; p={rsa_key(2048)[:200]}", {"key-unreadable"}),
    ("with its frame", f"v=DKIM1; p=-----BEGIN PUBLIC KEY-----{rsa_key(2048)}", {"key-unreadable"}),
    ("elliptic", f"v=DKIM1; p={encoded(CURVE)}", {"key-unreadable"}),
    ("edwards as rsa", f"v=DKIM1; p={encoded(EDWARDS, PublicFormat.Raw)}", {"key-unreadable"}),
    ("edwards in a frame", f"v=DKIM1; k=ed25519; p={encoded(EDWARDS)}", {"key-unreadable"}),
    ("rsa as edwards", f"v=DKIM1; k=ed25519; p={rsa_key(2048)}", {"key-unreadable"}),
    ("far too long", "v=DKIM1; p=" + "A" * 9_000, {"key-unreadable"}),
    ("another text", "v=spf1 -all", {"version", "key-missing"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_key_record_is_told_with_what_is_wrong_and_nothing_else(text: str, expected: set[str]) -> None:
    report = judged(text)
    assert rules(report) == expected
    assert report.kind == "sending"
    for lang in ("en", "ja"):
        assert all(finding.wording(lang).fix for finding in report.findings)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("p=A", "base64"),
        (f"p=-----BEGIN-----{SMALL}", "pem"),
        ("p=AAAA", "der"),
        (f"p={encoded(CURVE)}", "not-rsa"),
        (f"p={encoded(EDWARDS, PublicFormat.Raw)}", "ed25519-as-rsa"),
        ("k=ed25519; p=AAAA", "ed25519-length"),
        (f"k=ed25519; p={encoded(EDWARDS)}", "ed25519-wrapped"),
    ],
)
def test_why_a_key_cant_be_read_is_told(text: str, problem: str) -> None:
    (finding,) = judged(f"v=DKIM1; {text}").findings
    assert finding.params["problem"] == f"@dkim.{problem}"
    assert "@" not in finding.wording("en").message + finding.wording("ja").message


def test_a_finding_tells_the_tags_place() -> None:
    text = f"v=DKIM1; h=sha1; p={rsa_key(2048)}"
    (place,) = judged(text).findings[0].locations
    assert (place.dns_name, place.line, place.column, place.length) == (NAME, 1, 10, len("h=sha1"))


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.builds("{}={}".format, st.sampled_from(["v", "k", "p", "h", "t", "s", "n"]), st.text(max_size=60)),
            st.builds("p={}".format, st.binary(max_size=90).map(lambda data: base64.b64encode(data).decode())),
        ),
        max_size=6,
    )
)
def test_any_text_at_a_selector_gives_a_report(parts: list[str]) -> None:
    text = "; ".join(parts)
    assert read(text).text == text
    report = judged(text)
    assert "bimikit.rule-crashed" not in {finding.rule for finding in report.findings}
    assert all(finding.message for finding in report.findings)


@pytest.mark.parametrize("answer", [ABSENT, Answer(NODATA)])
def test_a_selector_without_a_record_is_missing(answer: Answer) -> None:
    report = check_dkim("example.com", ["s"], answers={Question(NAME): answer}, at=AT)
    assert rules(report) == {"missing"}
    assert not report.ok


def test_several_records_are_told_and_an_unrelated_text_is_not_judged() -> None:
    assert rules(judged([GOOD, GOOD.replace("k=rsa; ", "")])) == {"record-multiple"}
    assert rules(judged([GOOD, "hello"])) == {"record-multiple"}


def test_there_is_an_end_to_the_records_of_one_selector() -> None:
    report = judged([f"v=DKIM1; n={one}; p={rsa_key(1024)}" for one in range(500)])
    assert rules(report) == {"record-multiple", "key-short"}
    assert len(report.findings) == 1 + MOST_RECORDS
    assert len(report.facts["dkim"]["selectors"][0]["keys"]) == MOST_RECORDS


def test_a_key_behind_an_alias_is_told() -> None:
    report = judged(GOOD, canonical="s.keys.example")
    assert rules(report) == {"delegated"}
    assert "s.keys.example" in report.findings[0].message
    assert report.facts["dkim"]["selectors"][0]["canonical"] == "s.keys.example"


@pytest.mark.parametrize("selector", ["", "a b", "a..b", "-a", "\u00e9", "a" * 64, "x." * 120 + "x"])
def test_what_cant_be_a_selector_is_told_and_never_asked(selector: str) -> None:
    asking = discover("example.com", [selector])
    with pytest.raises(StopIteration) as end:
        next(asking)
    assert end.value.value.selected[0].answer is None
    assert rules(check_dkim("example.com", [selector], answers={}, at=AT)) == {"selector-invalid"}


def test_what_could_not_be_asked_or_was_not_given_is_told_apart() -> None:
    silent = {Question(NAME): Answer(FAILED, reason="timeout")}
    report = check_dkim("example.com", ["s"], answers=silent, at=AT)
    assert rules(report) == {"undecided"}
    assert not report.complete
    report = check_dkim("example.com", ["s"], answers={}, at=AT)
    assert rules(report) == {"not-given"}
    assert report.complete


def test_there_is_an_end_to_the_selectors_of_one_check() -> None:
    asking = discover("example.com", [f"s{one}" for one in range(MOST_SELECTORS + 5)])
    assert len(next(asking)) == MOST_SELECTORS
    report = check_dkim("example.com", [f"s{one}" for one in range(MOST_SELECTORS + 5)], answers={}, at=AT)
    assert [f.params["count"] for f in report.findings if f.rule == "dkim.left-out"] == [5]


@pytest.mark.parametrize("selectors", ["s1", [1], 5])
def test_selectors_are_several_texts(selectors: Any) -> None:
    with pytest.raises(TypeError):
        check_dkim("example.com", selectors, answers={}, at=AT)


# usual selectors


def absent_but(records: Mapping[str, str]) -> dict[Question, Answer]:
    names = [one.name for one in usual_selectors()] + [NOBODYS]
    told = {f"{name}._domainkey.example.com": ABSENT for name in names}
    told |= {f"{name}._domainkey.example.com": Answer(FOUND, (text,)) for name, text in records.items()}
    return {Question(name): answer for name, answer in told.items()}


def test_of_the_usual_selectors_those_with_a_key_are_judged() -> None:
    answers = absent_but({"google": GOOD, "k1": f"v=DKIM1; p={rsa_key(1024)}", "s1": "v=DKIM1; p="})
    report = check_dkim("example.com", answers=answers, at=AT)
    assert [one["selector"] for one in report.facts["dkim"]["selectors"]] == ["google", "k1"]
    assert rules(report) == {"key-short"}


def test_a_wildcard_is_no_selector() -> None:
    everywhere = {one.name: GOOD for one in usual_selectors()} | {NOBODYS: GOOD}
    own = f"v=DKIM1; p={rsa_key(4096)}"
    report = check_dkim("example.com", answers=absent_but({**everywhere, "google": own}), at=AT)
    assert [one["selector"] for one in report.facts["dkim"]["selectors"]] == ["google"]


def test_finding_no_usual_selector_says_nothing_of_others() -> None:
    report = check_dkim("example.com", answers=absent_but({}), at=AT)
    assert rules(report) == {"none-found"}
    assert report.ok


def test_a_usual_selector_that_gives_no_answer_leaves_it_undecided() -> None:
    answers = absent_but({}) | {Question("google._domainkey.example.com"): Answer(FAILED, reason="servfail")}
    assert rules(check_dkim("example.com", answers=answers, at=AT)) == {"undecided"}


def test_every_usual_selector_has_a_source_and_a_date() -> None:
    usual = usual_selectors()
    assert len({one.name for one in usual}) == len(usual) <= MOST_SELECTORS
    for one in usual:
        assert is_selector(one.name)
        assert one.source.startswith("https://")
        assert date.fromisoformat(one.date)
        assert one.sure in ("read", "common")
        assert one.service


# live, and beside others


def test_it_is_asked_of_real_name_servers_also_on_an_event_loop() -> None:
    records = {
        "s._domainkey.example.com": ("CNAME", "s.keys.example."),
        "s.keys.example": GOOD,
        "k1._domainkey.example.com": f"v=DKIM1; p={rsa_key(4096)}",  # in several strings
    }
    with Zone(records, faults={"x._domainkey.example.com": "servfail"}) as zone:  # type: ignore[arg-type]
        report = bimikit.check_dkim("example.com", ["s", "k1", "x", "y"], resolver=zone.resolver(), at=AT)
        guessed = bimikit.check_dkim("example.com", resolver=zone.resolver(), at=AT)
        there = asyncio.run(_awaited(zone))
    assert rules(report) == {"delegated", "undecided", "missing"}
    assert report == there
    assert [key["bits"] for one in report.facts["dkim"]["selectors"] for key in one["keys"]] == [2048, 4096]
    assert [one["selector"] for one in guessed.facts["dkim"]["selectors"]] == ["k1"]


async def _awaited(zone: Zone) -> Report:
    return await bimikit.aio.check_dkim("example.com", ["s", "k1", "x", "y"], resolver=zone.async_resolver(), at=AT)


@pytest.mark.parametrize(
    "text",
    [
        case[1]
        for case in CASES
        if case[0] in ("good", "bare", "weak", "just strong enough", "largest", "too large", "all tags")
    ],
)
def test_dkimpy_reads_a_key_of_the_same_size(text: str) -> None:
    theirs = pytest.importorskip("dkim", reason="dkimpy is not installed")
    size = theirs.evaluate_pk("s", text)[1]
    key = read(text).key
    assert key is not None
    assert key.bits == size


@pytest.mark.parametrize(
    "text", [case[1] for case in CASES if case[0] in ("cut", "wrong version", "no equals", "twice", "elliptic")]
)
def test_a_record_that_is_refused_is_refused_by_dkimpy(text: str) -> None:
    theirs = pytest.importorskip("dkim", reason="dkimpy is not installed")
    with pytest.raises(theirs.DKIMException):
        theirs.evaluate_pk("s", text)
    assert not judged(text).ok
