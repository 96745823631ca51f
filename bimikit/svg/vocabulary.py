"""Names that SVG Tiny PS doesn't have, and what each of them is: it decides which rule speaks of it."""

from __future__ import annotations

from .profile import ELEMENTS


def _table(rules: dict[str, str]) -> dict[str, str]:
    return {name: rule for rule, names in rules.items() for name in names.split()}


FORBIDDEN_ELEMENTS: dict[str, str] = _table(
    {
        "svg.script-element": "script handler listener prefetch",
        "svg.animation-element": "animate animateColor animateMotion animateTransform set mpath discard",
        "svg.image-element": "image",
        "svg.media-element": "audio video animation track source canvas iframe embed object",
        "svg.link-element": "a view cursor",
        "svg.style-element": "style",
        "svg.filter-element": "filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix "
        "feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR "
        "feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight "
        "feTile feTurbulence",
        "svg.clip-element": "clipPath",
        "svg.mask-element": "mask",
        "svg.pattern-element": "pattern",
        "svg.marker-element": "marker",
        "svg.symbol-element": "symbol",
        "svg.nested-svg": "svg",
        "svg.switch-element": "switch",
        "svg.foreign-object": "foreignObject",
        "svg.text-markup": "tspan tbreak tref textPath altGlyph altGlyphDef altGlyphItem glyphRef",
        "svg.font-element": "font font-face font-face-src font-face-uri font-face-format font-face-name glyph "
        "missing-glyph hkern vkern definition-src",
        "svg.svg2-element": "mesh meshgradient meshpatch meshrow hatch hatchpath unknown",
        "svg.element-not-in-profile": "color-profile page pageSet",
        "svg.html-element": "html head body div span p br img table tr td th ul ol li h1 h2 h3 h4 h5 h6 link meta "
        "form input button b i strong em nav section article header footer main figure",
    }
)
"""Names in the SVG namespace (or in none) that the profile lacks, and the rule that forbids them."""

UNWRAPPED = frozenset({"a", "switch", "symbol", "svg", "clipPath", "mask", "pattern", "marker"})
"""Forbidden elements whose content would stay in a repaired file, so it is judged like a group's."""

FORBIDDEN_ATTRIBUTES: dict[str, str] = _table(
    {
        "svg.style-attribute": "style",
        "svg.opacity-attribute": "opacity",
        "svg.clip-attribute": "clip-path clip",
        "svg.mask-attribute": "mask",
        "svg.filter-attribute": "filter flood-color flood-opacity lighting-color",
        "svg.gradient-attribute": "gradientTransform spreadMethod fx fy fr",
        "svg.hidden-attribute": "display visibility",
        "svg.svg2-attribute": "mix-blend-mode isolation paint-order transform-origin transform-box mask-type "
        "inline-size shape-inside white-space text-overflow",
        "svg.marker-attribute": "marker marker-start marker-mid marker-end",
        "svg.html-attribute": "lang title tabindex hidden alt src dir contenteditable draggable slot part "
        "autofocus nonce crossorigin referrerpolicy",
        "svg.animation-attribute": "attributeName attributeType begin dur end from to by values keyTimes keySplines "
        "calcMode repeatCount repeatDur additive accumulate restart min max",
        "svg.attribute-not-in-profile": "enable-background overflow clip-rule shape-rendering text-rendering "
        "image-rendering buffered-rendering color-interpolation color-interpolation-filters color-profile "
        "viewport-fill viewport-fill-opacity letter-spacing word-spacing text-decoration font font-stretch "
        "font-size-adjust kerning alignment-baseline baseline-shift dominant-baseline writing-mode "
        "glyph-orientation-horizontal glyph-orientation-vertical pointer-events cursor dx dy textLength lengthAdjust "
        "requiredFeatures requiredExtensions requiredFormats contentStyleType "
        "markerWidth markerHeight markerUnits refX refY patternUnits patternContentUnits patternTransform "
        "clipPathUnits maskUnits maskContentUnits focusHighlight nav-next nav-prev nav-up nav-down nav-left "
        "nav-right audio-level syncBehavior syncMaster syncTolerance initialVisibility target",
    }
)
"""Attributes without a prefix that the profile lacks (nearly) everywhere, and the rule that forbids them."""

EDITOR_NAMESPACES: tuple[tuple[str, str], ...] = (
    ("http://www.inkscape.org/", "Inkscape"),
    ("http://sodipodi.sourceforge.net/", "Inkscape"),
    ("http://inkscape.sourceforge.net/", "Inkscape"),
    ("http://ns.adobe.com/", "Adobe Illustrator"),
    ("http://www.bohemiancoding.com/sketch/", "Sketch"),
    ("http://www.figma.com/", "Figma"),
    ("http://www.serif.com/", "Affinity Designer"),
    ("http://vectornator.io", "Vectornator"),
    ("http://www.corel.com/", "CorelDRAW"),
    ("http://boxy-svg.com", "Boxy SVG"),
    ("https://boxy-svg.com", "Boxy SVG"),
    ("http://svgjs.", "SVG.js"),
    ("https://svgjs.", "SVG.js"),
    ("http://xml.openoffice.org/", "LibreOffice"),
    ("http://libreoffice.org/", "LibreOffice"),
    ("http://schemas.microsoft.com/", "Microsoft Visio"),
    ("http://creativecommons.org/ns", "RDF"),
    ("http://web.resource.org/cc/", "RDF"),
    ("http://purl.org/dc/", "RDF"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", "RDF"),
    ("&ns_", "Adobe Illustrator"),
    ("$ns_", "Adobe Illustrator"),
)
"""How the namespaces begin in which editors keep their own data, and whose they are."""

HTML_NAMESPACE = "http://www.w3.org/1999/xhtml"


def editor_of(namespace: str) -> str:
    """The editor whose namespace this is; empty for none that is known."""
    return next((editor for start, editor in EDITOR_NAMESPACES if namespace.startswith(start)), "")


ELEMENT_BY_LOWER = {name.lower(): name for name in ELEMENTS}
ATTRIBUTES = frozenset(name for element in ELEMENTS.values() for name in element.attributes)
