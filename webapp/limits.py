"""How often one client may ask: counted in memory, or in Redis for several processes."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .problems import Problem
from .settings import Settings

_LOG = logging.getLogger("bimikit.portal")
_REDIS_SECONDS = 0.5
"""Seconds that Redis has for an answer."""
_PAUSE = 10.0
"""Seconds for which a Redis that didn't answer isn't asked again."""


class Rates:
    """Counts requests by kind and client over a minute that moves along.

    While Redis can't be reached they are counted in this process: a little generous, and nobody notices.
    """

    def __init__(self, settings: Settings) -> None:
        """Set it up; Redis is asked for the first time with the first request.

        Raises:
            ValueError: Redis's address makes no sense.
        """
        self._rates = {kind: RateLimitItemPerMinute(rate) for kind, rate in settings.rates.items() if rate}
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _in_redis(settings.redis_url) if settings.redis_url else None
        self._alone_until = 0.0

    def spend(self, kind: str, client: str) -> None:
        """Count a request.

        Args:
            kind: ``"check"``, ``"live"`` or ``"repair"``.
            client: The client's address.

        Raises:
            Problem: There were too many within a minute.
        """
        rate = self._rates.get(kind)
        if rate is None:
            return
        seconds = self._asked(rate, kind, network_of(client))
        if seconds is not None:
            raise Problem("too-often", seconds=seconds)

    def _asked(self, rate: RateLimitItemPerMinute, *key: str) -> int | None:
        """Seconds to wait, or None where there is room."""
        if self._shared is not None and time.monotonic() >= self._alone_until:
            try:
                return _spent(self._shared, rate, key)
            except StorageError:
                self._alone_until = time.monotonic() + _PAUSE
                _LOG.warning("Redis can't be reached; for some seconds rates are counted in this process")
        return _spent(self._own, rate, key)


class Turns:
    """Lets each client have so many tasks at work, so that one can't keep all processes busy; its others wait."""

    def __init__(self, most: int, waiting: int) -> None:
        """Describe them.

        Args:
            most: Tasks of one client at the same time; 0 for any number.
            waiting: Tasks, of all clients together, that may wait: each keeps a thread of the server.
        """
        self._most = most
        self._room = waiting
        self._at_work: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def of(self, client: str, until: float = math.inf) -> Iterator[None]:
        """Around a task of a client.

        Args:
            client: Its address.
            until: When its turn has to have come, by the monotonic clock.

        Raises:
            Problem: Its turn didn't come in time (``busy``).
        """
        if not self._most:
            yield
            return
        key = network_of(client)
        with self._changed:
            if self._at_work[key] >= self._most and not self._waited(key, min(_PATIENCE, until - time.monotonic())):
                raise Problem("busy", seconds=_COME_BACK)
            self._at_work[key] += 1
        try:
            yield
        finally:
            with self._changed:
                self._at_work[key] -= 1
                if not self._at_work[key]:
                    del self._at_work[key]
                self._changed.notify_all()

    def _waited(self, key: str, patience: float) -> bool:
        """Whether the client's turn came."""
        if self._room <= 0:
            return False
        self._room -= 1
        try:
            return self._changed.wait_for(lambda: self._at_work[key] < self._most, patience)
        finally:
            self._room += 1


_PATIENCE = 20.0
"""Seconds that a client's task waits for its turn."""
_COME_BACK = 10


def _in_redis(url: str) -> MovingWindowRateLimiter:
    try:
        storage = storage_from_string(
            url, wrap_exceptions=True, socket_connect_timeout=_REDIS_SECONDS, socket_timeout=_REDIS_SECONDS
        )
    except Exception as problem:  # whatever limits and redis make of it
        raise ValueError(f"redis_url={url!r} makes no sense, such as redis://127.0.0.1:6379: {problem}") from None
    return MovingWindowRateLimiter(storage)


def _spent(limiter: MovingWindowRateLimiter, rate: RateLimitItemPerMinute, key: tuple[str, ...]) -> int | None:
    if limiter.hit(rate, *key):
        return None
    return max(1, math.ceil(limiter.get_window_stats(rate, *key).reset_time - time.time()))


def network_of(client: str) -> str:
    """Who an address belongs to: of IPv6 the network, since one household has billions of addresses."""
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network(f"{address}/64", strict=False))
    return str(address)
