"""Opacity goes to fills and strokes, paint order to the order of elements, and idle effects go away."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import after, assert_same_picture, difference, job_for, logo

from bimikit.svg.repair.blends import drop_blends
from bimikit.svg.repair.job import Wishes
from bimikit.svg.repair.opacity import fold_opacity, order_paints
from bimikit.svg.repair.tree import write

QUANTUM = 0.4
BLEND = Wishes(allow=frozenset({"blend"}))
FILTER = Wishes(allow=frozenset({"filter"}))
GRADIENT = '<linearGradient id="a"><stop stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>'
RED, BLUE = '<rect width="60" height="60" fill="#f00"/>', '<circle cx="60" cy="60" r="30" fill="#00f"/>'

FOLDED = {
    "fill": ('<rect width="60" height="60" opacity=".5"/>', "opacity.folded"),
    "fill-with-opacity": ('<rect width="60" height="60" fill-opacity=".5" opacity="50%"/>', "opacity.folded"),
    "inherited-fill-opacity": ('<g fill-opacity=".5"><rect width="60" height="60" opacity=".5"/></g>', "opacity.folded"),
    "stroke": (
        '<path d="M9 9H90V90" fill="none" stroke="#f00" stroke-width="9" stroke-opacity=".8" opacity=".5"/>',
        "opacity.folded",
    ),
    "fill-and-stroke": (
        '<rect x="9" y="9" width="60" height="60" fill="#f00" stroke="#00f" stroke-width="9" opacity=".5"/>',
        "opacity.flattened",
    ),
    "fill-and-clear-stroke": (
        '<rect x="9" y="9" width="60" height="60" fill="#f00" stroke="#00f" stroke-opacity=".5" stroke-width="9" opacity=".5"/>',
        "opacity.flattened",
    ),
    "same-fill-and-stroke": (
        '<rect x="9" y="9" width="60" height="60" fill="#f00" stroke="#f00" stroke-width="9" opacity=".9"/>',
        "opacity.flattened",
    ),
    "group-apart": (f'<g opacity=".9">{RED}<rect x="70" width="20" height="60"/></g>', "opacity.folded"),
    "group-overlapping": (f'<g opacity=".5">{RED}{BLUE}</g>', "opacity.flattened"),
    "group-of-one-colour": ('<g opacity=".9" fill="#f00"><rect width="60" height="60"/><circle cx="60" cy="60" r="30"/></g>', "opacity.flattened"),
    "group-with-transforms": (
        f'<g opacity=".5" transform="rotate(10)"><g transform="translate(20 9)">{RED}</g>{BLUE}</g>',
        "opacity.flattened",
    ),
    "gradient-under": (
        GRADIENT + f'<g opacity=".5"><rect width="60" height="60" fill="url(#a)"/>{BLUE}</g>',
        "opacity.flattened",
    ),
    "gradient-over": (
        GRADIENT + f'<g opacity=".5">{RED}<circle cx="60" cy="60" r="30" fill="url(#a)"/></g>',
        "opacity.flattened",
    ),
    "see-through-inside": (
        f'<g opacity=".5">{RED}<circle cx="60" cy="60" r="30" fill="#00f" fill-opacity=".5"/></g>',
        "opacity.flattened",
    ),
    "nothing-left": ('<rect width="60" height="60" opacity="0"/><rect width="9" height="9"/>', "opacity.invisible"),
    "negative": ('<rect width="60" height="60" opacity="-1"/><rect width="9" height="9"/>', "opacity.invisible"),
    "opaque": ('<rect width="60" height="60" opacity="1"/>', "opacity.dropped"),
    "more-than-opaque": ('<rect width="60" height="60" opacity="3"/>', "opacity.dropped"),
    "used": (
        '<defs><rect id="s" width="40" height="40" opacity=".5"/></defs><use href="#s" fill="#f00"/><use href="#s" x="50"/>',
        "opacity.folded",
    ),
    "use": ('<defs><rect id="s" width="40" height="40"/></defs><use href="#s" fill="#f00" opacity=".5"/>', "opacity.folded"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "what"), FOLDED.values(), ids=FOLDED)
def test_opacity_goes_to_the_paints(body: str, what: str) -> None:
    before = logo(body)
    text, job = after(fold_opacity, before)
    assert " opacity=" not in text
    assert not job.declined
    assert {mark.what for mark in job.changes} - {"use.written-out"} == {what}
    assert_same_picture(before, text, mean=QUANTUM)
    again, second = after(fold_opacity, text)
    assert again == text
    assert not second.changes


def test_nested_opacities_multiply() -> None:
    before = logo(f'<g opacity=".5"><g opacity=".8">{RED}</g><rect x="70" width="20" height="60" opacity=".5"/></g>')
    text, _job = after(fold_opacity, before)
    assert 'fill-opacity=".4"' in text
    assert 'fill-opacity=".25"' in text
    assert_same_picture(before, text)


def test_the_roots_opacity_is_folded() -> None:
    before = logo(RED + BLUE).replace("<svg ", '<svg opacity=".5" ')
    text, _job = after(fold_opacity, before)
    assert " opacity=" not in text
    assert_same_picture(before, text)


def test_gradients_in_what_is_invisible_are_kept() -> None:
    before = logo(
        f'<g opacity="0"><rect width="9" height="9"/>{GRADIENT}</g><rect width="60" height="60" fill="url(#a)"/>'
    )
    text, _job = after(fold_opacity, before)
    assert "<linearGradient" in text
    assert_same_picture(before, text)


KEPT = {
    "seams-would-show": (f'<g opacity=".95">{RED}{BLUE}</g>', "opacity.seams"),
    "see-through-gradient": (
        GRADIENT.replace("<stop ", '<stop stop-opacity=".5" ', 1)
        + f'<g opacity=".5">{RED}<circle cx="60" cy="60" r="30" fill="url(#a)"/></g>',
        "opacity.shaded",
    ),
    "text": (f'<g opacity=".5">{RED}<text y="50">A</text></g>', "opacity.text"),
    "filtered": (
        f'<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><g opacity=".5"><g filter="url(#f)">{RED}</g></g>',
        "opacity.nested",
    ),
}


@pytest.mark.parametrize(("body", "what"), KEPT.values(), ids=KEPT)
def test_opacity_that_cannot_be_folded_exactly_stays(body: str, what: str) -> None:
    before = logo(body)
    text, job = after(fold_opacity, before)
    assert [(mark.what, mark.needs) for mark in job.declined] == [(what, "blend")]
    assert not job.changes
    assert text == write(job_for(before).root)


def test_with_consent_each_paint_gets_the_opacity() -> None:
    text, job = after(fold_opacity, logo(KEPT["seams-would-show"][0]), BLEND)
    assert text.count('fill-opacity=".95"') == 2
    assert [(mark.what, mark.visible) for mark in job.changes] == [("opacity.approximated", True)]


ORDERED = {
    "stroke-first": '<rect x="20" y="20" width="60" height="60" fill="#f00" stroke="#00f" stroke-width="20" paint-order="stroke"/>',
    "inherited": '<g paint-order="stroke fill"><circle cx="50" cy="50" r="30" fill="#f00" stroke="#00f" stroke-width="20"/></g>',
    "markers-first": '<circle cx="50" cy="50" r="30" fill="#f00" stroke="#00f" stroke-width="20" paint-order="markers stroke"/>',
    "with-effects": '<circle cx="50" cy="50" r="30" fill="#f00" stroke="#00f" stroke-width="20" paint-order="stroke" opacity=".5" transform="scale(.5)"/>',
    "with-a-gradient": GRADIENT
    + '<rect x="20" y="20" width="60" height="60" fill="url(#a)" stroke="#00f" stroke-width="20" paint-order="stroke"/>',
}


@pytest.mark.parametrize("body", ORDERED.values(), ids=ORDERED)
def test_a_stroke_painted_first_becomes_an_element_of_its_own(body: str) -> None:
    before = logo(body)
    text, job = after(order_paints, before)
    assert "paint-order" not in text
    assert [mark.what for mark in job.changes] == ["paint-order.split"]
    assert_same_picture(before, text)
    assert not after(order_paints, text)[1].changes


@pytest.mark.parametrize("order", ["normal", "fill", "fill stroke", "markers"])
def test_the_usual_order_is_dropped(order: str) -> None:
    before = logo(
        f'<rect x="20" y="20" width="60" height="60" fill="#f00" stroke="#00f" stroke-width="20" paint-order="{order}"/>'
    )
    text, job = after(order_paints, before)
    assert "paint-order" not in text
    assert text.count("<rect") == 1
    assert [mark.what for mark in job.changes] == ["paint-order.dropped"]
    assert_same_picture(before, text)


FIGMA = (
    '<filter id="f" x="0" y="0" width="90" height="90" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB">'
    '<feFlood flood-opacity="0" result="BackgroundImageFix"/>{}</filter><g filter="url(#f)">' + RED + "</g>"
)
IDLE_FILTERS = {
    "figma": FIGMA.format('<feBlend mode="normal" in="SourceGraphic" in2="BackgroundImageFix" result="shape"/>'),
    "figma-background-blur": FIGMA.format(
        '<feGaussianBlur in="BackgroundImageFix" stdDeviation="5"/><feComposite in2="SourceAlpha" operator="in" result="b"/>'
        '<feBlend mode="normal" in="SourceGraphic" in2="b" result="shape"/>'
    ),
    "no-blur": FIGMA.format(
        '<feBlend in="SourceGraphic" in2="BackgroundImageFix"/><feGaussianBlur stdDeviation="0 0"/>'
    ),
    "merge": FIGMA.format('<feMerge><feMergeNode in="BackgroundImageFix"/><feMergeNode in="SourceGraphic"/></feMerge>'),
}
REAL_FILTERS = {
    "blur": FIGMA.format('<feBlend in="SourceGraphic" in2="BackgroundImageFix"/><feGaussianBlur stdDeviation="2"/>'),
    "shadow": FIGMA.format(
        '<feOffset in="SourceAlpha" dy="4"/><feGaussianBlur stdDeviation="2" result="s"/><feBlend in="SourceGraphic" in2="s"/>'
    ),
    "cut-by-its-area": FIGMA.replace('width="90"', 'width="30"').format(
        '<feBlend mode="normal" in="SourceGraphic" in2="BackgroundImageFix" result="shape"/>'
    ),
    "missing": '<rect width="9" height="9" filter="url(#none)"/>',
    "function": '<rect width="9" height="9" filter="blur(3px)"/>',
}


@pytest.mark.parametrize("body", IDLE_FILTERS.values(), ids=IDLE_FILTERS)
def test_filters_that_show_nothing_are_dropped(body: str) -> None:
    before = logo(body)
    text, job = after(drop_blends, before)
    assert " filter=" not in text
    assert [(mark.what, mark.visible) for mark in job.changes] == [("filter.dropped", False)]
    assert_same_picture(before, text)


@pytest.mark.parametrize("body", REAL_FILTERS.values(), ids=REAL_FILTERS)
def test_other_filters_stay_unless_the_owner_agrees(body: str) -> None:
    before = logo(body)
    text, job = after(drop_blends, before)
    assert text == write(job_for(before).root)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("filter.kept", "filter")]
    text, job = after(drop_blends, before, FILTER)
    assert " filter=" not in text
    assert "<rect" in text
    assert [(mark.what, mark.visible) for mark in job.changes] == [("filter.removed", True)]


def test_a_shape_that_is_only_there_for_its_shadow_goes_with_it() -> None:
    shadow = '<filter id="f"><feOffset in="SourceAlpha" dy="4"/><feGaussianBlur stdDeviation="2"/></filter>'
    text, _job = after(
        drop_blends, logo(f'{shadow}<rect width="9" height="9" filter="url(#f)"/><rect width="8" height="8"/>'), FILTER
    )
    assert 'width="9"' not in text
    assert 'width="8"' in text


def test_blend_modes_need_consent_and_isolation_goes_with_them() -> None:
    before = logo(
        f'<g isolation="isolate">{RED}<g mix-blend-mode="multiply">{BLUE}</g></g><g mix-blend-mode="normal"/>'
    )
    text, job = after(drop_blends, before)
    assert 'isolation="isolate"' in text
    assert [mark.what for mark in job.changes] == ["blend.dropped"]
    assert [(mark.what, mark.needs) for mark in job.declined] == [("blend.mode", "blend")]
    text, job = after(drop_blends, before, BLEND)
    assert "isolation" not in text
    assert "mix-blend-mode" not in text
    assert not job.declined


_PLACE = st.integers(0, 80)
_COLOUR = st.sampled_from(["#f00", "#00f", "#fff", "#0a0"])
_SHAPES = st.one_of(
    st.builds(
        '<rect x="{}" y="{}" width="{}" height="40" fill="{}"/>'.format, _PLACE, _PLACE, st.integers(5, 60), _COLOUR
    ),
    st.builds('<circle cx="{}" cy="{}" r="{}" fill="{}"/>'.format, _PLACE, _PLACE, st.integers(5, 40), _COLOUR),
    st.builds(
        '<path d="M{} {}L90 50L50 {}z" fill="{}" fill-opacity=".6" stroke="{}" stroke-width="5"/>'.format,
        _PLACE,
        _PLACE,
        _PLACE,
        _COLOUR,
        _COLOUR,
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_SHAPES, min_size=1, max_size=5), st.integers(5, 60))
def test_any_group_looks_the_same(shapes: list[str], percent: int) -> None:
    before = logo(f'<g opacity=".{percent:02}">{"".join(shapes)}</g>')
    text, _job = after(fold_opacity, before)
    worst, _mean = difference(before, text, 256)
    assert worst <= 2.0


HOSTILE = {
    "deep": '<g opacity=".9">' * 900 + RED + "</g>" * 900,
    "many-in-one": '<g opacity=".9">' + RED * 20_000 + "</g>",
    "many": '<rect width="60" height="60" opacity=".9"/>' * 20_000,
    "many-with-strokes": '<rect width="60" height="60" stroke="#f00" opacity=".5"/>' * 3_000,
    "apart": '<g opacity=".9">' + "".join(f'<rect x="{n}" width=".5" height="9"/>' for n in range(3_000)) + "</g>",
    "broken": '<rect opacity="nan"/><rect opacity="1e999" filter="url(" mix-blend-mode="?"/><g opacity=".5" transform="bad">' + RED + "</g>",
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_done_with_soon(body: str) -> None:
    started = time.process_time()
    for step in (order_paints, drop_blends, fold_opacity):
        after(step, logo(body))
    assert time.process_time() - started < 60
