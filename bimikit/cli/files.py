"""The files that a command line names."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..bounded import read_all
from ..bounded import read_bounded as read_file
from .words import told

if TYPE_CHECKING:
    from pathlib import Path

STDIN = "-"
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})


def expand(paths: Sequence[str], suffixes: tuple[str, ...], what: str) -> tuple[list[str], list[str]]:
    """The files that the arguments name, each once and in order, and what is wrong with the arguments.

    Args:
        paths: Files, folders, patterns, or `STDIN`.
        suffixes: What a folder is searched for.
        what: What these files are: ``"logo"`` or ``"certificate"``.
    """
    files: dict[str, None] = {}
    complaints = []
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - to load pathlib takes longer than to judge a logo
            found = list(_files_in(path, suffixes))
            files.update(dict.fromkeys(found))
            if not found:
                words = {"what": told(f"what.{what}"), "suffixes": ", ".join(suffixes)}
                complaints.append(told("files.none-in-folder", folder=path, **words))
        elif any(sign in path for sign in "*?[") and not os.path.lexists(path):
            found = _glob(path)
            files.update(dict.fromkeys(found))
            if not found:
                complaints.append(told("files.no-match", pattern=path))
        else:
            files[path] = None  # one that isn't there is told when it is opened
    return list(files), complaints


def read_bounded(path: Path | str, most: int) -> bytes:
    """The content of a file that an argument or option names, and at most one byte more than is judged.

    Raises:
        OSError: The file can't be read, or is a pipe or device that isn't one of this process.
        ValueError: Its name can't be one.
    """
    if path == STDIN:
        if sys.stdin is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return read_all(sys.stdin.buffer, most)
    return read_file(path, most, descriptors=True)


def _glob(pattern: str) -> list[str]:
    from glob import glob  # Path.glob takes no absolute pattern

    # links may lead in circles: of several names for one file the first counts
    by_file: dict[str, str] = {}
    for path in sorted(glob(pattern, recursive=True), key=lambda path: (path.count(os.sep), path)):  # noqa: PTH207
        if os.path.isfile(path):  # noqa: PTH113
            by_file.setdefault(os.path.realpath(path), path)
    return sorted(by_file.values())


def _files_in(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    from pathlib import Path

    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            if not name.lower().endswith(suffixes):
                continue
            path = str(Path(here, name))
            # what can't be looked at, such as a link that leads nowhere, is told when it is opened
            if os.path.isfile(path) or not os.path.exists(path):  # noqa: PTH110, PTH113
                yield path
