"""Arguments of the tools for assistants: none is left unheard, and what is wrong with one is told in a sentence.

A protocol's client shows the text of an error to a model, which mends its call by it: so the text names what the tool
takes, and what was probably meant.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .bounded import read_bounded
from .cli.fix import KINDS, unfit_words
from .cli.inputs import WHEN
from .extras import extra
from .locale import LANGUAGES, system_reason, words_of
from .receivers.names import ALIASES, PROVIDER_IDS, canonical

with extra("mcp"):
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.server.stdio import stdio_server
    from mcp.types import CallToolResult, InputRequiredResult, Tool
    from pydantic import ValidationError

    from .mcp_messages import Answered, writable

_SHOWN = 80
"""Characters of a value that a complaint shows."""
_LONGEST_NAME = 200
"""Characters of a file's name that a complaint shows."""
_RECORDS = {"dmarc": "v=DMARC1; p=reject", "record": "v=BIMI1; l=https://www.example.com/logo.svg; a="}


def complaint(key: str, lang: str, **about: object) -> ToolError:
    """What is wrong with a call, in words."""
    return ToolError(words_of("mcp_words", lang)[key].format_map(about))


def meant(word: str, known: Iterable[str], lang: str) -> str:
    """A sentence that asks whether another word was meant, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return words_of("mcp_words", lang)["did-you-mean"].format(word=repr(close[0])) if close else ""


def moment(text: str | None, lang: str) -> datetime | None:
    """The moment that was asked about; None for now.

    Raises:
        ToolError: It is none.
    """
    if text is None:
        return None
    try:
        return WHEN.convert(text, None, None)
    except click.BadParameter:
        raise complaint("no-moment", lang, text=_shown(text)) from None


def providers_of(names: Sequence[str], lang: str) -> tuple[str, ...]:
    """Ids of mailbox providers.

    Raises:
        ToolError: There is no such provider.
    """
    found = []
    for name in names:
        try:
            found.append(canonical(name))
        except ValueError:
            hint = meant(name.lower(), (*PROVIDER_IDS, *ALIASES), lang)
            raise complaint("no-provider", lang, word=_shown(name), hint=hint, known=", ".join(PROVIDER_IDS)) from None
    return tuple(found)


def require_fit(title: str | None, desc: str | None, background: str | None, allow: Sequence[str], lang: str) -> None:
    """Refuse what no repair can follow.

    Raises:
        ToolError: It is such.
    """

    def told(key: str, **about: object) -> str:
        return words_of("cli_words", lang)[key].format_map(about)

    for kind in allow:
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise ToolError(told("fix.no-kind", word=_shown(kind), hint=meant(kind, KINDS, lang), known=known))
    if unfit := unfit_words(title, desc, background, told):
        raise ToolError(unfit)


class Folder:
    """The folder whose files are read and written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def path(self, name: str, lang: str) -> Path:
        """The file a name means, links followed.

        Raises:
            ToolError: It lies elsewhere.
            ValueError: It has a character that no name may have.
        """
        path = Path(os.path.realpath(self._folder / name))  # which takes a circle of links on every Python
        if not path.is_relative_to(self._folder):
            raise complaint("outside", lang, file=_short(name), folder=self._folder)
        return path

    def read(self, parameter: str, given: str, most: int, lang: str, begins: str | None = None) -> bytes:
        """A file's content, or what was given itself where it begins so.

        Raises:
            ToolError: It can't be read.
        """
        if not given.strip():
            raise complaint("empty", lang, parameter=parameter, expected=_expected(parameter, lang))
        if begins is not None and given.lstrip("\ufeff \t\r\n").startswith(begins):
            return given.encode("utf-8", "replace")
        try:
            return read_bounded(self.path(given, lang), most)
        except (OSError, ValueError) as problem:
            raise complaint("unreadable", lang, file=_short(given), reason=system_reason(problem, lang)) from None

    def target(self, name: str, inputs: Collection[Path], lang: str) -> Path:
        """The file to which a logo may be written: an SVG file that isn't there yet.

        Args:
            name: It, as it was given.
            inputs: Files that mean something else, though they may not be there.
            lang: Language of complaints.

        Raises:
            ToolError: It is another.
        """
        try:
            path = self.path(name, lang)
        except ValueError as problem:
            raise complaint("unwritable", lang, file=_short(name), reason=problem) from None
        if path.suffix.lower() != ".svg" or path in {Path(os.path.realpath(one)) for one in inputs}:
            raise complaint("no-svg-file", lang, file=_short(name))
        if os.path.lexists(path):
            raise complaint("there-already", lang, file=_short(name))
        return path

    def write(self, path: Path, name: str, content: bytes, lang: str) -> None:
        """Write a file that isn't there yet, as a whole or not at all.

        Raises:
            ToolError: It can't be written.
        """
        try:
            file = path.open("xb")
            try:
                with file:
                    file.write(content)
            except OSError:
                path.unlink(missing_ok=True)
                raise
        except FileExistsError:
            raise complaint("there-already", lang, file=_short(name)) from None
        except OSError as problem:
            raise complaint("unwritable", lang, file=_short(name), reason=system_reason(problem, lang)) from None

    def record(self, parameter: str, given: str | None, lang: str) -> str | None:
        """The text of a record as it was given.

        Raises:
            ToolError: It is the path of a file.
        """
        if given is None or "=" in given:
            return given
        if "/" in given or "\\" in given or (given.strip() and os.path.lexists(self._folder / given)):
            raise complaint("not-a-record", lang, parameter=parameter, value=_shown(given), example=_RECORDS[parameter])
        return given


class CheckedServer(MCPServer):
    """A server whose tools take the arguments they name, and no others."""

    async def run_stdio_async(self) -> None:
        """Serve whoever started the process; what is no message is answered, too."""
        async with stdio_server() as (messages, answers):
            options = self._lowlevel_server.create_initialization_options()
            await self._lowlevel_server.run(Answered(messages, answers), answers, options)

    async def list_tools(self) -> list[Tool]:
        """The tools, whose schemas say so."""
        listed = await super().list_tools()
        return [
            one.model_copy(update={"input_schema": {**one.input_schema, "additionalProperties": False}})
            for one in listed
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Any = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: There is no such tool, it doesn't take these arguments, or it can't answer.
        """
        asked = arguments.get("lang")
        lang = str(asked) if asked in LANGUAGES else "en"
        schemas = {one.name: one.input_schema for one in await self.list_tools()}
        if name not in schemas:
            known = ", ".join(schemas)
            raise complaint("no-tool", lang, word=_shown(name), hint=meant(name, schemas, lang), known=known)
        _require_known(name, arguments, schemas[name], lang)
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as problem:
            cause = problem.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(_told(cause, schemas[name], lang)) from None
            if type(cause) is ToolError:  # in our own words, before the library put its own in front
                raise ToolError(writable(str(cause))) from None
            raise


def _require_known(tool: str, arguments: Mapping[str, Any], schema: Mapping[str, Any], lang: str) -> None:
    known = ", ".join(schema["properties"])
    for word in arguments:
        if word not in schema["properties"]:
            hint = meant(word, schema["properties"], lang)
            raise complaint("no-parameter", lang, tool=tool, word=_shown(word), hint=hint, known=known)
    for word in schema.get("required", ()):
        if word not in arguments:
            raise complaint("missing", lang, tool=tool, word=word, known=known)


def _told(problem: ValidationError, schema: Mapping[str, Any], lang: str) -> str:
    """What each argument takes that has a value of another kind."""
    texts: dict[str, str] = {}
    for error in problem.errors(include_url=False):
        parameter = str(error["loc"][0])
        expected = _kind(schema["properties"][parameter], lang)
        told = complaint("wrong", lang, parameter=parameter, expected=expected, value=_shown(error["input"]))
        texts.setdefault(parameter, str(told))
    return "\n".join(texts.values())


def _kind(schema: Mapping[str, Any], lang: str) -> str:
    """What a parameter takes, in words."""
    words = words_of("mcp_words", lang)
    one = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    if "enum" in one:
        return words["expected.enum"].format(known=", ".join(map(repr, one["enum"])))
    kind = one["type"]
    most = one.get("maxItems", one.get("maximum"))
    unbounded = ".unbounded" if kind == "array" and most is None else ""
    return words[f"expected.{kind}{unbounded}"].format(least=one.get("minimum"), most=most)


def _expected(parameter: str, lang: str) -> str:
    return words_of("mcp_words", lang)[f"expected.{parameter}"]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
