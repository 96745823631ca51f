"""Aggregate reports made for tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature
from bimikit.testing.reports import xml

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def row(source_ip: str = "192.0.2.1", count: int = 1, **other: Any) -> Row:
    """A row of mail that passes."""
    usual: dict[str, Any] = {
        "disposition": "none",
        "dkim": "pass",
        "spf": "pass",
        "reasons": (),
        "header_from": "example.com",
        "envelope_from": "example.com",
        "signatures": (Signature("example.com", "s1", "pass"),),
        "envelopes": (Envelope("example.com", "mfrom", "pass"),),
    }
    return Row(source_ip, count, **{**usual, **other})


def feedback(
    rows: Iterable[Row],
    report_id: str = "r1",
    *,
    reporter: str = "mailbox.example",
    domain: str = "example.com",
    begin: datetime = BEGIN,
    days: int = 1,
    p: str = "none",
) -> Feedback:
    """A report, of one day."""
    head = Head(reporter, f"dmarc@{reporter}", report_id, begin, begin + timedelta(days=days), Policy(domain, p))
    return Feedback(head, iter(rows))


def generated(reports: int) -> Iterator[Feedback]:
    """So many different reports, always the same."""
    for number in range(reports):
        yield feedback(
            _rows(Random(number)),  # noqa: S311
            f"r{number}",
            reporter=f"mailbox{number % 3}.example",
            domain=("example.com", "example.org")[number % 2],
            begin=BEGIN + timedelta(days=number % 5),
        )


def _rows(random: Random) -> Iterator[Row]:
    for _ in range(random.randrange(1, 30)):
        name = f"{random.choice('abcdef')}.example.net"
        yield row(
            f"192.0.2.{random.randrange(50)}",
            random.randrange(1, 100),
            disposition=random.choice(("none", "quarantine", "reject")),
            dkim=random.choice(("pass", "fail")),
            spf=random.choice(("pass", "fail")),
            reasons=random.choice(((), ("forwarded",), ("mailing_list", "forwarded"))),
            envelope_from=name,
            signatures=(Signature(name, "s1", "pass"),),
            envelopes=(Envelope(name, "mfrom", "pass"),),
        )


def inbox(days: int = 28) -> dict[str, bytes]:
    """What a company finds in the mailbox of its reports, by file: two reporters, day by day.

    Its own server passes, its newsletter service doesn't yet, a university forwards some of its mail, and somebody
    pretends to be it, from everywhere.
    """
    files = {}
    for day in range(days):
        for reporter, share in (("mailbox.example", 3), ("post.example", 1)):
            report = feedback(
                _of_company(day, share),
                f"{day}",
                reporter=reporter,
                domain="example.com",
                begin=BEGIN + timedelta(days=day),
            )
            date = f"{BEGIN + timedelta(days=day):%Y%m%d}"
            files[f"inbox/{reporter}!example.com!{date}.xml.gz"] = gzip.compress(b"".join(xml(report)), mtime=0)
    return files


def _of_company(day: int, share: int) -> Iterator[Row]:
    own = Signature("example.com", "s1", "pass")
    yield row("192.0.2.10", share * (40 + day), signatures=(own,))
    if day % 7 == 2:  # the newsletter goes out
        yield row(
            "198.51.100.20",
            share * 60,
            dkim="fail",
            spf="fail",
            envelope_from="em7.sendgrid.net",
            signatures=(Signature("sendgrid.net", "smtpapi", "pass"),),
            envelopes=(Envelope("em7.sendgrid.net", "mfrom", "pass"),),
        )
    yield row(
        "203.0.113.5",
        2 * share,
        spf="fail",
        envelope_from="lists.example.edu",
        signatures=(own,),
        envelopes=(Envelope("lists.example.edu", "mfrom", "pass"),),
    )
    for number in range(4 * share):
        yield row(
            f"100.{64 + number}.{day}.9",
            1,
            dkim="fail",
            spf="fail",
            signatures=(),
            envelopes=(Envelope("example.com", "mfrom", "softfail"),),
        )
