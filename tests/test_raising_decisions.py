"""The file of decisions: what it says, how its faults are told, and that nobody writes into it through a report."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
from aggregate_reports import BEGIN, row
from hypothesis import given
from hypothesis import strategies as st

from bimikit import BimikitError
from bimikit.aggregate.feedback import Envelope, Head, Policy, Row
from bimikit.locale import LANGUAGES
from bimikit.raising import (
    Decision,
    Decisions,
    DecisionsError,
    Weighing,
    gathered,
    read_decisions,
    undecided_text,
    weigh,
)
from bimikit.raising.decisions import CHOICES, LARGEST, LONGEST, LONGEST_NOTE
from bimikit.raising.undecided import FEW, quoted

GOOD = """# ours
[[source]]
domain = "Example.com"
source = "sender:SendGrid"
choice = "ours"
note = "newsletter; Ms Sato"
decided = 2026-11-20

[[source]]
domain = "*"
source = "scattered:"
choice = "not-ours"
"""


def test_a_file_says_what_was_decided() -> None:
    found = read_decisions(GOOD.encode())
    assert found.entries == (
        Decision(domain="example.com", source="sender:sendgrid", choice="ours", note="newsletter; Ms Sato", decided=date(2026, 11, 20), line=2),
        Decision(domain="*", source="scattered:", choice="not-ours", line=9),
    )  # fmt: skip
    assert found.of("example.com", "sender:sendgrid") == found.entries[0]
    assert found.of("example.org", "sender:sendgrid") is None
    assert found.of("example.org", "scattered:") == found.entries[1]


def test_an_entry_for_the_domain_comes_before_one_for_all() -> None:
    text = "".join(
        f'[[source]]\ndomain="{d}"\nsource="domain:a.example"\nchoice="{c}"\n'
        for d, c in (("*", "not-ours"), ("b.example", "ours"))
    )
    found = read_decisions(text.encode())
    assert [found.of(domain, "domain:a.example").choice for domain in ("a.example", "b.example")] == [
        "not-ours",
        "ours",
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf# nothing yet\r\n", GOOD.replace("\n", "\r\n").encode()])
def test_a_file_may_be_empty_or_come_from_windows(data: bytes) -> None:
    assert [entry.line for entry in read_decisions(data).entries] in ([], [2, 9])


def entry(**other: str) -> str:
    usual = {"domain": '"example.com"', "source": '"domain:a.example"', "choice": '"ours"'}
    return "[[source]]\n" + "".join(f"{key} = {value}\n" for key, value in {**usual, **other}.items() if value)


FAULTS = [
    # what; the file; problem, line, what the text says
    ("not TOML", "[[source]]\ndomain = x\n", "no-toml", 2, "double quotes"),
    ("not UTF-8", b"#\n#\xff\n", "not-utf-8", 2, "encoding"),
    ("too large", b"#" * (LARGEST + 1), "too-large", 0, "2,097,152"),
    ("a number of digits", "[[source]]\nx = " + "9" * 5000, "no-toml", 0, "TOML"),
    ("too deep", "[[source]]\nnote = " + "[" * 5000, "too-deep", 0, "nested"),
    ("dots without end", "#\n" + "a." * 40 + "a = 1", "deep-key", 2, "dots"),
    ("dots in a table behind a text", '[[source]]\nx = {y = """a"""", ' + "a.'b'." * 40 + "a = 1}", "deep-key", 2, "dots"),
    ("another table", '#\n[[sources]]\ndomain = "a.example"\n', "unknown-table", 2, "Did you mean source?"),
    ("a single table", '[source]\ndomain = "a.example"\n', "no-tables", 1, "[[source]]"),
    ("a value", "\nsource = 3\n", "no-tables", 2, "[[source]]"),
    ("an unknown key", entry(chioce='"ours"', choice=""), "unknown-key", 4, "Did you mean choice?"),
    ("a missing key", "#\n" + entry(choice=""), "missing-key", 2, "choice is missing"),
    ("a choice that isn't one", entry(choice='"our"'), "no-choice", 4, "Did you mean ours?"),
    ("a choice that is a number", entry(choice="1"), "no-text", 4, "choice must be a text"),
    ("a note that is a list", entry(note='["a"]'), "no-text", 5, "note"),
    ("a day in quotes", entry(decided='"2026-11-20"'), "no-day", 5, "without quotes"),
    ("a day with a time", entry(decided="2026-11-20T10:00:00Z"), "no-day", 5, "2026-11-20"),
    ("no domain", entry(domain='"exa mple"'), "no-domain", 2, "'exa mple' is no domain name"),
    ("no source", entry(source='"sendgrid"'), "no-source", 3, "Did you mean sender:sendgrid?"),
    ("a source of no kind", entry(source='"domains:a.example"'), "no-source", 3, "Did you mean domain:?"),
    ("no sender", entry(source='"sender:sendgird"'), "no-sender", 3, "Did you mean sender:sendgrid?"),
    ("a source without a name", entry(source='"domain:"'), "no-name", 3, "name after the colon"),
    ("scattered with a name", entry(source='"scattered:x"'), "scattered-name", 3, "scattered"),
    ("a long source", entry(source=f'"domain:{"a" * LONGEST}"'), "too-long", 3, "300"),
    ("a long note", entry(note=f'"{"a" * (LONGEST_NOTE + 1)}"'), "too-long", 5, "2,000"),
    ("decided twice", entry() + entry(domain='"EXAMPLE.com"', choice='"stop"'), "twice", 5, "line 1"),
    ("a header inside a note", entry(note="'''\n[[source]]\nsource = 1\n'''") + entry(choice='"no"'), "no-choice", 12, "There are"),
    ("a control character", entry(choice='"\\u001b[31m\\u202e"'), "no-choice", 4, "\\x1b[31m\\u202e"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "problem", "line", "says"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])  # fmt: skip
def test_a_fault_is_told_with_its_line_and_what_to_do(data: str | bytes, problem: str, line: int, says: str) -> None:
    with pytest.raises(DecisionsError) as caught:
        read_decisions(data if isinstance(data, bytes) else data.encode(), "decisions.toml")
    found = caught.value
    assert isinstance(found, BimikitError)
    assert (found.problem, found.line) == (problem, line)
    assert says in str(found)
    assert re.match(rf"decisions\.toml(, line {line})?: " if line else "decisions.toml: ", str(found))
    assert re.match(rf"decisions\.toml（{line}行目）：" if line else "decisions.toml：", found.told("ja"))
    assert all(text.isprintable() for text in (*str(found).split("\n"), *found.told("ja").split("\n")))


def test_all_faults_are_told_unless_they_are_very_many() -> None:
    with pytest.raises(DecisionsError) as caught:
        read_decisions((entry(choice='"x"', note="3") + entry(decided="4")).encode())
    assert [one.problem for one in (caught.value, *caught.value.others)] == ["no-text", "no-choice", "no-day"]
    with pytest.raises(DecisionsError) as caught:
        read_decisions((entry(choice='"x"') * 1000 + "".join(f"\n[k{n}]" for n in range(50_000))).encode())
    assert len(caught.value.others) == 20
    assert caught.value.others[-1].problem == "more-faults"


# entries for what nobody decided about

HOSTILE = [
    'a"\n[[source]]\nchoice = "ours"\n#.example',
    "a\\u0022.example",
    "a'''\"\"\".example",
    "a\u202egnp.example",
    "a\u2028[[source]]\u2029.example",
    "a\x1b[2J\x00\x7f.example",
    "{domain}.{0.__class__}.example",
    "a" * 400 + ".example",
    "\ud800.example",
]  # fmt: skip


REPORTER = "a.example"


def heard(*senders: str, count: int = 50, domain: str = "example.com") -> Weighing:
    rows = [(BEGIN.date(), REPORTER, by(name, count)) for name in senders]
    head = Head(REPORTER, "", "1", BEGIN, BEGIN, Policy(domain, "none"))
    return weigh(domain, gathered(domain, [head], rows))


def by(name: str, count: int) -> Row:
    return row("192.0.2.1", count, dkim="fail", spf="fail", signatures=(), envelopes=(Envelope(name, "mfrom", "pass"),))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_in_a_report_writes_nothing_but_itself(name: str, lang: str) -> None:
    weighing = heard(name, "good.example")
    text = undecided_text([weighing], Decisions(), lang)
    entries = read_decisions(text.encode()).entries
    ids = {one.id for one in weighing.outlooks if len(one.id) <= LONGEST and "\ud800" not in one.id}
    assert {one.source for one in entries} == ids
    assert {(one.domain, one.choice) for one in entries} == {("example.com", "undecided")}
    assert all(line.isprintable() for line in text.split("\n"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_written_into_a_file(text: str) -> None:
    written = quoted(text)
    assert tomllib.loads(f"x = {written}")["x"] == text
    assert written.isprintable()


@given(st.dictionaries(st.sampled_from(["own:a.example", "domain:b.example", "sender:sendgrid", "network:2001:db8::/48", "scattered:"]), st.tuples(st.sampled_from(CHOICES), st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.dates() | st.none())))  # fmt: skip
def test_decisions_survive_their_file(made: dict[str, tuple[str, str, date | None]]) -> None:
    text = "".join(
        f'[[source]]\ndomain = "a.example"\nsource = {quoted(source)}\nchoice = "{choice}"\nnote = {quoted(note)}\n'
        + (f"decided = {day.isoformat()}\n" if day else "")
        for source, (choice, note, day) in made.items()
    )
    found = read_decisions(text.encode()).entries
    assert {one.source: (one.choice, one.note, one.decided) for one in found} == made
    assert [text.split("\n")[one.line - 1] for one in found] == ["[[source]]"] * len(made)


def test_what_was_appended_is_not_appended_again_and_decides_nothing() -> None:
    weighings = [heard("a.example", "b.example"), heard("c.example", domain="brand.example")]
    first = GOOD.rstrip("\n") + undecided_text(weighings, read_decisions(GOOD.encode()))
    decisions = read_decisions(first.encode())
    assert len(decisions.entries) == 5
    assert undecided_text(weighings, decisions) == ""
    assert undecided_text(reversed(weighings), Decisions()) == undecided_text(weighings, Decisions())
    assert undecided_text([], Decisions()) == ""
    again = weigh(
        "example.com", gathered("example.com", [], [(BEGIN.date(), REPORTER, by("a.example", 50))]), decisions=decisions
    )
    assert again.outlooks[0].decision is not None
    assert again.outlooks[0].counts_as == "undecided"


def test_the_evidence_stands_beside_an_entry_in_the_language_asked_for() -> None:
    weighing = heard("a.example")
    english, japanese = (undecided_text([weighing], Decisions(), lang) for lang in LANGUAGES)
    assert "# example.com: a.example (seems to be: not known); messages: 50, of which 50 fail DMARC." in english
    assert "# It passes DKIM or SPF as a.example, which isn't known here" in english
    assert "# example.com：a.example（推定：不明）。50通のうち50通がDMARCに不合格です。" in japanese
    assert '# "stop"        it sends for us, and ends' in english


def test_strays_are_counted_and_get_no_entry() -> None:
    rows = [(BEGIN.date(), REPORTER, by("a.example", FEW)), (BEGIN.date(), REPORTER, by("b.example", FEW - 1))]
    weighing = weigh("example.com", gathered("example.com", [], rows))
    text = undecided_text([weighing], Decisions())
    assert "each sent fewer than 10 messages: 1 (messages together: 9)." in text
    decisions = read_decisions(text.encode())
    assert [one.source for one in decisions.entries] == ["domain:a.example"]
    assert undecided_text([weighing], decisions) == "", "nothing is appended for strays alone, again and again"


def test_a_domain_that_no_file_can_hold_gets_no_entry() -> None:
    assert undecided_text([heard("a.example", domain='x"\n.example')], Decisions()) == ""
