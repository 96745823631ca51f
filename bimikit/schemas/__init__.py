"""The published JSON Schemas of what bimikit writes."""

from __future__ import annotations

from typing import Any


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a Report in JSON, and of the envelope that holds several."""
    import json
    from importlib.resources import files

    schema: dict[str, Any] = json.loads(files(__package__).joinpath("report-1.json").read_text(encoding="utf-8"))
    return schema
