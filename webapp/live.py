"""The live check: asking the DNS and the web for a domain, with what is planned laid over what is published.

Only the asking, which waits for others, is done in the server's own process.
"""

from __future__ import annotations

import queue
import threading
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
_COME_BACK = 10


class LiveChecks:
    """Asks the network, for so many submissions at a time and no more."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._room = threading.BoundedSemaphore(settings.live_at_once)
        self.at_work = 0
        """Submissions that somebody is being asked for."""

    def gather(
        self, submission: Submission, tell: Callable[[str], None]
    ) -> tuple[tuple[Gathered, ...], Gathered | None]:
        """Ask, and wait for the answers.

        Args:
            submission: What was handed in.
            tell: Called with each of `STEPS` as it begins.

        Returns:
            What was gathered for each pair, and what the DNS holds now at the names of records that are planned.

        Raises:
            Problem: Live checks are turned off, too many are at work, or no resolver is known.
        """
        if not self._settings.live:
            raise Problem("live-off")
        if not self._room.acquire(blocking=False):
            raise Problem("busy", seconds=_COME_BACK)
        try:
            self.at_work += 1
            return self._gather(submission, tell)
        finally:
            self.at_work -= 1
            self._room.release()

    def _gather(
        self, submission: Submission, tell: Callable[[str], None]
    ) -> tuple[tuple[Gathered, ...], Gathered | None]:
        followed, *others = submission.pairs()
        with ThreadPoolExecutor(len(others) + 2, "portal-pair") as pool:  # all at once: they wait for others
            now = pool.submit(self._asked, submission, fetch=False) if submission.has_records else None
            asked = [pool.submit(self._of_pair, submission, followed, tell)]
            asked += [pool.submit(self._of_pair, submission, pair, _nothing) for pair in others]
            return tuple(one.result() for one in asked), now.result() if now else None

    def _of_pair(self, submission: Submission, pair: Pair, tell: Callable[[str], None]) -> Gathered:
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
                resolver=bimikit.resolver_at(settings.resolver or None, lifetime=settings.dns_timeout),
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
