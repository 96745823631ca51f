"""What reporters write, in the one form in which it is compared: words, numbers, dates, addresses, domain names.

What differs from the schema is taken where it can mean one thing only; anything else raises `FeedbackError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from socket import AF_INET6, inet_ntop, inet_pton
from typing import Generic, TypeVar

from ..domains import BadDomain, normal_domain
from .feedback import FeedbackError

_T = TypeVar("_T")
_KNOWN = 5_000
"""Values that are remembered; a report that has more of a kind begins again."""
_MILLISECONDS = 100_000_000_000
"""A count of seconds from here on, which is the year 5138, is one of milliseconds."""
_MOST_MESSAGES = 10**12

_RESULTS = {
    **{word: word for word in ("pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror")},
    "": "none",
    "hardfail": "fail",
    "error": "temperror",
    "unknown": "permerror",
    "temp_error": "temperror",
    "perm_error": "permerror",
    "temperr": "temperror",
    "permerr": "permerror",
}
"""RFC 7489, appendix C, names ``error`` and ``unknown`` as what SPF's results are commonly written as."""
DKIM_RESULTS = {**_RESULTS, "softfail": "fail"}
SPF_RESULTS = {**_RESULTS, "policy": "neutral"}
ALIGNED = {word: "pass" if result == "pass" else "fail" for word, result in _RESULTS.items() if word}
"""Whether a mechanism passed with an aligned domain: anything but a pass is none."""
DISPOSITIONS = {word: word for word in ("none", "pass", "quarantine", "reject")}
POLICIES = {"": "none", **{word: word for word in ("none", "quarantine", "reject")}}
"""A record without a policy is one of ``p=none`` (RFC 7489, 6.6.3)."""
SUBDOMAIN_POLICIES = {**POLICIES, "": ""}
ALIGNMENTS = {"r": "r", "s": "s", "relaxed": "r", "strict": "s"}
TESTING = {"y": "y", "n": "n", "yes": "y", "no": "n"}
DISCOVERIES = {"psl": "psl", "treewalk": "treewalk"}


class Known(dict[str, _T], Generic[_T]):
    """What texts mean, remembered, as rows say the same over and over."""

    def __init__(self, read: Callable[[str], _T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> _T:
        value = self._read(text)
        if len(self) >= _KNOWN:
            self.clear()
        self[text] = value
        return value


def word(table: dict[str, str], text: str, where: str) -> str:
    """A word of a table."""
    found = table.get(text)
    if found is None:
        found = table.get(text.strip().lower())
        if found is None:
            raise FeedbackError("value" if text.strip() else "missing", f"{where}: {text[:100]}" if text else where)
    return found


def optional(table: dict[str, str], text: str) -> str:
    """The same of what nothing hangs on: empty for a word that isn't in the table."""
    return table.get(text.strip().lower(), "")


_COUNT = re.compile(r"\+?([0-9]{1,15})(?:\.0*)?", re.ASCII)


def count(text: str) -> int:
    """How many messages."""
    bare = text.strip()
    if not bare:
        raise FeedbackError("missing", "count")
    found = _COUNT.fullmatch(bare)
    number = int(found[1]) if found else -1
    if not 0 <= number <= _MOST_MESSAGES:
        raise FeedbackError("count", text[:100])
    return number


_SECONDS = re.compile(r"([0-9]{1,15})(?:[.,][0-9]*)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str) -> datetime:
    """A moment in UTC, whole seconds: a count of seconds, or ISO 8601, which without an offset is UTC."""
    text = text.strip()
    seconds = _SECONDS.fullmatch(text)
    try:
        if seconds:
            number = int(seconds[1])
            return _EPOCH + timedelta(seconds=number // 1000 if number >= _MILLISECONDS else number)
        if len(text) < len("2026-11-30"):
            raise FeedbackError("date", text)
        read = datetime.fromisoformat(text)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise FeedbackError("date", text[:100]) from None
    return read.replace(microsecond=0)


_DOTTED = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}", re.ASCII)
_EMBEDDED = bytes(8)
"""How IPv6 addresses begin that may be written with an IPv4 address in them, and few others."""


def address(text: str) -> str:
    """An IP address in its normal form (RFC 5952): without brackets, zone or tag; of an IPv4-mapped one the IPv4.

    Most come as they should, and differ from row to row: those don't go the long way.
    """
    if _DOTTED.fullmatch(text):
        return text
    try:
        packed = inet_pton(AF_INET6, text)
    except (OSError, ValueError):
        return _odd_address(text)
    return _odd_address(text) if packed.startswith(_EMBEDDED) else inet_ntop(AF_INET6, packed)


def _odd_address(text: str) -> str:
    bare = text.strip().strip("[]").lower().removeprefix("ipv6:").partition("%")[0]
    try:
        parsed = ip_address(bare)
    except ValueError:
        problem = FeedbackError("address", text[:100]) if bare else FeedbackError("missing", "source_ip")
        raise problem from None
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed)
    return str(parsed)


def domain(text: str) -> str:
    """A domain name in lower case, of an address its domain; in A-labels where it can be had; empty for none."""
    name = text.strip().rpartition("@")[2].strip("<>. \t\r\n").lower()
    if not name.isascii():
        try:
            name = normal_domain(name)
        except BadDomain:
            raise FeedbackError("value", name[:100]) from None
    return name
