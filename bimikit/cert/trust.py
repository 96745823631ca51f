"""Whom to trust: roots of Mark Verifying Authorities and Certificate Transparency logs, as dated data.

What is built in stands in ``data/roots.toml``, each root with where it was taken from; `tools/refresh_roots.py` fetches
the sources again and compares them.
"""

from __future__ import annotations

import tomllib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import msgspec

from ..arguments import BYTES
from .asn1 import Certificate, Undecodable, read_certificate
from .pem import blocks, is_bare_der, normal_lines
from .subject import Folded, common_name


class Root(msgspec.Struct, frozen=True):
    """A trusted root certificate.

    Attributes:
        name: Its common name, or its organization's where it has none.
        certificate: The certificate.
        status: ``"current"``, ``"legacy"`` (no longer on the issuers' page; its certificates may still be in use), or
            ``"own"`` (the caller's).
        distrust: Mailbox providers that take no certificate issued after a day, and that day.
        caa: Names by which CAA records (``issuevmc``) allow its authority to issue.
    """

    name: str
    certificate: Certificate
    status: str = "own"
    distrust: Mapping[str, date] = {}
    caa: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Fingerprint, in lower-case hexadecimal digits."""
        return sha256(self.certificate.der).hexdigest()

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.der


class CtLog(msgspec.Struct, frozen=True):
    """A Certificate Transparency log (RFC 6962).

    Attributes:
        key: Its public key, as SubjectPublicKeyInfo DER.
        name: Name for people.
        url: Its address; empty where unknown.
    """

    key: bytes
    name: str = ""
    url: str = ""

    @property
    def log_id(self) -> bytes:
        """SHA-256 of the key (RFC 6962, 3.2)."""
        return sha256(self.key).digest()


class TrustStore:
    """Roots and logs a certificate may lead to.

    Args:
        roots: Certificates, each as PEM or DER bytes, or `Root`.
        ct_logs: Logs, each as `CtLog` or as the bytes of its SubjectPublicKeyInfo, PEM or DER.
        name: What reports call the store.
        date: The day its roots were current. A certificate issued later may rest on a root approved since, so that an
            unknown one is then undecided rather than wrong; None for a store that is complete whenever.
        ct_log_date: The same for its logs.

    Raises:
        ValueError: A root isn't a certificate, or a log's key isn't a public key.
    """

    def __init__(
        self,
        roots: Iterable[bytes | Root] = (),
        ct_logs: Iterable[bytes | CtLog] = (),
        *,
        name: str = "own",
        date: date | None = None,
        ct_log_date: date | None = None,
    ) -> None:
        self.roots: tuple[Root, ...] = tuple(found for root in roots for found in _roots(root))
        self.ct_logs: tuple[CtLog, ...] = tuple(_log(log) for log in ct_logs)
        self.name = name
        self.date = date
        self.ct_log_date = ct_log_date
        self._by_der = {root.der: root for root in self.roots}
        self._by_name: dict[Folded, list[Root]] = {}
        for root in self.roots:
            self._by_name.setdefault(Folded(root.certificate.subject), []).append(root)
        self._logs = {log.log_id: log for log in self.ct_logs}
        self._log_names = [b64encode(log.log_id).decode() for log in self.ct_logs]

    @staticmethod
    def builtin() -> TrustStore:
        """The roots of the Mark Verifying Authorities and the approved log, as of the store's date."""
        return _builtin()

    def extended(self, roots: Iterable[bytes | Root] = (), ct_logs: Iterable[bytes | CtLog] = ()) -> TrustStore:
        """This store with further roots and logs.

        Raises:
            ValueError: As the constructor.
        """
        more = TrustStore(roots, ct_logs)
        if not more.roots and not more.ct_logs:
            return self
        name = f"{self.name}+{len(more.roots) + len(more.ct_logs)}"
        return TrustStore(
            self.roots + more.roots,
            self.ct_logs + more.ct_logs,
            name=name,
            date=self.date,
            ct_log_date=self.ct_log_date,
        )

    def with_all(self, stores: Iterable[TrustStore]) -> TrustStore:
        """This store with the roots and logs of others."""
        others = list(stores)
        return self.extended(
            [root for one in others for root in one.roots], [log for one in others for log in one.ct_logs]
        )

    def root(self, certificate: Certificate) -> Root | None:
        """The trusted root that a certificate is; None when it is none."""
        return self._by_der.get(certificate.der)

    def named(self, subject: Folded) -> Sequence[Root]:
        """The roots of that name, as RFC 5280, 7.1 compares names."""
        return self._by_name.get(subject, ())

    def log(self, log_id: bytes) -> CtLog | None:
        """The log of that id."""
        return self._logs.get(log_id)

    def knows_roots_of(self, issued: datetime) -> bool:
        """Whether a root that the store lacks was not approved when a certificate was issued then."""
        return self.date is None or issued.date() <= self.date

    def knows_logs_of(self, issued: datetime) -> bool:
        """Whether a log that the store lacks was not approved when a certificate was issued then."""
        return self.ct_log_date is None or issued.date() <= self.ct_log_date

    def describe(self) -> dict[str, Any]:
        """The store as a Report's facts tell it."""
        return {
            "name": self.name,
            "date": self.date.isoformat() if self.date else None,
            "ct_log_date": self.ct_log_date.isoformat() if self.ct_log_date else None,
            "roots": len(self.roots),
            "ct_logs": list(self._log_names),
        }


def _roots(root: bytes | Root) -> list[Root]:
    if isinstance(root, Root):
        return [root]
    if not isinstance(root, BYTES):
        raise TypeError(f"a root must be PEM or DER bytes, not {type(root).__name__}")
    root = bytes(root)
    ders = (
        [root]
        if is_bare_der(root)
        else [block.der for block in blocks(normal_lines(root)) if block.der and block.is_certificate]
    )
    if not ders:
        raise ValueError("a root must be a certificate in PEM or DER form; there is none in these bytes")
    found = []
    for der in ders:
        try:
            certificate = read_certificate(der)
        except Undecodable as problem:
            raise ValueError(f"a root is no certificate: {problem}") from None
        found.append(Root(common_name(certificate.subject), certificate))
    return found


def _log(log: bytes | CtLog) -> CtLog:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_public_key,
        load_pem_public_key,
    )

    try:
        if isinstance(log, BYTES):
            key = bytes(log)
            if b"-----BEGIN" in key:
                key = load_pem_public_key(key).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            log = CtLog(key)
        if not isinstance(log, CtLog):
            raise TypeError(f"a log must be a CtLog or its key, not {type(log).__name__}")
        load_der_public_key(log.key)
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise ValueError(f"a log's key must be SubjectPublicKeyInfo, PEM or DER: {problem}") from None
    return log


@lru_cache(1)
def _builtin() -> TrustStore:
    data = tomllib.loads(files(__package__).joinpath("data/roots.toml").read_text(encoding="utf-8"))
    roots = []
    for entry in data["root"]:
        (root,) = _roots(entry["pem"].encode())
        if root.sha256 != entry["sha256"]:
            raise ValueError(f"the built-in root {entry['name']} is not the one its fingerprint names")
        roots.append(
            Root(entry["name"], root.certificate, entry["status"], entry.get("distrust", {}), tuple(entry["caa"]))
        )
    logs = [CtLog(b64decode(log["key"]), log["name"], log["url"]) for log in data["ct_log"]]
    return TrustStore(roots, logs, name="built-in", date=data["date"], ct_log_date=data["ct_log_date"])


def store_of(kind: str, data: bytes) -> TrustStore:
    """A store with what one file holds.

    Args:
        kind: ``"roots"`` or ``"ct-logs"``.
        data: The file: roots in PEM, or the key of a log, PEM or DER.

    Raises:
        ValueError: It holds none.
    """
    return TrustStore([data]) if kind == "roots" else TrustStore(ct_logs=[data])


def require_trust(trust: object) -> None:
    """Complain about what is no trust store; None stands for the built-in one.

    Raises:
        TypeError: It is something else.
    """
    if trust is not None and not isinstance(trust, TrustStore):
        raise TypeError(f"trust must be a TrustStore, not {type(trust).__name__}")
