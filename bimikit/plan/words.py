"""What a plan says, as sentences: its own, and those of the weighing that it takes over."""

from __future__ import annotations

from ..aggregate.senders import load_senders
from ..locale import titled, words_of
from ..statement import Statement

WORDS = "plan_words"


def text(statement: Statement, lang: str = "en") -> str:
    """A statement of a plan as a sentence, with the name of the source it is about in that language.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    values = dict(statement.values)
    if "rules" in values:
        values["rules"] = titled(str(values["rules"]).split(", "), lang)
    by, _, name = str(values.get("id", "")).partition(":")
    if by == "sender" and name in load_senders():
        values["source"] = load_senders()[name].name.text(lang)
    elif by:
        values["source"] = words_of("source_words", lang)[f"by.{by}"].format(name=name)
    return words_of(WORDS, lang)[statement.key].format_map(values)
