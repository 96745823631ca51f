"""Texts become outlines, with the owner's consent and font: mail renderers draw text in fonts of their own, or not."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from pathops import Path

from ..geometry import Box
from ..profile import PROPERTIES, TEXT_PROPERTIES, TEXTS
from .computed import Sharing
from .fonts import Cut, Face, Wanted, read_faces
from .job import Job, by_id, inherited
from .letters import PLACES, Letter, NotFollowed, TooLong, letters_of
from .shapes import path_data
from .text_paints import TextPaints, is_cut_by_box
from .text_styles import IDLE, NEUTRAL
from .texts import MOST_LETTERS, Legality, Simplifying
from .tree import Node
from .typesetting import NoFont, NoGlyph, SetText, Typesetter

_OF_LETTERS = (
    TEXT_PROPERTIES
    | NEUTRAL.keys()
    | IDLE
    | {*PLACES, "xml:space", "xml:lang", "editable", "textLength", "lengthAdjust", "visibility"}
)
"""Attributes that mean nothing on outlines."""
_PASSED_ON = (PROPERTIES.keys() - TEXT_PROPERTIES) | {"opacity", "paint-order"}
"""Attributes that parts of a text pass on to their outlines."""

_MOST_LISTED = 4
"""Of the fonts at hand that are named."""


def outline_texts(job: Job) -> None:
    """Texts become shapes. Texts that the profile allows stay where nobody asked for outlines."""
    texts = [node for node in job.root.walk() if node.name in TEXTS]
    if not texts:
        return
    if not job.allows("text"):
        legality = Legality()
        for text in texts:
            if not legality.of(text):
                job.decline("text.markup", text, needs="text")
            elif job.thorough:
                job.decline("text.kept", text, needs="text")
        return
    files = [read_faces(font) for font in job.wishes.fonts]
    if files.count([]):
        job.decline("text.font-unreadable", count=files.count([]))
    _Outlining(job, [face for file in files for face in file]).run(texts)
    _drop_unheard(job)


class _Outlining:
    """The step at work on the texts of a drawing."""

    def __init__(self, job: Job, faces: Sequence[Face]) -> None:
        self.job = job
        self.faces = faces
        self.typesetter = Typesetter(faces)
        self.known = by_id(job.root)
        self.paints = TextPaints(job.root)
        self.legality = Legality()
        self.simplifying = Simplifying(job)
        self.shared = Sharing(job.root).shared

    def run(self, texts: list[Node]) -> None:
        """Outline what can be outlined."""
        left = MOST_LETTERS
        for text in texts:
            if not self.job.may_touch(text) or (text.name == "textArea" and self.legality.of(text)):
                continue
            try:
                letters = letters_of(text, left)
                left -= len(letters)
                if letters:
                    self._outline(text, letters)
            except TooLong:
                self.job.decline("text.too-long", text, limit=MOST_LETTERS)
                return
            except NotFollowed as problem:
                self._simplify(text)
                self.job.decline("text.not-followed", text, name=problem.name)
            except NoFont as problem:
                self._simplify(text)
                self._miss(text, problem.wanted)
            except NoGlyph as problem:
                self._simplify(text)
                self.job.decline("text.glyph-missing", text, family=problem.face.name, text=problem.text)

    def _miss(self, text: Node, wanted: Wanted) -> None:
        """Tell which font would be needed, and which there are."""
        family, weight, slanted, _width = wanted
        about = {"family": family or "serif", "weight": f"{weight:g}", "style": "italic" if slanted else "normal"}
        given = list(dict.fromkeys(face.described for face in self.faces))
        if given:
            listed = ", ".join(given[:_MOST_LISTED]) + (" …" if len(given) > _MOST_LISTED else "")
            self.job.decline("text.font-not-given", text, **about, given=listed)
        else:
            self.job.decline("text.font-missing", text, **about)

    def _simplify(self, text: Node) -> None:
        if not self.legality.of(text):
            self.simplifying.run(text)

    def _outline(self, text: Node, letters: list[Letter]) -> None:
        self._refuse_odd(text)
        setting = self.typesetter.set(text, letters)
        result = self._assembled(text, list(self._outlines(text, setting)))
        text.replace(result)
        signs = "".join(letter.sign for letter in letters).strip()
        fonts = ", ".join(dict.fromkeys(cut.face.name for cut in setting.cuts))
        if _is_substituted(setting.cuts):
            wanted = self.typesetter.fonts.on(letters[0].owner).families or "-"
            self.job.did("text.outlined-otherwise", result, visible=True, text=signs, font=fonts, wanted=wanted)
        else:
            self.job.did("text.outlined", result, visible=True, text=signs, font=fonts)

    def _refuse_odd(self, text: Node) -> None:
        if text.name != "text":
            raise NotFollowed(text.name)
        if any("style" in node.attributes for node in text.walk()):
            raise NotFollowed("style")
        if text in self.shared:
            raise NotFollowed("use")
        if is_cut_by_box(text, self.known):
            raise NotFollowed("clip-path")

    def _outlines(self, text: Node, setting: SetText) -> Iterator[Node]:
        """The outlines of a text, one for all letters that stand together in one element."""
        whole = _around([one.box for one in setting.placed])
        for owner, group in itertools.groupby(setting.placed, lambda one: one.owner):
            style = setting.styles[owner]
            path = Path()
            for one in group:
                path.addPath(one.path)
            data = path_data(path, _digits(style.size))
            if not data or not style.seen:
                continue
            attributes = _passed_on(text, owner) | self.paints.held(owner, whole)
            if inherited(owner, "fill-rule") != "nonzero":
                attributes["fill-rule"] = "nonzero"
            yield Node("path", {**attributes, "d": data}, owner.source)

    def _assembled(self, text: Node, outlines: list[Node]) -> Node:
        """What stands for a text: a path, or a group of paths."""
        own = {name: value for name, value in text.attributes.items() if name not in _OF_LETTERS}
        if len(outlines) == 1:
            path = outlines[0]
            path.attributes = {**own, **path.attributes}
            path.source = text.source
            return path
        if text.parent is not None and text.parent.name == "clipPath":
            raise NotFollowed("clipPath")
        group = Node("g", own, text.source)
        for outline in outlines:
            group.append(outline)
        return group


def _is_substituted(cuts: list[Cut]) -> bool:
    return any(cut.substitute for cut in cuts)


def _passed_on(text: Node, owner: Node) -> dict[str, str]:
    """What the parts of a text around some letters say about their outlines."""
    attributes: dict[str, str] = {}
    for around in itertools.takewhile(lambda node: node is not text, (owner, *owner.ancestors())):
        said = {name: value for name, value in around.attributes.items() if name in _PASSED_ON}
        attributes = said | attributes
    return attributes


def _around(boxes: list[Box]) -> Box:
    """The box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _digits(size: float) -> int:
    """Decimals for outlines of a font size: a ten-thousandth of an em is less than anybody sees."""
    return min(max(math.ceil(4 - math.log10(size)), 1), 8) if size > 0 else 1


def _drop_unheard(job: Job) -> None:
    """Drop what elements say about texts that they no longer hold, where the profile doesn't allow it."""
    heard: set[Node] = set()
    for node in job.root.walk():
        if node.name in TEXTS or node.name == "use":
            heard.update(itertools.takewhile(lambda around: around not in heard, node.ancestors()))
            heard.update(node.walk())
    for node in job.root.walk():
        if node in heard:
            continue
        names = [name for name, value in node.attributes.items() if _is_unheard(name, value)]
        for name in names:
            del node.attributes[name]
        if names:
            job.did("text.neutral", node, names[0], names=", ".join(names))


def _is_unheard(name: str, value: str) -> bool:
    if name in PROPERTIES:
        return name in TEXT_PROPERTIES and name != "font-size" and not PROPERTIES[name].fine([value])
    return name in NEUTRAL
