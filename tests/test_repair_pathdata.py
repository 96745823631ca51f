"""Path data: arcs as curves, outlines that end where drawing stops, and shortened numbers."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from repairing import after, assert_same_picture, job_for, logo

from bimikit import check_svg
from bimikit.svg.paths import path_trouble
from bimikit.svg.repair.pathdata import cubics, drawn_part, drawn_points, paths, without_arcs
from bimikit.svg.repair.shortening import digits_for, shorten, shortened
from bimikit.svg.repair.tree import write


def path(d: str, more: str = "") -> str:
    return logo(f'<path d="{d}"{more}/>')


ARCS = {
    "circle": "M10 50a40 40 0 1 0 80 0a40 40 0 1 0 -80 0z",
    "absolute circle": "M10 50A40 40 0 1 0 90 50A40 40 0 1 0 10 50z",
    "packed flags": "M50 50a20 10 30 0110.5.5 5 5 0 00-20-9z",
    "absolute packed": "M60 60A50 50 0 11.5.5z",
    "too small": "M10 50a1 2 40 0 1 80 3",
    "negative radii": "M20 50a-30-20 0 0 1 60 0z",
    "turned": "M20 50A40 10 -70 1 1 80 60Z",
    "no radius": "M10 10A0 10 0 0 1 90 90L10 90z",
    "nowhere": "M10 10L90 10a5 5 0 0 0 0 0L90 90z",
    "relative goes on": "M10 10a20 20 0 0 1 30 0l10 20h20v20zl20 60 20 0z",
    "smooth after a relative arc": "M10 50a20 20 0 0 1 40 0s20 30 40 0 5-5 5-20z",
    "smooth after an absolute arc": "M10 50A20 20 0 0 1 50 50S60 90 90 50 95 40 95 10z",
    "smooth after mixed": "m10 50h1v2c1 1 2 2 3 3q1 1 2 2t1 1a20 20 0 0 1 30 0S60 90 90 50z",
    "smooth quadratic after an arc": "M10 50a20 20 0 0 1 40 0t20 30 10-40z",
    "arc after a closed path": "M30 30h20v20zA20 20 0 0 0 70 70z",
    "exponents": "M1e1 5e1a4e1 40 0 1 0 8e1 0z",
}


@pytest.mark.parametrize("d", ARCS.values(), ids=ARCS)
@pytest.mark.parametrize("more", ["", ' fill="none" stroke="red" stroke-width="4"'], ids=["filled", "stroked"])
def test_arcs_become_curves_and_the_picture_stays(d, more):
    svg = path(d, more)
    changed, job = after(paths, svg)
    assert [mark.what for mark in job.changes] == ["paths.arcs"]
    assert not any(finding.rule.startswith("svg.path") for finding in check_svg(changed.encode()).findings)
    assert_same_picture(svg, changed)
    assert after(paths, changed)[1].changes == []


def test_other_commands_stay_as_they_are():
    assert without_arcs("M 1,2 a0 1 0 0 1 3 4 L+5 .50z") == "M 1,2 l3 4L+5 .50z"
    assert without_arcs("M1 2L3 4") == "M1 2L3 4"


def test_an_arc_ends_where_it_ended():
    d = without_arcs("M1 2a5 5 0 0 1 1.23456789 0A5 5 0 0 1 8.7654321 9")
    assert d is not None
    assert d.endswith(" 8.7654321 9")
    assert " 1.23456789 0" in d


@given(
    st.floats(0.1, 100),
    st.floats(0.1, 100),
    st.floats(-360, 360),
    st.booleans(),
    st.booleans(),
    st.floats(-100, 100),
    st.floats(-100, 100),
)
@settings(max_examples=300, deadline=None)
def test_curves_keep_to_the_ellipse(rx, ry, rotation, large, sweep, dx, dy):
    curves = cubics(rx, ry, rotation, large, sweep, dx, dy)
    if not curves:
        return
    assert curves[-1][4:] == (dx, dy)
    # all points of the curves, in coordinates where the ellipse is a circle, are equally far from one centre
    angle = math.radians(rotation)
    x = y = 0.0
    points = []
    for x1, y1, x2, y2, x3, y3 in curves:
        for step in range(9):
            t = step / 8
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            px = sum(w * v for w, v in zip(weights, (x, x1, x2, x3), strict=True))
            py = sum(w * v for w, v in zip(weights, (y, y1, y2, y3), strict=True))
            points.append(
                ((math.cos(angle) * px + math.sin(angle) * py) / rx, (math.cos(angle) * py - math.sin(angle) * px) / ry)
            )
        x, y = x3, y3
    (ax, ay), (bx, by), (cx, cy) = points[0], points[len(points) // 2], points[-1]
    doubled = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    if abs(doubled) < 1e-3:
        return  # too nearly one point or line to tell the centre
    first, second, third = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    ox = (first * (by - cy) + second * (cy - ay) + third * (ay - by)) / doubled
    oy = (first * (cx - bx) + second * (ax - cx) + third * (bx - ax)) / doubled
    radii = [math.hypot(px - ox, py - oy) for px, py in points]
    assert max(radii) - min(radii) < 2e-3 * max(radii)


CUT = {
    "letter": ("M0 0L50 0L50 50x", "M0 0L50 0L50 50"),
    "half a segment": ("M0 0L50 0L50 50L10 90 20", "M0 0L50 0L50 50L10 90"),
    "half a curve": ("M0 0L50 0L50 50C 10 10 20 20", "M0 0L50 0L50 50"),
    "word": ("M0 0H50V50L 10 abc 10 80", "M0 0H50V50"),
    "bad flag": ("M0 0 H50V50a10 10 0 2 1 5 5", "M0 0 H50V50"),
    "broken exponent": ("M0 0L50 0 50 50L0 50e", "M0 0L50 0 50 50"),
    "two points": ("M0 0L50 0L50 50L1.5..5", "M0 0L50 0L50 50"),
    "number out of range": ("M0 0H50V50H1e400", "M0 0H50V50"),
    "numbers after an end": ("M0 0H50V50z60 60", "M0 0H50V50z"),
    "no move": ("L50 0L50 50z", ""),
    "none": ("none", ""),
    "comma first": ("M,0 0H50V50", ""),
}


@pytest.mark.parametrize(("d", "drawn"), CUT.values(), ids=CUT)
def test_a_path_ends_where_renderers_stop(d, drawn):
    changed, job = after(paths, path(d))
    assert f'd="{drawn}"' in changed
    assert [mark.what for mark in job.changes] == ["paths.cut" if drawn else "paths.empty"]
    assert_same_picture(path(d), changed)
    assert after(paths, changed)[1].changes == []


@pytest.mark.parametrize(
    ("d", "plain"),
    [
        ("M0 0L50. 0L50 50.", "M0 0L50 0L50 50"),
        ("M0 0H50,V50,", "M0 0H50V50"),
        ("M0 0L50..5 50 50", "M0 0L50 .5 50 50"),
    ],
)
def test_stray_signs_go(d, plain):
    changed, job = after(paths, path(d))
    assert f'd="{plain}"' in changed
    assert [mark.what for mark in job.changes] == ["paths.form"]
    assert_same_picture(path(d), changed)


def test_numbers_too_large_for_some_are_left():
    for svg in (path("M0 0H50V50H1e39"), logo('<polygon points="0 0 50 0 1e39 50"/>')):
        changed, job = after(paths, svg)
        assert (job.changes, [mark.what for mark in job.declined]) == ([], ["paths.huge"])
        assert "1e39" in changed


POINTS = {
    "odd": ("0 0 50 0 50 50 0", "0 0 50 0 50 50"),
    "word": ("0,0 50,0 50,50 abc", "0,0 50,0 50,50"),
    "comma at the end": ("0 0 50 0 50 50,", "0 0 50 0 50 50"),
    "dots": ("0 0 50. 0 50 50.", "0 0 50 0 50 50"),
    "nothing": ("x", ""),
    "out of range": ("0 0 50 0 50 50 1e400 3", "0 0 50 0 50 50"),
}


@pytest.mark.parametrize(("text", "drawn"), POINTS.values(), ids=POINTS)
@pytest.mark.parametrize("name", ["polygon", "polyline"])
def test_a_list_of_points_ends_where_renderers_stop(name, text, drawn):
    svg = logo(f'<{name} points="{text}"/>')
    changed, job = after(paths, svg)
    assert f'points="{drawn}"' in changed
    assert [mark.what for mark in job.changes] == ["paths.points"]
    assert_same_picture(svg, changed)


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789.,-+ eE", max_size=60))
@settings(max_examples=500, deadline=None)
def test_the_drawn_part_is_always_legal(d):
    part = drawn_part(d)
    assert path_trouble(part) is None or "e" in part.lower()
    assert part in d
    assert drawn_part(part) == part
    drawn_points(d)


@given(st.text(alphabet="MLAaSszlc0123456789.- ", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_path_breaks_the_step(d):
    changed, job = after(paths, path("M1 2" + d))
    if not job.declined:
        assert after(paths, changed)[1].changes == []


def test_two_megabytes_take_about_a_second():
    unit = "c1.125 2.25-3.5 4.125 5 6.5l10-3.75a5 3 20 0 1 4 2h-9"
    d = "M0 0" + unit * (2_000_000 // len(unit) // 8) + "l1.25 3.5-2.125-3" * 100_000
    began = time.perf_counter()
    curves = without_arcs(d)
    assert curves is not None
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize(
    "d",
    ["M" + "1" * 1_000_000 + "e", "M" + "1e" * 500_000, "M0 0L" + "1 ." * 300_000, "M0 0" + " ," * 500_000],
    ids=["one number", "exponents", "dots", "commas"],
)
def test_hostile_paths_take_linear_time(d):
    began = time.perf_counter()
    drawn_part(d)
    drawn_points(d)
    assert time.perf_counter() - began < 60


def test_too_many_arcs_are_left():
    job = job_for(path("M0 0"))
    job.root.elements[0].attributes["d"] = "M0 0a" + "1 1 0 0 1 1 1 " * 40_000
    paths(job)
    assert [mark.what for mark in job.declined] == ["paths.many"]


SHORTENED = {
    "trailing decimals": ("M1.23456 2.34567L10.0001 20", 2, "M1.23 2.35 10 20"),
    "zeros and signs": ("M 0.50 -0.250 L 1.5 -2.5", 2, "M.5-.25 1.5-2.5"),
    "repeated letters": ("m1 1l2 2l3 3h4h5", 1, "m1 1 2 2 3 3h4 5"),
    "no adding up": ("M0 0" + "h.4" * 10, 0, "M0 0h0 1 0 1 0 0 1 0 1 0"),
    "closed": ("m.4.4h1v1zm.4.4l1 1", 0, "m0 0h1v1zm1 1 1 1"),
    "smooth": ("M0 0C1.01 1 2 2.02 3 3S5 5.01 6 6", 1, "M0 0C1 1 2 2 3 3S5 5 6 6"),
    "arcs stay": ("M0 0a1.0001 1 0 0 1 1.0001 1", 1, "M0 0a1.0001 1 0 0 1 1.0001 1"),
    "faults stay": ("M0 0L1.00001", 1, "M0 0L1.00001"),
}


@pytest.mark.parametrize(("d", "digits", "short"), SHORTENED.values(), ids=SHORTENED)
def test_numbers_are_shortened(d, digits, short):
    assert shortened(d, digits) == short
    assert shortened(short, digits) == short


_COORDINATE = st.floats(-100, 100).map(lambda number: f"{number:.5f}")


@st.composite
def _paths(draw):
    pieces = [f"M{draw(_COORDINATE)} {draw(_COORDINATE)}"]
    for letter in draw(st.lists(st.sampled_from("mMlLhHvVcCsSqQtTzZ"), max_size=30)):
        count = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "z": 0}[letter.lower()]
        pieces.append(letter + " ".join(draw(_COORDINATE) for _ in range(count)))
    return "".join(pieces)


@given(_paths(), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_no_point_moves_further_than_its_last_decimal(d, digits):
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    short = shortened(d, digits)
    assert path_trouble(short) is None
    assert len(short) <= len(d)
    drawings = []
    for text in (d, short):
        pen = RecordingPen()
        parse_path(text, pen)
        # a last line home is written only where it isn't of no length
        after_each = [*(name for name, _points in pen.value[1:]), ""]
        drawings.append(
            [
                drawn
                for drawn, following in zip(pen.value, after_each, strict=True)
                if (drawn[0], following) != ("lineTo", "closePath")
            ]
        )
    flat = [[point for _name, points in drawing for point in points] for drawing in drawings]
    names = [[name for name, _points in drawing] for drawing in drawings]
    assume(names[0] == names[1] or "z" not in d.lower())  # rounding may put a last point onto the first
    assert names[0] == names[1]
    # a reflected handle moves with three points
    for (x, y), (other_x, other_y) in zip(*flat, strict=True):
        assert abs(x - other_x) <= 1.5001 * 10**-digits
        assert abs(y - other_y) <= 1.5001 * 10**-digits


def test_a_whole_tree_is_shortened():
    svg = logo(
        '<g transform="matrix(2.00001234 0 0 2.00001234 -10.000049 0.00001)">'
        '<path d="M1.234567 2.345678L20.00001 30.123456 9 44z" stroke="red" stroke-width="1.000012"/></g>'
        '<g transform="scale(0.01)"><polygon points="5000.1234,5000.4321 9000.5678,5000 7000,9000.4321"/></g>'
        '<rect x="10.123456" y="70.654321" width="20.55555555" height="0.123456"/>'
    )
    job = job_for(svg)
    shorten(job.root, digits_for((0, 0, 100, 100), 0.02))
    changed = write(job.root)
    assert_same_picture(svg, changed)
    assert len(changed) < len(svg)
    assert 'd="M1.2346 2.3457 20 30.1235 9 44z"' in changed or 'd="M1.235 2.346 20 30.123 9 44z"' in changed
    assert (
        'points="5000.1 5000.4 9000.6 5000 7000 9000.4"' in changed
        or 'points="5000 5000 9001 5000 7000 9000"' in changed
    )
    again = job_for(changed)
    shorten(again.root, digits_for((0, 0, 100, 100), 0.02))
    assert write(again.root) == changed


@pytest.mark.parametrize(
    ("side", "error", "digits"),
    [(512, 0.5, 0), (512, 0.05, 1), (100, 0.02, 3), (24, 0.02, 3), (1, 0.02, 5), (1e6, 1, 0)],
)
def test_decimals_fit_the_canvas(side, error, digits):
    assert digits_for((0, 0, side, side), error) == digits
