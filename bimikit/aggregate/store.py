"""Where aggregate reports are kept: an SQLite file, or a PostgreSQL database with the same tables and the same answers.

What was stored stays as it is: a report is written once, whole, in one transaction. One process writes at a time, and
others wait for it; nobody waits for who reads.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from types import TracebackType
from typing import Any, Literal

import msgspec

from ..extras import extra
from .feedback import Feedback, Head, Policy, Row
from .outcomes import Chunk, Key, Tally, columns, digest, storable, storable_head

with extra("reports"):
    from sqlalchemy import Connection, bindparam, select

    from . import schema
    from .database import Database, insert_all, next_number
    from .questions import (
        DIMENSIONS,
        Sent,
        Totals,
        Volume,
        days_question,
        domains_question,
        limits,
        rows_question,
        sent_question,
        totals_question,
        volumes_question,
    )

PATIENCE = 120
"""Seconds for which a process waits until others have written; a killed one keeps nobody waiting."""
_MOST_NAMED = 500
"""Values in a statement."""
_MOST_KNOWN = 100_000
"""Outcomes whose numbers a store remembers."""
_PASSED = {True: "pass", False: "fail"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# Statements of each report and file, made once: to make one takes longer than to run it.
_CONTENT = select(schema.report.c.content).where(schema.report.c.identity == bindparam("identity"))
_READ = select(schema.source.c.digest).where(schema.source.c.digest == bindparam("digest"))


class Added(msgspec.Struct, frozen=True, gc=False):
    """What became of a report.

    Attributes:
        outcome: ``"new"``: stored; ``"known"``: it was stored before, and counts once; ``"differs"``: another with the
            same reporter, id, domain and time was, says something else, and was kept.
        rows: The rows it has.
        messages: The messages they count.
    """

    outcome: Literal["new", "known", "differs"]
    rows: int
    messages: int


class StoredReport(msgspec.Struct, frozen=True, gc=False):
    """A report that is kept.

    Attributes:
        head: What stands above its rows; times to the second.
        rows: How many it has.
        messages: How many messages they count.
        source: What it was read from.
    """

    head: Head
    rows: int
    messages: int
    source: str


class Store:
    """A store of aggregate reports; open it with `Store.open`, and close it or use it in a ``with``.

    Any number of threads and processes may use the same one. Every method raises `StoreError` where the database can't
    be used. Questions may be limited: `domain` is the domain whose policy was reported on; `since` and `until` are
    about the moment a report begins, with `since` and without `until` itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outcomes: dict[bytes, int] = {}
        self._read: set[bytes] | None = None

    @classmethod
    def open(cls, place: str | os.PathLike[str], *, create: bool = True, patience: int = PATIENCE) -> Store:
        """Open a store, or make it where there is none.

        Args:
            place: The path of an SQLite file, ``sqlite:///path``, or ``postgresql://user:password@host:port/database``.
            create: Whether to make it; if not, one that isn't there is an error.
            patience: Seconds to wait for others that write.

        Raises:
            StoreError: It can't be; the problem says why.
            BimikitError: The extra ``reports`` isn't installed.
        """
        return cls(Database(place, create=create, patience=patience))

    @property
    def place(self) -> str:
        """Where it is, fit to be shown: never with a password."""
        return self._database.place

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # writing

    def add(self, feedback: Feedback, source: str = "") -> Added:
        """Store a report: whole, or not at all. The same one counts once, however often it comes.

        Args:
            feedback: The report. Its rows are read to their end, whatever becomes of it.
            source: What it is read from, such as the name of a file.

        Raises:
            FeedbackError: It can't be read to its end, and nothing of it was stored.
        """
        head = storable_head(feedback.head)
        begin, end = _seconds(head.begin), _seconds(head.end)
        identity = digest(head.reporter, head.report_id, head.policy.domain, begin, end)
        tally = Tally(feedback.rows)
        chunks = tally.chunks()
        first = next(chunks)  # nearly every report is read to its end by now, before anybody has to wait
        known: dict[bytes, int] = {}
        with self._database.writing() as connection:
            kept: bytes | None = connection.scalar(_CONTENT, {"identity": identity})
            if kept is None:
                number = next_number(connection, schema.report)
                place = 0
                for chunk in chain([first], chunks):
                    self._number(connection, chunk, known)
                    rows = [
                        (number, place + nth, known[outcome], messages, address)
                        for nth, (address, outcome, messages) in enumerate(chunk.sums)
                    ]
                    insert_all(connection, schema.fact, rows)
                    place += len(rows)
                connection.execute(
                    schema.report.insert(),
                    {
                        "id": number,
                        "identity": identity,
                        "content": _content(head, tally),
                        "source": storable(source),
                        "reporter": head.reporter,
                        "email": head.email,
                        "report_id": head.report_id,
                        "begin_at": begin,
                        "end_at": end,
                        "day": _moment(begin).toordinal(),
                        **msgspec.structs.asdict(head.policy),
                        "errors": msgspec.json.encode(head.errors).decode(),
                        "contact": head.contact,
                        "version": head.version,
                        "generator": head.generator,
                        "rows": tally.rows,
                        "messages": tally.messages,
                    },
                )
        if kept is None:
            self._remember(known)
            return Added("new", tally.rows, tally.messages)
        for _ in chunks:
            pass  # what it says is compared to its end
        return Added("known" if kept == _content(head, tally) else "differs", tally.rows, tally.messages)

    def add_source(self, name: str, sha256: str) -> None:
        """Note that a file was read to its end; call it when all of its reports were stored.

        Args:
            name: The file's name.
            sha256: Its SHA-256, in hexadecimal.
        """
        key = _source_key(name, sha256)
        with self._database.writing() as connection:
            if connection.scalar(_READ, {"digest": key}) is None:
                row = {"digest": key, "name": storable(name), "sha256": storable(sha256)}
                connection.execute(schema.source.insert(), row)
        if self._read is not None:
            self._read.add(key)

    def has_source(self, name: str, sha256: str) -> bool:
        """Whether a file with this name and content was read to its end."""
        key = _source_key(name, sha256)
        if self._read is None:  # all at once: a folder is asked about file by file
            with self._database.asking() as connection:
                self._read = set(connection.scalars(select(schema.source.c.digest)))
        if key in self._read:
            return True
        with self._database.asking() as connection:  # another process may have read it since
            return connection.scalar(_READ, {"digest": key}) is not None

    def _number(self, connection: Connection, chunk: Chunk, known: dict[bytes, int]) -> None:
        """Complete the numbers of outcomes that are known."""
        outcomes = self._outcomes
        known.update((outcome, outcomes[outcome]) for outcome in chunk.outcomes if outcome in outcomes)
        known.update(_numbers(connection, {at: key for at, key in chunk.outcomes.items() if at not in known}))

    def _remember(self, known: dict[bytes, int]) -> None:
        """Keep numbers of outcomes, now that they are committed."""
        together = {**self._outcomes, **known}
        self._outcomes = together if len(together) <= _MOST_KNOWN else {}

    # questions

    def domains(self, since: datetime | None = None, until: datetime | None = None) -> tuple[tuple[str, int], ...]:
        """The domains whose policies were reported on, with the messages counted, those with the most first."""
        with self._database.asking() as connection:
            found = connection.execute(domains_question(_limits(None, since, until)))
            return tuple((domain, int(messages)) for domain, messages in found)

    def days(self, domains: Collection[str] | None = None) -> tuple[tuple[date, int], ...]:
        """The days on which reports that count messages begin, in order, each with how many organizations sent any.

        Args:
            domains: Of reports on the policies of these alone; None for all.
        """
        names = None if domains is None else sorted(domains)
        chunks = [None] if names is None else [names[at : at + _MOST_NAMED] for at in range(0, len(names), _MOST_NAMED)]
        found: defaultdict[int, set[str]] = defaultdict(set)
        with self._database.asking() as connection:
            for chunk in chunks:
                for day, reporter in connection.execute(days_question(chunk)):
                    found[day].add(reporter.lower())
        return tuple((date.fromordinal(day), len(reporters)) for day, reporters in sorted(found.items()))

    def totals(self, domain: str | None = None, since: datetime | None = None, until: datetime | None = None) -> Totals:
        """Sums over everything asked for."""
        with self._database.asking() as connection:
            row = connection.execute(totals_question(_limits(domain, since, until))).one()
        moments = (None if row.first is None else _moment(row.first), None if row.last is None else _moment(row.last))
        told: Any = (*(int(number or 0) for number in row[:8]), *moments)
        return Totals(*told)

    def volumes(
        self,
        domain: str | None = None,
        by: str | Sequence[str] = "day",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Volume]:
        """Sums for each value, in the order of the values.

        Args:
            domain: See the class.
            by: One or several of `DIMENSIONS`.
            since: See the class.
            until: See the class.

        Raises:
            ValueError: There is no such dimension.
        """
        names = (by,) if isinstance(by, str) else tuple(by)
        if unknown := [name for name in names if name not in DIMENSIONS]:
            raise ValueError(f"no dimension {unknown[0]!r}; there are {', '.join(DIMENSIONS)}")
        question = volumes_question(names, _limits(domain, since, until))
        return self._volumes(question, names)

    def _volumes(self, question: Any, names: tuple[str, ...]) -> Iterator[Volume]:
        of = len(names)
        for row in self._stream(question):
            key = tuple(_shown_as(name, value) for name, value in zip(names, row[:of], strict=True))
            yield Volume(key, *map(int, row[of:]))

    def sources(
        self, domain: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Sent]:
        """Who sent: sums for each address and outcome, in the order of the attributes."""
        for row in self._stream(sent_question(_limits(domain, since, until))):
            *values, reasons, messages, first, last = row
            told: Any = (*values, tuple(reasons.split()), int(messages), _moment(first), _moment(last))
            yield Sent(*told)

    def rows(
        self, domain: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[tuple[date, str, Row]]:
        """What an organization's reports that begin on the same day say, added up, with all signatures.

        The day, the organization and what it says come in the order of the days, then of the addresses.
        """
        known: dict[int, tuple[Any, ...]] = {}  # what many rows say alike is read once, and held once
        for row in self._stream(rows_question(_limits(domain, since, until))):
            day, reporter, source_ip, messages, number = row[:5]
            said = known.get(number)
            if said is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                said = known[number] = _said(row)
            yield date.fromordinal(day), reporter, Row(source_ip, int(messages), *said)

    def reports(
        self, domain: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[StoredReport]:
        """The reports, by begin, then reporter, id, domain and end."""
        table = schema.report.c
        order = (table.begin_at, table.reporter, table.report_id, table.domain, table.end_at, table.id)
        for row in self._stream(select(schema.report).where(*_limits(domain, since, until)).order_by(*order)):
            policy = Policy(**{name: getattr(row, name) for name in Policy.__struct_fields__})
            head = Head(
                reporter=row.reporter,
                email=row.email,
                report_id=row.report_id,
                begin=_moment(row.begin_at),
                end=_moment(row.end_at),
                policy=policy,
                errors=row.errors,
                contact=row.contact,
                version=row.version,
                generator=row.generator,
            )
            yield StoredReport(head, row.rows, row.messages, row.source)

    def _stream(self, question: Any) -> Iterator[Any]:
        with (
            self._database.asking() as connection,
            connection.execution_options(yield_per=1000).execute(question) as rows,
        ):
            yield from rows


def _content(head: Head, tally: Tally) -> bytes:
    """By which a report that came twice is known from another of the same identity."""
    return digest(head, str(tally.says))


def _source_key(name: str, sha256: str) -> bytes:
    return digest(storable(name), storable(sha256))


def _shown_as(dimension: str, value: Any) -> str:
    if dimension == "day":
        return date.fromordinal(value).isoformat()
    return _PASSED[value] if isinstance(value, bool) else str(value)


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("the time needs a time zone")
    return (moment - _EPOCH) // timedelta(seconds=1)


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=int(seconds))


def _limits(domain: str | None, since: datetime | None, until: datetime | None) -> Any:
    return limits(
        None if domain is None else storable(domain),
        None if since is None else _seconds(since),
        None if until is None else _seconds(until),
    )


def _said(row: Any) -> tuple[Any, ...]:
    """What a row says besides address and count, in the order of `Row`."""
    return (
        row.disposition,
        _PASSED[row.dkim],
        _PASSED[row.spf],
        tuple(row.reasons.split()),
        row.header_from,
        row.envelope_from,
        row.signatures,
        row.envelopes,
        row.comments,
        row.envelope_to,
    )


def _numbers(connection: Connection, outcomes: dict[bytes, Key]) -> dict[bytes, int]:
    """The numbers of outcomes; those that weren't there are written."""
    table = schema.outcome
    found: dict[bytes, int] = {}
    for some in _batches(outcomes):
        asked = select(table.c.digest, table.c.id).where(table.c.digest.in_(some))
        found.update((row.digest, row.id) for row in connection.execute(asked))
    if new := [key for outcome, key in outcomes.items() if outcome not in found]:
        rows = [{"id": number, **columns(key)} for number, key in enumerate(new, next_number(connection, table))]
        connection.execute(table.insert(), rows)
        found.update((row["digest"], row["id"]) for row in rows)
    return found


def _batches(outcomes: dict[bytes, Key]) -> Iterator[list[bytes]]:
    rest = iter(outcomes)
    while some := list(islice(rest, _MOST_NAMED)):
        yield some
