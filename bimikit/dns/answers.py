"""What is asked of the DNS, and the kinds of answer that stay apart all the way up: found, absent, not found out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

TXT, A, AAAA, CAA, MX = "TXT", "A", "AAAA", "CAA", "MX"

FOUND = "found"
NODATA = "nodata"
"""The name exists (or names below it do), without records of this type."""
NXDOMAIN = "nxdomain"
FAILED = "failed"
"""Timeout, SERVFAIL, refusal, a circle of CNAMEs: nothing is known."""


class Question(msgspec.Struct, frozen=True, order=True):
    """One question: name (lower-case A-labels, no final dot) and record type."""

    name: str
    type: str = TXT


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What came back.

    Attributes:
        state: `FOUND`, `NODATA`, `NXDOMAIN` or `FAILED`.
        records: For TXT the text of each record, its character-strings joined with nothing between (RFC 7208, 3.3;
            RFC 9989, 4.5); for other types the record in the form of zone files.
        reason: Why it failed: ``"timeout"``, ``"servfail"``, ``"refused"``, ``"cname"``, ``"network"``, or `NOT_GIVEN`;
            `PLANNED` where it was found in a plan and nobody was asked.
        canonical: The name that CNAMEs led to, where they led away from the one asked.
    """

    state: str
    records: tuple[str, ...] = ()
    reason: str = ""
    canonical: str = ""

    @property
    def failed(self) -> bool:
        """Whether nothing is known."""
        return self.state == FAILED


NOT_GIVEN = "not-given"
"""Reason of an answer that a plan doesn't hold: nobody was asked."""

PLANNED = "planned"

ABSENT = Answer(NXDOMAIN)
Answers = Mapping[Question, Answer]

MOST_CNAMES = 12
"""Aliases (CNAME) that are followed, one after the other."""

LONGEST_NAME = 253
"""Characters of a domain name without its final dot (RFC 1035, 2.3.4)."""
LONGEST_LABEL = 63
"""Bytes of what stands between two dots."""


def can_exist(name: str) -> bool:
    """Whether a name can stand in the DNS at all."""
    if len(name) <= LONGEST_LABEL and name.isascii():  # nearly every name: no label can be too long
        return bool(name) and ".." not in name and name[0] != "." != name[-1]
    labels = name.encode().split(b".")
    return len(name) <= LONGEST_NAME and b"" not in labels and max(map(len, labels)) <= LONGEST_LABEL


def text_of(strings: tuple[bytes, ...]) -> str:
    """The text of a TXT record; bytes that are no UTF-8 become the replacement character, which no tag may hold."""
    return b"".join(strings).decode("utf-8", "replace")
