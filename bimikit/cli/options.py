"""Options that every judging command has, and how its reports leave the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import click
from msgspec.structs import replace

from ..findings import Outcome, Report
from ..following import as_wanted, requires_revocation
from ..locale import LANGUAGES
from ..output import FORMATS, render
from ..receivers.names import ALIASES, PROVIDER_IDS, canonical
from ..selection import about_kind, outcome_of, with_files
from .streams import ASKED, CANNOT_RUN, put
from .words import complain, language, speak, spoken, told, unwritable_file

if TYPE_CHECKING:
    from pathlib import Path

    from ..config import Config

_Command = TypeVar("_Command", bound=Callable[..., Any])

CONFORMANT, FAILED, INDETERMINATE = 0, 1, 3
EXIT_CODES = """\b
Exit status:
  0  conformant (with --for: those providers are ready, as far as this subject goes)
  1  a requirement is broken (with --for: one is blocked or at risk, or has no BIMI)
  2  could not run: usage, unreadable file, a folder with no logo
  3  undecided: nothing is broken, but something could not be found out
     (with --for: of one of them nothing can be said)
Over several files: 2 before 1 before 3 before 0."""


class Listed(click.ParamType["tuple[str, ...]"]):
    """Comma-separated words, each read by a function that raises `ValueError` on one it doesn't know."""

    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The words of a value."""
        try:
            words = tuple(self._read(word.strip().lower()) for word in str(value).split(",") if word.strip())
        except ValueError as problem:
            self.fail(str(problem), param, ctx)
        if not words:  # of a variable that isn't set, say: all, or nobody, was hardly meant
            self.fail(told("list.empty"), param, ctx)
        return words


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence that asks whether another word was meant, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return told("did-you-mean", word=repr(close[0])) if close else ""


def _prefix(word: str) -> str:
    from ..rules import all_rules, matches

    rules = all_rules()
    if any(matches(rule, (word,)) for rule in rules):
        return word
    hint = suggestion(word, [rule.id for rule in rules])
    raise ValueError(told("rule.none-begins", word=repr(word), hint=hint))


def _provider(word: str) -> str:
    try:
        return canonical(word)
    except ValueError:
        hint = suggestion(word, (*PROVIDER_IDS, *ALIASES))
        known = ", ".join(PROVIDER_IDS)
        raise ValueError(told("provider.none", word=repr(word), hint=hint, known=known)) from None


class _PathType(click.Path):
    """A path of `pathlib`, which is loaded where one is given."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        return Path(os.fsdecode(super().convert(value, param, ctx)))


def _output(ctx: click.Context, option: click.Parameter, value: Path | None) -> Path | None:
    """``-`` is standard output, as everywhere."""
    path = None if value is None or str(value) == "-" else value
    _asked(ctx, option, path)
    return path


def _asked(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
    """Kept for when the command can't be run; eager, since an unusable configuration is such a case."""
    ctx.meta.setdefault(ASKED, {})[option.name] = value
    return value


READ = f"{__name__}.read"
"""Where a command keeps the names of the files that its options named and that it read."""
_NO_CONFIG = f"{__name__}.no-config"


def _without_config(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    ctx.meta[_NO_CONFIG] = value


def _config(ctx: click.Context, _option: click.Parameter, value: Path | None) -> Config | None:
    """The configuration that is to be followed; a language in it counts where none was asked for."""
    if ctx.resilient_parsing or (ctx.meta.get(_NO_CONFIG) and value is None):
        return None
    from ..config.finding import nearest

    file = value or nearest(str(ctx.params.get("folder") or ""), lambda problem: complain(problem.told(spoken())))
    if file is None:
        return None
    from pathlib import Path

    from ..config import load

    config = load(Path(file))
    if config.lang is not None:
        speak(ctx, config.lang)
    return config


class About(NamedTuple):
    """What belongs to a report besides.

    Attributes:
        files: The file that findings are about, by the document of their places (`bimikit.config.without_ignored`).
        providers: Mailbox providers that must be ready where the command line names none; None for those of the
            whole configuration.
        days_left: Full days for which its certificate has to be valid yet; None where that doesn't matter.
    """

    files: Mapping[str | None, str]
    providers: tuple[str, ...] | None = None
    days_left: int | None = None


_Options: TypeAlias = tuple[Callable[[Any], Any], ...]


def _format(formats: Sequence[str]) -> Callable[[Any], Any]:
    return click.option(
        "-f", "--format", "output_format", type=click.Choice(formats), default="text", show_default=True,
        is_eager=True, callback=_asked, help="How to write the report.",
    )  # fmt: skip


_RULES: _Options = (
    click.option(
        "-o", "--output", type=_PathType(dir_okay=False), is_eager=True, callback=_output, metavar="FILE",
        help="Write the report to FILE instead of standard output.",
    ),
    click.option(
        "--select", type=Listed("prefixes", _prefix), multiple=True, metavar="ID,…",
        help="Only rules whose id begins so, for example svg.title. Can be repeated.",
    ),
    click.option(
        "--ignore", type=Listed("prefixes", _prefix), multiple=True, metavar="ID,…",
        help="Leave out rules whose id begins so; wins over --select. Can be repeated.",
    ),
)  # fmt: skip
_VERDICTS: _Options = (
    click.option(
        "--for", "providers", type=Listed("providers", _provider), multiple=True, metavar="NAME,…",
        help=f"Judge for these mailbox providers ({', '.join(PROVIDER_IDS[:6])} and others): leave out "
        "other providers' own rules, and exit 1 where one of these is not ready.",
    ),
    click.option(
        "--require", type=click.Choice(["revocation"]), multiple=True,
        help="What must have been checked: exit 3 where it was not.",
    ),
)  # fmt: skip
_SURROUNDINGS: _Options = (
    click.option(
        "--no-config", is_flag=True, is_eager=True, expose_value=False, callback=_without_config,
        help="Don't look for a configuration.",
    ),
    click.option(
        "--config", type=_PathType(exists=True), callback=_config, metavar="FILE",
        help="Follow this configuration; by default the nearest bimikit.toml, or pyproject.toml with a table "
        "[tool.bimikit]. Options win over it.",
    ),
    click.option(
        "--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True,
        help="Language of the report; by default that of the environment, else English.",
    ),
)  # fmt: skip


def common_options(command: _Command) -> _Command:
    """Add the options every judging command has."""
    return _with(command, (_format(FORMATS), *_RULES, *_VERDICTS, *_SURROUNDINGS))


def report_options(*further_formats: str) -> Callable[[_Command], _Command]:
    """Add those of a command whose reports tell nothing of mailbox providers; it may have formats of its own."""
    options = (_format((*FORMATS, *further_formats)), *_RULES, *_SURROUNDINGS)
    return lambda command: _with(command, options)


def configuration(command: _Command) -> _Command:
    """Add the options on the configuration alone."""
    return _with(command, _SURROUNDINGS[:2])


def _with(command: _Command, options: _Options) -> _Command:
    for option in reversed(options):
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
    providers: Sequence[tuple[str, ...]] = (),
    require: Sequence[str] = (),
    lang: str,
    config: Config | None = None,
    about: Sequence[About] = (),
    write: Callable[..., str] = render,
    save: Callable[[str, Path | None], None] = put,
) -> int:
    """Write the reports as asked, and return the exit status.

    Commands that have formats of their own give their `write`, which is called as `render` is, and how it is saved.
    """
    from ..output.view import not_ready, subject_name

    lang = spoken(lang)
    if output is not None and is_input(output, reports, about, config):
        complain(told("output.is-subject", file=output))
        return CANNOT_RUN
    days_left = None if config is None else config.days_left
    about = about or [About({None: report.subject}, days_left=days_left) for report in reports]
    chosen, left_out = _flat(select), _flat(ignore)
    if config is not None:
        chosen, left_out = chosen or config.select, left_out or config.ignore
    wanted = [_asked_for(providers, one, config) for one in about]
    if select:
        _require_some(chosen, reports)
    shown = [
        as_wanted(
            report,
            providers=names,
            select=chosen,
            ignore=left_out,
            days_left=one.days_left,
            revocation=bool(require) or requires_revocation(config, report.kind),
        )
        for report, one, names in zip(reports, about, wanted, strict=True)
    ]
    shown = [with_files(report, one.files) for report, one in zip(shown, about, strict=True)]
    if config is not None and config.ignores:
        shown = _without_ignored(shown, config, about)
    color = output is None and color_wanted()
    if shown:
        written = write(output_format, shown, lang=lang, texts=texts, color=color)
        try:
            save(written, output)
        except OSError as problem:
            if output is None:
                raise
            complain(unwritable_file(output, problem))
            return CANNOT_RUN
    for report in shown:
        for one in not_ready(report, lang):
            complain(f"{subject_name(report, lang)}: {one.provider}: {one.text}")
    codes = {exit_code(report, with_verdicts=bool(names)) for report, names in zip(shown, wanted, strict=True)}
    if failed_to_run:
        codes.add(CANNOT_RUN)
    return worst(codes)


def is_input(
    output: Path, reports: Sequence[Report], about: Sequence[About] = (), config: Config | None = None
) -> bool:
    """Whether a file that is to be written is one that was read: what is judged, and what it is judged with."""
    names = [report.subject for report in reports]
    names += [name for one in about for name in one.files.values()]
    names += map(str, click.get_current_context().meta.get(READ, ()))
    names += map(str, config.files if config is not None else ())
    return any(same_file(output, name) for name in names)


def _require_some(select: tuple[str, ...], reports: Iterable[Report]) -> None:
    """Refuse a choice of rules that are all about something else.

    Raises:
        click.UsageError: It is one.
    """
    if not all(about_kind(select, kind) for kind in {report.kind for report in reports}):
        raise click.UsageError(told("select.none-here", select=", ".join(select)))


def about_itself(config: Config | None) -> Config | None:
    """A configuration for a command that asks its own question: what it wants of judged files doesn't count there."""
    return None if config is None else replace(config, select=(), providers=(), require=())


def _asked_for(providers: Sequence[tuple[str, ...]], about: About, config: Config | None) -> tuple[str, ...]:
    configured = config.providers if config is not None else ()
    return _flat(providers) or tuple(map(canonical, configured if about.providers is None else about.providers))


def _without_ignored(reports: Sequence[Report], config: Config, about: Sequence[About]) -> list[Report]:
    from ..config.ignores import ended, unused, without_ignored

    for problem in unused(config, [file for one in about for file in one.files.values()]):
        complain(problem.told(spoken()))
    found = [without_ignored(report, config, one.files) for report, one in zip(reports, about, strict=True)]
    for ignore in dict.fromkeys(ignore for one in found for ignore in one.ended):
        complain(ended(config, ignore).told(spoken()))
    return [one.report for one in found]


def worst(codes: Collection[int]) -> int:
    """The exit status over several subjects."""
    return next((code for code in (CANNOT_RUN, FAILED, INDETERMINATE) if code in codes), CONFORMANT)


def color_wanted() -> bool:
    """Whether standard output is a terminal, and colours aren't declined."""
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _flat(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for group in groups for word in group)


def same_file(path: Path, subject: str) -> bool:
    """Whether a path and a file's name lead to one file."""
    try:
        return path.samefile(subject)
    except OSError:
        return False


def exit_code(report: Report, *, with_verdicts: bool = False) -> int:
    """What one report means to a pipeline.

    Args:
        report: The report.
        with_verdicts: Whether its verdicts count, too: they do where somebody asked for certain providers.
    """
    return _CODES[outcome_of(report, with_verdicts=with_verdicts)]


_CODES = {Outcome.PASS: CONFORMANT, Outcome.FAIL: FAILED, Outcome.INDETERMINATE: INDETERMINATE}
