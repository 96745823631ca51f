"""JSON: one report as it is, several in an envelope; the schema is `bimikit.report_schema()`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..findings import SCHEMA_VERSION, Report

# Legal in JSON as they are, but a lone surrogate (a file name that is no UTF-8) cannot be encoded, and the others end
# a line for some readers or steer a terminal. They can only stand inside a string, where an escape means the same.
_TROUBLESOME = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def dumps(data: Any, *, indent: int | None) -> str:
    """JSON text that keeps every language readable and survives any encoding and line splitter."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(data, ensure_ascii=False, indent=indent, separators=separators)
    return _TROUBLESOME.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """The reports as indented JSON."""
    written = [report.to_dict(lang) for report in reports]
    return dumps(written[0] if len(written) == 1 else envelope(written), indent=2) + "\n"


def envelope(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Several reports as one JSON value."""
    return {"schema_version": SCHEMA_VERSION, "reports": reports}
