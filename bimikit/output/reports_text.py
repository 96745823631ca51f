"""Aggregate reports for a terminal: each domain's numbers, its sources, and what a higher policy would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ..raising.model import Outlook
from .excerpt import width
from .reports import (
    Limits,
    Told,
    grounds,
    is_guessed,
    left_out,
    number,
    percent,
    said,
    summary,
    taken_for,
    title,
    verdict,
    word,
)
from .text_format import hanging, paint
from .view import one_line

_STYLES = {"go": "32;1", "wait": "33;1", "no-go": "31;1"}
_BARS = "▁▂▃▄▅▆▇█"
_MOST_WEEKS = 53
_WIDEST = 36
"""Columns of a source's name; a longer one is cut."""


def render(told: Sequence[Told], limits: Limits, *, lang: str, color: bool, evidence: bool) -> str:
    """The domains one below the other; of several an overview first."""
    parts = [_overview(told, lang, color)] if len(told) > 1 else []
    parts += [_domain(one, lang, color, evidence) for one in told]
    return "\n\n".join("\n".join(part).rstrip() for part in parts) + "\n"


def _overview(told: Sequence[Told], lang: str, color: bool) -> Iterator[str]:
    heads = ("domain", "policy", "messages", "dmarc", "quarantine", "reject")
    rows = [[word(f"column.{name}", lang) for name in heads]]
    styles: list[dict[int, str]] = [dict.fromkeys(range(len(heads)), "1")]
    for one in told:
        options = one.weighing.options
        totals = one.totals
        row = [one.domain, one.weighing.policy or "–", number(totals.messages), percent(totals.passed, totals.messages)]
        rows.append([*map(one_line, row), *(verdict(option, lang) for option in options)])
        styles.append({4 + at: _STYLES[option.verdict] for at, option in enumerate(options)})
    yield from _table(rows, styles, {2, 3}, color)


def _domain(told: Told, lang: str, color: bool, evidence: bool) -> Iterator[str]:
    yield paint(one_line(told.domain), "1", color)
    for line in chain(summary(told, lang), _weekly(told, lang)):
        yield from hanging("  ", line)
    if not told.totals.reports:
        return
    if told.weighing.outlooks:
        yield ""
        yield from _sources(told, lang, color, evidence)
    yield ""
    yield paint(word("raising.title", lang), "1", color)
    wide = max(width(verdict(option, lang)) for option in told.weighing.options)
    for option in told.weighing.options:
        name = verdict(option, lang)
        start = f"  p={option.policy:<10}  {name}{' ' * (wide - width(name))}  "
        indent = " " * width(start)
        lines = [line for ground in option.grounds for line in hanging(f"{indent}· ", said(ground, lang))]
        first = lines[0][width(start) :] if lines else ""
        yield start.replace(name, paint(name, _STYLES[option.verdict], color)) + first
        yield from lines[1:]


def _weekly(told: Told, lang: str) -> list[str]:
    """Messages week by week as a row of bars, each as high as its share of the fullest week."""
    weeks = told.weeks[-_MOST_WEEKS:]
    most = max((week.messages for week in weeks), default=0)
    if len(weeks) < 2 or not most:
        return []
    bars = "".join(_BARS[-(-week.messages * (len(_BARS) - 1) // most)] for week in weeks)
    first, last = weeks[0], weeks[-1]
    return [
        word(
            "weekly",
            lang,
            bars=bars,
            first=first.monday,
            last=last.monday,
            before=number(first.messages),
            now=number(last.messages),
            passed_before=percent(first.passed, first.messages),
            passed_now=percent(last.passed, last.messages),
        )
    ]


def _sources(told: Told, lang: str, color: bool, evidence: bool) -> Iterator[str]:
    heads = ("source", "taken-for", "messages", "dmarc", "dkim", "spf")
    outlooks = told.weighing.outlooks if evidence else told.shown()
    rows = [[word(f"column.{name}", lang) for name in heads], *(_cells(one, lang) for one in outlooks)]
    styles: list[dict[int, str]] = [dict.fromkeys(range(len(heads)), "1")]
    styles += [{3: _STYLES["no-go"]} if one.hinders else {} for one in outlooks]
    head, *lines = _table(rows, styles, {2, 3, 4, 5}, color)
    yield head
    for outlook, line in zip(outlooks, lines, strict=True):
        yield line
        first = f"{word('hinders', lang)} – " if outlook.hinders else ""
        for fix in outlook.fixes[: None if evidence else 1]:
            yield from hanging("    → ", first + said(fix, lang))
            first = ""
        if evidence:
            yield from (line for ground in grounds(told, outlook, lang) for line in hanging("    · ", ground))
    if not evidence and (rest := left_out(told, lang)):
        yield rest
    if any(map(is_guessed, outlooks)):
        yield from hanging("", word("legend.guess", lang))


def _cells(outlook: Outlook, lang: str) -> list[str]:
    source = outlook.source
    parts = (source.aligned, source.dkim, source.spf)
    cells = [_cut(one_line(title(outlook, lang))), taken_for(outlook, lang), number(source.count)]
    return [*cells, *(percent(part, source.count) for part in parts)]


def _cut(text: str) -> str:
    while width(text) > _WIDEST:
        text = text[:-2] + "…"
    return text


def _table(
    rows: Sequence[Sequence[str]], styles: Sequence[dict[int, str]], numbers: set[int], color: bool
) -> Iterator[str]:
    """Rows with their columns below each other; those of numbers end at the same place."""
    wide = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row, style in zip(rows, styles, strict=True):
        cells = []
        for column, cell in enumerate(row):
            blank = " " * (wide[column] - width(cell))
            painted = paint(cell, style.get(column, ""), color and column in style)
            cells.append(blank + painted if column in numbers else painted + blank)
        yield "  ".join(cells).rstrip()
