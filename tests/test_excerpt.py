"""The window on a source line, and lines broken for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit.output.excerpt import excerpt, lines_of, width
from bimikit.output.text_format import wrap


def test_a_short_line_is_shown_whole_with_the_caret_under_the_place() -> None:
    window = excerpt(["<svg bad='1'>"], 1, 6, 7)
    assert window is not None
    assert window.line == "<svg bad='1'>"
    assert window.caret == "     ^^^^^^^"


def test_full_width_characters_take_two_columns() -> None:
    window = excerpt(["<title>株式会社</title><bad/>"], 1, 20, 4)
    assert window is not None
    assert window.marked == "<bad"
    assert window.caret.index("^") == width("<title>株式会社</title>") == 7 + 8 + 8


def test_a_very_long_line_is_windowed_around_the_place() -> None:
    line = "a" * 50_000 + "HERE" + "b" * 50_000
    window = excerpt([line], 1, 50_001, 4)
    assert window is not None
    assert window.marked == "HERE"
    assert window.line.startswith("…")
    assert window.line.endswith("…")
    assert width(window.line) <= 96


@pytest.mark.parametrize(("line", "column"), [(0, 1), (3, 1), (1, 0)])
def test_there_is_no_window_on_no_place(line: int, column: int) -> None:
    assert excerpt(["one", "two"], line, column) is None


def test_line_ends_are_counted_as_xml_counts_them() -> None:
    assert lines_of("a\r\nb\rc\nd") == ["a", "b", "c", "d"]


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.text(max_size=300), st.integers(1, 310), st.integers(0, 400))
def test_a_window_never_exceeds_its_columns_and_is_printable(line: str, column: int, length: int) -> None:
    window = excerpt(lines_of(line), 1, column, length)
    if window is not None:
        assert width(window.line) <= 97
        assert window.line.isprintable()
        assert len(window.caret.strip()) >= 1


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="ab 、。（「漢字かな", max_size=200), st.integers(12, 60))
def test_wrapping_keeps_every_character_and_the_columns(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns + 4 or " " not in line for line in lines)


def test_japanese_lines_neither_begin_nor_end_with_the_wrong_bracket() -> None:
    for line in wrap("あいうえお、（かきくけこ）。" * 10, 20):
        assert line[0] not in "、。）"
        assert line[-1] != "（"
