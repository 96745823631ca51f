"""`bimikit preview`: see a logo as inboxes show it, and what stands out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BimikitError
from ..locale import LANGUAGES, term
from ..output import render
from .files import STDIN, read_bounded
from .options import CONFORMANT, INDETERMINATE, color_wanted, exit_code
from .streams import CANNOT_RUN, put
from .words import complain, language, missing_extra, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..findings import Report

_SUFFIXES = (".html", ".htm", ".png")
_FORMATS = ("text", "json", "github", "markdown")


def _target(ctx: click.Context, option: click.Parameter, value: Path | None) -> Path | None:
    """A file whose name says what to write, or ``-``."""
    if value is not None and value != Path(STDIN) and value.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(told("preview.bad-ending", file=value), ctx, option)
    return value


@click.command(
    epilog="\b\nExit status:\n"
    "  0  no error (there may be warnings and notices)\n"
    "  1  an error: drawn, the logo shows one colour only, or nothing\n"
    "  2  could not run: usage, a file that can't be read or written, or the\n"
    "     renderer is missing: pip install 'bimikit[preview]'\n"
    "  3  undecided: the logo can't be drawn, or only in part\n\n"
    "\b\nExamples:\n"
    "  bimikit preview logo.svg                             what stands out, in words\n"
    "  bimikit preview logo.svg -o preview.html             with a page to look at in a browser\n"
    "  bimikit preview logo.svg -o preview.png              with one picture, for a ticket or a mail\n"
    "  bimikit preview logo.svg -o preview.html --lang ja   in Japanese\n"
    "  bimikit preview logo.svg -f github                   as GitHub annotations\n"
    "  bimikit preview - -o - < logo.svg > preview.html     through a pipe"
)
@click.argument("file", metavar="FILE")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), callback=_target, metavar="SHEET",
    help="Draw the contact sheet, too: a page (.html) or a picture (.png). - writes the page to standard output, and "
    "the report to standard error.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="text", show_default=True,
    help="How to write the report.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True,
    help="Language of the page and the report; by default that of the environment, else English. A picture has no "
    "words.",
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, /, file: str, output: Path | None, output_format: str, lang: str) -> None:
    """See a logo as inboxes show it: from 16 to 128 pixels, round and square, in light and in dark.

    FILE is an SVG or SVGZ file, or - for standard input. The logo is drawn and measured, and the report tells what
    stands out: a drawing that a round avatar cuts into, one that can hardly be seen in a dark inbox, details that are
    lost at small sizes. With -o the drawings are written as a contact sheet. A page tells what stands out, too, and
    needs no other file, so it can be sent as it is.

    FILE need not conform to SVG Tiny PS; that is what 'bimikit svg' judges. Nothing is fetched, and no file but FILE
    is opened: images and fonts that a logo names are left out.
    """
    ctx.exit(_run(file, output, output_format, lang))


def _run(file: str, output: Path | None, output_format: str, lang: str) -> int:
    from ..svg.appearance import check_appearance
    from ..svg.document import Limits

    if output is not None and _same(file, output):
        return _failed(told("preview.is-logo", file=output))
    try:
        data = read_bounded(file, Limits().max_bytes)
    except (OSError, ValueError) as problem:
        return _failed(unreadable_file(file, problem))
    piped = output == Path(STDIN)
    try:
        report = check_appearance(data, name=file)
        drawn = output is None or _drawn(data, report, output, lang)
    except BimikitError as problem:
        return _failed(missing_extra("preview") or str(problem))
    except OSError as problem:
        if output is None or piped:
            raise
        return _failed(unwritable_file(output, problem))
    account = render(output_format, [report], lang=lang, texts={}, color=not piped and color_wanted())
    if piped:
        click.echo(account, nl=False, err=True)
    else:
        put(account)
    code = exit_code(report)
    return INDETERMINATE if code == CONFORMANT and not drawn else code


def _drawn(data: bytes, report: Report, output: Path, lang: str) -> bool:
    """Write the contact sheet; False, and said why, where the logo can't be drawn.

    Raises:
        BimikitError: Something that drawing needs isn't there.
        OSError: The sheet can't be written.
    """
    from ..preview import contact_sheet, contact_sheet_html
    from ..preview_page import words
    from ..svg.pictures import NotDrawable

    name = "logo.svg" if report.subject == STDIN else Path(report.subject).name
    try:
        if output.suffix.lower() == ".png":
            sheet = contact_sheet(data)
        else:
            sheet = contact_sheet_html(data, lang=lang, name=name, report=report).encode()
    except NotDrawable as problem:
        complaint = words(lang)["preview.no-sheet"].format(
            file=term("label.stdin", lang) if report.subject == STDIN else report.subject,
            reason=term(f"unproven.{problem.reason}", lang),
        )
        complain(complaint)
        return False
    put(sheet, None if output == Path(STDIN) else output)
    return True


def _same(file: str, output: Path) -> bool:
    try:
        return output.samefile(file)
    except (OSError, ValueError):
        return False


def _failed(complaint: str) -> int:
    complain(complaint)
    return CANNOT_RUN
