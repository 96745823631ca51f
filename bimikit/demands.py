"""What somebody asks of a report besides the rules: that the certificate lasts, that revocation was checked.

Each becomes a finding of the report, so that every format tells it. What mailbox providers do is not changed by it.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from .cert.place import Place, locate
from .cert.rules import DEMANDED
from .engine import Fault, findings_from, ordered
from .expiry.rules import EXPIRY_RULES
from .expiry.watch import MARK, act_from, parameters
from .findings import Finding, Location, Report
from .selection import revocation_checked

_LASTS_ADVICE = "cert.expires-soon"
_REVOCATION_ADVICE = "cert.revocation-not-checked"


def with_demands(report: Report, *, days_left: int | None, revocation: bool) -> Report:
    """A report with what is asked of it besides the rules.

    Args:
        report: The report.
        days_left: As `with_days_left` has it; None where it doesn't matter.
        revocation: Whether revocation must have been checked.
    """
    report = with_revocation(report) if revocation else report
    return report if days_left is None else with_days_left(report, days_left)


def with_days_left(report: Report, days: int) -> Report:
    """A report in which it is an error that the Mark Certificate lasts for fewer full days than somebody wants.

    Args:
        report: A report on a certificate, a publication or a domain; any other is given back as it is.
        days: Full days (of 24 hours) that it has to last yet.
    """
    about = report.facts.get("certificate", report.facts)
    left = about.get("days_left")
    if left is None or left >= days or about.get("expiry") == "expired":
        return report
    until = datetime.fromisoformat(about["expires"])
    names = dict(reversed(about["subject"]))
    subject = names.get("commonName") or names.get("organizationName") or "–"
    params = parameters(MARK, subject, until, left, act_from(until, days), days)
    (demanded,) = findings_from([Fault("expiry.soon", Place(0, "notAfter"), "", params)], EXPIRY_RULES, locate)
    return _in_place_of(_LASTS_ADVICE, demanded, report)


def with_revocation(report: Report) -> Report:
    """A report in which it is undecided that the revocation of the Mark Certificate was not checked.

    Args:
        report: A report; one on a publication or domain that has no certificate is given back as it is.
    """
    if not revocation_missing(report):
        return report
    urls = " ".join(report.facts.get("certificate", report.facts).get("crls", ())) or "–"
    (demanded,) = findings_from([Fault("cert.revocation-required", Place(), "", {"urls": urls})], DEMANDED, locate)
    return _in_place_of(_REVOCATION_ADVICE, demanded, report)


def revocation_missing(report: Report) -> bool:
    """Whether nobody looked whether a certificate is revoked, unless there is none that could be."""
    looked = any(one.rule == "cert.revocation-unknown" for one in report.findings)
    without = report.facts.get("certificate", {}).get("sight") == "none"
    return not (looked or without or revocation_checked(report))


def _in_place_of(advice: str, demanded: Finding, report: Report) -> Report:
    """A report with a finding, and without the advice that says the same; where that stood, if it did."""
    advised = next((one for one in report.findings if one.rule == advice), None)
    places = demanded.locations if advised is None else advised.locations
    if advised is None and report.kind != "certificate":
        places = tuple(replace(place, document="certificate") for place in places or (Location(),))
    kept = (one for one in report.findings if one is not advised)
    return replace(report, findings=ordered([*kept, replace(demanded, locations=places)]))
