"""The rules on when certificates end, in the order in which `bimikit rules` lists them; words in `bimikit.locale`."""

from __future__ import annotations

from ..findings import Outcome, Severity
from ..readiness_rules import RULES as ON_DOMAINS
from ..rules import Rule, RuleSet
from ..sources import cite

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_VALIDITY = cite("rfc5280", "section 4.1.2.5", "#section-4.1.2.5")
_ADVISED = cite("bimikit", "advice")

EXPIRY_RULES = RuleSet(
    (
        Rule("expiry.ended", _E, _VALIDITY),
        Rule("expiry.soon", _E, _ADVISED),
        Rule("expiry.unknown", _E, _ADVISED, outcome=Outcome.INDETERMINATE),
        Rule("expiry.issuer-missing", _W, cite("rfc5280", "section 6.1", "#section-6.1")),
        Rule("expiry.no-certificate", _N, _ADVISED),
    )
)
"""What is asked of the ends of certificates."""

RULES = RuleSet((*EXPIRY_RULES, *(rule for rule in ON_DOMAINS if rule.id.startswith("bimikit."))))
