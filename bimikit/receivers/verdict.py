"""`judge`: what is known of a subject, and what providers ask, make a verdict per provider."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from .evidence import Evidence
from .names import PROVIDER_IDS, canonical
from .providers import Force, Provider, Side, Status, Value, load_providers
from .traits import TRAITS, Seen

State: TypeAlias = Literal["no_bimi", "blocked", "cannot_say", "at_risk", "ready"]
"""The provider has no BIMI; something it documents and requires fails; something that decides is not known; something
reported or advised fails; or none of these. Never "will be shown": that stays the provider's choice."""

Effect: TypeAlias = Literal["no-bimi", "blocks", "open", "risks"]

Answer: TypeAlias = Literal["holds", "fails", "open", "same"]
"""What becomes of one value: kept, not kept, undecided, or of no concern to this subject."""

STATES: tuple[State, ...] = ("no_bimi", "blocked", "cannot_say", "at_risk", "ready")
"""In the order in which they are tried: the first that applies is the verdict."""

_STATE_OF: dict[Effect, State] = {"no-bimi": "no_bimi", "blocks": "blocked", "open": "cannot_say", "risks": "at_risk"}
_WEIGHT: dict[Effect, int] = {effect: weight for weight, effect in enumerate(_STATE_OF)}
_ORDER = {about: place for place, about in enumerate(TRAITS)}
_MOST_REASONS = 12


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a verdict is what it is.

    Attributes:
        provider: The provider's id.
        about: The trait, a key of `traits.TRAITS`.
        effect: What it leads to.
        status: How sure the provider's stance on it is.
        force: What the provider makes of it.
        url: The source of that; empty where there is none.
        seen: The day somebody last looked at it.
        published: The source's own date as far as it is known.
        rules: Ids of the rules whose findings decide; empty where none does.
        sides: What the sources say that contradict each other.
    """

    provider: str
    about: str
    effect: Effect
    status: Status
    force: Force
    url: str
    seen: date
    published: str = ""
    rules: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """What a provider will make of a subject, as far as can be known.

    Attributes:
        state: The verdict.
        reasons: Why, the weightiest first; none where it is ready.
    """

    state: State
    reasons: tuple[Reason, ...] = ()


def judge(known: Evidence, providers: Iterable[str] = PROVIDER_IDS) -> dict[str, Verdict]:
    """A verdict per provider.

    Args:
        known: What is known of the subject.
        providers: Ids or other names of providers.

    Returns:
        Verdicts by id, in the order asked.

    Raises:
        ValueError: One of the names means no provider.
    """
    everybody = load_providers()
    return {name: _verdict(known, everybody[name]) for name in map(canonical, providers)}


def _verdict(known: Evidence, provider: Provider) -> Verdict:
    reasons = [reason for value in provider.values(known.at) if (reason := _reason(known, provider, value))]
    if not reasons:
        return Verdict("ready")
    reasons.sort(key=lambda reason: (_WEIGHT[reason.effect], _ORDER[reason.about]))
    return Verdict(_STATE_OF[reasons[0].effect], tuple(reasons[:_MOST_REASONS]))


def _reason(known: Evidence, provider: Provider, value: Value) -> Reason | None:
    """What one value gives for the verdict; None where it speaks neither against nor leaves open."""
    if value.force == "informs":
        return None
    seen = TRAITS[value.about].seen(known, provider.id)
    effect = _effect(answer(value, seen), provider, value)
    if effect is None:
        return None
    return Reason(
        provider=provider.id,
        about=value.about,
        effect=effect,
        status=value.status,
        force=value.force,
        url=value.url,
        seen=value.seen,
        published=value.published,
        rules=seen.rules,
        sides=value.sides,
    )


def answer(value: Value, seen: Seen) -> Answer:
    """What becomes of one value, the subject having the trait or not."""
    if seen.has == "no":
        return "same"
    if value.accepts is None:
        return "same" if TRAITS[value.about].common else "open"
    if value.accepts:
        return "holds"
    return "fails" if seen.has == "yes" else "open"


def _effect(told: Answer, provider: Provider, value: Value) -> Effect | None:
    if told == "open":
        return "open"
    # That a provider supports BIMI is the one trait that is the provider's and not the subject's.
    if value.about in ("supported", "programme"):
        return "no-bimi" if provider.kind != "bimi" else None
    if told == "fails":
        return "blocks" if value.status == "documented" and value.force == "requires" else "risks"
    return None
