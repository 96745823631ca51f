"""Days and domains as command lines give them."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ..domains import BadDomain, normal_domain
from ..locale import term
from .words import spoken, told


class _Day(click.ParamType["date"]):
    """An ISO date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(told("given.no-date", text=repr(value)), param, ctx)


class _Domain(click.ParamType["str"]):
    """A domain as people type it."""

    name = "domain"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return normal_domain(str(value))
        except BadDomain as problem:
            self.fail(told("given.no-domain", text=repr(value), reason=term(str(problem), spoken())), param, ctx)


DAY = _Day()
DOMAIN = _Domain()
