"""From a file's bytes to UTF-8 text: transport (gzip), encoding, and what the file is when it isn't SVG at all."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ..engine import Fault, quote
from ..inflate import GZIP, inflate
from ..lazy import lazy_regex
from .place import Place

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"RIFF", "webp"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"8BPS", "psd"),
    (b"%PDF-", "pdf"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"PK\x03\x04", "zip"),
    (b"-----BEGIN ", "pem"),
    (b"{\\rtf", "rtf"),
    (b"data:image/", "data-url"),
    (b"iVBORw0KGgo", "base64-png"),
    (b"PHN2Zy", "base64-svg"),
    (b"PD94bWwg", "base64-svg"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
"""How files begin that people upload by mistake, and the term that names each kind."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16 = {
    "utf-16-le": ("utf-16", "utf-16le", "iso-10646-ucs-2"),
    "utf-16-be": ("utf-16", "utf-16be", "iso-10646-ucs-2"),
}
"""The names under which each kind of UTF-16 may be declared."""
_ENCODINGS = frozenset(
    """arabic ascii asmo-708 big5 cp-gr cp-is cp367 cp437 cp775 cp819 cp850 cp852 cp855 cp857 cp860 cp861 cp862 cp863
    cp864 cp865 cp866 cp869 cp936 csascii csbig5 csibm855 csibm857 csibm860 csibm861 csibm863 csibm864 csibm865
    csibm866 csibm869 csiso2022jp csiso2022kr csisolatin1 csisolatin2 csisolatin3 csisolatin4 csisolatin5
    csisolatinarabic csisolatincyrillic csisolatingreek csisolatinhebrew cskoi8r cspc775baltic cspc850multilingual
    cspc862latinhebrew cspc8codepage437 cspcp852 csshiftjis cyrillic ecma-114 ecma-118 elot_928 euc-jp euc-kr gb18030
    gb2312 gbk greek greek8 hebrew ibm367 ibm437 ibm775 ibm819 ibm850 ibm852 ibm855 ibm857 ibm860 ibm861 ibm862 ibm863
    ibm864 ibm865 ibm866 ibm869 iso-2022-jp iso-2022-kr iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5
    iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-13 iso-8859-15 iso-ir-6 iso-ir-100 iso-ir-101 iso-ir-109
    iso-ir-110 iso-ir-126 iso-ir-127 iso-ir-138 iso-ir-144 iso-ir-148 iso646-us koi8-r korean ks_c_5601-1987 l1 l2 l3
    l4 l5 latin1 latin2 latin3 latin4 latin5 ms936 ms_kanji shift_jis tis-620 us us-ascii utf-8 windows-1250
    windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258
    windows-31j""".split()
)
"""Encoding names of the IANA registry that XML parsers take; Python itself would take many more, "utf8" for one."""
_CODECS = {
    **dict.fromkeys(("shift_jis", "ms_kanji", "csshiftjis", "windows-31j"), "cp932"),
    "gb2312": "gb18030",
    "iso-2022-kr": "iso2022_kr",
}
"""Codecs that Python knows by another name, or whose files in practice use a larger set (round digits, for one)."""
_DECLARED = lazy_regex(
    r"""<\?xml[ \t\r\n][^>]{0,200}?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._:-]{1,40})["']""", "match"
)
_PLAIN_START = re.compile(
    rb"""<(?:svg[ >]|!--|\?xml version=["']1\.0["'](?: encoding=["'](?:utf-8|UTF-8)["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])? ?\?>)"""
).match
"""How nearly all logos begin; nothing more needs to be looked at to know that they are UTF-8."""
_JAPANESE_GUESSES = ("cp932", "euc_jp", "iso2022_jp")
_LATIN_GUESS = "cp1252"


class Text(NamedTuple):
    """A decoded file.

    Attributes:
        utf8: The text as UTF-8 without a byte order mark.
        encoding: Name of the encoding it came in, as Python spells it.
        compressed: Whether the file was gzipped.
        inflated_size: Bytes of the document itself, after inflating.
    """

    utf8: bytes
    encoding: str
    compressed: bool
    inflated_size: int


class Reading(NamedTuple):
    """What reading a file came to.

    Attributes:
        text: The text; None when there is none.
        faults: What is wrong with the file as a file.
        seen: UTF-8 of what could be decoded, to locate the faults in.
    """

    text: Text | None
    faults: list[Fault[Place]]
    seen: bytes = b""


def read(data: bytes, max_bytes: int) -> Reading:
    """Decode a file, or say why it can't be.

    Args:
        data: The file.
        max_bytes: The most bytes to accept, before and after inflating.
    """
    if len(data) > max_bytes:
        return Reading(None, [Fault("svg.too-large", None, "", {"limit": max_bytes})])
    compressed = data[:2] == GZIP
    if compressed:
        inflated, fault = _inflate(data, max_bytes)
        if fault is not None:
            return Reading(None, [fault])
        data = inflated
    if not data or data.isspace():
        return Reading(None, [Fault("svg.empty-file", None)])
    kind = "" if data[:1] == b"<" else _by_magic(data)
    if kind:
        return Reading(None, [Fault("svg.not-svg", None, "", {"kind": kind})])
    utf8, encoding, faults = _decode(data)
    if not encoding or (faults and any(fault.rule == "svg.encoding-invalid" for fault in faults)):
        return Reading(None, faults, utf8)
    # expat would take a NUL for a sign of UTF-16, whatever it is told, and a second byte order mark for the first
    wrong = 0 if utf8.startswith(codecs.BOM_UTF8) else utf8.find(b"\0")
    if wrong >= 0:
        return Reading(None, [*faults, Fault("svg.not-well-formed", Place(offset=wrong), "", _MISPLACED)], utf8)
    kind = _not_xml(utf8)
    if kind:
        return Reading(None, [*faults, Fault("svg.not-svg", Place(offset=0), "", {"kind": kind})], utf8)
    return Reading(Text(utf8, encoding, compressed, len(data)), faults, utf8)


_MISPLACED = {"reason": "@xml.invalid-token"}


def _by_magic(data: bytes) -> str:
    """What the first bytes say the file is; empty when it may be text."""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "@kind.heif"
    return next((f"@kind.{kind}" for magic, kind in MAGIC if data.startswith(magic)), "")


def _inflate(data: bytes, max_bytes: int) -> tuple[bytes, Fault[Place] | None]:
    inflated, problem, _trailing = inflate(data, max_bytes)
    if problem == "too-large":
        return b"", Fault("svg.too-large", None, "", {"limit": max_bytes})
    if inflated is None:
        reason = "@gzip.truncated" if problem == "truncated" else quote(problem)
        return b"", Fault("svg.gzip-invalid", None, "", {"problem": reason})
    if inflated[:2] == GZIP:
        return b"", Fault("svg.not-svg", None, "", {"kind": "@kind.gzip-twice"})
    return inflated, None


def _decode(data: bytes) -> tuple[bytes, str, list[Fault[Place]]]:
    """UTF-8, the encoding's name, and faults; without a name what is there couldn't be read on."""
    if _PLAIN_START(data):
        return _decode_as(data, "utf-8")
    bom, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    data = data[len(bom) :]
    wide = marked or _utf16_without_bom(data)
    if wide == "utf-32":
        return b"", "", [_unknown("UTF-32")]
    if wide in _UTF16:
        return _decode_utf16(data, wide, has_bom=bool(bom))
    declared = _declared(data[:300].decode("latin-1"))
    name = declared.lower()
    if name and name not in _ENCODINGS:
        return b"", "", [_unknown(declared)]
    if marked and name not in ("", "utf-8"):
        utf8, encoding, faults = _decode_as(data, "utf-8")
        return utf8, encoding, [_conflict("UTF-8", declared), *faults]
    return _decode_as(data, name or "utf-8")


def _declared(start: str) -> str:
    found = _DECLARED(start)
    return found[1] if found else ""


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 by the look of its first characters, ``<?``, ``<!`` or ``<s``."""
    if data[:4] in (b"<\0?\0", b"<\0!\0", b"<\0s\0"):
        return "utf-16-le"
    return "utf-16-be" if data[:4] in (b"\0<\0?", b"\0<\0!", b"\0<\0s") else ""


def _decode_utf16(data: bytes, encoding: str, *, has_bom: bool) -> tuple[bytes, str, list[Fault[Place]]]:
    utf8, encoding, faults = _decode_as(data, encoding)
    declared = _declared(utf8[:400].decode("utf-8", "replace"))
    if declared and declared.lower() not in _UTF16[encoding]:
        faults.insert(0, _conflict("UTF-16", declared))
    elif not declared and not has_bom:
        faults.insert(0, _unknown("UTF-16 (BOM: 0)"))
    return utf8, encoding, faults


def _decode_as(data: bytes, encoding: str) -> tuple[bytes, str, list[Fault[Place]]]:
    if data.isascii() and encoding in ("utf-8", "us-ascii", "ascii"):
        return data, encoding, []
    codec = codecs.lookup(_CODECS.get(encoding, encoding)).name
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as problem:
        start = problem.start
        seen = data[:start].decode(codec, "replace").encode("utf-8", "replace")
        params = {"encoding": encoding, "byte": f"0x{data[start]:02X}", "guess": _guess(data, codec)}
        return seen, encoding, [Fault("svg.encoding-invalid", Place(offset=len(seen)), "", params)]
    return data if codec == "utf-8" else text.encode("utf-8", "surrogatepass"), encoding, []


def _unknown(encoding: str) -> Fault[Place]:
    return Fault("svg.encoding-unknown", Place(offset=0), "", {"encoding": quote(encoding)})


def _conflict(marked: str, declared: str) -> Fault[Place]:
    return Fault("svg.encoding-conflict", Place(offset=0), "", {"encoding": marked, "declared": quote(declared)})


def _guess(data: bytes, declared: str) -> str:
    """The encoding the file seems to be in, as a term for the message."""
    for name in (*_JAPANESE_GUESSES, _LATIN_GUESS):
        if name == declared:
            continue
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return f"@encoding.{name}"
    return "@encoding.unknown"


def _not_xml(utf8: bytes) -> str:
    """What the text seems to be when it isn't XML; empty when it may well be."""
    if utf8.startswith((b"<svg", b"<?xml")):
        return ""
    start = utf8[:500].lstrip()
    if start.startswith(b"<"):
        lower = start.lower()
        return "@kind.html" if lower.startswith((b"<!doctype html", b"<html")) else ""
    if start[:1] in (b"{", b"["):
        return "@kind.json"
    if b"<svg" in utf8:
        # There is an SVG in it, so the XML parser's complaint about what stands before it says more.
        return ""
    return "@kind.text"
