"""Where a domain stands: what a scan and reports say of it, read once for all rules of a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from ..dns import bimi
from ..dns.bimi import bimi_name
from ..dns.dmarc import POLICIES, Record, record_of
from ..domains import organizational_domain
from ..portfolio.row import NO_DOMAIN, Scanned, Sending, View
from ..raising.case import QUIET_REPORTED, QUIET_REPORTERS
from ..raising.model import Option, Weighing
from .dmarc_text import level
from .inventory import Inventory, Listed

_DISCARDED = ("record-multiple", "tag-duplicate")
"""Bars that say that a name's records don't count."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a domain stands.

    Attributes:
        domain: The domain.
        listed: What the inventory says of it; None where it isn't in it.
        row: Its row of the scan; None without one.
        weighing: What its reports come to; None without any.
        record: Its own DMARC record that counts; None without one, or where that isn't known.
        organizational: Its Organizational Domains by the two readings, the domain itself among them where it is one.
        above: The domain whose DMARC record applies to it in place of its own; empty where none does.
        record_above: That record, where the scan has it.
        reported_above: Whether reports came on the domain that publishes it.
        discarded: Why the records at its own name don't count: a bar; empty where none are there, or one counts.
    """

    domain: str
    listed: Listed | None
    row: Scanned | None
    weighing: Weighing | None
    record: Record | None
    organizational: tuple[str, ...]
    above: str
    record_above: Record | None
    reported_above: bool
    discarded: str

    @property
    def to_be_closed(self) -> bool:
        """Whether the inventory says that it never sends."""
        return self.listed is not None and self.listed.goal == "locked"

    @property
    def views(self) -> tuple[View, ...]:
        """The readings, RFC 9989's first."""
        row = self.row
        return () if row is None else tuple(view for view in (row.rfc9989, row.rfc7489) if view is not None)

    @property
    def dmarc_known(self) -> bool:
        """Whether both readings found out which DMARC record applies."""
        views = self.views
        return len(views) == 2 and all(view.dmarc != "temperror" for view in views)

    @property
    def eligible(self) -> bool | None:
        """Whether DMARC is good enough for BIMI by both readings (BIMI draft, 7.1)."""
        if not self.dmarc_known:
            return None
        told = {view.eligible for view in self.views}
        return False if False in told else None if None in told else True

    @property
    def assertion_known(self) -> bool:
        """Whether both readings found out which Assertion Record counts."""
        return len(self.views) == 2 and all(view.bimi != bimi.TEMPERROR for view in self.views)

    @property
    def bimi_known(self) -> bool:
        """Whether both readings found out which Assertion Record counts, and whether it may."""
        return self.eligible is not None and self.assertion_known

    @property
    def known(self) -> bool:
        """Whether all that its stage and goal rest on could be read."""
        goal = self.listed.goal if self.listed is not None else ""
        declines = self.listed is not None and self.listed.declines
        sending = self.row.sending if self.row is not None else None
        if goal == "locked" and sending is not None and not is_sending_known(sending):
            return False
        return self.dmarc_known and (self.bimi_known or goal != "logo") and (self.assertion_known or not declines)

    @property
    def broken(self) -> bool:
        """Whether its own record has policy tags that can't be read, by either reading (RFC 9989, 4.10.1)."""
        record = self.record
        return record is not None and (record.policy("p") is None or record.is_invalid("sp") or record.is_invalid("np"))

    @property
    def bars(self) -> tuple[str, ...]:
        """What bars BIMI by either reading, each once."""
        return tuple(dict.fromkeys(bar for view in self.views for bar in view.bars))

    @property
    def policy(self) -> str:
        """The policy that every receiver applies, after ``t`` and ``pct``: the weakest of both readings; else empty."""
        return _extreme(self.views, strictest=False)

    @property
    def strongest(self) -> str:
        """The strictest policy that a receiver may apply; ``none`` where there is no record."""
        return _extreme([view for view in self.views if view.policy is not None], strictest=True) or POLICIES[0]

    @property
    def hitting(self) -> str:
        """The policy that hits mail already: that which every receiver applies, or else the one that some do."""
        return self.policy if level(self.policy) else self.strongest

    @property
    def heads(self) -> bool:
        """Whether its own record speaks for the domains below, by either reading."""
        return self.domain in self.organizational

    @property
    def enforced(self) -> str:
        """The policy that counts for its stage: that of the domain, or of what is below it where that is weaker."""
        policy, record = self.policy, self.record
        if not policy or record is None or not self.heads:
            return policy
        below = record.policy("sp")
        return policy if below is None else POLICIES[min(level(policy), level(below))]

    @property
    def weaker_below(self) -> str:
        """The policy for subdomains, where its own record asks for less there; else empty."""
        below = self.record.policy("sp") if self.record is not None and self.heads else None
        return below if below is not None and level(below) < level(self.policy) else ""

    @property
    def leaves_unborn_open(self) -> bool:
        """Whether its own record asks for less for subdomains that don't exist (``np``) than for the domain."""
        if self.record is None or not self.heads:
            return False
        unborn = self.record.policy("np")
        return unborn is not None and level(unborn) < level(self.record.policy("sp") or self.record.policy("p"))

    @property
    def monitored(self) -> bool:
        """Whether a record that applies sends reports somewhere."""
        if self.record is not None:
            return self.record.reports_somewhere
        if self.record_above is not None:
            return self.record_above.reports_somewhere
        return self.reported_above

    @property
    def reported(self) -> bool:
        """Whether reports came."""
        return _is_reported(self.weighing)

    @property
    def thinly_reported(self) -> bool:
        """Whether so few days or organizations reported that anybody may have made it up: silence then says nothing."""
        weighing = self.weighing
        return weighing is None or weighing.days < QUIET_REPORTED or weighing.reporters < QUIET_REPORTERS

    @property
    def sources_known(self) -> bool:
        """Whether every source that matters is decided about and set up."""
        weighing = self.weighing
        return weighing is not None and weighing.messages > 0 and not any(one.hinders for one in weighing.outlooks)

    def option(self, policy: str) -> Option | None:
        """What its reports say of a policy; None without reports."""
        if self.weighing is None:
            return None
        return next((one for one in self.weighing.options if one.policy == policy), None)

    @property
    def bimi_at(self) -> str:
        """Where its own Assertion Record stands, or is to."""
        return bimi_name(self.listed.selector if self.listed is not None else "default", self.domain).lower()

    @property
    def bimi_states(self) -> tuple[tuple[str, str], ...]:
        """What each reading found: the state, and the name; that name is lower case."""
        return tuple((view.bimi, (view.bimi_at or "").lower()) for view in self.views)

    @property
    def inherits_logo(self) -> bool:
        """Whether the logo of another domain shows for it, by either reading."""
        return any(state == bimi.FOUND_RECORD and at and at != self.bimi_at for state, at in self.bimi_states)

    @property
    def own_assertion(self) -> str:
        """The state of the record at its own name: ``"found"``, ``"declined"``, ``"fail"``; empty where none is."""
        return next((state for state, at in self.bimi_states if at == self.bimi_at), "")


def standings(
    inventory: Inventory, scanned: Mapping[str, Scanned], reported: Mapping[str, Weighing]
) -> Iterator[Standing]:
    """Where each domain stands: those of the inventory in its order, then the others by name."""
    listed = {one.name: one for one in inventory.domains}
    others = sorted(
        {name for name, row in scanned.items() if row.state != NO_DOMAIN and name not in listed}
        | {name for name in reported if name not in listed}
    )
    for domain in (*listed, *others):
        yield _standing(domain, listed.get(domain), scanned, reported)


def _standing(
    domain: str, listed: Listed | None, scanned: Mapping[str, Scanned], reported: Mapping[str, Weighing]
) -> Standing:
    row = scanned.get(domain)
    views = [] if row is None else [view for view in (row.rfc9989, row.rfc7489) if view is not None]
    above = next((view.record_at for view in views if view.record_at not in (None, domain)), None) or ""
    own = any(view.record_at == domain for view in views)
    by_list = organizational_domain(domain) or domain
    organizational = tuple(dict.fromkeys(view.organizational_domain or by_list for view in views)) or (by_list,)
    return Standing(
        domain=domain,
        listed=listed,
        row=row,
        weighing=reported.get(domain),
        record=record_of(domain, row.dmarc[0]) if own and row is not None and row.dmarc else None,
        organizational=organizational,
        above="" if own else above,
        record_above=None if own else _record_at(above, scanned),
        reported_above=not own and _is_reported(reported.get(above)),
        discarded="" if own or row is None or not row.dmarc else _discarded(views),
    )


def _discarded(views: Iterable[View]) -> str:
    """The bar that says so."""
    return next((bar for view in views for bar in view.bars if bar in _DISCARDED), "")


def is_sending_known(sending: Sending) -> bool:
    """Whether SPF and MX could be found out."""
    return not {"spf", "mx"} & {*sending.unanswered} and sending.spf != "unknown"


def hits_wanted(one: Standing) -> bool:
    """Whether a policy that applies now, if at some receivers only, hits more wanted mail than a step to it would."""
    return hits_ours(one) or hits_undecided(one)


def hits_ours(one: Standing) -> bool:
    """The same of our own mail."""
    return _says(one, _OURS_HIT)


def hits_undecided(one: Standing) -> bool:
    """The same of mail by sources that nobody decided about."""
    return _says(one, _UNDECIDED_HIT)


def _says(one: Standing, keys: Collection[str]) -> bool:
    option = one.option(one.hitting)
    return option is not None and any(ground.key in keys for ground in option.grounds)


_OURS_HIT = ("ground.not-set-up", "ground.ours-lost", "ground.partly-set-up", "ground.ours-fail")
_UNDECIDED_HIT = ("ground.undecided", "ground.undecided-together")


def _is_reported(weighing: Weighing | None) -> bool:
    return weighing is not None and weighing.last is not None


def _record_at(domain: str, scanned: Mapping[str, Scanned]) -> Record | None:
    row = scanned.get(domain)
    return record_of(domain, row.dmarc[0]) if row is not None and row.dmarc else None


def _extreme(views: Iterable[View], *, strictest: bool) -> str:
    """The weakest or strictest policy that applies by the readings; empty where one of them has none."""
    found = [_applied(view, whole=strictest) for view in views]
    levels = [one for one in found if one is not None]
    if not levels or len(levels) < len(found):
        return ""
    return POLICIES[max(levels) if strictest else min(levels)]


def _applied(view: View, *, whole: bool) -> int | None:
    """The level of a reading's policy: one less where ``pct`` lets messages off, unless the whole policy is asked for.

    Source: RFC 7489, 6.6.4: of those that are let off, ``reject`` becomes quarantine and ``quarantine`` nothing.
    """
    if view.dmarc != "record" or view.policy is None:
        return None
    found = level(view.applied_policy or view.policy)
    return max(found - 1, 0) if view.pct is not None and not whole else found
