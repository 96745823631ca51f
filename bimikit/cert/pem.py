"""PEM (RFC 7468) as real files have it: explanatory text, blank lines, CRLF, any line length, no final newline."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

import msgspec

MOST_BLOCKS = 50
"""Blocks that are looked at; a chain has three."""
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,40})-----")
_BLANKS = b" \t\r\n\v\f"
_STRANGE = re.compile(rb"[^A-Za-z0-9+/= \t\r\n\v\f]").search
_CERTIFICATE_LABELS = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
_LONGEST_LINE = 76
"""RFC 7468 writes 64; 76, as in e-mail, is usual too."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """One PEM block.

    Attributes:
        label: What BEGIN says.
        line: Line of its BEGIN, from 1.
        der: What it holds; None where the Base64 is damaged or the end is missing.
        problem: Key of the reason for that; empty for none.
        damaged_line: Line of the damage.
        long_lines: Whether Base64 stands on lines longer than readers of old can take.
        own_lines: Whether BEGIN and END stand on lines of their own; without that other readers find no block at all.
    """

    label: bytes
    line: int
    der: bytes | None
    problem: str = ""
    damaged_line: int = 0
    long_lines: bool = False
    own_lines: bool = True

    @property
    def is_certificate(self) -> bool:
        """Whether it says that it holds a certificate."""
        return self.label in _CERTIFICATE_LABELS

    @property
    def is_private_key(self) -> bool:
        """Whether it says that it holds a private key."""
        return b"PRIVATE KEY" in self.label


def is_bare_der(data: bytes) -> bool:
    """Whether a file is one DER value, rather than text with PEM blocks."""
    return data[:1] == b"\x30" and b"-----BEGIN" not in data


def blocks(data: bytes, most: int = MOST_BLOCKS) -> Iterator[Block]:
    """The first blocks of a PEM file, in order; text between them is passed over."""
    begins = _BEGIN.finditer(data)
    following = next(begins, None)
    line = 1
    counted = told = 0
    while following is not None and told < most:
        begin, following = following, next(begins, None)
        line += data.count(b"\n", counted, begin.start())
        counted = begin.start()
        until = len(data) if following is None else following.start()
        closing = b"-----END " + begin[1] + b"-----"
        end = data.find(closing, begin.end(), until)
        if end < 0:
            if begin.start() == 0 or data[begin.start() - 1 : begin.start()] == b"\n":  # else it is mentioned in a text
                told += 1
                yield Block(begin[1], line, None, "no-end", line)
            continue
        told += 1
        own_lines = _alone(data, begin.start(), begin.end()) and _alone(data, end, end + len(closing))
        yield _block(begin[1], line, data[begin.end() : end], own_lines)


def _alone(data: bytes, start: int, end: int) -> bool:
    """Whether a boundary has its line for itself."""
    following = data[end : end + 80].lstrip(b" \t")
    return (start == 0 or data[start - 1 : start] in (b"\n", b"\r")) and following[:1] in (b"", b"\n", b"\r")


PRIVATE_KEY = re.compile(rb"(?:BEGIN|END)[^\n]{0,40}PRIVATE[^A-Z0-9\n]{0,4}KEY|PuTTY-User-Key-File", re.IGNORECASE)
"""How private keys are announced, well or badly written."""
_BOUNDARY = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{1,41}-----")
_ANYTHING = re.compile(r"\S+")
_SECRET = re.compile(r"[A-Za-z0-9+/=_-]{16,}|^[A-Za-z0-9+/=_-]{8,}$", re.MULTILINE)


def normal_lines(data: bytes) -> bytes:
    """A file with LF at the end of every line, so that lines are counted the same whoever wrote it."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def showable(data: bytes) -> str:
    """A file's text as it may be quoted: nothing that looks like Base64, of which a private key might be made.

    Boundaries and text between the blocks stay, and lines keep their numbers.
    """
    text = normal_lines(data.replace(b"\0", b"")).decode("utf-8", "replace")
    kept: list[str] = []
    at, secret = 0, _SECRET
    for boundary in _BOUNDARY.finditer(text):
        kept += (secret.sub("…", text[at : boundary.start()]), boundary[0])
        at = boundary.end()
        secret = _ANYTHING if boundary[1] == "BEGIN" else _SECRET
    return "".join((*kept, secret.sub("…", text[at:])))


def _block(label: bytes, line: int, body: bytes, own_lines: bool) -> Block:
    long_lines = len(body.lstrip().split(b"\n", 1)[0]) > _LONGEST_LINE + 1
    text = _without_headers(body)
    der = _decoded(text.replace(b"\n", b"")) or _decoded(text.translate(None, _BLANKS))
    if der is not None:
        return Block(label, line, der, "", 0, long_lines, own_lines)
    strange = _STRANGE(body)
    if strange is None:
        return Block(label, line, None, "padding", line, long_lines, own_lines)
    damaged_line = line + body.count(b"\n", 0, strange.start())
    return Block(label, line, None, "character", damaged_line, long_lines, own_lines)


def _decoded(text: bytes) -> bytes | None:
    """What Base64 holds; None where it is damaged, or has blanks."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return None


def _without_headers(body: bytes) -> bytes:
    """The body without the headers that older tools wrote (RFC 1421), as ``Proc-Type: 4,ENCRYPTED``."""
    if b":" not in body:
        return body
    head, blank, rest = body.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    return rest if blank and b":" in head else body
