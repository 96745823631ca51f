"""Mailbox providers: the data, the verdicts, and their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimikit import Applicability, Finding, Outcome, Severity, all_rules
from bimikit.locale import LANGUAGES
from bimikit.locale.en.receiver_terms import TERMS
from bimikit.receivers import ALIASES, PROVIDER_IDS, canonical, provider_ids
from bimikit.receivers import providers as providers_module
from bimikit.receivers.evidence import VIEWS, Evidence
from bimikit.receivers.page import page_markdown
from bimikit.receivers.providers import Value, Words, baseline, load_providers
from bimikit.receivers.traits import INFORMING, TRAITS, Seen
from bimikit.receivers.verdict import STATES, Reason, Verdict, answer, judge
from bimikit.receivers.words import next_step, next_steps, sides, term, terms, text
from bimikit.sources import cite
from tools.stale import main as stale_main
from tools.stale import stale

PROVIDERS = load_providers()
BIMI = [name for name in PROVIDER_IDS if PROVIDERS[name].kind == "bimi"]
VALUES = [("_baseline", value) for value in baseline()] + [
    (provider.id, value) for provider in PROVIDERS.values() for value in provider.value
]
SURE = ("gmail", "apple", "yahoo", "fastmail", "zone")
"""Providers that are known to show BIMI, and of which enough is known."""


def finding(
    rule: str, severity: Severity = Severity.ERROR, outcome: Outcome = Outcome.FAIL, **params: str | int
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        outcome=outcome,
        citation=cite("bimi"),
        applicability=Applicability.MANUAL,
        params=params,
    )


def warning(rule: str, outcome: Outcome = Outcome.FAIL) -> Finding:
    return finding(rule, Severity.WARNING, outcome)


def undecided(rule: str) -> Finding:
    return finding(rule, outcome=Outcome.INDETERMINATE)


def views(**facts: Any) -> dict[str, dict[str, Any]]:
    """The same facts in both readings, or, where a value is a pair, one each."""
    return {
        view: {key: value[place] if isinstance(value, tuple) else value for key, value in facts.items()}
        for place, view in enumerate(VIEWS)
    }


def dmarc(policy: str = "reject", **more: Any) -> dict[str, dict[str, Any]]:
    return views(**{"result": "record", "policy": policy, "applied_policy": policy, "testing": False, **more})


def bimi(eligible: Any = True, record: Any = "found") -> dict[str, dict[str, Any]]:
    return views(eligible=eligible, record=record)


def subject(*findings: Finding, **more: Any) -> Evidence:
    """A domain that has it all right, with a VMC; but for what is given."""
    facts: dict[str, Any] = {
        "findings": findings,
        "dmarc": dmarc(),
        "bimi": bimi(),
        "kind_of_mark": "VMC",
        "mark_type": "Registered Mark",
        "indicator": "seen",
        "certificate": "seen",
        "certified": True,
    }
    return Evidence(**{**facts, **more})


def self_asserted(*findings: Finding, **more: Any) -> Evidence:
    return subject(
        *findings, **{"kind_of_mark": None, "mark_type": None, "certificate": "none", "certified": False, **more}
    )


def with_cmc(*findings: Finding, **more: Any) -> Evidence:
    return subject(*findings, **{"kind_of_mark": "CMC", "mark_type": "Prior Use Mark", **more})


def states(known: Evidence, names: Any = PROVIDER_IDS) -> dict[str, str]:
    return {name: verdict.state for name, verdict in judge(known, names).items()}


def reason(known: Evidence, provider: str, about: str) -> Reason:
    return next(reason for reason in judge(known, [provider])[provider].reasons if reason.about == about)


# The data.


def test_every_provider_has_a_file_and_every_file_a_provider() -> None:
    folder = Path(str(providers_module.__file__)).parent / "data"
    assert {path.stem for path in folder.glob("*.toml")} == {*PROVIDER_IDS, "_baseline"}
    assert tuple(PROVIDERS) == provider_ids() == PROVIDER_IDS
    assert all(PROVIDERS[name].id == name for name in PROVIDER_IDS)


@pytest.mark.parametrize(("owner", "value"), VALUES, ids=lambda one: one if isinstance(one, str) else one.about)
def test_a_value_says_how_it_is_known(owner: str, value: Value) -> None:
    day = r"(\d{4}(-\d\d(-\d\d)?)?)?"
    assert value.url.startswith("https://") or (not value.url and value.status == "unknown")
    assert isinstance(value.seen, date)
    assert re.fullmatch(day, value.published)
    assert bool(value.sides) == (value.status == "contested")
    assert len(value.sides) != 1
    for side in value.sides:
        assert side.url.startswith("https://")
        assert re.fullmatch(day, side.date)
    if value.force == "informs":
        assert value.about in INFORMING
        assert value.note
    else:
        assert value.about in TRAITS
        assert (value.accepts is None) == (value.status in ("contested", "unknown"))
    for texts in (value.note, *(side.says for side in value.sides)):
        assert_in_both_languages(texts)


def assert_in_both_languages(texts: Words | None) -> None:
    if texts is not None:
        assert texts.en.strip()
        assert re.search(r"[\u3040-\u30ff]|[\u4e00-\u9fff]", texts.ja), texts.ja


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda provider: provider.id)
def test_a_provider_is_described(provider: providers_module.Provider) -> None:
    assert provider.name.en.isascii()
    assert provider.name.ja
    assert_in_both_languages(provider.note)
    abouts = {value.about for value in provider.value}
    if provider.kind == "bimi":
        assert abouts >= {"supported", "self-asserted", "cmc", "vmc"}
        assert provider.find("supported").accepts is not False  # type: ignore[union-attr]
        assert "programme" not in abouts
    else:
        deciding = [value for value in provider.value if value.force != "informs"]
        assert [value.accepts for value in deciding] == [False]
        assert deciding[0].about == ("programme" if provider.kind == "programme" else "supported")


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda provider: provider.id)
def test_a_trait_has_one_value_at_a_time(provider: providers_module.Provider) -> None:
    for one, other in combinations([value for value in provider.value if value.force != "informs"], 2):
        if one.about == other.about:
            first, second = sorted((one, other), key=lambda value: value.valid_from or date.min)
            assert first.valid_to
            assert second.valid_from
            assert first.valid_to < second.valid_from


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda provider: provider.id)
def test_nobody_is_laxer_than_the_drafts(provider: providers_module.Provider) -> None:
    binding = {v.about for v in baseline() if v.accepts is False and (v.status, v.force) == ("documented", "requires")}
    for value in provider.value:
        if provider.kind == "bimi" and value.about in binding:
            assert (value.accepts, value.status, value.force) == (False, "documented", "requires")


def test_the_baseline_has_every_trait_that_is_not_a_providers_own() -> None:
    own = {"programme", "supported", "self-asserted", "cmc", "vmc", "root", "mark-type", "drawing"}
    assert {value.about for value in baseline()} == set(TRAITS) - own


def test_every_rule_of_a_provider_counts_with_that_provider() -> None:
    for rule in all_rules():
        if rule.id.startswith("receiver."):
            provider = rule.id.split(".")[1]
            known = subject(finding(rule.id, rule.severity))
            verdicts = judge(known)
            assert verdicts[provider].state in ("blocked", "at_risk")
            assert [one.rules for one in verdicts[provider].reasons] == [(rule.id,)]
            assert all(verdicts[name] == judge(subject())[name] for name in PROVIDER_IDS if name != provider)


def test_values_with_dates_hold_on_their_days() -> None:
    gmail = PROVIDERS["gmail"]
    assert gmail.find("cmc").accepts is True  # type: ignore[union-attr]
    assert gmail.find("cmc", date(2024, 9, 23)).accepts is False  # type: ignore[union-attr]
    assert gmail.find("cmc", date(2024, 9, 24)).accepts is True  # type: ignore[union-attr]
    assert states(with_cmc(at=date(2024, 9, 1)), ["gmail"]) == {"gmail": "at_risk"}
    assert states(with_cmc(at=date(2026, 11, 24)), ["gmail"]) == {"gmail": "ready"}


def test_mistakes_in_the_data_are_found_when_it_is_read() -> None:
    good = {"about": "cmc", "status": "unknown", "force": "requires", "seen": date(2026, 11, 24)}
    assert msgspec.convert(good, Value).about == "cmc"
    for mistake in ({"status": "guessed"}, {"force": "wishes"}, {"acepts": True}, {"seen": "lately"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**good, **mistake}, Value)


# Names.


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("gmail", "gmail"), ("Gmail.com", "gmail"), ("Google Workspace", "gmail"), ("workspace", "gmail"),
        ("iCloud", "apple"), ("icloud.com", "apple"), ("aol", "yahoo"), ("yahoo.com", "yahoo"),
        ("yahoo.co.jp", "yahoo-japan"), ("Yahoo Japan", "yahoo-japan"), ("yahoo_japan", "yahoo-japan"), ("yahoo.ne.jp", "yahoo-japan"), ("yahoo.de", "yahoo"),
        ("outlook.com", "microsoft"), ("hotmail", "microsoft"), ("Office365", "microsoft"), ("KDDI", "au"),
        ("gmx.net", "gmx"), ("web.de", "webde"), ("mail.com", "mailcom"), ("laposte.net", "laposte"),
    ],
)  # fmt: skip
def test_people_s_names_work(asked: str, meant: str) -> None:
    assert canonical(asked) == meant


@pytest.mark.parametrize("asked", ["", ".", "protonmail", "_baseline", "../gmail", "gmail,apple"])
def test_other_names_do_not(asked: str) -> None:
    with pytest.raises(ValueError, match="no mailbox provider"):
        canonical(asked)
    with pytest.raises(ValueError, match="no mailbox provider"):
        judge(subject(), [asked])


def test_aliases_mean_providers() -> None:
    assert set(ALIASES.values()) <= set(PROVIDER_IDS)
    assert not set(ALIASES) & set(PROVIDER_IDS)
    assert all(canonical(alias) == meant for alias, meant in ALIASES.items())


# Verdicts.

CASES: dict[str, tuple[Evidence, dict[str, str]]] = {
    "all right, VMC": (
        subject(),
        {
            **dict.fromkeys((*SURE, "au", "gmx", "laposte", "zoho", "infomaniak", "onet"), "ready"),
            **dict.fromkeys(("webde", "seznam", "comcast", "orange", "japan-isp"), "cannot_say"),
            **dict.fromkeys(("microsoft", "docomo", "yahoo-japan", "apple-branded-mail", "trusteddialog"), "no_bimi"),
        },
    ),
    "CMC": (
        with_cmc(),
        {"gmail": "ready", "zone": "ready", "apple": "cannot_say", "yahoo": "cannot_say", "fastmail": "cannot_say"},
    ),
    "no certificate": (
        self_asserted(),
        {
            "gmail": "blocked", "apple": "blocked", "zone": "blocked", "infomaniak": "blocked", "zoho": "at_risk",
            "yahoo": "ready", "fastmail": "ready", "laposte": "ready", "onet": "ready",
            "au": "cannot_say", "gmx": "cannot_say", "seznam": "cannot_say", "microsoft": "no_bimi",
        },
    ),
    "both readings bar": (
        subject(finding("dmarc.policy-none"), dmarc=dmarc("none"), bimi=bimi(eligible=False)),
        {**dict.fromkeys(BIMI, "blocked"), "microsoft": "no_bimi"},
    ),
    "both bar, record not looked for": (
        subject(bimi=bimi(eligible=False, record=None)), dict.fromkeys(BIMI, "blocked"),
    ),
    "one reading bars": (subject(bimi=bimi(eligible=(False, True))), dict.fromkeys(SURE, "at_risk")),
    "one bars, the other unknown": (subject(bimi=bimi(eligible=(False, None))), dict.fromkeys(SURE, "cannot_say")),
    "DMARC unknown": (subject(bimi=bimi(eligible=None)), dict.fromkeys(SURE, "cannot_say")),
    "p=reject; t=y": (subject(dmarc=dmarc(testing=(True, False))), dict.fromkeys(SURE, "at_risk")),
    "p=quarantine": (
        subject(dmarc=dmarc("quarantine")),
        {"gmail": "ready", "apple": "ready", "zone": "ready", "yahoo": "cannot_say"},
    ),
    "p=reject; pct=50": (
        subject(dmarc=dmarc(pct=50)),
        {"gmail": "at_risk", "zone": "blocked", "apple": "ready", "yahoo": "ready"},
    ),
    "declined": (subject(bimi=bimi(record="declined"), certificate="none"), dict.fromkeys(BIMI, "blocked")),
    "no record": (
        subject(bimi=bimi(record="none"), indicator="unseen", certificate="none"), dict.fromkeys(BIMI, "blocked"),
    ),
    "broken record": (
        subject(finding("bimi.record-multiple"), bimi=bimi(record="fail")), dict.fromkeys(BIMI, "blocked"),
    ),
    "record unknown": (subject(bimi=bimi(record="temperror")), dict.fromkeys(SURE, "cannot_say")),
    "record in one reading": (subject(bimi=bimi(record=("found", "none"))), dict.fromkeys(SURE, "at_risk")),
    "own selector": (
        subject(selector="brand"),
        {"gmail": "at_risk", "yahoo": "at_risk", "fastmail": "ready", "apple": "cannot_say", "zone": "cannot_say"},
    ),
    "logo not fetched": (subject(indicator="unseen"), dict.fromkeys(SURE, "cannot_say")),
    "certificate not fetched": (
        subject(certificate="unseen", kind_of_mark=None, certified=False), dict.fromkeys(SURE, "cannot_say"),
    ),
    "logo missing": (subject(finding("web.not-found"), indicator="missing"), dict.fromkeys(BIMI, "blocked")),
    "certificate missing": (subject(certificate="missing"), dict.fromkeys(BIMI, "blocked")),
    "server down": (
        subject(undecided("web.unreachable"), indicator="unreachable"), dict.fromkeys(SURE, "cannot_say"),
    ),
    "certificate expired": (subject(finding("cert.expired")), dict.fromkeys(BIMI, "blocked")),
    "certificate for others": (subject(finding("cert.domain-mismatch")), dict.fromkeys(BIMI, "blocked")),
    "logo differs": (subject(finding("match.logo-differs")), dict.fromkeys(BIMI, "blocked")),
    "logo written differently": (subject(warning("match.logo-markup")), dict.fromkeys(SURE, "at_risk")),
    "revocation unknown": (subject(undecided("cert.revocation-unknown")), dict.fromkeys(SURE, "cannot_say")),
    "crash of ours": (subject(undecided("bimikit.rule-crashed")), dict.fromkeys(SURE, "cannot_say")),
    "domain malformed": (subject(finding("bimikit.domain-invalid")), dict.fromkeys(BIMI, "blocked")),
    "a new kind of error": (subject(finding("future.rule")), dict.fromkeys(BIMI, "blocked")),
    "logo breaks the profile": (
        self_asserted(finding("svg.script-element")), {"yahoo": "blocked", "fastmail": "blocked", "gmail": "blocked"},
    ),
    "certified logo breaks it": (subject(finding("svg.style-attribute")), dict.fromkeys(SURE, "at_risk")),
    "Gmail's advice": (
        subject(warning("receiver.gmail.percent-size")), {**dict.fromkeys(SURE, "ready"), "gmail": "at_risk"},
    ),
    "Entrust": (
        subject(warning("receiver.apple.root-distrusted")), {**dict.fromkeys(SURE, "ready"), "apple": "blocked"},
    ),
    "large file": (subject(warning("svg.file-size")), dict.fromkeys(SURE, "at_risk")),
    "not square": (subject(warning("svg.viewbox-not-square")), dict.fromkeys(SURE, "at_risk")),
    "redirect": (
        subject(warning("web.redirect")), {"gmail": "at_risk", "yahoo": "at_risk", "fastmail": "ready"},
    ),
    "media type": (subject(warning("web.media-type")), dict.fromkeys(SURE, "at_risk")),
    "unusual mark type": (
        subject(mark_type="Pending Registration Mark"), {"gmail": "at_risk", "apple": "ready"},
    ),
    "kind of mark unknown": (
        subject(kind_of_mark=None, mark_type=None), {"gmail": "ready", "apple": "cannot_say", "yahoo": "cannot_say"},
    ),
    "what nobody asked counts for nothing": (
        subject(
            finding("cert.revocation-not-checked", Severity.ERROR, Outcome.NOT_CHECKED),
            finding("svg.x", outcome=Outcome.NOT_EFFECTIVE),
            finding("cert.y", outcome=Outcome.NOT_APPLICABLE),
            warning("svg.title-long"),
            warning("cert.expires-soon"),
            warning("web.crl-unreachable", Outcome.INDETERMINATE),
        ),
        dict.fromkeys(SURE, "ready"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("known", "expected"), CASES.values(), ids=CASES)
def test_verdicts(known: Evidence, expected: Mapping[str, str]) -> None:
    assert states(known, expected) == expected


def test_nothing_known_is_nothing_said() -> None:
    assert set(states(Evidence(), BIMI).values()) == {"cannot_say"}
    assert states(Evidence(), ["microsoft"]) == {"microsoft": "no_bimi"}


def test_the_gravest_comes_first() -> None:
    risky = warning("svg.file-size")
    assert states(with_cmc(risky), ["apple"]) == {"apple": "cannot_say"}
    blocked = judge(with_cmc(risky, finding("cert.expired")), ["apple"])["apple"]
    assert blocked.state == "blocked"
    assert [reason.effect for reason in blocked.reasons] == ["blocks", "open", "risks"]
    assert [reason.about for reason in blocked.reasons] == ["certificate", "cmc", "file-size"]
    everything = subject(finding("cert.expired"), risky, bimi=bimi(eligible=False))
    assert judge(everything, ["microsoft"])["microsoft"] == judge(subject(), ["microsoft"])["microsoft"]


def test_a_reason_says_whence_and_by_which_rules() -> None:
    why = reason(
        subject(finding("svg.b"), finding("svg.a"), finding("svg.b"), certified=False), "gmail", "logo-standard"
    )
    assert why.rules == ("svg.b", "svg.a")
    assert (why.status, why.force, why.effect) == ("documented", "requires", "blocks")
    assert why.url.startswith("https://")
    many = subject(*(finding(f"svg.rule-{number}") for number in range(50)), certified=False)
    assert len(reason(many, "gmail", "logo-standard").rules) == 8


def test_a_contested_cell_shows_both_sides() -> None:
    why = reason(with_cmc(), "apple", "cmc")
    assert (why.status, why.effect) == ("contested", "open")
    assert "Buy a VMC to be ready for Apple Mail" in next_step(why)
    for lang in LANGUAGES:
        told = sides(why, lang)
        assert len(told) == 2
        assert "https://developer.apple.com/support/bimi/" in told[0]
        assert "2025-01" in told[1]


def test_where_nothing_is_published_its_files_are_not_missed() -> None:
    nothing = subject(bimi=bimi(record="none"), indicator="unseen", certificate="none", kind_of_mark=None)
    assert [reason.about for reason in judge(nothing, ["gmail"])["gmail"].reasons] == ["record"]


def test_the_two_yahoos_are_told_apart() -> None:
    verdicts = judge(self_asserted(), ["yahoo.com", "yahoo.co.jp"])
    assert {name: verdict.state for name, verdict in verdicts.items()} == {"yahoo": "ready", "yahoo-japan": "no_bimi"}
    for lang in LANGUAGES:
        names = [PROVIDERS[name].name.text(lang) for name in ("yahoo", "yahoo-japan")]
        assert "yahoo.com" in names[0]
        assert "yahoo.co.jp" in names[1]
        assert "JAPAN" not in names[0]
        for name in ("yahoo", "yahoo-japan"):
            assert PROVIDERS[name].note
    assert "another company" in PROVIDERS["yahoo"].note.en  # type: ignore[union-attr]
    assert "別" in PROVIDERS["yahoo-japan"].note.ja  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("has", "accepts", "common", "told"),
    [
        ("no", False, False, "same"),
        ("no", None, False, "same"),
        ("yes", True, False, "holds"),
        ("open", True, False, "holds"),
        ("yes", False, False, "fails"),
        ("open", False, False, "open"),
        ("yes", None, False, "open"),
        ("open", None, False, "open"),
        ("yes", None, True, "same"),
    ],
)
def test_an_answer(has: Any, accepts: bool | None, common: bool, told: str) -> None:
    value = Value(
        about="vmc" if common else "cmc", accepts=accepts, status="reported", force="requires", seen=date(2026, 11, 24)
    )
    assert answer(value, Seen(has)) == told


RULES = st.sampled_from(
    [
        *sorted({rule.id for rule in all_rules()}),
        "dmarc.policy-none",
        "bimi.record-multiple",
        "web.redirect",
        "web.not-found",
        "web.media-type",
        "future.rule",
    ]
)
FINDINGS = st.lists(
    st.builds(finding, RULES, st.sampled_from(Severity), st.sampled_from(Outcome)), max_size=4
).map(tuple)  # fmt: skip
PAIR = st.tuples
ELIGIBLE = st.sampled_from([True, False, None])
RECORD = st.sampled_from(["found", "declined", "none", "fail", "temperror", None])
POLICY = st.sampled_from(["reject", "quarantine", "none", None])
SIGHT = st.sampled_from(["seen", "unseen", "missing", "unreachable"])
KNOWN = st.builds(
    Evidence,
    findings=FINDINGS,
    dmarc=st.one_of(
        st.just({}),
        st.builds(
            dmarc,
            PAIR(POLICY, POLICY),
            testing=st.tuples(st.booleans(), st.just(False)),
            pct=st.sampled_from([None, 0, 50, 100, "x"]),
        ),
    ),
    bimi=st.one_of(st.just({}), st.builds(bimi, PAIR(ELIGIBLE, ELIGIBLE), PAIR(RECORD, RECORD))),
    selector=st.sampled_from(["default", "brand"]),
    kind_of_mark=st.sampled_from(["VMC", "CMC", None]),
    mark_type=st.sampled_from(["Registered Mark", "Prior Use Mark", "Else", None]),
    indicator=SIGHT,
    certificate=st.one_of(SIGHT, st.just("none")),
    certified=st.booleans(),
    at=st.one_of(st.none(), st.dates()),
)


@given(KNOWN)
def test_whatever_is_known_there_is_a_verdict_with_reasons(known: Evidence) -> None:
    verdicts = judge(known)
    assert tuple(verdicts) == PROVIDER_IDS
    for name, verdict in verdicts.items():
        assert verdict.state in STATES
        assert bool(verdict.reasons) == (verdict.state != "ready")
        assert len(verdict.reasons) <= 12
        assert (verdict.state == "no_bimi") == (PROVIDERS[name].kind != "bimi")
        for why in verdict.reasons:
            assert "{" not in text(why) + next_step(why)
    assert len(next_steps(verdicts)) <= 8
    assert msgspec.json.decode(msgspec.json.encode(verdicts), type=dict[str, Verdict]) == verdicts


@given(KNOWN)
def test_what_is_not_known_is_never_ready(known: Evidence) -> None:
    open_finding = any(
        one.outcome is Outcome.INDETERMINATE and one.severity is Severity.ERROR and not one.rule.startswith("receiver.")
        for one in known.findings
    )
    unseen = {known.indicator, known.certificate} & {"unseen", "unreachable"}
    if open_finding or unseen or None in known.of_views("eligible") or not known.bimi:
        assert "ready" not in states(known).values()


@given(KNOWN)
def test_what_breaks_the_standard_blocks_and_advice_does_not(known: Evidence) -> None:
    got = states(known, BIMI).values()
    broken = [
        one
        for one in known.findings
        if one.outcome is Outcome.FAIL
        and one.severity is Severity.ERROR
        and not one.rule.startswith("receiver.")
        and not (known.certified and one.rule.startswith("svg."))
    ]
    if broken or known.of_views("eligible") == [False, False]:
        assert set(got) == {"blocked"}


@given(st.lists(RULES.filter(lambda rule: rule.startswith(("svg.", "receiver.gmail."))), max_size=6))
def test_no_certified_logo_is_blocked_for_its_drawing(rules: list[str]) -> None:
    known = subject(*(finding(rule, Severity.ERROR if rule.startswith("svg.") else Severity.WARNING) for rule in rules))
    assert "blocked" not in states(known, BIMI).values()


# Words.


def test_every_text_that_can_be_asked_for_is_there() -> None:
    assert {key.removeprefix("receiver.about.") for key in TERMS if key.startswith("receiver.about.")} == {
        *TRAITS,
        *INFORMING,
    }
    failing = {value.about for _, value in VALUES if value.accepts is False and value.force != "informs"}
    unsure = {value.about for _, value in VALUES if value.accepts is None and value.force != "informs"} - {"vmc"}
    for about in failing - {"looked-at"}:
        assert f"receiver.reason.{about}" in TERMS
    for about in unsure:
        assert f"receiver.open.{about}" in TERMS
    for about in failing | unsure:
        assert f"receiver.next.{about}" in TERMS


@pytest.mark.parametrize(("key", "words"), TERMS.items(), ids=TERMS)
def test_a_text_is_a_whole_sentence(key: str, words: str) -> None:
    assert set(re.findall(r"{(\w*)}", words)) <= {"provider", "date"}
    if key.split(".")[1] in ("reason", "open", "unseen", "next"):
        assert words.endswith(".")
        assert words[0].isupper() or words.startswith("{provider}")


@pytest.mark.parametrize(("known", "_expected"), CASES.values(), ids=CASES)
def test_reasons_in_words(known: Evidence, _expected: object) -> None:
    verdicts = judge(known)
    for lang in LANGUAGES:
        for name, verdict in verdicts.items():
            for why in verdict.reasons:
                assert why.provider == name
                assert text(why, lang)
                assert next_step(why, lang)
                assert isinstance(sides(why, lang), tuple)


def test_a_provider_is_called_by_its_name() -> None:
    assert text(reason(self_asserted(), "gmail", "self-asserted")) == (
        "Gmail (Google Workspace) shows a logo only with a certificate, and the BIMI record names none."
    )
    assert text(reason(with_cmc(), "apple", "cmc")).startswith("It is not clear whether Apple Mail")
    assert text(reason(subject(indicator="unseen"), "gmail", "looked-at")).startswith("Nobody has looked")
    assert text(reason(subject(undecided("web.unreachable")), "gmail", "reachable")).endswith("fetched this time.")
    assert text(reason(subject(undecided("match.x")), "gmail", "match")).startswith("Something that decides")


def test_next_steps_are_merged_and_the_weightiest_first() -> None:
    steps = next_steps(judge(self_asserted(warning("svg.file-size"))))
    assert steps[0].startswith("Buy a Mark Certificate to be ready for Gmail")
    assert len(steps) == len(set(steps)) == 2
    assert next_steps(judge(subject(), ["gmail", "microsoft", "orange"])) == ()


def test_texts_fall_back_to_english_and_know_their_languages() -> None:
    assert set(terms("ja")) <= set(TERMS)
    assert term("receiver.page.title", "en") == "Mailbox providers"
    with pytest.raises(ValueError, match="no texts in 'fr'"):
        term("receiver.page.title", "fr")
    with pytest.raises(ValueError, match="no texts in 'fr'"):
        Words("a", "b").text("fr")
    with pytest.raises(KeyError):
        term("receiver.page.nothing")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_every_provider_and_source(lang: str) -> None:
    page = page_markdown(lang)
    for provider in PROVIDERS.values():
        assert f"<br>`{provider.id}` |" in page
        assert f"### {provider.name.text(lang)}\n" in page
    for _, value in VALUES:
        assert value.url in page
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert len(table) == len(PROVIDER_IDS) + 2
    assert {line.count(" | ") for line in table} == {6}
    assert page == page_markdown(lang)


def test_old_values_are_found_by_the_tool(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = max(value.seen for _, value in VALUES)
    assert not list(stale(seen))
    assert len(list(stale(date(2036, 1, 1)))) == sum(value.valid_to is None for _, value in VALUES)
    monkeypatch.setattr("sys.argv", ["stale", "--today", "2036-01-01", "--days", "30"])
    stale_main()
    assert "gmail" in capsys.readouterr().out
