"""On which line of a TOML file its keys stand, which `tomllib` doesn't tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Names of tables and keys, and places in arrays of tables: ``("domain", 3, "name")``."""

_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*+\'{3,5}|#[^\n]*+|"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\'',
    re.DOTALL,
)
_SIGNS = re.compile(r"[\[\]{}=#,.]")
_HEAD = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]]+?)[ \t]*\]\]?[ \t]*\r?$")
_KEY = re.compile(r"[ \t]*([^=\[\]{}]+?)[ \t]*=")


def lines_of(text: str) -> Mapping[Path, int]:
    """The line of each key and table, from 1.

    Args:
        text: A file that `tomllib` reads; of another it says what it can.
    """
    found: dict[Path, int] = {}
    counted: Counter[Path] = Counter()
    table: Path = ()
    depth = 0
    for number, line in enumerate(_STRING.sub(_harmless, text).split("\n"), 1):
        head = _HEAD.match(line) if not depth else None
        if head is not None:
            path = _path(head[2])
            if head[1] == "[[":
                counted[path] += 1
                path = (*path, counted[path] - 1)
            table = path
            found.setdefault(table, number)
            continue
        key = _KEY.match(line) if not depth else None
        if key is not None:
            found.setdefault((*table, *_path(key[1])), number)
        depth = max(depth + sum(map(line.count, "[{")) - sum(map(line.count, "]}")), 0)
    return found


def _harmless(match: re.Match[str]) -> str:
    """A string without what looks like TOML; of a comment nothing is left."""
    text = match[0]
    if text.startswith("#"):
        return ""
    return "\n" * text.count("\n") or _SIGNS.sub("_", text)


def _path(text: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in text.split("."))
