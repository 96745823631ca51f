"""Namespaces: what each prefix stands for, and every element's name by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine import Fault
from .place import Place

if TYPE_CHECKING:
    from .document import Document

SVG_NS = "http://www.w3.org/2000/svg"
XLINK_NS = "http://www.w3.org/1999/xlink"
XML_NS = "http://www.w3.org/XML/1998/namespace"
XMLNS_NS = "http://www.w3.org/2000/xmlns/"

ADOBE_ENTITIES = {"$ns_svg;": SVG_NS, "$ns_xlink;": XLINK_NS}
"""What Illustrator's entities stand for. The file's own definition is not looked at; these two are known."""


_MAX_DECLARATIONS = 1_000
"""Namespace declarations in all; bounds the cost of handing bindings down a deep document."""


def declared_namespaces(attributes: dict[str, str]) -> dict[str, str]:
    """The bindings an element declares; the default namespace is under the empty prefix."""
    return {
        ("" if name == "xmlns" else name[6:]): ADOBE_ENTITIES.get(value, value)
        for name, value in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }


def resolve(document: Document) -> None:
    """Give every element its name by namespace.

    Nearly every logo declares one default namespace on its root and uses no prefix, so names are right as written.
    That no element below the root declares a namespace is taken for granted here; `resolve_scopes` is called once one
    does.
    """
    if document.attributes[0].get("xmlns") == SVG_NS and ":" not in "".join(document.qnames):
        document.names = document.qnames
    else:
        resolve_scopes(document)


def resolve_scopes(document: Document) -> None:
    """Name every element by the namespaces in force on it."""
    qnames = document.qnames
    scopes: list[dict[str, str]] = []
    names: list[str] = []
    declared = 0
    for node, qname in enumerate(qnames):
        parent = document.parents[node]
        scope = scopes[parent] if parent >= 0 else {}
        own = declared_namespaces(document.attributes[node])
        if own:
            declared += len(own)
            if declared > _MAX_DECLARATIONS:
                document.faults.append(
                    Fault(
                        "svg.too-many-attributes",
                        Place(offset=document.offset(node)),
                        "",
                        {"limit": _MAX_DECLARATIONS},
                    )
                )
                document.finished = False
                own = {}
            scope = {**scope, **own}
        scopes.append(scope)
        prefix, colon, local = qname.partition(":")
        uri = (XML_NS if prefix == "xml" else scope.get(prefix)) if colon else scope.get("", "")
        if uri is None:
            names.append(f"{{}}{qname}")
        elif uri == SVG_NS:
            names.append(local if colon else qname)
        else:
            names.append(f"{{{uri}}}{local if colon else qname}")
    document.scopes = scopes
    document.names = names
