"""How long the check of one domain takes where every DNS answer takes 20 ms, and how fast the code is without waiting.

Latency: a DNS server on loopback delays each answer. One bare query with the same resolver is the floor; what a check
takes in units of it is the number of round trips in sequence. checkdmarc's DMARC and BIMI checks of the same domain run
against the same server in the same run; they do other work besides (reports' addresses, for instance). Throughput: the
discovery alone, answered from memory, and the whole judgement of a planned publication.

Usage: python -m benchmarks.domain
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

import bimikit
from bimikit.dns.answers import FOUND, NXDOMAIN, TXT, Answer, Question
from bimikit.dns.discovery import discover
from bimikit.testing import LOGO, MarkCA, SilentServer, Web, Zone

DELAY = 0.020
ROUNDS = 15
SECONDS = 2.0
AT = datetime(2026, 11, 24, tzinfo=UTC)
DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
HOSTS = ("www.example.com", "crl.example.net")


def milliseconds(work: Callable[[], object]) -> float:
    """Median time of a call."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return median(times) * 1e3


def per_second(work: Callable[[], object]) -> float:
    """Calls per second."""
    work()
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        work()
        count += 1
    return count / (time.perf_counter() - begin)


def latency() -> None:
    """Print how long live checks take."""
    with Web(HOSTS[:1]) as web, Zone(delay=DELAY) as zone:
        lists = (web.http_url("/issuing.crl", host=HOSTS[1]), web.http_url("/root.crl", host=HOSTS[1]))
        ca = MarkCA(at=AT, crl_urls=lists)
        pages = {
            "/logo.svg": LOGO,
            "/vmc.pem": ca.issue().pem,
            "/issuing.crl": ca.crl(),
            "/root.crl": ca.crl(of="root"),
        }
        for path, body in pages.items():
            web.put(path, body)
        record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}; lps="
        zone.add("_dmarc.example.com", "TXT", DMARC)
        zone.add("default._bimi.example.com", "TXT", record)
        for host in HOSTS:
            zone.add(host, "A", "127.0.0.1")
        resolver, other = zone.resolver(), zone.async_resolver()
        policy = bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle)
        full = {"policy": policy, "trust": ca.trust, "at": AT}

        def alike(domain: str, **options: object) -> None:
            asyncio.run(bimikit.aio.check_domain(domain, resolver=other, **options))  # type: ignore[arg-type]

        checks: dict[str, Callable[[], object]] = {
            "one bare query (the floor)": lambda: resolver.resolve("_dmarc.example.com", "TXT"),
            "apex, DNS only": lambda: bimikit.check_domain("example.com", fetch=False, resolver=resolver, at=AT),
            "apex, DNS only, async": lambda: alike("example.com", fetch=False, at=AT),
            "subdomain with fallback": lambda: bimikit.check_domain(
                "a.b.example.com", fetch=False, resolver=resolver, at=AT
            ),
            "subdomain, fallback, lps": lambda: bimikit.check_domain(
                "news@a.b.example.com", fetch=False, resolver=resolver, at=AT
            ),
            "apex, everything fetched": lambda: bimikit.check_domain("example.com", resolver=resolver, **full),  # type: ignore[arg-type]
            "the same, async": lambda: alike("example.com", **full),
        }
        base = milliseconds(checks["one bare query (the floor)"])
        for name, check in checks.items():
            taken = milliseconds(check)
            print(f"{name:28} {taken:7.1f} ms   {taken / base:5.1f} round trips")
        _checkdmarc(zone, base)


def _checkdmarc(zone: Zone, base: float) -> None:
    try:
        from checkdmarc.bimi import check_bimi
        from checkdmarc.dmarc import check_dmarc
    except ImportError:
        print("checkdmarc is not installed (make bench installs it)")
        return
    zone.remove("default._bimi.example.com")
    zone.add("default._bimi.example.com", "TXT", "v=BIMI1; l=; a=")  # so that it fetches nothing
    resolver = zone.resolver()

    def check() -> None:
        found = check_dmarc("example.com", resolver=resolver)
        check_bimi("example.com", parsed_dmarc_record=found, resolver=resolver)

    taken = milliseconds(check)
    print(f"{'checkdmarc: DMARC, BIMI':28} {taken:7.1f} ms   {taken / base:5.1f} round trips")


def silence() -> None:
    """Print how long a check takes where name servers never answer."""
    with SilentServer() as silent:
        begin = time.perf_counter()
        report = bimikit.check_domain("a.b.example.com", resolver=silent.resolver(lifetime=1.0), at=AT)
        taken = time.perf_counter() - begin
        begin = time.perf_counter()
        asyncio.run(bimikit.aio.check_domain("a.b.example.com", resolver=silent.async_resolver(lifetime=1.0), at=AT))
        other = time.perf_counter() - begin
    print(f"silent name servers, lifetime 1 s: {taken:.2f} s, async {other:.2f} s; complete: {report.complete}")


def throughput() -> None:
    """Print how fast the code is that waits for nothing."""
    plan = {
        "_dmarc.example.com": DMARC,
        "default._bimi.example.com": "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem",
    }

    def answered() -> None:
        asking = discover("news.example.com")
        questions = next(asking)
        try:
            while True:
                questions = asking.send({question: _answer(question, plan) for question in questions})
        except StopIteration:
            return

    ca = MarkCA(at=AT)
    planned = {
        "domain": "example.com", "svg": LOGO, "certificate": ca.issue().pem, "dmarc": DMARC,
        "record": plan["default._bimi.example.com"], "trust": ca.trust, "crls": [ca.crl(), ca.crl(of="root")], "at": AT,
    }  # fmt: skip
    print(f"discovery, both readings: {per_second(answered):8,.0f} domains/s")
    print(f"DNS plan judged:          {per_second(lambda: _dns_only(plan)):8,.0f} domains/s")
    print(f"whole publication judged: {per_second(lambda: bimikit.check_publication(**planned)):8,.0f} /s")  # type: ignore[arg-type]


def _answer(question: Question, plan: dict[str, str]) -> Answer:
    text = plan.get(question.name) if question.type == TXT else None
    return Answer(NXDOMAIN) if text is None else Answer(FOUND, (text,))


def _dns_only(plan: dict[str, str]) -> None:
    bimikit.check_publication(domain="example.com", dmarc=DMARC, record=plan["default._bimi.example.com"], at=AT)


if __name__ == "__main__":
    latency()
    silence()
    throughput()
