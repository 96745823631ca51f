"""The log: whom a complaint is about, and what somebody handed in, are left out of it."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from types import TracebackType

_CAUSES, _FRAMES = 3, 12
"""What is told of an exception: those that led to it, and frames of each."""
_SELDOM = 60.0
"""Seconds after which a warning that comes again and again is told again."""


def quiet() -> None:
    """Waitress names addresses in its complaints, and tells how many requests wait, which the metrics do."""
    logging.getLogger("waitress.queue").setLevel(logging.CRITICAL)
    logger = logging.getLogger("waitress")
    if not any(isinstance(one, _Nameless) for one in logger.filters):
        logger.addFilter(_Nameless())


class _Nameless(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Let it through without the address it is about; that a client left is nobody's concern."""
        about, serving, _path = str(record.msg).partition(" while serving ")
        if serving:
            record.msg, record.args = f"{about} while serving a request", ()
        return record.levelno >= logging.WARNING or not serving


class Seldom:
    """A warning that is told at most once a minute, since what it is about comes in crowds."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def __call__(self, message: str, *args: object) -> None:
        """Tell it, unless it was told just now."""
        now = time.monotonic()
        if now >= self._quiet_until:
            logging.getLogger("bimikit.portal").warning(message, *args)
            self._quiet_until = now + _SELDOM


class Discreet(logging.Formatter):
    """Tells of an exception where it happened and of what kind it is; its words may hold somebody's content."""

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The frames and the kinds."""
        told, problem = [], ei[1]
        seen: set[int] = set()
        while problem is not None and id(problem) not in seen and len(seen) < _CAUSES:
            seen.add(id(problem))
            frames = "".join(traceback.format_list(traceback.extract_tb(problem.__traceback__, limit=-_FRAMES)))
            notes = "".join(f"{note}\n" for note in getattr(problem, "__notes__", ()) if "File " in note)
            told.append(f"{frames}{notes}{type(problem).__qualname__}")
            problem = problem.__cause__ or problem.__context__
        return "\nwhile handling\n".join(told)


def log_to_stderr() -> None:
    """Write the log of requests, and what goes wrong, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
