"""The names of addresses, as far as they lead back to them: the only ones that say something of who sends."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from ipaddress import ip_address
from typing import Any

from ..at_once import at_once
from ..dns.answers import AAAA, FOUND, A, Question
from ..dns.resolve import Deadline, ask
from .senders import recognise

MOST = 500
"""Addresses whose names are looked up."""
PATIENCE = 60.0
"""Seconds for all of them."""
_MOST_NAMES = 10
"""Names of an address that are followed (RFC 7208, 4.6.4, has the same bound)."""
_PTR = "PTR"


def confirmed_names(addresses: Iterable[str], resolver: Any, *, patience: float = PATIENCE) -> dict[str, str]:
    """The names of addresses, each confirmed: it has the address among its own (RFC 8601, section 3, "iprev").

    An address is left out that has no such name, and one whose name couldn't be found out in time. Of several names
    that of a known sender is taken, then the first in the order of letters.

    Args:
        addresses: The addresses, those that matter most first; of more than `MOST` the rest is left out.
        resolver: A resolver of dnspython.
        patience: Seconds for all of them together.
    """
    asked = [address for address, _ in zip(addresses, range(MOST), strict=False)]
    ends = time.monotonic() + patience
    questions = [partial(_name, address, resolver, ends) for address in asked]
    found = dict(at_once(questions, "bimikit-names"))
    return {address: found[number] for number, address in enumerate(asked) if found[number]}


def _name(address: str, resolver: Any, ends: float) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    left = ends - time.monotonic()
    if left <= 0:
        return ""
    deadline = Deadline(min(left, getattr(resolver, "lifetime", left)))
    pointers = ask(Question(parsed.reverse_pointer, _PTR), resolver, deadline)
    kind = A if parsed.version == 4 else AAAA
    names = sorted({record.rstrip(".").lower() for record in pointers.records if pointers.state == FOUND})
    confirmed = [
        name
        for name in names[:_MOST_NAMES]
        if name and str(parsed) in _addresses(ask(Question(name, kind), resolver, deadline).records)
    ]
    return min(confirmed, key=lambda name: (recognise(ptr=name) is None, name), default="")


def _addresses(records: Sequence[str]) -> set[str]:
    return {str(ip_address(record)) for record in records}


def largest_first(volumes: Iterable[tuple[str, int]]) -> list[str]:
    """Addresses by their messages, as `confirmed_names` takes them."""
    sums: Counter[str] = Counter()
    for address, messages in volumes:
        sums[address] += messages
    return sorted(sums, key=lambda address: (-sums[address], address))
