"""Plans: the texts of records that are about to be published, by DNS name."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import TypeVar

from .arguments import BYTES, as_bytes
from .dns.answers import FOUND, PLANNED, TXT, Answer, Question
from .dns.bimi import bimi_name
from .dns.dmarc import dmarc_name
from .domains import BadDomain, normal_domain

Records = str | Mapping[str, str | Iterable[str]]
"""The text of a record, or the texts by DNS name."""

Plan = Mapping[str, tuple[str, ...]]
"""Texts by DNS name, in lower case."""

Result = TypeVar("Result")
Asking = Generator[list[Question], Mapping[Question, Answer], Result]


def planned(domain: str, selector: str, dmarc: Records | None, record: Records | None) -> Plan:
    """A plan from what a caller gave.

    Args:
        domain: The Author Domain in normal form.
        selector: The selector of the Assertion Record.
        dmarc: The DMARC record: its text at `domain`, or texts by name (``_dmarc.example.com`` or ``example.com``).
        record: The Assertion Record: its text at ``<selector>._bimi.<domain>``, or texts by name, likewise.

    Raises:
        TypeError: They are of the wrong type.
    """
    return {
        **_texts("dmarc", dmarc, dmarc_name(domain), "_dmarc."),
        **_texts("record", record, bimi_name(selector, domain).lower(), f"{selector.lower()}._bimi."),
    }


def _texts(what: str, records: Records | None, own_name: str, prefix: str) -> dict[str, tuple[str, ...]]:
    if records is None:
        return {}
    if isinstance(records, str):
        return {own_name: (records,)}
    if not isinstance(records, Mapping):
        raise TypeError(f"{what} must be a text, or texts by DNS name, not {type(records).__name__}")
    plan: dict[str, tuple[str, ...]] = {}
    for name, texts in records.items():
        several = (texts,) if isinstance(texts, str) else tuple(texts)
        if not isinstance(name, str) or not all(isinstance(text, str) for text in several):
            raise TypeError(f"{what} must hold texts by DNS name")
        full = _normal(name)
        key = full if full.startswith("_dmarc.") or "._bimi." in full else prefix + full
        plan[key] = (*plan.get(key, ()), *several)
    return plan


def _normal(name: str) -> str:
    try:
        return normal_domain(name)
    except BadDomain:  # it may be the name of a top level; a name that is none is never asked
        return name.strip().rstrip(".").lower()


def laid_over(asking: Asking[Result], plan: Plan) -> Asking[Result]:
    """A discovery that asks nobody for what the plan holds."""
    questions = next(asking)
    while True:
        known = {q: Answer(FOUND, plan[q.name], PLANNED) for q in questions if q.type == TXT and q.name in plan}
        rest = [one for one in questions if one not in known]
        answers = dict((yield rest)) if rest else {}
        try:
            questions = asking.send({**answers, **known})
        except StopIteration as end:
            result: Result = end.value
            return result


def as_lists(crls: Iterable[bytes]) -> tuple[bytes, ...]:
    """Revocation lists that a caller gave.

    Raises:
        TypeError: They are something else.
    """
    if isinstance(crls, BYTES):
        raise TypeError("crls must be a list of CRLs, not one CRL")
    return tuple(as_bytes("a CRL", crl) for crl in crls)
