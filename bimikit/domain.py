"""`check_domain`: everything about one domain as the world sees it now; `gather_domain`: the same, not judged yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from .arguments import in_utc
from .cert.trust import TrustStore, require_trust
from .dns.discovery import Found
from .findings import Report
from .gathered import Gathered, Given, asking, begun, documents, for_lists, unfetched, urls_of_lists, wanted, with_lists
from .plans import Records
from .readiness import Parts
from .web.fetch import Fetched
from .web.policy import FetchPolicy, Kind, require_policy

Progress = Callable[[str], None]
"""Told the step that begins: ``"dns"``, ``"fetch"``, ``"revocation"`` or ``"judge"``."""


def check_domain(
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
    """Judge a domain live: DMARC, Assertion Record, logo, certificate with revocation, hosting, and each provider.

    It works inside a running event loop too (and blocks it; see `bimikit.aio`). What can't be found out (a name
    server that doesn't answer, a host out of reach) is told as such, and is neither a pass nor a fail.

    Args:
        domain: The Author Domain as people type it: a name, with U-labels or a final dot, a web or e-mail address. Of
            an e-mail address the local-part counts too, unless `local_part` is given.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors (BIMI draft, 4.5).
        at: The moment certificates are judged at; must have a time zone. Now by default.
        fetch: Whether to fetch what the record names; otherwise only the DNS is asked.
        resolver: A `dns.resolver.Resolver`; that of the system by default. All questions together take little more
            than one of its lifetimes.
        policy: What may be fetched; `FetchPolicy()` by default: public addresses only.
        trust: Roots and Certificate Transparency logs; `TrustStore.builtin()` by default.
        progress: Called with each step that begins.
        svg: The logo to be hosted at ``l=``, in place of the one that is.
        certificate: The file to be hosted at ``a=``, likewise.
        dmarc: The DMARC record to be published, likewise; its text, or texts by name (see `check_publication`).
        record: The Assertion Record to be published, likewise.
        crls: Certificate Revocation Lists, PEM or DER, besides those that are fetched.

    Returns:
        The report, of kind ``"domain"``; where anything was given that is yet to be published, of kind
        ``"publication"``, and ``facts["planned"]`` tells what. Its facts hold everything read (docs/facts.md), its
        verdicts one state per mailbox provider (docs/verdicts.md).

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.

    Source: BIMI draft 14; RFC 9989; RFC 7489.
    """
    require_trust(trust)
    gathered = gather_domain(
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


def gather_domain(
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
    """Ask and fetch what `check_domain` judges; its arguments are the same.

    With `revocation` false, the revocation lists that the certificate names are not fetched.

    Returns:
        What was gathered, for `Gathered.judge`. It can be pickled: a program that serves many gathers in threads, which
        wait for others, and judges in other processes.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    from .dns import resolve

    require_policy(policy)
    resolver = resolve.resolver_or_default(resolver)
    gathered = begun(domain, selector, local_part, in_utc(at), Given.of(svg, certificate, dmarc, record, crls))
    subject, given = gathered.subject, gathered.given
    if subject is None:
        return gathered
    tell = progress or _nothing
    tell("dns")
    found: Found = resolve.run(asking(subject, given), resolver, resolve.Deadline(resolver.lifetime))
    parts = unfetched(found, given)
    if fetch:
        tell("fetch")
        parts = _documents(found, given, policy or FetchPolicy(), resolve.lookup(resolver), tell, revocation=revocation)
    return replace(gathered, found=found, parts=parts)


def _documents(
    found: Found, given: Given, policy: FetchPolicy, lookup: Any, tell: Progress, *, revocation: bool
) -> Parts:
    from .web.fetch import fetch

    with ThreadPoolExecutor(8, "bimikit-web") as pool:

        def get(asked: tuple[str, Kind]) -> Fetched | None:
            url, kind = asked
            return fetch(url, kind, policy, lookup) if url else None

        indicator, certificate = documents(found, given, list(pool.map(get, wanted(found, given))))
        lists: list[Fetched] = []
        if revocation and certificate.data is not None:
            tell("revocation")
            urls = urls_of_lists(certificate.data)
            lists = list(pool.map(lambda url: fetch(url, Kind.CRL, for_lists(policy), lookup), urls))
    return with_lists(indicator, certificate, lists, given)


def _nothing(_step: str) -> None:
    """Progress that nobody watches."""
