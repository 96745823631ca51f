"""`bimikit plan` on the files of a company: its inventory, a scan, a store of reports, decisions."""

from __future__ import annotations

import json
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import dns.zone
import pytest
from aggregate_reports import BEGIN, feedback, inbox, row
from click.testing import CliRunner, Result
from msgspec.structs import replace
from plan_world import scanned

from bimikit.aggregate.store import Store
from bimikit.cli import main
from bimikit.extras import EXTRAS
from bimikit.locale import words_of
from bimikit.plan import from_json
from bimikit.portfolio.row import Sending
from bimikit.portfolio.sinks import format_of, open_sink

RECORDS = {
    "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
    "_dmarc.kaori.example": "v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
    "_dmarc.old.example": "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
    "_dmarc.shop.example": "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
}
INVENTORY = """\
[inventory]
organization = "Kaori Tea"
scan = "scan.jsonl"
store = "reports.sqlite"
decisions = "decisions.toml"
reports-to = ["mailto:dmarc@example.com"]

[[domain]]
name = "example.com"
goal = "logo"
owner = "Marketing"
logo = "https://www.example.com/logo.svg"

[[domain]]
name = "shop.example"

[[domain]]
name = "old.example"
goal = "locked"
monitored-since = 2026-09-01

[[domain]]
name = "kaori.example"
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a company: one domain whose newsletter fails, one in order, one that never sends."""
    folder = tmp_path_factory.mktemp("company")
    for name, data in inbox().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    result = CliRunner().invoke(main, ["reports", str(folder / "inbox"), "--store", str(folder / "reports.sqlite")])
    assert result.exit_code == 0, result.output
    with Store.open(folder / "reports.sqlite") as store:
        for day in range(28):
            for reporter in ("mailbox.example", "post.example", "mail.example"):
                good = row(count=200, header_from="shop.example", envelope_from="shop.example")
                begin = BEGIN + timedelta(days=day)
                store.add(feedback([good], f"s{day}", reporter=reporter, domain="shop.example", begin=begin))
    write_scan(folder / "scan.jsonl")
    (folder / "inventory.toml").write_text(INVENTORY)
    (folder / "decisions.toml").write_text("")
    return folder


def write_scan(path: Path, *domains: str) -> None:
    sink = open_sink(path, format_of(path.name))
    for number, domain in enumerate(domains or ("example.com", "kaori.example", "old.example", "shop.example"), 1):
        found = replace(scanned(domain, RECORDS), number=number, sending=Sending("none"))
        sink.write([replace(found, at="2026-11-28T00:00:00Z")])
    sink.close()


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


def run(folder: Path, *arguments: str, file: str = "inventory.toml") -> Result:
    return CliRunner().invoke(main, ["plan", str(folder / file), *arguments])


def test_the_plan_tells_how_far_each_domain_is_and_what_to_publish(company: Path) -> None:
    result = run(company)
    assert result.exit_code == 0, result.output
    text = result.stdout
    for part in (
        "Kaori Tea: the road to the logo\nAs of 2026-11-28\nAt their goal: 1 of 4.\n",
        "  reject                1  #\n",
        "example.com: monitored → sources known\n  Goal: logo in the inbox · DMARC: none · Owner: Marketing\n",
        "    - 960 messages of your source Twilio SendGrid fail",
        "  Not planned: Raise the policy to p=quarantine\n",
        "  Not planned: Publish the BIMI record\n",
        "shop.example: sources known → quarantine\n",
        "    _dmarc.shop.example. TXT\n        v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com\n",
        "old.example: monitored → locked\n",
        "    old.example. MX\n        0 .\n",
        "    old.example. TXT\n        v=spf1 -all\n",
        "kaori.example: reject → reached\n",
    ):
        assert part in text
    assert result.stderr == ""


def test_the_same_files_give_the_same_plan(company: Path) -> None:
    assert run(company, "-f", "json").stdout == run(company, "-f", "json").stdout
    assert from_json(run(company, "-f", "json").stdout).domains[0].domain == "example.com"


@pytest.mark.parametrize("name", ["scan.csv", "scan.sqlite"])
def test_a_scan_may_be_in_any_format(company: Path, name: str) -> None:
    write_scan(company / name)
    file = company / f"{name}.toml"
    file.write_text(INVENTORY.replace("scan.jsonl", name))
    assert run(company, "-f", "json", file=file.name).stdout == run(company, "-f", "json").stdout


def test_decisions_count(company: Path) -> None:
    (company / "stop.toml").write_text('[[source]]\ndomain = "*"\nsource = "sender:sendgrid"\nchoice = "stop"\n')
    (company / "decided.toml").write_text(INVENTORY.replace("decisions.toml", "stop.toml"))
    result = run(company, "--domain", "example.com", file="decided.toml")
    assert "example.com: sources known → quarantine" in result.stdout
    assert "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com" in result.stdout
    assert "Publish next, when the above is done\n    default._bimi.example.com. TXT" in result.stdout


def test_zone_lines_are_what_name_servers_read(company: Path) -> None:
    text = run(company, "-f", "zone").stdout
    found = {}
    for block in text.split("$ORIGIN ")[1:]:
        read = dns.zone.from_text(f"$ORIGIN {block}", origin=block.split()[0], check_origin=False, relativize=False)
        found |= {(str(name), str(rdata)): None for name, _ttl, rdata in read.iterate_rdatas()}
    assert ("old.example.", "0 .") in found
    assert ("old.example.", '"v=spf1 -all"') in found
    assert ("_dmarc.shop.example.", '"v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"') in found
    assert "; in place of: v=DMARC1; p=none; rua=mailto:dmarc@example.com\n" in text
    assert run(company, "-f", "zone", "--domain", "kaori.example").stdout == "; There is nothing to publish now.\n"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_is_in_both_languages(company: Path, lang: str) -> None:
    words = words_of("plan_words", lang)
    for form in ("text", "markdown"):
        result = run(company, "-f", form, "--lang", lang)
        assert result.exit_code == 0
        assert words["label.blocks"] in result.stdout
        assert words["stage.monitored"] in result.stdout
    page = _Page()
    page.feed(run(company, "-f", "html", "--lang", lang).stdout)
    assert page.tags[0] == "html"
    assert "script" not in page.tags
    assert words["label.zone-head"] in run(company, "-f", "zone", "--lang", lang).stdout


def test_what_changed_is_told(company: Path) -> None:
    old = company / "old.json"
    assert run(company, "-f", "json", "-o", str(old)).exit_code == 0
    assert "Changed since\n  - no change of stages, " in run(company, "--compare", str(old)).stdout
    write_scan(company / "partial.jsonl", "example.com", "shop.example", "old.example")
    (company / "partial.toml").write_text(INVENTORY.replace("scan.jsonl", "partial.jsonl"))
    result = run(company, "--compare", str(old), file="partial.toml")
    assert "  - kaori.example: Could not be read this time.\n" in result.stdout
    assert result.exit_code == 3
    told = json.loads(run(company, "--compare", str(old), "-f", "json", file="partial.toml").stdout)
    assert told["differences"] == [{"key": "changed.unknown", "values": {"domain": "kaori.example"}}]
    assert "changed" not in run(company, "--compare", str(old), "--domain", "shop.example", file="partial.toml").stdout
    for form in ("markdown", "html"):
        assert "kaori.example" in run(company, "--compare", str(old), "-f", form, file="partial.toml").stdout


ON = ("--as-of", "2026-11-28")
EXITS = {
    "told": (["--domain", "example.com"], 0),
    "behind its goal": (["--check", *ON], 1),
    "behind its goal, one of several": (["--check", *ON, "--domain", "kaori.example", "--domain", "example.com"], 1),
    "at its goal": (["--check", *ON, "--domain", "kaori.example"], 0),
    "no such domain": (["--domain", "kaori.exampel"], 2),
    "no domain": (["--domain", "x"], 2),
    "no day": (["--as-of", "soon"], 2),
    "no plan to compare with": (["--compare", "no.json"], 2),
    "changes as a zone": (["--compare", "no.json", "-f", "zone"], 2),
}


@pytest.mark.parametrize(("arguments", "code"), EXITS.values(), ids=list(EXITS))
def test_the_exit_status_says_how_it_went(company: Path, arguments: list[str], code: int) -> None:
    for lang in ("en", "ja"):
        result = run(company, *arguments, "--lang", lang)
        assert result.exit_code == code, result.output
        assert (code == 2) is bool(result.stderr)
        assert "Traceback" not in result.output


MISSING = {
    "the inventory": ("no.toml", None, "no.toml"),
    "the scan": ("x.toml", ("scan.jsonl", "no.jsonl"), "no.jsonl"),
    "the decisions": ("x.toml", ("decisions.toml", "no-decisions.toml"), "no-decisions.toml"),
    "the store": ("x.toml", ("reports.sqlite", "no.sqlite"), "no.sqlite"),
    "a scan that is none": ("x.toml", ("scan.jsonl", "inventory.toml"), "inventory.toml, line 1"),
    "a store that is none": ("x.toml", ("reports.sqlite", "inventory.toml"), "inventory.toml"),
    "decisions that are none": ("x.toml", ('"decisions.toml"', '"scan.jsonl"'), "scan.jsonl"),
    "an inventory that is none": ("scan.jsonl", None, "scan.jsonl"),
    "a fault": ("x.toml", ("goal", "gaol"), "line 10"),
}


@pytest.mark.parametrize(("file", "change", "says"), MISSING.values(), ids=list(MISSING))
def test_a_file_that_is_missing_or_something_else_is_told_in_words(
    company: Path, file: str, change: tuple[str, str] | None, says: str
) -> None:
    if change is not None:
        (company / "x.toml").write_text(INVENTORY.replace(*change))
    for lang in ("en", "ja"):
        result = run(company, "--lang", lang, file=file)
        assert result.exit_code == 2, result.output
        assert says in result.stderr or lang == "ja"
        assert says.partition(",")[0] in result.stderr or lang == "ja"
        assert not (company / "no.sqlite").exists()


def test_what_is_not_named_is_a_notice(company: Path) -> None:
    (company / "bare.toml").write_text('[[domain]]\nname = "a.example"\n')
    result = run(company, file="bare.toml")
    assert (result.exit_code, "--as-of" in result.stderr) == (2, True)
    result = run(company, "--as-of", "2026-11-24", file="bare.toml")
    assert result.exit_code == 3
    assert "There is no scan of these domains" in result.stdout
    assert "No store of reports is named" in result.stdout


def test_reports_of_later_days_do_not_count(company: Path) -> None:
    plan = from_json(run(company, "--as-of", "2026-11-10", "-f", "json").stdout)
    weighing = plan.domains[0].weighing
    assert weighing is not None
    assert weighing.last is not None
    assert weighing.last.isoformat() == "2026-11-10"
    assert "plan.later" in [one.key for one in plan.notices]


def test_no_file_that_is_read_is_written_over(company: Path) -> None:
    for name in ("inventory.toml", "scan.jsonl", "reports.sqlite", "decisions.toml"):
        before = (company / name).read_bytes()
        result = run(company, "-o", str(company / name))
        assert (result.exit_code, (company / name).read_bytes() == before) == (2, True)
    result = run(company, "-o", str(company / "no" / "plan.txt"))
    assert result.exit_code == 2
    assert "can't write" in result.stderr


def test_a_hostile_name_in_the_files_shows_nothing_but_text(company: Path) -> None:
    text = INVENTORY.replace('"Marketing"', '"<b>\\u001b[31m`|_x_`\\u202e @all"').replace("Kaori Tea", "a\\u0007<i>")
    (company / "hostile.toml").write_text(text)
    for form in ("text", "markdown", "html", "zone"):
        shown = run(company, "-f", form, file="hostile.toml").stdout
        assert not {"\x1b", "\u202e", "\x07"} & set(shown)
        assert "<b>" not in shown or form == "text"


def test_without_the_extra_for_stores_it_says_what_to_install(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bimikit.extras.EXTRAS", {**EXTRAS, "reports": ("no_such_module",)})
    result = run(company)
    assert (result.exit_code, "bimikit[reports]" in result.stderr) == (2, True)


def test_what_cannot_be_compared_with_is_told(company: Path) -> None:
    (company / "other.json").write_text('{"schema_version": 7}')
    result = run(company, "--compare", str(company / "other.json"))
    assert (result.exit_code, "version 7" in result.stderr) == (2, True)
    result = run(company, "--compare", str(company / "inventory.toml"), "--lang", "ja")
    assert (result.exit_code, "JSON形式の計画ではありません" in result.stderr) == (2, True)


def test_help_tells_the_exit_status() -> None:
    result = CliRunner().invoke(main, ["plan", "--help"])
    assert "with --check: a domain is behind its goal" in result.output


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_name_in_japanese_is_told_as_its_owner_reads_it(tmp_path: Path, form: str) -> None:
    file = tmp_path / "inventory.toml"
    file.write_text('[[domain]]\nname = "みなと食品.example"\n', encoding="utf-8", newline="\n")
    shown = CliRunner().invoke(main, ["plan", str(file), "--as-of", "2026-11-24", "-f", form])
    assert "みなと食品.example (xn--o9jd6d657reg1e.example)" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "old"),
    [
        (["--as-of", "2026-12-12"], 1, False),
        (["--as-of", "2026-12-13"], 1, True),
        (["--domain", "kaori.example", "--as-of", "2026-12-12"], 0, False),
        (["--domain", "kaori.example", "--as-of", "2026-12-13"], 3, True),
        (["--domain", "kaori.example", "--as-of", "2026-12-13", "--max-age", "30"], 0, False),
        (["--domain", "kaori.example", "--max-age", "0"], 3, True),
    ],
)
def test_a_check_does_not_pass_on_what_is_old(company: Path, arguments: list[str], code: int, old: bool) -> None:
    result = run(company, "--check", *arguments)
    assert result.exit_code == code, result.output
    assert ("too old to tell how things are now" in result.stderr) is old


def test_only_reports_on_domains_of_the_inventory_tell_the_day(company: Path, tmp_path: Path) -> None:
    (tmp_path / "inventory.toml").write_text(INVENTORY.replace('decisions = "decisions.toml"\n', ""))
    write_scan(tmp_path / "scan.jsonl")
    (tmp_path / "reports.sqlite").write_bytes((company / "reports.sqlite").read_bytes())
    with Store.open(tmp_path / "reports.sqlite") as store:
        for reporter in ("a.example", "b.example"):
            later = BEGIN + timedelta(days=50)
            store.add(feedback([row()], "later", reporter=reporter, domain="stranger.example", begin=later))
    assert "As of 2026-11-28\n" in run(tmp_path).stdout


def late(company: Path, folder: Path, at: str) -> None:
    """The company's files with a scan of another day."""
    for name in ("inventory.toml", "decisions.toml", "reports.sqlite"):
        (folder / name).write_bytes((company / name).read_bytes())
    rows = (company / "scan.jsonl").read_text()
    (folder / "scan.jsonl").write_text(rows.replace("2026-11-28", at))


def test_the_newest_reports_count_however_old_the_scan_is(company: Path, tmp_path: Path) -> None:
    late(company, tmp_path, "2026-10-08")  # reports came day by day from 1 to 28 November
    plan = from_json(run(tmp_path, "-f", "json").stdout)
    assert plan.as_of.isoformat() == "2026-11-28"
    assert "plan.scan-old" in [one.key for one in plan.notices]
    assert "plan.reports-beyond" not in [one.key for one in plan.notices]


def test_reports_long_after_all_else_are_told_of_and_no_step_is_taken_without_them(
    company: Path, tmp_path: Path
) -> None:
    late(company, tmp_path, "2026-09-20")
    result = run(tmp_path)
    assert "As of 2026-09-20\n" in result.stdout
    assert "Reports of 28 days, up to 2026-11-28, come long after" in result.stdout
    assert "p=quarantine;" not in result.stdout
    checked = run(tmp_path, "--check", "--domain", "kaori.example", "--as-of", "2026-09-20")
    assert (checked.exit_code, checked.stderr) == (0, "")  # who names the day gets the plan of that day
    checked = run(tmp_path, "--check", "--domain", "kaori.example", "--max-age", "36500")
    assert checked.exit_code == 3
    assert "Reports of 28 days, up to 2026-11-28" in checked.stderr


def test_reports_of_one_organization_count_though_others_stopped_long_before(company: Path, tmp_path: Path) -> None:
    late(company, tmp_path, "2026-11-28")
    with Store.open(tmp_path / "reports.sqlite") as store:
        for day in range(28, 60, 4):
            later = BEGIN + timedelta(days=day)
            store.add(feedback([row()], f"late{day}", reporter="mailbox.example", domain="shop.example", begin=later))
    assert from_json(run(tmp_path, "-f", "json").stdout).as_of == (BEGIN + timedelta(days=56)).date()


def test_a_check_that_writes_a_file_tells_that_domains_are_behind(company: Path, tmp_path: Path) -> None:
    result = run(company, "--check", *ON, "-o", str(tmp_path / "plan.txt"))
    assert (result.exit_code, result.stderr.strip()) == (1, "bimikit: domains behind their goal: 3")
    assert run(company, "--check", *ON, "--domain", "kaori.example", "-o", str(tmp_path / "p.txt")).stderr == ""


def test_a_check_says_neither_yes_nor_no_of_a_domain_that_could_not_be_read(company: Path, tmp_path: Path) -> None:
    late(company, tmp_path, "2026-11-28")
    write_scan(tmp_path / "s.jsonl", "kaori.example")
    (tmp_path / "scan.jsonl").write_text((tmp_path / "s.jsonl").read_text())
    assert run(tmp_path, "--check", *ON, "--domain", "shop.example").exit_code == 3
    assert run(company, "--check", *ON, "--domain", "shop.example").exit_code == 1


def test_a_file_of_decisions_that_is_not_there_yet_says_how_to_make_one(company: Path) -> None:
    (company / "x.toml").write_text(INVENTORY.replace("decisions.toml", "not-yet.toml"))
    assert "let one be written that lists the sources to decide about" in run(company, file="x.toml").stderr


def test_a_subdomain_is_seen_among_however_many(company: Path, tmp_path: Path) -> None:
    name = "zz.shop.example"
    text = INVENTORY.replace('decisions = "decisions.toml"\n', "")
    (tmp_path / "inventory.toml").write_text(f'{text}\n[[domain]]\nname = "{name}"\ngoal = "locked"\n')
    write_scan(tmp_path / "scan.jsonl", "shop.example", name)
    (tmp_path / "reports.sqlite").write_bytes((company / "reports.sqlite").read_bytes())
    with Store.open(tmp_path / "reports.sqlite") as store:
        others = [row("192.0.2.1", 9, header_from=f"a{number}.shop.example") for number in range(40)]
        rows = [*others, row("192.0.2.1", 1, header_from=name)]
        store.add(feedback(rows, "many", domain="shop.example", begin=BEGIN + timedelta(days=27)))
    assert "1 messages in its name are in the reports on shop.example" in run(tmp_path, "--domain", name).stdout


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026/11/28 0:00", "without a day that can be read: 1"),
        ("", "without a day that can be read: 1"),
        ("9999-12-31T23:59:59Z", "of 9999-12-31, later than 2026-11-28"),
    ],
)
def test_a_check_does_not_pass_on_rows_whose_day_cannot_be(company: Path, tmp_path: Path, at: str, told: str) -> None:
    for name in ("inventory.toml", "decisions.toml", "reports.sqlite"):
        (tmp_path / name).write_bytes((company / name).read_bytes())
    rows = (company / "scan.jsonl").read_text()
    (tmp_path / "scan.jsonl").write_text(rows.replace("2026-11-28T00:00:00Z", at))
    result = run(tmp_path, "--check", *ON, "--domain", "kaori.example")
    assert result.exit_code == 3, result.output
    assert told in result.stderr
