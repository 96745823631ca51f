"""What a plan says, as sentences: its own, and those of the weighing that it takes over."""

from __future__ import annotations

from ..locale import titled, words_of
from ..raising.weigh import named
from ..statement import Statement

WORDS = "plan_words"


def text(statement: Statement, lang: str = "en") -> str:
    """A statement of a plan as a sentence, with the name of the source it is about in that language.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    values = named(statement, lang)
    if "rules" in values:
        values["rules"] = titled(str(values["rules"]).split(", "), lang)
    return words_of(WORDS, lang)[statement.key].format_map(values)
