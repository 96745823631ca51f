"""Texts are set: each letter gets its font, its outline, and its place.

Letters stand where browsers put them. resvg, which proves repairs, counts neither the last letter's spacing nor moved
letters when it centres a text, and knows no direction.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pathops import Path

from ..geometry import Box
from .fonts import Cluster, Cut, Face, Metrics, Wanted, cuts_for, is_unseen, metrics, shaped
from .letters import Letter, NotFollowed, chunks_of
from .shapes import mapped
from .text_styles import NEUTRAL, Computed, FontStyles, font_size, is_neutral, lasting, length, word
from .tree import Node

_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_BASELINES: dict[str, Callable[[Metrics], float]] = {
    "middle": lambda heights: heights.x_height / 2,
    "central": lambda heights: (heights.ascent + heights.descent) / 2,
    "mathematical": lambda heights: heights.ascent * 0.5,
    "hanging": lambda heights: heights.ascent * 0.8,
    **dict.fromkeys(("text-before-edge", "text-top", "before-edge"), lambda heights: heights.ascent),
    **dict.fromkeys(("text-after-edge", "text-bottom", "after-edge", "ideographic"), lambda heights: heights.descent),
}
"""How far letters are lowered by ``dominant-baseline``, in ems."""
_FOLLOWED = frozenset({"letter-spacing", "word-spacing", "dominant-baseline", "font-stretch"})


class NoFont(Exception):
    """No font at hand will do; carries what is wanted."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.wanted = wanted


class NoGlyph(Exception):
    """A font lacks a letter, or has it as a bitmap or in colours; carries the font and the letters."""

    def __init__(self, face: Face, text: str) -> None:
        super().__init__(face.name, text)
        self.face = face
        self.text = text


class Style(NamedTuple):
    """What the letters of an element have in common.

    Attributes:
        cuts: The fonts to draw them with, in this order.
        size: Font size.
        spacing: What is added behind each letter.
        word_spacing: What is added behind each blank.
        baseline: Value of ``dominant-baseline``.
        seen: Whether they are drawn.
    """

    cuts: list[Cut]
    size: float
    spacing: float
    word_spacing: float
    baseline: str
    seen: bool

    @property
    def setting(self) -> tuple[float | str, ...]:
        """What is the same for letters that are set together."""
        return id(self.cuts), self.size, self.spacing, self.word_spacing, self.baseline


class Placed(NamedTuple):
    """The outline of a cluster of letters where it belongs, and the box that it fills whatever its form."""

    owner: Node
    path: Path
    box: Box


class SetText(NamedTuple):
    """A text that was set.

    Attributes:
        placed: Its letters.
        styles: By the element that letters stand in.
        cuts: The fonts that are used.
    """

    placed: list[Placed]
    styles: dict[Node, Style]
    cuts: list[Cut]


class Typesetter:
    """Sets the texts of a drawing in the fonts at hand.

    Attributes:
        fonts: What elements ask a font to be.
    """

    def __init__(self, faces: Sequence[Face]) -> None:
        self.fonts = FontStyles()
        self._faces = faces
        self._cuts: dict[Wanted, list[Cut]] = {}
        self._sizes = font_size()
        self._anchors = word("text-anchor", "start")
        self._directions = word("direction", "ltr")
        self._spacings = word("letter-spacing", "normal")
        self._word_spacings = word("word-spacing", "normal")
        self._baselines = word("dominant-baseline", "auto")
        self._visibilities = word("visibility", "visible")
        self._effects: dict[str, Computed[str]] = {
            name: lasting(name, neutral) for name, neutral in NEUTRAL.items() if name not in _FOLLOWED
        }
        self._effects["font-variant"] = lasting("font-variant", frozenset({"normal"}))
        self._effects["unicode-bidi"] = lasting("unicode-bidi", frozenset({"normal", "embed", "isolate"}))
        self._effects["textLength"] = lasting("textLength", frozenset())

    def set(self, text: Node, letters: list[Letter]) -> SetText:
        """Set the letters of a text.

        Raises:
            NotFollowed: Something about them isn't followed.
            NoFont: No font at hand will do.
            NoGlyph: A font lacks a letter.
        """
        for node in text.walk():
            for name, effect in self._effects.items():
                if effect.on(node):
                    raise NotFollowed(name)
        styles: dict[Node, Style] = {}
        for letter in letters:
            if letter.owner not in styles:
                styles[letter.owner] = self._style(letter.owner)
        chosen = _chosen_cuts(letters, styles)
        return SetText(self._placed(letters, styles, chosen), styles, list(dict.fromkeys(chosen)))

    def _style(self, owner: Node) -> Style:
        wanted = self.fonts.on(owner)
        size = self._sizes.on(owner)
        if size is None:
            raise NotFollowed("font-size")
        if wanted not in self._cuts:
            self._cuts[wanted] = cuts_for(self._faces, wanted)
        cuts = self._cuts[wanted]
        if not cuts:
            raise NoFont(wanted)
        baseline = self._baselines.on(owner)
        if baseline not in _BASELINES and not is_neutral(baseline, NEUTRAL["dominant-baseline"]):
            raise NotFollowed("dominant-baseline")
        spacing = _spacing("letter-spacing", self._spacings.on(owner), size)
        word_spacing = _spacing("word-spacing", self._word_spacings.on(owner), size)
        return Style(cuts, size, spacing, word_spacing, baseline, self._visibilities.on(owner) == "visible")

    def _placed(self, letters: list[Letter], styles: dict[Node, Style], chosen: list[Cut]) -> list[Placed]:
        """The outlines of all letters, chunk by chunk."""
        heights = {cut: metrics(cut) for cut in dict.fromkeys(chosen)}
        placed: list[Placed] = []
        at = 0
        x = y = 0.0
        for chunk in chunks_of(letters):
            first = chunk[0]
            x = first.x if first.x is not None else x
            y = first.y if first.y is not None else y
            start = x + first.dx
            rtl = self._is_rtl(chunk)
            runs = list(_runs(chunk, chosen[at : at + len(chunk)], styles))
            found: list[Placed] = []
            for begin, end in reversed(runs) if rtl else runs:
                run = chunk[begin:end]
                cut = chosen[at + begin]
                line = _Line(styles[run[0].owner], heights[cut], x, y)
                line.lay(run, _clusters(run, cut, rtl=rtl, ligatures=not line.style.spacing))
                found += line.placed
                x, y = line.x, line.y
            anchor = _ANCHORS.get(self._anchors.on(first.owner), 0.0)
            shift = (start - x) * (1 - anchor if self._directions.on(first.owner) == "rtl" else anchor)
            placed += (_moved(one, shift) for one in found)
            x += shift
            at += len(chunk)
        return placed

    def _is_rtl(self, chunk: list[Letter]) -> bool:
        """Whether a chunk is written from right to left.

        Raises:
            NotFollowed: It is written in both directions, or blanks and signs take theirs from what is around them.
        """
        classes = [unicodedata.bidirectional(letter.sign) for letter in chunk]
        rtl = not _RTL.isdisjoint(classes)
        if rtl and not _LTR.isdisjoint(classes):
            raise NotFollowed("direction")
        around = self._directions.on(chunk[0].owner)
        if around == "rtl" and not rtl and set(classes) != {"L"}:
            raise NotFollowed("direction")
        if around != "rtl" and rtl and (classes[0] not in _STRONG_RTL or classes[-1] not in _STRONG_RTL):
            raise NotFollowed("direction")
        return rtl


_RTL = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_LTR = frozenset({"L", "EN", "AN", "LRE", "LRO", "LRI", "FSI"})
_STRONG_RTL = frozenset({"R", "AL", "NSM"})


def _spacing(name: str, text: str, size: float) -> float:
    number = 0.0 if text == "normal" else length(text, size)
    if number is None or not math.isfinite(number):
        raise NotFollowed(name)
    return number


def _chosen_cuts(letters: list[Letter], styles: dict[Node, Style]) -> list[Cut]:
    """The font of each letter: the first of its element's that has it."""
    chosen: list[Cut] = []
    last: Cut | None = None
    for letter in letters:
        cuts = styles[letter.owner].cuts
        loose = is_unseen(letter.sign) or unicodedata.category(letter.sign)[0] == "M"
        if not loose or last not in cuts:
            last = next((cut for cut in cuts if cut.covers(letter.sign)), cuts[0] if loose else None)
        if last is None:
            raise NoGlyph(cuts[0].face, letter.sign)
        chosen.append(last)
    return chosen


def _runs(chunk: list[Letter], cuts: list[Cut], styles: dict[Node, Style]) -> Iterator[tuple[int, int]]:
    """Where in a chunk the letters begin and end that are set in one font and size."""
    begin = 0
    for at in range(1, len(chunk) + 1):
        here, before = (chunk[at].owner if at < len(chunk) else None), chunk[at - 1].owner
        if here and cuts[at] is cuts[at - 1] and styles[here].setting == styles[before].setting:
            continue
        yield begin, at
        begin = at


def _clusters(run: list[Letter], cut: Cut, *, rtl: bool, ligatures: bool) -> list[Cluster]:
    signs = "".join(letter.sign for letter in run)
    clusters = shaped(cut, signs, rtl=rtl, ligatures=ligatures)
    if clusters is None:
        raise NoGlyph(cut.face, signs)
    return clusters


class _Line:
    """Letters of one style that are laid one after the other.

    Attributes:
        style: Their style.
        x: Where the next one goes.
        y: The same downwards.
        placed: Those that were laid.
    """

    def __init__(self, style: Style, heights: Metrics, x: float, y: float) -> None:
        self.style = style
        self.x, self.y = x, y
        self.placed: list[Placed] = []
        self._top, self._bottom = heights.ascent * style.size, heights.descent * style.size
        baseline = _BASELINES.get(style.baseline)
        self._lowered = baseline(heights) * style.size if baseline is not None else 0.0

    def lay(self, run: list[Letter], clusters: list[Cluster]) -> None:
        """Lay the letters of a run."""
        size = self.style.size
        for cluster in clusters:
            letter = run[cluster.first]
            self.x, self.y = self.x + letter.dx, self.y + letter.dy
            advance = cluster.advance * size + self.style.spacing
            if letter.sign in _WORD_ENDS:
                advance += self.style.word_spacing
            turn = math.radians(letter.rotate)
            cosine, sine = math.cos(turn) * size, math.sin(turn) * size
            path = mapped(cluster.path, (cosine, sine, -sine, cosine, self.x, self.y + self._lowered))
            box = (self.x, self.y - self._top, self.x + advance, self.y - self._bottom)
            self.placed.append(Placed(letter.owner, path, box))
            self.x += advance


_WORD_ENDS = " \u00a0"


def _moved(one: Placed, shift: float) -> Placed:
    left, top, right, bottom = one.box
    moved = mapped(one.path, (1.0, 0.0, 0.0, 1.0, shift, 0.0))
    return one._replace(path=moved, box=(left + shift, top, right + shift, bottom))
