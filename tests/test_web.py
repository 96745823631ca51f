"""Fetching: nothing forbidden is asked, nothing hostile gets through, nothing takes for ever. Sync and async alike."""

from __future__ import annotations

import asyncio
import gzip
import json
import select
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from web_tricks import DNS, PUBLIC, URLS, Dns, Url

from bimikit import Outcome, Severity
from bimikit.engine import Fault, findings_from
from bimikit.locale.en.web_rules import RULES as TEXTS
from bimikit.locale.en.web_terms import TERMS
from bimikit.sources import SOURCES
from bimikit.web import addresses
from bimikit.web.answer import Failure
from bimikit.web.fetch import Fetched, LookupFailed, Resolve, afetch, facts, fetch, plan
from bimikit.web.policy import FetchPolicy, Kind, read_url
from bimikit.web.rules import WEB_RULES, WebPlace, faults, locate

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
HOST = "logo.example"
LOOPBACK = ("127.0.0.0/8", "::1/128")
FORBIDDING = {"url", "scheme", "port", "address"}

Lookup = Callable[[str, float], list[str]]
Run = Callable[..., Fetched]


def to_loopback(host: str, seconds: float) -> list[str]:
    return ["127.0.0.1"]


def checked(fetched: Fetched, kind: Kind) -> Fetched:
    """What holds of every fetch: its faults can be worded, and no body comes with a problem."""
    for fault in faults(fetched, kind):
        assert_reads(fault)
    assert (fetched.state == "ok") is (fetched.problem == "")
    assert fetched.state == "ok" or fetched.body == b""
    return fetched


def run_sync(url: str, policy: FetchPolicy, lookup: Lookup = to_loopback, kind: Kind = Kind.INDICATOR) -> Fetched:
    return checked(fetch(url, kind, policy, lookup), kind)


def run_async(url: str, policy: FetchPolicy, lookup: Lookup = to_loopback, kind: Kind = Kind.INDICATOR) -> Fetched:
    async def ask(host: str, seconds: float) -> list[str]:
        return lookup(host, seconds)

    return checked(asyncio.run(afetch(url, kind, policy, ask)), kind)


def run_sync_in_a_loop(url: str, policy: FetchPolicy, *more: Any, **named: Any) -> Fetched:
    async def inside() -> Fetched:
        return run_sync(url, policy, *more, **named)

    return asyncio.run(inside())


both = pytest.mark.parametrize("run", [run_sync, run_async], ids=["sync", "async"])


class Server:
    """A TCP server in a thread that counts connections and answers each by a script."""

    def __init__(
        self,
        script: Callable[[Any, int], None],
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.script = script
        self.context = context
        self.connections = 0
        self.requests: list[bytes] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.closing = threading.Event()
        self.threads: list[threading.Thread] = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            if self.closing.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(5)
        with suppress(OSError), connection:
            if self.context is None:
                self.script(connection, number)
            else:
                with self.context.wrap_socket(connection, server_side=True) as secured:
                    self.script(secured, number)

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError), socket.create_connection(self.listener.getsockname()[:2], 1):
            pass
        self.thread.join(2)
        self.listener.close()
        for thread in self.threads:
            thread.join(6)

    def read_request(self, connection: Any) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(4096)
            if not piece:
                break
            head += piece
        self.requests.append(head)
        return head


@contextmanager
def serving(
    script: Callable[[Any, int], None] | bytes, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """A server with a script, or one answer for every request."""

    def canned(connection: Any, number: int) -> None:
        server.read_request(connection)
        connection.sendall(script)
        if not isinstance(connection, ssl.SSLSocket):
            connection.shutdown(socket.SHUT_WR)

    server = Server(canned if isinstance(script, bytes) else script, context, host)
    try:
        yield server
    finally:
        server.close()


def answer(body: bytes = SVG, status: str = "200 OK", headers: str = "Content-Type: image/svg+xml") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *filter(None, headers.split("\n"))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {location}")


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


def tls(ca: trustme.CA, *names: str, **more: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*(names or (HOST,)), **more).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def context(ca: trustme.CA) -> ssl.SSLContext:
    return tls(ca, HOST, "127.0.0.1", "localhost", "xn--mnchen-3ya.example")


def policy(bundle: Path | None = None, **more: Any) -> FetchPolicy:
    return FetchPolicy(**{"allow_networks": LOOPBACK, "ca_bundle": bundle, "timeout": 5.0, **more})


@pytest.fixture(scope="module")
def canaries() -> Iterator[tuple[Server, ...]]:
    """Servers on loopback that nobody may connect to."""
    servers = [Server(lambda connection, number: None)]
    with suppress(OSError):
        servers.append(Server(lambda connection, number: None, host="::1"))
    yield tuple(servers)
    for server in servers:
        server.close()


# what may be asked


@both
def test_no_trick_reaches_loopback(run: Run, canaries: tuple[Server, ...]) -> None:
    strict = FetchPolicy(timeout=3)
    wrong = []
    for trick in URLS:
        for canary in canaries:
            url = trick.url.format(port=canary.port) if "{" in trick.url else trick.url
            for kind in Kind:
                tried = url if kind is Kind.CRL else url.replace("http:", "https:", 1)
                fetched = run(tried, strict, kind=kind)
                if fetched.state not in ("failed", "refused") or fetched.problem not in FORBIDDING or fetched.address:
                    wrong.append((trick.name, kind, fetched))
    assert not wrong
    assert [canary.connections for canary in canaries] == [0] * len(canaries)


@both
@pytest.mark.parametrize("trick", DNS, ids=lambda trick: trick.name)
def test_no_dns_answer_reaches_what_is_not_public(run: Run, trick: Dns, canaries: tuple[Server, ...]) -> None:
    port = canaries[0].port
    fetched = run(f"https://{HOST}:{port}/", FetchPolicy(timeout=3), lambda host, seconds: list(trick.addresses))
    assert (fetched.state, fetched.problem, fetched.address) == ("refused", "address", None)
    assert bool(fetched.detail) is any(trick.addresses)
    assert canaries[0].connections == 0


@both
def test_no_redirect_reaches_what_is_forbidden(
    run: Run, canaries: tuple[Server, ...], context: ssl.SSLContext, bundle: Path
) -> None:
    """The first server may be asked; where it leads to, at 127.0.0.2 and elsewhere, not."""
    location = [""]

    def script(connection: Any, number: int) -> None:
        server.read_request(connection)
        connection.sendall(
            f"HTTP/1.1 302 Found\r\nLocation: {location[0]}\r\nContent-Length: 0\r\n\r\n".encode(errors="replace")
        )

    allowed = policy(bundle, allow_networks=("127.0.0.9/32",), timeout=3)
    canary = canaries[0]
    wrong = []

    def lookup(host: str, seconds: float) -> list[str]:
        return ["127.0.0.9"] if host == HOST else ["127.0.0.1"]

    server = Server(script, context, "127.0.0.9")
    try:
        for trick in URLS[::2] if run is run_async else URLS[1::2]:
            url = trick.url.format(port=canary.port) if "{" in trick.url else trick.url
            location[0] = url.replace("http:", "https:", 1)
            fetched = run(f"https://{HOST}:{server.port}/", allowed, lookup)
            if fetched.state == "ok" or fetched.address not in (None, "127.0.0.9"):
                wrong.append((trick.name, fetched))
    finally:
        server.close()
    assert not wrong
    assert [canary.connections for canary in canaries] == [0] * len(canaries)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert FetchPolicy().forbids(address) is None


@pytest.mark.parametrize(
    ("network", "address", "allowed"),
    [
        ("127.0.0.0/8", "127.0.0.1", True),
        ("127.0.0.0/8", "::ffff:127.0.0.1", True),
        ("127.0.0.0/8", "64:ff9b::127.0.0.1", True),
        ("127.0.0.0/8", "2002:7f00:1::", True),
        ("127.0.0.0/8", "::1", False),
        ("127.0.0.0/8", "10.0.0.1", False),
        ("127.0.0.0/8", "::ffff:10.0.0.1", False),
        ("10.1.0.0/16", "10.1.255.255", True),
        ("10.1.0.0/16", "10.2.0.0", False),
        ("::1", "::1", True),
        ("fd00::/8", "fd00::1", True),
        ("fe80::/10", "fe80::1%lo", False),
        ("::ffff:0:0/96", "::ffff:10.0.0.1", True),
        ("::ffff:0:0/96", "10.0.0.1", False),
    ],
)
def test_allow_networks_opens_what_it_names_and_no_more(network: str, address: str, allowed: bool) -> None:
    assert (FetchPolicy(allow_networks=(network,)).forbids(address) is None) is allowed


@pytest.mark.parametrize("networks", [("10.0.0.1/8",), ("10.0.0.0/33",), ("localhost",), ("",), ("fe80::1%lo",)])
def test_a_bad_network_is_a_bad_call(networks: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - ipaddress words it
        FetchPolicy(allow_networks=networks)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"allow_networks": "127.0.0.0/8"}, TypeError),
        ({"allow_networks": (5,)}, TypeError),
        ({"timeout": 0}, ValueError),
        ({"timeout": float("inf")}, ValueError),
        ({"timeout": float("nan")}, ValueError),
        ({"timeout": "1"}, TypeError),
        ({"max_bytes": 0}, ValueError),
        ({"max_bytes": 1.5}, TypeError),
        ({"max_redirects": -1}, ValueError),
        ({"max_redirects": True}, TypeError),
        ({"proxy": "socks5://127.0.0.1:1080"}, ValueError),
        ({"proxy": "proxy.example:3128"}, ValueError),
        ({"proxy": "http://"}, ValueError),
        ({"proxy": "http://proxy:99999"}, ValueError),
        ({"proxy": "http://proxy\n/"}, ValueError),
        ({"ca_bundle": 5}, TypeError),
    ],
)
def test_a_policy_without_sense_is_a_bad_call(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        FetchPolicy(**arguments)


def test_a_file_of_cas_that_cannot_be_read_is_a_bad_call(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    for path in (tmp_path / "missing.pem", tmp_path / "bad.pem"):
        with pytest.raises(ValueError, match="ca_bundle"):
            run_sync("https://logo.example/", FetchPolicy(ca_bundle=path))


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://Logo.Example/a.svg", "https://logo.example/a.svg"),
        ("HTTPS://logo.example", "https://logo.example/"),
        ("https://logo.example.:443/a?b=c#d", "https://logo.example/a?b=c"),
        ("https://logo.example:8443?x", "https://logo.example:8443/?x"),
        ("https://logo.example:/", "https://logo.example/"),
        ("https://münchen.example/ä b".replace(" ", "%20"), "https://xn--mnchen-3ya.example/%C3%A4%20b"),
        ("https://日本語。example/", "https://xn--wgv71a119e.example/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://a_b.example/@x", "https://a_b.example/@x"),
    ],
)
def test_a_url_has_one_form(url: str, normal: str) -> None:
    assert read_url(url, frozenset({"https"})).url == normal


@both
def test_what_is_published_and_certified_must_be_https_and_a_crl_need_not(run: Run) -> None:
    with serving(answer(b"crl", headers="Content-Type: application/pkix-crl")) as server:
        url = f"http://{HOST}:{server.port}/x"
        for kind in (Kind.INDICATOR, Kind.EVIDENCE):
            assert run(url, policy(), kind=kind).problem == "scheme"
        assert server.connections == 0
        fetched = run(url, policy(), kind=Kind.CRL)
    assert (fetched.state, fetched.body, fetched.tls) == ("ok", b"crl", {})


# to whom the connection goes


@both
def test_a_name_that_changes_its_answer_is_asked_once_and_that_answer_used(
    run: Run, canaries: tuple[Server, ...]
) -> None:
    """Rebinding: the second answer would be the canary's."""
    asked = []

    def lookup(host: str, seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.9"] if len(asked) == 1 else ["127.0.0.1"]

    with serving(answer(), host="127.0.0.9") as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), lookup, kind=Kind.CRL)
    assert asked == [HOST]
    assert (fetched.state, fetched.address) == ("ok", "127.0.0.9")


@both
def test_a_name_that_turns_private_between_two_hops_is_refused(run: Run) -> None:
    asked = []

    def lookup(host: str, seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.9"] if len(asked) == 1 else ["127.0.0.1"]

    with serving(redirect("/again"), host="127.0.0.9") as server:
        allowed = policy(allow_networks=("127.0.0.9",))
        fetched = run(f"http://{HOST}:{server.port}/", allowed, lookup, kind=Kind.CRL)
        assert server.connections == 1
    assert asked == [HOST, HOST]
    assert (fetched.state, fetched.problem, fetched.detail) == ("refused", "address", "127.0.0.1")
    assert fetched.final_url.endswith("/again")


def test_no_name_is_resolved_behind_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    names = []

    def watched(host: Any, *more: Any, **named: Any) -> Any:
        names.append(host)
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    with serving(answer()) as server:
        for run in (run_sync, run_async):
            assert run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL).state == "ok"
    assert set(names) <= {"127.0.0.1"}


@both
def test_the_next_address_is_tried_where_one_does_not_answer(run: Run) -> None:
    with serving(answer()) as server:
        fetched = run(
            f"http://{HOST}:{server.port}/", policy(), lambda host, seconds: ["127.0.0.8", "127.0.0.1"], kind=Kind.CRL
        )
    assert (fetched.state, fetched.address) == ("ok", "127.0.0.1")


@both
def test_an_address_is_not_looked_up_and_localhost_neither(run: Run) -> None:
    def lookup(host: str, seconds: float) -> list[str]:
        raise AssertionError(host)

    with serving(answer()) as server:
        for host in ("127.0.0.1", "localhost", "sub.localhost"):
            assert run(f"http://{host}:{server.port}/", policy(), lookup, kind=Kind.CRL).state == "ok"


@both
def test_a_literal_ipv6_host_is_asked_when_allowed(run: Run) -> None:
    try:
        with serving(answer(), host="::1") as server:
            fetched = run(f"http://[::1]:{server.port}/", policy(), kind=Kind.CRL)
            assert f"Host: [::1]:{server.port}".encode() in server.requests[0]
    except OSError:
        pytest.skip("no IPv6 here")
    assert (fetched.state, fetched.address) == ("ok", "::1")


@both
def test_an_idn_is_looked_up_and_verified_as_a_labels(run: Run, context: ssl.SSLContext, bundle: Path) -> None:
    asked = []

    def lookup(host: str, seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(answer(), context) as server:
        fetched = run(f"https://München.example:{server.port}/", policy(bundle), lookup)
    assert (fetched.state, asked) == ("ok", ["xn--mnchen-3ya.example"])


@both
@pytest.mark.parametrize(
    ("temporary", "state", "problem", "rule"),
    [(True, "unreachable", "dns", "web.unreachable"), (False, "failed", "dns-missing", "web.host-missing")],
)
def test_a_failed_look_up_tells_whether_it_may_pass(
    run: Run, temporary: bool, state: str, problem: str, rule: str
) -> None:
    def lookup(host: str, seconds: float) -> list[str]:
        assert 0 < seconds <= 5
        raise LookupFailed("SERVFAIL\n" * 1000, temporary)

    fetched = run(f"https://{HOST}/", policy(), lookup)
    assert (fetched.state, fetched.problem) == (state, problem)
    assert len(fetched.detail) <= 200
    assert "\n" not in fetched.detail
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == [rule]


@both
def test_a_look_up_without_addresses_or_with_a_fault_of_its_own_is_told(run: Run) -> None:
    assert run(f"https://{HOST}/", policy(), lambda host, seconds: []).problem == "dns-missing"

    def lookup(host: str, seconds: float) -> list[str]:
        raise KeyError(host)

    assert run(f"https://{HOST}/", policy(), lookup).problem == "dns"


# TLS


@both
def test_a_document_over_https_is_fetched_with_all_that_is_told_of_it(
    run: Run, context: ssl.SSLContext, bundle: Path
) -> None:
    headers = "Content-Type: image/svg+xml\nSet-Cookie: secret=1\nDate: now\nETag: x\nETag: y"
    with serving(answer(headers=headers), context) as server:
        url = f"https://{HOST}:{server.port}/logo.svg"
        fetched = run(url, policy(bundle))
        request = server.requests[0].decode()
    assert (fetched.state, fetched.problem, fetched.status, fetched.body) == ("ok", "", 200, SVG)
    assert (fetched.url, fetched.final_url, fetched.address) == (url, url, "127.0.0.1")
    assert fetched.tls["version"] == "TLSv1.3"
    assert fetched.tls["cipher"]
    assert fetched.headers == {"content-length": str(len(SVG)), "content-type": "image/svg+xml", "etag": "x, y"}
    assert faults(fetched, Kind.INDICATOR) == []
    lines = request.split("\r\n")
    assert lines[0] == "GET /logo.svg HTTP/1.1"
    assert f"Host: {HOST}:{server.port}" in lines
    assert any(line.startswith("User-Agent: bimikit/") for line in lines)
    assert not {"cookie", "authorization", "referer"} & {line.partition(":")[0].lower() for line in lines}
    told = facts(fetched)
    assert json.loads(json.dumps(told)) == told
    assert (told["size"], told["state"], len(told["sha256"])) == (len(SVG), "ok", 64)


def test_both_ways_tell_the_same(context: ssl.SSLContext, bundle: Path) -> None:
    for body in (
        answer(),
        answer(status="404 Gone fishing"),
        b"garbage\r\n\r\n" * 10,
        redirect("https://127.0.0.1:1/"),
    ):
        with serving(body, context) as server:
            url = f"https://{HOST}:{server.port}/"
            assert run_sync(url, policy(bundle)) == run_async(url, policy(bundle))


def test_the_blocking_way_works_inside_a_running_loop(context: ssl.SSLContext, bundle: Path) -> None:
    with serving(answer(), context) as server:
        assert run_sync_in_a_loop(f"https://{HOST}:{server.port}/", policy(bundle)).state == "ok"


@both
@pytest.mark.parametrize("problem", ["tls-expired", "tls-name", "tls-untrusted", "tls-untrusted-self"])
def test_a_bad_certificate_of_the_server_has_a_key_of_its_own(
    run: Run, problem: str, ca: trustme.CA, bundle: Path
) -> None:
    contexts: dict[str, Callable[[], ssl.SSLContext]] = {
        "tls-expired": lambda: tls(
            ca, HOST, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2020, 2, 1, tzinfo=UTC)
        ),
        "tls-name": lambda: tls(ca, "other.example"),
        "tls-untrusted": lambda: tls(trustme.CA(), HOST),
        "tls-untrusted-self": lambda: tls(trustme.CA(), HOST),
    }
    trusted = None if problem.endswith("self") else bundle
    key = problem.removesuffix("-self")
    with serving(answer(), contexts[problem]()) as server:
        fetched = run(f"https://{HOST}:{server.port}/", policy(trusted))
        assert server.requests == []
    assert (fetched.state, fetched.problem, fetched.body, fetched.address) == ("failed", key, b"", "127.0.0.1")
    assert fetched.detail
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == [f"web.{key}"]


@both
def test_a_certificate_for_the_name_does_not_do_for_the_address(run: Run, ca: trustme.CA, bundle: Path) -> None:
    with serving(answer(), tls(ca, HOST)) as server:
        assert run(f"https://127.0.0.1:{server.port}/", policy(bundle)).problem == "tls-name"


@both
def test_plain_http_on_a_tls_port_is_no_secure_connection(run: Run, bundle: Path) -> None:
    def script(connection: Any, number: int) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        connection.recv(4096)

    with serving(script) as server:
        fetched = run(f"https://{HOST}:{server.port}/", policy(bundle))
    assert (fetched.state, fetched.problem) == ("failed", "tls")


@both
def test_a_server_that_demands_a_client_certificate_is_told(run: Run, ca: trustme.CA, bundle: Path) -> None:
    demanding = tls(ca)
    demanding.verify_mode = ssl.CERT_REQUIRED
    ca.configure_trust(demanding)
    with serving(answer(), demanding) as server:
        fetched = run(f"https://{HOST}:{server.port}/", policy(bundle))
    assert fetched.state in ("failed", "unreachable")
    assert fetched.body == b""


@both
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.1"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_with_nothing_newer_than_tls_1_1_is_read_and_warned_of(
    run: Run, version: str, ca: trustme.CA, bundle: Path
) -> None:
    old = tls(ca)
    try:
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.maximum_version = ssl.TLSVersion[version.replace(".", "_")]
        old.set_ciphers("ALL:@SECLEVEL=0")
    except (ssl.SSLError, ValueError):
        pytest.skip("OpenSSL without old TLS")
    with serving(answer(), old) as server:
        fetched = run(f"https://{HOST}:{server.port}/", policy(bundle))
    if fetched.problem == "tls":
        pytest.skip("OpenSSL without old TLS")
    assert (fetched.state, fetched.tls["version"]) == ("ok", version)
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == ["web.tls-old"]


# time and size


def drip(piece: bytes, start: bytes = b"") -> Callable[[Any, int], None]:
    def script(connection: Any, number: int) -> None:
        connection.sendall(start)
        connection.settimeout(0.05)
        for _ in range(60):
            with suppress(TimeoutError):
                if not connection.recv(4096):
                    return
            connection.sendall(piece)

    return script


@both
@pytest.mark.parametrize(
    "script",
    [
        drip(b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        drip(b"X: y\r\n", b"HTTP/1.1 200 OK\r\n"),
        drip(b"H"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"1\r\nx\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        drip(b""),
    ],
    ids=["body", "headers", "status", "continue", "chunks", "silence"],
)
def test_a_server_that_drips_is_given_up_when_time_is_up(run: Run, script: Callable[[Any, int], None]) -> None:
    with serving(script) as server:
        start = time.monotonic()
        fetched = run(f"http://{HOST}:{server.port}/", policy(timeout=0.3), kind=Kind.CRL)
        assert time.monotonic() - start < 1.5
    assert (fetched.state, fetched.problem) == ("unreachable", "timeout")


@both
def test_a_handshake_that_drips_is_given_up_when_time_is_up(run: Run) -> None:
    with serving(drip(b"\x00", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")) as server:
        start = time.monotonic()
        fetched = run(f"https://{HOST}:{server.port}/", policy(timeout=0.3))
        assert time.monotonic() - start < 1.5
    assert (fetched.state, fetched.problem) == ("unreachable", "timeout")


@both
def test_redirects_share_one_deadline(run: Run) -> None:
    def script(connection: Any, number: int) -> None:
        server.read_request(connection)
        time.sleep(0.2)
        connection.sendall(redirect(f"/{number}"))

    with serving(script) as server:
        start = time.monotonic()
        fetched = run(f"http://{HOST}:{server.port}/", policy(timeout=0.5, max_redirects=50), kind=Kind.CRL)
        assert time.monotonic() - start < 1.5
    assert fetched.problem == "timeout"


def test_a_look_up_that_hangs_is_given_up_when_time_is_up() -> None:
    async def hang(host: str, seconds: float) -> list[str]:
        await asyncio.sleep(30)
        return []

    start = time.monotonic()
    fetched = asyncio.run(afetch(f"https://{HOST}/", Kind.INDICATOR, policy(timeout=0.2), hang))
    assert time.monotonic() - start < 1.5
    assert (fetched.state, fetched.problem) == ("unreachable", "timeout")


def test_a_cancelled_fetch_is_cancelled() -> None:
    async def main() -> None:
        with serving(drip(b"")) as server:
            task = asyncio.create_task(
                afetch(f"http://127.0.0.1:{server.port}/", Kind.CRL, policy(), None)  # type: ignore[arg-type]
            )
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@both
@pytest.mark.parametrize(
    "response",
    [
        answer(b"x" * 1001),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000,
        CHUNKED + b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n",
        CHUNKED + b"1\r\nx\r\n" * 200_000,
        CHUNKED + (b"1;" + b"e" * 10_000 + b"\r\nx\r\n") * 100,
        answer(gzip.compress(bytes(30_000_000), mtime=0), headers="Content-Encoding: gzip"),
        answer(gzip.compress(bytes(30_000), mtime=0), headers="Content-Encoding: x-gzip"),
        answer(zlib.compress(bytes(30_000)), headers="Content-Encoding: deflate"),
    ],
    ids=["length", "length-lie", "unbounded", "chunked", "chunks", "chunk-extensions", "bomb", "x-gzip", "deflate"],
)
def test_what_is_too_large_is_not_read_to_the_end(run: Run, response: bytes) -> None:
    with serving(response) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(max_bytes=1000), kind=Kind.CRL)
    assert (fetched.state, fetched.problem, fetched.body, fetched.limit) == ("failed", "too-large", b"", 1000) or (
        response.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 30") and fetched.problem == "too-large"
    )


@both
def test_exactly_as_much_as_is_allowed_is_read(run: Run) -> None:
    with serving(answer(b"x" * 1000)) as server:
        assert run(f"http://{HOST}:{server.port}/", policy(max_bytes=1000), kind=Kind.CRL).body == b"x" * 1000


@both
@pytest.mark.parametrize("head", [b"X-%d: y\r\n" % 1 * 50_000, b"X: " + b"y" * 500_000, b"Y" * 500_000])
def test_headers_are_bounded(run: Run, head: bytes) -> None:
    with serving(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n") as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert fetched.state != "ok"
    assert len(str(fetched)) < 2000


@both
def test_told_headers_are_bounded_one_by_one(run: Run) -> None:
    many = "\n".join(["ETag: " + "e" * 1000] * 50)
    with serving(answer(headers=f"{many}\nContent-Type: {'t' * 5000}\nServer: \xff\xfe")) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert fetched.state == "ok"
    assert max(map(len, fetched.headers.values())) <= 300
    assert all(value.isprintable() for value in fetched.headers.values())


@both
def test_a_flood_of_interim_answers_is_bounded(run: Run) -> None:
    with serving(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200_000) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(max_bytes=1000), kind=Kind.CRL)
    assert fetched.state != "ok"


# content coding


@both
@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", SVG),
        ("identity", SVG),
        ("gzip", gzip.compress(SVG, mtime=0)),
        ("GZIP", gzip.compress(SVG, mtime=0)),
        ("x-gzip", gzip.compress(SVG[:9], mtime=0) + gzip.compress(SVG[9:], mtime=0)),
        ("deflate", zlib.compress(SVG)),
        ("deflate", zlib.compress(SVG)[2:-4]),
    ],
)
def test_content_is_unpacked_though_it_was_asked_for_plain(run: Run, coding: str, body: bytes) -> None:
    with serving(answer(body, headers=f"Content-Encoding: {coding}" if coding else "")) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
        assert b"Accept-Encoding: identity" in server.requests[0]
    assert (fetched.state, fetched.body) == ("ok", SVG)


@both
@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("br", b"x", "encoding-unknown"),
        ("zstd", b"x", "encoding-unknown"),
        ("gzip, gzip", gzip.compress(gzip.compress(SVG, mtime=0), mtime=0), "encoding-unknown"),
        ("gzip\nContent-Encoding: gzip", gzip.compress(SVG, mtime=0), "encoding-unknown"),
        ("gzip", SVG, "encoding-damaged"),
        ("gzip", gzip.compress(SVG, mtime=0)[:-3], "encoding-damaged"),
        ("gzip", b"", "encoding-damaged"),
        ("deflate", b"\xff" * 9, "encoding-damaged"),
        ("deflate", zlib.compress(SVG)[:-3], "encoding-damaged"),
    ],
)
def test_content_that_cannot_be_unpacked_is_told(run: Run, coding: str, body: bytes, reason: str) -> None:
    with serving(answer(body, headers=f"Content-Encoding: {coding}")) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert (fetched.state, fetched.problem, fetched.reason) == ("failed", "encoding", reason)


def test_a_gzipped_logo_sent_plainly_is_its_bytes(context: ssl.SSLContext, bundle: Path) -> None:
    svgz = gzip.compress(SVG, mtime=0)
    with serving(answer(svgz), context) as server:
        assert run_sync(f"https://{HOST}:{server.port}/logo.svgz", policy(bundle)).body == svgz


# answers


@both
@pytest.mark.parametrize(
    ("status", "state", "reason", "rule"),
    [
        ("404 Not Found", "failed", "not-found", "web.not-found"),
        ("410 Gone", "failed", "not-found", "web.not-found"),
        ("403 Forbidden", "failed", "status", "web.status"),
        ("401 Unauthorized", "failed", "status", "web.status"),
        ("204 No Content", "failed", "status", "web.status"),
        ("206 Partial Content", "failed", "status", "web.status"),
        ("300 Multiple Choices", "failed", "status", "web.status"),
        ("304 Not Modified", "failed", "status", "web.status"),
        ("302 No Location", "failed", "status", "web.status"),
        ("999 Odd", "failed", "status", "web.status"),
        ("408 Request Timeout", "unreachable", "request-timeout", "web.unreachable"),
        ("429 Too Many Requests", "unreachable", "too-many-requests", "web.unreachable"),
        ("500 Oops", "unreachable", "server-error", "web.unreachable"),
        ("503 Later", "unreachable", "server-error", "web.unreachable"),
    ],
)
def test_a_status_tells_whether_it_may_pass(
    run: Run, status: str, state: str, reason: str, rule: str, context: ssl.SSLContext, bundle: Path
) -> None:
    with serving(answer(b"<html>" * 100, status, "Content-Type: text/html"), context) as server:
        fetched = run(f"https://{HOST}:{server.port}/", policy(bundle))
    assert (fetched.state, fetched.problem, fetched.reason) == (state, "status", reason)
    assert (fetched.status, fetched.body) == (int(status[:3]), b"")
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == [rule]


@both
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 500,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/9.9 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    ],
)
def test_what_is_not_http_is_told(run: Run, garbage: bytes) -> None:
    with serving(garbage) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert (fetched.state, fetched.problem) in {("failed", "protocol"), ("unreachable", "connection")}


def reset(connection: Any, number: int) -> None:
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


@both
@pytest.mark.parametrize(
    "script",
    [reset, b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", CHUNKED + b"5\r\nabc"],
    ids=["reset", "empty", "cut-short", "chunk-cut-short"],
)
def test_a_connection_that_breaks_may_pass(run: Run, script: Any) -> None:
    with serving(script) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert (fetched.state, fetched.problem, fetched.body) == ("unreachable", "connection", b"")


@both
def test_a_refused_connection_may_pass(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fetched = run(f"http://{HOST}:{port}/", policy(), kind=Kind.CRL)
    assert (fetched.state, fetched.problem, fetched.detail) == ("unreachable", "connection", "connection refused")
    assert [fault.rule for fault in faults(fetched, Kind.CRL)] == ["web.crl-unreachable"]


# redirects


@both
@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_a_redirect_is_followed_and_told(run: Run, status: str, context: ssl.SSLContext, bundle: Path) -> None:
    def script(connection: Any, number: int) -> None:
        head = server.read_request(connection)
        connection.sendall(answer() if b"GET /to?x=%C3%A4 " in head else redirect("to?x=ä#part", status))

    with serving(script, context) as server:
        base = f"https://{HOST}:{server.port}"
        fetched = run(f"{base}/from", policy(bundle))
    assert (fetched.state, fetched.redirects, fetched.final_url) == ("ok", (f"{base}/from",), f"{base}/to?x=%C3%A4")
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == ["web.redirect"]


@both
@pytest.mark.parametrize(("hops", "state"), [(3, "ok"), (4, "failed")])
def test_redirects_are_counted(run: Run, hops: int, state: str) -> None:
    def script(connection: Any, number: int) -> None:
        server.read_request(connection)
        connection.sendall(redirect(f"/{number}") if number <= hops else answer())

    with serving(script) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert (fetched.state, len(fetched.redirects)) == (state, 3)
    assert (fetched.problem, fetched.limit) == (("", 0) if state == "ok" else ("too-many-redirects", 3))


@both
def test_no_redirect_is_followed_where_none_is_allowed(run: Run) -> None:
    with serving(redirect("/x")) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(max_redirects=0), kind=Kind.CRL)
        assert server.connections == 1
    assert (fetched.problem, fetched.redirects) == ("too-many-redirects", ())


@both
@pytest.mark.parametrize("location", ["", "/", "/#x", "http://LOGO.example.:{port}"])
def test_a_circle_of_redirects_is_told(run: Run, location: str) -> None:
    def script(connection: Any, number: int) -> None:
        server.read_request(connection)
        connection.sendall(redirect(location.format(port=server.port)))

    with serving(script) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
        assert server.connections == 1
    assert (fetched.state, fetched.problem) == ("failed", "redirect-loop")


@both
def test_a_redirect_from_https_to_http_is_not_followed_but_for_a_crl(
    run: Run, context: ssl.SSLContext, bundle: Path
) -> None:
    with serving(answer()) as plain, serving(redirect(f"http://{HOST}:{plain.port}/"), context) as server:
        url = f"https://{HOST}:{server.port}/"
        fetched = run(url, policy(bundle))
        assert plain.connections == 0
        assert run(url, policy(bundle), kind=Kind.CRL).state == "ok"
    assert (fetched.state, fetched.problem) == ("failed", "redirect-http")
    assert fetched.final_url == f"http://{HOST}:{plain.port}/"
    assert [fault.rule for fault in faults(fetched, Kind.INDICATOR)] == ["web.redirect-to-http"]


@both
@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("file:///etc/passwd", "scheme"),
        ("http://[::1", "url"),
        ("http://[v1.x]/", "url"),
        ("//user@public.example/", "url"),
        ("\\\\public.example/", "url"),
        ("http://public.example:22/", "port"),
        ("http://169.254.169.254/", "address"),
        ("//10.0.0.1/", "address"),
        ("x" * 5000, "url"),
        ("\x80\x81", "url"),
    ],
)
def test_a_bad_redirect_is_told(run: Run, location: str, problem: str) -> None:
    with serving(
        b"HTTP/1.1 302 x\r\nContent-Length: 0\r\nLocation: " + location.encode("latin-1") + b"\r\n\r\n"
    ) as server:
        fetched = run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL)
    assert fetched.problem == problem
    assert len(fetched.final_url) <= 2048


# the environment and the proxy


@both
def test_nothing_is_taken_from_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, canaries: tuple[Server, ...], tmp_path: Path
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canaries[0].port}")
    (tmp_path / ".netrc").write_text(f"machine {HOST} login a password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(answer()) as server:
        assert run(f"http://{HOST}:{server.port}/", policy(), kind=Kind.CRL).state == "ok"
        assert b"uthorization" not in server.requests[0]
    assert canaries[0].connections == 0


@both
def test_a_named_proxy_resolves_names_itself_and_addresses_are_judged_still(run: Run) -> None:
    def lookup(host: str, seconds: float) -> list[str]:
        raise AssertionError(host)

    with serving(answer()) as proxy:
        named = FetchPolicy(proxy=f"http://user:pa%20ss@127.0.0.1:{proxy.port}", timeout=5)
        fetched = run(f"http://{HOST}/x.crl", named, lookup, kind=Kind.CRL)
        assert proxy.requests[0].startswith(b"GET http://logo.example/x.crl HTTP/1.1\r\n")
        assert b"Basic dXNlcjpwYSBzcw==" in proxy.requests[0]
        for host in ("10.0.0.1", "[::1]", "localhost", "127.1"):
            assert run(f"http://{host}/", named, lookup, kind=Kind.CRL).state != "ok"
        assert proxy.connections == 1
    assert (fetched.state, fetched.address, fetched.tls) == ("ok", None, {})


def tunnel(to: Callable[[], int]) -> Callable[[Any, int], None]:
    """A proxy's CONNECT, to loopback whatever is named."""

    def script(connection: Any, number: int) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        assert head.startswith(b"CONNECT logo.example:")
        with socket.create_connection(("127.0.0.1", to()), 5) as onward:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            other = {connection: onward, onward: connection}
            while True:  # in one thread: TLS objects may not be used by two
                waiting = isinstance(connection, ssl.SSLSocket) and connection.pending()
                for ready in [connection] if waiting else select.select([connection, onward], [], [], 5)[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    other[ready].sendall(piece)

    return script


@both
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_https_goes_through_a_tunnel_of_the_proxy_and_is_verified_end_to_end(
    run: Run, scheme: str, context: ssl.SSLContext, ca: trustme.CA, bundle: Path
) -> None:
    with serving(answer(), context) as server:
        outside = context if scheme == "https" else None
        with serving(tunnel(lambda: server.port), outside) as proxy:
            named = policy(bundle, proxy=f"{scheme}://127.0.0.1:{proxy.port}")
            fetched = run(f"https://{HOST}/logo.svg", named)
    assert (fetched.state, fetched.body, fetched.address) == ("ok", SVG, None)
    assert fetched.tls["version"] == "TLSv1.3"


@both
def test_a_drip_inside_a_tls_tunnel_is_given_up_when_time_is_up(
    run: Run, context: ssl.SSLContext, bundle: Path
) -> None:
    with (
        serving(drip(b"\x00", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")) as server,
        serving(tunnel(lambda: server.port), context) as proxy,
    ):
        start = time.monotonic()
        named = policy(bundle, proxy=f"https://127.0.0.1:{proxy.port}", timeout=0.5)
        fetched = run(f"https://{HOST}/logo.svg", named)
        assert time.monotonic() - start < 1.5
    assert (fetched.state, fetched.problem) == ("unreachable", "timeout")


@both
def test_a_proxy_that_refuses_is_told(run: Run, bundle: Path) -> None:
    with serving(answer(b"", "407 Log in", "")) as proxy:
        fetched = run(f"https://{HOST}/", policy(bundle, proxy=f"http://127.0.0.1:{proxy.port}"))
    assert (fetched.state, fetched.problem) == ("unreachable", "proxy")


# any text at all


def without_network(url: str, kind: Kind) -> Fetched:
    """The course of a fetch with every host at 127.0.0.1, and no request ever made."""
    course = plan(url, kind, FetchPolicy())
    try:
        ask = next(course)
        while True:
            reply = ("127.0.0.1",) if isinstance(ask, Resolve) else Failure("connection", "connection")
            ask = course.send(reply)
    except StopIteration as end:
        return end.value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(),
        st.text().map("https://".__add__),
        st.text(alphabet="0123456789abcdefx.:[]%@/\\#?").map("http://".__add__),
        st.tuples(
            st.sampled_from(["http", "https", "HTTPS"]), st.text(max_size=30), st.text(max_size=9), st.text()
        ).map(lambda parts: f"{parts[0]}://{parts[1]}:{parts[2]}/{parts[3]}"),
        st.characters().map(lambda c: f"https://a{c}b.example/"),
    )
)
@example("https://" + "9" * 4000 + "/")
@example("https://[" + ":" * 1000)
@example("https://xn--a/")
@example("https://xn--/")
@example("https://a:" + "9" * 2000)
@example("https://\udcff/")
def test_no_text_ever_raises(url: str) -> None:
    for kind in Kind:
        fetched = without_network(url, kind)
        assert fetched.state in ("failed", "refused", "unreachable")
        assert fetched.problem in {*FORBIDDING, "connection"}  # the latter where a public address was written
        assert len(fetched.url) <= 2048
        json.dumps(facts(fetched)).encode()
        for fault in faults(fetched, kind):
            assert_reads(fault)


# the rules


def assert_reads(fault: Fault[WebPlace]) -> None:
    text = TEXTS[fault.rule]
    for name in ("kind", "reason"):
        value = str(fault.params[name])
        assert not value or value.removeprefix("@") in TERMS, value
    assert text.message.format_map(fault.params)
    assert text.fix.format_map(fault.params)


@pytest.mark.parametrize(
    ("kind", "content_type", "wrong"),
    [
        (Kind.INDICATOR, "image/svg+xml", False),
        (Kind.INDICATOR, "Image/SVG+XML; charset=utf-8", False),
        (Kind.INDICATOR, "text/plain", True),
        (Kind.INDICATOR, "application/xml", True),
        (Kind.INDICATOR, "", True),
        (Kind.EVIDENCE, "application/pem-certificate-chain", False),
        (Kind.EVIDENCE, "application/x-x509-ca-cert", False),
        (Kind.EVIDENCE, "text/plain", False),
        (Kind.EVIDENCE, "application/octet-stream", False),
        (Kind.EVIDENCE, "", False),
        (Kind.EVIDENCE, "text/html; charset=utf-8", True),
        (Kind.EVIDENCE, "image/svg+xml", True),
        (Kind.CRL, "text/html", False),
    ],
)
def test_a_media_type_is_a_warning_where_it_tells_of_something_else(kind: Kind, content_type: str, wrong: bool) -> None:
    found = faults(Fetched(url="https://a.example/", status=200, content_type=content_type), kind)
    assert [fault.rule for fault in found] == ["web.media-type"] * wrong
    for fault in found:
        assert_reads(fault)


def test_every_rule_is_worded_and_cited_and_what_is_lore_only_warns() -> None:
    assert {rule.id for rule in WEB_RULES} == set(TEXTS)
    for rule in WEB_RULES:
        assert rule.citation.source in SOURCES
    for name in ("web.redirect", "web.media-type"):
        assert WEB_RULES[name].severity is Severity.WARNING
        assert WEB_RULES[name].citation.authority == "bimikit"
    undecided = {rule.id for rule in WEB_RULES if rule.outcome is Outcome.INDETERMINATE}
    assert undecided == {"web.unreachable", "web.crl-unreachable"}


def test_every_reason_of_an_address_is_worded() -> None:
    assert {f"web.{reason}" for reason in addresses.reasons()} <= set(TERMS)


def test_a_finding_points_at_the_published_url() -> None:
    fetched = run_sync("https://10.0.0.1/logo.svg", FetchPolicy())
    (finding,) = findings_from(faults(fetched, Kind.INDICATOR), WEB_RULES, locate)
    assert finding.locations[0].url == "https://10.0.0.1/logo.svg"
    assert finding.rule == "web.address-forbidden"


def test_the_policy_is_light() -> None:
    code = "import sys, bimikit.web.policy, bimikit.web.fetch, bimikit.web.rules; print({'httpx', 'httpcore', 'ssl', 'anyio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_list_of_tricks_has_no_doubles() -> None:
    assert len({trick.name for trick in URLS}) == len(URLS)
    assert len({trick.url for trick in URLS}) == len(URLS)
    assert isinstance(URLS[0], Url)
