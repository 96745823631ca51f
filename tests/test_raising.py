"""What breaks if a policy is raised: what counts, what is told, and when the answer is go, wait or no-go."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import msgspec
import pytest
from aggregate_reports import BEGIN, row
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature
from bimikit.aggregate.senders import Sender
from bimikit.aggregate.store import Store
from bimikit.locale import LANGUAGES, words_of
from bimikit.raising import Decision, Decisions, Option, Outlook, Reported, Weighing, gathered, reported, told, weigh
from bimikit.raising.alignment import Strict
from bimikit.raising.case import Limit
from bimikit.raising.model import Cause, Choice, Verdict
from bimikit.raising.reported import newest_day
from bimikit.raising.rules import RULES
from bimikit.raising.tally import dkim_cause, spf_cause
from bimikit.raising.weigh import MOST_AUTHORS, MOST_LEFT_OUT, newest_days
from bimikit.testing import reports

OWN = "example.com"
START = BEGIN.date()
RECENT = START + timedelta(days=20)
SES = {"192.0.2.77": "a1.smtp-out.amazonses.com"}


def passing(count: int = 1000, **more: Any) -> Row:
    """Mail of our own, all set up."""
    return row("192.0.2.1", count, header_from=OWN, **more)


def failing(ip: str, count: int, **more: Any) -> Row:
    """Mail that has nothing to show."""
    usual = {"dkim": "fail", "spf": "fail", "signatures": (), "envelopes": (), "header_from": OWN}
    return row(ip, count, **{**usual, **more})


def service(count: int, name: str = "sendgrid.net", **more: Any) -> Row:
    """Mail by a known service, of which nothing is set up."""
    envelopes = (Envelope(f"bounce.{name}", "mfrom", "pass"),)
    return failing("198.51.100.9", count, envelopes=envelopes, signatures=(Signature(name, "s1", "pass"),), **more)


def broken(count: int) -> Row:
    """Mail of our own servers that fails."""
    return failing("192.0.2.1", count, signatures=(Signature(f"mail.{OWN}", "s1", "pass"),))


def signed_by(*domains: str, author: str = OWN) -> Row:
    """Mail that passes by signatures of these."""
    signatures = tuple(Signature(domain, "s1", "pass") for domain in domains)
    return row("192.0.2.1", 9, header_from=author, dkim="pass", spf="fail", signatures=signatures, envelopes=())


def sent_by(domain: str) -> Row:
    """Mail that passes by its envelope sender."""
    envelopes = (Envelope(domain, "mfrom", "pass"),)
    return row("192.0.2.1", 9, header_from=OWN, dkim="fail", spf="pass", signatures=(), envelopes=envelopes)


def stranger(count: int, **more: Any) -> Row:
    """Mail by one who passes under his own name."""
    return failing("203.0.113.5", count, envelopes=(Envelope("bulk.example.net", "mfrom", "pass"),), **more)


def forwarded(count: int, *, excused: bool, ip: str = "198.18.0.1") -> Row:
    """Mail that a known forwarder broke."""
    reasons = ("forwarded",) if excused else ()
    return failing(ip, count, envelopes=(Envelope("srs.forwardemail.net", "mfrom", "pass"),), reasons=reasons)


def heads(
    days: int = 40, reporters: int = 3, p: str = "none", since: int = 0, old: str = "none", **policy: str
) -> list[Head]:
    """Reports of so many days; with `old` policy before the day `since`."""
    return [
        Head(
            f"mailbox{one}.example", "", f"{day}.{one}", BEGIN + timedelta(days=day), BEGIN + timedelta(days=day + 1),
            Policy(OWN, p if day >= since else old, **policy),
        )
        for day in range(days)
        for one in range(reporters)
    ]  # fmt: skip


def told_by(rows: Iterable[tuple[date, Row]], reporters: int = 3) -> Iterator[tuple[date, str, Row]]:
    """The messages as the reporters of `heads` count them, each its part of each row."""
    for day, one in rows:
        for number in range(reporters):
            part = one.count // reporters + (number < one.count % reporters)
            if part or not one.count:
                yield day, f"mailbox{number}.example", msgspec.structs.replace(one, count=part)


def weighed(
    *rows: Row, decisions: Decisions | None = None, as_of: date | None = None, names: Any = None, **policy: Any
) -> Weighing:
    said = told_by([(START, one) for one in rows], policy.get("reporters", 3))
    found = gathered(OWN, heads(**policy), said)
    return weigh(OWN, found, decisions=decisions, as_of=as_of, names=names)


def decided(source: str, choice: Choice, domain: str = OWN) -> Decisions:
    return Decisions([Decision(domain=domain, source=source, choice=choice)])


def verdicts(weighing: Weighing) -> tuple[str, str]:
    quarantine, reject = weighing.options
    assert (quarantine.policy, reject.policy) == ("quarantine", "reject")
    return quarantine.verdict, reject.verdict


def grounds(option: Option) -> list[str]:
    return [ground.key.removeprefix("ground.") for ground in option.grounds]


def of(weighing: Weighing, source: str) -> Outlook:
    return next(one for one in weighing.outlooks if one.id == source)


HELD = {"p": "quarantine", "days": 40}
CASES: list[tuple[str, list[Row], Decisions, dict[str, Any], tuple[str, str], str]] = [
    # what; rows, decisions, reports; verdicts for quarantine and reject, a ground that decides
    ("all set up, after quarantine", [passing()], Decisions(), HELD, ("go", "go"), "nothing-of-ours-fails"),
    ("all set up, from none", [passing()], Decisions(), {}, ("go", "wait"), "quarantine-first"),
    ("quarantine for thirteen days", [passing()], Decisions(), {"p": "quarantine", "since": 27}, ("go", "wait"), "quarantine-first"),
    ("quarantine for fourteen days", [passing()], Decisions(), {"p": "quarantine", "since": 26}, ("go", "go"), "covered"),
    ("quarantine for a part", [passing()], Decisions(), {**HELD, "pct": "50"}, ("go", "wait"), "quarantine-first"),
    ("quarantine as a test", [passing()], Decisions(), {**HELD, "testing": "y"}, ("go", "wait"), "quarantine-first"),
    ("reject already", [passing()], Decisions(), {"p": "reject"}, ("go", "go"), "already"),
    ("thirteen days", [passing()], Decisions(), {"days": 13}, ("wait", "wait"), "too-few-days"),
    ("fourteen days", [passing()], Decisions(), {"days": 14}, ("go", "wait"), "too-few-days"),
    ("twenty-nine days", [passing()], Decisions(), {"p": "quarantine", "days": 29}, ("go", "wait"), "too-few-days"),
    ("thirty days", [passing()], Decisions(), {"p": "quarantine", "days": 30}, ("go", "go"), "covered"),
    ("one reporter", [passing()], Decisions(), {**HELD, "reporters": 1}, ("wait", "wait"), "too-few-reporters"),
    ("two reporters", [passing()], Decisions(), {**HELD, "reporters": 2}, ("go", "wait"), "too-few-reporters"),
    ("no reports", [], Decisions(), {"days": 0}, ("wait", "wait"), "no-reports"),
    ("no mail, long enough", [], Decisions(), {"days": 30}, ("go", "go"), "quiet"),
    ("no mail, not yet", [], Decisions(), {"days": 29}, ("wait", "wait"), "quiet-too-short"),
    ("no mail, one reporter", [], Decisions(), {"days": 30, "reporters": 1}, ("wait", "wait"), "quiet-too-thin"),
    ("only spoofed mail", [failing(f"10.{n}.0.1", 1) for n in range(40)], Decisions(), {}, ("go", "go"), "quiet"),
    ("only strangers' mail", [stranger(500)], Decisions(), {}, ("wait", "wait"), "undecided"),
    ("only mail that isn't ours", [stranger(500)], decided("domain:example.net", "not-ours"), {}, ("go", "go"), "quiet"),
    ("a service, not set up", [passing(9000), service(10)], Decisions(), HELD, ("no-go", "no-go"), "not-set-up"),
    ("few of a service", [passing(9000), service(9)], Decisions(), HELD, ("go", "go"), "ours-fail-little"),
    ("few of a service that is ours", [passing(9000), service(1)], decided("sender:sendgrid", "ours"), HELD, ("no-go", "no-go"), "not-set-up"),
    ("a service that ends", [passing(9000), service(500)], decided("sender:sendgrid", "stop"), HELD, ("go", "go"), "not-ours"),
    ("a service of somebody else", [passing(9000), service(500)], decided("sender:sendgrid", "not-ours"), HELD, ("go", "go"), "not-ours"),
    ("decided for all domains", [passing(9000), service(500)], decided("sender:sendgrid", "not-ours", "*"), HELD, ("go", "go"), "not-ours"),
    ("decided for another domain", [passing(9000), service(500)], decided("sender:sendgrid", "not-ours", "example.org"), HELD, ("no-go", "no-go"), "not-set-up"),
    ("undecided is no decision", [passing(9000), service(500)], decided("sender:sendgrid", "undecided"), HELD, ("no-go", "no-go"), "not-set-up"),
    ("a service, set up in part", [passing(99_000), service(10), row("198.51.100.9", 90, header_from=OWN, signatures=(Signature(OWN, "s1", "pass"), Signature("sendgrid.net", "s1", "pass")))], Decisions(), HELD, ("wait", "wait"), "partly-set-up"),
    ("ours fails, up to 1 in 200", [passing(2000), broken(10)], Decisions(), HELD, ("go", "go"), "ours-fail-little"),
    ("ours fails, over 1 in 200", [passing(2000), broken(11)], Decisions(), HELD, ("go", "wait"), "ours-fail"),
    ("ours fails, few of few", [passing(700), broken(9)], Decisions(), HELD, ("go", "go"), "ours-fail-little"),
    ("ours fails, over 1 in 100", [passing(2000), broken(21)], Decisions(), HELD, ("wait", "wait"), "ours-fail"),
    ("ours fails, over 2 in 100", [passing(2000), broken(41)], Decisions(), HELD, ("no-go", "no-go"), "ours-lost"),
    ("a stranger, up to 1 in 200", [passing(4000), stranger(20)], Decisions(), HELD, ("go", "go"), "undecided-sum"),
    ("a stranger, over 1 in 200", [passing(4000), stranger(21)], Decisions(), HELD, ("go", "wait"), "undecided"),
    ("a stranger, over 1 in 100", [passing(4000), stranger(41)], Decisions(), HELD, ("wait", "wait"), "undecided"),
    ("a stranger who is ours", [passing(4000), stranger(41)], decided("domain:example.net", "ours"), HELD, ("no-go", "no-go"), "not-set-up"),
    ("many strangers, each small", [passing(10_000), *(failing(f"10.{n}.0.1", 45) for n in range(12))], Decisions(), HELD, ("wait", "wait"), "undecided-together"),
    ("forwarding, much of it", [passing(1000), forwarded(300, excused=False)], Decisions(), HELD, ("go", "wait"), "passed-on-lost"),
    ("forwarding, up to 1 in 100", [passing(2000), forwarded(20, excused=False)], Decisions(), HELD, ("go", "go"), "passed-on"),
    ("forwarding that reporters let through", [passing(3000), forwarded(300, excused=True)], Decisions(), HELD, ("go", "go"), "passed-on"),
    ("forwarding that they let through, too much of it", [passing(2999), forwarded(300, excused=True)], Decisions(), HELD, ("go", "wait"), "passed-on-much"),
    ("ours, forwarded as reporters say", [passing(1000), service(300, reasons=("mailing_list",))], decided("sender:sendgrid", "ours"), HELD, ("go", "wait"), "listed-much"),
    ("SPF alone, more than half", [passing(499), passing(501, dkim="fail")], Decisions(), HELD, ("go", "wait"), "spf-alone"),
    ("SPF alone, up to half", [passing(500), passing(500, dkim="fail")], Decisions(), HELD, ("go", "go"), "nothing-of-ours-fails"),
    ("mailing lists, up to 1 in 100", [passing(1000), service(10, reasons=("mailing_list",))], decided("sender:sendgrid", "ours"), HELD, ("go", "go"), "mailing-lists"),
    ("mailing lists, over 1 in 100", [passing(1000), service(11, reasons=("mailing_list",))], decided("sender:sendgrid", "passed-on"), HELD, ("go", "wait"), "listed-much"),
    ("let through by pct alone", [passing(1000), forwarded(300, excused=False), failing("198.18.0.1", 9, reasons=("sampled_out",))], Decisions(), HELD, ("go", "wait"), "passed-on-lost"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "decisions", "policy", "expected", "ground"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])  # fmt: skip
def test_whether_a_policy_may_be_raised(
    rows: list[Row], decisions: Decisions, policy: dict[str, Any], expected: tuple[str, str], ground: str
) -> None:
    found = weighed(*rows, decisions=decisions, **policy)
    assert verdicts(found) == expected
    assert ground in {key for option in found.options for key in grounds(option)}
    for option in found.options:
        ranks = [rule.verdict for key in grounds(option) for rule in RULES if rule.key == key]
        assert option.verdict == max(ranks, key=get_args(Verdict).index)
        assert ranks == sorted(ranks, key=get_args(Verdict).index, reverse=True), "the weightiest comes first"


@pytest.mark.parametrize(
    ("later", "rows", "expected"),
    [
        (0, [passing()], "go"),
        (14, [passing()], "go"),
        (15, [passing()], "wait"),
        (60, [], "go"),
        (61, [], "wait"),
    ],
)
def test_old_reports_keep_a_policy_waiting(later: int, rows: list[Row], expected: str) -> None:
    found = weighed(*rows, as_of=START + timedelta(days=39 + later))
    assert found.options[0].verdict == expected
    assert ("too-old" in grounds(found.options[0])) == (expected == "wait")


def test_what_is_of_a_later_day_does_not_count() -> None:
    later = (START + timedelta(days=20), service(500))
    found = gathered(OWN, heads(40, p="quarantine", since=20), told_by([(START, passing()), later]))
    before = weigh(OWN, found, as_of=START + timedelta(days=19))
    assert (before.policy, before.days, before.messages, before.last) == ("none", 20, 1000, START + timedelta(days=19))
    assert weigh(OWN, found).messages == 1500


MADE_UP = "made-up.example"
PAYROLL = [failing(f"10.9.0.{n % 5}", 12) for n in range(5)]
"""A network that nobody decided about."""
FORGED: list[tuple[str, list[tuple[int, Row]], list[tuple[int, Row]]]] = [
    # how one report makes it look better; what is reported by others, and by the one: by day
    ("all that a service sends passes", [(30, service(90))], [(30, service(9_000, dkim="pass"))]),
    ("very much passes", [(30, broken(300))], [(30, passing(900_000))]),
    ("a network is one of very many", [(30, one) for one in PAYROLL], [(30, failing(f"10.{n}.{m}.1", 1)) for n in range(10, 40) for m in range(9)] + [(30, failing(f"10.9.0.{n}", 1)) for n in range(200)]),
    ("a network is one of very many, though it sends little", [(30, row) for row in [failing("10.9.0.1", 45)]], [(30, failing(f"10.{n}.{m}.1", 1)) for n in range(10, 40) for m in range(9)] + [(30, failing(f"10.9.0.{n}", 1)) for n in range(200)]),
    ("a network is forwarding", [(30, one) for one in PAYROLL], [(30, failing("10.9.0.1", 100, reasons=("forwarded",)))]),
    ("a source was seen since", [(5, service(90))], [(30, service(1, dkim="pass"))]),
]  # fmt: skip


@pytest.mark.parametrize(("others", "one"), [case[1:] for case in FORGED], ids=[case[0] for case in FORGED])
def test_no_organization_alone_makes_a_policy_look_safe(
    others: list[tuple[int, Row]], one: list[tuple[int, Row]]
) -> None:
    every_day = [(day, passing(100)) for day in range(40)]
    real = list(told_by((START + timedelta(days=day), row) for day, row in [*every_day, *others]))
    forged = [(START + timedelta(days=day), MADE_UP, row) for day, row in one]
    made_up = [Head(MADE_UP, "", "1", BEGIN + timedelta(days=30), BEGIN + timedelta(days=31), Policy(OWN, "none"))]
    honest = weigh(OWN, gathered(OWN, heads(), real), recent=RECENT).options[0]
    assert honest.verdict != "go"
    found = weigh(OWN, gathered(OWN, [*heads(), *made_up], [*real, *forged]), recent=RECENT).options[0]
    assert found.verdict == "wait"
    (ground,) = (ground for ground in found.grounds if ground.key == "ground.rests-on-one")
    assert ground.values["reporter"] == MADE_UP


def by_one(name: str, *rows: Row) -> list[tuple[date, str, Row]]:
    return [(START, name, one) for one in rows]


HONEST = [
    ("nearly all is seen by one", [*by_one("mailbox0.example", passing(90_000)), *by_one("mailbox1.example", passing(90))]),
    ("a little fails where little is seen", [*by_one("mailbox0.example", passing(90_000)), *by_one("mailbox1.example", passing(90), broken(9))]),
    ("a share is a little higher elsewhere", [*by_one("mailbox0.example", passing(90_000)), *by_one("mailbox1.example", passing(2_000), broken(15))]),
    ("a service is seen by one alone", [*by_one("mailbox0.example", passing(900), service(500, dkim="pass")), *by_one("mailbox1.example", passing(90))]),
]  # fmt: skip


@pytest.mark.parametrize("rows", [case[1] for case in HONEST], ids=[case[0] for case in HONEST])
def test_one_organization_may_see_most_of_the_mail(rows: list[tuple[date, str, Row]]) -> None:
    found = weigh(OWN, gathered(OWN, heads(p="quarantine"), rows))
    assert verdicts(found) == ("go", "go")


def test_who_alone_speaks_against_a_policy_is_named() -> None:
    rows = [*told_by([(START, passing(1000))]), *by_one(MADE_UP, service(500))]
    found = weigh(OWN, gathered(OWN, heads(), rows)).options[0]
    assert found.verdict == "no-go"
    (ground,) = (ground for ground in found.grounds if ground.key == "ground.speaks-alone-one")
    assert ground.values["reporter"] == MADE_UP


def test_what_fails_at_a_server_whose_mail_passes_is_that_servers() -> None:
    found = weighed(
        passing(1000), failing("192.0.2.1", 9), failing("192.0.2.2", 50), passing(10, dkim="fail", spf="fail")
    )
    assert {one.id: one.failing for one in found.outlooks} == {f"own:{OWN}": 19, "network:192.0.2.0/24": 50}
    known = row("198.51.100.9", 500, header_from=OWN, signatures=(Signature(OWN, "s1", "pass"), Signature("sendgrid.net", "s1", "pass")))  # fmt: skip
    found = weighed(known, failing("198.51.100.9", 9), failing("198.51.100.10", 9))
    assert {one.id: one.failing for one in found.outlooks} == {"sender:sendgrid": 9, "network:198.51.100.0/24": 9}


def test_nobody_moves_what_others_saw_to_another_source() -> None:
    rows = [*told_by((START, one) for one in (passing(1000), *PAYROLL)), *by_one(MADE_UP, service(1, dkim="pass"))]
    rows += by_one(MADE_UP, msgspec.structs.replace(service(9, dkim="pass"), source_ip="10.9.0.0"))
    found = weigh(OWN, gathered(OWN, heads(), rows), decisions=decided("sender:sendgrid", "not-ours"))
    assert of(found, "network:10.9.0.0/24").failing == 60


def test_nobody_speaks_alone_where_all_say_the_same() -> None:
    found = weighed(passing(2000), broken(31), p="quarantine").options[0]
    assert (found.verdict, [key for key in grounds(found) if "alone" in key]) == ("wait", [])


def test_organizations_that_count_little_are_left_out_together() -> None:
    big = [f"big{number:02}.example" for number in range(MOST_LEFT_OUT - 4)]
    rows = [
        *told_by([(START, passing(9_000)), (START, service(90))]),
        *(said for name in big for said in by_one(name, passing(400))),
        *(said for number in range(4) for said in by_one(f"small{number}.example", service(5, dkim="pass"))),
    ]
    found = weigh(OWN, gathered(OWN, heads(), rows)).options[0]
    (ground,) = (ground for ground in found.grounds if ground.key == "ground.rests-on-few")
    assert (found.verdict, ground.values["reporters"]) == ("wait", 4)


def test_how_much_the_largest_organization_counts_is_told() -> None:
    rows = [*by_one("mailbox0.example", passing(600)), *by_one("mailbox1.example", passing(400))]
    covered = weigh(OWN, gathered(OWN, heads(), rows)).options[0].grounds[-1]
    assert "mailbox0.example counts 60 % of them)" in told(covered)


def test_an_organization_counts_once_a_day_for_the_policy() -> None:
    many = [msgspec.structs.replace(head(MADE_UP, p="reject"), report_id=str(number)) for number in range(9)]
    varied = [head(MADE_UP, p="reject", fo=fo) for fo in "01ds"]
    found = gathered(OWN, [head("a.example"), head("b.example"), *many, *varied], []).days[0]
    assert (found.policy.p, found.enforced) == ("none", False)


def test_a_day_that_one_organization_reported_on_tells_no_policy_where_others_do() -> None:
    held = heads(40, p="quarantine", since=38)
    forged = [
        Head(MADE_UP, "", "1", BEGIN + timedelta(days=40), BEGIN + timedelta(days=41), Policy(OWN, "reject")),
        *(
            Head(MADE_UP, "", str(day), BEGIN + timedelta(days=day), BEGIN + timedelta(days=day), Policy(OWN, "reject"))
            for day in range(41, 60)
        ),
    ]
    found = weigh(OWN, gathered(OWN, [*held, *forged], told_by([(START, passing())])))
    assert (found.policy, found.options[1].verdict) == ("quarantine", "wait")
    assert "quarantine-first" in grounds(found.options[1])
    alone = weigh(OWN, gathered(OWN, [*heads(30), *forged], told_by([(START, passing())], 1)))
    assert alone.policy == "none"


def test_silence_lasts_since_a_second_organization_reports() -> None:
    early = Head(MADE_UP, "", "1", BEGIN - timedelta(days=60), BEGIN - timedelta(days=59), Policy(OWN, "none"))
    found = weigh(OWN, gathered(OWN, [early, *heads(10)], []))
    assert (found.days, found.options[0].verdict) == (11, "wait")
    assert "quiet-too-short" in grounds(found.options[0])


def test_quarantine_counts_from_when_it_holds_for_subdomains_too() -> None:
    assert "quarantine-first" in grounds(weighed(passing(), p="quarantine", sp="none").options[1])
    assert "quarantine-first" not in grounds(weighed(passing(), p="quarantine", sp="quarantine").options[1])


def test_reject_of_subdomains_comes_after_their_quarantine_whatever_p_says() -> None:
    in_part = weigh(OWN, gathered(OWN, heads(p="reject", sp="none", testing="y"), told_by([(START, passing())])))
    assert "quarantine-first" not in grounds(in_part.options[1])
    for p, sp, since, waits in (
        ("reject", "none", 0, True),
        ("reject", "quarantine", 0, False),
        ("reject", "quarantine", 27, True),
        ("reject", "", 0, False),
        ("reject", "reject", 0, False),
    ):
        heard = heads(p=p, sp=sp, since=since)
        found = weigh(OWN, gathered(OWN, heard, told_by([(START, passing())])))
        assert ("quarantine-first" in grounds(found.options[1])) is waits, (p, sp, since)


def test_what_lets_messages_off_is_told() -> None:
    for policy, tag in (({}, ""), ({"pct": "100"}, ""), ({"pct": "50"}, "pct=50"), ({"testing": "y"}, "t=y")):
        assert weighed(passing(), **policy).in_part == tag  # type: ignore[arg-type]


def test_watched_domains_are_told_of_however_many_there_are() -> None:
    below = f"zz.{OWN}"
    rows = [passing(9, signatures=(Signature(OWN, "s1", "pass"),))]
    rows += [row("192.0.2.1", 2, header_from=f"a{number}.{OWN}") for number in range(MOST_AUTHORS)]
    rows += [
        row("192.0.2.1", 1, header_from=below),
        passing(7, envelopes=(Envelope(f"bounce.{OWN}", "mfrom", "pass"),)),
    ]
    said = gathered(OWN, heads(), told_by((START, one) for one in rows))
    found = weigh(OWN, said, watched=frozenset({below, f"bounce.{OWN}", "other.example"}))
    assert below not in dict(of(weigh(OWN, said), f"own:{OWN}").author_domains)
    assert dict(of(found, f"own:{OWN}").author_domains)[below] == 1
    assert dict(found.helping) == {f"bounce.{OWN}": 7}


DAYS_SEEN: list[tuple[list[tuple[int, int]], int | None]] = [
    ([(1, 3), (2, 2), (10, 1)], 2),
    ([(1, 3), (2, 2), (9, 1), (12, 1)], 12),
    ([(1, 1), (2, 1)], 2),
    ([(1, 2), (40, 5)], 1),
    ([], None),
]


@pytest.mark.parametrize(("seen", "expected"), DAYS_SEEN)
def test_the_newest_day_is_one_that_two_organizations_reported_on(
    seen: list[tuple[int, int]], expected: int | None
) -> None:
    days = [(START + timedelta(days=day), reporters) for day, reporters in seen]
    found = newest_day(days, START + timedelta(days=30))
    assert found == (None if expected is None else START + timedelta(days=expected))


REACHED: list[tuple[list[tuple[int, int]], int, int]] = [
    # days with how many organizations; the day that is known; the newest day
    ([(0, 2), (31, 2), (62, 2)], 0, 62),
    ([(0, 2), (31, 2), (63, 2)], 0, 31),
    ([(0, 2), (20, 1), (40, 2)], 0, 0),
    ([(0, 2), (7, 1), (14, 1), (45, 2)], 0, 45),
    ([(0, 1), (20, 1), (40, 1)], 0, 40),
    ([(0, 2), (71, 1), (90, 2)], 70, 90),
    ([(0, 2)], 70, 70),
    ([(90, 2)], 0, 0),
    ([], 5, 5),
]


@pytest.mark.parametrize(("seen", "since", "expected"), REACHED)
def test_reports_go_on_from_a_day_as_long_as_none_is_far_from_the_one_before(
    seen: list[tuple[int, int]], since: int, expected: int
) -> None:
    days = [(START + timedelta(days=day), reporters) for day, reporters in seen]
    assert newest_day(days, since=START + timedelta(days=since)) == START + timedelta(days=expected)


CONTRADICTIONS = [
    ("not ours, but passes", [passing()], f"own:{OWN}", "not-ours", "not-ours-but-passes"),
    ("forwarding, but authorised", [passing()], f"own:{OWN}", "passed-on", "passed-on-but-authorised"),
    ("ours, but spoofed", [failing(f"10.{n}.0.1", 1) for n in range(40)], "scattered:", "ours", "ours-but-spoofed"),
    ("stopped, but sends", [service(40)], "sender:sendgrid", "stop", "still-sends"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "source", "choice", "ground"), [case[1:] for case in CONTRADICTIONS], ids=[case[0] for case in CONTRADICTIONS])  # fmt: skip
def test_a_decision_counts_and_what_speaks_against_it_is_told(
    rows: list[Row], source: str, choice: Choice, ground: str
) -> None:
    found = gathered(OWN, heads(), told_by((START + timedelta(days=39), one) for one in rows))
    with_it = weigh(OWN, found, decisions=decided(source, choice))
    assert of(with_it, source).counts_as == choice
    assert all(ground in grounds(option) for option in with_it.options)
    assert all(ground not in grounds(option) for option in weigh(OWN, found).options)


@pytest.mark.parametrize(("before", "still"), [(6, True), (7, False)])
def test_a_source_that_stopped_in_time_is_not_said_to_send_still(before: int, still: bool) -> None:
    found = gathered(OWN, heads(), told_by([(START + timedelta(days=39 - before), service(40))]))
    weighing = weigh(OWN, found, decisions=decided("sender:sendgrid", "stop"))
    assert ("still-sends" in grounds(weighing.options[0])) is still


@pytest.mark.parametrize(("day", "still"), [(38, True), (39, False), (None, True)])
def test_a_source_that_sent_before_it_was_decided_about_is_not_said_to_send_still(day: int | None, still: bool) -> None:
    found = gathered(OWN, heads(), told_by([(START + timedelta(days=39), service(40))]))
    on = None if day is None else START + timedelta(days=day)
    decision = Decision(domain=OWN, source="sender:sendgrid", choice="stop", decided=on)
    weighing = weigh(OWN, found, decisions=Decisions([decision]))
    assert ("still-sends" in grounds(weighing.options[0])) is still


def test_what_reporters_call_passed_on_is_neither_ours_nor_undecided() -> None:
    stray = stranger(6, reasons=("forwarded",))
    option, _ = weighed(passing(), stranger(30), stray, service(20), service(9, reasons=("mailing_list",))).options
    assert (option.ours, option.undecided, option.passed_on, option.not_ours) == (20, 30, 15, 0)


def test_a_source_that_somebody_knows_is_never_lost_among_the_scattered() -> None:
    rows = [failing(f"10.{n}.0.1", 1) for n in range(40)]
    assert [one.id for one in weighed(*rows).outlooks] == ["scattered:"]
    found = weighed(*rows, decisions=decided("network:10.7.0.0/24", "ours"))
    assert of(found, "network:10.7.0.0/24").counts_as == "ours"
    assert found.options[0].verdict == "no-go"
    assert {one.id: one.failing for one in found.outlooks} == {"scattered:": 39, "network:10.7.0.0/24": 1}


SAID = [
    ("subdomains are weaker", {"p": "quarantine", "sp": "none"}, [passing()], "subdomains-weaker", "quarantine reject"),
    ("subdomains at quarantine", {"p": "reject", "sp": "quarantine"}, [passing()], "subdomains-weaker", "reject"),
    ("sp as receivers fill it in", {"p": "none", "sp": "none"}, [passing()], "subdomains-weaker", ""),
    ("subdomains as strict", {"sp": "reject"}, [passing()], "subdomains-weaker", ""),
    ("subdomains that don't exist", {"np": "none"}, [passing()], "unborn-weaker", "quarantine reject"),
    ("only subdomains fail", {}, [passing(), service(50, header_from=f"news.{OWN}")], "only-subdomains", "quarantine reject"),
    ("the domain fails, too", {}, [passing(), service(50, header_from=f"news.{OWN}"), service(1)], "only-subdomains", ""),
    ("a test", {"testing": "y"}, [passing()], "testing", "quarantine reject"),
    ("a part", {"pct": "20"}, [passing()], "part", "quarantine reject"),
    ("all", {"pct": "100"}, [passing()], "part", ""),
    ("at quarantine", {"p": "quarantine"}, [passing()], "already", "quarantine"),
    ("at none", {}, [passing()], "already", ""),
    ("at reject", {"p": "reject"}, [passing()], "already", "quarantine reject"),
    ("at quarantine for a part", {"p": "quarantine", "pct": "50"}, [passing()], "already", ""),
    ("at quarantine as a test", {"p": "quarantine", "testing": "y"}, [passing()], "already", ""),
    ("at reject, and subdomains open", {"p": "reject", "sp": "none"}, [passing()], "already", ""),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "rows", "ground", "told_of"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])  # fmt: skip
def test_what_is_told_of_the_record(policy: dict[str, str], rows: list[Row], ground: str, told_of: str) -> None:
    found = weighed(*rows, **policy)
    assert " ".join(option.policy for option in found.options if ground in grounds(option)) == told_of


CAUSES: list[tuple[str, dict[str, Any], str, str, str]] = [
    # what; signatures and envelopes; adkim and aspf; the causes
    ("nothing", {}, "r", "unsigned", "spf-none"),
    ("somebody else's", {"signatures": [("a.example", "pass")], "envelopes": [("a.example", "mfrom", "pass")]}, "r", "dkim-foreign", "spf-foreign"),
    ("somebody else's, and failing", {"signatures": [("a.example", "fail")], "envelopes": [("a.example", "mfrom", "fail")]}, "r", "dkim-foreign", "spf-foreign"),
    ("ours, and failing", {"signatures": [(OWN, "fail"), ("a.example", "pass")], "envelopes": [(OWN, "mfrom", "softfail")]}, "r", "dkim-broken", "spf-fails"),
    ("a subdomain, failing", {"signatures": [(f"m.{OWN}", "permerror")], "envelopes": [(f"b.{OWN}", "", "neutral")]}, "s", "dkim-broken", "spf-fails"),
    ("a subdomain, strict", {"signatures": [(f"m.{OWN}", "pass"), (OWN, "fail")], "envelopes": [(f"b.{OWN}", "mfrom", "pass")]}, "s", "dkim-strict", "spf-strict"),
    ("a subdomain of its own by the tree", {"signatures": [(f"m.{OWN}", "pass")], "envelopes": [(f"b.{OWN}", "mfrom", "pass")]}, "r", "dkim-foreign", "spf-foreign"),
    ("no signature after all", {"signatures": [(OWN, "none")], "envelopes": [(OWN, "mfrom", "none")]}, "r", "unsigned", "spf-none"),
    ("HELO alone", {"envelopes": [(OWN, "helo", "pass")]}, "s", "unsigned", "spf-none"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "mode", "dkim", "spf"), [case[1:] for case in CAUSES], ids=[case[0] for case in CAUSES])  # fmt: skip
def test_why_neither_dkim_nor_spf_counts(said: dict[str, Any], mode: str, dkim: Cause, spf: Cause) -> None:
    signatures = tuple(Signature(domain, "s1", result) for domain, result in said.get("signatures", ()))
    envelopes = tuple(Envelope(*one) for one in said.get("envelopes", ()))
    one = failing("192.0.2.1", 7, signatures=signatures, envelopes=envelopes)
    policy = Policy(OWN, "none", adkim=mode, aspf=mode)
    assert (dkim_cause(one, policy), spf_cause(one, policy)) == (dkim, spf)


FIXES: list[tuple[str, list[Row], Decisions, list[str]]] = [
    ("a known service", [service(50)], Decisions(), ["dkim-cname", "spf-cname", "subdomain"]),
    ("a known service, for a day longer", [service(50)], decided("sender:sendgrid", "stop"), ["stop"]),
    ("a stranger", [stranger(50)], Decisions(), ["ask"]),
    ("a network", [failing("203.0.113.5", 50)], Decisions(), ["ask-own"]),
    ("a stranger of ours", [stranger(50)], decided("domain:example.net", "ours"), ["dkim-sign", "spf-envelope", "subdomain"]),
    ("a server that SPF doesn't name", [failing("203.0.113.5", 50, envelopes=(Envelope(OWN, "mfrom", "fail"),))], decided("network:203.0.113.0/24", "ours"), ["dkim-sign", "spf-add", "subdomain"]),
    ("a broken key", [failing("203.0.113.5", 50, signatures=(Signature(OWN, "s1", "fail"),), envelopes=(Envelope(OWN, "mfrom", "fail"),))], decided("network:203.0.113.0/24", "ours"), ["dkim-broken", "spf-add", "subdomain"]),
    ("a forwarder", [forwarded(50, excused=False)], Decisions(), ["forwarding"]),
    ("nothing to do", [passing()], Decisions(), []),
    ("somebody with our key", [passing()], decided(f"own:{OWN}", "not-ours"), ["close"]),
    ("strays of what is set up", [passing(), failing("192.0.2.1", 3, signatures=(Signature(f"m.{OWN}", "s1", "pass"),))], Decisions(), []),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "decisions", "keys"), [case[1:] for case in FIXES], ids=[case[0] for case in FIXES])
def test_what_to_do_about_a_source(rows: list[Row], decisions: Decisions, keys: list[str]) -> None:
    (outlook,) = weighed(*rows, decisions=decisions).outlooks
    assert [fix.key for fix in outlook.fixes] == [f"fix.{key}" for key in keys]


def test_strict_alignment_is_taken_from_the_report() -> None:
    one = failing("203.0.113.5", 50, signatures=(Signature(f"m.{OWN}", "s1", "pass"),), envelopes=(Envelope(f"m.{OWN}", "mfrom", "pass"),))  # fmt: skip
    (outlook,) = weighed(one, adkim="s", aspf="s").outlooks
    assert outlook.causes == (("dkim-strict", 50), ("spf-strict", 50))
    assert [fix.key for fix in outlook.fixes][:2] == ["fix.dkim-relax", "fix.spf-relax"]


@pytest.mark.parametrize(("policy", "excepted"), [("none", 0), ("quarantine", 3)])
def test_an_outlook_counts_what_it_should(policy: str, excepted: int) -> None:
    found = weighed(
        passing(100),
        service(5),
        service(3, header_from=f"news.{OWN}", reasons=("local_policy",)),
        service(2, header_from="other.example", reasons=("sampled_out",)),
        row("198.51.100.9", 40, header_from=OWN, signatures=(Signature("sendgrid.net", "s1", "pass"),)),
        p=policy,
    )
    one = of(found, "sender:sendgrid")
    assert (one.failing, one.below, one.excepted, one.source.count, one.source.aligned) == (10, 3, excepted, 50, 40)
    assert one.author_domains == ((OWN, 45), (f"news.{OWN}", 3), ("other.example", 2))
    assert one.causes == (("dkim-foreign", 10), ("spf-foreign", 10))
    assert found.volumes == ((START, 150, 140),)
    assert (found.messages, found.passed, found.days, found.reporters) == (150, 140, 40, 3)


def test_forgers_do_not_fill_the_list_of_author_domains() -> None:
    found = weighed(*(failing("203.0.113.5", 1, header_from=f"{n}.{OWN}") for n in range(100)))
    assert len(found.outlooks[0].author_domains) == MOST_AUTHORS


@pytest.mark.parametrize(("p", "hinders"), [("none", False), ("quarantine", True)])
def test_a_source_hinders_the_next_policy(p: str, hinders: bool) -> None:
    assert of(weighed(passing(4000), stranger(21), p=p), "domain:example.net").hinders is hinders


STRICT: list[tuple[str, Row, dict[str, str], frozenset[Strict], int]] = [
    ("all relaxed", row("192.0.2.1", 9, header_from=OWN), {}, frozenset(), 9),
    ("the very domain", row("192.0.2.1", 9, header_from=OWN), {}, frozenset({"adkim", "aspf"}), 9),
    ("another of ours signs", signed_by(f"mail.{OWN}"), {}, frozenset(), 9),
    ("and the record is strict now", signed_by(f"mail.{OWN}"), {}, frozenset({"adkim"}), 0),
    ("and is strict about SPF alone", signed_by(f"mail.{OWN}"), {}, frozenset({"aspf"}), 9),
    ("and was strict in the newest reports", signed_by(f"mail.{OWN}"), {"adkim": "s"}, frozenset(), 0),
    ("both sign", signed_by(f"mail.{OWN}", OWN), {}, frozenset({"adkim"}), 9),
    ("none is named", signed_by(), {}, frozenset({"adkim"}), 9),
    ("another of ours in the envelope", sent_by(f"bounce.{OWN}"), {}, frozenset(), 9),
    ("and strict about it", sent_by(f"bounce.{OWN}"), {}, frozenset({"aspf"}), 0),
    ("a subdomain signs for itself", signed_by(f"mail.{OWN}", author=f"mail.{OWN}"), {}, frozenset({"adkim"}), 9),
]


@pytest.mark.parametrize(
    ("one", "policy", "strict", "passed"), [case[1:] for case in STRICT], ids=[case[0] for case in STRICT]
)
def test_messages_pass_by_the_alignment_that_is_asked_for_now(
    one: Row, policy: dict[str, str], strict: frozenset[Strict], passed: int
) -> None:
    found = gathered(OWN, heads(**policy), told_by([(START, one)], 3))
    weighing = weigh(OWN, found, strict=strict)
    assert (weighing.messages, weighing.passed) == (9, passed)
    if not passed:
        causes = {cause for outlook in weighing.outlooks for cause, _ in outlook.causes}
        assert causes & {"dkim-strict", "spf-strict"}


def test_names_of_addresses_tell_a_source() -> None:
    one = failing("192.0.2.77", 30)
    assert weighed(one).outlooks[0].id == "network:192.0.2.0/24"
    assert weighed(one, names=SES).outlooks[0].id == "sender:amazon-ses"


# what a store says


def stored(tmp_path: Path, feedbacks: Iterable[Feedback]) -> Store:
    store = Store.open(tmp_path / "reports.db")
    for one in feedbacks:
        store.add(one)
    return store


def test_a_store_says_what_its_reports_say(tmp_path: Path) -> None:
    """The counts equal those of a second reading that knows nothing of stores, sources and decisions."""
    expected: Counter[str] = Counter()
    for seed in range(45):
        for one in reports.feedback(60, seed=seed, domain=OWN).rows:
            expected["messages"] += one.count
            if one.dkim == "fail" and one.spf == "fail":
                expected["failing"] += one.count
                expected["below"] += one.count if one.header_from == f"news.{OWN}" else 0
    with stored(
        tmp_path, (reports.feedback(60, seed=seed, domain=OWN) for seed in chain(range(45), range(45)))
    ) as store:
        store.add(reports.feedback(60, seed=1, domain="example.org"))
        found = weigh(OWN, reported(store, OWN))
    assert expected["failing"] > 100
    assert found.messages == expected["messages"]
    assert found.passed == expected["messages"] - expected["failing"]
    assert sum(one.failing for one in found.outlooks) == expected["failing"]
    assert sum(one.below for one in found.outlooks) == expected["below"]
    assert (found.days, found.reporters, found.policy, found.subdomain_policy) == (45, 40, "quarantine", "reject")
    assert (found.first, found.last) == (START, START + timedelta(days=44))


def test_a_part_of_a_store_may_be_asked_for(tmp_path: Path) -> None:
    with stored(tmp_path, (reports.feedback(5, seed=seed, domain=OWN) for seed in range(10))) as store:
        some = reported(store, OWN, BEGIN + timedelta(days=2), BEGIN + timedelta(days=5))
        nothing = reported(store, "example.net")
    assert [day.day.day for day in some.days] == [3, 4, 5]
    assert {day.day for day, _reporter, _row in some.rows} == {3, 4, 5}
    assert nothing == Reported(domain="example.net")


def test_equal_rows_are_one() -> None:
    several = [passing(3, comments=("arc=pass",)), passing(4, envelope_to="b.example"), passing(5, envelope_from="x")]
    names = ("a.example", "A.example ", "a.example")
    found = gathered(OWN, [], ((START, name, one) for name, one in zip(names, several, strict=True)))
    assert [(day, reporter, one.count) for day, reporter, one in found.rows] == [(START, "a.example", 12)]


def head(reporter: str, at: datetime = BEGIN, **policy: str) -> Head:
    return Head(reporter, "", reporter, at, at, Policy(**{"domain": OWN, "p": "none", **policy}))


def test_the_policy_is_as_most_reports_of_the_newest_day_have_it() -> None:
    later = BEGIN + timedelta(days=1, hours=3)
    found = gathered(
        OWN,
        [
            head("a.example", p="none", sp="none"),
            head("A.example", later, p="quarantine", sp="reject", adkim="s"),
            head("b.example", later, p="quarantine"),
            head("forger.example", later + timedelta(hours=9), p="reject", sp="none", np="reject"),
            head("c.example", later, p="quarantine", sp="reject"),
        ],
        [],
    )
    newest = found.days[-1]
    assert (newest.policy.p, newest.policy.sp, newest.policy.np, newest.policy.adkim) == (
        "quarantine",
        "reject",
        "reject",
        "s",
    )
    assert newest.enforced
    assert not gathered(OWN, [head("a.example"), head("b.example"), head("c.example", p="reject")], []).days[0].enforced
    assert not found.days[0].enforced
    assert newest.reporters == ("a.example", "b.example", "c.example", "forger.example")


# whatever the reports say

ROWS = st.builds(
    lambda kind, ip, count, below, reasons: msgspec.structs.replace(
        kind, source_ip=ip, count=count, header_from=f"news.{OWN}" if below else OWN, reasons=reasons
    ),
    st.sampled_from([
        passing(), failing("?", 1), service(1), stranger(1), forwarded(1, excused=False),
        service(1, dkim="pass"), failing("?", 1, signatures=(Signature(f"m.{OWN}", "s1", "pass"),)),
    ]),
    st.sampled_from([f"10.{n}.0.{m}" for n in range(30) for m in (1, 2)]),
    st.sampled_from([0, 1, 2, 9, 10, 60, 500, 5000]),
    st.booleans(),
    st.sampled_from([(), (), ("forwarded",), ("local_policy",), ("mailing_list", "other"), ("sampled_out",)]),
)  # fmt: skip
DAYS = st.tuples(st.integers(0, 39).map(lambda day: START + timedelta(days=day)), ROWS)
CHOICES = st.dictionaries(
    st.sampled_from([f"own:{OWN}", "sender:sendgrid", "sender:forward-email", "domain:example.net", "network:10.1.0.0/24", "scattered:"]),
    st.sampled_from(get_args(Choice)),
).map(lambda found: Decisions(Decision(domain=OWN, source=source, choice=choice) for source, choice in found.items()))  # fmt: skip
HEADS = st.builds(
    heads,
    st.sampled_from([0, 1, 13, 14, 20, 29, 30, 40]),
    st.sampled_from([1, 2, 3]),
    st.sampled_from(["none", "quarantine", "reject"]),
    st.sampled_from([0, 20, 30]),
    sp=st.sampled_from(["", "none", "quarantine"]),
)
RANK = get_args(Verdict).index


@given(HEADS, st.lists(DAYS, max_size=40), CHOICES, st.randoms(use_true_random=False))
def test_the_order_of_reports_and_rows_does_not_matter(
    some: list[Head], rows: list[tuple[date, Row]], decisions: Decisions, shuffle: random.Random
) -> None:
    first = weigh(OWN, gathered(OWN, some, told_by(rows)), decisions=decisions)
    others, again = some[:], rows[:]
    shuffle.shuffle(others)
    shuffle.shuffle(again)
    assert weigh(OWN, gathered(OWN, others, told_by(again)), decisions=decisions) == first


@given(HEADS, st.lists(DAYS, max_size=40), CHOICES)
def test_every_failing_message_counts_once_and_all_survives_json(
    some: list[Head], rows: list[tuple[date, Row]], decisions: Decisions
) -> None:
    found = weigh(OWN, gathered(OWN, some, told_by(rows)), decisions=decisions)
    last = max((head.begin.date() for head in some), default=None)
    counted = sum(one.count for day, one in rows if one.dkim == one.spf == "fail")
    assert last is None or found.last == last
    for option in found.options:
        assert option.ours + option.undecided + option.passed_on + option.not_ours == counted
    assert sum(one.failing for one in found.outlooks) == counted
    for outlook in found.outlooks:
        by_cause = Counter(dict(outlook.causes))
        assert sum(count for cause, count in by_cause.items() if "spf" in cause) == outlook.failing
        assert by_cause.total() == 2 * outlook.failing
    assert msgspec.json.decode(msgspec.json.encode(found), type=Weighing) == found
    quarantine, reject = verdicts(found)
    assert RANK(quarantine) <= RANK(reject), "what may be rejected may go to quarantine"
    for statement in chain(*(option.grounds for option in found.options), *(one.fixes for one in found.outlooks)):
        for lang in LANGUAGES:
            assert told(statement, lang)
            assert statement.text("raising_words", lang)


@settings(max_examples=200)
@given(HEADS, st.lists(DAYS, max_size=30), CHOICES, st.sampled_from([1, 5, 10, 50, 3000]), st.data())
def test_more_failing_mail_of_ours_is_never_the_better(
    some: list[Head], rows: list[tuple[date, Row]], decisions: Decisions, count: int, data: st.DataObject
) -> None:
    others = [one for one in decisions.entries if one.source != "domain:example.net"]
    decisions = Decisions([*others, Decision(domain=OWN, source="domain:example.net", choice="ours")])
    more = msgspec.structs.replace(stranger(count), reasons=data.draw(st.sampled_from([(), ("forwarded",)])))
    before = weigh(OWN, gathered(OWN, some, told_by(rows)), decisions=decisions)
    after = weigh(OWN, gathered(OWN, some, told_by([*rows, (START, more)])), decisions=decisions)
    changed = {one.id: one.counts_as for one in before.outlooks}.items() - {
        one.id: one.counts_as for one in after.outlooks
    }.items()
    assume(not changed)  # another source is a smaller part of all now, and is guessed to be something else
    for old, new in zip(before.options, after.options, strict=True):
        assert RANK(new.verdict) >= RANK(old.verdict)


# words


def parameters(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    en, ja = (words_of("raising_words", lang) for lang in ("en", "ja"))
    assert list(en) == list(ja)
    assert {key: parameters(text) for key, text in en.items()} == {key: parameters(text) for key, text in ja.items()}


def hints(kind: str, field: str) -> Iterator[str]:
    (annotation,) = (one.type for one in msgspec.structs.fields(Sender) if one.name == field)
    yield from (f"fix.{kind}-{one}" for one in get_args(annotation))


def test_there_is_a_word_for_all_that_may_be_told_and_for_nothing_else() -> None:
    words = set(words_of("raising_words", "en"))
    alone = {f"ground.{key}-{number}" for key in ("rests-on", "speaks-alone") for number in ("one", "few")}
    assert {f"ground.{rule.key}" for rule in RULES} | alone == {word for word in words if word.startswith("ground.")}
    for name, kinds in (("verdict", Verdict), ("choice", Choice), ("cause", Cause)):
        assert {f"{name}.{one}" for one in get_args(kinds)} == {word for word in words if word.startswith(f"{name}.")}
    assert {*hints("dkim", "own_dkim"), *hints("spf", "own_envelope")} <= words


def test_the_limits_for_reject_are_never_the_laxer_ones() -> None:
    from bimikit.raising import case

    limits = {name: one for name, one in vars(case).items() if isinstance(one, Limit)}
    more_is_better = {"DAYS", "REPORTERS"}
    assert len(limits) == 8
    for name, limit in limits.items():
        strict, lax = (limit.reject, limit.quarantine) if name in more_is_better else (limit.quarantine, limit.reject)
        assert strict >= lax


@pytest.mark.parametrize(("ages", "first"), [(range(50), 29), (range(30), None), (range(0, 400, 10), 290), ([], None)])
def test_as_many_of_the_newest_days_are_recent_as_reject_needs(ages: Sequence[int], first: int | None) -> None:
    as_of = date(2026, 11, 24)
    days = sorted(as_of - timedelta(days=age) for age in ages)
    assert newest_days(days) == (None if first is None else as_of - timedelta(days=first))


SEEN: list[tuple[str, list[tuple[int, Row]], str]] = [
    # what; day and row; the verdict on quarantine
    ("fails now", [(5, service(90)), (25, service(90))], "no-go"),
    ("was set right since", [(5, service(90)), (25, service(90, dkim="pass"))], "go"),
    ("was not seen since", [(5, service(90))], "no-go"),
    (
        "was set right under another name",
        [(5, stranger(90)), (25, row(stranger(1).source_ip, 90, header_from=OWN))],
        "go",
    ),
]


@pytest.mark.parametrize(("rows", "verdict"), [case[1:] for case in SEEN], ids=[case[0] for case in SEEN])
def test_what_is_old_counts_for_who_was_not_seen_since(rows: list[tuple[int, Row]], verdict: str) -> None:
    every_day = [(START + timedelta(days=day), passing(500)) for day in range(40)]
    found = gathered(OWN, heads(), told_by([*every_day, *((START + timedelta(days=day), row) for day, row in rows)]))
    assert weigh(OWN, found, recent=RECENT).options[0].verdict == verdict
