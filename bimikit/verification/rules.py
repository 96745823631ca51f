"""The rules on what is published in place of what was planned, in the order in which `bimikit rules` lists them.

Their words are in `bimikit.locale`. What is wrong with how files are hosted is told by the rules on the web, and
whether the hosted logo is the one in the certificate by those on the match.
"""

from __future__ import annotations

from ..findings import Outcome, Severity
from ..readiness_rules import RULES as ON_DOMAINS
from ..rules import Rule, RuleSet
from ..sources import cite

_E, _W = Severity.ERROR, Severity.WARNING
_PLAN = cite("bimikit", "comparison with the plan")

VERIFY_RULES = RuleSet(
    (
        *(
            Rule(f"verify.{name}", severity, _PLAN)
            for name, severity in (
                ("dmarc-changed", _E),
                ("dmarc-missing", _E),
                ("dmarc-unexpected", _E),
                ("dmarc-rewritten", _W),
                ("record-changed", _E),
                ("record-missing", _E),
                ("record-unexpected", _E),
                ("record-rewritten", _W),
                ("not-published", _E),
                ("logo-changed", _E),
                ("certificate-changed", _E),
                ("certificate-unreadable", _E),
            )
        ),
        Rule("verify.dns-undecided", _E, _PLAN, outcome=Outcome.INDETERMINATE),
        Rule("verify.nothing-planned", _E, _PLAN, outcome=Outcome.INDETERMINATE),
    )
)
"""What is asked of that which is published."""

SCOPE = ("verify.", "web.", "match.", "bimikit.")
"""Beginnings of the ids of the rules that a comparison answers for."""
RULES = RuleSet((*VERIFY_RULES, *(rule for rule in ON_DOMAINS if rule.id.startswith(SCOPE))))
