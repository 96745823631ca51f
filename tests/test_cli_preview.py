"""`bimikit preview`: what it prints, what it writes, and its exit status."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from repairing import logo

from bimikit.cli.preview import command
from bimikit.svg import render

LEAF = logo(
    '<title>Northwind Tea</title><rect width="100" height="100" fill="#0b6e4f"/><circle cx="50" cy="50" r="25" fill="#fff"/>'
)
BACK = '<rect width="100" height="100" fill="#fff"/>'
FILES = {
    "leaf.svg": LEAF.encode(),
    "leaf.svgz": gzip.compress(LEAF.encode()),
    "leaf.html": LEAF.encode(),
    "cut.svg": logo(BACK + '<path d="M5 5h90v90H5z"/>').encode(),
    "one.svg": logo('<rect width="100" height="100" fill="#123456"/>').encode(),
    "blank.svg": logo("").encode(),
    "text.svg": logo(BACK + "<text>Acme</text>").encode(),
    "word.svg": b"hello",
    "empty.svg": b"",
    "picture.svg": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "deep.svg": logo("<g>" * 1000 + "</g>" * 1000).encode(),
    "flat.svg": logo("<rect/>").replace("<svg ", '<svg width="0" ').encode(),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def run(*arguments: str, data: bytes | None = None) -> tuple[int, str, bytes]:
    done = CliRunner().invoke(command, arguments, input=data)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stderr, done.stdout_bytes


@pytest.mark.parametrize(
    ("file", "code", "rule"),
    [
        ("leaf.svg", 0, ""),
        ("leaf.svgz", 0, ""),
        ("cut.svg", 0, "warning[appearance.outside-circle]"),
        ("one.svg", 1, "error[appearance.one-colour]"),
        ("blank.svg", 1, "error[appearance.nothing-drawn]"),
        ("text.svg", 3, "undecided[appearance.drawn-in-part]"),
    ],
)
def test_what_is_drawn_is_judged_with_and_without_a_sheet(folder: Path, file: str, code: int, rule: str) -> None:
    got, complaints, told = run(file)
    assert (got, complaints) == (code, "")
    assert told.decode().startswith(rule or f"{file}: the picture meets what is asked of it")
    assert run(file, "-o", "sheet.png") == (code, "", told)
    assert run(file, "-o", "sheet.html") == (code, "", told)
    assert (folder / "sheet.png").read_bytes().startswith(b"\x89PNG")
    assert (rule.partition("[")[2].strip("]") or "Nothing stands out") in (folder / "sheet.html").read_text("utf-8")


@pytest.mark.parametrize("file", ["word.svg", "empty.svg", "picture.svg", "deep.svg", "flat.svg"])
@pytest.mark.parametrize("sheet", ["sheet.png", "sheet.html"])
def test_what_cant_be_drawn_has_no_sheet(folder: Path, file: str, sheet: str) -> None:
    code, complaints, told = run(file, "-o", sheet)
    assert code == 3
    assert complaints.startswith(f"bimikit: no preview was written, since {file} can’t be drawn: ")
    assert told.decode().startswith("undecided[appearance.not-drawable]")
    assert not (folder / sheet).exists()
    assert run(file) == (3, "", told)


def test_reasons_are_told_in_japanese() -> None:
    code, complaints, told = run("word.svg", "-o", "sheet.html", "--lang", "ja")
    assert code == 3
    assert "word.svgを描画できないため" in complaints
    assert "理由：SVGファイルではないか" in complaints
    assert "判定不能" in told.decode()


def test_the_page_is_in_the_language_of_the_report(folder: Path) -> None:
    code, complaints, told = run("one.svg", "-o", "sheet.HTM", "--lang", "ja")
    assert (code, complaints) == (1, "")
    assert "1色だけ" in told.decode()
    page = (folder / "sheet.HTM").read_text(encoding="utf-8")
    assert '<html lang="ja">' in page
    assert "1色だけ" in page


def test_a_pipe_gets_the_page_alone() -> None:
    code, told, page = run("-", "-o", "-", data=FILES["one.svg"])
    assert code == 1
    assert page.startswith(b"<!DOCTYPE html>")
    assert page.endswith(b"</html>\n")
    assert told.startswith("error[appearance.one-colour]")
    assert told.endswith("standard input: the picture doesn't meet what is asked of it (1 error)\n")


def test_a_pipe_gets_nothing_where_nothing_is_drawn() -> None:
    code, told, page = run("-", "-o", "-", data=b"hello")
    assert (code, page) == (3, b"")
    assert told.startswith("bimikit: no preview was written, since standard input can’t be drawn: ")
    assert "undecided[appearance.not-drawable]" in told


@pytest.mark.parametrize(
    ("output_format", "start"),
    [("json", "{"), ("github", "::error file=one.svg,"), ("markdown", "# "), ("text", "error[")],
)
def test_the_report_is_in_the_format_asked_for(output_format: str, start: str) -> None:
    code, complaints, told = run("one.svg", "-f", output_format)
    assert (code, complaints) == (1, "")
    assert told.decode().startswith(start)
    assert "\x1b" not in told.decode()
    if output_format == "json":
        report = json.loads(told)
        (report,) = report if isinstance(report, list) else [report]
        assert (report["kind"], report["subject"], report["ok"]) == ("appearance", "one.svg", False)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["leaf.svg", "-o", "sheet.pdf"], "must end with .html or .png"),
        (["leaf.svg", "-f", "sarif"], "is not one of"),
        (["none.svg", "-o", "a.png"], "can't read none.svg: No such file"),
        ([".", "-o", "a.png"], "can't read .: Is a directory"),
        (["leaf.svg", "-o", "no/such/a.png"], "can't write no/such/a.png"),
        (["leaf.html", "-o", "leaf.html"], "would overwrite it"),
        (["no\x1b[31m.svg"], "can't read no�[31m.svg"),
    ],
)
def test_the_command_says_why_it_cant_run(folder: Path, arguments: list[str], complaint: str) -> None:
    code, complaints, told = run(*arguments)
    assert (code, told) == (2, b"")
    assert complaint in complaints
    assert (folder / "leaf.html").read_text() == LEAF


def test_a_missing_renderer_is_no_fault_of_the_logo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_NEEDED", ("no_such_module",))
    render._places.cache_clear()
    try:
        code, complaint, told = run("leaf.svg", "-o", "a.png")
    finally:
        render._places.cache_clear()
    assert (code, told) == (2, b"")
    assert "pip install 'bimikit[preview]'" in complaint
