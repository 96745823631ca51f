"""Every file of fixtures/svg gives exactly the findings that stand beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import AT, FIXTURES, ROOT, fixture_files

from bimikit import check_svg
from bimikit.svg.rules import RULES

FILES = fixture_files()
WITHOUT_FIXTURE = {"bimikit.more-of-the-same", "bimikit.rule-crashed", "bimikit.unreadable"}


def expected(path: Path) -> list[tuple[str, str]]:
    lines = path.with_suffix(".expect").read_text(encoding="utf-8").splitlines()
    return [(rule, place) for rule, _, place in (line.partition(" ") for line in lines if line and line[0] != "#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_gives_exactly_the_findings_beside_it(path: Path) -> None:
    report = check_svg(path.read_bytes(), at=AT)
    wanted = expected(path)
    assert sorted({finding.rule for finding in report.findings}) == sorted({rule for rule, _ in wanted})
    for rule, place in wanted:
        if place:
            places = [
                f"{at.line}:{at.column}" for found in report.findings if found.rule == rule for at in found.locations
            ]
            assert place in places


def test_every_rule_has_a_failing_and_a_passing_fixture() -> None:
    failing = {rule for path in FILES if path.stem.startswith("fail-") for rule, _ in expected(path)}
    assert failing == {rule.id for rule in RULES} - WITHOUT_FIXTURE
    passing = {path.parent.name for path in FILES if path.stem.startswith("pass-")}
    only_failing = failing - passing
    # what is refused as a whole passes whenever any other file is read
    assert only_failing <= {"svg.encoding-invalid", "svg.too-large", "svg.too-many-attributes", "svg.too-many-elements"}


def test_the_logos_are_conformant() -> None:
    logos = [path for path in FILES if path.parent.name == "logos"]
    assert len(logos) >= 9
    for path in logos:
        report = check_svg(path.read_bytes(), at=AT)
        assert report.ok, path
        assert report.complete


def test_the_fixtures_are_what_their_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "fixtures.make_svg", tmp_path], check=True, cwd=ROOT)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(FIXTURES): path.read_bytes() for path in FIXTURES.rglob("*") if path.is_file()}
    # gzip streams may differ between zlib builds, their content may not; hand-added cases are welcome
    assert made.keys() <= kept.keys()
    assert all(kept[name] == data for name, data in made.items() if name.suffix != ".svgz")
