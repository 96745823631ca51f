"""Which domains of a scan are done, as the file of an earlier run says."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from zlib import crc32

from ..domains import BadDomain, normal_domain
from .names import Given

_BLOCK = 256
"""Numbers that are kept together: a file with few numbers far apart takes no room for those between."""
_MISSING, _UNNAMED = 0, 1
"""In place of a domain: a number that isn't done, and one of which nobody said whose it is."""


class OtherInput(ValueError):
    """A row that was written is about another domain than the one that has its number now, or about none of them.

    Attributes:
        number: The number.
        given: How many domains the input has, where it ends before that number; 0 where it doesn't.
    """

    def __init__(self, number: int, given: int = 0) -> None:
        self.number = number
        self.given = given
        super().__init__(f"number {number}")


class Done:
    """Which numbers are done, and which domains they were.

    Attributes:
        count: How many are done.
        highest: The highest of them; 0 for none.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, array[int]] = {}
        self.count = 0
        self.highest = 0

    def add(self, number: int, domain: str = "") -> bool:
        """Take a number as done; whether it wasn't before."""
        block = self._blocks.get(number // _BLOCK)
        if block is None:
            block = self._blocks[number // _BLOCK] = array("I", [_MISSING]) * _BLOCK
        is_new = block[number % _BLOCK] == _MISSING
        block[number % _BLOCK] = _mark(domain)
        self.count += is_new
        self.highest = max(self.highest, number)
        return is_new

    def __contains__(self, number: int) -> bool:
        return self._at(number) != _MISSING

    def without(self, given: Iterable[Given]) -> Iterator[Given]:
        """Those that aren't done.

        Raises:
            OtherInput: A number that is done was another domain's, or is higher than any.
        """
        last = 0
        for one in given:
            last = one.number
            mark = self._at(last)
            if mark == _MISSING:
                yield one
            elif mark != _UNNAMED:
                with suppress(BadDomain):
                    if _mark(normal_domain(one.text)) != mark:
                        raise OtherInput(last)
        if last < self.highest:
            raise OtherInput(self.highest, last)

    def _at(self, number: int) -> int:
        block = self._blocks.get(number // _BLOCK)
        return _MISSING if block is None else block[number % _BLOCK]


def _mark(domain: str) -> int:
    """What is kept of a domain."""
    return max(crc32(domain.encode()), _UNNAMED + 1) if domain else _UNNAMED
