"""DMARC as two generations of receivers read it: RFC 9989 (tree walk, np, psd, t), RFC 7489 (Public Suffix List, pct).

No mailbox provider says which it runs, so both readings are always made. Pure: the answers come in as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ..domains import organizational_domain
from .answers import ABSENT, FOUND, NXDOMAIN, Answer, Answers, Question, can_exist
from .tags import TagList, parse_tags

NEW, OLD = "rfc9989", "rfc7489"
POLICIES = ("none", "quarantine", "reject")
_WEAKER = {"reject": "quarantine", "quarantine": "none", "none": "none"}
"""What t=y makes of a policy (RFC 9989, 4.7)."""
_MOST_LABELS = 8
"""Names with as many labels or more are cut to one less at the walk's first step (RFC 9989, 4.10)."""

_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@$&'()*+%=-]+(?:![0-9]+[kmgtKMGT]?)?")
_PCT = re.compile(r"[0-9]{1,3}")


class Record(msgspec.Struct, frozen=True):
    """A DMARC record.

    Attributes:
        domain: The domain that publishes it, without ``_dmarc.``.
        line: Which text at that name, from 1.
        tags: Its tags.
    """

    domain: str
    line: int
    tags: TagList

    @property
    def name(self) -> str:
        """The DNS name it stands at."""
        return dmarc_name(self.domain)

    def value(self, tag: str) -> str | None:
        """A tag's value; None where it is absent."""
        found = self.tags.get(tag)
        return found.value.text if found else None

    def policy(self, tag: str) -> str | None:
        """The policy in ``p``, ``sp`` or ``np``; None where it is absent or no policy."""
        value = (self.value(tag) or "").lower()
        return value if value in POLICIES else None

    def is_invalid(self, tag: str) -> bool:
        """Whether a policy tag is there and holds no policy."""
        return self.value(tag) is not None and self.policy(tag) is None

    @property
    def psd(self) -> str:
        """``"y"``, ``"n"`` or ``"u"``."""
        value = (self.value("psd") or "").lower()
        return value if value in ("y", "n") else "u"

    @property
    def testing(self) -> bool:
        """Whether t=y asks for one level less."""
        return (self.value("t") or "").lower() == "y"

    @property
    def percent(self) -> int:
        """``pct``, 100 where it is absent or no percentage."""
        value = self.value("pct") or ""
        return int(value) if _PCT.fullmatch(value) and int(value) <= 100 else 100

    @property
    def reports_somewhere(self) -> bool:
        """Whether ``rua`` has at least one syntactically valid URI (RFC 9989, 4.10.1)."""
        return any(is_report_uri(uri) for uri in (self.value("rua") or "").split(","))

    def effective(self, order: Iterable[str], reading: str) -> str | None:
        """The policy the record means, by the first tag of `order` that is there; None where no DMARC is applied.

        Source: RFC 9989, 4.10.1; RFC 7489, 6.6.3 step 6.
        """
        if _is_broken(self, reading):
            return "none" if self.reports_somewhere else None
        return next(policy for tag in order if (policy := self.policy(tag)))


def record_of(domain: str, text: str, line: int = 1) -> Record:
    """The record of a text; the arguments are its attributes."""
    return Record(domain, line, parse_tags(text))


class Published(msgspec.Struct, frozen=True):
    """What one domain publishes.

    Attributes:
        domain: The domain.
        answer: What came back for its ``_dmarc`` name.
        records: The texts that are DMARC records.
    """

    domain: str
    answer: Answer
    records: tuple[Record, ...]

    @property
    def record(self) -> Record | None:
        """The one record that counts: there must be only one, and none of its tags twice (RFC 6376, 3.2)."""
        if len(self.records) != 1 or self.records[0].tags.has("duplicate"):
            return None
        return self.records[0]

    @property
    def discarded(self) -> Bar | None:
        """Why none of the records that are there counts; None where one does, or there is none."""
        if len(self.records) > 1:
            return Bar("record-multiple", self.records[1], "", self.domain)
        if self.records and self.records[0].tags.has("duplicate"):
            return Bar("tag-duplicate", self.records[0], "", self.domain)
        return None


class Bar(msgspec.Struct, frozen=True):
    """Why a reading bars BIMI.

    Attributes:
        reason: A rule's id without ``dmarc.``.
        record: The record that says so, where there is one.
        tag: The tag in it.
        domain: The domain it is about.
    """

    reason: str
    record: Record | None
    tag: str
    domain: str


class Reading(msgspec.Struct, frozen=True):
    """DMARC for one Author Domain, as one RFC reads it.

    Attributes:
        rfc: `NEW` or `OLD`.
        result: ``"record"``, ``"none"`` or ``"temperror"``.
        record: The record whose policy applies.
        organizational_domain: None where it could not be found out.
        policy: The published policy that applies; None where none does, or it could not be found out.
        applied_policy: The same after t=.
        testing: Whether t=y weakens it.
        bars: Why it isn't good enough for BIMI.
        undecided: Domains whose answer is missing to decide; empty where all is known.
        suffix: The public suffix domain's record, where it stands in for a missing one of the Organizational Domain.
        organizational: The Organizational Domain's record.
    """

    rfc: str
    result: str
    record: Record | None
    organizational_domain: str | None
    policy: str | None
    applied_policy: str | None
    testing: bool
    bars: tuple[Bar, ...]
    undecided: tuple[str, ...]
    suffix: Record | None = None
    organizational: Record | None = None

    @property
    def eligible(self) -> bool | None:
        """Whether DMARC is good enough for BIMI (BIMI draft, 7.1); None where it could not be found out."""
        if self.bars:
            return False
        return None if self.undecided else True

    def facts(self) -> dict[str, Any]:
        """The reading as the report tells it."""
        return {
            "result": self.result,
            "record_at": self.record.domain if self.record else None,
            "organizational_domain": self.organizational_domain,
            "policy": self.policy,
            "applied_policy": self.applied_policy,
            "testing": self.testing,
            "pct": self.record.percent if self.record else None,
        }


def dmarc_name(domain: str) -> str:
    """Where a domain publishes its DMARC record."""
    return f"_dmarc.{domain}"


def is_report_uri(text: str) -> bool:
    """Whether a text can be an address for reports."""
    return _URI.fullmatch(text.strip(" \t")) is not None


def is_record(text: str) -> bool:
    """Whether a text is a DMARC record: it begins with the current version (RFC 9989, 4.7)."""
    return _VERSION.match(text) is not None


def tree(domain: str) -> Iterator[str]:
    """The domains of the tree walk, the Author Domain first, the top level last (RFC 9989, 4.10)."""
    yield domain
    labels = domain.split(".")
    rest = labels[-(_MOST_LABELS - 1) :] if len(labels) >= _MOST_LABELS else labels[1:]
    while rest:
        yield ".".join(rest)
        rest = rest[1:]


def domains_asked(domain: str) -> list[str]:
    """All domains whose DMARC record either reading may need."""
    return list(dict.fromkeys((*tree(domain), organizational_domain(domain) or domain)))


def published(domain: str, answers: Answers) -> Published:
    """What a domain publishes, from the answers at hand; a name too long for the DNS holds nothing."""
    name = dmarc_name(domain)
    answer = answers[Question(name)] if can_exist(name) else ABSENT
    texts = answer.records if answer.state == FOUND else ()
    records = (record_of(domain, text, line) for line, text in enumerate(texts, 1) if is_record(text))
    return Published(domain, answer, tuple(records))


def existence(domain: str, answers: Answers, question: Question) -> bool | None:
    """Whether the Author Domain exists, that is, isn't NXDOMAIN (RFC 9989, 3.2.13); None where it is unknown."""
    at_or_below = [answer for asked, answer in answers.items() if f".{asked.name}".endswith(f".{domain}")]
    if any(not answer.failed and answer.state != NXDOMAIN for answer in at_or_below):
        return True
    return None if answers[question].failed else False


def read_new(domain: str, all_published: Mapping[str, Published], exists: bool | None) -> Reading:
    """DMARC as RFC 9989 reads it (4.10, 4.10.1, 4.10.2)."""
    found: list[Record] = []
    failed = ""
    for name in tree(domain):
        one = all_published[name]
        if one.answer.failed:
            failed = name
            break
        if one.record is None:
            continue
        found.append(one.record)
        if one.record.psd != "u":
            break
    own = found[0] if found and found[0].domain == domain else None
    last = found[-1] if found else None
    suffix = last if last is not None and last.psd == "y" and last.domain != domain else None
    organizational: str | None = domain
    if failed:
        organizational = None
    elif suffix is not None:
        organizational = one_below(suffix.domain, domain)
    elif last is not None:
        organizational = last.domain
    of_organization = next((record for record in found if record.domain == organizational), None)
    record = own or of_organization or suffix
    if own is None and failed:
        return Reading(NEW, "temperror", None, None, None, None, False, (), (failed,))
    if record is None:
        bar = _nothing_applies(domain, tree(domain), all_published)
        return Reading(NEW, "none", None, organizational, None, None, False, (bar,), ())
    undecided = [failed] if failed else []
    if own is not None:
        order: tuple[str, ...] = ("p",)
    elif exists is None and record.policy("np") not in (None, record.policy("sp") or record.policy("p")):
        known = [*_bars_of_organization(NEW, organizational or domain, all_published, of_organization, suffix)]
        known += _bars_of_details(NEW, (record, of_organization), None, record)
        return Reading(NEW, "temperror", None, organizational, None, None, False, _once(known), (domain,))
    else:
        order = ("sp", "p") if exists is not False else ("np", "sp", "p")
    policy = record.effective(order, NEW)
    applied = _WEAKER[policy] if policy is not None and record.testing else policy
    bars = list(_bars_of_policy(NEW, domain, record, policy, applied, order))
    if organizational is not None and organizational != domain:
        bars += _bars_of_organization(NEW, organizational, all_published, of_organization, suffix)
    bars += _bars_of_details(NEW, (record, own, of_organization), policy, record)
    return Reading(
        NEW, "record", record, organizational, policy, applied, record.testing, _once(bars), tuple(undecided),
        None if of_organization else suffix, of_organization,
    )  # fmt: skip


def one_below(suffix: str, domain: str) -> str:
    """The name one label below `suffix` on the way to `domain`."""
    labels = domain.split(".")
    return ".".join(labels[-(suffix.count(".") + 2) :])


def read_old(domain: str, all_published: Mapping[str, Published]) -> Reading:
    """DMARC as RFC 7489 reads it (3.2, 6.6.3): nothing is asked between the domain and its Organizational Domain."""
    organizational = organizational_domain(domain) or domain
    own, above = all_published[domain], all_published[organizational]
    if own.answer.failed:
        return Reading(OLD, "temperror", None, organizational, None, None, False, (), (domain,))
    falls_back = own.record is None and len(own.records) < 2 and organizational != domain
    if falls_back and above.answer.failed:
        return Reading(OLD, "temperror", None, organizational, None, None, False, (), (organizational,))
    record = above.record if falls_back else own.record
    if record is None:
        bar = _nothing_applies(domain, (domain, organizational), all_published)
        return Reading(OLD, "none", None, organizational, None, None, False, (bar,), ())
    order = ("sp", "p") if falls_back else ("p",)
    policy = record.effective(order, OLD)
    bars = list(_bars_of_policy(OLD, domain, record, policy, policy, order))
    undecided: tuple[str, ...] = ()
    if organizational != domain:
        if above.answer.failed:
            undecided = (organizational,)
        else:
            bars += _bars_of_organization(OLD, organizational, all_published, above.record, None)
    bars += _bars_of_details(OLD, (record, own.record, above.record), policy, record)
    return Reading(
        OLD, "record", record, organizational, policy, policy, False, _once(bars), undecided, None, above.record
    )


def _nothing_applies(domain: str, asked: Iterable[str], all_published: Mapping[str, Published]) -> Bar:
    """Why no record applies: there is none, or those that are there are discarded, which is mended otherwise."""
    owned = organizational_domain(domain) or domain
    names = [name for name in asked if f".{name}".endswith(f".{owned}")]
    discarded = (all_published[name].discarded for name in names)
    return next(filter(None, discarded), Bar("missing", None, "", domain))


def _bars_of_policy(
    rfc: str, domain: str, record: Record, policy: str | None, applied: str | None, order: tuple[str, ...]
) -> Iterator[Bar]:
    """What bars in the policy that applies to the Author Domain."""
    tag = next((tag for tag in order if record.policy(tag)), "p")
    if policy is None or (policy == "none" and _is_broken(record, rfc)):
        yield _unusable(record, domain)
    elif policy == "none":
        yield Bar("policy-none", record, tag, domain)
    elif applied == "none":
        yield Bar("quarantine-testing", record, "t", domain)


def _is_broken(record: Record, rfc: str) -> bool:
    """Whether a policy tag keeps the whole record from counting as it was meant."""
    return record.policy("p") is None or record.is_invalid("sp") or (rfc == NEW and record.is_invalid("np"))


def _unusable(record: Record, domain: str) -> Bar:
    """Why a record that should say a policy doesn't."""
    invalid = next((tag for tag in ("p", "sp", "np") if record.is_invalid(tag)), None)
    if invalid is not None:
        return Bar("policy-unusable", record, invalid, domain)
    return Bar("only-version" if record.tags.is_version_alone else "policy-missing", record, "p", domain)


def _bars_of_organization(
    rfc: str, domain: str, all_published: Mapping[str, Published], record: Record | None, suffix: Record | None
) -> Iterator[Bar]:
    """What bars in the Organizational Domain's own policy; a public suffix domain may speak for it (RFC 9989)."""
    if record is None and suffix is None:
        discarded = all_published[domain].discarded if domain in all_published else None
        yield discarded or Bar("organizational-missing", None, "", domain)
        return
    speaking = record or suffix
    assert speaking is not None  # noqa: S101 - one of the two is there
    order = ("p",) if record is not None else ("sp", "p")
    policy = speaking.effective(order, rfc)
    if policy is None or (policy == "none" and _is_broken(speaking, rfc)):
        yield _unusable(speaking, domain)
    elif policy == "none":
        yield Bar("organizational-none", speaking, next((t for t in order if speaking.policy(t)), "p"), domain)
    elif rfc == NEW and speaking.testing and _WEAKER[policy or ""] == "none":
        yield Bar("quarantine-testing", speaking, "t", domain)


def _bars_of_details(rfc: str, records: Iterable[Record | None], policy: str | None, applying: Record) -> Iterator[Bar]:
    """sp=none and a partial quarantine, in the record of the Author Domain or of its Organizational Domain."""
    for record in {one.domain: one for one in records if one is not None}.values():
        if record.policy("sp") == "none":
            yield Bar("subdomain-none", record, "sp", record.domain)
        quarantines = record.policy("p") == "quarantine" or (record is applying and policy == "quarantine")
        if quarantines and record.percent != 100:
            yield Bar("quarantine-partial", record, "pct", record.domain)


def _once(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Each reason once for each record; sp=none that is told as the policy itself isn't told again."""
    kept: dict[tuple[str, str], Bar] = {}
    told = {(bar.record.domain, bar.tag) for bar in bars if bar.record and bar.reason == "policy-none"}
    for bar in bars:
        if bar.reason == "subdomain-none" and bar.record and (bar.record.domain, "sp") in told:
            continue
        kept.setdefault((bar.reason, bar.record.domain if bar.record else bar.domain), bar)
    return tuple(kept.values())
