"""Words and labels in English."""

from __future__ import annotations

from .cert_terms import TERMS as CERT_TERMS
from .dns_terms import TERMS as DNS_TERMS
from .expiry_terms import TERMS as EXPIRY_TERMS
from .labels import LABELS
from .sending_terms import TERMS as SENDING_TERMS
from .verify_terms import TERMS as VERIFY_TERMS
from .web_terms import TERMS as WEB_TERMS

TERMS: dict[str, str] = {
    **LABELS,
    # what a file turns out to be
    "kind.png": "a PNG picture",
    "kind.jpeg": "a JPEG photo",
    "kind.gif": "a GIF picture",
    "kind.webp": "a WebP picture",
    "kind.bmp": "a BMP picture",
    "kind.tiff": "a TIFF picture",
    "kind.ico": "a Windows icon",
    "kind.heif": "a HEIC or AVIF photo",
    "kind.psd": "a Photoshop file",
    "kind.pdf": "a PDF or an Illustrator file (.ai)",
    "kind.eps": "an EPS or PostScript file",
    "kind.zip": "a ZIP archive (or an Office, Sketch or Affinity document)",
    "kind.pem": "a certificate or key in PEM form",
    "kind.rtf": "a word processor's RTF document",
    "kind.data-url": "a data: address, not a file",
    "kind.base64-png": "a PNG picture as Base64 text",
    "kind.base64-svg": "an SVG as Base64 text; it must be decoded first",
    "kind.xz": "an xz archive (only gzip is allowed)",
    "kind.bzip2": "a bzip2 archive (only gzip is allowed)",
    "kind.zstd": "a Zstandard archive (only gzip is allowed)",
    "kind.gzip-twice": "an SVG that was gzipped twice",
    "kind.html": "a web page (HTML), perhaps an error page that was saved instead of the logo",
    "kind.json": "JSON data",
    "kind.text": "plain text",
    "kind.xml": "XML, but not SVG: its outermost element is not <svg>",
    # why a file can't be read
    "gzip.truncated": "its end is missing",
    "encoding.cp932": "It seems to be Shift_JIS.",
    "encoding.euc_jp": "It seems to be EUC-JP.",
    "encoding.iso2022_jp": "It seems to be ISO-2022-JP (JIS).",
    "encoding.cp1252": "It seems to be Windows-1252 (Western European).",
    "encoding.unknown": "Its real encoding can't be told.",
    "xml.syntax": "this is not the beginning of an XML document",
    "xml.no-element": "there is no element in it",
    "xml.unclosed-element": "the file ends before its elements are closed; its end may be missing",
    "xml.invalid-token": "there is a character that may not stand here (perhaps a missing quotation mark, < or >)",
    "xml.bare-ampersand": "an “&” stands alone; it must be written &amp;",
    "xml.unclosed-token": "the file ends in the middle of a tag or comment; its end may be missing",
    "xml.partial-character": "the file ends in the middle of a character",
    "xml.tag-mismatch": "this closing tag doesn't match the tag that was opened last",
    "xml.duplicate-attribute": "an attribute is written twice in one tag",
    "xml.junk-after": "something follows after the closing </svg>",
    "xml.misplaced-declaration": "the <?xml …?> line must be the very first thing in the file, without even a blank before it",
    "xml.unclosed-cdata": "a CDATA section is not closed",
    # why a value can't be read
    "value.number-expected": "a number is expected",
    "value.odd-number": "the number of coordinates is odd, so the last x has no y",
    "value.comma-last": "it ends in a comma",
    "value.too-large": "the number is too large",
    "value.transform": "only matrix(), translate(), scale(), rotate(), skewX() and skewY() can stand here",
    "value.transform-unknown": "there is no such transform",
    "value.transform-arguments": "the number of values in the parentheses is wrong",
    "path.command": "this is no path command",
    "path.no-move": "a path must begin with M or m",
    "path.number-expected": "a number is expected",
    "path.arc-flag": "an arc's flag must be 0 or 1",
    "path.ends-early": "numbers are missing at the end",
    "path.too-large": "the number is too large",
    "title.elsewhere": "There is one elsewhere in the file, where it doesn't count.",
    # Mark Certificates
    **CERT_TERMS,
    # DNS records, what is hosted
    **DNS_TERMS,
    **WEB_TERMS,
    # what is published against what was planned, and when certificates end
    **VERIFY_TERMS,
    **EXPIRY_TERMS,
    **SENDING_TERMS,
    # why a logo could not be drawn, or two drawings not be compared
    "unproven.crashed": "the renderer broke down on it",
    "unproven.in-part": "it has texts or bitmaps, which are not drawn for the comparison",
    "unproven.misread": "the renderer that draws the proof reads some values of the original otherwise than browsers do, and the repair follows browsers",
    "unproven.no-size": "its canvas has no area; look at viewBox, width and height",
    "unproven.not-svg": "it is no SVG file, or can't be read to its end within bimikit's limits",
    "unproven.too-deep": "its elements are nested too deeply",
    "unproven.too-large": "drawing it takes too much memory",
    "unproven.too-many-elements": "it draws too many elements once every reference is followed",
    "unproven.too-slow": "drawing it takes too long",
    "unproven.unreadable": "the renderer can't read it",
}
