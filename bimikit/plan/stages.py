"""Which stage a domain is at, and which comes next: two tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..dns import bimi
from .locking import is_locked, passing_though_closed
from .logo_steps import is_published, wants_declination
from .model import Goal, Stage
from .standing import Standing, hits_wanted

_Test = Callable[[Standing], bool]


def _goal(one: Standing) -> Goal | None:
    return one.listed.goal if one.listed is not None else None


def _is_live(one: Standing) -> bool:
    hosted = one.row.hosted if one.row is not None else None
    return _is_ready(one) and is_published(one) and hosted is not None and hosted.outcome == "pass"


def _is_ready(one: Standing) -> bool:
    return _goal(one) == "logo" and one.eligible is True


_TESTS: tuple[tuple[Stage, _Test], ...] = (
    ("unlisted", lambda one: one.listed is None),
    ("live", _is_live),
    ("bimi-ready", _is_ready),
    ("locked", lambda one: _goal(one) == "locked" and is_locked(one)),
    ("reject", lambda one: one.dmarc_known and one.enforced == "reject"),
    ("quarantine", lambda one: one.dmarc_known and one.enforced == "quarantine"),
    ("sources-known", lambda one: _is_monitored(one) and one.sources_known),
    ("monitored", lambda one: _is_monitored(one)),
    ("listed", lambda one: True),
)
"""A domain is at the first stage whose test it meets."""


def _is_monitored(one: Standing) -> bool:
    """By its record; by its reports where that could not be read."""
    return one.monitored if one.dmarc_known else one.reported


def stage_of(one: Standing) -> Stage:
    """The stage a domain is at."""
    return next(stage for stage, test in _TESTS if test(one))


NEXT: Mapping[Goal, Mapping[Stage, Stage]] = {
    "logo": {
        "listed": "monitored", "monitored": "sources-known", "sources-known": "quarantine",
        "quarantine": "bimi-ready", "reject": "bimi-ready", "bimi-ready": "live", "live": "live",
    },
    "enforced": {
        "listed": "monitored", "monitored": "sources-known", "sources-known": "quarantine",
        "quarantine": "reject", "reject": "reject",
    },
    "locked": {
        "listed": "monitored", "monitored": "locked", "sources-known": "locked", "quarantine": "locked",
        "reject": "locked", "locked": "locked",
    },
}  # fmt: skip
"""The stage after each, by goal. A domain that declines logos stays where it is until its declination is there."""


def next_of(one: Standing, stage: Stage, *, may_close: bool) -> Stage:
    """The stage after one.

    Args:
        one: Where the domain stands.
        stage: The stage.
        may_close: Whether nothing speaks against closing it, if that is its goal.
    """
    goal = _goal(one)
    if goal is None:
        return "listed"
    return "locked" if goal == "locked" and may_close else NEXT[goal][stage]


_LAST: Mapping[Goal, Stage] = {"logo": "live", "enforced": "reject", "locked": "locked"}


def is_done(one: Standing, stage: Stage) -> bool:
    """Whether a domain is where it is to get."""
    goal = _goal(one)
    if goal is None:
        return False
    if wants_declination(one) and one.own_assertion != bimi.DECLINED:
        return False
    if passing_though_closed(one) or (goal != "locked" and hits_wanted(one)):
        return False
    return stage == _LAST[goal]
