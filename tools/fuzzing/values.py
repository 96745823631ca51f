"""Values of SVG attributes, and CSS as repair reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable

from bimikit.svg import batches, numbers, paths, profile
from bimikit.svg.colours import read_colour, read_paint
from bimikit.svg.css_safety import plainly_safe, safe_css
from bimikit.svg.document import Limits, parse
from bimikit.svg.reading import read
from bimikit.svg.repair.css import inline_css
from bimikit.svg.repair.css_colours import read_css_colour
from bimikit.svg.repair.css_media import applies
from bimikit.svg.repair.job import Job, Wishes
from bimikit.svg.repair.pathdata import drawn_part, drawn_points, without_arcs
from bimikit.svg.repair.tree import read_tree, write
from tools import seeds as odd
from tools.fuzzing.engine import Target, require, words

KINDS = tuple(
    {kind.name: kind for element in profile.ELEMENTS.values() for kind in element.attributes.values()}.values()
)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _value(data: bytes) -> Hashable:
    text = _text(data).replace("\0", "")  # XML has no NUL
    outcome: list[Hashable] = []
    for kind in KINDS:
        troubles = list(kind.walk(text))
        for rule, at, _params in troubles[:20]:
            require(rule.startswith("svg.") and 0 <= at <= len(text), f"{kind.name}: a place beyond the value")
        fine = kind.fine([text])
        require(not (fine and troubles) or kind is profile.PATH, f"{kind.name}: fine, and yet there is trouble")
        outcome.append(troubles[0][0] if troubles else fine)
    box = numbers.read_view_box(text)
    require(box is None or (all(map(math.isfinite, box)) and box[2] > 0 and box[3] > 0), "no usable viewBox")
    return tuple(outcome)


def _path(data: bytes) -> Hashable:
    text = _text(data)
    trouble = paths.path_trouble(text)
    require(trouble is None or 0 <= trouble[1] <= len(text), "a place beyond the path")
    drawn = drawn_part(text)
    require(drawn_part(drawn) == drawn, "what is drawn of what is drawn is less")
    rest = paths.path_trouble(drawn) if drawn else None
    require(rest is None or rest[2]["reason"] == "@path.too-large", "what is drawn has a fault")
    quick = batches.paths_match([text.replace("\0", "?")])
    require(not quick or trouble is None, "the test of many sees no trouble")
    if drawn and rest is None:
        curved = without_arcs(drawn)
        if curved is not None:
            require(re.search("[Aa]", curved) is None, "an arc is left")
            after = paths.path_trouble(curved)
            require(after is None or after[2]["reason"] == "@path.too-large", "curves that can't be drawn")
    points = drawn_points(text)
    require(drawn_points(points) == points, "the points drawn of the points drawn are fewer")
    paths.straight_outline(text)
    paths.path_start(text)
    return trouble and trouble[2]["reason"], bool(drawn), "".join(sorted(set(drawn.lower()) & set("mlhvcsqtaz")))


def _colour(data: bytes) -> Hashable:
    text = _text(data)
    ours, css, paint = read_colour(text), read_css_colour(text), read_paint(text)
    read = [one for one in (ours and ours.rgba, css) if one is not None]
    require(all(0 <= part <= 255 for rgba in read for part in rgba), "a channel out of bounds")
    if len(read) == 2 and not re.search(
        "[0-9]{4}|[eE][+]?[0-9]", text
    ):  # of shares beyond 100 % others make other colours
        apart = max(abs(one - other) for one, other in zip(*read, strict=True))
        require(apart <= 1, f"tinycss2 reads {css}, not {read[0]}")
    if ours is not None and not ours.rule:
        require(css is not None or "\x0b" in text, "tinycss2 reads no colour")
    functions, trouble = numbers.read_transform(text)
    require(trouble is None or 0 <= trouble[1] <= len(text), "a place beyond the value")
    require(all(math.isfinite(number) for _name, listed in functions for number in listed), "an endless number")
    return (
        ours and ours.rule,
        css is None,
        paint is None,
        tuple(name for name, _ in functions)[:4],
        trouble and trouble[0],
    )


_BODY = (
    '<g class="a b" id="i"><rect width="9" height="9" class="a"/><path d="M0 0h9v9z" id="p" style="fill:red"/>'
    '<text x="1" y="9">T</text></g><linearGradient id="g"><stop class="s"/></linearGradient><circle r="3" data-x="1"/>'
)


_ADDRESS = re.compile(r"(?<![\w\\#@-])url\(\s*[\"']?\s*(?:https?|file|data):", re.IGNORECASE).search
_STRINGS = re.compile(r"/\*.*?\*/|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL).sub


def _css(data: bytes) -> Hashable:
    sheet = _text(data)
    outcome: list[Hashable] = [applies(sheet)]
    safe = safe_css(sheet)
    require(_ADDRESS(_STRINGS("", safe)) is None, "an address is left")
    require(safe_css(safe) == safe, "what is safe reads otherwise")
    outcome.append(plainly_safe(sheet))
    for style in (False, True):
        job = _job(sheet, style=style)
        if job is None:
            outcome.append("not XML")
            continue
        job.step = "css"
        inline_css(job)
        text = write(job.root)
        require(parse(text.encode("utf-8", "surrogatepass"), Limits()).finished, "what is written can't be read")
        outcome.append((frozenset(mark.what for mark in job.changes), frozenset(mark.what for mark in job.declined)))
        if not job.declined and not job.unread:
            require("<style" not in text, "a style sheet stays, and nothing is said")
            before = text
            inline_css(job)
            require(write(job.root) == before, "a second time it does something else")
    return tuple(outcome)


def _job(sheet: str, *, style: bool) -> Job | None:
    escaped = sheet.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    inside = f'<g style="{escaped}">{_BODY}</g>' if style else f"<style>{escaped}</style>{_BODY}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    reading = read(svg.encode(), 10_000_000).text
    document = parse(reading.utf8, Limits()) if reading is not None else None
    return Job(read_tree(document), Wishes()) if document is not None and document.finished else None


_VALUES = [*odd.ODD_VALUES, *odd.VALID.values(), *(word for listed in odd.WORDS.values() for word in listed)]
_PATHS = (
    "M0 0h9v9z", "M10 10 L86,10 V86 H10z M20 20c1 2 3 4 5 6", "m1-2.5.5z", "M0 0a1 1 0 011 1A5,5 30 1,0 9 9s1 1 2 2S4 4 5 5",
    "M1e3-1e-3q1 1 2 2t3 3T4 4Q5 5 6 6", "M0,0 1,1 2,2z m3 3", "0,0 9,9 3,4.5",
)  # fmt: skip
_COLOURS = (
    "#fff", "#A1b2C3", "rgb(255, 0,0)", "rgb(100%,0%,50%)", "rgba(255,0,0,.5)", "rgb(255 0 0 / 50%)", "hsl(120,100%,50%)", "orange",
    "transparent", "url(#a) red", "none", "currentColor", "lab(50% 40 59.5)", "oklch(40% .2 30deg)", "color(display-p3 1 0 0)",
    "translate(1,2) rotate(3)", "matrix(1 0 0 1 0 0)", "skewX(-.5)", "hwb(194 0% 0%)",
)  # fmt: skip
_SHEETS = (
    ".a{fill:red}#p{stroke:blue !important}", "@media (min-width:1px){rect{fill:red}}g > .a + path{fill:url(#g)}", ":root{--x:red}.a{fill:var(--x, blue)}",
    "@import url(x.css);*{transform:rotate(45deg) translate(1px,2%)}", "rect:nth-child(2n+1){fill:#0a0}", "fill:red;stroke:rgb(1 2 3 / 50%)",
    "@font-face{font-family:x;src:url(x.woff)}text{font:bold 9px/1 x,serif}", "@keyframes k{to{fill:red}}.a{animation:k 1s}", "[data-x='1']{r:5px}",
    "print and (color), not all", "@supports (fill:red){.s{stop-color:red}}@layer a,b;@layer a{.a{fill:red}}",
)  # fmt: skip

TARGETS = (
    Target("values", "every kind of value: the test of many agrees with the walk, places are in the value",
           lambda _: [value.encode("utf-8", "replace") for value in _VALUES if value], _value,
           words(*_VALUES, "1e", "e", "-", "+", ".", ",", " ", "%", "px", "\t", "\u00a0", "(", ")", "1e39", "url(#", "#")),
    Target("paths", "path data: what is drawn is faultless and its own drawn part; no arc is left of arcs",
           lambda _: [path.encode() for path in _PATHS], _path,
           words(*"MmLlHhVvCcSsQqTtAaZz", "1e9", "-", ".", ",", " ", "1 1 0 0 1 9 9", "0", "1e-400", "e", "\u00a0", "9" * 40)),
    Target("colours", "colours, paints and transforms: tinycss2 reads the same colour",
           lambda _: [colour.encode() for colour in _COLOURS], _colour,
           words(*_COLOURS, "rgb(", "hsl(", "%", "/", ",", "none", "deg", "turn", "1e9", "-", ".", "NaN", "infinity", "calc(", "\u00a0", "\f", "#", "e")),
    Target("css", "style sheets: nothing leads outside, what is written can be read, twice is as once",
           lambda _: [sheet.encode() for sheet in _SHEETS], _css,
           words(*_SHEETS, "{", "}", ";", ":", "@", "!important", "/*", "*/", "\\", "\\75 rl(", "url(", "url(http://a/)", '"', "'", "(", "var(--x)",
                 ":is(", ":not(", "calc(", "&", "<!--", "]]>", "*", ">", "~", "\f", "\0", "inherit", "unset", "all:", "d:path('M0 0')", "--x:", "1e999px")),
)  # fmt: skip
