"""The logo of a domain: its Assertion Record, what bars it, and that none is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from ..dns import bimi
from ..dns.bimi import bimi_name
from ..dns.tags import parse_tags
from ..statement import Statement
from .dmarc_steps import target_of
from .inventory import USUAL_SELECTOR
from .model import Refusal
from .parts import Around, Block, Notice, Part, txt, zone_of
from .standing import Standing

DECLINATION = "v=BIMI1; l=; a="
"""That a domain wants no logo, also not that of its Organizational Domain (BIMI draft, 4.3.1)."""
_BY_POLICY = ("policy-none", "organizational-none", "subdomain-none", "quarantine-partial", "quarantine-testing")
"""Bars that a raised record of the domain itself takes away."""


def declining(one: Standing, around: Around) -> Iterator[Part]:
    """That a domain shows no logo, also not that of the domain above (BIMI draft, 4.3.1)."""
    if one.listed is None or not wants_declination(one):
        return
    if not one.assertion_known or one.own_assertion == bimi.DECLINED:
        return
    yield Block(Statement("block.declination"))
    yield txt(
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
    """The Assertion Record that the inventory asks for; empty where it names no logo.

    What the record that is there says besides stays, also its certificate where the inventory names none.
    """
    if one.listed is None or not one.listed.logo:
        return ""
    own = one.row is not None and one.own_assertion == bimi.FOUND_RECORD
    certificate = one.listed.certificate or (one.row.authority or "" if own and one.row is not None else "")
    return "; ".join([f"v=BIMI1; l={one.listed.logo}; a={certificate}", *(_kept(one) if own else ())])


def _kept(one: Standing) -> Iterator[str]:
    tags = parse_tags((one.row.assertion or "") if one.row is not None else "").tags
    yield from (f"{tag.name.text}={tag.value.text}" for tag in tags if tag.name.text not in ("v", "l", "a"))


def is_published(one: Standing) -> bool:
    """Whether the Assertion Record that counts is the one that the inventory asks for, if it asks for any."""
    if not one.bimi_known or any(state != bimi.FOUND_RECORD for state, _at in one.bimi_states):
        return False
    listed, row = one.listed, one.row
    if listed is None or row is None or not listed.logo:
        return True
    same = row.location == listed.logo and listed.certificate in ("", row.authority)
    return same and all(at == one.bimi_at for _state, at in one.bimi_states)


def is_hosting_unknown(one: Standing) -> bool:
    """Whether all but the published files is as it should be, and these couldn't be judged."""
    hosted = one.row.hosted if one.row is not None else None
    wanted = one.listed is not None and one.listed.goal == "logo" and one.eligible is True and is_published(one)
    return wanted and hosted is not None and hosted.outcome not in ("pass", "fail")


def logo(one: Standing, around: Around) -> Iterator[Part]:
    """The Assertion Record, once DMARC is good enough in both readings, and what it leads to."""
    if one.listed is None or one.listed.goal != "logo" or not one.bimi_known:
        return
    if not one.eligible:
        yield from _barred(one, around)
        return
    if one.listed.selector != USUAL_SELECTOR:
        yield Notice(Statement("notice.selector-header", {"domain": one.domain, "selector": one.listed.selector}))
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
    if not text and when == "next" and one.own_assertion == bimi.FOUND_RECORD:
        return  # the one that is there is as good as any
    if not text:
        yield Block(Statement(_UNPUBLISHED.get(one.own_assertion, "block.no-logo")))
        return
    if when == "now":
        yield Block(Statement("block.not-published" if not one.own_assertion else "block.published-else"))
    if not listed.certificate and not (one.row is not None and one.row.authority):
        yield Notice(Statement("notice.no-certificate"))
    if one.row is not None and one.row.selector != listed.selector:
        yield Notice(Statement("notice.selector", {"selector": listed.selector}))
    if _stands(one, text):
        return
    yield txt(
        bimi_name(listed.selector, one.domain),
        text,
        Statement("record.bimi-instead" if one.own_assertion else "record.bimi"),
        zone=zone_of(one.domain),
        instead=(one.row.assertion,) if one.own_assertion and one.row is not None and one.row.assertion else (),
        when=when,
    )


def _stands(one: Standing, text: str) -> bool:
    """Whether a record is there already, word for word or saying the same."""
    row, listed = one.row, one.listed
    if row is None or listed is None or row.selector != listed.selector or one.own_assertion != bimi.FOUND_RECORD:
        return False
    return (row.assertion or "").strip() == text or is_published(one)


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
