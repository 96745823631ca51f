"""Everything about one domain, put together into one Report; whether it was asked for live or is only planned.

Pure: records, documents and revocation lists come in as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from msgspec.structs import replace

from .arguments import in_utc
from .cert.check import judge_certificate
from .cert.match import place_of_difference
from .cert.pem import showable
from .cert.trust import TrustStore
from .dns import bimi, judge
from .dns.answers import FOUND, NOT_GIVEN, TXT
from .dns.discovery import Found
from .dns.dmarc import NEW, OLD, Reading
from .dns.place import locate as locate_name
from .domains import BadDomain, bare, normal_domain
from .engine import Fault, findings_from, ordered, quote
from .findings import Finding, Location, Outcome, Report, Severity
from .readiness_rules import RULES
from .receivers.evidence import Evidence
from .receivers.verdict import judge as judge_receivers
from .svg.check import check_svg, decode
from .web.fetch import FAILED, OK, REFUSED, Fetched, plan
from .web.fetch import facts as web_facts
from .web.policy import FetchPolicy, Kind
from .web.rules import WebPlace
from .web.rules import faults as web_faults
from .web.rules import locate as locate_url

INDICATOR, CERTIFICATE = "indicator", "certificate"
SEEN, UNSEEN, MISSING, UNREACHABLE, NONE = "seen", "unseen", "missing", "unreachable", "none"

_TEXT_SHOWN = 2_000
_RECORDS_SHOWN = 20


class Subject(msgspec.Struct, frozen=True):
    """What the caller asked about, as it was understood.

    Attributes:
        domain: The Author Domain in normal form.
        selector: The selector.
        local_part: What stands before the @; None where nothing was said.
    """

    domain: str
    selector: str
    local_part: str | None


class Document(msgspec.Struct, frozen=True):
    """The logo or the certificate.

    Attributes:
        sight: `SEEN`, `UNSEEN` (nobody looked), `MISSING` (it can't be had), `UNREACHABLE` (not just now), or `NONE`
            (the record names none).
        data: Its bytes where it was seen.
        fetched: How it is hosted, where it was fetched.
    """

    sight: str
    data: bytes | None = None
    fetched: Fetched | None = None


def from_web(fetched: Fetched) -> Document:
    """A document that was fetched."""
    if fetched.state == OK:
        return Document(SEEN, fetched.body, fetched)
    return Document(MISSING if fetched.state in (FAILED, REFUSED) else UNREACHABLE, None, fetched)


class Parts(msgspec.Struct, frozen=True):
    """All that was gathered.

    Attributes:
        indicator: The logo at ``l=``.
        certificate: The file at ``a=``.
        crls: Certificate revocation lists.
        crls_asked: Whether anybody tried to have some, so that missing ones leave revocation undecided.
        crls_fetched: How they were fetched.
    """

    indicator: Document
    certificate: Document
    crls: tuple[bytes, ...] = ()
    crls_asked: bool = False
    crls_fetched: tuple[Fetched, ...] = ()


def understand(domain: str, selector: str, local_part: str | None) -> Subject:
    """The subject of a check; of an e-mail address the local-part counts too.

    Raises:
        TypeError: An argument is of the wrong type.
        BadDomain: The domain is none.
    """
    for what, value in (("domain", domain), ("selector", selector)):
        if not isinstance(value, str):
            raise TypeError(f"{what} must be a string, not {type(value).__name__}")
    if local_part is not None and not isinstance(local_part, str):
        raise TypeError(f"local_part must be a string, not {type(local_part).__name__}")
    name = normal_domain(domain)
    typed = bare(domain)
    if local_part is None and "@" in typed and "/" not in typed:
        local_part = typed.rpartition("@")[0].removeprefix("mailto:") or None
    return Subject(name, selector, local_part)


def not_a_domain(kind: str, domain: str, problem: BadDomain, at: datetime | None) -> Report:
    """The report on something that is no domain name."""
    params = {"domain": quote(domain), "problem": f"@{problem}"}
    fault: Fault[WebPlace] = Fault("bimikit.domain-invalid", None, "", params)
    nothing = Reading(NEW, "none", None, None, None, None, False, (), ())
    facts = {
        "dmarc": {rfc: nothing.facts() for rfc in (NEW, OLD)},
        "bimi": {rfc: bimi.Discovered(bimi.NONE).facts(eligible=False) for rfc in (NEW, OLD)},
    }
    return Report(kind, quote(domain), in_utc(at), findings_from([fault], RULES, locate_url), facts, finished=False)


def counting(found: Found) -> bimi.Discovered:
    """The discovery whose documents are judged: that of RFC 9989, unless only the other found a record."""
    new, old = found.discovered[NEW], found.discovered[OLD]
    return old if old.state == bimi.FOUND_RECORD and new.state != bimi.FOUND_RECORD else new


def addresses(found: Found) -> tuple[str, str]:
    """The addresses to fetch, of logo and certificate; empty for none. A record that fails may still name one."""
    one = counting(found).assertion
    if one is None:
        return "", ""
    wrong = {flaw.span.text.partition("=")[0].strip() for flaw in one.flaws if flaw.breaks}
    return ("" if "l" in wrong else one.location or ""), ("" if "a" in wrong else one.authority)


def unseen(found: Found) -> tuple[Document, Document]:
    """Logo and certificate when nobody looks at them: not seen, or none where it is certain that none is named."""
    discovered = counting(found)
    one = discovered.assertion
    if one is None:
        document = Document(UNSEEN if discovered.state == bimi.TEMPERROR else NONE)
        return document, document
    named = (one.location, one.authority)
    indicator, certificate = (Document(UNSEEN if name or one.broken else NONE) for name in named)
    return indicator, certificate


def report(kind: str, subject: Subject, found: Found, parts: Parts, at: datetime, trust: TrustStore | None) -> Report:
    """Judge everything that was gathered.

    Args:
        kind: ``"domain"`` or ``"publication"``.
        subject: What was asked about.
        found: What the DNS says, or is planned to say.
        parts: The documents.
        at: The moment to judge at, in UTC.
        trust: Roots and logs; the built-in ones by default.
    """
    one = counting(found)
    urls = dict(zip((INDICATOR, CERTIFICATE), addresses(found), strict=True))
    certificate = _certificate(subject, one, parts, at, trust)
    logo = None if parts.indicator.data is None else check_svg(parts.indicator.data, at=at)
    told_inside = _told_inside(certificate)
    authority = tuple(certificate.facts.get("caa_issuers", ())) if certificate else ()
    findings = ordered(
        (
            *_dns_findings(subject, found, authority),
            *_web_findings(kind, parts, urls, certificate),
            *_placed(certificate, CERTIFICATE, urls, logo=parts.indicator.data),
            *_placed(logo, INDICATOR, urls, told_inside),
        )
    )
    dmarc = {rfc: reading.facts() for rfc, reading in found.readings.items()}
    results = {rfc: _result(found, rfc, parts, one, certificate, logo) for rfc in found.readings}
    bimi_facts = {
        rfc: {**found.discovered[rfc].facts(reading.eligible), "result": results[rfc]}
        for rfc, reading in found.readings.items()
    }
    certified = _is_certified(certificate)
    # A certificate at hand that a known record doesn't name is judged, but helps nobody.
    named = certificate if urls[CERTIFICATE] or one.assertion is None else None
    evidence = Evidence(
        findings=findings,
        dmarc=dmarc,
        bimi=bimi_facts,
        selector=one.selector or subject.selector,
        kind_of_mark=named.facts.get("kind_of_mark") if named else None,
        mark_type=named.facts.get("mark_type") if named else None,
        indicator=parts.indicator.sight,  # type: ignore[arg-type]
        certificate=NONE if certificate and not named else parts.certificate.sight,  # type: ignore[arg-type]
        certified=certified and named is not None,
        at=at.date(),
    )
    verdicts = judge_receivers(evidence)
    facts: dict[str, Any] = {
        "domain": subject.domain,
        "selector": quote(subject.selector),
        "local_part": None if subject.local_part is None else quote(subject.local_part),
        "dmarc": dmarc,
        "bimi": bimi_facts,
        "authentication_results": {
            rfc: _header(found, rfc, results[rfc], parts, certificate) for rfc in found.readings
        },
        "records": _records(found),
        **({"record_lines": _lines(found, findings)} if found.zone is not None else {}),
        "aliases": {q.name: a.canonical for q, a in sorted(found.answers.items()) if a.canonical},
        "caa": {
            "found_at": found.caa.found_at,
            "allowed": None if found.caa.allowed is None else list(found.caa.allowed),
        },
        "public_suffix_list": _suffix_list_date(),
        "indicator": {"sight": parts.indicator.sight, **(logo.facts if logo else {}), **_hashed(parts.indicator.data)},
        "certificate": {"sight": parts.certificate.sight, **(certificate.facts if certificate else {})},
        "hosting": {
            **{
                name: web_facts(document.fetched) if document.fetched else None
                for name, document in ((INDICATOR, parts.indicator), (CERTIFICATE, parts.certificate))
            },
            "crls": [web_facts(fetched) for fetched in parts.crls_fetched],
        },
        "receivers": {name: _plain(verdict.reasons) for name, verdict in verdicts.items()},
        "trust": (trust or TrustStore.builtin()).describe(),
        "scope": _scope(parts),
    }  # fmt: skip
    states = {name: verdict.state for name, verdict in verdicts.items()}
    documents = {}
    if parts.indicator.data is not None:
        documents[INDICATOR] = decode(parts.indicator.data)
    if parts.certificate.data is not None:
        documents[CERTIFICATE] = showable(parts.certificate.data)
    inside = certificate.indicator if certificate else None
    return Report(kind, subject.domain, at, findings, facts, states, True, inside, documents)


def _plain(reasons: Any) -> Any:
    """Reasons as they come out of JSON, so that a report read again is equal."""
    return msgspec.json.decode(msgspec.json.encode(reasons))


def _certificate(
    subject: Subject, one: bimi.Discovered, parts: Parts, at: datetime, trust: TrustStore | None
) -> Report | None:
    if parts.certificate.data is None:
        return None
    return judge_certificate(
        parts.certificate.data,
        domain=one.domain or subject.domain,
        selector=one.selector or subject.selector,
        at=at,
        trust=trust,
        crls=parts.crls,
        crls_asked=parts.crls_asked,
        logo=parts.indicator.data,
    )


def _dns_findings(subject: Subject, found: Found, authority: tuple[str, ...]) -> tuple[Finding, ...]:
    faults = [
        *judge.records(found),
        *judge.policy(found),
        *judge.assertion(found, subject.local_part),
        *judge.issuance(found, authority),
    ]
    return findings_from(faults, RULES, locate_name)


def _web_findings(
    subject_kind: str, parts: Parts, urls: Mapping[str, str], certificate: Report | None
) -> tuple[Finding, ...]:
    faults: list[Fault[WebPlace]] = []
    for name, document, kind in (
        (INDICATOR, parts.indicator, Kind.INDICATOR),
        (CERTIFICATE, parts.certificate, Kind.EVIDENCE),
    ):
        if document.fetched is not None:
            faults += web_faults(document.fetched, kind)
            continue
        if subject_kind == "publication" and urls[name] and (refused := refused_unasked(urls[name], kind)):
            faults += web_faults(refused, kind)
        if document.sight == UNSEEN and urls[name]:
            params = {"kind": f"@web.kind-{kind}", "url": quote(urls[name])}
            faults.append(Fault("web.not-fetched", WebPlace(urls[name]), name, params))
    states = certificate.facts.get("revocation", {}).get("states", {}) if certificate else {}
    if "unknown" in states.values():  # a list out of reach is nothing to tell where all is known without it
        for fetched in parts.crls_fetched:
            faults += web_faults(fetched, Kind.CRL)
    return findings_from(faults, RULES, locate_url)


def refused_unasked(url: str, kind: Kind) -> Fetched | None:
    """What can be said against a URL without asking anybody; None for nothing."""
    try:
        next(plan(url, kind, FetchPolicy()))
    except StopIteration as end:
        fetched: Fetched = end.value
        return fetched
    return None


def _told_inside(certificate: Report | None) -> frozenset[str]:
    """The rules whose findings on the logo are told of the one in the certificate, which is the same drawing."""
    if certificate is None or certificate.facts.get("logo") not in ("identical", "markup"):
        return frozenset()
    return frozenset(finding.rule for finding in certificate.findings if finding.about_certified_logo)


def _placed(
    judged: Report | None,
    name: str,
    urls: Mapping[str, str],
    without: frozenset[str] = frozenset(),
    logo: bytes | None = None,
) -> Iterator[Finding]:
    """A document's findings, told apart from those of the other."""
    for finding in judged.findings if judged else ():
        if finding.rule in without:
            continue
        url = quote(urls[name], _TEXT_SHOWN) or None
        places = tuple(replace(place, document=name, url=url) for place in finding.locations or (Location(),))
        if judged is not None and logo is not None and finding.rule.startswith("match."):
            places = (place_of_mismatch(finding, judged.indicator, logo, urls[INDICATOR]), *places)
        yield replace(finding, locations=places)


def place_of_mismatch(finding: Finding, inside: bytes | None, logo: bytes, url: str) -> Location:
    """Where the logo on the web isn't the one in the certificate: it is the file that a person replaces.

    Args:
        finding: What is wrong, by a rule ``match.…``.
        inside: The logo in the certificate.
        logo: The one on the web.
        url: Its address; empty for none.
    """
    place = Location()
    if inside is not None and finding.rule == "match.logo-differs":
        place = place_of_difference(inside, logo)
    return replace(place, document=INDICATOR, url=quote(url, _TEXT_SHOWN) or None)


def _fails(judged: Report | None) -> bool:
    return judged is not None and not judged.ok


def _is_certified(certificate: Report | None) -> bool:
    """Whether a trusted certificate vouches for the logo on the web."""
    if certificate is None or certificate.facts.get("trusted_root") is None:
        return False
    broken = any(
        finding.severity is Severity.ERROR
        and finding.outcome is Outcome.FAIL
        and not finding.rule.startswith(("svg.", "bimikit."))
        for finding in certificate.findings
    )
    return not broken and certificate.facts.get("logo") in ("identical", "markup")


def _result(
    found: Found, rfc: str, parts: Parts, one: bimi.Discovered, certificate: Report | None, logo: Report | None
) -> str:
    """What a receiver that follows the draft would say (7.7): of all the steps that were taken."""
    result = found.discovered[rfc].result(found.readings[rfc].eligible)
    if result != "pass" or found.discovered[rfc].found_at != one.found_at:
        return result
    sights = (parts.indicator.sight, parts.certificate.sight)
    if MISSING in sights or _fails(certificate) or (_fails(logo) and not _is_certified(certificate)):
        return bimi.FAIL
    if UNREACHABLE in sights or (certificate is not None and not certificate.complete):
        return bimi.TEMPERROR
    return result


def _not_given(found: Found) -> bool:
    """Whether a plan leaves out what a receiver would ask for."""
    return any(answer.reason == NOT_GIVEN for question, answer in found.answers.items() if question.type == TXT)


_PLAIN_VALUE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._!#$%&'*+^`{|}~")


def _value(text: str) -> str:
    """A value as it stands in the field: a token, or a quoted string (RFC 8601, 2.2)."""
    if text and set(text) <= _PLAIN_VALUE:
        return text
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _header(found: Found, rfc: str, result: str, parts: Parts, certificate: Report | None) -> str | None:
    """The Authentication-Results field (BIMI draft, 7.7); None where a receiver would look at more than was given."""
    one = found.discovered[rfc]
    unlooked = UNSEEN in (parts.indicator.sight, parts.certificate.sight) or _not_given(found)
    other = counting(found).found_at
    if (unlooked or one.found_at != other) and result in ("pass", "temperror"):
        return None
    words = [f"bimi={result}"]
    if one.assertion is not None and result in ("pass", "fail", "temperror"):
        words += [f"header.d={one.domain}", f"header.selector={_value(one.selector)}"]
        if parts.certificate.sight != UNSEEN:
            authority = "none" if parts.certificate.sight == NONE else "fail" if _fails(certificate) else "pass"
            if parts.certificate.sight in (MISSING, UNREACHABLE) or (certificate and not certificate.complete):
                authority = "fail"
            words.append(f"policy.authority={authority}")
        if one.assertion.authority:
            words.append(f"policy.authority-uri={_value(one.assertion.authority)}")
        if one.assertion.location:
            words.append(f"policy.indicator-uri={_value(one.assertion.location)}")
        if result == "pass" and parts.indicator.data is not None:
            words.append(f"policy.indicator-hash={_hashed(parts.indicator.data)['sha256'][-8:]}")
        if one.assertion.tags.get("avp") is not None and not any(f.rule == "avp-invalid" for f in one.assertion.flaws):
            words.append(f"policy.logo-preference={one.assertion.preference}")
    return "receiver.example; " + " ".join(words)


def _hashed(data: bytes | None) -> dict[str, str]:
    """Hash of the uncompressed logo."""
    from .inflate import GZIP, inflate
    from .svg.check import DEFAULT_LIMITS

    if data is None:
        return {}
    plain = inflate(data, DEFAULT_LIMITS.max_bytes).data if data[:2] == GZIP else data
    return {"sha256": sha256(data if plain is None else plain).hexdigest()}


def _records(found: Found) -> dict[str, list[str]]:
    return {
        question.name: [quote(text, _TEXT_SHOWN) for text in answer.records[:_RECORDS_SHOWN]]
        for question, answer in sorted(found.answers.items())
        if question.type == TXT and answer.state == FOUND
    }


def _lines(found: Found, findings: tuple[Finding, ...]) -> dict[str, list[int]]:
    """The lines of the zone file on which the texts begin that were read, or that findings are about."""
    if found.zone is None:
        return {}
    names = {place.dns_name for finding in findings for place in finding.locations if place.dns_name is not None}
    names |= {question.name for question in found.answers}
    lines = {name: found.zone.lines_at(name)[:_RECORDS_SHOWN] for name in sorted(names)}
    return {name: where for name, where in lines.items() if where}


@lru_cache(1)
def _suffix_list_date() -> str:
    """The day of the Public Suffix List that is installed: the last part of its package's version."""
    try:
        day = version("publicsuffixlist").rpartition(".")[2]
    except PackageNotFoundError:
        return ""
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 and day.isdecimal() else ""


def _scope(parts: Parts) -> list[str]:
    """Beginnings of the ids of the rules that were judged."""
    scope = ["dmarc.", "bimi.", "caa.", "bimikit."]
    if parts.indicator.fetched or parts.certificate.fetched:
        scope.append("web.")
    if parts.indicator.data is not None:
        scope += ["svg.", "receiver.gmail."]
    if parts.certificate.data is not None:
        scope += ["cert.", "svg.", "receiver."]
        if parts.indicator.data is not None:
            scope.append("match.")
    return list(dict.fromkeys(scope))
