"""A background that CSS gives the root: browsers paint it over the whole canvas, so it becomes a rectangle."""

from __future__ import annotations

from collections.abc import Mapping

from ..colours import read_colour
from ..content import SQUARE_TOLERANCE, pixels
from ..numbers import read_view_box
from .css_declarations import Kept, Outcome
from .job import Job, inherited
from .shapes import written
from .tree import Node

_AS_INITIAL = {"fill-opacity": "1", "stroke": "none"}
"""What the rectangle must not inherit."""


def paint_background(job: Job, root: Node, winners: Mapping[str, Outcome]) -> dict[str, str]:
    """Put a rectangle of the background's colour behind everything, unless the owner asked for another background.

    Returns:
        By property, the CSS that has to stay, since no rectangle can be drawn for it.
    """
    colour, image = winners.get("background-color"), winners.get("background-image")
    if isinstance(image, Kept):
        return {"background-image": image.css}
    if isinstance(colour, Kept):
        return {"background-color": colour.css}
    if not isinstance(colour, str) or job.wishes.background is not None or _is_nothing(colour):
        return {}
    box = read_view_box(root.attributes.get("viewBox", ""))
    if box is None or not _fills_canvas(root, box[2] / box[3]) or colour == "currentColor":
        return {"background-color": f"background-color: {colour}"}
    left, top, width, height = box
    side = max(width, height)  # what a square canvas shows beside the viewBox has the background too
    numbers = {"x": left - (side - width) / 2, "y": top - (side - height) / 2, "width": side, "height": side}
    rect = Node("rect", {name: written(number, 6) for name, number in numbers.items()} | {"fill": colour})
    at = 0
    while at < len(root.children) and _is_about(root.children[at]):
        at += 1
    root.insert(at, rect)
    rect.attributes |= {name: value for name, value in _AS_INITIAL.items() if inherited(root, name) != value}
    job.did("css.background", root, misread=True, colour=colour)
    return {}


def _is_nothing(colour: str) -> bool:
    known = read_colour(colour)
    return colour == "none" or (known is not None and known.rgba is not None and known.rgba[3] == 0)


def _fills_canvas(root: Node, ratio: float) -> bool:
    """Whether the viewBox covers the canvas, and nothing on the root acts on what is in it but not behind it."""
    if not root.attributes.keys().isdisjoint({"opacity", "transform", "filter", "mask", "clip-path", "style"}):
        return False
    if root.attributes.get("preserveAspectRatio", "xMidYMid").split()[:1] != ["xMidYMid"]:
        return False
    width, height = pixels(root.attributes.get("width")), pixels(root.attributes.get("height"))
    return not (width and height) or abs(width / height / ratio - 1) <= SQUARE_TOLERANCE


def _is_about(child: Node | str) -> bool:
    return isinstance(child, str) or child.name in ("title", "desc", "metadata", "defs", "style")
