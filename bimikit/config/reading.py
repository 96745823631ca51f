"""Reading a configuration; whatever is wrong with it is told with file and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..dns.nameservers import read_address
from ..web.policy import LONGEST_TIMEOUT
from .finding import FILE_NAMES, table_of
from .problems import ConfigError
from .schema import Config, Ignore, Network, Publication, Trust

_OF_MSGSPEC = re.compile(r"(?P<said>.*?)(?: - at `\$\.?(?P<at>[^`]*)`)?", re.DOTALL)
_TABLES: Mapping[str, type[msgspec.Struct]] = {"trust": Trust, "network": Network}
_ARRAYS: Mapping[str, type[msgspec.Struct]] = {"ignores": Ignore, "publications": Publication}


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
        ConfigError: It can't be followed.
    """
    _refuse_unknown(file, table)
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as problem:
        raise _unfit(file, problem) from None
    _refuse_nonsense(file, config)
    return msgspec.structs.replace(config, file=file.absolute())


def _refuse_unknown(file: Path, table: Mapping[str, Any]) -> None:
    """Complain about the first key that means nothing.

    Raises:
        ConfigError: There is one.
    """
    for at, part, struct in _parts(table):
        fields = msgspec.structs.fields(struct)
        known = [field.encode_name for field in fields if not (struct is Config and field.name == "file")]
        for key in part:
            if key not in known:
                close = difflib.get_close_matches(key.replace("_", "-").lower(), known, n=1, cutoff=0.5)
                where = f"{at}{key}"
                raise ConfigError(
                    file, where, "unknown-key", meant=close[0] if close else "", known=", ".join(sorted(known))
                )
        for field in fields:
            if field.required and field.encode_name not in part:
                raise ConfigError(file, at.rstrip("."), "missing-key", name=field.encode_name)


def _parts(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], type[msgspec.Struct]]]:
    """Every table with where it stands and what it is."""
    yield "", table, Config
    for name, struct in _TABLES.items():
        part = table.get(name)
        if isinstance(part, dict):
            yield f"{name}.", part, struct
    for name, struct in _ARRAYS.items():
        parts = table.get(name)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, dict):
                yield f"{name}[{number}].", part, struct


def _unfit(file: Path, problem: msgspec.ValidationError) -> ConfigError:
    match = _OF_MSGSPEC.fullmatch(str(problem))
    said, at = (match["said"], match["at"] or "") if match else (str(problem), "")
    return ConfigError(file, at, "unfit", reason=said[:1].lower() + said[1:])


def _refuse_nonsense(file: Path, config: Config) -> None:
    """Complain about values that name nothing, and keys that don't go together.

    Raises:
        ConfigError: There is something of the kind.
    """
    for key, words in _rules_named(config):
        for word in words:
            _require_rule(file, key, word)
    for key, names in _providers_named(config):
        for name in names:
            _require_provider(file, key, name)
    for number, ignore in enumerate(config.ignores):
        for key in ("files", "rules"):
            if not getattr(ignore, key):
                raise ConfigError(file, f"ignores[{number}].{key}", "empty")
        if not ignore.reason.strip():
            raise ConfigError(file, f"ignores[{number}].reason", "empty")
    for number, one in enumerate(config.publications):
        if one.zone is not None and (one.dmarc is not None or one.record is not None):
            raise ConfigError(file, f"publications[{number}]", "zone-and-record")
    _refuse_network(file, config)
    if any((days or 0) < 0 for days in (config.days_left, *(one.days_left for one in config.publications))):
        raise ConfigError(file, "days-left", "negative")


def _refuse_network(file: Path, config: Config) -> None:
    network = config.network
    if network.dns_timeout is not None and not 0 < network.dns_timeout <= LONGEST_TIMEOUT:
        raise ConfigError(file, "network.dns-timeout", "seconds", limit=LONGEST_TIMEOUT)
    try:
        if network.resolver is not None:
            read_address(network.resolver)
    except ValueError as problem:
        raise ConfigError(file, "network.resolver", "unfit", reason=problem) from None
    try:
        config.policy()
    except ValueError as problem:
        raise ConfigError(file, "network", "unfit", reason=problem) from None


def _rules_named(config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "select", config.select
    yield "ignore", config.ignore
    for number, ignore in enumerate(config.ignores):
        yield f"ignores[{number}].rules", ignore.rules


def _providers_named(config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "providers", config.providers
    for number, one in enumerate(config.publications):
        yield f"publications[{number}].providers", one.providers or ()


def _require_rule(file: Path, key: str, word: str) -> None:
    from ..rules import all_rules, matches

    rules = all_rules()
    if not word or not any(matches(rule, (word,)) for rule in rules):
        close = difflib.get_close_matches(word, [rule.id for rule in rules], n=1, cutoff=0.5)
        raise ConfigError(file, key, "no-rule", word=repr(word), meant=close[0] if close else "")


def _require_provider(file: Path, key: str, name: str) -> None:
    from ..receivers.names import ALIASES, PROVIDER_IDS, canonical

    try:
        canonical(name)
    except ValueError:
        close = difflib.get_close_matches(name, (*PROVIDER_IDS, *ALIASES), n=1, cutoff=0.5)
        known = ", ".join(PROVIDER_IDS)
        raise ConfigError(
            file, key, "no-provider", word=repr(name), meant=close[0] if close else "", known=known
        ) from None
