"""What a column of the store may hold: what isn't of its kind is damage, and is refused wherever it is read.

A database keeps what it is given: SQLite takes text where a number belongs, and any file can be edited or cut.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, LargeBinary, Text, TypeDecorator, type_coerce
from sqlalchemy.types import TypeEngine

LEAST, MOST = -(2**63), 2**63 - 1
"""The numbers of a database's columns."""
_DECODED_KEPT = 1000
_FLAGS = {False: False, True: True}
"""SQLite has 0 and 1, which are the same keys."""


class WrongValue(ValueError):
    """A value that can't be where it stands.

    Attributes:
        column: Where.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


class Bytes(TypeDecorator[bytes]):
    """Bytes."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bytes]:
        """Read a value of the database."""
        column = self.column

        def read(value: Any) -> bytes:
            if type(value) is not bytes:
                raise WrongValue(column)
            return value

        return read


class Words(TypeDecorator[str]):
    """Text, compared by its bytes, as SQLite does: a server's language would sort, and so answer, in another order."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As what the database has it."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str]:
        """Read a value of the database."""
        column = self.column

        def read(value: Any) -> str:
            if type(value) is not str:
                raise WrongValue(column)
            return value

        return read


class Json(Words):
    """Something as JSON: written as text, and read as what it says."""

    cache_ok = True

    def __init__(self, column: str, of: Any) -> None:
        super().__init__(column)
        self.of = of

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Read a value of the database."""
        column, of = self.column, self.of

        @lru_cache(_DECODED_KEPT)  # many rows say the same
        def read(value: Any) -> Any:
            try:
                return msgspec.json.decode(value, type=of)
            except (msgspec.MsgspecError, TypeError, RecursionError):
                raise WrongValue(column) from None

        return read


class Flag(TypeDecorator[bool]):
    """Yes or no."""

    impl = Boolean
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bool]:
        """Read a value of the database."""
        column = self.column

        def read(value: Any) -> bool:
            found = _FLAGS.get(value)
            if found is None:
                raise WrongValue(column)
            return found

        return read


class Number(TypeDecorator[int]):
    """A whole number within bounds; so are the highest, the lowest and the sum of some.

    Attributes:
        column: Where it stands.
        least: The least that can be.
        most: The most.
        optional: Whether there may be none, as of the highest of no numbers.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, column: str, least: int = LEAST, most: int = MOST, *, optional: bool = False) -> None:
        super().__init__()
        self.column, self.least, self.most, self.optional = column, least, most, optional

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Read a value of the database."""
        column, least, most, optional = self.column, self.least, self.most, self.optional

        def read(value: Any) -> int | None:
            number = value if type(value) is int else _whole(value)
            if number is None:
                if value is None and optional:
                    return None
                raise WrongValue(column)
            if not least <= number <= most:
                raise WrongValue(column)
            return number

        return read


def or_none(found: ColumnElement[Any]) -> ColumnElement[Any]:
    """What there is none of where there are no rows, such as the highest number of a column."""
    kind = found.type
    assert isinstance(kind, Number)  # noqa: S101 - of others it isn't asked
    return type_coerce(found, Number(kind.column, kind.least, kind.most, optional=True))


def _whole(value: object) -> int | None:
    """The number of what PostgreSQL gives as a sum; None of anything else."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None
