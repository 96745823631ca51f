"""The rules on what stands in the DNS, in the order in which `bimikit rules` lists them."""

from __future__ import annotations

from ..findings import Applicability, Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_FORMAT = cite("rfc9989", "section 4.8", "#section-4.8")
_TAGS = cite("rfc9989", "section 4.7", "#section-4.7")
_WALK = cite("rfc9989", "section 4.10", "#section-4.10")
_POLICY = cite("rfc9989", "section 4.10.1", "#section-4.10.1")
_REMOVED = cite("rfc9989", "appendix C.5.2", "#appendix-C.5.2")
_DKIM = cite("rfc6376", "section 3.2", "#section-3.2")
_GATE = cite("bimi", "section 7.1", "#section-7.1")
_RECORD = cite("bimi", "section 4.3", "#section-4.3")
_DISCOVERY = cite("bimi", "section 7.2", "#section-7.2")
_EXISTENCE = cite("rfc9989", "section 3.2.13", "#section-3.2.13")
_SUFFIX = cite("rfc7489", "section 3.2", "#section-3.2")
_ZONE = cite("rfc1035", "section 5.1", "#section-5.1")
_ADVISED = cite("bimikit", "advice")

_FAILS: tuple[tuple[str, Severity, Citation], ...] = (
    # the DMARC record as written
    ("dmarc.version", _E, _TAGS),
    ("dmarc.version-ignored", _W, _TAGS),
    ("dmarc.record-multiple", _E, _WALK),
    ("dmarc.record-multiple-ignored", _W, _WALK),
    ("dmarc.tag-duplicate", _E, _DKIM),
    ("dmarc.tag-duplicate-ignored", _W, _DKIM),
    ("dmarc.np-invalid", _W, _POLICY),
    ("dmarc.syntax", _W, _FORMAT),
    ("dmarc.value-ignored", _W, _TAGS),
    ("dmarc.rua-invalid", _W, _TAGS),
    ("dmarc.rua-missing", _N, _ADVISED),
    ("dmarc.version-case", _W, cite("rfc7489", "section 6.4", "#section-6.4")),
    ("dmarc.policy-not-second", _W, cite("rfc7489", "section 6.3", "#section-6.3")),
    ("dmarc.tag-removed", _N, _REMOVED),
    ("dmarc.tag-unknown", _N, _TAGS),
    # whether it is good enough for BIMI
    ("dmarc.missing", _E, _GATE),
    ("dmarc.name-doubled", _E, _ZONE),
    ("dmarc.name-other", _E, cite("rfc9989", "section 4.5", "#section-4.5")),
    ("dmarc.policy-none", _E, _GATE),
    ("dmarc.only-version", _E, _ZONE),
    ("dmarc.policy-missing", _E, _POLICY),
    ("dmarc.policy-unusable", _E, _POLICY),
    ("dmarc.subdomain-none", _E, _GATE),
    ("dmarc.quarantine-partial", _E, _GATE),
    ("dmarc.quarantine-testing", _E, _GATE),
    ("dmarc.organizational-missing", _E, cite("bimi", "section 1", "#section-1")),
    ("dmarc.organizational-none", _E, _GATE),
    ("dmarc.one-reading-bars", _W, _GATE),
    ("dmarc.readings-differ", _W, _WALK),
    ("dmarc.testing", _W, _TAGS),
    ("dmarc.np-none", _W, _TAGS),
    ("dmarc.suffix-policy", _W, _POLICY),
    # the name itself
    ("bimi.domain-nonexistent", _E, _EXISTENCE),
    ("bimi.subdomain-nonexistent", _W, _EXISTENCE),
    ("bimi.domain-suffix", _E, _SUFFIX),
    ("bimi.domain-suffix-own", _N, _SUFFIX),
    ("bimi.domain-not-in-zone", _E, _ZONE),
    ("bimi.domain-zone-empty", _E, _ZONE),
    # the Assertion Record
    ("bimi.missing", _E, cite("bimi", "section 4", "#section-4")),
    ("bimi.name-doubled", _E, _ZONE),
    ("bimi.name-other", _E, _DISCOVERY),
    ("bimi.version", _E, _RECORD),
    ("bimi.version-ignored", _W, _RECORD),
    ("bimi.record-multiple", _E, _DISCOVERY),
    ("bimi.syntax", _E, _RECORD),
    ("bimi.tag-duplicate", _E, _DKIM),
    ("bimi.only-version", _E, _ZONE),
    ("bimi.location-missing", _E, _RECORD),
    ("bimi.location-invalid", _E, _RECORD),
    ("bimi.location-suffix", _E, cite("bimi", "section 4.3.2", "#section-4.3.2")),
    ("bimi.location-empty", _E, cite("bimi", "section 7.3", "#section-7.3")),
    ("bimi.authority-invalid", _E, _RECORD),
    ("bimi.lps-invalid", _E, cite("bimi", "section 4.5", "#section-4.5")),
    ("bimi.selector-invalid", _E, cite("bimi", "section 4.4", "#section-4.4")),
    ("bimi.name-too-long", _E, cite("rfc1035", "section 2.3.4", "#section-2.3.4")),
    ("bimi.declined", _W, cite("bimi", "section 4.3.1", "#section-4.3.1")),
    ("bimi.avp-invalid", _W, _RECORD),
    ("bimi.readings-differ", _W, _DISCOVERY),
    ("bimi.tag-unknown", _N, _RECORD),
    ("bimi.authority-missing", _N, _RECORD),
    ("bimi.local-part-unusable", _N, cite("bimi", "section 4.5", "#section-4.5")),
    # certificates to come
    ("caa.authority-excluded", _W, cite("mcr", "4.2.2.1")),
    ("caa.critical-unknown", _W, cite("rfc8659", "section 4.1", "#section-4.1")),
)

_UNDECIDED: tuple[tuple[str, Severity, Citation], ...] = (
    ("dmarc.undecided", _E, cite("rfc9989", "section 5.3.6", "#section-5.3.6")),
    ("bimi.undecided", _E, _DISCOVERY),
)
"""What could not be found out."""

_UNCHECKED: tuple[tuple[str, Severity, Citation], ...] = (
    ("dmarc.not-given", _N, _GATE),
    ("bimi.not-given", _N, _RECORD),
    ("caa.not-checked", _N, cite("rfc8659", "section 3", "#section-3")),
)
"""What a plan leaves out, or makes no difference to the logo."""

DNS_RULES = RuleSet(
    (
        *(Rule(*line, Applicability.MANUAL) for line in _FAILS),
        *(Rule(*line, Applicability.MANUAL, outcome=Outcome.INDETERMINATE) for line in _UNDECIDED),
        *(Rule(*line, Applicability.MANUAL, outcome=Outcome.NOT_CHECKED) for line in _UNCHECKED),
    )
)
"""What is asked of the records in the DNS."""
