"""Reading files that may be of any size, and may be no files."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

_USUAL = 64 * 1024
"""Bytes that hold most files: room for the most that is judged is dear to get."""
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""So that to open a pipe into which nobody writes doesn't wait for somebody; Windows has neither."""
_DESCRIPTORS = ("/dev/fd", "/proc/self/fd")
_INPUT = "/dev/stdin"


def read_bounded(path: str | os.PathLike[str], most: int, *, descriptors: bool = False) -> bytes:
    """A regular file's content, and of a larger one a byte more than is judged.

    Pipes, sockets and devices are refused: where nobody writes, reading one never ends.

    Args:
        path: The file.
        most: Bytes that are judged.
        descriptors: Whether a name such as ``/dev/stdin`` or ``/dev/fd/63`` is taken, whatever is behind it. It is one
            that people give on purpose, most often by ``<(…)`` of a shell, and what this process was started with:
            whoever started it writes to it or closes it, as with standard input.

    Raises:
        OSError: It can't be read, or is no regular file.
        ValueError: Its name can't be one.
    """
    name = os.fspath(path)
    taken = descriptors and (name == _INPUT or os.path.dirname(name) in _DESCRIPTORS)  # noqa: PTH120 - see `cli.files`
    with open(name, "rb", opener=None if taken else _regular) as file:
        return read_all(file, most)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file that may be of any size, to be read as a stream; raises as `read_bounded`."""
    return open(path, "rb", opener=_regular)


def read_all(file: BinaryIO, most: int) -> bytes:
    """The same of a file that is open, such as standard input."""
    data = file.read(min(_USUAL, most + 1))
    return data if len(data) < _USUAL else data + file.read(most + 1 - len(data))


def _regular(name: str, flags: int) -> int:
    """Open a regular file, or a folder, which `open` refuses itself."""
    try:
        descriptor = os.open(name, flags | _AT_ONCE)
    except OSError as problem:
        if problem.errno != errno.ENXIO:  # a socket, or a device without its driver
            raise
        raise _irregular(name) from None
    mode = os.fstat(descriptor).st_mode  # of what was opened: another file may have the name by now
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return descriptor
    os.close(descriptor)
    raise _irregular(name)


def _irregular(name: str) -> OSError:
    return OSError(errno.ENXIO, "Is no regular file", name)
