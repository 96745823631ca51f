"""`check_domain` against a real DNS server and real web servers on loopback; sync and async come to the same report."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Iterator
from typing import Any

import dns.asyncresolver
import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import jsonschema
import pytest
from support import AT

import bimikit
from bimikit import Outcome, Report
from bimikit.dns.resolve import _is_whole
from bimikit.gathered import urls_of_lists
from bimikit.testing import LOGO, MarkCA, SilentServer, Web, Zone

GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
HOSTS = ("www.example.com", "crl.example.net")


class World:
    """A domain whose logo would show, and everything it takes; a test then breaks one thing."""

    def __init__(self, web: Web, zone: Zone) -> None:
        self.web, self.zone = web, zone
        urls = (web.http_url("/i.crl", host=HOSTS[1]), web.http_url("/r.crl", host=HOSTS[1]))
        self.ca = MarkCA(at=AT, crl_urls=urls)
        self.policy = bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=2)
        self.certificate = self.ca.issue("example.com")
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", self.certificate.pem)
        web.put("/i.crl", self.ca.crl())
        web.put("/r.crl", self.ca.crl(of="root"))
        zone.add("_dmarc.example.com", "TXT", GOOD)
        zone.add("default._bimi.example.com", "TXT", self.record())
        for host in HOSTS:
            zone.add(host, "A", "127.0.0.1")

    def record(self, logo: str = "/logo.svg", certificate: str = "/vmc.pem") -> str:
        authority = self.web.url(certificate) if certificate else ""
        return f"v=BIMI1; l={self.web.url(logo)}; a={authority}"

    def publish(self, record: str, name: str = "default._bimi.example.com") -> None:
        self.zone.remove(name)
        self.zone.add(name, "TXT", record)

    def check(self, domain: str = "example.com", *, lifetime: float = 2.0, **more: Any) -> Report:
        """Judge live, both ways, and hold the two together."""
        options = {"policy": self.policy, "trust": self.ca.trust, "at": AT, **more}
        report = bimikit.check_domain(domain, resolver=self.zone.resolver(lifetime=lifetime), **options)
        awaited = bimikit.aio.check_domain(domain, resolver=self.zone.async_resolver(lifetime=lifetime), **options)
        other = asyncio.run(awaited)
        assert other.verdicts == report.verdicts
        if not any(finding.rule == "web.unreachable" for finding in report.findings):
            assert other == report  # how far a broken connection got is a race
        jsonschema.validate(report.to_dict(), bimikit.report_schema())
        assert Report.from_json(report.to_json("ja")) == report
        return report


@pytest.fixture
def world() -> Iterator[World]:
    with Web(HOSTS[:1]) as web, Zone() as zone:
        yield World(web, zone)


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_a_complete_domain_is_ready_wherever_that_is_known(world: World) -> None:
    report = world.check()
    assert (report.ok, report.complete, report.findings) == (True, True, ())
    assert report.verdicts["gmail"] == report.verdicts["apple"] == report.verdicts["yahoo"] == "ready"
    assert report.verdicts["webde"] == "cannot_say"
    assert report.verdicts["microsoft"] == "no_bimi"
    facts = report.facts
    assert facts["bimi"]["rfc9989"] == facts["bimi"]["rfc7489"]
    assert facts["bimi"]["rfc9989"]["result"] == "pass"
    assert facts["indicator"]["title"] == "Acme"
    assert facts["certificate"]["kind_of_mark"] == "VMC"
    assert facts["certificate"]["revocation"] == {"checked": True, "states": {"0": "good", "1": "good"}}
    assert facts["hosting"]["indicator"]["content_type"] == "image/svg+xml"
    assert facts["records"]["_dmarc.example.com"] == [GOOD]
    digest = facts["indicator"]["sha256"][-8:]
    assert facts["authentication_results"]["rfc9989"] == (
        "receiver.example; bimi=pass header.d=example.com header.selector=default policy.authority=pass "
        f'policy.authority-uri="{world.web.url("/vmc.pem")}" policy.indicator-uri="{world.web.url("/logo.svg")}" '
        f"policy.indicator-hash={digest}"
    )
    assert set(report.results.values()) == {Outcome.PASS}


def test_a_subdomain_takes_the_record_of_its_organizational_domain(world: World) -> None:
    world.zone.add("news.example.com", "A", "192.0.2.1")
    report = world.check("news.example.com")
    assert report.facts["bimi"]["rfc9989"]["found_at"] == "default._bimi.example.com"
    assert report.facts["certificate"]["covers"] == {"domain": "example.com", "selector": "default", "how": "exact"}
    assert report.verdicts["gmail"] == "ready"


@pytest.mark.parametrize(
    "written",
    [
        "EXAMPLE.com.",
        " example.com ",
        "https://example.com/about",
        "news@example.com",
        "example。com",
        "Acme, Inc. <news@example.com>",
        "株式会社アクメ／広報 ＜news＠example．com＞",
        "<https://example.com/>",
    ],
)
def test_a_domain_is_taken_as_people_type_it(world: World, written: str) -> None:
    assert world.check(written).subject == "example.com"


def test_an_address_brings_its_local_part_and_an_argument_wins_over_it(world: World) -> None:
    world.publish(world.record() + "; lps=")
    world.zone.add("news-jp._bimi.example.com", "TXT", "v=BIMI1; l=; a=")
    assert world.check("news.jp+x@example.com").facts["bimi"]["rfc9989"]["record"] == "declined"
    assert world.check("a/b@c <news.jp@example.com> ").facts["bimi"]["rfc9989"]["record"] == "declined"
    assert world.check("news.jp@example.com", local_part="info").facts["bimi"]["rfc9989"]["record"] == "found"


@pytest.mark.parametrize(
    "domain",
    ["", "com", "exa mple.com", "-a.example", "a" * 300 + ".example", "\x00.example", "<>", "Acme <", "> <a@b>"],
)
def test_what_is_no_domain_is_told_and_nothing_is_asked(world: World, domain: str) -> None:
    report = world.check(domain)
    assert rules(report) == {"bimikit.domain-invalid"}
    assert not report.ok
    assert world.zone.queries == []


def test_what_is_no_selector_is_told(world: World) -> None:
    for selector in ("a b", "", "s" * 64, "a..b"):
        report = world.check(selector=selector)
        assert rules(report) == {"bimi.selector-invalid"}
        assert report.facts["bimi"]["rfc9989"]["record"] == "none"
        assert report.facts["dmarc"]["rfc9989"]["policy"] == "reject"
        assert "ready" not in report.verdicts.values()


def test_without_fetching_only_the_dns_is_judged(world: World) -> None:
    report = world.check(fetch=False)
    assert rules(report) == {"web.not-fetched"}
    assert (report.ok, report.complete) == (True, True)
    assert report.verdicts["gmail"] == "cannot_say"
    assert report.facts["bimi"]["rfc9989"]["result"] == "pass"
    assert report.results["svg.title-missing"] is Outcome.NOT_CHECKED
    assert world.web.requests == []


@pytest.mark.parametrize(
    ("page", "rule", "state", "result"),
    [
        ({"status": 404}, "web.not-found", "blocked", "fail"),
        ({"status": 403}, "web.status", "blocked", "fail"),
        ({"status": 503}, "web.unreachable", "cannot_say", "temperror"),
        ({"delay": 3}, "web.unreachable", "cannot_say", "temperror"),
        ({"reset": True}, "web.unreachable", "cannot_say", "temperror"),
        ({"body": b"0" * 3_000_000}, "web.too-large", "blocked", "fail"),
        ({"endless": True, "body": b"0" * 65_536}, "web.too-large", "blocked", "fail"),
        ({"body": LOGO, "content_type": "text/html"}, "web.media-type", "at_risk", "pass"),
        ({"redirect": "/other.svg"}, "web.redirect", "at_risk", "pass"),
        ({"redirect": "http://www.example.com/other.svg"}, "web.redirect-to-http", "blocked", "fail"),
        ({"redirect": "https://10.0.0.1/other.svg"}, "web.address-forbidden", "blocked", "fail"),
        ({"redirect": "/logo.svg"}, "web.redirect-loop", "blocked", "fail"),
        ({"body": b"<svg/>"}, "svg.namespace-missing", "blocked", "fail"),
        ({"body": LOGO.replace(b"#fff", b"#ffe")}, "match.logo-differs", "blocked", "fail"),
        ({"body": LOGO.replace(b'"', b"'")}, "match.logo-markup", "at_risk", "pass"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_how_the_logo_is_hosted_decides(world: World, page: dict[str, Any], rule: str, state: str, result: str) -> None:
    world.web.put("/other.svg", LOGO)
    world.web.put("/logo.svg", **page)
    report = world.check()
    assert rule in rules(report)
    assert report.verdicts["gmail"] == state
    assert {one["result"] for one in report.facts["bimi"].values()} == {result}


@pytest.mark.parametrize(
    ("defect", "rule", "state"),
    [
        ("no-sct", "cert.sct-missing", "blocked"),
        ("leaf-alone", "cert.root-unknown", "cannot_say"),
        ("logo-with-script", "svg.script-element", "blocked"),
    ],
)
def test_the_certificate_decides(world: World, defect: str, rule: str, state: str) -> None:
    issued = world.ca.issue("example.com", defect=defect)
    world.web.put("/vmc.pem", issued.pem)
    report = world.check()
    assert rule in rules(report) or rule == "cert.root-unknown"
    assert report.verdicts["gmail"] in (state, "blocked")
    assert report.verdicts["gmail"] != "ready"


def test_a_revoked_certificate_blocks(world: World) -> None:
    world.web.put("/i.crl", world.ca.crl([world.certificate.leaf]))
    report = world.check()
    assert "cert.revoked" in rules(report)
    assert report.verdicts["gmail"] == "blocked"
    assert report.facts["bimi"]["rfc9989"]["result"] == "fail"


def test_a_revocation_list_out_of_reach_leaves_it_open(world: World) -> None:
    world.web.put("/i.crl", status=503)
    report = world.check()
    assert {"web.crl-unreachable", "cert.revocation-unknown"} <= rules(report)
    assert (report.ok, report.complete) == (True, False)
    assert report.verdicts["gmail"] == "cannot_say"
    assert report.facts["bimi"]["rfc9989"]["result"] == "temperror"


def test_no_revocation_list_at_all_is_unknown_and_not_merely_unchecked(world: World) -> None:
    for path in ("/i.crl", "/r.crl"):
        world.web.put(path, status=404)
    report = world.check()
    assert "cert.revocation-unknown" in rules(report)
    assert "cert.revocation-not-checked" not in rules(report)


def test_a_logo_without_a_certificate_is_told_apart_by_provider(world: World) -> None:
    world.publish(world.record(certificate=""))
    report = world.check()
    assert report.ok
    assert (report.verdicts["gmail"], report.verdicts["yahoo"]) == ("blocked", "ready")


def test_a_common_mark_certificate_is_taken_by_gmail_and_contested_at_apple(world: World) -> None:
    issued = world.ca.issue("example.com", mark_type="Prior Use Mark")
    world.web.put("/vmc.pem", issued.pem)
    report = world.check()
    assert report.facts["certificate"]["kind_of_mark"] == "CMC"
    assert (report.verdicts["gmail"], report.verdicts["apple"]) == ("ready", "cannot_say")


def test_findings_about_one_logo_are_told_once(world: World) -> None:
    logo = LOGO.replace(b'width="96" height="96">\n<title>', b'width="9" height="9">\n<title>')
    world.web.put("/logo.svg", logo)
    world.web.put("/vmc.pem", world.ca.issue("example.com", logo=logo).pem)
    report = world.check()
    small = [finding for finding in report.findings if finding.rule == "receiver.gmail.size-small"]
    assert {place.certificate for finding in small for place in finding.locations} == {0}
    assert report.verdicts["gmail"] == "at_risk"


def test_caa_that_shuts_out_the_authority_is_a_warning(world: World) -> None:
    world.zone.add("example.com", "CAA", '0 issuevmc "other.example"')
    report = world.check()
    assert report.facts["caa"] == {"found_at": "example.com", "allowed": ["other.example"]}
    assert report.verdicts["gmail"] == "ready"


@pytest.mark.parametrize("how", ["servfail", "refused", "garbage", "silent"])
@pytest.mark.parametrize("name", ["_dmarc.example.com", "default._bimi.example.com", "_dmarc.com"])
def test_a_name_server_that_fails_leaves_it_open_and_nobody_is_ready(world: World, how: Any, name: str) -> None:
    world.zone.fail(name, how)
    report = world.check(lifetime=0.5)
    assert (report.ok, report.complete) == (True, False)
    assert "ready" not in report.verdicts.values()
    assert "temperror" in {one["result"] for one in report.facts["bimi"].values()}


LIFETIME = 3
"""Seconds: long enough that a second lifetime is told from a busy machine."""


def test_silent_name_servers_cost_one_lifetime_and_a_little(world: World) -> None:
    with SilentServer() as silent:
        for check in (
            lambda: bimikit.check_domain("a.b.example.com", resolver=silent.resolver(lifetime=LIFETIME)),
            lambda: asyncio.run(
                bimikit.aio.check_domain("a.b.example.com", resolver=silent.async_resolver(lifetime=LIFETIME))
            ),
        ):
            begin = time.monotonic()
            report = check()
            assert time.monotonic() - begin < 1.8 * LIFETIME
            assert not report.complete
            assert report.facts["dmarc"]["rfc9989"]["result"] == "temperror"


def test_a_delegation_that_is_silent_in_the_second_round_stays_within_the_bound(world: World) -> None:
    world.zone.fail("default._bimi.example.com", "silent")
    world.zone.add("news.example.com", "A", "192.0.2.1")
    begin = time.monotonic()
    report = world.check("news.example.com", lifetime=LIFETIME)
    assert time.monotonic() - begin < 3.5 * LIFETIME  # two checks
    assert not report.complete


def test_long_and_aliased_records_come_through(world: World) -> None:
    long = GOOD + "," + ",".join(f"mailto:report-{number}@reports.example.com" for number in range(30))
    world.zone.remove("_dmarc.example.com")
    world.zone.add("_dmarc.example.com", "CNAME", "policy.example.net")
    world.zone.add("policy.example.net", "TXT", long)
    report = world.check()
    assert report.facts["aliases"]["_dmarc.example.com"] == "policy.example.net"
    assert report.facts["dmarc"]["rfc9989"]["record_at"] == "example.com"
    assert "tcp" in {query.protocol for query in world.zone.queries}
    assert report.verdicts["gmail"] == "ready"


def test_it_works_inside_a_running_event_loop(world: World) -> None:
    async def inside() -> Report:
        return bimikit.check_domain("example.com", resolver=world.zone.resolver(), policy=world.policy, at=AT)

    assert asyncio.run(inside()).subject == "example.com"


def test_private_addresses_are_never_asked_unless_allowed(world: World) -> None:
    report = world.check(policy=bimikit.FetchPolicy(ca_bundle=world.web.ca_bundle))
    assert "web.address-forbidden" in rules(report)
    assert world.web.requests == []
    assert report.verdicts["gmail"] == "blocked"


def test_steps_are_told_as_they_begin(world: World) -> None:
    steps: list[str] = []
    world.check(progress=steps.append)
    assert steps == ["dns", "fetch", "revocation", "judge"] * 2


@pytest.mark.parametrize(
    "arguments",
    [
        {"domain": 7},
        {"selector": None},
        {"local_part": b"x"},
        {"resolver": dns.asyncresolver.Resolver(configure=False)},
        {"resolver": object()},
        {"resolver": dns.resolver.Resolver},
        {"at": "2026-11-24"},
        {"policy": object()},
        {"trust": object()},
        {"svg": "text"},
        {"dmarc": 1},
        {"crls": b"one"},
    ],
    ids=lambda value: str(list(value)),
)
def test_a_bad_call_is_a_type_error(arguments: dict[str, Any]) -> None:
    given = {"domain": "example.com", "resolver": dns.resolver.Resolver(configure=False), **arguments}
    with pytest.raises(TypeError):
        bimikit.check_domain(given.pop("domain"), **given)
    if "resolver" in arguments:
        with pytest.raises(TypeError):
            asyncio.run(bimikit.aio.check_domain("example.com", resolver=dns.resolver.Resolver(configure=False)))


def test_two_readings_with_two_records_put_every_provider_at_risk(world: World) -> None:
    world.zone.add("_dmarc.b.example.com", "TXT", GOOD + "; psd=n")
    world.zone.add("default._bimi.b.example.com", "TXT", world.record())
    world.zone.add("a.b.example.com", "A", "192.0.2.1")
    world.web.put("/vmc.pem", world.ca.issue("b.example.com").pem)
    report = world.check("a.b.example.com")
    assert "bimi.readings-differ" in rules(report)
    assert report.verdicts["gmail"] == "at_risk"


def test_a_second_record_counts_however_many_texts_stand_before_it(world: World) -> None:
    world.zone.add("_dmarc.example.com", "TXT", *(f"text {number}" for number in range(150)))
    world.zone.add("_dmarc.example.com", "TXT", "v=DMARC1; p=none")
    report = world.check()
    assert "dmarc.record-multiple" in rules(report)
    assert report.verdicts["gmail"] == "blocked"


def test_a_revocation_list_that_nobody_needs_leaves_nothing_open(world: World) -> None:
    base = world.web.http_url("/", host=HOSTS[1])
    assert urls_of_lists(world.certificate.pem) == [f"{base}i.crl", f"{base}r.crl"]
    world.web.put("/r.crl", world.ca.crl(of="root"), status=200)
    assert world.check().complete


def test_a_resolver_that_sleeps_between_its_tries_keeps_to_the_bound() -> None:
    with SilentServer() as silent:
        begin = time.monotonic()
        assert not bimikit.check_domain(
            "example.com", resolver=silent.resolver(lifetime=LIFETIME, timeout=0.05)
        ).complete
        assert time.monotonic() - begin < 1.8 * LIFETIME
        begin = time.monotonic()
        other = bimikit.aio.check_domain("example.com", resolver=silent.async_resolver(lifetime=LIFETIME, timeout=0.05))
        assert not asyncio.run(other).complete
        assert time.monotonic() - begin < 1.8 * LIFETIME


def test_an_answer_that_is_cut_off_even_over_tcp_leaves_it_open() -> None:
    for response, whole in ((dns.flags.TC, False), (0, False), (dns.flags.RA, True), (dns.flags.AA, True)):
        message = dns.message.make_response(dns.message.make_query("example.com", "TXT"))
        message.flags |= response
        message.authority.append(dns.rrset.from_text("com", 60, "IN", "NS", "a.example."))
        assert _is_whole(message) is whole


def test_a_name_that_is_long_or_odd_stays_bounded_in_the_report(world: World) -> None:
    report = world.check(local_part="x" * 1_000_000 + "\udcff", fetch=False)
    assert len(report.to_json().encode()) < 100_000
    assert len(world.check(selector="\udcff" * 1_000, fetch=False).to_json().encode()) < 100_000


def test_a_selector_is_the_same_in_capitals(world: World) -> None:
    assert world.check(selector="DEFAULT").verdicts["gmail"] == "ready"


def test_what_was_gathered_is_judged_elsewhere_to_the_same_report(world: World) -> None:
    for domain, more in (("example.com", {}), ("example.com", {"svg": LOGO, "dmarc": GOOD}), ("no domain", {})):
        options: dict[str, Any] = {"policy": world.policy, "at": AT, **more}
        expected = bimikit.check_domain(domain, resolver=world.zone.resolver(), trust=world.ca.trust, **options)
        gathered = bimikit.gather_domain(domain, resolver=world.zone.resolver(), **options)
        awaited = asyncio.run(bimikit.aio.gather_domain(domain, resolver=world.zone.async_resolver(), **options))
        for one in (gathered, awaited):
            elsewhere = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own
            assert isinstance(elsewhere, bimikit.Gathered)
            assert elsewhere.judge(world.ca.trust) == expected
    with pytest.raises(TypeError, match="trust must be a TrustStore"):
        gathered.judge("roots.pem")  # type: ignore[arg-type]


def test_what_is_planned_takes_the_place_of_what_is_published(world: World) -> None:
    world.web.put("/logo.svg", status=404)
    world.publish("v=BIMI1; l=http://old.example.com/logo.svg")
    planned = world.check(svg=LOGO, record=world.record())
    assert planned.kind == "publication"
    assert planned.facts["planned"] == ["svg", "record"]
    assert planned.facts["certificate"]["sight"] == "seen"
    assert planned.verdicts["gmail"] == "ready"
    assert world.check(record=world.record()).verdicts["gmail"] == "blocked"  # the logo that is hosted is missing
    live = world.check()
    assert (live.kind, "planned" in live.facts) == ("domain", False)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"dmarc": "v=DMARC1; p=none"}, "dmarc.policy-none"),
        ({"dmarc": {"_dmarc.example.com": "v=DMARC1; p=none"}}, "dmarc.policy-none"),
        ({"record": {"default._bimi.example.com": "v=BIMI1; l="}}, "bimi.declined"),
        ({"svg": b"<svg/>"}, "svg.namespace-missing"),
        ({"certificate": b"nothing of the kind"}, "cert.not-a-certificate"),
    ],
)
def test_each_part_of_a_plan_decides(world: World, given: dict[str, Any], rule: str) -> None:
    report = world.check(**given)
    assert rule in rules(report)
    assert report.verdicts["gmail"] == "blocked"


def test_a_planned_certificate_and_lists_that_are_given_need_no_fetching(world: World) -> None:
    for path in ("/vmc.pem", "/i.crl", "/r.crl"):
        world.web.put(path, status=404)
    lists = [world.ca.crl(), world.ca.crl(of="root")]
    assert world.check(certificate=world.certificate.pem, crls=lists).verdicts["gmail"] == "ready"
    assert world.check(certificate=world.certificate.pem).verdicts["gmail"] == "cannot_say"
