"""What a repair answers: the file, each change, the proof, and what is left to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ...engine import PLACES_SHOWN
from ...findings import Applicability, Finding, Location, Outcome, Param, Report, Severity
from ..difference import Difference, picture, png, shown_apart
from ..locate import Locator
from .job import Mark
from .words import wording


class Change(msgspec.Struct, frozen=True):
    """A change that was made (or undone, or declined), however often it occurs.

    Attributes:
        what: What it is, such as ``"css.inlined"``. Stable, for programs.
        applicability: SAFE, or VISIBLE where the owner agreed to a change of the picture.
        params: What its words are about.
        locations: The first places, in the file that was given; `count` says how many there are.
        count: How often it occurs.
        needs: Of a declined change: the kind of consent (``allow=``) with which it is made; empty where none helps.
    """

    what: str
    applicability: Applicability
    params: Mapping[str, Param] = {}
    locations: tuple[Location, ...] = ()
    count: int = 1
    needs: str = ""

    def text(self, lang: str = "en") -> str:
        """What was done, or why it was not, in words.

        Args:
            lang: ``"en"`` or ``"ja"``.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        return wording(self.what, self.params, lang)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The change as JSON-ready data."""
        return {
            "what": self.what,
            "text": self.text(lang),
            "applicability": self.applicability.value,
            "needs": self.needs,
            "params": dict(self.params),
            "locations": [msgspec.to_builtins(place) for place in self.locations],
            "count": self.count,
        }


class Repair(msgspec.Struct, frozen=True, eq=False):
    """The result of `bimikit.repair_svg`.

    Attributes:
        svg: The file after the repair, not compressed; the given bytes where there was nothing to do, and None where
            they could not be read.
        changes: What was done, in order.
        undone: Safe changes that turned out to alter the picture, and were taken back.
        declined: What was not done, with the reason and, where there is one, the consent that would allow it.
        difference: How far the pictures before and after differ, measured; None where they could not be compared.
        unproven: Why they could not be compared, or not as a whole: ``"misread"`` (the renderer reads the original
            otherwise than browsers do), ``"in-part"`` (texts or bitmaps, which it doesn't draw), or one of the reasons
            for which it draws nothing; empty where they were.
        before: The report on the file that was given.
        report: The report on the file after the repair.
        drawn: The drawings before and after at the largest size that was compared (Pillow images); None without proof.
    """

    svg: bytes | None
    changes: tuple[Change, ...]
    undone: tuple[Change, ...]
    declined: tuple[Change, ...]
    difference: Difference | None
    unproven: str
    before: Report
    report: Report
    drawn: tuple[Any, Any] | None = None

    @property
    def picture(self) -> bytes | None:
        """Before, after and what differs, side by side, as a PNG file; None where the pictures weren't compared."""
        return None if self.drawn is None else picture(*self.drawn)

    @property
    def pictures(self) -> tuple[bytes, bytes, bytes] | None:
        """Before, after and what differs, each as a PNG file; None where the pictures weren't compared."""
        if self.drawn is None:
            return None
        before, after, difference = map(png, shown_apart(*self.drawn))
        return before, after, difference

    @property
    def ok(self) -> bool:
        """The file conforms now, and the picture is proven to be the same, but for changes the owner agreed to."""
        return self.svg is not None and self.report.ok and self.report.complete and self.proven

    @property
    def changed(self) -> bool:
        """Whether the file differs from the one that was given."""
        return bool(self.changes)

    @property
    def visible(self) -> bool:
        """Whether a change was made that may alter the picture, with the owner's consent."""
        return any(change.applicability is Applicability.VISIBLE for change in self.changes)

    @property
    def proven(self) -> bool:
        """Whether the pictures were compared and are the same; with visible changes, whether they were compared.

        Nothing has to be compared where the file wasn't changed.
        """
        if self.svg is None or self.unproven:
            return False
        if not self.changed:
            return True
        return self.difference is not None and (self.visible or self.difference.same)

    @property
    def remaining(self) -> tuple[Finding, ...]:
        """What the repaired file still breaks or goes against: errors and warnings."""
        return tuple(
            finding
            for finding in self.report.findings
            if finding.severity is not Severity.NOTICE and finding.outcome is Outcome.FAIL
        )

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The result as JSON-ready data. The file itself is told by its size and hash."""
        import hashlib

        svg = None
        if self.svg is not None:
            svg = {"size": len(self.svg), "sha256": hashlib.sha256(self.svg).hexdigest()}
        return {
            "schema_version": 1,
            "kind": "repair",
            "subject": self.before.subject,
            "ok": self.ok,
            "changed": self.changed,
            "visible": self.visible,
            "proven": self.proven,
            "unproven": self.unproven,
            "svg": svg,
            "changes": [change.to_dict(lang) for change in self.changes],
            "undone": [change.to_dict(lang) for change in self.undone],
            "declined": [change.to_dict(lang) for change in self.declined],
            "remaining": [finding.rule for finding in self.remaining],
            "difference": _told(self.difference),
            "before": self.before.to_dict(lang),
            "report": self.report.to_dict(lang),
        }

    def to_json(self, lang: str = "en", *, indent: int | None = 2) -> str:
        """The result as JSON text."""
        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=indent)


def _told(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    highest = {name: getattr(difference, name) for name in ("same", "maximum", "mean", "block")}
    return {**highest, "measured": msgspec.to_builtins(difference.measured)}


def folded(marks: Iterable[Mark], prefix: str, locate: Locator) -> tuple[Change, ...]:
    """Notes as changes: repeats of one thing become one, with its first places.

    Args:
        marks: Notes of the steps, in order.
        prefix: ``"change"`` or ``"declined"``: which words tell of them.
        locate: Turns places into lines and columns.
    """
    groups: dict[tuple[str, str, str], list[Mark]] = {}
    for mark in marks:
        pair = f"{mark.params.get('value')} {mark.params['instead']}" if "instead" in mark.params else ""
        groups.setdefault((mark.what, mark.needs, pair), []).append(mark)
    changes = []
    for (what, needs, _pair), group in groups.items():
        places = tuple(locate(mark.place) for mark in group[:PLACES_SHOWN] if mark.place is not None)
        visible = any(mark.applicability is Applicability.VISIBLE for mark in group)
        applicability = Applicability.VISIBLE if visible else Applicability.SAFE
        changes.append(Change(f"{prefix}.{what}", applicability, _together(group), places, len(group), needs))
    return tuple(changes)


_SUMMED = frozenset({"count", "cut", "gone", "shapes"})
_MOST_LISTED = 4


def _together(group: Sequence[Mark]) -> dict[str, Param]:
    """What the notes of a group are about: counts are added up, and names listed as far as there are few."""
    params: dict[str, Param] = {}
    for name, first in group[0].params.items():
        values = [mark.params.get(name, first) for mark in group]
        if isinstance(first, str):
            listed = list(dict.fromkeys(str(value) for value in values))
            params[name] = ", ".join(listed[:_MOST_LISTED]) + (" …" if len(listed) > _MOST_LISTED else "")
        elif name in _SUMMED:
            params[name] = sum(value for value in values if isinstance(value, int))
        else:
            params[name] = first
    return params
