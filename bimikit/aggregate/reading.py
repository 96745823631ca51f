"""Reading one aggregate report (RFC 7489, appendix C; RFC 9990) as a stream: memory doesn't grow with its rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain

import msgspec

from ..inflate import GZIP
from . import values
from .elements import END, Elements, Limits, Node, by_name, text_of, utf8
from .feedback import Feedback, FeedbackError, Head, Policy, Row
from .inflating import Budget, Inflating, Readable
from .record import Forms
from .values import word

_GZIPPED_MOST, _GZIPPED_RATIO = 4 * 1024**3, 250


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
    forms = Forms(elements, limits)
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
        said = by_name(node)
        dates = by_name(said.get("date_range"))
        email = self._free(text_of(said, "email"))
        reporter = self._free(text_of(said, "org_name")) or email.rpartition("@")[2]
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
            contact=self._free(text_of(said, "extra_contact_info")),
            version=self._version,
            generator=self._free(text_of(said, "generator")),
        )

    def missing(self) -> FeedbackError:
        """What a report lacks that has ended."""
        return FeedbackError("missing", "policy_published" if self._metadata else "report_metadata")

    def _published(self, node: Node) -> Policy:
        said = by_name(node)
        try:
            return Policy(
                domain=values.domain(self._needed(said, "domain", node)),
                p=word(values.POLICIES, text_of(said, "p"), "p"),
                sp=word(values.SUBDOMAIN_POLICIES, text_of(said, "sp"), "sp"),
                np=word(values.SUBDOMAIN_POLICIES, text_of(said, "np"), "np"),
                adkim=values.optional(values.ALIGNMENTS, text_of(said, "adkim")),
                aspf=values.optional(values.ALIGNMENTS, text_of(said, "aspf")),
                pct=_percentage(text_of(said, "pct")),
                testing=values.optional(values.TESTING, text_of(said, "testing")),
                discovery=values.optional(values.DISCOVERIES, text_of(said, "discovery_method")),
                fo=self._free(text_of(said, "fo")),
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
