"""The pages on repair, their pictures and examples, and the logos they are about."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFont, ImageStat
from support import ROOT

from bimikit import Outcome, Severity, check_svg, repair_svg
from bimikit.svg.repair.job import KINDS as ALL_KINDS
from fixtures.make_repair import EXPORTS, FOLDER
from tools.repair_page import KINDS, PAGES, PICTURES, page, pictures

PAGE = {lang: (ROOT / "docs" / name).read_text(encoding="utf-8") for lang, name in PAGES.items()}
NOISE = 1.0
"""Of 255, on average: what another build of the renderer may draw differently."""
LARGEST_PICTURE = 25_000
FONTS = [ImageFont.load_default(16).font_bytes]  # type: ignore[union-attr]
"""The one that Pillow carries."""


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_what_make_docs_writes(lang: str) -> None:
    assert PAGE[lang] == page(lang)


@pytest.mark.parametrize(
    ("name", "fresh"), pictures().items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_picture_is_small_and_shows_what_would_be_drawn_today(name: str, fresh: Image.Image) -> None:
    path = PICTURES / f"{name}.png"
    assert path.stat().st_size <= LARGEST_PICTURE
    with Image.open(path) as kept:
        assert kept.size == fresh.size
        apart = ImageChops.difference(kept.convert("RGB"), fresh.convert("RGB"))
    assert max(ImageStat.Stat(apart).mean) <= NOISE


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_every_picture_and_no_other(lang: str) -> None:
    shown = re.findall(r"\]\(pictures/([^)]+)\)", PAGE[lang])
    assert (
        sorted(shown)
        == sorted(path.name for path in PICTURES.iterdir() if not path.name.startswith("portal-"))
        == sorted(f"{name}.png" for name in pictures())
    )


@pytest.mark.parametrize("lang", PAGES)
def test_links_of_the_page_lead_somewhere(lang: str) -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", PAGE[lang], re.MULTILINE)
    }
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", PAGE[lang]):
        path, _, anchor = target.partition("#")
        assert not path or (ROOT / "docs" / path).exists(), target
        assert path or anchor in anchors, target


@pytest.mark.parametrize("lang", PAGES)
def test_every_kind_of_consent_is_explained(lang: str) -> None:
    assert tuple(KINDS[lang]) == ALL_KINDS


@pytest.mark.parametrize("lang", PAGES)
def test_every_rule_that_is_named_exists_and_no_placeholder_is_left(lang: str) -> None:
    assert "`svg.one-colour`" in PAGE[lang]
    assert not re.search(r"\{[a-z_]+\}", PAGE[lang])


def test_the_logos_are_what_their_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "fixtures.make_repair", tmp_path / "made"], check=True, cwd=ROOT)
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert made == {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert sorted(made) == [f"{name}.svg" for name in sorted(EXPORTS)]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_exported_logo_does_not_conform(name: str) -> None:
    findings = check_svg((FOLDER / f"{name}.svg").read_bytes()).findings
    assert any(one.severity is Severity.ERROR and one.outcome is Outcome.FAIL for one in findings)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_exported_logo_conforms_once_repaired_and_its_owner_agreed_to_what_it_needs(name: str) -> None:
    export = EXPORTS[name]
    data = (FOLDER / f"{name}.svg").read_bytes()
    wishes = {"title": "Acme", "background": export.background}
    repair = repair_svg(data, **wishes, allow=export.allow, fonts=FONTS)  # type: ignore[arg-type]
    assert repair.report.ok, [(one.rule, one.params) for one in repair.remaining]
    assert repair.ok is export.proven
    assert repair.visible is bool(export.allow or export.background)
    assert not repair.undone
    again = repair_svg(repair.svg or b"", title="Acme")
    assert not again.changed, [change.what for change in again.changes]
    if export.allow:
        assert not repair_svg(data, **wishes).ok  # type: ignore[arg-type]
