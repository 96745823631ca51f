"""An answer as its page is drawn: the headline, providers in groups, and findings beside what has to be touched."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from bimikit import Applicability, Explanation, Report, explain

from . import words
from .advice import MAJOR, to_publish
from .judging import Logo, Subject
from .shown import Answer, Cause, Count, Drawing, Front, Group, Item, Points, Section, Shared, Shown, Step

if TYPE_CHECKING:
    from bimikit.output.explanation import Explained, Labelled, ProviderVerdict

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
_BY_HAND = (Applicability.MANUAL, Applicability.VISIBLE, Applicability.SAFE)
"""What a person has to decide or to draw anew comes before what a repair does by itself."""
_UNDRAWN = (
    *("svg.empty-file", "svg.not-svg", "svg.gzip-invalid", "svg.not-well-formed", "svg.too-", "svg.entity-undefined"),
    *("svg.viewbox-invalid", "svg.path-invalid", "svg.points-invalid", "svg.transform-invalid", "svg.nothing-drawn"),
    *("appearance.not-drawable", "appearance.nothing-drawn"),
)
"""What keeps a logo, or a part of it, from being drawn: how the ids of such rules begin."""
_OF_TEXTS = frozenset({"text", "textArea"})
"""Elements that are drawn with fonts of the computer."""
_OF_DOMAINS = ("domain", "publication")
"""Kinds of reports on domains."""
_OPEN_AT_FIRST = 2
"""Findings that are unfolded when the page opens: of errors, or without any of what could not be found out."""
_BEST_FIRST = ("ready", "at_risk", "cannot_say", "blocked", "no_bimi")
"""States of providers."""
_WEIGHT = ("error", "undecided", "warning", "ok")
"""How things look, the worst first."""


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


def undrawn(logo: Logo | None) -> str:
    """What of a logo isn't drawn here: ``"text"`` in fonts of the computer, another ``"part"``, or nothing."""
    for finding in logo.appearance.findings if logo and logo.appearance else ():
        if finding.rule == "appearance.drawn-in-part":
            elements = str(finding.params.get("elements", "")).split(", ")
            return "text" if _OF_TEXTS.issuperset(elements) else "part"
    return ""


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
    report = _without_contradiction(subject.report)
    of_file_report = beside.report if beside else report
    logo, certified = (beside.logo, subject.logo) if beside else (subject.logo, None)
    if report.kind in _OF_DOMAINS and logo and not logo.name and report.facts["indicator"]["sight"] != "seen":
        logo, certified = None, logo  # the only one there is stands in the certificate
    told = explain(report, lang, source=subject.source)
    of_file = explain(beside.report, lang, source=beside.source) if beside else told
    drawing, inside = drawing_of(logo), drawing_of(certified)
    inside = None if inside is drawing else inside
    looks = _looks(logo, of_file_report, lang)
    looks_inside = _looks(certified, report, lang) if inside else None
    answer = _answer_of_pair(of_file, told) if beside else _answer(told)
    sections = tuple(_sections(name, told, of_file, looks, looks_inside, judged_logo=logo is not None))
    items = tuple(item for section in sections for item in section.items)
    stands_out = {finding.kind for topic in looks.topics for finding in topic.findings} if looks else set()
    mendable = drawing is not None and any(map(_mendable, items))  # what can't be drawn is no drawing to repair
    about_files = told.kind in ("svg", "certificate")
    reports = (report, of_file_report, *(one.appearance for one in (logo, certified) if one and one.appearance))
    applicability = {finding.rule: finding.applicability for one in reports for finding in one.findings}
    # To repair a certified logo would part it from the one in its certificate.
    alone = report.kind not in _OF_DOMAINS or report.facts["certificate"]["sight"] != "seen"
    case = _Case(name, report, told, sections, applicability, mendable and alone, lang)
    cause, why = _cause(case, answer.tone)
    steps = _steps_of_files(told, of_file, lang, mendable=mendable) if about_files else _steps_of_domain(case)
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
        why=tuple(why),
        steps=tuple(steps),
        front=tuple(Front(one, tuple(text for text in one.reasons if text not in told_once)) for one in front),
        shared=shared,
        groups=tuple(_groups(told)),
        sections=sections,
        counts=_counts(items),
        publish=to_publish(subject),
        sender=_sender(of_file_report),
        logo=logo,
        drawing=drawing,
        undrawn=undrawn(logo),
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
    by_state: dict[str, tuple[str, ...]] = {}
    for provider, state in states.items():
        by_state[state] = (*by_state.get(state, ()), provider)
    best = next(state for state in _BEST_FIRST if state in by_state)
    worst = next(state for state in reversed(_BEST_FIRST) if state in by_state)
    if best == "ready" and worst != "ready":
        tone = "undecided" if worst == "cannot_say" else "warning"
        return Answer("", f"answer.ready.{worst}", by_state["ready"], tone, by_state[worst])
    return Answer("", f"answer.{best}", by_state[best], TONES[best])


def _answer_of_pair(logo: Explanation, certificate: Explanation) -> Answer:
    """The headline over a logo file and the certificate beside it."""
    errors = [one.rule for one in _decisive(certificate) if one.kind == "error"]
    right = logo.verdict != "not-conformant", all(rule.startswith("match.") for rule in errors)
    tone = min((TONES[logo.verdict], TONES[certificate.verdict]), key=_WEIGHT.index)
    name = {(False, True): "logo", (True, False): "certificate", (False, False): "neither"}.get(right)
    if name is None:
        name = "differ" if errors else "undecided" if tone == "undecided" else "both"
    return Answer("question.pair", f"answer.pair.{name}", (), tone)


class _Case(NamedTuple):
    """What causes and steps are found from.

    Attributes:
        name: The answer's element.
        report: The report.
        told: It in words.
        sections: What has to be touched.
        applicability: What mending can do to the picture, by rule.
        mendable: Whether a repair of the logo may help on the way to the inbox.
        lang: The language.
    """

    name: str
    report: Report
    told: Explanation
    sections: Sequence[Section]
    applicability: Mapping[str, Applicability]
    mendable: bool
    lang: str

    def word(self, key: str, **params: str) -> str:
        """A text of the portal's."""
        return words.LANGUAGES[self.lang][key].format(**params)

    def safe(self, item: Item) -> bool:
        """Whether the repair puts it right without changing the picture."""
        return self.mendable and _mendable(item) and self.applicability.get(item.told.rule) is Applicability.SAFE

    def without(self, items: Iterable[Item]) -> Explanation:
        """The report in words as if there were no such findings."""
        rules = {item.told.rule for item in items}
        findings = tuple(one for one in self.report.findings if one.rule not in rules)
        facts = _facts_without(self.report, lambda reason: bool(rules.intersection(reason["rules"])))
        return explain(msgspec.structs.replace(self.report, findings=findings, facts=facts), self.lang)


def _cause(case: _Case, tone: str) -> tuple[Cause | None, tuple[Points, ...]]:
    """What stands in the way most, and what else does in a domain's.

    Of files it is what is worst in the first section that decides; of domains what their summary begins with, but of
    a logo's faults again the worst.
    """
    blocks = case.told.blocks
    if not blocks:
        if case.told.kind not in ("svg", "certificate") or tone not in ("error", "undecided"):
            return None, ()
        label = case.word(f"result.cause.{tone}")
        deciding = [[item for item in section.items if item.told.kind == tone] for section in case.sections]
        items = next((items for items in deciding if items), None)
        return (_worst(case, label, items), ()) if items else (None, ())
    label, first = blocks[0].label, blocks[0].texts[0]
    found = next(
        ((section, item) for section in case.sections for item in section.items if item.told.message == first), None
    )
    if found is None:
        return Cause(label, first, ""), _further(case, blocks, label, first)
    section, item = found
    if section.name != "logo":
        return Cause(label, first, item.id), _further(case, blocks, label, first)
    items = [one for one in section.items if one.told.kind == item.told.kind and one.told.rule.startswith(_MENDABLE)]
    cause = _worst(case, label, items)
    if all(cause.text != one.told.message for one in items):  # a sentence about all of them
        blocks = case.without(items).blocks
    return cause, _further(case, blocks, label, cause.text)


def _worst(case: _Case, label: str, items: Sequence[Item]) -> Cause:
    """The worst of some findings; or all together, where the repair puts all of them right."""
    if len(items) > 1 and all(map(case.safe, items)):
        count = words.number_in(case.lang, len(items))
        return Cause(label, case.word("result.cause.safe", count=count), f"{case.name}-logo")

    def weight(item: Item) -> tuple[int, bool]:
        applicability = case.applicability.get(item.told.rule, Applicability.MANUAL)
        return _BY_HAND.index(applicability), not item.told.rule.startswith(_UNDRAWN)

    worst = min(items, key=weight)
    return Cause(label, worst.told.message, worst.id)


def _further(case: _Case, blocks: Sequence[Labelled], label: str, cause: str) -> tuple[Points, ...]:
    """What else stands in a domain's way."""
    points = []
    for block in blocks:
        texts = tuple(text for text in block.texts if text != cause)
        if texts:
            heading = case.word("result.besides", what=block.label) if block.label == label else block.label
            points.append(Points(heading, texts))
    return tuple(points)


def _without_contradiction(report: Report) -> Report:
    """A report in which nobody is said to have looked at neither file where one was looked at."""
    if report.kind not in _OF_DOMAINS or "seen" not in {
        report.facts[document]["sight"] for document in ("indicator", "certificate")
    }:
        return report
    facts = _facts_without(report, lambda reason: bool(reason["about"] == "looked-at"))
    return msgspec.structs.replace(report, facts=facts)


def _facts_without(report: Report, left_out: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    """A report's facts without some of the reasons of providers; each keeps one at least."""
    reasons = {
        provider: [one for one in several if not left_out(one)] or several
        for provider, several in report.facts.get("receivers", {}).items()
    }
    return {**report.facts, "receivers": reasons}


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


def _steps_of_files(told: Explanation, of_file: Explanation, lang: str, *, mendable: bool) -> Iterator[Step]:
    """What to do with files of no domain: mend what is wrong, and then see whether the logo shows."""
    texts = words.LANGUAGES[lang]
    if of_file.kind == "svg" and mendable and of_file.verdict != "conformant":
        act: Literal["", "repair"] = "repair" if of_file.verdict == "not-conformant" else ""
        yield Step(texts[f"next.svg.{of_file.verdict}"], act)
    elif of_file.kind == "svg":
        yield from map(Step, tuple(dict.fromkeys(one.fix for one in _decisive(of_file)))[:_MOST_FIXES])
    if told.kind == "certificate":
        match = {one.fix: None for one in _decisive(told) if one.rule.startswith("match.")}
        yield from map(Step, match)
        kinds = {one.kind for one in _decisive(told) if one.fix not in match}
        if kinds:
            yield Step(texts[f"next.certificate.{'not-conformant' if 'error' in kinds else 'undecided'}"])
    yield Step(texts[f"next.{told.kind}.domain"], "domain")


def _steps_of_domain(case: _Case) -> tuple[Step, ...]:
    """What the domain's summary advises, but what a repair of the logo does is one step."""
    advised = case.told.steps.texts
    items = [item for section in case.sections if section.name == "logo" for item in section.items]
    repaired = [
        item
        for item in items
        if _mendable(item) and case.applicability.get(item.told.rule) in (Applicability.SAFE, Applicability.VISIBLE)
    ]
    fixes = {item.told.fix for item in repaired}
    places = [place for place, text in enumerate(advised) if text in fixes]
    if not case.mendable or not places:
        return tuple(map(Step, advised))
    steps = list(map(Step, case.without(repaired).steps.texts))
    steps.insert(places[0], Step(case.word("next.svg.of-domain"), "repair"))
    return tuple(steps)


def _decisive(told: Explanation) -> Iterator[Explained]:
    return (one for topic in told.topics for one in topic.findings if one.kind in ("error", "undecided"))


def _sender(report: Report) -> str:
    facts = report.facts if report.kind == "svg" else report.facts.get("indicator", {})
    return " ".join(str(facts.get("title") or "").split())[:60]


def _mendable(item: Item) -> bool:
    return item.told.rule.startswith(_MENDABLE)
