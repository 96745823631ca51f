"""The rules on SPF, in the order in which `bimikit rules` lists them; words in `bimikit.locale`."""

from __future__ import annotations

from ..findings import Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_SELECTION = cite("rfc7208", "section 4.5", "#section-4.5")
_LIMITS = cite("rfc7208", "section 4.6.4", "#section-4.6.4")
_SYNTAX = cite("rfc7208", "section 4.6", "#section-4.6")
_INCLUDE = cite("rfc7208", "section 5.2", "#section-5.2")
_ALL = cite("rfc7208", "section 5.1", "#section-5.1")
_MODIFIERS = cite("rfc7208", "section 6", "#section-6")
_MACROS = cite("rfc7208", "section 7", "#section-7")
_ADVISED = cite("bimikit", "advice")

_FAILS: tuple[tuple[str, Severity, Citation], ...] = (
    # the record itself
    ("missing", _W, cite("rfc7208", "section 3", "#section-3")),
    ("version", _E, _SELECTION),
    ("record-multiple", _E, _SELECTION),
    ("syntax", _E, _SYNTAX),
    ("modifier-twice", _E, _MODIFIERS),
    ("modifier-unknown", _N, _MODIFIERS),
    ("all-not-last", _W, _ALL),
    ("record-long", _N, cite("rfc7208", "section 3.4", "#section-3.4")),
    # whom it lets pass
    ("pass-all", _E, _ADVISED),
    ("range-wide", _W, _ADVISED),
    ("neutral-all", _W, cite("rfc7208", "section 8.2", "#section-8.2")),
    ("all-missing", _W, cite("rfc7208", "section 4.7", "#section-4.7")),
    ("ptr", _W, cite("rfc7208", "section 5.5", "#section-5.5")),
    # whether it can be evaluated
    ("lookups", _E, _LIMITS),
    ("lookups-close", _N, _LIMITS),
    ("void-lookups", _W, _LIMITS),
    ("void-lookups-family", _N, _LIMITS),
    ("name-void", _W, _ADVISED),
    ("mx-hosts", _E, _LIMITS),
    ("include-missing", _E, _INCLUDE),
    ("redirect-missing", _E, cite("rfc7208", "section 6.1", "#section-6.1")),
    ("loop", _E, _LIMITS),
    ("name-invalid", _W, cite("rfc7208", "section 4.3", "#section-4.3")),
)

SPF_RULES = RuleSet(
    (
        *(Rule(f"spf.{name}", severity, citation) for name, severity, citation in _FAILS),
        Rule("spf.undecided", _E, cite("rfc7208", "section 4.4", "#section-4.4"), outcome=Outcome.INDETERMINATE),
        Rule("spf.unfinished", _E, _LIMITS, outcome=Outcome.INDETERMINATE),
        Rule("spf.macro-uncounted", _N, _MACROS, outcome=Outcome.NOT_CHECKED),
        Rule("spf.not-given", _N, _ADVISED, outcome=Outcome.NOT_CHECKED),
    )
)
"""What is asked of a domain's SPF record."""
