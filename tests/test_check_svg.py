"""The public function: its contract, its reading of files, and what it does with hostile input."""

from __future__ import annotations

import contextlib
import gzip
import pickle
import resource
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import AT, FIXTURES, ROOT, fixture_files

import bimikit
from bimikit import Limits, Outcome, Report, Severity, check_svg
from bimikit.svg.document import Document, parse
from bimikit.svg.examples import BODY, HEAD, START
from bimikit.svg.reading import read
from bimikit.svg.rules import RULES
from tools.hostile import HOSTILE

GOOD = f"{START}{HEAD}{BODY}</svg>"


def rules(data: bytes | str, limits: Limits | None = None) -> list[str]:
    raw = data.encode() if isinstance(data, str) else data
    return [finding.rule for finding in check_svg(raw, limits=limits, at=AT).findings]


def test_importing_bimikit_loads_nothing_heavy() -> None:
    heavy = {"httpx", "flask", "PIL", "dns", "cryptography", "lxml", "rich", "msgspec", "re2", "click"}
    script = "import sys, bimikit; print(','.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert not heavy & {name.partition(".")[0] for name in loaded.strip().split(",")}


def test_the_command_loads_nothing_dear_for_a_small_logo(tmp_path: Path) -> None:
    logo = FIXTURES / "svg.title-missing" / "fail-example.svg"
    script = (
        "import sys, click, msgspec; before = set(sys.modules); from bimikit.cli import main\n"
        f"try: main(['svg', {str(logo)!r}])\n"
        "except SystemExit: print('loaded', *sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    command = [sys.executable, "-c", script]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    loaded = set(shown.rpartition("loaded ")[2].split())
    assert "bimikit" in loaded
    assert not loaded & {"re2", "pathlib", "urllib", "tomllib", "lxml", "cryptography", "dns", "httpx", "subprocess"}


def test_judging_loads_no_words_until_somebody_reads_them() -> None:
    script = (
        "import sys, bimikit; r = bimikit.check_svg(b'<svg/>'); assert not r.ok; "
        "before = {m for m in sys.modules if 'locale.' in m and 'bimikit' in m}; r.findings[0].message; "
        "after = {m for m in sys.modules if 'locale.' in m and 'bimikit' in m}; print(sorted(before), sorted(after))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("[] ['bimikit.locale.en'")
    assert "bimikit.locale.ja" not in shown


def test_every_public_name_exists() -> None:
    assert all(getattr(bimikit, name) is not None for name in bimikit.__all__)
    assert set(bimikit.__all__) <= set(dir(bimikit))
    with pytest.raises(AttributeError, match="no attribute 'check_svgs'"):
        _ = bimikit.check_svgs


@pytest.mark.parametrize("data", ["text", None, 5, ["<svg/>"]])
def test_anything_but_bytes_is_a_bad_call(data: object) -> None:
    with pytest.raises(TypeError, match="data must be bytes"):
        check_svg(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_bytes_are_taken(kind: type) -> None:
    assert check_svg(kind(GOOD.encode())).ok


def test_a_moment_without_time_zone_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="time zone"):
        check_svg(b"", at=datetime(2026, 1, 1))


def test_the_moment_is_recorded_in_utc() -> None:
    tokyo = datetime(2026, 11, 24, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=9)))
    assert check_svg(b"", at=tokyo).judged_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert check_svg(b"").judged_at.tzinfo is UTC


@pytest.mark.parametrize("path", fixture_files()[::9], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_report_survives_json_and_pickle_and_is_the_same_each_time(path: Path) -> None:
    data = path.read_bytes()
    report = check_svg(data, at=AT)
    assert Report.from_json(report.to_json()) == report
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301
    assert check_svg(data, at=AT).to_json() == report.to_json()


def test_results_tell_what_became_of_every_rule() -> None:
    results = check_svg(GOOD.replace("<desc>", "<desc> </desc><desc>").encode()).results
    assert results["svg.desc-empty"] is Outcome.FAIL
    assert results["svg.title-missing"] is Outcome.PASS
    assert set(results) == {rule.id for rule in RULES}
    assert check_svg(b"\x89PNG\r\n\x1a\n").results["svg.title-missing"] is Outcome.NOT_CHECKED


def test_facts_tell_what_was_read() -> None:
    facts = check_svg(gzip.compress(GOOD.encode())).facts
    assert facts["compressed"] is True
    assert facts["inflated_size"] == len(GOOD)
    assert facts["encoding"] == "utf-8"
    assert facts["title"] == "Acme"
    assert facts["viewBox"] == "0 0 96 96"
    assert facts["elements"] == 5


def test_all_faults_are_told_at_once_errors_first_in_document_order() -> None:
    text = GOOD.replace(' version="1.2"', ' x="0" onload="a()"').replace("<desc>", "<script/><desc>")
    report = check_svg(text.encode(), at=AT)
    assert [finding.rule for finding in report.findings] == [
        "svg.version-missing",
        "svg.root-position",
        "svg.event-attribute",
        "svg.script-element",
    ]
    assert all(finding.severity is Severity.ERROR for finding in report.findings)


def test_repeats_are_one_finding_with_a_count_and_the_first_places() -> None:
    text = GOOD.replace("</svg>", '<path style="fill:red" d="M0 0h1v1z"/>\n' * 50 + "</svg>")
    (finding,) = check_svg(text.encode()).findings
    assert (finding.rule, finding.count, len(finding.locations)) == ("svg.style-attribute", 50, 5)
    assert finding.locations[1].element == "svg/path[2]"


def test_a_report_stays_small_however_many_different_faults_there_are() -> None:
    text = GOOD.replace("</svg>", "".join(f"<x{n}/>" for n in range(5000)) + "</svg>")
    report = check_svg(text.encode())
    assert len(report.findings) < 60
    (rest,) = [finding for finding in report.findings if finding.rule == "bimikit.more-of-the-same"]
    assert rest.params["count"] == 4950


def test_a_fingerprint_stays_when_unrelated_lines_change() -> None:
    faulty = GOOD.replace("<circle", '<circle onclick="a()"')
    moved = faulty.replace("<title>", "\n\n<!-- moved -->\n<title>")
    first, second = (check_svg(text.encode()).findings[0] for text in (faulty, moved))
    assert first.locations != second.locations
    assert first.fingerprint == second.fingerprint
    other = check_svg(GOOD.replace("<rect", '<rect onclick="a()"').encode()).findings[0]
    assert other.fingerprint != first.fingerprint


def test_a_crashing_check_becomes_a_finding_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from bimikit.svg import check

    def explode(_found: object) -> list[object]:
        raise RuntimeError("boom")

    monkeypatch.setattr(check, "CHECKS", (explode, *check.CHECKS))
    report = check_svg(GOOD.replace("<title>Acme</title>", "").encode())
    assert {finding.rule for finding in report.findings} == {"bimikit.rule-crashed", "svg.title-missing"}
    crash = next(finding for finding in report.findings if finding.rule == "bimikit.rule-crashed")
    assert crash.outcome is Outcome.INDETERMINATE
    assert "boom" in crash.message
    assert not report.complete


def test_a_crash_of_the_pass_itself_is_told_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    from bimikit.svg import check

    def explode(_document: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(check, "survey", explode)
    report = check_svg(GOOD.encode())
    assert [finding.rule for finding in report.findings] == ["bimikit.rule-crashed"]
    assert not report.complete
    assert not report.finished


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(max_bytes=100), "svg.too-large"),
        (Limits(max_depth=1), "svg.too-deep"),
        (Limits(max_elements=3), "svg.too-many-elements"),
        (Limits(max_attributes=3), "svg.too-many-attributes"),
        (Limits(max_attributes_total=8), "svg.too-many-attributes"),
    ],
)
def test_every_limit_can_be_set_and_refuses_what_passes_it(limits: Limits, rule: str) -> None:
    assert rule in rules(GOOD, limits)
    assert rules(GOOD) == []


def test_a_limit_that_makes_no_sense_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="max_depth must be at least 1"):
        Limits(max_depth=0)
    with pytest.raises(TypeError, match="max_bytes must be an int"):
        Limits(max_bytes="1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="limits must be Limits"):
        check_svg(b"", limits={"max_bytes": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_ends_soon_and_small_with_a_finding(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_arguments: object, **_options: object) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket, "socket", no_network)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    report = check_svg(data, at=AT)
    # a generous multiple of the bar, which benchmarks/hostile.py measures: here only a runaway must fail
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert "bimikit.rule-crashed" not in {finding.rule for finding in report.findings}
    assert report.findings or report.ok
    assert len(report.to_json()) < 400_000


def test_every_truncation_of_a_logo_gives_a_finding() -> None:
    data = (FIXTURES / "logos" / "sunrise.svg").read_bytes()
    for end in range(len(data.rstrip())):
        assert not check_svg(data[:end], at=AT).ok, end


def test_no_file_is_ever_loaded_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    text = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{GOOD.replace("Acme", "&x;")}'
    report = check_svg(text.encode(), at=AT)
    assert "hunter2" not in report.to_json()
    assert not report.ok


def test_the_schema_of_the_profile_is_not_run_through_libxml2() -> None:
    sources = [path.read_text() for path in (ROOT / "bimikit").rglob("*.py")]
    assert not any("RelaxNG" in text or "relaxng" in text for text in sources)


def offsets_expat_tells(utf8: bytes) -> list[int]:
    """Where each start tag is, as the parser counts while it reads."""
    found: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _name, _attributes: found.append(parser.CurrentByteIndex)
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(utf8, True)
    return found


@pytest.mark.parametrize("path", fixture_files(), ids=lambda path: path.name)
def test_elements_are_found_where_the_parser_saw_them(path: Path) -> None:
    text = read(path.read_bytes(), 2**21).text
    document = parse(text.utf8, Limits()) if text is not None else Document(b"")
    read_to = len(document.qnames)  # a document beyond the limits is read only so far
    if not (document.body or document.entities):  # then the text was changed before it was parsed
        assert [document.offset(node) for node in range(read_to)] == offsets_expat_tells(document.utf8)[:read_to]


PIECES = (
    "<g>",
    "</g>",
    "<g/>",
    "<!-- <g> -->",
    "<![CDATA[ <g> ]]>",
    "<?p <g> ?>",
    "<g x='>'/>",
    "あ",
    "&lt;g>",
    "\r\n",
)


@given(
    before=st.sampled_from(["", "<!--<svg>-->", "<?p <svg> ?>", "<!DOCTYPE svg>", "<!DOCTYPE svg [<!-- <svg> -->]>"]),
    pieces=st.lists(st.sampled_from(PIECES), max_size=20),
)
def test_what_looks_like_a_tag_in_a_comment_or_cdata_moves_no_place(before: str, pieces: list[str]) -> None:
    utf8 = f"{before}<svg>{''.join(pieces)}</svg>".encode()
    document = parse(utf8, Limits())
    assert [document.offset(node) for node in range(len(document.qnames))] == offsets_expat_tells(utf8)
