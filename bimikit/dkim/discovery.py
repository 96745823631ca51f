"""The key records of a domain, asked for in one round (see `bimikit.dns.discovery`)."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import msgspec

from ..dns.answers import Answer, Question, can_exist
from . import key
from .selectors import is_selector, usual_selectors

MOST_SELECTORS = 100
"""Selectors that are asked for."""
MOST_RECORDS = 20
"""Texts at one selector that are read; there should be one."""
NOBODYS = "bimikit-nobody-has-this"
"""A selector that only a wildcard record answers for."""

Asking = Generator[list[Question], Mapping[Question, Answer], "Keys"]


class Selected(msgspec.Struct, frozen=True, gc=False):
    """What stands at one selector.

    Attributes:
        selector: The selector as given.
        name: The name that was asked; empty where there can be none.
        answer: What came back; None where nothing was asked.
    """

    selector: str
    name: str
    answer: Answer | None


class Keys(msgspec.Struct, frozen=True):
    """The key records of a domain.

    Attributes:
        domain: The domain.
        selected: What stands at each selector, in the order given.
        guessed: Whether the selectors were none of the caller's; then only those with a key are kept.
        asked: How many selectors were asked for.
        left_out: How many were not, being more than `MOST_SELECTORS`.
        failed: The first name that could not be asked for, of guessed selectors.
        reason: The answer to it.
    """

    domain: str
    selected: tuple[Selected, ...]
    guessed: bool
    asked: int
    left_out: int = 0
    failed: str = ""
    reason: Answer | None = None


def key_name(selector: str, domain: str) -> str:
    """Where a key stands (RFC 6376, 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}".lower()


def discover(domain: str, selectors: Sequence[str] | None = None) -> Asking:
    """Ask for the keys of a domain.

    Args:
        domain: The signing domain (``d=``) in normal form.
        selectors: The selectors; None for the usual ones, of which those without a key are passed over.

    Yields:
        Questions that can be asked at the same time; wants a mapping with an answer to each.
    """
    guessed = selectors is None
    wanted = list(dict.fromkeys([one.name for one in usual_selectors()] if selectors is None else selectors))
    kept = wanted[:MOST_SELECTORS]
    names = {one: key_name(one, domain) for one in kept if is_selector(one) and can_exist(key_name(one, domain))}
    wildcard = Question(key_name(NOBODYS, domain))
    questions = [Question(name) for name in dict.fromkeys(names.values())]
    questions += [wildcard] if guessed and can_exist(wildcard.name) else []
    answers = dict((yield questions)) if questions else {}
    selected = tuple(
        Selected(one, names.get(one, ""), answers[Question(names[one])] if one in names else None) for one in kept
    )
    left_out = len(wanted) - len(kept)
    if not guessed:
        return Keys(domain, selected, guessed, len(kept), left_out)
    anybodys = answers[wildcard].records if wildcard in answers else ()
    with_key = tuple(
        one
        for one in selected
        if one.answer is not None and one.answer.records != anybodys and any(map(_has_key, one.answer.records))
    )
    failed = next((one for one in selected if one.answer is not None and one.answer.failed), None)
    return Keys(
        domain,
        with_key,
        guessed,
        len(kept),
        left_out,
        failed.name if failed is not None else "",
        failed.answer if failed is not None else None,
    )


def _has_key(text: str) -> bool:
    return key.is_like(text) and not key.read(text).revoked
