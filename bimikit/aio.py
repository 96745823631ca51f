"""The same checks for programs on an event loop: `await bimikit.aio.check_domain("example.com")`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from .arguments import in_utc
from .cert.trust import TrustStore, require_trust
from .dns.answers import Answers
from .dns.discovery import Found
from .domain import Progress
from .findings import Report
from .gathered import Gathered, Given, asking, begun, documents, for_lists, unfetched, urls_of_lists, wanted, with_lists
from .plans import Records
from .readiness import Parts
from .web.fetch import Fetched
from .web.policy import FetchPolicy, Kind, require_policy

__all__ = ["check_dkim", "check_domain", "check_spf", "gather_domain"]


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

    Judging what was gathered takes some milliseconds of the loop's thread, or more with hostile files; `gather_domain`
    leaves it to the caller.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    require_trust(trust)
    gathered = await gather_domain(
        domain,
        selector=selector,
        local_part=local_part,
        at=at,
        fetch=fetch,
        resolver=resolver,
        policy=policy,
        progress=progress,
        svg=svg,
        certificate=certificate,
        dmarc=dmarc,
        record=record,
        crls=crls,
    )
    if progress is not None and not gathered.problem:
        progress("judge")
    return gathered.judge(trust)


async def gather_domain(
    domain: str,
    *,
    selector: str = "default",
    local_part: str | None = None,
    at: datetime | None = None,
    fetch: bool = True,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    progress: Progress | None = None,
    svg: bytes | None = None,
    certificate: bytes | None = None,
    dmarc: Records | None = None,
    record: Records | None = None,
    crls: Iterable[bytes] = (),
    revocation: bool = True,
) -> Gathered:
    """What `bimikit.gather_domain` does, awaitable; `resolver` is a `dns.asyncresolver.Resolver`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    from .dns import resolve

    require_policy(policy)
    resolver = resolve.resolver_or_default(resolver, awaitable=True)
    gathered = begun(domain, selector, local_part, in_utc(at), Given.of(svg, certificate, dmarc, record, crls))
    subject, given = gathered.subject, gathered.given
    if subject is None:
        return gathered
    tell = progress or (lambda step: None)
    tell("dns")
    found: Found = await resolve.arun(asking(subject, given), resolver, resolve.Deadline(resolver.lifetime))
    parts = unfetched(found, given)
    if fetch:
        tell("fetch")
        parts = await _documents(
            found, given, policy or FetchPolicy(), resolve.alookup(resolver), tell, revocation=revocation
        )
    return replace(gathered, found=found, parts=parts)


async def check_spf(
    domain: str, *, answers: Answers | None = None, resolver: Any = None, at: datetime | None = None
) -> Report:
    """What `bimikit.check_spf` does, awaitable; `resolver` is a `dns.asyncresolver.Resolver`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone.
        BimikitError: Neither answers nor a resolver were given, and the system names none.
    """
    from .sending import spf_begun

    return await _sending(spf_begun(domain, at), answers, resolver)


async def check_dkim(
    domain: str,
    selectors: Iterable[str] | None = None,
    *,
    answers: Answers | None = None,
    resolver: Any = None,
    at: datetime | None = None,
) -> Report:
    """What `bimikit.check_dkim` does, awaitable; `resolver` is a `dns.asyncresolver.Resolver`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone.
        BimikitError: Neither answers nor a resolver were given, and the system names none.
    """
    from .sending import dkim_begun

    return await _sending(dkim_begun(domain, selectors, at), answers, resolver)


async def _sending(begun: Any, answers: Answers | None, resolver: Any) -> Report:
    from .dns import resolve
    from .sending import answered

    if isinstance(begun, Report):
        return begun
    if answers is not None:
        found = answered(begun.asking, answers)
    else:
        resolver = resolve.resolver_or_default(resolver, awaitable=True)
        found = await resolve.arun(begun.asking, resolver, resolve.Deadline(resolver.lifetime))
    report: Report = begun.judge(found)
    return report


async def _documents(
    found: Found, given: Given, policy: FetchPolicy, lookup: Any, tell: Progress, *, revocation: bool
) -> Parts:
    from .web.fetch import afetch

    async def get(url: str, kind: Kind) -> Fetched | None:
        return await afetch(url, kind, policy, lookup) if url else None

    got = await asyncio.gather(*(get(url, kind) for url, kind in wanted(found, given)))
    indicator, certificate = documents(found, given, list(got))
    lists: list[Fetched] = []
    if revocation and certificate.data is not None:
        tell("revocation")
        urls = urls_of_lists(certificate.data)
        lists = list(await asyncio.gather(*(afetch(url, Kind.CRL, for_lists(policy), lookup) for url in urls)))
    return with_lists(indicator, certificate, lists, given)
