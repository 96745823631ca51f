"""Where the renderer of the proof reads a file otherwise than browsers do, the repair follows browsers, and says so."""

from __future__ import annotations

import pytest
from repairing import SVG, after, assert_same_picture, difference, logo

from bimikit import repair_svg
from bimikit.svg.repair.canvas import content_bounds
from bimikit.svg.repair.lengths import lengths
from bimikit.svg.repair.regions import negligible, size_of
from bimikit.svg.repair.shapes import outline, stroke_outline
from bimikit.svg.repair.tree import Node

RED = '<rect width="50" height="50" fill="red"/>'
BLUE = '<circle cx="65" cy="65" r="30" fill="blue"/>'
DOT = '<circle cx="20" cy="80" r="10" fill="green"/>'
STOPS = '<stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
GRADIENT = f'<linearGradient id="g">{STOPS}</linearGradient>'
LIGHT = 'color-interpolation="linearRGB"'
PAINTED = '<rect width="90" height="40" fill="url(#g)"/>'
SYMBOL = f'<symbol id="s" {{}} viewBox="0 0 100 100">{RED}{BLUE}</symbol>'
CLIP = '<clipPath id="c" {}><circle cx="50" cy="50" r="40"/></clipPath>'
MASK = '<mask id="m" {}><rect width="100" height="100" fill="#888"/></mask>'

DRAWN = {
    "unknown feature": (f'<g requiredFeatures="http://nope">{RED}</g>{DOT}', RED + DOT),
    "no feature": (f'<g requiredFeatures="">{RED}</g>{DOT}', RED + DOT),
    "extension of browsers": (f'<g requiredExtensions="http://www.w3.org/1999/xhtml">{RED}</g>{DOT}', RED + DOT),
    "a title is an alternative": (f"<switch><title>x</title>{RED}</switch>{DOT}", DOT),
    "a description is an alternative": (f"<switch><desc>x</desc>{RED}</switch>{DOT}", DOT),
    "metadata are an alternative": (f"<switch><metadata/>{RED}</switch>{DOT}", DOT),
    "a style sheet is an alternative": (f"<switch><style>x{{}}</style>{RED}</switch>{DOT}", DOT),
    "an unknown element is an alternative": (f"<switch><foo/>{RED}</switch>{DOT}", DOT),
    "nothing of another format": (f"<switch><foreignObject/>{RED}</switch>{DOT}", DOT),
    "a feature of the first alternative": (f'<switch><g requiredFeatures="x">{RED}</g>{BLUE}</switch>{DOT}', RED + DOT),
    "gradient not chosen": (f"<switch><g/><g>{GRADIENT}</g></switch>{PAINTED}{DOT}", DOT),
    "gradient not displayed": (GRADIENT.replace(" id", ' display="none" id') + PAINTED + DOT, DOT),
    "gradient in hidden definitions": (f'<defs display="none">{GRADIENT}</defs>{PAINTED}{DOT}', DOT),
    "gradient where a condition fails": (f'<g requiredExtensions="x">{GRADIENT}</g>{PAINTED}{DOT}', DOT),
    "gradient without colours": (f'<linearGradient id="g"/>{PAINTED.replace("(#g)", "(#g) lime")}{DOT}', DOT),
    "gradient through one of another kind": (
        (f'<linearGradient id="a" x2=".2">{STOPS}</linearGradient><radialGradient id="b" xlink:href="#a"/>'
        f'<linearGradient id="g" xlink:href="#b"/>{PAINTED}'),
        f'<linearGradient id="g" x2=".2">{STOPS}</linearGradient>{PAINTED}',
    ),
    "clip path not displayed": (CLIP.format('display="none"') + f'<g clip-path="url(#c)">{BLUE}</g>', BLUE),
    "mask not displayed": (MASK.format('display="none"') + f'<g mask="url(#m)">{BLUE}</g>', BLUE),
    "mask for another language": (MASK.format('systemLanguage="fr"') + f'<g mask="url(#m)">{BLUE}</g>', BLUE),
    "symbol not displayed": (SYMBOL.format('display="none"') + f'<use xlink:href="#s"/>{DOT}', DOT),
    "symbol with a size": (
        SYMBOL.format('x="10" y="10" width="40" height="40"') + '<use xlink:href="#s"/>',
        f'<g transform="translate(10 10) scale(.4)">{RED}{BLUE}</g>',
    ),
    "symbol whose use has a size": (
        SYMBOL.format('x="10" y="10" width="40" height="40"') + '<use xlink:href="#s" width="60" height="60"/>',
        f'<g transform="translate(10 10) scale(.6)">{RED}{BLUE}</g>',
    ),
    "mask of light": (MASK.format(LIGHT) + f'<g mask="url(#m)">{RED}</g>', RED.replace("/>", ' fill-opacity=".2462"/>')),
    "mask of light around it": (
        f'<g {LIGHT}>{MASK.format("")}</g><g mask="url(#m)">{RED}</g>',
        RED.replace("/>", ' fill-opacity=".2462"/>'),
    ),
    "radius that cannot be read": (
        '<rect width="80" height="80" rx="auto" ry="20" fill="red"/>',
        '<rect width="80" height="80" fill="red"/>',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "drawn"), DRAWN.values(), ids=DRAWN)
def test_a_repair_follows_browsers_and_claims_no_proof(body: str, drawn: str) -> None:
    assert difference(logo(body), logo(drawn))[0] > 5, "the renderer reads it as browsers do"
    result = repair_svg(logo(f"<title>Acme</title>{body}").encode())
    assert result.svg is not None
    assert_same_picture(logo(drawn), result.svg.decode())
    assert not result.proven
    assert result.unproven == "misread"


ROOTS = {
    "half a turn": ('transform="rotate(180)"', f'<g transform="rotate(180 50 50)">{RED}{DOT}</g>'),
    "smaller": ('transform="scale(.5)"', f'<g transform="translate(25 25) scale(.5)">{RED}{DOT}</g>'),
    "mirrored": (
        'width="50" height="50" transform="matrix(-1 0 0 1 0 0)"',
        f'<g transform="matrix(-1 0 0 1 100 0)">{RED}{DOT}</g>',
    ),
}


@pytest.mark.parametrize(("attributes", "drawn"), ROOTS.values(), ids=ROOTS)
def test_a_transform_on_the_root_is_around_its_middle(attributes: str, drawn: str) -> None:
    result = repair_svg(logo(RED + DOT).replace(">", f" {attributes}>", 1).encode())
    assert result.svg is not None
    assert_same_picture(logo(drawn), result.svg.decode())
    assert result.unproven == "misread"
    assert result.report.ok


def test_the_edge_of_a_turned_root_is_turned() -> None:
    result = repair_svg(
        logo(BLUE).replace("0 0 100 100", "0 0 70 70").replace(">", ' transform="rotate(30)">', 1).encode()
    )
    assert result.svg is not None
    inner = f'<g transform="rotate(30 35 35)"><svg width="70" height="70">{BLUE}</svg></g>'
    assert_same_picture(SVG.replace("0 0 100 100", "0 0 70 70") + inner + "</svg>", result.svg.decode())


NEUTRAL_ROOTS = ('transform="rotate(0)matrix(1, 0, 0, 1, 0, 0)"', 'transform=""', 'transform="none"', 'opacity=".5"')


@pytest.mark.parametrize("attributes", NEUTRAL_ROOTS)
def test_what_all_renderers_read_alike_on_the_root_is_proven(attributes: str) -> None:
    result = repair_svg(logo(RED + DOT).replace(">", f" {attributes}>", 1).encode())
    assert result.proven
    assert result.report.ok


BOUND = {
    "clip": ('clip-path="url(#c)"', "declined.clip.root"),
    "mask": ('mask="url(#m)"', "declined.mask.root"),
    "moved": ('transform="translate(20 10)"', "declined.root.transform"),
    "turned elsewhere": ('transform="rotate(20 3 3)"', "declined.root.transform"),
    "turned with an origin": ('transform="rotate(20)" transform-origin="0 0"', "declined.root.transform"),
    "two effects": ('transform="rotate(20)" clip-path="url(#c)"', "declined.root.transform"),
    "half a size": ('width="50" transform="rotate(20)"', "declined.root.transform"),
    "unlike size": ('width="50" height="80" transform="rotate(20)"', "declined.root.transform"),
}


@pytest.mark.parametrize(("attributes", "why"), BOUND.values(), ids=BOUND)
def test_effects_on_the_root_that_depend_on_its_size_stay(attributes: str, why: str) -> None:
    body = f"<defs>{CLIP.format('')}{MASK.format('')}</defs>{RED}{BLUE}"
    svg = logo(body).replace("0 0 100 100", "0 0 100 60").replace(">", f" {attributes}>", 1)
    result = repair_svg(svg.encode())
    declined = {change.what for change in result.declined}
    assert {why, "declined.root.not-squared-effect"} <= declined
    assert result.svg is not None
    assert attributes.split("=")[0].encode() in result.svg
    assert not result.report.ok


def test_a_canvas_without_area_shows_nothing_and_stays() -> None:
    for box in ("0 0 0 0", "0 0 100 0", "0,0,0.0,50"):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="100" height="100">{RED}</svg>'
        result = repair_svg(svg.encode())
        assert "declined.root.viewbox-empty" in {change.what for change in result.declined}
        assert result.svg is not None
        assert f'viewBox="{box}"'.encode() in result.svg


def test_a_gradient_of_light_gets_the_stops_it_needs() -> None:
    result = repair_svg(logo(GRADIENT.replace(" id", f" {LIGHT} id") + PAINTED).encode())
    assert result.svg is not None
    assert result.unproven == "misread"
    assert result.report.ok
    middle = next(line for line in result.svg.decode().splitlines() if 'offset=".5"' in line)
    assert "#bc00bc" in middle  # half the light of each, which is more than half the value
    assert 9 < result.svg.count(b"<stop") < 40


def test_a_gradient_takes_how_to_mix_from_no_other() -> None:
    plain = f"{GRADIENT.replace(' id', f' {LIGHT} id').replace('g', 'h', 0)}"
    body = plain.replace('id="g"', 'id="h"') + f'<linearGradient id="g" xlink:href="#h"/>{PAINTED}'
    result = repair_svg(logo(body).encode())
    assert result.proven
    assert result.svg is not None
    assert result.svg.count(b"<stop") == 2


def test_lengths_by_the_height_of_letters_depend_on_the_font() -> None:
    text, job = after(lengths, logo('<rect width="3ex" height="20" fill="red"/>'))
    assert 'width="3ex"' in text
    assert [mark.what for mark in job.declined] == ["lengths.unknown"]


@pytest.mark.parametrize("data", ["M20 00h56v56H20z", "M0020 000h056v56H0020z", "M20,00 76 00L76.0 56 20 56z"])
def test_numbers_may_begin_with_zeros(data: str) -> None:
    path = outline(Node("path", {"d": data}))
    assert path is not None
    assert path.bounds == (20, 0, 76, 56)


def test_a_flag_of_an_arc_is_no_zero_to_leave_out() -> None:
    path = outline(Node("path", {"d": "M20 20a20 20 0 0020 20"}))
    assert path is not None
    assert path.bounds == pytest.approx((20, 20, 40, 40), abs=0.01)


HUGE = {
    "shape": '<rect width="1e38" height="3e38" x="3e38"/>',
    "transform": '<g transform="scale(1e20)"><rect width="1e30" height="1e30"/></g>',
    "stroke": '<rect width="10" height="10" stroke="red" stroke-width="1e39"/>',
    "not a number": '<circle cx="50" cy="50" r="60" stroke="red" stroke-width="NaN15px"/>',
}


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE)
def test_numbers_that_nothing_can_hold_break_nothing(body: str) -> None:
    svg = logo(body).replace("0 0 100 100", "0 0 100 60")
    result = repair_svg(svg.encode())
    assert "declined.broke-down" not in {change.what for change in result.declined}
    assert not any(change.what == "change.step-failed" for change in result.undone)
    after(lambda job: content_bounds(job.root) and None, svg)


def test_an_area_with_round_ends_has_a_size() -> None:
    line = Node("line", {"x1": "0", "x2": "10", "stroke": "red", "stroke-width": "4", "stroke-linecap": "round"})
    path = stroke_outline(line)
    assert path is not None
    assert size_of(path) == pytest.approx(40 + 3.1416 * 4, rel=0.01)
    assert not negligible(path, 0.1)
    assert negligible(path, 5)


UNFOLLOWED = {
    "a hidden root": logo('<rect width="50" height="50"/>').replace("<svg ", '<svg display="none" ', 1),
    "a hidden root in CSS": logo('<rect width="50" height="50"/>').replace("<svg ", '<svg style="display:none" ', 1),
    "a link in a link": logo('<a><a><rect width="50" height="50"/></a></a>'),
    "a clipped drawing within": logo(
        '<clipPath id="c"><rect width="9" height="9"/></clipPath>'
        '<svg x="20" y="20" clip-path="url(#c)"><rect width="50" height="50"/></svg>'
    ),
    "a masked drawing within": logo(
        '<mask id="m"><rect width="9" height="9" fill="white"/></mask>'
        '<svg x="20" y="20" mask="url(#m)"><rect width="50" height="50"/></svg>'
    ),
}


@pytest.mark.parametrize("svg", UNFOLLOWED.values(), ids=UNFOLLOWED)
def test_what_browsers_draw_otherwise_is_never_told_as_proven(svg: str) -> None:
    result = repair_svg(svg.encode(), allow=["mask"])
    assert not result.changed or result.unproven == "misread"
    assert not (result.changed and result.proven)
