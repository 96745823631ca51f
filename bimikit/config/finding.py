"""Finding a configuration, without loading what it takes to read one."""

from __future__ import annotations

import errno
import os
import re
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from ..bounded import read_bounded
from ..lazy import lazy_regex
from .problems import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAMES = ("bimikit.toml", "pyproject.toml")
"""What a configuration may be called; in one folder the first wins."""
_LARGEST = 256 * 1024
"""Bytes of a configuration."""
_MOST_DOTS = 30
"""In a key: `tomllib` takes memory by their square."""

_OURS = b"bimikit"
"""What a file must hold to have our table."""
_REPOSITORIES = (".git", ".hg")
"""What lies at the root of a repository; in a worktree or submodule it is a file."""
_BARE, _BASIC, _LITERAL = rb"[A-Za-z0-9_-]++", rb'"(?:[^"\\\n]|\\[^\n])*+"?', rb"'[^'\n]*+'?"
_DEEP = rb"(?:(?:%s|%s|%s)[ \t]*+\.[ \t]*+){%d}" % (_BARE, _BASIC, _LITERAL, _MOST_DOTS + 1)
_TOKENS = (
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?',
    rb"'''(?:[^']|'(?!''))*+(?:''')?",
    rb"#[^\n]*+",
    _BASIC,
    _LITERAL,
    _BARE,
    rb"""[^"'#A-Za-z0-9_-]++""",
)
"""What a file consists of; whole strings and comments, for what looks like a key in them is none."""
_DEEP_KEY = lazy_regex(rb"(?:(?!%s)(?:%s))*+(?P<key>%s)" % (_DEEP, b"|".join(_TOKENS), _DEEP), "match", re.DOTALL)

Refused: TypeAlias = "Callable[[ConfigError], object]"
"""What is told of a file that isn't followed."""


def _warn(problem: ConfigError) -> None:
    warnings.warn(str(problem), stacklevel=4)


def find(start: Path, refused: Refused = _warn) -> Path | None:
    """The nearest configuration in a folder or above it, up to the root of its repository; None where there is none.

    Args:
        start: A folder. A ``pyproject.toml`` counts if it has a table ``[tool.bimikit]``.
        refused: Takes what is wrong with a file that is passed over since it is somebody else's; a warning by default.

    Raises:
        ConfigError: A file on the way can't be read.
    """
    from pathlib import Path

    found = nearest(str(start), refused)
    return None if found is None else Path(found)


def nearest(start: str, refused: Refused = _warn) -> str | None:
    """What `find` does, for runs that find none and get by without `pathlib`, which is dear to load.

    Raises:
        ConfigError: A file on the way can't be read.
    """
    try:
        folder = os.path.abspath(start)  # noqa: PTH100
    except OSError:  # the current folder is gone
        return None
    while True:
        for name in FILE_NAMES:
            file = os.path.join(folder, name)  # noqa: PTH118
            if os.path.isfile(file) and _counts(file, folder, refused):  # noqa: PTH113
                return file
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder or any(os.path.lexists(os.path.join(folder, one)) for one in _REPOSITORIES):  # noqa: PTH118
            return None
        folder = above


def _counts(file: str, folder: str, refused: Refused) -> bool:
    """Whether a file is a configuration, and of somebody who may decide."""
    for_tools = file.endswith(FILE_NAMES[1])
    if for_tools:
        with suppress(OSError):
            if _OURS not in read_bounded(file, _LARGEST):
                return False
    owner = _stranger(file, folder)
    if owner is None and not for_tools:
        return True
    from pathlib import Path

    if owner is not None:
        refused(ConfigError(Path(file), "", "foreign", owner=owner))
        return False
    return table_of(Path(file)) is not None  # which tells what is wrong, too


def _stranger(file: str, folder: str) -> int | None:
    """The id of the user who put a file into a folder, such as ``/tmp``, without being entitled to judge what is below.

    Entitled are the current user, root, and the folder's owner, who could replace all that is below; in a container the
    current user is often another than the owner of what is checked out.
    """
    if not hasattr(os, "geteuid"):  # on Windows
        return None
    owner = os.lstat(file).st_uid  # of a link itself: who made it chose where it leads
    return None if owner in (os.geteuid(), 0, os.stat(folder).st_uid) else owner  # noqa: PTH116


def table_of(file: Path) -> dict[str, Any] | None:
    """The table of a file, as TOML has it; None where it is one for other tools alone.

    Raises:
        ConfigError: It can't be read, or is no TOML.
    """
    try:
        data = read_bounded(file, _LARGEST, descriptors=True)  # it was found, or is named on purpose
    except OSError as problem:
        raise ConfigError(file, "", "unreadable", reason=problem) from None
    if len(data) > _LARGEST:
        raise ConfigError(file, "", "too-large", limit=_LARGEST)
    for_tools = file.name == FILE_NAMES[1]
    if for_tools and _OURS not in data:  # TOML is dear to load and read
        return None
    whole = toml_of(file, data)
    tool = whole.get("tool")
    found = tool.get("bimikit") if isinstance(tool, dict) else None
    if isinstance(found, dict):
        return found
    return None if for_tools else whole


def toml_of(file: Path, data: bytes) -> dict[str, Any]:
    """What a file holds, as TOML has it.

    Args:
        file: Its name, for what is told of it.
        data: Its content; whoever reads it bounds it.

    Raises:
        ConfigError: It is no TOML, or one that is dear to read.
    """
    deep = _DEEP_KEY(data)
    if deep is not None:
        line = data.count(b"\n", 0, deep.start("key")) + 1
        raise ConfigError(file, "", "deep-key", line=line, limit=_MOST_DOTS)
    import tomllib

    try:
        whole = tomllib.loads(data.decode())
    except UnicodeDecodeError as problem:
        raise ConfigError(file, "", "not-utf-8", line=data.count(b"\n", 0, problem.start) + 1) from None
    except ValueError as problem:  # a number of thousands of digits, too
        raise ConfigError(file, "", "no-toml", reason=problem) from None
    except RecursionError:
        raise ConfigError(file, "", "too-deep") from None
    except MemoryError:
        raise ConfigError(file, "", "unreadable", reason=OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))) from None
    return whole
