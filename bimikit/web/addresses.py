"""Which IP addresses are no public hosts, by IANA's registries of special-purpose addresses."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SCOPED = "address-scoped"
UNREADABLE = "address-unreadable"

_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "address-unspecified"),
        ("10.0.0.0/8", "address-private"),
        ("100.64.0.0/10", "address-shared"),
        ("127.0.0.0/8", "address-loopback"),
        ("169.254.0.0/16", "address-link-local"),
        ("172.16.0.0/12", "address-private"),
        ("192.0.0.0/24", "address-reserved"),
        ("192.0.2.0/24", "address-documentation"),
        ("192.88.99.0/24", "address-reserved"),
        ("192.168.0.0/16", "address-private"),
        ("198.18.0.0/15", "address-benchmark"),
        ("198.51.100.0/24", "address-documentation"),
        ("203.0.113.0/24", "address-documentation"),
        ("224.0.0.0/4", "address-multicast"),
        ("240.0.0.0/4", "address-reserved"),  # 255.255.255.255 among them
    )
)
_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "address-unspecified"),
        ("::1/128", "address-loopback"),
        ("::/96", "address-embedded"),
        ("::ffff:0:0/96", "address-embedded"),
        ("::ffff:0:0:0/96", "address-embedded"),
        ("64:ff9b:1::/48", "address-embedded"),
        ("2001::/32", "address-embedded"),
        ("2001::/23", "address-reserved"),  # benchmarking, ORCHID and other protocols: none serves documents
        ("2001:db8::/32", "address-documentation"),
        ("2002::/16", "address-embedded"),
        ("3fff::/20", "address-documentation"),
        ("fc00::/7", "address-private"),
        ("fe80::/10", "address-link-local"),
        ("fec0::/10", "address-private"),
        ("ff00::/8", "address-multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that has been given out to hosts; the rest is reserved."""
_NAT64 = IPv6Network("64:ff9b::/96")
_MAPPED = (
    IPv6Network("::/96"),
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("::ffff:0:0:0/96"),
    _NAT64,
)
"""The IPv4 address is in the last 32 bits."""
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
"""Bits 64 to 95 of an address of RFC 5214, which has an IPv4 address in its last 32 bits."""


def forbidden(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why nothing may be fetched from an address; None where it may.

    An address of NAT64's well-known prefix counts as the IPv4 address in it, since resolvers of IPv6-only networks
    make such addresses for every host. Other forms that wrap an IPv4 address are never a public host's.

    Args:
        address: An IP address, as a resolver gives it.
        allowed: Networks that are permitted all the same. An IPv4 address wrapped in an IPv6 one is looked for too.

    Returns:
        A term such as ``"address-loopback"``.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return UNREADABLE
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        return SCOPED
    if _within(ip, allowed):
        return None
    if isinstance(ip, IPv4Address):
        return _reason_v4(ip)
    inside = embedded(ip)
    if inside is not None and _within(inside, allowed):
        return None
    if ip in _NAT64:
        return _reason_v4(IPv4Address(int(ip) & 0xFFFF_FFFF))
    return _reason_v6(ip)


def embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 host that an IPv6 address stands for: mapped, compatible, translated, NAT64, 6to4, Teredo or ISATAP."""
    if any(ip in network for network in _MAPPED):
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if int(ip) >> 32 & 0xFFFF_FFFF in _ISATAP:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return None


def _within(ip: Address, networks: Sequence[Network]) -> bool:
    return any(ip in network for network in networks)  # of the other version: never in it


def _reason_v4(ip: IPv4Address) -> str | None:
    return next((reason for network, reason in _V4 if ip in network), None)


def _reason_v6(ip: IPv6Address) -> str | None:
    for network, reason in _V6:
        if ip in network:
            return reason
    if ip not in _GLOBAL_UNICAST:
        return "address-reserved"
    return "address-embedded" if embedded(ip) is not None else None


def reasons() -> frozenset[str]:
    """Every term that `forbidden` may give."""
    told = {reason for _, reason in _V4} | {reason for _, reason in _V6}
    return frozenset(told | {SCOPED, UNREADABLE, "address-reserved", "address-embedded"})
