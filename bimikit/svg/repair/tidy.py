"""What nothing needs any more goes, ids become names, and what stands where it may not is moved or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lexis import BLANK
from ..profile import ELEMENTS, PAINT_SERVERS, TEXTS, is_nc_name
from ..vocabulary import FORBIDDEN_ELEMENTS
from .inert import Kinds
from .job import Job
from .removal import ANIMATIONS, HREFS, ids, referenced, remove_all, retire, targets, unwrap_all, urls
from .structure import drop_attributes
from .tree import IDS, Node

_TEMPLATES = frozenset({"clipPath", "mask", "pattern", "marker", "symbol", "filter"})
"""What the profile lacks and what draws nothing unless it is referred to."""
_UNDRAWN = _TEMPLATES | PAINT_SERVERS
_UNSEEN = frozenset({"style", "script", "title", "desc", "metadata"}) | ANIMATIONS


def tidy(job: Job) -> None:
    """Take out what is unused, name ids as they must be, and clear up what stands where it may not.

    What the profile allows goes only where an earlier step changed something: a conformant file stays as it is.
    """
    thorough = bool(job.changes)
    _place(job)
    _drop_inert(job)
    for _round in range(_MOST_ROUNDS):
        before = len(job.changes)
        _drop_unused(job, thorough=thorough)
        if len(job.changes) == before:
            break
        _drop_inert(job)  # with the last clip path, say, clip-rule loses its effect, and with it what it referred to
    _drop_empty(job, thorough=thorough)
    _identify(job)


_MOST_ROUNDS = 8
"""Times that what is unused is looked for: definitions refer to definitions."""


def _drop_inert(job: Job) -> None:
    kinds = Kinds(job.root)
    for node in job.root.walk():
        drop_attributes(job, node, kinds)


def _place(job: Job) -> None:
    """Take out, or move in front of where it is, what may not stand where it does and isn't drawn there."""
    needed: set[str] | None = None
    strays = [node for node in job.root.walk() if _is_stray(node)]  # outer ones first
    gone: list[Node] = []
    moved: list[Node] = []
    entered: set[int] = set()
    for node in strays:
        if node.parent is None or id(node.parent) in entered or not job.may_touch(node):
            continue
        entered.update(id(below) for below in node.walk())
        if needed is None:
            needed = referenced(job.root)
        if any(name in needed for below in node.walk() for name in ids(below)):
            moved.append(node)
            job.did("tidy.moved", node, element=node.name)
        else:
            gone.append(node)
            job.did("tidy.misplaced", node, element=node.name)
    remove_all(gone)
    for node in moved:
        keeper = Node("defs")
        around = next(one for one in node.ancestors() if one.name in ("svg", "g", "defs"))
        at = node
        while at.parent is not around and at.parent is not None:
            at = at.parent
        around.insert(at.index(), keeper)
        keeper.append(node)


def _is_stray(node: Node) -> bool:
    """Whether an element is where neither the profile has it nor anything draws it."""
    if node.parent is None:
        return False
    name, parent = node.name, node.parent.name
    if parent in TEXTS or name in ANIMATIONS or name.startswith("{"):
        return False
    rule = FORBIDDEN_ELEMENTS.get(name, "")
    if name == "stop":
        return parent not in ELEMENTS or "stop" not in ELEMENTS[parent].children
    if rule == "svg.filter-element" and name != "filter":
        return parent in ELEMENTS
    if rule == "svg.text-markup":
        return parent in ELEMENTS
    if parent not in ELEMENTS or parent in ("svg", "g", "defs"):
        return False
    return name in ELEMENTS or rule != ""


def _drop_unused(job: Job, *, thorough: bool) -> None:
    """Take out definitions that nothing drawn refers to, directly or through others."""
    alive = _reached(job.root)
    needed: set[str] | None = None
    unused: list[Node] = []
    stack = [job.root]
    while stack:
        node = stack.pop()
        in_defs = node.parent is not None and node.parent.name == "defs" and node.name not in _UNSEEN
        defined = node.name in _UNDRAWN or in_defs
        if not defined or id(node) in alive or node.name == "defs":
            if node.name not in TEXTS:
                stack += reversed(node.elements)
            continue
        if (thorough or node.name in _TEMPLATES or _is_foreign(node)) and job.may_touch(node):
            if node.source >= 0:
                job.did("tidy.unused", node, element=node.name)
            unused.append(node)
    if unused:
        needed = {target for node in job.root.walk() if id(node) in alive for target in targets(node)}
        retire(unused, needed)


def _is_foreign(node: Node) -> bool:
    """Whether anything in an element is what the profile lacks."""
    for below in node.walk():
        spec = ELEMENTS.get(below.name)
        if spec is None or not below.attributes.keys() <= spec.attributes.keys():
            return True
    return False


def _reached(root: Node) -> set[int]:
    """What is drawn, or used in drawing it, by identity; not what only holds such."""
    known: dict[str, Node] = {}
    for node in root.walk():
        for name in ids(node):
            known.setdefault(name, node)
    alive: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in alive:
            continue
        alive.add(id(node))
        stack += [known[target] for target in targets(node) if target in known]
        if node.name != "defs":
            stack += [child for child in node.elements if child.name not in _UNDRAWN]
        else:
            stack += [child for child in node.elements if child.name == "defs" or child.name in _UNSEEN]
        if node.name in _UNDRAWN:
            stack += node.elements
    return alive


def _drop_empty(job: Job, *, thorough: bool) -> None:
    """Take out groups and definitions with nothing in them, and groups that say nothing."""
    needed: set[str] | None = None
    empty: set[int] = set()
    gone: list[Node] = []
    bare: list[Node] = []
    for node in reversed(list(job.root.walk())):
        if node.name not in ("g", "defs") or node.parent is None or not (thorough or node.source < 0):
            continue
        if node.parent.name == "clipPath" or node.parent.name in TEXTS or not job.may_touch(node):
            continue
        if all(id(child) in empty for child in node.elements):
            if needed is None:
                needed = referenced(job.root)
            if "filter" in node.attributes or any(name in needed for name in ids(node)):
                continue
            empty.add(id(node))
            gone.append(node)
        elif not node.attributes and (node.name == "g" or node.parent.name == "defs"):
            bare.append(node)
        else:
            continue
        if node.source >= 0:
            job.did("tidy.group", node, element=node.name)
    remove_all(gone)
    unwrap_all(bare)


def _identify(job: Job) -> None:
    """Make every id a name that only one element has, keeping what is referred to."""
    needed: set[str] | None = None
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    for node in job.root.walk():
        taken.update(ids(node))
    seen: set[str] = set()
    for node in job.root.walk():
        if "id" in node.attributes and "xml:id" in node.attributes:
            if needed is None:
                needed = referenced(job.root)
            other = node.attributes.pop("xml:id").strip(BLANK)
            if other in needed and other not in seen:
                renamed.setdefault(other, node.attributes["id"].strip(BLANK))
            job.did("tidy.id-twice", node, "id")
        for key in IDS:
            value = node.attributes.get(key)
            if value is None:
                continue
            name = value.strip(BLANK)
            if name in seen or not name:
                del node.attributes[key]
                job.did("tidy.id-repeated" if name else "tidy.id-empty", node, key, id=name)
                continue
            seen.add(name)
            if not is_nc_name(name):
                new = _name_like(name, taken)
                taken.add(new)
                node.attributes[key] = renamed[name] = new
                job.did("tidy.id-renamed", node, key, id=name, new=new)
    if renamed:
        for node in job.root.walk():
            _refer(node, renamed)


def _name_like(text: str, taken: set[str]) -> str:
    """A name that looks like an id that is none."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", text[:60])
    name = name if name[0].isalpha() or name[0] == "_" else f"_{name}"
    number, new = 1, name
    while new in taken:
        number += 1
        new = f"{name}-{number}"
    return new


def _refer(node: Node, renamed: dict[str, str]) -> None:
    """Let an element's references follow ids to their new names."""
    for key, value in node.attributes.items():
        if key in HREFS:
            target = value.strip(BLANK)
            if target[:1] == "#" and target[1:] in renamed:
                node.attributes[key] = f"#{renamed[target[1:]]}"
        elif "(" in value and key != "id":
            node.attributes[key] = "".join(_renamed(value, renamed))


def _renamed(value: str, renamed: dict[str, str]) -> Iterator[str]:
    """The pieces of a value, ids in them by their new names."""
    at = 0
    for found in urls(value):
        start, end = found.span(found.lastindex or 0)
        yield value[at:start]
        yield renamed.get(value[start:end], value[start:end])
        at = end
    yield value[at:]
