"""`bimikit domain`: judge domains live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..domain import check_domain
from .inputs import FILE, WHEN, read_trust
from .network import asking, network_of, network_options, progress, taken
from .options import EXIT_CODES, common_options, finish

if TYPE_CHECKING:
    from ..config import Config


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
@network_options
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
    with asking(ctx):
        network = network_of(config, taken(options))
        reports = [
            check_domain(
                name,
                selector=selector,
                local_part=local_part,
                at=at,
                fetch=not no_fetch,
                resolver=network.resolver,
                policy=network.policy,
                trust=trust,
                progress=progress(name),
            )
            for name in domains
        ]
    ctx.exit(finish(reports, {}, failed_to_run=False, **options))
