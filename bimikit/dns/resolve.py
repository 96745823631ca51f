"""Driving a discovery with dnspython, in threads or on an event loop.

A round's questions are asked at the same time, and all rounds together take little more than one lifetime of the
resolver, however many name servers are silent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from copy import copy
from typing import Any, TypeVar

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.rdatatype
import dns.resolver

from ..errors import BimikitError
from ..web.fetch import AsyncLookup, Lookup, LookupFailed
from .answers import AAAA, FAILED, FOUND, MOST_CNAMES, NODATA, NXDOMAIN, TXT, A, Answer, Question, text_of
from .nameservers import NO_RESOLVER

Result = TypeVar("Result")
Rounds = Generator[list[Question], Mapping[Question, Answer], Result]

MORE_THAN_A_LIFETIME = 1.12
"""Lifetimes of the resolver that all rounds may take together: what is left over after a first round that ran into its
end lets a second one be tried."""
_MOST_THREADS = 32
REMEMBERED = 4_000
"""Answers that are remembered for many checks."""


class Deadline:
    """How long the questions of one check may take."""

    def __init__(self, lifetime: float) -> None:
        self._each = lifetime
        self._end = time.monotonic() + lifetime * MORE_THAN_A_LIFETIME

    def left_in_all(self) -> float:
        """Seconds until the end of it all."""
        return self._end - time.monotonic()

    def left(self) -> float:
        """Seconds for a question that is asked now."""
        return min(self._each, self.left_in_all())


def resolver_or_default(resolver: Any, *, awaitable: bool = False) -> Any:
    """The resolver given, or that of the system.

    Args:
        resolver: A resolver of dnspython; None for that of the system.
        awaitable: Whether it is to be one of `dns.asyncresolver`, and not of `dns.resolver`.

    Raises:
        TypeError: It is another kind of resolver, or none.
        BimikitError: The system names no resolver.
    """
    wanted, other = (dns.asyncresolver, dns.resolver) if awaitable else (dns.resolver, dns.asyncresolver)
    if resolver is None:
        try:
            return wanted.get_default_resolver()
        except dns.resolver.NoResolverConfiguration:
            raise BimikitError(NO_RESOLVER) from None
    if isinstance(resolver, other.Resolver | type) or not hasattr(resolver, "resolve"):
        raise TypeError(f"resolver must be a {wanted.__name__}.Resolver, not {type(resolver).__name__}")
    return resolver


def remembering(resolver: Any) -> Any:
    """A resolver that remembers answers, for many checks; the one given stays as it is.

    Args:
        resolver: A resolver of dnspython; one that has a cache, or is something else, is taken as it is.
    """
    if not isinstance(resolver, dns.resolver.BaseResolver) or resolver.cache is not None:
        return resolver
    own = copy(resolver)
    own.cache = dns.resolver.LRUCache(REMEMBERED)
    return own


def run(asking: Rounds[Result], resolver: Any, deadline: Deadline) -> Result:
    """Drive a discovery in threads."""
    pool = ThreadPoolExecutor(_MOST_THREADS, "bimikit-dns")
    try:
        questions = next(asking)
        while True:
            futures = [pool.submit(ask, question, resolver, deadline) for question in questions]
            wait(futures, deadline.left_in_all())
            given = [future.result() if future.done() else _TOO_LATE for future in futures]
            try:
                questions = asking.send(dict(zip(questions, given, strict=True)))
            except StopIteration as end:
                result: Result = end.value
                return result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # a resolver that sleeps between its tries ends by itself


async def arun(asking: Rounds[Result], resolver: Any, deadline: Deadline) -> Result:
    """Drive a discovery on the event loop."""
    questions = next(asking)
    while True:
        given = await asyncio.gather(*(_in_time(question, resolver, deadline) for question in questions))
        try:
            questions = asking.send(dict(zip(questions, given, strict=True)))
        except StopIteration as end:
            result: Result = end.value
            return result


async def _in_time(question: Question, resolver: Any, deadline: Deadline) -> Answer:
    try:
        return await asyncio.wait_for(aask(question, resolver, deadline), max(deadline.left_in_all(), 0))
    except TimeoutError:
        return _TOO_LATE


_TOO_LATE = Answer(FAILED, reason="timeout")


def ask(question: Question, resolver: Any, deadline: Deadline) -> Answer:
    """Ask one question and follow CNAMEs that the resolver leaves open."""
    steps = _following(question)
    wanted = next(steps)
    while True:
        try:
            outcome: Any = resolver.resolve(
                wanted, question.type, raise_on_no_answer=False, search=False, lifetime=_lifetime(deadline)
            )
        except Exception as problem:
            outcome = problem
        try:
            wanted = steps.send(outcome)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


async def aask(question: Question, resolver: Any, deadline: Deadline) -> Answer:
    """The same on the event loop."""
    steps = _following(question)
    wanted = next(steps)
    while True:
        try:
            outcome: Any = await resolver.resolve(
                wanted, question.type, raise_on_no_answer=False, search=False, lifetime=_lifetime(deadline)
            )
        except Exception as problem:
            outcome = problem
        try:
            wanted = steps.send(outcome)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def _lifetime(deadline: Deadline) -> float:
    left = deadline.left()
    if left <= 0:
        raise dns.exception.Timeout
    return left


def _following(question: Question) -> Generator[str, Any, Answer]:
    """Names to ask, one after the other, until there is an answer."""
    wanted = question.name + "."
    seen = {wanted.lower()}
    while True:
        outcome = yield wanted
        if isinstance(outcome, dns.resolver.NXDOMAIN):
            return Answer(NXDOMAIN, canonical=_missing(question, outcome))
        if isinstance(outcome, Exception):
            return _failure(outcome)
        if not _is_whole(outcome.response):
            return Answer(FAILED, reason="network")
        canonical = outcome.canonical_name.to_text().lower()
        leads_away = canonical.rstrip(".") if canonical != question.name + "." else ""
        if outcome.rrset is not None:
            return Answer(FOUND, _records(question, outcome.rrset), canonical=leads_away)
        if canonical == wanted.lower():
            return Answer(NODATA, canonical=leads_away)
        if canonical in seen or len(seen) > MOST_CNAMES:
            return Answer(FAILED, reason="cname", canonical=leads_away)
        seen.add(canonical)
        wanted = canonical


def _missing(question: Question, problem: dns.resolver.NXDOMAIN) -> str:
    """The name that isn't there, where it is another than the one asked."""
    if "qnames" not in problem.kwargs:  # raised by somebody else's resolver
        return ""
    name = problem.canonical_name.to_text().lower()
    return name.rstrip(".") if name != question.name + "." else ""


def _records(question: Question, rrset: Any) -> tuple[str, ...]:
    if question.type == TXT:
        return tuple(sorted(text_of(record.strings) for record in rrset))  # the DNS knows no order
    return tuple(sorted(record.to_text() for record in rrset))


def _is_whole(response: Any) -> bool:
    """Whether an answer says all: it isn't cut off, and no mere pointer to other name servers."""
    if response.flags & dns.flags.TC:  # over TCP; over UDP it is asked again
        return False
    points_away = any(rrset.rdtype == dns.rdatatype.NS for rrset in response.authority)
    speaks = response.flags & (dns.flags.AA | dns.flags.RA)
    return bool(response.answer) or not points_away or bool(speaks)


def _failure(problem: Exception) -> Answer:
    if isinstance(problem, dns.exception.Timeout):
        return Answer(FAILED, reason="timeout")
    if isinstance(problem, dns.resolver.NoNameservers):
        codes = {str(error[3]) for error in problem.kwargs.get("errors", ())}
        if any("REFUSED" in code for code in codes):
            return Answer(FAILED, reason="refused")
        return Answer(FAILED, reason="servfail")
    text = type(problem).__name__
    return Answer(FAILED, reason="cname" if "Chain" in text else "network")


def lookup(resolver: Any) -> Lookup:
    """Gives the addresses of web hosts through a resolver."""

    def addresses(host: str, seconds: float) -> list[str]:
        deadline = Deadline(min(seconds, resolver.lifetime))
        with ThreadPoolExecutor(2, "bimikit-dns") as pool:
            return _addresses(*pool.map(lambda rdtype: ask(Question(host, rdtype), resolver, deadline), _ADDRESSES))

    return addresses


def alookup(resolver: Any) -> AsyncLookup:
    """The same on the event loop."""

    async def addresses(host: str, seconds: float) -> list[str]:
        deadline = Deadline(min(seconds, resolver.lifetime))
        questions = (aask(Question(host, rdtype), resolver, deadline) for rdtype in _ADDRESSES)
        return _addresses(*(await asyncio.gather(*questions)))

    return addresses


_ADDRESSES = (A, AAAA)


def _addresses(*answers: Answer) -> list[str]:
    found = [address for answer in answers if answer.state == FOUND for address in answer.records]
    failed = next((answer for answer in answers if answer.failed), None)
    if not found:
        raise LookupFailed(failed.reason if failed else "no address", failed is not None)
    return found
