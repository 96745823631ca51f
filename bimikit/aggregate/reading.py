"""Reading one aggregate report (RFC 7489, appendix C; RFC 9990) as a stream: memory doesn't grow with its rows.

Rows of a report look alike but for their values. So each form of a row is learnt once, from expat; a row whose text has
a known form needs no further parsing, and its values are taken out of it. Any other goes through expat.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import chain
from operator import itemgetter
from typing import TypeAlias, TypeVar, cast
from xml.sax.saxutils import quoteattr

import msgspec

from ..inflate import GZIP
from . import values
from .elements import END, Elements, Limits, Node, utf8
from .feedback import Envelope, Feedback, FeedbackError, Head, Policy, Row, Signature
from .inflating import Budget, Inflating, Readable
from .values import Known, word

_T = TypeVar("_T")
_MOST_FORMS = 200
_LONGEST_FORM = 8 * 1024
"""Characters of a row, many times what rows have."""
_GZIPPED_MOST, _GZIPPED_RATIO = 4 * 1024**3, 250
_Triples: TypeAlias = tuple[tuple[str, str, str], ...]
_Pairs: TypeAlias = tuple[tuple[str, str], ...]
_Getter: TypeAlias = Callable[[list[str]], _T]
_Fields: TypeAlias = tuple[str, str, str, str, str, str, str, str]
"""source_ip, count, disposition, dkim, spf, header_from, envelope_from, envelope_to, as written."""


def read_feedback(source: Readable | bytes, limits: Limits | None = None) -> Feedback:
    """Read a report up to its rows; the rows are read while they are asked for.

    Args:
        source: Its XML: UTF-8, UTF-16 or what its XML declaration says; also gzipped. Bytes or a stream.
        limits: Bounds on it.

    Raises:
        FeedbackError: It is no report, or can't be read up to its rows.
        OSError: From the stream.
    """
    limits = limits or Limits()
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    start = stream.read(len(GZIP))
    stream = _Counted(start, stream)
    if start == GZIP:
        stream = _Counted(b"", Inflating(stream, Budget(_GZIPPED_MOST, _GZIPPED_RATIO, 0)))
    parts = _parts(stream, limits)
    collected = _Collected(limits)
    early: list[Row] = []
    while (head := collected.head()) is None:
        part = next(parts, None)
        if part is None:
            raise collected.missing()
        if isinstance(part, Row):
            early.append(part)
            if stream.went > limits.max_early_bytes:
                raise FeedbackError("late-policy")
        else:
            collected.add(part)
    return Feedback(head, _rows(early, parts, head, collected))


def _rows(early: list[Row], parts: Iterator[Row | Node], head: Head, collected: _Collected) -> Iterator[Row]:
    for part in chain(early, parts):
        if not isinstance(part, Row):
            collected.add(part)
        elif part.header_from:
            yield part
        else:
            yield msgspec.structs.replace(part, header_from=head.policy.domain)


class _Counted:
    """A stream whose first bytes were read, and how many bytes went out of it."""

    def __init__(self, start: bytes, stream: Readable) -> None:
        self._start, self._stream = start, stream
        self.went = 0

    def read(self, size: int, /) -> bytes:
        data, self._start = self._start or self._stream.read(size), b""
        self.went += len(data)
        return data


def _parts(stream: Readable, limits: Limits) -> Iterator[Row | Node]:
    """The root's children: rows, and what isn't one."""
    pieces, lines = utf8(stream)
    elements = Elements(limits)
    elements.lines = lines
    forms = _Forms(elements, limits)
    rest = b""
    clean = False
    try:
        for data in pieces:
            rest, start = rest + data, 0
            while (end := rest.find(END, start)) >= 0:
                end += len(END)
                piece = rest[start:end]
                row = forms.read(piece) if clean else None
                if row is not None:
                    yield row
                else:
                    known = clean
                    clean = elements.feed(piece)
                    yield from forms.take()
                    if known and clean:
                        forms.learn(piece)
                start = end
            rest = rest[start:]
            if not clean or len(rest) > limits.max_part_bytes:
                clean = bool(elements.feed(rest))
                rest = b""
                yield from forms.take()
        elements.feed(rest, last=True)
        yield from forms.take()
    finally:
        elements.close()


_VALUE = re.compile(r">([!-%'-;=?-~][ -%'-;=?-~]*+)</")
"""Text of ASCII's printable signs between a start tag and an end tag, or so it seems: `_plan` sees whether it is."""


class _Forms:
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
            _of(row, "source_ip"),
            _of(row, "count"),
            _of(evaluated, "disposition"),
            _of(evaluated, "dkim"),
            _of(evaluated, "spf"),
            _of(identifiers, "header_from"),
            _of(identifiers, "envelope_from"),
            _of(identifiers, "envelope_to"),
        ),
        tuple((_of(said, "type"), _of(said, "comment")) for said in map(_first, reasons)),
        tuple(
            (_of(said, "domain"), _of(said, "selector"), _of(said, "result"))
            for said in (_first(node) for node in children if node.name == "dkim" and node.children)
        ),
        tuple(
            (_of(said, "domain"), _of(said, "scope"), _of(said, "result"))
            for said in (_first(node) for node in children if node.name == "spf" and node.children)
        ),
    )


def _first(node: Node | None) -> dict[str, Node]:
    """An element's children by name; of several the first."""
    return {child.name: child for child in reversed(node.children)} if node else {}


def _only(node: Node | None, several: tuple[str, ...] = ()) -> dict[str, Node]:
    """An element's children by name, none of which may come twice and say different things."""
    found = _first(node)
    if node is not None and len(found) < len(node.children):
        for child in node.children:
            first = found[child.name]
            alike = child is first or not (child.children or child.text.strip() != first.text.strip())
            if child.name and child.name not in several and not alike:
                raise FeedbackError("twice", child.name, child.line)
    return found


def _of(said: dict[str, Node], name: str) -> str:
    node = said.get(name)
    return node.text if node else ""


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


class _Collected:
    """What stands beside the rows, until there is enough of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._metadata: Node | None = None
        self._policy: Policy | None = None
        self._version = ""

    def add(self, node: Node) -> None:
        """Take note of a child of the root; extensions and what is not known are passed over."""
        if node.name == "version":
            self._version = self._version or self._free(node.text)
        elif node.name == "report_metadata":
            if self._metadata is not None:
                raise FeedbackError("twice", node.name, node.line)
            self._metadata = node
        elif node.name == "policy_published":
            policy = self._published(node)
            if self._policy not in (None, policy):
                raise FeedbackError("twice", node.name, node.line)
            self._policy = policy

    def head(self) -> Head | None:
        """What stands above the rows, once it has been read."""
        node, policy = self._metadata, self._policy
        if node is None or policy is None:
            return None
        said = _first(node)
        dates = _first(said.get("date_range"))
        email = self._free(_of(said, "email"))
        reporter = self._free(_of(said, "org_name")) or email.rpartition("@")[2]
        try:
            begin, end = (values.moment(self._needed(dates, name, node)) for name in ("begin", "end"))
        except FeedbackError as problem:
            problem.line = problem.line or node.line
            raise
        if end < begin:
            raise FeedbackError("date", f"{begin:%Y-%m-%d} > {end:%Y-%m-%d}", node.line)
        if not reporter:
            raise FeedbackError("missing", "org_name", node.line)
        errors = (self._free(child.text) for child in node.children if child.name == "error")
        return Head(
            reporter=reporter,
            email=email,
            report_id=self._needed(said, "report_id", node),
            begin=begin,
            end=end,
            policy=policy,
            errors=tuple(error for error in errors if error),
            contact=self._free(_of(said, "extra_contact_info")),
            version=self._version,
            generator=self._free(_of(said, "generator")),
        )

    def missing(self) -> FeedbackError:
        """What a report lacks that has ended."""
        return FeedbackError("missing", "policy_published" if self._metadata else "report_metadata")

    def _published(self, node: Node) -> Policy:
        said = _first(node)
        try:
            return Policy(
                domain=values.domain(self._needed(said, "domain", node)),
                p=word(values.POLICIES, _of(said, "p"), "p"),
                sp=word(values.SUBDOMAIN_POLICIES, _of(said, "sp"), "sp"),
                np=word(values.SUBDOMAIN_POLICIES, _of(said, "np"), "np"),
                adkim=values.optional(values.ALIGNMENTS, _of(said, "adkim")),
                aspf=values.optional(values.ALIGNMENTS, _of(said, "aspf")),
                pct=_percentage(_of(said, "pct")),
                testing=values.optional(values.TESTING, _of(said, "testing")),
                discovery=values.optional(values.DISCOVERIES, _of(said, "discovery_method")),
                fo=self._free(_of(said, "fo")),
            )
        except FeedbackError as problem:
            problem.line = problem.line or node.line
            raise

    def _free(self, text: str) -> str:
        return text.strip()[: self._limits.max_text]

    def _needed(self, said: dict[str, Node], name: str, parent: Node) -> str:
        node = said.get(name)
        text = node.text.strip() if node else ""
        line = node.line if node else parent.line
        if not text:
            raise FeedbackError("missing", name, line)
        if len(text) > self._limits.max_text:
            raise FeedbackError("too-long", name, line)
        return text


def _percentage(text: str) -> str:
    number = text.strip().removesuffix("%").strip()
    return str(int(number)) if number.isascii() and number.isdigit() and len(number) <= 3 and int(number) <= 100 else ""
