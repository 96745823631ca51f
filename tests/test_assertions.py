"""Assertions: what passes, what is wrong, and what nobody can know; and the words in which they say so."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import traceback
import unittest
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import dns.resolver
import pytest
from support import AT, ROOT

from bimikit import FetchPolicy, check_certificate, check_svg, resolver_at
from bimikit.assertions import (
    Bimi,
    IgnoreEnded,
    IgnoreUnused,
    Settings,
    Undecided,
    assert_certificate,
    assert_domain,
    assert_publication,
    assert_svg,
)
from bimikit.config import load
from bimikit.locale import words_of
from bimikit.output import render_report
from bimikit.testing import LOGO, MarkCA, Web, Zone

CA = MarkCA(at=AT)
GOOD = CA.issue("example.com")
LISTS = [CA.crl(), CA.crl(of="root")]
UNTITLED = LOGO.replace(b"<title>Acme</title>", b"")
NOTHING = re.sub(rb"<rect.*(?=</svg>)", b'<rect width="9" height="9" fill="none"/>', LOGO, flags=re.DOTALL)
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
RECORD = "v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem"
JUDGED: dict[str, Any] = {"at": AT, "trust": CA.trust}
BIMI = Bimi()


def certificate(file: bytes = GOOD.pem, **more: Any) -> Any:
    return BIMI.certificate(file, **JUDGED, **more)


def publication(**more: Any) -> Any:
    given = {"svg": LOGO, "certificate": GOOD.pem, "dmarc": DMARC, "record": RECORD, **more}
    return BIMI.publication("example.com", **JUDGED, **given)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, data in (("logo.svg", LOGO), ("untitled.svg", UNTITLED), ("vmc.pem", GOOD.pem)):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "root.pem").write_bytes(CA.root_pem)
    (tmp_path / "log.pem").write_bytes(CA.log_pem)
    return tmp_path


def configured(folder: Path, text: str) -> Bimi:
    (folder / "bimikit.toml").write_text(text, encoding="utf-8")
    return Bimi(Settings(load(folder), folder=folder))


# what passes

PASSING: dict[str, Callable[[], Any]] = {
    "a logo conforms": lambda: BIMI.svg(LOGO).conforms(),
    "a logo as other bytes": lambda: BIMI.svg(bytearray(LOGO)).conforms(),  # type: ignore[arg-type]
    "a logo is ready": lambda: BIMI.svg(LOGO).ready_for("gmail", "iCloud"),
    "a logo looks good": lambda: BIMI.svg(LOGO).looks_good(),
    "a certificate conforms": lambda: certificate().conforms(),
    "a certificate is valid": lambda: certificate().valid_for("example.com", days_left=30),
    "a certificate lasts": lambda: certificate().valid_for(days_left=366),
    "a certificate matches": lambda: certificate().matches(LOGO),
    "a certificate is not revoked": lambda: certificate().not_revoked(LISTS),
    "lists are given in parts": lambda: certificate(crls=LISTS[:1]).not_revoked(LISTS[1:]),
    "one after the other": lambda: (
        certificate().conforms().valid_for("example.com").matches(LOGO).not_revoked(LISTS).ready_for("gmail")
    ),
    "a logo matches though the certificate has ended": lambda: BIMI.certificate(
        GOOD.pem, trust=CA.trust, at=AT + timedelta(days=400)
    ).matches(LOGO),
    "a publication conforms": lambda: publication().conforms(),
    "a publication is ready": lambda: publication().ready_for("gmail", "apple"),
    "a publication is not revoked": lambda: publication(crls=LISTS).not_revoked(),
}


@pytest.mark.parametrize("ask", PASSING.values(), ids=PASSING)
def test_what_is_as_asked_gives_the_subject_back(ask: Callable[[], Any]) -> None:
    assert ask().report.subject


# what doesn't

FAILING: dict[str, tuple[Callable[[], Any], str, str]] = {
    "a logo": (lambda: BIMI.svg(UNTITLED, name="a.svg").conforms(), "a.svg does not conform", "svg.title-missing"),
    "no logo": (lambda: BIMI.svg(b"").conforms(), "the logo does not conform", "svg."),
    "not ready": (
        lambda: BIMI.svg(UNTITLED, name="a.svg").ready_for("gmail", "yahoo"),
        "a.svg is not ready for gmail, yahoo",
        "svg.title-missing",
    ),
    "no BIMI": (lambda: BIMI.svg(LOGO).ready_for("outlook"), "the logo is not ready for microsoft", "has no BIMI"),
    "no picture": (
        lambda: BIMI.svg(NOTHING).looks_good(),
        "the logo does not look good",
        "appearance.",
    ),
    "another domain": (
        lambda: certificate().valid_for("example.org"),
        "the certificate is not valid for example.org\n  the certificate is not for example.org\n",
        "cert.domain-mismatch",
    ),
    "too few days": (
        lambda: certificate().valid_for("example.com", days_left=367),
        "the certificate is not valid for example.com\n",
        "expiry.soon",
    ),
    "too few days of any domain": (
        lambda: certificate().valid_for(days_left=400),
        "the certificate is not valid for 400 full days yet",
        "expiry.soon",
    ),
    "an ended certificate": (
        lambda: BIMI.certificate(GOOD.pem, trust=CA.trust, at=AT + timedelta(days=400)).conforms(),
        "the certificate does not conform",
        "cert.expired",
    ),
    "no certificate": (lambda: certificate(b"x").conforms(), "the certificate does not conform", "cert."),
    "no certificate, no match": (lambda: certificate(b"x").matches(LOGO), "the certificate does not match", "cert."),
    "another logo": (
        lambda: certificate().matches(UNTITLED),
        "the certificate does not match the logo",
        "match.logo-differs",
    ),
    "revoked": (
        lambda: certificate().not_revoked([CA.crl([GOOD.leaf]), CA.crl(of="root")]),
        "the certificate is revoked",
        "cert.revoked",
    ),
    "no certificate, not unrevoked": (lambda: certificate(b"x").not_revoked(LISTS), "the certificate is rev", "cert."),
    "a publication": (lambda: publication(dmarc="v=DMARC1; p=none").conforms(), "example.com does not", "dmarc.policy"),
    "another selector": (
        lambda: publication(selector="b", svg=UNTITLED).conforms(),
        "example.com (selector b) does not conform",
        "svg.title-missing",
    ),
    "a publication is not ready": (
        lambda: publication(dmarc="v=DMARC1; p=none").ready_for("gmail"),
        "example.com is not ready for gmail\n  gmail: blocked",
        "dmarc.policy-none",
    ),
    "no domain": (
        lambda: BIMI.publication("no domain", svg=LOGO).conforms(),
        "no domain does not",
        "bimikit.domain-invalid",
    ),
    "no file": (
        lambda: BIMI.svg("not/here.svg").conforms(),
        "not/here.svg can't be read: No such file",
        str(Path("not/here.svg").absolute()),
    ),
    "a folder": (lambda: BIMI.svg(ROOT).conforms(), f"{ROOT} can't be read: Is a directory", ""),
    "no name of a file": (lambda: BIMI.svg("a\0b").conforms(), "a\0b can't be read: embedded null", ""),
    "no zone": (lambda: BIMI.publication("example.com", zone=b"@ IN TXT").conforms(), "the zone file", "line 1"),
}


@pytest.mark.parametrize(("ask", "first", "says"), FAILING.values(), ids=FAILING)
def test_what_is_not_as_asked_is_told_with_the_report(ask: Callable[[], Any], first: str, says: str) -> None:
    with pytest.raises(AssertionError) as caught:
        ask()
    assert str(caught.value).startswith(first)
    assert says in str(caught.value)


def test_the_report_in_a_failure_is_what_the_command_line_prints(folder: Path) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_svg("untitled.svg")
    told = str(caught.value)
    command = [sys.executable, "-m", "bimikit", "svg", "untitled.svg", "--lang", "en"]
    printed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    assert told.partition("\n\n")[2] == printed.rstrip("\n")
    report = check_svg(UNTITLED, name="untitled.svg")
    assert printed == render_report(report, sources={"untitled.svg": UNTITLED})


# what could not be found out

UNDECIDED: dict[str, tuple[Callable[[], Any], str]] = {
    "no list": (lambda: certificate().not_revoked(), "revocation must be checked, and was not"),
    "half the lists": (lambda: certificate().not_revoked(LISTS[:1]), "whether the certificate is revoked"),
    "a list that is none": (lambda: certificate().not_revoked([b"x"]), "whether the certificate is revoked"),
    "nobody knows the records": (
        lambda: BIMI.publication("example.com", svg=LOGO).ready_for("gmail"),
        "whether example.com is ready for gmail; gmail: can’t say",
    ),
    "it can't be drawn": (lambda: BIMI.svg(b"<svg").looks_good(), "whether the logo looks good"),
    "no certificate is given": (lambda: publication(certificate=None).not_revoked(), "whether example.com is revoked"),
}


@pytest.mark.parametrize(("ask", "reason"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_nobody_knows_is_no_failure_and_no_pass(ask: Callable[[], Any], reason: str) -> None:
    with pytest.raises(Undecided) as caught:
        ask()
    assert not isinstance(caught.value, AssertionError)
    assert reason in caught.value.reason
    assert "\n" not in caught.value.reason
    assert len(caught.value.reports) == 1


# wrong calls


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: BIMI.svg(3).conforms(), TypeError, "int"),  # type: ignore[arg-type]
        (lambda: BIMI.svg(LOGO).ready_for("gmial"), ValueError, "gmial"),
        (lambda: BIMI.svg(LOGO).ready_for(), ValueError, "name a mailbox provider"),
        (lambda: BIMI.svg(LOGO, at=datetime(2026, 1, 1)).conforms(), ValueError, "time zone"),
        (lambda: certificate(crls=LISTS[0]), TypeError, "crls"),
        (lambda: certificate().not_revoked("brand/x.crl"), TypeError, "crls"),
        (lambda: publication(crls=b""), TypeError, "crls"),
        (lambda: BIMI.publication("example.com"), ValueError, "no configuration"),
        (lambda: BIMI.publications(), ValueError, "no configuration"),
        (lambda: BIMI.publication("example.com", zone=b"", dmarc=DMARC), ValueError, "not both"),
    ],
)
def test_wrong_calls_are_told_as_such(call: Callable[[], Any], kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        call()


# a configuration

PUBLISHED = """
[[publications]]
domain = "example.com"
logo = "logo.svg"
dmarc = "v=DMARC1; p=reject"
record = "v=BIMI1; l=https://www.example.com/logo.svg; a="
providers = ["yahoo"]

[[publications]]
domain = "example.com"
selector = "b"
logo = "untitled.svg"

[[publications]]
domain = "news.example.com"
logo = "missing.svg"
"""


def test_a_publication_of_the_configuration_is_all_of_its_selectors(folder: Path) -> None:
    bimi = configured(folder, PUBLISHED)
    assert [(str(one), one.id) for one in bimi.publications()] == [
        ("example.com", "example.com"),
        ("example.com (selector b)", "example.com-b"),
        ("news.example.com", "news.example.com"),
    ]
    bimi.publication("https://EXAMPLE.com/", selector="default").conforms().ready_for()
    both = bimi.publication("example.com")
    with pytest.raises(AssertionError, match=r"^example.com \(selector b\) does not conform"):
        both.conforms()
    assert [report.ok for report in both.reports] == [True, False]
    with pytest.raises(ValueError, match=r"several publications: take \.reports"):
        _ = both.report
    with pytest.raises(AssertionError, match=r"publications\[2\]\.logo: missing.svg can't be used: No such file"):
        bimi.publication("news.example.com").conforms()
    with pytest.raises(ValueError, match=r"no publication of example.org; it has example.com, example.com \(b\), news"):
        bimi.publication("example.org")


def test_all_that_is_wrong_with_several_selectors_is_told_at_once(folder: Path) -> None:
    bimi = configured(folder, PUBLISHED.replace('"logo.svg"', '"untitled.svg"'))
    with pytest.raises(AssertionError) as caught:
        bimi.publication("example.com").conforms()
    assert re.findall(r"^example.com.* does not conform$", str(caught.value), re.MULTILINE) == [
        "example.com does not conform",
        "example.com (selector b) does not conform",
    ]


LATE = AT + timedelta(days=5000)
CONFIGURED: list[tuple[str, Callable[[Bimi], Any], str]] = [
    ("ignore = ['svg.title']", lambda bimi: bimi.svg("untitled.svg").conforms(), ""),
    ("select = ['svg.desc']", lambda bimi: bimi.svg("untitled.svg").conforms(), ""),
    ("select = ['cert.']", lambda bimi: bimi.svg("untitled.svg").conforms(), "svg.title-missing"),
    (
        "select = ['svg.']\nTRUST",
        lambda bimi: bimi.certificate("vmc.pem", at=LATE).valid_for("example.com"),
        "cert.exp",
    ),
    ("select = ['svg.']", lambda bimi: bimi.certificate("vmc.pem", at=AT).valid_for(days_left=9), "cert.root-un"),
    ("ignore = ['svg.desc']", lambda bimi: bimi.svg("untitled.svg").conforms(), "does not conform"),
    ("select = ['cert.']", lambda bimi: bimi.svg(b"no svg").conforms(), "does not conform"),
    ("providers = ['microsoft']", lambda bimi: bimi.svg("logo.svg").conforms(), "does not conform"),
    ("providers = ['microsoft']", lambda bimi: bimi.svg("logo.svg").ready_for("gmail"), ""),
    ("providers = ['gmail']", lambda bimi: bimi.svg("logo.svg").ready_for(), ""),
    ("providers = ['microsoft']", lambda bimi: bimi.svg("logo.svg").looks_good(), ""),
    ("", lambda bimi: bimi.certificate("vmc.pem", at=AT).conforms(), "cert.root-un"),
    ("TRUST", lambda bimi: bimi.certificate("vmc.pem", at=AT).conforms(), ""),
    ("days-left = 400\nTRUST", lambda bimi: bimi.certificate("vmc.pem", at=AT).conforms(), r"full days left:\s+366"),
    ("days-left = 400\nTRUST", lambda bimi: bimi.certificate("vmc.pem", at=AT).valid_for(days_left=9), ""),
    ("days-left = 400\nTRUST", lambda bimi: bimi.certificate("vmc.pem", at=AT).matches("logo.svg"), ""),
    (
        "select = ['svg.']\nTRUST",
        lambda bimi: bimi.certificate("vmc.pem", at=AT).valid_for("example.org"),
        "not valid for example.org",
    ),
    (
        "ignore = ['match.']\nTRUST",
        lambda bimi: bimi.certificate("vmc.pem", at=AT).matches("untitled.svg"),
        "match.logo-differs",
    ),
    ("require = ['revocation']\nTRUST", lambda bimi: bimi.svg("logo.svg").conforms(), ""),
    ("require = ['revocation']\nTRUST", lambda bimi: bimi.certificate("vmc.pem", at=AT).matches("logo.svg"), ""),
    (
        "require = ['revocation']\nTRUST",
        lambda bimi: bimi.certificate("vmc.pem", crls=LISTS, at=AT).conforms(),
        "",
    ),
    (
        "[[publications]]\ndomain = 'example.com'\ncertificate = 'vmc.pem'\ndays-left = 400\nTRUST",
        lambda bimi: bimi.publications(at=AT)[0].conforms(),
        r"full days left:\s+366",
    ),
]
TRUST = "[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n"


@pytest.mark.parametrize(("text", "ask", "says"), CONFIGURED)
def test_the_configuration_counts_where_nobody_says_otherwise(
    folder: Path, text: str, ask: Callable[[Bimi], Any], says: str
) -> None:
    bimi = configured(folder, text.replace("TRUST", TRUST))
    if not says:
        ask(bimi)
        return
    with pytest.raises(AssertionError, match=says):
        ask(bimi)


def test_choosing_other_rules_does_not_make_a_picture_pass(folder: Path) -> None:
    with pytest.raises(AssertionError, match="does not look good"):
        configured(folder, "select = ['svg.']").svg(NOTHING).looks_good()


@pytest.mark.parametrize(
    ("record", "asked"),
    [(RECORD, True), ("v=BIMI1; l=https://www.example.com/logo.svg; a=", False)],
)
def test_revocation_that_is_required_and_was_not_checked_is_undecided(folder: Path, record: str, asked: bool) -> None:
    bimi = configured(folder, f"require = ['revocation']\n{TRUST}")
    with pytest.raises(Undecided, match=r"cert\.revocation-required"):
        bimi.certificate("vmc.pem", at=AT).conforms()
    plan = bimi.publication("example.com", svg="logo.svg", dmarc=DMARC, record=record, at=AT)
    if not asked:
        plan.conforms()
        return
    with pytest.raises(Undecided, match=r"cert\.revocation-required"):
        plan.conforms()


def test_what_is_ignored_for_a_file_counts_again_after_its_day_and_says_so(folder: Path) -> None:
    text = "[[ignores]]\nfiles = ['untitled.svg']\nrules = ['svg.title']\nreason = 'agreed'\nuntil = 2026-11-24"
    bimi = configured(folder, text)
    bimi.svg("untitled.svg", at=AT).conforms()
    bimi.publication("example.com", svg="untitled.svg", at=AT).conforms()
    again = r"untitled.svg until 2026-11-24 \(agreed\) counts again"
    with pytest.raises(AssertionError, match=again):
        bimi.svg("untitled.svg", at=AT + timedelta(days=1)).conforms()
    with pytest.raises(AssertionError, match="does not conform"):
        bimi.svg(UNTITLED, at=AT).conforms()


def test_a_test_that_passes_warns_once_of_what_is_no_longer_ignored(folder: Path) -> None:
    text = "[[ignores]]\nfiles = ['*']\nrules = ['svg.proc']\nreason = 'agreed'\nuntil = 2026-11-23"
    (folder / "logo.svg").write_bytes(LOGO.replace(b"</svg>", b"<?drawn by=hand?></svg>"))
    logo = configured(folder, text).svg("logo.svg", at=AT)
    with pytest.warns(IgnoreEnded, match=r"\* until 2026-11-23 \(agreed\) counts again") as told:
        logo.conforms().conforms()
    assert len(told) == 1


def test_revocation_lists_of_the_configuration_count_besides_those_that_are_given(folder: Path) -> None:
    (folder / "issuing.crl").write_bytes(LISTS[0])
    (folder / "root.crl").write_bytes(LISTS[1])
    publication = "[[publications]]\ndomain = 'example.com'\ncertificate = 'vmc.pem'\n"
    bimi = configured(folder, f"require = ['revocation']\ncrls = ['issuing.crl', 'root.crl']\n{TRUST}{publication}")
    bimi.certificate("vmc.pem", at=AT).conforms().not_revoked()
    bimi.publication("example.com", at=AT).conforms().not_revoked()
    half = configured(folder, f"crls = ['issuing.crl']\n{TRUST}")
    half.certificate("vmc.pem", at=AT).not_revoked(["root.crl"])
    with pytest.raises(Undecided):
        half.certificate("vmc.pem", at=AT).not_revoked()
    assert_certificate("vmc.pem", crls=["root.crl"], at=AT, config=load(folder))


def test_a_publication_of_the_configuration_is_told_by_its_keys(folder: Path) -> None:
    text = "[[publications]]\ndomain = 'example.com'\nlogo = 'untitled.svg'\n"
    with pytest.raises(AssertionError, match=r'in the configuration: zone = "FILE" or dmarc = "TEXT"'):
        configured(folder, text).publication("example.com").conforms()


def test_a_test_that_passes_warns_once_of_patterns_that_name_no_file(folder: Path) -> None:
    text = "[[ignores]]\nfiles = ['old/*.svg']\nrules = ['svg.title']\nreason = 'agreed'\nuntil = 9000-01-01"
    logo = configured(folder, text).svg("logo.svg")
    with pytest.warns(IgnoreUnused, match=r"ignores\[0\]\.files: old/\*\.svg names no file") as told:
        logo.conforms().conforms()
    assert len(told) == 1


# moments as texts


@pytest.mark.parametrize("at", ["2026-11-24", "2026-11-24T09:00+09:00", AT.isoformat()])
def test_a_moment_may_be_a_text(at: str) -> None:
    moment = datetime.fromisoformat(at)
    report = BIMI.svg(LOGO, at=at).report
    assert report.judged_at == (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    assert assert_svg(LOGO, at=at).report == report
    assert BIMI.certificate(GOOD.pem, at=at, trust=CA.trust).conforms().report.judged_at == report.judged_at
    assert BIMI.publication("example.com", svg=LOGO, at=at).report.judged_at == report.judged_at


@pytest.mark.parametrize(("at", "says"), [("soon", "'soon' is no"), ("2026-11-24T09:00", "needs a time zone")])
def test_a_text_that_is_no_moment_is_told(at: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        BIMI.svg(LOGO, at=at)


# a live domain


@pytest.fixture(scope="module")
def live() -> Iterator[dict[str, Any]]:
    with Web(["www.example.com"]) as web, Zone() as zone:
        for domain in ("example.com", "silent.example.com"):
            zone.add(f"_dmarc.{domain}", "TXT", DMARC)
            zone.add(f"default._bimi.{domain}", "TXT", f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}")
        zone.add("www.example.com", "A", "127.0.0.1")
        zone.fail("_dmarc.silent.example.com", "servfail")
        web.put("/logo.svg", LOGO)
        urls = [web.http_url(path) for path in ("/i.crl", "/r.crl")]
        ca = MarkCA(at=AT, crl_urls=(urls[0], urls[1]))
        for path, body in (
            ("/vmc.pem", ca.issue("example.com").pem),
            ("/i.crl", ca.crl()),
            ("/r.crl", ca.crl(of="root")),
        ):
            web.put(path, body)
        policy = FetchPolicy(allow_networks=["127.0.0.0/8"], ca_bundle=web.ca_bundle)
        yield {
            "resolver": resolver_at(f"127.0.0.1:{zone.port}", lifetime=2),
            "policy": policy,
            "trust": ca.trust,
            "at": AT,
        }


def test_a_live_domain_is_asked_about_what_the_world_sees(live: dict[str, Any]) -> None:
    assert assert_domain("example.com", providers=["gmail"], fetch=True, **live).report.kind == "domain"
    assert_domain("example.com", **live).not_revoked()
    assert_domain("example.com", fetch=False, **live)
    with pytest.raises(AssertionError, match=r"example\.com is not ready for microsoft"):
        assert_domain("example.com", providers=["microsoft"], **live)
    with pytest.raises(Undecided, match=r"whether silent.example.com conforms"):
        assert_domain("silent.example.com", **live)


def test_a_computer_without_a_resolver_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr("dns.resolver.get_default_resolver", nothing)
    with pytest.raises(Undecided, match=r"^example.com: "):
        assert_domain("example.com")


def test_whoever_closes_the_network_is_asked_first() -> None:
    def closed() -> None:
        raise PermissionError("closed")

    domain = Bimi(Settings(before_network=closed)).domain("example.com")
    for _ in range(2):
        with pytest.raises(PermissionError, match="closed"):
            domain.conforms()


# plain functions


def test_plain_functions_ask_what_is_usually_asked(folder: Path) -> None:
    assert assert_svg("logo.svg", providers=["gmail"], looks_good=True).report.ok
    asked = {"domain": "example.com", "days_left": 30, "logo": "logo.svg", "crls": LISTS}
    report = assert_certificate("vmc.pem", **asked, **JUDGED).report
    same = check_certificate(
        GOOD.pem, domain="example.com", logo=LOGO, crls=LISTS, expiry_days=(30,), name="vmc.pem", **JUDGED
    )
    assert report == same
    assert_certificate("vmc.pem", **JUDGED)
    assert_publication("example.com", svg="logo.svg", dmarc=DMARC, record=RECORD, certificate="vmc.pem", **JUDGED)
    (folder / "bimikit.toml").write_text(PUBLISHED, encoding="utf-8")
    assert_publication("example.com", selector="default", providers=["yahoo"], config=load("."))


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: assert_svg("untitled.svg"), "untitled.svg does not conform"),
        (lambda: assert_svg("logo.svg", providers=["microsoft"]), "not ready for microsoft"),
        (lambda: assert_certificate("vmc.pem", domain="example.org", **JUDGED), "not valid for example.org"),
        (lambda: assert_certificate("vmc.pem", days_left=400, **JUDGED), "400"),
        (lambda: assert_certificate("vmc.pem", logo="untitled.svg", **JUDGED), "does not match untitled.svg"),
        (lambda: assert_certificate("vmc.pem", crls=[CA.crl([GOOD.leaf])], **JUDGED), "cert.revoked"),
        (lambda: assert_publication("example.com", dmarc="v=DMARC1; p=none"), "example.com does not conform"),
        (lambda: assert_publication("example.com", dmarc=DMARC, providers=["microsoft"]), "not ready for microsoft"),
    ],
)
def test_plain_functions_fail_by_what_they_are_asked(folder: Path, ask: Callable[[], Any], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        ask()


def test_unittest_shows_the_test_and_none_of_our_frames(folder: Path) -> None:
    class Brand(unittest.TestCase):
        def test_logo(self) -> None:
            assert_svg("untitled.svg")

        def test_revocation(self) -> None:
            assert_certificate("vmc.pem", crls=[], **JUDGED)

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Brand)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    ((_, failure),), ((_, error),) = result.failures, result.errors
    assert "untitled.svg does not conform" in failure
    assert re.findall(r'File "(.*?)"', failure) == [__file__]
    assert "Undecided: it could not be found out" in error


def test_assertions_need_no_pytest() -> None:
    code = "import sys; import bimikit.assertions; print('pytest' in sys.modules, 'cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


# words


def test_failures_are_told_in_japanese(folder: Path) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_svg("untitled.svg", lang="ja")
    assert str(caught.value).startswith("untitled.svgは適合していません\n\nエラー[svg.title-missing]")
    with pytest.raises(AssertionError, match="ファイルまたはフォルダーがありません"):
        assert_svg("missing.svg", lang="ja")
    with pytest.raises(Undecided, match="証明書が失効しているかどうかを確認できませんでした"):
        assert_certificate(GOOD.pem, crls=[], lang="ja", **JUDGED)


EN, JA = (words_of("pytest_words", lang) for lang in ("en", "ja"))


def test_both_languages_say_the_same_things_and_nothing_besides() -> None:
    def parameters(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}

    assert list(EN) == list(JA)
    assert {key: parameters(text) for key, text in EN.items()} == {key: parameters(text) for key, text in JA.items()}
    files = [ROOT / "bimikit" / "pytest_plugin.py", *(ROOT / "bimikit" / "assertions").glob("*.py")]
    written = set(
        re.findall(r"""["']([a-z][a-z.-]*)["']""", "".join(file.read_text(encoding="utf-8") for file in files))
    )
    asks = {"conforms", "ready", "good", "valid", "lasting", "matches", "revoked"}
    families = {f"{state}.{ask}" for state in ("asked", "failed", "undecided") for ask in asks & written}
    assert set(EN) - written - families == {"index.PASS", "index.FAIL", "index.INDETERMINATE"}


def test_colours_are_those_of_the_terminal() -> None:
    with pytest.raises(AssertionError) as caught:
        Bimi(Settings(color=True)).svg(UNTITLED).conforms()
    assert "\x1b[" in str(caught.value)
    with pytest.raises(AssertionError) as caught:
        BIMI.svg(UNTITLED).conforms()
    assert "\x1b[" not in str(caught.value)
    assert "\x1b[" not in "".join(traceback.format_exception(caught.value))
