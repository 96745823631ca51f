"""The files of a scan: domains from lists, tables and zones; rows that outlast any end, none lost and none twice."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from codecs import BOM_UTF8
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit.portfolio.cells import escaped, unescaped
from bimikit.portfolio.done import Done, OtherInput
from bimikit.portfolio.names import CSV, LIST, LONGEST_LINE, ZONE, Given, NoLines, format_of, read_names
from bimikit.portfolio.row import READY, Scanned, Sending, View, no_domain
from bimikit.portfolio.rows import RowsError, read_rows
from bimikit.portfolio.sinks import (
    COLUMNS,
    Taken,
    Unfit,
    as_lines,
    open_sink,
    put_in_place,
    remove_leftover,
    require_free,
    values_of,
)
from bimikit.portfolio.sinks import format_of as sink_format_of

FORMS = ("jsonl", "csv", "sqlite")


def names(text: str | bytes, form: str = LIST, **more: str) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    found = list(read_names(io.BytesIO(data), form, **more))
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("a.example\nb.example\n", LIST, ["a.example", "b.example"]),
        ("\ufeffa.example\r\n\r\n # all\r\nb.example # ours", LIST, ["a.example", "b.example"]),
        ("", LIST, []),
        ("domain,owner\na.example,x\n,y\nb.example,z\n", CSV, ["a.example", "b.example"]),
        ("owner;Domain Name;n\nx;a.example;1\n", CSV, ["a.example"]),
        ("a.example\tx\nb.example\ty\n", CSV, ["a.example", "b.example"]),
        ('n,ドメイン\n1,"a.example"\n', CSV, ["a.example"]),
        ("", CSV, []),
        ("$ORIGIN example.com.\n@ 60 IN SOA a b (\n 1 2 3 ; x\n 4 5 )\n IN NS ns\nwww IN A 192.0.2.1\n", ZONE,
         ["example.com", "www.example.com"]),
        ("a.example. IN NS x.\na.example. IN NS y.\n_dmarc.a.example. IN TXT \"v\"\n*.b IN A 1\n", ZONE, ["a.example"]),
        ('a.example. IN TXT "( ;"\nb.example. IN TXT "x"\n', ZONE, ["a.example", "b.example"]),
    ],
)  # fmt: skip
def test_domains_are_read_from_each_kind_of_file(text: str, form: str, expected: list[str]) -> None:
    assert names(text, form) == expected


def test_a_column_can_be_named_and_has_to_be_there() -> None:
    assert names("x,zone\n1,a.example\n", CSV, column="Zone") == ["a.example"]
    with pytest.raises(ValueError, match="no column 'y'; there are: x, zone"):
        names("x,zone\n1,a.example\n", CSV, column="y")


def test_names_of_a_zone_without_an_origin_are_relative_to_the_one_given() -> None:
    assert names("www IN A 192.0.2.1\n", ZONE, origin="example.com.") == ["www.example.com"]


@pytest.mark.parametrize(("name", "form"), [("x.csv", CSV), ("x.TSV", CSV), ("x.zone", ZONE), ("x", LIST), ("-", LIST)])
def test_the_name_of_a_file_tells_its_format(name: str, form: str) -> None:
    assert format_of(name) == form


def test_a_line_without_end_is_read_only_so_far() -> None:
    data = b"x" * 10 * LONGEST_LINE + b"\na.example\n\xff\xfe\n"
    found = names(data)
    assert [len(one) for one in found[:1]] == [LONGEST_LINE]
    assert found[1:] == ["a.example", "\ufffd\ufffd"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.sampled_from([LIST, CSV, ZONE]))
def test_whatever_is_given_is_read(data: bytes, form: str) -> None:
    with suppress(NoLines):
        assert all(names(data, form))


# rows

TEXTS = st.text(max_size=12)
VIEWS = st.builds(View, st.sampled_from(["record", "none"]), policy=st.none() | TEXTS, bars=st.tuples(TEXTS))
ROWS = st.lists(
    st.builds(
        Scanned, TEXTS, st.sampled_from([READY, "barred"]), st.none() | VIEWS, st.none() | VIEWS, st.tuples(TEXTS)
    ),
    max_size=12,
)


def read_back(path: Path, form: str) -> list[tuple[int, str]]:
    if form == "jsonl":
        rows = [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
        return [(row["number"], row["domain"]) for row in rows]
    if form == "csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [(int(row["number"]), row["domain"]) for row in csv.DictReader(file)]
    with sqlite3.connect(path) as connection:
        return list(connection.execute("SELECT number, domain FROM domains ORDER BY number"))


def row(number: int) -> Scanned:
    view = View("record", policy="reject", eligible=True, bimi="found")
    return Scanned(
        f"d{number}.example", READY, view, view, ("v=DMARC1; p=reject",), "https://x.example/l.svg", "", "", number
    )


@pytest.mark.parametrize("form", FORMS)
def test_rows_come_back_and_a_scan_goes_on_where_it_ended(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    assert sink_format_of(path.name) == form
    sink = open_sink(path, form)
    sink.write([row(2), row(1)])
    sink.close()
    again = open_sink(path, form, resume=True)
    assert again.done.count == 2
    left = list(again.done.without(Given(number, "") for number in range(1, 5)))
    assert [one.number for one in left] == [3, 4]
    again.write([row(3)])
    again.close()
    assert sorted(read_back(path, form)) == [(number, f"d{number}.example") for number in (1, 2, 3)]
    with pytest.raises(FileExistsError):
        open_sink(path, form)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_row_that_was_written_in_part_is_written_anew(tmp_path: Path, form: str, cut: int) -> None:
    path = tmp_path / "out"
    sink = open_sink(path, form)
    sink.write([row(1), row(2)])
    sink.close()
    path.write_bytes(path.read_bytes()[:-cut])
    again = open_sink(path, form, resume=True)
    assert (1 in again.done, 2 in again.done) == (True, False)
    again.write([row(2)])
    again.close()
    assert read_back(path, form) == [(1, "d1.example"), (2, "d2.example")]


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_another_input_are_not_gone_on_with(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    sink = open_sink(path, form)
    sink.write([row(1), row(2)])
    sink.close()
    again = open_sink(path, form, resume=True)
    same = [Given(1, "https://D1.example/"), Given(2, "d2.example"), Given(3, "x")]
    assert [one.number for one in again.done.without(same)] == [3]
    with pytest.raises(OtherInput, match="number 2"):
        list(again.done.without([Given(1, "d1.example"), Given(2, "new.example")]))
    again.close()


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("jsonl", b"mine"),
        ("jsonl", b'{"number":-1,"domain":"a.example","state":"ready"}\n'),
        ("jsonl", b'{"number":99999999999,"domain":"a.example","state":"ready"}\n'),
        ("jsonl", b'{"number":1,"domain":"a.example","state":"mine"}\n'),
        ("jsonl", b'{"number":1,"domain":"a.example"}\n'),
        ("csv", b"mine"),
        ("csv", ",".join(COLUMNS).encode() + b"\n-1,a.example,ready\n"),
        ("csv", ",".join(COLUMNS).encode() + b"\n1000000001,a.example,ready\n"),
        ("csv", ",".join(COLUMNS).encode() + b"\n1,a.example,mine\n"),
        ("csv", ",".join(COLUMNS).encode() + b"\n1,a.example\n"),
        ("csv", ",".join(COLUMNS).encode() + b"\n1,a\rb,ready\n"),
    ],
)
def test_what_is_no_part_of_rows_is_left_alone(tmp_path: Path, form: str, content: bytes) -> None:
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(Unfit):
        open_sink(path, form, resume=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "table", ["notes (text)", "domains (number text, domain)", "domains (number INTEGER PRIMARY KEY)"]
)
def test_databases_of_something_else_are_left_alone(tmp_path: Path, table: str) -> None:
    path = tmp_path / "mine.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {table}")
        connection.commit()
    with pytest.raises(Unfit):
        open_sink(path, "sqlite", resume=True)
    with pytest.raises(RowsError):
        list(read_rows(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone() == (1,)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere not everybody is kept from writing")
@pytest.mark.parametrize("form", FORMS)
def test_two_cannot_write_to_one_file_at_the_same_time(tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    first = open_sink(path, form)
    with pytest.raises(Taken):
        open_sink(path, form, resume=True)
    with pytest.raises(Taken):
        remove_leftover(path)
    with pytest.raises(Taken):
        require_free(path)
    first.write([row(1)])
    first.close()
    open_sink(path, form, resume=True).close()
    require_free(path)
    assert read_back(path, form) == [(1, "d1.example")]


@pytest.mark.parametrize(("form", "content"), [("jsonl", b"hello\n"), ("csv", b"hello\n"), ("sqlite", b"hello" * 900)])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, form: str, content: bytes) -> None:
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(Unfit):
        open_sink(path, form, resume=True)
    assert path.read_bytes() == content


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ROWS, st.sampled_from(FORMS))
def test_any_rows_stand_in_a_line_each(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Scanned], form: str
) -> None:
    path = tmp_path_factory.mktemp("rows") / "out"
    numbered = [
        Scanned(one.domain, one.state, one.rfc9989, one.rfc7489, one.dmarc, number=number)
        for number, one in enumerate(rows, 1)
    ]
    sink = open_sink(path, form)
    sink.write(numbered)
    sink.close()
    assert [number for number, _ in read_back(path, form)] == [one.number for one in numbered]
    again = open_sink(path, form, resume=True)
    assert again.done.count == len(rows)
    again.close()


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        (" -1", "' -1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("v=DMARC1; p=none", "v=DMARC1; p=none"),
        ("\x1b[31m\0\t=\r\n", "\\x1b[31m\\x00\\x09=\\x0d\\x0a"),
        ("\x9b2J\u202e\u2066\ufeff", "\\x9b2J\\u202e\\u2066\\ufeff"),
        (r"a\b \\ \x1b \u202e \X1", r"a\b \\ \x5cx1b \x5cu202e \X1"),
        ("香り、é", "香り、é"),
    ],
)
def test_a_cell_runs_and_steers_nothing_and_its_text_is_read_back(text: str, cell: str) -> None:
    assert escaped(text) == cell
    assert unescaped(cell) == text


CONTROLS = st.text(st.sampled_from("=+-@' ,;\"\\xu019abf\x1b\0\n\r\t\x85\x9b\u2028\u202e\ufeff\uff1d香"), max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(CONTROLS)
def test_any_text_is_read_back_from_a_cell(text: str) -> None:
    cell = escaped(text)
    assert unescaped(cell) == text
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u202e\ufeff]", cell)
    assert cell.lstrip(" ")[:1] not in set("=+-@\uff1d")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(CONTROLS, CONTROLS)
def test_a_table_says_what_the_lines_say(tmp_path_factory: pytest.TempPathFactory, one: str, two: str) -> None:
    folder = tmp_path_factory.mktemp("rows")
    view = View("record", one or None, policy="reject", bars=("a", "b"))
    rows = [
        Scanned(
            one or "x",
            READY,
            view,
            view,
            (two,) if two else (),
            one or None,
            two or None,
            two,
            1,
            assertion=two or None,
        ),
        Scanned(
            two or "null",
            READY,
            number=2,
            reason="null",
            location="true",
            sending=Sending("valid", one or None, mx=("10 a.example.",)),
        ),
    ]
    for form in FORMS[:2]:
        (folder / f"x.{form}").write_bytes(as_lines(rows, form, head=True))
    assert list(read_rows(folder / "x.csv")) == list(read_rows(folder / "x.jsonl")) == rows


def test_lines_hold_nothing_that_a_terminal_follows() -> None:
    row = no_domain("\x1b[31m\x7f\x9b2J\u202e香", "domain.label", 1)
    line = as_lines([row], "jsonl").decode()
    assert json.loads(line)["domain"] == row.domain
    assert line.strip().isprintable()
    assert "香" in line


def test_a_table_begins_with_the_mark_that_excel_wants_and_one_without_it_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    open_sink(path, "csv").close()
    assert path.read_bytes().startswith(BOM_UTF8 + b"number,domain,state,")
    assert as_lines([], "csv", head=True).startswith(b"number,")
    path.write_bytes(as_lines([row(1)], "csv", head=True))
    sink = open_sink(path, "csv", resume=True)
    sink.write([row(2)])
    sink.close()
    assert [one.number for one in read_rows(path)] == [1, 2]
    for size in range(len(BOM_UTF8) + 9):
        path.write_bytes((BOM_UTF8 + b"number,domain,")[:size])
        open_sink(path, "csv", resume=True).close()
        assert path.read_bytes().startswith(BOM_UTF8 + b"number,domain,state,")
    with path.open("rb") as file:
        assert list(read_names(file, CSV)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and links there")
@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, form: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "full").symlink_to("/dev/full")
    for name in ("pipe", "full"):
        for begin in (lambda path: open_sink(path, form, resume=True), remove_leftover):
            with pytest.raises(OSError, match="No such device"):
                begin(tmp_path / name)


@pytest.mark.skipif(sys.platform == "win32", reason="other modes there")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_a_file_that_takes_the_place_of_another_has_its_mode_and_leaves_links_alone(tmp_path: Path, mode: int) -> None:
    (tmp_path / "there").mkdir()
    old, link, new = tmp_path / "there" / "x", tmp_path / "x", tmp_path / "x.part"
    old.write_bytes(b"old")
    old.chmod(mode)
    link.symlink_to("there/x")
    new.write_bytes(b"new")
    put_in_place(new, link)
    assert link.is_symlink()
    assert (old.read_bytes(), old.stat().st_mode & 0o777) == (b"new", mode)


def test_numbers_far_apart_take_no_room(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"".join(as_lines([row(number)], "jsonl") for number in (1, 10**6, 10**9)))
    tracemalloc.start()
    sink = open_sink(path, "jsonl", resume=True)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sink.close()
    assert (sink.done.count, sink.done.highest) == (3, 10**9)
    assert most < 8 * 1024 * 1024


def test_rows_of_a_longer_input_are_not_gone_on_with() -> None:
    done = Done()
    done.add(1, "d1.example")
    done.add(3, "d3.example")
    given = [Given(number, f"d{number}.example") for number in (1, 2, 3)]
    assert [one.number for one in done.without(given)] == [2]
    for shorter in (given[:2], given[:1], []):
        with pytest.raises(OtherInput) as raised:
            list(done.without(shorter))
        assert (raised.value.number, raised.value.given) == (3, len(shorter))


def test_the_columns_are_the_values() -> None:
    assert len(values_of(row(1))) == len(COLUMNS) == len(values_of(no_domain("x", "y")))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 100_000), max_size=50))
def test_what_is_done_is_known_by_its_number(numbers: list[int]) -> None:
    done = Done()
    assert sum(done.add(number) for number in numbers) == done.count == len(set(numbers))
    assert all(number in done for number in numbers)
    assert (100_001 in done) is False


SCAN = """
import asyncio, sys
from pathlib import Path
from bimikit.portfolio.names import Given
from bimikit.portfolio.scan import scan_domains
from bimikit.portfolio.sinks import open_sink

async def main(path, form, port, count):
    sink = open_sink(Path(path), form, resume=True)
    given = sink.done.without(Given(number, f"d{number}.example") for number in range(1, count + 1))
    rows = []
    async for row in scan_domains(given, servers=[("127.0.0.1", port)], in_flight=20, concurrency=40):
        rows.append(row)
        if len(rows) >= 10:
            sink.write(rows)
            rows = []
    sink.write(rows)
    sink.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
"""


@pytest.mark.parametrize("form", FORMS)
def test_a_scan_that_is_killed_at_any_point_loses_and_repeats_nothing(tmp_path: Path, form: str) -> None:
    from bimikit.testing import Zone

    path, count, random = tmp_path / f"out.{form}", 1_500, Random(form)  # noqa: S311 - the points need not be secret
    killed = 0
    with Zone(delay=0.002) as zone:
        command = [sys.executable, "-c", SCAN, str(path), form, str(zone.port), str(count)]
        for _ in range(40):
            process = subprocess.Popen(command)
            try:
                process.wait(random.uniform(0.35, 1.0))
            except subprocess.TimeoutExpired:
                process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
                process.wait()
                killed += 1
                continue
            assert process.returncode == 0
            break
    assert Counter(read_back(path, form)) == Counter((number, f"d{number}.example") for number in range(1, count + 1))
    assert killed
