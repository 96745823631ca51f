"""Tokens of CSS: what one looks at first in any value, query or selector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from tinycss2 import ast, serialize

Tokens: TypeAlias = Sequence[ast.Node]


def significant(tokens: Tokens) -> list[ast.Node]:
    """The tokens without white space and comments."""
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def spaced(tokens: Tokens) -> list[ast.Node]:
    """The tokens, each run of white space made one space, and none around them."""
    result: list[ast.Node] = []
    for token in tokens:
        if token.type not in ("whitespace", "comment"):
            result.append(token)
        elif result and result[-1].type != "whitespace":
            result.append(ast.WhitespaceToken(0, 0, " "))
    if result and result[-1].type == "whitespace":
        result.pop()
    return result


def plain_text(tokens: Tokens) -> str:
    """The tokens as text, with single spaces."""
    return serialize(spaced(tokens))


def word(tokens: Tokens) -> str:
    """The keyword that a value is, in lower case; empty for anything else."""
    only = tokens[0] if len(tokens) == 1 else None
    return only.lower_value if isinstance(only, ast.IdentToken) else ""


def is_literal(token: ast.Node, text: str) -> bool:
    """Whether a token is this punctuation."""
    return isinstance(token, ast.LiteralToken) and token.value == text


def function_name(token: ast.Node) -> str:
    """The name of a function, in lower case; empty for anything else."""
    return token.lower_name if isinstance(token, ast.FunctionBlock) else ""


def inside(token: ast.Node) -> Tokens | None:
    """What stands in a function or block; None for any other token."""
    if isinstance(token, ast.FunctionBlock):
        return token.arguments
    if isinstance(token, ast.ParenthesesBlock | ast.SquareBracketsBlock | ast.CurlyBracketsBlock):
        return token.content
    return None


def nested(tokens: Tokens) -> Iterator[tuple[ast.Node, int]]:
    """All tokens, those inside of functions and blocks too, each with how deep it lies."""
    pending = [(token, 0) for token in reversed(tokens)]
    while pending:
        token, depth = pending.pop()
        yield token, depth
        pending.extend((below, depth + 1) for below in reversed(inside(token) or ()))
