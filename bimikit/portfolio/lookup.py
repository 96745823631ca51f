"""DMARC and the Assertion Record of one domain of many: asked for in rounds, with nothing that isn't needed.

The readings are those of `bimikit.dns.discovery`; what a single check asks besides (who may issue certificates, whether
the domain exists where that changes nothing) is left out.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

import msgspec

from ..dns import bimi, dmarc
from ..dns.answers import NXDOMAIN, A, Answer, Question, can_exist
from ..dns.discovery import together
from ..dns.dmarc import NEW, OLD, Published, Reading

Asking = Generator[list[Question], Mapping[Question, Answer], "Looked"]


_MOST_RECORDS = 10
"""DMARC records at a name that are kept: from two on none counts."""


class Looked(msgspec.Struct, frozen=True):
    """What the DNS says about one domain of many.

    Attributes:
        domain: The Author Domain.
        readings: DMARC by each RFC.
        discovered: The Assertion Record by each RFC.
        exists: Whether the domain is in the DNS; None where that isn't known.
        records: The texts of its own DMARC records, whether they count or not.
        aliases: Which of its own names are aliases (CNAME), so that no record can be put there.
    """

    domain: str
    readings: dict[str, Reading]
    discovered: dict[str, bimi.Discovered]
    exists: bool | None
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


def look(domain: str, selector: str = "default") -> Asking:
    """Ask for what decides whether a domain can have BIMI, as far as the DNS says.

    Args:
        domain: The Author Domain in normal form (`bimikit.domains.normal_domain`).
        selector: The selector of the Assertion Record.

    Yields:
        Questions that can be asked at the same time; wants a mapping with an answer to each.
    """
    asked = dmarc.domains_asked(domain)
    first = [Question(name) for name in map(dmarc.dmarc_name, asked) if can_exist(name)]
    record = bimi.bimi_question(selector, domain)
    if record is not None:
        first.append(record)
    answers: dict[Question, Answer] = dict((yield first))
    published = {name: dmarc.published(name, answers) for name in asked}
    own = answers.get(first[0])
    exists: bool | None = _is_there(own) or (record is not None and _is_there(answers[record])) or None
    if exists is None and _matters(domain, published):
        itself = Question(domain, A)
        answers.update((yield [itself]))
        exists = dmarc.existence(domain, answers, itself)
    readings = {NEW: dmarc.read_new(domain, published, exists), OLD: dmarc.read_old(domain, published)}
    organizational = {rfc: reading.organizational_domain for rfc, reading in readings.items()}
    found = yield from together(
        {above: bimi.discover(domain, above, selector, None) for above in organizational.values()}, answers
    )
    own_names = (first[0], record) if record is not None else (first[0],)
    aliases = tuple([one.name for one in own_names if answers[one].canonical])
    records = tuple([one.tags.text for one in published[domain].records[:_MOST_RECORDS]])
    return Looked(
        domain, readings, {rfc: found[above] for rfc, above in organizational.items()}, exists, records, aliases
    )


def _is_there(answer: Answer | None) -> bool:
    """Whether an answer shows that its name, and so what is above it, is in the DNS."""
    return answer is not None and not answer.failed and answer.state != NXDOMAIN


def _matters(domain: str, published: Mapping[str, Published]) -> bool:
    """Whether another domain's record could apply, which may say something else for names that don't exist."""
    return published[domain].record is None and any(one.records for name, one in published.items() if name != domain)
