"""Bitmaps that are embedded in a drawing, read within bounds."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
from urllib.parse import unquote_to_bytes

from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000
"""Of all bitmaps of a drawing together; what goes beyond isn't opened."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_HEAD = re.compile(r"data:([^,;]{0,100})((?:;[^,;]{0,100}){0,8}),", re.IGNORECASE)
_DEEP = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I"})
"""Modes with 16 bits to a sample, which Pillow cuts instead of scaling."""


def embedded(address: str) -> bytes | None:
    """What a ``data:`` URL holds; None for other addresses, and for what can't be decoded."""
    address = address.strip()
    head = _HEAD.match(address[:_LONGEST_HEAD])
    if head is None:
        return None
    body = address[head.end() :]
    if not head[2].lower().replace(" ", "").endswith(";base64"):
        return unquote_to_bytes(body)
    data = b"".join(unquote_to_bytes(body).split()).rstrip(b"=")
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


_LONGEST_HEAD = 1_000


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height a bitmap says it has; None for what isn't one."""
    opened = _opened(data)
    return None if opened is None else opened.size


def read_bitmap(data: bytes) -> Image.Image | None:
    """A bitmap (PNG, JPEG, GIF, WebP or BMP) in RGBA, upright; None for what can't be read."""
    opened = _opened(data)
    if opened is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in _DEEP:
                upright = upright.convert("I").point(lambda sample: sample / 256).convert("L")
            if upright.mode not in ("RGB", "RGBA", "P", "L", "LA", "1"):
                upright = upright.convert("RGB")
            return upright.convert("RGBA")
    except Exception:  # Pillow raises whatever a broken file makes it stumble over
        return None


def _opened(data: bytes) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures; their size is looked at before decoding
            opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception:
        return None
    return opened if 0 < opened.width * opened.height <= MOST_PIXELS else None
