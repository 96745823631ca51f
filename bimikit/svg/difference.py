"""How far two drawings are apart, in numbers and for the eye."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, cast

import msgspec

if TYPE_CHECKING:
    from PIL.Image import Image

GROUNDS = ("white", "black")
"""What drawings are laid on to be compared: a colour with some transparency looks like another on one of them only."""
SAME_BLOCK = 5.0
SAME_MEAN = 0.5
SAME_MEAN_SMALL = 0.9
"""Percent by which two pictures that count as the same may differ at most: in any block, and on average. The second
average is that of pictures under `SMALL` pixels, of which edges, where the noise is, are a larger part.

Measured on 400 logos at 32, 96 and 256 px. Noise stays below: moved by a fiftieth of a percent of its width (0.05 px of
256), half of them differ by no more than 1.2 % in a block and 0.08 % on average, and 99 in 100 by 3.2 % and 0.44 %.
What is seen is above: moved by 0.4 % of its width (one px of 256), half of them differ by 10 % and 1.3 %; without its
last shape, by 75 % and 7 %.
"""
SMALL = 64
_BLOCK = 16
_AMPLIFIED = 4
_GAP = 8


class Apart(msgspec.Struct, frozen=True):
    """How far two pictures of one size are apart on one ground, in percent of the way from black to white.

    Attributes:
        size: Width and height in pixels.
        ground: What lies behind them, of `GROUNDS`.
        maximum: The most that any pixel differs, in red, green and blue.
        mean: What the pixels differ on average, in red, green and blue.
        block: The average in that square of 16 by 16 pixels where it is highest, in the worst of the three.
    """

    size: int
    ground: str
    maximum: tuple[float, float, float]
    mean: tuple[float, float, float]
    block: float


class Difference(msgspec.Struct, frozen=True):
    """How far two drawings are apart at every size, on every ground.

    Attributes:
        measured: One entry for each size and ground.
    """

    measured: tuple[Apart, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes at which they were compared."""
        return tuple(dict.fromkeys(one.size for one in self.measured))

    @property
    def block(self) -> float:
        """The worst block anywhere, in percent."""
        return max((one.block for one in self.measured), default=0.0)

    @property
    def mean(self) -> float:
        """The highest average anywhere, in percent."""
        return max((max(one.mean) for one in self.measured), default=0.0)

    @property
    def maximum(self) -> float:
        """The most that any pixel differs anywhere, in percent."""
        return max((max(one.maximum) for one in self.measured), default=0.0)

    @property
    def same(self) -> bool:
        """Whether nobody can tell them apart: what differs is noise at the edges of shapes."""
        return self.block <= SAME_BLOCK and all(
            max(one.mean) <= (SAME_MEAN_SMALL if one.size < SMALL else SAME_MEAN) for one in self.measured
        )


def compare(before: Sequence[Image], after: Sequence[Image]) -> Difference:
    """Compare two drawings, each at the same sizes in the same order (RGBA).

    Raises:
        ValueError: Their sizes aren't the same.
    """
    if [one.size for one in before] != [one.size for one in after]:
        raise ValueError("pictures of the same sizes are needed")
    return Difference(
        tuple(apart for one, other in zip(before, after, strict=True) for apart in _on_all_grounds(one, other))
    )


def _on_all_grounds(before: Image, after: Image) -> Iterator[Apart]:
    if all(image.getchannel("A").getextrema() == (255, 255) for image in (before, after)):  # no ground is seen
        apart = _apart(before, after, GROUNDS[0])
        yield from (msgspec.structs.replace(apart, ground=ground) for ground in GROUNDS)
    else:
        yield from (_apart(before, after, ground) for ground in GROUNDS)


def _apart(before: Image, after: Image, ground: str) -> Apart:
    from PIL import ImageChops, ImageStat

    apart = ImageChops.difference(_on(before, ground), _on(after, ground))
    means = ImageStat.Stat(apart).mean
    blocks = apart.reduce(min(_BLOCK, *apart.size))
    block = max(*_percent(_highest(blocks)), *_percent(means))  # blocks are rounded to whole steps of brightness
    return Apart(before.width, ground, _percent(_highest(apart)), _percent(means), block)


def _highest(image: Image) -> list[float]:
    return [high for _low, high in cast("tuple[tuple[int, int], ...]", image.getextrema())]


def _percent(channels: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = (round(channel * 100 / 255, 3) for channel in channels)
    return red, green, blue


def _on(image: Image, ground: str) -> Image:
    from PIL import Image as Images

    canvas = Images.new("RGBA", image.size, ground)
    canvas.alpha_composite(image)
    return canvas.convert("RGB")


def picture(before: Image, after: Image) -> bytes:
    """Before, after, and what differs (see `shown_apart`), side by side, as PNG."""
    from PIL import Image as Images

    width, height = before.size
    sheet = Images.new("RGB", (3 * width + 4 * _GAP, height + 2 * _GAP), "white")
    for place, part in enumerate(shown_apart(before, after)):
        sheet.paste(part, (_GAP + place * (width + _GAP), _GAP))
    return png(sheet)


def shown_apart(before: Image, after: Image) -> tuple[Image, Image, Image]:
    """Before, after, and what differs, each as a picture.

    The third is grey where the two are the same, lighter where the second is lighter and darker where it is darker,
    four times as strong as it is.

    Raises:
        ValueError: They aren't of the same size.
    """
    from PIL import Image as Images
    from PIL import ImageChops

    if before.size != after.size:
        raise ValueError("pictures of the same size are needed")
    ground = _chequered(before.size)
    shown = []
    for image in (before, after):
        canvas = ground.copy()
        canvas.alpha_composite(image)
        shown.append(canvas.convert("RGB"))
    one, other = (_on(image, "white") for image in (before, after))
    dark, light = (_on(image, "black") for image in (before, after))
    lighter = ImageChops.lighter(ImageChops.subtract(other, one), ImageChops.subtract(light, dark))
    darker = ImageChops.lighter(ImageChops.subtract(one, other), ImageChops.subtract(dark, light))
    grey = Images.new("RGB", before.size, (128, 128, 128))
    for _ in range(_AMPLIFIED):
        grey = ImageChops.subtract(ImageChops.add(grey, lighter), darker)
    return shown[0], shown[1], grey


def png(image: Image, effort: int = 6) -> bytes:
    """A picture as the bytes of a PNG file, compressed with an effort from 1 to 9."""
    written = BytesIO()
    image.save(written, "PNG", compress_level=effort)
    return written.getvalue()


def _chequered(size: tuple[int, int]) -> Image:
    from PIL import Image as Images

    square = 8
    tile = Images.new("RGBA", (2 * square, 2 * square), "#ffffff")
    for corner in ((0, 0), (square, square)):
        tile.paste("#e4e4e4", (*corner, corner[0] + square, corner[1] + square))
    ground = Images.new("RGBA", size)
    for top in range(0, size[1], tile.height):
        for left in range(0, size[0], tile.width):
            ground.paste(tile, (left, top))
    return ground
