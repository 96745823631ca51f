"""`check_publication`: the same verdict on what is about to be published; nothing is asked and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from .arguments import as_bytes, in_utc
from .cert.trust import TrustStore, require_trust
from .dns.answers import ABSENT, FAILED, FOUND, NODATA, NOT_GIVEN, TXT, Answer, Question
from .dns.discovery import Found, discover
from .dns.zone_file import ZoneRecords
from .domains import BadDomain, organizational_domain
from .findings import Report
from .plans import Records, as_lists, planned
from .readiness import (
    SEEN,
    Document,
    Parts,
    Subject,
    not_a_domain,
    report,
    understand,
    unseen,
)

KIND = "publication"

_UNKNOWN = Answer(FAILED, reason=NOT_GIVEN)


def check_publication(
    *,
    domain: str,
    selector: str = "default",
    local_part: str | None = None,
    svg: bytes | None = None,
    certificate: bytes | None = None,
    dmarc: Records | None = None,
    record: Records | None = None,
    at: datetime | None = None,
    trust: TrustStore | None = None,
    crls: Iterable[bytes] = (),
) -> Report:
    """Judge a planned publication, whole or in part.

    Pure: it reads nothing but its arguments (and the clock, when `at` isn't given), reaches no network, and never
    raises on what is in them. What isn't given is not checked, and no provider is called ready without it.

    Args:
        domain: The Author Domain, as people type it.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors.
        svg: The logo to be hosted at ``l=``.
        certificate: The file to be hosted at ``a=``.
        dmarc: The DMARC record: its text at `domain`, or texts by name (``_dmarc.example.com`` or ``example.com``). A
            mapping is the whole plan: names that aren't in it have no record. With a text alone the Organizational
            Domain of a subdomain stays unknown.
        record: The Assertion Record: its text at ``<selector>._bimi.<domain>``, or texts by name, likewise.
        at: The moment to judge at; must have a time zone. Now by default.
        trust: Roots and logs; `TrustStore.builtin()` by default.
        crls: Certificate Revocation Lists, PEM or DER.

    Returns:
        The report, of kind ``"publication"``, with the facts and verdicts of `check_domain`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone.
    """
    require_trust(trust)
    at = in_utc(at)
    svg = None if svg is None else as_bytes("svg", svg)
    certificate = None if certificate is None else as_bytes("certificate", certificate)
    lists = as_lists(crls)
    try:
        subject = understand(domain, selector, local_part)
    except BadDomain as problem:
        return not_a_domain(KIND, domain, problem, at)
    plan = planned(subject.domain, subject.selector, dmarc, record)
    zone = next((records.zone for records in (dmarc, record) if isinstance(records, ZoneRecords)), None)
    found = replace(_found(subject, plan, dmarc, record), zone=zone)
    indicator, evidence = (
        instead if data is None else Document(SEEN, data)
        for data, instead in zip((svg, certificate), unseen(found), strict=True)
    )
    return report(KIND, subject, found, Parts(indicator, evidence, lists), at, trust)


def _found(
    subject: Subject, plan: Mapping[str, tuple[str, ...]], dmarc: Records | None, record: Records | None
) -> Found:
    asking = discover(subject.domain, subject.selector, subject.local_part)
    questions = next(asking)
    while True:
        answers = {question: _answer(question, subject, plan, dmarc, record) for question in questions}
        try:
            questions = asking.send(answers)
        except StopIteration as end:
            found: Found = end.value
            return found


def _answer(
    question: Question,
    subject: Subject,
    plan: Mapping[str, tuple[str, ...]],
    dmarc: Records | None,
    record: Records | None,
) -> Answer:
    if question.type != TXT:
        return Answer(NODATA) if question.name == subject.domain and question.type == "A" else _UNKNOWN
    of_dmarc = question.name.startswith("_dmarc.")
    records = dmarc if of_dmarc else record
    if isinstance(records, ZoneRecords):
        return records.zone.answer(question.name)
    if question.name in plan:
        return Answer(FOUND, plan[question.name])
    if records is None:
        return _UNKNOWN
    return _UNKNOWN if isinstance(records, str) and _is_between(question.name, subject.domain) else ABSENT


def _is_between(name: str, domain: str) -> bool:
    """Whether a name belongs to a domain above the subject that its owner may have: a plan of one text is silent on it.

    Public suffixes above it are taken to publish nothing, as nearly all do.
    """
    owner = name.partition("._bimi.")[2] or name.removeprefix("_dmarc.")
    organizational = organizational_domain(domain) or domain
    return owner != domain and (owner == organizational or owner.endswith(f".{organizational}"))
