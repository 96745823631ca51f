"""Drives a discovery from a table of records, without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bimikit.dns.answers import FAILED, FOUND, NODATA, NXDOMAIN, TXT, Answer, Question
from bimikit.dns.discovery import Found, discover

Plan = Mapping[str, str | Sequence[str]]
"""TXT texts by name; a key ``TYPE name`` for other types; the text ``!timeout`` for a question that fails so."""


def answer(plan: Plan, question: Question) -> Answer:
    key = question.name if question.type == TXT else f"{question.type} {question.name}"
    texts = plan.get(key)
    if texts is None:
        names = [name.rpartition(" ")[2] for name in plan]
        exists = any(f".{name}".endswith(f".{question.name}") for name in names)
        return Answer(NODATA if exists else NXDOMAIN)
    several = (texts,) if isinstance(texts, str) else tuple(texts)
    if several[0].startswith("!"):
        return Answer(FAILED, reason=several[0][1:])
    return Answer(FOUND, several)


def drive(plan: Plan, domain: str, selector: str = "default", local_part: str | None = None) -> tuple[Found, list[int]]:
    """The discovery, and how many questions each of its rounds had."""
    asking = discover(domain, selector, local_part)
    questions = next(asking)
    rounds = [len(questions)]
    while True:
        try:
            questions = asking.send({question: answer(plan, question) for question in questions})
        except StopIteration as end:
            return end.value, rounds
        rounds.append(len(questions))
