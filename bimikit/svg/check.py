"""`check_svg`: read, parse, judge, and tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ..arguments import as_bytes, in_utc
from ..engine import UNREADABLE, Fault, crashed, findings_from, quote, run
from ..findings import Report
from . import content, grammar, painting, references, values
from .document import Document, Limits, parse
from .grammar import Survey, survey
from .locate import Locator
from .namespaces import SVG_NS
from .place import Place
from .profile import collapse
from .reading import Text, read
from .rules import RULES

DEFAULT_LIMITS = Limits()

CHECKS: tuple[Callable[[Survey], Iterable[Fault[Place]]], ...] = (
    values.values,
    grammar.stray_text,
    grammar.identity,
    grammar.lost_classes,
    content.root,
    content.title,
    content.description,
    content.gmail,
    references.references,
)
"""What is asked of every document."""

WHOLE_CHECKS: tuple[Callable[[Survey], Iterable[Fault[Place]]], ...] = (painting.drawing,)
"""What can only be said of a document that was read to its end."""


def check_svg(
    data: bytes | bytearray | memoryview,
    *,
    limits: Limits | None = None,
    name: str = "svg",
    at: datetime | None = None,
) -> Report:
    """Judge an Indicator against SVG Tiny PS, the prose around it, and what mailbox providers ask.

    Pure: it reads nothing but its arguments (and the clock, when `at` isn't given), and never raises on what is in
    `data`.

    Args:
        data: The file's bytes: SVG in any encoding XML allows, or gzipped (``.svgz``).
        limits: Bounds on size and structure; `Limits()` by default.
        name: What the report calls its subject, a file name for instance.
        at: The moment to judge at; must have a time zone. Now by default.

    Returns:
        The report, of kind ``"svg"``. Its facts tell the encoding, sizes in bytes, title, and the root's geometry.

    Raises:
        TypeError: `data` isn't bytes, or `limits` aren't `Limits`.
        ValueError: `at` has no time zone.

    Source: draft-svg-tiny-ps-abrotman-12; the AuthIndicators schema SVG_PS-latest.
    """
    data = as_bytes("data", data)
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be Limits, not {type(limits).__name__}")
    at = in_utc(at)
    limits = limits or DEFAULT_LIMITS
    text, faults, seen = read(data, limits.max_bytes)
    if text is None:
        document = Document(seen)
        facts: dict[str, Any] = {"size": len(data)}
        document.finished = False
    else:
        document = parse(text.utf8, limits)
        faults += document.faults
        faults += _judge(document, text)
        facts = _facts(document, text, len(data))
    return Report("svg", name, at, findings_from(faults, RULES, Locator(document)), facts, {}, document.finished)


def opened(data: bytes, limits: Limits) -> Document | None:
    """The document in a file, its elements named as `check_svg` names them.

    Returns:
        The document; None where the file can't be read to its end, or is no SVG.
    """
    text, _faults, _seen = read(data, limits.max_bytes)
    document = parse(text.utf8, limits) if text is not None else None
    if document is None or not document.finished or not document.names:
        return None
    survey(document)  # names elements anew where a namespace is declared below the root
    if document.names[0] != "svg":
        root_fault(document)
    return document if document.finished and document.names[0] == "svg" else None


def unreadable(name: str, problem: str, *, at: datetime | None = None, kind: str = "svg") -> Report:
    """The report on a file that could not be read at all, so that no format leaves it out."""
    at = in_utc(at)
    faults: list[Fault[Place]] = [Fault(UNREADABLE, None, "", {"problem": quote(problem)})]
    return Report(kind, name, at, findings_from(faults, RULES, Locator(Document(b""))), finished=False)


def decode(data: bytes, *, limits: Limits | None = None) -> str:
    """The text of an SVG file as `check_svg` counts its lines and columns; as far as it can be decoded."""
    return read(data, (limits or DEFAULT_LIMITS).max_bytes).seen.decode("utf-8", "replace")


def _judge(document: Document, text: Text) -> list[Fault[Place]]:
    faults = list(content.size(text.inflated_size))
    if not document.names:
        return faults
    stranger = root_fault(document)
    if stranger is not None:
        faults.append(stranger)
        if stranger.rule == "svg.not-svg":
            document.finished = False
            return faults
    try:
        found = survey(document)
    except Exception as crash:
        document.finished = False
        return [*faults, crashed("survey", crash)]
    faults += found.faults
    run(CHECKS + WHOLE_CHECKS if document.finished else CHECKS, found, faults)
    return faults


def root_fault(document: Document) -> Fault[Place] | None:
    """What is wrong with the root's name; the rest is then judged as if it were right."""
    qname, name = document.qnames[0], document.names[0]
    if name == "svg":
        return None
    prefix, colon, local = qname.rpartition(":")
    if local.lower() != "svg":
        kind = "@kind.html" if local.lower() in ("html", "head", "body", "div") else "@kind.xml"
        return Fault("svg.not-svg", Place(0), "", {"kind": kind, "root": quote(qname)})
    namespace = document.namespace(0, prefix)
    _take_as_svg(document, namespace)
    params = {"namespace": quote(namespace or ""), "element": quote(qname), "prefix": quote(prefix)}
    if local != "svg":
        return Fault("svg.element-case", Place(0), "", {**params, "parent": "", "right": "svg"})
    if colon and namespace is None:
        return Fault("svg.prefix-undeclared", Place(0), prefix, {**params, "name": quote(qname)})
    return Fault("svg.namespace-wrong" if namespace else "svg.namespace-missing", Place(0), "", params)


def _take_as_svg(document: Document, namespace: str | None) -> None:
    """Judge the elements of the root's namespace as SVG, whatever that namespace is."""
    start = f"{{{namespace or ''}}}"
    document.names = [
        "svg"
        if node == 0
        else name[len(start) :].rpartition(":")[2]
        if namespace != SVG_NS and name.startswith(start)
        else name
        for node, name in enumerate(document.names)
    ]


def _facts(document: Document, text: Text, size: int) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "size": size,
        "inflated_size": text.inflated_size,
        "compressed": text.compressed,
        "encoding": text.encoding,
        "elements": len(document.qnames),
    }
    if not document.names or document.names[0] != "svg":
        return facts
    root = document.attributes[0]
    for name in ("version", "baseProfile", "viewBox", "width", "height"):
        if name in root:
            facts[name] = quote(root[name])
    for name in ("title", "desc"):
        nodes = content.children_named(document, name)
        if nodes:
            facts[name] = quote(collapse(document.text(nodes[0])))
    return facts
