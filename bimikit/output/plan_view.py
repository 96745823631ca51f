"""What the formats of a plan share: its head, its stages, and each domain's part, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from ..domains import in_letters
from ..locale import term, words_of
from ..plan.model import STAGES, DomainPlan, Plan, PlannedRecord
from ..plan.words import WORDS, text
from ..statement import Statement
from .view import one_line


class Shown(NamedTuple):
    """A record in words.

    Attributes:
        name: Its DNS name and type.
        value: What a DNS panel takes.
        instead: What it replaces.
        why: Why, and in whose zone it belongs where that is another's.
    """

    name: str
    value: str
    instead: tuple[str, ...]
    why: str


class Part(NamedTuple):
    """A list under a heading.

    Attributes:
        heading: The heading.
        lines: Sentences.
        records: Records.
    """

    heading: str
    lines: tuple[str, ...] = ()
    records: tuple[Shown, ...] = ()


def changes_by_domain(differences: Iterable[Statement]) -> list[tuple[str, tuple[Statement, ...]]]:
    """What changed, domain by domain."""
    return [(domain, tuple(ones)) for domain, ones in groupby(differences, key=lambda one: str(one.values["domain"]))]


def listed_of(plan: Plan) -> list[DomainPlan]:
    """The domains of the inventory: the others have no goal."""
    return [one for one in plan.domains if one.stage != "unlisted"]


class Words:
    """The words of a plan in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._words = words_of(WORDS, lang)

    @property
    def colon(self) -> str:
        """What stands between a label and what it is about."""
        return term("label.colon", self.lang)

    def label(self, key: str, **about: object) -> str:
        """A label."""
        return self._words[f"label.{key}"].format_map(about)

    def stage(self, stage: str) -> str:
        """The name of a stage."""
        return self._words[f"stage.{stage}"]

    def told(self, statements: Sequence[Statement]) -> tuple[str, ...]:
        """Statements as sentences, each on one line."""
        return tuple(one_line(text(one, self.lang)) for one in statements)

    def changes(self, differences: Sequence[Statement]) -> tuple[str, ...]:
        """What changed, a line for each domain; or that nothing did."""
        found = []
        for domain, ones in changes_by_domain(differences):
            found.append(one_line(in_letters(domain)) + self.colon + self.label("between").join(self.told(ones)))
        return tuple(found) or (self.label("no-changes"),)

    def title(self, plan: Plan) -> str:
        """The title of a plan."""
        organization = one_line(plan.organization)
        return self.label("title-of", organization=organization) if organization else self.label("title")

    def summary(self, plan: Plan) -> tuple[str, ...]:
        """As of when, and how many domains are at their goal."""
        listed = listed_of(plan)
        done = sum(one.done for one in listed)
        return (
            self.label("as-of", day=plan.as_of.isoformat()),
            self.label("done", done=done, total=len(listed)),
        )

    def head(self, one: DomainPlan) -> tuple[str, str]:
        """A domain's stage and the next one; and what else is known of it in a line."""
        after = self._after(one)
        facts = [
            self.label("goal", goal=self._words[f"goal.{one.goal}"]) if one.stage != "unlisted" else "",
            self.label("policy", policy=self._policy(one)),
            self.label("owner", owner=one.owner) if one.owner else "",
            one.note,
        ]
        return f"{self.stage(one.stage)} → {after}", one_line(" · ".join(fact for fact in facts if fact))

    def _policy(self, one: DomainPlan) -> str:
        if one.subdomain_policy:
            return self.label("policy-below", policy=one.policy, below=one.subdomain_policy)
        return one.policy or self.label("no-policy" if one.known else "unknown")

    def _after(self, one: DomainPlan) -> str:
        if one.done or one.next is None:
            return self.label("reached")
        return self.label("unfinished") if one.next == one.stage else self.stage(one.next)

    def parts(self, one: DomainPlan) -> list[Part]:
        """What there is to tell about a domain, in order; what would be empty is left out."""
        found = [Part(self.label("blocks"), self.told(one.blocks))]
        for when, label in (("now", "now"), ("next", "later")):
            records = tuple(self._shown(one, record) for record in one.records if record.when == when)
            found.append(Part(self.label(label), records=records))
        found += [
            Part(self.label("refused", step=text(refusal.step, self.lang)), self.told(refusal.why))
            for refusal in one.refusals
        ]
        found.append(Part(self.label("notices"), self.told(one.notices)))
        return [part for part in found if part.lines or part.records]

    def _shown(self, one: DomainPlan, record: PlannedRecord) -> Shown:
        return Shown(
            f"{one_line(record.name)}. {record.type}",
            one_line(record.value),
            tuple(map(one_line, record.instead)),
            one_line(text(record.why, self.lang)),
        )


def counts(plan: Plan) -> list[tuple[str, int]]:
    """How many domains are at each stage, in the order of the stages."""
    at = [one.stage for one in plan.domains]
    return [(stage, at.count(stage)) for stage in STAGES]
