"""JUnit XML, which CI systems show as tests: a suite per subject, a case per finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC
from xml.etree import ElementTree as ET

from ..findings import Finding, Report
from ..locale import term
from . import view

# Warnings and notices must not turn a build red, so they are passing cases that say something.
_ELEMENTS = {"error": "failure", "undecided": "error"}
_OWN_WORDS = ("verification", "expiry")
"""Kinds of reports whose subjects, without findings, aren't called conformant."""
_STATES = {"blocked": "failure", "at_risk": "failure", "no_bimi": "failure", "cannot_say": "error"}


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """The reports as JUnit XML."""
    suites = ET.Element("testsuites", {"name": "bimikit", **_totals(reports)})
    names: Counter[str] = Counter()
    for report in reports:
        name = _unique(view.subject_name(report, lang), names)
        cases: Counter[str] = Counter()
        # Readers expect a time without a zone; it is UTC.
        timestamp = report.judged_at.astimezone(UTC).replace(tzinfo=None).isoformat()
        suite = ET.SubElement(suites, "testsuite", {"name": name, **_totals([report]), "timestamp": timestamp})
        for finding in report.findings:
            _case(suite, name, report, finding, cases, lang)
        for one in view.not_ready(report, lang):
            case = ET.SubElement(suite, "testcase", {"name": _unique(one.provider, cases), "classname": name})
            ET.SubElement(case, _STATES[one.state], {"message": one.text, "type": f"receiver.{one.provider}"})
        if not report.findings:
            clean = term(f"label.{view.verdict(report) if report.kind in _OWN_WORDS else 'conformant'}", lang)
            ET.SubElement(suite, "testcase", {"name": clean, "classname": name})
    return document(suites)


def document(suites: ET.Element) -> str:
    """The whole file."""
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _totals(reports: Sequence[Report]) -> dict[str, str]:
    elements = Counter(_ELEMENTS.get(view.kind_of(finding)) for report in reports for finding in report.findings)
    waiting = [one for report in reports for one in view.not_ready(report, "en")]
    elements.update(_STATES[one.state] for one in waiting)
    tests = sum(max(len(report.findings), 1) for report in reports) + len(waiting)
    return {"tests": str(tests), "failures": str(elements["failure"]), "errors": str(elements["error"])}


def _unique(name: str, taken: Counter[str]) -> str:
    """A name, with its number where others of the same come before: services take tests of one name for one."""
    taken[name] += 1
    return name if taken[name] == 1 else f"{name} #{taken[name]}"


def _case(suite: ET.Element, classname: str, report: Report, finding: Finding, cases: Counter[str], lang: str) -> None:
    # A case keeps its name while lines move, or a CI system would take it for another test.
    path = view.path(finding.locations[0]) if finding.locations else ""
    name = _unique(f"{finding.rule} ({path})" if path else finding.rule, cases)
    case = ET.SubElement(suite, "testcase", {"name": name, "classname": classname})
    element = _ELEMENTS.get(view.kind_of(finding))
    if element is None:
        ET.SubElement(case, "system-out").text = _text(report, finding, lang)
        return
    message = view.one_line(finding.wording(lang).message)
    ET.SubElement(case, element, {"message": message, "type": finding.rule}).text = _text(report, finding, lang)


def _text(report: Report, finding: Finding, lang: str) -> str:
    words = finding.wording(lang)
    places = [
        " ".join(
            part for part in (view.file_beside(report, place), view.position(place, lang), view.path(place)) if part
        )
        for place in finding.locations
    ]
    places.append(view.more_places(finding, len(finding.locations), lang))
    labelled = (
        ("label.place", "; ".join(place for place in places if place)),
        ("label.why", words.why),
        ("label.fix", words.fix),
        ("label.source", view.cited(finding, lang)),
    )
    lines = [words.message, *(f"{view.capital(term(key, lang))}: {text}" for key, text in labelled if text)]
    return "\n".join(view.one_line(line) for line in lines)
