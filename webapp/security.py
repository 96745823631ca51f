"""What keeps the portal and those who use it safe: headers, and who may send what."""

from __future__ import annotations

import re
from io import BytesIO
from ipaddress import ip_address
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix

from .problems import Problem
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STATIC_SECONDS = 3600
"""Seconds for which a browser may keep a static file; its address changes with bimikit's version."""
MOST_FIELDS = 100
"""Fields and files of a form."""
MOST_PLAIN = 512 * 1024
"""Bytes of a form that is sent as ``application/x-www-form-urlencoded``, which is slow to read where all is escaped;
files never come in one, and the copy of a result is half as long at most."""
MOST_HEAD = 4 * 1024
"""Bytes of the headers of a form's part: they are slow to read, and hold a field's name and a file's."""
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class _Forms(FormDataParser):
    """Reads forms, bounded in all that takes time: what is escaped, the number of fields, and the parts' headers."""

    def _parse_urlencoded(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any) -> Any:
        body = stream.read()
        if len(body) > MOST_PLAIN or body.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(BytesIO(body), mimetype, content_length, options)

    def _parse_multipart(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any) -> Any:
        body = stream.read()
        boundary = f"--{options.get('boundary', '')}".encode("ascii", "replace")
        parts = body.split(boundary, MOST_FIELDS + 2)[1:]
        for part in parts:
            if not part.startswith(b"--") and _HEAD_END.search(part, 0, MOST_HEAD) is None:
                raise BadRequest
        return super()._parse_multipart(BytesIO(body), mimetype, content_length, options)


class SafeRequest(Request):
    """A request that is held in memory, never on a disk, and bounded in everything."""

    form_data_parser_class = _Forms

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()

    def _load_form_data(self) -> None:
        if self.method in _SAFE:  # nobody reads a form of these
            self.__dict__.update(form=MultiDict(), files=MultiDict(), stream=BytesIO())
            return
        try:
            super()._load_form_data()
        except BaseException:
            # Whoever makes the page that tells so may look at the form again.
            self.__dict__.update(form=MultiDict(), files=MultiDict(), stream=BytesIO())
            raise


def install(app: Flask, settings: Settings) -> None:
    """Put it to work."""
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body, MAX_FORM_MEMORY_SIZE=settings.max_body, MAX_FORM_PARTS=MOST_FIELDS
    )
    app.url_map.merge_slashes = False  # an address that isn't ours is told so, and leads nowhere else
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        inner = _with_real_address(app.wsgi_app)
        app.wsgi_app = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_same_site_only)
    app.after_request(_with_headers)


def _with_real_address(app: WSGIApplication) -> WSGIApplication:
    """Have the client's address be one: what a proxy forwards may be anything, and as long as a header may be."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = environ["werkzeug.proxy_fix.orig"]["REMOTE_ADDR"]
        environ["REMOTE_ADDR"] = _address(environ.get("REMOTE_ADDR")) or _address(peer) or ""
        return app(environ, start_response)

    return wrapped


def _address(text: str | None) -> str:
    """An IP address as it is usually written, without its zone; empty where it is none."""
    try:
        return str(ip_address((text or "").partition("%")[0]))
    except ValueError:
        return ""


def _same_site_only() -> None:
    """Refuse what another site has a browser send; there is no login to abuse, but work to be made.

    Browsers say where a request comes from (Fetch Metadata, or at least Origin); programs say neither.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise Problem("cross-site")
    origin = request.headers.get("Origin")
    if site is None and origin is not None and not _same_host(origin, request.host):
        raise Problem("cross-site")


def _same_host(origin: str, host: str) -> bool:
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:
        return False


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
