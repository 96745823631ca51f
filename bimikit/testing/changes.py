"""Changes to a plan, from which defects and variants are put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import der
from .plan import Plan

Change: TypeAlias = Callable[[Plan], object]
"""What is done to a plan; whatever it returns is of no account."""


def field(part: str, name: str, value: Callable[[Plan], object]) -> Change:
    """Set a field of a certificate."""
    return lambda plan: setattr(getattr(plan, part), name, value(plan))


def extension(part: str, oid: str, content: bytes, *, critical: bool = False) -> Change:
    """Put an extension in, or in place of the one that is there."""
    return lambda plan: getattr(plan, part).extensions.__setitem__(oid, (critical, content))


def without(part: str, oid: str) -> Change:
    """Take an extension away."""
    return lambda plan: getattr(plan, part).extensions.pop(oid)


def marked(part: str, oid: str, *, critical: bool) -> Change:
    """Change whether an extension is critical."""

    def change(plan: Plan) -> None:
        extensions = getattr(plan, part).extensions
        extensions[oid] = (critical, extensions[oid][1] if oid in extensions else b"")

    return change


def subject(oid: str, value: str | None, tag: int = der.UTF8) -> Change:
    """Set an attribute of the subject, or take it away."""
    return lambda plan: plan.leaf.subject_value(oid, value, tag)


def logotype(name: str, value: object) -> Change:
    """Set a field of the logotype."""
    return lambda plan: setattr(plan.logotype, name, value)


def logo(replace: tuple[bytes, bytes]) -> Change:
    """Replace something in the logo."""

    def change(plan: Plan) -> None:
        assert plan.logotype is not None
        plan.logotype.svg = plan.logotype.svg.replace(*replace)

    return change


def timestamp(name: str, value: Callable[[Plan], object]) -> Change:
    """Set a field of the first timestamp."""

    def change(plan: Plan) -> None:
        assert plan.timestamps is not None
        setattr(plan.timestamps[0], name, value(plan))

    return change


def file(write: Callable[[dict[str, bytes]], bytes]) -> Change:
    """Write the file in another way."""
    return lambda plan: setattr(plan, "write", write)
