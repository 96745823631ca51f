"""A command that asks its own question never passes because the rules that answer it were left out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from ..rules import all_rules, matches
from .words import told

if TYPE_CHECKING:
    from ..config import Config


def require_an_answer(own: str, config: Config | None, options: Mapping[str, Any]) -> None:
    """Refuse a choice of rules with which a command could find nothing.

    Args:
        own: How the ids of the command's own rules begin.
        config: The configuration, of which the command follows no `select`.
        options: The command's options, with ``select`` and ``ignore``.

    Raises:
        click.UsageError: None of those rules is left.
    """
    select, ignore = (tuple(chain.from_iterable(options[name])) for name in ("select", "ignore"))
    if config is not None:
        ignore = ignore or config.ignore
    rules = [rule for rule in all_rules() if rule.id.startswith(own) and not matches(rule, ignore)]
    if not rules or (select and not any(matches(rule, select) for rule in rules)):
        raise click.UsageError(told("rule.none-answers", own=own))
