"""The application, put together from its parts."""

from __future__ import annotations

import atexit
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import MapAdapter

from . import api, monitoring, pages, plan, security
from .portal import Portal
from .settings import read_settings

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class _App(Flask):
    request_class = security.SafeRequest

    @cached_property
    def static_files(self) -> Mapping[str, bytes]:
        """What is served as it is, by its path below ``static``."""
        root = Path(self.root_path, "static")
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def send_static_file(self, filename: str) -> Response:
        """A static file from memory: an answer that nobody takes in must not hold an open file.

        Raises:
            NotFound: There is none of that name.
        """
        content = self.static_files.get(filename)
        if content is None:
            raise NotFound
        response = Response(content, mimetype=_KINDS.get(Path(filename).suffix, "application/octet-stream"))
        response.cache_control.public = True
        response.cache_control.max_age = security.STATIC_SECONDS
        response.add_etag()
        response.make_conditional(request)
        return response

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Addresses are made without a host, so that one which can't be is no hindrance, not even to saying so."""
        try:
            return super().create_url_adapter(request)
        except HTTPException:
            if request is None:
                raise
            request.environ["HTTP_HOST"] = "localhost"
            return super().create_url_adapter(request)

    def log_exception(self, exc_info: Any) -> None:
        """Say that a request failed, but not which: its address may hold a domain's name."""
        self.logger.error("a request failed", exc_info=exc_info)

    def handle_exception(self, e: Exception) -> Response:
        """The page for what nobody foresaw, or, where even that can't be made, a line."""
        try:
            return super().handle_exception(e)
        except Exception:
            self.logger.error("the page for a failure failed", exc_info=True)
            last = Response("Something went wrong here. / 問題が発生しました。\n", 500, mimetype="text/plain")
            return self.finalize_request(last, from_error_handler=True)


def assemble(config: Mapping[str, Any] | None) -> Flask:
    """Make the portal; see `create_app`.

    Raises:
        ValueError: A setting makes no sense.
        ConfigError: The configuration can't be followed.
    """
    settings = read_settings(config, os.environ)
    app = _App(__package__, static_folder="static", template_folder="templates")
    app.secret_key = settings.secret_key
    app.config["LANG"] = settings.lang
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    portal = Portal(settings)
    app.extensions["bimikit"] = portal
    atexit.register(portal.close)
    monitoring.install(app, portal)
    security.install(app, settings)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    if settings.plan:
        app.register_blueprint(plan.blueprint)
    return app
