"""A Model Context Protocol server: bimikit's checks as tools for assistants, with the same reports.

Each tool answers twice: in words, as the command line prints them, and as the JSON of `bimikit.report_schema()` or
`bimikit.repair_schema()`; several reports stand in the envelope that the command line writes. Files are read and
written in one folder and below only, but for those that the configuration names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property, wraps
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from . import __version__
from .arguments import in_utc
from .cert.bundle import MAX_BYTES as MOST_OF_CERTIFICATE
from .cert.check import check_certificate
from .cert.pem import showable
from .cert.revocation import MAX_BYTES as MOST_OF_LIST
from .cert.trust import TrustStore
from .config import DAYS_LEFT, Config, Publication, files_of, load, named, planned, without_ignored
from .documentation import explain
from .domain import check_domain
from .domains import BadDomain, normal_domain
from .errors import BimikitError
from .expiry.live import expiry_of_domain
from .expiry.watch import expiry_of
from .extras import extra
from .findings import Report
from .following import as_wanted, requires_revocation
from .output.command_line import TOOLS
from .output.expiry import render as render_expiry
from .output.json_format import envelope
from .output.repair import Account
from .output.repair import render as render_repair
from .output.text_format import render
from .publication import check_publication
from .receivers.names import canonical
from .repair import repair_svg
from .rules import all_rules, matches
from .selection import selected, with_files
from .svg.check import DEFAULT_LIMITS, check_svg, decode
from .verification.live import verify_publication

with extra("mcp"):
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import CallToolResult, TextContent, ToolAnnotations
    from pydantic import Field

    from .mcp_arguments import CheckedServer, Folder, complaint, meant, moment, providers_of, require_fit
    from .mcp_messages import writable, writable_json
    from .mcp_threads import LONGEST, Busy, Threads, TooLong

Lang: TypeAlias = Annotated[
    Literal["en", "ja"] | None,
    Field(description="Language of the answer; that of the configuration by default, else English."),
]
At: TypeAlias = Annotated[
    str | None, Field(description="Judge as of this date (00:00 UTC) or time with its zone; now by default.")
]
Providers: TypeAlias = Annotated[
    list[str],
    Field(
        description="Mailbox providers to judge for, such as gmail or apple: the answer leaves out other providers' "
        "own rules. Those of the configuration by default."
    ),
]
Logo: TypeAlias = Annotated[str, Field(description="The logo: a path to an SVG file, or the SVG text itself.")]
OptionalLogo: TypeAlias = Annotated[str | None, Field(description="The logo: a path, or the SVG text itself.")]
Certificate: TypeAlias = Annotated[str, Field(description="The Mark Certificate: a path, or the PEM text itself.")]
OptionalCertificate: TypeAlias = Annotated[str | None, Field(description="The Mark Certificate: a path, or PEM text.")]
Lists: TypeAlias = Annotated[
    list[str],
    Field(description="Paths of revocation lists (CRL); those of the configuration by default.", max_length=12),
]
Selector: TypeAlias = Annotated[str, Field(description="The selector of the Assertion Record.")]
Consent: TypeAlias = Annotated[
    list[str], Field(description="Kinds of visible change the owner agrees to, as an earlier answer named them.")
]
Planned: TypeAlias = Annotated[
    str | None, Field(description="Only the publications of this domain; all of the configuration by default.")
]
Days: TypeAlias = Annotated[
    int | None,
    Field(
        ge=0,
        le=36500,
        description=f"A certificate ends soon once fewer full days are left; by default what the configuration says, "
        f"else {DAYS_LEFT}.",
    ),
]

_ABOUT = (
    "bimikit tells whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change. "
)
_BEGIN = "Begin with check_domain for what is published, or check_publication for what is planned; "
_BEGIN_OFFLINE = "Begin with check_publication for what is planned; nothing is asked of the network. "
_CONFIGURED = "Without arguments check_publication judges what the configuration publishes. "
_REST = (
    "check_svg and check_certificate judge one file. repair_svg writes the same picture as conformant SVG Tiny PS. "
    "What could not be found out is told as undecided: neither a pass nor a fail."
)
_MOST_RULES = 10
_MOST_OF_FONT = 32 * 1024 * 1024


def server(folder: Path, config: Config | None = None, *, live: bool = True) -> CheckedServer:
    """A server for the files of one folder.

    Args:
        folder: The folder; nothing outside of it is read or written but what `config` names.
        config: The configuration to follow; its file is read again for every call.
        live: Whether the network may be asked.

    Raises:
        BimikitError: The extra ``mcp`` isn't installed, or the configuration can't be followed.
        OSError: The folder isn't there.
    """
    publishes = config is not None and bool(config.publications)
    instructions = _ABOUT + (_BEGIN if live else _BEGIN_OFFLINE) + (_CONFIGURED if publishes else "") + _REST
    made = CheckedServer(
        "bimikit", title="bimikit: BIMI checks", instructions=instructions, version=__version__, log_level="WARNING"
    )
    calls = _Calls(Folder(folder), config or Config())
    for name, title, does in _TOOLS:
        if live or does is not _ASKS:
            made.add_tool(calls.of(name), name=name, title=title, annotations=does)
    return made


class _Calls:
    """Calls of the tools: each in a thread, by the configuration as it is by then."""

    def __init__(self, files: Folder, config: Config) -> None:
        config.trust_store()  # so that what is wrong with it is told at the start
        self._files = files
        self._config = config
        self._changes = config.file.is_file()  # a pipe can't be read again
        self._threads = Threads()

    def of(self, name: str) -> Callable[..., Awaitable[Any]]:
        """A tool; what keeps it from answering is told in words."""

        @wraps(getattr(_Tools(self._files, self._config), name))
        async def call(**arguments: Any) -> Any:
            lang = arguments.get("lang") or self._config.lang or "en"
            try:
                return await self._threads.run(lambda: getattr(self._tools(), name)(**arguments))
            except BimikitError as problem:
                raise ToolError(problem.told(lang)) from None
            except Busy:
                raise complaint("busy", lang) from None
            except TooLong:
                raise complaint("too-long", lang, seconds=round(LONGEST)) from None
            except ValueError as problem:
                raise ToolError(str(problem)) from None

        return call

    def _tools(self) -> _Tools:
        if self._changes:
            self._config = load(self._config.file)
        return _Tools(self._files, self._config)


class _Tools:
    """The tools: each method is one, its docstring what an assistant reads of it."""

    def __init__(self, files: Folder, config: Config) -> None:
        self._files = files
        self._config = config

    @cached_property
    def _trust(self) -> TrustStore:
        return self._config.trust_store()

    def check_svg(self, logo: Logo, providers: Providers = [], lang: Lang = None) -> CallToolResult:  # noqa: B006
        """Judge a logo against SVG Tiny PS and what mailbox providers ask: every fault with place, reason and fix."""
        call = self._call(lang, providers)
        data = self._logo(logo, call.lang)
        report = check_svg(data, name=_named(logo, "logo.svg"))
        return self._answer(call, [report], texts={report.subject: decode(data)})

    def check_certificate(
        self,
        certificate: Certificate,
        domain: Annotated[str | None, Field(description="Where the Assertion Record is published.")] = None,
        selector: Selector = "default",
        logo: OptionalLogo = None,
        crls: Lists = [],  # noqa: B006 - never changed
        at: At = None,
        providers: Providers = [],  # noqa: B006
        lang: Lang = None,
    ) -> CallToolResult:
        """Judge a Mark Certificate (VMC, CMC): chain, profile, the logo inside, and whether it fits domain and logo."""
        call = self._call(lang, providers)
        when = moment(at, call.lang)
        data = self._certificate("certificate", certificate, call.lang)
        report = check_certificate(
            data,
            domain=domain,
            selector=selector,
            at=when,
            trust=self._trust,
            logo=None if logo is None else self._logo(logo, call.lang),
            crls=self._lists(crls, call.lang),
            name=_named(certificate, "certificate.pem"),
        )
        return self._answer(call, [report], texts={report.subject: showable(data)})

    def check_publication(
        self,
        domain: Annotated[str | None, Field(description="The domain that sends.")] = None,
        dmarc: Annotated[str | None, Field(description="The DMARC record to be published.")] = None,
        record: Annotated[str | None, Field(description="The Assertion Record to be published.")] = None,
        logo: OptionalLogo = None,
        certificate: OptionalCertificate = None,
        selector: Selector = "default",
        crls: Lists = [],  # noqa: B006
        at: At = None,
        providers: Providers = [],  # noqa: B006
        lang: Lang = None,
    ) -> CallToolResult:
        """Judge a planned publication, offline: records, logo and certificate together, and each mailbox provider.

        Without a domain and anything planned: all publications of the configuration.
        """
        call = self._call(lang, providers)
        when = moment(at, call.lang)
        lists = self._lists(crls, call.lang)
        if domain is None:
            if any(part is not None for part in (dmarc, record, logo, certificate)) or selector != "default":
                raise complaint("domain-missing", call.lang)
            chosen = self._publications(call.lang)
            reports = [
                check_publication(**planned(self._config, one), at=when, trust=self._trust, crls=lists)
                for one in chosen
            ]
            return self._answer(call, reports, chosen)
        report = check_publication(
            domain=domain,
            selector=selector,
            dmarc=self._files.record("dmarc", dmarc, call.lang),
            record=self._files.record("record", record, call.lang),
            svg=None if logo is None else self._logo(logo, call.lang),
            certificate=None if certificate is None else self._certificate("certificate", certificate, call.lang),
            at=when,
            crls=lists,
            trust=self._trust,
        )
        return self._answer(call, [report])

    def check_domain(
        self,
        domain: Annotated[str, Field(description="The domain that sends, or an address of it.")],
        selector: Selector = "default",
        fetch: Annotated[bool, Field(description="Whether to fetch logo and certificate, too.")] = True,
        at: At = None,
        providers: Providers = [],  # noqa: B006
        lang: Lang = None,
    ) -> CallToolResult:
        """Ask the DNS and the web for a domain: will its logo show at each mailbox provider, and if not, why?"""
        call = self._call(lang, providers)
        when = moment(at, call.lang)
        report = check_domain(
            domain,
            selector=selector,
            at=when,
            fetch=fetch,
            resolver=self._config.resolver(),
            policy=self._config.policy(),
            trust=self._trust,
        )
        return self._answer(call, [report])

    def verify_publication(self, domain: Planned = None, at: At = None, lang: Lang = None) -> CallToolResult:
        """Compare what is published with the publications of the configuration: records, logo and certificate."""
        call = self._call(lang)
        when = moment(at, call.lang)
        chosen = self._publications(call.lang, domain)
        reports = [
            verify_publication(
                **planned(self._config, one),
                at=when,
                resolver=self._config.resolver(),
                policy=self._config.policy(),
            )
            for one in chosen
        ]
        return self._answer(call, reports, chosen, own="verify.")

    def check_expiry(
        self,
        certificates: Annotated[
            list[str],
            Field(description="Paths of certificate files; those of the configuration by default.", max_length=50),
        ] = [],  # noqa: B006
        days: Days = None,
        at: At = None,
        lang: Lang = None,
    ) -> CallToolResult:
        """Tell when certificate files end: Mark Certificates and the CA certificates above them. Asks no network."""
        call = self._call(lang)
        when = in_utc(moment(at, call.lang))
        found: dict[str, tuple[bytes, int]] = {}
        if certificates:
            threshold = self._days(days)
            found = {one: (self._certificate("certificates", one, call.lang), threshold) for one in certificates}
        else:
            chosen = [one for one in self._publications(call.lang) if one.certificate is not None]
            plans = [planned(self._config, one) for one in chosen]
            for one, plan in zip(chosen, plans, strict=True):
                name = str(one.certificate)
                threshold = max(self._days(days, one), found.get(name, (b"", 0))[1])
                found[name] = plan["certificate"], threshold
            if not found:
                raise complaint("no-certificates", call.lang)
        reports = [
            expiry_of(data, days=threshold, at=when, trust=self._trust, name=name)
            for name, (data, threshold) in found.items()
        ]
        return self._answer(call, sorted(reports, key=_first_end), own="expiry.")

    def check_hosted_expiry(
        self,
        domains: Annotated[
            list[str], Field(description="Domains that send; those of the configuration by default.", max_length=50)
        ] = [],  # noqa: B006
        days: Days = None,
        at: At = None,
        lang: Lang = None,
    ) -> CallToolResult:
        """Tell when the certificates end that are hosted for domains. Asks the DNS and the web."""
        call = self._call(lang)
        when = in_utc(moment(at, call.lang))
        chosen = [Publication(domain=one) for one in domains] or list(self._publications(call.lang))
        reports = [
            expiry_of_domain(
                one.domain,
                selector=one.selector,
                local_part=one.local_part,
                days=self._days(days, one),
                needed=bool(domains) or one.certificate is not None,
                name=_name_of(one),
                at=when,
                trust=self._trust,
                resolver=self._config.resolver(),
                policy=self._config.policy(),
            )
            for one in chosen
        ]
        return self._answer(call, sorted(reports, key=_first_end), own="expiry.")

    def repair_svg(
        self,
        logo: Logo,
        title: Annotated[str | None, Field(description="The brand's name, as the logo's title.")] = None,
        desc: Annotated[str | None, Field(description="What is seen, in a sentence, which Gmail asks for.")] = None,
        background: Annotated[str | None, Field(description="A solid ground to lay: a colour such as #ffffff.")] = None,
        allow: Consent = [],  # noqa: B006
        fonts: Annotated[
            list[str], Field(description="Paths of font files for texts that become outlines.", max_length=12)
        ] = [],  # noqa: B006
        output: Annotated[
            str | None, Field(description="A path to write the result to; never an existing file.")
        ] = None,
        lang: Lang = None,
    ) -> CallToolResult:
        """Make a logo conform to SVG Tiny PS without changing its picture, with proof; tells what is left to do."""
        call = self._call(lang)
        require_fit(title, desc, background, allow, call.lang)
        target = None if output is None else self._files.target(output, self._inputs(), call.lang)
        data, name = self._logo(logo, call.lang), _named(logo, "logo.svg")
        given = [self._files.read("fonts", one, _MOST_OF_FONT, call.lang) for one in fonts]
        repair = repair_svg(data, title=title, desc=desc, background=background, allow=allow, fonts=given, name=name)
        written: tuple[str, ...] = ()
        if output is not None and target is not None and repair.svg is not None:
            self._files.write(target, output, repair.svg, call.lang)
            written = (output,)
        content = [_text(render_repair([Account(repair, written)], call.lang, False, where=TOOLS))]
        if not written and repair.svg is not None:
            content.append(_text(decode(repair.svg)))
        return CallToolResult(content=list(content), structured_content=writable_json(repair.to_dict(call.lang)))

    def explain_rule(
        self,
        rule: Annotated[str, Field(description="Its id, such as svg.title-missing, or the beginning of some.")],
        lang: Lang = None,
    ) -> str:
        """What a rule demands, why, a bad and a good example, what to do, and the source."""
        call = self._call(lang)
        rules = all_rules()
        found = [rules[rule]] if rule in rules else [one for one in rules if matches(one, (rule,))]
        if not rule or not found:
            hint = meant(rule, [one.id for one in rules], call.lang)
            raise complaint("no-rule", call.lang, word=repr(rule[:80]), hint=hint)
        texts = [explain(one, call.lang) for one in found[:_MOST_RULES]]
        if more := [one.id for one in found[_MOST_RULES:]]:
            texts.append(str(complaint("more-rules", call.lang, count=len(more), known=", ".join(more))))
        return "\n\n".join(texts)

    def _call(self, lang: str | None, providers: Sequence[str] = ()) -> _Call:
        lang = lang or self._config.lang or "en"
        return _Call(lang, providers_of(providers, lang))

    def _logo(self, given: str, lang: str) -> bytes:
        return self._files.read("logo", given, DEFAULT_LIMITS.max_bytes, lang, "<")

    def _certificate(self, parameter: str, given: str, lang: str) -> bytes:
        return self._files.read(parameter, given, MOST_OF_CERTIFICATE, lang, "-----BEGIN ")

    def _lists(self, given: Sequence[str], lang: str) -> list[bytes]:
        """The revocation lists that a call gives, else those of the configuration."""
        if not given:
            return list(self._config.revocation_lists())
        return [self._files.read("crls", one, MOST_OF_LIST, lang, "-----BEGIN ") for one in given]

    def _inputs(self) -> set[Path]:
        """What the configuration names, but for the logos."""
        return {*self._config.files} - {
            self._config.path(one.logo) for one in self._config.publications if one.logo is not None
        }

    def _publications(self, lang: str, domain: str | None = None) -> Sequence[Publication]:
        """The publications of the configuration, or those of one domain.

        Raises:
            ToolError: It has none.
        """
        known = self._config.publications
        if not known:
            raise complaint("no-publications", lang)
        chosen = [one for one in known if domain is None or _normal(one.domain) == _normal(domain)]
        if not chosen:
            hint = meant(str(domain), {one.domain for one in known}, lang)
            raise complaint("no-such-publication", lang, word=repr(domain), hint=hint)
        return chosen

    def _days(self, asked: int | None, publication: Publication | None = None) -> int:
        """Full days from which on a certificate ends soon."""
        config = self._config
        wanted = config.days_left if publication is None else config.days_left_of(publication)
        return asked if asked is not None else DAYS_LEFT if wanted is None else wanted

    def _answer(
        self,
        call: _Call,
        reports: Sequence[Report],
        publications: Sequence[Publication] = (),
        texts: dict[str, str] | None = None,
        own: str = "",
    ) -> CallToolResult:
        """Reports in words and as JSON, as the configuration wants them.

        Args:
            call: What was asked.
            reports: The reports.
            publications: What each is about, where that stands in the configuration.
            texts: The files by their subjects, for excerpts.
            own: How the ids of the tool's own rules begin, where it asks another question than how files are judged.
        """
        about: Sequence[Publication | None] = publications or [None] * len(reports)
        shown = [self._followed(call, *each, own) for each in zip(reports, about, strict=True)]
        if own == "expiry.":
            words = render_expiry("text", shown, lang=call.lang, texts={}, color=False)
        else:
            words = render(shown, lang=call.lang, texts=texts or {}, color=False, where=TOOLS)
        told = [report.to_dict(call.lang) for report in shown]
        structured: dict[str, Any] = told[0] if len(told) == 1 else envelope(told)
        return CallToolResult(content=[_text(words)], structured_content=writable_json(structured))

    def _followed(self, call: _Call, report: Report, about: Publication | None, own: str) -> Report:
        """A report as the configuration wants it."""
        config = self._config
        files: Mapping[str | None, str] = {None: report.subject}
        if about is not None:
            files = files_of(config, about)
            report = with_files(named(report, config, about), files)
        if own:  # what the configuration wants of judged files doesn't count here
            report = selected(report, (), config.ignore)
        else:
            configured = config.providers if about is None or about.providers is None else about.providers
            report = as_wanted(
                report,
                providers=call.providers or tuple(map(canonical, configured)),
                select=config.select,
                ignore=config.ignore,
                days_left=config.days_left if about is None else config.days_left_of(about),
                revocation=requires_revocation(config, report.kind),
            )
        return without_ignored(report, config, files).report if config.ignores else report


class _Call(NamedTuple):
    """What every call says.

    Attributes:
        lang: The language of the answer.
        providers: Ids of mailbox providers to judge for.
    """

    lang: str
    providers: tuple[str, ...]


_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_ASKS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_TOOLS = (
    ("check_svg", "Check a logo", _READS),
    ("check_certificate", "Check a Mark Certificate", _READS),
    ("check_publication", "Check what is planned", _READS),
    ("check_domain", "Check a domain live", _ASKS),
    ("verify_publication", "Compare what is published with the plan", _ASKS),
    ("check_expiry", "Tell when certificate files end", _READS),
    ("check_hosted_expiry", "Tell when hosted certificates end", _ASKS),
    ("repair_svg", "Repair a logo", _WRITES),
    ("explain_rule", "Explain a rule", _READS),
)


def _named(given: str, otherwise: str) -> str:
    """What a file is called; what was given itself has no name."""
    return otherwise if "\n" in given or given.lstrip()[:1] in ("<", "-") else given


def _name_of(one: Publication) -> str:
    name = f"{one.local_part}@{one.domain}" if one.local_part else one.domain
    return name if one.selector == "default" else f"{one.selector}._bimi.{name}"


def _normal(domain: str) -> str:
    try:
        return normal_domain(domain)
    except BadDomain:
        return domain.strip().lower()


def _first_end(report: Report) -> tuple[bool, str, str]:
    certificates = report.facts["certificates"]
    return not certificates, certificates[0]["not_after"] if certificates else "", report.subject


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=writable(text))
