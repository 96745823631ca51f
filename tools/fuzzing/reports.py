"""What must hold of every Report, whatever it is about."""

from __future__ import annotations

from bimikit.engine import CRASHED
from bimikit.findings import Report
from bimikit.locale import LANGUAGES
from tools.fuzzing.engine import Broken, Target, require, words

WORDED: set[tuple[str, tuple[str, ...]]] = set()
"""Rules with the parameters with which they were worded; once is enough."""


def settled(report: Report) -> frozenset[str]:
    """The rules that a report's findings are about, once it was seen that all holds that must.

    Raises:
        Broken: A check crashed, a text doesn't fit its finding, or the report can't be written and read back.
    """
    for finding in report.findings:
        if finding.rule == CRASHED:
            raise Broken(f"the check {finding.params['check']} crashed: {finding.params['problem']}")
        key = (finding.rule, tuple(finding.params))
        if key not in WORDED:
            WORDED.add(key)
            for lang in LANGUAGES:
                finding.wording(lang)
    require(Report.from_json(report.to_json().encode()) == report, "the report can't be written and read back")
    return frozenset([finding.rule for finding in report.findings])


def _read_back(data: bytes) -> str:
    """A report from elsewhere is read or refused; what is read says the same when it is written and read again."""
    try:
        report = Report.from_json(data)
    except ValueError as problem:
        return str(problem)[:40]
    _ = (report.ok, report.complete, [finding.fingerprint for finding in report.findings])
    try:
        text = report.to_json()
    except (KeyError, ValueError):  # of a rule that isn't ours: it can be looked at, and has no words
        return "no words"
    again = Report.from_json(text)
    require(again.to_json() == text, "another reading differs")
    return f"{report.kind} {len(report.findings)}"


def _seeds(_seed: int) -> list[bytes]:
    from datetime import UTC, datetime

    from bimikit import check_publication, check_svg
    from bimikit.svg.examples import EXAMPLES, document

    at = datetime(2026, 1, 1, tzinfo=UTC)
    bad = [document(EXAMPLES[rule].bad) for rule in sorted(EXAMPLES)[:12]]
    svgs = [text.encode() for text in bad]
    reports = [check_svg(svg, at=at) for svg in svgs]
    reports.append(check_publication(domain="example.com", dmarc="v=DMARC1; p=none", record="v=BIMI1; l=x", at=at))
    return [report.to_json(indent=None).encode() for report in reports]


TARGETS = (
    Target(
        "report",
        "Report.from_json: read or refused, and read again the same",
        _seeds,
        _read_back,
        words('"', "null", "true", "0", "-1", "1e999", "NaN", "[]", "{}", "[" * 3_000, '{"a":' * 3_000, '"findings"', "\\ud800",
              '"2026-01-01T00:00:00+23:59"', '"9999-12-31T23:59:59-23:59"', '"0001-01-01T00:00:00+23:59"', "9" * 5_000,
              '"schema_version":1,', '"line":0', '"locations":[{}]', '"params":{"a":[1]}', '"issued":"x"'),
    ),
)  # fmt: skip
