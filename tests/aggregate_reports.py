"""Aggregate reports made for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature

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
