"""Options that every judging command has, and how its reports leave the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ..findings import Report
from ..locale import LANGUAGES
from ..output import FORMATS, render
from ..receivers.names import ALIASES, PROVIDER_IDS, canonical
from ..selection import selected, with_verdicts

_Command = TypeVar("_Command", bound=Callable[..., Any])

CONFORMANT, FAILED, CANNOT_RUN, INDETERMINATE = 0, 1, 2, 3
EXIT_CODES = """\b
Exit status:
  0  conformant (with --for: those providers are ready, as far as this subject goes)
  1  a requirement is broken (with --for: one is blocked or at risk, or has no BIMI)
  2  could not run: usage, unreadable file, a folder with no logo
  3  undecided: nothing is broken, but something could not be found out
     (with --for: of one of them nothing can be said)
Over several files: 2 before 1 before 3 before 0."""


class _Listed(click.ParamType["tuple[str, ...]"]):
    """Comma-separated words, each read by a function that raises `ValueError` on one it doesn't know."""

    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        try:
            return tuple(self._read(word.strip().lower()) for word in str(value).split(",") if word.strip())
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


def suggestion(word: str, known: Iterable[str]) -> str:
    """`` Did you mean …?``, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def _prefix(word: str) -> str:
    from ..rules import all_rules, matches

    rules = all_rules()
    if any(matches(rule, (word,)) for rule in rules):
        return word
    raise ValueError(
        f"no rule begins with {word!r}.{suggestion(word, [rule.id for rule in rules])} See 'bimikit rules'."
    )


def _provider(word: str) -> str:
    try:
        return canonical(word)
    except ValueError:
        hint = suggestion(word, (*PROVIDER_IDS, *ALIASES))
        raise ValueError(f"no such mailbox provider: {word!r}.{hint} There are {', '.join(PROVIDER_IDS)}.") from None


def _language(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str:
    """The language asked for, or that of the environment where we have it."""
    if value:
        return value
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if spoken.startswith("ja") else "en"


def _output(_ctx: click.Context, _option: click.Parameter, value: Path | None) -> Path | None:
    """``-`` is standard output, as everywhere."""
    return None if value == Path("-") else value


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "-f", "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True,
        help="How to write the report.",
    ),
    click.option(
        "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), callback=_output, metavar="FILE",
        help="Write the report to FILE instead of standard output.",
    ),
    click.option(
        "--select", type=_Listed("prefixes", _prefix), multiple=True, metavar="ID,…",
        help="Only rules whose id begins so, for example svg.title. Can be repeated.",
    ),
    click.option(
        "--ignore", type=_Listed("prefixes", _prefix), multiple=True, metavar="ID,…",
        help="Leave out rules whose id begins so; wins over --select. Can be repeated.",
    ),
    click.option(
        "--for", "providers", type=_Listed("providers", _provider), multiple=True, metavar="NAME,…",
        help=f"Judge for these mailbox providers ({', '.join(PROVIDER_IDS[:6])} and others): leave out "
        "other providers' own rules, and exit 1 where one of these is not ready.",
    ),
    click.option(
        "--require", type=click.Choice(["revocation"]), multiple=True,
        help="What must have been checked: exit 3 where it was not.",
    ),
    click.option(
        "--lang", type=click.Choice(LANGUAGES), callback=_language,
        help="Language of the report; by default that of the environment, else English.",
    ),
)  # fmt: skip


def common_options(command: _Command) -> _Command:
    """Add the options every judging command has."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def finish(
    reports: Sequence[Report],
    texts: Mapping[str, str],
    *,
    failed_to_run: bool,
    output_format: str,
    output: Path | None,
    select: Sequence[tuple[str, ...]],
    ignore: Sequence[tuple[str, ...]],
    providers: Sequence[tuple[str, ...]],
    require: Sequence[str],
    lang: str,
) -> int:
    """Write the reports as asked, and return the exit status."""
    from ..output.view import not_ready

    asked_for = _flat(providers)
    shown = [with_verdicts(report, asked_for) for report in reports] if asked_for else list(reports)
    shown = [selected(report, _flat(select), _flat(ignore)) for report in shown]
    if output is not None and any(same_file(output, report.subject) for report in reports):
        click.echo(f"bimikit: {output} is one of the files to judge; the report would overwrite it", err=True)
        return CANNOT_RUN
    color = output is None and color_wanted()
    if shown:
        written = render(output_format, shown, lang=lang, texts=texts, color=color)
        try:
            _write(written, output)
        except OSError as problem:
            click.echo(f"bimikit: can't write {output}: {problem.strerror}", err=True)
            return CANNOT_RUN
    for report in shown:
        for one in not_ready(report, lang):
            click.echo(f"bimikit: {report.subject}: {one.provider}: {one.text}", err=True)
    unchecked = [report.subject for report in reports if require and not _revocation_checked(report)]
    for subject in unchecked:
        click.echo(f"bimikit: {subject}: revocation was required, but was not checked", err=True)
    codes = {exit_code(report, with_verdicts=bool(asked_for)) for report in shown}
    if failed_to_run:
        codes.add(CANNOT_RUN)
    if unchecked:
        codes.add(INDETERMINATE)
    return next((code for code in (CANNOT_RUN, FAILED, INDETERMINATE) if code in codes), CONFORMANT)


def color_wanted() -> bool:
    """Whether standard output is a terminal, and colours aren't declined."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _revocation_checked(report: Report) -> bool:
    about = report.facts.get("certificate", report.facts)
    return bool(about.get("revocation", {}).get("checked"))


def _flat(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for group in groups for word in group)


def same_file(path: Path, subject: str) -> bool:
    """Whether a path and a file's name lead to one file."""
    try:
        return path.samefile(subject)
    except OSError:
        return False


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        output.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        return
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def exit_code(report: Report, *, with_verdicts: bool = False) -> int:
    """What one report means to a pipeline.

    Args:
        report: The report.
        with_verdicts: Whether its verdicts count, too: they do where somebody asked for certain providers.
    """
    verdicts = set(report.verdicts.values()) if with_verdicts else set()
    if not report.ok or verdicts & {"blocked", "at_risk", "no_bimi"}:
        return FAILED
    return CONFORMANT if report.complete and "cannot_say" not in verdicts else INDETERMINATE
