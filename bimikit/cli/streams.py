"""How results leave the program: to a file or through standard output, which may be closed or full."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from ..errors import BimikitError
from ..lazy import lazy_regex
from .words import complain, reason, spoken, told

if TYPE_CHECKING:
    from pathlib import Path

PIPE_CLOSED = 141
"""The status with which shells tell that SIGPIPE ended a program: whoever read its output has seen enough."""
INTERRUPTED = 130
"""The status with which shells tell that SIGINT ended a program: nothing is known of what it was to find out."""
CANNOT_RUN = 2
ASKED = f"{__name__}.asked"
"""Where a command that judges keeps which format and output were asked for."""
MANY = 20
"""From this many files on, progress is shown on a terminal."""
_OF_STREAMS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What may keep standard output from being written, other than a closed pipe."""

_IS_UTF_8 = lazy_regex(r"(?i)<!doctype html|<\?xml|[{\[]\s*[\"{}\]]", "match")
"""How pages, XML and JSON (RFC 8259, 8.1) begin."""


def put(content: str | bytes, file: Path | str | None = None) -> None:
    """Write to a file, or at once to standard output, whatever its encoding; what says itself that it is UTF-8 is.

    Raises:
        OSError: It can't be written.
    """
    if file is not None:
        data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        with open(file, "wb") as opened:  # noqa: PTH123 - for a logo's report alone pathlib need not be loaded
            opened.write(data)
        return
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    if isinstance(content, str) and _IS_UTF_8(content):
        content = content.encode("utf-8", "backslashreplace")
    if isinstance(content, str):
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(content.encode(encoding, "backslashreplace").decode(encoding))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    sys.stdout.flush()


def put_at_once(content: str | bytes, file: Path | None = None) -> None:
    """Write as `put` does, so that whoever reads the file has the old or the new one, and never a part of either.

    Raises:
        OSError: It can't be written.
    """
    mode = None
    if file is not None:
        with suppress(FileNotFoundError):  # but not what a circle of links raises, of which `resolve` makes no OSError
            mode = file.stat().st_mode
    if file is None or (mode is not None and not stat.S_ISREG(mode)):  # a device or pipe can't be replaced
        put(content, file)
        return
    target = file.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        put(content, beside)
        if mode is not None:
            beside.chmod(mode)
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def ends_well() -> Iterator[None]:
    """Around a command: a closed pipe ends it without a word; an interrupt, or what stands in its way, with one."""
    try:
        yield
    except KeyboardInterrupt:
        below_the_key()
        complain(told("interrupted"))
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BimikitError as problem:
        for line in problem.told(spoken()).splitlines():
            complain(line)
        ctx = click.get_current_context(silent=True)
        if asked := ctx.meta.get(ASKED) if ctx is not None else None:
            from .unjudged import tell

            with ends_well():
                tell(problem, asked)
        raise click.exceptions.Exit(CANNOT_RUN) from None
    except OSError as problem:
        closed = is_closed_pipe(problem)
        if problem.filename is not None or not (closed or problem.errno in _OF_STREAMS):
            raise
        _abandon_output()
        if closed:
            raise click.exceptions.Exit(PIPE_CLOSED) from None
        complain(told("cannot-write-output", reason=reason(problem)))
        raise click.exceptions.Exit(CANNOT_RUN) from None


def below_the_key() -> None:
    """Begin a line of its own where the terminal has shown ``^C``."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(err=True)


def is_closed_pipe(problem: OSError, system: str = sys.platform) -> bool:
    """Whether nobody reads what is written any more; Windows calls that an invalid argument."""
    return isinstance(problem, BrokenPipeError) or (system == "win32" and problem.errno == errno.EINVAL)


def _abandon_output() -> None:
    """Let what is still held back go nowhere, so that the interpreter's end doesn't stumble over it."""
    with suppress(AttributeError, OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def with_progress(names: Sequence[str], label: str) -> Iterator[str]:
    """Files or domains one after the other; where there are many, a terminal shows how far we are.

    Args:
        names: Their names.
        label: What is done: a key of the words.
    """
    if len(names) < MANY or sys.stderr is None or not sys.stderr.isatty():
        yield from names
        return
    with click.progressbar(names, label=told(label), file=sys.stderr, show_pos=True) as bar:
        yield from bar
