"""Domain names as people type them, in the one form in which they are compared: lower-case A-labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST = 253
"""Characters of a name of 255 octets, as messages have it (RFC 1035, 2.3.4)."""
_SIGNS = str.maketrans("\u3002\uff0e\uff61\uff20\uff1c\uff1e", "...@<>")
"""Full stops, the at sign and angle brackets as Japanese keyboards write them."""
_LDH = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class BadDomain(ValueError):
    """A text that is no domain name; says why, by a term of the catalogue."""


def publication_name(domain: str, selector: str = "default", local_part: str | None = None) -> str:
    """A publication as its owner tells it from others of the domain: ``spring._bimi.example.com``."""
    name = f"{local_part}@{domain}" if local_part else domain
    return name if selector == "default" else f"{selector}._bimi.{name}"


def bare(text: str) -> str:
    """What was typed without what stands around it: of ``Brand <news@example.com>`` the address (RFC 5322, 3.4)."""
    typed = text.strip().translate(_SIGNS)
    return typed[:-1].rpartition("<")[2].strip() if typed.endswith(">") and "<" in typed else typed


def normal_domain(text: str) -> str:
    """A domain name in its normal form.

    Args:
        text: A domain name; also a web or e-mail address, with U-labels, a trailing dot, or surrounding spaces, or the
            address as mail programs show it (``Brand <news@example.com>``).

    Raises:
        BadDomain: It isn't one.
    """
    name = bare(text)
    if "://" in name:
        name = name.partition("://")[2]
    for end in "/?#":
        name = name.partition(end)[0]
    if any(sign.isspace() or sign in ",;" for sign in name):
        raise BadDomain("domain.several")
    name = name.rpartition("@")[2]
    host, colon, port = name.rpartition(":")
    if colon and port.isdigit():
        name = host
    name = name.removesuffix(".")
    if not name or len(name) > 4 * _LONGEST:
        raise BadDomain("domain.empty" if not name else "domain.too-long")
    labels = _to_ascii(name).split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        raise BadDomain("domain.single-label")
    for label in labels:
        if not 0 < len(label) <= 63 or not set(label) <= _LDH or label[0] == "-" or label[-1] == "-":
            raise BadDomain("domain.label")
    if sum(map(len, labels)) + len(labels) - 1 > _LONGEST:
        raise BadDomain("domain.too-long")
    return ".".join(labels)


def require_room(domain: str, selector: str = "default") -> None:
    """See that the names at which a domain's own records stand can be in the DNS (RFC 1035, 2.3.4).

    Args:
        domain: A domain name in its normal form.
        selector: The selector of its Assertion Record.

    Raises:
        BadDomain: They are too long.
    """
    if max(len("_dmarc."), len(f"{selector}._bimi.")) + len(domain) > _LONGEST:
        raise BadDomain("domain.no-room")


def in_letters(domain: str) -> str:
    """A domain as its owner reads it, and its normal form: ``みなと.example (xn--o9jd6d.example)``.

    Both are shown, since other letters may look the same.

    Args:
        domain: A domain name in its normal form.
    """
    if "xn--" not in domain:
        return domain
    import idna

    try:
        return f"{idna.decode(domain)} ({domain})"
    except (idna.IDNAError, UnicodeError):
        return domain


def _to_ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    import idna

    try:
        return ".".join(
            idna.encode(label, uts46=True).decode() if not label.isascii() else label.lower()
            for label in name.split(".")
        )
    except (idna.IDNAError, UnicodeError):
        raise BadDomain("domain.international") from None


@lru_cache(1)
def public_suffixes() -> PublicSuffixList:
    """The Public Suffix List that is installed with its package; nothing is downloaded."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(1024)
def organizational_domain(domain: str) -> str | None:
    """The Organizational Domain by the Public Suffix List (RFC 7489, 3.2); None for a public suffix itself.

    Args:
        domain: A domain name in its normal form.
    """
    found: str | None = public_suffixes().privatesuffix(domain)
    return found


def and_above(name: str) -> Iterator[str]:
    """A name and those above it, label by label, but for the root."""
    yield name
    while "." in name:
        name = name.partition(".")[2]
        yield name
