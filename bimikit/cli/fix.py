"""`bimikit fix`: repair a logo, list each change, and prove that the picture is the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BimikitError
from ..locale import LANGUAGES
from ..svg.check import DEFAULT_LIMITS, check_svg, decode
from .files import STDIN, read_bounded
from .inputs import FILE, read_given
from .options import (
    CANNOT_RUN,
    CONFORMANT,
    FAILED,
    INDETERMINATE,
    _language,
    _Listed,
    color_wanted,
    same_file,
    suggestion,
)

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
    raise ValueError(f"no such kind: {word!r}.{suggestion(word, KINDS)} There are {', '.join(KINDS)}.")


@click.command(
    epilog="\b\nKinds for --allow:\n"
    + "\n".join(f"  {kind:10} {meaning}" for kind, meaning in KINDS.items())
    + "\n\n\b\nExit status:\n"
    "  0  the file conforms now, and the picture is proven to be the same (or changed as allowed)\n"
    "  1  it doesn't conform yet: what remains is listed\n"
    "  2  could not run: usage, a file that can't be opened or written\n"
    "  3  it conforms, but the pictures could not be compared, or not as a whole\n\n\b\nExamples:\n"
    "  bimikit fix logo.svg                           writes logo.bimi.svg and says what was changed\n"
    "  bimikit fix logo.svg --title 'Acme' -o out.svg\n"
    "  bimikit fix logo.svg --diff                    show what would change, write nothing\n"
    "  bimikit fix icon.svg --background '#ffffff'    a one-colour icon needs a second colour\n"
    "  bimikit fix logo.svg --allow filter,mask --picture compare.png\n"
    "  bimikit fix - < logo.svg > fixed.svg",
)
@click.argument("path", metavar="FILE")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), metavar="OUT",
    help="Where to write the repaired file; - is standard output. By default a file that conforms is written to FILE "
    "with .bimi.svg for its ending, and nothing otherwise.",
)  # fmt: skip
@click.option("--title", help="The logo's title: the brand's name. By default the file's own, else the file's name.")
@click.option("--desc", help="A description of what is seen, which Gmail asks for.")
@click.option("--background", metavar="COLOR", help="Put a solid background of this colour behind the logo.")
@click.option("--square/--no-square", default=True, help="Extend a canvas that isn't square.  [default: --square]")
@click.option(
    "--allow", type=_Listed("kinds", _kind), multiple=True, metavar="KIND,…",
    help="Allow changes of this kind, although the picture may change. Can be repeated.",
)  # fmt: skip
@click.option("--font", "fonts", type=FILE, multiple=True, help="Font file for --allow text. Can be repeated.")
@click.option("--diff", is_flag=True, help="Show the changes to the text, and write nothing unless -o is given.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), metavar="PNG",
    help="Write the pictures before and after, and their difference, to this file.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to tell what was done.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), callback=_language, help="Language of the texts.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: str,
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
    """Repair a logo so that it conforms to SVG Tiny PS, without changing its picture.

    Everything that can be expressed in SVG Tiny PS without changing a pixel is; the rest is listed with the reason, and
    with the kind of change you can allow. The pictures before and after are drawn and compared.
    """
    try:
        data = read_bounded(path, DEFAULT_LIMITS.max_bytes)
    except (OSError, ValueError) as problem:
        click.echo(f"bimikit: can't read {path}: {getattr(problem, 'strerror', None) or problem}", err=True)
        ctx.exit(CANNOT_RUN)
    kinds = [kind for group in allow for kind in group]
    _refuse_nonsense(path, output, picture, diff=diff, told_as_json=output_format == "json")
    if fonts and "text" not in kinds:
        raise click.UsageError("--font is for outlines: add --allow text")
    whatever_comes = output is not None  # without a name only a conformant file is written
    if output is None and not diff:
        output = STDIN if path == STDIN else str(Path(path).with_suffix(".bimi.svg"))
    guessed = _title_from(path, data) if title is None else None
    try:
        from ..repair import repair_svg

        result = repair_svg(
            data,
            title=guessed if title is None else title,
            desc=desc,
            background=background,
            square=square,
            allow=kinds,
            fonts=[read_given(font, MOST_FONT_BYTES, "--font") for font in fonts],
            name=path,
        )
    except (BimikitError, ValueError) as problem:
        click.echo(f"bimikit: {problem}", err=True)
        ctx.exit(CANNOT_RUN)
    if not whatever_comes and output != STDIN and not (result.report.ok and result.changed):
        output = None
    written = _write(result, output, picture)
    if written is None:
        ctx.exit(CANNOT_RUN)
    from ..output.repair import render

    told = (
        result.to_json(lang) + "\n"
        if output_format == "json"
        else render(result, written, lang, color_wanted(), guessed_title=guessed or "")
    )
    if diff:
        click.echo("".join(_text_diff(result, data)), nl=False)
    click.echo(told, nl=False, err=diff or output == STDIN)
    ctx.exit(exit_code(result))


def exit_code(result: Repair) -> int:
    """What a repair means to a pipeline."""
    if result.ok:
        return CONFORMANT
    return INDETERMINATE if result.svg is not None and result.report.ok and result.unproven else FAILED


def _refuse_nonsense(path: str, output: str | None, picture: Path | None, *, diff: bool, told_as_json: bool) -> None:
    """Combinations of options in which one result would spoil another.

    Raises:
        click.UsageError: There is one.
    """
    if diff and (output == STDIN or told_as_json):
        raise click.UsageError(
            "--diff writes to standard output, and so would " + ("-f json" if told_as_json else "-o -")
        )
    if picture is not None and picture.suffix.lower() != ".png":
        raise click.UsageError(f"--picture writes a PNG: {picture} must end with .png")
    named = [("-o", Path(output))] if output not in (None, STDIN) else []
    named += [("--picture", picture)] if picture is not None else []
    for option, target in named:
        if same_file(target, path):
            raise click.UsageError(
                f"{option}: {target} is the file to repair; give another name, so that you can compare"
            )
    if len(named) > 1 and Path(named[0][1]).absolute() == Path(named[1][1]).absolute():
        raise click.UsageError("-o and --picture name the same file")


def _title_from(path: str, data: bytes) -> str | None:
    """A title from the file's name, where the file has none of its own."""
    if path == STDIN or check_svg(data).facts.get("title"):
        return None
    words = " ".join(Path(path).name.split(".")[0].replace("_", " ").replace("-", " ").split())
    return words if words.isprintable() and words else None


def _write(result: Repair, output: str | None, picture: Path | None) -> list[str] | None:
    """Write what was asked for; the names of the files that were written, and None where one can't be."""
    written = []
    try:
        if picture is not None and result.picture is not None:
            picture.write_bytes(result.picture)
            written.append(str(picture))
        if output == STDIN and result.svg is not None:
            sys.stdout.buffer.write(result.svg)
            sys.stdout.buffer.flush()
        elif output is not None and result.svg is not None:
            Path(output).write_bytes(result.svg)
            written.append(output)
    except OSError as problem:
        click.echo(f"bimikit: can't write {problem.filename}: {problem.strerror}", err=True)
        return None
    return written


def _text_diff(result: Repair, data: bytes) -> list[str]:
    if result.svg is None:
        return []
    texts = [decode(text).splitlines(keepends=True) for text in (data, result.svg)]
    lines = unified_diff(
        texts[0], texts[1], fromfile=result.before.subject, tofile=f"{result.before.subject} (repaired)"
    )
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
