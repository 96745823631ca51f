"""Mutations of a document as text, and of its encoding: what a tree can't express."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tools import seeds as odd

TextMutation = Callable[[str, Random], str]


def change_line_ends(text: str, random: Random) -> str:
    """Other line ends."""
    return re.sub(r"\r\n?|\n", random.choice(("\r\n", "\r", "\n\r")), text)


def respace_tags(text: str, random: Random) -> str:
    """Odd white space, or none, between attributes and around equals signs."""
    space = random.choice(("\n", "\t", "\r\n", "  ", "", "\u00a0", "\u3000"))
    return random.choice(
        (text.replace(' "', f'{space}"'), text.replace('="', f'={space}"'), text.replace('" ', f'"{space}'))
    )


def single_quotes(text: str, _random: Random) -> str:
    """The other quotation mark everywhere."""
    return text.translate({34: 39, 39: 34})


def cut_characters(text: str, random: Random) -> str:
    """Lose a few characters, or all from some place on."""
    at = random.randrange(len(text))
    return text[:at] + (text[at + random.randint(1, 4) :] if random.random() < 0.8 else "")


def insert_characters(text: str, random: Random) -> str:
    """Put something in anywhere, between elements or not."""
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice((*odd.TEXTS, *odd.PADS, "/", "=", '"', "'", ":")) + text[at:]


def refer_to_character(text: str, random: Random) -> str:
    """Write a character as a reference, in a place where that may not be allowed."""
    at = random.randrange(len(text))
    reference = random.choice((f"&#{ord(text[at])};", f"&#x{ord(text[at]):x};", f"&#x{ord(text[at]):08X};"))
    return text[:at] + reference + text[at + 1 :]


TEXT_MUTATIONS: tuple[TextMutation, ...] = (
    change_line_ends,
    respace_tags,
    single_quotes,
    cut_characters,
    insert_characters,
    refer_to_character,
)
"""What can be done to a document's text."""


def encode(text: str, random: Random) -> bytes:
    """Write a document in some encoding, with a declaration that fits or doesn't."""
    mark, codec, name = random.choice(odd.ENCODINGS)
    body = re.sub(r"\A\s*<\?xml .*?\?>", "", text, flags=re.DOTALL)
    if random.random() < 0.5:
        body = body.replace("Acme", "ロゴ ①é").replace("Gradients", "é")
    declaration = f'<?xml version="1.0" encoding="{name}"?>' if name else ""
    return mark + (declaration + body).encode(codec, "xmlcharrefreplace")
