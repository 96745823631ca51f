"""What the pytest plugin costs: 200 logo assertions, beside a plain loop over `check_svg` and 200 empty tests.

Whole processes are timed, interleaved, and each figure is the best of several rounds, so that the machine's other work
disturbs it least: processor time, or the clock where that isn't known (Windows). pytest loads no plugin but ours, and
not even that for the empty tests. The bar: the assertions take at most 1.5 times the loop, plus what pytest takes for
the empty tests.

Usage: python -m benchmarks.plugin [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist, median

from bimikit import check_svg
from fixtures.logos import likely

TESTS = 200
SMALLEST = 700
"""Bytes; smaller ones would draw nothing."""
BAR = 1.5
ROUNDS = 25
LOOP = """
from pathlib import Path
from bimikit import check_svg
for number in range({count}):
    assert check_svg(Path(f"brand/{{number}}.svg").read_bytes()).ok
"""
EMPTY = """
import pytest
@pytest.mark.parametrize("number", range({count}))
def test_nothing(number):
    pass
"""
ASSERTIONS = """
import pytest
@pytest.mark.parametrize("number", range({count}))
def test_logo(bimi, number):
    bimi.svg(f"brand/{{number}}.svg").conforms()
"""
CONFIGURED = "[tool.bimikit]\nlang = 'en'\n"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
PLUGIN = "pytest_plugins = ['bimikit.pytest_plugin']\n"


def conformant() -> Iterator[str]:
    """Conformant logos of the sizes that published ones have."""
    sizes = NormalDist(log(2_600), sqrt(2 * log(5_600 / 2_600)))
    for seed in count():
        size = exp(sizes.inv_cdf((seed % TESTS + 0.5) / TESTS))
        logo = likely(seed, max(SMALLEST, round(size)))
        if check_svg(logo.encode()).ok:
            yield logo


def make(folder: Path) -> dict[str, tuple[Path, list[str]]]:
    """Write logos, and what is to be run over them: by name, where and what."""
    logos = list(islice(conformant(), TESTS))
    contestants = {
        "loop over check_svg": ("loop.py", LOOP, "", [sys.executable, "loop.py"]),
        "pytest, empty tests": ("test_it.py", EMPTY, "", PYTEST),
        "pytest, assertions": ("test_it.py", ASSERTIONS, "", PYTEST),
        "the same, configured": ("test_it.py", ASSERTIONS, CONFIGURED, PYTEST),
    }
    found = {}
    for number, (name, (file, code, config, command)) in enumerate(contestants.items()):
        place = folder / str(number)
        (place / "brand").mkdir(parents=True)
        for seed, logo in enumerate(logos):
            (place / "brand" / f"{seed}.svg").write_text(logo, encoding="utf-8")
        (place / file).write_text(code.format(count=TESTS), encoding="utf-8")
        (place / "conftest.py").write_text(PLUGIN if "bimi, " in code else "", encoding="utf-8")
        (place / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{config}", encoding="utf-8")
        found[name] = place, command
    return found


def timed(command: list[str], place: Path) -> float:
    """Seconds of the processor for a process, or of the clock where they aren't known."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": ""}
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, cwd=place, env=environment, stdout=subprocess.DEVNULL, check=True)
    after, took = os.times(), time.perf_counter() - started
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used or took


def main() -> None:
    """Interleave the processes and print their times."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        contestants = make(Path(folder))
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for turn in range(rounds + 1):
            for name, (place, command) in contestants.items():
                took = timed(command, place)
                if turn:  # the first round compiles
                    times[name].append(took)
    best = {name: min(taken) for name, taken in times.items()}
    raw, empty, *asserting = best.values()
    print(f"{TESTS} logos, whole processes, {rounds} rounds")
    for name, taken in times.items():
        print(f"  {name:22} best {min(taken) * 1e3:7.1f} ms   median {median(taken) * 1e3:7.1f} ms")
    for name, took in zip(list(best)[2:], asserting, strict=True):
        print(f"  {name}: {(took - empty) / raw:.2f} of the loop beyond pytest's own (the bar is {BAR})")


if __name__ == "__main__":
    main()
