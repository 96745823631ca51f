"""Files made to exhaust a parser; the tests judge them, and benchmarks/hostile.py measures them."""

from __future__ import annotations

import gzip

from bimikit.svg.examples import BODY, HEAD, START

GOOD = f"{START}{HEAD}{BODY}</svg>"
ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
HOSTILE = {
    "entity bomb": f'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>{GOOD.replace("Acme", "&m;")}'.encode(),
    "entity bomb in an attribute": (
        f'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>{GOOD.replace("#fff", "&m;")}'
    ).encode(),
    "parameter entities": f'<!DOCTYPE svg [<!ENTITY % a "x"><!ENTITY % b "%a;%a;">%b;]>{GOOD}'.encode(),
    "external entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{GOOD.replace("Acme", "&x;")}'.encode(),
    "gzip bomb": gzip.compress(b" " * 50_000_000),
    "100,000 levels": (START + "<g>" * 100_000 + "</g>" * 100_000).encode(),
    "a million attributes": ("<svg " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>").encode(),
    "200,000 attributes on one tag": ("<svg " + " ".join(f'a{n}=""' for n in range(200_000)) + "/>").encode(),
    "50 MB of text": (GOOD.replace("Acme", "A" * 50_000_000)).encode(),
    "1.9 MB of text": (GOOD.replace("Acme", "A" * 1_900_000)).encode(),
    "99,000 elements": GOOD.replace("</svg>", "<g/>" * 99_000 + "</svg>").encode(),
    "a path of a megabyte that breaks off": GOOD.replace("</svg>", f'<path d="M0 0{"L1 1" * 240_000}x"/></svg>').encode(),
    "a path of one long command": GOOD.replace("</svg>", f'<path d="M0 0 L{"1,1 " * 240_000}x"/></svg>').encode(),
    "an odd list of points": GOOD.replace("</svg>", f'<polygon points="{"1 " * 490_001}"/></svg>').encode(),
    "uses that multiply": GOOD.replace(
        "</svg>",
        '<path id="a0" d="M0 0h1"/>'
        + "".join(f'<g id="a{n}">{f"<use href=@#a{n - 1}@/>".replace("@", chr(34)) * 50}</g>' for n in range(1, 40))
        + "</svg>",
    ).encode(),
    "nested transforms": (
        START + HEAD + '<g transform="scale(1)">' * 900 + "<rect/>" * 20_000 + "</g>" * 900 + "</svg>"
    ).encode(),
    "declarations everywhere": GOOD.replace("</svg>", "".join(f'<g xmlns:a{n}="b"/>' for n in range(40_000)) + "</svg>").encode(),
    "unknown names": GOOD.replace("</svg>", "".join(f"<x{n}/>" for n in range(90_000)) + "</svg>").encode(),
    "unknown attributes": GOOD.replace("</svg>", '<g a="" b="" c="" d="" e=""/>' * 19_000 + "</svg>").encode(),
    "many descriptions": GOOD.replace("</svg>", "<desc>x</desc>" * 60_000 + "</svg>").encode(),
}  # fmt: skip
