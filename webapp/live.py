"""The live check: asking the DNS and the web for a domain, with what is planned laid over what is published.

Only the asking, which waits for others, is done in the server's own process.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bimikit
from bimikit import BimikitError, Gathered

from .problems import Problem
from .settings import Settings
from .submission import Pair, Submission

STEPS = ("dns", "fetch", "revocation", "judge", "draw")
"""What a live check does, in this order; not every check does all of it."""
_PAIRS_AT_ONCE = 3
"""Pairs of logo and certificate that are asked about at the same time."""
_COME_BACK = 10


class LiveChecks:
    """Asks the network, for so many submissions at a time and no more."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._room = threading.BoundedSemaphore(settings.live_at_once)
        self.at_work = 0
        """Submissions that somebody is being asked for."""

    def gather(
        self, submission: Submission, tell: Callable[[str], None], until: float
    ) -> tuple[tuple[Gathered, ...], Gathered | None]:
        """Ask, and wait for the answers.

        Args:
            submission: What was handed in.
            tell: Called with each of `STEPS` as it begins.
            until: When to have begun the last question, by the monotonic clock.

        Returns:
            What was gathered for each pair, and what the DNS holds now at the names of records that are planned.

        Raises:
            Problem: Live checks are turned off, too many are at work, it took too long, or no resolver is known.
        """
        if not self._settings.live:
            raise Problem("live-off")
        if not self._room.acquire(blocking=False):
            raise Problem("busy", seconds=_COME_BACK)
        try:
            self.at_work += 1
            return self._gather(submission, tell, until)
        finally:
            self.at_work -= 1
            self._room.release()

    def _gather(
        self, submission: Submission, tell: Callable[[str], None], until: float
    ) -> tuple[tuple[Gathered, ...], Gathered | None]:
        followed, *others = submission.pairs()
        with ThreadPoolExecutor(_PAIRS_AT_ONCE + 1, "portal-pair") as pool:
            now = pool.submit(self._asked, submission, fetch=False) if submission.has_records else None
            asked = [pool.submit(self._of_pair, submission, followed, tell, until)]
            asked += [pool.submit(self._of_pair, submission, pair, _nothing, until) for pair in others]
            return tuple(one.result() for one in asked), now.result() if now else None

    def _of_pair(self, submission: Submission, pair: Pair, tell: Callable[[str], None], until: float) -> Gathered:
        if time.monotonic() > until:
            raise Problem("busy", seconds=_COME_BACK)
        logo, certificate = pair
        return self._asked(
            submission,
            policy=self._settings.policy,
            progress=tell,
            svg=logo.data if logo else None,
            certificate=certificate.data if certificate else None,
            crls=[file.data for file in submission.of("list")],
            dmarc=submission.dmarc,
            record=submission.record,
        )

    def _asked(self, submission: Submission, **options: Any) -> Gathered:
        settings = self._settings
        try:
            return bimikit.gather_domain(
                submission.domain,
                selector=submission.selector,
                at=settings.now(),
                resolver=bimikit.resolver_at(settings.resolver or None, lifetime=settings.dns_seconds),
                **options,
            )
        except BimikitError:
            raise Problem("no-resolver") from None


def _nothing(_step: str) -> None:
    """Steps of a pair beside the one that is followed."""


def streamed(work: Callable[[Callable[[str], None]], Any]) -> Iterator[tuple[str, Any]]:
    """Run something in a thread, and tell its steps as they begin.

    Yields:
        ``("step", name)`` for each step, and at last ``("done", result)`` or ``("failed", exception)``.
    """
    told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            told.put(("done", work(lambda step: told.put(("step", step)))))
        except Exception as problem:  # it is told to whoever waits
            told.put(("failed", problem))

    threading.Thread(target=run, name="portal-live", daemon=True).start()
    while True:
        kind, value = told.get()
        yield kind, value
        if kind != "step":
            return
