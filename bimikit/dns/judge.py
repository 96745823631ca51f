"""What is wrong with the records of a domain, as faults with their places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from unicodedata import normalize

from ..domains import organizational_domain
from ..engine import Fault, quote
from ..findings import Param
from . import bimi, dmarc, misplacement, presence
from .answers import CAA, NOT_GIVEN, A, Answer, Question, can_exist
from .bimi import Discovered
from .discovery import Found
from .dmarc import NEW, OLD, Bar, Published, Reading, Record
from .place import Place
from .tags import Span, Tag

NAMES = {NEW: "RFC 9989", OLD: "RFC 7489"}

DMARC_TAGS = ("v", "p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo", "pct", "rf", "ri")
REMOVED = ("pct", "rf", "ri")
_VALUES: dict[str, re.Pattern[str]] = {
    "adkim": re.compile("[rs]", re.IGNORECASE),
    "aspf": re.compile("[rs]", re.IGNORECASE),
    "t": re.compile("[yn]", re.IGNORECASE),
    "psd": re.compile("[ynu]", re.IGNORECASE),
    "fo": re.compile(r"[01ds](?:[ \t]*:[ \t]*[01ds])*", re.IGNORECASE),
    "pct": re.compile("0*(?:100|[0-9]{1,2})"),
    "rf": re.compile(r"[A-Za-z0-9-]+(?:[ \t]*:[ \t]*[A-Za-z0-9-]+)*"),
    "ri": re.compile("[0-9]{1,10}"),
}
"""Tags whose value is ignored unless it has this form."""
_LIKE_DMARC = re.compile(r"^\W*v?\W*dmarc", re.IGNORECASE)
_LIKE_BIMI = re.compile(r"^\W*v?\W*bimi", re.IGNORECASE)
_VERSION_WITHIN = 40
"""Characters in which what is meant for a version stands."""
LIST_SHOWN = 200
DISCARDED = frozenset({"record-multiple", "tag-duplicate"})
"""Reasons of `dmarc.Published.discarded`."""

Faults = Iterator[Fault[Place]]


def records(found: Found) -> Faults:
    """The DMARC records as they are written, at the domain and wherever a policy was taken from."""
    yield from _near_dmarc(found)
    bars = found.bars
    for one in _relevant(found):
        discarded = one.discarded
        ignored = "" if discarded is not None and discarded in bars else "-ignored"
        if len(one.records) > 1:
            name = dmarc.dmarc_name(one.domain)
            params: dict[str, Param] = {"name": name, "count": len(one.records)}
            yield Fault(f"dmarc.record-multiple{ignored}", Place(name, 2), one.domain, params)
        for record in one.records:
            yield from _record(record, "-ignored" if len(one.records) > 1 else ignored)


def _relevant(found: Found) -> list[Published]:
    """What is published at the domain, and at every domain that a reading looks to."""
    domains = {found.domain}
    for reading in found.readings.values():
        domains |= {one.domain for one in (reading.record, reading.organizational, reading.suffix) if one}
        domains.add(reading.organizational_domain or found.domain)
        domains |= {bar.domain for bar in reading.bars if bar.reason in DISCARDED}
    return [one for domain, one in found.published.items() if domain in domains]


def _near_dmarc(found: Found) -> Faults:
    nothing = all(reading.result == "none" for reading in found.readings.values())
    rule = "dmarc.version" if nothing else "dmarc.version-ignored"
    for one in _relevant(found):
        yield from _near_misses(dmarc.dmarc_name(one.domain), one.answer, dmarc.is_record, _LIKE_DMARC, rule)


def _near_misses(
    name: str, answer: Answer, is_record: Callable[[str], bool], like: re.Pattern[str], rule: str
) -> Faults:
    for line, text in enumerate(answer.records, 1):
        # the signs of Japanese keyboards (ｖ＝ＤＭＡＲＣ１；) are meant for those of ASCII
        if not is_record(text) and like.match(normalize("NFKC", text[:_VERSION_WITHIN])):
            version = re.split("[;,；，]", text, maxsplit=1)[0]
            yield Fault(rule, Place(name, line, 0, len(version)), f"{name} {line}", {"name": name, "text": quote(text)})


def _at(record: Record, span: Span) -> Place:
    return Place(record.name, record.line, span.start, len(span.text))


def _record(record: Record, ignored: str) -> Faults:
    tags = record.tags
    for flaw in tags.flaws:
        rule = f"dmarc.tag-duplicate{ignored}" if flaw.kind == "duplicate" else "dmarc.syntax"
        params: dict[str, Param] = {
            "name": record.name,
            "text": quote(flaw.part.text),
            "problem": f"@tags.{flaw.kind}",
        }
        yield Fault(rule, _at(record, flaw.part), f"{record.name} {flaw.part.start}", params)
    if record.is_invalid("np"):
        guess = _close(record.value("np"), dmarc.POLICIES)
        yield _fault("dmarc.np-invalid", record, tags.get("np"), guess=guess)
    for tag in tags.tags:
        yield from _tag(record, tag)
    if tags.get("rua") is None:
        yield _fault("dmarc.rua-missing", record, None)
    if tags.tags and tags.tags[0].name.text == "V":
        yield _fault("dmarc.version-case", record, tags.tags[0])
    first = tags.get("p")
    if first is not None and len(tags.tags) > 1 and tags.tags[1] is not first:
        yield _fault("dmarc.policy-not-second", record, first)
    if record.testing and record.policy("p") not in (None, "none"):
        yield _fault("dmarc.testing", record, tags.get("t"), policy=record.policy("p") or "none")
    if record.policy("np") == "none":
        yield _fault("dmarc.np-none", record, tags.get("np"))


def _fault(rule: str, record: Record, tag: Tag | None, **params: Param) -> Fault[Place]:
    span = tag.part if tag else Span(0, record.tags.text)
    shown: dict[str, Param] = {
        "name": record.name,
        "domain": record.domain,
        "tag": tag.name.text if tag else "",
        "value": quote(tag.value.text) if tag else "",
    }
    return Fault(rule, _at(record, span), f"{record.name} {span.start}", {**shown, **params})


def _close(word: str | None, known: tuple[str, ...]) -> str:
    """What was probably meant, as a term with nothing in it where there is no guess."""
    close = difflib.get_close_matches((word or "").lower(), known, n=1, cutoff=0.6)
    return close[0] if close else "@guess.none"


def _tag(record: Record, tag: Tag) -> Faults:
    name, value = tag.name.text, tag.value.text
    form = _VALUES.get(name)
    if form is not None and not form.fullmatch(value):
        yield _fault("dmarc.value-ignored", record, tag)
    elif name in REMOVED:
        yield _fault("dmarc.tag-removed", record, tag)
    if name in ("rua", "ruf"):
        wrong = [uri.strip() for uri in value.split(",") if not dmarc.is_report_uri(uri)]
        if wrong:
            yield _fault("dmarc.rua-invalid", record, tag, wrong=quote(", ".join(wrong) or "–"))
    if name not in DMARC_TAGS and name != "V":
        yield _fault("dmarc.tag-unknown", record, tag, guess=_close(name, DMARC_TAGS))


def policy(found: Found) -> Faults:
    """Whether DMARC is good enough for BIMI, in both readings; and before that, whether the name can have any."""
    yield from presence.faults(found)
    new, old = found.readings[NEW], found.readings[OLD]
    if new.eligible is False and old.eligible is False:
        near_miss = any(fault.rule == "dmarc.version" for fault in _near_dmarc(found))
        misplaced = [] if near_miss or presence.settles(found) else list(misplacement.of_dmarc(found))
        yield from misplaced
        yield from _barred(new, old, told_otherwise=near_miss or bool(misplaced) or presence.settles(found))
    else:
        for reading in (new, old):
            for bar in reading.bars:
                yield _one_bars(reading, bar)
    undecided = [reading for reading in (new, old) if reading.eligible is None]
    if undecided and not (new.bars and old.bars):
        yield from _undecided(found, undecided)
    if not undecided or all(reading.policy for reading in (new, old)):
        yield from _differences(found.domain, new, old)
    if new.suffix is not None and new.eligible is not False:
        yield _fault("dmarc.suffix-policy", new.suffix, None, organization=new.organizational_domain or "")


def _barred(new: Reading, old: Reading, *, told_otherwise: bool) -> Faults:
    every = (bar for bar in (*new.bars, *old.bars) if bar.reason not in DISCARDED)  # the records as such tell those
    both = {(bar.reason, bar.domain, bar.tag): bar for bar in every}
    if told_otherwise:  # by what says more than that there is none
        both = {key: bar for key, bar in both.items() if bar.reason != "missing"}
    for key, bar in both.items():
        readings = " / ".join(
            NAMES[reading.rfc]
            for reading in (new, old)
            if any((one.reason, one.domain, one.tag) == key for one in reading.bars)
        )
        yield Fault(f"dmarc.{bar.reason}", _bar_place(bar), " ".join(key), {**_bar_params(bar), "readings": readings})


def _bar_place(bar: Bar) -> Place:
    if bar.record is None:
        return Place(dmarc.dmarc_name(bar.domain))
    tag = bar.record.tags.get(bar.tag)
    return _at(bar.record, tag.part if tag else Span(0, bar.record.tags.text))


def _bar_params(bar: Bar) -> dict[str, Param]:
    value = (bar.record.value(bar.tag) if bar.record else None) or ""
    return {
        "domain": bar.domain,
        "name": bar.record.name if bar.record else dmarc.dmarc_name(bar.domain),
        "tag": bar.tag,
        "value": quote(value),
        "guess": _close(value, dmarc.POLICIES) if bar.reason == "policy-unusable" else "@guess.none",
    }


def _one_bars(reading: Reading, bar: Bar) -> Fault[Place]:
    params: dict[str, Param] = {
        **_bar_params(bar),
        "reading": NAMES[reading.rfc],
        "other": NAMES[OLD if reading.rfc == NEW else NEW],
        "reason": f"@bars.{bar.reason}",
    }
    return Fault("dmarc.one-reading-bars", _bar_place(bar), f"{reading.rfc} {bar.reason} {bar.domain}", params)


def _undecided(found: Found, readings: list[Reading]) -> Faults:
    domains = dict.fromkeys(domain for reading in readings for domain in reading.undecided)
    for domain in domains:
        name = dmarc.dmarc_name(domain)
        answer = found.published[domain].answer
        if not answer.failed:  # the policy hangs on whether the domain exists
            name, answer = domain, found.answers[Question(domain, A)]
        which = " / ".join(NAMES[reading.rfc] for reading in readings if domain in reading.undecided)
        params: dict[str, Param] = {"name": name, "readings": which, "zone": _zone(domain)}
        if answer.reason == NOT_GIVEN:
            yield Fault("dmarc.not-given", Place(name), name, {**params, **_not_given(found, name, answer)})
        else:
            yield Fault("dmarc.undecided", Place(name), name, {**params, "reason": f"@dns.{answer.reason}"})


def _not_given(found: Found, name: str, answer: Answer) -> dict[str, Param]:
    """The name that nothing was given for, with the one it leads to, and why a zone file doesn't tell it."""
    why = found.zone.beyond(name.lower()) if found.zone is not None else ""
    leads = f"{name} → {quote(answer.canonical)}" if answer.canonical else name
    return {"name": leads, "problem": f"@beyond.{why or 'none'}"}


def _zone(domain: str) -> str:
    """Whose name servers answer for a domain, as far as can be told, so that one step stands for all names there."""
    return organizational_domain(domain) or domain


_COMPARED = ("result", "record_at", "organizational_domain", "policy", "applied_policy")


def _differences(domain: str, new: Reading, old: Reading) -> Faults:
    theirs = old.facts()
    ours = {key: value for key, value in new.facts().items() if key in _COMPARED and value != theirs[key]}
    if new.organizational_domain is None or old.organizational_domain is None:
        ours.pop("organizational_domain", None)
    if not ours or new.result == old.result == "none":  # where there is nothing, nothing reads differently
        return
    params: dict[str, Param] = {
        "domain": domain,
        "new": _shown(ours),
        "old": _shown({key: theirs[key] for key in ours}),
    }
    yield Fault("dmarc.readings-differ", Place(dmarc.dmarc_name(domain)), "", params)


def _shown(facts: dict[str, object]) -> str:
    return ", ".join(f"{key}={'–' if value is None else value}" for key, value in facts.items())


def assertion(found: Found, local_part: str | None = None) -> Faults:
    """The Assertion Record that counts, in both readings, and what nearly is one."""
    new, old = found.discovered[NEW], found.discovered[OLD]
    near = list(_near_bimi(found, "bimi.version" if new.state == old.state == bimi.NONE else "bimi.version-ignored"))
    yield from near
    told = [one for one in (new, old) if one.state == bimi.FOUND_RECORD]
    open_ = [one for one in (new, old) if one.state == bimi.TEMPERROR]
    for one in dict.fromkeys(told + open_ or (new, old)):  # what fails in one reading only is told as a difference
        yield from _discovered(found, one, local_part, near_miss=bool(near))
    known = bimi.TEMPERROR not in (new.state, old.state)
    if known and (new.state, new.found_at) != (old.state, old.found_at):
        params: dict[str, Param] = {"new": _state(new), "old": _state(old)}
        yield Fault("bimi.readings-differ", Place(bimi.bimi_name(found.selector, found.domain)), "", params)


def _state(one: Discovered) -> str:
    return f"{one.state} ({one.found_at})" if one.found_at else one.state


def _discovered(found: Found, one: Discovered, local_part: str | None, *, near_miss: bool) -> Faults:
    wanted = bimi.bimi_name(found.selector, found.domain)
    if not bimi.is_selector(found.selector):
        yield Fault("bimi.selector-invalid", None, "", {"selector": quote(found.selector)})
        return
    if not can_exist(wanted):
        yield Fault("bimi.name-too-long", None, "", {"name": quote(wanted), "length": len(wanted)})
    if one.state == bimi.TEMPERROR:
        name = one.failed if "._bimi." in one.failed else dmarc.dmarc_name(one.failed)
        answer = found.answers.get(Question(name.lower()))
        reason = answer.reason if answer is not None and answer.reason else "walk"
        if answer is not None and reason == NOT_GIVEN:
            yield Fault("bimi.not-given", Place(wanted), "", _not_given(found, name, answer))
        elif "._bimi." in name or all(fault.rule != "dmarc.undecided" for fault in policy(found)):
            zone = _zone(name.rpartition("._bimi.")[2].removeprefix("_dmarc."))
            yield Fault("bimi.undecided", Place(name), name, {"name": name, "reason": f"@dns.{reason}", "zone": zone})
        return
    if one.several:
        at = one.found_at or wanted
        count = sum(map(bimi.is_record, found.answers[Question(at.lower())].records))
        yield Fault("bimi.record-multiple", Place(at, 2), at, {"name": at, "count": count})
        return
    if one.assertion is None:
        if not near_miss:
            yield from _missing(found, wanted)
        return
    yield from _flaws(one)
    if one.state == bimi.DECLINED:
        yield _about("bimi.declined", one, one.assertion.span("l"))
    if one.state == bimi.FOUND_RECORD and not one.assertion.authority:
        yield _about("bimi.authority-missing", one, one.assertion.span("a"))
    if local_part and one.assertion.prefixes is not None and not bimi.normalized(local_part):
        yield _about("bimi.local-part-unusable", one, one.assertion.span("lps"), text=quote(local_part))


def _missing(found: Found, wanted: str) -> Faults:
    if presence.settles(found):
        return
    misplaced = list(misplacement.of_assertion(found))
    if misplaced:
        yield from misplaced
        return
    fallback = {
        bimi.bimi_name(found.selector, reading.organizational_domain)
        for reading in found.readings.values()
        if reading.organizational_domain and reading.organizational_domain != found.domain
    }
    names = ", ".join((wanted, *sorted(fallback)))
    if can_exist(wanted):
        yield Fault("bimi.missing", Place(wanted), "", {"name": wanted, "names": quote(names, LIST_SHOWN)})


def _near_bimi(found: Found, rule: str) -> Faults:
    for question, answer in found.answers.items():
        if "._bimi." in question.name:
            yield from _near_misses(question.name, answer, bimi.is_record, _LIKE_BIMI, rule)


def _about(rule: str, one: Discovered, span: Span, **params: Param) -> Fault[Place]:
    at = one.assertion
    assert at is not None  # noqa: S101 - told only of a record that is there
    return Fault(
        rule,
        Place(at.name, at.line, span.start, len(span.text)),
        f"{at.name} {span.start}",
        {"name": at.name, "text": quote(span.text), **params},
    )


def _flaws(one: Discovered) -> Faults:
    assert one.assertion is not None  # noqa: S101
    for flaw in one.assertion.flaws:
        if flaw.rule == "tag-unknown":
            yield _about("bimi.tag-unknown", one, flaw.span, tag=flaw.problem, guess=_close(flaw.problem, bimi.TAGS))
        else:
            yield _about(f"bimi.{flaw.rule}", one, flaw.span, problem=flaw.problem)


def issuance(found: Found, authority: tuple[str, ...] = ()) -> Faults:
    """Whether CAA would keep the certificate's authority from issuing again.

    Args:
        found: What the DNS says.
        authority: The names by which CAA records allow the authority of the certificate; empty where unknown.
    """
    caa = found.caa
    if caa.failed:
        reason = found.answers[Question(caa.failed, CAA)].reason
        if reason == NOT_GIVEN:  # a plan says nothing of it
            return
        yield Fault("caa.not-checked", Place(caa.failed), "", {"name": caa.failed, "reason": f"@dns.{reason}"})
        return
    at = Place(caa.found_at or found.domain)
    if caa.blocked_by:
        yield Fault("caa.critical-unknown", at, "", {"name": at.name, "tag": quote(caa.blocked_by)})
    if caa.allowed is not None and authority and not set(caa.allowed) & set(authority):
        params: dict[str, Param] = {
            "name": at.name,
            "allowed": quote(", ".join(caa.allowed) or "–"),
            "authority": ", ".join(authority),
        }
        yield Fault("caa.authority-excluded", at, "", params)
