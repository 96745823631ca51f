"""`bimikit scan`: what it writes in each format, how it goes on after any end, and what it says when it can't."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace
from support import interrupted

from bimikit.cli import main
from bimikit.cli.streams import PIPE_CLOSED
from bimikit.output.scan import MOST_SHOWN, ORDER, Tally, as_html, line, markdown, why
from bimikit.portfolio.row import BARRED, READY, Hosted, Scanned, Sending, View
from bimikit.portfolio.rows import read_rows
from bimikit.portfolio.sinks import open_sink
from bimikit.testing import LOGO, MarkCA, Web, Zone

GOOD = "v=DMARC1; p=reject; rua=mailto:d@brand.example"
RECORD = "v=BIMI1; l=https://brand.example/logo.svg; a=https://brand.example/vmc.pem"
NAMES = ("brand.example", "soft.example", "bare.example", "news.brand.example", "sick.example", "no domain")
STATES = {
    "brand.example": "ready",
    "soft.example": "barred",
    "bare.example": "no-record",
    "news.brand.example": "ready",
    "sick.example": "undecided",
    "no domain": "no-domain",
}


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    records = {
        "_dmarc.brand.example": GOOD,
        "default._bimi.brand.example": RECORD,
        "spring._bimi.bare.example": RECORD,
        "_dmarc.soft.example": "v=DMARC1; p=none; rua=mailto:d@brand.example",
        "_dmarc.bare.example": "v=DMARC1; p=quarantine",
        "bare.example": [("MX", "0 ."), ("TXT", "v=spf1 -all")],
        "brand.example": [("MX", "10 mail.brand.example"), ("TXT", "v=spf1 include:a.example include:b.example")],
        "s1._domainkey.bare.example": "v=DKIM1; p=",
        "s2._domainkey.bare.example": "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    }
    with Zone(records, faults={"_dmarc.sick.example": "servfail"}) as zone:
        yield zone


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    Path("names.txt").write_text("\n".join(NAMES), encoding="utf-8")


def scan(zone: Zone, *options: str, file: str = "names.txt", given: str | None = None) -> Result:
    command = ["scan", file, "--resolver", f"127.0.0.1:{zone.port}", *options]
    return CliRunner().invoke(main, command, input=given, catch_exceptions=False)


def test_each_domain_has_a_line_and_the_whole_stands_at_the_end(zone: Zone) -> None:
    shown = scan(zone)
    lines, _, end = shown.stdout.partition("\n\n")
    assert sorted(lines.splitlines()) == [
        "DMARC bars it       soft.example  p=none",
        "no BIMI record      bare.example  p=quarantine",
        "no domain name      no domain  more than one name, or a blank in it",
        "not found out       sick.example  no answer for _dmarc.sick.example",
        "records in place    brand.example  p=reject",
        "records in place    news.brand.example  p=reject (from brand.example), record at default._bimi.brand.example",
    ]
    assert end.splitlines()[0] == "Domains: 6"
    assert [one.split()[-1] for one in end.splitlines()[1:]] == ["2", "1", "1", "1", "1"]
    assert (shown.exit_code, shown.stderr) == (3, "")


def test_nothing_left_open_is_success(zone: Zone) -> None:
    assert scan(zone, given="soft.example\n", file="-").exit_code == 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_rows_go_to_the_file_whose_name_tells_the_format(zone: Zone, form: str) -> None:
    shown = scan(zone, "-o", f"out.{form}")
    assert (shown.stdout, shown.stderr, shown.exit_code) == ("", "", 3)
    rows = {row.domain: row for row in read_rows(Path(f"out.{form}"))}
    assert {name: row.state for name, row in rows.items()} == STATES
    assert [rows[name].number for name in NAMES] == [1, 2, 3, 4, 5, 6]
    brand = rows["brand.example"]
    assert brand.rfc9989 == brand.rfc7489
    assert (brand.dmarc, brand.location) == ((GOOD,), "https://brand.example/logo.svg")
    assert all(row.at.endswith("Z") for row in rows.values())


def test_every_format_of_rows_says_the_same(zone: Zone) -> None:
    for form in ("jsonl", "csv", "sqlite"):
        scan(zone, "-o", f"out.{form}", "--sending")
    found = [
        sorted((replace(row, at="") for row in read_rows(Path(f"out.{form}"))), key=lambda row: row.number)
        for form in ("jsonl", "csv", "sqlite")
    ]
    for lines, *others in zip(*found, strict=True):
        assert others == [lines, lines]


def test_rows_are_streamed_to_standard_output(zone: Zone) -> None:
    lines = scan(zone, "-f", "jsonl").stdout.splitlines()
    assert {row["domain"]: row["state"] for row in map(json.loads, lines)} == STATES
    table = list(csv.DictReader(io.StringIO(scan(zone, "-f", "csv").stdout)))
    assert {row["domain"]: row["state"] for row in table} == STATES


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_pages_have_every_domain_and_leave_no_rows_behind(zone: Zone, form: str, lang: str) -> None:
    file = f"out.{'md' if form == 'markdown' else 'html'}"
    assert scan(zone, "-o", file, "--lang", lang).exit_code == 3
    page = Path(file).read_text(encoding="utf-8")
    assert all(name in page for name in NAMES)
    assert ("Many domains" if lang == "en" else "多数のドメイン") in page
    assert sorted(path.name for path in Path().iterdir()) == sorted(["names.txt", file])
    assert scan(zone, "-f", form, "--lang", lang).stdout == page


def test_a_page_shows_the_first_domains_of_each_outcome_and_says_how_many_there_are() -> None:
    tally = Tally()
    view = View("record", policy="reject", eligible=True, bimi="found")
    for number in range(2 * MOST_SHOWN + 7, 0, -1):
        tally.add(Scanned(f"<d{number}>|.example", READY, view, view, number=number))
    for page in (markdown(tally, lang="en"), as_html(tally, lang="en")):
        assert page.count("p=reject") == MOST_SHOWN
        assert f"The first {MOST_SHOWN:,} of {tally.count:,};" in page
        assert f"d{MOST_SHOWN}&" in page
        assert f"d{MOST_SHOWN + 1}&" not in page
        assert "<d1>" not in page


def test_a_domain_of_which_the_standards_differ_says_both() -> None:
    new = View("record", policy="reject", applied_policy="quarantine", bars=("quarantine-testing",))
    old = View("record", record_at="a.example", policy="none", bars=("policy-none", "subdomain-none"))
    row = Scanned("x.a.example", BARRED, new, old)
    assert why(row, "en") == (
        "p=reject, applied as quarantine by RFC 9989, p=none (from a.example) by RFC 7489, Quarantine in test mode, "
        "Subdomain policy “none”"
    )
    assert "\x1b[31;1m" in line(row, lang="ja", color=True)
    assert set(STATES.values()) <= set(ORDER)


def test_nothing_of_strangers_steers_what_shows_it() -> None:
    text = "\x1b[31m\0\x9b2J\u202e\u2066<b>|`x`\n# y"
    view = View("record", text, text, text, text, bars=("policy-none",), bimi="found", bimi_at=text)
    hosted, sending = Hosted("fail", ("web.unreachable",)), Sending("valid", text, rules=("spf.syntax",))
    tally = Tally()
    for number, state in enumerate(ORDER, 1):
        bad = {"reason": "domain.label"} if state == "no-domain" else {"reason": text}
        row = Scanned(
            text, state, view, view, (text,), text, text, number=number, hosted=hosted, sending=sending, **bad
        )
        tally.add(row)
        assert line(row, lang="ja", color=False).isprintable()
    for page in (markdown(tally, lang="en"), as_html(tally, lang="en")):
        assert all(one.isprintable() for one in page.split("\n"))
        assert "<b>" not in page
        assert "\n# y" not in page


def test_the_formats_of_input(zone: Zone) -> None:
    Path("x.csv").write_text("owner;domain\nx;soft.example\n", encoding="utf-8")
    Path("x.zone").write_text("$ORIGIN soft.example.\n@ IN NS a\n", encoding="utf-8")
    inventory = '[inventory]\norganization = "x"\n[[domain]]\nname = "bare.example"\nselector = "spring"\n'
    Path("x.toml").write_text(inventory, encoding="utf-8")
    for file, said in (("x.csv", "soft.example  p=none"), ("x.zone", "soft.example  p=none"), ("x.toml", "in place")):
        assert said in scan(zone, file=file).stdout
    assert (
        "soft.example"
        in scan(zone, "--input", "csv", "--column", "Owner", given="owner\nsoft.example", file="-").stdout
    )


def test_a_selector_is_that_of_all_domains(zone: Zone) -> None:
    assert "records in place    bare.example" in scan(zone, "--selector", "spring").stdout


# further looks


def test_sending_is_looked_at_where_that_is_asked_for(zone: Zone) -> None:
    scan(zone, "-o", "x.jsonl", "--dkim", "s1", "--dkim", "s2", "--selector", "spring")
    assert {row.selector for row in read_rows(Path("x.jsonl")) if row.domain != "no domain"} == {"spring"}
    rows = {row.domain: row.sending for row in read_rows(Path("x.jsonl"))}
    bare, brand = rows["bare.example"], rows["brand.example"]
    assert bare is not None
    assert brand is not None
    assert (bare.spf, bare.spf_text, bare.spf_lookups, bare.mx, bare.dkim) == (
        "valid", "v=spf1 -all", 0, ("0 .",), ("s2",),
    )  # fmt: skip
    assert brand.mx == ("10 mail.brand.example.",)
    assert rows["no domain"] is None


def test_hosted_files_are_judged_and_each_is_fetched_once() -> None:
    ca = MarkCA()
    with Web(["logos.example"]) as web, Zone() as zone:
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", ca.issue("a0.example").pem)
        zone.add("logos.example", "A", "127.0.0.1")
        for number in range(8):
            zone.add(f"_dmarc.a{number}.example", "TXT", GOOD)
            record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem') if number < 2 else ''}"
            zone.add(f"default._bimi.a{number}.example", "TXT", record)
        Path("root.pem").write_bytes(ca.root_pem)
        Path("log.pem").write_bytes(ca.log_pem)
        Path("bimikit.toml").write_text('[trust]\nroots = ["root.pem"]\nct-logs = ["log.pem"]\n', encoding="ascii")
        names = "".join(f"a{number}.example\n" for number in range(8))
        options = ("--hosted", "-o", "x.jsonl", "--allow-network", "127.0.0.0/8", "--ca-bundle", str(web.ca_bundle))
        shown = scan(zone, *options, given=names, file="-")
        asked = Counter(request.path for request in web.requests)
    assert shown.exit_code == 3, shown.output  # no list says whether the certificates were revoked
    rows = {row.domain: row.hosted for row in read_rows(Path("x.jsonl"))}
    assert {asked["/logo.svg"], asked["/vmc.pem"]} == {1}
    plain, covered, foreign = (rows[f"a{number}.example"] for number in (5, 0, 1))
    assert plain is not None
    assert covered is not None
    assert foreign is not None
    assert (plain.outcome, plain.certificate) == ("pass", None)
    assert plain.logo == covered.logo
    assert covered.certificate == foreign.certificate is not None
    assert covered.rules == ()
    assert foreign.rules == ("cert.domain-mismatch",)


def test_files_that_could_not_be_had_leave_something_open() -> None:
    with Web(["logos.example"]) as web, Zone() as zone:
        web.put("/logo.svg", b"busy", status=503)
        zone.add("logos.example", "A", "127.0.0.1")
        zone.add("_dmarc.a.example", "TXT", GOOD)
        zone.add("default._bimi.a.example", "TXT", f"v=BIMI1; l={web.url('/logo.svg')}")
        options = ("--hosted", "--allow-network", "127.0.0.0/8", "--ca-bundle", str(web.ca_bundle))
        shown = scan(zone, *options, given="a.example\n", file="-")
    assert shown.exit_code == 3
    assert "files: not all found out (" in shown.stdout
    assert "[web.unreachable]" in shown.stdout


# the end, and going on


def test_a_file_that_is_there_is_neither_overwritten_nor_mixed(zone: Zone) -> None:
    scan(zone, "-o", "x.jsonl")
    before = Path("x.jsonl").read_bytes()
    shown = scan(zone, "-o", "x.jsonl")
    assert (shown.exit_code, "x.jsonl is there already" in shown.stderr) == (2, True)
    assert "--resume goes on with it, --replace looks at all domains anew" in shown.stderr
    Path("mine.jsonl").write_text("[1]\n", encoding="utf-8")
    shown = scan(zone, "-o", "mine.jsonl", "--resume")
    assert (shown.exit_code, "no file of a scan (line 1)" in shown.stderr) == (2, True)
    assert (Path("x.jsonl").read_bytes(), Path("mine.jsonl").read_text(encoding="utf-8")) == (before, "[1]\n")


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_a_file_is_replaced_as_a_whole_once_the_new_one_is_whole(zone: Zone, form: str) -> None:
    scan(zone, "-o", f"x.{form}", given="soft.example\n", file="-")
    before = Path(f"x.{form}").read_bytes()
    Path(f"x.{form}").chmod(0o640)
    Path(f"x.{form}.part").write_bytes(b"")
    assert scan(zone, "-o", f"x.{form}", "--replace").exit_code == 3  # what was left of that is begun anew
    assert Path(f"x.{form}").read_bytes() != before
    assert {row.domain for row in read_rows(Path(f"x.{form}"))} == set(NAMES)
    assert os.name == "nt" or Path(f"x.{form}").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in Path().iterdir()) == ["names.txt", f"x.{form}"]


@pytest.mark.skipif(os.name == "nt", reason="no links there without more rights")
@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "html"])
def test_of_a_link_what_it_leads_to_is_replaced_and_only_who_could_read_it_can(zone: Zone, form: str) -> None:
    Path("kept").mkdir()
    scan(zone, "-o", f"kept/x.{form}", given="soft.example\n", file="-")
    Path(f"kept/x.{form}").chmod(0o600)
    Path(f"x.{form}").symlink_to(f"kept/x.{form}")
    scan(zone, "-o", f"x.{form}", "--replace")
    assert Path(f"x.{form}").is_symlink()
    assert Path(f"kept/x.{form}").stat().st_mode & 0o777 == 0o600
    assert b"sick.example" in Path(f"kept/x.{form}").read_bytes()
    assert sorted(map(str, Path().rglob("x.*"))) == [f"kept/x.{form}", f"x.{form}"]


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
def test_nobody_else_may_read_the_new_file_before_it_is_whole() -> None:
    Path("many.txt").write_text("".join(f"d{number}.example\n" for number in range(100_000)), encoding="ascii")
    Path("x.sqlite").touch(0o600)
    with Zone(delay=0.001) as zone:
        command = [sys.executable, "-m", "bimikit", "scan", "many.txt", "--resolver", f"127.0.0.1:{zone.port}"]
        command += ["-o", "x.sqlite", "--replace", "--concurrency", "40"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            until_rows("x.sqlite.part")
            modes = {path.name: path.stat().st_mode & 0o777 for path in Path().glob("x.sqlite.part*")}
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    assert set(modes.values()) == {0o600}
    assert "x.sqlite.part-wal" in modes


NOTHING = {
    "nothing": "",
    "blank lines": "\n \n# all\n\n",
    "no names": "*** \n!!\n",
    "a binary file": "\0\1\2\n\x7f\n",
}


@pytest.mark.parametrize("given", NOTHING.values(), ids=list(NOTHING))
@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "html"])
def test_an_input_without_domains_replaces_nothing(zone: Zone, form: str, given: str) -> None:
    scan(zone, "-o", f"x.{form}")
    before = Path(f"x.{form}").read_bytes()
    shown = scan(zone, "-o", f"x.{form}", "--replace", given=given, file="-")
    assert shown.exit_code == 2
    assert "in standard input" in shown.stderr
    assert Path(f"x.{form}").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"), [("", "there is nothing in none.txt"), ("!\n", "no domain name in none.txt")]
)
def test_an_input_without_domains_is_no_success(zone: Zone, content: str, said: str) -> None:
    Path("none.txt").write_text(content, encoding="ascii")
    shown = scan(zone, file="none.txt")
    assert (shown.exit_code, said in shown.stderr) == (2, True)


def test_a_list_as_powershell_writes_it_is_told(zone: Zone) -> None:
    Path("x.txt").write_text("brand.example\r\n", encoding="utf-16")
    shown = scan(zone, "-o", "x.jsonl", file="x.txt")
    assert (shown.exit_code, "x.txt is written in UTF-16: save it as UTF-8" in shown.stderr) == (2, True)
    assert not Path("x.jsonl").exists()


@pytest.mark.skipif(os.name == "nt", reason="no such device there")
@pytest.mark.parametrize("form", ["list", "csv", "zone"])
def test_a_line_without_end_ends_the_scan(zone: Zone, form: str) -> None:
    shown = scan(zone, "--input", form, file="/dev/zero")
    assert (shown.exit_code, "/dev/zero has a line that doesn't end" in shown.stderr) == (2, True)


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "html"])
def test_a_scan_without_any_answer_replaces_nothing(zone: Zone, form: str) -> None:
    scan(zone, "-o", f"x.{form}")
    before = Path(f"x.{form}").read_bytes()
    shown = scan(zone, "-o", f"x.{form}", "--replace", given="sick.example\n!\n", file="-")
    assert (shown.exit_code, Path(f"x.{form}").read_bytes()) == (3, before)
    assert f"x.{form} stays as it is" in shown.stderr
    part = Path("x.html.rows.jsonl" if form == "html" else f"x.{form}.part")
    assert f"in {part}" in shown.stderr
    rows = read_rows(part, "jsonl" if form == "html" else form)
    assert sorted(row.state for row in rows) == ["no-domain", "undecided"]
    assert scan(zone, "-o", f"new.{form}", "--replace", given="sick.example\n", file="-").exit_code == 3
    assert Path(f"new.{form}").exists()


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_rows_of_a_longer_input_are_not_taken_for_those_of_this_one(zone: Zone, form: str) -> None:
    scan(zone, "-o", f"x.{form}.part", "-f", form)
    scan(zone, "-o", f"x.{form}", given="soft.example\n", file="-")
    before = Path(f"x.{form}").read_bytes()
    given = "\n".join(NAMES[:3])
    shown = scan(zone, "-o", f"x.{form}", "--replace", "--resume", given=given, file="-")
    assert (shown.exit_code, Path(f"x.{form}").read_bytes()) == (2, before)
    assert "it has a domain number 6, and this input has 3" in shown.stderr


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
@pytest.mark.parametrize("options", [("--resume",), ("--replace",), ()])
@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "html"])
def test_what_is_no_file_is_not_written_to(zone: Zone, form: str, options: tuple[str, ...]) -> None:
    os.mkfifo("pipe")
    Path("link").symlink_to("/dev/full")
    for name in ("pipe", "link"):
        shown = scan(zone, "-o", name, "-f", form, *options)
        assert (shown.exit_code, f"can't write {name}: Is no regular file" in shown.stderr) == (2, True)
    assert sorted(path.name for path in Path().iterdir()) == ["link", "names.txt", "pipe"]


@pytest.mark.skipif(os.name == "nt", reason="no such shell there")
@pytest.mark.parametrize(("redirected", "said"), [("<&-", "can't read -"), ("0>x.txt", "can't read -")])
def test_an_input_that_is_closed_is_told(zone: Zone, redirected: str, said: str) -> None:
    command = f"{sys.executable} -m bimikit scan - -o x.jsonl --resolver 127.0.0.1:{zone.port} --lang en {redirected}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert not Path("x.jsonl").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere not everybody is kept from writing")
@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_a_file_that_is_written_to_is_neither_gone_on_with_nor_replaced(zone: Zone, form: str) -> None:
    writing = open_sink(Path(f"x.{form}"), form)
    for options in (("--resume",), ("--replace",)):
        shown = scan(zone, "-o", f"x.{form}", *options)
        assert (shown.exit_code, f"another process is writing to x.{form}:" in shown.stderr) == (2, True)
    writing.close()
    assert scan(zone, "-o", f"x.{form}", "--resume").exit_code == 3


@pytest.mark.parametrize("file", ["x.txt", "x.csv", "x.zone", "x.toml"])
def test_names_without_room_for_their_records_are_none(zone: Zone, file: str) -> None:
    """RFC 1035, 2.3.4."""
    fits = f"{'.'.join(['a' * 60] * 3)}.{'b' * (253 - len('default._bimi.') - 3 * 61 - len('.example'))}.example"
    names = {fits: True, f"c{fits}": False, f"{'c' * 12}.{fits}": False, f"{'c' * 30}.{fits}": False}
    told = {"x.toml": '[[domain]]\nname = "{}"\n', "x.zone": "{}. IN NS a\n"}.get(file, "{}\n")
    for name, is_one in names.items():
        Path(file).write_text(told.format(name), encoding="ascii")
        asked = len(zone.queries)
        shown = scan(zone, file=file)
        assert (shown.exit_code, len(zone.queries) > asked) == ((0, True) if is_one else (2, False)), name


def test_replacing_goes_on_with_what_was_begun_and_takes_nothing_of_the_old_file(zone: Zone) -> None:
    scan(zone, "-o", "x.csv.part", "-f", "csv", given="brand.example\n", file="-")
    names = "brand.example\nsoft.example\n"
    assert scan(zone, "-o", "x.csv", "--replace", "--resume", given=names, file="-").exit_code == 0
    assert [row.domain for row in read_rows(Path("x.csv"))] == names.split()
    Path("y.sqlite-wal").write_bytes(b"old")
    scan(zone, "-o", "y.sqlite", "--replace")
    assert not Path("y.sqlite-wal").exists()


def test_a_page_that_is_there_is_not_overwritten_unless_that_is_asked_for(zone: Zone) -> None:
    Path("x.md").write_text("mine", encoding="utf-8")
    assert scan(zone, "-o", "x.md").exit_code == 2
    assert Path("x.md").read_text(encoding="utf-8") == "mine"
    assert scan(zone, "-o", "x.md", "--replace").exit_code == 3
    assert Path("x.md").read_text(encoding="utf-8").startswith("# Many domains")


def test_a_file_of_another_input_is_told(zone: Zone) -> None:
    scan(zone, "-o", "x.jsonl")
    shown = scan(zone, "-o", "x.jsonl", "--resume", given="new.example\nbrand.example\n", file="-")
    assert (shown.exit_code, "x.jsonl is of another input: number 1" in shown.stderr) == (2, True)


def test_going_on_with_a_scan_that_is_done_changes_nothing(zone: Zone) -> None:
    scan(zone, "-o", "x.csv")
    before = Path("x.csv").read_bytes()
    asked = len(zone.queries)
    again = scan(zone, "-o", "x.csv", "--resume")
    assert (again.exit_code, "x.csv has all 6 domains already; --replace" in again.stderr) == (3, True)
    assert (Path("x.csv").read_bytes(), len(zone.queries)) == (before, asked)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-f", "sqlite"), "-f sqlite needs a file"),
        (("--resume",), "--resume needs a file"),
        (("--replace",), "--replace needs a file"),
        (("-o", "x.txt", "--resume"), "nothing to go on with"),
        (("-o", "x.txt"), "text is not kept"),
        (("--selector", "a b"), "'a b' is no selector"),
        (("--dkim", "ü"), "'ü' is no selector"),
        (("-o", "names.txt"), "would be overwritten"),
        (("--input", "csv", "--column", "zone"), "there is no column 'zone'"),
        (("-o", "nowhere/x.csv"), "can't write nowhere"),
        (("-o", f"{'x' * 300}.csv", "--replace"), "File name too long"),
        (("--input", "inventory"), "names.txt"),
        (("--input", "csv", "--column", "zone", "-o", "x.csv"), "no column 'zone'; the columns are: brand.example"),
        (("--input", "inventory", "-o", "x.sqlite"), "names.txt"),
    ],
)
def test_what_makes_no_sense_is_told(zone: Zone, options: tuple[str, ...], said: str) -> None:
    shown = scan(zone, *options)
    assert (shown.exit_code, said in shown.stderr) == (2, True), shown.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["names.txt"]


def test_a_file_that_cannot_be_read_is_told(zone: Zone) -> None:
    shown = scan(zone, file="missing.txt")
    assert (shown.exit_code, "can't read missing.txt: No such file or directory" in shown.stderr) == (2, True)


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "html"])
def test_a_scan_killed_at_any_point_goes_on_and_has_every_domain_once(form: str) -> None:
    count, random = 4_000, Random(f"cli-{form}")  # noqa: S311 - the points need not be secret
    Path("many.txt").write_text("".join(f"d{number}.example\n" for number in range(1, count + 1)), encoding="ascii")
    killed = 0
    with Zone(delay=0.002) as zone:
        command = [
            sys.executable, "-m", "bimikit", "scan", "many.txt", "--resolver", f"127.0.0.1:{zone.port}",
            "-o", f"out.{form}", "--resume", "--concurrency", "40", "--in-flight", "20",
        ]  # fmt: skip
        for attempt in range(60):
            process = subprocess.Popen(command)
            try:
                process.wait(random.uniform(0.6, 1.6) + 0.1 * attempt)  # longer and longer, so that it ends
            except subprocess.TimeoutExpired:
                process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
                process.wait()
                killed += 1
                continue
            assert process.returncode == 0
            break
    assert killed
    if form == "html":
        page = Path("out.html").read_text(encoding="utf-8")
        assert f"Domains: {count:,}" in page
        assert not Path("out.html.rows.jsonl").exists()
        return
    rows = Counter((row.number, row.domain) for row in read_rows(Path(f"out.{form}")))
    assert rows == Counter((number, f"d{number}.example") for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("name", "options"),
    [("notes.md", ()), ("page.html", ()), ("rows.jsonl", ("-f", "html")), ("rows.sqlite", ("-f", "markdown"))],
)
def test_a_page_takes_the_place_of_nothing_unless_that_is_asked_for(
    zone: Zone, name: str, options: tuple[str, ...]
) -> None:
    Path(name).write_text("mine", encoding="ascii")
    shown = scan(zone, "-o", name, "--resume", *options)
    assert (shown.exit_code, f"{name} is there already: --replace looks" in shown.stderr) == (2, True)
    assert Path(name).read_text(encoding="ascii") == "mine"
    assert scan(zone, "-o", name, "--replace", *options).exit_code == 3
    assert "brand.example" in Path(name).read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="no file is called so there")
def test_the_name_of_a_file_steers_nothing(zone: Zone) -> None:
    Path("a\n\x1b[31mb.jsonl").touch()
    shown = scan(zone, "-o", "a\n\x1b[31mb.jsonl")
    assert "a \ufffd[31mb.jsonl is there already" in shown.stderr


@pytest.mark.parametrize(
    ("name", "spool"),
    [("x.jsonl", "x.jsonl.part"), ("x.csv", "x.csv.part"), ("x.sqlite", "x.sqlite.part"), ("x.md", "x.md.rows.jsonl")],
)
def test_a_file_of_somebody_else_stays_though_a_scan_would_name_one_of_its_own_so(
    zone: Zone, name: str, spool: str
) -> None:
    Path(spool).write_text("mine\n", encoding="ascii")
    shown = scan(zone, "-o", name, "--replace")
    assert (shown.exit_code, "it stays as it is" in shown.stderr) == (2, True)
    assert Path(spool).read_text(encoding="ascii") == "mine\n"
    assert not Path(name).exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_links_that_lead_nowhere_or_away_are_no_files_of_a_scan(zone: Zone) -> None:
    Path("loop.jsonl").symlink_to("loop.jsonl")
    assert scan(zone, "-o", "loop.jsonl", "--replace").exit_code == 2
    assert Path("loop.jsonl").is_symlink()
    Path("else").touch()
    Path("x.jsonl.part").symlink_to("else")
    assert scan(zone, "-o", "x.jsonl", "--replace", "--resume").exit_code == 2
    assert (Path("else").read_bytes(), Path("x.jsonl").exists()) == (b"", False)
    Path("y.jsonl.part").mkdir()
    assert "Is a directory" in scan(zone, "-o", "y.jsonl", "--replace").stderr


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ((), ("--selector", "spring"), "with the selector 'default'"),
        (("--selector", "spring"), (), "with the selector 'spring'"),
        ((), ("--sending",), "with and without --sending"),
        (("--sending",), (), "with and without --sending"),
    ],
)
def test_rows_that_were_looked_at_otherwise_are_not_gone_on_with(
    zone: Zone, form: str, first: tuple[str, ...], then: tuple[str, ...], said: str
) -> None:
    scan(zone, "-o", f"x.{form}", *first)
    before = list(read_rows(Path(f"x.{form}")))
    shown = scan(zone, "-o", f"x.{form}", "--resume", *then)
    assert (shown.exit_code, said in shown.stderr) == (2, True), shown.stderr
    assert list(read_rows(Path(f"x.{form}"))) == before
    assert scan(zone, "-o", f"x.{form}", "--resume", *first).exit_code == 3


INTERRUPTS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # not under nohup
    INTERRUPTS.append(signal.SIGHUP)


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
@pytest.mark.parametrize("by", INTERRUPTS)
def test_an_interrupt_keeps_what_is_done_and_says_how_to_go_on(by: signal.Signals) -> None:
    Path("many.txt").write_text("".join(f"d{number}.example\n" for number in range(100_000)), encoding="ascii")
    with Zone(delay=0.001) as zone:
        command = [sys.executable, "-m", "bimikit", "scan", "many.txt", "--resolver", f"127.0.0.1:{zone.port}"]
        command += ["-o", "x.sqlite", "--lang", "en", "--concurrency", "40"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            until_rows("x.sqlite")
            process.send_signal(by)
            _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    rows = len(list(read_rows(Path("x.sqlite"))))
    assert said == f"bimikit: interrupted with {rows} done; the same command with --resume goes on\n"


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
@pytest.mark.parametrize("by", INTERRUPTS)
def test_an_interrupt_is_taken_while_the_input_keeps_us_waiting(by: signal.Signals) -> None:
    with Zone() as zone:
        command = [sys.executable, "-m", "bimikit", "scan", "-", "--resolver", f"127.0.0.1:{zone.port}", "--lang", "en"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            process.stdin.write("a.example\n")
            process.stdin.flush()
            for _ in range(200):
                if zone.queries:
                    break
                time.sleep(0.05)
            time.sleep(0.2)
            process.send_signal(by)
            try:
                assert process.wait(10) == 130
            finally:
                process.kill()
            assert process.stderr is not None
            assert "interrupted with" in process.stderr.read()


def started(zone: Zone, *options: str) -> subprocess.Popen[bytes]:
    """A scan of what will be written into it."""
    command = [sys.executable, "-m", "bimikit", "scan", "-", "--resolver", f"127.0.0.1:{zone.port}", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)


def test_what_is_done_is_told_while_the_input_keeps_us_waiting() -> None:
    with Zone({"_dmarc.a.example": "v=DMARC1; p=none"}) as zone, started(zone, "-f", "jsonl") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("a.example", "b.example"):
            process.stdin.write(f"{name}\n".encode())
            assert json.loads(process.stdout.readline())["domain"] == name
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.parametrize(("lang", "told"), [("en", "is written in UTF-16"), ("ja", "UTF-16で書かれています")])
def test_what_is_wrong_with_an_input_that_comes_slowly_is_told_in_the_language_asked_for(lang: str, told: str) -> None:
    with Zone() as zone, started(zone, "--lang", lang) as process:
        _, said = process.communicate("a.example\n".encode("utf-16"), timeout=30)
    assert (process.returncode, told in said.decode()) == (2, True)


def test_a_line_without_end_after_others_is_told_in_the_language_asked_for() -> None:
    with Zone() as zone, started(zone, "--lang", "ja") as process:
        _, said = process.communicate(b"a.example\n" + b"b" * (65 * 1024 * 1024), timeout=50)
    assert (process.returncode, "終わりのない行" in said.decode()) == (2, True)


def test_whoever_stops_reading_ends_a_scan_that_waits_for_its_input() -> None:
    with Zone() as zone, started(zone, "-f", "jsonl") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"a.example\n")
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"b.example\n")
        assert process.wait(20) == PIPE_CLOSED
        assert process.stderr.read() == b""


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
@pytest.mark.parametrize("by", INTERRUPTS)
def test_an_interrupt_before_the_first_domain_has_the_same_status(by: signal.Signals) -> None:
    command = [sys.executable, "-m", "bimikit", "scan", "-", "-o", "x.jsonl", "--lang", "en"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b" " * 100_000)  # more than a pipe holds, so that this returns once it is being read
        process.stdin.flush()
        assert interrupted(process, by) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"bimikit: interrupted before it was finished\n"
    assert not Path("x.jsonl").exists()


def until_rows(file: str) -> None:
    for _ in range(200):
        time.sleep(0.1)
        if not Path(file).exists():  # a look makes it
            continue
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file)) as connection:
            if connection.execute("SELECT count(*) FROM domains").fetchone()[0]:
                return
    raise AssertionError("no row was written")


def test_a_cluster_on_this_machine_finds_out_the_same(zone: Zone) -> None:
    scan(zone, "-o", "alone.jsonl", "--sending")
    command = [
        sys.executable, "-m", "bimikit", "scan", "names.txt", "--resolver", f"127.0.0.1:{zone.port}", "--sending",
        "--cluster", "local", "--workers", "2", "-o", "together.jsonl",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    alone, together = (
        sorted((replace(row, at="") for row in read_rows(Path(f"{name}.jsonl"))), key=lambda row: row.number)
        for name in ("alone", "together")
    )
    assert alone == together


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--workers", "2"), "--workers goes with --cluster"),
        (("--cluster", "tcp://127.0.0.1:1"), "can’t be reached"),
        (("--cluster", "tcp://me:hunter2@127.0.0.1:1"), "no user name and no password"),
    ],
)
def test_a_cluster_that_is_none_is_told(zone: Zone, options: tuple[str, ...], said: str) -> None:
    shown = scan(zone, "-o", "x.jsonl", *options)
    assert (shown.exit_code, said in shown.stderr) == (2, True), shown.stderr
    assert "hunter2" not in shown.output
    assert not Path("x.jsonl").exists()
