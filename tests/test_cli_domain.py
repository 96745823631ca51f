"""`bimikit domain` and `bimikit check` as their users run them: through the real process, against real servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import AT

from bimikit.output import FORMATS
from bimikit.testing import LOGO, MarkCA, Web, Zone
from bimikit.testing.plan import to_pem

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"


class Lab:
    """A laboratory: a zone, a web server, and the options that lead the command there."""

    def __init__(self, web: Web, zone: Zone, folder: Path) -> None:
        self.zone, self.web = zone, web
        urls = tuple(web.http_url(path, host="crl.example.net") for path in ("/i.crl", "/r.crl"))
        ca = MarkCA(at=AT, crl_urls=(urls[0], urls[1]))
        good = ca.issue("example.com")
        for path, body in (
            ("/logo.svg", LOGO),
            ("/vmc.pem", good.pem),
            ("/i.crl", ca.crl()),
            ("/r.crl", ca.crl(of="root")),
        ):
            web.put(path, body)
            (folder / path[1:]).write_bytes(body)
        (folder / "root.pem").write_bytes(to_pem(good.root))
        (folder / "log.pem").write_bytes(ca.log_pem)
        self.record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}"
        for domain in ("example.com", "silent.example.com", "none.example.com"):
            zone.add(f"_dmarc.{domain}", "TXT", GOOD)
            zone.add(f"default._bimi.{domain}", "TXT", self.record)
        zone.add("_dmarc.none.example.org", "TXT", "v=DMARC1; p=none")
        for host in ("www.example.com", "crl.example.net"):
            zone.add(host, "A", "127.0.0.1")
        zone.fail("_dmarc.silent.example.com", "servfail")
        self.trust = ("--roots", "root.pem", "--ct-log", "log.pem", "--at", "2026-11-24", "--lang", "en")
        self.live = (
            *self.trust, "--resolver", f"127.0.0.1:{zone.port}", "--dns-timeout", "2",
            "--allow-network", "127.0.0.0/8", "--ca-bundle", str(web.ca_bundle),
        )  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with Web(["www.example.com"]) as web, Zone() as zone, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield Lab(web, zone, folder)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("LANG", "LC_ALL", "LC_MESSAGES")}
    command = [sys.executable, "-m", "bimikit", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**environment, "PYTHONUTF8": "1"}, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("example.com",), 0),
        (("example.com", "--for", "gmail,apple"), 0),
        (("example.com", "--for", "iCloud, gmail.com"), 0),
        (("example.com", "--for", "gmail,microsoft"), 1),
        (("example.com", "--for", "webde"), 3),
        (("example.com", "--no-fetch"), 0),
        (("example.com", "--no-fetch", "--for", "gmail"), 3),
        (("example.com", "--require", "revocation"), 0),
        (("example.com", "--no-fetch", "--require", "revocation"), 3),
        (("none.example.org",), 1),
        (("silent.example.com",), 3),
        (("silent.example.com", "--for", "gmail"), 3),
        (("silent.example.com", "--select", "svg.,cert.,match."), 3),
        (("silent.example.com", "--ignore", "dmarc.,bimi.,web."), 3),
        (("example.com", "silent.example.com"), 3),
        (("example.com", "silent.example.com", "none.example.org"), 1),
        (("not a domain",), 1),
        (("example.com", "--for", "gmial"), 2),
        (("example.com", "--allow-network", "nonsense"), 2),
        (("example.com", "--proxy", "ftp://x"), 2),
        (("example.com", "--dns-timeout", "0"), 2),
        (("example.com", "--dns-timeout", "nan"), 2),
        (("example.com", "--timeout", "inf"), 2),
        (("example.com", "--ca-bundle", "missing.pem"), 2),
        (("example.com", "--ca-bundle", "logo.svg"), 2),
        (("example.com", "--resolver", "nonsense"), 2),
        (("example.com", "--resolver", "127.0.0.1:99999"), 2),
        ((), 2),
        (("--help",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_status_of_a_live_check(lab: Lab, arguments: tuple[str, ...], status: int) -> None:
    done = run("domain", *lab.live, *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--svg", "logo.svg", "--cert", "vmc.pem", "--dmarc", GOOD, "--record", "RECORD"), 0),
        (("--svg", "logo.svg", "--cert", "vmc.pem", "--dmarc", GOOD, "--record", "RECORD", "--for", "gmail,apple"), 0),
        (("--svg", "logo.svg", "--dmarc", GOOD, "--record", "RECORD", "--for", "gmail"), 3),
        (("--svg", "logo.svg", "--dmarc", GOOD, "--record", "v=BIMI1; l=https://e.com/l.svg", "--for", "gmail"), 1),
        (("--svg", "logo.svg", "--dmarc", GOOD, "--record", "v=BIMI1; l=https://e.com/l.svg", "--for", "yahoo"), 0),
        (("--svg", "logo.svg"), 0),
        (("--svg", "logo.svg", "--for", "gmail"), 3),
        (("--dmarc", "v=DMARC1; p=none", "--record", "RECORD"), 1),
        (("--dmarc", f"_dmarc.example.com={GOOD}", "--record", "example.com=RECORD"), 0),
        (("--cert", "vmc.pem", "--require", "revocation"), 3),
        (("--cert", "vmc.pem", "--crl", "i.crl", "--crl", "r.crl", "--require", "revocation"), 0),
        (("--svg", "missing.svg"), 2),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else str(value),
)
def test_exit_status_of_a_plan(lab: Lab, arguments: tuple[str, ...], status: int) -> None:
    given = [argument.replace("RECORD", lab.record) for argument in arguments]
    done = run("check", "--domain", "example.com", *lab.trust, *given)
    assert done.returncode == status, done.stdout + done.stderr


def test_the_report_is_read_from_the_top(lab: Lab) -> None:
    shown = run("domain", "none.example.org", *lab.live).stdout
    heads = ["Will the logo show?", "  blocked\n", "What blocks\n", "Next step\n", "What was found\n", "In detail\n"]
    places = [shown.index(head) for head in heads]
    assert places == sorted(places)
    assert " 1 | v=DMARC1; p=none\n    |           ^^^^^^\n" in shown
    assert shown.splitlines()[-1].startswith("none.example.org: not conformant (")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("domain", ["example.com", "none.example.org", "silent.example.com", "..."])
def test_every_format_tells_every_kind_of_answer(lab: Lab, name: str, lang: str, domain: str) -> None:
    done = run("domain", domain, *lab.live, "--no-fetch", "--lang", lang, "-f", name)
    assert done.returncode in (0, 1, 3), done.stderr
    assert domain in done.stdout
    if domain == "none.example.org":
        assert "dmarc.policy-none" in done.stdout


def test_json_holds_verdicts_reasons_and_facts(lab: Lab) -> None:
    report = json.loads(run("domain", "example.com", *lab.live, "-f", "json").stdout)
    assert report["verdicts"]["gmail"] == "ready"
    assert report["facts"]["receivers"]["microsoft"][0]["effect"] == "no-bimi"
    assert report["facts"]["bimi"]["rfc9989"]["result"] == "pass"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("junit", '<failure message="no BIMI'),
        ("github", "::error title=example.com%3A microsoft::no BIMI"),
        ("sarif", '"ruleId": "receiver.microsoft"'),
    ],
)
def test_a_provider_that_is_not_ready_fails_in_the_formats_of_ci(lab: Lab, name: str, sign: str) -> None:
    done = run("domain", "example.com", *lab.live, "--for", "gmail,microsoft", "-f", name)
    assert sign in done.stdout
    assert "bimikit: example.com: microsoft: no BIMI" in done.stderr
    assert "gmail" not in done.stderr


def test_providers_asked_for_are_the_only_ones_shown(lab: Lab) -> None:
    shown = run("domain", "example.com", *lab.live, "--for", "gmail").stdout
    assert "Gmail" in shown
    assert "Yahoo" not in shown


def test_a_private_network_is_not_asked_without_leave(lab: Lab) -> None:
    options = [option for option in lab.live if option not in ("--allow-network", "127.0.0.0/8")]
    lab.web.clear()
    done = run("domain", "example.com", *options)
    assert done.returncode == 1
    assert "web.address-forbidden" in done.stdout
    assert lab.web.requests == []
