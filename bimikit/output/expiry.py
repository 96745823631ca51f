"""When certificates end, in one table, as a calendar (RFC 5545), and as metrics for Prometheus' textfile collector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..engine import to_the_minute
from ..expiry.watch import Row, together
from ..findings import Report
from ..locale import term
from . import render as render_reports
from .excerpt import width
from .text_format import hanging, paint
from .view import kind_of, one_line, with_note

FORMATS = ("ics", "prometheus")
"""Names of the formats that only this has."""
_STYLES = {"ended": "31;1", "soon": "33;1", "ok": ""}
_COLUMNS = ("ends", "left", "act", "what", "subject", "domains", "source")
_OF_ENDS = ("expiry.ended", "expiry.soon")
"""Findings that the table tells."""


def render(name: str, reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """Write reports on the ends of certificates in a format of `FORMATS`, as a table, or as any other report."""
    if name == "text":
        return "\n".join(_table(reports, lang, color)) + "\n"
    if name == "ics":
        return "".join(_folded(line) for line in _calendar(together(reports), reports, lang))
    if name == "prometheus":
        return "".join(f"{line}\n" for line in _metrics(reports))
    return render_reports(name, reports, lang=lang, texts=texts, color=color)


# a table for people


def _table(reports: Sequence[Report], lang: str, color: bool) -> Iterator[str]:
    rows = together(reports)
    lines = [tuple(term(f"expiry.head-{column}", lang) for column in _COLUMNS), *(_cells(row, lang) for row in rows)]
    wide = [max(width(line[column]) for line in lines) for column in range(len(_COLUMNS))]
    styles = ["1", *(_STYLES[row.facts["state"]] for row in rows)]
    if rows:
        for line, style in zip(lines, styles, strict=True):
            padded = "  ".join(_aligned(cell, wide[at], at) for at, cell in enumerate(line)).rstrip()
            yield paint(padded, style, color and bool(style))
    else:
        yield term("expiry.none", lang)
    yield ""
    for report in reports:
        for finding in report.findings:
            if finding.rule not in _OF_ENDS:
                words = finding.wording(lang)
                label = f"{term(f'kind-of-finding.{kind_of(finding)}', lang)}[{finding.rule}] "
                yield from hanging(label, one_line(words.message))
                yield from hanging(f"  = {term('label.fix', lang)}: ", one_line(words.fix))
                yield ""
    states = [row.facts["state"] for row in rows]
    yield term("expiry.summary", lang).format(
        count=len(rows),
        at=to_the_minute(reports[0].judged_at),
        ended=states.count("ended"),
        soon=states.count("soon"),
        unknown=sum(not report.facts["known"] for report in reports),
    )


def _cells(row: Row, lang: str) -> tuple[str, ...]:
    facts = row.facts
    role = term(f"expiry.role-{facts['role']}", lang)
    cells = (
        f"{facts['not_after'][:10]} {facts['not_after'][11:16]}",
        str(facts["days_left"]),
        facts["act_from"],
        with_note(role, "" if facts["state"] == "ok" else term(f"expiry.state-{facts['state']}", lang), lang),
        facts["subject"],
        ", ".join(facts["domains"]) or "–",
        ", ".join(row.sources),
    )
    return tuple(map(one_line, cells))


def _aligned(cell: str, wide: int, column: int) -> str:
    blank = " " * (wide - width(cell))
    return blank + cell if _COLUMNS[column] == "left" else cell + blank


# a calendar


def _calendar(rows: Sequence[Row], reports: Sequence[Report], lang: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//bimikit//expiry//{lang.upper()}"
    yield "CALSCALE:GREGORIAN"
    yield f"X-WR-CALNAME:{_text(term('expiry.calendar', lang))}"
    for row in rows:
        yield from _event(row, reports[0].judged_at, lang)
    yield "END:VCALENDAR"


def _event(row: Row, at: datetime, lang: str) -> Iterator[str]:
    """The end of a certificate, with an alarm on the day from which to act; its UID follows from the certificate."""
    facts = row.facts
    role = term(f"expiry.role-{facts['role']}", lang)
    end = datetime.fromisoformat(facts["not_after"])
    title = _text(term("expiry.event", lang).format(role=role, subject=facts["subject"]))
    about = [
        term("expiry.event-about", lang).format(
            role=role,
            subject=facts["subject"],
            until=to_the_minute(end),
            act=facts["act_from"],
            fix=term(f"expiry.renew-{facts['role']}", lang),
        )
    ]
    if facts["domains"]:
        about.append(term("expiry.event-domains", lang).format(domains=", ".join(facts["domains"])))
    about.append(term("expiry.event-sources", lang).format(sources=", ".join(row.sources)))
    yield "BEGIN:VEVENT"
    yield f"UID:{facts['sha256'][:40]}@bimikit"
    yield f"DTSTAMP:{_stamp(at)}"
    yield f"DTSTART:{_stamp(end)}"
    yield f"SUMMARY:{title}"
    yield f"DESCRIPTION:{_text(*about)}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{title}"
    yield f"TRIGGER:-P{row.days}D" if row.days else "TRIGGER:PT0S"
    yield "END:VALARM"
    yield "END:VEVENT"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(*lines: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11), of one or more lines."""
    return "\\n".join(one_line(line).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)


_OCTETS = 75


def _folded(line: str) -> str:
    """A content line of at most 75 octets, the rest below it behind a space (RFC 5545, 3.1); no character is cut."""
    pieces, piece, used = [], "", 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if used + size > _OCTETS:
            pieces.append(piece)
            piece, used = " ", 1
        piece += character
        used += size
    return "\r\n".join((*pieces, piece, ""))


# metrics

_HEADS = {
    "bimikit_certificate_expiry_timestamp_seconds": "When the certificate ends, in seconds since 1970.",
    "bimikit_certificate_act_timestamp_seconds": "From when on to act, in seconds since 1970.",
    "bimikit_certificate_known": "Whether the certificate of a source could be read.",
    "bimikit_expiry_check_timestamp_seconds": "As of when this was written, in seconds since 1970.",
}


def _metrics(reports: Sequence[Report]) -> Iterator[str]:
    samples: dict[str, dict[str, int]] = {name: {} for name in _HEADS}
    ends, act, known, checked = samples.values()

    def earlier(those: dict[str, int], labels: str, value: int) -> None:
        """Labels stand once, or the collector refuses the whole file."""
        those[labels] = min(value, those.get(labels, value))

    for report in reports:
        for facts in report.facts["certificates"]:
            labels = _labels(
                source=report.subject,
                role=facts["role"],
                subject=facts["subject"],
                domains=",".join(facts["domains"]),
                serial=facts["serial"],
                sha256=facts["sha256"],
            )
            earlier(ends, labels, _seconds(facts["not_after"]))
            earlier(act, labels, _seconds(facts["act_from"]))
        earlier(known, _labels(source=report.subject), int(report.facts["known"]))
    if reports:
        earlier(checked, "", max(int(report.judged_at.timestamp()) for report in reports))
    for name, about in _HEADS.items():
        if samples[name]:
            yield f"# HELP {name} {about}"
            yield f"# TYPE {name} gauge"
            yield from (f"{name}{labels} {value}" for labels, value in samples[name].items())


def _labels(**values: Any) -> str:
    escaped = ((name, _shown(value).replace("\\", "\\\\").replace('"', '\\"')) for name, value in values.items())
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped) + "}"


def _shown(text: str) -> str:
    """A text whose invisible characters are shown as Python writes them, so that different files stay different."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _seconds(moment: str) -> int:
    parsed = datetime.fromisoformat(moment)
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
