"""The cascade: which declarations of which style sheets hold for an element, in the order of their weight."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import cssselect2
import tinycss2
from tinycss2 import ast

from .css_elements import Element, Unusable
from .css_media import applies
from .css_tokens import Tokens, function_name, is_literal, nested, plain_text, significant, spaced, word

LONGEST_SHEET = 512 * 1024
"""Characters of all style sheets together; a logo has some hundred, or some hundred thousand with a font in them."""
MOST_SELECTORS = 10_000
_MOST_SELECTOR_TOKENS = 400
_MOST_NESTED = 12


class Declared(NamedTuple):
    """A declaration.

    Attributes:
        name: The property, in lower case (custom properties as they are).
        value: Its value.
        important: Whether it is ``!important``.
        loose: Whether lengths may stand without a unit, as renderers take them in attributes.
        plain: Whether it stands in a rule, or an attribute, that every renderer reads.
    """

    name: str
    value: Tokens
    important: bool = False
    loose: bool = False
    plain: bool = True


class Dropped(NamedTuple):
    """A part of a style sheet without effect on a plain screen: its key, and what it is about."""

    what: str
    params: dict[str, str]


def names_in(tokens: Tokens) -> set[str]:
    """The identifiers and strings in a value."""
    return {token.value for token in tokens if isinstance(token, ast.IdentToken | ast.StringToken)}


class Sheet:
    """What style sheets say, in the order of their text.

    Attributes:
        dropped: Parts of the last one read that have no effect.
        animations: Names of the animations it defines.
    """

    def __init__(self, *, alone: bool = False) -> None:
        """Begin with no rules.

        Args:
            alone: Read selectors as they are for copies that a ``use`` draws: nothing there is the document's root.
        """
        self._alone = alone
        self.dropped: list[Dropped] = []
        self.animations: set[str] = set()
        self._by_key: dict[tuple[str, str], list[Rule]] = {}
        self._namespaces: dict[str | None, str] = {}
        self._order = 0

    def __bool__(self) -> bool:
        return self._order > 0

    def add(self, text: str) -> None:
        """Read one more style sheet.

        Raises:
            Unusable: It has rules that can't be written onto elements.
        """
        self.dropped = []
        self._add_text(text, True, 0)

    def _add_text(self, text: str, plain: bool, depth: int) -> None:
        outer, self._namespaces = self._namespaces, {}
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        body = next((at for at, rule in enumerate(rules) if not self._may_precede_imports(rule)), len(rules))
        for rule in rules[:body]:
            if rule.type == "at-rule" and rule.lower_at_keyword == "import":
                self._add_import(rule, depth)
            else:
                self._add_rules([rule], plain, depth)
        self._add_rules(rules[body:], plain, depth)
        self._namespaces = outer

    def _may_precede_imports(self, rule: ast.Node) -> bool:
        if isinstance(rule, ast.AtRule):
            name = rule.lower_at_keyword
            return name in ("charset", "import") or (name == "layer" and rule.content is None)
        return not (isinstance(rule, ast.QualifiedRule) and self._compiled(rule.prelude))

    def _add_import(self, rule: ast.AtRule, depth: int) -> None:
        words = significant(rule.prelude)
        text = imported(address_in(words[:1]) or "")
        if text is None:
            self.dropped.append(Dropped("css.import-dropped", {}))
            return
        holds = applies(words[1:])
        if word(words[1:2]) == "layer" or any(function_name(token) in ("layer", "supports") for token in words[1:2]):
            raise Unusable("css.at-rule", rule="@import")
        if holds is None:
            raise Unusable("css.media-depends", query=plain_text(words[1:]))
        if depth >= _MOST_NESTED:
            raise Unusable("css.too-complex")
        if holds:
            self._add_text(text, False, depth + 1)

    def _add_rules(self, rules: Tokens, plain: bool, depth: int) -> None:
        if depth > _MOST_NESTED:
            raise Unusable("css.too-complex")
        for rule in rules:
            if isinstance(rule, ast.QualifiedRule):
                self._add_rule(rule, plain)
            elif isinstance(rule, ast.AtRule):
                self._add_at_rule(rule, depth)

    def _add_at_rule(self, rule: ast.AtRule, depth: int) -> None:
        name = rule.lower_at_keyword
        if name.endswith("keyframes"):
            self.animations |= names_in(rule.prelude)
        elif name == "namespace":
            self._add_namespace(rule.prelude)
        elif name in _WITHOUT_EFFECT:
            self.dropped.append(Dropped(_WITHOUT_EFFECT[name], {}))
        elif name == "media" and rule.content is not None:
            query = plain_text(rule.prelude)
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            holds = applies(rule.prelude)
            if holds is None and inside:
                raise Unusable("css.media-depends", query=query)
            if holds:
                self._add_rules(inside, False, depth + 1)
            else:
                self.dropped.append(Dropped("css.media-dropped", {"query": query}))
        elif name in _DECISIVE and (rule.content or name == "layer"):
            raise Unusable("css.at-rule", rule=f"@{name}")

    def _add_namespace(self, prelude: Tokens) -> None:
        words = significant(prelude)
        prefix = words[0].value if len(words) == 2 and isinstance(words[0], ast.IdentToken) else None
        address = address_in(words[-1:])
        if address is not None:
            self._namespaces[prefix] = address

    def _add_rule(self, rule: ast.QualifiedRule, plain: bool) -> None:
        compiled = self._compiled(rule.prelude)
        if not compiled:
            return
        plain = plain and not self._namespaces and _widely_read(rule.prelude)
        declared = []
        for item in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if isinstance(item, ast.Declaration):
                declared.append(_declared(item, loose=False, plain=plain))
            elif isinstance(item, ast.QualifiedRule | ast.AtRule):
                raise Unusable("css.at-rule", rule=plain_text(item.prelude))
        if not declared:
            return
        for selector in compiled:
            self._order += 1
            if self._order > MOST_SELECTORS:
                raise Unusable("css.too-complex")
            if not selector.never_matches and selector.pseudo_element is None:
                entry = Rule(selector.specificity, self._order, selector.test, declared)
                self._by_key.setdefault(_key(selector), []).append(entry)

    def _compiled(self, prelude: Tokens) -> list[Any]:
        """The selectors of a rule; none where one of them is invalid, which makes the rule so."""
        text = plain_text(prelude[:40])
        if not _bounded(prelude, _MOST_SELECTOR_TOKENS) or any(_is_nth_of(token) for token, _depth in nested(prelude)):
            raise Unusable("css.selector", selector=text)
        if self._alone:
            if any(_names_host(token) for token, _depth in nested(prelude)):
                raise Unusable("css.selector", selector=text)
            prelude = _without_roots(prelude)
        try:
            return list(cssselect2.compile_selector_list(prelude, self._namespaces))
        except (cssselect2.SelectorError, AttributeError):  # it trips over "svg|" with nothing behind it
            return []
        except (NotImplementedError, SyntaxError, RecursionError, MemoryError):
            raise Unusable("css.selector", selector=text) from None

    def matching(self, element: Element) -> list[Rule]:
        """The rules that hold for an element, by rising specificity and order.

        Raises:
            Unusable: Finding out takes too long.
        """
        found = []
        keys = [("id", element.id or ""), ("name", element.local_name), ("", "")]
        keys += [("class", name) for name in element.classes]
        for key in keys:
            entries = self._by_key.get(key, ())
            element.work.spend(len(entries))
            found += [entry for entry in entries if entry.test(element)]
        found.sort(key=lambda entry: entry[:2])
        return found


_WITHOUT_EFFECT = {"import": "css.import-dropped", "font-face": "css.font-face-dropped"}
"""Rules that lead out of the file or come too late, or to fonts: told, since the designer may count on them."""
_DECISIVE = frozenset({"container", "layer", "property", "scope", "supports"})
"""Rules on which the look depends in ways that aren't followed here."""


class Rule(NamedTuple):
    """A rule with one selector.

    Attributes:
        specificity: Of its selector.
        order: Its number among all rules.
        test: Whether the selector matches an element.
        declared: What it declares.
    """

    specificity: tuple[int, int, int]
    order: int
    test: Any
    declared: list[Declared]


def _key(selector: Any) -> tuple[str, str]:
    """What an element must have for a selector to match, by which it is found."""
    if selector.id is not None:
        return "id", selector.id
    if selector.class_name is not None:
        return "class", selector.class_name
    return ("name", selector.local_name) if selector.local_name is not None else ("", "")


def style_attribute(text: str) -> list[Declared]:
    """The declarations of a ``style`` attribute."""
    items = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
    return [_declared(item, loose=True, plain=True) for item in items if isinstance(item, ast.Declaration)]


def _declared(item: ast.Declaration, *, loose: bool, plain: bool) -> Declared:
    name = item.name if item.name.startswith("--") else item.lower_name
    return Declared(name, spaced(item.value), item.important, loose, plain and item.name == item.lower_name)


def by_weight(rules: Sequence[Rule], attribute: Sequence[Declared]) -> list[Declared]:
    """Declarations of matching rules and of the ``style`` attribute, from the weakest to the strongest."""
    ordered = [declared for block in (*(rule.declared for rule in rules), attribute) for declared in block]
    if any(declared.important for declared in ordered):
        ordered.sort(key=lambda declared: declared.important)
    return ordered


def _bounded(tokens: Tokens, most: int) -> bool:
    return all(number < most and depth <= _MOST_NESTED for number, (_token, depth) in enumerate(nested(tokens)))


def _is_nth_of(token: ast.Node) -> bool:
    """``:nth-child(… of …)``, which cssselect2 reads wrongly where a list follows."""
    return isinstance(token, ast.FunctionBlock) and any(word([inside]) == "of" for inside in token.arguments)


_HOSTS = frozenset({"host", "host-context", "slotted"})
_ROOTS = frozenset({"root", "scope"})


def _names_host(token: ast.Node) -> bool:
    return (isinstance(token, ast.IdentToken) and token.lower_value in _HOSTS) or function_name(token) in _HOSTS


def _without_roots(tokens: Tokens) -> list[ast.Node]:
    """A selector in which what only the document's root is was replaced by what nothing is, in a picture."""
    result: list[ast.Node] = []
    for token in tokens:
        if isinstance(token, ast.FunctionBlock):
            within = _without_roots(token.arguments)
            result.append(ast.FunctionBlock(token.source_line, token.source_column, token.name, within))
        elif word([token]) in _ROOTS and result and is_literal(result[-1], ":"):
            result.append(ast.IdentToken(token.source_line, token.source_column, "hover"))
        else:
            result.append(token)
    return result


def address_in(tokens: Tokens) -> str | None:
    """The address that a ``url()`` or a string is; None for anything else."""
    token = tokens[0] if tokens else None
    if isinstance(token, ast.FunctionBlock) and token.lower_name == "url":
        token = next(iter(significant(token.arguments)), None)
    return token.value if isinstance(token, ast.URLToken | ast.StringToken) else None


def imported(address: str) -> str | None:
    """The style sheet that a ``data:`` address holds; None for any other address, which leads out of the file.

    Raises:
        Unusable: It is one, in an encoding that isn't read here.
    """
    head, comma, data = re.sub(r"[\t\n\r]", "", address.strip()).partition("#")[0].partition(",")
    kind, *parameters = [part.strip().lower() for part in head.split(";")]
    if not comma or kind != "data:text/css":
        return None
    encoded = unquote_to_bytes(data)
    try:
        text = base64.b64decode(encoded, validate=True) if "base64" in parameters[-1:] else encoded
        if not {"base64", "charset=utf-8", "charset=us-ascii"}.issuperset(parameters):
            raise Unusable("css.at-rule", rule="@import")
        return text.decode()
    except ValueError:
        raise Unusable("css.at-rule", rule="@import") from None


def _widely_read(prelude: Tokens) -> bool:
    """Whether a selector is of the forms that the simplest renderers know."""
    texts = [token.value if isinstance(token, ast.LiteralToken) else token.type for token in prelude]
    for at, text in enumerate(texts):
        if text == ":" and word(prelude[at + 1 : at + 2]) != "first-child":
            return False
        if text not in (":", ".", "*", ">", "+", ",", "ident", "hash", "whitespace", "[] block"):
            return False
    return True
