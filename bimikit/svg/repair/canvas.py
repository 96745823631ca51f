"""The root: what identifies the profile, the area that is seen, its size, a background, and the title."""

from __future__ import annotations

import math
import re

from pathops import Path

from ...engine import quote
from ..colours import as_hex, read_colour, read_paint
from ..content import GMAIL_PIXELS, SQUARE_TOLERANCE, TITLE_LIMIT, is_blank
from ..geometry import IDENTITY, Matrix, covers
from ..numbers import ViewBox, read_view_box, to_float
from ..profile import CONSTRAINED, ELEMENTS, SHAPES, collapse
from .cutting import cut
from .job import Job, inherited
from .shapes import mapped, outline, transform_of, transform_to, written, written_matrix
from .tree import Node

_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""CSS pixels in a unit."""
_LENGTH = re.compile(r"[ \t\r\n]*([0-9]*\.?[0-9]+)(px|pt|pc|mm|cm|in)?[ \t\r\n]*", re.IGNORECASE)
_DRAWN = SHAPES | {"g", "text", "textArea", "use", "image"}
_CROP_MARGIN = 0.1
"""Of the side of a cropped canvas that stays empty on each side, so that a round mask cuts little off."""


def identify(job: Job) -> None:
    """The attributes by which the profile is recognised, and none that it doesn't have."""
    attributes = job.root.attributes
    if any(attributes.get(name) != value for name, value in _IDENTIFYING.items()):
        attributes.update(_IDENTIFYING)
        job.did("root.identified", job.root)
    _lead(attributes, *_IDENTIFYING)
    needless = [name for name in attributes if name in CONSTRAINED or name in ("x", "y")]
    for name in needless:
        del attributes[name]
    if needless:
        job.did("root.attributes-dropped", job.root, needless[0], names=", ".join(needless))


_IDENTIFYING = {"version": "1.2", "baseProfile": "tiny-ps"}


def _lead(attributes: dict[str, str], *names: str) -> None:
    """Put these attributes first, without making a new dictionary."""
    if tuple(attributes)[: len(names)] == names:
        return
    first = {name: attributes[name] for name in names}
    rest = {name: value for name, value in attributes.items() if name not in first}
    attributes.clear()
    attributes.update(first | rest)


def place_root_transform(job: Job) -> None:
    """A transform on the root, which the profile doesn't have, goes to a group around everything."""
    root = job.root
    transform = root.attributes.get("transform")
    if transform is None or not job.may_touch(root):
        return
    matrix = transform_of(root) if transform.strip() != "none" else IDENTITY
    if matrix == IDENTITY:
        del root.attributes["transform"]
        job.did("root.transform-moved", root, "transform")
        return
    box = _whole_viewport(root)
    others = {"transform-origin", "transform-box", "style", "clip-path", "mask", "filter"} & root.attributes.keys()
    if matrix is None or matrix[4:] != (0, 0) or box is None or others:
        job.decline("root.transform", root, "transform")
        return
    del root.attributes["transform"]
    job.did("root.transform-moved", root, "transform", misread=True)
    _turn(root, matrix, box)


def _whole_viewport(root: Node) -> ViewBox | None:
    """The area that the root shows, in its own units; None where it isn't simply that of the viewBox, or the size."""
    width, height = (_length(root.attributes.get(name)) for name in ("width", "height"))
    box = read_view_box(root.attributes.get("viewBox", ""))
    if box is None:
        return (0.0, 0.0, width, height) if width and height and "viewBox" not in root.attributes else None
    if any(name in root.attributes for name in ("width", "height")) and not (width and height):
        return None
    if width and height and not math.isclose(width / height, box[2] / box[3], rel_tol=SQUARE_TOLERANCE):
        return None
    return box


def _turn(root: Node, matrix: Matrix, box: ViewBox) -> None:
    """Draw everything transformed around the middle, as browsers do, the edge of the canvas being turned, too."""
    left, top, across, down = box
    x, y = left + across / 2, top + down / 2
    a, b, c, d, _e, _f = matrix
    group = _wrap(root, written_matrix((a, b, c, d, x - a * x - c * y, y - b * x - d * y)))
    sides = zip(("x", "y", "width", "height"), box, strict=True)
    inner = Node("svg", {name: written(number, 6) for name, number in sides})
    inner.attributes["viewBox"] = " ".join(inner.attributes.values())
    for child in list(group.elements):
        inner.append(child)
    group.append(inner)


def _wrap(root: Node, transform: str) -> Node:
    """A group around all that is drawn."""
    group = Node("g", {"transform": transform})
    drawn = [child for child in root.elements if child.name not in ("title", "desc", "metadata")]
    for child in drawn:
        group.append(child)
    root.append(group)
    return group


def set_view_box(job: Job) -> None:
    """A viewBox that says what is seen, so that no other attribute has to."""
    root = job.root
    attributes = root.attributes
    aspect = collapse(attributes.get("preserveAspectRatio", ""))
    box = read_view_box(attributes.get("viewBox", ""))
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    if not job.may_touch(root):
        return
    if box is None:
        _make_view_box(job, width, height)
    elif width and height:
        _fit(job, box, width, height, aspect)
    if "preserveAspectRatio" in attributes:
        legal = re.fullmatch(r"(?:none|xMidYMid)(?: ?meet)?", aspect)
        if not legal or aspect.startswith("none"):
            del attributes["preserveAspectRatio"]
            job.did("root.aspect-resolved", root, "preserveAspectRatio", value=quote(aspect))


def _length(value: str | None) -> float | None:
    """A size in CSS pixels; None where it is missing or depends on what is around the picture."""
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) * _UNITS[(found[2] or "").lower()] if found else None


def _make_view_box(job: Job, width: float | None, height: float | None) -> None:
    root = job.root
    if _EMPTY.fullmatch(root.attributes.get("viewBox", "")):
        job.decline("root.viewbox-empty", root, "viewBox")
        return
    had = "viewBox" if "viewBox" in root.attributes else None
    if width and height:
        root.attributes["viewBox"] = f"0 0 {written(width)} {written(height)}"
        job.did("root.viewbox-made", root, had, value=root.attributes["viewBox"])
        return
    bounds = content_bounds(root) if is_measurable(root) else None
    if not job.allows("crop") or bounds is None:
        job.decline("root.viewbox-unknown", root, had, needs="crop")
        return
    _set_box(root, bounds)
    job.did("root.viewbox-made", root, had, visible=True, value=root.attributes["viewBox"])


_EMPTY = re.compile(r"\s*(?:[^\s,]+[\s,]+){2}(?:[+-]?0*\.?0+[\s,]+[^\s,]+|[^\s,]+[\s,]+[+-]?0*\.?0+)\s*")
"""A viewBox without width or height, with which browsers draw nothing."""
_ALIGNED = re.compile(r"x(Min|Mid|Max)Y(Min|Mid|Max)(?: (meet|slice))?")
_SHARE = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


def _fit(job: Job, box: ViewBox, width: float, height: float, aspect: str) -> None:
    """Make the viewBox the area that a root of this size shows."""
    left, top, across, down = box
    root = job.root
    if math.isclose(width / height, across / down, rel_tol=SQUARE_TOLERANCE):
        return
    if aspect.startswith("none"):
        scale_x, scale_y = width / across, height / down
        matrix = (scale_x, 0.0, 0.0, scale_y, -left * scale_x, -top * scale_y)
        _wrap(root, written_matrix(matrix))
        seen = (0.0, 0.0, width, height)
    else:
        found = _ALIGNED.fullmatch(aspect)
        horizontal, vertical, fitting = found.groups() if found else ("Mid", "Mid", None)
        choose = max if fitting == "slice" else min
        scale = choose(width / across, height / down)
        seen_across, seen_down = width / scale, height / scale
        seen = (
            left + (across - seen_across) * _SHARE[horizontal],
            top + (down - seen_down) * _SHARE[vertical],
            seen_across,
            seen_down,
        )
    _set_box(root, seen)
    job.did("root.viewbox-fitted", root, "viewBox", value=root.attributes["viewBox"])


def _set_box(root: Node, box: ViewBox) -> None:
    root.attributes["viewBox"] = " ".join(written(number, 4) for number in box)


def crop(job: Job) -> None:
    """With the owner's consent: a square canvas around what is drawn, with a margin."""
    if not job.allows("crop"):
        return
    bounds = content_bounds(job.root)
    if bounds is None or not is_measurable(job.root):
        job.decline("root.not-cropped", job.root, "viewBox")
        return
    left, top, across, down = bounds
    side = max(across, down) / (1 - 2 * _CROP_MARGIN)
    wanted = (left - (side - across) / 2, top - (side - down) / 2, side, side)
    present = read_view_box(job.root.attributes.get("viewBox", ""))
    if present is not None and all(abs(a - b) <= side * 0.005 for a, b in zip(wanted, present, strict=True)):
        return
    _set_box(job.root, wanted)
    _size_squarely(job.root)
    job.did("root.cropped", job.root, visible=True, value=job.root.attributes["viewBox"])


def square(job: Job) -> None:
    """A canvas that isn't square is extended; what was hidden beyond its old edge stays hidden."""
    root = job.root
    box = read_view_box(root.attributes.get("viewBox", ""))
    if box is None or not job.wishes.square or not job.may_touch(root):
        return
    left, top, across, down = box
    if math.isclose(across, down, rel_tol=SQUARE_TOLERANCE):
        return
    if is_bound(root):
        job.decline("root.not-squared-effect", root, "viewBox")
        return
    if not _cut_at(root, box):
        job.decline("root.not-squared" if is_measurable(root) else "root.not-squared-text", root, "viewBox")
        return
    side = max(across, down)
    _set_box(root, (left - (side - across) / 2, top - (side - down) / 2, side, side))
    _size_squarely(root)
    job.did("root.squared", root, "viewBox", width=written(across), height=written(down), side=written(side))


_BINDING = frozenset("clip-path mask filter style transform transform-origin transform-box".split())


def is_bound(root: Node) -> bool:
    """Whether the root has effects that depend on its size, and on that at which it is shown."""
    return not _BINDING.isdisjoint(root.attributes)


EDGE = 1e-4
"""Of a canvas' larger side: by this hair something may reach beyond it, so that what ends at its edge is let be."""


def _size_squarely(root: Node) -> None:
    """Give a root whose viewBox is square now a size that is: that of its longer side, where both are known."""
    sizes = [_length(root.attributes.pop(name, None)) for name in ("width", "height")]
    known = [size for size in sizes if size]
    if len(known) == len(sizes):
        root.attributes["width"] = root.attributes["height"] = written(max(known))


def _cut_at(root: Node, box: ViewBox) -> bool:
    """Cut what is drawn at the edge of the seen area; False where something can't be cut exactly."""
    left, top, across, down = box
    ease = max(across, down) * EDGE
    edge = Path()
    corners = [
        (left - ease, top - ease),
        (left + across + ease, top - ease),
        (left + across + ease, top + down + ease),
        (left - ease, top + down + ease),
    ]
    edge.moveTo(*corners[0])
    for corner in corners[1:]:
        edge.lineTo(*corner)
    edge.close()
    pieces: list[tuple[Node, list[Node]]] = []
    for child in root.elements:
        if child.name not in _DRAWN:
            continue
        left_over = cut(child, edge)
        if left_over is None:
            return False
        pieces.append((child, left_over))
    for child, left_over in pieces:
        if left_over != [child]:
            child.replace(*left_over)
    return True


def content_bounds(root: Node) -> ViewBox | None:
    """The box around all fills and strokes, in the root's units: left, top, width, height; None for nothing drawn."""
    boxes = []
    for node in root.walk():
        if node.name not in SHAPES or any(around.name in _NOT_DRAWN for around in node.ancestors()):
            continue
        path, matrix = outline(node), transform_to(node, root)
        if path is None or matrix is None or not list(path.verbs):
            continue
        reach = 0.0
        if inherited(node, "stroke") != "none":
            reach = (to_float(inherited(node, "stroke-width")) or 0.0) / 2
        elif inherited(node, "fill") == "none":
            continue
        left, top, right, bottom = path.bounds
        if not math.isfinite(reach):
            return None
        grown = Path()
        grown.moveTo(left - reach, top - reach)
        for corner in ((right + reach, top - reach), (right + reach, bottom + reach), (left - reach, bottom + reach)):
            grown.lineTo(*corner)
        boxes.append((mapped(path, matrix) if not reach else mapped(grown, matrix)).bounds)
    if not boxes or None in boxes:  # numbers beyond what skia can hold leave a path without bounds
        return None
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    across, down = max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top
    return (left, top, across, down) if across > 0 and down > 0 else None


def is_measurable(root: Node) -> bool:
    """Whether it is known how far everything that is drawn reaches: of texts and bitmaps it isn't."""
    return not any(node.name in _UNMEASURED for node in root.walk())


_UNMEASURED = frozenset({"text", "textArea", "image", "foreignObject", "use"})
_NOT_DRAWN = frozenset({"defs", "clipPath", "mask", "pattern", "marker", "symbol"})


def lay_background(job: Job) -> None:
    """A rectangle of the wished colour behind everything."""
    colour = read_colour(job.wishes.background or "")
    root = job.root
    box = read_view_box(root.attributes.get("viewBox", ""))
    if colour is None or box is None:
        if colour is not None:
            job.decline("background.no-canvas", root)
        return
    left, top, across, down = box
    fill = as_hex(colour.rgba)
    drawn = [child for child in root.elements if child.name in _DRAWN]
    if drawn and drawn[0].name == "rect" and _is_backing(drawn[0], box):
        if _fill_of(drawn[0]) == fill:
            return
        job.decline("background.there-already", drawn[0], "fill", colour=drawn[0].attributes.get("fill", "black"))
        return
    rect = Node("rect", {"width": written(across, 4), "height": written(down, 4), "fill": fill})
    if left:
        rect.attributes = {"x": written(left, 4), **rect.attributes}
    if top:
        rect.attributes = {"y": written(top, 4), **rect.attributes}
    # what a root hands down to shapes without a style of their own must not reach the background
    for name, neutral in (("fill-opacity", "1"), ("stroke", "none")):
        if root.attributes.get(name, neutral) != neutral:
            rect.attributes[name] = neutral
    before = next((child.index() for child in drawn), len(root.children))
    root.insert(before, rect)
    job.did("background.laid", root, visible=True, colour=fill)


def _is_backing(rect: Node, box: ViewBox) -> bool:
    left, top, across, down = box
    inset = min(across, down) * 0.005
    area = (left + inset, top + inset, left + across - inset, top + down - inset)
    return covers("rect", rect.attributes, area, None) and "transform" not in rect.attributes


def _fill_of(node: Node) -> str:
    paint = read_paint(inherited(node, "fill"))
    colour = paint.colour if paint is not None else None
    return as_hex(colour.rgba) if colour is not None and inherited(node, "fill-opacity") == "1" else ""


def set_size(job: Job) -> None:
    """Width and height in pixels, equal for a square canvas, and large enough for Gmail."""
    attributes = job.root.attributes
    box = read_view_box(attributes.get("viewBox", ""))
    if box is None or is_bound(job.root):
        return
    across, down = box[2], box[3]
    if _plain_size(attributes, across / down):
        return
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    longest = max(width or 0.0, height or 0.0, GMAIL_PIXELS)
    if not width and not height:
        longest = max(longest, across, down)
    # the shorter side, too, has Gmail's least; of a canvas that is no more than a line nobody can ask that
    proportion = max(min(across, down) / max(across, down), GMAIL_PIXELS / _LARGEST_SIZE)
    wanted = min(math.ceil(max(longest, GMAIL_PIXELS / proportion) - 1e-9), _LARGEST_SIZE)
    scale = wanted / max(across, down)
    new = {"width": written(across * scale), "height": written(down * scale)}
    for name, value in new.items():
        attributes[name] = value
    job.did("root.sized", job.root, width=new["width"], height=new["height"])


_LARGEST_SIZE = 4096
"""Pixels: a size beyond it says nothing a renderer needs, and some refuse it."""


def _plain_size(attributes: dict[str, str], ratio: float) -> bool:
    """Whether width and height are plain pixels of the viewBox's proportions, and at least Gmail's."""
    sizes = [to_float(attributes.get(name, "").removesuffix("px")) for name in ("width", "height")]
    width, height = sizes
    if width is None or height is None or min(width, height) < GMAIL_PIXELS:
        return False
    return math.isclose(width / height, ratio, rel_tol=SQUARE_TOLERANCE)


FALLBACK_TITLE = "Logo"
"""What a logo is called when nobody says and its file has no name; a placeholder, and told as one."""


def set_title(job: Job) -> None:
    """One title, first, with something in it; descriptions that say nothing go."""
    root = job.root
    titles = [child for child in root.elements if child.name == "title"]
    texts = [" ".join(title.text.split()) for title in titles]
    known = next((text for text in texts if not is_blank(text)), "")
    wished = " ".join((job.wishes.title or "").split())
    wanted = wished or known or job.wishes.placeholder or FALLBACK_TITLE
    in_place = bool(titles) and root.elements[0] is titles[0] and len(titles) == 1
    if not in_place or (texts[0] != wanted):
        title = titles[0] if titles else Node("title")
        for extra in titles[1:]:
            extra.detach()
        title.children[:] = [wanted]
        title.attributes = {name: value for name, value in title.attributes.items() if name in _TITLE_ATTRIBUTES}
        title.detach()
        root.insert(0, title)
        what = "title.set" if wished and wished != known else "title.moved" if known else "title.invented"
        job.did(what, title if title.source >= 0 else root, title=wanted)
    if len(wanted) > TITLE_LIMIT:
        job.decline("title.long", root, length=len(wanted), limit=TITLE_LIMIT)
    _set_description(job)


def _set_description(job: Job) -> None:
    root = job.root
    wished = " ".join((job.wishes.desc or "").split())
    present = [child for child in root.elements if child.name == "desc"]
    if wished and [" ".join(desc.text.split()) for desc in present] != [wished]:
        for desc in present:
            desc.detach()
        desc = Node("desc")
        desc.append(wished)
        root.insert(1, desc)
        job.did("desc.set", root, desc=wished)
    for child in root.elements:
        if child.name == "desc" and is_blank(child.text):
            child.detach()
            job.did("desc.dropped", child)


_TITLE_ATTRIBUTES = frozenset(ELEMENTS["title"].attributes)
