"""What raising a policy would do, as data; see `weigh`."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

import msgspec

from ..aggregate.sources import Source
from ..statement import Statement

Verdict: TypeAlias = Literal["go", "wait", "no-go"]
"""Nothing that is wanted breaks; more has to be known or done first; mail that is wanted would be lost."""

Choice: TypeAlias = Literal["ours", "stop", "passed-on", "not-ours", "undecided"]
"""What somebody decided about a source: it sends for us, and goes on; it did, and ends; recipients' forwarding; one
who has no business with our name; nothing yet."""

Cause: TypeAlias = Literal[
    "dkim-foreign", "dkim-strict", "dkim-broken", "unsigned", "spf-foreign", "spf-strict", "spf-fails", "spf-none"
]
"""Why DKIM (the first four) or SPF (the others) doesn't count for a message: signed by another domain alone; by one of
the same organization where adkim=s asks for the very domain; with its own signature, which fails; not at all. The
same of the envelope sender; `spf-fails` is one's own domain in it from an address that its SPF record doesn't name."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a source; an entry of the decisions file.

    Attributes:
        domain: The domain in whose name it sends; ``"*"`` for every domain.
        source: The source: ``by:name`` of `bimikit.aggregate.sources.Source`, such as ``"sender:sendgrid"``.
        choice: What was decided.
        note: Why, who asked, until when: free text.
        decided: When.
        line: Where it stands in the file, from 1; 0 where it doesn't.
    """

    domain: str
    source: str
    choice: Choice
    note: str = ""
    decided: date | None = None
    line: int = 0


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """One source, and what an enforced policy would do to its messages.

    Attributes:
        id: ``by:name``, by which decisions name it.
        source: The source, with its guess and evidence.
        decision: What was decided about it; None for nothing.
        counts_as: What it is taken for: by the decision where there is one, else by the guess.
        failing: Messages for which DMARC failed, and which an enforced policy would hit.
        below: Those of `failing` that bear a subdomain.
        excepted: Those of `failing` that reporters let through in spite of a policy, as they say (forwarded, mailing
            list, local policy); receivers may go on to.
        causes: Failing messages by cause, the most frequent first; each message counts for one of DKIM and one of SPF.
        author_domains: All messages by Author Domain, the most frequent first: twenty of them, and those watched.
        hinders: Whether the next policy (reject where one is published, else quarantine) has to wait for it.
        fixes: What to do about it, the best first.
    """

    id: str
    source: Source
    decision: Decision | None
    counts_as: Choice
    failing: int
    below: int
    excepted: int
    causes: tuple[tuple[Cause, int], ...]
    author_domains: tuple[tuple[str, int], ...]
    hinders: bool
    fixes: tuple[Statement, ...]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One policy, and what it would do.

    Attributes:
        policy: ``"quarantine"`` or ``"reject"``.
        verdict: Whether to publish it.
        grounds: Why, with the numbers, the weightiest first; words of ``raising_words``.
        ours: Messages of our own that it would hit.
        undecided: Those of sources that nobody decided about and that don't seem to be spoofed.
        passed_on: Those that recipients' forwarding broke; of ours and undecided ones, too, where reporters say so.
        not_ours: Those it should hit: spoofed, stopped.
    """

    policy: Literal["quarantine", "reject"]
    verdict: Verdict
    grounds: tuple[Statement, ...]
    ours: int
    undecided: int
    passed_on: int
    not_ours: int


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """A domain's reports, weighed for a higher policy.

    Attributes:
        domain: The domain whose policy was reported on.
        policy: Its policy as most reports of the newest day have it; empty without reports.
        subdomain_policy: Its ``sp`` likewise; empty where it has none.
        in_part: What lets messages off it likewise: ``"t=y"``, ``"pct=50"``; empty for nothing.
        first: The first day with reports; None without any.
        last: The last one.
        days: Days with reports.
        reporters: How many organizations reported.
        messages: Messages counted.
        passed: Those that passed DMARC.
        volumes: Messages, and those that passed, by day; in a plan those of all days, of which the newest are weighed.
        outlooks: Its sources, the largest first.
        options: What quarantine and reject would do, in this order.
        reported_by: The organizations that reported, those with the most messages first and no more than sixteen, with
            the messages that each counts.
        helping: Messages that pass by the signature or envelope sender of a watched domain, by this domain.
    """

    domain: str
    policy: str
    subdomain_policy: str
    first: date | None
    last: date | None
    days: int
    reporters: int
    messages: int
    passed: int
    volumes: tuple[tuple[date, int, int], ...]
    outlooks: tuple[Outlook, ...]
    options: tuple[Option, ...]
    reported_by: tuple[tuple[str, int], ...] = ()
    helping: tuple[tuple[str, int], ...] = ()
    in_part: str = ""
