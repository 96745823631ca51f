"""What an aggregate report says (RFC 7489, appendix C; RFC 9990): a head, and rows that are read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from ..locale import words_of


class Signature(msgspec.Struct, frozen=True, gc=False):
    """A DKIM result.

    Attributes:
        domain: The signing domain, ``d=``, in lower case.
        selector: The selector; empty where the report names none.
        result: ``"pass"``, ``"fail"``, ``"none"``, ``"neutral"``, ``"policy"``, ``"temperror"`` or ``"permerror"``.
    """

    domain: str
    selector: str
    result: str


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """An SPF result.

    Attributes:
        domain: The domain that was checked, in lower case.
        scope: ``"mfrom"`` or ``"helo"``; empty where the report doesn't say.
        result: ``"pass"``, ``"fail"``, ``"softfail"``, ``"neutral"``, ``"none"``, ``"temperror"`` or ``"permerror"``.
    """

    domain: str
    scope: str
    result: str


class Row(msgspec.Struct, frozen=True, gc=False):
    """So many messages from one address.

    Attributes:
        source_ip: The address, in its normal form.
        count: How many messages.
        disposition: What was done with them: ``"none"`` (RFC 9990: also ``"pass"``), ``"quarantine"`` or ``"reject"``.
        dkim: Whether DKIM passed with an aligned domain: ``"pass"`` or ``"fail"``.
        spf: Whether SPF did.
        reasons: Why the policy was not followed, such as ``"forwarded"`` or ``"local_policy"``.
        header_from: The Author Domain, in lower case.
        envelope_from: The domain of MAIL FROM, in lower case; empty where the report doesn't say.
        signatures: DKIM results.
        envelopes: SPF results.
        comments: What the reporter adds to its reasons, such as ``"arc=pass"``, one for each that has any.
        envelope_to: The domain of RCPT TO, in lower case; empty where the report doesn't say.
    """

    source_ip: str
    count: int
    disposition: str
    dkim: str
    spf: str
    reasons: tuple[str, ...]
    header_from: str
    envelope_from: str
    signatures: tuple[Signature, ...]
    envelopes: tuple[Envelope, ...]
    comments: tuple[str, ...] = ()
    envelope_to: str = ""


class Policy(msgspec.Struct, frozen=True, gc=False):
    """The policy that the reporter found.

    Attributes:
        domain: Where, in lower case.
        p: The policy.
        sp: That of subdomains; empty where the report doesn't say, as for all that follow.
        np: That of subdomains that don't exist.
        adkim: ``"r"`` or ``"s"``.
        aspf: ``"r"`` or ``"s"``.
        pct: The percentage.
        testing: ``"y"`` or ``"n"``.
        discovery: ``"psl"`` or ``"treewalk"``.
        fo: When failure reports are asked for, such as ``"1:d:s"``.
    """

    domain: str
    p: str
    sp: str = ""
    np: str = ""
    adkim: str = ""
    aspf: str = ""
    pct: str = ""
    testing: str = ""
    discovery: str = ""
    fo: str = ""


class Head(msgspec.Struct, frozen=True, gc=False):
    """What stands above the rows.

    Attributes:
        reporter: The organization that reports.
        email: Its address.
        report_id: Its name for the report; with `reporter` and `policy.domain` it tells whether a report came twice.
        begin: The first moment reported on, UTC.
        end: The last.
        policy: What it found published.
        errors: What it complains of.
        contact: How else to reach it.
        version: What the report says its version is.
        generator: The program that made it (RFC 9990).
    """

    reporter: str
    email: str
    report_id: str
    begin: datetime
    end: datetime
    policy: Policy
    errors: tuple[str, ...] = ()
    contact: str = ""
    version: str = ""
    generator: str = ""


class Feedback(msgspec.Struct, frozen=True):
    """A report that is being read.

    Attributes:
        head: What stands above the rows.
        rows: The rows, read while they are asked for, once; raises `FeedbackError` where the rest is unreadable, so
            that whoever stores them can take all or nothing.
    """

    head: Head
    rows: Iterator[Row]


REASONS = (
    *("address", "count", "date", "missing", "twice", "value", "late-policy", "too-long", "messages"),
    *("not-xml", "not-report", "truncated", "doctype", "encoding", "too-deep", "too-many-elements", "too-large"),
    *("gzip", "zip", "ratio", "too-many-entries", "encrypted", "nested", "message", "no-report", "unreadable"),
)
"""Why a report is refused: by what it says, by its XML, by what holds it."""


class FeedbackError(ValueError):
    """A text that is no aggregate report, or can't be read to its end.

    Attributes:
        reason: Why: one of `REASONS`.
        detail: What stands there, fit to be printed; empty where there is nothing to show.
        line: Where, from 1; 0 where that isn't known.
    """

    def __init__(self, reason: str, detail: str = "", line: int = 0) -> None:
        self.reason, self.detail, self.line = reason, shown(detail), line
        super().__init__(f"{reason}: {self.detail}" if detail else reason)

    def __reduce__(self) -> tuple[type[FeedbackError], tuple[str, str, int]]:
        return FeedbackError, (self.reason, self.detail, self.line)

    def told(self, lang: str = "en", name: str = "") -> str:
        """The problem in a language of the catalogue, behind the name of what was read.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("feedback_words", lang)
        place = words["place"].format(name=name) if name else ""
        line = words["line"].format(line=self.line) if self.line else ""
        return place + line + words[self.reason].format(detail=self.detail)


def shown(text: str) -> str:
    """What a stranger wrote, fit to be printed: no control signs, and not long."""
    clean = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: _LONGEST + 1])
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"


_LONGEST = 200
