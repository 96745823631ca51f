"""The rules on what is fetched, in the order in which `bimikit rules` lists them. Their words are in `bimikit.locale`.

Neither draft has a rule on redirects or media types, so those two are advice. A list of revoked certificates that
can't be had is no fault of the brand's: it only leaves revocation unknown.
"""

from __future__ import annotations

import msgspec

from ..engine import Fault, quote
from ..findings import Location, Outcome, Param, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite
from .fetch import OK, UNREACHABLE, Fetched
from .policy import DEMANDS, Kind

_E, _W = Severity.ERROR, Severity.WARNING
_RECORD = cite("bimi", "section 4.3", "#section-4.3")
_TLS = cite("fetch")
_ADVISED = cite("bimikit", "advice")
_SAFETY = cite("bimikit", "safety limits")

_FAILS: tuple[tuple[str, Severity, Citation], ...] = (
    ("url-invalid", _E, _RECORD),
    ("not-https", _E, _RECORD),
    ("port", _E, _SAFETY),
    ("host-missing", _E, _RECORD),
    ("address-forbidden", _E, _RECORD),
    ("tls-expired", _E, _RECORD),
    ("tls-name", _E, _RECORD),
    ("tls-untrusted", _E, _RECORD),
    ("tls-invalid", _E, _RECORD),
    ("tls-old", _W, _TLS),
    ("not-http", _E, _RECORD),
    ("not-found", _E, _RECORD),
    ("status", _E, _RECORD),
    ("redirect", _W, _ADVISED),
    ("redirect-to-http", _E, _RECORD),
    ("redirect-loop", _E, _RECORD),
    ("too-many-redirects", _E, _SAFETY),
    ("too-large", _E, _SAFETY),
    ("encoding", _E, _RECORD),
    ("media-type", _W, _ADVISED),
)

WEB_RULES = RuleSet(
    (
        *(Rule(f"web.{name}", severity, citation) for name, severity, citation in _FAILS),
        Rule("web.not-fetched", Severity.NOTICE, _RECORD, outcome=Outcome.NOT_CHECKED),
        Rule("web.unreachable", _E, _RECORD, outcome=Outcome.INDETERMINATE),
        Rule("web.crl-unreachable", _W, cite("rfc5280", "section 6.3", "#section-6.3"), outcome=Outcome.INDETERMINATE),
    )
)
"""What is asked of the web."""

_RULE_OF = {
    "url": "web.url-invalid",
    "scheme": "web.not-https",
    "port": "web.port",
    "dns-missing": "web.host-missing",
    "address": "web.address-forbidden",
    "tls-expired": "web.tls-expired",
    "tls-name": "web.tls-name",
    "tls-untrusted": "web.tls-untrusted",
    "tls": "web.tls-invalid",
    "protocol": "web.not-http",
    "status": "web.status",
    "redirect-http": "web.redirect-to-http",
    "redirect-loop": "web.redirect-loop",
    "too-many-redirects": "web.too-many-redirects",
    "too-large": "web.too-large",
    "encoding": "web.encoding",
}
"""The rule on each problem that doesn't pass by itself."""
_OLD_TLS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


class WebPlace(msgspec.Struct, frozen=True, gc=False):
    """A place on the web.

    Attributes:
        url: The URL as it was published.
    """

    url: str


def locate(place: WebPlace) -> Location:
    """The place as findings tell it."""
    return Location(url=place.url)


def faults(fetched: Fetched, kind: Kind) -> list[Fault[WebPlace]]:
    """What is wrong with how a document is served; not with the document."""
    if kind is Kind.CRL:
        return [] if fetched.state == OK else [_fault("web.crl-unreachable", fetched, kind)]
    found = []
    if fetched.state == UNREACHABLE:
        found.append(_fault("web.unreachable", fetched, kind))
    elif fetched.state != OK:
        rule = "web.not-found" if fetched.reason == "not-found" else _RULE_OF[fetched.problem]
        found.append(_fault(rule, fetched, kind))
    if fetched.redirects and fetched.state == OK:
        found.append(_fault("web.redirect", fetched, kind))
    if fetched.tls.get("version") in _OLD_TLS:
        found.append(_fault("web.tls-old", fetched, kind, version=fetched.tls["version"]))
    if fetched.state == OK and _is_wrong_type(fetched.content_type, kind):
        found.append(_fault("web.media-type", fetched, kind, type=quote(fetched.content_type) or "–"))
    return found


def _is_wrong_type(content_type: str, kind: Kind) -> bool:
    essence = content_type.partition(";")[0].strip().lower()
    demand = DEMANDS[kind]
    return essence.startswith(demand.wrong_types) or bool(demand.right_types and essence not in demand.right_types)


def _fault(rule: str, fetched: Fetched, kind: Kind, **more: Param) -> Fault[WebPlace]:
    params: dict[str, Param] = {
        "kind": f"@web.kind-{kind}",
        "url": quote(fetched.final_url),
        "reason": f"@web.{fetched.reason}" if fetched.reason else "",
        "detail": quote(fetched.detail) or "–",
        "limit": fetched.limit,
        "status": fetched.status or 0,
        "count": len(fetched.redirects),
        **more,
    }
    return Fault(rule, WebPlace(fetched.url), fetched.url, params)
