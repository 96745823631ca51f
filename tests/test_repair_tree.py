"""The tree that repairs edit: read without a second parser, written as SVG and nothing else."""

from __future__ import annotations

import pytest
from repairing import job_for, logo

from bimikit.svg.repair.tree import Node, write


def test_a_tree_is_written_as_it_was_read() -> None:
    job = job_for(
        logo('<title>A &amp; B</title><g fill="#fff"><path d="M0 0"/></g><text>one <tspan>two</tspan> three</text>')
    )
    text = write(job.root)
    assert "<title>A &amp; B</title>" in text
    assert "<text>one <tspan>two</tspan> three</text>" in text
    assert write(job_for(text).root) == text


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:g/></svg:svg>', "<g/>"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"><use x:href="#a"/></svg>',
            'xlink:href="#a"',
        ),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="urn:s"><s:a><g/></s:a><g s:b="1" id="kept"/></svg>',
            '<g id="kept"/>',
        ),
        ('<svg xmlns="http://www.w3.org/2000/svg"><g id="a&#10;b&quot;"/></svg>', 'id="a&#10;b&quot;"'),
    ],
    ids=["prefix", "xlink-by-another-prefix", "foreign", "escapes"],
)
def test_names_lose_their_prefixes_and_foreign_ones_go(source: str, written: str) -> None:
    text = write(job_for(source).root)
    assert written in text
    assert "urn:s" not in text
    assert "svg:" not in text


def test_a_blank_between_the_parts_of_a_text_stays() -> None:
    parts = '<text><tspan x="1">A</tspan> <tspan>B</tspan><tspan>C</tspan></text>'
    assert parts in write(job_for(logo(parts.replace("> <", ">\n <"))).root)


def test_editing_keeps_parents_true() -> None:
    root = Node("svg")
    group, shape = Node("g"), Node("path")
    root.append(group)
    group.append(shape)
    copy = group.clone()
    root.append(copy)
    group.unwrap()
    assert [node.name for node in root.walk()] == ["svg", "path", "g", "path"]
    assert shape.parent is root
    assert group.parent is None
    shape.replace(Node("rect"), Node("circle"))
    assert [node.name for node in root.elements] == ["rect", "circle", "g"]


def test_a_deep_tree_is_read_copied_and_written() -> None:
    deep = 900
    job = job_for(logo("<g>" * deep + '<path d="M0 0"/>' + "</g>" * deep))
    assert write(job.root.clone()).count("<g>") == deep
