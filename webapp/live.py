"""The live check: asking the DNS and the web for a domain, with what is planned laid over what is published."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bimikit
from bimikit import BimikitError, Report

from .judging import Logo, Subject, drawn, logo_of, names
from .problems import Problem
from .settings import Settings
from .submission import Submission, Upload
from .work import Workers

STEPS = ("dns", "fetch", "revocation", "judge", "draw")
"""What a live check does, in this order; not every check does all of it."""
_PAIRS_AT_ONCE = 3
"""Pairs of logo and certificate that are checked at the same time."""


class LiveChecks:
    """Runs live checks, so many at a time and no more."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self._settings = settings
        self._workers = workers
        self._room = threading.BoundedSemaphore(settings.live_at_once)
        self.at_work = 0
        """Checks that are being made."""

    def run(self, submission: Submission, tell: Callable[[str], None], *, draw: bool = True) -> tuple[Subject, ...]:
        """Check live, and wait for it.

        Args:
            submission: What was handed in.
            tell: Called with each of `STEPS` as it begins.
            draw: Whether the logo is drawn and its appearance judged.

        Raises:
            Problem: Live checks are turned off, too many are at work, or no resolver is known.
        """
        if not self._settings.live:
            raise Problem("live-off")
        if not self._room.acquire(blocking=False):
            raise Problem("busy", seconds=10)
        try:
            self.at_work += 1
            return self._run(submission, tell, draw)
        finally:
            self.at_work -= 1
            self._room.release()

    def _run(self, submission: Submission, tell: Callable[[str], None], draw: bool) -> tuple[Subject, ...]:
        pairs = submission.pairs()
        with ThreadPoolExecutor(_PAIRS_AT_ONCE + 1, "portal-pair") as pool:
            now = pool.submit(self._published, submission) if submission.has_records else None
            followed = [pool.submit(self._checked, submission, pairs[0], tell)]
            followed += [pool.submit(self._checked, submission, pair, _nothing) for pair in pairs[1:]]
            reports = [check.result() for check in followed]
            published = now.result() if now else {}
        plan = submission.plan()
        subjects = []
        for (logo, certificate), report in zip(pairs, reports, strict=True):
            shown = logo_of(report, logo)
            if shown is not None and draw:
                tell("draw")
                shown = self._drawn(shown)
            subjects.append(Subject(report, None, shown, names(logo, certificate), plan, published))
        return tuple(subjects)

    def _checked(
        self, submission: Submission, pair: tuple[Upload | None, Upload | None], tell: Callable[[str], None]
    ) -> Report:
        logo, certificate = pair
        return self._asked(
            submission,
            policy=self._settings.policy,
            trust=self._settings.trust,
            progress=tell,
            svg=logo.data if logo else None,
            certificate=certificate.data if certificate else None,
            crls=[file.data for file in submission.of("list")],
            dmarc=submission.dmarc,
            record=submission.record,
        )

    def _published(self, submission: Submission) -> dict[str, tuple[str, ...]]:
        """What stands in the DNS now, in place of what is planned."""
        report = self._asked(submission, fetch=False)
        return {name: tuple(texts) for name, texts in report.facts.get("records", {}).items()}

    def _asked(self, submission: Submission, **options: Any) -> Report:
        settings = self._settings
        try:
            return bimikit.check_domain(
                submission.domain,
                selector=submission.selector,
                at=settings.now(),
                resolver=bimikit.resolver_at(settings.resolver or None, lifetime=settings.dns_seconds),
                **options,
            )
        except BimikitError:
            raise Problem("no-resolver") from None

    def _drawn(self, logo: Logo) -> Logo:
        """A logo with its pictures; without them where there is no room or time for drawing."""
        try:
            return self._workers.run(self._settings.task_seconds, drawn, logo, self._settings.now())
        except Problem:
            return logo


def _nothing(_step: str) -> None:
    """Steps of a check beside the one that is followed."""


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
