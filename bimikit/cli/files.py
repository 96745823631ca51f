"""The files that a command line names."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..bounded import read_all
from ..bounded import read_bounded as bounded
from .words import told

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
        if path and _is_folder(path):
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


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # a name that is too long, or has a NUL
        return False


def read_bounded(path: Path | str, most: int) -> bytes:
    """At most one byte more than is judged, so that no device or pipe can fill the memory.

    Raises:
        OSError: The file can't be read.
        ValueError: Its name can't be one.
    """
    if path == STDIN:
        if sys.stdin is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return read_all(sys.stdin.buffer, most)
    return bounded(Path(path), most)


def _glob(pattern: str) -> list[str]:
    from glob import glob  # Path.glob takes no absolute pattern

    # links may lead in circles: of several names for one file the first counts
    by_file: dict[str, str] = {}
    for path in sorted(glob(pattern, recursive=True), key=lambda path: (path.count(os.sep), path)):  # noqa: PTH207
        if Path(path).is_file():
            by_file.setdefault(os.path.realpath(path), path)
    return sorted(by_file.values())


def _files_in(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.lower().endswith(suffixes):
                yield str(Path(here, name))
