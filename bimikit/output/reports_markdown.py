"""Aggregate reports as Markdown, with tables, for a ticket or a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..raising.model import Outlook
from .markdown_format import code, prose
from .reports import (
    Limits,
    Told,
    grounds,
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


def render(told: Sequence[Told], limits: Limits, *, lang: str, evidence: bool, **_unused: object) -> str:
    """The domains one below the other; of several an overview first."""
    blocks = [f"# {prose(word('title', lang))}"]
    if len(told) > 1:
        blocks.append("\n".join(_overview(told, lang)))
    for one in told:
        blocks += _domain(one, lang, evidence)
    return "\n\n".join(blocks) + "\n"


def _overview(told: Sequence[Told], lang: str) -> Iterator[str]:
    yield from _head(("domain", "policy", "messages", "dmarc", "quarantine", "reject"), {2, 3}, lang)
    for one in told:
        totals = one.totals
        name = code(one.domain).replace("|", "\\|")  # which ends a cell even in code (GFM, 4.10)
        cells = [name, prose(one.weighing.policy) or "–"]
        cells += [number(totals.messages), percent(totals.passed, totals.messages)]
        yield _row([*cells, *(f"**{prose(verdict(option, lang))}**" for option in one.weighing.options)])


def _domain(told: Told, lang: str, evidence: bool) -> list[str]:
    blocks = [f"## {code(told.domain)}", "\n".join(f"- {prose(line)}" for line in summary(told, lang))]
    if not told.totals.reports:
        return blocks
    outlooks = told.weighing.outlooks if evidence else told.shown()
    if outlooks:
        rows = [_row(_cells(one, lang)) for one in outlooks]
        head = _head(("source", "taken-for", "messages", "dmarc", "dkim", "spf", "fix"), {2, 3, 4, 5}, lang)
        blocks.append("\n".join([*head, *rows]))
    if not evidence and (rest := left_out(told, lang)):
        blocks.append(prose(rest))
    if evidence:
        for one in outlooks:
            lines = [
                f"**{prose(title(one, lang))}**",
                "",
                *(f"- {prose(ground)}" for ground in grounds(told, one, lang)),
            ]
            blocks.append("\n".join(lines))
    blocks.append(f"### {prose(word('raising.title', lang))}")
    for option in told.weighing.options:
        lines = [f"**{code(f'p={option.policy}')}: {prose(verdict(option, lang))}**", ""]
        blocks.append("\n".join([*lines, *(f"- {prose(said(ground, lang))}" for ground in option.grounds)]))
    return blocks


def _cells(outlook: Outlook, lang: str) -> list[str]:
    source = outlook.source
    shares = [percent(part, source.count) for part in (source.aligned, source.dkim, source.spf)]
    fix = prose(said(outlook.fixes[0], lang)) if outlook.fixes else ""
    return [prose(title(outlook, lang)), prose(taken_for(outlook, lang)), number(source.count), *shares, fix]


def _head(names: Sequence[str], numbers: set[int], lang: str) -> list[str]:
    marks = ["---:" if column in numbers else "---" for column in range(len(names))]
    return [_row([prose(word(f"column.{name}", lang)) for name in names]), _row(marks)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
