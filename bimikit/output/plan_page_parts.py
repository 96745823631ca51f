"""What all parts of a plan's page are written with: words, foreign text made harmless, numbers, weeks as charts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from ..locale import words_of
from ..plan.model import Stage, Week
from ..plan.words import text as plan_says
from ..raising.weigh import named
from ..raising.weigh import told as weighing_says
from ..statement import Statement
from . import charts, view

MOST_CHARACTERS = 255
"""Of a name or another foreign text; a DNS name is no longer."""
MOST_FOLDED = 50
"""Sentences of a list that can be opened, besides the first ones."""

_OF_WEIGHING = ("ground.", "fix.")
"""How keys of a weighing's sentences begin."""
_ISOLATED, _ISOLATED_END = "\u2068", "\u2069"
"""Around a value until its sentence is HTML; foreign text never holds them (`view.one_line`)."""


class Pen:
    """Writes in one language; whatever it returns is HTML.

    Attributes:
        lang: The language.
        brief: Whether the plan is so large that little is told of each domain.
    """

    def __init__(self, lang: str, *, brief: bool) -> None:
        self.lang = lang
        self.brief = brief
        self._texts = words_of("plan_page_words", lang)

    def word(self, key: str, **values: int | str) -> str:
        """A word of the page, with values that are HTML already."""
        text = html.escape(self._texts[key])
        return text.format_map(values) if values else text

    def plain(self, key: str, **values: int | str) -> str:
        """A word of the page as plain text, to be escaped by whoever takes it."""
        return self._texts[key].format_map(values)

    def plain_stage(self, stage: Stage) -> str:
        """A stage's name, as it begins a line, as plain text."""
        return view.capital(words_of("plan_words", self.lang)[f"stage.{stage}"])

    def stage(self, stage: Stage) -> str:
        """A stage's name, as it begins a line."""
        return html.escape(self.plain_stage(stage))

    def statement(self, statement: Statement) -> str:
        """A sentence of the plan or of a weighing; names in other scripts are isolated from the text around."""
        values = {
            name: _isolated(bounded(value)) if isinstance(value, str) else value
            for name, value in named(statement, self.lang).items()
            if name != "id"  # it is named by now
        }
        told = html.escape(said(msgspec.structs.replace(statement, values=values), self.lang))
        return told.replace(_ISOLATED, "<bdi>").replace(_ISOLATED_END, "</bdi>")

    def statements(self, statements: Sequence[Statement], *, most: int, tag: str) -> str:
        """A list of sentences, those after the first ones folded; empty for none."""
        items = "".join(f"<li>{self.statement(one)}</li>\n" for one in statements[:most])
        left = statements[most:]
        if left:
            folded = "".join(f"<li>{self.statement(one)}</li>\n" for one in left[:MOST_FOLDED])
            more = self.word("more", count=len(left))
            opened = f'<details class="rest"><summary>{more}</summary>\n<ul>\n{folded}</ul></details>'
            items += f'<li class="quiet">{more if self.brief else opened}</li>\n'
        return f"<{tag}>\n{items}</{tag}>\n" if items else ""

    def day(self, day: date) -> str:
        """A day, for people and programs."""
        return f'<time datetime="{day.isoformat()}">{html.escape(self.plain_day(day))}</time>'

    def plain_day(self, day: date, key: str = "date") -> str:
        """A day as plain text."""
        return self.plain(key, day=day.day, month=self._texts[f"month.{day.month}"], year=day.year)

    def share(self, part: int, whole: int) -> str:
        """A share in percent; all and nothing only where it is all or nothing."""
        if not whole:
            return self.plain("nothing")
        tenths = round(1000 * part / whole)
        tenths = min(max(tenths, 1 if part else 0), 1000 if part == whole else 999)
        return f"{tenths / 10:.1f}%"

    def verdict(self, verdict: str) -> str:
        """A verdict as a badge; its sign tells it without colour."""
        return f'<span class="badge {verdict}">{self.word(f"verdict.{verdict}")}</span>'

    def legend(self, *entries: tuple[str, str]) -> str:
        """What the parts of bars stand for: classes and words."""
        items = "".join(
            f'<li><svg width="14" height="14" aria-hidden="true" focusable="false"><rect class="{name}" width="14" '
            f'height="14"{charts.hatch(name)}/></svg>{self.word(word)}</li>'
            for name, word in entries
        )
        return f'<ul class="legend">{items}</ul>\n'

    def volumes(self, weeks: Sequence[Week], ident: str, *, height: int) -> str:
        """Messages of weeks as columns."""
        first, last = weeks[0].monday, weeks[-1].monday
        messages, passed = sum(week.messages for week in weeks), sum(week.passed for week in weeks)
        told = charts.Told(
            ident,
            self.plain("volumes"),
            self.plain(
                "volumes.about",
                first=self.plain_day(first),
                last=self.plain_day(last),
                messages=messages,
                passed=passed,
                share=self.share(passed, messages),
                most=max(week.messages for week in weeks),
            ),
        )
        points = [self._point(week, (week.passed, week.messages - week.passed)) for week in weeks]
        return charts.columns(points, told, height=height, classes=("passed", "failed"))

    def shares(self, weeks: Sequence[Week], ident: str, *, height: int) -> str:
        """The share of messages that passed as a line; empty where there were no messages at all."""
        busy = [week for week in weeks if week.messages]
        if not busy:
            return ""
        told = charts.Told(
            ident,
            self.plain("shares"),
            self.plain(
                "shares.about",
                first=self.plain_day(weeks[0].monday),
                last=self.plain_day(weeks[-1].monday),
                begin=self.share(busy[0].passed, busy[0].messages),
                end=self.share(busy[-1].passed, busy[-1].messages),
            ),
        )
        points = [
            self._point(week, (week.passed / week.messages,) if week.messages else (), self.share(*_parts(week)))
            for week in weeks
        ]
        base = charts.base_of(min(week.passed / week.messages for week in busy))
        chart = charts.line(points, told, height=height, base=base)
        return chart if not base else f'{chart}<p class="quiet">{self.word("shares.base", base=f"{base:.0%}")}</p>\n'

    def _point(self, week: Week, values: tuple[float, ...], share: str = "") -> charts.Point:
        if share:
            told = f"{self.plain_day(week.monday)}: {share}"
        else:
            told = self.plain(
                "point",
                day=self.plain_day(week.monday),
                messages=week.messages,
                passed=week.passed,
                failed=week.messages - week.passed,
            )
        return charts.Point(self.plain_day(week.monday, "date.short"), told, values)

    def table_of(self, weeks: Iterable[Week], caption: str) -> str:
        """The numbers of weeks, folded, the newest first."""
        rows = "".join(
            f'<tr><th scope="row">{self.day(week.monday)}</th><td>{week.messages:,}</td><td>{week.passed:,}</td>'
            f"<td>{week.messages - week.passed:,}</td><td>{self.share(*_parts(week))}</td></tr>\n"
            for week in sorted(weeks, key=lambda week: week.monday, reverse=True)
        )
        heads = "".join(
            f'<th scope="col">{self.word(key)}</th>' for key in ("week", "messages", "passed", "failed", "share")
        )
        return (
            f"<details><summary>{self.word('as-table')}</summary>\n"
            f'<table class="numbers"><caption class="unseen">{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table></details>\n"
        )


def said(statement: Statement, lang: str) -> str:
    """A sentence of a plan, or of one of its weighings."""
    return (weighing_says if statement.key.startswith(_OF_WEIGHING) else plan_says)(statement, lang)


def bounded(text: str, most: int = MOST_CHARACTERS) -> str:
    """Foreign text on one line, without what steers its display, and not too long."""
    line = view.one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def foreign(text: str, most: int = MOST_CHARACTERS) -> str:
    """Foreign text as HTML, isolated from the direction of what is around it."""
    return f"<bdi>{html.escape(bounded(text, most))}</bdi>"


def _isolated(text: str) -> str:
    """A text that isn't ASCII between marks; the other can't turn the direction of anything."""
    return text if text.isascii() else f"{_ISOLATED}{text}{_ISOLATED_END}"


def _parts(week: Week) -> tuple[int, int]:
    return week.passed, week.messages
