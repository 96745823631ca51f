"""`verify_publication` and `bimikit verify`, over a real DNS server and real web servers on loopback."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from support import AT

import bimikit
from bimikit import Outcome, Report, Severity
from bimikit.cli import main
from bimikit.output import FORMATS, render, verification
from bimikit.testing import LOGO, MarkCA, Strings, Web, Zone
from bimikit.testing.plan import to_pem
from bimikit.verification.position import first_difference, line_and_column
from bimikit.verification.waiting import until_settled

DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
NAME = "default._bimi.example.com"
CA = MarkCA(at=AT)
ISSUED = CA.issue("example.com")
OTHER_LOGO = LOGO.replace(b'"#fff"', b'"#eee"')


class World:
    """A publication that is hosted as planned; a test then changes one thing."""

    def __init__(self, web: Web, zone: Zone) -> None:
        self.web, self.zone = web, zone
        self.policy = bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=2)
        self.record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}"
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", ISSUED.pem)
        zone.add("_dmarc.example.com", "TXT", DMARC)
        zone.add(NAME, "TXT", self.record)
        zone.add("www.example.com", "A", "127.0.0.1")
        self.plan: dict[str, Any] = {
            "domain": "example.com",
            "svg": LOGO,
            "certificate": ISSUED.pem,
            "dmarc": DMARC,
            "record": self.record,
        }

    def publish(self, text: str, name: str = NAME) -> None:
        self.zone.remove(name)
        self.zone.add(name, "TXT", text)

    def verify(self, **more: Any) -> Report:
        resolver = self.zone.resolver(lifetime=2.0)
        plan = {**self.plan, **more}
        report = bimikit.verify_publication(**plan, at=AT, resolver=resolver, policy=self.policy)
        jsonschema.validate(report.to_dict(), bimikit.report_schema())
        assert Report.from_json(report.to_json("ja")) == report
        for name in FORMATS:
            for lang in ("en", "ja"):
                written = render(name, [report], lang=lang)
                assert all(rule in written for rule in rules(report)), name
        return report

    def write(self, folder: Path, *, extra: str = "") -> None:
        """The repository: what was planned, and how to ask."""
        (folder / "logo.svg").write_bytes(LOGO)
        (folder / "vmc.pem").write_bytes(ISSUED.pem)
        (folder / "example.com.zone").write_text(
            f'$ORIGIN example.com.\n$TTL 300\n_dmarc TXT "{DMARC}"\ndefault._bimi TXT "{self.record}"\n'
        )
        (folder / "bimikit.toml").write_text(
            f'{extra}\n[network]\nresolver = "127.0.0.1:{self.zone.port}"\ndns-timeout = 2.0\ntimeout = 2.0\n'
            f"ca-bundle = '{self.web.ca_bundle}'\nallow-networks = ['127.0.0.0/8']\n"
            '[[publications]]\ndomain = "example.com"\nlogo = "logo.svg"\ncertificate = "vmc.pem"\n'
            'zone = "example.com.zone"\n'
        )


@pytest.fixture
def world() -> Iterator[World]:
    with Web(["www.example.com"]) as web, Zone() as zone:
        yield World(web, zone)


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def only(report: Report, rule: str) -> bimikit.Finding:
    (finding,) = [one for one in report.findings if one.rule == rule]
    return finding


def test_what_is_hosted_as_planned_passes_and_both_sides_are_told(world: World) -> None:
    report = world.verify()
    assert (report.kind, report.subject, report.ok, report.complete, report.findings) == (
        "verification", "example.com", True, True, (),
    )  # fmt: skip
    compared = report.facts["compared"]
    assert [(one["name"], one["same"]) for one in compared["records"]] == [("_dmarc.example.com", True), (NAME, True)]
    for name in ("indicator", "certificate"):
        assert compared[name]["same"] is True
        assert compared[name]["published"]["sha256"] == compared[name]["planned"]["sha256"]
    assert compared["indicator"]["published"]["url"] == world.web.url("/logo.svg")
    assert compared["indicator"]["published"]["content_type"] == "image/svg+xml"
    assert set(report.results.values()) == {Outcome.PASS}
    assert not [request for request in world.web.requests if request.path.endswith(".crl")]


CHANGES: dict[str, tuple[Callable[[World], object], set[str]]] = {
    "another drawing": (lambda w: w.web.put("/logo.svg", OTHER_LOGO), {"verify.logo-changed", "match.logo-differs"}),
    "other line ends": (
        lambda w: w.web.put("/logo.svg", LOGO.replace(b"\n", b"\r\n")),
        {"verify.logo-changed", "match.logo-markup"},
    ),
    "a web page": (
        lambda w: w.web.put("/logo.svg", b"<html>sorry</html>"),
        {"verify.logo-changed", "match.logo-unreadable"},
    ),
    "nothing in the file": (lambda w: w.web.put("/logo.svg", b""), {"verify.logo-changed", "match.logo-unreadable"}),
    "compressed": (lambda w: w.web.put("/logo.svg", gzip.compress(LOGO, mtime=0)), {"verify.logo-changed"}),
    "no logo": (lambda w: w.web.remove("/logo.svg"), {"web.not-found"}),
    "no host": (lambda w: w.zone.remove("www.example.com"), {"web.host-missing"}),
    "another media type": (
        lambda w: w.web.put("/logo.svg", LOGO, content_type="text/html"),
        {"web.media-type"},
    ),
    "a redirect": (
        lambda w: (w.web.put("/new.svg", LOGO), w.web.put("/logo.svg", redirect=w.web.url("/new.svg"))),
        {"web.redirect"},
    ),
    "another certificate": (
        lambda w: w.web.put("/vmc.pem", CA.issue("example.org").pem),
        {"verify.certificate-changed"},
    ),
    "no certificate": (lambda w: w.web.remove("/vmc.pem"), {"web.not-found"}),
    "no DMARC record": (lambda w: w.zone.remove("_dmarc.example.com"), {"verify.dmarc-missing"}),
    "another policy": (
        lambda w: w.publish("v=DMARC1; p=none; rua=mailto:d@example.com", "_dmarc.example.com"),
        {"verify.dmarc-changed"},
    ),
    "two DMARC records": (
        lambda w: w.zone.add("_dmarc.example.com", "TXT", "v=DMARC1; p=none"),
        {"verify.dmarc-unexpected"},
    ),
    "DMARC in other words": (
        lambda w: w.publish("v=DMARC1;p=reject;rua=mailto:d@example.com;", "_dmarc.example.com"),
        {"verify.dmarc-rewritten"},
    ),
    "no record": (lambda w: w.zone.remove(NAME), {"verify.record-missing"}),
    "another logo's address": (
        lambda w: (w.web.put("/2.svg", LOGO), w.publish(w.record.replace("/logo.svg", "/2.svg"))),
        {"verify.record-changed"},
    ),
    "no certificate's address": (
        lambda w: w.publish(w.record.partition("; a=")[0]),
        {"verify.record-changed"},
    ),
    "a misspelt record": (lambda w: w.publish(w.record.replace("BIMI1", "bimi1")), {"verify.record-changed"}),
    "two records": (lambda w: w.zone.add(NAME, "TXT", "v=BIMI1; l=; a="), {"verify.record-unexpected"}),
    "the record in other words": (lambda w: w.publish(w.record.replace("; ", ";")), {"verify.record-rewritten"}),
    "cut into strings": (lambda w: w.publish(Strings(w.record[:9].encode(), w.record[9:].encode())), set()),  # type: ignore[arg-type]
    "texts of others": (lambda w: w.zone.add("_dmarc.example.com", "TXT", "google-site-verification=x"), set()),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_each_change_is_told_as_what_it_is(world: World, change: Callable[[World], object], expected: set[str]) -> None:
    change(world)
    report = world.verify()
    assert rules(report) == expected
    assert report.complete
    soft = {"web.media-type", "web.redirect", "verify.dmarc-rewritten", "verify.record-rewritten"}
    assert report.ok is (not expected - soft)


UNDECIDED: dict[str, tuple[Callable[[World], object], set[str]]] = {
    "DMARC fails": (lambda w: w.zone.fail("_dmarc.example.com", "servfail"), {"verify.dns-undecided"}),
    "the record fails": (lambda w: w.zone.fail(NAME, "servfail"), {"verify.dns-undecided"}),
    "the record is silent": (lambda w: w.zone.fail(NAME, "silent"), {"verify.dns-undecided"}),
    "the host fails": (lambda w: w.zone.fail("www.example.com", "servfail"), {"web.unreachable"}),
    "a server error": (lambda w: w.web.put("/logo.svg", status=503), {"web.unreachable"}),
    "too many requests": (lambda w: w.web.put("/vmc.pem", status=429), {"web.unreachable"}),
    "a broken connection": (lambda w: w.web.put("/logo.svg", LOGO, reset=True), {"web.unreachable"}),
}


@pytest.mark.parametrize(("change", "expected"), UNDECIDED.values(), ids=UNDECIDED.keys())
def test_what_could_not_be_found_out_is_no_change(
    world: World, change: Callable[[World], object], expected: set[str]
) -> None:
    change(world)
    report = world.verify()
    assert rules(report) == expected
    assert (report.ok, report.complete) == (True, False)
    assert {finding.outcome for finding in report.findings} == {Outcome.INDETERMINATE}


def test_a_change_beside_something_unknown_is_a_change(world: World) -> None:
    world.zone.fail("_dmarc.example.com", "servfail")
    world.web.put("/logo.svg", OTHER_LOGO)
    report = world.verify()
    assert (report.ok, report.complete) == (False, False)


def test_the_first_difference_of_a_logo_is_found(world: World) -> None:
    world.web.put("/logo.svg", OTHER_LOGO)
    report = world.verify()
    finding = only(report, "verify.logo-changed")
    at = OTHER_LOGO.index(b'eee"')
    assert finding.params["byte"] == at + 1
    place = finding.locations[0]
    line = OTHER_LOGO[:at].count(b"\n") + 1
    assert (place.line, place.column, place.document) == (line, at - OTHER_LOGO.rindex(b"\n", 0, at), "indicator")
    assert place.url == world.web.url("/logo.svg")
    assert "another drawing" in finding.message
    shown = render("text", [report])
    assert "   |                                       ^\n" in shown
    assert "published as planned" not in shown.replace("not published as planned", "")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (OTHER_LOGO, "it is another drawing"),
        (LOGO.replace(b"\n", b"\r\n"), "only the line ends differ"),
        (LOGO.replace(b'height="96"', b"height='96'"), "it is the same drawing, written otherwise"),
        (LOGO[:-30], "its end is missing"),
        (b"<html>", "it can't be read as an SVG"),
        (gzip.compress(LOGO, mtime=0), "it is the same logo, compressed otherwise"),
    ],
)
def test_how_a_logo_differs_is_told(world: World, data: bytes, words: str) -> None:
    world.web.put("/logo.svg", data)
    assert words in only(world.verify(), "verify.logo-changed").message


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        (CA.issue("example.com", age=400, days=380).pem, "another Mark Certificate, which has expired"),
        (CA.issue("example.com", age=60).pem, "which was issued before the planned one"),
        (CA.issue("example.com", age=1).pem, "which was issued after the planned one"),
        (CA.issue("example.org").pem, "it holds another Mark Certificate. "),
        (to_pem(ISSUED.issuing) + to_pem(ISSUED.leaf), "the same certificates in another order"),
        (to_pem(ISSUED.leaf), "the same Mark Certificate with another chain"),
        (CA.issue("example.com", include_root=True).pem, "the same Mark Certificate with another chain"),
        (ISSUED.pem.replace(b"\n", b"\r\n"), "the same certificates, written otherwise"),
        (ISSUED.pem[:-300], "its end is missing"),
        (ISSUED.pem.replace(b"\n", b"\r\n")[:-300], "its end is missing"),
        (ISSUED.pem[: len(to_pem(ISSUED.leaf)) + 9], "its end is missing"),
        (to_pem(ISSUED.leaf)[:-300], "its end is missing"),
        (to_pem(ISSUED.leaf) + to_pem(ISSUED.issuing).replace(b"MII", b"M??", 1), "it is damaged"),
        (to_pem(ISSUED.leaf).replace(b"MII", b"M??", 1) + to_pem(ISSUED.issuing), "it is damaged"),
        (b"<html>", "there is no Mark Certificate in it"),
        (b"", "there is no Mark Certificate in it"),
    ],
)
def test_how_a_certificate_differs_is_told(world: World, pem: bytes, words: str) -> None:
    world.web.put("/vmc.pem", pem)
    report = world.verify()
    assert rules(report) == {"verify.certificate-changed"}
    assert words in report.findings[0].message
    assert (report.ok, report.complete) == (False, True)


def test_the_first_tag_that_differs_is_pointed_at(world: World) -> None:
    world.publish("v=DMARC1; p=none; rua=mailto:d@example.com", "_dmarc.example.com")
    finding = only(world.verify(), "verify.dmarc-changed")
    assert (finding.params["published"], finding.params["expected"]) == ("p=none", "p=reject")
    place = finding.locations[0]
    assert (place.dns_name, place.line, place.column, place.length) == ("_dmarc.example.com", 1, 11, 6)


@pytest.mark.parametrize(
    ("published", "params"),
    [
        ("v=DMARC1; p=reject", ("–", "rua=mailto:d@example.com")),
        ("v=DMARC1; p=reject; rua=mailto:d@example.com; sp=none", ("sp=none", "–")),
        ("v=DMARC1; p=reject; rua", ("–", "rua=mailto:d@example.com")),
        ("v=DMARC1; p=reject; rua=mailto:d@example.com; junk", ("; junk", "–")),
    ],
)
def test_a_tag_that_is_missing_or_added_is_told(world: World, published: str, params: tuple[str, str]) -> None:
    world.publish(published, "_dmarc.example.com")
    finding = only(world.verify(), "verify.dmarc-changed")
    assert (finding.params["published"], finding.params["expected"]) == params


def test_what_nobody_planned_is_not_compared_and_what_is_hosted_is_held_together_all_the_same(world: World) -> None:
    report = world.verify(svg=None, certificate=None, dmarc=None)
    assert (report.ok, report.complete, report.facts["planned"]) == (True, True, ["record"])
    world.web.put("/logo.svg", OTHER_LOGO)
    world.zone.fail("_dmarc.example.com", "servfail")
    report = world.verify(svg=None, certificate=None, dmarc=None)
    assert rules(report) == {"match.logo-differs"}
    world.web.put("/vmc.pem", b"<html>")
    assert rules(world.verify(certificate=None, dmarc=None, svg=OTHER_LOGO)) == {"verify.certificate-unreadable"}


def test_a_comparison_of_nothing_never_passes(world: World) -> None:
    report = world.verify(svg=None, certificate=None, dmarc=None, record=None)
    assert (rules(report), report.ok, report.complete) == ({"verify.nothing-planned"}, True, False)


def test_files_whose_record_was_not_planned_are_missed_where_no_record_names_them(world: World) -> None:
    world.publish("v=BIMI1; l=; a=")
    assert rules(world.verify(record=None)) == {"verify.not-published"}
    world.zone.remove(NAME)
    assert rules(world.verify(record=None)) == {"verify.not-published"}
    world.zone.fail(NAME, "servfail")
    report = world.verify(record=None)
    assert (rules(report), report.ok, report.complete) == ({"verify.dns-undecided"}, True, False)


def test_the_hosted_logo_is_held_against_the_planned_certificate_where_none_can_be_had(world: World) -> None:
    world.web.remove("/vmc.pem")
    assert rules(world.verify(svg=None)) == {"web.not-found"}
    world.web.put("/logo.svg", OTHER_LOGO)
    assert rules(world.verify(svg=None)) == {"web.not-found", "match.logo-differs"}


def test_a_zone_plans_all_names_that_it_has_and_is_silent_on_others(world: World) -> None:
    zone = {"_dmarc.example.com": [DMARC]}
    records = {NAME: [world.record], "other._bimi.example.com": ["v=BIMI1; l=; a="]}
    for name in ("news.example.com", "www.example.com"):
        world.zone.add(name, "A", "127.0.0.1")
    assert rules(world.verify(domain="news.example.com", dmarc=zone, record=records)) == set()
    world.zone.add("_dmarc.news.example.com", "TXT", "v=DMARC1; p=none")
    assert rules(world.verify(domain="news.example.com", dmarc=zone, record=records)) == {"verify.dmarc-unexpected"}
    world.publish("v=DMARC1; p=none", "_dmarc.example.com")
    found = rules(world.verify(domain="news.example.com", dmarc=zone, record=records))
    assert found == {"verify.dmarc-unexpected", "verify.dmarc-changed"}


def test_selectors_and_local_parts_are_publications_of_their_own(world: World) -> None:
    world.zone.add("brand._bimi.example.com", "TXT", world.record)
    report = world.verify(selector="brand")
    assert (report.subject, report.findings) == ("brand._bimi.example.com", ())
    assert rules(world.verify(selector="none")) == {"verify.record-missing"}
    assert rules(world.verify(selector="not a selector")) == {"verify.record-missing"}
    world.publish(world.record + "; lps=")
    world.zone.add("press._bimi.example.com", "TXT", world.record)
    plan = {NAME: world.record + "; lps=", "press._bimi.example.com": world.record}
    report = world.verify(local_part="press", record=plan)
    assert (report.subject, report.findings) == ("press@example.com", ())
    world.publish("v=BIMI1; l=; a=", "press._bimi.example.com")
    assert "verify.record-changed" in rules(world.verify(local_part="press", record=plan))


def test_what_is_no_domain_is_told_and_nothing_is_asked(world: World) -> None:
    report = world.verify(domain="not a domain")
    assert (rules(report), report.ok) == ({"bimikit.domain-invalid"}, False)
    assert world.zone.queries == []


def test_a_server_that_nobody_can_trust_is_a_finding_of_its_own() -> None:
    with Web(["www.example.com"], expired=True) as web, Zone() as zone:
        report = World(web, zone).verify()
    assert rules(report) == {"web.tls-expired"}
    assert (report.ok, len(report.findings)) == (False, 2)


def test_a_gathered_text_never_breaks_the_report(world: World) -> None:
    for text in ("v=BIMI1; l=\x1b[31mx; \u202ea=\n", "v=BIMI1" + ";" * 3000, "v=BIMI1; l=" + "x" * 3000):
        world.publish(text)
        assert rules(world.verify()) == {"verify.record-changed"}


@pytest.mark.parametrize(
    ("one", "other", "index"),
    [
        ("", "", 0),
        ("a", "a", 1),
        ("a", "ab", 1),
        ("ab", "ac", 1),
        ("x" * 5000, "x" * 5000 + "y", 5000),
        ("x" * 5000 + "a" + "z" * 9000, "x" * 5000 + "b" + "z" * 9000, 5000),
        ("x" * 4096 + "a", "x" * 4096 + "b", 4096),
    ],
)
def test_where_two_texts_begin_to_differ(one: str, other: str, index: int) -> None:
    assert first_difference(one, other) == first_difference(other, one) == index
    assert first_difference(one.encode(), other.encode()) == index


@pytest.mark.parametrize(
    ("text", "index", "place"),
    [
        ("abc", 0, (1, 1)),
        ("a\nbc", 3, (2, 2)),
        ("a\r\nbc", 4, (2, 2)),
        ("a\rbc", 3, (2, 2)),
        ("a\r\nb", 2, (1, 2)),
        ("a\n", 2, (2, 1)),
    ],
)
def test_lines_and_columns_count_as_xml_has_it(text: str, index: int, place: tuple[int, int]) -> None:
    assert line_and_column(text, index) == place


# the command


@pytest.fixture
def repository(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    world.write(tmp_path)
    return world


def run(*arguments: str, lang: str = "en") -> Result:
    done = CliRunner().invoke(main, ["verify", "--at", "2026-11-24", "--lang", lang, *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


STATUS: dict[str, tuple[Callable[[World], object], int]] = {
    "the same": (lambda w: None, 0),
    "changed": (lambda w: w.web.put("/logo.svg", OTHER_LOGO), 1),
    "missing": (lambda w: w.web.remove("/vmc.pem"), 1),
    "no record": (lambda w: w.zone.remove(NAME), 1),
    "unknown": (lambda w: w.zone.fail(NAME, "servfail"), 3),
    "server error": (lambda w: w.web.put("/vmc.pem", status=500), 3),
    "changed and unknown": (lambda w: (w.web.put("/logo.svg", b""), w.zone.fail("_dmarc.example.com", "refused")), 1),
    "file gone": (lambda w: Path("logo.svg").unlink(), 2),
    "zone unreadable": (lambda w: Path("example.com.zone").write_text("("), 2),
    "no publication": (lambda w: Path("bimikit.toml").write_text(""), 2),
}


@pytest.mark.parametrize(("change", "status"), STATUS.values(), ids=STATUS.keys())
def test_the_exit_status_tells_changed_from_unknown(
    repository: World, change: Callable[[World], object], status: int
) -> None:
    change(repository)
    done = run()
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("example.com",), 0),
        (("EXAMPLE.com.",), 0),
        ((NAME,), 0),
        (("exampel.com",), 2),
        (("example.com", "example.org"), 2),
        (("--no-config",), 2),
        (("--wait", "soon"), 2),
        (("--wait", "0s"), 2),
        (("--wait", "48h"), 2),
        (("--every", "3s"), 2),
        (("--resolver", "nonsense"), 2),
        (("--timeout", "0"), 2),
        (("--ca-bundle", "logo.svg"), 2),
        (("--config", "missing.toml"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_arguments_choose_and_are_checked(repository: World, arguments: tuple[str, ...], status: int) -> None:
    assert run(*arguments).exit_code == status


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_tells_every_kind_of_answer(repository: World, name: str, lang: str) -> None:
    repository.web.put("/logo.svg", OTHER_LOGO)
    repository.zone.fail("_dmarc.example.com", "servfail")
    done = run("-f", name, lang=lang)
    assert done.exit_code == 1
    for rule in ("verify.logo-changed", "verify.dns-undecided"):
        assert rule in done.stdout


def test_several_publications_are_verified_and_named_ones_alone(repository: World) -> None:
    repository.zone.add("brand._bimi.example.com", "TXT", "v=BIMI1; l=; a=")
    with Path("bimikit.toml").open("a") as file:
        file.write('[[publications]]\ndomain = "example.com"\nselector = "brand"\nrecord = "v=BIMI1; l=;"\n')
    done = run("-f", "json")
    assert done.exit_code == 1
    reports = json.loads(done.stdout)["reports"]
    assert [(one["subject"], one["ok"]) for one in reports] == [
        ("example.com", True),
        ("brand._bimi.example.com", False),
    ]
    assert run(NAME).exit_code == 0
    assert run("brand._bimi.example.com").exit_code == 1
    assert run("example.com").exit_code == 1


def test_what_a_configuration_asks_of_files_does_not_hide_a_change(repository: World, tmp_path: Path) -> None:
    extra = 'select = ["svg."]\nproviders = ["gmail"]\nrequire = ["revocation"]'
    repository.write(tmp_path, extra=extra)
    assert run().exit_code == 0
    repository.web.put("/logo.svg", OTHER_LOGO)
    assert run().exit_code == 1
    assert "ready" not in run().stdout


def test_a_change_is_ignored_for_a_file_with_a_reason_until_a_day(repository: World, tmp_path: Path) -> None:
    repository.web.put("/logo.svg", LOGO.replace(b"\n", b"\r\n"))
    assert run("--ignore", "match.").exit_code == 1
    for until, status in (("2026-11-24", 0), ("2026-11-23", 1)):
        ignore = f"until = {until}\nfiles = ['logo.svg']\nrules = ['verify.logo-changed']\nreason = 'the CDN'"
        repository.write(tmp_path)
        with Path("bimikit.toml").open("a") as file:
            file.write(f"[[ignores]]\n{ignore}\n")
        assert run().exit_code == status


@pytest.mark.parametrize(
    "choice",
    [
        ("--select", "svg."),
        ("--select", "web.,match."),
        ("--ignore", "verify."),
        ("--select", "verify.logo-changed", "--ignore", "verify.logo"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(("lang", "words"), [("en", "begin with 'verify.'"), ("ja", "'verify.'で始まるルール")])
def test_a_choice_that_leaves_out_the_comparison_is_refused(
    repository: World, choice: tuple[str, ...], lang: str, words: str
) -> None:
    repository.zone.remove("_dmarc.example.com")
    done = run(*choice, lang=lang)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_a_configuration_that_leaves_out_the_comparison_is_refused(repository: World, tmp_path: Path) -> None:
    repository.write(tmp_path, extra="ignore = ['verify.']")
    assert run().exit_code == 2


LEFT_OUT: dict[str, tuple[Callable[[World], object], tuple[str, ...]]] = {
    "a record": (lambda w: w.zone.remove("_dmarc.example.com"), ("--select", "verify.logo-changed")),
    "an unknown record": (lambda w: w.zone.fail(NAME, "servfail"), ("--ignore", "verify.dns-undecided")),
    "a logo": (lambda w: w.web.put("/logo.svg", OTHER_LOGO), ("--ignore", "verify.logo-changed,match.")),
    "a certificate": (lambda w: w.web.put("/vmc.pem", b"x"), ("--ignore", "verify.certificate-changed")),
    "a missing file": (lambda w: w.web.remove("/vmc.pem"), ("--ignore", "web.not-found")),
    "an address": (lambda w: w.publish("v=BIMI1; l=; a="), ("--ignore", "verify.record-changed")),
}


@pytest.mark.parametrize(("change", "choice"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_nothing_is_called_as_planned_beside_a_difference_that_was_left_out(
    repository: World, change: Callable[[World], object], choice: tuple[str, ...], name: str
) -> None:
    change(repository)
    done = run(*choice, "-f", name)
    assert done.exit_code == 0
    assert "as planned, apart from what was left out" in done.stdout.lower()
    assert "published as planned" not in done.stdout.lower()
    assert "除外したもののほかは、計画どおりです" in run(*choice, "-f", name, lang="ja").stdout


@pytest.mark.parametrize("choice", [("--select", "verify."), ("--ignore", "web.")], ids=" ".join)
def test_a_choice_that_leaves_out_no_difference_is_as_planned(repository: World, choice: tuple[str, ...]) -> None:
    assert "published as planned" in run(*choice).stdout
    repository.publish("v=DMARC1;p=reject;rua=mailto:d@example.com", "_dmarc.example.com")
    assert "published as planned" in run(*choice).stdout


def glance(report: Report, lang: str = "en") -> dict[str, str]:
    return dict(verification.rows(report, lang))


def test_both_sides_of_a_difference_are_labelled(world: World) -> None:
    world.web.put("/logo.svg", OTHER_LOGO + b" ")
    report = world.verify()
    ours, theirs = (sha256(logo).hexdigest()[:16] for logo in (OTHER_LOGO + b" ", LOGO))
    url = world.web.url("/logo.svg")
    assert glance(report)["Logo (l=)"] == (
        f"not the same · published: {len(LOGO) + 1} bytes, sha256 {ours}…, {url} · "
        f"planned: {len(LOGO)} bytes, sha256 {theirs}…"
    )
    assert f"公開中：{len(LOGO) + 1}バイト、sha256 {ours}…" in glance(report, "ja")["ロゴ（l=）"]


@pytest.mark.parametrize(
    ("change", "label", "state"),
    [
        (lambda w: w.zone.remove("_dmarc.example.com"), "DMARC record", "missing"),
        (lambda w: w.zone.remove(NAME), "Assertion Record", "missing"),
        (lambda w: w.zone.remove(NAME), "Logo (l=)", "missing"),
        (lambda w: w.publish("v=BIMI1; l=; a="), "Certificate (a=)", "missing"),
        (lambda w: w.publish("v=BIMI1; l=; a="), "Assertion Record", "not the same"),
        (lambda w: w.zone.fail(NAME, "servfail"), "Logo (l=)", "could not be found out"),
        (lambda w: w.web.remove("/logo.svg"), "Logo (l=)", "could not be had"),
    ],
)
def test_what_is_missing_is_called_missing(
    world: World, change: Callable[[World], object], label: str, state: str
) -> None:
    change(world)
    assert glance(world.verify())[label].split(" · ")[0] == state


_FOR_PROGRAMS = ("json", "jsonl", "sarif")
"""Formats that give a citation as the library does, besides the words."""


def test_a_japanese_report_cites_and_counts_in_japanese(world: World) -> None:
    world.web.put("/logo.svg", LOGO.replace(b"\n", b"\r\n"))
    report = world.verify()
    shown = render("text", [report], lang="ja")
    assert "根拠: bimikit：計画との比較（bimikit独自の推奨・制限）" in shown
    assert "計画どおりに公開されていません（エラー" in shown
    for name in FORMATS:
        assert "comparison with the plan" not in render(name, [report], lang="ja") or name in _FOR_PROGRAMS


# waiting


def test_waiting_ends_at_once_when_all_is_as_planned(repository: World) -> None:
    start = time.monotonic()
    assert run("--wait", "1h").exit_code == 0
    assert time.monotonic() - start < 10


def test_waiting_sees_a_change_that_comes_while_it_waits(repository: World) -> None:
    repository.zone.remove(NAME)
    change = threading.Timer(1.5, lambda: repository.zone.add(NAME, "TXT", repository.record))
    change.start()
    start = time.monotonic()
    done = run("--wait", "40s", "--every", "1s")
    change.join()
    assert done.exit_code == 0, done.output
    assert time.monotonic() - start < 20


def test_waiting_ends_within_its_bound_with_the_last_answer(repository: World) -> None:
    repository.web.put("/logo.svg", OTHER_LOGO)
    start = time.monotonic()
    done = run("--wait", "3s", "--every", "1s")
    assert done.exit_code == 1
    assert "verify.logo-changed" in done.stdout
    assert 3 <= time.monotonic() - start < 15
    assert len([one for one in repository.web.requests if one.path == "/logo.svg"]) >= 3


def test_waiting_ends_at_once_when_what_is_left_is_ignored(repository: World, tmp_path: Path) -> None:
    repository.web.put("/logo.svg", OTHER_LOGO)
    rules = "verify.logo-changed,match.logo-differs"
    start = time.monotonic()
    assert run("--wait", "1h", "--ignore", rules).exit_code == 0
    assert run("--wait", "1h", "--select", "verify.record").exit_code == 0
    with Path("bimikit.toml").open("a") as file:
        file.write(
            "[[ignores]]\nfiles = ['logo.svg', 'vmc.pem']\n"
            "rules = ['verify.logo-changed', 'match.logo-differs']\nreason = 'a trial'\nuntil = 2026-11-30\n"
        )
    assert run("--wait", "1h").exit_code == 0
    repository.write(tmp_path, extra=f"ignore = {rules.split(',')}")
    assert run("--wait", "1h").exit_code == 0
    assert time.monotonic() - start < 30


def test_waiting_goes_on_for_what_is_not_ignored(repository: World) -> None:
    repository.web.put("/logo.svg", OTHER_LOGO)
    start = time.monotonic()
    assert run("--wait", "2s", "--every", "1s", "--ignore", "verify.logo-changed").exit_code == 1
    assert time.monotonic() - start >= 2


class Running:
    """`bimikit verify` as a program of its own, which a test interrupts."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "bimikit", "verify", "--at", "2026-11-24", "--lang", "en", *arguments]
        self.program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def interrupt(self, number: int, when: Callable[[], bool]) -> tuple[int, str, str, float]:
        """Its status, what it wrote, and the seconds it took to end, once interrupted."""
        with self.program:
            end = time.monotonic() + 30
            while not when() and time.monotonic() < end and self.program.poll() is None:
                time.sleep(0.05)
            start = time.monotonic()
            self.program.send_signal(number)
            written, told = self.program.communicate(timeout=30)
        return self.program.returncode, written, told, time.monotonic() - start


INTERRUPTS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def logos(world: World) -> int:
    return len([one for one in world.web.requests if one.path == "/logo.svg"])


@POSIX
@INTERRUPTS
def test_who_breaks_off_waiting_gets_the_last_answer_at_once(repository: World, number: int) -> None:
    repository.web.put("/logo.svg", OTHER_LOGO)
    running = Running("--wait", "1h", "--every", "1s", "-f", "json", "-o", "out.json")
    status, written, told, took = running.interrupt(number, lambda: logos(repository) >= 2)
    assert (status, written) == (130, ""), told
    assert "waiting was broken off" in told
    assert "Aborted" not in told
    report = json.loads(Path("out.json").read_bytes())
    assert "verify.logo-changed" in {one["rule"] for one in report["findings"]}
    assert took < 3


@POSIX
@INTERRUPTS
def test_a_download_that_drips_holds_nobody(repository: World, number: int) -> None:
    config = Path("bimikit.toml")
    config.write_text(config.read_text().replace("\ntimeout = 2.0", "\ntimeout = 20.0"))
    repository.web.put("/logo.svg", OTHER_LOGO, drip=(1, 1.0))
    status, written, told, took = Running("--wait", "1h").interrupt(number, lambda: logos(repository) >= 1)
    assert (status, written) == (130, "")
    assert "broken off before there was an answer on example.com" in told
    assert took < 3


@POSIX
def test_an_answer_of_one_publication_is_written_while_another_is_still_awaited(repository: World) -> None:
    config = Path("bimikit.toml")
    config.write_text(config.read_text().replace("\ntimeout = 2.0", "\ntimeout = 20.0"))
    with config.open("a") as file:
        file.write('[[publications]]\ndomain = "example.org"\nrecord = "v=BIMI1; l=;"\n')
    repository.zone.add("default._bimi.example.org", "TXT", f"v=BIMI1; l={repository.web.url('/slow.svg')};")
    repository.web.put("/slow.svg", LOGO, drip=(1, 1.0))
    running = Running("--wait", "1h", "-f", "json")
    begun = time.monotonic()

    def answered() -> bool:
        slow = [one for one in repository.web.requests if one.path == "/slow.svg"]
        return bool(slow) and logos(repository) >= 1 and time.monotonic() - begun > 5

    status, written, told, took = running.interrupt(signal.SIGINT, answered)
    assert status == 130, told
    assert json.loads(written)["subject"] == "example.com"
    assert "waiting was broken off" in told
    assert "no answer" not in told
    assert "an answer on example.org" in told
    assert took < 3


@POSIX
def test_without_waiting_an_interrupt_tells_no_answer(repository: World) -> None:
    config = Path("bimikit.toml")
    config.write_text(config.read_text().replace("\ntimeout = 2.0", "\ntimeout = 20.0"))
    repository.web.put("/logo.svg", OTHER_LOGO, drip=(1, 1.0))
    status, written, told, took = Running().interrupt(signal.SIGINT, lambda: logos(repository) >= 1)
    assert (status, written, told) == (130, "", "bimikit: interrupted before it was finished\n")
    assert took < 3


def report(*, good: bool, ttl_at: str = "") -> Report:
    rule = bimikit.all_rules()["verify.record-changed"]
    place = bimikit.Location(line=1, column=1, dns_name=ttl_at or None)
    finding = bimikit.Finding(rule.id, Severity.ERROR, Outcome.FAIL, rule.citation, rule.applicability, {}, (place,))
    return Report("verification", "example.com", AT, () if good else (finding,))


def test_only_what_is_not_as_planned_is_asked_again() -> None:
    asked = {"good": 0, "late": 0}

    def good() -> Report:
        asked["good"] += 1
        return report(good=True)

    def late() -> Report:
        asked["late"] += 1
        return report(good=asked["late"] > 2)

    pauses: list[float] = []
    reports = until_settled([good, late], 20, 0.05, tell=lambda waiting: pauses.append(waiting.pause))
    assert [one.ok for one in reports] == [True, True]
    assert (asked, pauses) == ({"good": 1, "late": 3}, [0.05, 0.05])


def test_the_pause_follows_what_is_remembered_and_the_bound() -> None:
    with Zone() as zone:
        zone.add("a.example", "TXT", "x", ttl=12)
        told = []
        answers = iter([report(good=False, ttl_at="a.example"), report(good=True)])
        resolver = zone.resolver()
        until_settled([lambda: next(answers)], 600, resolver=resolver, tell=told.append)
    assert (told[0].remembered, told[0].pause) == (12, pytest.approx(1.2))
    assert timedelta(seconds=told[0].rest) > timedelta(minutes=9)
