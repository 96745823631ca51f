"""Known senders: who sends mail for others, or passes it on, and by which names an aggregate report shows them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from ..domains import and_above
from ..receivers.providers import Words

Kind: TypeAlias = Literal["mailbox", "esp", "crm", "billing", "service", "helpdesk", "hosting", "gateway", "forwarder"]
"""People's mail; newsletters and transactional mail; marketing; shops, invoices and contracts; other applications; help
desks; web hosting; filters before or after other servers; addresses that lead elsewhere."""

Mark: TypeAlias = Literal["dkim", "spf", "ptr"]
"""Where a name stands: as the signing domain, as the domain of MAIL FROM, or as the name of the address."""

MARKS: tuple[Mark, ...] = ("dkim", "spf", "ptr")
"""The strongest first: a signature is the sender's own word, a name of an address is that of whoever holds it."""

_REMEMBERED = 16_384
RELAYING = frozenset({"mailbox", "hosting", "gateway", "forwarder"})
"""Kinds that also pass on what others sent, because people have their mail forwarded there."""


class Sender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sender that is known.

    Attributes:
        id: Its id.
        kind: What it is.
        name: Its name.
        dkim: Signing domains, ``d=`` (RFC 6376, 3.5); each stands for what is below it, too, as for all three.
        spf: Domains of MAIL FROM (RFC 7208, 2.4).
        ptr: Names of its addresses.
        own_dkim: How the customer's own domain is made to sign.
        own_envelope: How the domain of MAIL FROM is made the customer's own.
        confidence: Who says so: the sender itself, somebody else, or no page that was found.
        source: The page; empty where none was found.
        also: Further pages.
        seen: The day somebody last looked.
        unconfirmed: Names that no page shows.
        via: Id of the sender whose servers it uses, where it has no names of its own.
    """

    id: str
    kind: Kind
    name: Words
    dkim: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    ptr: tuple[str, ...] = ()
    own_dkim: Literal["cname", "txt", "records", "panel", "no", "unknown"]
    own_envelope: Literal["cname", "records", "include", "panel", "request", "no", "unknown"]
    confidence: Literal["documented", "reported", "unconfirmed"]
    source: str = ""
    also: tuple[str, ...] = ()
    seen: date
    unconfirmed: tuple[str, ...] = ()
    via: str = ""

    def names(self, mark: Mark) -> tuple[str, ...]:
        """The names it has in one place."""
        return {"dkim": self.dkim, "spf": self.spf, "ptr": self.ptr}[mark]


class Recognised(NamedTuple):
    """A sender, and what it was recognised by.

    Attributes:
        sender: The sender.
        mark: Where the name stood.
        name: What stood there.
        known: The name of the sender that it is, or is below.
    """

    sender: Sender
    mark: Mark
    name: str
    known: str

    @property
    def confirmed(self) -> bool:
        """Whether a page shows that name to be the sender's."""
        return self.known not in self.sender.unconfirmed


@lru_cache(1)
def load_senders() -> Mapping[str, Sender]:
    """Every known sender by id."""
    text = files(__package__).joinpath("senders.toml").read_text(encoding="utf-8")
    senders = msgspec.convert(tomllib.loads(text)["sender"], tuple[Sender, ...])
    return MappingProxyType({sender.id: sender for sender in senders})


@lru_cache(_REMEMBERED)
def recognise(signer: str = "", envelope: str = "", ptr: str = "") -> Recognised | None:
    """The known sender of a message, by the longest name that is known, the strongest mark first; None for no such.

    Only what was proven may be given: a signing domain whose signature passed, a domain of MAIL FROM for which SPF
    passed, and the name of an address that leads back to it (RFC 8601, 3). Anybody can write any other.

    Args:
        signer: The signing domain; empty for none, as for all three.
        envelope: The domain of MAIL FROM.
        ptr: The name of the address.
    """
    for mark, name in zip(MARKS, (signer, envelope, ptr), strict=True):
        for known in and_above(name.lower().rstrip(".")):
            sender = _by_name().get((mark, known))
            if sender:
                return Recognised(sender, mark, name, known)
    return None


@lru_cache(1)
def _by_name() -> Mapping[tuple[str, str], Sender]:
    return MappingProxyType(
        {(mark, name): sender for sender in load_senders().values() for mark in MARKS for name in sender.names(mark)}
    )
