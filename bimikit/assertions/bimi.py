"""`Bimi`: the subjects that can be asked; in pytest it is the fixture ``bimi``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from .settings import Moment, Settings, Source, moment
from .subjects import Certificate, Domain, Publication, Subject, Svg, several

if TYPE_CHECKING:
    from ..cert.trust import TrustStore
    from ..config import Publication as Plan
    from ..plans import Records
    from ..web.policy import FetchPolicy

__unittest = True

_AnySubject = TypeVar("_AnySubject", bound=Subject)


class Bimi:
    """Makes the subjects that can be asked.

    Files are given by path, relative to the settings' folder, or as bytes. In pytest that is the folder of the
    configuration, or the root folder where there is none.

    Args:
        settings: What they follow; by default no configuration, and English.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()

    def __repr__(self) -> str:
        return "<bimi>"

    def svg(self, logo: Source, *, name: str = "", at: Moment | None = None) -> Svg:
        """A logo.

        Args:
            logo: Its path or bytes.
            name: What reports call it; by default as it was given.
            at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
        """
        __tracebackhide__ = True
        return self._made(Svg(self._settings, logo, name, self._at(at)))

    def certificate(
        self,
        certificate: Source,
        *,
        crls: Iterable[Source] = (),
        name: str = "",
        at: Moment | None = None,
        trust: TrustStore | None = None,
    ) -> Certificate:
        """A Mark Certificate file.

        Args:
            certificate: Its path or bytes.
            crls: Certificate Revocation Lists, paths or bytes.
            name: What reports call it; by default as it was given.
            at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
            trust: Roots and logs; those of the configuration by default, or the built-in ones.
        """
        __tracebackhide__ = True
        asked = {"crls": several(crls), "at": self._at(at), "trust": trust}
        return self._made(Certificate(self._settings, certificate, name, asked))

    def publication(
        self,
        domain: str,
        *,
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
    ) -> Publication:
        """What is about to be published for a domain: as it is given here, or else as the configuration has it.

        Args:
            domain: The Author Domain.
            selector: The selector of the Assertion Record; of the configuration's publications all by default.
            local_part: What stands before the @, for local-part selectors.
            svg: The logo at ``l=``: its path or bytes.
            certificate: The file at ``a=``, likewise.
            dmarc: The DMARC record, or records by name (`bimikit.check_publication`).
            record: The Assertion Record, likewise.
            zone: A zone file to read both from instead.
            crls: Certificate Revocation Lists, paths or bytes.
            at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
            trust: Roots and logs; those of the configuration by default, or the built-in ones.

        Raises:
            ValueError: Nothing is given, and the configuration has no such publication.
        """
        __tracebackhide__ = True
        more: dict[str, Any] = {"crls": crls, "at": self._at(at), "trust": trust}
        given: dict[str, Any] = {"svg": svg, "certificate": certificate, "dmarc": dmarc, "record": record, "zone": zone}
        if zone is not None and (dmarc is not None or record is not None):
            raise ValueError("give a zone, or the records themselves, and not both")
        if any(value is not None for value in given.values()):
            given |= {"selector": selector or "default", "local_part": local_part}
            return self._made(Publication(self._settings, domain, given=given, **more))
        plans = self._plans_of(domain, selector, local_part)
        return self._made(Publication(self._settings, domain, plans, **more))

    def publications(
        self, *, crls: Iterable[Source] = (), at: Moment | None = None, trust: TrustStore | None = None
    ) -> list[Publication]:
        """All publications of the configuration, one by one.

        Args:
            crls: Certificate Revocation Lists, paths or bytes.
            at: The moment to judge at; a text is an ISO date (00:00 UTC) or a time with zone. Now by default.
            trust: Roots and logs; those of the configuration by default, or the built-in ones.

        Raises:
            ValueError: There are none.
        """
        __tracebackhide__ = True
        more: dict[str, Any] = {"crls": crls, "at": self._at(at), "trust": trust}
        found = [Publication(self._settings, one.domain, [one], **more) for one in self._all_plans()]
        if self._settings.made is not None:
            self._settings.made(found)
        return found

    def domain(
        self,
        domain: str,
        *,
        selector: str = "default",
        local_part: str | None = None,
        fetch: bool = True,
        resolver: Any = None,
        policy: FetchPolicy | None = None,
        at: Moment | None = None,
        trust: TrustStore | None = None,
    ) -> Domain:
        """A domain as it is published now; the network is asked when the domain is first asked something.

        Args:
            domain: The Author Domain.
            selector: The selector of the Assertion Record.
            local_part: What stands before the @, for local-part selectors.
            fetch: Whether to fetch what the record names.
            resolver: A `dns.resolver.Resolver`; that of the configuration by default, or of the system.
            policy: What may be fetched, likewise.
            at: The moment to judge certificates at; a text is an ISO date (00:00 UTC) or a time with zone. Now by
                default.
            trust: Roots and logs; those of the configuration by default, or the built-in ones.
        """
        __tracebackhide__ = True
        asked = {"selector": selector, "local_part": local_part, "fetch": fetch, "trust": trust}
        more = {"at": self._at(at), "resolver": resolver, "policy": policy}
        return self._made(Domain(self._settings, domain, **asked, **more))

    def _at(self, at: Moment | None) -> datetime | None:
        __tracebackhide__ = True
        return moment(at) or self._settings.at

    def _made(self, subject: _AnySubject) -> _AnySubject:
        if self._settings.made is not None:
            self._settings.made([subject])
        return subject

    def _all_plans(self) -> tuple[Plan, ...]:
        __tracebackhide__ = True
        config = self._settings.config
        if config is None:
            raise ValueError(self._settings.missing_config("no-config-at-all"))
        if not config.publications:
            raise ValueError(self._settings.told("no-publications", file=config.file))
        return config.publications

    def _plans_of(self, domain: str, selector: str | None, local_part: str | None) -> list[Plan]:
        """The configuration's publications of a domain."""
        __tracebackhide__ = True
        config = self._settings.config
        if config is None:
            raise ValueError(self._settings.missing_config("no-config", domain=domain))
        asked = _same(domain)
        found = [
            one
            for one in self._all_plans()
            if _same(one.domain) == asked and selector in (None, one.selector) and local_part in (None, one.local_part)
        ]
        if not found:
            known = self._settings.told("comma").join(
                one.domain if one.selector == "default" else f"{one.domain} ({one.selector})"
                for one in config.publications
            )
            name = domain if selector is None else f"{domain} ({selector})"
            raise ValueError(self._settings.told("no-publication", file=config.file, domain=name, known=known))
        return found


def _same(domain: str) -> str:
    """A domain as it is compared."""
    from ..domains import BadDomain, normal_domain

    try:
        return normal_domain(domain)
    except BadDomain:
        return domain
