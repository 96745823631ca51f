"""What is no part of a drawing goes, uses and inner drawings become copies and groups, and the picture stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import after, assert_same_picture, job_for, logo

from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.references import inline_uses
from bimikit.svg.repair.structure import choose, drop_hidden, drop_strangers
from bimikit.svg.repair.tidy import tidy
from bimikit.svg.repair.tree import write

RED = '<rect width="50" height="50" fill="red"/>'
BLUE = '<circle cx="60" cy="60" r="30" fill="#00f"/>'
STEPS = (choose, drop_strangers, inline_uses, drop_hidden, tidy)


def run_all(svg: str, wishes: Wishes | None = None) -> tuple[str, Job]:
    job = job_for(svg, wishes)
    for step in STEPS:
        job.step = step.__name__
        step(job)
    return write(job.root), job


def body_of(svg: str) -> str:
    """What is in the root, without line breaks and indents."""
    return "".join(line.strip() for line in svg.splitlines()[1:-1])


CONFORMANT = logo(
    '<title>Acme</title><metadata>text</metadata><defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/>'
    '</linearGradient><path id="p" d="M0 0H9V9z"/></defs><g><g role="img" class="x" xml:lang="ja"/></g>'
    '<g systemLanguage="ja" requiredFonts="x"><use href="#p" x="3" transform="rotate(3)" fill="#f00"/></g>'
    '<linearGradient id="unused"/><g/>'
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_what_conforms_stays_as_it_is(step: object) -> None:
    text, job = after(step, CONFORMANT)  # type: ignore[arg-type]
    assert text == write(job_for(CONFORMANT).root)
    assert not job.changes
    assert not job.declined


STRANGERS = {
    "editor": ('<x:namedview xmlns:x="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"><x:g/></x:namedview>', ""),
    "foreign": ('<x:thing xmlns:x="urn:x"><rect width="9" height="9"/></x:thing>', ""),
    "rdf": ('<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>', ""),
    "metadata-with-attribute": ('<metadata id="a">x</metadata>', ""),
    "script": ("<script>alert(1)</script>", ""),
    "font": ('<font><font-face font-family="x"/><glyph d="M0 0"/></font>', ""),
    "html": ('<div xmlns="http://www.w3.org/1999/xhtml">x</div><p>y</p>', ""),
    "wrong-case": ('<lineargradient id="a"/><clippath/>', ""),
    "unknown": ("<foo><rect/></foo><view/><cursor/><color-profile/>", ""),
    "empty-foreign-object": ("<foreignObject/>", ""),
    "desc-in-group": ("<g><desc>x</desc><rect/></g>", "<g><rect/></g>"),
}


@pytest.mark.parametrize(("body", "left"), STRANGERS.values(), ids=STRANGERS)
def test_strangers_go(body: str, left: str) -> None:
    text, job = after(drop_strangers, logo(body + RED))
    assert body_of(text) == left + RED
    assert job.changes
    assert_same_picture(logo(body + RED), text)


ATTRIBUTES = {
    "event": 'onclick="x()"',
    "html": 'data-name="a" aria-label="b" lang="ja" tabindex="0"',
    "wrong-case": 'viewbox="0 0 1 1"',
    "iconfont": 'p-id="123" t="1"',
    "inkscape": 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:label="x"',
    "nothing": 'enable-background="new" pointer-events="none" cursor="help" overflow="hidden" clip-rule="evenodd"',
    "for-text": 'letter-spacing="0em" text-rendering="auto" white-space="pre" text-decoration="none"',
    "of-others": 'cx="5" d="M0 0" points="1 2" offset="1" viewBox="0 0 1 1" gradientUnits="x"',
    "neutral": 'mix-blend-mode="normal" isolation="isolate" filter="none" mask="none"',
    "xml": 'xml:base="http://example.com/" xml:space="x"',
    "links": 'xlink:title="x" xlink:href="#a"',
}


@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_attributes_without_effect_go(attributes: str) -> None:
    svg = logo(f'<rect {attributes} width="50" height="50" fill="red"/><marker id="m"/>')
    text, job = after(drop_strangers, svg)
    assert body_of(text) == RED + '<marker id="m"/>'
    assert [mark.what for mark in job.changes] == ["structure.attributes"]
    assert_same_picture(svg, text)


@pytest.mark.parametrize(
    "body",
    [
        '<g opacity=".5" clip-path="url(#a)" style="x:y" paint-order="stroke" filter="url(#f)" display="none"/>',
        '<g letter-spacing="3"><text letter-spacing="1">x</text></g>',
        '<clipPath id="a"><path clip-rule="evenodd" d="M0 0H9V9z"/></clipPath>',
        '<linearGradient gradientTransform="scale(2)" spreadMethod="reflect" xlink:href="#a"/>',
        '<circle r="9" pathLength="4" stroke-dasharray="1"/>',
        '<g color-interpolation-filters="sRGB"><filter id="f"><feFlood/></filter></g>',
        '<g isolation="isolate"><path mix-blend-mode="multiply"/></g>',
        '<image xlink:href="data:," image-rendering="pixelated" width="1" height="1"/>',
        "<text>a <tspan>b</tspan></text>",
    ],
)
def test_what_may_matter_is_left_for_later_steps(body: str) -> None:
    text, job = after(drop_strangers, logo(body))
    assert text == write(job_for(logo(body)).root)
    assert not job.changes


def test_edges_are_smoothed_as_everywhere() -> None:
    text, job = after(drop_strangers, logo(f'<g shape-rendering="crispEdges">{RED}</g>'))
    assert "crisp" not in text
    assert [mark.what for mark in job.changes] == ["structure.shape-rendering"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<g><title>Acme</title><rect/></g>", "<title>Acme</title>"),
        ("<title>Own</title><g><title>Acme</title></g>", "<title>Own</title>"),
        ("<g><title> </title><title>Acme\n Inc</title></g><title/>", "<title>Acme Inc</title>"),
        ("<rect/><title>Late</title>", "<title>Late</title>"),
    ],
    ids=["moved", "own", "blank", "late"],
)
def test_a_title_further_down_becomes_the_drawings_own_where_it_has_none(body: str, title: str) -> None:
    text, _job = after(drop_strangers, logo(body))
    assert text.count("<title") == 1
    assert title in text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
            "foreign",
        ),
        ('<rect><animate attributeName="x" to="9" dur="1s"/></rect>', "animation"),
    ],
    ids=["foreign", "animation"],
)
def test_what_can_change_the_picture_needs_consent(body: str, kind: str) -> None:
    text, job = after(drop_strangers, logo(body))
    assert ("foreignObject" in text) or ("animate" in text)
    assert [mark.needs for mark in job.declined] == [kind]
    text, job = after(drop_strangers, logo(body), Wishes(allow=frozenset({kind})))
    assert "foreignObject" not in text
    assert "animate" not in text
    assert [mark.applicability.name for mark in job.changes] == ["VISIBLE"]


def test_it_is_told_when_only_animation_would_show_something() -> None:
    body = '<g opacity="0"><rect width="9" height="9"/><animate attributeName="opacity" to="1" dur="1s"/></g>'
    _text, job = after(drop_strangers, logo(body), Wishes(allow=frozenset({"animation"})))
    assert [mark.what for mark in job.changes] == ["structure.animation-hidden"]


CHOICES = {
    "illustrator": (f'<switch><foreignObject requiredExtensions="http://ns.adobe.com/"/><g>{RED}</g></switch>', f"<g>{RED}</g>"),
    "language": (f'<switch><g systemLanguage="ja">{RED}</g><g systemLanguage="ja, en-GB">{BLUE}</g></switch>', f"<g>{BLUE}</g>"),
    "attributes": (f'<switch opacity=".5">{RED}{BLUE}</switch>', f'<g opacity=".5">{RED}</g>'),
    "none": (f'<switch><g requiredExtensions="x">{RED}</g></switch>', ""),
    "nested": (f"<switch><switch>{BLUE}{RED}</switch>{RED}</switch>", BLUE),
    "drawio": (f'<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"/><a>{RED}</a></switch>', "<g/>"),
    "link": (f'<a xlink:href="https://example.com" target="_blank">{RED}</a>', RED),
    "link-with-style": (f'<a href="#x" fill="#0f0" id="a"> x {BLUE}</a>', f'<g fill="#0f0" id="a">{BLUE}</g>'),
    "condition": (f'<g requiredExtensions="x">{RED}</g>{BLUE}', BLUE),
    "clip": (
        f'<clipPath id="c"><a>{RED}</a></clipPath><g clip-path="url(#c)">{BLUE}</g>',
        f'<clipPath id="c"><g>{RED}</g></clipPath><g clip-path="url(#c)">{BLUE}</g>',
    ),
    "definition-in-a-loser": (
        '<switch><g/><g fill="red" opacity=".5"><rect/><path id="q" d="M0 0H50V50z"/></g></switch><use xlink:href="#q"/>',
        '<g/><defs fill="red"><path id="q" d="M0 0H50V50z"/></defs><use xlink:href="#q"/>',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "left"), CHOICES.values(), ids=CHOICES)
def test_alternatives_and_links_become_what_is_drawn(body: str, left: str) -> None:
    text, job = after(choose, logo(body))
    assert body_of(text).replace("  ", "") == left
    assert job.changes
    if "systemLanguage" not in body and "Extensibility" not in body:
        assert_same_picture(logo(body), text)


@pytest.mark.parametrize("feature", ["", 'requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"'])
def test_embedded_html_that_browsers_would_choose_needs_consent(feature: str) -> None:
    body = f"<switch><foreignObject {feature}><p/></foreignObject>{RED}</switch>"
    _text, job = after(choose, logo(body))
    assert [mark.needs for mark in job.declined] == ["foreign"]
    text, _job = after(choose, logo(body), Wishes(allow=frozenset({"foreign"})))
    assert body_of(text) == RED


R = '<rect id="r" width="30" height="20" fill="red" stroke="#000"/>'
SYMBOL = (
    '<symbol id="s" {}><circle cx="15" cy="15" r="12" fill="#080"/><path d="M20 20H45V45H20z" fill="red"/></symbol>'
)
USES = {
    "plain": (f'<defs>{R}</defs><use xlink:href="#r"/>', ""),
    "shifted": (f'<defs>{R}</defs><use xlink:href="#r" x="10%" y="20px" transform="rotate(10)"/>', ""),
    "inherited": ('<defs><path id="p" d="M0 0H50V50z" stroke-width="5"/></defs><g fill="red" stroke="#00f"><use xlink:href="#p" stroke-width="1" stroke="#0f0"/></g>', ""),
    "inherit-keyword": ('<defs><path id="p" d="M0 0H50V50z" fill="inherit"/></defs><use xlink:href="#p" fill="#0f0"/>', ""),
    "opacity": (f'<defs>{R}</defs><use xlink:href="#r" opacity=".5" x="9"/>', "<g"),
    "clip-moves-along": (f'{R}<clipPath id="c"><circle r="30"/></clipPath><use xlink:href="#r" clip-path="url(#c)" x="20" y="30"/>', 'clip-path="url(#c)"'),
    "group": (f'<g id="g" opacity=".5" transform="scale(2)">{RED}</g><use xlink:href="#g" x="40" y="40"/>', ""),
    "chain": (f'<defs>{R}<use id="u" xlink:href="#r" x="10"/><g id="g" fill="#0f0"><use xlink:href="#u" y="10"/></g></defs><use xlink:href="#g" x="30"/>', ""),
    "origin": (f'<defs>{R}</defs><use xlink:href="#r" transform-origin="50 50" transform="rotate(20)" x="20" y="10"/>', ""),
    "symbol": (SYMBOL.format('viewBox="0 0 30 30"') + '<use xlink:href="#s" width="40" height="60" x="10" y="5"/>', "clipPath"),
    "symbol-without-box": (SYMBOL.format("") + '<use xlink:href="#s" width="40" height="30" x="10" y="5"/>', "clipPath"),
    "symbol-visible": (SYMBOL.format('viewBox="0 0 30 30" overflow="visible"') + '<use xlink:href="#s" width="40" height="60"/>', ""),
    "symbol-full": (SYMBOL.format('viewBox="-5 -5 60 60" preserveAspectRatio="xMinYMax slice"') + '<use xlink:href="#s"/>', ""),
    "symbol-turned": (SYMBOL.format('viewBox="0 0 50 50" fill="red" opacity=".4"') + '<use xlink:href="#s" width="40" height="60" x="20" transform="rotate(30) scale(1 -1) translate(0 -50)"/>', ""),
    "illustrator-symbol": ('<symbol id="N" viewBox="-10 -10 20 20"><path fill="red" d="M-10-10h20v20h-20z"/></symbol><use xlink:href="#N" width="20" height="20" x="-10" y="-10" transform="matrix(1 0 0 -1 50 50)" overflow="visible"/>', ""),
    "symbol-in-symbol": (SYMBOL.format('viewBox="0 0 60 60"') + '<symbol id="t" viewBox="0 0 200 100"><use xlink:href="#s" x="100" width="100" height="100"/></symbol><use xlink:href="#t" width="90" height="50"/>', ""),
    "svg": ('<svg x="10" y="20" width="50%" height="40" viewBox="0 0 10 20" preserveAspectRatio="xMaxYMid"><rect width="50%" height="9" fill="red"/><circle r="9"/></svg>', "clipPath"),
    "svg-none": ('<svg width="50" height="80" viewBox="0 0 10 10" preserveAspectRatio="none"><circle cx="5" cy="5" r="5"/></svg>', ""),
    "svg-with-clip": ('<clipPath id="c"><circle r="7"/></clipPath><svg clip-path="url(#c)" width="50" height="80" viewBox="0 0 10 10"><rect width="50" height="50"/></svg>', "clipPath"),
    "svg-in-svg": ('<svg width="80" height="80" viewBox="0 0 200 200"><svg x="25%" width="50%" height="50%"><rect width="100%" height="50%" fill="red"/></svg></svg>', ""),
    "use-of-svg": ('<svg id="v" x="20" y="5" width="40" height="40" viewBox="0 0 10 10"><rect width="30" height="30" fill="#0a0"/></svg><use xlink:href="#v" width="20" x="40"/>', ""),
    "in-clip": (f'<defs>{R}</defs><clipPath id="c"><use xlink:href="#r" x="20" transform="rotate(5)"/><use xlink:href="#none"/></clipPath><g clip-path="url(#c)">{BLUE}{RED}</g>', ""),
    "group-in-clip": (f'<defs><g id="g">{RED}</g></defs><clipPath id="c"><use xlink:href="#g"/><circle r="40"/></clipPath><g clip-path="url(#c)">{RED}</g>', ""),
    "in-mask": (f'<defs>{R}</defs><mask id="m" fill="#fff"><use href="#r"/></mask><g mask="url(#m)">{RED}</g>', ""),
    "missing": ('<use xlink:href="#nothing"/><use/>' + RED, ""),
    "external": ('<use xlink:href="https://example.com/a.svg#b"/>' + RED, ""),
    "circle": (f'<g id="a">{RED}<use xlink:href="#a" x="20"/></g>', ""),
    "of-gradient": ('<linearGradient id="l"/><use xlink:href="#l"/>' + RED, ""),
    "gradient-in-symbol": ('<symbol id="s" viewBox="0 0 9 9"><linearGradient id="l"><stop stop-color="red"/></linearGradient><rect width="9" height="9" fill="url(#l)"/></symbol><use xlink:href="#s" width="50" height="50"/>', "linearGradient"),
    "two-names": (f'<defs>{R}{BLUE}</defs><use href="#r" xlink:href="#x"/>', ""),
    "target-that-changes": (f'<g opacity=".5">{R}</g><use href="#r" y="40"/>', ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "holds"), USES.values(), ids=USES)
def test_uses_and_inner_drawings_become_what_they_draw(body: str, holds: str) -> None:
    text, job = run_all(logo(body))
    assert not job.declined
    assert holds in text
    for gone in ("<use", "<symbol", "xlink", "preserveAspectRatio"):
        assert gone not in text
    assert text.count("<svg") == 1
    assert_same_picture(logo(body), text, mean=0.5)
    again, second = run_all(text)
    assert again == text
    assert not second.changes


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (f'<defs>{R}</defs><use xlink:href="#r" x="2em"/>', "reference.length"),
        (f'<defs>{R}</defs><use xlink:href="#r" transform="foo(1)"/>', "reference.transform"),
        ('<symbol id="s" transform="scale(2)"/><use xlink:href="#s"/>', "reference.renderers-differ"),
        (
            SYMBOL.format("") + '<symbol id="t"><use xlink:href="#s"/></symbol><use xlink:href="#t"/>',
            "reference.renderers-differ",
        ),
        ('<symbol id="s" viewBox="0 0 9 9"><rect width="50%"/></symbol><use xlink:href="#s"/>', "viewport.percentages"),
        ('<svg width="0" height="5"><rect/></svg>', "viewport.size"),
        ('<svg x="50"><rect x="-20" width="30" height="30"/></svg>', "viewport.unsized"),
        (
            '<svg width="9" height="9"><linearGradient gradientUnits="userSpaceOnUse" x1="50%"/></svg>',
            "viewport.percentages",
        ),
    ],
)
def test_what_renderers_disagree_on_is_declined(body: str, what: str) -> None:
    _text, job = after(inline_uses, logo(body))
    assert [mark.what for mark in job.declined] == [what]


def test_a_shape_that_is_used_becomes_a_shape_without_group() -> None:
    text, _job = after(
        inline_uses,
        logo(
            '<defs><path id="p" d="M0 0H9V9z" transform="scale(2)"/></defs><use xlink:href="#p" x="3" transform="rotate(1)" fill="#f00" id="u"/>'
        ),
    )
    assert '<path transform="rotate(1) translate(3 0) scale(2)" fill="#f00" id="u" d="M0 0H9V9z"/>' in text


def test_a_bomb_of_uses_is_declined_soon() -> None:
    levels = "".join(f'<g id="a{n}">' + f'<use xlink:href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    start = time.monotonic()
    _text, job = after(inline_uses, logo(f'<defs><rect id="a0"/>{levels}</defs><use xlink:href="#a11"/>'))
    assert time.monotonic() - start < 60
    assert "reference.too-many" in {mark.what for mark in job.declined}


@pytest.mark.parametrize(
    "body",
    [
        f"<defs>{R}</defs>" + '<use xlink:href="#r"/>' * 20_000,
        '<use xlink:href="#none"/>' * 20_000,
        '<g display="none"/>' * 20_000 + '<rect visibility="hidden"/>' * 20_000,
        "<a><rect/></a>" * 20_000 + "<switch><g/></switch>" * 10_000,
        "<g>" * 900 + '<svg width="9" height="9">' * 90 + "<rect/>" + "</svg>" * 90 + "</g>" * 900,
        '<use xlink:href="#x"/>' * 9000 + '<path fill="' + "url(#" * 100_000 + '"/>',
    ],
    ids=["uses", "dangling", "hidden", "links", "deep", "unclosed-urls"],
)
def test_large_files_take_little_time(body: str) -> None:
    job = job_for(logo(body))
    start = time.monotonic()
    for step in STEPS:
        step(job)
    assert time.monotonic() - start < 60


HIDDEN = {
    "display": (f'<g display="none">{BLUE}</g>{RED}', RED),
    "shown": (f'<g display="inline" visibility="visible">{RED}</g>', f"<g>{RED}</g>"),
    "visibility": (f'<g visibility="hidden">{BLUE}<g visibility="visible">{RED}</g></g>', f"<g><g>{RED}</g></g>"),
    "collapse": ('<rect width="9" height="9" visibility="collapse"/>' + RED, RED),
    "definitions-work": (
        ('<g display="none" opacity=".1"><linearGradient id="l"><stop stop-color="red"/></linearGradient><path/></g>'
        '<rect width="50" height="50" fill="url(#l)"/>'),
        ('<defs><linearGradient id="l"><stop stop-color="red"/></linearGradient></defs>'
        '<rect width="50" height="50" fill="url(#l)"/>'),
    ),
    "clip-in-hidden": (
        f'<g display="none"><g><clipPath id="c" display="none">{RED}</clipPath></g></g><g clip-path="url(#c)">{BLUE}</g>',
        f'<defs><defs><clipPath id="c">{RED}</clipPath></defs></defs><g clip-path="url(#c)">{BLUE}</g>',
    ),
    "hidden-in-clip": (
        f'<clipPath id="c"><rect width="9" height="9" visibility="hidden"/>{RED}</clipPath><g clip-path="url(#c)">{BLUE}</g>',
        f'<clipPath id="c">{RED}</clipPath><g clip-path="url(#c)">{BLUE}</g>',
    ),
    "all-of-a-clip": (
        f'<clipPath id="c"><rect width="9" height="9" display="none"/></clipPath><g clip-path="url(#c)">{BLUE}</g>',
        f'<clipPath id="c"/><g clip-path="url(#c)">{BLUE}</g>',
    ),
    "used": (
        '<g visibility="hidden"><rect id="k" width="50" height="50" fill="red"/></g><use href="#k"/>',
        '<g><defs><rect id="k" width="50" height="50" fill="red"/></defs></g><use href="#k"/>',
    ),
    "layers": (f'<g id="layer1" display="none">{RED}</g><g id="layer2" display="inherit">{BLUE}</g>', f'<g id="layer2">{BLUE}</g>'),
}  # fmt: skip


@pytest.mark.parametrize(("body", "left"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_goes(body: str, left: str) -> None:
    text, job = after(drop_hidden, logo(body))
    assert not job.declined
    assert body_of(text) == left
    assert_same_picture(logo(body), text)


def test_what_an_animation_shows_is_not_taken_for_hidden() -> None:
    body = '<rect display="none"><set attributeName="display" to="inline"/></rect>'
    text, job = after(drop_hidden, logo(body))
    assert body_of(text) == body
    assert [mark.needs for mark in job.declined] == ["animation"]


def test_an_element_that_altered_the_picture_is_not_touched_again() -> None:
    svg = logo(f'<defs>{R}</defs><use xlink:href="#r"/><use xlink:href="#r" x="9"/>')
    job = job_for(svg, undone=[("inline_uses", 3)])
    job.step = "inline_uses"
    inline_uses(job)
    assert write(job.root).count("<use") == 1


EXPORTS = {
    "illustrator": '<switch><foreignObject requiredExtensions="&amp;ns_ai;" x="0" y="0" width="1" height="1"></foreignObject><g i:extraneous="self" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/"><g><defs><rect id="SVGID_1_" x="5" y="5" width="60" height="60"/></defs><clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_" overflow="visible"/></clipPath><g clip-path="url(#SVGID_2_)"><path fill="#F15A24" d="M0 0h80v80z"/></g></g></g></switch><i:pgf id="adobe" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/">eJz</i:pgf>',
    "inkscape": '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" id="n" pagecolor="#fff"/><metadata id="m"><x xmlns="urn:rdf"/></metadata><defs id="d"><inkscape:path-effect xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"/></defs><g xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1" display="inline"><path id="path1" inkscape:connector-curvature="0" d="M10 10H90V90z" fill="#08f"/><use xlink:href="#path1" id="use1" transform="matrix(-1 0 0 1 100 0)" width="100%" height="100%" x="0" y="0" inkscape:transform-center-x="1"/></g><g display="none" id="layer2"><path d="M0 0H9V9z"/></g>',
    "figma": '<g clip-path="url(#clip0_1_2)"><rect width="100" height="100" fill="white"/><path fill-rule="evenodd" clip-rule="evenodd" d="M10 10H90V90H10zM30 30H60V60H30z" fill="#0D99FF"/></g><defs><clipPath id="clip0_1_2"><rect width="100" height="100" fill="white"/></clipPath></defs>',
    "sketch": '<title>icon</title><desc>Created with Sketch.</desc><defs><path d="M0 0h40v40z" id="path-1"/></defs><g id="Page-1" stroke="none" stroke-width="1" fill="none" fill-rule="evenodd" xmlns:sketch="http://www.bohemiancoding.com/sketch/ns" sketch:type="MSPage"><g id="Artboard" transform="translate(20 20)"><mask id="mask-2" fill="white"><use xlink:href="#path-1"/></mask><use id="Mask" fill="#D8D8D8" xlink:href="#path-1"/><rect fill="#F00" mask="url(#mask-2)" width="30" height="30"/></g></g>',
    "affinity": '<g xmlns:serif="http://www.serif.com/" serif:id="Artboard 1" id="Artboard1" transform="matrix(1,0,0,1,5,5)"><rect id="a" x="0" y="0" width="90" height="90" fill="none"/><g><use xlink:href="#_Image1" x="0" y="0" width="9px" height="9px"/><path d="M0,0L50,0L50,50Z" fill="#a0f" clip-rule="evenodd"/></g></g><defs><path id="_Image1" d="M60 60h9v9z"/></defs>',
    "sprite": '<svg display="none"><symbol id="i" viewBox="0 0 24 24"><title>i</title><path d="M4 4h16v16z"/></symbol></svg><svg class="icon" width="48" height="48" x="10" aria-hidden="true" role="img"><use xlink:href="#i"/></svg>',
}  # fmt: skip


@pytest.mark.parametrize("body", EXPORTS.values(), ids=EXPORTS)
def test_exports_of_editors_keep_their_pictures(body: str) -> None:
    text, job = run_all(logo(body))
    assert not job.declined
    for gone in (
        "<use",
        "<switch",
        "<symbol",
        "xlink",
        "sodipodi",
        "inkscape",
        "serif",
        "foreignObject",
        "display",
        "clip-rule",
    ):
        assert gone not in text
    assert_same_picture(logo(body), text)
    again, second = run_all(text)
    assert again == text
    assert not second.changes


_NUMBER = st.integers(-20, 60).map(str)
_SIZE = st.integers(5, 90).map(str)
_ASPECT = st.sampled_from(["", "none", "xMinYMin meet", "xMaxYMid slice", "xMidYMax", "defer xMidYMin slice", "junk"])
_SHAPE = st.builds(
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" transform="rotate({})"/>'.format,
    _NUMBER, _NUMBER, _SIZE, st.sampled_from(["9", "20%", "40"]), st.sampled_from(["red", "#00f", "inherit"]), _NUMBER,
)  # fmt: skip
_USE = st.builds(
    '<use xlink:href="#{}" x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>'.format,
    st.sampled_from(["s", "t", "g", "v"]), _NUMBER, _NUMBER, _SIZE, _SIZE, st.sampled_from(["#0f0", "#f0f"]),
    st.sampled_from(["", ' opacity=".5"', ' transform="rotate(20)"', ' display="none"', ' visibility="hidden"']),
)  # fmt: skip
_PLAIN_SHAPE = _SHAPE.map(lambda shape: shape.replace("20%", "30"))
_SYMBOL = st.builds(
    '<symbol id="{}" viewBox="{} {} {} {}" preserveAspectRatio="{}"{}>{}</symbol>'.format,
    st.just("s"), _NUMBER, _NUMBER, _SIZE, _SIZE, _ASPECT, st.sampled_from(["", ' overflow="visible"', ' fill="#0aa"']),
    st.lists(_PLAIN_SHAPE, max_size=2).map("".join),
)  # fmt: skip
_INNER = st.builds(
    '<svg id="v" x="{}" y="{}" width="{}" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="{}">{}</svg>'.format,
    _NUMBER, _NUMBER, _SIZE, _SIZE, _SIZE, _SIZE, _ASPECT, st.lists(_SHAPE, max_size=2).map("".join),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_SYMBOL, _INNER, st.lists(_SHAPE, max_size=2).map("".join), st.lists(_USE, min_size=1, max_size=3).map("".join))
def test_any_nesting_of_uses_symbols_and_drawings_keeps_its_picture(
    symbol: str, inner: str, shapes: str, uses: str
) -> None:
    again = '<symbol id="t" viewBox="0 0 80 50"><use xlink:href="#s" width="40" height="50"/><use xlink:href="#v" y="9"/></symbol>'
    svg = logo(f'{symbol}{inner}{again}<g id="g">{shapes}</g>{uses}')
    text, job = run_all(svg)
    assert not job.declined
    assert "<use" not in text
    assert text.count("<svg") == 1
    assert_same_picture(svg, text, block=4, mean=0.5)
