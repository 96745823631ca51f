"""The guide to the plan's JSON names what is in it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from support import ROOT

from bimikit.plan.model import STAGES, Plan

GUIDE = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
NOT_READ_BACK = {"differences"}


def structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """The structs that one is made of, itself among them."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for of in get_type_hints(kind).values():
            yield from structs(of)
    for of in get_args(kind):
        yield from structs(of)


def test_the_guide_names_every_key_and_no_other() -> None:
    keys = {name for one in structs(Plan) for name in one.__struct_encode_fields__}
    first_cells = re.findall(r"^\| (`[^|]*) \|", GUIDE, re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named - keys == NOT_READ_BACK
    assert [key for key in sorted(keys) if f"`{key}`" not in GUIDE] == []


def test_the_guide_names_every_stage() -> None:
    assert [stage for stage in STAGES if f"`{stage}`" not in GUIDE] == []
