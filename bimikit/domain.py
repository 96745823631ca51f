"""`check_domain`: everything about one domain as the world sees it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from .arguments import as_bytes, in_utc
from .cert.asn1 import Certificate
from .cert.bundle import choose, read_bundle
from .cert.extensions import read_extensions
from .cert.revocation import MAX_BYTES as MOST_CRL_BYTES
from .cert.trust import TrustStore
from .dns.discovery import Found, discover
from .domains import BadDomain
from .findings import Report
from .plans import Plan, Records, as_lists, laid_over, planned
from .readiness import (
    SEEN,
    Document,
    Parts,
    Subject,
    addresses,
    from_web,
    not_a_domain,
    report,
    understand,
    unseen,
)
from .web.fetch import OK, Fetched
from .web.policy import FetchPolicy, Kind

KIND = "domain"
MOST_LISTS = 3
"""Revocation lists that are fetched for one certificate of a chain; usual ones name one."""

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
    from .dns import resolve

    require(policy, trust)
    at = in_utc(at)
    resolver = resolve.resolver_or_default(resolver)
    policy = policy or FetchPolicy()
    tell = progress or _nothing
    given = Given.of(svg, certificate, dmarc, record, crls)
    subject = subject_or_report(domain, selector, local_part, at)
    if isinstance(subject, Report):
        return subject
    tell("dns")
    asking = laid_over(discover(subject.domain, subject.selector, subject.local_part), given.plan(subject))
    found: Found = resolve.run(asking, resolver, resolve.Deadline(resolver.lifetime))
    parts = unfetched(found, given)
    if fetch:
        tell("fetch")
        parts = _documents(found, given, policy, resolve.lookup(resolver), tell)
    tell("judge")
    return judged(subject, found, parts, given, at, trust)


def subject_or_report(domain: str, selector: str, local_part: str | None, at: datetime) -> Subject | Report:
    """What is to be judged, or at once the report that it is nothing of the kind."""
    try:
        return understand(domain, selector, local_part)
    except BadDomain as problem:
        return not_a_domain(KIND, domain, problem, at)


def require(policy: object, trust: object) -> None:
    """Complain about arguments of the wrong type.

    Raises:
        TypeError: One is.
    """
    if policy is not None and not isinstance(policy, FetchPolicy):
        raise TypeError(f"policy must be a FetchPolicy, not {type(policy).__name__}")
    if trust is not None and not isinstance(trust, TrustStore):
        raise TypeError(f"trust must be a TrustStore, not {type(trust).__name__}")


class Given(msgspec.Struct, frozen=True):
    """What is about to be published, in place of what is.

    Attributes:
        svg: The logo.
        certificate: The certificate file.
        dmarc: The DMARC record.
        record: The Assertion Record.
        crls: Revocation lists; they are no part of what is published.
    """

    svg: bytes | None = None
    certificate: bytes | None = None
    dmarc: Records | None = None
    record: Records | None = None
    crls: tuple[bytes, ...] = ()

    @classmethod
    def of(
        cls,
        svg: bytes | None,
        certificate: bytes | None,
        dmarc: Records | None,
        record: Records | None,
        crls: Iterable[bytes],
    ) -> Given:
        """What a caller gave.

        Raises:
            TypeError: Something is of the wrong type.
        """
        return cls(
            None if svg is None else as_bytes("svg", svg),
            None if certificate is None else as_bytes("certificate", certificate),
            dmarc,
            record,
            as_lists(crls),
        )

    @property
    def planned(self) -> tuple[str, ...]:
        """Names of what is given that is yet to be published."""
        return tuple(name for name in ("svg", "certificate", "dmarc", "record") if getattr(self, name) is not None)

    def plan(self, subject: Subject) -> Plan:
        """Its records by DNS name."""
        return planned(subject.domain, subject.selector, self.dmarc, self.record)

    def documents(self) -> tuple[Document | None, Document | None]:
        """Logo and certificate; None for one that isn't given."""
        logo, file = (None if data is None else Document(SEEN, data) for data in (self.svg, self.certificate))
        return logo, file


def judged(
    subject: Subject, found: Found, parts: Parts, given: Given, at: datetime, trust: TrustStore | None
) -> Report:
    """The report on what was gathered."""
    if not given.planned:
        return report(KIND, subject, found, parts, at, trust)
    told = report("publication", subject, found, parts, at, trust)
    return replace(told, facts={**told.facts, "planned": list(given.planned)})


def unfetched(found: Found, given: Given) -> Parts:
    """The documents when nobody looks at those that are published."""
    indicator, certificate = (own or instead for own, instead in zip(given.documents(), unseen(found), strict=True))
    return Parts(indicator, certificate, given.crls)


def wanted(found: Found, given: Given) -> list[tuple[str, Kind]]:
    """What to fetch: logo and certificate, with an empty address for none, and for what is given."""
    urls = (url if own is None else "" for url, own in zip(addresses(found), given.documents(), strict=True))
    return list(zip(urls, (Kind.INDICATOR, Kind.EVIDENCE), strict=True))


def documents(found: Found, given: Given, fetched: list[Fetched | None]) -> tuple[Document, Document]:
    """Logo and certificate as they are given, or else were fetched."""
    every = zip(given.documents(), fetched, unseen(found), strict=True)
    indicator, certificate = (own or (instead if got is None else from_web(got)) for own, got, instead in every)
    return indicator, certificate


def urls_of_lists(data: bytes) -> list[str]:
    """The addresses of revocation lists that a certificate file names, each once."""
    bundle = read_bundle(data)
    certificates: Iterable[Certificate] = ()
    if bundle.readable:
        choice = choose(bundle)
        certificates = [entry.certificate for entry in (choice.leaf, *choice.others) if entry is not None]
    urls: list[str] = []
    for one in certificates:
        named = [name.text for name in read_extensions(one).crl_names or ()]
        urls += [url for url in named if url.lower().startswith(("http://", "https://"))][:MOST_LISTS]
    return list(dict.fromkeys(urls))[: 4 * MOST_LISTS]


def for_lists(policy: FetchPolicy) -> FetchPolicy:
    """The policy for revocation lists, which may be as large as those that are judged."""
    return replace(policy, max_bytes=max(policy.max_bytes, MOST_CRL_BYTES))


def with_lists(indicator: Document, certificate: Document, lists: list[Fetched], given: Given) -> Parts:
    """All parts, the revocation lists among them."""
    bodies = (*given.crls, *(one.body for one in lists if one.state == OK))
    return Parts(indicator, certificate, bodies, certificate.data is not None, tuple(lists))


def _documents(found: Found, given: Given, policy: FetchPolicy, lookup: Any, tell: Progress) -> Parts:
    from .web.fetch import fetch

    with ThreadPoolExecutor(8, "bimikit-web") as pool:

        def get(asked: tuple[str, Kind]) -> Fetched | None:
            url, kind = asked
            return fetch(url, kind, policy, lookup) if url else None

        indicator, certificate = documents(found, given, list(pool.map(get, wanted(found, given))))
        lists: list[Fetched] = []
        if certificate.data is not None:
            tell("revocation")
            urls = urls_of_lists(certificate.data)
            lists = list(pool.map(lambda url: fetch(url, Kind.CRL, for_lists(policy), lookup), urls))
    return with_lists(indicator, certificate, lists, given)


def _nothing(_step: str) -> None:
    """Progress that nobody watches."""
