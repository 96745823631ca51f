"""Write docs/portal.md, docs/portal.ja.md and their screenshots: a brand manager's walk through the portal.

Usage: python -m tools.portal_page [--words-only]     (the screenshots need Chromium)
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from tools.portal_page_words import STEPS, TEXT

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
PAGES = {"en": "portal.md", "ja": "portal.ja.md"}
LOCALES = {"en": "en-US", "ja": "ja-JP"}
WIDTH = 1080
_COLOURS = 192
"""Screens have few; a picture is a third as large so."""

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def picture(name: str, lang: str) -> Path:
    """Where a screenshot is kept."""
    return PICTURES / f"portal-{name}-{lang}.png"


def page(lang: str) -> str:
    """The walk-through in one language."""
    other = "ja" if lang == "en" else "en"
    parts = [f"# {TEXT[lang]['title']}", f"[{TEXT[lang]['other']}]({PAGES[other]})", TEXT[lang]["lead"]]
    for name, words in STEPS.items():
        heading, text, alt = words[lang]
        parts += [f"## {heading}", text]
        if alt:
            parts.append(f"![{alt}](pictures/{picture(name, lang).name})")
    parts.append(TEXT[lang]["end"])
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write everything, or the words alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words-only", action="store_true", help="leave the screenshots as they are")
    if not parser.parse_args().words_only:
        _photograph()
    for lang, name in PAGES.items():
        (DOCS / name).write_text(page(lang), encoding="utf-8")
    return 0


def _photograph() -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    browsing = import_module("browsing")
    with browsing.world() as portal, browsing.browser() as chromium:
        for lang, locale in LOCALES.items():
            context = chromium.new_context(locale=locale, viewport={"width": WIDTH, "height": 800})
            _walk(context.new_page(), portal, lang)
            context.close()
            phone = chromium.new_context(
                locale=locale, viewport={"width": 390, "height": 780}, color_scheme="dark", device_scale_factor=2
            )
            opened = phone.new_page()
            opened.goto(portal.url)
            _check(opened, domain="example.com")
            _keep(opened, "phone", lang)
            phone.close()


def _walk(page: Page, portal: Any, lang: str) -> None:
    page.goto(portal.url)
    _keep(page, "home", lang)
    portal.publish(policy="none")
    page.set_input_files("#files", ROOT / "fixtures/repair/figma-shadow.svg")
    _check(page, domain="example.com")
    _keep(page.locator(".verdict").first, "verdict", lang)
    _keep(page.locator(".summary").first, "next", lang)
    page.locator("#answer-1-logo .all-sizes > summary").click()
    _keep(page.locator("#answer-1-logo .all-sizes"), "previews", lang)
    _keep(page.locator("details.finding[open]").first, "finding", lang)
    page.locator("form[action='/repair'] button").first.click()
    page.wait_for_selector(".repair h1:focus")
    page.locator(".asked input[value=filter]").check()
    page.locator("input[name=title]").fill("Wakaba")
    page.locator(".choices .actions button").click()
    page.wait_for_selector(".repair .verdict.ok, .repair .verdict.warning", timeout=30_000)
    _settled(page)
    _keep(page, "repair", lang)
    portal.publish()
    page.goto(portal.url)
    from bimikit.testing import LOGO

    files: Any = [
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO},
        {"name": "vmc.pem", "mimeType": "application/x-pem-file", "buffer": portal.certificate},
    ]
    page.set_input_files("#files", files)
    page.locator("#door-plan").click()
    page.fill("#logo_url", "https://www.example.com/bimi/logo.svg")
    page.fill("#certificate_url", "https://www.example.com/bimi/vmc.pem")
    _check(page, domain="example.com")
    _keep(page.locator(".certificate").first, "certificate", lang)
    _keep(page.locator(".publish").first, "publish", lang)
    _keep(page.locator(".takeaway").first, "take", lang)


def _check(page: Page, *, domain: str) -> None:
    page.fill("#domain", domain)
    page.locator("#check button.primary").click()
    page.wait_for_selector("#answer [data-focus]:focus", timeout=30_000)
    _settled(page)


def _settled(page: Page) -> None:
    """Without the note on progress, which is gone after a while, and at the top."""
    page.evaluate("document.querySelector('[data-status]').hidden = true; window.scrollTo(0, 0)")
    page.wait_for_timeout(400)


def _keep(what: Page | Locator, name: str, lang: str) -> None:
    with Image.open(BytesIO(what.screenshot())) as shot:
        shot.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(picture(name, lang), optimize=True)


if __name__ == "__main__":
    sys.exit(main())
