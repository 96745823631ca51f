"""What may be fetched: the caller's limits, the kinds of document, the URLs that are acceptable. Nothing is fetched.

URLs are taken apart by the strict grammar of RFC 3986, not by a lenient parser: a URL that two programs could read as
two hosts is refused, so what was judged is what is asked.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from urllib.parse import quote as percent_encode
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec.structs import force_setattr

from .addresses import SCOPED, Network, forbidden

MAX_BYTES = 2 * 1024 * 1024
"""Bytes of one document. A logo should have 32 KB, a chain has ten and a CRL some hundred: 2 MiB leaves room for the
odd one, so that its size is told by the checks of its kind, and keeps many fetches at once within memory."""
TIMEOUT = 10.0
"""Seconds for one document, with look-ups, redirects and body."""
LONGEST_TIMEOUT = 3600
MAX_REDIRECTS = 3
"""As many as the engine of one provider follows."""
LONGEST_URL = 2048
"""Characters."""

_FIRST_FREE_PORT = 1024
_WEB_PORTS = frozenset({80, 443})


class FetchPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How documents are fetched.

    Attributes:
        allow_networks: Networks (CIDR) that may be asked though they aren't public, those of a laboratory say.
        ca_bundle: PEM file of CAs that are trusted for TLS besides those of certifi.
        proxy: URL of an HTTP proxy; those the environment names are never used. Host names are then left to the
            proxy to resolve, so it is the proxy that has to keep private networks apart; addresses in URLs are
            still judged here.
        max_bytes: Bytes of one document, unpacked.
        timeout: Seconds for one document, everything included.
        max_redirects: Redirects that are followed for one document.

    Raises:
        TypeError: A value has the wrong type.
        ValueError: A network, proxy or number makes no sense.
    """

    allow_networks: tuple[str, ...] = ()
    ca_bundle: str | os.PathLike[str] | None = None
    proxy: str | None = None
    max_bytes: int = MAX_BYTES
    timeout: float = TIMEOUT
    max_redirects: int = MAX_REDIRECTS

    def __post_init__(self) -> None:
        if isinstance(self.allow_networks, str | bytes):
            raise TypeError("allow_networks must be several networks, not one text")
        force_setattr(self, "allow_networks", tuple(self.allow_networks))
        _networks(self.allow_networks)
        if self.ca_bundle is not None:
            os.fspath(self.ca_bundle)
        if self.proxy is not None:
            read_proxy(self.proxy)
        _require_whole("max_bytes", self.max_bytes, 1)
        _require_whole("max_redirects", self.max_redirects, 0)
        if isinstance(self.timeout, bool) or not isinstance(self.timeout, int | float):
            raise TypeError("timeout must be a number of seconds")
        if not 0 < self.timeout <= LONGEST_TIMEOUT:  # false for what is no number, too
            raise ValueError(f"timeout must be a number of seconds above 0 and at most {LONGEST_TIMEOUT}")

    def forbids(self, address: str) -> str | None:
        """Why nothing may be fetched from an IP address, as a term; None where it may."""
        return forbidden(address, _networks(self.allow_networks))


def require_policy(policy: object) -> None:
    """Complain about what is no policy; None stands for the usual one.

    Raises:
        TypeError: It is something else.
    """
    if policy is not None and not isinstance(policy, FetchPolicy):
        raise TypeError(f"policy must be a FetchPolicy, not {type(policy).__name__}")


def _require_whole(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number")
    if value < least:
        raise ValueError(f"{name} must be {least} or more")


@lru_cache(64)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"a network is a text such as '10.0.0.0/8', not {type(text).__name__}")
        if "%" in text:
            raise ValueError(f"a network has no zone: {text}")
    return tuple(ip_network(text) for text in texts)


class Proxy(msgspec.Struct, frozen=True):
    """A proxy, taken apart.

    Attributes:
        scheme: ``"http"`` or ``"https"``.
        host: Name or address, without brackets.
        port: TCP port.
        user: Name to log in with; None for no login.
        password: Its password.
    """

    scheme: str
    host: str
    port: int
    user: str | None
    password: str


def read_proxy(url: str) -> Proxy:
    """Take a proxy's URL apart.

    Raises:
        ValueError: It isn't one.
    """
    if not isinstance(url, str):
        raise TypeError("proxy must be a text")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna" if not url.isascii() else "ascii").decode()
    except ValueError:
        raise ValueError("proxy must be an http or https URL") from None
    if parts.scheme not in ("http", "https") or not host or port == 0 or not url.isprintable() or " " in url:
        raise ValueError("proxy must be an http or https URL")
    user = None if parts.username is None else unquote(parts.username)
    return Proxy(
        parts.scheme, host, port or (443 if parts.scheme == "https" else 80), user, unquote(parts.password or "")
    )


class Kind(enum.StrEnum):
    """What is fetched."""

    INDICATOR = "indicator"
    """The logo, of ``l=``."""
    EVIDENCE = "evidence"
    """The certificate with its chain, of ``a=``."""
    CRL = "crl"
    """A list of revoked certificates, of a certificate's distribution point."""


class Demand(msgspec.Struct, frozen=True):
    """What is asked of one kind of document.

    Attributes:
        schemes: Schemes of URLs it may be at.
        accept: The ``Accept`` header.
        right_types: Media types it ought to have; empty for any.
        wrong_types: Beginnings of media types that tell of something else.
    """

    schemes: frozenset[str]
    accept: str
    right_types: frozenset[str] = frozenset()
    wrong_types: tuple[str, ...] = ()


DEMANDS: Mapping[Kind, Demand] = {
    Kind.INDICATOR: Demand(
        frozenset({"https"}), "image/svg+xml, application/xml;q=0.5, */*;q=0.1", frozenset({"image/svg+xml"})
    ),
    Kind.EVIDENCE: Demand(
        frozenset({"https"}),
        "application/pem-certificate-chain, application/x-pem-file, application/x-x509-ca-cert, */*;q=0.1",
        wrong_types=(
            "text/html",
            "text/css",
            "text/javascript",
            "application/xhtml",
            "application/json",
            "application/javascript",
            "image/",
            "audio/",
            "video/",
            "font/",
        ),
    ),
    Kind.CRL: Demand(frozenset({"http", "https"}), "application/pkix-crl, */*;q=0.1"),
}


class BadUrl(ValueError):
    """A URL that isn't asked.

    Attributes:
        problem: Machine key, as in `Fetched`.
        reason: Term that says why.
        detail: The part in question.
    """

    def __init__(self, problem: str, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.problem = problem
        self.reason = reason
        self.detail = detail


class Target(msgspec.Struct, frozen=True):
    """A URL, taken apart and in one form.

    Attributes:
        scheme: ``"http"`` or ``"https"``.
        host: Name in lower-case A-labels without trailing dot, or an address, without brackets.
        port: TCP port.
        path: Path and query, percent-encoded.
        is_address: Whether the host is an IP address.
    """

    scheme: str
    host: str
    port: int
    path: str
    is_address: bool

    @property
    def has_default_port(self) -> bool:
        """Whether the port goes without saying."""
        return self.port == _DEFAULT_PORT[self.scheme]

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.has_default_port else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one form, without fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


_DEFAULT_PORT = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PARTS = re.compile(r"//([^/?#]*)([^#]*)(?:#.*)?", re.DOTALL)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LDH = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_LONGEST_HOST, _LONGEST_LABEL = 253, 63
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def read_url(url: str, schemes: frozenset[str]) -> Target:
    """Take a URL apart.

    Args:
        url: The URL as it was published.
        schemes: Schemes that are acceptable.

    Raises:
        BadUrl: It isn't acceptable.
    """
    require_plain(url)
    scheme_match = _SCHEME.match(url)
    if scheme_match is None:
        raise BadUrl("url", "url-form")
    scheme = scheme_match[1].lower()
    if scheme not in schemes:
        raise BadUrl("scheme", "scheme", scheme[:40])
    parts = _PARTS.fullmatch(url, scheme_match.end())
    if parts is None:
        raise BadUrl("url", "url-form")
    authority, rest = parts[1], parts[2]
    if "@" in authority:
        raise BadUrl("url", "url-login")
    host, port = _split_authority(authority)
    name, is_address = _read_host(host)
    path = rest if rest.startswith("/") else "/" + rest
    return Target(scheme, name, _read_port(port, scheme), percent_encode(path, safe=_PRINTABLE), is_address)


def require_plain(url: str) -> None:
    """Refuse a text that different programs would clean up in different ways before reading it as a URL.

    Raises:
        BadUrl: It is too long, or has blanks, invisible characters or backslashes.
    """
    if len(url) > LONGEST_URL:
        raise BadUrl("url", "url-long", str(LONGEST_URL))
    if not url.isprintable() or " " in url or "\\" in url:
        raise BadUrl("url", "url-characters")


def _split_authority(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, bracket, port = authority.partition("]")
        if not bracket or (port and not port.startswith(":")):
            raise BadUrl("url", "url-host", authority)
        return host + bracket, port[1:]
    host, _, port = authority.partition(":")
    return host, port


def _read_port(text: str, scheme: str) -> int:
    if not text:
        return _DEFAULT_PORT[scheme]
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise BadUrl("url", "url-port", text)
    port = int(text)
    # Ports below belong to mail, remote login and the like, which a request for a web page must not reach. Those
    # above are open to any web server, and what they could reach by mistake isn't at a public address.
    if port < _FIRST_FREE_PORT and port not in _WEB_PORTS:
        raise BadUrl("port", "port", text)
    return port


def _read_host(text: str) -> tuple[str, bool]:
    """The host in one form, and whether it is an address."""
    if text.startswith("["):
        return _read_v6(text[1:-1]), True
    name = (text if text.isascii() else _to_ascii(text)).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > _LONGEST_HOST or not all(0 < len(x) <= _LONGEST_LABEL and _LDH.issuperset(x) for x in labels):
        raise BadUrl("url", "url-host", text)
    if not _NUMBER.fullmatch(labels[-1]):
        return name, False
    try:
        return str(IPv4Address(name)), True
    except AddressValueError:  # octal, hexadecimal, short and other forms, which programs read in different ways
        raise BadUrl("url", "url-host-number", text) from None


def _read_v6(text: str) -> str:
    if "%" in text:
        raise BadUrl("address", SCOPED, text)
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise BadUrl("url", "url-host", text) from None


def _to_ascii(name: str) -> str:
    """A-labels for U-labels; the mapping of UTS 46 turns digits, letters and dots of other forms into plain ones."""
    import idna

    try:
        plain = idna.uts46_remap(name, std3_rules=False)
        return ".".join(label if label.isascii() else idna.encode(label).decode() for label in plain.split("."))
    except (idna.IDNAError, UnicodeError, ValueError):
        raise BadUrl("url", "url-host", name) from None


def is_localhost(host: str) -> bool:
    """Whether a name is this very computer (RFC 6761, section 6.3), whatever a resolver says."""
    return host == "localhost" or host.endswith(".localhost")
