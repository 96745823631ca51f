"""The page of the plan, for those who may read it: it tells of a company's senders, so it isn't everybody's."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from bimikit.planning import plan_style

from . import words
from .monitoring import from_this_computer
from .portal import client, portal
from .problems import Problem
from .security import STATIC_SECONDS

if TYPE_CHECKING:
    from .planning import Plans

blueprint = Blueprint("plan", __name__)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the page: it may be styled, and nothing else."""


@blueprint.get("/plan", provide_automatic_options=False)
def page() -> Response:
    """The plan, to read.

    Raises:
        Problem: Who asks may not read it, or it can't be made.
    """
    _admit()
    plans = cast("Plans", portal().plans)  # without the setting the page isn't there at all
    body = Markup(plans.body(words.language(), portal().settings.request_seconds))  # noqa: S704 - bimikit's own page, which escapes what it shows
    response = make_response(render_template("plan.html", body=body))
    response.headers["Content-Security-Policy"] = POLICY
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/plan/style.css", provide_automatic_options=False)
def style() -> Response:
    """The plan's style sheet, which tells nothing of anybody; its address changes with bimikit's version."""
    response = Response(plan_style(), mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = STATIC_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response


def _admit() -> None:
    """Let in who has the token; or, where there is none, who sits at this computer.

    Raises:
        Problem: It is somebody else.
    """
    token = portal().settings.plan_token
    if not token:
        if portal().settings.trusted_proxies or not from_this_computer():
            raise Problem("plan-local")
        return
    if "Authorization" not in request.headers:
        raise Problem("plan-token")
    portal().rates.spend("check", client())  # before it is known whether it is right: nobody gets to guess fast
    if not hmac.compare_digest(_given(), token.encode()):
        raise Problem("plan-token")


def _given() -> bytes:
    """The token as it was sent: as a password, or a bearer token of any letters (RFC 6750, 2.1, has but a few)."""
    kind, _, rest = request.headers["Authorization"].partition(" ")
    if kind.lower() == "bearer":
        return rest.strip().encode("latin-1", "replace")  # the bytes that came: a WSGI server reads headers so
    given = request.authorization
    return (given.password or "").encode("utf-8", "replace") if given is not None and given.type == "basic" else b""
