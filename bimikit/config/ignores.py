"""Leaving findings out for some files, with a reason and an end; what was left out is told all the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from ..findings import Finding, Report
from ..rules import all_rules, matches
from ..selection import settles
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
    left: Counter[Ignore] = Counter()
    ended: dict[Ignore, None] = {}
    for finding in report.findings:
        document = finding.locations[0].document if finding.locations else None
        file = files.get(document) or files.get(None) or ""
        named = [one for one in config.ignores if file and _is_about(one, finding, file, config.folder)]
        holding = next((one for one in named if today <= one.until), None)
        if holding is not None and not settles(report, finding):
            left[holding] += 1
            continue
        if holding is None:
            ended.update(dict.fromkeys(named))
        kept.append(finding)
    if not left:
        return Ignored(report, tuple(ended))
    told = [
        {"rules": list(one.rules), "count": count, "reason": one.reason, "until": one.until.isoformat()}
        for one, count in left.items()
    ]
    return Ignored(replace(report, findings=tuple(kept), facts={**report.facts, "ignored": told}), tuple(ended))


def _is_about(ignore: Ignore, finding: Finding, file: str, folder: Path) -> bool:
    return matches(all_rules()[finding.rule], ignore.rules) and any(
        is_named(file, pattern, folder) for pattern in ignore.files
    )


def is_named(file: str, pattern: str, folder: Path) -> bool:
    """Whether a pattern names a file.

    Args:
        file: Its path, as given.
        pattern: The pattern.
        folder: What patterns are relative to.
    """
    path = Path(file).absolute()
    inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    return _pattern(pattern).fullmatch(inside if "/" in pattern else path.name) is not None


_SIGNS = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|[^*?]+")
_MEANT = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join(_MEANT.get(sign) or re.escape(sign) for sign in _SIGNS.findall(text)), re.DOTALL)
