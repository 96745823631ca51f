"""What is asked of a store: the statements, and the structs of their answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from .kinds import or_none
from .schema import fact, outcome, report

DIMENSIONS: dict[str, ColumnElement[Any]] = {
    "day": report.c.day,
    "reporter": report.c.reporter,
    "domain": report.c.domain,
    "source_ip": fact.c.source_ip,
    "header_from": outcome.c.header_from,
    "envelope_from": outcome.c.envelope_from,
    "signer": outcome.c.signer,
    "selector": outcome.c.selector,
    "signer_result": outcome.c.signer_result,
    "spf_domain": outcome.c.spf_domain,
    "spf_result": outcome.c.spf_result,
    "dkim": outcome.c.dkim,
    "spf": outcome.c.spf,
    "disposition": outcome.c.disposition,
    "reasons": outcome.c.reasons,
}
"""By what volumes can be told."""


class Totals(msgspec.Struct, frozen=True, gc=False):
    """Sums over reports.

    Attributes:
        reports: How many reports.
        rows: The rows they have.
        messages: The messages they count; all that follow are messages, too.
        passed: Those for which DKIM or SPF passed with an aligned domain, and so DMARC.
        dkim: Those for which DKIM did.
        spf: Those for which SPF did.
        quarantined: Those that went to quarantine.
        rejected: Those that were rejected.
        first: When the first report begins, UTC; None without reports.
        last: When the last one ends.
    """

    reports: int
    rows: int
    messages: int
    passed: int
    dkim: int
    spf: int
    quarantined: int
    rejected: int
    first: datetime | None
    last: datetime | None


class Volume(msgspec.Struct, frozen=True, gc=False):
    """Sums for one value.

    Attributes:
        key: A value for each dimension asked for: a day as ``2026-11-24`` (UTC, of the report's begin), whether DKIM or
            SPF passed aligned as ``"pass"`` or ``"fail"``, reasons with a space between two; empty where a report
            doesn't say.
        messages: The messages; all that follow are messages, too.
        passed: See `Totals`.
        dkim: See `Totals`.
        spf: See `Totals`.
        quarantined: See `Totals`.
        rejected: See `Totals`.
    """

    key: tuple[str, ...]
    messages: int
    passed: int
    dkim: int
    spf: int
    quarantined: int
    rejected: int


class Sent(msgspec.Struct, frozen=True, gc=False):
    """Messages from one address with one outcome.

    A message may have several signatures: the signer is that of the one that tells the most of who sent (one that
    passed, for the Author Domain or its organization), so that each message is counted once; see `outcomes.telling`.

    Attributes:
        source_ip: The address.
        header_from: The Author Domain.
        envelope_from: The domain of MAIL FROM; empty where the reports don't say.
        signer: The signing domain; empty without a signature.
        selector: Its selector.
        signer_result: The signature's result, such as ``"pass"``.
        spf_domain: The domain checked by SPF; empty where there was none.
        spf_result: The result.
        dkim: Whether DKIM passed with an aligned domain.
        spf: Whether SPF did.
        disposition: What was done with the messages.
        reasons: Why the policy was not followed, sorted.
        messages: How many.
        first: When the first report of them begins, UTC.
        last: When the last one ends.
    """

    source_ip: str
    header_from: str
    envelope_from: str
    signer: str
    selector: str
    signer_result: str
    spf_domain: str
    spf_result: str
    dkim: bool
    spf: bool
    disposition: str
    reasons: tuple[str, ...]
    messages: int
    first: datetime
    last: datetime


_MEASURES = (
    or_(outcome.c.dkim, outcome.c.spf),
    outcome.c.dkim,
    outcome.c.spf,
    outcome.c.disposition == "quarantine",
    outcome.c.disposition == "reject",
)
_SUMS = (func.sum(fact.c.messages), *(func.sum(case((one, fact.c.messages), else_=0)) for one in _MEASURES))
_SENT = tuple(DIMENSIONS[name] for name in Sent.__struct_fields__ if name in DIMENSIONS)
_JOINED = fact.join(report, fact.c.report == report.c.id).join(outcome, fact.c.outcome == outcome.c.id)


def limits(domain: str | None, since: int | None, until: int | None) -> tuple[ColumnElement[bool], ...]:
    """What reports are asked about; times in seconds since 1970."""
    table = report.c
    found = (
        None if domain is None else table.domain == domain,
        None if since is None else table.begin_at >= since,
        None if until is None else table.begin_at < until,
    )
    return tuple(one for one in found if one is not None)


def totals_question(of: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """One row; in one statement, so that nothing comes in between."""
    table = report.c
    reports = select(
        func.count().label("reports"),
        func.coalesce(func.sum(table.rows), 0).label("rows"),
        or_none(func.min(table.begin_at)).label("first"),
        or_none(func.max(table.end_at)).label("last"),
    ).where(and_(true(), *of))
    names = ("messages", "passed", "dkim", "spf", "quarantined", "rejected")
    labelled = (func.coalesce(one, 0).label(name) for name, one in zip(names, _SUMS, strict=True))
    sums = select(*labelled).select_from(_JOINED).where(and_(true(), *of))
    r, s = reports.subquery(), sums.subquery()
    return select(r.c.reports, r.c.rows, *s.c, r.c.first, r.c.last).select_from(r.join(s, true()))


def domains_question(of: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """A row for each domain, with its messages."""
    messages = func.sum(report.c.messages)
    question = select(report.c.domain, messages).where(and_(true(), *of)).group_by(report.c.domain)
    return question.order_by(messages.desc(), report.c.domain)


def days_question(domains: Sequence[str] | None) -> Select[Any]:
    """A row for each day and organization, of reports that count messages and begin then; on these domains, or all."""
    of = true() if domains is None else report.c.domain.in_(domains)
    return select(report.c.day, report.c.reporter).where(of, report.c.messages > 0).distinct()


def volumes_question(names: Sequence[str], of: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """A row for each value: the values, then the sums."""
    by = [DIMENSIONS[name] for name in names]
    return select(*by, *_SUMS).select_from(_JOINED).where(and_(true(), *of)).group_by(*by).order_by(*by)


def rows_question(of: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """A row for each day, reporter, address and outcome."""
    by = (report.c.day, report.c.reporter, fact.c.source_ip, fact.c.outcome)
    each = select(*by, func.sum(fact.c.messages).label("messages"))
    each = each.select_from(fact.join(report, fact.c.report == report.c.id)).where(and_(true(), *of))
    sums = each.group_by(*by).subquery()
    question = select(sums.c.day, sums.c.reporter, sums.c.source_ip, sums.c.messages, outcome)
    question = question.select_from(sums.join(outcome, sums.c.outcome == outcome.c.id))
    # numbers of outcomes depend on the order of delivery, digests on what they say
    return question.order_by(sums.c.day, sums.c.source_ip, outcome.c.digest, sums.c.reporter)


def sent_question(of: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """A row for each `Sent`, in the order of its attributes."""
    sums = (func.sum(fact.c.messages), func.min(report.c.begin_at), func.max(report.c.end_at))
    question = select(*_SENT, *sums).select_from(_JOINED).where(and_(true(), *of))
    return question.group_by(*_SENT).order_by(*_SENT)
