"""`expiry_of_domain`: when the certificate that is hosted for a domain ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from ..cert.trust import TrustStore, require_trust
from ..config.schema import DAYS_LEFT
from ..dns.answers import Question
from ..dns.bimi import NONE, TEMPERROR
from ..domain import Progress, gather_domain
from ..findings import Report
from ..gathered import Gathered
from ..readiness import addresses, counting
from ..web.policy import FetchPolicy
from .watch import expiry_of, require_days, unknown, without_certificate


def expiry_of_domain(
    domain: str,
    *,
    selector: str = "default",
    local_part: str | None = None,
    days: int = DAYS_LEFT,
    at: datetime | None = None,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    trust: TrustStore | None = None,
    progress: Progress | None = None,
    needed: bool = True,
    name: str | None = None,
) -> Report:
    """Tell when the certificate at ``a=`` of a domain's Assertion Record ends, and each certificate above it.

    Args:
        domain: The Author Domain, as people type it.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors.
        days: A certificate ends soon once fewer full days are left.
        at: The moment to count from; must have a time zone. Now by default.
        resolver: A `dns.resolver.Resolver`; that of the system by default.
        policy: What may be fetched; `FetchPolicy()` by default: public addresses only.
        trust: Where a chain's root is looked up; `TrustStore.builtin()` by default.
        progress: Called with each step that begins.
        needed: Whether there has to be a certificate, so that the end is unknown where no record names one.
        name: What the report calls its subject; `domain` by default.

    Returns:
        The report of `bimikit.expiry_of`; where the certificate can't be had, its end is unknown, and the report not
        `complete`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, `days` is negative, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    require_trust(trust)
    require_days(days)
    gathered = gather_domain(
        domain,
        selector=selector,
        local_part=local_part,
        at=at,
        resolver=resolver,
        policy=policy,
        progress=progress,
        svg=b"",  # in place of the hosted logo, which need not be fetched
        revocation=False,
    )
    report = _report(gathered, domain if name is None else name, days, trust, needed=needed)
    return replace(report, facts={**report.facts, "hosted": True})


def _report(gathered: Gathered, name: str, days: int, trust: TrustStore | None, *, needed: bool) -> Report:
    data = None if gathered.parts is None else gathered.parts.certificate.data
    if data is not None:
        return expiry_of(data, days=days, at=gathered.at, trust=trust, name=name)
    reason, detail = _why_not(gathered)
    if reason in _WITHOUT and not needed:
        return without_certificate(name, reason, gathered.at, days=days)
    return unknown(name, reason, detail, gathered.at, days=days)


_WITHOUT = frozenset({"@expiry.no-record", "@expiry.no-address"})
"""Reasons that leave nothing which could end; a record or an address that is broken leaves that open."""


def _why_not(gathered: Gathered) -> tuple[str, str]:
    """Why there is no certificate, as a term and what belongs to it."""
    found, parts = gathered.found, gathered.parts
    if found is None or parts is None:
        return "@expiry.no-domain", gathered.domain
    fetched = parts.certificate.fetched
    if fetched is not None:
        return (
            f"@web.{fetched.reason}",
            f"{fetched.final_url}, {fetched.detail}" if fetched.detail else fetched.final_url,
        )
    one = counting(found)
    if one.state == TEMPERROR:
        answer = found.answers.get(Question(one.failed.lower()))
        return f"@dns.{answer.reason if answer is not None and answer.reason else 'walk'}", one.failed
    record = one.assertion
    if record is None or (addresses(found)[1] == "" and record.authority):
        return (
            "@expiry.no-record" if one.state == NONE else "@expiry.bad-record",
            one.found_at or f"{found.selector}._bimi.{found.domain}",
        )
    return "@expiry.no-address", record.name
