"""The subject of a Mark Certificate: which attributes each mark type demands and forbids (MCR 7.1.4.2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..engine import Fault, quote
from .asn1 import Certificate
from .dates import MCR_1_5
from .place import Place
from .subject import attribute_name, attributes

REGISTERED, GOVERNMENT = "Registered Mark", "Government Mark"
PRIOR_USE, MODIFIED = "Prior Use Mark", "Modified Registered Mark"
VMC, CMC = "VMC", "CMC"
KIND_OF_MARK = {REGISTERED: VMC, GOVERNMENT: VMC, PRIOR_USE: CMC, MODIFIED: CMC}
"""Mark types, and which kind of Mark Certificate each makes."""


_ALWAYS = frozenset(
    "organizationName streetAddress countryName businessCategory serialNumber jurisdictionCountryName".split()
)
_TRADEMARK = frozenset({"trademarkCountryOrRegionName", "trademarkIdentifier"})
_STATUTE = frozenset({"statuteCountryName", "statuteCitation"})
_BY_TYPE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    REGISTERED: (_TRADEMARK, frozenset({"trademarkOfficeName"})),
    MODIFIED: (_TRADEMARK, frozenset({"trademarkOfficeName"})),
    GOVERNMENT: (_STATUTE, frozenset({"statuteStateOrProvinceName", "statuteLocalityName", "statuteURL"})),
    PRIOR_USE: (frozenset({"priorUseMarkSourceURL"}), frozenset()),
}
"""Of each mark type the attributes of its own: those it demands, and those it allows."""
_OF_A_TYPE = frozenset().union(*(demanded | allowed for demanded, allowed in _BY_TYPE.values()))

_MISSING_RULES = {
    "streetAddress": "cert.street-address-missing",
    "priorUseMarkSourceURL": "cert.prior-use-url-missing",
}
"""Attributes whose demand is younger than the rest has a rule, and so a date, of its own."""

BUSINESS_CATEGORIES = frozenset(
    {"Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"}
)
_COUNTRIES = frozenset(
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK""".split()
)
"""ISO 3166-1, and Kosovo's code in use."""
_REGIONS = frozenset("AP BX EA EM EP EU GC IB OA QZ WO XN XV".split())
"""Offices of several countries, by WIPO ST.3; EU beside EM, because certificates have it."""


def mark_type(certificate: Certificate) -> str | None:
    """The mark type a certificate states; None where it states none, or not exactly one."""
    values = [value for name, value in named(certificate) if name == "markType" and value]
    return values[0] if len(values) == 1 else None


def kind_of_mark(certificate: Certificate) -> str | None:
    """``"VMC"`` or ``"CMC"``; None where the certificate doesn't let that be told."""
    stated = mark_type(certificate)
    if stated is None:
        return VMC if certificate.not_before.date() < MCR_1_5 else None
    return KIND_OF_MARK.get(stated)


def named(certificate: Certificate) -> list[tuple[str, str | None]]:
    """The subject's attributes in order, repeats kept, each by its name; none where it can't be decoded."""
    return certificate.once("named", _name_attributes)


def _name_attributes(certificate: Certificate) -> list[tuple[str, str | None]]:
    return [(attribute_name(attribute.oid), attribute.value) for attribute in attributes(certificate.subject)]


def subject(certificate: Certificate) -> Iterator[Fault[Place]]:
    """Judge the subject."""
    listed = named(certificate)
    if not listed:
        yield Fault("cert.subject-unreadable", Place(0, "subject"))
        return
    found = {name for name, value in listed if value is None or value.strip()}
    yield from _mark_type(certificate, listed)
    stated = mark_type(certificate)
    if stated is None and certificate.not_before.date() < MCR_1_5:
        stated = GOVERNMENT if found & _STATUTE else REGISTERED
    demanded, allowed = _BY_TYPE.get(stated or "", (frozenset(), _OF_A_TYPE))
    for name in sorted((_ALWAYS | demanded) - found):
        rule = _MISSING_RULES.get(name, "cert.subject-missing")
        yield Fault(rule, Place(0, f"subject.{name}"), name, {"attribute": name, "mark": quote(stated or "?")})
    if not found & {"localityName", "stateOrProvinceName"}:
        yield Fault("cert.subject-place-missing", Place(0, "subject"))
    for name in sorted((_OF_A_TYPE - demanded - allowed) & found):
        yield Fault(
            "cert.subject-prohibited",
            Place(0, f"subject.{name}"),
            name,
            {"attribute": name, "mark": quote(stated or "?")},
        )
    if "statuteLocalityName" in found and "statuteStateOrProvinceName" not in found:
        yield Fault("cert.statute-state-missing", Place(0, "subject.statuteLocalityName"))
    for name, value in listed:
        rule = _broken_by(name, value)
        if rule:
            params = {"attribute": name} if value is None else {"attribute": name, "value": quote(value)}
            yield Fault(rule, Place(0, f"subject.{name}"), name, params)
    yield from _common_name(listed)


def _mark_type(certificate: Certificate, listed: list[tuple[str, str | None]]) -> Iterator[Fault[Place]]:
    stated = [value for name, value in listed if name == "markType"]
    place = Place(0, "subject.markType")
    if not stated:
        yield Fault("cert.mark-type-missing", place)
    elif len(stated) > 1:
        yield Fault("cert.mark-type-repeated", place, "", {"count": len(stated)})
    elif stated[0] not in KIND_OF_MARK:
        yield Fault("cert.mark-type-unknown", place, "", {"value": quote(stated[0] or "?")})


_PLACEHOLDER = re.compile(r"[.\-\s]*").fullmatch


def _broken_by(name: str, value: str | None) -> str:
    """The rule that an attribute's value breaks; empty for none."""
    if value is None:
        return "cert.subject-text"
    if _PLACEHOLDER(value):
        return "cert.subject-placeholder"
    check = _VALUES.get(name)
    return check[0] if check is not None and not check[1](value) else ""


def _common_name(listed: list[tuple[str, str | None]]) -> Iterator[Fault[Place]]:
    """It is discouraged and, where it stands, repeats the organization or the word mark."""
    others = {value for name, value in listed if name in ("organizationName", "wordMark")}
    for name, value in listed:
        if name == "commonName" and value and value not in others:
            yield Fault("cert.common-name", Place(0, "subject.commonName"), "", {"value": quote(value)})


def lei_is_valid(value: str) -> bool:
    """Whether a text is a Legal Entity Identifier with the right check digits (ISO 17442, ISO 7064 MOD 97-10)."""
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value):
        return False
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


_IDENTIFIER = re.compile(
    r"(?:(?:NTR|VAT|PSD|GOV|INT|LEI)([A-Z]{2})|[A-Z]{2}:([A-Z]{2}))(?:\+[A-Z0-9]{1,3})?-(.+)"
).fullmatch


def organization_identifier_is_valid(value: str) -> bool:
    """Whether a text is scheme, country and reference (CA/Browser Forum EV Guidelines; ETSI EN 319 412-1, 5.1.4)."""
    found = _IDENTIFIER(value)
    if found is None:
        return False
    country = found[1] or found[2]
    if value.startswith("LEI"):
        return country == "XG" and lei_is_valid(found[3])
    return country in _COUNTRIES | {"EU", "EL", "XG", "XI"}


def _is_web_address(value: str) -> bool:
    return re.match(r"https?://[^\s/?#]+\.[^\s/?#]+", value, re.IGNORECASE) is not None


_Check = tuple[str, Callable[[str], bool]]
_COUNTRY: _Check = ("cert.country-code", _COUNTRIES.__contains__)
_VALUES: dict[str, _Check] = {
    "countryName": _COUNTRY,
    "jurisdictionCountryName": _COUNTRY,
    "statuteCountryName": _COUNTRY,
    "trademarkCountryOrRegionName": ("cert.country-code", (_COUNTRIES | _REGIONS).__contains__),
    "businessCategory": ("cert.business-category", BUSINESS_CATEGORIES.__contains__),
    "legalEntityIdentifier": ("cert.lei-invalid", lei_is_valid),
    "organizationIdentifier": ("cert.organization-identifier", organization_identifier_is_valid),
    "statuteURL": ("cert.subject-url", _is_web_address),
    "priorUseMarkSourceURL": ("cert.subject-url", _is_web_address),
}
"""Attributes whose values have a form, the rule on it, and the test."""
