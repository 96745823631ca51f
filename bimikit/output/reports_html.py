"""Aggregate reports as one self-contained HTML page: no script, no request."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from ..plan.model import Week
from ..raising.model import Option, Outlook
from .html_format import page
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
from .view import one_line

_KINDS = {"go": "ok", "wait": "warning", "no-go": "error"}
_MOST_WEEKS = 104
_KEYS = ("passed", "failed")
_HIGH, _WIDE, _GAP = 60, 10, 2
"""Sizes of the bars of weeks, in units of the picture."""


def render(told: Sequence[Told], limits: Limits, *, lang: str, evidence: bool, **_unused: object) -> str:
    """The domains one below the other; of several an overview first."""
    name = word("title", lang)
    heading = f"{told[0].domain} – {name}" if len(told) == 1 else name
    overview = _overview(told, lang) if len(told) > 1 else ""
    body = "".join(_domain(at, one, lang, evidence) for at, one in enumerate(told, 1))
    return page(name, f"{overview}<main>\n{body}</main>", lang=lang, heading=heading, style=_style())


@cache
def _style() -> str:
    return files(__package__).joinpath("reports.css").read_text(encoding="utf-8")


def _text(text: str) -> str:
    return html.escape(one_line(text))


def _table(heads: Sequence[str], rows: Iterable[str], lang: str) -> str:
    cells = "".join(f'<th scope="col" class="{name}">{_text(word(f"column.{name}", lang))}</th>' for name in heads)
    body = "".join(rows)
    return f'<div class="wide"><table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n'


def _cell(name: str, content: str, lang: str) -> str:
    """A cell that tells its column where a narrow screen shows one below the other."""
    return f'<td class="{name}" data-label="{_text(word(f"column.{name}", lang))}">{content}</td>'


def _tag(option: Option, lang: str) -> str:
    return f'<span class="tag {_KINDS[option.verdict]}">{_text(verdict(option, lang))}</span>'


def _overview(told: Sequence[Told], lang: str) -> str:
    rows = []
    for at, one in enumerate(told, 1):
        shown: dict[str, str] = {
            "policy": _text(one.weighing.policy or "–"),
            "messages": number(one.totals.messages),
            "dmarc": percent(one.totals.passed, one.totals.messages),
            **{option.policy: _tag(option, lang) for option in one.weighing.options},
        }
        cells = "".join(_cell(name, content, lang) for name, content in shown.items())
        name = f'<a href="#domain-{at}"><bdi>{_text(one.domain)}</bdi></a>'
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>\n')
    table = _table(("domain", "policy", "messages", "dmarc", "quarantine", "reject"), rows, lang)
    return f'<nav aria-label="{_text(word("column.domain", lang))}">\n{table}</nav>\n'


def _domain(at: int, told: Told, lang: str, evidence: bool) -> str:
    lines = "".join(f"<p>{_text(line)}</p>\n" for line in summary(told, lang))
    if told.totals.reports:
        lines += _verdicts(told, lang)
    parts = [_weeks(told, lang), _sources(told, lang, evidence), _raising(told, lang)] if told.totals.reports else []
    return f"""<section class="report" id="domain-{at}" aria-labelledby="name-{at}">
<header class="verdict">
<h2 id="name-{at}"><bdi>{_text(told.domain)}</bdi></h2>
{lines}</header>
{"".join(parts)}</section>
"""


def _verdicts(told: Told, lang: str) -> str:
    tags = "".join(f"<li><code>p={_text(one.policy)}</code> {_tag(one, lang)}</li>" for one in told.weighing.options)
    return f'<ul class="verdicts">{tags}</ul>\n'


def _weeks(told: Told, lang: str) -> str:
    """Bars for the weeks: what passed DMARC at the bottom, the rest above it; with the numbers as each bar's title."""
    weeks = told.weeks[-_MOST_WEEKS:]
    most = max((week.messages for week in weeks), default=0)
    if len(weeks) < 2 or not most:
        return ""
    bars = "".join(_bar(at, week, most, lang) for at, week in enumerate(weeks))
    wide = len(weeks) * (_WIDE + _GAP) - _GAP
    label = _text(word("weeks.label", lang, first=weeks[0].monday, last=weeks[-1].monday, most=number(most)))
    size = f'viewBox="0 0 {wide} {_HIGH}" width="{2 * wide}" height="{2 * _HIGH}"'
    keys = " ".join(f'<span class="key {name}">{_text(word(f"weeks.{name}", lang))}</span>' for name in _KEYS)
    return f"""<section class="card">
<h3>{_text(word("weeks.title", lang))}</h3>
<svg class="weeks" role="img" aria-label="{label}" {size}>
{bars}</svg>
<p class="quiet">{label} {keys}</p>
</section>
"""


def _bar(at: int, week: Week, most: int, lang: str) -> str:
    x, high, passed = at * (_WIDE + _GAP), _HIGH * week.messages / most, _HIGH * week.passed / most
    numbers = {"messages": number(week.messages), "passed": percent(week.passed, week.messages)}
    parts = (("failed", _HIGH - high, high - passed), ("passed", _HIGH - passed, passed))
    rects = "".join(
        f'<rect class="{name}" x="{x}" y="{y:.2f}" width="{_WIDE}" height="{tall:.2f}"/>' for name, y, tall in parts
    )
    return f"<g><title>{_text(word('week', lang, monday=week.monday, **numbers))}</title>{rects}</g>\n"


def _sources(told: Told, lang: str, evidence: bool) -> str:
    outlooks = told.weighing.outlooks if evidence else told.shown()
    if not outlooks:
        return ""
    heads = ("source", "taken-for", "messages", "dmarc", "dkim", "spf", "fix")
    table = _table(heads, (_source(told, one, lang, evidence) for one in outlooks), lang)
    rest = "" if evidence else left_out(told, lang)
    notes = [rest] if rest else []
    if any(map(is_guessed, outlooks)):
        notes.append(word("legend.guess", lang))
    below = "".join(f'<p class="quiet">{_text(note)}</p>\n' for note in notes)
    return f'<section class="card">\n<h3>{_text(word("sources.title", lang))}</h3>\n{table}{below}</section>\n'


def _source(told: Told, outlook: Outlook, lang: str, evidence: bool) -> str:
    source = outlook.source
    fixes = "".join(f"<li>{_text(said(one, lang))}</li>" for one in outlook.fixes)
    why = "".join(f"<li>{_text(ground)}</li>" for ground in grounds(told, outlook, lang))
    details = (
        f"<details{' open' if evidence else ''}><summary>{_text(word('why', lang))}</summary><ul>{why}</ul></details>"
        if why
        else ""
    )
    first = f'<span class="tag error">{_text(word("hinders", lang))}</span>' if outlook.hinders else ""
    shown = {
        "taken-for": _text(taken_for(outlook, lang)),
        "messages": number(source.count),
        "dmarc": percent(source.aligned, source.count),
        "dkim": percent(source.dkim, source.count),
        "spf": percent(source.spf, source.count),
        "fix": f"{first}{f'<ul>{fixes}</ul>' if fixes else ''}{details}",
    }
    cells = "".join(_cell(name, content, lang) for name, content in shown.items())
    return f'<tr><th scope="row"><bdi>{_text(title(outlook, lang))}</bdi></th>{cells}</tr>\n'


def _raising(told: Told, lang: str) -> str:
    options = "".join(
        f"<h4><code>p={_text(option.policy)}</code> {_tag(option, lang)}</h4>\n"
        f"<ul>{''.join(f'<li>{_text(said(ground, lang))}</li>' for ground in option.grounds)}</ul>\n"
        for option in told.weighing.options
    )
    return f'<section class="card raising">\n<h3>{_text(word("raising.title", lang))}</h3>\n{options}</section>\n'
