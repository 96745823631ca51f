"""A rule is data: an id, the text that demands it, the strength of that text, and the date from which it binds.

Its words (what, why, fix) live in the catalogue (`bimikit.locale`), and its examples beside the rules, so that
judging a file loads neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib import import_module

import msgspec

from .findings import Applicability, Outcome, Severity
from .sources import Citation


class Rule(msgspec.Struct, frozen=True, gc=False):
    """One requirement.

    Attributes:
        id: Dotted, lower case, and API: a renamed rule keeps its old id among `aliases`.
        severity: The norm's own strength.
        citation: The text that demands it.
        applicability: Whether its fix can change the picture.
        since: The day from which it binds; None for always.
        aliases: Ids it had before.
        outcome: What a finding of it means: FAIL, or INDETERMINATE or NOT_CHECKED for a rule that tells of just that.
    """

    id: str
    severity: Severity
    citation: Citation
    applicability: Applicability = Applicability.MANUAL
    since: date | None = None
    aliases: tuple[str, ...] = ()
    outcome: Outcome = Outcome.FAIL

    def in_force(self, at: datetime) -> bool:
        """Whether the rule binds at that moment."""
        return self.since is None or at.date() >= self.since


class RuleSet:
    """An explicit, ordered set of rules; nothing registers itself on import."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_id: dict[str, Rule] = {}
        for rule in self._rules:
            for name in (rule.id, *rule.aliases):
                if name in self._by_id:
                    raise ValueError(f"two rules are called {name}")
                self._by_id[name] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._by_id

    def __getitem__(self, rule_id: str) -> Rule:
        """The rule of that id, or that once had it.

        Raises:
            KeyError: There is none.
        """
        return self._by_id[rule_id]


def matches(rule: Rule, prefixes: Iterable[str]) -> bool:
    """Whether a rule is named by one of the id prefixes: ``svg``, ``svg.title`` or ``svg.title-missing``."""
    return any(name.startswith(prefix) for name in (rule.id, *rule.aliases) for prefix in prefixes)


def rules_of_kind(kind: str) -> RuleSet:
    """The rules a report of this kind answers for."""
    home = _HOMES.get(kind)
    if home is None:
        return RuleSet(())
    rules: RuleSet = import_module(home, __package__).RULES
    return rules


_HOMES = {
    "svg": ".svg.rules",
    "appearance": ".svg.appearance_rules",
    "certificate": ".cert.rules",
    "domain": ".readiness_rules",
    "publication": ".readiness_rules",
    "verification": ".verification.rules",
    "expiry": ".expiry.rules",
    "sending": ".sending_rules",
}
"""The module that has the rules of each kind of report."""


def all_rules() -> RuleSet:
    """Every rule bimikit has."""
    from .cert.rules import DEMANDED
    from .dkim.rules import DKIM_RULES
    from .expiry.rules import EXPIRY_RULES
    from .spf.rules import SPF_RULES
    from .svg.appearance_rules import APPEARANCE_RULES
    from .verification.rules import VERIFY_RULES

    on_domains = rules_of_kind("domain")  # they judge certificate and logo as well
    return RuleSet((*on_domains, *DEMANDED, *APPEARANCE_RULES, *VERIFY_RULES, *EXPIRY_RULES, *SPF_RULES, *DKIM_RULES))
