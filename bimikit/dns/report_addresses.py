"""Where aggregate reports go, and what allows them to be sent there (RFC 9990; RFC 7489, 7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..domains import BadDomain, normal_domain, organizational_domain
from .dmarc import Record

AUTHORISED = "v=DMARC1"
"""What allows others to send reports somewhere (RFC 9990, on verifying external destinations; RFC 7489, 7.1)."""


def destinations(record: Record) -> list[str]:
    """The domains that aggregate reports go to, each once."""
    return destinations_of((record.value("rua") or "").split(","))


def destinations_of(addresses: Iterable[str]) -> list[str]:
    """The same of addresses: of ``mailto:`` alone, which is all that receivers have to know."""
    found: dict[str, None] = {}
    for address in addresses:
        scheme, _, rest = address.strip().partition(":")
        if scheme.lower() == "mailto":
            host = rest.partition("!")[0].partition("?")[0].rpartition("@")[2]
            try:
                found[normal_domain(host)] = None
            except BadDomain:
                continue
    return list(found)


def reaches(record: Record, addresses: Sequence[str]) -> bool:
    """Whether a record sends reports to one of these addresses, whatever size it limits them to (RFC 9989, 4.7)."""
    known = {_address(uri) for uri in (record.value("rua") or "").split(",")}
    return not known.isdisjoint(map(_address, addresses))


def _address(uri: str) -> str:
    return uri.partition("!")[0].strip().lower()


def external(domain: str, hosts: Iterable[str]) -> list[str]:
    """Those that have to allow it: of another Organizational Domain than the one reported on."""
    own = organizational_domain(domain) or domain
    return [host for host in hosts if (organizational_domain(host) or host) != own]


def authorisation_name(domain: str, host: str) -> str:
    """Where a destination says that it takes a domain's reports."""
    return f"{domain}._report._dmarc.{host}"
