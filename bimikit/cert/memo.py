"""Remembering what was worked out about the few CAs that issue everything, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MEMORABLE = 4096
"""Bytes of a certificate that is worth it; issuing CAs and roots have fewer."""

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Memo(Generic[_Key, _Value]):
    """Values by key; once there are `most` of them all are forgotten, so that no stranger can fill the memory.

    Unlike `functools.lru_cache`, whether a value is worth keeping may be decided once it is known (`put`).
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[_Key, _Value] = {}

    def get(self, key: _Key, work_out: Callable[[], _Value]) -> _Value:
        """The value of a key, worked out and kept where it isn't known."""
        value = self._known.get(key)
        if value is None:
            value = work_out()
            self.put(key, value)
        return value

    def put(self, key: _Key, value: _Value) -> None:
        """Keep a value."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[key] = value

    def known(self, key: _Key) -> _Value | None:
        """The value of a key; None where it isn't kept."""
        return self._known.get(key)
