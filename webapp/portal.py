"""What the views share: settings, the processes that judge, the live checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app

from .judging import Subject, judge_files
from .limits import Rates, Turns
from .live import LiveChecks
from .rehearsal import rehearse
from .settings import Settings
from .submission import Submission
from .takeaway import Copies
from .work import Workers

Result = TypeVar("Result")


class Portal:
    """One portal's workings.

    Attributes:
        settings: How it is set up.
        workers: Its processes.
        live: Its live checks.
        rates: How often clients may ask, and how much each may have at work.
        copies: Its signed copies of results.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workers = Workers(settings.workers, settings.waiting, settings.memory, rehearse)
        self.live = LiveChecks(settings, self.workers)
        self.rates = Rates(settings)
        self.copies = Copies(settings.secret_key)
        self._turns = Turns(max(1, settings.workers - 1) if settings.rates.get("check") else 0)

    def judge(self, submission: Submission, client: str, *, draw: bool = True) -> tuple[Subject, ...]:
        """Judge what needs no network, in another process.

        Raises:
            Problem: There was no room, or it took too long.
        """
        settings = self.settings
        return self.run(
            client,
            settings.task_seconds,
            judge_files,
            submission,
            at=settings.now(),
            trust=settings.trust,
            draw=draw,
        )

    def run(self, client: str, seconds: float, function: Callable[..., Result], *args: Any, **named: Any) -> Result:
        """Run a function in another process once it is the client's turn; see `Workers.run`.

        Raises:
            Problem: There was no room, or it took too long.
        """
        with self._turns.of(client):
            return self.workers.run(seconds, function, *args, **named)

    def close(self) -> None:
        """End the processes."""
        self.workers.close()


def portal() -> Portal:
    """The portal of the request at hand."""
    return cast("Portal", current_app.extensions["bimikit"])
