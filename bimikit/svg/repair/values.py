"""The step `numbers`: numbers, lists and words in forms that SVG Tiny has, and none that nothing follows from."""

from __future__ import annotations

import re

from ..lexis import LARGEST
from ..numbers import read_transform, to_float
from ..profile import (
    AUTO_LENGTH,
    COORDINATE,
    COORDINATES,
    DASH_OFFSET,
    DASHES,
    ELEMENTS,
    FONT_SIZE,
    LENGTH,
    LINE_INCREMENT,
    MITER,
    NUMBER,
    OFFSET,
    OPACITY,
    PROPERTIES,
    STROKE_WIDTH,
    TEXTS,
    Kind,
)
from .job import Job
from .lengths import OTHER_UNITS, PIXELS, read_length, split_list
from .tree import Node

_NUMERIC = frozenset(
    {
        AUTO_LENGTH,
        COORDINATE,
        COORDINATES,
        DASHES,
        DASH_OFFSET,
        FONT_SIZE,
        LENGTH,
        LINE_INCREMENT,
        MITER,
        NUMBER,
        OFFSET,
        OPACITY,
        STROKE_WIDTH,
    }
)
_OF_STEPS = frozenset({"width", "height"})
"""Attributes of the root that the canvas is about."""
_TRANSFORMS = ("transform", "gradientTransform", "patternTransform")
_DOTTED = re.compile(r"(?<![0-9.])([0-9]+)\.(?![0-9])")
"""A whole number with a point and nothing behind it."""
_WEIGHTS = {"400": "normal", "700": "bold"}
_weight = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?").fullmatch


def numbers(job: Job) -> None:
    """Write numbers in SVG Tiny's form and take away those that no renderer reads."""
    nodes = list(job.root.walk())
    has_text = any(node.name in TEXTS for node in nodes)
    for node in nodes:
        element = ELEMENTS.get(node.name)
        table = PROPERTIES if element is None else element.attributes
        for name, value in list(node.attributes.items()):
            kind = table.get(name)
            if name in _TRANSFORMS:
                _transform(job, node, name, value)
            elif kind is None or (node.parent is None and name in _OF_STEPS):
                continue
            elif name == "font-weight":
                _font_weight(job, node, value, has_text=has_text)
            elif kind in _NUMERIC and not kind.fine([value]):
                _number(job, node, name, value, kind)
            elif name == "gradientUnits" and not kind.fine([value]):
                _drop(job, node, name, value)


def _number(job: Job, node: Node, name: str, value: str, kind: Kind) -> None:
    trouble = next(kind.walk(value), None)
    if trouble is None:
        return
    rule = trouble[0]
    parts = split_list(value.strip())
    if rule == "svg.number-form":
        instead = _DOTTED.sub(r"\1", value)
        if kind.fine([instead]) and job.may_touch(node):
            node.attributes[name] = instead
            job.did("numbers.form", node, name, name=name, value=value, instead=instead)
    elif rule == "svg.number-range" and name == "stroke-miterlimit":
        number = to_float(value.strip())
        if number is not None and 0 <= number < 1 and job.may_touch(node):
            node.attributes[name] = "1"
            job.did("numbers.miter", node, name, value=value)
    elif rule == "svg.length-unit" or any(map(_means_something, parts)):
        return  # told by the step that couldn't convert it
    elif any(_is_huge(part) for part in parts):
        job.decline("numbers.huge", node, name, name=name, value=value)
    elif name not in PROPERTIES or rule == "svg.number-invalid":
        _drop(job, node, name, value)


def _means_something(part: str) -> bool:
    """Whether a browser may read what we don't."""
    found = read_length(part)
    if found is None:
        return "(" in part
    return found[2] == "%" or found[2].lower() in PIXELS.keys() | OTHER_UNITS | {"em", "ex"}


def _is_huge(part: str) -> bool:
    number = to_float(part)
    return number is not None and abs(number) > LARGEST


def _drop(job: Job, node: Node, name: str, value: str) -> None:
    if job.may_touch(node):
        del node.attributes[name]
        job.did("values.dropped", node, name, name=name, value=value)


def _transform(job: Job, node: Node, name: str, value: str) -> None:
    _functions, trouble = read_transform(value)
    if trouble is None or not job.may_touch(node):
        return
    instead = _DOTTED.sub(r"\1", value)
    if read_transform(instead)[1] is None:
        node.attributes[name] = instead
        job.did("numbers.form", node, name, name=name, value=value, instead=instead)
    elif any(_is_huge(part) for part in re.split(r"[ \t\r\n,()]+", instead)):
        job.decline("numbers.huge", node, name, name=name, value=value)
    else:
        _drop(job, node, name, value)


def _font_weight(job: Job, node: Node, value: str, *, has_text: bool) -> None:
    text = value.strip()
    if not _weight(text):
        if node.parent is None and text == "inherit":
            _drop(job, node, "font-weight", value)
        return
    if not has_text:
        _drop(job, node, "font-weight", value)
    elif text in _WEIGHTS:
        node.attributes["font-weight"] = _WEIGHTS[text]
        job.did("numbers.weight", node, "font-weight", value=value, instead=_WEIGHTS[text])
    elif not job.allows("text"):
        job.decline("numbers.weight", node, "font-weight", needs="text", value=value)
