"""Entries of a decisions file for the sources that nobody decided about yet, with the evidence beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..aggregate import sources
from ..domains import BadDomain, normal_domain
from ..locale import words_of
from .decisions import CHOICES, LONGEST, Decisions
from .model import Outlook, Weighing

FEW = 10
"""Below how many messages a source of which nothing is known gets no entry: every stray message would have one."""


def undecided_text(weighings: Iterable[Weighing], decisions: Decisions, lang: str = "en") -> str:
    """What to append to a decisions file; empty where it names every source that is worth an entry.

    Whatever names reports bear, the text adds entries and comments and nothing else: reports come from strangers.

    Args:
        weighings: What was weighed.
        decisions: What the file says already.
        lang: The language of the comments.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    words = words_of("raising_words", lang)
    entries = [
        entry
        for weighing in sorted(weighings, key=lambda one: one.domain)
        if _is_normal(weighing.domain)
        for entry in _of_domain(weighing, decisions, lang)
    ]
    if not entries:
        return ""
    choices = [f"{quoted(choice):14}{words[f'choice.{choice}']}" for choice in CHOICES]
    head = [_comment(line) for line in (words["text.head"], *choices)]
    return "\n" + "\n\n".join(["\n".join(head), *entries]) + "\n"


def _of_domain(weighing: Weighing, decisions: Decisions, lang: str) -> Iterator[str]:
    words = words_of("raising_words", lang)
    named = [one for one in weighing.outlooks if len(one.id) <= LONGEST and _is_text(one.id)]
    fresh = [one for one in named if decisions.of(weighing.domain, one.id) is None]
    small = [one for one in fresh if one.source.guess == "unknown" and one.source.count < FEW]
    worth = [one for one in fresh if one not in small]
    for outlook in worth:
        yield "\n".join(_entry(weighing.domain, outlook, lang))
    if worth and small:
        count = sum(one.source.count for one in small)
        told = words["text.left-out"].format(domain=weighing.domain, sources=len(small), count=count, few=FEW)
        yield _comment(told)


def _entry(domain: str, outlook: Outlook, lang: str) -> Iterator[str]:
    words, source = words_of("raising_words", lang), outlook.source
    yield _comment(
        words["text.source"].format(
            domain=domain,
            source=sources.title(source, lang),
            guess=words_of("source_words", lang)[f"guess.{source.guess}"],
            count=source.count,
            failing=outlook.failing,
        )
    )
    yield from (_comment(sources.text(evidence, lang)) for evidence in source.evidence)
    yield "[[source]]"
    yield f"domain = {quoted(domain)}"
    yield f"source = {quoted(outlook.id)}"
    yield 'choice = "undecided"'
    yield 'note = ""'


def quoted(text: str) -> str:
    """A text as a basic string of TOML: of what isn't printable, bidirectional controls among it, the number."""
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}"


def _comment(text: str) -> str:
    return "# " + "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _is_text(text: str) -> bool:
    """Whether TOML can hold it: no halves of surrogate pairs."""
    return not re.search("[\ud800-\udfff]", text)


def _is_normal(domain: str) -> bool:
    """Whether a file with that domain can be read again."""
    try:
        return normal_domain(domain) == domain
    except BadDomain:
        return False
