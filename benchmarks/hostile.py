"""Time and memory of `check_svg`, `repair_svg` and `check_certificate` on hostile files, each in a process of its own.

The bar: under one second, and above what a small file takes under 100 MB for a logo and 50 MB for a certificate. What a
repair has drawn is drawn by a process apart, whose time counts and whose memory is bounded by itself.

Usage: python -m benchmarks.hostile
"""

from __future__ import annotations

import subprocess
import sys

from tools import hostile, hostile_certs

SCRIPT = """
import resource, sys, time
from importlib import import_module
import bimikit
check = getattr(bimikit, sys.argv[3])
cases = import_module(sys.argv[1])
data = cases.HOSTILE[sys.argv[2]]
cases.HOSTILE.clear()
check(b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>")
if sys.argv[3] == "check_certificate":
    check(cases.CA.issue().pem, trust=cases.CA.trust)
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")
before, started = peak(), time.perf_counter()
result = check(data)
taken = time.perf_counter() - started
if sys.argv[3] == "repair_svg":
    told = result.declined[0].what if result.declined else "repaired"
else:
    told = result.findings[0].rule if result.findings else "conformant"
print(f"{taken:.3f} {(peak() - before) / 1024:.1f} {told}")
"""


def main() -> None:
    """Print a line per file, the slowest marked."""
    for function, module, most in (
        ("check_svg", hostile, 100),
        ("repair_svg", hostile, 100),
        ("check_certificate", hostile_certs, 50),
    ):
        print(function)
        for name in module.HOSTILE:
            command = [sys.executable, "-c", SCRIPT, module.__name__, name, function]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, megabytes, rule = done.stdout.split(maxsplit=2)
            mark = "" if float(seconds) < 1 and float(megabytes) < most else "   OVER THE BAR"
            print(f"  {name:40} {float(seconds):7.3f} s {float(megabytes):8.1f} MB   {rule.strip()}{mark}")


if __name__ == "__main__":
    main()
