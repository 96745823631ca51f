"""Scans on a cluster of Dask: real schedulers and workers, some of which are killed; nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bimikit.errors import BimikitError
from bimikit.extras import EXTRAS
from bimikit.locale import words_of
from bimikit.portfolio import cluster
from bimikit.portfolio.cluster import JOINED, LOST, REFUSED, ClusterFailed, Happened, scan_on_cluster
from bimikit.portfolio.further import Further
from bimikit.portfolio.names import Given
from bimikit.portfolio.row import UNDECIDED, Scanned
from bimikit.portfolio.scan import scan_domains
from bimikit.testing import Zone

distributed: Any = pytest.importorskip("distributed")

ROOT = Path(__file__).parent.parent
RECORD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://www.example.com/logo.svg; a="
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", *arguments]
    running = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


class Cluster:
    """A scheduler, and workers, each a process of Dask's own programs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Cluster:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
        self.scheduler = self._stack.enter_context(process("distributed.cli.dask_scheduler", *options))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, count: int = 1, *more: str) -> Cluster:
        for _ in range(count):
            options = (self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
            scratch = ("--local-directory", str(self._folder))
            self.workers.append(
                self._stack.enter_context(process("distributed.cli.dask_worker", *options, *scratch, *more))
            )
        return self

    def wait(self, count: int) -> Cluster:
        with distributed.Client(self.address, timeout=20, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=20)
        return self


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster of two workers."""
    with Cluster(tmp_path_factory.mktemp("dask")) as made:
        yield made.add(2).wait(2).address


def given(count: int, name: str = "d{}.example") -> Iterator[Given]:
    return (Given(number, name.format(number)) for number in range(1, count + 1))


def scan(zone: Zone, domains: Iterator[Given], **more: Any) -> Iterator[Scanned]:
    return scan_on_cluster(domains, servers=[("127.0.0.1", zone.port)], **more)


def numbers(rows: list[Scanned]) -> list[int]:
    return sorted(row.number for row in rows)


def plain(rows: list[Scanned]) -> dict[int, Scanned]:
    """Rows by number, without when each was looked at."""
    return {row.number: Scanned(*(getattr(row, name) for name in ROW)) for row in rows}


ROW = [name for name in Scanned.__struct_fields__ if name not in ("at", "sending", "hosted")]


def test_rows_are_told_while_the_input_keeps_us_waiting(two: str) -> None:
    told = threading.Event()

    def slow() -> Iterator[Given]:
        yield Given(1, "a.example")
        assert told.wait(20)
        yield Given(2, "b.example")

    with Zone() as zone:
        rows = scan(zone, slow(), address=two, chunk=50)
        assert next(rows).number == 1
        told.set()
        assert numbers(list(rows)) == [2]


def test_what_is_wrong_with_the_input_is_raised(two: str) -> None:
    def torn() -> Iterator[Given]:
        yield from given(5)
        raise ValueError("torn")

    with Zone() as zone:
        rows = scan(zone, torn(), address=two, chunk=2)
        with pytest.raises(ValueError, match="torn"):
            list(rows)


@pytest.mark.parametrize(("lang", "told"), [("en", "is written in UTF-16"), ("ja", "UTF-16で書かれています")])
def test_what_is_wrong_with_an_input_is_told_in_the_language_asked_for(two: str, lang: str, told: str) -> None:
    with Zone() as zone:
        command = [
            sys.executable,
            "-m",
            "bimikit",
            "scan",
            "-",
            "--cluster",
            two,
            "--resolver",
            f"127.0.0.1:{zone.port}",
        ]
        ended = subprocess.run(
            [*command, "--lang", lang], input="a.example\n".encode("utf-16"), env=ENVIRONMENT, capture_output=True
        )
    assert (ended.returncode, told in ended.stderr.decode()) == (2, True)


def test_a_cluster_finds_out_what_one_process_does(two: str) -> None:
    names = [f"a{number}.example" for number in range(40)] + [f"s{number}.org.example" for number in range(40)]
    names += ["no domain", "https://READY.example/x", "ready.example", "bad..name"]
    with Zone() as zone:
        zone.add("_dmarc.org.example", "TXT", RECORD)
        zone.add("_dmarc.ready.example", "TXT", RECORD)
        zone.add("default._bimi.ready.example", "TXT", BIMI)
        zone.fail("_dmarc.a3.example", "servfail")
        told: list[Happened] = []
        domains = [Given(number, name) for number, name in enumerate(names, 1)]
        found = list(scan(zone, iter(domains), address=two, chunk=7, told=told.append))

        async def alone() -> list[Scanned]:
            return [row async for row in scan_domains(domains, servers=[("127.0.0.1", zone.port)])]

        expected = asyncio.run(alone())
    assert numbers(found) == list(range(1, len(names) + 1))
    assert plain(found) == plain(expected)
    assert all(row.at for row in found)
    assert [one.what for one in told] == [JOINED, JOINED]


def test_workers_look_further_where_they_are_asked_to(two: str) -> None:
    with Zone() as zone:
        zone.add("a.example", "TXT", "v=spf1 -all")
        zone.add("a.example", "MX", "0 .")
        further = Further(sending=True, resolver=f"127.0.0.1:{zone.port}")
        (row,) = scan(zone, given(1, "a.example"), address=two, further=further)
    assert row.sending is not None
    assert (row.sending.spf_text, row.sending.mx) == ("v=spf1 -all", ("0 .",))


def test_only_so_much_is_under_way_and_nothing_stays(two: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "AHEAD", 3)
    chunk, count, read = 5, 600, 0

    def counted() -> Iterator[Given]:
        nonlocal read
        for one in given(count):
            read += 1
            yield one

    def tasks(client: Any) -> int:
        return int(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))

    with Zone(delay=0.01) as zone, distributed.Client(two, set_as_default=False) as client:
        most_read = most_tasks = told = 0
        for told, _row in enumerate(scan(zone, counted(), address=two, chunk=chunk), 1):
            most_read = max(most_read, read - told)
            if told % 50 == 0:
                most_tasks = max(most_tasks, tasks(client))
        assert told == count
        assert chunk < most_read <= (2 * 3 + 1) * chunk + 1
        assert 1 <= most_tasks <= 2 * 3
        until = time.monotonic() + 10
        while tasks(client) and time.monotonic() < until:
            time.sleep(0.1)
        assert not tasks(client)


def test_a_silent_name_server_holds_up_no_worker(two: str) -> None:
    with Zone() as zone:
        zone.fail("silent.example", "silent", below=True)
        domains = [*given(30, "s{}.silent.example"), *(Given(30 + one.number, one.text) for one in given(300))]
        begun = time.monotonic()
        rows = scan(zone, iter(domains), address=two, workers=1, chunk=30)
        done = [time.monotonic() - begun for _ in islice((row for row in rows if row.state != UNDECIDED), 300)]
        rows.close()  # type: ignore[attr-defined]
    assert len(done) == 300
    assert max(done) < 4.5  # a silent name takes 5 s and more


def test_all_workers_together_ask_no_more_than_one_process_would(two: str) -> None:
    delay, in_flight = 0.3, 6
    with Zone(delay=delay) as zone:
        assert len(list(scan(zone, given(40), address=two, chunk=5, in_flight=in_flight))) == 40
        moments = sorted(query.at for query in zone.queries)
    together = max(sum(1 for one in moments if 0 <= one - first < delay * 0.5) for first in moments)
    assert together <= in_flight


def test_whoever_stops_reading_ends_the_scan(two: str) -> None:
    with Zone(delay=0.05) as zone:
        rows = scan(zone, given(2_000), address=two, chunk=20, in_flight=20)
        next(rows)
        begun = time.monotonic()
        rows.close()  # type: ignore[attr-defined]
        assert time.monotonic() - begun < 3
        time.sleep(0.5)
        asked = len(zone.queries)
        time.sleep(0.5)
        assert len(zone.queries) == asked


def test_a_worker_that_is_killed_loses_and_repeats_nothing(tmp_path: Path) -> None:
    told: list[Happened] = []
    with Zone(delay=0.02) as zone, Cluster(tmp_path) as made:
        made.add(2).wait(2)
        found = []
        for row in scan(zone, given(500), address=made.address, chunk=20, in_flight=60, told=told.append):
            found.append(row)
            if len(found) == 100:
                made.workers[0].send_signal(KILL)
            if len(found) == 300:
                made.add()
    assert numbers(found) == list(range(1, 501))
    assert Counter(one.what for one in told)[LOST] == 1
    assert next(one.domains for one in told if one.what == LOST) > 0


@pytest.mark.parametrize(("victim", "problem"), [("workers", "no-workers"), ("scheduler", "gone")])
def test_a_cluster_that_is_gone_ends_the_scan_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, victim: str, problem: str
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    monkeypatch.setattr(cluster, "_ANSWERED", 1.0 if victim == "scheduler" else 5.0)  # a busy machine answers late
    with Zone(delay=0.02) as zone, Cluster(tmp_path) as made:
        rows = scan(zone, given(3_000), address=made.add(1).wait(1).address, chunk=20, in_flight=60)
        found = list(islice(rows, 100))
        for one in made.workers if victim == "workers" else [made.scheduler]:
            one.send_signal(KILL)
        killed = time.monotonic()
        with pytest.raises(ClusterFailed) as raised:
            found.extend(rows)
        assert time.monotonic() - killed < 12
    assert raised.value.problem == problem
    assert made.address in str(raised.value)
    assert len(numbers(found)) == len(set(numbers(found))) in range(100, 3_000)


UNFIT = {
    "no-bimikit": "import sys; sys.modules['bimikit'] = None",
    "other-version": "import bimikit; bimikit.__version__ = '0.0.1'",
}


@pytest.mark.parametrize("problem", UNFIT)
def test_workers_need_the_same_bimikit(tmp_path: Path, problem: str) -> None:
    with Cluster(tmp_path) as made:
        made.add(1, "--preload", UNFIT[problem]).wait(1)
        with pytest.raises(ClusterFailed, match="workers of the cluster have") as raised:
            next(scan_on_cluster(given(3), address=made.address, servers=[("127.0.0.1", 5)]))
    assert raised.value.problem == problem


def test_a_worker_that_comes_later_is_not_used_where_it_is_unfit(tmp_path: Path) -> None:
    told: list[Happened] = []
    with Zone(delay=0.1) as zone, Cluster(tmp_path) as made:
        made.add().wait(1).add(1, "--preload", UNFIT["other-version"])
        rows = scan(zone, given(4_000), address=made.address, workers=2, chunk=5, in_flight=20, told=told.append)
        for row in rows:
            assert row.number
            if REFUSED in (one.what for one in told):
                break
        rows.close()  # type: ignore[attr-defined]
    assert [one.what for one in told] == [JOINED, REFUSED]


def test_what_fails_on_every_worker_is_given_up(tmp_path: Path) -> None:
    broken = "import bimikit.portfolio.cluster_worker as worker; worker.scan_domains = None"
    with Cluster(tmp_path) as made:
        made.add(1, "--preload", broken).wait(1)
        with pytest.raises(ClusterFailed, match=r"failed again and again \(.*not callable") as raised:
            next(scan_on_cluster(given(3), address=made.address, servers=[("127.0.0.1", 5)]))
    assert raised.value.problem == "failing"


@contextmanager
def refusing() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    yield f"tcp://127.0.0.1:{port}"


@contextmanager
def mute() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def senseless() -> Iterator[str]:
    yield "https://127.0.0.1:1/"


@pytest.mark.parametrize("place", [refusing, mute, senseless])
def test_what_is_no_cluster_is_told_before_long(monkeypatch: pytest.MonkeyPatch, place: Callable[[], Any]) -> None:
    monkeypatch.setattr(cluster, "_REACHED", 1.0)
    begun = time.monotonic()
    with Zone() as zone, place() as address, pytest.raises(ClusterFailed) as raised:
        list(scan(zone, given(3), address=address))
    assert time.monotonic() - begun < 5
    assert raised.value.problem == "unreachable"
    assert raised.value.told("en").startswith(f"{address}: the cluster’s scheduler can’t be reached (")
    assert raised.value.told("ja").startswith(f"{address}：クラスターのスケジューラーに接続できません")


@pytest.mark.parametrize(
    "greeting", [b"SSH-2.0-x\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(64), b"\1" + bytes(16)]
)
def test_something_else_that_answers_is_told_before_long(monkeypatch: pytest.MonkeyPatch, greeting: bytes) -> None:
    monkeypatch.setattr(cluster, "_REACHED", 2.0)
    ended = threading.Event()

    def answer(server: socket.socket) -> None:
        while not ended.is_set():
            with suppress(TimeoutError), server.accept()[0] as connection:
                connection.sendall(greeting)
                connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        answering = threading.Thread(target=answer, args=(server,))
        answering.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ClusterFailed) as raised:
            list(scan_on_cluster(given(1), address=address, servers=[("127.0.0.1", 5)]))
        ended.set()
        answering.join()
    for lang in ("en", "ja"):
        assert raised.value.told(lang).startswith(address)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "no-address"),
        ("tcp://", "no-address"),
        ("127.0.0.1", "no-address"),
        ("https://127.0.0.1/", "no-address"),
        ("tls://127.0.0.1:8786", "no-certificates"),
    ],
)
def test_an_address_that_is_none_is_told_in_words(address: str, problem: str) -> None:
    with pytest.raises(ClusterFailed) as raised:
        list(scan_on_cluster(given(1), address=address, servers=[("127.0.0.1", 5)]))
    assert raised.value.problem == problem
    assert address in raised.value.told("ja")


@pytest.mark.parametrize("address", ["tcp://me:hunter2@127.0.0.1:1", "me:hunter2@127.0.0.1:1", "tcp://me:hunt/er2@h"])
def test_an_address_with_a_login_is_refused_without_it(address: str) -> None:
    with pytest.raises(ClusterFailed) as raised:
        list(scan_on_cluster(given(1), address=address, servers=[("127.0.0.1", 5)]))
    for told in (raised.value.told("en"), raised.value.told("ja"), repr(raised.value)):
        assert "er2" not in told


ALONE = """
import sys
from bimikit.portfolio.cluster import scan_on_cluster
from bimikit.portfolio.names import Given

if __name__ == "__main__":
    count = int(sys.argv[2])
    given = (Given(number, f"d{number}.example") for number in range(1, count + 1))
    try:
        for row in scan_on_cluster(given, servers=[("127.0.0.1", int(sys.argv[1]))], workers=2, chunk=20, in_flight=60):
            print(row.number, flush=True)
    except KeyboardInterrupt:
        print("interrupted")
"""


@contextmanager
def alone(folder: Path, zone: Zone, count: int) -> Iterator[subprocess.Popen[str]]:
    """A program that starts a cluster of its own."""
    script = folder / "alone.py"
    script.write_text(ALONE)
    command = [sys.executable, str(script), str(zone.port), str(count)]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        yield running


def test_without_a_cluster_one_is_started_and_ended(tmp_path: Path) -> None:
    with Zone() as zone, alone(tmp_path, zone, 300) as running:
        output, errors = running.communicate(timeout=60)
    assert sorted(map(int, output.split())) == list(range(1, 301))
    assert (running.returncode, errors) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no groups of processes")
def test_a_cluster_of_our_own_ends_quickly_and_quietly_when_interrupted(tmp_path: Path) -> None:
    with Zone(delay=0.05) as zone, alone(tmp_path, zone, 100_000) as running:
        assert running.stdout is not None
        running.stdout.readline()
        begun = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        output, errors = running.communicate(timeout=60)
        assert time.monotonic() - begun < 8
    assert output.endswith("interrupted\n")
    assert errors == ""  # its end is read when no process has it open any more


@pytest.mark.parametrize("wrong", [{"servers": []}, {"workers": 0}, {"chunk": 0}, {"concurrency": 0}, {"in_flight": 0}])
def test_a_scan_without_servers_or_room_is_a_bad_call(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a scan needs"):
        list(scan_on_cluster(given(1), **{"servers": [("127.0.0.1", 5)], **wrong}))


def test_without_dask_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "distributed" in EXTRAS["cluster"]
    with pytest.raises(BimikitError, match=r"this needs distributed: pip install 'bimikit\[cluster\]'"):
        list(scan_on_cluster(given(1), servers=[("127.0.0.1", 5)]))


def test_both_languages_have_the_same_words() -> None:
    english, japanese = words_of("cluster_words", "en"), words_of("cluster_words", "ja")
    assert english.keys() == japanese.keys()
