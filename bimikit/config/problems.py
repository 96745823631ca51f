"""What is wrong with a configuration, in words."""

from __future__ import annotations

from pathlib import Path

from ..errors import BimikitError
from ..locale import words_of


class ConfigError(BimikitError):
    """A configuration that can't be followed; its text says which file and key, and what to do.

    Attributes:
        file: The file.
        key: The key in it, such as ``publications[0].domain``; empty where it is about the whole file.
        problem: What is wrong: a key of the words.
    """

    def __init__(self, file: Path, key: str, problem: str, **about: object) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        self._about = about
        super().__init__(self.told())

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("config_words", lang)
        hint = words["did-you-mean"].format(word=self._about["meant"]) if self._about.get("meant") else ""
        place = words["place" if self.key else "whole"].format(file=self.file, key=self.key)
        return place + words[self.problem].format_map({**self._about, "hint": hint})
