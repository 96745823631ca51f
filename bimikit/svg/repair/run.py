"""A repair: run the steps, judge again, prove that the picture is the same, and take back what altered it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import NamedTuple

import msgspec

from ...engine import quote
from ...findings import Param, Report, Severity
from ...lazy import lazy_regex
from ..check import check_svg
from ..content import SIZE_LIMIT, SQUARE_TOLERANCE
from ..document import Document
from ..locate import Locator
from ..pictures import NotDrawable
from .job import Job, Mark, Wishes, viewport
from .proof import Proof, Replay, prove
from .result import Repair, folded
from .shortening import digits_for, shorten
from .steps import STEPS
from .tree import Node, read_tree, write

_MOST_PASSES = 4
"""Times that all steps are gone through for a file that doesn't come out conformant."""
_MOST_ROUNDS = 8
"""Times a repair is begun again without a change that turned out to alter the picture."""


def repaired(data: bytes, document: Document | None, wishes: Wishes, before: Report) -> Repair:
    """Repair a file.

    Args:
        data: Its bytes.
        document: What was read from it; None for what can't be read.
        wishes: What the owner asked for.
        before: The report on it.
    """
    if document is None or not before.finished:
        return _refused("unreadable", before)
    if _has_nothing_to_do(before, wishes):
        return Repair(data, (), (), (), None, "", before, before)
    if len(document.names) > MOST_ELEMENTS or len(document.utf8) > MOST_BYTES:
        return _refused("too-much", before, data)
    if document.entities and any(_ENTITY(value) for value in _values(document)):
        return _refused("entities", before, data)
    try:
        return _repaired(data, document, wishes, before)
    except Exception:  # a fault of ours: the file stays as it is, and the owner learns of it
        return _refused("broke-down", before, data)


MOST_ELEMENTS = 10_000
MOST_BYTES = 512 * 1024
"""What is repaired at most: a logo is to have 32 KB, and what is far beyond can't be brought there."""
_ENTITY = lazy_regex(r"\$[A-Za-z_][A-Za-z0-9._-]*;", "search")
"""A reference to an entity, as it was left standing."""
_LEFT_ALONE = frozenset(
    "receiver.gmail.background receiver.gmail.desc-missing receiver.gmail.groups receiver.gmail.text "
    "svg.title-placeholder svg.title-long svg.one-colour svg.nothing-drawn".split()
)
"""What a file goes against that no repair mends unless the owner says how."""
_PROLOG = frozenset(
    f"svg.{name}"
    for name in (
        "attribute-default doctype doctype-external encoding-conflict encoding-unknown entity-declaration "
        "namespace-declaration namespace-missing namespace-wrong processing-instruction stylesheet-instruction "
        "xml-version"
    ).split()
)
"""Faults of the file around its elements, which are gone once it is written anew."""


_UNREAD = frozenset({"svg.attribute-default", "svg.stylesheet-instruction"})
"""What browsers draw by, and no step sees: defaults of attributes in the DOCTYPE, style sheets of instructions."""


def _has_nothing_to_do(before: Report, wishes: Wishes) -> bool:
    if wishes.title or wishes.desc or wishes.background or wishes.allow:
        return False
    return all(f.severity is Severity.NOTICE or f.rule in _LEFT_ALONE for f in before.findings)


def _values(document: Document) -> Iterator[str]:
    """Every value and text in which an entity may be left that means something."""
    for attributes in document.attributes:
        for name, value in attributes.items():
            if not name.startswith("xmlns") and name != "requiredExtensions":
                yield value
    yield from (stray.text for stray in document.texts)


def _refused(why: str, before: Report, svg: bytes | None = None) -> Repair:
    declined = folded([Mark("", why, None, {})], "declined", Locator(Document(b"")))
    return Repair(svg, (), (), declined, None, "", before, before)


class _Outcome(NamedTuple):
    """A run of the steps that may stand."""

    job: Job
    text: str
    proof: Proof


def _repaired(data: bytes, document: Document, wishes: Wishes, before: Report) -> Repair:
    tree = read_tree(document)
    undone: dict[tuple[str, int], Mark] = {}
    outcome = _without_culprits(tree, document, wishes, undone, before)
    if outcome is None:
        return _refused("not-exact", before, data)
    svg, report = _judged(outcome, data, before)
    if outcome.job.changes and not report.ok:
        outcome = _furthered(outcome, tree, document, wishes, undone, before)
        svg, report = _judged(outcome, data, before)
    job, _text, proven = outcome
    if len(_errors(report)) > len(_errors(before)):
        return _refused("no-better", before, data)
    locate = Locator(document)
    return Repair(
        svg,
        folded(job.changes, "change", locate),
        folded(undone.values(), "change", locate),
        folded(job.declined, "declined", locate),
        proven.difference,
        proven.unproven or _why_unproven(job, proven),
        before,
        report,
        proven.drawn,
    )


def _judged(outcome: _Outcome, data: bytes, before: Report) -> tuple[bytes, Report]:
    """The file as it comes out, and the report on it."""
    if not outcome.job.changes:
        return data, before
    svg = outcome.text.encode()
    return svg, check_svg(svg, name=before.subject, at=before.judged_at)


def _furthered(
    outcome: _Outcome,
    tree: Node,
    document: Document,
    wishes: Wishes,
    undone: Mapping[tuple[str, int], Mark],
    before: Report,
) -> _Outcome:
    """The steps gone through until they find nothing more to do, so that a second repair wouldn't either.

    A file that comes out conformant needs that once. Elsewhere what a step has to leave can hide work from others.
    """
    job, text, crash = _run(tree, document, wishes, undone, before, most=_MOST_PASSES)
    if crash is not None or text == outcome.text:
        return outcome
    proven = prove(tree, job.root, ground=_ground(job), fonts=wishes.fonts)
    return outcome if outcome.proof.same and not proven.same else _Outcome(job, text, proven)


def _why_unproven(job: Job, proven: Proof) -> str:
    if not job.changes:
        return ""
    return "misread" if job.unread or not (proven.same or job.visible) else ""


def _is_thorough(before: Report) -> bool:
    return any(f.severity is Severity.ERROR or f.rule == "svg.viewbox-not-square" for f in before.findings)


def _errors(report: Report) -> set[str]:
    """The rules a file breaks, but for those that may be seen only once the others are kept."""
    return {
        finding.rule
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.rule not in _REVEALED
    }


_REVEALED = frozenset({"svg.one-colour", "svg.nothing-drawn"})


def _without_culprits(
    tree: Node, document: Document, wishes: Wishes, undone: dict[tuple[str, int], Mark], before: Report
) -> _Outcome | None:
    """Run the steps, again and again without what altered the picture; None where that leads nowhere."""
    for _round in range(_MOST_ROUNDS):
        job, text, crash = _run(tree, document, wishes, undone, before)
        guilty: Mapping[tuple[str, int], Mark] = {}
        if crash is not None:
            guilty = {(crash.step, -1): crash}
        else:
            ground = _ground(job)
            exempt = frozenset(m.step for m in job.changes if m.exempt and not (ground and m.what == "background.laid"))
            proven = prove(tree, job.root, ground=ground, fonts=wishes.fonts) if job.changes else Proof(None, "")
            if not job.changes or proven.difference is None or (proven.same and not exempt):
                return _Outcome(job, text, proven)
            laid = exempt | {m.step for m in job.changes if m.what == "background.laid"}
            try:
                guilty = Replay(tree, wishes, _is_thorough(before), laid).culprits(undone)
            except NotDrawable:  # a state in between; the whole is then judged as it stands
                guilty = {}
            if not guilty and laid:
                return _Outcome(job, text, proven)
            if not guilty:
                guilty = {(mark.step, -1): mark for mark in job.changes if mark.step == "size"}
        if guilty.keys() <= undone.keys():
            return None
        undone.update(guilty)
    return None


def _ground(job: Job) -> str | None:
    """The colour of a background that was laid behind all that is compared: behind a square canvas, that is."""
    box = viewport(job.root)
    laid = any(mark.what == "background.laid" for mark in job.changes)
    return job.wishes.background if laid and isclose(box[2], box[3], rel_tol=SQUARE_TOLERANCE) else None


def _run(
    tree: Node,
    document: Document,
    wishes: Wishes,
    undone: Mapping[tuple[str, int], Mark],
    before: Report,
    *,
    most: int = 1,
) -> tuple[Job, str, Mark | None]:
    """All steps, up to `most` times while they find something to do: the job, the text, and a note of a breakdown."""
    job = Job(tree.clone(), wishes, undone, thorough=_is_thorough(before))
    job.unread = any(finding.rule in _UNREAD for finding in before.findings)
    if any(finding.rule in _PROLOG for finding in before.findings):
        job.did("file.rewritten")
    for turn in range(most):
        done = len(job.changes)
        if turn:  # what was wished for is there by now, and what can't be done is told anew
            job.wishes = msgspec.structs.replace(wishes, title=None, desc=None, background=None)
            job.declined.clear()
        for step in STEPS:
            if (step.name, -1) in undone and undone[step.name, -1].what == "step-failed":
                continue
            job.step = step.name
            try:
                step.run(job)
            except Exception as problem:
                params: dict[str, Param] = {"step": step.name, "problem": quote(repr(problem))}
                return job, "", Mark(step.name, "step-failed", None, params)
        if len(job.changes) == done:
            break
    job.wishes = wishes
    return job, _fitted(job, len(document.utf8)), None


def _fitted(job: Job, size: int) -> str:
    """The text; where it would be over the size limit, with fewer blanks, and then fewer decimals.

    Args:
        job: The job, all steps done.
        size: Bytes of the file as it was given.
    """
    text = write(job.root)
    bare = len(text.encode()) if job.changes else size
    if bare <= SIZE_LIMIT:
        return text
    job.step = "size"
    attempts = _attempts(job)
    attempt = next(attempts)
    while len(attempt.text.encode()) > SIZE_LIMIT:
        following = next(attempts, None)
        if following is None:
            break
        attempt = following
    after = len(attempt.text.encode())
    if after >= bare * _WORTH_WHILE:
        return text
    job.root = attempt.root
    job.did(attempt.what, visible=attempt.what == "size.simplified", before=bare, after=after, limit=SIZE_LIMIT)
    return attempt.text


_WORTH_WHILE = 0.98
"""Of its size: what saves less than a fiftieth, and stays over the limit, is not done."""
_UNSEEN = (0.02, 0.06)
"""Of a pixel, where the canvas is 512 pixels wide: how far a point may move without anybody's consent, as it takes."""
_SEEN = (0.1, 0.25, 0.5)
"""The same with consent to simplify, tried in this order."""


class _Attempt(NamedTuple):
    """A smaller file: what was done to it, its tree, and its text."""

    what: str
    root: Node
    text: str


def _attempts(job: Job) -> Iterator[_Attempt]:
    """Smaller files, each smaller than the one before."""
    yield _Attempt("size.compacted", job.root, write(job.root, compact=True))
    if not job.may_touch(job.root):
        return
    box = viewport(job.root)
    ways = [("size.shortened", error) for error in _UNSEEN]
    if job.allows("simplify"):
        ways += [("size.simplified", error) for error in _SEEN]
    for what, error in ways:
        root = job.root.clone()
        shorten(root, digits_for(box, error))
        yield _Attempt(what, root, write(root, compact=True))
