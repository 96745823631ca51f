"""Asking a judged certificate to last: what a configuration's ``days-left`` wants."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ..cert.place import Place, locate
from ..engine import Fault, findings_from, ordered
from ..findings import Report
from .rules import RULES
from .watch import MARK, act_from, parameters

_ADVICE = "cert.expires-soon"


def with_days_left(report: Report, days: int | None) -> Report:
    """A report in which it is an error that the Mark Certificate lasts for fewer full days than somebody wants.

    What mailbox providers do is not changed by it: they show a logo until its certificate ends.

    Args:
        report: A report on a certificate, a publication or a domain; any other is given back as it is.
        days: Full days (of 24 hours) that it has to last yet; None where nobody wants any.
    """
    about = report.facts.get("certificate", report.facts)
    left = about.get("days_left")
    if days is None or left is None or left >= days or about.get("expiry") == "expired":
        return report
    until = datetime.fromisoformat(about["expires"])
    names = dict(reversed(about["subject"]))
    subject = names.get("commonName") or names.get("organizationName") or "–"
    params = parameters(MARK, subject, until, left, act_from(until, days), days)
    (demanded,) = findings_from([Fault("expiry.soon", Place(0, "notAfter"), "", params)], RULES, locate)
    advised = [one for one in report.findings if one.rule == _ADVICE]
    if advised:
        demanded = replace(demanded, locations=advised[0].locations)
    elif report.kind != "certificate":
        demanded = replace(
            demanded, locations=tuple(replace(place, document="certificate") for place in demanded.locations)
        )
    kept = [one for one in report.findings if one.rule != _ADVICE]
    return replace(report, findings=ordered([*kept, demanded]))
