"""`expiry_of`: when the certificates of a file end, and whether that is soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from ..arguments import as_bytes, in_utc
from ..cert import path
from ..cert.asn1 import Certificate
from ..cert.bundle import Bundle, Choice, Entry, choose, read_bundle
from ..cert.check import days_left
from ..cert.coverage import dns_names
from ..cert.extensions import read_extensions
from ..cert.path import Chain
from ..cert.place import Place, locate
from ..cert.subject import common_name, self_issued
from ..cert.trust import TrustStore, require_trust
from ..config.schema import DAYS_LEFT
from ..engine import Fault, findings_from, quote, to_the_minute, to_the_second
from ..findings import Param, Report
from .rules import RULES

KIND = "expiry"
MARK, ISSUING_CA, ROOT = "mark", "issuing-ca", "root"
ROLES = (MARK, ISSUING_CA, ROOT)
"""What a certificate is in its chain, in the order in which those that end together are told."""
_MOST_NAMES = 100
_MOST = 100
"""Certificates of a file that are told of; a chain has two or three."""
_MOST_MARKS = 20
"""Mark Certificates of a file whose chains are followed; a file has one."""
_UNKNOWN = "expiry.unknown"
_UNREAD = frozenset(
    f"cert.{name}" for name in ("too-many-blocks", "pem-damaged", "undecodable", "der-unreadable", "file-too-large")
)
"""What keeps a part of a file from being read; a Mark Certificate may be in there."""


def expiry_of(
    data: bytes | bytearray | memoryview,
    *,
    days: int = DAYS_LEFT,
    at: datetime | None = None,
    trust: TrustStore | None = None,
    name: str = "certificate",
) -> Report:
    """Tell when each Mark Certificate of a file and each certificate above it end.

    Pure, as `bimikit.check_certificate` is, and never raises on what is in `data`. Nothing else is judged.

    Args:
        data: The file's bytes. One without a Mark Certificate is watched for the CAs in it.
        days: A certificate ends soon once fewer full days are left.
        at: The moment to count from; must have a time zone. Now by default.
        trust: Where a chain's root is looked up; `TrustStore.builtin()` by default.
        name: What the report calls its subject, a file name for instance.

    Returns:
        The report, of kind ``"expiry"``: not `ok` where a certificate has ended or ends soon, not `complete` where the
        end isn't known. ``facts["certificates"]`` tells of each, what ends first at the top (docs/expiry.md).

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or `days` is negative.
    """
    data = as_bytes("data", data)
    require_trust(trust)
    require_days(days)
    at = in_utc(at)
    bundle = read_bundle(data)
    choice = choose(bundle) if bundle.readable else Choice(None)
    marks = _marks(bundle, choice)
    found: list[_Found] = []
    faults: list[Fault[Place]] = []
    for number, mark in enumerate(marks[:_MOST_MARKS]):
        chain = path.build(mark, choice.others, trust or TrustStore.builtin(), at)
        # a place in the first chain is told as for any file; of the others, the line tells them apart
        found += (
            _Found(link.certificate, _role(chain, index), Place(index, "notAfter", link.line if number else None))
            for index, link in enumerate(chain.links)
        )
        faults += _issuer_missing(chain, Place(0, "issuer", mark.line if number else None))
    if not marks:
        authorities = [entry.certificate for entry in bundle.entries if read_extensions(entry.certificate).ca]
        if not authorities:
            return unknown(name, "@expiry.no-mark", bundle.faults[0].rule if bundle.faults else "–", at, days=days)
        found = [
            _Found(one, ROOT if self_issued(one) else ISSUING_CA, Place(index, "notAfter"))
            for index, one in enumerate(authorities)
        ]
    once: dict[bytes, _Found] = {}
    for one in found:
        once.setdefault(one.certificate.der, one)
    each = list(once.values())[:_MOST]
    rows = [_row(one.certificate, one.role, at, days) for one in each]
    faults += _ends(rows, [one.place for one in each], at, days)
    unread = [fault.rule for fault in bundle.faults if fault.rule in _UNREAD]
    if unread or len(marks) > _MOST_MARKS or len(once) > _MOST:
        faults.append(_unknown(name, "@expiry.not-all-read", unread[0] if unread else "cert.two-mark-certificates"))
    return _report(name, rows, faults, at, days)


class _Found(NamedTuple):
    """A certificate that is watched.

    Attributes:
        certificate: It.
        role: What it is in its chain.
        place: Where its end stands.
    """

    certificate: Certificate
    role: str
    place: Place


def _marks(bundle: Bundle, choice: Choice) -> list[Entry]:
    """Every Mark Certificate of a file, the one that is judged first: receivers may take any of them."""
    if choice.leaf is None:
        return []
    others = {entry.certificate.der for entry in choice.others}
    return [
        choice.leaf,
        *(one for one in bundle.entries if one is not choice.leaf and one.certificate.der not in others),
    ]


def require_days(days: object) -> None:
    """Complain about what is no number of days.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is negative.
    """
    if not isinstance(days, int) or isinstance(days, bool):
        raise TypeError(f"days must be an int, not {type(days).__name__}")
    if days < 0:
        raise ValueError("days must not be negative")


def unknown(name: str, reason: str, detail: str, at: datetime, *, days: int) -> Report:
    """The report on a source whose certificate can't be had.

    Args:
        name: The file or domain.
        reason: Why, as a term.
        detail: What belongs to it.
        at: The moment.
        days: The threshold.
    """
    return _report(name, [], [_unknown(name, reason, detail)], at, days)


def _unknown(name: str, reason: str, detail: str) -> Fault[Place]:
    params: dict[str, Param] = {"source": quote(name), "reason": reason, "detail": quote(detail) or "–"}
    return Fault(_UNKNOWN, None, "", params)


def without_certificate(name: str, reason: str, at: datetime, *, days: int) -> Report:
    """The report on a domain that publishes no certificate, and need not.

    Args:
        name: The domain.
        reason: How it is without one, as a term.
        at: The moment.
        days: The threshold.
    """
    params: dict[str, Param] = {"source": quote(name), "reason": reason}
    return _report(name, [], [Fault("expiry.no-certificate", None, "", params)], at, days)


def _report(name: str, rows: list[dict[str, Any]], faults: list[Fault[Place]], at: datetime, days: int) -> Report:
    findings = findings_from(faults, RULES, locate)
    facts = {
        "days": days,
        "known": not any(fault.rule == _UNKNOWN for fault in faults),
        "certificates": sorted(rows, key=_end),
    }
    return Report(KIND, name, at, findings, facts)


def _end(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["not_after"], ROLES.index(row["role"])


def _role(chain: Chain, index: int) -> str:
    return MARK if index == 0 else ROOT if chain.is_root(index) else ISSUING_CA


def _row(certificate: Certificate, role: str, at: datetime, days: int) -> dict[str, Any]:
    left = days_left(certificate, at)
    return {
        "role": role,
        "subject": quote(common_name(certificate.subject)) or "–",
        "issuer": quote(common_name(certificate.issuer)) or "–",
        "serial": f"{certificate.serial:x}"[:64],
        "sha256": sha256(certificate.der).hexdigest(),
        "domains": [quote(name) for name in dns_names(certificate)[:_MOST_NAMES]] if role == MARK else [],
        "not_before": to_the_second(certificate.not_before),
        "not_after": to_the_second(certificate.not_after),
        "days_left": left,
        "act_from": act_from(certificate.not_after, days),
        "state": "ended" if at > certificate.not_after else "soon" if left < days else "ok",
    }


def act_from(not_after: datetime, days: int) -> str:
    """The first day on which fewer full days are left."""
    try:
        return (not_after - timedelta(days=days) + timedelta(seconds=1)).date().isoformat()
    except OverflowError:  # before all calendars
        return datetime.min.date().isoformat()


def _ends(rows: list[dict[str, Any]], places: list[Place], at: datetime, days: int) -> list[Fault[Place]]:
    found = []
    for row, place in zip(rows, places, strict=True):
        if row["state"] == "ok":
            continue
        until = datetime.fromisoformat(row["not_after"])
        params = parameters(row["role"], row["subject"], until, row["days_left"], row["act_from"], days)
        found.append(Fault(f"expiry.{row['state']}", place, row["sha256"], params))
    return found


def parameters(role: str, subject: str, until: datetime, left: int, act: str, within: int) -> dict[str, Param]:
    """What the words on a certificate's end are about."""
    return {
        "kind": f"@expiry.role-{role}",
        "renewal": f"@expiry.renew-{role}",
        "subject": subject,
        "until": to_the_minute(until),
        "days": left,
        "act": act,
        "within": within,
    }


def _issuer_missing(chain: Chain, place: Place) -> Iterator[Fault[Place]]:
    mark = chain.links[0].certificate
    if len(chain.links) == 1 and not self_issued(mark):
        subject = quote(common_name(mark.subject)) or "–"
        yield Fault("expiry.issuer-missing", place, sha256(mark.der).hexdigest(), {"subject": subject})


class Row(msgspec.Struct, frozen=True):
    """A certificate of several reports.

    Attributes:
        facts: What is known of it; an entry of ``facts["certificates"]``.
        sources: Where it was found: files and domains, in order.
        days: The largest threshold among theirs.
    """

    facts: dict[str, Any]
    sources: tuple[str, ...]
    days: int


def together(reports: Sequence[Report]) -> list[Row]:
    """The certificates of all reports, each once; what ends first at the top."""
    rows: dict[str, Row] = {}
    for report in reports:
        for facts in report.facts["certificates"]:
            known = rows.get(facts["sha256"])
            days = report.facts["days"]
            if known is None:
                rows[facts["sha256"]] = Row(facts, (report.subject,), days)
                continue
            sooner = facts if days > known.days else known.facts
            rows[facts["sha256"]] = Row(sooner, (*known.sources, report.subject), max(days, known.days))
    return sorted(rows.values(), key=lambda row: (*_end(row.facts), row.sources))
