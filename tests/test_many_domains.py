"""Many domains at once on an event loop: each as a single check has it, what they share asked for once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest
from support import AT

import bimikit
from bimikit.as_done import as_done, each
from bimikit.testing import LOGO, MarkCA, Web, Zone
from bimikit.web.fetch import Fetched
from bimikit.web.policy import Kind
from bimikit.web.shared import AT_ONCE, Shared

GOOD = "v=DMARC1; p=reject; rua=mailto:d@brand.example"
COUNT = 12


class World:
    """A company with many domains, one logo and one certificate."""

    def __init__(self, web: Web, zone: Zone) -> None:
        self.web, self.zone, self.ca = web, zone, MarkCA(at=AT)
        self.policy = bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=3)
        self.names = [f"a{number}.example" for number in range(COUNT)]
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", self.ca.issue("a0.example").pem)
        zone.add("logos.example", "A", "127.0.0.1")
        for name in self.names:
            zone.add(f"_dmarc.{name}", "TXT", GOOD)
            zone.add(f"default._bimi.{name}", "TXT", f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}")

    def check(self, names: list[str], **options: Any) -> list[bimikit.Report]:
        async def run() -> list[bimikit.Report]:
            resolver = self.zone.async_resolver(lifetime=3.0)
            given = {"at": AT, "resolver": resolver, "policy": self.policy, "trust": self.ca.trust, **options}
            return [report async for report in bimikit.aio.check_domains(names, **given)]

        return asyncio.run(run())


@pytest.fixture
def world() -> Iterator[World]:
    with Web(["logos.example"]) as web, Zone() as zone:
        yield World(web, zone)


def test_each_domain_has_the_report_of_a_single_check(world: World) -> None:
    names = [*world.names[:3], "no domain", "missing.example"]
    reports = {report.subject: report for report in world.check(names)}
    assert set(reports) == set(names)
    for name in names:
        alone = bimikit.check_domain(
            name, at=AT, resolver=world.zone.resolver(lifetime=3.0), policy=world.policy, trust=world.ca.trust
        )
        assert reports[name] == alone


def test_what_domains_share_is_asked_for_once(world: World) -> None:
    reports = world.check(world.names)
    assert len(reports) == COUNT
    assert {report.facts["hosting"]["indicator"]["state"] for report in reports} == {"ok"}
    assert Counter(request.path for request in world.web.requests) == {"/logo.svg": 1, "/vmc.pem": 1}
    asked = Counter((query.name, query.rdtype) for query in world.zone.queries)
    assert asked["logos.example", "A"] <= 2  # two hosts' requests may begin together
    assert asked["_dmarc.example", "TXT"] <= COUNT


def test_a_failure_is_not_asked_for_again_and_again(world: World) -> None:
    world.web.put("/logo.svg", b"busy", status=503)
    reports = world.check(world.names)
    assert all(not report.complete for report in reports)
    assert Counter(request.path for request in world.web.requests)["/logo.svg"] == 1


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"concurrency": 0}, ValueError),
        ({"at": AT.replace(tzinfo=None)}, ValueError),
        ({"resolver": 5}, TypeError),
        ({"policy": "x"}, TypeError),
        ({"trust": "x"}, TypeError),
    ],
)
def test_a_wrong_call_is_told(world: World, wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        world.check([], **wrong)


def test_one_text_is_not_taken_for_its_letters(world: World) -> None:
    with pytest.raises(TypeError, match="several domains"):
        world.check("example.com")  # type: ignore[arg-type]


def test_the_callers_resolver_stays_as_it_is(world: World) -> None:
    resolver = world.zone.async_resolver(lifetime=3.0)
    world.check(world.names[:2], resolver=resolver)
    assert resolver.cache is None


def test_who_stops_iterating_leaves_nothing_behind(world: World) -> None:
    async def first() -> int:
        options: dict[str, Any] = {"at": AT, "policy": world.policy, "trust": world.ca.trust}
        reports = bimikit.aio.check_domains(world.names, resolver=world.zone.async_resolver(lifetime=3.0), **options)
        async with aclosing(reports):  # type: ignore[type-var]
            await anext(reports)
        return len(asyncio.all_tasks())

    assert asyncio.run(first()) == 1


# the pieces


def test_work_is_bounded_and_told_as_it_is_done() -> None:
    under_way = most = taken = 0

    async def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001 * (number % 7))
        under_way -= 1
        return number

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(1, 101):
            taken = number
            yield number

    async def run() -> list[int]:
        found = []
        async for number in as_done(each(numbers()), work, 8):
            found.append(number)
            assert taken - len(found) <= 2 * 8
        return found

    found = asyncio.run(run())
    assert sorted(found) == list(range(1, 101))
    assert found != sorted(found)
    assert most == 8


def test_what_the_work_raises_ends_it_and_the_rest() -> None:
    ended = []

    async def work(number: int) -> int:
        try:
            await asyncio.sleep(0 if number == 3 else 10)
        except asyncio.CancelledError:
            ended.append(number)
            raise
        raise RuntimeError(number)

    async def run() -> None:
        async for _ in as_done(each(range(9)), work, 5):
            pass

    with pytest.raises(RuntimeError, match="3"):
        asyncio.run(run())
    assert {0, 1, 2} <= set(ended)


class Host:
    """Stands for the network below `Shared`, so that what reaches it can be counted to the last."""

    def __init__(self, body: bytes = b"x" * 100) -> None:
        self.asked: Counter[str] = Counter()
        self.under_way = self.most = 0
        self.body = body

    async def __call__(self, url: str, kind: Kind, policy: Any, lookup: Any) -> Fetched:
        self.asked[url] += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.002)
        self.under_way -= 1
        return Fetched(url=url, body=self.body)


def fetch_all(
    monkeypatch: pytest.MonkeyPatch, host: Host, urls: list[str], shared: Shared | None = None
) -> Counter[str]:
    monkeypatch.setattr("bimikit.web.shared.afetch", host)

    async def run() -> None:
        own = shared or Shared()
        policy, lookup = bimikit.FetchPolicy(), None
        await asyncio.gather(*(own.fetch(url, Kind.INDICATOR, policy, lookup) for url in urls))  # type: ignore[arg-type]

    asyncio.run(run())
    return host.asked


def test_one_host_gets_few_requests_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host()
    asked = fetch_all(monkeypatch, host, [f"https://a.example/{number}" for number in range(40)] * 2)
    assert set(asked.values()) == {1}
    assert host.most == AT_ONCE


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    host, shared = Host(b"x" * 10_000), Shared(most_bytes=50_000)
    urls = [f"https://a{number}.example/" for number in range(10)]
    for url in (*urls, urls[-1], urls[0]):
        fetch_all(monkeypatch, host, [url], shared)
    assert (host.asked[urls[-1]], host.asked[urls[0]]) == (1, 2)


def test_one_who_gives_up_takes_nothing_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host()
    monkeypatch.setattr("bimikit.web.shared.afetch", host)

    async def run() -> Fetched:
        shared = Shared()
        ask: Any = ("https://a.example/", Kind.INDICATOR, bimikit.FetchPolicy(), None)
        one, other = (asyncio.ensure_future(shared.fetch(*ask)) for _ in range(2))
        await asyncio.sleep(0.0005)
        one.cancel()
        return await other

    assert asyncio.run(run()).body == host.body
    assert host.asked.total() == 1
