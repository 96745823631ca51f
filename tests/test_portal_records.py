"""Pasted records: the forms in which people really hand them in, and zone-file strings that read back the same."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.problems import Problem
from webapp.records import (
    LONGEST_STRING,
    MOST_CHARACTERS,
    MOST_RECORDS,
    Pasted,
    as_strings,
    read_records,
    split_name,
)

DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
NAMED = {"_dmarc.example.com": (DMARC,)}
BARE = {"": (DMARC,)}

ONE_RECORD = {
    "a bare value": (DMARC, BARE),
    "blanks around it": (f"\n  {DMARC}  \r\n\r\n", BARE),
    "in quotation marks": (f'"{DMARC}"', BARE),
    "in single ones": (f"'{DMARC}'", BARE),
    "in those of a word processor": (f"“{DMARC}”", BARE),
    "in Japanese ones": (f"「{DMARC}」", BARE),
    "in backticks, as chats have them": (f"`{DMARC}`", BARE),
    "a zone file's line": (f'_dmarc.example.com. 3600 IN TXT "{DMARC}"', NAMED),
    "class before the time": (f'_dmarc.example.com.\tIN\t1h\tTXT\t"{DMARC}"', NAMED),
    "lower case and no final dot": (f'_DMARC.Example.COM txt "{DMARC}"', NAMED),
    "two strings": ('_dmarc.example.com. TXT "v=DMARC1; p=rej" "ect; rua=mailto:d@example.com"', NAMED),
    "two strings without a name": ('"v=DMARC1; p=reject; " "rua=mailto:d@example.com"', BARE),
    "strings without a blank between": ('"v=DMARC1; p=rej""ect; rua=mailto:d@example.com"', BARE),
    "strings on two lines": ('"v=DMARC1; p=reject; "\n"rua=mailto:d@example.com"', BARE),
    "brackets over several lines": (
        '_dmarc.example.com. IN TXT (\n  "v=DMARC1; p=reject; " ; the policy\n  "rua=mailto:d@example.com" )',
        NAMED,
    ),
    "brackets that open before the string": ('_dmarc.example.com. IN TXT ("v=DMARC1; p=reject; "\n"rua=mailto:d@example.com"\n)', NAMED),
    "brackets that never close": (f'_dmarc.example.com. IN TXT ( "{DMARC}"', NAMED),
    "a comment behind": (f'_dmarc.example.com. IN TXT "{DMARC}" ; published "in May"', NAMED),
    "comments before": (f'; our zone\n# v=DMARC1; p=none\n// old: v=DMARC1\n;_dmarc IN TXT "v=DMARC1; p=none"\n{DMARC}', BARE),
    "escaped semicolons, as dig once wrote them": ('_dmarc.example.com. 300 IN TXT "v=DMARC1\\; p=reject\\; rua=mailto:d@example.com"', NAMED),
    "escaped semicolons without marks": ("_dmarc.example.com. IN TXT v=DMARC1\\; p=reject\\; rua=mailto:d@example.com", NAMED),
    "escaped by number": ('"v=DMARC1\\059 p=reject; rua=mailto:d\\064example.com"', BARE),
    "name=TEXT": (f"_dmarc.example.com={DMARC}", NAMED),
    "name = TEXT": (f"_dmarc.example.com = {DMARC}", NAMED),
    "domain=TEXT, as the command line has it": (f"example.com={DMARC}", NAMED),
    "a relative name": (f'_dmarc IN TXT "{DMARC}"', {"_dmarc": (DMARC,)}),
    "a relative name below another": (f'_dmarc.news 3600 IN TXT "{DMARC}"', {"_dmarc.news": (DMARC,)}),
    "a relative name and its origin": (f'$ORIGIN example.com.\n$TTL 3600\n_dmarc IN TXT "{DMARC}"', NAMED),
    "a full name and an origin": (f'$ORIGIN example.com.\n_dmarc.example.com. IN TXT "{DMARC}"', NAMED),
    "a table with tabs": (f"TXT\t_dmarc.example.com\t{DMARC}\tAuto\tDNS only\tEdit", NAMED),
    "a table with tabs, the name first": (f"_dmarc.example.com\tTXT\t{DMARC}\t3600", NAMED),
    "a table with blanks": (f"_dmarc.example.com    TXT    {DMARC}    3600", NAMED),
    "a table of Markdown": (f"| _dmarc.example.com | TXT | {DMARC} |", NAMED),
    "a table of Markdown with code": (f"| `_dmarc.example.com` | TXT | `{DMARC}` |", NAMED),
    "CSV": (f'_dmarc.example.com,TXT,"{DMARC}",3600', NAMED),
    "CSV without marks": (f"_dmarc.example.com,TXT,{DMARC},3600,", NAMED),
    "CSV with doubled marks": (f'_dmarc.example.com,TXT,"""{DMARC}""",3600', NAMED),
    "JSON": (f'{{"type": "TXT", "name": "_dmarc.example.com", "content": "{DMARC}", "ttl": 1}}', NAMED),
    "JSON that holds a zone file's string": (f'{{"Name": "_dmarc.example.com.", "Value": "\\"{DMARC}\\""}}', NAMED),
    "a form, line by line": (f"Type: TXT\nHost: _dmarc.example.com\nValue: {DMARC}\nTTL: 3600", NAMED),
    "a form with blank lines": (f"Host\n\n_dmarc.example.com\n\nType\n\nTXT\n\nValue\n\n{DMARC}\n\nEdit", NAMED),
    "cells line by line": (f"_dmarc.example.com\nTXT\n3600\n{DMARC}\n編集", NAMED),
    "a form on one line": (f"Type TXT Name _dmarc.example.com Value {DMARC}", NAMED),
    "a type before it": (f"Type TXT {DMARC}", BARE),
    "a type and a class before it": (f"IN TXT {DMARC}", BARE),
    "a time before it": (f'3600 IN TXT "{DMARC}"', BARE),
    "an item of a list": (f"1. TXT {DMARC}", BARE),
    "a Japanese form": (f"種別：TXT\nホスト名：_dmarc.example.com\n値：{DMARC}\nTTL：3600\n保存", NAMED),
    "a Japanese form with wide characters": (f"ホスト名：＿ｄｍａｒｃ．ｅｘａｍｐｌｅ．ｃｏｍ　種別：ＴＸＴ　値：{DMARC}", NAMED),
    "a Japanese sentence": (f"_dmarc.example.comに次のTXTレコードを設定してください。\n{DMARC}", NAMED),
    "a Japanese label glued to it": (f"設定値「{DMARC}」を登録", BARE),
    "a U-label": (f'_dmarc.例え.jp. IN TXT "{DMARC}"', {"_dmarc.例え.jp": (DMARC,)}),
    "Windows line ends": (f'; zone\r\n_dmarc.example.com. IN TXT "{DMARC}"\r\n', NAMED),
    "old Mac line ends": (f'; zone\r_dmarc.example.com. IN TXT "{DMARC}"\r', NAMED),
    "a byte order mark and invisible blanks": (f"\ufeff{DMARC}\u200b", BARE),
    "wrapped by a mail program": ("v=DMARC1; p=reject;\n rua=mailto:d@example.com", BARE),
    "wrapped without a semicolon": ("v=DMARC1; p=reject\n; rua=mailto:d@example.com", {"": ("v=DMARC1; p=reject ; rua=mailto:d@example.com",)}),
    "no version": ("p=reject", {"": ("p=reject",)}),
    "no version, with a name": ('_dmarc.example.com. IN TXT "p=reject"', {"_dmarc.example.com": ("p=reject",)}),
    "no version, name=TEXT": ("_dmarc.example.com=p=reject", {"_dmarc.example.com": ("p=reject",)}),
    "a misspelt version": ("v=DMARC2; p=reject", {"": ("v=DMARC2; p=reject",)}),
    "wide characters in the value stay": ("ｖ＝ＤＭＡＲＣ１；ｐ＝ｒｅｊｅｃｔ", {"": ("ｖ＝ＤＭＡＲＣ１；ｐ＝ｒｅｊｅｃｔ",)}),
    "another kind of record": ("v=spf1 -all", {"": ("v=spf1 -all",)}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "found"), ONE_RECORD.values(), ids=ONE_RECORD)
def test_a_record_is_found_in_whatever_form_it_comes(text: str, found: dict[str, tuple[str, ...]]) -> None:
    assert read_records(text, "") == (found, {})


@pytest.mark.parametrize(
    ("dmarc", "record"), [(DMARC, BIMI), (BIMI, DMARC), (f"{DMARC}\n{BIMI}", ""), ("", f"{BIMI}\n\n{DMARC}")]
)
def test_a_record_in_the_wrong_field_is_understood(dmarc: str, record: str) -> None:
    assert read_records(dmarc, record) == ({"": (DMARC,)}, {"": (BIMI,)})


def test_a_whole_zone_is_read_for_the_records_in_question() -> None:
    zone = f"""
$ORIGIN example.com.
$TTL 3600
@        IN SOA  ns1 hostmaster ( 2026110101 3600 900 1209600 300 )
         IN NS   ns1
         IN MX   10 mail
         IN TXT  "v=spf1 mx -all"
_dmarc   IN TXT  "{DMARC}"
         IN TXT  "v=DMARC1; p=none"
_dmarc.news IN TXT "v=DMARC1; p=quarantine"
default._bimi IN TXT ( "v=BIMI1; l=https://example.com/logo.svg; "
                       "a=https://example.com/vmc.pem" ) ; with a certificate
vip._bimi.example.com. 300 IN TXT "v=BIMI1; l=; a="
broken._bimi IN TXT "l=https://example.com/logo.svg"
example.com._report._dmarc.example.net. IN TXT "v=DMARC1"
mail     IN A    192.0.2.1
"""
    found = read_records(zone, "")
    assert found.dmarc == {
        "_dmarc.example.com": (DMARC, "v=DMARC1; p=none"),
        "_dmarc.news.example.com": ("v=DMARC1; p=quarantine",),
    }
    assert found.record == {
        "default._bimi.example.com": (BIMI,),
        "vip._bimi.example.com": ("v=BIMI1; l=; a=",),
        "broken._bimi.example.com": ("l=https://example.com/logo.svg",),
    }


def test_several_values_at_one_name_stay_several() -> None:
    assert read_records(f"{DMARC}\nv=DMARC1; p=none", "").dmarc == {"": (DMARC, "v=DMARC1; p=none")}


def test_a_wrapped_address_is_not_put_right() -> None:
    found = read_records("", "v=BIMI1; l=https://example.com/lo\ngo.svg; a=")
    assert found.record == {"": ("v=BIMI1; l=https://example.com/lo go.svg; a=",)}


@pytest.mark.parametrize(
    "text",
    [
        f'@ 3600 IN TXT "{DMARC}"',
        f'example.com. IN TXT "{DMARC}"',
        f'dmarc.example.com. IN TXT "{DMARC}"',
        f'dmarc IN TXT "{DMARC}"',
        f'www._dmarc.example.com. IN TXT "{DMARC}"',
        f'default._bimi.example.com. IN TXT "{DMARC}"',
        f'_dmarc.example.com. IN TXT "{BIMI}"',
        f'_bimi.example.com. IN TXT "{BIMI}"',
        f'_bimi IN TXT "{BIMI}"',
    ],
)
def test_a_record_where_nobody_looks_for_it_is_told(text: str) -> None:
    with pytest.raises(Problem) as told:
        read_records(text, "")
    assert (told.value.name, told.value.field) == ("record-misplaced", "dmarc")
    assert str(told.value.params["name"]) in text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("; v=DMARC1; p=none", "record-unreadable"),
        ("$ORIGIN example.com.", "record-unreadable"),
        ("_dmarc.example.com", "record-unreadable"),
        ("v=DMARC1; " + "x" * MOST_CHARACTERS, "text-too-long"),
        ("v=DMARC1\n\n" * (MOST_RECORDS + 1), "too-many-records"),
    ],
    ids=str,
)
def test_what_holds_no_record_or_too_many_is_told(text: str, name: str) -> None:
    for field, arguments in (("dmarc", (text, "")), ("record", ("", text))):
        with pytest.raises(Problem) as told:
            read_records(*arguments)
        assert (told.value.name, told.value.field) == (name, field)


@pytest.mark.parametrize("text", ["", " ", "\r\n\t\u3000", "\ufeff"])
def test_nothing_is_no_record(text: str) -> None:
    assert read_records(text, text) == ({}, {})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("_dmarc", ("_dmarc", "")),
        ("_dmarc.example.com", ("_dmarc", "example.com")),
        ("default._bimi", ("default._bimi", "")),
        ("a.b._bimi.example.com", ("a.b._bimi", "example.com")),
    ],
)
def test_a_name_is_taken_apart(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


PIECES = st.sampled_from(
    ["v=DMARC1", "v=BIMI1", "; p=reject", '"', "\\", "\\\"", "(", ")", ";", "\n", "\t", "  ", "TXT", "IN ", "_dmarc",
     "_dmarc.example.com", "default._bimi", "_bimi", "example.com", "=", ",", "|", "$ORIGIN x.", "「", "：", "\u3000",
     "ｖ＝ＢＩＭＩ", "3600", "\ud800", "\x00", "\u2028", "#", "._report._dmarc.", "'"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join))


@given(dmarc=TEXTS, record=TEXTS)
def test_no_text_raises_anything_but_a_problem(dmarc: str, record: str) -> None:
    try:
        found = read_records(dmarc, record)
    except Problem as problem:
        refused = problem.field
    else:
        holds(found)
        return
    assert refused in ("dmarc", "record")


def holds(found: Pasted) -> None:
    for name, texts in (*found.dmarc.items(), *found.record.items()):
        assert texts
        assert name == name.lower().rstrip(".")
        assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize(
    "unit",
    ["a", ".", "a.", "_dmarc", "_bimi.", '"', '\\"', ' "', "(", " (", "TXT", "TXT (", "v=", "v=DMARC1", ", ", " ", "\t",
     "; ", "\n", "=", "「", "v=DMARC1\n", '"x" ', "a\n", "v=DMARC1,  "],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "v=DMARC1; p=reject", 'x TXT ( "'])
def test_a_long_text_comes_to_an_end(start: str, unit: str) -> None:
    text = (start + unit * MOST_CHARACTERS)[:MOST_CHARACTERS]
    with contextlib.suppress(Problem):
        read_records(text, text)


VALUES = st.text(st.characters(codec="utf-8"), max_size=400).map(lambda text: f"v=DMARC1; {text}")


@given(value=VALUES)
def test_strings_read_back_the_same(value: str) -> None:
    for text in (as_strings(value), f"_dmarc.example.com. 3600 IN TXT {as_strings(value)}"):
        assert list(read_records(text, "").dmarc.values()) == [(value,)]


@given(value=st.text(st.sampled_from('ab"\\\n鍵🗝é'), max_size=700))
def test_strings_are_as_long_as_a_string_may_be_and_never_cut_a_character(value: str) -> None:
    written = as_strings(value)
    assert written.isascii()
    assert written.isprintable()
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', written)
    assert " ".join(f'"{string}"' for string in strings) == written
    read = []
    for string in strings:
        codes = (int(one[1:]) if len(one) == 4 else ord(one[-1]) for one in re.findall(r"\\\d{3}|\\.|.", string))
        read.append(bytes(codes))
    assert all(len(data) <= LONGEST_STRING for data in read)
    assert "".join(data.decode() for data in read) == value
    assert len(read) <= 1 + sum(map(len, read)) // (LONGEST_STRING - 3)


def test_a_lone_surrogate_raises_nothing() -> None:
    assert as_strings("v=DMARC1; \ud800") == '"v=DMARC1; ?"'
