"""How well are logos repaired? Repairs a sample of public icon packages and measures the pictures independently.

What is repaired is told in tools/repair_samples.py. The comparison is not bimikit's own: it draws the original, placed
by the renderer in a square, and the repaired file, with resvg, on white and on black.

With ``--rnc SCHEMA.rnc`` every repaired file is also given to jing (Debian's ``jing`` and ``trang``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from bimikit.findings import Severity
from bimikit.repair import Repair, repair_svg
from bimikit.svg.content import SIZE_LIMIT
from tools.repair_samples import Sample, add_options, chosen, drawn, highest

SIZES = (32, 96, 256)
BLOCK, MEAN = 8.0, 1.0
"""Percent: what no block of 16 by 16 pixels, and no mean, may differ by."""


def difference(before: str, after: str) -> tuple[float, float]:
    """Percent by which two drawings differ: the worst block and the worst mean over sizes and grounds."""
    worst = mean = 0.0
    for size in SIZES:
        pictures = [drawn(text, size) for text in (before, after)]
        for ground in ("white", "black"):
            flat = [_on(picture, ground) for picture in pictures]
            apart = ImageChops.difference(*flat)
            worst = max(worst, *(high / 2.55 for high in highest(apart.reduce(16))))
            mean = max(mean, *(channel / 2.55 for channel in ImageStat.Stat(apart).mean))
    return worst, mean


def _on(picture: Image.Image, ground: str) -> Image.Image:
    canvas = Image.new("RGBA", picture.size, ground)
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


class Tally:
    """What came of one sample."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self.reasons: Counter[str] = Counter()
        self.worst = (0.0, 0.0, "")
        self.seconds = 0.0

    def add(self, sample: Sample, repair: Repair, seconds: float) -> bytes | None:
        """Count one repair; returns the file where it claims to conform."""
        self.seconds += seconds
        self.counts["all"] += 1
        self.reasons.update(change.what for change in repair.undone + repair.declined if not repair.ok)
        if not repair.ok or repair.svg is None:
            errors = [f"{one.rule} {dict(one.params)}" for one in repair.remaining if one.severity is Severity.ERROR]
            declined = [change.what for change in repair.declined]
            undone = [change.what for change in repair.undone]
            self.problems.append(f"{sample.name}: {repair.unproven} {errors[:4]} declined {declined} undone {undone}")
            return None
        self.counts["conformant"] += 1
        as_wide = any(finding.rule == "svg.viewbox-not-square" for finding in repair.remaining)
        block, mean = difference(sample.svg if as_wide else sample.squared, repair.svg.decode())
        if block > self.worst[0]:
            self.worst = (block, mean, sample.name)
        if block > BLOCK or mean > MEAN:
            self.counts["altered"] += 1
            self.problems.append(f"{sample.name}: ALTERED block {block:.1f} % mean {mean:.2f} %")
        again = repair_svg(repair.svg, background=sample.background)
        if again.svg != repair.svg or again.changed:
            self.counts["unstable"] += 1
            self.problems.append(f"{sample.name}: UNSTABLE {[change.what for change in again.changes]}")
        if len(repair.svg) > SIZE_LIMIT:
            self.counts["large"] += 1
            self.problems.append(f"{sample.name}: {len(repair.svg)} bytes, from {len(sample.svg)}")
        return repair.svg

    def show(self, *, verbose: bool) -> None:
        """Print it."""
        total = self.counts["all"]
        rate = total / self.seconds if self.seconds else 0
        print(
            f"{self.name}: {self.counts['conformant']} of {total} conformant "
            f"({100 * self.counts['conformant'] / max(total, 1):.1f} %), {self.counts['altered']} altered, "
            f"{self.counts['unstable']} unstable, {self.counts['large']} over 32 KB, {self.counts['crash']} crashed; "
            f"worst block {self.worst[0]:.2f} % (mean {self.worst[1]:.3f} %, {self.worst[2]}); {rate:.1f} repairs/s"
        )
        print("  reasons:", ", ".join(f"{what} {count}" for what, count in self.reasons.most_common(20)))
        if verbose:
            for problem in self.problems:
                print("  ", problem)


def survey(name: str, samples: list[Sample], folder: Path) -> Tally:
    """Repair all samples; the repaired files are written into the folder."""
    tally = Tally(name)
    for sample in samples:
        begun = time.perf_counter()
        try:
            repair = repair_svg(sample.svg.encode(), background=sample.background, name=sample.name)
        except Exception as problem:
            tally.counts["all"] += 1
            tally.counts["crash"] += 1
            tally.problems.append(f"{sample.name}: CRASHED {problem!r}")
            continue
        svg = tally.add(sample, repair, time.perf_counter() - begun)
        if svg is not None:
            (folder / f"{sample.name}.svg").write_bytes(svg)
    return tally


def _schema_says(rnc: Path, folder: Path) -> Iterator[str]:
    from tools.oracle import Jing

    with tempfile.TemporaryDirectory() as scratch:
        jing = Jing(rnc, Path(scratch))
        for path in sorted(folder.glob("*.svg")):
            (jing.documents / path.name).write_bytes(path.read_bytes())
        for path, message in jing.messages(sorted(jing.documents.glob("*.svg"))).items():
            if message:
                yield f"{path.name}: {message}"


def main() -> int:
    """Run the survey; 1 where something is altered, unstable, crashed or refused by the schema."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser, count=0)
    parser.add_argument("--rnc", type=Path, help="the AuthIndicators schema")
    parser.add_argument("--only", default="", help="only the samples of this name")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    bad = 0
    for name, group in chosen(options):
        samples = [sample for sample in group if options.only in ("", sample.name)]
        if not samples:
            continue
        with tempfile.TemporaryDirectory() as folder:
            tally = survey(name, samples, Path(folder))
            tally.show(verbose=options.verbose)
            bad += sum(tally.counts[what] for what in ("altered", "unstable", "crash"))
            for complaint in _schema_says(options.rnc, Path(folder)) if options.rnc else ():
                print("   the schema:", complaint)
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
