"""docs/portal.md in both languages is what its script writes, with a screenshot for every step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tools.portal_page import DOCS, PAGES, PICTURES, STEPS, page, picture


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_what_make_docs_writes(lang: str) -> None:
    assert (DOCS / PAGES[lang]).read_text(encoding="utf-8") == page(lang)


def test_every_step_has_its_screenshot_and_there_is_no_other() -> None:
    wanted = {picture(name, lang) for name in STEPS for lang in PAGES}
    assert set(PICTURES.glob("portal-*.png")) == wanted


@pytest.mark.parametrize("path", sorted(PICTURES.glob("portal-*.png")), ids=lambda path: path.stem)
def test_a_screenshot_is_small_and_shows_something(path: Path) -> None:
    assert path.stat().st_size < 120_000
    with Image.open(path) as image:
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 8
