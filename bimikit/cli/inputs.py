"""Moments, files and trust as command lines give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..cert.bundle import MAX_BYTES
from ..cert.trust import TrustStore, store_of
from .files import read_bounded
from .words import told, unreadable_file

if TYPE_CHECKING:
    from ..config import Config


class _When(click.ParamType["datetime"]):
    """An ISO date (00:00 UTC), or a time with its zone."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        text = str(value)
        try:
            if len(text) == len("2026-11-24") or text.isdecimal():
                return datetime.combine(date.fromisoformat(text), time(), UTC)
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(told("when.no-time", text=repr(text)), param, ctx)
        if moment.tzinfo is None:
            self.fail(told("when.no-zone", text=repr(text), written=moment.isoformat()), param, ctx)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail(told("when.no-calendar", text=repr(text)), param, ctx)


WHEN = _When()
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_given(path: Path, most: int, option: str) -> bytes:
    """The content of a file that an option names."""
    from .options import READ

    click.get_current_context().meta.setdefault(READ, []).append(path)
    try:
        return read_bounded(path, most)
    except OSError as problem:
        raise click.BadParameter(unreadable_file(path, problem), param_hint=option) from None


def read_trust(roots: Sequence[Path], ct_logs: Sequence[Path], config: Config | None = None) -> TrustStore:
    """The built-in trust store, with the roots and logs that a configuration and options name."""
    store = TrustStore.builtin() if config is None else config.trust_store()
    added = []
    for kind, option, paths in (("roots", "--roots", roots), ("ct-logs", "--ct-log", ct_logs)):
        for path in paths:
            data = read_given(path, MAX_BYTES, option)
            try:
                added.append(store_of(kind, data))
            except ValueError as problem:
                raise click.BadParameter(told("given.bad", file=path, reason=problem), param_hint=option) from None
    return store.with_all(added)
