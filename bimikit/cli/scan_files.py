"""The files of a scan: what its domains are read from, and what its rows are written to."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, UnsupportedOperation
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

import click

from ..locale import term
from ..output.view import one_line
from ..portfolio import names as inputs
from ..portfolio.names import Given, NoColumn, NoLines
from ..portfolio.sinks import (
    CSV,
    JSONL,
    SQLITE,
    Sink,
    Taken,
    Unfit,
    format_of,
    led_to,
    open_sink,
    remove_leftover,
    require_free,
    require_regular,
)
from .files import STDIN
from .streams import CANNOT_RUN
from .words import complain, spoken, told, unreadable_file, unwritable_file

TEXT, MARKDOWN, HTML = "text", "markdown", "html"
OF_ROWS = (JSONL, CSV, SQLITE)
"""Formats in which every domain has a row."""
FORMATS = (TEXT, *OF_ROWS, MARKDOWN, HTML)
_MOST_HEADINGS = 20
"""Of a table, that are told."""
_SUFFIXES = {".md": MARKDOWN, ".html": HTML, ".htm": HTML, ".txt": TEXT}


def form_of(given: str | None, output: Path | None) -> str:
    """The format of what is written: that asked for, or by the name of the file."""
    if given or output is None:
        return given or TEXT
    return _SUFFIXES.get(output.suffix.lower(), format_of(output.name))


def spool_of(form: str, output: Path | None, *, replace: bool) -> Path | None:
    """The file that rows are kept in while the scan goes on; not that of -o where it is written at the end."""
    if output is None or (form in OF_ROWS and not replace):
        return output
    place = led_to(output)  # a file of another file system can't take its place
    return place.with_name(f"{place.name}.{'part' if form in OF_ROWS else 'rows.jsonl'}")


def form_of_rows(form: str) -> str:
    """The format in which the rows of a scan are kept until they are written as asked."""
    return form if form in OF_ROWS else JSONL


def require_writable(ctx: click.Context, output: Path) -> None:
    """Refuse what can't be looked at, or is no file, such as a pipe: it can't be gone on with or be replaced."""
    try:
        require_regular(output)
    except OSError as problem:
        complain(unwritable_file(output, problem))
        ctx.exit(CANNOT_RUN)


class Domains(NamedTuple):
    """What is to be looked at.

    Attributes:
        domains: The domains, in order.
        dkim: DKIM selectors by domain, where the input names them.
        selectors: The selectors of the Assertion Records likewise.
    """

    domains: Iterator[Given]
    dkim: dict[str, tuple[str, ...]]
    selectors: dict[str, str]


def domains_of(opened: BinaryIO, file: str, form: str | None, column: str, origin: str) -> Domains:
    """The domains of the input, of which the first is read at once: what is wrong with it is told before anything else.

    Raises:
        BimikitError: It is an inventory that can't be read.
        click.UsageError: It can't be read, has no such column, or nothing in it.
    """
    form = form or inputs.format_of(file)
    dkim: dict[str, tuple[str, ...]] = {}
    selectors: dict[str, str] = {}
    found: Iterator[Given]
    if form == inputs.INVENTORY:
        from ..plan.inventory import MAX_BYTES, read_inventory

        with _readable(file):
            data = opened.read(MAX_BYTES + 1)
        listed = read_inventory(data, file).domains
        dkim = {one.name: tuple(one.dkim) for one in listed if one.dkim}
        selectors = {one.name: one.selector for one in listed}
        found = (Given(number, one.name, one.selector) for number, one in enumerate(listed, 1))
    else:
        found = _read(inputs.read_names(opened, form, column=column, origin=origin), file)
    try:
        first = next(found, None)
    except NoColumn as problem:
        there = one_line(", ".join(problem.headings[:_MOST_HEADINGS]))
        raise click.UsageError(told("scan.no-column", column=repr(column), headings=there)) from None
    if first is None:
        raise click.UsageError(told("scan.nothing-given", file=shown_input(file)))
    return Domains(chain([first], found), dkim, selectors)


def shown_input(file: str) -> str:
    """The input as it is told of."""
    return term("label.stdin", spoken()) if file == STDIN else file


def _read(found: Iterator[Given], file: str) -> Iterator[Given]:
    """The same; what can't be read is told as that, and not as what can't be written."""
    with _readable(file):
        yield from found


@contextmanager
def _readable(file: str) -> Iterator[None]:
    ctx = click.get_current_context()
    try:
        yield
    except (OSError, NoLines) as problem:
        with ctx.scope(cleanup=False):  # a thread that reads has none, and so no language
            if isinstance(problem, NoLines):
                raise click.UsageError(told(f"scan.{problem.problem}", file=shown_input(file))) from None
            raise click.BadParameter(unreadable_file(file, problem), param_hint="FILE") from None


@contextmanager
def opened_input(file: str) -> Iterator[tuple[BinaryIO, int]]:
    """The input and its size in bytes; 0 where that isn't known."""
    with _readable(file):
        opened = _opened_stdin() if file == STDIN else Path(file).open("rb")  # noqa: SIM115 - closed below, but for a pipe
    if not opened.seekable():
        yield opened, 0  # not closed: that would wait for a thread that waits for it
        return
    with opened:
        begin = opened.tell()
        size = opened.seek(0, os.SEEK_END)
        opened.seek(begin)
        yield opened, size


def _opened_stdin() -> BinaryIO:
    """Standard input as a file of its own: `sys.stdin` couldn't be taken down while a thread waits for it.

    Raises:
        OSError: It is closed.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        number = sys.stdin.fileno()
    except UnsupportedOperation:  # none of the system's
        return BytesIO(sys.stdin.buffer.read())
    return os.fdopen(os.dup(number), "rb")


@contextmanager
def sink_of(
    ctx: click.Context, form: str, path: Path | None, *, resume: bool, instead_of: Path | None = None
) -> Iterator[Sink | None]:
    """What takes the rows; where it took none, no new file stays behind.

    Args:
        ctx: The command's.
        form: The format of what is written in the end.
        path: The file of rows; None for none.
        resume: Whether to go on with what stands there.
        instead_of: The file whose place it takes when it is whole; who may read that one may read it until then, too.
    """
    if path is None:
        yield None
        return
    try:
        if instead_of is not None:
            require_free(instead_of)
            if path.is_symlink():  # what it leads to isn't ours, and can't take the other's place
                raise Unfit
            if not resume and path.exists():
                open_sink(path, form_of_rows(form), resume=True).close()  # somebody else's file stays
                remove_leftover(path)
        is_new = not path.exists()
        if is_new and instead_of is not None and instead_of.exists():
            path.touch(stat.S_IMODE(instead_of.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR, exist_ok=False)
            resume = True
        sink = open_sink(path, form_of_rows(form), resume=resume)
    except FileExistsError:
        raise click.UsageError(told("scan.is-there", file=path)) from None
    except Taken:
        raise click.UsageError(told("scan.taken", file=instead_of or path)) from None
    except Unfit as problem:
        raise click.UsageError(
            told("scan.unfit" if problem.line else "scan.unfit-whole", file=path, line=problem.line)
        ) from None
    except OSError as problem:
        complain(unwritable_file(path, problem))
        ctx.exit(CANNOT_RUN)
    try:
        yield sink
    except OSError as problem:
        complain(unwritable_file(path, problem))
        ctx.exit(CANNOT_RUN)
    finally:
        sink.close()
        if is_new and not sink.wrote:
            with suppress(OSError, Taken):
                remove_leftover(path)
