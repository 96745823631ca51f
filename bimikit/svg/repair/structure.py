"""What isn't part of the drawing goes: alternatives that aren't taken, other formats' data, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..content import is_blank
from ..lexis import BLANK
from ..profile import ELEMENTS, GRADIENTS, SHAPES, TEXTS, collapse
from ..vocabulary import ELEMENT_BY_LOWER, FORBIDDEN_ELEMENTS, HTML_NAMESPACE, editor_of
from .gradient_light import LIGHT, is_linear, write_light
from .inert import Kinds, inert
from .job import Job, by_id, inherited
from .removal import ANIMATIONS, DEFINITIONS, href, ids, referenced, remove_all, retire, unwrap_all
from .tree import Node

_CONDITIONS = ("requiredExtensions", "requiredFeatures", "requiredFormats", "requiredFonts", "systemLanguage")
_FEATURES = ("http://www.w3.org/TR/SVG", "http://www.w3.org/Graphics/SVG/feature", "org.w3c.svg")
"""How the names of the features begin that every renderer says it has. Browsers don't ask for any."""
_EXTENSIONS = frozenset({"http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"})
"""The extensions that browsers say they have; other renderers have none."""
_LANGUAGE = "en"
_ALTERNATIVES = SHAPES | TEXTS | {"g", "use", "svg", "image", "switch", "a", "foreignObject"}
"""Children of a ``switch`` that draw something where they are taken; browsers take any other element, too."""
_UNCONDITIONAL = GRADIENTS | frozenset({"clipPath", "filter", "marker", "stop", "solidColor"})
"""Elements whose own conditions nothing depends on."""
_SERVERS = GRADIENTS | {"pattern", "clipPath", "mask", "marker"}
"""Elements that browsers don't find where they are hidden, or where something but a group around them is."""
_ANCHOR_ATTRIBUTES = frozenset("href target type download ping hreflang referrerpolicy".split())


def free_sheets(job: Job) -> None:
    """Take style sheets out of each ``switch``, where browsers choose them as they would a shape, and draw nothing."""
    for sheet in [node for node in job.root.walk() if node.name == "style" and node.parent is not None]:
        switch = sheet.parent
        if switch is not None and switch.name == "switch" and _taken(switch) is sheet and job.may_touch(switch):
            sheet.replace(Node("defs"))
            assert switch.parent is not None  # noqa: S101 - the root is an svg
            switch.parent.insert(switch.index(), sheet)
            job.did("structure.switch", switch, misread=True)


def unfollowed(job: Job) -> None:
    """Notice what browsers draw in a way that no step follows, so that nothing is told as proven."""
    hidden_root = job.root.attributes.get("display", "").strip() == "none"
    cut_drawing = any(
        node.name == "svg" and node is not job.root and not {"clip-path", "mask"}.isdisjoint(node.attributes)
        for node in job.root.walk()
    )
    links = any(node.name == "a" and node.parent is not None and node.parent.name == "a" for node in job.root.walk())
    job.unread |= hidden_root or cut_drawing or links


def choose(job: Job) -> None:
    """Each ``switch`` becomes the child that is drawn, each ``a`` a group, and other conditions are settled."""
    _drop_unfound(job)
    needed = referenced(job.root)
    gone: list[Node] = []
    bare: list[Node] = []
    stack = [job.root]
    while stack:
        node = stack.pop()
        if node.name in TEXTS:
            continue
        if node is not job.root and not _passes(node, ("requiredExtensions",)) and job.may_touch(node):
            job.did("structure.condition-failed", node, "requiredExtensions")
            gone.append(node)
            continue
        _drop_conditions(job, node)
        if node.name == "switch" and job.may_touch(node) and _chosen(job, node, needed):
            bare += _regrouped(node)
        elif node.name == "a" and job.may_touch(node):
            job.did("structure.link", node)
            bare += _regrouped(node)
        stack += reversed(node.elements)
    retire(gone, needed)
    unwrap_all(bare)


def _drop_conditions(job: Job, node: Node) -> None:
    """Take conditions from an element that are met, or that nothing depends on."""
    settled = node.name in _UNCONDITIONAL | {"pattern", "mask"}  # those that failed are gone
    met = [name for name in _CONDITIONS if name in node.attributes and (settled or name in _CONDITIONS[:2])]
    if met and job.may_touch(node):
        misread = not _passes_everywhere(node)
        for name in met:
            del node.attributes[name]
        job.did("structure.condition-passed", node, met[0], misread=misread)


_COPIED = _ALTERNATIVES - {"foreignObject"} | {"title", "desc", "metadata"}
"""What a browser's copy of what a ``use`` draws can have in it; all else isn't there, nor taken by a ``switch``."""


def _drop_unfound(job: Job) -> None:
    """Take out gradients, patterns, clip paths, masks and markers that browsers don't find."""
    gone: list[Node] = []
    stack = [(job.root, False)]
    while stack:
        node, unfound = stack.pop()
        if node is not job.root:
            undisplayed = node.attributes.get("display", "").strip(BLANK) == "none"
            unfound = unfound or (undisplayed and node.name not in ("g", "marker"))
            unfound = unfound or (node.name not in _UNCONDITIONAL and not _passes(node, _CONDITIONS))
        if unfound and node.name in _SERVERS and job.may_touch(node):
            job.did("structure.unfound", node, misread=True, element=node.name)
            gone.append(node)
        elif node.name == "switch":
            taken = _taken(node)
            stack += [(child, unfound or child is not taken) for child in reversed(node.elements)]
        elif node.name not in TEXTS:
            stack += [(child, unfound) for child in reversed(node.elements)]
    if gone:
        retire(gone, referenced(job.root))


def _chosen(job: Job, switch: Node, needed: set[str]) -> bool:
    """Leave only the child of a ``switch`` that is drawn; whether that could be done."""
    copied = any(around.name in ("defs", "symbol") for around in switch.ancestors())
    taken = _taken(switch, copied=copied)
    drawn = taken is None or taken.name in _ALTERNATIVES - {"foreignObject"}
    misread = taken is not None and not (drawn and _passes_everywhere(taken))
    if taken is not None and taken.name == "foreignObject" and taken.children:
        if not job.allows("foreign"):
            job.decline("structure.foreign-object", taken, needs="foreign")
            return False
        taken = _taken(switch, but="foreignObject", copied=copied)
    job.did("structure.switch", switch, misread=misread)
    retire([child for child in switch.elements if child is not taken], needed)
    if taken is not None:
        for name in _CONDITIONS:
            taken.attributes.pop(name, None)
    return True


def _taken(switch: Node, *, but: str = "", copied: bool = False) -> Node | None:
    """The child of a ``switch`` that browsers take, whether or not it is one that is drawn.

    Args:
        switch: The element.
        but: A name of elements that are passed over.
        copied: Whether what is drawn is a copy for a ``use``.
    """
    for child in switch.elements:
        known = child.name in _COPIED if copied else not child.name.startswith("{")
        if known and child.name != but and _passes(child, _CONDITIONS):
            return child
    return None


def _passes(node: Node, conditions: tuple[str, ...]) -> bool:
    """Whether an element is drawn by a browser that is set to English."""
    for name in conditions:
        value = node.attributes.get(name)
        if value is None:
            continue
        if name == "requiredExtensions" and not (value.split() and _EXTENSIONS.issuperset(value.split())):
            return False
        if name == "systemLanguage" and not any(
            language.strip(BLANK).partition("-")[0].lower() == _LANGUAGE for language in value.split(",")
        ):
            return False
    return True


def _passes_everywhere(node: Node) -> bool:
    """Whether other renderers, too, say that the extensions and features are there that an element asks for."""
    features = node.attributes.get("requiredFeatures", _FEATURES[0]).split()
    plain = bool(features) and all(feature.startswith(_FEATURES) for feature in features)
    return plain and "requiredExtensions" not in node.attributes


def _regrouped(node: Node) -> list[Node]:
    """Make an element a group; the element, if a group isn't needed."""
    for name in list(node.attributes):
        if name in _ANCHOR_ATTRIBUTES or name in _CONDITIONS or name.startswith("xlink:"):
            del node.attributes[name]
    node.children[:] = node.elements  # text that isn't in a text element isn't drawn
    node.name = "g"
    clipping = node.parent is not None and node.parent.name == "clipPath"  # where a group draws nothing
    return [] if node.attributes or clipping else [node]


_DROPPED_KINDS = {
    "svg.script-element": "structure.script",
    "svg.media-element": "structure.unsupported",
    "svg.link-element": "structure.unsupported",
    "svg.font-element": "structure.unsupported",
    "svg.svg2-element": "structure.unsupported",
    "svg.html-element": "structure.unsupported",
    "svg.element-not-in-profile": "structure.unsupported",
}
"""By the rule that forbids them, elements that go at once, and the note of it."""
_GLYPHS = frozenset({"altGlyphDef", "altGlyphItem", "glyphRef"})


def drop_strangers(job: Job) -> None:
    """Take out what is no part of the picture: data of editors, other formats, scripts, and attributes without effect.

    Embedded HTML and animation go with consent.
    """
    write_light(job.root)
    kinds = Kinds(job.root)
    animated = _animated(job.root)
    gone: list[Node] = []
    title: Node | None = None
    stack = [job.root]
    while stack:
        node = stack.pop()
        if node is not job.root:
            what, params = _stranger(node)
            if what and job.may_touch(node):
                job.did(what, node, **params)
                gone.append(node)
                continue
            if node.name == "foreignObject":
                if _may_go(job, node, "foreign"):
                    gone.append(node)
                continue
            if node.name in ANIMATIONS:
                if _may_go(job, node, "animation", hidden=_starts_hidden(animated.get(id(node)) or node.parent)):
                    gone.append(node)
                continue
            if node.name == "title" and node.parent is not job.root:
                if title is None and not is_blank(node.text):
                    title = node
                else:
                    job.did("structure.title-inside", node, element=node.name)
                gone.append(node)
                continue
        drop_attributes(job, node, kinds)
        if node.name not in ("title", "desc") or node.parent is not job.root:
            stack += reversed(node.elements)
    remove_all(gone)
    if title is not None:
        _place_title(job, title)


def _stranger(node: Node) -> tuple[str, dict[str, Any]]:
    """The note for an element that is no part of the drawing, and what it is about; empty for all others."""
    name = node.name
    assert node.parent is not None  # noqa: S101 - the root isn't asked about
    at_root = node.parent.parent is None
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        editor = editor_of(namespace)
        if editor:
            return "structure.editor-data", {"editor": editor}
        if namespace == HTML_NAMESPACE:
            return "structure.unsupported", {"element": local}
        return "structure.foreign", {"element": local}
    if name == "metadata":
        kept = at_root and not node.attributes and not node.elements
        return ("" if kept else "structure.metadata"), {}
    if name == "desc" and not at_root:
        return "structure.title-inside", {"element": name}
    rule = FORBIDDEN_ELEMENTS.get(name)
    if name in ELEMENTS or (rule is not None and rule not in _DROPPED_KINDS and name not in _GLYPHS) or name == "a":
        return "", {}
    if rule is None:
        right = ELEMENT_BY_LOWER.get(name.lower(), "")
        return ("structure.case" if right else "structure.unknown"), {"element": name, "right": right}
    return _DROPPED_KINDS.get(rule, "structure.unsupported"), {"element": name}


def _may_go(job: Job, node: Node, kind: str, *, hidden: bool = False) -> bool:
    """Whether what needs consent may be taken out; either answer is noted."""
    what = "structure.foreign-object" if kind == "foreign" else "structure.animation"
    if node.name == "foreignObject" and not node.children:
        if job.may_touch(node):
            job.did("structure.unsupported", node, element=node.name)
            return True
        return False
    if not job.allows(kind):
        job.decline(what, node, needs=kind, element=node.name)
        return False
    if not job.may_touch(node):
        return False
    job.did(f"{what}-hidden" if hidden else what, node, visible=True, element=node.name)
    return True


def _animated(root: Node) -> dict[int, Node]:
    """By identity of an animation, the element it names as the one it moves."""
    found = [node for node in root.walk() if node.name in ANIMATIONS and (href(node) or "").startswith("#")]
    known = by_id(root) if found else {}
    return {id(node): known[target] for node in found if (target := (href(node) or "")[1:]) in known}


def _starts_hidden(node: Node | None) -> bool:
    """Whether an element can't be seen unless something animates it."""
    if node is None:
        return False
    around = [node, *node.ancestors()]
    return (
        any(one.attributes.get("display", "").strip(BLANK) == "none" for one in around)
        or any(one.attributes.get("opacity", "").strip(BLANK) in ("0", "0.0", "0%") for one in around)
        or inherited(node, "visibility") in ("hidden", "collapse")
        or any(node.attributes.get(name, "").strip(BLANK) == "0" for name in ("r", "width", "height", "rx", "ry"))
    )


def _place_title(job: Job, title: Node) -> None:
    """Make a title found further in the drawing's own, where it has none."""
    if any(child.name == "title" and not is_blank(child.text) for child in job.root.elements):
        job.did("structure.title-inside", title, element=title.name)
        return
    text = collapse(title.text)
    job.did("structure.title-moved", title, title=text)
    remove_all([child for child in job.root.elements if child.name == "title"])
    moved = Node("title", source=title.source)
    moved.append(text)
    job.root.insert(0, moved)


def drop_attributes(job: Job, node: Node, kinds: Kinds) -> None:
    """Take the attributes from an element that the profile lacks and the picture doesn't depend on."""
    names = inert(node, kinds)
    if node.name in GRADIENTS and is_linear(node):
        names = [name for name in names if name != LIGHT]
    if names and job.may_touch(node):
        for name in names:
            del node.attributes[name]
        job.did("structure.attributes", node, names[0], names=", ".join(names))
    rendering = node.attributes.get("shape-rendering")
    if rendering is not None and node.name in _SMOOTHED and job.may_touch(node):
        del node.attributes["shape-rendering"]
        job.did("structure.shape-rendering", node, "shape-rendering", value=rendering)


_SMOOTHED = SHAPES | TEXTS | {"svg", "g", "use", "a", "symbol", "switch", "image"} | DEFINITIONS - {"title", "desc"}
"""Where ``shape-rendering`` may be taken away: it only says how edges are smoothed."""


def drop_hidden(job: Job) -> None:
    """Take out what isn't displayed or visible, and the attributes that say so.

    What others refer to within it stays, in a ``defs``.
    """
    _drop_undisplayed(job)
    _drop_invisible(job)


_DISPLAYED = SHAPES | TEXTS | {"g", "use", "svg", "image", "switch", "a", "foreignObject"}


def _drop_undisplayed(job: Job) -> None:
    needed = referenced(job.root)
    moved = _moved_ids(job.root)
    outer: list[Node] = []
    inner: list[Node] = []
    stack = [(job.root, False)]
    while stack:
        node, gone = stack.pop()
        if _is_undisplayed(job, node, moved):
            if not gone:
                job.did("hidden.display", node, "display", element=node.name)
            (inner if gone else outer).append(node)
            gone = True
        if node.name not in TEXTS:
            stack += [(child, gone) for child in reversed(node.elements)]
    retire(outer, needed)
    retire([node for node in inner if job.root in node.ancestors()], needed)


def _is_undisplayed(job: Job, node: Node, moved: set[str]) -> bool:
    """Whether an element goes for its ``display``; an attribute without effect is taken from it."""
    display = node.attributes.get("display")
    if display is None or node.name in ("title", "desc") or not job.may_touch(node):
        return False
    if display.strip(BLANK) != "none" or node.name not in _DISPLAYED:
        del node.attributes["display"]
        job.did("hidden.attribute", node, "display")
    elif node is job.root:
        job.decline("hidden.everything", node, "display")
    elif _is_animated(node, moved):
        job.decline("hidden.animated", node, "display", needs="animation")
    else:
        return node.parent is not None and node.parent.name != "switch"
    return False


def _moved_ids(root: Node) -> set[str]:
    """The ids of what animations move."""
    return {(href(node) or "")[1:] for node in root.walk() if node.name in ANIMATIONS}


def _is_animated(node: Node, moved: set[str]) -> bool:
    return any(child.name in ANIMATIONS for child in node.elements) or any(name in moved for name in ids(node))


_UNDECIDED = frozenset({"use", "switch", "svg", "foreignObject"})
_PAINTED = SHAPES | TEXTS | {"image"}


def _drop_invisible(job: Job) -> None:
    states = list(_visibilities(job.root))
    if not any("visibility" in node.attributes for node, _hidden in states):
        return
    needed = referenced(job.root)
    moved = _moved_ids(job.root)
    victims = []
    for node, hidden in states:
        if not hidden or node is job.root:
            continue
        if node.name in _UNDECIDED or (node.name in TEXTS and node.elements):
            job.decline("hidden.undecided", node, element=node.name)
            return
        if _is_animated(node, moved):
            job.decline("hidden.animated", node, "visibility", needs="animation")
            return
        if not job.may_touch(node):
            return
        if node.name in _PAINTED:
            victims.append(node)
    unseen = {id(node) for node in victims}
    for node, _hidden in states:
        if node.attributes.pop("visibility", None) is not None and id(node) not in unseen:
            job.did("hidden.attribute", node, "visibility")
    gone = []
    for node in victims:
        job.did("hidden.visibility", node, element=node.name)
        if any(name in needed for name in ids(node)):
            keeper = Node("defs")
            node.replace(keeper)
            keeper.append(node)
        else:
            gone.append(node)
    remove_all(gone)


def _visibilities(root: Node) -> Iterator[tuple[Node, bool]]:
    """Elements outside of texts, titles and what is left of symbols, and whether they are hidden."""
    stack = [(root, False)]
    while stack:
        node, hidden = stack.pop()
        if node.name in ("title", "desc", "symbol"):
            continue
        own = node.attributes.get("visibility", "inherit").strip(BLANK)
        if own in ("hidden", "collapse", "visible"):
            hidden = own != "visible"
        yield node, hidden
        if node.name not in TEXTS:
            stack += [(child, hidden) for child in reversed(node.elements)]
