"""The command line as its users run it: exit status, formats, files and folders, errors."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import FIXTURES

from bimikit.cli import main
from bimikit.output import FORMATS
from bimikit.svg.examples import BODY, HEAD, START

GOOD = f"{START}\n{HEAD}\n{BODY}\n</svg>\n"
BAD = GOOD.replace("<title>Acme</title>", "<title></title>")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in an empty folder with a good and a bad logo."""
    monkeypatch.chdir(tmp_path)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    Path("good.svg").write_text(GOOD)
    Path("bad.svg").write_text(BAD)

    def invoke(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=stdin, catch_exceptions=False)

    return invoke


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["svg", "good.svg"], 0),
        (["svg", "bad.svg"], 1),
        (["svg", "good.svg", "bad.svg"], 1),
        (["svg", "missing.svg"], 2),
        (["svg", "bad.svg", "missing.svg"], 2),
        (["svg", "bad.svg", "--ignore", "svg.title"], 0),
        (["svg", "bad.svg", "--select", "svg.viewbox"], 0),
        (["svg", "bad.svg", "--select", "svg.title,svg.viewbox"], 1),
        (["svg", "good.svg", "--require", "revocation"], 3),
        (["svg", "bad.svg", "--require", "revocation"], 1),
        (["svg", "good.svg", "--for", "gmail,apple"], 0),
        (["svg"], 2),
        (["svg", "good.svg", "--format", "xml"], 2),
        (["svg", "good.svg", "--select", "svg.tittle"], 2),
        (["svg", "bad.svg", "--select", "cert."], 2),
        (["svg", "bad.svg", "--select", ""], 2),
        (["svg", "good.svg", "--for", " , "], 2),
        (["svg", "good.svg", "--for", "gmial"], 2),
        (["svgs", "good.svg"], 2),
        (["rules"], 0),
        (["rules", "svg.title-missing"], 0),
        (["rules", "svg.title-mising"], 2),
        (["--version"], 0),
        (["--help"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_status(run: Run, arguments: list[str], status: int) -> None:
    assert run(*arguments).exit_code == status


def test_text_shows_place_excerpt_caret_reason_and_fix(run: Run) -> None:
    shown = run("svg", "bad.svg").output
    assert "error[svg.title-empty] The <title> is empty.\n  --> bad.svg:2:1 (svg/title[1])\n" in shown
    assert "\n  2 | <title></title><desc>" in shown
    assert "\n    | ^^^^^^\n" in shown
    assert "  = what to do: Write the brand's name" in shown
    assert shown.endswith("bad.svg: not conformant (1 error)\n")
    assert "\x1b" not in shown


def test_a_conformant_file_is_said_to_be_just_that(run: Run) -> None:
    assert run("svg", "good.svg").output == "good.svg: conformant\n"


def test_several_files_end_in_a_summary(run: Run) -> None:
    assert run("svg", "good.svg", "bad.svg").output.endswith("\n2 files: 1 conformant, 1 not conformant\n")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_is_written_in_both_languages_to_a_file_too(run: Run, name: str, lang: str) -> None:
    shown = run("svg", "bad.svg", "--format", name, "--lang", lang)
    assert shown.exit_code == 1
    assert "svg.title-empty" in shown.output
    assert ("空" in shown.output) == (lang == "ja")
    assert run("svg", "bad.svg", "-f", name, "--lang", lang, "-o", "report").output == ""
    assert Path("report").read_text(encoding="utf-8") == shown.output


def test_one_subject_is_a_report_in_json_and_several_an_envelope(run: Run) -> None:
    one = json.loads(run("svg", "bad.svg", "-f", "json").output)
    assert (one["subject"], one["ok"], one["findings"][0]["rule"]) == ("bad.svg", False, "svg.title-empty")
    several = json.loads(run("svg", "bad.svg", "good.svg", "-f", "json").output)
    assert [report["subject"] for report in several["reports"]] == ["bad.svg", "good.svg"]
    lines = run("svg", "bad.svg", "good.svg", "-f", "jsonl").output.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["bad.svg", "good.svg"]


def test_folders_are_searched_and_patterns_expanded_each_file_once(run: Run) -> None:
    Path("brand/deep").mkdir(parents=True)
    Path("brand/.git").mkdir()
    Path("brand/a.svg").write_text(GOOD)
    Path("brand/deep/B.SVGZ").write_bytes(gzip.compress(GOOD.encode()))
    Path("brand/.git/x.svg").write_text(BAD)
    Path("brand/notes.txt").write_text("no logo")
    shown = run("svg", "brand", "brand/*.svg", "brand/a.svg", "-f", "jsonl").output
    assert [json.loads(line)["subject"] for line in shown.splitlines()] == ["brand/a.svg", "brand/deep/B.SVGZ"]
    assert run("svg", "brand/**/*.svg*").exit_code == 0


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")


@needs_pipes
def test_a_folder_search_takes_regular_files_only_but_tells_of_dead_links(run: Run) -> None:
    Path("brand").mkdir()
    os.mkfifo("brand/pipe.svg")
    os.mkfifo("brand/pipe.pem")
    for arguments in (["svg", "brand"], ["svg", "brand/*.svg"], ["expiry", "brand"]):
        assert run(*arguments).exit_code == 2
    Path("brand/a.svg").write_text(GOOD)
    Path("brand/link.svg").symlink_to("a.svg")
    assert run("svg", "brand").exit_code == 0
    Path("brand/dead.svg").symlink_to("nowhere.svg")
    assert "can't read brand/dead.svg: No such file" in run("svg", "brand").stderr


@needs_pipes
@pytest.mark.parametrize(
    "arguments", [["svg"], ["cert"], ["expiry"], ["fix"], ["preview"], ["cert", "good.svg", "--logo"]]
)
@pytest.mark.parametrize("file", ["pipe.svg", "/dev/zero", "socket.svg"])
def test_what_is_no_regular_file_is_refused_at_once(run: Run, arguments: list[str], file: str) -> None:
    os.mkfifo("pipe.svg")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.svg")
    shown = run(*arguments, file)
    assert shown.exit_code == 2
    assert f"can't read {file}: Is no regular file" in shown.stderr
    assert "通常のファイルではありません" in run(*arguments[:1], "--lang", "ja", *arguments[1:], file).stderr


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="descriptors have no names")
def test_a_descriptor_of_the_process_is_taken_where_it_is_named(run: Run) -> None:
    for command, status in (
        ("svg <(cat good.svg)", 0),
        ("svg <(cat bad.svg)", 1),
        ("svg /dev/stdin < bad.svg", 1),
        ("svg good.svg --config <(echo 'lang = \"ja\"')", 0),
        ("cert /dev/stdin --logo <(cat good.svg) < bad.svg", 1),
    ):
        line = ["bash", "-c", f"cat /dev/null | {sys.executable} -m bimikit {command}"]
        shown = subprocess.run(line, capture_output=True, timeout=60)
        assert shown.returncode == status, shown
        assert ("適合" in shown.stdout.decode()) is ("lang" in command)


@pytest.mark.skipif(sys.platform == "win32", reason="the current folder can't be removed")
@pytest.mark.parametrize(
    "arguments",
    [
        ["svg", "{}/good.svg"],
        ["svg", "{}/good.svg", "--config", "{}/c.toml"],
        ["svg", "-", "--config", "{}/c.toml"],
        ["check", "--domain", "example.com", "--svg", "{}/good.svg"],
        ["check", "--config", "{}/c.toml"],
        ["expiry", "--config", "{}/c.toml"],
        ["fix", "-", "-o", "-"],
        ["fix", "{}/good.svg", "-o", "a.svg", "--picture", "b.png"],
    ],
    ids=" ".join,
)
def test_a_current_folder_that_is_gone_is_no_crash(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    Path("c.toml").write_text(
        "[[ignores]]\nfiles = ['*.svg']\nrules = ['svg.']\nreason = 'old'\nuntil = 9999-01-01\n"
        "[[publications]]\ndomain = 'example.com'\nlogo = 'bad.svg'\ncertificate = 'good.svg'\n"
    )
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    shown = run(*(argument.format(tmp_path) for argument in arguments), stdin=BAD.encode())
    os.chdir(tmp_path)
    assert shown.exit_code in (0, 1, 2, 3)
    assert "good.svg: conformant" in shown.stdout or arguments[:2] != ["svg", "{}/good.svg"]


def test_a_folder_or_pattern_without_logos_could_not_run(run: Run) -> None:
    Path("empty").mkdir()
    for argument, complaint in (("empty", "no logo (.svg, .svgz) in the folder empty"), ("*.svgz", "no file matches")):
        shown = run("svg", argument)
        assert shown.exit_code == 2
        assert complaint in shown.stderr


def test_what_cannot_be_read_is_said_and_the_rest_is_judged(run: Run) -> None:
    shown = run("svg", "missing.svg", "good.svg")
    assert "bimikit: can't read missing.svg: No such file or directory" in shown.stderr
    assert "good.svg: conformant" in shown.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_could_not_run(run: Run) -> None:
    Path("good.svg").chmod(0)
    assert run("svg", "good.svg").exit_code == 2


def test_a_picture_with_the_wrong_name_is_no_logo_and_is_told_what_it_is(run: Run) -> None:
    Path("logo.svg").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    shown = run("svg", "logo.svg")
    assert shown.exit_code == 1
    assert "a PNG picture" in shown.output


def test_standard_input_is_a_subject(run: Run) -> None:
    shown = run("svg", "-", stdin=BAD.encode())
    assert shown.exit_code == 1
    assert "--> standard input:2:1" in shown.output


def test_a_device_without_end_is_not_read(run: Run) -> None:
    shown = run("svg", "/dev/zero")
    assert shown.exit_code == 2
    assert "no regular file" in shown.stderr


def test_the_language_follows_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert "適合" in run("svg", "good.svg").output
    assert "conformant" in run("svg", "good.svg", "--lang", "en").output


def test_the_providers_asked_for_get_a_verdict_and_others_rules_are_left_out(run: Run) -> None:
    Path("plain.svg").write_text(GOOD.replace("<desc>A white disc on blue</desc>", ""))
    gmail = run("svg", "plain.svg", "--for", "gmail")
    assert gmail.exit_code == 1
    assert "gmail: at risk" in gmail.output
    apple = run("svg", "plain.svg", "--for", "apple")
    assert apple.exit_code == 0
    assert "receiver.gmail" not in apple.output
    assert "apple: ready, as far as the logo goes" in apple.output
    assert json.loads(run("svg", "bad.svg", "--for", "apple", "-f", "json").output)["verdicts"] == {"apple": "blocked"}


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["svgs"], "Did you mean 'svg'?"),
        (["svg", "good.svg", "--select", "svg.titel-empty"], "Did you mean 'svg.title-empty'?"),
        (["svg", "good.svg", "--for", "gmial"], "Did you mean 'gmail'?"),
        (["rules", "svg.title-mising"], "Did you mean 'svg.title-missing'?"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_slip_of_the_pen_gets_a_suggestion(run: Run, arguments: list[str], hint: str) -> None:
    assert hint in run(*arguments).stderr


def test_the_beginning_of_an_id_lists_the_rules_that_begin_so(run: Run) -> None:
    lines = run("rules", "svg.title").output.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("svg.title") for line in lines)


def test_an_output_that_cannot_be_written_could_not_run(run: Run) -> None:
    shown = run("svg", "good.svg", "-o", "no/such/folder/report.txt")
    assert shown.exit_code == 2
    assert "can't write" in shown.stderr


def test_a_real_terminal_gets_colour_unless_it_asks_not_to() -> None:
    pty = pytest.importorskip("pty")
    command = [sys.executable, "-c", "from bimikit.cli import main; main()", "svg", str(FIXTURES / "logos/crest.svg")]
    for extra, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        main_end, process_end = pty.openpty()
        subprocess.run(command, stdout=process_end, env={**os.environ, "LANG": "C.UTF-8", **extra}, check=True)
        os.close(process_end)
        shown = os.read(main_end, 10_000).decode()
        os.close(main_end)
        assert ("\x1b[32;1m" in shown) is coloured


def test_a_console_that_cannot_show_a_character_gets_an_escape_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text(GOOD.replace("<circle", "<円").replace(' r="30"', ""))
    command = [sys.executable, "-c", "from bimikit.cli import main; main()", "svg", str(path), "--lang", "ja"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"\\u5186" in done.stdout


def test_a_report_never_overwrites_a_logo(run: Run) -> None:
    shown = run("svg", "good.svg", "bad.svg", "-o", "./bad.svg")
    assert shown.exit_code == 2
    assert "it would be overwritten" in shown.stderr
    assert Path("bad.svg").read_text() == BAD


def test_a_dash_as_output_is_standard_output(run: Run) -> None:
    assert run("svg", "good.svg", "-o", "-").output == "good.svg: conformant\n"
    assert not Path("-").exists()


def test_a_verdict_on_chosen_rules_says_so(run: Run) -> None:
    shown = run("svg", "bad.svg", "--ignore", "svg.").output
    assert shown == "bad.svg: conformant (selected rules only)\n"
    facts = json.loads(run("svg", "bad.svg", "--ignore", "svg.", "-f", "json").output)["facts"]
    assert facts["rules"] == {"select": [], "ignore": ["svg."]}


def test_what_is_ignored_still_counts_for_a_providers_verdict(run: Run) -> None:
    Path("plain.svg").write_text(GOOD.replace("<desc>A white disc on blue</desc>", ""))
    assert "gmail: at risk" in run("svg", "plain.svg", "--for", "gmail", "--ignore", "receiver.").output


def test_an_unreadable_file_is_undecided_in_every_report(run: Run) -> None:
    shown = run("svg", "good.svg", "missing.svg", "-f", "junit")
    assert shown.exit_code == 2
    assert 'errors="1"' in shown.stdout
    reports = json.loads(run("svg", "good.svg", "missing.svg", "-f", "json").stdout)["reports"]
    assert [report["complete"] for report in reports] == [True, False]


def test_links_that_lead_in_circles_give_each_file_once(run: Run) -> None:
    Path("p").mkdir()
    Path("p/a.svg").write_text(GOOD)
    Path("p/loop").symlink_to("../p")
    shown = run("svg", "p/**/*.svg", "-f", "jsonl").output
    assert [json.loads(line)["subject"] for line in shown.splitlines()] == ["p/a.svg"]


def test_bimikit_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "bimikit", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("bimikit ")


def test_help_teaches(run: Run) -> None:
    shown = run("svg", "--help").output
    for part in ("Exit status:", "Examples:", "--select", "bimikit svg logo.svg"):
        assert part in shown
