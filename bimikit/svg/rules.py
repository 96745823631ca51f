"""The rules on Indicators, in the order in which `bimikit rules` lists them.

Their words are in `bimikit.locale`, their examples in `bimikit.svg.examples`.
"""

from __future__ import annotations

from ..engine import CRASHED, FOLDED, UNREADABLE
from ..findings import Applicability, Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_SAFE, _VISIBLE, _MANUAL = Applicability.SAFE, Applicability.VISIBLE, Applicability.MANUAL

_SCHEMA = cite("svg-ps-schema")
_ROOT = cite("svg-ps", "section 2.1", "#section-2.1")
_PROHIBITED = cite("svg-ps", "section 2.3", "#section-2.3")
_ADVICE = cite("svg-ps", "section 2.4", "#section-2.4")
_EDITORS = cite("svg-ps", "section 6.2", "#section-6.2")
_TYPES = cite("svgt12", "chapter 4, Basic data types", "types.html#DataTypeNumber")
_COLOURS = cite("svgt12", "chapter 11, Painting: colours", "painting.html")
_PATHS = cite("svgt12", "chapter 8, Paths: path data", "paths.html#PathData")
_SAFETY = cite("bimikit", "safety limits")
_ADVISED = cite("bimikit", "advice")
_GMAIL = cite("gmail-svg")
_GMAIL_LOGO = cite("gmail-logo")


def _schema(section: str) -> Citation:
    return cite("svg-ps-schema", section)


RULES = RuleSet(
    Rule(
        f"svg.{name}" if "." not in name else name,
        severity,
        citation,
        applicability,
        outcome=Outcome.INDETERMINATE if name in (CRASHED, UNREADABLE) else Outcome.FAIL,
    )
    for name, severity, citation, applicability in (
        # reading the file
        ("empty-file", _E, cite("bimi", "indicator discovery"), _MANUAL),
        ("not-svg", _E, cite("bimi", "l= tag"), _MANUAL),
        ("gzip-invalid", _E, cite("rfc1952", "section 2", "#section-2"), _MANUAL),
        ("encoding-unknown", _E, cite("xml", "4.3.3 Character encoding", "#charencoding"), _SAFE),
        ("encoding-invalid", _E, cite("xml", "4.3.3 Character encoding", "#charencoding"), _SAFE),
        ("encoding-conflict", _E, cite("xml", "4.3.3 Character encoding", "#charencoding"), _SAFE),
        ("not-well-formed", _E, cite("xml", "2.1 Well-formed documents", "#sec-well-formed"), _MANUAL),
        ("xml-version", _E, cite("xml", "2.8 Prolog", "#sec-prolog-dtd"), _SAFE),
        ("too-large", _E, _SAFETY, _MANUAL),
        ("too-deep", _E, _SAFETY, _MANUAL),
        ("too-many-elements", _E, _SAFETY, _MANUAL),
        ("too-many-attributes", _E, _SAFETY, _MANUAL),
        ("entity-declaration", _E, _SAFETY, _SAFE),
        ("entity-undefined", _E, cite("xml", "4.1 Entity declared", "#wf-entdeclared"), _MANUAL),
        ("attribute-default", _E, _SAFETY, _SAFE),
        ("doctype-external", _E, _SAFETY, _SAFE),
        ("doctype", _W, _ADVISED, _SAFE),
        ("stylesheet-instruction", _E, _PROHIBITED, _VISIBLE),
        ("processing-instruction", _W, _ADVISED, _SAFE),
        ("file-size", _W, _ADVICE, _VISIBLE),
        # names and namespaces
        ("namespace-missing", _E, _ROOT, _SAFE),
        ("namespace-wrong", _E, _ROOT, _SAFE),
        ("namespace-lost", _E, _ROOT, _SAFE),
        ("namespace-declaration", _E, cite("xml-names", "section 3", "#ns-decl"), _SAFE),
        ("prefix-undeclared", _E, cite("xml-names", "section 5", "#nsc-NSDeclared"), _SAFE),
        # the root
        ("version-missing", _E, _ROOT, _SAFE),
        ("version-wrong", _E, _ROOT, _SAFE),
        ("base-profile-missing", _E, _ROOT, _SAFE),
        ("base-profile-wrong", _E, _ROOT, _SAFE),
        ("value-spaces", _W, _ROOT, _SAFE),
        ("root-position", _E, _EDITORS, _SAFE),
        ("root-transform", _E, _schema("element svg"), _VISIBLE),
        ("constrained-attribute", _W, _PROHIBITED, _SAFE),
        ("constrained-attribute-wrong", _E, _PROHIBITED, _SAFE),
        ("preserve-aspect-ratio", _E, _schema("element svg"), _VISIBLE),
        ("viewbox-missing", _W, _ADVISED, _VISIBLE),
        (
            "viewbox-invalid",
            _E,
            cite("svgt12", "chapter 7, the viewBox attribute", "coords.html#ViewBoxAttribute"),
            _MANUAL,
        ),
        ("viewbox-not-square", _W, cite("bimi-guidance"), _VISIBLE),
        ("size-not-square", _W, cite("bimi-guidance"), _VISIBLE),
        # title and description
        ("title-missing", _E, _ROOT, _SAFE),
        ("title-not-first", _E, _schema("element svg"), _SAFE),
        ("title-repeated", _E, _ROOT, _SAFE),
        ("title-empty", _E, _ROOT, _SAFE),
        ("title-long", _W, _ROOT, _SAFE),
        ("title-placeholder", _W, _ADVISED, _SAFE),
        ("desc-empty", _E, _ROOT, _SAFE),
        # elements the profile doesn't have
        ("script-element", _E, _PROHIBITED, _SAFE),
        ("animation-element", _E, _PROHIBITED, _VISIBLE),
        ("image-element", _E, _PROHIBITED, _VISIBLE),
        ("media-element", _E, _PROHIBITED, _VISIBLE),
        ("link-element", _E, _PROHIBITED, _SAFE),
        ("switch-element", _E, _PROHIBITED, _SAFE),
        ("style-element", _E, _SCHEMA, _SAFE),
        ("filter-element", _E, _SCHEMA, _VISIBLE),
        ("clip-element", _E, _SCHEMA, _VISIBLE),
        ("mask-element", _E, _SCHEMA, _VISIBLE),
        ("pattern-element", _E, _SCHEMA, _VISIBLE),
        ("marker-element", _E, _SCHEMA, _VISIBLE),
        ("symbol-element", _E, _SCHEMA, _SAFE),
        ("nested-svg", _E, _SCHEMA, _SAFE),
        ("foreign-object", _E, _SCHEMA, _VISIBLE),
        ("text-markup", _E, _schema("element text"), _VISIBLE),
        ("font-element", _E, _SCHEMA, _VISIBLE),
        ("editor-element", _E, _SCHEMA, _SAFE),
        ("metadata-content", _E, _schema("element metadata"), _SAFE),
        ("html-element", _E, _SCHEMA, _VISIBLE),
        ("foreign-element", _E, _SCHEMA, _SAFE),
        ("svg2-element", _E, _SCHEMA, _VISIBLE),
        ("element-not-in-profile", _E, _SCHEMA, _SAFE),
        ("element-misplaced", _E, _SCHEMA, _SAFE),
        ("element-case", _E, cite("xml", "2.3 Names", "#sec-common-syn"), _VISIBLE),
        ("element-unknown", _E, _SCHEMA, _SAFE),
        ("text-misplaced", _E, _SCHEMA, _SAFE),
        # attributes the profile doesn't have
        ("event-attribute", _E, _PROHIBITED, _SAFE),
        ("style-attribute", _E, _SCHEMA, _SAFE),
        ("opacity-attribute", _E, _SCHEMA, _VISIBLE),
        ("clip-attribute", _E, _SCHEMA, _VISIBLE),
        ("mask-attribute", _E, _SCHEMA, _VISIBLE),
        ("filter-attribute", _E, _SCHEMA, _VISIBLE),
        ("marker-attribute", _E, _SCHEMA, _VISIBLE),
        ("gradient-attribute", _E, _schema("gradients"), _VISIBLE),
        ("hidden-attribute", _E, _SCHEMA, _SAFE),
        ("svg2-attribute", _E, _SCHEMA, _VISIBLE),
        ("animation-attribute", _E, _PROHIBITED, _SAFE),
        ("html-attribute", _E, _SCHEMA, _SAFE),
        ("editor-attribute", _E, _SCHEMA, _SAFE),
        ("foreign-attribute", _E, _SCHEMA, _SAFE),
        ("xlink-attribute", _E, _SCHEMA, _SAFE),
        ("use-xlink-href", _E, _schema("element use"), _SAFE),
        ("attribute-not-in-profile", _E, _SCHEMA, _VISIBLE),
        ("attribute-misplaced", _E, _SCHEMA, _SAFE),
        ("attribute-case", _E, cite("xml", "2.3 Names", "#sec-common-syn"), _VISIBLE),
        ("attribute-unknown", _E, _SCHEMA, _SAFE),
        # values
        ("attribute-value", _E, _SCHEMA, _VISIBLE),
        ("id-invalid", _E, _schema("attribute id"), _SAFE),
        ("id-twice", _E, _schema("attribute id"), _SAFE),
        ("id-duplicate", _W, cite("svgt12", "chapter 5, Document structure: ids", "struct.html"), _SAFE),
        ("class-invalid", _E, _schema("attribute class"), _SAFE),
        ("language-invalid", _E, _schema("attribute xml:lang"), _SAFE),
        ("colour-invalid", _E, _COLOURS, _MANUAL),
        ("colour-name", _W, cite("svgt12", "chapter 11, Painting: colour names", "painting.html"), _SAFE),
        ("colour-syntax", _W, _COLOURS, _SAFE),
        ("number-invalid", _E, _TYPES, _MANUAL),
        ("number-range", _E, _TYPES, _MANUAL),
        ("number-form", _W, _TYPES, _SAFE),
        ("length-unit", _W, _TYPES, _SAFE),
        ("path-invalid", _E, _PATHS, _MANUAL),
        ("path-arc", _W, _PATHS, _SAFE),
        ("points-invalid", _E, cite("svgt12", "chapter 9, Basic shapes: points", "shapes.html"), _MANUAL),
        (
            "transform-invalid",
            _E,
            cite("svgt12", "chapter 7, the transform list", "coords.html#TransformList"),
            _MANUAL,
        ),
        ("transform-ref", _W, cite("svgt12", "chapter 7, constrained transformations", "coords.html"), _VISIBLE),
        ("value-without-effect", _W, _TYPES, _SAFE),
        ("class-without-style", _W, _ADVISED, _VISIBLE),
        # references
        ("external-reference", _E, _PROHIBITED, _VISIBLE),
        ("script-url", _E, _PROHIBITED, _SAFE),
        ("data-url", _E, _PROHIBITED, _VISIBLE),
        ("reference-missing", _E, cite("svgt12", "chapter 14, Linking: references", "linking.html"), _VISIBLE),
        ("reference-fallback", _W, cite("svgt12", "11.2 Specifying paint", "painting.html#SpecifyingPaint"), _SAFE),
        ("reference-kind", _E, cite("svgt12", "chapter 14, Linking: references", "linking.html"), _VISIBLE),
        ("gradient-empty", _W, cite("svgt12", "chapter 11, Painting: gradients", "painting.html"), _VISIBLE),
        ("reference-circle", _E, cite("svgt12", "chapter 5, the use element", "struct.html#UseElement"), _VISIBLE),
        ("use-explosion", _E, _SAFETY, _VISIBLE),
        # what would be drawn
        ("one-colour", _E, _ADVICE, _VISIBLE),
        ("nothing-drawn", _E, _ADVICE, _VISIBLE),
        # mailbox providers
        ("receiver.gmail.size-missing", _W, _GMAIL, _SAFE),
        ("receiver.gmail.percent-size", _W, _GMAIL, _SAFE),
        ("receiver.gmail.size-unit", _W, _GMAIL, _SAFE),
        ("receiver.gmail.size-small", _W, _GMAIL, _SAFE),
        ("receiver.gmail.background", _W, _GMAIL, _VISIBLE),
        ("receiver.gmail.text", _W, _GMAIL, _VISIBLE),
        ("receiver.gmail.groups", _W, _GMAIL, _SAFE),
        ("receiver.gmail.desc-missing", _W, _GMAIL_LOGO, _SAFE),
        # about the judging itself
        (FOLDED, _N, _SAFETY, _MANUAL),
        (CRASHED, _E, _SAFETY, _MANUAL),
        (UNREADABLE, _E, cite("bimikit"), _MANUAL),
    )
)
