"""Options that every judging command has, and how its reports leave the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import click
from msgspec.structs import replace

from ..findings import Outcome, Report
from ..locale import LANGUAGES
from ..output import FORMATS, render
from ..receivers.names import ALIASES, PROVIDER_IDS, canonical
from ..selection import outcome_of, revocation_checked, selected, with_files, with_verdicts
from .streams import CANNOT_RUN, put
from .words import complain, language, speak, spoken, told, unwritable_file

if TYPE_CHECKING:
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
            return tuple(self._read(word.strip().lower()) for word in str(value).split(",") if word.strip())
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


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


def _output(_ctx: click.Context, _option: click.Parameter, value: Path | None) -> Path | None:
    """``-`` is standard output, as everywhere."""
    return None if value == Path("-") else value


_NO_CONFIG = f"{__name__}.no-config"


def _without_config(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    ctx.meta[_NO_CONFIG] = value


def _config(ctx: click.Context, _option: click.Parameter, value: Path | None) -> Config | None:
    """The configuration that is to be followed; a language in it counts where none was asked for."""
    if ctx.resilient_parsing or (ctx.meta.get(_NO_CONFIG) and value is None):
        return None
    from ..config.finding import find

    file = value or find(Path())
    if file is None:
        return None
    from ..config import load

    config = load(file)
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
        help="How to write the report.",
    )  # fmt: skip


_RULES: _Options = (
    click.option(
        "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), callback=_output, metavar="FILE",
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
        "--config", type=click.Path(exists=True, path_type=Path), callback=_config, metavar="FILE",
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
    from ..output.view import not_ready

    lang = spoken(lang)
    days_left = None if config is None else config.days_left
    about = about or [About({None: report.subject}, days_left=days_left) for report in reports]
    if config is not None:
        select, ignore = select or [config.select], ignore or [config.ignore]
    wanted = [_asked_for(providers, one, config) for one in about]
    shown = [with_verdicts(report, names) if names else report for report, names in zip(reports, wanted, strict=True)]
    shown = [selected(report, _flat(select), _flat(ignore)) for report in shown]
    if any(one.days_left is not None for one in about):
        from ..expiry.demand import with_days_left

        shown = [with_days_left(report, one.days_left) for report, one in zip(shown, about, strict=True)]
    shown = [with_files(report, one.files) for report, one in zip(shown, about, strict=True)]
    if config is not None and config.ignores:
        shown = _without_ignored(shown, config, about)
    if output is not None and any(same_file(output, report.subject) for report in reports):
        complain(told("output.is-subject", file=output))
        return CANNOT_RUN
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
            complain(f"{report.subject}: {one.provider}: {one.text}")
    of_config = config is not None and bool(config.require)  # which speaks of all files, and a logo has no revocation
    required = [report for report in reports if require or (of_config and report.kind != "svg")]
    unchecked = [report.subject for report in required if not revocation_checked(report)]
    for subject in unchecked:
        complain(told("revocation.unchecked", subject=subject))
    codes = {exit_code(report, with_verdicts=bool(names)) for report, names in zip(shown, wanted, strict=True)}
    if failed_to_run:
        codes.add(CANNOT_RUN)
    if unchecked:
        codes.add(INDETERMINATE)
    return worst(codes)


def about_itself(config: Config | None, rules: str) -> Config | None:
    """A configuration for a command that asks its own question: what it wants of judged files doesn't count there.

    Args:
        config: The configuration.
        rules: How the ids of the command's own rules begin; a choice of others can't leave its answer out.
    """
    if config is None:
        return None
    own = tuple(prefix for prefix in config.select if prefix.startswith(rules))
    return replace(config, select=own, providers=(), require=())


def _asked_for(providers: Sequence[tuple[str, ...]], about: About, config: Config | None) -> tuple[str, ...]:
    configured = config.providers if config is not None else ()
    return _flat(providers) or tuple(map(canonical, configured if about.providers is None else about.providers))


def _without_ignored(reports: Sequence[Report], config: Config, about: Sequence[About]) -> list[Report]:
    from ..config import ConfigError, without_ignored

    found = [without_ignored(report, config, one.files) for report, one in zip(reports, about, strict=True)]
    for ignore in dict.fromkeys(ignore for one in found for ignore in one.ended):
        key = f"ignores[{config.ignores.index(ignore)}]"
        ended = {"files": ", ".join(ignore.files), "until": ignore.until, "reason": ignore.reason}
        complain(ConfigError(config.file, key, "ignore-ended", **ended).told(spoken()))
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
