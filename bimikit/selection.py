"""Choosing among findings by rule id, what is then known about a mailbox provider, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from .findings import Finding, Outcome, Report, Severity
from .rules import Rule, all_rules, matches


def selected(report: Report, select: Collection[str] = (), ignore: Collection[str] = ()) -> Report:
    """The report with only the findings whose rule begins with one of `select` and with none of `ignore`.

    Args:
        report: A report.
        select: Id prefixes; none means all. The report's facts tell what was chosen. What kept a subject from being
            judged at all stays in any case.
        ignore: Id prefixes; they win over `select`.
    """
    if not select and not ignore:
        return report
    rules = all_rules()

    def keeps(rule: Rule) -> bool:
        return (not select or matches(rule, select)) and not matches(rule, ignore)

    kept = tuple(finding for finding in report.findings if settles(report, finding) or keeps(rules[finding.rule]))
    chosen = {"select": list(select), "ignore": list(ignore)}
    return replace(report, findings=kept, facts={**report.facts, "rules": chosen})


def settles(report: Report, finding: Finding) -> bool:
    """Whether nothing, or not what was asked, could be judged: no choice of rules makes that good."""
    unjudged = not report.finished and finding.severity is Severity.ERROR
    return unjudged or finding.rule.startswith("bimikit.")


def with_verdicts(report: Report, providers: Iterable[str]) -> Report:
    """The report with what its findings mean to each provider, and without other providers' own rules.

    Of a file alone, a broken requirement of the standards blocks every provider, and a provider's own advice puts it at
    risk; the report on a domain has its verdicts already.

    Args:
        report: A report.
        providers: Ids from `bimikit.receivers.PROVIDER_IDS`.
    """
    wanted = tuple(providers)
    kept = tuple(
        finding
        for finding in report.findings
        if not finding.rule.startswith("receiver.") or finding.rule.split(".")[1] in wanted
    )
    if "receivers" in report.facts:
        known = {provider: report.verdicts[provider] for provider in wanted}
        return replace(report, findings=kept, verdicts=known, facts={**report.facts, "for": list(wanted)})
    from .receivers.providers import load_providers  # not needed where nobody asks about providers

    kinds = load_providers()
    verdicts = {}
    for provider in wanted:
        if kinds[provider].kind != "bimi":
            verdicts[provider] = "no_bimi"
            continue
        advised = any(finding.rule.startswith(f"receiver.{provider}.") for finding in kept)
        verdicts[provider] = (
            "blocked" if not report.ok else "cannot_say" if not report.complete else "at_risk" if advised else "ready"
        )
    return replace(report, findings=kept, verdicts=verdicts)


RECORDS = "records"


def with_files(report: Report, files: Mapping[str | None, str]) -> Report:
    """The report on a planned publication with the files it was read from, so that places can name them.

    Args:
        report: A report.
        files: The file by the `document` of places; None stands for the records. Those in the current folder are told
            relative to it, as tools that annotate files want them.
    """
    if report.kind != "publication":
        return report
    named = {document or RECORDS: _told(Path(file)) for document, file in files.items() if file}
    if not named:
        return report
    return replace(report, facts={**report.facts, "files": named})


def _told(file: Path) -> str:
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else str(file)


def outcome_of(report: Report, *, with_verdicts: bool = False) -> Outcome:
    """What a report comes to: PASS, FAIL, or INDETERMINATE where nothing is broken and something is unknown.

    Args:
        report: A report.
        with_verdicts: Whether its verdicts count, too: they do where somebody asked for certain providers.
    """
    verdicts = set(report.verdicts.values()) if with_verdicts else set()
    if not report.ok or verdicts & {"blocked", "at_risk", "no_bimi"}:
        return Outcome.FAIL
    return Outcome.PASS if report.complete and "cannot_say" not in verdicts else Outcome.INDETERMINATE


def revocation_checked(report: Report) -> bool:
    """Whether the revocation of a report's certificate was checked."""
    about = report.facts.get("certificate", report.facts)
    return bool(about.get("revocation", {}).get("checked"))
