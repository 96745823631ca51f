"""Text for people at a terminal: each finding with the source line it is about, as a good compiler shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..findings import Finding, Location, Report
from ..locale import term
from . import view
from .certificate_card import card, facts_of
from .command_line import COMMAND_LINE, Surroundings, option_for, written_at
from .excerpt import width

COLUMNS = 100
_STYLES = {"error": "31;1", "undecided": "35;1", "warning": "33;1", "notice": "36;1"}
_VERDICTS = {
    "conformant": "32;1",
    "well-drawn": "32;1",
    "as-planned": "32;1",
    "as-planned-else": "33;1",
    "lasting": "32;1",
    "conformant-not-ready": "33;1",
    "not-conformant": "31;1",
    "badly-drawn": "31;1",
    "not-as-planned": "31;1",
    "ending": "31;1",
    "undecided": "35;1",
}
_STATES = {"ready": "32;1", "at_risk": "33;1", "cannot_say": "35;1", "blocked": "31;1", "no_bimi": "2"}
_DIM = "2"


def render(
    reports: Sequence[Report],
    *,
    lang: str,
    texts: Mapping[str, str],
    color: bool,
    where: Surroundings = COMMAND_LINE,
) -> str:
    """The reports one after the other, and a summary where there are several; `where` is where they are read."""
    blocks = ["\n".join(_report(report, view.Lines(report, texts), lang, color, where)) for report in reports]
    if len(reports) > 1:
        blocks.append(_summary(reports, lang, color))
    return "\n\n".join(blocks) + "\n"


def paint(text: str, style: str, color: bool) -> str:
    """A text in a style of ANSI terminals, where colour is wanted."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def _report(report: Report, lines: view.Lines, lang: str, color: bool, where: Surroundings) -> Iterator[str]:
    if view.about_domain(report):
        yield from _readiness(report, lang, color, where)
    for finding in report.findings:
        yield from _finding(report, finding, lines, lang, color, where)
        yield ""
    if report.facts.get("compared"):
        yield from _compared(report, lang, color)
    if facts_of(report):
        yield from card(report, lang, where=where)
        yield ""
    verdict = view.verdict(report)
    comma = term("label.comma", lang)
    counts = comma.join(_count(kind, len(findings), lang) for kind, findings in view.groups(report))
    words = paint(term(f"label.{verdict}", lang), _VERDICTS[verdict], color)
    notes = [note for note in (counts, view.selection(report, lang)) if note]
    yield f"{view.subject_name(report, lang)}: {view.with_note(words, comma.join(notes), lang)}"
    if not view.about_domain(report):
        for sentence in view.ignored(report, lang):
            yield from hanging("  ", sentence)
        for provider, state in report.verdicts.items():
            yield f"  {provider}: {term(f'verdict.{state}', lang)}"


def _compared(report: Report, lang: str, color: bool) -> Iterator[str]:
    """What is published against what was planned."""
    from . import verification  # few reports have it

    compared = verification.rows(report, lang)
    yield paint(f"{view.subject_name(report, lang)}: {verification.title(lang)}", "1", color)
    wide = max(width(label) for label, _ in compared)
    for label, value in compared:
        yield from hanging(f"  {label}{' ' * (wide - width(label))}  ", value)
    yield ""


def _readiness(report: Report, lang: str, color: bool, where: Surroundings) -> Iterator[str]:
    """What a brand manager reads first: the verdicts, what blocks, the next step, and what was found."""
    from .readiness import summary as summarized  # the data on providers is dear to load

    summary = summarized(report, lang, where=where)
    yield paint(f"{view.subject_name(report, lang)}: {summary.title}", "1", color)
    for group in summary.groups:
        yield ""
        yield f"  {paint(group.label, _STATES[group.state], color)}"
        for names, why in group.lines:
            yield from hanging("    ", why) if why else ()
            yield from hanging("      " if why else "    ", names)
    for heading, items in summary.lists:
        if items:
            yield ""
            yield paint(heading, "1", color)
            for number, item in enumerate(items, 1):
                yield from hanging(f"  {number}. ", item)
    yield ""
    yield paint(summary.read_label, "1", color)
    wide = max(width(label) for label, _ in summary.read)
    for label, value in summary.read:
        yield from hanging(f"  {label}{' ' * (wide - width(label))}  ", value)
    yield ""
    if report.findings:
        yield paint(summary.details_label, "1", color)
        yield ""


def hanging(start: str, text: str) -> Iterator[str]:
    """A text in lines, the first after `start` and the others below it."""
    first, *rest = wrap(text, COLUMNS - width(start)) or [""]
    yield start + first
    yield from (" " * width(start) + line for line in rest)


def _count(kind: str, count: int, lang: str) -> str:
    key = f"count.{kind}.one" if count == 1 else f"count.{kind}"
    return term(key, lang).format(count=count)


def _finding(
    report: Report, finding: Finding, lines: view.Lines, lang: str, color: bool, where: Surroundings
) -> Iterator[str]:
    kind = view.kind_of(finding)
    words = finding.wording(lang)
    label = paint(f"{term(f'kind-of-finding.{kind}', lang)}[{finding.rule}]", _STYLES[kind], color)
    message = view.one_line(words.message)
    first = next(iter(wrap(message, COLUMNS - width(finding.rule) - 12)), "")
    yield f"{label} {paint(first, '1', color)}"
    yield from (f"    {paint(line, '1', color)}" for line in wrap(message[len(first) :], COLUMNS - 4))
    place = finding.locations[0] if finding.locations else None
    if place is not None:
        yield f"  --> {_where(report, place, lang)}"
        window = view.excerpt_at(lines, place)
        if window is not None:
            gutter = str(view.line_in_file(report, place) or place.line)
            blank = " " * len(gutter)
            yield paint(f"  {blank} |", _DIM, color)
            yield f"{paint(f'  {gutter} |', _DIM, color)} {window.line}"
            yield f"{paint(f'  {blank} |', _DIM, color)} {paint(window.caret, _STYLES[kind], color)}"
    others = [
        _where(report, other, lang)
        if other.document != place.document
        else (_record_in_file(report, other) or f"{other.line}:{other.column}")
        for place in finding.locations[:1]
        for other in finding.locations[1:]
        if other.document != place.document or other.line is not None
    ]
    if others:
        others += [more] if (more := view.more_places(finding, len(finding.locations), lang)) else []
        yield f"  {term('label.also-at', lang)} {', '.join(others)}"
    picture = view.about_the_picture(finding.rule, finding.applicability, lang)
    fix = view.with_note(words.fix, picture, lang)
    where = written_at(report, finding.rule, where)
    option = option_for(report.kind, finding.rule, lang, where)
    rows = (
        ("label.why", words.why),
        ("label.fix", fix),
        (where.label, option),
        ("label.source", _source(finding, lang)),
    )
    for key, text in rows:
        if text or key != where.label:
            yield from _labelled(term(key, lang), text)


def _record_in_file(report: Report, place: Location) -> str:
    """File and line of a record that is from a zone file; empty for other places."""
    of_record = place.dns_name is not None and view.line_in_file(report, place) is not None
    return view.file_beside(report, place) if of_record else ""


def _where(report: Report, place: Location, lang: str) -> str:
    """A place as editors and terminals follow it: file, line and column; the rest of it behind."""
    file = view.one_line(view.file_of(report, place)) or view.subject_name(report, lang)
    line = view.line_in_file(report, place)
    column = view.column_in_file(place)
    at = f":{line}" if line is not None else ""
    at += f":{column}" if at and column is not None else ""
    path = view.path(place) if line is not None else view.one_line(str(place))
    return f"{file}{at}{f' ({path})' if path else ''}"


def _source(finding: Finding, lang: str) -> str:
    citation = finding.citation
    told = view.with_note(view.source(citation, lang), term(f"label.{citation.authority}", lang), lang)
    return f"{told} {citation.url}".rstrip()


def _labelled(label: str, text: str) -> Iterator[str]:
    return hanging(f"  = {label}: ", text)


_COUNTED = {"domain": "domains", "publication": "publications", "verification": "publications"}
"""What a summary counts, by the kind of reports; files where it isn't here."""


def _summary(reports: Sequence[Report], lang: str, color: bool) -> str:
    counts: dict[str, int] = {}
    for report in reports:
        verdict = view.verdict(report)
        counts[verdict] = counts.get(verdict, 0) + 1
    parts = [
        term("count.verdict", lang).format(
            count=counts[verdict], verdict=paint(term(f"label.{verdict}", lang), style, color)
        )
        for verdict, style in _VERDICTS.items()
        if verdict in counts
    ]
    what = {_COUNTED.get(report.kind, "files") for report in reports}
    subjects = term(f"count.{what.pop() if len(what) == 1 else 'reports'}", lang).format(count=len(reports))
    return f"{subjects}: {term('label.comma', lang).join(parts)}"


_NOT_FIRST = frozenset("、。，．」』）)]}〉》】・：；！？…ー,.!?:;")
"""Characters that may not begin a line in Japanese."""
_NOT_LAST = frozenset("「『（［｛〈《【(")
"""Characters that may not end a line in Japanese."""


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines; between words where there are spaces, between characters in Japanese."""
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text):
        size = width(piece)
        if used + size > columns and line.strip() and piece not in _NOT_FIRST:
            lines.append(line.rstrip())
            line, used = "", 0
            piece = piece.lstrip()
            size = width(piece)
        line += piece
        used += size
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: runs of narrow characters up to a space, and wide characters one by one."""
    run = ""
    for character in view.one_line(text):
        if character in _NOT_LAST:
            if run:
                yield run
            run = character
        elif run and run in _NOT_LAST and character != " ":
            if width(character) == 2:
                yield run + character
                run = ""
            else:
                run += character
        elif character == " " or width(character) == 2:
            if run:
                yield run
            run = ""
            yield character
        else:
            run += character
    if run:
        yield run
