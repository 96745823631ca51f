"""What passes by the alignment that a record asks for now: each report is judged by the record of its day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

from msgspec.structs import replace

from ..aggregate.feedback import Envelope, Policy, Row, Signature

Strict: TypeAlias = Literal["adkim", "aspf"]
"""The tags that ask for strict alignment (RFC 9989, 4.7; RFC 7489, 6.3)."""


def made_strict(policy: Policy, strict: Collection[Strict]) -> Policy:
    """A policy with these tags at ``s``."""
    return replace(policy, **dict.fromkeys(strict, "s")) if strict else policy


def by_alignment_of(policy: Policy, row: Row) -> Row:
    """Messages as they fare with a policy: what passed by relaxed alignment doesn't where it is strict.

    Where a reporter names nothing that passed, its word stands.
    """
    dkim, spf = row.dkim, row.spf
    if policy.adkim == "s" and _is_relaxed(row.header_from, (one.domain for one in row.signatures if _passed(one))):
        dkim = "fail"
    envelopes = (one.domain for one in row.envelopes if _passed(one) and one.scope != "helo")
    if policy.aspf == "s" and _is_relaxed(row.header_from, envelopes):
        spf = "fail"
    return row if (dkim, spf) == (row.dkim, row.spf) else replace(row, dkim=dkim, spf=spf)


def _passed(one: Signature | Envelope) -> bool:
    return one.result == "pass"


def _is_relaxed(author: str, domains: Iterable[str]) -> bool:
    found = set(domains)
    return bool(found) and author not in found
