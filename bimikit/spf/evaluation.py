"""An SPF record followed through the DNS, as a receiver does for a message that nothing in it matches.

`discover` is a generator that asks in rounds and is answered (`bimikit.dns.resolve` and others drive it). After each
round the whole record is walked again over what is known, which is cheap and leaves one place where things are counted.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

import msgspec

from ..dns.answers import AAAA, FAILED, FOUND, MX, NODATA, NXDOMAIN, TXT, A, Answer, Question, can_exist
from ..dns.tags import Span
from . import syntax
from .syntax import Record, Term

MOST_LOOKUPS = 10
"""Terms that cause lookups (RFC 7208, 4.6.4)."""
MOST_VOID = 2
"""Lookups without an answer (RFC 7208, 4.6.4)."""
MOST_HOSTS = 10
"""Mail hosts of one ``mx`` (RFC 7208, 4.6.4)."""

MOST_FOLLOWED = 60
"""Terms that are followed, so that a record beyond the limit can be told how far, and a hostile one is bounded."""
MOST_DEEP = 12
"""Records within records that are followed."""
MOST_QUESTIONS = 250
MOST_ROUNDS = 16

NONE, VALID, SEVERAL, UNKNOWN = "none", "valid", "several", "unknown"

Asking = Generator[list[Question], Mapping[Question, Answer], "Evaluation"]


class Published(msgspec.Struct, frozen=True, gc=False):
    """What a domain publishes as SPF.

    Attributes:
        domain: The domain.
        state: `NONE`, `VALID`, `SEVERAL` or `UNKNOWN`.
        answer: What came back for TXT.
        line: Which of the texts is the record, from 1.
        record: The record; the first of several.
    """

    domain: str
    state: str
    answer: Answer
    line: int = 0
    record: Record | None = None


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something met on the way.

    Attributes:
        kind: ``"lookup"``, ``"void"``, ``"missing"``, ``"several"``, ``"loop"``, ``"hosts"``, ``"uncounted"``,
            ``"name"`` or ``"failed"``.
        published: The record it was met in.
        term: The term.
        root: The term of the domain's own record by which it was reached.
        name: The name that was asked, if any.
        answer: What came back, if anything.
        families: IP versions of the senders for whom it happens.
        count: How many, where it is about a number.
    """

    kind: str
    published: Published
    term: Term
    root: Term
    name: str = ""
    answer: Answer | None = None
    families: frozenset[int] = frozenset({4, 6})
    count: int = 0


class Evaluation(msgspec.Struct, frozen=True):
    """A domain's record and everything it draws in.

    Attributes:
        domain: The domain.
        own: What it publishes.
        records: Every record that is part of it, the domain's own first, each once.
        events: What was met, in the order of evaluation.
        finished: Whether all of it was followed.
        asked: How many questions it took.
    """

    domain: str
    own: Published
    records: tuple[Published, ...]
    events: tuple[Event, ...]
    finished: bool
    asked: int

    @property
    def lookups(self) -> int:
        """Terms that cause lookups, as far as they were followed."""
        return sum(event.kind == "lookup" for event in self.events)

    def void(self, family: int) -> int:
        """Lookups without an answer for a sender of that IP version."""
        return sum(event.kind == "void" and family in event.families for event in self.events)

    @property
    def final(self) -> Published:
        """The record whose end decides what nothing matches: that of the last ``redirect``."""
        at, seen = self.own, {self.own.domain}
        by_domain = {one.domain: one for one in self.records}
        while at.record is not None and at.record.redirect is not None:
            target = syntax.expanded(at.record.redirect.value, at.domain, self.domain)
            following = by_domain.get(target or "")
            if following is None or following.domain in seen or following.state != VALID:
                break
            seen.add(following.domain)
            at = following
        return at


def discover(domain: str) -> Asking:
    """Follow a domain's SPF record.

    Args:
        domain: The domain in normal form (`bimikit.domains.normal_domain`).

    Yields:
        Questions that can be asked at the same time; wants a mapping with an answer to each.
    """
    answers: dict[Question, Answer] = {}
    known: dict[str, Published] = {}
    for _ in range(MOST_ROUNDS):
        walk = _Walk(domain, answers, known)
        open_ = list(walk.open)[: MOST_QUESTIONS - len(answers)]
        if not open_:
            break
        answers.update((yield open_))
    else:
        walk = _Walk(domain, answers, known)
    return walk.evaluation()


class _Walk:
    """One way through everything that is known; what isn't is in `open`.

    Args:
        domain: The domain.
        answers: What was answered.
        records: The records that were read, to which more are added, so that none is read twice.
    """

    def __init__(self, domain: str, answers: Mapping[Question, Answer], records: dict[str, Published]) -> None:
        self._domain = domain
        self._answers = answers
        self._followed = 0
        self._finished = True
        self._records = records
        self._events: list[Event] = []
        self.open: dict[Question, None] = {}
        self._own = self._published(domain)
        if self._own is not None and self._own.state == VALID:
            self._follow(self._own, None, (domain,))

    def evaluation(self) -> Evaluation:
        """What was found."""
        own = self._own or Published(self._domain, UNKNOWN, Answer(FAILED, reason="timeout"))
        finished = self._finished and not self.open
        return Evaluation(
            self._domain, own, tuple(self._records.values()), tuple(self._events), finished, len(self._answers)
        )

    def _ask(self, name: str, rdtype: str) -> Answer | None:
        question = Question(name, rdtype)
        answer = self._answers.get(question)
        if answer is None:
            self.open[question] = None
        return answer

    def _published(self, domain: str) -> Published | None:
        answer = self._ask(domain, TXT)
        if answer is None:
            return None
        found = self._records.get(domain)
        if found is None:
            found = self._records[domain] = published(domain, answer)
        return found

    def _follow(self, at: Published, root: Term | None, path: tuple[str, ...]) -> None:
        record = at.record
        assert record is not None  # noqa: S101 - only valid ones are followed
        for term in record.evaluated:
            if term.name not in syntax.LOOKING_UP:
                continue
            if self._followed >= MOST_FOLLOWED:
                self._finished = False
                return
            self._followed += 1
            self._look_up(at, term, root or term, path)

    def _tell(self, kind: str, at: Published, term: Term, root: Term, **more: object) -> None:
        self._events.append(Event(kind, at, term, root, **more))  # type: ignore[arg-type]

    def _look_up(self, at: Published, term: Term, root: Term, path: tuple[str, ...]) -> None:
        self._tell("lookup", at, term, root)
        if term.name == syntax.PTR:  # asks for names of the sender's address
            return
        name = syntax.expanded(term.value, at.domain, self._domain) if term.value else at.domain
        if name is None:
            self._tell("uncounted", at, term, root)
        elif not can_exist(name) or not name.isascii():
            goes_into = term.name in (syntax.INCLUDE, syntax.REDIRECT)  # which then find no record (RFC 7208, 4.3)
            self._tell("missing" if goes_into else "name", at, term, root, name=name)
        elif term.name in (syntax.INCLUDE, syntax.REDIRECT):
            self._go_into(at, term, root, path, name)
        elif term.name == syntax.MX:
            self._mail_hosts(at, term, root, name)
        else:
            self._addresses(at, term, root, name, (A,) if term.name == syntax.EXISTS else (A, AAAA))

    def _go_into(self, at: Published, term: Term, root: Term, path: tuple[str, ...], name: str) -> None:
        if name in path:
            self._tell("loop", at, term, root, name=name)
            return
        if len(path) > MOST_DEEP:
            self._finished = False
            return
        inner = self._published(name)
        if inner is None:
            return
        if inner.state == VALID:
            self._follow(inner, root, (*path, name))
        else:
            kind = {NONE: "missing", SEVERAL: "several", UNKNOWN: "failed"}[inner.state]
            self._tell(kind, at, term, root, name=name, answer=inner.answer)

    def _mail_hosts(self, at: Published, term: Term, root: Term, name: str) -> None:
        answer = self._ask(name, MX)
        if answer is None:
            return
        if answer.state != FOUND:
            self._empty(at, term, root, name, answer, frozenset({4, 6}))
            return
        hosts = dict.fromkeys(line.split()[-1].lower().removesuffix(".") for line in answer.records if line.split())
        hosts.pop("", None)  # a null MX (RFC 7505)
        if len(hosts) > MOST_HOSTS:
            self._tell("hosts", at, term, root, name=name, count=len(hosts))
            return
        for host in hosts:
            if can_exist(host) and host.isascii():
                self._addresses(at, term, root, host, (A, AAAA))

    def _addresses(self, at: Published, term: Term, root: Term, name: str, types: tuple[str, ...]) -> None:
        given = [(rdtype, self._ask(name, rdtype)) for rdtype in types]
        answers = [(rdtype, answer) for rdtype, answer in given if answer is not None]
        if len(answers) < len(given):
            return
        failed = next((answer for _, answer in answers if answer.failed), None)
        if failed is not None:
            self._tell("failed", at, term, root, name=name, answer=failed)
            return
        void = [rdtype for rdtype, answer in answers if answer.state in (NODATA, NXDOMAIN)]
        if void:
            families = frozenset({4, 6} if len(types) == len(void) else {4 if one == A else 6 for one in void})
            self._tell("void", at, term, root, name=name, answer=answers[0][1], families=families)

    def _empty(
        self, at: Published, term: Term, root: Term, name: str, answer: Answer, families: frozenset[int]
    ) -> None:
        self._tell("failed" if answer.failed else "void", at, term, root, name=name, answer=answer, families=families)


def published(domain: str, answer: Answer) -> Published:
    """What a domain publishes as SPF (RFC 7208, 4.5)."""
    if answer.failed:
        return Published(domain, UNKNOWN, answer)
    found = [(line, text) for line, text in enumerate(answer.records, 1) if syntax.is_record(text)]
    if not found:
        return Published(domain, NONE, answer)
    line, text = found[0]
    return Published(domain, VALID if len(found) == 1 else SEVERAL, answer, line, syntax.parse(text))


def whole(record: Record) -> Span:
    """A record's whole text as a place."""
    return Span(0, record.text)
