"""Files per second for `check_svg`, beside other readers of the same files in the same run.

What is compared: lxml's bare parse (no judgement at all), lxml's parse plus RELAX NG where ``--rnc`` names the schema
(needs Debian's trang; files on which libxml2 needs over a second are left out of that row and counted), and
checkdmarc's SVG check (five checks on the root). Each figure is the best of several rounds, so that the machine's other
work disturbs it least; the rounds of all contestants are interleaved.

Usage: python benchmarks/svg.py [--rnc SCHEMA.rnc] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist, mean, median

from lxml import etree

from bimikit import check_svg
from fixtures.logos import detailed, likely

ROOT = Path(__file__).parent.parent
SIZES = {"1 KB": 1_000, "10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000}
ROUNDS = 15
Contestant = Callable[[bytes], object]


def fixtures(folder: Path) -> list[bytes]:
    """The conformant logos and the passing cases, uncompressed."""
    paths = sorted([*folder.glob("logos/*.svg"), *folder.glob("*/pass-*.svg")])
    return [path.read_bytes() for path in paths or sorted(folder.rglob("*.svg"))]


def likely_logos() -> list[bytes]:
    """Sixty logos of the sizes that published ones have: log-normal, median 2.6 KB, mean 5.6 KB."""
    sizes = NormalDist(log(2_600), sqrt(2 * log(5_600 / 2_600)))
    return [likely(seed, round(exp(sizes.inv_cdf((seed + 0.5) / 60)))).encode() for seed in range(60)]


def generated(size: int) -> bytes:
    """A logo of traced shapes, close to that size."""
    shapes = max(1, size // 290)
    while len(data := detailed(seed=1, shapes=shapes).encode()) < size and shapes < size:
        shapes += max(1, (size - len(data)) // 290)
    return data


def relaxng(rnc: Path) -> Contestant:
    """Parse and validate with libxml2."""
    with tempfile.TemporaryDirectory() as folder:
        rng = Path(folder, "schema.rng")
        subprocess.run(["trang", str(rnc), str(rng)], check=True)
        schema = etree.RelaxNG(etree.parse(rng))
    return lambda data: schema.validate(etree.fromstring(data))


def contestants(rnc: Path | None) -> dict[str, Contestant]:
    """Who takes part, by name."""
    found: dict[str, Contestant] = {"lxml parse alone": etree.fromstring, "bimikit check_svg": check_svg}
    try:
        from checkdmarc.bimi import check_svg_requirements, get_svg_metadata
    except ImportError:
        print("checkdmarc is not installed: left out (make bench installs it)")
    else:
        found["checkdmarc SVG check"] = lambda data: check_svg_requirements(get_svg_metadata(data.decode()))
    if rnc is not None:
        found["lxml parse + RelaxNG"] = relaxng(rnc)
    return found


def quick_enough(data: bytes, run: Contestant) -> bool:
    """Whether a contestant can take part with this file at all."""
    started = time.perf_counter()
    try:
        run(data)
    except Exception:
        return False
    return time.perf_counter() - started < 1.0


def race(files: Sequence[bytes], runners: dict[str, Contestant]) -> None:
    """Run everybody over the files and print a table."""
    entries = {name: [data for data in files if quick_enough(data, run)] for name, run in runners.items()}
    best = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS if sum(map(len, files)) < 3_000_000 else 3):
        for name, run in runners.items():
            started = time.perf_counter()
            for data in entries[name]:
                run(data)
            best[name] = min(best[name], time.perf_counter() - started)
    parse = best["lxml parse alone"] / max(len(entries["lxml parse alone"]), 1)
    for name, seconds in best.items():
        count = len(entries[name])
        if not count:
            print(f"  {name:22}  could not take part")
            continue
        left_out = f"  ({len(files) - count} files left out)" if count < len(files) else ""
        each = seconds / count
        rate = f"{1 / each:12,.0f} files/s {each * 1e6:12,.1f} µs/file"
        print(f"  {name:22} {rate}   {parse / each:6.3f} of lxml{left_out}")


def main() -> None:
    """Print all tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rnc", type=Path, help="the AuthIndicators schema")
    options.add_argument("--folder", type=Path, default=ROOT / "fixtures" / "svg", help="other files to run on")
    chosen = options.parse_args()
    runners = contestants(chosen.rnc)
    for label, files in (("logos of published sizes", likely_logos()), (chosen.folder, fixtures(chosen.folder))):
        sizes = list(map(len, files))
        print(f"{label}: {len(files)} files, median {median(sizes):,.0f} bytes, mean {mean(sizes):,.0f} bytes")
        race(files, runners)
    for label, size in SIZES.items():
        data = generated(size)
        print(f"generated, {label} ({len(data):,} bytes)")
        race([data], runners)


if __name__ == "__main__":
    main()
