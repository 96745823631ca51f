"""The words for changes, in either language; loaded when somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from ...findings import Param
from ...locale import LANGUAGES


@lru_cache(len(LANGUAGES))
def words(lang: str) -> Mapping[str, str]:
    """All words about repairs.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}; there are {', '.join(LANGUAGES)}")
    found: Mapping[str, str] = import_module(f"...locale.{lang}.repair_words", __package__).WORDS
    return found


def wording(key: str, params: Mapping[str, Param], lang: str) -> str:
    """The words under a key, with what they are about filled in."""
    return words(lang)[key].format_map(params)
