"""What assertions follow: a configuration, a language, a folder; and how files are read for them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..bounded import read_bounded
from ..findings import Outcome, Report
from ..locale import system_reason, words_of

if TYPE_CHECKING:
    from ..cert.trust import TrustStore
    from ..config import Config
    from .subjects import Subject

__unittest = True  # unittest leaves our frames out of its tracebacks

Source: TypeAlias = "str | os.PathLike[str] | bytes"
"""A file's path, or its bytes."""
Moment: TypeAlias = "datetime | str"
"""A moment with its time zone, or a text that is one: an ISO date (00:00 UTC), or a time with zone."""


class IgnoreEnded(UserWarning):
    """Something that the configuration ignored until a day that is over counts again."""

    __module__ = "bimikit.assertions"  # where test runners' reports say it is from


class IgnoreUnused(UserWarning):
    """The configuration ignores something for files of which there is none."""

    __module__ = "bimikit.assertions"


class NothingAsked(UserWarning):
    """A test made a subject and asked nothing of it, so that it would have passed whatever is wrong with that."""

    __module__ = "bimikit.assertions"


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
        searched: Where a configuration was looked for, and upwards; told where one is missing.
        lang: The language of all texts: ``"en"`` or ``"ja"``.
        color: Whether texts have ANSI colours.
        at: The moment to judge at where nobody names another; must have a time zone. Now by default.
        keep: Told of every answer.
        before_network: Called each time before the network is asked; it may raise.
        made: Told of the subjects that are made, and are to be asked something: one, or several together.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        folder: Path | None = None,
        searched: Path | None = None,
        lang: str = "en",
        color: bool = False,
        at: datetime | None = None,
        keep: Callable[[Kept], None] | None = None,
        before_network: Callable[[], None] | None = None,
        made: Callable[[Sequence[Subject]], None] | None = None,
    ) -> None:
        self.config = config
        self.folder = folder or Path()
        self.searched = searched
        self.lang = lang
        self.color = color
        self.at = at
        self.keep = keep
        self.before_network = before_network
        self.made = made
        self._trust: TrustStore | None = None
        self._lists: tuple[bytes, ...] | None = None
        self._warned: set[str] = set()
        self._looked = False

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

    @property
    def revocation_lists(self) -> tuple[bytes, ...]:
        """The configuration's revocation lists.

        Raises:
            ConfigError: A file of them can't be read.
        """
        __tracebackhide__ = True
        if self._lists is None:
            self._lists = () if self.config is None else self.config.revocation_lists()
        return self._lists

    def told(self, key: str, **about: object) -> str:
        """The words under a key, with what they are about filled in."""
        return words_of("pytest_words", self.lang)[key].format_map(about)

    def missing_config(self, key: str, **about: object) -> str:
        """That there is no configuration, and where one was looked for: the words under a key, and these."""
        text = self.told(key, **about)
        return text if self.searched is None else text + self.told("searched", folder=self.searched)

    def unused(self, judged: Iterable[str]) -> list[str]:
        """Patterns of the configuration's `ignores` that name no file, in words, and looked for but once.

        Args:
            judged: The files that were judged.
        """
        if self._looked or self.config is None or not self.config.ignores:
            return []
        from ..config import unused

        self._looked = True
        return [problem.told(self.lang) for problem in unused(self.config, tuple(judged))]

    def warn(self, texts: Iterable[str], category: type[UserWarning]) -> None:
        """Warn of something, each once: a test that passes would not tell."""
        for text in texts:
            if text not in self._warned:
                self._warned.add(text)
                warnings.warn(text, category, stacklevel=2)

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
            reason, looked_at = self._reason(problem), os.path.abspath(path)  # noqa: PTH100
            key = "unreadable" if named == looked_at else "unreadable-at"
            text = self.told(key, file=named, reason=reason, path=looked_at)
            raise self.unreadable(named, reason, kind, text) from None

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
        return system_reason(problem, self.lang)


def moment(at: Moment | None) -> datetime | None:
    """A moment that may be given as a text, as the command line reads it.

    Raises:
        ValueError: The text is none.
    """
    __tracebackhide__ = True
    if not isinstance(at, str):
        return at
    from click import UsageError

    from ..cli.inputs import WHEN

    try:
        return WHEN.convert(at, None, None)
    except UsageError as problem:
        raise ValueError(problem.message) from None
