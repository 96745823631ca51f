"""Who sends in a domain's name: rows of aggregate reports by sending source, each with a guess and its grounds.

Pure: the same sums give the same sources, in whatever order they come. Names of addresses are looked up elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from ..domains import organizational_domain
from ..locale import words_of
from .feedback import Row
from .senders import MARKS, RELAYING, Recognised, load_senders, recognise

Guess: TypeAlias = Literal["legitimate", "forwarder", "unknown", "spoof"]
"""Sent for the owner of the domain; passed on by a recipient; not to be told; sent by somebody who pretends."""

By: TypeAlias = Literal["sender", "own", "domain", "ptr", "network", "scattered"]
"""What the messages of a source have in common: a known sender; the domain itself; somebody else's domain that passed
DKIM or SPF; the Organizational Domain of the addresses' names; a network; nothing, but that each address sends next to
nothing."""

Place: TypeAlias = tuple[By, str]
"""Where messages belong: `by` and `name` of a source."""
SCATTERED: Place = ("scattered", "")
"""The place of what has nothing in common."""

SetUp: TypeAlias = Literal["yes", "partly", "no"]
"""Whether what a source sends passes DMARC: all but for stray messages, some, nothing."""

FORWARDED = frozenset({"forwarded", "trusted_forwarder", "mailing_list"})
"""Reasons by which the reporter itself says that a message was passed on (RFC 7489, appendix C)."""

MOST = 0.5
"""From which share on a trait is that of the source: the greater part of its messages has it."""

SIGNED_SHARE = 0.1
"""From which share on signatures of the author's own domain speak for a forwarder. Nobody else can make them, and who
passes mail on breaks many (footers of mailing lists), so few are enough; a tenth leaves replayed messages out."""

NEARLY_ALL = 0.98
"""From which share on a source counts as set up: DNS fails now and then, for one or two messages in a hundred."""

LARGE = 1000
"""From how many messages on, with `LARGE_SHARE`, one who signs as the author is taken for a sender of the author's."""

LARGE_SHARE = 0.1
"""Recipients forward a few percent of a domain's mail, spread over many providers; no single one a tenth of all."""

MANY_ADDRESSES = 20
"""From how many addresses on a source is spread out. Mail servers of a company or a service seldom are more."""

MANY_NETWORKS = 10
"""From how many networks on what has nothing in common is one source: hired machines, all over the Internet."""

FEW_PER_ADDRESS = 10
"""Up to how many messages on average an address sends next to nothing: too few for a server that somebody runs."""

SMALL = 20
"""Below how many messages nothing is said of a source of which nothing else is known."""

_PREFIX = {4: 24, 6: 48}
"""The shortest prefixes that are routed (and that providers assign to one customer)."""


class Sum(msgspec.Struct, frozen=True, gc=False):
    """Messages of a day that have all in common that matters here.

    Attributes:
        source_ip: The address they came from.
        signer: A signing domain whose signature passed; empty for none. Somebody else's than the author's, where there
            are several (`sum_of`).
        envelope: The domain of MAIL FROM, or else of HELO, for which SPF passed; empty for none.
        dkim: Whether DKIM passed with an aligned domain.
        spf: Whether SPF did.
        disposition: What was done with them.
        reasons: Why the policy was not followed.
        count: How many messages.
        day: The day.
    """

    source_ip: str
    signer: str
    envelope: str
    dkim: bool
    spf: bool
    disposition: str
    reasons: tuple[str, ...]
    count: int
    day: date


class Evidence(msgspec.Struct, frozen=True):
    """A ground for a guess.

    Attributes:
        key: Which: a word of the catalogue without ``evidence.``.
        numbers: Its numbers, and what else it names, by the names of the catalogue's placeholders.
    """

    key: str
    numbers: dict[str, int | str]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What sends in a domain's name from one place.

    Attributes:
        by: What its messages have in common.
        name: A known sender's id, a domain, a network; empty for what is scattered.
        guess: What it seems to be.
        evidence: Why.
        set_up: Whether what it sends passes DMARC.
        count: Messages.
        aligned: Messages for which DKIM or SPF passed with an aligned domain.
        dkim: Messages for which DKIM did.
        spf: Messages for which SPF did.
        addresses: How many addresses.
        networks: How many networks (/24, /48).
        dispositions: Messages by what was done with them.
        volumes: Messages by day, in order.
    """

    by: By
    name: str
    guess: Guess
    evidence: tuple[Evidence, ...]
    set_up: SetUp
    count: int
    aligned: int
    dkim: int
    spf: int
    addresses: int
    networks: int
    dispositions: dict[str, int]
    volumes: tuple[tuple[date, int], ...]


def sum_of(row: Row, day: date) -> Sum:
    """A row of a report as a sum.

    Of several signatures that passed, a known sender's is taken before another foreign one, and that before the
    author's: the author's tells for whom the message was sent (`Sum.dkim` keeps it), the others tell by whom.
    """
    own = _organization(row.header_from)
    signers = {signature.domain for signature in row.signatures if signature.result == "pass"}
    envelopes = {(one.scope == "helo", one.domain) for one in row.envelopes if one.result == "pass"}

    def order(name: str) -> tuple[bool, bool, str]:
        return _organization(name) == own, recognise(signer=name) is None, name

    return Sum(
        source_ip=row.source_ip,
        signer=min(signers, key=order, default=""),
        envelope=min(envelopes, default=(True, ""))[1],
        dkim=row.dkim == "pass",
        spf=row.spf == "pass",
        disposition=row.disposition,
        reasons=row.reasons,
        count=row.count,
        day=day,
    )


def place(one: Sum, domain: str, names: Mapping[str, str] | None = None) -> tuple[Place, Recognised | None]:
    """Where a sum belongs, and by what it is recognised: `by` and `name` of its source.

    A place that `sources` doesn't name is part of the scattered.

    Args:
        one: The messages.
        domain: As for `sources`.
        names: Likewise.
    """
    return _place(one, _organization(domain), (names or {}).get(one.source_ip, ""))


def sources(
    sums: Iterable[Sum],
    domain: str,
    names: Mapping[str, str] | None = None,
    apart: Collection[Place] = frozenset(),
) -> tuple[Source, ...]:
    """Who sends in a domain's name, the largest first.

    Args:
        sums: The messages; of a subdomain's, too, where its reports are wanted along.
        domain: The Author Domain.
        names: Names of addresses, for those that lead back to the address; an address without one is left out.
        apart: Places that are sources of their own, however scattered they look: somebody knows them.
    """
    groups: dict[Place, Group] = {}
    for one in sums:
        where, recognised = place(one, domain, names)
        groups.setdefault(where, Group()).add(one, recognised)
    return sources_of(groups, apart)


def sources_of(
    groups: Mapping[Place, Group], apart: Collection[Place] = frozenset(), known: Mapping[int, Source] | None = None
) -> tuple[Source, ...]:
    """The sources of what is counted by place already, the largest first.

    Args:
        groups: What is counted.
        apart: As for `sources`.
        known: Sources by the identity of their group, as they are beside other groups; a small one is the same here.
    """
    groups = _with_scattered(groups, apart)
    total = sum(group.count for group in groups.values())
    known = known or {}
    found = [
        (known.get(id(group)) if group.count < LARGE else None) or _judged(*where, group, total)
        for where, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda source: (-source.count, source.by, source.name)))


def text(evidence: Evidence, lang: str = "en") -> str:
    """A ground as a sentence.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    words, values = words_of("source_words", lang), dict(evidence.numbers)
    if "sender" in values:
        values["sender"] = load_senders()[str(values["sender"])].name.text(lang)
    if "mark" in values:
        values["mark"] = words[f"mark.{values['mark']}"]
    return words[f"evidence.{evidence.key}"].format_map(values)


def title(source: Source, lang: str = "en") -> str:
    """A source's name for readers.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    if source.by == "sender":
        return load_senders()[source.name].name.text(lang)
    return words_of("source_words", lang)[f"by.{source.by}"].format(name=source.name)


class Group:
    """The messages of a place, while they are counted."""

    def __init__(self) -> None:
        self.count = self.dkim = self.spf = self.signed_only = self.forwarded = 0
        self.aligned = 0
        self.addresses: set[str] = set()
        self.networks: set[str] = set()
        self.dispositions: Counter[str] = Counter()
        self.volumes: Counter[date] = Counter()
        self.recognised: Recognised | None = None

    def add(self, one: Sum, recognised: Recognised | None) -> None:
        """Count messages, recognised by that."""
        self.count += one.count
        self.dkim += one.count * one.dkim
        self.spf += one.count * one.spf
        self.aligned += one.count * (one.dkim or one.spf)
        self.signed_only += one.count * (one.dkim and not one.spf)
        self.forwarded += one.count * (not FORWARDED.isdisjoint(one.reasons))
        self.addresses.add(one.source_ip)
        self.networks.add(_network(one.source_ip))
        self.dispositions[one.disposition] += one.count
        self.volumes[one.day] += one.count
        self._recognise(recognised)

    def join(self, other: Group) -> None:
        """Add another's counts."""
        for name in ("count", "dkim", "spf", "aligned", "signed_only", "forwarded"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.addresses |= other.addresses
        self.networks |= other.networks
        self.dispositions.update(other.dispositions)
        self.volumes.update(other.volumes)
        self._recognise(other.recognised)

    def _recognise(self, other: Recognised | None) -> None:
        """Keep what it is best recognised by."""
        if other and (self.recognised is None or _strength(other) < _strength(self.recognised)):
            self.recognised = other

    def thin(self) -> bool:
        """Whether its addresses send next to nothing each, and nothing of it is the author's."""
        return not self.aligned and not self.forwarded and self.count <= FEW_PER_ADDRESS * len(self.addresses)


def _strength(one: Recognised) -> tuple[int, str, str]:
    return MARKS.index(one.mark), one.known, one.name


def _place(one: Sum, own: str, ptr: str) -> tuple[Place, Recognised | None]:
    """Where a sum belongs: to the strongest that it has to show."""
    recognised = recognise(one.signer, one.envelope, ptr)
    if recognised:
        return ("sender", recognised.sender.id), recognised
    for name in (one.signer, one.envelope):
        if name and _organization(name) != own:
            return ("domain", _organization(name)), None
    # A signature of the author's alone doesn't tell who brings the message: forwarders don't remove it.
    if one.spf or (one.signer and not one.dkim) or (one.envelope and not one.spf):
        return ("own", own), None
    if ptr:
        organization = _organization(ptr.lower().rstrip("."))
        return ("own" if organization == own else "ptr", organization), None
    return ("network", _network(one.source_ip)), None


def _with_scattered(groups: Mapping[Place, Group], apart: Collection[Place]) -> Mapping[Place, Group]:
    """The groups; those that have nothing to show and send next to nothing are one, where they are everywhere."""
    thin = {key for key, group in groups.items() if key[0] in ("ptr", "network") and group.thin()} - set(apart)
    whole = Group()
    for key in thin:
        whole.join(groups[key])
    if len(whole.addresses) < MANY_ADDRESSES or len(whole.networks) < MANY_NETWORKS:
        return groups
    return {key: group for key, group in groups.items() if key not in thin} | {SCATTERED: whole}


class _Opinion(NamedTuple):
    guess: Guess
    grounds: tuple[str, ...]


def _judged(by: By, name: str, group: Group, total: int) -> Source:
    guess, grounds = _opinion(by, group, total)
    return Source(
        by=by,
        name=name,
        guess=guess,
        evidence=tuple(_evidence(grounds, by, name, group, total)),
        set_up="yes" if _share(group.aligned, NEARLY_ALL, group.count) else "partly" if group.aligned else "no",
        count=group.count,
        aligned=group.aligned,
        dkim=group.dkim,
        spf=group.spf,
        addresses=len(group.addresses),
        networks=len(group.networks),
        dispositions=dict(sorted(group.dispositions.items())),
        volumes=tuple(sorted(group.volumes.items())),
    )


def _opinion(by: By, group: Group, total: int) -> _Opinion:
    """What a source seems to be, by the first ground that holds; the surest come first."""
    known, mark = group.recognised and group.recognised.sender, group.recognised and group.recognised.mark
    relays = known is None or known.kind in RELAYING
    # A kind that relays is a sender of the author's, too, and what it sends so passes SPF more often than not.
    passes_on = by != "own" and relays and _share(group.signed_only, SIGNED_SHARE, group.count)
    large = group.count >= LARGE and _share(group.count, LARGE_SHARE, total)
    table: tuple[tuple[bool, Guess, tuple[str, ...]], ...] = (
        (_share(group.forwarded, MOST, group.count), "forwarder", ("reported-forwarded",)),
        (known is not None and known.kind == "forwarder", "forwarder", ("known", "kind-forwarder")),
        (_share(group.spf, MOST, group.count), "legitimate", ("authorised",)),
        (passes_on and large, "legitimate", ("signed-only", "large")),
        (passes_on, "forwarder", ("signed-only",)),
        (known is not None and relays and mark == "ptr" and not group.aligned, "unknown", ("open-to-all",)),
        (known is not None, "legitimate", ("known",)),
        (by == "own", "legitimate", ("own",)),
        (_share(group.aligned, MOST, group.count), "legitimate", ("authorised",)),
        # One who passes DKIM or SPF under a name of his own may be a service that isn't known here; mail that is
        # wanted and taken for a spoof is lost, so that this much is never said of him.
        (by != "domain" and group.thin() and len(group.addresses) >= MANY_ADDRESSES, "spoof", ("few-each",)),
        (group.count < SMALL, "unknown", ("small",)),
        (by == "domain", "unknown", ("foreign",)),
    )
    return next(
        (_Opinion(guess, grounds) for holds, guess, grounds in table if holds), _Opinion("unknown", ("nothing",))
    )


def _evidence(grounds: tuple[str, ...], by: By, name: str, group: Group, total: int) -> Iterator[Evidence]:
    """The grounds with their numbers, and the numbers that every source has."""
    numbers: dict[str, int | str] = {
        "count": group.count,
        "aligned": group.aligned,
        "dkim": group.dkim,
        "spf": group.spf,
        "only": group.signed_only,
        "forwarded": group.forwarded,
        "addresses": len(group.addresses),
        "networks": len(group.networks),
        "days": len(group.volumes),
        "percent": round(100 * group.count / total) if total else 0,
        "name": name,
    }
    if group.recognised:
        one = group.recognised
        numbers |= {"sender": one.sender.id, "mark": one.mark, "known": one.known}
        grounds = grounds if "known" in grounds else ("known", *grounds)
        grounds = grounds if one.confirmed else (*grounds, "unconfirmed")
    if not group.aligned:
        grounds = (*grounds, "not-aligned")
    elif not _share(group.aligned, NEARLY_ALL, group.count):
        grounds = (*grounds, "partly-aligned")
    for key in (*grounds, "volume"):
        yield Evidence(key, {word: numbers[word] for word in _PLACEHOLDERS[key]})


_PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    "known": ("sender", "mark", "known"),
    "unconfirmed": ("known", "sender"),
    "kind-forwarder": ("sender",),
    "open-to-all": ("sender",),
    "reported-forwarded": ("forwarded", "count"),
    "authorised": ("aligned", "spf", "dkim", "count"),
    "own": ("name",),
    "signed-only": ("only", "count"),
    "large": ("percent",),
    "few-each": ("addresses", "networks", "count"),
    "small": ("count",),
    "foreign": ("name",),
    "nothing": (),
    "not-aligned": ("count",),
    "partly-aligned": ("aligned", "count"),
    "volume": ("count", "addresses", "networks", "days", "percent"),
}
"""What each ground names, as its sentence in the catalogue does."""


def _share(part: int, share: float, whole: int) -> bool:
    return whole > 0 and part >= share * whole


@lru_cache(65536)
def _organization(name: str) -> str:
    """The Organizational Domain; of a public suffix, the name itself."""
    return (name and organizational_domain(name)) or name


@lru_cache(65536)
def _network(address: str) -> str:
    """The network that an address counts to; the text itself, where it is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed.packed, _PREFIX[parsed.version]), strict=False))
