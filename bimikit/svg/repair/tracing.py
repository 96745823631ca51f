"""Bitmaps become shapes. Logos are mostly flat: their few colours are found first, which keeps edges sharp."""

from __future__ import annotations

import io
from typing import TypeAlias, cast

import vtracer
from PIL import Image, ImageChops, ImageFilter

from ..colours import as_hex, read_colour
from ..document import Limits, parse
from .tree import Node, read_tree

MOST_SHAPES = 400
"""A tracing may give; a photo gives more, and makes no logo."""
_FLAT_SIDE, _OTHER_SIDE = 768, 512
"""Pixels of the longer side that are traced, of flat logos and of all others: enough for any inbox, and quick."""
_ENLARGED_SIDE = 640
_MOST_ENLARGED = 4.0
"""How small flat logos are enlarged, so that the softness of their edges says where these run."""
_BUSIEST = 0.25
"""Share of pixels that may differ from their neighbours; in a logo it is a few hundredths."""
_COARSE, _BUSIEST_COARSE = 0xC0, 0.5
"""The same before colours are reduced, with four levels to a channel."""
_TRANSLUCENT = 0.05
"""Share of pixels that may be neither opaque nor transparent, other than at edges."""

_Colour: TypeAlias = tuple[int, int, int]
_FEWEST, _FREQUENT = 0.002, 0.02
"""Shares of the pixels from which on a colour is one of a flat logo's: in areas, and in lines."""
_RARE = 0.03
"""Share below which a colour on the way between two others is taken for the softness of an edge."""
_MOST_FLAT_COLOURS = 16
_OTHER_COLOURS = 16
_ALIKE = 20
_ON_THE_WAY = 16
_SMOOTH = 24
"""How far a pixel may be from its neighbours so that it isn't at an edge."""
_OFF, _OFF_INSIDE = 32, 14
"""How far a pixel may be from its flat colour: at an edge, and elsewhere."""
_MOST_OFF, _MOST_OFF_INSIDE = 0.25, 0.02
"""Shares of pixels that may be off in a flat logo: at edges and elsewhere, and elsewhere alone."""


class Untraceable(Exception):
    """A bitmap gives no sensible shapes; carries the reason."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def trace(bitmap: Image.Image) -> tuple[list[Node], tuple[int, int]]:
    """Shapes that look like a bitmap (RGBA), and the size of the area they are in.

    Raises:
        Untraceable: It has too many details, or is translucent.
    """
    levels = bitmap.getchannel("A").histogram()
    if not any(levels[_UNSEEN:]):
        return [], bitmap.size
    bitmap = _limited(bitmap, _FLAT_SIDE)
    if not any(levels[_OPAQUE:]) or _share_translucent(bitmap) > _TRANSLUCENT:
        raise Untraceable("image.translucent")
    if _busyness(bitmap.convert("RGB").point(lambda value: value & _COARSE)) > _BUSIEST_COARSE:
        raise Untraceable("image.too-detailed")
    palette = _flat_palette(bitmap)
    if palette is None:
        bitmap = _limited(bitmap, _OTHER_SIDE)
        reduced = bitmap.convert("RGB").quantize(_OTHER_COLOURS, dither=Image.Dither.NONE)
        colours = list(zip(*[iter(reduced.getpalette() or [])] * 3, strict=False))[:_OTHER_COLOURS]
        palette = [(red, green, blue) for red, green, blue in colours]
    else:
        bitmap = _enlarged(bitmap)
    flat = _flattened(bitmap, palette)
    if _busyness(flat.convert("RGB")) > _BUSIEST:
        raise Untraceable("image.too-detailed")
    return _shapes(flat), flat.size


_OPAQUE = 128
_UNSEEN = 24


def _limited(bitmap: Image.Image, side: int) -> Image.Image:
    if max(bitmap.size) > side:
        bitmap = bitmap.copy()
        bitmap.thumbnail((side, side), Image.Resampling.LANCZOS)
    return bitmap


def _enlarged(bitmap: Image.Image) -> Image.Image:
    scale = min(_MOST_ENLARGED, _ENLARGED_SIDE / max(bitmap.size))
    if scale <= 1:
        return bitmap
    return bitmap.resize((round(bitmap.width * scale), round(bitmap.height * scale)), Image.Resampling.BICUBIC)


def _share_translucent(bitmap: Image.Image) -> float:
    alpha = bitmap.getchannel("A")
    soft = alpha.point(lambda value: 255 if _UNSEEN <= value < 256 - _UNSEEN else 0)
    return _share(ImageChops.darker(soft, _smooth(alpha)))


def _share(mask: Image.Image) -> float:
    return mask.histogram()[255] / (mask.width * mask.height)


def _smooth(band: Image.Image) -> Image.Image:
    """Where a channel hardly differs from pixel to pixel."""
    contrast = ImageChops.subtract(band.filter(ImageFilter.MaxFilter(3)), band.filter(ImageFilter.MinFilter(3)))
    return contrast.point(lambda value: 255 if value < _SMOOTH else 0)


def _flat_palette(bitmap: Image.Image) -> list[_Colour] | None:
    """The colours of a flat logo, the most frequent first; None for what has gradients or is a photo."""
    rgb = bitmap.convert("RGB")
    opaque = bitmap.getchannel("A").point(lambda value: 255 if value >= _OPAQUE else 0)
    inside = opaque
    for band in rgb.split():
        inside = ImageChops.darker(inside, _smooth(band))
    total = opaque.histogram()[255]
    palette: list[_Colour] = []
    # areas first, where no edge blurs the colours; then what has no area, as thin lines
    for mask, fewest in ((inside, _FEWEST), (opaque, _FREQUENT)):
        _choose(palette, _groups(rgb, mask), total * fewest, total * _RARE)
    if not palette:
        return None
    off = _strongest(ImageChops.difference(rgb, _mapped(rgb, palette).convert("RGB")))
    wrong = ImageChops.darker(opaque, _above(off, _OFF))
    wrong_inside = ImageChops.darker(inside, _above(off, _OFF_INSIDE))
    return palette if _share(wrong) <= _MOST_OFF and _share(wrong_inside) <= _MOST_OFF_INSIDE else None


def _above(band: Image.Image, least: int) -> Image.Image:
    return band.point(lambda value: 255 if value > least else 0)


def _strongest(rgb: Image.Image) -> Image.Image:
    red, green, blue = rgb.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _groups(rgb: Image.Image, mask: Image.Image) -> list[tuple[int, _Colour]]:
    """Groups of similar colours, the largest first: how many pixels they have, and their most frequent colour."""
    masked = rgb.copy()
    masked.putalpha(mask)
    counts: dict[_Colour, list[tuple[int, _Colour]]] = {}
    pixels = cast("list[tuple[int, tuple[int, int, int, int]]]", masked.getcolors(rgb.width * rgb.height))
    for count, (red, green, blue, alpha) in pixels:
        if alpha:
            counts.setdefault((red >> 3, green >> 3, blue >> 3), []).append((count, (red, green, blue)))
    return sorted(((sum(count for count, _ in group), max(group)[1]) for group in counts.values()), reverse=True)


def _choose(chosen: list[_Colour], groups: list[tuple[int, _Colour]], fewest: float, rare: float) -> None:
    """Add to the chosen colours those of other groups that are neither like them nor on the way between them."""
    for count, colour in groups:
        if count < fewest or len(chosen) == _MOST_FLAT_COLOURS:
            break
        if any(_distance(colour, other) < _ALIKE for other in chosen):
            continue
        if count < rare and _is_between(colour, chosen):
            continue
        chosen.append(colour)


def _distance(one: _Colour, other: _Colour) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _is_between(colour: _Colour, chosen: list[_Colour]) -> bool:
    """Whether a colour is on the way from one to another, as where edges are softened."""
    for index, start in enumerate(chosen):
        for end in chosen[:index]:
            way = [b - a for a, b in zip(start, end, strict=True)]
            length = sum(step * step for step in way)
            at = sum((c - a) * step for a, c, step in zip(start, colour, way, strict=True)) / length
            off = max(abs(a + at * step - c) for a, c, step in zip(start, colour, way, strict=True))
            if 0 < at < 1 and off < _ON_THE_WAY:
                return True
    return False


def _mapped(rgb: Image.Image, palette: list[_Colour]) -> Image.Image:
    """Each pixel in the nearest colour of a palette."""
    sample = Image.new("P", (1, 1))
    sample.putpalette([part for colour in palette + palette[:1] * (256 - len(palette)) for part in colour])
    return rgb.quantize(palette=sample, dither=Image.Dither.NONE)


def _flattened(bitmap: Image.Image, palette: list[_Colour]) -> Image.Image:
    """A bitmap in the colours of a palette, opaque or transparent, without lines a pixel wide between areas."""
    mapped = _mapped(bitmap.convert("RGB"), palette)
    indexes = Image.frombytes("L", mapped.size, mapped.tobytes()).filter(ImageFilter.ModeFilter(3))
    flat = Image.frombytes("P", mapped.size, indexes.tobytes())
    flat.putpalette(mapped.getpalette() or [])
    result = flat.convert("RGBA")
    result.putalpha(bitmap.getchannel("A").point(lambda value: 255 if value >= _OPAQUE else 0))
    return result


def _busyness(rgb: Image.Image) -> float:
    """Share of pixels that differ from the one beside or above."""
    shares = []
    for across, down in ((1, 0), (0, 1)):
        changes = _strongest(ImageChops.difference(rgb, ImageChops.offset(rgb, across, down)))
        shares.append(1 - changes.histogram()[0] / (rgb.width * rgb.height))
    return max(shares)


def _shapes(flat: Image.Image) -> list[Node]:
    buffer = io.BytesIO()
    flat.save(buffer, "PNG")
    text = vtracer.convert_raw_image_to_svg(
        buffer.getvalue(),
        img_format="png",
        mode="spline",
        filter_speckle=4,
        color_precision=8,
        layer_difference=1,
        path_precision=2,
    )
    document = parse(text.encode(), Limits(max_bytes=16 * 1024 * 1024))
    paths = [node for node in read_tree(document).walk() if node.name == "path"]
    if not document.finished or len(paths) > MOST_SHAPES:
        raise Untraceable("image.too-detailed")
    return list(map(_plain, paths))


def _plain(path: Node) -> Node:
    colour = read_colour(path.attributes.get("fill", "black"))
    fill = as_hex(colour.rgba if colour is not None else None)
    attributes = {"fill": fill, "d": path.attributes.get("d", "").strip()}
    if path.attributes.get("transform", "translate(0,0)") != "translate(0,0)":
        attributes["transform"] = path.attributes["transform"]
    return Node("path", attributes)
