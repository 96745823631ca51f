"""The keys of a configuration, each once; they are written in kebab-case in the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ..bounded import read_bounded
from .problems import ConfigError

if TYPE_CHECKING:
    from dns.resolver import Resolver

    from ..cert.trust import TrustStore
    from ..web.policy import FetchPolicy

DAYS_LEFT = 30
"""Full days for which a certificate must be valid yet, where nobody says otherwise."""
LONGEST_PATTERN = 1000
"""Characters of a pattern in `Ignore.files`: most systems allow no longer paths, and matching takes time by them."""
PLANNED = ("logo", "certificate", "dmarc", "record", "zone")
"""The keys of a publication that say what is published; without any there is nothing to judge."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the file."""


class Trust(_Table, frozen=True, kw_only=True):
    """Whom to trust besides the built-in store.

    Attributes:
        roots: PEM files of Mark Certificate roots.
        ct_logs: Files with the public keys of Certificate Transparency logs, PEM or DER.
    """

    roots: tuple[str, ...] = ()
    ct_logs: tuple[str, ...] = ()


class Network(_Table, frozen=True, kw_only=True):
    """How live checks ask; `bimikit domain --help` tells more of each.

    Attributes:
        resolver: Whom to ask, ``IP`` or ``IP:PORT``; what the system names by default.
        dns_timeout: Seconds for all DNS questions.
        timeout: Seconds for each file.
        ca_bundle: PEM file of CAs that are trusted for TLS too.
        allow_networks: Networks (CIDR) that may be asked though they aren't public.
        proxy: URL of an HTTP proxy.
    """

    resolver: str | None = None
    dns_timeout: float | None = None
    timeout: float | None = None
    ca_bundle: str | None = None
    allow_networks: tuple[str, ...] = ()
    proxy: str | None = None


class Ignore(_Table, frozen=True, kw_only=True):
    """Findings that are left out for some files, for a reason and a time.

    Attributes:
        files: Patterns of files, relative to the configuration: ``*`` stands for anything within a name, ``**`` for
            folders; a pattern without a slash is one of names in any folder, one that ends with a slash is all that is
            in the folder.
        rules: Ids of rules, or their beginnings.
        reason: Why.
        until: The last day on which they are left out.
    """

    files: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    until: date


class Publication(_Table, frozen=True, kw_only=True):
    """A logo of one domain: what is published, or about to be.

    Attributes:
        domain: The Author Domain.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors.
        logo: The file at ``l=``.
        certificate: The file at ``a=``.
        dmarc: The DMARC record.
        record: The Assertion Record.
        zone: A zone file from which the records are read instead.
        providers: Mailbox providers that must be ready; those of the whole configuration by default.
        days_left: Full days for which the certificate must be valid yet, likewise.
    """

    domain: str
    selector: str = "default"
    local_part: str | None = None
    logo: str | None = None
    certificate: str | None = None
    dmarc: str | None = None
    record: str | None = None
    zone: str | None = None
    providers: tuple[str, ...] | None = None
    days_left: int | None = None


class Config(_Table, frozen=True, kw_only=True):
    """A whole configuration.

    Attributes:
        select: Ids of rules, or their beginnings; others are left out.
        ignore: Ids of rules, or their beginnings, that are left out.
        providers: Mailbox providers that must be ready.
        days_left: Full days for which a certificate must be valid yet; see `DAYS_LEFT`.
        require: What must have been checked: ``"revocation"``.
        crls: Files with Certificate Revocation Lists, PEM or DER, by which certificates are checked.
        lang: The language of reports.
        trust: Whom to trust.
        network: How live checks ask.
        ignores: What is left out for some files.
        publications: What is published.
        file: Where it was read from; no key of it.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    days_left: int | None = None
    require: tuple[Literal["revocation"], ...] = ()
    crls: tuple[str, ...] = ()
    lang: Literal["en", "ja"] | None = None
    trust: Trust = Trust()
    network: Network = Network()
    ignores: tuple[Ignore, ...] = ()
    publications: tuple[Publication, ...] = ()
    file: Path = Path()

    def days_left_of(self, publication: Publication) -> int | None:
        """Full days for which the certificate of one of its publications must be valid yet."""
        return self.days_left if publication.days_left is None else publication.days_left

    @property
    def folder(self) -> Path:
        """What its paths are relative to."""
        return self.file.parent

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file it names, and itself."""
        named = [
            name for one in self.publications for name in (one.logo, one.certificate, one.zone) if name is not None
        ]
        trusted = [*self.trust.roots, *self.trust.ct_logs]
        return (self.file, *map(self.path, (*named, *trusted, *self.crls)))

    def path(self, name: str) -> Path:
        """The file that a path in it means."""
        return self.folder / name

    def read(self, name: str, most: int) -> bytes:
        """The content of a file it names, and a byte more than `most` at the most.

        Raises:
            OSError: It can't be read.
        """
        return read_bounded(self.path(name), most)

    def trust_store(self) -> TrustStore:
        """The built-in store with what it adds.

        Raises:
            ConfigError: A file can't be read, or holds no root or no key.
        """
        from ..cert.bundle import MAX_BYTES  # dear to load, and a logo alone needs no certificates
        from ..cert.trust import TrustStore, store_of

        added = []
        for kind, names in (("roots", self.trust.roots), ("ct-logs", self.trust.ct_logs)):
            for number, name in enumerate(names):
                try:
                    added.append(store_of(kind, self.read(name, MAX_BYTES)))
                except (OSError, ValueError) as problem:
                    key = f"trust.{kind}[{number}]"
                    raise ConfigError(self.file, key, "unusable-file", name=name, reason=problem) from None
        return TrustStore.builtin().with_all(added)

    def revocation_lists(self) -> tuple[bytes, ...]:
        """The content of the revocation lists that it names.

        Raises:
            ConfigError: A file can't be read.
        """
        if not self.crls:
            return ()
        from ..cert.revocation import MAX_BYTES  # dear to load

        found = []
        for number, name in enumerate(self.crls):
            try:
                found.append(self.read(name, MAX_BYTES))
            except (OSError, ValueError) as problem:
                raise ConfigError(self.file, f"crls[{number}]", "unusable-file", name=name, reason=problem) from None
        return tuple(found)

    def policy(self) -> FetchPolicy:
        """What live checks may fetch.

        Raises:
            ValueError: A network, the proxy or a number makes no sense; `load` has seen to that.
        """
        from ..web.policy import FetchPolicy

        network = self.network
        more: dict[str, Any] = {} if network.timeout is None else {"timeout": network.timeout}
        if network.ca_bundle is not None:
            more["ca_bundle"] = self.path(network.ca_bundle)
        return FetchPolicy(allow_networks=network.allow_networks, proxy=network.proxy, **more)

    def resolver(self) -> Resolver | None:
        """The resolver of live checks; None for that of the system as it is.

        Raises:
            BimikitError: The system names none.
        """
        from ..dns.nameservers import resolver_at

        network = self.network
        if network.resolver is None and network.dns_timeout is None:
            return None
        return resolver_at(network.resolver, lifetime=network.dns_timeout)
