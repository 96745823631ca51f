"""What is told about the records of a domain, and where."""

from __future__ import annotations

import re

import pytest
from dns_driving import Plan, drive

from bimikit.dns import judge
from bimikit.dns.place import locate
from bimikit.dns.rules import DNS_RULES
from bimikit.engine import findings_from
from bimikit.findings import Finding
from bimikit.readiness_rules import RULES

GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
DMARC, BIMI = "_dmarc.example.com", "default._bimi.example.com"

Case = tuple[str, Plan, str, set[str]]


def findings(plan: Plan, domain: str = "example.com", **more: str) -> tuple[Finding, ...]:
    found, _ = drive(plan, domain, **more)
    faults = [
        *judge.records(found),
        *judge.policy(found),
        *judge.assertion(found, more.get("local_part")),
        *judge.issuance(found, ("digicert.com",)),
    ]
    return findings_from(faults, RULES, locate)


def dmarc(text: str | list[str], domain: str = "example.com", **more: str | list[str]) -> tuple[str, Plan]:
    return domain, {BIMI: RECORD, DMARC: text, **more}


def bimi(text: str | list[str], **more: str | list[str]) -> tuple[str, Plan]:
    return "example.com", {DMARC: GOOD, BIMI: text, **more}


def v(rest: str) -> str:
    return f"v=BIMI1; {rest}"


CASES: list[tuple[tuple[str, Plan], set[str]]] = [
    (dmarc(GOOD), set()),
    # the DMARC record as written
    (dmarc("v=DMARC1 p=reject"), {"dmarc.version"}),
    (dmarc("v=dmarc1; p=reject"), {"dmarc.version"}),
    (dmarc(" v=DMARC1; p=reject"), {"dmarc.version"}),
    (dmarc('"v=DMARC1; p=reject"'), {"dmarc.version"}),
    (dmarc("ｖ＝ＤＭＡＲＣ１；ｐ＝ｒｅｊｅｃｔ"), {"dmarc.version"}),
    (dmarc("v＝DMARC1；p=reject"), {"dmarc.version"}),
    (dmarc(["v=spf1 -all", GOOD]), set()),
    (
        dmarc(GOOD, "a.example.com", **{"_dmarc.a.example.com": "v=DMARC1 p=none", "A a.example.com": "192.0.2.1"}),
        {"dmarc.version-ignored"},
    ),
    (dmarc([GOOD, GOOD]), {"dmarc.record-multiple"}),
    (dmarc([GOOD, "v=DMARC1; p=none; rua=mailto:d@example.com"]), {"dmarc.record-multiple"}),
    (dmarc([GOOD, GOOD + "; p=none"]), {"dmarc.record-multiple", "dmarc.tag-duplicate-ignored"}),
    (dmarc(GOOD + "; p=none"), {"dmarc.tag-duplicate"}),
    (
        dmarc([GOOD, GOOD], "a.example.com", **{"A a.example.com": "192.0.2.1"}),
        {"dmarc.record-multiple", "bimi.readings-differ"},
    ),
    (
        dmarc(GOOD, "a.example.com", **{"_dmarc.a.example.com": [GOOD, GOOD]}),
        {"dmarc.record-multiple-ignored", "dmarc.one-reading-bars", "dmarc.readings-differ"},
    ),
    (
        dmarc("v=DMARC1; p=none; rua=mailto:d@e.com", "a.example.com", **{"_dmarc.a.example.com": [GOOD, GOOD]}),
        {"dmarc.record-multiple", "dmarc.policy-none", "dmarc.organizational-none", "dmarc.readings-differ"},
    ),
    (
        dmarc([GOOD, GOOD], "a.example.com", **{"_dmarc.a.example.com": GOOD}),
        {"dmarc.record-multiple-ignored", "dmarc.one-reading-bars", "dmarc.readings-differ", "bimi.readings-differ"},
    ),
    (
        ("a.b.example.com", {"_dmarc.b.example.com": [GOOD, GOOD], BIMI: RECORD, "A a.b.example.com": "192.0.2.1"}),
        {"dmarc.record-multiple", "dmarc.missing", "bimi.readings-differ"},
    ),
    (dmarc(GOOD + "; np=rejct"), {"dmarc.np-invalid", "dmarc.one-reading-bars", "dmarc.readings-differ"}),
    (
        dmarc("v=DMARC1; p=reject; np=rejct"),
        {"dmarc.np-invalid", "dmarc.one-reading-bars", "dmarc.readings-differ", "dmarc.rua-missing"},
    ),
    (dmarc(GOOD + "; bogus"), {"dmarc.syntax"}),
    (dmarc(GOOD + ";; fo=1"), {"dmarc.syntax"}),
    (dmarc(GOOD + "; adkim=x"), {"dmarc.value-ignored"}),
    (dmarc(GOOD + "; pct=101"), {"dmarc.value-ignored"}),
    (dmarc("v=DMARC1; p=reject; rua=d@example.com"), {"dmarc.rua-invalid"}),
    (dmarc("v=DMARC1; p=reject"), {"dmarc.rua-missing"}),
    (dmarc("V=DMARC1; p=reject; rua=mailto:d@example.com"), {"dmarc.version-case"}),
    (dmarc("v=DMARC1; rua=mailto:d@example.com; p=reject"), {"dmarc.policy-not-second"}),
    (dmarc(GOOD + "; ri=3600"), {"dmarc.tag-removed"}),
    (dmarc(GOOD + "; polcy=none"), {"dmarc.tag-unknown"}),
    # whether it is good enough
    (("example.com", {BIMI: RECORD}), {"dmarc.missing"}),
    (dmarc("v=DMARC1; p=none; rua=mailto:d@example.com"), {"dmarc.policy-none"}),
    (dmarc("v=DMARC1"), {"dmarc.only-version", "dmarc.rua-missing"}),
    (dmarc("v=DMARC1;"), {"dmarc.only-version", "dmarc.rua-missing"}),
    (dmarc("v=DMARC1; rua=mailto:d@example.com"), {"dmarc.policy-missing"}),
    (dmarc("v=DMARC1; p=; rua=mailto:d@example.com"), {"dmarc.policy-unusable"}),
    (dmarc("v=DMARC1; p=rejct; rua=mailto:d@example.com"), {"dmarc.policy-unusable"}),
    (dmarc("v=DMARC1; p=rejct; rua=d@example.com"), {"dmarc.policy-unusable", "dmarc.rua-invalid"}),
    (dmarc(GOOD + "; sp=typo"), {"dmarc.policy-unusable"}),
    (dmarc(GOOD + "; sp=none"), {"dmarc.subdomain-none"}),
    (dmarc(GOOD + "; sp=none", "a.example.com", **{"A a.example.com": "192.0.2.1"}), {"dmarc.policy-none"}),
    (
        dmarc("v=DMARC1; p=quarantine; pct=50; rua=mailto:d@example.com"),
        {"dmarc.quarantine-partial", "dmarc.tag-removed"},
    ),
    (dmarc(GOOD + "; pct=50"), {"dmarc.tag-removed"}),
    (
        dmarc("v=DMARC1; p=quarantine; t=y; rua=mailto:d@example.com"),
        {"dmarc.testing", "dmarc.one-reading-bars", "dmarc.readings-differ"},
    ),
    (
        dmarc("v=DMARC1; p=quarantine; t=y; pct=5; rua=mailto:d@example.com"),
        {
            "dmarc.testing",
            "dmarc.quarantine-testing",
            "dmarc.quarantine-partial",
            "dmarc.tag-removed",
            "dmarc.readings-differ",
        },
    ),
    (dmarc(GOOD + "; t=y"), {"dmarc.testing", "dmarc.readings-differ"}),
    (dmarc(GOOD + "; np=none"), {"dmarc.np-none"}),
    (
        ("a.example.com", {"_dmarc.a.example.com": GOOD, BIMI: RECORD}),
        {"dmarc.one-reading-bars", "dmarc.readings-differ", "bimi.readings-differ"},
    ),
    (
        ("a.example.com", {"_dmarc.a.example.com": "v=DMARC1; p=none; rua=mailto:d@example.com", DMARC: GOOD}),
        {"dmarc.policy-none", "bimi.missing"},
    ),
    (
        dmarc("v=DMARC1; p=none; rua=mailto:d@example.com", "a.example.com", **{"_dmarc.a.example.com": GOOD}),
        {"dmarc.organizational-none"},
    ),
    (
        ("a.b.example.com", {"_dmarc.a.b.example.com": GOOD + "; psd=n; sp=none", BIMI: RECORD}),
        {"dmarc.subdomain-none", "dmarc.organizational-missing", "dmarc.readings-differ", "bimi.readings-differ"},
    ),
    (
        ("example.com", {BIMI: RECORD, "_dmarc.com": GOOD + "; psd=y"}),
        {"dmarc.suffix-policy", "dmarc.one-reading-bars", "dmarc.readings-differ"},
    ),
    (dmarc("!servfail"), {"dmarc.undecided"}),
    (dmarc(GOOD, **{"_dmarc.com": "!timeout"}), {"dmarc.undecided"}),
    # the name itself
    (("exmaple.com", {}), {"bimi.domain-nonexistent"}),
    (("a.exmaple.com", {}), {"bimi.domain-nonexistent"}),
    (("exmaple.com", {"_dmarc.exmaple.com": "!timeout"}), {"dmarc.undecided"}),
    (
        ("exmaple.com", {"_dmarc.com": GOOD + "; psd=y"}),
        {"bimi.domain-nonexistent", "dmarc.suffix-policy", "dmarc.one-reading-bars", "dmarc.readings-differ"},
    ),
    (("a.example.com", {DMARC: GOOD, BIMI: RECORD}), {"bimi.subdomain-nonexistent"}),
    (("co.jp", {"A brand.co.jp": "192.0.2.1"}), {"bimi.domain-suffix"}),
    (("co.jp", {"_dmarc.co.jp": GOOD, "default._bimi.co.jp": RECORD}), {"bimi.domain-suffix-own"}),
    # the Assertion Record
    (("example.com", {DMARC: GOOD}), {"bimi.missing"}),
    (bimi("v=bimi1; l=https://example.com/logo.svg"), {"bimi.version"}),
    (
        ("a.example.com", {DMARC: GOOD, BIMI: RECORD, "default._bimi.a.example.com": "v=BIMI1 l=x"}),
        {"bimi.version-ignored"},
    ),
    (bimi([RECORD, RECORD]), {"bimi.record-multiple"}),
    (bimi([RECORD, "v=spf1 -all"]), set()),
    (bimi(RECORD + ";; x=1"), {"bimi.syntax", "bimi.tag-unknown"}),
    (bimi(RECORD + "; bogus"), {"bimi.syntax"}),
    (bimi(RECORD + ";"), set()),
    (bimi(RECORD + "; a="), {"bimi.tag-duplicate"}),
    (bimi("v=BIMI1"), {"bimi.only-version"}),
    (bimi("v=BIMI1;"), {"bimi.only-version"}),
    (bimi(v("a=https://example.com/vmc.pem")), {"bimi.location-missing"}),
    (bimi(v("L=https://example.com/l.svg; a=")), {"bimi.location-missing", "bimi.tag-unknown"}),
    (bimi(v("l=; a=https://example.com/vmc.pem")), {"bimi.location-empty"}),
    (bimi(v("l=https://example.com/l.png; a=")), {"bimi.location-suffix"}),
    (bimi(v("l=http://example.com/l.png; a=")), {"bimi.location-suffix", "bimi.location-invalid"}),
    (bimi(v("l=http://example.com/l.svg; a=")), {"bimi.location-invalid"}),
    (bimi(v("l=https://example.com/logo; a=")), {"bimi.authority-missing"}),
    (bimi(v("l=https://example.com/l.svg; a=self")), {"bimi.authority-invalid"}),
    (bimi(v("l=https://example.com/l.svg; a=https://192.0.2.1/v.pem")), {"bimi.authority-invalid"}),
    (bimi(v("l=https://example.com/l.svg; a=https://localhost/v.pem")), {"bimi.authority-invalid"}),
    (bimi(RECORD + "; lps=new_s"), {"bimi.lps-invalid"}),
    (bimi(RECORD + "; avp=Brand"), {"bimi.avp-invalid"}),
    (bimi(RECORD + "; avp=personal"), set()),
    (bimi(v("l=; a=;")), {"bimi.declined"}),
    (bimi("!timeout"), {"bimi.undecided"}),
    # CAA
    (bimi(RECORD, **{"CAA example.com": '0 issuevmc "globalsign.com"'}), {"caa.authority-excluded"}),
    (bimi(RECORD, **{"CAA com": ['0 issuevmc "digicert.com; x=y"', '0 issue "ca.example"']}), set()),
    (bimi(RECORD, **{"CAA example.com": '128 tbs "x"'}), {"caa.critical-unknown"}),
    (bimi(RECORD, **{"CAA example.com": "!servfail"}), {"caa.not-checked"}),
]  # fmt: skip
URIS = [
    "http://example.com/l.svg",
    "https:/example.com/l.svg",
    "example.com/l.svg",
    "https:///l.svg",
    "https://example.com/l.svg,https://example.com/m.svg",
    "https://example.com/a b.svg",
    "https://example.com/ロゴ.svg",
    "https://example.com/%zz.svg",
    "https://user@example.com/l.svg",
    "https://example.com:x/l.svg",
    "https://exa mple.com/l.svg",
    "data:image/svg+xml,<svg/>",
]


@pytest.mark.parametrize(("given", "rules"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_each_fault_is_told_by_its_own_rule(given: tuple[str, Plan], rules: set[str]) -> None:
    domain, plan = given
    assert {finding.rule for finding in findings(plan, domain)} == rules


@pytest.mark.parametrize("uri", URIS)
def test_an_address_that_is_none_is_told(uri: str) -> None:
    told = {finding.rule for finding in findings(bimi(v(f"l={uri}; a="))[1])}
    assert told <= {"bimi.location-invalid", "bimi.syntax"}
    assert told


def test_every_rule_on_the_dns_has_a_case() -> None:
    told = {rule for _, rules in CASES for rule in rules} | {"bimi.location-invalid"}
    elsewhere = {
        "bimi.selector-invalid",
        "bimi.name-too-long",
        "bimi.local-part-unusable",
        "bimi.not-given",
        "dmarc.not-given",
        # of zone files: tests/test_zone.py
        "bimi.domain-not-in-zone",
        "bimi.domain-zone-empty",
        "bimi.name-doubled",
        "bimi.name-other",
        "dmarc.name-doubled",
        "dmarc.name-other",
    }
    assert {rule.id for rule in DNS_RULES} == told | elsewhere


@pytest.mark.parametrize(
    ("lang", "guessed", "plain"),
    [("en", "(_dmarc.example.com). Closest: p.", "(_dmarc.example.com)."), ("ja", "近い候補：p。", "ありません。")],
)
def test_a_word_is_guessed_at_only_where_one_is_close(lang: str, guessed: str, plain: str) -> None:
    for tag, end in (("pp", guessed), ("quux", plain)):
        told = next(one for one in findings({DMARC: f"{GOOD}; {tag}=1"}) if one.rule == "dmarc.tag-unknown")
        assert told.wording(lang).message.endswith(end)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("given", [given for given, _ in CASES], ids=[str(number) for number in range(len(CASES))])
def test_messages_read_without_gaps(given: tuple[str, Plan], lang: str) -> None:
    for finding in findings(given[1], given[0]):
        words = finding.wording(lang)
        for text in (words.title, words.message, words.why, words.fix):
            assert "{" not in text
            assert not re.search(r"(?<![\w:])@[a-z]+\.", text), text


@pytest.mark.parametrize(
    ("plan", "rule", "name", "column", "length"),
    [
        ({DMARC: "v=DMARC1; p=none; rua=mailto:d@e.com"}, "dmarc.policy-none", DMARC, 11, 6),
        ({DMARC: GOOD + " ;  sp = none"}, "dmarc.subdomain-none", DMARC, len(GOOD) + 5, 9),
        ({DMARC: GOOD, BIMI: v("l=https://e.com/l.png")}, "bimi.location-suffix", BIMI, 10, 21),
        ({DMARC: GOOD, BIMI: RECORD + "; avp=x"}, "bimi.avp-invalid", BIMI, len(RECORD) + 3, 5),
    ],
)
def test_a_fault_is_located_in_the_record(plan: Plan, rule: str, name: str, column: int, length: int) -> None:
    finding = next(finding for finding in findings(plan) if finding.rule == rule)
    place = finding.locations[0]
    assert (place.dns_name, place.line, place.column, place.length) == (name, 1, column, length)


def test_a_name_that_is_too_long_for_the_dns_is_told_and_never_asked() -> None:
    label = "a" * 60
    domain = ".".join([label] * 3 + ["b" * 51, "example.com"])
    assert len(domain) <= 253
    found = findings({DMARC: GOOD}, domain)
    assert "bimi.name-too-long" in {finding.rule for finding in found}


def test_a_local_part_that_can_be_no_selector_is_told() -> None:
    plan = bimi(RECORD + "; lps=")[1]
    assert {f.rule for f in findings(plan, local_part="お知らせ")} == {"bimi.local-part-unusable"}
    assert not findings(plan, local_part="news")


def test_three_rounds_are_the_most_and_nothing_is_asked_twice() -> None:
    plan = {
        DMARC: GOOD,
        BIMI: RECORD + "; lps=",
        "news._bimi.example.com": RECORD,
    }
    found, rounds = drive(plan, "a.b.example.com", local_part="news")
    assert len(rounds) == 3
    assert sum(rounds) == len(found.answers)
    _, rounds = drive(plan, "example.com")
    assert len(rounds) == 1
