"""The inventory: which domains an organization owns, what each is for, and where the rest of a plan comes from."""

from __future__ import annotations

import difflib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from ..config.finding import toml_of
from ..dns.bimi import bimi_name, is_selector, read_assertion
from ..dns.dmarc import is_report_uri
from ..domains import BadDomain, bare, normal_domain, require_room
from .lines import lines_of
from .model import Goal
from .problems import InventoryError

FILE_NAME = "inventory.toml"
"""What an inventory is called, where nobody says otherwise."""
MAX_BYTES = 4 * 1024 * 1024
"""Bytes of an inventory: some ten thousand domains."""
LONGEST_TEXT = 1_000
"""Characters of a text in it."""
MOST_ADDRESSES = 10
"""Addresses for reports; receivers need send to no more than a few (RFC 9990)."""
MOST_SELECTORS = 50
USUAL_SELECTOR = "default"
USUAL_GOAL: Goal = "enforced"
"""Where a domain is to get, if nobody says: a name that is protected does no harm, and a locked one may."""
_MOST_FAULTS = 20
"""How many faults of a file are told at once."""


class _Table(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """A table of the file."""


class Listed(_Table, frozen=True, kw_only=True):
    """One domain of an inventory.

    Attributes:
        name: The domain in normal form.
        goal: Where it is to get.
        owner: Who answers for it.
        logo: The HTTPS address of its logo, for ``l=``.
        certificate: That of its Mark Certificate, for ``a=``.
        selector: The selector of its Assertion Record.
        dkim: The selectors of its DKIM keys.
        declines: Whether it wants no logo, also not that of a domain above it.
        monitored_since: Since when it asks for reports, for a domain of which none came.
        note: Anything else.
        line: Where it stands in the file, from 1; no key of it.
    """

    name: str
    goal: Goal = USUAL_GOAL
    owner: str = ""
    logo: str = ""
    certificate: str = ""
    selector: str = USUAL_SELECTOR
    dkim: tuple[str, ...] = ()
    declines: bool = False
    monitored_since: date | None = None
    note: str = ""
    line: int = 0


class Inventory(_Table, frozen=True, kw_only=True):
    """An inventory.

    Attributes:
        organization: Whose domains these are.
        scan: The file with the rows of a scan; empty for none. Paths are relative to the inventory.
        store: The store of aggregate reports: a path, or a URL; empty for none.
        decisions: The file with what was decided about sources; empty for none.
        reports_to: The addresses that aggregate reports are to go to, for ``rua=``.
        domains: The domains, in the file's order.
    """

    organization: str = ""
    scan: str = ""
    store: str = ""
    decisions: str = ""
    reports_to: tuple[str, ...] = ()
    domains: tuple[Listed, ...] = ()


_TABLE, _DOMAIN = "inventory", "domain"
_KINDS: Mapping[str, tuple[type, str]] = {
    "text": (str, "text"),
    "list": (list, "list"),
    "flag": (bool, "flag"),
    "date": (date, "date"),
}
_OF_INVENTORY = {"organization": "text", "scan": "text", "store": "text", "decisions": "text", "reports-to": "list"}
_OF_DOMAIN = {
    "name": "text", "goal": "text", "owner": "text", "logo": "text", "certificate": "text", "selector": "text",
    "dkim": "list", "declines": "flag", "monitored-since": "date", "note": "text",
}  # fmt: skip
_EXAMPLES = {"reports-to": '["mailto:dmarc@example.com"]', "dkim": '["s1"]'}

_ADDRESS = re.compile(r"[/?#@:]")
"""What a web or e-mail address has, and a domain name hasn't."""
_SETTINGS = re.compile(r"(?:^|\s)(?:host|hostaddr|port|dbname|user|password|passfile|service)\s*=")
"""How PostgreSQL's own programs are told of a database."""


class _Fault(NamedTuple):
    """Something wrong; see `InventoryError`."""

    at: tuple[str | int, ...]
    problem: str
    about: Mapping[str, object] = {}


def read_inventory(data: bytes, name: str = FILE_NAME) -> Inventory:
    """Read an inventory.

    Args:
        data: The file's content: TOML.
        name: Its name, for what is told of it.

    Raises:
        InventoryError: It can't be followed; all its faults are told, unless they are very many.
        ConfigError: It is no TOML.
    """
    if len(data) > MAX_BYTES:
        raise InventoryError(name, 0, "", "too-large", limit=MAX_BYTES)
    data = data.removeprefix(BOM_UTF8)
    whole = toml_of(Path(name), data)
    made = _Reading(whole)
    faults = list(islice(made.faults(), _MOST_FAULTS + 1))
    lines = lines_of(data.decode())
    if faults:
        raise _error(name, faults, lines)
    return msgspec.structs.replace(
        made.inventory,
        domains=tuple(
            msgspec.structs.replace(one, line=_line((_DOMAIN, number), lines))
            for number, one in enumerate(made.domains)
        ),
    )


def _error(name: str, faults: list[_Fault], lines: Mapping[tuple[str | int, ...], int]) -> InventoryError:
    told = sorted(
        (
            InventoryError(name, _line(one.at, lines), _key(one.at), one.problem, **_placed(one.about, lines))
            for one in faults[:_MOST_FAULTS]
        ),
        key=lambda error: error.line,
    )
    if len(faults) > _MOST_FAULTS:
        told.append(InventoryError(name, 0, "", "more-faults"))
    first, *others = told
    first.others = tuple(others)
    return first


def _line(at: tuple[str | int, ...], lines: Mapping[tuple[str | int, ...], int]) -> int:
    """The line of a key; else that of its table."""
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 0)


def _placed(about: Mapping[str, object], lines: Mapping[tuple[str | int, ...], int]) -> dict[str, object]:
    """What a fault is about, with lines in place of places."""
    return {name: _line(value, lines) if isinstance(value, tuple) else value for name, value in about.items()}


def _key(at: tuple[str | int, ...]) -> str:
    """A place as people read it."""
    text = ""
    for part in at:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class _Reading:
    """A file while it is read: its faults, and what it comes to."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self._whole = whole
        self.inventory = Inventory()
        self.domains: list[Listed] = []

    def faults(self) -> Iterator[_Fault]:
        """Everything that is wrong with it."""
        known = [_TABLE, _DOMAIN]
        for key in self._whole:
            if key not in known:
                yield _unknown((key,), known)
        yield from self._of_inventory()
        yield from self._of_domains()

    def _of_inventory(self) -> Iterator[_Fault]:
        table = self._whole.get(_TABLE, {})
        if not isinstance(table, dict):
            yield _Fault((_TABLE,), "must-be.table", {"name": _TABLE})
            return
        fit: dict[str, Any] = {}
        yield from _fitting((_TABLE,), table, _OF_INVENTORY, fit)
        addresses: list[str] = []
        for number, address in enumerate(fit.pop("reports-to", ())):
            problem = _address_problem(address)
            if problem:
                yield _Fault((_TABLE, "reports-to", number), problem, {"word": repr(address)})
            elif address not in addresses:
                addresses.append(address)
        if len(addresses) > MOST_ADDRESSES:
            yield _Fault((_TABLE, "reports-to"), "too-many", {"limit": MOST_ADDRESSES})
        if problem := _store_problem(fit.get("store", "")):
            yield _Fault((_TABLE, "store"), problem)
        self.inventory = Inventory(**fit, reports_to=tuple(addresses))

    def _of_domains(self) -> Iterator[_Fault]:
        tables = self._whole.get(_DOMAIN, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            yield _Fault((_DOMAIN,), "must-be.tables", {"name": _DOMAIN})
            return
        if not tables:
            yield _Fault((), "no-domains")
        first: dict[str, int] = {}
        for number, table in enumerate(tables):
            at = (_DOMAIN, number)
            fit: dict[str, Any] = {}
            yield from _fitting(at, table, _OF_DOMAIN, fit)
            if "name" not in fit:
                if "name" not in table:
                    yield _Fault(at, "missing-name")
                continue
            try:
                name = normal_domain(fit["name"])
                require_room(name, fit.get("selector", USUAL_SELECTOR))
            except BadDomain as problem:
                yield _Fault((*at, "name"), "no-domain", {"word": repr(fit["name"]), "reason": problem})
                continue
            if _ADDRESS.search(bare(fit["name"])):
                meant = name.removeprefix("www.")
                yield _Fault((*at, "name"), "address-for-domain", {"word": repr(fit["name"]), "name": meant})
                continue
            if name in first:
                yield _Fault((*at, "name"), "twice", {"name": name, "other": (_DOMAIN, first[name])})
            first.setdefault(name, number)
            yield from _nonsense(at, name, fit)
            since = fit.pop("monitored-since", None)
            self.domains.append(
                Listed(**{**fit, "name": name, "dkim": tuple(fit.get("dkim", ())), "monitored_since": since})
            )
        self.inventory = msgspec.structs.replace(self.inventory, domains=tuple(self.domains))


def _fitting(
    at: tuple[str | int, ...], table: Mapping[str, Any], keys: Mapping[str, str], fit: dict[str, Any]
) -> Iterator[_Fault]:
    """The faults of a table's keys and kinds of values; what fits is put into `fit`."""
    for key, value in table.items():
        if key not in keys:
            yield _unknown((*at, key), list(keys))
            continue
        kind, name = _KINDS[keys[key]]
        texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        if not isinstance(value, kind) or isinstance(value, datetime) or not all(isinstance(one, str) for one in texts):
            yield _Fault((*at, key), f"must-be.{name}", {"example": _EXAMPLES.get(key, "")})
        elif any(len(one) > LONGEST_TEXT for one in texts):
            yield _Fault((*at, key), "too-long", {"limit": LONGEST_TEXT})
        else:
            fit[key] = value


def _unknown(at: tuple[str | int, ...], known: list[str]) -> _Fault:
    word = str(at[-1])
    meant = next(iter(difflib.get_close_matches(word.replace("_", "-").lower(), known, n=1, cutoff=0.5)), "")
    return _Fault(at, "unknown-key", {"meant": meant, "known": ", ".join(known)})


def _address_problem(text: str) -> str:
    """Why a text can't be an address for reports: a key of the words; empty where it can."""
    if is_report_uri(text) and text.strip() == text and "!" not in text:
        scheme, _, rest = text.partition(":")
        if scheme.lower() != "mailto":
            return ""
        local, at, host = rest.partition("?")[0].rpartition("@")
        try:
            return "" if at and local and normal_domain(host) else "no-address"
        except BadDomain:
            return "no-address"
    return "no-mailto" if "@" in text and ":" not in text else "no-address"


def _store_problem(text: str) -> str:
    """Why a text can name no store, likewise; what is wrong isn't quoted, since a password may stand in it."""
    if "://" not in text:
        return "no-store" if _SETTINGS.search(text) else ""
    return "store-login" if text.count("@") > 1 and not text.startswith("sqlite") else ""


def _nonsense(at: tuple[str | int, ...], name: str, fit: Mapping[str, Any]) -> Iterator[_Fault]:
    """Values that name nothing, and keys that don't go together."""
    goals = get_args(Goal)
    goal = fit.get("goal", USUAL_GOAL)
    if goal not in goals:
        yield _Fault((*at, "goal"), "no-goal", {"word": repr(goal), "known": ", ".join(f'"{one}"' for one in goals)})
    for key, tag in (("logo", "l"), ("certificate", "a")):
        value = fit.get(key, "")
        problem = _url_problem(tag, value) if value else ""
        if problem:
            yield _Fault((*at, key), "no-url", {"word": repr(value), "reason": problem})
        elif value and goal in goals and goal != "logo":
            yield _Fault((*at, key), "goal-without-logo", {"goal": goal})
    if fit.get("certificate") and not fit.get("logo"):
        yield _Fault((*at, "certificate"), "certificate-without-logo")
    if fit.get("declines") and goal == "logo":
        yield _Fault((*at, "declines"), "declines-logo")
    selector = fit.get("selector", USUAL_SELECTOR)
    if not is_selector(selector):
        yield _Fault((*at, "selector"), "no-selector", {"word": repr(selector)})
    for number, one in enumerate(fit.get("dkim", ())):
        if not is_selector(one):
            yield _Fault((*at, "dkim", number), "no-selector", {"word": repr(one)})
    if len(fit.get("dkim", ())) > MOST_SELECTORS:
        yield _Fault((*at, "dkim"), "too-many", {"limit": MOST_SELECTORS})


def _url_problem(tag: str, value: str) -> str:
    """Why a record can't hold an address, as a term; empty where it can."""
    if ";" in value:
        return "@uri.semicolon"
    given = {"l": "", "a": "", tag: value}
    record = f"v=BIMI1; l={given['l'] or 'https://example.com/l.svg'}; a={given['a']}"
    flaw = next((one for one in read_assertion(bimi_name("default", "example.com"), 1, record).flaws), None)
    if flaw is None:
        return ""
    return flaw.problem or "@inventory.no-suffix"
