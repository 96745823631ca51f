"""What depends on the box of a text or a bitmap, whose shapes have another box: gradients are held in place."""

from __future__ import annotations

from ..colours import read_paint
from ..geometry import Box, times
from ..profile import GRADIENTS
from .computed import target_of
from .job import by_id, inherited
from .leaves import box_matrix
from .lengths import template_of, units_of
from .letters import NotFollowed
from .paint_servers import Ids
from .shapes import transform_of, written_matrix
from .tree import Node

_COORDINATES = {
    "linearGradient": {"x1": "0", "y1": "0", "x2": "1", "y2": "0"},
    "radialGradient": {"cx": "0.5", "cy": "0.5", "r": "0.5", "fx": "", "fy": "", "fr": ""},
}
"""Of gradients in units of the box, with their initial values; empty where there is none to write."""
_MOST_TEMPLATES = 32
_BOXED = {"clipPath": "clipPathUnits", "mask": "maskContentUnits"}


def is_cut_by_box(node: Node, known: dict[str, Node]) -> bool:
    """Whether an element is cut by what depends on its box.

    Args:
        node: The element.
        known: Elements of the drawing by id.
    """
    for name in ("clip-path", "mask"):
        target = _named(node.attributes.get(name, ""), known)
        if target is not None and target.attributes.get(_BOXED.get(target.name, "")) == "objectBoundingBox":
            return True
    return False


def _named(value: str, known: dict[str, Node]) -> Node | None:
    """The element that a ``url(#…)`` names; None for none."""
    paint = read_paint(value)
    return target_of(known, paint.target) if paint is not None and paint.kind == "url" else None


class TextPaints:
    """What paints and cuts the texts of a drawing."""

    def __init__(self, root: Node) -> None:
        self._known = by_id(root)
        self._ids = Ids(self._known)
        self._copies: dict[tuple[Node, Box], str] = {}

    def depend_on_box(self, owner: Node) -> bool:
        """Whether an element's fill or stroke depends on the box of the text."""
        return any(self._boxed(owner, name) is not None for name in ("fill", "stroke"))

    def held(self, owner: Node, box: Box) -> dict[str, str]:
        """Values of fill and stroke for outlines, where other than those that the text has.

        Args:
            owner: The part of a text that is painted.
            box: The box of the whole text.

        Raises:
            NotFollowed: That can't be done with this paint.
        """
        held = {}
        for name in ("fill", "stroke"):
            server = self._boxed(owner, name)
            if server is None:
                continue
            if server.name not in GRADIENTS:
                raise NotFollowed(server.name)
            if box[2] <= box[0] or box[3] <= box[1]:
                raise NotFollowed(name)
            held[name] = f"url(#{self._in_user_space(server, box)})"
        return held

    def _boxed(self, owner: Node, name: str) -> Node | None:
        """The paint server of an element that depends on its box; None for none."""
        server = _named(inherited(owner, name), self._known)
        if server is None or server.name == "solidColor":
            return None
        if server.name == "pattern":
            units = (server.attributes.get("patternUnits"), server.attributes.get("patternContentUnits"))
            return None if units[0] == "userSpaceOnUse" and units[1] != "objectBoundingBox" else server
        if server.name in GRADIENTS and units_of(server, self._known) == "userSpaceOnUse":
            return None
        return server if server.name in GRADIENTS else None

    def _in_user_space(self, gradient: Node, box: Box) -> str:
        """Id of a copy of a gradient that is fixed to a box."""
        key = (gradient, box)
        if key not in self._copies:
            chain = [gradient]
            while len(chain) < _MOST_TEMPLATES and (template := template_of(chain[-1], self._known)) is not None:
                chain.append(template)
            copy = gradient.clone()
            copy.attributes["gradientUnits"] = "userSpaceOnUse"
            for name, initial in _COORDINATES[gradient.name].items():
                value = next((node.attributes[name] for node in chain if name in node.attributes), initial)
                if value.strip().endswith("%"):
                    raise NotFollowed(name)
                if value:
                    copy.attributes[name] = value
            said = (node.attributes.get("gradientTransform") for node in chain)
            transform = next((text for text in said if text is not None), "")
            own = transform_of(Node("g", {"transform": transform}))
            if own is None:
                raise NotFollowed("gradientTransform")
            copy.attributes["gradientTransform"] = written_matrix(times(box_matrix(box), own), 7)
            copy.attributes.pop("xml:id", None)
            copy.attributes["id"] = self._copies[key] = self._ids.after(gradient.attributes.get("id", "gradient"))
            if gradient.parent is not None:
                gradient.parent.insert(gradient.index() + 1, copy)
        return self._copies[key]
