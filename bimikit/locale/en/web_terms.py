"""Words that only the rules on what is fetched use, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # what is fetched
    "web.kind-indicator": "The logo (l=)",
    "web.kind-evidence": "The certificate (a=)",
    "web.kind-crl": "The list of revoked certificates",
    # why a URL can't be used
    "web.url-long": "it is too long",
    "web.url-characters": "there are blanks, backslashes or invisible characters in it",
    "web.url-form": "it doesn't have the form https://host/path",
    "web.url-login": "there is a user name or an @ before the host",
    "web.url-host": "its host is no valid name or address",
    "web.url-host-number": "its host is a number that programs read in different ways",
    "web.url-port": "its port is no number from 1 to 65535",
    "web.url": "it can't be asked for",
    "web.scheme": "it is not an https URL",
    "web.port": "its port belongs to another service",
    # what an address is
    "web.address-unspecified": "which stands for no host",
    "web.address-loopback": "which is the asking computer itself",
    "web.address-private": "which is for private networks",
    "web.address-shared": "which is for networks inside a provider",
    "web.address-link-local": "which is for one network segment",
    "web.address-documentation": "which is for examples in texts",
    "web.address-benchmark": "which is for measuring devices",
    "web.address-multicast": "which is for groups of hosts",
    "web.address-reserved": "which is given to no web server",
    "web.address-embedded": "which only wraps an IPv4 address",
    "web.address-scoped": "which is meant for one network interface",
    "web.address-unreadable": "which is no IP address",
    "web.address-many": "which is more addresses than a web server has",
    # what became of the connection
    "web.timeout": "it took too long",
    "web.dns": "the host could not be looked up in DNS",
    "web.dns-missing": "the host has no address in DNS",
    "web.connection": "the connection failed",
    "web.proxy": "the proxy refused",
    "web.protocol": "the answer is not HTTP",
    "web.tls": "no secure connection could be made",
    "web.tls-expired": "the server's TLS certificate has expired",
    "web.tls-name": "the server's TLS certificate is for another name",
    "web.tls-untrusted": "the server's TLS certificate is not trusted",
    # what became of the answer
    "web.not-found": "there is nothing at this URL",
    "web.status": "the server refused",
    "web.server-error": "the server had an error of its own",
    "web.request-timeout": "the server waited too long",
    "web.too-many-requests": "the server asks to come back later",
    "web.redirect-http": "it was redirected from https to http",
    "web.redirect-loop": "it is redirected in a circle",
    "web.too-many-redirects": "it is redirected too often",
    "web.too-large": "it is far too large",
    "web.encoding-unknown": "this compression is not known",
    "web.encoding-damaged": "it can't be unpacked",
}
"""Under ``web.`` and `Fetched.reason`, or ``web.kind-`` and `Kind`."""
