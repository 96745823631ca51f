"""The guide from p=none to a logo: what it shows is what happens to its company, from the first scan to the live logo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.road import PAGES, Company, told


@pytest.mark.parametrize("lang", PAGES)
def test_the_guide_tells_what_happens(lang: str) -> None:
    page = PAGES[lang].read_text(encoding="utf-8")
    assert told(page, lang) == page


def test_both_guides_tell_the_same_story() -> None:
    stories = [
        [line for line in PAGES[lang].read_text(encoding="utf-8").splitlines() if line.startswith(("<!-- story", "$ "))]
        for lang in PAGES
    ]
    assert stories[0] == stories[1]


def test_a_step_that_the_story_does_not_know_is_an_error(tmp_path: Path) -> None:
    with Company(tmp_path, "en") as company:
        for what in ("publsih", "happens rain", "file x"):
            with pytest.raises(ValueError, match=r"no such step|nothing like this"):
                company.does(what, None)
        with pytest.raises(ValueError, match="only bimikit is run"):
            company.run("$ rm -r inbox\n")
        with pytest.raises(RuntimeError, match="bimikit plan"):
            company.run("$ bimikit plan\n")
