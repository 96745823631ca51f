"""What a zone file says of DMARC and BIMI, and where in it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ..domains import and_above
from .answers import ABSENT, FAILED, FOUND, MOST_CNAMES, NOT_GIVEN, NXDOMAIN, Answer

ALIAS, DELEGATED, ABOVE = "alias", "delegated", "above"
"""Why a zone file can't say what is at a name: a CNAME (or DNAME) leads out of the zone, NS records give the name to
other name servers, or it stands above the zone."""


class ZoneFile(msgspec.Struct, frozen=True):
    """What a zone file holds, as far as it matters here.

    Attributes:
        texts: By name, the texts of its TXT records, also those at names at which nobody looks for one.
        lines: The line of the file on which each of those texts begins, likewise.
        covers: Whether any of its names is at or below the Organizational Domain it was read for.
        holds: The zone's own name, or else the first name in the file; empty where it has no records.
        organization: The Organizational Domain it was read for.
        top: Where the zone begins: the name of its SOA record, or else the Organizational Domain.
        aliases: By name, where its CNAME leads.
        redirections: By name, where its DNAME leads what is below it (RFC 6672).
        cuts: Names that the zone gives to other name servers (NS records below its top).
        names: Every name that exists, those with nothing but names below them included; empty where the zone has no
            wildcard, since only then it matters.
    """

    texts: Mapping[str, list[str]]
    lines: Mapping[str, list[int]]
    covers: bool
    holds: str
    organization: str
    top: str
    aliases: Mapping[str, str] = {}
    redirections: Mapping[str, str] = {}
    cuts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def answer(self, name: str) -> Answer:
        """What the zone's name servers answer to a question for TXT records; `NOT_GIVEN` where others answer."""
        return self._looked_up(name)[0]

    def beyond(self, name: str) -> str:
        """Why the file can't say what is at a name: `ALIAS`, `DELEGATED` or `ABOVE`; empty where it can."""
        answer = self.answer(name)
        if answer.reason != NOT_GIVEN:
            return ""
        if self._cut(answer.canonical or name):
            return DELEGATED
        return ALIAS if answer.canonical else ABOVE

    def lines_at(self, name: str) -> list[int]:
        """The line of each text that is found at a name, though it may stand at another that the name leads to."""
        answer, source = self._looked_up(name)
        return self.lines.get(source if answer.state == FOUND else name, [])

    def _looked_up(self, name: str) -> tuple[Answer, str]:
        """The answer, and the name in the file at which it stands."""
        if not is_within(name, self.top) and not (self.covers and is_within(name, self.organization)):
            return ABSENT, name  # a public suffix, which as nearly all publishes nothing; or another domain's zone
        seen = [name]
        while True:
            at = seen[-1]
            canonical = at if len(seen) > 1 else ""
            if not is_within(at, self.top) or self._cut(at):
                return Answer(FAILED, reason=NOT_GIVEN, canonical=canonical), at
            source = self._source(at)
            target = self._redirected(at) or self.aliases.get(source)
            if target is None:
                texts = tuple(self.texts.get(source, ()))
                return Answer(FOUND if texts else NXDOMAIN, texts, canonical=canonical), source
            if target in seen or len(seen) > MOST_CNAMES:
                return Answer(FAILED, reason="cname", canonical=canonical), at
            seen.append(target)

    def _cut(self, name: str) -> bool:
        return bool(self.cuts) and any(one in self.cuts for one in and_above(name))

    def _redirected(self, name: str) -> str | None:
        """Where a DNAME above a name leads it."""
        above = next((one for one in and_above(name) if one != name and one in self.redirections), None)
        return None if above is None else name.removesuffix(above) + self.redirections[above]

    def _source(self, name: str) -> str:
        """A name itself, or the wildcard that stands for it as it doesn't exist (RFC 4592, 3.3.1)."""
        if not self.names or name in self.names:
            return name
        return "*." + next(above for above in and_above(name) if above in self.names)


class ZoneRecords(dict[str, list[str]]):
    """Texts by name that were read from a zone file, which they bring along for those who ask for other names."""

    def __init__(self, texts: Mapping[str, list[str]], zone: ZoneFile) -> None:
        super().__init__(texts)
        self.zone = zone

    def __reduce__(self) -> tuple[type[ZoneRecords], tuple[dict[str, list[str]], ZoneFile]]:
        return ZoneRecords, (dict(self), self.zone)


def is_within(name: str, domain: str) -> bool:
    """Whether a name is at or below another."""
    return name == domain or name.endswith(f".{domain}")
