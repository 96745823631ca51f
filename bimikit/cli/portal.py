"""`bimikit portal`: serve the portal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from ..extras import extra
from ..locale import LANGUAGES
from .inputs import FILE, read_trust
from .network import Resolver, seconds
from .streams import CANNOT_RUN
from .words import complain, language, missing_extra, speak, told

if TYPE_CHECKING:
    from ..config import Config

_ENVIRONMENT = "BIMIKIT_PORTAL_"
_KINDS = ("check", "live", "repair")


def _option(*names: str, also: str, read: bool = False, **more: Any) -> Callable[[Any], Any]:
    """An option that a variable of the environment sets, too; where it isn't read here, the portal reads it itself."""
    more["help"] = f"{more['help']} [{_ENVIRONMENT}{also}]"
    return click.option(*names, envvar=f"{_ENVIRONMENT}{also}" if read else None, **more)


def _rates(_ctx: click.Context, _option: click.Parameter, values: Sequence[str]) -> dict[str, int]:
    found = {}
    for value in values:
        kind, _, number = value.partition("=")
        if kind not in _KINDS or not (number.isascii() and number.isdecimal()):
            raise click.BadParameter(told("portal.no-rate", text=repr(value)))
        found[kind] = int(number)
    return found


def _language(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """What was asked for, and no more: what this command says is in the environment's language, pages need not be."""
    language(ctx, option, value)
    return value


def _config(ctx: click.Context, _option: click.Parameter, file: Path | None) -> Config | None:
    if file is None or ctx.resilient_parsing:
        return None
    from ..config import load

    config = load(file)
    if config.lang is not None:
        speak(ctx, config.lang)
    return config


def _tell_of_nearest() -> None:
    """Other commands follow the nearest configuration; whoever expects that of a server learns that it doesn't.

    Whom it trusts and which networks it reaches for strangers must not hang on the folder it is started in.
    """
    from ..config.finding import find
    from ..config.problems import ConfigError

    with suppress(ConfigError):
        file = find(Path(), lambda _: None)
        if file is not None:
            complain(told("portal.not-followed", file=file))


@click.command(
    epilog="Every option can be given by the variable of the environment named in brackets instead; several values "
    "there stand with blanks between, and several files as in PATH. Files handed in are held in memory while they are "
    "judged, and nowhere else. To have the portal on the Internet, put a web server that speaks HTTPS in front, and "
    "say so with --trusted-proxies 1.\n\n"
    "For those who watch it: /healthz says whether it lives, /healthz/ready whether it takes requests, /metrics has "
    "numbers for Prometheus. SIGTERM and Ctrl+C let running requests end.\n\n"
    "\b\nExit status:\n"
    "  0  it was ended\n"
    "  2  could not run: usage or configuration, the port is taken, or its packages are missing:\n"
    "     pip install 'bimikit[portal]'\n\n"
    "\b\nExamples:\n"
    "  bimikit portal                                     at http://127.0.0.1:8000/, for this computer only\n"
    "  bimikit portal --port 8080 --no-live               files and planned records only\n"
    "  bimikit portal --trusted-proxies 1 --redis redis://127.0.0.1:6379 --workers 8\n"
    "  bimikit portal --rate check=10 --rate live=2       fewer requests per minute and client"
)
@_option("--host", also="HOST", read=True, default="127.0.0.1", show_default=True, metavar="ADDRESS",
         help="Where to listen: a name or address of this computer; 0.0.0.0 is every one.")  # fmt: skip
@_option("--port", also="PORT", read=True, default=8000, show_default=True, type=click.IntRange(0, 65535),
         help="The port; 0 for any that is free.")  # fmt: skip
@_option("--workers", also="WORKERS", type=click.IntRange(1, 256), metavar="NUMBER",
         help="Processes that judge and draw; one for each processor by default, from 2 to 8.")  # fmt: skip
@_option("--rate", "rates", also="RATES", multiple=True, callback=_rates, metavar="KIND=NUMBER",
         help="Requests per minute and client of a kind: check, live or repair; 0 for no limit. Can be repeated. "
         "By default check=60, live=20, repair=30.")  # fmt: skip
@_option("--redis", "redis_url", also="REDIS_URL", metavar="URL",
         help="Count rates in this Redis, for several portals together; in memory by default.")  # fmt: skip
@_option("--trusted-proxies", also="TRUSTED_PROXIES", type=click.IntRange(0, 10), metavar="NUMBER",
         help="How many proxies of your own stand in front, whose X-Forwarded headers are believed; 0 by "
         "default.")  # fmt: skip
@_option("--metrics-token", also="METRICS_TOKEN", metavar="TEXT",
         help="Who sends this as bearer token may read /metrics; without one, this computer alone, and behind proxies "
         "nobody. Others see what stands on a command line: better use the environment.")  # fmt: skip
@_option("--plan", also="PLAN", type=FILE, metavar="INVENTORY",
         help="Show the plan of this inventory at /plan, to read; none by default.")  # fmt: skip
@_option("--plan-token", also="PLAN_TOKEN", metavar="TEXT",
         help="Who gives this as password, with any user name, or as bearer token may read the plan; without one, this "
         "computer alone, and behind proxies nobody. Better use the environment.")  # fmt: skip
@_option("--no-live", also="LIVE=false", is_flag=True,
         help="Don't check domains live: ask nothing of the network.")  # fmt: skip
@_option("--resolver", also="RESOLVER", type=Resolver(), metavar="IP[:PORT]",
         help="The DNS resolver of live checks; that of the system by default.")  # fmt: skip
@_option("--dns-timeout", also="DNS_TIMEOUT", type=float, callback=seconds, metavar="SECONDS",
         help="For all DNS questions of a live check; 5 by default.")  # fmt: skip
@_option("--timeout", also="TIMEOUT", type=float, callback=seconds, metavar="SECONDS",
         help="For each file that a live check fetches; 10 by default.")  # fmt: skip
@_option("--allow-network", "networks", also="ALLOW_NETWORKS", multiple=True, metavar="CIDR",
         help="Live checks may fetch from this network though it isn't public. Can be repeated.")  # fmt: skip
@_option("--proxy", also="PROXY", metavar="URL",
         help="Live checks fetch through this HTTP proxy; those of the environment are not used.")  # fmt: skip
@_option("--ca-bundle", also="CA_BUNDLE", type=FILE, metavar="PEM",
         help="Live checks trust these CAs too, for the TLS of web servers.")  # fmt: skip
@_option("--roots", also="ROOTS", read=True, type=FILE, multiple=True, metavar="PEM",
         help="Trust these Mark Certificate roots too.")  # fmt: skip
@_option("--ct-log", "ct_logs", also="CT_LOGS", read=True, type=FILE, multiple=True, metavar="FILE",
         help="Accept this CT log too: its key.")  # fmt: skip
@_option("--lang", also="LANG", type=click.Choice(LANGUAGES), callback=_language, is_eager=True,
         help="Language for browsers that prefer none of the portal's, and of what this command says.")  # fmt: skip
@_option("--config", also="CONFIG", read=True, type=click.Path(exists=True, path_type=Path), callback=_config,
         metavar="FILE",
         help="Follow this configuration's [trust], [network] and lang; none is looked for. Options and variables win "
         "over it.")  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    /,
    host: str,
    port: int,
    no_live: bool,
    networks: Sequence[str],
    roots: Sequence[Path],
    ct_logs: Sequence[Path],
    config: Config | None,
    **given: Any,
) -> None:
    """Serve the portal: upload a logo, a certificate or records, or type a domain, and understand the answer.

    It judges in processes of its own, keeps nothing of what is handed in, and serves this computer only unless --host
    says otherwise.
    """
    if config is None:
        _tell_of_nearest()
    settings: dict[str, Any] = {name.upper(): value for name, value in given.items() if value not in (None, {})}
    if "PLAN" in settings:
        settings["PLAN"] = str(settings["PLAN"])
    if no_live:
        settings["LIVE"] = False
    if networks:
        settings["ALLOW_NETWORKS"] = tuple(networks)
    if config is not None:
        settings["CONFIG"] = config
    if roots or ct_logs:
        settings["TRUST"] = read_trust(roots, ct_logs, config)
    ctx.exit(_serve(host, port, settings))


def _serve(host: str, port: int, settings: dict[str, Any]) -> int:
    lacking = missing_extra("portal")
    package = _package()
    if lacking or package is None:
        complain(lacking or told("portal.not-here"))
        return CANNOT_RUN
    with extra("portal"):
        serving = import_module(f"{package.__name__}.serve")
    try:
        app = package.create_app(settings)
    except ValueError as problem:  # a setting of the environment, too
        complain(str(problem))
        return CANNOT_RUN
    import_module(f"{package.__name__}.logs").log_to_stderr()
    try:
        serving.serve(app, host, port, told=lambda url: complain(told("portal.serving", url=url)))
    except serving.CannotServeError as problem:
        complain(told(f"portal.{problem.why}", host=host, port=port, reason=problem.detail))
        return CANNOT_RUN
    complain(told("portal.ended"))
    return 0


def _package() -> ModuleType | None:
    """The portal: the folder beside bimikit in its repository, or a package of its own where it is installed."""
    beside = Path(__file__).parents[2] / "webapp" / "__init__.py"
    spec = find_spec("webapp") if beside.is_file() else None
    if spec is not None and spec.origin is not None and beside.samefile(spec.origin):
        return import_module("webapp")
    return import_module("bimikit_portal") if find_spec("bimikit_portal") is not None else None
