"""How the command line ends where its output is closed or full, and names of files that are no UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repairing import logo
from support import FIXTURES, interrupted

from bimikit.cli.streams import INTERRUPTED, PIPE_CLOSED
from bimikit.output import FORMATS
from bimikit.svg.examples import BODY, HEAD, START

GOOD = f"{START}\n{HEAD}\n{BODY}\n</svg>\n"
EXPORTED = logo('<rect width="100" height="100" fill="gold"/><circle cx="50" cy="50" r="30" fill="#1a3d8f"/>')
ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
BYTES = os.fsencode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.svg").write_text(GOOD)
    (tmp_path / "logo.svg").write_text(EXPORTED)
    return tmp_path


def command(*arguments: str | bytes) -> list[str | bytes]:
    return [sys.executable, "-m", "bimikit", *arguments]


WRITING = {
    "svg": ["svg", "good.svg"],
    "svg as json": ["svg", "good.svg", "-f", "json"],
    "rules": ["rules", "-f", "markdown"],
    "fix": ["fix", "logo.svg"],
    "fix as json": ["fix", "logo.svg", "-f", "json"],
    "fix to a pipe": ["fix", "logo.svg", "-o", "-"],
    "fix --diff": ["fix", "logo.svg", "--diff"],
    "preview to a pipe": ["preview", "good.svg", "-o", "-"],
    "help": ["--help"],
    "help on a command": ["svg", "--help"],
    "version": ["--version"],
}


@pytest.mark.parametrize("arguments", WRITING.values(), ids=WRITING.keys())
def test_a_closed_pipe_ends_the_program_without_a_word(folder: Path, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(command(*arguments), cwd=folder, stdout=writer, stderr=subprocess.PIPE, env=ENVIRONMENT)
    finally:
        os.close(writer)
    assert done.returncode == PIPE_CLOSED
    assert b"roken" not in done.stderr
    assert b"Error" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", WRITING.values(), ids=WRITING.keys())
def test_a_full_disk_behind_standard_output_is_told(folder: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(*arguments), cwd=folder, stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT)
    assert done.returncode == 2
    assert b"bimikit: can't write to standard output: No space left on device\n" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [["fix", "logo.svg", "-o", "/dev/full"], ["svg", "good.svg", "-o", "/dev/full"]],
    ids=lambda value: value[0],
)
def test_a_full_disk_behind_a_file_is_told_with_its_name(folder: Path, arguments: list[str]) -> None:
    done = subprocess.run(command(*arguments), cwd=folder, capture_output=True, env=ENVIRONMENT)
    assert done.returncode == 2
    assert b"bimikit: can't write /dev/full: No space left on device\n" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
@pytest.mark.parametrize(
    "arguments",
    [["svg", "good.svg"], ["fix", "logo.svg"], ["preview", "good.svg"], ["expiry", "vmc.pem"],
     ["expiry", "vmc.pem", "-f", "ics"]],
    ids=" ".join,
)  # fmt: skip
def test_a_circle_of_links_to_write_to_is_told(folder: Path, arguments: list[str]) -> None:
    (folder / "loop.html").symlink_to("loop.html")
    (folder / "vmc.pem").write_bytes(sorted((FIXTURES.parent / "certs").rglob("*.pem"))[0].read_bytes())
    line = command(*arguments, "-o", "loop.html")
    done = subprocess.run(line, cwd=folder, capture_output=True, env=ENVIRONMENT)
    assert done.returncode == 2
    assert b"bimikit: can't write loop.html: Too many levels of symbolic links\n" in done.stderr
    assert b"Traceback" not in done.stderr
    assert (folder / "loop.html").is_symlink()
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
@pytest.mark.parametrize("arguments", ["svg -", "fix - -f json", "preview -"])
def test_closed_streams_are_no_crash(folder: Path, arguments: str, closed: str) -> None:
    line = f"{sys.executable} -m bimikit {arguments} {closed}"
    if closed != "<&-":
        line += " < good.svg"
    done = subprocess.run(["/bin/sh", "-c", line], cwd=folder, capture_output=True, env=ENVIRONMENT)
    assert done.returncode == 2
    assert b"Bad file descriptor" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["html", "json", "junit"])
def test_what_says_that_it_is_utf_8_is_so_whatever_the_encoding_of_the_terminal(folder: Path, form: str) -> None:
    line = command("svg", "good.svg", "--lang", "ja", "-f", form)
    done = subprocess.run(line, cwd=folder, capture_output=True, env={**ENVIRONMENT, "PYTHONIOENCODING": "shift_jis"})
    done.stdout.decode("utf-8", "strict")


@pytest.mark.parametrize("arguments", ["scan -", "reports -"])
def test_a_closed_input_is_told(folder: Path, arguments: str) -> None:
    line = ["/bin/sh", "-c", f"{sys.executable} -m bimikit {arguments} <&-"]
    done = subprocess.run(line, cwd=folder, capture_output=True, env=ENVIRONMENT)
    assert done.returncode == 2
    assert b"can't read" in done.stderr
    assert b"Bad file descriptor" in done.stderr


NAME = b"caf\xe9"
SPOILING = {
    **{f"svg {name}": ([b"svg", NAME + b".svg", b"-f", BYTES(name)], None) for name in FORMATS},
    **{f"cert {name}": ([b"cert", NAME + b".pem", b"-f", BYTES(name)], None) for name in FORMATS},
    "fix text": ([b"fix", NAME + b".svg"], None),
    "fix json": ([b"fix", NAME + b".svg", b"-f", b"json"], None),
    "fix diff": ([b"fix", NAME + b".svg", b"--diff"], None),
    "fix pipe": ([b"fix", NAME + b".svg", b"-o", b"-"], None),
    "preview text": ([b"preview", NAME + b".svg"], None),
    "preview json": ([b"preview", NAME + b".svg", b"-f", b"json"], None),
    "preview page": ([b"preview", NAME + b".svg", b"-o", b"sheet.html"], "sheet.html"),
    "preview pipe": ([b"preview", NAME + b".svg", b"-o", b"-"], None),
    "svg to a file": ([b"svg", NAME + b".svg", b"-f", b"html", b"-o", b"report.html"], "report.html"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are UTF-8 elsewhere")
@pytest.mark.parametrize(("arguments", "written"), SPOILING.values(), ids=SPOILING.keys())
def test_a_name_that_is_no_utf8_spoils_nothing(folder: Path, arguments: list[bytes], written: str | None) -> None:
    where = BYTES(folder) + b"/" + NAME
    Path(os.fsdecode(where + b".svg")).write_text(EXPORTED)
    certificate = sorted((FIXTURES.parent / "certs").rglob("*.pem"))[0]
    Path(os.fsdecode(where + b".pem")).write_bytes(certificate.read_bytes())
    done = subprocess.run(command(*arguments), cwd=folder, capture_output=True, env=ENVIRONMENT)
    assert done.returncode in (0, 1, 3), done.stderr
    shown = ((folder / written).read_bytes() if written else done.stdout).decode("utf-8", "strict")
    assert shown
    done.stderr.decode("utf-8", "strict")
    if b"json" in arguments:
        subject = json.loads(shown)["subject"]
        assert os.fsencode(subject) in (NAME + b".svg", NAME + b".pem")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("lang", "told"), [("en", "interrupted before it was finished"), ("ja", "処理の途中で中断しました")]
)
def test_an_interrupt_has_a_status_of_its_own(folder: Path, lang: str, told: str) -> None:
    with subprocess.Popen(
        command("svg", "--lang", lang, "-"),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b" " * 100_000)  # more than a pipe holds, so that this returns once it is being read
        running.stdin.flush()
        assert interrupted(running) == INTERRUPTED
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read() == b""
        assert running.stderr.read().decode() == f"bimikit: {told}\n"
