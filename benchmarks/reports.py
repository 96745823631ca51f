"""Rows of DMARC aggregate reports read per second, and the most memory that takes, beside parsedmarc in the same run.

What is read: one report with so many rows, gzipped; and the same number in reports of five hundred rows, a folder of
.xml.gz files, of which parsedmarc gets as many as asked for and looks nothing up. Each reader has a process of its
own, so that its memory is its own, and counts rows and messages, which must come to the same. The rate is one of CPU
time, as others may be at work.

Usage: python -m benchmarks.reports [--rows N] [--theirs FILES]
"""

from __future__ import annotations

import argparse
import gzip
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bimikit.aggregate.containers import Problem, documents
from bimikit.aggregate.reading import read_feedback
from bimikit.testing.reports import feedback, xml

PER_REPORT = 500


def ours(path: Path, most: int) -> tuple[int, int]:
    """Rows and messages."""
    rows = messages = 0
    for document in islice(documents(path), most):
        assert not isinstance(document, Problem), document
        for row in read_feedback(document.stream).rows:
            rows += 1
            messages += row.count
    return rows, messages


def theirs(path: Path, most: int) -> tuple[int, int]:
    """The same by parsedmarc."""
    import parsedmarc

    rows = messages = 0
    for file in islice([path] if path.is_file() else sorted(path.iterdir()), most):
        text = parsedmarc.extract_report(file.read_bytes())
        found = parsedmarc.parse_aggregate_report_xml(text, offline=True, always_use_local_files=True)
        rows += len(found["records"])
        messages += sum(record["count"] for record in found["records"])
    return rows, messages


READERS: dict[str, Callable[[Path, int], tuple[int, int]]] = {"bimikit": ours, "parsedmarc": theirs}


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """The large report, and the folder of small ones."""
    large, small = folder / "large.xml.gz", folder / "small"
    small.mkdir()
    with gzip.open(large, "wb", compresslevel=1) as file:
        file.writelines(xml(feedback(rows)))
    for number in range(rows // PER_REPORT):
        with gzip.open(small / f"{number:06}.xml.gz", "wb", compresslevel=1) as file:
            file.writelines(xml(feedback(PER_REPORT, seed=number)))
    return large, small


def run(reader: str, path: Path, most: int) -> str:
    """What a reader in a process of its own came to."""
    arguments = [
        sys.executable,
        "-m",
        "benchmarks.reports",
        "--reader",
        reader,
        "--path",
        str(path),
        "--theirs",
        str(most),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else (done.stderr.strip().splitlines() or ["failed"])[-1][:120]


def measure(reader: str, path: Path, most: int) -> None:
    """Read, and print what it came to."""
    began, worked = time.perf_counter(), time.process_time()
    rows, messages = READERS[reader](path, most)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = f"{seconds:7.1f} s {worked:7.1f} s of CPU {rows / worked:9,.0f} rows/s"
    print(f"{rows:9,} rows {messages:12,} messages {spent} {peak:5.0f} MiB")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--theirs", type=int, default=100, metavar="FILES", help="small files that parsedmarc reads")
    options.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    options.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.reader:
        measure(chosen.reader, chosen.path, chosen.theirs)
        return
    with tempfile.TemporaryDirectory() as folder:
        large, small = make(Path(folder), chosen.rows)
        files = chosen.rows // PER_REPORT
        print(f"one report of {chosen.rows:,} rows")
        print(f"  bimikit     {run('bimikit', large, 1)}")
        print(f"  parsedmarc  {run('parsedmarc', large, 1)}")
        print(f"{files:,} reports of {PER_REPORT} rows")
        print(f"  bimikit     {run('bimikit', small, files)}")
        print(f"{min(files, chosen.theirs):,} of them")
        print(f"  bimikit     {run('bimikit', small, chosen.theirs)}")
        print(f"  parsedmarc  {run('parsedmarc', small, chosen.theirs)}")


if __name__ == "__main__":
    main()
