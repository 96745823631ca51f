"""The canvas: what identifies the profile, what is seen of the drawing, its size, a background and the title."""

from __future__ import annotations

import pytest
from repairing import after, assert_same_picture, job_for, pixels

from bimikit.svg.repair import canvas
from bimikit.svg.repair.job import Wishes
from bimikit.svg.repair.tree import write

NS = 'xmlns="http://www.w3.org/2000/svg"'
BODY = '<rect width="40" height="100" fill="#c00"/><circle cx="60" cy="20" r="15" fill="#00c"/>'


def whats(job: object) -> list[str]:
    return [mark.what for mark in job.changes]  # type: ignore[attr-defined]


def test_the_root_says_what_it_is_and_nothing_it_should_not() -> None:
    text, job = after(canvas.identify, f'<svg {NS} x="0" y="0" zoomAndPan="magnify" version="1.1">{BODY}</svg>')
    assert text.startswith(f'<svg {NS} version="1.2" baseProfile="tiny-ps">')
    assert whats(job) == ["root.identified", "root.attributes-dropped"]
    again, second = after(canvas.identify, text)
    assert again == text
    assert not second.changes


@pytest.mark.parametrize(
    ("root", "box"),
    [
        ('width="80" height="60"', "0 0 80 60"),
        ('width="10mm" height="20mm"', "0 0 37.795 75.591"),
        ('viewBox="0 0 100 50" width="100" height="100"', "0 -25 100 100"),
        ('viewBox="0 0 100 50" width="100" height="100" preserveAspectRatio="xMinYMin meet"', "0 0 100 100"),
        ('viewBox="0 0 100 50" width="100" height="100" preserveAspectRatio="xMaxYMid slice"', "50 0 50 50"),
        ('viewBox="0 0 100 50" width="100" height="100" preserveAspectRatio="none"', "0 0 100 100"),
        ('viewBox="0 0 100 50" width="100%" height="100%" preserveAspectRatio="xMinYMin"', "0 0 100 50"),
        ('viewBox="0 0 100 50" width="200" height="100" preserveAspectRatio="xMidYMid slice"', "0 0 100 50"),
    ],
)
def test_the_view_box_is_the_area_that_was_seen(root: str, box: str) -> None:
    before = f"<svg {NS} {root}>{BODY}</svg>"
    text, _job = after(canvas.set_view_box, before)
    assert f'viewBox="{box}"' in text
    assert "preserveAspectRatio" not in text
    if "%" not in root:
        sized = text.replace(f'viewBox="{box}"', f'viewBox="{box}" preserveAspectRatio="none"')
        assert_same_picture(before, sized)
    assert not after(canvas.set_view_box, text)[1].changes


def test_a_canvas_nobody_knows_is_declined_unless_it_may_be_cropped() -> None:
    before = f"<svg {NS}>{BODY}</svg>"
    text, job = after(canvas.set_view_box, before)
    assert "viewBox" not in text
    assert [(mark.what, mark.needs) for mark in job.declined] == [("root.viewbox-unknown", "crop")]
    text, job = after(canvas.set_view_box, before, Wishes(allow=frozenset({"crop"})))
    assert 'viewBox="0 0 75 100"' in text
    assert job.visible


@pytest.mark.parametrize(
    ("before", "after_box"), [("0 0 100 40", "0 -30 100 100"), ("5 5 40 100", "-25 5 100 100")], ids=["wide", "tall"]
)
def test_a_canvas_is_extended_and_what_was_hidden_stays_hidden(before: str, after_box: str) -> None:
    svg = (
        f'<svg {NS} viewBox="{before}">{BODY}<path d="M0 0L100 100" stroke="#0a0" stroke-width="9" fill="none"/></svg>'
    )
    text, job = after(canvas.square, svg)
    assert f'viewBox="{after_box}"' in text
    assert whats(job) == ["root.squared"]
    _left, _top, width, height = map(float, before.split())
    side = max(width, height)
    nested = (
        f'<svg {NS} viewBox="0 0 {side} {side}"><svg x="{(side - width) / 2}" y="{(side - height) / 2}" '
        f'width="{width}" height="{height}" viewBox="{before}">{svg.partition(">")[2].removesuffix("</svg>")}</svg></svg>'
    )
    assert_same_picture(nested, text, mean=0.5)  # a clip at half a pixel is blended in another way than a shape
    assert not after(canvas.square, text)[1].changes


def test_a_canvas_is_left_alone_where_that_is_wished() -> None:
    svg = f'<svg {NS} viewBox="0 0 100 40">{BODY}</svg>'
    assert not after(canvas.square, svg, Wishes(square=False))[1].changes


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('viewBox="0 0 24 24"', ("96", "96")),
        ('viewBox="0 0 512 512"', ("512", "512")),
        ('viewBox="0 0 24 24" width="100%" height="100%"', ("96", "96")),
        ('viewBox="0 0 24 24" width="200" height="200"', ("200", "200")),
        ('viewBox="0 0 24 24" width="24" height="24"', ("96", "96")),
        ('viewBox="0 0 24 24" width="60mm" height="60mm"', ("227", "227")),
        ('viewBox="0 0 100 50" width="100" height="50"', ("192", "96")),
        ('viewBox="0 0 100000 100000"', ("4096", "4096")),
    ],
)
def test_the_size_is_in_pixels_and_large_enough(root: str, size: tuple[str, str]) -> None:
    job = job_for(f"<svg {NS} {root}>{BODY}</svg>")
    canvas.set_size(job)
    assert (job.root.attributes["width"], job.root.attributes["height"]) == size
    noted = len(job.changes)
    canvas.set_size(job)
    assert len(job.changes) == noted


def test_a_background_is_laid_behind_everything_and_only_once() -> None:
    svg = f'<svg {NS} viewBox="-5 0 100 100" stroke="#0f0" fill-opacity=".5"><title>A</title>{BODY}</svg>'
    wishes = Wishes(background="#fffff0")
    text, job = after(canvas.lay_background, svg, wishes)
    assert job.visible
    assert pixels(text, 100).getpixel((1, 99)) == (255, 255, 240, 255)
    assert pixels(text, 100).getpixel((99, 99)) == (255, 255, 240, 255)
    again, second = after(canvas.lay_background, text, wishes)
    assert again == text
    assert not second.changes
    _text, third = after(canvas.lay_background, text, Wishes(background="#000000"))
    assert [mark.what for mark in third.declined] == ["background.there-already"]


@pytest.mark.parametrize(
    ("titles", "wish", "title", "what"),
    [
        ("<title>Acme</title>", None, "Acme", []),
        ("<g/><title> Acme\n Tools </title>", None, "Acme Tools", ["title.moved"]),
        ("<title> </title><title>Acme</title>", None, "Acme", ["title.moved"]),
        ("<title/>", None, "Logo", ["title.invented"]),
        ("", "Acme", "Acme", ["title.set"]),
        ("<title>Layer 1</title>", "Acme", "Acme", ["title.set"]),
    ],
)
def test_there_is_one_title_first(titles: str, wish: str | None, title: str, what: list[str]) -> None:
    text, job = after(canvas.set_title, f"<svg {NS}>{titles}{BODY}</svg>", Wishes(title=wish))
    assert text.count("<title") == 1
    assert text.partition(">")[2].strip().startswith(f"<title>{title}</title>")
    assert whats(job) == what
    assert not after(canvas.set_title, text, Wishes(title=wish))[1].changes


def test_a_crop_centres_the_drawing_with_a_margin() -> None:
    svg = f'<svg {NS} viewBox="0 0 300 300">{BODY}</svg>'
    wishes = Wishes(allow=frozenset({"crop"}))
    text, job = after(canvas.crop, svg, wishes)
    assert 'viewBox="-25 -12.5 125 125"' in text
    assert job.visible
    assert not after(canvas.crop, text, wishes)[1].changes
    assert not after(canvas.crop, svg)[1].changes


def test_a_transform_on_the_root_moves_to_a_group() -> None:
    svg = f'<svg {NS} viewBox="0 0 100 100" transform="rotate(90)"><title>A</title>{BODY}</svg>'
    text, job = after(canvas.place_root_transform, svg)
    assert "<title>A</title>\n  <g transform=" in text
    assert [mark.misread for mark in job.changes] == [True]
    assert_same_picture(f'<svg {NS} viewBox="0 0 100 100"><g transform="rotate(90 50 50)">{BODY}</g></svg>', text)


def test_every_step_writes_what_can_be_read_again() -> None:
    job = job_for(f'<svg {NS} viewBox="0 0 30 20">{BODY}</svg>', Wishes(title="A & B", background="#123456"))
    for step in (canvas.identify, canvas.set_view_box, canvas.square, canvas.set_size, canvas.lay_background):
        step(job)
    canvas.set_title(job)
    assert "<title>A &amp; B</title>" in write(job_for(write(job.root)).root)
