"""The published JSON Schemas of what bimikit writes."""

from __future__ import annotations

from typing import Any

REPAIR_VERSION = 1
"""Version of the JSON form of repairs."""


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a Report in JSON, and of the envelope that holds several."""
    return _read("report-1.json")


def repair_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a Repair in JSON, and of the envelope that holds several.

    The schema of the reports in it is bundled with it, so that no reader has to look for it.
    """
    schema, reports = _read(f"repair-{REPAIR_VERSION}.json"), report_schema()
    schema["$defs"]["reports"] = reports
    return schema


def _read(name: str) -> dict[str, Any]:
    import json
    from importlib.resources import files

    schema: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return schema
