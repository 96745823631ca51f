"""The vocabulary of every answer bimikit gives: Finding, Location, Citation, Report.

All types are immutable structs: equal by value, picklable, and free of any reference to the input's bytes.
Words are not stored in a finding. It carries its rule's id and the parameters of this case, and the text in either
language is looked up in the catalogue (`bimikit.locale`) when somebody reads it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from .sources import Citation

TYPE_CHECKING = False  # type checkers take it for typing's, which is dear to import
if TYPE_CHECKING:
    from .rules import Rule

SCHEMA_VERSION = 1
"""Version of the JSON form of a Report; it rises when a reader of the old form would misread the new one."""

Param: TypeAlias = str | int | float
"""What a message may be about: names, values and counts."""


class Severity(enum.StrEnum):
    """How strong the broken norm is."""

    ERROR = "error"
    """A MUST of a text is broken."""
    WARNING = "warning"
    """A SHOULD, or something a mailbox provider asks for on top of the standard."""
    NOTICE = "notice"
    """Worth knowing."""


class Outcome(enum.StrEnum):
    """What became of a rule."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_EFFECTIVE = "not_effective"
    """Not yet in force at the subject's date."""
    NOT_CHECKED = "not_checked"
    """Nobody asked: it counts for nothing unless it is required."""
    INDETERMINATE = "indeterminate"
    """Asked, and could not be found out: never a pass and never a fail."""


class Applicability(enum.StrEnum):
    """Whether doing what a fix says can change how the logo looks."""

    SAFE = "safe"
    """No pixel changes."""
    VISIBLE = "visible"
    """The picture may change, so it needs the owner's consent."""
    MANUAL = "manual"
    """Only a person can decide what is right."""


class Location(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where a fault is. Only the parts that make sense for the subject are set.

    Attributes:
        line: Line in the decoded text, from 1.
        column: Column in Unicode code points, from 1.
        length: How many code points the fault spans, at least 1.
        element: Path of the element, such as ``svg/g[2]/path[1]``.
        attribute: The attribute's name as it is written, prefix included.
        certificate: Index in the chain, the Mark Certificate being 0.
        field: Field or extension of that certificate. Line, column and element beside ``logotype`` are places in the
            logo inside it.
        dns_name: The DNS name that was asked; line counts its records, and column counts in one of them.
        url: The URL that was fetched.
        document: Which of several documents of the subject line and column count in: ``"indicator"`` (the logo at
            ``l=``) or ``"certificate"`` (the file at ``a=``).
    """

    line: int | None = None
    column: int | None = None
    length: int | None = None
    element: str | None = None
    attribute: str | None = None
    certificate: int | None = None
    field: str | None = None
    dns_name: str | None = None
    url: str | None = None
    document: str | None = None

    @property
    def inside(self) -> bool:
        """Whether line and column count in the logo inside a certificate."""
        return self.certificate is not None and self.line is not None

    @property
    def elsewhere(self) -> bool:
        """Whether line and column count in something other than the subject's own text."""
        return self.inside or self.dns_name is not None or self.document is not None

    def __str__(self) -> str:
        """Short human form: ``3:14 svg/path[1] @d``."""
        parts = []
        if self.document is not None and self.certificate is None:
            parts.append(self.document)
        if self.certificate is not None:
            parts.append(f"certificate[{self.certificate}]")
        if self.field:
            parts.append(self.field)
        if self.line is not None:
            parts.append(f"{self.line}:{self.column}")
        parts += [p for p in (self.element, self.dns_name, self.url) if p]
        if self.attribute:
            parts.append(f"@{self.attribute}")
        return " ".join(parts)


class Fix(msgspec.Struct, frozen=True, gc=False):
    """What to do about a finding, and whether doing it can change the picture."""

    applicability: Applicability
    text: str


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One fault, however often it is repeated.

    Attributes:
        rule: Id of the rule, such as ``svg.title-missing``. Ids are API.
        severity: Strength of the norm.
        outcome: FAIL, or INDETERMINATE where it could not be found out.
        citation: The text that demands it.
        applicability: Whether the fix can change the picture.
        params: What this case is about; the message is written from it.
        locations: The first places; `count` says how many there are in all.
        count: How often the same fault occurs.
    """

    rule: str
    severity: Severity
    outcome: Outcome
    citation: Citation
    applicability: Applicability
    params: Mapping[str, Param] = {}
    locations: tuple[Location, ...] = ()
    count: int = 1

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.wording().message

    @property
    def fix(self) -> Fix:
        """What to do about it, in English."""
        return Fix(self.applicability, self.wording().fix)

    def wording(self, lang: str = "en") -> Wording:
        """The finding in words.

        Args:
            lang: ``"en"`` or ``"ja"``.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        from .locale import term, wording

        words = wording(self.rule, self.params, lang)
        if self.about_certified_logo:
            return msgspec.structs.replace(words, fix=term("fix.reissue", lang).format(fix=words.fix))
        return words

    @property
    def about_certified_logo(self) -> bool:
        """Whether it is about the logo inside a certificate, so that mending it takes a new certificate."""
        return self.rule.startswith(("svg.", "receiver.gmail.")) and any(
            place.certificate is not None for place in self.locations
        )

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stay the same while unrelated parts of the subject are edited.

        They cover the rule, the element and the attribute, and leave out line, column and count.
        """
        import hashlib

        place = self.locations[0] if self.locations else Location()
        parts: tuple[object, ...] = (
            self.rule,
            place.element,
            place.attribute,
            place.certificate,
            place.field,
            place.dns_name,
            place.url,
        )
        parts += () if place.document is None else (place.document,)
        key = "\x1f".join("" if part is None else str(part) for part in parts)
        return hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The finding as JSON-ready data, its texts in `lang`."""
        words = self.wording(lang)
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "title": words.title,
            "message": words.message,
            "why": words.why,
            "fix": {"applicability": self.applicability.value, "text": words.fix},
            "citation": msgspec.to_builtins(self.citation),
            "params": dict(self.params),
            "locations": [msgspec.to_builtins(place) for place in self.locations],
            "count": self.count,
            "fingerprint": self.fingerprint,
        }


class Wording(msgspec.Struct, frozen=True, gc=False):
    """A finding's four texts in one language."""

    title: str
    message: str
    why: str
    fix: str


class Report(msgspec.Struct, frozen=True, gc=False, eq=False):
    """The answer about one subject.

    Attributes:
        kind: What was judged: ``"svg"``, ``"certificate"``, ``"domain"`` (live), ``"publication"`` (planned), or
            ``"sending"`` (SPF, DKIM), among others.
        subject: Its name: a path, a domain, or ``"-"`` for standard input.
        judged_at: The moment it was judged at (UTC, whole seconds).
        findings: In a fixed order: errors first, then by place.
        facts: What was read from the subject: sizes, names, encodings and so on.
        verdicts: What is known per mailbox provider.
        finished: False when the subject could not be read to its end, so that rules without a finding are unknown.
        indicator: The logo that was found inside the subject's certificate, uncompressed. It isn't part of the JSON
            form, which has its size and hash among the facts, nor of equality.
        documents: Texts of the subject's documents, for excerpts: ``"indicator"`` and ``"certificate"``. They are
            part neither of the JSON form nor of equality.
    """

    kind: str
    subject: str
    judged_at: datetime
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = {}
    verdicts: Mapping[str, str] = {}
    finished: bool = True
    indicator: bytes | None = None
    documents: Mapping[str, str] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self._compared() == other._compared()

    def __ne__(self, other: object) -> bool:  # msgspec has one of its own, which Python would take
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # facts can't be hashed

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in ("indicator", "documents"))

    @property
    def ok(self) -> bool:
        """No rule of severity ERROR has failed."""
        return not any(f.severity is Severity.ERROR and f.outcome is Outcome.FAIL for f in self.findings)

    @property
    def complete(self) -> bool:
        """Nothing that was asked is left undecided."""
        return not any(f.outcome is Outcome.INDETERMINATE for f in self.findings)

    @property
    def results(self) -> dict[str, Outcome]:
        """What became of every rule of this report's kind, by rule id; computed on demand."""
        from .rules import rules_of_kind

        otherwise = Outcome.PASS if self.finished else Outcome.NOT_CHECKED
        about = self.facts.get("certificate", self.facts)
        issued = about.get("issued")  # what binds a certificate is decided by its own date
        date = datetime.fromisoformat(issued) if issued else self.judged_at
        found = {finding.rule: finding.outcome for finding in self.findings}  # of any rules, where more was asked
        scope = tuple(self.facts.get("scope", ("",)))  # where only some documents were at hand

        def unfound(rule: Rule) -> Outcome:
            if not rule.id.startswith(scope):
                return Outcome.NOT_CHECKED
            return otherwise if rule.in_force(date) else Outcome.NOT_EFFECTIVE

        return {rule.id: unfound(rule) for rule in rules_of_kind(self.kind)} | found

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The report as JSON-ready data; its schema is `bimikit.report_schema()`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": self.kind,
            "subject": self.subject,
            "judged_at": self.judged_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "ok": self.ok,
            "complete": self.complete,
            "finished": self.finished,
            "counts": {
                **{f"{severity.value}s": self.count(severity) for severity in Severity},
                "undecided": sum(1 for finding in self.findings if finding.outcome is Outcome.INDETERMINATE),
            },
            "findings": [finding.to_dict(lang) for finding in self.findings],
            "facts": dict(self.facts),
            "verdicts": dict(self.verdicts),
        }

    def to_json(self, lang: str = "en", *, indent: int | None = 2) -> str:
        """The report as JSON text. Equal input and time give equal bytes."""
        import json

        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Read what `to_dict` wrote.

        Raises:
            ValueError: It isn't a report, or one of a schema version this release does not know.
        """
        if not isinstance(data, Mapping) or data.get("schema_version") != SCHEMA_VERSION:
            raise ValueError(f"not a bimikit report of schema version {SCHEMA_VERSION}")
        try:
            plain = {
                **data,
                "findings": [
                    {**finding, "applicability": finding["fix"]["applicability"]} for finding in data["findings"]
                ],
            }
            return msgspec.convert(plain, cls)
        except (KeyError, TypeError, msgspec.ValidationError) as problem:
            raise ValueError(f"not a bimikit report: {problem}") from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """Read what `to_json` wrote.

        Raises:
            ValueError: It isn't JSON, or not a report.
        """
        import json

        try:
            data = json.loads(text)
        except RecursionError:
            raise ValueError("not a bimikit report: brackets within brackets without end") from None
        return cls.from_dict(data)
