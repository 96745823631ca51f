"""Finding a configuration, without loading what it takes to read one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..bounded import read_bounded
from .problems import ConfigError

FILE_NAMES = ("bimikit.toml", "pyproject.toml")
"""What a configuration may be called; in one folder the first wins."""
_LARGEST = 1024 * 1024
"""Bytes of a configuration."""

_MAYBE = re.compile(rb"tool.{0,6}bimikit|\[\s*tool\s*\]", re.DOTALL)
"""What a file must hold to have our table."""


def find(start: Path) -> Path | None:
    """The nearest configuration in a folder or above it; None where there is none.

    Args:
        start: A folder. A ``pyproject.toml`` counts if it has a table ``[tool.bimikit]``.

    Raises:
        ConfigError: A file on the way can't be read.
    """
    here = start.absolute()
    for folder in (here, *here.parents):
        for name in FILE_NAMES:
            file = folder / name
            if file.is_file() and (name == FILE_NAMES[0] or table_of(file) is not None):
                return file
    return None


def table_of(file: Path) -> dict[str, Any] | None:
    """The table of a file, as TOML has it; None where it is one for other tools alone.

    Raises:
        ConfigError: It can't be read, or is no TOML.
    """
    try:
        data = read_bounded(file, _LARGEST)
    except OSError as problem:
        raise ConfigError(file, "", "unreadable", reason=problem.strerror or problem) from None
    if len(data) > _LARGEST:
        raise ConfigError(file, "", "too-large", limit=_LARGEST)
    for_tools = file.name == FILE_NAMES[1]
    if for_tools and _MAYBE.search(data) is None:  # TOML is dear to load and read
        return None
    import tomllib

    try:
        whole = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as problem:  # a number of thousands of digits, too
        raise ConfigError(file, "", "no-toml", reason=problem) from None
    tool = whole.get("tool")
    found = tool.get("bimikit") if isinstance(tool, dict) else None
    if isinstance(found, dict):
        return found
    return None if for_tools else whole
