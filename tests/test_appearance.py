"""Looks are judged on pixels: the fixtures beside their expectations, and each measure against what is plainly so."""

from __future__ import annotations

import json
import pickle
import re
import string
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw
from support import AT, FIXTURES, ROOT

from bimikit import Outcome, Report, Severity, check_svg
from bimikit.engine import CRASHED
from bimikit.locale import LANGUAGES, catalogue
from bimikit.svg import appearance, measures, tones
from bimikit.svg.appearance import check_appearance
from bimikit.svg.appearance_rules import APPEARANCE_RULES, RULES

FOLDER = ROOT / "fixtures" / "appearance"
FILES = sorted(FOLDER.rglob("*.svg"))
NAVY, WHITE, RED = (26, 43, 92), (255, 255, 255), (194, 24, 91)
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 96 96">{}</svg>'
)


def rules_of(report: Report) -> list[str]:
    return sorted(finding.rule for finding in report.findings)


def judged(body: str) -> Report:
    return check_appearance(DRAWING.format(body).encode(), at=AT)


# the fixtures


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_gives_exactly_the_findings_beside_it(path: Path) -> None:
    report = check_appearance(path.read_bytes(), at=AT)
    assert rules_of(report) == path.with_suffix(".expect").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_is_otherwise_conformant(path: Path) -> None:
    errors = {
        finding.rule
        for finding in check_svg(path.read_bytes(), at=AT).findings
        if finding.severity is Severity.ERROR and finding.outcome is Outcome.FAIL
    }
    assert errors <= {"svg.one-colour", "svg.nothing-drawn"}  # where it is plain without drawing


def test_every_rule_has_a_failing_and_a_passing_fixture() -> None:
    ids = {rule.id for rule in APPEARANCE_RULES}
    for start in ("fail-", "pass-"):
        assert {path.parent.name for path in FILES if path.stem.startswith(start)} == ids


def test_the_fixtures_are_what_their_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "fixtures.make_appearance", tmp_path], check=True, cwd=ROOT)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert made == kept


def test_most_logos_look_well() -> None:
    found = {
        path.stem: rules_of(check_appearance(path.read_bytes(), at=AT)) for path in (FIXTURES / "logos").glob("*.svg*")
    }
    assert {name: rules for name, rules in found.items() if rules} == {
        "chart": ["appearance.near-circle-edge"],  # its base line ends on the circle
        "detailed": ["appearance.outside-circle"],  # scattered up to the edges
        "inkscape": ["appearance.outside-circle"],  # waves that run off the edges
    }


# the report


def test_a_report_tells_every_number_measured() -> None:
    body = '<rect width="96" height="96" fill="#fff"/><rect x="24" y="30" width="48" height="36" fill="#1a2b5c"/>'
    report = judged(body)
    assert report.kind == "appearance"
    assert report.ok
    assert report.complete
    assert report.finished
    facts = report.facts["appearance"]
    assert re.fullmatch(r"resvg \(Python package \d+\.\d+\.\d+\)", facts.pop("renderer"))
    assert facts == {
        "sizes": [256, 192, 32, 24],
        "transparent": 0.0,
        "background": "solid",
        "background_colour": "#ffffff",
        "contrast": 13.6,
        "lost": {"32": 0.0, "24": 0.0},
        "mark": {"size": 50.0, "off_centre": [0.0, 0.0], "circle_margin": 18.8, "outside_circle": 0.0},
    }


def test_equal_input_gives_equal_bytes_and_the_report_travels() -> None:
    data = (FOLDER / "appearance.low-contrast-dark" / "fail-navy.svg").read_bytes()
    one, other = (check_appearance(data, at=AT, name="logo.svg") for _ in range(2))
    assert one.to_json() == other.to_json()
    assert Report.from_dict(json.loads(one.to_json())) == one
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301


def test_what_became_of_every_rule_is_known() -> None:
    results = judged('<circle cx="48" cy="48" r="30" fill="#c2185b"/>').results
    assert results["appearance.one-colour"] is Outcome.FAIL
    assert results["appearance.too-small"] is Outcome.PASS
    assert set(results) == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\x89PNG\r\n\x1a\n",
        b"\x1f\x8b\x08 damaged",
        b"<html><body/></html>",
        b"<svg",
        b"<svg/>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><g>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>&a;</title></svg>',
        DRAWING.replace("0 0 96 96", "0 0 0 0").format("").encode(),
        DRAWING.replace("0 0 96 96", "1e30 1e30 1e38 1e38").format("<rect width='1e39' height='1e39'/>").encode(),
        DRAWING.format("<g>" * 3000).encode(),
        DRAWING.format('<g id="a"><use xlink:href="#a"/></g>').encode(),
        DRAWING.format('<path d="' + "M0 0l1 1" * 30_000 + '" stroke="red"/>').encode(),
        bytes(range(256)),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_no_input_raises(data: bytes) -> None:
    report = check_appearance(data, at=AT)
    assert report.finished == report.complete
    assert CRASHED not in rules_of(report)


def test_what_cannot_be_read_is_one_finding_that_decides_nothing() -> None:
    report = check_appearance(b"GIF89a", at=AT)
    assert [(finding.rule, finding.outcome) for finding in report.findings] == [
        ("appearance.not-drawable", Outcome.INDETERMINATE)
    ]
    assert report.findings[0].params == {"reason": "@unproven.not-svg"}
    assert report.ok
    assert not report.complete
    assert not report.finished
    assert report.results["appearance.one-colour"] is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("body", "elements"),
    [
        ("<text y='50'>Acme</text>", "text"),
        ("<text y='50'><tspan>Acme</tspan></text>", "text"),
        ("<image href='data:image/png;base64,AAAA' width='96' height='96'/>", "image"),
        ("<textArea>Acme</textArea><image href='a.png'/>", "image, textArea"),
    ],
)
def test_what_is_not_drawn_here_is_not_held_against_the_logo(body: str, elements: str) -> None:
    report = judged(body)
    assert [(finding.rule, finding.params) for finding in report.findings] == [
        ("appearance.drawn-in-part", {"elements": elements})
    ]
    assert not report.complete


def test_a_measure_that_breaks_down_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_pictures: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(appearance, "measured", broken)
    report = judged("<rect width='9' height='9'/>")
    assert rules_of(report) == [CRASHED]
    assert not report.finished


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"data": "<svg/>"}, TypeError),
        ({"data": b"", "limits": 5}, TypeError),
        ({"data": b"", "at": datetime(2026, 1, 1)}, ValueError),
    ],
)
def test_bad_calls_raise(arguments: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        check_appearance(**arguments)  # type: ignore[arg-type]


# the words


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("rule", APPEARANCE_RULES, ids=lambda rule: rule.id)
def test_both_languages_say_the_same(rule: object) -> None:
    english, japanese = (catalogue(lang).rules[rule.id] for lang in ("en", "ja"))  # type: ignore[attr-defined]
    for one, other in zip(english, japanese, strict=True):
        assert placeholders(one) == placeholders(other)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_reads_without_gaps(lang: str) -> None:
    for path in FILES:
        if path.stem.startswith("fail-") and path.parent.name != "appearance.not-drawable":
            for finding in check_appearance(path.read_bytes(), at=AT).findings:
                words = finding.wording(lang)
                for text in (words.title, words.message, words.why, words.fix):
                    assert text
                    assert not re.search(r"[{}]|@[a-z]+\.[a-z]", text), text


# the measures


def canvas(ground: tuple[int, ...] = (*WHITE, 255)) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGBA", (256, 256), ground)
    return picture, ImageDraw.Draw(picture)


def reference_flood(mask: Image.Image) -> Image.Image:
    padded = Image.new("L", (mask.width + 2, mask.height + 2), 255)
    padded.paste(mask, (1, 1))
    ImageDraw.floodfill(padded, (0, 0), 100)
    return padded.crop((1, 1, mask.width + 1, mask.height + 1)).point([0] * 100 + [255] + [0] * 155)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 14), st.integers(1, 14), st.data())
def test_a_flood_reaches_what_hangs_together_with_the_border(width: int, height: int, data: st.DataObject) -> None:
    cells = data.draw(st.lists(st.sampled_from([0, 255]), min_size=width * height, max_size=width * height))
    mask = Image.frombytes("L", (width, height), bytes(cells))
    assert measures.flooded(mask).tobytes() == reference_flood(mask).tobytes()


def test_grown_and_shrunk_masks_are_wider_and_narrower_by_so_many_pixels() -> None:
    mask = measures.blank()
    mask.paste(255, (50, 60, 90, 100))
    assert measures.grown(mask, 3).getbbox() == (47, 57, 93, 103)
    assert measures.shrunk(mask, 3).getbbox() == (53, 63, 87, 97)


def test_a_mark_stands_on_a_solid_ground_with_what_it_encloses() -> None:
    picture, pen = canvas()
    pen.ellipse((78, 78, 177, 177), fill=NAVY, width=20)
    pen.ellipse((98, 98, 157, 157), fill=WHITE)
    layout = measures.layout_of(picture)
    assert (layout.ground.kind, layout.ground.colour, layout.field) == ("solid", WHITE, None)
    assert layout.mark is not None
    assert layout.mark.getpixel((128, 128)) == 255
    assert layout.mark.getbbox() == (78, 78, 178, 178)


def test_tiles_and_discs_that_fill_the_avatar_are_looked_through() -> None:
    picture, pen = canvas((0, 0, 0, 0))
    pen.rounded_rectangle((0, 0, 255, 255), radius=50, fill=NAVY)
    pen.ellipse((4, 4, 251, 251), fill=RED)
    pen.rectangle((100, 90, 155, 165), fill=WHITE)
    layout = measures.layout_of(picture)
    assert (layout.ground.kind, layout.field) == ("transparent", RED)
    assert layout.mark is not None
    assert layout.mark.getbbox() == (100, 90, 156, 166)


def test_no_mark_is_told_from_a_picture() -> None:
    half, pen = canvas()
    pen.rectangle((0, 128, 255, 255), fill=NAVY)
    slope = Image.merge("RGBA", [*[Image.linear_gradient("L")] * 3, Image.new("L", (256, 256), 255)])
    quarters, pen = canvas((0, 0, 0, 0))
    pen.pieslice((-60, -60, 315, 315), 0, 180, fill=NAVY)
    pen.pieslice((-60, -60, 315, 315), 180, 360, fill=RED)
    for picture in (half, slope, quarters):
        layout = measures.layout_of(picture)
        assert (layout.ground.kind, layout.mark) == ("picture", None)


@pytest.mark.parametrize(
    ("box", "size", "offset", "margin", "cut"),
    [
        ((64, 64, 192, 192), 0.5, (0, 0), 0.147, 0),
        ((64, 112, 192, 144), 0.5, (0, 0), 0.242, 0),
        ((74, 64, 202, 192), 0.5, (0.039, 0), 0.118, 0),
        ((64, 44, 192, 172), 0.5, (0, -0.078), 0.087, 0),
        ((0, 0, 256, 256), 1, (0, 0), 0, 0.215),  # the square less its circle
        ((0, 0, 64, 64), 0.25, (-0.375, -0.375), 0, 0.685),
    ],
)
def test_a_mark_is_measured(
    box: tuple[int, int, int, int], size: float, offset: tuple[float, float], margin: float, cut: float
) -> None:
    mark = measures.blank()
    mark.paste(255, box)
    placement = measures.placement_of(mark)
    assert placement.size == pytest.approx(size)
    assert placement.offset == pytest.approx(offset, abs=0.001)
    assert placement.margin == pytest.approx(margin, abs=0.005)
    assert placement.cut == pytest.approx(cut, abs=0.005)


@given(st.integers(0, 180), st.integers(0, 180), st.integers(1, 70), st.integers(1, 70))
@settings(deadline=None, max_examples=40)
def test_a_mirrored_mark_is_measured_alike(left: int, top: int, width: int, height: int) -> None:
    mark = measures.blank()
    ImageDraw.Draw(mark).polygon([(left, top), (left + width, top), (left, top + height)], fill=255)
    one = measures.placement_of(mark)
    other = measures.placement_of(mark.transpose(Image.Transpose.ROTATE_180))
    assert other.offset == pytest.approx([-part for part in one.offset])
    assert (other.size, other.margin, other.cut) == (one.size, one.margin, one.cut)


def test_a_triangle_may_be_centred_by_its_weight_or_by_its_outline() -> None:
    for left in (64, 85):  # outline in the middle; weight in the middle
        mark = measures.blank()
        ImageDraw.Draw(mark).polygon([(left, 64), (left + 128, 128), (left, 192)], fill=255)
        assert measures.placement_of(mark).offset[0] == pytest.approx(0, abs=0.005)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 255, 255), (255, 255, 255), 1.0),
        ((118, 118, 118), (255, 255, 255), 4.54),  # the grey that WCAG's 4.5 to 1 is known by
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((0, 0, 255), (255, 255, 255), 8.59),
        ((10, 10, 10), (0, 0, 0), 1.06),
    ],
)
def test_contrast_is_wcags(one: measures.RGB, other: measures.RGB, ratio: float) -> None:
    assert tones.contrast(one, other) == tones.contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_contrast_is_what_a_share_of_the_pixels_has() -> None:
    colours = [(30, (0, 0, 0)), (70, (255, 255, 255))]
    assert tones.contrast_of(colours, WHITE, 0.3) == pytest.approx(21)
    assert tones.contrast_of(colours, WHITE, 0.31) == 1
    assert tones.contrast_of([], WHITE, 0.5) == 1
    assert tones.faint_share(colours, WHITE, 3) == 0.7


def test_an_outline_has_the_colours_along_its_edge_as_they_look_there() -> None:
    picture, pen = canvas((0, 0, 0, 0))
    pen.rectangle((60, 60, 190, 190), fill=(*NAVY, 255))
    pen.rectangle((80, 80, 170, 170), fill=(*RED, 255))
    assert [colour for _, colour in tones.outline_on(picture, WHITE)] == [NAVY]
    half = picture.copy()
    half.putalpha(picture.getchannel("A").point(lambda level: level // 2))
    ((_, shown),) = tones.outline_on(half, (0, 0, 0))
    assert shown == tuple(level // 2 for level in NAVY)


@pytest.mark.parametrize(
    ("body", "colour"),
    [
        ("<circle cx='48' cy='48' r='30' fill='#c2185b'/>", RED),
        ("<path d='M3 3L90 80' stroke='#c2185b' stroke-width='.2'/>", RED),
        ("<rect width='96' height='96' fill='#c2185b'/><circle cx='48.3' cy='48' r='30.1' fill='#c2185b'/>", RED),
        ("<rect width='96' height='96' fill='#c2185b'/><circle cx='48' cy='48' r='30' fill='#00f'/><circle cx='48' cy='48' r='30' fill='#c2185b'/>", RED),
        ("<rect width='96' height='96' fill='#c2185b'/><circle cx='48' cy='48' r='30' fill='#c51b5e'/>", None),
        ("<circle cx='48' cy='48' r='30' fill='#c2185b'/><circle cx='48' cy='48' r='1' fill='#fff'/>", None),
        ("<rect width='96' height='40' fill='#c2185b'/><rect y='40' width='96' height='40' fill='#c2185b' opacity='.5'/>", None),
        ("<path d='M3 3L90 80' stroke='#c2185b' stroke-width='.2'/><path d='M3 80L90 3' stroke='#000' stroke-width='.2'/>", None),
        ("<linearGradient id='g'><stop stop-color='#c2185b'/><stop offset='1' stop-color='#d2386b'/></linearGradient><rect width='96' height='96' fill='url(#g)'/>", None),
        ("<linearGradient id='g'><stop stop-color='#c2185b'/><stop offset='1' stop-color='#c2185b' stop-opacity='0'/></linearGradient><rect width='96' height='96' fill='url(#g)'/>", None),
        ("<linearGradient id='g'><stop stop-color='#c2185b'/><stop offset='1'/></linearGradient><rect width='9' height='96' fill='url(#g)'/><rect x='20' width='60' height='60' fill='#c2185b'/>", None),
    ],
    ids=["a disc", "a hair", "on its like", "on another, which is hidden", "three steps apart", "a dot", "half opaque beside opaque", "two hairs", "a faint gradient", "fading out", "a steep gradient"],
)  # fmt: skip
def test_two_colours_are_told_from_half_tones(body: str, colour: tuple[int, int, int] | None) -> None:
    picture = appearance.shared_renderer().draw(
        appearance.drawable(appearance.tree_of(DRAWING.format(body).encode())), [measures.SIDE]
    )[0]
    found = tones.only_tone(picture)
    assert (found is None) == (colour is None)
    if found is not None and colour is not None:
        assert measures.apart(found, colour) <= tones.SAME_TONE


def shrunk_to(picture: Image.Image, size: int) -> Image.Image:
    return picture.resize((size, size), Image.Resampling.BOX)


@pytest.mark.parametrize(
    ("period", "least", "most"),
    [(32, 0, 0), (16, 0, 0), (8, 0.9, 1), (4, 1, 1)],
    ids=["two pixels", "one pixel", "half a pixel", "a quarter"],
)
def test_bars_are_lost_when_thinner_than_a_pixel(period: int, least: float, most: float) -> None:
    picture = Image.new("RGB", (256, 256), WHITE)
    pen = ImageDraw.Draw(picture)
    for x in range(0, 256, period):
        pen.rectangle((x, 0, x + period // 2 - 1, 255), fill=NAVY)
    found = tones.details(picture, shrunk_to(picture, 32))
    assert least <= found.lost_share <= most


def test_light_on_dark_is_lost_like_dark_on_light() -> None:
    picture = Image.new("RGB", (192, 192), WHITE)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 20, 160, 160), outline=(0, 0, 0), width=3)
    pen.rectangle((60, 60, 120, 120), fill=(0, 0, 0))
    one = tones.details(picture, shrunk_to(picture, 24))
    negative = ImageChops.invert(picture)
    other = tones.details(negative, ImageChops.invert(shrunk_to(picture, 24)))
    assert one == other
    assert 0 < one.lost < one.drawn


def test_nothing_is_lost_of_nothing() -> None:
    plain = Image.new("RGB", (256, 256), WHITE)
    assert tones.details(plain, shrunk_to(plain, 32)).lost_share == 0


def test_transparency_is_how_much_shows_through() -> None:
    picture, pen = canvas((0, 0, 0, 0))
    pen.rectangle((0, 0, 127, 255), fill=(*NAVY, 255))
    pen.rectangle((128, 0, 255, 127), fill=(*NAVY, 51))
    assert tones.transparency(picture) == pytest.approx(0.25 + 0.2)
    assert not tones.is_blank(picture)
    assert tones.is_blank(Image.new("RGBA", (256, 256), (255, 0, 0, 5)))
