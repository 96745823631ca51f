"""What a ``use`` draws has its style by itself: selectors see nothing around it there, and it inherits from the use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .cascade import Sheet
from .computed import target_of
from .css_declarations import Scope, outcome_text
from .css_elements import Unusable, Work
from .css_plans import Plan, plans_of
from .job import by_id
from .paint_servers import Ids
from .removal import DEFINITIONS, HREFS, href
from .tree import IDS, Node

_MOST_COPIED = 20_000
_MOST_NESTED = 30
_NOT_DRAWN = frozenset({"defs", "symbol"})
_DRAWN_BY_REFERENCE = frozenset({"clipPath", "marker", "mask", "pattern"})


class _Copy(NamedTuple):
    """A copy of an element that a ``use`` draws.

    Attributes:
        top: The copy; its id isn't in the tree yet.
        plans: What becomes of the elements in it.
        changed: Whether anything in it, or in what is used in it, has another style than the original.
    """

    top: Node
    plans: list[Plan]
    changed: bool


class Clones:
    """Copies of elements that look otherwise where they are used than where they stand.

    Attributes:
        uses: The uses in the file that are to draw a copy.
    """

    def __init__(self, root: Node, texts: Sequence[str], plans: Sequence[Plan], scopes: dict[int, Scope]) -> None:
        """Find out which are needed; nothing is changed yet.

        Args:
            root: The drawing.
            texts: Style sheets.
            plans: What becomes of each element where it stands.
            scopes: The custom properties of each element.

        Raises:
            Unusable: It takes too long, or a selector can't be followed there.
        """
        self.uses: list[Node] = []
        self._root = root
        self._copies: dict[tuple[Node, Scope], _Copy] = {}
        self._known = by_id(root)
        self._ids = Ids(self._known)
        self._in_place = {id(plan.node): plan for plan in plans}
        self._work = Work()
        self._left = _MOST_COPIED
        self._new: dict[Node, _Copy] = {}
        uses = [node for node in root.walk() if node.name == "use" and _is_drawn(node)]
        if not uses or not (any(texts) or any(_has_variable(node) for node in root.walk())):
            return
        self._sheet = Sheet(alone=True)
        for text in texts:
            self._sheet.add(text)
        for use in uses:
            copy = self._copy(use, scopes[id(use)], ())
            if copy is not None and copy.changed:
                self._new[use] = copy
                self.uses.append(use)

    def put(self) -> list[Plan]:
        """Put the copies into the drawing, and have the uses draw them; what becomes of the elements in them."""
        defs = Node("defs")
        for use, copy in self._new.items():
            _name(use, copy.top)
        for copy in self._copies.values():
            if copy.changed:
                defs.append(copy.top)
        if defs.children:
            self._root.append(defs)
        return [plan for copy in self._copies.values() if copy.changed for plan in copy.plans]

    def _copy(self, use: Node, scope: Scope, trail: tuple[Node, ...]) -> _Copy | None:
        """What a use draws; None for nothing."""
        target = target_of(self._known, (href(use) or "").strip())
        if target is None or any(target is one for one in (use, *trail, *use.ancestors())):
            return None
        if len(trail) >= _MOST_NESTED:
            raise Unusable("css.too-complex")
        key = target, scope
        if key not in self._copies:
            self._copies[key] = self._made(target, scope, (*trail, target))
        return self._copies[key]

    def _made(self, target: Node, scope: Scope, trail: tuple[Node, ...]) -> _Copy:
        scopes: dict[int, Scope] = {}
        alone = {id(plan.node): plan for plan in plans_of(target, self._sheet, scopes, scope, self._work)}
        pairs = list(target.doubles(DEFINITIONS, IDS))
        top = pairs[0][1]
        self._left -= len(pairs)
        if self._left < 0:
            raise Unusable("css.too-complex")
        plans, changed = [], False
        for original, double in pairs:
            plan, before = alone.get(id(original)), self._in_place.get(id(original))
            same = _text(plan) == _text(before)
            changed = changed or not same
            if plan is not None:
                plans.append(plan._replace(node=double, plain=plan.plain and same))
            if original.name == "use":
                inner = self._copy(original, scopes[id(original)], trail)
                if inner is None:  # nothing, or itself: from within the copy, that couldn't be seen
                    double.attributes = {name: value for name, value in double.attributes.items() if name not in HREFS}
                elif inner.changed:
                    _name(double, inner.top)
                    changed = True
        top.attributes["id"] = self._ids.after(target.attributes.get("id", "copy"))
        return _Copy(top, plans, changed)


def _is_drawn(node: Node) -> bool:
    """Whether an element is drawn where it stands, or where what it stands in is referred to."""
    for around in node.ancestors():
        if around.name in _DRAWN_BY_REFERENCE:
            return True
        if around.name in _NOT_DRAWN:
            return False
    return True


def _has_variable(node: Node) -> bool:
    return any("var(" in value for value in node.attributes.values())


def _text(plan: Plan | None) -> dict[str, str]:
    return {name: outcome_text(name, outcome) for name, outcome in plan.winners.items()} if plan is not None else {}


def _name(use: Node, target: Node) -> None:
    """Have a use draw something else."""
    for name in HREFS:
        if name in use.attributes:
            use.attributes[name] = f"#{target.attributes['id']}"
