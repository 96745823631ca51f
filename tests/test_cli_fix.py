"""`bimikit fix`: what it writes, what it says, and with which status it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from repairing import logo

from bimikit import check_svg
from bimikit.cli import main
from bimikit.cli.fix import KINDS
from bimikit.svg.repair.job import KINDS as ALLOWED

GOOD = '<rect width="100" height="100" fill="gold"/><circle cx="50" cy="50" r="30" fill="#1a3d8f"/>'
FILTERED = '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter><g filter="url(#f)">' + GOOD + "</g>"


def fix(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["fix", *map(str, arguments), "--lang", "en"], input=data)


@pytest.fixture
def logo_file(tmp_path: Path) -> Path:
    path = tmp_path / "acme_tools-logo.svg"
    path.write_text(logo(GOOD))
    return path


def test_a_repaired_file_is_written_beside_the_original(logo_file: Path) -> None:
    before = logo_file.read_bytes()
    done = fix(logo_file)
    assert done.exit_code == 0, done.output
    written = logo_file.with_name("acme_tools-logo.bimi.svg")
    assert check_svg(written.read_bytes()).ok
    assert logo_file.read_bytes() == before
    assert "repaired, conformant" in done.stdout
    assert "The picture is the same" in done.stdout
    assert str(written) in done.stdout
    assert b"<title>acme tools logo</title>" in written.read_bytes()


def test_options_say_what_the_logo_gets(logo_file: Path, tmp_path: Path) -> None:
    logo_file.write_text(logo('<circle cx="50" cy="50" r="30"/>'))
    out, picture = tmp_path / "out.svg", tmp_path / "compare.png"
    done = fix(logo_file, "-o", out, "--title", "Acme", "--background", "#123456", "--picture", picture)
    assert done.exit_code == 0, done.output
    assert b"<title>Acme</title>" in out.read_bytes()
    assert b'fill="#123456"' in out.read_bytes()
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_standard_input_and_output_are_a_pipe() -> None:
    done = fix("-", data=logo(GOOD).encode())
    assert done.exit_code == 0
    assert check_svg(done.stdout_bytes).ok
    assert "repaired, conformant" in done.stderr


def test_a_diff_shows_the_change_and_writes_nothing(logo_file: Path) -> None:
    done = fix(logo_file, "--diff")
    assert done.exit_code == 0
    assert '+<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps"' in done.stdout
    assert done.stdout.startswith("--- ")
    assert "repaired, conformant" in done.stderr
    assert [path.name for path in logo_file.parent.iterdir()] == [logo_file.name]


def test_what_is_not_done_names_the_consent_that_would_allow_it(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text(logo(FILTERED))
    refused = fix(path)
    assert refused.exit_code == 1
    assert list(tmp_path.iterdir()) == [path], "without a name only a conformant file is written"
    assert "Nothing was written" in refused.stdout
    assert "not conformant yet" in refused.stdout
    assert "--allow filter" in refused.stdout
    allowed = fix(path, "--allow", "filter,mask")
    assert allowed.exit_code == 0, allowed.output
    assert "as you allowed" in allowed.stdout


def test_json_is_the_whole_result(logo_file: Path) -> None:
    done = fix(logo_file, "--format", "json")
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert told["report"]["ok"] is True
    assert {change["what"] for change in told["changes"]} >= {"change.root.identified", "change.title.invented"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["missing.svg"], "can't read missing.svg"),
        (["-", "--background", "nonsense"], "no opaque colour"),
        (["-", "--allow", "filtre"], "Did you mean 'filter'?"),
        (["-", "--font", "missing.ttf"], "missing.ttf"),
        (["-", "-o", "/nonexistent/out.svg"], "can't write /nonexistent/out.svg"),
        (["-", "--font", __file__], "add --allow text"),
        (["-", "--diff", "-o", "-"], "standard output"),
        (["-", "--diff", "-f", "json"], "standard output"),
        (["-", "--picture", "x.jpg"], "must end with .png"),
        (["-", "--picture", "x.png", "-o", "x.png"], "the same file"),
        (["-", "--title", ""], "the title is empty"),
        (["-", "--title", "a\x07b"], "can't be printed"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_run_says_why(arguments: list[str], complaint: str) -> None:
    done = fix(*arguments, data=logo(GOOD).encode())
    assert done.exit_code == 2
    assert complaint in done.output
    assert "Traceback" not in done.output


def test_what_cannot_be_read_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    done = fix(path)
    assert done.exit_code == 1
    assert "can't be repaired" in done.stdout
    assert list(tmp_path.iterdir()) == [path]


def test_a_conformant_file_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(Path(__file__).parent.parent.joinpath("examples/conformant.svg").read_bytes())
    done = fix(path)
    assert done.exit_code == 0
    assert "nothing to repair" in done.stdout
    assert list(tmp_path.iterdir()) == [path]


def test_japanese_is_spoken(logo_file: Path) -> None:
    done = CliRunner().invoke(main, ["fix", str(logo_file), "--lang", "ja"])
    assert "修復済み" in done.stdout


def test_the_kinds_of_the_command_are_those_of_the_library() -> None:
    assert set(KINDS) == set(ALLOWED)


@pytest.mark.parametrize("option", ["-o", "--picture"])
def test_the_file_itself_is_never_overwritten(logo_file: Path, option: str) -> None:
    named = logo_file.rename(logo_file.with_suffix(".png")) if option == "--picture" else logo_file
    before = named.read_bytes()
    done = fix(named, option, named)
    assert done.exit_code == 2
    assert named.read_bytes() == before


def test_a_text_is_not_said_to_be_the_same_since_it_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text(logo(GOOD + '<text x="10" y="50">Acme</text>'))
    done = fix(path, "--title", "Acme")
    assert done.exit_code == 3
    assert "not drawn" in done.stdout
    assert "The picture is the same" not in done.stdout
    assert "--allow text" in done.stdout


def test_a_title_taken_from_the_name_is_left_for_the_owner_to_confirm(logo_file: Path) -> None:
    assert "“acme tools logo” is a placeholder. Give the brand's name: --title TEXT" in _flat(fix(logo_file))
    told = fix(logo_file, "--title", "Acme", "--desc", "A disc on gold")
    assert "placeholder" not in told.stdout
    generic = logo_file.rename(logo_file.with_name("logo.svg"))
    assert _flat(fix(generic)).count("--title TEXT") == 1, "a word that says nothing is told by its own rule"


def _flat(done: Result) -> str:
    return " ".join(done.stdout.split())


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a logo to repair, one that needs consent, and one that conforms."""
    monkeypatch.chdir(tmp_path)
    Path("brand").mkdir()
    Path("brand/acme.svg").write_text(logo(GOOD))
    Path("brand/blurred.svg").write_text(logo(FILTERED))
    Path("brand/fine.svg").write_bytes(Path(__file__).parent.parent.joinpath("examples/conformant.svg").read_bytes())
    return tmp_path


def written(folder: str = ".") -> list[str]:
    return sorted(str(path) for ending in ("bimi", "unfinished") for path in Path(folder).rglob(f"*.{ending}.svg"))


def test_several_files_are_each_written_as_one_would_be(brand: Path) -> None:
    done = fix("brand/acme.svg", "brand/blurred.svg", "brand/fine.svg")
    assert done.exit_code == 1
    assert written() == ["brand/acme.bimi.svg"]
    assert b"<title>acme</title>" in Path("brand/acme.bimi.svg").read_bytes()
    for line in ("brand/acme.svg: repaired, conformant", "brand/blurred.svg: not conformant yet", "nothing to repair"):
        assert line in done.stdout
    assert done.stdout.endswith("\n\n3 files: 1 repaired, 1 conformant before, 1 not conformant yet\n")


@pytest.mark.parametrize(
    "named", [["brand"], ["brand/*.svg"], ["brand/acme.svg", "brand/blurred.svg", "brand/fine.svg"]]
)
def test_a_folder_takes_what_comes_of_each(brand: Path, named: list[str]) -> None:
    done = fix(*named, "-o", "new/out")
    assert done.exit_code == 1
    assert written() == [f"new/out/{name}.svg" for name in ("acme.bimi", "blurred.unfinished", "fine.bimi")]
    assert _flat(done).count("Written: new/out/blurred.unfinished.svg It doesn't conform yet: don't publish it") == 1
    assert _flat(done).count("don't publish it") == 1, "what is finished may be"
    assert check_svg(Path("new/out/acme.bimi.svg").read_bytes()).ok
    assert Path("new/out/fine.bimi.svg").read_bytes() == Path("brand/fine.svg").read_bytes()


@pytest.mark.parametrize("folder", ["there", "brand", "new/"])
def test_one_file_can_go_into_a_folder_as_well(brand: Path, folder: str) -> None:
    Path("there").mkdir()
    assert fix("brand/acme.svg", "-o", folder).exit_code == 0
    assert written() == [f"{folder.rstrip('/')}/acme.bimi.svg"]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (["acme", "fine"], 0),
        (["acme", "lettered"], 3),
        (["acme", "lettered", "blurred"], 1),
        (["acme", "lettered", "blurred", "missing"], 2),
        (["missing", "acme"], 2),
    ],
    ids=["proven", "unproven", "not yet", "missing last", "missing first"],
)
def test_the_worst_decides_how_several_end(brand: Path, files: list[str], status: int) -> None:
    Path("brand/lettered.svg").write_text(logo(GOOD + '<text x="10" y="50">Acme</text>'))
    done = fix(*(f"brand/{name}.svg" for name in files))
    assert done.exit_code == status
    assert ("can't read brand/missing.svg: No such file" in done.stderr) == (status == 2)
    assert "brand/acme.svg: repaired, conformant" in done.stdout, "what can be repaired is"


def test_several_results_are_one_envelope(brand: Path) -> None:
    told = json.loads(fix("brand", "-f", "json").stdout)
    assert told["schema_version"] == 1
    assert [(one["subject"], one["ok"]) for one in told["repairs"]] == [
        ("brand/acme.svg", True),
        ("brand/blurred.svg", False),
        ("brand/fine.svg", True),
    ]


def test_what_a_repair_wrote_is_not_repaired_again(brand: Path) -> None:
    assert fix("brand").exit_code == 1
    again = fix("brand")
    assert "brand/acme.bimi.svg is left out: it is what the repair of brand/acme.svg writes" in again.stderr
    assert written() == ["brand/acme.bimi.svg"]
    assert fix("brand/acme.bimi.svg").exit_code == 0, "by itself it can be judged"


def test_what_is_unfinished_is_not_repaired_again_either(brand: Path) -> None:
    assert fix("brand", "-o", "brand").exit_code == 1
    there = written()
    again = fix("brand", "-o", "brand")
    assert "brand/blurred.unfinished.svg is left out" in again.stderr
    assert written() == there == [f"brand/{name}.svg" for name in ("acme.bimi", "blurred.unfinished", "fine.bimi")]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["brand/acme.svg", "brand/deep/acme.svg", "-o", "out"], "would both be written to out/acme.bimi.svg"),
        (["brand/acme.svg", "brand/fine.svg", "-o", "brand/fine.svg"], "brand/fine.svg can't be one"),
        (["brand/acme.svg", "brand/fine.svg", "-o", "brand/fine.svg/out"], "can't be one: Not a directory"),
        (["brand/acme.svg", "brand/fine.svg", "-o", "-"], "-o - takes one FILE only"),
        (["brand/acme.svg", "-"], "takes no other FILE"),
        (["brand/acme.svg", "brand/fine.svg", "--picture", "x.png"], "--picture takes one FILE only"),
        (["empty"], "no logo (.svg, .svgz) in the folder empty"),
        (["", "-o", "out/"], "can't read"),
    ],
)
def test_what_cannot_be_done_with_several_says_why(brand: Path, arguments: list[str], complaint: str) -> None:
    Path("brand/deep").mkdir()
    Path("brand/deep/acme.svg").write_text(logo(GOOD))
    Path("empty").mkdir()
    done = fix(*arguments)
    assert done.exit_code == 2
    assert complaint in " ".join(done.stderr.split())
    assert "Traceback" not in done.output
    assert written() == []


def test_another_name_of_a_file_to_repair_is_never_written_over(brand: Path) -> None:
    Path("out").mkdir()
    Path("out/acme.bimi.svg").symlink_to(Path("brand/fine.svg").absolute())
    before = Path("brand/fine.svg").read_bytes()
    done = fix("brand/acme.svg", "brand/fine.svg", "-o", "out")
    assert done.exit_code == 2
    assert "out/acme.bimi.svg is the file to repair" in " ".join(done.stderr.split())
    assert Path("brand/fine.svg").read_bytes() == before


def test_differences_of_several_come_one_after_the_other(brand: Path) -> None:
    done = fix("brand/acme.svg", "brand/blurred.svg", "--diff")
    assert [line for line in done.stdout.splitlines() if line.startswith("--- ")] == [
        "--- brand/acme.svg",
        "--- brand/blurred.svg",
    ]
    assert "2 files" in done.stderr
    assert written() == []


def test_one_that_cannot_be_written_holds_no_other_back(brand: Path) -> None:
    Path("out/acme.bimi.svg").mkdir(parents=True)
    done = fix("brand/acme.svg", "brand/blurred.svg", "-o", "out")
    assert done.exit_code == 2
    assert "can't write out/acme.bimi.svg: Is a directory" in done.stderr
    assert Path("out/blurred.unfinished.svg").is_file()


def test_many_files_show_progress_on_a_terminal(brand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bimikit.cli import streams

    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(streams.sys, "stderr", shown)
    for lang, count, label in (("en", 1, ""), ("en", streams.MANY, "Repairing"), ("ja", streams.MANY, "修復中")):
        monkeypatch.setenv("LANG", lang)
        files = [f"{number}.svg" for number in range(count)]
        assert list(streams.with_progress(files, "progress.repairing")) == files
        assert label in shown.getvalue()
        assert bool(label) == bool(shown.getvalue())
