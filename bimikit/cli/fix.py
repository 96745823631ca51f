"""`bimikit fix`: repair a logo, list each change, and prove that the picture is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from ..errors import BimikitError
from ..locale import LANGUAGES
from ..svg.check import DEFAULT_LIMITS, decode, unreadable
from ..svg.colours import read_colour
from ..svg.content import is_blank
from .files import STDIN, expand, read_bounded
from .inputs import FILE, read_given
from .options import CONFORMANT, FAILED, INDETERMINATE, Listed, color_wanted, same_file, suggestion, worst
from .streams import CANNOT_RUN, put, with_progress
from .svg import SUFFIXES
from .targets import targets
from .words import complain, language, missing_extra, reason, told, unreadable_file, unwritable_file

if TYPE_CHECKING:
    from ..svg.repair.result import Repair

KINDS = {
    "animation": "stand still, without animation",
    "blend": "blend modes and group opacities, as near as can be",
    "crop": "a square canvas close around the drawing, with a margin",
    "filter": "no filters (shadows, blurs)",
    "foreign": "no embedded HTML",
    "image": "bitmaps traced into shapes",
    "marker": "no markers",
    "mask": "no masks that aren't plain shapes",
    "pattern": "one colour instead of a pattern",
    "simplify": "fewer decimals, to get under 32 KB",
    "text": "outlines instead of text (give the font with --font)",
}
MOST_FONT_BYTES = 32 * 1024 * 1024


def _kind(word: str) -> str:
    if word in KINDS:
        return word
    hint = suggestion(word, KINDS)
    raise ValueError(told("fix.no-kind", word=repr(word), hint=hint, known=", ".join(KINDS)))


@click.command(
    epilog="\b\nKinds for --allow:\n"
    + "\n".join(f"  {kind:10} {meaning}" for kind, meaning in KINDS.items())
    + "\n\n\b\nExit status:\n"
    "  0  the file conforms now, and the picture is proven to be the same (or changed as allowed)\n"
    "  1  it doesn't conform yet: what remains is listed\n"
    "  2  could not run: usage, a file that can't be opened or written\n"
    "  3  it conforms, but the pictures could not be compared, or not as a whole\n"
    "Over several files: 2 before 1 before 3 before 0.\n\n\b\nExamples:\n"
    "  bimikit fix logo.svg                           writes logo.bimi.svg and says what was changed\n"
    "  bimikit fix logo.svg --title 'Acme' -o out.svg\n"
    "  bimikit fix brand/ -o repaired/                all logos of a folder, written into another\n"
    "  bimikit fix logo.svg --diff                    show what would change, write nothing\n"
    "  bimikit fix icon.svg --background '#ffffff'    a one-colour icon needs a second colour\n"
    "  bimikit fix logo.svg --allow filter,mask --picture compare.png\n"
    "  bimikit fix - < logo.svg > fixed.svg",
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "-o", "--output", type=click.Path(), metavar="OUT",
    help="Where to write the repaired file; - is standard output. Of several files: the folder, made where "
    "there is none, for NAME.bimi.svg of each, or NAME.unfinished.svg of one that doesn't conform yet. By default a "
    "file that conforms is written beside FILE, with .bimi.svg for its ending, and nothing otherwise.",
)  # fmt: skip
@click.option("--title", help="The logo's title: the brand's name. By default the file's own, else the file's name.")
@click.option("--desc", help="A description of what is seen, which Gmail asks for.")
@click.option("--background", metavar="COLOR", help="Put a solid background of this colour behind the logo.")
@click.option("--square/--no-square", default=True, help="Extend a canvas that isn't square.  [default: --square]")
@click.option(
    "--allow", type=Listed("kinds", _kind), multiple=True, metavar="KIND,…",
    help="Allow changes of this kind, although the picture may change. Can be repeated.",
)  # fmt: skip
@click.option("--font", "fonts", type=FILE, multiple=True, help="Font file for --allow text. Can be repeated.")
@click.option("--diff", is_flag=True, help="Show the changes to the text, and write nothing unless -o is given.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), metavar="PNG",
    help="Write the pictures before and after, and their difference, to this file. With one FILE only.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to tell what was done.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True, help="Language of the texts.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    output: str | None,
    title: str | None,
    desc: str | None,
    background: str | None,
    square: bool,
    allow: Sequence[tuple[str, ...]],
    fonts: Sequence[Path],
    diff: bool,
    picture: Path | None,
    output_format: str,
    lang: str,
) -> None:
    """Repair logos so that they conform to SVG Tiny PS, without changing their picture.

    FILE is an SVG or SVGZ file, a folder (all logos in it, at any depth), a pattern such as 'brand/*.svg', or - for
    standard input. Everything that can be expressed in SVG Tiny PS without changing a pixel is; the rest is listed with
    the reason, and with the kind of change you can allow. The pictures before and after are drawn and compared.
    """
    from ..output.repair import Account, render, render_json

    files, complaints = expand(paths, SUFFIXES, "logo")
    kinds = [kind for group in allow for kind in group]
    _refuse_nonsense(files, output, picture, diff=diff, told_as_json=output_format == "json")
    if fonts and "text" not in kinds:
        raise click.UsageError(told("fix.fonts-for-nothing"))
    unfit = unfit_words(title, desc, background, told)
    if unfit:
        complain(unfit)
        ctx.exit(CANNOT_RUN)
    planned = {one.file: one for one in targets(files, paths, output, write=not diff)}
    wishes = {
        "title": title,
        "desc": desc,
        "background": background,
        "square": square,
        "allow": kinds,
        "fonts": [read_given(font, MOST_FONT_BYTES, "--font") for font in fonts],
    }
    accounts: list[Account] = []
    texts: list[str] = []
    for file in with_progress(list(planned), "progress.repairing"):
        try:
            data = read_bounded(file, DEFAULT_LIMITS.max_bytes)
        except (OSError, ValueError) as problem:
            complaints.append(unreadable_file(file, problem))
            accounts.append(Account(_unread(file, reason(problem))))
            continue
        result = _repaired(data, name=file, **wishes)
        target = planned[file].written(conformant=result.report.ok)
        if output is None and target != STDIN and not (result.report.ok and result.changed):
            target = None  # without a name only a conformant file is written
        written, unwritten = _write(result, target, picture)
        complaints += unwritten
        if diff:
            texts += _text_diff(result, data)
        accounts.append(Account(structs.replace(result, drawn=None), tuple(written), bool(unwritten)))
    for complaint in complaints:
        complain(complaint)
    if texts:
        put("".join(texts))
    aside = diff or any(one.output == STDIN for one in planned.values())
    if accounts and output_format == "json":
        _tell(render_json([account.repair for account in accounts], lang), aside=aside)
    elif accounts:
        _tell(render(accounts, lang, color_wanted()), aside=aside)
    codes = {exit_code(account.repair) for account in accounts}
    ctx.exit(worst(codes | {CANNOT_RUN} if complaints else codes))


def _tell(account: str, *, aside: bool) -> None:
    if aside:
        click.echo(account, nl=False, err=True)
    else:
        put(account)


def exit_code(result: Repair) -> int:
    """What a repair means to a pipeline."""
    if result.ok:
        return CONFORMANT
    return INDETERMINATE if result.svg is not None and result.report.ok and result.unproven else FAILED


def _repaired(data: bytes, **wishes: Any) -> Repair:
    """The repair; what stands against one stands against all, so that the program ends."""
    try:
        from ..repair import repair_svg

        return repair_svg(data, **wishes)
    except (BimikitError, ValueError) as problem:
        complain(missing_extra("repair") or str(problem))
        raise click.exceptions.Exit(CANNOT_RUN) from None


def _unread(file: str, why: str) -> Repair:
    """The result for a file that can't be opened, so that no account leaves it out."""
    from ..svg.repair.result import Repair

    report = unreadable(file, why)
    return Repair(None, (), (), (), None, "", report, report)


def _refuse_nonsense(
    files: Sequence[str], output: str | None, picture: Path | None, *, diff: bool, told_as_json: bool
) -> None:
    """Combinations of options in which one result would spoil another.

    Raises:
        click.UsageError: There is one.
    """
    if diff and (output == STDIN or told_as_json):
        raise click.UsageError(told("fix.diff-and", other="-f json" if told_as_json else "-o -"))
    if picture is None:
        return
    if picture.suffix.lower() != ".png":
        raise click.UsageError(told("fix.picture-is-png", file=picture))
    if len(files) > 1:
        raise click.UsageError(told("fix.picture-one"))
    if any(same_file(picture, file) for file in files):
        raise click.UsageError(told("fix.is-original", option="--picture", file=picture))
    with suppress(FileNotFoundError):  # where the current folder is gone, nothing can be written to it
        if output not in (None, STDIN) and Path(str(output)).absolute() == picture.absolute():
            raise click.UsageError(told("fix.same-name"))


def unfit_words(title: str | None, desc: str | None, background: str | None, told: Callable[..., str]) -> str:
    """Why a logo can't be given these, told in the words of a key; empty where it can."""
    for what, value in (("title", title), ("desc", desc)):
        if value is not None and is_blank(value):
            return told(f"fix.{what}-empty")
        if value is not None and not " ".join(value.split()).isprintable():
            return told(f"fix.{what}-unprintable")
    colour = None if background is None else read_colour(background)
    if background is not None and (colour is None or colour.rgba is None or colour.rgba[3] != 255):
        return told("fix.no-colour", text=repr(background))
    return ""


def _write(result: Repair, output: str | None, picture: Path | None) -> tuple[list[str], list[str]]:
    """Write what was asked for: the names of the files that were written, and what is wrong with the others."""
    if output == STDIN and result.svg is not None:
        put(result.svg)
    written, complaints = [], []
    for name, content in ((picture, result.picture if picture else None), (output, result.svg)):
        if name in (None, STDIN) or content is None:
            continue
        try:
            put(content, str(name))
            written.append(str(name))
        except OSError as problem:
            complaints.append(unwritable_file(str(name), problem))
    return written, complaints


def _text_diff(result: Repair, data: bytes) -> list[str]:
    if result.svg is None:
        return []
    texts = [decode(text).splitlines(keepends=True) for text in (data, result.svg)]
    lines = unified_diff(
        texts[0], texts[1], fromfile=result.before.subject, tofile=f"{result.before.subject} (repaired)"
    )
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
