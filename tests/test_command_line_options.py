"""Texts that pages show tell of no command line; the text format alone adds what helps there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from repairing import logo
from support import AT, ROOT

import bimikit
from bimikit import Applicability, Finding, Outcome, Report, all_rules, explain
from bimikit.cli import main
from bimikit.config import load
from bimikit.config.schema import PLANNED
from bimikit.locale import LANGUAGES, catalogue, term
from bimikit.output import FORMATS, render
from bimikit.output.command_line import KEYS, OPTIONS, REPAIR, option_for
from bimikit.receivers.words import terms as receiver_terms
from bimikit.svg.repair.words import words as repair_words
from bimikit.testing import LOGO, MarkCA

CONTEXT = click.Context(main)
COMMANDS = main.list_commands(CONTEXT)
OF_THE_COMMAND_LINE = re.compile(  # in Japanese there is no space before an option
    rf"(?<![\w!<-])--[a-z]|(?<![\w-])-[a-z] [A-Z]{{2}}|\bbimikit ({'|'.join(COMMANDS)})\b", re.ASCII
)
SHOWN_THERE_ONLY = {"label.rules-intro", "label.table-intro"}
"""What only pages on `bimikit rules` show."""
RULES = {rule.id: rule for rule in all_rules()}
RUN_BY = {
    "certificate": "cert",
    "publication": "check",
    "domain": "domain",
    "appearance": "preview",
    "verification": "verify",
    REPAIR: "fix",
}
LABEL = {"en": "on the command line", "ja": "コマンドライン"}
IN_FILE = {"en": "in the configuration", "ja": "設定ファイル"}


def texts(lang: str) -> Iterator[tuple[str, str]]:
    """Every text of the catalogue but what the command line and the pytest plugin themselves say, under its key."""
    for path in sorted((ROOT / "bimikit" / "locale" / lang).glob("[a-z]*.py")):
        if path.stem in ("cli_words", "pytest_words"):
            continue
        module = import_module(f"bimikit.locale.{lang}.{path.stem}")
        for name, mapping in vars(module).items():
            if name.isupper() and isinstance(mapping, dict):
                for key, text in mapping.items():
                    yield from ((key, part) for part in ([text] if isinstance(text, str) else text))


def about(rule_id: str) -> Finding:
    rule = RULES[rule_id]
    blanks = re.findall(r"{(\w+)}", " ".join(catalogue("en").rules[rule_id]))
    params = dict.fromkeys(blanks, "x")
    return Finding(rule_id, rule.severity, Outcome.FAIL, rule.citation, Applicability.MANUAL, params)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_that_pages_show_tells_of_options_or_commands(lang: str) -> None:
    known = {*catalogue(lang).rules, *catalogue(lang).terms, *repair_words(lang), *receiver_terms(lang)}
    walked = list(texts(lang))
    assert known <= {key for key, _ in walked}
    telling = {key for key, text in walked if OF_THE_COMMAND_LINE.search(text)}
    assert telling == SHOWN_THERE_ONLY


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("give it with --crl", True),
        ("リストを--crlで指定", True),
        ("場合は-o FILEで", True),
        ("詳しくはbimikit domainで", True),
        ("say where: -o FILE", True),
        ("ask bimikit domain about it", True),
        ("bimikit's domain", False),
        ("a comment <!-- like this -->", False),
        ("openssl x509 -inform der", False),
    ],
)
def test_options_and_commands_are_recognised(text: str, tells: bool) -> None:
    assert bool(OF_THE_COMMAND_LINE.search(text)) is tells


@pytest.mark.parametrize(("kind", "key"), OPTIONS, ids=map("-".join, OPTIONS))
def test_what_is_said_to_help_is_there(kind: str, key: str) -> None:
    assert key in {*RULES, *catalogue("en").terms, *repair_words("en")}
    for option in OPTIONS[kind, key]:
        words = option.split()
        command = main.get_command(CONTEXT, words[1] if words[0] == "bimikit" else RUN_BY[kind])
        assert command is not None
        there = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= there


@pytest.mark.parametrize(("kind", "key"), KEYS, ids=map("-".join, KEYS))
def test_keys_that_are_said_to_help_are_keys_of_a_configuration(kind: str, key: str, tmp_path: Path) -> None:
    assert (kind, key) in OPTIONS
    for line in KEYS[kind, key]:
        table, _, rest = line.rpartition("] ")
        at_top = table or line.startswith("crls")
        publication = "" if at_top else "[[publications]]\ndomain = 'a.example'\n"
        rest += "" if at_top or rest.startswith(PLANNED) else "\nlogo = 'x'"
        file = tmp_path / "bimikit.toml"
        file.write_text(f"{publication}{table}{']' if table else ''}\n{rest}\n", encoding="utf-8")
        load(file)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "key"), [pair for pair in OPTIONS if pair[1] in RULES and pair[0] != REPAIR])
def test_the_text_format_alone_adds_what_helps(kind: str, key: str, lang: str) -> None:
    report = Report(kind, "subject", AT, (about(key),))
    option = option_for(kind, key, lang)
    assert f"  = {LABEL[lang]}: {option}\n" in render("text", [report], lang=lang)
    for name in set(FORMATS) - {"text"}:
        assert option.split()[-1] not in render(name, [report], lang=lang)
    assert LABEL[lang] not in repr(explain(report, lang))


def test_what_helps_depends_on_the_command_that_was_run() -> None:
    assert option_for("certificate", "cert.crl-stale", "en") == "--crl FILE"
    assert option_for("domain", "cert.crl-stale", "en") == "bimikit cert FILE --crl FILE"
    assert option_for("publication", "web.not-fetched", "ja") == "--svg FILE または --cert FILE"
    assert option_for("svg", "svg.one-colour", "en") == ""
    assert option_for("certificate", "cert.crl-lifetime", "en") == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "key"), [pair for pair in KEYS if pair[1] in RULES])
def test_of_a_publication_in_a_configuration_its_keys_are_told(kind: str, key: str, lang: str) -> None:
    report = Report(kind, "subject", AT, (about(key),), facts={"publication": "publications[0]"})
    told = term("label.or", lang).join(KEYS[kind, key])
    assert f"  = {IN_FILE[lang]}: {told}\n" in render("text", [report], lang=lang)
    assert LABEL[lang] not in render("text", [report], lang=lang)


def test_a_finding_that_no_option_helps_has_no_such_line() -> None:
    assert LABEL["en"] not in render("text", [Report("certificate", "x", AT, (about("cert.crl-lifetime"),))])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_certificate_at_a_glance_tells_it_in_the_text_format_only(lang: str) -> None:
    report = bimikit.check_certificate(MarkCA(at=AT).issue().pem, at=AT)
    unchecked = catalogue(lang).terms["card.revocation.unchecked"]
    (row,) = [line for line in render("text", [report], lang=lang).splitlines() if unchecked in line]
    assert row.endswith(("(on the command line: --crl FILE)", "（コマンドライン：--crl FILE）"))
    (row,) = [line for line in render("markdown", [report], lang=lang).splitlines() if unchecked in line]
    assert row.endswith(unchecked)
    assert "--crl" not in render("html", [report], lang=lang)
    assert "--crl" not in repr(explain(report, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_next_steps_tell_it_in_the_text_format_only(lang: str) -> None:
    record = "v=BIMI1; l=https://example.com/logo.svg"
    report = bimikit.check_publication(domain="example.com", svg=LOGO, record=record, at=AT)
    steps = explain(report, lang).steps.texts
    (step,) = [text for text in steps if text == catalogue(lang).rules["dmarc.not-given"].fix]
    told = "".join(line.strip() for line in render("text", [report], lang=lang).splitlines())
    after = "(on the command line: --dmarc TEXT)" if lang == "en" else "（コマンドライン：--dmarc TEXT）"
    squeezed = f"{step}{after}".replace(" ", "")
    assert squeezed in told.replace(" ", "")
    for name in set(FORMATS) - {"text"}:
        assert "--dmarc" not in render(name, [report], lang=lang)


def test_a_repair_tells_what_helps_about_what_was_changed_and_what_was_not(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text(logo('<rect width="100" height="100" fill="gold"/><text font-family="Nope" x="9" y="50">A</text>'))
    long = "Acme, makers of anvils, rockets and everything else a coyote needs"
    done = CliRunner().invoke(main, ["fix", str(path), "--title", long, "--allow", "text", "--lang", "en"])
    said = " ".join(done.stdout.split())
    assert "or convert the text to outlines in your editor. (line 1) (on the command line: --font FILE)" in said
    assert "Use a shorter one. (line 1) (on the command line: --title TEXT)" in said
    assert "Or let bimikit do it: --title TEXT" in said
