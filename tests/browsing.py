"""A real browser on a real portal: served on loopback, with a DNS zone, web servers and a mark authority beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import waitress.server
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from programs import program
from support import AT

import bimikit
from bimikit.testing import LOGO, MarkCA, Web, Zone
from webapp import create_app

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
"""What keeps Chromium from asking its maker's hosts for anything."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class World:
    """A portal, and a domain it can check: everything is right with it until a test breaks something.

    Attributes:
        url: The portal's address.
        web: The web server of ``www.example.com`` and ``crl.example.net``.
        zone: The DNS.
        ca: The authority that issued the certificate.
    """

    def __init__(self, url: str, web: Web, zone: Zone, ca: MarkCA) -> None:
        self.url, self.web, self.zone, self.ca = url, web, zone, ca
        self.certificate = ca.issue("example.com").pem

    def publish(self, *, policy: str = "reject") -> None:
        """Publish everything anew."""
        self.zone.clear() if hasattr(self.zone, "clear") else None
        self.web.put("/logo.svg", LOGO)
        self.web.put("/vmc.pem", self.certificate)
        self.web.put("/i.crl", self.ca.crl())
        self.web.put("/r.crl", self.ca.crl(of="root"))
        record = f"v=BIMI1; l={self.web.url('/logo.svg')}; a={self.web.url('/vmc.pem')}"
        for name, text in (
            ("_dmarc.example.com", f"v=DMARC1; p={policy}; rua=mailto:d@example.com"),
            ("default._bimi.example.com", record),
        ):
            self.zone.remove(name)
            self.zone.add(name, "TXT", text)


@contextmanager
def world(**config: Any) -> Iterator[World]:
    """A portal on loopback."""
    with Web(["www.example.com"]) as web, Zone() as zone:
        lists = tuple(web.http_url(path, host="crl.example.net") for path in ("/i.crl", "/r.crl"))
        ca = MarkCA(at=AT, crl_urls=lists)
        for host in ("www.example.com", "crl.example.net"):
            zone.add(host, "A", "127.0.0.1")
        (address, port), *_ = [(zone.resolver().nameservers[0], zone.resolver().port)]
        app = create_app(
            {
                "WORKERS": 2,
                "RATES": {"check": 0, "live": 0, "repair": 0},
                "RESOLVER": f"{address}:{port}",
                "POLICY": bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=3),
                "DNS_TIMEOUT": 3.0,
                "TRUST": ca.trust,
                "AT": AT,
                **config,
            }
        )
        server = waitress.server.create_server(
            app, host="127.0.0.1", port=0, threads=8, clear_untrusted_proxy_headers=True
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        made = World(f"http://127.0.0.1:{server.effective_port}", web, zone, ca)
        made.publish()
        try:
            yield made
        finally:
            server.close()
            thread.join(10)
            app.extensions["bimikit"].close()


@contextmanager
def browser() -> Iterator[Browser]:
    """The distribution's Chromium."""
    path = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong, each in a line."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in found
        for node in one["nodes"]
    ]
