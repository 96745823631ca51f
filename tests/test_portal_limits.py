"""How often one client may ask: in memory, and in a real Redis that comes and goes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from portal_world import PATIENCE, gone, portal, until
from programs import program
from support import AT

from bimikit.testing import LOGO
from webapp import create_app, limits
from webapp.judging import judge_files
from webapp.limits import Rates, Turns, network_of
from webapp.problems import Problem
from webapp.settings import Settings
from webapp.submission import submitted

RATES = {"check": 2, "live": 1, "repair": 1}
HERE, THERE = "192.0.2.1", "192.0.2.2"


class Redis:
    """A Redis server on loopback, for one test."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        self._folder = folder
        self._path = program("redis-server")
        self.start()

    def start(self) -> None:
        command = [self._path, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder)]
        command += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._answers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def _answers(self) -> bool:
        assert self.process.poll() is None
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.stop()
    assert gone(server.process.pid)


@pytest.fixture(params=["memory", "redis"])
def rates(request: pytest.FixtureRequest) -> Rates:
    url = request.getfixturevalue("redis").url if request.param == "redis" else ""
    return Rates(Settings(rates=RATES, redis_url=url))


def spent(rates: Rates, client: str, kind: str = "check") -> bool:
    """Whether there was room for another request."""
    try:
        rates.spend(kind, client)
    except Problem as problem:
        told = (problem.name, 1 <= int(problem.params["seconds"]) <= 60)
    else:
        return True
    assert told == ("too-often", True)
    return False


def test_so_many_requests_and_no_more(rates: Rates) -> None:
    assert [spent(rates, HERE) for _ in range(4)] == [True, True, False, False]
    assert spent(rates, THERE)
    assert [spent(rates, HERE, "repair") for _ in range(2)] == [True, False]


def test_requests_that_come_at_once_are_all_counted(rates: Rates) -> None:
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(spent(rates, HERE))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(found) == [False] * 10 + [True] * 2


def test_a_rate_of_0_is_no_limit() -> None:
    rates = Rates(Settings(rates={"check": 0}))
    assert all(spent(rates, HERE) for _ in range(500))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%lo", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "unix", False),
    ],
)
def test_of_ipv6_a_network_is_one_client(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


# several processes


def test_portals_with_one_redis_count_together(redis: Redis) -> None:
    several = [Rates(Settings(rates=RATES, redis_url=redis.url)) for _ in range(2)]
    assert [spent(one, HERE) for one in (*several, *several)] == [True, True, False, False]


def test_without_redis_they_count_each_for_itself() -> None:
    several = [Rates(Settings(rates=RATES)) for _ in range(2)]
    assert [spent(one, HERE) for one in (*several, *several)] == [True] * 4


def test_redis_may_go_away_and_come_back(redis: Redis, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr(limits, "_PAUSE", 0.0)
    rates = Rates(Settings(rates=RATES, redis_url=redis.url))
    assert [spent(rates, HERE) for _ in range(3)] == [True, True, False]
    redis.stop()
    assert [spent(rates, HERE) for _ in range(3)] == [True, True, False]
    assert "Redis can't be reached" in caplog.text
    redis.start()
    other = Rates(Settings(rates=RATES, redis_url=redis.url))
    assert [spent(one, THERE) for one in (rates, other, rates)] == [True, True, False]


def test_a_redis_that_hangs_is_not_waited_for_again_and_again(redis: Redis, caplog: Any) -> None:
    rates = Rates(Settings(rates={"check": 100}, redis_url=redis.url))
    assert spent(rates, HERE)
    redis.process.send_signal(signal.SIGSTOP)
    assert all(spent(rates, HERE) for _ in range(50))
    assert caplog.text.count("Redis can't be reached") == 1
    redis.process.send_signal(signal.SIGCONT)


def test_a_redis_that_isnt_there_from_the_first_breaks_nothing() -> None:
    rates = Rates(Settings(rates=RATES, redis_url="redis://127.0.0.1:1"))
    assert [spent(rates, HERE) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1", "redis://127.0.0.1:port"])
def test_what_is_no_address_of_a_redis_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="redis_url"):
        create_app({"REDIS_URL": url})


# through the portal


def asked(client: FlaskClient, peer: str = HERE, **headers: str) -> int:
    """The status of a request that needs no process."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/check", headers=sent, environ_base={"REMOTE_ADDR": peer}).status_code


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    with portal(RATES=RATES) as app:
        client = app.test_client()
        assert [asked(client) for _ in range(3)] == [422, 422, 429]
        answer = client.post("/check", environ_base={"REMOTE_ADDR": HERE})
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "<main" in answer.text
        assert asked(client, THERE) == 422


@pytest.mark.parametrize("path", ["/report.html", "/report.json", "/report.md", "/report/print"])
def test_what_is_made_of_a_copy_counts_as_a_check(path: str) -> None:
    with portal(RATES=RATES) as app:
        client = app.test_client()
        answers = judge_files(submitted([("logo.svg", LOGO)], look_up=False), at=AT, trust=None, draw=False)
        copy = app.extensions["bimikit"].copies.write(answers)
        asked = [client.post(path, data={"copy": copy}, environ_base={"REMOTE_ADDR": HERE}) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
        assert 1 <= int(asked[2].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        # nobody is trusted: whatever is claimed, the peer counts
        (0, ["198.51.100.1", "198.51.100.2", "198.51.100.3"], [422, 422, 429]),
        # one proxy: what it added last counts, and what the client made up before it doesn't
        (1, ["198.51.100.1", "198.51.100.2", "198.51.100.3"], [422, 422, 422]),
        (1, ["203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1", "203.0.113.3, 198.51.100.1"], [422, 422, 429]),
        # two proxies: the one before the last
        (2, ["1.1.1.1, 198.51.100.1, 10.0.0.1", "2.2.2.2, 198.51.100.1, 10.0.0.1", "198.51.100.1, 10.0.0.1"], [422, 422, 429]),
        # less than they would say: the peer
        (2, ["198.51.100.1", "198.51.100.2", "198.51.100.3"], [422, 422, 429]),
    ],
)  # fmt: skip
def test_a_client_cant_claim_to_be_many(proxies: int, forwarded: list[str], statuses: list[int]) -> None:
    with portal(RATES=RATES, TRUSTED_PROXIES=proxies) as app:
        client = app.test_client()
        assert [asked(client, X_Forwarded_For=value) for value in forwarded] == statuses


def test_a_client_of_ipv6_has_one_network(redis: Redis) -> None:
    with portal(RATES=RATES, REDIS_URL=redis.url) as app:
        client = app.test_client()
        assert [asked(client, f"2001:db8::{number}") for number in range(1, 4)] == [422, 422, 429]
        assert asked(client, "2001:db8:0:1::1") == 422


def test_the_server_that_ci_started_counts_too() -> None:
    url = os.environ.get("BIMIKIT_TEST_REDIS")
    if not url:
        pytest.skip("BIMIKIT_TEST_REDIS names no server; .ci/run starts one")
    client = f"198.51.100.{os.getpid() % 250}"
    several = [Rates(Settings(rates=RATES, redis_url=url)) for _ in range(2)]
    assert [spent(one, client) for one in (*several, *several)] == [True, True, False, False]


def test_one_client_cannot_keep_every_process_busy() -> None:
    turns = Turns(1, 9)
    order: list[str] = []
    began, end = threading.Event(), threading.Event()

    def long() -> None:
        with turns.of("192.0.2.1"):
            began.set()
            end.wait(10)
            order.append("first")

    def waiting() -> None:
        with turns.of("192.0.2.1"):
            order.append("second")

    threads = [threading.Thread(target=long), threading.Thread(target=waiting)]
    threads[0].start()
    assert began.wait(10)
    threads[1].start()
    with turns.of("192.0.2.2"):  # somebody else's turn comes at once
        order.append("other")
    end.set()
    for thread in threads:
        thread.join(10)
    assert order == ["other", "first", "second"]


def test_a_turn_that_does_not_come_is_told_as_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_PATIENCE", 0.05)
    turns = Turns(1, 9)
    with turns.of("192.0.2.1"), pytest.raises(Problem) as told, turns.of("192.0.2.1"):
        raise AssertionError("it had its turn")
    assert (told.value.name, told.value.params["seconds"]) == ("busy", 10)
    with turns.of("192.0.2.1"), Turns(0, 9).of("192.0.2.1"):
        pass


def test_so_many_wait_for_a_turn_and_no_more() -> None:
    turns = Turns(1, 1)
    waits, waited = threading.Event(), threading.Event()

    def wait() -> None:
        waits.set()
        with turns.of(HERE):
            waited.set()

    thread = threading.Thread(target=wait)
    with turns.of(HERE):
        thread.start()
        assert waits.wait(PATIENCE)
        until(lambda: turns._room == 0)
        with pytest.raises(Problem) as told, turns.of(HERE):
            raise AssertionError("it had its turn")
        assert told.value.name == "busy"
        with turns.of(THERE):  # who needn't wait needs no room
            pass
    assert waited.wait(PATIENCE)
    thread.join(PATIENCE)
    assert turns._room == 1
