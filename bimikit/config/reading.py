"""Reading a configuration; whatever is wrong with it is told with file and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from ..dns.nameservers import read_address
from ..domains import BadDomain, normal_domain
from ..web.policy import LONGEST_TIMEOUT
from .finding import FILE_NAMES, table_of
from .problems import ConfigError
from .schema import LONGEST_PATTERN, PLANNED, Config, Ignore, Network, Publication, Trust

_TABLES: Mapping[str, type[msgspec.Struct]] = {"trust": Trust, "network": Network}
_ARRAYS: Mapping[str, type[msgspec.Struct]] = {"ignores": Ignore, "publications": Publication}
_MOST_FAULTS = 20
"""How many faults of a file are told at once."""

_OF_MSGSPEC = re.compile(r"(?P<said>.*?)(?: - at `\$\.?(?P<at>[^`]*)`)?", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(\w+)")
_MUST_BE = {"int": "whole-number", "float": "number", "str": "text", "array": "list", "date": "day"}
EXAMPLES: Mapping[str, str] = {
    "select": '["svg."]',
    "ignore": '["svg.desc"]',
    "providers": '["gmail"]',
    "require": '["revocation"]',
    "crls": '["brand/issuing.crl"]',
    "roots": '["ca/root.pem"]',
    "ct-logs": '["ca/log.pem"]',
    "allow-networks": '["10.0.0.0/8"]',
    "files": '["brand/old/**"]',
    "rules": '["svg.title"]',
}
"""What a list may look like, by its key."""


def load(path: Path | str) -> Config:
    """Read a configuration.

    Args:
        path: ``bimikit.toml``, a file with the table ``[tool.bimikit]``, or the folder of either.

    Raises:
        ConfigError: It can't be read or followed.
    """
    file = Path(path)
    if file.is_dir():
        named = [file / name for name in FILE_NAMES if (file / name).is_file()]
        file = named[0] if named else file / FILE_NAMES[0]
    table = table_of(file)
    if table is None:
        raise ConfigError(file, "", "no-table")
    return read(file, table)


def read(file: Path, table: Mapping[str, Any]) -> Config:
    """Take a table as a configuration.

    Args:
        file: Where it stands.
        table: It, as TOML has it.

    Raises:
        ConfigError: It can't be followed; all its faults are told, unless they are very many.
    """
    faults = list(islice(_faults(table), _MOST_FAULTS + 1))
    if not faults:
        return msgspec.structs.replace(msgspec.convert(table, Config), file=file.absolute())
    first, *others = [ConfigError(file, one.key, one.problem, **one.about) for one in faults[:_MOST_FAULTS]]
    if len(faults) > _MOST_FAULTS:
        others.append(ConfigError(file, "", "more-faults"))
    first.others = tuple(others)
    raise first


class _Fault(NamedTuple):
    """Something wrong; see `ConfigError`."""

    key: str
    problem: str
    about: Mapping[str, object] = {}


class _Part(NamedTuple):
    """A table of the file: how its keys begin, what stands in it, and what it is."""

    at: str
    table: Mapping[str, Any]
    struct: type[msgspec.Struct]


def _faults(table: Mapping[str, Any]) -> Iterator[_Fault]:
    """Everything that is wrong with a table."""
    yield from _no_tables(table)
    publications: dict[str, Publication] = {}
    for part in _parts(table):
        yield from _unknown(part)
        fit: dict[str, Any] = {}
        whole = True
        for field in _fields(part.struct):
            value = part.table.get(field.encode_name)
            if field.encode_name not in part.table:
                if field.required:
                    whole = False
                    yield _Fault(part.at.rstrip("."), "missing-key", {"name": field.encode_name})
                continue
            try:
                fit[field.name] = msgspec.convert(value, field.type)
            except msgspec.ValidationError as problem:
                whole = whole and not field.required
                yield _unfit(part.at, field, str(problem))
        if whole:
            made = part.struct(**fit)
            yield from _NONSENSE[part.struct](part.at, made)
            if isinstance(made, Publication):
                publications[part.at.rstrip(".")] = made
    yield from _repeated(publications)


def _no_tables(table: Mapping[str, Any]) -> Iterator[_Fault]:
    """What should be tables of their own, and is something else."""
    for name in _TABLES:
        if not isinstance(table.get(name, {}), dict):
            yield _Fault(name, "must-be.table", {"name": name})
    for name in _ARRAYS:
        found = table.get(name, [])
        if not isinstance(found, list):
            yield _Fault(name, "must-be.tables", {"name": name})
            continue
        for number, one in enumerate(found):
            if not isinstance(one, dict):
                yield _Fault(f"{name}[{number}]", "must-be.tables", {"name": name})


def _parts(table: Mapping[str, Any]) -> Iterator[_Part]:
    """Every table with where it stands and what it is."""
    yield _Part("", table, Config)
    for name, struct in _TABLES.items():
        part = table.get(name)
        if isinstance(part, dict):
            yield _Part(f"{name}.", part, struct)
    for name, struct in _ARRAYS.items():
        parts = table.get(name)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, dict):
                yield _Part(f"{name}[{number}].", part, struct)


def _fields(struct: type[msgspec.Struct]) -> Iterator[msgspec.structs.FieldInfo]:
    """The keys of a table that hold values: neither tables of their own, nor where the configuration stands."""
    for field in msgspec.structs.fields(struct):
        if struct is not Config or field.name not in {*_TABLES, *_ARRAYS, "file"}:
            yield field


def _unknown(part: _Part) -> Iterator[_Fault]:
    """Keys that mean nothing."""
    known = [field.encode_name for field in _fields(part.struct)]
    known += [*_TABLES, *_ARRAYS] if part.struct is Config else []
    for key in part.table:
        if key not in known:
            meant = _close(key.replace("_", "-").lower(), known)
            yield _Fault(f"{part.at}{key}", "unknown-key", {"meant": meant, "known": ", ".join(sorted(known))})


def _unfit(at: str, field: msgspec.structs.FieldInfo, problem: str) -> _Fault:
    """That a value isn't of the kind its key asks for."""
    match = _OF_MSGSPEC.fullmatch(problem)
    said, inside = (match["said"], match["at"] or "") if match else (problem, "")
    key = f"{at}{field.encode_name}{inside}"
    expected = _EXPECTED.match(said)
    kind = _MUST_BE.get(expected[1]) if expected else "day" if field.type is date else None
    choices = list(_choices(field.type))
    if choices and kind != "list":
        return _Fault(key, "must-be.choice", {"known": ", ".join(f'"{one}"' for one in choices)})
    if kind is None:
        return _Fault(key, "unfit", {"reason": said})
    return _Fault(key, f"must-be.{kind}", {"example": EXAMPLES.get(field.encode_name, "")})


def _choices(kind: Any) -> Iterator[str]:
    """The only texts that a type allows; none where it allows others."""
    for part in get_args(kind):
        if get_origin(kind) is Literal:
            yield part
        else:
            yield from _choices(part)


# values that name nothing, and keys that don't go together


def _in_config(_at: str, config: Config) -> Iterator[_Fault]:
    for key, words in (("select", config.select), ("ignore", config.ignore)):
        yield from _no_rules(key, words)
    yield from _no_providers("providers", config.providers)
    yield from _negative("days-left", config.days_left)


def _in_trust(_at: str, _trust: Trust) -> Iterator[_Fault]:
    yield from ()


def _in_network(at: str, network: Network) -> Iterator[_Fault]:
    if network.dns_timeout is not None and not 0 < network.dns_timeout <= LONGEST_TIMEOUT:
        yield _Fault(f"{at}dns-timeout", "seconds", {"limit": LONGEST_TIMEOUT})
    try:
        if network.resolver is not None:
            read_address(network.resolver)
    except ValueError as problem:
        yield _Fault(f"{at}resolver", "unfit", {"reason": problem})
    try:
        Config(network=network).policy()
    except ValueError as problem:
        yield _Fault(at.rstrip("."), "unfit", {"reason": problem})


def _in_ignore(at: str, ignore: Ignore) -> Iterator[_Fault]:
    for key in ("files", "rules"):
        if not getattr(ignore, key):
            yield _Fault(f"{at}{key}", "empty")
    for number, pattern in enumerate(ignore.files):
        if len(pattern) > LONGEST_PATTERN:
            yield _Fault(f"{at}files[{number}]", "too-long", {"limit": LONGEST_PATTERN})
    yield from _no_rules(f"{at}rules", ignore.rules)
    if not ignore.reason.strip():
        yield _Fault(f"{at}reason", "empty")


def _in_publication(at: str, one: Publication) -> Iterator[_Fault]:
    from ..dns.bimi import is_selector

    try:
        normal_domain(one.domain)
    except BadDomain as problem:
        yield _Fault(f"{at}domain", "no-domain", {"word": repr(one.domain), "reason": problem})
    if not is_selector(one.selector):
        yield _Fault(f"{at}selector", "no-selector", {"word": repr(one.selector)})
    if one.zone is not None and (one.dmarc is not None or one.record is not None):
        yield _Fault(at.rstrip("."), "zone-and-record")
    if all(getattr(one, name) is None for name in PLANNED):
        yield _Fault(at.rstrip("."), "nothing-planned", {"known": ", ".join(PLANNED)})
    yield from _no_providers(f"{at}providers", one.providers or ())
    yield from _negative(f"{at}days-left", one.days_left)


_NONSENSE: Mapping[type[msgspec.Struct], Callable[[str, Any], Iterator[_Fault]]] = {
    Config: _in_config,
    Trust: _in_trust,
    Network: _in_network,
    Ignore: _in_ignore,
    Publication: _in_publication,
}


def _repeated(publications: Mapping[str, Publication]) -> Iterator[_Fault]:
    """Publications that are another one again."""
    known: dict[tuple[str, str, str | None], str] = {}
    for key, one in publications.items():
        try:
            domain = normal_domain(one.domain)
        except BadDomain:
            continue
        first = known.setdefault((domain, one.selector.lower(), one.local_part), key)
        if first != key:
            yield _Fault(key, "same-publication", {"other": first})


def _negative(key: str, days: int | None) -> Iterator[_Fault]:
    if days is not None and days < 0:
        yield _Fault(key, "negative")


def _no_rules(key: str, words: Iterable[str]) -> Iterator[_Fault]:
    """Words with which no rule's id begins."""
    from ..rules import all_rules, matches

    rules = all_rules()
    for word in words:
        if not word or not any(matches(rule, (word,)) for rule in rules):
            yield _Fault(key, "no-rule", {"word": repr(word), "meant": _close(word, [rule.id for rule in rules])})


def _no_providers(key: str, names: Iterable[str]) -> Iterator[_Fault]:
    """Names of no mailbox provider."""
    from ..receivers.names import ALIASES, PROVIDER_IDS, canonical

    for name in names:
        try:
            canonical(name)
        except ValueError:
            meant = _close(name, [*PROVIDER_IDS, *ALIASES])
            yield _Fault(key, "no-provider", {"word": repr(name), "meant": meant, "known": ", ".join(PROVIDER_IDS)})


def _close(word: str, known: Iterable[str]) -> str:
    """What was probably meant; empty where nothing comes near."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.5)), "")
