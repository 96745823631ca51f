"""Many values tested at once by RE2: path data, lists of points, lists of numbers.

Their grammars are regular, and RE2 takes linear time (about 3 ns a byte) whatever a stranger sends. Only a value that
fails is walked again, slowly, by `numbers` or `paths`, to say what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

# A number ends where it can't go on ("1.5.5" is 1.5 and .5), which a regular expression can't say without looking
# ahead. RE2 has one assertion, the word boundary, and that is enough once every value is put into an alphabet where
# the full stop is a word character and the command letters aren't: a whole number is then digits up to a boundary.
_ALPHABET = bytearray(b"?" * 256)
for _plain in b"0123456789+-,\0":
    _ALPHABET[_plain] = _plain
for _letters, _stands_for in ((b" \t\r\n", b" "), (b".", b"_"), (b"eE", b"e")):
    for _letter in _letters:
        _ALPHABET[_letter] = _stands_for[0]

_SEPARATOR = "(?: +(?:, *)?|, *)"
_EXPONENT = "(?:e(?:[+]?0?[0-9]|-[0-9]{1,2}))"
_DIGITS = f"(?:[0-9]+\\b|[0-9]*_[0-9]+{_EXPONENT}?|[0-9]+{_EXPONENT})"
_FIRST = f"[+-]?{_DIGITS}"
_NEXT = f"(?:(?:{_SEPARATOR}[+-]?|[+-]){_DIGITS}|_[0-9]+{_EXPONENT}?)"
_FLAGS = f"{_SEPARATOR}[01]{_SEPARATOR}?[01]{_SEPARATOR}?"


def _group_list(count: int) -> str:
    """Numbers in groups of `count`."""
    return f"{_FIRST}{_NEXT * (count - 1)}(?:{_NEXT * count})* *"


_ARC_LIST = f"{_FIRST}{_NEXT * 2}{_FLAGS}{_FIRST}{_NEXT}(?:{_NEXT * 3}{_FLAGS}{_FIRST}{_NEXT})* *"
_COMMANDS = (
    (b"Mm", b"!", _group_list(2)),
    (b"Ll", b"#", _group_list(2)),
    (b"HhVv", b"$", _group_list(1)),
    (b"Cc", b"%", _group_list(6)),
    (b"SsQq", b"&", _group_list(4)),
    (b"Tt", b"'", _group_list(2)),
    (b"Aa", b"@", _ARC_LIST),
    (b"Zz", b"*", ""),
)
for _letters, _stands_for, _arguments_of in _COMMANDS:
    for _letter in _letters:
        _ALPHABET[_letter] = _stands_for[0]

_ONE_COMMAND = "|".join(f"\\{sign.decode()} *{arguments}" for _letters, sign, arguments in _COMMANDS)
_PATH = f" *(?:! *{_group_list(2)}(?:{_ONE_COMMAND})*)?"
_POINTS = f" *(?:{_group_list(2)})?"


_ALL_ALIKE = bytes.maketrans(b"123456789", b"0" * 9)
_TOO_MANY = b"0" * 30
"""Digits in a row that make a number too large with the largest exponent of one digit. Counting them is no work for a
regular expression: it would be thirty times as large."""


class _Batch:
    """A test of many values at once. NUL can't occur in XML, so it separates them safely.

    What it passes has no number beyond `lexis.LARGEST`; a longer one that isn't is left to the walk, leading zeros for
    instance.
    """

    def __init__(self, grammar: str) -> None:
        self._grammar = grammar
        self._match: Callable[[bytes], object] | None = None

    def __call__(self, values: Sequence[str]) -> bool:
        if self._match is None:
            import re2  # dear, as is compiling, and a small logo is walked instead

            self._match = re2.compile(f"{self._grammar}(?:\\x00{self._grammar})*".encode()).fullmatch
        text = "\0".join(values).encode().translate(_ALPHABET)
        return _TOO_MANY not in text.translate(_ALL_ALIKE) and self._match(text) is not None


paths_match = _Batch(_PATH)
"""Whether every value is path data that is drawn to its end (arcs included)."""
points_match = _Batch(_POINTS)
"""Whether every value is a list of coordinate pairs."""
numbers_match = _Batch(f" *{_group_list(1)}")
"""Whether every value is a list of numbers, at least one."""
