"""The plan of an inventory, made in a process of its own, kept, and made anew when what it rests on changed."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from pathlib import Path
from typing import NamedTuple, TypeAlias

from bimikit import BimikitError, plan_of
from bimikit.planning import plan_body, plan_inputs, without_secrets
from bimikit.sqlite_files import LOGS

from .problems import Problem
from .work import Workers

LANGS = ("en", "ja")
MOST_WAITING = 8
"""Readers who may wait while it is made; others are told to come back."""
UNSURE_SECONDS = 60.0
"""Seconds after which it is made anew though no file changed: where it rests on a database elsewhere, or failed."""
_COME_BACK = 5
_MOST_TOLD = 1500
"""Characters of what is wrong with an inventory."""
_LOG = logging.getLogger("bimikit.portal.plan")

_State: TypeAlias = tuple[tuple[int, ...] | None, ...]


class Made(NamedTuple):
    """What came of making it.

    Attributes:
        bodies: The plan in HTML by language; empty where there is none.
        faults: What is wrong with what it rests on, by language; fit to be shown to anybody.
        files: What it rests on.
        state: How these files were when they were read.
        unsure: Whether it may be another one though no file changed.
        problem: Why else there is none: the name of a `Problem`.
    """

    bodies: Mapping[str, str]
    faults: Mapping[str, str]
    files: tuple[Path, ...]
    state: _State
    unsure: bool
    problem: str = ""


class Plans:
    """The plan of one inventory. Any number of threads may ask for it; it is made once for all of them."""

    def __init__(self, inventory: Path, seconds: float, memory: int) -> None:
        """Describe it.

        Args:
            inventory: The inventory.
            seconds: How long it may take to make it.
            memory: Bytes of address space for the process that makes it.
        """
        self.made = 0
        """How often it was made."""
        self._inventory = inventory.absolute()
        self._seconds = seconds
        self._workers = Workers(1, 0, memory, seconds=0)
        self._lock = threading.Lock()
        self._last: Made | None = None
        self._made_at = 0.0
        self._coming: Future[Made] | None = None
        self._waiting = 0

    def body(self, lang: str, patience: float) -> str:
        """The plan in HTML, as it is now; while another reader has it made anew, as it was before.

        Args:
            lang: The language.
            patience: Seconds to wait until it is made.

        Raises:
            Problem: There is none, or none yet.
        """
        made = self._current(patience)
        if lang in made.faults:
            raise Problem("plan-unmade", why=made.faults[lang])
        if made.problem:
            raise Problem(made.problem)
        return made.bodies[lang]

    def close(self) -> None:
        """End the process, whatever it does."""
        self._workers.close()

    def _current(self, patience: float) -> Made:
        if (last := self._last) is not None and self._holds(last):
            return last
        with self._lock:
            coming = self._coming
            if coming is None:
                coming = self._coming = Future()
                threading.Thread(target=self._make, args=(coming,), name="plan", daemon=True).start()
            elif last is not None and last.bodies:
                return last
            if self._waiting >= MOST_WAITING:
                raise Problem("plan-coming", seconds=_COME_BACK)
            self._waiting += 1
        try:
            return coming.result(patience)
        except NotYetError:
            raise Problem("plan-coming", seconds=_COME_BACK) from None
        finally:
            with self._lock:
                self._waiting -= 1

    def _holds(self, made: Made) -> bool:
        old = made.unsure and time.monotonic() > self._made_at + UNSURE_SECONDS
        return not old and state_of(made.files) == made.state

    def _make(self, coming: Future[Made]) -> None:
        """Have it made; whoever reads it need not wait to the end of that."""
        files = (self._inventory,)
        state = state_of(files)
        try:
            made = self._workers.run(self._seconds, make, self._inventory)
        except Problem:
            made = Made({}, {}, files, state, unsure=True, problem="plan-too-large")
        except Exception:  # whatever it is, the next reader is no wiser
            _LOG.exception("the plan could not be made")
            made = Made({}, {}, files, state, unsure=True, problem="failed")
        if made.faults:
            _LOG.warning("the plan can't be made: %s", made.faults["en"].replace("\n", " / "))
        with self._lock:
            self._last, self._made_at, self._coming = made, time.monotonic(), None
            self.made += 1
        coming.set_result(made)


def make(inventory: Path) -> Made:
    """Make the plan, in whatever process this is.

    Args:
        inventory: The inventory.
    """
    files: tuple[Path, ...] = (inventory,)
    state = state_of(files)  # before anything is read: what changes meanwhile is another state
    elsewhere = False
    try:
        files, elsewhere = plan_inputs(inventory)
        state += state_of(files[1:])
        plan = plan_of(inventory)
    except BimikitError as problem:
        faults = {lang: showable(problem.told(lang), files) for lang in LANGS}
        return Made({}, faults, files, state, unsure=True)
    return Made({lang: plan_body(plan, lang=lang) for lang in LANGS}, {}, files, state, unsure=elsewhere)


def state_of(files: Iterable[Path]) -> _State:
    """What changes when one of some files does: of each the time, size and number; None where it isn't there."""
    return tuple(map(_state, files))


def _state(file: Path) -> tuple[int, ...] | None:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    if not found.st_size and file.name.endswith(LOGS):  # as good as none, and comes and goes with who reads
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/:'\"]+/)+(?=[^\s/])|\b[A-Za-z]:\\(?:[^\s\\:'\"]+\\)+")


def showable(told: str, files: Iterable[Path]) -> str:
    """What is wrong, without where on this computer files are, and without what opens a database.

    Args:
        told: What is told.
        files: Files it may be about; their names are kept.
    """
    for file in sorted(files, key=lambda one: -len(str(one))):
        told = told.replace(str(file), file.name)
    for file in files:
        told = told.replace(f"{file.parent}{os.sep}", "")
    told = _FOLDERS.sub("", without_secrets(told))
    return told if len(told) <= _MOST_TOLD else f"{told[:_MOST_TOLD]}…"
