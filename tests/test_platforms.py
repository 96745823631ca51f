"""The library runs on Windows and macOS as on Linux: what only one of them has is guarded, and no console is feared."""

from __future__ import annotations

import ast
import errno
import json
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import AT, ROOT

import bimikit
from bimikit.cli.streams import is_closed_pipe
from bimikit.testing import LOGO

PACKAGE = ROOT / "bimikit"

MODULES = frozenset(
    """crypt curses fcntl grp nis posix pty pwd readline resource spwd syslog termios tty msvcrt winreg winsound _winapi
    zoneinfo""".split()
)
"""Modules that not every system has; zoneinfo has no zones on Windows, unless tzdata is installed."""
NAMES = {
    "os": r"fork|forkpty|get(uid|euid|gid|egid|groups|pgid|pgrp|sid|loadavg|priority)|set(uid|gid|sid|pgid|pgrp)|l?chown|fchown|"
    r"chroot|killpg|nice|mkfifo|mknod|pipe2|posix_\w+|sched_\w+|f?statvfs|uname|register_at_fork|wait[34]|waitid|W[A-Z]+|"
    r"O_(NOFOLLOW|CLOEXEC|NONBLOCK|DIRECTORY|SYNC)|openpty|ttyname|sysconf|confstr|EX_\w+|pread|pwrite|startfile|fchmod",
    "signal": r"alarm|[gs]etitimer|pause|pthread_\w+|sig(wait|pending|timedwait|waitinfo)|"
    r"SIG(ALRM|KILL|HUP|PIPE|CHLD|USR[12]|QUIT|STOP|CONT|TSTP|WINCH)|CTRL_\w+",
    "socket": r"AF_(UNIX|PACKET|NETLINK)|SO_REUSEPORT|MSG_(DONTWAIT|NOSIGNAL)|SOCK_(NONBLOCK|CLOEXEC)|sendmsg|recvmsg",
    "select": r"poll|epoll|kqueue|devpoll",
    "asyncio": r"\w*EventLoopPolicy|set_event_loop_policy|open_unix_\w+|start_unix_\w+|SelectorEventLoop|ProactorEventLoop",
    "time": r"tzset|clock_\w+|pthread_\w+",
    "multiprocessing": r"fork",
    "errno": r"EDOM_|EL\d\w+",
}
METHODS = frozenset(
    "add_reader remove_reader add_writer remove_writer add_signal_handler owner lchmod is_mount".split()
)
ARGUMENTS = frozenset({"preexec_fn", "start_new_session", "pass_fds", "close_fds", "umask", "reuse_port"})
GUARDS = re.compile(r"hasattr|sys\.platform|os\.name|\bImportError|AttributeError")
SOURCES = sorted(PACKAGE.rglob("*.py"))


def guarded(above: list[ast.AST]) -> bool:
    """Whether code below these nodes runs only where the system has what it uses."""
    for node in above:
        tests: list[ast.AST] = []
        if isinstance(node, (ast.If, ast.IfExp)):
            tests = [node.test]
        elif isinstance(node, ast.With):
            tests = [item.context_expr for item in node.items]
        elif isinstance(node, ast.Try):
            tests = [handler.type for handler in node.handlers if handler.type is not None]
        elif isinstance(node, ast.FunctionDef):  # what is left early where the system lacks it
            leaving = (ast.Return, ast.Raise)
            tests = [one.test for one in node.body if isinstance(one, ast.If) and isinstance(one.body[-1], leaving)]
        if any(GUARDS.search(ast.unparse(test)) for test in tests):
            return True
    return False


def trouble(node: ast.AST) -> str:
    """What a piece of code uses that one system lacks, or does otherwise; empty for nothing."""
    match node:
        case ast.Import(names=names):
            return ", ".join(one.name for one in names if one.name.partition(".")[0] in MODULES)
        case ast.ImportFrom(module=str(module), level=0, names=names):
            home = NAMES.get(module, "(?!)")
            found = [one.name for one in names if re.fullmatch(home, one.name)]
            return module if module.partition(".")[0] in MODULES else ", ".join(found)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if re.fullmatch(NAMES.get(module, "(?!)"), name):
            return f"{module}.{name}"
        case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
            return f"{name}()"
        case ast.Call(func=function, args=arguments, keywords=keywords):
            named = {one.arg for one in keywords}
            if named & ARGUMENTS:
                return ", ".join(sorted(str(one) for one in named & ARGUMENTS))
            called = ast.unparse(function)
            mode = arguments[1:2] if called == "open" else arguments[:1]
            writes = any(isinstance(one, ast.Constant) and one.value in ("w", "a", "x", "w+", "wt") for one in mode)
            as_text = called.endswith(".write_text") or (called.endswith("open") and writes)
            if as_text and not {"encoding", "newline"} <= named:
                return f"{called} without encoding and newline"
            return f"{called} without encoding" if called.endswith(".read_text") and "encoding" not in named else ""
        case ast.Constant(value=str(text)) if re.fullmatch(r"(%.|[^%])*%-[dmHIMSjy].*", text):
            return f"{text!r}, which strftime of Windows doesn't know"
    return ""


def unguarded(tree: ast.AST, above: list[ast.AST]) -> Iterator[str]:
    if (found := trouble(tree)) and not guarded(above):
        yield f"{getattr(tree, 'lineno', 0)}: {found}"
    for child in ast.iter_child_nodes(tree):
        yield from unguarded(child, [*above, tree])


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_not_every_system_has_is_guarded(source: Path) -> None:
    assert list(unguarded(ast.parse(source.read_text(encoding="utf-8")), [])) == []


@pytest.mark.parametrize(
    "code",
    [
        "import resource",
        "from fcntl import flock",
        "import os\nos.getuid()",
        "from os import register_at_fork",
        "import signal\nsignal.alarm(1)",
        "loop.add_reader(1, print)",
        "subprocess.run([], preexec_fn=print)",
        "path.write_text('a', encoding='utf-8')",
        "open('a', 'w', encoding='utf-8')",
        "path.read_text()",
        "moment.strftime('%-d %b')",
        "if os:\n    import pwd",
    ],
)
def test_what_is_not_guarded_is_found(code: str) -> None:
    assert list(unguarded(ast.parse(code), []))


@pytest.mark.parametrize(
    "code",
    [
        "if hasattr(os, 'getuid'):\n    os.getuid()",
        "try:\n    import resource\nexcept ImportError:\n    pass",
        "with suppress(ImportError):\n    import fcntl",
        "if sys.platform != 'win32':\n    signal.alarm(1)",
        "def me():\n    if not hasattr(os, 'geteuid'):\n        return None\n    return os.geteuid()",
        "path.write_text('a', encoding='utf-8', newline='\\n')",
        "open('a', 'wb')",
    ],
)
def test_what_is_guarded_is_let_through(code: str) -> None:
    assert not list(unguarded(ast.parse(code), []))


# consoles


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bimikit", *arguments]
    surroundings = {**os.environ, "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, check=False)


COMMANDS = [
    ("--help",),
    ("svg", "--help"),
    ("verify", "--help"),
    ("rules", "--lang", "ja"),
    ("rules", "svg.title-missing", "--lang", "ja"),
    ("svg", "ロゴ.svg", "--lang", "ja", "--no-config"),
    ("svg", "無い.svg", "--lang", "ja", "--no-config"),
    ("svg", "ロゴ.svg", "--lang", "ja", "--no-config", "--format", "junit"),
    ("check", "--domain", "example.com", "--svg", "ロゴ.svg", "--lang", "ja", "--no-config"),
]


@pytest.mark.parametrize("encoding", ["cp932", "cp1252", "cp437", "ascii"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_console_lacks_a_character_that_ends_a_command(
    tmp_path: Path, encoding: str, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "ロゴ.svg").write_bytes(LOGO.replace(b"<title>", b"<desc>").replace(b"</title>", b"</desc>"))
    done = run(*arguments, folder=tmp_path, PYTHONIOENCODING=encoding)
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    assert done.returncode in (0, 1, 2, 3)
    is_utf_8 = encoding == "ascii" or "junit" in arguments  # click takes ASCII for that, and XML says so itself
    assert (done.stdout or done.stderr).decode("utf-8" if is_utf_8 else encoding)


def test_a_japanese_console_shows_japanese(tmp_path: Path) -> None:
    done = run("rules", "svg.title-missing", "--lang", "ja", folder=tmp_path, PYTHONIOENCODING="cp932")
    assert "タイトル" in done.stdout.decode("cp932")


def test_files_have_the_same_bytes_whatever_the_console(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    written = set()
    for encoding in ("utf-8", "cp932"):
        run(
            "svg",
            "logo.svg",
            "--lang",
            "ja",
            "-f",
            "markdown",
            "-o",
            "out.md",
            folder=tmp_path,
            PYTHONIOENCODING=encoding,
        )
        written.add((tmp_path / "out.md").read_bytes())
    (data,) = written
    assert b"\r" not in data
    assert data.decode()


def test_no_time_zone_of_the_system_matters(tmp_path: Path) -> None:
    (tmp_path / "vmc.pem").write_bytes(b"-----BEGIN CERTIFICATE-----")
    told = {
        run(
            "cert", "vmc.pem", "--at", AT.date().isoformat(), "--no-config", "-f", "json", folder=tmp_path, TZ=zone
        ).stdout
        for zone in ("UTC", "Asia/Tokyo", "Nowhere/Unknown", "<-03>3")
    }
    (text,) = told
    assert json.loads(text)["judged_at"] == "2026-11-24T00:00:00Z"


@pytest.mark.parametrize(
    ("problem", "system", "closed"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "linux", True),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "linux", False),
        (OSError(errno.ENOSPC, "No space left on device"), "win32", False),
    ],
)
def test_a_closed_pipe_is_known_by_what_each_system_calls_it(problem: OSError, system: str, closed: bool) -> None:
    assert is_closed_pipe(problem, system) is closed


# processes


def test_judging_works_in_processes_that_are_spawned() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        report = pool.apply(bimikit.check_svg, (LOGO,), {"at": AT})
    assert report == bimikit.check_svg(LOGO, at=AT)
