"""The tag-list parser: nothing is lost, nothing is repaired, and every part keeps its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimikit.dns.tags import MOST_TAGS, parse_tags

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True)
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=";"), max_size=12)
SPACES = st.text(" \t", max_size=2)


@given(st.text(max_size=200))
def test_every_tag_and_flaw_is_where_it_says(text: str) -> None:
    found = parse_tags(text)
    assert found.text == text
    for tag in found.tags:
        for span in (tag.name, tag.value, tag.part):
            assert text[span.start : span.start + len(span.text)] == span.text
    for flaw in found.flaws:
        assert text[flaw.part.start : flaw.part.start + len(flaw.part.text)] == flaw.part.text


@given(st.lists(st.tuples(NAMES, VALUES, SPACES), min_size=1, max_size=8, unique_by=lambda tag: tag[0]), st.booleans())
def test_a_written_list_is_read_as_it_was_meant_and_written_again_the_same(
    tags: list[tuple[str, str, str]], ends: bool
) -> None:
    text = ";".join(f"{blank}{name}{blank}={blank}{value}{blank}" for name, value, blank in tags) + ";" * ends
    found = parse_tags(text)
    assert not found.flaws
    assert [(tag.name.text, tag.value.text) for tag in found.tags] == [(name, value) for name, value, _ in tags]
    again = parse_tags(str(found))
    assert [(tag.name.text, tag.value.text) for tag in again.tags] == [(name, value) for name, value, _ in tags]
    assert str(again) == str(found)


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("", ["empty"]),
        (";", ["empty"]),
        ("v=x;", []),
        ("v=x; ", []),
        ("v=x;;", ["empty"]),
        ("v=x;; a=b", ["empty"]),
        ("v=x; bogus", ["no-equals"]),
        ("v=x; =b", ["name"]),
        ("v=x; 1a=b", ["name"]),
        ("v=x; a b=c", ["name"]),
        ("v=x; a=é", ["value"]),
        ("v=x; a=b\tc", ["value"]),
        ("v=x; a=1; a=1", ["duplicate"]),
        ("v=x; a=1; A=1", []),
        ("v=x; a=b=c", []),
        ("v=" + "x" * 20_000, ["too-long"]),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_is_wrong_is_named(text: str, flaws: list[str]) -> None:
    assert [flaw.kind for flaw in parse_tags(text).flaws] == flaws


def test_the_number_of_tags_is_bounded() -> None:
    found = parse_tags(";".join(f"a{number}=1" for number in range(300)))
    assert len(found.tags) == MOST_TAGS
    assert found.has("too-long")
