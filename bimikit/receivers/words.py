"""Verdicts in words: why, who says so, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from ..locale import LANGUAGES
from .providers import load_providers
from .verdict import Reason, Verdict

_MOST_STEPS = 8
_MOST_NAMES = 3
_EFFECTS = ("blocks", "open", "risks")


def term(key: str, lang: str = "en") -> str:
    """A text about providers; English where it isn't translated yet.

    Raises:
        ValueError: There is no catalogue for that language.
        KeyError: There is no such text.
    """
    translated = terms(lang).get(key)
    return terms("en")[key] if translated is None else translated


@lru_cache(len(LANGUAGES))
def terms(lang: str) -> Mapping[str, str]:
    """The texts about providers in one language; none where they aren't translated yet.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}; there are {', '.join(LANGUAGES)}")
    home = f"{__package__.rpartition('.')[0]}.locale.{lang}.receiver_terms"
    try:
        found: Mapping[str, str] = import_module(home).TERMS
    except ModuleNotFoundError as missing:
        if missing.name != home:
            raise
        return {}
    return found


def text(reason: Reason, lang: str = "en", *, of_several: bool = False) -> str:
    """Why, as a sentence.

    Args:
        reason: The reason.
        lang: ``"en"`` or ``"ja"``.
        of_several: Whether it is one that several providers have, which stand beside the sentence.
    """
    key = f"receiver.reason.{reason.about}"
    if reason.effect == "open":
        whose = "open" if _stance_unknown(reason) else "unseen"
        key = f"receiver.{whose}.{reason.about}"
        key = key if key in terms("en") else f"receiver.{whose}.any"
    provider = term("receiver.each", lang) if of_several else _name(reason, lang)
    return term(key, lang).format(provider=provider)


def sides(reason: Reason, lang: str = "en") -> tuple[str, ...]:
    """What the sources say that contradict each other, each with its date and address."""
    comma = joint("comma", lang)
    return tuple(
        f"{side.says.text(lang)}{bracketed(comma.join(part for part in (side.date, side.url) if part), lang)}"
        for side in reason.sides
    )


def next_step(reason: Reason, lang: str = "en") -> str:
    """What to do about it, as a sentence."""
    return term(_step(reason), lang).format(provider=_name(reason, lang))


def _step(reason: Reason) -> str:
    """The text on what to do. What only a further look can decide has one step for all."""
    unseen = reason.effect == "open" and not _stance_unknown(reason) and reason.about != "looked-at"
    return "receiver.next.unseen" if unseen else f"receiver.next.{reason.about}"


def next_steps(verdicts: Mapping[str, Verdict], lang: str = "en") -> tuple[str, ...]:
    """What to do across providers, what blocks most of them first; bounded.

    That a provider has no BIMI, or may have none, is nothing the subject can mend, and gives no step.
    """
    groups: dict[str, list[Reason]] = {}
    for verdict in verdicts.values():
        for reason in verdict.reasons:
            if reason.about not in ("supported", "programme"):
                groups.setdefault(_step(reason), []).append(reason)

    def order(group: tuple[str, list[Reason]]) -> tuple[int, int]:
        _, reasons = group
        return min(_EFFECTS.index(reason.effect) for reason in reasons), -len(reasons)

    steps = []
    for key, reasons in sorted(groups.items(), key=order)[:_MOST_STEPS]:
        names = dict.fromkeys(_name(reason, lang) for reason in reasons)
        named = joint("comma", lang).join(list(names)[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            named += joint("more", lang)
        steps.append(term(key, lang).format(provider=named))
    return tuple(steps)


def joint(name: str, lang: str) -> str:
    """What stands between words or sentences in a language, such as its comma."""
    return term(f"receiver.joint.{name}", lang)


def bracketed(words: str, lang: str) -> str:
    """Words in the parentheses of a language, to follow others."""
    return f"{joint('open', lang)}{words}{joint('close', lang)}"


def _stance_unknown(reason: Reason) -> bool:
    return reason.status in ("contested", "unknown")


def _name(reason: Reason, lang: str) -> str:
    return load_providers()[reason.provider].name.text(lang)
