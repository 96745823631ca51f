"""What style each element has, once all declarations for it are weighed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .cascade import Declared, Rule, Sheet, by_weight, style_attribute
from .css_declarations import Outcome, Scope, has_variable, is_known, read
from .css_elements import Element, Work, elements
from .css_tokens import Tokens
from .css_transforms import attribute_tokens
from .tree import Node


class Plan(NamedTuple):
    """What becomes of an element.

    Attributes:
        node: The element.
        winners: By property, the strongest valid declaration.
        plain: Whether all renderers draw it so from the CSS.
        matched: Whether a rule of a style sheet holds for it.
    """

    node: Node
    winners: dict[str, Outcome]
    plain: bool
    matched: bool


def is_styled(node: Node) -> bool:
    """Whether an element has style that isn't plain attributes."""
    attributes = node.attributes
    if not attributes or node.name.startswith("{"):
        return False
    if "style" in attributes or "transform-origin" in attributes or "transform-box" in attributes:
        return True
    return any("var(" in value for value in attributes.values())


class _Declarations(NamedTuple):
    """What elements with the same rules and style attribute are declared to be.

    Attributes:
        listed: From the weakest to the strongest.
        custom: Those of custom properties.
        winners: As in a plan; None where they depend on variables.
        plain: As in a plan.
    """

    listed: list[Declared]
    custom: dict[str, Tokens]
    winners: dict[str, Outcome] | None
    plain: bool


def plans_of(
    root: Node, sheet: Sheet, scopes: dict[int, Scope] | None = None, outermost: Scope | None = None,
    work: Work | None = None,
) -> Iterator[Plan]:  # fmt: skip
    """What becomes of each element that has style.

    Args:
        root: The element at the top; selectors see nothing around it.
        sheet: The rules.
        scopes: Where to put the custom properties of each element, by its identity.
        outermost: The custom properties that the top inherits.
        work: What may be spent on it.

    Raises:
        Unusable: Working it out takes too long.
    """
    work = work or Work()
    scopes = {} if scopes is None else scopes
    outermost = outermost or Scope()
    known: dict[tuple[str, tuple[int, ...]], _Declarations] = {}
    pairs: Iterator[tuple[Node, Element | None]]
    pairs = ((one.node, one) for one in elements(root, work)) if sheet else ((node, None) for node in root.walk())
    for node, element in pairs:
        scope = outermost if node is root or node.parent is None else scopes.get(id(node.parent), outermost)
        scopes[id(node)] = scope
        if node.name.startswith("{"):
            continue
        rules = sheet.matching(element) if element is not None else []
        style = node.attributes.get("style", "")
        if not rules and not style and not is_styled(node):
            continue
        key = style, tuple(rule.order for rule in rules)
        declared = known.get(key)
        if declared is None:
            work.spend(len(style))
            declared = known[key] = _declarations(rules, style, work)
        if declared.custom:
            scope = scopes[id(node)] = scope.inner(declared.custom, work)
        winners, plain = declared.winners, declared.plain
        from_attributes = list(_from_attributes(node))
        if winners is None or from_attributes:
            winners, plain = _winners([*from_attributes, *declared.listed], scope, work)
        yield Plan(node, winners, plain, bool(rules))


def _declarations(rules: list[Rule], style: str, work: Work) -> _Declarations:
    listed = by_weight(rules, style_attribute(style) if style else ())
    custom = {one.name: one.value for one in listed if one.name.startswith("--")}
    if any(has_variable(one.value) for one in listed if is_known(one.name)):
        return _Declarations(listed, custom, None, False)
    winners, plain = _winners(listed, Scope(), work)
    return _Declarations(listed, custom, winners, plain)


def _from_attributes(node: Node) -> Iterator[Declared]:
    """Presentation attributes that need to be read as CSS, for their variables."""
    for name, value in node.attributes.items():
        if name != "style" and "var(" in value and is_known(name):
            tokens = attribute_tokens(value)
            if has_variable(tokens):
                yield Declared(name, tokens, loose=True, plain=False)


def _winners(declarations: list[Declared], scope: Scope, work: Work) -> tuple[dict[str, Outcome], bool]:
    """By property the strongest valid declaration, and whether the simplest renderers find the same."""
    winners: dict[str, Outcome] = {}
    all_plain = True
    for declared in declarations:
        work.spend()
        outcomes, plain = read(declared, scope, work)
        winners.update(outcomes)
        all_plain = all_plain and (plain or not is_known(declared.name))
    return winners, all_plain
