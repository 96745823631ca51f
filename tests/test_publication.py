"""`check_publication`: the same verdict on what is planned, from arguments alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import AT

import bimikit
from bimikit import Report
from bimikit.testing import LOGO, MarkCA

CA = MarkCA(at=AT)
GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
PLAN: dict[str, Any] = {
    "domain": "example.com",
    "svg": LOGO,
    "certificate": CA.issue("example.com").pem,
    "dmarc": GOOD,
    "record": RECORD,
    "crls": [CA.crl(), CA.crl(of="root")],
    "trust": CA.trust,
    "at": AT,
}


def check(**changes: Any) -> Report:
    return bimikit.check_publication(**{**PLAN, **changes})


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_a_complete_plan_is_ready() -> None:
    report = check()
    assert (report.kind, report.ok, report.complete, report.findings) == ("publication", True, True, ())
    assert report.verdicts["gmail"] == report.verdicts["apple"] == "ready"
    assert Report.from_json(report.to_json()) == report


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ("svg", "web.not-fetched"),
        ("certificate", "web.not-fetched"),
        ("dmarc", "dmarc.not-given"),
        ("record", "bimi.not-given"),
    ],
)
def test_what_is_not_given_is_not_checked_and_nobody_is_ready(missing: str, rule: str) -> None:
    report = check(**{missing: None})
    assert rule in rules(report)
    assert (report.ok, report.complete) == (True, True)
    assert "ready" not in report.verdicts.values()


def test_without_revocation_lists_revocation_is_not_checked_and_counts_for_nothing() -> None:
    report = check(crls=())
    assert rules(report) == {"cert.revocation-not-checked"}
    assert report.verdicts["gmail"] == "ready"


def test_of_a_subdomain_a_single_text_leaves_the_organizational_domain_unknown() -> None:
    report = check(domain="news.example.com", certificate=CA.issue("news.example.com").pem)
    assert "dmarc.not-given" in rules(report)
    assert report.facts["bimi"]["rfc7489"]["eligible"] is None
    assert report.verdicts["gmail"] == "cannot_say"


@pytest.mark.parametrize("name", ["example.com", "_dmarc.example.com", "EXAMPLE.com."])
def test_records_by_name_are_the_whole_plan(name: str) -> None:
    plan = {name: GOOD, "_dmarc.news.example.com": [GOOD]}
    record = {"default._bimi.example.com": RECORD}
    report = check(domain="news.example.com", dmarc=plan, record=record)
    assert report.findings == ()
    assert report.facts["bimi"]["rfc9989"]["found_at"] == "default._bimi.example.com"
    assert report.verdicts["gmail"] == "ready"


def test_a_name_that_is_not_in_the_plan_has_no_record() -> None:
    report = check(domain="news.example.com", dmarc={"news.example.com": GOOD}, record={"news.example.com": RECORD})
    assert "dmarc.one-reading-bars" in rules(report)


def test_the_certificate_must_be_for_the_domain_of_the_record() -> None:
    assert "cert.domain-mismatch" in rules(check(certificate=CA.issue("example.org").pem))


def test_a_selector_and_a_local_part_choose_the_record() -> None:
    plan = {
        "vip._bimi.example.com": RECORD + "; lps=news",
        "news._bimi.example.com": "v=BIMI1; l=; a=",
    }
    assert check(record=plan, selector="vip").facts["bimi"]["rfc9989"]["record"] == "found"
    assert check(record=plan, selector="vip", local_part="news").facts["bimi"]["rfc9989"]["record"] == "declined"
    assert check(record=plan).facts["bimi"]["rfc9989"]["record"] == "none"


def test_a_logo_that_a_trusted_certificate_holds_is_not_blocked_for_its_drawing() -> None:
    logo = LOGO.replace(b"#fff", b"#1a3d8f")  # one colour only
    report = check(svg=logo, certificate=CA.issue("example.com", logo=logo).pem)
    assert "svg.one-colour" in rules(report)
    assert report.verdicts["gmail"] != "blocked"


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": None},
        {"svg": "text"},
        {"certificate": "text"},
        {"dmarc": 7},
        {"record": {"example.com": 7}},
        {"record": {7: "x"}},
        {"crls": b"x"},
        {"crls": ["x"]},
        {"trust": 7},
    ],
    ids=str,
)
def test_a_bad_call_is_a_type_error(changes: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        check(**changes)


def test_a_moment_without_a_zone_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        check(at=AT.replace(tzinfo=None))


TEXTS = st.one_of(st.text(max_size=80), st.sampled_from([GOOD, RECORD, "v=DMARC1;", "v=BIMI1;", ";", "=", "é;=\x00"]))


@given(domain=TEXTS, selector=TEXTS, local_part=st.none() | TEXTS, dmarc=st.none() | TEXTS, record=st.none() | TEXTS)
def test_no_text_makes_it_raise_or_breaks_the_report(
    domain: str, selector: str, local_part: str | None, dmarc: str | None, record: str | None
) -> None:
    for name in (domain, "example.com"):
        report = bimikit.check_publication(
            domain=name, selector=selector, local_part=local_part, dmarc=dmarc, record=record, at=AT
        )
        assert Report.from_json(report.to_json("ja")) == report
        assert "ready" not in report.verdicts.values()
        assert "bimikit.rule-crashed" not in rules(report)


@given(texts=st.lists(TEXTS, max_size=4), other=st.lists(TEXTS, max_size=4))
def test_no_records_make_it_raise(texts: list[str], other: list[str]) -> None:
    plan = {"_dmarc.a.example.com": texts, "_dmarc.example.com": other, "_dmarc.com": texts}
    records = {"default._bimi.a.example.com": texts, "default._bimi.example.com": other}
    report = bimikit.check_publication(domain="a.example.com", dmarc=plan, record=records, at=AT)
    assert set(report.facts["dmarc"]) == {"rfc9989", "rfc7489"}


def test_a_certificate_that_the_record_does_not_name_helps_nobody() -> None:
    report = check(record="v=BIMI1; l=https://example.com/logo.svg; a=")
    assert report.verdicts["gmail"] == "blocked"
    assert report.facts["certificate"]["kind_of_mark"] == "VMC"


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/logo.svg",
        "https://169.254.169.254/logo.svg",
        "https://[::1]/logo.svg",
        "https://localhost/logo.svg",
        "https://127.1/logo.svg",
        "https://example.com:22/logo.svg",
        "https://example.com/" + "x" * 3_000 + ".svg",
    ],
)
def test_an_address_that_nobody_can_fetch_from_is_told_without_asking(url: str) -> None:
    report = check(record=RECORD.replace("https://example.com/logo.svg", url))
    assert any(rule.startswith(("web.", "bimi.")) for rule in rules(report))
    assert "ready" not in report.verdicts.values()


def test_a_long_text_that_is_no_record_costs_no_time() -> None:
    begin = time.monotonic()
    check(dmarc="!" * 1_000_000, record="!" * 1_000_000)
    assert time.monotonic() - begin < 10
