"""SARIF 2.1.0, for GitHub code scanning and other tools that gather results."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from .. import __version__
from ..findings import Finding, Location, Report
from ..locale import term
from . import view
from .json_format import dumps

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
# GitHub's own scale, which decides what it shows first.
_GITHUB_SEVERITIES = {"error": "error", "warning": "warning", "notice": "recommendation"}

# "[text](target)" in a message is a link, and the input must not be able to make one.
_LINK = re.compile(r"(\\*)\](?=\()")
# Undecodable bytes of a file name come as U+DC80 to U+DCFF and go back to bytes; other surrogates stand for nothing.
_SURROGATES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """All reports as one SARIF run."""
    example = {finding.rule: finding for report in reports for finding in report.findings}
    rules = sorted(example)
    index = {rule: number for number, rule in enumerate(rules)}
    results = []
    for report in reports:
        lines = view.Lines(report, texts)
        results += [_result(report, finding, index[finding.rule], lines, lang) for finding in report.findings]
    driver = {
        "name": "bimikit",
        "version": __version__,
        "rules": [_rule(example[rule], lang) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(finding: Finding, lang: str) -> dict[str, Any]:
    """The rule behind a finding, in the texts that are the same for all its findings."""
    words = finding.wording(lang)
    severity = finding.severity.value
    source = f"{view.capital(term('label.source', lang))}: {view.cited(finding)}"
    link = view.link(finding.citation.url)
    return {
        "id": finding.rule,
        "shortDescription": {"text": _text(words.title)},
        "fullDescription": {"text": _text(words.why)},
        "help": {"text": f"{_text(words.why)}\n\n{_text(source)}"},
        **({"helpUri": link} if link else {}),
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"precision": "very-high", "problem.severity": _GITHUB_SEVERITIES[severity]},
    }


def _result(report: Report, finding: Finding, rule_index: int, lines: view.Lines, lang: str) -> dict[str, Any]:
    words = finding.wording(lang)
    kind = view.kind_of(finding)
    # SARIF knows a level only for what has failed.
    judgement = {"kind": "review", "level": "none"} if kind == "undecided" else {"level": _LEVELS[kind]}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        **judgement,
        "message": {"text": f"{_text(words.message)}\n\n{_text(words.fix)}"},
        "locations": [_location(report, place, lines, lang) for place in finding.locations or (Location(),)],
        "partialFingerprints": {"bimikit/v1": finding.fingerprint},
        "properties": {"count": finding.count, "citation": msgspec.to_builtins(finding.citation)},
    }


def _location(report: Report, place: Location, lines: view.Lines, lang: str) -> dict[str, Any]:
    # GitHub wants a whole region even for a finding about the file as such: the empty one at its beginning.
    line, column, end = 1, 1, 1
    if view.line_in_file(report, place) is not None:
        line, column, end = place.line or 1, place.column or 1, view.end_column(lines, place)
    region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(view.file_of(report, place) or report.subject, lang),
            "region": region,
        }
    }
    if path := view.path(place):
        logical = {"fullyQualifiedName": path}
        if place.element:
            logical["kind"] = "attribute" if place.attribute else "element"
        location["logicalLocations"] = [logical]
    return location


def _artifact(subject: str, lang: str) -> dict[str, Any]:
    if subject == view.STDIN:
        return {"uri": subject, "description": {"text": term("label.stdin", lang)}}
    path = PurePath(_SURROGATES.sub("\ufffd", subject))
    written = quote(path.as_posix(), safe="/", errors="surrogateescape")
    if not path.is_absolute():
        return {"uri": written}
    return {"uri": "file://" + written if written.startswith("/") else "file:///" + written}


def _text(text: str) -> str:
    """A text as a SARIF message string: braces and links in it are meant literally."""
    literal = view.one_line(text).replace("{", "{{").replace("}", "}}")
    return _LINK.sub(r"\1\1\\]", literal)
