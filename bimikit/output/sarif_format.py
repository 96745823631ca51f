"""SARIF 2.1.0, for GitHub code scanning and other tools that gather results."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
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
    rules = {rule: _rule(finding, lang) for rule, finding in example.items()}
    waiting = [(report, one) for report in reports for one in view.not_ready(report, lang)]
    rules |= {_rule_of(one): _provider_rule(one, lang) for _, one in waiting}
    index = {rule: number for number, rule in enumerate(sorted(rules))}
    results = []
    for report in reports:
        lines = view.Lines(report, texts)
        results += [_result(report, finding, index[finding.rule], lines, lang) for finding in report.findings]
    results += [_verdict(report, one, index[_rule_of(one)], lang) for report, one in waiting]
    return log({"rules": [rules[rule] for rule in index]}, {"results": results}, lang)


def log(driver: Mapping[str, Any], run: Mapping[str, Any], lang: str) -> str:
    """A log of one run of ours."""
    one = {
        "tool": {"driver": {"name": "bimikit", "version": __version__, **driver}},
        "language": lang,
        "columnKind": "unicodeCodePoints",
        **run,
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [one]}, indent=2) + "\n"


def _rule(finding: Finding, lang: str) -> dict[str, Any]:
    """The rule behind a finding, in the texts that are the same for all its findings."""
    words = finding.wording(lang)
    severity = finding.severity.value
    source = f"{view.capital(term('label.source', lang))}: {view.cited(finding, lang)}"
    link = view.link(finding.citation.url)
    return {
        "id": finding.rule,
        "shortDescription": {"text": literal(words.title)},
        "fullDescription": {"text": literal(words.why)},
        "help": {"text": f"{literal(words.why)}\n\n{literal(source)}"},
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
        "message": {"text": f"{literal(words.message)}\n\n{literal(words.fix)}"},
        "locations": [_location(report, place, lines, lang) for place in finding.locations or (Location(),)],
        "partialFingerprints": {"bimikit/v1": finding.fingerprint},
        "properties": {"count": finding.count, "citation": msgspec.to_builtins(finding.citation)},
    }


def _rule_of(one: view.NotReady) -> str:
    """As JUnit names it, and as the ids of a provider's own rules begin."""
    return f"receiver.{one.provider}"


def _provider_rule(one: view.NotReady, lang: str) -> dict[str, Any]:
    """That a provider has to be ready, as a rule: it is no finding, but fails a gate as one does."""
    why = literal(term("label.not-ready-why", lang))
    return {
        "id": _rule_of(one),
        "shortDescription": {"text": literal(term("label.not-ready", lang).format(provider=one.provider))},
        "fullDescription": {"text": why},
        "help": {"text": why},
        "defaultConfiguration": {"level": "error"},
        "properties": {"precision": "very-high", "problem.severity": "error"},
    }


def _verdict(report: Report, one: view.NotReady, rule_index: int, lang: str) -> dict[str, Any]:
    """A provider that was asked for and isn't ready, at the first file of the publication."""
    name = view.subject_name(report, lang)
    judgement = {"kind": "review", "level": "none"} if one.state == "cannot_say" else {"level": "error"}
    file = next(iter(report.facts.get("files", {}).values()), report.subject)
    return {
        "ruleId": _rule_of(one),
        "ruleIndex": rule_index,
        **judgement,
        "message": {"text": literal(f"{name}: {one.provider}: {one.text}")},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": artifact(file, lang), "region": BEGINNING},
                "logicalLocations": [{"fullyQualifiedName": name}],
            }
        ],
        "partialFingerprints": {"bimikit/v1": sha256(f"{name}\0{one.provider}".encode()).hexdigest()[:16]},
    }


BEGINNING = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
"""The region of what is about a file as such: GitHub wants a whole one."""


def _location(report: Report, place: Location, lines: view.Lines, lang: str) -> dict[str, Any]:
    # GitHub wants a whole region even for a finding about the file as such: the empty one at its beginning.
    line, column, end = view.line_in_file(report, place), 1, 1
    if line is not None and place.dns_name is None:
        column, end = place.column or 1, view.end_column(lines, place)
    region = {"startLine": line or 1, "startColumn": column, "endLine": line or 1, "endColumn": end}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": artifact(view.file_of(report, place) or report.subject, lang),
            "region": region,
        }
    }
    if path := view.path(place):
        logical = {"fullyQualifiedName": path}
        if place.element:
            logical["kind"] = "attribute" if place.attribute else "element"
        location["logicalLocations"] = [logical]
    return location


def artifact(subject: str, lang: str) -> dict[str, Any]:
    """Where a subject is."""
    if subject == view.STDIN:
        return {"uri": subject, "description": {"text": term("label.stdin", lang)}}
    path = PurePath(_SURROGATES.sub("\ufffd", subject))
    written = quote(path.as_posix(), safe="/", errors="surrogateescape")
    if not path.is_absolute():
        return {"uri": written}
    return {"uri": "file://" + written if written.startswith("/") else "file:///" + written}


def literal(text: str) -> str:
    """A text as a SARIF message string: braces and links in it are meant literally."""
    braced = view.one_line(text).replace("{", "{{").replace("}", "}}")
    return _LINK.sub(r"\1\1\\]", braced)
