"""DMARC aggregate reports of any size, the same for the same seed, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape

from ..aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature

Dialect: TypeAlias = Literal["rfc7489", "rfc9990"]
"""Whose schema a report follows: RFC 7489, appendix C, or RFC 9990."""

_NAMESPACES = {"rfc7489": "", "rfc9990": ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'}
_BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
_SENDERS = (
    # (SPF domain, DKIM domains and selectors, network, shares of 100 with SPF and with DKIM aligned)
    ("", (("", "s1"),), "192.0.2.", 100, 100),
    ("bounces.mail.example.net", (("", "k1"), ("mail.example.net", "mail")), "198.51.100.", 0, 98),
    ("crm.example.org", (("crm.example.org", "sel2026"),), "203.0.113.", 0, 0),
    ("", (("", "s1"),), "2001:db8:25::", 99, 97),
    ("forward.example.edu", (("", "s1"), ("forward.example.edu", "arc")), "2001:db8:f0::", 0, 80),
    ("spoof.example.com", (), "198.18.7.", 0, 0),
)


def rows(*, seed: int = 0, domain: str = "brand.example") -> Iterator[Row]:
    """Rows without end, as a brand's own servers, its services, forwarders and strangers bring them about."""
    random = Random(seed)  # noqa: S311 - no secret
    while True:
        path, signers, network, spf_share, dkim_share = random.choice(_SENDERS)
        spf, dkim = random.random() * 100 < spf_share, random.random() * 100 < dkim_share
        header_from = domain if random.random() < 0.9 else f"news.{domain}"
        passes = spf or dkim
        forwarded = path.startswith("forward") and not passes
        envelope = path or f"bounce.{domain}"
        signatures = [Signature(d or domain, s, "pass" if dkim or d else "fail") for d, s in signers]
        host = f"{random.randrange(1, 65_536):x}" if ":" in network else str(random.randrange(1, 255))
        yield Row(
            source_ip=network + host,
            count=1 if random.random() < 0.6 else random.randrange(2, 500),
            disposition="none" if passes or forwarded else "quarantine",
            dkim="pass" if dkim else "fail",
            spf="pass" if spf else "fail",
            reasons=("local_policy",) if forwarded else (),
            header_from=header_from,
            envelope_from=envelope if random.random() < 0.8 else "",
            signatures=tuple(signatures),
            envelopes=(Envelope(envelope, "mfrom", "pass" if spf or path else "softfail"),),
            comments=("arc=pass",) if forwarded else (),
        )


def feedback(count: int, *, seed: int = 0, domain: str = "brand.example", dialect: Dialect = "rfc7489") -> Feedback:
    """A report with so many rows; another seed is another reporter's, of another day."""
    new = dialect == "rfc9990"
    begin = _BEGIN + timedelta(days=seed % 365)
    reporter = f"receiver{seed % 40}.example"
    head = Head(
        reporter=reporter,
        email=f"dmarc-reports@{reporter}",
        report_id=f"{domain}.{begin:%Y%m%d}.{seed}",
        begin=begin,
        end=begin + timedelta(days=1, seconds=-1),
        policy=Policy(
            domain=domain,
            p="quarantine",
            sp="reject",
            np="reject" if new else "",
            adkim="r",
            aspf="r",
            pct="" if new else "100",
            testing="n" if new else "",
            discovery="treewalk" if new else "",
            fo="1",
        ),
        version="1.0",
        generator="bimikit" if new else "",
    )
    return Feedback(head, islice(rows(seed=seed, domain=domain), count))


def xml(feedback: Feedback, *, dialect: Dialect = "rfc7489") -> Iterator[bytes]:
    """A report as it is sent, in pieces, UTF-8; a field that is empty has no element."""
    head, policy = feedback.head, feedback.head.policy
    new = dialect == "rfc9990"
    published = [
        ("domain", policy.domain),
        *(("discovery_method", policy.discovery) for _ in range(new)),
        ("adkim", policy.adkim),
        ("aspf", policy.aspf),
        ("p", policy.p),
        ("sp", policy.sp),
        ("np", policy.np),
        ("pct", policy.pct),
        ("testing", policy.testing),
        ("fo", policy.fo),
    ]
    metadata = [
        ("org_name", head.reporter),
        ("email", head.email),
        ("extra_contact_info", head.contact),
        ("report_id", head.report_id),
    ]
    dates = f"{int(head.begin.timestamp())}</begin>\n      <end>{int(head.end.timestamp())}"
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feedback{_NAMESPACES[dialect]}>\n'
        f"{_fields([('version', head.version)], 2)}"
        f"  <report_metadata>\n{_fields(metadata, 4)}"
        f"    <date_range>\n      <begin>{dates}</end>\n    </date_range>\n"
        f"{_fields([('error', error) for error in head.errors], 4)}{_fields([('generator', head.generator)], 4)}"
        f"  </report_metadata>\n  <policy_published>\n{_fields(published, 4)}  </policy_published>\n"
    ).encode()
    for row in feedback.rows:
        yield _record(row).encode()
    yield b"</feedback>\n"


def report(count: int, *, seed: int = 0, domain: str = "brand.example", dialect: Dialect = "rfc7489") -> bytes:
    """A report with so many rows, whole."""
    return b"".join(xml(feedback(count, seed=seed, domain=domain, dialect=dialect), dialect=dialect))


def _fields(fields: list[tuple[str, str]], indent: int) -> str:
    margin = " " * indent
    return "".join(f"{margin}<{name}>{escape(value)}</{name}>\n" for name, value in fields if value)


def _record(row: Row) -> str:
    comments = row.comments + ("",) * len(row.reasons)
    reasons = "".join(
        f"        <reason>\n{_fields([('type', kind), ('comment', comment)], 10)}        </reason>\n"
        for kind, comment in zip(row.reasons, comments, strict=False)
    )
    evaluated = [("disposition", row.disposition), ("dkim", row.dkim), ("spf", row.spf)]
    identifiers = [
        ("envelope_to", row.envelope_to),
        ("envelope_from", row.envelope_from),
        ("header_from", row.header_from),
    ]
    signed = [[("domain", one.domain), ("selector", one.selector), ("result", one.result)] for one in row.signatures]
    checked = [[("domain", one.domain), ("scope", one.scope), ("result", one.result)] for one in row.envelopes]
    results = "".join(
        f"      <{method}>\n{_fields(fields, 8)}      </{method}>\n"
        for method, several in (("dkim", signed), ("spf", checked))
        for fields in several
    )
    return (
        f"  <record>\n    <row>\n      <source_ip>{row.source_ip}</source_ip>\n      <count>{row.count}</count>\n"
        f"      <policy_evaluated>\n{_fields(evaluated, 8)}{reasons}      </policy_evaluated>\n    </row>\n"
        f"    <identifiers>\n{_fields(identifiers, 6)}    </identifiers>\n"
        f"    <auth_results>\n{results}    </auth_results>\n  </record>\n"
    )
