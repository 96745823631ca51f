"""`expiry_of`, `expiry_of_domain` and `bimikit expiry`: when certificates end, as a table, a calendar and metrics."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from icalendar import Calendar
from prometheus_client.parser import text_string_to_metric_families
from support import AT, ROOT

import bimikit
from bimikit import Outcome, Report
from bimikit.cli import main
from bimikit.demands import with_days_left
from bimikit.expiry.watch import together
from bimikit.locale import term
from bimikit.output import FORMATS
from bimikit.output.expiry import render
from bimikit.testing import LOGO, MarkCA, Web, Zone
from bimikit.testing.plan import to_pem

CA = MarkCA(at=AT)
ISSUED = CA.issue("example.com")
END = datetime(2027, 11, 25, 23, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)


def look(data: bytes = ISSUED.pem, *, days: int = 30, at: datetime = AT, name: str = "vmc.pem") -> Report:
    report = bimikit.expiry_of(data, days=days, at=at, trust=CA.trust, name=name)
    jsonschema.validate(report.to_dict(), bimikit.report_schema())
    assert Report.from_json(report.to_json("ja")) == report
    return report


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_each_certificate_of_the_chain_is_told_what_ends_first_at_the_top() -> None:
    report = look()
    assert (report.kind, report.subject, report.ok, report.complete, report.findings) == (
        "expiry", "vmc.pem", True, True, (),
    )  # fmt: skip
    rows = report.facts["certificates"]
    assert [(row["role"], row["subject"]) for row in rows] == [
        ("mark", "Acme K.K."),
        ("issuing-ca", "Test Verified Mark CA 1"),
        ("root", "Test Verified Mark Root"),
    ]
    first = rows[0]
    assert first["domains"] == ["example.com"]
    assert (first["not_after"], first["days_left"], first["act_from"]) == ("2027-11-25T23:59:59Z", 366, "2027-10-27")
    assert [row["not_after"] for row in rows] == sorted(row["not_after"] for row in rows)
    assert set(report.results.values()) == {Outcome.PASS}


@pytest.mark.parametrize(
    ("at", "days", "left", "rule"),
    [
        (END - 30 * DAY, 30, 30, None),
        (END - 30 * DAY + timedelta(seconds=1), 30, 29, "expiry.soon"),
        (datetime(2027, 10, 27, tzinfo=UTC), 30, 29, "expiry.soon"),
        (datetime(2027, 10, 26, tzinfo=UTC), 30, 30, None),
        (END - DAY, 1, 1, None),
        (END - timedelta(seconds=1), 1, 0, "expiry.soon"),
        (END, 1, 0, "expiry.soon"),
        (END, 0, 0, None),
        (END + timedelta(seconds=1), 0, -1, "expiry.ended"),
        (END + 40 * DAY, 30, -40, "expiry.ended"),
    ],
)
def test_full_days_are_counted_in_utc_and_so_many_are_enough(
    at: datetime, days: int, left: int, rule: str | None
) -> None:
    report = look(at=at, days=days)
    assert report.facts["certificates"][0]["days_left"] == left
    assert rules(report) == ([rule] if rule else [])
    assert report.ok is (rule is None)


def test_the_same_moment_in_another_zone_is_the_same_moment() -> None:
    tokyo = datetime.fromisoformat("2027-10-27T08:59:59+09:00")
    assert look(at=tokyo).facts == look(at=datetime(2027, 10, 26, 23, 59, 59, tzinfo=UTC)).facts


@pytest.mark.parametrize("days", [1, 30, 365, 36500, 10**6])
def test_the_day_from_which_to_act_is_the_first_on_which_it_is_soon(days: int) -> None:
    act = date.fromisoformat(look(days=days).facts["certificates"][0]["act_from"])
    if days == 10**6:
        assert act == date.min
        return
    day = datetime.combine(act, datetime.min.time(), UTC)
    assert look(days=days, at=day + DAY - timedelta(seconds=1)).facts["certificates"][0]["state"] == "soon"
    assert look(days=days, at=day - timedelta(seconds=1)).facts["certificates"][0]["state"] == "ok"


def test_a_ca_that_ends_first_counts_as_well() -> None:
    at = datetime(2036, 10, 20, tzinfo=UTC)
    late = MarkCA(at=at)
    with_late_leaf = late.issue("example.com").pem.partition(b"-----END CERTIFICATE-----\n")
    file = b"".join(with_late_leaf[:2]) + to_pem(ISSUED.issuing)
    report = bimikit.expiry_of(file, at=at, trust=CA.trust)
    by_role = {row["role"]: row["state"] for row in report.facts["certificates"]}
    assert (by_role["mark"], by_role["issuing-ca"]) == ("ok", "soon")
    assert rules(report) == ["expiry.soon"]
    finding = report.findings[0]
    assert "Issuing CA" in finding.message
    for lang, of_ca, of_mark in (
        ("en", "certificate of this CA", "Order the renewal"),
        ("ja", "このCA", "更新を申し込み"),
    ):
        told = finding.wording(lang).fix
        assert of_ca in told
        assert of_mark not in told
        events = Calendar.from_ical(render("ics", [report], lang=lang, texts={}, color=False)).walk("VEVENT")
        about = {str(event["SUMMARY"]).partition(" ")[0]: str(event["DESCRIPTION"]) for event in events}
        assert sum(of_ca in text for text in about.values()) == 1
        assert not any(of_ca in text and of_mark in text for text in about.values())


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_to_do_is_told_for_the_certificate_that_ends_alone(lang: str) -> None:
    report = look(at=END - DAY)
    assert rules(report) == ["expiry.soon"]
    assert report.findings[0].wording(lang).fix.startswith(term("expiry.renew-mark", lang))
    demanded = with_days_left(bimikit.check_certificate(ISSUED.pem, at=AT, trust=CA.trust), 400)
    (soon,) = (one for one in demanded.findings if one.rule == "expiry.soon")
    assert soon.wording(lang).fix.startswith(term("expiry.renew-mark", lang))


@pytest.mark.parametrize(
    ("data", "expected", "complete"),
    [
        (to_pem(ISSUED.leaf), ["expiry.issuer-missing"], True),
        (to_pem(ISSUED.root), [], True),
        (to_pem(ISSUED.issuing) + to_pem(ISSUED.root), [], True),
        (CA.issue("example.com", include_root=True).pem, [], True),
        (ISSUED.leaf, ["expiry.issuer-missing"], True),
        (b"", ["expiry.unknown"], False),
        (LOGO, ["expiry.unknown"], False),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", ["expiry.unknown"], False),
        (b"\x30\x82" * 50, ["expiry.unknown"], False),
    ],
)
def test_files_of_every_kind_are_told_without_a_crash(data: bytes, expected: list[str], complete: bool) -> None:
    report = look(data)
    assert (rules(report), report.ok, report.complete) == (expected, True, complete)
    for name in (*FORMATS, "ics", "prometheus"):
        for lang in ("en", "ja"):
            assert render(name, [report], lang=lang, texts={}, color=True) or name == "github"


def test_bad_calls_are_told() -> None:
    for bad, error in (
        ({"days": -1}, ValueError),
        ({"days": True}, TypeError),
        ({"at": datetime(2026, 1, 1)}, ValueError),
    ):
        with pytest.raises(error):
            bimikit.expiry_of(ISSUED.pem, **bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        bimikit.expiry_of("text")  # type: ignore[arg-type]


def test_a_certificate_in_several_files_is_one_row() -> None:
    other = look(CA.issue("example.org").pem, name="other.pem", days=60)
    rows = together([look(), other, look(name="copy.pem")])
    assert [(row.facts["role"], row.sources, row.days) for row in rows] == [
        ("mark", ("other.pem",), 60),
        ("mark", ("vmc.pem", "copy.pem"), 30),
        ("issuing-ca", ("vmc.pem", "other.pem", "copy.pem"), 60),
        ("root", ("vmc.pem", "other.pem", "copy.pem"), 60),
    ]


# the calendar and the metrics, as others read them


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_calendar_has_an_event_with_an_alarm_for_each_certificate(lang: str) -> None:
    written = render("ics", [look(), look(name="b,c;d\\.pem")], lang=lang, texts={}, color=False)
    assert written.endswith("END:VCALENDAR\r\n")
    lines = written.encode().split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    calendar = Calendar.from_ical(written)
    assert str(calendar["PRODID"]) == f"-//bimikit//expiry//{lang.upper()}"
    events = calendar.walk("VEVENT")
    assert not calendar.errors
    assert not any(event.errors for event in events)
    assert len(events) == len({str(event["UID"]) for event in events}) == 3
    event = events[0]
    assert event.decoded("DTSTART") == END
    assert event.decoded("DTSTAMP") == AT
    assert "Acme K.K." in str(event["SUMMARY"])
    assert "b,c;d\\.pem" in str(event["DESCRIPTION"])
    assert "example.com" in str(event["DESCRIPTION"])
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == -30 * DAY
    assert str(alarm["ACTION"]) == "DISPLAY"


def test_the_calendar_keeps_its_identifiers_as_time_goes_by() -> None:
    def identifiers(at: datetime, days: int) -> list[str]:
        written = render("ics", [look(at=at, days=days)], lang="en", texts={}, color=False)
        return [str(event["UID"]) for event in Calendar.from_ical(written).walk("VEVENT")]

    assert identifiers(AT, 30) == identifiers(AT + 100 * DAY, 0)
    (alarm, *_) = Calendar.from_ical(render("ics", [look(days=0)], lang="en", texts={}, color=False)).walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(0)


def test_the_metrics_are_read_by_prometheus() -> None:
    odd = look(name='brand\\"vmc".pem\n')
    written = render("prometheus", [look(), odd, look(b"", name="empty.pem")], lang="ja", texts={}, color=False)
    families = {family.name: family for family in text_string_to_metric_families(written)}
    ends = families["bimikit_certificate_expiry_timestamp_seconds"]
    assert ends.type == "gauge"
    (mark,) = [one for one in ends.samples if one.labels["role"] == "mark" and one.labels["source"] == "vmc.pem"]
    assert mark.value == END.timestamp()
    assert mark.labels["domains"] == "example.com"
    assert {one.labels["source"] for one in ends.samples} == {"vmc.pem", 'brand\\"vmc".pem\\n'}
    act = families["bimikit_certificate_act_timestamp_seconds"].samples[0]
    assert datetime.fromtimestamp(act.value, UTC) == datetime(2027, 10, 27, tzinfo=UTC)
    known = {one.labels["source"]: one.value for one in families["bimikit_certificate_known"].samples}
    assert known == {"vmc.pem": 1, 'brand\\"vmc".pem\\n': 1, "empty.pem": 0}
    (checked,) = families["bimikit_expiry_check_timestamp_seconds"].samples
    assert checked.value == AT.timestamp()


def series(written: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every series of metrics, as a collector tells them apart."""
    return [
        (one.name, tuple(sorted(one.labels.items())))
        for family in text_string_to_metric_families(written)
        for one in family.samples
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("a\nb.pem", "a b.pem"),
        ("a\rb.pem", "a\x1bb.pem", "a\ufffdb.pem"),
        (os.fsdecode(b"\xff.pem"), os.fsdecode(b"\xfe.pem")),
        (" a.pem", "a.pem"),
        ("a\u3000b.pem", "a b.pem"),
    ],
)
def test_different_files_are_different_series(names: tuple[str, ...]) -> None:
    written = render("prometheus", [look(name=name) for name in names], lang="en", texts={}, color=False)
    written.encode()
    found = series(written)
    assert len(found) == len(set(found)) == len(names) * 7 + 1


def test_a_series_stands_once_and_tells_the_worst_of_what_is_called_the_same() -> None:
    reports = [look(days=30), look(days=60), look(b"", days=60)]
    written = render("prometheus", reports, lang="en", texts={}, color=False)
    found = series(written)
    assert len(found) == len(set(found)) == 8
    families = {family.name: family for family in text_string_to_metric_families(written)}
    assert [one.value for one in families["bimikit_certificate_known"].samples] == [0]
    acts = families["bimikit_certificate_act_timestamp_seconds"].samples
    (mark,) = [one.value for one in acts if one.labels["role"] == "mark"]
    assert datetime.fromtimestamp(mark, UTC) == datetime(2027, 9, 27, tzinfo=UTC)


# more in a file than one chain

ENDED = CA.issue("example.com", defect="expired")
MARKER = b"-----BEGIN CERTIFICATE-----\n"


def test_every_mark_certificate_of_a_file_is_told_whatever_stands_first() -> None:
    for data in (ISSUED.pem + ENDED.pem, ENDED.pem + ISSUED.pem):
        report = look(data)
        assert [(row["role"], row["state"]) for row in report.facts["certificates"]] == [
            ("mark", "ended"), ("mark", "ok"), ("issuing-ca", "ok"), ("root", "ok"),
        ]  # fmt: skip
        assert (rules(report), report.ok, report.complete) == (["expiry.ended"], False, True)
    (place,) = look(ISSUED.pem + ENDED.pem).findings[0].locations
    assert place.line == ISSUED.pem.count(b"\n") + 1


def test_a_second_mark_certificate_of_another_authority_has_its_own_chain() -> None:
    lonely = MarkCA(at=AT).issue("example.org", key="p384")
    report = look(ISSUED.pem + to_pem(lonely.leaf))
    assert [row["domains"] for row in report.facts["certificates"] if row["role"] == "mark"] == [
        ["example.com"], ["example.org"],
    ]  # fmt: skip
    assert len({row["sha256"] for row in report.facts["certificates"]}) == len(report.facts["certificates"])


FILLING = to_pem(ISSUED.issuing)
UNREAD = {
    "past the limit": ISSUED.pem + FILLING * 120 + ENDED.pem,
    "only authorities before the limit": FILLING * 120 + ENDED.pem,
    "past mentions of blocks": ISSUED.pem + b"as -----BEGIN CERTIFICATE----- begins\n" * 99 + FILLING * 51 + ENDED.pem,
    "damaged": ISSUED.pem + ENDED.pem.replace(b"\nMII", b"\n!II", 1),
    "cut off": ISSUED.pem + ENDED.pem[:400],
    "no certificate in the block": ISSUED.pem + MARKER + b"MIIB\n-----END CERTIFICATE-----\n",
    "container past the limit": pkcs7.serialize_certificates(
        [x509.load_pem_x509_certificate(MarkCA(at=AT, seed=str(number)).root_pem) for number in range(51)], Encoding.DER
    ),
    "more Mark Certificates than are followed": b"".join(
        to_pem(CA.issue(f"b{number}.example.com").leaf) for number in range(21)
    )
    + FILLING,
}


@pytest.mark.parametrize("data", UNREAD.values(), ids=UNREAD.keys())
def test_what_was_not_read_of_a_file_leaves_its_end_open(data: bytes) -> None:
    report = look(data)
    assert (rules(report), report.ok, report.complete) == (["expiry.unknown"], True, False)
    assert report.facts["certificates"]
    assert report.facts["known"] is False
    assert "a part of it was not read" in report.findings[0].message
    assert "読み取れなかった部分" in report.findings[0].wording("ja").message


def test_mentions_of_blocks_hide_no_certificate() -> None:
    report = look(ISSUED.pem + b"as -----BEGIN CERTIFICATE----- begins\n" * 99 + ENDED.pem)
    assert rules(report) == ["expiry.ended"]


# live, and the command


class World:
    """Domains of all kinds on loopback, and a repository that knows how to ask."""

    def __init__(self, web: Web, zone: Zone, folder: Path) -> None:
        self.web, self.zone, self.folder = web, zone, folder
        for domain, certificate in (
            ("example.com", "/vmc.pem"),
            ("old.example.com", "/old.pem"),
            ("gone.example.com", "/no.pem"),
        ):
            record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url(certificate)}"
            zone.add(f"default._bimi.{domain}", "TXT", record)
        zone.add("default._bimi.plain.example.com", "TXT", f"v=BIMI1; l={web.url('/logo.svg')}; a=")
        zone.fail("default._bimi.silent.example.com", "servfail")
        zone.add("www.example.com", "A", "127.0.0.1")
        web.put("/vmc.pem", ISSUED.pem)
        web.put("/old.pem", CA.issue("old.example.com", age=400, days=380).pem)
        (folder / "brand").mkdir()
        (folder / "brand" / "vmc.pem").write_bytes(ISSUED.pem)
        (folder / "brand" / "second.pem").write_bytes(CA.issue("example.org", days=70).pem)
        (folder / "root.pem").write_bytes(CA.root_pem)
        (folder / "empty").mkdir()
        (folder / "bimikit.toml").write_text(
            f'days-left = 20\n[trust]\nroots = ["root.pem"]\n[network]\nresolver = "127.0.0.1:{zone.port}"\n'
            f"dns-timeout = 2.0\nca-bundle = '{web.ca_bundle}'\nallow-networks = ['127.0.0.0/8']\n"
            '[[publications]]\ndomain = "example.com"\ncertificate = "brand/vmc.pem"\n'
            '[[publications]]\ndomain = "plain.example.com"\nlogo = "brand/logo.svg"\n'
        )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    with Web(["www.example.com"]) as web, Zone() as zone:
        yield World(web, zone, tmp_path)


def run(*arguments: str, at: str = "2026-11-24", lang: str = "en") -> Result:
    done = CliRunner().invoke(main, ["expiry", "--at", at, "--lang", lang, *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), 0),
        (("--days", "367"), 1),
        (("--days", "366"), 0),
        (("brand/vmc.pem",), 0),
        (("brand",), 0),
        (("brand", "--days", "40"), 1),
        (("brand/*.pem", "--days", "40"), 1),
        (("brand/*.pem", "--days", "39"), 0),
        (("missing.pem",), 2),
        (("logo.svg",), 2),
        (("LOGO.SVGZ",), 2),
        (("example.com.zone",), 2),
        (("pyproject.toml",), 2),
        (("--select", "svg."), 2),
        (("brand", "--ignore", "expiry."), 2),
        (("brand", "--select", "expiry.soon", "--days", "40"), 1),
        (("missing.pem", "old.example.com"), 2),
        (("empty",), 2),
        (("nothing*.pem",), 2),
        (("bimikit.toml",), 3),
        (("brand", "bimikit.toml"), 3),
        (("brand", "bimikit.toml", "--days", "400"), 1),
        (("example.com",), 0),
        (("https://EXAMPLE.com/", "info@example.com"), 0),
        (("old.example.com",), 1),
        (("gone.example.com",), 3),
        (("plain.example.com",), 3),
        (("silent.example.com",), 3),
        (("example.net",), 3),
        (("not a.domain",), 3),
        (("silent.example.com", "old.example.com"), 1),
        (("--live",), 0),
        (("--live", "--days", "367"), 1),
        (("--live", "brand"), 2),
        (("--days", "-1"), 2),
        (("--no-config",), 2),
        (("--no-config", "brand/vmc.pem"), 0),
        (("-f", "pdf"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_exit_status_follows_the_threshold(world: World, arguments: tuple[str, ...], status: int) -> None:
    done = run(*arguments)
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output


def test_the_table_begins_with_what_ends_first(world: World) -> None:
    done = run("brand", "old.example.com", "silent.example.com")
    head, *lines = done.stdout.splitlines()
    assert head.split()[:2] == ["ends", "(UTC)"]
    assert "Mark Certificate (has ended)" in lines[0]
    assert lines[0].endswith("old.example.com")
    assert "second.pem" in lines[1]
    assert "undecided[expiry.unknown]" in done.stdout
    assert "the name servers report a failure" in " ".join(done.stdout.split())
    assert lines[-1].endswith("1 ended, 0 end soon, 1 could not be found out")
    japanese = run("brand", "old.example.com", "silent.example.com", lang="ja").stdout
    assert "期限切れ1件" in japanese
    assert japanese.splitlines()[0].startswith("有効期限（UTC）")


@pytest.mark.parametrize(
    ("record", "certificate", "status", "rule"),
    [
        (None, False, 0, "expiry.no-certificate"),
        (None, True, 3, "expiry.unknown"),
        ("v=BIMI1; l=https://www.example.com/logo.svg; a=", False, 0, "expiry.no-certificate"),
        ("v=BIMI1; l=https://www.example.com/logo.svg; a=", True, 3, "expiry.unknown"),
        ("v=BIMI1; l=https://www.example.com/logo.svg; a=http://x.example/", False, 3, "expiry.unknown"),
    ],
)
def test_a_publication_that_names_no_certificate_may_be_without(
    world: World, record: str | None, certificate: bool, status: int, rule: str
) -> None:
    world.zone.add("brand.example", "A", "127.0.0.1")
    if record is not None:
        world.zone.add("default._bimi.brand.example", "TXT", record)
    config = Path("bimikit.toml")
    own = (
        '[[publications]]\ndomain = "brand.example"\ndmarc = "v=DMARC1; p=reject"\n'
        + 'certificate = "brand/vmc.pem"\n' * certificate
    )
    config.write_text(config.read_text().partition("[[publications]]")[0] + own)
    for lang in ("en", "ja"):
        done = run("--live", lang=lang)
        assert done.exit_code == status, done.output
        assert rule in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--select", "expiry.ended,expiry.soon"), 3),
        (("--select", "expiry.soon", "--ignore", "expiry.ended"), 3),
        (("--ignore", "expiry.unknown"), 0),
    ],
)
@pytest.mark.parametrize("target", ["silent.example.com", "bimikit.toml"])
def test_no_choice_of_rules_makes_an_unknown_end_known(
    world: World, target: str, arguments: tuple[str, ...], status: int
) -> None:
    done = run(target, *arguments)
    assert done.exit_code == status, done.output
    assert done.stdout.rstrip().endswith("0 ended, 0 end soon, 1 could not be found out")
    metrics = run(target, *arguments, "-f", "prometheus")
    assert metrics.exit_code == status
    assert f'bimikit_certificate_known{{source="{target}"}} 0\n' in metrics.stdout


def test_a_certificate_that_nobody_needs_is_no_unknown_one(world: World) -> None:
    assert 'known{source="plain.example.com"} 1\n' in run("--live", "-f", "prometheus").stdout


@pytest.mark.parametrize("domain", ["example.com", "EXAMPLE.com"])
def test_no_two_publications_are_one_series(world: World, domain: str) -> None:
    with Path("bimikit.toml").open("a") as file:
        file.write(f'[[publications]]\ndomain = "{domain}"\ndays-left = 400\ndmarc = "v=DMARC1; p=reject"\n')
    done = run("--live", "-f", "prometheus")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "publications[2]" in done.stderr


def test_a_missing_file_is_never_looked_up_as_a_domain(world: World) -> None:
    done = run("logo.svg")
    assert "can't read logo.svg" in done.stderr
    assert world.zone.queries == []


def test_thresholds_of_publications_win_over_the_general_one(world: World) -> None:
    with Path("bimikit.toml").open("a") as file:
        file.write('[[publications]]\ndomain = "example.org"\ncertificate = "brand/second.pem"\ndays-left = 60\n')
    assert run().exit_code == 1
    assert run("--days", "10").exit_code == 0


SELF_ASSERTED = """
[[publications]]
domain = "plain.example.com"
logo = "brand/logo.svg"
[[publications]]
domain = "example.net"
record = "v=BIMI1; l=https://www.example.net/logo.svg; a="
[[publications]]
domain = "example.org"
zone = "zone"
"""
ZONE = '$TTL 1\n@ SOA a b 1 1 1 1 1\ndefault._bimi TXT "v=BIMI1; l=https://www.example.org/logo.svg; a=%s"\n'


@pytest.mark.parametrize(
    ("zone", "more", "status"),
    [
        ("", "", 0),
        ("https://www.example.org/vmc.pem", "", 2),
        ("", '[[publications]]\ndomain = "example.com"\nrecord = "v=BIMI1; l=https://a.example/a.svg; a=https://a.example/a.pem"', 2),
    ],
)  # fmt: skip
def test_where_everything_is_self_asserted_there_is_nothing_to_watch(
    world: World, zone: str, more: str, status: int
) -> None:
    Path("bimikit.toml").write_text(SELF_ASSERTED + more)
    Path("zone").write_text(ZONE % zone)
    for lang, nothing in (("en", "there is nothing to watch"), ("ja", "見張るものはありません")):
        done = run(lang=lang)
        assert (done.exit_code, nothing in done.stderr, done.stdout) == (status, status == 0, ""), done.output


def test_a_report_on_nothing_takes_the_place_of_an_earlier_one(world: World) -> None:
    Path("bimikit.toml").write_text(SELF_ASSERTED)
    Path("zone").write_text(ZONE % "")
    for name, begins in (("ics", "BEGIN:VCALENDAR"), ("prometheus", ""), ("json", "{"), ("sarif", "{"), ("junit", "<")):
        Path("report").write_text("of an earlier certificate")
        done = run("-f", name, "-o", "report")
        assert done.exit_code == 0, done.output
        written = Path("report").read_text()
        assert written.startswith(begins)
        assert "earlier" not in written
    assert run("-f", "ics", "-o", "missing/report").exit_code == 2
    assert run("-f", "ics", "-o", "bimikit.toml").exit_code == 2
    assert Path("bimikit.toml").read_text() == SELF_ASSERTED


def test_without_arguments_nothing_is_asked_and_the_hosted_logo_never_is(world: World) -> None:
    run()
    assert (world.zone.queries, world.web.requests) == ([], [])
    run("example.com")
    assert [request.path for request in world.web.requests] == ["/vmc.pem"]


@pytest.mark.parametrize("name", [*FORMATS, "ics", "prometheus"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_tells_an_end_and_what_is_not_known(world: World, name: str, lang: str) -> None:
    done = run("brand/vmc.pem", "silent.example.com", "-f", name, at="2027-11-20", lang=lang)
    assert done.exit_code == 1
    assert "brand/vmc.pem" in done.stdout.replace("\r\n ", "") or name == "github"
    if name in ("json", "jsonl", "sarif", "junit", "github", "markdown", "html"):
        assert "expiry.soon" in done.stdout
        assert "expiry.unknown" in done.stdout


def test_the_reports_come_with_what_ends_first(world: World) -> None:
    reports = json.loads(run("brand", "old.example.com", "silent.example.com", "-f", "json").stdout)["reports"]
    assert [one["subject"] for one in reports] == [
        "old.example.com", str(Path("brand", "second.pem")), str(Path("brand", "vmc.pem")), "silent.example.com",
    ]  # fmt: skip


def test_an_annotation_names_a_file_but_no_domain(world: World) -> None:
    done = run("brand/vmc.pem", "old.example.com", "-f", "github", at="2027-11-20")
    assert "::error file=brand/vmc.pem," in done.stdout
    assert "file=old.example.com" not in done.stdout


@pytest.mark.parametrize("name", ["prometheus", "ics", "text"])
def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(world: World, name: str) -> None:
    output = Path("bimikit.prom")
    output.write_text("old" * 9999)
    output.chmod(0o640)
    link = Path("link.prom")
    link.symlink_to(output)
    before = output.stat().st_ino
    assert run("brand", "-f", name, "-o", str(link)).exit_code == 0
    assert output.stat().st_ino != before
    assert output.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    content = output.read_bytes()
    assert b"old" not in content
    assert (b"\r\n" in content) is (name == "ics")
    assert not list(Path().glob(".*.tmp"))


def test_an_output_that_cannot_be_written_leaves_nothing_behind(world: World) -> None:
    done = run("brand", "-f", "prometheus", "-o", "no/such/folder.prom")
    assert done.exit_code == 2
    assert "can't write" in done.stderr


def test_the_certificate_of_a_publication_can_be_ignored_until_a_day(world: World) -> None:
    with Path("bimikit.toml").open("a") as file:
        file.write(
            "[[ignores]]\nfiles = ['brand/**']\nrules = ['expiry.soon']\nreason = 'ordered'\nuntil = 2027-11-20\n"
        )
    assert run(at="2027-11-20").exit_code == 0
    assert run(at="2027-11-21").exit_code == 1


def test_the_example_of_the_guide_is_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    guide = (ROOT / "docs" / "expiry.md").read_text(encoding="utf-8")
    code = guide.partition("```python\n")[2].partition("```")[0]
    exec(compile(code, "expiry.md", "exec"), {})  # noqa: S102 - our own page
    assert f"prints `{capsys.readouterr().out.strip()}`" in guide
