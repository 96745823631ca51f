"""Rows of a scan that were written are read back as they were, from each format; other files end in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

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
    path.write_bytes(path.read_bytes()[:-1] + b"\n\n" + b'{"domain":"z.example","state":"x"}')
    assert [row.domain for row in read_rows(path)][-1] == "z.example"


OTHERS = {
    "text": ("x.jsonl", b"hello\nworld\n", 1),
    "another object": ("x.jsonl", b'{"a":1}\n', 1),
    "a number for a name": ("x.jsonl", b'{"domain":1,"state":"x"}\n', 1),
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


def test_of_several_rows_on_a_domain_the_newest_counts_in_any_order() -> None:
    rows = [
        Scanned("a.example", "x", number=3, at="2026-11-20T00:00:00Z"),
        Scanned("a.example", "y", number=1, at="2026-11-24T00:00:00Z"),
        Scanned("a.example", "z", number=2, at="2026-11-24T00:00:00Z"),
        Scanned("b.example", "x", number=4),
    ]
    for order in (rows, rows[::-1]):
        assert {name: row.state for name, row in by_domain(order).items()} == {"a.example": "z", "b.example": "x"}


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
