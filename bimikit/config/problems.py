"""What is wrong with a configuration, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domains import BadDomain
from ..errors import BimikitError
from ..locale import system_reason, term, words_of

if TYPE_CHECKING:
    from pathlib import Path


class ConfigError(BimikitError):
    """A configuration that can't be followed; its text says which file and key, and what to do.

    A file may have several faults: the attributes are about the first, and the text tells all, each on a line of its
    own.

    Attributes:
        file: The file.
        key: The key in it, such as ``publications[0].domain``; empty where it is about the whole file.
        problem: What is wrong: a key of the words. What they are about may be an error of the system, which is told in
            the reader's language.
        others: The other faults of the same file.
    """

    def __init__(self, file: Path, key: str, problem: str, **about: object) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        self.others: tuple[ConfigError, ...] = ()
        self._about = about
        super().__init__(self.told())

    def __str__(self) -> str:
        return self.told()

    def told(self, lang: str = "en") -> str:
        """It in words, a line for each fault.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("config_words", lang)
        hint = words["did-you-mean"].format(word=self._about["meant"]) if self._about.get("meant") else ""
        about = {name: _told(value, lang) for name, value in self._about.items()}
        place = words["place" if self.key else "whole"].format(file=self.file, key=self.key)
        line = place + words[self.problem].format_map({**about, "hint": hint})
        return "\n".join([line, *(other.told(lang) for other in self.others)])


def _told(value: object, lang: str) -> object:
    """What it is about; errors that have words of ours in these."""
    if isinstance(value, BimikitError):
        return value.told(lang)
    if isinstance(value, BadDomain):
        return term(str(value), lang)
    return system_reason(value, lang) if isinstance(value, OSError) else value
