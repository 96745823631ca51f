"""The proof: pictures before and after are drawn and compared, and a change that altered them is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose
from typing import TYPE_CHECKING, NamedTuple

from ..content import SQUARE_TOLERANCE
from ..difference import Difference, compare
from ..pictures import NotDrawable, drawable
from ..profile import TEXTS
from ..render import shared_renderer
from .canvas import EDGE, content_bounds
from .job import Job, Mark, Wishes, viewport
from .steps import STEPS, Step
from .tree import Node

if TYPE_CHECKING:
    from PIL.Image import Image

SIZES = (32, 96, 256)
"""Pixels at which pictures are compared: what inboxes show, and large enough to see every shape."""
_MOST_TRIED = 6
"""Elements of a step that are tried one by one before all of the step is undone."""


class Proof(NamedTuple):
    """Two pictures compared.

    Attributes:
        difference: How far they are apart; None where one of them can't be drawn.
        unproven: Why one can't be drawn: a key of `pictures.REASONS`.
        drawn: The largest pictures before and after.
    """

    difference: Difference | None
    unproven: str
    drawn: tuple[Image, Image] | None = None

    @property
    def same(self) -> bool:
        """Whether the pictures are the same."""
        return self.difference is not None and self.difference.same


def prove(before: Node, after: Node, *, ground: str | None = None, fonts: Sequence[bytes] = ()) -> Proof:
    """Draw two trees at several sizes and compare them.

    Args:
        before: The tree as it was read.
        after: The repaired tree.
        ground: Colour of a background that was laid behind all of the second; the first is laid on it, too.
        fonts: Fonts to draw texts with.
    """
    try:
        first, second = draw(before, fonts), draw(after, fonts)
    except NotDrawable as problem:
        return Proof(None, problem.reason)
    if ground is not None:
        first = [_on(picture, ground) for picture in first]
    in_part = _is_drawn_in_part(before, after, has_fonts=bool(fonts))
    return Proof(compare(first, second), "in-part" if in_part else "", (first[-1], second[-1]))


def _is_drawn_in_part(before: Node, after: Node, *, has_fonts: bool) -> bool:
    """Whether something was not drawn: a bitmap, or a text that isn't outlined by a font that is at hand."""
    names = {node.name for node in before.walk()}
    if names & {"image", "feImage"}:
        return True
    return bool(names & TEXTS) and not (has_fonts and not any(node.name in TEXTS for node in after.walk()))


def _on(picture: Image, ground: str) -> Image:
    from PIL import Image as Images

    canvas = Images.new("RGBA", picture.size, ground)
    canvas.alpha_composite(picture)
    return canvas


def draw(root: Node, fonts: Sequence[bytes] = ()) -> list[Image]:
    """A tree at the sizes that are compared.

    Raises:
        NotDrawable: It can't be drawn.
    """
    return shared_renderer().draw(drawable(root, cut=_reaches_beyond(root)), SIZES, fonts)


def _reaches_beyond(root: Node) -> bool:
    """Whether something is drawn beyond a canvas that isn't square, so that its edge hides it."""
    left, top, width, height = viewport(root)
    if isclose(width, height, rel_tol=SQUARE_TOLERANCE):
        return False
    drawn = content_bounds(root)
    ease = max(width, height) * EDGE
    return drawn is not None and not (
        drawn[0] >= left - ease
        and drawn[1] >= top - ease
        and drawn[0] + drawn[2] <= left + width + ease
        and drawn[1] + drawn[3] <= top + height + ease
    )


class Replay(NamedTuple):
    """A repair that can be run again, as far as wanted, to see which step alters the picture.

    Attributes:
        tree: The tree as it was read; it stays as it is.
        wishes: What the owner asked for.
        thorough: As in `Job`.
        exempt: Names of the steps whose changes the owner agreed to, or that can't be proven.
    """

    tree: Node
    wishes: Wishes
    thorough: bool
    exempt: frozenset[str]

    def culprits(self, undone: Mapping[tuple[str, int], Mark]) -> dict[tuple[str, int], Mark]:
        """The changes of the first step that altered the picture and may not.

        Args:
            undone: What is not done any more.

        Returns:
            By step and element, the notes of the changes to undo; nothing where every step keeps the picture.

        Raises:
            NotDrawable: Something in between can't be drawn.
        """
        found = self._first_guilty(undone)
        if found is None:
            return {}
        at, marks = found
        name = STEPS[at].name
        by_element: dict[tuple[str, int], Mark] = {}
        for mark in marks:
            by_element.setdefault((name, -1 if mark.place is None else mark.place.node), mark)
        if len(by_element) > 1:
            for key, mark in list(by_element.items())[:_MOST_TRIED]:
                if self._first_guilty_within(at, at + 1, {**undone, key: mark}) is None:
                    return {key: mark}
        return {(name, -1): marks[0], **by_element}

    def _first_guilty(self, undone: Mapping[tuple[str, int], Mark]) -> tuple[int, list[Mark]] | None:
        """The first step that altered the picture, looked for only where the stretch of steps around it did."""
        job = Job(self.tree.clone(), self.wishes, undone, thorough=self.thorough)
        last, since = draw(job.root), 0
        for at, step in enumerate(STEPS):
            if step.name not in self.exempt:
                _run(step, job)
                continue
            if not compare(last, draw(job.root)).same:
                return self._first_guilty_within(since, at, undone)
            _run(step, job)
            last, since = draw(job.root), at + 1
        if not compare(last, draw(job.root)).same:
            return self._first_guilty_within(since, len(STEPS), undone)
        return None

    def _first_guilty_within(
        self, start: int, end: int, undone: Mapping[tuple[str, int], Mark]
    ) -> tuple[int, list[Mark]] | None:
        job = Job(self.tree.clone(), self.wishes, undone, thorough=self.thorough)
        for step in STEPS[:start]:
            _run(step, job)
        last = draw(job.root)
        for at in range(start, end):
            noted = len(job.changes)
            _run(STEPS[at], job)
            new = job.changes[noted:]
            if not new:
                continue
            now = draw(job.root)
            if not compare(last, now).same:
                return at, new
            last = now
        return None


def _run(step: Step, job: Job) -> None:
    job.step = step.name
    step.run(job)
