"""`bimikit svg`: judge logo files."""

from __future__ import annotations

from typing import Any

import click

from ..svg.check import DEFAULT_LIMITS, check_svg, decode, unreadable
from .files import expand, read_bounded
from .options import EXIT_CODES, common_options, finish
from .streams import with_progress
from .words import complain, reason, unreadable_file

SUFFIXES = (".svg", ".svgz")


@click.command(
    epilog=f"{EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit svg logo.svg                      every fault, with what to do\n"
    "  bimikit svg brand/ --format github        all logos of a folder, as GitHub annotations\n"
    "  bimikit svg logo.svg --lang ja -f html -o report.html\n"
    "  curl -s https://example.com/logo.svg | bimikit svg -\n"
    "  bimikit rules svg.title-missing           explain one rule",
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE…")
@common_options
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Judge logos against SVG Tiny PS and what mailbox providers ask.

    FILE is an SVG or SVGZ file, a folder (all logos in it, at any depth), a pattern such as 'brand/*.svg', or - for
    standard input. Nothing is fetched: the answer depends on the file alone.
    """
    files, complaints = expand(paths, SUFFIXES, "logo")
    reports, texts = [], {}
    for name in with_progress(files, "progress.judging"):
        try:
            data = read_bounded(name, DEFAULT_LIMITS.max_bytes)
        except (OSError, ValueError) as problem:
            complaints.append(unreadable_file(name, problem))
            reports.append(unreadable(name, reason(problem)))
            continue
        reports.append(check_svg(data, name=name))
        if reports[-1].findings:
            texts[name] = decode(data)
    for complaint in complaints:
        complain(complaint)
    ctx.exit(finish(reports, texts, failed_to_run=bool(complaints), **options))
