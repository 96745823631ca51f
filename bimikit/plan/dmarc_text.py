"""The texts of DMARC records that a plan publishes: what stands there goes on, but for what has to change.

No record that is made here asks for less than the one it replaces, for any name.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..dns.dmarc import POLICIES, Record, is_report_uri

_KNOWN = frozenset("v p sp np t psd adkim aspf rua ruf fo pct rf ri".split())


def level(policy: str | None) -> int:
    """How strict a policy is: 0 for ``none``, and for what is no policy."""
    return POLICIES.index(policy) if policy in POLICIES else 0


def first_record(policy: str, addresses: Iterable[str]) -> str:
    """A record where there is none.

    Args:
        policy: What applies now, such as through a domain above, or ``none``: nothing is to get weaker.
        addresses: Where reports go.
    """
    return _text([("v", "DMARC1"), ("p", policy), *_reports(addresses)])


def raised(record: Record, policy: str, addresses: Iterable[str] = ()) -> str:
    """A record that asks for at least a policy, for every name it speaks for, from every receiver.

    What weakens the policy goes: ``pct`` below 100 (RFC 7489, 6.6.4; removed by RFC 9989), ``t=y`` (RFC 9989, 4.7).
    ``sp`` and ``np`` go where they would be weaker than `policy`, so that ``p`` speaks for all; where ``p`` asks for
    more than `policy`, ``sp`` is raised to it alone. All other tags stay, in their order.

    Args:
        record: The record as it is.
        policy: The policy.
        addresses: Where reports go if the record doesn't say.
    """
    wanted = level(policy)
    own = max(level(record.policy("p")), wanted)
    put: dict[str, str | None] = {"p": POLICIES[own]}
    if record.percent != 100 or _is_no_percentage(record):
        put["pct"] = None
    if record.testing:
        put["t"] = None
    if record.value("sp") is not None and level(record.policy("sp")) < wanted:
        put["sp"] = policy if own > wanted else None
    if record.value("np") is not None and level(record.policy("np")) < wanted:
        put["np"] = None
    for tag in ("sp", "np"):
        if record.is_invalid(tag):
            put.setdefault(tag, None)
    return _changed(record, put, addresses)


def mended(record: Record, policy: str, addresses: Iterable[str] = ()) -> str:
    """A record whose policy tags can't be read, with a policy that can; what else it says stays.

    Such a record counts as ``p=none`` or not at all (RFC 9989, 4.10.1; RFC 7489, 6.6.3), whatever ``p`` says, so that
    `policy` is what applies now: to put a typing error right must not enforce anything.
    """
    put: dict[str, str | None] = {"p": policy}
    put |= {
        tag: None
        for tag in ("sp", "np")
        if record.is_invalid(tag) or level(record.policy(tag)) > level(policy)  # it didn't count, and would from now on
    }
    return _changed(record, put, addresses)


def without_open_subdomains(record: Record) -> str:
    """A subdomain's own record without ``sp=none``, which says nothing there, and bars BIMI (BIMI draft, 7.1)."""
    return _changed(record, {"sp": None} if record.policy("sp") == "none" else {}, ())


def reporting(record: Record, addresses: Iterable[str]) -> str:
    """A record that sends its reports to these addresses, too; what is no address goes."""
    known = [uri.strip() for uri in (record.value("rua") or "").split(",") if is_report_uri(uri)]
    return _changed(record, {"rua": ",".join(dict.fromkeys((*known, *addresses)))}, ())


def _is_no_percentage(record: Record) -> bool:
    return (record.value("pct") or "100") != "100" and record.percent == 100


def _changed(record: Record, put: dict[str, str | None], addresses: Iterable[str]) -> str:
    """The record with tags changed (None: taken out), the version and the policy first (RFC 7489, 6.4)."""
    kept: dict[str, str] = {}
    for tag in record.tags.tags:
        name = tag.name.text
        if name == name.lower() or name.lower() not in _KNOWN:  # P=none is an unknown tag, which would mislead readers
            kept.setdefault(name, tag.value.text)
    for name, value in put.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value
    if not record.reports_somewhere and "rua" not in put:
        kept.pop("rua", None)
        kept.update(_reports(addresses))
    policy = kept.pop("p", None)
    rest = [(name, value) for name, value in kept.items() if name.lower() != "v" and (value or name != "rua")]
    return _text([("v", "DMARC1"), *([] if policy is None else [("p", policy)]), *rest])


def _reports(addresses: Iterable[str]) -> list[tuple[str, str]]:
    joined = ",".join(addresses)
    return [("rua", joined)] if joined else []


def _text(tags: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}={value}" for name, value in tags)
