"""CSS becomes presentation attributes: the cascade, selectors, media, variables, transforms, and what is refused."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import after, assert_same_picture, job_for, logo

from bimikit.svg.repair.css import inline_css
from bimikit.svg.repair.css_media import applies
from bimikit.svg.repair.job import KINDS, Job, Wishes
from bimikit.svg.repair.tree import Node, write

RECT = '<rect width="90" height="90"'


def shown(svg: str, wishes: Wishes | None = None) -> tuple[list[Node], Job]:
    """The drawn elements after the step (the root left out), and the job."""
    _text, job = after(inline_css, svg, wishes)
    return [node for node in job.root.walk() if node is not job.root], job


def attributes(body: str, name: str = "rect") -> dict[str, str]:
    """The attributes of the last element of that name after the step, without its size."""
    nodes, _job = shown(logo(body))
    found = [node for node in nodes if node.name == name][-1]
    return {key: value for key, value in found.attributes.items() if (key, value) not in _SIZE}


_SIZE = {("width", "90"), ("height", "90")}


def whats(job: Job) -> tuple[set[str], set[str]]:
    return {mark.what for mark in job.changes}, {mark.what for mark in job.declined}


# --- pictures that resvg draws alike from the CSS ---

PICTURES = {
    "a style attribute": f'{RECT} style="fill:#0a0;stroke:red;stroke-width:4px;fill-opacity:50%"/>',
    "a class": f'<style>.a{{fill:#0a0}}</style>{RECT} class="b a"/>',
    "a style sheet behind what it styles": f"{RECT}/><g><style>rect{{fill:#0a0}}</style></g>",
    "in defs, in CDATA, with a type": f'<defs><style type="text/css"><![CDATA[rect{{fill:#0a0}}]]></style></defs>{RECT}/>',
    "several sheets, the later one wins": f"<style>rect{{fill:red}}</style><style>rect{{fill:#0a0}}</style>{RECT}/>",
    "an id beats a class beats a name": f'<style>#i{{fill:#0a0}}.c{{fill:red}}rect{{fill:blue}}</style>{RECT} id="i" class="c"/>',
    "a rule beats an attribute": f'<style>rect{{fill:#0a0}}</style>{RECT} fill="red"/>',
    "a style attribute beats a rule": f'<style>rect{{fill:red}}</style>{RECT} style="fill:#0a0"/>',
    "an important rule beats a style attribute": f'<style>rect{{fill:#0a0 !important}}</style>{RECT} style="fill:red"/>',
    "inherited through a group": f'<style>.g{{fill:#0a0}}</style><g class="g">{RECT}/></g>',
    "combinators": f"<style>g > rect{{fill:#0a0}} circle + rect{{stroke:red}}</style><g><circle r='9'/>{RECT}/></g>",
    "an attribute selector": f'<style>[data-x="1"]{{fill:#0a0}}</style>{RECT} data-x="1"/>',
    "the first child": f"<style>rect:first-child{{fill:#0a0}}</style><g>{RECT}/><rect width='9' height='9'/></g>",
    "every element": f"<style>*{{fill:#0a0}}</style>{RECT}/>",
    "stops": '<style>.a{stop-color:#0a0}.b{stop-color:red;stop-opacity:.5}</style><linearGradient id="g"><stop class="a"/>'
    f'<stop offset="1" class="b"/></linearGradient>{RECT} style="fill:url(#g)"/>',
    "a clip path's children": '<style>.h{display:none}.c{clip-path:url(#c)}</style><clipPath id="c"><rect width="50" '
    f'height="50"/><circle r="90" class="h"/></clipPath>{RECT} class="c"/>',
    "a mask": '<mask id="m" style="mask-type:alpha"><rect width="50" height="50"/></mask>'
    f'{RECT} style="mask:url(#m);fill:red"/>',
    "opacity, dashes and joins": '<path d="M10 10L80 20L20 60" style="fill:none;stroke:#00f;stroke-width:8;'
    'stroke-dasharray:9px,4 ;stroke-linejoin:round;stroke-linecap:round;stroke-dashoffset:3px;opacity:.5"/>',
    "the shorthand of markers": '<marker id="m" markerWidth="9" markerHeight="9"><rect width="9" height="9"/></marker>'
    '<path d="M10 10L50 50L90 10" stroke="red" style="marker:url(#m)"/>',
    "colours in other syntaxes": f'{RECT} style="fill:rgba(10,200,30,.5);stroke:hsl(0,100%,50%);stroke-width:5"/>',
    "a hidden element": f'<style>.x{{visibility:hidden}}</style><g class="x">{RECT} fill="red"/></g>',
    "inherit": f'<g style="fill:#0a0">{RECT} fill="red" style="fill:inherit"/></g>',
    "what Inkscape leaves": f'{RECT} style="fill:#0a0;-inkscape-stroke:none;font-variant-ligatures:normal;'
    'isolation:auto;mix-blend-mode:normal;text-transform:none;line-height:1.2;solid-color:#000000;marker:none"/>',
    "what Illustrator leaves": f'{RECT} style="enable-background:new 0 0 90 90;fill-rule:evenodd;clip-rule:evenodd;fill:#0a0"/>',
}


@pytest.mark.parametrize("body", PICTURES.values(), ids=PICTURES)
def test_the_picture_stays_and_no_css_is_left(body: str) -> None:
    before = logo(body)
    text, job = after(inline_css, before)
    assert not re.search(r"<style|style=|class=", text)
    assert job.changes
    assert not job.declined
    assert_same_picture(before, text)
    again, second = after(inline_css, text)
    assert again == text
    assert not second.changes


@pytest.mark.parametrize("body", PICTURES.values(), ids=PICTURES)
def test_where_renderers_agree_nothing_is_told_as_not_provable(body: str) -> None:
    _text, job = after(inline_css, logo(body))
    assert not any(mark.misread or mark.visible for mark in job.changes)


# --- what browsers do, and resvg doesn't: compared with what Chromium draws, by hand ---

ATTRIBUTES: dict[str, tuple[str, dict[str, str]]] = {
    "screens": (f"<style>@media screen{{rect{{fill:red}}}}</style>{RECT}/>", {"fill": "red"}),
    "print": (f'<style>@media print{{rect{{fill:red}}}}</style>{RECT} fill="blue"/>', {"fill": "blue"}),
    "dark mode": (f"<style>@media (prefers-color-scheme: dark){{rect{{fill:red}}}}</style>{RECT}/>", {}),
    "a sheet for print": (f'<style media="print">rect{{fill:red}}</style>{RECT}/>', {}),
    "a sheet in another language": (f'<style type="text/less">rect{{fill:red}}</style>{RECT}/>', {}),
    "an alternative sheet": (
        f'<style title="a">rect{{fill:red}}</style><style title="b">rect{{fill:blue}}</style>{RECT}/>',
        {"fill": "red"},
    ),
    "HTML's comments": (f"<style>&lt;!-- rect{{fill:red}} --&gt;</style>{RECT}/>", {"fill": "red"}),
    "names of elements have a case": (f"<style>RECT{{fill:red}}</style>{RECT}/>", {}),
    "names of properties have none": (f'{RECT} style="FILL:RED"/>', {"fill": "RED"}),
    "keywords have none": (f'{RECT} style="stroke-linecap:ROUND;text-rendering:GEOMETRICprecision"/>', {"stroke-linecap": "round", "text-rendering": "geometricPrecision"}),
    "an invalid value gives way to the attribute": (f'{RECT} fill="red" style="fill:foo"/>', {"fill": "red"}),
    "an invalid value gives way to the one before": (f'{RECT} style="fill:red;fill:foo;fill:rgb(10%,2,3)"/>', {"fill": "red"}),
    "a negative width": (f'{RECT} stroke-width="3" style="stroke-width:-5px"/>', {"stroke-width": "3"}),
    "an unknown display": (f'{RECT} display="none" style="display:foo"/>', {"display": "none"}),
    "shown again": (f'{RECT} display="none" style="display:block"/>', {}),
    "an invalid selector takes the rule with it": (f"<style>rect, a:foo(1){{fill:red}}</style>{RECT}/>", {}),
    "an escaped id": (f'<style>#\\31 a{{fill:red}}</style>{RECT} id="1a"/>', {"id": "1a", "fill": "red"}),
    "not, nth-of-type, root": (
        f'<style>:root > g rect:not(.b):nth-of-type(2){{fill:red}}</style><g><rect/>{RECT} class="a"/></g>',
        {"fill": "red"},
    ),
    "what is never so in a picture": (f"<style>rect:hover,rect::before{{fill:red}}</style>{RECT}/>", {}),
    "namespaces": (
        "<style>@namespace s url(http://www.w3.org/2000/svg);@namespace h url(http://www.w3.org/1999/xhtml);" + f"s|rect{{fill:red}} h|rect{{fill:blue}}</style>{RECT}/>",
        {"fill": "red"},
    ),
    "style beats sheet when both are important": (
        f'<style>rect{{fill:blue!important}}</style>{RECT} style="fill:red!important"/>',
        {"fill": "red"},
    ),
    "opacities are numbers up to one": (f'{RECT} style="fill-opacity:1.5;stroke-opacity:-1"/>', {"fill-opacity": "1", "stroke-opacity": "0"}),
    "lengths": (
        f'{RECT} style="stroke-width:2.50px;stroke-dashoffset:1e1px;stroke-dasharray:1px 2mm,3%;font-size:12px"/>',
        {"stroke-width": "2.50", "stroke-dashoffset": "10", "stroke-dasharray": "1 2mm 3%", "font-size": "12"},
    ),
    "a font size without a unit in an attribute": (f'{RECT} style="font-size:12"/>', {"font-size": "12"}),
    "and in a sheet": (f"<style>rect{{font-size:12}}</style>{RECT}/>", {}),
    "references": (f'{RECT} style="fill:url(\'#g\') RED;stroke:url( #h )"/>', {"fill": "url(#g) RED", "stroke": "url(#h)"}),
    "a font": (
        f'{RECT} style="font:italic bold 12px/1.5 &quot;A B&quot;, serif"/>',
        {
            "font-style": "italic",
            "font-variant": "normal",
            "font-weight": "bold",
            "font-stretch": "normal",
            "font-size": "12",
            "font-family": "'A B', serif",
        },
    ),
    "initial": (f'{RECT} fill="red" opacity=".5" style="fill:initial;opacity:initial"/>', {"fill": "black"}),
    "unset": (f'{RECT} fill="red" opacity=".5" style="fill:unset;opacity:unset"/>', {}),
    "revert": (f'{RECT} fill="red" style="fill:revert"/>', {}),
    "revert-layer": (f'{RECT} fill="red" style="fill:revert-layer"/>', {"fill": "red"}),
    "a variable": (f'<g style="--c:red">{RECT} style="fill:var(--c)"/></g>', {"fill": "red"}),
    "a variable in an attribute": (f'<style>:root{{--c:red}}</style>{RECT} fill="var(--c)"/>', {"fill": "red"}),
    "a fallback": (f'{RECT} fill="var(--c, red)"/>', {"fill": "red"}),
    "a variable of variables": (f'{RECT} style="--a:var(--b);--b:1 2;stroke-dasharray:var(--a)"/>', {"stroke-dasharray": "1 2"}),
    "variables in a circle": (f'{RECT} style="--a:var(--b);--b:var(--a);fill:var(--a,red)"/>', {"fill": "red"}),
    "a variable that isn't there": (f'{RECT} fill="blue" style="fill:var(--c)"/>', {}),
    "a variable that makes no sense": (f'{RECT} fill="blue" style="--c:7;fill:var(--c)"/>', {}),
    "a variable declared again": (f'<g style="--c:blue"><g style="--c:red">{RECT} style="fill:var(--c)"/></g></g>', {"fill": "red"}),
    "transforms": (
        f'{RECT} transform="scale(2)" style="transform:translate(40px, 1in) rotate(.25turn) skewX(10deg) scale(50%)"/>',
        {"transform": "translate(40 96) rotate(90) skewX(10) scale(.5)"},
    ),
    "a transform without units": (f'{RECT} transform="scale(2)" style="transform:translate(40,0)"/>', {"transform": "scale(2)"}),
    "no transform": (f'{RECT} transform="scale(2)" style="transform:none"/>', {}),
    "percentages are of the view box": (f'{RECT} style="transform:translate(50%,10%)"/>', {"transform": "translate(50 10)"}),
    "a turn around an origin": (
        f'{RECT} style="transform:rotate(45deg);transform-origin:center"/>',
        {"transform": "rotate(45 50 50)"},
    ),
    "an origin in attributes": (
        f'{RECT} transform="scale(2)" transform-origin="10 20"/>',
        {"transform": "translate(10 20) scale(2) translate(-10 -20)"},
    ),
    "an origin of nothing": (f'{RECT} style="transform-origin:center;transform-box:fill-box"/>', {}),
    "around its own middle": (
        '<rect x="10" y="20" width="20" height="40" style="transform:rotate(90deg);transform-box:fill-box;transform-origin:50% 50%"/>',
        {"x": "10", "y": "20", "width": "20", "height": "40", "transform": "rotate(90 20 40)"},
    ),
    "single transforms": (
        f'{RECT} style="rotate:90deg;translate:5px;scale:2;transform:scale(3)"/>',
        {"transform": "translate(5 0) rotate(90) scale(2) scale(3)"},
    ),
    "a browser's prefix": (f'{RECT} style="-webkit-transform:rotate(5deg)"/>', {"transform": "rotate(5)"}),
    "geometry": ('<rect style="x:1px;width:50px;height:40%;rx:auto;cx:5px"/>', {"x": "1", "width": "50", "height": "40%"}),
    "blending with nothing": (f'{RECT} style="mix-blend-mode:normal;isolation:isolate"/>', {}),
    "nothing that isn't known": (f'{RECT} style="foo:bar;-webkit-user-select:none;*zoom:1;margin:0;;"/>', {}),
    "a sheet with faults": (f"<style>rect{{fill:red;*zoom:1;stroke}} }} rect{{stroke:blue}} @foo x; g{{</style>{RECT}/>", {"fill": "red"}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_values_are_those_a_browser_computes(body: str, expected: dict[str, str]) -> None:
    assert attributes(body) == expected


def test_all_takes_every_attribute_of_an_element_that_is_a_property() -> None:
    assert attributes('<path d="M0 0H9" fill="red" id="p" style="all:unset;stroke:red"/>', "path") == {
        "id": "p",
        "stroke": "red",
    }


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("linearGradient", "gradientTransform"), ("pattern", "patternTransform"), ("clipPath", "transform")],
)
def test_a_transform_goes_to_the_attribute_of_its_element(name: str, attribute: str) -> None:
    assert attributes(f'<{name} style="transform:translate(5px)"/>', name) == {attribute: "translate(5)"}


@pytest.mark.parametrize("name", ["title", "desc", "metadata", "animate", "set", "script"])
def test_elements_that_draw_nothing_get_no_attributes(name: str) -> None:
    assert attributes(f'<style>*{{fill:red}}</style><g><{name} style="fill:blue"/></g>', name) == {}


def test_classes_stay_where_no_sheet_was() -> None:
    assert attributes(f'{RECT} class="a" style="fill:red"/>') == {"class": "a", "fill": "red"}
    assert attributes(f'<style/>{RECT} class="a"/>') == {}


def test_without_css_nothing_happens() -> None:
    svg = logo(f'{RECT} class="a" fill="red" transform="scale(2)"/><g fill="inherit"/>')
    text, job = after(inline_css, svg)
    assert text == write(job_for(svg).root)
    assert not job.changes
    assert not job.declined


# --- backgrounds ---


def test_a_background_of_the_root_is_drawn_behind_everything() -> None:
    nodes, job = shown('<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 0 90 80" stroke="red" style="background:#fff">'
                       "<title>x</title><g/></svg>")  # fmt: skip
    assert [node.name for node in nodes] == ["title", "rect", "g"]
    assert nodes[1].attributes == {
        "x": "-5",
        "y": "-5",
        "width": "90",
        "height": "90",
        "fill": "#fff",
        "stroke": "none",
    }
    assert "css.background" in whats(job)[0]
    assert "style" not in job.root.attributes


@pytest.mark.parametrize("style", ["background:none", "background-color:transparent", "background:url(x.png)"])
def test_no_rectangle_for_what_isnt_a_colour(style: str) -> None:
    nodes, job = shown(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" style="{style}"/>')
    assert not nodes
    assert ("css.value" in whats(job)[1]) == ("url" in style)


def test_the_owners_background_replaces_that_of_the_css() -> None:
    nodes, job = shown('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" style="background:red"/>',
                       Wishes(background="#ffffff"))  # fmt: skip
    assert not nodes
    assert not job.declined


def test_a_background_of_anything_else_is_nothing() -> None:
    assert attributes(f'{RECT} style="background:red"/>') == {}


# --- what is refused ---

REFUSED: dict[str, tuple[str, str]] = {
    "a look that depends on the size": ("@media (max-width: 100px){rect{fill:red}}", "css.media-depends"),
    "layers": ("@layer a{rect{fill:red}}", "css.at-rule"),
    "conditions": ("@supports (fill:red){rect{fill:red}}", "css.at-rule"),
    "nesting": ("g{rect{fill:red}}", "css.at-rule"),
    "attributes of any namespace": ("[*|href]{fill:red}", "css.selector"),
    "deep selectors": (":not(" * 300 + "g" + ")" * 300 + "{fill:red}", "css.selector"),
    "animations": ("@keyframes k{to{fill:red}} rect{animation:k 1s}", "css.animation"),
    "variables in variables": (
        ":root{--a:x x x x x x x x x;" + "".join(f"--{b}:{f'var(--{a})' * 9};" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "}rect{fill:var(--i)}",
        "css.too-complex",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_sheet_that_cant_be_followed_stays_as_it_is(sheet: str, reason: str) -> None:
    svg = logo(f'<style>@font-face{{}} {sheet}</style><g>{RECT} class="a" style="stroke:blue"/></g>')
    text, job = after(inline_css, svg)
    assert whats(job) == (set(), {reason})
    assert text == write(job_for(svg).root)


@pytest.mark.parametrize(
    "declaration",
    [
        "stroke-width: calc(1px + 2px)",
        "stroke-width: 4rem",
        "fill: color-mix(in srgb, red, blue)",
        "mask: url(#m) alpha",
        "transform: rotate3d(1, 1, 1, 45deg)",
        "transform: translate(2em)",
        "mix-blend-mode: multiply",
        "offset-path: path('M0 0H9')",
        "zoom: 2",
        "width: inherit",
        "display: contents",
    ],
)
def test_what_no_attribute_can_say_stays_in_the_style_attribute(declaration: str) -> None:
    svg = logo(f"<style>rect{{{declaration};stroke:red}}</style>{RECT}/>")
    text, job = after(inline_css, svg)
    rect = job.root.elements[-1]
    assert rect.attributes["stroke"] == "red"
    assert rect.attributes["style"].replace('"', "'") == declaration
    assert len(job.declined) == 1
    again, second = after(inline_css, text)
    assert again == text
    assert not second.changes
    assert whats(second)[1] == whats(job)[1]


def test_blending_goes_where_the_owner_agrees() -> None:
    svg = logo(f'{RECT} style="mix-blend-mode:multiply"/>')
    _text, job = after(inline_css, svg)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("css.blend", "blend")]
    nodes, job = shown(svg, Wishes(allow=frozenset({"blend"})))
    assert nodes[0].attributes["mix-blend-mode"] == "multiply"
    assert [mark.misread for mark in job.changes] == [True]


def test_animations_go_where_the_owner_agrees() -> None:
    svg = logo(f"<style>@keyframes k{{to{{fill:red}}}} rect{{fill:blue;animation:k 1s}}</style>{RECT}/>")
    nodes, job = shown(svg, Wishes(allow=frozenset({"animation"})))
    assert nodes[0].attributes["fill"] == "blue"
    assert "css.animation-dropped" in whats(job)[0]


def test_a_sheet_stays_whole_where_one_of_its_elements_must_not_be_touched() -> None:
    svg = logo(f"<style>rect{{fill:red}}</style>{RECT}/>{RECT}/>")
    job = job_for(svg, undone={("css", 3)})
    job.step = "css"
    inline_css(job)
    assert write(job.root) == write(job_for(svg).root)
    assert not job.changes


def test_a_style_attribute_stays_where_it_must_not_be_touched() -> None:
    job = job_for(logo(f'{RECT} style="fill:red"/>{RECT} style="fill:red"/>'), undone={("css", 1)})
    job.step = "css"
    inline_css(job)
    assert ["style" in node.attributes for node in job.root.elements] == [True, False]


# --- media ---


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("", True),
        ("all", True),
        ("SCREEN", True),
        ("print, screen", True),
        ("only screen", True),
        ("not screen", False),
        ("not print", True),
        ("screen and (color)", True),
        ("screen and (prefers-color-scheme: dark)", False),
        ("(prefers-color-scheme: light)", True),
        ("(prefers-reduced-motion: reduce)", False),
        ("(prefers-color-scheme: dark) or (prefers-color-scheme: light)", True),
        ("not (prefers-color-scheme: dark)", True),
        ("((prefers-color-scheme: light) and (color))", True),
        ("(max-width: 100px)", None),
        ("print and (max-width: 100px)", False),
        ("(width >= 600px)", None),
        ("(-webkit-min-device-pixel-ratio: 2)", None),
        ("(prefers-color-scheme: dark), (min-width: 1px)", None),
        ("(foo: bar)", False),
        ("tv and", False),
        ("screen and", False),
        ("a b c", False),
        ("only", False),
        ("((((((((((((color))))))))))))", False),
    ],
)
def test_media_queries_on_a_plain_screen(query: str, result: bool | None) -> None:
    assert applies(query) is result


# --- hostile ---

_G = "<g/>"
HOSTILE = {
    "selectors that branch": f"<style>x g g g g g g g{{fill:red}}</style>{'<g>' * 900}{'</g>' * 900}",
    "selectors over siblings": f"<style>x~g~g~g~g{{fill:red}}</style>{_G * 3000}",
    "counting over siblings": f"<style>g:nth-of-type(3n+1){{fill:red}}</style>{_G * 20000}",
    "rules for everything": f"<style>{'*{fill:red}' * 3000}</style>{_G * 20000}",
    "brackets": f"<style>a{'(' * 50000}{{fill:red}}</style>{_G}",
    "media in media": f"<style>{'@media screen{' * 5000}g{{fill:red}}</style>{_G}",
    "brackets in a value": f'<g style="fill:{"(" * 100000}"/>',
    "variables in a value": f'<g style="fill:{"var(--a," * 50000}"/>',
    "huge numbers": f'{RECT} style="transform:translate(1e300px);width:1e999px;stroke-width:1e40px;opacity:1e999"/>',
    "junk": '<style>\\110000 {fill:\\0 red} svg|{} :{} ::{} @{} @media{} @namespace; [{}</style><g style="\\;fill:;:x;--:y"/>',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_css_is_read_or_refused_soon(body: str) -> None:
    job = job_for(logo(body))
    start = time.process_time()
    inline_css(job)
    assert time.process_time() - start < 60
    assert job.changes or job.declined


# --- properties ---

_VALUE = st.sampled_from(
    ["fill:red", "fill:#0a0", "fill:none", "stroke:blue", "stroke-width:6", "opacity:.5", "fill-opacity:40%",
     "stroke:#f0f;stroke-width:3px", "display:none", "visibility:hidden", "visibility:visible", "fill:inherit"]
)  # fmt: skip
_SELECTOR = st.sampled_from(
    ["*", "rect", "g", ".a", ".b", "#i", "g rect", "g > .a", ".a.b", "rect:first-child", "circle + rect", "[class]"]
)
_RULES = st.lists(st.tuples(_SELECTOR, _VALUE), max_size=6)
_CLASS = st.sampled_from(["", 'class="a"', 'class="b"', 'class="a b"', 'id="i"'])
_STYLE = st.one_of(st.just(""), _VALUE.map(lambda value: f'style="{value}"'))
_LEAF = st.tuples(st.sampled_from(["rect", "circle"]), _CLASS, _STYLE)
_TREE = st.recursive(
    _LEAF, lambda inside: st.tuples(st.just("g"), _CLASS, _STYLE, st.lists(inside, max_size=3)), max_leaves=6
)


def _drawn(tree: tuple, at: list[int]) -> str:
    name, classes, style, *inside = tree
    at[0] += 13
    shape = f'x="{at[0]}" y="{at[0] // 2}" width="30" height="20"' if name == "rect" else f'cx="{at[0]}" cy="60" r="9"'
    if name == "g":
        return f"<g {classes} {style}>{''.join(_drawn(child, at) for child in inside[0])}</g>"
    return f"<{name} {shape} {classes} {style}/>"


@settings(max_examples=60, deadline=None)
@given(_RULES, st.lists(_TREE, min_size=1, max_size=3))
def test_any_cascade_that_resvg_knows_looks_the_same(rules: list[tuple[str, str]], trees: list[tuple]) -> None:
    at = [0]
    body = "".join(_drawn(tree, at) for tree in trees)
    before = logo(f"<style>{''.join(f'{selector}{{{value}}}' for selector, value in rules)}</style>{body}")
    text, job = after(inline_css, before)
    assert not job.declined
    assert not re.search(r"<style|style=|class=", text)
    assert_same_picture(before, text, block=1.0, mean=0.1)


_CHARACTERS = st.text(st.sampled_from(list("abgxfil:;{}()[]<>!@#.*,+~\"'\\/- 019%")), max_size=60)


@settings(max_examples=200, deadline=None)
@given(_CHARACTERS, _CHARACTERS, st.sets(st.sampled_from(KINDS)))
def test_no_css_breaks_the_step(sheet: str, style: str, allowed: set[str]) -> None:
    job = job_for(logo('<style/><g class="a"><rect/></g>'), Wishes(allow=frozenset(allowed)))
    job.root.elements[0].append(sheet)
    job.root.elements[1].attributes["style"] = style
    inline_css(job)
    first = write(job.root)
    noted = len(job.changes)
    inline_css(job)
    assert write(job.root) == first
    assert len(job.changes) == noted
