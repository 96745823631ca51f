"""A DKIM key record read: its tags, and the key itself (RFC 6376, 3.6.1; RFC 8301; RFC 8463)."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

import msgspec

from ..dns.tags import Span, Tag, TagList, parse_tags

TAGS = ("v", "h", "k", "n", "p", "s", "t")
HISTORIC = ("g",)
"""Tags of RFC 4871, which verifiers ignore."""
RSA, ED25519 = "rsa", "ed25519"
SHA256 = "sha256"
ED25519_BYTES = 32
LONGEST_KEY = 5_000
"""Characters of ``p=`` that are decoded; RSA with 16384 bits has some 2800."""

_LIKE = re.compile(r"(?:^|;)[ \t]*(?:p[ \t]*=|v[ \t]*=[ \t]*DKIM)", re.IGNORECASE)


class Key(msgspec.Struct, frozen=True, gc=False):
    """The key that ``p=`` holds.

    Attributes:
        type: `RSA`, `ED25519`, another algorithm's name by the key's own structure, or empty where it can't be read.
        bits: Its size; 0 where it can't be read.
        problem: Why it can't be read, as the last part of the term ``dkim.<problem>``; empty where it can.
    """

    type: str
    bits: int = 0
    problem: str = ""


class KeyRecord(msgspec.Struct, frozen=True, gc=False):
    """One text at a selector.

    Attributes:
        text: The text, unchanged.
        tags: Its tags.
        key: Its key; None where ``p=`` is missing or empty.
    """

    text: str
    tags: TagList
    key: Key | None

    def value(self, name: str, default: str = "") -> str:
        """The value of a tag."""
        tag = self.tags.get(name)
        return default if tag is None else tag.value.text

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a tag whose value is a list between colons, in lower case."""
        tag = self.tags.get(name)
        return () if tag is None else tuple(one.strip(" \t").lower() for one in tag.value.text.split(":"))

    @property
    def type(self) -> str:
        """The kind of key that ``k=`` names, in lower case."""
        return self.value("k", RSA).lower()

    @property
    def revoked(self) -> bool:
        """Whether the key was taken back: ``p=`` is empty."""
        tag = self.tags.get("p")
        return tag is not None and not tag.value.text

    @property
    def whole(self) -> Span:
        """The whole text as a place."""
        return Span(0, self.text)

    def span(self, name: str) -> Span:
        """Where a tag stands; the whole text where it doesn't."""
        tag: Tag | None = self.tags.get(name)
        return self.whole if tag is None else tag.part


def is_like(text: str) -> bool:
    """Whether a text was meant for a key record."""
    return _LIKE.search(text) is not None


def read(text: str) -> KeyRecord:
    """Read a key record; never raises."""
    tags = parse_tags(text, dkim=True)
    written = tags.get("p")
    if written is None or not written.value.text:
        return KeyRecord(text, tags, None)
    kind = tags.get("k")
    return KeyRecord(
        text, tags, _key(re.sub(r"[ \t]", "", written.value.text), RSA if kind is None else kind.value.text.lower())
    )


def _key(encoded: str, kind: str) -> Key:
    if len(encoded) > LONGEST_KEY:
        return Key("", problem="key-too-long")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return Key("", problem="pem" if "-----" in encoded else "base64")
    if kind == ED25519:
        if len(data) == ED25519_BYTES:
            return Key(ED25519, 256)
        found = _loaded(data)
        # RFC 8463, 4.2 has the bare key, and not its SubjectPublicKeyInfo
        return Key(found.type, found.bits, "ed25519-wrapped" if found.type == ED25519 else "ed25519-length")
    if kind != RSA:
        return Key("", problem="type-unknown")
    found = _loaded(data)
    if found.type != RSA and not found.problem:
        return Key(found.type, found.bits, "not-rsa")
    if found.problem and len(data) == ED25519_BYTES:
        return Key("", problem="ed25519-as-rsa")
    return found


@lru_cache(512)
def _loaded(data: bytes) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(data)  # SubjectPublicKeyInfo, or RSAPublicKey of RFC 8017
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Key("", problem="der")
    if isinstance(key, RSAPublicKey):
        return Key(RSA, key.key_size)
    if isinstance(key, Ed25519PublicKey):
        return Key(ED25519, 256)
    return Key(type(key).__name__.strip("_").removesuffix("PublicKey").lower() or "other")
