"""What tests of repairs share: one step run over a text, and pictures compared without bimikit's own comparison."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection

import resvg_py
from PIL import Image, ImageChops

from bimikit.svg.document import Limits, parse
from bimikit.svg.reading import read
from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.tree import read_tree, write

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'


def logo(body: str) -> str:
    """A drawing of 100 by 100 with this body."""
    return f"{SVG}{body}</svg>"


def job_for(svg: str, wishes: Wishes | None = None, undone: Collection[tuple[str, int]] = ()) -> Job:
    """A job over the tree of a text."""
    text = read(svg.encode(), 10_000_000).text
    assert text is not None
    document = parse(text.utf8, Limits())
    assert document.finished, document.faults
    return Job(read_tree(document), wishes or Wishes(), undone)


def after(step: Callable[[Job], None], svg: str, wishes: Wishes | None = None) -> tuple[str, Job]:
    """The text after one step, and the job with its notes."""
    job = job_for(svg, wishes)
    job.step = step.__name__
    step(job)
    return write(job.root), job


def pixels(svg: str, size: int = 256) -> Image.Image:
    """The drawing as resvg sees it, transparent where nothing is drawn. Only texts of the tests' own come here."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg, width=size, height=size, skip_system_fonts=True, dpi=96, languages=["en"]
    )
    return Image.open(io.BytesIO(png)).convert("RGBA")


def difference(before: str, after: str, size: int = 256) -> tuple[float, float]:
    """Percent by which two drawings differ on white or black: the worst 16 by 16 block, and the mean."""
    one, other = pixels(before, size), pixels(after, size)
    assert one.size == other.size, (one.size, other.size)
    worst = mean = 0.0
    for ground in ("white", "black"):
        flat = []
        for picture in (one, other):
            canvas = Image.new("RGBA", picture.size, ground)
            canvas.alpha_composite(picture)
            flat.append(canvas.convert("RGB"))
        apart = ImageChops.difference(*flat)
        highest = apart.reduce(16).getextrema()
        worst = max(worst, *(high / 2.55 for _low, high in highest))
        mean = max(mean, *(channel / 2.55 for channel in apart.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))))
    return worst, mean


def assert_same_picture(before: str, after: str, *, block: float = 2.0, mean: float = 0.3) -> None:
    """Two drawings look the same at three sizes, but for noise at the edges (percent)."""
    for size in (32, 96, 256):
        worst, average = difference(before, after, size)
        assert worst <= block, f"a block differs by {worst:.1f} % at {size} px:\n{before}\n{after}"
        assert average <= mean, f"the mean differs by {average:.2f} % at {size} px:\n{before}\n{after}"
