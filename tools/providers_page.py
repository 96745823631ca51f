"""Write docs/providers.md and docs/providers.ja.md: what each mailbox provider asks, from the data.

Usage: python -m tools.providers_page
"""

from __future__ import annotations

from pathlib import Path

from bimikit.receivers.page import page_markdown

PAGES = {"en": "providers.md", "ja": "providers.ja.md"}
DOCS = Path(__file__).parent.parent / "docs"

if __name__ == "__main__":
    for lang, name in PAGES.items():
        (DOCS / name).write_text(page_markdown(lang), encoding="utf-8")
