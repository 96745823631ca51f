"""What may be drawn, and how far two pictures are apart."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageChops
from repairing import logo, pixels

from bimikit.svg.css_safety import plainly_safe, safe_css
from bimikit.svg.difference import GROUNDS, compare, picture
from bimikit.svg.inbox import tree_of
from bimikit.svg.pictures import MOST_DEPTH, REASONS, SIDE, NotDrawable, drawable
from bimikit.svg.references import MOST_INSTANCES


def text_of(svg: str) -> str:
    return drawable(tree_of(svg.encode()))


def body_of(inside: str) -> str:
    return re.sub(r"^<svg[^>]*>|</svg>$", "", text_of(logo(inside)))


SHAPE = '<rect width="9" height="9"/>'


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        pytest.param(f'<image href="/etc/passwd" width="9" height="9"/>{SHAPE}', SHAPE, id="image"),
        pytest.param(f'<foreignObject><p xmlns="x">a</p></foreignObject>{SHAPE}', SHAPE, id="foreign"),
        pytest.param(f"<script>1</script><title>a</title><desc>b</desc>{SHAPE}", SHAPE, id="script"),
        pytest.param(f"<font><glyph d='M0 0'/></font><font-face/>{SHAPE}", SHAPE, id="font"),
        pytest.param(f'<x:a xmlns:x="urn:x"><rect/></x:a>{SHAPE}', SHAPE, id="foreign namespace"),
        pytest.param('<rect width="9" height="9"><animate attributeName="x"/></rect>', SHAPE, id="animation"),
        pytest.param('<rect onclick="a()" ONLOAD="b()" width="9" height="9"/>', SHAPE, id="event"),
        pytest.param('<rect xml:base="http://x/" width="9" height="9"/>', SHAPE, id="base"),
        pytest.param('<use href="http://x/#a"/><use xlink:href=" file:///a"/>', "<use/><use/>", id="use elsewhere"),
        pytest.param('<use xlink:href="#a"/>', '<use xlink:href="#a"/>', id="use here"),
        pytest.param('<a xlink:href="http://x/"><rect/></a>', "<a><rect/></a>", id="link"),
        pytest.param('<filter><feImage href="/a"/><feFlood/></filter>', "<filter><feFlood/></filter>", id="feImage"),
        pytest.param('<rect fill="url(http://x/#a) red"/>', '<rect fill=" red"/>', id="fill with fallback"),
        pytest.param('<rect fill="url(&quot;/a.svg#b&quot;)"/>', '<rect fill="none"/>', id="fill elsewhere"),
        pytest.param('<rect fill="URL(  #a) red"/>', '<rect fill="URL(  #a) red"/>', id="fill here"),
        pytest.param('<rect mask="\\75rl(//x)"/>', '<rect mask="none"/>', id="escaped"),
        pytest.param('<rect style="fill:url(a);x:url(\'#b\')"/>', '<rect style="fill:none;x:url(&quot;#b&quot;)"/>', id="style"),
        pytest.param('<rect style="filter:url(a) blur(2px)!important"/>', '<rect style="filter: blur(2px)!important"/>', id="functions"),
        pytest.param("<style>@import 'x';a{fill:red}</style>", "<style>a{fill:red}</style>", id="import"),
        pytest.param("<style>@\\69mport url(x);a{fill:red}</style>", "<style>a{fill:red}</style>", id="escaped import"),
        pytest.param("<style>@font-face{src:url(x)}a{fill:red}</style>", "<style>a{fill:red}</style>", id="font-face"),
        pytest.param("<style>a{fill:/**/url( x ) }</style>", "<style>a{fill:none }</style>", id="style element"),
        pytest.param("<style>a{fill:url(x y);b:c}</style>", "<style>a{fill:;b:c}</style>", id="bad url"),
        pytest.param("<text>a &lt; b<tspan>c</tspan></text>", "<text>a &lt; b<tspan>c</tspan></text>", id="text"),
        pytest.param("<switch><foreignObject/><g/></switch>", "<switch><g/></switch>", id="switch"),
    ],
)  # fmt: skip
def test_only_what_drawing_needs_is_left(inside: str, left: str) -> None:
    assert body_of(inside) == left


def test_the_tree_stays_as_it_is() -> None:
    tree = tree_of(logo('<image href="a"/><rect fill="url(x)"/>').encode())
    drawable(tree)
    assert [node.attributes for node in tree.walk()][1:] == [{"href": "a"}, {"fill": "url(x)"}]


@pytest.mark.parametrize("css", ["fill:red", "fill:url(#a)", "a{b:URL( '#c')}", "transform:rotate(3)", ""])
def test_plain_css_needs_no_reading(css: str) -> None:
    assert plainly_safe(css)


@pytest.mark.parametrize("css", ["url(a)", "@x", "\\75rl(#a)", "url(#a) url( /b)", 'url("a")', "url()"])
def test_css_is_read_where_anything_may_lead_outside(css: str) -> None:
    assert not plainly_safe(css)


@pytest.mark.parametrize(
    ("css", "safe"),
    [
        ("a{font-family:'x", 'a{font-family:"x"}'),
        ("a{b:foo('x\\", 'a{b:foo("x")}'),
        ("@x;a{fill:url('#b", 'a{fill:url("#b")}'),
        ("@x;a{fill:url(#b", "a{fill:url(#b)}"),
        ("a{fill:url('https://x.example/", "a{fill:none}"),
        ("a{fill:url(https://x.example/", "a{fill:none}"),
        ("a{b:'url(https://x.example/", 'a{b:"url(https://x.example/"}'),
    ],
)
def test_what_the_end_of_css_cuts_short_is_closed_as_a_browser_would_close_it(css: str, safe: str) -> None:
    assert safe_css(css) == safe
    assert safe_css(safe) == safe  # whoever reads it finds the same


def test_deep_brackets_are_dropped() -> None:
    assert safe_css("a{b:" + "(" * 50_000) == ""


def test_only_so_much_css_is_read() -> None:
    assert body_of(f"<style>{'a{fill:url(x)}' * 30_000}</style>") == "<style></style>"


def nested(levels: int) -> str:
    return logo("<g>" * (levels - 2) + SHAPE + "</g>" * (levels - 2))


LAUGHS = "".join(f'<g id="u{i}">' + f'<use xlink:href="#u{i - 1}"/>' * 10 + "</g>" for i in range(1, 9))
PATTERNS = "".join(
    f'<pattern id="u{i}" width="1" height="1">'
    + f'<rect width="1" height="1" fill="url(#u{i - 1})"/>' * 10
    + "</pattern>"
    for i in range(1, 9)
)


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        pytest.param(nested(MOST_DEPTH + 1), "too-deep", id="nested"),
        pytest.param(
            logo("".join(f'<mask id="m{i}"><g mask="url(#m{i + 1})"/></mask>' for i in range(400)) + '<g mask="url(#m0)"/>'),
            "too-deep",
            id="masks in masks",
        ),
        pytest.param(
            logo("".join(f'<g id="m{i}"><use href="#m{i + 1}"/></g>' for i in range(400))), "too-deep", id="uses in uses"
        ),
        pytest.param(logo(f'<g id="u0">{SHAPE}</g>{LAUGHS}<use href="#u8"/>'), "too-many-elements", id="uses of uses"),
        pytest.param(logo(f'{PATTERNS}<rect fill="url(#u8)"/>'), "too-many-elements", id="patterns of patterns"),
        pytest.param(logo(f'{PATTERNS}<rect style="fill:url(#u8)"/>'), "too-many-elements", id="by style"),
        pytest.param('<svg xmlns="http://www.w3.org/2000/svg" width="0" height="5"/>', "no-size", id="no width"),
        pytest.param('<svg xmlns="http://www.w3.org/2000/svg"><g>', "not-svg", id="not well-formed"),
        pytest.param("<html/>", "not-svg", id="not SVG"),
        pytest.param("", "not-svg", id="empty"),
    ],
)  # fmt: skip
def test_what_no_renderer_should_see_is_refused(svg: str, reason: str) -> None:
    with pytest.raises(NotDrawable, match=re.escape(REASONS[reason])) as refusal:
        text_of(svg)
    assert refusal.value.reason == reason


def test_circles_are_followed_once() -> None:
    body_of('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/><use href="#b"/></g><use href="#a"/>')


def test_the_bounds_are_far_above_logos() -> None:
    assert MOST_DEPTH >= 250
    assert MOST_INSTANCES >= 50_000
    text_of(nested(MOST_DEPTH))


def svg(attributes: str, inside: str = SHAPE) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


@pytest.mark.parametrize(
    ("attributes", "canvas"),
    [
        ('viewBox="0 0 20 10"', "0 0 20 10"),
        ('viewBox="0 0 20 10" width="200" height="100px"', "0 0 20 10"),
        ('viewBox="0 0 20 10" width="200"', "0 0 20 10"),
        ('viewBox="0 0 20 10" height="100%" preserveAspectRatio="none"', "0 0 20 10"),
        ('width="2in" height="96" x="9"', "0 0 192.0 96.0"),
    ],
)
def test_the_canvas_becomes_a_square_that_the_renderer_fits_into(attributes: str, canvas: str) -> None:
    root = tree_of(text_of(svg(attributes)).encode())
    wanted = {"viewBox": canvas, "width": str(SIDE), "height": str(SIDE)}
    assert {name: value for name, value in root.attributes.items() if not name.startswith("xmlns")} == wanted


CORNERS = '<rect width="30" height="10" fill="red"/><circle cx="15" cy="5" r="5"/><path d="M0 0H5V5Z" fill="blue"/>'


def cut(image: Image.Image, width: int, height: int) -> Image.Image:
    """The middle of a picture."""
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


@pytest.mark.parametrize(
    "attributes",
    [
        'viewBox="0 0 20 10"',
        'viewBox="0 0 20 10" width="200" height="100"',
        'viewBox="-5 -5 20 10" width="10" height="5"',
        'width="20" height="10"',
        'viewBox="0 0 10 10" width="20" height="10"',
        'viewBox="0 0 10 10" width="20" height="10" preserveAspectRatio="none"',
        'viewBox="0 0 10 10" width="20" height="10" preserveAspectRatio="xMinYMid"',
        'viewBox="0 0 10 10" width="20" height="10" preserveAspectRatio="xMinYMin slice"',
    ],
)
def test_the_picture_is_the_files_own_with_room_around_it(attributes: str) -> None:
    square, own = pixels(text_of(svg(attributes, CORNERS)), 128), pixels(svg(attributes, CORNERS), 128)
    assert square.size == (128, 128)
    assert own.size == (128, 64)
    apart = ImageChops.difference(cut(square, 128, 64), own).getextrema()
    one_sample = 16  # of the sixteen that a pixel at an edge is made from
    assert max(high for _low, high in apart) <= one_sample  # type: ignore[misc, union-attr]


GREY = Image.new("RGBA", (64, 64), (100, 100, 100, 255))


def dotted(colour: tuple[int, int, int, int], side: int) -> Image.Image:
    image = GREY.copy()
    image.paste(colour, (16, 16, 16 + side, 16 + side))
    return image


def test_equal_pictures_are_the_same() -> None:
    found = compare([GREY], [GREY.copy()])
    assert found.same
    assert (found.block, found.mean, found.maximum, found.sizes) == (0, 0, 0, (64,))
    assert [one.ground for one in found.measured] == list(GROUNDS)


def test_a_difference_is_told_by_size_ground_and_channel() -> None:
    found = compare([GREY, GREY.resize((32, 32))], [dotted((151, 100, 100, 255), 16), GREY.resize((32, 32))])
    assert not found.same
    assert found.sizes == (64, 32)
    assert [one.maximum for one in found.measured] == [(20.0, 0.0, 0.0)] * 2 + [(0.0, 0.0, 0.0)] * 2
    assert found.measured[0].mean == (1.25, 0.0, 0.0)
    assert (found.block, found.mean, found.maximum) == (20.0, 1.25, 20.0)


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        pytest.param(dotted((110, 100, 100, 255), 16), True, id="a shade of a part"),
        pytest.param(dotted((200, 100, 100, 255), 3), True, id="a few pixels"),
        pytest.param(dotted((200, 100, 100, 255), 6), False, id="a dot"),
        pytest.param(Image.new("RGBA", (64, 64), (102, 100, 100, 255)), False, id="a shade of all"),
        pytest.param(Image.new("RGBA", (64, 64), (100, 100, 100, 245)), False, id="transparency"),
    ],
)
def test_the_same_means_that_nobody_can_tell_them_apart(changed: Image.Image, same: bool) -> None:
    assert compare([GREY], [changed]).same is same


def test_transparent_pictures_differ_by_what_is_seen_only() -> None:
    assert compare([Image.new("RGBA", (9, 9), (255, 0, 0, 0))], [Image.new("RGBA", (9, 9), (0, 0, 0, 0))]).same
    clear, white = Image.new("RGBA", (9, 9)), Image.new("RGBA", (9, 9), "white")
    assert [one.block for one in compare([clear], [white]).measured] == [0.0, 100.0]


def test_pictures_of_other_sizes_cant_be_compared() -> None:
    with pytest.raises(ValueError, match="same sizes"):
        compare([GREY], [GREY.resize((9, 9))])
    with pytest.raises(ValueError, match="same size"):
        picture(GREY, GREY.resize((9, 9)))


def test_the_difference_is_shown_beside_both() -> None:
    shown = Image.open(io.BytesIO(picture(GREY, dotted((110, 100, 90, 255), 16))))
    assert shown.format == "PNG"
    assert shown.size == (3 * 64 + 4 * 8, 64 + 2 * 8)
    third = 8 + 2 * (64 + 8)
    assert shown.getpixel((third + 2, 10)) == (128, 128, 128)
    assert shown.getpixel((third + 20, 30)) == (168, 128, 88)
    assert shown.getpixel((10, 10)) == (100, 100, 100)
