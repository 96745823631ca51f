"""Aggregate reports as JSON: everything, the same bytes for the same store and options; docs/reports.md says what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..aggregate import sources
from ..aggregate.sources import Evidence
from ..raising.model import Option, Outlook
from ..statement import Statement
from .reports import SCHEMA_VERSION, Limits, Told, said, title


def render(told: Sequence[Told], limits: Limits, *, lang: str, lines: bool, **_unused: object) -> str:
    """One document, or a line for each domain."""
    domains = [_domain(one, lang) for one in told]
    if lines:
        return "".join(msgspec.json.encode(one).decode() + "\n" for one in domains)
    whole = {"schema_version": SCHEMA_VERSION, "since": limits.since, "until": limits.until, "domains": domains}
    return msgspec.json.format(msgspec.json.encode(whole)).decode() + "\n"


def _domain(told: Told, lang: str) -> dict[str, Any]:
    weighing, totals = told.weighing, told.totals
    return {
        "domain": weighing.domain,
        "policy": weighing.policy,
        "subdomain_policy": weighing.subdomain_policy,
        "in_part": weighing.in_part,
        "first": weighing.first,
        "last": weighing.last,
        "days": weighing.days,
        "reports": totals.reports,
        "reporters": [{"name": name, "messages": messages} for name, messages in told.reporters],
        "messages": totals.messages,
        "passed": totals.passed,
        "dkim": totals.dkim,
        "spf": totals.spf,
        "quarantined": totals.quarantined,
        "rejected": totals.rejected,
        "weeks": told.weeks,
        "misdated": told.misdated,
        "sources": [_source(told, one, lang) for one in weighing.outlooks],
        "raising": [_option(one, lang) for one in weighing.options],
    }


def _source(told: Told, outlook: Outlook, lang: str) -> dict[str, Any]:
    source, decision = outlook.source, outlook.decision
    decided = decision and {"choice": decision.choice, "note": decision.note, "decided": decision.decided}
    return {
        "id": outlook.id,
        "title": title(outlook, lang),
        "guess": source.guess,
        "decision": decided,
        "counts_as": outlook.counts_as,
        "set_up": source.set_up,
        "messages": source.count,
        "passed": source.aligned,
        "dkim": source.dkim,
        "spf": source.spf,
        "addresses": source.addresses,
        "networks": source.networks,
        "largest_addresses": [
            {"address": address, "name": told.names.get(address), "messages": messages}
            for address, messages in told.addresses_of(outlook)
        ],
        "dispositions": source.dispositions,
        "failing": outlook.failing,
        "failing_below": outlook.below,
        "excepted": outlook.excepted,
        "causes": [{"cause": cause, "messages": messages} for cause, messages in outlook.causes],
        "author_domains": [{"domain": name, "messages": messages} for name, messages in outlook.author_domains],
        "hinders": outlook.hinders,
        "fixes": [_statement(one, lang) for one in outlook.fixes],
        "evidence": [_evidence(one, lang) for one in source.evidence],
        "volumes": [{"day": day, "messages": messages} for day, messages in source.volumes],
    }


def _option(option: Option, lang: str) -> dict[str, Any]:
    return {
        "policy": option.policy,
        "verdict": option.verdict,
        "ours": option.ours,
        "undecided": option.undecided,
        "passed_on": option.passed_on,
        "not_ours": option.not_ours,
        "grounds": [_statement(one, lang) for one in option.grounds],
    }


def _statement(statement: Statement, lang: str) -> dict[str, Any]:
    return {"key": statement.key, "values": statement.values, "text": said(statement, lang)}


def _evidence(evidence: Evidence, lang: str) -> dict[str, Any]:
    return {"key": evidence.key, "values": evidence.numbers, "text": sources.text(evidence, lang)}
