"""A scan of many domains for people: a line a domain, and the whole at a glance as text, Markdown and HTML."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator

from ..locale import term, title, titled, words_of
from ..portfolio.row import (
    BARRED,
    BROKEN,
    DECLINED,
    NO_DOMAIN,
    READY,
    UNDECIDED,
    WITHOUT,
    Scanned,
    View,
)
from .excerpt import width
from .html_format import page
from .markdown_format import prose
from .text_format import paint
from .view import capital, one_line

MOST_SHOWN = 2_000
"""Domains of each outcome that a page shows: more are read by no one, and a browser has to hold them."""
ORDER = (READY, WITHOUT, BROKEN, BARRED, DECLINED, UNDECIDED, NO_DOMAIN)
_TOLD_BY_POLICY = ("missing", "policy-none")
_STYLES = {READY: "32;1", WITHOUT: "33;1", BROKEN: "31;1", BARRED: "31;1", UNDECIDED: "35;1"}
_KINDS = {READY: "ok", WITHOUT: "warning", BROKEN: "error", BARRED: "error", UNDECIDED: "undecided"}


class Tally:
    """What a scan came to: counts, and the first domains of each outcome by their place in the input.

    Attributes:
        states: Domains by outcome.
        unknown: Those of which something that was asked for could not be found out.
    """

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.unknown = 0
        self._first: dict[str, list[Scanned]] = {state: [] for state in ORDER}

    @property
    def count(self) -> int:
        """All domains."""
        return self.states.total()

    def add(self, row: Scanned) -> None:
        """Count a domain."""
        self.states[row.state] += 1
        self.unknown += (
            row.state == UNDECIDED
            or (row.hosted is not None and row.hosted.outcome == "indeterminate")
            or (row.sending is not None and bool(row.sending.unanswered))
        )
        first = self._first[row.state]
        first.append(row)
        if len(first) >= 2 * MOST_SHOWN:
            self._first[row.state] = self.first(row.state)

    def first(self, state: str) -> list[Scanned]:
        """The first domains of an outcome, in the order in which they were given."""
        return sorted(self._first[state], key=lambda row: row.number)[:MOST_SHOWN]


def line(row: Scanned, *, lang: str, color: bool) -> str:
    """A domain in one line of text."""
    words = words_of("scan_words", lang)
    wide = max(width(words[f"state.{state}"]) for state in ORDER)
    state = words[f"state.{row.state}"]
    padded = state + " " * (wide - width(state))
    said = "  ".join(part for part in (one_line(row.domain), why(row, lang)) if part)
    return f"{paint(padded, _STYLES.get(row.state, ''), color)}  {said}"


def why(row: Scanned, lang: str) -> str:
    """What decided about a domain, in a few words."""
    words = words_of("scan_words", lang)
    comma = term("label.comma", lang)
    if row.state == NO_DOMAIN:
        return term(row.reason, lang)
    parts = [policy(row, lang)]
    if row.state == BARRED:
        parts += [title(f"dmarc.{bar}", lang) for bar in bars(row) if bar not in _TOLD_BY_POLICY]
    if row.state == UNDECIDED:
        parts = [words["unanswered"].format(names=row.reason)]
    if row.state == READY:
        parts += [words["at"].format(name=name) for name in _elsewhere(row)]
        parts += [] if row.authority else [words["no-certificate"]]
    if row.hosted is not None:
        rules = titled(row.hosted.rules or row.hosted.unanswered, lang)
        parts.append(words[f"hosted.{row.hosted.outcome}"].format(rules=rules))
    if row.sending is not None and row.sending.rules:
        parts.append(words["sending"].format(rules=titled(row.sending.rules, lang)))
    return one_line(comma.join(part for part in parts if part))


def bars(row: Scanned) -> list[str]:
    """Why DMARC bars a domain, by either reading: rules' ids without ``dmarc.``."""
    return list(dict.fromkeys(bar for view in (row.rfc9989, row.rfc7489) if view is not None for bar in view.bars))


def policy(row: Scanned, lang: str) -> str:
    """The policy that applies to a domain; that of both readings where they differ."""
    words = words_of("scan_words", lang)
    new, old = (_policy(row.domain, view, lang) for view in (row.rfc9989, row.rfc7489))
    return new if new == old else words["readings"].format(new=new, old=old)


def _policy(domain: str, view: View | None, lang: str) -> str:
    words = words_of("scan_words", lang)
    if view is None or view.policy is None:
        return words["no-dmarc"]
    form = "policy" if view.applied_policy is None else "policy-applied"
    told = words[form].format(policy=view.policy, applied=view.applied_policy)
    if view.record_at in (None, domain):
        return told
    return words["policy-from"].format(policy=told, domain=view.record_at)


def _elsewhere(row: Scanned) -> list[str]:
    """Where the Assertion Record is, unless it is the domain's own."""
    names = [view.bimi_at for view in (row.rfc9989, row.rfc7489) if view is not None and view.bimi_at]
    return [name for name in dict.fromkeys(names) if not name.endswith(f"._bimi.{row.domain}")]


def summary(tally: Tally, *, lang: str, color: bool) -> Iterator[str]:
    """The whole in a few lines of text."""
    words = words_of("scan_words", lang)
    yield words["done"].format(count=tally.count)
    wide = max(width(words[f"state.{state}"]) for state in ORDER)
    for state in ORDER:
        if tally.states[state]:
            name = words[f"state.{state}"]
            padded = name + " " * (wide - width(name))
            yield f"  {paint(padded, _STYLES.get(state, ''), color)}  {tally.states[state]:>9,}"


def markdown(tally: Tally, *, lang: str) -> str:
    """The scan as Markdown."""
    words = words_of("scan_words", lang)
    lines = [f"# {words['title']}", "", words["done"].format(count=tally.count), ""]
    lines += [f"| {words['head.state']} | {words['head.count']} | {words['head.share']} |", "| --- | ---: | ---: |"]
    lines += [f"| {words[f'state.{state}']} | {count:,} | {share} |" for state, count, share in _shares(tally)]
    for state, count, _ in _shares(tally):
        shown = tally.first(state)
        lines += ["", f"## {words[f'state.{state}']}", "", words[f"about.{state}"], ""]
        lines += [f"| {words['head.domain']} | {words['head.why']} |", "| --- | --- |"]
        lines += [f"| {_cell(row.domain)} | {_cell(why(row, lang))} |" for row in shown]
        lines += ["", words["shown"].format(shown=len(shown), count=count)] if len(shown) < count else []
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A text as a cell of a table, which a vertical bar would end."""
    return prose(text).replace("|", "\\|")


def as_html(tally: Tally, *, lang: str) -> str:
    """The scan as one page."""
    words = words_of("scan_words", lang)
    heads = f"<th>{_text(words['head.state'])}</th>"
    heads += "".join(f'<th class="amount">{_text(words[f"head.{name}"])}</th>' for name in ("count", "share"))
    rows = "".join(
        f'<tr><td><a class="tag {_KINDS.get(state, "")}" href="#{state}">{_text(words[f"state.{state}"])}</a></td>'
        f'<td class="amount">{count:,}</td><td class="amount">{share}</td></tr>\n'
        for state, count, share in _shares(tally)
    )
    glance = f"""<section class="card">
<h2>{_text(words["done"].format(count=tally.count))}</h2>
<table class="rows"><thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table>
</section>
"""
    sections = "".join(_section(tally, state, count, lang) for state, count, _ in _shares(tally))
    return page(words["title"], f"<main>\n{glance}{sections}</main>", lang=lang)


def _section(tally: Tally, state: str, count: int, lang: str) -> str:
    words = words_of("scan_words", lang)
    shown = tally.first(state)
    rows = "".join(
        f'<tr><th scope="row"><bdi>{_text(row.domain)}</bdi></th><td><bdi>{_text(why(row, lang))}</bdi></td></tr>\n'
        for row in shown
    )
    more = f"<p>{_text(words['shown'].format(shown=len(shown), count=count))}</p>\n" if len(shown) < count else ""
    return f"""<section class="card" id="{state}">
<h2>{_text(capital(words[f"state.{state}"]))} <span class="number">{count:,}</span></h2>
<p>{_text(words[f"about.{state}"])}</p>
<table class="rows"><thead><tr><th>{_text(words["head.domain"])}</th><th>{_text(words["head.why"])}</th></tr></thead>
<tbody>
{rows}</tbody></table>
{more}</section>
"""


def _shares(tally: Tally) -> list[tuple[str, int, str]]:
    """The outcomes that occur: how often, and which share of all."""
    return [
        (state, tally.states[state], f"{tally.states[state] / tally.count:.1%}")
        for state in ORDER
        if tally.states[state]
    ]


def _text(text: str) -> str:
    return html.escape(one_line(text))
