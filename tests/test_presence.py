"""Names that aren't there, or aren't one organization's, and name servers that fail: told once, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support import AT

import bimikit
from bimikit.testing import Zone

GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://brand.example/logo.svg; a=https://brand.example/vmc.pem"


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    records: dict[str, Any] = {
        "_dmarc.brand.example": GOOD,
        "default._bimi.brand.example": RECORD,
        "news.brand.example": ("A", "192.0.2.1"),
        "bare.example": ("MX", "10 mail.bare.example"),
        "brand.co.jp": ("A", "192.0.2.1"),
        "_dmarc.github.io": GOOD,
        "default._bimi.github.io": RECORD,
        "_dmarc.bank": "v=DMARC1; p=none; np=reject; psd=y",
        "_dmarc.com": "v=DMARC1; p=none; psd=y",
        "*.wild.example": ("A", "192.0.2.1"),
    }
    failing = ("_dmarc.sick.example", "_dmarc.dead.example", "default._bimi.dead.example", "dead.example")
    with Zone(records, faults=dict.fromkeys(failing, "servfail")) as zone:
        zone.add("default._bimi.sick.example", "TXT", RECORD)
        zone.fail("_dmarc.news.brand.example", "servfail")
        yield zone


def check(zone: Zone, domain: str, **planned: str) -> bimikit.Report:
    return bimikit.check_domain(domain, at=AT, fetch=False, resolver=zone.resolver(lifetime=5.0), **planned)


def errors(report: bimikit.Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.severity is bimikit.Severity.ERROR]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("domain", "rule", "named"),
    [
        ("exmaple.jp", "bimi.domain-nonexistent", "exmaple.jp"),
        ("news.exmaple.jp", "bimi.domain-nonexistent", "exmaple.jp"),
        ("a.b.c.d.e.f.g.h.i.j.k.exmaple.jp", "bimi.domain-nonexistent", "exmaple.jp"),
        ("exmaple.bank", "bimi.domain-nonexistent", "exmaple.bank"),
        ("exmaple.com", "bimi.domain-nonexistent", "exmaple.com"),
        ("co.jp", "bimi.domain-suffix", "co.jp"),
    ],
)
def test_a_name_that_cannot_be_meant_comes_before_all_records(
    zone: Zone, domain: str, rule: str, named: str, lang: str
) -> None:
    report = check(zone, domain)
    assert not {"dmarc.missing", "bimi.missing"} & set(errors(report))
    finding = next(finding for finding in report.findings if finding.rule == rule)
    told = bimikit.explain(report, lang)
    assert told.steps.texts[0] == finding.wording(lang).fix
    assert named in told.steps.texts[0]
    assert told.blocks[0].texts[0] == finding.wording(lang).message
    assert report.verdicts["gmail"] == "blocked"
    assert finding.locations[0].dns_name == named


def test_what_is_planned_for_a_name_does_not_bring_it_into_being(zone: Zone) -> None:
    assert "bimi.domain-nonexistent" in errors(check(zone, "exmaple.jp", dmarc=GOOD, record=RECORD))
    assert "bimi.domain-nonexistent" not in errors(check(zone, "brand.example", dmarc=GOOD, record=RECORD))


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        ("brand.example", set()),
        ("news.brand.example", set()),
        ("nwes.brand.example", {"bimi.subdomain-nonexistent"}),
        ("any.wild.example", set()),
        ("bare.example", set()),
        ("github.io", {"bimi.domain-suffix-own"}),
        ("dead.example", set()),
    ],
)
def test_nothing_is_said_against_a_name_that_may_be_meant(zone: Zone, domain: str, told: set[str]) -> None:
    report = check(zone, domain)
    of_names = ("bimi.domain-", "bimi.subdomain-")
    assert {finding.rule for finding in report.findings if finding.rule.startswith(of_names)} == told
    assert not [rule for rule in errors(report) if rule.startswith(of_names)]


def test_a_domain_without_any_record_is_told_to_publish_them(zone: Zone) -> None:
    assert set(errors(check(zone, "bare.example"))) == {"dmarc.missing", "bimi.missing"}


@pytest.mark.parametrize("given", [{}, {"dmarc": GOOD}, {"record": RECORD}, {"dmarc": GOOD, "record": RECORD}])
def test_a_plan_says_nothing_of_what_it_cannot_know(given: dict[str, str]) -> None:
    for domain in ("exmaple.jp", "news.exmaple.jp"):
        report = bimikit.check_publication(domain=domain, at=AT, **given)
        assert not [rule for rule in report.results if "nonexistent" in rule and not _passes(report, rule)]


def _passes(report: bimikit.Report, rule: str) -> bool:
    return report.results[rule] is bimikit.Outcome.PASS


@pytest.mark.parametrize(
    ("given", "rule"), [({}, "bimi.domain-suffix-own"), ({"dmarc": {"_dmarc.jp": GOOD}}, "bimi.domain-suffix")]
)
def test_a_public_suffix_is_known_without_the_network(given: dict[str, Any], rule: str) -> None:
    report = bimikit.check_publication(domain="co.jp", at=AT, **given)
    assert rule in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("domain", "asked"),
    [
        ("sick.example", ["_dmarc.sick.example"]),
        ("dead.example", ["_dmarc.dead.example", "default._bimi.dead.example"]),
        ("news.brand.example", ["_dmarc.news.brand.example"]),
    ],
)
def test_a_failing_name_server_is_told_once_for_each_record_and_in_one_step(
    zone: Zone, domain: str, asked: list[str], lang: str
) -> None:
    report = check(zone, domain)
    undecided = [finding for finding in report.findings if finding.outcome is bimikit.Outcome.INDETERMINATE]
    assert sorted(place.dns_name for finding in undecided for place in finding.locations) == asked
    steps = [
        text for text in bimikit.explain(report, lang).steps.texts if "again later" in text or "時間をおいて" in text
    ]
    assert len(steps) == 1
    assert domain.removeprefix("news.") in steps[0]
    assert "ready" not in report.verdicts.values()
    assert not report.complete
