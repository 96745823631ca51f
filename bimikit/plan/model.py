"""A plan as data: the same inventory, scan, reports and decisions give the same plan, byte by byte."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

import msgspec

from ..raising.model import Weighing
from ..statement import Statement

SCHEMA_VERSION = 1

Stage: TypeAlias = Literal[
    "unlisted", "listed", "monitored", "sources-known", "quarantine", "reject", "locked", "bimi-ready", "live"
]
"""How far a domain is, in this order: seen in reports or in a scan, but not in the inventory; in the inventory, not
monitored yet; DMARC with reports; every source that matters decided about and set up; p=quarantine; p=reject; not
sending, and closed for good; all that a logo needs but the Assertion Record or the Mark Certificate; the logo's record
is published and all it names is as it should be."""

STAGES: tuple[Stage, ...] = (
    "unlisted", "listed", "monitored", "sources-known", "quarantine", "reject", "locked", "bimi-ready", "live",
)  # fmt: skip

Goal: TypeAlias = Literal["logo", "enforced", "locked"]
"""Where a domain is to get: its logo in the inbox; p=reject; closed, since it never sends."""


class PlannedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A DNS record to publish.

    Attributes:
        name: The DNS name, without a final dot.
        type: ``"TXT"``, ``"MX"`` or ``"CNAME"``.
        value: The record as a DNS panel takes it: a TXT record's text, or ``0 .``.
        instead: The records of that name and type that it replaces, as they are now.
        why: Why; a word of ``plan_words``.
        when: ``"now"``, or ``"next"`` where something else has to come first.
        zone: The domain in whose zone it belongs: another's, for external report authorisation (RFC 9990).
    """

    name: str
    type: Literal["TXT", "MX", "CNAME"]
    value: str
    instead: tuple[str, ...] = ()
    why: Statement
    when: Literal["now", "next"] = "now"
    zone: str = ""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was wanted and is not planned.

    Attributes:
        step: What was wanted; a word of ``plan_words``.
        why: Why not; words of ``plan_words``, which has the grounds of ``raising_words``, too.
    """

    step: Statement
    why: tuple[Statement, ...]


class Week(msgspec.Struct, frozen=True, gc=False):
    """Messages of a week.

    Attributes:
        monday: The day on which it begins.
        messages: How many.
        passed: Those that passed DMARC.
    """

    monday: date
    messages: int
    passed: int


class DomainPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One domain's part of a plan.

    Attributes:
        domain: The domain.
        owner: Who answers for it, as the inventory says.
        note: What the inventory says besides.
        goal: Where it is to get.
        stage: How far it is.
        done: Whether the goal is reached.
        known: Whether the DNS, and files that it names, could be read; else its stage is what was known at the least.
        next: The next stage; the same one where only something beside it is missing, such as a declination; None where
            the goal is reached.
        blocks: What stands before the next stage, the weightiest first.
        records: The records to publish.
        refusals: Steps that were wanted and are not planned.
        notices: What else is worth knowing: SPF and DKIM faults, views that differ.
        policy: The policy that applies now at every receiver: the weaker one of both readings, after ``t`` and ``pct``;
            empty where none does or it isn't known.
        subdomain_policy: That for subdomains, where the domain's own record asks for less there; else empty.
        weighing: What raising the policy would do; None without a store of reports.
        weeks: Messages by week, in order, weeks without any among them.
    """

    domain: str
    owner: str = ""
    note: str = ""
    goal: Goal
    stage: Stage
    done: bool = False
    known: bool = True
    next: Stage | None = None
    blocks: tuple[Statement, ...] = ()
    records: tuple[PlannedRecord, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Statement, ...] = ()
    policy: str = ""
    subdomain_policy: str = ""
    weighing: Weighing | None = None
    weeks: tuple[Week, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A whole plan.

    Attributes:
        schema_version: Of its JSON.
        organization: Whose it is, as the inventory says.
        as_of: As of which day; the newest of what it rests on, where nobody says otherwise.
        domains: The domains: those of the inventory in its order, then those that aren't in it, by name.
        weeks: Messages of all domains by week.
        notices: What is worth knowing about the whole: inputs that are old, or missing.
    """

    schema_version: int = SCHEMA_VERSION
    organization: str = ""
    as_of: date
    domains: tuple[DomainPlan, ...]
    weeks: tuple[Week, ...] = ()
    notices: tuple[Statement, ...] = ()
