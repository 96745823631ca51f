"""Leaving findings out for some files, with a reason and an end; what was left out is told all the same."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from pathlib import Path, PurePath, PureWindowsPath
from typing import NamedTuple

from msgspec.structs import replace

from ..findings import Finding, Report
from ..rules import all_rules, matches
from ..selection import leaves_out
from .problems import ConfigError
from .schema import Config, Ignore


class Ignored(NamedTuple):
    """A report without what is ignored.

    Attributes:
        report: It; ``facts["ignored"]`` tells what was left out, and why.
        ended: What would have been left out on an earlier day.
    """

    report: Report
    ended: tuple[Ignore, ...]


def without_ignored(report: Report, config: Config, files: Mapping[str | None, str]) -> Ignored:
    """A report without what the configuration ignores on the day of its judgement.

    What keeps a subject from being judged at all stays, and so do the verdicts: no provider shows a logo because a
    finding isn't looked at.

    Args:
        report: A report.
        config: The configuration.
        files: The file that findings are about, by the `document` of their places; None stands for any other.
    """
    today = report.judged_at.date()
    kept: list[Finding] = []
    left: dict[Ignore, list[str]] = {}
    ended: dict[Ignore, None] = {}
    folders = _places(config.folder)
    about = {file: _about(file, config, folders) for file in set(files.values()) if file}
    for finding in report.findings:
        document = finding.locations[0].document if finding.locations else None
        file = files.get(document) or files.get(None) or ""
        named = [one for one in about.get(file, ()) if matches(all_rules()[finding.rule], one.rules)]
        holding = next((one for one in named if today <= one.until), None)
        if holding is not None and leaves_out(holding.rules, report, finding):
            left.setdefault(holding, []).append(finding.rule)
            continue
        if holding is None:
            ended.update(dict.fromkeys(named))
        kept.append(finding)
    if not left:
        return Ignored(report, tuple(ended))
    told = [
        {
            "rules": list(one.rules),
            "left_out": sorted(set(rules)),
            "count": len(rules),
            "reason": one.reason,
            "until": one.until.isoformat(),
        }
        for one, rules in left.items()
    ]
    return Ignored(replace(report, findings=tuple(kept), facts={**report.facts, "ignored": told}), tuple(ended))


def _about(file: str, config: Config, folders: Collection[Path]) -> tuple[Ignore, ...]:
    """What a configuration ignores for a file."""
    places = _places(file)
    return tuple(one for one in config.ignores if any(_names_one(pattern, places, folders) for pattern in one.files))


def is_named(file: str, pattern: str, folder: Path) -> bool:
    """Whether a pattern names a file: by the path that is given, or by where links lead.

    Args:
        file: Its path, as given.
        pattern: The pattern.
        folder: What patterns are relative to.
    """
    return _names_one(pattern, _places(file), _places(folder))


def names(pattern: str, path: PurePath, folder: PurePath) -> bool:
    """Whether a pattern names a path, by the rules of the system that the paths are of; nothing is looked up.

    Args:
        pattern: The pattern.
        path: The path, without ``..``.
        folder: What the pattern is relative to, likewise.
    """
    on_windows = isinstance(folder, PureWindowsPath)
    text = pattern.replace("\\", "/") if on_windows else pattern
    if "/" not in text:
        return _matches(text, path.name, on_windows)
    base, inside = _split(text, folder)
    return path.is_relative_to(base) and _matches(inside, path.relative_to(base).as_posix(), on_windows)


def _names_one(pattern: str, places: Iterable[PurePath], folders: Collection[PurePath]) -> bool:
    return any(names(pattern, place, folder) for place in places for folder in folders)


def _places(file: str | Path) -> tuple[Path, ...]:
    """Where a file is: as it is named, and as it really lies; ``..`` leads where the system has it lead."""
    path = Path(file)
    try:
        path = path.absolute()
        if ".." in path.parts:
            after = len(path.parts) - path.parts[::-1].index("..")
            path = Path(os.path.realpath(Path(*path.parts[:after])), *path.parts[after:])
        return tuple(dict.fromkeys((path, Path(os.path.realpath(path)))))
    except (OSError, ValueError):  # the current folder may be gone, and a name may be none
        return (path,)


def _split(pattern: str, folder: PurePath) -> tuple[PurePath, str]:
    """The folder that a pattern with slashes begins at, and the rest of it, without ``.`` and ``..``."""
    given = type(folder)(pattern)
    base, parts = (type(folder)((folder / given).anchor), given.parts[1:]) if given.root else (folder, given.parts)
    inside: list[str] = []
    for part in parts:
        if part != "..":
            inside.append(part)
        elif inside:
            inside.pop()
        else:
            base = base.parent
    return base, "/".join([*inside, *(["**"] if pattern.endswith("/") else [])])


_SIGNS = re.compile(r"(?<![^/])\*\*/|/\*\*\Z|\*\*|\*|\?|[^*?/]+|/")
_MEANT = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _matches(pattern: str, path: str, on_windows: bool) -> bool:
    return _regex(pattern, on_windows)(_replaced(path)) is not None


@lru_cache(256)
def _regex(pattern: str, on_windows: bool) -> Callable[[str], object]:
    """A pattern as RE2 has it, which takes no longer for a pattern of many stars."""
    import re2  # dear, and most configurations ignore nothing

    text = "".join(_MEANT.get(sign) or re2.escape(sign) for sign in _SIGNS.findall(_replaced(pattern)))
    matching: Callable[[str], object] = re2.compile(f"(?s{'i' * on_windows})(?:{text})").fullmatch
    return matching


def _replaced(text: str) -> str:
    """A path without what is no text, and what RE2 doesn't take."""
    return text.encode("utf-8", "replace").decode()


_MOST_ENTRIES = 20_000
"""Files and folders that are looked at before nobody can tell whether there is one of a name."""
_ENDINGS = (".svg", ".svgz", ".pem", ".crt", ".cer", ".zone")
"""How a pattern without a slash must end to be one of files for certain: any other may be meant for a domain."""


def ended(config: Config, ignore: Ignore) -> ConfigError:
    """That the day of one of its `ignores` is over."""
    about = {"files": ", ".join(ignore.files), "until": ignore.until, "reason": ignore.reason}
    return ConfigError(config.file, f"ignores[{config.ignores.index(ignore)}]", "ignore-ended", **about)


def unused(config: Config, judged: Collection[str]) -> Iterator[ConfigError]:
    """What is wrong with patterns of `ignores` that name no file, as far as that can be known.

    Args:
        config: The configuration.
        judged: The files that are judged just now, which may lie outside its folder.
    """
    folders = _places(config.folder)
    folder, files = folders[0], [place for file in judged if file for place in _places(file)]
    for number, ignore in enumerate(config.ignores):
        for pattern in ignore.files:
            if not _names_one(pattern, files, folders) and _names_none(pattern, folder):
                is_folder = not pattern.endswith("/") and os.path.isdir(os.path.join(folder, pattern))  # noqa: PTH112, PTH118
                problem = "names-folder" if is_folder else "names-no-file"
                about = {"pattern": pattern, "folder": folder, "inside": f"{pattern}/**"}
                yield ConfigError(config.file, f"ignores[{number}].files", problem, **about)


def _names_none(pattern: str, folder: Path) -> bool:
    """Whether a pattern names no file in a folder or below it; False, too, where nobody can tell."""
    *above, name = pattern.split("/")
    if ".." in above or pattern.startswith("/") or "://" in pattern:
        return False
    if not above and not name.lower().endswith(_ENDINGS):
        return False
    literal = list(takewhile(lambda part: not _is_wild(part), above))
    start = os.path.join(folder, *literal)  # noqa: PTH118 - any text may stand here, and pathlib stumbles over some
    if above and name and len(literal) == len(above) and not _is_wild(name):
        return not os.path.isfile(os.path.join(start, name))  # noqa: PTH113, PTH118
    return not os.path.isdir(start) or _is_missing(pattern, start, folder)  # noqa: PTH112


def _is_missing(pattern: str, start: str, folder: Path) -> bool:
    """Whether no file below a folder has such a path, or name; False, too, where there is too much to look at."""
    seen = 0
    try:
        for at, folders, files in os.walk(start, onerror=_give_up):
            if any(names(pattern, Path(at, file), folder) for file in files):
                return False
            seen += len(files) + len(folders)
            if seen > _MOST_ENTRIES or any(os.path.islink(os.path.join(at, one)) for one in folders):  # noqa: PTH114, PTH118
                return False
            folders[:] = [one for one in folders if one != ".git"]
    except OSError:
        return False
    return True


def _give_up(problem: OSError) -> None:
    raise problem


def _is_wild(part: str) -> bool:
    return "*" in part or "?" in part
