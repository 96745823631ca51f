"""Where browsers read CSS otherwise than the renderer of the proof: copies of a use, units, masks, imports.

What is expected here is what Chromium draws, as found by hand.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from repairing import SVG, after, logo

import bimikit
from bimikit.svg.repair.clips import resolve_clips
from bimikit.svg.repair.css import inline_css
from bimikit.svg.repair.job import Job
from bimikit.svg.repair.references import inline_uses
from bimikit.svg.repair.tree import Node

RECT = '<rect class="a" width="90" height="90"/>'
NAMED = '<rect class="a" id="i" width="90" height="90"/>'


def styled(body: str, name: str = "rect") -> tuple[Node, Job]:
    """The last element of that name after the step, and the job."""
    _text, job = after(inline_css, logo(body))
    return [node for node in job.root.walk() if node.name == name][-1], job


def is_misread(job: Job) -> bool:
    return any(mark.misread for mark in job.changes)


# --- what a use draws ---

_PLACES = {
    "defs": f'<defs id="w"><rect class="b"/>{NAMED}</defs>',
    "a group in defs": f'<defs id="w"><g id="i">{RECT}</g></defs>',
    "a group in a group": f'<defs><g id="w"><g id="i">{RECT}</g></g></defs>',
    "a symbol": f'<symbol id="i">{RECT}</symbol>',
    "a symbol in a group": f'<g id="w"><symbol id="i">{RECT}</symbol></g>',
}
_RULES: dict[str, str] = {
    # by selector: where a copy matches, of the places in their order
    ".a": "defs, a group in defs, a group in a group, a symbol, a symbol in a group",
    "rect:first-child": "defs, a group in defs, a group in a group, a symbol, a symbol in a group",
    "#w .a": "",
    "#w > .a": "",
    "g > rect": "a group in defs, a group in a group",
    "defs rect": "",
    "svg .a": "",
    ":root .a": "",
    "* * rect": "",
    ".b + .a": "",
    "symbol .a": "a symbol, a symbol in a group",
    "use .a": "",
    "#o .a": "",
    "rect:not(defs rect)": "defs, a group in defs, a group in a group, a symbol, a symbol in a group",
    "rect:not(:root rect)": "defs, a group in defs, a group in a group, a symbol, a symbol in a group",
    ":not(#o) > rect": "a group in defs, a group in a group, a symbol, a symbol in a group",
}


@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize("selector", _RULES)
def test_selectors_see_nothing_around_what_a_use_draws(selector: str, place: str) -> None:
    body = f'<style>{selector.replace(">", "&gt;")}{{fill:#00f}}</style>{_PLACES[place]}<g id="o"><use xlink:href="#i"/></g>'
    _text, job = after(inline_css, logo(body))
    inline_uses(job)
    drawn = [node for node in job.root.walk() if node.name == "rect" and node.parent and _is_shown(node)]
    assert [node.attributes.get("fill") == "#00f" for node in drawn] == [place in _RULES[selector].split(", ")]


def _is_shown(node: Node) -> bool:
    return not any(around.name in ("defs", "symbol") for around in node.ancestors())


COPIES: dict[str, tuple[str, list[str | None]]] = {
    "the original stays what it is": (f"<style>#w &gt; .a{{fill:red}}</style><g id='w'>{NAMED}</g><use xlink:href='#i'/>", ["red", None]),
    "each use has its own variables": (
        '<defs><rect id="i" fill="var(--c)"/></defs><use xlink:href="#i" style="--c:red"/><g style="--c:blue"><use xlink:href="#i"/></g>',
        ["red", "blue"],
    ),
    "what is around the original has no say": (
        '<defs style="--c:red"><rect id="i" fill="var(--c, lime)"/></defs><use xlink:href="#i"/>',
        ["lime"],
    ),
    "a use in what is used": (
        "<style>#x .a{fill:red}g .a{fill:red}</style>" + f'<defs>{NAMED}<g id="x"><use xlink:href="#i"/></g></defs><use xlink:href="#x"/>',
        [None],
    ),
    "a use in a circle": (
        f'<style>#x .a{{fill:red}}</style><defs><g id="x"><g id="y"><use xlink:href="#x"/>{RECT}</g></g></defs><use xlink:href="#y"/>',
        [None],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "fills"), COPIES.values(), ids=COPIES)
def test_copies_are_styled_by_themselves(body: str, fills: list[str | None]) -> None:
    _text, job = after(inline_css, logo(body))
    inline_uses(job)
    drawn = [node for node in job.root.walk() if node.name == "rect" and _is_shown(node)]
    assert [node.attributes.get("fill") for node in drawn] == fills


def test_a_changed_copy_is_told_as_one_that_cant_be_proven() -> None:
    body = f'<style>#w .a{{fill:red}}</style><defs id="w">{NAMED}</defs><use xlink:href="#i"/>'
    repair = bimikit.repair_svg(logo(body).encode())
    assert "change.css.use-copied" in {change.what for change in repair.changes}
    assert repair.unproven == "misread"
    assert not repair.proven


def test_without_a_difference_nothing_is_copied() -> None:
    body = (
        f'<style>.a{{fill:red}} g &gt; .a{{stroke:blue}}</style><defs><g id="i">{RECT}</g></defs><use xlink:href="#i"/>'
    )
    _text, job = after(inline_css, logo(body))
    assert sum(node.name == "rect" for node in job.root.walk()) == 1
    assert not is_misread(job)


@pytest.mark.parametrize("selector", [":host .a", ":host(use) .a", ":not(:host-context(g)) .a"])
def test_selectors_that_look_at_the_use_from_its_copy_are_refused(selector: str) -> None:
    _text, job = after(
        inline_css, logo(f'<style>{selector}{{fill:red}}</style><defs>{NAMED}</defs><use xlink:href="#i"/>')
    )
    assert [mark.what for mark in job.declined] == ["css.selector"]
    assert not job.changes


def test_copies_that_breed_are_refused() -> None:
    levels = "".join(
        f'<g id="g{n}"><use xlink:href="#g{n + 1}" style="--v{n}:1"/><use xlink:href="#g{n + 1}" style="--v{n}:2"/></g>'
        for n in range(20)
    )
    body = f'<style>#w g{{fill:var(--v1)}}</style><defs id="w">{levels}<g id="g20"/></defs><use xlink:href="#g0"/>'
    _text, job = after(inline_css, logo(body))
    assert [mark.what for mark in job.declined] == ["css.too-complex"]
    assert not job.changes


def test_uses_in_a_circle_of_definitions_are_not_copied_for_ever() -> None:
    body = (
        '<clipPath id="c"><path d="M0 0H9V9z"/></clipPath><g id="x" clip-path="url(#c)"><use xlink:href="#y"/></g>'
        '<g id="y"><use xlink:href="#z"/></g><g id="z"><use xlink:href="#x"/><use xlink:href="#y"/></g><use xlink:href="#x"/>'
    )
    _text, job = after(resolve_clips, logo(body))
    assert sum(1 for _node in job.root.walk()) < 200


# --- units ---

GEOMETRY: dict[str, tuple[str, str, str | None]] = {
    "x": ("rect", "x:50", "50"),
    "y": ("rect", "y:-5", "-5"),
    "rx": ("rect", "rx:30", "30"),
    "ry": ("rect", "ry:30", "30"),
    "width": ("rect", "width:20", None),
    "height": ("rect", "height:20", None),
    "cx": ("circle", "cx:80", "80"),
    "cy": ("circle", "cy:80", "80"),
    "r": ("circle", "r:10", "10"),
}


@pytest.mark.parametrize(("name", "declaration", "value"), GEOMETRY.values(), ids=GEOMETRY)
def test_svgs_own_lengths_need_no_unit_in_a_sheet(name: str, declaration: str, value: str | None) -> None:
    node, job = styled(f"<style>{name}{{{declaration}}}</style><{name}/>", name)
    assert node.attributes.get(declaration.partition(":")[0]) == value
    assert is_misread(job) == (value is not None)


@pytest.mark.parametrize(("name", "declaration", "_value"), GEOMETRY.values(), ids=GEOMETRY)
def test_no_length_needs_one_in_a_style_attribute(name: str, declaration: str, _value: str | None) -> None:
    node, job = styled(f'<{name} style="{declaration}"/>', name)
    attribute, _colon, value = declaration.partition(":")
    assert node.attributes == {attribute: value}
    assert is_misread(job)


# --- masks and clips ---

MASKS: dict[str, tuple[str, dict[str, str], bool]] = {
    # attributes, what they become, whether that can't be proven
    "a browser's prefix": ('style="-webkit-mask:url(#m)"', {"mask": "url(#m)"}, True),
    "its image with a prefix": ('style="-webkit-mask-image:url(#m)"', {"mask": "url(#m)"}, True),
    "taken away with a prefix": ('mask="url(#m)" style="-webkit-mask:none"', {"mask": "none"}, True),
    "taken away later": ('style="mask:url(#m);-webkit-mask-image:none"', {"mask": "none"}, True),
    "a mode": ('mask="url(#m)" style="mask-mode:alpha"', {"style": "mask: url(#m) alpha"}, True),
    "a mode beside its mask": ('style="mask:url(#m);mask-mode:luminance"', {"style": "mask: url(#m) luminance"}, False),
    "a mode before its mask": ('style="mask-mode:alpha;mask:url(#m)"', {"mask": "url(#m)"}, False),
    "a mode that says nothing": ('mask="url(#m)" style="mask-mode:match-source"', {"mask": "url(#m)"}, False),
    "a mode of no mask": ('style="mask-mode:alpha"', {}, False),
    "an invalid mode": ('mask="url(#m)" style="mask-mode:foo"', {"mask": "url(#m)"}, False),
    "a mode in the mask": ('mask="url(#n)" style="mask:url(#m) alpha"', {"style": "mask: url(#m) alpha"}, True),
    "what is no mask": ('mask="url(#m)" style="mask:red"', {"mask": "url(#m)"}, False),
    "a place, which masks of SVG have not": ('mask="url(#m)" style="mask-size:50%"', {"mask": "url(#m)"}, False),
    "a clip path with a prefix": ('style="-webkit-clip-path:url(#m)"', {"clip-path": "url(#m)"}, True),
    "a reference and a box": ('clip-path="url(#m)" style="clip-path:url(#n) fill-box"', {"clip-path": "url(#m)"}, False),
    "a box": ('clip-path="url(#m)" style="clip-path:fill-box"', {"clip-path": "fill-box"}, False),
    "a shape in a box": ('style="clip-path:inset(9px) view-box"', {"clip-path": "inset(9px) view-box"}, False),
    "two shapes": ('style="clip-path:inset(9px) circle()"', {}, False),
}  # fmt: skip


@pytest.mark.parametrize(("written", "expected", "misread"), MASKS.values(), ids=MASKS)
def test_masks_and_clip_paths(written: str, expected: dict[str, str], misread: bool) -> None:
    node, job = styled(f"<rect {written}/>")
    assert node.attributes == expected
    assert any(mark.misread and mark.what == "css.inlined" for mark in job.changes) == misread or not misread
    again = after(inline_css, f"{SVG}<rect {' '.join(f'{k}={v!r}' for k, v in expected.items())}/></svg>")[1]
    assert not again.changes


# --- imports ---

_RED = "rect{fill:red}"
IMPORTS: dict[str, tuple[str, str | None]] = {
    "as text": (f'@import "data:text/css,{quote(_RED)}";', "red"),
    "as a url": (f'@import url("data:text/css,{_RED}");', "red"),
    "in base 64": (f'@import "data:text/css;base64,{base64.b64encode(_RED.encode()).decode()}";', "red"),
    "in capitals": (f'@IMPORT URL("DATA:TEXT/CSS,{_RED}");', "red"),
    "up to a fragment": ('@import "data:text/css,rect{fill:#f00}";', None),
    "for screens": (f'@import "data:text/css,{_RED}" screen;', "red"),
    "for print": (f'@import "data:text/css,{_RED}" print;', None),
    "of another type": (f'@import "data:text/plain,{_RED}";', None),
    "from elsewhere": ('@import "https://example.com/a.css";', None),
    "weaker than what follows": (f'@import "data:text/css,{_RED}"; rect{{fill:blue}}', "blue"),
    "too late": (f'g{{fill:blue}} @import "data:text/css,{_RED}";', None),
    "behind a namespace": (f'@namespace url(http://www.w3.org/2000/svg); @import "data:text/css,{_RED}";', None),
    "behind an invalid rule": (f'rect::foo(1){{}} @import "data:text/css,{_RED}";', "red"),
    "in an import": (f'@import "data:text/css,{quote(f"@import {chr(34)}data:text/css,{quote(_RED)}{chr(34)};")}";', "red"),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "fill"), IMPORTS.values(), ids=IMPORTS)
def test_a_sheet_imported_from_the_file_itself_is_read(sheet: str, fill: str | None) -> None:
    node, job = styled(f"<style>{sheet}</style><rect/>")
    assert node.attributes.get("fill") == fill
    assert is_misread(job) == (fill is not None)


@pytest.mark.parametrize(
    "sheet",
    [
        f'@import "data:text/css,{_RED}" layer(a);',
        f'@import "data:text/css,{_RED}" supports(fill:red);',
        f'@import "data:text/css;charset=utf-16,{_RED}";',
        '@import "data:text/css;base64,???";',
    ],
)
def test_an_import_that_cant_be_followed_is_refused(sheet: str) -> None:
    _node, job = styled(f"<style>{sheet}</style><rect/>")
    assert [mark.what for mark in job.declined] == ["css.at-rule"]
    assert not job.changes


# --- what no step sees ---

HTML = "http://www.w3.org/1999/xhtml"
UNREAD = {
    "a style sheet in an instruction": '<?xml-stylesheet href="data:text/css,rect{fill:red}"?>' + logo(RECT),
    "attributes by default": '<!DOCTYPE svg [<!ATTLIST rect fill CDATA "red">]>' + logo(RECT),
    "rules that stay": logo(f"<style>@media (min-width:1px){{g &gt; .a{{fill:red}}}}</style><g><g>{RECT}</g></g>"),
    "selectors that stay": logo(f'<style>:host .a{{fill:red}}</style><defs>{NAMED}</defs><use xlink:href="#i"/>'),
    "a style sheet of HTML": logo(
        f'<h:link xmlns:h="{HTML}" rel="stylesheet" href="data:text/css,rect%7Bfill:red%7D"/>{RECT}'
    ),
    "a style element of HTML": logo(f'<h:style xmlns:h="{HTML}">rect{{fill:red}}</h:style>{RECT}'),
    "an animation that stays": logo(f"<style>@keyframes k{{to{{fill:red}}}} .a{{animation:k 1s}}</style>{RECT}"),
}


@pytest.mark.parametrize("svg", UNREAD.values(), ids=UNREAD)
def test_nothing_is_proven_where_browsers_draw_by_what_isnt_followed(svg: str) -> None:
    repair = bimikit.repair_svg(svg.encode())
    assert repair.changed
    assert repair.unproven == "misread"
    assert not repair.proven
    assert not repair.ok
