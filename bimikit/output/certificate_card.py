"""A certificate at a glance, for people at a terminal: what it is for, and the chain as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..findings import Report
from ..locale import term
from .excerpt import width
from .view import one_line

_BRANCH = "└─ "


def card(report: Report, lang: str) -> Iterator[str]:
    """The facts of a report on a certificate, readable."""
    facts = report.facts
    kind = " · ".join(part for part in (facts["kind_of_mark"], facts["mark_type"]) if part)
    yield f"{term('card.kind', lang)}: {one_line(kind) or term('card.not-stated', lang)}"
    rows = [(term(f"card.{key}", lang), one_line(value)) for key, value in _rows(facts, lang) if value]
    wide = max(width(label) for label, _ in rows)
    yield from (f"  {label}{' ' * (wide - width(label))}  {value}" for label, value in rows)
    yield f"{term('card.chain', lang)}:"
    links = list(reversed(facts["chain"]))
    for depth, link in enumerate(links):
        branch = " " * (3 * (depth - 1)) + _BRANCH if depth else ""
        yield one_line_keeping_indent(f"  {branch}{_link(link, facts, lang, is_top=depth == 0)}")
    key = "card.trust-store" if facts["trust"]["date"] else "card.trust-store-undated"
    yield "  " + term(key, lang).format(name=facts["trust"]["name"], date=facts["trust"]["date"])


def one_line_keeping_indent(text: str) -> str:
    """A line made harmless, its indentation kept."""
    return " " * (len(text) - len(text.lstrip(" "))) + one_line(text)


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
    left = facts["days_left"]
    key = "card.expired" if facts["expiry"] == "expired" else "card.days-left"
    ends = term(key, lang).format(count=f"{abs(left):,}")
    yield "valid", f"{facts['issued'][:10]} – {facts['expires'][:10]} ({ends})"
    logotype = facts["logotype"]
    if "size" in logotype:
        size = term("card.bytes", lang).format(count=f"{logotype['size']:,}")
        title = facts.get("indicator", {}).get("title", "")
        yield "logo", " · ".join(part for part in (title, size, f"sha256 {logotype['sha256'][:16]}…") if part)
    yield "timestamp", ", ".join(timestamp["time"] or "?" for timestamp in facts["timestamps"])
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
