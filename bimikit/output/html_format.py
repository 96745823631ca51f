"""One self-contained HTML page: no script, no request, styled for screen, phone, dark mode and paper."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files

from .. import __version__
from ..engine import to_the_minute
from ..findings import Finding, Report
from ..locale import term
from . import certificate_card, verification, view
from .excerpt import Excerpt
from .html_shell import shell

_VERDICT_KINDS = {
    "conformant": "ok",
    "conformant-not-ready": "warning",
    "not-conformant": "error",
    "well-drawn": "ok",
    "as-planned": "ok",
    "as-planned-else": "warning",
    "lasting": "ok",
    "badly-drawn": "error",
    "not-as-planned": "error",
    "ending": "error",
    "undecided": "undecided",
}


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """The reports as an HTML page."""
    title = term("label.report", lang)
    heading = f"{view.subject_name(reports[0], lang)} – {title}" if len(reports) == 1 else title
    sections = [_report(number, report, view.Lines(report, texts), lang) for number, report in enumerate(reports, 1)]
    return page(title, f"{_contents(reports, lang)}<main>\n{''.join(sections)}</main>", lang=lang, heading=heading)


def page(title: str, body: str, *, lang: str, heading: str = "", style: str = "") -> str:
    """A page of ours around a body.

    Args:
        title: What stands at its top.
        body: HTML.
        lang: Its language.
        heading: What the browser calls it; the title by default.
        style: What its style sheet has besides ours.
    """
    content = f"""<header class="page-header"><span class="brand">bimikit</span><h1>{_text(title)}</h1></header>
{body}
<footer class="quiet">bimikit {_text(__version__)}</footer>"""
    return shell(_text(heading or title), content, lang=lang, style=_style() + style)


@cache
def _style() -> str:
    return files(__package__).joinpath("report.css").read_text(encoding="utf-8")


def _text(text: str) -> str:
    return html.escape(view.one_line(text))


def _label(key: str, lang: str) -> str:
    return _text(view.capital(term(key, lang)))


def _contents(reports: Sequence[Report], lang: str) -> str:
    """Links to the subjects, where there are several."""
    if len(reports) < 2:
        return ""
    items = []
    for number, report in enumerate(reports, 1):
        verdict = view.verdict(report)
        items.append(
            f'<li><a href="#report-{number}"><bdi>{_text(view.subject_name(report, lang))}</bdi></a> '
            f'<span class="tag {_VERDICT_KINDS[verdict]}">{_label(f"label.{verdict}", lang)}</span></li>\n'
        )
    return f'<nav aria-label="{_label("label.report", lang)}"><ol>\n{"".join(items)}</ol></nav>\n'


def _report(number: int, report: Report, lines: view.Lines, lang: str) -> str:
    verdict = view.verdict(report)
    groups = view.groups(report)
    counts = "".join(
        f'<li class="{kind}">{_label(view.GROUPS[kind], lang)} <strong>{len(findings)}</strong></li>'
        for kind, findings in groups
    )
    providers = "".join(
        f"<div><dt>{_text(provider)}</dt><dd>{_text(state)}</dd></div>\n"
        for provider, state in ([] if view.about_domain(report) else view.provider_verdicts(report, lang))
    )
    nothing = "" if view.leaves_out(report) else f"<p>{_text(term('label.no-findings', lang))}</p>"
    # what is ignored of a publication is told with what blocks it
    sentences = [] if view.about_domain(report) else view.ignored(report, lang)
    ignored = "\n".join(f"<p>{_text(sentence)}</p>" for sentence in sentences)
    parts = [part(report, lang) for part in (_readiness, _compared, _card)]
    parts += [_group(report, group, lines, lang) for group in groups]
    judged = report.judged_at.astimezone(UTC)
    moment = f'<time datetime="{judged:%Y-%m-%dT%H:%M:%SZ}">{to_the_minute(judged)}</time>'
    return f"""<section class="report" id="report-{number}" aria-labelledby="subject-{number}">
<header class="verdict {_VERDICT_KINDS[verdict]}">
<p class="badge">{_label(f"label.{verdict}", lang)}</p>
<h2 id="subject-{number}"><bdi>{_text(view.subject_name(report, lang))}</bdi></h2>
<p>{_text(" ".join([view.means(report, lang), view.selection(report, lang)]).strip())}</p>
{f'<ul class="counts">{counts}</ul>' if counts else nothing}
{ignored}
{f"<dl>{providers}</dl>" if providers else ""}
<p class="quiet">{_label("label.judged-at", lang)}: {moment}</p>
</header>
{"".join(parts)}</section>
"""


def _readiness(report: Report, lang: str) -> str:
    """What a brand manager reads first."""
    if not view.about_domain(report):
        return ""
    from .readiness import summary as summarized  # the data on providers is dear to load

    summary = summarized(report, lang)
    groups = "".join(
        f'<div class="{group.state}"><dt>{_text(group.label)}</dt>'
        + "".join(
            f"<dd>{f'<strong>{_text(why)}</strong><br>' if why else ''}{_text(names)}</dd>"
            for names, why in group.lines
        )
        + "</div>\n"
        for group in summary.groups
    )
    lists = "".join(
        f"<h3>{_text(heading)}</h3>\n<ol>{''.join(f'<li>{_text(item)}</li>' for item in items)}</ol>\n"
        for heading, items in summary.lists
        if items
    )
    read = "".join(
        f"<div><dt>{_text(label)}</dt><dd><bdi>{_text(value)}</bdi></dd></div>\n" for label, value in summary.read
    )
    return f"""<section class="card readiness">
<h3>{_text(summary.title)}</h3>
<dl class="states">
{groups}</dl>
{lists}</section>
<section class="card">
<h3>{_text(summary.read_label)}</h3>
<dl>
{read}</dl>
</section>
"""


def _compared(report: Report, lang: str) -> str:
    rows = "".join(
        f"<div><dt>{_text(label)}</dt><dd><bdi>{_text(value)}</bdi></dd></div>\n"
        for label, value in verification.rows(report, lang)
    )
    heading = f"<h3>{_text(verification.title(lang))}</h3>"
    return f'<section class="card">\n{heading}\n<dl>\n{rows}</dl>\n</section>\n' if rows else ""


def _card(report: Report, lang: str) -> str:
    if not certificate_card.facts_of(report):
        return ""
    rows = "".join(
        f"<div><dt>{_text(label)}</dt><dd><bdi>{_text(value)}</bdi></dd></div>\n"
        for label, value in certificate_card.rows(report, lang)
    )
    chain = "".join(f"<li>{_text(link)}</li>\n" for link in certificate_card.chain(report, lang))
    return f"""<section class="card">
<h3>{_text(certificate_card.heading(report, lang))}</h3>
<dl>
{rows}</dl>
<h4>{_label("card.chain", lang)}</h4>
<ol class="chain">
{chain}</ol>
<p class="quiet">{_text(certificate_card.store(report, lang))}</p>
</section>
"""


def _group(report: Report, group: view.Group, lines: view.Lines, lang: str) -> str:
    articles = "".join(_finding(report, finding, lines, lang) for finding in group.findings)
    heading = f'{_label(view.GROUPS[group.kind], lang)} <span class="number">{len(group.findings)}</span>'
    return f'<section class="group {group.kind}">\n<h3>{heading}</h3>\n{articles}</section>\n'


def _finding(report: Report, finding: Finding, lines: view.Lines, lang: str) -> str:
    words = finding.wording(lang)
    window = view.excerpt_at(lines, finding.locations[0]) if finding.locations else None
    picture = view.about_the_picture(finding.rule, finding.applicability, lang)
    labelled = (
        ("label.place", _places(report, finding, lang)),
        ("label.why", _text(words.why)),
        ("label.fix", f"{_text(words.fix)} {_tag(picture)}".strip()),
        ("label.source", _source(finding, lang)),
    )
    rows = "".join(
        f'<div class="{key.removeprefix("label.")}"><dt>{_label(key, lang)}</dt><dd>{value}</dd></div>\n'
        for key, value in labelled
        if value
    )
    return f"""<article class="finding">
<h4>{_text(words.title)}</h4>
<p class="rule"><code>{_text(finding.rule)}</code></p>
<p class="message">{_text(words.message)}</p>
{_excerpt(window, finding.locations[0].line) if window else ""}<dl>
{rows}</dl>
</article>
"""


def _excerpt(window: Excerpt, line: int | None) -> str:
    # The line breaks only where it must, so the parts stay without white space between them.
    code = f"{html.escape(window.before)}<mark>{html.escape(window.marked)}</mark>{html.escape(window.after)}"
    return f'<pre class="excerpt" translate="no"><span class="line">{line}</span><code>{code}</code></pre>\n'


def _places(report: Report, finding: Finding, lang: str) -> str:
    places = []
    for place in finding.locations:
        file, path = view.file_beside(report, place), view.path(place)
        shown = (
            f"<code>{_text(file)}</code>" if file else "",
            _text(view.capital(view.position(place, lang))),
            f"<code>{_text(path)}</code>" if path else "",
        )
        places.append(" ".join(part for part in shown if part))
    places.append(_text(view.more_places(finding, len(places), lang)))
    return "<br>".join(place for place in places if place)


def _tag(words: str) -> str:
    return f'<span class="tag">{_text(words)}</span>' if words else ""


def _source(finding: Finding, lang: str) -> str:
    cited = _text(view.source(finding.citation, lang))
    link = view.link(finding.citation.url)
    shown = f'<a href="{_text(link)}" rel="noopener noreferrer">{cited}</a>' if link else cited
    authority = term(f"label.{finding.citation.authority}", lang)
    return f"{shown} {_tag(authority)}"
