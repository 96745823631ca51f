"""Configuration: what a repository asks of its logo, in ``pyproject.toml`` or ``bimikit.toml``.

One schema for the command line, the pytest plugin and the portal; docs/configuration.md explains every key. Names are
loaded when they are first used, since most runs of a command find no configuration.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .finding import FILE_NAMES, find
    from .ignores import Ignored, unused, without_ignored
    from .problems import ConfigError
    from .publications import files_of, named, planned
    from .reading import load
    from .schema import DAYS_LEFT, Config, Ignore, Network, Publication, Trust

__all__ = [
    "DAYS_LEFT",
    "FILE_NAMES",
    "Config",
    "ConfigError",
    "Ignore",
    "Ignored",
    "Network",
    "Publication",
    "Trust",
    "files_of",
    "find",
    "load",
    "named",
    "planned",
    "unused",
    "without_ignored",
]

_HOMES = {
    **dict.fromkeys(("FILE_NAMES", "find"), "finding"),
    **dict.fromkeys(("Ignored", "unused", "without_ignored"), "ignores"),
    "ConfigError": "problems",
    **dict.fromkeys(("files_of", "named", "planned"), "publications"),
    "load": "reading",
    **dict.fromkeys(("DAYS_LEFT", "Config", "Ignore", "Network", "Publication", "Trust"), "schema"),
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
