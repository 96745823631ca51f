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


def render_report(
    report: Report | Sequence[Report],
    form: str = "text",
    *,
    lang: str = "en",
    sources: Mapping[str, bytes] | None = None,
) -> str:
    """Write a report, or several, as the command line does.

    Args:
        report: What a check answered.
        form: One of ``"text"``, ``"json"``, ``"jsonl"``, ``"sarif"``, ``"junit"``, ``"github"``, ``"markdown"`` and
            ``"html"``, which is one page without a script or request.
        lang: Language of all texts, ``"en"`` or ``"ja"``.
        sources: Files that were judged by themselves, by the report's subject, for excerpts.

    Raises:
        ValueError: There is no such format, or there are no words in that language.
    """
    reports = [report] if isinstance(report, Report) else list(report)
    given = sources or {}
    texts = {one.subject: text_of(one, given[one.subject]) for one in reports if one.subject in given}
    return render(form, reports, lang=lang, texts=texts)


def text_of(report: Report, source: bytes) -> str:
    """The text of the file a report is about, as places in it count, and as it may be shown."""
    if report.kind == "certificate":
        from ..cert.pem import showable

        return showable(source)
    from ..svg.check import decode

    return decode(source)
