"""The JSON of repairs is as its published schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from repairing import logo
from support import ROOT

import bimikit
from bimikit.cli import main
from fixtures.make_repair import EXPORTS

SCHEMA = bimikit.repair_schema()
VALID = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["reports"] == bimikit.report_schema()
    assert bimikit.repair_schema() is not bimikit.repair_schema(), "a caller may change its own"


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", EXPORTS)
def test_repairs_of_exports_are_valid(name: str, lang: str) -> None:
    data = (ROOT / "fixtures" / "repair" / f"{name}.svg").read_bytes()
    VALID.validate(json.loads(bimikit.repair_svg(data, allow=EXPORTS[name].allow).to_json(lang)))


ODD = {
    "nothing to do": (ROOT / "examples" / "conformant.svg").read_bytes(),
    "no SVG": b"\x89PNG\r\n\x1a\n",
    "empty": b"",
    "broken": b"<svg",
    "what is declined": logo(
        '<filter id="f"><feFlood/></filter><rect width="9" height="9" filter="url(#f)"/>'
    ).encode(),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_repairs_of_anything_are_valid(data: bytes) -> None:
    VALID.validate(json.loads(bimikit.repair_svg(data).to_json()))


def test_what_the_command_writes_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.svg").write_bytes(ODD["what is declined"])
    Path("b.svg").write_bytes(ODD["nothing to do"])
    done = CliRunner().invoke(main, ["fix", "a.svg", "b.svg", "missing.svg", "-f", "json", "--lang", "en"])
    told = json.loads(done.stdout)
    VALID.validate(told)
    assert [one["subject"] for one in told["repairs"]] == ["a.svg", "b.svg", "missing.svg"]


def _without(told: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != name}


@pytest.mark.parametrize("name", SCHEMA["$defs"]["repair"]["required"])
def test_what_lacks_a_part_is_not_valid(name: str) -> None:
    told = json.loads(bimikit.repair_svg(ODD["what is declined"]).to_json())
    assert VALID.is_valid(told)
    assert set(told) == set(SCHEMA["$defs"]["repair"]["required"])
    assert not VALID.is_valid(_without(told, name))


def test_the_reports_inside_count() -> None:
    told = json.loads(bimikit.repair_svg(ODD["what is declined"]).to_json())
    told["report"]["ok"] = "yes"
    assert not VALID.is_valid(told)
