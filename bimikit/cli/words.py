"""What the command line itself says, in the language of the command that runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..locale import language_of_environment, system_reason, words_of

if TYPE_CHECKING:
    from pathlib import Path

_SPOKEN = f"{__name__}.language"


def language(ctx: click.Context, _option: click.Parameter, value: str | None) -> str:
    """The language asked for, or that of the environment where we have it; eager, so that complaints are in it."""
    ctx.meta[_SPOKEN] = value or language_of_environment()
    return str(ctx.meta[_SPOKEN])


def speak(ctx: click.Context, lang: str) -> None:
    """Take another language, unless one was asked for."""
    if ctx.get_parameter_source("lang") is not click.core.ParameterSource.COMMANDLINE:
        ctx.meta[_SPOKEN] = lang


def spoken(lang: str = "") -> str:
    """The language of the command that runs; that given, or of the environment, where none runs."""
    ctx = click.get_current_context(silent=True)
    return (ctx.meta.get(_SPOKEN) if ctx is not None else None) or lang or language_of_environment()


def told(key: str, **about: object) -> str:
    """The words under a key, with what they are about filled in; no name of a file steers what shows them."""
    plain = {name: _shown(value) if isinstance(value, os.PathLike) else value for name, value in about.items()}
    return words_of("cli_words", spoken())[key].format_map(plain)


def _shown(path: os.PathLike[str]) -> str:
    name = str(path)
    if name.isprintable():
        return name
    from ..output.view import one_line

    return one_line(name)


def reason(problem: OSError | ValueError) -> str:
    """Why a file could not be read or written; in the system's words where we have none."""
    return system_reason(problem, spoken())


def complain(complaint: str) -> None:
    """Tell on standard error, in one line, what is wrong."""
    from ..output.view import one_line

    click.echo(f"bimikit: {one_line(complaint)}", err=True)


def unreadable_file(path: Path | str, problem: OSError | ValueError) -> str:
    """That a file can't be read, and why."""
    return told("cannot-read", file=path, reason=reason(problem))


def unwritable_file(path: Path | str, problem: OSError) -> str:
    """That a file can't be written, and why."""
    return told("cannot-write", file=path, reason=reason(problem))


def missing_extra(name: str) -> str:
    """What to install where modules of an extra aren't there; empty where all are."""
    from importlib.util import find_spec

    from ..extras import EXTRAS

    missing: Sequence[str] = [module for module in EXTRAS[name] if find_spec(module) is None]
    return told("missing-extra", missing=", ".join(missing), extra=name) if missing else ""
