"""What a store of aggregate reports says, domain by domain: the one form from which every format is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import msgspec

from .. import raising
from ..aggregate import sources
from ..aggregate.addresses import Addresses
from ..aggregate.questions import Totals
from ..aggregate.sources import By
from ..locale import words_of
from ..plan.model import Week
from ..plan.plan import weeks_of
from ..raising.model import Option, Outlook, Weighing
from ..raising.reported import BEGINNING
from ..statement import Statement

SCHEMA_VERSION = 1
FORMATS = ("text", "json", "jsonl", "csv", "markdown", "html")
WORDS = "reports_words"
"""The catalogue of what is written here; what is said of a higher policy has one of its own."""
LATER = timedelta(days=31)
"""How much younger than the newest day that can be believed one may be that is charted."""
MOST_SHOWN = 25
"""Sources that formats for readers show, besides those that keep a policy from being raised."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a domain.

    Attributes:
        weighing: Its sources, and what a higher policy would do to them.
        totals: Its sums.
        reporters: Who reported, with the messages counted, those with the most first.
        addresses: The addresses from which most of a source's messages came, by the source's `by` and `name`.
        names: Names of addresses, as far as they were looked up and lead back to them.
        volumes: Messages, and those that passed DMARC, by day.
        newest: The newest day that can be believed (`bimikit.raising.reported.newest_day`); None for any.
    """

    weighing: Weighing
    totals: Totals
    reporters: tuple[tuple[str, int], ...]
    addresses: Mapping[tuple[By, str], Addresses] = {}
    names: Mapping[str, str] = {}
    volumes: tuple[tuple[date, int, int], ...] = ()
    newest: date | None = None

    @property
    def domain(self) -> str:
        """The domain whose policy was reported on."""
        return self.weighing.domain

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Messages by week, in order, those without any among them; no more than the plan has."""
        return weeks_of(self._believed())

    @property
    def misdated(self) -> int:
        """Messages of days that can't be, which are in no week: anybody may mail a report, of any date."""
        believed = self._believed()
        return sum(one[1] for one in self.volumes) - sum(one[1] for one in believed)

    def _believed(self) -> list[tuple[date, int, int]]:
        latest = date.max if self.newest is None or date.max - self.newest < LATER else self.newest + LATER
        return [one for one in self.volumes if BEGINNING <= one[0] <= latest]

    def addresses_of(self, outlook: Outlook) -> Addresses:
        """Some of a source's addresses."""
        return self.addresses.get((outlook.source.by, outlook.source.name), ())

    def shown(self) -> tuple[Outlook, ...]:
        """The sources that formats for readers show: the largest, and all that keep a policy from being raised."""
        return tuple(one for number, one in enumerate(self.weighing.outlooks) if number < MOST_SHOWN or one.hinders)

    def hidden(self) -> tuple[Outlook, ...]:
        """The others."""
        return tuple(one for one in self.weighing.outlooks[MOST_SHOWN:] if not one.hinders)


class Limits(msgspec.Struct, frozen=True):
    """What was asked for.

    Attributes:
        since: The first day; None for no limit.
        until: The last one.
    """

    since: date | None = None
    until: date | None = None


def render(
    name: str, told: Sequence[Told], limits: Limits, *, lang: str, color: bool = False, evidence: bool = False
) -> str:
    """Write what is told in a format of `FORMATS`.

    Args:
        name: The format.
        told: The domains.
        limits: What was asked for.
        lang: ``"en"`` or ``"ja"``.
        color: Whether text may have colours.
        evidence: Whether formats for readers say why each source is taken for what it is.
    """
    writer: Callable[..., str] = import_module(f".reports_{_MODULES.get(name, name)}", __package__).render
    extra = {"lines": name == "jsonl"} if name in ("json", "jsonl") else {}
    return writer(told, limits, lang=lang, color=color, evidence=evidence, **extra)


_MODULES = {"jsonl": "json"}


# what several formats say

_SOME = 3
"""Names in a sentence."""


def word(key: str, lang: str, **about: object) -> str:
    """A word of the catalogue."""
    return words_of(WORDS, lang)[key].format_map(about)


def said(statement: Statement, lang: str) -> str:
    """A sentence on a higher policy."""
    return raising.told(statement, lang)


def is_decided(outlook: Outlook) -> bool:
    """Whether somebody decided about a source."""
    return outlook.decision is not None and outlook.decision.choice != "undecided"


def is_guessed(outlook: Outlook) -> bool:
    """Whether what a source is taken for is a mere guess."""
    return not is_decided(outlook) and outlook.source.guess != "unknown"


def taken_for(outlook: Outlook, lang: str) -> str:
    """What a source is taken for; a mere guess bears a question mark."""
    if is_decided(outlook):
        return word(f"choice.{outlook.counts_as}", lang)
    guess = words_of("source_words", lang)[f"guess.{outlook.source.guess}"]
    return word("guessed", lang, guess=guess) if is_guessed(outlook) else guess


def title(outlook: Outlook, lang: str) -> str:
    """A source's name."""
    return sources.title(outlook.source, lang)


def grounds(told: Told, outlook: Outlook, lang: str) -> list[str]:
    """Why a source is taken for what it is: what was decided first, then what the reports show."""
    found = [sources.text(evidence, lang) for evidence in outlook.source.evidence]
    if len(outlook.author_domains) > 1:
        found.append(word("author-domains", lang, names=_some(outlook.author_domains, lang)))
    if addresses := told.addresses_of(outlook):
        named = [(_named(address, told, lang), messages) for address, messages in addresses]
        found.append(word("addresses", lang, names=_some(named, lang, outlook.source.addresses)))
    decision = outlook.decision
    if decision is None:
        return found
    note = decision.note
    if is_decided(outlook):
        on = word("decided-on", lang, date=decision.decided) if decision.decided else ""
        note = word("decided", lang, choice=word(f"choice.{decision.choice}", lang), on=on) + note
    return [note.strip(), *found] if note.strip() else found


def _some(counts: Sequence[tuple[str, int]], lang: str, of: int = 0) -> str:
    """Names with their messages, as many as are read, of so many."""
    parts = [word("counted", lang, name=name, messages=number(messages)) for name, messages in counts[:_SOME]]
    return word("between", lang).join(parts) + (word("and-more", lang) if max(len(counts), of) > _SOME else "")


def _named(address: str, told: Told, lang: str) -> str:
    name = told.names.get(address)
    return word("address-named", lang, address=address, name=name) if name else address


def percent(part: int, whole: int) -> str:
    """A share; as all or none only what is."""
    if not whole:
        return "–"
    share = round(100 * part / whole, 1)
    if 0 < part < whole:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.1f}%" if share not in (0, 100) else f"{share:.0f}%"


def number(count: int) -> str:
    """A number with commas."""
    return f"{count:,}"


def period(told: Told, lang: str) -> str:
    """From when to when, or that there are no reports."""
    weighing = told.weighing
    if weighing.first is None or weighing.last is None:
        return word("no-reports", lang)
    return word("period", lang, first=weighing.first, last=weighing.last, days=number(weighing.days))


def summary(told: Told, lang: str) -> list[str]:
    """A domain's numbers, each as a sentence."""
    weighing, totals = told.weighing, told.totals
    if not totals.reports:
        return [word("no-reports", lang)]
    policy = weighing.policy
    if weighing.subdomain_policy:
        policy += f" sp={weighing.subdomain_policy}"
    if weighing.in_part:
        policy += f" {weighing.in_part}"
    counts: Mapping[str, Any] = {
        "reports": number(totals.reports),
        "reporters": number(weighing.reporters),
        "names": word("between", lang).join(name for name, _ in told.reporters[:_SOME])
        + (word("and-more", lang) if len(told.reporters) > _SOME else ""),
        "messages": number(totals.messages),
        "passed": percent(totals.passed, totals.messages),
        "dkim": percent(totals.dkim, totals.messages),
        "spf": percent(totals.spf, totals.messages),
        "policy": policy,
        "period": period(told, lang),
    }
    lines = [word("head.policy", lang, **counts), word("head.reports", lang, **counts)]
    lines.append(word("head.messages", lang, **counts))
    if totals.quarantined or totals.rejected:
        hit = {"quarantined": number(totals.quarantined), "rejected": number(totals.rejected)}
        lines.append(word("head.dispositions", lang, **hit))
    if told.misdated:
        lines.append(word("head.misdated", lang, messages=number(told.misdated), first=BEGINNING.year))
    return lines


def left_out(told: Told, lang: str) -> str:
    """How many sources aren't shown, and their messages; empty where all are."""
    rest = told.hidden()
    messages = number(sum(one.source.count for one in rest))
    return word("more-sources", lang, count=number(len(rest)), messages=messages) if rest else ""


def verdict(option: Option, lang: str) -> str:
    """Whether to publish a policy, in a word."""
    return words_of("raising_words", lang)[f"verdict.{option.verdict}"]
