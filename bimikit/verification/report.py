"""`compare`: everything that is published for a domain against everything that was planned, in one Report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from ..cert.pem import showable
from ..cert.place import locate as locate_in_certificate
from ..dns.answers import FOUND, TXT
from ..dns.bimi import TEMPERROR
from ..dns.place import locate as locate_name
from ..domains import BadDomain, publication_name
from ..engine import Fault, findings_from, ordered, quote
from ..findings import Finding, Location, Report
from ..gathered import Gathered, Given
from ..readiness import (
    CERTIFICATE,
    INDICATOR,
    Document,
    Subject,
    addresses,
    counting,
    not_a_domain,
    place_of_mismatch,
)
from ..svg.check import decode
from ..web.fetch import facts as web_facts
from ..web.policy import Kind
from ..web.rules import faults as web_faults
from ..web.rules import locate as locate_url
from . import files, records
from .rules import RULES, SCOPE

KIND = "verification"
_TEXT_SHOWN = 2_000
_TEXTS_SHOWN = 20


def compare(gathered: Gathered, plan: Given) -> Report:
    """Judge whether what was gathered about a domain is what was planned; nothing is asked.

    Args:
        gathered: What is published (`bimikit.gather_domain`).
        plan: What was planned; None stands for what nobody planned, which is not compared.
    """
    subject, found, parts = gathered.subject, gathered.found, gathered.parts
    if subject is None or found is None or parts is None:
        return replace(not_a_domain(KIND, gathered.domain, BadDomain(gathered.problem), gathered.at), facts={})
    urls = dict(zip((INDICATOR, CERTIFICATE), addresses(found), strict=True))
    hosted = {INDICATOR: parts.indicator, CERTIFICATE: parts.certificate}
    given = {INDICATOR: plan.svg, CERTIFICATE: plan.certificate}
    held = {side: files.Certificates() if data is None else files.read_certificates(data)
            for side, data in (("hosted", parts.certificate.data), ("planned", plan.certificate))}  # fmt: skip
    every = records.compared(found, plan.dmarc, plan.record)
    in_dns = list(records.faults(every, found))
    in_files = list(_file_faults(hosted, given, urls, held, gathered))
    if counting(found).state != TEMPERROR and not any(fault.rule.startswith("verify.record-") for fault in in_dns):
        in_files += _unpublished(given, urls)
    if not plan.planned:
        in_files.append(Fault("verify.nothing-planned", None))
    findings = ordered(
        (
            *findings_from(in_dns, RULES, locate_name),
            *findings_from(in_files, RULES, _as_it_is),
            *_hosting(hosted),
            *_match(hosted, held, urls),
        )
    )
    certificates = held["hosted"] if parts.certificate.data is not None else held["planned"]
    texts = {
        name: show(document.data)
        for (name, document), show in zip(hosted.items(), (decode, showable), strict=True)
        if document.data is not None
    }
    facts: dict[str, Any] = {
        "domain": subject.domain,
        "selector": quote(subject.selector),
        "local_part": None if subject.local_part is None else quote(subject.local_part),
        "planned": list(plan.planned),
        "records": {
            question.name: _texts(answer.records)
            for question, answer in sorted(found.answers.items())
            if question.type == TXT and answer.state == FOUND
        },
        "compared": {
            "records": [
                {
                    "kind": one.kind,
                    "name": one.name,
                    "same": one.same,
                    "published": None if one.published is None else _texts(one.published),
                    "planned": _texts(one.planned),
                }
                for one in every
            ],
            **{
                name: {
                    "same": _same(document.data, given[name]),
                    "published": None if document.fetched is None else web_facts(document.fetched),
                    "planned": files.facts(given[name]),
                }
                for name, document in hosted.items()
            },
        },
        "certificates": {side: certificates.facts() for side, certificates in held.items()},
        "scope": list(SCOPE),
    }
    return Report(KIND, _name(subject), gathered.at, findings, facts, {}, True, certificates.logo, texts)


def _name(subject: Subject) -> str:
    """The publication as its owner tells it from others of the domain."""
    return quote(publication_name(subject.domain, subject.selector, subject.local_part))


def _same(published: bytes | None, planned: bytes | None) -> bool | None:
    return None if published is None or planned is None else published == planned


def _texts(texts: tuple[str, ...]) -> list[str]:
    return [quote(text, _TEXT_SHOWN) for text in texts[:_TEXTS_SHOWN]]


def _as_it_is(place: Location) -> Location:
    return place


def _file_faults(
    hosted: dict[str, Document],
    given: dict[str, bytes | None],
    urls: dict[str, str],
    held: dict[str, files.Certificates],
    gathered: Gathered,
) -> Iterator[Fault[Location]]:
    logo, certificate = hosted[INDICATOR].data, hosted[CERTIFICATE].data
    planned_logo, planned_certificate = given[INDICATOR], given[CERTIFICATE]
    if logo is not None and planned_logo is not None and logo != planned_logo:
        yield files.logo_change(urls[INDICATOR], logo, planned_logo)
    url = urls[CERTIFICATE]
    if certificate is None:
        return
    if planned_certificate is None:
        if held["hosted"].logo is None:
            place = Location(url=quote(url), document=CERTIFICATE)
            yield Fault("verify.certificate-unreadable", place, "", {"url": quote(url)})
    elif certificate != planned_certificate:
        yield files.certificate_change(
            url, certificate, planned_certificate, held["hosted"], held["planned"], gathered.at
        )


def _unpublished(given: dict[str, bytes | None], urls: dict[str, str]) -> Iterator[Fault[Location]]:
    for name, kind in ((INDICATOR, Kind.INDICATOR), (CERTIFICATE, Kind.EVIDENCE)):
        if given[name] is not None and not urls[name]:
            yield Fault("verify.not-published", Location(document=name), name, {"kind": f"@web.kind-{kind}"})


def _hosting(hosted: dict[str, Document]) -> tuple[Finding, ...]:
    """What is wrong with how they are served."""
    kinds = {INDICATOR: Kind.INDICATOR, CERTIFICATE: Kind.EVIDENCE}
    served = [(document.fetched, kinds[name]) for name, document in hosted.items()]
    told = [fault for fetched, kind in served if fetched is not None for fault in web_faults(fetched, kind)]
    return findings_from(told, RULES, locate_url)


def _match(hosted: dict[str, Document], held: dict[str, files.Certificates], urls: dict[str, str]) -> Iterator[Finding]:
    """Whether the logo that is hosted is the one in the certificate; in the planned one where none is hosted."""
    logo = hosted[INDICATOR].data
    if logo is None:
        return
    on_web = hosted[CERTIFICATE].data is not None
    certificates = held["hosted" if on_web else "planned"]
    faults = list(files.matching(logo, certificates))
    url = quote(urls[CERTIFICATE], _TEXT_SHOWN) if on_web else None
    for finding in findings_from(faults, RULES, locate_in_certificate):
        places = (replace(place, document=CERTIFICATE, url=url) for place in finding.locations or (Location(),))
        in_logo = place_of_mismatch(finding, certificates.logo, logo, urls[INDICATOR])
        yield replace(finding, locations=(in_logo, *places))
