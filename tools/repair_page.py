"""Write docs/repair.md, docs/repair.ja.md and docs/pictures: what a repair does, with pictures of real ones.

Usage: python -m tools.repair_page
"""

# ruff: noqa: E501 - a paragraph, or a row of a table, is a line

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

import bimikit
from bimikit.locale import term
from bimikit.svg.difference import SAME_BLOCK, SAME_MEAN
from bimikit.svg.repair.proof import SIZES
from bimikit.svg.repair.result import Change
from bimikit.svg.repair.words import wording
from tools.repair_page_words import CONSTRUCTS, KINDS, TEXT

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
PAGES = {"en": "repair.md", "ja": "repair.ja.md"}
SHEET = "contact-sheet"
SHEET_COLOURS = 48
"""A sheet of flat colours needs no more, and is a third as large so."""


class Shown(NamedTuple):
    """A logo of fixtures/repair that the page shows.

    Attributes:
        name: Its file, and the picture's.
        title: The brand.
        about: What it is, by language.
        allow: What its owner agreed to.
    """

    name: str
    title: str
    about: Mapping[str, str]
    allow: tuple[str, ...] = ()


SHOWN = (
    Shown("figma-frame", "Minamo", {"en": "From Figma: a frame, an alpha mask, a background blur", "ja": "Figmaから：フレーム、アルファマスク、背景のぼかし"}),
    Shown("illustrator-layers", "Kazaguruma Toys", {"en": "From Illustrator: style classes, its own data, a hidden layer", "ja": "Illustratorから：CSSのクラス、編集用データ、非表示レイヤー"}),
    Shown("opacity-group", "Triad", {"en": "One opacity over shapes that overlap", "ja": "重なり合う図形全体にかけた不透明度"}),
    Shown("radial-gradient", "Wasei", {"en": "An elliptical gradient, and one that repeats itself", "ja": "楕円形のグラデーションと、繰り返すグラデーション"}),
    Shown("wordmark-wide", "mori", {"en": "A wordmark four times as wide as high", "ja": "横長のロゴタイプ（幅が高さの4倍）"}),
    Shown("figma-shadow", "Konoha", {"en": "A drop shadow: only with your consent", "ja": "ドロップシャドウ：許可した場合だけ"}, ("filter",)),
)  # fmt: skip

EXAMPLE = """from pathlib import Path

import bimikit

repair = bimikit.repair_svg(Path("logo.svg").read_bytes(), title="Minamo")
print(repair.ok, repair.proven, repair.changed)
print(repair.difference.same, repair.difference.sizes, f"{repair.difference.block:.0f} %")
for change in repair.changes:
    print(change.applicability.value, change.what, change.count)
print([finding.rule for finding in repair.remaining])
if repair.ok:
    Path("fixed.svg").write_bytes(repair.svg)
    Path("compare.png").write_bytes(repair.picture)
    Path("sheet.png").write_bytes(bimikit.contact_sheet(repair.svg))
"""
CONSENT = """from pathlib import Path

import bimikit

data = Path("shadow.svg").read_bytes()
first = bimikit.repair_svg(data, title="Konoha")
kinds = {change.needs for change in first.declined if change.needs}
print(first.ok, kinds)
second = bimikit.repair_svg(data, title="Konoha", allow=kinds)
print(second.ok, second.visible)
"""
EXAMPLES = (EXAMPLE, CONSENT)
SAMPLES = {"logo.svg": "figma-frame", "shadow.svg": "figma-shadow"}
"""What the files that the examples read are."""


@cache
def repaired() -> dict[str, bimikit.Repair]:
    """The repairs of the logos that are shown, by name."""
    return {one.name: bimikit.repair_svg(source(one.name), title=one.title, allow=one.allow) for one in SHOWN}


def source(name: str) -> bytes:
    """A logo as it was exported."""
    return (ROOT / "fixtures" / "repair" / f"{name}.svg").read_bytes()


def pictures() -> dict[str, Image.Image]:
    """The pictures of the page, by name."""
    found = {}
    for name, result in repaired().items():
        sheet = result.picture
        assert sheet is not None
        found[name] = Image.open(BytesIO(sheet)).convert("RGB")
    logo = repaired()[SHOWN[0].name].svg
    assert logo is not None
    found[SHEET] = Image.open(BytesIO(bimikit.contact_sheet(logo))).convert("RGB").quantize(SHEET_COLOURS)
    return found


def in_folder(arguments: list[str]) -> str:
    """What Python prints, run in a folder with the files that the page's examples read."""
    with tempfile.TemporaryDirectory() as folder:
        for name, sample in SAMPLES.items():
            Path(folder, name).write_bytes(source(sample))
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def page(lang: str) -> str:
    """The page in a language."""
    return TEXT[lang].format(
        console=in_folder(["-m", "bimikit", "fix", "logo.svg", "--title", "Minamo", "--lang", lang]),
        shown="\n".join(_section(shown, lang) for shown in SHOWN),
        constructs=CONSTRUCTS[lang].lstrip(),
        kinds="".join(f"| `{kind}` | {why} | {done} |\n" for kind, (why, done) in KINDS[lang].items()),
        sizes=term("label.comma", lang).join(map(str, SIZES)),
        largest=SIZES[-1],
        block=SAME_BLOCK,
        mean=SAME_MEAN,
        sheet=SHEET,
        example=EXAMPLE,
        output=in_folder(["-c", EXAMPLE]),
        consent=CONSENT,
        consent_output=in_folder(["-c", CONSENT]),
        **{
            name.replace("-", "_"): wording(f"fix.{name}", {}, lang)
            for name in ("repaired", "not-yet", "unproven", "refused", "declined")
        },
    )


def _section(shown: Shown, lang: str) -> str:
    """A logo, its pictures, and what was changed."""
    result = repaired()[shown.name]
    assert result.ok, shown.name
    assert result.difference is not None
    numbers = {name: f"{getattr(result.difference, name):.2f}" for name in ("mean", "block")}
    sizes = term("label.comma", lang).join(map(str, result.difference.sizes))
    words = {"sizes": sizes, "maximum": f"{result.difference.maximum:.1f}"}
    about = wording("fix.picture-changed" if result.visible else "fix.picture-same", numbers | words, lang)
    lines = [f"#### {shown.about[lang]}", "", f"![{shown.title}](pictures/{shown.name}.png)", "", about, ""]
    lines += [f"- {_told(change, lang)}" for change in result.changes]
    return "\n".join(lines) + "\n"


def _told(change: Change, lang: str) -> str:
    """A change in words, and how often it occurs."""
    text = re.sub(r"<(/?\w+(?:, \w+)*)>", r"`<\1>`", change.text(lang))
    if change.count == 1:
        return text
    times = wording("fix.times", {"count": change.count}, lang)
    return f"{text} ({times})" if lang == "en" else f"{text}（{times}）"


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        picture.save(PICTURES / f"{name}.png", "PNG", optimize=True)
    for lang, name in PAGES.items():
        (DOCS / name).write_text(page(lang), encoding="utf-8", newline="\n")
