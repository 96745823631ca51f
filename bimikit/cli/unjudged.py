"""Where a command can't be run, its report says so: in the format, and to the file, that were asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..config import ConfigError
from ..errors import BimikitError
from ..output.unjudged import Unjudged, render
from ..selection import from_here
from .streams import put
from .words import complain, spoken, told, unwritable_file

REPORTS = frozenset({".sarif", ".xml", ".md", ".html", ".htm"})
"""Endings of reports, and of nothing that bimikit reads."""


def tell(problem: BimikitError, asked: dict[str, Any]) -> None:
    """Write the report on what stands in the way, where the format has one.

    Args:
        problem: It.
        asked: What `options.ASKED` keeps of the command line.
    """
    lang = spoken()
    file = from_here(str(problem.file)) if isinstance(problem, ConfigError) else ""
    written = render(asked.get("output_format", ""), Unjudged(problem.told(lang).splitlines(), file), lang)
    output: Path | None = asked.get("output")
    if not written:
        return
    if output is not None and not _may_be_replaced(output):
        complain(told("output.not-replaced", file=output))
        return
    try:
        put(written, output)
    except OSError as reason:
        if output is None:
            raise
        complain(unwritable_file(output, reason))


def _may_be_replaced(output: Path) -> bool:
    """Whether a file is a report for certain: what the command reads may not be known yet."""
    return not output.is_file() or output.suffix.lower() in REPORTS or not output.stat().st_size
