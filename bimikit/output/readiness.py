"""A domain at a glance, for people who decide: the verdict per provider, what blocks, the next step, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ..findings import Outcome, Report, Severity
from ..locale import term
from ..receivers.providers import load_providers
from ..receivers.verdict import Reason, Verdict
from ..receivers.words import next_steps
from ..receivers.words import text as reason_text
from . import certificate_card
from .view import capital, one_line

KINDS = ("domain", "publication")
STATES = ("ready", "at_risk", "cannot_say", "blocked", "no_bimi")
"""In the order in which they are shown."""
_REASONS = 3
_MOST = 8


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
    steps_label: str
    steps: tuple[str, ...]
    read_label: str
    read: tuple[tuple[str, str], ...]
    details_label: str

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What blocks, what could not be found out, and what to do next, each under its heading."""
        return (self.blocks_label, self.blocks), (self.open_label, self.open), (self.steps_label, self.steps)


def applies(report: Report) -> bool:
    """Whether a report is about a domain that could be judged."""
    return report.kind in KINDS and "receivers" in report.facts


def verdicts(report: Report) -> dict[str, Verdict]:
    """The verdicts that are shown, with their reasons."""
    known = report.facts.get("receivers", {})
    return {
        name: Verdict(state, msgspec.convert(known.get(name, []), tuple[Reason, ...]))  # type: ignore[arg-type]
        for name, state in report.verdicts.items()
    }


def summary(report: Report, lang: str) -> Summary:
    """Put a report into words."""
    found = verdicts(report)
    return Summary(
        term("ready.title", lang),
        tuple(_groups(found, lang)),
        capital(term("ready.blocks", lang)),
        tuple(_blocks(report, Outcome.FAIL, lang)),
        capital(term("ready.open", lang)),
        tuple(_blocks(report, Outcome.INDETERMINATE, lang)),
        capital(term("ready.next", lang)),
        next_steps(found, lang),
        capital(term("ready.read", lang)),
        tuple((label, one_line(value)) for label, value in _read(report, lang) if value),
        capital(term("ready.details", lang)),
    )


def _groups(found: Mapping[str, Verdict], lang: str) -> Iterator[Group]:
    names = load_providers()
    for state in STATES:
        by_reason: dict[tuple[str, str, str], list[Reason]] = {}
        plain: list[str] = []
        for provider, verdict in found.items():
            if verdict.state != state:
                continue
            deciding = _deciding(verdict)
            if not deciding:
                plain.append(names[provider].name.text(lang))
            for reason in deciding:
                by_reason.setdefault((reason.about, reason.effect, reason.status), []).append(reason)
        comma = term("label.comma", lang)
        lines = [(comma.join(plain), "")] if plain else []
        by_names: dict[str, list[str]] = {}  # several reasons of the same providers make one line
        for reasons in by_reason.values():
            who = comma.join(names[reason.provider].name.text(lang) for reason in reasons)
            by_names.setdefault(who, []).append(capital(reason_text(reasons[0], lang, of_several=len(reasons) > 1)))
        lines += [(who, term("label.sentences", lang).join(why)) for who, why in by_names.items()]
        if lines:
            yield Group(state, term(f"state.{state}", lang), tuple(lines))


def _deciding(verdict: Verdict) -> list[Reason]:
    """The reasons that make the verdict; those of a provider without BIMI say no more than the verdict."""
    if verdict.state == "no_bimi" or not verdict.reasons:
        return []
    return [reason for reason in verdict.reasons if reason.effect == verdict.reasons[0].effect][:_REASONS]


def _blocks(report: Report, outcome: Outcome, lang: str) -> Iterator[str]:
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    errors = [finding for finding in errors if finding.outcome is outcome]
    for finding in errors[:_MOST]:
        yield one_line(finding.wording(lang).message)
    if len(errors) > _MOST:
        yield term("label.more-places", lang).format(count=len(errors) - _MOST)


def _read(report: Report, lang: str) -> Iterator[tuple[str, str]]:
    facts = report.facts
    readings = {_dmarc(facts, rfc, lang): rfc for rfc in reversed(tuple(facts["dmarc"]))}
    for text, rfc in reversed(readings.items()):
        name = "DMARC" if len(readings) == 1 else f"DMARC, {term(f'ready.{rfc}', lang)}"
        yield name, text
    records = {_record(facts["bimi"][rfc], lang): rfc for rfc in reversed(tuple(facts["bimi"]))}
    for text, rfc in reversed(records.items()):
        name = term("ready.record", lang)
        yield name if len(records) == 1 else f"{name}, {term(f'ready.{rfc}', lang)}", text
    yield term("ready.indicator", lang), _indicator(facts["indicator"], lang)
    known = certificate_card.facts_of(report)
    yield (
        term("ready.certificate", lang),
        certificate_card.heading(report, lang).partition(": ")[2]
        if known
        else term(f"sight.{facts['certificate']['sight']}", lang),
    )
    fields = {field: rfc for rfc, field in reversed(facts["authentication_results"].items())}
    for field, rfc in reversed(fields.items()):
        name = "Authentication-Results"
        yield name if len(fields) == 1 else f"{name}, {term(f'ready.{rfc}', lang)}", field


def _dmarc(facts: Mapping[str, Any], rfc: str, lang: str) -> str:
    one = facts["dmarc"][rfc]
    eligible = facts["bimi"][rfc]["eligible"]
    key = {True: "ready.eligible", False: "ready.not-eligible", None: "ready.eligible-unknown"}[eligible]
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
