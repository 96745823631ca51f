"""A configuration's publications as `bimikit.check_publication` takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ..cert.bundle import MAX_BYTES as MOST_OF_CERTIFICATE
from ..findings import Report
from ..svg.check import DEFAULT_LIMITS
from .problems import ConfigError
from .schema import Config, Publication
from .zone import MAX_BYTES as MOST_OF_ZONE
from .zone import read_zone


def planned(config: Config, publication: Publication) -> dict[str, Any]:
    """What is to be published: the arguments of `bimikit.check_publication`, files read.

    Args:
        config: The configuration.
        publication: One of its publications.

    Raises:
        ConfigError: A file can't be read.
    """
    zone = _read(config, publication, "zone", MOST_OF_ZONE)
    dmarc: Any = publication.dmarc
    record: Any = publication.record
    if zone is not None:
        try:
            dmarc, record = read_zone(zone, publication.domain)
        except ValueError as problem:
            raise _unusable(config, publication, "zone", problem) from None
    return {
        "domain": publication.domain,
        "selector": publication.selector,
        "local_part": publication.local_part,
        "svg": _read(config, publication, "logo", DEFAULT_LIMITS.max_bytes),
        "certificate": _read(config, publication, "certificate", MOST_OF_CERTIFICATE),
        "dmarc": dmarc,
        "record": record,
    }


def files_of(config: Config, publication: Publication) -> Mapping[str | None, str]:
    """The file that findings are about, by the document of their places; see `without_ignored`.

    Args:
        config: The configuration.
        publication: One of its publications.
    """
    files = {"indicator": publication.logo, "certificate": publication.certificate, None: publication.zone}
    return {document: str(config.path(name)) for document, name in files.items() if name is not None}


def key_of(config: Config, publication: Publication) -> str:
    """Where one of its publications stands in a configuration, such as ``publications[0]``."""
    return f"publications[{config.publications.index(publication)}]"


def named(report: Report, config: Config, publication: Publication) -> Report:
    """The report on a publication, with the fact that it comes from a configuration, and where it stands there.

    Args:
        report: The report.
        config: The configuration.
        publication: The publication in it.

    Raises:
        ValueError: The configuration has no such publication.
    """
    return replace(report, facts={**report.facts, "publication": key_of(config, publication)})


def _read(config: Config, publication: Publication, key: str, most: int) -> bytes | None:
    name: str | None = getattr(publication, key)
    if name is None:
        return None
    try:
        return config.read(name, most)
    except (OSError, ValueError) as problem:
        raise _unusable(config, publication, key, problem) from None


def _unusable(config: Config, publication: Publication, key: str, problem: Exception) -> ConfigError:
    name = getattr(publication, key)
    return ConfigError(config.file, f"{key_of(config, publication)}.{key}", "unusable-file", name=name, reason=problem)
