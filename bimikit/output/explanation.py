"""`explain`: a Report in words and in the order in which people act on it, for those who draw their own pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import msgspec

from ..findings import Finding, Location, Report
from ..locale import term
from . import certificate_card, text_of, view
from .excerpt import Excerpt

TOPICS = ("logo", "certificate", "dns", "hosting", "other")
"""What somebody has to touch, in the order in which it is shown."""
_TOPIC_OF = {
    "svg.": "logo",
    "appearance.": "logo",
    "receiver.gmail.": "logo",
    "cert.": "certificate",
    "match.": "certificate",
    "receiver.apple.": "certificate",
    "dmarc.": "dns",
    "bimi.": "dns",
    "caa.": "dns",
    "spf.": "dns",
    "dkim.": "dns",
    "web.": "hosting",
    "verify.logo-": "hosting",
    "verify.certificate-": "hosting",
    "verify.": "dns",
    "expiry.": "certificate",
}
_MOST_PIECES = 200


class Place(msgspec.Struct, frozen=True):
    """Where a fault is.

    Attributes:
        position: Line and column in words; empty where there are none.
        path: Element, certificate field, DNS name or address; empty where there is none.
    """

    position: str
    path: str


class Explained(msgspec.Struct, frozen=True):
    """A finding in words.

    Attributes:
        rule: Its rule's id.
        kind: ``"error"``, ``"undecided"``, ``"warning"`` or ``"notice"``.
        kind_label: That in words.
        title: The fault in a few words.
        message: What is wrong.
        why: Why it matters.
        fix: What to do.
        picture: Whether that can change the picture, in words; empty where it is about no picture.
        citation: The text that demands it.
        url: Its address; empty where it has none.
        authority: Whose text that is.
        places: The first places.
        more: That there are more of them; empty where there are none.
        line: Line of the excerpt.
        excerpt: The source at the first place, the fault marked; None where there is none.
    """

    rule: str
    kind: str
    kind_label: str
    title: str
    message: str
    why: str
    fix: str
    picture: str
    citation: str
    url: str
    authority: str
    places: tuple[Place, ...]
    more: str
    line: int | None
    excerpt: Excerpt | None


class Topic(msgspec.Struct, frozen=True):
    """The findings about one thing that somebody has to touch.

    Attributes:
        name: One of `TOPICS`.
        label: It in words.
        findings: At least one, errors first.
    """

    name: str
    label: str
    findings: tuple[Explained, ...]


class ProviderVerdict(msgspec.Struct, frozen=True):
    """What is to be expected of one mailbox provider.

    Attributes:
        id: Its id, such as ``"gmail"``.
        name: Its name.
        state: ``"ready"``, ``"at_risk"``, ``"cannot_say"``, ``"blocked"`` or ``"no_bimi"``.
        label: That in words.
        reasons: Why, the weightiest first; none where it is ready.
    """

    id: str
    name: str
    state: str
    label: str
    reasons: tuple[str, ...]


class Labelled(msgspec.Struct, frozen=True):
    """Texts under a heading."""

    label: str
    texts: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """A value and what it is."""

    label: str
    value: str


class Card(msgspec.Struct, frozen=True):
    """A certificate at a glance.

    Attributes:
        heading: Which kind of Mark Certificate it is.
        rows: What is known of it.
        chain: The chain, the root first.
        store: Which trust store judged.
    """

    heading: str
    rows: tuple[Row, ...]
    chain: tuple[str, ...]
    store: str


class Piece(msgspec.Struct, frozen=True):
    """A piece of a record's text; `rule` names the worst finding that points at it, and is empty for none."""

    text: str
    rule: str = ""


class Record(msgspec.Struct, frozen=True):
    """The TXT records at one DNS name, each in pieces."""

    name: str
    texts: tuple[tuple[Piece, ...], ...]


class Explanation(msgspec.Struct, frozen=True):
    """A report in words.

    Attributes:
        subject: What was judged.
        kind: The report's kind.
        verdict: ``"conformant"``, ``"conformant-not-ready"``, ``"not-conformant"``, ``"undecided"``, and of a picture
            ``"well-drawn"`` or ``"badly-drawn"``; of a comparison with a plan ``"as-planned"`` or ``"not-as-planned"``,
            and of a watch on ends ``"lasting"`` or ``"ending"``.
        label: The verdict in words.
        means: What it means.
        question: What the verdicts of providers answer; empty without any.
        providers: Their verdicts, with reasons.
        states: The states that occur, each in words, with the names of the providers.
        blocks: What blocks, what could not be found out, what is a risk: each under its heading, where there is any.
        steps: What to do next.
        found: What was read.
        topics: The findings, by what has to be touched.
        counts: How many findings there are of each kind, in words.
        card: The certificate; None for none.
        records: The DNS records that were read or are planned.
    """

    subject: str
    kind: str
    verdict: str
    label: str
    means: str
    question: str
    providers: tuple[ProviderVerdict, ...]
    states: tuple[Labelled, ...]
    blocks: tuple[Labelled, ...]
    steps: Labelled
    found: tuple[Row, ...]
    topics: tuple[Topic, ...]
    counts: tuple[Row, ...]
    card: Card | None
    records: tuple[Record, ...]


def explain(
    report: Report, lang: str = "en", *, source: bytes | None = None, beside: Report | None = None
) -> Explanation:
    """Put a report into words.

    Args:
        report: What a check answered.
        lang: ``"en"`` or ``"ja"``.
        source: The file that was judged by itself, for excerpts. A report on a domain has its documents' texts.
        beside: The report on the same logo's file that is shown together with this one on its picture: what that tells
            already is left out here, so that nobody reads it twice. The verdict stays that of the whole report.

    Raises:
        TypeError: `report` or `beside` is none.
        ValueError: There are no words in that language.
    """
    if not isinstance(report, Report):
        raise TypeError(f"report must be a Report, not {type(report).__name__}")
    if beside is not None and not isinstance(beside, Report):
        raise TypeError(f"beside must be a Report, not {type(beside).__name__}")
    lines = view.Lines(report, {} if source is None else {report.subject: text_of(report, source)})
    verdict = view.verdict(report)
    if beside is not None:
        report = _without_told(report, beside)
    about_domain = view.about_domain(report)
    question, steps = "", Labelled("", ())
    blocks: tuple[Labelled, ...] = ()
    states: tuple[Labelled, ...] = ()
    found: tuple[Row, ...] = ()
    if about_domain:
        from .readiness import summary  # the data on providers is dear to load

        told = summary(report, lang)
        question = told.title
        *heads, last = (Labelled(label, texts) for label, texts in told.lists)
        blocks, steps = tuple(head for head in heads if head.texts), last
        found = tuple(Row(label, value) for label, value in told.read)
        states = tuple(Labelled(group.label, tuple(names for names, _why in group.lines)) for group in told.groups)
    return Explanation(
        subject=view.subject_name(report, lang),
        kind=report.kind,
        verdict=verdict,
        label=term(f"label.{verdict}", lang),
        means=view.means(report, lang),
        question=question,
        providers=tuple(_providers(report, lang)) if about_domain else (),
        states=states,
        blocks=blocks,
        steps=steps,
        found=found,
        topics=tuple(_topics(report, lines, lang)),
        counts=tuple(
            Row(view.capital(term(view.GROUPS[group.kind], lang)), str(len(group.findings)))
            for group in view.groups(report)
        ),
        card=_card(report, lang),
        records=tuple(_records(report)),
    )


def _without_told(report: Report, beside: Report) -> Report:
    from ..svg.appearance_rules import TOLD_BY_FILE

    told = {finding.rule for finding in beside.findings}
    findings = tuple(one for one in report.findings if TOLD_BY_FILE.get(one.rule) not in told)
    return msgspec.structs.replace(report, findings=findings)


def topic_of(finding: Finding) -> str:
    """What somebody has to touch to mend it: one of `TOPICS`."""
    if finding.about_certified_logo:
        return "certificate"
    return next((topic for start, topic in _TOPIC_OF.items() if finding.rule.startswith(start)), "other")


def _providers(report: Report, lang: str) -> Iterator[ProviderVerdict]:
    from ..receivers.providers import load_providers
    from ..receivers.words import text as reason_text
    from .readiness import verdicts

    known = load_providers()
    for name, verdict in verdicts(report).items():
        label = term(f"state.{verdict.state}", lang)
        called = known[name].name.text(lang)
        texts = dict.fromkeys(reason_text(reason, lang) for reason in verdict.reasons)
        # A name such as "au" keeps its small letter.
        reasons = tuple(text if text.startswith(called) else view.capital(text) for text in texts)
        yield ProviderVerdict(name, called, verdict.state, view.capital(label), reasons)


def _topics(report: Report, lines: view.Lines, lang: str) -> Iterator[Topic]:
    by_topic: dict[str, list[Explained]] = {name: [] for name in TOPICS}
    for group in view.groups(report):
        for finding in group.findings:
            by_topic[topic_of(finding)].append(_explained(finding, group.kind, lines, lang))
    for name, findings in by_topic.items():
        if findings:
            yield Topic(name, term(f"topic.{name}", lang), tuple(findings))


def _explained(finding: Finding, kind: str, lines: view.Lines, lang: str) -> Explained:
    words = finding.wording(lang)
    first = finding.locations[0] if finding.locations else None
    places = tuple(Place(view.capital(view.position(at, lang)), _path(at)) for at in finding.locations)
    return Explained(
        rule=finding.rule,
        kind=kind,
        kind_label=term(f"kind-of-finding.{kind}", lang),
        title=view.one_line(words.title),
        message=view.one_line(words.message),
        why=view.one_line(words.why),
        fix=view.one_line(words.fix),
        picture=view.about_the_picture(finding.rule, finding.applicability, lang),
        citation=view.one_line(view.source(finding.citation, lang)),
        url=view.link(finding.citation.url),
        authority=term(f"label.{finding.citation.authority}", lang),
        places=places,
        more=view.more_places(finding, len(places), lang),
        line=None if first is None else first.line,
        excerpt=None if first is None else view.excerpt_at(lines, first),
    )


def _path(place: Location) -> str:
    """Where in a document; which one it is, its topic says."""
    within = place.document is not None and (place.line is not None or place.element is not None)
    return view.path(msgspec.structs.replace(place, document=None, url=None) if within else place)


def _card(report: Report, lang: str) -> Card | None:
    if not certificate_card.facts_of(report):
        return None
    day = certificate_card.written_out(lang)
    rows = tuple(Row(label, value) for label, value in certificate_card.rows(report, lang, day=day))
    return Card(
        certificate_card.heading(report, lang),
        rows,
        tuple(certificate_card.chain(report, lang, day=day)),
        certificate_card.store(report, lang),
    )


def _records(report: Report) -> Iterator[Record]:
    marks: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for finding in report.findings:  # the worst come first
        for place in finding.locations:
            if place.dns_name is not None and place.line is not None and place.column is not None:
                start = place.column - 1
                span = (start, start + max(place.length or 1, 1), finding.rule)
                marks.setdefault((place.dns_name.lower(), place.line), []).append(span)
    records: Mapping[str, list[str]] = report.facts.get("records", {})
    for name, texts in records.items():
        pieces = (tuple(_pieces(text, marks.get((name, line), []))) for line, text in enumerate(texts, 1))
        yield Record(name, tuple(pieces))


def _pieces(text: str, spans: list[tuple[int, int, str]]) -> Iterator[Piece]:
    """A text cut where marks begin and end.

    Of several marks over one place the narrowest counts; one over all of the text tells nothing of a place.
    """
    narrow = sorted((span for span in spans if span[1] - span[0] < len(text)), key=lambda span: span[1] - span[0])
    cuts = sorted({0, len(text), *(min(cut, len(text)) for start, end, _rule in narrow for cut in (start, end))})
    for start, end in list(pairwise(cuts))[:_MOST_PIECES]:
        rule = next((rule for first, last, rule in narrow if first <= start and end <= last), "")
        yield Piece(text[start:end], rule)
