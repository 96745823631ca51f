"""What a step of a repair works on and reports to: the tree, the owner's wishes, changes made and changes declined."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from ...engine import quote
from ...findings import Applicability, Param
from ..numbers import ViewBox, read_view_box
from ..place import Place
from .tree import IDS, Node

KINDS = (
    "animation",
    "blend",
    "crop",
    "filter",
    "foreign",
    "image",
    "marker",
    "mask",
    "pattern",
    "simplify",
    "text",
)
"""What may be allowed although it can change the picture, each by itself."""


class Wishes(msgspec.Struct, frozen=True):
    """What the logo's owner asked for.

    Attributes:
        title: The title to give the logo; None to keep or find one.
        desc: The description to give it; None to keep what there is.
        background: Colour of a background to put behind it, ``#rrggbb``; None for none.
        square: Whether a canvas that isn't square is extended.
        allow: Kinds of changes, of `KINDS`, that may change the picture.
        fonts: Font files (TTF, OTF, TTC, WOFF) to take the outlines of texts from.
        placeholder: The title of a logo that has none and is given none; empty for `canvas.FALLBACK_TITLE`.
    """

    title: str | None = None
    desc: str | None = None
    background: str | None = None
    square: bool = True
    allow: frozenset[str] = frozenset()
    fonts: tuple[bytes, ...] = ()
    placeholder: str = ""


class Mark(msgspec.Struct, frozen=True):
    """A change that was made, or one that was declined, where it happened.

    Attributes:
        step: The step that did it.
        what: Key of its words in the catalogue: ``change.<what>`` or ``declined.<what>``.
        place: Where in the original file; None for the file as a whole.
        params: What the words are about.
        applicability: SAFE, or VISIBLE where the picture may have changed.
        needs: Kind of consent that would have let a declined change be made; empty where none would.
        misread: Whether the renderer that draws the proof reads the original otherwise than browsers do here.
    """

    step: str
    what: str
    place: Place | None
    params: dict[str, Param]
    applicability: Applicability = Applicability.SAFE
    needs: str = ""
    misread: bool = False

    @property
    def visible(self) -> bool:
        """Whether the picture may have changed."""
        return self.applicability is Applicability.VISIBLE

    @property
    def exempt(self) -> bool:
        """Whether the pictures before and after it can't be asked to be the same."""
        return self.visible or self.misread


class Job:
    """One run of the steps over one tree.

    Attributes:
        root: The tree; steps edit it in place. Its picture must be the same after each step (unless that step has the
            owner's consent to change it), since every step's result can be drawn and compared.
        wishes: What the owner asked for.
        changes: What was done.
        declined: What was not done, and why.
        thorough: Whether the file has to be rewritten anyway, so that what is legal but not drawn everywhere goes too.
        step: Name of the step at work.
        unread: Whether browsers draw the original by something that isn't followed here (a style sheet that stays, or
            that stands outside of the elements), so that no comparison proves anything.
    """

    def __init__(
        self, root: Node, wishes: Wishes, undone: Collection[tuple[str, int]] = (), *, thorough: bool = False
    ) -> None:
        self.root = root
        self.wishes = wishes
        self.changes: list[Mark] = []
        self.declined: list[Mark] = []
        self.thorough = thorough
        self.step = ""
        self.unread = False
        self._undone = frozenset(undone)

    def may_touch(self, node: Node) -> bool:
        """Whether this step may change this element: not where that altered the picture in an earlier run.

        A step asks before each change that isn't plainly without effect on the picture.
        """
        return (self.step, node.source) not in self._undone and (self.step, -1) not in self._undone

    @property
    def visible(self) -> bool:
        """Whether a change was made that may alter the picture."""
        return any(mark.visible for mark in self.changes)

    def allows(self, kind: str) -> bool:
        """Whether the owner agreed to changes of a kind."""
        return kind in self.wishes.allow

    def did(self, what: str, node: Node | None = None, attribute: str | None = None, *, visible: bool = False,
            misread: bool = False, **params: Param) -> None:  # fmt: skip
        """Note a change.

        Args:
            what: Key of its words, ``change.<what>`` in the catalogue (`locale/*/repair_terms.py`).
            node: The element it was made to; its tag is what the note points at, or its `attribute`.
            attribute: The attribute it was made to.
            visible: Whether it may have changed the picture.
            misread: Whether the original is drawn by browsers otherwise than by the renderer of the proof, so that the
                change, which follows browsers, can't be proven.
            params: What the words are about. Pieces of the file are shortened here.
        """
        applicability = Applicability.VISIBLE if visible else Applicability.SAFE
        self.changes.append(
            Mark(self.step, what, _place(node, attribute), _quoted(params), applicability, misread=misread)
        )

    def decline(self, what: str, node: Node | None = None, attribute: str | None = None, *, needs: str = "",
                **params: Param) -> None:  # fmt: skip
        """Note a change that was not made.

        Args:
            what: Key of its words, ``declined.<what>`` in the catalogue: the reason.
            node: The element that stays as it is.
            attribute: The attribute that stays as it is.
            needs: Kind of consent, of `KINDS`, with which it would be made; empty where none would help.
            params: What the words are about.
        """
        self.declined.append(Mark(self.step, what, _place(node, attribute), _quoted(params), needs=needs))


def _place(node: Node | None, attribute: str | None) -> Place | None:
    return None if node is None or node.source < 0 else Place(node.source, attribute)


def _quoted(params: dict[str, Param]) -> dict[str, Param]:
    return {name: quote(value) if isinstance(value, str) else value for name, value in params.items()}


INITIAL = {
    "fill": "black",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "color": "black",
    "clip-rule": "nonzero",
    "visibility": "visible",
    "paint-order": "normal",
    "font-size": "16",
    "font-family": "",
    "font-weight": "normal",
    "font-style": "normal",
    "vector-effect": "none",
    "direction": "ltr",
    "text-anchor": "start",
    "marker-start": "none",
    "marker-mid": "none",
    "marker-end": "none",
}
"""Properties that are inherited, with their initial values."""


def inherited(node: Node, name: str) -> str:
    """The value of an inherited property on an element: its own, or that of the nearest element around it with one."""
    around: Node | None = node
    while around is not None:
        value = around.attributes.get(name, "inherit").strip()
        if value != "inherit":
            return value
        around = around.parent
    return INITIAL[name]


def by_id(root: Node) -> dict[str, Node]:
    """Elements by id; of several with one id, the first."""
    found: dict[str, Node] = {}
    for node in root.walk():
        for name in IDS:
            if name in node.attributes:
                found.setdefault(node.attributes[name].strip(), node)
    return found


def viewport(root: Node) -> ViewBox:
    """The area of the drawing that is seen, in its own units: the viewBox, or else the width and height."""
    from ..content import pixels

    box = read_view_box(root.attributes.get("viewBox", ""))
    if box is not None:
        return box
    width, height = pixels(root.attributes.get("width")), pixels(root.attributes.get("height"))
    return 0.0, 0.0, width or 100.0, height or 100.0
