"""What assertions follow: a configuration, a language, a folder; and how files are read for them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..bounded import read_bounded
from ..findings import Outcome, Report
from ..locale import words_of

if TYPE_CHECKING:
    from ..cert.trust import TrustStore
    from ..config import Config

__unittest = True  # unittest leaves our frames out of its tracebacks

Source: TypeAlias = "str | os.PathLike[str] | bytes"
"""A file's path, or its bytes."""


class Kept(NamedTuple):
    """What was asked of a subject, and what came of it.

    Attributes:
        report: The report that tells.
        asked: What was asked, in words.
        outcome: PASS, FAIL or INDETERMINATE.
        sources: The files that were judged by themselves, by the report's subject.
    """

    report: Report
    asked: str
    outcome: Outcome
    sources: Mapping[str, bytes]


class File(NamedTuple):
    """A file to judge.

    Attributes:
        name: What reports call it.
        data: Its bytes, and one more than may be judged at the most.
        path: Where it is; empty where bytes were given.
    """

    name: str
    data: bytes
    path: str


class Settings:
    """What assertions follow.

    Args:
        config: The configuration; none by default.
        folder: What relative paths are relative to; the current folder by default.
        lang: The language of all texts: ``"en"`` or ``"ja"``.
        color: Whether texts have ANSI colours.
        at: The moment to judge at where nobody names another; must have a time zone. Now by default.
        keep: Told of every answer.
        before_network: Called before the network is asked; it may raise.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        folder: Path | None = None,
        lang: str = "en",
        color: bool = False,
        at: datetime | None = None,
        keep: Callable[[Kept], None] | None = None,
        before_network: Callable[[], None] | None = None,
    ) -> None:
        self.config = config
        self.folder = folder or Path()
        self.lang = lang
        self.color = color
        self.at = at
        self.keep = keep
        self.before_network = before_network
        self._trust: TrustStore | None = None

    @property
    def trust(self) -> TrustStore | None:
        """The configuration's trust store; None for the built-in one.

        Raises:
            ConfigError: A file of it can't be used.
        """
        __tracebackhide__ = True
        if self._trust is None and self.config is not None:
            self._trust = self.config.trust_store()
        return self._trust

    def told(self, key: str, **about: object) -> str:
        """The words under a key, with what they are about filled in."""
        return words_of("pytest_words", self.lang)[key].format_map(about)

    def file(self, source: Source, most: int, kind: str, name: str = "") -> File:
        """A file that is to be judged.

        Args:
            source: Its path, or its bytes.
            most: How many bytes are judged at the most.
            kind: What it is called where it has no name: a key of the words.
            name: What reports call it.

        Raises:
            AssertionError: It can't be read.
        """
        __tracebackhide__ = True
        if isinstance(source, bytes | bytearray | memoryview):
            return File(name or self.told(kind), bytes(source), "")
        named = os.fspath(source)
        if not isinstance(named, str):
            raise TypeError(f"a file is given as its path or its bytes, not as {type(source).__name__}")
        path = self.folder / named
        try:
            return File(name or named, read_bounded(path, most), str(path))
        except (OSError, ValueError) as problem:
            raise AssertionError(self.told("unreadable", file=named, reason=self._reason(problem))) from None

    def _reason(self, problem: OSError | ValueError) -> str:
        """Why a file can't be read; in the system's words where we have none."""
        if not isinstance(problem, OSError):
            return str(problem)
        known = words_of("cli_words", self.lang).get(f"system.{errno.errorcode.get(problem.errno or 0)}")
        return known or problem.strerror or str(problem)
