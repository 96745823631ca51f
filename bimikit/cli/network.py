"""How live commands ask: the options on DNS and web, with what a configuration says of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from msgspec.structs import replace

from ..config.problems import ConfigError
from ..config.schema import Network
from ..dns.nameservers import AddressError, read_address, resolver_at
from ..errors import BimikitError
from ..web.policy import LONGEST_TIMEOUT, FetchPolicy
from .inputs import FILE
from .streams import CANNOT_RUN
from .words import complain, told

if TYPE_CHECKING:
    from ..config import Config

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Resolver(click.ParamType["str"]):
    """``IP`` or ``IP:PORT``; an IPv6 address with a port stands in brackets."""

    name = "resolver"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address, as it was written."""
        try:
            read_address(str(value))
        except AddressError as problem:
            key = "domain.no-address" if problem.port is None else "domain.no-port"
            self.fail(told(key, value=repr(value), port=problem.port or ""), param, ctx)
        return str(value)


def seconds(_ctx: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """A number of seconds; what is no number passes every comparison."""
    if value is not None and not 0 < value <= LONGEST_TIMEOUT:
        raise click.BadParameter(told("domain.seconds", limit=LONGEST_TIMEOUT))
    return value


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--resolver", type=Resolver(), metavar="IP[:PORT]",
        help="The DNS resolver to ask; that of the system by default.",
    ),
    click.option(
        "--dns-timeout", type=float, callback=seconds, metavar="SECONDS",
        help="For all DNS questions; 5 by default.",
    ),
    click.option(
        "--timeout", type=float, callback=seconds, metavar="SECONDS", help="For each file; 10 by default."
    ),
    click.option(
        "--ca-bundle", type=FILE, metavar="PEM", help="Trust these CAs too, for the TLS of web servers."
    ),
    click.option(
        "--allow-network", "allow_networks", multiple=True, metavar="CIDR",
        help="Fetch from this network though it isn't public, such as 10.0.0.0/8. Can be repeated.",
    ),
    click.option(
        "--proxy", metavar="URL",
        help="Fetch through this HTTP proxy; those of the environment are not used.",
    ),
)  # fmt: skip
_OF_POLICY = ("allow_networks", "ca_bundle", "proxy", "timeout")


def network_options(command: _Command) -> _Command:
    """Add the options on how to ask."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def policy_options(command: _Command) -> _Command:
    """Add those on what may be fetched alone."""
    for option in reversed(_OPTIONS[2:]):
        command = option(command)
    return command


class Asked(NamedTuple):
    """Whom to ask, and what may be fetched.

    Attributes:
        resolver: The resolver; None for that of the system as it is.
        policy: What may be fetched.
    """

    resolver: Any
    policy: FetchPolicy


def taken(options: dict[str, Any]) -> dict[str, Any]:
    """The options on how to ask, taken out of those of a command."""
    return {name: options.pop(name) for name in (*_OF_POLICY, "resolver", "dns_timeout")}


def taken_policy(options: dict[str, Any]) -> dict[str, Any]:
    """Those on what may be fetched likewise."""
    return {name: options.pop(name) for name in _OF_POLICY} | {"resolver": None, "dns_timeout": None}


def network_of(config: Config | None, given: Mapping[str, Any]) -> Asked:
    """What a configuration says of how to ask, and options over it.

    Raises:
        click.UsageError: The options make no sense.
        BimikitError: The system names no resolver.
    """
    network = Network() if config is None else config.network
    try:
        base = FetchPolicy() if config is None else config.policy()
        policy = replace(base, **{name: given[name] for name in _OF_POLICY if given[name]})
    except ValueError as problem:
        raise click.UsageError(told("domain.bad-policy", reason=problem)) from None
    address, lifetime = given["resolver"] or network.resolver, given["dns_timeout"] or network.dns_timeout
    resolver = None if address is None and lifetime is None else resolver_at(address, lifetime=lifetime)
    return Asked(resolver, policy)


@contextmanager
def asking(ctx: click.Context) -> Iterator[None]:
    """Around asking: what keeps any question from being asked ends the command with a word."""
    try:
        yield
    except ConfigError:
        raise
    except BimikitError:
        complain(told("domain.no-resolver"))
        ctx.exit(CANNOT_RUN)
    except ValueError as problem:  # no such CAs: the same for every domain
        complain(str(problem))
        ctx.exit(CANNOT_RUN)


def progress(name: str) -> Callable[[str], None] | None:
    """Tells each step on a terminal."""
    if not on_terminal():
        return None
    return lambda step: complain(f"{name}: {told(f'domain.step.{step}')} …")


def on_terminal() -> bool:
    """Whether somebody watches what is told beside the output."""
    return sys.stderr is not None and sys.stderr.isatty()
