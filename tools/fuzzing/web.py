"""URLs, and what web servers answer."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Hashable
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from typing import cast
from unittest.mock import patch
from urllib.parse import urlsplit

import httpcore
import httpx
from urllib3.util import parse_url

from bimikit.inflate import inflate
from bimikit.web import wire
from bimikit.web.answer import Answer, Failure, Reader
from bimikit.web.fetch import Get
from bimikit.web.policy import LONGEST_URL, BadUrl, FetchPolicy, read_url
from tools.fuzzing.engine import Target, require, words
from tools.fuzzing.names import text_of

_SCHEMES = frozenset({"http", "https"})
_MOST = 5_000
_POLICY = FetchPolicy(max_bytes=_MOST)


def _url(data: bytes) -> Hashable:
    text = text_of(data)
    try:
        target = read_url(text, _SCHEMES)
    except BadUrl as problem:
        return problem.problem, problem.reason
    if len(target.url) <= LONGEST_URL:  # percent signs make it longer
        require(read_url(target.url, _SCHEMES) == target, "its one form has another")
    require(target.url.isascii() and " " not in target.url, "a form that can't be asked")
    host = f"[{target.host}]" if ":" in target.host else target.host
    require(httpx.URL(target.url).raw_host.decode() == target.host, "httpx reads another host")
    require(urlsplit(target.url).hostname == target.host, "urllib reads another host")
    require(parse_url(target.url).host == host, "urllib3 reads another host")
    ports = {httpx.URL(target.url).port, urlsplit(target.url).port, parse_url(target.url).port}
    require(ports in ({target.port}, {None}), "they read another port")
    if text.isascii():  # as it was published, too: nobody may be led elsewhere
        try:
            published = {httpx.URL(text).raw_host.decode(), (urlsplit(text).hostname or "")}
        except (httpx.InvalidURL, ValueError, UnicodeError):
            return "others refuse it"
        require({name.removesuffix(".").lower() for name in published} == {target.host}
                or ":" in target.host, "as published, others read another host")  # fmt: skip
    return target.scheme, target.has_default_port, target.is_address, target.path.count("/")


class _Socket:
    """As much of a socket as http.client asks for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: object, **__: object) -> BytesIO:
        return BytesIO(self._data)


_TARGET = read_url("http://www.example.com/crl", _SCHEMES)


def _http(data: bytes) -> Hashable:
    answer = _asked([data])
    again = _asked([data[at : at + 7] for at in range(0, len(data), 7)])
    require(type(answer) is type(again), "in pieces it is another answer")
    if isinstance(answer, Failure) or isinstance(again, Failure):
        return cast(Failure, answer).problem
    require((answer.status, answer.body, answer.headers) == (again.status, again.body, again.headers), "pieces differ")
    require(len(answer.body) <= _MOST, "more than was allowed")
    require(all(len(value) < 400 for value in answer.headers.values()), "a long header")
    require(answer.failure is None or not answer.body, "a body and a failure")
    try:
        theirs = HTTPResponse(cast("object", _Socket(data)))  # type: ignore[arg-type]
        theirs.begin()
        body = theirs.read()
    except (HTTPException, ValueError, OSError):
        return "only ours", answer.status
    if theirs.status == answer.status == 200 and answer.failure is None and not theirs.getheader("content-encoding"):
        require(body == answer.body, "http.client reads another body")
    return answer.status, answer.failure and answer.failure.problem, bool(answer.body), tuple(answer.headers)[:3]


def _asked(pieces: list[bytes]) -> Answer | Failure:
    ask = Get(_TARGET, ("192.0.2.1",), "*/*")
    with patch.object(httpcore, "SyncBackend", lambda: httpcore.MockBackend(list(pieces))):
        return wire.get(ask, _POLICY, wire.trust(_POLICY), time.monotonic() + 5)


def _coding(data: bytes) -> Hashable:
    unpacked = inflate(data, _MOST)
    require(unpacked.data is None or len(unpacked.data) <= _MOST, "more than was allowed")
    if unpacked.data is not None and not unpacked.trailing:
        require(gzip.decompress(data) == unpacked.data, "gzip unpacks something else")
    reader = Reader(200, [(b"Content-Encoding", b"deflate")], _MOST)
    reader.take(data)
    answer = reader.answer(None, {})
    if answer.failure is None:
        bare = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            theirs = zlib.decompressobj().decompress(data)
        except zlib.error:
            theirs = bare.decompress(data)
        require(theirs == answer.body, "zlib unpacks something else")
    return unpacked.problem[:40], bool(unpacked.trailing), answer.failure and answer.failure.reason


_URLS = (
    "https://www.example.com/logo.svg", "http://example.com:8080/a%20b?q=1#f", "https://[2001:4860::1]:8443/", "https://日本語.jp/ロゴ.svg",
    "https://93.184.216.34/", "https://example.com.", "HTTPS://EXAMPLE.COM?x", "https://xn--wgv71a119e.jp/", "https://a_b.example/",
)  # fmt: skip
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\nServer: x\r\n"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
_ANSWERS = (
    _HEAD + b"Content-Length: 41\r\n\r\n" + _SVG,
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n29\r\n" + _SVG + b"\r\n0\r\n\r\n",
    _HEAD + b"\r\n" + _SVG,
    _HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(_SVG, mtime=0),
    _HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(_SVG),
    b"HTTP/1.1 301 Moved\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\n\r\nno",
)

TARGETS = (
    Target(
        "url", "read_url: one form; httpx, urllib and urllib3 read the same host and port",
        lambda _: [url.encode() for url in _URLS],
        _url,
        words(*_URLS, "https://", "http:", "//", "@", ":", ":80", ":443", ":1024", "[", "]", "::", "::ffff:1.2.3.4", "%2e", "%00", "\\", "#", "?",
              ".", "。", "．", "①", "0x7f", "0177", "127.1", "localhost", "ß", "\u200b", "\u00ad", "\t", "\n", " ", "\x7f", "%25lo", "xn--", "ℂ", "\u2024"),
    ),
    Target(
        "http", "wire.get on any bytes from a server: bounded, whatever pieces they come in, as http.client reads them",
        lambda _: list(_ANSWERS),
        _http,
        words("\r\n", "\r\n\r\n", "HTTP/1.1 ", "100 Continue", "204", "304", "200", "101", "Content-Length: ", "Content-Length: -1\r\n",
              "Transfer-Encoding: chunked\r\n", "Content-Encoding: ", "gzip", "x-gzip", "deflate", "br", "identity", "Location: ", "0\r\n\r\n",
              "ffffffffff\r\n", b"\xff\xfe", b"\x00", "Set-Cookie: a=b\r\n", "9" * 30, ": ", "x" * 400),
    ),
    Target(
        "coding", "inflate and Content-Encoding: bounded, as gzip and zlib unpack it",
        lambda _: [gzip.compress(_SVG, mtime=0), gzip.compress(_SVG, mtime=0) * 2, zlib.compress(_SVG), gzip.compress(b"a" * 9_000, mtime=0)],
        _coding,
        words(gzip.compress(b"", mtime=0), b"\x1f\x8b", b"\x1f\x8b\x08\x08", zlib.compress(b"x"), b"\x00" * 8),
    ),
)  # fmt: skip
