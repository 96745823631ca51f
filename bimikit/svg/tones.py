"""What can be measured on the tones of a drawn logo: how many there are, how they contrast, and what small sizes lose.

Pure functions from pictures (RGBA with straight alpha) to numbers, beside those of `measures`.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from PIL import Image, ImageChops

from .measures import RGB, VISIBLE, Choice, Mask, Picture, Tally, apart, both, from_level, grown, like, tally, widest

SAME_TONE = 2
"""Steps (of 255) in each channel and in alpha within which two tones are one: the renderer's rounding."""
EVEN = 8
"""Steps (of 255) within which a pixel's neighbours are like it: so are those of a gradient that takes a quarter of the
canvas from black to white. An edge has more.
"""
FEWEST = 16
"""Pixels (of 65,536) that a tone must cover: a speck of a 64th of the canvas's side squared, less than one pixel of an
avatar. What is smaller may be a seam between shapes of one colour."""
NOISE = 16
"""Steps (of 255) by which half-tones of one colour may differ from it: what can be seen through is rounded coarsely."""
FRINGE = 64
"""Steps (of 255) by which edges of shapes that lie exactly upon each other can shine through at most: a half-covered
pixel lets a quarter of what is below pass. Thin lines of a second colour are told from them by being stronger."""
FRINGE_WIDTH = 2
"""Pixels beyond an even area in which such edges lie."""
EDGE = 2
"""Pixels along an edge whose colours are asked for when a contrast is measured."""


def only_tone(picture: Picture) -> RGB | None:
    """The one colour of a picture that has no other; None where there are two tones or more, or nothing is drawn.

    Counted are tones that fill an area, not the half-tones along its edges: a pixel counts where all its neighbours
    are like it. A gradient has many. What can be seen through makes a tone of its own: black at half opacity beside
    black is grey beside black on any ground but a black one. Transparent is none. Lines too thin to have an inside
    count by the strongest of their pixels, and so do steep gradients; where nothing has an inside, the pixels with most
    of the paint decide.
    """
    alpha = picture.getchannel("A")
    inside = both(_even(picture), from_level(alpha, VISIBLE))
    counted = picture.copy()
    counted.paste((0, 0, 0, 0), mask=ImageChops.invert(inside))
    tones = [
        (count, tone)
        for count, tone in counted.getcolors(picture.width * picture.height) or []
        if isinstance(tone, tuple) and tone[3]
    ]
    if sum(count for count, _ in tones) < FEWEST:
        return _only_colour_of_lines(picture)
    main = max(tones)[1]
    colour = main[0], main[1], main[2]
    others = sum(count for count, tone in tones if apart(tone, main) > SAME_TONE)
    if others >= FEWEST:
        return None
    drawn = from_level(alpha, 128)
    along = both(drawn, grown(inside, FRINGE_WIDTH))
    apart_from_it = ImageChops.subtract(drawn, along)
    lines = sum(count for count, other in tally(picture, along) if apart(other, colour) > FRINGE)
    strays = sum(count for count, other in tally(picture, apart_from_it) if apart(other, colour) > NOISE)
    return None if lines + strays >= FEWEST else colour


def _only_colour_of_lines(picture: Picture) -> RGB | None:
    """The one colour of a picture of thin lines and specks; None where there are more, or nothing is drawn."""
    alpha = picture.getchannel("A")
    highest = _highest(alpha)
    if highest < VISIBLE:
        return None
    colours = tally(picture, from_level(alpha, max(VISIBLE, highest // 2)))
    main = colours[0][1]
    noise = SAME_TONE + 255 // highest  # colours of what can be seen through are rounded more coarsely
    return main if all(apart(colour, main) <= noise for _, colour in colours) else None


def _even(picture: Picture) -> Mask:
    """Where a pixel's neighbours are all more or less like it."""
    even = None
    for band in _spread(picture).split():
        flat = band.point([255] * (EVEN + 1) + [0] * (255 - EVEN))
        even = flat if even is None else both(even, flat)
    assert even is not None  # noqa: S101 - a picture has bands
    return even


def _highest(band: Image.Image) -> int:
    return cast("tuple[int, int]", band.getextrema())[1]


def is_blank(picture: Picture) -> bool:
    """Whether nothing in a picture can be seen."""
    return _highest(picture.getchannel("A")) < VISIBLE


def transparency(picture: Picture) -> float:
    """How much of what is behind a picture is seen, from 0 to 1."""
    histogram = picture.getchannel("A").histogram()
    return sum((255 - level) * count for level, count in enumerate(histogram)) / 255 / sum(histogram)


def luminance(colour: RGB) -> float:
    """Relative luminance of an sRGB colour, from 0 to 1, as WCAG 2 defines it."""
    red, green, blue = (_LINEAR[level] for level in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_LINEAR = [
    level / 255 / 12.92 if level <= 10 else ((level / 255 + 0.055) / 1.055) ** 2.4  # 0.04045 lies between 10 and 11
    for level in range(256)
]


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio of two colours, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def faint_share(colours: Tally, against: RGB, least: float) -> float:
    """The share of pixels whose contrast with a colour is below the least."""
    amount = sum(count for count, _ in colours)
    return sum(count for count, colour in colours if contrast(colour, against) < least) / max(1, amount)


def contrast_of(colours: Tally, against: RGB, share: float) -> float:
    """The contrast with a colour that at least this share of the pixels has."""
    wanted = share * sum(count for count, _ in colours)
    reached = 1.0
    for ratio, count in sorted(((contrast(colour, against), count) for count, colour in colours), reverse=True):
        wanted -= count
        reached = ratio
        if wanted <= 0:
            break
    return reached


def mark_contrast(picture: Picture, mark: Mask | None, around: RGB, share: float) -> float:
    """The contrast with the solid colour around it that at least a share of a mark has; 1 where there is no mark."""
    if mark is None:
        return 1.0
    return contrast_of(tally(picture, both(mark, ImageChops.invert(like(picture, around)))), around, share)


def outline_on(picture: Picture, ground: RGB) -> Tally:
    """The colours along the edges between what is drawn and what is transparent, as they look on a ground."""
    alpha = picture.getchannel("A")
    clear = ImageChops.invert(from_level(alpha, VISIBLE))
    drawn = from_level(alpha, max(VISIBLE, _highest(alpha) // 4))
    # a pixel at the edge is half covered: its paint's own opacity is its neighbour's
    opacity = grown(alpha, EDGE)
    shown = Image.composite(picture.convert("RGB"), Image.new("RGB", picture.size, ground), opacity)
    return tally(shown.convert("RGBA"), both(drawn, grown(clear, EDGE)))


def flattened(picture: Picture, ground: RGB) -> Image.Image:
    """A picture on an opaque ground."""
    canvas = Image.new("RGBA", picture.size, (*ground, 255))
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


DETAIL = 64
"""Steps (of 255) between the lightest and the darkest of a neighbourhood from which on something is drawn there."""
KEPT = 0.7
"""Share of that difference that must be left at a small size. A line one pixel wide keeps half of it where it falls
between two pixels, all where it meets one, and three quarters on the average."""


class Details(NamedTuple):
    """How many pixels of a small picture something is drawn in, and in how many of them it can't be made out."""

    drawn: int
    lost: int

    @property
    def lost_share(self) -> float:
        """The share that is lost."""
        return self.lost / max(1, self.drawn)


def details(large: Image.Image, small: Image.Image) -> Details:
    """How much of what is drawn can't be made out at a small size.

    The large picture's sides are those of the small one times a power of two. The difference between the lightest and
    the darkest that the large picture has within one pixel of the small one is compared with what the small one has in
    the neighbourhood of that pixel (3 by 3). Edges of bold shapes keep all of it, lines of half a pixel half, and
    letters too fine to be read what grey has on white; whatever the colours, and whichever is the darker.
    """
    lightest, darkest = large, large
    while lightest.width > small.width:
        lightest, darkest = _halved(lightest, ImageChops.lighter), _halved(darkest, ImageChops.darker)
    inner = 1, 1, small.width - 1, small.height - 1  # along the canvas's border a background may end early
    before = _most(ImageChops.subtract(lightest, darkest)).crop(inner)
    after = _most(_spread(small)).crop(inner)
    drawn = lost = 0
    for had, has in zip(before.tobytes(), after.tobytes(), strict=True):
        if had >= DETAIL:
            drawn += 1
            lost += has < KEPT * had
    return Details(drawn, lost)


def _halved(picture: Image.Image, choose: Choice) -> Image.Image:
    """A picture of half the size, of whose every 2 by 2 pixels one is kept, channel by channel."""
    half = picture.width // 2, picture.height // 2
    # nearest takes the pixel right and below of each block's middle, or its neighbour to the left, above, or both
    corners = [
        picture.transform(half, Image.Transform.AFFINE, (2, 0, left, 0, 2, top), Image.Resampling.NEAREST)
        for left in (-1, 0)
        for top in (-1, 0)
    ]
    return choose(choose(corners[0], corners[1]), choose(corners[2], corners[3]))


def _spread(picture: Image.Image) -> Image.Image:
    """Between the lightest and the darkest of each 3 by 3 pixels, channel by channel."""
    return ImageChops.subtract(widest(picture, ImageChops.lighter), widest(picture, ImageChops.darker))


def _most(spread: Image.Image) -> Image.Image:
    """The channel with the most."""
    red, green, blue = spread.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)
