"""What a DNS server for tests knows: records by name, how names fail, and what a resolver would answer from them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias, get_args

import dnslib
import idna
import msgspec

Failure: TypeAlias = Literal[
    "servfail", "refused", "formerr", "silent", "silent-udp", "garbage", "truncated", "slow", "none"
]
"""How a name can fail.

``servfail``, ``refused`` and ``formerr`` are response codes; ``silent`` never answers, ``silent-udp`` answers over TCP
only; ``garbage`` sends bytes that are no DNS message; ``truncated`` sets TC over UDP and is complete over TCP; ``slow``
takes some seconds; ``none`` answers as it should, under a name that fails with everything below it.
"""

Labels: TypeAlias = tuple[bytes, ...]

FAILURES: frozenset[str] = frozenset(get_args(Failure))
DEAD = frozenset({"servfail", "refused", "formerr", "silent", "garbage"})
"""Failures of a name that an alias to it doesn't survive."""
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)
CNAME, SOA, TXT, OPT, ANY = 5, 6, 16, 41, 255
_STRING = 255  # bytes in one character-string of a TXT record, RFC 1035 section 3.3.14
_NAME = 253


class Strings(tuple[str | bytes, ...]):
    """The character-strings of one TXT record, where it matters how the text is cut.

    Example:
        >>> Strings("v=DMARC1; p=rej", "ect")
        ('v=DMARC1; p=rej', 'ect')
    """

    __slots__ = ()

    def __new__(cls, *strings: str | bytes) -> Strings:
        """Take the strings in their order."""
        return super().__new__(cls, strings)


Text: TypeAlias = str | bytes | Strings
Data: TypeAlias = Text | tuple[str, str]
"""One record: a TXT record's text, or a type and what a zone file has after it, as in ``("A", "127.0.0.1")``."""


class Record(msgspec.Struct, frozen=True):
    """A record's data, and how many seconds it may be remembered."""

    rdata: Any
    ttl: int


class Fault(msgspec.Struct, frozen=True):
    """How a name fails, with everything below it or alone."""

    how: str
    below: bool = False
    seconds: float = 0


class Book:
    """Records and faults by name; whoever shares it among threads holds a lock."""

    def __init__(self) -> None:
        self._records: dict[Labels, dict[int, list[Record]]] = {}
        self._nodes: set[Labels] = {()}  # every name that exists, those with nothing but names below them included
        self._faults: dict[tuple[Labels, int | None], Fault] = {}

    def insert(self, labels: Labels, rtype: int, record: Record) -> None:
        """Add a record to a name.

        Raises:
            ValueError: An alias would not be alone at its name.
        """
        types = self._records.get(labels, {})
        if CNAME in types or (types and rtype == CNAME):
            raise ValueError(f"an alias (CNAME) is alone at its name: {b'.'.join(labels).decode()}")
        self._records.setdefault(labels, {}).setdefault(rtype, []).append(record)
        self._nodes.update(and_above(labels))

    def remove(self, labels: Labels, rtype: int | None) -> None:
        """Take a name's records away, of one type or all."""
        types = self._records.get(labels, {})
        for each in list(types) if rtype is None else [rtype]:
            types.pop(each, None)
        if not types:
            self._records.pop(labels, None)
        self._nodes = {()}.union(*(and_above(each) for each in self._records))

    def fail(self, labels: Labels, rtype: int | None, fault: Fault) -> None:
        """Let a name fail, for one type or all."""
        self._faults[labels, rtype] = fault

    def resolve(self, question: Any, name: Labels) -> tuple[int, list[Any]]:
        """The response code, and the answer with the aliases that led to it."""
        answer: list[Any] = []
        owner, seen = question.qname, {name}
        while True:
            types = self._at(name)
            if types is None:
                return NXDOMAIN, answer
            wanted = list(types) if question.qtype == ANY else [question.qtype]
            found = [_rr(owner, rtype, record) for rtype in wanted for record in types.get(rtype, ())]
            if found or CNAME not in types:
                return NOERROR, answer + found
            alias = types[CNAME][0]
            answer.append(_rr(owner, CNAME, alias))
            owner = alias.rdata.label
            name = lower(owner.label)
            if name in seen or self.fault(name, question.qtype).how in DEAD:
                return SERVFAIL, answer
            seen.add(name)

    def _at(self, name: Labels) -> dict[int, list[Record]] | None:
        """A name's records by type, a wildcard's if it doesn't exist, None if that doesn't either."""
        if name not in self._nodes:
            encloser = next(above for above in and_above(name) if above in self._nodes)
            name = (b"*", *encloser)  # of the closest name that exists, and of no other: RFC 4592 section 3.3.1
        return self._records.get(name, {}) if name in self._nodes else None

    def soa(self, name: Labels) -> Any:
        """The SOA record of the nearest zone that has one; the root's, made up, if none has."""
        for above in and_above(name):
            for record in self._records.get(above, {}).get(SOA, ()):
                return _rr(dnslib.DNSLabel(above), SOA, record)
        made_up = dnslib.SOA("ns.invalid", "hostmaster.invalid", (1, 3600, 600, 86400, 60))
        return _rr(dnslib.DNSLabel(()), SOA, Record(made_up, 60))

    def fault(self, name: Labels, rtype: int) -> Fault:
        """How a name fails for a type: the nearest name that was told of decides, then a type before any."""
        for above in and_above(name):
            for each in (rtype, None):
                fault = self._faults.get((above, each))
                if fault is not None and (fault.below or above == name):
                    return fault
        return Fault("none")


def labels_of(name: str) -> Labels:
    """The labels of a name, in lower case.

    Raises:
        ValueError: It is no DNS name.
    """
    text = name[:-1] if name.endswith(".") else name
    try:
        labels = [
            label.encode() if label.isascii() else idna.encode(label, uts46=True)
            for label in (text.split(".") if text else [])
        ]
    except idna.IDNAError as error:
        raise ValueError(f"no DNS name: {name!r}: {error}") from error
    if not all(0 < len(label) < 64 for label in labels) or len(b".".join(labels)) > _NAME:
        raise ValueError(f"no DNS name: {name!r}")
    return lower(labels)


def lower(labels: Sequence[bytes]) -> Labels:
    """Labels in lower case."""
    return tuple(label.lower() for label in labels)


def and_above(name: Labels) -> Iterator[Labels]:
    """A name and the names above it, the root last."""
    return (name[start:] for start in range(len(name) + 1))


def type_of(rdtype: str) -> int:
    """The number of a type of records.

    Raises:
        ValueError: There is no such type.
    """
    number = dnslib.QTYPE.reverse.get(rdtype.upper())
    if number is None:
        raise ValueError(f"no such type of record: {rdtype!r}")
    return int(number)


def strings_of(text: Text) -> list[bytes]:
    """A TXT record's character-strings.

    Raises:
        ValueError: One that was cut by the caller has over 255 bytes.
    """
    if isinstance(text, Strings):
        strings = [each.encode() if isinstance(each, str) else each for each in text]
        if not strings or max(map(len, strings)) > _STRING:
            raise ValueError(f"a TXT record has one or more strings of at most {_STRING} bytes: {text!r}")
        return strings
    if not isinstance(text, str | bytes):
        raise ValueError(f"a TXT record's text is a str, bytes or Strings: {text!r}")
    data = text.encode() if isinstance(text, str) else text
    return [data[start : start + _STRING] for start in range(0, max(len(data), 1), _STRING)]


def parsed(text: str) -> list[Any]:
    """The records of a zone file.

    Raises:
        ValueError: It can't be read.
    """
    # dnslib stumbles over lines with spaces or an indented comment alone; and tests indent their texts
    lines = [line for line in textwrap.dedent(text).splitlines() if line.strip() and not line.lstrip().startswith(";")]
    try:
        return list(dnslib.RR.fromZone("\n".join(lines)))
    except Exception as error:  # dnslib lets out whatever it stumbles over
        raise ValueError(f"no zone file: {text.strip()[:200]!r}: {error}") from error


def _rr(owner: Any, rtype: int, record: Record) -> Any:
    return dnslib.RR(owner, rtype, ttl=record.ttl, rdata=record.rdata)
