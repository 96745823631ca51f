"""What the formats share: the verdict, findings in groups, places in words, and foreign text made harmless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from ..findings import Applicability, Finding, Location, Outcome, Report
from ..lazy import lazy_regex
from ..locale import catalogue, term
from ..selection import RECORDS
from ..sources import Citation
from .excerpt import Excerpt, excerpt, lines_of

STDIN = "-"
"""The subject's name when it was read from standard input."""

GROUPS = {
    "error": "label.errors",
    "undecided": "label.undecided",
    "warning": "label.warnings",
    "notice": "label.notices",
}
"""Kinds of findings in the order they are shown, each with its label's key."""

_SPACES = lazy_regex("[\t\n\v\f\r\x85\u2028\u2029]+", "sub")
# What XML forbids, what steers a terminal, and what makes text read in another order than it is stored.
_HARMFUL = lazy_regex("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", "sub")
_URL_CHARACTERS = "%:/?#[]@!$&'()*+,;=-._~"


class Group(NamedTuple):
    """Findings of one kind.

    Attributes:
        kind: A key of `GROUPS`.
        findings: At least one, in the report's order.
    """

    kind: str
    findings: tuple[Finding, ...]


_WITHOUT_PICTURE = ("cert.", "receiver.apple.", "bimikit.", "dmarc.", "bimi.", "caa.", "web.", "verify.", "expiry.")


def about_the_picture(rule: str, applicability: Applicability, lang: str) -> str:
    """Whether mending can change how the logo looks, in words; empty for a rule that is about no picture."""
    return "" if rule.startswith(_WITHOUT_PICTURE) else term(f"label.{applicability.value}", lang)


def one_line(text: str) -> str:
    """A text on one line, without characters that XML forbids or that steer how the rest is shown."""
    if text.isprintable():  # nothing of either kind is
        return text.strip()
    return str(_HARMFUL("\ufffd", _SPACES(" ", text))).strip()


def capital(text: str) -> str:
    """A label as it begins a line."""
    return text[:1].upper() + text[1:]


def link(url: str) -> str:
    """A web address fit for an attribute or a Markdown target; empty when it is none, ``javascript:`` above all."""
    from urllib.parse import quote  # dear to import, and the text format needs no link

    return quote(url, safe=_URL_CHARACTERS, errors="replace") if url.startswith(("https://", "http://")) else ""


def source(citation: Citation, lang: str) -> str:
    """The title and section of the text that a rule rests on; our own in the reader's language."""
    if citation.authority != "bimikit":
        return str(citation)
    return term(f"source.{citation.section.replace(' ', '-')}", lang) if citation.section else citation.title


def with_note(text: str, note: str, lang: str) -> str:
    """A text, and what belongs to it in parentheses; the text alone where nothing does."""
    return term("label.with-note", lang).format(text=text, note=note) if note else text


def cited(finding: Finding, lang: str) -> str:
    """The text a finding rests on, with its address where it has one."""
    url = finding.citation.url
    cited = source(finding.citation, lang)
    return f"{cited} <{url}>" if url else cited


DOMAIN_KINDS = ("domain", "publication", "verification")
"""Kinds of reports whose subject is no file."""


def about_domain(report: Report) -> bool:
    """Whether a report is about a domain that could be judged, and so has verdicts with reasons."""
    return report.kind in DOMAIN_KINDS and "receivers" in report.facts


def about_file(report: Report) -> bool:
    """Whether a report's subject is a file that has a name."""
    return report.subject != STDIN and report.kind not in DOMAIN_KINDS and not report.facts.get("hosted")


def file_of(report: Report, place: Location) -> str:
    """The file that a place is in; empty where that is none with a name."""
    if about_file(report):
        return report.subject
    document = RECORDS if place.dns_name is not None else place.document
    return str(report.facts.get("files", {}).get(document, ""))


def line_in_file(report: Report, place: Location) -> int | None:
    """The line of the subject's own text or of that file; None in a logo inside a certificate.

    Of a record it is the line of the zone file on which it begins, and None where it is from none.
    """
    if place.dns_name is not None and file_of(report, place):
        lines = report.facts.get("record_lines", {}).get(place.dns_name.lower(), ())
        return lines[place.line - 1] if place.line is not None and place.line <= len(lines) else None
    in_document = place.document is not None and not place.inside and place.dns_name is None
    return place.line if in_document and file_of(report, place) else line_of(place)


def column_in_file(place: Location) -> int | None:
    """The column in that line; None of a record, whose text is one put together from the file's pieces."""
    return None if place.dns_name is not None else place.column


def file_beside(report: Report, place: Location) -> str:
    """The file that a place is in, where the report's title doesn't name it already; empty for none."""
    if about_file(report):
        return ""
    file, line = one_line(file_of(report, place)), line_in_file(report, place)
    return f"{file}:{line}" if file and line is not None and place.dns_name is not None else file


class NotReady(NamedTuple):
    """A provider that was asked for and isn't ready.

    Attributes:
        provider: Its id.
        state: The verdict.
        text: The verdict and the first reason for it in words.
    """

    provider: str
    state: str
    text: str


def not_ready(report: Report, lang: str) -> list[NotReady]:
    """The providers that were asked for (``--for``) and aren't ready."""
    if "for" not in report.facts or not about_domain(report):
        return []
    from .readiness import reasons_not_ready  # the data on providers is dear to load

    return [NotReady(*one) for one in reasons_not_ready(report, lang)]


_OF_KIND = {
    "appearance": ("well-drawn", "badly-drawn"),
    "verification": ("as-planned", "not-as-planned"),
    "expiry": ("lasting", "ending"),
}


def verdict(report: Report) -> str:
    """The verdict: a key of the catalogue.

    ``"conformant"``, ``"conformant-not-ready"``, ``"not-conformant"`` or ``"undecided"``; what says nothing about a
    file's conformance has words of its own for the first and the third (`_OF_KIND`).
    """
    good, bad = _OF_KIND.get(report.kind, ("conformant", "not-conformant"))
    if not report.ok:
        return bad
    if not report.complete:
        return "undecided"
    if report.kind == "verification":
        from .verification import left_out  # few reports have it

        return "as-planned-else" if left_out(report) else good
    if report.kind in _OF_KIND:
        return good
    asked = [report.verdicts[name] for name in MAJOR if name in report.verdicts] or list(report.verdicts.values())
    return "conformant-not-ready" if about_domain(report) and set(asked) - {"ready"} else "conformant"


MAJOR = ("gmail", "apple", "yahoo")
"""Providers that most people ask about, where they didn't say whom."""


def means(report: Report, lang: str) -> str:
    """What the verdict means; it says nothing of what the choice of rules or the configuration leaves out."""
    told = verdict(report)
    return term(f"label.{_ELSE.get(told, told) if leaves_out(report) else told}-means", lang)


_ELSE = {
    **dict.fromkeys(("conformant", "well-drawn", "lasting"), "conformant-else"),
    "conformant-not-ready": "conformant-not-ready-else",
    "undecided": "undecided-else",
}
"""What says that nothing is wrong, by what is said where somebody wanted not to know all."""


def leaves_out(report: Report) -> bool:
    """Whether only some rules were asked for, or a configuration left findings out."""
    return "rules" in report.facts or bool(report.facts.get("ignored"))


def ignored(report: Report, lang: str) -> list[str]:
    """What a configuration left out, until when, and why: a sentence for each of its reasons."""
    sentences = []
    for one in report.facts.get("ignored", ()):
        sentence = term("label.ignored.one" if one["count"] == 1 else "label.ignored", lang)
        rules = ", ".join(one.get("left_out", one["rules"]))
        sentences.append(one_line(sentence.format_map({**one, "rules": rules})))
    return sentences


def selection(report: Report, lang: str) -> str:
    """That only some rules were asked for, or that a configuration left findings out; empty otherwise."""
    notes = [term("label.selected-only", lang)] if "rules" in report.facts else []
    left_out = sum(one["count"] for one in report.facts.get("ignored", ()))
    notes += [term("label.left-out", lang).format(count=left_out)] if left_out else []
    return term("label.comma", lang).join(notes)


def kind_of(finding: Finding) -> str:
    """Which of `GROUPS` a finding belongs to: its severity, unless it could not be decided."""
    return "undecided" if finding.outcome is Outcome.INDETERMINATE else finding.severity.value


def groups(report: Report) -> list[Group]:
    """The report's findings by kind; no group is empty."""
    found: dict[str, list[Finding]] = {kind: [] for kind in GROUPS}
    for finding in report.findings:
        found[kind_of(finding)].append(finding)
    return [Group(kind, tuple(findings)) for kind, findings in found.items() if findings]


def subject_name(report: Report, lang: str) -> str:
    """The subject as a reader knows it and tells it from others; several publications may be of one domain."""
    if report.subject == STDIN:
        return term("label.stdin", lang)
    if report.kind not in _NAMED_BY_DOMAIN:
        return one_line(report.subject)
    from ..domains import publication_name

    facts = report.facts  # of what is no domain they name no selector
    return one_line(publication_name(report.subject, facts.get("selector", "default"), facts.get("local_part")))


_NAMED_BY_DOMAIN = ("domain", "publication")
"""Kinds of reports whose subject is the bare domain."""


def provider_verdicts(report: Report, lang: str) -> list[tuple[str, str]]:
    """Mailbox providers and what is known of each, in words where the catalogue has them."""
    terms = catalogue(lang).terms
    return [
        (one_line(provider), one_line(terms.get(f"verdict.{state}", state)))
        for provider, state in report.verdicts.items()
    ]


def position(location: Location, lang: str) -> str:
    """Line and column in words; empty where there are none."""
    if location.line is None:
        return ""
    key = "label.line" if location.column is None else "label.line-column"
    if location.inside:
        key = "label.line-column-inside"
    elif location.dns_name is not None:
        key = "label.record-column"
    return term(key, lang).format(line=location.line, column=location.column)


def path(location: Location) -> str:
    """The place apart from line and column: element and attribute, certificate field, DNS name, URL."""
    return one_line(str(replace(location, line=None, column=None)))


def line_of(location: Location) -> int | None:
    """Line of the subject's own text; None where the place has none."""
    return None if location.elsewhere else location.line


def more_places(finding: Finding, shown: int, lang: str) -> str:
    """That there are further places than the `shown` ones; empty when there are none."""
    more = finding.count - max(shown, 1)
    return term("label.more-places", lang).format(count=more) if more > 0 else ""


class Lines:
    """The lines that places in a report count: the subject's own, those of its documents, its records."""

    def __init__(self, report: Report, texts: Mapping[str, str]) -> None:
        text = texts.get(report.subject)
        self._documents = {name: lines_of(content) for name, content in report.documents.items()}
        self._records = report.facts.get("records", {})
        self._own = [] if text is None else lines_of(text)
        self._inside = [] if report.indicator is None else lines_of(report.indicator.decode("utf-8", "replace"))

    def of(self, location: Location) -> list[str]:
        """The lines in which a place counts; none where they aren't at hand."""
        if location.dns_name is not None:
            return list(self._records.get(location.dns_name.lower(), ()))
        if location.inside:
            return self._inside
        return self._own if location.document is None else self._documents.get(location.document, [])


def excerpt_at(lines: Lines, location: Location) -> Excerpt | None:
    """The source around a place; None when there is no such place or no source."""
    if location.line is None or location.column is None:
        return None
    return excerpt(lines.of(location), location.line, location.column, location.length or 1)


def end_column(lines: Lines, location: Location) -> int:
    """The column after a place, which never lies beyond its line's end where the line is known."""
    start = location.column or 1
    end = start + max(location.length or 1, 1)
    own = lines.of(location)
    if location.line is not None and 1 <= location.line <= len(own):
        end = min(end, len(own[location.line - 1]) + 1)
    return max(end, start)
