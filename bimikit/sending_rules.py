"""What a report on a domain's sending answers for: its SPF record and its DKIM keys."""

from __future__ import annotations

from .dkim.rules import DKIM_RULES
from .readiness_rules import RULES as ON_DOMAINS
from .rules import RuleSet
from .spf.rules import SPF_RULES

RULES = RuleSet((*SPF_RULES, *DKIM_RULES, *(rule for rule in ON_DOMAINS if rule.id.startswith("bimikit."))))
