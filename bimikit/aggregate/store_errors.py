"""Why a store can't be used, in words."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from ..errors import BimikitError
from ..locale import words_of


class StoreError(BimikitError):
    """A store of aggregate reports that can't be opened, read or written; its text says why, and what to do.

    Attributes:
        place: The store: its file, or its server and database; never a password.
        problem: What is wrong: a key of the words, such as ``"busy"``.
    """

    def __init__(self, place: str, problem: str, **about: object) -> None:
        self.place = place
        self.problem = problem
        self._about = about
        super().__init__(self.told())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.place, self.problem, self._about)

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("store_words", lang)
        return words["place"].format(place=self.place) + words[self.problem].format_map(self._about)


def _again(place: str, problem: str, about: dict[str, object]) -> StoreError:
    return StoreError(place, problem, **about)


_SQLITE = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_CANTOPEN": "cannot-open",
    "SQLITE_PERM": "cannot-open",
    "SQLITE_READONLY": "read-only",
    "SQLITE_FULL": "full",
    "SQLITE_NOTADB": "no-store",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_IOERR": "disk",
}
_POSTGRESQL = {
    "55P03": "busy",
    "42501": "not-allowed",
    "25006": "read-only",
    "53100": "full",
    "58030": "disk",
    **dict.fromkeys(("42P01", "42703", "42883", "42804"), "tables"),  # no such table or column, or one of another type
    **dict.fromkeys(("XX001", "XX002"), "damaged"),
}
"""By SQLSTATE (PostgreSQL's manual, appendix A)."""
_LOST = ("08", "57")
"""Classes of SQLSTATE: the connection broke, the server is shutting down."""


def told_by(problem: BaseException, place: str, seconds: int) -> StoreError:
    """The error for what a driver raised.

    Args:
        problem: The driver's exception.
        place: The store.
        seconds: How long it waits for another process.
    """
    reason = " ".join(str(problem).split())
    return StoreError(place, _kind(problem), reason=reason, seconds=seconds)


def _kind(problem: BaseException) -> str:
    name = getattr(problem, "sqlite_errorname", None)
    if name is not None:
        other = "tables" if _NO_COLUMN.match(str(problem)) else "failed"
        return next((kind for start, kind in _SQLITE.items() if name.startswith(start)), other)
    if isinstance(problem, sqlite3.OperationalError):  # without a code of SQLite's: text that is no UTF-8
        return "damaged"
    if hasattr(problem, "sqlstate"):
        state = problem.sqlstate or ""
        if not state or state[:2] in _LOST:  # without one where no server answered, or where it let nobody in
            return "no-server" if type(problem).__name__ in _CONNECTION else "failed"
        return _POSTGRESQL.get(state, "failed")
    return "failed"


_NO_COLUMN = re.compile(r"no such (?:table|column)|table \w+ has no column")
_CONNECTION = ("OperationalError", "ConnectionTimeout", "AdminShutdown", "CannotConnectNow", "ConnectionFailure")
