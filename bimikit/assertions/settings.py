"""What assertions follow: a configuration, a language, a folder; and how files are read for them."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
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


class IgnoreEnded(UserWarning):
    """Something that the configuration ignored until a day that is over counts again."""

    __module__ = "bimikit.assertions"  # where test runners' reports say it is from


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
        self._ended: set[str] = set()

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

    def tell_ended(self, ended: Iterable[str]) -> None:
        """Warn of what is no longer ignored, each once: a test that passes would not tell."""
        for text in ended:
            if text not in self._ended:
                self._ended.add(text)
                warnings.warn(text, IgnoreEnded, stacklevel=2)

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
            raise self.unreadable(named, self._reason(problem), kind) from None

    def unreadable(self, name: str, reason: str, kind: str, text: str = "") -> AssertionError:
        """That something can't be judged since it can't be read, after it was kept: no report leaves it out.

        Args:
            name: The file or publication.
            reason: Why.
            kind: A kind of reports; any other counts as a publication.
            text: The words of the error, where the usual ones don't do.
        """
        if self.keep is not None:
            from ..svg.check import unreadable

            kind = kind if kind in ("svg", "certificate") else "publication"
            report = unreadable(name, reason, at=self.at, kind=kind)
            self.keep(Kept(report, self.told("asked.readable"), Outcome.FAIL, {}))
        return AssertionError(text or self.told("unreadable", file=name, reason=reason))

    def _reason(self, problem: OSError | ValueError) -> str:
        """Why a file can't be read; in the system's words where we have none."""
        if not isinstance(problem, OSError):
            return str(problem)
        known = words_of("cli_words", self.lang).get(f"system.{errno.errorcode.get(problem.errno or 0)}")
        return known or problem.strerror or str(problem)
