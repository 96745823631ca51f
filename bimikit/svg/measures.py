"""What can be measured on a drawn logo: its ground, its mark, where the mark lies, and the colours that meet.

Pure functions from pictures to numbers. A picture is RGBA with straight alpha, `SIDE` pixels square, as the renderer
draws it. Masks are pictures of mode L that are 255 where something is so and 0 elsewhere. Lengths are given as shares
of the canvas's side, areas as shares of the canvas.

A logo on a canvas is taken for layers. Outermost is the **ground**: what the canvas's border shows, where it is of one
colour or transparent, as far as it is connected to that border. What isn't ground is the **figure**. A figure that
fills all a round avatar shows, and is outlined in one colour, is a **field** (a disc, a tile with rounded corners):
more background. What stands on the innermost field is the **mark**.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import hypot
from typing import Literal, NamedTuple, TypeAlias, cast

from PIL import Image, ImageChops, ImageStat

Picture: TypeAlias = Image.Image
Mask: TypeAlias = Image.Image
RGB: TypeAlias = tuple[int, int, int]
Choice: TypeAlias = Callable[[Image.Image, Image.Image], Image.Image]
"""`ImageChops.lighter` or `ImageChops.darker`."""

SIDE = 256
"""Pixels at which a logo is measured: many times an avatar's, so that the edges' half-tones weigh little."""
VISIBLE = 8
"""Alpha (of 255) below which nothing is seen: black of this opacity has a contrast of 1.07 to 1 on white."""
SOLID = 247
"""Alpha (of 255) from which on nothing is seen through; the counterpart of `VISIBLE`."""
ALIKE = 6
"""Steps (of 255) in each channel within which a colour counts as the ground's: noise and the faintest of shadows."""
RIM = 2
"""Pixels along the canvas's border that are not trusted: a background that ends a fraction of a pixel early."""
HELD_BORDER = 0.5
"""Share of the canvas's border that a solid ground must hold: with less it is seen in the corners of a picture only."""
UNIFORM = 0.75
"""Share of a field's outline that must be of one colour: letters, rays or an inner disc may touch it."""
FIELD_RADIUS = 0.48
"""Radius, as share of the canvas's side, of the disc that a field must fill: a round avatar's, less a pixel at 32."""
FIELD_FILLED = 0.995
"""Share of that disc that must be filled."""
MOST_FIELDS = 3
"""Layers of background that are looked through: tile, disc and ring."""


class Ground(NamedTuple):
    """What the canvas's border shows.

    Attributes:
        kind: ``"solid"``, ``"transparent"``, or ``"picture"`` where it is neither, and no mark can be told from it.
        colour: The colour, where it is solid.
        mask: Where it is; empty for a picture.
    """

    kind: Literal["solid", "transparent", "picture"]
    colour: RGB | None
    mask: Mask


class Layout(NamedTuple):
    """A logo in layers.

    Attributes:
        ground: The outermost background.
        field: Colour of the innermost field; None where there is no field.
        mark: Where the mark is, holes it encloses included; None where no mark can be told from the background.
    """

    ground: Ground
    field: RGB | None
    mark: Mask | None

    @property
    def around(self) -> RGB | None:
        """The solid colour around the mark; None where it is transparent or a picture."""
        return self.field or self.ground.colour


class Placement(NamedTuple):
    """Where a mark lies.

    Attributes:
        size: The longer side of its bounding box.
        offset: How far its middle lies to the right of and below the canvas's.
        margin: The room between it and the circle that touches the canvas's sides; 0 where it reaches beyond.
        cut: Share of its area outside that circle.
    """

    size: float
    offset: tuple[float, float]
    margin: float
    cut: float


def blank() -> Mask:
    """A mask of nothing."""
    return Image.new("L", (SIDE, SIDE), 0)


def both(one: Mask, other: Mask) -> Mask:
    """Where both are."""
    return ImageChops.darker(one, other)


def either(one: Mask, other: Mask) -> Mask:
    """Where one of them is."""
    return ImageChops.lighter(one, other)


def widest(picture: Image.Image, choose: Choice) -> Image.Image:
    """Of each 3 by 3 pixels the lightest or the darkest, channel by channel.

    Many times as fast as Pillow's rank filters. What lies beyond a border is taken from the opposite one: there is
    ground at both, or the measure doesn't hang on a pixel.
    """
    for x, y in ((1, 0), (0, 1)):
        before, after = ImageChops.offset(picture, x, y), ImageChops.offset(picture, -x, -y)
        picture = choose(picture, choose(before, after))
    return picture


def grown(mask: Mask, pixels: int) -> Mask:
    """A mask and all within so many pixels of it."""
    for _ in range(pixels):
        mask = widest(mask, ImageChops.lighter)
    return mask


def shrunk(mask: Mask, pixels: int) -> Mask:
    """A mask without what is within so many pixels of its edge."""
    for _ in range(pixels):
        mask = widest(mask, ImageChops.darker)
    return mask


def from_level(band: Image.Image, least: int) -> Mask:
    """Where a band is at least so high."""
    return band.point([0] * least + [255] * (256 - least))


def like(picture: Picture, colour: RGB, tolerance: int = ALIKE) -> Mask:
    """Where a picture is opaque and of a colour."""
    found = from_level(picture.getchannel("A"), SOLID)
    for band, level in zip(picture.split()[:3], colour, strict=True):
        near = [255 if abs(step - level) <= tolerance else 0 for step in range(256)]
        found = both(found, band.point(near))
    return found


Tally: TypeAlias = list[tuple[int, RGB]]
"""Colours with the number of pixels each has, most first."""


def tally(picture: Picture, mask: Mask) -> Tally:
    """The colours of a picture within a mask, whatever their alpha."""
    shown = picture.convert("RGB")
    shown.putalpha(mask)
    counted = shown.getcolors(shown.width * shown.height) or []
    found = [(count, (rgba[0], rgba[1], rgba[2])) for count, rgba in counted if isinstance(rgba, tuple) and rgba[3]]
    return sorted(found, key=lambda entry: (-entry[0], entry[1]))


def prevailing(colours: Tally) -> tuple[RGB | None, float]:
    """The most frequent colour, and the share of all that is like it."""
    if not colours:
        return None, 0.0
    main = colours[0][1]
    near = sum(count for count, other in colours if apart(main, other) <= ALIKE)
    return main, near / sum(count for count, _ in colours)


def apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How far two tones are apart, in the channel where they are most."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


@lru_cache(1)
def _rim() -> Mask:
    rim = Image.new("L", (SIDE, SIDE), 255)
    rim.paste(0, (RIM, RIM, SIDE - RIM, SIDE - RIM))
    return rim


@lru_cache(1)
def _border() -> Mask:
    """The outermost pixels that are trusted."""
    return ImageChops.subtract(grown(_rim(), 1), _rim())


def _radii() -> Iterator[float]:
    """How far each pixel's middle is from the canvas's, in pixels."""
    middle = (SIDE - 1) / 2
    return (hypot(x - middle, y - middle) for y in range(SIDE) for x in range(SIDE))


@lru_cache(1)
def _distances() -> Image.Image:
    """How far each pixel is from the canvas's centre, in half pixels, and 255 at most."""
    return Image.frombytes("L", (SIDE, SIDE), bytes(min(255, int(2 * radius)) for radius in _radii()))


@lru_cache(2)
def disc(radius: float) -> Mask:
    """A disc around the canvas's centre, its radius a share of the canvas's side."""
    return Image.frombytes("L", (SIDE, SIDE), bytes(255 if away <= radius * SIDE else 0 for away in _radii()))


def flooded(passable: Mask) -> Mask:
    """The part of a mask that hangs together with the canvas's border."""
    width, height = passable.size
    rows = passable.tobytes()
    runs = [_runs(rows[y * width : (y + 1) * width]) for y in range(height)]
    pending = [
        (y, run) for y, row in enumerate(runs) for run in row if y in (0, height - 1) or run[0] == 0 or run[1] == width
    ]
    reached = set(pending)
    while pending:
        y, (left, right) = pending.pop()
        for beside in (y - 1, y + 1):
            if not 0 <= beside < height:
                continue
            row = runs[beside]
            at = bisect_right(row, left, key=lambda run: run[1])  # the first that ends beyond our left
            while at < len(row) and row[at][0] < right:
                neighbour = beside, row[at]
                if neighbour not in reached:
                    reached.add(neighbour)
                    pending.append(neighbour)
                at += 1
    found = bytearray(width * height)
    for y, (left, right) in reached:
        found[y * width + left : y * width + right] = b"\xff" * (right - left)
    return Image.frombytes("L", (width, height), bytes(found))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where a row is set: from here up to there."""
    runs = []
    start = row.find(255)
    while start >= 0:
        end = row.find(0, start)
        if end < 0:
            end = len(row)
        runs.append((start, end))
        start = row.find(255, end)
    return runs


def layout_of(picture: Picture) -> Layout:
    """A logo in layers."""
    ground = _ground(picture)
    if ground.kind == "picture":
        return Layout(ground, None, None)
    field = None
    figure = ImageChops.invert(ground.mask)
    for _ in range(MOST_FIELDS):
        if _share(disc(FIELD_RADIUS), figure) < FIELD_FILLED:
            break
        colour, share = prevailing(tally(picture, _just_inside(figure)))
        if colour is None or share < UNIFORM:
            return Layout(ground, field, None)  # a disc or tile of many colours: a picture, too
        seam = grown(ImageChops.invert(figure), 2)  # half-tones between the layers
        inner = ImageChops.invert(flooded(either(like(picture, colour), seam)))
        if not inner.getbbox():
            break
        field, figure = colour, inner
    if field is None and ground.kind == "solid" and _share(_border(), ground.mask) < HELD_BORDER:
        return Layout(ground, None, None)
    return Layout(ground, field, figure)


def clear_corners(picture: Picture) -> bool:
    """Whether all four corners are transparent."""
    return all(alpha < VISIBLE for _, alpha in _corners(picture))


def _corners(picture: Picture) -> list[tuple[RGB, int]]:
    """Colour and alpha of the outermost pixels that are trusted in each corner."""
    found = []
    for corner in ((x, y) for x in (RIM, SIDE - 1 - RIM) for y in (RIM, SIDE - 1 - RIM)):
        red, green, blue, alpha = cast("tuple[int, int, int, int]", picture.getpixel(corner))
        found.append(((red, green, blue), alpha))
    return found


def _ground(picture: Picture) -> Ground:
    if clear_corners(picture):
        clear = ImageChops.invert(from_level(picture.getchannel("A"), VISIBLE))
        return Ground("transparent", None, flooded(either(clear, _rim())))
    corners = _corners(picture)
    colour = corners[0][0]
    if all(alpha >= SOLID and apart(colour, other) <= ALIKE for other, alpha in corners):
        return Ground("solid", colour, flooded(either(like(picture, colour), _rim())))
    return Ground("picture", None, blank())


def _just_inside(figure: Mask) -> Mask:
    """A line along a figure's edge, beyond the half-tones of the edge itself."""
    return both(figure, ImageChops.subtract(shrunk(figure, 2), shrunk(figure, 4)))


def _share(mask: Mask, within: Mask) -> float:
    """The share of a mask that lies within another."""
    return both(mask, within).histogram()[255] / mask.histogram()[255]


def placement_of(mark: Mask) -> Placement:
    """Where a mark lies. It must not be empty."""
    left, top, right, bottom = mark.getbbox() or (0, 0, 0, 0)
    amount = mark.histogram()[255]
    outside = both(mark, ImageChops.invert(disc(0.5))).histogram()[255]
    farthest = cast("tuple[int, int]", both(mark, _distances()).getextrema())[1]
    return Placement(
        max(right - left, bottom - top) / SIDE,
        (
            _off_centre((left + right) / 2, _balance(mark, horizontal=True)),
            _off_centre((top + bottom) / 2, _balance(mark, horizontal=False)),
        ),
        0.0 if outside else max(0.0, 0.5 - (farthest / 2 + 1) / SIDE),  # up to the far corner of that pixel
        outside / amount,
    )


def _balance(mark: Mask, *, horizontal: bool) -> float:
    """Where the mark would balance, in pixels from the left or from the top."""
    slope = Image.linear_gradient("L")  # 256 by 256, its level the number of the row
    if horizontal:
        slope = slope.transpose(Image.Transpose.TRANSPOSE)
    mean: float = ImageStat.Stat(slope, mark).mean[0]
    return mean + 0.5


def _off_centre(middle: float, balance: float) -> float:
    """How far off the canvas's centre something is, as share of its side, both by its outline and by its weight.

    A shape may be centred by the one or the other: a triangle that points to the right is set by its weight. What is
    off by both, and to the same side, is off.
    """
    by_outline, by_weight = middle / SIDE - 0.5, balance / SIDE - 0.5
    if by_outline * by_weight <= 0:
        return 0.0
    return min(by_outline, by_weight, key=abs)
