"""Which name server is asked: an address as people write it, and a resolver that asks it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar

from ..errors import BimikitError

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver as AsyncResolver
    from dns.resolver import BaseResolver, Resolver

_Kind = TypeVar("_Kind", bound="BaseResolver")
_PORT = "53"
NO_RESOLVER = "this computer names no DNS resolver; give one"


class AddressError(ValueError):
    """What was written is no address of a name server.

    Attributes:
        port: The port, where that is what is wrong; None otherwise.
    """

    def __init__(self, text: str, port: str | None = None) -> None:
        super().__init__(f"{text!r} is no address of a resolver, such as 192.0.2.1 or 192.0.2.1:5353")
        self.port = port


def read_address(text: str) -> tuple[str, int]:
    """Address and port: ``IP`` or ``IP:PORT``; an IPv6 address with a port stands in brackets.

    Raises:
        AddressError: It is neither.
    """
    host, port = text, _PORT
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":") or _PORT
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        address, number = str(ip_address(host)), int(port)
    except ValueError:
        raise AddressError(text) from None
    if not 0 < number < 65536:
        raise AddressError(text, port)
    return address, number


def resolver_at(address: str | None = None, *, lifetime: float | None = None) -> Resolver:
    """A resolver of dnspython, as `bimikit.check_domain` takes one.

    Args:
        address: Whom to ask, ``IP``, ``IP:PORT`` or ``[IP]:PORT``; what the system names by default.
        lifetime: Seconds for a question with all its tries; as usual by default.

    Raises:
        ValueError: `address` is none.
        BimikitError: No address was given, and the system names no resolver.
    """
    import dns.resolver

    return _resolver(dns.resolver.Resolver, address, lifetime)


def async_resolver_at(address: str | None = None, *, lifetime: float | None = None) -> AsyncResolver:
    """What `resolver_at` does, for an event loop.

    Raises:
        ValueError: `address` is none.
        BimikitError: No address was given, and the system names no resolver.
    """
    import dns.asyncresolver

    return _resolver(dns.asyncresolver.Resolver, address, lifetime)


def _resolver(kind: type[_Kind], address: str | None, lifetime: float | None) -> _Kind:
    import dns.resolver

    try:
        resolver = kind(configure=address is None)
    except dns.resolver.NoResolverConfiguration:
        raise BimikitError(NO_RESOLVER) from None
    if address is not None:
        server, resolver.port = read_address(address)
        resolver.nameservers = [server]
    if lifetime is not None:
        resolver.lifetime = lifetime
        resolver.timeout = min(resolver.timeout, lifetime)
    return resolver
