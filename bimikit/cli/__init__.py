"""The command line. Each command's module is imported only when the command is run."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

_COMMANDS = {
    "check": "Judge a planned publication: logo, certificate, DMARC and BIMI record. Offline.",
    "domain": "Judge a domain live: will its logo show, and if not, why?",
    "cert": "Judge Mark Certificates (VMC, CMC) and the logo inside.",
    "expiry": "Tell when certificates end: table, calendar, metrics; exit 1 where one ends soon.",
    "fix": "Repair a logo: the same picture as conformant SVG Tiny PS, with proof.",
    "mcp": "Serve the checks as tools for assistants (Model Context Protocol).",
    "plan": "The road to a logo: each domain's stage, what blocks it, the records to publish.",
    "portal": "Serve the portal: a web page to upload a logo and understand the answer.",
    "preview": "Draw a logo as inboxes will show it: a contact sheet.",
    "reports": "Read DMARC aggregate reports: who sends, what passes, what a higher policy would break.",
    "rules": "List bimikit's rules, or explain one.",
    "scan": "Look at many domains: DMARC and BIMI of each, streamed to a file, resumable.",
    "svg": "Judge logo files (SVG, SVGZ) against SVG Tiny PS.",
    "verify": "Compare what is published with the repository: records, logo, certificate. Live.",
}
"""Commands and what `bimikit --help` says of them; each is `command` in the module of its name."""


_MUCH = 50_000
"""Objects that may come before garbage is looked for: as many as a short run makes, most of them code that stays."""


class _Commands(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:
        usual = gc.get_threshold()
        gc.set_threshold(_MUCH, *usual[1:])
        try:
            with _whatever_its_encoding(sys.stdout):
                return super().main(*args, **extra)
        except SystemExit as end:
            from .streams import INTERRUPTED

            if end.code == INTERRUPTED and not (args or extra):  # nobody but the program itself is in this process
                from .interrupts import leave_at_once

                leave_at_once(INTERRUPTED)
            raise
        finally:
            gc.set_threshold(*usual)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from .streams import ends_well

        with ends_well():  # here --help and --version are answered
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        from .streams import ends_well

        with ends_well():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f".{cmd_name}", __package__).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in _COMMANDS and not name.startswith("-"):
            from .options import suggestion
            from .words import told

            ctx.fail(told("no-such-command", word=repr(name), hint=suggestion(name, _COMMANDS)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@contextmanager
def _whatever_its_encoding(stream: Any) -> Iterator[None]:
    """While a stream takes every character: what its encoding lacks, as CP437 does ``…``, is written as an escape."""
    strict = isinstance(stream, TextIOWrapper) and stream.errors == "strict"
    if strict:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        if strict:
            with suppress(ValueError, OSError):  # it may be closed, or full
                stream.reconfigure(errors="strict")


def _version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked:
        from .. import __version__

        click.echo(f"bimikit {__version__}")
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: bimikit svg logo.svg    Help on a command: bimikit svg --help",
)
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version and exit."
)
def main() -> None:
    """Tell whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change."""
