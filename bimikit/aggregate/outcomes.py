"""What a report's rows say, in the form in which it is stored: cleaned, added up, and with digests to compare by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from ..domains import organizational_domain
from .feedback import Envelope, FeedbackError, Head, Policy, Row, Signature

MOST_AT_ONCE = 20_000
"""Sums of a report that are held in memory before they are written."""
MOST_MESSAGES = 10**12
"""Messages in a report: more than all mail of the world in a day. It takes nine million such reports until a sum no
longer fits a database's numbers of 64 bits."""
_LONGEST_DOMAIN = 255
_KEYS_KEPT = 20_000

Key: TypeAlias = tuple[
    str, str, str, tuple[str, ...], str, str, tuple[Signature, ...], tuple[Envelope, ...], tuple[str, ...], str
]  # fmt: skip
"""What a row says besides address and count: the other fields of `Row`, in their order."""
_Result = TypeVar("_Result", Signature, Envelope)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """A text as both databases take it: PostgreSQL takes no NUL, and neither takes half a surrogate pair."""
    if text.isprintable():  # without either; nearly every text is
        return text
    return _UNSTORABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def digest(*parts: object) -> bytes:
    """By which equal things are found again."""
    return blake2b(msgspec.json.encode(parts), digest_size=16).digest()


def storable_head(head: Head) -> Head:
    """A head with texts that can be stored."""
    return Head(
        reporter=storable(head.reporter),
        email=storable(head.email),
        report_id=storable(head.report_id),
        begin=head.begin,
        end=head.end,
        policy=Policy(**{name: storable(text) for name, text in msgspec.structs.asdict(head.policy).items()}),
        errors=tuple(map(storable, head.errors)),
        contact=storable(head.contact),
        version=storable(head.version),
        generator=storable(head.generator),
    )


def telling(results: tuple[_Result, ...], header_from: str) -> _Result | None:
    """The result that tells the most of who sent, so that each message is counted for one.

    One that passed comes before one that didn't; then one for the Author Domain itself, then one for a domain of the
    same organization; an envelope's HELO comes last. Among equals the first is taken.
    """
    organization = _organization(header_from)

    def rank(result: _Result) -> tuple[bool, bool, bool, bool]:
        return (
            isinstance(result, Envelope) and result.scope == "helo",
            result.result != "pass",
            result.domain != header_from,
            _organization(result.domain) != organization,
        )

    return min(results, key=rank, default=None)


def _organization(domain: str) -> str:
    return domain if len(domain) > _LONGEST_DOMAIN else organizational_domain(domain) or domain


def columns(key: Key) -> dict[str, Any]:
    """The columns of `schema.outcome`, without its id."""
    signatures = tuple(Signature(storable(s.domain), storable(s.selector), storable(s.result)) for s in key[6])
    envelopes = tuple(Envelope(storable(e.domain), storable(e.scope), storable(e.result)) for e in key[7])
    header_from = storable(key[4])
    signature = telling(signatures, header_from) or Signature("", "", "")
    envelope = telling(envelopes, header_from) or Envelope("", "", "")
    found = {
        "disposition": storable(key[0]),
        "dkim": key[1] == "pass",
        "spf": key[2] == "pass",
        "reasons": " ".join(sorted({"_".join(storable(reason).split()) for reason in key[3]} - {""})),
        "comments": msgspec.json.encode(tuple(map(storable, key[8]))).decode(),
        "header_from": header_from,
        "envelope_from": storable(key[5]),
        "envelope_to": storable(key[9]),
        "signer": signature.domain,
        "selector": signature.selector,
        "signer_result": signature.result,
        "spf_domain": envelope.domain,
        "spf_result": envelope.result,
        "signatures": msgspec.json.encode(signatures).decode(),
        "envelopes": msgspec.json.encode(envelopes).decode(),
    }
    return {"digest": digest(found), **found}


@lru_cache(_KEYS_KEPT)
def _digest_of(key: Key) -> bytes:
    found: bytes = columns(key)["digest"]
    return found


class Chunk(NamedTuple):
    """The sums of some rows of a report.

    Attributes:
        sums: The address, the digest of the outcome, and how many messages.
        outcomes: The outcomes by their digests.
    """

    sums: list[tuple[str, bytes, int]]
    outcomes: dict[bytes, Key]


class Tally:
    """Adds up a report's rows while they are read.

    Attributes:
        rows: How many were read.
        messages: How many messages they counted.
        says: A number for what they said, whatever their order and however they were added up.
    """

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows = self.messages = self.says = 0
        self._rows = rows

    def chunks(self) -> Iterator[Chunk]:
        """The sums of so many rows at once as fit in memory; at least one chunk, perhaps empty.

        Raises:
            FeedbackError: The rest can't be read, or counts what can't be.
        """
        keys: dict[Key, int] = {}
        sums: dict[tuple[str, int], int] = {}
        for row in self._rows:
            count = row.count
            self.rows += 1
            self.messages += count
            if count < 0 or self.messages > MOST_MESSAGES:
                raise FeedbackError("messages", f"fewer than none, or more than {MOST_MESSAGES}")
            key = (
                row.disposition, row.dkim, row.spf, row.reasons,
                row.header_from, row.envelope_from, row.signatures, row.envelopes, row.comments, row.envelope_to,
            )  # fmt: skip
            place = (row.source_ip, keys.setdefault(key, len(keys)))
            sums[place] = sums.get(place, 0) + count
            if len(sums) >= MOST_AT_ONCE:
                yield self._chunk(keys, sums)
                keys, sums = {}, {}
        yield self._chunk(keys, sums)

    def _chunk(self, keys: dict[Key, int], sums: dict[tuple[str, int], int]) -> Chunk:
        digests = [_digest_of(key) for key in keys]
        found = [(storable(address), digests[key], count) for (address, key), count in sums.items()]
        for address, outcome, count in found:
            self.says += count * int.from_bytes(blake2b(outcome + address.encode(), digest_size=16).digest(), "big")
        return Chunk(found, dict(zip(digests, keys, strict=True)))
