"""Who may issue Mark Certificates for a domain: CAA records with the property ``issuevmc`` (MCR 4.2.2.1; RFC 8659)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .answers import CAA, FOUND, Answers, Question, can_exist

_RECORD = re.compile(r'(\d+)\s+([A-Za-z0-9]+)\s+"?([^"]*)"?')
_KNOWN = frozenset({"issue", "issuewild", "issuevmc", "issuemail", "iodef", "contactemail", "contactphone"})
_CRITICAL = 128


class Issuers(msgspec.Struct, frozen=True):
    """Who may issue.

    Attributes:
        found_at: The domain whose records count; None where there are none.
        allowed: Names of authorities; None where there is no limit.
        blocked_by: A critical property nobody knows, which forbids all issuance; empty for none.
        failed: The domain that could not be asked; empty where all is known.
    """

    found_at: str | None = None
    allowed: tuple[str, ...] | None = None
    blocked_by: str = ""
    failed: str = ""


def climb(domain: str) -> Iterator[str]:
    """The domain and those above it, the top level included (RFC 8659, 3)."""
    labels = domain.split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])


MOST_CLIMBED = 10
"""Domains that are asked; a name deeper than that asks at its own end and at the top."""


def domains_asked(domain: str) -> list[str]:
    """The domains whose CAA records may count, closest first."""
    names = [name for name in climb(domain) if can_exist(name)]
    return names if len(names) <= MOST_CLIMBED else [*names[:2], *names[2 - MOST_CLIMBED :]]


def questions(domain: str) -> list[Question]:
    """What to ask."""
    return [Question(name, CAA) for name in domains_asked(domain)]


def issuers(domain: str, answers: Answers) -> Issuers:
    """Read the closest records; a domain that could not be asked hides those above it."""
    for name in domains_asked(domain):
        answer = answers[Question(name, CAA)]
        if answer.failed:
            return Issuers(failed=name)
        if answer.state != FOUND:
            continue
        properties = [match.groups() for match in map(_RECORD.match, answer.records) if match]
        strange = next(
            (tag for flags, tag, _ in properties if int(flags) & _CRITICAL and tag.lower() not in _KNOWN), ""
        )
        values = [value for _, tag, value in properties if tag.lower() == "issuevmc"]
        allowed = tuple(filter(None, (value.partition(";")[0].strip().lower() for value in values))) if values else None
        return Issuers(name, allowed, strange)
    return Issuers()
