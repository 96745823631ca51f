"""What nothing needs goes at the end, ids become names, and misplaced elements go or move."""

from __future__ import annotations

import pytest
from repairing import after, assert_same_picture, job_for, logo

from bimikit.svg.repair.tidy import tidy
from bimikit.svg.repair.tree import write

STOP = '<stop stop-color="red"/>'
FILLED = '<rect width="50" height="50" fill="url(#l)"/>'
GRADIENT = f'<linearGradient id="l">{STOP}</linearGradient>'


def body_of(svg: str) -> str:
    return "".join(line.strip() for line in svg.splitlines()[1:-1])


CASES = {
    "templates": ('<clipPath id="a"><rect/></clipPath><mask id="b"/><symbol><g/></symbol><marker/><pattern/><filter/><rect/>', "<rect/>"),
    "gradient-of-a-template": (f'<defs>{GRADIENT}<mask id="m"><rect fill="url(#l)"/></mask></defs><g/><rect/>', f"<defs>{GRADIENT}</defs><g/><rect/>"),
    "kept-within": (f'<symbol id="s"><path d="M0 0"/>{GRADIENT}</symbol>{FILLED}', f"<defs>{GRADIENT}</defs>{FILLED}"),
    "forbidden-in-defs": ('<defs><use xlink:href="#a"/><rect style="x:y"/><path id="p"/></defs><rect/>', '<defs><path id="p"/></defs><rect/>'),
    "stray-stop": (f"{STOP}<rect/>", "<rect/>"),
    "gradient-in-shape": (f'<rect width="50" height="50" fill="url(#l)">{GRADIENT}</rect>', f"<defs>{GRADIENT}</defs>{FILLED}"),
    "shape-in-shape": ('<rect width="9" height="9"><path d="M0 0H9V9z"/></rect>', '<rect width="9" height="9"/>'),
    "shape-in-gradient": (f'<linearGradient id="l"><rect/>{STOP}</linearGradient>{FILLED}', f"{GRADIENT}{FILLED}"),
    "filter-primitive": ("<feFlood/><tspan>x</tspan><rect/>", "<rect/>"),
    "defs-attributes": ('<defs transform="scale(2)" opacity=".5"><rect id="r" width="9" height="9"/></defs><use href="#r"/>', '<defs><rect id="r" width="9" height="9"/></defs><use href="#r"/>'),
    "id-digit": ('<linearGradient id="1 a"/><rect id="2b"/><use href="#2b"/>', '<linearGradient id="_1_a"/><rect id="_2b"/><use href="#_2b"/>'),
    "id-quoted": (f'<linearGradient id="a b">{STOP}</linearGradient><rect width="50" height="50" fill="url(\'#a b\') #00f"/>', f'<linearGradient id="a_b">{STOP}</linearGradient><rect width="50" height="50" fill="url(\'#a_b\') #00f"/>'),
    "id-taken": ('<g id="_1"/><g id="1"/>', '<g id="_1"/><g id="_1-2"/>'),
    "id-twice": ('<rect id="a" width="9" height="9"/><circle id="a" r="9"/><path id=""/><use href="#a" x="30"/>', '<rect id="a" width="9" height="9"/><circle r="9"/><path/><use href="#a" x="30"/>'),
    "xml-id": ('<rect id="a" xml:id="b" width="9" height="9"/>', '<rect id="a" width="9" height="9"/>'),
    "japanese-id": ('<g id="レイヤー1"/><g id="-あ"/>', '<g id="レイヤー1"/><g id="_-_"/>'),
}  # fmt: skip


@pytest.mark.parametrize(("body", "left"), CASES.values(), ids=CASES)
def test_only_what_is_needed_and_allowed_is_left(body: str, left: str) -> None:
    text, job = after(tidy, logo(body))
    assert body_of(text) == left
    assert job.changes or "レイヤー" in body
    assert_same_picture(logo(body), text)
    again, second = after(tidy, text)
    assert again == text
    assert not second.changes


UNUSED = f'<defs><defs>{GRADIENT}<path id="p"/></defs></defs><g><g id="a"/><g><rect fill="red" width="9" height="9"/></g></g>'


def test_what_is_allowed_goes_only_when_something_was_changed_before() -> None:
    text, job = after(tidy, logo(UNUSED))
    assert text == write(job_for(logo(UNUSED)).root)
    assert not job.changes
    job = job_for(logo(UNUSED))
    job.did("anything")
    tidy(job)
    assert body_of(write(job.root)) == '<rect fill="red" width="9" height="9"/>'


def test_what_is_used_through_others_stays() -> None:
    body = (
        f'<defs><linearGradient id="base">{STOP}</linearGradient><linearGradient id="l" href="#base"/>'
        '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#l)"/></pattern></defs>'
        '<clipPath id="c"><circle r="40" clip-path="url(#d)"/></clipPath><clipPath id="d"><circle r="30"/></clipPath>'
        '<g clip-path="url(#c)"><rect width="50" height="50" fill="url(#p)"/></g>'
    )
    text, job = after(tidy, logo(body))
    assert not job.changes
    assert_same_picture(logo(body), text)


def test_an_empty_group_that_a_filter_fills_stays() -> None:
    body = '<filter id="f" filterUnits="userSpaceOnUse" width="9" height="9"><feFlood/></filter><g filter="url(#f)"/>'
    job = job_for(logo(body))
    job.did("anything")
    tidy(job)
    assert "<g filter" in write(job.root)


def test_a_deep_tree_of_strays_takes_little_time() -> None:
    text, _job = after(tidy, logo("<path>" * 900 + "<rect/>" * 5000 + "</path>" * 900))
    assert body_of(text) == "<path/>"
