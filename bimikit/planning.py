"""The plan from p=none to a logo, made from an inventory and written down; and what shows it needs beside that.

`plan_of`, `render_plan` and `Plan` are names of `bimikit`; the others are for programs that show a plan again and again
within a page of their own, such as the portal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from .plan.model import Plan
from .plan.problems import InventoryError, without_secrets
from .sqlite_files import WRITTEN
from .statement import Statement

__all__ = ["PlanInputs", "plan_body", "plan_inputs", "plan_style", "without_secrets"]

Format: TypeAlias = Literal["html", "markdown", "text", "json", "zone"]


class PlanInputs(NamedTuple):
    """What a plan rests on.

    Attributes:
        files: The inventory, and the files that it names, whether they are there or not; where the store is a file, its
            logs, too.
        elsewhere: Whether it also rests on a database that is no file, so that nothing here tells when it changes.
    """

    files: tuple[Path, ...]
    elsewhere: bool


def plan_of(inventory: str | os.PathLike[str], *, as_of: date | None = None) -> Plan:
    """Make the plan of an inventory: how far each domain is on the road to a logo, what blocks it, what to publish.

    Nothing is asked of the network, and nothing is written; the same files give the same plan.

    Args:
        inventory: The path of an inventory (``inventory.toml``), which names its domains and, relative to its folder,
            the rows of a scan, the store of aggregate reports and the decisions on sources.
        as_of: The day of the plan: reports of later days don't count, and ages are from it. The newest day of the scan
            and the reports by default, never today.

    Raises:
        BimikitError: The inventory, or what it names, isn't there, can't be read or can't be followed: a subclass that
            tells what is wrong and where; or the extra ``reports`` isn't installed, and a store is named.
    """
    from .plan.inputs import gather, read_file

    path = Path(inventory)
    inputs = gather(read_file(path), path.parent, as_of, name=str(path))
    if inputs.as_of is None:
        raise InventoryError(str(path), 0, "", "no-day")
    return inputs.plan()


def plan_inputs(inventory: str | os.PathLike[str]) -> PlanInputs:
    """What the plan of an inventory rests on, to tell when to make it anew.

    Args:
        inventory: The path of an inventory.

    Raises:
        BimikitError: The inventory isn't there, can't be read or can't be followed.
    """
    from .plan.inputs import files_of, is_url, read_file

    path = Path(inventory)
    declared = read_file(path)
    store = declared.store.removeprefix("sqlite:///")
    elsewhere = is_url(store)
    logs = [path.parent / f"{store}{end}" for end in WRITTEN] if store and not elsewhere else []
    return PlanInputs((path, *files_of(declared, path.parent), *logs), elsewhere)


def render_plan(
    plan: Plan,
    format: Format = "html",  # noqa: A002 - what people call it
    *,
    lang: str = "en",
    differences: Sequence[Statement] | None = None,
) -> str:
    """Write a plan down.

    Args:
        plan: The plan.
        format: ``"html"``: a page of its own, without a script or a request; ``"markdown"``; ``"text"``; ``"json"``,
            which is the same in every language; ``"zone"``: the records to publish now, as zone files have them
            (RFC 1035, 5).
        lang: ``"en"`` or ``"ja"``.
        differences: What changed since another plan, which ``"zone"`` doesn't tell; None where it wasn't compared.

    Raises:
        ValueError: There is no such format or language.
    """
    write = _FORMATS.get(format)
    if write is None:
        raise ValueError(f"format is one of {', '.join(_FORMATS)}, not {format!r}")
    return write(plan, lang, differences)


def plan_body(plan: Plan, *, lang: str = "en") -> str:
    """A plan in HTML as the main part of a page that has the style sheet `plan_style`; it begins with an ``h1``.

    Args:
        plan: The plan.
        lang: ``"en"`` or ``"ja"``.

    Raises:
        ValueError: There is no such language.
    """
    from .output.plan_page import body

    return body(plan, lang)


def plan_style() -> str:
    """The style sheet for what `plan_body` writes; of the page itself it sets a body of the class ``plan-page``."""
    from .output.plan_page import style

    return style()


def _html(plan: Plan, lang: str, differences: Sequence[Statement] | None) -> str:
    from .output.plan_page import render

    return render(plan, lang=lang, differences=differences or ())


def _markdown(plan: Plan, lang: str, differences: Sequence[Statement] | None) -> str:
    from .output.plan_markdown import render

    return render(plan, lang=lang, differences=differences)


def _text(plan: Plan, lang: str, differences: Sequence[Statement] | None) -> str:
    from .output.plan_text import render

    return render(plan, lang=lang, differences=differences)


def _json(plan: Plan, _lang: str, differences: Sequence[Statement] | None) -> str:
    from .plan.codec import to_json

    return to_json(plan, differences or ())


def _zone(plan: Plan, lang: str, _differences: Sequence[Statement] | None) -> str:
    from .output.plan_zone import render

    return render(plan, lang=lang)


_FORMATS: Mapping[str, Callable[[Plan, str, Sequence[Statement] | None], str]] = {
    "html": _html,
    "markdown": _markdown,
    "text": _text,
    "json": _json,
    "zone": _zone,
}
