"""Gradients whose colours are mixed as light is (``linearRGB``), written out with more stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..colours import as_hex
from ..profile import GRADIENTS
from .job import Job
from .paint_servers import has_template, stops_of
from .pieces import colour_of, opacity_of
from .shapes import written
from .tree import Node

LIGHT = "color-interpolation"
_NOTICEABLE = 1.5
"""Of 255: how far the colour between two stops may be from what it is to be."""
_MOST_HALVINGS = 6
_MOST_STOPS = 20_000


def is_linear(node: Node) -> bool:
    """Whether colours are mixed as light is, by the element itself or the nearest one around it that says how."""
    around: Node | None = node
    while around is not None:
        value = around.attributes.get(LIGHT, "inherit").strip()
        if value != "inherit":
            return value == "linearRGB"
        around = around.parent
    return False


def write_light(root: Node) -> None:
    """Write it onto each gradient that its colours are mixed as light is, if they are."""
    linear: dict[Node, bool] = {}
    for node in root.walk():
        value = node.attributes.get(LIGHT, "inherit").strip()
        around = node.parent is not None and linear[node.parent]
        linear[node] = value == "linearRGB" if value != "inherit" else around
        if node.name in GRADIENTS and linear[node]:
            node.attributes[LIGHT] = "linearRGB"


def to_light(share: float) -> float:
    """How much light a channel of a colour gives, both from 0 to 1."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _from_light(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


class _Shade(NamedTuple):
    """A colour at a place, its channels as light.

    Attributes:
        at: Offset, 0 to 1.
        light: Red, green, blue, 0 to 1.
        opacity: 0 to 1.
    """

    at: float
    light: tuple[float, ...]
    opacity: float

    def rgb(self) -> tuple[float, ...]:
        """Red, green, blue, 0 to 255."""
        return tuple(255 * _from_light(channel) for channel in self.light)

    def halfway(self, other: _Shade) -> _Shade:
        """What is in the middle between two."""
        light = tuple((one + two) / 2 for one, two in zip(self.light, other.light, strict=True))
        return _Shade((self.at + other.at) / 2, light, (self.opacity + other.opacity) / 2)


def spell_out_light(job: Job) -> None:
    """Give gradients whose colours are mixed as light is stops in between, so that they needn't be any more."""
    made = 0
    for gradient in job.root.walk():
        if gradient.name not in GRADIENTS or not is_linear(gradient) or LIGHT not in gradient.attributes:
            continue
        if has_template(gradient) or not job.may_touch(gradient):
            continue
        shades = _shades(gradient)
        stops = [] if shades is None else list(_spelled_out(shades))
        made += len(stops)
        if shades is None or made > _MOST_STOPS:
            job.decline("gradient.light", gradient, LIGHT)
            continue
        del gradient.attributes[LIGHT]
        for stop in [child for child in gradient.elements if child.name == "stop"]:
            stop.detach()
        for stop in stops:
            gradient.append(stop)
        job.did("gradient.light", gradient, LIGHT, misread=True)


def _shades(gradient: Node) -> list[_Shade] | None:
    """The stops of a gradient; None where a colour can't be read."""
    found = []
    for stop in stops_of(gradient):
        colour = colour_of(stop.element.attributes.get("stop-color", "black"))
        if colour is None or "style" in stop.element.attributes:
            return None
        light = tuple(to_light(channel / 255) for channel in colour[:3])
        opacity = colour[3] * opacity_of(stop.element.attributes.get("stop-opacity", "1"))
        found.append(_Shade(stop.offset, light, opacity))
    return found


def _spelled_out(shades: list[_Shade]) -> Iterator[Node]:
    for number, shade in enumerate(shades):
        yield _stop(shade)
        if number + 1 < len(shades):
            yield from map(_stop, _between(shade, shades[number + 1], _MOST_HALVINGS))


def _between(one: _Shade, other: _Shade, halvings: int) -> list[_Shade]:
    """The shades that are needed between two."""
    middle = one.halfway(other)
    straight = [(first + last) / 2 for first, last in zip(one.rgb(), other.rgb(), strict=True)]
    apart = max(abs(wanted - got) for wanted, got in zip(middle.rgb(), straight, strict=True))
    if apart <= _NOTICEABLE or not halvings or one.at == other.at:
        return []
    return [*_between(one, middle, halvings - 1), middle, *_between(middle, other, halvings - 1)]


def _stop(shade: _Shade) -> Node:
    red, green, blue = (round(channel) for channel in shade.rgb())
    stop = Node("stop", {"offset": written(shade.at, 5), "stop-color": as_hex((red, green, blue, 255))})
    if shade.opacity < 1:
        stop.attributes["stop-opacity"] = written(shade.opacity, 4)
    return stop
