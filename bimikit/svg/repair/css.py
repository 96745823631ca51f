"""Style sheets, classes and style attributes become presentation attributes, with the same cascade as in a browser."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..vocabulary import HTML_NAMESPACE
from .cascade import LONGEST_SHEET, Sheet, names_in
from .css_background import paint_background
from .css_clones import Clones
from .css_declarations import Kept, Outcome, Scope, Tokenised, Wide, outcome_text
from .css_elements import Unusable
from .css_media import applies
from .css_plans import Plan, is_styled, plans_of
from .css_tokens import Tokens
from .css_transforms import ATTRIBUTE, FAMILY, TRANSFORMED, attribute_tokens, is_valid, transform_text
from .css_values import GEOMETRY, GEOMETRY_OF, INITIALS, NEUTRAL, PROPERTIES, TEXT_EFFECTS
from .job import Job
from .tree import Node

_UNSTYLED = frozenset(
    "animate animateColor animateMotion animateTransform desc discard font-face metadata mpath script set style title"
    .split()
)  # fmt: skip
"""Elements that draw nothing and hand nothing on; on some, attributes of such names mean something else."""
_TEXTS = frozenset({"text", "textArea", "foreignObject"})
_BLEND = frozenset({"mix-blend-mode", "isolation"})
"""Renderers take these from CSS alone: as attributes they do nothing."""
_HTML_STYLE = f"{{{HTML_NAMESPACE}}}style"
_OF_HTML = frozenset({_HTML_STYLE, f"{{{HTML_NAMESPACE}}}link"})


def inline_css(job: Job) -> None:
    """Write what style sheets and style attributes say onto the elements, as presentation attributes.

    Afterwards there are no style elements; a style attribute only stays for what no attribute can say, and is declined.
    """
    styles = [node for node in job.root.walk() if node.name == "style"]
    if any(node.name in _OF_HTML for node in job.root.walk()):
        job.unread = True  # browsers take a style sheet from there
    if not styles and not any(map(is_styled, job.root.walk())):
        return
    try:
        read = _Styles(job.root, styles)
        scopes: dict[int, Scope] = {}
        plans = list(plans_of(job.root, read.sheet, scopes))
        clones = Clones(job.root, read.texts, plans, scopes)
    except Unusable as problem:
        job.unread = True
        params: dict[str, Any] = dict(problem.params)
        job.decline(problem.what, styles[0] if styles else job.root, **params)
        return
    animated = _animated(plans, read.sheet)
    if animated and not job.allows("animation"):
        job.unread = True
        job.decline("css.animation", animated[0], needs="animation")
        return
    touched = [*styles, *clones.uses, *(plan.node for plan in plans if plan.matched)]
    if styles and not all(map(job.may_touch, touched)):
        job.unread = True
        return  # without the sheet, an element that must stay as it is would look different
    for note in read.notes:
        job.did(note.what, note.node, **note.params)
    for node in animated:
        job.did("css.animation-dropped", node, visible=True)
    if all(map(job.may_touch, clones.uses)):
        plans += clones.put()
        for use in clones.uses:
            job.did("css.use-copied", use, misread=True)
    context = _Context(job, plans)
    for plan in plans:
        if job.may_touch(plan.node):
            context.carry_out(plan)
    if styles:
        _drop_sheets(job, styles)


class _Note(NamedTuple):
    """A change to be told once it is made."""

    what: str
    node: Node
    params: dict[str, Any]


class _Styles:
    """What the style elements of a file say.

    Attributes:
        sheet: Their rules.
        texts: Those that hold.
        notes: What of them has no effect.
    """

    def __init__(self, root: Node, nodes: list[Node]) -> None:
        """Read them.

        Raises:
            Unusable: There is something in them that can't be written onto elements.
        """
        self.sheet = Sheet()
        self.texts: list[str] = []
        self.notes: list[_Note] = []
        if any(node.name == _HTML_STYLE for node in root.walk()):
            raise Unusable("css.html-style")
        if sum(len(node.text) for node in nodes) > LONGEST_SHEET:
            raise Unusable("css.too-complex")
        preferred = ""
        for node in nodes:
            title = node.attributes.get("title", "")
            preferred = preferred or title
            if node.attributes.get("type", "").lower() not in ("", "text/css") or (title and title != preferred):
                continue  # another language, or a sheet one would have to choose
            if self._is_for_screens(node):
                self.texts.append(node.text)
                self.sheet.add(node.text)
                self.notes += [_Note(dropped.what, node, dict(dropped.params)) for dropped in self.sheet.dropped]

    def _is_for_screens(self, node: Node) -> bool:
        media = node.attributes.get("media", "")
        holds = applies(media) if len(media) <= _LONGEST_QUERY else None
        if holds is None:
            raise Unusable("css.media-depends", query=media)
        if not holds:
            self.notes.append(_Note("css.media-dropped", node, {"query": media}))
        return holds


_LONGEST_QUERY = 1_000


def _animated(plans: list[Plan], sheet: Sheet) -> list[Node]:
    """The elements that an animation of the sheet moves."""
    if not sheet.animations:
        return []
    named = [(plan.node, plan.winners.get("animation-name")) for plan in plans]
    return [
        node
        for node, names in named
        if isinstance(names, Tokenised) and not sheet.animations.isdisjoint(names_in(names.tokens))
    ]


class _Context:
    """What carrying out plans needs to know of the whole file."""

    def __init__(self, job: Job, plans: list[Plan]) -> None:
        self.job = job
        self.has_text = any(node.name in _TEXTS for node in job.root.walk())
        self.has_blend = any(
            "mix-blend-mode" in plan.winners and not _is_neutral("mix-blend-mode", plan.winners["mix-blend-mode"])
            for plan in plans
        )

    def carry_out(self, plan: Plan) -> None:
        """Turn an element's style into attributes, and tell."""
        node, job = plan.node, self.job
        before = dict(node.attributes)
        style = node.attributes.pop("style", None)
        kept: dict[str, str] = {}
        if node.name not in _UNSTYLED:
            for name, outcome in plan.winners.items():
                unsaid = self._written(node, name, outcome)
                if unsaid is not None:
                    kept[name] = unsaid
            if not _write_transform(node, plan.winners):
                kept |= self._kept_transform(node, plan.winners)
            _keep_mask(node, plan.winners, kept)
        if node.parent is None:
            kept |= paint_background(job, node, plan.winners)
        if kept:
            unchanged = kept.keys() == plan.winners.keys() and not plan.matched
            text = style if unchanged else None
            node.attributes["style"] = text or "; ".join(dict.fromkeys(kept.values()))
        transform = ATTRIBUTE.get(node.name, "transform")
        attribute = "style" if style is not None else None
        if node.attributes != before:
            others = {name: value for name, value in node.attributes.items() if name != "style"}
            bare = {name: value for name, value in before.items() if name != "style"}
            # as attributes, blend modes do nothing; as CSS, only browsers know where shapes are and what moves them
            changed = {name for name in plan.winners if others.get(name) != bare.get(name)}
            moved = others.get(transform) != bare.get(transform) and not plan.winners.keys().isdisjoint(FAMILY)
            masked = "mask" in kept and others.get("mask") != bare.get("mask")
            misread = not plan.plain or moved or masked or not changed.isdisjoint(_BLEND | GEOMETRY.keys())
            job.did("css.inlined" if others != bare else "css.style-dropped", node, attribute, misread=misread)
        for name, css in kept.items():
            blend = name in _BLEND
            what = "css.blend" if blend else "css.transform" if name in FAMILY else "css.value"
            job.decline(what, node, attribute, needs="blend" if blend else "", declaration=css)

    def _kept_transform(self, node: Node, winners: dict[str, Outcome]) -> dict[str, str]:
        texts = {name: css for name in FAMILY if name in winners and (css := outcome_text(name, winners[name]))}
        if not texts:  # it is by attributes alone
            origin = node.attributes.get("transform-origin", "")
            self.job.decline("css.transform", node, declaration=f"transform-origin: {origin}")
        return texts

    def _written(self, node: Node, name: str, outcome: Outcome) -> str | None:
        """Write one property; answers with the CSS where it can't be said by an attribute."""
        if name in PROPERTIES:
            if name in _BLEND and not self.job.allows("blend") and not _is_neutral(name, outcome):
                if name == "isolation" and not self.has_blend:
                    return None
                return outcome_text(name, outcome)
            return _write_property(node, name, outcome)
        if name in GEOMETRY:
            return _write_geometry(node, name, outcome)
        if name in TEXT_EFFECTS and not self.has_text:
            return None
        return outcome.css if isinstance(outcome, Kept) and name not in ("background-image", "mask-mode") else None


def _keep_mask(node: Node, winners: dict[str, Outcome], kept: dict[str, str]) -> None:
    """Leave a mask that is used in another mode than its own to CSS as a whole: as an attribute it would be plain."""
    mode = winners.get("mask-mode")
    if "mask" in kept:
        node.attributes.pop("mask", None)
        if isinstance(mode, Kept):
            kept["mask-mode"] = mode.css
    elif isinstance(mode, Kept) and node.attributes.get("mask", "none").strip() not in ("", "none", "inherit"):
        kept["mask"] = f"mask: {node.attributes.pop('mask').strip()} {mode.css.rpartition(' ')[2]}"


def _is_neutral(name: str, outcome: Outcome) -> bool:
    if isinstance(outcome, Wide):
        return outcome.keyword != "inherit"
    return isinstance(outcome, str) and outcome in NEUTRAL.get(name, ())


def _write_property(node: Node, name: str, outcome: Outcome) -> str | None:
    attributes = node.attributes
    if isinstance(outcome, Wide):
        keyword = outcome.keyword
        if keyword == "inherit":
            attributes[name] = "inherit"
        elif keyword == "initial" and PROPERTIES[name].inherited:
            attributes[name] = INITIALS.get(name, "auto")
        elif keyword != "revert-layer":
            attributes.pop(name, None)
        return None
    if not isinstance(outcome, str):
        return outcome_text(name, outcome)
    if name == "display" and outcome == "contents":
        return outcome_text(name, outcome)
    if _is_neutral(name, outcome) or (name == "display" and outcome != "none"):
        attributes.pop(name, None)  # for what is drawn, one way of being displayed is as good as the other
    else:
        attributes[name] = outcome
    return None


def _write_geometry(node: Node, name: str, outcome: Outcome) -> str | None:
    if name not in GEOMETRY_OF.get(node.name, ()):
        return None
    if node.parent is None and (name in ("x", "y") or "viewBox" in node.attributes or not _is_number(outcome)):
        return None  # the size of the frame, not of what is in it
    if isinstance(outcome, Wide):
        if outcome.keyword == "inherit":
            return outcome_text(name, outcome)
        if outcome.keyword != "revert-layer":
            node.attributes.pop(name, None)
    elif outcome == "auto" and (node.name == "rect" or name in ("rx", "ry")):
        node.attributes.pop(name, None)
    elif isinstance(outcome, str):
        node.attributes[name] = outcome
    else:
        return outcome_text(name, outcome)
    return None


def _is_number(outcome: Outcome) -> bool:
    return isinstance(outcome, str) and outcome.replace(".", "", 1).isdecimal()


def _write_transform(node: Node, winners: dict[str, Outcome]) -> bool:
    """Write all properties that make a transform into one attribute; whether that can be done."""
    declared = {name: winners[name] for name in FAMILY if name in winners}
    origins = [name for name in ("transform-origin", "transform-box") if name in node.attributes]
    if not declared and not origins:
        return True
    if Wide("inherit") in declared.values():
        return False
    values = _transform_values(node, declared)
    attribute = ATTRIBUTE.get(node.name, "transform")
    moves = not values.keys().isdisjoint(_MOVING) or attribute in node.attributes
    text: str | None = ""
    if node.name in TRANSFORMED and moves:
        text = transform_text(node, values)
        if text is None or (text and node.parent is None):  # a browser turns the root around its middle
            return False
    for name in origins:
        del node.attributes[name]
    if text:
        node.attributes[attribute] = text
    elif moves and node.name in TRANSFORMED:
        node.attributes.pop(attribute, None)
    return True


_MOVING = frozenset(FAMILY) - {"transform-origin", "transform-box"}
_INITIAL_TRANSFORMS = {"transform": "none", "transform-origin": "0 0"}


def _transform_values(node: Node, declared: dict[str, Outcome]) -> dict[str, Tokens]:
    values: dict[str, Tokens] = {}
    for name, outcome in declared.items():
        if isinstance(outcome, Tokenised):
            values[name] = outcome.tokens
        elif outcome != Wide("revert-layer") and name in _INITIAL_TRANSFORMS:
            values[name] = attribute_tokens(_INITIAL_TRANSFORMS[name])
    if "transform-origin" in node.attributes and "transform-origin" not in values:
        tokens = attribute_tokens(node.attributes["transform-origin"])
        if is_valid("transform-origin", tokens, loose=True):
            values["transform-origin"] = tokens
    return values


def _drop_sheets(job: Job, styles: list[Node]) -> None:
    parents = {id(node.parent): node.parent for node in styles if node.parent is not None}
    for parent in parents.values():
        parent.children = [child for child in parent.children if isinstance(child, str) or child.name != "style"]
    for node in styles:
        node.parent = None
        job.did("css.sheet-dropped", node)
    classed = 0
    for node in job.root.walk():
        classed += node.attributes.pop("class", None) is not None
    if classed:
        job.did("css.classes-dropped", count=classed)
