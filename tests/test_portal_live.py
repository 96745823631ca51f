"""The portal's live checks: asking in the server's process, judging and drawing in others, all within one time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import portal_tasks as tasks
import pytest
from portal_world import portal, until
from test_domain import World
from test_portal_pages import headline, read

from bimikit import gathered
from bimikit.testing import LOGO, Web, Zone
from webapp import portal as workings


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Web(("www.example.com",)) as web, Zone() as zone:
        yield World(web, zone)


def settings(world: World) -> dict[str, Any]:
    resolver = f"127.0.0.1:{world.zone.port}"
    return {"TRUST": world.ca.trust, "POLICY": world.policy, "RESOLVER": resolver}


PICTURE = "data:image/png;base64,"
LIVE = {"domain": "example.com", "look_up": "yes"}


def test_what_is_fetched_is_judged_in_another_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def judged_here(*_args: Any) -> None:
        raise AssertionError("judged in the process that serves everybody")

    monkeypatch.setattr(gathered, "report", judged_here)
    with portal(**settings(world)) as app:
        answer = app.test_client().post("/check", data=LIVE)
    assert headline(read(answer)) == "Ready to show"
    assert PICTURE in answer.text


def test_an_answer_comes_without_pictures_where_they_cannot_be_drawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workings, "with_picture", tasks.end_under_it)
    with portal(**settings(world)) as app:
        answer = app.test_client().post("/check", data=LIVE)
    assert headline(read(answer)) == "Ready to show"
    assert PICTURE not in answer.text


def test_a_request_that_has_used_up_its_time_is_told_to_come_back(world: World) -> None:
    files = [(BytesIO(LOGO), f"{number}.svg") for number in range(3)]
    with portal(**settings(world), REQUEST_SECONDS=1e-6) as app:
        answer = app.test_client().post("/check", data={**LIVE, "files": files})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_loss_of_a_process_loses_no_answer(world: World) -> None:
    with portal(**settings(world)) as app:
        client = app.test_client()
        assert client.post("/check", data=LIVE).status_code == 200
        process = app.extensions["bimikit"].workers.run(10, os.getpid)
        os.kill(process, signal.SIGKILL)
        assert headline(read(client.post("/check", data=LIVE))) == "Ready to show"


def test_one_client_cannot_take_all_places_for_live_checks(world: World) -> None:
    for name in ("_dmarc.slow.example", "default._bimi.slow.example", "slow.example"):
        world.zone.fail(name, "silent")
    rates = {"check": 1000, "live": 1000, "repair": 0}
    slow = {"domain": "slow.example", "look_up": "yes"}
    with portal(**settings(world), RATES=rates, LIVE_AT_ONCE=4, DNS_TIMEOUT=1) as app:

        def ask(address: str, data: dict[str, str]) -> int:
            return app.test_client().post("/check", data=data, environ_base={"REMOTE_ADDR": address}).status_code

        with ThreadPoolExecutor(6) as pool:
            many = [pool.submit(ask, "192.0.2.1", slow) for _ in range(5)]
            until(lambda: app.extensions["bimikit"].live.at_work == 1)
            assert ask("192.0.2.2", LIVE) == 200
            assert [one.result() for one in many] == [200] * 5
