"""The portal as a service: its server, its processes, its health, its end."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import portal_tasks as tasks
import pytest
from click.testing import CliRunner
from flask import Flask, Response
from portal_world import PATIENCE, Program, Served, check, gone, portal, served, until
from support import ROOT

from bimikit.cli import main
from bimikit.locale import words_of
from bimikit.testing import LOGO
from webapp import connections, logs, serve
from webapp.problems import Problem
from webapp.settings import read_settings
from webapp.words import LANGUAGES
from webapp.work import Workers

EN, JA = (words_of("cli_words", lang) for lang in ("en", "ja"))
MEMORY = 1024**3


# the processes that judge


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(2, 4, MEMORY, seconds=5)
    yield made
    made.close()


@pytest.mark.parametrize("task", [tasks.hang, tasks.hang_deaf, tasks.eat, tasks.end, tasks.break_down])
def test_a_task_that_goes_wrong_ends_with_its_problem_and_its_process_is_replaced(workers: Workers, task: Any) -> None:
    assert workers.run(PATIENCE, tasks.double, 2) == 4
    with pytest.raises(Problem) as caught:
        workers.run(5 if task is tasks.eat else 0.3, task)
    assert caught.value.name == "too-slow"
    assert workers.health().broken == (2 if task in (tasks.end, tasks.break_down) else 1)
    assert [workers.run(PATIENCE, tasks.double, number) for number in range(4)] == [0, 2, 4, 6]
    assert workers.health().alive == 2


def test_a_task_whose_process_the_system_ended_is_done_by_another(workers: Workers, tmp_path: Path) -> None:
    assert workers.run(PATIENCE, tasks.end_once, str(tmp_path / "ended")) == "done"
    assert workers.health().broken == 1


def test_a_task_that_waits_until_its_time_is_over_is_told_to_come_back(tmp_path: Path) -> None:
    workers = Workers(1, 4, MEMORY, seconds=5)
    thread, caught = waiting(workers, tmp_path / "go")
    with pytest.raises(Problem, match="busy"):
        workers.run(PATIENCE, tasks.double, 1, until=time.monotonic() + 0.2)
    (tmp_path / "go").touch()
    thread.join(PATIENCE)
    assert caught == []
    assert workers.run(PATIENCE, tasks.double, 1, until=time.monotonic() + PATIENCE) == 2
    workers.close()


def waiting(workers: Workers, path: Path) -> tuple[threading.Thread, list[str]]:
    """A thread whose task waits for a file to appear, once it has begun; and what it is told instead of an answer."""
    caught: list[str] = []

    def wait() -> None:
        try:
            workers.run(PATIENCE, tasks.wait_for, str(path))
        except Problem as problem:
            caught.append(problem.name)

    thread = threading.Thread(target=wait)
    thread.start()
    until(Path(f"{path}.begun").exists)
    return thread, caught


def test_a_task_that_hangs_holds_up_no_other(workers: Workers, tmp_path: Path) -> None:
    thread, caught = waiting(workers, tmp_path / "go")
    assert [workers.run(PATIENCE, tasks.double, number) for number in range(3)] == [0, 2, 4]
    assert workers.health().at_work == 1
    (tmp_path / "go").touch()
    thread.join(PATIENCE)
    assert caught == []


@pytest.mark.parametrize(
    ("task", "kind", "says"),
    [
        (tasks.complain, KeyError, "what is missing"),
        (tasks.complain_oddly, RuntimeError, "OddError: ab"),
        (tasks.unreturnable, AttributeError, "pickle"),
    ],
)
def test_what_a_task_raises_comes_back_with_where_it_was_raised(
    workers: Workers, task: Any, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        workers.run(PATIENCE, task)
    if kind is KeyError:
        assert "portal_tasks.py" in caught.value.__notes__[0]
    assert workers.health().broken == 0


def test_what_a_task_prints_disturbs_nothing(workers: Workers) -> None:
    assert workers.run(PATIENCE, tasks.talk) == 7
    assert workers.run(PATIENCE, tasks.double, 3) == 6


def test_beyond_the_last_place_somebody_is_told_when_to_come_back(tmp_path: Path) -> None:
    workers = Workers(1, 1, MEMORY)
    threads = [
        threading.Thread(target=workers.run, args=(PATIENCE, tasks.wait_for, str(tmp_path / "go"))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    until(lambda: workers.health().waiting == 1 and workers.health().at_work == 1)
    with pytest.raises(Problem) as caught:
        workers.run(PATIENCE, tasks.double, 1)
    assert (caught.value.name, caught.value.params["seconds"]) == ("busy", 5)
    assert workers.health().state == "busy"
    (tmp_path / "go").touch()
    for thread in threads:
        thread.join(PATIENCE)
    assert workers.run(PATIENCE, tasks.double, 1) == 2
    workers.close()


def test_closing_ends_the_processes_and_what_they_started_and_may_be_done_twice() -> None:
    workers = Workers(2, 4, MEMORY)
    pids = workers.run(PATIENCE, tasks.processes)
    assert not any(map(gone, pids))
    workers.close()
    workers.close()
    until(lambda: all(map(gone, pids)))
    with pytest.raises(Problem, match="busy"):
        workers.run(1, tasks.double, 1)
    assert workers.health().state == "stopping"


def test_closing_waits_for_a_task_at_work_but_not_for_ever(tmp_path: Path) -> None:
    workers = Workers(1, 4, MEMORY, seconds=0.2)
    thread, caught = waiting(workers, tmp_path / "never")
    workers.close()
    thread.join(PATIENCE)
    assert caught == ["busy"]


def test_processes_end_with_the_one_that_started_them_however_it_ends() -> None:
    script = (
        "import os, portal_tasks as t\nfrom webapp.work import Workers\n"
        "w = Workers(1, 4, 2**30)\nprint(*w.run(60, t.processes), flush=True)\ninput()\n"
    )
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
    ) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    until(lambda: all(map(gone, pids)))


def test_after_a_fork_each_has_processes_of_its_own() -> None:
    script = (
        "import os, portal_tasks as t\nfrom webapp.work import Workers\n"
        "w = Workers(1, 4, 2**30)\nassert w.run(60, os.getpid) == w.run(60, os.getpid)\n"
        "mine = w.run(60, os.getpid)\nchild = os.fork()\n"
        "if not child:\n    ok = w.run(60, os.getpid) != mine\n    w.close()\n    os._exit(0 if ok else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\nassert w.run(60, os.getpid) == mine\nw.close()\n"
    )
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")


# the server


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    command = ["-m", "bimikit", "portal", "--port", "0", "--workers", "1", "--rate", "check=0", "--no-live"]
    one = Program(command, tmp_path_factory.mktemp("portal") / "log")
    yield one
    assert one.end() == 0


def test_the_page_and_an_answer_are_served(program: Program) -> None:
    page = httpx.get(f"{program.url}/", timeout=PATIENCE)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "server" not in page.headers
    answer = check(program.url, ("logo.svg", LOGO))
    assert answer.status_code == 200
    assert "data:image/png;base64," in answer.text


def test_health_and_readiness_are_told(program: Program) -> None:
    alive, ready = (httpx.get(f"{program.url}{path}", timeout=PATIENCE) for path in ("/healthz", "/healthz/ready"))
    assert (alive.status_code, alive.json()) == (200, {"status": "ok", "workers": "ready"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


def test_readiness_fails_where_there_is_no_place_left(tmp_path: Path) -> None:
    with portal(WAITING=0) as app:
        workers = app.extensions["bimikit"].workers
        go = str(tmp_path / "go")
        for_one = threading.Thread(target=workers.run, args=(PATIENCE, tasks.wait_for, go))
        for_one.start()
        until((tmp_path / "go.begun").exists)
        answer = app.test_client().post("/check", data={"domain": "example.com", "dmarc": "v=DMARC1; p=none"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        (tmp_path / "go").touch()
        for_one.join(PATIENCE)
        workers.close()
        stopping = app.test_client().get("/healthz/ready")
        assert (stopping.status_code, stopping.json) == (503, {"status": "stopping"})
        assert app.test_client().get("/healthz").status_code == 200


def test_metrics_count_by_route_and_name_nothing_else(program: Program) -> None:
    httpx.get(f"{program.url}/api/v1/domain/secret-brand.example", timeout=PATIENCE)
    httpx.get(f"{program.url}/no-such-page", timeout=PATIENCE)
    check(program.url)
    told = httpx.get(f"{program.url}/metrics", timeout=PATIENCE)
    assert told.headers["content-type"].startswith("text/plain")
    lines = told.text.splitlines()
    assert any(
        re.fullmatch(r'bimikit_portal_requests_total\{method="POST",route="/check",status="422"\} .*', one)
        for one in lines
    )
    assert any(
        re.fullmatch(r'bimikit_portal_requests_total\{method="GET",route="-",status="404"\} .*', one) for one in lines
    )
    assert any(one.startswith('bimikit_portal_request_seconds_bucket{le="0.3",route="/check"}') for one in lines)
    assert any(re.fullmatch(r'bimikit_portal_problems_total\{problem="nothing-given"\} .*', one) for one in lines)
    for one in (
        "bimikit_portal_workers 1.0",
        "bimikit_portal_tasks_waiting 0.0",
        "bimikit_portal_live_checks_at_work 0.0",
    ):
        assert one in lines
    assert "secret-brand" not in told.text


def test_the_log_has_a_line_for_each_request_and_nobodys_content(program: Program) -> None:
    before = program.told
    httpx.get(f"{program.url}/?lang=ja&secret=query-text", timeout=PATIENCE)
    httpx.get(f"{program.url}/api/v1/domain/secret-brand.example?selector=query-text", timeout=PATIENCE)
    httpx.get(f"{program.url}/secret-path", timeout=PATIENCE)
    secret = LOGO.replace(b"Acme", b"secret-title")
    check(
        program.url,
        ("secret-file.svg", secret),
        domain="secret-brand.example",
        dmarc="v=DMARC1; p=none; x=secret-record",
    )
    until(lambda: program.told.count("bimikit.portal.access") >= before.count("bimikit.portal.access") + 4)
    told = program.told[len(before) :]
    assert re.search(r"INFO bimikit\.portal\.access 127\.0\.0\.1 GET / 200 [\d.]+s$", told, re.MULTILINE)
    assert re.search(r"127\.0\.0\.1 GET /api/v1/domain/<.*> 501 [\d.]+s live-off$", told, re.MULTILINE)
    assert re.search(r"127\.0\.0\.1 GET - 404 [\d.]+s not-found$", told, re.MULTILINE)
    assert re.search(r"127\.0\.0\.1 POST /check 200 [\d.]+s$", told, re.MULTILINE)
    assert "secret" not in told
    assert "query-text" not in told


def test_a_failure_is_logged_by_where_it_happened_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    formatter = logs.Discreet("%(message)s")
    try:
        try:
            int("secret-content")
        except ValueError as problem:
            problem.add_note('  File "worker.py", line 1')
            raise RuntimeError("secret-content") from problem
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "a request failed", (), sys.exc_info())
    told = formatter.format(record)
    assert "secret-content" not in told.replace('int("secret-content")', "").replace('Error("secret-content")', "")
    assert "RuntimeError" in told
    assert 'File "worker.py"' in told
    assert "test_portal_service.py" in told


@pytest.mark.parametrize("size", [9_000_000, 40_000_000])
def test_a_file_that_is_too_large_is_refused_in_words(program: Program, size: int) -> None:
    answer = check(program.url, ("logo.svg", b"x" * size))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "<main" in answer.text


def test_so_is_one_whose_size_nobody_announced(program: Program) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    answer = httpx.post(
        f"{program.url}/check",
        content=pieces(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=PATIENCE,
    )
    assert answer.status_code == 413


CHUNKED = b"POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN = {
    "no request": (b"GARBAGE\r\n\r\n", 400),
    "endless headers": (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 40_000 + b"\r\n\r\n", 431),
    "a negative length": (b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
    "two lengths": (b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
    "an enormous length": (b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413),
    "no chunk": (b"POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "another encoding": (b"POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "a path with two slashes": (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "another host's address": (b"GET http://evil.example/x HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400),
    "two kinds of length": (
        b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a length beside an empty encoding": (
        b"POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\nContent-Length: 5\r\n\r\nabcde",
        400,
    ),
    "chunks before there were any": (
        b"POST /check HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "many headers": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * connections.HEADERS_EACH + b"\r\n", 400),
    "an endless line before a chunk": (CHUNKED + b"1;a=" + b"x" * 20_000, 400),
    "an endless trailer": (CHUNKED + b"0\r\n" + b"a: b\r\n" * 3000, 400),
    "a chunk for each byte": (CHUNKED + b"1\r\nx\r\n" * 3000, 400),
    "lines between chunks": (CHUNKED + b"\r\n" * 10_000, 400),
    "odd bytes in a path": (b"GET /%00%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", 404),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_proper_request_is_refused_with_our_headers(program: Program, name: str) -> None:
    sent, status = BROKEN[name]
    with socket.create_connection(("127.0.0.1", int(program.url.rpartition(":")[2])), PATIENCE) as connection:
        connection.sendall(sent)
        head = connection.recv(65536).split(b"\r\n\r\n")[0].decode()
    assert int(head.split()[1]) == status
    assert "X-Content-Type-Options: nosniff" in head
    assert "default-src 'none'" in head
    assert "Location" not in head


REFUSED = {name: case for name, case in BROKEN.items() if case[1] != 404}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_server_refuses_is_told_in_words_and_ends_the_connection(program: Program, name: str) -> None:
    sent, status = REFUSED[name]
    head, body = everything(int(program.url.rpartition(":")[2]), sent).split(b"\r\n\r\n")
    assert b"Content-Type: text/plain; charset=utf-8" in head
    problem = "problem.too-large" if status == 413 else "problem.malformed"
    for texts in LANGUAGES.values():
        assert f"{texts[problem]}: {texts[f'{problem}.what'].format(most='8 MB')}\n" in body.decode()
    assert b"generated by" not in body


def test_a_program_is_told_by_a_problem_document(program: Program) -> None:
    sent = b"POST /api/v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
    head, body = everything(int(program.url.rpartition(":")[2]), sent).split(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["problem"], told["type"]) == (413, "too-large", "/api#too-large")
    assert set(told) == {"status", "problem", "type", "title", "detail"}
    assert told["detail"].startswith("A request can have 8 MB at most.")


PICTURE = b"data:image/png;base64,"


def test_chunks_may_be_as_small_as_programs_send_them(program: Program) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.svg"\r\n\r\n' + LOGO + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    pieces = [body[start : start + 9] for start in range(0, len(body), 9)]
    by_piece = httpx.post(
        f"{program.url}/check", content=iter(pieces), headers={"Content-Type": kind}, timeout=PATIENCE
    )
    assert by_piece.status_code == 200
    assert PICTURE in by_piece.content
    at_once = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nA: b\r\n\r\n"
    head = CHUNKED.replace(b"Host", b"Connection: close\r\nContent-Type: %s\r\nHost" % kind.encode())
    answer = everything(int(program.url.rpartition(":")[2]), head + at_once)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert PICTURE in answer


def everything(port: int, sent: bytes) -> bytes:
    """What comes back until the server ends the connection."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection, suppress(ConnectionResetError):
        connection.sendall(sent)
        while piece := connection.recv(65536):
            found += piece
    return found


GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_connection_with_many_requests_at_once_is_ended(program: Program) -> None:
    port = int(program.url.rpartition(":")[2])
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (
        everything(port, GET % b"/healthz" * (connections.PIPELINED - 1) + last).count(b"200 OK")
        == connections.PIPELINED
    )
    assert everything(port, GET % b"/healthz" * 100).count(b"200 OK") <= connections.PIPELINED


@contextmanager
def running(app: Flask) -> Iterator[Served]:
    """A portal behind the server, which is ended whatever comes."""
    one = Served(app)
    try:
        yield one
    finally:
        one.end()


def unread(port: int, sent: bytes) -> socket.socket:
    """A connection whose client asks, and takes little of the answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(sent)
    return connection


@contextmanager
def large_answers(times: int) -> Iterator[tuple[Served, list[int]]]:
    """A portal with answers of 16 MB, whole and bit by bit, and a list that grows with each of so many made."""
    made: list[int] = []

    def whole() -> str:
        made.append(1)
        return "x" * 16_000_000

    def streamed() -> Iterator[str]:
        for _piece in range(16):
            yield "x" * 1_000_000
        made.extend([1] * times)

    with portal() as app:
        app.add_url_rule("/whole", view_func=whole)
        app.add_url_rule("/streamed", endpoint="streamed", view_func=lambda: Response(streamed()))
        with running(app) as one:
            yield one, made


def patient(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Let no connection be ended over time, but for what is given."""
    for name in ("IDLE_SECONDS", "STALLED_SECONDS", "RECEIVE_SECONDS"):
        monkeypatch.setattr(serve, name, seconds.get(name, 10_000))


@pytest.mark.parametrize("path", [b"/whole", b"/streamed"])
def test_who_takes_nothing_of_answers_holds_no_thread(monkeypatch: pytest.MonkeyPatch, path: bytes) -> None:
    patient(monkeypatch)
    with large_answers(3) as (one, made), unread(one.port, GET % path * 3):
        until(lambda: len(made) == 3)
        until(lambda: one._server._dispatcher.active_count == 0)
        (channel,) = one._server._channels()
        assert channel.held >= channel.total_outbufs_len > 1_000_000


@pytest.mark.parametrize("path", [b"/whole", b"/streamed"])
def test_and_is_sent_away(monkeypatch: pytest.MonkeyPatch, path: bytes) -> None:
    patient(monkeypatch, STALLED_SECONDS=0.2)
    with large_answers(3) as (one, made), unread(one.port, GET % path * 3):
        until(lambda: made)
        until(lambda: not one._server._channels())


def test_so_is_who_takes_them_byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch, RECEIVE_SECONDS=0.2)
    with large_answers(1) as (one, made), unread(one.port, GET % b"/whole") as slow:

        def sent_away() -> bool:
            slow.recv(1)
            return not one._server._channels()

        until(lambda: made)
        with suppress(ConnectionResetError):
            until(sent_away)


def test_where_every_connection_is_taken_the_crowds_own_make_room(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    patient(monkeypatch)
    monkeypatch.setattr(serve, "CONNECTIONS", 20)
    go, begun = threading.Event(), threading.Event()

    def wait() -> str:
        begun.set()
        return str(go.wait(PATIENCE))

    with portal() as app:
        app.add_url_rule("/wait", view_func=wait)
        with running(app) as one, httpx.Client(base_url=one.url, timeout=PATIENCE) as somebody:
            assert somebody.get("/healthz").status_code == 200
            (kept,) = one._server._channels()
            crowd = [from_elsewhere(one.port)]
            crowd[0].sendall(GET % b"/wait")
            assert begun.wait(PATIENCE)
            crowd += [from_elsewhere(one.port) for _ in range(60)]
            try:
                assert somebody.get("/healthz").status_code == 200
                assert kept in one._server._channels()
                until(lambda: len(one._server._channels()) < 20)
                go.set()
                assert crowd[0].recv(100).startswith(b"HTTP/1.1 200 OK")
            finally:
                go.set()
                for connection in crowd:
                    connection.close()
    told = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert told == ["all 20 connections are taken; some that ask nothing are closed"]


def from_elsewhere(port: int) -> socket.socket:
    """A connection of another client, which asks nothing yet."""
    return socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=("127.0.0.2", 0))


def test_answers_that_nobody_takes_are_bounded_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HELD", 1_000_000)
    monkeypatch.setattr(serve, "STALLED_SECONDS", 10_000)
    monkeypatch.setattr(serve, "RECEIVE_SECONDS", 10_000)
    with portal() as app:
        app.add_url_rule("/large", view_func=lambda: "x" * 16_000_000)
        with running(app) as one, unread(one.port, GET % b"/large"):
            until(one._server._channels)
            until(lambda: not one._server._channels())


def test_so_are_whole_requests_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HELD", 3000)
    go = threading.Event()
    with portal() as app:
        app.add_url_rule("/wait", view_func=lambda: str(go.wait(PATIENCE)))
        body = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
        with running(app) as one:
            try:
                assert everything(one.port, GET % b"/wait" + body) == b""
                assert httpx.get(f"{one.url}/healthz", timeout=PATIENCE).status_code == 200
            finally:
                go.set()


def test_where_no_connection_can_be_taken_it_pauses_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []

    def full(_self: object) -> None:
        tried.append(time.monotonic())
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(connections, "FULL_SECONDS", 10_000)
    with served() as one:
        listener = one._server._listening[0]
        with monkeypatch.context() as patch:
            patch.setattr("waitress.wasyncore.dispatcher.accept", full)
            with socket.create_connection(("127.0.0.1", one.port), PATIENCE):
                for times in (1, 2):
                    until(lambda times=times: len(tried) == times and listener._closed_until > time.monotonic())
                    assert not listener.readable()
                    if times == 1:
                        listener._closed_until = 0.0
        listener._closed_until = 0.0
        assert httpx.get(f"{one.url}/healthz", timeout=PATIENCE).status_code == 200
    assert [one.getMessage() for one in caplog.records if one.levelname == "WARNING"] == [
        "connections have to wait: Too many open files"
    ]


def test_clients_that_stop_halfway_hold_up_nobody(program: Program) -> None:
    port = int(program.url.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(120)]
    for number, connection in enumerate(slow):
        body = b"Content-Length: 5000\r\n\r\nabc" if number % 2 else b""
        connection.sendall(b"POST /check HTTP/1.1\r\nHost: x\r\n" + body)
    assert check(program.url, ("logo.svg", LOGO)).status_code == 200
    for connection in slow:
        connection.close()


def test_who_takes_too_long_over_a_request_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "RECEIVE_SECONDS", 0.2)
    with served() as one, socket.create_connection(("127.0.0.1", one.port), PATIENCE) as slow:
        slow.sendall(b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        left = threading.Event()

        def drip() -> None:
            while not left.wait(0.05):
                try:
                    slow.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            with suppress(ConnectionResetError):
                assert slow.recv(100) == b""
        finally:
            left.set()
            dripping.join(PATIENCE)


def test_unfinished_requests_are_bounded_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HELD", 150_000)
    with served() as one:
        several = [socket.create_connection(("127.0.0.1", one.port), PATIENCE) for _ in range(2)]
        for connection, size in zip(several, (100_000, 90_000), strict=True):
            connection.sendall(b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * size)
        several[0].settimeout(PATIENCE)
        with suppress(ConnectionResetError):
            assert several[0].recv(100) == b""  # the larger one
        several[1].setblocking(False)
        with pytest.raises(BlockingIOError):
            several[1].recv(100)
        for connection in several:
            connection.close()


def test_a_running_request_ends_before_the_server_does(tmp_path: Path) -> None:
    with portal() as app:
        workers = app.extensions["bimikit"].workers
        app.add_url_rule("/wait", view_func=lambda: workers.run(PATIENCE, tasks.wait_for, str(tmp_path / "go")))
        one = Served(app)
        idle = socket.create_connection(("127.0.0.1", one.port), PATIENCE)
        answers: list[str] = []
        waiting = threading.Thread(target=lambda: answers.append(httpx.get(f"{one.url}/wait", timeout=PATIENCE).text))
        waiting.start()
        until((tmp_path / "go.begun").exists)
        one.stop()
        until(lambda: refused(one.port))
        assert one.thread.is_alive()
        (tmp_path / "go").touch()
        waiting.join(PATIENCE)
        one.thread.join(PATIENCE)
        assert answers == ["done"]
        assert idle.recv(10) == b""
        idle.close()
        one.end()


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_everything_it_started(tmp_path: Path, number: int) -> None:
    one = Program(["-W", "error", "-m", "bimikit", "portal", "--port", "0", "--workers", "1"], tmp_path / "log")
    assert check(one.url, ("logo.svg", LOGO)).status_code == 200
    started = one.workers()
    assert len(started) >= 2  # one that judges, and the one that draws for it
    assert one.end(number) == 0
    until(lambda: all(map(gone, started)))
    assert one.told.rstrip().endswith("bimikit: the portal has ended")
    for bad in ("Traceback", "leaked", "Warning", "ERROR"):
        assert bad not in one.told


def test_a_port_that_is_taken_is_told_at_once(program: Program) -> None:
    port = program.url.rpartition(":")[2]
    for lang, words in (("en_GB.UTF-8", EN), ("ja_JP.UTF-8", JA)):
        command = [sys.executable, "-m", "bimikit", "portal", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": lang}, cwd=ROOT)
        assert done.returncode == 2
        assert words["portal.taken"].format(host="127.0.0.1", port=port) in done.stderr
        assert "Traceback" not in done.stderr


def test_an_address_of_another_computer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(main, ["portal", "--host", "192.0.2.1", "--port", "0"])
    assert done.exit_code == 2
    assert "can't be served at 192.0.2.1" in done.stderr


# the command


class Package:
    """Stands for the portal, and keeps what it is told."""

    __name__ = "webapp"

    def __init__(self) -> None:
        self.config: dict[str, Any] = {}

    def create_app(self, config: dict[str, Any]) -> None:
        self.config = dict(config)
        read_settings(config, os.environ)
        raise ValueError("that is all")


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Package:
    for name in os.environ:
        if name.startswith("BIMIKIT_PORTAL_"):
            monkeypatch.delenv(name)
    one = Package()
    monkeypatch.setattr("bimikit.cli.portal._package", lambda: one)
    return one


def test_options_become_settings(package: Package) -> None:
    options = (
        "--workers 3 --rate check=10 --rate live=0 --redis redis://127.0.0.1 --trusted-proxies 2 --metrics-token t "
        "--no-live --resolver 127.0.0.1:53 --allow-network 10.0.0.0/8 --allow-network 192.168.0.0/16"
    )
    done = CliRunner().invoke(main, ["portal", *options.split()])
    assert done.stderr == "bimikit: that is all\n"
    settings = read_settings(package.config, {})
    assert (settings.workers, settings.trusted_proxies, settings.metrics_token, settings.live) == (3, 2, "t", False)
    assert settings.rates == {"check": 10, "live": 0, "repair": 30}
    assert (settings.redis_url, settings.resolver) == ("redis://127.0.0.1", "127.0.0.1:53")
    assert [str(one) for one in settings.policy.allow_networks] == ["10.0.0.0/8", "192.168.0.0/16"]


def test_without_options_everything_is_as_usual(package: Package) -> None:
    CliRunner().invoke(main, ["portal"])
    assert package.config == {}


@pytest.mark.parametrize(
    ("name", "text", "attribute", "value"),
    [
        ("WORKERS", "5", "workers", 5),
        ("RATES", "check=7,repair=0", "rates", {"check": 7, "live": 20, "repair": 0}),
        ("LIVE", "false", "live", False),
        ("TRUSTED_PROXIES", "1", "trusted_proxies", 1),
        ("REDIS_URL", "redis://127.0.0.1:1", "redis_url", "redis://127.0.0.1:1"),
        ("METRICS_TOKEN", "t", "metrics_token", "t"),
        ("RESOLVER", "[::1]:53", "resolver", "[::1]:53"),
        ("TASK_SECONDS", "2.5", "task_seconds", 2.5),
        ("MAX_BODY", "1000", "max_body", 1000),
    ],
)
def test_the_environment_sets_what_options_do(name: str, text: str, attribute: str, value: object) -> None:
    assert getattr(read_settings({}, {f"BIMIKIT_PORTAL_{name}": text}), attribute) == value


def test_what_is_set_in_code_wins_over_the_environment() -> None:
    assert read_settings({"WORKERS": 1}, {"BIMIKIT_PORTAL_WORKERS": "2"}).workers == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("WORKER", "1"), ("WORKERS", "many"), ("WORKERS", "0"), ("RATES", "check"), ("RATES", "chek=1"), ("RESOLVER", "me"),
     ("ALLOW_NETWORKS", "everywhere"), ("LIVE", "perhaps"), ("REDIS_URL", "nonsense")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_told(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BIMIKIT_PORTAL_{name}", text)
    done = CliRunner().invoke(main, ["portal", "--port", "0"])
    assert done.exit_code == 2
    assert done.stderr.startswith("bimikit: ")
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("text", ["check", "check=", "check=-1", "chek=1", "check=1.5", "=1"])
def test_what_is_no_rate_is_told(text: str) -> None:
    done = CliRunner().invoke(main, ["portal", "--rate", text])
    assert done.exit_code == 2
    assert "is no rate, such as check=60" in " ".join(done.stderr.split())


def test_an_installation_without_the_portal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bimikit.cli.portal._package", lambda: None)
    done = CliRunner().invoke(main, ["portal"])
    assert (done.exit_code, done.stderr) == (2, f"bimikit: {EN['portal.not-here']}\n")


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("bimikit.extras").extras.EXTRAS, "portal", ("no_such_module",))
    done = CliRunner().invoke(main, ["portal"])
    assert (done.exit_code, done.stderr) == (2, "bimikit: this needs no_such_module: pip install 'bimikit[portal]'\n")
