"""`explain_repair`: a Repair in words, for those who draw their own pages."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..findings import Applicability
from ..svg.repair.result import Change, Repair
from ..svg.repair.words import wording
from .repair import about_the_picture, state_of, where
from .view import one_line


class ExplainedChange(msgspec.Struct, frozen=True):
    """A change in words.

    Attributes:
        what: What it is, for programs.
        text: What was done, or why it was not.
        where: Lines of the file that was given, in words; empty where it is about none.
        visible: Whether the picture may have changed.
        needs: Of a declined change: the kind of consent with which it is made; empty where none helps.
    """

    what: str
    text: str
    where: str
    visible: bool
    needs: str


class ExplainedRepair(msgspec.Struct, frozen=True):
    """A repair in words.

    Attributes:
        state: ``"repaired"``, ``"unchanged"``, ``"unproven"``, ``"not-yet"`` or ``"refused"``.
        label: That in words.
        picture: How the pictures before and after compare; empty where nothing was changed.
        changes: What was done.
        undone: What was taken back, since it altered the picture.
        declined: What was not done, and why.
        consents: The kinds of consent that would let more be done, each once.
    """

    state: str
    label: str
    picture: str
    changes: tuple[ExplainedChange, ...]
    undone: tuple[ExplainedChange, ...]
    declined: tuple[ExplainedChange, ...]
    consents: tuple[str, ...]


def explain_repair(repair: Repair, lang: str = "en") -> ExplainedRepair:
    """Put a repair into words; what its files still break is explained by `explain` of its report.

    Args:
        repair: What `repair_svg` answered.
        lang: ``"en"`` or ``"ja"``.

    Raises:
        TypeError: `repair` is none.
        ValueError: There are no words in that language.
    """
    if not isinstance(repair, Repair):
        raise TypeError(f"repair must be a Repair, not {type(repair).__name__}")
    state = state_of(repair)
    return ExplainedRepair(
        state=state,
        label=wording(f"fix.{state}", {}, lang),
        picture=about_the_picture(repair, lang) if repair.changed else "",
        changes=tuple(_explained(repair.changes, lang)),
        undone=tuple(_explained(repair.undone, lang)),
        declined=tuple(_explained(repair.declined, lang)),
        consents=tuple(dict.fromkeys(change.needs for change in repair.declined if change.needs)),
    )


def _explained(changes: Iterable[Change], lang: str) -> Iterable[ExplainedChange]:
    for change in changes:
        yield ExplainedChange(
            change.what,
            one_line(change.text(lang)),
            where(change.locations, change.count, lang),
            change.applicability is Applicability.VISIBLE,
            change.needs,
        )
