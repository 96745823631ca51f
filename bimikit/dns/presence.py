"""Whether a name that was asked about is in the DNS at all, and one that an organization can have to itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..domains import organizational_domain
from ..engine import Fault, quote
from .answers import NXDOMAIN, PLANNED, Answers
from .discovery import Found
from .place import Place

_NONEXISTENT, _OF_SUFFIX = "bimi.domain-nonexistent", "bimi.domain-suffix"
_NOT_IN_ZONE, _EMPTY_ZONE = "bimi.domain-not-in-zone", "bimi.domain-zone-empty"
_SETTLING = frozenset({_NONEXISTENT, _OF_SUFFIX, _NOT_IN_ZONE, _EMPTY_ZONE})


def faults(found: Found) -> Iterator[Fault[Place]]:
    """What is amiss with the name itself.

    Source: RFC 9989, 3.2.13 (what isn't in the DNS); RFC 7489, 3.2 (public suffixes).
    """
    organizational = organizational_domain(found.domain)
    top = organizational or found.domain
    if found.zone is not None and not found.zone.covers:
        rule = _NOT_IN_ZONE if found.zone.holds else _EMPTY_ZONE
        yield Fault(rule, Place(top), "", {"domain": top, "other": quote(found.zone.holds)})
    elif _is_absent(top, found.answers):
        yield Fault(_NONEXISTENT, Place(top), "", {"domain": top})
    elif organizational is None:
        answer = found.published[found.domain].answer
        empty = not answer.failed and not answer.records
        rule = _OF_SUFFIX if empty else "bimi.domain-suffix-own"
        yield Fault(rule, Place(top), "", {"domain": top})
    elif _is_absent(found.domain, found.answers):
        params = {"domain": found.domain, "organization": organizational}
        yield Fault("bimi.subdomain-nonexistent", Place(found.domain), "", params)


def settles(found: Found) -> bool:
    """Whether the name itself is the fault, so that there is no point in telling which records it lacks."""
    return any(fault.rule in _SETTLING for fault in faults(found))


def _is_absent(domain: str, answers: Answers) -> bool:
    """Whether every question at a name and below it was answered with NXDOMAIN; a plan is no answer."""
    states = {
        asked: answer.state
        for asked, answer in answers.items()
        if f".{asked.name}".endswith(f".{domain}") and answer.reason != PLANNED
    }
    return set(states.values()) == {NXDOMAIN} and any(asked.name == domain for asked in states)
