"""Everything the DNS says about one Author Domain: a generator that asks in rounds and is answered.

All that does not depend on another answer is asked in one round, so that a domain takes three rounds at the most. The
executors (`bimikit.dns.resolve`) and the tests drive it alike.
"""

from __future__ import annotations

from collections.abc import Generator, Hashable, Mapping
from typing import TypeVar

import msgspec

from . import bimi, caa, dmarc
from .answers import A, Answer, Question, can_exist
from .dmarc import NEW, OLD, Reading
from .zone_file import ZoneFile

_Key = TypeVar("_Key", bound=Hashable)
Asking = Generator[list[Question], Mapping[Question, Answer], "Found"]


class Found(msgspec.Struct, frozen=True):
    """What the DNS says about one domain.

    Attributes:
        domain: The Author Domain.
        selector: The selector that was asked for.
        published: What each domain asked publishes as DMARC.
        readings: DMARC by each RFC.
        discovered: The Assertion Record by each RFC, whose Organizational Domains may differ.
        caa: Who may issue certificates.
        answers: All answers.
        zone: The zone file that the answers are from, where they are from one.
    """

    domain: str
    selector: str
    published: dict[str, dmarc.Published]
    readings: dict[str, Reading]
    discovered: dict[str, bimi.Discovered]
    caa: caa.Issuers
    answers: dict[Question, Answer]
    zone: ZoneFile | None = None

    @property
    def bars(self) -> tuple[dmarc.Bar, ...]:
        """Why DMARC isn't good enough for BIMI in either reading; none where it is in one of them, or unknown."""
        readings = self.readings.values()
        return tuple(bar for one in readings for bar in one.bars) if all(one.bars for one in readings) else ()


def discover(domain: str, selector: str = "default", local_part: str | None = None) -> Asking:
    """Ask for everything about one domain.

    Args:
        domain: The Author Domain in normal form (`bimikit.domains.normal_domain`).
        selector: The selector of the Assertion Record.
        local_part: What stands before the @ in the author's address, for local-part selectors.

    Yields:
        Questions that can be asked at the same time; wants a mapping with an answer to each.
    """
    itself = Question(domain, A)
    asked = dmarc.domains_asked(domain)
    first = [Question(name) for name in map(dmarc.dmarc_name, asked) if can_exist(name)]
    record = bimi.bimi_question(selector, domain)
    first += [record] if record is not None else []
    first += [itself, *caa.questions(domain)]
    answers: dict[Question, Answer] = dict((yield first))
    all_published = {name: dmarc.published(name, answers) for name in asked}
    readings = {
        NEW: dmarc.read_new(domain, all_published, dmarc.existence(domain, answers, itself)),
        OLD: dmarc.read_old(domain, all_published),
    }
    pending = {
        rfc: bimi.discover(domain, reading.organizational_domain, selector, local_part)
        for rfc, reading in readings.items()
    }
    discovered = yield from together(pending, answers)
    return Found(
        domain, selector, all_published, readings, discovered, caa.issuers(domain, answers), answers
    )  # fmt: skip


def together(
    pending: Mapping[_Key, bimi.Asking], answers: dict[Question, Answer]
) -> Generator[list[Question], Mapping[Question, Answer], dict[_Key, bimi.Discovered]]:
    """Drive several generators at once, asking what they need in shared rounds, and nothing twice."""
    done: dict[_Key, bimi.Discovered] = {}
    waiting: dict[_Key, list[Question]] = {}
    for key, asking in pending.items():
        _step(key, asking, None, waiting, done)
    while waiting:
        new = list(dict.fromkeys(q for questions in waiting.values() for q in questions if q not in answers))
        if new:
            answers.update((yield new))
        for key in list(waiting):
            ready = {question: answers[question] for question in waiting.pop(key)}
            _step(key, pending[key], ready, waiting, done)
    return {key: done[key] for key in pending}


def _step(
    key: _Key,
    asking: bimi.Asking,
    ready: dict[Question, Answer] | None,
    waiting: dict[_Key, list[Question]],
    done: dict[_Key, bimi.Discovered],
) -> None:
    try:
        waiting[key] = asking.send(ready)  # type: ignore[arg-type]  # None starts it
    except StopIteration as end:
        done[key] = end.value
