"""`bimikit scan`: DMARC and BIMI of any number of domains."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dkim.selectors import is_selector
from ..dns.bimi import is_selector as is_bimi_selector
from ..dns.nameservers import read_address, resolver_at
from ..output.scan import Tally, as_html, markdown, summary
from ..portfolio import names as inputs
from ..portfolio.client import IN_FLIGHT
from ..portfolio.done import Done, OtherInput
from ..portfolio.feed import ReadApart
from ..portfolio.further import CONCURRENCY as FURTHER
from ..portfolio.further import Further, look_further
from ..portfolio.row import NO_DOMAIN, UNDECIDED
from ..portfolio.scan import CONCURRENCY, scan_domains
from ..portfolio.sinks import SQLITE, put_in_place
from .files import STDIN
from .inputs import read_trust
from .interrupts import ended_as_interrupted
from .network import Resolver, asking, network_of, on_terminal, policy_options, seconds, taken_policy
from .options import CONFORMANT, INDETERMINATE, color_wanted, configuration, same_file
from .progress import Progress
from .scan_files import (
    FORMATS,
    HTML,
    MARKDOWN,
    TEXT,
    domains_of,
    form_of,
    form_of_rows,
    opened_input,
    require_writable,
    shown_input,
    sink_of,
    spool_of,
)
from .scan_run import Run
from .streams import CANNOT_RUN, INTERRUPTED, below_the_key, put, put_at_once
from .words import complain, language, missing_extra, spoken, told, unwritable_file

if TYPE_CHECKING:
    from ..config import Config
    from ..portfolio.cluster import Happened

LOCAL = "local"
_PAGES: dict[str, Callable[..., str]] = {MARKDOWN: markdown, HTML: as_html}
_EXIT_CODES = """\b
Exit status:
  0  every domain was looked at
  2  could not run: usage, unreadable file, no domain in it, a file that can't be written
  3  the same, but something could not be found out of some (no answer, a failing server)
  130  interrupted (Ctrl-C, SIGTERM): what is done is in the file, and --resume goes on"""


@click.command(
    epilog=f"{_EXIT_CODES}\n\n\b\nExamples:\n"
    "  bimikit scan domains.txt                        a line for each domain, and the whole at the end\n"
    "  bimikit scan domains.csv -o scan.jsonl          a row for each in a file; also .csv, .sqlite, .md, .html\n"
    "  bimikit scan domains.csv -o scan.jsonl --resume  go on where an earlier run ended\n"
    "  bimikit scan inventory.toml --sending --hosted -o scan.jsonl   all that a plan wants to know\n"
    "  bimikit scan domains.csv -o scan.jsonl --cluster tcp://192.0.2.1:8786\n"
    "  zcat names.gz | bimikit scan - --resolver 192.0.2.53 --resolver 192.0.2.54 -f csv > scan.csv",
)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--input",
    "input_format",
    type=click.Choice((inputs.LIST, inputs.CSV, inputs.ZONE, inputs.INVENTORY)),
    help="What FILE is: a name a line, a table, a zone file, the inventory of a plan; by default by its name "
    "(.csv, .tsv, .zone, .toml), else a list.",
)
@click.option("--column", default="", metavar="HEADING", help="The column with the domains, where it isn't found.")
@click.option("--origin", default="", metavar="DOMAIN", help="What names of a zone file without $ORIGIN are below.")
@click.option("--selector", default="default", show_default=True, metavar="NAME", help="Of the Assertion Records.")
@click.option("--sending", is_flag=True, help="Look at SPF, DKIM and MX records, too. Much slower.")
@click.option("--dkim", multiple=True, metavar="SELECTOR", help="DKIM selectors to look at; the usual ones by default.")
@click.option("--hosted", is_flag=True, help="Fetch and judge logos and Mark Certificates, too. Much slower.")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(FORMATS),
    help="How to write the rows; by default by the name of -o, else text.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write to FILE; it must not be there yet, but for --resume and --replace.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with the file of -o: what is in it isn't looked at again.")
@click.option(
    "--replace", is_flag=True,
    help="Write the file of -o anew: what is there stays until the new one is whole, which is FILE.part until then.",
)  # fmt: skip
@click.option(
    "--resolver", "resolvers", type=Resolver(), multiple=True, metavar="IP[:PORT]",
    help="The DNS resolver to ask; those of the system by default. Several are asked in turn.",
)  # fmt: skip
@click.option(
    "--in-flight", type=click.IntRange(1, 10_000), default=IN_FLIGHT, show_default=True, metavar="N",
    help="Questions that each resolver has to answer at once.",
)  # fmt: skip
@click.option(
    "--concurrency", type=click.IntRange(1, 100_000), default=CONCURRENCY, show_default=True, metavar="N",
    help=f"Domains that are looked at together; with --sending and --hosted {FURTHER} at the most.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS|local",
    help="Let the workers of a Dask cluster ask, such as tcp://192.0.2.1:8786; local starts some on this machine.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 10_000), metavar="N",
    help="Workers of --cluster that take part at most; by default all, or one for each processor here.",
)  # fmt: skip
@click.option(
    "--dns-timeout", type=float, callback=seconds, metavar="SECONDS",
    help="For all questions of --sending and --hosted on a domain; 5 by default.",
)  # fmt: skip
@policy_options
@click.option("--quiet", is_flag=True, help="No progress on a terminal, and no summary after it.")
@configuration
@click.option(
    "--lang", type=click.Choice(("en", "ja")), callback=language, is_eager=True, expose_value=False,
    help="Language of what people read; by default that of the environment, else English.",
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    /,
    file: str,
    input_format: str | None,
    column: str,
    origin: str,
    selector: str,
    sending: bool,
    dkim: tuple[str, ...],
    hosted: bool,
    output_format: str | None,
    output: Path | None,
    resume: bool,
    replace: bool,
    resolvers: tuple[str, ...],
    in_flight: int,
    concurrency: int,
    cluster: str | None,
    workers: int | None,
    dns_timeout: float | None,
    quiet: bool,
    config: Config | None,
    **options: Any,
) -> None:
    """Look at many domains: the DMARC policy that applies, and whether there is a BIMI record, by both DMARC standards.

    FILE lists domains: a name a line, a table (CSV), a zone file, or the inventory of a plan; - is standard input.
    There may be any number of them. A row is written as soon as a domain is done; they come in the order of the
    answers, each with its number in FILE.
    """
    if output is not None and str(output) == STDIN:
        output = None
    form = form_of(output_format, output)
    if workers is not None and cluster is None:
        raise click.UsageError(told("scan.workers-alone"))
    if output is not None:
        require_writable(ctx, output)
    _require_sense(form, output, selector, dkim, file, resume=resume, replace=replace)
    if cluster is not None and (complaint := missing_extra("cluster")):
        complain(complaint)
        ctx.exit(CANNOT_RUN)
    with asking(ctx):
        network = network_of(config, taken_policy(options))
        addresses = resolvers or ((config.network.resolver,) if config and config.network.resolver else ())
        servers = [read_address(one) for one in addresses] or _of_system()
    trust = read_trust((), (), config)
    spool = spool_of(form, output, replace=replace)
    with ExitStack() as stack:
        stack.enter_context(ended_as_interrupted())
        opened, size = stack.enter_context(opened_input(file))
        given = domains_of(opened, file, input_format, column, origin)
        sink = stack.enter_context(sink_of(ctx, form, spool, resume=resume, instead_of=output if replace else None))
        further = Further(
            hosted=hosted,
            sending=sending or bool(dkim),
            dkim=dkim,
            dkim_of=given.dkim,
            selector=selector,
            selector_of=given.selectors,
            resolver=addresses[0] if addresses else None,
            dns_timeout=dns_timeout or (config.network.dns_timeout if config else None),
            policy=network.policy,
            concurrency=min(concurrency, FURTHER),
        )
        done = sink.done if sink is not None else Done()
        progress = Progress(quiet or not on_terminal(), opened, size, done.count)
        run = Run(sink, form if output is None else "", progress, spoken())
        run.count(spool, form_of_rows(form), done, further)
        asked = progress.counted(done.without(given.domains))
        how: dict[str, Any] = {
            "servers": servers, "selector": selector, "concurrency": concurrency, "in_flight": in_flight,
        }  # fmt: skip
        try:
            if cluster is None:
                steady = opened.seekable()  # a pipe or terminal may have nothing for us for long
                scanned = scan_domains(asked if steady else ReadApart(asked), **how)
                asyncio.run(run.drive(look_further(scanned, further, trust=trust)))
            else:
                from ..portfolio.cluster import scan_on_cluster

                run.take(
                    scan_on_cluster(
                        asked,
                        address=None if cluster.lower() == LOCAL else cluster,
                        workers=workers,
                        further=further,
                        trust=trust,
                        told=_tell_of_cluster,
                        idle=run.pause,
                        **how,
                    )
                )
        except KeyboardInterrupt:
            run.flush()
            progress.clear()
            below_the_key()
            key = "scan.interrupted" if sink is not None else "scan.interrupted-unsaved"
            complain(told(key, done=run.tally.count))
            ctx.exit(INTERRUPTED)
        except OtherInput as problem:
            key = "scan.longer-input" if problem.given else "scan.other-input"
            raise click.UsageError(told(key, file=spool, number=problem.number, given=problem.given)) from None
    progress.clear()
    if done.count and not progress.begun and not quiet:
        complain(told("scan.all-done", file=output, done=done.count))
    barren = run.tally.count == run.tally.states[NO_DOMAIN] + run.tally.states[UNDECIDED]
    kept = barren and replace and output is not None and output.exists()
    _write(ctx, run.tally, form, output, spool, kept=kept, quiet=quiet)
    if run.tally.states[NO_DOMAIN] == run.tally.count:
        complain(told("scan.no-domains", file=shown_input(file)))
        ctx.exit(CANNOT_RUN)
    if kept:
        complain(told("scan.ask-again"))
    ctx.exit(INDETERMINATE if run.tally.unknown else CONFORMANT)


def _require_sense(
    form: str, output: Path | None, selector: str, dkim: Sequence[str], file: str, *, resume: bool, replace: bool
) -> None:
    """Refuse options that make no sense together.

    Raises:
        click.UsageError: They don't.
    """
    if output is None and (form == SQLITE or resume):
        raise click.UsageError(told("scan.needs-file", what="--resume" if resume else "-f sqlite"))
    if output is not None and any(
        same_file(one, file) for one in (output, spool_of(form, output, replace=replace) or output)
    ):
        raise click.UsageError(told("output.is-subject", file=output))
    if form == TEXT and (resume or output is not None):
        raise click.UsageError(told("scan.no-resume"))
    if output is None and replace:
        raise click.UsageError(told("scan.needs-file", what="--replace"))
    if not is_bimi_selector(selector):
        raise click.BadParameter(told("scan.selector", selector=repr(selector)), param_hint="--selector")
    for one in dkim:
        if not is_selector(one):
            raise click.BadParameter(told("scan.selector", selector=repr(one)), param_hint="--dkim")
    whole = form in _PAGES  # a page is written at the end, so that there is nothing to go on with where one is
    if output is not None and output.is_file() and not (replace or (resume and not whole)):
        raise click.UsageError(told("scan.is-there-whole" if whole else "scan.is-there", file=output))


def _tell_of_cluster(happened: Happened) -> None:
    """Tell of workers that are lost, or can't be used."""
    from ..portfolio.cluster import JOINED  # dear to load, and there already

    if happened.what != JOINED:
        complain(told(f"scan.worker-{happened.what}", worker=happened.worker, domains=happened.domains))


def _of_system() -> list[tuple[str, int]]:
    """The resolvers that the system names.

    Raises:
        BimikitError: It names none.
    """
    system = resolver_at()
    return [(str(address), system.port) for address in system.nameservers]


def _write(
    ctx: click.Context, tally: Tally, form: str, output: Path | None, spool: Path | None, *, kept: bool, quiet: bool
) -> None:
    """Write what is written at the end; where `kept`, the file that is there says more than the new one would."""
    try:
        if kept:
            complain(told("scan.kept", file=output, spool=spool))
        elif form in _PAGES:
            put_at_once(_PAGES[form](tally, lang=spoken()), output)
            if spool is not None:
                spool.unlink(missing_ok=True)
        elif spool is not None and output is not None and spool != output:
            put_in_place(spool, output)
    except OSError as problem:
        if output is None:
            raise
        complain(unwritable_file(output, problem))
        ctx.exit(CANNOT_RUN)
    if form == TEXT and output is None:
        put("".join(f"{one}\n" for one in ("", *summary(tally, lang=spoken(), color=color_wanted()))))
    if output is not None and not quiet and on_terminal():
        for one in summary(tally, lang=spoken(), color=False):
            click.echo(one, err=True)
