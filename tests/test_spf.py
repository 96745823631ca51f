"""SPF: what its records say, what they take to evaluate, and what is told about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import dns_driving
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import AT

import bimikit
from bimikit import Report
from bimikit.dns.answers import Answer, Question
from bimikit.sending import answered, check_spf
from bimikit.spf import syntax
from bimikit.spf.evaluation import MOST_FOLLOWED, MOST_QUESTIONS, MOST_ROUNDS, discover
from bimikit.spf.syntax import expanded, is_record, parse
from bimikit.testing import Zone

Plan = Mapping[str, str | Sequence[str]]
HOST = {"A mail.example.com": "192.0.2.1", "AAAA mail.example.com": "2001:db8::1"}


class Table(dict[Question, Answer]):
    """Answers from a table of records (`dns_driving.Plan`); what isn't in it doesn't exist."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.asked: list[Question] = []

    def get(self, question: Question, default: Any = None) -> Any:
        self.asked.append(question)
        return dns_driving.answer(self.plan, question)


def judged(record: str | Plan, more: Plan | None = None) -> Report:
    plan = {"example.com": record} if isinstance(record, str) else record
    return check_spf("example.com", answers=Table({**plan, **(more or {})}), at=AT)


def rules(report: Report) -> set[str]:
    return {finding.rule.removeprefix("spf.") for finding in report.findings}


FLAWS = (
    ("ip4:192.0.2.0/33", "prefix"),
    ("ip4:192.0.2.0/", "prefix"),
    ("ip4:192.0.2.0/024", "prefix"),
    ("ip4:192.0.2", "address"),
    ("ip4:", "empty"),
    ("ip4", "empty"),
    ("ip6:192.0.2.1", "address"),
    ("ip6:2001:db8::/129", "prefix"),
    ("ip6:fe80::1%eth0", "address"),
    ("include:", "empty"),
    ("include", "empty"),
    ("include:localhost", "domain"),
    ("include:example.123", "domain"),
    ("include:example.com/24", "domain"),
    ("a:", "empty"),
    ("a/33", "prefix"),
    ("a//129", "prefix"),
    ("mx/x", "prefix"),
    ("ptr/24", "prefix"),
    ("all:x", "all-value"),
    ("exists:%{x}.example.com", "macro"),
    ("exists:%{c}.example.com", "macro"),
    ("exists:%{d0}.example.com", "macro"),
    ("exists:%d.example.com", "macro"),
    ("exists:100%", "macro"),
    ("redirect=", "empty"),
    ("foo=%", "macro"),
    ("ipv4:192.0.2.1", "unknown"),
    ("redirect:example.com", "unknown"),
    ("1.2.3.4", "no-term"),
    ("--all", "no-term"),
    ("\u201ca\u201d", "character"),
    ("a\tmx", "character"),
)
FINE = (
    "a", "A", "a/24", "a//64", "a/24//64", "a:example.com", "a:example.com/0", "mx:%{d}", "mx:%{d2r}/26", "ptr",
    "ptr:example.com.", "ip4:192.0.2.1", "ip4:0.0.0.0/0", "ip6:::1", "ip6:2001:db8::/32", "exists:%{ir}.%{l1r+-}._x.%{d}",
    "exists:a%%b.%_%-.example", "include:_spf.example.com", "?include:xn--bcher-kva.example", "~all", "-ALL", "foo=",
    "foo=bar%{i}", "exp=%{d}", "redirect=a.example", "include:a.b-c", "exists:%{I}.example",
)  # fmt: skip


@pytest.mark.parametrize(("term", "kind"), FLAWS)
def test_a_term_that_cant_be_read_is_told_with_its_place(term: str, kind: str) -> None:
    record = parse(f"v=spf1 mx {term} -all")
    assert [(flaw.kind, flaw.span.start) for flaw in record.flaws] == [(kind, 10)]
    report = judged(f"v=spf1 ip4:192.0.2.1 {term} -all")
    (finding,) = [one for one in report.findings if one.rule == "spf.syntax"]
    place = finding.locations[0]
    assert (place.dns_name, place.line, place.column, place.length) == ("example.com", 1, 22, len(term))


@pytest.mark.parametrize("term", FINE)
def test_a_valid_term_is_read_and_written_the_same(term: str) -> None:
    record = parse(f"v=spf1 {term}")
    assert not record.flaws
    again = parse(str(record))
    assert not again.flaws
    assert [str(one) for one in again.terms] == [str(one) for one in record.terms]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("v=spf1", True), ("V=SPF1 -all", True), ("v=spf10 -all", False), ("v=spf1;-all", False), (" v=spf1", False)],
)
def test_a_record_begins_with_its_version_and_a_blank(text: str, is_one: bool) -> None:
    assert is_record(text) is is_one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%{d}", "mail.example.com"),
        ("%{d2}", "example.com"),
        ("%{dr}", "com.example.mail"),
        ("%{d1r}", "mail"),
        ("%{o}", "example.com"),
        ("a.%{d2}.", "a.example.com"),
        ("%{d-}.x", "mail.example.com.x"),
        ("A.Example", "a.example"),
        ("%{i}.x", None),
        ("%{l}.%{d}", None),
    ],
)
def test_macros_that_hang_on_the_domain_alone_are_expanded(text: str, name: str | None) -> None:
    assert expanded(text, "mail.example.com", "example.com") == name


TERMS = st.one_of(
    st.sampled_from(FINE), st.sampled_from([term for term, _ in FLAWS]), st.text(max_size=20), st.from_regex(r"\A[-+~?]?[a-z0-9]{1,7}[:=/][!-~]{0,12}\Z")
)  # fmt: skip


@given(st.lists(TERMS, max_size=8))
def test_any_text_is_read_and_what_was_read_is_written_to_the_same(terms: list[str]) -> None:
    text = " ".join(("v=spf1", *terms))
    record = parse(text)
    assert all(text[flaw.span.start :].startswith(flaw.span.text) for flaw in record.flaws)
    assert all(text[term.span.start :].startswith(term.span.text) for term in record.terms)
    again = parse(str(record))
    assert {flaw.kind for flaw in again.flaws} <= {"twice", "too-long"}
    assert [str(one) for one in again.terms] == [str(one) for one in record.terms]


@given(st.text(max_size=200).map(lambda text: "v=spf1 " + text))
def test_any_record_gives_a_report(text: str) -> None:
    report = judged(text, HOST)
    assert "bimikit.rule-crashed" not in {finding.rule for finding in report.findings}
    for lang in ("en", "ja"):
        assert all(finding.wording(lang).message for finding in report.findings)


CASES: tuple[tuple[str, Plan, set[str]], ...] = (
    ("clean", {"example.com": "v=spf1 a:mail.example.com ip4:192.0.2.0/24 -all", **HOST}, set()),
    ("nobody sends", {"example.com": "v=spf1 -all"}, set()),
    ("none", {}, {"missing"}),
    ("other texts", {"example.com": ["google-site-verification=x", "v=DMARC1; p=none"]}, {"missing"}),
    ("sender id is another", {"example.com": "spf2.0/pra -all"}, {"missing"}),
    ("no equals", {"example.com": "spf1 -all"}, {"version"}),
    ("quoted", {"example.com": '"v=spf1 -all"'}, {"version"}),
    ("full width", {"example.com": "\uff56\uff1dspf1 -all"}, {"version"}),
    ("another version", {"example.com": "v=spf2 -all"}, {"version"}),
    ("two", {"example.com": ["v=spf1 -all", "v=spf1 mx -all"]}, {"record-multiple"}),
    ("one and another text", {"example.com": ["v=spf1 -all", "v=spf10"]}, set()),
    ("plus all", {"example.com": "v=spf1 +all"}, {"pass-all"}),
    ("all alone", {"example.com": "v=spf1 all"}, {"pass-all"}),
    ("everything by address", {"example.com": "v=spf1 ip4:0.0.0.0/0 -all"}, {"pass-all"}),
    ("everything by host", {"example.com": "v=spf1 a:mail.example.com/0 -all", **HOST}, {"pass-all"}),
    ("wide", {"example.com": "v=spf1 ip4:10.0.0.0/8 ip6:2000::/3 -all"}, {"range-wide"}),
    ("wide, but failed", {"example.com": "v=spf1 -ip4:10.0.0.0/8 -all"}, set()),
    ("neutral", {"example.com": "v=spf1 ?all"}, {"neutral-all"}),
    ("no end", {"example.com": "v=spf1 ip4:192.0.2.1"}, {"all-missing"}),
    ("redirected to an end", {"example.com": "v=spf1 redirect=a.example", "a.example": "v=spf1 -all"}, set()),
    ("redirected to none", {"example.com": "v=spf1 redirect=a.example", "a.example": "v=spf1"}, {"all-missing"}),
    ("redirected to all", {"example.com": "v=spf1 redirect=a.example", "a.example": "v=spf1 ?all"}, {"neutral-all"}),
    ("include without an end", {"example.com": "v=spf1 include:a.example -all", "a.example": "v=spf1 ip4:192.0.2.1"}, set()),
    ("included plus all", {"example.com": "v=spf1 include:a.example -all", "a.example": "v=spf1 +all"}, {"pass-all"}),
    ("after all", {"example.com": "v=spf1 -all ip4:192.0.2.1"}, {"all-not-last"}),
    ("redirect beside all", {"example.com": "v=spf1 redirect=gone.example -all"}, {"all-not-last"}),
    ("exp after all", {"example.com": "v=spf1 -all exp=x.example"}, set()),
    ("twice", {"example.com": "v=spf1 exp=x.example exp=y.example -all"}, {"modifier-twice"}),
    ("equals for colon", {"example.com": "v=spf1 include=a.example -all"}, {"modifier-unknown"}),
    ("ptr", {"example.com": "v=spf1 ptr -all"}, {"ptr"}),
    ("include nothing", {"example.com": "v=spf1 include:gone.example -all"}, {"include-missing"}),
    ("include two", {"example.com": "v=spf1 include:a.example -all", "a.example": ["v=spf1 -all"] * 2}, {"include-missing"}),
    ("redirect nothing", {"example.com": "v=spf1 redirect=gone.example"}, {"redirect-missing"}),
    ("itself", {"example.com": "v=spf1 include:example.com -all"}, {"loop"}),
    ("itself by macro", {"example.com": "v=spf1 include:%{d} -all"}, {"loop"}),
    ("circle", {"example.com": "v=spf1 include:a.example -all", "a.example": "v=spf1 redirect=example.com"}, {"loop"}),
    ("gone", {"example.com": "v=spf1 a:gone.example -all"}, {"name-void"}),
    ("two gone", {"example.com": "v=spf1 a:x.example mx:y.example -all"}, {"name-void"}),
    ("three gone", {"example.com": "v=spf1 a:x.example mx:y.example exists:z.example -all"}, {"name-void", "void-lookups"}),
    ("three without IPv6", {"example.com": "v=spf1 a:x.example a:y.example a:z.example -all",
     **{f"A {one}.example": "192.0.2.1" for one in "xyz"}}, {"void-lookups-family"}),
    ("many hosts", {"example.com": "v=spf1 mx -all", "MX example.com": [f"10 m{one}.example." for one in range(11)]},
     {"mx-hosts"}),
    ("null MX", {"example.com": "v=spf1 mx -all", "MX example.com": "0 ."}, set()),
    ("message", {"example.com": "v=spf1 exists:%{ir}.x.example -all"}, {"macro-uncounted"}),
    ("empty label", {"example.com": "v=spf1 a:a..example -all"}, {"name-invalid"}),
    ("include an empty label", {"example.com": "v=spf1 include:a..example -all"}, {"include-missing"}),
    ("silent", {"example.com": "!timeout"}, {"undecided"}),
    ("silent include", {"example.com": "v=spf1 include:a.example -all", "a.example": "!servfail"}, {"undecided"}),
    ("silent host", {"example.com": "v=spf1 a:a.example -all", "A a.example": "!timeout"}, {"undecided"}),
    ("long", {"example.com": "v=spf1 " + " ".join(f"ip4:192.0.2.{one}" for one in range(40)) + " -all"}, {"record-long"}),
    ("long but not ours", {"example.com": "v=spf1 include:a.example -all",
     "a.example": "v=spf1 " + " ".join(f"ip4:192.0.2.{one}" for one in range(40)) + " -all"}, set()),
)  # fmt: skip


@pytest.mark.parametrize(("plan", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_record_is_told_with_what_is_wrong_and_nothing_else(plan: Plan, expected: set[str]) -> None:
    report = judged(plan)
    assert rules(report) == expected
    assert report.kind == "sending"
    assert all(rule.startswith(("spf.", "dkim.", "bimikit.")) for rule in report.results)
    assert report.complete is ("undecided" not in expected)


def chain(lookups: int) -> Plan:
    """A record that takes that many lookups, over several records."""
    inner = {f"i{one}.example": "v=spf1 a:mail.example.com -all" for one in range(lookups // 2)}
    rest = " a:mail.example.com" * (lookups % 2)
    return {"example.com": "v=spf1 " + " ".join(f"include:{name}" for name in inner) + rest + " -all", **inner, **HOST}


@pytest.mark.parametrize(
    ("lookups", "expected"), [(8, set()), (9, {"lookups-close"}), (10, {"lookups-close"}), (11, {"lookups"})]
)
def test_ten_lookups_are_allowed_over_all_records(lookups: int, expected: set[str]) -> None:
    report = judged(chain(lookups))
    assert report.facts["spf"]["lookups"] == lookups
    assert rules(report) == expected


def test_the_limit_is_told_at_the_term_that_passes_it_with_each_terms_share() -> None:
    plan = {**chain(12), "example.com": "v=spf1 " + " ".join(f"include:i{one}.example" for one in range(6)) + " -all"}
    (finding,) = judged(plan).findings
    assert finding.params["shares"] == ", ".join(f"include:i{one}.example (2)" for one in range(6))
    place = finding.locations[0]
    column = str(plan["example.com"]).index("include:i5") + 1
    assert (place.dns_name, place.column, place.length) == ("example.com", column, len("include:i5.example"))


def test_the_same_include_twice_counts_twice_and_is_asked_once() -> None:
    table = Table({"example.com": "v=spf1 include:a.example include:a.example -all", "a.example": "v=spf1 -all"})
    report = check_spf("example.com", answers=table, at=AT)
    assert report.facts["spf"]["lookups"] == 2
    assert len(table.asked) == len(set(table.asked)) == 2


def test_what_is_not_given_is_told_as_such() -> None:
    found = Answer("found", ("v=spf1 include:a.example -all",))
    report = check_spf("example.com", answers={Question("example.com"): found}, at=AT)
    assert rules(report) == {"not-given"}
    assert report.ok
    assert not report.facts["spf"]["counted"]


HOSTILE: tuple[tuple[str, Plan], ...] = (
    ("wide", {"example.com": "v=spf1 " + " ".join(f"include:a{one}.example" for one in range(290)),
              **{f"a{one}.example": "v=spf1 mx a -all" for one in range(290)}}),
    ("bushy", {f"{name}": "v=spf1 " + " ".join(f"include:a{one}.example" for one in range(50))
               for name in ("example.com", *(f"a{one}.example" for one in range(50)))}),
    ("deep", {"example.com": "v=spf1 include:a0.example -all",
              **{f"a{one}.example": f"v=spf1 include:a{one + 1}.example -all" for one in range(60)}}),
    ("growing", {"example.com": "v=spf1 include:" + "%{d}." * 60 + "example -all"}),
    ("mail hosts", {"example.com": "v=spf1 " + " ".join(f"mx:m{one}.example" for one in range(200)),
                    **{f"MX m{one}.example": [f"1 h{one}x{n}.example." for n in range(10)] for one in range(200)}}),
    ("long", {"example.com": "v=spf1 " + "a " * 100_000}),
    ("nonsense", {"example.com": "v=spf1 " + " ".join(f"inclde{one}:x" for one in range(400))}),
    ("one term", {"example.com": "v=spf1 " + "a" * 100_000}),
    ("prefix", {"example.com": "v=spf1 a/" + "9" * 9_000}),
    ("macro", {"example.com": "v=spf1 a:%{d" + "9" * 9_000 + "}"}),
)  # fmt: skip


@pytest.mark.parametrize("plan", [plan for _, plan in HOSTILE], ids=[name for name, _ in HOSTILE])
def test_a_hostile_record_is_bounded_and_told(plan: Plan) -> None:
    asking = discover("example.com")
    questions, rounds, asked = next(asking), 0, 0
    found = None
    while found is None:
        rounds, asked = rounds + 1, asked + len(questions)
        try:
            questions = asking.send({one: dns_driving.answer(plan, one) for one in questions})
        except StopIteration as end:
            found = end.value
    assert rounds <= MOST_ROUNDS
    assert asked <= MOST_QUESTIONS
    assert found.lookups <= MOST_FOLLOWED
    report = judged(plan)
    assert report.findings
    assert "bimikit.rule-crashed" not in {finding.rule for finding in report.findings}


def test_no_domain_is_told_as_such() -> None:
    report = check_spf("not a domain", answers={}, at=AT)
    assert [finding.rule for finding in report.findings] == ["bimikit.domain-invalid"]
    assert not report.finished
    with pytest.raises(TypeError, match="domain must be a str"):
        check_spf(None, answers={}, at=AT)  # type: ignore[arg-type]


def test_it_is_asked_of_real_name_servers_also_on_an_event_loop() -> None:
    records = {
        "example.com": ["v=spf1 mx include:a.example -all", ("MX", "10 mail.example.com.")],
        "mail.example.com": [("A", "192.0.2.1"), ("AAAA", "2001:db8::1")],
        "a.example": ("CNAME", "b.example."),
        "b.example": "v=spf1 ip4:192.0.2.0/24 " + " ".join(f"ip4:198.51.100.{one}" for one in range(30)) + " ~all",
    }
    with Zone(records) as zone:  # type: ignore[arg-type]
        report = bimikit.check_spf("Example.COM.", resolver=zone.resolver(), at=AT)
        asked = {(query.name, query.rdtype) for query in zone.queries}
        there = asyncio.run(_awaited(zone))
    assert not report.findings
    assert report == there
    assert report.facts["spf"]["lookups"] == 2
    assert {("example.com", "MX"), ("mail.example.com", "AAAA"), ("a.example", "TXT")} <= asked


async def _awaited(zone: Zone) -> Report:
    return await bimikit.aio.check_spf("example.com", resolver=zone.async_resolver(), at=AT)


PERMANENT = {
    "syntax", "modifier-twice", "record-multiple", "lookups", "void-lookups", "mx-hosts", "include-missing",
    "redirect-missing", "loop",
}  # fmt: skip
"""Rules for which a receiver answers ``permerror``."""


def _pyspf(monkeypatch: pytest.MonkeyPatch, plan: Plan) -> str:
    spf = pytest.importorskip("spf", reason="pyspf is not installed")

    def lookup(name: str, qtype: str, *_: object, **__: object) -> list[Any]:
        answer = dns_driving.answer(plan, Question(name.lower().rstrip("."), qtype))
        if answer.failed:
            raise spf.TempError("DNS failed")
        return [((name, qtype), _as_pyspf(qtype, text)) for text in answer.records]

    monkeypatch.setattr(spf, "DNSLookup", lookup)
    result: str = spf.query(i="203.0.113.9", s="someone@example.com", h="helo.invalid").check()[0]
    return result


def _as_pyspf(qtype: str, text: str) -> Any:
    if qtype == "TXT":
        return (text.encode("utf-8"),)
    if qtype == "MX":
        preference, host = text.split()
        return int(preference), host.rstrip(".")
    return text


@pytest.mark.parametrize(("plan", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_called_a_permanent_error_is_one_to_pyspf(
    monkeypatch: pytest.MonkeyPatch, plan: Plan, expected: set[str]
) -> None:
    result = _pyspf(monkeypatch, plan)
    if result != "pass":  # what passes at once is evaluated no further
        assert (result == "permerror") is bool(expected & PERMANENT)


@pytest.mark.parametrize("term", [term for term, _ in FLAWS if "%{d0}" not in term])  # which pyspf takes for all labels
def test_a_flaw_is_a_permanent_error_to_pyspf(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    assert _pyspf(monkeypatch, {"example.com": f"v=spf1 {term} -all", **HOST}) == "permerror"


@pytest.mark.parametrize("lookups", [3, 9, 10, 11])
def test_pyspf_keeps_the_same_limit(monkeypatch: pytest.MonkeyPatch, lookups: int) -> None:
    assert (_pyspf(monkeypatch, chain(lookups)) == "permerror") is (lookups > 10)


@pytest.mark.parametrize("lookups", [1, 4, 7, 10])
def test_checkdmarc_counts_the_same_lookups(lookups: int) -> None:
    theirs = pytest.importorskip("checkdmarc.spf", reason="checkdmarc is not installed")
    plan = chain(lookups)
    with Zone({name: text for name, text in plan.items() if " " not in name}) as zone:  # type: ignore[arg-type]
        zone.add("mail.example.com", "A", "192.0.2.1")
        zone.add("mail.example.com", "AAAA", "2001:db8::1")
        parsed = theirs.parse_spf_record(str(plan["example.com"]), "example.com", resolver=zone.resolver())
    assert parsed["dns_lookups"] == judged(plan).facts["spf"]["lookups"] == lookups


def test_a_generator_can_be_driven_by_other_programs() -> None:
    found = answered(discover("example.com"), {Question("example.com"): Answer("found", ("v=spf1 -all",))})
    assert found.own.record is not None
    assert [term.name for term in found.own.record.terms] == [syntax.ALL]
