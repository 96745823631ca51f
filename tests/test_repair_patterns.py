from __future__ import annotations

import re
import time

import pytest
from repairing import after, assert_same_picture, difference, job_for, logo

from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.patterns import expand_patterns
from bimikit.svg.repair.tree import write

# tiles of 25 and 12.5 units are whole pixels at 32, 96 and 256, where resvg draws them without blurring
DOTS = '<rect width="6.25" height="12.5" fill="#ff0000"/><circle cx="12.5" cy="12.5" r="5" fill="#0000ff" fill-opacity=".5"/>'
USER = 'patternUnits="userSpaceOnUse"'
RECT = '<rect x="12.5" y="25" width="75" height="50" fill="url(#p)"/>'
CIRCLE = '<circle cx="50" cy="50" r="40" fill="url(#p)"/>'
ALLOWED = Wishes(allow=frozenset({"pattern"}))


def pattern(attributes: str = f'width="25" height="25" {USER}', content: str = DOTS, ident: str = "p") -> str:
    return f'<pattern id="{ident}" {attributes}>{content}</pattern>'


def told(job: Job) -> list[str]:
    return [mark.what for mark in job.changes]


SAME = {
    "user space": pattern() + RECT,
    "moved tile": pattern(f'x="12.5" y="6.25" width="25" height="25" {USER}') + RECT,
    "curved outline": pattern() + CIRCLE,
    "shares of the box": pattern('width=".5" height=".5"') + RECT,
    "percent of the box": pattern('x="50%" width="50%" height="25%"') + RECT,
    "content in shares": pattern('width=".5" height=".5" patternContentUnits="objectBoundingBox"', '<rect width=".25" height=".25" fill="#ff0000"/>') + RECT,
    "viewBox": pattern('width=".5" height=".5" viewBox="0 0 10 10"', '<rect width="5" height="5"/>') + RECT,
    "viewBox, distorted": pattern('width=".5" height=".5" viewBox="-5 0 10 10" preserveAspectRatio="none"', '<rect width="5" height="5"/>') + RECT,
    "viewBox, cut": pattern('width="25" height="12.5" patternUnits="userSpaceOnUse" viewBox="0 0 10 10" preserveAspectRatio="xMidYMax slice"', '<rect width="5" height="5"/>') + RECT,
    "scaled": pattern(f'width="12.5" height="12.5" {USER} patternTransform="scale(2)"', '<rect width="6" height="6"/>') + RECT,
    "template": pattern(ident="q") + pattern('xlink:href="#q" x="6.25"', "") + RECT,
    "content past the tile": pattern(content='<circle cx="25" cy="12.5" r="8" fill="#ff0000"/>') + RECT,
    "stroked content": pattern(content='<path d="M0 0L25 25" fill="none" stroke="#ff0000" stroke-width="4"/>') + RECT,
    "transformed content": pattern(content='<g transform="rotate(45 12.5 12.5)" fill="#ff0000"><rect x="8" y="8" width="8" height="8"/></g>') + RECT,
    "invisible content": pattern(content='<rect width="9" height="9" fill="none"/><g display="none"><image/></g>') + RECT,
    "stroked shape": pattern() + RECT.replace("/>", ' stroke="#000000" stroke-width="4"/>'),
    "painted stroke": pattern() + '<circle cx="50" cy="50" r="30" fill="#00ff00" stroke="url(#p)" stroke-width="20"/>',
    "see-through": pattern() + RECT.replace("/>", ' fill-opacity=".5"/>'),
    "see-through, one colour": pattern(content='<rect width="9" height="9" fill="#ff0000" opacity=".5"/>') + RECT.replace("/>", ' fill-opacity=".5"/>'),
    "opacity, in a group": pattern() + f'<g fill="url(#p)" fill-rule="evenodd" stroke="#000000" fill-opacity=".8" transform="translate(0 25)"><rect id="r" width="50" height="50" opacity=".5"/></g><g stroke="none">{RECT}</g>',
    "two shapes": pattern() + RECT + CIRCLE,
    "no tile": pattern(f'width="0" height="25" {USER}') + RECT,
    "no content": pattern(content="") + RECT,
    "no box": pattern('width=".5" height=".5"') + '<line x2="50" y1="9" y2="9" stroke="url(#p)" stroke-width="9"/>',
}  # fmt: skip


@pytest.mark.parametrize("body", SAME.values(), ids=SAME.keys())
def test_patterns_are_laid_out_without_a_change_to_the_picture(body: str) -> None:
    before = logo(body)
    result, job = after(expand_patterns, before)
    assert not job.declined
    assert set(told(job)) == {"pattern.unfolded"}
    assert "url(" not in result
    assert '<pattern id="p"' not in result
    assert_same_picture(before, result, block=3, mean=0.8)
    again, job = after(expand_patterns, result)
    assert again == result
    assert not told(job)


def test_a_turned_pattern_is_laid_out() -> None:
    before = logo(pattern(f'width="25" height="25" {USER} patternTransform="rotate(30) skewX(10)"') + CIRCLE)
    result, job = after(expand_patterns, before)
    assert told(job) == ["pattern.unfolded"]
    worst, mean = difference(before, result, 1024)
    assert worst < 10  # resvg blurs turned tiles
    assert mean < 0.3


TEXTURE = pattern(content='<rect width="25" height="10" fill="#204060"/><image width="5" height="5"/>')
REFUSED = {
    "image": (TEXTURE + RECT, "pattern.content", "#204060"),
    "gradient in it": (
        '<linearGradient id="g"><stop stop-color="#ff0000"/><stop offset="1" stop-color="#0000ff"/></linearGradient>'
        + pattern(content='<rect width="25" height="25" fill="url(#g)"/>')
        + RECT,
        "pattern.content",
        "#808080",
    ),
    "clipped": (pattern(content='<rect clip-path="url(#c)" width="9" height="9" fill="#204060"/>') + RECT, "pattern.content", "#204060"),
    "many tiles": (pattern(f'width=".5" height=".5" {USER}', '<rect width=".5" height=".5" fill="#204060"/>') + RECT, "pattern.too-many", "#204060"),
    "text": (pattern(content='<rect width="25" height="10" fill="#204060"/>') + '<text fill="url(#p)">A</text>', "pattern.text", "#204060"),
    "transform of a template": (
        pattern(f'width="25" height="25" {USER} patternTransform="scale(2)"', ident="q", content='<rect width="9" height="9" fill="#204060"/>')
        + pattern('href="#q"', "")
        + RECT,
        "pattern.unreadable",
        "#204060",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "reason", "_colour"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_laid_out_needs_consent(body: str, reason: str, _colour: str) -> None:
    result, job = after(expand_patterns, logo(body))
    assert [(mark.what, mark.needs) for mark in job.declined] == [(reason, "pattern")]
    assert result == write(job_for(logo(body)).root)


@pytest.mark.parametrize(("body", "_reason", "colour"), REFUSED.values(), ids=REFUSED.keys())
def test_with_consent_a_pattern_becomes_its_mean_colour(body: str, _reason: str, colour: str) -> None:
    result, job = after(expand_patterns, logo(body), ALLOWED)
    assert [(mark.what, mark.applicability.value) for mark in job.changes] == [("pattern.average", "visible")]
    assert not job.declined
    painted = re.findall(r'fill="(#[^"]*)"', result.rpartition("</pattern>")[2])
    assert painted == [colour] or colour == "#808080"
    assert "url(#p)" not in result


def test_a_colour_that_covers_a_part_of_the_tile_becomes_as_see_through() -> None:
    result, _ = after(expand_patterns, logo(TEXTURE + RECT), ALLOWED)
    assert 'fill-opacity=".4"' in result


def test_a_pattern_without_colours_is_declined_even_with_consent() -> None:
    body = pattern(content='<image width="5" height="5"/>') + RECT
    _, job = after(expand_patterns, logo(body), ALLOWED)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("pattern.content", "")]


def test_an_undone_shape_stays_as_it_is_without_consent() -> None:
    job = job_for(logo(pattern() + RECT), undone={("expand_patterns", 4)})
    job.step = "expand_patterns"
    expand_patterns(job)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("pattern.blurred", "pattern")]
    assert not told(job)


def test_with_consent_shapes_may_look_different_from_tiles() -> None:
    _, job = after(expand_patterns, logo(pattern() + RECT), ALLOWED)
    assert [(mark.what, mark.applicability.value) for mark in job.changes] == [("pattern.unfolded", "visible")]


HOSTILE = {
    "many tiles of many shapes": pattern('width=".06" height=".06"', '<circle cx="1" cy="1" r="1"/>' * 7) + CIRCLE * 3_000,
    "tiles of nothing": pattern(f'width="1e-300" height="1e-300" {USER}') + RECT,
    "patterns in patterns": "".join(pattern(ident=f"p{n}", content=f'<rect width="9" height="9" fill="url(#p{n + 1})"/>') for n in range(3_000))
    + RECT.replace("#p", "#p0"),
    "itself": pattern(content=RECT) + RECT,
    "template circle": pattern('href="#q"', "") + pattern('href="#p"', "", "q") + RECT,
    "absurd": pattern('width="1e30" height="1e-30" x="1e300" patternTransform="scale(1e30) rotate(1e30)" viewBox="0 0 1e-30 1e30"') + RECT,
    "one long path": pattern(content=f'<path d="M0 0{"l9 9h-9l9-9" * 5_000}z"/>') + RECT,
    "self-crossing": pattern(content=f'<path d="M0 0{"l9 9h-9l9-9" * 200}z"/>') + CIRCLE,
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("wishes", [Wishes(), ALLOWED], ids=["as it is", "with consent"])
def test_hostile_drawings_are_done_in_good_time(body: str, wishes: Wishes) -> None:
    started = time.monotonic()
    after(expand_patterns, logo(body), wishes)
    assert time.monotonic() - started < 60
