"""What the tests share."""

from __future__ import annotations

import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "svg"
AT = datetime(2026, 11, 24, tzinfo=UTC)
"""The moment every test judges at."""


def fixture_files() -> list[Path]:
    """All SVG fixtures, in a fixed order."""
    return sorted(path for path in FIXTURES.rglob("*") if path.suffix in (".svg", ".svgz"))


def interrupted(process: subprocess.Popen[Any], by: signal.Signals = signal.SIGINT) -> int:
    """Interrupt a process that waits for more input, and give its status."""
    process.send_signal(by)
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:  # it came just before Python began to wait for more, who goes on waiting
        process.send_signal(by)
    return process.wait(30)
