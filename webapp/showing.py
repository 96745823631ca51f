"""An answer as its page is drawn: the headline, providers in groups, and findings beside what has to be touched."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from bimikit import Explanation, Report, explain

from .advice import MAJOR, ToPublish, to_publish
from .judging import Subject

if TYPE_CHECKING:
    from bimikit.output.explanation import Explained, ProviderVerdict

IN_FRONT = (*MAJOR, "au", "docomo", "microsoft")
"""The providers that have a card of their own."""
TONES: Mapping[str, str] = {
    "ready": "ok",
    "at_risk": "warning",
    "cannot_say": "undecided",
    "blocked": "error",
    "no_bimi": "none",
    "conformant": "ok",
    "conformant-not-ready": "warning",
    "not-conformant": "error",
    "undecided": "undecided",
    "well-drawn": "ok",
    "badly-drawn": "error",
}
"""What each state and verdict looks like."""
_KINDS = ("error", "undecided", "warning", "notice")
_MENDABLE = ("svg.", "receiver.gmail.", "appearance.transparent-background")
"""Where repairs help: how the ids of such rules begin."""
_OPEN_AT_FIRST = 2
"""Errors that are unfolded when the page opens."""


class Answer(msgspec.Struct, frozen=True):
    """The headline.

    Attributes:
        question: Key of the question it answers; empty where the report brings its own.
        name: Key of the answer's words.
        providers: Ids of the providers it names.
        tone: What it looks like: ``"ok"``, ``"warning"``, ``"undecided"`` or ``"error"``.
    """

    question: str
    name: str
    providers: tuple[str, ...]
    tone: str


class Count(msgspec.Struct, frozen=True):
    """How many findings of a kind there are."""

    kind: str
    count: int


class Item(msgspec.Struct, frozen=True):
    """A finding on the page.

    Attributes:
        id: Its element's id.
        told: It in words.
        open: Whether it is unfolded.
    """

    id: str
    told: Explained
    open: bool


class Section(msgspec.Struct, frozen=True):
    """What somebody has to touch.

    Attributes:
        name: One of `bimikit.output.explanation.TOPICS`.
        items: The findings about it, errors first.
        counts: How many there are of each kind.
    """

    name: str
    items: tuple[Item, ...]
    counts: tuple[Count, ...]

    @property
    def tone(self) -> str:
        """That of its worst finding."""
        return self.counts[0].kind if self.counts else "ok"


class Group(msgspec.Struct, frozen=True):
    """Providers of the same state."""

    state: str
    label: str
    providers: tuple[ProviderVerdict, ...]


class Shown(msgspec.Struct, frozen=True):
    """One answer.

    Attributes:
        id: Its element's id.
        subject: What was judged.
        told: The verdict in words.
        answer: The headline.
        front: Providers with a card of their own.
        groups: The others, by state.
        sections: What has to be touched, or was judged.
        counts: How many findings there are of each kind, those about the picture among them.
        publish: The records to publish.
        fixes: What to do about the errors of a file that was judged by itself and can't be repaired here.
        next: Keys of what to do next, where the report has no steps of its own.
        sender: What the logo calls its brand; empty where it says nothing.
        repairable: Whether a repair of the logo may help.
        looks: Whether something is wrong with the picture of a logo whose file is right.
        planned: What is planned and not published, of a check that asked the network.
    """

    id: str
    subject: Subject
    told: Explanation
    answer: Answer
    front: tuple[ProviderVerdict, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    counts: tuple[Count, ...]
    publish: tuple[ToPublish, ...]
    fixes: tuple[str, ...]
    next: tuple[str, ...]
    sender: str
    repairable: bool
    looks: bool
    planned: tuple[str, ...]

    @property
    def published(self) -> bool:
        """Whether all records that are right to publish stand there already."""
        return all(record.published for record in self.publish)

    @property
    def marked(self) -> Mapping[str, str]:
        """The element of each rule's first finding."""
        ids: dict[str, str] = {}
        for section in self.sections:
            for item in section.items:
                ids.setdefault(item.told.rule, item.id)
        return ids


def show(subjects: Sequence[Subject], lang: str) -> tuple[Shown, ...]:
    """Put answers into the order in which their page is read."""
    return tuple(_shown(f"answer-{number}", subject, lang) for number, subject in enumerate(subjects, 1))


def png_url(picture: bytes) -> str:
    """A picture of ours as the page holds it."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def _shown(name: str, subject: Subject, lang: str) -> Shown:
    report, logo = subject.report, subject.logo
    told = explain(report, lang, source=subject.source)
    looks = explain(logo.appearance, lang, source=logo.data) if logo and logo.appearance else None
    sections = tuple(_sections(name, subject, told, looks))
    stands_out = {finding.kind for topic in looks.topics for finding in topic.findings} if looks else set()
    seen = logo is not None and bool(logo.pictures)  # what can't be drawn is no drawing that could be repaired
    mendable = seen and any(_mendable(item) for section in sections for item in section.items)
    return Shown(
        id=name,
        subject=subject,
        told=told,
        answer=_answer(told),
        front=tuple(one for provider in IN_FRONT for one in told.providers if one.id == provider),
        groups=tuple(_groups(told)),
        sections=sections,
        counts=_counts(item for section in sections for item in section.items),
        publish=to_publish(subject),
        fixes=() if told.steps.texts or mendable else _fixes(told),
        next=() if told.steps.texts else _next(told, mendable=mendable),
        sender=_sender(report),
        repairable=mendable,
        looks=report.kind == "svg" and report.ok and bool(stands_out & {"error", "warning"}),
        planned=tuple(report.facts.get("planned", ())) if report.kind == "publication" else (),
    )


def _answer(told: Explanation) -> Answer:
    states = {one.id: one.state for one in told.providers if one.id in MAJOR}
    if not states:
        return Answer(f"question.{told.kind}", f"answer.{told.verdict}", (), TONES[told.verdict])
    for state, name in (("ready", "some"), ("at_risk", "risk"), ("cannot_say", "unknown")):
        found = tuple(provider for provider in MAJOR if states.get(provider) == state)
        if len(found) == len(states):
            return Answer("", "answer.yes" if state == "ready" else f"answer.{name}", found, TONES[state])
        if found:
            return Answer("", f"answer.{name}", found, "warning" if state == "ready" else TONES[state])
    return Answer("", "answer.no", (), "error")


def _groups(told: Explanation) -> Iterator[Group]:
    by_state: dict[str, list[ProviderVerdict]] = {}
    for one in told.providers:
        if one.id not in IN_FRONT:
            by_state.setdefault(one.state, []).append(one)
    for state in ("ready", "at_risk", "cannot_say", "blocked", "no_bimi"):
        if state in by_state:
            yield Group(state, by_state[state][0].label, tuple(by_state[state]))


def _sections(name: str, subject: Subject, told: Explanation, looks: Explanation | None) -> Iterator[Section]:
    order = ("certificate", "logo") if told.kind == "certificate" else ("logo", "certificate")
    found: dict[str, list[Explained]] = {name: [] for name in (*order, "dns", "hosting", "other")}
    for topic in told.topics:
        found[topic.name].extend(topic.findings)
    for topic in looks.topics if looks else ():
        found["logo"].extend(topic.findings)
    judged = {"logo": subject.logo is not None, "certificate": told.card is not None, "dns": bool(told.records)}
    number = unfolded = 0
    for section, findings in found.items():
        if not findings and not judged.get(section):
            continue
        items = []
        for finding in sorted(findings, key=lambda finding: _KINDS.index(finding.kind)):
            number += 1
            unfold = finding.kind == "error" and unfolded < _OPEN_AT_FIRST
            unfolded += unfold
            items.append(Item(f"{name}-{number}", finding, unfold))
        yield Section(section, tuple(items), _counts(items))


def _counts(items: Iterable[Item]) -> tuple[Count, ...]:
    counts = Counter(item.told.kind for item in items)
    return tuple(Count(kind, counts[kind]) for kind in _KINDS if kind in counts)


_MOST_FIXES = 4


def _fixes(told: Explanation) -> tuple[str, ...]:
    """What to do about errors, each once."""
    if told.kind != "svg":
        return ()
    fixes = (
        finding.fix for topic in told.topics for finding in topic.findings if finding.kind in ("error", "undecided")
    )
    return tuple(dict.fromkeys(fixes))[:_MOST_FIXES]


def _next(told: Explanation, *, mendable: bool) -> tuple[str, ...]:
    """What to do with a file that was judged by itself."""
    if told.kind not in ("svg", "certificate"):
        return ()
    told_already = told.verdict == "conformant" or (told.kind == "svg" and not mendable)
    mend = () if told_already else (f"next.{told.kind}.{told.verdict}",)
    return (*mend, f"next.{told.kind}.domain")


def _sender(report: Report) -> str:
    facts = report.facts if report.kind == "svg" else report.facts.get("indicator", {})
    return " ".join(str(facts.get("title") or "").split())[:60]


def _mendable(item: Item) -> bool:
    return item.told.rule.startswith(_MENDABLE)
