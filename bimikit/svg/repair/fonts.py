"""Fonts that the owner gave: found by family, weight and style, and asked for the outlines of letters."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import uharfbuzz as hb
from pathops import Path

_MOST_BYTES = 32 * 1024 * 1024
_MOST_FACES = 64
"""Of one collection that are looked at."""
_FAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC_FAMILY = 1, 4, 6, 16
"""Entries of a font's name table."""
GENERIC = frozenset("serif sans-serif monospace cursive fantasy system-ui ui-serif ui-sans-serif".split())
"""Families that name no font: any will do."""
_BOLD_FROM = 600
_WIDTH_STEP = 12.5
_NORMAL_WIDTH = 100.0
"""Width, in percent, of what is neither condensed nor expanded."""


class Face(NamedTuple):
    """A font.

    Attributes:
        name: What to call it in messages.
        family: Name of its family.
        families: Names of its family, in lower case.
        names: Its own names, in lower case.
        weights: The lightest and the heaviest it can be; the same unless it is variable.
        slanted: Whether it is italic or oblique.
        width: Percent of a normal width.
        face: It, as HarfBuzz has it.
    """

    name: str
    family: str
    families: frozenset[str]
    names: frozenset[str]
    weights: tuple[float, float]
    slanted: bool
    width: float
    face: hb.Face

    @property
    def described(self) -> str:
        """Family, weight and style: by these a text finds it."""
        lightest, heaviest = self.weights
        weight = f"{lightest:g}" if lightest == heaviest else f"{lightest:g}–{heaviest:g}"
        return f"{self.family} {weight}{' italic' if self.slanted else ''}"


class Wanted(NamedTuple):
    """What a text asks a font to be.

    Attributes:
        families: Value of ``font-family``.
        weight: 1 to 1000.
        slanted: Whether it is italic or oblique.
        width: Percent of a normal width.
    """

    families: str
    weight: float = 400.0
    slanted: bool = False
    width: float = _NORMAL_WIDTH


class Cut(NamedTuple):
    """A face at a weight, ready for shaping.

    Attributes:
        face: The face.
        font: It at the weight, as HarfBuzz has it.
        substitute: Whether it stands in for a font that isn't at hand.
    """

    face: Face
    font: hb.Font
    substitute: bool

    def covers(self, sign: str) -> bool:
        """Whether the face has a glyph for a character."""
        return self.font.get_nominal_glyph(ord(sign)) is not None


class Metrics(NamedTuple):
    """How high and deep letters reach from the baseline, in ems; the depth is below zero."""

    ascent: float
    descent: float
    x_height: float


class Cluster(NamedTuple):
    """What is drawn for a letter, or for several that can't be told apart: at the origin, in ems, y pointing down.

    Attributes:
        first: Index of the first letter.
        path: The outline.
        advance: From here to the next cluster.
    """

    first: int
    path: Path
    advance: float


def read_faces(data: bytes) -> list[Face]:
    """The fonts of a file (TTF, OTF, TTC, WOFF); none for what can't be read."""
    if not 12 <= len(data) <= _MOST_BYTES:
        return []
    if data[:4] == b"wOFF":
        unpacked = _unpacked(data)
        if unpacked is None:
            return []
        data = unpacked
    blob = hb.Blob(data)
    count = hb.Face(blob).count
    faces = (_read_face(hb.Face(blob, index)) for index in range(min(count, _MOST_FACES)))
    return [face for face in faces if face is not None]


def _read_face(face: hb.Face) -> Face | None:
    if face.glyph_count == 0 or face.upem <= 0:
        return None
    names: dict[int, set[str]] = {}
    for entry in face.list_names()[:_MOST_NAMES]:
        if entry.name_id in (_FAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC_FAMILY):
            name = face.get_name(entry.name_id, entry.language)
            names.setdefault(entry.name_id, set()).add((name or "").strip().lower())
    font = hb.Font(face)
    weight, width = (font.get_style_value(tag) for tag in (hb.StyleTag.WEIGHT, hb.StyleTag.WIDTH))
    axis = next((axis for axis in face.axis_infos if axis.tag == "wght"), None)
    slanted = font.get_style_value(hb.StyleTag.ITALIC) > 0 or font.get_style_value(hb.StyleTag.SLANT_ANGLE) != 0
    return Face(
        face.get_name(_FULL) or face.get_name(_FAMILY) or "?",
        face.get_name(_TYPOGRAPHIC_FAMILY) or face.get_name(_FAMILY) or face.get_name(_FULL) or "?",
        frozenset(names.get(_FAMILY, set()) | names.get(_TYPOGRAPHIC_FAMILY, set())) - {""},
        frozenset(names.get(_FULL, set()) | names.get(_POSTSCRIPT, set())) - {""},
        (weight, weight) if axis is None else (axis.min_value, axis.max_value),
        slanted,
        width,
        face,
    )


_MOST_NAMES = 1_000
_WOFF_ENTRY = struct.Struct(">4sLLLL")
_SFNT_ENTRY = struct.Struct(">4sLLL")


def _unpacked(data: bytes) -> bytes | None:
    """The font in a WOFF file; None for a broken one, or one that is more than may be read."""
    flavor, tables = data[4:8], int.from_bytes(data[12:14], "big")
    directory, bodies = [], []
    at = 12 + _SFNT_ENTRY.size * tables
    for index in range(tables):
        start = 44 + _WOFF_ENTRY.size * index
        if start + _WOFF_ENTRY.size > len(data):
            return None
        tag, offset, packed, length, checksum = _WOFF_ENTRY.unpack_from(data, start)
        body = data[offset : offset + packed]
        if at + length > _MOST_BYTES:
            return None
        if packed < length:
            try:
                body = zlib.decompressobj().decompress(body, length + 1)
            except zlib.error:
                return None
        if len(body) != length:
            return None
        directory.append(_SFNT_ENTRY.pack(tag, checksum, at, length))
        body += bytes(-length % 4)
        bodies.append(body)
        at += len(body)
    return flavor + struct.pack(">HHHH", tables, 0, 0, 0) + b"".join(directory) + b"".join(bodies)


def cuts_for(faces: Sequence[Face], wanted: Wanted) -> list[Cut]:
    """The faces to draw a text with: letters that one lacks are drawn with the next; none where none will do.

    A family that is at hand without the weight or style that is wanted won't do: renderers would imitate it, each in
    its own way. Where the text leaves the choice to the renderer, any face does.
    """
    found: list[Cut] = []
    for name in _names(wanted.families):
        if name in GENERIC:
            rest = sorted(faces, key=lambda face: _remoteness(face, wanted))
            found += (_cut(face, wanted, substitute=True) for face in rest)
            break
        family = [face for face in faces if name in face.families]
        own = [face for face in faces if name in face.names]
        nearest = min(family, key=lambda face: _remoteness(face, wanted), default=None)
        if nearest is not None and _will_do(nearest, wanted):
            found.append(_cut(nearest, wanted, substitute=False))
        elif own and (nearest is None or wanted == Wanted(wanted.families)):
            found.append(_cut(own[0], wanted, substitute=False))
        elif nearest is not None:
            return []
    return found


def _names(families: str) -> Iterator[str]:
    listed = [name.strip(" \t\r\n\"'").lower() for name in families.split(",")[:_MOST_FAMILIES]]
    yield from (name for name in listed if name)
    if not any(listed):
        yield "serif"


_MOST_FAMILIES = 32


def _cut(face: Face, wanted: Wanted, *, substitute: bool) -> Cut:
    font = hb.Font(face.face)
    if face.weights[0] < face.weights[1]:
        font.set_variations({"wght": _nearest_weight(face, wanted)})
    return Cut(face, font, substitute)


def _nearest_weight(face: Face, wanted: Wanted) -> float:
    lightest, heaviest = face.weights
    return min(max(wanted.weight, lightest), heaviest)


def _remoteness(face: Face, wanted: Wanted) -> tuple[float, bool, int, float]:
    """How far a face is from what is wanted, as CSS orders them: by width, style, and weight."""
    weight = _nearest_weight(face, wanted)
    medium = 400 <= wanted.weight <= 500
    if medium:
        side = 0 if wanted.weight <= weight <= 500 else 1 if weight < wanted.weight else 2
    else:
        side = int((weight < wanted.weight) == (wanted.weight > 500))
    return abs(face.width - wanted.width), face.slanted != wanted.slanted, side, abs(weight - wanted.weight)


def _will_do(face: Face, wanted: Wanted) -> bool:
    bold = _nearest_weight(face, wanted) >= _BOLD_FROM
    alike = face.slanted == wanted.slanted and bold == (wanted.weight >= _BOLD_FROM)
    return alike and abs(face.width - wanted.width) < _WIDTH_STEP


def metrics(cut: Cut) -> Metrics:
    """A face's heights."""
    font = cut.font
    extents = font.get_font_extents("ltr")
    units = cut.face.face.upem
    x_height = font.get_metric_position_with_fallback(hb.OTMetricsTag.X_HEIGHT)
    return Metrics(extents.ascender / units, extents.descender / units, x_height / units)


def shaped(cut: Cut, text: str, *, rtl: bool, ligatures: bool = True) -> list[Cluster] | None:
    """The outlines of a text, from left to right: kerning, ligatures and joining as the font has them.

    Args:
        cut: The font.
        text: The text.
        rtl: Whether it is written from right to left.
        ligatures: Whether letters may be joined that can stand apart.

    Returns:
        The clusters; None where the font can't draw a letter as an outline of one colour.
    """
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(sign) for sign in text])
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.guess_segment_properties()
    hb.shape(cut.font, buffer, {} if ligatures else {"liga": False, "clig": False})
    scale = 1 / cut.face.face.upem
    found: list[Cluster] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0 or _is_coloured(cut.face.face, info.codepoint):
            return None
        if not found or found[-1].first != info.cluster:
            found.append(Cluster(info.cluster, Path(), 0.0))
        first, path, advance = found[-1]
        glyph = Path()
        cut.font.draw_glyph_with_pen(info.codepoint, glyph.getPen(allow_open_paths=True))
        left, top = position.x_offset * scale + advance, -position.y_offset * scale
        path.addPath(glyph.transform(scale, 0, 0, -scale, left, top))
        found[-1] = Cluster(first, path, advance + position.x_advance * scale)
    return None if _has_gap(found, text) else found


def _is_coloured(face: hb.Face, glyph: int) -> bool:
    return (face.has_color_layers and bool(face.get_glyph_color_layers(glyph))) or (
        face.has_color_paint and face.glyph_has_color_paint(glyph)
    )


def _has_gap(clusters: list[Cluster], text: str) -> bool:
    """Whether nothing is drawn where there is something to see, as with fonts of bitmaps."""
    starts = sorted(cluster.first for cluster in clusters)
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    return any(
        next(iter(cluster.path), None) is None and not all(map(is_unseen, text[cluster.first : ends[cluster.first]]))
        for cluster in clusters
    )


def is_unseen(sign: str) -> bool:
    """Whether a character is one that has no outline: a blank, a control, a joiner."""
    return unicodedata.category(sign)[0] in "ZC" or "\ufe00" <= sign <= "\ufe0f"
