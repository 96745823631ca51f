"""What mutants are made from: small conformant documents, and odd texts, names and values to put into them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bimikit.svg.namespaces import SVG_NS, XLINK_NS
from bimikit.svg.profile import CONSTRAINED, ELEMENTS
from bimikit.svg.vocabulary import FORBIDDEN_ATTRIBUTES, FORBIDDEN_ELEMENTS

_ROOT = f'<svg xmlns="{SVG_NS}" version="1.2" baseProfile="tiny-ps"'

SEEDS: tuple[bytes, ...] = tuple(
    text.encode()
    for text in (
        f'{_ROOT} viewBox="0 0 9 9"><title>A</title><rect width="9" height="9" fill="red"/><circle r="3"/></svg>',
        f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- two shapes, text -->
{_ROOT} width="96" height="96" viewBox="0 0 96 96" xml:lang="en" id="logo" class="brand logo"
     preserveAspectRatio="xMidYMid meet" zoomAndPan="disable" focusable="false" fill-rule="evenodd">
  <title xml:lang="ja">Acme 株式会社</title>
  <desc id="d" visibility="visible">Red &amp; white</desc>
  <metadata>made by hand</metadata>
  <rect x="0" y="0" width="96" height="96" rx="4" ry="4" fill="#fff"/>
  <path id="p" d="M10 10 L86,10 V86 H10z M20 20c1 2 3 4 5 6" fill="rgb(200, 0, 10)" pathLength="9"/>
  <text x="5 6" y="90" rotate="0" font-family="serif" font-size="9" font-weight="bold" editable="none">Acme</text>
  <textArea x="5" y="5" width="80" height="auto" line-increment="auto" text-align="center">Acme</textArea>
</svg>
""",
        f"""{_ROOT} viewBox="0 0 100 100">
<title>Gradients</title>
<defs id="defs" class="x">
<linearGradient id="a" x1="0" y1="0" x2="1" y2="1" gradientUnits="objectBoundingBox">
<stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="blue" stop-opacity=".5"/></linearGradient>
<radialGradient id="b" cx=".5" cy=".5" r=".5"><stop offset=".2" stop-color="lime"/></radialGradient>
<solidColor id="c" solid-color="navy" solid-opacity="0.9"/>
<g id="shape"><ellipse cx="5" cy="5" rx="5" ry="3"/></g>
</defs>
<g transform="translate(1,2) rotate(3)" fill="url(#a)" stroke="url(#c) black" stroke-width="2">
<line x1="0" y1="0" x2="9" y2="9" stroke-linecap="round" stroke-dasharray="1 2" stroke-dashoffset="1"/>
<polyline points="0,0 1,1 2,0" fill="none" stroke-linejoin="bevel" stroke-miterlimit="4"/>
<polygon points="0 0 9 0 9 9" fill="url(#b)" fill-opacity=".5" vector-effect="non-scaling-stroke"/>
<use href="#shape" x="1" y="2" transform="scale(2)" color="red"/>
</g>
</svg>""",
        f"""<svg:svg xmlns:svg='{SVG_NS}' xmlns:xlink='{XLINK_NS}' version='1.2' baseProfile='tiny-ps'>
<svg:title>Prefixed</svg:title><svg:g systemLanguage='en' requiredFonts=''><svg:rect fill='red' width='9' height='9'
property='p' rel='r' rev='v' role='x' typeof='t' content='c' datatype='d' resource='#svg' about=''/>
<svg:circle r='1' xml:id='i' xml:space='preserve'/></svg:g></svg:svg>""",
        f"""{_ROOT} contentScriptType="text/plain" externalResourcesRequired="false" snapshotTime="none"
playbackOrder="all" timelineBegin="onLoad"><!-- early --><?hint a?><title>T</title><g><g><defs><g/></defs></g></g>
<solidColor/><rect width="1" height="1"/><rect width="1" height="1" fill="currentColor" color="green"/></svg>""",
    )
)
"""Conformant documents that have every element of the profile and most of its attributes."""

_ODD = tomllib.loads(Path(__file__).with_name("odd.toml").read_text("utf-8"))


def _odd(key: str) -> tuple[str, ...]:
    return tuple(_ODD[key])


ELEMENT_NAMES: tuple[str, ...] = (*ELEMENTS, *FORBIDDEN_ELEMENTS, *_odd("elements"))
PROFILE_ATTRIBUTES: tuple[str, ...] = tuple(
    dict.fromkeys(name for spec in ELEMENTS.values() for name in spec.attributes)
)
ATTRIBUTE_NAMES: tuple[str, ...] = (*PROFILE_ATTRIBUTES, *FORBIDDEN_ATTRIBUTES, *_odd("attributes"))

PADS = _odd("pads")
IDS = (*_odd("ids"), "x" * 1200, "漢" * 600)
LANGUAGES = _odd("languages")
ASPECTS = _odd("aspects")
ODD_VALUES = (*_odd("values"), "x" * 300)
TEXTS = _odd("texts")
NAMESPACES = _odd("namespaces")
DECLARATIONS = _odd("declarations")
DOCTYPES = _odd("doctypes")
ENCODINGS: tuple[tuple[bytes, str, str], ...] = tuple(
    (bytes.fromhex(mark), codec, name) for mark, codec, name in _ODD["encodings"]
)

_LISTS = [(name, kind.words) for spec in ELEMENTS.values() for name, kind in spec.attributes.items() if kind.words]
WORDS: dict[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(word for other, words in _LISTS if other == name for word in words)) for name, _ in _LISTS
} | {"preserveAspectRatio": ("none", "xMidYMid", "xMidYMid meet", "xMidYMidmeet", "none meet", "nonemeet")}
"""Attributes with a closed list of values, and the list."""

VALID: dict[str, str] = {
    **{name: words[0] for name, words in WORDS.items()},
    **CONSTRAINED,
    "id": "an-id",
    "xml:id": "an-id",
    "xml:lang": "en",
    "class": "a b",
    "d": "M0 0H9V9z",
    "points": "0,0 9,0 9,9",
    "viewBox": "0 0 9 9",
    "transform": "scale(2)",
    "href": "#an-id",
    "xml:base": "",
    **dict.fromkeys(("fill", "stroke", "color", "solid-color", "stop-color", "viewport-fill"), "red"),
}
"""One value the schema takes for each attribute that doesn't take ``1``."""

VALUES_OF: dict[str, tuple[str, ...]] = {
    "id": IDS,
    "xml:id": IDS,
    "class": IDS,
    "xml:lang": LANGUAGES,
    "preserveAspectRatio": ASPECTS,
    "xmlns": NAMESPACES,
}
"""Values for attributes with a lexical form of their own."""
