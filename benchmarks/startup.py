"""Whole-process time of `bimikit svg small.svg`, beside `python -c "import lxml.etree"`, in the same run.

Usage: python benchmarks/startup.py
"""

from __future__ import annotations

import compileall
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
LOGO = ROOT / "fixtures" / "svg" / "logos" / "hexagon.svg"
FAULTY = ROOT / "fixtures" / "svg" / "svg.title-missing" / "fail-example.svg"
ROUNDS = 25
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import lxml.etree": [sys.executable, "-c", "import lxml.etree"],
    "import bimikit": [sys.executable, "-c", "import bimikit"],
    "bimikit svg (conformant)": [str(Path(sys.executable).with_name("bimikit")), "svg", str(LOGO)],
    "bimikit svg (with findings)": [str(Path(sys.executable).with_name("bimikit")), "svg", str(FAULTY)],
}


def main() -> None:
    """Interleave the commands and print their times."""
    compileall.compile_dir(ROOT / "bimikit", quiet=1)  # as pip does; it isn't done where nobody may write byte code
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            started = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
            times[name].append(time.perf_counter() - started)
    base = median(times["import lxml.etree"])
    for name, taken in times.items():
        print(f"{name:28} median {median(taken) * 1e3:6.1f} ms   min {min(taken) * 1e3:6.1f} ms   "
              f"{median(taken) / base:5.2f} of lxml's import")  # fmt: skip


if __name__ == "__main__":
    main()
