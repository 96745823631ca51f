"""bimikit tells whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change.

Everything here is public; names are loaded when they are first used, so that ``import bimikit`` stays light.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for typing's, which is dear to import
if TYPE_CHECKING:
    from typing import Any

    from . import aio, testing
    from .cert.check import check_certificate
    from .cert.trust import CtLog, Root, TrustStore
    from .dns.nameservers import resolver_at
    from .domain import check_domain, gather_domain
    from .domains import normal_domain
    from .errors import BimikitError
    from .expiry.live import expiry_of_domain
    from .expiry.watch import expiry_of
    from .findings import (
        Applicability,
        Finding,
        Fix,
        Location,
        Outcome,
        Report,
        Severity,
        Wording,
    )
    from .gathered import Gathered
    from .output import render_report
    from .output.explanation import Explanation, explain
    from .output.repair_explanation import ExplainedRepair, explain_repair
    from .plan.model import Plan
    from .planning import plan_of, render_plan
    from .preview import contact_sheet, contact_sheet_html, draw_svg, look_at_svg
    from .publication import check_publication
    from .repair import Change, Repair, repair_svg
    from .rules import Rule, RuleSet, all_rules
    from .schemas import repair_schema, report_schema
    from .sending import check_dkim, check_spf
    from .sources import Citation, Source
    from .svg.appearance import check_appearance
    from .svg.check import check_svg
    from .svg.document import Limits
    from .svg.inbox import render_svg
    from .svg.pictures import NotDrawable
    from .verification.live import verify_publication
    from .web.policy import FetchPolicy

__version__ = "0.1.0"

_HOMES = {
    "Applicability": "findings",
    "BimikitError": "errors",
    "Change": "repair",
    "Citation": "sources",
    "CtLog": "cert.trust",
    "FetchPolicy": "web.policy",
    "Gathered": "gathered",
    "Explanation": "output.explanation",
    "Finding": "findings",
    "Fix": "findings",
    "Limits": "svg.document",
    "Location": "findings",
    "NotDrawable": "svg.pictures",
    "Outcome": "findings",
    "Plan": "plan.model",
    "Repair": "repair",
    "Report": "findings",
    "Root": "cert.trust",
    "Rule": "rules",
    "RuleSet": "rules",
    "Severity": "findings",
    "Source": "sources",
    "TrustStore": "cert.trust",
    "Wording": "findings",
    "all_rules": "rules",
    "check_appearance": "svg.appearance",
    "check_certificate": "cert.check",
    "check_dkim": "sending",
    "check_domain": "domain",
    "check_publication": "publication",
    "check_spf": "sending",
    "check_svg": "svg.check",
    "contact_sheet": "preview",
    "contact_sheet_html": "preview",
    "draw_svg": "preview",
    "ExplainedRepair": "output.repair_explanation",
    "explain": "output.explanation",
    "explain_repair": "output.repair_explanation",
    "expiry_of": "expiry.watch",
    "expiry_of_domain": "expiry.live",
    "gather_domain": "domain",
    "look_at_svg": "preview",
    "normal_domain": "domains",
    "plan_of": "planning",
    "render_plan": "planning",
    "render_report": "output",
    "render_svg": "svg.inbox",
    "repair_schema": "schemas",
    "repair_svg": "repair",
    "report_schema": "schemas",
    "resolver_at": "dns.nameservers",
    "verify_publication": "verification.live",
}

_MODULES = ("aio", "testing")

__all__ = [
    "Applicability",
    "BimikitError",
    "Change",
    "Citation",
    "CtLog",
    "ExplainedRepair",
    "Explanation",
    "FetchPolicy",
    "Finding",
    "Fix",
    "Gathered",
    "Limits",
    "Location",
    "NotDrawable",
    "Outcome",
    "Plan",
    "Repair",
    "Report",
    "Root",
    "Rule",
    "RuleSet",
    "Severity",
    "Source",
    "TrustStore",
    "Wording",
    "aio",
    "all_rules",
    "check_appearance",
    "check_certificate",
    "check_dkim",
    "check_domain",
    "check_publication",
    "check_spf",
    "check_svg",
    "contact_sheet",
    "contact_sheet_html",
    "draw_svg",
    "expiry_of",
    "expiry_of_domain",
    "explain",
    "explain_repair",
    "gather_domain",
    "look_at_svg",
    "normal_domain",
    "plan_of",
    "render_plan",
    "render_report",
    "render_svg",
    "repair_schema",
    "repair_svg",
    "report_schema",
    "resolver_at",
    "testing",
    "verify_publication",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
