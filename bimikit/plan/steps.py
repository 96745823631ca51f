"""What stands before a domain's next stage, and the records that lead there: one rule for each part of the road.

Each rule takes where a domain stands and what is around it, and gives blocks, records, refusals and notices. Nothing is
recommended that rests on what a scan could not find out.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..dns.dmarc import POLICIES, dmarc_name
from ..domains import organizational_domain
from ..statement import Statement
from .dmarc_steps import dmarc
from .locking import (
    CLOSED_SPF,
    KEYLESS,
    NULL_MX,
    grounds_against,
    is_closed_spf,
    is_mixed,
    passing_though_closed,
    receives,
)
from .logo_steps import declining, logo
from .model import PlannedRecord, Refusal
from .parts import Around, Block, Notice, Part, Rule, named, txt, zone_of
from .standing import Standing, hits_ours, hits_undecided, is_sending_known


def parts(one: Standing, around: Around) -> Iterator[Part]:
    """All that the rules say of a domain, in their order."""
    for rule in _RULES:
        yield from rule(one, around)


# what is known


def _seen(one: Standing, around: Around) -> Iterator[Part]:
    """A domain that nobody listed: to be listed first, with a goal."""
    if one.listed is None:
        yield Block(Statement("block.unlisted"))
        if one.weighing is not None and one.weighing.messages:
            yield Notice(
                Statement("notice.unlisted-sends", {"messages": one.weighing.messages, "passed": one.weighing.passed})
            )


def _suffix(one: Standing, around: Around) -> Iterator[Part]:
    """A domain below which others have theirs: most often a slip of the pen, such as co.jp for example.co.jp."""
    if one.listed is not None and organizational_domain(one.domain) is None:
        yield Notice(Statement("notice.public-suffix", {"domain": one.domain}))


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


# closing a domain that never sends


def _locking(one: Standing, around: Around) -> Iterator[Part]:
    """The records of a domain that never sends: all at once, or none.

    Source: RFC 7208, 10.1.2 (``v=spf1 -all``); RFC 7505 (null MX); RFC 6376, 3.6.1 (an empty ``p=`` is no key).
    """
    if one.listed is None or one.listed.goal != "locked" or not one.dmarc_known:
        return
    if passing := passing_though_closed(one):
        yield Block(Statement("block.closed-but-sends", {"messages": passing}))
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
        yield txt(
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
    elif is_mixed(sending.mx):
        open_still = True
        yield Block(Statement("block.null-mx-beside", {"domain": one.domain}))
    elif receives(sending.mx):
        yield Notice(Statement("notice.receives", {"domain": one.domain}))
    if open_still:
        yield txt(f"*._domainkey.{one.domain}", KEYLESS, Statement("record.no-keys"), zone=zone)
    if sending.dkim:
        yield Notice(Statement("notice.keys-left", {"selectors": ", ".join(sending.dkim)}))


# what else is worth knowing

_WHOLE = 100


def _views(one: Standing, around: Around) -> Iterator[Part]:
    """Where the two readings of DMARC differ: no mailbox provider says which it follows."""
    if len(one.views) < 2 or not one.dmarc_known:
        return
    new, old = ((view.applied_policy or view.policy or "–") for view in one.views)
    if new != old:
        yield Notice(Statement("notice.views-differ", {"rfc9989": new, "rfc7489": old}))
    record = one.record
    if record is not None and one.leaves_unborn_open:
        yield Notice(Statement("notice.np-weaker", {"policy": record.policy("np") or POLICIES[0]}))
    if record is not None and (record.testing or record.percent != _WHOLE) and one.policy:
        part = "t=y" if record.testing else f"pct={record.percent}"
        about = {"published": record.policy("p") or POLICIES[0], "part": part, "policy": one.policy}
        yield Notice(Statement("notice.in-part", {**about}))


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
                        "names": named(told),
                    },
                )
            )
    inheriting = around.inheriting.get(one.domain, ())
    if inheriting and one.listed is not None:
        yield Notice(Statement("notice.inherited-by", {"names": named(inheriting)}))


def _hit(one: Standing, around: Around) -> Iterator[Part]:
    """Mail of ours that the policy hits already."""
    option = one.option(one.hitting) if one.listed is not None and one.dmarc_known else None
    if option is None:
        return
    ours, undecided = option.ours, option.undecided
    everywhere = one.hitting == one.policy
    spares = one.record is not None and one.heads and one.record.policy("sp") == POLICIES[0]  # what bears a subdomain
    if spares:
        ours, undecided = min(ours, _at_itself(one, "ours")), min(undecided, _at_itself(one, "undecided"))
    if ours:
        key = "notice.hit-now" if everywhere else "notice.hit-in-part"
        says = Statement(key, {"policy": one.hitting, "messages": ours})
        yield Block(says) if hits_ours(one) else Notice(says)
    if hits_undecided(one) and (undecided or not spares):
        yield Block(Statement("notice.hit-undecided", {"policy": one.hitting, "messages": undecided}))


def _at_itself(one: Standing, choice: str) -> int:
    """Failing messages that bear the domain itself, and not a subdomain."""
    outlooks = one.weighing.outlooks if one.weighing is not None else ()
    return sum(outlook.failing - outlook.below for outlook in outlooks if outlook.counts_as == choice)


def _decisions(one: Standing, around: Around) -> Iterator[Part]:
    """Decisions that the reports speak against."""
    option = one.option(POLICIES[-1])
    if one.listed is not None and option is not None:
        yield from (Notice(ground) for ground in option.grounds if ground.key in _CONTRADICTED)


_CONTRADICTED = (
    "ground.still-sends", "ground.not-ours-but-passes", "ground.passed-on-but-authorised", "ground.ours-but-spoofed",
)  # fmt: skip


_RULES: tuple[Rule, ...] = (
    _seen, _suffix, _known, dmarc, _locking, logo, declining, _hit, _decisions, _views, _sending, _below,
)  # fmt: skip
"""The rules, in the order in which what they say is told."""
