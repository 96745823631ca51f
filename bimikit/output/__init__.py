"""Formats: functions over Reports, loaded when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from ..findings import Report

FORMATS = ("text", "json", "jsonl", "sarif", "junit", "github", "markdown", "html")
"""Names of the formats; each is a module here with a `render` of this module's signature."""


def render(
    name: str,
    reports: Sequence[Report],
    *,
    lang: str = "en",
    texts: Mapping[str, str] | None = None,
    color: bool = False,
) -> str:
    """Write reports in one of the formats.

    Args:
        name: One of `FORMATS`.
        reports: What to show, in this order.
        lang: Language of all texts, ``"en"`` or ``"ja"``.
        texts: Decoded source text by subject, for excerpts; a subject without one gets none.
        color: Whether to write ANSI colours (text format only).

    Raises:
        ValueError: There is no such format.
    """
    if name not in FORMATS:
        raise ValueError(f"no such format: {name!r}; there are {', '.join(FORMATS)}")
    module = import_module(f".{name}_format", __package__)
    written: str = module.render(reports, lang=lang, texts=texts or {}, color=color)
    return written
