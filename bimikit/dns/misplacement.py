"""Records of a zone file that stand at a name at which nobody looks for them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator

from ..domains import organizational_domain
from ..engine import Fault, quote
from ..findings import Param
from . import bimi, dmarc
from .answers import Question
from .discovery import Found
from .place import Place

_MOST = 5
_CLOSE = 0.6
"""How alike two selectors are (from 0 to 1) for one to be meant for the other."""

_IN_PLACE = re.compile(r"^_dmarc\.|\._report\._dmarc\.")
"""Names at which DMARC's texts belong: policies, and consent to reports on other domains (RFC 9990, 4)."""

Faults = Iterator[Fault[Place]]


def of_dmarc(found: Found) -> Faults:
    """DMARC records meant for the domain or its Organizational Domain, where neither has one."""
    if any(bar.reason == "missing" for bar in found.bars):
        wanted = [dmarc.dmarc_name(domain) for domain in _domains(found)]
        yield from _faults(found, "dmarc", wanted, dmarc.is_record, lambda name: not _IN_PLACE.search(name))


def of_assertion(found: Found) -> Faults:
    """Assertion Records meant for the selector asked for."""
    domains = _domains(found)

    def is_meant(name: str) -> bool:
        selector, infix, domain = name.partition("._bimi.")
        alike = difflib.SequenceMatcher(None, selector, found.selector.lower()).ratio()
        return not infix or (domain in domains and alike >= _CLOSE)

    wanted = [bimi.bimi_name(found.selector, domain).lower() for domain in domains]
    yield from _faults(found, "bimi", wanted, bimi.is_record, is_meant)


def _domains(found: Found) -> list[str]:
    return list(dict.fromkeys((found.domain, organizational_domain(found.domain) or found.domain)))


def _faults(
    found: Found,
    kind: str,
    wanted: list[str],
    is_record: Callable[[str], bool],
    is_meant: Callable[[str], bool],
) -> Faults:
    """The records at other names than the wanted ones.

    Args:
        found: What the DNS will say.
        kind: How the rules' ids begin.
        wanted: The names at which receivers look.
        is_record: Whether a text is such a record.
        is_meant: Whether a record at that name was probably meant for one of the wanted ones.
    """
    if found.zone is None:
        return
    ours = tuple(f".{domain}" for domain in _domains(found))
    told = 0
    for at, texts in found.zone.texts.items():
        doubled = next((name for name in wanted if at.startswith(f"{name}.")), None)
        meant = doubled is not None or (f".{at}".endswith(ours) and is_meant(at))
        if at in wanted or not meant or Question(at) in found.answers:
            continue
        for number, text in enumerate(texts, 1):
            if is_record(text) and told < _MOST:
                told += 1
                rule = f"{kind}.name-other" if doubled is None else f"{kind}.name-doubled"
                line = found.zone.lines[at][number - 1]
                params: dict[str, Param] = {"name": doubled or wanted[0], "at": quote(at), "line": line}
                yield Fault(rule, Place(at, number), at, params)
