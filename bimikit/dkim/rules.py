"""The rules on DKIM keys, in the order in which `bimikit rules` lists them; words in `bimikit.locale`."""

from __future__ import annotations

from ..findings import Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_KEY = cite("rfc6376", "section 3.6.1", "#section-3.6.1")
_WHERE = cite("rfc6376", "section 3.6.2.2", "#section-3.6.2.2")
_TAGS = cite("rfc6376", "section 3.2", "#section-3.2")
_SIZES = cite("rfc8301", "section 3.2", "#section-3.2")
_HASHES = cite("rfc8301", "section 3.1", "#section-3.1")
_SELECTOR = cite("rfc6376", "section 3.1", "#section-3.1")
_ADVISED = cite("bimikit", "advice")

_FAILS: tuple[tuple[str, Severity, Citation], ...] = (
    # where the key stands
    ("selector-invalid", _E, _SELECTOR),
    ("missing", _E, cite("rfc6376", "section 6.1.2", "#section-6.1.2")),
    ("record-multiple", _E, _WHERE),
    ("delegated", _N, _ADVISED),
    # the record
    ("syntax", _E, _TAGS),
    ("version", _E, _KEY),
    ("tag-unknown", _N, _TAGS),
    ("service", _E, _KEY),
    ("testing", _W, _KEY),
    ("strict", _N, _KEY),
    # the key
    ("key-missing", _E, _KEY),
    ("key-revoked", _W, _KEY),
    ("key-type-unknown", _E, cite("rfc8463", "section 4.2", "#section-4.2")),
    ("key-unreadable", _E, _KEY),
    ("key-weak", _E, _SIZES),
    ("key-short", _W, _SIZES),
    ("key-large", _W, _SIZES),
    ("hash-sha1", _E, _HASHES),
    ("hash-unknown", _E, _KEY),
)

DKIM_RULES = RuleSet(
    (
        *(Rule(f"dkim.{name}", severity, citation) for name, severity, citation in _FAILS),
        Rule("dkim.undecided", _E, cite("rfc6376", "section 6.1.2", "#section-6.1.2"), outcome=Outcome.INDETERMINATE),
        Rule("dkim.none-found", _N, _SELECTOR, outcome=Outcome.NOT_CHECKED),
        Rule("dkim.left-out", _N, _ADVISED, outcome=Outcome.NOT_CHECKED),
        Rule("dkim.not-given", _N, _ADVISED, outcome=Outcome.NOT_CHECKED),
    )
)
"""What is asked of the keys at a domain's selectors."""
