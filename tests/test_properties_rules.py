"""What `make mutants` found that no test would notice: places, parameters and states of what is told."""

from __future__ import annotations

from typing import Any

import pytest
from dns_driving import Plan, drive
from support import AT

from bimikit.cert.asn1 import read_certificate
from bimikit.cert.coverage import covers
from bimikit.dns import bimi, dmarc, judge
from bimikit.dns.answers import ABSENT, FAILED, FOUND, Answer, Question
from bimikit.dns.place import locate
from bimikit.engine import findings_from
from bimikit.findings import Finding
from bimikit.readiness_rules import RULES
from bimikit.testing import MarkCA

GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
WEAK = "v=DMARC1; p=quarantine; t=y; pct=5; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
DMARC, BIMI = "_dmarc.example.com", "default._bimi.example.com"
BOTH, NEW = "RFC 9989 / RFC 7489", "RFC 9989"
LONG = ".".join(["a" * 60] * 3 + ["b" * 51, "example.com"])


def findings(plan: Plan, domain: str, local_part: str | None) -> dict[str, Finding]:
    found, _ = drive(plan, domain, local_part=local_part)
    faults = [*judge.records(found), *judge.policy(found), *judge.assertion(found, local_part)]
    return {finding.rule: finding for finding in findings_from(faults, RULES, locate)}


@pytest.mark.parametrize(
    ("plan", "rule", "place", "params"),
    [
        ({DMARC: [GOOD] * 3}, "dmarc.record-multiple", (DMARC, 2, 1, None), {"count": 3}),
        ({DMARC: ["v=spf1"]}, "dmarc.missing", (DMARC, None, None, None), {"readings": BOTH}),
        ({BIMI: ["v=spf1", RECORD, RECORD]}, "bimi.record-multiple", (BIMI, 2, 1, None), {"count": 2}),
        ({DMARC: WEAK}, "dmarc.quarantine-testing", (DMARC, 1, 25, 3), {"tag": "t", "value": "y", "readings": NEW}),
        ({DMARC: WEAK}, "dmarc.quarantine-partial", (DMARC, 1, 30, 5), {"tag": "pct", "value": "5", "readings": BOTH}),
        ({DMARC: WEAK}, "dmarc.testing", (DMARC, 1, 25, 3), {"tag": "t", "policy": "quarantine"}),
        ({BIMI: f"{RECORD}; lps="}, "bimi.local-part-unusable", (BIMI, 1, 73, 4), {"text": "お知らせ"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_finding_says_where_and_what(plan: Plan, rule: str, place: tuple[Any, ...], params: dict[str, Any]) -> None:
    finding = findings({DMARC: GOOD, BIMI: RECORD, **plan}, "example.com", "お知らせ")[rule]
    (where,) = finding.locations
    assert (where.dns_name, where.line, where.column, where.length) == place
    assert params.items() <= finding.params.items()


def test_states_of_two_readings_are_told_with_where_the_record_is() -> None:
    told = findings({"_dmarc.a.example.com": GOOD, BIMI: RECORD}, "a.example.com", None)["bimi.readings-differ"]
    assert told.params == {"new": "none", "old": f"found ({BIMI})"}


def test_a_name_that_is_too_long_is_told_with_its_length() -> None:
    told = findings({DMARC: GOOD}, LONG, None)["bimi.name-too-long"]
    assert told.params["length"] == len(f"default._bimi.{LONG}")
    for lang in ("en", "ja"):
        assert str(told.params["length"]) in told.wording(lang).message


def _published(texts: dict[str, str | None], *names: str) -> dict[str, dmarc.Published]:
    """What domains publish: a text, nothing, or None for what can't be found out."""
    answers = {
        Question(dmarc.dmarc_name(name)): Answer(FAILED) if texts[name] is None else Answer(FOUND, (texts[name] or "",))
        for name in texts
    }
    return {name: dmarc.published(name, {Question(dmarc.dmarc_name(name)): ABSENT, **answers}) for name in names}


SUBDOMAIN, ORGANIZATION = "a.example.com", "example.com"


@pytest.mark.parametrize(
    ("rfc", "texts", "exists", "result", "eligible"),
    [
        ("new", {}, True, "none", False),
        ("old", {}, True, "none", False),
        ("new", {SUBDOMAIN: None}, True, "temperror", None),
        ("old", {SUBDOMAIN: None}, True, "temperror", None),
        ("old", {ORGANIZATION: None}, True, "temperror", None),
        ("new", {SUBDOMAIN: GOOD, ORGANIZATION: None}, True, "record", None),
        ("new", {ORGANIZATION: f"{GOOD}; np=quarantine"}, None, "temperror", None),
        ("new", {ORGANIZATION: f"{GOOD}; np=none; sp=none"}, None, "record", False),
        ("new", {ORGANIZATION: f"{GOOD}; np=none"}, False, "record", False),
        ("new", {ORGANIZATION: f"{GOOD}; np=none"}, True, "record", True),
    ],
)
def test_the_result_of_a_reading(
    rfc: str, texts: dict[str, str | None], exists: bool | None, result: str, eligible: bool | None
) -> None:
    published = _published(texts, SUBDOMAIN, ORGANIZATION, "com")
    reading = dmarc.read_new(SUBDOMAIN, published, exists) if rfc == "new" else dmarc.read_old(SUBDOMAIN, published)
    assert (reading.result, reading.eligible) == (result, eligible)
    assert reading.testing is False
    facts = reading.facts()
    assert (facts["result"], facts["testing"]) == (result, False)


@pytest.mark.parametrize(
    ("local_part", "selector"),
    [
        ("News.Letter", "news-letter"),
        ("_a__b_", "a-b"),
        ("a+b", "a"),
        ("a" * 64, ""),
        ("お", ""),
        ("+x", ""),
        ("-a-", "a"),
    ],
)
def test_the_selector_of_a_local_part(local_part: str, selector: str) -> None:
    assert bimi.normalized(local_part) == selector


@pytest.mark.parametrize(
    ("names", "domain", "selector", "how"),
    [
        (["example.com"], "example.com", "default", "exact"),
        (["example.com"], "mail.example.com", "default", "organizational"),
        (["default._bimi.example.com"], "example.com", "default", "selector"),
        (["default._bimi.example.com", "example.com"], "default._bimi.example.com", "brand", "selector"),
        (["brand._bimi.example.com"], "example.com", "default", "not"),
        (["example.org"], "example.com", "default", "not"),
        (["mail.example.com"], "example.com", "default", "not"),
    ],
)
def test_the_facts_say_how_a_certificate_covers_a_record(
    names: list[str], domain: str, selector: str, how: str
) -> None:
    issued = MarkCA(at=AT).issue(names=names)
    told = covers(read_certificate(issued.leaf), domain, selector)
    assert (told["domain"], told["how"]) == (domain.removeprefix("default._bimi."), how)
