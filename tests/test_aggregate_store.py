"""The store of aggregate reports: what it counts, what it refuses, and what kills and rivals can't do to it."""

from __future__ import annotations

import json
import pickle
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import msgspec
import psycopg
import pytest
from aggregate_reports import BEGIN, feedback, generated, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Select, create_engine, inspect, text
from support import ROOT

from bimikit.aggregate import outcomes
from bimikit.aggregate.feedback import Envelope, Feedback, FeedbackError, Head, Policy, Row, Signature
from bimikit.aggregate.questions import (
    DIMENSIONS,
    Totals,
    limits,
    rows_question,
    totals_question,
    volumes_question,
)
from bimikit.aggregate.store import Added, Store
from bimikit.aggregate.store_errors import StoreError
from bimikit.errors import BimikitError
from bimikit.locale import words_of

KINDS = ("sqlite", "postgresql")
_NUMBERS = count()


class Places:
    """New places for stores of one kind."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def new(self) -> str:
        name = f"store{next(_NUMBERS)}"
        if not self.url:
            return str(self.folder / f"{name}.db")
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            # a user of its own, with the tables where a user's are looked for first
            connection.execute(f"CREATE ROLE {name} LOGIN".encode())
            connection.execute(f"CREATE SCHEMA AUTHORIZATION {name}".encode())
        return f"{self.url}/postgres".replace("bimikit@", f"{name}@")


@pytest.fixture(params=KINDS)
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    return Places(tmp_path, request.getfixturevalue("postgresql") if request.param == "postgresql" else "")


def indexes_of_reports(place: str) -> set[str]:
    with connected(place) as connection:
        return {one["name"] or "" for one in inspect(connection).get_indexes("bimikit_report")}


@contextmanager
def connected(place: str) -> Iterator[Connection]:
    """A connection beside the store's own."""
    url = place.replace("postgresql://", "postgresql+psycopg://") if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_a_store_of_an_earlier_bimikit_gets_the_indexes_that_it_lacks(places: Places) -> None:
    place = places.new()
    with Store.open(place) as store:
        store.add(feedback([row()]))
    made = indexes_of_reports(place)
    with connected(place) as connection:
        connection.execute(text("DROP INDEX bimikit_report_domain"))
    with Store.open(place, create=False) as store:
        assert store.totals("example.com").reports == 1
    assert indexes_of_reports(place) == made - {"bimikit_report_domain"}  # who only reads changes nothing
    with Store.open(place) as store:
        assert store.totals("example.com").reports == 1
    assert indexes_of_reports(place) == made


def test_a_question_on_one_domain_does_not_look_at_the_reports_on_all(tmp_path: Path) -> None:
    place = str(tmp_path / "store.db")
    Store.open(place).close()
    of = limits("example.com", None, None)
    with connected(place) as connection:
        for question in (totals_question(of), rows_question(of), volumes_question(("day",), of)):
            steps = explained(connection, question)
            assert "bimikit_report_domain" in steps
            assert "SCAN bimikit_report" not in steps


def explained(connection: Connection, question: Select[Any]) -> str:
    told = question.compile(connection, compile_kwargs={"literal_binds": True})
    return "\n".join(row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {told}")))


@pytest.fixture
def store(places: Places) -> Iterator[Store]:
    with Store.open(places.new()) as found:
        yield found


def answers(store: Store) -> list[object]:
    return [
        store.totals(),
        list(store.reports()),
        list(store.sources()),
        list(store.rows()),
        *(list(store.volumes(by=name)) for name in DIMENSIONS),
    ]


# what is counted


def test_a_report_is_told_as_it_was_read(store: Store) -> None:
    head = Head(
        "Mailbox Provider",
        "dmarc@mailbox.example",
        "r1",
        BEGIN,
        BEGIN + timedelta(days=1),
        Policy("example.com", "none", "reject", "none", "r", "s", "50", "n", "psl", "1:d:s"),
        ("one", "two, “three”"),
        "https://mailbox.example/dmarc",
        "1.0",
        "reporter 7",
    )
    assert store.add(Feedback(head, iter([row(count=3), row(count=4)])), "mail.zip") == Added("new", 2, 7)
    (found,) = store.reports()
    assert (found.head, found.rows, found.messages, found.source) == (head, 2, 7, "mail.zip")


def test_rows_come_back_as_they_were_read_and_added_up_by_day_and_organization(store: Store) -> None:
    full = row(
        "2001:db8::1",
        3,
        reasons=("forwarded", "mailing_list"),
        signatures=(Signature("b.example", "s1", "fail"), Signature("a.example", "s2", "pass")),
        envelopes=(Envelope("c.example", "helo", "pass"),),
        comments=("arc=pass", ""),
        envelope_to="receiver.example",
        spf="fail",
    )
    store.add(feedback([full, row("192.0.2.1", 1)]))
    store.add(feedback([full, full], "r2"))
    store.add(feedback([full], "r3", begin=BEGIN + timedelta(days=1)))
    assert list(store.rows()) == [
        (BEGIN.date(), "mailbox.example", row("192.0.2.1", 1)),
        (BEGIN.date(), "mailbox.example", msgspec.structs.replace(full, count=9)),
        (BEGIN.date() + timedelta(days=1), "mailbox.example", full),
    ]


def test_an_empty_store_and_an_empty_report_have_totals(store: Store) -> None:
    assert store.totals() == Totals(0, 0, 0, 0, 0, 0, 0, 0, None, None)
    assert store.add(feedback([])) == Added("new", 0, 0)
    assert store.totals() == Totals(1, 0, 0, 0, 0, 0, 0, 0, BEGIN, BEGIN + timedelta(days=1))
    assert list(store.sources()) == list(store.volumes()) == []


def test_sources_name_the_signature_that_tells_the_most(store: Store) -> None:
    foreign = Signature("sender.example.net", "m1", "pass")
    below = Signature("news.example.com", "s2", "pass")
    own = Signature("example.com", "s1", "pass")
    failed = Signature("example.com", "s1", "fail")
    helo, mfrom = Envelope("mx.example.net", "helo", "pass"), Envelope("bounce.example.net", "mfrom", "fail")
    cases = [
        ((foreign, below, own), "example.com", "s1", "pass"),
        ((failed, foreign, below), "news.example.com", "s2", "pass"),
        ((failed, foreign), "sender.example.net", "m1", "pass"),
        ((failed,), "example.com", "s1", "fail"),
        ((), "", "", ""),
    ]
    rows = [row(f"192.0.2.{n}", signatures=given, envelopes=(helo, mfrom)) for n, (given, *_) in enumerate(cases)]
    store.add(feedback(rows))
    found = [(one.signer, one.selector, one.signer_result) for one in store.sources()]
    assert found == [tuple(case[1:]) for case in cases]
    assert {(one.spf_domain, one.spf_result) for one in store.sources()} == {("bounce.example.net", "fail")}


def test_questions_can_be_limited_by_domain_and_time(store: Store) -> None:
    for day in range(4):
        for domain in ("example.com", "example.org"):
            head_at = BEGIN + timedelta(days=day)
            store.add(feedback([row(count=10**day)], f"r{day}", domain=domain, begin=head_at))
    since, until = BEGIN + timedelta(days=1), BEGIN + timedelta(days=3)
    assert store.totals("example.com", since, until).messages == 110
    assert store.totals("example.com", since).messages == 1110
    assert store.totals(until=since).messages == 2
    assert [(v.key, v.messages) for v in store.volumes("example.org", "day", since, until)] == [
        (("2026-11-02",), 10),
        (("2026-11-03",), 100),
    ]
    assert [one.head.report_id for one in store.reports("example.com", since, until)] == ["r1", "r2"]
    assert [one.messages for one in store.sources("example.com", since, until)] == [110]
    assert store.totals("example.net") == Totals(0, 0, 0, 0, 0, 0, 0, 0, None, None)


def test_bad_questions_are_bad_calls(store: Store) -> None:
    with pytest.raises(ValueError, match="no dimension 'colour'"):
        store.volumes(by="colour")
    with pytest.raises(ValueError, match="time zone"):
        store.totals(since=datetime(2026, 1, 1))  # noqa: DTZ001, RUF100 - on purpose


def test_values_are_sorted_by_their_bytes_whatever_the_servers_language(store: Store) -> None:
    names = ["b.example", "A.example", "a.example", "ä.example", "a-b.example", "ab.example", "Z.example"]
    store.add(feedback(row(header_from=name) for name in names))
    assert [v.key[0] for v in store.volumes(by="header_from")] == sorted(names, key=str.encode)


def counted(reports: Iterable[tuple[Head, list[Row]]]) -> tuple[Totals, dict[str, Counter[str]]]:
    """An independent count."""
    sums: dict[str, Counter[str]] = {name: Counter() for name in ("day", "source_ip", "reasons", "disposition")}
    rows = messages = passed = dkim = spf = quarantined = rejected = 0
    kept = {(h.reporter, h.report_id, h.policy.domain, h.begin, h.end): (h, r) for h, r in reversed(list(reports))}
    for head, of in kept.values():
        for one in of:
            rows += 1
            messages += one.count
            passed += one.count * ("pass" in (one.dkim, one.spf))
            dkim += one.count * (one.dkim == "pass")
            spf += one.count * (one.spf == "pass")
            quarantined += one.count * (one.disposition == "quarantine")
            rejected += one.count * (one.disposition == "reject")
            sums["day"][head.begin.date().isoformat()] += one.count
            sums["source_ip"][one.source_ip] += one.count
            sums["reasons"][" ".join(sorted(set(one.reasons)))] += one.count
            sums["disposition"][one.disposition] += one.count
    heads = [head for head, _ in kept.values()]
    first, last = min((h.begin for h in heads), default=None), max((h.end for h in heads), default=None)
    return Totals(len(kept), rows, messages, passed, dkim, spf, quarantined, rejected, first, last), sums


_DOMAINS = st.sampled_from(["example.com", "news.example.com", "sender.example.net", "", "日本.example"])
_RESULTS = st.sampled_from(["pass", "fail", "none", "temperror"])
_ROWS = st.builds(
    Row,
    source_ip=st.sampled_from(["192.0.2.1", "192.0.2.10", "2001:db8::1"]),
    count=st.integers(0, 10**6),
    disposition=st.sampled_from(["none", "pass", "quarantine", "reject"]),
    dkim=st.sampled_from(["pass", "fail"]),
    spf=st.sampled_from(["pass", "fail"]),
    reasons=st.lists(st.sampled_from(["forwarded", "local_policy", "mailing_list"]), max_size=3).map(tuple),
    header_from=_DOMAINS,
    envelope_from=_DOMAINS,
    signatures=st.lists(st.builds(Signature, _DOMAINS, st.sampled_from(["s1", "s2"]), _RESULTS), max_size=2).map(tuple),
    envelopes=st.lists(st.builds(Envelope, _DOMAINS, st.sampled_from(["mfrom", "helo", ""]), _RESULTS), max_size=2).map(
        tuple
    ),
)
_HEADS = st.builds(
    lambda reporter, report_id, domain, day: (
        feedback((), report_id, reporter=reporter, domain=domain, begin=BEGIN + timedelta(days=day)).head
    ),
    st.sampled_from(["one.example", "two.example"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["example.com", "example.org"]),
    st.integers(0, 2),
)
_REPORTS = st.lists(st.tuples(_HEADS, st.lists(_ROWS, max_size=8)), max_size=6, unique_by=lambda one: one[0])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(reports=_REPORTS, random=st.randoms(use_true_random=False), chunk=st.integers(1, 5))
def test_reports_in_any_order_and_any_number_of_times_count_once(
    places: Places, reports: list[tuple[Head, list[Row]]], random: Random, chunk: int
) -> None:
    totals, sums = counted(reports)
    told = []
    for delivery in (reports, random.sample(reports * 3, len(reports) * 3)):
        with pytest.MonkeyPatch.context() as patch, Store.open(places.new()) as store:
            for head, rows in delivery:
                patch.setattr(outcomes, "MOST_AT_ONCE", chunk)
                store.add(Feedback(head, iter(random.sample(rows, len(rows)))))
            told.append(answers(store))
            assert store.totals() == totals
            for name, sum_ in sums.items():
                assert {volume.key[0]: volume.messages for volume in store.volumes(by=name)} == dict(sum_)
                by_two = Counter[str]()
                for volume in store.volumes(by=(name, "signer")):
                    by_two[volume.key[0]] += volume.messages
                assert by_two == sum_ or not +sum_
            assert sum(one.messages for one in store.sources()) == totals.messages
    assert told[0] == told[1]


def test_both_databases_answer_the_same(tmp_path: Path, postgresql: str) -> None:
    found = []
    for kind in (Places(tmp_path, ""), Places(tmp_path, postgresql)):
        with Store.open(kind.new()) as store:
            for one in generated(30):
                store.add(one)
            found.append(answers(store))
    assert found[0] == found[1]


# what is refused


def test_another_content_under_the_same_name_is_told_and_the_first_is_kept(store: Store) -> None:
    first = [row(count=3), row("192.0.2.9", count=5)]
    assert store.add(feedback(first)).outcome == "new"
    before = answers(store)
    assert store.add(feedback(reversed(first))).outcome == "known"
    assert store.add(feedback([row(count=1), row(count=2), first[1]])).outcome == "known"  # added up, the same
    for other in ([row(count=4), first[1]], [first[0]], [row(count=3, spf="fail"), first[1]], []):
        assert store.add(feedback(other)).outcome == "differs"
    assert store.add(feedback(first, p="reject")).outcome == "differs"
    assert answers(store) == before


@pytest.mark.parametrize("good", [0, 3, 7])
def test_a_report_that_cant_be_read_to_its_end_leaves_nothing(
    store: Store, good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "MOST_AT_ONCE", 3)

    def broken() -> Iterator[Row]:
        yield from (row(f"192.0.2.{n}", header_from=f"new{n}.example") for n in range(good))
        raise FeedbackError("not-xml", line=9)

    store.add(feedback([row()], "other"))
    before = answers(store)
    with pytest.raises(FeedbackError):
        store.add(Feedback(feedback(()).head, broken()))
    assert answers(store) == before
    # the numbers given to outcomes then were taken back with it
    assert store.add(feedback([row(header_from="later.example"), row(header_from="new1.example")])).outcome == "new"
    assert {v.key[0] for v in store.volumes(by="header_from")} == {"example.com", "later.example", "new1.example"}


@pytest.mark.parametrize("counts", [(-1,), (10**12 + 1,), (2**63,), (10**40,), (10**12, 1), (5, -5)])
def test_counts_that_cant_be_are_refused(store: Store, counts: tuple[int, ...]) -> None:
    with pytest.raises(FeedbackError) as told:
        store.add(feedback(row(count=one) for one in counts))
    assert told.value.reason == "messages"
    assert store.totals().reports == 0


def test_the_highest_counts_add_up(store: Store) -> None:
    for n in range(20):
        store.add(feedback([row(count=10**12)], f"r{n}"))
    assert store.totals().messages == 20 * 10**12


HOSTILE = [
    "a\0b",
    "\0",
    "\ud800",
    "x\udfff\0",
    "\x1b[31m",
    "é\u202e",
    "\\x00",
    "a" * 100_000,
    "a." * 50_000,
    "'; DROP TABLE bimikit_fact; --",
    "%s?:x",
    "\t\n\\N\\.",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_stored_and_told(store: Store, text: str) -> None:
    head = Head(text, text, text, BEGIN, BEGIN, Policy(*[text] * 10), (text,), text, text, text)
    given = row(text, count=2, disposition=text, dkim=text, spf=text, reasons=(text,), header_from=text, envelope_from=text, signatures=(Signature(text, text, text),), envelopes=(Envelope(text, text, text),), comments=(text,), envelope_to=text)  # fmt: skip
    assert store.add(Feedback(head, iter([given, given])), text) == Added("new", 2, 4)
    assert store.add(Feedback(head, iter([given, given])), text) == Added("known", 2, 4)
    store.add_source(text, text)
    assert store.has_source(text, text)
    assert store.totals(text).messages == 4
    ((_day, reporter, told),) = store.rows()
    assert told.comments == (told.envelope_to,) == (reporter,)
    (found,) = store.sources()
    (report,) = store.reports()
    assert found.signer == found.source_ip == report.head.report_id == report.source
    if not any(one in text for one in ("\0", "\ud800", "\udfff")):
        assert found.signer == text
    assert "\0" not in found.signer
    found.signer.encode()


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_strange_times_are_kept(store: Store, year: int) -> None:
    at = datetime(year, 1, 1, 12, tzinfo=UTC)
    store.add(feedback([row()], begin=at, days=0))
    assert [v.key for v in store.volumes()] == [(at.date().isoformat(),)]
    assert store.totals().first == at


# files


def test_files_that_were_read_are_known_by_name_and_content(places: Places) -> None:
    place = places.new()
    with Store.open(place) as one, Store.open(place) as other:
        assert not one.has_source("a.zip", "00")
        one.add_source("a.zip", "00")
        one.add_source("a.zip", "00")
        assert one.has_source("a.zip", "00")
        assert not one.has_source("a.zip", "01")
        assert not one.has_source("b.zip", "00")
        other.has_source("c.zip", "00")
        one.add_source("b.zip", "00")
        assert other.has_source("b.zip", "00")
    with Store.open(place, create=False) as again:
        assert again.has_source("a.zip", "00")


# several at once, and killed ones

_IMPORT = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/tests"]
from aggregate_reports import generated
from bimikit.aggregate import outcomes
from bimikit.aggregate.store import Store
outcomes.MOST_AT_ONCE = 7
with Store.open(sys.argv[1]) as store:
    for nth, one in enumerate(generated(int(sys.argv[2]))):
        added = store.add(one, f"file{{nth}}")
        store.add_source(f"file{{nth}}", "00")
        print(nth, added.outcome, flush=True)
""".format(root=str(ROOT))


def importing(place: str, reports: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _IMPORT, place, str(reports)], stdout=subprocess.PIPE, text=True)


def assert_whole(store: Store, reports: int) -> int:
    """Each report is there whole or not at all; how many are."""
    expected = {one.head: list(one.rows) for one in generated(reports)}
    kept = list(store.reports())
    assert len({one.head for one in kept}) == len(kept)
    for one in kept:
        assert one.rows == len(expected[one.head])
        assert one.messages == sum(row.count for row in expected[one.head])
    assert store.totals() == counted((one.head, expected[one.head]) for one in kept)[0]
    return len(kept)


def test_a_kill_at_any_moment_loses_no_finished_report_and_repeats_none(places: Places) -> None:
    place, reports, random = places.new(), 400, Random(8)  # noqa: S311
    finished = kills = 0
    for after in (0, 1, 3, 10, 25, 60, 120):
        child = importing(place, reports)
        assert child.stdout is not None
        done = 0
        for line in child.stdout:
            nth, outcome = line.split()
            assert outcome == ("known" if int(nth) < finished else outcome)
            done = int(nth) + 1
            if done >= finished + after:
                break
        sleep(random.random() * 0.02)
        child.send_signal(signal.SIGKILL)
        done = max([done, *(int(line.split()[0]) + 1 for line in child.stdout if line.endswith("\n"))])
        kills += child.wait() == -signal.SIGKILL
        child.stdout.close()
        finished = max(finished, done)
        with Store.open(place) as store:
            assert assert_whole(store, reports) >= finished
            assert all(store.has_source(f"file{nth}", "00") for nth in range(finished))
    assert kills >= 5
    last = importing(place, reports)
    out, _ = last.communicate(timeout=120)
    told = [line.split()[1] for line in out.splitlines()]
    assert last.returncode == 0
    assert told[:finished] == ["known"] * finished
    with Store.open(place) as store:
        assert assert_whole(store, reports) == reports


def test_two_processes_that_import_the_same_store_nothing_twice(places: Places) -> None:
    place, reports = places.new(), 150
    children = [importing(place, reports) for _ in range(3)]
    told = [child.communicate(timeout=120)[0].splitlines() for child in children]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert Counter(line.split()[1] for lines in told for line in lines) == {"new": reports, "known": 2 * reports}
    with Store.open(place) as store:
        assert assert_whole(store, reports) == reports


def test_threads_may_share_a_store_while_it_is_read(store: Store) -> None:
    def take() -> None:
        for one in generated(40):
            store.add(one)

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        totals = store.totals()
        assert sum(one.messages for one in store.sources()) >= totals.messages
    for thread in threads:
        thread.join()
    assert assert_whole(store, 40) == 40


def test_who_asks_and_who_writes_dont_wait_for_each_other(store: Store) -> None:
    store.add(feedback([row("192.0.2.1"), row("192.0.2.2")]))
    sources = store.sources()
    next(sources)
    assert store.add(feedback([row()], "second")).outcome == "new"
    assert len(list(sources)) == 1


# stores that can't be used


def problem_of(place: str, **options: object) -> StoreError:
    with pytest.raises(StoreError) as told:
        Store.open(place, **options).close()  # type: ignore[arg-type]
    assert isinstance(told.value, BimikitError)
    for lang in ("en", "ja"):
        assert told.value.place in told.value.told(lang)
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)  # noqa: S301
    return told.value


def test_a_later_schema_is_refused(places: Places) -> None:
    place = places.new()
    with Store.open(place) as store, store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE bimikit_schema SET version = 7")
    found = problem_of(place)
    assert found.problem == "newer"
    assert "7" in str(found)


def test_only_a_store_that_is_there_is_opened_without_making_one(places: Places) -> None:
    place = places.new()
    assert problem_of(place, create=False).problem == "missing"
    assert problem_of(place, create=False).problem == "missing"
    Store.open(place).close()
    Store.open(place, create=False).close()


def test_who_writes_for_too_long_is_told_of(places: Places) -> None:
    place = places.new()
    with Store.open(place) as slow, Store.open(place, patience=1) as hasty:
        with slow._database.writing():
            with pytest.raises(StoreError) as told:
                hasty.add(feedback([row()]))
            assert told.value.problem == "busy"
            assert hasty.totals().reports == 0
        assert hasty.add(feedback([row()])).outcome == "new"


def test_files_that_are_no_store_are_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("not a database, and longer than a header\n" * 50)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE history (url TEXT)")
    connection.close()
    before = text.read_bytes(), other.read_bytes()
    assert problem_of(str(text)).problem == "no-store"
    assert problem_of(f"sqlite:///{other}").problem == "foreign"
    assert problem_of(str(tmp_path)).problem == "cannot-open"
    assert problem_of(str(tmp_path / "missing" / "store.db")).problem == "cannot-open"
    assert (text.read_bytes(), other.read_bytes()) == before


def test_a_store_that_was_cut_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path) as store:
        for one in generated(60):
            store.add(one)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreError) as told, Store.open(path) as store:
        answers(store)
    assert told.value.problem == "damaged"


_OPEN = """
import os, sys
sys.path.insert(0, sys.argv[3])
from bimikit.aggregate.store import Store
from bimikit.aggregate.store_errors import StoreError
try:
    Store.open(sys.argv[1]).close()
    Store.open(sys.argv[1] + "/")
except StoreError:  # now all is loaded that root alone may read
    pass
if os.geteuid() == 0:  # who may write everywhere
    os.setgroups([])
    os.setuid(65534)
try:
    Store.open(sys.argv[2])
except StoreError as problem:
    print(problem.problem)
"""


def test_a_folder_in_which_nothing_may_be_written_is_told_of() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("first.db", "store.db"):
            Store.open(folder / file).close()
        folder.joinpath("store.db").chmod(0o444)
        folder.chmod(0o555)
        told = [
            subprocess.run(
                [sys.executable, "-c", _OPEN, str(folder / "first.db"), str(folder / file), str(ROOT)],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            for file in ("new.db", "store.db")
        ]
        folder.chmod(0o755)
    assert told[0] == "cannot-open"
    assert told[1] in ("read-only", "cannot-open")


def test_a_server_that_isnt_there_or_lets_nobody_in_is_told_of_without_the_password() -> None:
    found = problem_of("postgresql://user:secret@127.0.0.1:1/db?password=secret")
    assert found.problem == "no-server"
    assert found.place == "postgresql://127.0.0.1:1/db"
    assert "secret" not in json.dumps([str(found), found.told("ja"), repr(found)])


def test_databases_that_cant_be_used_are_told_of(postgresql: str) -> None:
    assert problem_of(f"{postgresql}/nowhere").problem == "no-server"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        latin = "TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'"
        connection.execute(f"CREATE DATABASE latin {latin}".encode())
        connection.execute("CREATE ROLE visitor LOGIN")
    assert problem_of(f"{postgresql}/latin").problem == "encoding"
    assert problem_of(f"{postgresql}/postgres".replace("bimikit@", "visitor@")).problem == "not-allowed"


def test_a_server_that_goes_away_is_told_of(tmp_path: Path, postgresql: str) -> None:
    place = Places(tmp_path, postgresql).new()
    with Store.open(place) as store:
        store.add(feedback([row()]))
        with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
            name = place.partition("@")[0].rpartition("/")[2]
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (name,))
        with pytest.raises(StoreError) as told:
            store.totals()
        assert told.value.problem == "no-server"
        assert store.totals().reports == 1  # connected again


@pytest.mark.parametrize("place", ["mysql://host/db", "sqlite://", "http://[bad", "postgresql://h:port/db", "x://"])
def test_addresses_of_something_else_are_refused(place: str) -> None:
    assert problem_of(place).problem == "address"


def test_every_problem_has_words_in_both_languages() -> None:
    english, japanese = words_of("store_words", "en"), words_of("store_words", "ja")
    assert english.keys() == japanese.keys()
