"""Time and memory of `check_svg` on hostile files, each in a process of its own.

The bar: under one second and under 100 MB above what a judged one-line logo takes.

Usage: python -m benchmarks.hostile
"""

from __future__ import annotations

import subprocess
import sys

from tools.hostile import HOSTILE

SCRIPT = """
import resource, sys, time
from bimikit import check_svg
from tools.hostile import HOSTILE
data = HOSTILE[sys.argv[1]]
HOSTILE.clear()
check_svg(b"<svg/>")
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")
before, started = peak(), time.process_time()
report = check_svg(data)
taken = time.process_time() - started
print(f"{taken:.3f} {(peak() - before) / 1024:.1f} {report.findings[0].rule if report.findings else 'conformant'}")
"""


def main() -> None:
    """Print a line per file, the slowest marked."""
    for name in HOSTILE:
        done = subprocess.run([sys.executable, "-c", SCRIPT, name], capture_output=True, text=True, check=True)
        seconds, megabytes, rule = done.stdout.split(maxsplit=2)
        mark = "" if float(seconds) < 1 and float(megabytes) < 100 else "   OVER THE BAR"
        print(f"{name:40} {float(seconds):7.3f} s {float(megabytes):8.1f} MB   {rule.strip()}{mark}")


if __name__ == "__main__":
    main()
