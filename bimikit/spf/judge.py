"""What is wrong with a domain's SPF, as faults with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from ..dns.answers import NOT_GIVEN
from ..dns.place import Place
from ..dns.tags import Span
from ..domains import organizational_domain
from ..engine import Fault, quote
from ..findings import Param
from . import syntax
from .evaluation import MOST_FOLLOWED, MOST_HOSTS, MOST_LOOKUPS, MOST_VOID, VALID, Evaluation, Event, Published, whole
from .syntax import Term

Faults = Iterator[Fault[Place]]

LONGEST_RECORD = 450
"""Bytes up to which an answer surely fits into 512 (RFC 7208, 3.4)."""
CLOSE = 9
"""Lookups from which on the limit is near."""
WIDEST = {syntax.IP4: 8, syntax.IP6: 16}
"""Prefix lengths up to which a range is that of nobody's mail servers alone."""

LIST_SHOWN = 400
"""Characters of a list that a message shows."""

_LIKE = re.compile(r"^\W*v?\W*spf(?!2\.0/)", re.IGNORECASE)
"""Sender ID (RFC 4406) has a version of its own: ``spf2.0/pra``."""
_VERSION_WITHIN = 40


def records(found: Evaluation) -> Faults:
    """The records as they are written: the domain's own, and those it draws in."""
    own = found.own
    yield from _near(own)
    if own.state == VALID or own.record is not None:
        yield from _several(own, own.domain)
    elif not own.answer.failed and not any(_near(own)):
        yield Fault("spf.missing", Place(own.domain), "", {"domain": own.domain})
    for one in found.records:
        if one.state == VALID:
            yield from _written(one)
    if own.state == VALID:
        yield from _advice(own)


def _near(own: Published) -> Faults:
    if own.record is not None:
        return
    for line, text in enumerate(own.answer.records, 1):
        if _LIKE.match(normalize("NFKC", text[:_VERSION_WITHIN])):
            version = re.split("[ \u3000;,]", text, maxsplit=1)[0]
            params: dict[str, Param] = {"domain": own.domain, "text": quote(text)}
            yield Fault("spf.version", Place(own.domain, line, 0, len(version)), str(line), params)


def _several(one: Published, key: str) -> Faults:
    if one.state != VALID:
        count = sum(map(syntax.is_record, one.answer.records))
        yield Fault("spf.record-multiple", Place(one.domain, one.line), key, {"domain": one.domain, "count": count})


def _at(one: Published, span: Span) -> Place:
    return Place(one.domain, one.line, span.start, len(span.text))


def _about(rule: str, one: Published, span: Span, **params: Param) -> Fault[Place]:
    shown: dict[str, Param] = {"domain": one.domain, "text": quote(span.text)}
    return Fault(rule, _at(one, span), f"{one.domain} {span.start}", {**shown, **params})


def _written(one: Published) -> Faults:
    record = one.record
    assert record is not None  # noqa: S101 - only of valid ones
    for flaw in record.flaws:
        rule = "spf.modifier-twice" if flaw.kind == "twice" else "spf.syntax"
        guess = flaw.guess or "@guess.none"
        yield _about(rule, one, flaw.span, problem=f"@spf.{flaw.kind}", guess=guess)
    yield from _after_all(one)


def _advice(one: Published) -> Faults:
    """What breaks nothing, so that the records of others are left alone."""
    record = one.record
    assert record is not None  # noqa: S101 - only of a valid one
    for term in record.terms:
        if term.modifier and term.name not in syntax.MODIFIERS:
            guess = syntax.meant_by_modifier(term.name) or "@guess.none"
            yield _about("spf.modifier-unknown", one, term.span, guess=guess)
    size = len(record.text.encode())
    if size > LONGEST_RECORD:
        yield _about("spf.record-long", one, whole(record), size=size, most=LONGEST_RECORD)


def _after_all(one: Published) -> Faults:
    record = one.record
    assert record is not None  # noqa: S101
    last = record.all
    if last is None:
        return
    behind = record.terms[record.terms.index(last) + 1 :]
    redirect = record.modifier(syntax.REDIRECT)
    lost = [term for term in behind if not term.modifier] + ([redirect] if redirect is not None else [])
    for term in lost:
        yield _about("spf.all-not-last", one, term.span, all=last.span.text)


def reach(found: Evaluation) -> Faults:
    """Whom the record lets pass."""
    if found.own.state != VALID:
        return
    for one in found.records:
        for term in one.record.terms if one.state == VALID and one.record is not None else ():
            yield from _wide(one, term)
    final = found.final
    record = final.record
    assert record is not None  # noqa: S101 - the domain's own is valid
    last = record.all
    if last is not None and last.qualifier == "?":
        yield _about("spf.neutral-all", final, last.span)
    if last is None and record.redirect is None and not record.flaws:
        yield _about("spf.all-missing", final, whole(record))


def _wide(one: Published, term: Term) -> Faults:
    if term.qualifier != "+":
        return
    length = {syntax.IP4: term.four, syntax.IP6: term.six}.get(term.name)
    if term.name == syntax.ALL or length == 0:
        yield _about("spf.pass-all", one, term.span)
    elif length is not None and length <= WIDEST[term.name]:
        yield _about("spf.range-wide", one, term.span)
    if term.name in (syntax.A, syntax.MX) and 0 in (term.four, term.six):
        yield _about("spf.pass-all", one, term.span)


def evaluable(found: Evaluation) -> Faults:
    """Whether receivers can evaluate it, within the limits they keep."""
    own = found.own
    if own.answer.failed:
        yield _unknown(own.domain, own, None)
        return
    for one in found.records:
        for term in one.record.evaluated if one.state == VALID and one.record is not None else ():
            if term.name == syntax.PTR:
                yield _about("spf.ptr", one, term.span)
    for event in found.events:
        yield from _met(event)
    yield from _limits(found)
    if not found.finished:
        params: dict[str, Param] = {"domain": own.domain, "count": found.lookups, "most": MOST_FOLLOWED}
        yield Fault("spf.unfinished", Place(own.domain), "", params)


_MET = {"loop": "spf.loop", "hosts": "spf.mx-hosts", "uncounted": "spf.macro-uncounted", "name": "spf.name-invalid"}


def _met(event: Event) -> Faults:
    one, span, name = event.published, event.term.span, quote(event.name)
    rule = _MET.get(event.kind)
    if rule is not None:
        yield _about(rule, one, span, name=name, count=event.count, most=MOST_HOSTS)
    elif event.kind in ("missing", "several"):
        which = "redirect" if event.term.name == syntax.REDIRECT else "include"
        yield _about(f"spf.{which}-missing", one, span, name=name, problem=f"@spf.{event.kind}")
    elif event.kind == "failed":
        yield _unknown(event.name, one, event)
    elif event.kind == "void" and len(event.families) > 1:
        yield _about("spf.name-void", one, span, name=name)


def _unknown(name: str, one: Published, event: Event | None) -> Fault[Place]:
    answer = one.answer if event is None or event.answer is None else event.answer
    place = Place(one.domain) if event is None else _at(one, event.term.span)
    params: dict[str, Param] = {"domain": one.domain, "name": quote(name)}
    if answer.reason == NOT_GIVEN:
        return Fault("spf.not-given", place, name, params)
    zone = organizational_domain(name) or name
    return Fault("spf.undecided", place, name, {**params, "reason": f"@dns.{answer.reason}", "zone": quote(zone)})


def _limits(found: Evaluation) -> Faults:
    own, record = found.own, found.own.record
    if own.state != VALID or record is None:
        return
    count = found.lookups
    params: dict[str, Param] = {"domain": own.domain, "count": count, "most": MOST_LOOKUPS}
    if count > MOST_LOOKUPS:
        beyond = [event for event in found.events if event.kind == "lookup"][MOST_LOOKUPS]
        shares = _shares(found)
        yield Fault("spf.lookups", _at(own, beyond.root.span), "", {**params, "shares": shares})
    elif count >= CLOSE:
        yield Fault("spf.lookups-close", _at(own, whole(record)), "", {**params, "shares": _shares(found)})
    void = {family: found.void(family) for family in (4, 6)}
    if min(void.values()) > MOST_VOID:
        yield Fault("spf.void-lookups", *_void(found, frozenset({4, 6}), min(void.values())))
    elif max(void.values()) > MOST_VOID:
        family = max(void, key=lambda one: void[one])
        yield Fault("spf.void-lookups-family", *_void(found, frozenset({family}), void[family], family))


def _void(
    found: Evaluation, families: frozenset[int], count: int, family: int = 0
) -> tuple[Place, str, dict[str, Param]]:
    events = [event for event in found.events if event.kind == "void" and families & event.families]
    names = quote(", ".join(dict.fromkeys(event.name for event in events)), LIST_SHOWN)
    params: dict[str, Param] = {"domain": found.domain, "count": count, "most": MOST_VOID, "names": names}
    return _at(found.own, events[MOST_VOID].root.span), "", {**params, "family": f"IPv{family}"}


def _shares(found: Evaluation) -> str:
    """How many lookups each term of the domain's own record causes, the dearest first."""
    counts: dict[str, int] = {}
    for event in found.events:
        if event.kind == "lookup":
            counts[event.root.span.text] = counts.get(event.root.span.text, 0) + 1
    dearest = sorted(counts.items(), key=lambda one: -one[1])
    return quote(", ".join(f"{term} ({count})" for term, count in dearest), LIST_SHOWN)
