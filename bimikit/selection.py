"""Choosing among findings by rule id, what is then known about a mailbox provider, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from .findings import Finding, Outcome, Report, Severity
from .rules import all_rules, matches, rules_of_kind


def selected(report: Report, select: Collection[str] = (), ignore: Collection[str] = ()) -> Report:
    """The report with only the findings whose rule begins with one of `select` and with none of `ignore`.

    Args:
        report: A report.
        select: Id prefixes; none means all. The report's facts tell what was chosen. What could not be found out stays
            in any case: nobody knows whether what was chosen is so.
        ignore: Id prefixes; they win over `select` (see `leaves_out`).
    """
    if not select and not ignore:
        return report
    rules = all_rules()

    def keeps(finding: Finding) -> bool:
        if leaves_out(ignore, report, finding):
            return False
        undecided = finding.outcome is Outcome.INDETERMINATE
        return undecided or settles(report, finding) or not select or matches(rules[finding.rule], select)

    kept = tuple(filter(keeps, report.findings))
    chosen = {"select": list(select), "ignore": list(ignore)}
    return replace(report, findings=kept, facts={**report.facts, "rules": chosen})


def leaves_out(ignore: Collection[str], report: Report, finding: Finding) -> bool:
    """Whether ignoring these rules leaves a finding out.

    What could not be found out takes its full id, so that ignoring a whole family never turns it into a pass.

    Args:
        ignore: Ids of rules, or their beginnings.
        report: The report.
        finding: One of its findings.
    """
    rule = all_rules()[finding.rule]
    if settles(report, finding):
        return False
    if finding.outcome is Outcome.INDETERMINATE:
        return not {rule.id, *rule.aliases}.isdisjoint(ignore)
    return matches(rule, ignore)


def about_kind(select: Collection[str], kind: str) -> tuple[str, ...]:
    """A choice of rules as it counts for a kind of report: not at all where no rule of the kind is among them.

    Args:
        select: Id prefixes.
        kind: The kind.
    """
    return tuple(select) if select and any(matches(rule, select) for rule in rules_of_kind(kind)) else ()


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
    named = {document or RECORDS: from_here(file) for document, file in files.items() if file not in ("", "-")}
    if not named:
        return report
    return replace(report, facts={**report.facts, "files": named})


def from_here(name: str) -> str:
    """A file relative to the current folder where it is in there, by whatever way its path leads."""
    from pathlib import Path

    try:
        here = Path.cwd()
    except OSError:  # it is gone
        return name
    path = here / name
    ways = [(path, here)] if ".." not in path.parts else []
    for way, folder in (*ways, (path.resolve(), here.resolve())):
        if way.is_relative_to(folder):
            return way.relative_to(folder).as_posix()
    return name


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
