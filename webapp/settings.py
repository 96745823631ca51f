"""How a portal is set up: bounds, times, rates, and what live checks may reach."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bimikit import FetchPolicy, TrustStore, resolver_at

PREFIX = "BIMIKIT_PORTAL_"
"""How the names of environment variables begin."""


RATES: Mapping[str, int] = {"check": 60, "live": 20, "repair": 30}
"""Requests per minute and client, as usual; whoever sets some of them leaves the others as they are."""


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
        resolver: DNS resolver of live checks, ``IP`` or ``IP:PORT``; that of the system by default.
        dns_seconds: Seconds for all DNS questions of a live check.
        policy: What live checks may fetch.
        trust: Roots and logs; the built-in ones by default.
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
    resolver: str = ""
    dns_seconds: float = 5.0
    policy: FetchPolicy = FetchPolicy()
    trust: TrustStore | None = None
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
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0")
        for name in ("waiting", "trusted_proxies"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more")
        unknown = set(self.rates) - {"check", "live", "repair"}
        if unknown or any(rate < 0 for rate in self.rates.values()):
            raise ValueError("rates are numbers for check, live and repair")
        if self.resolver:
            resolver_at(self.resolver)

    def now(self) -> datetime:
        """The moment to judge at (UTC)."""
        return self.at or datetime.now(UTC)


def read_settings(config: Mapping[str, Any] | None, environment: Mapping[str, str]) -> Settings:
    """Settings from a mapping and the environment; the mapping wins.

    Raises:
        ValueError: A name or value makes no sense. The message says which.
    """
    known = {field.name: field for field in msgspec.structs.fields(Settings)}
    found: dict[str, Any] = {}
    fetch: dict[str, Any] = {}
    for key, text in environment.items():
        if not key.startswith(PREFIX) or not text:
            continue
        name = key.removeprefix(PREFIX).lower()
        if name in _OF_FETCHING:
            fetch[name] = _OF_FETCHING[name](text)
        elif name in known and name not in ("policy", "trust"):
            found[name] = _read(key, text, known[name].type)
        elif name not in _OF_SERVING:
            raise ValueError(f"there is no setting {key}")
    for key, value in (config or {}).items():
        name = key.lower()
        if name in _OF_FETCHING:
            fetch[name] = value
        elif name in known:
            found[name] = value
        else:
            raise ValueError(f"there is no setting {key}")
    if fetch:
        found.setdefault("policy", FetchPolicy(**fetch))
    if "rates" in found:
        found["rates"] = {**RATES, **found["rates"]}
    return Settings(**found)


_OF_FETCHING: Mapping[str, Any] = {
    "allow_networks": lambda text: tuple(text.replace(",", " ").split()),
    "ca_bundle": Path,
    "proxy": str,
}
_OF_SERVING = ("host", "port", "roots", "ct_logs")
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
