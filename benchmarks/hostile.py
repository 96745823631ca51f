"""Time and memory of `check_svg` and `check_certificate` on hostile files, each in a process of its own.

The bar: under one second, and above what a small file takes under 100 MB for a logo and 50 MB for a certificate.

Usage: python -m benchmarks.hostile
"""

from __future__ import annotations

import subprocess
import sys

from tools import hostile, hostile_certs

SCRIPT = """
import resource, sys, time
from importlib import import_module
from bimikit import check_certificate, check_svg
check = {"tools.hostile": check_svg, "tools.hostile_certs": check_certificate}[sys.argv[1]]
cases = import_module(sys.argv[1])
data = cases.HOSTILE[sys.argv[2]]
cases.HOSTILE.clear()
check(b"<svg/>")
if check is check_certificate:
    check(cases.CA.issue().pem, trust=cases.CA.trust)
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")
before, started = peak(), time.process_time()
report = check(data)
taken = time.process_time() - started
print(f"{taken:.3f} {(peak() - before) / 1024:.1f} {report.findings[0].rule if report.findings else 'conformant'}")
"""


def main() -> None:
    """Print a line per file, the slowest marked."""
    for module, most in ((hostile, 100), (hostile_certs, 50)):
        print(module.__name__)
        for name in module.HOSTILE:
            command = [sys.executable, "-c", SCRIPT, module.__name__, name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, megabytes, rule = done.stdout.split(maxsplit=2)
            mark = "" if float(seconds) < 1 and float(megabytes) < most else "   OVER THE BAR"
            print(f"  {name:40} {float(seconds):7.3f} s {float(megabytes):8.1f} MB   {rule.strip()}{mark}")


if __name__ == "__main__":
    main()
