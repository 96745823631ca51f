"""Addresses that run a script or carry a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..engine import Fault, quote
from ..lazy import lazy_regex
from .place import Place

_SCHEME = lazy_regex(r"(?:url\(\s*[\"']?)?\s*(javascript|vbscript|livescript|data)\s*:", "match", flags=re.IGNORECASE)
_INVISIBLE = lazy_regex(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+", "sub")


def dangerous_url(node: int, attribute: str, value: str) -> Iterator[Fault[Place]]:
    """An address that runs a script or carries a file, however it is disguised with blanks."""
    if ":" not in value:
        return
    found = _SCHEME(_INVISIBLE("", value[:500]))
    if found is not None:
        scheme = found[1].lower()
        rule = "svg.data-url" if scheme == "data" else "svg.script-url"
        yield Fault(rule, Place(node, attribute), attribute, {"attribute": quote(attribute), "scheme": scheme})
