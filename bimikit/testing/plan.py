"""What a certificate is to be like, before it is made: plain data, for defects to spoil."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ..cert import oids
from ..cert.ct import Timestamp, signed_by_log
from ..cert.signatures import HASHES
from . import der
from .keys import PrivateKey, algorithm, sign, spki

Attribute = tuple[str, str, int]
"""OID, value, tag of the string."""


@dataclass
class CertificatePlan:
    """One certificate.

    Attributes:
        subject: Its name.
        issuer: Its issuer's name.
        key: Its key.
        signer: The key that signs it.
        not_before: First second of validity.
        not_after: Last second of validity.
        serial: Serial number.
        version: 3, unless spoiled.
        digest: Hash of the signature.
        extensions: OID to (critical, DER of the content), in order.
        more_extensions: Further extensions, which may repeat one.
        inner_digest: Hash that the signed part names, where it differs.
        spoil_times: Whether times are written as only those after 2049 may be.
        spoil: What is done to the signed bytes after signing.
        signature_spoil: What is done to the signature.
    """

    subject: list[Attribute]
    issuer: list[Attribute]
    key: PrivateKey
    signer: PrivateKey
    not_before: datetime
    not_after: datetime
    serial: int
    version: int = 3
    digest: str = "sha256"
    extensions: dict[str, tuple[bool, bytes]] = field(default_factory=dict)
    more_extensions: list[tuple[str, bool, bytes]] = field(default_factory=list)
    inner_digest: str | None = None
    spoil_times: bool = False
    spoil: Callable[[bytes], bytes] = bytes
    signature_spoil: Callable[[bytes], bytes] = bytes

    def tbs(self) -> bytes:
        """The part that is signed."""
        listed = [(kind, critical, content) for kind, (critical, content) in self.extensions.items()]
        extensions = b"".join(
            der.sequence(der.oid(kind), der.boolean(True) if critical else b"", der.octets(content))
            for kind, critical, content in listed + self.more_extensions
        )
        return der.sequence(
            der.explicit(0, der.integer(self.version - 1)) if self.version > 1 else b"",
            der.integer(self.serial),
            algorithm(self.signer, self.inner_digest or self.digest),
            der.name(self.issuer),
            der.sequence(*(der.time(one, late=self.spoil_times) for one in (self.not_before, self.not_after))),
            der.name(self.subject),
            spki(self.key),
            der.explicit(3, der.sequence(extensions)) if extensions else b"",
        )

    def make(self) -> bytes:
        """The certificate."""
        tbs = self.tbs()
        signature = self.signature_spoil(sign(self.signer, tbs, self.digest))
        return der.sequence(self.spoil(tbs), algorithm(self.signer, self.digest), der.bits(signature))

    def subject_value(self, oid: str, value: str | None, tag: int = der.UTF8) -> None:
        """Set an attribute of the subject, or take it away."""
        position = next((at for at, (kind, _, _) in enumerate(self.subject) if kind == oid), len(self.subject))
        self.subject[position : position + 1] = [] if value is None else [(oid, value, tag)]


def gzipped(data: bytes) -> bytes:
    """The same bytes under every Python; `gzip.compress` writes another header from 3.13 on."""
    return zlib.compress(data, 9, wbits=31)


@dataclass
class LogotypePlan:
    """The logotype extension.

    Attributes:
        svg: The Indicator.
        hashes: Hash names (of `bimikit.cert.signatures.HASHES`) and, where it is to be wrong, the value.
        media_type: Of LogotypeDetails.
        uri_type: Of the data URI.
        data: What is embedded; the gzipped SVG where None.
        uris: The URIs; one data URI where None.
        images: How many images.
        wrap: How LogotypeData becomes the extension.
        spoil: What is done to the extension at last.
    """

    svg: bytes
    hashes: list[tuple[str, bytes | None]] = field(default_factory=lambda: [("sha256", None)])
    media_type: str = "image/svg+xml"
    uri_type: str = "image/svg+xml"
    data: bytes | None = None
    uris: list[str] | None = None
    images: int = 1
    wrap: Callable[[bytes], bytes] = lambda data: der.sequence(der.explicit(2, der.explicit(0, data)))
    spoil: Callable[[bytes], bytes] = bytes

    def make(self) -> bytes:
        """The content of the extension."""
        data = gzipped(self.svg) if self.data is None else self.data
        embedded = f"data:{self.uri_type};base64,{base64.b64encode(data).decode()}"
        uris = [embedded] if self.uris is None else self.uris
        by_name = {digest.name: oid for oid, digest in HASHES.items()}
        details = der.sequence(
            der.text(self.media_type, der.IA5),
            der.sequence(
                *(
                    der.sequence(der.sequence(der.oid(by_name.get(name, name))), der.octets(self._hash(name, value)))
                    for name, value in self.hashes
                )
            ),
            der.sequence(*(der.text(uri, der.IA5) for uri in uris)),
        )
        image = der.sequence(details)
        return self.spoil(self.wrap(der.sequence(*[image] * self.images)))

    def _hash(self, name: str, value: bytes | None) -> bytes:
        return hashlib.new(name, self.svg, usedforsecurity=False).digest() if value is None else value


@dataclass
class TimestampPlan:
    """An SCT.

    Attributes:
        log: The log's key.
        time: When the log promises.
        named: The key whose id it names, where that isn't the log's.
        issuer_key_hash: What it signs over, where that isn't the issuing CA's.
        version: 0, unless spoiled.
        spoil: What is done to the signature.
    """

    log: PrivateKey
    time: datetime
    named: PrivateKey | None = None
    issuer_key_hash: bytes | None = None
    version: int = 0
    spoil: Callable[[bytes], bytes] = bytes

    def make(self, issuer_spki: bytes, precertificate: bytes) -> bytes:
        """The SCT."""
        log_id = hashlib.sha256(spki(self.named or self.log)).digest()
        milliseconds = round(self.time.timestamp() * 1000)
        timestamp = Timestamp(self.version, log_id, milliseconds, b"", 4, 3, b"")
        issuer = self.issuer_key_hash or hashlib.sha256(issuer_spki).digest()
        signature = self.spoil(sign(self.log, signed_by_log(timestamp, issuer, precertificate)))
        return b"".join(
            (
                bytes((self.version,)),
                log_id,
                milliseconds.to_bytes(8, "big"),
                b"\0\0\4\3",
                len(signature).to_bytes(2, "big"),
                signature,
            )
        )


@dataclass
class Plan:
    """A whole file: three certificates, the logotype, the timestamps, and how they are written.

    Attributes:
        at: The moment it is meant to be judged at.
        domain: The domain it is for.
        leaf: The Mark Certificate.
        issuing: The issuing CA.
        root: The root.
        logotype: The logotype; None for none.
        timestamps: The SCTs; None for no extension.
        in_file: Which certificates the file has, in order.
        write: How the file is written from their DER, where it isn't plain PEM.
    """

    at: datetime
    domain: str
    leaf: CertificatePlan
    issuing: CertificatePlan
    root: CertificatePlan
    logotype: LogotypePlan | None
    timestamps: list[TimestampPlan] | None
    log: PrivateKey
    in_file: tuple[str, ...] = ("leaf", "issuing")
    write: Callable[[dict[str, bytes]], bytes] | None = None

    def make(self) -> dict[str, bytes]:
        """The three certificates."""
        if self.logotype is not None:
            critical = self.leaf.extensions.get(oids.LOGOTYPE, (False, b""))[0]
            self.leaf.extensions[oids.LOGOTYPE] = (critical, self.logotype.make())
        if self.timestamps is not None:
            critical, _ = self.leaf.extensions.pop(oids.SCT_LIST, (False, b""))
            precertificate = self.leaf.tbs()
            made = [timestamp.make(spki(self.issuing.key), precertificate) for timestamp in self.timestamps]
            entries = b"".join(len(sct).to_bytes(2, "big") + sct for sct in made)
            self.leaf.extensions[oids.SCT_LIST] = (critical, der.octets(len(entries).to_bytes(2, "big") + entries))
        return {"leaf": self.leaf.make(), "issuing": self.issuing.make(), "root": self.root.make()}


def to_pem(certificate: bytes, label: str = "CERTIFICATE", columns: int = 64, end: str = "\n") -> bytes:
    """PEM (RFC 7468)."""
    text = base64.b64encode(certificate).decode()
    lines = [text[at : at + columns] for at in range(0, len(text), columns)]
    return end.join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()
