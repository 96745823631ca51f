"""`check_appearance`: a logo is drawn, measured, and judged by what a reader of mail would see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from ..arguments import as_bytes, in_utc
from ..engine import Fault, crashed, findings_from, run
from ..extras import extra
from ..findings import Param, Report
from .appearance_rules import RULES
from .document import Document, Limits
from .inbox import THEMES, tree_of
from .lexis import BLANK
from .locate import Locator
from .pictures import NotDrawable, drawable
from .place import Place
from .render import require, shared_renderer

if TYPE_CHECKING:
    from .measures import RGB, Layout, Picture, Placement
    from .repair.tree import Node

TRANSPARENT = 0.02
"""Share of the canvas that may be seen through: what a background leaves that ends half a percent before each edge, as
editors round. Corners, where transparency would show, may not be."""
LEAST_AGAINST_THEME = 2.0
"""Contrast ratio with the inbox's ground. WCAG 2 (1.4.11) asks for 3 to 1 where a graphic must be understood, and
exempts logos. Of 2,303 logos of software brands 22 % stay below 3 on white with most of their outline, orange (2.1)
among them, which is seen well. Below 2 (9 %) are yellow, light grey and mint; in the dark (40 %) navy and black."""
MOST_FAINT = 0.5
"""Share of the outline that may be so faint: with the rest a reader still makes out the shape."""
LEAST_AGAINST_OWN = 1.5
"""Contrast ratio with the logo's own background, for at least a `PART` of the mark. Lower than against an inbox's,
since the brand chose both, and hues may tell them apart: sky blue on yellow has 1.7. Below are pale yellow and light
grey on white: 1 to 4 % of real logos."""
PART = 0.25
"""Share of the mark that must reach the contrast: tints and shadows beside a bold shape may be faint."""
MOST_CUT = 0.01
"""Share of the mark's area that a round avatar may cut off: the tip of a letter or ray. At 32 px that is a pixel of a
mark that covers a tenth of the canvas, and ten of one that covers all."""
LEAST_MARGIN = 0.03
"""Room between mark and circle, as share of the side: one pixel of an avatar of 32. With less it seems cut off."""
LEAST_SIZE = 0.5
"""The longer side of the mark, as share of the canvas's: below it covers less than a quarter of the avatar, and is
smaller than 16 px in one of 32."""
MOST_OFF_CENTRE = 0.04
"""How far a mark's middle may be off the canvas's, as share of its side: beyond it is more than a pixel of 32. Of 2,303
logos cropped by their makers, 1 % are."""
MOST_LOST = 0.5
"""Share of what is drawn that may be lost at a small size. Of 191 icons that were given a margin, 6 % lose more at
24 px and 3 % at 32; of 186 wordmarks at least three times as wide as high, 81 % and 61 %."""
SMALL = (32, 24)
"""Avatars in lists of mail, in pixels, the larger first."""
FINER = 8
"""How many times as wide as a small picture the one is that it is compared with."""

_WORDED = {"text": "text", "textArea": "textArea", "textPath": "text", "tspan": "text"}
_EMBEDDED = {"feImage": "feImage", "foreignObject": "foreignObject", "image": "image"}
"""What is seen in some programs and not drawn here, since no font or embedded picture is opened; under the names that
are told. Words are only seen where there are any."""


class Measured(msgspec.Struct, frozen=True):
    """What was measured on a logo that shows anything at all.

    Attributes:
        transparency: How much of the canvas's ground is seen through it, from 0 to 1.
        clear_corners: Whether it is seen in all four corners.
        only_tone: The one colour, where there is only one.
        layout: Ground, field and mark.
        placement: Where the mark lies; None where there is none that can be told from its background.
        contrast: The mark's contrast with the solid colour around it; None where that isn't one.
        outline: By theme, the share of the outline that is faint on the inbox's ground, and the contrast that half of
            the outline has; empty where the ground is not transparent, or a tile or disc covers it.
        lost: By size in pixels, the share of what is drawn that is lost.
    """

    transparency: float
    clear_corners: bool
    only_tone: RGB | None
    layout: Layout
    placement: Placement | None
    contrast: float | None
    outline: dict[str, tuple[float, float]]
    lost: dict[int, float]


def check_appearance(
    data: bytes | bytearray | memoryview,
    *,
    limits: Limits | None = None,
    name: str = "svg",
    at: datetime | None = None,
) -> Report:
    """Judge a logo by its pixels: colours, contrast in light and dark inboxes, round avatars, small sizes.

    The file is read within bounds and drawn by a process apart from this one, with all that leads outside of the file
    left out. It never raises on what is in `data`: a logo that can't be drawn gives a finding whose outcome is
    INDETERMINATE, and a report that isn't finished.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``). It need not conform to SVG Tiny
            PS; that is what `check_svg` judges.
        limits: Bounds on what is read; `Limits()` by default.
        name: What the report calls its subject, a file name for instance.
        at: The moment of judging; must have a time zone. Now by default.

    Returns:
        The report, of kind ``"appearance"``. Its facts have, under ``appearance``, every number measured.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone.
        BimikitError: What drawing needs isn't installed: ``pip install 'bimikit[preview]'``.

    Source: draft-svg-tiny-ps-abrotman-12, section 2.4, on colours; all else is advice.
    """
    return looked_at(data, (), limits=limits, name=name, at=at)[0]


def looked_at(
    data: bytes | bytearray | memoryview,
    wanted: Iterable[int],
    *,
    limits: Limits | None,
    name: str,
    at: datetime | None,
) -> tuple[Report, dict[int, Picture]]:
    """What `check_appearance` tells, and the logo drawn at the sizes that are wanted; none where it can't be drawn.

    Each size is drawn once, for whatever it is needed.
    """
    data = as_bytes("data", data)
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be Limits, not {type(limits).__name__}")
    at = in_utc(at)
    require()
    faults: list[Fault[Place]] = []
    facts: dict[str, Any] = {"size": len(data)}
    pictures: dict[int, Picture] = {}
    finished = True
    try:
        root = tree_of(data, limits)
        left_out = _left_out(root)
        if left_out:
            faults.append(_fault("drawn-in-part", elements=", ".join(left_out)))
            finished = False
            pictures = _drawn(root, wanted)
        else:
            pictures = _drawn(root, (*wanted, *_measured_sizes()))
            faults += _judged(pictures, facts)
    except NotDrawable as problem:
        faults.append(_fault("not-drawable", reason=f"@unproven.{problem.reason}"))
        finished = False
    except _CrashedError as crash:
        faults.append(crash.fault)
        finished = False
    report = Report("appearance", name, at, findings_from(faults, RULES, Locator(Document(b""))), facts, {}, finished)
    return report, {size: pictures[size] for size in wanted if size in pictures}


class _CrashedError(Exception):
    """A measure broke down: told as a finding, like a rule that did."""

    def __init__(self, fault: Fault[Place]) -> None:
        super().__init__(fault.rule)
        self.fault = fault


def _left_out(root: Node) -> list[str]:
    """Names of elements that would be seen and aren't drawn here."""
    names = set()
    for node in root.walk():
        if node.name in _EMBEDDED or (node.name in _WORDED and node.text.strip(BLANK)):
            names.add((_EMBEDDED | _WORDED)[node.name])
    return sorted(names)


def _measured_sizes() -> list[int]:
    """The sizes that are measured, the largest first."""
    with extra("preview"):
        from .measures import SIDE
    return sorted({SIDE, *SMALL, *(FINER * size for size in SMALL)}, reverse=True)


def _drawn(root: Node, sizes: Iterable[int]) -> dict[int, Picture]:
    ordered = sorted(set(sizes), reverse=True)
    return dict(zip(ordered, shared_renderer().draw(drawable(root), ordered), strict=True)) if ordered else {}


def _judged(pictures: dict[int, Picture], facts: dict[str, Any]) -> list[Fault[Place]]:
    """What is found on a logo's pixels; the numbers are added to the facts."""
    with extra("preview"):
        from importlib.metadata import version

        from .measures import SIDE
        from .tones import is_blank
    renderer = f"resvg (Python package {version('resvg')})"
    facts["appearance"] = numbers = {"renderer": renderer, "sizes": _measured_sizes()}
    if is_blank(pictures[SIDE]):
        return [_fault("nothing-drawn")]
    try:
        found = measured(pictures)
        numbers |= _told(found)
    except Exception as crash:
        raise _CrashedError(crashed("measures", crash)) from crash
    faults: list[Fault[Place]] = []
    run(_CHECKS, found, faults)
    return faults


def measured(pictures: dict[int, Picture]) -> Measured:
    """Measure a logo that shows anything at all.

    Args:
        pictures: Drawings by their width: `measures.SIDE`, each of `SMALL`, and `FINER` times those.
    """
    from . import tones
    from .measures import SIDE, clear_corners, layout_of, placement_of

    picture = pictures[SIDE]
    layout = layout_of(picture)
    transparency = tones.transparency(picture)
    around = layout.around
    mark = layout.mark if layout.mark is not None and layout.mark.getbbox() else None
    open_ground = layout.ground.kind == "transparent" and layout.mark is not None and layout.field is None
    grounds = {theme: _rgb(colour) for theme, colour in THEMES.items()}
    # what is transparent is laid on the inbox's ground that shows more of it; otherwise they are all one
    behind = list(grounds.values()) if transparency else [(0, 0, 0)]
    outline = {}
    for theme, ground in grounds.items() if open_ground else ():
        colours = tones.outline_on(picture, ground)
        faint = tones.faint_share(colours, ground, LEAST_AGAINST_THEME)
        outline[theme] = faint, tones.contrast_of(colours, ground, 0.5)
    return Measured(
        transparency,
        clear_corners(picture),
        tones.only_tone(picture),
        layout,
        placement_of(mark) if mark is not None else None,
        tones.mark_contrast(picture, mark, around, PART) if around and layout.mark is not None else None,
        outline,
        {
            size: max(
                tones.details(*(tones.flattened(pictures[width], ground) for width in (FINER * size, size)))
                for ground in behind
            ).lost_share
            for size in SMALL
        },
    )


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _percent(share: float) -> float | int:
    """A share in percent, rounded for people: to whole numbers from 10 on."""
    percent = 100 * share
    return round(percent) if abs(percent) >= 10 else round(percent, 1)


def _told(found: Measured) -> dict[str, Any]:
    """The numbers as facts: shares in percent."""
    ground, field, _ = found.layout
    told: dict[str, Any] = {
        "transparent": round(100 * found.transparency, 2),
        "background": ground.kind,
        "lost": {str(size): round(100 * share, 1) for size, share in found.lost.items()},
    }
    if found.only_tone is not None:
        told["only_colour"] = _hex(found.only_tone)
    if ground.colour is not None:
        told["background_colour"] = _hex(ground.colour)
    if field is not None:
        told["field_colour"] = _hex(field)
    if found.contrast is not None:
        told["contrast"] = round(found.contrast, 2)
    if found.outline:
        told["outline"] = {
            theme: {"faint": round(100 * faint, 1), "contrast": round(contrast, 2)}
            for theme, (faint, contrast) in found.outline.items()
        }
    if found.placement is not None:
        size, (across, down), margin, cut = found.placement
        told["mark"] = {
            "size": round(100 * size, 1),
            "off_centre": [round(100 * across, 1), round(100 * down, 1)],
            "circle_margin": round(100 * margin, 1),
            "outside_circle": round(100 * cut, 2),
        }
    return told


def _fault(name: str, **params: Param) -> Fault[Place]:
    """A fault of the picture as a whole."""
    return Fault(f"appearance.{name}", None, "", params)


def _colours(found: Measured) -> Iterator[Fault[Place]]:
    if found.only_tone is not None:
        yield _fault("one-colour", colour=_hex(found.only_tone))


def _background(found: Measured) -> Iterator[Fault[Place]]:
    if found.transparency > TRANSPARENT or found.clear_corners:
        yield _fault("transparent-background", share=_percent(found.transparency))
    for theme, (faint, contrast) in found.outline.items():
        if faint > MOST_FAINT:
            yield _fault(
                f"low-contrast-{theme}",
                share=_percent(faint),
                contrast=round(contrast, 1),
                least=LEAST_AGAINST_THEME,
                ground=THEMES[theme],
            )


def _contrast(found: Measured) -> Iterator[Fault[Place]]:
    around = found.layout.around
    if found.contrast is None or around is None or found.only_tone is not None:
        return
    if found.contrast < LEAST_AGAINST_OWN:
        contrast = round(found.contrast, 2)
        yield _fault("low-contrast", contrast=contrast, least=LEAST_AGAINST_OWN, background=_hex(around))


def _place(found: Measured) -> Iterator[Fault[Place]]:
    if found.placement is None:
        return
    size, (across, down), margin, cut = found.placement
    if cut > MOST_CUT:
        yield _fault("outside-circle", share=_percent(cut))
    elif margin < LEAST_MARGIN:
        yield _fault("near-circle-edge", margin=_percent(margin), least=_percent(LEAST_MARGIN))
    if size < LEAST_SIZE:
        yield _fault("too-small", size=_percent(size), least=_percent(LEAST_SIZE))
    if max(abs(across), abs(down)) > MOST_OFF_CENTRE:
        yield _fault("not-centred", across=_percent(across), down=_percent(down), most=_percent(MOST_OFF_CENTRE))


def _details(found: Measured) -> Iterator[Fault[Place]]:
    for size in SMALL:
        if found.lost[size] > MOST_LOST:
            yield _fault("details-vanish", size=size, share=_percent(found.lost[size]))
            return  # smaller avatars lose more


_CHECKS: tuple[Callable[[Measured], Iterable[Fault[Place]]], ...] = (_colours, _background, _contrast, _place, _details)
