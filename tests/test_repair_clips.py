"""Clip paths and masks become geometry, and the picture stays."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathops import Path
from repairing import after, assert_same_picture, difference, job_for, logo

from bimikit.svg.repair.clips import resolve_clips
from bimikit.svg.repair.cutting import cut
from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.masks import resolve_masks
from bimikit.svg.repair.tree import Node, write

QUANTUM = 0.4
"""Percent: one step of the 255 that a mean is measured in, of which a small picture's edges alone make one."""
CIRCLE = '<clipPath id="c"><circle cx="50" cy="50" r="30"/></clipPath>'
GRADIENT = '<linearGradient id="a"><stop stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>'
RADIAL = '<radialGradient id="a" fx=".3" gradientTransform="rotate(20)"><stop stop-color="#f00"/><stop offset="1" stop-color="#00f"/></radialGradient>'
TEXT = '<text x="10" y="50">A</text>'


def masks_and_clips(job: Job) -> None:
    resolve_masks(job)
    resolve_clips(job)


def in_definition(node: Node) -> bool:
    return any(above.name == "clipPath" for above in (node, *node.ancestors()))


CLIPPED = {
    "rect-by-circle": CIRCLE + '<rect width="60" height="60" fill="#f00" clip-path="url(#c)"/>',
    "all-inside": CIRCLE + '<rect x="40" y="40" width="9" height="9" clip-path="url(#c)"/>',
    "all-outside": CIRCLE + '<rect width="9" height="9" clip-path="url(#c)"/><rect x="80" width="9" height="9"/>',
    "stroke-and-fill": CIRCLE
    + '<rect width="60" height="60" fill="#f00" stroke="#00f" stroke-width="8" stroke-opacity=".5" clip-path="url(#c)"/>',
    "only-the-stroke-is-cut": CIRCLE
    + '<circle cx="50" cy="50" r="28" fill="#f00" stroke="#00f" stroke-width="8" clip-path="url(#c)"/>',
    "stroke-first": CIRCLE
    + '<rect width="60" height="60" fill="#f00" stroke="#00f" stroke-width="8" paint-order="stroke" clip-path="url(#c)"/>',
    "dashes": CIRCLE
    + '<path d="M0 50H100" stroke="#080" stroke-width="9" stroke-dasharray="7 3" stroke-dashoffset="2" clip-path="url(#c)"/>',
    "opacity-of-the-whole": CIRCLE
    + '<rect width="60" height="60" fill="#f00" stroke="#00f" stroke-width="8" opacity=".5" clip-path="url(#c)"/>',
    "group": CIRCLE
    + '<g fill="#080" clip-path="url(#c)"><rect width="60" height="60"/><circle cx="50" cy="50" r="9"/></g>',
    "turned-group": CIRCLE
    + '<g clip-path="url(#c)" transform="rotate(20 50 50) scale(.8)"><path transform="skewX(9)" d="M0 40H100V60H0z"/></g>',
    "nested": CIRCLE
    + '<clipPath id="d"><rect width="50" height="100"/></clipPath>'
    + '<g clip-path="url(#d)"><g clip-path="url(#c)"><rect width="100" height="100" fill="#08f"/></g></g>',
    "clip-on-clip": '<clipPath id="d"><rect width="50" height="100"/></clipPath>'
    + CIRCLE.replace('id="c"', 'id="c" clip-path="url(#d)"')
    + '<rect width="100" height="100" clip-path="url(#c)"/>',
    "clip-on-child": '<clipPath id="d"><rect width="50" height="100"/></clipPath>'
    + CIRCLE.replace("r=", 'clip-path="url(#d)" r=')
    + '<rect width="100" height="100" clip-path="url(#c)"/>',
    "box-units": '<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".5"/></clipPath>'
    '<g clip-path="url(#c)"><rect x="20" y="10" width="60" height="60"/><path d="M10 50H90" stroke="#0f0" stroke-width="12"/></g>',
    "box-units-in-box-units": '<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".5"/></clipPath>'
    '<g clip-path="url(#c)"><rect x="10" width="60" height="40" clip-path="url(#c)"/><rect y="50" width="90" height="40"/></g>',
    "transforms": '<clipPath id="c" transform="translate(10 5)"><rect width="40" height="40" transform="rotate(20)"/></clipPath>'
    '<rect width="100" height="100" clip-path="url(#c)"/>',
    "two-children": '<clipPath id="c"><circle cx="30" cy="50" r="25"/><circle cx="60" cy="50" r="25"/></clipPath>'
    '<rect width="100" height="100" clip-path="url(#c)"/>',
    "clip-rule": '<clipPath id="c"><path clip-rule="evenodd" d="M10 10H90V90H10zM30 30H70V70H30z"/></clipPath>'
    '<rect width="100" height="100" clip-path="url(#c)"/>',
    "use": '<defs><rect id="s" width="40" height="90"/></defs><clipPath id="c"><use href="#s" x="20"/></clipPath>'
    '<rect width="100" height="50" clip-path="url(#c)"/><use href="#s" y="60" clip-path="url(#c)"/>',
    "used": CIRCLE
    + '<defs><g id="s" clip-path="url(#c)"><rect width="60" height="60"/></g></defs><use href="#s" x="20" fill="#f00"/>',
    "hidden-children": '<clipPath id="c"><rect width="50" height="90" display="none"/><rect width="30" height="99"/></clipPath>'
    '<rect width="100" height="100" clip-path="url(#c)"/>',
    "empty": '<clipPath id="c"/><rect width="50" height="50" clip-path="url(#c)"/><rect x="60" width="9" height="9"/>',
    "missing": '<rect width="50" height="50" clip-path="url(#none)"/>',
    "linear-gradient": GRADIENT + CIRCLE + '<rect width="60" height="70" fill="url(#a)" clip-path="url(#c)"/>',
    "radial-gradient": RADIAL + CIRCLE + '<rect width="60" height="70" fill="url(#a)" clip-path="url(#c)"/>',
    "gradient-stroke": GRADIENT
    + CIRCLE
    + '<rect x="9" y="9" width="50" height="60" fill="none" stroke="url(#a)" stroke-width="9" clip-path="url(#c)"/>',
    "root": '<clipPath id="c"><rect width="30" height="30"/></clipPath><g clip-path="url(#c)"><rect width="50" height="50"/></g>',
}
"""Bodies whose clip paths can all be resolved."""

MASKED = {
    "white": '<mask id="m"><circle cx="50" cy="50" r="30" fill="#fff"/></mask><rect width="60" height="60" mask="url(#m)"/>',
    "white-from-the-mask": '<mask id="m" fill="#fff"><use href="#s"/></mask><defs><circle id="s" cx="50" cy="50" r="30"/></defs>'
    '<g mask="url(#m)"><rect width="60" height="60" fill="#f00"/><use href="#s" fill="#00f" x="20"/></g>',
    "white-stroke": '<mask id="m"><circle cx="50" cy="50" r="30" fill="#fff" stroke="#fff" stroke-width="10"/></mask>'
    '<rect width="60" height="60" mask="url(#m)"/>',
    "black-on-white": '<mask id="m"><rect width="100" height="100" fill="#fff"/><circle cx="50" cy="50" r="20"/></mask>'
    '<rect width="90" height="60" mask="url(#m)"/>',
    "white-on-black-on-white": '<mask id="m"><rect width="99" height="99" fill="#fff"/><circle cx="50" cy="50" r="30"/>'
    '<circle cx="50" cy="50" r="9" fill="#fff"/></mask><rect width="90" height="90" mask="url(#m)"/>',
    "grey": '<mask id="m"><circle cx="50" cy="50" r="30" fill="#777"/></mask><rect width="60" height="60" mask="url(#m)"/>',
    "blue-half": '<mask id="m"><circle cx="50" cy="50" r="30" fill="#0cf" fill-opacity=".5"/></mask>'
    '<rect width="60" height="60" mask="url(#m)"/>',
    "alpha": '<mask id="m" mask-type="alpha"><circle cx="50" cy="50" r="30"/><circle cx="20" cy="50" r="9" fill="#fff"/></mask>'
    '<rect width="60" height="60" mask="url(#m)"/>',
    "alpha-by-style": '<mask id="m" style="mask-type:alpha"><circle cx="50" cy="50" r="30"/></mask>'
    '<rect width="60" height="60" mask="url(#m)"/>',
    "area": '<mask id="m" x="0" y="0" width=".5" height="1"><rect width="100" height="100" fill="#fff"/></mask>'
    '<rect width="60" height="60" mask="url(#m)"/>',
    "area-in-user-space": '<mask id="m" maskUnits="userSpaceOnUse" x="10" y="20%" width="30" height="30%">'
    '<rect width="100" height="100" fill="#fff"/></mask><rect width="60" height="60" mask="url(#m)"/>',
    "content-units": '<mask id="m" maskContentUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".5" fill="#fff"/></mask>'
    '<rect x="9" width="80" height="60" mask="url(#m)"/>',
    "default-area-cuts-a-stroke": '<mask id="m"><rect width="100" height="100" fill="#fff"/></mask>'
    '<rect x="30" y="30" width="40" height="40" stroke="#f00" stroke-width="30" mask="url(#m)"/>',
    "clipped-too": CIRCLE
    + '<mask id="m"><rect width="50" height="100" fill="#fff"/></mask><rect width="90" height="90" clip-path="url(#c)" mask="url(#m)"/>',
    "clipped-inside": CIRCLE
    + '<mask id="m"><g clip-path="url(#c)"><rect width="50" height="100" fill="#fff"/></g></mask><rect width="90" height="90" mask="url(#m)"/>',
    "masked-inside": '<mask id="k"><circle cx="50" cy="50" r="30" fill="#fff"/></mask>'
    '<mask id="m"><rect width="50" height="100" fill="#fff" mask="url(#k)"/></mask><rect width="90" height="90" mask="url(#m)"/>',
    "nested": '<mask id="k"><circle cx="50" cy="50" r="30" fill="#fff"/></mask><mask id="m"><rect width="50" height="100" fill="#fff"/></mask>'
    '<g mask="url(#k)"><rect width="90" height="90" mask="url(#m)"/></g>',
    "faded": '<mask id="m"><circle cx="50" cy="50" r="30" fill="#777"/></mask><rect width="60" height="60" opacity=".5" mask="url(#m)"/>',
    "missing": '<rect width="60" height="60" mask="url(#m)"/>',
    "nothing": '<mask id="m"/><rect width="60" height="60" mask="url(#m)"/><rect x="70" width="9" height="9"/>',
}
"""Bodies whose masks are really clips."""


@pytest.mark.parametrize("body", CLIPPED.values(), ids=CLIPPED)
def test_clips_become_geometry(body: str) -> None:
    before = logo(body)
    text, job = after(resolve_clips, before)
    assert not any("clip-path" in node.attributes for node in job.root.walk() if not in_definition(node))
    assert not job.declined
    assert_same_picture(before, text, mean=QUANTUM)
    again, second = after(resolve_clips, text)
    assert again == text
    assert not second.changes


@pytest.mark.parametrize("body", MASKED.values(), ids=MASKED)
def test_masks_that_are_clips_become_geometry(body: str) -> None:
    before = logo(body)
    text, job = after(resolve_masks, before)
    assert not job.declined
    assert_same_picture(before, text, mean=QUANTUM)
    text, job = after(masks_and_clips, before)
    assert " mask=" not in text
    assert not job.declined
    assert_same_picture(before, text, mean=QUANTUM)


DECLINED = {
    "text": (CIRCLE + f'<g clip-path="url(#c)"><rect width="60" height="60"/>{TEXT}</g>', "clip.text"),
    "clipped-by-text": (f'<clipPath id="c">{TEXT}</clipPath><rect width="9" height="9" clip-path="url(#c)"/>', "clip.text"),
    "filter": (
        CIRCLE + '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>'
        '<g clip-path="url(#c)"><rect width="60" height="60" filter="url(#f)"/></g>',
        "clip.filter",
    ),
    "pattern": (
        CIRCLE + '<pattern id="p" width="9" height="9"/><rect width="60" height="60" fill="url(#p)" clip-path="url(#c)"/>',
        "clip.paint",
    ),
    "circle": ('<clipPath id="c" clip-path="url(#c)"><rect width="9" height="9"/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>', "clip.circle"),
    "shape-function": ('<rect width="9" height="9" clip-path="circle(3px)"/>', "clip.target"),
    "not-a-clip": ('<g id="c"/><rect width="9" height="9" clip-path="url(#c)"/>', "clip.target"),
    "flat": (
        ('<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath>'
        '<path d="M0 9H9" stroke="#000" clip-path="url(#c)"/>'),
        "clip.flat",
    ),
    "shaded-mask": (
        GRADIENT + '<mask id="m"><rect width="60" height="60" fill="url(#a)"/></mask><rect width="60" height="60" mask="url(#m)"/>',
        "mask.shaded",
    ),
    "two-greys": (
        ('<mask id="m"><rect width="60" height="60" fill="#777"/><rect width="30" height="60" fill="#fff"/></mask>'
        '<rect width="60" height="60" mask="url(#m)"/>'),
        "mask.shaded",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "what"), DECLINED.values(), ids=DECLINED)
def test_what_cannot_be_exact_is_left_alone(body: str, what: str) -> None:
    before = logo(body)
    text, job = after(masks_and_clips, before)
    assert [mark.what for mark in job.declined] == [what]
    assert not job.changes
    assert text == write(job_for(before).root)


def test_a_mask_is_removed_with_the_owners_consent() -> None:
    body, _what = DECLINED["shaded-mask"]
    text, job = after(resolve_masks, logo(body), Wishes(allow=frozenset({"mask"})))
    assert " mask=" not in text
    assert [(mark.what, mark.visible) for mark in job.changes] == [("mask.removed", True)]
    assert not job.declined


def test_what_fits_inside_keeps_its_form() -> None:
    text, job = after(
        resolve_clips, logo(CIRCLE + '<g clip-path="url(#c)"><rect x="40" y="40" width="9" height="9"/></g>')
    )
    assert '<rect x="40" y="40" width="9" height="9"/>' in text
    assert [mark.what for mark in job.changes] == ["clip.dropped"]


def test_a_clip_as_large_as_the_canvas_still_cuts_what_reaches_beyond_it() -> None:
    before = logo(
        '<clipPath id="c"><path d="M0 0H100V100H0z"/></clipPath><circle cx="90" cy="90" r="30" clip-path="url(#c)"/>'
    )
    text, _job = after(resolve_clips, before)
    larger = 'viewBox="-50 -50 200 200"'
    assert_same_picture(before.replace('viewBox="0 0 100 100"', larger), text.replace('viewBox="0 0 100 100"', larger))


@pytest.mark.parametrize("side", [1, 24, 1000, 100_000])
def test_curves_stay_true_at_any_scale(side: float) -> None:
    k = side / 100
    body = (
        f'<clipPath id="c"><circle cx="{50 * k}" cy="{50 * k}" r="{30 * k}"/></clipPath><g clip-path="url(#c)" fill="#08f">'
        f'<path d="M0 {40 * k}C{30 * k} {90 * k} {60 * k} {-20 * k} {100 * k} {60 * k}V{100 * k}H0z"/></g>'
    )
    before = logo(body).replace("0 0 100 100", f"0 0 {side} {side}")
    text, job = after(resolve_clips, before)
    assert [mark.what for mark in job.changes] == ["clip.cut"]
    assert difference(before, text, 1024)[0] < 0.8


def test_layers_cut_at_one_edge_do_not_shine_through_one_another() -> None:
    layers = "".join(f'<rect width="100" height="100" fill="{colour}"/>' for colour in ("#fff", "#000", "#f80", "#fff"))
    dark = '<rect width="40" height="100" fill="#013"/>'
    before = logo(CIRCLE + f'<g clip-path="url(#c)">{layers}{dark}</g>')
    text, _job = after(resolve_clips, before)
    assert text.count("<path") == 2
    assert_same_picture(before, text, block=1.0)


def test_stripes_that_lead_skia_astray_are_cut_right() -> None:
    stripes = "".join(
        f"M{-56.593 + 7.739 * n:.3f} {60.854 + 7.739 * n:.3f}l91.05-91.05.455.455-91.05 91.05z" for n in range(10)
    )
    before = logo(
        '<clipPath id="c"><circle cx="64.382" cy="64.382" r="64.382"/></clipPath>'
        f'<path d="{stripes}" clip-path="url(#c)"/>'
    ).replace("0 0 100 100", "0 0 129 129")
    text, job = after(resolve_clips, before)
    assert not job.declined
    assert_same_picture(before, text)


def test_cutting_leaves_the_original_alone() -> None:
    job = job_for(logo('<g id="a"><rect width="200" height="50"/><rect width="9" height="9"/></g>' + TEXT))
    before = write(job.root)
    edge = Path()
    for index, point in enumerate([(0, 0), (100, 0), (100, 100), (0, 100)]):
        (edge.lineTo if index else edge.moveTo)(*point)
    edge.close()
    group, text = job.root.elements
    made = cut(group, edge)
    assert write(job.root) == before
    assert made is not None
    assert [child.name for child in made[0].elements] == ["path", "rect"]
    assert cut(text, edge) is None
    assert cut(group.elements[1], edge) == [group.elements[1]]


def test_an_undone_clip_is_left() -> None:
    before = logo(CLIPPED["rect-by-circle"])
    job = job_for(before, undone={("clips", 3)})
    job.step = "clips"
    resolve_clips(job)
    assert not job.changes
    assert " clip-path=" in write(job.root)


_NUMBER = st.integers(0, 100)
_SHAPES = st.one_of(
    st.builds(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>'.format,
        _NUMBER,
        _NUMBER,
        _NUMBER,
        _NUMBER,
        st.integers(0, 20),
    ),
    st.builds('<circle cx="{}" cy="{}" r="{}"/>'.format, _NUMBER, _NUMBER, st.integers(1, 60)),
    st.lists(st.tuples(_NUMBER, _NUMBER), min_size=3, max_size=9).map(
        lambda points: '<path fill="#08f" clip-rule="evenodd" d="M{}z"/>'.format(
            "L".join(f"{x} {y}" for x, y in points)
        )
    ),
    st.lists(_NUMBER, min_size=8, max_size=8).map(
        lambda n: '<path fill="#f80" d="M{} {}C{} {} {} {} {} {}z"/>'.format(*n)
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_SHAPES, min_size=1, max_size=3), st.lists(_SHAPES, min_size=1, max_size=4), st.integers(0, 359))
def test_any_shapes_clipped_by_any_shapes_look_the_same(clips: list[str], shapes: list[str], angle: int) -> None:
    before = logo(
        f'<clipPath id="c" transform="rotate({angle} 50 50)">{"".join(clips)}</clipPath><g clip-path="url(#c)">{"".join(shapes)}</g>'
    )
    text, _job = after(resolve_clips, before)
    worst, _mean = difference(before, text, 256)
    assert worst <= 4.0


HOSTILE = {
    "deep": "<g>" * 900 + '<path clip-path="url(#c)" d="M0 0H99V99z"/>' + "</g>" * 900,
    "deep-clips": '<g clip-path="url(#c)">' * 900 + '<rect width="99" height="99"/>' + "</g>" * 900,
    "many-leaves": '<g clip-path="url(#c)">' + '<rect width="60" height="60"/>' * 20_000 + "</g>",
    "many-clips": '<rect width="60" height="60" clip-path="url(#c)"/>' * 5_000,
    "absurd-numbers": '<rect width="1e38" height="1e38" clip-path="url(#c)"/><path d="M1e30 1e30L-1e30 0z" clip-path="url(#c)"/>'
    '<rect width="nan" height="inf" clip-path="url(#c)"/><rect width="9" height="9" transform="scale(0)" clip-path="url(#c)"/>',
    "tiny-dashes": '<path d="M0 0H99999" stroke="#000" stroke-dasharray=".0001" clip-path="url(#c)"/>',
    "use-bomb": "".join(f'<g id="u{n}"><use href="#u{n + 1}"/><use href="#u{n + 1}"/></g>' for n in range(30))
    + '<rect id="u30" width="9" height="9"/><use href="#u0" clip-path="url(#c)"/>',
    "broken": '<rect clip-path="url(" width="9" height="9"/><rect clip-path="url()" mask="url(#)" width="9" height="9"/>'
    '<g clip-path="url(#c)" transform="bad(1)"><rect width="9" height="9"/></g><svg clip-path="url(#c)"/><switch clip-path="url(#c)"/>',
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_done_with_soon(body: str) -> None:
    started = time.process_time()
    after(masks_and_clips, logo(CIRCLE + body))
    assert time.process_time() - started < 60


def test_thousands_of_crossings_are_not_worked_out() -> None:
    chance = random.Random(1)  # noqa: S311
    tangle = "M" + "L".join(f"{chance.random() * 100:.3f} {chance.random() * 100:.3f}" for _ in range(4000))
    started = time.process_time()
    _text, job = after(
        resolve_clips, logo(f'<clipPath id="c"><path d="{tangle}"/></clipPath><path d="{tangle}" clip-path="url(#c)"/>')
    )
    assert [mark.what for mark in job.declined] == ["clip.too-complex"]
    assert time.process_time() - started < 60
