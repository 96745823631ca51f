"""For all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from programs import REQUIRE

from tools.postgresql import programs, server

# how long an example takes says more about the machine than about the code
settings.register_profile("bimikit", deadline=None)
settings.load_profile("bimikit")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """A server; without its programs the test is skipped, or fails (see `programs`)."""
    folder = programs()
    if folder is None:
        if os.environ.get(REQUIRE):
            pytest.fail(f"PostgreSQL isn't installed, and {REQUIRE} is set")
        pytest.skip("PostgreSQL isn't installed")
    with server(folder) as url:
        yield url
