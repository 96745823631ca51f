"""What the command line itself says: both languages have it, and it is said in the one that was asked for."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner, Result
from repairing import logo
from support import ROOT

from bimikit import BimikitError
from bimikit.cli import main
from bimikit.extras import EXTRAS
from bimikit.locale import words_of
from bimikit.svg.examples import BODY, HEAD, START

EN, JA = (words_of("cli_words", lang) for lang in ("en", "ja"))
GOOD = f"{START}\n{HEAD}\n{BODY}\n</svg>\n"


def parameters(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    assert list(EN) == list(JA)
    assert {key: parameters(text) for key, text in EN.items()} == {key: parameters(text) for key, text in JA.items()}


def test_nothing_is_in_the_catalogue_that_nobody_says() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "bimikit" / "cli").glob("*.py"))
    written = set(re.findall(r'f?"([a-z][a-z.{}-]+)"', sources)) | set(re.findall(r"f'([a-z][a-z.{}-]+)'", sources))
    families = {re.sub(r"\{.*", "", word) for word in written if "{" in word} | {"system.", "what."}
    unsaid = [
        key
        for key in EN
        if key not in written
        and not any(family and key.startswith(family) for family in families)
        and not (key.startswith("fix.") and key.endswith(("-empty", "-unprintable")))
    ]
    assert unsaid == []


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    Path("good.svg").write_text(GOOD)
    Path("logo.svg").write_text(logo('<rect width="100" height="100" fill="gold"/><path d="M0 0h9v9z" fill="#123"/>'))
    Path("logo.html").write_text(GOOD)
    Path("empty").mkdir()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


COMPLAINTS = {
    "no such file": (["svg", "no.svg"], "can't read no.svg: No such file or directory", "no.svgを読み取れません"),
    "a folder without logos": (["svg", "empty"], "no logo (.svg, .svgz) in the folder empty", "empty"),
    "no match": (["cert", "*.pem"], "no file matches *.pem", "*.pemに一致するファイルがありません"),
    "report not writable": (["svg", "good.svg", "-o", "no/r"], "can't write no/r: No such", "no/rに書き込めません"),
    "report over a file": (["svg", "good.svg", "-o", "good.svg"], "would be overwritten", "上書きしないよう"),
    "no rule": (["svg", "good.svg", "--select", "svg.tittle"], "Did you mean 'svg.title-", "もしかして'svg.title-"),
    "rules of others": (["svg", "good.svg", "--select", "cert."], "none of these rules", "含まれていません"),
    "nothing to judge": (["check", "--domain", "example.com"], "nothing to judge", "確認するものがありません"),
    "an empty list": (["svg", "good.svg", "--for", ""], "the list is empty", "リストが空です"),
    "no provider": (["svg", "good.svg", "--for", "gmial"], "no such mailbox provider", "メールサービス'gmial'"),
    "no moment": (["cert", "good.svg", "--at", "soon"], "no ISO date", "ISO形式の日付"),
    "no zone": (["cert", "good.svg", "--at", "2026-11-24T09:00"], "needs a time zone", "タイムゾーンが必要"),
    "no selector": (["cert", "good.svg", "--selector", ""], "must not be empty", "--selectorを空に"),
    "several to extract": (["cert", "a", "b", "--extract-logo", "x"], "of one FILE only", "1つだけ"),
    "no logo inside": (["cert", "good.svg", "--extract-logo", "x.svg"], "there is no logo in", "ロゴがありません"),
    "no resolver": (["domain", "x.example", "--resolver", "me"], "no IP address", "IPアドレスではありません"),
    "no time": (["domain", "x.example", "--timeout", "0"], "must be above 0", "0より大きく"),
    "no network": (["domain", "x.example", "--allow-network", "me"], "--allow-network, --ca-", "--allow-network、"),
    "no such rule": (["rules", "svg.tittle-missing"], "there is no rule", "ルール'svg.tittle-missing'はありません"),
    "odd sheet": (["preview", "good.svg", "-o", "x.gif"], "must end with .html or .png", "拡張子は.htmlか.png"),
    "sheet over the logo": (["preview", "logo.html", "-o", "logo.html"], "is the logo itself", "ロゴそのものです"),
    "unreadable logo": (["preview", "no.svg"], "can't read no.svg", "no.svgを読み取れません"),
    "no kind": (["fix", "logo.svg", "--allow", "filtre"], "Did you mean 'filter'?", "もしかして'filter'ですか"),
    "fonts for nothing": (["fix", "logo.svg", "--font", "good.svg"], "add --allow text", "--allow textも"),
    "diff and json": (["fix", "logo.svg", "--diff", "-f", "json"], "and so would -f json", "-f jsonとは同時に"),
    "picture": (["fix", "logo.svg", "--picture", "x.gif"], "must end with .png", "拡張子を.pngに"),
    "empty title": (["fix", "logo.svg", "--title", " "], "the title is empty", "タイトルが空です"),
    "odd description": (["fix", "logo.svg", "--desc", "a\ab"], "description has characters", "説明に、表示できない"),
    "no colour": (["fix", "logo.svg", "--background", "x"], "'x' is no opaque colour", "不透明な色ではありません"),
    "over the original": (["fix", "logo.svg", "-o", "logo.svg"], "is the file to repair", "ファイルそのものです"),
    "one pipe": (["fix", "logo.svg", "-", "-o", "x"], "takes no other FILE", "一緒には指定できません"),
    "one output": (["fix", "logo.svg", "good.svg", "-o", "-"], "takes one FILE only", "1つだけ"),
    "one name": (["fix", "logo.svg", "./logo.svg"], "would both be written to", "書き出し先が、どちらも"),
    "no folder": (["fix", "logo.svg", "good.svg", "-o", "good.svg/x"], "can't be one: Not a", "good.svg/xは使えません"),
}


@pytest.mark.parametrize(("arguments", "english", "japanese"), COMPLAINTS.values(), ids=COMPLAINTS.keys())
def test_complaints_are_in_the_language_asked_for(arguments: list[str], english: str, japanese: str) -> None:
    for lang, words in (("en", english), ("ja", japanese)):
        done = run(*arguments, "--lang", lang)
        assert done.exit_code != 0
        assert " ".join(words.split()) in " ".join(done.stderr.split())
        assert not isinstance(done.exception, OSError | ValueError)
    done = run(arguments[0], "--lang", "ja", *arguments[1:])
    assert japanese in done.stderr


def test_without_an_option_complaints_are_in_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No such command 'svgs'. Did you mean 'svg'?" in run("svgs").stderr
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert "コマンド'svgs'はありません" in run("svgs").stderr
    assert "no.svgを読み取れません" in run("svg", "no.svg").stderr


@pytest.mark.parametrize(("command", "extra"), [("fix", "repair"), ("preview", "preview")])
def test_what_is_not_installed_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, command: str, extra: str
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise BimikitError("something is missing")

    monkeypatch.setitem(EXTRAS, extra, ("no_such_module", "click"))
    monkeypatch.setattr("bimikit.repair.repair_svg", refuse)
    monkeypatch.setattr("bimikit.svg.appearance.check_appearance", refuse)
    for lang, words in (("en", "this needs no_such_module: pip"), ("ja", "次のパッケージが必要です：no_such_module。")):
        done = run(command, "logo.svg", "--lang", lang)
        assert done.exit_code == 2
        assert words in done.stderr
        assert f"pip install 'bimikit[{extra}]'" in done.stderr
    monkeypatch.setitem(EXTRAS, extra, ("click",))
    assert "bimikit: something is missing" in run(command, "logo.svg").stderr
