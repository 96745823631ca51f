"""Which name server is asked: addresses as people write them."""

from __future__ import annotations

import dns.resolver
import pytest

import bimikit
from bimikit.dns.nameservers import AddressError, read_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_an_address_is_read_with_or_without_its_port(written: str, address: tuple[str, int]) -> None:
    assert read_address(written) == address
    resolver = bimikit.resolver_at(written, lifetime=1)
    assert (resolver.nameservers, resolver.port) == ([address[0]], address[1])
    assert (resolver.lifetime, resolver.timeout) == (1, 1)


@pytest.mark.parametrize(
    ("written", "port"),
    [("dns.example", None), ("192.0.2.1:x", None), ("192.0.2.1:0", "0"), ("192.0.2.1:65536", "65536"), ("", None)],
)
def test_what_is_no_address_is_a_value_error_that_tells_of_the_port(written: str, port: str | None) -> None:
    with pytest.raises(AddressError) as told:
        read_address(written)
    assert told.value.port == port
    with pytest.raises(ValueError, match="no address of a resolver"):
        bimikit.resolver_at(written)


def test_a_system_without_a_resolver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_arguments: object, **_named: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "__init__", nothing)
    with pytest.raises(bimikit.BimikitError, match="names no DNS resolver"):
        bimikit.resolver_at()
