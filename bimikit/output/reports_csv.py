"""Aggregate reports as CSV (RFC 4180): a row for each domain and source, to be sorted and filtered in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from ..raising.model import Outlook
from .reports import Limits, Told, said, title
from .view import one_line

COLUMNS = (
    *("domain", "policy", "first", "last", "source", "title", "guess", "decision", "counts_as", "set_up"),
    *("messages", "passed", "dkim", "spf", "addresses", "networks", "failing", "excepted", "hinders"),
    *("quarantine", "reject", "fix", "note"),
)
"""The same in every language; of these, `title` and `fix` are in the one asked for."""
_FORMULA = ("=", "+", "-", "@")
"""With one of them a spreadsheet begins a formula, which it would run."""


def render(told: Sequence[Told], limits: Limits, *, lang: str, **_unused: object) -> str:
    """The rows, below a head; a domain without a source has one with empty fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in told:
        writer.writerows([_cell(value) for value in row] for row in _rows(one, lang))
    return text.getvalue()


def _rows(told: Told, lang: str) -> Iterator[list[object]]:
    weighing = told.weighing
    verdicts = {option.policy: option.verdict for option in weighing.options}
    behind = [verdicts.get("quarantine", ""), verdicts.get("reject", "")]
    head = [weighing.domain, weighing.policy, weighing.first or "", weighing.last or ""]
    if not weighing.outlooks:
        yield [*head, *[""] * (len(COLUMNS) - len(head) - 4), *behind, "", ""]
    for outlook in weighing.outlooks:
        yield [*head, *_source(outlook, lang), *behind, *_words(outlook, lang)]


def _source(outlook: Outlook, lang: str) -> list[object]:
    source, decision = outlook.source, outlook.decision
    kinds = [source.guess, decision.choice if decision else "", outlook.counts_as, source.set_up]
    counts = [source.count, source.aligned, source.dkim, source.spf, source.addresses, source.networks]
    hit = [outlook.failing, outlook.excepted, "yes" if outlook.hinders else "no"]
    return [outlook.id, title(outlook, lang), *kinds, *counts, *hit]


def _words(outlook: Outlook, lang: str) -> list[object]:
    return [
        said(outlook.fixes[0], lang) if outlook.fixes else "",
        outlook.decision.note if outlook.decision else "",
    ]


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
