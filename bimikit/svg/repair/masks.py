"""Masks that are really clips: what they let through is all or nothing, or one even share."""

from __future__ import annotations

from typing import NamedTuple

from pathops import Path, PathOp

from ..geometry import IDENTITY, Box, Matrix
from ..profile import SHAPES
from .bench import Bench
from .clips import clip_region, leads_nowhere
from .gradient_light import is_linear, to_light
from .instances import write_out_uses
from .job import Job
from .leaves import Leaf, Refused, box_around, box_matrix, leaves, own_area
from .pieces import Piece, colour_of, opacity_of, pieces_of, stop_colours
from .regions import apart, box_path, combined, even_odd, is_empty, within
from .shapes import inverse, mapped, path_data, transform_to, written
from .tree import Node

_EVEN = 1 / 400
"""Shares that differ by less are the same to 8 bits."""
_MOST_LEVELS = 3
_LUMINANCE = (0.2126, 0.7152, 0.0722)


class _Clip(NamedTuple):
    """What stands for a mask: a clip path's id, how much is seen, and whether it is as light that colours are mixed."""

    name: str
    share: float
    linear: bool


class Window(NamedTuple):
    """What a mask lets through.

    Attributes:
        path: Where, in the coordinates of what is masked.
        share: How much of it, above 0 and up to 1.
    """

    path: Path
    share: float


def resolve_masks(job: Job) -> None:
    """Turn a ``mask`` that is really a clip into a ``clip-path``, with an opacity where the mask is an even grey."""
    if not any("mask" in node.attributes for node in job.root.walk()):
        return
    write_out_uses(job, frozenset({"mask"}))
    bench = Bench(job.root)
    masked = [node for node in job.root.walk() if "mask" in node.attributes]
    boxes: dict[Node, Box | None] = {}
    clips: dict[tuple[Node, Box | None], _Clip] = {}
    declined: dict[Node, str] = {}
    # masks that are used within others come first
    for level in range(_MOST_LEVELS, -1, -1):
        for node in masked:
            if min(_masks_around(node), _MOST_LEVELS) != level or not job.may_touch(node):
                continue
            try:
                _resolve(job, node, bench, boxes, clips)
            except Refused as refusal:
                declined[node] = refusal.reason
    for node, reason in declined.items():
        if job.allows("mask"):
            del node.attributes["mask"]
            job.did("mask.removed", node, "mask", visible=True)
        else:
            job.decline(f"mask.{reason}", node, "mask", needs="mask", element=node.name)


def _masks_around(node: Node) -> int:
    return sum(1 for above in (node, *node.ancestors()) if above.name == "mask")


def _resolve(
    job: Job,
    node: Node,
    bench: Bench,
    boxes: dict[Node, Box | None],
    clips: dict[tuple[Node, Box | None], _Clip],
) -> None:
    value = node.attributes["mask"].strip()
    mask = bench.target(value)
    if value in ("none", "") or node.name in _NOT_MASKED or not leaves(node, bench.effort):
        del node.attributes["mask"]
        job.did("mask.dropped", node, "mask")
        return
    if leads_nowhere(value, bench):
        del node.attributes["mask"]
        job.did("mask.missing", node, "mask", target=value)
        return
    if mask is None or mask.name != "mask" or node.name == "mask":
        raise Refused("nested" if node.name == "mask" else "target")
    if node.parent is None:
        raise Refused("root")
    box = boxes[node] = box_around(node, bench.effort) if _needs_box(mask) else None
    if (mask, box) not in clips:
        window = window_of(mask, box, bench)
        clips[mask, box] = _Clip(_define_clip(mask, window, bench), window.share, _is_linear(mask))
    name, share, linear = clips[mask, box]
    _put_clip(node, name, bench)
    del node.attributes["mask"]
    if share < 1:
        node.attributes["opacity"] = written(opacity_of(node.attributes.get("opacity", "1")) * share, 4)
    job.did("mask.clipped", node, "mask", misread=linear and share < 1)


_NOT_MASKED = frozenset(
    "clipPath defs desc filter linearGradient metadata pattern radialGradient solidColor stop style title".split()
)


def _needs_box(mask: Node) -> bool:
    return (
        mask.attributes.get("maskUnits", "").strip() != "userSpaceOnUse"
        or mask.attributes.get("maskContentUnits", "").strip() == "objectBoundingBox"
    )


_DIGITS = 6
"""Decimals of an outline that something is still to be cut by."""


def _define_clip(mask: Node, window: Window, bench: Bench) -> str:
    """Write what a mask lets through as a ``clipPath`` beside it; its id."""
    name = bench.new_id(mask.attributes.get("id", "mask"))
    clip = Node("clipPath", {"id": name}, mask.source)
    if not is_empty(window.path):
        rule = {"clip-rule": "evenodd"} if even_odd(window.path) else {}
        clip.append(Node("path", rule | {"d": path_data(window.path, _DIGITS)}, mask.source))
    assert mask.parent is not None  # noqa: S101 - what is found by its id, and isn't an svg, is in something
    mask.parent.insert(mask.index() + 1, clip)
    bench.ids[name] = clip
    return name


def _put_clip(node: Node, name: str, bench: Bench) -> None:
    """Clip an element, which may be clipped already: then what clips it is clipped."""
    already = node.attributes.get("clip-path", "none").strip()
    if already != "none" and bench.target(already) is not None:
        clip = bench.ids[name].clone()
        clip.attributes["id"] = bench.new_id(name)
        clip.attributes["clip-path"] = already
        original = bench.ids[name]
        assert original.parent is not None  # noqa: S101
        original.parent.insert(original.index() + 1, clip)
        name = clip.attributes["id"]
        bench.ids[name] = clip
    node.attributes["clip-path"] = f"url(#{name})"


def window_of(mask: Node, box: Box | None, bench: Bench) -> Window:
    """What a mask lets through.

    Args:
        mask: The ``mask`` element.
        box: The box around what is masked, in its own coordinates; None where it is flat or isn't needed.
        bench: What is known of the tree.

    Raises:
        Refused: It isn't all or nothing, or can't be worked out.
    """
    if _needs_box(mask) and box is None:
        raise Refused("flat")
    if any(mask.attributes.get(name, "none").strip() not in ("none", "") for name in ("mask", "filter", "clip-path")):
        raise Refused("nested")
    matrix = IDENTITY
    if mask.attributes.get("maskContentUnits", "").strip() == "objectBoundingBox" and box is not None:
        matrix = box_matrix(box)
    planes = _Planes(bench)
    parts = [(leaf, piece) for leaf in leaves(mask, bench.effort) for piece in pieces_of(leaf.node)]
    for leaf, piece in parts:
        share, opaque = _share(piece, leaf, mask, bench, alone=len(parts) == 1)
        path = mapped(_clipped(piece, leaf, mask, bench), leaf.matrix)
        planes.paint(path, share, opaque=opaque or len(parts) == 1)
    share, path = planes.result()
    return Window(_within_area(mapped(path, matrix), mask, box, bench), share)


def _is_alpha(mask: Node) -> bool:
    style = mask.attributes.get("style", "").replace(" ", "").rstrip(";").lower()
    if style not in ("", "mask-type:alpha", "mask-type:luminance"):
        raise Refused("unreadable")
    return (style.partition(":")[2] or mask.attributes.get("mask-type", "").strip()) == "alpha"


def _share(piece: Piece, leaf: Leaf, mask: Node, bench: Bench, *, alone: bool) -> tuple[float, bool]:
    """How much a piece lets through, and whether it hides what the mask has below it."""
    colour = colour_of(piece.colour)
    colours = [colour] if colour is not None else stop_colours(piece.colour, bench.ids)
    if colours is None:
        raise Refused("shaded")
    alpha = piece.alpha
    for node in _up_to(leaf.node, mask):
        if any(node.attributes.get(name, "none").strip() != "none" for name in ("mask", "filter", "mix-blend-mode")):
            raise Refused("nested")
        own = opacity_of(node.attributes.get("opacity", "1"))
        if own < 1 and not alone:
            raise Refused("shaded")
        alpha *= own
    of_alpha, linear = _is_alpha(mask), _is_linear(mask)
    shares = []
    for *channels, opacity in colours:
        amounts = [to_light(channel / 255) if linear else channel / 255 for channel in channels]
        light = 1.0 if of_alpha else sum(k * amount for k, amount in zip(_LUMINANCE, amounts, strict=True))
        shares.append((light * opacity * alpha, opacity * alpha))
    (share, opacity), *others = shares
    if any(abs(other[0] - share) > _EVEN or abs(other[1] - opacity) > _EVEN for other in others):
        raise Refused("shaded")
    return share, opacity > 1 - _EVEN


def _is_linear(mask: Node) -> bool:
    """Whether a mask lets through what it has of light, and not of brightness.

    Raises:
        Refused: Not all of it says the same.
    """
    answers = {is_linear(below) for below in mask.walk() if below.name in SHAPES} or {is_linear(mask)}
    if len(answers) > 1:
        raise Refused("shaded")
    return answers.pop()


def _up_to(node: Node, top: Node) -> list[Node]:
    found = [node]
    for above in node.ancestors():
        if above is top:
            break
        found.append(above)
    return found


def _clipped(piece: Piece, leaf: Leaf, mask: Node, bench: Bench) -> Path:
    """What a piece covers, in the shape's own coordinates, within the clip paths on it and around it."""
    path = piece.path
    for node in _up_to(leaf.node, mask):
        value = node.attributes.get("clip-path", "none").strip()
        clip = bench.target(value)
        if value == "none" or leads_nowhere(value, bench):
            continue
        if clip is None or clip.name != "clipPath":
            raise Refused("nested")
        matrix = transform_to(leaf.node, node) if node is not leaf.node else IDENTITY
        if matrix is None:
            raise Refused("unreadable")
        region = clip_region(clip, box_around(node, bench.effort), bench)
        placed = combined(mapped(path, matrix), region, PathOp.INTERSECTION, bench.effort)
        back = None if placed is None else _back(placed, matrix)
        if back is None:
            raise Refused("too-complex")
        path = back
    return path


def _back(path: Path, matrix: Matrix) -> Path | None:
    back = inverse(matrix)
    return None if back is None else mapped(path, back)


class _Planes:
    """A mask's picture as areas that let an even share through, none overlapping another."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._areas: dict[float, Path] = {}

    def paint(self, path: Path, share: float, *, opaque: bool) -> None:
        """Paint over what is there."""
        key = next((known for known in self._areas if abs(known - share) <= _EVEN), share)
        for other, area in self._areas.items():
            if is_empty(area) or apart(area, path):
                continue
            if not opaque:
                raise Refused("shaded")
            if other != key:
                self._areas[other] = self._together(area, path, PathOp.DIFFERENCE)
        if share > _EVEN:
            area = self._areas.get(key, Path())
            self._areas[key] = path if is_empty(area) else self._together(area, path, PathOp.UNION)

    def result(self) -> tuple[float, Path]:
        """The share that is let through, and where."""
        seen = [(share, area) for share, area in self._areas.items() if not is_empty(area)]
        if len(seen) > 1:
            raise Refused("shaded")
        if not seen:
            return 1.0, Path()
        share, area = seen[0]
        return (1.0 if share > 1 - _EVEN else share), area

    def _together(self, one: Path, other: Path, operation: PathOp) -> Path:
        result = combined(one, other, operation, self._bench.effort)
        if result is None:
            raise Refused("too-complex")
        return result


def _within_area(path: Path, mask: Node, box: Box | None, bench: Bench) -> Path:
    """What of a path is inside the mask's own rectangle."""
    if is_empty(path):
        return path
    area = box_path(own_area(mask, "maskUnits", box, bench.seen))
    if within(path, area, 0, bench.effort):
        return path
    inside = combined(path, area, PathOp.INTERSECTION, bench.effort)
    if inside is None:
        raise Refused("too-complex")
    return inside
