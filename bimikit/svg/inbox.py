"""`render_svg`: a logo as an inbox shows it, cut to a shape and laid on the inbox's ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arguments import as_bytes
from .check import DEFAULT_LIMITS, opened
from .difference import png
from .document import Limits
from .pictures import NotDrawable, drawable
from .render import LARGEST_SIZE, require, shared_renderer
from .repair.tree import Node, read_tree

if TYPE_CHECKING:
    from PIL.Image import Image

SHAPES = ("square", "rounded", "circle")
"""What inboxes cut logos to."""
THEMES = {"light": "#ffffff", "dark": "#202124"}
"""What lies around a logo in an inbox, and behind where it is transparent."""
_ROUNDING = 0.2
"""Radius of a rounded square's corners, as a share of its side."""
_MASK_SIDE = 4096


def render_svg(
    data: bytes | bytearray | memoryview,
    *,
    size: int,
    shape: str = "square",
    theme: str = "light",
    limits: Limits | None = None,
) -> bytes:
    """Draw a logo as an inbox shows it.

    The file is read within bounds, and drawn by a process that is apart from this one, with all that leads outside of
    the file left out: no image, font or address it names is opened. Texts are not drawn, since a logo's fonts aren't
    there; in SVG Tiny PS, and in any inbox, only outlines are sure to be seen.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        size: Width and height in pixels, from 1 to 2048. A logo that isn't square is centred.
        shape: What it is cut to: ``"square"``, ``"rounded"`` or ``"circle"``.
        theme: The inbox around it, ``"light"`` or ``"dark"``. It is seen outside of the shape, and wherever the logo
            is transparent.
        limits: Bounds on what is read; `Limits()` by default.

    Returns:
        A PNG file.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `size` is out of range, or there is no such shape or theme.
        BimikitError: The logo can't be read or drawn (then it is `NotDrawable`, with the reason), or what drawing
            needs isn't installed: ``pip install 'bimikit[preview]'``.
    """
    data = as_bytes("data", data)
    if not isinstance(size, int) or isinstance(size, bool):
        raise TypeError(f"size must be an int, not {type(size).__name__}")
    if not 1 <= size <= LARGEST_SIZE:
        raise ValueError(f"size must be from 1 to {LARGEST_SIZE}, not {size}")
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be Limits, not {type(limits).__name__}")
    for what, value, known in (("shape", shape, SHAPES), ("theme", theme, tuple(THEMES))):
        if value not in known:
            raise ValueError(f"no such {what}: {value!r}; there are {', '.join(known)}")
    require()
    (image,) = shared_renderer().draw(drawable(tree_of(data, limits)), [size])
    return png(shown(image, shape, theme))


def tree_of(data: bytes, limits: Limits | None = None) -> Node:
    """The tree of a file.

    Raises:
        NotDrawable: It can't be read to its end, or is no SVG.
    """
    document = opened(data, limits or DEFAULT_LIMITS)
    if document is None:
        raise NotDrawable("not-svg")
    return read_tree(document)


def shown(image: Image, shape: str, theme: str) -> Image:
    """A drawing cut to a shape, on the ground of an inbox."""
    from PIL import Image as Images

    ground = Images.new("RGB", image.size, THEMES[theme])
    seen = image.getchannel("A")
    if shape != "square":
        from PIL import ImageChops

        seen = ImageChops.multiply(seen, mask(image.width, shape))
    ground.paste(image.convert("RGB"), mask=seen)
    return ground


def mask(size: int, shape: str) -> Image:
    """White where a shape is, with smooth edges."""
    from PIL import Image as Images
    from PIL import ImageDraw

    finer = max(2, min(8, _MASK_SIDE // size))
    side = finer * size
    canvas = Images.new("L", (side, side))
    pen = ImageDraw.Draw(canvas)
    if shape == "circle":
        pen.ellipse((0, 0, side - 1, side - 1), fill=255)
    elif shape == "rounded":
        pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=_ROUNDING * side, fill=255)
    else:
        pen.rectangle((0, 0, side, side), fill=255)
    return canvas.reduce(finer)
