"""The exact records to publish: only those of which everything they rest on was judged, and is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bimikit import Finding, Outcome, Report, Severity

from .judging import Subject
from .records import as_strings, split_name

MAJOR = ("gmail", "apple", "yahoo")
"""The providers that most people ask about."""
_OF_NAMES = ("bimikit.", "bimi.domain-")
"""How the ids of rules about what was typed begin."""
_FOLDED = "bimikit.more-of-the-same"
_POLICY = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)", re.IGNORECASE)
_STRICTNESS = ("none", "quarantine", "reject")
_UNDECIDED = (Outcome.INDETERMINATE, Outcome.NOT_CHECKED)


class ToPublish(msgspec.Struct, frozen=True):
    """A record to publish.

    Attributes:
        name: Its DNS name.
        value: Its text, as most providers' pages want it.
        zone: The line of a zone file.
        published: Whether just this stands there already, so that nothing needs publishing.
        first: Addresses at which the files that were handed in must be before; those that were fetched are there.
        stricter: Whether receivers will treat mail that fails DMARC worse than now, as far as is known: whose own mail
            fails loses it.
    """

    name: str
    value: str
    zone: str
    published: bool = False
    first: tuple[str, ...] = ()
    stricter: bool = False

    @property
    def of_dmarc(self) -> bool:
        """Whether it is a DMARC record."""
        return self.name.startswith("_dmarc.")


def to_publish(subject: Subject) -> tuple[ToPublish, ...]:
    """The planned records that are right to publish; none where anything they rest on is broken or unknown.

    Args:
        subject: The answer about a publication whose records are planned.
    """
    report = subject.report
    if report.kind != "publication" or not report.finished or _is_of_no_use(report):
        return ()
    return (*_dmarc(subject), *_assertion(subject))


def _is_of_no_use(report: Report) -> bool:
    """Whether what was typed is no domain of somebody's own."""
    return any(finding.rule.startswith(_OF_NAMES) and finding.rule != _FOLDED for finding in report.findings)


def _dmarc(subject: Subject) -> Iterator[ToPublish]:
    """DMARC records rest on nothing but themselves and each other."""
    report = subject.report
    if not _bars_nothing(report) or _minds_dmarc(report):
        return
    readings = report.facts["dmarc"].values()
    owners = {report.facts["domain"], *(reading["organizational_domain"] for reading in readings)}
    for name, value in _single(subject):
        head, owner = split_name(name)
        if head == "_dmarc" and owner in owners:
            yield _record(subject, name, value)


def _assertion(subject: Subject) -> Iterator[ToPublish]:
    """The Assertion Record rests on DMARC, on the logo, and on the certificate where it names one.

    Nobody of those whom most people ask about may shut it out but for having no certificate.
    """
    report, facts = subject.report, subject.report.facts
    if not (report.ok and report.complete and _bars_nothing(report) and "ready" in report.verdicts.values()):
        return
    readings = list(facts["bimi"].values())
    if any(reading["record"] != "found" or reading["result"] != "pass" for reading in readings):
        return
    counting = {reading["found_at"] for reading in readings}
    location, authority = readings[0]["location"], readings[0]["authority"]
    if not _documents_are_right(facts, authority) or any(_shuts_out(report, provider) for provider in MAJOR):
        return
    consulted = {name for name in subject.plan if "._bimi." in name and name in facts["records"]}
    if consulted != counting:  # a record that only led to the one that counts was not held against logo and certificate
        return
    named = {"indicator": location, "certificate": authority}
    first = tuple(url for what, url in named.items() if url and facts["hosting"][what] is None)
    for name, value in _single(subject):
        if name in counting:
            yield _record(subject, name, value, first)


def _documents_are_right(facts: Mapping[str, Any], authority: str) -> bool:
    """Whether the logo was judged, and the certificate if and only if the record names one."""
    certificate = facts["certificate"]
    if facts["indicator"]["sight"] != "seen" or certificate["sight"] != ("seen" if authority else "none"):
        return False
    certified = certificate.get("trusted_root") is not None and certificate.get("logo") in ("identical", "markup")
    return certified or not authority


def _shuts_out(report: Report, provider: str) -> bool:
    reasons = report.facts["receivers"].get(provider, ())
    return report.verdicts.get(provider) == "blocked" and any(
        reason["about"] != "self-asserted" for reason in reasons if reason["effect"] == "blocks"
    )


def _minds_dmarc(report: Report) -> bool:
    """Whether any provider would have DMARC otherwise, so that the answer advises to change the record."""
    reasons = (reason for several in report.facts["receivers"].values() for reason in several)
    return any(reason["about"].startswith("dmarc") and reason["effect"] in ("blocks", "risks") for reason in reasons)


def _bars_nothing(report: Report) -> bool:
    """Whether DMARC, in both readings, is known to allow BIMI."""
    allowed = all(reading["eligible"] is True for reading in report.facts["bimi"].values())
    return allowed and not _broken(report, "dmarc.")


def _broken(report: Report, rules: str) -> bool:
    return any(
        finding.outcome in _UNDECIDED or (finding.severity is Severity.ERROR and finding.outcome is Outcome.FAIL)
        for finding in report.findings
        if finding.rule.startswith(rules)
    )


def _single(subject: Subject) -> Iterator[tuple[str, str]]:
    """Names that have one planned text, and nothing to say against it."""
    faulty = {place.dns_name for finding in subject.report.findings if _counts(finding) for place in finding.locations}
    for name, texts in subject.plan.items():
        if len(texts) == 1 and name in subject.report.facts["records"] and name not in faulty:
            yield name, texts[0]


def _counts(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTICE or finding.outcome in _UNDECIDED


def _record(subject: Subject, name: str, value: str, first: tuple[str, ...] = ()) -> ToPublish:
    zone = f"{name}. 3600 IN TXT {as_strings(value)}"
    published = subject.published.get(name) == (value,)
    now = max((_strictness(text) for text in subject.published.get(name, ())), default=0)
    stricter = name.startswith("_dmarc.") and _strictness(value) > now
    return ToPublish(name, value, zone, published, () if published else first, stricter)


def _strictness(text: str) -> int:
    """How strict a DMARC record's policy is; 0 for one that asks for nothing."""
    found = _POLICY.search(text)
    return _STRICTNESS.index(found[1].lower()) if found else 0
