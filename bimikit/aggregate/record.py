"""The rows of an aggregate report: from a record's elements to `Row`, by the form of the record where that is known.

Rows of a report look alike but for their values. So each form of a row is learnt once, from expat; a row whose text has
a known form needs no further parsing, and its values are taken out of it. Any other goes through expat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import TypeAlias, TypeVar, cast
from xml.sax.saxutils import quoteattr

import msgspec

from . import values
from .elements import Elements, Limits, Node, by_name, text_of
from .feedback import Envelope, FeedbackError, Row, Signature
from .values import Known, word

_T = TypeVar("_T")
_MOST_FORMS = 200
_LONGEST_FORM = 8 * 1024
"""Characters of a row, many times what rows have."""
_Triples: TypeAlias = tuple[tuple[str, str, str], ...]
_Pairs: TypeAlias = tuple[tuple[str, str], ...]
_Getter: TypeAlias = Callable[[list[str]], _T]
_Fields: TypeAlias = tuple[str, str, str, str, str, str, str, str]
"""source_ip, count, disposition, dkim, spf, header_from, envelope_from, envelope_to, as written."""

_VALUE = re.compile(r">([!-%'-;=?-~][ -%'-;=?-~]*+)</")
"""Text of ASCII's printable signs between a start tag and an end tag, or so it seems: `_plan` sees whether it is."""


class Forms:
    """The forms of rows that are known, and the one way from what a row says to `Row`."""

    def __init__(self, elements: Elements, limits: Limits) -> None:
        self._elements, self._limits = elements, limits
        self._plans: dict[str, _Plan | None] = {}
        self._addresses = Known(values.address)
        self._domains = Known(self._domain)
        self._signatures: dict[tuple[str, str, str], Signature] = {}
        self._envelopes: dict[tuple[str, str, str], Envelope] = {}

    def read(self, piece: bytes) -> Row | None:
        """The row of a piece that has a known form; None for one that has to be parsed, also to say what is wrong."""
        if len(piece) > _LONGEST_FORM or not piece.isascii():
            return None
        parts = _VALUE.split(piece.decode("ascii"))
        plan = self._plans.get("\0".join(parts[::2]))
        if plan is None or 2 * plan.values + 1 != len(parts):
            return None
        texts = parts[1::2]
        texts += plan.constants
        try:
            row = self._row(
                plan.fields(texts),
                tuple([pair(texts) for pair in plan.reasons]) if plan.reasons else (),
                tuple([triple(texts) for triple in plan.signatures]),
                tuple([triple(texts) for triple in plan.envelopes]),
            )
        except FeedbackError:
            return None
        self._elements.lines += piece.count(b"\n")
        return row

    def take(self) -> Iterator[Row | Node]:
        """What expat has read."""
        done = self._elements.done
        for node in done:
            if node.name != "record":
                yield node
                continue
            try:
                yield self._row(*_said(node))
            except FeedbackError as problem:
                problem.line = problem.line or node.line
                raise
        done.clear()

    def learn(self, piece: bytes) -> None:
        """Learn the form of a row that expat has read, from the second on that has it."""
        if len(self._plans) >= _MOST_FORMS or len(piece) > _LONGEST_FORM or not piece.isascii():
            return
        text = piece.decode("ascii")
        if "<!" in text or "<?" in text:  # what looks like an element may be none
            return
        parts = _VALUE.split(text)
        form = "\0".join(parts[::2])
        if form in self._plans:
            self._plans[form] = self._plans[form] or _plan(parts[::2], self._elements.default, self._limits)
        else:
            self._plans[form] = None

    def _row(self, fields: _Fields, reasons: _Pairs, signatures: _Triples, envelopes: _Triples) -> Row:
        source, number, disposition, dkim, spf, header_from, envelope_from, envelope_to = fields
        signed = tuple([self._signatures.get(one) or self._signature(one) for one in signatures])
        checked = tuple([self._envelopes.get(one) or self._envelope(one) for one in envelopes])
        author = self._domains[header_from]
        return Row(
            self._addresses[source],
            int(number) if number.isdecimal() and len(number) < 10 else values.count(number),
            values.DISPOSITIONS.get(disposition) or word(values.DISPOSITIONS, disposition, "disposition"),
            values.ALIGNED.get(dkim) or _aligned(dkim, "dkim", author, signed),
            values.ALIGNED.get(spf) or _aligned(spf, "spf", author, checked),
            tuple([kind.strip().lower() for kind, _ in reasons]) if reasons else (),
            author,
            self._domains[envelope_from],
            signed,
            checked,
            tuple([comment.strip()[: self._limits.max_text] for _, comment in reasons if comment.strip()])
            if reasons
            else (),
            self._domains[envelope_to],
        )

    def _domain(self, text: str) -> str:
        if len(text) > self._limits.max_text:
            raise FeedbackError("too-long", text[:100])
        return values.domain(text)

    def _signature(self, said: tuple[str, str, str]) -> Signature:
        domain, selector, result = said
        if len(selector) > self._limits.max_text:
            raise FeedbackError("too-long", selector[:100])
        return _remember(
            self._signatures,
            said,
            Signature(self._domains[domain], selector.strip(), word(values.DKIM_RESULTS, result, "dkim/result")),
        )

    def _envelope(self, said: tuple[str, str, str]) -> Envelope:
        domain, scope, result = said
        return _remember(
            self._envelopes,
            said,
            Envelope(
                self._domains[domain],
                values.optional(_SCOPES, scope),
                word(values.SPF_RESULTS, result, "spf/result"),
            ),
        )


_SCOPES = {"mfrom": "mfrom", "helo": "helo", "mailfrom": "mfrom", "ehlo": "helo"}
_MOST_REMEMBERED = 5_000


def _remember(known: dict[tuple[str, str, str], _T], said: tuple[str, str, str], value: _T) -> _T:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[said] = value
    return value


def _aligned(text: str, where: str, author: str, results: tuple[Signature, ...] | tuple[Envelope, ...]) -> str:
    """Whether a mechanism passed; where the row doesn't say, whether one of the very same domain did."""
    if text.strip():
        return word(values.ALIGNED, text, f"policy_evaluated/{where}")
    return "pass" if any(one.result == "pass" and one.domain == author for one in results) else "fail"


def _said(record: Node) -> tuple[_Fields, _Pairs, _Triples, _Triples]:
    """What a record's elements say, as written."""
    parts = _only(record)
    row = _only(parts.get("row"))
    policy = row.get("policy_evaluated")
    evaluated = _only(policy, ("reason",))
    identifiers = _only(parts.get("identifiers"), ("envelope_to", "envelope_from"))
    results = parts.get("auth_results")
    children = results.children if results else ()
    reasons = [node for node in policy.children if node.name == "reason"] if policy else []
    return (
        (
            text_of(row, "source_ip"),
            text_of(row, "count"),
            text_of(evaluated, "disposition"),
            text_of(evaluated, "dkim"),
            text_of(evaluated, "spf"),
            text_of(identifiers, "header_from"),
            text_of(identifiers, "envelope_from"),
            text_of(identifiers, "envelope_to"),
        ),
        tuple((text_of(said, "type"), text_of(said, "comment")) for said in map(by_name, reasons)),
        tuple(
            (text_of(said, "domain"), text_of(said, "selector"), text_of(said, "result"))
            for said in (by_name(node) for node in children if node.name == "dkim" and node.children)
        ),
        tuple(
            (text_of(said, "domain"), text_of(said, "scope"), text_of(said, "result"))
            for said in (by_name(node) for node in children if node.name == "spf" and node.children)
        ),
    )


def _only(node: Node | None, several: tuple[str, ...] = ()) -> dict[str, Node]:
    """An element's children by name, none of which may come twice and say different things."""
    found = by_name(node)
    if node is not None and len(found) < len(node.children):
        for child in node.children:
            first = found[child.name]
            alike = child is first or not (child.children or child.text.strip() != first.text.strip())
            if child.name and child.name not in several and not alike:
                raise FeedbackError("twice", child.name, child.line)
    return found


class _Plan(msgspec.Struct, frozen=True):
    """Where a form has what: each getter takes from its values and, behind them, what is the same in all its rows."""

    values: int
    constants: list[str]
    fields: _Getter[_Fields]
    reasons: list[_Getter[tuple[str, str]]]
    signatures: list[_Getter[tuple[str, str, str]]]
    envelopes: list[_Getter[tuple[str, str, str]]]


def _plan(form: list[str], default: str, limits: Limits) -> _Plan | None:
    """Where a form of rows has what; None for one that is not a single record, or has a sign where no value stands."""
    text = "".join(f"{part}>{_mark(place)}</" for place, part in enumerate(form[:-1])) + form[-1]
    elements = Elements(limits)
    try:
        elements.feed(f"<feedback xmlns={quoteattr(default)}>".encode())
        elements.feed(text.encode())
        elements.feed(b"</feedback>", last=True)
        (record,) = elements.done
        if record.name != "record":
            return None
        fields, reasons, signatures, envelopes = _said(record)
    except (FeedbackError, ValueError):
        return None
    finally:
        elements.close()
    marks = {_mark(place): place for place in range(len(form) - 1)}
    found = sorted(marks[text] for text in _texts(record) if text in marks)
    if found != list(range(len(form) - 1)):
        return None
    constants: list[str] = []

    def place(text: str) -> int:
        if text in marks:
            return marks[text]
        constants.append(text)
        return len(marks) + len(constants) - 1

    def getter(said: _T) -> _Getter[_T]:
        places = map(place, cast("tuple[str, ...]", said))
        return cast("_Getter[_T]", itemgetter(*places))

    return _Plan(
        len(marks),
        constants,
        getter(fields),
        [getter(pair) for pair in reasons],
        [getter(triple) for triple in signatures],
        [getter(triple) for triple in envelopes],
    )


def _mark(place: int) -> str:
    return f"@{place}@"


def _texts(node: Node) -> Iterator[str]:
    yield node.text
    for child in node.children:
        yield from _texts(child)
