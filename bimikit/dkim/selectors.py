"""Selectors that senders usually have: a proposal for those who don't know theirs, as DKIM has no list of them."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import msgspec

_SUB_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


class Usual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A selector that a service gives to its customers.

    Attributes:
        name: The selector.
        service: Who uses it.
        source: Where that is said, or where to look it up.
        date: ISO date of when it was entered.
        sure: ``"read"`` where the source was read and names it, ``"common"`` where it is only widely met.
    """

    name: str
    service: str
    source: str
    date: str
    sure: str


@lru_cache(1)
def usual_selectors() -> tuple[Usual, ...]:
    """The selectors that are tried where none is given (``selectors.toml``), sorted by name."""
    import tomllib

    text = files(__package__).joinpath("selectors.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    given = [{"date": table["date"], **entry} for entry in table["selector"]]
    return tuple(sorted(msgspec.convert(given, list[Usual]), key=lambda one: one.name))


def is_selector(text: str) -> bool:
    """Whether a text is a selector: one or more labels of a domain name (RFC 6376, 3.1)."""
    return all(_SUB_DOMAIN.fullmatch(label) and len(label) <= 63 for label in text.split("."))
