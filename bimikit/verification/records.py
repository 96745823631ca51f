"""The records in the DNS against those that were planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..dns.answers import NXDOMAIN, TXT, Answer, Question
from ..dns.bimi import TEMPERROR, bimi_name
from ..dns.discovery import Found
from ..dns.dmarc import dmarc_name
from ..dns.place import Place
from ..dns.tags import TagList, parse_tags
from ..dns.zone_file import ZoneRecords
from ..engine import Fault, quote
from ..findings import Param
from ..plans import Plan, Records, planned
from .position import first_difference

DMARC, RECORD = "dmarc", "record"
_NOTHING = "–"
_SHOWN = 100
_MEANT = {
    kind: re.compile(rf"[\s\"']*v\s*=\s*{version}", re.IGNORECASE)
    for kind, version in ((DMARC, "DMARC"), (RECORD, "BIMI"))
}
"""Texts that are about our subject; others at the same name are none of our business."""


class Compared(NamedTuple):
    """One DNS name.

    Attributes:
        kind: `DMARC` or `RECORD`.
        name: The name.
        planned: Texts that were planned.
        published: Texts that are published and either planned or about our subject; None where they can't be had.
    """

    kind: str
    name: str
    planned: tuple[str, ...]
    published: tuple[str, ...] | None

    @property
    def same(self) -> bool | None:
        """Whether they are the same; None where that isn't known."""
        return None if self.published is None else sorted(self.planned) == sorted(self.published)


def compared(found: Found, dmarc: Records | None, record: Records | None) -> list[Compared]:
    """The names that matter for a domain, with what was planned for each.

    A plan is silent on names that it doesn't have, but for the domain's own: a zone file may hold a part of a domain.
    What a zone file leaves to other zones or other name servers, it is silent on, too.
    """
    plan = planned(found.domain, found.selector, dmarc, record)
    own = {DMARC: dmarc_name(found.domain), RECORD: bimi_name(found.selector, found.domain).lower()}
    given = [kind for kind, records in ((DMARC, dmarc), (RECORD, record)) if records is not None]
    asked = [question.name for question in found.answers if question.type == TXT]
    silent: set[str] = set()
    for kind, records in ((DMARC, dmarc), (RECORD, record)):
        if isinstance(records, ZoneRecords):
            answers = {name: records.zone.answer(name) for name in (own[kind], *asked) if _kind(name) == kind}
            plan = {**plan, **{name: answer.records for name, answer in answers.items() if answer.records}}
            silent |= {name for name, answer in answers.items() if answer.failed}
    names = {kind: [own[kind], *(name for name in asked if name in plan and _kind(name) == kind)] for kind in given}
    return [
        _compared(kind, name, plan, found)
        for kind, several in names.items()
        for name in dict.fromkeys(several)
        if name not in silent
    ]


def _kind(name: str) -> str:
    return DMARC if name.startswith("_dmarc.") else RECORD


def _compared(kind: str, name: str, plan: Plan, found: Found) -> Compared:
    expected = plan.get(name, ())
    answer = found.answers.get(Question(name), Answer(NXDOMAIN))  # a name that can't be asked holds nothing
    if answer.failed:
        return Compared(kind, name, expected, None)
    texts = tuple(text for text in answer.records if text in expected or _MEANT[kind].match(text))
    return Compared(kind, name, expected, texts)


def faults(every: list[Compared], found: Found) -> Iterator[Fault[Place]]:
    """What is otherwise than planned, or could not be found out."""
    for one in every:
        if one.published is None:
            yield _undecided(one.name, f"@verify.kind-{one.kind}", found)
        elif not one.same:
            yield from _differences(one, found)
    failed = next((one.failed for one in found.discovered.values() if one.state == TEMPERROR), "")
    if failed and not any(one.kind == RECORD and one.same is not True for one in every):
        yield _undecided(failed.lower(), f"@verify.kind-{RECORD}", found)


def _undecided(name: str, kind: str, found: Found) -> Fault[Place]:
    answer = found.answers.get(Question(name))
    reason = answer.reason if answer is not None and answer.reason else "walk"
    return Fault("verify.dns-undecided", Place(name), name, {"kind": kind, "name": name, "reason": f"@dns.{reason}"})


def _differences(one: Compared, found: Found) -> Iterator[Fault[Place]]:
    published = list(one.published or ())
    missing = []
    for text in one.planned:
        if text in published:
            published.remove(text)
        else:
            missing.append(text)
    lines = found.answers[Question(one.name)].records if Question(one.name) in found.answers else ()
    for wanted, there in zip(missing, published, strict=False):
        yield _change(one, lines.index(there) + 1, there, wanted)
    for wanted in missing[len(published) :]:
        params: dict[str, Param] = {"name": one.name, "planned": quote(wanted, _SHOWN * 2)}
        yield Fault(f"verify.{one.kind}-missing", Place(one.name), f"{one.name} {wanted}", params)
    for there in published[len(missing) :]:
        place = Place(one.name, lines.index(there) + 1, 0, len(there))
        params = {"name": one.name, "published": quote(there, _SHOWN * 2)}
        yield Fault(f"verify.{one.kind}-unexpected", place, f"{one.name} {there}", params)


def _change(one: Compared, line: int, there: str, wanted: str) -> Fault[Place]:
    ours, theirs = parse_tags(there, dkim=True), parse_tags(wanted, dkim=True)
    params: dict[str, Param] = {"name": one.name, "planned": quote(wanted, _SHOWN * 2)}
    key = f"{one.name} {there}"
    if not ours.flaws and not theirs.flaws and _meaning(ours) == _meaning(theirs):
        return Fault(f"verify.{one.kind}-rewritten", Place(one.name, line, 0, len(there)), key, params)
    start, length, published, expected = _first_tag(ours, theirs) or _first_sign(there, wanted)
    return Fault(
        f"verify.{one.kind}-changed",
        Place(one.name, line, start, length),
        key,
        {"name": one.name, "published": published or _NOTHING, "expected": expected or _NOTHING},
    )


def _meaning(tags: TagList) -> dict[str, str]:
    return {tag.name.text: tag.value.text for tag in tags.tags}


def _first_tag(ours: TagList, theirs: TagList) -> tuple[int, int, str, str] | None:
    """Where the first tag stands that differs, and both; None where none does."""
    for tag in ours.tags:
        other = theirs.get(tag.name.text)
        if other is None or other.value.text != tag.value.text:
            expected = "" if other is None else _written(other.part.text)
            return tag.part.start, len(tag.part.text), _written(tag.part.text), expected
    for tag in theirs.tags:
        if ours.get(tag.name.text) is None:
            return 0, len(ours.text), "", _written(tag.part.text)
    return None


def _first_sign(there: str, wanted: str) -> tuple[int, int, str, str]:
    at = first_difference(there, wanted)
    return at, 1, _written(there[at:]), _written(wanted[at:])


def _written(text: str) -> str:
    return quote(text, _SHOWN)
