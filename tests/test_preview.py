"""The contact sheet, as a page and as a picture."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from string import Formatter

import pytest
from msgspec.structs import replace
from PIL import Image
from repairing import logo

from bimikit import BimikitError, Limits, check_appearance, check_svg
from bimikit.locale import LANGUAGES
from bimikit.preview import ROWS, SHAPE_ORDER, SIZES, contact_sheet, contact_sheet_html, draw
from bimikit.preview_page import words
from bimikit.svg.inbox import THEMES

LEAF = logo(
    '<title>Northwind Tea</title><rect width="100" height="100" fill="#0b6e4f"/><circle cx="50" cy="50" r="25" fill="#fff"/>'
)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(contact_sheet_html(LEAF.encode(), name="leaf.svg"))


def test_every_size_is_there_in_every_shape_and_theme(page: Page) -> None:
    shown = [(image["alt"], image["width"], image["height"], image["class"]) for image in page.all("img")]
    for size in SIZES:
        for shape in SHAPE_ORDER:
            for theme in THEMES:
                alt = f"Northwind Tea, {shape.capitalize()}, {size} pixels, {theme.capitalize()}"
                assert (alt, str(size), str(size), shape) in shown
    in_lists = [one for one in shown if one[0] == "Northwind Tea, as the sender’s logo"]
    assert len(in_lists) == len(ROWS) * len(THEMES)


def decoded(url: str) -> Image.Image:
    from base64 import b64decode

    head, _, data = url.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(b64decode(data, validate=True)))


def test_pictures_are_within_the_page_and_fit_any_screen(page: Page) -> None:
    for image in page.all("img"):
        size = int(image["width"])
        assert decoded(image["src"]).size == (size, size)
        url, density = image["srcset"].rsplit(" ", 1)
        assert (decoded(url).size, density) == ((2 * size, 2 * size), "2x")


def test_the_page_needs_nothing_but_itself(page: Page) -> None:
    names = {tag for tag, _attributes in page.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("style", "href") for name in attributes), tag
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "url(" not in contact_sheet_html(LEAF.encode())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_in_its_language(lang: str) -> None:
    text = contact_sheet_html(LEAF.encode(), lang=lang, name="leaf.svg")
    page = Page(text)
    assert page.all("html") == [{"lang": lang}]
    assert words(lang)["preview.inbox"] in page.words
    assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert all(image["alt"] for image in page.all("img"))


def test_both_languages_have_the_same_words_with_the_same_parameters() -> None:
    english, japanese = (words(lang) for lang in ("en", "ja"))
    assert list(english) == list(japanese)
    for key, text in english.items():
        assert _parameters(text) == _parameters(japanese[key]), key


def _parameters(text: str) -> set[str | None]:
    return {field for _text, field, _spec, _conversion in Formatter().parse(text)} - {None}


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="there are en, ja"):
        contact_sheet_html(LEAF.encode(), lang="xx")


def test_names_cant_break_out_of_the_page() -> None:
    evil = '"><script>alert(1)</script>\n\u202e'
    page = Page(contact_sheet_html(logo(f"<title>{evil.replace('<', '&lt;')}</title><rect/>").encode(), name=evil))
    assert not page.all("script")
    assert "\u202e" not in "".join(page.words)
    assert any("<script>" in word for word in page.words)


def test_a_long_title_is_shortened() -> None:
    title = draw(logo(f"<title>{'very ' * 40}long</title>").encode(), {16}, None).title
    assert len(title) == 32
    assert title.endswith("…")


def test_a_logo_without_a_title_gets_a_stand_in() -> None:
    assert "Your brand" in Page(contact_sheet_html(logo("<rect/>").encode())).words


BACK = '<rect width="100" height="100" fill="#fff"/>'
DARK_CORNER = '<path d="M5 5h60v20H5z" fill="#112"/>'


def told(page: Page) -> list[tuple[str, str]]:
    """Kind and rule of each finding, in the page's order."""
    kinds = [attributes["class"].split()[1] for attributes in page.all("article")]
    return list(zip(kinds, [word for word in page.words if word.startswith("appearance.")], strict=True))


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        pytest.param(BACK + '<circle cx="50" cy="50" r="30"/>', [], id="fine"),
        pytest.param("", [("error", "nothing-drawn")], id="nothing"),
        pytest.param("<text>Acme</text>", [("undecided", "drawn-in-part")], id="undecided"),
        pytest.param(
            DARK_CORNER,
            [
                ("error", "one-colour"),
                ("warning", "transparent-background"),
                ("warning", "low-contrast-dark"),
                ("warning", "outside-circle"),
                ("notice", "not-centred"),
            ],
            id="the most important first",
        ),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_what_stands_out(inside: str, found: list[tuple[str, str]], lang: str) -> None:
    data = logo(inside).encode()
    page = Page(contact_sheet_html(data, lang=lang))
    assert told(page) == [(kind, f"appearance.{name}") for kind, name in found]
    for finding in check_appearance(data).findings:
        words = finding.wording(lang)
        assert {words.title, words.message, words.fix} <= set(page.words)
    assert (words_of(lang, "nothing") in page.words) == (not found)
    assert (words_of(lang, "unjudged") in page.words) == any(kind == "undecided" for kind, _name in found)


def words_of(lang: str, key: str) -> str:
    return words(lang)[f"preview.{key}"]


def test_a_finding_names_its_source() -> None:
    page = Page(contact_sheet_html(logo(DARK_CORNER).encode()))
    (link,) = page.all("a")
    assert link["href"].startswith("https://datatracker.ietf.org/")
    assert "draft-svg-tiny-ps-abrotman-12, section 2.4" in page.words
    assert page.words.count("bimikit’s own advice or limit") == len(page.all("article")) - 1


def test_findings_cant_break_out_of_the_page() -> None:
    evil = "<script>alert(1)</script>\u202e"
    report = check_appearance(logo(DARK_CORNER).encode())
    params = dict.fromkeys(("across", "colour", "contrast", "down", "ground", "least", "most", "share"), evil)
    citation = replace(report.findings[0].citation, title=evil, url=f"javascript:{evil}")
    findings = tuple(replace(finding, params=params, citation=citation) for finding in report.findings)
    text = contact_sheet_html(LEAF.encode(), report=replace(report, findings=findings))
    page = Page(text)
    assert not page.all("script")
    assert not page.all("a")
    assert "\u202e" not in text
    assert any("<script>" in word for word in page.words)


def test_a_report_made_before_is_shown_as_it_is() -> None:
    earlier = check_appearance(logo("").encode())
    assert told(Page(contact_sheet_html(LEAF.encode(), report=earlier))) == [("error", "appearance.nothing-drawn")]
    with pytest.raises(TypeError, match="report must be a Report"):
        contact_sheet_html(LEAF.encode(), report="fine")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="kind 'svg'"):
        contact_sheet_html(LEAF.encode(), report=check_svg(LEAF.encode()))


def test_the_picture_shows_light_beside_dark() -> None:
    sheet = Image.open(io.BytesIO(contact_sheet(LEAF.encode())))
    assert sheet.format == "PNG"
    assert sheet.getpixel((1, 1)) == (255, 255, 255)
    assert sheet.getpixel((sheet.width - 2, 1)) == (0x20, 0x21, 0x24)
    green = (0x0B, 0x6E, 0x4F)
    colours = {colour: count for count, colour in sheet.getcolors(1 << 20) or []}
    assert colours[green] > sum(size * size for size in SIZES)


@pytest.mark.parametrize("write", [contact_sheet, contact_sheet_html])
def test_what_cant_be_drawn_raises(write: object) -> None:
    assert callable(write)
    with pytest.raises(BimikitError, match="no SVG file"):
        write(b"hello")
    with pytest.raises(TypeError, match="data must be bytes"):
        write("<svg/>")
    with pytest.raises(TypeError, match="limits must be Limits"):
        write(LEAF.encode(), limits=7)
    with pytest.raises(BimikitError):
        write(LEAF.encode(), limits=Limits(max_elements=1))
