"""Messages that fail DMARC, counted by source, with why neither DKIM nor SPF counts for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from ..aggregate.feedback import Policy, Row, Signature
from ..aggregate.placing import Placed
from ..aggregate.sources import FORWARDED, SCATTERED, Group, Place
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

    def add(self, day: date, row: Row, domain: str, policy: Policy, *, asked: bool) -> None:
        """Count a row; of a day without a policy (`asked`) nothing was let through in spite of one."""
        self.authors[row.header_from] += row.count
        self.last = max(self.last or day, day)
        if passes(row) or not row.count:
            return
        is_below, forwarded = row.header_from.endswith("." + domain), not FORWARDED.isdisjoint(row.reasons)
        self.failing += row.count
        self.below += row.count * is_below
        self.below_hits += row.count * (is_below and not forwarded)
        self.excepted += row.count * (asked and not EXCEPTIONS.isdisjoint(row.reasons))
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


class Count:
    """What is counted of one place: what tells who it is, and what fails."""

    def __init__(self) -> None:
        self.group, self.tally = Group(), Tally()

    def join(self, other: Count) -> None:
        """Add another's counts."""
        self.group.join(other.group)
        self.tally.join(other.tally)


def as_set_up(said: Iterable[Placed], recent: date | None) -> Iterator[tuple[Placed, str | None]]:
    """What tells how sources are set up now: what is recent, and what is older of who wasn't seen since.

    Who is set right may be another source from then on, the domain itself say, so that its address counts, too. Where
    only one organization saw a source since, what is older counts without that one's reports: it stands beside them.

    Args:
        said: The messages.
        recent: From which day on they are recent; None for all.
    """
    if recent is None:
        yield from ((one, None) for one in said)
        return
    everything = list(said)
    seen: defaultdict[Place | str, set[str]] = defaultdict(set)
    for one in everything:
        if one.day >= recent:
            seen[one.where].add(one.reporter)
            seen[one.row.source_ip].add(one.reporter)
    for one in everything:
        by = set() if one.day >= recent else seen.get(one.where, set()) | seen.get(one.row.source_ip, set())
        if len(by) <= 1:
            yield one, next(iter(by), None)


def helpers(row: Row) -> set[str]:
    """The domains besides the Author Domain by which messages pass: their signatures and envelope senders."""
    if not row.count or not passes(row):
        return set()
    signers = {one.domain for one in row.signatures if one.result == "pass"}
    senders = {one.domain for one in row.envelopes if one.result == "pass" and one.scope != "helo"}
    return (signers | senders) - {row.header_from}


class Counts:
    """All places, counted apart for each organization that reported, so that any one of them can be left out.

    Attributes:
        volumes: Messages by day.
        passed: Those that passed.
    """

    def __init__(self, domain: str, policy: Policy, asked: Collection[date]) -> None:
        self.volumes: Counter[date] = Counter()
        self.passed: Counter[date] = Counter()
        self._domain, self._policy, self._asked = domain, policy, asked
        self._always: dict[str, dict[Place, Count]] = {}
        self._without: dict[str, dict[str, dict[Place, Count]]] = {}

    def add(self, said: Placed, unless: str | None) -> None:
        """Count messages; those with `unless` only where this organization is left out."""
        if unless is None:
            counts = self._always.setdefault(said.reporter, {})
            self.volumes[said.day] += said.row.count
            self.passed[said.day] += said.row.count * passes(said.row)
        else:
            counts = self._without.setdefault(unless, {}).setdefault(said.reporter, {})
        count = counts.get(said.where)
        if count is None:
            count = counts[said.where] = Count()
        count.group.add(said.sum, said.recognised)
        count.tally.add(said.day, said.row, self._domain, self._policy, asked=said.day in self._asked)

    def by_reporter(self) -> dict[str, int]:
        """The messages of each organization, those with the most first."""
        sums = {
            reporter: sum(count.group.count for count in counts.values()) for reporter, counts in self._always.items()
        }
        return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))

    @cached_property
    def whole(self) -> Mapping[Place, Count]:
        """The counts of each place, once all are added."""
        found: dict[Place, list[Count]] = {}
        for counts in self._always.values():
            for where, count in counts.items():
                found.setdefault(where, []).append(count)
        return {where: _joined(parts) for where, parts in found.items()}

    def without(self, reporters: Collection[str]) -> Mapping[Place, Count]:
        """The same without some organizations; what is as in the whole is the very same."""
        left = [counts for reporter, counts in self._always.items() if reporter not in reporters]
        beside = [
            counts for one in reporters for by, counts in self._without.get(one, {}).items() if by not in reporters
        ]
        changed = {where for one in reporters for where in self._always.get(one, {})}
        changed |= {where for counts in beside for where in counts}
        found = {where: count for where, count in self.whole.items() if where not in changed}
        for where in changed:
            if parts := [counts[where] for counts in (*left, *beside) if where in counts]:
                found[where] = _joined(parts)
        return found


def _joined(parts: Sequence[Count]) -> Count:
    if len(parts) == 1:
        return parts[0]
    whole = Count()
    for part in parts:
        whole.join(part)
    return whole


def scatter(counts: Mapping[Place, Count], sources: Iterable[Place]) -> Mapping[Place, Tally]:
    """The tally of each source; what is no source of its own is what is scattered."""
    own = set(sources)
    found = {where: count.tally for where, count in counts.items() if where in own}
    whole = found.setdefault(SCATTERED, Tally())
    for where, count in counts.items():
        if where not in own:
            whole.join(count.tally)
    return found


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
