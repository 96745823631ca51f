"""Regular expressions that are compiled when they are first used: most runs need few of them, and starting is dear."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def lazy_regex(pattern: str | bytes, method: str = "fullmatch", flags: int = 0) -> Callable[..., Any]:
    """A method of a compiled pattern, compiled at its first call.

    Args:
        pattern: The regular expression.
        method: Name of the method, such as ``"match"``.
        flags: Flags of the `re` module.
    """
    compiled: Callable[..., Any] | None = None

    def call(*arguments: Any) -> Any:
        nonlocal compiled
        if compiled is None:
            compiled = getattr(re.compile(pattern, flags), method)
        return compiled(*arguments)

    return call
