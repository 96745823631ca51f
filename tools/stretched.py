"""Files of one thing repeated without end: what must cost time in proportion to its length, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bimikit.svg.namespaces import SVG_NS

_ROOT = f'<svg xmlns="{SVG_NS}" version="1.2" baseProfile="tiny-ps" viewBox="0 0 9 9"'
_HEAD = f"{_ROOT}><title>t</title>"
_RED = '<linearGradient id="g"><stop stop-color="red"/></linearGradient>'
_DEEP = 900


class Stretched(NamedTuple):
    """A beginning, a unit to repeat, and an end; ``{i}`` in the unit is its number."""

    head: str
    unit: str
    tail: str = "</svg>"

    def document(self, size: int) -> bytes:
        """As many units as fit into `size` bytes."""
        counted = "{i}" in self.unit
        room = size - len(self.head.encode()) - len(self.tail.encode())
        count = max(room // (len(self.unit.encode()) + 3 * counted), 1)
        units = (self.unit.replace("{i}", str(i)) for i in range(count)) if counted else (self.unit * count,)
        return "".join((self.head, *units, self.tail)).encode()


def _elements(*units: str) -> Iterator[Stretched]:
    return (Stretched(_HEAD, unit) for unit in units)


def _value(attribute: str, *units: str, end: str = "") -> Iterator[Stretched]:
    return (Stretched(f'{_HEAD}<g {attribute}="', unit, f'{end}"/></svg>') for unit in units)


STRETCHED: tuple[Stretched, ...] = (
    *_elements(
        *(
            "<g/>",
            "<title>x</title>",
            "<desc>x</desc>",
            "<desc/>",
            "<text>a</text>",
            "<zz/>",
            "<zz{i}/>",
            "x<g/>",
            "x",
            "x\n",
        ),
        *(
            "<![CDATA[x]]>",
            "&#65;",
            "&a;",
            "&a{i};",
            "<?a?>",
            "<?a{i}?>",
            "<!---->",
            "\r<zz/>",
            "<script/>",
            "<p:g/>",
            "<svg/>",
        ),
        *('<g z{i}=""/>', '<g a="漢" b{i}=""/>', '<g id="a"/>', '<g id="{i}"/>', '<g id="漢{i}"/>', '<g id="漢 {i}"/>'),
        *('<g xmlns:a="b"/>', '<g xmlns:a{i}="b"/>', '<g about=":"/>', '<use href="#m{i}"/>', '<use href="#%41{i}"/>'),
        *('<g id="a{i}"><use href="#a{i}"/></g>', '<g id="a{i}"><use href="#a{i}0"/></g>'),
        *(
            '<rect fill="zz{i}" x="q{i}"/>',
            '<rect width="1" height="1" fill="red"/>',
            '<g style="" opacity="" x="{i}"/>',
        ),
        *('<rect width="1" height="1" fill="currentColor" transform="rotate(1)"/>',),
        *('<polygon fill="red" points="0 0 9 0 9 9 0 9"/>', f'{_RED}<rect width="1" height="1" fill="url(#g)"/>'),
    ),
    *_value("transform", "scale(1)", "scale(", "rotate(1e999)"),
    *_value("fill", "rgb(", "url(", "url(#a) ", " ", "#f", "data:", "&#32;"),
    *_value("fill", end=")"),
    *_value("class", "a ", "漢 ", ": "),
    *_value("id", "a", "漢", ":"),
    *_value("xml:lang", "a-", "en "),
    *_value("stroke-dasharray", "1 ", "1,", "1e"),
    *_value("about", ":", "java\t", "\u200b"),
    Stretched(f'{_HEAD}<g fill="rgb(', "1,", ')"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0', "L1 1", '"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0', "L1 1", 'x"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0', "a1 1 0 011 1", '"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0L', ".5", 'x"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0L', "1. ", '"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 ', "1", '"/></svg>'),
    Stretched(f'{_HEAD}<path d="M0 0', " ", '"/></svg>'),
    Stretched(f'{_HEAD}<polygon points="', "1,", '"/></svg>'),
    Stretched(f'{_HEAD}<polygon fill="red" points="', "0 0 9 0 9 9 0 9 ", '"/></svg>'),
    Stretched(f'{_ROOT} preserveAspectRatio="', " ", '"><title>t</title></svg>'),
    Stretched(f"{_ROOT}><title>", "&#65;", "</title></svg>"),
    Stretched(f"{_ROOT}><title>", "a<!---->", "</title></svg>"),
    Stretched(f"{_HEAD}<text>", "a<!---->", "</text></svg>"),
    Stretched(f"{_HEAD}<metadata>", "<a/>", "</metadata></svg>"),
    Stretched(_HEAD, _RED.replace('"g"', '"g{i}"') + '<rect width="1" height="1" fill="url(#g{i})"/>'),
    Stretched(f"{_HEAD}{_RED}", '<rect width="1" height="1" fill="url(#g)"/>'),
    Stretched(
        f'{_HEAD}<linearGradient id="g">', '<stop stop-color="red"/>', '</linearGradient><rect fill="url(#g)"/></svg>'
    ),
    Stretched(f"{_HEAD}{'<g>' * _DEEP}", "<zz{i}/>", f"{'</g>' * _DEEP}</svg>"),
    Stretched(f"{_HEAD}{'<g>' * _DEEP}", '<g xmlns:a="b"/>', f"{'</g>' * _DEEP}</svg>"),
    Stretched(
        f"""{_HEAD}{'<g transform="scale(1)">' * _DEEP}""", '<rect width="1" height="1"/>', f"{'</g>' * _DEEP}</svg>"
    ),
    Stretched(f'{_HEAD}<g transform="{"scale(1)" * 500}">', '<rect width="1" height="1"/>', "</g></svg>"),
    Stretched(f'{_HEAD}<g id="a"><defs>{"<g/>" * 9_000}</defs></g>', '<use href="#a"/>'),
    Stretched(f'{_HEAD}<g id="a0"/>', '<g id="b{i}"><use href="#a0"/><use href="#b{i}"/></g>'),
    Stretched("<!DOCTYPE svg [", '<!ENTITY a{i} "x">', f"]>{_HEAD}</svg>"),
    Stretched("<!DOCTYPE svg [", '<!ATTLIST svg a{i} CDATA "x">', f"]>{_HEAD}</svg>"),
    Stretched("<!DOCTYPE svg [", "<!ATTLIST svg a{i} CDATA #IMPLIED>", f"]>{_HEAD}</svg>"),
    Stretched('<!DOCTYPE svg [<!ENTITY a "x">]>' + _HEAD, "&a;"),
    Stretched(f'<s:svg xmlns:s="{SVG_NS}">', "<s:g/>", "</s:svg>"),
    Stretched('<svg xmlns="u:x"><title>t</title>', "<g/>"),
    Stretched('<?xml version="1.0" encoding="Shift_JIS"?>' + _HEAD, "<zz/>"),
    Stretched(f"{_HEAD}<g ", 'a{i}="" ', "/></svg>"),
    Stretched(f"{_HEAD}<g ", 'xmlns:a{i}="b" ', "/></svg>"),
    Stretched(f'{_HEAD}<g a="', "=", '"/></svg>'),
    *(
        Stretched("", unit, "")
        for unit in ("<", ">", "=", "&", "\0", " ", "\r", "<a>", '<a b="', "x", "<!--", "<![CDATA[", "&#65;")
    ),
)
"""Each was, or might well be, slow."""
