"""From a tree to a text that is safe to draw: our own, bounded, and leading nowhere outside itself.

The renderer never sees a file's own text. What it gets is written here, element by element, from lists of what may be
in it. It keeps all that resvg draws from within a document, so that the picture is the file's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..errors import BimikitError
from ..lazy import lazy_regex
from .css_safety import plainly_safe, safe_css
from .lexis import BLANK, LARGEST
from .namespaces import SVG_NS, XLINK_NS
from .numbers import ViewBox, read_view_box
from .references import MOST_INSTANCES
from .repair.tree import Node

MOST_DEPTH = 600
"""Levels of nesting, references followed. resvg takes 1,024 at most, and its stack in our worker four times that."""
MOST_CHARACTERS = 16 * 1024 * 1024
"""Characters of the text; files are read up to 2 MiB."""
MOST_DOUBTFUL_CSS = 256 * 1024
"""Characters of CSS that are read token by token; what is beyond, and could lead outside, is left out."""
SIDE = 1024
"""Width and height of the canvas that a drawing is fitted into; `render_worker` puts the size asked for there."""

REASONS = {
    "crashed": "the renderer broke down on it",
    "no-size": "its canvas has no area: look at viewBox, width and height",
    "not-svg": "it is no SVG file, or can't be read to its end within bimikit's limits",
    "too-deep": f"its elements are nested more than {MOST_DEPTH} levels deep, references followed",
    "too-large": "it takes too much memory",
    "too-many-elements": f"it draws more than {MOST_INSTANCES:,} elements once every reference is followed",
    "too-slow": "it takes too long",
    "unreadable": "the renderer can't read it",
}
"""Why a drawing isn't drawn."""

_DRAWN = frozenset(
    """a circle clipPath defs ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
    feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile
    feTurbulence filter g line linearGradient marker mask path pattern polygon polyline radialGradient rect stop style
    svg switch symbol text textPath tspan use""".split()
)
"""Elements that are drawn, or that drawing needs. Pictures (image, feImage), foreign content, fonts, scripts and
animation are not among them, nor anything that would have the renderer open a file."""
_WORDED = frozenset({"a", "style", "text", "textPath", "tspan"})
_ROUGH = frozenset({"shape-rendering", "text-rendering", "image-rendering"})
"""Attributes that make edges coarser or finer: the profile has none of them, so no inbox ever follows them."""
_HREFS = frozenset({"href", "xlink:href"})
_KEPT_PREFIXED = frozenset({"xlink:href", "xml:id", "xml:space"})
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "em": 16.0,
          "rem": 16.0, "ex": 8.0, "q": 96 / 101.6}  # fmt: skip
_LENGTH = lazy_regex(
    r"[ \t\r\n]*([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:e[+-]?[0-9]{1,3})?)([a-z%]{0,3})[ \t\r\n]*",
    flags=re.IGNORECASE,
)
_TARGETS = lazy_regex(r"""url\([ \t\r\n\f]*["']?#([^"') \t\r\n\f]*)""", "findall", flags=re.IGNORECASE)
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)
_SAME_SHAPE = 1e-4


class NotDrawable(BimikitError):
    """A drawing that can't be drawn.

    Attributes:
        reason: One of `REASONS`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"this can't be drawn: {REASONS[reason]}")
        self.reason = reason

    def __reduce__(self) -> tuple[type[NotDrawable], tuple[str]]:
        return NotDrawable, (self.reason,)


def drawable(root: Node, *, cut: bool = False) -> str:
    """A tree as text that is safe to hand to resvg, its canvas centred in a square as ``xMidYMid meet`` would.

    Only elements and attributes that drawing needs are in it, and no reference that leaves the document. The tree
    stays as it is.

    Args:
        root: The ``svg`` element.
        cut: Hide what reaches beyond a canvas that isn't square, instead of showing it in the bars beside it. Shapes
            that end at the canvas' edge then blend with that edge, so this is for drawings that do reach beyond.

    Raises:
        NotDrawable: It is nested too deeply, draws too many elements (by ``use`` and other references that multiply
            them, for instance), is too large, or has a canvas without area.
    """
    if root.name != "svg":
        raise NotDrawable("not-svg")
    opening, closing, canvas = _canvas(root, cut=cut)
    drawing = _Drawing(root)
    drawing.bound()
    text = "".join((opening, *drawing.pieces(canvas), closing))
    if len(text) > MOST_CHARACTERS:
        raise NotDrawable("too-large")
    return text


def _written(attributes: Mapping[str, str | None]) -> str:
    return "".join(
        [f' {name}="{value.translate(_ESCAPES)}"' for name, value in attributes.items() if value is not None]
    )


class _Drawing:
    """What is drawn of a tree: elements by number, in document order."""

    def __init__(self, root: Node) -> None:
        self._css_left = MOST_DOUBTFUL_CSS
        self._nodes = [root]
        self._attributes: list[dict[str, str]] = []
        self._children: list[list[int | str]] = []
        self._targets: list[list[str]] = []
        self._by_id: dict[str, int] = {}
        for number, node in enumerate(self._nodes):  # grows while it is walked
            attributes, targets = self._kept(node)
            self._attributes.append(attributes)
            self._targets.append(targets)
            self._children.append(self._below(node))
            if "id" in attributes:
                self._by_id.setdefault(attributes["id"].strip(BLANK), number)

    def _below(self, node: Node) -> list[int | str]:
        """What is written of a node's children: numbers of elements, which this adds, and text."""
        below: list[int | str] = []
        worded = node.name in _WORDED
        for child in node.children:
            if isinstance(child, str):
                if worded:
                    below.append(self._css(child) if node.name == "style" else child)
            elif child.name in _DRAWN:
                below.append(len(self._nodes))
                self._nodes.append(child)
        return below

    def _kept(self, node: Node) -> tuple[dict[str, str], list[str]]:
        """The attributes of an element that are written, and the ids they refer to."""
        kept: dict[str, str] = {}
        targets: list[str] = []
        for name, value in node.attributes.items():
            if (
                name in _ROUGH
                or name[:2].lower() == "on"
                or (":" in name and name not in _KEPT_PREFIXED)
                or name == "xmlns"
            ):
                continue
            if name in _HREFS:
                target = value.strip(BLANK)
                if not target.startswith("#"):
                    continue
                if node.name != "a":
                    targets.append(target[1:])
            elif "(" in value:
                value = self._css(value)
                targets += _TARGETS(value)
            kept[name] = value
        return kept, targets

    def _css(self, text: str) -> str:
        """CSS without any address outside the document."""
        if plainly_safe(text):
            return text
        self._css_left -= len(text)
        return safe_css(text) if self._css_left >= 0 else ""

    def bound(self) -> None:
        """Refuse what grows too deep or too large once references are followed, and cut circles of ``use``.

        Elements are counted from the leaves up. Edges lead to children and to what is referred to; one that leads back
        to what is being counted is a circle, which draws nothing.
        """
        edges = [
            [
                *(child for child in children if isinstance(child, int)),
                *(self._by_id[target] for target in targets if target in self._by_id),
            ]
            for children, targets in zip(self._children, self._targets, strict=True)
        ]
        counts = [0 if below else 1 for below in edges]
        depths = counts.copy()
        under_way = bytearray(len(edges))
        stack = [(0, 0)]
        while stack:
            number, position = stack.pop()
            below = edges[number]
            under_way[number] = 1
            while position < len(below) and (counts[below[position]] or under_way[below[position]]):
                if under_way[below[position]] and self._nodes[number].name == "use":
                    self._cut(number)  # resvg would refuse the whole drawing
                position += 1
            if position < len(below):
                stack += ((number, position + 1), (below[position], 0))
                continue
            under_way[number] = 0
            counts[number] = min(1 + sum([counts[one] for one in below]), 2 * MOST_INSTANCES)
            depths[number] = 1 + max([depths[one] for one in below], default=0)
        if depths[0] > MOST_DEPTH:
            raise NotDrawable("too-deep")
        if counts[0] > MOST_INSTANCES:
            raise NotDrawable("too-many-elements")

    def _cut(self, number: int) -> None:
        for name in _HREFS:
            self._attributes[number].pop(name, None)

    def pieces(self, canvas: dict[str, str | None]) -> Iterator[str]:
        """The text, in pieces; `canvas` replaces attributes of the root."""
        pending: list[int | str] = [0]
        while pending:
            item = pending.pop()
            if isinstance(item, str):
                yield item
                continue
            name, children = self._nodes[item].name, self._children[item]
            attributes = {**self._attributes[item], **canvas} if item == 0 else self._attributes[item]
            start = f"<{name}{_written(attributes)}"
            if not children:
                yield f"{start}/>"
                continue
            yield f"{start}>"
            pending.append(f"</{name}>")
            pending.extend(
                child if isinstance(child, int) else child.translate(_ESCAPES) for child in reversed(children)
            )


def _canvas(root: Node, *, cut: bool) -> tuple[str, str, dict[str, str | None]]:
    """What stands before the root, what follows it, and attributes of the root that replace its own (None: dropped).

    resvg fits a drawing into what it is asked for by its aspect; here the canvas is made square, so that resvg itself
    places it, without rounding. A drawing whose own viewBox is not shaped like its width and height keeps its way of
    fitting the one into the other: it is drawn inside of another.
    """
    spaces = {"xmlns": SVG_NS, "xmlns:xlink": XLINK_NS}
    square: dict[str, str | None] = {"width": str(SIDE), "height": str(SIDE)}
    aspect = root.attributes.get("preserveAspectRatio")
    unplaced: dict[str, str | None] = dict.fromkeys(("preserveAspectRatio", "x", "y"))
    box = read_view_box(root.attributes.get("viewBox", ""))
    width, height = (_length(root.attributes.get(name)) for name in ("width", "height"))
    if width == 0 or height == 0:
        raise NotDrawable("no-size")
    if box is None:
        if width is None or height is None:  # resvg then takes what is drawn for the canvas
            return "", "", spaces | dict.fromkeys(("viewBox",), None)
        return "", "", spaces | square | unplaced | {"viewBox": f"0 0 {width!r} {height!r}"}
    across, down = box[2:]
    width, height = width or (height or down) * across / down, height or (width or across) * down / across
    if abs(width * down - height * across) <= _SAME_SHAPE * height * across:
        if cut and width != height:
            return _cut_at(box, spaces, unplaced)
        return "", "", spaces | square | unplaced
    outer = {**spaces, "viewBox": f"0 0 {width!r} {height!r}", "width": str(SIDE), "height": str(SIDE)}
    fitted = {"width": repr(width), "height": repr(height), "overflow": "visible"}
    return f"<svg{_written(outer)}>", "</svg>", unplaced | {"preserveAspectRatio": aspect} | fitted


def _cut_at(
    box: ViewBox, spaces: dict[str, str], unplaced: dict[str, str | None]
) -> tuple[str, str, dict[str, str | None]]:
    """The same for a canvas that hides what reaches beyond it, inside of a square one."""
    across, down = box[2:]
    side = max(across, down)
    outer = {**spaces, "viewBox": f"0 0 {side!r} {side!r}", "width": str(SIDE), "height": str(SIDE)}
    place = {"x": repr((side - across) / 2), "y": repr((side - down) / 2), "width": repr(across), "height": repr(down)}
    return f"<svg{_written(outer)}>", "</svg>", unplaced | {"overflow": "hidden"} | place


def _length(value: str | None) -> float | None:
    """A size in px, never negative; None where it is missing, or depends on what is around the drawing."""
    found = _LENGTH(value or "")
    scale = _UNITS.get(found[2].lower()) if found else None
    return None if scale is None else min(max(float(found[1]) * scale, 0.0), LARGEST)
