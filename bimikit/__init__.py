"""bimikit tells whether a brand's BIMI logo will show in the inbox and, where it won't, exactly what to change.

Everything here is public; names are loaded when they are first used, so that ``import bimikit`` stays light.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for typing's, which is dear to import
if TYPE_CHECKING:
    from typing import Any

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
    "Finding": "findings",
    "Fix": "findings",
    "Limits": "svg.document",
    "Location": "findings",
    "Outcome": "findings",
    "Report": "findings",
    "Rule": "rules",
    "RuleSet": "rules",
    "Severity": "findings",
    "Source": "sources",
    "Wording": "findings",
    "all_rules": "rules",
    "check_svg": "svg.check",
    "report_schema": "schemas",
}

__all__ = [
    "Applicability",
    "Citation",
    "Finding",
    "Fix",
    "Limits",
    "Location",
    "Outcome",
    "Report",
    "Rule",
    "RuleSet",
    "Severity",
    "Source",
    "Wording",
    "all_rules",
    "check_svg",
    "report_schema",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
