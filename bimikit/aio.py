"""The same checks for programs on an event loop: `await bimikit.aio.check_domain("example.com")`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .arguments import in_utc
from .cert.trust import TrustStore
from .dns.discovery import Found, discover
from .domain import (
    Given,
    Progress,
    documents,
    for_lists,
    judged,
    require,
    subject_or_report,
    unfetched,
    urls_of_lists,
    wanted,
    with_lists,
)
from .findings import Report
from .plans import Records, laid_over
from .readiness import Parts
from .web.fetch import Fetched
from .web.policy import FetchPolicy, Kind

__all__ = ["check_domain"]


async def check_domain(
    domain: str,
    *,
    selector: str = "default",
    local_part: str | None = None,
    at: datetime | None = None,
    fetch: bool = True,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    trust: TrustStore | None = None,
    progress: Progress | None = None,
    svg: bytes | None = None,
    certificate: bytes | None = None,
    dmarc: Records | None = None,
    record: Records | None = None,
    crls: Iterable[bytes] = (),
) -> Report:
    """What `bimikit.check_domain` does, awaitable; `resolver` is a `dns.asyncresolver.Resolver`.

    Judging what was gathered takes some milliseconds of the loop's thread.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    from .dns import resolve

    require(policy, trust)
    at = in_utc(at)
    resolver = resolve.resolver_or_default(resolver, awaitable=True)
    policy = policy or FetchPolicy()
    given = Given.of(svg, certificate, dmarc, record, crls)
    subject = subject_or_report(domain, selector, local_part, at)
    if isinstance(subject, Report):
        return subject
    tell = progress or (lambda step: None)
    tell("dns")
    asking = laid_over(discover(subject.domain, subject.selector, subject.local_part), given.plan(subject))
    found: Found = await resolve.arun(asking, resolver, resolve.Deadline(resolver.lifetime))
    parts = unfetched(found, given)
    if fetch:
        tell("fetch")
        parts = await _documents(found, given, policy, resolve.alookup(resolver), tell)
    tell("judge")
    return judged(subject, found, parts, given, at, trust)


async def _documents(found: Found, given: Given, policy: FetchPolicy, lookup: Any, tell: Progress) -> Parts:
    from .web.fetch import afetch

    async def get(url: str, kind: Kind) -> Fetched | None:
        return await afetch(url, kind, policy, lookup) if url else None

    got = await asyncio.gather(*(get(url, kind) for url, kind in wanted(found, given)))
    indicator, certificate = documents(found, given, list(got))
    lists: list[Fetched] = []
    if certificate.data is not None:
        tell("revocation")
        urls = urls_of_lists(certificate.data)
        lists = list(await asyncio.gather(*(afetch(url, Kind.CRL, for_lists(policy), lookup) for url in urls)))
    return with_lists(indicator, certificate, lists, given)
