"""A certificate at a glance, for people at a terminal: what it is for, and the chain as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..engine import to_the_minute
from ..findings import Report
from ..locale import term
from .excerpt import width
from .view import one_line

_BRANCH = "└─ "


def facts_of(report: Report) -> Mapping[str, Any]:
    """What is known of the report's certificate; empty where it is about none."""
    own = report.facts if "chain" in report.facts else report.facts.get("certificate", {})
    return own if "chain" in own else {}


def heading(report: Report, lang: str) -> str:
    """Which kind of Mark Certificate it is."""
    facts = facts_of(report)
    kind = " · ".join(part for part in (facts["kind_of_mark"], facts["mark_type"]) if part)
    return f"{term('card.kind', lang)}: {one_line(kind) or term('card.not-stated', lang)}"


def rows(report: Report, lang: str) -> list[tuple[str, str]]:
    """Label and value of what is known of it."""
    found = [(term(f"card.{key}", lang), one_line(value)) for key, value in _rows(facts_of(report), lang)]
    found.append((term("card.judged-at", lang), to_the_minute(report.judged_at)))
    return [(label, value) for label, value in found if value]


def chain(report: Report, lang: str) -> list[str]:
    """The chain in words, the root first."""
    facts = facts_of(report)
    links = list(reversed(facts["chain"]))
    return [one_line(_link(link, facts, lang, is_top=link is links[0])) for link in links]


def store(report: Report, lang: str) -> str:
    """Which trust store judged."""
    trust = facts_of(report)["trust"]
    key = "card.trust-store" if trust["date"] else "card.trust-store-undated"
    return one_line(term(key, lang).format(name=trust["name"], date=trust["date"]))


def card(report: Report, lang: str) -> Iterator[str]:
    """All of it as lines of text, the chain as a tree."""
    yield heading(report, lang)
    labelled = rows(report, lang)
    wide = max(width(label) for label, _ in labelled)
    yield from (f"  {label}{' ' * (wide - width(label))}  {value}" for label, value in labelled)
    yield f"{term('card.chain', lang)}:"
    for depth, link in enumerate(chain(report, lang)):
        yield f"  {' ' * (3 * (depth - 1)) + _BRANCH if depth else ''}{link}"
    yield f"  {store(report, lang)}"


def _rows(facts: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    subject = facts["subject"]

    def every(*names: str) -> str:
        return ", ".join(value for name in names for key, value in subject if key == name and value)

    place = every("streetAddress", "localityName", "stateOrProvinceName", "postalCode", "countryName")
    yield "organization", " · ".join(part for part in (every("organizationName"), place) if part)
    yield "registration", every("businessCategory", "serialNumber", "jurisdictionCountryName", "legalEntityIdentifier")
    yield (
        "mark",
        every(
            "wordMark",
            "trademarkCountryOrRegionName",
            "trademarkIdentifier",
            "trademarkOfficeName",
            "statuteCountryName",
            "statuteCitation",
            "priorUseMarkSourceURL",
        ),
    )
    yield "names", ", ".join(facts["names"])
    asked = facts.get("covers")
    if asked and asked["how"]:
        yield "covers", term(f"card.covers.{asked['how']}", lang).format(**asked)
    left = facts["days_left"] if facts["expiry"] != "expired" else facts["days_left"] + 1  # whole days since
    key = "card.expired" if facts["expiry"] == "expired" else "card.days-left"
    ends = term(key, lang).format(count=f"{abs(left):,}")
    yield "valid", f"{facts['issued'][:10]} – {facts['expires'][:10]} ({ends})"
    logotype = facts["logotype"]
    if "size" in logotype:
        size = term("card.bytes", lang).format(count=f"{logotype['size']:,}")
        title = facts.get("indicator", {}).get("title", "")
        yield "logo", " · ".join(part for part in (title, size, f"sha256 {logotype['sha256'][:16]}…") if part)
    if "logo" in facts:
        yield "web-logo", term(f"card.web-logo.{facts['logo']}", lang)
    yield "timestamp", ", ".join(f"{one['time'] or '?'} {one['log'] or ''}".strip() for one in facts["timestamps"])
    yield "revocation", term(f"card.revocation.{_revocation(facts.get('revocation', {}))}", lang)


def _revocation(known: Mapping[str, Any]) -> str:
    states: Sequence[str] = list(known.get("states", {}).values())
    if not known.get("checked"):
        return "unchecked"
    return "revoked" if "revoked" in states else "unknown" if "unknown" in states else "good"


def _link(link: Mapping[str, Any], facts: Mapping[str, Any], lang: str, *, is_top: bool) -> str:
    names = dict(reversed(link["subject"]))
    name = names.get("commonName") or names.get("organizationName") or "?"
    notes = [f"{link['not_before'][:10]} – {link['not_after'][:10]}", link["key"], link["signature"]]
    if is_top:
        notes.append(term("card.trusted" if facts["trusted_root"] else "card.untrusted", lang))
    if not link["in_file"]:
        notes.append(term("card.store", lang))
    return f"{name} ({', '.join(notes)})"
