"""Whether the portal is well: health, metrics, and a log that holds no content of anybody's."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from .problems import Problem

if TYPE_CHECKING:
    from .portal import Portal

ACCESS = logging.getLogger("bimikit.portal.access")
"""One line for each request: how it was answered and how fast, and nothing of what was asked."""
blueprint = Blueprint("monitoring", __name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_FORWARDED = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip",
     "fastly-client-ip", "fly-client-ip", "cdn-loop", "x-original-host", "x-original-forwarded-for"}
)  # fmt: skip
_ALSO_FORWARDED = "x-forwarded"
_THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})


class Metrics:
    """What is counted, apart from whatever else is counted in this process."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bimikit_portal_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bimikit_portal_request_seconds",
            "Time from a whole request to its whole answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.problems = Counter(
            "bimikit_portal_problems",
            "Requests that could not be answered, by why.",
            ("problem",),
            registry=self.registry,
        )
        self.registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """What is true at the moment."""
        health = self._portal.workers.health()
        for name, about, value in (
            ("workers", "Processes that judge and draw.", health.alive),
            ("tasks_at_work", "Tasks in one of these processes.", health.at_work),
            ("tasks_waiting", "Tasks that wait for a process.", health.waiting),
            ("live_checks_at_work", "Live checks.", self._portal.live.at_work),
        ):
            yield GaugeMetricFamily(f"bimikit_portal_{name}", about, value)
        yield CounterMetricFamily(
            "bimikit_portal_workers_broken", "Processes that took too long or too much, or broke down.", health.broken
        )


def install(app: Flask, portal: Portal) -> None:
    """Put it to work."""
    app.extensions["bimikit-metrics"] = Metrics(portal)
    app.before_request(_begin)
    app.after_request(_end)
    app.register_blueprint(blueprint)


def note(problem: Problem) -> None:
    """Remember why the request at hand can't be answered."""
    if has_request_context():
        g.problem = problem.name


@blueprint.get("/healthz")
def alive() -> Response:
    """Whether this process answers at all, and what the processes that judge are up to."""
    return jsonify(status="ok", workers=_state())


@blueprint.get("/healthz/ready")
def ready() -> tuple[Response, int]:
    """Whether requests should be sent here."""
    state = _state()
    return jsonify(status=state), 200 if state == "ready" else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers in the format of Prometheus, for this computer or whoever has the token.

    Raises:
        Problem: Somebody else asked.
    """
    if not _may_see_metrics():
        raise Problem("forbidden")
    return Response(generate_latest(_metrics().registry), content_type=CONTENT_TYPE_LATEST)


def _state() -> str:
    portal: Portal = current_app.extensions["bimikit"]
    return portal.workers.health().state


def _metrics() -> Metrics:
    found: Metrics = current_app.extensions["bimikit-metrics"]
    return found


def _may_see_metrics() -> bool:
    portal: Portal = current_app.extensions["bimikit"]
    token = portal.settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        sent = given.encode("latin-1", "replace")  # the bytes that came: a WSGI server reads headers so
        return hmac.compare_digest(sent, f"Bearer {token}".encode())
    # with proxies everybody comes by way of them, and they may say nothing of it
    return not portal.settings.trusted_proxies and from_this_computer()


def from_this_computer() -> bool:
    """Whether the request at hand was made on this computer, where no proxies are known to stand in front."""
    # A proxy on this computer asks for others, and some web page may have a name that leads here.
    peer = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR") or ""
    names = [name.lower() for name, _ in request.headers]
    forwarded = any(name in _FORWARDED or name.startswith(_ALSO_FORWARDED) for name in names)
    name = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    return _loopback(peer) and not forwarded and name.strip("[]").lower() in _THIS_COMPUTER


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    """Have the request told when the last of its answer is on its way."""
    told, counted = g._get_current_object(), _metrics()  # noqa: SLF001 - Flask's documented way
    route = request.url_rule.rule if request.url_rule is not None else "-"
    method = request.method if request.method in _METHODS else "other"
    status, client, quiet = response.status_code, request.remote_addr, request.blueprint == blueprint.name

    def finish() -> None:
        seconds = time.perf_counter() - told.get("began", time.perf_counter())
        counted.requests.labels(route, method, status).inc()
        counted.seconds.labels(route).observe(seconds)
        problem = told.get("problem", "")
        if problem:
            counted.problems.labels(problem).inc()
        ACCESS.log(
            logging.DEBUG if quiet and status < 400 else logging.INFO,
            "%s %s %s %s %.3fs%s",
            client or "-",
            method,
            route,
            status,
            seconds,
            f" {problem}" if problem else "",
        )

    response.call_on_close(finish)
    return response
