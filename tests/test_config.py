"""Configuration: where it is found, what its keys mean, what is wrong with one, and that the command line follows it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support import AT, ROOT

import bimikit
from bimikit.cli import main
from bimikit.config import (
    Config,
    ConfigError,
    Ignore,
    Network,
    Publication,
    Trust,
    files_of,
    find,
    load,
    planned,
    without_ignored,
)
from bimikit.config.ignores import is_named
from bimikit.config.reading import read
from bimikit.locale import words_of
from bimikit.testing import LOGO, MarkCA

CA = MarkCA(at=AT)
UNTITLED = LOGO.replace(b"<title>Acme</title>", b"")
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://www.example.com/logo.svg; a="


def written(folder: Path, text: str, name: str = "bimikit.toml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


# where it is found


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find(inner) is None
    outer = written(tmp_path, "[tool.bimikit]\n", "pyproject.toml")
    assert find(inner) == outer
    written(tmp_path / "a", "[project]\nname = 'bimikit-user'\n", "pyproject.toml")  # other tools' alone
    assert find(inner) == outer
    nearer = written(tmp_path / "a", "")
    assert find(inner) == nearer
    assert find(tmp_path) == outer


@pytest.mark.parametrize(
    "text",
    [
        "[tool.bimikit]\nselect = ['svg.']",
        "[ tool . 'bimikit' ]\nselect = ['svg.']",
        "[tool]\nbimikit = {select = ['svg.']}",
        "tool.bimikit.select = ['svg.']",
        "[[tool.bimikit.publications]]\ndomain = 'example.com'\n[tool.bimikit]\nselect = ['svg.']",
    ],
)
def test_a_table_of_pyproject_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text, "pyproject.toml")
    assert find(tmp_path) == file
    assert load(file).select == load(tmp_path).select == ("svg.",)


# what it says

WHOLE = """
select = ["svg.", "cert."]
ignore = ["svg.title-long"]
providers = ["gmail", "iCloud"]
days-left = 14
require = ["revocation"]
lang = "ja"

[trust]
roots = ["ca/root.pem"]

[network]
resolver = "127.0.0.1:5353"
timeout = 2.5
allow-networks = ["10.0.0.0/8"]

[[ignores]]
files = ["brand/old/*.svg"]
rules = ["svg.one-colour"]
reason = "the mark is black"
until = 2027-03-31

[[publications]]
domain = "example.com"
logo = "brand/logo.svg"
zone = "example.com.zone"
providers = ["gmail"]
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    written(tmp_path / "ca", CA.root_pem.decode(), "root.pem")
    config = load(written(tmp_path, WHOLE))
    assert (config.select, config.ignore, config.days_left) == (("svg.", "cert."), ("svg.title-long",), 14)
    assert (config.providers, config.require, config.lang) == (("gmail", "iCloud"), ("revocation",), "ja")
    assert len(config.trust_store().roots) == len(bimikit.TrustStore.builtin().roots) + 1
    assert config.policy() == bimikit.FetchPolicy(timeout=2.5, allow_networks=("10.0.0.0/8",))
    assert config.resolver().port == 5353  # type: ignore[union-attr]
    (ignore,), (one,) = config.ignores, config.publications
    assert (ignore.files, ignore.until.isoformat()) == (("brand/old/*.svg",), "2027-03-31")
    assert (one.selector, one.providers, one.certificate) == ("default", ("gmail",), None)
    assert config.folder == tmp_path


ZONE = f"""
$ORIGIN example.com.
@ 3600 IN SOA ns hostmaster 1 2 3 4 5
_dmarc IN TXT "v=DMARC1; p=reject; " "rua=mailto:d@example.com"
default._bimi.news.example.com. IN TXT "{RECORD}"
www IN A 192.0.2.1
"""


def test_a_publication_is_read_from_files_and_zone(tmp_path: Path) -> None:
    written(tmp_path, ZONE, "example.com.zone")
    (tmp_path / "logo.svg").write_bytes(LOGO)
    for domain in ("example.com", "news.example.com"):
        text = f"[[publications]]\ndomain = '{domain}'\nlogo = 'logo.svg'\nzone = 'example.com.zone'"
        config = load(written(tmp_path, text))
        (one,) = config.publications
        plan = planned(config, one)
        assert plan["dmarc"] == {"_dmarc.example.com": [DMARC]}
        assert plan["record"] == {"default._bimi.news.example.com": [RECORD]}
        assert plan["svg"] == LOGO
        report = bimikit.check_publication(**plan, at=AT)
        assert ("bimi.missing" in {finding.rule for finding in report.findings}) is (domain == "example.com")
        assert files_of(config, one)["indicator"] == str(tmp_path / "logo.svg")


# what is wrong with one


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("selct = []", "selct", "Did you mean select?"),
        ("days_left = 3", "days_left", "Did you mean days-left?"),
        ("file = 'x'", "file", "no such key"),
        ("[network]\nresolvr = ''", "network.resolvr", "resolver"),
        ("[[publications]]\nlogo = 'x'", "publications[0]", "domain is missing"),
        ("[[publications]]\ndomain = 'a.example'\ncert = 'x'", "publications[0].cert", "certificate"),
        ("[[ignores]]\nfiles = ['*']\nrules = ['svg.']\nuntil = 2027-01-01", "ignores[0]", "reason is missing"),
        ("[[ignores]]\nfiles = []\nrules = ['svg.']\nreason = 'x'\nuntil = 2027-01-01", "ignores[0].files", "empty"),
        (
            "[[ignores]]\nfiles = ['*']\nrules = ['svg.']\nreason = ' '\nuntil = 2027-01-01",
            "ignores[0].reason",
            "empty",
        ),
        ("select = 'svg.'", "select", "expected `array`"),
        ("days-left = 'many'", "days-left", "expected `int | null`"),
        ("days-left = -1", "days-left", "0 or more"),
        ("lang = 'fr'", "lang", "'fr'"),
        ("select = ['svg.titel']", "select", "Did you mean svg.title"),
        ("ignore = ['']", "ignore", "no rule begins with ''"),
        ("providers = ['gmial']", "providers", "Did you mean gmail?"),
        ("[network]\nresolver = 'here'", "network.resolver", "192.0.2.1"),
        ("[network]\nallow-networks = ['x']", "network", "'x'"),
        ("[network]\ndns-timeout = 0", "network.dns-timeout", "above 0"),
        ("[[publications]]\ndomain = 'a.example'\nzone = 'z'\nrecord = 'v=BIMI1'", "publications[0]", "not both"),
        ("select = [", "", "no TOML"),
        ("select = ['svg.']\nselect = ['cert.']", "", "no TOML"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_what_to_do(tmp_path: Path, text: str, key: str, says: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert caught.value.key == key
    assert str(caught.value).startswith(f"{file}: {key}: " if key else f"{file}: ")
    assert says in str(caught.value)
    assert "{" not in caught.value.told("ja")
    assert caught.value.told("ja").startswith(f"{file}：")


@pytest.mark.parametrize("key", ["logo", "certificate", "zone"])
def test_a_file_that_is_not_there_is_told_with_its_key(tmp_path: Path, key: str) -> None:
    config = load(written(tmp_path, f"[[publications]]\ndomain = 'example.com'\n{key} = 'not/here'"))
    with pytest.raises(ConfigError, match=rf"publications\[0\].{key}: not/here can't be used: No such file"):
        planned(config, config.publications[0])


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        (b"@ IN TXT", "line 1"),
        (b"\xff\xfe", "utf-8"),
        (b"$INCLUDE /etc/passwd\n", "INCLUDE"),
        (b'@ IN TXT "x', "line 1"),
    ],
)
def test_a_zone_file_that_cannot_be_read_is_told(tmp_path: Path, zone: bytes, says: str) -> None:
    (tmp_path / "zone").write_bytes(zone)
    config = load(written(tmp_path, "[[publications]]\ndomain = 'example.com'\nzone = 'zone'"))
    with pytest.raises(ConfigError, match=says):
        planned(config, config.publications[0])


KEYS = st.sampled_from(
    ["select", "ignore", "providers", "days-left", "lang", "trust", "network", "ignores", "publications"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_no_table_brings_reading_down(table: dict[str, Any]) -> None:
    with suppress(ConfigError):
        config = read(Path("bimikit.toml"), table)
        assert config.file.name == "bimikit.toml"


def test_the_words_are_there_in_both_languages() -> None:
    assert set(words_of("config_words", "en")) == set(words_of("config_words", "ja"))


def test_the_guide_shows_every_key_and_can_be_followed(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(encoding="utf-8"), re.DOTALL)
    config = load(written(tmp_path, text))
    assert len(config.publications) == 2
    structs = (Config, Trust, Network, Ignore, Publication)
    names = {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)} - {"file"}
    assert not {name for name in names if not re.search(rf"^(\[+)?{name}\b", text, re.MULTILINE)}


# leaving findings out


@pytest.mark.parametrize(
    ("file", "pattern", "named"),
    [
        ("brand/logo.svg", "brand/logo.svg", True),
        ("brand/logo.svg", "logo.svg", True),
        ("brand/logo.svg", "*.svg", True),
        ("brand/logo.svg", "brand/*.svg", True),
        ("brand/old/logo.svg", "brand/*.svg", False),
        ("brand/old/logo.svg", "brand/**/*.svg", True),
        ("brand/logo.svg", "brand/**/*.svg", True),
        ("brand/old/logo.svg", "brand/**", True),
        ("brand/old/logo.svg", "**/logo.svg", True),
        ("brand/logo.svg", "brand/log?.svg", True),
        ("brand/logo.svg", "logo", False),
        ("brand/logo.svg", "old/logo.svg", False),
        ("brand/l+o.svg", "brand/l+o.svg", True),
        ("brand/lo.svg", "brand/l+o.svg", False),
    ],
)
def test_a_pattern_names_files(tmp_path: Path, file: str, pattern: str, named: bool) -> None:
    assert is_named(str(tmp_path / file), pattern, tmp_path) is named


def ignoring(folder: Path, **more: Any) -> Config:
    one = {"files": ("*.svg",), "rules": ("svg.title",), "reason": "agreed", "until": AT.date(), **more}
    return Config(ignores=(Ignore(**one),), file=folder / "bimikit.toml")


def test_what_is_ignored_is_left_out_until_its_day_and_told(tmp_path: Path) -> None:
    report = bimikit.check_svg(UNTITLED, at=AT)
    assert "svg.title-missing" in {finding.rule for finding in report.findings}
    kept = without_ignored(report, ignoring(tmp_path), {None: "logo.svg"})
    assert (kept.report.ok, kept.ended) == (True, ())
    assert kept.report.facts["ignored"] == [
        {"rules": ["svg.title"], "count": 1, "reason": "agreed", "until": AT.date().isoformat()}
    ]
    elsewhere = without_ignored(report, ignoring(tmp_path), {None: "logo.pem"})
    assert elsewhere.report == report
    ended = ignoring(tmp_path, until=datetime(2020, 1, 1, tzinfo=UTC).date())
    assert without_ignored(report, ended, {None: "logo.svg"}) == (report, ended.ignores)


def test_what_keeps_a_file_from_being_judged_cannot_be_ignored(tmp_path: Path) -> None:
    report = bimikit.check_svg(b"no svg", at=AT)
    config = ignoring(tmp_path, rules=("svg.",))
    assert not without_ignored(report, config, {None: "logo.svg"}).report.ok


# the command line follows it

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    (tmp_path / "logo.svg").write_bytes(LOGO)
    (tmp_path / "untitled.svg").write_bytes(UNTITLED)
    (tmp_path / "vmc.pem").write_bytes(CA.issue("example.com").pem)
    (tmp_path / "root.pem").write_bytes(CA.root_pem)
    (tmp_path / "log.pem").write_bytes(CA.log_pem)
    (tmp_path / "example.com.zone").write_text(ZONE, encoding="utf-8")
    return lambda *args: CliRunner().invoke(main, args)


def test_rules_are_chosen_by_the_file_unless_options_choose(run: Run, tmp_path: Path) -> None:
    assert run("svg", "untitled.svg").exit_code == 1
    written(tmp_path, "ignore = ['svg.title']")
    assert run("svg", "untitled.svg").exit_code == 0
    assert run("svg", "untitled.svg", "--ignore", "svg.desc").exit_code == 1
    assert run("svg", "untitled.svg", "--no-config").exit_code == 1
    other = written(tmp_path / "other", "select = ['cert.']")
    assert run("svg", "untitled.svg", "--config", str(other)).exit_code == 0


def test_an_ignore_counts_until_its_day_and_then_tells(run: Run, tmp_path: Path) -> None:
    text = "[[ignores]]\nfiles = ['untitled.svg']\nrules = ['svg.title']\nreason = 'agreed'\nuntil = {}"
    written(tmp_path, text.format("9000-01-01"))
    shown = run("svg", "untitled.svg")
    assert shown.exit_code == 0
    assert "left out by the configuration: 1" in shown.output
    assert json.loads(run("svg", "untitled.svg", "-f", "json").stdout)["facts"]["ignored"][0]["count"] == 1
    written(tmp_path, text.format("2020-01-01"))
    shown = run("svg", "untitled.svg")
    assert shown.exit_code == 1
    assert "untitled.svg until 2020-01-01 (agreed) counts again" in shown.stderr


def test_trust_days_and_language_come_from_the_file(run: Run, tmp_path: Path) -> None:
    at = ("--at", AT.date().isoformat())
    assert run("cert", "vmc.pem", *at).exit_code == 1
    written(tmp_path, "lang = 'ja'\ndays-left = 400\n[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    shown = run("cert", "vmc.pem", *at)
    assert shown.exit_code == 1
    assert "不適合" in shown.output
    assert "expiry.soon" in shown.output
    assert "not conformant" in run("cert", "vmc.pem", *at, "--lang", "en").output


CERTIFICATE = "[[publications]]\ndomain = 'example.com'\ncertificate = 'vmc.pem'\n"


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        ("days-left = 366", ("cert", "vmc.pem"), 0),
        ("days-left = 367", ("cert", "vmc.pem"), 1),
        ("days-left = 367", ("cert", "vmc.pem", "--expires-within", "9"), 0),
        ("days-left = 367\nselect = ['cert.']", ("cert", "vmc.pem"), 1),
        ("days-left = 367\nselect = ['svg.']", ("svg", "logo.svg"), 0),
        ("days-left = 367", ("check", "--domain", "example.com", "--cert", "vmc.pem"), 1),
        (f"days-left = 9\nselect = ['cert.']\n{CERTIFICATE}days-left = 367", ("check",), 1),
        (f"days-left = 367\nselect = ['cert.']\n{CERTIFICATE}days-left = 9", ("check",), 0),
    ],
)
def test_a_certificate_has_to_last_as_long_as_the_configuration_says(
    run: Run, tmp_path: Path, text: str, arguments: tuple[str, ...], code: int
) -> None:
    written(tmp_path, f"{text}\n[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    when = () if arguments[0] == "svg" else ("--at", AT.date().isoformat())
    shown = run(*arguments, *when)
    assert shown.exit_code == code
    assert ("expiry.soon" in shown.output) is (code == 1)


def test_a_certificate_that_ends_too_soon_still_shows_until_then(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "days-left = 367\n[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    shown = json.loads(run("cert", "vmc.pem", "--at", AT.date().isoformat(), "--for", "gmail", "-f", "json").output)
    assert (shown["verdicts"], shown["ok"]) == ({"gmail": "ready"}, False)


def test_a_publication_may_ask_for_no_provider(run: Run, tmp_path: Path) -> None:
    text = "providers = ['microsoft']\n[[publications]]\ndomain = 'example.com'\nlogo = 'logo.svg'\n"
    written(tmp_path, text)
    assert run("check").exit_code == 1
    written(tmp_path, f"{text}providers = []\n")
    assert run("check").exit_code == 0


def test_a_required_revocation_is_asked_of_certificates_alone(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "require = ['revocation']\n[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    assert run("svg", "logo.svg").exit_code == 0
    assert run("cert", "vmc.pem", "--at", AT.date().isoformat()).exit_code == 3


def test_without_a_domain_all_publications_are_judged(run: Run, tmp_path: Path) -> None:
    shown = run("check")
    assert shown.exit_code == 2
    assert "--domain" in shown.output
    publication = "[[publications]]\ndomain = '{}'\nlogo = 'logo.svg'\nzone = 'example.com.zone'\n{}\n"
    written(tmp_path, publication.format("news.example.com", "") + publication.format("example.com", ""))
    shown = run("check", "-f", "json")
    assert shown.exit_code == 1
    assert [one["subject"] for one in json.loads(shown.stdout)["reports"]] == ["news.example.com", "example.com"]
    written(tmp_path, publication.format("news.example.com", "providers = ['yahoo']"))
    assert run("check").exit_code == 0
    written(tmp_path, publication.format("news.example.com", "providers = ['yahoo', 'gmail']"))
    shown = run("check")
    assert shown.exit_code == 1
    assert "gmail" in shown.stderr


@pytest.mark.parametrize("command", [("svg", "logo.svg"), ("cert", "vmc.pem"), ("check",), ("domain", "example.com")])
def test_a_mistake_in_the_file_ends_the_command_with_its_place(run: Run, tmp_path: Path, command: tuple[str]) -> None:
    file = written(tmp_path, "selct = []")
    shown = run(*command)
    assert shown.exit_code == 2
    assert f"bimikit: {file}: selct: there is no such key. Did you mean select?" in shown.stderr
    assert "bimikit" in run(command[0], "--help").output
