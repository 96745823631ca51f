"""`Zone`, `SilentServer` and `Web`: real servers on loopback, asked by dnspython and httpx."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import httpx
import pytest

from bimikit.testing.loopback import SilentServer
from bimikit.testing.web import Web
from bimikit.testing.zone import Strings, Zone

DMARC = "v=DMARC1; p=reject"


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    assert not {thread.name for thread in left if thread.name.startswith("bimikit") or "process_request" in thread.name}


# DNS


def ask(
    zone: Zone, name: str, rdtype: str = "TXT", *, tcp: bool = False, timeout: float = 2, **options: Any
) -> dns.message.Message:
    question = dns.message.make_query(name, rdtype, **options)
    send: Callable[..., dns.message.Message] = dns.query.tcp if tcp else dns.query.udp
    return send(question, zone.address, port=zone.port, timeout=timeout)


def shown(message: dns.message.Message) -> tuple[str, list[str], list[str]]:
    """The response code, the answer's records and the authority's types."""
    return (
        dns.rcode.to_text(message.rcode()),
        [f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)} {rdata}" for rrset in message.answer for rdata in rrset],
        [f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)}" for rrset in message.authority],
    )


def texts(zone: Zone, name: str) -> list[tuple[bytes, ...]]:
    return [rdata.strings for rdata in zone.resolver().resolve(name, "TXT")]


def test_a_text_is_answered_to_sync_and_async_resolvers() -> None:
    with Zone({"_dmarc.example.com": DMARC}) as zone:
        assert texts(zone, "_dmarc.example.com") == [(DMARC.encode(),)]
        answer = asyncio.run(_resolve(zone, "_dmarc.example.com"))
        assert [rdata.strings for rdata in answer] == [(DMARC.encode(),)]
        assert answer.rrset is not None
        assert answer.rrset.ttl == 300


async def _resolve(zone: Zone, name: str, **options: Any) -> dns.resolver.Answer:
    return await zone.async_resolver(**options).resolve(name, "TXT")


def test_it_can_be_used_inside_a_running_event_loop() -> None:
    async def main() -> None:
        with Zone({"a.example": "v"}) as zone:
            assert len(await _resolve(zone, "a.example")) == 1

    asyncio.run(main())


def test_names_have_no_case_and_u_labels_are_taken() -> None:
    with Zone({"_DMARC.Example.com": DMARC, "日本語.example": "u"}) as zone:
        assert texts(zone, "_dmarc.eXample.COM")
        assert texts(zone, "xn--wgv71a119e.example") == [(b"u",)]
        # the name comes back as it was asked, which randomised case (0x20) relies on
        assert ask(zone, "_dMaRc.eXample.COM").answer[0].name.to_text() == "_dMaRc.eXample.COM."


def test_several_records_and_every_way_to_cut_a_text() -> None:
    long = "x" * 300
    with Zone({"a.example": ["one", Strings("t", b"wo", ""), b"\xff", long, ""]}) as zone:
        assert sorted(texts(zone, "a.example")) == sorted(
            [(b"one",), (b"t", b"wo", b""), (b"\xff",), (b"x" * 255, b"x" * 45), (b"",)]
        )


@pytest.mark.parametrize(
    ("rdtype", "data"),
    [
        ("A", "127.0.0.1"),
        ("AAAA", "2001:db8::1"),
        ("CAA", '0 issuevmc "digicert.com"'),
        ("MX", "10 mail.example."),
        ("NS", "ns.example."),
        ("SOA", "ns.example. h.example. 1 2 3 4 5"),
    ],
)
def test_records_of_other_types(rdtype: str, data: str) -> None:
    with Zone({"a.example": (rdtype, data)}) as zone:
        assert shown(ask(zone, "a.example", rdtype)) == ("NOERROR", [f"a.example. {rdtype} {data}"], [])
        assert shown(ask(zone, "a.example"))[:2] == ("NOERROR", [])


def test_a_zone_file() -> None:
    text = """
        ; a comment
        $ORIGIN example.com.
        $TTL 60
        @       IN SOA ns h 1 2 3 4 5
                IN MX 10 mail

        _dmarc  IN TXT "v=DMARC1; p=reject" ; another
            ; and one
        default._bimi 3600 IN TXT ( "v=BIMI1; "
                "l=https://logo.example.com/\\"a\\".svg" )
    """
    with Zone(text=text) as zone:
        assert texts(zone, "_dmarc.example.com") == [(DMARC.encode(),)]
        assert texts(zone, "default._bimi.example.com") == [(b"v=BIMI1; ", b'l=https://logo.example.com/"a".svg')]
        assert shown(ask(zone, "example.com", "MX"))[1] == ["example.com. MX 10 mail.example.com."]
        assert shown(ask(zone, "none.example.com")) == ("NXDOMAIN", [], ["example.com. SOA"])


def test_nodata_is_not_nxdomain() -> None:
    with Zone({"a.b.example.com": "v", "www.example.com": ("A", "127.0.0.1")}) as zone:
        assert shown(ask(zone, "www.example.com")) == ("NOERROR", [], [". SOA"])
        for empty_non_terminal in ("b.example.com", "example.com", "com", "."):
            assert shown(ask(zone, empty_non_terminal)) == ("NOERROR", [], [". SOA"])
        for missing in ("c.example.com", "x.a.b.example.com", "org"):
            assert shown(ask(zone, missing)) == ("NXDOMAIN", [], [". SOA"])
        with pytest.raises(dns.resolver.NoAnswer):
            zone.resolver().resolve("b.example.com", "TXT")
        with pytest.raises(dns.resolver.NXDOMAIN):
            zone.resolver().resolve("c.example.com", "TXT")


def test_a_wildcard_covers_what_does_not_exist_and_nothing_else() -> None:
    records = {
        "*.example.com": "wild",
        "www.example.com": ("A", "127.0.0.1"),
        "x.ent.example.com": "x",
        "*.alias.example": ("CNAME", "www.example.com"),
    }
    with Zone(records) as zone:
        for covered in ("a.example.com", "_dmarc.a.b.example.com", "*.example.com"):
            assert texts(zone, covered) == [(b"wild",)]
        assert shown(ask(zone, "a.example.com", "A")) == ("NOERROR", [], [". SOA"])
        assert shown(ask(zone, "www.example.com"))[:2] == ("NOERROR", [])
        assert shown(ask(zone, "y.www.example.com"))[0] == "NXDOMAIN"
        assert shown(ask(zone, "ent.example.com"))[:2] == ("NOERROR", [])
        assert shown(ask(zone, "y.ent.example.com"))[0] == "NXDOMAIN"
        assert shown(ask(zone, "example.com"))[:2] == ("NOERROR", [])
        assert shown(ask(zone, "k.alias.example", "A"))[1] == [
            "k.alias.example. CNAME www.example.com.",
            "www.example.com. A 127.0.0.1",
        ]


def test_aliases_are_followed_and_the_chain_is_in_the_answer() -> None:
    records = {"a.example": ("CNAME", "b.example"), "b.example": ("CNAME", "c.example."), "c.example": "v"}
    with Zone(records) as zone:
        chain = ["a.example. CNAME b.example.", "b.example. CNAME c.example."]
        assert shown(ask(zone, "a.example")) == ("NOERROR", [*chain, 'c.example. TXT "v"'], [])
        assert shown(ask(zone, "a.example", "A")) == ("NOERROR", chain, [". SOA"])
        assert shown(ask(zone, "a.example", "CNAME")) == ("NOERROR", chain[:1], [])
        assert zone.resolver().resolve("a.example", "TXT").canonical_name.to_text() == "c.example."


def test_an_alias_to_a_missing_name_is_nxdomain_with_the_alias() -> None:
    with Zone({"a.example": ("CNAME", "gone.invalid")}) as zone:
        assert shown(ask(zone, "a.example")) == ("NXDOMAIN", ["a.example. CNAME gone.invalid."], [". SOA"])
        with pytest.raises(dns.resolver.NXDOMAIN) as caught:
            zone.resolver().resolve("a.example", "TXT")
        assert caught.value.canonical_name.to_text() == "gone.invalid."


def test_an_alias_loop_is_servfail_with_the_chain() -> None:
    with Zone({"a.example": ("CNAME", "b.example"), "b.example": ("CNAME", "A.example")}) as zone:
        assert shown(ask(zone, "a.example")) == (
            "SERVFAIL",
            ["a.example. CNAME b.example.", "b.example. CNAME A.example."],
            [],
        )


@pytest.mark.parametrize("how", ["servfail", "refused", "formerr", "silent", "garbage"])
def test_an_alias_to_a_name_that_fails_is_servfail(how: Any) -> None:
    with Zone({"a.example": ("CNAME", "b.other"), "b.other": "v"}, faults={"b.other": how}) as zone:
        assert shown(ask(zone, "a.example")) == ("SERVFAIL", ["a.example. CNAME b.other."], [])


def test_a_large_answer_comes_over_tcp() -> None:
    with Zone({"a.example": "x" * 2000}) as zone:
        assert texts(zone, "a.example")
        assert [query.protocol for query in zone.queries] == ["udp", "tcp"]
        short = ask(zone, "a.example")
        assert (bool(short.flags & dns.flags.TC), short.answer) == (True, [])


def test_edns_lets_a_large_answer_come_over_udp() -> None:
    with Zone({"a.example": "x" * 1000}) as zone:
        whole = ask(zone, "a.example", use_edns=0, payload=1232)
        assert (bool(whole.flags & dns.flags.TC), len(whole.answer), whole.edns) == (False, 1, 0)
        assert ask(zone, "a.example", use_edns=0, payload=600).flags & dns.flags.TC


@pytest.mark.parametrize("how", ["servfail", "refused", "formerr"])
@pytest.mark.parametrize("tcp", [False, True])
def test_a_name_that_fails_with_a_response_code(how: Any, tcp: bool) -> None:
    with Zone({"a.example": "v", "b.example": "v"}) as zone:
        zone.fail("a.example", how)
        assert shown(ask(zone, "a.example", tcp=tcp)) == (how.upper(), [], [])
        with pytest.raises(dns.resolver.NoNameservers):
            zone.resolver().resolve("a.example", "TXT")
        assert texts(zone, "b.example")


@pytest.mark.parametrize("tcp", [False, True])
def test_a_silent_name_never_answers(tcp: bool) -> None:
    with Zone({"a.example": "v"}, faults={"a.example": "silent"}) as zone:
        with pytest.raises(dns.exception.Timeout):
            ask(zone, "a.example", tcp=tcp, timeout=0.1)
        with pytest.raises(dns.resolver.LifetimeTimeout):
            asyncio.run(_resolve(zone, "a.example", lifetime=0.1))
        assert {query.name for query in zone.queries} == {"a.example"}


def test_silent_over_udp_only() -> None:
    with Zone({"a.example": "v"}, faults={"a.example": "silent-udp"}) as zone:
        with pytest.raises(dns.exception.Timeout):
            ask(zone, "a.example", timeout=0.1)
        assert shown(ask(zone, "a.example", tcp=True))[0] == "NOERROR"


@pytest.mark.parametrize("tcp", [False, True])
def test_garbage_is_no_message(tcp: bool) -> None:
    with (
        Zone({"a.example": "v"}, faults={"a.example": "garbage"}) as zone,
        pytest.raises(dns.exception.DNSException),
    ):
        ask(zone, "a.example", tcp=tcp)


def test_truncated_over_udp_and_complete_over_tcp() -> None:
    with Zone({"a.example": "v"}, faults={"a.example": "truncated"}) as zone:
        assert ask(zone, "a.example").flags & dns.flags.TC
        assert texts(zone, "a.example") == [(b"v",)]
        assert [query.protocol for query in zone.queries] == ["udp", "udp", "tcp"]


def test_a_slow_name_answers_late_and_holds_up_no_other() -> None:
    with Zone({"a.example": "v", "b.example": "v"}) as zone:
        zone.fail("a.example", "slow", seconds=0.3)

        async def main() -> list[str]:
            done: list[str] = []

            async def one(name: str) -> None:
                await _resolve(zone, name)
                done.append(name)

            await asyncio.gather(one("a.example"), one("b.example"))
            return done

        started = time.monotonic()
        assert asyncio.run(main()) == ["b.example", "a.example"]
        assert time.monotonic() - started >= 0.3


def test_a_failure_can_cover_what_is_below_or_one_type_and_be_lifted() -> None:
    with Zone({"a.b.example": ["v"], "c.b.example": "v"}) as zone:
        zone.fail("b.example", "servfail", below=True)
        zone.fail("c.b.example", "none")
        zone.fail("a.b.example", "refused", rdtype="CAA")
        assert shown(ask(zone, "b.example"))[0] == "SERVFAIL"
        assert shown(ask(zone, "a.b.example"))[0] == "SERVFAIL"
        assert shown(ask(zone, "x.y.b.example"))[0] == "SERVFAIL"
        assert shown(ask(zone, "a.b.example", "CAA"))[0] == "REFUSED"
        assert shown(ask(zone, "c.b.example"))[0] == "NOERROR"
        assert shown(ask(zone, "example"))[0] == "NOERROR"
        zone.fail("b.example", "none")
        assert texts(zone, "a.b.example")


def test_answers_that_are_delayed_wait_side_by_side() -> None:
    with Zone({f"{i}.example": "v" for i in range(5)}, delay=0.2) as zone:

        async def main() -> None:
            await asyncio.gather(*(_resolve(zone, f"{i}.example") for i in range(5)))

        started = time.monotonic()
        asyncio.run(main())
        assert 0.2 <= time.monotonic() - started < 0.5


def test_questions_are_recorded() -> None:
    with Zone({"a.example": "v"}) as zone:
        before = time.monotonic()
        ask(zone, "A.example")
        ask(zone, "b.example", "CAA", tcp=True)
        assert [query[:3] for query in zone.queries] == [("a.example", "TXT", "udp"), ("b.example", "CAA", "tcp")]
        assert before <= zone.queries[0].at <= zone.queries[1].at <= time.monotonic()
        zone.clear()
        assert zone.queries == []


def test_it_changes_while_it_runs() -> None:
    with Zone({"a.b.example": ["v", ("A", "127.0.0.1")]}) as zone:
        zone.remove("a.b.example", "TXT")
        assert shown(ask(zone, "a.b.example"))[0] == "NOERROR"
        zone.remove("a.b.example")
        assert shown(ask(zone, "b.example"))[0] == "NXDOMAIN"
        zone.remove("a.b.example")
        zone.add("b.example", "txt", "one", "two", ttl=5)
        zone.add_text("c.example. 60 IN TXT three")
        assert len(texts(zone, "b.example")) == 2
        assert texts(zone, "c.example") == [(b"three",)]


@pytest.mark.parametrize(
    "arguments",
    [
        {"records": {"a..example": "v"}},
        {"records": {"x" * 64 + ".example": "v"}},
        {"records": {"a.example": ("A", "nonsense")}},
        {"records": {"a.example": ("NOSUCH", "1")}},
        {"records": {"a.example": 5}},
        {"records": {"a.example": Strings("x" * 256)}},
        {"records": {"a.example": Strings()}},
        {"records": {"a.example": ["v", ("CNAME", "b.example")]}},
        {"records": {"a.example": [("CNAME", "b.example"), "v"]}},
        {"text": "what is this"},
        {"text": 'a.example. 60 IN TXT "' + "x" * 256 + '"'},
        {"faults": {"a.example": "nonsense"}},
        {"faults": {"a.example": "slow"}},
    ],
)
def test_what_cannot_be_read_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Zone(**arguments)


def test_it_starts_again_but_not_twice() -> None:
    zone = Zone({"a.example": "v"})
    with pytest.raises(RuntimeError):
        zone.resolver()
    zone.stop()
    for _ in range(2):
        zone.start()
        assert texts(zone, "a.example")
        with pytest.raises(RuntimeError):
            zone.start()
        zone.stop()
        zone.stop()


def test_it_stops_at_once_with_questions_and_connections_open() -> None:
    zone = Zone({"a.example": "v"}, delay=60)
    zone.start()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.create_connection((zone.address, zone.port)) as tcp,
        socket.create_connection((zone.address, zone.port)) as idle,
    ):
        wire = dns.message.make_query("a.example", "TXT").to_wire()
        udp.sendto(wire, (zone.address, zone.port))
        tcp.sendall(struct.pack("!H", len(wire)) + wire)
        while len(zone.queries) < 2:
            time.sleep(0.005)
        started = time.monotonic()
        zone.stop()
        assert time.monotonic() - started < 0.5
        idle.settimeout(2)
        with contextlib.suppress(ConnectionResetError):
            assert idle.recv(1) == b""


def test_no_question_brings_it_down() -> None:
    chance = random.Random(5)  # noqa: S311
    with Zone({"a.example": "v"}) as zone, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        wire = bytearray(dns.message.make_query("a.example", "TXT", use_edns=0).to_wire())
        for _ in range(500):
            mutant = bytearray(wire)
            for _ in range(chance.randint(1, 4)):
                mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            udp.sendto(mutant[: chance.randint(0, len(mutant))], (zone.address, zone.port))
            udp.sendto(mutant, (zone.address, zone.port))
        assert texts(zone, "a.example")
        assert shown(ask(zone, "a.example", "TYPE65280"))[0] == "NOERROR"
        assert shown(ask(zone, "a.example", rdclass="CH"))[0] == "REFUSED"
        assert shown(ask(zone, "a.example", "ANY"))[1] == ['a.example. TXT "v"']


def test_a_silent_server_never_answers() -> None:
    with SilentServer() as server:
        with pytest.raises(dns.resolver.LifetimeTimeout):
            server.resolver(lifetime=0.1).resolve("a.example", "TXT")
        with pytest.raises(dns.resolver.LifetimeTimeout):
            server.resolver(lifetime=0.1).resolve("a.example", "TXT", tcp=True)
        with pytest.raises(RuntimeError):
            server.start()
    with pytest.raises(RuntimeError):
        server.resolver()


# HTTP


HOST = "logo.example.com"


def client(web: Web, **options: Any) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(web.ca_bundle))
    return httpx.Client(verify=context, trust_env=False, timeout=2, **options)


def get(web: Web, path: str, *, host: str = HOST, plain: bool = False, method: str = "GET") -> httpx.Response:
    """Ask as a client would that found `host` to be on loopback."""
    with client(web) as asking:
        return asking.send(_request(asking, web, path, host, plain, method))


def _request(
    asking: httpx.Client, web: Web, path: str, host: str = HOST, plain: bool = False, method: str = "GET"
) -> httpx.Request:
    url = httpx.URL(web.http_url(path, host=host) if plain else web.url(path, host=host))
    return asking.build_request(
        method,
        url.copy_with(host=web.address),
        headers={"Host": url.netloc.decode()},
        extensions={"sni_hostname": host},
    )


def test_a_page_over_verified_tls_and_over_plain_http() -> None:
    with Web([HOST]) as web:
        web.put("/logo.svg", b"<svg/>")
        web.put("/x.crl", b"\x30", headers={"X-One": "1"})
        logo, crl = get(web, "/logo.svg"), get(web, "/x.crl", plain=True)
        assert (logo.status_code, logo.content, logo.headers["content-type"]) == (200, b"<svg/>", "image/svg+xml")
        assert (crl.content, crl.headers["content-type"], crl.headers["x-one"]) == (
            b"\x30",
            "application/pkix-crl",
            "1",
        )
        assert get(web, "/none").status_code == 404
        assert web.url("/logo.svg") == f"https://{HOST}:{web.port}/logo.svg"
        assert web.http_url("/x.crl", host="crl.example") == f"http://crl.example:{web.http_port}/x.crl"


def test_a_page_can_be_of_one_host_and_found_with_any_query_or_one() -> None:
    with Web([HOST, "other.example"]) as web:
        web.put("/a", "all")
        web.put("/a", "other", host="Other.example")
        web.put("/a?b=1", "query")
        assert get(web, "/a").text == "all"
        assert get(web, "/a?b=2").text == "all"
        assert get(web, "/a?b=1").text == "query"
        assert get(web, "/a", host="other.example").text == "other"
        web.remove("/a")
        assert get(web, "/a").status_code == 404


def test_requests_are_recorded_and_connections_kept() -> None:
    with Web([HOST]) as web:
        web.put("/a", "1")
        with client(web) as asking:
            for method in ("GET", "HEAD", "POST"):
                response = asking.send(_request(asking, web, "/a", method=method))
                assert (response.status_code, response.headers["content-length"]) == (200, "1")
                assert response.text == ("" if method == "HEAD" else "1")
        assert [(seen.host, seen.path, seen.method, seen.scheme) for seen in web.requests] == [
            (HOST, "/a", method, "https") for method in ("GET", "HEAD", "POST")
        ]
        assert web.requests[0].headers["host"] == f"{HOST}:{web.port}"
        web.clear()
        assert web.requests == []


def test_redirects_and_statuses() -> None:
    with Web([HOST]) as web:
        web.put("/a", redirect=web.url("/b"))
        web.put("/p", redirect="/b", status=308)
        web.put("/b", status=503, headers={"Retry-After": "5"})
        moved = get(web, "/a")
        assert (moved.status_code, moved.headers["location"]) == (302, web.url("/b"))
        assert get(web, "/p").status_code == 308
        assert (get(web, "/b").status_code, get(web, "/b").headers["retry-after"]) == (503, "5")


def test_content_types_and_encodings() -> None:
    with Web([HOST]) as web:
        web.put("/a.svg", b"<svg/>" * 100, compress=True, content_type="text/plain; charset=utf-8")
        web.put("/b.svg", b"<svg/>", content_type="")
        web.put("/c.svg", b"<svg/>", headers={"content-type": "image/png", "content-encoding": "identity"})
        zipped = get(web, "/a.svg")
        assert (zipped.content, zipped.headers["content-encoding"]) == (b"<svg/>" * 100, "gzip")
        assert int(zipped.headers["content-length"]) == len(gzip.compress(b"<svg/>" * 100, mtime=0))
        assert zipped.headers["content-type"] == "text/plain; charset=utf-8"
        assert "content-type" not in get(web, "/b.svg").headers
        assert get(web, "/c.svg").headers.get_list("content-type") == ["image/png"]


def test_a_late_answer_and_a_dripping_one() -> None:
    with Web([HOST]) as web:
        web.put("/late", "v", delay=0.2)
        web.put("/drip", b"x" * 10, drip=(2, 0.05))
        for path in ("/late", "/drip"):
            started = time.monotonic()
            assert get(web, path).status_code == 200
            assert time.monotonic() - started >= 0.2


def test_a_reset_connection() -> None:
    with Web([HOST]) as web:
        web.put("/a", "v", reset=True)
        with pytest.raises(httpx.ReadError, match="reset by peer"):
            get(web, "/a", plain=True)
        # OpenSSL 3 tells Python of a reset as if it were an end
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            get(web, "/a")


@pytest.mark.parametrize("plain", [False, True])
def test_a_body_that_is_not_as_long_as_announced(plain: bool) -> None:
    with Web([HOST]) as web:
        web.put("/early", "12345678", close_early=True)
        web.put("/long", "1", length=5)
        web.put("/short", "12345678", length=5)
        for path in ("/early", "/long"):
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                get(web, path, plain=plain)
        assert get(web, "/short", plain=plain).text == "12345"


def test_an_endless_body_ends_with_the_client() -> None:
    with Web([HOST]) as web:
        web.put("/a.svg", b"<svg/>", endless=True)
        web.put("/zeros", endless=True)
        for path in ("/a.svg", "/zeros"):
            with client(web) as asking:
                response = asking.send(_request(asking, web, path), stream=True)
                size = 0
                for piece in response.iter_bytes():
                    size += len(piece)
                    if size > 100_000:
                        break
                response.close()
            assert size > 100_000


@pytest.mark.parametrize(("arguments", "host"), [({"expired": True}, HOST), ({}, "other.example")])
def test_a_certificate_that_no_client_accepts(arguments: dict[str, Any], host: str) -> None:
    with Web([HOST], **arguments) as web:
        web.put("/a", "v")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            get(web, "/a", host=host)
        assert get(web, "/a", host=host, plain=True).text == "v"
        assert [seen.scheme for seen in web.requests] == ["http"]


def test_a_ca_is_trusted_by_its_bundle_alone_and_can_be_shared() -> None:
    with Web([HOST]) as web, Web([HOST], ca=web.ca) as same, Web([HOST]) as other:
        for each in (same, other):
            each.put("/a", "v")
        with client(web) as asking:
            assert asking.send(_request(asking, same, "/a")).text == "v"
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                asking.send(_request(asking, other, "/a"))


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_the_newest_tls_that_is_spoken(version: Any) -> None:
    with Web([HOST], maximum_tls=version) as web:
        context = ssl.create_default_context(cafile=str(web.ca_bundle))
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1"):
            context.minimum_version = ssl.TLSVersion.TLSv1
        with (
            socket.create_connection((web.address, web.port)) as raw,
            context.wrap_socket(raw, server_hostname=HOST) as wrapped,
        ):
            assert wrapped.version() == {"1.0": "TLSv1"}.get(version, f"TLSv{version}")
        web.put("/a", "v")
        if version in ("1.0", "1.1"):
            with pytest.raises(httpx.ConnectError):
                get(web, "/a")
        else:
            assert get(web, "/a").text == "v"


def test_the_web_stops_at_once_and_leaves_no_file() -> None:
    web = Web([HOST])
    with pytest.raises(RuntimeError):
        web.url()
    web.stop()
    web.start()
    with pytest.raises(RuntimeError):
        web.start()
    web.put("/a", "v", delay=60)
    bundle = web.ca_bundle
    assert b"BEGIN CERTIFICATE" in bundle.read_bytes()
    with socket.create_connection((web.address, web.port)), socket.create_connection((web.address, web.http_port)) as s:
        s.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")  # and the other one never begins its handshake
        while not web.requests:
            time.sleep(0.005)
        started = time.monotonic()
        web.stop()
        assert time.monotonic() - started < 0.5
    assert not bundle.parent.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Web([]),
        lambda: Web(HOST),
        lambda: Web([HOST]).put("a"),
        lambda: Web([HOST]).put("/a", drip=(0, 1)),
    ],
)
def test_wrong_calls_are_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        wrong()


def test_what_a_client_does_wrong_is_not_written_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with Web([HOST]) as web:
        for port in (web.port, web.http_port):
            with socket.create_connection((web.address, port)) as connection:
                connection.sendall(b"\x00nonsense\r\n\r\n")
                connection.settimeout(2)
                with contextlib.suppress(ConnectionResetError):
                    while connection.recv(1000):
                        pass
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("module", "package"), [("zone", "dnslib"), ("web", "trustme")])
def test_a_missing_package_is_named(module: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"bimikit.testing.{module}")
    with pytest.raises(ImportError, match=rf"{package}: pip install bimikit\[testing\]"):
        __import__(f"bimikit.testing.{module}")
    from bimikit.testing import MarkCA

    assert MarkCA
