"""What a scan can look at besides DMARC and the Assertion Record: hosted files, and what is published on mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from .. import aio
from ..arguments import in_utc
from ..as_done import as_done
from ..cert.trust import TrustStore
from ..dns.answers import FOUND, MX, Question
from ..dns.dmarc import is_record as is_dmarc_record
from ..dns.dmarc import record_of
from ..dns.nameservers import async_resolver_at
from ..dns.report_addresses import authorisation_name, destinations, external
from ..dns.resolve import Deadline, aask, remembering
from ..findings import Outcome, Report, Severity
from ..gathered import Given, begun
from ..selection import outcome_of
from ..web.policy import FetchPolicy
from ..web.shared import Shared
from .row import NO_DOMAIN, Hosted, Scanned, Sending

MOST_DESTINATIONS = 10
"""Destinations of reports that are looked at."""
CONCURRENCY = 50
"""Domains that are looked at further together."""


class Further(msgspec.Struct, frozen=True, kw_only=True):
    """What else is looked at, and how; it can be sent to another machine.

    Attributes:
        hosted: Whether logos and Mark Certificates are fetched and judged.
        sending: Whether SPF, DKIM and MX records are looked at.
        dkim: Selectors of DKIM keys; those that senders usually have where none are given.
        dkim_of: The same for single domains.
        selector: The selector of the Assertion Records.
        selector_of: The same for single domains.
        resolver: Whom to ask, ``IP`` or ``IP:PORT``; what the system names by default.
        dns_timeout: Seconds for all questions on a domain.
        policy: What may be fetched.
        concurrency: Domains that are looked at together.
    """

    hosted: bool = False
    sending: bool = False
    dkim: tuple[str, ...] = ()
    dkim_of: dict[str, tuple[str, ...]] = {}
    selector: str = "default"
    selector_of: dict[str, str] = {}
    resolver: str | None = None
    dns_timeout: float | None = None
    policy: FetchPolicy = FetchPolicy()
    concurrency: int = CONCURRENCY

    @property
    def wanted(self) -> bool:
        """Whether anything is."""
        return self.hosted or self.sending


async def look_further(
    rows: AsyncIterator[Scanned], wanted: Further, *, trust: TrustStore | None = None, at: datetime | None = None
) -> AsyncIterator[Scanned]:
    """Rows of a scan with what else was asked for, as soon as each is done.

    Args:
        rows: The rows.
        wanted: What else is looked at.
        trust: Roots and logs; `TrustStore.builtin()` by default.
        at: The moment to judge at; now by default.

    Raises:
        BimikitError: The system names no resolver.
        ValueError: The policy's file of CAs can't be read.
    """
    if not wanted.wanted:
        async for row in rows:
            yield row
        return
    looking = _Looking(wanted, trust or TrustStore.builtin(), in_utc(at))
    try:
        async for row in as_done(rows, looking.look, wanted.concurrency):
            yield row
    finally:
        await looking.shared.close()


class _Looking:
    """What all domains share."""

    def __init__(self, wanted: Further, trust: TrustStore, at: datetime) -> None:
        self._wanted, self._trust, self._at = wanted, trust, at
        self.shared = Shared()
        self._resolver = remembering(async_resolver_at(wanted.resolver, lifetime=wanted.dns_timeout))

    async def look(self, row: Scanned) -> Scanned:
        if row.state == NO_DOMAIN:
            return row
        sending, hosted = await asyncio.gather(
            self._sending(row) if self._wanted.sending else _nothing(),
            self._hosted(row.domain) if self._wanted.hosted and (row.location or row.authority) else _nothing(),
        )
        return replace(row, sending=sending, hosted=hosted)

    async def _sending(self, row: Scanned) -> Sending:
        domain = row.domain
        asking = aask(Question(domain, MX), self._resolver, Deadline(self._resolver.lifetime))
        selectors = list(self._wanted.dkim_of.get(domain, self._wanted.dkim)) or None
        spf, dkim, mx, unauthorised = await asyncio.gather(
            aio.check_spf(domain, resolver=self._resolver, at=self._at),
            aio.check_dkim(domain, selectors, resolver=self._resolver, at=self._at),
            asking,
            self._unauthorised(row),
        )
        facts = spf.facts["spf"]
        return Sending(
            spf=facts["state"],
            spf_text=facts["record"],
            spf_lookups=facts["lookups"] if facts["counted"] else None,
            mx=tuple(mx.records) if mx.state == FOUND else (),
            alias=mx.canonical or None,
            unauthorised=unauthorised,
            unanswered=tuple(
                name
                for name, known in (("spf", spf.complete), ("dkim", dkim.complete), ("mx", not mx.failed))
                if not known
            ),
            dkim=tuple(one["selector"] for one in dkim.facts["dkim"]["selectors"] if _is_usable(one)),
            rules=tuple(dict.fromkeys((*_broken(spf), *_broken(dkim)))),
        )

    async def _unauthorised(self, row: Scanned) -> tuple[str, ...]:
        """Where reports are sent to that nothing there allows; what gives no answer isn't told."""
        hosts = external(row.domain, destinations(record_of(row.domain, row.dmarc[0]))) if len(row.dmarc) == 1 else []
        asked = [Question(authorisation_name(row.domain, host)) for host in hosts[:MOST_DESTINATIONS]]
        deadline = Deadline(self._resolver.lifetime)
        answers = await asyncio.gather(*(aask(one, self._resolver, deadline) for one in asked))
        return tuple(
            host
            for host, answer in zip(hosts, answers, strict=False)
            if not answer.failed and not any(map(is_dmarc_record, answer.records))
        )

    async def _hosted(self, domain: str) -> Hosted:
        selector = self._wanted.selector_of.get(domain, self._wanted.selector)
        beginning = begun(domain, selector, None, self._at, Given())
        gathered = await aio.find_out(beginning, self._resolver, self._wanted.policy, fetch_with=self.shared.fetch)
        report = gathered.judge(self._trust)
        files = report.facts.get("hosting", {})
        ends = (report.facts.get("certificate") or {}).get("chain") or [{}]
        return Hosted(
            outcome={Outcome.PASS: "pass", Outcome.FAIL: "fail"}.get(outcome_of(report), "indeterminate"),
            rules=_broken(report),
            unanswered=tuple(
                dict.fromkeys(one.rule for one in report.findings if one.outcome is Outcome.INDETERMINATE)
            ),
            ready=tuple(name for name, state in report.verdicts.items() if state == "ready"),
            logo=(files.get("indicator") or {}).get("sha256"),
            certificate=(files.get("certificate") or {}).get("sha256"),
            certificate_ends=_date(ends[0].get("not_after")),
        )


async def _nothing() -> None:
    return None


def _broken(report: Report) -> tuple[str, ...]:
    errors = (one.rule for one in report.findings if one.severity is Severity.ERROR and one.outcome is Outcome.FAIL)
    return tuple(dict.fromkeys(errors))


def _is_usable(selected: dict[str, Any]) -> bool:
    return any(key["type"] and not key["revoked"] for key in selected["keys"])


def _date(moment: str | None) -> str | None:
    return None if not moment else datetime.fromisoformat(moment).astimezone(UTC).date().isoformat()
