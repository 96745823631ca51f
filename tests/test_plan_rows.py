"""Rows of a scan that were written are read back as they were, from each format; other files end in words."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plan_world import scanned

from bimikit.portfolio.row import Hosted, Scanned, Sending, View
from bimikit.portfolio.rows import RowsError, by_domain, read_rows
from bimikit.portfolio.sinks import format_of, open_sink

FILES = ("scan.jsonl", "scan.csv", "scan.sqlite")
FULL = Scanned(
    "a.example",
    "ready",
    View(
        "record", "a.example", "a.example", "reject", "quarantine", 50, False, ("x", "y"), "found", "d._bimi.a.example"
    ),
    View("none"),
    ("v=DMARC1; p=reject",),
    "https://a.example/l.svg",
    "https://a.example/v.pem",
    number=1,
    at="2026-11-24T00:00:00Z",
    sending=Sending(
        "valid",
        "v=spf1 -all",
        3,
        ("0 .", "10 mx.a.example."),
        "b.example",
        ("c.example",),
        ("dkim",),
        ("s1", "s2"),
        ("spf.lookups",),
    ),
    hosted=Hosted("pass", ("a.b",), ("c.d",), ("gmail", "apple"), "ff", "ee", "2027-01-01"),
)
ROWS = [
    FULL,
    scanned("b.example", {}, failing=["_dmarc.b.example"]),
    scanned("c.example", {"_dmarc.c.example": "v=DMARC1; p=quarantine; rua=mailto:a@b.example"}),
    Scanned("+x", "no-domain", reason="domain.label"),
    Scanned("d.example", "no-record", View("none"), View("none"), sending=Sending("none")),
]
ROWS = [replace(row, number=number) for number, row in enumerate(ROWS, 1)]


def written(path: Path, rows: list[Scanned] = ROWS) -> Path:
    sink = open_sink(path, format_of(path.name))
    sink.write(rows)
    sink.close()
    return path


@pytest.mark.parametrize("name", FILES)
def test_rows_are_read_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    assert list(read_rows(written(tmp_path / name))) == ROWS
    assert list(read_rows(written(tmp_path / f"none-{name}", []))) == []


@pytest.mark.parametrize("name", FILES[:2])
@pytest.mark.parametrize("cut", [1, 20, 150])
def test_a_row_that_was_written_in_part_is_left_out(tmp_path: Path, name: str, cut: int) -> None:
    path = written(tmp_path / name)
    path.write_bytes(path.read_bytes()[:-cut])
    found = list(read_rows(path))
    assert found == ROWS[: len(found)]
    assert 1 < len(found) < len(ROWS) or cut == 1


def test_a_last_line_of_json_may_lack_its_end(tmp_path: Path) -> None:
    path = written(tmp_path / "scan.jsonl")
    path.write_bytes(path.read_bytes()[:-1] + b"\n\n" + b'{"domain":"z.example","state":"ready"}')
    assert [row.domain for row in read_rows(path)][-1] == "z.example"


OTHERS = {
    "text": ("x.jsonl", b"hello\nworld\n", 1),
    "another object": ("x.jsonl", b'{"a":1}\n', 1),
    "a number for a name": ("x.jsonl", b'{"domain":1,"state":"ready"}\n', 1),
    "deep": ("x.jsonl", b'{"domain":' + b"[" * 20_000 + b"\n", 1),
    "a folder's list": ("x.csv", b"name,size\na,1\n", 1),
    "no database": ("x.sqlite", b"hello" * 100, 0),
    "an empty database": ("x.sqlite", b"", 0),
}


@pytest.mark.parametrize(("name", "data", "line"), OTHERS.values(), ids=list(OTHERS))
def test_what_holds_no_rows_is_told(tmp_path: Path, name: str, data: bytes, line: int) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RowsError) as raised:
        list(read_rows(path))
    assert raised.value.line == line
    for lang in ("en", "ja"):
        assert str(path) in raised.value.told(lang)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    for path in (tmp_path / name, tmp_path):
        with pytest.raises(RowsError, match="can't be read"):
            list(read_rows(path, format_of(name)))


def test_a_row_that_was_changed_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "scan.csv")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1].replace(",50,", ",half,") + lines[2])
    with pytest.raises(RowsError, match="line 2"):
        list(read_rows(path))
    path.write_text(lines[0] + "1,a\n")
    with pytest.raises(RowsError, match="line 2"):
        list(read_rows(path))
    database = written(tmp_path / "scan.sqlite")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE domains SET rfc9989_pct = 'half' WHERE number = 1")
    connection.close()
    with pytest.raises(RowsError):
        list(read_rows(database))


ODD = {
    "a state that there isn't": {"state": "anything"},
    "a negative number": {"number": "-5"},
    "less than no percent": {"rfc9989_pct": "-5"},
    "more than all": {"rfc7489_pct": "101"},
    "a policy that there isn't": {"rfc9989_policy": "junk"},
    "a list for a policy": {"rfc9989_applied_policy": "[]"},
    "a reading that there isn't": {"rfc9989_dmarc": "maybe"},
    "a record that there isn't": {"rfc7489_bimi": "perhaps"},
    "an SPF that there isn't": {"sending_spf": "good"},
    "fewer than no lookups": {"sending_spf_lookups": "-1"},
    "an outcome that there isn't": {"hosted_outcome": "passed"},
    "no domain": {"domain": ""},
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("changed", ODD.values(), ids=list(ODD))
def test_values_that_no_scan_writes_are_not_believed(tmp_path: Path, name: str, changed: dict[str, str]) -> None:
    path = written(tmp_path / name, [FULL])
    ((column, value),) = changed.items()
    if name.endswith("sqlite"):
        with sqlite3.connect(path) as connection:
            connection.execute(f'UPDATE domains SET "{column}" = ?', [value or None])  # noqa: S608 - names of ours
        connection.close()
    elif name.endswith("csv"):
        head, cells = csv.reader(path.read_text("utf-8-sig").splitlines())
        write_table(path, [head, [value if at == column else cell for at, cell in zip(head, cells, strict=True)]])
    else:
        line = json.loads(path.read_text())
        part, _, field = column.partition("_")
        of, key = (line[part], field) if field and part in line else (line, column)
        of[key] = None if not value else json.loads(value) if value.strip("-").isdigit() else value
        path.write_text(json.dumps(line) + "\n")
    with pytest.raises(RowsError, match=r"line [12]: "):
        list(read_rows(path))


def write_table(path: Path, rows: list[list[str]], **how: Any) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, **how).writerows(rows)


SAVED = {
    "semicolons": (lambda rows: rows, {"delimiter": ";"}),
    "tabs and other ends of lines": (lambda rows: rows, {"delimiter": "\t", "lineterminator": "\r\n"}),
    "rows without anything": (lambda rows: [*rows, [""] * len(rows[0]), [""] * len(rows[0])], {}),
    "quotation marks": (lambda rows: rows, {"quoting": csv.QUOTE_ALL}),
    "remarks of several lines": (lambda rows: [[*row, 'a\n"b", c\n\nd'] for row in rows], {}),
    "another order": (lambda rows: [row[::-1] for row in rows], {}),
}


@pytest.mark.parametrize(("change", "how"), SAVED.values(), ids=list(SAVED))
def test_a_table_that_a_spreadsheet_saved_again_says_the_same(
    tmp_path: Path, change: Callable[[list[list[str]]], list[list[str]]], how: dict[str, Any]
) -> None:
    path = written(tmp_path / "scan.csv")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    write_table(path, change(rows), **how)
    assert list(read_rows(path)) == ROWS
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    assert list(read_rows(path)) == ROWS


@pytest.mark.parametrize("ends", [FULL, replace(FULL, hosted=None)])
def test_of_a_table_without_its_last_end_of_a_line_a_row_that_is_whole_counts(tmp_path: Path, ends: Scanned) -> None:
    path = written(tmp_path / "scan.csv", [replace(row, number=number) for number, row in enumerate((*ROWS, ends), 1)])
    data = path.read_bytes()
    for cut, whole in ((1, True), (2, False), (5, False), (11, False)):
        path.write_bytes(data[:-cut])
        assert len(list(read_rows(path))) == len(ROWS) + whole, cut


TOLD = {
    "a column twice": (
        lambda text: text.replace("\ufeffnumber,", "\ufeffstate,number,", 1),
        "column state stands there twice",
    ),
    "too many cells": (lambda text: text.replace("\n2,", "\n2,,", 1), "line 3: this row has"),
    "a quotation mark too many": (lambda text: text.replace("\n2,", '\n"2,', 1), "line 3: "),
}


@pytest.mark.parametrize(("change", "told"), TOLD.values(), ids=list(TOLD))
def test_what_is_wrong_with_a_table_is_told(tmp_path: Path, change: Callable[[str], str], told: str) -> None:
    path = written(tmp_path / "scan.csv")
    path.write_text(change(path.read_text()))
    with pytest.raises(RowsError, match=told):
        list(read_rows(path))


@pytest.mark.parametrize("name", FILES[:2])
def test_a_file_that_powershell_wrote_is_told_as_that_or_read(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name)
    text = path.read_text("utf-8-sig")
    path.write_text(text, encoding="utf-16")
    with pytest.raises(RowsError, match="UTF-16"):
        list(read_rows(path))
    path.write_text(text, encoding="utf-8-sig")
    assert list(read_rows(path)) == ROWS


def test_of_several_rows_on_a_domain_the_newest_counts_in_any_order() -> None:
    rows = [
        Scanned("a.example", "barred", number=3, at="2026-11-20T00:00:00Z"),
        Scanned("a.example", "declined", number=1, at="2026-11-24T00:00:00Z"),
        Scanned("a.example", "ready", number=2, at="2026-11-24T00:00:00Z"),
        Scanned("b.example", "barred", number=4),
    ]
    for order in (rows, rows[::-1]):
        assert {name: row.state for name, row in by_domain(order).items()} == {
            "a.example": "ready",
            "b.example": "barred",
        }


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CELLS, st.lists(st.text("ab.-", min_size=1, max_size=5), max_size=3))
def test_any_text_in_a_row_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str, bars: list[str]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    view = View("record", bars=tuple(bars))
    rows = [Scanned("a.example", "barred", view, view, (text,) if text else (), text or None, number=1)]
    for name in ("scan.jsonl", "scan.sqlite"):
        assert list(read_rows(written(folder / name, rows))) == [
            rows[0]
            if name == "scan.jsonl"
            else replace(rows[0], dmarc=tuple(part for part in text.split(" | ") if part))
        ]
    assert len(list(read_rows(written(folder / "scan.csv", rows)))) == 1


@pytest.mark.parametrize("name", ["scan.csv", "scan.sqlite"])
def test_a_record_with_what_separates_values_stays_one(tmp_path: Path, name: str) -> None:
    row = Scanned("a.example", "barred", dmarc=("v=DMARC1; p=reject; x=1 | 0; sp=none",), number=1)
    assert list(read_rows(written(tmp_path / name, [row]))) == [row]
