"""What a report on a domain answers for: its records, what is hosted, the certificate and the logo."""

from __future__ import annotations

from .cert.rules import RULES as CERTIFICATE_RULES
from .dns.rules import DNS_RULES
from .rules import RuleSet
from .web.rules import WEB_RULES

RULES = RuleSet((*DNS_RULES, *WEB_RULES, *CERTIFICATE_RULES))
