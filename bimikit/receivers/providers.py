"""What each provider asks, read from ``data/<id>.toml``: every value with its source, its date, and how sure it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import msgspec

from .names import PROVIDER_IDS

Status: TypeAlias = Literal["documented", "reported", "contested", "unknown"]
"""The provider says so itself; a third party says so; sources disagree; no usable source was found."""

Force: TypeAlias = Literal["requires", "advises", "informs"]
"""Without it no logo; better with it; worth knowing, but nothing a checker can see, so that it decides nothing."""

Kind: TypeAlias = Literal["bimi", "programme", "none"]
"""Judged as one that shows BIMI, or may; shows logos by a programme of its own; is known to have no BIMI."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    en: str
    ja: str

    def text(self, lang: str) -> str:
        """The text in one language.

        Raises:
            ValueError: There is none in that language.
        """
        if lang not in self.__struct_fields__:
            raise ValueError(f"no texts in {lang!r}; there are {', '.join(self.__struct_fields__)}")
        return str(getattr(self, lang))


class Side(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the sources that contradict each other.

    Attributes:
        says: What it says.
        url: Where.
        date: Date of that page as far as it is known: a year, a month or a day; empty for a page without one.
    """

    says: Words
    url: str
    date: str = ""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider makes of one trait of a subject.

    Attributes:
        about: The trait: a key of `traits.TRAITS`, or, where it only informs, of `traits.INFORMING`.
        accepts: Whether a subject that has it is accepted; None where that is not known.
        status: How sure that is.
        force: What follows from it.
        url: The source; may be empty where the status is unknown.
        seen: The day somebody last looked.
        published: Date of the source as far as it is known: a year, a month or a day; empty for one without.
        valid_from: The first day it holds; None for always.
        valid_to: The last day it holds; None for until further notice.
        sides: What contradicts each other, where it is contested.
        note: What else there is to say.
    """

    about: str
    accepts: bool | None = None
    status: Status
    force: Force
    url: str = ""
    seen: date
    published: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    sides: tuple[Side, ...] = ()
    note: Words | None = None

    def in_force(self, at: date | None) -> bool:
        """Whether it holds on a day; without one, whether it holds until further notice."""
        if at is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at <= self.valid_to)


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox provider, or a programme by which one shows logos.

    Attributes:
        id: Its id.
        kind: What it is judged as.
        name: Its name.
        value: What is its own. What binds every provider stands in the baseline.
        note: What a reader should know first.
    """

    id: str
    kind: Kind
    name: Words
    value: tuple[Value, ...]
    note: Words | None = None

    def values(self, at: date | None = None) -> Iterator[Value]:
        """What holds on a day: its own values, and those of the baseline on which it has none of its own."""
        own = [value for value in self.value if value.in_force(at)]
        yield from own
        if self.kind == "bimi":
            told = {value.about for value in own}
            yield from (value for value in baseline() if value.about not in told and value.in_force(at))

    def find(self, about: str, at: date | None = None) -> Value | None:
        """Its value on one trait; None where it has none."""
        return next((value for value in self.values(at) if value.about == about), None)


@lru_cache(1)
def load_providers() -> Mapping[str, Provider]:
    """Every provider by id, in the order in which they are shown."""
    return MappingProxyType({name: msgspec.convert(_read(name), Provider) for name in PROVIDER_IDS})


@lru_cache(1)
def baseline() -> tuple[Value, ...]:
    """What every provider starts from: the drafts' requirements, and what is said about hosting everywhere."""
    return msgspec.convert(_read("_baseline")["value"], tuple[Value, ...])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
