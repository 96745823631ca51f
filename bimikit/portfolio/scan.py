"""Scanning many domains: each as soon as there is room, whatever others wait for; told in the order of the answers."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

from ..dns.answers import Answer, Question
from ..dns.dmarc import dmarc_name
from ..domains import BadDomain, normal_domain, require_room
from .client import IN_FLIGHT, Client
from .feed import Feed
from .lookup import look
from .names import Given
from .row import Scanned, no_domain, row_of

CONCURRENCY = 4_000
"""Domains that are looked at together: enough that those whose name servers are silent hold up nobody else."""
REMEMBERED = 20_000
"""Answers on Organizational Domains and what is above them that are kept for other domains."""
_BUFFERED = 4_000
"""Rows that wait for whoever reads them; then no further domain is begun."""


class _Job:
    """A domain that is looked at."""

    __slots__ = ("answers", "asking", "domain", "missing", "number", "own", "questions", "selector")

    def __init__(self, number: int, domain: str, selector: str) -> None:
        self.number = number
        self.domain = domain
        self.selector = selector
        self.asking = look(domain, selector)
        self.own = (dmarc_name(domain), domain, f"{selector}._bimi.{domain}".lower())
        self.questions: list[Question] = []
        self.answers: dict[Question, Answer] = {}
        self.missing = 0


class _Shared:
    """Answers that serve several domains, and who waits for them."""

    def __init__(self, client: Client, most: int) -> None:
        self._client = client
        self._most = most
        self._known: OrderedDict[Question, Answer] = OrderedDict()
        self._waiting: dict[Question, list[tuple[_Scan, _Job]]] = {}

    def get(self, question: Question, scan: _Scan, job: _Job) -> Answer | None:
        """The answer if it is known; else the job is told when it comes."""
        answer = self._known.get(question)
        if answer is not None:
            self._known.move_to_end(question)
            return answer
        waiting = self._waiting.get(question)
        if waiting is not None:
            waiting.append((scan, job))
        else:
            self._waiting[question] = [(scan, job)]
            self._client.ask(question, self._told)
        return None

    def _told(self, question: Question, answer: Answer) -> None:
        if not answer.failed:  # the next one may get an answer
            self._known[question] = answer
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        for scan, job in self._waiting.pop(question):
            scan.answered(job, question, answer)


class _Scan:
    """One scan under way."""

    def __init__(
        self, client: Client, domains: Iterator[Given], selector: str, concurrency: int, clock: Callable[[], float]
    ) -> None:
        self._client, self._domains, self._selector, self._concurrency = client, domains, selector, concurrency
        self._clock = clock
        self._second, self._moment = 0, ""
        self._shared = _Shared(client, REMEMBERED)
        self._under_way = 0
        self._ended = False
        self.rows: deque[Scanned] = deque()
        self.news = domains.news if isinstance(domains, Feed) else asyncio.Event()

    @property
    def done(self) -> bool:
        """Whether every domain has its row."""
        return self._ended and not self._under_way

    def fill(self) -> None:
        """Begin with as many domains as there is room for."""
        while not self._ended and self._under_way < self._concurrency and len(self.rows) < _BUFFERED:
            given = next(self._domains, None)
            if given is None:
                if isinstance(self._domains, Feed) and not self._domains.ended:
                    return
                self._ended = True
                self.news.set()
                return
            shown, selector = given.text, given.selector or self._selector
            try:
                shown = domain = normal_domain(given.text)
                require_room(domain, selector)
            except BadDomain as problem:
                self._tell(no_domain(shown, str(problem), given.number, self._now()))
                continue
            job = _Job(given.number, domain, selector)
            self._under_way += 1
            self._ask(job, next(job.asking))

    def answered(self, job: _Job, question: Question, answer: Answer) -> None:
        """An answer came for a job."""
        job.answers[question] = answer
        job.missing -= 1
        if not job.missing:
            self._go_on(job)

    def _ask(self, job: _Job, questions: list[Question]) -> None:
        """Ask a round's questions; goes on at once where all answers are known."""
        while True:
            job.questions, job.answers = questions, {}
            job.missing = len(questions) + 1  # so that nothing goes on before all are asked
            for question in questions:
                if question.name in job.own:
                    self._client.ask(question, lambda asked, answer: self.answered(job, asked, answer))
                    continue
                known = self._shared.get(question, self, job)
                if known is not None:
                    job.answers[question] = known
                    job.missing -= 1
            job.missing -= 1
            if job.missing:
                return
            further = self._step(job)
            if further is None:
                return
            questions = further

    def _go_on(self, job: _Job) -> None:
        further = self._step(job)
        if further is not None:
            self._ask(job, further)

    def _step(self, job: _Job) -> list[Question] | None:
        """The next round's questions; None where the domain is done."""
        try:
            return job.asking.send(job.answers)
        except StopIteration as end:
            self._under_way -= 1
            self._tell(row_of(end.value, job.number, self._now(), job.selector))
            return None

    def _now(self) -> str:
        second = int(self._clock())
        if second != self._second:  # thousands of rows have the same
            self._second, self._moment = second, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        return self._moment

    def _tell(self, row: Scanned) -> None:
        self.rows.append(row)
        self.news.set()


def _numbered(domains: Iterable[str | Given]) -> Iterator[Given]:
    for number, one in enumerate(domains, 1):
        yield one if isinstance(one, Given) else Given(number, one)


async def scan_domains(
    domains: Iterable[str | Given],
    *,
    servers: Sequence[tuple[str, int]],
    selector: str = "default",
    concurrency: int = CONCURRENCY,
    in_flight: int = IN_FLIGHT,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Scanned]:
    """What the DNS says about DMARC and BIMI of many domains, by both readings; no files are fetched.

    Args:
        domains: Domain names as people type them, numbered in order where they aren't yet; read while the scan goes on.
            A `Feed` has more of them later.
        servers: Whom to ask: addresses and ports of resolvers, in turn.
        selector: The selector of the Assertion Records.
        concurrency: Domains that are looked at together.
        in_flight: Questions that each server is asked at once.
        clock: Seconds since 1970, for `Scanned.at`.

    Yields:
        A row for each domain, in the order in which they are done.

    Raises:
        ValueError: There is no server, or a number is no positive one.
    """
    if not servers or concurrency < 1 or in_flight < 1:
        raise ValueError("a scan needs a server, and positive numbers")
    client = Client(servers, in_flight=in_flight)
    try:
        scan = _Scan(client, domains if isinstance(domains, Feed) else _numbered(domains), selector, concurrency, clock)
        while True:
            scan.news.clear()
            scan.fill()
            if not scan.rows:
                if scan.done:
                    return
                await scan.news.wait()
            while scan.rows:
                yield scan.rows.popleft()
    finally:
        client.close()
