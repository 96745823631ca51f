"""Values brought into SVG Tiny's forms: units, colours, references and numbers."""

from __future__ import annotations

import io
import itertools

import pytest
import resvg_py
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from repairing import assert_same_picture, job_for, logo

from bimikit import check_svg
from bimikit.svg.repair import lengths, paints, pathdata, respelling, values
from bimikit.svg.repair.css_colours import read_css_colour
from bimikit.svg.repair.job import Job
from bimikit.svg.repair.tree import write

STEPS = (respelling.respelled, lengths.lengths, paints.paints, paints.colours, values.numbers, pathdata.paths)


@pytest.fixture(autouse=True)
def inches(monkeypatch):
    """resvg_py takes an inch for nothing unless it is told."""

    def pixels(svg, size=256):
        png = resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True, dpi=96)
        return Image.open(io.BytesIO(png)).convert("RGBA")

    monkeypatch.setattr("repairing.pixels", pixels)


def run(svg: str, steps=STEPS, undone=()) -> tuple[str, Job]:
    job = job_for(svg, undone=undone)
    for step in steps:
        job.step = step.__name__
        step(job)
    return write(job.root), job


def body(svg: str) -> str:
    """What stands in the root, on one line."""
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return "".join(line.strip() for line in inside.splitlines())


def whats(job: Job) -> list[str]:
    return [mark.what for mark in job.changes]


RECT = '<rect width="50" height="50" '
LINE = '<line x1="5" y1="50" x2="95" y2="50" stroke="red" '
STOPS = '<stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/>'

SAME = {
    # units
    "px": (RECT + 'x="10px"/>', RECT + 'x="10"/>'),
    "mm": (RECT + 'x="2mm"/>', RECT + 'x="7.559055"/>'),
    "pt": (RECT + 'x="3pt"/>', RECT + 'x="4"/>'),
    "pc": (RECT + 'x="1pc"/>', RECT + 'x="16"/>'),
    "in": (RECT + 'x=".25in"/>', RECT + 'x="24"/>'),
    "cm": (RECT + 'x="-1cm"/>', RECT + 'x="-37.79528"/>'),
    "exponent and unit": (RECT + 'x="1e1px"/>', RECT + 'x="10"/>'),
    "em of the default": (RECT + 'x="1em"/>', RECT + 'x="16"/>'),
    "em of a group": (f'<g font-size="10">{RECT}x="2em"/></g>', f'<g font-size="10">{RECT}x="20"/></g>'),
    "em of a relative size": (
        f'<g font-size="10px"><g font-size="150%">{RECT}x="1em" y="1in"/></g></g>',
        f'<g font-size="10"><g font-size="15">{RECT}x="15" y="96"/></g></g>',
    ),
    "percent of either side": ('<rect width="50%" height="25%"/>', '<rect width="50" height="25"/>'),
    "percent of the diagonal": ('<circle cx="50" cy="50" r="10%"/>', '<circle cx="50" cy="50" r="10"/>'),
    "stroke width": (LINE + 'stroke-width="10%"/>', LINE + 'stroke-width="10"/>'),
    "dashes": (
        LINE + 'stroke-width="10" stroke-dasharray="10%, 8px"/>',
        LINE + 'stroke-width="10" stroke-dasharray="10 8"/>',
    ),
    "dash offset": (
        LINE + 'stroke-width="10" stroke-dasharray="10" stroke-dashoffset="5px"/>',
        LINE + 'stroke-width="10" stroke-dasharray="10" stroke-dashoffset="5"/>',
    ),
    "automatic radius": (RECT + 'rx="10" ry="auto"/>', RECT + 'rx="10"/>'),
    "ellipse with one radius": (
        '<ellipse cx="50" cy="50" rx="20"/>',
        '<ellipse cx="50" cy="50" rx="20" ry="20"/>',
    ),
    "ellipse with an automatic radius": (
        '<ellipse cx="50" cy="50" ry="20" rx="auto"/>',
        '<ellipse cx="50" cy="50" ry="20" rx="20"/>',
    ),
    "opacity in percent": (RECT + 'fill-opacity="50%"/>', RECT + 'fill-opacity=".5"/>'),
    "gradient in shares": (
        f'<linearGradient id="a" x1="25%" x2="75%">{STOPS}</linearGradient>{RECT}fill="url(#a)"/>',
        f'<linearGradient id="a" x1=".25" x2=".75">{STOPS}</linearGradient>{RECT}fill="url(#a)"/>',
    ),
    "gradient of the viewport": (
        (
            f'<linearGradient id="a" x1="10%" x2="40%" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient>'
            f'{RECT}fill="url(#a)"/>'
        ),
        (
            f'<linearGradient id="a" x1="10" x2="40" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient>'
            f'{RECT}fill="url(#a)"/>'
        ),
    ),
    "gradient with its template's units": (
        (
            f'<linearGradient id="b" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient>'
            f'<linearGradient id="a" xlink:href="#b" x1="10%" x2="40%"/>{RECT}fill="url(#a)"/>'
        ),
        (
            f'<linearGradient id="b" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient>'
            f'<linearGradient id="a" xlink:href="#b" x1="10" x2="40"/>{RECT}fill="url(#a)"/>'
        ),
    ),
    "template taken in other units": (
        (
            f'<linearGradient id="b" x1="25%">{STOPS}</linearGradient>'
            f'<linearGradient id="a" xlink:href="#b" gradientUnits="userSpaceOnUse"/>{RECT}fill="url(#a)"/>'
        ),
        (
            f'<linearGradient id="b" x1="25%">{STOPS}</linearGradient>'
            f'<linearGradient id="a" xlink:href="#b" gradientUnits="userSpaceOnUse"/>{RECT}fill="url(#a)"/>'
        ),
    ),
    "stops": (
        (
            '<linearGradient id="a"><stop offset="25%" stop-color="red"/><stop offset="75%"/></linearGradient>'
            f'{RECT}fill="url(#a)"/>'
        ),
        (
            '<linearGradient id="a"><stop offset=".25" stop-color="red"/><stop offset=".75"/></linearGradient>'
            f'{RECT}fill="url(#a)"/>'
        ),
    ),
    # colours
    "name": (RECT + 'fill="orange"/>', RECT + 'fill="#ffa500"/>'),
    "names of Tiny stay": (RECT + 'fill="red" stroke="Navy"/>', RECT + 'fill="red" stroke="Navy"/>'),
    "hsl": (RECT + 'fill="hsl(120, 100%, 50%)"/>', RECT + 'fill="#00ff00"/>'),
    "rgba": (RECT + 'fill="rgba(255,0,0,.5)"/>', RECT + 'fill="#ff0000" fill-opacity=".5"/>'),
    "eight digits": (RECT + 'stroke="#00f8"/>', RECT + 'stroke="#0000ff" stroke-opacity=".533"/>'),
    "transparent": (RECT + 'fill="transparent" stroke="red"/>', RECT + 'fill="none" stroke="red"/>'),
    "alpha times opacity": (
        RECT + 'fill="rgba(255,0,0,.5)" fill-opacity=".5"/>',
        RECT + 'fill="#ff0000" fill-opacity=".25"/>',
    ),
    "alpha times an inherited opacity": (
        f'<g fill-opacity=".5">{RECT}fill="rgba(255,0,0,.5)"/>{RECT}x="50"/></g>',
        f'<g fill-opacity=".5">{RECT}fill="#ff0000" fill-opacity=".25"/>{RECT}x="50"/></g>',
    ),
    "alpha of a group": (
        (
            f'<g fill="rgba(255,0,0,.5)">{RECT}/>{RECT}x="50" fill-opacity=".5"/>{RECT}y="50" fill="blue"/>'
            f'<g fill="none"><g fill="lime">{RECT}x="50" y="50" fill-opacity="inherit"/></g></g></g>'
        ),
        (
            f'<g fill="#ff0000" fill-opacity=".5">{RECT}/>{RECT}x="50" fill-opacity=".25"/>'
            f'{RECT}y="50" fill="blue" fill-opacity="1"/>'
            f'<g fill="none" fill-opacity="1"><g fill="lime">{RECT}x="50" y="50" fill-opacity="inherit"/></g></g></g>'
        ),
    ),
    "alpha of a stop": (
        (
            '<linearGradient id="a"><stop stop-color="rgba(255,0,0,.5)" stop-opacity=".5"/>'
            f'<stop offset="1" stop-color="#00f0"/></linearGradient>{RECT}fill="url(#a)"/>'
        ),
        (
            '<linearGradient id="a"><stop stop-color="#ff0000" stop-opacity=".25"/>'
            f'<stop offset="1" stop-color="#0000ff" stop-opacity="0"/></linearGradient>{RECT}fill="url(#a)"/>'
        ),
    ),
    # references
    "currentColor": (f'<g color="red">{RECT}fill="currentColor"/></g>', f'<g>{RECT}fill="red"/></g>'),
    "currentColor of nothing": (RECT + 'fill="currentColor"/>', RECT + 'fill="#000"/>'),
    "currentColor comes down as a word": (
        f'<g color="red" fill="currentColor">{RECT}/><g color="blue">{RECT}x="50"/></g></g>',
        f'<g fill="red">{RECT}/><g fill="blue">{RECT}x="50"/></g></g>',
    ),
    "currentColor with alpha": (
        f'<g color="rgba(255,0,0,.5)">{RECT}fill="currentColor"/></g>',
        f'<g>{RECT}fill="#ff0000" fill-opacity=".5"/></g>',
    ),
    "currentColor of a stop": (
        f'<linearGradient id="a" color="red"><stop stop-color="currentColor"/></linearGradient>{RECT}fill="url(#a)"/>',
        f'<linearGradient id="a"><stop stop-color="red"/></linearGradient>{RECT}fill="url(#a)"/>',
    ),
    "missing target": (RECT + 'fill="url(#no)" stroke="red"/>', RECT + 'fill="none" stroke="red"/>'),
    "missing target with a fallback": (RECT + 'fill="url(#no) red"/>', RECT + 'fill="red"/>'),
    "missing target falling back on currentColor": (
        RECT + 'color="red" fill="url(#no) currentColor"/>',
        RECT + 'fill="red"/>',
    ),
    "target of another kind": (
        RECT + 'id="a" fill="url(#a)" stroke="red"/>',
        RECT + 'id="a" fill="none" stroke="red"/>',
    ),
    "fallback that isn't needed": (
        f'<linearGradient id="a">{STOPS}</linearGradient>{RECT}fill="url( \'#a\' ) red"/>',
        f'<linearGradient id="a">{STOPS}</linearGradient>{RECT}fill="url(#a)"/>',
    ),
    "gradient without stops": (
        f'<linearGradient id="a"/>{RECT}fill="url(#a)" stroke="red"/>',
        f'<linearGradient id="a"/>{RECT}fill="none" stroke="red"/>',
    ),
    "paint of no context": (
        f'<g fill="red">{RECT}fill="context-fill" stroke="lime"/></g>',
        f'<g fill="red">{RECT}fill="none" stroke="lime"/></g>',
    ),
    # numbers
    "point with nothing behind": (RECT + 'x="5."/>', RECT + 'x="5"/>'),
    "transform with points": (RECT + 'transform="translate(5.,10.)"/>', RECT + 'transform="translate(5,10)"/>'),
    "transform nobody reads": (RECT + 'transform="rotate(45deg)"/>', RECT + "/>"),
    "transform that breaks off": (RECT + 'transform="translate(10) foo(1)"/>', RECT + "/>"),
    "no number": (RECT + 'x="abc"/>', RECT + "/>"),
    "negative radius": (RECT + 'rx="-5"/>', RECT + "/>"),
    "negative width": ('<rect width="-5" height="9"/>', '<rect height="9"/>'),
    "small miter limit": (
        '<path d="M20 20L80 50L20 80" stroke="red" stroke-width="9" stroke-miterlimit=".5"/>',
        '<path d="M20 20L80 50L20 80" stroke="red" stroke-width="9" stroke-miterlimit="1"/>',
    ),
    "wrong word": (RECT + 'fill-rule="foo" stroke-linejoin="arcs"/>', RECT + "/>"),
    "unreadable paint": (RECT + 'fill="garbage" stroke="rgb(1"/>', RECT + "/>"),
    "weight without text": (f'<g font-weight="600">{RECT}/></g>', f"<g>{RECT}/></g>"),
    "odd points": ('<polygon points="0 0 50 0 50 50 0"/>', '<polygon points="0 0 50 0 50 50"/>'),
}


@pytest.mark.parametrize(("before", "expected"), SAME.values(), ids=SAME)
def test_values_are_written_in_tinys_forms_and_the_picture_stays(before, expected):
    after, job = run(logo(before))
    assert body(after) == expected.replace(" />", "/>")
    assert bool(job.changes) == (before != expected)
    assert_same_picture(logo(before), after)
    assert run(after)[1].changes == []


@pytest.mark.parametrize("case", SAME.values(), ids=SAME)
def test_nothing_is_left_for_the_check_to_find_in_values(case):
    after, _job = run(logo(case[0]))
    rules = {finding.rule for finding in check_svg(after.encode()).findings}
    left = {rule for rule in rules if rule.startswith(("svg.colour", "svg.number", "svg.length", "svg.reference"))}
    assert not left or "taken in other units" in body(after) or 'x1="25%"' in after


RESPELLED = {
    "modern syntax": ('fill="rgb(255 0 0 / 50%)"', 'fill="#ff0000" fill-opacity=".5"'),
    "angles": ('fill="hsl(.5turn 100% 50%)"', 'fill="#00ffff"'),
    "oklch": ('fill="oklch(0.628 0.2577 29.23)"', 'fill="#ff0000"'),
    "display-p3": ('fill="color(display-p3 0.917 0.2 0.138)"', 'fill="#ff0000"'),
    "unit in capitals": ('x="10PX"', 'x="10"'),
    "rem": ('x="1rem"', 'x="16"'),
    "word in capitals": ('fill-rule="EVENODD"', 'fill-rule="evenodd"'),
    "external": ('fill="url(other.svg#a) red"', 'fill="red"'),
}


@pytest.mark.parametrize(("before", "expected"), RESPELLED.values(), ids=RESPELLED)
def test_what_only_browsers_read_is_written_for_all_and_told_as_not_provable(before, expected):
    after, job = run(logo(f"{RECT}{before}/>"))
    assert body(after) == f"{RECT}{expected}/>"
    assert any(mark.misread for mark in job.changes)
    assert run(after)[1].changes == []


def test_what_browsers_ignore_is_not_provable_only_where_something_else_is_inherited():
    for around, misread in (("", False), ('fill="red"', True)):
        after, job = run(logo(f'<g {around}>{RECT}fill="garbage"/></g>'))
        assert body(after) == f"<g {around}>{RECT.strip()}/></g>".replace("<g >", "<g>")
        assert [mark.misread for mark in job.changes] == [misread]


def test_initial_is_written_out():
    after, _job = run(logo(f'<g fill="red">{RECT}fill="initial"/></g>'))
    assert body(after) == f'<g fill="red">{RECT}fill="#000"/></g>'


LEFT = {
    "size of the page": (RECT + 'x="5vw"/>', ["lengths.unknown"]),
    "font nobody knows": (f'<g font-size="larger">{RECT}x="1em"/></g>', ["lengths.unknown"]),
    "huge transform": (RECT + 'transform="translate(1e40)"/>', ["numbers.huge"]),
    "half bold text": ('<text font-weight="600">a</text>', ["numbers.weight"]),
    "one shape in two colours": (
        f'<defs>{RECT}id="a" fill="currentColor"/></defs><use href="#a" color="red"/><use href="#a" color="blue"/>',
        ["paints.shared"],
    ),
    "one shape in two opacities": (
        f'<defs>{RECT}id="a" fill="#ff000080"/></defs><g fill-opacity=".5"><use href="#a"/></g>',
        ["colours.shared"],
    ),
}


@pytest.mark.parametrize(("svg", "reasons"), LEFT.values(), ids=LEFT)
def test_what_can_t_be_known_stays_and_is_told(svg, reasons):
    after, job = run(logo(svg))
    assert body(after) == svg
    assert job.changes == []
    assert [mark.what for mark in job.declined] == reasons


@pytest.mark.parametrize(
    "svg",
    [
        RECT + 'fill="#AbC" stroke="#ABCDEF" stroke-width="1e0" x="+5" stroke-dasharray="1,2 3"/>',
        '<text x="1 2 3" font-weight="bold" font-size="large">a</text>',
        '<g fill="inherit" stroke-linecap=" round " transform="translate(1 2),scale(.5)"/>',
        '<path d="M0,0L1e1-5.5.5.5z" vector-effect="non-scaling-stroke"/>',
    ],
)
def test_legal_values_stay(svg):
    before = write(job_for(logo(svg)).root)
    after, job = run(logo(svg))
    assert (after, job.changes, job.declined) == (before, [], [])


def test_percentages_without_a_viewport_stay():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="10"/></svg>'
    after, job = run(svg)
    assert 'width="100%"' in after
    assert [mark.what for mark in job.declined] == ["lengths.unknown"]


def test_an_element_that_must_not_be_touched_stays():
    svg = f'{RECT}fill="rgba(255,0,0,.5)" x="5px"/>'
    undone = [("colours", 1), ("lengths", 1)]
    assert body(run(logo(svg), undone=undone)[0]) == svg
    around = f'<g fill="rgba(255,0,0,.5)">{RECT}fill-opacity=".5"/></g>'
    assert body(run(logo(around), undone=[("colours", 1)])[0]) == around


PAINTS = (
    "red",
    "#0f08",
    "rgba(0,0,255,.25)",
    "none",
    "transparent",
    "currentColor",
    "inherit",
    "url(#no) orange",
    None,
)
OPACITIES = (".5", "25%", "1", "inherit", None)


@given(
    st.lists(st.tuples(st.sampled_from(PAINTS), st.sampled_from(OPACITIES), st.sampled_from(PAINTS[:3])), max_size=5)
)
@settings(max_examples=60, deadline=None)
def test_any_nest_of_paints_keeps_its_picture(levels):
    opening = ""
    for fill, opacity, color in levels:
        given_ = {"fill": fill, "fill-opacity": opacity, "color": color}
        opening += "<g" + "".join(f' {name}="{value}"' for name, value in given_.items() if value) + ">"
        opening += '<circle cx="70" cy="70" r="20"/>'
    svg = logo(f"{opening}{RECT}/>{'</g>' * len(levels)}")
    after, _job = run(svg)
    assert_same_picture(svg, after)
    assert run(after)[1].changes == []


@given(st.text(alphabet="0123456789.+-eE%pxm(), acgklmnorstu#\"'/", max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_value_breaks_a_step(value):
    from xml.sax.saxutils import quoteattr

    quoted = quoteattr(value)
    names = "fill stroke x rx transform stroke-width stroke-dasharray fill-opacity fill-rule font-size color".split()
    for name in names:
        after, _job = run(logo(f"<rect {name}={quoted}/>"))
        assert run(after)[1].changes == []


def test_css_colours_are_the_browsers():
    known = {
        "lab(54.29 80.8 69.89)": (255, 0, 0, 255),
        "lch(54.29 106.84 40.86)": (255, 0, 0, 255),
        "oklab(1 0 0)": (255, 255, 255, 255),
        "hwb(120 0% 0%)": (0, 255, 0, 255),
        "color(srgb-linear .5 0 0 / .5)": (188, 0, 0, 128),
        "color(srgb 2 -1 0)": (255, 0, 0, 255),
        "currentcolor": None,
        "rgb(1": None,
        "rgb(" * 100: None,
    }
    assert {text: read_css_colour(text) for text in known} == known


def test_steps_are_quick_on_large_nests():
    import time

    half = 300
    inside = f'{RECT}fill-opacity=".5" stroke="currentColor" stroke-linejoin="foo" x="5%" rx="auto"/>' * 3000
    svg = logo('<g fill="rgba(1,2,3,.5)">' * half + inside + "</g>" * half)
    job = job_for(svg)
    began = time.perf_counter()
    for step in itertools.chain(STEPS):
        step(job)
    assert time.perf_counter() - began < 60
