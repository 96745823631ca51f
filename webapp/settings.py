"""How a portal is set up: bounds, times, rates, whom it trusts, and what live checks may reach.

A configuration (`bimikit.config`) says of trust, network and language what it says to the command line. It is followed
only where it is named: whom a server trusts, and which networks it reaches for strangers, must not hang on the folder
that it happens to be started in.
"""

from __future__ import annotations

import os
import secrets
import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from bimikit import FetchPolicy, TrustStore, resolver_at
from bimikit.config import Config, ConfigError, load

PREFIX = "BIMIKIT_PORTAL_"
"""How the names of environment variables begin."""


RATES: Mapping[str, int] = {"check": 60, "live": 20, "repair": 30}
"""Requests per minute and client, as usual; whoever sets some of them leaves the others as they are."""
_LONGEST_TIMEOUT = 3600
"""Seconds, as in a configuration."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one portal that somebody may want otherwise.

    `create_app` takes them by name in capitals, and the environment by name in capitals after ``BIMIKIT_PORTAL_``.

    Attributes:
        secret_key: Signs what a page carries from one request to the next. Several processes must share it.
        workers: Processes that judge and draw.
        waiting: Tasks that may wait for one of them; further ones are told to come back.
        task_seconds: Seconds for judging one request's files; a process that takes longer is ended.
        repair_seconds: Seconds for a repair, likewise.
        request_seconds: Seconds for a request in all, with waiting for others and for its turn.
        memory: Bytes that such a process may take.
        live: Whether domains are checked live at all.
        live_at_once: Live checks at the same time.
        max_body: Bytes of a request.
        max_files: Files in a request.
        rates: Requests per minute and client, for ``"check"``, ``"live"`` and ``"repair"``; 0 for no limit.
        redis_url: Where rates are counted for several processes; in this process's memory by default.
        trusted_proxies: How many proxies stand in front, whose word on the client's address is taken.
        metrics_token: Bearer token for ``/metrics``; without one only to this computer, and not behind proxies.
        plan: Path of an inventory whose plan is shown at ``/plan``; none by default.
        plan_token: Who gives it as a password or bearer token may read the plan; without one only who sits at this
            computer, and behind proxies nobody.
        plan_seconds: Seconds for making the plan, in a process of its own.
        resolver: DNS resolver of live checks, ``IP`` or ``IP:PORT``; that of the system by default.
        dns_timeout: Seconds for all DNS questions of a live check.
        policy: What live checks may fetch.
        trust: Roots and logs; the built-in ones by default.
        lang: The language of those who ask for none that the portal has.
        at: A fixed moment to judge at, for tests; now by default.
    """

    secret_key: str = msgspec.field(default_factory=lambda: secrets.token_hex(32))
    workers: int = msgspec.field(default_factory=lambda: max(2, min(8, os.cpu_count() or 2)))
    waiting: int = 100
    task_seconds: float = 15.0
    repair_seconds: float = 20.0
    request_seconds: float = 60.0
    memory: int = 2 * 1024**3
    live: bool = True
    live_at_once: int = 8
    max_body: int = 8 * 1024 * 1024
    max_files: int = 8
    rates: Mapping[str, int] = msgspec.field(default_factory=lambda: dict(RATES))
    redis_url: str = ""
    trusted_proxies: int = 0
    metrics_token: str = ""
    plan: str = ""
    plan_token: str = ""
    plan_seconds: float = 300.0
    resolver: str = ""
    dns_timeout: float = 5.0
    policy: FetchPolicy = FetchPolicy()
    trust: TrustStore | None = None
    lang: Literal["en", "ja"] = "en"
    at: datetime | None = None

    def __post_init__(self) -> None:
        for name in (
            "workers",
            "live_at_once",
            "max_body",
            "max_files",
            "task_seconds",
            "repair_seconds",
            "request_seconds",
            "plan_seconds",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0")
        for name in ("waiting", "trusted_proxies"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more")
        unknown = set(self.rates) - {"check", "live", "repair"}
        if unknown or any(rate < 0 for rate in self.rates.values()):
            raise ValueError("rates are numbers for check, live and repair")
        if not 0 < self.dns_timeout <= _LONGEST_TIMEOUT:
            raise ValueError(f"dns_timeout must be above 0 and at most {_LONGEST_TIMEOUT} seconds")
        if self.lang not in ("en", "ja"):
            raise ValueError("lang must be en or ja")
        for name in ("metrics_token", "plan_token"):
            if getattr(self, name) != getattr(self, name).strip():  # as it is sent, such a blank is none of it
                raise ValueError(f"{name} must neither begin nor end with a blank")
        if self.plan and not Path(self.plan).is_file():
            raise ValueError(f"plan: there is no inventory {self.plan}")
        if self.resolver:
            resolver_at(self.resolver)

    def now(self) -> datetime:
        """The moment to judge at (UTC)."""
        return self.at or datetime.now(UTC)


def read_settings(config: Mapping[str, Any] | None, environment: Mapping[str, str]) -> Settings:
    """Settings from a mapping, the environment, and the configuration that one of them names, if any.

    The mapping wins over the environment, and both over the configuration, as options of the command line do: a network
    setting takes the place of the configuration's; further roots and logs are trusted beside its own.

    Raises:
        ValueError: A name or value makes no sense. The message says which.
        ConfigError: The configuration can't be followed. The message says which file and key.
    """
    known = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    found: dict[str, Any] = {}
    for key, text in environment.items():
        name = key.removeprefix(PREFIX).lower()
        if not key.startswith(PREFIX) or not text or name in _OF_SERVING:
            continue
        if name in _PARTS:
            found[name] = _PARTS[name](key, text)
        elif name in known and name not in ("policy", "trust"):
            found[name] = _read(key, text, known[name])
        else:
            raise ValueError(f"there is no setting {key}")
    for key, value in (config or {}).items():
        name = key.lower()
        if name not in known and name not in _PARTS:
            raise ValueError(f"there is no setting {key}")
        found[name] = value
    parts = {name: found.pop(name) for name in _PARTS if name in found}
    followed = parts.pop("config", None) or Config()
    if not isinstance(followed, Config):
        followed = load(followed)
    roots, ct_logs = parts.pop("roots", ()), parts.pop("ct_logs", ())
    found = {**_of_configuration(followed), **found}
    if "policy" not in found:
        found["policy"] = _policy(followed, parts)
    if "trust" not in found:
        found["trust"] = _trust(followed, roots, ct_logs)
    if "rates" in found:
        found["rates"] = {**RATES, **found["rates"]}
    return Settings(**found)


def _of_configuration(config: Config) -> dict[str, Any]:
    """The settings that a configuration has as they are."""
    asked = {"resolver": config.network.resolver, "dns_timeout": config.network.dns_timeout, "lang": config.lang}
    return {name: value for name, value in asked.items() if value is not None}


def _policy(config: Config, given: Mapping[str, Any]) -> FetchPolicy:
    """What may be fetched; its CAs are read once, so that a mistake ends the start and not the first live check.

    Raises:
        ValueError: A part makes no sense.
        ConfigError: The file that the configuration names can't be used.
    """
    policy = msgspec.structs.replace(config.policy(), **given)
    if policy.ca_bundle is None:
        return policy
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(policy.ca_bundle)
    except OSError as problem:
        if "ca_bundle" in given:
            raise ValueError(f"ca_bundle: {policy.ca_bundle} can't be used: {problem.strerror or problem}") from None
        name = config.network.ca_bundle
        raise ConfigError(config.file, "network.ca-bundle", "unusable-file", name=name, reason=problem) from None
    return policy


def _trust(config: Config, roots: Iterable[Path | str], ct_logs: Iterable[Path | str]) -> TrustStore | None:
    """Whom to trust; None where nobody is named besides the built-in roots and logs.

    Raises:
        ValueError: A file can't be used.
        ConfigError: One that the configuration names can't.
    """
    files = [*(("roots", path) for path in roots), *(("ct_logs", path) for path in ct_logs)]
    if not (files or config.trust.roots or config.trust.ct_logs):
        return None
    store = config.trust_store()
    for kind, path in files:
        try:
            store = store.extended(**{kind: [Path(path).read_bytes()]})
        except (OSError, ValueError) as problem:
            reason = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
            raise ValueError(f"{kind}: {path} can't be used: {reason}") from None
    return store


def _paths(_key: str, text: str) -> tuple[Path, ...]:
    """Paths, as the variable ``PATH`` has them: a blank may be part of one."""
    return tuple(map(Path, filter(None, text.split(os.pathsep))))


_PARTS: Mapping[str, Callable[[str, str], Any]] = {
    "config": lambda _key, text: Path(text),
    "roots": _paths,
    "ct_logs": _paths,
    "allow_networks": lambda _key, text: tuple(text.replace(",", " ").split()),
    "ca_bundle": lambda _key, text: Path(text),
    "proxy": lambda _key, text: text,
    "timeout": lambda key, text: _read(key, text, float),
}
"""What settings are put together from, with how the environment has it: a configuration (a path, or a `Config` in the
mapping), files for the trust store, and fields of the policy."""
_OF_SERVING = ("host", "port")
"""Settings of `bimikit portal`, which the app doesn't need."""


def _read(key: str, text: str, kind: Any) -> Any:
    if kind is str:
        return text
    if key == f"{PREFIX}RATES":
        pairs = (pair.partition("=") for pair in text.replace(",", " ").split())
        text = msgspec.json.encode({name: int(rate) if rate.isdecimal() else rate for name, _, rate in pairs}).decode()
    try:
        return msgspec.convert(msgspec.json.decode(text) if "=" in text or "{" in text else text, kind, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise ValueError(f"{key}={text!r} makes no sense: {problem}") from None
