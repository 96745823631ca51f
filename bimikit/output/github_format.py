"""GitHub Actions workflow commands, which the runner turns into annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from ..findings import Finding, Location, Report
from ..locale import term
from . import view

_COMMANDS = {"error": "error", "undecided": "warning", "warning": "warning", "notice": "notice"}

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPE_DATA = str.maketrans(_DATA)
_ESCAPE_PROPERTY = str.maketrans({**_DATA, ":": "%3A", ",": "%2C"})


def render(reports: Sequence[Report], *, lang: str, texts: Mapping[str, str], color: bool) -> str:
    """One command per finding; a clean subject gives none, since each would be shown as an annotation."""
    commands = []
    for report in reports:
        lines = view.Lines(report, texts)
        commands += [_command(report, finding, lines, lang) for finding in report.findings]
        commands += [_verdict(report, one, lang) for one in view.not_ready(report, lang)]
    return "".join(command + "\n" for command in commands)


def _command(report: Report, finding: Finding, lines: view.Lines, lang: str) -> str:
    kind = view.kind_of(finding)
    words = finding.wording(lang)
    title = f"{words.title} ({finding.rule})"
    if kind == "undecided":
        title = f"{view.capital(term('label.undecided', lang))}: {title}"
    properties = {**_place(report, finding, lines), "title": view.one_line(title)}
    message = (words.message, words.fix, view.more_places(finding, 1, lang))
    return command(_COMMANDS[kind], properties, "\n".join(view.one_line(part) for part in message if part))


def command(name: str, properties: Mapping[str, str | int], text: str) -> str:
    """A workflow command, which nothing in its parts can end."""
    listed = ",".join(f"{key}={str(value).translate(_ESCAPE_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {listed}::{text.translate(_ESCAPE_DATA)}"


def _verdict(report: Report, one: view.NotReady, lang: str) -> str:
    """A provider that was asked for and isn't ready fails the step, so it is an error here."""
    return command("error", {"title": f"{view.subject_name(report, lang)}: {one.provider}"}, one.text)


def _place(report: Report, finding: Finding, lines: view.Lines) -> dict[str, str | int]:
    """Where the annotation goes; standard input and a domain are no files."""
    where = finding.locations[0] if finding.locations else Location()
    file = view.file_of(report, where)
    # GitHub's own paths have slashes on every system, and no "./" before them.
    place: dict[str, str | int] = {"file": view.one_line(PurePath(file).as_posix())} if file else {}
    if (line := view.line_in_file(report, where)) is not None:
        place["line"] = line
        if (column := view.column_in_file(where)) is not None:
            place |= {"col": column, "endColumn": view.end_column(lines, where)}
    return place
