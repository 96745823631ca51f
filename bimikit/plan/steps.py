"""What stands before a domain's next stage, and the records that lead there: one rule for each part of the road.

Each rule takes where a domain stands and what is around it, and gives blocks, records, refusals and notices. Nothing is
recommended that rests on what a scan could not find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from ..aggregate.sources import title
from ..dns import bimi
from ..dns.bimi import bimi_name
from ..dns.dmarc import POLICIES, Record, dmarc_name
from ..domains import organizational_domain
from ..raising.model import Outlook
from ..statement import Statement
from . import dmarc_text
from .dmarc_text import level
from .inventory import Inventory
from .locking import CLOSED_SPF, KEYLESS, NULL_MX, grounds_against, is_closed_spf, is_sending_known, receives
from .model import PlannedRecord, Refusal
from .standing import Standing

DECLINATION = "v=BIMI1; l=; a="
"""That a domain wants no logo, also not that of its Organizational Domain (BIMI draft, 4.3.1)."""
MOST_NAMED = 5
"""Sources, or domains, that are told one by one."""
_BY_POLICY = ("policy-none", "organizational-none", "subdomain-none", "quarantine-partial", "quarantine-testing")
"""Bars that a raised record of the domain itself takes away."""


class Block(NamedTuple):
    """What stands before the next stage."""

    says: Statement


class Notice(NamedTuple):
    """What else is worth knowing."""

    says: Statement


Part: TypeAlias = Block | Notice | PlannedRecord | Refusal


class Around(NamedTuple):
    """What a domain's rules know of the others.

    Attributes:
        inventory: The inventory.
        standings: Where each domain stands.
        inheriting: By domain, those of the inventory to which its DMARC record applies.
        any_reports: Whether reports came on any domain, so that silence on one says something.
        store: Whether there is a store of reports at all.
        as_of: As of which day.
    """

    inventory: Inventory
    standings: Mapping[str, Standing]
    inheriting: Mapping[str, Sequence[str]]
    any_reports: bool
    store: bool
    as_of: date

    def is_listed(self, domain: str) -> bool:
        """Whether a domain is in the inventory."""
        one = self.standings.get(domain)
        return one is not None and one.listed is not None


class Change(NamedTuple):
    """A new text of a domain's DMARC record, and why."""

    text: str
    why: Statement


Rule: TypeAlias = Callable[[Standing, Around], Iterator[Part]]


def parts(one: Standing, around: Around) -> Iterator[Part]:
    """All that the rules say of a domain, in their order."""
    for rule in _RULES:
        yield from rule(one, around)


def zone_of(domain: str) -> str:
    """In whose zone a domain's records belong, as far as one can tell: where zones are cut isn't known."""
    return organizational_domain(domain) or domain


def _txt(name: str, value: str, why: Statement, *, zone: str = "", **more: object) -> PlannedRecord:
    return PlannedRecord(name=name, type="TXT", value=value, why=why, zone=zone, **more)  # type: ignore[arg-type]


# what is known


def _seen(one: Standing, around: Around) -> Iterator[Part]:
    """A domain that nobody listed: to be listed first, with a goal."""
    if one.listed is None:
        yield Block(Statement("block.unlisted"))
        if one.weighing is not None and one.weighing.messages:
            yield Notice(
                Statement("notice.unlisted-sends", {"messages": one.weighing.messages, "passed": one.weighing.passed})
            )


def _known(one: Standing, around: Around) -> Iterator[Part]:
    """What a scan didn't find out."""
    if one.listed is None:
        return
    if one.row is None:
        yield Block(Statement("block.not-scanned"))
    elif not one.known:
        yield Block(Statement("block.undecided", {"names": one.row.reason or dmarc_name(one.domain)}))
    if one.listed.goal == "locked" and one.row is not None:
        sending = one.row.sending
        if sending is None:
            yield Block(Statement("block.sending-not-scanned"))
        elif not is_sending_known(sending):
            yield Block(Statement("block.sending-undecided", {"domain": one.domain}))


# the DMARC record


def _dmarc(one: Standing, around: Around) -> Iterator[Part]:
    """The one change of the domain's DMARC record that is due, and what is in its way."""
    if one.listed is None or not one.dmarc_known:
        return
    change: Change | None = None
    for part in _changes(one, around):
        if isinstance(part, Change):
            change = part
        else:
            yield part
    if change is not None:
        yield _txt(
            dmarc_name(one.domain),
            change.text,
            change.why,
            zone=zone_of(one.domain),
            instead=() if one.record is None else (one.record.tags.text,),
        )
    yield from _authorisations(one, change)


def _changes(one: Standing, around: Around) -> Iterator[Part | Change]:
    """By what comes first: a record that counts, then one that reports, then a stricter policy."""
    addresses = around.inventory.reports_to
    if one.discarded:
        yield Block(Statement(f"block.{one.discarded}", {"name": dmarc_name(one.domain)}))
        yield Change(
            dmarc_text.first_record(one.strongest, addresses),
            Statement("record.dmarc-one", {"name": dmarc_name(one.domain)}),
        )
    elif one.broken and one.record is not None:
        yield Block(Statement("block.record-broken", {"name": dmarc_name(one.domain)}))
        if level(one.strongest):  # np alone is wrong, which RFC 7489 doesn't know
            yield from _raising(one, one.record, around, one.strongest)
        else:
            yield Change(dmarc_text.mended(one.record, POLICIES[0], addresses), Statement("record.dmarc-mended"))
    elif one.record is None:
        yield from _without_record(one, around)
    else:
        yield from _of_record(one, one.record, around)


def _without_record(one: Standing, around: Around) -> Iterator[Part | Change]:
    """A domain without a record of its own: another domain's applies, or none does."""
    addresses = around.inventory.reports_to
    assert one.listed is not None  # noqa: S101 - only such domains come here
    if one.listed.goal == "locked" and one.policy != POLICIES[-1] and not grounds_against(one, around):
        yield Change(dmarc_text.first_record(POLICIES[-1], addresses), Statement("record.dmarc-locked"))
        return
    above = one.above
    if one.above and one.policy and not _parts_from(one, around):
        if not _at_goal(one):
            key = "block.follows" if around.is_listed(above) else "block.follows-unlisted"
            yield Block(Statement(key, {"domain": above}))
        return
    organization = zone_of(one.domain)
    if not above and organization != one.domain and around.is_listed(organization):
        yield Block(Statement("block.organization-first", {"domain": organization}))
        return
    if not addresses:
        yield Block(Statement("block.no-addresses"))
        yield Refusal(step=Statement("step.monitor"), why=(Statement("why.no-addresses"),))
        return
    key = "record.dmarc-first" if not above else "record.dmarc-apart" if one.policy else "record.dmarc-views"
    yield Change(dmarc_text.first_record(one.strongest, addresses), Statement(key, {"domain": above}))


def _parts_from(one: Standing, around: Around) -> bool:
    """Whether a domain needs a record of its own, since the domain above is to be closed, and it isn't."""
    over = around.standings.get(one.above)
    above = over.listed if over is not None else None
    assert one.listed is not None  # noqa: S101 - only such domains come here
    return above is not None and above.goal == "locked" and one.listed.goal != "locked"


def _at_goal(one: Standing) -> bool:
    assert one.listed is not None  # noqa: S101 - only such domains come here
    return level(one.enforced) >= level(NEEDED[one.listed.goal])


NEEDED = {"logo": "quarantine", "enforced": "reject", "locked": "reject"}
"""The policy that each goal needs: a logo does with quarantine (BIMI draft, 7.1)."""


def _of_record(one: Standing, record: Record, around: Around) -> Iterator[Part | Change]:
    """A domain with a record of its own that counts: a later change has the earlier ones in it."""
    addresses = around.inventory.reports_to
    assert one.listed is not None  # noqa: S101 - only such domains come here
    if not record.reports_somewhere:
        if addresses:
            yield Block(Statement("block.no-reports-asked"))
            change = Change(dmarc_text.reporting(record, addresses), Statement("record.dmarc-reports"))
            record = dmarc_text.record_of(one.domain, change.text)
            yield change
        elif not _at_goal(one):
            yield Block(Statement("block.no-addresses"))
            yield Refusal(step=Statement("step.monitor"), why=(Statement("why.no-addresses"),))
    elif not one.reported and addresses and not _reaches(record, addresses):
        yield Block(Statement("block.reports-elsewhere"))
        change = Change(dmarc_text.reporting(record, addresses), Statement("record.dmarc-reports-too"))
        record = dmarc_text.record_of(one.domain, change.text)
        yield change
    if not one.heads and record.policy("sp") == "none" and one.listed.goal == "logo":
        change = Change(dmarc_text.without_open_subdomains(record), Statement("record.dmarc-no-open"))
        record = dmarc_text.record_of(one.domain, change.text)
        yield change
    if one.listed.goal == "locked":
        if not _at_goal(one) and not grounds_against(one, around):
            yield Change(dmarc_text.raised(record, POLICIES[-1], addresses), Statement("record.dmarc-locked"))
        return
    if not _at_goal(one):
        yield from _raising(one, record, around, target_of(one))


def _reaches(record: Record, addresses: Sequence[str]) -> bool:
    """Whether a record sends reports to one of these addresses, or to another one there."""
    known = {uri.strip() for uri in (record.value("rua") or "").split(",")}
    hosts = set(dmarc_text.destinations_of(addresses))
    return not known.isdisjoint(addresses) or not hosts.isdisjoint(dmarc_text.destinations(record))


def target_of(one: Standing) -> str:
    """The next policy: a level at a time, none is left out."""
    return POLICIES[min(level(one.enforced) + 1, len(POLICIES) - 1)]


def _raising(one: Standing, record: Record, around: Around, policy: str) -> Iterator[Part | Change]:
    """A stricter policy, where reports say that nothing wanted breaks."""
    step = Statement("step.raise", {"policy": policy})
    option = one.option(policy)
    if option is None or not one.reported:
        yield Block(Statement("block.no-reports" if around.store else "block.no-store"))
        yield Refusal(step=step, why=(Statement("why.no-reports" if around.store else "why.no-store"),))
        return
    hindering = [outlook for outlook in (one.weighing.outlooks if one.weighing else ()) if outlook.hinders]
    for outlook in hindering[:MOST_NAMED]:
        key = "block.source-undecided" if outlook.counts_as == "undecided" else "block.source-fails"
        yield Block(Statement(key, {"source": _label(outlook), "id": outlook.id, "messages": outlook.failing}))
    if len(hindering) > MOST_NAMED:
        yield Block(Statement("block.sources-more", {"count": len(hindering) - MOST_NAMED}))
    if option.verdict == "go":
        yield Change(
            dmarc_text.raised(record, policy, around.inventory.reports_to),
            Statement("record.dmarc-raised", {"policy": policy, "stopped": option.not_ours}),
        )
        return
    if not hindering:
        yield Block(Statement(f"block.{option.verdict}", {"policy": policy}))
    yield Refusal(step=step, why=option.grounds or (Statement(f"why.{option.verdict}", {"policy": policy}),))


def _label(outlook: Outlook) -> str:
    """A source's name that serves in every language; by its id it gets one of each (`bimikit.plan.words`)."""
    return title(outlook.source, "en") if outlook.source.by == "sender" else outlook.source.name or outlook.id


def _authorisations(one: Standing, change: Change | None) -> Iterator[Part]:
    """What allows the domain's reports at other organizations (RFC 9990; RFC 7489, 7.1).

    A scan doesn't look for it: where reports come, it is there; where none came yet, it may be what is missing. At its
    goal a domain may have none since nobody sends.
    """
    now = [] if one.record is None else dmarc_text.destinations(one.record)
    then = now if change is None else dmarc_text.destinations(dmarc_text.record_of(one.domain, change.text))
    known = now if one.reported or _at_goal(one) else []
    for host in dmarc_text.external(one.domain, then):
        if host not in known:
            yield _txt(
                dmarc_text.authorisation_name(one.domain, host),
                dmarc_text.AUTHORISED,
                Statement("record.authorisation", {"domain": one.domain, "host": host}),
                zone=zone_of(host),
            )


# closing a domain that never sends


def _locking(one: Standing, around: Around) -> Iterator[Part]:
    """The records of a domain that never sends: all at once, or none.

    Source: RFC 7208, 10.1.2 (``v=spf1 -all``); RFC 7505 (null MX); RFC 6376, 3.6.1 (an empty ``p=`` is no key).
    """
    if one.listed is None or one.listed.goal != "locked" or not one.dmarc_known:
        return
    against = grounds_against(one, around)
    if against:
        yield Block(Statement("block.lock-refused"))
        yield Refusal(step=Statement("step.lock"), why=against)
        return
    sending = None if one.row is None else one.row.sending
    if sending is None or not is_sending_known(sending):
        yield Refusal(step=Statement("step.close-mail"), why=(Statement("why.sending-unknown"),))
        return
    zone = zone_of(one.domain)
    open_still = one.enforced != POLICIES[-1]
    if not is_closed_spf(sending.spf_text):
        open_still = True
        several = sending.spf == "several"
        yield _txt(
            one.domain,
            CLOSED_SPF,
            Statement("record.spf-one" if several else "record.spf-closed"),
            zone=zone,
            instead=() if sending.spf_text is None else (sending.spf_text,),
        )
    if not sending.mx:
        open_still = True
        why = Statement("record.null-mx")
        yield PlannedRecord(name=one.domain, type="MX", value=NULL_MX, why=why, zone=zone)
    elif receives(sending.mx):
        yield Notice(Statement("notice.receives", {"domain": one.domain}))
    if open_still:
        yield _txt(f"*._domainkey.{one.domain}", KEYLESS, Statement("record.no-keys"), zone=zone)
    if sending.dkim:
        yield Notice(Statement("notice.keys-left", {"selectors": ", ".join(sending.dkim)}))


# the logo


def _declining(one: Standing, around: Around) -> Iterator[Part]:
    """That a domain shows no logo, also not that of the domain above (BIMI draft, 4.3.1)."""
    if one.listed is None or not wants_declination(one):
        return
    if not one.assertion_known or one.own_assertion == bimi.DECLINED:
        return
    yield Block(Statement("block.declination"))
    yield _txt(
        bimi_name("default", one.domain),
        DECLINATION,
        Statement("record.declination-instead" if one.own_assertion else "record.declination"),
        zone=zone_of(one.domain),
    )


def wants_declination(one: Standing) -> bool:
    """Whether a domain is to have a declination: it declines, or it is closed, and would show another's logo."""
    listed = one.listed
    return listed is not None and (listed.declines or (listed.goal == "locked" and one.inherits_logo))


def assertion_of(one: Standing) -> str:
    """The Assertion Record that the inventory asks for; empty where it names no logo."""
    if one.listed is None or not one.listed.logo:
        return ""
    return f"v=BIMI1; l={one.listed.logo}; a={one.listed.certificate}"


def is_published(one: Standing) -> bool:
    """Whether the Assertion Record that counts is the one that the inventory asks for, if it asks for any."""
    if not one.bimi_known or any(state != bimi.FOUND_RECORD for state, _at in one.bimi_states):
        return False
    listed, row = one.listed, one.row
    if listed is None or row is None or not listed.logo:
        return True
    same = (row.location, row.authority or "") == (listed.logo, listed.certificate)
    return same and all(at == one.bimi_at for _state, at in one.bimi_states)


def _logo(one: Standing, around: Around) -> Iterator[Part]:
    """The Assertion Record, once DMARC is good enough in both readings, and what it leads to."""
    if one.listed is None or one.listed.goal != "logo" or not one.bimi_known:
        return
    if not one.eligible:
        yield from _barred(one, around)
        return
    if not is_published(one):
        yield from _to_publish(one, "now")
        return
    if not one.listed.certificate and not (one.row and one.row.authority):
        yield Notice(Statement("notice.no-certificate"))
    hosted = one.row.hosted if one.row is not None else None
    if hosted is None:
        yield Block(Statement("block.hosted-not-scanned"))
    elif hosted.outcome != "pass":
        key = "block.hosted-fails" if hosted.outcome == "fail" else "block.hosted-undecided"
        yield Block(Statement(key, {"rules": ", ".join(hosted.rules or hosted.unanswered) or "–"}))


def _to_publish(one: Standing, when: str) -> Iterator[Part]:
    text = assertion_of(one)
    listed = one.listed
    assert listed is not None  # noqa: S101 - only such domains come here
    if not text:
        yield Block(Statement(_UNPUBLISHED.get(one.own_assertion, "block.no-logo")))
        return
    if when == "now":
        yield Block(Statement("block.not-published" if not one.own_assertion else "block.published-else"))
    if not listed.certificate:
        yield Notice(Statement("notice.no-certificate"))
    if listed.selector != "default" and not one.own_assertion:
        yield Notice(Statement("notice.selector", {"selector": listed.selector}))
    yield _txt(
        bimi_name(listed.selector, one.domain),
        text,
        Statement("record.bimi-instead" if one.own_assertion else "record.bimi"),
        zone=zone_of(one.domain),
        when=when,
    )


_UNPUBLISHED = {bimi.FAIL: "block.assertion-broken", bimi.DECLINED: "block.assertion-declined"}


def _barred(one: Standing, around: Around) -> Iterator[Part]:
    """Why there is no logo yet: where only the domain's own policy bars it, the record comes next."""
    others = [name for name in one.organizational if name != one.domain]
    for name in others:
        first = around.standings.get(name)
        if first is None or first.listed is None:
            yield Block(Statement("block.organization-unlisted", {"domain": name}))
        elif first.eligible is not True:
            yield Block(Statement("block.organization-first", {"domain": name}))
    option = one.option(target_of(one))
    lifted = one.record is not None and not one.broken and one.reported and option is not None
    if not others and lifted and option is not None and option.verdict == "go" and set(one.bars) <= set(_BY_POLICY):
        yield from _to_publish(one, "next")
        return
    why = tuple(Statement(f"bar.{bar}", {"domain": one.domain}) for bar in one.bars if bar in _BARS)
    yield Refusal(step=Statement("step.publish"), why=why or (Statement("bar.other", {"domain": one.domain}),))


_BARS = frozenset(
    (
        "missing", "policy-none", "policy-unusable", "policy-missing", "only-version", "record-multiple",
        "tag-duplicate", "subdomain-none", "organizational-missing", "organizational-none", "quarantine-partial",
        "quarantine-testing",
    )
)  # fmt: skip
"""Bars that have words of their own here."""


# what else is worth knowing


def _views(one: Standing, around: Around) -> Iterator[Part]:
    """Where the two readings of DMARC differ: no mailbox provider says which it follows."""
    if len(one.views) < 2 or not one.dmarc_known:
        return
    new, old = ((view.applied_policy or view.policy or "–") for view in one.views)
    if new != old:
        yield Notice(Statement("notice.views-differ", {"rfc9989": new, "rfc7489": old}))
    if one.record is not None and one.heads:
        below = one.record.policy("np")
        if below is not None and level(below) < level(one.record.policy("sp") or one.record.policy("p")):
            yield Notice(Statement("notice.np-weaker", {"policy": below}))


def _sending(one: Standing, around: Around) -> Iterator[Part]:
    """SPF and DKIM.

    A fault of theirs, more than 10 lookups too, holds up no policy by itself: what it breaks shows in the reports,
    where the mail that fails for it counts as ours and forbids the step; mail that DKIM carries all the same is no
    reason to wait.
    """
    if one.row is None or one.row.sending is None or one.listed is None:
        return
    sending = one.row.sending
    if sending.spf_lookups is not None and sending.spf_lookups > _MOST_LOOKUPS:
        yield Notice(Statement("notice.spf-lookups", {"lookups": sending.spf_lookups}))
    if sending.rules:
        yield Notice(Statement("notice.sending-rules", {"rules": ", ".join(sending.rules)}))
    missing = [selector for selector in one.listed.dkim if selector not in sending.dkim]
    if missing and "dkim" not in sending.unanswered:
        yield Notice(Statement("notice.dkim-missing", {"selectors": ", ".join(missing)}))


_MOST_LOOKUPS = 10
"""What an SPF record may cause (RFC 7208, 4.6.4)."""


def _below(one: Standing, around: Around) -> Iterator[Part]:
    """Subdomains that send under the domain's policy: ``sp``, or else ``p``, is theirs (RFC 9989, 4.7)."""
    weighing = one.weighing
    if weighing is not None:
        names: dict[str, int] = {}
        for outlook in weighing.outlooks:
            for name, messages in outlook.author_domains:
                if name != one.domain:
                    names[name] = names.get(name, 0) + messages
        if names:
            told = sorted(names, key=lambda name: (-names[name], name))
            yield Notice(
                Statement(
                    "notice.subdomains-send",
                    {
                        "messages": sum(names.values()),
                        "failing": sum(outlook.below for outlook in weighing.outlooks),
                        "names": ", ".join(told[:MOST_NAMED]) + (" …" if len(told) > MOST_NAMED else ""),
                    },
                )
            )
    inheriting = around.inheriting.get(one.domain, ())
    if inheriting and one.listed is not None:
        shown = ", ".join(inheriting[:MOST_NAMED]) + (" …" if len(inheriting) > MOST_NAMED else "")
        yield Notice(Statement("notice.inherited-by", {"names": shown}))


def _hit(one: Standing, around: Around) -> Iterator[Part]:
    """Mail of ours that the policy hits already."""
    if one.listed is None or level(one.policy) == 0 or not one.policy:
        return
    option = one.option(one.policy)
    if option is not None and option.ours:
        yield Notice(Statement("notice.hit-now", {"policy": one.policy, "messages": option.ours}))


_RULES: tuple[Rule, ...] = (
    _seen, _known, _dmarc, _locking, _logo, _declining, _hit, _views, _sending, _below,
)  # fmt: skip
"""The rules, in the order in which what they say is told."""
