"""A domain at a glance, for people who decide: the verdict per provider, what blocks, the next step, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ..findings import Finding, Outcome, Report, Severity
from ..locale import term
from ..receivers.providers import load_providers
from ..receivers.verdict import Reason, Verdict
from ..receivers.words import next_steps
from ..receivers.words import text as reason_text
from . import certificate_card
from .command_line import Surroundings, with_option, written_at
from .view import capital, ignored, leaves_out, one_line

STATES = ("blocked", "at_risk", "ready", "cannot_say", "no_bimi")
"""In the order in which they are shown."""
FAMILIES = ("bimikit.", "bimi.domain-", "dmarc.", "bimi.", "web.", "svg.", "cert.", "match.", "")
"""Beginnings of rule ids in the order in which things are to be mended: what comes first may settle what follows."""
_REASONS = 3
_MOST = 6
_NAMES = 8


class Group(NamedTuple):
    """Providers with one verdict.

    Attributes:
        state: One of `STATES`.
        label: It in words.
        lines: Names of providers, and why the verdict is what it is for them.
    """

    state: str
    label: str
    lines: tuple[tuple[str, str], ...]


class Summary(NamedTuple):
    """All of it in words."""

    title: str
    groups: tuple[Group, ...]
    blocks_label: str
    blocks: tuple[str, ...]
    open_label: str
    open: tuple[str, ...]
    risks_label: str
    risks: tuple[str, ...]
    ignored_label: str
    ignored: tuple[str, ...]
    steps_label: str
    steps: tuple[str, ...]
    read_label: str
    read: tuple[tuple[str, str], ...]
    details_label: str

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What blocks, is unknown, is a risk, is ignored, and what to do next, each under its heading."""
        return (
            (self.blocks_label, self.blocks),
            (self.open_label, self.open),
            (self.risks_label, self.risks),
            (self.ignored_label, self.ignored),
            (self.steps_label, self.steps),
        )


def verdicts(report: Report) -> dict[str, Verdict]:
    """The verdicts that are shown, with their reasons."""
    known = report.facts.get("receivers", {})
    return {
        name: Verdict(state, msgspec.convert(known.get(name, []), tuple[Reason, ...]))  # type: ignore[arg-type]
        for name, state in report.verdicts.items()
    }


def summary(report: Report, lang: str, *, where: Surroundings | None = None) -> Summary:
    """Put a report into words.

    Args:
        report: A report with verdicts.
        lang: ``"en"`` or ``"ja"``.
        where: Where it is read, so that the steps tell what helps there; None for nowhere in particular.
    """
    found = verdicts(report)
    failed = _errors(report, Outcome.FAIL)
    undecided = _errors(report, Outcome.INDETERMINATE)
    risky = _risks(report, found)
    if all(verdict.state != "blocked" for verdict in found.values()):  # a trusted certificate outweighs the drawing
        failed, risky = [], [*failed, *risky]
    alone = _without_finding(report, found, {finding.rule for finding in (*failed, *risky)})
    return Summary(
        term("ready.title", lang),
        tuple(_groups(found, lang)),
        capital(term("ready.blocks", lang)),
        _bounded([*_messages(failed, lang), *(line for line, blocks in _told(alone, lang) if blocks)], lang),
        capital(term("ready.open", lang)),
        _bounded(_messages(undecided, lang), lang),
        capital(term("ready.risks", lang)),
        _bounded([*_messages(risky, lang), *(line for line, blocks in _told(alone, lang) if not blocks)], lang),
        capital(term("ready.ignored", lang)),
        tuple(ignored(report, lang)),
        capital(term("ready.next", lang)),
        _bounded(_steps(report, [*failed, *undecided, *risky], alone, lang, where), lang),
        capital(term("ready.read", lang)),
        tuple((label, one_line(value)) for label, value in _read(report, lang) if value),
        capital(term("ready.details", lang)),
    )


def reasons_not_ready(report: Report, lang: str) -> Iterator[tuple[str, str, str]]:
    """Providers that aren't ready, each with the verdict, and with it and the first reason in words."""
    for name, verdict in verdicts(report).items():
        if verdict.state != "ready" and verdict.reasons:
            why = f"{term(f'state.{verdict.state}', lang)}: {reason_text(verdict.reasons[0], lang)}"
            yield name, verdict.state, one_line(why)


def _errors(report: Report, outcome: Outcome) -> list[Finding]:
    found = [one for one in report.findings if one.severity is Severity.ERROR and one.outcome is outcome]
    return sorted(found, key=_family)


def _family(finding: Finding) -> int:
    return next(place for place, family in enumerate(FAMILIES) if finding.rule.startswith(family))


def _risks(report: Report, found: Mapping[str, Verdict]) -> list[Finding]:
    """The warnings that put a provider at risk."""
    rules = {
        rule for one in found.values() for reason in one.reasons if reason.effect == "risks" for rule in reason.rules
    }
    risky = [one for one in report.findings if one.severity is Severity.WARNING and one.rule in rules]
    return sorted(risky, key=_family)


def _without_finding(
    report: Report, found: Mapping[str, Verdict], told: set[str]
) -> dict[tuple[str, str], list[Reason]]:
    """Reasons that no finding above tells of: what a provider asks beyond the standards, or what was left out."""
    told_elsewhere = frozenset[str]() if leaves_out(report) else _STANDARD
    alone: dict[tuple[str, str], list[Reason]] = {}
    for verdict in found.values():
        for reason in verdict.reasons:
            asked_more = reason.effect in ("blocks", "risks") and reason.about not in told_elsewhere
            if asked_more and verdict.state != "no_bimi" and not told & set(reason.rules):
                alone.setdefault((reason.about, reason.effect), []).append(reason)
    return alone


_STANDARD = frozenset({"dmarc-gate", "record", "reachable", "certificate", "covers-name", "match", "logo-standard"})
"""Traits whose failure a finding of severity ERROR tells of."""


def _told(alone: Mapping[tuple[str, str], list[Reason]], lang: str) -> Iterator[tuple[str, bool]]:
    """Such reasons in words, and whether each blocks."""
    for (_, effect), reasons in alone.items():
        who = _names([reason.provider for reason in reasons], lang)
        why = reason_text(reasons[0], lang, of_several=len(reasons) > 1)
        yield f"{who}{term('label.colon', lang)}{why}" if len(reasons) > 1 else capital(why), effect == "blocks"


def _messages(findings: Iterable[Finding], lang: str) -> list[str]:
    return [one_line(finding.wording(lang).message) for finding in findings]


def _steps(
    report: Report,
    findings: Iterable[Finding],
    alone: Mapping[tuple[str, str], list[Reason]],
    lang: str,
    where: Surroundings | None,
) -> list[str]:
    """What to do: the fix of each finding that decides, then what only a provider asks, then what wasn't given."""

    def step(finding: Finding) -> str:
        fix = one_line(finding.wording(lang).fix)
        if where is None:
            return fix
        return with_option(fix, report.kind, finding.rule, lang, written_at(report, finding.rule, where))

    steps = list(map(step, findings))
    together = tuple(reason for reasons in alone.values() for reason in reasons)
    steps += next_steps({"": Verdict("blocked", together)}, lang)
    steps += [step(finding) for finding in report.findings if finding.rule in _UNSEEN]
    return list(dict.fromkeys(steps))


_UNSEEN = frozenset({"dmarc.not-given", "bimi.not-given", "web.not-fetched"})


def _bounded(lines: list[str], lang: str) -> tuple[str, ...]:
    more = len(lines) - _MOST
    rest = (term("label.more-points", lang).format(count=more),) if more > 0 else ()
    return (*lines[:_MOST], *rest)


def _names(providers: list[str], lang: str) -> str:
    """Providers by name, the less known ones of many as a number."""
    known = load_providers()
    shown = [known[name].name.text(lang) for name in providers[:_NAMES]]
    more = len(providers) - len(shown)
    rest = [term("ready.more-providers", lang).format(count=more)] if more else []
    return term("label.comma", lang).join(shown + rest)


def _groups(found: Mapping[str, Verdict], lang: str) -> Iterator[Group]:
    for state in STATES:
        by_reason: dict[tuple[str, str, str], list[Reason]] = {}
        plain: list[str] = []
        for provider, verdict in found.items():
            if verdict.state != state:
                continue
            deciding = _deciding(verdict)
            if not deciding:
                plain.append(provider)
            for reason in deciding:
                by_reason.setdefault((reason.about, reason.effect, reason.status), []).append(reason)
        by_names: dict[str, list[str]] = {}  # several reasons of the same providers make one line
        for reasons in by_reason.values():
            who = _names([reason.provider for reason in reasons], lang)
            by_names.setdefault(who, []).append(capital(reason_text(reasons[0], lang, of_several=len(reasons) > 1)))
        lines = [(_names(plain, lang), "")] if plain else []
        lines += [(who, term("label.sentences", lang).join(why)) for who, why in by_names.items()]
        if lines:
            yield Group(state, term(f"state.{state}", lang), tuple(lines))


def _deciding(verdict: Verdict) -> list[Reason]:
    """The reasons that make the verdict; those of a provider without BIMI say no more than the verdict."""
    if verdict.state == "no_bimi" or not verdict.reasons:
        return []
    same = [reason for reason in verdict.reasons if reason.effect == verdict.reasons[0].effect][:_REASONS]
    return [reason for reason in same if reason.about == "supported"] or same


def _read(report: Report, lang: str) -> Iterator[tuple[str, str]]:
    facts = report.facts
    given = not any(finding.rule == "dmarc.not-given" for finding in report.findings)
    readings = {_dmarc(facts, rfc, lang, given=given): rfc for rfc in reversed(tuple(facts["dmarc"]))}
    for text, rfc in reversed(readings.items()):
        name = "DMARC" if len(readings) == 1 else f"DMARC, {term(f'ready.{rfc}', lang)}"
        yield name, text
    if any(finding.rule == "bimi.not-given" for finding in report.findings):
        records = {term("ready.not-given", lang): "rfc9989"}
    else:
        records = {_record(facts["bimi"][rfc], lang): rfc for rfc in reversed(tuple(facts["bimi"]))}
    for text, rfc in reversed(records.items()):
        name = term("ready.record", lang)
        yield name if len(records) == 1 else term("label.comma", lang).join((name, term(f"ready.{rfc}", lang))), text
    yield term("ready.indicator", lang), _indicator(facts["indicator"], lang)
    known = certificate_card.facts_of(report)
    yield (
        term("ready.certificate", lang),
        certificate_card.kind(report, lang) if known else term(f"sight.{facts['certificate']['sight']}", lang),
    )
    fields = {field: rfc for rfc, field in reversed(facts["authentication_results"].items()) if field}
    for field, rfc in reversed(fields.items()):
        name = "Authentication-Results"
        yield name if len(fields) == 1 else term("label.comma", lang).join((name, term(f"ready.{rfc}", lang))), field


def _dmarc(facts: Mapping[str, Any], rfc: str, lang: str, *, given: bool) -> str:
    one = facts["dmarc"][rfc]
    eligible = facts["bimi"][rfc]["eligible"]
    unknown = "ready.eligible-unknown" if given else "ready.not-given"
    key = {True: "ready.eligible", False: "ready.not-eligible", None: unknown}[eligible]
    parts = []
    if one["record_at"]:
        policy = one["applied_policy"] or term("ready.no-policy", lang)
        parts.append(f"{policy} (_dmarc.{one['record_at']})")
    elif one["result"] == "none":
        parts.append(term("ready.no-record", lang))
    if one["organizational_domain"] and one["organizational_domain"] != facts["domain"]:
        parts.append(term("ready.organizational", lang).format(domain=one["organizational_domain"]))
    return term("label.comma", lang).join([*parts, term(key, lang)])


def _record(one: Mapping[str, Any], lang: str) -> str:
    state = term(f"ready.record.{one['record']}", lang)
    if not one["found_at"]:
        return state
    addresses = [f"{tag}={one[key]}" for tag, key in (("l", "location"), ("a", "authority")) if one[key]]
    return " ".join([one["found_at"], f"({state})", *addresses])


def _indicator(facts: Mapping[str, Any], lang: str) -> str:
    if facts["sight"] != "seen":
        return term(f"sight.{facts['sight']}", lang)
    size = term("card.bytes", lang).format(count=f"{facts['size']:,}")
    return " · ".join(part for part in (facts.get("title", ""), size) if part)
