"""Samples of public icon packages, for the survey of repairs and the benchmark.

The packages are npm's ``@iconify-json/logos`` (``--logos icons.json``: the full-colour ones are taken as they are) and
``simple-icons`` (``--icons FOLDER``). Logos of one colour are given a background, since one colour breaks a MUST.
Nothing of the packages is kept here.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import resvg_py
from PIL import Image, ImageChops, ImageStat

_SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BACKGROUND = "#ffe9b0"


class Sample(NamedTuple):
    """A logo: its name, the file, the same placed in a square for the comparison, and the background it is given."""

    name: str
    svg: str
    squared: str
    background: str | None


def _sample(
    name: str, body: str, left: float, top: float, width: float, height: float, background: str | None
) -> Sample:
    side = max(width, height)
    inner = f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}"'
    at = f'x="{(side - width) / 2}" y="{(side - height) / 2}"'
    at += ' overflow="visible"' if not _reaches_beyond(inner, body, side, at) else ""
    ground = f'<rect width="{side}" height="{side}" fill="{background}"/>' if background else ""
    return Sample(
        name,
        f"<svg {_SVG} {inner}>{body}</svg>",
        f'<svg {_SVG} viewBox="0 0 {side} {side}" width="{side}" height="{side}">{ground}'
        f"<svg {at} {inner}>{body}</svg></svg>",
        background,
    )


def _reaches_beyond(inner: str, body: str, side: float, at: str) -> bool:
    """Whether something is drawn outside the canvas, so that its edge hides it.

    Where nothing is, the edge of the comparison's canvas must not either: it would blend with shapes that end there.
    """
    root = f'<svg {_SVG} viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
    pictures = [
        drawn(f'{root}<svg {at} {inner} overflow="{overflow}">{body}</svg></svg>', 256)
        for overflow in ("visible", "hidden")
    ]
    return max(high for high in highest(ImageChops.difference(*pictures))) > _EDGE


_EDGE = 200
"""Of 255: what blending at an edge never reaches."""


def logos(path: Path) -> list[Sample]:
    """The logos of an iconify package."""
    package = json.loads(path.read_text())
    found = []
    for name, icon in sorted(package["icons"].items()):
        box = [icon.get(key, usual) for key, usual in (("left", 0), ("top", 0), ("width", 256), ("height", 256))]
        left, top, width, height = box
        sample = _sample(name, icon["body"], left, top, width, height, None)
        if not has_one_colour(sample.svg):
            found.append(sample)
    return found


def has_one_colour(svg: str) -> bool:
    """Whether a picture has one colour and no gradient: every pixel that is drawn, but for those at edges."""
    picture = drawn(svg, 256)
    counts: Counter[bytes] = Counter()
    pixels = picture.tobytes()
    for at in range(0, len(pixels), 4):
        if pixels[at + 3] == 255:
            counts[pixels[at : at + 3]] += 1
    return not counts or max(counts.values()) >= _ONE_COLOUR * counts.total()


_ONE_COLOUR = 0.995


def icons(folder: Path) -> list[Sample]:
    """The icons of a folder, of 24 by 24 each."""
    found = []
    for path in sorted(folder.glob("*.svg")):
        text = path.read_text()
        body = text[text.index(">") + 1 : text.rindex("</svg>")]
        found.append(_sample(path.stem, body, 0, 0, 24, 24, BACKGROUND))
    return found


def highest(image: Image.Image) -> list[int]:
    """The highest value of each channel."""
    return [high for _low, high in ImageStat.Stat(image).extrema]


def drawn(text: str, size: int) -> Image.Image:
    """A drawing, by the renderer itself."""
    png = resvg_py.svg_to_bytes(
        svg_string=text, width=size, height=size, skip_system_fonts=True, dpi=96, languages=["en"]
    )
    return Image.open(io.BytesIO(png)).convert("RGBA")


def add_options(parser: argparse.ArgumentParser, *, count: int) -> None:
    """Add the options that say which samples are taken.

    Args:
        parser: The command line.
        count: How many logos are taken where it doesn't say.
    """
    parser.add_argument("--logos", type=Path, help="icons.json of @iconify-json/logos")
    parser.add_argument("--icons", type=Path, help="icons/ of simple-icons")
    parser.add_argument("--count", type=int, default=count, help="how many logos, and half as many icons; 0 for all")
    parser.add_argument("--seed", type=int, default=5)


def chosen(options: argparse.Namespace) -> list[tuple[str, list[Sample]]]:
    """The samples that a command line asks for, by the name of their package; none is empty."""
    chance = random.Random(options.seed)
    found = []
    for name, samples, share in (
        ("logos", logos(options.logos) if options.logos else [], 1),
        ("icons", icons(options.icons) if options.icons else [], 2),
    ):
        some = samples
        if options.count:
            some = sorted(chance.sample(samples, min(len(samples), options.count // share)))
        if some:
            found.append((name, some))
    return found
