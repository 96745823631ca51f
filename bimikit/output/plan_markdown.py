"""A plan as Markdown (CommonMark, as GitHub shows it)."""

from __future__ import annotations

from collections.abc import Sequence

from ..domains import in_letters
from ..plan.model import Plan
from ..statement import Statement
from .markdown_format import code, prose
from .plan_view import Part, Words, counts


def render(plan: Plan, *, lang: str, differences: Sequence[Statement] | None = None) -> str:
    """A plan as Markdown; the arguments are those of `bimikit.output.plan_text.render`."""
    words = Words(lang)
    blocks = [f"# {prose(words.title(plan))}", *map(prose, words.summary(plan)), _stages(plan, words)]
    if differences is not None:
        blocks += [f"## {prose(words.label('changes'))}", _list(words.changes(differences))]
    if plan.notices:
        blocks += [f"## {prose(words.label('notices'))}", _list(words.told(plan.notices))]
    for one in plan.domains:
        stage, facts = words.head(one)
        blocks += [f"## {code(in_letters(one.domain))}: {prose(stage)}", prose(facts)]
        for part in words.parts(one):
            blocks += _part(part, words)
    return "\n\n".join(blocks) + "\n"


def _stages(plan: Plan, words: Words) -> str:
    rows = [f"| {prose(words.stage(stage))} | {count} |" for stage, count in counts(plan)]
    return "\n".join([f"| {prose(words.label('stage'))} | {prose(words.label('domains'))} |", "|---|---:|", *rows])


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {prose(line)}" for line in lines)


def _part(part: Part, words: Words) -> list[str]:
    blocks = [f"### {prose(part.heading)}"]
    if part.lines:
        blocks.append(_list(part.lines))
    for record in part.records:
        instead = [f"{prose(words.label('instead'))}: {code(old)}" for old in record.instead]
        blocks += [code(record.name), _fenced(record.value), *instead, prose(record.why)]
    return blocks


def _fenced(text: str) -> str:
    """A block that its content cannot end: it is one line, and more backticks are around it than in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"
