"""A plan as text: a table for a meeting, then each domain's part with records to copy."""

from __future__ import annotations

from collections.abc import Sequence

from ..domains import in_letters
from ..plan.model import Plan
from ..statement import Statement
from .excerpt import width
from .plan_view import Part, Words, counts
from .view import one_line

_BAR = 40
"""Columns of the longest bar."""


def render(plan: Plan, *, lang: str, differences: Sequence[Statement] | None = None) -> str:
    """A plan as text.

    Args:
        plan: The plan.
        lang: The language.
        differences: What changed since another plan; None where it wasn't compared.
    """
    words = Words(lang)
    lines = [words.title(plan), *words.summary(plan), "", *_stages(plan, words)]
    if differences is not None:
        lines += ["", words.label("changes"), *(f"  - {one}" for one in words.changes(differences))]
    if plan.notices:
        lines += ["", words.label("notices"), *(f"  - {one}" for one in words.told(plan.notices))]
    for one in plan.domains:
        stage, facts = words.head(one)
        lines += ["", f"{one_line(in_letters(one.domain))}{words.colon}{stage}", f"  {facts}"]
        for part in words.parts(one):
            lines += _part(part, words)
    return "\n".join(lines) + "\n"


def _stages(plan: Plan, words: Words) -> list[str]:
    rows = [(words.stage(stage), count) for stage, count in counts(plan)]
    widest = max(width(name) for name, _count in rows)
    most = max(count for _name, count in rows)
    digits = len(str(most))
    bars = ["#" * -(-count * _BAR // max(most, _BAR)) for _name, count in rows]
    return [
        f"  {name}{' ' * (widest - width(name))}  {count:>{digits}}  {bar}".rstrip()
        for (name, count), bar in zip(rows, bars, strict=True)
    ]


def _part(part: Part, words: Words) -> list[str]:
    lines = [f"  {part.heading}", *(f"    - {line}" for line in part.lines)]
    for record in part.records:
        lines += [f"    {record.name}", f"        {record.value}"]
        lines += [f"      {words.label('instead')}{words.colon}{old}" for old in record.instead]
        lines.append(f"      {record.why}")
    return lines
