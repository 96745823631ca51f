"""An answer as its page is drawn: the headline, providers in groups, and findings beside what has to be touched."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from bimikit import Explanation, Report, explain

from . import words
from .advice import MAJOR, ToPublish, to_publish
from .judging import Logo, Subject

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
"""Findings that are unfolded when the page opens: of errors, or without any of what could not be found out."""
_WEIGHT = ("error", "undecided", "warning", "ok")
"""How things look, the worst first."""


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


class Front(msgspec.Struct, frozen=True):
    """A provider with a card of its own.

    Attributes:
        verdict: What is to be expected of it.
        reasons: Why, but for what it shares with others.
    """

    verdict: ProviderVerdict
    reasons: tuple[str, ...]


class Shared(msgspec.Struct, frozen=True):
    """Reasons that several providers with cards have."""

    providers: tuple[str, ...]
    reasons: tuple[str, ...]


class Cause(msgspec.Struct, frozen=True):
    """What weighs most.

    Attributes:
        label: What kind of cause it is.
        text: It.
        finding: The element of the finding that says more; empty where there is none.
    """

    label: str
    text: str
    finding: str


class Points(msgspec.Struct, frozen=True):
    """Texts under a heading."""

    label: str
    texts: tuple[str, ...]


class Drawing(msgspec.Struct, frozen=True):
    """A logo's pictures, which the page holds once.

    Attributes:
        id: How the ids of their elements begin.
        pictures: PNG files by pixels.
    """

    id: str
    pictures: Mapping[int, bytes]


class Shown(msgspec.Struct, frozen=True):
    """One answer.

    Attributes:
        id: Its element's id.
        subject: What was judged.
        told: The verdict in words.
        answer: The headline.
        means: What it means; empty where the cause says more.
        cause: What weighs most; None where nothing stands in the way.
        why: What else does.
        steps: What to do, in this order.
        repair_first: Whether the first step is a repair of the logo.
        wants_domain: Whether the last step is to add the domain.
        front: Providers with a card of their own.
        shared: Reasons that several of them have.
        groups: The others, by state.
        sections: What has to be touched, or was judged.
        counts: How many findings there are of each kind, those about the picture among them.
        publish: The records to publish.
        sender: What the logo calls its brand; empty where it says nothing.
        logo: The logo; None where there is none that can be read.
        drawing: Its pictures; None where it can't be drawn.
        inside: The pictures of the logo in the certificate, where that is another.
        repairable: Whether a repair of the logo may help.
        looks: Whether something is wrong with the picture of a logo whose file is right.
        planned: What is planned and not published, of a check that asked the network.
    """

    id: str
    subject: Subject
    told: Explanation
    answer: Answer
    means: str
    cause: Cause | None
    why: tuple[Points, ...]
    steps: tuple[str, ...]
    repair_first: bool
    wants_domain: bool
    front: tuple[Front, ...]
    shared: tuple[Shared, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    counts: tuple[Count, ...]
    publish: tuple[ToPublish, ...]
    sender: str
    logo: Logo | None
    drawing: Drawing | None
    inside: Drawing | None
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
    """Put answers into the order in which their page is read; a logo and a certificate beside it have one together."""
    drawings: dict[bytes, Drawing] = {}

    def drawing_of(logo: Logo | None) -> Drawing | None:
        if logo is None or not logo.pictures:
            return None
        return drawings.setdefault(logo.data, Drawing(f"logo-{len(drawings) + 1}", logo.pictures))

    return tuple(
        _shown(f"answer-{number}", subject, beside, drawing_of, lang)
        for number, (subject, beside) in enumerate(_together(subjects), 1)
    )


def drawings_of(shown: Iterable[Shown]) -> tuple[Drawing, ...]:
    """The pictures that answers show, each once."""
    found = (drawing for one in shown for drawing in (one.drawing, one.inside) if drawing is not None)
    return tuple({drawing.id: drawing for drawing in found}.values())


def png_url(picture: bytes) -> str:
    """A picture of ours as the page holds it."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def _together(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Subject | None]]:
    """Answers, each with that about the logo file beside its certificate."""
    alone = {subject.files: subject for subject in subjects if subject.report.kind == "svg"}
    beside = [
        alone.get(subject.files[:1]) if subject.report.kind == "certificate" and len(subject.files) > 1 else None
        for subject in subjects
    ]
    taken = {one.files for one in beside if one is not None}
    for subject, logo in zip(subjects, beside, strict=True):
        if subject.report.kind != "svg" or subject.files not in taken:
            yield subject, logo


def _shown(
    name: str,
    subject: Subject,
    beside: Subject | None,
    drawing_of: Callable[[Logo | None], Drawing | None],
    lang: str,
) -> Shown:
    """An answer.

    Args:
        name: Its element's id.
        subject: What was judged.
        beside: The logo file that was judged by itself, beside its certificate.
        drawing_of: Finds a logo's pictures.
        lang: The language.
    """
    report = subject.report
    logo = beside.logo if beside else subject.logo
    told = explain(report, lang, source=subject.source)
    of_file = explain(beside.report, lang, source=beside.source) if beside else told
    drawing, inside = drawing_of(logo), drawing_of(subject.logo) if beside else None
    inside = None if inside is drawing else inside
    looks = _looks(logo, beside.report if beside else report, lang)
    looks_inside = _looks(subject.logo, report, lang) if inside else None
    answer = _answer_of_pair(of_file, told) if beside else _answer(told)
    sections = tuple(_sections(name, told, of_file, looks, looks_inside, judged_logo=logo is not None))
    items = tuple(item for section in sections for item in section.items)
    stands_out = {finding.kind for topic in looks.topics for finding in topic.findings} if looks else set()
    mendable = drawing is not None and any(map(_mendable, items))  # what can't be drawn is no drawing to repair
    about_files = told.kind in ("svg", "certificate")
    steps = tuple(_steps_of_files(told, of_file, lang, mendable=mendable)) if about_files else told.steps.texts
    cause = _cause(told, items, answer.tone, lang)
    front = [one for provider in IN_FRONT for one in told.providers if one.id == provider]
    shared = _shared(front)
    told_once = {reason for one in shared for reason in one.reasons}
    return Shown(
        id=name,
        subject=subject,
        told=told,
        answer=answer,
        means="" if cause else min((told, of_file), key=lambda one: _WEIGHT.index(TONES[one.verdict])).means,
        cause=cause,
        why=tuple(_further(told, lang)),
        steps=steps,
        repair_first=mendable and of_file.kind == "svg" and of_file.verdict == "not-conformant",
        wants_domain=about_files,
        front=tuple(Front(one, tuple(text for text in one.reasons if text not in told_once)) for one in front),
        shared=shared,
        groups=tuple(_groups(told)),
        sections=sections,
        counts=_counts(items),
        publish=to_publish(subject),
        sender=_sender(beside.report if beside else report),
        logo=logo,
        drawing=drawing,
        inside=inside,
        repairable=mendable,
        looks=of_file.kind == "svg" and of_file.verdict == "conformant" and bool(stands_out & {"error", "warning"}),
        planned=tuple(report.facts.get("planned", ())) if report.kind == "publication" else (),
    )


def _looks(logo: Logo | None, report: Report, lang: str) -> Explanation | None:
    """What stands out in a logo's picture, but for what the report on its file tells."""
    if logo is None or logo.appearance is None:
        return None
    return explain(logo.appearance, lang, source=logo.data, beside=report)


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


def _answer_of_pair(logo: Explanation, certificate: Explanation) -> Answer:
    """The headline over a logo file and the certificate beside it."""
    errors = [one.rule for one in _decisive(certificate) if one.kind == "error"]
    right = logo.verdict != "not-conformant", all(rule.startswith("match.") for rule in errors)
    tone = min((TONES[logo.verdict], TONES[certificate.verdict]), key=_WEIGHT.index)
    name = {(False, True): "logo", (True, False): "certificate", (False, False): "neither"}.get(right)
    if name is None:
        name = "differ" if errors else "undecided" if tone == "undecided" else "both"
    return Answer("question.pair", f"answer.pair.{name}", (), tone)


def _cause(told: Explanation, items: Sequence[Item], tone: str, lang: str) -> Cause | None:
    """What stands in the way most: what a domain's summary begins with, or the first finding that decides on files."""
    if told.blocks:
        text = told.blocks[0].texts[0]
        finding = next((item.id for item in items if item.told.message == text), "")
        return Cause(told.blocks[0].label, text, finding)
    if told.kind not in ("svg", "certificate") or tone not in ("error", "undecided"):
        return None
    label = words.LANGUAGES[lang][f"result.cause.{tone}"]
    found = (Cause(label, item.told.message, item.id) for item in items if item.told.kind == tone)
    return next(found, None)


def _further(told: Explanation, lang: str) -> Iterator[Points]:
    """What else stands in a domain's way."""
    for number, block in enumerate(told.blocks):
        if number:
            yield Points(block.label, block.texts)
        elif block.texts[1:]:
            yield Points(words.LANGUAGES[lang]["result.besides"].format(what=block.label), block.texts[1:])


def _shared(front: Sequence[ProviderVerdict]) -> tuple[Shared, ...]:
    """Reasons of several providers, those of the same providers together."""
    having: dict[str, list[str]] = {}
    for one in front:
        for reason in one.reasons:
            having.setdefault(reason, []).append(one.name)
    together: dict[tuple[str, ...], list[str]] = {}
    for reason, names in having.items():
        if len(names) > 1:
            together.setdefault(tuple(names), []).append(reason)
    return tuple(Shared(names, tuple(reasons)) for names, reasons in together.items())


def _groups(told: Explanation) -> Iterator[Group]:
    by_state: dict[str, list[ProviderVerdict]] = {}
    for one in told.providers:
        if one.id not in IN_FRONT:
            by_state.setdefault(one.state, []).append(one)
    for state in ("ready", "at_risk", "cannot_say", "blocked", "no_bimi"):
        if state in by_state:
            yield Group(state, by_state[state][0].label, tuple(by_state[state]))


def _sections(
    name: str,
    told: Explanation,
    of_file: Explanation,
    looks: Explanation | None,
    looks_inside: Explanation | None,
    *,
    judged_logo: bool,
) -> Iterator[Section]:
    pair = of_file is not told
    order = ("certificate", "logo") if told.kind == "certificate" and not pair else ("logo", "certificate")
    found: dict[str, list[Explained]] = {name: [] for name in (*order, "dns", "hosting", "other")}
    for topic in told.topics:
        # Beside a logo file, whatever a certificate's report says of a logo is about the one inside.
        found["certificate" if pair and topic.name == "logo" else topic.name].extend(topic.findings)
    for topic in of_file.topics if pair else ():
        found[topic.name].extend(topic.findings)
    for section, seen in (("logo", looks), ("certificate", looks_inside)):
        for topic in seen.topics if seen else ():
            found[section].extend(topic.findings)
    judged = {"logo": judged_logo, "certificate": told.card is not None, "dns": bool(told.records)}
    kinds = {finding.kind for findings in found.values() for finding in findings}
    decides = next((kind for kind in ("error", "undecided") if kind in kinds), "")
    number = unfolded = 0
    for section, findings in found.items():
        if not findings and not judged.get(section):
            continue
        items = []
        for finding in sorted(findings, key=lambda finding: _KINDS.index(finding.kind)):
            number += 1
            unfold = finding.kind == decides and unfolded < _OPEN_AT_FIRST
            unfolded += unfold
            items.append(Item(f"{name}-{number}", finding, unfold))
        yield Section(section, tuple(items), _counts(items))


def _counts(items: Iterable[Item]) -> tuple[Count, ...]:
    counts = Counter(item.told.kind for item in items)
    return tuple(Count(kind, counts[kind]) for kind in _KINDS if kind in counts)


_MOST_FIXES = 4


def _steps_of_files(told: Explanation, of_file: Explanation, lang: str, *, mendable: bool) -> Iterator[str]:
    """What to do with files of no domain: mend what is wrong, and then see whether the logo shows."""
    texts = words.LANGUAGES[lang]
    if of_file.kind == "svg" and mendable and of_file.verdict != "conformant":
        yield texts[f"next.svg.{of_file.verdict}"]
    elif of_file.kind == "svg":
        yield from tuple(dict.fromkeys(one.fix for one in _decisive(of_file)))[:_MOST_FIXES]
    if told.kind == "certificate":
        match = {one.fix: None for one in _decisive(told) if one.rule.startswith("match.")}
        yield from match
        kinds = {one.kind for one in _decisive(told) if one.fix not in match}
        if kinds:
            yield texts[f"next.certificate.{'not-conformant' if 'error' in kinds else 'undecided'}"]
    yield texts[f"next.{told.kind}.domain"]


def _decisive(told: Explanation) -> Iterator[Explained]:
    return (one for topic in told.topics for one in topic.findings if one.kind in ("error", "undecided"))


def _sender(report: Report) -> str:
    facts = report.facts if report.kind == "svg" else report.facts.get("indicator", {})
    return " ".join(str(facts.get("title") or "").split())[:60]


def _mendable(item: Item) -> bool:
    return item.told.rule.startswith(_MENDABLE)
