"""What the views share: settings, the processes that judge, the live checks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import current_app, request

from .judging import Repaired, Subject, drawn_again, judge_gathered, judge_pair, repair, with_picture
from .limits import Rates, Turns
from .live import LiveChecks
from .planning import Plans
from .problems import Problem
from .rehearsal import rehearse
from .settings import Settings
from .submission import Submission
from .takeaway import Copies
from .work import Workers

Result = TypeVar("Result")


def _nobody(_step: str) -> None:
    """Steps that nobody watches."""


class Portal:
    """One portal's workings.

    Attributes:
        settings: How it is set up.
        workers: Its processes.
        live: Its live checks.
        rates: How often clients may ask, and how much each may have at work.
        copies: Its signed copies of results.
        plans: The plan that it shows; None where it shows none.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workers = Workers(settings.workers, settings.waiting, settings.memory, rehearse)
        self.live = LiveChecks(settings)
        self.rates = Rates(settings)
        self.copies = Copies(settings.secret_key)
        self.plans = Plans(Path(settings.plan), settings.plan_seconds, settings.memory) if settings.plan else None
        self._turns = Turns(max(1, settings.workers - 1) if settings.rates.get("check") else 0, settings.waiting)
        # others' hosts may be as slow as they like, so that a few requests could take all places for live checks
        self._asking = Turns(max(1, settings.live_at_once // 4) if settings.rates.get("live") else 0, settings.waiting)

    def admit(self, submission: Submission, client: str) -> None:
        """Count what a submission asks of the network against its client; each pair is a check of its own.

        Raises:
            Problem: There was too much within a minute.
        """
        for _pair in submission.pairs() if submission.live else ():
            self.rates.spend("live", client)

    def judge(
        self, submission: Submission, client: str, tell: Callable[[str], None] = _nobody, *, draw: bool = True
    ) -> tuple[Subject, ...]:
        """Judge a submission in other processes, once the network was asked where that is wished for.

        Each pair of its files is a task of its own, so that others have their turn in between.

        Args:
            submission: What was handed in, once it was admitted.
            client: Whose it is.
            tell: Called with each of `live.STEPS` as it begins.
            draw: Whether logos are drawn and their appearance is judged.

        Raises:
            Problem: There was no room, it took too long, or nobody can be asked.
        """
        settings = self.settings
        until = self.deadline()
        run = partial(self.run, client, until, settings.task_seconds)
        by_themselves = partial(run, judge_pair, at=settings.now(), trust=settings.trust, draw=draw)
        if not submission.live:
            tell("judge")
            parts = [*((submission.only(pair), pair) for pair in submission.pairs()), *submission.alone()]
            return tuple(by_themselves(part, pair) for part, pair in parts)
        with self._asking.of(client, until):
            gathered, published = self.live.gather(submission, tell)
        tell("judge")
        subjects = [
            run(judge_gathered, submission.only(pair), pair, one, published, trust=settings.trust)
            for pair, one in zip(submission.pairs(), gathered, strict=True)
        ]
        if draw and any(subject.logo for subject in subjects):
            tell("draw")
            with contextlib.suppress(Problem):  # an answer without pictures is better than none
                subjects = [run(with_picture, subject, at=settings.now()) for subject in subjects]
        return (*subjects, *(by_themselves(part, pair) for part, pair in submission.alone()))

    def again(self, subjects: Sequence[Subject], client: str) -> tuple[Subject, ...]:
        """Answers that were given before, with their logos drawn anew, in another process.

        Raises:
            Problem: There was no room, or it took too long.
        """
        settings = self.settings
        run = partial(self.run, client, self.deadline(), settings.task_seconds)
        return tuple(run(drawn_again, subject, at=settings.now()) for subject in subjects)

    def repair(self, data: bytes, name: str, options: Mapping[str, Any], client: str) -> Repaired:
        """Repair a logo, in another process.

        Args:
            data: Its bytes.
            name: What it is called.
            options: Further arguments of `bimikit.repair_svg`.
            client: Whose it is.

        Raises:
            Problem: An option makes no sense, there was no room, or it took too long.
        """
        settings = self.settings
        try:
            return self.run(
                client, self.deadline(), settings.repair_seconds, repair, data, name, options, at=settings.now()
            )
        except ValueError as problem:
            raise _of_option(str(problem)) from None

    def run(
        self,
        client: str,
        until: float,
        seconds: float,
        function: Callable[..., Result],
        *args: Any,
        **named: Any,
    ) -> Result:
        """Run a function in another process once it is the client's turn; see `Workers.run`.

        Raises:
            Problem: There was no room, or it took too long.
        """
        with self._turns.of(client, until):
            return self.workers.run(seconds, function, *args, until=until, **named)

    def deadline(self) -> float:
        """When a request that begins now has to be done, by the monotonic clock."""
        return time.monotonic() + self.settings.request_seconds

    def close(self) -> None:
        """End the processes."""
        self.workers.close()
        if self.plans is not None:
            self.plans.close()


def _of_option(told: str) -> Problem:
    """What bimikit says of an option that makes no sense."""
    if "colour" in told:
        return Problem("background-invalid", "background")
    for start, field in (("the title", "title"), ("the description", "desc")):
        if told.startswith(start):
            return Problem("text-unprintable", field, wrong=field)
    return Problem("option-invalid")


def client() -> str:
    """Who sent the request at hand."""
    return request.remote_addr or ""


def portal() -> Portal:
    """The portal of the request at hand."""
    return cast("Portal", current_app.extensions["bimikit"])
