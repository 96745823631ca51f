"""What is wrong with an inventory, or with the rows of a scan, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..domains import BadDomain
from ..errors import BimikitError
from ..locale import system_reason, term, words_of

_SECRET = re.compile(r"(?i)(\b\w*(?:password|passwd|pwd|secret|token)\w*\s*=\s*)(?:'[^']*'|\"[^\"]*\"|[^\s&'\"]+)")
_LOGIN = re.compile(r"(\b[\w+.-]{2,}:/+)[^\s'\"]*@|(?<![^\s'\"])(?!mailto:)[^\s'\":/@]+:[^\s'\"]*@")
"""What stands before the last @ of an address, since a password may hold an @ or a slash that nobody escaped."""


def without_secrets(text: str) -> str:
    """A text without the logins of addresses and the values of passwords in it, fit to be shown to anybody.

    Args:
        text: What is told, such as what a database says that can't be reached.
    """
    return _LOGIN.sub(lambda found: f"{found[1] or ''}…@", _SECRET.sub(r"\1…", text))


class InventoryError(BimikitError):
    """An inventory that can't be followed; its text says which line and key, and what to do.

    A file may have several faults: the attributes are about the first, and the text tells all, each on a line of its
    own.

    Attributes:
        file: The file.
        line: Where, from 1; 0 for the whole.
        key: The key, such as ``domain[3].goal``; empty where it is about more than one.
        problem: What is wrong: a key of ``plan_words`` without ``inventory.``.
        others: The other faults of the same file.
    """

    def __init__(self, file: str, line: int, key: str, problem: str, **about: object) -> None:
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
        self.others: tuple[InventoryError, ...] = ()
        self._about = about
        super().__init__(self.told())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.file, self.line, self.key, self.problem, self._about, self.others)

    def __str__(self) -> str:
        return self.told()

    def told(self, lang: str = "en") -> str:
        """It in words, a line for each fault.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("plan_words", lang)
        meant = self._about.get("meant")
        hint = words["inventory.did-you-mean"].format(word=meant) if meant else ""
        about = {name: _told(value, lang, words) for name, value in self._about.items()}
        place = words[f"inventory.place.{'line' if self.line else 'whole'}{'-key' if self.key else ''}"]
        text = words[f"inventory.{self.problem}"].format_map({**about, "hint": hint})
        told = place.format(file=self.file, line=self.line, key=self.key) + text
        return "\n".join([told, *(other.told(lang) for other in self.others)])


def _told(value: object, lang: str, words: Mapping[str, str]) -> object:
    """What it is about; terms and errors that have words of ours in these."""
    if isinstance(value, BadDomain):
        return term(str(value), lang)
    if isinstance(value, str):
        return (words.get(value[1:]) or term(value[1:], lang)) if value.startswith("@") else without_secrets(value)
    return system_reason(value, lang) if isinstance(value, OSError) else value


def _again(
    file: str, line: int, key: str, problem: str, about: dict[str, object], others: tuple[InventoryError, ...]
) -> InventoryError:
    made = InventoryError(file, line, key, problem, **about)
    made.others = others
    return made
