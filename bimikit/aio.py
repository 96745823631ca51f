"""The same checks for programs on an event loop: `await bimikit.aio.check_domain("example.com")`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
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
from .web.fetch import AsyncLookup, Fetched
from .web.policy import FetchPolicy, Kind, require_policy

__all__ = ["check_dkim", "check_domain", "check_domains", "check_spf", "gather_domain"]

CONCURRENCY = 50
"""Domains that `check_domains` looks at together."""
_Fetch = Callable[[str, Kind, FetchPolicy, AsyncLookup], Awaitable[Fetched]]


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


async def check_domains(
    domains: Iterable[str],
    *,
    concurrency: int = CONCURRENCY,
    selector: str = "default",
    at: datetime | None = None,
    fetch: bool = True,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    trust: TrustStore | None = None,
    revocation: bool = True,
) -> AsyncIterator[Report]:
    """Check many domains, each as `check_domain` does; answers and documents that several share are asked for once.

    Where the DNS alone is of interest, and there are very many, `bimikit scan` is some fifty times as fast.

    Args:
        domains: Author Domains as people type them; read while the checks go on, however many there are.
        concurrency: Domains that are looked at together. One host gets few requests at a time, whatever this is.
        selector: The selector of the Assertion Records.
        at: The moment to judge all of them at; must have a time zone. Now, when this is called, by default.
        fetch: Whether to fetch what the records name.
        resolver: A `dns.asyncresolver.Resolver`; that of the system by default.
        policy: What may be fetched.
        trust: Roots and logs; `TrustStore.builtin()` by default.
        revocation: Whether to fetch revocation lists.

    Yields:
        The reports, as soon as each is done; `Report.subject` says of which domain.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, `concurrency` is below 1, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    from .as_done import as_done, each
    from .dns import resolve
    from .web.shared import Shared

    if isinstance(domains, str | bytes):
        raise TypeError("domains must be several domains, not one text")
    if concurrency < 1:
        raise ValueError("concurrency must be at least 1")
    require_trust(trust)
    require_policy(policy)
    at = in_utc(at)
    trust = trust or TrustStore.builtin()
    resolver = resolve.remembering(resolve.resolver_or_default(resolver, awaitable=True))
    shared = Shared()

    async def check(domain: str) -> Report:
        beginning = begun(domain, selector, None, at, Given())
        gathered = await find_out(
            beginning, resolver, policy, fetch=fetch, revocation=revocation, fetch_with=shared.fetch
        )
        return gathered.judge(trust)

    try:
        async for report in as_done(each(domains), check, concurrency):
            yield report
    finally:
        await shared.close()


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
    return await find_out(gathered, resolver, policy, fetch=fetch, progress=progress, revocation=revocation)


async def find_out(
    gathered: Gathered,
    resolver: Any,
    policy: FetchPolicy | None,
    *,
    fetch: bool = True,
    progress: Progress | None = None,
    revocation: bool = True,
    fetch_with: _Fetch | None = None,
) -> Gathered:
    """What is to be judged of a beginning; `fetch_with` fetches in place of `bimikit.web.fetch.afetch`."""
    from .dns import resolve
    from .web.fetch import afetch

    subject, given = gathered.subject, gathered.given
    if subject is None:
        return gathered
    tell = progress or (lambda step: None)
    tell("dns")
    found: Found = await resolve.arun(asking(subject, given), resolver, resolve.Deadline(resolver.lifetime))
    parts = unfetched(found, given)
    if fetch:
        tell("fetch")
        get = partial(_get, policy or FetchPolicy(), resolve.alookup(resolver), fetch_with or afetch)
        parts = await _documents(found, given, get, tell, revocation=revocation)
    return replace(gathered, found=found, parts=parts)


async def _get(policy: FetchPolicy, lookup: AsyncLookup, fetch: _Fetch, url: str, kind: Kind) -> Fetched:
    return await fetch(url, kind, for_lists(policy) if kind is Kind.CRL else policy, lookup)


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
    found: Found,
    given: Given,
    get: Callable[[str, Kind], Awaitable[Fetched]],
    tell: Progress,
    *,
    revocation: bool,
) -> Parts:
    async def one(url: str, kind: Kind) -> Fetched | None:
        return await get(url, kind) if url else None

    got = await asyncio.gather(*(one(url, kind) for url, kind in wanted(found, given)))
    indicator, certificate = documents(found, given, list(got))
    lists: list[Fetched] = []
    if revocation and certificate.data is not None:
        tell("revocation")
        lists = list(await asyncio.gather(*(get(url, Kind.CRL) for url in urls_of_lists(certificate.data))))
    return with_lists(indicator, certificate, lists, given)
