"""The steps of a repair, in their order. Each keeps the picture, or has the owner's consent to change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from . import (
    blends,
    canvas,
    clips,
    css,
    gradient_frames,
    gradient_spread,
    gradients,
    images,
    lengths,
    markers,
    masks,
    opacity,
    outlines,
    paints,
    pathdata,
    patterns,
    references,
    respelling,
    structure,
    texts,
    tidy,
    values,
)
from .job import Job


class Step(NamedTuple):
    """A step: its name, by which what it does can be undone, and what it does."""

    name: str
    run: Callable[[Job], None]


STEPS: tuple[Step, ...] = tuple(
    Step(f"{function.__module__.rpartition('.')[2]}.{function.__name__}", function)
    for function in (
        # what decides the look is written onto the elements
        structure.free_sheets,
        lengths.unread_radii,
        css.inline_css,
        structure.unfollowed,
        structure.choose,
        structure.drop_strangers,
        canvas.place_root_transform,
        references.inline_uses,
        structure.drop_hidden,
        respelling.respelled,
        lengths.lengths,
        paints.paints,
        paints.colours,
        values.numbers,
        pathdata.paths,
        # what the profile lacks is expressed by what it has
        texts.simplify_texts,
        outlines.outline_texts,
        images.trace_images,
        markers.drop_markers,
        gradients.resolve_templates,
        patterns.expand_patterns,
        opacity.order_paints,
        blends.drop_blends,
        masks.resolve_masks,
        clips.resolve_clips,
        opacity.fold_opacity,
        # what is seen of it; cutting at its edge may leave gradients for the steps after it
        canvas.identify,
        canvas.set_view_box,
        canvas.crop,
        canvas.square,
        gradients.place_gradients,
        gradient_frames.fold_gradient_transforms,
        gradient_spread.fold_spread,
        # what the file says about itself
        canvas.set_size,
        canvas.lay_background,
        canvas.set_title,
        tidy.tidy,
    )
)
