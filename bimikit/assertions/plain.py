"""Plain functions, for unittest and scripts: each asks what is usually asked, and returns the subject for more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .bimi import Bimi
from .settings import Moment, Settings, Source
from .subjects import Certificate, Domain, Publication, Svg

if TYPE_CHECKING:
    from ..cert.trust import TrustStore
    from ..config import Config
    from ..plans import Records
    from ..web.policy import FetchPolicy

__unittest = True


def assert_svg(
    svg: Source,
    *,
    providers: Iterable[str] = (),
    looks_good: bool = False,
    name: str = "",
    at: Moment | None = None,
    config: Config | None = None,
    lang: str = "en",
) -> Svg:
    """A logo conforms.

    Args:
        svg: Its path, relative to the current folder, or its bytes.
        providers: Mailbox providers that must be ready, such as ``"gmail"``.
        looks_good: Whether its appearance is asked for, too; needs the extra ``preview``.
        name: What reports call it; by default as it was given.
        at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
        config: A configuration to follow (`bimikit.config.load`); none by default.
        lang: The language of texts, ``"en"`` or ``"ja"``.

    Returns:
        The logo, which can be asked more; its `report` is the whole answer.

    Raises:
        AssertionError: It doesn't; the text is the report as the command line prints it.
        Undecided: Nothing is broken, but something could not be found out.
    """
    __tracebackhide__ = True
    subject = Bimi(Settings(config, lang=lang)).svg(svg, name=name, at=at)
    named = tuple(providers)
    _ = subject.ready_for(*named) if named else subject.conforms()
    if looks_good:
        subject.looks_good()
    return subject


def assert_certificate(
    certificate: Source,
    *,
    domain: str | None = None,
    selector: str = "default",
    days_left: int | None = None,
    logo: Source | None = None,
    crls: Iterable[Source] | None = None,
    name: str = "",
    at: Moment | None = None,
    trust: TrustStore | None = None,
    config: Config | None = None,
    lang: str = "en",
) -> Certificate:
    """A Mark Certificate file conforms.

    Args:
        certificate: Its path, relative to the current folder, or its bytes.
        domain: The domain that it must be for.
        selector: The selector of the Assertion Record.
        days_left: Full days for which it must be valid yet.
        logo: The logo that it must hold.
        crls: Certificate Revocation Lists by which it must not be revoked; without them revocation is not asked for.
        name: What reports call it; by default as it was given.
        at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
        trust: Roots and logs; those of `config` by default, or the built-in ones.
        config: A configuration to follow (`bimikit.config.load`); none by default.
        lang: The language of texts, ``"en"`` or ``"ja"``.

    Returns:
        The certificate, which can be asked more; its `report` is the whole answer.

    Raises:
        AssertionError: It doesn't; the text is the report as the command line prints it.
        Undecided: Nothing is broken, but something could not be found out.
    """
    __tracebackhide__ = True
    subject = Bimi(Settings(config, lang=lang)).certificate(certificate, crls=crls or (), name=name, at=at, trust=trust)
    if domain is None and days_left is None:
        subject.conforms()
    else:
        subject = subject.valid_for(domain, days_left=days_left, selector=selector)
    subject = subject.matches(logo) if logo is not None else subject
    return subject.not_revoked() if crls is not None else subject


def assert_publication(
    domain: str,
    *,
    providers: Iterable[str] = (),
    selector: str | None = None,
    local_part: str | None = None,
    svg: Source | None = None,
    certificate: Source | None = None,
    dmarc: Records | None = None,
    record: Records | None = None,
    zone: Source | None = None,
    crls: Iterable[Source] = (),
    at: Moment | None = None,
    trust: TrustStore | None = None,
    config: Config | None = None,
    lang: str = "en",
) -> Publication:
    """What is about to be published for a domain conforms: as it is given here, or else as `config` has it.

    Args:
        domain: The Author Domain.
        providers: Mailbox providers that must be ready, such as ``"gmail"``; by default those of `config`.
        selector: The selector of the Assertion Record; of the configuration's publications all by default.
        local_part: What stands before the @, for local-part selectors.
        svg: The logo at ``l=``: its path, relative to the current folder, or its bytes.
        certificate: The file at ``a=``, likewise.
        dmarc: The DMARC record, or records by name (`bimikit.check_publication`).
        record: The Assertion Record, likewise.
        zone: A zone file to read both from instead.
        crls: Certificate Revocation Lists, paths or bytes.
        at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
        trust: Roots and logs; those of `config` by default, or the built-in ones.
        config: A configuration to follow (`bimikit.config.load`); none by default.
        lang: The language of texts, ``"en"`` or ``"ja"``.

    Returns:
        The publication, which can be asked more; its `reports` are the whole answer.

    Raises:
        AssertionError: It doesn't; the text is the report as the command line prints it.
        Undecided: Nothing is broken, but something could not be found out.
        ValueError: Nothing is given, and `config` has no such publication.
    """
    __tracebackhide__ = True
    subject = Bimi(Settings(config, lang=lang)).publication(
        domain,
        selector=selector,
        local_part=local_part,
        svg=svg,
        certificate=certificate,
        dmarc=dmarc,
        record=record,
        zone=zone,
        crls=crls,
        at=at,
        trust=trust,
    )
    named = tuple(providers)
    return subject.ready_for(*named) if named else subject.conforms()


def assert_domain(
    domain: str,
    *,
    providers: Iterable[str] = (),
    selector: str = "default",
    local_part: str | None = None,
    fetch: bool = True,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    at: Moment | None = None,
    trust: TrustStore | None = None,
    config: Config | None = None,
    lang: str = "en",
) -> Domain:
    """A domain conforms as it is published now; the network is asked.

    Args:
        domain: The Author Domain.
        providers: Mailbox providers that must be ready, such as ``"gmail"``; by default those of `config`.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors.
        fetch: Whether to fetch what the record names.
        resolver: A `dns.resolver.Resolver`; that of `config` by default, or of the system.
        policy: What may be fetched, likewise.
        at: The moment to judge certificates at; a text is an ISO date (00:00 UTC) or a time with zone. Now by
            default.
        trust: Roots and logs; those of `config` by default, or the built-in ones.
        config: A configuration to follow (`bimikit.config.load`); none by default.
        lang: The language of texts, ``"en"`` or ``"ja"``.

    Returns:
        The domain, which can be asked more; its `report` is the whole answer.

    Raises:
        AssertionError: It doesn't; the text is the report as the command line prints it.
        Undecided: Nothing is broken, but something could not be found out.
    """
    __tracebackhide__ = True
    subject = Bimi(Settings(config, lang=lang)).domain(
        domain,
        selector=selector,
        local_part=local_part,
        fetch=fetch,
        resolver=resolver,
        policy=policy,
        at=at,
        trust=trust,
    )
    named = tuple(providers)
    return subject.ready_for(*named) if named else subject.conforms()
