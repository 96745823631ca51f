"""Colours of CSS that browsers draw and other renderers of SVG mostly don't: oklch(), hwb(), color() and so on."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable
from typing import Any, TypeAlias

from tinycss2.color4 import parse_color

from ..colours import RGBA

Triple: TypeAlias = tuple[float, float, float]
Rows: TypeAlias = tuple[Triple, Triple, Triple]

_LONGEST = 200


def read_css_colour(text: str) -> RGBA | None:
    """The colour a browser draws on an sRGB screen; None for what isn't one, or depends on its surroundings.

    Args:
        text: A colour in any syntax of CSS Color 4. Channels outside of sRGB are cut to it, as screens do.
    """
    if len(text) > _LONGEST:
        return None
    try:
        colour: Any = parse_color(text)
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):  # on odd arguments of its functions
        return None
    if colour is None or isinstance(colour, str):
        return None
    convert = _TO_SRGB.get(colour.space)
    try:
        if convert is not None:
            first, second, third = (float(part or 0) for part in colour.coordinates)
            channels = convert((first, second, third))
        else:
            channels = tuple(colour.to("srgb").coordinates)
    except (NotImplementedError, OverflowError, TypeError, ValueError):
        return None
    values = (*channels, colour.alpha if colour.alpha is not None else 0.0)
    if not all(map(math.isfinite, values)):
        return None
    red, green, blue, alpha = (_byte(value) for value in values)
    return red, green, blue, alpha


def _byte(share: float) -> int:
    return math.floor(255 * min(max(share, 0.0), 1.0) + 0.5)


_XYZ_TO_SRGB: Rows = (
    (3.2409699419045226, -1.537383177570094, -0.4986107602930034),
    (-0.9692436362808796, 1.8759675015077202, 0.04155505740717559),
    (0.05563007969699366, -0.20397695888897652, 1.0569715142428786),
)
_D50_TO_D65: Rows = (
    (0.955473421488075, -0.02309845494876471, 0.06325924320057072),
    (-0.0283697093338637, 1.0099953980813041, 0.021041441191917323),
    (0.012314014864481998, -0.020507649298898964, 1.330365926242124),
)
_P3_TO_XYZ: Rows = (
    (0.4865709486482162, 0.26566769316909306, 0.1982172852343625),
    (0.2289745640697488, 0.6917385218365064, 0.079286914093745),
    (0.0, 0.04511338185890264, 1.043944368900976),
)
_OKLAB_TO_LMS: Rows = (
    (1.0, 0.3963377773761749, 0.2158037573099136),
    (1.0, -0.1055613458156586, -0.0638541728258133),
    (1.0, -0.0894841775298119, -1.2914855480194092),
)
_LMS_TO_SRGB: Rows = (
    (4.0767416360759583, -3.3077115392580629, 0.2309699031821043),
    (-1.2684379732850317, 2.6097573492876882, -0.341319376002657),
    (-0.0041960761386756, -0.7034186179359362, 1.7076146940746117),
)
_WHITE_D50: Triple = (0.9642956764295677, 1.0, 0.8251046025104602)


def _times(rows: Rows, values: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, values, strict=True)) for row in rows)
    return first, second, third


def _curved(linear: float) -> float:
    """A channel as sRGB encodes it."""
    size = abs(linear)
    encoded = 12.92 * size if size <= 0.0031308 else 1.055 * size ** (1 / 2.4) - 0.055
    return math.copysign(encoded, linear)


def _straight(encoded: float) -> float:
    size = abs(encoded)
    return math.copysign(size / 12.92 if size <= 0.04045 else ((size + 0.055) / 1.055) ** 2.4, encoded)


def _from_linear(values: Triple) -> Triple:
    first, second, third = map(_curved, values)
    return first, second, third


def _from_p3(values: Triple) -> Triple:
    first, second, third = map(_straight, values)
    return _from_linear(_times(_XYZ_TO_SRGB, _times(_P3_TO_XYZ, (first, second, third))))


def _from_lab(values: Triple) -> Triple:
    lightness, a, b = values
    middle = (lightness + 16) / 116
    powers = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (
        white * (power**3 if power > 6 / 29 else 3 * (6 / 29) ** 2 * (power - 4 / 29))
        for white, power in zip(_WHITE_D50, powers, strict=True)
    )
    return _from_linear(_times(_XYZ_TO_SRGB, _times(_D50_TO_D65, (x, y, z))))


def _from_oklab(values: Triple) -> Triple:
    long, medium, short = (part**3 for part in _times(_OKLAB_TO_LMS, values))
    return _from_linear(_times(_LMS_TO_SRGB, (long, medium, short)))


def _from_polar(convert: Callable[[Triple], Triple]) -> Callable[[Triple], Triple]:
    def from_polar(values: Triple) -> Triple:
        lightness, chroma, hue = values
        angle = math.radians(hue)
        return convert((lightness, chroma * math.cos(angle), chroma * math.sin(angle)))

    return from_polar


def _from_hsl(values: Triple) -> Triple:
    hue, saturation, lightness = values
    return colorsys.hls_to_rgb(hue / 360, min(max(lightness / 100, 0), 1), min(max(saturation / 100, 0), 1))


_TO_SRGB: dict[str, Callable[[Triple], Triple]] = {
    "hsl": _from_hsl,
    "srgb-linear": _from_linear,
    "display-p3": _from_p3,
    "lab": _from_lab,
    "lch": _from_polar(_from_lab),
    "oklab": _from_oklab,
    "oklch": _from_polar(_from_oklab),
}
