"""A report as somebody wants it: command line, assertions and the assistant's tools follow a configuration alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from .findings import Report
from .selection import about_kind, selected, with_verdicts

if TYPE_CHECKING:
    from .config import Config


def as_wanted(
    report: Report,
    *,
    providers: Collection[str] = (),
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    days_left: int | None = None,
    revocation: bool = False,
) -> Report:
    """A report with the verdicts, the rules and the demands that are wanted of it.

    The verdicts come first: what is chosen or demanded besides doesn't change what mailbox providers do. The demands
    come last: choosing rules doesn't take them back.

    Args:
        report: The report.
        providers: Ids of mailbox providers to judge for.
        select: Ids of rules, or their beginnings; a choice that is about other kinds of reports alone doesn't count.
        ignore: Ids of rules, or their beginnings, to leave out.
        days_left: Full days that its certificate has to last yet; None where that doesn't matter.
        revocation: Whether revocation must have been checked; see `requires_revocation`.
    """
    if providers:
        report = with_verdicts(report, providers)
    report = selected(report, about_kind(select, report.kind), ignore)
    if days_left is None and not revocation:
        return report
    from .demands import with_demands  # dear to load, and a logo alone needs no certificates

    return with_demands(report, days_left=days_left, revocation=revocation)


def requires_revocation(config: Config | None, kind: str) -> bool:
    """Whether a configuration, which speaks of all files, wants it checked of this kind: a logo has no revocation."""
    return config is not None and "revocation" in config.require and kind not in ("svg", "appearance")
