"""Each ``use`` becomes a copy of what it draws."""

from __future__ import annotations

from ..lexis import BLANK
from ..profile import COMMON, ELEMENTS, GRAPHICS, SHAPES, TEXTS
from .job import Job, by_id
from .removal import DEFINITIONS, INHERITED, href, remove_all
from .shapes import transform_of, written
from .tree import IDS, Node
from .viewports import Viewports, dissolve

_MOST_COPIED = 20_000
"""Elements that copies may add to a drawing."""
_OWN = frozenset({"href", "xlink:href", "x", "y", "width", "height"})
_REFERABLE = GRAPHICS | {"symbol", "svg", "image", "switch", "a", "foreignObject"}
_NOT_DRAWN = frozenset({"defs", "symbol"})
_DRAWN_BY_REFERENCE = frozenset({"clipPath", "mask", "pattern", "marker"})
_PLACED = frozenset({"x", "y", "width", "height"})
"""What browsers heed on a symbol, and other renderers don't."""
_REFERENCE_POINT = frozenset({"refX", "refY"})
_SIZES = ("width", "height")
_ORIGINS = frozenset({"transform-origin", "transform-box"})


def inline_uses(job: Job) -> None:
    """Put copies in the place of each ``use``, and groups in that of symbols and inner ``svg`` elements.

    What the profile allows stays: a ``use`` without namespace that draws what the profile has, nothing of which a later
    step would change. So does what isn't drawn.
    """
    drawing = _Drawing(job.root)
    copying = _Copying(job, drawing)
    uses = [node for node in drawing.nodes if node.name == "use" and id(node) in drawing.active]
    if uses:
        untouched, noted = job.root.clone(), len(job.changes)
        try:
            copying.run(uses)
        except _TooMany:  # all or nothing: with half of them copied, the next repair would go on
            job.root = untouched
            del job.changes[noted:]
            job.decline("reference.too-many", limit=_MOST_COPIED)
            return
    remove_all(copying.gone)
    _dissolve_all(job, copying.symbols)


_MOST_ROUNDS = 4
"""Times that inner drawings are gone through: what one of them is in decides what can be made of it."""


def _dissolve_all(job: Job, symbols: set[int]) -> None:
    """Put groups in the place of inner drawings, until no more can be."""
    declined = len(job.declined)
    for _round in range(_MOST_ROUNDS):
        done = len(job.changes)
        del job.declined[declined:]
        viewports = Viewports(job.root)
        for node in reversed(list(job.root.walk())):
            if node.name == "svg" and node is not job.root and _is_placed(node):
                dissolve(job, node, viewports, symbol=id(node) in symbols)
                if node.parent is not None and node.name == "g":
                    _join(node.parent, node)
        if len(job.changes) == done:
            return


def _is_placed(node: Node) -> bool:
    """Whether an inner ``svg`` is one that is drawn, so that it has to become a group."""
    for around in node.ancestors():
        if around.name in _DRAWN_BY_REFERENCE:
            return around.name != "clipPath"
        if around.name in _NOT_DRAWN or around.name in TEXTS:
            return False
    return True


class _Drawing:
    """What is asked about the elements of a drawing, found out in one walk.

    Attributes:
        nodes: The elements in document order.
        active: Those that are drawn, or may be.
        stable: Those that the profile allows where they are, with all around them, so that no step changes them.
        conformant: Those that the profile allows with all in them.
    """

    def __init__(self, root: Node) -> None:
        self.nodes = list(root.walk())
        self.active: set[int] = set()
        self.stable: set[int] = set()
        self.conformant: set[int] = set()
        for node in self.nodes:
            parent = node.parent
            shown = parent is None or id(parent) in self.active
            if node.name in _NOT_DRAWN or node.attributes.get("display", "").strip(BLANK) == "none":
                shown = False
            elif node.name in _DRAWN_BY_REFERENCE:
                shown = True
            if shown:
                self.active.add(id(node))
            if (parent is None and not _UNSTABLE_ROOT & node.attributes.keys()) or (
                id(parent) in self.stable and _conforms(node)
            ):
                self.stable.add(id(node))
        for node in reversed(self.nodes):
            if _conforms(node) and all(id(child) in self.conformant for child in node.elements):
                self.conformant.add(id(node))


_UNSTABLE_ROOT = frozenset("opacity clip-path mask filter style display visibility".split())


def _conforms(node: Node) -> bool:
    """Whether the profile has an element where it stands, with the attributes it has."""
    spec = ELEMENTS.get(node.name)
    around = ELEMENTS.get(node.parent.name) if node.parent is not None else None
    return (
        spec is not None
        and around is not None
        and node.name in around.children
        and node.attributes.keys() <= spec.attributes.keys()
    )


class _TooMany(Exception):
    """The copies would be more than a drawing has."""


class _Copying:
    """One run over all uses: those of the file, and those in the copies it makes.

    Attributes:
        gone: Uses that draw nothing, which are to be taken out.
        symbols: By identity, the inner drawings that stand for symbols.
    """

    def __init__(self, job: Job, drawing: _Drawing) -> None:
        self._job = job
        self._drawing = drawing
        self._known = by_id(job.root)
        self._left = _MOST_COPIED
        self.gone: list[Node] = []
        self.symbols: set[int] = set()

    def run(self, uses: list[Node]) -> None:
        """Replace uses, and those that come with what replaces them."""
        pending: list[tuple[Node, tuple[Node, ...]]] = [(use, ()) for use in reversed(uses)]
        while pending:
            use, trail = pending.pop()
            if not self._job.may_touch(use):
                continue
            target = self._target(use)
            if target is None:
                continue
            if any(target is one for one in (use, *trail, *use.ancestors())):
                self._remove(use, "reference.circle")
                continue
            if use.parent is not None and use.parent.name == "clipPath":
                body = self._clipping(use, target)
            elif self._may_stay(use, target):
                continue
            elif self._is_disputed(use, target):
                self._job.decline("reference.renderers-differ", use)
                continue
            else:
                body = self._drawn(use, target)
            if body is None:
                continue
            misread = target.name == "symbol" and not _PLACED.isdisjoint(target.attributes)
            self._job.did("reference.use", use, misread=misread, target=href(use) or "")
            _become(use, body)
            inner = [node for node in use.walk() if node.name == "use"]
            pending += [(one, (*trail, target)) for one in reversed(inner)]

    def _target(self, use: Node) -> Node | None:
        """What a use draws; one that draws nothing is removed."""
        said = href(use) or ""
        if said and not said.startswith("#"):
            self._remove(use, "reference.external", target=said)
            return None
        target = self._known.get(said[1:])
        if target is None and "%" in said:  # browsers decode it, others don't
            self._job.decline("reference.encoded", use, target=said)
            return None
        if target is None or target.name not in _REFERABLE:
            self._remove(use, "reference.missing", target=said)
            return None
        if target.attributes.get("display", "").strip(BLANK) == "none":
            self._remove(use, "reference.missing", target=said, misread=target.name == "symbol")
            return None
        return target

    def _remove(self, use: Node, what: str, *, target: str | None = None, misread: bool = False) -> None:
        self._job.did(what, use, misread=misread, target=(href(use) or "") if target is None else target)
        if what == "reference.circle":  # where a circle is entered from elsewhere, browsers draw a part of it
            self._job.unread = True
        use.name, use.attributes = "g", {}  # taken out in the end, all at once
        self.gone.append(use)

    def _may_stay(self, use: Node, target: Node) -> bool:
        drawing = self._drawing
        return (
            not self._job.thorough  # engines of SVG 1.1 and Tiny 1.2 don't draw a use without xlink
            and "xlink:href" not in use.attributes
            and id(use) in drawing.stable
            and id(target) in drawing.stable
            and id(target) in drawing.conformant
            and target.name in GRAPHICS
        )

    def _is_disputed(self, use: Node, target: Node) -> bool:
        """Whether renderers disagree on what the percentages of a use, said or meant, are of."""
        relevant = ("x", "y", *_SIZES) if target.name in ("symbol", "svg") else ("x", "y")
        sized = (use, target) if target.name == "symbol" else (use,)
        percent = any("%" in one.attributes.get(name, "") for one in sized for name in relevant)
        unsized = target.name == "symbol" and not use.attributes.keys() >= set(_SIZES)
        if not percent and not unsized:
            return False
        nearest = next((around for around in use.ancestors() if around.name == "svg"), self._job.root)
        return nearest is not self._job.root and (percent or id(nearest) in self.symbols)

    def _drawn(self, use: Node, target: Node) -> Node | None:
        """What stands for a use; None where that is declined."""
        place = self._place(use)
        if place is None:
            return None
        body = self._viewport(use, target) if target.name in ("symbol", "svg") else self._copy(target)
        if body is None:
            return None
        attributes, shift = place
        if _ORIGINS & attributes.keys():  # the shift is no part of what turns around the origin
            group = Node("g", attributes)
            if shift:
                inner = Node("g", {"transform": shift})
                inner.append(body)
                body = inner
        else:
            attributes = _with_transform(attributes, attributes.get("transform", ""), shift)
            if body.name != "svg" and _merge(attributes, body):
                return body
            group = Node("g", attributes)
        group.append(body)
        return group

    def _place(self, use: Node) -> tuple[dict[str, str], str] | None:
        """The attributes of a group that a use stands for, and by how much it is shifted; None where unreadable."""
        if transform_of(use) is None:
            self._job.decline("reference.transform", use, "transform")
            return None
        x, y = Viewports(self._job.root).place(use)
        if x is None or y is None:
            self._job.decline("reference.length", use, "x" if x is None else "y")
            return None
        attributes = {
            name: value for name, value in use.attributes.items() if name not in _OWN and not name.startswith("xlink:")
        }
        return attributes, f"translate({written(x, 6)} {written(y, 6)})" if x or y else ""

    def _viewport(self, use: Node, target: Node) -> Node | None:
        """A symbol, or an inner ``svg``, as an inner ``svg`` in the place of its use."""
        moved = {"clip-path", "mask", "filter"} & use.attributes.keys()
        visible = target.attributes.get("overflow", "").strip(BLANK) in ("visible", "auto")
        placed = any(use.attributes.get(name, "0").strip(BLANK) not in ("0", "0px") for name in ("x", "y"))
        disputed = {"transform", "clip-path", "mask", "filter"} & target.attributes.keys()
        if (moved and (placed or visible)) or (target.name == "symbol" and disputed):
            self._job.decline("reference.renderers-differ", use)
            return None
        body = self._copy(target)
        sizes: dict[str, str] = {name: use.attributes[name] for name in _SIZES if name in use.attributes}
        if target.name == "symbol":
            body.name = "svg"
            self.symbols.add(id(body))
            kept = {name: value for name, value in body.attributes.items() if name not in _REFERENCE_POINT}
            body.attributes = {"width": "100%", "height": "100%"} | kept | sizes
        else:
            body.attributes |= sizes
        return body

    def _clipping(self, use: Node, target: Node) -> Node | None:
        """What stands for a use in a clip path, where there are no groups."""
        if target.name not in SHAPES | {"text", "use"}:
            self._remove(use, "reference.missing", target=href(use) or "")
            return None
        place = self._place(use)
        body = self._copy(target)
        if place is None:
            return None
        attributes, shift = place
        attributes.pop("opacity", None)  # only the outline counts
        attributes = _with_transform(attributes, attributes.get("transform", ""), shift)
        if {"clip-path", "transform"}.isdisjoint(target.attributes) and "clip-path" in attributes:
            body.attributes["clip-path"] = attributes.pop("clip-path")
        if not _merge(attributes, body):
            self._job.decline("reference.clip", use)
            return None
        return body

    def _copy(self, target: Node) -> Node:
        """A copy without ids and definitions: references lead to the originals."""
        doubles = []
        for _original, double in target.doubles(DEFINITIONS, IDS):
            doubles.append(double)
            self._left -= 1
            if self._left <= 0:
                raise _TooMany
        return doubles[0]


def _with_transform(attributes: dict[str, str], *transforms: str) -> dict[str, str]:
    """Attributes with transforms, the first of them outermost, for their own."""
    transform = " ".join(text.strip(BLANK) for text in transforms if text.strip(BLANK) not in ("", "none"))
    rest = {name: value for name, value in attributes.items() if name != "transform"}
    return {"transform": transform} | rest if transform else rest


_MERGED = INHERITED | COMMON.keys() | {"transform"}


def _merge(attributes: dict[str, str], body: Node) -> bool:
    """Write the attributes of a group onto the one element in it, where that means the same; whether it does."""
    spec = ELEMENTS.get(body.name)
    if spec is None or "transform" not in spec.attributes or "style" in body.attributes:
        return False
    if not attributes.keys() <= _MERGED or _ORIGINS & body.attributes.keys():
        return False
    if "transform" in attributes and transform_of(body) is None:
        return False
    if ("id" in attributes or "xml:id" in attributes) and ("id" in body.attributes or "xml:id" in body.attributes):
        return False
    merged = dict(attributes)
    merged |= {name: value for name, value in body.attributes.items() if value != "inherit" or name not in merged}
    body.attributes = _with_transform(merged, attributes.get("transform", ""), body.attributes.get("transform", ""))
    return True


def _become(node: Node, other: Node) -> None:
    """Make an element what another is; in place, so that however many children a parent has, none is looked for."""
    node.name, node.attributes = other.name, other.attributes
    node.children[:] = other.children
    for child in node.elements:
        child.parent = node


def _join(group: Node, inner: Node) -> None:
    """Make one group of a use's and of that of the viewport in it, where they mean the same together."""
    alone = group.name == "g" and group.children == [inner] and group.parent is not None
    if alone and group.source != inner.source and _merge(dict(group.attributes), inner):
        _become(group, inner)
