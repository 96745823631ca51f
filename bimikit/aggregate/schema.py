"""The tables of the store of aggregate reports: the same in SQLite and in PostgreSQL.

What a row says besides its address and count, many say alike: it stands in `outcome`, and `fact` refers to it. Texts
come from strangers and may be too long for an index of PostgreSQL's usual kind: what must be unique is found by its
digest. There are no foreign keys: rows come in bulk, are written by `Store` alone, and are never changed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Column, Index, MetaData, Table

from .feedback import Envelope, Signature
from .kinds import LEAST, MOST, Bytes, Flag, Json, Number, Words

VERSION = 1
"""Of these tables; a store with a higher one was made by a later bimikit."""

TABLES = MetaData()
_MOMENTS = tuple(
    int(year.replace(tzinfo=UTC).timestamp()) for year in (datetime.min, datetime.max.replace(microsecond=0))
)
_TEXTS = tuple[str, ...]


def _text(name: str) -> Column[str]:
    return Column(name, Words(name), nullable=False)


def _json(name: str, of: object) -> Column[str]:
    return Column(name, Json(name, of), nullable=False)


def _number(name: str, least: int = LEAST, most: int = MOST, *, key: bool = False) -> Column[int]:
    return Column(name, Number(name, least, most), nullable=False, primary_key=key, autoincrement=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Flag(name), nullable=False)


def _digest(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, Bytes(name), nullable=False, primary_key=key)


schema = Table("bimikit_schema", TABLES, _number("version", 1, key=True))

source = Table(
    "bimikit_source",
    TABLES,
    _digest("digest", key=True),
    _text("name"),
    _text("sha256"),
    sqlite_with_rowid=False,
)
"""Files that were read to their end."""

report = Table(
    "bimikit_report",
    TABLES,
    _number("id", key=True),
    _digest("identity"),
    _digest("content"),
    _text("source"),
    _text("reporter"),
    _text("email"),
    _text("report_id"),
    _text("domain"),
    _number("begin_at", *_MOMENTS),  # seconds since 1970, UTC
    _number("end_at", *_MOMENTS),
    _number("day", 1, date.max.toordinal()),  # of begin_at, counted from the first of year 1
    *(_text(name) for name in ("p", "sp", "np", "adkim", "aspf", "pct", "testing", "discovery", "fo")),
    *(_text(name) for name in ("contact", "version", "generator")),
    _json("errors", _TEXTS),
    _number("rows", 0),
    _number("messages", 0),
    Index("bimikit_report_identity", "identity", unique=True),
    Index("bimikit_report_domain", "domain", postgresql_using="hash"),
)

outcome = Table(
    "bimikit_outcome",
    TABLES,
    _number("id", key=True),
    _digest("digest"),
    _text("disposition"),
    _flag("dkim"),
    _flag("spf"),
    _text("reasons"),  # sorted, with a space between two
    _json("comments", _TEXTS),
    _text("header_from"),
    _text("envelope_from"),
    _text("envelope_to"),
    _text("signer"),  # this and the next two: of the signature that tells the most (`outcomes.telling`)
    _text("selector"),
    _text("signer_result"),
    _text("spf_domain"),  # and of the envelope that does
    _text("spf_result"),
    _json("signatures", tuple[Signature, ...]),  # all
    _json("envelopes", tuple[Envelope, ...]),
    Index("bimikit_outcome_digest", "digest", unique=True),
)

fact = Table(
    "bimikit_fact",
    TABLES,
    _number("report", key=True),
    _number("place", key=True),
    _number("outcome"),
    _number("messages", 0),
    _text("source_ip"),
    sqlite_with_rowid=False,  # in the order of the key: what a report says lies together, without a second index
)
"""So many messages from an address, in a report."""
