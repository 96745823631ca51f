"""Small charts as inline SVG: the same numbers give the same bytes, without script, style attribute or request.

Across, all is in percent of the chart's own width, so that it fills its place on a phone and on paper while its letters
stay as large as they are. Colours are classes of the page's style sheet; what is told by a colour has a pattern, too.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import NamedTuple

HATCHED = ("failed", "under-way")
"""Classes of parts that are hatched, each with a pattern of its own; `patterns` defines them, once in a page."""

_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
"""Tops of an axis, times a power of ten, whose half is short to write."""
_ROOM = 18
"""Pixels under an axis for its labels."""
_OVERHEAD = 8
"""Pixels over the topmost line for half a label."""
_TICKS = 4
"""About how many labels fit beneath an axis on a phone."""
_FULL = 86.0
"""Percent of its row that the longest bar takes; the rest is for its number."""


class Point(NamedTuple):
    """Something at a place of the axis.

    Attributes:
        label: What stands beneath it, where there is room.
        told: What a pointer held over it tells.
        values: Numbers, not negative: for columns the parts from below; for a line one, or none for a gap.
    """

    label: str
    told: str
    values: tuple[float, ...]


class Told(NamedTuple):
    """What a chart says to those who don't see it.

    Attributes:
        id: Of the element, of which others are made; unique in a page.
        title: What it shows, in a few words.
        description: What is to be seen in it.
    """

    id: str
    title: str
    description: str


def patterns() -> str:
    """What the charts of a page share; to stand once in it."""
    drawn = "".join(
        f'<pattern id="plan-{name}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect class="ground" width="5" height="5"/><rect class="{name}-line" width="2.5" height="5"/></pattern>'
        for name in HATCHED
    )
    return (
        f'<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>{drawn}</defs></svg>\n'
    )


def hatch(name: str) -> str:
    """The attribute that hatches a part of that class; the style sheet fills the others."""
    return f' fill="url(#plan-{name})"' if name in HATCHED else ""


def top_of(most: float) -> int:
    """Where an axis ends that has room for a number: the next round one; 1 at the least."""
    power = 1
    while power * 10 < most:
        power *= 10
    return next((step * power for step in _STEPS if step * power >= most), 10 * power)


def columns(points: Sequence[Point], told: Told, *, height: int = 150, classes: Sequence[str]) -> str:
    """Columns of stacked parts, from 0.

    Args:
        points: At least one.
        told: Its words.
        height: Of the drawing itself, in pixels.
        classes: Of the parts, from below.
    """
    top = top_of(max((sum(point.values) for point in points), default=0))
    levels = tuple((level, f"{level:,}") for level in ((0, top // 2, top) if top % 2 == 0 else (0, top)))
    slot = 100 / len(points)
    parts = []
    for number, name in enumerate(classes):
        bars = "".join(
            _column(place * slot, slot, sum(point.values[:number]), point.values[number], height / top, height, point)
            for place, point in enumerate(points)
            if point.values[number]
        )
        parts.append(f'<g class="{name}"{hatch(name)}>{bars}</g>')
    return _chart(told, height, levels, top, "".join(parts) + _labels(points, height))


def base_of(least: float) -> float:
    """Where the axis of a line of shares begins, so that what changes is to be seen."""
    return next((base for base in (0.9, 0.8, 0.5) if least >= base), 0.0)


def line(points: Sequence[Point], told: Told, *, height: int = 100, base: float = 0.0) -> str:
    """A line from share to share, broken where there is none.

    Args:
        points: At least one; with shares from ``base`` to 1.
        told: Its words.
        height: Of the drawing itself, in pixels.
        base: Where the axis begins; it ends at 1.
    """
    slot = 100 / len(points)
    places = [
        ((place + 0.5) * slot, (point.values[0] - base) / (1 - base), point) if point.values else None
        for place, point in enumerate(points)
    ]
    path = "".join(
        f"{'L' if place and places[place - 1] else 'M'}{_n(at[0])} {_n(100 - 100 * at[1])}"
        for place, at in enumerate(places)
        if at
    )
    dots = "".join(
        f'<circle cx="{_n(at[0])}%" cy="{_n(_OVERHEAD + height - at[1] * height)}" r="2.5">'
        f"<title>{html.escape(at[2].told)}</title></circle>"
        for at in places
        if at
    )
    drawn = (
        f'<svg y="{_OVERHEAD}" height="{height}" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">'
        f'<path d="{path}" vector-effect="non-scaling-stroke"/></svg>{dots}'
    )
    levels = tuple((part, f"{base + part * (1 - base):.0%}") for part in (0, 0.5, 1))
    return _chart(told, height, levels, 1, f'<g class="line">{drawn}</g>{_labels(points, height)}')


def bar(parts: Sequence[tuple[str, int]], most: int, title: str) -> str:
    """A lying bar of parts, with its sum behind it.

    Args:
        parts: Each with its class, from the left.
        most: The sum of the longest bar beside it.
        title: What it says to those who don't see it.
    """
    drawn, start = [], 0.0
    for name, count in parts:
        wide = _FULL * count / max(most, 1)
        if count:
            drawn.append(f'<rect class="{name}"{hatch(name)} x="{_n(start)}%" y="3" width="{_n(wide)}%" height="14"/>')
        start += wide
    total = sum(count for _, count in parts)
    label = f'<text x="{_n(start)}%" y="10" dx="{6 if total else 0}" dominant-baseline="central">{total:,}</text>'
    return (
        f'<svg class="bar{"" if total else " none"}" role="img" width="100%" height="20">'
        f"<title>{html.escape(title)}</title>{''.join(drawn)}{label}</svg>"
    )


def _chart(told: Told, height: int, levels: Sequence[tuple[float, str]], top: float, drawn: str) -> str:
    scale = "".join(
        f'<line x1="0" x2="100%" y1="{_n(y)}" y2="{_n(y)}"/>'
        f'<text x="-8" y="{_n(y)}" text-anchor="end" dominant-baseline="central">{label}</text>'
        for y, label in ((_OVERHEAD + height - level * height / top, label) for level, label in levels)
    )
    ident = html.escape(told.id)
    return (
        f'<svg class="chart" id="{ident}" role="img" aria-labelledby="{ident}-title" aria-describedby="{ident}-about" '
        f'width="100%" height="{_OVERHEAD + height + _ROOM}">\n'
        f'<title id="{ident}-title">{html.escape(told.title)}</title>\n'
        f'<desc id="{ident}-about">{html.escape(told.description)}</desc>\n'
        f'<g class="scale">{scale}</g>\n{drawn}\n</svg>\n'
    )


def _column(start: float, slot: float, below: float, value: float, unit: float, height: int, point: Point) -> str:
    return (
        f'<rect x="{_n(start + slot * 0.14)}%" width="{_n(slot * 0.72)}%" '
        f'y="{_n(_OVERHEAD + height - (below + value) * unit)}" height="{_n(value * unit)}">'
        f"<title>{html.escape(point.told)}</title></rect>"
    )


def _labels(points: Sequence[Point], height: int) -> str:
    slot = 100 / len(points)
    labels = "".join(
        f'<text x="{_n((place + 0.5) * slot)}%" y="{_OVERHEAD + height + 14}" text-anchor="middle">'
        f"{html.escape(points[place].label)}</text>"
        for place in _spread(len(points))
    )
    return f'<g class="ticks">{labels}</g>'


def _spread(count: int) -> Iterator[int]:
    """Places for labels, as far from one another as from the ends."""
    step = max(1, -(-count // _TICKS))
    return iter(range((count - 1) % step // 2, count, step))


def _n(number: float) -> str:
    """A number as short as a hundredth allows."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
