"""Reading files that may be of any size."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

_USUAL = 64 * 1024
"""Bytes that hold most files: room for the most that is judged is dear to get."""


def read_bounded(path: Path, most: int) -> bytes:
    """A file's content, and of a larger one a byte more than is judged: no device or pipe can fill the memory.

    Args:
        path: The file.
        most: Bytes that are judged.

    Raises:
        OSError: It can't be read.
        ValueError: Its name can't be one.
    """
    with path.open("rb") as file:
        return read_all(file, most)


def read_all(file: BinaryIO, most: int) -> bytes:
    """The same of a file that is open, such as standard input."""
    data = file.read(min(_USUAL, most + 1))
    return data if len(data) < _USUAL else data + file.read(most + 1 - len(data))
