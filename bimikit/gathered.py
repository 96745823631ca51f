"""What was gathered about a domain before it is judged, and the steps of gathering that ask nobody.

Gathering waits for others; judging takes the processor. A program that serves many people does the first in threads or
on an event loop, and the second in another process.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from .arguments import as_bytes
from .cert.asn1 import Certificate
from .cert.bundle import choose, read_bundle
from .cert.extensions import read_extensions
from .cert.revocation import MAX_BYTES as MOST_CRL_BYTES
from .cert.trust import TrustStore, require_trust
from .dns.answers import Answer, Question
from .dns.discovery import Found, discover
from .domains import BadDomain
from .findings import Report
from .plans import Records, as_lists, laid_over, planned
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

    def documents(self) -> tuple[Document | None, Document | None]:
        """Logo and certificate; None for one that isn't given."""
        logo, file = (None if data is None else Document(SEEN, data) for data in (self.svg, self.certificate))
        return logo, file


class Gathered(msgspec.Struct, frozen=True):
    """Everything that was found out about a domain, not judged yet. It can be pickled, and judged in another process.

    Attributes:
        domain: What was asked about, as it was typed.
        at: The moment to judge at, in UTC.
        problem: Why it is no domain, by a term of the catalogue; empty where it is one.
        subject: It as it was understood; None where it is no domain.
        found: What the DNS says; None where it wasn't asked.
        parts: The documents, with their revocation lists.
        given: What is about to be published.
    """

    domain: str
    at: datetime
    problem: str = ""
    subject: Subject | None = None
    found: Found | None = None
    parts: Parts | None = None
    given: Given = Given()

    def judge(self, trust: TrustStore | None = None) -> Report:
        """The report of `bimikit.check_domain`; nothing is asked any more.

        Args:
            trust: Roots and Certificate Transparency logs; `TrustStore.builtin()` by default.

        Raises:
            TypeError: `trust` is of the wrong type.
        """
        require_trust(trust)
        if self.subject is None or self.found is None or self.parts is None:
            return not_a_domain(KIND, self.domain, BadDomain(self.problem), self.at)
        planned = self.given.planned
        kind = "publication" if planned else KIND
        told = report(kind, self.subject, self.found, self.parts, self.at, trust)
        return replace(told, facts={**told.facts, "planned": list(planned)}) if planned else told


def begun(domain: str, selector: str, local_part: str | None, at: datetime, given: Given) -> Gathered:
    """The beginning: what is asked about, understood.

    Raises:
        TypeError: An argument is of the wrong type.
    """
    try:
        return Gathered(domain, at, subject=understand(domain, selector, local_part), given=given)
    except BadDomain as problem:
        return Gathered(domain, at, str(problem))


def asking(subject: Subject, given: Given) -> Generator[list[Question], Mapping[Question, Answer], Found]:
    """The questions to the DNS, but for records that are given."""
    plan = planned(subject.domain, subject.selector, given.dmarc, given.record)
    return laid_over(discover(subject.domain, subject.selector, subject.local_part), plan)


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
    return list(dict.fromkeys(urls))[: 2 * MOST_LISTS]


def for_lists(policy: FetchPolicy) -> FetchPolicy:
    """The policy for revocation lists, which may be as large as those that are judged."""
    return replace(policy, max_bytes=max(policy.max_bytes, MOST_CRL_BYTES))


def with_lists(indicator: Document, certificate: Document, lists: list[Fetched], given: Given) -> Parts:
    """All parts, the revocation lists among them."""
    bodies = (*given.crls, *(one.body for one in lists if one.state == OK))
    return Parts(indicator, certificate, bodies, certificate.data is not None, tuple(lists))
