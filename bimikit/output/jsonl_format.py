"""JSON Lines: one report per line, for streams and for tools that read line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..findings import Report
from .json_format import dumps


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """The reports as one compact JSON value per line."""
    return "".join(dumps(report.to_dict(lang), indent=None) + "\n" for report in reports)
