"""Where repaired files go: which file is written under which name, and what stands against it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from .files import STDIN
from .words import complain, reason, told

ENDING = ".bimi.svg"
UNFINISHED = ".unfinished.svg"
"""The ending of a file that doesn't conform yet, where bimikit chooses the name: nobody shall publish it by mistake."""


class Target(NamedTuple):
    """A file to repair.

    Attributes:
        file: Its name, or `STDIN`.
        output: Where the repaired file goes: a path, `STDIN` for standard output, or None where it isn't written.
        unfinished: Where it goes when it doesn't conform yet.
    """

    file: str
    output: str | None
    unfinished: str | None

    def written(self, *, conformant: bool) -> str | None:
        """Where what came of it goes."""
        return self.output if conformant else self.unfinished


def targets(files: Sequence[str], paths: Sequence[str], output: str | None, *, write: bool) -> list[Target]:
    """The files with the names under which they are to be written.

    Args:
        files: The files.
        paths: The arguments that named them.
        output: What ``-o`` says: a file, a folder where there are several files, or `STDIN`.
        write: Whether anything is written where nobody says where.

    Raises:
        click.UsageError: A result would spoil a file or another result.
    """
    if STDIN in files and len(files) > 1:
        raise click.UsageError(told("fix.stdin-alone"))
    if output == STDIN and len(files) > 1:
        raise click.UsageError(told("fix.stdout-one"))
    folder = output if output not in (None, STDIN) and _is_folder(str(output), files, paths) else None
    if len(files) > 1:
        files = _without_results(files)
    found = []
    for file in files:
        if folder is not None:
            stem = Path(file).stem if file != STDIN else "logo"
            found.append(Target(file, str(Path(folder, stem + ENDING)), str(Path(folder, stem + UNFINISHED))))
            continue
        target = output
        if output is None and write:
            target = STDIN if file == STDIN else _beside(file)
        found.append(Target(file, target, target))
    _refuse_spoiling(found)
    if folder is not None and found:
        _make(folder)
    return found


_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def _is_folder(output: str, files: Sequence[str], paths: Sequence[str]) -> bool:
    return list(paths) != list(files) or len(files) > 1 or output.endswith(_SEPARATORS) or Path(output).is_dir()


def _beside(file: str, ending: str = ENDING) -> str:
    return str(Path(file).parent / f"{Path(file).stem}{ending}")


def _without_results(files: Sequence[str]) -> list[str]:
    """The files but for those that an earlier repair of another of them wrote."""
    originals = {_beside(file, ending): file for file in files for ending in (ENDING, UNFINISHED)}
    kept = []
    for file in files:
        original = originals.get(str(Path(file)))
        if original is None:
            kept.append(file)
        else:
            complain(told("fix.left-out", file=file, original=original))
    return kept


def _refuse_spoiling(found: Sequence[Target]) -> None:
    originals = {_identity(one.file) for one in found} - {None}
    taken: dict[str, str] = {}
    for file, *outputs in found:
        for target in outputs:
            if target in (None, STDIN):
                continue
            if _identity(str(target)) in originals:
                raise click.UsageError(told("fix.is-original", option="-o", file=target))
            first = taken.setdefault(os.path.normcase(str(target)), file)
            if first != file:
                raise click.UsageError(told("fix.same-target", first=first, second=file, target=target))


def _identity(file: str) -> tuple[int, int] | None:
    """What two names of one file have in common; None where there is no file."""
    try:
        status = Path(file).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _make(folder: str) -> None:
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise click.UsageError(told("fix.no-folder", folder=folder, reason=reason(problem))) from None
