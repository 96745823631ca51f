"""Optional dependencies: what is missing is told by the extra that brings it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import BimikitError

EXTRAS = {
    "cluster": ("dask", "distributed"),
    "mcp": (
        "mcp",
        *("PIL", "cssselect2", "fontTools", "pathops", "resvg", "tinycss2", "uharfbuzz", "vtracer"),
    ),
    "portal": (
        *("babel", "flask", "limits", "prometheus_client", "redis", "waitress"),
        *("PIL", "cssselect2", "fontTools", "pathops", "resvg", "tinycss2", "uharfbuzz", "vtracer"),
    ),
    "preview": ("PIL", "resvg", "tinycss2"),
    "reports": ("psycopg", "sqlalchemy"),
    "repair": ("PIL", "cssselect2", "fontTools", "pathops", "resvg", "tinycss2", "uharfbuzz", "vtracer"),
}
"""The modules each extra brings."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around imports that need an extra.

    Args:
        name: Key in `EXTRAS`.

    Raises:
        BimikitError: One of its modules isn't there; the message says what to install.
    """
    try:
        yield
    except ModuleNotFoundError as problem:
        missing = (problem.name or "").partition(".")[0]
        if missing not in EXTRAS[name]:
            raise
        raise BimikitError(f"this needs {missing}: pip install 'bimikit[{name}]'") from problem
