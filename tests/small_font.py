"""A font made for tests: a few letters of straight lines, kerning, two weights and an italic."""

from __future__ import annotations

import io
from functools import lru_cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

UNITS = 1000
ASCENT, DESCENT = 800, -200
LETTERS = "ABVfi.xא"
MARK = "\u0301"
_KERNING = "feature kern { pos A V -150; pos V A -150; } kern;\nfeature liga { sub f i by f_i; } liga;"


def _triangle(width: int, height: int, stem: int) -> list[tuple[int, int]]:
    return [(stem // 2, 0), (width // 2, height), (width - stem // 2, 0)]


def _glyph(points: list[tuple[int, int]]) -> object:
    pen = TTGlyphPen(None)
    if points:
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _slab(width: int, height: int, stem: int) -> list[tuple[int, int]]:
    return [
        (50, 0),
        (50, height),
        (width - 50, height),
        (width - 50, height - stem),
        (50 + stem, height - stem),
        (50 + stem, 0),
    ]


@lru_cache
def small_font(
    family: str = "Tiny Sans", *, weight: int = 400, italic: bool = False, letters: str = LETTERS, outlines: bool = True
) -> bytes:
    """A font file."""
    stem = 80 if weight < 600 else 200
    style = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "Bold Italic"}[
        weight >= 600, italic
    ]
    names = {
        ".notdef": None,
        "space": " ",
        "f_i": None,
        **{
            f"uni{ord(letter):04X}" if not letter.isalpha() or not letter.isascii() else letter: letter
            for letter in letters
        },
    }
    shapes = {"A": _triangle(600, 700, stem), "V": [(stem // 2, 700), (300, 0), (600 - stem // 2, 700)]}
    glyphs, widths = {}, {}
    for number, name in enumerate(names):
        drawn = outlines and name != "space"
        glyphs[name] = _glyph(shapes.get(name, _slab(500 + 20 * number, 500 + 20 * number, stem)) if drawn else [])
        left = min((x for x, _y in shapes.get(name, [(50, 0)])), default=0) if drawn else 0
        widths[name] = (600 if name in shapes else 500 + 20 * number, left)
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(names))
    builder.setupCharacterMap({ord(letter): name for name, letter in names.items() if letter})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable(
        {
            "familyName": family,
            "styleName": style,
            "fullName": f"{family} {style}",
            "psName": f"{family.replace(' ', '')}-{style.replace(' ', '')}",
        }
    )
    builder.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=DESCENT,
        sTypoLineGap=0,
        usWinAscent=ASCENT,
        usWinDescent=-DESCENT,
        usWeightClass=weight,
        fsSelection=(1 if italic else 0) | (32 if weight >= 600 else 0) or 64,
        sxHeight=500,
    )
    builder.setupHead(
        unitsPerEm=UNITS, macStyle=(1 if weight >= 600 else 0) | (2 if italic else 0), created=0, modified=0
    )
    builder.setupPost()
    if {"A", "V", "f", "i"} <= set(letters):
        builder.addOpenTypeFeatures(_KERNING)
    return _saved(builder.font)


def _saved(font: TTFont | TTCollection) -> bytes:
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def as_woff(font: bytes) -> bytes:
    """A font in WOFF."""
    opened = TTFont(io.BytesIO(font))
    opened.flavor = "woff"
    return _saved(opened)


def collection(*fonts: bytes) -> bytes:
    """Fonts in one file."""
    files = TTCollection()
    files.fonts = [TTFont(io.BytesIO(font)) for font in fonts]
    return _saved(files)


@lru_cache
def variable_font() -> bytes:
    """A font that can be anything from thin to black: its letter is a bar, wide as the font is heavy."""
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    bar = [(50, 0), (50, 700), (150, 700), (150, 0)]
    builder.setupGlyf({".notdef": _glyph([]), "A": _glyph(bar)})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (600, 50)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable(
        {
            "familyName": "Tiny Variable",
            "styleName": "Thin",
            "fullName": "Tiny Variable Thin",
            "psName": "TinyVariable-Thin",
        }
    )
    builder.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT, usWeightClass=100
    )
    builder.setupPost()
    builder.setupHead(unitsPerEm=UNITS, created=0, modified=0)
    builder.setupFvar([("wght", 100, 100, 900, "Weight")], [])
    moves = [(0, 0), (0, 0), (400, 0), (400, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    builder.setupGvar({".notdef": [], "A": [TupleVariation({"wght": (0, 1, 1)}, moves)]})
    return _saved(builder.font)
