"""The database under the store of aggregate reports: how it is reached, made, asked and written to."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ..extras import extra
from .store_errors import StoreError, told_by

with extra("reports"):
    from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, inspect, make_url, select
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from . import schema
    from .kinds import WrongValue, or_none

_LOCK = 0x62696D69
"""The number of our lock among those of a PostgreSQL database."""
_SQLITE = (
    # With WAL, what a killed process committed is in the system's hands and is kept. Only where the power fails may the
    # last commits be lost, always the latest first and never by halves: then the mark that a file was read is lost
    # before its reports are, and they are read again. FULL would wait for the disk at each report.
    "PRAGMA synchronous=NORMAL",
    # After a large report the log is cut back.
    f"PRAGMA journal_size_limit={64 * 1024 * 1024}",
    "PRAGMA cache_size=-65536",
)
_HIGHEST = {table.name: select(or_none(func.max(table.c.id))) for table in (schema.report, schema.outcome)}


class Database:
    """An SQLite file or a PostgreSQL database with our tables; every method raises `StoreError` where it can't be used.

    Attributes:
        place: Where it is, fit to be shown: never with a password.
    """

    def __init__(self, place: str | os.PathLike[str], *, create: bool, patience: int) -> None:
        """Reach it, or make it where there is none and `create` says so; wait `patience` seconds for who writes."""
        url = _url(place)
        self.place = _shown(url)
        self._patience = patience
        if url.drivername == "sqlite" and not create and not Path(url.database or "").is_file():
            raise StoreError(self.place, "missing")
        self._engine = _engine(url, patience)
        self._writer = self._engine.execution_options(bimikit_writes=True)
        try:
            self._prepare(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else writes."""
        with self._told(), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        driver = self._engine.dialect.loaded_dbapi.Error  # comes past SQLAlchemy while connecting, and in COPY
        try:
            yield
        except (DBAPIError, driver) as problem:
            told = problem.orig or problem if isinstance(problem, DBAPIError) else problem
            raise told_by(told, self.place, self._patience) from None
        except WrongValue as problem:
            raise StoreError(self.place, "value", column=problem.column) from None

    def _prepare(self, create: bool) -> None:
        """Make the tables where there are none, and refuse others."""
        with self.asking() as connection:
            there = set(inspect(connection).get_table_names())
            if connection.dialect.name == "postgresql":
                encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
                if encoding != "UTF8":
                    raise StoreError(self.place, "encoding", found=encoding)
            elif there and schema.schema.name not in there:
                raise StoreError(self.place, "foreign")
        if schema.schema.name not in there:
            if not create:
                raise StoreError(self.place, "missing")
            self._create()
        elif create and schema.report.name in there:
            self._complete()
        with self.asking() as connection:
            versions = connection.scalars(select(schema.schema.c.version)).all()
        if not versions:
            raise StoreError(self.place, "tables", reason="bimikit_schema: 0 rows")
        found = max(versions)
        if found > schema.VERSION:
            raise StoreError(self.place, "newer", found=found, known=schema.VERSION)

    def _create(self) -> None:
        if self._engine.dialect.name == "sqlite":
            self._use_wal()
        with self.writing() as connection:
            schema.TABLES.create_all(connection)  # those that another process didn't make meanwhile
            if connection.scalar(select(func.count()).select_from(schema.schema)) == 0:
                connection.execute(schema.schema.insert(), {"version": schema.VERSION})

    def _complete(self) -> None:
        """Make the indexes that a store of an earlier bimikit lacks."""
        with self.asking() as connection:
            there = {one["name"] for one in inspect(connection).get_indexes(schema.report.name)}
        for index in schema.report.indexes:
            if index.name not in there:
                with self.writing() as connection:
                    index.create(connection, checkfirst=True)

    def _use_wal(self) -> None:
        """Let readers not wait for the writer; the file stays so.

        Where several processes ask at the same moment, SQLite refuses some at once, whatever their patience.
        """
        ends = time.monotonic() + self._patience
        while True:
            try:
                with closing(self._engine.raw_connection()) as connection:
                    connection.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as problem:
                told = told_by(problem, self.place, self._patience)
                if told.problem != "busy" or time.monotonic() > ends:
                    raise told from None
                time.sleep(0.05)


def next_number(connection: Connection, table: Table) -> int:
    """The next number; of those who write there is one at a time."""
    highest: int | None = connection.scalar(_HIGHEST[table.name])
    return (highest or 0) + 1


def insert_all(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Write many rows by the way that is fast for each database; values are in the order of the columns."""
    names = ", ".join(table.c.keys())
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        marks = ", ".join("?" * len(table.c))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _engine(url: URL, patience: int) -> Engine:
    if url.drivername != "sqlite":
        options = {"connect_timeout": 10, "options": f"-c lock_timeout={patience}s", **url.query}
        with extra("reports"):
            return create_engine(url.set(drivername="postgresql+psycopg", query={}), connect_args=options)
    engine = create_engine(url, connect_args={"timeout": patience})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so, and as we say
        for line in _SQLITE:
            connection.execute(line)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("bimikit_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _url(place: str | os.PathLike[str]) -> URL:
    """The address of a store, with one of two drivers; raises `StoreError`."""
    text = os.fspath(place)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError(text.partition("://")[0] + "://…", "address") from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database:
        return URL.create("sqlite", database=url.database)
    if "@" in f"{url.host or ''}{url.database or ''}":  # a password with signs that have to be escaped
        raise StoreError(f"{kind}://…", "address")
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql")
    raise StoreError(f"{kind}://…", "address")


def _shown(url: URL) -> str:
    """A store as it is told of: without what is secret, which may stand after a question mark as well."""
    if url.drivername == "sqlite":
        return url.database or ""
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database).render_as_string()
