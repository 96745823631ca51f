"""What a scan tells of one domain: small, plain, and the same in every format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from ..dns import bimi
from ..dns.dmarc import NEW, OLD, POLICIES, Reading, dmarc_name
from .lookup import Looked

READY, BARRED, WITHOUT, BROKEN, DECLINED, UNDECIDED, NO_DOMAIN = (
    "ready", "barred", "no-record", "broken-record", "declined", "undecided", "no-domain",
)  # fmt: skip
"""What the DNS part comes to: all there; DMARC bars it; no Assertion Record; an unusable one; declined; not found out;
no domain name."""
STATES = frozenset({READY, BARRED, WITHOUT, BROKEN, DECLINED, UNDECIDED, NO_DOMAIN})


def _one_of(terms: Iterable[str]) -> Meta:
    """What a row that is read back may hold: its file may have been changed, or damaged."""
    return Meta(pattern=rf"\A(?:{'|'.join(sorted(terms))})\Z")


State: TypeAlias = Annotated[str, _one_of(STATES)]
Policy: TypeAlias = Annotated[str, _one_of(POLICIES)]
Percent: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
Count: TypeAlias = Annotated[int, Meta(ge=0)]


class View(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A domain as one RFC reads it.

    Attributes:
        dmarc: ``"record"``, ``"none"`` or ``"temperror"``.
        record_at: The domain whose DMARC record applies.
        organizational_domain: The Organizational Domain.
        policy: The policy that applies.
        applied_policy: The same after t=, where that is another.
        pct: ``pct``, where it isn't 100.
        eligible: Whether DMARC is good enough for BIMI; None where that could not be found out.
        bars: Why it isn't: rules' ids without ``dmarc.``.
        bimi: ``"found"``, ``"declined"``, ``"none"``, ``"fail"`` or ``"temperror"``.
        bimi_at: The DNS name of the Assertion Record that counts.
    """

    dmarc: Annotated[str, _one_of(("record", "none", "temperror"))]
    record_at: str | None = None
    organizational_domain: str | None = None
    policy: Policy | None = None
    applied_policy: Policy | None = None
    pct: Percent | None = None
    eligible: bool | None = None
    bars: tuple[str, ...] = ()
    bimi: Annotated[str, _one_of((bimi.FOUND_RECORD, bimi.DECLINED, bimi.NONE, bimi.FAIL, bimi.TEMPERROR))] = bimi.NONE
    bimi_at: str | None = None


class Sending(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a domain's other records say about its mail, where a scan was asked for it.

    Attributes:
        spf: ``"valid"``, ``"none"``, ``"several"``, or ``"unknown"`` where it could not be found out.
        spf_text: The SPF record.
        spf_lookups: How many lookups it causes; None where that isn't known.
        mx: The MX records, as zone files have them: ``"0 ."`` is a null MX (RFC 7505).
        alias: Where the domain itself is an alias (CNAME) of, so that no other record can stand there.
        unauthorised: Where its DMARC record sends reports, and nothing there allows them (RFC 9990; RFC 7489, 7.1).
        unanswered: What could not be found out: ``"spf"``, ``"dkim"``, ``"mx"``.
        dkim: Selectors at which there is a key that can be used.
        rules: Ids of the rules on SPF and DKIM that are broken.
    """

    spf: Annotated[str, _one_of(("valid", "none", "several", "unknown"))]
    spf_text: str | None = None
    spf_lookups: Count | None = None
    mx: tuple[str, ...] = ()
    alias: str | None = None
    unauthorised: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    dkim: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class Hosted(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a domain's logo and Mark Certificate come to, where a scan was asked to fetch them.

    Attributes:
        outcome: ``"pass"``, ``"fail"`` or ``"indeterminate"``, as `bimikit.check_domain` judges the whole domain.
        rules: Ids of the rules that are broken.
        unanswered: Ids of the rules of which that could not be found out.
        ready: Mailbox providers that are ready.
        logo: SHA-256 of the logo's SVG.
        certificate: SHA-256 of the certificate's file.
        certificate_ends: When the Mark Certificate ends, ISO date.
    """

    outcome: Annotated[str, _one_of(("pass", "fail", "indeterminate"))]
    rules: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    logo: str | None = None
    certificate: str | None = None
    certificate_ends: str | None = None


class Scanned(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One domain of a scan.

    Attributes:
        domain: The domain in normal form; as it was given where it is none.
        state: What it comes to; see `READY` and the others. Where the readings differ, the worse.
        rfc9989: The domain as RFC 9989 reads it; None for what is no domain.
        rfc7489: As RFC 7489 does.
        dmarc: The texts of the domain's own DMARC records, whether they count or not.
        location: ``l`` of the Assertion Record.
        authority: ``a`` of it.
        reason: Why it is no domain, or what could not be asked: a term, or DNS names.
        number: Its place among the domains given, from 1.
        at: When it was looked at: ISO time, UTC, to the second.
        selector: The selector of the Assertion Record that was looked for.
        sending: What other records say about its mail; None where nobody asked.
        hosted: What its files come to; None where nobody asked, or the record names none.
        assertion: The text of the Assertion Record.
        aliases: Which of the domain's names for these records are aliases (CNAME).
    """

    domain: str
    state: State
    rfc9989: View | None = None
    rfc7489: View | None = None
    dmarc: tuple[str, ...] = ()
    location: str | None = None
    authority: str | None = None
    reason: str = ""
    number: Count = 0
    at: str = ""
    selector: str = "default"
    sending: Sending | None = None
    hosted: Hosted | None = None
    assertion: str | None = None
    aliases: tuple[str, ...] = ()


_LONGEST_TEXT = 255
"""Characters of a text that is no domain name that are told."""
_WORST = (BARRED, UNDECIDED, BROKEN, DECLINED, WITHOUT, READY)
"""A bar of one reading is known, whatever could not be found out for the other."""


def row_of(looked: Looked, number: int = 0, at: str = "", selector: str = "default") -> Scanned:
    """The row of what was found on the domain of that number at a time."""
    views = {rfc: _view(looked, rfc) for rfc in (NEW, OLD)}
    state = min((_state(view) for view in views.values()), key=_WORST.index)
    assertion = next((one.assertion for one in looked.discovered.values() if one.assertion is not None), None)
    reason = ""
    if state == UNDECIDED:
        names = [dmarc_name(domain) for reading in looked.readings.values() for domain in reading.undecided]
        names += [one.failed for one in looked.discovered.values() if "._bimi." in one.failed]
        reason = " ".join(dict.fromkeys(names))
    return Scanned(
        looked.domain,
        state,
        views[NEW],
        views[OLD],
        looked.records,
        (assertion.location or None) if assertion is not None else None,
        (assertion.authority or None) if assertion is not None else None,
        reason,
        number,
        at,
        selector,
        assertion=assertion.tags.text if assertion is not None else None,
        aliases=looked.aliases,
    )


def no_domain(given: str, reason: str, number: int = 0, at: str = "") -> Scanned:
    """The row of a text that is no domain name."""
    return Scanned(given[:_LONGEST_TEXT], NO_DOMAIN, reason=reason, number=number, at=at)


def _view(looked: Looked, rfc: str) -> View:
    reading, found = looked.readings[rfc], looked.discovered[rfc]
    record = reading.record
    return View(
        reading.result,
        record.domain if record is not None else None,
        reading.organizational_domain,
        reading.policy,
        reading.applied_policy if reading.applied_policy != reading.policy else None,
        _percent(reading),
        reading.eligible,
        tuple([bar.reason for bar in reading.bars]),
        found.state,
        found.found_at,
    )


def _percent(reading: Reading) -> int | None:
    percent = reading.record.percent if reading.record is not None else 100
    return None if percent == 100 else percent


def _state(view: View) -> str:
    if view.eligible is False:
        return BARRED
    if view.eligible is None or view.bimi == bimi.TEMPERROR:
        return UNDECIDED
    return {bimi.FOUND_RECORD: READY, bimi.DECLINED: DECLINED, bimi.FAIL: BROKEN}.get(view.bimi, WITHOUT)
