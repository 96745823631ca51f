"""What a subject may have that a provider may mind: each a name and a predicate, the weightiest first.

A predicate answers whether the subject has the trait: ``yes``, ``no``, or ``open`` where that could not be found out,
with the rules whose findings say so. Whether a provider accepts the trait stands in its data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from ..findings import Finding, Outcome, Severity
from .evidence import VIEWS, Evidence

_MOST_RULES = 8
"""How many rules a reason names at most."""


class Seen(NamedTuple):
    """Whether a subject has a trait, and by which rules that is known."""

    has: Literal["yes", "no", "open"]
    rules: tuple[str, ...] = ()


YES, NO, OPEN = Seen("yes"), Seen("no"), Seen("open")

Predicate = Callable[[Evidence, str], Seen]
"""Takes what is known and the provider's id."""


class Trait(NamedTuple):
    """A trait.

    Attributes:
        seen: Whether a subject has it.
        common: Whether having it sets nobody apart, so that a stance that is not known decides nothing.
    """

    seen: Predicate
    common: bool = False


def _by_findings(known: Evidence, wanted: Callable[[Finding], bool]) -> Seen:
    """Whether findings tell of a trait: one that failed does, one that is undecided leaves it open."""
    rules: dict[Outcome, list[str]] = {Outcome.FAIL: [], Outcome.INDETERMINATE: []}
    for finding in known.findings:
        of_outcome = rules.get(finding.outcome)
        if of_outcome is not None and finding.rule not in of_outcome and wanted(finding):
            of_outcome.append(finding.rule)
    for outcome, has in ((Outcome.FAIL, YES), (Outcome.INDETERMINATE, OPEN)):
        if rules[outcome]:
            return has._replace(rules=tuple(rules[outcome][:_MOST_RULES]))
    return NO


def _first(*seen: Seen) -> Seen:
    """The gravest of several answers, with the rules of all that are as grave."""
    for has, answer in (("yes", YES), ("open", OPEN)):
        rules = [rule for one in seen if one.has == has for rule in one.rules]
        if any(one.has == has for one in seen):
            return answer._replace(rules=tuple(dict.fromkeys(rules))[:_MOST_RULES])
    return NO


def _errors(*prefixes: str, but: tuple[str, ...] = ()) -> Predicate:
    """Whether a requirement under one of these prefixes is broken."""

    def seen(known: Evidence, provider: str) -> Seen:
        return _by_findings(
            known,
            lambda finding: (
                finding.severity is Severity.ERROR and finding.rule.startswith(prefixes) and finding.rule not in but
            ),
        )

    return seen


def _warnings(*prefixes: str, but: tuple[str, ...] = ()) -> Predicate:
    """Whether advice under one of these prefixes is not followed; ``{provider}`` stands for the provider's id."""

    def seen(known: Evidence, provider: str) -> Seen:
        wanted = tuple(prefix.format(provider=provider) for prefix in prefixes)
        unwanted = tuple(prefix.format(provider=provider) for prefix in but)
        return _by_findings(
            known,
            lambda finding: (
                finding.severity is Severity.WARNING
                and finding.rule.startswith(wanted)
                and not finding.rule.startswith(unwanted)
            ),
        )

    return seen


def _always(known: Evidence, provider: str) -> Seen:
    return YES


# The domain.


def _dmarc_gate(known: Evidence, provider: str) -> Seen:
    eligible = known.of_views("eligible")
    errors = _errors("dmarc.")(known, provider)
    if all(one is False for one in eligible):
        return _first(YES, errors)
    # One reading that bars beside one that is unknown may still be both that bar.
    return _first(errors, OPEN if None in eligible else NO)


def _dmarc_readings(known: Evidence, provider: str) -> Seen:
    told = _by_findings(known, lambda finding: finding.rule in _OF_ONE_READING)
    return _first(YES, told) if set(known.of_views("eligible")) == {True, False} else told


_OF_ONE_READING = frozenset({"dmarc.one-reading-bars", "dmarc.version-case"})
"""Findings that a receiver may not show the logo while another one does."""


def _dmarc_testing(known: Evidence, provider: str) -> Seen:
    if not any(view.get("testing") for view in _policies(known, "reject")):
        return NO
    return _first(YES, _by_findings(known, lambda finding: finding.rule == "dmarc.testing"))


def _dmarc_quarantine(known: Evidence, provider: str) -> Seen:
    return YES if any(True for _ in _policies(known, "quarantine")) else NO


def _dmarc_partial(known: Evidence, provider: str) -> Seen:
    percents = [view.get("pct") for view in _policies(known, "reject")]
    return YES if any(isinstance(percent, int) and percent < 100 for percent in percents) else NO


def _policies(known: Evidence, policy: str) -> Iterator[dict[str, object]]:
    """The readings under which that policy applies."""
    for view in VIEWS:
        reading = known.dmarc.get(view, {})
        if reading.get("policy") == policy:
            yield dict(reading)


_NOTHING_PUBLISHED = frozenset({"declined", "none", "fail"})


def _records(known: Evidence) -> list[object]:
    """What became of the record in each reading; a reading that bars BIMI need not have looked."""
    views = zip(known.of_views("record"), known.of_views("eligible"), strict=True)
    return [record for record, eligible in views if record is not None or eligible is not False]


def _unpublished(known: Evidence) -> bool:
    records = _records(known)
    return bool(records) and all(record in _NOTHING_PUBLISHED for record in records)


def _declined(known: Evidence, provider: str) -> Seen:
    return YES if _unpublished(known) and "declined" in _records(known) else NO


def _record(known: Evidence, provider: str) -> Seen:
    records = _records(known)
    errors = _errors("bimi.")(known, provider)
    if _unpublished(known) and "declined" not in records:
        return _first(YES, errors)
    return _first(errors, OPEN if None in records or "temperror" in records else NO)


def _record_readings(known: Evidence, provider: str) -> Seen:
    records = _records(known)
    if "found" not in records:
        return NO
    elsewhere = len(set(known.of_views("found_at"))) > 1 and "temperror" not in records
    return YES if elsewhere or any(record in _NOTHING_PUBLISHED for record in records) else NO


def _selector_own(known: Evidence, provider: str) -> Seen:
    return NO if known.selector.lower() == "default" else YES


# The files. Where nothing is published there is none to look at, and the record says why.


def _looked_at(known: Evidence, provider: str) -> Seen:
    return OPEN if "unseen" in (known.indicator, known.certificate) and not _unpublished(known) else NO


def _reachable(known: Evidence, provider: str) -> Seen:
    sights = () if _unpublished(known) else (known.indicator, known.certificate)
    state = YES if "missing" in sights else OPEN if "unreachable" in sights else NO
    return _first(state, _errors("web.")(known, provider))


def _logo_standard(known: Evidence, provider: str) -> Seen:
    # Trusted authorities certify drawings that break the profile; providers show those.
    return NO if known.certified else _errors("svg.")(known, provider)


def _certified_drawing(known: Evidence, provider: str) -> Seen:
    return _errors("svg.")(known, provider) if known.certified else NO


_OTHERS_COUNT = ("dmarc.", "bimi.", "web.", "svg.", "cert.", "match.", "receiver.")


def _requirement(known: Evidence, provider: str) -> Seen:
    """Errors that no other trait counts: that a new kind of rule has no trait yet must not make anything ready."""
    return _by_findings(
        known,
        lambda finding: finding.severity is Severity.ERROR and not finding.rule.startswith(_OTHERS_COUNT),
    )


# The certificate.


def _self_asserted(known: Evidence, provider: str) -> Seen:
    if known.certificate != "none" or "found" not in _records(known):
        return NO
    return _first(YES, _by_findings(known, lambda finding: finding.rule == "bimi.authority-missing"))


def _cmc(known: Evidence, provider: str) -> Seen:
    # A certificate nobody has seen is told of by "looked-at" and "reachable".
    if known.kind_of_mark is None and known.certificate == "seen":
        return OPEN
    return YES if known.kind_of_mark == "CMC" else NO


def _vmc(known: Evidence, provider: str) -> Seen:
    return YES if known.kind_of_mark == "VMC" else NO


_NAMED_TYPES = frozenset({"Registered Mark", "Government Mark", "Prior Use Mark", "Modified Registered Mark"})


def _mark_type(known: Evidence, provider: str) -> Seen:
    return YES if known.mark_type is not None and known.mark_type not in _NAMED_TYPES else NO


_MISMATCH = "cert.domain-mismatch"
_DISTRUST = "receiver.{provider}.root-distrusted"

TRAITS: dict[str, Trait] = {
    # What the provider does at all.
    "programme": Trait(_always),
    "supported": Trait(_always),
    # What the drafts demand.
    "dmarc-gate": Trait(_dmarc_gate),
    "declined": Trait(_declined),
    "record": Trait(_record),
    "reachable": Trait(_reachable),
    "looked-at": Trait(_looked_at),
    "certificate": Trait(_errors("cert.", but=(_MISMATCH,))),
    "covers-name": Trait(_errors(_MISMATCH)),
    "match": Trait(_errors("match.")),
    "logo-standard": Trait(_logo_standard),
    "requirement": Trait(_requirement),
    # Which proof a provider takes.
    "self-asserted": Trait(_self_asserted),
    "cmc": Trait(_cmc),
    "vmc": Trait(_vmc, common=True),
    "root": Trait(_warnings(_DISTRUST)),
    "mark-type": Trait(_mark_type),
    # DMARC beyond the drafts.
    "dmarc-quarantine": Trait(_dmarc_quarantine),
    "dmarc-partial": Trait(_dmarc_partial),
    "dmarc-readings": Trait(_dmarc_readings),
    "dmarc-testing": Trait(_dmarc_testing),
    "record-readings": Trait(_record_readings),
    "selector-own": Trait(_selector_own),
    # The drawing and where it lies.
    "certified-drawing": Trait(_certified_drawing),
    "drawing": Trait(_warnings("receiver.{provider}.", but=(_DISTRUST,))),
    "square": Trait(_warnings("svg.viewbox-not-square", "svg.size-not-square")),
    "file-size": Trait(_warnings("svg.file-size")),
    "same-bytes": Trait(_warnings("match.logo-markup")),
    "redirects": Trait(_warnings("web.redirect")),
    "hosting": Trait(_warnings("web.", but=("web.redirect", "web.crl-"))),  # a CRL is the authority's to host
}
"""Every trait that can decide something, the weightiest first."""

INFORMING = frozenset(
    "approval checkmark dkim dmarc-gate dmarc-subdomains headers hosting-elsewhere label languages plans reputation "
    "supported".split()
)
"""What a value may tell of that no check of a domain can see."""
