"""Rules, their words in both languages, and their documentation."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime

import pytest
from support import AT, ROOT

from bimikit import Applicability, Citation, Rule, RuleSet, Severity, all_rules, check_svg
from bimikit.cert.rules import CERT_RULES, DEMANDED
from bimikit.dkim.rules import DKIM_RULES
from bimikit.dns.rules import DNS_RULES
from bimikit.documentation import explain, overview, overview_markdown, table_markdown
from bimikit.expiry.rules import EXPIRY_RULES
from bimikit.locale import LANGUAGES, catalogue, wording
from bimikit.rules import matches
from bimikit.sources import SOURCES, cite
from bimikit.spf.rules import SPF_RULES
from bimikit.svg.appearance_rules import APPEARANCE_RULES
from bimikit.svg.examples import EXAMPLES, document
from bimikit.verification.rules import VERIFY_RULES
from bimikit.web.rules import WEB_RULES

RULES = list(all_rules())
WITHOUT_EXAMPLE = {
    "svg.gzip-invalid",
    "svg.encoding-invalid",
    "svg.encoding-conflict",
    "svg.too-large",
    "svg.too-deep",
    "svg.too-many-elements",
    "svg.too-many-attributes",
    "svg.file-size",
    "bimikit.more-of-the-same",
    "bimikit.rule-crashed",
    "bimikit.unreadable",
}
"""Damage that can't be written down as a short text; the fixtures have it."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    assert re.fullmatch(
        r"(svg|appearance|cert|match|dmarc|bimi|caa|web|verify|expiry|spf|dkim|receiver\.[a-z]+|bimikit)\.[a-z0-9]+(-[a-z0-9]+)*",
        rule.id,
    )
    assert rule.citation.source in SOURCES
    assert rule.citation.url.startswith("https://") or rule.citation.authority == "bimikit"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_providers_rule_never_reads_as_the_standards(rule: Rule) -> None:
    is_providers = rule.id.startswith("receiver.")
    assert is_providers == (rule.citation.authority == "provider")
    if is_providers:
        assert rule.severity is not Severity.ERROR


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_has_exactly_the_rules(lang: str) -> None:
    assert set(catalogue(lang).rules) == {rule.id for rule in RULES}


def test_both_languages_have_the_same_terms() -> None:
    assert set(catalogue("en").terms) == set(catalogue("ja").terms)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_japanese_says_as_much_as_the_english(rule: Rule) -> None:
    english, japanese = catalogue("en").rules[rule.id], catalogue("ja").rules[rule.id]
    assert placeholders(japanese.message) == placeholders(english.message)
    assert placeholders(japanese.fix) == placeholders(english.fix)
    assert not placeholders(english.why) | placeholders(english.title) | placeholders(japanese.why)
    for text in japanese:
        assert re.search(r"[ぁ-んァ-ン一-龯]", text), text
    for text in english:
        assert not re.search(r"[ぁ-んァ-ン一-龯]", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_a_bad_example_breaks_its_rule_and_reads_without_gaps(rule_id: str, lang: str) -> None:
    report = check_svg(document(EXAMPLES[rule_id].bad).encode(), at=AT)
    assert {finding.rule for finding in report.findings} == {rule_id, *EXAMPLES[rule_id].also}
    for finding in report.findings:
        words = finding.wording(lang)
        for text in (words.title, words.message, words.why, words.fix):
            assert text.strip() == text
            assert text
            assert not re.search(r"[{}]|@[a-z]+\.[a-z]", text), text


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_a_good_example_keeps_its_rule_and_all_others_but_advice_it_is_not_about(rule_id: str) -> None:
    report = check_svg(document(EXAMPLES[rule_id].good).encode(), at=AT)
    assert {finding.rule for finding in report.findings} <= set(EXAMPLES[rule_id].also)


def test_every_rule_that_can_have_an_example_has_one() -> None:
    # what is wrong with a picture, a certificate, a domain or a server can't be shown in a few characters; their tests do
    elsewhere = {
        rule.id
        for rule in (
            *APPEARANCE_RULES,
            *CERT_RULES,
            *DEMANDED,
            *DNS_RULES,
            *WEB_RULES,
            *VERIFY_RULES,
            *EXPIRY_RULES,
            *SPF_RULES,
            *DKIM_RULES,
        )
    }
    assert {rule.id for rule in RULES} - set(EXAMPLES) - elsewhere == WITHOUT_EXAMPLE


def test_an_old_id_keeps_working() -> None:
    renamed = Rule("svg.new", Severity.ERROR, cite("svg-ps"), Applicability.SAFE, aliases=("svg.old",))
    rules = RuleSet([renamed])
    assert rules["svg.old"] is renamed
    assert "svg.old" in rules
    assert matches(renamed, ["svg.o"])
    with pytest.raises(ValueError, match=r"two rules are called svg\.old"):
        RuleSet([renamed, Rule("svg.old", Severity.ERROR, cite("svg-ps"))])


def test_a_rule_binds_from_its_date_on() -> None:
    rule = Rule("svg.dated", Severity.ERROR, cite("svg-ps"), since=date(2026, 1, 1))
    assert rule.in_force(datetime(2026, 1, 1, tzinfo=UTC))
    assert not rule.in_force(datetime(2025, 12, 31, 23, 59, tzinfo=UTC))


def test_there_is_no_catalogue_in_other_languages() -> None:
    with pytest.raises(ValueError, match="no texts in 'fr'"):
        wording("svg.doctype", {}, "fr")


def test_a_piece_of_the_input_is_never_taken_for_a_term() -> None:
    finding = check_svg(document('<path fill="@kind.png" d="M1 1h1v1z"/>').encode()).findings[0]
    assert "@kind.png" in finding.message


def test_a_citation_names_the_place() -> None:
    citation = cite("svg-ps", "section 2.1", "#section-2.1")
    assert isinstance(citation, Citation)
    assert str(citation) == "draft-svg-tiny-ps-abrotman-12, section 2.1"
    assert citation.url.endswith("-12#section-2.1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_explained_with_examples_source_and_fix(lang: str) -> None:
    shown = explain(all_rules()["svg.title-empty"], lang)
    for part in ("svg.title-empty", "<title> </title>", "draft-svg-tiny-ps-abrotman-12", "https://datatracker"):
        assert part in shown


def test_the_overview_has_a_line_for_every_rule() -> None:
    assert len(overview(RULES, "en").splitlines()) == len(RULES)


@pytest.mark.parametrize(("lang", "name"), [("en", "rules.md"), ("ja", "rules.ja.md")])
def test_the_rules_page_is_what_make_docs_writes(lang: str, name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == overview_markdown(RULES, lang)


@pytest.mark.parametrize(("lang", "name"), [("en", "mark-certificates.md"), ("ja", "mark-certificates.ja.md")])
def test_the_page_on_certificates_is_what_make_docs_writes(lang: str, name: str) -> None:
    chosen = [rule for rule in RULES if matches(rule, ("cert",))]
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == table_markdown(chosen, lang)


@pytest.mark.parametrize("rule", ["svg.too-large", "cert.file-too-large", "cert.logotype-too-large", "web.too-large"])
@pytest.mark.parametrize(
    ("limit", "english", "japanese"),
    [
        (2 * 1024 * 1024, "2 MB", "2 MB"),
        (1_572_864, "1.5 MB", "1.5 MB"),
        (32_768, "32 KB", "32 KB"),
        (100, "100 bytes", "100バイト"),
    ],
)
def test_a_limit_on_size_is_told_as_people_write_it(rule: str, limit: int, english: str, japanese: str) -> None:
    params = {"limit": limit, "url": "https://example.com/logo.svg"}
    assert f"more than {english}" in wording(rule, params).message
    assert f"{japanese}を超える" in wording(rule, params, "ja").message
