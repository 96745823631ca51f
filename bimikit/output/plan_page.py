"""A plan as one self-contained HTML page for a steering meeting: no script, no request; screen, phone and paper.

The page is bounded, whatever the plan holds: from `BRIEF_FROM` domains on little is told of each, no more than
`MOST_SECTIONS` are told of at all, and no more than `MOST_ROWS` are listed. Foreign text is cut (`plan_page_parts`).
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from .. import __version__
from ..domains import in_letters
from ..plan.model import STAGES, DomainPlan, Plan
from ..statement import Statement
from . import charts
from .html_shell import shell
from .plan_page_domain import policy_of, section
from .plan_page_parts import Pen, foreign
from .plan_view import changes_by_domain, listed_of

OPEN_UP_TO = 12
"""Up to how many domains all sections are open."""
BRIEF_FROM = 60
"""From how many domains on little is told of each."""
MOST_SECTIONS = 500
"""Domains that have a section of their own."""
MOST_ROWS = 2000
"""Domains in the table and in the chart of stages."""
LATELY = 4
"""Weeks whose messages the table counts."""

_MOST_WEEKS = 52
_WEEK = timedelta(6)
_LONGEST_WORD = 16
"""Characters of a word of an owner's for which its column is made wide enough; a longer one is broken."""
_MOST_NAMES = 3
"""Names in a sentence."""
_MOST_LINKED = 6
"""Names beside a bar; the others are folded."""
_MOST_NOTICES = 12
_SEE_REASONS = ("block.lock-refused", "block.wait", "block.no-go", "block.rests-on")
"""What is in the way by reasons that stand with the steps that aren't planned."""
_MOST_CHANGED = 15
"""Domains in which something changed."""
_MOST_CHANGED_FOLDED = 500


def render(plan: Plan, *, lang: str, differences: Sequence[Statement] = ()) -> str:
    """The plan as a page of its own.

    Args:
        plan: The plan.
        lang: The page's language.
        differences: What changed since the plan before, in words of ``plan_words``.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    pen = _pen(plan, lang)
    name = pen.word("title.of", organization=foreign(plan.organization)) if plan.organization else pen.word("title")
    content = f"""<main>
{_body(pen, plan, differences)}</main>
<footer>bimikit {html.escape(__version__)}</footer>"""
    heading = name.replace("<bdi>", "").replace("</bdi>", "")
    return shell(heading, content, lang=lang, style=style(), of_body="plan-page")


def body(plan: Plan, lang: str, differences: Sequence[Statement] = ()) -> str:
    """The plan as a piece of a page that has `style`; its headings begin with ``h1``.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    return _body(_pen(plan, lang), plan, differences)


@cache
def style() -> str:
    """The style sheet; nothing of it applies outside of ``.plan`` but to a body of the class ``plan-page``."""
    return files(__package__).joinpath("plan.css").read_text(encoding="utf-8")


def _pen(plan: Plan, lang: str) -> Pen:
    return Pen(lang, brief=len(plan.domains) >= BRIEF_FROM)


def _body(pen: Pen, plan: Plan, differences: Sequence[Statement]) -> str:
    listed = _foremost(plan.domains, MOST_ROWS)
    told = _foremost(plan.domains, MOST_SECTIONS)
    places = {one.domain: f"plan-{number}" for number, one in enumerate(plan.domains, 1)}
    links = {one.domain: places[one.domain] for one in told}
    parts = (
        charts.patterns(),
        _head(pen, plan),
        _changes(pen, differences),
        _figures(pen, plan),
        _stages(pen, plan, listed, links),
        _weeks(pen, plan),
        _table(pen, plan, listed, links),
        _each(pen, plan, told, links),
    )
    return f'<div class="plan" lang="{html.escape(pen.lang)}">\n{"".join(parts)}</div>\n'


def _foremost(domains: Sequence[DomainPlan], most: int) -> tuple[DomainPlan, ...]:
    """As many domains as there is room for, those with something to do before the others, in the plan's order."""
    if len(domains) <= most:
        return tuple(domains)
    places = sorted(range(len(domains)), key=lambda place: domains[place].done)[:most]
    return tuple(domains[place] for place in sorted(places))


def _head(pen: Pen, plan: Plan) -> str:
    title = pen.word("title")
    owner = f'<p class="organization">{foreign(plan.organization)}</p>\n' if plan.organization else ""
    notices = pen.statements(plan.notices, most=_MOST_NOTICES, tag="ul")
    aside = f'<div class="notices"><h2>{pen.word("notices")}</h2>\n{notices}</div>\n' if notices else ""
    return f"""<header class="head">
<p class="kind"><span>{pen.word("kind")}</span> <span>{pen.word("as-of", day=pen.day(plan.as_of))}</span></p>
{owner}<h1>{title}</h1>
<p class="standing">{_standing(pen, plan)}</p>
</header>
{aside}"""


def _standing(pen: Pen, plan: Plan) -> str:
    """Where the programme is, and what comes next."""
    if not plan.domains:
        return pen.word("standing.none")
    listed = listed_of(plan)
    total, done = len(listed), sum(one.done for one in listed)
    if not total:
        return _next(pen, plan)
    key = "standing.all" if done == total > 1 else "standing.one" if total == 1 else "standing"
    begun = pen.word(key, done=done, total=total)
    following = _next(pen, plan)
    return f"<strong>{begun}</strong> {following}".strip()


def _next(pen: Pen, plan: Plan) -> str:
    ready = [foreign(one.domain) for one in plan.domains if _publishes(one)]
    if ready:
        names = pen.word("names.separator").join(ready[:_MOST_NAMES])
        if len(ready) > _MOST_NAMES:
            names = pen.word("names.more", names=names, count=len(ready) - _MOST_NAMES)
        return pen.word("next.records", names=names)
    blocked = next((one for one in plan.domains if not one.done and one.blocks), None)
    if blocked is None:
        return ""
    return pen.word("next.block", name=foreign(blocked.domain), block=pen.statement(_foremost_block(blocked)))


def _foremost_block(plan: DomainPlan) -> Statement:
    """What is in the way first; the reason itself where that only says that there are reasons."""
    block = plan.blocks[0]
    reasons = [why for refusal in plan.refusals for why in refusal.why]
    return reasons[0] if block.key in _SEE_REASONS and reasons else block


def _publishes(plan: DomainPlan) -> bool:
    return any(record.when == "now" for record in plan.records)


def _changes(pen: Pen, differences: Sequence[Statement]) -> str:
    if not differences:
        return ""
    changed = changes_by_domain(differences)
    shown, rest = changed[:_MOST_CHANGED], changed[_MOST_CHANGED:]
    more = ""
    if rest:
        folded = _changed(pen, rest[:_MOST_CHANGED_FOLDED])
        more = f"<details><summary>{pen.word('changes.more', count=len(rest))}</summary>\n{folded}</details>\n"
    return f'<section class="card changes">\n<h2>{pen.word("changes")}</h2>\n{_changed(pen, shown)}{more}</section>\n'


def _changed(pen: Pen, changed: Iterable[tuple[str, Sequence[Statement]]]) -> str:
    items = "".join(
        f"<li><strong>{foreign(in_letters(domain))}</strong>\n{pen.statements(ones, most=len(ones), tag='ul')}</li>\n"
        for domain, ones in changed
    )
    return f"<ul>\n{items}</ul>\n"


def _figures(pen: Pen, plan: Plan) -> str:
    if not plan.domains:
        return ""
    total = len(listed_of(plan))
    of = f"<small>{pen.word('of', total=total)}</small>"
    figures = [
        ("figure.done", f"{sum(one.done for one in plan.domains):,} {of}"),
        ("figure.records", f"{sum(map(_publishes, plan.domains)):,} {of}"),
    ]
    weeks = plan.weeks[-LATELY:]
    if weeks:
        messages, passed = sum(week.messages for week in weeks), sum(week.passed for week in weeks)
        figures += [("figure.messages", f"{messages:,}"), ("figure.share", pen.share(passed, messages))]
    listed = "".join(
        f"<div><dt>{pen.word(key, weeks=len(weeks))}</dt><dd>{value}</dd></div>\n" for key, value in figures
    )
    return f'<section aria-label="{pen.word("figures")}">\n<dl class="figures">\n{listed}</dl>\n</section>\n'


def _stages(pen: Pen, plan: Plan, listed: Sequence[DomainPlan], links: dict[str, str]) -> str:
    if not plan.domains:
        return ""
    stages = {stage: [one for one in plan.domains if one.stage == stage] for stage in STAGES}
    shown = {stage: [one for one in listed if one.stage == stage] for stage in STAGES}
    most = max(map(len, stages.values()))
    rows = ""
    for stage, domains in stages.items():
        done = sum(one.done for one in domains)
        title = pen.plain("stages.bar", stage=pen.plain_stage(stage), count=len(domains), done=done)
        bar = charts.bar((("done", done), ("under-way", len(domains) - done)), most, title)
        rows += (
            f'<tr><th scope="row">{pen.stage(stage)}<small>{pen.word(f"meaning.{stage}")}</small></th>'
            f"<td>{bar}</td><td>{_names(pen, shown[stage], links)}</td></tr>\n"
        )
    legend = pen.legend(("done", "legend.done"), ("under-way", "legend.under-way"))
    heads = "".join(f'<th scope="col">{pen.word(key)}</th>' for key in ("stage", "domains", "domain"))
    return f"""<section class="card stages" aria-labelledby="plan-stages">
<h2 id="plan-stages">{pen.word("stages")}</h2>
<p class="quiet">{pen.word("stages.about")}</p>
{legend}<table aria-labelledby="plan-stages">
<thead class="unseen"><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table>
</section>
"""


def _names(pen: Pen, domains: Sequence[DomainPlan], links: dict[str, str]) -> str:
    """Links to domains; many are folded."""
    separator = '<span aria-hidden="true"> · </span>'
    names = [_link(one, links) for one in domains]
    if len(names) <= _MOST_LINKED + 1:  # one more takes no more room than to say so
        return separator.join(names)
    more = pen.word("more", count=len(names) - _MOST_LINKED)
    return (
        f"{separator.join(names[:_MOST_LINKED])}\n<details><summary>{more}</summary>\n"
        f"{separator.join(names[_MOST_LINKED:])}</details>"
    )


def _link(plan: DomainPlan, links: dict[str, str]) -> str:
    place = links.get(plan.domain)
    name = foreign(in_letters(plan.domain))
    return f'<a href="#{place}">{name}</a>' if place else name


def _weeks(pen: Pen, plan: Plan) -> str:
    heading = f'<h2 id="plan-weeks">{pen.word("weeks")}</h2>\n'
    weeks = plan.weeks[-_MOST_WEEKS:]
    if not plan.domains:
        return ""
    if not any(week.messages for week in weeks):
        told = f'<p class="quiet">{pen.word("weeks.none")}</p>\n'
        return f'<section class="card" aria-labelledby="plan-weeks">\n{heading}{told}</section>\n'
    cut = f'<p class="quiet">{pen.word("weeks.cut", count=_MOST_WEEKS)}</p>\n' if len(plan.weeks) > _MOST_WEEKS else ""
    legend = pen.legend(("passed", "legend.passed"), ("failed", "legend.failed"))
    return f"""<section class="card weeks" aria-labelledby="plan-weeks">
{heading}{cut}<figure><figcaption><h3>{pen.word("volumes")}</h3>{legend}</figcaption>
{pen.volumes(weeks, "plan-volumes", height=170)}</figure>
<figure><figcaption><h3>{pen.word("shares")}</h3></figcaption>
{pen.shares(weeks, "plan-shares", height=90)}</figure>
{_partial(pen, plan)}{pen.table_of(weeks, pen.word("weeks"))}</section>
"""


def _partial(pen: Pen, plan: Plan) -> str:
    """That the newest week isn't over; empty where it is."""
    if plan.as_of >= plan.weeks[-1].monday + _WEEK:
        return ""
    return f'<p class="quiet">{pen.word("weeks.partial", day=pen.day(plan.as_of))}</p>\n'


def _table(pen: Pen, plan: Plan, listed: Sequence[DomainPlan], links: dict[str, str]) -> str:
    if not plan.domains:
        return ""
    lately = plan.weeks[-LATELY:]
    keys = ["domain", "stage", "goal", "owner", "policy", *(("messages", "share") if lately else ()), "first-block"]
    mondays = {week.monday for week in lately}
    rows = "".join(_row(pen, one, links, keys, mondays) for one in listed)
    heads = "".join(f'<th scope="col"{_kind(key)}>{pen.word(key)}</th>' for key in keys)
    about = ""
    if lately:
        last = min(lately[-1].monday + _WEEK, plan.as_of)
        told = pen.word("domains.about", weeks=len(lately), first=pen.day(lately[0].monday), last=pen.day(last))
        about = f'<p class="quiet">{told}</p>\n'
    left = len(plan.domains) - len(listed)
    cut = f'<p class="quiet">{pen.word("domains.cut", count=left)}</p>\n' if left else ""
    return f"""<section class="card" aria-labelledby="plan-domains">
<h2 id="plan-domains">{pen.word("domains")}</h2>
{about}<table class="stacked domains" aria-labelledby="plan-domains">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table>
{cut}</section>
"""


def _row(pen: Pen, plan: DomainPlan, links: dict[str, str], keys: Iterable[str], mondays: set[date]) -> str:
    weeks = [week for week in plan.weeks if week.monday in mondays]
    messages, passed = sum(week.messages for week in weeks), sum(week.passed for week in weeks)
    nothing = pen.word("nothing")
    badge = f'<span class="badge {"done" if plan.done else "stage"}">{pen.stage(plan.stage)}</span>'
    block = pen.statement(_foremost_block(plan)) if plan.blocks else pen.word(_unblocked(plan))
    cells = {
        "stage": badge,
        "goal": nothing if plan.stage == "unlisted" else pen.word(f"goal.{plan.goal}"),
        "owner": foreign(plan.owner, 80) if plan.owner else nothing,
        "policy": policy_of(pen, plan) or nothing,
        "messages": f"{messages:,}" if plan.weighing is not None else nothing,  # else another domain's reports count it
        "share": pen.share(passed, messages),
        "first-block": block,
    }
    kinds = {key: _kind(key) for key in keys}
    if all(len(word) <= _LONGEST_WORD for word in plan.owner.split()):
        kinds["owner"] = ' class="words"'
    told = "".join(
        f'<td{kinds[key]} data-label="{pen.word(key)}"><div>{cells[key]}</div></td>' for key in keys if key != "domain"
    )
    return f'<tr><th scope="row">{_link(plan, links)}</th>{told}</tr>\n'


def _unblocked(plan: DomainPlan) -> str:
    """The word for what stands before the next stage, where nothing does."""
    return "done" if plan.done else "ready" if _publishes(plan) else "nothing"


def _kind(key: str) -> str:
    """The class of a column that isn't an ordinary one."""
    kind = {"messages": "number", "share": "number", "first-block": "wide", "goal": "tight", "policy": "tight"}.get(key)
    return f' class="{kind}"' if kind else ""


def _each(pen: Pen, plan: Plan, told: Sequence[DomainPlan], links: dict[str, str]) -> str:
    if not told:
        return ""
    opened = len(plan.domains) <= OPEN_UP_TO
    sections = "".join(section(pen, one, links[one.domain], opened=opened) for one in told)
    folded = "" if opened else f'<p class="quiet screen">{pen.word("each.folded")}</p>\n'
    left = len(plan.domains) > len(told)
    cut = f'<p class="quiet">{pen.word("each.cut", count=len(told))}</p>\n' if left else ""
    return f"""<section class="each" aria-labelledby="plan-each">
<h2 id="plan-each">{pen.word("each")}</h2>
{folded}{cut}{sections}</section>
"""
