"""What can be asked about: a logo, a certificate, publications, a live domain.

Each answer of a subject is the subject again, so that one thing can be asked after the other; one that isn't as asked
is raised. A subject is judged when it is first asked, and is not changed by what is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any

from ..errors import BimikitError
from ..findings import Report
from ..receivers.names import canonical
from ..svg.check import DEFAULT_LIMITS, check_svg
from .outcomes import Answer, Ask, Part, Undecided, conformance, not_revoked, same_logo, settle, shown
from .settings import Settings, Source

if TYPE_CHECKING:
    from typing import Self

    from ..cert.trust import TrustStore
    from ..config import Publication as Plan

__unittest = True


class Subject:
    """What all subjects have in common.

    Attributes:
        asked: Whether anything was asked of it; reading its report is asking.
    """

    def __init__(self, settings: Settings, parts: tuple[Part, ...] = ()) -> None:
        self._settings, self._known = settings, parts
        self.asked = False

    def conforms(self) -> Self:
        """It conforms: no requirement is broken, and what the configuration asks of it is so, too.

        Raises:
            AssertionError: It doesn't; the text is the report.
            Undecided: Nothing is broken, but something could not be found out.
        """
        __tracebackhide__ = True
        return self._settled(Ask("conforms"), (conformance(part, self._settings) for part in self._parts))

    def ready_for(self, *providers: str) -> Self:
        """These mailbox providers are ready to show it, as far as the subject goes.

        Args:
            providers: Their names, such as ``"gmail"``; by default those that the configuration names.

        Raises:
            AssertionError: One isn't.
            Undecided: Of one nothing can be said.
            ValueError: A name is unknown, or nobody names a provider.
        """
        __tracebackhide__ = True
        asked = tuple(map(canonical, providers))
        named = asked or tuple(dict.fromkeys(name for part in self._parts for name in part.providers))
        if not named:
            raise ValueError(self._settings.told("no-providers"))
        ask = Ask("ready", {"providers": self._settings.told("comma").join(named)})
        return self._settled(ask, (conformance(part, self._settings, providers=asked) for part in self._parts))

    @property
    def report(self) -> Report:
        """The report, as the configuration wants it."""
        __tracebackhide__ = True
        reports = self.reports
        if len(reports) != 1:
            raise ValueError(self._settings.told("several-reports", subject=str(self)))
        return reports[0]

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, one for every publication; of other subjects just one."""
        __tracebackhide__ = True
        return tuple(shown(part, self._settings, part.providers).report for part in self._parts)

    @property
    def _parts(self) -> tuple[Part, ...]:
        """What is judged, once."""
        __tracebackhide__ = True
        self.asked = True
        if not self._known:  # functools.cached_property would show in tracebacks
            self._known = self._judge()
        return self._known

    def _judge(self) -> tuple[Part, ...]:
        raise NotImplementedError

    def _settled(self, ask: Ask, answers: Iterable[Answer]) -> Self:
        __tracebackhide__ = True
        settle(ask, answers, self._settings)
        return self

    def _providers(self, own: Iterable[str] | None = None) -> tuple[str, ...]:
        """The mailbox providers that the configuration wants to be ready."""
        config = self._settings.config
        return tuple(map(canonical, own if own is not None else config.providers if config is not None else ()))

    def _days_left(self) -> int | None:
        """The full days that the configuration wants to be left."""
        return self._settings.config.days_left if self._settings.config is not None else None


class Svg(Subject):
    """A logo."""

    def __init__(self, settings: Settings, source: Source, name: str, at: datetime | None) -> None:
        super().__init__(settings)
        self._source, self._name, self._at = source, name, at
        self._drawn: Part | None = None

    def __repr__(self) -> str:
        return f"<logo {_told(self._source, self._name)}>"

    def __str__(self) -> str:
        return _called(self._source, self._name, "svg", self._settings)

    def looks_good(self) -> Self:
        """Drawn, it meets what is asked of a logo's appearance; needs the extra ``preview``.

        Raises:
            AssertionError: It doesn't.
            Undecided: It can't be drawn, or only in part.
            BimikitError: The extra isn't installed.
        """
        __tracebackhide__ = True
        return self._settled(Ask("good"), [conformance(self._draw(), self._settings)])

    @property
    def appearance(self) -> Report:
        """The report on its appearance, as the configuration wants it."""
        __tracebackhide__ = True
        return shown(self._draw(), self._settings).report

    def _judge(self) -> tuple[Part, ...]:
        __tracebackhide__ = True
        file = self._settings.file(self._source, DEFAULT_LIMITS.max_bytes, "svg", self._name)
        report = check_svg(file.data, name=file.name, at=self._at)
        return (Part(file.name, report, {None: file.path}, {file.name: file.data}, self._providers()),)

    def _draw(self) -> Part:
        """The logo as it is drawn, judged once."""
        __tracebackhide__ = True
        if self._drawn is None:
            from ..svg.appearance import check_appearance

            (part,) = self._parts
            report = check_appearance(part.sources[part.label], name=part.label, at=self._at)
            self._drawn = part._replace(raw=report, providers=())
        return self._drawn


class Certificate(Subject):
    """A Mark Certificate file."""

    def __init__(
        self, settings: Settings, source: Source, name: str, asked: Mapping[str, Any], part: Part | None = None
    ) -> None:
        super().__init__(settings, () if part is None else (part,))
        self._source, self._name, self._asked = source, name, asked

    def __repr__(self) -> str:
        return f"<certificate {_told(self._source, self._name)}>"

    def __str__(self) -> str:
        return _called(self._source, self._name, "certificate", self._settings)

    def valid_for(self, domain: str | None = None, *, days_left: int | None = None, selector: str = "default") -> Self:
        """It conforms, is for that domain, and stays valid for so many full days yet.

        Args:
            domain: Where the Assertion Record is published; any by default.
            days_left: Full days; by default those of the configuration, or none.
            selector: The record's selector.

        Raises:
            AssertionError: It isn't.
            Undecided: Nothing is broken, but something could not be found out.
        """
        __tracebackhide__ = True
        more: dict[str, Any] = {} if domain is None else {"domain": domain, "selector": selector}
        if days_left is not None:
            more["days_left"] = days_left
        part = self._judged(more)
        ask = Ask("valid", {"domain": domain}) if domain else Ask("lasting", {"days": str(part.days_left or 0)})
        answer = conformance(part, self._settings, domain=domain or "", whole=True)
        return self._answered(ask, answer, more)

    def matches(self, logo: Source) -> Self:
        """It holds this logo; nothing else is asked.

        Args:
            logo: The logo on the web: its path or bytes.

        Raises:
            AssertionError: It doesn't.
            Undecided: Nobody can tell.
        """
        __tracebackhide__ = True
        file = self._settings.file(logo, DEFAULT_LIMITS.max_bytes, "svg")
        more = {"logo": file.data}
        return self._answered(Ask("matches", {"logo": file.name}), same_logo(self._judged(more)), more)

    def not_revoked(self, crls: Iterable[Source] = ()) -> Self:
        """It is not revoked, and neither is what issued it; nothing else is asked.

        Args:
            crls: Certificate Revocation Lists, paths or bytes, besides those that were given.

        Raises:
            AssertionError: It is.
            Undecided: The lists don't tell, or there are none.
        """
        __tracebackhide__ = True
        lists = several(crls)
        more = {"crls": (*self._asked["crls"], *lists)} if lists else {}
        return self._answered(Ask("revoked"), not_revoked(self._judged(more), self._settings), more)

    def _answered(self, ask: Ask, answer: Answer, more: Mapping[str, Any]) -> Self:
        """The certificate of which more is known now."""
        __tracebackhide__ = True
        settle(ask, [answer], self._settings)
        return type(self)(self._settings, self._source, self._name, {**self._asked, **more}, answer.part)

    def _judged(self, more: Mapping[str, Any]) -> Part:
        """The certificate, judged with what is asked of it, and more."""
        __tracebackhide__ = True
        from ..cert.bundle import MAX_BYTES
        from ..cert.check import check_certificate

        self.asked = True
        if not more and self._known:
            return self._known[0]
        asked = {**self._asked, **more}
        days_left = asked.pop("days_left", self._days_left())
        asked["crls"] = _read(asked["crls"], self._settings)
        asked["trust"] = asked["trust"] or self._settings.trust
        file = self._settings.file(self._source, MAX_BYTES, "certificate", self._name)
        report = check_certificate(file.data, name=file.name, **asked)
        return Part(file.name, report, {None: file.path}, {file.name: file.data}, self._providers(), days_left)

    def _judge(self) -> tuple[Part, ...]:
        __tracebackhide__ = True
        return (self._judged({}),)


class _OfDomain(Subject):
    """What publications and live domains have in common."""

    def not_revoked(self) -> Self:
        """Its certificate is not revoked, and neither is what issued it; nothing else is asked.

        Raises:
            AssertionError: It is.
            Undecided: The revocation lists don't tell, or there are none.
        """
        __tracebackhide__ = True
        return self._settled(Ask("revoked"), (not_revoked(part, self._settings) for part in self._parts))


class Publication(_OfDomain):
    """What is about to be published for a domain: one plan, or several of different selectors."""

    def __init__(
        self,
        settings: Settings,
        domain: str,
        plans: Iterable[Plan] = (),
        given: Mapping[str, Any] | None = None,
        *,
        crls: Iterable[Source],
        at: datetime | None,
        trust: TrustStore | None,
    ) -> None:
        super().__init__(settings)
        self._domain, self._plans, self._given = domain, tuple(plans), given
        self._crls, self._at, self._trust = several(crls), at, trust

    @property
    def id(self) -> str:
        """Its name for parametrised tests, the same in every language: domain, and selector where it has another."""
        named = [one.selector for one in self._plans if one.selector != "default"]
        return "-".join([self._domain, *named])

    def __str__(self) -> str:
        selectors = [one.selector for one in self._plans] or [(self._given or {}).get("selector", "default")]
        return _label(self._settings, self._domain, selectors[0]) if len(selectors) == 1 else self._domain

    def __repr__(self) -> str:
        return f"<publication {self}>"

    def _judge(self) -> tuple[Part, ...]:
        __tracebackhide__ = True
        return tuple(map(self._planned, self._plans)) if self._given is None else (self._by_hand(self._given),)

    def _planned(self, plan: Plan) -> Part:
        """One of the configuration's."""
        __tracebackhide__ = True
        from ..config import ConfigError, files_of, named, planned

        config = self._settings.config
        if config is None:
            raise ValueError(self._settings.missing_config("no-config-at-all"))
        try:
            arguments = planned(config, plan)
        except ConfigError as problem:  # a file of the publication is missing: the publication is wrong
            told = problem.told(self._settings.lang)
            label = _label(self._settings, plan.domain, plan.selector)
            raise self._settings.unreadable(label, told, "publication", told) from None
        days_left = config.days_left_of(plan)
        part = self._judged(arguments, files_of(config, plan), self._providers(plan.providers), days_left)
        return part._replace(raw=named(part.raw, config, plan))

    def _by_hand(self, given: Mapping[str, Any]) -> Part:
        __tracebackhide__ = True
        from ..cert.bundle import MAX_BYTES
        from ..config.zone import MAX_BYTES as MOST_OF_ZONE
        from ..config.zone import ZoneError, read_zone

        arguments = dict(given)
        files: dict[str | None, str] = {}
        documents = (("svg", "indicator", DEFAULT_LIMITS.max_bytes), ("certificate", "certificate", MAX_BYTES))
        for key, document, most in documents:
            if arguments[key] is not None:
                file = self._settings.file(arguments[key], most, key)
                arguments[key], files[document] = file.data, file.path
        zone = arguments.pop("zone")
        if zone is not None:
            file = self._settings.file(zone, MOST_OF_ZONE, "zone")
            files[None] = file.path
            try:
                arguments["dmarc"], arguments["record"] = read_zone(file.data, self._domain)
            except ZoneError as problem:
                told = problem.told(self._settings.lang)
                raise self._settings.unreadable(file.name, told, "zone") from None
        return self._judged({**arguments, "domain": self._domain}, files, self._providers(), self._days_left())

    def _judged(
        self,
        arguments: Mapping[str, Any],
        files: Mapping[str | None, str],
        providers: tuple[str, ...],
        days_left: int | None,
    ) -> Part:
        __tracebackhide__ = True
        from ..publication import check_publication

        trust = self._trust or self._settings.trust
        lists = _read(self._crls, self._settings)
        report = check_publication(**arguments, at=self._at, trust=trust, crls=lists)
        label = _label(self._settings, self._domain, arguments["selector"])
        return Part(label, report, files, {}, providers, days_left)


class Domain(_OfDomain):
    """A domain as it is published now."""

    def __init__(self, settings: Settings, domain: str, **asked: Any) -> None:
        super().__init__(settings)
        self._domain, self._asked = domain, asked

    def __repr__(self) -> str:
        return f"<domain {self._domain}>"

    def __str__(self) -> str:
        return self._domain

    def _judge(self) -> tuple[Part, ...]:
        __tracebackhide__ = True
        if self._settings.before_network is not None:
            self._settings.before_network()
        from ..domain import check_domain

        asked, config = dict(self._asked), self._settings.config
        asked["trust"] = asked["trust"] or self._settings.trust
        try:
            if config is not None:
                asked["resolver"] = asked["resolver"] or config.resolver()
                asked["policy"] = asked["policy"] or config.policy()
            report = check_domain(self._domain, **asked)
        except BimikitError as problem:  # this computer names no resolver
            raise Undecided(f"{self._domain}: {problem.told(self._settings.lang)}") from None
        label = _label(self._settings, self._domain, asked["selector"])
        return (Part(label, report, {}, {}, self._providers(), self._days_left()),)


def several(crls: Iterable[Source]) -> tuple[Source, ...]:
    """Revocation lists, and not one of them.

    Raises:
        TypeError: It is one.
    """
    if isinstance(crls, str | bytes | PathLike):
        raise TypeError("crls must be a list of revocation lists, not one")
    return tuple(crls)


def _read(crls: Iterable[Source], settings: Settings) -> tuple[bytes, ...]:
    """The content of revocation lists: those given, and those of the configuration."""
    __tracebackhide__ = True
    from ..cert.revocation import MAX_BYTES

    given = [settings.file(one, MAX_BYTES, "certificate").data for one in crls]
    return (*given, *settings.revocation_lists)


def _label(settings: Settings, domain: str, selector: str) -> str:
    return domain if selector == "default" else settings.told("with-selector", domain=domain, selector=selector)


def _called(source: Source, name: str, kind: str, settings: Settings) -> str:
    """A file's name in headlines."""
    return name or (settings.told(kind) if isinstance(source, bytes | bytearray | memoryview) else str(source))


def _told(source: Source, name: str) -> str:
    return name or (f"of {len(source)} bytes" if isinstance(source, bytes) else str(source))
