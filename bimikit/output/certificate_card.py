"""A certificate at a glance, for people at a terminal: what it is for, and the chain as a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from ..engine import to_the_minute
from ..findings import Report
from ..locale import term
from .command_line import Surroundings, with_option, written_at
from .excerpt import width
from .view import one_line

_BRANCH = "└─ "

Day: TypeAlias = Callable[[str], str]
"""Writes the day of a moment that is given as ISO 8601 has it."""


def iso(moment: str) -> str:
    """A day as programs write it."""
    return moment[:10]


def written_out(lang: str) -> Day:
    """How a day is written for people in a language."""

    def write(moment: str) -> str:
        day = date.fromisoformat(moment[:10])
        month = term("label.months", lang).split()[day.month - 1]
        return term("label.day", lang).format(day=day.day, month=month, year=day.year)

    return write


def _time(moment: str | None, day: Day) -> str:
    """A moment; as programs write it unless days are written out."""
    if moment is None:
        return "?"
    return moment if day is iso else day(moment)


def facts_of(report: Report) -> Mapping[str, Any]:
    """What is known of the report's certificate; empty where it is about none."""
    own = report.facts if "chain" in report.facts else report.facts.get("certificate", {})
    return own if "chain" in own else {}


def heading(report: Report, lang: str) -> str:
    """That it is a Mark Certificate, and of which kind."""
    return f"{term('card.kind', lang)}{term('label.colon', lang)}{kind(report, lang)}"


def kind(report: Report, lang: str) -> str:
    """Which kind of Mark Certificate it is."""
    facts = facts_of(report)
    known = " · ".join(_stated(part, lang) for part in (facts["kind_of_mark"], facts["mark_type"]) if part)
    return one_line(known) or term("card.not-stated", lang)


def rows(report: Report, lang: str, *, where: Surroundings | None = None, day: Day = iso) -> list[tuple[str, str]]:
    """Label and value of what is known of it.

    Args:
        report: A report about a certificate.
        lang: ``"en"`` or ``"ja"``.
        where: Where it is read, to tell what helps there; None for nowhere in particular.
        day: How dates are written.
    """
    facts = facts_of(report)
    found = [(term(f"card.{key}", lang), one_line(value)) for key, value in _rows(facts, lang, day)]
    about = f"card.revocation.{_revocation(facts.get('revocation', {}))}"
    revocation = term(about, lang)
    if where is not None:
        revocation = with_option(revocation, report.kind, about, lang, written_at(report, about, where))
    found.append((term("card.revocation", lang), revocation))
    moment = to_the_minute(report.judged_at)
    found.append((term("card.judged-at", lang), f"{day(moment)}{moment[10:]}"))
    return [(label, value) for label, value in found if value]


def chain(report: Report, lang: str, *, day: Day = iso) -> list[str]:
    """The chain in words, the root first; `day` says how dates are written."""
    facts = facts_of(report)
    links = list(reversed(facts["chain"]))
    return [one_line(_link(link, facts, lang, day, is_top=link is links[0])) for link in links]


def store(report: Report, lang: str) -> str:
    """Which trust store judged."""
    trust = facts_of(report)["trust"]
    key = "card.trust-store" if trust["date"] else "card.trust-store-undated"
    return one_line(term(key, lang).format(name=trust["name"], date=trust["date"]))


def card(report: Report, lang: str, *, where: Surroundings | None = None) -> Iterator[str]:
    """All of it as lines of text, the chain as a tree; with `where` it is read, what helps there as well."""
    yield heading(report, lang)
    labelled = rows(report, lang, where=where)
    wide = max(width(label) for label, _ in labelled)
    yield from (f"  {label}{' ' * (wide - width(label))}  {value}" for label, value in labelled)
    yield f"{term('card.chain', lang)}{term('label.colon', lang)}".rstrip()
    for depth, link in enumerate(chain(report, lang)):
        yield f"  {' ' * (3 * (depth - 1)) + _BRANCH if depth else ''}{link}"
    yield f"  {store(report, lang)}"


def _rows(facts: Mapping[str, Any], lang: str, day: Day) -> Iterator[tuple[str, str]]:
    comma = term("label.comma", lang)

    def stated(*names: str) -> Iterator[str]:
        return (_stated(value, lang) for name in names for key, value in facts["subject"] if key == name and value)

    def every(*names: str) -> str:
        return comma.join(stated(*names))

    # An address is written as the certificate has it: the commas belong to it.
    place = ", ".join(stated("streetAddress", "localityName", "stateOrProvinceName", "postalCode", "countryName"))
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
    yield "names", comma.join(facts["names"])
    asked = facts.get("covers")
    if asked and asked["how"]:
        yield "covers", term(f"card.covers.{asked['how']}", lang).format(**asked)
    left = facts["days_left"] if facts["expiry"] != "expired" else facts["days_left"] + 1  # whole days since
    key = "card.expired" if facts["expiry"] == "expired" else "card.days-left"
    ends = term(key, lang).format(count=f"{abs(left):,}")
    yield "valid", _with_note(f"{day(facts['issued'])} – {day(facts['expires'])}", ends, lang)
    logotype = facts["logotype"]
    if "size" in logotype:
        size = term("card.bytes", lang).format(count=f"{logotype['size']:,}")
        title = facts.get("indicator", {}).get("title", "")
        yield "logo", " · ".join(part for part in (title, size, f"sha256 {logotype['sha256'][:16]}…") if part)
    if "logo" in facts:
        yield "web-logo", term(f"card.web-logo.{facts['logo']}", lang)
    yield (
        "timestamp",
        comma.join(f"{_time(one['time'], day)} {one['log'] or ''}".strip() for one in facts["timestamps"]),
    )


def _revocation(known: Mapping[str, Any]) -> str:
    states: Sequence[str] = list(known.get("states", {}).values())
    if not known.get("checked"):
        return "unchecked"
    return "revoked" if "revoked" in states else "unknown" if "unknown" in states else "good"


def _link(link: Mapping[str, Any], facts: Mapping[str, Any], lang: str, day: Day, *, is_top: bool) -> str:
    names = dict(reversed(link["subject"]))
    name = names.get("commonName") or names.get("organizationName") or "?"
    notes = [f"{day(link['not_before'])} – {day(link['not_after'])}", link["key"], link["signature"]]
    if is_top:
        notes.append(term("card.trusted" if facts["trusted_root"] else "card.untrusted", lang))
    if not link["in_file"]:
        notes.append(term("card.store", lang))
    return _with_note(name, term("label.comma", lang).join(notes), lang)


def _with_note(text: str, note: str, lang: str) -> str:
    return term("label.with-note", lang).format(text=text, note=note)


def _stated(value: str, lang: str) -> str:
    """What a certificate states, with its meaning where the requirements know the words."""
    try:
        return term(f"card.stated.{value}", lang)
    except KeyError:
        return value
