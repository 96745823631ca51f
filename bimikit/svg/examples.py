"""A bad and a good example for every rule on Indicators; the tests judge each of them.

An example that doesn't begin with ``<svg``, ``<?xml`` or ``<!DOCTYPE`` is a fragment and stands in a small conformant
logo; `document` puts it there.
"""

from __future__ import annotations

from typing import NamedTuple

START = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96" '
    'width="96" height="96">'
)
HEAD = "<title>Acme</title><desc>A white disc on blue</desc>"
BODY = '<rect width="96" height="96" fill="#1a3d8f"/><circle cx="48" cy="48" r="30" fill="#fff"/>'
_GRADIENT = '<linearGradient id="sky"><stop offset="0" stop-color="#1a3d8f"/><stop offset="1" stop-color="#fff"/></linearGradient>'
_TURNED = _GRADIENT.replace(" id=", ' gradientTransform="rotate(90)" id=')
_VERTICAL = _GRADIENT.replace(" id=", ' x1="0" y1="0" x2="0" y2="1" id=')


class Example(NamedTuple):
    """What breaks a rule, and the same done right.

    Attributes:
        bad: A fragment or document that breaks the rule.
        good: The same, mended.
        also: Other rules that the bad one breaks as well.
    """

    bad: str
    good: str
    also: tuple[str, ...] = ()


def document(example: str) -> str:
    """The whole document an example stands for."""
    if not example or example.startswith(("<svg", "<?xml", "<!DOCTYPE", "<html", "%PDF", " <?xml", "<SVG", "<x:")):
        return example
    return f"{START}\n{HEAD}\n{BODY}\n{example}\n</svg>\n"


def _whole(start: str = START, head: str = HEAD, body: str = BODY) -> str:
    return f"{start}\n{head}\n{body}\n</svg>\n"


def _start(old: str, new: str) -> str:
    return START.replace(old, new)


_GOOD = _whole()
_PATH = '<path d="M20 20h56v56H20z" fill="#fff"/>'

EXAMPLES: dict[str, Example] = {
    # reading the file
    "svg.empty-file": Example("", _GOOD),
    "svg.not-svg": Example("%PDF-1.7 (an Illustrator file, renamed to logo.svg)", _GOOD),
    "svg.encoding-unknown": Example(f'<?xml version="1.0" encoding="x-sjis-9"?>\n{_GOOD}', f'<?xml version="1.0" encoding="UTF-8"?>\n{_GOOD}'),
    "svg.xml-version": Example(f'<?xml version="2.0"?>\n{_GOOD}', f'<?xml version="1.0"?>\n{_GOOD}'),
    "svg.attribute-default": Example(f'<!DOCTYPE svg [ <!ATTLIST svg onload CDATA "go()"> ]>\n{_GOOD}', _GOOD, ("svg.doctype",)),
    "svg.not-well-formed": Example(_whole(head="<title>Salt & Pepper</title><desc>Logo</desc>"), _whole(head="<title>Salt &amp; Pepper</title><desc>Logo</desc>")),
    "svg.entity-declaration": Example(f'<!DOCTYPE svg [ <!ENTITY brand "Acme"> ]>\n{_whole(head="<title>&brand;</title><desc>Logo</desc>")}', _GOOD),
    "svg.entity-undefined": Example(_whole(head="<title>Acme&nbsp;Inc.</title><desc>Logo</desc>"), _whole(head="<title>Acme Inc.</title><desc>Logo</desc>")),
    "svg.doctype-external": Example(f'<!DOCTYPE svg SYSTEM "https://example.com/logo.dtd">\n{_GOOD}', _GOOD),
    "svg.doctype": Example(f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n{_GOOD}', _GOOD),
    "svg.stylesheet-instruction": Example(f'<?xml version="1.0"?>\n<?xml-stylesheet type="text/css" href="brand.css"?>\n{_GOOD}', f'<?xml version="1.0"?>\n{_GOOD}'),
    "svg.processing-instruction": Example(f'<?xml version="1.0"?>\n<?xpacket begin="x"?>\n{_GOOD}', f'<?xml version="1.0"?>\n{_GOOD}'),
    # names and namespaces
    "svg.namespace-missing": Example(_whole(_start(' xmlns="http://www.w3.org/2000/svg"', "")), _GOOD),
    "svg.namespace-wrong": Example(_whole(_start("http://www.w3.org/2000/svg", "https://www.w3.org/2000/svg")), _GOOD),
    "svg.namespace-lost": Example('<path xmlns="" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.namespace-declaration": Example('<g xmlns:a=""/>', "<g/>", ("receiver.gmail.groups",)),
    "svg.prefix-undeclared": Example('<path inkscape:label="mark" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    # the root
    "svg.version-missing": Example(_whole(_start(' version="1.2"', "")), _GOOD),
    "svg.version-wrong": Example(_whole(_start('version="1.2"', 'version="1.1"')), _GOOD),
    "svg.base-profile-missing": Example(_whole(_start(' baseProfile="tiny-ps"', "")), _GOOD),
    "svg.base-profile-wrong": Example(_whole(_start('"tiny-ps"', '"tiny"')), _GOOD),
    "svg.value-spaces": Example(_whole(_start('"tiny-ps"', '" tiny-ps "')), _GOOD),
    "svg.root-position": Example(_whole(_start(' version="1.2"', ' x="0px" y="0px" version="1.2"')), _GOOD),
    "svg.root-transform": Example(_whole(_start(' version="1.2"', ' transform="scale(2)" version="1.2"')), _GOOD),
    "svg.constrained-attribute": Example(_whole(_start(' version="1.2"', ' zoomAndPan="disable" version="1.2"')), _GOOD),
    "svg.constrained-attribute-wrong": Example(_whole(_start(' version="1.2"', ' zoomAndPan="magnify" version="1.2"')), _GOOD),
    "svg.preserve-aspect-ratio": Example(_whole(_start(' version="1.2"', ' preserveAspectRatio="xMidYMid slice" version="1.2"')), _whole(_start(' version="1.2"', ' preserveAspectRatio="xMidYMid meet" version="1.2"'))),
    "svg.viewbox-missing": Example(_whole(_start(' viewBox="0 0 96 96"', "")), _GOOD),
    "svg.viewbox-invalid": Example(_whole(_start('"0 0 96 96"', '"0 0 96px 96px"')), _GOOD),
    "svg.viewbox-not-square": Example(_whole(_start('"0 0 96 96"', '"0 0 96 48"')), _GOOD),
    "svg.size-not-square": Example(_whole(_start('height="96"', 'height="120"')), _GOOD),
    # title and description
    "svg.title-missing": Example(_whole(head="<desc>Logo</desc>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.title-not-first": Example(_whole(head="<desc>Logo</desc><title>Acme</title>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.title-repeated": Example(_whole(head="<title>Acme</title><title>アクメ</title><desc>Logo</desc>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.title-empty": Example(_whole(head="<title> </title><desc>Logo</desc>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.title-long": Example(_whole(head="<title>Acme, makers of anvils, rockets and everything a coyote needs since 1949</title><desc>Logo</desc>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.title-placeholder": Example(_whole(head="<title>bimi-svg-tiny-12-ps</title><desc>Logo</desc>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    "svg.desc-empty": Example(_whole(head="<title>Acme</title><desc/>"), _whole(head="<title>Acme</title><desc>Logo</desc>")),
    # elements the profile doesn't have
    "svg.script-element": Example("<script>alert(1)</script>", _PATH),
    "svg.animation-element": Example('<animate attributeName="fill" dur="2s"/>', _PATH),
    "svg.image-element": Example('<image width="96" height="96"/>', _PATH),
    "svg.media-element": Example("<video/>", _PATH),
    "svg.link-element": Example(f"<a>{_PATH}</a>", _PATH),
    "svg.switch-element": Example(f"<switch>{_PATH}</switch>", _PATH),
    "svg.style-element": Example("<style>.mark { fill: #fff }</style>", '<path class="mark" d="M20 20h56v56H20z" fill="#fff"/>'),
    "svg.filter-element": Example('<filter id="shadow"><feGaussianBlur stdDeviation="2"/></filter>', _PATH),
    "svg.clip-element": Example(f'<defs><clipPath id="clip">{_PATH}</clipPath></defs>', _PATH),
    "svg.mask-element": Example(f'<defs><mask id="mask">{_PATH}</mask></defs>', _PATH),
    "svg.pattern-element": Example(f'<defs><pattern id="dots">{_PATH}</pattern></defs>', _PATH),
    "svg.marker-element": Example(f'<defs><marker id="arrow">{_PATH}</marker></defs>', _PATH),
    "svg.symbol-element": Example(f'<defs><symbol id="mark">{_PATH}</symbol></defs>', _PATH),
    "svg.nested-svg": Example(f"{_PATH}<svg>{_PATH}</svg>", f"{_PATH}{_PATH}"),
    "svg.foreign-object": Example("<foreignObject/>", _PATH),
    "svg.text-markup": Example('<text x="20" y="50" fill="#fff">A<tspan>cme</tspan></text>', '<text x="20" y="50" fill="#fff">Acme</text>', ("receiver.gmail.text",)),
    "svg.font-element": Example("<font/>", _PATH),
    "svg.editor-element": Example('<i:pgf xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/"/>', _PATH),
    "svg.metadata-content": Example('<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>', "<metadata>Designed 2026</metadata>"),
    "svg.html-element": Example("<div>Acme</div>", _PATH),
    "svg.foreign-element": Example('<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"/>', _PATH),
    "svg.svg2-element": Example("<meshgradient/>", _PATH),
    "svg.element-not-in-profile": Example("<color-profile/>", _PATH),
    "svg.element-misplaced": Example(f"<g><title>Mark</title>{_PATH}</g>", f"<g>{_PATH}</g>", ("receiver.gmail.groups",)),
    "svg.element-case": Example('<Path d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.element-unknown": Example("<sparkle/>", _PATH),
    "svg.text-misplaced": Example(f"Acme {_PATH}", _PATH),
    # attributes the profile doesn't have
    "svg.event-attribute": Example('<path onclick="go()" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.style-attribute": Example('<path style="fill:#fff" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    "svg.opacity-attribute": Example('<path opacity=".5" d="M20 20h56v56z" fill="#fff"/>', '<path fill-opacity=".5" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.clip-attribute": Example('<path clip-path="none" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.mask-attribute": Example('<path mask="none" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.filter-attribute": Example('<path filter="none" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.marker-attribute": Example('<path marker-end="none" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.gradient-attribute": Example(f'<defs>{_TURNED}</defs>', f'<defs>{_VERTICAL}</defs>'),
    "svg.hidden-attribute": Example('<path display="none" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.svg2-attribute": Example('<path paint-order="stroke" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.animation-attribute": Example('<path dur="2s" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.html-attribute": Example('<path data-name="Mark" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.editor-attribute": Example('<path xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:label="Mark" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.foreign-attribute": Example('<path xmlns:a="https://example.com/a" a:b="c" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.xlink-attribute": Example('<path xmlns:xlink="http://www.w3.org/1999/xlink" xlink:title="Mark" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.use-xlink-href": Example('<path id="mark" d="M20 20h56v56z" fill="#fff"/><use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#mark" x="4"/>', '<path d="M20 20h56v56z" fill="#fff"/><path d="M24 20h56v56z" fill="#fff"/>'),
    "svg.attribute-not-in-profile": Example('<path clip-rule="evenodd" d="M20 20h56v56z" fill="#fff"/>', '<path fill-rule="evenodd" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.attribute-misplaced": Example('<path width="56" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.attribute-case": Example('<path Fill="#fff" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    "svg.attribute-unknown": Example('<path colour="#fff" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    # values
    "svg.attribute-value": Example('<path fill-rule="even-odd" d="M20 20h56v56z" fill="#fff"/>', '<path fill-rule="evenodd" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.id-invalid": Example('<path id="1st mark" d="M20 20h56v56z" fill="#fff"/>', '<path id="mark-1" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.id-twice": Example('<path id="mark" xml:id="mark-1" d="M20 20h56v56z" fill="#fff"/>', '<path id="mark" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.id-duplicate": Example('<path id="mark" d="M20 20h56v56z" fill="#fff"/><path id="mark" d="M0 0h9v9z" fill="#fff"/>', '<path id="mark" d="M20 20h56v56z" fill="#fff"/><path id="dot" d="M0 0h9v9z" fill="#fff"/>'),
    "svg.class-invalid": Example('<path class="" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.language-invalid": Example('<path xml:lang="en_US" d="M20 20h56v56z" fill="#fff"/>', '<path xml:lang="en-US" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.colour-invalid": Example('<path fill="#12345" d="M20 20h56v56z"/>', '<path fill="#123456" d="M20 20h56v56z"/>'),
    "svg.colour-name": Example('<path fill="gold" d="M20 20h56v56z"/>', '<path fill="#ffd700" d="M20 20h56v56z"/>'),
    "svg.colour-syntax": Example('<path fill="rgba(255,255,255,.5)" d="M20 20h56v56z"/>', '<path fill="#fff" fill-opacity=".5" d="M20 20h56v56z"/>'),
    "svg.number-invalid": Example('<circle cx="48" cy="48" r="12,5" fill="#fff"/>', '<circle cx="48" cy="48" r="12.5" fill="#fff"/>'),
    "svg.number-range": Example('<circle cx="48" cy="48" r="-12" fill="#fff"/>', '<circle cx="48" cy="48" r="12" fill="#fff"/>'),
    "svg.number-form": Example('<circle cx="48." cy="48" r="12" fill="#fff"/>', '<circle cx="48" cy="48" r="12" fill="#fff"/>'),
    "svg.length-unit": Example('<circle cx="48" cy="48" r="12px" fill="#fff"/>', '<circle cx="48" cy="48" r="12" fill="#fff"/>'),
    "svg.path-invalid": Example('<path d="M20 20 L76 20 L76" fill="#fff"/>', '<path d="M20 20 L76 20 L76 76" fill="#fff"/>'),
    "svg.path-arc": Example('<path d="M20 48a28 28 0 0 1 56 0z" fill="#fff"/>', '<path d="M20 48c0-15.5 12.5-28 28-28s28 12.5 28 28z" fill="#fff"/>'),
    "svg.points-invalid": Example('<polygon points="20,20 76,20 76" fill="#fff"/>', '<polygon points="20,20 76,20 76,76" fill="#fff"/>'),
    "svg.transform-invalid": Example('<path transform="rotate(45deg)" d="M20 20h56v56z" fill="#fff"/>', '<path transform="rotate(45)" d="M20 20h56v56z" fill="#fff"/>'),
    "svg.transform-ref": Example('<path transform="ref(svg)" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.value-without-effect": Example('<path font-size="big" d="M20 20h56v56z" fill="#fff"/>', '<path d="M20 20h56v56z" fill="#fff"/>'),
    "svg.class-without-style": Example('<path class="st1" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    # references
    "svg.external-reference": Example('<path fill="url(https://example.com/brand.svg#sky)" d="M20 20h56v56z"/>', f'{_GRADIENT}<path fill="url(#sky)" d="M20 20h56v56z"/>'),
    "svg.script-url": Example('<use href="javascript:alert(1)"/>', _PATH),
    "svg.data-url": Example('<path fill="url(data:image/png;base64,iVBORw0KGgo=)" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    "svg.reference-missing": Example('<path fill="url(#sky)" d="M20 20h56v56z"/>', f'{_GRADIENT}<path fill="url(#sky)" d="M20 20h56v56z"/>'),
    "svg.reference-fallback": Example('<path fill="url(#sky) #fff" d="M20 20h56v56z"/>', '<path fill="#fff" d="M20 20h56v56z"/>'),
    "svg.reference-kind": Example('<path id="sky" fill="#fff" d="M0 0h9v9z"/><path fill="url(#sky)" d="M20 20h56v56z"/>', f'{_GRADIENT}<path fill="url(#sky)" d="M20 20h56v56z"/>'),
    "svg.gradient-empty": Example('<linearGradient id="sky"/><path fill="url(#sky)" d="M20 20h56v56z"/>', f'{_GRADIENT}<path fill="url(#sky)" d="M20 20h56v56z"/>'),
    "svg.reference-circle": Example('<g id="mark"><use href="#mark"/></g>', f"<g>{_PATH}</g>", ("receiver.gmail.groups",)),
    "svg.use-explosion": Example(
        '<path id="a0" d="M1 1h1v1z" fill="#fff"/>' + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 7)),
        _PATH,
        ("receiver.gmail.groups",),
    ),
    # what would be drawn
    "svg.one-colour": Example(_whole(body='<rect width="96" height="96" fill="#1a3d8f"/><circle cx="48" cy="48" r="30" fill="rgb(26,61,143)"/>'), _GOOD),
    "svg.nothing-drawn": Example(_whole(body=f"<defs>{_PATH}</defs>"), _GOOD, ("receiver.gmail.background",)),
    # mailbox providers
    "receiver.gmail.size-missing": Example(_whole(_start(' width="96" height="96"', "")), _GOOD),
    "receiver.gmail.percent-size": Example(_whole(_start('width="96" height="96"', 'width="100%" height="100%"')), _GOOD),
    "receiver.gmail.size-unit": Example(_whole(_start('width="96" height="96"', 'width="20mm" height="20mm"')), _GOOD),
    "receiver.gmail.size-small": Example(_whole(_start('width="96" height="96"', 'width="32" height="32"')), _GOOD),
    "receiver.gmail.background": Example(_whole(body='<circle cx="48" cy="48" r="40" fill="#1a3d8f"/><circle cx="48" cy="48" r="30" fill="#fff"/>'), _GOOD),
    "receiver.gmail.text": Example('<text x="20" y="50" fill="#fff">Acme</text>', _PATH),
    "receiver.gmail.groups": Example(f"<g>{_PATH}</g>", _PATH),
    "receiver.gmail.desc-missing": Example(_whole(head="<title>Acme</title>"), _GOOD),
}  # fmt: skip
"""By rule id. Rules on damage that can't be written down as text have none: their cases are among the fixtures."""
