"""One domain's part of a plan's page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from ..aggregate.sources import title
from ..domains import in_letters
from ..plan.model import STAGES, DomainPlan, PlannedRecord, Stage
from ..plan.stages import NEXT
from ..raising.case import DAYS
from ..raising.model import Option, Outlook, Weighing
from .plan_page_parts import Pen, bounded, foreign

HITS = ("ours", "undecided", "passed_on", "not_ours")
"""Attributes of `Option` that count messages."""


class _Most(NamedTuple):
    """Up to how much of each kind is told of a domain."""

    blocks: int
    sources: int
    fixes: int
    grounds: int
    records: int
    instead: int
    refusals: int
    notices: int
    weeks: int


NUMBER = ' class="number"'
"""The class of a column of numbers."""

_FULL = _Most(blocks=12, sources=15, fixes=3, grounds=5, records=20, instead=5, refusals=8, notices=10, weeks=26)
_BRIEF = _Most(blocks=4, sources=5, fixes=1, grounds=2, records=6, instead=2, refusals=3, notices=3, weeks=13)

_MOST_VALUE = 4096
"""Characters of a record's value."""
_MOST_INSTEAD = 600
"""Characters of the value of a record that is replaced."""


def section(pen: Pen, plan: DomainPlan, ident: str, *, opened: bool) -> str:
    """All about a domain, folded where it isn't opened."""
    most = _BRIEF if pen.brief else _FULL
    parts = (_state, _blocks, _records, _raising, _sources, _weeks, _refusals, _notices)
    told = "".join(part(pen, plan, ident, most) for part in parts)
    badge = f'<span class="badge {"done" if plan.done else "stage"}">{pen.stage(plan.stage)}</span>'
    return f"""<details class="domain" id="{ident}"{" open" if opened else ""}>
<summary><h3>{foreign(in_letters(plan.domain))}</h3> {badge}</summary>
{told}</details>
"""


def road(plan: DomainPlan) -> tuple[Stage, ...]:
    """The stages of a domain's way: those to its goal, and where it is, should that be aside."""
    stage: Stage = "listed"
    stages = {stage, plan.stage}
    while (following := NEXT[plan.goal][stage]) != stage:
        stages.add(stage := following)
    return tuple(stage for stage in STAGES if stage in stages)


def _state(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    stages = road(plan)
    here = stages.index(plan.stage)
    steps = ""
    for place, stage in enumerate(stages):
        state = "done" if place < here or (place == here and plan.done) else "now" if place == here else "ahead"
        current = ' aria-current="step"' if place == here else ""
        told = pen.word("step.now") if place == here else f'<span class="unseen">{pen.word(f"step.{state}")}</span>'
        steps += f'<li class="{state}"{current}>{pen.stage(stage)} <small>{told}</small></li>\n'
    goal = pen.word(f"goal.{plan.goal}") + (f" ({pen.word('done')})" if plan.done else "")
    facts = [
        (pen.word("goal"), "" if plan.stage == "unlisted" else goal),
        (pen.word("owner"), foreign(plan.owner) if plan.owner else ""),
        (pen.word("policy"), policy_of(pen, plan)),
        (pen.word("note"), foreign(plan.note, 500) if plan.note else ""),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>\n" for name, value in facts if value)
    unknown = "" if plan.known else f'<p class="caution">{pen.word("not-known")}</p>\n'
    label = pen.word("track", domain=html.escape(bounded(plan.domain)))
    return f'<ol class="track" aria-label="{label}">\n{steps}</ol>\n{unknown}<dl class="facts">\n{listed}</dl>\n'


def policy_of(pen: Pen, plan: DomainPlan) -> str:
    """A domain's policy, and that of its subdomains where it is weaker; empty where none is known."""
    policy = f"<code>{foreign(plan.policy, 40)}</code>" if plan.policy else ""
    below = foreign(plan.subdomain_policy, 40)
    return f"{policy} <small>{pen.word('policy.below', policy=below)}</small>" if plan.subdomain_policy else policy


def _blocks(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    if plan.next is None:
        return ""
    blocks = pen.statements(plan.blocks, most=most.blocks, tag="ol") or f"<p>{pen.word('blocks.none')}</p>\n"
    return f"<h4>{pen.word('blocks', stage=pen.stage(plan.next))}</h4>\n{blocks}"


def _records(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    told = ""
    for when in ("now", "next"):
        records = [record for record in plan.records if record.when == when]
        if records:
            shown = "".join(_record(pen, record, most) for record in records[: most.records])
            left = len(records) - most.records
            more = f'<p class="quiet">{pen.word("more", count=left)}</p>\n' if left > 0 else ""
            told += f'<h4>{pen.word(f"records.{when}")}</h4>\n<div class="records {when}">\n{shown}{more}</div>\n'
    return told


def _record(pen: Pen, record: PlannedRecord, most: _Most) -> str:
    zone = f' <span class="quiet">{pen.word("records.zone", zone=foreign(record.zone))}</span>' if record.zone else ""
    rows = [
        ("name", f"<pre>{_code(record.name)}</pre>{zone}"),
        ("type", f"<pre>{_code(record.type)}</pre>"),
        ("value", f"<pre>{_code(record.value, _MOST_VALUE)}</pre>"),
    ]
    instead = "".join(f"<pre>{_code(value, _MOST_INSTEAD)}</pre>" for value in record.instead[: most.instead])
    if len(record.instead) > most.instead:
        instead += f'<p class="quiet">{pen.word("more", count=len(record.instead) - most.instead)}</p>'
    if instead:
        rows.append(("instead", instead))
    listed = "".join(
        f'<div class="{key}"><dt>{pen.word(f"record.{key}")}</dt><dd>{value}</dd></div>\n' for key, value in rows
    )
    return f'<div class="record">\n<p>{pen.statement(record.why)}</p>\n<dl>\n{listed}</dl>\n</div>\n'


def _code(text: str, most: int = 255) -> str:
    return f'<code translate="no"><bdi>{html.escape(bounded(text, most))}</bdi></code>'


def _raising(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    weighing = plan.weighing
    heading = f"<h4>{pen.word('raising')}</h4>\n"
    if weighing is None or weighing.first is None or weighing.last is None:
        return "" if pen.brief or plan.done else f'{heading}<p class="quiet">{pen.word("raising.none")}</p>\n'
    about = pen.word(
        "raising.about",
        first=pen.day(weighing.first),
        last=pen.day(weighing.last),
        messages=weighing.messages,
        share=pen.share(weighing.passed, weighing.messages),
        days=weighing.days,
        reporters=weighing.reporters,
    )
    if weighing.days > DAYS.reject:
        about += " " + pen.word("raising.newest", days=int(DAYS.reject))
    keys = ("policy", "verdict", *(f"hit.{name}" for name in HITS), "why")
    heads = "".join(f'<th scope="col"{NUMBER if key.startswith("hit.") else ""}>{pen.word(key)}</th>' for key in keys)
    rows = "".join(_option(pen, option, most) for option in weighing.options)
    return f"""{heading}<p class="quiet">{about}</p>
<table class="stacked raising">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table>
"""


def _option(pen: Pen, option: Option, most: _Most) -> str:
    hits = "".join(_cell(pen, f"hit.{name}", f"{getattr(option, name):,}", "number") for name in HITS)
    grounds = pen.statements(option.grounds, most=most.grounds, tag="ul")
    return (
        f'<tr><th scope="row">{pen.word(f"policy.{option.policy}")}</th>'
        f"{_cell(pen, 'verdict', pen.verdict(option.verdict))}{hits}{_cell(pen, 'why', grounds, 'wide')}</tr>\n"
    )


def _sources(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    if plan.weighing is None or not plan.weighing.outlooks:
        return ""
    shown, left = _chosen(plan.weighing, most.sources)
    rows = "".join(_source(pen, outlook, most) for outlook in shown)
    more = ""
    if left:
        messages = sum(outlook.source.count for outlook in left)
        more = f'<p class="quiet">{pen.word("sources.more", count=len(left), messages=messages)}</p>\n'
    heads = "".join(
        f'<th scope="col"{NUMBER if key in ("messages", "share") else ""}>{pen.word(key)}</th>'
        for key in ("source", "taken-for", "messages", "share", "fix")
    )
    return f"""<h4>{pen.word("sources")}</h4>
<table class="stacked sources">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table>
{more}"""


def _chosen(weighing: Weighing, most: int) -> tuple[Sequence[Outlook], Sequence[Outlook]]:
    """The sources to tell of, in their order, those that hold the policy back before others; and the rest."""
    before = sorted(weighing.outlooks, key=lambda outlook: not outlook.hinders)
    chosen = {outlook.id for outlook in before[:most]}
    return (
        [outlook for outlook in weighing.outlooks if outlook.id in chosen],
        [outlook for outlook in weighing.outlooks if outlook.id not in chosen],
    )


def _source(pen: Pen, outlook: Outlook, most: _Most) -> str:
    source = outlook.source
    decided = "decided" if outlook.decision and outlook.decision.choice != "undecided" else "guessed"
    taken = pen.word(f"choice.{outlook.counts_as}")
    if not (decided == "guessed" and outlook.counts_as == "undecided"):
        taken += f' <span class="quiet">({pen.word(decided)})</span>'
    if outlook.hinders:
        taken += f' <span class="tag">{pen.word("hinders")}</span>'
    fixes = pen.statements(outlook.fixes, most=most.fixes, tag="ul") or pen.word("nothing")
    passing = pen.share(source.aligned, source.count)
    return (
        f'<tr><th scope="row">{foreign(title(source, pen.lang))}</th>'
        f"{_cell(pen, 'taken-for', taken)}{_cell(pen, 'messages', f'{source.count:,}', 'number')}"
        f"{_cell(pen, 'share', passing, 'number')}{_cell(pen, 'fix', fixes, 'wide')}</tr>\n"
    )


def _cell(pen: Pen, key: str, value: str, kind: str = "") -> str:
    """A cell that bears its column's name, for where columns become rows."""
    marked = f' class="{kind}"' if kind else ""
    return f'<td{marked} data-label="{pen.word(key)}"><div>{value}</div></td>'


def _weeks(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    weeks = plan.weeks[-most.weeks :]
    if not any(week.messages for week in weeks):
        return ""
    chart = pen.volumes(weeks, f"{ident}-weeks", height=64)
    legend = pen.legend(("passed", "legend.passed"), ("failed", "legend.failed"))
    heading = pen.word("volumes")
    return (
        f'<figure class="small"><figcaption><h4>{heading}</h4>{legend}</figcaption>\n{chart}'
        f"{pen.table_of(weeks, heading)}</figure>\n"
    )


def _refusals(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    if not plan.refusals:
        return ""
    items = "".join(
        f"<li>{pen.statement(one.step)}\n{pen.statements(one.why, most=most.grounds, tag='ul')}</li>\n"
        for one in plan.refusals[: most.refusals]
    )
    if len(plan.refusals) > most.refusals:
        items += f'<li class="quiet">{pen.word("more", count=len(plan.refusals) - most.refusals)}</li>\n'
    return f'<h4>{pen.word("refusals")}</h4>\n<ul class="refusals">\n{items}</ul>\n'


def _notices(pen: Pen, plan: DomainPlan, ident: str, most: _Most) -> str:
    told = pen.statements(plan.notices, most=most.notices, tag="ul")
    return f"<h4>{pen.word('notices')}</h4>\n{told}" if told else ""
