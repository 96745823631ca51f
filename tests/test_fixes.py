"""Doing what a finding's fix says, by machine, clears the finding."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support import AT

from bimikit import Applicability, Finding, all_rules, check_svg
from bimikit.svg.examples import EXAMPLES, document

Fixer = Callable[[str, Finding], str]


def span(text: str, finding: Finding) -> tuple[int, int]:
    """Where the finding points, as offsets in the text."""
    place = finding.locations[0]
    assert place.line is not None
    assert place.column is not None
    start = sum(len(line) + 1 for line in text.split("\n")[: place.line - 1]) + place.column - 1
    return start, start + (place.length or 1)


def delete_attribute(text: str, finding: Finding) -> str:
    start, end = span(text, finding)
    assert re.fullmatch(r"""[^\s=]+=("[^"]*"|'[^']*')""", text[start:end]), text[start:end]
    return text[:start].rstrip() + text[end:]


def delete_element(text: str, finding: Finding) -> str:
    start = text.rindex("<", 0, span(text, finding)[0] + 1)
    name = re.match(r"<([^\s/>]+)", text[start:])
    assert name is not None, text[start : start + 20]
    whole = re.match(rf"<{name[1]}\b[^>]*/>|<{name[1]}\b.*?</{name[1]}>", text[start:], re.DOTALL)
    assert whole is not None
    return text[:start] + text[start + whole.end() :]


def unwrap_element(text: str, finding: Finding) -> str:
    """Delete an element's tags and keep what is in it."""
    start, _end = span(text, finding)
    name = re.match(r"<([^\s/>]+)", text[start:])
    assert name is not None
    opened = re.sub(rf"<{name[1]}\b[^>]*>", "", text[start:], count=1)
    return text[:start] + re.sub(rf"</{name[1]}>", "", opened, count=1)


def add_to_root(written: str) -> Fixer:
    return lambda text, _finding: re.sub(r"<svg\b", f"<svg {written}", text, count=1)


def set_value(value: str) -> Fixer:
    """Give the attribute the finding points at this value; ‹name› stands for a parameter."""

    def fix(text: str, finding: Finding) -> str:
        start, end = span(text, finding)
        name = text[start:end].partition("=")[0]
        filled = re.sub("‹(.*?)›", lambda found: str(finding.params[found[1]]), value)
        return f'{text[:start]}{name}="{filled}"{text[end:]}'

    return fix


def rename_attribute(text: str, finding: Finding) -> str:
    start, end = span(text, finding)
    return (
        text[:start]
        + str(finding.params["right"])
        + text[start:end][len(str(finding.params["attribute"])) :]
        + text[end:]
    )


def replace(pattern: str, by: str) -> Fixer:
    return lambda text, _finding: re.sub(pattern, by, text, count=1, flags=re.DOTALL)


def delete_between(opening: str, closing: str) -> Fixer:
    """Delete what begins at the finding's place, up to and including `closing`."""

    def fix(text: str, finding: Finding) -> str:
        start, _end = span(text, finding)
        assert text.startswith(opening, start)
        return text[:start] + text[text.index(closing, start) + len(closing) :].lstrip("\n")

    return fix


def style_to_attributes(text: str, finding: Finding) -> str:
    start, end = span(text, finding)
    inside = text[start:end].partition("=")[2].strip("\"'")
    pairs = [part.partition(":") for part in inside.split(";") if part.strip()]
    return text[:start] + " ".join(f'{name.strip()}="{value.strip()}"' for name, _, value in pairs) + text[end:]


BACKGROUND = replace(r"(</desc>)", r'\1<rect width="96" height="96" fill="#fefefe"/>')
FIXERS: dict[str, Fixer] = {
    **dict.fromkeys(
        "root-position root-transform constrained-attribute constrained-attribute-wrong preserve-aspect-ratio "
        "event-attribute clip-attribute mask-attribute filter-attribute marker-attribute gradient-attribute "
        "hidden-attribute svg2-attribute animation-attribute html-attribute editor-attribute foreign-attribute "
        "xlink-attribute attribute-not-in-profile attribute-misplaced attribute-unknown id-twice class-invalid "
        "language-invalid id-invalid value-without-effect external-reference namespace-declaration attribute-value "
        "prefix-undeclared data-url reference-missing reference-kind id-duplicate".split(),
        delete_attribute,
    ),
    **dict.fromkeys(
        "title-repeated desc-empty script-element animation-element image-element media-element style-element "
        "filter-element foreign-object font-element editor-element metadata-content html-element foreign-element "
        "svg2-element element-not-in-profile element-unknown element-misplaced pattern-element marker-element "
        "clip-element mask-element".split(),
        delete_element,
    ),
    **dict.fromkeys("link-element switch-element symbol-element nested-svg text-markup".split(), unwrap_element),
    "encoding-unknown": replace(r'encoding="[^"]*"', 'encoding="UTF-8"'),
    "not-well-formed": replace("& ", "&amp; "),
    "xml-version": replace(r"<\?xml.*?\?>", '<?xml version="1.0" encoding="UTF-8"?>'),
    "entity-declaration": replace(r"<!DOCTYPE.*?\]>(.*?)&brand;", r"\1Acme"),
    "attribute-default": replace(r"<!DOCTYPE.*?\]>", ""),
    "entity-undefined": replace("&nbsp;", " "),
    "doctype-external": delete_between("<!DOCTYPE", ">"),
    "doctype": delete_between("<!DOCTYPE", ">"),
    "stylesheet-instruction": delete_between("<?xml-stylesheet", "?>"),
    "processing-instruction": delete_between("<?xpacket", "?>"),
    "namespace-missing": add_to_root('xmlns="http://www.w3.org/2000/svg"'),
    "namespace-wrong": replace(r'xmlns="[^"]*"', 'xmlns="http://www.w3.org/2000/svg"'),
    "namespace-lost": replace(' xmlns=""', ""),
    "version-missing": add_to_root('version="1.2"'),
    "version-wrong": set_value("1.2"),
    "base-profile-missing": add_to_root('baseProfile="tiny-ps"'),
    "base-profile-wrong": set_value("tiny-ps"),
    "value-spaces": set_value("tiny-ps"),
    "viewbox-missing": add_to_root('viewBox="0 0 96 96"'),
    "viewbox-invalid": set_value("0 0 96 96"),
    "viewbox-not-square": set_value("0 0 96 96"),
    "size-not-square": set_value("120"),
    "title-missing": replace(r"(<svg[^>]*>)", r"\1<title>Your brand's name</title>"),
    "title-not-first": replace(r"(<svg[^>]*>)(.*?)(<title>.*?</title>)", r"\1\3\2"),
    "title-empty": replace("<title>.*?</title>", "<title>Your brand's name</title>"),
    "title-long": replace("<title>.*?</title>", "<title>Your brand's name</title>"),
    "title-placeholder": replace("<title>.*?</title>", "<title>Your brand's name</title>"),
    "element-case": replace("<Path", "<path"),
    "text-misplaced": lambda text, finding: text.replace(str(finding.params["text"]) + " ", ""),
    "style-attribute": style_to_attributes,
    "opacity-attribute": replace(r"\bopacity=", "fill-opacity="),
    "attribute-case": rename_attribute,
    "colour-invalid": set_value("#1a73e8"),
    "colour-name": set_value("‹instead›"),
    "colour-syntax": set_value("‹instead›"),
    "number-invalid": set_value("12.5"),
    "number-range": set_value("‹least›"),
    "number-form": replace(r"48\.", "48"),
    "length-unit": replace("px", ""),
    "path-invalid": replace('L76"', 'L76 76"'),
    "points-invalid": replace('76"', '76,76"'),
    "transform-invalid": replace("deg", ""),
    "transform-ref": replace(r' transform="ref\(svg\)"', ""),
    "reference-fallback": set_value("#fff"),
    "gradient-empty": set_value("#fff"),
    "class-without-style": lambda text, finding: delete_attribute(text, finding).replace(
        "<path", '<path fill="#fff"', 1
    ),
    "reference-circle": delete_element,
    "use-xlink-href": delete_element,
    "script-url": delete_element,
    "one-colour": replace('rgb.*?"', '#fefefe"'),
    "receiver.gmail.size-missing": add_to_root('width="512" height="512"'),
    "receiver.gmail.percent-size": replace('width="100%" height="100%"', 'width="512" height="512"'),
    "receiver.gmail.size-unit": replace('width="20mm" height="20mm"', 'width="512" height="512"'),
    "receiver.gmail.size-small": replace('width="32" height="32"', 'width="512" height="512"'),
    "receiver.gmail.background": BACKGROUND,
    "receiver.gmail.groups": unwrap_element,
    "receiver.gmail.desc-missing": replace("(</title>)", r"\1<desc>A short description of the logo</desc>"),
}
NEEDS_A_PERSON = {
    "svg.empty-file": "the artwork has to be exported again",
    "svg.not-svg": "the artwork has to be exported again",
    "svg.path-arc": "arcs become curves in an editor; the repair of a later release does it",
    "svg.use-explosion": "somebody has to say which shapes should be seen",
    "svg.nothing-drawn": "somebody has to say what should be seen",
    "receiver.gmail.text": "outlines need the font",
}


def rule_name(short: str) -> str:
    return short if "." in short else f"svg.{short}"


@pytest.mark.parametrize("short", FIXERS)
def test_doing_what_the_fix_says_clears_the_finding(short: str) -> None:
    rule = rule_name(short)
    text = document(EXAMPLES[rule].bad)
    for _ in range(3):  # the same fault may be there more than once
        found = [finding for finding in check_svg(text.encode(), at=AT).findings if finding.rule == rule]
        if not found:
            break
        text = FIXERS[short](text, found[0])
    report = check_svg(text.encode(), at=AT)
    assert rule not in {finding.rule for finding in report.findings}, text
    assert report.finished


def test_every_example_has_a_fixer_or_a_reason_why_not() -> None:
    assert set(EXAMPLES) == {rule_name(short) for short in FIXERS} | set(NEEDS_A_PERSON)


def test_what_needs_a_persons_decision_is_not_called_safe() -> None:
    for rule in all_rules():
        if rule.id in NEEDS_A_PERSON and rule.id != "svg.path-arc":
            assert rule.applicability is not Applicability.SAFE
