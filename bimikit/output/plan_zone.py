"""The records of a plan that are to be published now, as lines of zone files (RFC 1035, 5), zone by zone."""

from __future__ import annotations

from ..plan.model import Plan, PlannedRecord
from ..plan.parts import zone_of
from ..plan.words import text
from .plan_view import Words
from .view import one_line

TTL = 3600
"""Seconds for which resolvers may remember a record: short enough to take a mistake back."""
_LONGEST = 255
"""Bytes of a character-string (RFC 1035, 3.3)."""


def render(plan: Plan, *, lang: str) -> str:
    """The records of a plan that are due, each with a comment on why and on what it replaces."""
    words = Words(lang)
    zones: dict[str, list[PlannedRecord]] = {}
    for one in plan.domains:
        for record in one.records:
            if record.when == "now":
                zones.setdefault(record.zone or one.domain, []).append(record)
    if not zones:
        return f"; {words.label('zone-none')}\n"
    own = {zone_of(one.domain) for one in plan.domains}
    blocks = [f"; {words.label('zone-head')}"]
    blocks += [_zone(zone, zones[zone], words, own=zone in own) for zone in sorted(zones)]
    return "\n\n".join(blocks) + "\n"


def _zone(zone: str, records: list[PlannedRecord], words: Words, *, own: bool) -> str:
    lines = [] if own else [f"; {words.label('zone-foreign', zone=zone)}"]
    lines += [f"$ORIGIN {zone}.", f"$TTL {TTL}"]
    for record in records:
        lines.append(f"; {one_line(text(record.why, words.lang))}")
        lines += [f"; {words.label('instead')}{words.colon}{one_line(old)}" for old in record.instead]
        lines.append(line_of(record))
    return "\n".join(lines)


def line_of(record: PlannedRecord) -> str:
    """A record as a line of a zone file."""
    value = _strings(record.value) if record.type == "TXT" else record.value
    return f"{_name(record.name)} IN {record.type} {value}"


def _name(name: str) -> str:
    return f"{name.rstrip('.')}."


def _strings(value: str) -> str:
    """A text as character-strings, which readers join with nothing between."""
    data = value.encode()
    pieces = [data[at : at + _LONGEST] for at in range(0, len(data), _LONGEST)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, piece))}"' for piece in pieces)


def _escaped(byte: int) -> str:
    sign = chr(byte)
    if sign in '"\\':
        return f"\\{sign}"
    return sign if 32 <= byte < 127 else f"\\{byte:03d}"
