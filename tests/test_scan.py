"""Scanning many domains: messages read as dnspython reads them, nothing lost, nothing twice, and nobody held up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bimikit.dns.answers import FAILED, FOUND, NODATA, NXDOMAIN, Answer, Question
from bimikit.dns.resolve import _following
from bimikit.portfolio.client import IN_FLIGHT, Client
from bimikit.portfolio.codec import Unreadable, query, question_part, read
from bimikit.portfolio.row import BARRED, BROKEN, DECLINED, NO_DOMAIN, READY, UNDECIDED, WITHOUT, Scanned
from bimikit.portfolio.scan import scan_domains
from bimikit.testing import SilentServer, Strings, Zone

NAME = "_dmarc.example.com"
QUESTION = question_part(NAME, "TXT")
RECORD = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://www.example.com/logo.svg; a="


# messages


def message(
    answer: Iterable[str] = (), authority: Iterable[str] = (), flags: int = dns.flags.RA, rcode: int = 0
) -> dns.message.Message:
    asked = dns.message.make_query(NAME, "TXT", id=7)
    made = dns.message.make_response(asked)
    made.flags |= flags
    made.set_rcode(dns.rcode.Rcode(rcode))
    for section, lines in ((made.answer, answer), (made.authority, authority)):
        for line in lines:
            name, rdtype, data = line.split(" ", 2)
            section.append(dns.rrset.from_text(name, 300, "IN", rdtype, data))
    return made


def by_dnspython(wire: bytes) -> Answer | str:
    """What the ordinary path makes of a message: an answer, or the name that it would ask next."""
    steps = _following(Question(NAME))
    next(steps)
    outcome: Any
    try:
        asked = (dns.name.from_text(NAME), dns.rdatatype.TXT, dns.rdataclass.IN)
        outcome = dns.resolver.Answer(*asked, cast("dns.message.QueryMessage", dns.message.from_wire(wire)))
        if outcome.response.rcode() == 3:
            asked_for = dns.name.from_text(NAME)
            outcome = dns.resolver.NXDOMAIN(qnames=[asked_for], responses={asked_for: outcome.response})  # type: ignore[no-untyped-call]
    except Exception as problem:
        outcome = problem
    try:
        return str(steps.send(outcome)).rstrip(".")
    except StopIteration as end:
        answer: Answer = end.value
        return answer


MESSAGES = {
    "one text": message([f'{NAME}. TXT "{RECORD}"']),
    "two texts": message([f'{NAME}. TXT "v=DMARC1; p=none"', f'{NAME}. TXT "b"']),
    "a text in pieces": message([f'{NAME}. TXT "v=DMARC1; " "p=none"']),
    "the same in other pieces": message([f'{NAME}. TXT "ab" "c"', f'{NAME}. TXT "a" "bc"']),
    "the same twice": message([f'{NAME}. TXT "a"', f'{NAME}. TXT "a"']),
    "another case": message([f'_DMARC.Example.com. TXT "{RECORD}"']),
    "nothing": message(),
    "nothing, with whose": message(authority=["example.com. SOA ns. h. 1 2 3 4 5"]),
    "an alias": message([f"{NAME}. CNAME x.example.net.", 'x.example.net. TXT "a"']),
    "a chain": message([f"{NAME}. CNAME a.b.", "a.b. CNAME c.d.", 'c.d. TXT "a"']),
    "a chain backwards": message(['c.d. TXT "a"', "a.b. CNAME c.d.", f"{NAME}. CNAME a.b."]),
    "an alias without its end": message([f"{NAME}. CNAME a.b."]),
    "an alias of two": message([f"{NAME}. CNAME a.b.", 'c.d. TXT "x"']),
    "a text of another name": message(['other.example.com. TXT "x"']),
    "an address": message([f"{NAME}. A 192.0.2.1"]),
    "a pointer to others": message(authority=["example.com. NS ns.example.net."], flags=0),
    "their own": message(authority=["example.com. NS ns.example.net."], flags=dns.flags.AA),
    "no such name": message(rcode=3),
    "an alias to no such name": message([f"{NAME}. CNAME a.b."], rcode=3),
}


@pytest.mark.parametrize("made", MESSAGES.values(), ids=list(MESSAGES))
def test_a_message_says_what_the_ordinary_path_reads(made: dns.message.Message) -> None:
    wire = made.to_wire()
    reply = read(wire, QUESTION, "TXT")
    assert (reply.answer if reply.answer is not None else reply.alias) == by_dnspython(wire)


LABELS = st.text(st.sampled_from("abcXYZ09-_"), min_size=1, max_size=12)
NAMES = st.lists(LABELS, min_size=1, max_size=5).map(".".join)
LINES = st.one_of(
    st.builds(
        lambda name, texts: f"{name}. TXT " + " ".join(f'"{text}"' for text in texts),
        st.sampled_from([NAME, "a.b", "c.d"]),
        st.lists(st.text(st.sampled_from("ab=;: "), max_size=8), min_size=1, max_size=3),
    ),
    st.builds(lambda a, b: f"{a}. CNAME {b}.", st.sampled_from([NAME, "a.b", "c.d"]), NAMES),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=5), st.sampled_from([0, dns.flags.AA, dns.flags.RA]), st.sampled_from([0, 3]))
def test_any_message_says_what_the_ordinary_path_reads(lines: list[str], flags: int, rcode: int) -> None:
    aliases = [line.partition(" ")[0].lower() for line in lines if " CNAME " in line]
    if len(set(aliases)) < len(
        aliases
    ):  # one name has one alias (RFC 2181, 10.1); dnspython takes the last, we the first
        return
    wire = message(lines, flags=flags, rcode=rcode).to_wire()
    expected = by_dnspython(wire)
    reply = read(wire, QUESTION, "TXT")
    if isinstance(expected, Answer) and expected.failed:  # a circle
        assert rcode or reply.answer is None or reply.answer.failed or reply.alias
        return
    assert (reply.answer if reply.answer is not None else reply.alias) == expected


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 255))
@example(b"", 0, 0)
def test_whatever_comes_is_an_answer_or_unreadable(data: bytes, at: int, byte: int) -> None:
    good = bytearray(MESSAGES["a chain"].to_wire())
    good[at % len(good)] = byte
    for wire in (data, bytes(good), bytes(good[: at % len(good)])):
        try:
            reply = read(wire, QUESTION, "TXT")
        except Unreadable:
            continue
        assert reply.answer is None or reply.answer.state in (FOUND, NODATA, NXDOMAIN, FAILED)


def test_a_name_that_leads_in_a_circle_ends() -> None:
    wire = bytearray(MESSAGES["an alias"].to_wire())
    start = 12 + len(QUESTION)
    wire[start : start + 2] = bytes((0xC0, start))
    with pytest.raises(Unreadable):
        read(bytes(wire), QUESTION, "TXT")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(NAMES, st.integers(0, 65535))
def test_a_question_is_read_by_dnspython(name: str, number: int) -> None:
    asked = dns.message.from_wire(query(number, question_part(name, "TXT")))
    assert (asked.id, asked.question[0].name.to_text()) == (number, f"{name}.")
    assert (asked.edns, asked.payload) == (0, 1232)


@pytest.mark.parametrize("name", ["a..b", "x" * 64, ""])
def test_a_name_that_cannot_be_asked_is_a_bad_call(name: str) -> None:
    with pytest.raises(ValueError, match="label"):
        question_part(name, "TXT")


# asking


def ask(port: int, *names: str, rdtype: str = "TXT", **more: Any) -> dict[str, Answer]:
    async def asked() -> dict[str, Answer]:
        client = Client([("127.0.0.1", port)], **more)
        found: dict[str, Answer] = {}
        whole = asyncio.Event()

        def told(question: Question, answer: Answer) -> None:
            assert question.name not in found
            found[question.name] = answer
            if len(found) == len(names):
                whole.set()

        for name in names:
            client.ask(Question(name, rdtype), told)
        await asyncio.wait_for(whole.wait(), 30)
        client.close()
        return found

    return asyncio.run(asked())


def test_a_long_answer_is_asked_again_over_tcp() -> None:
    texts = tuple("x" * 250 for _ in range(20))
    with Zone() as zone:
        zone.add("long.example.com", "TXT", Strings(*texts))
        assert ask(zone.port, "long.example.com")["long.example.com"].records == ("x" * 5000,)


def test_aliases_are_followed_and_circles_end() -> None:
    with Zone() as zone:
        zone.add("a.example.com", "CNAME", "b.example.com")
        zone.add("b.example.com", "CNAME", "c.example.net")
        zone.add("c.example.net", "TXT", "there")
        zone.add("x.example.com", "CNAME", "y.example.com")
        zone.add("y.example.com", "CNAME", "x.example.com")
        found = ask(zone.port, "a.example.com", "x.example.com")
    assert found["a.example.com"] == Answer(FOUND, ("there",), canonical="c.example.net")
    assert found["x.example.com"].failed


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("silent", "timeout"),
        ("servfail", "servfail"),
        ("refused", "refused"),
        ("formerr", "servfail"),
        ("garbage", "timeout"),
    ],
)
def test_failures_are_told_as_what_they_are(how: Any, reason: str) -> None:
    with Zone() as zone:
        zone.fail("bad.example.com", how)
        found = ask(zone.port, "bad.example.com", tries=(0.1, 0.1))
    assert found["bad.example.com"] == Answer(FAILED, reason=reason)


def test_what_is_lost_is_asked_again() -> None:
    with Zone() as zone:
        zone.add("late.example.com", "TXT", "there")
        zone.fail("late.example.com", "silent")

        async def recover() -> Answer:
            client = Client([("127.0.0.1", zone.port)], tries=(0.3, 0.3, 0.3, 0.3))
            told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            client.ask(Question("late.example.com"), lambda _question, answer: told.set_result(answer))
            await asyncio.sleep(0.4)
            zone.fail("late.example.com", "none")
            answer = await asyncio.wait_for(told, 10)
            client.close()
            return answer

        assert asyncio.run(recover()).records == ("there",)


def test_where_a_loop_watches_no_sockets_tasks_read_them() -> None:
    with Zone() as zone:
        zone.add(NAME, "TXT", RECORD)
        zone.fail("silent.example", "silent")
        found = ask(zone.port, NAME, "other.example", "silent.example", watch=False, tries=(0.3,))
    assert (found[NAME].records, found["other.example"].state) == ((RECORD,), NXDOMAIN)
    assert found["silent.example"].reason == "timeout"


def test_another_server_is_asked_where_one_fails() -> None:
    with Zone() as good, Zone() as bad:
        good.add(NAME, "TXT", RECORD)
        bad.fail("example.com", "servfail", below=True)

        async def both() -> Answer:
            client = Client([("127.0.0.1", bad.port), ("127.0.0.1", good.port)])
            told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            client.ask(Question(NAME), lambda _question, answer: told.set_result(answer))
            answer = await asyncio.wait_for(told, 10)
            client.close()
            return answer

        assert asyncio.run(both()).records == (RECORD,)


def test_an_answer_from_somebody_else_does_not_count() -> None:
    with Zone() as zone, Zone() as stranger:
        zone.add(NAME, "TXT", RECORD)
        stranger.add(NAME, "TXT", "v=DMARC1; p=none")
        assert ask(zone.port, NAME)[NAME].records == (RECORD,)
        assert not stranger.queries


# scanning


def scan(domains: Iterable[str], port: int, **more: Any) -> list[Scanned]:
    async def scanned() -> list[Scanned]:
        return [row async for row in scan_domains(domains, servers=[("127.0.0.1", port)], **more)]

    return asyncio.run(scanned())


def test_each_domain_has_its_state() -> None:
    plain = {"ready": BIMI, "declined": "v=BIMI1; l=; a=", "broken": "v=BIMI1; l=http://x/logo.svg"}
    with Zone() as zone:
        for name, record in plain.items():
            zone.add(f"_dmarc.{name}.example", "TXT", RECORD)
            zone.add(f"default._bimi.{name}.example", "TXT", record)
        zone.add("_dmarc.without.example", "TXT", RECORD)
        zone.add("_dmarc.weak.example", "TXT", "v=DMARC1; p=none")
        zone.fail("_dmarc.silent.example", "servfail")
        given = [*(f"{name}.example" for name in plain), "without.example", "weak.example", "none.example"]
        given += ["silent.example", "no domain", "https://ready.example/x", "info@READY.example."]
        found = scan(given, zone.port)
    assert Counter((row.domain, row.state) for row in found) == Counter(
        {
            ("ready.example", READY): 3,
            ("declined.example", DECLINED): 1,
            ("broken.example", BROKEN): 1,
            ("without.example", WITHOUT): 1,
            ("weak.example", BARRED): 1,
            ("none.example", BARRED): 1,
            ("silent.example", UNDECIDED): 1,
            ("no domain", NO_DOMAIN): 1,
        }
    )
    by_domain = {row.domain: row for row in found}
    assert by_domain["ready.example"].location == "https://www.example.com/logo.svg"
    assert by_domain["ready.example"].dmarc == (RECORD,)
    assert by_domain["silent.example"].reason == "_dmarc.silent.example"
    weak = by_domain["weak.example"].rfc9989
    assert weak is not None
    assert (weak.policy, weak.bars) == ("none", ("policy-none",))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(["a.example", "b.a.example", "c.b.a.example", "d.example", "bad..name", "e.test"]), max_size=30
    ),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_every_name_given_has_one_row(given: list[str], concurrency: int, in_flight: int) -> None:
    with Zone() as zone:
        zone.add("_dmarc.a.example", "TXT", RECORD)
        zone.add("_dmarc.d.example", "TXT", RECORD)
        found = scan(iter(given), zone.port, concurrency=concurrency, in_flight=in_flight)
    assert Counter(row.domain for row in found) == Counter(given)
    by_name: dict[str, set[str]] = {}
    for row in found:
        by_name.setdefault(row.domain, set()).add(row.state)
    assert all(len(states) == 1 for states in by_name.values())


def test_what_several_domains_share_is_asked_once() -> None:
    with Zone() as zone:
        zone.add("_dmarc.example.com", "TXT", RECORD)
        scan((f"d{number}.example.com" for number in range(50)), zone.port)
        asked = Counter(query.name for query in zone.queries)
    assert asked["_dmarc.example.com"] == asked["_dmarc.com"] == asked["default._bimi.example.com"] == 1
    assert max(asked.values()) == 1


def test_silent_name_servers_hold_up_nobody_else() -> None:
    names = [f"d{number}.example" for number in range(IN_FLIGHT)]
    with Zone() as zone:
        zone.fail("silent.example", "silent", below=True)
        silent = [f"s{number}.silent.example" for number in range(IN_FLIGHT)]
        done: list[float] = []

        async def watched() -> None:
            begun = time.monotonic()
            rows = scan_domains([*silent, *names], servers=[("127.0.0.1", zone.port)])
            done.extend([time.monotonic() - begun async for row in rows if row.state != UNDECIDED])

        asyncio.run(watched())
    assert len(done) == len(names)
    assert max(done) < 4.5  # a silent name takes 5 s and more


def test_where_nobody_answers_everything_is_undecided() -> None:
    with SilentServer() as silent:
        found = scan(["a.example", "b.example"], silent.port)
    assert {row.state for row in found} == {UNDECIDED}


@pytest.mark.parametrize("wrong", [{"servers": []}, {"concurrency": 0}, {"in_flight": 0}])
def test_a_scan_without_servers_or_room_is_a_bad_call(wrong: dict[str, Any]) -> None:
    async def begin() -> None:
        async for _ in scan_domains([], **{"servers": [("127.0.0.1", 5)], **wrong}):
            pass

    with pytest.raises(ValueError, match="a scan needs"):
        asyncio.run(begin())


def test_whoever_stops_reading_ends_the_scan() -> None:
    with Zone() as zone:

        async def first() -> Scanned:
            rows = scan_domains((f"d{number}.example" for number in range(10_000)), servers=[("127.0.0.1", zone.port)])
            async for row in rows:
                await rows.aclose()  # type: ignore[attr-defined]
                return row
            raise AssertionError("no row")

        assert asyncio.run(first()).state == BARRED
