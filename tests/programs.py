"""Programs that some tests need, from the system's packages: a browser, a Redis server."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRE = "BIMIKIT_REQUIRE_PROGRAMS"
"""Where this is set (by `.ci/run`), a missing program fails the tests that need it; elsewhere they are skipped."""


def program(*names: str) -> str:
    """The path of the first of these programs that there is; without any, the test is skipped, or fails."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is not None:
        return found
    reason = f"{names[0]} isn't installed"
    if os.environ.get(REQUIRE):
        pytest.fail(f"{reason}, and {REQUIRE} is set")
    pytest.skip(reason)
