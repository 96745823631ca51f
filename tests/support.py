"""What the tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "svg"
AT = datetime(2026, 11, 24, tzinfo=UTC)
"""The moment every test judges at."""


def fixture_files() -> list[Path]:
    """All SVG fixtures, in a fixed order."""
    return sorted(path for path in FIXTURES.rglob("*") if path.suffix in (".svg", ".svgz"))
