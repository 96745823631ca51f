"""A scan under way: its rows are taken, kept or shown, and counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress
from pathlib import Path

import click

from ..output.scan import Tally, line
from ..portfolio.done import Done
from ..portfolio.further import Further
from ..portfolio.row import NO_DOMAIN, Scanned
from ..portfolio.rows import read_rows
from ..portfolio.sinks import Sink, as_lines
from .options import color_wanted
from .progress import Progress
from .scan_files import OF_ROWS, TEXT
from .streams import put
from .words import told

_BATCH = 1_000
"""Rows that are written together."""
_MOMENT = 0.2
"""Seconds after which rows are written, however few: so much is lost by a kill, and done anew."""


class Run:
    """Takes rows, keeps them, and tells how far the scan is."""

    def __init__(self, sink: Sink | None, shown: str, progress: Progress, lang: str) -> None:
        self.tally = Tally()
        self._sink = sink
        self._shown = shown
        self._progress = progress
        self._lang = lang
        self._batch: list[Scanned] = []

    def count(self, spool: Path | None, form: str, done: Done, wanted: Further) -> None:
        """Count what an earlier run has done.

        Raises:
            click.UsageError: It looked for something else than is wanted now, so that the file would have both.
        """
        if spool is not None and done.count:
            for row in read_rows(spool, form):
                if (key := _otherwise(row, wanted)) is not None:
                    raise click.UsageError(told(key, file=spool, domain=row.domain, selector=repr(row.selector)))
                self.tally.add(row)

    async def drive(self, rows: AsyncIterator[Scanned]) -> None:
        """Take all rows; what has come is written within a moment, however long others take."""
        async with aclosing(rows):  # type: ignore[type-var] # every one of ours is a generator
            taking = asyncio.ensure_future(self._take(rows))
            try:
                while not taking.done():
                    await asyncio.wait([taking], timeout=_MOMENT)
                    self.pause()
            finally:
                taking.cancel()
                with suppress(asyncio.CancelledError):
                    await taking
        self.flush()

    def take(self, rows: Iterator[Scanned]) -> None:
        """Take rows that come in pieces, with pauses between."""
        for row in rows:
            self._batch.append(row)
            if len(self._batch) >= _BATCH:
                self.pause()
        self.flush()

    def pause(self) -> None:
        """Write what has come, and tell how far the scan is."""
        self.flush()
        self._progress.show(self.tally.count, self.tally.unknown)

    async def _take(self, rows: AsyncIterator[Scanned]) -> None:
        async for row in rows:
            self._batch.append(row)
            if len(self._batch) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what has come."""
        rows, self._batch = self._batch, []
        if not rows:
            return
        if self._sink is not None:
            self._sink.write(rows)
        elif self._shown == TEXT:
            self._progress.clear()
            color = color_wanted()
            put("".join(f"{line(row, lang=self._lang, color=color)}\n" for row in rows))
        elif self._shown in OF_ROWS:
            put(as_lines(rows, self._shown, head=not self.tally.count))
        for row in rows:
            self.tally.add(row)


def _otherwise(row: Scanned, wanted: Further) -> str | None:
    """In what a row isn't what a scan makes of its domain that looks at what is wanted: a key of the words, if any."""
    if row.state == NO_DOMAIN:
        return None
    if row.selector.lower() != wanted.selector_of.get(row.domain, wanted.selector).lower():
        return "scan.other-selector"
    has_files = bool(row.location or row.authority)
    if (row.sending is not None) != wanted.sending or (has_files and (row.hosted is not None) != wanted.hosted):
        return "scan.other-extent"
    return None
