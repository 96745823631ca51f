"""Seconds and memory that `bimikit plan` and `bimikit reports` need for many domains.

Each domain has a DMARC record and reports of its own: two organizations, `--days` days, two sources. Each command runs
in a process of its own. Twice as many domains should take twice as long: nothing is looked at once for each pair.

Usage: python -m benchmarks.plan [--domains N] [--days N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature
from bimikit.aggregate.store import Store
from bimikit.portfolio.row import BARRED, Scanned, View
from bimikit.portfolio.sinks import open_sink

_BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
_COMMANDS = {"plan": ["plan", "inventory.toml"], "reports": ["reports", "--store", "reports.sqlite"]}


def main() -> None:
    """Measure a half of the domains, then all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--domains", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=3)
    given = parser.parse_args()
    for count in (given.domains // 2, given.domains):
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), count, given.days)
            for name, command in _COMMANDS.items():
                seconds, memory = measured(command, folder)
                print(f"{name:<8} {count:>7,} domains {seconds:>7.1f} s {memory:>6,} MB")


def prepare(folder: Path, count: int, days: int) -> None:
    """Write an inventory, a scan and a store."""
    names = [f"d{number}.example" for number in range(count)]
    inventory = '[inventory]\nscan = "scan.jsonl"\nstore = "reports.sqlite"\nreports-to = ["mailto:a@d0.example"]\n'
    inventory += "".join(f'[[domain]]\nname = "{name}"\ngoal = "enforced"\n' for name in names)
    (folder / "inventory.toml").write_text(inventory, encoding="ascii")
    view = [View("record", name, name, "none", eligible=False, bars=("policy-none",)) for name in names]
    record = "v=DMARC1; p=none; rua=mailto:a@d0.example"
    sink = open_sink(folder / "scan.jsonl", "jsonl")
    sink.write(
        [
            Scanned(name, BARRED, one, one, (record,), number=number, at="2026-11-24T00:00:00Z")
            for number, (name, one) in enumerate(zip(names, view, strict=True), 1)
        ]
    )
    sink.close()
    with Store.open(folder / "reports.sqlite") as store:
        for name in names:
            for number in range(2 * days):
                store.add(report(name, number))


def report(name: str, number: int) -> Feedback:
    """One of a domain's reports: from either of two organizations, on a day."""
    begin = _BEGIN + timedelta(days=number // 2)
    head = Head(
        f"reporter{number % 2}.example", "dmarc@reporter.example", f"{name}.{number}", begin,
        begin + timedelta(days=1, seconds=-1), Policy(name, "none"),
    )  # fmt: skip
    return Feedback(head, rows(name))


def rows(name: str) -> Iterator[Row]:
    """One that passes, and one of somebody else."""
    yield Row(
        "198.51.100.1", 30, "none", "pass", "pass", (), name, name,
        (Signature(name, "s1", "pass"),), (Envelope(name, "mfrom", "pass"),),
    )  # fmt: skip
    yield Row(
        "203.0.113.9", 2, "none", "fail", "fail", (), name, "", (), (Envelope("sender.example", "mfrom", "fail"),)
    )


def measured(command: list[str], folder: str) -> tuple[float, int]:
    """The seconds that a command takes, and its memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bimikit", *command, "-o", "out.txt"], cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_maxrss // 1024


if __name__ == "__main__":
    main()
