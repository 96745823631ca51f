"""Hostile files and domains through the portal: an answer in words, never a failure, and nothing reached."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal_world import form, portal
from support import FIXTURES, fixture_files
from web_tricks import DNS, URLS
from werkzeug.test import TestResponse

from bimikit import FetchPolicy
from bimikit.testing import Zone
from tools import hostile, hostile_certs

MOST = 8 * 1024 * 1024
UNDERSTOOD = (200, 413, 422)
"""An answer, or a problem: too large, or too slow."""


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with portal(WORKERS=2, LIVE=False, TRUST=hostile_certs.CA.trust) as one:
        yield one


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def understood(answer: TestResponse, data: bytes, *also: int) -> None:
    """An answer in words, of a size that a browser shows."""
    assert answer.status_code in (*UNDERSTOOD, *also)
    assert (answer.status_code == 413) is (len(data) > MOST)
    assert "<main" in answer.text
    assert len(answer.data) < 4_000_000


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_logo_is_answered(client: FlaskClient, name: str) -> None:
    data = hostile.HOSTILE[name]
    understood(client.post("/check", **form(("files", "logo.svg", data))), data)
    assert client.get("/healthz/ready").status_code == 200


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_logo_is_not_repaired_at_any_price(client: FlaskClient, name: str) -> None:
    data = hostile.HOSTILE[name]
    understood(client.post("/repair", **form(("file", "logo.svg", data))), data)


def test_nor_is_one_that_comes_as_text(client: FlaskClient) -> None:
    for name in ("entity bomb", "gzip bomb", "nested transforms"):
        encoded = base64.b64encode(hostile.HOSTILE[name])
        understood(client.post("/repair", **form(logo=encoded, name="logo.svg")), encoded)
    understood(client.post("/repair", **form(logo="not base64!", name="logo.svg")), b"", 400)


@pytest.mark.parametrize("name", hostile_certs.HOSTILE)
def test_a_hostile_certificate_is_answered(client: FlaskClient, name: str) -> None:
    data = hostile_certs.HOSTILE[name]
    understood(client.post("/check", **form(("files", "vmc.pem", data))), data)


def batches() -> list[list[Path]]:
    """One fixture of each folder, six at a time, which is as many as are judged together."""
    first: dict[Path, Path] = {}
    for path in fixture_files():
        first.setdefault(path.parent, path)
    found = list(first.values())
    return [found[start : start + 6] for start in range(0, len(found), 6)]


@pytest.mark.parametrize("batch", batches(), ids=lambda batch: batch[0].parent.name)
def test_every_kind_of_faulty_logo_has_its_page(client: FlaskClient, batch: list[Path]) -> None:
    files = [("files", path.name, path.read_bytes()) for path in batch if path.stat().st_size]
    answer = client.post("/check", **form(*files))
    assert answer.status_code == 200
    assert answer.text.count("data:image/svg") == 0


def test_the_fixtures_are_there() -> None:
    assert FIXTURES.is_dir()
    assert len(batches()) > 10


FIELDS = {
    "domain": [
        "\x00",
        "a" * 3000,
        "‮moc.elpmaxe",
        "xn--\xff",
        "example.com\r\nX: y",
        "💩.example",
        "." * 500,
        "'; DROP",
    ],
    "selector": ["\x00", "s" * 3000, "a b", "../..", "‮"],
    "dmarc": [
        "\x00" * 100,
        "v=DMARC1;" * 2000,
        '"' * 20_000,
        "(" * 20_000,
        "\\" * 20_000,
        "x" * 100_000,
        "\n" * 19_999,
    ],
    "record": ["v=BIMI1; l=" + "https://" * 2000, "v=BIMI1; l=file:///etc/passwd; a=file:///etc/passwd", "'\"`\x00"],
    "logo_url": ["javascript:alert(1)", "https://" + "a" * 3000, "https://x;y"],
}


@pytest.mark.parametrize("field", FIELDS)
def test_hostile_fields_are_answered(client: FlaskClient, field: str) -> None:
    for text in FIELDS[field]:
        answer = client.post("/check", data={"domain": "example.com", "dmarc": "v=DMARC1; p=none", field: text})
        understood(answer, b"", 501)  # where nothing is left but a domain


# the domain door


class Canary:
    """A server that nobody may connect to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        with suppress(OSError):
            while True:
                self._listener.accept()[0].close()
                self.connections += 1

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with Zone() as one:
        one.add("_dmarc.example.com", "TXT", "v=DMARC1; p=reject")
        one.add("www.example.com", "A", "127.0.0.1")
        one.add("www.example.com", "AAAA", "::1")
        yield one


@pytest.fixture(scope="module")
def live(zone: Zone) -> Iterator[Flask]:
    resolver = zone.resolver()
    address = f"{resolver.nameservers[0]}:{resolver.port}"
    with portal(RESOLVER=address, POLICY=FetchPolicy(timeout=2), DNS_TIMEOUT=2.0) as one:
        yield one


def live_check(app: Flask, **fields: Any) -> TestResponse:
    answer = app.test_client().post("/check", data={"domain": "example.com", "look_up": "yes", **fields})
    assert answer.status_code == 200
    assert "<main" in answer.text
    return answer


@pytest.mark.parametrize("part", range(8))
def test_no_address_in_a_record_reaches_this_computer(live: Flask, zone: Zone, canary: Canary, part: int) -> None:
    """As planned records, which may say anything; host names that can be asked for lead to loopback."""
    for trick in URLS[part::8]:
        url = trick.url.replace("{port}", str(canary.port)).replace("http:", "https:", 1)
        with suppress(ValueError, UnicodeError):
            zone.add(urlsplit(url).hostname or "", "A", "127.0.0.1")
        pasted = f"v=BIMI1; l={url[:15_000]}; a={url[:4_000]}"
        text = pasted.encode("utf-8", "surrogatepass")
        answer = live.test_client().post("/check", **form(domain="example.com", look_up="yes", record=text))
        assert answer.status_code in (200, 422)
        assert "<main" in answer.text
    assert canary.connections == 0


PRIVATE = [
    trick
    for trick in DNS
    if all(address and "%" not in address for address in trick.addresses) and not trick.name.endswith("-answer")
]


def test_no_host_with_a_private_address_is_asked(live: Flask, zone: Zone, canary: Canary) -> None:
    assert len(PRIVATE) > 40
    url = f"https://trick.example.com:{canary.port}/logo.svg"
    zone.remove("default._bimi.example.com")
    zone.add("default._bimi.example.com", "TXT", f"v=BIMI1; l={url}; a={url}")
    for trick in PRIVATE:
        zone.remove("trick.example.com")
        for address in trick.addresses:
            told = ip_address(address)
            zone.add("trick.example.com", "A" if told.version == 4 else "AAAA", told.exploded)
        answer = live_check(live)
        assert "web.address" in answer.text or "web." in answer.text, trick.name
    assert canary.connections == 0


@pytest.mark.parametrize(
    "domain",
    ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "http://127.0.0.1:80/", "example.com:22", "a@127.0.0.1",
     "file:///etc/passwd", "２１６．５８", "metadata.google.internal", "example.com/../..", "0x7f000001", "2130706433"],
)  # fmt: skip
def test_a_domain_that_is_an_address_reaches_nothing(live: Flask, domain: str) -> None:
    answer = live.test_client().post("/check", data={"domain": domain, "look_up": "yes"})
    assert answer.status_code in (200, 422)  # 422: what was typed is no domain
    assert "<main" in answer.text
