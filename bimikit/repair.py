"""`repair_svg`: a logo made to conform to SVG Tiny PS, its picture kept, and the proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from .arguments import as_bytes, in_utc
from .extras import extra
from .svg.check import DEFAULT_LIMITS, check_svg, opened
from .svg.colours import as_hex, read_colour
from .svg.content import is_blank
from .svg.document import Limits
from .svg.repair.job import KINDS, Wishes
from .svg.repair.result import Change, Repair

__all__ = ["Change", "Repair", "repair_svg"]


def repair_svg(
    data: bytes | bytearray | memoryview,
    *,
    title: str | None = None,
    desc: str | None = None,
    background: str | None = None,
    square: bool = True,
    allow: Iterable[str] = (),
    fonts: Iterable[bytes] = (),
    limits: Limits | None = None,
    name: str = "svg",
    at: datetime | None = None,
) -> Repair:
    """Make a logo conform to SVG Tiny PS without changing its picture, and prove it.

    What can't be done exactly is left as it is and told, unless the owner agrees to that kind of change. The pictures
    before and after are drawn at several sizes and compared; a change that altered pixels is taken back.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        title: The title to give the logo. The file's own by default, or else a placeholder that is told as one: the
            words of `name`.
        desc: The description to give it, which Gmail asks for: what is seen, in a sentence.
        background: Colour of a solid background to put behind the logo, such as ``"#ffffff"``.
        square: Whether a canvas that isn't square is extended (nothing in it is moved or scaled).
        allow: Kinds of changes that may alter the picture: ``"text"`` (outlines instead of text), ``"mask"``,
            ``"filter"``, ``"blend"``, ``"pattern"``, ``"image"`` (traced), ``"animation"``, ``"marker"``,
            ``"foreign"`` (embedded HTML), ``"crop"`` (a square canvas close around the drawing) and ``"simplify"``
            (fewer decimals than can't be seen, to get under 32 KB).
        fonts: Font files from which to take the outlines of texts.
        limits: Bounds on size and structure; `Limits()` by default.
        name: What the reports call the file: its name, for instance.
        at: The moment to judge at; must have a time zone. Now by default.

    Returns:
        The repaired file, each change, the measured difference, the report on it, and what remains.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A kind of change isn't known, the background is no opaque colour, or `at` has no time zone.
        BimikitError: The extra ``bimikit[repair]`` isn't installed.

    Source: draft-svg-tiny-ps-abrotman-12; the AuthIndicators schema SVG_PS-latest.
    """
    data = as_bytes("data", data)
    at = in_utc(at)
    wishes = replace(_wishes(title, desc, background, square, allow, fonts), placeholder=_words_of(name))
    before = check_svg(data, limits=limits, name=name, at=at)
    with extra("repair"):
        from .svg.repair.run import repaired
    return repaired(data, opened(data, limits or DEFAULT_LIMITS), wishes, before)


def _words_of(name: str) -> str:
    """The words of a file's name; empty for what is none."""
    stem, dot, _ending = Path(name).name.partition(".")
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return words if dot and words.isprintable() else ""


def _wishes(
    title: str | None,
    desc: str | None,
    background: str | None,
    square: bool,
    allow: Iterable[str],
    fonts: Iterable[bytes],
) -> Wishes:
    for what, value in (("title", title), ("desc", desc), ("background", background)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{what} must be a str, not {type(value).__name__}")
    for what, given in (("allow", allow), ("fonts", fonts)):
        if isinstance(given, str | bytes | bytearray | memoryview) or not isinstance(given, Iterable):
            raise TypeError(f"{what} must be a collection, not {type(given).__name__}")
    kinds = frozenset(allow)
    unknown = kinds - set(KINDS)
    if unknown:
        raise ValueError(
            f"unknown kinds of change: {', '.join(sorted(map(str, unknown)))}; there are {', '.join(KINDS)}"
        )
    for what, value in (("title", title), ("description", desc)):
        if value is not None and is_blank(value):
            raise ValueError(f"the {what} is empty")
        if value is not None and not " ".join(value.split()).isprintable():
            raise ValueError(f"the {what} has characters that can't be printed")
    if background is not None:
        colour = read_colour(background)
        if colour is None or colour.rgba is None or colour.rgba[3] != 255:
            raise ValueError(f"{background!r} is no opaque colour, such as #ffffff")
        background = as_hex(colour.rgba)
    return Wishes(title, desc, background, bool(square), kinds, tuple(as_bytes("a font", font) for font in fonts))
