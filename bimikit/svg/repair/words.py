"""The words for changes, in either language; loaded when somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping

from ...findings import Param
from ...locale import words_of


def words(lang: str) -> Mapping[str, str]:
    """All words about repairs.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    return words_of("repair_words", lang)


def wording(key: str, params: Mapping[str, Param], lang: str) -> str:
    """The words under a key, with what they are about filled in."""
    return words(lang)[key].format_map(params)
