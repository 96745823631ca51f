"""The logo on the web against the one in the certificate (BIMI draft 7.9; FETCH 5.3 step 7)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple
from xml.etree.ElementTree import ParseError, canonicalize

from ..engine import Fault, quote
from ..findings import Location
from ..inflate import GZIP, inflate
from ..svg.check import DEFAULT_LIMITS
from ..svg.document import Document, Limits, parse
from ..svg.locate import Locator
from ..svg.place import Place as SvgPlace
from ..svg.reading import read
from .place import Place

_PLACE = Place(0, "logotype")


def logo_match(inside: bytes, given: bytes, limits: Limits) -> Iterator[Fault[Place]]:
    """Compare two Indicators, both uncompressed.

    Args:
        inside: The one in the certificate.
        given: The file on the web, gzipped or not.
        limits: Bounds on reading the file.
    """
    if given == inside or (given[:2] == GZIP and inflate(given, limits.max_bytes).data == inside):
        return
    text, faults, _seen = read(given, limits.max_bytes)
    if text is None:
        yield Fault("match.logo-unreadable", None, "", {"rule": faults[0].rule if faults else "svg.not-svg"})
        return
    certified, _, _ = read(inside, limits.max_bytes)
    one = parse(certified.utf8, limits) if certified is not None else Document(b"")
    other = parse(text.utf8, limits)
    canonical = _canonical(one)
    if canonical is not None and canonical == _canonical(other):
        yield Fault("match.logo-markup", _PLACE)
        return
    yield Fault("match.logo-differs", _PLACE, "", {"difference": quote(_difference(one, other).told, 300)})


def place_of_difference(inside: bytes, given: bytes, limits: Limits = DEFAULT_LIMITS) -> Location:
    """Where two Indicators differ first: a place in the file on the web, which is whole where that lacks something.

    Args:
        inside: The one in the certificate.
        given: The file on the web, gzipped or not.
        limits: Bounds on reading the file.
    """
    texts = [read(data, limits.max_bytes)[0] for data in (inside, given)]
    one, other = (Document(b"") if text is None else parse(text.utf8, limits) for text in texts)
    return Locator(other)(_difference(one, other).place)


def _canonical(document: Document) -> str | None:
    """C14N of a document; None for one that depends on declarations in its DTD."""
    declares = any(fault.rule in ("svg.entity-declaration", "svg.attribute-default") for fault in document.faults)
    if not document.qnames or not document.finished or document.entities or declares:
        return None
    try:
        canonical: str = canonicalize(document.utf8.decode("utf-8"))
    except (ParseError, ValueError):  # an undeclared prefix, for one
        return None
    return canonical


class _Difference(NamedTuple):
    """The first difference between two documents.

    Attributes:
        told: It in a form that needs no words.
        place: Where it is in the second.
    """

    told: str
    place: SvgPlace = SvgPlace()


def _difference(one: Document, other: Document) -> _Difference:
    for node, (a, b) in enumerate(zip_longest(one.qnames, other.qnames)):
        if a is None:
            return _Difference(f"– ≠ {Locator(other).path(node)}", SvgPlace(node))
        if b is None:
            return _Difference(f"{Locator(one).path(node)} ≠ –")
        if a != b:
            return _Difference(f"{Locator(one).path(node)}: <{a}> ≠ <{b}>", SvgPlace(node))
        ours, theirs = one.attributes[node], other.attributes[node]
        for name in dict.fromkeys([*ours, *theirs]):
            if ours.get(name) != theirs.get(name):
                told = f"{Locator(one).path(node)} @{name}: {_shown(ours.get(name))} ≠ {_shown(theirs.get(name))}"
                return _Difference(told, SvgPlace(node, name if name in theirs else None))
        if one.text(node) != other.text(node):
            told = f"{Locator(one).path(node)}: {_shown(one.text(node))} ≠ {_shown(other.text(node))}"
            return _Difference(told, SvgPlace(node))
    return _Difference("@match.elsewhere")


def _shown(value: str | None) -> str:
    return "–" if value is None else f'"{quote(value, 40)}"'
