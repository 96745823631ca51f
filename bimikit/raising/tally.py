"""Messages that fail DMARC, counted by source, with why neither DKIM nor SPF counts for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ..aggregate.feedback import Policy, Row, Signature
from ..aggregate.sources import FORWARDED, By, Sum, place, sum_of
from ..domains import organizational_domain
from .model import Cause

EXCEPTIONS = FORWARDED | {"local_policy", "other"}
"""Reasons by which a reporter lets a message through. The others (``pct``, ``t=y``) end where a policy is raised."""
_LONGEST_DOMAIN = 255


class Tally:
    """What is counted of one source.

    Attributes:
        failing: See `Outlook`, as for `below`, `excepted`, `causes` and `authors`.
        forwarded: Failing messages that reporters say were passed on.
        listed: Those of them that came by a mailing list.
        below_hits: Failing messages that bear a subdomain, and that nobody says were passed on.
        last: The last day on which something came; None for nothing.
    """

    def __init__(self) -> None:
        self.failing = self.below = self.excepted = self.forwarded = self.listed = self.below_hits = 0
        self.causes: Counter[Cause] = Counter()
        self.authors: Counter[str] = Counter()
        self.last: date | None = None

    def add(self, day: date, row: Row, domain: str, policy: Policy) -> None:
        """Count a row."""
        self.authors[row.header_from] += row.count
        self.last = max(self.last or day, day)
        if passes(row) or not row.count:
            return
        is_below, forwarded = row.header_from.endswith("." + domain), not FORWARDED.isdisjoint(row.reasons)
        self.failing += row.count
        self.below += row.count * is_below
        self.below_hits += row.count * (is_below and not forwarded)
        self.excepted += row.count * (not EXCEPTIONS.isdisjoint(row.reasons))
        self.forwarded += row.count * forwarded
        self.listed += row.count * ("mailing_list" in row.reasons)
        self.causes[dkim_cause(row, policy)] += row.count
        self.causes[spf_cause(row, policy)] += row.count

    def join(self, other: Tally) -> None:
        """Add another's counts."""
        for name in ("failing", "below", "excepted", "forwarded", "listed", "below_hits"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.causes.update(other.causes)
        self.authors.update(other.authors)
        self.last = max((day for day in (self.last, other.last) if day), default=None)


class Tallies:
    """The tallies of all places, made while their sums go by to where they become sources."""

    def __init__(self, domain: str, policy: Policy, names: Mapping[str, str] | None) -> None:
        self.of: dict[tuple[By, str], Tally] = {}
        self.volumes: Counter[date] = Counter()
        self.passed: Counter[date] = Counter()
        self._domain, self._policy, self._names = domain, policy, names

    def sums(self, rows: Iterable[tuple[date, Row]]) -> Iterator[Sum]:
        """The rows as sums."""
        for day, row in rows:
            self.volumes[day] += row.count
            self.passed[day] += row.count * passes(row)
            one = sum_of(row, day)
            where = place(one, self._domain, self._names)
            self.of.setdefault(where, Tally()).add(day, row, self._domain, self._policy)
            yield one

    def scatter(self, sources: Iterable[tuple[By, str]]) -> None:
        """Join what is no source of its own: it is what is scattered."""
        whole = Tally()
        for where in set(self.of) - set(sources):
            whole.join(self.of.pop(where))
        self.of.setdefault(("scattered", ""), whole)


def passes(row: Row) -> bool:
    """Whether DMARC passed: DKIM or SPF did, with an aligned domain."""
    return "pass" in (row.dkim, row.spf)


def dkim_cause(row: Row, policy: Policy) -> Cause:
    """Why DKIM doesn't count for a message that fails; what comes nearest to passing tells.

    Args:
        row: The message.
        policy: The policy; ``adkim`` tells whether the very Author Domain has to sign.
    """
    own = [one for one in row.signatures if one.result != "none" and _is_own(one.domain, row.header_from)]
    if any(one.result == "pass" for one in own):
        # In relaxed mode the reporter's Organizational Domain is another than that of the Public Suffix List.
        return "dkim-strict" if policy.adkim == "s" else "dkim-foreign"
    if own:
        return "dkim-broken"
    return "dkim-foreign" if any(_is_there(one) for one in row.signatures) else "unsigned"


def spf_cause(row: Row, policy: Policy) -> Cause:
    """Why SPF doesn't; HELO doesn't count for DMARC.

    Args:
        row: The message.
        policy: The policy; ``aspf`` tells whether MAIL FROM has to bear the very Author Domain.
    """
    checked = [one for one in row.envelopes if one.scope != "helo" and one.domain]
    own = [one for one in checked if _is_own(one.domain, row.header_from)]
    if any(one.result == "pass" for one in own):
        return "spf-strict" if policy.aspf == "s" else "spf-foreign"
    if any(one.result != "none" for one in own):
        return "spf-fails"
    return "spf-foreign" if len(checked) > len(own) else "spf-none"


def _is_there(one: Signature) -> bool:
    return bool(one.domain) and one.result != "none"


def _is_own(name: str, author: str) -> bool:
    return bool(name) and _organization(name) == _organization(author)


def _organization(name: str) -> str:
    return name if len(name) > _LONGEST_DOMAIN else organizational_domain(name) or name
