"""Markdown (CommonMark, as GitHub shows it): a report to read, without tables, so that it stays readable as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..findings import Finding, Report
from ..locale import term
from . import verification, view
from .certificate_card import card, facts_of

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_LINE_START = re.compile(r"^(?:(?=[-+=#])|(\d+)(?=[.)]))")
# A zero-width space, so that a logo's content cannot call people to the page the report is posted on.
_MENTION = re.compile(r"@(?=\w)")


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """The reports as one Markdown document."""
    blocks = [f"# {prose(term('label.report', lang))}"]
    for report in reports:
        blocks += _report(report, view.Lines(report, texts), lang)
    return "\n\n".join(blocks) + "\n"


def prose(text: str) -> str:
    """A text that shows as it is, whatever it contains."""
    escaped = _SPECIAL.sub(r"\\\1", view.one_line(text).translate(_ENTITIES))
    return _MENTION.sub("@&#8203;", _LINE_START.sub(r"\1\\", escaped))


def code(text: str) -> str:
    """A code span that its content cannot end."""
    inner = view.one_line(text)
    fence = "`" * _longer_than_any_run(inner, 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"


def _longer_than_any_run(text: str, least: int) -> int:
    return max([least - 1, *(len(run) for run in re.findall("`+", text))]) + 1


def _report(report: Report, lines: view.Lines, lang: str) -> list[str]:
    verdict = view.verdict(report)
    groups = view.groups(report)
    blocks = [f"## {code(view.subject_name(report, lang))}: {prose(term(f'label.{verdict}', lang))}"]
    counts = [f"{_label(view.GROUPS[kind], lang)}: {len(findings)}" for kind, findings in groups]
    counts += [prose(note) for note in (view.selection(report, lang),) if note]
    blocks.append(" ".join([prose(view.means(report, lang)), " · ".join(counts)]).strip())
    if view.about_domain(report):
        blocks += _readiness(report, lang)
    else:
        lines_below = [prose(sentence) for sentence in view.ignored(report, lang)]
        lines_below += [f"{prose(name)}: {prose(state)}" for name, state in view.provider_verdicts(report, lang)]
        blocks += ["\n".join(f"- {line}" for line in lines_below)] if lines_below else []
    if compared := verification.rows(report, lang):
        blocks.append("\n".join(f"- {prose(label)}: {prose(value)}" for label, value in compared))
    if facts_of(report):
        blocks.append("\n".join(["```text", *card(report, lang), "```"]))
    for kind, findings in groups:
        blocks.append(f"### {_label(view.GROUPS[kind], lang)}")
        blocks += [_item(_finding(report, finding, lines, lang)) for finding in findings]
    return blocks


def _readiness(report: Report, lang: str) -> list[str]:
    from .readiness import summary as summarized  # the data on providers is dear to load

    summary = summarized(report, lang)
    blocks = [f"### {prose(summary.title)}"]
    for group in summary.groups:
        lines = [
            f"- **{prose(group.label)}** {f'{prose(why)} ' if why else ''}{prose(names)}" for names, why in group.lines
        ]
        blocks.append("\n".join(lines))
    for heading, items in summary.lists:
        if items:
            blocks.append(f"### {prose(heading)}")
            blocks.append("\n".join(f"{number}. {prose(item)}" for number, item in enumerate(items, 1)))
    blocks.append(f"### {prose(summary.read_label)}")
    blocks.append("\n".join(f"- {prose(label)}: {prose(value)}" for label, value in summary.read))
    return blocks


def _finding(report: Report, finding: Finding, lines: view.Lines, lang: str) -> list[str]:
    words = finding.wording(lang)
    blocks = [f"**{prose(words.title)}** {code(finding.rule)}", prose(words.message)]
    if finding.locations and (window := view.excerpt_at(lines, finding.locations[0])):
        fence = "`" * _longer_than_any_run(window.line, 3)
        blocks.append(f"{fence}text\n{window.line}\n{window.caret}\n{fence}")
    link = view.link(finding.citation.url)
    cited, authority = (
        prose(view.source(finding.citation, lang)),
        prose(term(f"label.{finding.citation.authority}", lang)),
    )
    picture = view.about_the_picture(finding.rule, finding.applicability, lang)
    labelled = (
        ("label.place", _places(report, finding, lang)),
        ("label.why", prose(words.why)),
        ("label.fix", view.with_note(prose(words.fix), prose(picture), lang)),
        ("label.source", view.with_note(f"[{cited}](<{link}>)" if link else cited, authority, lang)),
    )
    blocks.append("\n".join(f"- {_label(key, lang)}: {text}" for key, text in labelled if text))
    return blocks


def _places(report: Report, finding: Finding, lang: str) -> str:
    places = []
    for place in finding.locations:
        file, path = view.file_beside(report, place), view.path(place)
        parts = (code(file) if file else "", view.position(place, lang), code(path) if path else "")
        places.append(" ".join(part for part in parts if part))
    places.append(view.more_places(finding, len(places), lang))
    return "; ".join(place for place in places if place)


def _label(key: str, lang: str) -> str:
    return prose(view.capital(term(key, lang)))


def _item(blocks: list[str]) -> str:
    """A list item of several blocks."""
    return "- " + "\n\n".join(blocks).replace("\n", "\n  ").replace("\n  \n", "\n\n")
