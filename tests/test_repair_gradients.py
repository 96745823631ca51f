from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import after, assert_same_picture, job_for, logo

from bimikit.svg.repair.gradient_frames import fold_gradient_transforms
from bimikit.svg.repair.gradient_spread import fold_spread
from bimikit.svg.repair.gradients import place_gradients, resolve_templates
from bimikit.svg.repair.job import Job
from bimikit.svg.repair.tree import write

STEPS = (resolve_templates, place_gradients, fold_gradient_transforms, fold_spread)
STOPS = '<stop offset=".1" stop-color="#ff0000"/><stop offset=".6" stop-color="#00ff00"/><stop offset="1" stop-color="#0000ff"/>'
SQUARE = '<rect width="100" height="100" fill="url(#g)"/>'
WIDE = '<rect x="5" y="30" width="90" height="40" rx="8" fill="url(#g)"/>'
CURVE = '<path d="M10 10C190 0 190 100 10 90Z" fill="url(#g)"/>'
TEMPLATES = re.compile(r'<[a-z]+Gradient id="[tu]"[^>]*>')
LEFT_OVER = re.compile(r"href|gradientTransform|spreadMethod|\bf[xyr]=")


def all_steps(job: Job) -> None:
    for step in STEPS:
        job.step = step.__name__
        step(job)


def told(job: Job) -> list[str]:
    return [mark.what for mark in job.changes]


def refused(job: Job) -> list[str]:
    return [mark.what for mark in job.declined]


def linear(attributes: str = "", stops: str = STOPS, ident: str = "g") -> str:
    return f'<linearGradient id="{ident}" {attributes}>{stops}</linearGradient>'


def radial(attributes: str = "", stops: str = STOPS, ident: str = "g") -> str:
    return f'<radialGradient id="{ident}" {attributes}>{stops}</radialGradient>'


USER = 'gradientUnits="userSpaceOnUse"'
SAME = {
    "stops from another": linear('xlink:href="#t"', "") + linear(ident="t") + SQUARE,
    "stops through two": linear('href="#t"', "") + radial('href="#u"', "", "t") + linear(ident="u") + SQUARE,
    "coordinates from another": linear('href="#t"') + linear('x1=".5" x2=".7"', "", "t") + SQUARE,
    "focus from another": radial('href="#t" cx=".4" cy=".4"') + radial('fx=".4" fy=".4"', "", "t") + SQUARE,
    "spread from another kind": linear('href="#t" x2=".3"')
    + radial('spreadMethod="reflect"', "", "t")
    + SQUARE,
    "href over xlink:href": linear('xlink:href="#t" href="#u"')
    + linear('x2=".3"', "", "t")
    + linear('x1=".6"', "", "u")
    + SQUARE,
    "itself": linear('href="#g"') + SQUARE,
    "circle": linear('href="#t" x2=".5"', "") + linear('href="#g" y2=".5"', ident="t") + SQUARE,
    "missing template": linear('href="#t"') + SQUARE,
    "template of another sort": linear('href="#t"') + '<path id="t"/>' + SQUARE,
    "colour of the template's place": '<g color="#ff00ff">'
    + linear("", '<stop stop-color="currentColor"/><stop offset="1" stop-color="#fff"/>', "t")
    + "</g>"
    + linear('href="#t"', "")
    + SQUARE,
    "inherited stop colour": linear('stop-color="#ff00ff"', '<stop stop-color="inherit"/><stop offset="1"/>', "t")
    + linear('href="#t"', "")
    + SQUARE,
    "percent offsets": linear("", '<stop offset="20%" stop-color="red"/><stop offset="150%" stop-color="blue"/>') + SQUARE,
    "falling offsets": linear(
        "", '<stop offset="60%" stop-color="red"/><stop offset="30%" stop-color="lime"/><stop offset="1" stop-color="blue"/>'
    )
    + SQUARE,
    "animated stop": linear("", STOPS.replace("/>", '><animate attributeName="offset" dur="1s"/></stop>', 1)) + SQUARE,
    "stop in a group": linear("", f"<g>{STOPS}</g>") + SQUARE,
    "no stops": linear("", "") + SQUARE,
    "missing, fallback": '<g fill="url(#g) #00ff00"><rect width="50" height="50"/></g>',
    "missing gradient": SQUARE,
    "a path for a gradient": '<path id="g" d="M0 0h1"/>' + SQUARE,
    "one stop, transformed": linear('gradientTransform="rotate(30)"', '<stop stop-color="red" stop-opacity=".5"/>') + SQUARE,
    "percent of box": linear('x1="10%" y1="20%" x2="70%" y2="90%"') + WIDE,
    "percent of drawing": linear(f'{USER} x1="10%" y1="20%" x2="70%" y2="90%"') + WIDE,
    "percent radius": radial(f'{USER} cx="50%" r="30%"') + WIDE,
    "initial values in user space": radial(USER) + linear(USER, ident="h") + WIDE,
    "unknown units": linear('gradientUnits="foo"') + WIDE,
    "coordinates of the other kind": linear('cx="3" x2=".4" r="2"') + WIDE,
    "focus at the centre": radial('cx=".3" cy=".4" fx=".3" fy=".4"') + SQUARE,
    "focus hardly off": radial('fx=".502"') + SQUARE,
    "inner circle": radial('fr="20%"') + SQUARE,
    "no inner circle": radial('fr="0"') + SQUARE,
    "linear, user space": linear(f'{USER} x1="10" y1="20" x2="70" y2="60" gradientTransform="rotate(20 50 50) skewX(30) scale(1 .5)"')
    + SQUARE,
    "linear, box": linear('gradientTransform="rotate(20 .5 .5) skewX(30)"') + WIDE,
    "linear, box, reversed": linear('x1="1" x2="0" gradientTransform="matrix(0 1 -1 0 1 0)"') + CURVE,
    "linear, no length": linear('x2="0" gradientTransform="scale(2 3) skewX(3)"') + WIDE,
    "radial, turned": radial(f'{USER} cx="40" cy="50" r="30" gradientTransform="translate(10 -5) rotate(30) scale(1.2)"') + SQUARE,
    "radial, mirrored": radial('cx=".4" gradientTransform="matrix(0 -1 -1 0 1 1)"') + WIDE,
    "ellipse, user space": radial(f'{USER} cx="40" cy="50" r="30" gradientTransform="rotate(20) scale(1 .5) translate(10 50)"')
    + SQUARE,
    "ellipse, box": radial('gradientTransform="translate(.2 .1) rotate(40) scale(1 .4)"') + WIDE,
    "ellipse, box, curve": radial('gradientTransform="translate(.2 .1) rotate(40) scale(1 .4)"') + CURVE,
    "ellipse that is round in its box": radial('gradientTransform="translate(.5 .5) scale(1 2.25) translate(-.5 -.5)"') + WIDE,
    "ellipse, transformed shape": radial('gradientTransform="skewX(40)"')
    + WIDE.replace("/>", ' transform="rotate(20 50 50) scale(.8)"/>'),
    "ellipse, stroke of a colour": radial('gradientTransform="skewX(40)"')
    + WIDE.replace("/>", ' stroke="#000000" stroke-width="6"/>'),
    "ellipse, opacity and stroke": radial('gradientTransform="skewX(40)"')
    + WIDE.replace("/>", ' stroke="#000000" stroke-width="6" opacity=".5"/>'),
    "ellipse, stroked with it": radial('gradientTransform="skewX(40)"')
    + '<circle cx="50" cy="50" r="35" fill="#ffff00" stroke="url(#g)" stroke-width="12" stroke-opacity=".7" stroke-dasharray="20 9"/>',
    "ellipse, both with it": radial('gradientTransform="skewX(40)"')
    + '<g fill="url(#g)" stroke="url(#g)" fill-rule="evenodd"><path stroke-width="4" d="M10 10H90V90H10ZM30 30H70V70H30Z"/></g>',
    "ellipse, in a group": radial('gradientTransform="skewX(40)"')
    + '<g fill="url(#g)" transform="rotate(9)" opacity=".8"><rect width="50" height="30"/><ellipse cx="60" cy="70" rx="30" ry="10"/></g>',
    "ellipse, small drawing": f'<g transform="scale(100)">{radial(USER + " cx=" + chr(34) + ".4" + chr(34) + " cy=" + chr(34) + ".5" + chr(34) + " r=" + chr(34) + ".3" + chr(34) + " gradientTransform=" + chr(34) + "scale(1 .6)" + chr(34))}'
    '<circle cx=".5" cy=".5" r=".4" fill="url(#g)" stroke="url(#g)" stroke-width=".1"/></g>',
    "ellipse on a line": radial('gradientTransform="skewX(40)"')
    + '<line x1="10" y1="50" x2="90" y2="50" stroke="url(#g)" stroke-width="9"/>',
    "ellipse, repeated": radial('r=".2" spreadMethod="repeat" gradientTransform="skewX(40)"') + WIDE,
    "ellipse, paint through a use": f'{radial(USER + " cx=" + chr(34) + "50" + chr(34) + " cy=" + chr(34) + "50" + chr(34) + " r=" + chr(34) + "50" + chr(34))}<defs><rect id="r" width="60" height="60"/></defs><use href="#r" fill="url(#g)"/>',
    "pad": linear('x2=".5" spreadMethod="pad"') + SQUARE,
    "repeat within its length": linear('spreadMethod="repeat"') + SQUARE,
    "repeat": linear('x1=".4" x2=".6" y2=".1" spreadMethod="repeat"') + SQUARE,
    "reflect": linear('x1=".4" x2=".6" y2=".1" spreadMethod="reflect"') + WIDE,
    "reflect in user space": linear(f'{USER} x1="40" x2="60" y2="5" spreadMethod="reflect"')
    + '<rect width="30" height="90" fill="url(#g)"/><circle cx="70" cy="60" r="20" fill="none" stroke="url(#g)" stroke-width="20"/>',
    "repeat, transformed": linear('x2=".3" spreadMethod="repeat" gradientTransform="rotate(30) skewX(20)"') + WIDE,
    "repeat, round": radial('r=".2" spreadMethod="repeat"') + WIDE,
    "reflect, round": radial(f'{USER} cx="20" cy="30" r="15" spreadMethod="reflect"') + SQUARE,
}  # fmt: skip


@pytest.mark.parametrize("body", SAME.values(), ids=SAME.keys())
def test_gradients_are_written_out_without_a_change_to_the_picture(body: str) -> None:
    before = logo(body)
    result, job = after(all_steps, before)
    assert not refused(job)
    of_use = TEMPLATES.sub("", result.replace("xmlns:xlink", "").replace('<use href="', ""))
    assert not LEFT_OVER.search(of_use)
    rough = "stroke=" in body  # resvg's own strokes are rough where they are small
    assert_same_picture(before, result, block=3, mean=1.3 if rough else 0.3)


@pytest.mark.parametrize("body", SAME.values(), ids=SAME.keys())
def test_a_second_run_finds_nothing_to_do(body: str) -> None:
    once, _ = after(all_steps, logo(body))
    twice, job = after(all_steps, once)
    assert twice == once
    assert not told(job)


LEGAL = {
    "box": linear('x1=".2" x2="1"') + SQUARE,
    "user space": linear(f'{USER} x1="2" y1="0" x2="50" y2="9"') + radial(f'{USER} cx="1" cy="2" r="3"', ident="h") + SQUARE,
    "one stop": linear("", '<stop offset="0" stop-color="#ff0000"/>') + SQUARE,
    "offsets out of order": linear("", '<stop offset=".6"/><stop offset=".2" stop-color="currentColor"/>') + SQUARE,
    "solid": '<solidColor id="g" solid-color="#ff0000"/>' + SQUARE,
    "fallback": linear() + '<rect width="9" height="9" fill="url(#g) #ff0000"/>',
}  # fmt: skip


@pytest.mark.parametrize("body", LEGAL.values(), ids=LEGAL.keys())
def test_what_is_legal_stays_as_it_is(body: str) -> None:
    result, job = after(all_steps, logo(body))
    assert result == write(job_for(logo(body)).root)
    assert not told(job)
    assert not refused(job)


ELLIPSE = radial('gradientTransform="skewX(40)"')
REFUSED = {
    "focus off the centre": (radial('fx=".2"') + SQUARE, "gradient.focus"),
    "inner circle as large": (radial('fr=".5"') + SQUARE, "gradient.focus"),
    "transform to a line": (linear('gradientTransform="scale(1 0)"') + SQUARE, "gradient.transform-flat"),
    "no transform": (linear('gradientTransform="turn(3)"') + SQUARE, "gradient.transform-unreadable"),
    "no number": (linear('x2="foo"') + SQUARE, "gradient.coordinate"),
    "text": (ELLIPSE + '<text fill="url(#g)">A</text>', "gradient.text"),
    "clipped": (ELLIPSE + SQUARE.replace("/>", ' clip-path="url(#c)"/>'), "gradient.effects"),
    "in copies": (ELLIPSE + '<defs><path id="p" d="M0 0h9v9z"/></defs><use href="#p" fill="url(#g)"/>', "gradient.used-in-copies"),
    "transform of a template": (linear('href="#t"', "") + linear('gradientTransform="rotate(9)"', ident="t") + SQUARE, "gradient.template-transform"),
    "very flat": (radial('gradientTransform="scale(1 .00001)"') + SQUARE, "gradient.too-flat"),
    "bad path": (ELLIPSE + '<path d="M0 0h9v9zL" fill="url(#g)"/>', "gradient.shape-unreadable"),
    "many periods": (linear('x2=".001" spreadMethod="repeat"') + SQUARE, "gradient.spread-many"),
    "text repeated": (linear('x2=".2" spreadMethod="repeat"') + '<text fill="url(#g)">A</text>', "gradient.spread-extent"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_exact_is_declined(body: str, reason: str) -> None:
    result, job = after(all_steps, logo(body))
    assert refused(job) == [reason]
    assert_same_picture(logo(body), result)


def test_one_gradient_serves_shapes_of_several_sizes() -> None:
    shapes = '<path id="g-2" d="M0 0"/><rect width="50" height="20" fill="url(#g)"/><rect y="50" width="50" height="20" fill="url(#g)"/><rect y="80" width="90" height="9" fill="url(#g)"/>'
    result, job = after(all_steps, logo(ELLIPSE + shapes))
    assert told(job) == ["gradient.transform-to-shape"] * 3
    assert re.findall(r'Gradient id="([^"]*)"', result) == ["g-3", "g-4", "g-5"]
    assert_same_picture(logo(ELLIPSE + shapes), result)


def test_a_gradient_in_user_space_stays_one_for_all_its_shapes() -> None:
    body = radial(f'{USER} cx="50" cy="50" r="50" gradientTransform="scale(1 .5)"') + SQUARE + WIDE + CURVE
    result, _ = after(all_steps, logo(body))
    assert re.findall(r'Gradient id="([^"]*)"', result) == ["g-2"]


def test_an_undone_shape_stays_as_it_is() -> None:
    text = logo(ELLIPSE + SQUARE + WIDE)
    job = job_for(text, undone={("fold_gradient_transforms", 5)})
    all_steps(job)
    assert told(job) == ["gradient.transform-to-shape"]
    assert not refused(job)
    assert_same_picture(text, write(job.root))


_NUMBERS = st.floats(-2, 2).map(lambda number: round(number, 3))


@settings(max_examples=40, deadline=None)
@given(matrix=st.tuples(*[_NUMBERS] * 6), kind=st.sampled_from(("linear", "radial")), box=st.booleans())
def test_any_transform_is_folded_or_declined(matrix: tuple[float, ...], kind: str, box: bool) -> None:
    a, b, c, d, e, f = matrix
    if abs(a * d - b * c) < 0.02:
        return
    scale = 1 if box else 80
    transform = f'gradientTransform="matrix({a} {b} {c} {d} {e * scale} {f * scale})"'
    units = (
        ""
        if box
        else f"{USER} " + ('x1="20" y1="30" x2="80" y2="60"' if kind == "linear" else 'cx="30" cy="40" r="40"')
    )
    gradient = {"linear": linear, "radial": radial}[kind](f"{units} {transform}")
    before = logo(gradient + WIDE)
    result, job = after(all_steps, before)
    assert not refused(job)
    assert_same_picture(before, result, block=3)


HOSTILE = {
    "long chain": "".join(linear(f'href="#g{number + 1}"', "", f"g{number}") for number in range(20_000)) + SQUARE,
    "many of one's stops": linear("", STOPS * 300, "t") + "".join(linear('href="#t"', "", f"g{n}") for n in range(3_000)),
    "many strays": linear("", "<set/>" * 30_000) + SQUARE,
    "uses of uses": ELLIPSE
    + "".join(f'<g id="u{n}"><use href="#u{n + 1}"/><use href="#u{n + 1}" fill="url(#g)"/></g>' for n in range(40))
    + '<path id="u40" d="M0 0h9v9z"/>',
    "many ellipses": ELLIPSE + '<rect width="3" height="4" fill="url(#g)"/>' * 20_000,
    "absurd numbers": radial(f'{USER} cx="9e9" cy="1e300" r="1e-30" gradientTransform="scale(1e9 1e-9) skewX(90)" spreadMethod="repeat"')
    + SQUARE,
    "huge shape": ELLIPSE + '<rect width="1e30" height="1e-30" fill="url(#g)" stroke="url(#g)" stroke-width="1e20"/>',
    "empty values": '<radialGradient id="" href="" cx="" gradientTransform="" spreadMethod=""/><path d="" fill="url(#)" paint-order=""/>',
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_drawings_are_done_in_good_time(body: str) -> None:
    started = time.monotonic()
    after(all_steps, logo(body))
    assert time.monotonic() - started < 60
