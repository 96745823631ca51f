"""`fetch` and `afetch`: one document from the web, whatever the other side does.

The course of a fetch (which URL, which addresses, which redirect, what the answer means) is a generator that does no
I/O: it asks, and an executor answers. `fetch` and `afetch` are two such executors over `bimikit.web.wire`, which is
loaded with the first fetch only.

Each hop is looked up once, all its addresses are judged, and the connection goes to one of exactly those.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import urljoin

import msgspec
from msgspec.structs import replace

from ..engine import quote
from .answer import Answer, Failure, bounded_detail
from .policy import DEMANDS, LONGEST_URL, BadUrl, FetchPolicy, Kind, Target, is_localhost, read_url, require_plain

OK, FAILED, UNREACHABLE, REFUSED = "ok", "failed", "unreachable", "refused"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_PASSING: Mapping[int, str] = {408: "request-timeout", 425: "too-many-requests", 429: "too-many-requests"}
"""Client errors that another attempt may not meet."""
_LOCALHOST = ("127.0.0.1", "::1")
_MOST_ADDRESSES = 64
"""Addresses of one host that are judged; more are no web server's."""
_GRACE = 0.2
"""Seconds after which a request is cut off that missed its own deadline, which knows how far it got."""
_OURS = frozenset({"address", "port"})
"""Problems of our own policy."""


class LookupFailed(Exception):
    """The addresses of a host can't be had.

    Attributes:
        reason: Why, in a few words.
        temporary: Whether asking again may help; otherwise the host has no address.
    """

    def __init__(self, reason: str, temporary: bool) -> None:
        super().__init__(reason, temporary)
        self.reason = reason
        self.temporary = temporary


Lookup: TypeAlias = Callable[[str, float], list[str]]
"""Gives the IP addresses of a host (A-labels), A and AAAA, within so many seconds; or raises `LookupFailed`."""
AsyncLookup: TypeAlias = Callable[[str, float], Awaitable[list[str]]]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one URL. It holds no time, so that equal answers give equal reports.

    Attributes:
        url: What was asked for.
        final_url: The URL of the last hop, in one form; that of the refused one where a hop was refused.
        state: ``"ok"``; ``"failed"``, what any receiver would meet; ``"unreachable"``, which may pass; ``"refused"``
            by our policy.
        problem: Key of what went wrong; empty for nothing.
        reason: Finer key, which is a term (``web.<reason>``) of the catalogue.
        detail: Data that belongs to the problem: addresses, the server's or the library's words. Bounded.
        limit: The bound that was met: bytes, or redirects; 0 for none.
        status: HTTP status of the last answer.
        content_type: Its media type as sent; empty for none.
        headers: Headers of the last answer that tell of the document, under lower-case names; bounded.
        redirects: The URLs that were redirected from, in order.
        address: The IP address of the last connection; None for none, or through a proxy.
        tls: ``version`` and ``cipher`` of the last connection, where known.
        body: The document, without content coding; empty unless ``"ok"``.
    """

    url: str
    final_url: str = ""
    state: str = OK
    problem: str = ""
    reason: str = ""
    detail: str = ""
    limit: int = 0
    status: int | None = None
    content_type: str = ""
    headers: Mapping[str, str] = {}
    redirects: tuple[str, ...] = ()
    address: str | None = None
    tls: Mapping[str, str] = {}
    body: bytes = b""


class Resolve(msgspec.Struct, frozen=True):
    """The core asks for the addresses of a host."""

    host: str


class Get(msgspec.Struct, frozen=True):
    """The core asks for one request.

    Attributes:
        target: What to request.
        addresses: Where to connect to, all judged; empty for the proxy.
        accept: The ``Accept`` header.
        legacy: Whether to speak TLS 1.0 and 1.1 as well.
    """

    target: Target
    addresses: tuple[str, ...]
    accept: str
    legacy: bool = False


Ask: TypeAlias = Resolve | Get
Reply: TypeAlias = tuple[str, ...] | Answer | Failure
"""Addresses for `Resolve`, an `Answer` for `Get`; a `Failure` for either."""


def fetch(url: str, kind: Kind, policy: FetchPolicy, lookup: Lookup) -> Fetched:
    """Fetch a document, blocking, for at most `policy.timeout` seconds.

    Args:
        url: Its URL as published; any text.
        kind: What it is to be.
        policy: What may be fetched.
        lookup: Gives the IP addresses of a host; it should keep to the seconds it is told.

    Raises:
        ValueError: The policy's file of CAs can't be read.
    """
    from . import wire

    deadline = time.monotonic() + policy.timeout
    too_late = Failure("timeout", "timeout", f"{policy.timeout:g} s")
    course = plan(url, kind, policy)
    trust = wire.trust(policy)
    try:
        ask = next(course)
        while True:
            left = deadline - time.monotonic()
            reply: Reply
            if left <= 0:
                reply = too_late
            elif isinstance(ask, Get):
                reply = wire.get(ask, policy, trust, deadline)
            else:
                try:
                    reply = tuple(lookup(ask.host, left))
                except Exception as problem:
                    reply = _lookup_failure(problem)
            ask = course.send(reply)
    except StopIteration as end:
        result: Fetched = end.value
        return result


async def afetch(url: str, kind: Kind, policy: FetchPolicy, lookup: AsyncLookup) -> Fetched:
    """Fetch a document; the same as `fetch`, awaitable.

    Raises:
        ValueError: The policy's file of CAs can't be read.
    """
    import anyio

    from . import wire

    deadline = time.monotonic() + policy.timeout
    too_late = Failure("timeout", "timeout", f"{policy.timeout:g} s")
    course = plan(url, kind, policy)
    trust = wire.trust(policy)
    try:
        ask = next(course)
        while True:
            reply: Reply = too_late
            left = deadline - time.monotonic()
            with anyio.move_on_after(left + (_GRACE if isinstance(ask, Get) else 0)):
                if left <= 0:
                    pass
                elif isinstance(ask, Get):
                    reply = await wire.aget(ask, policy, trust, deadline)
                else:
                    try:
                        reply = tuple(await lookup(ask.host, left))
                    except Exception as problem:
                        reply = _lookup_failure(problem)
            ask = course.send(reply)
    except StopIteration as end:
        result: Fetched = end.value
        return result


def _lookup_failure(problem: Exception) -> Failure:
    """An exception of the caller's look-up; one that it shouldn't raise leaves the addresses unknown."""
    if isinstance(problem, LookupFailed):
        key = "dns" if problem.temporary else "dns-missing"
        return Failure(key, key, bounded_detail(problem.reason))
    return Failure("dns", "dns", bounded_detail(repr(problem)))


def plan(url: str, kind: Kind, policy: FetchPolicy) -> Generator[Ask, Reply, Fetched]:
    """The course of a fetch, without I/O: yields what it needs, is sent what came, and returns the result."""
    demand = DEMANDS[kind]
    seen: list[str] = []
    result = Fetched(url=quote(url, LONGEST_URL), final_url=quote(url, LONGEST_URL))
    try:
        target = read_url(url, demand.schemes)
        while True:
            result = Fetched(url=result.url, final_url=target.url, redirects=tuple(seen))
            addresses = yield from _addresses(target, policy)
            if isinstance(addresses, Failure):
                return _failed(result, addresses)
            answer = yield from _request(target, addresses, demand.accept)
            if isinstance(answer, Failure):
                return _failed(result, answer)
            result = replace(
                result,
                status=answer.status,
                content_type=answer.headers.get("content-type", ""),
                headers=answer.headers,
                address=answer.address,
                tls=answer.tls,
            )
            if answer.status not in _REDIRECTS or answer.location is None:
                return _judged(result, answer, policy)
            if len(seen) >= policy.max_redirects:
                return _failed(result, Failure("too-many-redirects", "too-many-redirects", limit=policy.max_redirects))
            seen.append(target.url)
            result = replace(result, redirects=tuple(seen), final_url=quote(answer.location, LONGEST_URL))
            target = _next(target, answer.location, demand.schemes)
            if target.url in seen:
                return _failed(replace(result, final_url=target.url), Failure("redirect-loop", "redirect-loop"))
    except BadUrl as bad:
        return _failed(result, Failure(bad.problem, bad.reason, bounded_detail(bad.detail)))


def _addresses(target: Target, policy: FetchPolicy) -> Generator[Ask, Reply, tuple[str, ...] | Failure]:
    """The addresses to connect to; none where a proxy does."""
    if target.is_address:
        if policy.proxy is not None and ":" in target.host:
            raise BadUrl("url", "url-host", target.host)  # the request line to a proxy would be ambiguous
        found: Reply = (target.host,)
    elif is_localhost(target.host):
        found = tuple(address for address in _LOCALHOST if policy.forbids(address) is None) or _LOCALHOST
    elif policy.proxy is not None:
        return ()
    else:
        found = yield Resolve(target.host)
    if isinstance(found, Failure):
        return found
    if not isinstance(found, tuple):
        raise TypeError("a look-up is answered by addresses")
    if not found:
        return Failure("dns-missing", "dns-missing", "A, AAAA: –")
    if len(found) > _MOST_ADDRESSES:
        return Failure("address", "address-many", str(len(found)))
    judged = [(address, policy.forbids(address)) for address in found]
    bad = [(address, reason) for address, reason in judged if reason is not None]
    if bad:  # one is enough: a host that is public in part only is set up to be mistaken
        return Failure("address", bad[0][1], bounded_detail(", ".join(address for address, _ in bad)))
    return () if policy.proxy is not None else found


def _request(target: Target, addresses: tuple[str, ...], accept: str) -> Generator[Ask, Reply, Answer | Failure]:
    """One request, tried again with old TLS where the server has nothing newer, so that its document can be judged."""
    reply = yield Get(target, addresses, accept)
    if isinstance(reply, Failure) and reply.problem == "tls-old":
        reply = yield Get(target, addresses, accept, legacy=True)
        if isinstance(reply, Failure) and reply.problem == "tls-old":
            return replace(reply, problem="tls", reason="tls")
    if isinstance(reply, tuple):
        raise TypeError("a request is answered by an answer")
    return reply


def _next(target: Target, location: str, schemes: frozenset[str]) -> Target:
    """Where a redirect leads.

    Raises:
        BadUrl: Nowhere that is asked.
    """
    require_plain(location)
    try:
        url = urljoin(target.url, location)
    except ValueError:
        raise BadUrl("url", "url-form") from None
    try:
        return read_url(url, schemes)
    except BadUrl as bad:
        if bad.problem == "scheme" and bad.detail == "http":
            raise BadUrl("redirect-http", "redirect-http") from None
        raise


def _judged(result: Fetched, answer: Answer, policy: FetchPolicy) -> Fetched:
    """What the last answer means."""
    status = answer.status
    if status == 200:
        if answer.failure is not None:
            return _failed(result, answer.failure)
        return replace(result, body=answer.body)
    if 500 <= status < 600:
        return _failed(result, Failure("status", "server-error", f"HTTP {status}"), UNREACHABLE)
    if status in _PASSING:
        return _failed(result, Failure("status", _PASSING[status], f"HTTP {status}"), UNREACHABLE)
    return _failed(result, Failure("status", "not-found" if status in _GONE else "status", f"HTTP {status}"))


_PASSES = frozenset({"timeout", "dns", "connection", "proxy"})
"""Problems that another attempt may not meet."""


def _failed(result: Fetched, failure: Failure, state: str = "") -> Fetched:
    if not state:
        state = REFUSED if failure.problem in _OURS else UNREACHABLE if failure.problem in _PASSES else FAILED
    return replace(
        result,
        state=state,
        problem=failure.problem,
        reason=failure.reason,
        detail=failure.detail,
        limit=failure.limit,
        address=failure.address or result.address,
        tls=failure.tls or result.tls,
        body=b"",
    )


def facts(fetched: Fetched) -> dict[str, Any]:
    """What is told of a fetch in a report, ready for JSON: of the document only size and hash."""
    return {
        "url": fetched.url,
        "final_url": fetched.final_url,
        "state": fetched.state,
        "problem": fetched.problem,
        "status": fetched.status,
        "content_type": fetched.content_type,
        "size": len(fetched.body) if fetched.state == OK else None,
        "sha256": sha256(fetched.body).hexdigest() if fetched.state == OK else None,
        "redirects": list(fetched.redirects),
        "address": fetched.address,
        "tls": dict(fetched.tls),
        "headers": dict(fetched.headers),
    }
