"""What the functions that judge ask of their arguments, and the forms in which they take them."""

from __future__ import annotations

from datetime import UTC, datetime

BYTES = (bytes, bytearray, memoryview)


def as_bytes(what: str, value: object) -> bytes:
    """The bytes of an argument.

    Args:
        what: What the complaint calls it.
        value: What was given.

    Raises:
        TypeError: It isn't bytes.
    """
    if not isinstance(value, BYTES):
        raise TypeError(f"{what} must be bytes, not {type(value).__name__}")
    return bytes(value)


def in_utc(at: datetime | None) -> datetime:
    """The moment to judge at: now where none is given, in UTC and whole seconds.

    Raises:
        TypeError: It is no datetime.
        ValueError: It has no time zone, or lies outside the calendar in UTC.
    """
    if at is None:
        return datetime.now(UTC).replace(microsecond=0)
    if not isinstance(at, datetime):
        raise TypeError(f"at must be a datetime, not {type(at).__name__}")
    if at.tzinfo is None:
        raise ValueError("at must have a time zone")
    if at.tzinfo is UTC and not at.microsecond:
        return at
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("at is outside the calendar") from None
