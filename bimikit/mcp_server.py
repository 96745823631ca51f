"""A Model Context Protocol server: bimikit's checks as tools for assistants, with the same reports.

Each tool answers twice: in words, as the command line prints them, and as the JSON of `bimikit.report_schema()` or
`bimikit.repair_schema()`. Files are read and written in one folder and below only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from . import __version__
from .bounded import read_bounded
from .cert.bundle import MAX_BYTES as MOST_OF_CERTIFICATE
from .cert.check import check_certificate
from .cert.pem import showable
from .cert.revocation import MAX_BYTES as MOST_OF_LIST
from .config import Config
from .documentation import explain
from .domain import check_domain
from .errors import BimikitError
from .extras import extra
from .findings import Report
from .output import render
from .output.repair import Account
from .output.repair import render as render_repair
from .publication import check_publication
from .repair import repair_svg
from .rules import all_rules, matches
from .svg.check import DEFAULT_LIMITS, check_svg, decode

with extra("mcp"):
    from anyio import to_thread
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import CallToolResult, TextContent, ToolAnnotations
    from pydantic import Field

Lang: TypeAlias = Annotated[Literal["en", "ja"], Field(description="Language of the answer.")]
Logo: TypeAlias = Annotated[str, Field(description="The logo: a path to an SVG file, or the SVG text itself.")]
OptionalLogo: TypeAlias = Annotated[str | None, Field(description="The logo: a path, or the SVG text itself.")]
Certificate: TypeAlias = Annotated[str, Field(description="The Mark Certificate: a path, or the PEM text itself.")]
OptionalCertificate: TypeAlias = Annotated[str | None, Field(description="The Mark Certificate: a path, or PEM text.")]
Lists: TypeAlias = Annotated[list[str], Field(description="Paths of revocation lists (CRL).", max_length=12)]
Selector: TypeAlias = Annotated[str, Field(description="The selector of the Assertion Record.")]
Consent: TypeAlias = Annotated[
    list[str], Field(description="Kinds of visible change the owner agrees to, as an earlier answer named them.")
]

_INSTRUCTIONS = (
    "bimikit tells whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change. "
    "Begin with check_domain for what is published, or check_publication for what is planned; check_svg and "
    "check_certificate judge one file. repair_svg writes the same picture as conformant SVG Tiny PS. What could not be "
    "found out is told as undecided: neither a pass nor a fail."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_ASKS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class _Folder:
    """The folder whose files are read and written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def path(self, name: str) -> Path:
        """The file a name means.

        Raises:
            ToolError: It lies elsewhere.
        """
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            raise ToolError(f"{name} lies outside of {self._folder}, the only folder whose files are read")
        return path

    def read(self, given: str, most: int, begins: tuple[str, ...]) -> bytes:
        """A file's content, or what was given itself where it begins so.

        Raises:
            ToolError: It can't be read.
        """
        if given.lstrip("\ufeff \t\r\n").startswith(begins):
            return given.encode("utf-8", "replace")
        try:
            return read_bounded(self.path(given), most)
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else problem
            raise ToolError(f"{given[:200]} can't be read: {reason}") from None

    def logo(self, given: str) -> bytes:
        """A logo."""
        return self.read(given, DEFAULT_LIMITS.max_bytes, ("<",))

    def certificate(self, given: str) -> bytes:
        """A certificate file."""
        return self.read(given, MOST_OF_CERTIFICATE, ("-----BEGIN ",))

    def lists(self, given: list[str]) -> list[bytes]:
        """Revocation lists."""
        return [self.read(one, MOST_OF_LIST, ("-----BEGIN ",)) for one in given]


def server(folder: Path, config: Config | None = None, *, live: bool = True) -> MCPServer:
    """A server for the files of one folder.

    Args:
        folder: The folder; nothing outside of it is read or written.
        config: Whose trust and network settings count.
        live: Whether domains may be checked live.

    Raises:
        BimikitError: The extra ``mcp`` isn't installed, or the configuration can't be followed.
    """
    files = _Folder(folder)
    settings = config or Config()
    trust = settings.trust_store()
    made = MCPServer(
        "bimikit", title="bimikit: BIMI checks", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )

    @made.tool(name="check_svg", title="Check a logo", annotations=_READS)
    async def _check_svg(logo: Logo, lang: Lang = "en") -> CallToolResult:
        """Judge a logo against SVG Tiny PS and what mailbox providers ask: every fault with place, reason and fix."""
        data = files.logo(logo)
        report = await to_thread.run_sync(lambda: check_svg(data, name=_named(logo, "logo.svg")))
        return _answer(report, lang, decode(data))

    @made.tool(name="check_certificate", title="Check a Mark Certificate", annotations=_READS)
    async def _check_certificate(
        certificate: Certificate,
        domain: Annotated[str | None, Field(description="Where the Assertion Record is published.")] = None,
        selector: Selector = "default",
        logo: OptionalLogo = None,
        crls: Lists = [],  # noqa: B006 - never changed
        lang: Lang = "en",
    ) -> CallToolResult:
        """Judge a Mark Certificate (VMC, CMC): chain, profile, the logo inside, and whether it fits domain and logo."""
        data = files.certificate(certificate)
        report = await to_thread.run_sync(
            lambda: check_certificate(
                data,
                domain=domain,
                selector=selector,
                trust=trust,
                logo=files.logo(logo) if logo else None,
                crls=files.lists(crls),
                name=_named(certificate, "certificate.pem"),
            )
        )
        return _answer(report, lang, showable(data))

    @made.tool(name="check_publication", title="Check what is planned", annotations=_READS)
    async def _check_publication(
        domain: Annotated[str, Field(description="The domain that sends.")],
        dmarc: Annotated[str | None, Field(description="The DMARC record to be published.")] = None,
        record: Annotated[str | None, Field(description="The Assertion Record to be published.")] = None,
        logo: OptionalLogo = None,
        certificate: OptionalCertificate = None,
        selector: Selector = "default",
        crls: Lists = [],  # noqa: B006 - never changed
        lang: Lang = "en",
    ) -> CallToolResult:
        """Judge a planned publication, offline: records, logo and certificate together, and each mailbox provider."""
        report = await to_thread.run_sync(
            lambda: check_publication(
                domain=domain,
                selector=selector,
                dmarc=dmarc,
                record=record,
                svg=files.logo(logo) if logo else None,
                certificate=files.certificate(certificate) if certificate else None,
                crls=files.lists(crls),
                trust=trust,
            )
        )
        return _answer(report, lang)

    if live:

        @made.tool(name="check_domain", title="Check a domain live", annotations=_ASKS)
        async def _check_domain(
            domain: Annotated[str, Field(description="The domain that sends, or an address of it.")],
            selector: Selector = "default",
            fetch: Annotated[bool, Field(description="Whether to fetch logo and certificate, too.")] = True,
            lang: Lang = "en",
        ) -> CallToolResult:
            """Ask the DNS and the web for a domain: will its logo show at each mailbox provider, and if not, why?"""
            policy = settings.policy()
            try:
                report = await to_thread.run_sync(
                    lambda: check_domain(
                        domain,
                        selector=selector,
                        fetch=fetch,
                        resolver=settings.resolver(),
                        policy=policy,
                        trust=trust,
                    )
                )
            except BimikitError as problem:
                raise ToolError(problem.told(lang)) from None
            return _answer(report, lang)

    @made.tool(name="repair_svg", title="Repair a logo", annotations=_WRITES)
    async def _repair_svg(
        logo: Logo,
        title: Annotated[str | None, Field(description="The brand's name, as the logo's title.")] = None,
        background: Annotated[str | None, Field(description="A solid ground to lay: a colour such as #ffffff.")] = None,
        allow: Consent = [],  # noqa: B006 - never changed
        output: Annotated[
            str | None, Field(description="A path to write the result to; never an existing file.")
        ] = None,
        lang: Lang = "en",
    ) -> CallToolResult:
        """Make a logo conform to SVG Tiny PS without changing its picture, with proof; tells what is left to do."""
        data, name = files.logo(logo), _named(logo, "logo.svg")
        try:
            repair = await to_thread.run_sync(
                lambda: repair_svg(data, title=title, background=background, allow=allow, name=name)
            )
        except (ValueError, BimikitError) as problem:
            raise ToolError(str(problem)) from None
        written = (_written(files, output, repair.svg),) if output and repair.svg is not None else ()
        words = render_repair([Account(repair, written)], lang, False)
        content = [TextContent(type="text", text=words)]
        if not written and repair.svg is not None:
            content.append(TextContent(type="text", text=decode(repair.svg)))
        return CallToolResult(content=list(content), structured_content=repair.to_dict(lang))

    @made.tool(name="explain_rule", title="Explain a rule", annotations=_READS)
    async def _explain_rule(
        rule: Annotated[str, Field(description="Its id, such as svg.title-missing, or the beginning of some.")],
        lang: Lang = "en",
    ) -> str:
        """What a rule demands, why, a bad and a good example, what to do, and the source."""
        rules = all_rules()
        found = [rules[rule]] if rule in rules else [one for one in rules if matches(one, (rule,))]
        if not rule or not found:
            raise ToolError(f"there is no rule {rule!r}")
        return "\n\n".join(explain(one, lang) for one in found[:10])

    return made


def _named(given: str, otherwise: str) -> str:
    """What a file is called; what was given itself has no name."""
    return otherwise if "\n" in given or given.lstrip()[:1] in ("<", "-") else given


def _written(files: _Folder, name: str, content: bytes) -> str:
    path = files.path(name)
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as problem:
        raise ToolError(f"{name} can't be written: {problem.strerror}") from None
    return name


def _answer(report: Report, lang: Lang, text: str | None = None) -> CallToolResult:
    words = render("text", [report], lang=lang, texts={} if text is None else {report.subject: text})
    structured: dict[str, Any] = report.to_dict(lang)
    return CallToolResult(content=[TextContent(type="text", text=words)], structured_content=structured)
