"""What to do about a source: from why its messages fail, what was decided, and how a known sender is set up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..aggregate.senders import Sender, load_senders
from ..aggregate.sources import Source
from ..statement import Statement
from .model import Cause, Choice

WORTH_A_FIX = 0.1
"""From which share of a source's failing messages on a cause is worth a fix: stray ones have all causes."""

_DKIM: tuple[Cause, ...] = ("dkim-foreign", "dkim-strict", "dkim-broken", "unsigned")
_BY_CAUSE: Mapping[Cause, str] = {
    "dkim-strict": "dkim-relax",
    "dkim-broken": "dkim-broken",
    "spf-strict": "spf-relax",
    "spf-fails": "spf-add",
}
"""Fixes that are the same for everybody."""
_NOT_SIGNED: tuple[Cause, ...] = ("dkim-foreign", "unsigned")
_NO_SETTING = "no"


def fixes(
    domain: str, source: Source, label: str, counts_as: Choice, causes: tuple[tuple[Cause, int], ...], failing: int
) -> tuple[Statement, ...]:
    """What to do, the best first: DKIM outlives forwarding, so that it comes before SPF.

    Args:
        domain: The policy domain.
        source: The source.
        label: Its name.
        counts_as: What it is taken for.
        causes: Its failing messages by cause, the most frequent first.
        failing: How many they are.
    """
    about: dict[str, int | str] = {"source": label, "id": f"{source.by}:{source.name}", "domain": domain}
    keys: Iterator[tuple[str, int]]
    if counts_as == "ours":
        keys = iter(()) if source.set_up == "yes" else _set_up(source, causes, failing)  # strays need no fix
    else:
        keys = ((key, failing) for key in _by_choice(source, counts_as, failing))
    return tuple(Statement(f"fix.{key}", {**about, "messages": count}) for key, count in keys)


def _by_choice(source: Source, counts_as: Choice, failing: int) -> Iterator[str]:
    if counts_as == "stop":
        yield "stop"
    elif counts_as == "passed-on" and failing:
        yield "forwarding"
    elif counts_as == "undecided":
        yield "ask-sender" if source.by == "sender" else "ask-own" if source.by in ("ptr", "network") else "ask"
    elif counts_as == "not-ours" and source.aligned and source.guess == "legitimate":
        yield "close"


def _set_up(source: Source, causes: tuple[tuple[Cause, int], ...], failing: int) -> Iterator[tuple[str, int]]:
    """What makes the messages of a source of ours pass."""
    sender = load_senders().get(source.name) if source.by == "sender" else None
    worth = [(cause, count) for cause, count in causes if count >= WORTH_A_FIX * failing]
    told = set()
    for cause, count in sorted(worth, key=lambda one: one[0] not in _DKIM):  # stable: the most frequent first
        key = _BY_CAUSE.get(cause) or _key_for(cause, sender)
        if key not in told:
            told.add(key)
            yield key, count
    if worth and (sender is None or sender.own_dkim == _NO_SETTING or source.set_up == "no"):
        yield "subdomain", failing


def _key_for(cause: Cause, sender: Sender | None) -> str:
    """How the domain is made to sign, or to be the envelope's, at a known sender or anywhere."""
    if cause in _NOT_SIGNED:
        return f"dkim-{sender.own_dkim}" if sender else "dkim-sign"
    return f"spf-{sender.own_envelope}" if sender else "spf-envelope"
