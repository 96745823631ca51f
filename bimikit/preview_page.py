"""The contact sheet as a page: no script, no request, its pictures within it."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from . import __version__
from .findings import Finding, Report
from .locale import term, words_of
from .output import view
from .output.html_shell import shell
from .preview import ROWS, SHAPE_ORDER, SIZES
from .svg.appearance_rules import RULES
from .svg.difference import png
from .svg.inbox import THEMES

if TYPE_CHECKING:
    from PIL.Image import Image

    from .preview import Drawn

_OTHERS = ("other.1.", "other.2.")
"""Invented senders in the lists of mails: how the keys of their words begin."""


def words(lang: str) -> Mapping[str, str]:
    """The preview's words in a language.

    Raises:
        ValueError: There are none.
    """
    return words_of("preview_words", lang)


def page(drawn: Drawn, texts: Mapping[str, str], *, lang: str, name: str, report: Report) -> str:
    """The page.

    Args:
        drawn: The logo at each of its sizes, and at twice as many pixels for each.
        texts: Words of its language.
        lang: That language.
        name: What it calls the file.
        report: What stands out in the drawing.
    """
    return _Page(drawn, texts, lang, name).written(report)


class _Page:
    def __init__(self, drawn: Drawn, texts: Mapping[str, str], lang: str, name: str) -> None:
        self._texts = texts
        self._lang = lang
        self._name = _text(name)
        self._sender = _text(drawn.title or texts["preview.sender"])
        self._urls = {size: _url(image) for size, image in drawn.images.items()}

    def written(self, report: Report) -> str:
        heroes = "".join(
            f'<span class="ground {theme}">{self._image(SIZES[-2], "circle", theme)}</span>' for theme in THEMES
        )
        content = f"""<header class="page-header"><span class="brand">bimikit</span>
<p>{self._word("title")}</p></header>
<main>
<div class="card intro">
<div class="heroes">{heroes}</div>
<div><h1><bdi>{self._name}</bdi></h1>
<p>{self._word("lead")}</p>
{self._counts(report)}</div>
</div>
{self._findings(report)}<section>
<h2>{self._word("inbox")}</h2>
<p class="about">{self._word("inbox-about")}</p>
<div class="themes">
{"".join(self._inbox(theme) for theme in THEMES)}</div>
</section>
<section>
<h2>{self._word("sizes")}</h2>
<p class="about">{self._word("sizes-about")}</p>
<div class="themes">
{"".join(self._sizes(theme) for theme in THEMES)}</div>
</section>
</main>
<footer>bimikit {_text(__version__)}</footer>"""
        title = f"{self._name} – {self._word('title')}"
        return shell(title, content, lang=self._lang, style=_style(), images=True)

    def _word(self, key: str) -> str:
        """A word of the catalogue, which may hold markup of its own."""
        return self._texts[f"preview.{key}"]

    def _counts(self, report: Report) -> str:
        """How much was found of each kind; or that nothing stands out."""
        counts = "".join(
            f'<li class="{kind}">{self._label(view.GROUPS[kind])} <strong>{len(findings)}</strong></li>'
            for kind, findings in view.groups(report)
        )
        return f'<ul class="counts">{counts}</ul>' if counts else f'<p class="fine">{self._word("nothing")}</p>'

    def _findings(self, report: Report) -> str:
        """What stands out: errors first, then by how much it matters to a picture."""
        if not report.findings:
            return ""
        place = {rule.id: number for number, rule in enumerate(RULES)}
        articles = "".join(
            self._finding(kind, finding)
            for kind, findings in view.groups(report)
            for finding in sorted(findings, key=lambda finding: place.get(finding.rule, len(place)))
        )
        unjudged = "" if report.complete else f'<p class="about">{self._word("unjudged")}</p>\n'
        return f"""<section>
<h2>{self._word("findings")}</h2>
{unjudged}<div class="findings">
{articles}</div>
</section>
"""

    def _finding(self, kind: str, finding: Finding) -> str:
        words = finding.wording(self._lang)
        return f"""<article class="finding {kind}">
<p class="kind">{self._label(f"kind-of-finding.{kind}")}</p>
<h3>{_text(words.title)}</h3>
<p>{_text(words.message)}</p>
<p class="fix"><strong>{self._label("label.fix")}</strong>{_text(words.fix)}</p>
<p class="source"><code>{_text(finding.rule)}</code> {self._source(finding)}</p>
</article>
"""

    def _source(self, finding: Finding) -> str:
        citation = finding.citation
        authority = _text(term(f"label.{citation.authority}", self._lang))
        url = view.link(citation.url)
        if not url:  # our own advice stands in the finding itself
            return f"<span>{authority}</span>"
        link = f'<a href="{_text(url)}" rel="noopener noreferrer">{_text(str(citation))}</a>'
        return f"<span>{view.with_note(link, authority, self._lang)}</span>"

    def _label(self, key: str) -> str:
        """A label of the reports, as it begins a line."""
        return _text(view.capital(term(key, self._lang)))

    def _image(self, size: int, shape: str, theme: str, alt: str | None = None) -> str:
        if alt is None:
            shape_name, theme_name = self._word(shape), self._word(theme)
            alt = self._word("alt").format(name=self._sender, shape=shape_name, size=size, theme=theme_name)
        return (
            f'<img class="{shape}" width="{size}" height="{size}" alt="{alt}" src="{self._urls[size]}" '
            f'srcset="{self._urls[2 * size]} 2x">'
        )

    def _sizes(self, theme: str) -> str:
        heads = "".join(f'<th scope="col">{size}</th>' for size in SIZES)
        rows = "".join(
            f'<tr><th scope="row">{self._word(shape)}</th>'
            f"{''.join(f'<td>{self._image(size, shape, theme)}</td>' for size in SIZES)}</tr>\n"
            for shape in SHAPE_ORDER
        )
        return (
            f'<div class="theme sizes {theme}" tabindex="0"><h3>{self._word(theme)}</h3>\n'
            f"<table><caption>{view.with_note(self._word('sizes'), self._word(theme), self._lang)}</caption>\n"
            f"<thead><tr><th>{self._word('pixels')}</th>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n"
        )

    def _inbox(self, theme: str) -> str:
        boxes = "".join(
            f"<figure><figcaption><strong>{self._word(f'style.{name}')}</strong>"
            f"{self._word(f'style.{name}-about')}</figcaption>\n"
            f'<ul class="mails">{self._mails(shape, size, theme)}</ul></figure>\n'
            for name, shape, size in ROWS
        )
        return f'<div class="theme {theme}"><h3>{self._word(theme)}</h3>\n<div class="boxes">{boxes}</div></div>\n'

    def _mails(self, shape: str, size: int, theme: str) -> str:
        picture = self._image(size, shape, theme, self._word("in-list").format(name=self._sender))
        mails = [self._mail("ours", picture, self._sender, "")]
        for key in _OTHERS:
            initial = self._word(f"{key}initial")
            picture = f'<span class="initial {shape} s{size}" aria-hidden="true">{initial}</span>'
            mails.append(self._mail("other", picture, self._word(f"{key}sender"), key))
        return "".join(mails)

    def _mail(self, kind: str, picture: str, sender: str, key: str) -> str:
        return (
            f'<li class="{kind}">{picture}<div class="lines">'
            f'<span class="from"><span>{sender}</span><time>{self._word(f"{key}time")}</time></span>'
            f'<span class="subject">{self._word(f"{key}subject")}</span>'
            f'<span class="snippet">{self._word(f"{key}snippet")}</span></div></li>\n'
        )


def _text(text: str) -> str:
    return html.escape(view.one_line(text))


def _url(image: Image) -> str:
    return f"data:image/png;base64,{b64encode(png(image)).decode()}"


@cache
def _style() -> str:
    return files(__package__).joinpath("preview.css").read_text(encoding="utf-8")
