"""A domain and one policy that it may get, in numbers; and from which numbers on something speaks against a policy."""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import Literal, NamedTuple, TypeAlias

from ..aggregate.feedback import Policy, shown
from .model import Outlook

PolicyName: TypeAlias = Literal["quarantine", "reject"]
POLICIES: tuple[PolicyName, ...] = ("quarantine", "reject")
Values: TypeAlias = dict[str, int | str]
"""What sentences may name."""


class Limit(NamedTuple):
    """A threshold for each policy; that for reject is never the laxer one."""

    quarantine: float
    reject: float

    def of(self, policy: PolicyName) -> float:
        """That for a policy."""
        return self.quarantine if policy == "quarantine" else self.reject


# Shares are of the messages that pass, not of all: so a share never falls because more messages fail.

OURS_FAIL = Limit(0.01, 0.005)
"""From which share on failing mail of ours is looked into first. One or two in a hundred fail by DNS faults alone; what
goes to quarantine can be found again, what is rejected can't."""
OURS_LOST = Limit(0.02, 0.02)
"""From which share on it is a fault of the set-up, and mail that is wanted would be lost."""
FEW = 10
"""Below how many failing messages a source of which nobody said that it is ours says nothing: strays, and guesses."""
UNDECIDED = Limit(0.01, 0.005)
"""From which share on one source that nobody decided about keeps the policy waiting: it may be somebody's payroll."""
UNDECIDED_TOGETHER = Limit(0.05, 0.02)
"""The same for all such sources together: many small ones may be one service with many addresses."""
PASSED_ON = Limit(float("inf"), 0.01)
"""From which share on mail that recipients' forwarding breaks keeps reject waiting. Quarantine leaves it in a folder,
and is enough for a logo; reject loses it, and makes lists unsubscribe their readers (RFC 9989, 7.4)."""
PASSED_ON_EXCUSED = Limit(float("inf"), 0.1)
"""The same where those who report let it through: others don't, and with so much of it what is told of a few isn't
enough. Recipients forward a few percent of a domain's mail."""
SIGNED = 0.5
"""Below which share of what passes, by DKIM, reject would rest on SPF, which no forwarding survives (RFC 9989, 7.4)."""
DAYS = Limit(14, 30)
"""Days with reports. Two weeks show what is sent daily and weekly; invoices and payslips go out once a month."""
QUIET_DAYS = 30
"""Days since the first report for a domain that doesn't send: silence has to last for a month to tell anything."""
REPORTERS = Limit(2, 3)
"""Organizations that report. One sees its own users' mail only, and each counts forwarding in its own way."""
QUIET_REPORTED = 5
"""Days with reports for such a domain, and `QUIET_REPORTERS` organizations: anybody may make one up."""
QUIET_REPORTERS = 2
FRESH_DAYS = 14
"""Days since the newest report: a service that began since then would not have been seen."""
QUIET_FRESH_DAYS = 60
"""The same for a domain that doesn't send: no mail, no reports."""
QUARANTINE_DAYS = 14
"""Days of quarantine for all messages before reject: what was missed turns up in folders, and can be found again."""
CHANCE = 3
"""Standard deviations by which a share has to be over its limit where one organization's reports are left out: what is
left is a sample, and one of many that are tried."""


class Case(NamedTuple):
    """A domain, and one policy that it may get.

    Attributes:
        policy: That policy.
        published: The one that it has.
        first: The first day with reports; None without any.
        last: The last one.
        since: From when on two organizations reported; as `first` where one did.
        as_of: The day on which is judged.
        days: Days with reports.
        reporters: How many organizations reported.
        largest: The one that counts the most messages, and how many.
        quarantined: For how many days up to `last` a policy is enforced for all messages.
        messages: All messages.
        passed: Those that pass.
        outlooks: The sources.
        hits: Failing messages of each that aren't known to be passed on, in the same order.
        ours: Failing messages; see `Option`, as for `undecided`, `passed_on` and `not_ours`.
        below: Those of `ours` and `undecided` that bear a subdomain.
        listed: Those of `passed_on` that came by mailing lists, as reporters say.
        excused: Those of `passed_on` that reporters let through.
        late: Ids of sources that were to stop, and sent in the days before `as_of`.
    """

    policy: PolicyName
    published: Policy
    first: date | None
    last: date | None
    since: date | None
    as_of: date | None
    days: int
    reporters: int
    largest: tuple[str, int]
    quarantined: int
    messages: int
    passed: int
    outlooks: tuple[Outlook, ...]
    hits: tuple[int, ...]
    ours: int
    undecided: int
    passed_on: int
    not_ours: int
    below: int
    listed: int
    excused: int
    late: frozenset[str]
    chance: int = 0
    """By how many standard deviations more than its limit a share has to be, so that chance doesn't decide."""
    signed: int = 0
    """Messages of `passed` that pass by DKIM."""

    @property
    def quiet(self) -> bool:
        """Whether nothing is seen that the domain sends itself."""
        return not self.passed and not self.ours

    @property
    def seen(self) -> int:
        """Days since two organizations report."""
        return (self.as_of - self.since).days + 1 if self.since and self.as_of else 0

    @property
    def old(self) -> int:
        """Days since the newest report."""
        return max(0, (self.as_of - self.last).days) if self.last and self.as_of else 0

    def over(self, failing: int, limit: Limit) -> bool:
        """Whether so many are more than a share of what passes; any are, where nothing does."""
        return failing >= self.least and failing > self.likely(limit.of(self.policy) * self.passed)

    def likely(self, count: float) -> float:
        """The most messages that are likely to be counted where so many are to be expected."""
        return count + self.chance * sqrt(count)

    @property
    def least(self) -> int:
        """How few failing messages are looked at: of a part of the reports a few say little."""
        return FEW if self.chance else 1

    @property
    def numbers(self) -> Values:
        """What sentences may name."""
        return {
            "policy": self.policy,
            "now": self.published.p or "none",
            "sp": self.published.sp,
            "pct": shown(self.published.pct),
            "days": self.days,
            "seen": self.seen,
            "old": self.old,
            "reporters": self.reporters,
            "largest": shown(self.largest[0]),
            "percent": round(100 * self.largest[1] / self.messages) if self.messages else 0,
            "quarantined": self.quarantined,
            "messages": self.messages,
            "passed": self.passed,
            "signed": self.signed,
            "ours": self.ours,
            "undecided": self.undecided,
            "passed_on": self.passed_on,
            "not_ours": self.not_ours,
            "listed": self.listed,
            "excused": self.excused,
            "lost": self.passed_on - self.excused,
            "need_days": int(DAYS.of(self.policy)),
            "need_reporters": int(REPORTERS.of(self.policy)),
            "need_quiet": QUIET_DAYS,
            "need_reported": QUIET_REPORTED,
            "need_both": QUIET_REPORTERS,
            "need_quarantined": QUARANTINE_DAYS,
            "need_fresh": QUIET_FRESH_DAYS if self.quiet else FRESH_DAYS,
        }


class Without(NamedTuple):
    """The case without some reports.

    Attributes:
        reporters: Whose.
        case: The case.
    """

    reporters: tuple[str, ...]
    case: Case
