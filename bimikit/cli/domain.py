"""`bimikit domain`: judge domains live."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from ..config.schema import Network
from ..dns.nameservers import AddressError, read_address, resolver_at
from ..domain import check_domain
from ..errors import BimikitError
from ..web.policy import LONGEST_TIMEOUT, FetchPolicy
from .inputs import FILE, WHEN, read_trust
from .options import EXIT_CODES, common_options, finish
from .streams import CANNOT_RUN
from .words import complain, told

if TYPE_CHECKING:
    from ..config import Config


class _Resolver(click.ParamType["str"]):
    """``IP`` or ``IP:PORT``; an IPv6 address with a port stands in brackets."""

    name = "resolver"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            read_address(str(value))
        except AddressError as problem:
            key = "domain.no-address" if problem.port is None else "domain.no-port"
            self.fail(told(key, value=repr(value), port=problem.port or ""), param, ctx)
        return str(value)


def _seconds(_ctx: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """A number of seconds; what is no number passes every comparison."""
    if value is not None and not 0 < value <= LONGEST_TIMEOUT:
        raise click.BadParameter(told("domain.seconds", limit=LONGEST_TIMEOUT))
    return value


@click.command(
    epilog=f"{EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit domain example.com                        will its logo show, and if not, why?\n"
    "  bimikit domain news@example.com                   as for mail from this address\n"
    "  bimikit domain example.com --no-fetch             DMARC and the record only\n"
    "  bimikit domain example.com --for gmail,apple      exit 0 only if both are ready\n"
    "  bimikit domain example.com --lang ja -f html -o report.html\n"
    "  bimikit domain lab.example --resolver 127.0.0.1:5353 --allow-network 127.0.0.0/8 --ca-bundle lab.pem",
)
@click.argument("domains", nargs=-1, required=True, metavar="DOMAIN…")
@click.option(
    "--selector", default="default", show_default=True, metavar="NAME", help="The Assertion Record's selector."
)
@click.option("--local-part", metavar="TEXT", help="What stands before the @, for local-part selectors.")
@click.option("--no-fetch", is_flag=True, help="Ask the DNS only; fetch neither logo nor certificate.")
@click.option(
    "--resolver", type=_Resolver(), metavar="IP[:PORT]", help="The DNS resolver to ask; that of the system by default."
)
@click.option(
    "--dns-timeout",
    type=float,
    callback=_seconds,
    metavar="SECONDS",
    help="For all DNS questions; 5 by default.",
)
@click.option("--timeout", type=float, callback=_seconds, metavar="SECONDS", help="For each file; 10 by default.")
@click.option("--ca-bundle", type=FILE, metavar="PEM", help="Trust these CAs too, for the TLS of web servers.")
@click.option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Fetch from this network though it isn't public, such as 10.0.0.0/8. Can be repeated.",
)
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy; those of the environment are not used.")
@click.option(
    "--at",
    type=WHEN,
    metavar="WHEN",
    help="Judge certificates at this date (00:00 UTC) or time with zone; now by default.",
)
@click.option("--roots", type=FILE, multiple=True, metavar="PEM", help="Trust these Mark Certificate roots too.")
@click.option("--ct-log", "ct_logs", type=FILE, multiple=True, metavar="FILE", help="Accept this CT log too: its key.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    domains: tuple[str, ...],
    selector: str,
    local_part: str | None,
    no_fetch: bool,
    resolver: str | None,
    dns_timeout: float | None,
    timeout: float | None,
    ca_bundle: Path | None,
    networks: Sequence[str],
    proxy: str | None,
    at: datetime | None,
    roots: Sequence[Path],
    ct_logs: Sequence[Path],
    **options: Any,
) -> None:
    """Judge DOMAINs live: DMARC, Assertion Record, logo, certificate with revocation, hosting, each mailbox provider.

    DOMAIN is taken as people type it: a name, a web address, or an e-mail address, whose local-part then counts too;
    also as mail programs show it, 'Brand <news@example.com>'.
    Nothing is fetched from private networks unless --allow-network names them.
    """
    config: Config | None = options["config"]
    trust = read_trust(roots, ct_logs, config)
    network = Network() if config is None else config.network
    given = {"allow_networks": tuple(networks), "ca_bundle": ca_bundle, "proxy": proxy, "timeout": timeout}
    try:
        base = FetchPolicy() if config is None else config.policy()
        policy = replace(base, **{name: value for name, value in given.items() if value})
    except ValueError as problem:
        raise click.UsageError(told("domain.bad-policy", reason=problem)) from None
    address, lifetime = resolver or network.resolver, dns_timeout or network.dns_timeout
    try:
        asked = None if address is None and lifetime is None else resolver_at(address, lifetime=lifetime)
        reports = [
            check_domain(
                name,
                selector=selector,
                local_part=local_part,
                at=at,
                fetch=not no_fetch,
                resolver=asked,
                policy=policy,
                trust=trust,
                progress=_progress(name),
            )
            for name in domains
        ]
    except BimikitError:
        complain(told("domain.no-resolver"))
        ctx.exit(CANNOT_RUN)
    except ValueError as problem:  # no such CAs: the same for every domain
        complain(str(problem))
        ctx.exit(CANNOT_RUN)
    ctx.exit(finish(reports, {}, failed_to_run=False, **options))


def _progress(name: str) -> Callable[[str], None] | None:
    """Tells each step on a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    return lambda step: complain(f"{name}: {told(f'domain.step.{step}')} …")
