"""The contact sheet: a logo at every size, in every shape, in light and dark, and in a list of mails.

As HTML it has words and true sizes on any screen; as PNG it is one picture to put into a ticket or a mail, and has no
words in it, since no font is at hand that could be counted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from .arguments import as_bytes
from .findings import Report
from .svg.appearance import check_appearance, looked_at
from .svg.difference import png
from .svg.document import Limits
from .svg.inbox import THEMES, mask, shown, tree_of
from .svg.pictures import drawable
from .svg.profile import collapse
from .svg.render import require, shared_renderer

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZES = (16, 24, 32, 48, 64, 96, 128)
"""Pixels to a side; on screens of today the smaller ones are drawn with two pixels for each."""
SHAPE_ORDER = ("circle", "rounded", "square")
ROWS = (("round", "circle", 40), ("soft", "rounded", 36), ("small", "circle", 32), ("plain", "square", 24))
"""Lists of mails: name, shape of the logo in it, and its size."""
_LONGEST_NAME = 32
_QUICKLY = 3
"""How hard small pictures are compressed: as good as harder, in half the time."""


class Drawn(NamedTuple):
    """A logo that was drawn.

    Attributes:
        title: What its ``title`` calls it; empty where it has none.
        images: Pictures (RGBA) by size.
    """

    title: str
    images: dict[int, Image]


def contact_sheet(data: bytes | bytearray | memoryview, *, limits: Limits | None = None) -> bytes:
    """The contact sheet as one PNG picture: light on the left, dark on the right.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        limits: Bounds on what is read; `Limits()` by default.

    Raises:
        TypeError: `data` isn't bytes, or `limits` aren't `Limits`.
        BimikitError: The logo can't be read or drawn, or what drawing needs isn't installed.
    """
    drawn = draw(data, {*SIZES, *(size for _name, _shape, size in ROWS)}, limits)

    from PIL import Image as Images

    panels = [_panel(drawn, theme) for theme in THEMES]
    sheet = Images.new("RGB", (sum(panel.width for panel in panels), panels[0].height))
    for place, panel in enumerate(panels):
        sheet.paste(panel, (place * panel.width, 0))
    return png(sheet)


def contact_sheet_html(
    data: bytes | bytearray | memoryview,
    *,
    lang: str = "en",
    name: str = "logo.svg",
    limits: Limits | None = None,
    report: Report | None = None,
) -> str:
    """The contact sheet as one HTML page that needs no other file: no script, no request.

    It also tells what `check_appearance` finds, the most important first.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        lang: Language of its words, ``"en"`` or ``"ja"``.
        name: What the page calls the file.
        limits: Bounds on what is read; `Limits()` by default.
        report: What `check_appearance` answered about these bytes, where it was asked before; asked here by default.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: There are no words in that language, or `report` is about something else than appearance.
        BimikitError: The logo can't be read or drawn, or what drawing needs isn't installed.
    """
    from .preview_page import page, words

    texts = words(lang)
    if report is not None and not isinstance(report, Report):
        raise TypeError(f"report must be a Report, not {type(report).__name__}")
    if report is not None and report.kind != "appearance":
        raise ValueError(f"report must be check_appearance's, not one of kind {report.kind!r}")
    sizes = {*SIZES, *(size for _name, _shape, size in ROWS)}
    drawn = draw(data, {*sizes, *(2 * size for size in sizes)}, limits)
    if report is None:
        report = check_appearance(data, limits=limits, name=name)
    return page(drawn, texts, lang=lang, name=name, report=report)


def draw_svg(
    data: bytes | bytearray | memoryview, sizes: Iterable[int], *, limits: Limits | None = None
) -> dict[int, bytes]:
    """Draw a logo by itself, transparent where it is, at several sizes at once.

    What lies around it, and the shape it is cut to, are left to the page that shows it; `render_svg` adds both. The
    file is read and drawn as safely as there.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        sizes: Widths, and heights, in pixels, from 1 to 2048.
        limits: Bounds on what is read; `Limits()` by default.

    Returns:
        PNG files by size.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A size is out of range.
        BimikitError: The logo can't be read or drawn, or what drawing needs isn't installed.
    """
    return {size: png(image, _QUICKLY) for size, image in draw(data, _sizes(sizes), limits).images.items()}


def _sizes(sizes: Iterable[int]) -> set[int]:
    wanted = set(sizes)
    if not all(isinstance(size, int) and not isinstance(size, bool) for size in wanted):
        raise TypeError("sizes must be whole numbers")
    return wanted


def look_at_svg(
    data: bytes | bytearray | memoryview,
    sizes: Iterable[int],
    *,
    limits: Limits | None = None,
    name: str = "svg",
    at: datetime | None = None,
) -> tuple[Report, dict[int, bytes]]:
    """Judge a logo's appearance and draw it, in one go: what `check_appearance` and `draw_svg` tell, at half the cost.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        sizes: Widths, and heights, in pixels, from 1 to 2048.
        limits: Bounds on what is read; `Limits()` by default.
        name: What the report calls its subject, a file name for instance.
        at: The moment of judging; must have a time zone. Now by default.

    Returns:
        The report, and PNG files by size; none where the logo can't be drawn, which the report tells.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A size is out of range, or `at` has no time zone.
        BimikitError: What drawing needs isn't installed.
    """
    report, pictures = looked_at(data, _sizes(sizes), limits=limits, name=name, at=at)
    return report, {size: png(image, _QUICKLY) for size, image in pictures.items()}


def draw(data: bytes | bytearray | memoryview, sizes: set[int], limits: Limits | None) -> Drawn:
    """Draw a logo at several sizes."""
    data = as_bytes("data", data)
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be Limits, not {type(limits).__name__}")
    require()
    tree = tree_of(data, limits)
    ordered = sorted(sizes)
    images = dict(zip(ordered, shared_renderer().draw(drawable(tree), ordered), strict=True))
    title = next((collapse(child.text) for child in tree.elements if child.name == "title"), "")
    return Drawn(title if len(title) <= _LONGEST_NAME else f"{title[: _LONGEST_NAME - 1]}…", images)


_MARGIN = 40
_GAP = 24
_INK = {"light": ("#5f6368", "#dadce0", "#eceef1"), "dark": ("#9aa0a6", "#4a4d51", "#303236")}
"""Colours of labels, of lines of text, and of other senders' pictures, by theme."""
_LABEL = 13
_ROW = 60


def _panel(drawn: Drawn, theme: str) -> Image:
    from PIL import Image as Images
    from PIL import ImageDraw as Pens
    from PIL import ImageFont

    font = ImageFont.load_default(_LABEL)
    left = _MARGIN + _GAP + 16
    width = left + sum(SIZES) + _GAP * (len(SIZES) - 1) + _MARGIN
    top = _MARGIN + _LABEL + _GAP
    grid = len(SHAPE_ORDER) * (SIZES[-1] + _GAP)
    height = top + grid + _GAP + 2 * _ROW * 2 + _GAP + _MARGIN
    panel = Images.new("RGB", (width, height), THEMES[theme])
    pen = Pens.Draw(panel)
    across = left
    for size in SIZES:
        pen.text((across + size / 2, _MARGIN), str(size), fill=_INK[theme][0], font=font, anchor="mt")
        for row, shape in enumerate(SHAPE_ORDER):
            middle = top + row * (SIZES[-1] + _GAP) + SIZES[-1] // 2
            panel.paste(shown(drawn.images[size], shape, theme), (across, middle - size // 2))
        across += size + _GAP
    for row, shape in enumerate(SHAPE_ORDER):
        middle = top + row * (SIZES[-1] + _GAP) + SIZES[-1] // 2
        _outline(panel, (_MARGIN, middle - 8), shape, theme)
    _mails(panel, pen, drawn, theme, top + grid + _GAP)
    return panel


def _outline(panel: Image, at: tuple[int, int], shape: str, theme: str) -> None:
    """A small sign for a shape, where other pictures would have a word."""
    from PIL import ImageChops

    outer, inner = mask(16, shape), mask(12, shape)
    ring = outer.copy()
    ring.paste(ImageChops.invert(inner), (2, 2))
    panel.paste(_INK[theme][0], (*at, at[0] + 16, at[1] + 16), ImageChops.multiply(ring, outer))


def _mails(panel: Image, pen: ImageDraw, drawn: Drawn, theme: str, top: int) -> None:
    """Two by two lists, each with the logo's mail above one of somebody else. Words are bars."""
    _ink, line, other = _INK[theme]
    width = (panel.width - 2 * _MARGIN - _GAP) // 2
    for number, (_name, shape, size) in enumerate(ROWS):
        left = _MARGIN + (number % 2) * (width + _GAP)
        start = top + (number // 2) * (2 * _ROW + _GAP)
        for row in (0, 1):
            middle = start + row * _ROW + _ROW // 2
            at = (left + (48 - size) // 2, middle - size // 2)
            if row == 0:
                panel.paste(shown(drawn.images[size], shape, theme), at)
            else:
                panel.paste(other, (*at, at[0] + size, at[1] + size), mask(size, shape))
            bars = ((0.30, _ink), (0.62, line)) if row == 0 else ((0.24, line), (0.5, other))
            for place, (share, colour) in enumerate(bars):
                bar = middle - 11 + place * 15
                pen.rounded_rectangle((left + 60, bar, left + 60 + int(share * width), bar + 7), 3, fill=colour)
            pen.rounded_rectangle((left + width - 28, middle - 11, left + width, middle - 5), 3, fill=line)
        pen.line((left, start + _ROW, left + width, start + _ROW), fill=other)
