"""Sentences as data: a key of a catalogue and what is filled in, to be compared, stored and translated."""

from __future__ import annotations

import msgspec

from .locale import words_of


class Statement(msgspec.Struct, frozen=True):
    """One sentence.

    Attributes:
        key: Its key in a catalogue.
        values: What is filled in, by the names of its placeholders.
    """

    key: str
    values: dict[str, int | str] = {}

    def text(self, words: str, lang: str = "en") -> str:
        """The sentence.

        Args:
            words: The catalogue, such as ``"plan_words"``.
            lang: The language.

        Raises:
            KeyError: The catalogue has no such key.
            ValueError: There is no catalogue for that language.
        """
        return words_of(words, lang)[self.key].format_map(self.values)
