"""`bimikit reports`: what is read, what is told of it, in which form, and what kills and bad files can't do to it."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random
from time import sleep
from xml.etree import ElementTree

import pytest
from aggregate_reports import BEGIN, feedback, row
from aggregate_reports import inbox as company_inbox
from click.testing import CliRunner, Result
from support import ROOT

from bimikit.aggregate.feedback import Envelope, Feedback, Signature
from bimikit.aggregate.names import confirmed_names, largest_first
from bimikit.aggregate.store import Store
from bimikit.cli import main, report_files
from bimikit.locale import words_of
from bimikit.output.reports import FORMATS, percent
from bimikit.output.reports_csv import COLUMNS
from bimikit.plan.plan import MOST_WEEKS
from bimikit.testing import Zone
from bimikit.testing import reports as generated

DOMAINS = ("brand.example", "other.example")


def run(*arguments: str | Path, stdin: bytes | None = None, **environment: str) -> Result:
    os_free = {"LC_ALL": "C.UTF-8", "BIMIKIT_STORE": "", "NO_COLOR": "1", **environment}
    return CliRunner().invoke(main, ["reports", *map(str, arguments)], input=stdin, env=os_free, catch_exceptions=False)


def told(result: Result, status: int = 0) -> str:
    assert result.exit_code == status, result.output
    return result.stdout


def as_json(*arguments: str | Path, status: int = 0, **environment: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(told(run(*arguments, "-f", "json", **environment), status))
    return document


def domain_of(document: dict[str, object], name: str) -> dict[str, object]:
    domains = document["domains"]
    assert isinstance(domains, list)
    return next(one for one in domains if one["domain"] == name)


# folders of reports


def xml(report: Feedback) -> bytes:
    return b"".join(generated.xml(report))


def zipped(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_", "."), data)
    return file.getvalue()


def mail(data: bytes, name: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "noreply@mailbox.example", "dmarc@brand.example"
    message["Subject"] = "Report Domain: brand.example"
    message.set_content("See the attachment.")
    message.add_attachment(data, maintype="application", subtype="gzip", filename=name)
    return bytes(message)


def mbox(*messages: bytes) -> bytes:
    return b"".join(b"From MAILER-DAEMON Sun Nov  1 00:00:00 2026\n" + one + b"\n\n" for one in messages)


REPORTS = [
    generated.report(40 + 7 * seed, seed=seed, domain=DOMAINS[seed % 2], dialect="rfc9990" if seed % 3 else "rfc7489")
    for seed in range(8)
]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder as it comes about: each way in which reports are delivered, and two reports delivered twice."""
    folder = tmp_path / "inbox"
    (folder / "2026" / "11").mkdir(parents=True)
    spam = EmailMessage()
    spam["Subject"] = "You have won"
    spam.set_content("Dear friend")
    files = {
        "a.xml": REPORTS[0],
        "b.xml.gz": gzip.compress(REPORTS[1]),
        "c.zip": zipped(report_xml=REPORTS[2]),
        "2026/d.eml": mail(gzip.compress(REPORTS[3]), "d.xml.gz"),
        "2026/11/e.mbox": mbox(
            mail(gzip.compress(REPORTS[4]), "e.xml.gz"), bytes(spam), mail(zipped(r_xml=REPORTS[5]), "f.zip")
        ),
        "2026/again.zip": zipped(one_xml=REPORTS[0], two_xml=REPORTS[6]),
        "2026/11/again.eml": mail(gzip.compress(REPORTS[3]), "again.xml.gz"),
        "last.xml": REPORTS[7],
        ".hidden": b"no report",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def counted(reports: list[bytes], domain: str) -> dict[str, object]:
    """An independent count."""
    sums: Counter[str] = Counter()
    reporters: Counter[str] = Counter()
    for report in reports:
        root = ElementTree.fromstring(report)  # noqa: S314 - ours
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        if root.findtext("policy_published/domain") != domain:
            continue
        sums["reports"] += 1
        for record in root.iter("record"):
            count = int(record.findtext("row/count", ""))
            dkim, spf = (record.findtext(f"row/policy_evaluated/{name}") == "pass" for name in ("dkim", "spf"))
            disposition = record.findtext("row/policy_evaluated/disposition")
            sums["messages"] += count
            sums["passed"] += count * (dkim or spf)
            sums["dkim"] += count * dkim
            sums["spf"] += count * spf
            sums["quarantined"] += count * (disposition == "quarantine")
            sums["rejected"] += count * (disposition == "reject")
            reporters[root.findtext("report_metadata/org_name", "")] += count
    names = sorted(reporters.items(), key=lambda one: (-one[1], one[0]))
    keys = ("reports", "messages", "passed", "dkim", "spf", "quarantined", "rejected")
    return {**{key: sums[key] for key in keys}, "reporters": [{"name": n, "messages": m} for n, m in names]}


# what is counted


def test_totals_equal_an_independent_count_whatever_way_reports_came_and_each_counts_once(
    tmp_path: Path, inbox: Path
) -> None:
    store = tmp_path / "store.sqlite"
    document = as_json(inbox, "--store", store)
    for domain in DOMAINS:
        expected = counted(REPORTS, domain)
        found = domain_of(document, domain)
        assert {key: found[key] for key in expected} == expected
        for part in ("sources", "weeks"):
            entries = found[part]
            assert isinstance(entries, list)
            for key in ("messages", "passed"):
                assert sum(one[key] for one in entries) == expected[key]
        sources = found["sources"]
        assert isinstance(sources, list)
        assert sum(one["dkim"] for one in sources) == expected["dkim"]
        assert sum(one["spf"] for one in sources) == expected["spf"]
    again = run(inbox, "--store", store, "-f", "json")
    assert json.loads(told(again)) == document
    assert "0 new" in again.stderr
    assert "files read before" in again.stderr


def test_domains_come_with_the_most_messages_first_and_can_be_chosen(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    document = as_json(inbox, "--store", store)
    domains = document["domains"]
    assert isinstance(domains, list)
    assert [one["domain"] for one in domains] == sorted(
        DOMAINS, key=lambda name: -int(str(counted(REPORTS, name)["messages"]))
    )
    chosen = as_json("--store", store, "--domain", "Other.Example.", "--domain", "none.example")
    domains = chosen["domains"]
    assert isinstance(domains, list)
    assert [(one["domain"], one["reports"] > 0) for one in domains] == [
        ("other.example", True),
        ("none.example", False),
    ]
    assert "There are no reports" in told(run("--store", store, "--domain", "none.example"))


def test_days_limit_what_is_told(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "store.sqlite"
    folder.mkdir()
    for day in range(5):
        report = feedback([row(count=10**day)], f"r{day}", begin=BEGIN + timedelta(days=day))
        (folder / f"{day}.xml").write_bytes(xml(report))
    cases = [
        ((), 11111),
        (("--since", "2026-11-02"), 11110),
        (("--until", "2026-11-02"), 11),
        (("--since", "2026-11-02", "--until", "2026-11-04"), 1110),
        (("--days", "2"), 11000),
        (("--days", "2", "--until", "2026-11-03"), 110),
        (("--days", "99"), 11111),
        (("--until", "9999-12-31"), 11111),
    ]
    told(run(folder, "--store", store))
    for options, messages in cases:
        assert domain_of(as_json("--store", store, *options), "example.com")["messages"] == messages, options


def test_standard_input_and_files_are_read(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    file = tmp_path / "b.xml"
    file.write_bytes(REPORTS[1])
    told(run("-", file, "--store", store, stdin=zipped(a_xml=REPORTS[0])))
    with Store.open(store) as opened:
        assert sorted(one.source for one in opened.reports()) == ["-:a.xml", str(file)]


def test_the_store_in_a_folder_that_is_read_is_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.xml").write_bytes(REPORTS[0])
    for _ in range(2):
        done = run(".", "--decisions", "decisions.toml", "--write-decisions", "-o", "told.txt")
        told(done)
        assert "passed over" not in done.stderr
    assert Path("reports.sqlite").is_file()


def test_the_environment_names_the_store(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "elsewhere.sqlite"
    told(run(inbox, BIMIKIT_STORE=str(store)))
    assert as_json(BIMIKIT_STORE=str(store)) == as_json("--store", store)


def test_postgresql_tells_the_same(tmp_path: Path, inbox: Path, postgresql: str) -> None:
    for name in FORMATS:
        here = told(run(inbox, "--store", tmp_path / "store.sqlite", "-f", name))
        assert told(run(inbox, "--store", f"{postgresql}/postgres", "-f", name)) == here


# bad files, and what can't be done


def test_a_bad_file_is_told_in_a_line_and_the_others_are_read(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    (inbox / "bad.xml").write_bytes(REPORTS[0][:-400])
    (inbox / "worse.gz").write_bytes(gzip.compress(REPORTS[1])[:-90])
    (inbox / "notes.txt").write_bytes(b"remember the milk\n")
    (inbox / "gone.xml").symlink_to("nowhere")
    for _ in range(2):
        done = run(inbox, "--store", store, "-f", "json")
        document = json.loads(told(done, 3))
        assert domain_of(document, "brand.example")["messages"] == counted(REPORTS, "brand.example")["messages"]
        lines = done.stderr.splitlines()
        for name in ("bad.xml", "worse.gz", "gone.xml"):
            (line,) = [line for line in lines if name in line]
            assert line.startswith("bimikit: ")
        assert "could not be read: 3" in lines[-1]
        assert not any("notes.txt" in line for line in lines)


def test_a_file_that_is_named_and_no_report_is_told_of(tmp_path: Path) -> None:
    notes, good = tmp_path / "notes.txt", tmp_path / "good.xml"
    notes.write_bytes(b"remember the milk\n")
    good.write_bytes(REPORTS[0])
    for _ in range(2):
        done = run(notes, good, "--store", tmp_path / "store.sqlite")
        told(done, 3)
        assert f"{notes}: this is no aggregate report" in done.stderr


def test_a_report_that_comes_again_and_says_something_else_is_told_of(tmp_path: Path) -> None:
    for name, count in (("a.xml", 1), ("b.xml", 2)):
        (tmp_path / name).write_bytes(xml(feedback([row(count=count)])))
    done = run(tmp_path, "--store", tmp_path / "store.sqlite", "-f", "json")
    assert domain_of(json.loads(told(done)), "example.com")["messages"] == 1
    assert "b.xml: a report of this reporter" in done.stderr


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_cant_be_done_is_told_without_a_traceback_or_a_password(tmp_path: Path, lang: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("a text that is no database, and longer than its header\n" * 100)
    (tmp_path / "bad.toml").write_text("[[source]]\ndomain = 1\n")
    good = tmp_path / "good.xml"
    good.write_bytes(REPORTS[0])
    store = tmp_path / "store.sqlite"
    secret = "postgresql://dmarc:secret@127.0.0.1:1/dmarc?password=secret"  # noqa: S105
    cases: list[tuple[str | Path, ...]] = [
        (tmp_path / "nowhere", "--store", store),
        (tmp_path / "empty", "--store", store),
        (tmp_path / "notes.txt", "--store", store),
        (good, "--store", tmp_path / "notes.txt"),
        (good, "--store", secret),
        ("--store", secret),
        ("--store", "mysql://user:secret@host/db"),
        ("--store", tmp_path / "none.sqlite"),
        (good, "--store", store, "-o", good),
        (good, "--store", store, "-o", store),
        (good, "--store", store, "-o", tmp_path / "nowhere" / "file.txt"),
        (good, "--store", store, "--decisions", tmp_path / "nowhere.toml"),
        (good, "--store", store, "--decisions", tmp_path / "bad.toml"),
        (good, "--store", store, "--write-decisions"),
        (good, "--store", store, "--since", "yesterday"),
        (good, "--store", store, "--since", "2026-11-02", "--until", "2026-11-01"),
        (good, "--store", store, "--domain", "not a domain"),
        (good, "--store", store, "--resolver", "nobody"),
    ]
    for case in cases:
        done = run(*case, "--lang", lang)
        assert done.exit_code == 2, (case, done.output)
        assert done.stderr.strip(), case
        assert "secret" not in done.output, case
        assert done.stdout == "", case
    assert good.read_bytes() == REPORTS[0]


def test_without_the_extra_what_to_install_is_told(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.modules['sqlalchemy'] = None\nimport importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'sqlalchemy' else find(name, *more)\n"
        "from bimikit.cli import main\nmain(['reports'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'bimikit[reports]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


# kills


def _bulk(folder: Path, files: int) -> None:
    folder.mkdir()
    for seed in range(files):
        report = generated.report(30, seed=seed, domain=DOMAINS[seed % 2])
        (folder / f"{seed:03}.xml.gz").write_bytes(gzip.compress(report))


def test_a_kill_at_any_moment_loses_nothing_finished_and_repeats_nothing(tmp_path: Path) -> None:
    folder, place, whole = tmp_path / "in", tmp_path / "store.sqlite", tmp_path / "whole.sqlite"
    _bulk(folder, 150)
    command = [sys.executable, "-m", "bimikit", "reports", str(folder), "--store", str(place), "--quiet", "-f", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    kept, kills, random = 0, 0, Random(9)  # noqa: S311
    for most in (5, 20, 60, 120):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=tmp_path)
        while child.poll() is None and kept < most:
            if place.is_file():
                try:
                    with Store.open(place, create=False, patience=1) as store:
                        kept = store.totals().reports
                except Exception:  # noqa: S110 - it is being made just now
                    pass
            sleep(random.random() * 0.01)
        child.send_signal(signal.SIGKILL)
        kills += child.wait() == -signal.SIGKILL
        with Store.open(place) as store:
            assert store.totals().reports >= kept
            for one in store.reports():
                assert one.rows == 30
    assert kills >= 2
    done = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert done.stdout.decode() == told(run(folder, "--store", whole, "-f", "json"))
    assert len(json.loads(done.stdout)["domains"]) == 2


# forms


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_equal_stores_give_equal_bytes_in_every_form_and_language(
    tmp_path: Path, inbox: Path, name: str, lang: str
) -> None:
    """However the reports came: here in another order, and one by one."""
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    here = told(run(inbox, "--store", first, "-f", name, "--lang", lang, "--evidence"))
    files = sorted((path for path in inbox.rglob("*") if path.is_file() and path.name[0] != "."), reverse=True)
    for file in files:
        told(run(file, "--store", second))
    assert told(run("--store", second, "-f", name, "--lang", lang, "--evidence")) == here
    file = tmp_path / "written"
    assert told(run("--store", first, "-f", name, "--lang", lang, "--evidence", "-o", file)) == ""
    assert file.read_text() == here


def test_text_says_what_a_reader_needs(tmp_path: Path, inbox: Path) -> None:
    text = told(run(inbox, "--store", tmp_path / "store.sqlite"))
    for domain in DOMAINS:
        sums = counted(REPORTS, domain)
        assert domain in text
        assert f"{sums['messages']:,}" in text
        assert f"{percent(int(str(sums['passed'])), int(str(sums['messages'])))} pass DMARC" in text
    assert "brand.example itself" in text
    assert "p=quarantine" in text
    assert text.count("What breaks if the policy is raised?") == 2
    japanese = told(run("--store", tmp_path / "store.sqlite", "--lang", "ja"))
    for key in ("raising.title", "column.taken-for", "column.messages"):
        assert words_of("reports_words", "ja")[key] in japanese
    assert "What breaks" not in japanese


def test_evidence_is_told_where_it_is_asked_for(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    short = told(run(inbox, "--store", store))
    long = told(run("--store", store, "--evidence"))
    sentence = "Messages: "
    assert sum(line.strip().startswith(f"· {sentence}") for line in long.splitlines()) > 5
    assert not any(line.strip().startswith(f"· {sentence}") for line in short.splitlines())


def test_jsonl_has_a_line_for_each_domain_as_json_has_it(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    document = as_json(inbox, "--store", store)
    lines = told(run("--store", store, "-f", "jsonl")).splitlines()
    assert [json.loads(line) for line in lines] == document["domains"]


def test_json_names_no_more_and_no_less_than_the_guide(tmp_path: Path, inbox: Path) -> None:
    guide = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")

    def keys(value: object) -> Iterator[str]:
        if isinstance(value, list):
            for one in value:
                yield from keys(one)
        elif isinstance(value, dict):
            for key, one in value.items():
                yield key
                if key not in ("values", "dispositions"):
                    yield from keys(one)

    for key in set(keys(as_json(inbox, "--store", tmp_path / "store.sqlite"))):
        assert f"`{key}`" in guide, key


def test_names_that_strangers_chose_are_text_in_every_form(tmp_path: Path) -> None:
    signer = "=cmd-calc.example"
    rows = [
        row(count=50, signatures=(Signature(signer, "s1", "pass"),), envelopes=(), dkim="fail", spf="fail"),
        row("192.0.2.9", 60, envelopes=(Envelope("<script>alert(1)</script>.example", "mfrom", "pass"),), signatures=(),
            dkim="fail", spf="fail"),
    ]  # fmt: skip
    file, store = tmp_path / "a.xml", tmp_path / "store.sqlite"
    file.write_bytes(xml(feedback(rows, reporter="<script>alert(2)</script>")))
    table = told(run(file, "--store", store, "-f", "csv"))
    for cell in (cell for line in csv.reader(io.StringIO(table)) for cell in line):
        assert not cell.startswith(("=", "+", "-", "@"))
    page = told(run("--store", store, "-f", "html", "--evidence"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in told(run("--store", store, "-f", "markdown", "--evidence"))


@pytest.mark.parametrize("years", [(1971,), (9999,), (1971, 9999)])
def test_days_that_cant_be_are_told_of_and_fill_no_weeks(tmp_path: Path, years: tuple[int, ...]) -> None:
    store = tmp_path / "store.sqlite"
    good = row(count=20)
    with Store.open(store) as opened:
        for day in range(28):
            for reporter in ("one.example", "two.example"):
                opened.add(feedback([good], f"r{day}", reporter=reporter, begin=BEGIN + timedelta(days=day)))
        late = BEGIN + timedelta(days=28)  # of which one alone has reported so far
        opened.add(feedback([good], "late", reporter="one.example", begin=late))
        for year in years:
            begin = BEGIN.replace(year=year)
            opened.add(feedback([row(count=7)], f"forged{year}", reporter="forged.example", begin=begin))
    found = domain_of(as_json("--store", store), "example.com")
    weeks = found["weeks"]
    assert isinstance(weeks, list)
    assert (weeks[0]["monday"], weeks[-1]["monday"], len(weeks)) == ("2026-10-26", "2026-11-23", 5)
    assert sum(week["messages"] for week in weeks) == (2 * 28 + 1) * 20
    assert found["misdated"] == 7 * len(years)
    for lang in ("en", "ja"):
        sentence = words_of("reports_words", lang)["head.misdated"].format(messages=7 * len(years), first=2012)
        for name in ("text", "markdown", "html"):
            assert plain(sentence) in plain(told(run("--store", store, "-f", name, "--lang", lang)))


def plain(text: str) -> str:
    """A text without what a form does to it: line breaks, escapes."""
    return "".join(html.unescape(text).replace("\\", "").split())


def test_weeks_are_no_more_than_a_plan_has_and_the_newest(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    with Store.open(store) as opened:
        for year in range(2013, 2027):
            opened.add(feedback([row(count=year)], f"r{year}", begin=BEGIN.replace(year=year)))
    found = domain_of(as_json("--store", store), "example.com")
    weeks = found["weeks"]
    assert isinstance(weeks, list)
    assert len(weeks) == MOST_WEEKS
    assert [week["messages"] for week in weeks if week["messages"]] == [2024, 2025, 2026]
    assert found["misdated"] == 0
    for name in ("text", "markdown", "html"):
        assert len(told(run("--store", store, "-f", name))) < 50_000


def test_names_with_pipes_stay_in_their_cells(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    with Store.open(store) as opened:
        for name in ("a|b.example", "`|`.example"):
            hidden = row(count=90, dkim="fail", spf="fail", signatures=(Signature(name, "s", "pass"),), envelopes=())
            opened.add(feedback([hidden], f"of {name}", domain=name, p="<b>|"))
    page = told(run("--store", store, "-f", "markdown"))
    assert "<b>" not in page
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_csv_has_a_row_for_each_domain_and_source(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    document = as_json(inbox, "--store", store)
    table = told(run("--store", store, "-f", "csv"))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert tuple(rows[0]) == COLUMNS
    for domain in DOMAINS:
        sources = domain_of(document, domain)["sources"]
        assert isinstance(sources, list)
        mine = [one for one in rows if one["domain"] == domain]
        assert [(one["source"], int(one["messages"])) for one in mine] == [
            (one["id"], one["messages"]) for one in sources
        ]
    only = told(run("--store", store, "-f", "csv", "--domain", "none.example"))
    (empty,) = csv.DictReader(io.StringIO(only))
    assert (empty["domain"], empty["source"], None in empty) == ("none.example", "", False)


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path, inbox: Path) -> None:
    for lang in ("en", "ja"):
        page = told(run(inbox, "--store", tmp_path / "store.sqlite", "-f", "html", "--lang", lang))
        assert "default-src 'none'" in page.replace("&#x27;", "'")
        assert "<script" not in page
        assert "http" not in page.replace("http-equiv", "")
        assert " style=" not in page


def test_shares_are_all_or_nothing_only_where_they_are() -> None:
    cases = {
        (0, 0): "–",
        (0, 5): "0%",
        (5, 5): "100%",
        (1, 10**6): "0.1%",
        (10**6 - 1, 10**6): "99.9%",
        (1, 3): "33.3%",
    }
    assert {case: percent(*case) for case in cases} == cases


# decisions


def test_sources_to_decide_about_are_appended_and_decisions_are_followed(tmp_path: Path, inbox: Path) -> None:
    store, file = tmp_path / "store.sqlite", tmp_path / "decisions.toml"
    done = run(inbox, "--store", store, "--decisions", file, "--write-decisions")
    told(done)
    assert str(file) in done.stderr
    first = file.read_bytes()
    assert b'choice = "undecided"' in first
    mine = b'# kept\n[[source]]\ndomain = "brand.example"\nsource = "own:brand.example"\nchoice = "stop"\nnote = "ends"'
    file.write_bytes(mine)
    told(run("--store", store, "--decisions", file, "--write-decisions"))
    assert file.read_bytes().startswith(mine + b"\n")
    assert file.read_bytes().count(b'source = "own:brand.example"') == 1
    before = file.read_bytes()
    again = run("--store", store, "--decisions", file, "--write-decisions", "-f", "json")
    assert file.read_bytes() == before
    sources = domain_of(json.loads(told(again)), "brand.example")["sources"]
    assert isinstance(sources, list)
    (own,) = [one for one in sources if one["id"] == "own:brand.example"]
    assert own["decision"] == {"choice": "stop", "note": "ends", "decided": None}
    assert own["counts_as"] == "stop"
    assert "to be stopped" in told(run("--store", store, "--decisions", file))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_decisions_about_nothing_are_told_with_what_may_be_meant(tmp_path: Path, inbox: Path, lang: str) -> None:
    store, file = tmp_path / "store.sqlite", tmp_path / "decisions.toml"
    entry = '[[source]]\ndomain = "{}"\nsource = "{}"\nchoice = "ours"\n'
    wrong = [
        ("brand.example", "own:brand.exmaple"),
        ("brnd.example", "own:brand.example"),
        ("*", "network:192.0.2.0/24"),
    ]
    file.write_text("".join(entry.format(*one) for one in [*wrong, ("brand.example", "own:brand.example")]))
    done = run(inbox, "--store", store, "--decisions", file, "--quiet", "--lang", lang)
    lines = done.stderr.splitlines()
    assert len(lines) == len(wrong)
    assert all(source in line for (_, source), line in zip(wrong, lines, strict=True))
    assert "'own:brand.example'" in lines[0]
    assert "'brand.example'" in lines[1]
    narrowed = run("--store", store, "--decisions", file, "--days", "3", "--quiet")
    assert narrowed.stderr == ""


@pytest.mark.parametrize(("lang", "guide"), [("en", "reports.md"), ("ja", "reports.ja.md")])
def test_the_guides_show_what_is_appended(tmp_path: Path, lang: str, guide: str) -> None:
    for name, data in company_inbox().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    file = tmp_path / "decisions.toml"
    asked = ("--decisions", file, "--write-decisions", "--lang", lang)
    told(run(tmp_path / "inbox", "--store", tmp_path / "store.sqlite", *asked))
    page = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    entry = page.partition("```toml\n")[2].partition("```")[0].strip().rpartition("\n\n")[2]
    assert entry.endswith('choice = "undecided"\nnote = ""')
    assert entry in file.read_text(encoding="utf-8")


def test_quiet_tells_problems_only(tmp_path: Path, inbox: Path) -> None:
    store = tmp_path / "store.sqlite"
    assert run(inbox, "--store", store, "--quiet").stderr == ""
    (inbox / "bad.xml").write_bytes(REPORTS[0][:-400])
    assert len(run(inbox, "--store", store, "--quiet").stderr.splitlines()) == 1


def test_a_terminal_shows_how_far_it_is_and_nothing_else_does(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "bad.xml").write_bytes(REPORTS[0][:-400])
    assert "\r" not in run(inbox, "--store", tmp_path / "first.sqlite").stderr
    monkeypatch.setattr(report_files, "_EVERY", 0)
    monkeypatch.setattr(report_files, "_LONG_ENOUGH", 0)
    monkeypatch.setattr(report_files, "on_terminal", lambda: True)
    shown = run(inbox, "--store", tmp_path / "second.sqlite").stderr.split("\r")  # click takes escapes away
    progress = [one for one in shown if re.fullmatch(r"file \d of 9, \d+ rows, [\d,]+ per second.*", one)]
    assert len(progress) > 9
    shares = [int(found[1]) for one in progress if (found := re.search(r", (\d+)%, about 0:0\d left$", one))]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert any(one.startswith("bimikit: ") and "bad.xml" in one for one in shown)  # on a line of its own
    assert shown[-1].startswith("bimikit: files: 9")
    assert "\r" not in run(inbox, "--store", tmp_path / "third.sqlite", "--quiet").stderr


def test_both_catalogues_have_the_same_words_with_the_same_placeholders() -> None:
    english, japanese = (words_of("reports_words", lang) for lang in ("en", "ja"))
    assert english.keys() == japanese.keys()
    for key in english:
        names = [sorted(re.findall(r"{(\w+)", words[key])) for words in (english, japanese)]
        assert names[0] == names[1], key


# names


def test_only_names_that_lead_back_to_the_address_are_taken() -> None:
    records = {
        "1.2.0.192.in-addr.arpa": ("PTR", "mail.one.example."),
        "mail.one.example": ("A", "192.0.2.1"),
        "2.2.0.192.in-addr.arpa": ("PTR", "google.com."),
        "google.com": ("A", "198.51.100.1"),
        "3.2.0.192.in-addr.arpa": [("PTR", "z.three.example."), ("PTR", "o1.sendgrid.net.")],
        "z.three.example": ("A", "192.0.2.3"),
        "o1.sendgrid.net": [("A", "192.0.2.9"), ("A", "192.0.2.3")],
        "5.2.0.192.in-addr.arpa": ("PTR", "nowhere.example."),
        "1.0.0.0." + "0." * 20 + "8.b.d.0.1.0.0.2.ip6.arpa": ("PTR", "six.example."),
        "six.example": ("AAAA", "2001:db8::1"),
    }
    addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "2001:db8::1", "no address"]
    with Zone(records) as zone:
        assert confirmed_names(addresses, zone.resolver()) == {
            "192.0.2.1": "mail.one.example",
            "192.0.2.3": "o1.sendgrid.net",
            "2001:db8::1": "six.example",
        }
        assert confirmed_names(addresses, zone.resolver(), patience=0) == {}
    assert largest_first([("a", 1), ("b", 5), ("a", 3), ("c", 5)]) == ["b", "c", "a"]


def test_names_group_sources_and_are_looked_up_only_when_asked_for(tmp_path: Path) -> None:
    rows = [row(count=50, signatures=(), envelopes=(), dkim="fail", spf="fail")]
    file, store = tmp_path / "a.xml", tmp_path / "store.sqlite"
    file.write_bytes(xml(feedback(rows)))
    records = {"1.2.0.192.in-addr.arpa": ("PTR", "mx.partner.example."), "mx.partner.example": ("A", "192.0.2.1")}
    with Zone(records) as zone:
        resolver = f"{zone.address}:{zone.port}"
        without = domain_of(as_json(file, "--store", store, "--resolver", resolver), "example.com")
        assert zone.queries == []
        named = domain_of(as_json("--store", store, "--names", "--resolver", resolver), "example.com")
    assert [one["id"] for one in without["sources"]] == ["network:192.0.2.0/24"]  # type: ignore[attr-defined]
    (source,) = named["sources"]  # type: ignore[misc]
    assert source["id"] == "ptr:partner.example"
    assert source["largest_addresses"] == [{"address": "192.0.2.1", "name": "mx.partner.example", "messages": 50}]


def test_the_addresses_with_the_most_messages_are_told_of_each_source(tmp_path: Path) -> None:
    own = [row(f"192.0.2.{number}", 10 * number) for number in range(1, 9)]
    thin = [
        row(f"10.{number}.0.1", 2 + (number == 7), dkim="fail", spf="fail", signatures=(), envelopes=())
        for number in range(40)
    ]
    file, store = tmp_path / "a.xml", tmp_path / "store.sqlite"
    file.write_bytes(xml(feedback([*own, *thin])))
    sources = domain_of(as_json(file, "--store", store), "example.com")["sources"]
    assert isinstance(sources, list)
    told_of = {one["id"]: [(a["address"], a["messages"]) for a in one["largest_addresses"]] for one in sources}
    assert told_of["own:example.com"] == [(f"192.0.2.{number}", 10 * number) for number in (8, 7, 6, 5, 4)]
    assert told_of["scattered:"][:2] == [("10.7.0.1", 3), ("10.0.0.1", 2)]
    assert "192.0.2.8 (80), 192.0.2.7 (70), 192.0.2.6 (60) and others" in told(run("--store", store, "--evidence"))
