"""How well are logos repaired? Repairs a sample of public icon packages and measures the pictures independently.

The packages are npm's ``@iconify-json/logos`` (``--logos icons.json``: the full-colour ones are repaired as they are)
and ``simple-icons`` (``--icons FOLDER``). Logos of one colour are given a background, since one colour breaks a MUST.
Nothing of the packages is kept here. The comparison is
not bimikit's own: it draws the original, placed by the renderer in a square, and the repaired file, with resvg, on
white and on black.

With ``--rnc SCHEMA.rnc`` every repaired file is also given to jing (Debian's ``jing`` and ``trang``).
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import resvg_py
from PIL import Image, ImageChops, ImageStat

from bimikit.findings import Severity
from bimikit.repair import Repair, repair_svg
from bimikit.svg.content import SIZE_LIMIT

SIZES = (32, 96, 256)
BLOCK, MEAN = 8.0, 1.0
"""Percent: what no block of 16 by 16 pixels, and no mean, may differ by."""
_SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BACKGROUND = "#ffe9b0"


class Sample(NamedTuple):
    """A logo: its name, the file, the same placed in a square for the comparison, and the background it is given."""

    name: str
    svg: str
    squared: str
    background: str | None


def _sample(
    name: str, body: str, left: float, top: float, width: float, height: float, background: str | None
) -> Sample:
    side = max(width, height)
    inner = f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}"'
    at = f'x="{(side - width) / 2}" y="{(side - height) / 2}"'
    at += ' overflow="visible"' if not _reaches_beyond(inner, body, side, at) else ""
    ground = f'<rect width="{side}" height="{side}" fill="{background}"/>' if background else ""
    return Sample(
        name,
        f"<svg {_SVG} {inner}>{body}</svg>",
        f'<svg {_SVG} viewBox="0 0 {side} {side}" width="{side}" height="{side}">{ground}'
        f"<svg {at} {inner}>{body}</svg></svg>",
        background,
    )


def _reaches_beyond(inner: str, body: str, side: float, at: str) -> bool:
    """Whether something is drawn outside the canvas, so that its edge hides it.

    Where nothing is, the edge of the comparison's canvas must not either: it would blend with shapes that end there.
    """
    root = f'<svg {_SVG} viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
    drawn = [
        _drawn(f'{root}<svg {at} {inner} overflow="{overflow}">{body}</svg></svg>', 256)
        for overflow in ("visible", "hidden")
    ]
    return max(high for high in _highest(ImageChops.difference(*drawn))) > _EDGE


_EDGE = 200
"""Of 255: what blending at an edge never reaches."""


def logos(path: Path) -> list[Sample]:
    """The logos of an iconify package."""
    package = json.loads(path.read_text())
    found = []
    for name, icon in sorted(package["icons"].items()):
        box = [icon.get(key, usual) for key, usual in (("left", 0), ("top", 0), ("width", 256), ("height", 256))]
        left, top, width, height = box
        sample = _sample(name, icon["body"], left, top, width, height, None)
        if not has_one_colour(sample.svg):
            found.append(sample)
    return found


def has_one_colour(svg: str) -> bool:
    """Whether a picture has one colour and no gradient: every pixel that is drawn, but for those at edges."""
    picture = _drawn(svg, 256)
    counts: Counter[bytes] = Counter()
    pixels = picture.tobytes()
    for at in range(0, len(pixels), 4):
        if pixels[at + 3] == 255:
            counts[pixels[at : at + 3]] += 1
    return not counts or max(counts.values()) >= _ONE_COLOUR * counts.total()


_ONE_COLOUR = 0.995


def icons(folder: Path) -> list[Sample]:
    """The icons of a folder, of 24 by 24 each."""
    found = []
    for path in sorted(folder.glob("*.svg")):
        text = path.read_text()
        body = text[text.index(">") + 1 : text.rindex("</svg>")]
        found.append(_sample(path.stem, body, 0, 0, 24, 24, BACKGROUND))
    return found


def difference(before: str, after: str) -> tuple[float, float]:
    """Percent by which two drawings differ: the worst block and the worst mean over sizes and grounds."""
    worst = mean = 0.0
    for size in SIZES:
        pictures = [_drawn(text, size) for text in (before, after)]
        for ground in ("white", "black"):
            flat = [_on(picture, ground) for picture in pictures]
            apart = ImageChops.difference(*flat)
            worst = max(worst, *(high / 2.55 for high in _highest(apart.reduce(16))))
            mean = max(mean, *(channel / 2.55 for channel in ImageStat.Stat(apart).mean))
    return worst, mean


def _highest(image: Image.Image) -> list[int]:
    return [high for _low, high in ImageStat.Stat(image).extrema]


def _drawn(text: str, size: int) -> Image.Image:
    png = resvg_py.svg_to_bytes(
        svg_string=text, width=size, height=size, skip_system_fonts=True, dpi=96, languages=["en"]
    )
    return Image.open(io.BytesIO(png)).convert("RGBA")


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
        block, mean = difference(sample.squared, repair.svg.decode())
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
    parser.add_argument("--logos", type=Path, help="icons.json of @iconify-json/logos")
    parser.add_argument("--icons", type=Path, help="icons/ of simple-icons")
    parser.add_argument("--count", type=int, default=0, help="how many logos, and half as many icons; 0 for all")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--rnc", type=Path, help="the AuthIndicators schema")
    parser.add_argument("--only", default="", help="only the samples of this name")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    bad = 0
    for name, samples, share in (
        ("logos", logos(options.logos) if options.logos else [], 1),
        ("icons", icons(options.icons) if options.icons else [], 2),
    ):
        if options.count:
            samples = sorted(chance.sample(samples, min(len(samples), options.count // share)))
        samples = [sample for sample in samples if options.only in ("", sample.name)]
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
