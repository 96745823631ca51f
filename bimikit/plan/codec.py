"""A plan as JSON: stable, so that the plans of two days can be compared line by line."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Sequence

import msgspec

from ..errors import BimikitError
from ..locale import words_of
from ..statement import Statement
from .model import SCHEMA_VERSION, Plan

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of a plan that are read."""


class PlanError(BimikitError):
    """A text that is no plan, or one of another version.

    Attributes:
        problem: What is wrong: a key of ``plan_words`` without ``json.``.
    """

    def __init__(self, problem: str, **about: object) -> None:
        self.problem = problem
        self._about = about
        super().__init__(self.told())

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        return words_of("plan_words", lang)[f"json.{self.problem}"].format_map(self._about)


class _Versioned(msgspec.Struct):
    schema_version: int


def to_json(plan: Plan, differences: Sequence[Statement] = ()) -> str:
    """A plan as JSON: equal plans give equal texts.

    Args:
        plan: The plan.
        differences: What changed since another one; they are written under ``differences``, and not read back.
    """
    whole = msgspec.to_builtins(plan)
    if differences:
        whole["differences"] = msgspec.to_builtins(tuple(differences))
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode() + "\n"


def from_json(text: str | bytes) -> Plan:
    """The plan of a text that `to_json` made.

    Raises:
        PlanError: It is none.
    """
    if isinstance(text, bytes) and text.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # as PowerShell redirects
        text = text.decode("utf-16", "replace")
    elif isinstance(text, bytes):
        text = text.removeprefix(BOM_UTF8)
    try:
        version = msgspec.json.decode(text, type=_Versioned).schema_version
        if version != SCHEMA_VERSION:
            raise PlanError("version", version=version, known=SCHEMA_VERSION)
        plan = msgspec.json.decode(text, type=Plan)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise PlanError("no-plan", reason=str(problem)) from None
    twice = [name for name, count in Counter(one.domain for one in plan.domains).items() if count > 1]
    if twice:
        raise PlanError("twice", domain=twice[0])
    return plan
