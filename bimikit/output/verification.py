"""What is published against what was planned, at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..findings import Finding, Location, Report
from ..locale import term
from .view import one_line

_SAME = frozenset({"same", "unplanned", "none"})
"""States in which nothing is otherwise than planned."""


def rows(report: Report, lang: str) -> list[tuple[str, str]]:
    """Label and value of each thing that was compared; none for a report of another kind."""
    compared = _compared(report)
    return [] if compared is None else [(label, one_line(value)) for label, value in _rows(compared, lang)]


def title(lang: str) -> str:
    """What stands above them."""
    return term("verify.title", lang)


def left_out(report: Report) -> bool:
    """Whether something is not as planned, or unknown, of which no finding of the report tells."""
    compared = _compared(report)
    if compared is None:
        return False
    told = [(finding, place) for finding in report.findings for place in finding.locations]
    return any(
        _of_record(record) != "same" and not any(place.dns_name == record["name"] for _, place in told)
        for record in compared["records"]
    ) or any(
        _of_file(compared, name) not in _SAME and not _told_of_file(compared, name, told)
        for name in ("indicator", "certificate")
    )


def _told_of_file(compared: Mapping[str, Any], name: str, told: list[tuple[Finding, Location]]) -> bool:
    published = compared[name]["published"]
    if published is None:  # of what no record names, the record's own finding tells, too
        return any(finding.rule.startswith("verify.") for finding, _ in told)
    urls = (published["url"], published["final_url"])
    return any(place.document == name or place.url in urls for _, place in told)


def _compared(report: Report) -> Mapping[str, Any] | None:
    return report.facts.get("compared") if report.kind == "verification" else None


def _rows(compared: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    for record in compared["records"]:
        state = term(f"verify.{_of_record(record)}", lang)
        yield term(f"verify.{record['kind']}", lang), f"{state} · {record['name']}"
    for name in ("indicator", "certificate"):
        state = _of_file(compared, name)
        planned, published = compared[name]["planned"], compared[name]["published"]
        there = _document(published, lang)
        if state == "same" or planned is None:
            parts = there
        else:  # two files: whose size is whose has to be told
            parts = [_side("published", there, lang)] if there else []
            parts.append(_side("planned", _document(planned, lang), lang))
        yield term(f"verify.{name}", lang), " · ".join((term(f"verify.{state}", lang), *parts))


def _of_record(record: Mapping[str, Any]) -> str:
    if record["same"] is None:
        return "unknown"
    if record["same"]:
        return "same"
    return "absent" if not record["published"] else "differs" if record["planned"] else "unexpected"


def _of_file(compared: Mapping[str, Any], name: str) -> str:
    planned, published, same = (compared[name][side] for side in ("planned", "published", "same"))
    if planned is None:
        return "none" if published is None else "unplanned"
    if same is not None:
        return "same" if same else "differs"
    if published is not None:
        return "missing" if published["state"] in ("failed", "refused") else "unknown"
    known = [record["same"] for record in compared["records"] if record["kind"] == "record"]
    return "absent" if known and None not in known else "unknown"


def _side(side: str, what: list[str], lang: str) -> str:
    return term(f"verify.{side}", lang).format(what=term("label.comma", lang).join(what))


def _document(document: Mapping[str, Any] | None, lang: str) -> list[str]:
    """Size, hash and address, as far as they are known."""
    if document is None:
        return []
    parts = []
    if document["size"] is not None:
        parts += [
            term("verify.bytes", lang).format(count=f"{document['size']:,}"),
            f"sha256 {document['sha256'][:16]}…",
        ]
    return parts + ([document["url"]] if "url" in document else [])
