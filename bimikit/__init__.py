"""bimikit tells whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change.

Everything here is public; names are loaded when they are first used, so that ``import bimikit`` stays light.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for typing's, which is dear to import
if TYPE_CHECKING:
    from typing import Any

    from . import testing
    from .cert.check import check_certificate
    from .cert.trust import CtLog, Root, TrustStore
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
    from .rules import Rule, RuleSet, all_rules
    from .schemas import report_schema
    from .sources import Citation, Source
    from .svg.check import check_svg
    from .svg.document import Limits

__version__ = "0.1.0"

_HOMES = {
    "Applicability": "findings",
    "Citation": "sources",
    "CtLog": "cert.trust",
    "Finding": "findings",
    "Fix": "findings",
    "Limits": "svg.document",
    "Location": "findings",
    "Outcome": "findings",
    "Report": "findings",
    "Root": "cert.trust",
    "Rule": "rules",
    "RuleSet": "rules",
    "Severity": "findings",
    "Source": "sources",
    "TrustStore": "cert.trust",
    "Wording": "findings",
    "all_rules": "rules",
    "check_certificate": "cert.check",
    "check_svg": "svg.check",
    "report_schema": "schemas",
}

__all__ = [
    "Applicability",
    "Citation",
    "CtLog",
    "Finding",
    "Fix",
    "Limits",
    "Location",
    "Outcome",
    "Report",
    "Root",
    "Rule",
    "RuleSet",
    "Severity",
    "Source",
    "TrustStore",
    "Wording",
    "all_rules",
    "check_certificate",
    "check_svg",
    "report_schema",
    "testing",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None and name != "testing":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "testing"})
