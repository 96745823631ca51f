"""What is published against what was planned, at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..findings import Report
from ..locale import term
from .view import one_line


def rows(report: Report, lang: str) -> list[tuple[str, str]]:
    """Label and value of each thing that was compared; none for a report of another kind."""
    compared = report.facts.get("compared") if report.kind == "verification" else None
    return [] if compared is None else [(label, one_line(value)) for label, value in _rows(compared, lang)]


def title(lang: str) -> str:
    """What stands above them."""
    return term("verify.title", lang)


def _rows(compared: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    for record in compared["records"]:
        same = {True: "same", False: "differs", None: "unknown"}[record["same"]]
        yield term(f"verify.{record['kind']}", lang), f"{_state(same, lang)} · {record['name']}"
    for name in ("indicator", "certificate"):
        one = compared[name]
        parts = [_state(_of_file(one), lang)]
        if one["planned"] is not None:
            parts.append(_size(one["planned"], lang))
        if one["published"] is not None:
            parts.append(one["published"]["url"])
        yield term(f"verify.{name}", lang), " · ".join(parts)


def _of_file(one: Mapping[str, Any]) -> str:
    if one["planned"] is None:
        return "none" if one["published"] is None else "unplanned"
    if one["same"] is not None:
        return "same" if one["same"] else "differs"
    published = one["published"]
    return "missing" if published is not None and published["state"] in ("failed", "refused") else "unknown"


def _state(key: str, lang: str) -> str:
    return term(f"verify.{key}", lang)


def _size(planned: Mapping[str, Any], lang: str) -> str:
    size = term("verify.bytes", lang).format(count=f"{planned['size']:,}")
    return f"{size} · sha256 {planned['sha256'][:16]}…"
