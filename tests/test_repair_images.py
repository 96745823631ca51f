from __future__ import annotations

import base64
import io
import random
import struct
import time
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pytest
import repairing
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from repairing import after, assert_same_picture, difference, job_for, logo

from bimikit.svg.repair.images import trace_images
from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.markers import drop_markers
from bimikit.svg.repair.tracing import Untraceable, trace
from bimikit.svg.repair.tree import write

IMAGE = Wishes(allow=frozenset({"image"}))
MARKER = Wishes(allow=frozenset({"marker"}))
BLUE, WHITE = (0, 90, 200, 255), (255, 255, 255, 255)


@lru_cache
def emblem(width: int = 512, height: int = 512, ground: tuple[int, int, int, int] = WHITE) -> Image.Image:
    """A flat logo of two colours with soft edges."""
    large = Image.new("RGBA", (width * 4, height * 4), ground)
    draw = ImageDraw.Draw(large)
    across, down = width * 4 / 512, height * 4 / 512
    draw.ellipse((60 * across, 60 * down, 450 * across, 450 * down), fill=BLUE)
    draw.rectangle((230 * across, 120 * down, 280 * across, 390 * down), fill=WHITE)
    draw.polygon([(120 * across, 300 * down), (200 * across, 160 * down), (215 * across, 330 * down)], fill=WHITE)
    return large.resize((width, height), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def image(address: str, attributes: str = 'width="100" height="100"') -> str:
    return f'<image {attributes} xlink:href="{address}"/>'


def told(job: Job) -> list[str]:
    return [mark.what for mark in job.changes]


def stays(job: Job) -> list[str]:
    return [mark.what for mark in job.declined]


FLAT = {
    "512 pixels": (lambda: url(encoded(emblem())), 6.0),
    "256 pixels": (lambda: url(encoded(emblem(256, 256))), 6.0),
    "1,200 pixels": (lambda: url(encoded(emblem(1200, 1200))), 6.0),
    "palette": (lambda: url(encoded(emblem().convert("RGB").quantize(16))), 8.0),
    "JPEG": (lambda: url(encoded(emblem().convert("RGB"), "JPEG", quality=85), "image/jpeg"), 10.0),
    "WebP": (lambda: url(encoded(emblem(), "WEBP", lossless=True), "image/webp"), 6.0),
    "GIF": (lambda: url(encoded(emblem().convert("RGB"), "GIF"), "image/gif"), 8.0),
    "transparent around": (lambda: url(encoded(emblem(ground=(0, 90, 200, 0)))), 6.0),
    "greys": (lambda: url(encoded(emblem().convert("L"))), 6.0),
    "greys with alpha": (lambda: url(encoded(emblem().convert("LA"))), 6.0),
}  # fmt: skip


@pytest.mark.parametrize(("address", "block"), FLAT.values(), ids=FLAT.keys())
def test_flat_logos_are_traced_closely_into_few_shapes(address: Callable[[], str], block: float) -> None:
    before = logo(image(address()))
    result, job = after(trace_images, before, IMAGE)
    assert told(job) == ["image.traced"]
    assert all(mark.visible for mark in job.changes)
    shapes = job.changes[0].params["shapes"]
    assert isinstance(shapes, int)
    assert 2 <= shapes <= 10
    assert "<image" not in result
    assert len(result) < 14_000
    worst, mean = difference(before, result, 256)
    assert worst <= block
    assert mean <= 1
    again, second = after(trace_images, result, IMAGE)
    assert (again, second.changes) == (result, [])


# what browsers draw, and resvg doesn't
ODD = {
    "CMYK": (encoded(emblem().convert("RGB").convert("CMYK"), "JPEG", quality=95), "image/jpeg"),
    "type of another": (encoded(emblem()), "image/jpeg"),
}


@pytest.mark.parametrize(("data", "kind"), ODD.values(), ids=ODD.keys())
def test_bitmaps_are_traced_that_only_browsers_draw(data: bytes, kind: str) -> None:
    result, job = after(trace_images, logo(image(url(data, kind))), IMAGE)
    assert told(job) == ["image.traced"]
    assert difference(logo(image(url(encoded(emblem())))), result)[0] < 8


def test_sixteen_bits_are_scaled_not_cut() -> None:
    deep = emblem().convert("L").convert("I").point(lambda value: value * 256)
    result, job = after(trace_images, logo(image(url(encoded(deep.convert("I;16"))))), IMAGE)
    assert told(job) == ["image.traced"]
    shallow, _job = after(trace_images, logo(image(url(encoded(emblem().convert("L"))))), IMAGE)
    worst, _mean = difference(shallow, result)
    assert worst < 5


def test_pictures_are_turned_as_their_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = emblem(400, 200).rotate(90, expand=True)
    result, job = after(
        trace_images, logo(image(url(encoded(lying, exif=exif), "image/png"), 'width="100" height="50"')), IMAGE
    )
    assert [(mark.params["width"], mark.params["height"]) for mark in job.changes] == [(400, 200)]
    upright = logo(image(url(encoded(emblem(400, 200))), 'width="100" height="50"'))
    assert difference(upright, result)[0] < 10


PLACES = {
    "box": 'x="10" y="20" width="50" height="60"',
    "stretched": 'x="10" y="20" width="50" height="60" preserveAspectRatio="none"',
    "at the start": 'width="90" height="40" preserveAspectRatio="xMinYMin"',
    "at the end": 'width="90" height="40" preserveAspectRatio="xMaxYMax meet"',
    "cut": 'x="5" width="90" height="40" preserveAspectRatio="xMidYMid slice"',
    "cut at the start": 'width="40" height="90" preserveAspectRatio="xMinYMin slice"',
    "cut at the end": 'width="40" height="90" preserveAspectRatio="xMaxYMax slice"',
    "percent": 'x="10%" y="10%" width="50%" height="50%"',
    "transform": 'width="50" height="50" transform="translate(30 20) rotate(20)"',
    "opacity": 'width="50" height="50" opacity=".5"',
    "wide alone": 'width="60"',
    "high alone": 'height="60"',
    "no size": 'transform="scale(.2)"',
    "unreadable fit": 'width="90" height="40" preserveAspectRatio="left"',
}


@pytest.mark.parametrize("attributes", PLACES.values(), ids=PLACES.keys())
def test_tracings_stand_where_the_bitmap_stood(attributes: str) -> None:
    before = logo(
        '<clipPath id="c"><rect width="200" height="200"/></clipPath>'
        + image(url(encoded(emblem(400, 300))), attributes)
    )
    result, job = after(trace_images, before, IMAGE)
    assert told(job) == ["image.traced"]
    worst, mean = difference(before, result)
    assert worst <= 12
    assert mean <= 1


def test_alike_bitmaps_are_traced_once() -> None:
    body = image(url(encoded(emblem())), 'width="50" height="50"')
    began = time.process_time()
    after(trace_images, logo(body), IMAGE)
    once = time.process_time() - began
    began = time.process_time()
    result, job = after(trace_images, logo(body * 6 + body.replace('width="50"', 'x="50" width="50"')), IMAGE)
    assert time.process_time() - began < 10 * once + 20
    assert told(job) == ["image.traced"] * 7
    assert result.count("<path") == 7 * job.changes[0].params["shapes"]  # type: ignore[operator]


ENCODINGS = {
    "base64": lambda data: url(data),
    "percent": lambda data: "data:image/png," + quote(data, safe=""),
    "base64 in lines": lambda data: "data:image/png;base64,\n" + "\n".join(base64.encodebytes(data).decode().split("\n")),
    "base64, some percent": lambda data: "data:image/png;base64," + quote(base64.b64encode(data).decode(), safe=""),
    "no padding": lambda data: url(data).rstrip("="),
    "charset": lambda data: url(data, "image/png;charset=utf-8"),
    "name and charset": lambda data: url(data, "image/png;name=a.png;charset=utf-8"),
    "capitals": lambda data: url(data).replace("data:image/png;base64", "DATA:IMAGE/PNG;BASE64"),
    "blanks around": lambda data: f"  {url(data)}\n",
    "other type": lambda data: url(data, "application/octet-stream"),
    "no type": lambda data: url(data, ""),
}  # fmt: skip


@pytest.mark.parametrize("address", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_data_urls_are_read_as_browsers_read_them(address: Callable[[bytes], str]) -> None:
    _result, job = after(trace_images, logo(image(address(encoded(emblem(64, 64))))), IMAGE)
    assert told(job) == ["image.traced"]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))


PNG = encoded(emblem(64, 64))
UNREADABLE = {
    "60,000 by 60,000": url(png_header(60_000, 60_000) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")),
    "7,000 by 7,000": url(png_header(7_000, 7_000) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")),
    "no pixels": url(png_header(0, 10) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")),
    "cut short": url(PNG[:-200]),
    "header alone": url(PNG[:30]),
    "nothing": "data:image/png;base64,",
    "no comma": "data:image/png;base64",
    "noise": url(bytes(range(256)) * 8),
    "SVG": url(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "TIFF": url(encoded(emblem(64, 64), "TIFF"), "image/tiff"),
    "not base64": "data:image/png;base64,!!!!",
    "for addresses": url(bytes([0xFB, 0xFF]) * 99).replace("+", "-").replace("/", "_"),
    "long head": f"data:image/png;{'x' * 5000};base64,AAAA",
    "many parameters": f"data:image/png{';a=b' * 500};base64,AAAA",
    "text chunk bomb": url(PNG[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000))) + PNG[33:-200]),
}  # fmt: skip


@pytest.mark.parametrize("address", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_stays_and_is_told(address: str) -> None:
    before = logo(image(address))
    began = time.process_time()
    result, job = after(trace_images, before, IMAGE)
    assert time.process_time() - began < 60
    assert result == write(job_for(before).root)
    assert stays(job) == ["image.unreadable"]
    assert not job.changes


@given(st.integers(0, 2**32), st.integers(1, 30), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP"]))
@settings(max_examples=60, deadline=None)
def test_broken_bitmaps_never_raise(seed: int, flips: int, kind: str) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(encoded(emblem(64, 64).convert("RGB"), kind))
    for _ in range(flips):
        data[chance.randrange(len(data))] = chance.randrange(256)
    after(trace_images, logo(image(url(bytes(data)))), IMAGE)


@pytest.mark.parametrize("address", ["logo.png", "https://example.com/logo.png", "#there", "file:///etc/passwd"])
@pytest.mark.parametrize("wishes", [None, IMAGE])
def test_bitmaps_outside_of_the_file_are_told(address: str, wishes: Wishes | None) -> None:
    _result, job = after(trace_images, logo(image(address)), wishes)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("image.external", "")]
    assert not job.changes


def test_without_consent_bitmaps_stay() -> None:
    before = logo(image(url(PNG)))
    result, job = after(trace_images, before)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("image.kept", "image")]
    assert result == write(job_for(before).root)


@pytest.mark.parametrize(
    "body", ["<image/>", '<image width="9" height="9" href=""/>', image(url(PNG), 'width="0" height="9"')]
)
def test_bitmaps_that_draw_nothing_go_without_consent(body: str) -> None:
    result, job = after(trace_images, logo(body))
    assert told(job) == ["image.empty"]
    assert not job.changes[0].visible
    assert "<image" not in result
    assert_same_picture(logo(body), result)


MISPLACED = [
    'width="-5" height="9"',
    'width="1e30" height="9"',
    'x="big" width="9" height="9"',
    'width="9em" height="9"',
    'width="9" height="9" clip-path="url(#c)"',
]


@pytest.mark.parametrize("attributes", MISPLACED)
def test_bitmaps_whose_place_is_not_followed_are_told(attributes: str) -> None:
    body = '<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath>'
    _result, job = after(trace_images, logo(body + image(url(PNG), attributes)), IMAGE)
    assert stays(job) == ["image.misplaced"]


def noise(side: int, blur: int = 1) -> Image.Image:
    small = Image.frombytes("RGB", (side // blur, side // blur), random.Random(1).randbytes((side // blur) ** 2 * 3))  # noqa: S311
    return small.resize((side, side), Image.Resampling.NEAREST).convert("RGBA")


def chequers(side: int, square: int) -> Image.Image:
    board = Image.new("L", (side // square, side // square))
    board.putdata([255 * ((x + y) % 2) for y in range(board.height) for x in range(board.width)])
    return board.resize((side, side), Image.Resampling.NEAREST).convert("RGBA")


BUSY = {
    "noise": lambda: noise(768),
    "coarse noise": lambda: noise(768, 4),
    "coarser noise": lambda: noise(768, 8),
    "soft noise": lambda: noise(768, 16).resize((700, 700), Image.Resampling.BICUBIC),
    "chequers of 2": lambda: chequers(768, 2),
    "chequers of 6": lambda: chequers(768, 6),
    "chequers of 10": lambda: chequers(768, 10),
}


@pytest.mark.parametrize("picture", BUSY.values(), ids=BUSY.keys())
def test_what_has_too_many_details_is_declined_soon(picture: Callable[[], Image.Image]) -> None:
    busy = picture()
    began = time.process_time()
    with pytest.raises(Untraceable, match="too-detailed"):
        trace(busy)
    assert time.process_time() - began < 60


def test_many_large_bitmaps_cost_no_more_than_one() -> None:
    data = [encoded(Image.new("RGB", (6000, 6000), (shade, 0, 0))) for shade in range(4)]
    began = time.process_time()
    _result, job = after(trace_images, logo("".join(image(url(one)) for one in data)), IMAGE)
    assert told(job) == ["image.traced"]
    assert stays(job) == ["image.unreadable"] * 3
    assert time.process_time() - began < 60


def test_shapes_are_bounded_for_all_bitmaps_together() -> None:
    dots = Image.new("RGBA", (700, 700), WHITE)
    for x in range(20, 680, 60):
        for y in range(20, 680, 60):
            ImageDraw.Draw(dots).ellipse((x, y, x + 30, y + 30), fill=BLUE)
    body = image(url(encoded(dots)))
    _result, job = after(trace_images, logo(body * 5), IMAGE)
    assert told(job) == ["image.traced"] * 3
    assert stays(job) == ["image.too-detailed"] * 2


def test_tracing_is_deterministic() -> None:
    before = logo(image(url(encoded(emblem(300, 200)))) + image(url(encoded(noise(64, 16)))))
    results = {after(trace_images, before, IMAGE)[0] for _ in range(4)}
    assert len(results) == 1


PLAIN = {
    "one colour": (Image.new("RGBA", (64, 64), BLUE), 1),
    "one pixel": (Image.new("RGBA", (1, 1), BLUE), 1),
    "one row": (Image.new("RGBA", (300, 1), BLUE), 1),
    "transparent": (Image.new("RGBA", (64, 64), (9, 9, 9, 0)), 0),
}


@pytest.mark.parametrize(("picture", "shapes"), PLAIN.values(), ids=PLAIN.keys())
def test_plain_bitmaps_give_plain_shapes(picture: Image.Image, shapes: int) -> None:
    before = logo(image(url(encoded(picture)), 'width="100" height="100" preserveAspectRatio="none"'))
    result, job = after(trace_images, before, IMAGE)
    assert told(job) == ["image.traced"]
    assert result.count("<path") == shapes
    assert_same_picture(before, result, mean=1)


def test_translucent_bitmaps_are_told() -> None:
    shadow = Image.new("RGBA", (64, 64), (0, 0, 0, 100))
    _result, job = after(trace_images, logo(image(url(encoded(shadow)))), IMAGE)
    assert stays(job) == ["image.translucent"]


def test_gradients_become_bands() -> None:
    ramp = Image.linear_gradient("L").resize((300, 300))
    picture = Image.composite(
        Image.new("RGB", ramp.size, (250, 80, 20)), Image.new("RGB", ramp.size, (60, 20, 200)), ramp
    )
    before = logo(image(url(encoded(picture))))
    result, job = after(trace_images, before, IMAGE)
    assert told(job) == ["image.traced"]
    worst, mean = difference(before, result)
    assert worst < 4
    assert mean < 2


def test_an_undone_tracing_is_not_made_again() -> None:
    before = logo(image(url(PNG)))
    job = job_for(before, IMAGE)
    node = next(node for node in job.root.walk() if node.name == "image")
    job = job_for(before, IMAGE, [("trace_images", node.source)])
    job.step = "trace_images"
    trace_images(job)
    assert not job.changes


ARROW = '<marker id="m" markerWidth="4" markerHeight="4" refX="2" refY="2"><rect width="4" height="4" fill="#ff0000"/></marker>'
LINE = '<path d="M10 10L90 90" stroke="#000000" {}/>'
NOTHING_MARKED = {
    "none": LINE.format('marker-end="none"'),
    "missing": LINE.format('marker-end="url(#nope)"'),
    "not a marker": '<g id="g"/>' + LINE.format('marker-end="url(#g)"'),
    "empty marker": '<marker id="e"/>' + LINE.format('marker-mid="url(#e)"'),
    "no size": ARROW.replace('markerWidth="4"', 'markerWidth="0"') + LINE.format('marker-end="url(#m)"'),
    "unreadable": ARROW + LINE.format('marker-end="#m"'),
    "shorthand": ARROW + LINE.format('marker="url(#m)"'),
    "on a group without shapes": ARROW + '<g marker-end="url(#m)"><image/></g>',
    "on a group, undone within": ARROW + '<g marker-end="none">' + LINE.format("") + "</g>",
    "in a clip path": ARROW + '<clipPath id="c">' + LINE.format('marker-end="url(#m)"') + "</clipPath>",
}  # fmt: skip


@pytest.mark.parametrize("body", NOTHING_MARKED.values(), ids=NOTHING_MARKED.keys())
def test_markers_that_draw_nothing_go_without_consent(body: str) -> None:
    result, job = after(drop_markers, logo(body))
    assert told(job) == ["marker.dropped"]
    assert not job.changes[0].visible
    assert not job.declined
    assert_same_picture(logo(body), result, block=0, mean=0)


MARKED = {
    "on a line": LINE.format('marker-end="url(#m)"'),
    "on a rectangle": '<rect width="9" height="9" marker-end="url(#m)"/>',
    "around a line": '<g marker-start="url(#m)">' + LINE.format("") + "</g>",
    "in some lines": '<g marker-start="url(#m)">' + LINE.format('marker-start="none"') + '<line x2="50"/></g>',
    "used": '<defs><path id="l" d="M10 10L90 90"/></defs><use href="#l" marker-end="url(#m)"/>',
}


@pytest.mark.parametrize("body", MARKED.values(), ids=MARKED.keys())
def test_markers_go_with_consent_only(body: str) -> None:
    before = logo(ARROW + body)
    result, job = after(drop_markers, before)
    assert [(mark.what, mark.needs) for mark in job.declined] == [("marker.kept", "marker")]
    assert_same_picture(before, result, block=0, mean=0)
    result, job = after(drop_markers, before, MARKER)
    assert [mark.what for mark in job.changes if mark.visible] == ["marker.removed"]
    assert "marker-" not in result
    again, second = after(drop_markers, result, MARKER)
    assert (again, second.changes) == (result, [])


def test_markers_on_many_lines_cost_little() -> None:
    job = job_for(
        logo(ARROW + '<g marker-end="url(#m)">' * 500 + LINE.format('marker-end="none"') * 20_000 + "</g>" * 500)
    )
    began = time.process_time()
    drop_markers(job)
    assert time.process_time() - began < 60


def test_pictures_of_the_tests_have_bitmaps() -> None:
    assert repairing.pixels(logo(image(url(PNG)))).getchannel("A").getextrema() == (255, 255)
