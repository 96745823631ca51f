"""What is wrong with the keys at a domain's selectors, as faults with their places."""

from __future__ import annotations

from collections.abc import Iterator

from ..dns.answers import NOT_GIVEN, Answer
from ..dns.place import Place
from ..dns.tags import Span
from ..domains import organizational_domain
from ..engine import Fault, quote
from ..findings import Param
from .discovery import MOST_RECORDS, MOST_SELECTORS, Keys, Selected
from .key import ED25519, HISTORIC, RSA, SHA256, TAGS, KeyRecord, is_like, read

Faults = Iterator[Fault[Place]]

WEAKEST, SHORTEST, LARGEST = 1024, 2048, 4096
"""Bits of an RSA key: below the first it counts for nothing, the second is advised, up to the third all can verify."""
KNOWN_HASHES = ("sha1", SHA256)
SERVICES = ("*", "email")


def keys(found: Keys) -> Faults:
    """Every selector's key."""
    if found.left_out:
        params: dict[str, Param] = {"domain": found.domain, "count": found.left_out, "most": MOST_SELECTORS}
        yield Fault("dkim.left-out", None, "", params)
    for one in found.selected:
        yield from _selected(found, one)
    if not found.guessed:
        return
    if found.reason is not None:
        yield _unknown(found.domain, found.failed, found.reason)
    elif not found.selected:
        yield Fault("dkim.none-found", None, "", {"domain": found.domain, "count": found.asked})


def _unknown(domain: str, name: str, answer: Answer) -> Fault[Place]:
    params: dict[str, Param] = {"name": quote(name), "domain": domain}
    if answer.reason == NOT_GIVEN:
        return Fault("dkim.not-given", Place(name), name, params)
    zone = organizational_domain(domain) or domain
    return Fault("dkim.undecided", Place(name), name, {**params, "reason": f"@dns.{answer.reason}", "zone": zone})


def _selected(found: Keys, one: Selected) -> Faults:
    if one.answer is None:
        yield Fault("dkim.selector-invalid", None, one.selector, {"selector": quote(one.selector)})
        return
    if one.answer.failed:
        yield _unknown(found.domain, one.name, one.answer)
        return
    params: dict[str, Param] = {
        "name": one.name,
        "selector": quote(one.selector),
        "target": quote(one.answer.canonical),
    }
    if one.answer.canonical:
        yield Fault("dkim.delegated", Place(one.name), one.name, params)
    texts = list(enumerate(one.answer.records, 1))
    meant = [(line, text) for line, text in texts if is_like(text)] or texts
    if not meant:
        yield Fault("dkim.missing", Place(one.name), one.name, params)
        return
    if len(texts) > 1:
        yield Fault("dkim.record-multiple", Place(one.name, 2), one.name, {**params, "count": len(texts)})
    for line, text in meant[:MOST_RECORDS]:
        yield from _record(one, line, read(text))


def _record(one: Selected, line: int, record: KeyRecord) -> Faults:
    def fault(rule: str, span: Span, **params: Param) -> Fault[Place]:
        shown: dict[str, Param] = {"name": one.name, "selector": quote(one.selector), "text": quote(span.text)}
        place = Place(one.name, line, span.start, len(span.text))
        return Fault(f"dkim.{rule}", place, f"{one.name} {line} {span.start}", {**shown, **params})

    tags = record.tags
    for flaw in tags.flaws:
        yield fault("syntax", flaw.part, problem=f"@tags.{flaw.kind}")
    first = tags.get("v")
    if first is not None and (first is not tags.tags[0] or first.value.text != "DKIM1"):
        yield fault("version", first.part)
    for tag in tags.tags:
        if tag.name.text not in TAGS and tag.name.text not in HISTORIC:
            yield fault("tag-unknown", tag.part, tag=tag.name.text)
    if tags.get("s") is not None and not set(record.values("s")) & set(SERVICES):
        yield fault("service", record.span("s"))
    if "y" in record.values("t"):
        yield fault("testing", record.span("t"))
    if "s" in record.values("t"):
        yield fault("strict", record.span("t"))
    hashes = record.values("h")
    if hashes and SHA256 not in hashes:
        yield fault("hash-sha1" if "sha1" in hashes else "hash-unknown", record.span("h"))
    for rule, span, params in _key(record):
        yield fault(rule, span, **params)


def _key(record: KeyRecord) -> Iterator[tuple[str, Span, dict[str, Param]]]:
    if record.type not in (RSA, ED25519):
        yield "key-type-unknown", record.span("k"), {}
        return
    key, span = record.key, record.span("p")
    if key is None:
        yield "key-revoked" if record.revoked else "key-missing", span, {}
    elif key.problem:
        yield "key-unreadable", span, {"problem": f"@dkim.{key.problem}"}
    elif key.type == RSA:
        for rule, wrong in (
            ("key-weak", key.bits < WEAKEST),
            ("key-short", WEAKEST <= key.bits < SHORTEST),
            ("key-large", key.bits > LARGEST),
        ):
            if wrong:
                yield rule, span, {"bits": key.bits, "least": SHORTEST, "most": LARGEST}
