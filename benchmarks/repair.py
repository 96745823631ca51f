"""Repairs per second on one core, with the proof and without, and where the time goes.

The renderer is a process of its own; where the system allows, both are held on one core, so that one core it is. What
is measured apart: judging the file before and after, the steps (with reading the tree and writing it), drawing both
pictures at all sizes, and comparing them. Without the proof is what judging and the steps take. Rounds of everything
are interleaved; the best time of each file counts.

What is repaired: the ordinary logos of fixtures/repair (those that need no consent), the faulty files of fixtures/svg
that a repair changes, and, where they are named, samples of public icon packages (see tools/repair_samples.py).

Usage: python -m benchmarks.repair [--logos icons.json] [--icons FOLDER] [--count N] [--rounds N] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

from bimikit import Severity, check_svg, repair_svg
from bimikit.svg.check import DEFAULT_LIMITS, opened
from bimikit.svg.difference import compare
from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.proof import draw
from bimikit.svg.repair.steps import STEPS
from bimikit.svg.repair.tree import Node, read_tree, write
from fixtures.make_repair import EXPORTS
from tools.repair_samples import add_options, chosen

if TYPE_CHECKING:
    from PIL.Image import Image

ROOT = Path(__file__).parent.parent
AIM = 20
"""Repairs per second, with the proof, on one core."""
WHOLE, JUDGING, STEPPING, DRAWING, COMPARING = "repair_svg", "judging twice", "steps", "drawing twice", "comparing"


class File(NamedTuple):
    """A file to be repaired, and the background it is given."""

    name: str
    data: bytes
    background: str | None = None


class Work(NamedTuple):
    """A file with all that its pieces of a repair start from."""

    file: File
    repaired: bytes
    thorough: bool
    trees: tuple[Node, Node]
    pictures: tuple[list[Image], list[Image]]


def hold_on_one_core() -> bool:
    """Keep this process, and those it starts, on one core; False where the system can't."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def ordinary() -> list[File]:
    """The logos of fixtures/repair that need no consent."""
    folder = ROOT / "fixtures" / "repair"
    return [
        File(name, (folder / f"{name}.svg").read_bytes(), export.background)
        for name, export in EXPORTS.items()
        if not export.allow
    ]


def faulty() -> list[File]:
    """The failing cases of fixtures/svg."""
    return [
        File(f"{path.parent.name}/{path.stem}", path.read_bytes())
        for path in sorted((ROOT / "fixtures" / "svg").glob("*/fail-*.svg"))
    ]


def stepped(data: bytes, background: str | None, *, thorough: bool) -> tuple[Node, Node, str]:
    """A file's tree before and after the steps, and the text."""
    document = opened(data, DEFAULT_LIMITS)
    assert document is not None
    tree = read_tree(document)
    job = Job(tree.clone(), Wishes(background=background), thorough=thorough)
    for step in STEPS:
        job.step = step.name
        step.run(job)
    return tree, job.root, write(job.root)


def prepared(file: File) -> Work | None:
    """What measuring needs; None for a file that a repair doesn't change, or whose pictures can't be compared."""
    result = repair_svg(file.data, background=file.background)
    if result.svg is None or not result.changed or result.difference is None:
        return None
    thorough = any(
        found.severity is Severity.ERROR or found.rule == "svg.viewbox-not-square" for found in result.before.findings
    )
    before, after, _text = stepped(file.data, file.background, thorough=thorough)
    return Work(file, result.svg, thorough, (before, after), (draw(before), draw(after)))


PIECES: dict[str, Callable[[Work], object]] = {
    WHOLE: lambda work: repair_svg(work.file.data, background=work.file.background),
    JUDGING: lambda work: (check_svg(work.file.data), check_svg(work.repaired)),
    STEPPING: lambda work: stepped(work.file.data, work.file.background, thorough=work.thorough),
    DRAWING: lambda work: [draw(tree) for tree in work.trees],
    COMPARING: lambda work: compare(*work.pictures),
}


def measured(works: Sequence[Work], rounds: int) -> dict[str, list[float]]:
    """The best time of each file, in seconds, by piece."""
    best = {name: [float("inf")] * len(works) for name in PIECES}
    for _ in range(rounds):
        for number, work in enumerate(works):
            for name, run in PIECES.items():
                started = time.perf_counter()
                run(work)
                best[name][number] = min(best[name][number], time.perf_counter() - started)
    return best


def race(label: str, files: Sequence[File], rounds: int) -> list[Work]:
    """Measure the files and print a table."""
    works = [work for work in map(prepared, files) if work is not None]
    if not works:
        print(f"{label}: nothing to repair")
        return works
    best = measured(works, rounds)
    best["without the proof"] = [sum(pair) for pair in zip(best[JUDGING], best[STEPPING], strict=True)]
    sizes = [len(work.file.data) for work in works]
    print(f"{label}: {len(works)} of {len(files)} files, median {median(sizes):,.0f} bytes, {rounds} rounds")
    for name, seconds in best.items():
        share = sum(seconds) / sum(best[WHOLE])
        tenth = quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
        print(
            f"  {name:18} {len(seconds) / sum(seconds):9,.1f} /s   {1e3 * median(seconds):7.1f} ms median "
            f"{1e3 * tenth:8.1f} ms p90   {share:5.0%}"
        )
    slowest = sorted(zip(best[WHOLE], works, strict=True), key=lambda pair: -pair[0])[:3]
    print("  slowest:", ", ".join(f"{work.file.name} {1e3 * seconds:.0f} ms" for seconds, work in slowest))
    rate = len(works) / sum(best[WHOLE])
    print(f"  the aim is {AIM} /s with the proof: {'reached' if rate >= AIM else 'missed'}")
    return works


def profile(works: Sequence[Work]) -> None:
    """Print what most of the time is spent in."""
    profiler = cProfile.Profile()
    profiler.enable()
    for work in works:
        repair_svg(work.file.data, background=work.file.background)
    profiler.disable()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(30)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser, count=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="print as well what most of the time is spent in")
    options = parser.parse_args()
    print("on one core" if hold_on_one_core() else "on as many cores as the system gives: it can't be held on one")
    groups = [("ordinary logos, as editors export them", ordinary()), ("faulty files of fixtures/svg", faulty())]
    for name, samples in chosen(options):
        groups.append((f"public {name}", [File(one.name, one.svg.encode(), one.background) for one in samples]))
    for label, files in groups:
        works = race(label, files, options.rounds)
        if options.profile:
            profile(works)


if __name__ == "__main__":
    main()
