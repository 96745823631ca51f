"""Bitmaps, traced into shapes with the owner's consent: the profile has none."""

from __future__ import annotations

import re
from typing import NamedTuple

from PIL import Image

from ..geometry import Matrix
from ..numbers import to_float
from .bitmaps import MOST_PIXELS, embedded, read_bitmap, size_of
from .job import Job, by_id, viewport
from .removal import HREFS, href, ids, referenced
from .shapes import written_matrix
from .text_paints import is_cut_by_box
from .text_styles import length
from .tracing import MOST_SHAPES, Untraceable, trace
from .tree import Node

_REACH = 1e6
"""No coordinate of a logo is larger."""
_OF_IMAGES = frozenset(
    "x y width height preserveAspectRatio image-rendering overflow xlink:type xlink:title xlink:show xlink:actuate "
    "xlink:role xlink:arcrole crossorigin decoding".split()
) | set(HREFS)
"""Attributes that mean nothing on the shapes of a tracing."""


def trace_images(job: Job) -> None:
    """Bitmaps become shapes where the owner asked for it; those that draw nothing go."""
    images = [node for node in job.root.walk() if node.name == "image"]
    if images:
        _Tracing(job).run(images)


class _Frame(NamedTuple):
    """Where an image is: its box, in its own coordinates; a side is None where the bitmap decides."""

    x: float
    y: float
    width: float | None
    height: float | None


class _Traced(NamedTuple):
    """The tracing of a bitmap, the matrix from its coordinates to the image's box, and the bitmap's size."""

    group: Node
    matrix: Matrix
    size: tuple[int, int]


class _Tracing:
    """The step at work on the bitmaps of a drawing."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.needed = referenced(job.root)
        self.known = by_id(job.root)
        self.pixels = MOST_PIXELS
        self.shapes = MOST_SHAPES
        self.traced: dict[tuple[str, str, float | None, float | None], _Traced] = {}

    def run(self, images: list[Node]) -> None:
        """Trace what may and can be traced."""
        for image in images:
            if not self.job.may_touch(image):
                continue
            address, frame = href(image) or "", _frame(image, self.job.root)
            empty = not address or (frame is not None and 0 in (frame.width, frame.height))
            if empty and not any(name in self.needed for name in ids(image)):
                image.detach()
                self.job.did("image.empty", image)
            elif not address.lower().startswith("data:"):
                self.job.decline("image.external", image)
            elif not self.job.allows("image"):
                self.job.decline("image.kept", image, needs="image")
            elif frame is None or is_cut_by_box(image, self.known):
                self.job.decline("image.misplaced", image)
            else:
                self._trace(image, address, frame)

    def _trace(self, image: Node, address: str, frame: _Frame) -> None:
        fit = image.attributes.get("preserveAspectRatio", "")
        try:
            key = (address, fit, frame.width, frame.height)
            if key not in self.traced:
                self.traced[key] = self._tracing(address, fit, frame)
            tracing = self.traced[key]
            count = len(tracing.group.elements)
            if count > self.shapes:
                raise Untraceable("image.too-detailed")
        except Untraceable as reason:
            self.job.decline(reason.what, image, limit=MOST_SHAPES)
            return
        self.shapes -= count
        group = tracing.group.clone()
        a, b, c, d, e, f = tracing.matrix
        group.attributes["transform"] = written_matrix((a, b, c, d, e + frame.x, f + frame.y))
        own = {name: value for name, value in image.attributes.items() if name not in _OF_IMAGES}
        outer = Node("g", own, image.source) if own else group
        if outer is not group:
            outer.append(group)
        outer.source = image.source
        image.replace(outer)
        width, height = tracing.size
        self.job.did("image.traced", outer, visible=True, width=width, height=height, shapes=count)

    def _tracing(self, address: str, fit: str, frame: _Frame) -> _Traced:
        """Trace the part of a bitmap that is seen.

        Raises:
            Untraceable: That can't be done.
        """
        data = embedded(address)
        size = None if data is None else size_of(data)
        if data is None or size is None or size[0] * size[1] > self.pixels:
            raise Untraceable("image.unreadable")
        self.pixels -= size[0] * size[1]
        bitmap = read_bitmap(data)
        if bitmap is None:
            raise Untraceable("image.unreadable")
        placed = _placed(fit, frame, bitmap.size)
        if placed is None:
            raise Untraceable("image.misplaced")
        crop, (a, _b, _c, d, e, f) = placed
        shapes, (width, height) = trace(_cropped(bitmap, crop))
        group = Node("g")
        for shape in shapes:
            group.append(shape)
        across, down = (crop[2] - crop[0]) / width, (crop[3] - crop[1]) / height
        return _Traced(group, (a * across, 0.0, 0.0, d * down, e + a * crop[0], f + d * crop[1]), bitmap.size)


def _frame(image: Node, root: Node) -> _Frame | None:
    """Where an image is; None where that can't be read."""
    _left, _top, across, down = viewport(root)
    sides: list[float | None] = []
    for name, whole in (("x", across), ("y", down), ("width", across), ("height", down)):
        text = image.attributes.get(name, "").strip()
        if text in ("", "auto"):
            sides.append(0.0 if name in ("x", "y") else None)
            continue
        share = to_float(text[:-1]) if text.endswith("%") else None
        side = whole * share / 100 if share is not None else length(text, _EM)
        if side is None or not abs(side) <= _REACH or (side < 0 and name not in ("x", "y")):
            return None
        sides.append(side)
    x, y, width, height = sides
    return _Frame(x or 0.0, y or 0.0, width, height)


_EM = float("nan")
"""Lengths in ems have been converted before, or can't be."""
_Crop = tuple[float, float, float, float]
_FIT = re.compile(r"(?:defer[ \t\r\n]+)?(none|x(Min|Mid|Max)Y(Min|Mid|Max))(?:[ \t\r\n]+(meet|slice))?").fullmatch
_SHARES = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


def _placed(fit: str, frame: _Frame, size: tuple[int, int]) -> tuple[_Crop, Matrix] | None:
    """The part of a bitmap that is seen, and the matrix from the whole bitmap's pixels to the image's coordinates."""
    width, height = size
    box_width, box_height = frame.width, frame.height
    if box_width is None:
        box_width = float(width) if box_height is None else box_height * width / height
    if box_height is None:
        box_height = box_width * height / width
    found = _FIT(fit.strip()) or _FIT("xMidYMid")
    assert found is not None  # noqa: S101
    across, down = box_width / width, box_height / height
    if not 0 < min(across, down) <= max(across, down) <= _REACH:
        return None
    if found[1] == "none":
        return (0.0, 0.0, float(width), float(height)), (across, 0.0, 0.0, down, 0.0, 0.0)
    slices = found[4] == "slice"
    scale = max(across, down) if slices else min(across, down)
    left = (box_width - width * scale) * _SHARES[found[2]]
    top = (box_height - height * scale) * _SHARES[found[3]]
    crop = (
        max(-left / scale, 0.0),
        max(-top / scale, 0.0),
        min((box_width - left) / scale, float(width)),
        min((box_height - top) / scale, float(height)),
    )
    return crop, (scale, 0.0, 0.0, scale, left, top)


def _cropped(bitmap: Image.Image, crop: _Crop) -> Image.Image:
    left, top, right, bottom = crop
    if crop == (0.0, 0.0, bitmap.width, bitmap.height):
        return bitmap
    size = max(round(right - left), 1), max(round(bottom - top), 1)
    return bitmap.resize(size, Image.Resampling.BICUBIC, box=crop)
