"""What is known of one subject, as far as mailbox providers care."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

import msgspec

from ..findings import Finding

VIEWS = ("rfc9989", "rfc7489")
"""The two readings of DMARC. No provider says which it runs."""

Sight: TypeAlias = Literal["seen", "unseen", "missing", "unreachable"]
"""Fetched or given, and judged; nobody looked; permanently not to be had; not to be had just now."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one domain, or of a publication that is planned. What isn't given counts as not looked at.

    Attributes:
        findings: All findings; those of outcome NOT_CHECKED count for nothing.
        dmarc: Per reading (`VIEWS`): ``result``, ``policy``, ``applied_policy``, ``testing``, and ``pct`` where given.
        bimi: Per reading: ``eligible`` (True, False or None) and ``record`` (``"found"``, ``"declined"``, ``"none"``,
            ``"fail"`` or ``"temperror"``).
        selector: The Assertion Record's selector.
        kind_of_mark: ``"VMC"``, ``"CMC"``, or None where there is no certificate or it isn't known.
        mark_type: The mark type that the certificate states.
        indicator: How the logo was seen.
        certificate: How the certificate was seen; ``"none"`` where the record has no ``a=``.
        certified: Whether the drawing is that of a certificate that leads to a trusted root.
        at: The day to judge at, for what providers changed; None for what holds until further notice.
    """

    findings: tuple[Finding, ...] = ()
    dmarc: Mapping[str, Mapping[str, Any]] = {}
    bimi: Mapping[str, Mapping[str, Any]] = {}
    selector: str = "default"
    kind_of_mark: str | None = None
    mark_type: str | None = None
    indicator: Sight = "unseen"
    certificate: Literal["none"] | Sight = "unseen"
    certified: bool = False
    at: date | None = None

    def of_views(self, key: str) -> list[Any]:
        """What the two readings of BIMI say on one point; None where one says nothing."""
        return [self.bimi.get(view, {}).get(key) for view in VIEWS]
