"""`bimikit mcp`: serve the checks as tools for assistants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import configuration
from .streams import CANNOT_RUN
from .words import complain, missing_extra, unreadable_file

if TYPE_CHECKING:
    from ..config import Config


@click.command(
    epilog="The assistant's program starts it and talks to it over standard input and output. Each answer is in words, "
    "and as the same JSON as --format json gives.\n\n"
    "\b\nExit status:\n"
    "  0  the other side hung up\n"
    "  2  could not run: usage, or its packages are missing: pip install 'bimikit[mcp]'\n\n"
    "\b\nExample, in the settings of an assistant:\n"
    '  {"mcpServers": {"bimikit": {"command": "bimikit", "args": ["mcp", "--folder", "/path/to/brand"]}}}'
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    is_eager=True,  # a configuration is looked for from there on
    metavar="FOLDER",
    help="Read and write files in this folder and below only; the current one by default.",
)
@click.option("--no-live", is_flag=True, help="Don't check domains live: ask nothing of the network.")
@configuration
@click.pass_context
def command(ctx: click.Context, /, folder: Path, no_live: bool, config: Config | None) -> None:
    """Serve bimikit's checks to an assistant by the Model Context Protocol.

    The tools: check_svg, check_certificate, check_publication, check_domain, verify_publication, check_expiry,
    check_hosted_expiry, repair_svg and explain_rule. The configuration is looked for in FOLDER and above it when the
    server starts, and read again for every call.
    """
    lacking = missing_extra("mcp")
    if lacking:
        complain(lacking)
        ctx.exit(CANNOT_RUN)
    from ..mcp_server import server

    try:
        made = server(folder, config, live=not no_live)
    except OSError as problem:  # the current folder may be gone
        complain(unreadable_file(folder, problem))
        ctx.exit(CANNOT_RUN)
    made.run("stdio")
